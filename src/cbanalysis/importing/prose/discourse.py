"""What a sentence doesn't say itself: place and period that come from the title or from earlier sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cbanalysis.importing.prose.counts_and_shares import Amount
from cbanalysis.importing.prose.figure_periods import (
    CLAUSE_MARKS,
    MOST_BETWEEN,
    OF_PLAN,
    UNTIL,
    closing,
    of_plan,
    right_behind,
    told_before,
    yearly,
)
from cbanalysis.importing.prose.grammar import grammar, pattern
from cbanalysis.importing.prose.passing import besides, in_passing, led, listed, of_item_before, opens
from cbanalysis.importing.prose.place_mentions import RANK, UNREAD, Place, PlaceMention, keyed, rank_of
from cbanalysis.importing.prose.targets import heads_targets
from cbanalysis.importing.prose.times import (
    Period,
    Published,
    TimeMention,
    over_years,
    settled,
    terms,
    years_in,
)
from cbanalysis.importing.prose.tokens import Sentence

_SMALL, _WIDE, _STATED = {"district", "commune"}, {"country", "region"}, {"clause", "sentence"}
_A_YEAR = 12
_LATE = "10"
_OFFICES = {"đảng", "ủy", "bộ", "ban", "thường", "vụ"}
_DECIDING = {"vụ", "btv"}
BULLETS = {"-", "+", "•", "*", "–"}
_DAY, _MONTH = len("2022-06-30"), len("2022-06")


@dataclass
class Discourse:
    """Place and period as a reader has them in mind while reading on.

    Attributes
    ----------
    home : Place
        What the document is about.
    published : Published
        When it was published.
    title_period : Period or None
        What its title says.
    named : frozenset of str
        The provinces that the text names; others are inferred.
    only_year : Period or None
        The only year that an undated document names.
    term : Period or None
        Of the congress that it tells of.
    open_years, headed_years : bool
        Whether the sentences before, or the last heading, speak of years without saying which.
    """

    home: Place
    published: Published
    title_period: Period | None
    place: Place = field(default_factory=Place)
    known: dict[tuple[str, ...], str] = field(default_factory=dict)
    areas: dict[str, Place] = field(default_factory=dict)
    above: set[str] = field(default_factory=set)
    paragraph_period: Period | None = None
    section_period: Period | None = None
    last_period: Period | None = None
    as_of: Period | None = None
    flow: Period | None = None
    told_term: Period | None = None
    reviewed: Period | None = None
    rated: Period | None = None
    target_period: Period | None = None
    open_years: bool = False
    headed_years: bool = False
    school_years: set[Period | None] = field(default_factory=set)
    spoken: list[Period] = field(default_factory=list)
    section_target: bool = False
    plans: int = 0
    place_said: str = "document"
    head: tuple[Place, Period | None] | None = None
    aimed: bool = False
    named: frozenset[str] = frozenset()
    only_year: Period | None = None
    term: Period | None = None
    sentence: Sentence = field(default_factory=lambda: Sentence(0, 0, ()))
    mentions: Sequence[PlaceMention] = ()
    times: Sequence[TimeMention] = ()

    def begin(self, sentence: Sentence) -> None:
        """Go to a sentence; a paragraph begins with the document's place, an item with its head's."""
        begun, self.sentence = self.sentence.number, sentence
        head = self.head if sentence.key(0) in BULLETS else None
        if sentence.first and head:
            self.place, self.paragraph_period = head
        elif sentence.first and not (begun and grammar().when.goes_on.at(sentence.keys, 0)):
            self.place, self.place_said = self.home, "document"
            self.paragraph_period = self.target_period = self.told_term = None
        else:
            self.place_said = "paragraph" if self.place != self.home else "document"
        if sentence.heading and sentence.first:
            self.section_target = heads_targets(sentence)
            self.plans = sentence.first_of(grammar().targets.plans)
            self.section_period = None

    def take_times(self, mentions: Sequence[TimeMention]) -> None:
        """Take in the expressions of time of the sentence, parts of a year with their year."""
        near = self.paragraph_period or self.last_period or self.only_year
        if near and not self.paragraph_period and near.last_year < int(self.published.date[:4] or 0) - 1:
            # a year long ago, in another paragraph: "8 tháng đầu năm" is of the one of publication
            near = None
        title = self.section_period or self.title_period
        # "Tính đến tháng 3-2017, … Từ năm 2007 đến nay, …": without a date of publication that is today
        today = self.as_of or self.only_year
        day = self.published.date or (today.end if today else "")
        self.school_years |= {one.period for one in mentions if one.part == "school_year"}
        sentence = self.sentence
        planned = self.section_target or "sẽ" in sentence.keys or sentence.has(grammar().targets.cues)
        cell = self.place.area.startswith("Chi bộ") or pattern("one_cell").search(sentence.flat) is not None
        spoken = self.spoken
        times = settled(mentions, Published(day), near, title, spoken=spoken, planned=planned, own_term=cell)
        self.spoken = [*dict.fromkeys([*self.spoken, *years_in(sentence.flat)])]
        spans = [*(one.period for one in times), *self.spoken, self.flow, self.title_period, self.last_period]
        ended = self.told_term and self.told_term.end <= (day[:4] or self.told_term.end)
        # a cell's term is shorter unless it is told; "qua 5 năm thực hiện" are those of a programme
        year = int(day[:4] or 0)
        begun = int(self.term.start) if self.term else year if year % 5 == 0 and not cell else 0
        times = [
            replace(one, use="point", period=self.told_term)
            if ended and one.part == "years 5"
            else over_years(
                one, spans, day, term=begun if sentence.key(one.end) not in {"thực", "triển"} else 0
            )
            for one in times
        ]
        self.told_term = next(reversed(terms(sentence.flat)), self.told_term)
        event: dict[str, Any] = {"use": "aside", "period": None} if self.title_period else {"use": "point"}
        self.times = [replace(one, **event) if one.use == "event" else one for one in times]
        stated = any(one.period for one in times)
        years = any(one.of_years for one in times) or pattern("programme").search(sentence.flat) is not None
        before = self.headed_years if sentence.first else self.open_years
        self.open_years = years or (before and not stated)
        self.headed_years = years if sentence.heading else self.headed_years

    def dated(self, period: Period | None, said: str, *, stock: bool) -> tuple[Period | None, str]:
        """Return the period of a figure whose sentence names none, by the day that the document states.

        Parameters
        ----------
        period : Period or None
            What would be its period without.
        said : str
            Where that comes from.
        stock : bool
            Whether the figure counts what there is; else whom was taken in.
        """
        day, flow = self.as_of, self.flow
        only_year = said == "publication" or (said == "paragraph" and period == self.published.year)
        within = flow and flow.start[:4] == flow.end[:4]
        if not stock and only_year and flow and within and period and flow.end[:4] == period.end:
            # "từ đầu năm đến nay" was said of all that were taken in, whatever paragraph they stand in
            return flow, "earlier"
        # "Đến hết tháng 11, …. Hiện nay, …": a month that is over isn't today
        over = day is not None and len(day.end) == _MONTH and any(one.use == "now" for one in self.times)
        if period and day and not over and said not in _STATED and period.last_year == day.last_year:
            return (day if stock else Period(f"{day.end[:4]}-01", day.end)), "paragraph"
        return period, said

    def at_the_end(self, period: Period | None, said: str, begin: int) -> Period | None:
        """Return when there was what a figure counts, where its period is only part of a year.

        Parameters
        ----------
        period : Period or None
            What would be its period without.
        said : str
            Where that comes from.
        begin : int
            The figure's first token.
        """
        if period is None or period.start == period.end:
            return period
        behind = max((one.end for one in self.times if one.use != "now" and one.end <= begin), default=0)
        raised = pattern("raised").search(self.sentence.words(behind, begin)) is not None
        if raised or period in self.school_years or (said not in _STATED and period.months > _A_YEAR):
            # "6 tháng đầu năm … nâng tổng số lên 74.108": what there was at the end
            return replace(period, start=period.end)
        if len(period.end) != _MONTH:
            return period
        if said not in _STATED:
            # a title such as "từ đầu năm đến nay" says how long, not when
            now = period.end == self.published.date[:_MONTH]
            year = Period(period.end[:4], period.end[:4]) if said == "earlier" else period
            return self.published.year if now else year
        ends = any(
            one.period == period and UNTIL & set(self.sentence.keys[max(0, one.begin - 2) : one.begin])
            for one in self.times
        )
        return replace(period, start=period.end) if ends else period

    # ------------------------------------------------------------------------------------------- places

    def moved(self, place: Place, mention: PlaceMention) -> Place:
        """Return the place after a mention."""
        # "Ban Thường vụ Huyện ủy A quyết định kết nạp 3 …": a committee decides for the smaller one
        decides = not _DECIDING.isdisjoint(self.sentence.keys[max(0, mention.begin - 2) : mention.begin])
        # "Nghị quyết Đại hội Đảng bộ tỉnh lần thứ …" is carried out by smaller ones
        decides |= self.sentence.keys[max(0, mention.begin - 3) : mention.begin].count("hội") > 0
        quoted = (mention.quoted or decides) and RANK[mention.level] > RANK[place.level] and bool(place.area)
        if not mention.governs or quoted:
            return place
        province = mention.province or place.province or self.home.province
        if mention.level in _WIDE:
            # a region doesn't take the place of something smaller that the document or the sentence names
            before = [one for one in self.mentions if one.name and one.begin < mention.begin]
            smaller = self.home.province or self.home.level in _SMALL or {one.level for one in before} - _WIDE
            compared = self.home.area and self.sentence.key(mention.end) not in grammar().places.subject
            # "tiêu biểu toàn quốc", "dẫn đầu cả nước"
            compared = compared or self.sentence.key(mention.begin - 1) in {"đầu", "biểu"}
            stays = smaller if mention.level == "region" else compared
            return place if stays else Place("", mention.name, mention.level)
        if mention.level == "province":
            if mention.name and self.home.province not in {"", mention.name}:
                following = self.sentence.key(mention.end)
                told = not mention.behind and following in grammar().places.subject
                item = self.sentence.key(mention.begin - 1) in {",", ";", ":"} and following[:1].isdigit()
                told = told or item  # "Quảng Nam 2.100 đảng viên, Đà Nẵng 1.500 đảng viên"
                if not (told or opens(self.sentence, mention)):
                    return place
            return Place(mention.name or province, "", "province")
        named = self.areas_before(mention.begin)
        cell = "cell" if mention.village or self.sentence.key(mention.begin) == "chi" else "body"
        kind = cell if mention.body else mention.level
        if mention.name:
            last = named.get(kind, place)
            # "Đảng ủy Quân sự huyện": the one that was named whole before
            short = mention.body and last.area.startswith((f"{mention.name} ", f"{mention.name}, "))
            within = (place, named.get("commune")) if mention.village and "," not in mention.name else ()
            commune = next((one for one in within if one and one.kind and one.level == "commune"), None)
            # "… của phường A. Chi bộ 10 có …": one of that commune
            name = f"{mention.name}, {commune.kind} {commune.area}" if commune else mention.name
            return last if short else Place(province, name, mention.level, mention.body, mention.kind)
        own = self.home.level == mention.level and not self.home.body
        same = self.home if own else Place(province, "", mention.level)
        # "toàn huyện" is the district, not its army; "Đảng ủy Khối" is the bloc
        last_one = named.get(kind)
        return self._body_again(mention, last_one, province) if mention.body else last_one or same

    def _body_again(self, mention: PlaceMention, last: Place | None, province: str) -> Place:
        """Return the body that "Đảng ủy Khối" or "Đảng bộ Công ty" means, as it was named before."""
        word = self.sentence.key(mention.end - 1)
        bodies = (one for one in (last, self.home) if one and one.body)
        like = (one for one in bodies if word in one.area.casefold().split(" "))
        return next(like, Place(province, "", UNREAD))

    def take_places(self, mentions: Sequence[PlaceMention]) -> None:
        """Take in the places of the sentence, and remember the areas that it names with their level."""
        self.areas = self.areas_before()
        self.mentions = [one for one in mentions if not one.merged]
        for mention in self.mentions:
            if mention.names_area and not mention.body:
                words = tuple(mention.name.casefold().split(" "))
                if len(words) > 1 and not any(word.isdigit() for word in words):
                    self.known[words] = mention.level

    def ranked(self, place: Place, counted: str) -> Place:
        """Return a body with the level of its committee; one with grassroots organisations is above them."""
        if "cơ sở" in counted:
            self.above.add(place.area)
        return replace(place, level="district" if place.area in self.above else rank_of(place))

    def areas_before(self, at: int | None = None) -> dict[str, Place]:
        """Return by their level the areas that were named last, up to a token of the sentence or its end."""
        found = dict(self.areas)
        for one in (each for mention in self.mentions for each in (*mention.above, mention)):
            if (at is None or one.begin < at) and one.name and (one.body or one.names_area):
                home = self.home.province
                near = home if one.body else self.place.province or home
                found |= keyed(Place(one.province or near, one.name, one.level, one.body, one.kind))
        return found

    def _after(self, place: Place, mention: PlaceMention, at: int) -> Place | None:
        """Return the place after a mention that a token stands behind; None where it is told in passing."""
        before = (one for one in self.mentions if one.begin < mention.begin and one.governs)
        here = any(one.name == place.area or (one.level == place.level and not one.name) for one in before)
        words = reversed(self.sentence.keys[: mention.begin])
        behind = next((word for word in words if word not in _OFFICES), "")
        # "Đảng bộ A … trực thuộc Đảng ủy Khối", whichever sentence names it
        owner = (here and behind in {"của", "thuộc"}) or (mention.body and place.body and behind == "thuộc")
        if owner and (place.body or RANK[mention.level] > RANK[place.level]):
            # "thôn A, xã B là điểm sáng … của huyện C": the smaller one is spoken of
            return replace(place, province=mention.province or place.province)
        return None if in_passing(self.sentence, mention, at) else self.moved(place, mention)

    def _owns(self, mention: PlaceMention, place: Place) -> bool:
        """Return whether a place is only said to be above another one: "… trực thuộc Đảng bộ Khối"."""
        words = self.sentence.keys[: mention.begin]
        office = grammar().places.committees.before(words, mention.begin)
        of = words[: office[0] if office else mention.begin][-2:] == ("trực", "thuộc")
        return bool(place.area) and of and (place.body or RANK[mention.level] > RANK[place.level])

    def place_of(self, amount: Amount, blocked: Sequence[Amount]) -> tuple[Place, str]:
        """Return the place of an amount and where it comes from."""
        place, said, sentence, mentions = self.place, self.place_said, self.sentence, self.mentions
        if cut := besides(sentence, amount.begin, mentions):
            place, said = self.home, "document"
        for mention in mentions[cut:]:
            ended = of_item_before(sentence, mention, amount, blocked)
            if mention.begin < amount.begin and not ended:
                after = self._after(place, mention, amount.begin)
                said = "sentence" if after and (after != place or mention.name) else said
                place = after or place
        for at, mention in enumerate(mentions):
            if mention.begin < amount.thing_end or not mention.behind or self._owns(mention, place):
                continue
            if mention.level == "province" and not mention.name and place.area and said == "paragraph":
                # "1.376 thôn trên địa bàn tỉnh"
                return self.moved(place, mention), "clause"
            if mention.governs and mention.name:
                between = sentence.keys[amount.thing_end : mention.begin]
                crossed = any(amount.end < other.begin < mention.begin for other in blocked)
                crossed = crossed or listed(sentence, mentions[at : at + 2])
                if not CLAUSE_MARKS & set(between) and not crossed and len(between) <= MOST_BETWEEN:
                    return self.moved(place, replace(mention, behind=False)), "clause"
                break
        # "Ở Hà Nội, có 45 đảng viên …": members of that place, or those who live there
        if self._several(amount, mentions[cut:], place):
            return Place(self.home.province, "", UNREAD), said
        other = self._beside(amount, place, said)
        place = Place() if led(sentence, mentions, place, self.home, amount) else place
        return (other, "sentence") if other else (place, said)

    def _beside(self, amount: Amount, place: Place, said: str) -> Place | None:
        """Return the place of a number that is of a village's cell, of one named behind, or of others."""
        words = " ".join([*self.sentence.keys[: amount.begin], ""])
        if said == "sentence" and place.body and pattern("handed").search(words):
            # "chuyển Chi bộ A về …; chuyển 3 chi bộ là …": others than the one that was named
            return Place(self.home.province, "", UNREAD)
        if said == "sentence" or place.area:
            return None
        behind = next((one for one in self.mentions if one.begin >= amount.thing_end), None)
        if behind is None or not pattern("at_first").search(words):
            return None
        if "," not in self.sentence.keys[amount.thing_end : behind.begin] or not behind.name:
            return None
        return self.moved(place, behind) if behind.governs else Place(place.province, "", UNREAD)

    def _several(self, amount: Amount, mentions: Sequence[PlaceMention], place: Place) -> bool:
        """Return whether a number is of several places together: "các huyện A, B và C có 900 chi bộ"."""
        named = [one for one in mentions if one.name and one.end <= amount.begin]
        if len(named) < 2 or not listed(self.sentence, named[-2:]):
            return False
        if named[-1].governs and named[-1].name != place.area:
            return False
        together = "và" in self.sentence.keys[named[-2].end : named[-1].begin]
        return together or not all(one.governs for one in named)

    # ------------------------------------------------------------------------------------------ periods

    def period_of(
        self, amount: Amount, others: Sequence[Amount], *, target: bool
    ) -> tuple[Period | None, str]:
        """Return the period of an amount and where it comes from."""
        times = self.times
        behind = right_behind(self.sentence, times, amount, others)
        if behind:
            return behind.period, "clause"
        before = told_before(self.sentence, times, amount, others)
        stated = [one for one in before if one.use != "now"]
        # "từ đầu năm đến nay …, vượt 11% so với kế hoạch năm 2016": the plan's year says no more
        stated = [one for one in stated if not of_plan(self.sentence, one, met=True)] or stated
        if not stated and (dated := closing(self.sentence, times, amount)):
            return dated, "sentence"
        if before and before[-1].use == "now":
            # what was said of earlier years says nothing of today
            if self.published.year:
                return self.published.year, "publication"
            latest = self._today(before[-1], apart=bool(stated))
            return (latest, "earlier") if latest else (None, "none")
        if target:
            # "đạt 40% kế hoạch năm 2023 (1.300 đảng viên)": a plan has its own year
            return self._target_period([one for one in before if one.use != "now"])
        return (stated[-1].period, "sentence") if stated else self.standing()

    def _target_period(self, stated: Sequence[TimeMention]) -> tuple[Period | None, str]:
        """Return the period of a target, by the times before it, its heading or its term."""
        if stated and stated[-1].use == "since" and yearly(self.sentence):
            return None, "none"  # "từ tháng 8-2008 …, mỗi năm kết nạp 200": nobody says until when
        if stated:
            self.target_period = period = stated[-1].period
            aimed = stated[-1].begin > self.sentence.first_of(grammar().targets.cues)
            if period and len(period.end) == _DAY and period.end <= self.published.date and not aimed:
                # "từ đầu năm đến ngày 5-9 … chỉ tiêu cả năm (190)": a day that was is no day of a target
                self.target_period = Period(period.end[:4], period.end[:4])
            return self.target_period, "sentence"
        if self.section_period:
            return self.section_period, "heading"
        if printed := terms(self.sentence.flat):
            # "nghị quyết đại hội nhiệm kỳ 2015-2020 là mỗi năm kết nạp …"
            return printed[0], "sentence"
        # "Phấn đấu giai đoạn 2021 - 2025 …. Mỗi năm …": targets go on with the time of those before
        known = self.target_period or self.term
        return (known, "paragraph" if self.target_period else "earlier") if known else self._target_year()

    def _target_year(self) -> tuple[Period | None, str]:
        """Return the year of a target that names none: of the results beside it, or of the publication."""
        beside = self.paragraph_period
        if yearly(self.sentence) or "nhiệm kỳ" in self.sentence.flat:
            return None, "none"
        if beside and beside.start[:4] == beside.end[:4]:
            return Period(beside.end[:4], beside.end[:4], beside.inferred), "paragraph"
        # in autumn those of next year are set
        now = self.published.told and self.published.date[5:7] < _LATE
        return (self.published.year, "publication") if now else (None, "none")

    def _today(self, now: TimeMention, *, apart: bool) -> Period | None:
        """Return the year that "now" means in a document without a date; None where nothing tells it."""
        # "Năm 1997 … Đến nay, …" tells the two apart
        apart = apart or self.sentence.key(now.end - 2) in UNTIL
        latest = self.section_period or self.title_period or (None if apart else self.last_period)
        return Period(latest.end[:4], latest.end[:4]) if latest else None

    def standing(self) -> tuple[Period | None, str]:
        """Return the period of a sentence that names none."""
        review, last = self.published.review, self.last_period
        looked_back = review and last and review != self.published.year and last.end[:4] == review.end
        for period, said in (
            (self.paragraph_period, "paragraph"),
            (self.section_period, "heading"),
            (self.title_period, "heading"),
            (review if looked_back else self.reviewed, "earlier"),
            (self.published.year, "publication"),
            (self.last_period, "earlier"),
        ):
            if period:
                return period, said
        return None, "none"

    def _go(self) -> None:
        """Go to the place of a sentence; where it names several, none of them is spoken of from there on."""
        villages = [one for one in self.mentions if one.village]
        larger = [one for one in self.mentions if not one.village]
        for level in ("district", "commune"):
            if len({one.name for one in larger if one.level == level and one.governs} - {""}) > 1:
                return
        for place in self.mentions if len({one.name for one in villages}) == 1 else larger:
            self.place = self._after(self.place, place, len(self.sentence.keys)) or self.place
        if led(self.sentence, self.mentions, self.place, self.home):
            self.place = Place()

    def end(self, target_from: int) -> None:
        """Take in what the sentence said for those that follow."""
        self._go()
        heading = self.sentence.heading
        self._tell(target_from, heading=heading)
        if self.sentence.keys[-1] == ":":
            self.head = self.place, self.paragraph_period
            told = self.sentence.has(grammar().targets.results)
            self.aimed = (target_from < len(self.sentence.keys) or heads_targets(self.sentence)) and not told
        elif self.sentence.key(0) not in BULLETS:
            self.head, self.aimed = None, False

    def _tell(self, target_from: int, *, heading: bool) -> None:
        """Take in the times of the sentence."""
        if self.times and self.times[-1].use == "now" and not (heading or self.times[-1].of_years):
            # the sentences behind "Hiện toàn huyện có …" speak of today too
            now, stated = self.times[-1], any(one.use != "now" for one in self.times)
            self.paragraph_period = self.published.year or self._today(now, apart=stated)
            self.last_period = self.last_period if self.paragraph_period else None
            return
        main = self.title_period or self.published.year
        for mention, period in self._telling(target_from):
            if heading:
                self.section_period = period
                continue
            self._remember(mention, period)
            self.last_period = period
            # an earlier year beside that of the title is a look back, for its sentence only
            year = self.title_period and self.title_period.start[:4] == self.title_period.end[:4]
            back = year and main and period.last_year < main.last_year
            if mention.use == "point" and not back:
                self.paragraph_period = period

    def _telling(self, target_from: int) -> Iterator[tuple[TimeMention, Period]]:
        """Yield the expressions that date what was, not what is planned."""
        planned, heading = self.sentence.first_of(grammar().targets.plans), self.sentence.heading
        for mention in self.times:
            # "tổng kết năm 2025 và triển khai nhiệm vụ năm 2026"
            beside = mention.begin > planned or of_plan(self.sentence, mention)
            told = mention.begin <= target_from and (mention is self.times[0] or not beside)
            if mention.period and (mention.begin <= self.plans if heading else told):
                yield mention, mention.period

    def _remember(self, mention: TimeMention, period: Period) -> None:
        """Remember the day up to which a document tells, how long it speaks of, and which year it reviews."""
        before = self.sentence.keys[max(0, mention.begin - OF_PLAN) : mention.begin]
        if UNTIL & {*before[-2:]} and len(period.end) >= _MONTH and period.start == period.end:
            self.as_of = period
        if period.start < period.end:
            self.flow = period
        words = " ".join(before)
        if "tổng kết" in words:
            self.reviewed = period
        if any(act in words for act in ("đánh giá", "xếp loại", "phân loại")) and mention.use == "point":
            self.rated = period
