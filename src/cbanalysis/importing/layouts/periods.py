"""When: periods in titles, headings, sub-headings and cells; and whether figures are provisional."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from cbanalysis.common.text.letters import clean
from cbanalysis.common.text.number_words import COUNTING
from cbanalysis.dataset.observations.periods import period_days
from cbanalysis.importing.layouts.records import YEAR
from cbanalysis.importing.layouts.vocabulary import pattern

_IN_WORDS = {**COUNTING, "mười một": 11}
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def period_in(text: str) -> tuple[str, str] | None:
    """Return the one period of a text, as first and last year, month or day; None if none or several.

    Examples
    --------
    >>> period_in("Kết quả năm 2023"), period_in("tính đến ngày 30/6/2024"), period_in("giai đoạn 2018-2020")
    (('2023', '2023'), ('2024-06-30', '2024-06-30'), ('2018', '2020'))
    """
    words = clean(text).casefold()
    years = set(pattern("year").findall(words))
    looks: tuple[Callable[[], set[tuple[str, str] | None]], ...] = (
        lambda: _spans(words),
        lambda: _parts(words, years),
        lambda: _moments(_day(*one) for one in pattern("date").findall(words)),
        lambda: _moments(_day(*one) for one in pattern("worded").findall(words)),
        lambda: _moments("-".join(filter(None, one)) for one in pattern("iso").findall(words)),
        lambda: _moments(_month(one) for one in pattern("month_and_year").finditer(words)),
        lambda: {(one if one[0] <= one[1] else None) for one in pattern("range").findall(words)},
        lambda: _moments(years),
    )
    found = next(filter(None, (look() for look in looks)), {None})
    return found.pop() if len(found) == 1 else None


def _day(day: str, month: str, year: str) -> str:
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _month(found: re.Match[str]) -> str:
    return f"{found[2] or found[4]}-{int(found[1] or found[3]):02d}"


def _moments(moments: Iterable[str]) -> set[tuple[str, str] | None]:
    """Return moments as periods, None for those of no calendar."""
    return {(one, one) if period_days(one) else None for one in moments}


def _parts(words: str, years: set[str]) -> set[tuple[str, str] | None]:
    """Return the quarters and months counted in a text, None beside others for those that are several."""
    parts = {_part(part, years) for part in pattern("part_of_year").finditer(words)}
    return parts | ({None} if parts and pattern("other_quarter").search(words) else set())


def _spans(words: str) -> set[tuple[str, str] | None]:
    """Return the beginning and the end of each span that a text names, None for one that can't be."""
    spans = ((_moment(first, last), _moment(last)) for first, last in pattern("span").findall(words))
    return {
        (first, last) if first <= last and period_days(first) and period_days(last) else None
        for first, last in spans
    }


def _moment(text: str, other: str = "") -> str:
    """Return the day, month or year of a text; one without a year is of the other's."""
    *numbers, last = re.findall("[0-9]+", text)
    year = last if len(last) == len("2024") else other[-4:]
    month_and_day = reversed(numbers if year == last else [*numbers, last])
    return "-".join([year, *(f"{int(number):02d}" for number in month_and_day)])


def _part(part: re.Match[str], years: set[str]) -> tuple[str, str] | None:
    """Return the months of a quarter, or of the first or last months of a year."""
    if len(years) != 1 or part[4]:
        return None
    quarter = _QUARTERS.get(part[1] or "", 0) or int(part[1] or 0)
    last = 3 * quarter or _IN_WORDS.get(part[2], 0) or int(part[2])
    (year,) = years
    if part[3]:
        return f"{year}-{13 - last:02d}", f"{year}-12"
    return f"{year}-{3 * quarter - 2 if quarter else 1:02d}", f"{year}-{last:02d}"


def moments_in(heading: str) -> tuple[str, tuple[str, ...]]:
    """Return a heading with {year} for each year, month, quarter or day in it, and these.

    Examples
    --------
    >>> moments_in("27/04/2021"), moments_in("Quý I/2021 | Tổng"), moments_in("2010-11")
    (('{year}', ('2021-04-27',)), ('{year} | Tổng', ('2021-01 to 2021-03',)), ('{year}-11', ('2010',)))
    """
    found: list[str] = []

    def moment(match: re.Match[str]) -> str:
        text = match[0]
        year = pattern("years").search(text)
        # 2010-11 is the school year
        school = re.fullmatch(r"[0-9]{2}([0-9]{2})-([0-9]{2})", text)
        if year is not None and school and (int(school[1]) + 1) % 100 == int(school[2]):
            found.append(year[0])
            return f"{YEAR}{text[4:]}"
        period = period_in(re.sub(r"\bq(?=[1-4])", "quý ", text.casefold()))
        found.append(" to ".join(dict.fromkeys(period)) if period else text)
        return YEAR

    return pattern("headings").sub(moment, heading), tuple(dict.fromkeys(found))


def found_period(text: str) -> tuple[str, str] | None:
    """Return the one period of a text, or of the one of its lines that speaks of one."""
    found = {period for line in text.split("\n") if (period := period_in(line.replace("_", " ")))}
    return found.pop() if len(found) == 1 else None


def period_above(lines: tuple[str, ...] | list[str]) -> tuple[str, str] | None:
    """Return the one period that the lines above a table say its figures are of.

    A day counts only behind words like "tính đến"; the day of the export, the print or a document never does.

    Examples
    --------
    >>> period_above(["Xếp loại năm 2023", "Ngày xuất dữ liệu: 15/08/2026 09:30"])
    ('2023', '2023')
    >>> period_above(["Hưng Yên, ngày 15/8/2026"]) is None
    True
    """
    found = set()
    for line in lines:
        words = clean(line).casefold()
        as_of = None if _spans(words) else pattern("as_of").search(words)
        if as_of:
            # so many since the term began aren't those since January
            begun = pattern("part_of_year").search(words)
            if begun and begun[4] and begun.start() < as_of.start():
                return None
            words = words[as_of.end() :]
            day = pattern("date").search(words) or pattern("worded").search(words)
            words = words[: day.end()] if day else words
        elif not _spans(words) and pattern("of_paper_or_day").search(words):
            continue
        if period := period_in(words):
            found.add(period)
        elif pattern("year").search(words):
            return None
    return found.pop() if len(found) == 1 else None


def is_up_to(text: str) -> bool:
    """Return whether a text tells the moment up to which something is counted, and not from when.

    Examples
    --------
    >>> is_up_to("Kết quả đến tháng 6/2020"), is_up_to("từ tháng 3 đến tháng 6/2020")
    (True, False)
    """
    words = clean(text).casefold()
    return not _spans(words) and bool(pattern("as_of").search(words))


def period_of_name(name: str) -> tuple[str, str] | None:
    """Return the year or years in the name of a file or a sheet; a day there is mostly that of the export."""
    words = name.replace("_", " ")
    if pattern("date").search(words) or pattern("iso").search(words) or re.search(r"[0-9]{6}", words):
        return None
    return period_in(words)


def provisional_in(text: str) -> tuple[str, str]:
    """Return the words that call a year provisional, and the text without them.

    Examples
    --------
    >>> provisional_in("Sơ bộ - Prel. 2017"), provisional_in("Pre. 2016 | Men"), provisional_in("nước 2017")
    (('Sơ bộ - Prel.', '2017'), ('Pre.', '2016 | Men'), ('', 'nước 2017'))
    """
    found = pattern("provisional").search(text)
    if not found:
        return "", text
    return (found["before"] or found["after"]).strip(), (text[: found.start()] + text[found.end() :]).strip()


def without_periods(text: str) -> str:
    """Return a text without its years and dates."""
    words = pattern("day_of_year").sub(" ", provisional_in(clean(text))[1])
    for name in ("date", "iso", "range", "year"):
        words = pattern(f"told_{name}").sub(" ", words)
    return words


def is_of_paper(line: str) -> bool:
    """Return whether a line speaks of the paper and not of its figures: its number, the day of its print."""
    return bool(pattern("of_paper").search(clean(line).casefold()))
