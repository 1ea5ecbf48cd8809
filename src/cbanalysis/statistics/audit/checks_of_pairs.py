"""Checks of figures against each other: complements, repetitions, means and ranges, parts and wholes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations, product

from cbanalysis.dataset.catalogue import Words
from cbanalysis.statistics.audit.findings import Finding, Held
from cbanalysis.statistics.audit.grouped_rows import Groups, Row, atoms_of, grouped, rated
from cbanalysis.statistics.audit.rounding import count_slack, in_words, printed_span, slack_of, span

_TINY = 1e-9


def complement(groups: Groups) -> Iterator[Finding | Held]:
    """Find figures that with their complement don't make the base, or 100 % where only shares are printed."""
    exact = (row for row in groups.rows if row.qualifier == "exact" and row.count_max is None)
    for group in grouped(exact, lambda row: (*row.scope, row.definition, row.base_of, *_class(row))):
        for those in (row for row in group if not row.complement):
            for others in (row for row in group if row.complement):
                yield from _closing(those, others)


def _class(row: Row) -> tuple[str, str]:
    return row.scheme, row.category_id or row.category


def _closing(those: Row, others: Row) -> Iterator[Finding | Held]:
    bases = sorted({base for base in (those.base, others.base) if base})
    if those.count is not None and others.count is not None and bases:
        yield Held((those, others))
        added = those.count + others.count
        base = min(bases, key=lambda one: abs(added - one))
        if added != base:
            message = in_words("not", terms=[those.count, others.count], total=added, whole=base)
            gap = abs(added - base)
            yield Finding("complement", (those, others), message, gap, "units", 100 * gap / base, 1.0)
    elif those.percent is not None and others.percent is not None:
        yield Held((those, others))
        spans = printed_span(those), printed_span(others)
        low, high = (spans[0][end] + spans[1][end] for end in (0, 1))
        total = those.percent + others.percent
        if low > 100 + _TINY or high < 100 - _TINY:
            decimals = max(those.decimals, others.decimals)
            message = in_words("shares not", terms=[those, others], total=(total, decimals), whole="100")
            yield Finding("complement", (those, others), message, total - 100, "points", total - 100, 1.0)


def disagree(groups: Groups) -> Iterator[Finding | Held]:
    """Find two figures for the same quantity that differ by more than rounding and "about" allow.

    The same indicator, subject, definition, base, category, place and period; undated figures are left out.
    Rows that say the same stand together on one side.
    """
    dated = (row for row in groups.rows if row.start and row.kind != "unclear")
    for group in grouped(
        dated, lambda row: (*row.scope[:-1], row.definition, row.base_of, row.complement, *_class(row))
    ):
        values = grouped(group, _value)
        yield from (Held(alike) for alike in values if len(alike) > 1)
        for alike, others in combinations(values, 2):
            # surest where one document says both, whichever row of a side comes first
            two = min(product(alike, others), key=lambda two: two[0].source != two[1].source)
            for finding in _apart(*two, groups):
                yield replace(finding, rows=(*alike, *others))


def _value(row: Row) -> tuple[object, ...]:
    return row.count, row.count_max, row.base, row.percent, row.percent_max, row.decimals, row.qualifier


def _apart(first: Row, second: Row, groups: Groups) -> Iterator[Finding | Held]:
    certainty = 0.9 if first.source == second.source else 0.7
    if first.count is not None and second.count is not None:
        yield Held((first, second))
        slack = count_slack(first) + count_slack(second)
        lows, highs = zip(*(_count_span(row) for row in (first, second)), strict=True)
        gap = max(lows) - min(highs)
        if gap > slack:
            message = _against(groups, (first, second), [(row.count or 0, 0) for row in (first, second)], "")
            points = 100 * gap / max(first.count, second.count)
            yield Finding("disagree", (first, second), message, gap, "units", points, certainty)
            return
    values = [row.percent if row.share is None else row.share for row in (first, second)]
    if values[0] is None or values[1] is None:
        return
    yield Held((first, second))
    (low, high), (least, most) = span(first), span(second)
    if low > most + _TINY or least > high + _TINY:
        gap = abs(values[0] - values[1])
        shown = [
            (value or 0, row.decimals if row.share is None else max(2, row.decimals))
            for row, value in zip((first, second), values, strict=True)
        ]
        message = _against(groups, (first, second), shown, "%")
        yield Finding("disagree", (first, second), message, gap, "points", gap, certainty)


def _count_span(row: Row) -> tuple[float, float]:
    count = row.count or 0
    return count, float("inf") if row.qualifier == "at_least" else (row.count_max or count)


def _against(groups: Groups, rows: tuple[Row, Row], values: list[tuple[float, int]], sign: str) -> Words:
    by = []
    for row in rows:
        source = groups.catalogue.sources.get(row.source)
        name = source.publisher if source and source.publisher else row.source
        by.append(f" ({name})" if name else "")
    first, second = values
    return in_words("against", first=first, second=second, sign=sign, first_by=by[0], second_by=by[1])


def mean_range(groups: Groups) -> Iterator[Finding | Held]:
    """Find means over several years that the lowest and the highest year, printed beside them, rule out.

    Of ``n`` years from ``a`` to ``b`` the mean lies from ``((n - 1) a + b) / n`` to ``(a + (n - 1) b) / n``.
    """
    shares = (row for row in groups.rows if row.percent is not None)
    for group in grouped(
        shares, lambda row: (_without_aggregation(row), row.base_of, row.complement, *_class(row))
    ):
        years = _years(group[0])
        means = [row for row in group if row.aggregation == "mean" and row.exact_percent is not None]
        ranges = [row for row in group if row.qualifier == "range" and row.percent_max is not None]
        for mean in means if years > 1 else ():
            for ends in ranges:
                yield Held((mean, ends))
                yield from _ruled_out(mean, ends, years)


def _without_aggregation(row: Row) -> tuple[object, ...]:
    return row.indicator, row.subject, row.place, row.start, row.end, row.source


def _years(row: Row) -> int:
    first, last = row.start[:4], row.end[:4]
    return int(last) - int(first) + 1 if first.isdecimal() and last.isdecimal() else 0


def _ruled_out(mean: Row, ends: Row, years: int) -> Iterator[Finding | Held]:
    percent, lowest, highest = mean.percent or 0, ends.percent or 0, ends.percent_max or 0
    (low, high), (least, most) = printed_span(mean), printed_span(ends)
    step = most - highest
    under = ((years - 1) * least + highest - step / 2) / years
    over = (lowest + step + (years - 1) * most) / years
    if under - _TINY <= high and low <= over + _TINY:
        return
    below = high < under
    limit = ((years - 1) * lowest + highest if below else lowest + (years - 1) * highest) / years
    gap = abs(limit - percent)

    key = "mean below" if below else "mean above"
    message = in_words(key, years=str(years), mean=mean, ends=ends, limit=(limit, 2))
    yield Finding("mean_range", (mean, ends), message, gap, "points", gap, 0.9)


_OUTER = {"province": "country", "district": "province"}


def part_above_whole(groups: Groups) -> Iterator[Finding | Held]:
    """Find parts that are larger than the whole they lie in.

    A category inside another one, a kind of organisation and all of them, those rated and all, a count
    without a base and the total of its place, the districts of a province and the province (in one document).
    """
    for scheme, group in rated(groups, across_bases=True):
        atoms = atoms_of(scheme)
        for part, whole in permutations(group, 2):
            if atoms[part.category_id] < atoms[whole.category_id]:
                yield from _above((part,), whole)
    of_all = groups.catalogue.totals
    kinds = (row for row in groups.rows if row.indicator in of_all and row.exact_count is not None)
    for group in grouped(kinds, lambda row: row.scope):
        for part, whole in permutations(group, 2):
            if _is_kind_of(part, whole):
                yield from _above((part,), whole)
    for row in groups.rows:
        totals = groups.total_rows(row) if row.base is None and row.indicator not in of_all else ()
        if totals:
            yield from _above((row,), max(totals, key=lambda total: total.count or 0))
    yield from _places(groups)


def _is_kind_of(part: Row, whole: Row) -> bool:
    if part.definition == whole.definition:
        return bool(part.category) and not whole.category
    return part.definition == "rated" and not whole.definition and part.category == whole.category


def _places(groups: Groups) -> Iterator[Finding | Held]:
    exact = tuple(row for row in groups.rows if row.exact_count is not None)
    inner = [row for row in exact if row.geo_level in _OUTER]

    def same(row: Row, level: str) -> tuple[object, ...]:
        unit = "" if level == "country" else row.unit
        what = (row.indicator, row.subject, row.start, row.end, row.aggregation, row.source, row.definition)
        return (level, unit, *what, row.base_of, row.category, row.category_id, row.complement)

    wholes = {same(row, row.geo_level): row for row in reversed(exact) if row.geo_level in _OUTER.values()}
    for group in grouped(inner, lambda row: same(row, _OUTER[row.geo_level])):
        whole = wholes.get(same(group[0], _OUTER[group[0].geo_level]))
        if whole is not None:
            yield from _above(tuple({row.place: row for row in reversed(group)}.values()), whole)


def _above(parts: tuple[Row, ...], whole: Row) -> Iterator[Finding | Held]:
    if all(row.count is not None and row.count_max is None for row in (*parts, whole)):
        yield Held((*parts, whole))
        count, limit = sum(row.count or 0 for row in parts), whole.count or 0
        if count > limit + slack_of((*parts, whole)):
            points = 100 * (count - limit) / max(limit, 1)
            message = in_words("part above whole", part=count, whole=limit)
            yield Finding("part_above_whole", (*parts, whole), message, count - limit, "units", points, 0.9)
            return
    part = parts[0]
    if (
        len(parts) == 1
        and part.base_of == whole.base_of
        and part.percent is not None
        and whole.percent is not None
    ):
        yield Held((part, whole))
        low, high = printed_span(part)[0], printed_span(whole)[1]
        if low > high + _TINY:
            gap = part.percent - whole.percent
            message = in_words("share above whole", part=part, whole=whole)
            yield Finding("part_above_whole", (part, whole), message, gap, "points", gap, 0.9)


def chain(groups: Groups) -> Iterator[Finding | Held]:
    """Find shares of a category whose base isn't the count of that category, or whose product doesn't fit.

    The share of the good ones times the good ones' share is the share of all, where all three are printed.
    """
    for row in (row for row in groups.rows if row.base_of and row.scheme):
        same = [one for one in groups.beside[row.scope] if one.definition == row.definition]
        beside = [one for one in same if one.scheme == row.scheme and not one.base_of]
        wholes = [one for one in beside if one.category_id == row.base_of]
        for whole in wholes:
            if row.base is not None and whole.exact_count is not None:
                yield Held((row, whole))
            if row.base is not None and whole.exact_count is not None and row.base != whole.exact_count:
                base, count = row.base, whole.exact_count
                message = in_words("other base", base=base, count=count)
                gap = abs(base - count)
                yield Finding("chain", (row, whole), message, gap, "units", 100 * gap / max(base, count), 0.9)
            for direct in (one for one in beside if one.category_id == row.category_id and one is not whole):
                yield from _product(row, whole, direct)


def _product(row: Row, whole: Row, direct: Row) -> Iterator[Finding | Held]:
    if row.percent is None or whole.percent is None or direct.percent is None:
        return
    yield Held((row, whole, direct))
    (low, high), (least, most), (bottom, top) = span(row), span(whole), span(direct)
    if low * least / 100 <= top + _TINY and high * most / 100 >= bottom - _TINY:
        return
    product = row.percent * whole.percent / 100
    gap = abs(product - direct.percent)

    found = (product, max(2, direct.decimals))
    message = in_words("product", share=row, of=whole, product=found, direct=direct)
    yield Finding("chain", (row, whole, direct), message, gap, "points", gap, 0.9)
