"""Checks of one figure: against its own base, against a total printed elsewhere, against whole numbers."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import partial
from itertools import combinations_with_replacement, islice

from cbanalysis.common.language import spoken, words_of
from cbanalysis.statistics.audit.findings import Code, Finding, Held
from cbanalysis.statistics.audit.grouped_rows import Groups, Row, grouped
from cbanalysis.statistics.audit.rounding import (
    fits,
    in_both,
    in_words,
    is_cut,
    printed_span,
    say,
    say_percent,
    whole_counts,
)

_WORDS = words_of("shares")
_MOST_NAMED = 3  # bases named in a message
_MOST_TRIED = 100_000  # among so many bases one always fits


def share(groups: Groups) -> Iterator[Finding | Held]:
    """Find rows whose count out of base isn't the printed percentage, neither rounded nor cut.

    Those of one document, one base and one whole number that they all fit are one finding: the base is wrong.
    """
    both = [row for row in groups.rows if row.share is not None and row.percent is not None]
    yield from (Held((row,)) for row in both if row.count_max is None)
    failing = [row for row in both if row.count_max is None and not fits(row, row.share or 0)]
    for group in grouped(failing, lambda row: (_shared(row), row.base)):
        together = bases_of(group, 1)
        for rows in (group,) if together else ((row,) for row in group):
            fit = together or bases_of(rows, 1) or None
            base = rows[0].base or 0
            gap = max(_misfit(row, base) for row in rows)
            message = in_both(partial(_told, rows, base, fit, of_all=len(rows) > 1))
            yield Finding("share", rows, message, gap, "points", gap, 1.0)


def count_above_base(groups: Groups) -> Iterator[Finding]:
    """Find rows that count more than their base holds."""
    for row in groups.rows:
        if row.count is None or row.base is None or row.count <= row.base:
            continue
        count, base = row.count, row.base
        message = in_words("count above base", count=count, base=base)
        points = 100 * (count - base) / max(base, 1)
        yield Finding("count_above_base", (row,), message, count - base, "units", points, 1.0)


def above_100(groups: Groups) -> Iterator[Finding]:
    """Find printed percentages above 100; those of a target may be."""
    for row in (row for row in groups.rows if row.base_of != "target"):
        highest = max((one for one in (row.percent, row.percent_max) if one is not None), default=0.0)
        if highest <= 100:
            continue
        message = in_words("above 100", share=row)
        yield Finding("above_100", (row,), message, highest - 100, "points", highest - 100, 1.0)


def no_base(groups: Groups) -> Iterator[Finding | Held]:
    """Find percentages without a printed base that no number known to be their whole gives, or no number.

    The figures of one document that share a base are one finding. The known number is a total of the same
    place, period and subject, the base printed beside another class, or the count of the category that they
    are a share of (`share_total`); where none is known, every whole number is tried (`grim`). Where the
    source doesn't say what a share is of, there is no sum to fail.
    """
    rows = (row for row in groups.rows if row.base is None and row.base_of != "unclear" and _is_tested(row))
    for group in _of_one_base(row for row in rows if row.count_max is None):
        counts = [row.count or 0 for row in group]
        exclusive = sum(row.count or 0 for row in group if row.kind == "exclusive" and not row.complement)
        least = max(1, exclusive, *counts)
        offered = dict.fromkeys(one for row in group for one in groups.candidates(row))
        known = [(base, other) for base, other in offered if base >= least]
        fit = bases_of(group, least)
        if known or fit is not None:
            yield Held((*group, *(other for _, other in known)))
        if known:
            failing = [
                (tuple(row for row in group if row is not one and not _may_be(row, base)), base, one)
                for base, one in known
            ]
            rest, base, other = min(failing, key=lambda one: (len(one[0]), _worst(group, one[1]), one[1]))
            if rest:
                yield _misfits(rest, base, fit, (*rest, other))
        elif fit == []:
            base = _nearest(group, least)
            gap, message = _worst(group, base), in_both(partial(_told, group, base, fit, nearest=True))
            yield Finding("grim", group, message, gap, "points", gap, 0.9)


def grim(groups: Groups) -> Iterator[Finding | Held]:
    """Find percentages that no whole count of their printed base can give (Brown and Heathers, 2017).

    Those of one document and one base are one finding. Means over several years are no counts of one base and
    are left out.
    """
    shares = [row for row in groups.rows if row.base and row.count is None and _is_tested(row)]
    yield from (Held((row,)) for row in shares)
    failing = [row for row in shares if not whole_counts(row, row.base or 0)]
    for group in grouped(failing, lambda row: (_shared(row), row.base)):
        base = group[0].base or 0
        gap = _worst(group, base)
        yield Finding("grim", group, in_both(partial(_told, group, base, None)), gap, "points", gap, 1.0)


def _is_tested(row: Row) -> bool:
    # above 100 there are no whole counts to look for, and above_100 speaks of it
    return row.exact_percent is not None and row.exact_percent <= 100 and row.aggregation != "mean"


def _shared(row: Row) -> Hashable:
    """Return what the figures of one document that have one base have in common."""
    return *row.scope, row.definition, row.base_of, row.scheme


def _of_one_base(rows: Iterable[Row]) -> Iterator[tuple[Row, ...]]:
    """Yield figures that share a base; without a scheme, bare ones only with counts of their own category."""
    for group in grouped(rows, _shared):
        counted = {row.category for row in group if row.count is not None}
        bare = [row for row in group if not row.scheme and row.count is None and counted - {row.category}]
        yield from grouped([row for row in group if row not in bare], _shared)
        yield from grouped(bare, lambda row: row.category)


def _misfits(rows: tuple[Row, ...], base: int, fit: list[int] | None, named: tuple[Row, ...]) -> Finding:
    """Return the finding of rows that a known base, the last of those named, doesn't give."""
    own = fit or bases_of(rows, 1)
    message = in_both(partial(_told, rows, base, own, of_all=bool(fit) and len(rows) > 1))
    gap = _worst(rows, base)
    code: Code = "share_total" if any(row.count is not None for row in rows) else "grim"
    return Finding(code, named, message, gap, "points", gap, 0.9 if own == [] else 0.5)


def _told(
    rows: tuple[Row, ...], base: int, fit: list[int] | None, *, of_all: bool = False, nearest: bool = False
) -> str:
    """Return what a base gives, what is printed, and which other base fits; none where the list is empty."""
    said = [_printed(row, base) for row in rows if row.count is not None]
    bare = [row for row in rows if row.count is None and not _may_be(row, base)]
    if bare:
        closest = "; ".join(_quotient(_whole(row, base), base, row.decimals + 1) for row in bare)
        percents = "; ".join(say_percent(row) for row in bare)
        said.append(_say("no whole count", percents=percents, base=say(base), closest=closest))
    text = "; ".join(said)
    if fit and len(fit) <= _MOST_NAMED:
        text += _say("fits all" if of_all else "fits", bases="; ".join(map(say, fit)))
        cut = [row for row in rows if len(fit) == 1 and row.count and is_cut(row, 100 * row.count / fit[0])]
        if cut:
            text += _say("cut there", percents="; ".join(say_percent(row) for row in cut))
    elif fit == []:
        key = "nearest" if nearest else "no base"
        text += _say(key if len(rows) > 1 else f"{key} to one", base=say(base))
    return text


def _printed(row: Row, base: int) -> str:
    """Return e.g. ``439/709 = 61.92%, printed 62.62%``."""
    count = row.count or 0
    # above, nearly or about: the source's own word, for they don't mean the same
    own = row.printed.rpartition(";")[2].strip() if row.qualifier == "about" else ""
    told = f"“{own}”" if own else f"{say_percent(row)}%"
    cut = _say("cut") if is_cut(row, 100 * count / base) else ""
    return _say("printed", sum=_quotient(count, base, max(2, row.decimals)), told=told) + cut


def _quotient(count: int, base: int, decimals: int) -> str:
    return f"{say(count)}/{say(base)} = {say(100 * count / base, decimals)}%"


def _say(key: str, **values: str) -> str:
    return spoken(_WORDS[key]).format(**values)


def _whole(row: Row, base: int) -> int:
    return round((row.percent or 0) * base / 100) if row.count is None else row.count


def _may_be(row: Row, base: int) -> bool:
    """Return whether a base gives the percentage of a row, with its count or with any whole count."""
    return bool(whole_counts(row, base)) if row.count is None else fits(row, 100 * row.count / base)


def _misfit(row: Row, base: int) -> float:
    """Return how far, in points, a base leaves a row from its percentage; 0 where it may be."""
    return 0.0 if _may_be(row, base) else abs(100 * _whole(row, base) / base - (row.percent or 0))


def _worst(rows: Iterable[Row], base: int) -> float:
    return max(_misfit(row, base) for row in rows)


def _nearest(rows: Sequence[Row], least: int) -> int:
    """Return the base that leaves the smallest of all greatest misfits of counts with percentages."""
    figures = [(row.count or 0, row.percent or 0) for row in rows if row.count is not None]
    # the greatest of two misfits is smallest at a base between those that either would have
    pairs = [(a + b, p + q) for (a, p), (b, q) in combinations_with_replacement(figures, 2) if p + q > 0]
    bases = [base for count, percent in pairs if math.isfinite(base := 100 * count / percent)]
    found = {max(least, math.floor(base) + more) for base in bases for more in (0, 1)}
    return min(sorted({least, *found}), key=lambda base: _worst(rows, base))


def bases_of(rows: Sequence[Row], least: int) -> list[int] | None:
    """Return the first bases, ``least`` or more, that give all rows; at most one more than is named.

    None where there are too many to try.
    """
    ends = [_reach(row) for row in rows if row.count is not None]
    low = max((math.floor(low) for low, _ in ends), default=0)
    high = min((high for _, high in ends), default=math.inf)
    low = max(least, low)
    if high - low > _MOST_TRIED:
        return None
    fit = (base for base in range(low, math.ceil(high) + 1) if all(_may_be(row, base) for row in rows))
    return list(islice(fit, _MOST_NAMED + 1))


def _reach(row: Row) -> tuple[float, float]:
    """Return the lowest and highest base, not yet whole, that the count and the percentage of a row allow."""
    count, (low, high) = row.count or 0, printed_span(row)
    return 100 * count / high, 100 * count / low if low > 0 else math.inf
