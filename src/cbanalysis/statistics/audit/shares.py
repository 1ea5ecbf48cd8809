"""Checks of one figure: against its own base, against a total printed elsewhere, against whole numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from cbanalysis.common.language import language
from cbanalysis.statistics.audit.figures import (
    CONVENTIONS,
    Convention,
    allows,
    fits,
    in_both,
    in_words,
    say,
    say_percent,
    unit,
    whole_counts,
)
from cbanalysis.statistics.audit.findings import Finding
from cbanalysis.statistics.audit.rows import Groups, Row, grouped

_MOST_NAMED = 3  # bases named in a message
_MOST_TRIED = 100_000  # among so many bases one always fits


def share(groups: Groups) -> Iterator[Finding]:
    """Find rows whose count out of base isn't the printed percentage, neither rounded nor cut."""
    for row in groups.rows:
        value = row.share
        if value is None or row.percent is None or row.count_max is not None or fits(row, value):
            continue
        message = in_both(partial(_printed, row, row.base))
        gap = abs(value - row.percent)
        yield Finding("share", (row,), message, gap, "points", gap, 1.0)


def count_above_base(groups: Groups) -> Iterator[Finding]:
    """Find rows that count more than their base holds."""
    for row in groups.rows:
        if row.count is None or row.base is None or row.count <= row.base:
            continue
        count, base = row.count, row.base
        message = in_words(
            "{} trên tổng số {}: số lượng lớn hơn mẫu số",
            "{} of {}: the count is above its base",
            count,
            base,
        )
        points = 100 * (count - base) / max(base, 1)
        yield Finding("count_above_base", (row,), message, count - base, "units", points, 1.0)


def above_100(groups: Groups) -> Iterator[Finding]:
    """Find printed percentages above 100; those of a target may be."""
    for row in (row for row in groups.rows if row.base_of != "target"):
        highest = max((one for one in (row.percent, row.percent_max) if one is not None), default=0.0)
        if highest <= 100:
            continue
        message = in_words("ghi là {}%, trên 100%", "printed {}%, above 100%", row)
        yield Finding("above_100", (row,), message, highest - 100, "points", highest - 100, 1.0)


def share_total(groups: Groups) -> Iterator[Finding]:
    """Find counts with a percentage but no base, which no number known to be their whole gives.

    That number is a total of the same place, period and subject, or the count of the category that the share
    is of; where the source doesn't say what the share is of, any number printed beside it may be it.
    """
    for row in groups.rows:
        if row.exact_count is None or row.percent is None or row.base is not None:
            continue
        count, percent = row.exact_count, row.percent
        known = groups.candidates(row)
        if not known or any(fits(row, 100 * count / base) for base, _ in known):
            continue
        bases = sorted({base for base, _ in known})
        gap = min(abs(100 * count / base - percent) for base in bases)
        implied = _bases(row)

        def told(row: Row = row, bases: list[int] = bases, fit: list[int] = implied) -> str:
            text = _printed(row, *bases)
            named = "; ".join(say(base) for base in fit)
            if not 0 < len(fit) <= _MOST_NAMED:
                return text
            return text + (
                f" (khớp với mẫu số {named})" if language() == "vi" else f" (that fits a base of {named})"
            )

        others = tuple(other for _, other in known)
        yield Finding("share_total", (row, *others), in_both(told), gap, "points", gap, 0.5)


def grim(groups: Groups) -> Iterator[Finding]:
    """Find percentages that no whole count of their base can give (GRIM: Brown and Heathers, 2017).

    Figures of one document that have one base, not printed, must follow one convention, rounded or cut. Means
    over several years are no counts of one base and are left out.
    """
    tested = [row for row in groups.rows if _is_tested(row)]
    for row in tested:
        if (
            row.base
            and row.count is None
            and not any(whole_counts(row, row.base, one) for one in CONVENTIONS)
        ):
            yield _no_whole((row,), row.base, (row,), 1.0)
    baseless = [row for row in tested if row.base is None and row.base_of != "unclear"]
    for group in grouped(baseless, lambda row: (*row.scope, row.definition, row.base_of)):
        yield from _no_base(tuple(row for row in group if row.exact_count), groups)
        yield from _no_total(tuple(row for row in group if row.count is None), groups)


def _is_tested(row: Row) -> bool:
    # above 100 there are no whole counts to look for, and above_100 speaks of it
    return row.exact_percent is not None and row.exact_percent <= 100 and row.aggregation != "mean"


def _no_base(counted: tuple[Row, ...], groups: Groups) -> Iterator[Finding]:
    """Find counts with percentages that no one base gives together."""
    if not counted:
        return
    counts = [row.count or 0 for row in counted]
    exclusive = sum(row.count or 0 for row in counted if row.kind == "exclusive" and not row.complement)
    least = max(exclusive, *counts)
    lows, highs = zip(*(_reach(row) for row in counted), strict=True)
    low, high = max(least, math.ceil(max(lows))), min(highs)
    if high - low > _MOST_TRIED:
        return
    tried = range(low, math.floor(high) + 1)
    if any(all(_gives(row, base, one) for row in counted) for base in tried for one in CONVENTIONS):
        return
    totals = {total.exact_count or 0: total for total in groups.named_totals(counted[0])}
    shown = sorted({least, *(base for base in totals if base >= least)})
    gap = min(
        max(abs(100 * (row.count or 0) / base - (row.percent or 0)) for row in counted) for base in shown
    )
    decimals = 1 + max(row.decimals for row in counted)

    def told() -> str:
        numbers = "; ".join(say(count) for count in counts)
        percents = "; ".join(say_percent(row) for row in counted)
        sums = []
        for base in shown:
            values = "; ".join(say(100 * count / base, decimals) for count in counts)
            sums.append(f"{'trên' if language() == 'vi' else 'of'} {say(base)}: {values}%")
        if language() == "vi":
            return f"{numbers} ghi là {percents}%, nhưng không mẫu số nào cho kết quả này ({', '.join(sums)})"
        return f"{numbers} printed as {percents}%, which no base gives ({', '.join(sums)})"

    rows = (*counted, *(totals[base] for base in shown if base in totals))
    yield Finding("grim", rows, in_both(told), gap, "points", gap, 0.9)


def _no_total(shares: tuple[Row, ...], groups: Groups) -> Iterator[Finding]:
    """Find percentages without counts that no whole counts of a known total give."""
    if not shares:
        return
    first = shares[0]
    beside = groups.beside[first.scope]
    same = [row for row in beside if (row.definition, row.base_of) == (first.definition, first.base_of)]
    known = (*groups.candidates(first), *((row.base, row) for row in same if row.base))
    tries = [
        (tuple(row for row in shares if not whole_counts(row, base, convention)), base, other)
        for base, other in known
        for convention in CONVENTIONS
    ]
    failing, base, other = min(tries, key=lambda one: (len(one[0]), one[1]), default=((), 0, first))
    if failing:
        yield _no_whole(failing, base, (*failing, other), 0.5)


def _no_whole(failing: tuple[Row, ...], base: int, rows: tuple[Row, ...], certainty: float) -> Finding:
    nearest = [round((row.percent or 0) * base / 100) for row in failing]
    gap = max(
        abs(100 * count / base - (row.percent or 0)) for row, count in zip(failing, nearest, strict=True)
    )

    def told() -> str:
        percents, whole = "; ".join(say_percent(row) for row in failing), say(base)
        near = "; ".join(
            f"{say(count)} / {whole} = {say(100 * count / base, row.decimals + 1)}%"
            for row, count in zip(failing, nearest, strict=True)
        )
        if language() == "vi":
            said = f"ghi là {percents}%, nhưng không có số nguyên nào chia cho {whole} mà ra tỷ lệ này"
            return f"{said} (gần nhất: {near})"
        return f"printed {percents}%, which no whole count of {whole} gives (nearest: {near})"

    return Finding("grim", rows, in_both(told), gap, "points", gap, certainty)


def _printed(row: Row, *bases: int | None) -> str:
    """Return e.g. ``439 / 709 = 61.92%, printed 62.62%``."""
    count = row.count or 0
    sums = "; ".join(
        f"{say(count)} / {say(base)} = {say(100 * count / base, max(2, row.decimals))}%"
        for base in bases
        if base
    )
    word = "ghi là" if language() == "vi" else "printed"
    # above, nearly or about: the source's own word, for they don't mean the same
    own = row.printed.rpartition(";")[2].strip() if row.qualifier == "about" else ""
    return f"{sums}, {word} " + (f"“{own}”" if own else f"{say_percent(row)}%")


def _reach(row: Row) -> tuple[float, float]:
    """Return the lowest and highest base, not yet whole, that the count and the percentage of a row allow."""
    count, percent, step = row.count or 0, row.percent or 0, unit(row)
    lowest = percent - step / 2
    return 100 * count / (percent + step), 100 * count / lowest if lowest > 0 else math.inf


def _bases(row: Row) -> list[int]:
    """Return the whole bases that the count and the percentage of a row allow; none if there are too many."""
    low, high = _reach(row)
    if high - low > _MOST_TRIED:
        return []
    count = row.count or 0
    tried = range(max(1, count, math.floor(low)), math.ceil(high) + 1)
    return [base for base in tried if fits(row, 100 * count / base)]


def _gives(row: Row, base: int, convention: Convention) -> bool:
    return allows(row.percent or 0, unit(row), 100 * (row.count or 0) / base, convention)
