"""When: periods in titles, headings, sub-headings and cells; and whether figures are provisional."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from cbanalysis.common.text.letters import clean
from cbanalysis.common.text.number_words import COUNTING
from cbanalysis.dataset.observations.periods import period_days
from cbanalysis.importing.layouts.records import YEAR

_YEARS = "(19[3-9][0-9]|20[0-9]{2})"
_DATE = re.compile(rf"(?<![0-9])([0-3]?[0-9])\s*[/.-]\s*([01]?[0-9])\s*[/.-]\s*{_YEARS}(?![0-9])")
_WORDED = re.compile(rf"ngày\s+([0-3]?[0-9])\s+tháng\s+([01]?[0-9])\s+năm\s+{_YEARS}(?![0-9])")
_ISO = re.compile(rf"(?<![0-9]){_YEARS}-([01][0-9])(?:-([0-3][0-9]))?(?![0-9])")
_MONTH = re.compile(
    rf"(?:tháng\s+([01]?[0-9])\s*(?:/|-|năm)\s*{_YEARS})|(?<![0-9/])([01]?[0-9])/{_YEARS}(?![0-9])"
)
_RANGE = re.compile(rf"(?<![0-9]){_YEARS}\s*(?:-|–|—|đến|to)\s*(?:năm\s+)?{_YEARS}(?![0-9])")
_YEAR = re.compile(rf"(?<![0-9]){_YEARS}(?![0-9])")
# moments as headings have them, the longest first
_HEADINGS = re.compile(
    rf"(?<![0-9])(?P<iso>{_YEARS}-(?:0[1-9]|1[0-2])-[0-3][0-9])(?![0-9])|"
    rf"(?<![0-9])(?P<day>[0-3]?[0-9][/.](?:0?[1-9]|1[0-2])[/.]{_YEARS})(?![0-9])|"
    rf"(?P<quarter>\b(?:quý\s+(?:iv|i{{1,3}}|[1-4])|q[1-4])\s*(?:/|-|năm)?\s*{_YEARS})(?![0-9])|"
    rf"(?P<month>\btháng\s+(?:1[0-2]|0?[1-9])\s*(?:/|-|năm)\s*{_YEARS}|"
    rf"(?<![0-9/.])(?:1[0-2]|0?[1-9])/{_YEARS}|(?<![0-9]){_YEARS}-(?:0[1-9]|1[0-2])(?![0-9-]))|"
    rf"\b{_YEARS}\b",
    re.IGNORECASE,
)
MONTH = re.compile(
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|tháng (?:1[0-2]|0?[1-9])|quý (?:iv|i{1,3}|[1-4])"
)
"""A heading that is a month or a quarter and says nothing else."""
UNDATED = re.compile(r"(?:tháng (?:1[0-2]|0?[1-9])|quý (?:iv|i{1,3}|[1-4])|q[1-4]|cả năm)", re.IGNORECASE)
"""Such a heading, or the whole year, as Vietnamese tables have it."""
# quarters, so many months, and what has no beginning or no end that is told
_IN_WORDS = {**COUNTING, "mười một": 11}
MANY_MONTHS = rf"\b(?:[0-9]{{1,2}}|{'|'.join(_IN_WORDS)})\s+tháng"
"""So many months, in digits or words."""
_PART = re.compile(
    rf"quý\s+(iv|i{{1,3}}|[1-4])\b|\b([2-9]|1[01]|{'|'.join(_IN_WORDS)})\s+tháng(?!\s*[0-9])"
    r"(?:\s+đầu(?:\s+năm)?|(\s+cuối(?:\s+năm)?))?|"
    rf"(nửa|đầu năm(?!\s+(?:(?:19|20)[0-9]{{2}}\s+)?(?:đến|tới)\b)|cuối năm|đầu nhiệm kỳ|"
    r"(?:lũy|luỹ) kế(?!\s+từ\s+đầu\s+năm)(?=.*\bđến\b)|"
    r"\bq[1-4]\b|first half|second half|đến nay|trở lại đây|\bsince\b|"
    r"\b(?:từ|trước|sau|from|before|after)\s+(?:(?:năm|ngày|tháng)\s+)?(?:[0-9]{1,2}[/.-]){0,2}"
    rf"{_YEARS}(?!\s*(?:[-–—]|đến|tới|to\b)))"
)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
# a day above a table is the day of its figures only behind such words
_AS_OF = re.compile(
    r"(?:tính đến|đến hết|đến ngày|đến|thời điểm|tại ngày|as of|as at|until|up to)"
    r"\s*(?:ngày\s*)?(?=[0-9]|ngày|tháng)"
)
# từ 16/11/2019 đến 15/11/2020, tháng 3 đến tháng 6/2020, từ năm 2018 đến 30/6/2020
_DAY_OF, _YEAR_OF = r"[0-3]?[0-9]\s*(?:[/.-]|tháng)\s*[01]?[0-9]", r"(?:19[3-9][0-9]|20[0-9]{2})"
_OF_YEAR = rf"\s*(?:[/.-]|,?\s*năm)\s*{_YEAR_OF}"
_SPAN = re.compile(
    rf"(?<![0-9/.-])((?:{_DAY_OF}|tháng\s+[01]?[0-9])(?:{_OF_YEAR})?|từ\s+(?:(?:đầu\s+)?năm\s+)?{_YEAR_OF})"
    r"\s*(?:-|–|—|đến|tới|to)\s*(?:hết\s+)?(?:ngày\s+)?"
    rf"((?:{_DAY_OF}|(?:tháng\s+)?[01]?[0-9]){_OF_YEAR})(?![0-9])"
)
_OTHER_QUARTER = re.compile(
    r"quý\s+(?:iv|i{1,3}|[1-4])\s*(?:,|và|-|–|—|đến)\s*(?:quý\s+)?(?:iv|i{1,3}|[1-4])\b"
)
# lines that speak of the paper, not of its figures
_OF_PAPER = re.compile(
    r"xuất\s+(?:dữ|file|báo|ngày|lúc)|ngày\s+xuất|\bin\s+(?:lúc|ngày|ra)|ngày\s+in\b|kèm\s+theo|ban\s+hành|"
    r"\bsố\s*:?\s*[0-9]+\s*[-/]|quyết\s+định|công\s+văn|báo\s+cáo\s+số|nghị\s+quyết|hướng\s+dẫn|kế\s+hoạch\s+số|"
    r"bộ\s+trưởng|công\s+khai\s+số\s+liệu|thông\s+tư|quy\s+định|ngày\s+(?:ký|lập|gửi|cập)|cập\s+nhật|người\s+lập|"
    r"export|print|generated|downloaded|created|updated|^[^,0-9]{2,40},\s*ngày"
)
# the day of each year's count, which is no word of what is counted
_DAY_OF_YEAR = re.compile(
    r"\b(?:as of|có đến|tính đến)\s+(?:ngày\s+)?(?:annual\s+)?"
    r"(?:[0-9]{1,2}(?:st|nd|rd|th)?\s+[a-z]{3,9}\b\.?|[a-z]{3,9}\.?\s+[0-9]{1,2}(?:st|nd|rd|th)?\b|"
    rf"[0-9]{{1,2}}/[0-9]{{1,2}}(?:/{_YEARS})?(?![0-9/]))(?:,?\s+(?:annually|hằng năm|hàng năm))?",
    re.IGNORECASE,
)
_EARLY = r"prel?(?:iminary|im)?\.?|provisional|est(?:imated?)?\.?"
_SAID = rf"sơ bộ|số liệu sơ bộ|ước(?: tính| thực hiện| đạt)?|{_EARLY}"
_PROVISIONAL = re.compile(
    rf"(?:(?<!\w)(?P<before>(?:{_SAID})(?:\s*[-–/|(]?\s*(?:{_EARLY}))?)\)?\s*(?:năm\s*)?(?={_YEARS}))|"
    rf"(?<=[0-9])\s*\(?(?P<after>(?:sơ bộ|ước tính|{_EARLY})(?:\s*[-–/|]\s*(?:{_EARLY}))?)(?![\w-])\)?",
    re.IGNORECASE,
)


def period_in(text: str) -> tuple[str, str] | None:
    """Return the one period of a text, as first and last year, month or day; None if none or several.

    Examples
    --------
    >>> period_in("Kết quả năm 2023"), period_in("tính đến ngày 30/6/2024"), period_in("giai đoạn 2018-2020")
    (('2023', '2023'), ('2024-06-30', '2024-06-30'), ('2018', '2020'))
    """
    words = clean(text).casefold()
    years = set(_YEAR.findall(words))
    looks: tuple[Callable[[], set[tuple[str, str] | None]], ...] = (
        lambda: _spans(words),
        lambda: _parts(words, years),
        lambda: _moments(_day(*one) for one in _DATE.findall(words)),
        lambda: _moments(_day(*one) for one in _WORDED.findall(words)),
        lambda: _moments("-".join(filter(None, one)) for one in _ISO.findall(words)),
        lambda: _moments(_month(one) for one in _MONTH.finditer(words)),
        lambda: {(one if one[0] <= one[1] else None) for one in _RANGE.findall(words)},
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
    parts = {_part(part, years) for part in _PART.finditer(words)}
    return parts | ({None} if parts and _OTHER_QUARTER.search(words) else set())


def _spans(words: str) -> set[tuple[str, str] | None]:
    """Return the beginning and the end of each span that a text names, None for one that can't be."""
    spans = ((_moment(first, last), _moment(last)) for first, last in _SPAN.findall(words))
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
        year = re.search(_YEARS, text)
        # 2010-11 is the school year
        school = re.fullmatch(r"[0-9]{2}([0-9]{2})-([0-9]{2})", text)
        if year is not None and school and (int(school[1]) + 1) % 100 == int(school[2]):
            found.append(year[0])
            return f"{YEAR}{text[4:]}"
        period = period_in(re.sub(r"\bq(?=[1-4])", "quý ", text.casefold()))
        found.append(" to ".join(dict.fromkeys(period)) if period else text)
        return YEAR

    return _HEADINGS.sub(moment, heading), tuple(dict.fromkeys(found))


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
        as_of = None if _spans(words) else _AS_OF.search(words)
        if as_of:
            # so many since the term began aren't those since January
            if (begun := _PART.search(words)) and begun[4] and begun.start() < as_of.start():
                return None
            words = words[as_of.end() :]
            day = next(filter(None, (pattern.search(words) for pattern in (_DATE, _WORDED))), None)
            words = words[: day.end()] if day else words
        elif not _spans(words) and any(one.search(words) for one in (_OF_PAPER, _DATE, _WORDED)):
            continue
        if period := period_in(words):
            found.add(period)
        elif _YEAR.search(words):
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
    return not _spans(words) and bool(_AS_OF.search(words))


def period_of_name(name: str) -> tuple[str, str] | None:
    """Return the year or years in the name of a file or a sheet; a day there is mostly that of the export."""
    words = name.replace("_", " ")
    if _DATE.search(words) or _ISO.search(words) or re.search(r"[0-9]{6}", words):
        return None
    return period_in(words)


def provisional_in(text: str) -> tuple[str, str]:
    """Return the words that call a year provisional, and the text without them.

    Examples
    --------
    >>> provisional_in("Sơ bộ - Prel. 2017"), provisional_in("Pre. 2016 | Men"), provisional_in("nước 2017")
    (('Sơ bộ - Prel.', '2017'), ('Pre.', '2016 | Men'), ('', 'nước 2017'))
    """
    found = _PROVISIONAL.search(text)
    if not found:
        return "", text
    return (found["before"] or found["after"]).strip(), (text[: found.start()] + text[found.end() :]).strip()


def without_periods(text: str) -> str:
    """Return a text without its years and dates."""
    words = _DAY_OF_YEAR.sub(" ", provisional_in(clean(text))[1])
    for pattern in (_DATE, _ISO, _RANGE, _YEAR):
        words = re.sub(rf"(?:\b(?:in|năm)\s+)?{pattern.pattern}", " ", words, flags=re.IGNORECASE)
    return words


def is_of_paper(line: str) -> bool:
    """Return whether a line speaks of the paper and not of its figures: its number, the day of its print."""
    return bool(_OF_PAPER.search(clean(line).casefold()))
