"""Checks of two figures against each other: complements, repetitions, a mean and its range."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from cbanalysis.dataset.catalogue import Language, Words
from cbanalysis.statistics.audit.figures import count_slack, printed_span, say, say_percent, span
from cbanalysis.statistics.audit.findings import Finding
from cbanalysis.statistics.audit.rows import Row, grouped
from cbanalysis.statistics.audit.wholes import Groups

_TINY = 1e-9
_LANGUAGES: tuple[Language, Language] = ("vi", "en")


def complement(groups: Groups) -> Iterator[Finding]:
    """Find figures that with their complement don't make the base, or 100 % where only shares are printed."""
    exact = (row for row in groups.rows if row.qualifier == "exact" and row.count_max is None)
    for group in grouped(exact, lambda row: (*row.scope, row.definition, row.base_of, *_class(row))):
        for those in (row for row in group if not row.complement):
            for others in (row for row in group if row.complement):
                yield from _closing(those, others)


def _class(row: Row) -> tuple[str, str]:
    return row.scheme, row.category_id or row.category


def _closing(those: Row, others: Row) -> Iterator[Finding]:
    bases = sorted({base for base in (those.base, others.base) if base})
    if those.count is not None and others.count is not None and bases:
        added = those.count + others.count
        base = min(bases, key=lambda one: abs(added - one))
        if added != base:
            numbers = (those.count, others.count, added, base)
            vi, en = ([say(number, lang) for number in numbers] for lang in _LANGUAGES)
            message = Words(
                vi=f"{vi[0]} + {vi[1]} = {vi[2]}, không phải {vi[3]}",
                en=f"{en[0]} + {en[1]} = {en[2]}, not {en[3]}",
            )
            gap = abs(added - base)
            yield Finding("complement", (those, others), message, gap, "units", 100 * gap / base, 1.0)
    elif those.percent is not None and others.percent is not None:
        spans = printed_span(those), printed_span(others)
        low, high = (spans[0][end] + spans[1][end] for end in (0, 1))
        total = those.percent + others.percent
        if low > 100 + _TINY or high < 100 - _TINY:
            decimals = max(those.decimals, others.decimals)

            def told(lang: Language) -> str:
                word = "không phải" if lang == "vi" else "not"
                terms = f"{say_percent(those, lang)} + {say_percent(others, lang)}"
                return f"{terms} = {say(total, lang, decimals)}%, {word} 100%"

            message = Words(vi=told("vi"), en=told("en"))
            yield Finding("complement", (those, others), message, total - 100, "points", total - 100, 1.0)


def disagree(groups: Groups) -> Iterator[Finding]:
    """Find two figures for the same quantity that differ by more than rounding and "about" allow.

    The same indicator, subject, definition, base, category, place and period; undated figures are left out.
    """
    dated = (row for row in groups.rows if row.start and row.kind != "unclear")
    for group in grouped(
        dated, lambda row: (*row.scope[:-1], row.definition, row.base_of, row.complement, *_class(row))
    ):
        for first, second in combinations(group, 2):
            yield from _apart(first, second, groups)


def _apart(first: Row, second: Row, groups: Groups) -> Iterator[Finding]:
    certainty = 0.9 if first.source == second.source else 0.7
    if first.count is not None and second.count is not None:
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
    def told(lang: Language) -> str:
        figures = []
        for row, (value, decimals) in zip(rows, values, strict=True):
            source = groups.catalogue.sources.get(row.source)
            publisher = source.publisher if source and source.publisher else row.source
            figures.append(f"{say(value, lang, decimals)}{sign}" + (f" ({publisher})" if publisher else ""))
        return (" và " if lang == "vi" else " against ").join(figures)

    return Words(vi=told("vi"), en=told("en"))


def mean_range(groups: Groups) -> Iterator[Finding]:
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
                yield from _ruled_out(mean, ends, years)


def _without_aggregation(row: Row) -> tuple[object, ...]:
    return row.indicator, row.subject, row.place, row.start, row.end, row.source


def _years(row: Row) -> int:
    first, last = row.start[:4], row.end[:4]
    return int(last) - int(first) + 1 if first.isdecimal() and last.isdecimal() else 0


def _ruled_out(mean: Row, ends: Row, years: int) -> Iterator[Finding]:
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

    def told(lang: Language) -> str:
        first, second, found = say_percent(mean, lang), say_percent(ends, lang), say(limit, lang, 2)
        if lang == "vi":
            bound = "ít nhất là" if below else "nhiều nhất là"
            text = f"bình quân {years} năm ghi là {first}%, nhưng các năm từ {second}% cho bình quân"
            return f"{text} {bound} {found}%"
        bound = "at least" if below else "at most"
        return f"a mean of {first}% over {years} years, but {second}% a year make a mean of {bound} {found}%"

    yield Finding("mean_range", (mean, ends), Words(vi=told("vi"), en=told("en")), gap, "points", gap, 0.9)
