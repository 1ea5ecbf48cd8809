"""Checks of several figures of one document that should add up to a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cbanalysis.dataset.catalogue import Category, Scheme
from cbanalysis.statistics.audit.findings import Finding, Held
from cbanalysis.statistics.audit.grouped_rows import Groups, Row, atoms_of, grouped, rated
from cbanalysis.statistics.audit.rounding import in_words, printed_span, slack_of, whole_counts

_TINY = 1e-9

_BY_CATEGORY = (("xã", "phường", "thị trấn"), ("đảng bộ cơ sở", "chi bộ cơ sở"))
"""Printed words that leave nothing out: the kinds of commune, and the kinds of grassroots organisation."""
_BY_DEFINITION = (("committees_only", "base_cells_only"),)
"""The same, where the kind stands in the definition."""


def sum_percent(groups: Groups) -> Iterator[Finding | Held]:
    """Find shares that don't add up to 100, or to the share of the category that they make together.

    A deficit counts only where every category of the scheme is there and the base is those rated. Where the
    base is known, whole counts of it must print so and add up: 25, 25, 25 and 26 % of 100 can't.
    """
    for scheme, group in rated(groups):
        shares = _once(row for row in group if row.percent is not None and row.percent <= 100)
        atoms = atoms_of(scheme)
        whole = frozenset().union(*atoms.values())
        chosen = _cover(shares, atoms, whole)
        low, high = _ends(chosen)
        closed = bool(chosen) and _union(chosen, atoms) == whole and not chosen[0].base_of
        base = _base(chosen, groups)
        if closed or len(chosen) > 1:
            yield Held(chosen)
        if low > 100 + _TINY or (closed and high < 100 - _TINY):
            yield _percents(_in_order(chosen, scheme), None)
        elif missed := _missed(chosen, base, base or 0, closed=closed):
            yield _percents(_in_order(chosen, scheme), None, base or 0, missed)
        for row, parts in _insides(shares, atoms):
            (low, high), (least, most) = _ends(parts), printed_span(row)
            base = _base((*parts, row), groups)
            yield Held((*parts, row))
            if low > most + _TINY or high < least - _TINY:
                yield _percents(_in_order(parts, scheme), row)
            elif missed := _missed(parts, base, row, closed=True):
                yield _percents(_in_order(parts, scheme), row, base or 0, missed)


def sum_count(groups: Groups) -> Iterator[Finding | Held]:
    """Find counts that don't add up to their printed whole.

    The whole is the base that all rows print, or else the number rated. A deficit counts where every category
    of the scheme is there; where only the lowest is missing (mostly it isn't printed when nobody is in it) it
    is reported at half the certainty, as what isn't accounted for.
    """
    for scheme, group in rated(groups):
        counts = _once(row for row in group if row.count is not None and row.count_max is None)
        atoms = atoms_of(scheme)
        yield from _against_whole(counts, scheme, groups)
        for row, parts in _insides(counts, atoms):
            yield from _counts(
                _in_order(parts, scheme), row.count or 0, (row,), slack=slack_of((*parts, row)), certainty=0.9
            )
    for column, partitions in (("category", _BY_CATEGORY), ("definition", _BY_DEFINITION)):
        yield from _partitioned(groups, column, partitions)
    yield from _declared(groups)


def _declared(groups: Groups) -> Iterator[Finding | Held]:
    """Find indicators that aren't the sum of those that are declared as their parts, in one document."""
    for whole in (one for one in groups.catalogue.indicators.values() if one.parts):
        own = [row for row in groups.rows if row.indicator in {whole.id, *whole.parts}]
        counted = (row for row in own if row.exact_count is not None and not row.category)
        for group in grouped(
            counted, lambda row: (row.place, row.start, row.end, row.aggregation, row.source)
        ):
            by_indicator = {row.indicator: row for row in reversed(group)}
            if len(group) == len(by_indicator) == len(whole.parts) + 1:
                total, parts = by_indicator.pop(whole.id), tuple(by_indicator[name] for name in whole.parts)
                yield from _counts(parts, total.count or 0, (total,), slack=slack_of(group), certainty=0.9)


def _against_whole(counts: Sequence[Row], scheme: Scheme, groups: Groups) -> Iterator[Finding | Held]:
    atoms = atoms_of(scheme)
    target = frozenset().union(*atoms.values())
    chosen = _cover(counts, atoms, target)
    if len(chosen) < 2:
        return
    bases = {row.base for row in chosen}
    totals = tuple(total for total in groups.total_rows(chosen[0]) if total.source == chosen[0].source)
    over_all = chosen[0].base_of == "all"
    if over_all:
        # a share of all leaves out those not rated; their number is the sum to expect, where it is printed
        totals = tuple(
            total
            for total in groups.named_totals(chosen[0])
            if total.definition == "rated" and total.source == chosen[0].source
        )
    if totals and (over_all or bases == {None}):
        whole, rows = totals[0].exact_count or 0, totals[:1]
    elif len(bases) == 1 and (base := chosen[0].base):
        whole, rows = base, ()
    else:
        return
    missing = target - _union(chosen, atoms)
    added = sum(row.count or 0 for row in chosen)
    classes = [category for category in scheme.categories if category.id in atoms and not category.parts]
    lowest = max(classes, key=lambda category: category.order)
    ordered = _in_order(chosen, scheme)
    if added > whole or (not missing and (rows or not over_all)):
        yield from _counts(ordered, whole, rows, slack=slack_of(chosen), certainty=0.9)
    elif missing == atoms[lowest.id] and not over_all:
        yield from _counts(ordered, whole, rows, slack=slack_of(chosen), certainty=0.5, missing=lowest)


def _partitioned(
    groups: Groups, column: str, partitions: tuple[tuple[str, ...], ...]
) -> Iterator[Finding | Held]:
    """Find printed kinds that leave nothing out and yet don't add up to the row that names no kind."""
    other = "definition" if column == "category" else "category"
    rows = (row for row in groups.rows if not row.scheme and row.exact_count is not None)
    for group in grouped(rows, lambda row: (*row.scope, row.complement, getattr(row, other))):
        kinds = {getattr(row, column).casefold(): row for row in reversed(group)}
        for partition in partitions:
            parts = tuple(kinds[kind] for kind in partition if kind in kinds)
            if "" not in kinds or len(parts) < len(partition):
                continue
            whole = kinds[""]
            yield from _counts(parts, whole.count or 0, (whole,), slack=0.0, certainty=0.9)
            if whole.base and all(part.base for part in parts):
                yield from _counts(parts, whole.base, (whole,), slack=0.0, certainty=0.9, of_bases=True)


def _once(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows, none if a category stands twice: which of the two belongs to the sum isn't known."""
    kept = tuple(rows)
    return kept if len({row.category_id for row in kept}) == len(kept) else ()


def _cover(rows: Sequence[Row], atoms: dict[str, frozenset[str]], target: frozenset[str]) -> tuple[Row, ...]:
    """Return rows within a target of which none overlaps another, the widest categories first."""
    chosen: list[Row] = []
    taken: frozenset[str] = frozenset()
    for row in sorted(rows, key=lambda row: (-len(atoms[row.category_id]), row.id)):
        mine = atoms[row.category_id]
        if mine <= target and not mine & taken:
            chosen.append(row)
            taken |= mine
    return tuple(chosen)


def _insides(rows: Sequence[Row], atoms: dict[str, frozenset[str]]) -> Iterator[tuple[Row, tuple[Row, ...]]]:
    """Yield each row of a composed category with the other rows that make it up, if they do so completely."""
    for row in rows:
        target = atoms[row.category_id]
        others = [other for other in rows if atoms[other.category_id] < target]
        parts = _cover(others, atoms, target)
        if parts and _union(parts, atoms) == target:
            yield row, parts


def _union(rows: Iterable[Row], atoms: dict[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*(atoms[row.category_id] for row in rows))


def _in_order(rows: Iterable[Row], scheme: Scheme) -> tuple[Row, ...]:
    order = {category.id: category.order for category in scheme.categories}
    return tuple(sorted(rows, key=lambda row: order[row.category_id]))


def _ends(rows: Iterable[Row]) -> tuple[float, float]:
    spans = [printed_span(row) for row in rows]
    return sum(low for low, _ in spans), sum(high for _, high in spans)


def _base(rows: Sequence[Row], groups: Groups) -> int | None:
    """Return the base that shares have in common, printed beside all or the total of their document.

    None where it isn't known, or all are counted anyway (`sum_count` adds those up).
    """
    bases = {row.base for row in rows}
    counted = all(row.exact_count is not None for row in rows)
    if counted or len(bases) > 1 or len({row.base_of for row in rows}) > 1:
        return None
    if bases != {None}:
        return bases.pop()
    if rows[0].base_of:
        return None
    totals = {row.exact_count for row in groups.total_rows(rows[0]) if row.source == rows[0].source}
    return totals.pop() if len(totals) == 1 else None


def _missed(parts: Sequence[Row], base: int | None, whole: Row | int, *, closed: bool) -> int:
    """Return by how much whole counts of a base, printed as the parts are, miss a whole at the least.

    Parts that aren't closed may add up to less. 0 where the base isn't known or some part is no whole count
    of it (the GRIM test reports that).
    """
    if not base:
        return 0
    aim = (whole, whole) if isinstance(whole, int) else _counted(whole, base)
    known = [ends for ends in (_counted(row, base) for row in parts) if ends]
    if not aim or len(known) < len(parts):
        return 0
    least, most = sum(low for low, _ in known), sum(high for _, high in known)
    return max(least - aim[1], aim[0] - most if closed else 0, 0)


def _counted(row: Row, base: int) -> tuple[int, int] | None:
    if row.exact_count is not None:
        return row.exact_count, row.exact_count
    return whole_counts(row, base)


def _percents(parts: tuple[Row, ...], whole: Row | None, base: int = 0, missed: int = 0) -> Finding:
    total = sum(row.percent or 0 for row in parts)
    told = {"terms": [*parts], "total": (total, max(row.decimals for row in parts)), "whole": whole or "100"}
    key = "whole counts" if missed else "shares not"
    message = in_words(key, **told, base=base, missed=missed)
    gap = 100 * missed / base if missed else abs(total - ((whole.percent or 0) if whole else 100))
    rows = (*parts, whole) if whole else parts
    certainty = 0.5 if base and parts[0].base is None else 0.9
    return Finding("sum_percent", rows, message, gap, "points", gap, certainty)


def _counts(  # noqa: PLR0913  # the parts of one sum
    parts: tuple[Row, ...],
    whole: int,
    rows: tuple[Row, ...],
    *,
    slack: float,
    certainty: float,
    missing: Category | None = None,
    of_bases: bool = False,
) -> Iterator[Finding | Held]:
    yield Held((*parts, *rows))
    numbers = [(row.base if of_bases else row.count) or 0 for row in parts]
    gap = abs(sum(numbers) - whole)
    if gap <= slack:
        return

    key, name = ("not accounted for", missing.name) if missing else ("not", "")
    message = in_words(key, terms=numbers, total=sum(numbers), whole=whole, left=gap, missing=name)
    points = 100 * gap / max(whole, 1)
    yield Finding("sum_count", (*parts, *rows), message, gap, "units", points, certainty)
