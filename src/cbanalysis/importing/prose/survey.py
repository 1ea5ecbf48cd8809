"""What a whole document says of its place and time, before it is read."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise, takewhile

from cbanalysis.common.text.letters import clean
from cbanalysis.importing.prose.discourse import Discourse
from cbanalysis.importing.prose.districts import provinces_of
from cbanalysis.importing.prose.documents import is_heading
from cbanalysis.importing.prose.figure_periods import UNTIL
from cbanalysis.importing.prose.grammar import grammar, pattern
from cbanalysis.importing.prose.metadata import (
    About,
    Publications,
    about_line,
    about_page,
    date_in,
    date_of_address,
    is_title,
)
from cbanalysis.importing.prose.passing import wrote
from cbanalysis.importing.prose.place_mentions import RANK, Place, PlaceMention, keyed
from cbanalysis.importing.prose.places import PlaceFinder
from cbanalysis.importing.prose.records import Document
from cbanalysis.importing.prose.times import Period, Published, TimeMention, terms, time_mentions
from cbanalysis.importing.prose.tokens import Sentence

_FIRST_PARAGRAPHS = 15
_TITLE_PARAGRAPHS = 3
_EDGE = 3
_LONGEST_DATE_LINE = 40
_MOST_OTHER_WORDS = 5
_MOST_BEFORE = 6
_DATED = ("cập nhật", "ngày đăng", "đăng ngày", "đăng lúc", "thời gian đăng", "được đăng", "đăng bởi")
_TERM, _MONTH = 5, len("2018-09")
_LONGEST_TITLED = 3  # words of a commune's name
_SUMMER, _MONTHS = 8, 12
_NO_DISTRICT = "xã|phường|thị trấn|thôn|bản|ông|bà|anh|chị|em|cô|chú|đồng chí|cụ|già làng|viên"
_PAPERS = {"quy", "quyết", "chỉ", "nghị", "hướng", "kế", "kết", "theo"}
_Mentions = Sequence[tuple[Sentence, list[PlaceMention]]]  # sentences, each with the places that it names


@dataclass(frozen=True)
class Frame:
    """What a document's edges say of it.

    Attributes
    ----------
    about : About
        Where and when it is from.
    lines : frozenset of int
        Paragraphs, counted from 1, that say nothing else.
    dates : frozenset of int
        Sentences that say nothing but when it was published.
    printed : bool
        Whether only such a sentence says when.
    """

    about: About
    lines: frozenset[int]
    dates: frozenset[int]
    printed: bool

    @property
    def published(self) -> Published:
        """The date of publication."""
        return Published(self.about.published, exact=not self.printed)


def frame_of(document: Document, sentences: Sequence[Sentence], told: About) -> Frame:
    """Return what the caller, the page and the first and last lines of a document say of it.

    Parameters
    ----------
    document : Document
        The document.
    sentences : sequence of Sentence
        All of its sentences.
    told : About
        What the caller says; it comes first.

    Returns
    -------
    Frame
        With "" for what isn't known.
    """
    about = told
    lines: set[int] = set()
    addresses = [told.source]
    count = len(document.paragraphs)
    for number in {*range(1, min(count, _EDGE) + 1), *range(max(1, count - _EDGE + 1), count + 1)}:
        start, end = document.paragraphs[number - 1]
        said = about_line(document.text[start:end].strip())
        if said is not None:
            lines.add(number)
            about = about.over(said)
            addresses.append(said.source)
    if document.page is not None:
        about = about.over(about_page(document.page))
    about = about.over(About(title=_title(document, lines)))
    date, dated = _published(sentences)
    filed = (date for one in [about.source, *addresses] if (date := date_of_address(one)))
    printed = date != "" and not about.published
    about = about.over(About(published=date or next(filed, "")))
    return Frame(about, frozenset(lines), frozenset(dated), printed)


def _title(document: Document, lines: Collection[int]) -> str:
    """Return the heading above a text; "" where the head of a page or of a letter stands there."""
    paragraphs = [
        clean(document.text[start:end])
        for number, (start, end) in enumerate(document.paragraphs, 1)
        if number not in lines
    ][:2]
    if len(paragraphs) < 2 or not is_heading(paragraphs[0]) or is_heading(paragraphs[1]):
        return ""
    return paragraphs[0] if is_title(paragraphs[0]) else ""


def _published(sentences: Sequence[Sentence]) -> tuple[str, set[int]]:
    """Return the date of publication that the text prints, and the sentences that say nothing else."""
    dated: dict[int, tuple[bool, str]] = {}
    text = False
    above: list[str] = []
    for sentence in sentences:
        if sentence.paragraph > _FIRST_PARAGRAPHS:
            break
        alone = sentence.first and len(sentence.tokens) <= _LONGEST_DATE_LINE
        date = date_in(sentence.flat) if alone else ""
        words = [token.key for token in sentence.tokens if token.kind == "word"]
        cue = any(" ".join(words[:4]).startswith(one) for one in _DATED)
        if date and (cue or (sentence.heading and _dates_only(sentence))):
            dated[sentence.number] = (cue, date)
            above += [] if text else [date]
        text = text or not (sentence.heading or sentence.number in dated)
    # "Cập nhật: …" is of this page; of dates without a word the later may be today's, those below the
    # text are of other articles
    chosen = next((date for cue, date in dated.values() if cue), "")
    return chosen or min(above, default=""), set(dated)


def _dates_only(sentence: Sentence) -> bool:
    """Return whether a heading has no words but those around a date, or the place of a letter."""
    known = grammar().when.date_words
    words = [token for token in sentence.tokens if token.kind == "word" and token.key not in known]
    return len(words) <= _MOST_OTHER_WORDS and all(token.capital for token in words)


def survey(
    sentences: Sequence[Sentence],
    finder: PlaceFinder,
    frame: Frame,
    publications: Publications,
) -> Discourse:
    """Return what the whole document says of its place and time, before it is read.

    Parameters
    ----------
    sentences : sequence of Sentence
        All of them.
    finder : PlaceFinder
        Knows the provinces and districts.
    frame : Frame
        What the document's edges say.
    publications : Publications
        Knows which province a paper writes about.

    Returns
    -------
    Discourse
        Before the first sentence.
    """
    read = [
        one for one in sentences
        if one.paragraph not in frame.lines and one.number not in frame.dates
        and any(token.kind != "mark" for token in one.tokens)
    ]  # fmt: skip
    # the title is the first paragraph, whatever lines stand above it
    order = {paragraph: at for at, paragraph in enumerate(dict.fromkeys(one.paragraph for one in read), 1)}
    read = [replace(one, paragraph=order[one.paragraph]) for one in read]
    province, area = publications.of(frame.about)
    if not province:
        last = sentences[-1].paragraph if sentences else 0
        edges = (one for one in sentences if one.paragraph <= _EDGE or one.paragraph > last - _EDGE)
        province = next((name for one in edges if (name := publications.named_in(one))), "")
    given = Place(province, area, "district" if area else "")
    captions = _captions(read)
    placing = [one for one in read if one.paragraph not in captions]
    home = _home(placing, finder, given, frame.about.province)
    # a letter's head names its place: "Lạng Sơn, ngày 20/7/2021"
    if not home.province:
        heads = (one for one in sentences if one.number in frame.dates)
        named = (mention.province for one in heads for mention in finder.mentions(one, {}))
        home = replace(home, province=next(filter(None, named), ""))
    places = [mention for one in sentences for mention in finder.mentions(one, {})]
    communes = any(one.level == "commune" and one.name and not one.body for one in places)
    titled = _title_place(read, frame.about.published, communes=communes)
    if titled and titled.level == "commune" and home.names == given.names:
        home = replace(titled, province=home.province)
    elif titled and titled.level == "district" and not home.area:
        home = titled if home.province in {"", titled.province} else home
    if pattern("central").match(home.area) and not frame.about.province:
        home = replace(home, province="")
    named_ones = frozenset(one.province for one in places if one.province and not one.told)
    term, over = _term_of_congress(read)
    only = None if frame.published.date else _only_year(read)
    published = _published_day(read, frame.published, term.start if term and over else "", only)
    discourse = Discourse(home, published, _title_period(read), named=named_ones, term=term)
    if not published.date:
        discourse.only_year = only
    if home.area:
        discourse.areas |= keyed(home)
    return discourse


def _captions(sentences: Sequence[Sentence]) -> set[int]:
    """Return the lines below photographs: before "Ảnh: …", or printed twice below the text's beginning."""
    found: set[int] = set()
    text = False
    for one, following in pairwise(sentences):
        credit = following.keys[:2] in {("ảnh", ":"), ("(", "ảnh")}
        if one.heading and following.heading and (credit or (text and one.flat == following.flat)):
            found |= {one.paragraph, following.paragraph}
        text = text or not one.heading
    return found


def _published_day(
    sentences: Sequence[Sentence], published: Published, year: str, only: Period | None
) -> Published:
    """Return the date of publication, with the day of the event that the first paragraphs tell of.

    An article filed under August 2023 that tells of "ngày 23/8" is of that day; one without a date is of the
    year of its congress, or of its school year, or of that day in the only year that it names.
    """
    first = takewhile(lambda one: one.paragraph <= _TITLE_PARAGRAPHS, sentences)
    told = ((one, found) for one in first if (found := pattern("day_of_event").search(one.flat)))
    event, found = next(told, (None, None))
    day, month = (int(found[1]), int(found[2])) if found else (0, 0)
    if not year and event is not None and (school := pattern("school_year").search(event.flat)):
        year = school[1 + (month < _SUMMER)]
    known = published.date or year or (only.end if only and found else "")
    real = known and 1 <= month <= _MONTHS and 1 <= day <= monthrange(int(known[:4]), month)[1]
    date = f"{known[:4]}-{month:02d}-{day:02d}" if real else ""
    fits = date.startswith(known) and (len(known) == _MONTH or not published.date)
    return replace(published, date=date if fits and date else known, told=bool(published.date))


def _term_of_congress(sentences: Sequence[Sentence]) -> tuple[Period | None, bool]:
    """Return the term of the congress that a document tells of, if any, and whether it has been held."""
    for sentence in takewhile(lambda one: one.paragraph <= _TITLE_PARAGRAPHS, sentences):
        held = pattern("congress").search(sentence.flat)
        told = held and not pattern("of_congress").search(sentence.flat[: held.start()])
        day = sentence.heading or pattern("day_of_event").search(sentence.flat)
        if held and told and day and int(held[2]) - int(held[1]) == _TERM:
            return Period(held[1], held[2]), True
    # "… hoàn thành đại hội": without another year that of the only term that is named
    text = " ".join(one.flat for one in sentences)
    printed, years = {*terms(text)}, {*pattern("year").findall(text)}
    title = sentences[0].flat if sentences and sentences[0].heading else ""
    only = printed.pop() if "đại hội" in title and len(printed) == 1 else None
    known = only and years == {only.start, only.end} and only.last_year - int(only.start) == _TERM
    return only if known else None, pattern("congress_over").search(title) is not None


def _only_year(sentences: Sequence[Sentence]) -> Period | None:
    """Return the only year of a document, where a plan or part of a year names it: "9 tháng đầu năm 2018"."""
    years: set[str] = set()
    current = False
    for sentence in sentences:
        # what is compared with "cùng kỳ năm 2011" is told in 2012
        years |= (before := {str(int(year) + 1) for year in pattern("same_time").findall(sentence.flat)})
        if just_over := pattern("just_over").search(sentence.flat):
            # "năm 2018 vừa qua": told at its end, or soon after
            return Period(just_over[1], just_over[1], inferred=True)
        current |= bool(before)
        for one in time_mentions(sentence, set()) if pattern("year").search(sentence.flat) else ():
            if one.period and one.use != "aside":
                years |= {one.period.start[:4], one.period.end[:4]}
                current |= _of_this_year(sentence, one, one.period)
        if len(years) > 1:
            return None
    year = years.pop() if current and years else ""
    return Period(year, year, inferred=True) if year else None


def _of_this_year(sentence: Sentence, mention: TimeMention, period: Period) -> bool:
    """Return whether a year is the one in which a document was written: that of a plan, or of its months."""
    before = sentence.keys[max(0, mention.begin - _MOST_BEFORE) : mention.begin]
    if _PAPERS & {*before}:
        return False  # "Theo Quy định tháng 3/2016, phấn đấu …": papers are cited for decades
    half = "tháng" in before[-1:]  # "6 tháng cuối năm 2020"
    parts = period.start != period.end and period.start[:4] == period.end[:4]
    until = len(period.end) >= _MONTH and bool(UNTIL & {*before[-2:]})
    return half or parts or until or sentence.has(grammar().targets.cues)


def _title_period(sentences: Sequence[Sentence]) -> Period | None:
    """Return the period that the headings before the first paragraph name, not that of the plans in it."""
    for sentence in sentences:
        if not sentence.heading:
            break
        plans = sentence.first_of(grammar().targets.plans)
        points = [one for one in time_mentions(sentence, set()) if one.use == "point" and one.begin <= plans]
        if points:
            return points[-1].period
    return None


def _home(sentences: Sequence[Sentence], finder: PlaceFinder, given: Place, told: str) -> Place:
    """Return what the document is about.

    Parameters
    ----------
    given : Place
        What its publication writes about.
    told : str
        The province that the caller names.
    """
    near = told or given.province
    mentions = [
        (one, [each for each in finder.mentions(one, {}, near) if not (each.body and wrote(one, each))])
        for one in sentences
    ]
    all_mentions = [*chain.from_iterable(those for _, those in mentions)]
    named = [one for one in all_mentions if one.province and not one.told]
    first = named[0] if named else None
    wide = _province_wide(sentences)
    title = _title_area(mentions, wide=wide)
    if not told and title is None:
        # a paper of one province may write of the region: its title says so
        title_ones = [one for at, those in mentions if at.heading and at.paragraph == 1 for one in those]
        wide_ones = {"region"} if given.province else {"country", "region"}
        among = title_ones if given.province else all_mentions
        whole = next((one for one in among if one.level in wide_ones or one.province), None)
        if whole is not None and whole.level in wide_ones:
            return Place("", whole.name, whole.level)
    province = told
    if not province and given.province:
        heads = {one.province for sentence, those in mentions if sentence.heading for one in those}
        own = any(one.province == given.province for one in named)
        elsewhere = first is not None and first.province in heads and not own
        # a paper of a city may write of one other province all along
        city = all(unit.is_city for unit in finder.gazetteer.named(given.province))
        one_other = not own and len(named) > 1 and len({one.province for one in named}) == 1
        elsewhere = elsewhere or (city and one_other)
        province = first.province if first is not None and elsewhere else given.province
    area = title
    if area is None and first is not None and first.level != "province" and not wide:
        # a body far from the title is only one that the document tells of, such as in a photograph
        early = any(
            first is one for at, those in mentions for one in those if at.paragraph <= _TITLE_PARAGRAPHS
        )
        area = first if early or not first.body else None
    if not province:
        province = first.province if first is not None else ""
        if area is not None and area.told and area.province != province:
            # the district tells the province, whatever else is named
            others = {one.province for one in named}
            province = area.province if area.province in others or not province else province
        if not province and not named:
            province = next((one.province for one in all_mentions if one.told and one.governs), "")
    if title is not None and title.told and title.province in {one.province for one in named}:
        province = title.province  # of its time, whatever province the paper writes about today
    area = area or _only_area(mentions, wide=wide) or _introduced(mentions, wide=wide)
    if area is not None and area.province in {"", province}:
        return Place(province, area.name, area.level, area.body, area.kind)
    level = "province" if wide and province else ""
    return Place(province, given.area, given.level) if given.area else Place(province, "", level)


def _only_area(mentions: _Mentions, *, wide: bool) -> PlaceMention | None:
    """Return the only area that a document names with its level, if it does so at its beginning."""
    # "Quân sự tỉnh, … và Đảng bộ Khối các cơ quan tỉnh" lists bodies
    named = [
        (sentence.paragraph, one)
        for sentence, those in mentions
        for one in those
        if one.is_area and not (one.body and sentence.key(one.begin - 1) in {"và", ","})
    ]
    wider = wide or any(one.level == "province" and one.name for _, those in mentions for one in those)
    # "Đảng ủy Tập đoàn kết nạp 40 …": a body without its name is no other one
    nameless = any(one.body and not one.name for _, those in mentions[:1] for one in those)
    wider = wider or nameless
    only = len({one.name for _, one in named}) == 1 and named[0][0] <= _TITLE_PARAGRAPHS and not wider
    return named[0][1] if only else None


def _introduced(mentions: _Mentions, *, wide: bool) -> PlaceMention | None:
    """Return the body that the first sentence of the text begins with: "Ngày 20-10, Chi bộ Công ty A …"."""
    heads = [one for sentence, those in mentions if sentence.heading for one in those]
    told = wide or any(one.level == "province" and not one.behind for one in heads)
    first = next(((sentence, those) for sentence, those in mentions if not sentence.heading), None)
    if told or first is None or first[0].paragraph > _TITLE_PARAGRAPHS or not first[1]:
        return None
    sentence, body = first[0], first[1][0]
    opens = body.begin == 0 or (body.begin <= _MOST_BEFORE and sentence.key(body.begin - 1) == ",")
    return body if body.body and body.is_area and opens else None


def _title_area(mentions: _Mentions, *, wide: bool) -> PlaceMention | None:
    """Return the district, commune or body that the first headings name: the smallest of the first line."""
    for sentence, those in mentions:
        at_head = sentence.heading
        text = not at_head and (sentence.paragraph > 1 or wide)
        areas = [one for one in those if one.is_area]
        if text or areas or sentence.paragraph > _TITLE_PARAGRAPHS:
            titled = not text and sentence.paragraph <= _TITLE_PARAGRAPHS
            owners = {"của", "thuộc"} if at_head else set()
            small = [one for one in areas if sentence.key(one.begin - 1) not in owners] or areas
            only = titled and len({one.name for one in small}) == 1
            return min(small, key=lambda one: RANK[one.level]) if only else None
    return None


def _title_place(sentences: Sequence[Sentence], day: str, *, communes: bool) -> Place | None:
    """Return the district or commune that begins a title and whose "toàn huyện", "Đảng ủy xã" the text tells.

    "Kim Sơn coi trọng …". A commune or a person of that name is no district.

    Parameters
    ----------
    communes : bool
        Whether the document names a commune as one.
    """
    title = sentences[0] if sentences and sentences[0].heading else None
    if title is None or title.shouted or not all(token.capital for token in title.tokens[:2]):
        return None
    size = sum(1 for _ in takewhile(lambda token: token.capital, title.tokens))
    provinces = provinces_of(title.keys[:size], day)
    name, text = title.name(0, size), " ".join(one.flat for one in sentences)
    others = re.search(rf"\b(?:{_NO_DISTRICT}) {re.escape(name.casefold())}\b", text)
    words, whole = grammar().places, pattern("whole_commune").search(text)
    named = size <= _LONGEST_TITLED and not any(
        words.surnames.at(title.keys, 0) or each.at(title.keys, 0)
        for each in (words.committees, words.bodies, words.levels, words.regions)
    )
    if not title.key(size).isalpha() or others:
        return None
    if not provinces and whole and named and not communes:
        return Place("", name, "commune", kind=whole[1])
    told = len(provinces) == 1 and pattern("whole_district").search(text)
    return Place(next(iter(provinces)), name, "district") if told else None


def _province_wide(sentences: Sequence[Sentence]) -> bool:
    """Return whether the document speaks of a whole province."""
    text = " ".join(["", *(sentence.flat for sentence in sentences), ""])
    small = any(f" toàn {unit} " in text for unit in ("huyện", "thị xã", "quận", "thành phố"))
    return " toàn tỉnh " in text or (pattern("whole_province").search(text) is not None and not small)
