"""When: the periods that a sentence names."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cbanalysis.importing.prose.grammar import TimeUse, grammar, pattern
from cbanalysis.importing.prose.tokens import Sentence

_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_FIRST_YEAR, _LAST_YEAR = 1930, 2099
_UNTIL = {"đến", "tới", "cho", "hết", "ngày", "cuối", "giữa", "-", "–"}
_MOST_UNTIL = 4
_AUTUMN = "10"
_TERMS = {"term_begun", "term_end"}
_TERM, _TERM_YEARS = 5, {4, 5}
_JUST_OVER = 3  # months
_IN_A_YEAR = {"day", "month", "quarter", "months", "months_over", "last_months"}
_OPENS, _CLOSES = {"“", "«"}, {"”", "»"}
_SPEAKING = {"rằng", "biết", "nói", "là"}
_HALVES = {6, 9}  # months that are summed up, whenever


@dataclass(frozen=True)
class Period:
    """From when to when, as observations.csv writes it: YYYY, YYYY-MM or YYYY-MM-DD.

    ``inferred`` says that no year is printed: it follows from the date of publication.
    """

    start: str
    end: str
    inferred: bool = field(default=False, compare=False)

    @property
    def last_year(self) -> int:
        """The year that it ends in."""
        return int(self.end[:4])

    @property
    def months(self) -> int:
        """How many months it takes in: 24 from 2020 to 2021, 12 from 2020-12 to 2021-11."""
        begin, end = int(self.start[5:7] or 1), int(self.end[5:7] or 12)
        return 12 * (self.last_year - int(self.start[:4])) + end - begin + 1


@dataclass(frozen=True)
class Published:
    """The date of publication: YYYY, YYYY-MM or YYYY-MM-DD; "" where it isn't known.

    ``told`` is False where it isn't printed as such, but what the text tells of was in that year, ``exact``
    where only a line of the text prints it: its day may be that of a change to the page.
    """

    date: str = ""
    told: bool = True
    exact: bool = True

    @property
    def year(self) -> Period | None:
        """Its year: what was done "now" is dated with it."""
        return Period(self.date[:4], self.date[:4], inferred=True) if self.date else None

    @property
    def today(self) -> Period | None:
        """Its day, or what is known of it for sure: when there is what "hiện có" tells of."""
        return Period(self.date, self.date, inferred=True) if self.exact and self.date else self.year

    @property
    def review(self) -> Period | None:
        """The year that a review speaks of: in January and February the year before."""
        if not self.date:
            return None
        year = str(int(self.date[:4]) - (self.date[5:7] in {"01", "02"}))
        return Period(year, year, inferred=True)

    @property
    def term(self) -> str:
        """The year in which the five years' term of committees began; "" where the date doesn't tell."""
        year, month = int(self.date[:4] or 0), self.date[5:7]
        if not year or (year % 5 == 0 and not month):
            return ""
        # congresses of districts and provinces are held until autumn
        return str(year // 5 * 5 - 5 * (year % 5 == 0 and month < _AUTUMN))

    def last_year(self, title: Period | None) -> Period | None:
        """Return what "năm qua" means: until autumn the year before, then that of the date or title."""
        if not self.date:
            return None
        year = int(self.date[:4]) - (bool(self.date[5:7]) and self.date[5:7] < _AUTUMN)
        earlier = title is not None and title.last_year <= year
        return title if earlier else Period(str(year), str(year))


@dataclass(frozen=True)
class TimeMention:
    """One expression of time.

    Attributes
    ----------
    begin, end : int
        The tokens that it covers.
    use : TimeUse
        What it does.
    period : Period or None
        None for "now", for asides, and for parts of a year that stands elsewhere.
    part : str
        Of a relative expression: which part ("months 6", "quarter 1", "year", "last_year", "same").
    """

    begin: int
    end: int
    use: TimeUse
    period: Period | None
    part: str = ""

    @property
    def of_years(self) -> bool:
        """Whether it is of years of which nobody says which: "10 năm thực hiện …"."""
        return self.part.startswith("years") and self.use == "now"


def _period(groups: Mapping[str, str]) -> Period | None:
    year = int(groups.get("year", 0))
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    if "last_year" in groups:
        last = int(groups["last_year"])
        return Period(str(year), str(last)) if year <= last <= _LAST_YEAR else None
    if "quarter" in groups or "months" in groups:
        return _part_of(str(year), _part("months" if "months" in groups else "quarter", groups))
    month, day = int(groups.get("month") or groups.get("month2") or 0), int(groups.get("day", 0))
    if month > 12 or (day and not (month and day <= calendar.monthrange(year, month)[1])):
        return None
    # without a month the year, without a day the month
    said = "-".join([str(year), *(f"{number:02d}" for number in (month, day) if number)])
    return None if "day" in groups and not day else Period(said, said)


def _part(part: str, groups: Mapping[str, str]) -> str:
    if part in {"months", "months_now", "months_over", "last_months", "years"}:
        return f"{part} {groups[part.removesuffix('_now').removesuffix('_over')]}"
    if part in {"day", "month"}:
        return " ".join([part, groups["month"], groups.get("day", "")]).strip()
    if part == "quarter":
        return f"quarter {_QUARTERS.get(groups['quarter']) or groups['quarter']}"
    return part


def _part_of(year: str, part: str) -> Period | None:
    """Return part of a year: "months 6", "quarter 1", or all of it."""
    name, _, number = part.partition(" ")
    if name in {"day", "month"}:
        month, _, day = number.partition(" ")
        return _period({"year": year, "month": month} | ({"day": day} if day else {}))
    if name.startswith("months"):
        return Period(f"{year}-01", f"{year}-{int(number):02d}") if 1 <= int(number) <= 12 else None
    if name == "last_months":
        return Period(f"{year}-{13 - int(number):02d}", f"{year}-12")
    if name == "quarter":
        return Period(f"{year}-{int(number) * 3 - 2:02d}", f"{year}-{int(number) * 3:02d}")
    return Period(year, year)


def time_mentions(sentence: Sentence, taken: set[int]) -> list[TimeMention]:
    """Return the expressions of time in a sentence.

    Parameters
    ----------
    sentence : Sentence
        The sentence.
    taken : set of int
        Tokens that belong to something else, such as a document's number; those found are added.

    Returns
    -------
    list of TimeMention
        In the order of the sentence; "từ … đến …" is one.
    """
    found = []
    titles = _titles(sentence)
    for use, kind, expression in grammar().times:
        for match in expression.finditer(sentence.flat):
            begin, end = sentence.indices(match)
            covered = set(range(begin, end))
            if covered & taken:
                continue
            if any(opened < begin < closed for opened, closed in titles):
                # "… học tập Nghị quyết “Về công tác dân vận hiện nay”"
                taken |= covered
                found.append(TimeMention(begin, end, "aside", None))
                continue
            groups = {name: value for name, value in match.groupdict().items() if value}
            dated = use in {"point", "since", "event"}
            period = _period(groups) if dated else None
            part = _part(kind, groups) if kind else ""
            if dated and period is None and not part:
                continue
            if part.startswith(("last_months", "months ")) and period and "months" not in groups:
                period = _part_of(period.start, part)
            elif part == "year_begun" and period:
                period = Period(f"{period.start}-01", period.end)
            if part in _TERMS and not period and (printed := terms(sentence.flat[: match.start()])):
                # "Nhiệm kỳ 2015-2020, …, cuối nhiệm kỳ …"
                period = _end_of(printed[-1], part)
            if use != "now":
                taken |= covered
            found.append(TimeMention(begin, end, use, period, part))
    return _spans(sentence, sorted(found, key=lambda one: one.begin))


def _titles(sentence: Sentence) -> list[tuple[int, int]]:
    """Return where quotation marks open and close around a name, such as that of a programme: no speech."""
    keys = sentence.keys
    found, opened = [], None
    for at, key in enumerate(keys):
        if key in _OPENS:
            opened = at if at and keys[at - 1].isalnum() and keys[at - 1] not in _SPEAKING else None
        elif key in _CLOSES and opened is not None:
            found.append((opened, at))
            opened = None
    return found


def _outside_brackets(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without brackets that they open with: "từ năm 2016 (năm đầu tiên …) đến nay"."""
    return keys[keys.index(")") + 1 :] if keys[:1] == ("(",) and ")" in keys else keys


def _spans(sentence: Sentence, mentions: list[TimeMention]) -> list[TimeMention]:
    """Join "từ năm 2015 đến hết tháng 6-2019" and "từ năm 2012 đến nay"."""
    joined: list[TimeMention] = []
    for mention in mentions:
        before = joined[-1] if joined else None
        between = _outside_brackets(sentence.keys[before.end : mention.begin]) if before else ()
        until = (
            bool({"đến", "tới", "hết"} & {*between}) or between in {("-",), ("–",)} or mention.use == "now"
        )
        if (
            before is None or before.use != "since" or not until or len(between) > _MOST_UNTIL
            or (before.part == "term" and mention.use == "now") or not set(between) <= _UNTIL
        ):  # fmt: skip
            joined.append(mention)
        elif mention.use == "now":
            joined[-1] = replace(before, end=mention.end, use="relative", part="until_now")
        else:
            end = mention.period.end if mention.use in {"point", "event"} and mention.period else ""
            begun = Published(end).term if before.part == "term" else f"{end[:4]}-01"
            start = before.period.start if before.period else begun
            if start and start[:4] <= end[:4]:
                span = Period(start, end, inferred=before.part == "term" and before.period is None)
                joined[-1] = TimeMention(before.begin, mention.end, "point", span)
            else:
                joined.append(mention)
    return joined


def settled(  # noqa: PLR0913 -- what a reader has in mind
    mentions: Sequence[TimeMention],
    published: Published,
    near: Period | None,
    title: Period | None,
    *,
    spoken: Sequence[Period] = (),
    planned: bool = False,
    own_term: bool = False,
) -> list[TimeMention]:
    """Return expressions of time with the periods of those that depend on others.

    Parameters
    ----------
    mentions : sequence of TimeMention
        As `time_mentions` returns them.
    published : Published
        When the document was published.
    near, title : Period or None
        What was spoken of last, and what the title says; for the year that a part belongs to.
    spoken : sequence of Period
        Spans of years that were printed before; the only one of five years is the term.
    planned : bool
        Whether a plan is told, so that days may lie after the publication.
    own_term : bool
        Whether a cell is spoken of, whose terms the calendar doesn't tell.

    Returns
    -------
    list of TimeMention
        Relative ones are points then; those that nothing settles are left out of the periods ("now").
    """
    done: list[TimeMention] = []
    own: Period | None = None
    terms = [one for one in spoken if one.last_year - int(one.start) == _TERM]
    term = terms[0] if len(terms) == 1 else None
    for one in mentions:
        if one.part == "term" and one.period:
            # without a date nobody knows until when
            until = published.date[:4]
            done.append(replace(one, period=Period(one.period.start, until) if until else None))
        elif one.part in _TERMS and (known := one.period or _of_spoken(one.part, near, title, term)):
            done.append(replace(one, use="point", period=known))
        elif one.part == "term_end" or (own_term and one.part in {"term", "term_begun"}):
            # nobody says when that was
            done.append(replace(one, use="point"))
        elif one.use == "relative" or (one.part and not one.period):
            done.append(_settled(one, published, near, own or title, planned=planned))
        else:
            done.append(one)
        own = done[-1].period if done[-1].use == "point" else own
    return done


def _end_of(term: Period, part: str) -> Period:
    """Return the year in which a term began or ended."""
    year = term.start if part == "term_begun" else term.end
    return Period(year, year)


def _of_spoken(part: str, *spoken: Period | None) -> Period | None:
    """Return the year in which the term that was spoken of began or ended; None without one."""
    terms = (one for one in spoken if one and one.last_year - int(one.start[:4]) in _TERM_YEARS)
    return next((_end_of(term, part) for term in terms), None)


def _settled(
    mention: TimeMention, published: Published, near: Period | None, title: Period | None, *, planned: bool
) -> TimeMention:
    part = mention.part
    if part == "until_now" and not published.date:
        # nobody says until when, but "từ đầu năm 2021 đến nay" is of that year
        begun = mention.period is not None and mention.period.start != mention.period.end
        year = Period(mention.period.end, mention.period.end) if mention.period and begun else None
        return replace(mention, use="point" if mention.period else "now", period=year)
    if part == "until_now":
        start = mention.period.start if mention.period else f"{published.date[:4]}-01"
        end = published.date[: 7 if len(start) > 4 else 4]
        # where only the year of publication is known, "từ đầu năm đến nay" is that year
        start = start[: len(end)] if start.startswith(end) else start
        return replace(mention, use="point", period=Period(start, max(end, start)))
    if part == "once" or (part.startswith("months_over") and not _over(part, published.date)):
        return replace(mention, use="point")
    period = _anchor(part, published, near, title)
    if period is None:
        return replace(mention, use="now", period=None)
    if period == near and _next_year(part, near, published):
        period = published.year or period
    if part == "year_so_far" and period.end == published.date[:4] and len(published.date) > len(period.end):
        return replace(mention, use="point", period=Period(f"{period.end}-01", published.date[:7]))
    if part not in {"same", "term", "term_begun", "year_before", "just"}:
        period = _last(part, period.end[:4], "" if planned else published.date)
    return replace(mention, use="since" if part == "just" else "point", period=period)


def _last(part: str, year: str, published: str) -> Period | None:
    """Return part of a year; of the year before where it lies after the publication: "sáng 30/12"."""
    if not published or part.partition(" ")[0] not in _IN_A_YEAR:
        return _part_of(year, part)
    years = (year, published[:4], str(int(published[:4]) - 1))
    found = (one for one in (_part_of(year, part) for year in years) if one)
    # an article of 22 June may tell "tính đến ngày 30/6"
    latest = month_of(published) + 1
    whole = "months" in part
    return next((one for one in found if month_of(one.end if whole else one.start) <= latest), None)


def _next_year(part: str, near: Period, published: Published) -> bool:
    """Return whether part of a year is of the one after that told, which was told whole, and is just over.

    "Năm 2018, …. 6 tháng đầu năm, …" of July 2019.
    """
    whole = near.start == near.end == str(int(published.date[:4] or 1) - 1)
    now = _part_of(published.date[:4], part) if whole and part.startswith(("months ", "quarter")) else None
    return now is not None and 0 <= month_of(published.date) - month_of(now.end) <= _JUST_OVER


def _over(part: str, published: str) -> bool:
    """Return whether "trong 9 tháng" can be those of the year of publication: so many are over."""
    number, month = int(part.partition(" ")[2]), int(published[5:7] or 0)
    return number in {month - 1, month} or (number in _HALVES and (not month or number < month))


def month_of(date: str) -> int:
    """Return a date's month, counted from year 0; the last one of a year by itself."""
    return int(date[:4]) * 12 + int(date[5:7] or 12)


def terms(text: str) -> list[Period]:
    """Return the terms of committees that a text prints: "nhiệm kỳ 2020-2025"."""
    return [Period(*span) for span in pattern("term").findall(text)]


def years_in(text: str) -> list[Period]:
    """Return the spans of years that a text prints, whatever they are of: "phong trào … 2005-2010"."""
    return [Period(*span) for span in pattern("years_printed").findall(text)]


def over_years(
    mention: TimeMention, spans: Sequence[Period | None], published: str, *, term: int
) -> TimeMention:
    """Return "trong 10 năm qua" as the ten years that the document states: "giai đoạn 2009 - 2019".

    "Nhiệm kỳ qua" and "5 năm qua" are the term that ended in ``term``, the year of a congress (0: none).
    """
    part, _, number = mention.part.partition(" ")
    if part != "years":
        return mention
    year = int(published[:4] or 0)
    known = [one for one in spans if one and not (year and one.last_year > year)]
    if term and year in {0, term} and int(number) == _TERM:
        known.append(Period(str(term - _TERM), str(term)))
    long = [one for one in known if one.last_year - int(one.start[:4]) in {int(number) - 1, int(number)}]
    return replace(mention, use="point", period=long[0]) if long else mention


def _anchor(part: str, published: Published, near: Period | None, title: Period | None) -> Period | None:
    """Return the period whose year an expression belongs to; its own one for "same" and "term"."""
    begun = published.term
    spoken = title or near
    found: dict[str, Period | None] = {
        "years": None,
        "last_year": published.last_year(title) or spoken,
        "year": spoken or (published.review if published.date[5:7] == "01" else published.year),
        "term": Period(begun, max(begun, published.date[:4]), inferred=True) if begun else None,
        "term_begun": Period(begun, begun, inferred=True) if begun else None,
        # "ngay từ đầu năm" of a review in January is of the year that it reviews
        "just": published.today,
        "year_begun": near if near is not None and near == published.review else published.year,
    }
    year_before = str(int(published.date[:4] or 1) - 1)
    found["year_before"] = Period(year_before, year_before) if published.date else None
    found |= {"year_so_far": found["year_begun"], "months_now": published.year or spoken}
    name = part.partition(" ")[0]
    return found.get(name, spoken or published.year)
