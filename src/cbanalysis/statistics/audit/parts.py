"""Checks of a part against the whole that it lies in, or that it is a share of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from cbanalysis.dataset.catalogue import Language, Words
from cbanalysis.statistics.audit.figures import printed_span, say, say_percent, slack_of, span
from cbanalysis.statistics.audit.findings import Finding
from cbanalysis.statistics.audit.rows import Row, grouped
from cbanalysis.statistics.audit.wholes import Groups, atoms_of, rated

_TINY = 1e-9
_OUTER = {"province": "country", "district": "province"}


def part_above_whole(groups: Groups) -> Iterator[Finding]:
    """Find parts that are larger than the whole they lie in.

    A category inside another one, a kind of organisation and all of them, those rated and all, a count
    without a base and the total of its place, the districts of a province and the province (in one document).
    """
    for scheme, group in rated(groups, across_bases=True):
        atoms = atoms_of(scheme)
        for part, whole in permutations(group, 2):
            if atoms[part.category_id] < atoms[whole.category_id]:
                yield from _above((part,), whole)
    kinds = (row for row in groups.rows if row.indicator == "org_count" and row.exact_count is not None)
    for group in grouped(kinds, lambda row: row.scope):
        for part, whole in permutations(group, 2):
            if _is_kind_of(part, whole):
                yield from _above((part,), whole)
    for row in groups.rows:
        totals = groups.total_rows(row) if row.base is None and row.indicator != "org_count" else ()
        if totals:
            yield from _above((row,), max(totals, key=lambda total: total.count or 0))
    yield from _places(groups)


def _is_kind_of(part: Row, whole: Row) -> bool:
    if part.definition == whole.definition:
        return bool(part.category) and not whole.category
    return part.definition == "rated" and not whole.definition and part.category == whole.category


def _places(groups: Groups) -> Iterator[Finding]:
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


def _above(parts: tuple[Row, ...], whole: Row) -> Iterator[Finding]:
    if all(row.count is not None and row.count_max is None for row in (*parts, whole)):
        count, limit = sum(row.count or 0 for row in parts), whole.count or 0
        if count > limit + slack_of((*parts, whole)):
            points = 100 * (count - limit) / max(limit, 1)
            message = Words(
                vi=f"bộ phận {say(count, 'vi')} lớn hơn tổng thể {say(limit, 'vi')}",
                en=f"the part, {say(count, 'en')}, is above its whole, {say(limit, 'en')}",
            )
            yield Finding("part_above_whole", (*parts, whole), message, count - limit, "units", points, 0.9)
            return
    part = parts[0]
    if (
        len(parts) == 1
        and part.base_of == whole.base_of
        and part.percent is not None
        and whole.percent is not None
    ):
        low, high = printed_span(part)[0], printed_span(whole)[1]
        if low > high + _TINY:
            gap = part.percent - whole.percent
            message = Words(
                vi=f"bộ phận {say_percent(part, 'vi')}% lớn hơn tổng thể {say_percent(whole, 'vi')}%",
                en=f"the part, {say_percent(part, 'en')}%, is above its whole, {say_percent(whole, 'en')}%",
            )
            yield Finding("part_above_whole", (part, whole), message, gap, "points", gap, 0.9)


def chain(groups: Groups) -> Iterator[Finding]:
    """Find shares of a category whose base isn't the count of that category, or whose product doesn't fit.

    The share of the good ones times the good ones' share is the share of all, where all three are printed.
    """
    for row in (row for row in groups.rows if row.base_of and row.scheme):
        same = [one for one in groups.beside[row.scope] if one.definition == row.definition]
        beside = [one for one in same if one.scheme == row.scheme and not one.base_of]
        wholes = [one for one in beside if one.category_id == row.base_of]
        for whole in wholes:
            if row.base is not None and whole.exact_count is not None and row.base != whole.exact_count:
                base, count = row.base, whole.exact_count
                message = Words(
                    vi=f"mẫu số {say(base, 'vi')} là một mức mà tài liệu đếm được {say(count, 'vi')}",
                    en=f"the base of {say(base, 'en')} is a category that counts {say(count, 'en')}",
                )
                gap = abs(base - count)
                yield Finding("chain", (row, whole), message, gap, "units", 100 * gap / max(base, count), 0.9)
            for direct in (one for one in beside if one.category_id == row.category_id and one is not whole):
                yield from _product(row, whole, direct)


def _product(row: Row, whole: Row, direct: Row) -> Iterator[Finding]:
    if row.percent is None or whole.percent is None or direct.percent is None:
        return
    (low, high), (least, most), (bottom, top) = span(row), span(whole), span(direct)
    if low * least / 100 <= top + _TINY and high * most / 100 >= bottom - _TINY:
        return
    product = row.percent * whole.percent / 100
    gap = abs(product - direct.percent)

    def told(lang: Language) -> str:
        first, second, third = (say_percent(one, lang) for one in (row, whole, direct))
        found = say(product, lang, max(2, direct.decimals))
        word = "ghi là" if lang == "vi" else "printed"
        return f"{first}% × {second}% = {found}%, {word} {third}%"

    message = Words(vi=told("vi"), en=told("en"))
    yield Finding("chain", (row, whole, direct), message, gap, "points", gap, 0.9)
