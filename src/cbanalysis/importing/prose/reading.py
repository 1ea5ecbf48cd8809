"""Documents to candidates: what is counted, where, when, and whether it is a target."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import prod

from cbanalysis.common.text.figure_parsing import Figure
from cbanalysis.common.text.numbers import NumberStyle
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose.amounts_to_figures import figures_of
from cbanalysis.importing.prose.categories import spread, subset_of
from cbanalysis.importing.prose.counts_and_shares import Amount, Aside, amounts, asides
from cbanalysis.importing.prose.cues import ADMITTING, COUNTED, admitting, are_disciplined
from cbanalysis.importing.prose.discourse import BULLETS, Discourse
from cbanalysis.importing.prose.documents import is_heading
from cbanalysis.importing.prose.figure_periods import since_new_year, told_by, until, yearly
from cbanalysis.importing.prose.found import Found
from cbanalysis.importing.prose.grammar import Thing, grammar, pattern
from cbanalysis.importing.prose.indicators import ADMITTED, RATED, Namer, subject_there
from cbanalysis.importing.prose.metadata import About, Publications
from cbanalysis.importing.prose.parts import join_parts
from cbanalysis.importing.prose.passing import listed_name, of_others
from cbanalysis.importing.prose.place_mentions import UNREAD, Place
from cbanalysis.importing.prose.places import PlaceFinder
from cbanalysis.importing.prose.records import (
    Candidate,
    Document,
    Reading,
    SetAside,
    dated_headings,
    of_those_rated,
    with_targets,
    with_the_better,
)
from cbanalysis.importing.prose.subjects import Context, things_of_head
from cbanalysis.importing.prose.survey import frame_of, survey
from cbanalysis.importing.prose.targets import target_from, targeted
from cbanalysis.importing.prose.times import Period, time_mentions
from cbanalysis.importing.prose.tokens import Sentence, sentences
from cbanalysis.importing.prose.verbs import heads_list

# What there is at a time, as against what happened in it.
_STOCKS = {COUNTED, "congress_done", "village_own_cell", "village_member_head", "village_head_secretary"}
# What is told of a period, not of a day.
_IN_PERIODS = {ADMITTED, RATED, "meeting_held", "meeting_attendance", "study_attendance"}
_FLOWS = {"newly_set_up", "handed_over"}
_PARTED = {COUNTED, ADMITTED, ""}
# What is done to those that are counted, in a period as members are admitted.
_HAPPENED = {"admit", "confirm", "move", "hand_over", "found", "discipline", "inspect", "acts"}
_STATED = {"clause", "sentence", "paragraph"}
_OF_GRASSROOTS = dict.fromkeys(("cell", "branch_cell"), "chi bộ cơ sở") | {"committee": "đảng bộ cơ sở"}
_TOLD = {"đạt", "được", "%"}
_UNTOLD = {"publication", "earlier", "none"}
_A_YEAR, _SMALL = 12, 10


@dataclass
class _Reader:
    """Reads the sentences of one document in order."""

    style: NumberStyle
    document: Document
    discourse: Discourse
    finder: PlaceFinder
    namer: Namer
    earlier: list[Found] = field(default_factory=list)
    recent: list[Found] = field(default_factory=list)
    disciplined: dict[tuple[str, str], Found] = field(default_factory=dict)
    stocks: set[str] = field(default_factory=set)
    headed: str = ""
    parted: bool = False
    heads: tuple[Thing, ...] = ()
    candidates: list[Candidate] = field(default_factory=list)
    # what those admitted reach of their target, by where their number begins
    reached: dict[int, tuple[int, int, Figure]] = field(default_factory=dict)
    aside: list[SetAside] = field(default_factory=list)

    def read(self, sentence: Sentence) -> None:
        sentence = replace(sentence, part=self.parted and sentence.key(0) in BULLETS)
        self.discourse.begin(sentence)
        # figures of the sentence before help to understand this one, those of another paragraph don't
        near = () if sentence.first else self.earlier
        self.earlier = [one for one in near if one.sentence.number == sentence.number - 1]
        taken: set[int] = set()
        put_aside = asides(sentence, taken)
        self.discourse.take_times(time_mentions(sentence, taken))
        times = self.discourse.times
        province = self.discourse.place.province or self.discourse.home.province
        places = self.finder.mentions(sentence, self.discourse.known, province)
        self.discourse.take_places(places)
        for mention in places:
            taken.update(range(mention.begin, mention.end))
        found, unread = amounts(sentence, taken, self.style)
        last = self.recent[-1].subject.name if self.recent else ""
        before = self.recent if sentence.goes_on else self.earlier
        listing = self._listing(sentence)
        if sentence.first and not sentence.has(grammar().ratings):
            self.heads = ()
        known = Context(before, last=last, heads=self.heads)
        kept, left = figures_of(sentence, found, known, self.namer.catalogue, headed=listing)
        self._head_list(sentence, kept, listing=listing)
        self._place(kept)
        for one in kept:
            one.subset = subset_of(one)
            thing = one.first.thing
            behind = (one.subset or "?").split()[0] == sentence.key(one.first.thing_end)
            if behind and thing and thing.kind == "generic":
                one.refused = "nothing that the catalogue counts"  # "6 tổ chức công đoàn" aren't the Party's
        spread(kept)
        here = dict.fromkeys(one.place.names for one in kept)
        join_parts(kept, self.recent, [self.disciplined[one] for one in here if one in self.disciplined])
        # the last ones of each place that are no part of others
        self.disciplined |= {
            one.place.names: one for one in kept if one.whole is None and are_disciplined(one)
        }
        self.namer.name(kept, self.earlier)
        self._align(kept)
        left += [Aside(one.first.begin, one.last.end, one.refused) for one in kept if one.refused]
        kept = [one for one in kept if not one.refused]
        for one in kept:
            self._propose(one)
        aims = not kept or any(one.target for one in kept)
        begin = target_from(sentence) if aims else len(sentence.keys)
        self.discourse.end(begin)
        counted = (one for one in kept if one.indicator == COUNTED and one.period_said in _STATED)
        self.stocks.update(one.subject.name for one in counted)
        self.earlier += kept
        self.recent = kept or self.recent
        dates = [Aside(one.begin, one.end, "date or period") for one in times if one.use != "now"]
        names = [
            aside for one in places for aside in _numbers(sentence, "part of a name", one.begin, one.end)
        ]
        self._put(sentence, [*put_aside, *unread, *left, *dates, *names])

    def _propose(self, one: Found) -> None:
        """Keep a figure as a candidate, and what those admitted reach of their target."""
        if (one.is_base or one.framing) and not self.namer.allows(COUNTED, one.subject.name):
            return
        self.candidates.append(self._candidate(one))
        if one.planned is not None and one.indicator == ADMITTED and not one.target:
            share = replace(one, count=None, share=one.planned, base=None)
            first, last = (one.sentence.tokens[at] for at in (one.planned.begin, one.planned.end - 1))
            self.reached[self.candidates[-1].start] = first.start, last.end, share.figure()

    def _head_list(self, sentence: Sentence, kept: Sequence[Found], *, listing: bool) -> None:
        """Remember what a sentence says of the list behind it."""
        keys = sentence.keys
        cue = keys[-1] == ":" and grammar().parts.cues.before(keys, len(keys) - 1)
        self.parted = sentence.part or bool(kept and cue)
        if heads_list(sentence) and not kept:
            self.headed = sentence.keys[-1]
        elif not (listing and kept):
            self.headed = ""
        if not kept and (sentence.heading or sentence.keys[-1] == ":"):
            self.heads = things_of_head(sentence)

    def _place(self, kept: Sequence[Found]) -> None:
        """Tell where and when figures of a sentence are, and whether they are targets."""
        sentence, times = self.discourse.sentence, self.discourse.times
        aimed = self.discourse.aimed and sentence.key(0) in BULLETS and "đã" not in sentence.keys
        still = aimed or self._still(sentence)
        for one in kept:
            others = [other.first for other in kept if other is not one]
            one.target = self.discourse.section_target or still or targeted(sentence, one.first.begin)
            one.place, one.place_said = self._placed(one, others)
            if one.place.body and one.place.level == "district":
                words = sentence.words(one.first.end, one.first.thing_end)
                one.place = self.discourse.ranked(one.place, words)
            one.period, one.period_said = self._dated(one, others)
            goes_on = sentence.goes_on and self.recent and not times
            if goes_on and one.period_said not in {"clause", "sentence"}:
                # "Trong đó có 4 đảng bộ …" is of the time of what it goes on with
                one.period, one.period_said = self.recent[-1].period, self.recent[-1].period_said
            if one.subject.thing.kind == "under" and one.place.area:
                one.subject = replace(one.subject, name="committee")

    def _still(self, sentence: Sentence) -> bool:
        """Return whether the parts of a plan go on: "đề ra 300 đảng viên. Trong đó, mỗi năm kết nạp 60"."""
        if not (sentence.goes_on and self.recent and all(one.target for one in self.recent)):
            return False
        # "Trong đó, 9 tháng kết nạp 250 …" tells a result
        own = self.discourse.times or {"tháng", "quý"} & {*sentence.keys}
        return not {"đã", *_TOLD} & {*sentence.keys} and (not own or "mỗi năm" in sentence.flat)

    def _listing(self, sentence: Sentence) -> bool:
        """Return whether a sentence goes on with the list of those admitted that one before began."""
        item = sentence.goes_on or sentence.key(0) in {"-", "+", "•"} or self.headed == ":"
        return bool(self.headed) and item

    def _align(self, kept: Sequence[Found]) -> None:
        """Give figures the day that the document states, parts and bases the period of their whole."""
        previous: Found | None = None
        for one in kept:
            one.period, one.period_said = self._stated_day(one)
            stated = one.period is not None and one.period_said in _STATED and not one.period.inferred
            if stated and _of_ratings(one) and not one.target:
                self.discourse.rated = one.period
            whole, times = one.whole, self.discourse.times
            if whole is not None and whole.indicator == one.indicator and one.period_said != "clause":
                begin = whole.last.end if whole.sentence is one.sentence else 0
                # "kết nạp 680 đảng viên, riêng năm 2018 kết nạp 31": a part with a time of its own
                if not any(begin <= time.begin < one.first.begin and time.use != "aside" for time in times):
                    one.period, one.period_said = whole.period, whole.period_said
            if one.is_base and previous is not None and previous.indicator:
                one.period, one.period_said = previous.period, previous.period_said
            if not (one.target or told_by(one.period, self.discourse.published.date)):
                one.target = self._planned(one)
                # "Nhiệm kỳ 2020-2025, đã kết nạp 900" of 2023: those until then
                done = {"đã", "được"} & {*one.sentence.keys[: one.first.begin]}
                if not one.target:
                    one.period = until(one.period, self.discourse.published.date) if done else None
                one.period_said = one.period_said if one.period else "none"
            previous = one

    def _planned(self, one: Found) -> bool:
        """Return whether a year that is still to come is told to be reached: "Đến năm 2025 có 60% …"."""
        ahead = one.period is not None and one.period.start == one.period.end and one.period_said in _STATED
        year = re.search(r"\bđến năm ([0-9]{4}) ", one.sentence.words(0, one.first.begin))
        named = year is not None and one.period is not None and one.period.end == year[1]
        return bool(ahead and named and self.discourse.published.told)

    def pass_over(self, sentence: Sentence) -> None:
        """Put the numbers of a line aside that says where and when the document is from."""
        self._put(sentence, _numbers(sentence, "where or when the document is from"))

    def _placed(self, one: Found, others: Sequence[Amount]) -> tuple[Place, str]:
        place, said = self.discourse.place_of(one.first, others)
        # a target that names no place is one of the whole document, not of the example told before it
        keys, levels = one.sentence.keys, grammar().places.levels
        doers = (
            found for at in range(one.first.begin) if keys[at] == "sẽ" and (found := levels.before(keys, at))
        )
        level = levels.at(keys, 0) or next(doers, None)
        areas = self.discourse.areas_before(one.first.begin)
        if one.target and said == "paragraph":
            # "Huyện phấn đấu …": the one that was named
            own = areas.get(level[1]) if level else None
            return (own, said) if own else (self.discourse.home, "document")
        if one.subject.name == "district_committee" and place.level == "district" and not place.body:
            of_district = one.subject.thing.kind == "under"
            # "13 đảng bộ trực thuộc Tỉnh ủy" behind an example are none of that district
            return (place if of_district else Place(place.province, "", "province")), said
        if place.body and of_others(one, self.discourse.mentions, place):
            # a cell has no cells: its committee has them, or its district
            above = areas.get("commune" if place.level == "commune" else "body") if place.cell else None
            return above or areas.get("district", Place(place.province, "", "province")), said
        level = grammar().places.levels.before(keys := tuple(place.area.casefold().split(" ")), len(keys))
        around = areas.get(level[1]) if level and place.body and keys[-1] != "phố" else None
        if around and around.area and around.level in {"district", "commune"}:
            # "Đảng ủy Quân sự huyện" is that of the district that is spoken of
            name = re.sub(r"(?i)^(?:quận|phường) ", "", around.area)
            return replace(place, area=f"{place.area} {name}"), said
        name = listed_name(one.sentence, one.first.begin, [other.begin for other in others])
        if name and place == self.discourse.home and place.level == "district":
            # "các đảng bộ kết nạp nhiều: Nam Dong 13, Đắk Wil 14" names communes of the district
            return Place(place.province, name, "commune"), "sentence"
        return place, said

    def _dated(self, one: Found, others: Sequence[Amount]) -> tuple[Period | None, str]:
        times = self.discourse.times
        period, said = self.discourse.period_of(one.first, others, target=one.target)
        if said != "clause" and one.last is not one.first:
            later, where = self.discourse.period_of(one.last, others, target=one.target)
            if where == "clause":
                return later, where
        happened = said == "publication" and one.verb in _HAPPENED
        recent = happened or one.verb in grammar().verbs.people or one.sentence.has(grammar().ratings)
        if (happened and self.discourse.open_years) or (recent and any(time.of_years for time in times)):
            # those admitted "trong 10 năm qua" aren't those of the year of publication
            return None, "none"
        if self._now(one) and said == "earlier" and one.verb == "have" and one.subject.name in self.stocks:
            # "Năm 2010, tỉnh có 14.300 đảng viên. Hiện nay, … có 27.900": today isn't that year
            return None, "none"
        return period, said

    def _now(self, one: Found) -> bool:
        """Return whether "hiện nay" stands before a figure."""
        return any(time.use == "now" and time.begin < one.first.begin for time in self.discourse.times)

    def _stated_day(self, one: Found) -> tuple[Period | None, str]:
        """Return the period of what there is, or of whom was taken in, by the day up to which it is told."""
        rated, said, told = self.discourse.rated, one.period_said, one.period
        part = told is not None and told.months < _A_YEAR
        if _of_ratings(one) and rated and (said in _UNTOLD or (said == "heading" and part)):
            # the year of a heading is that of its ratings, its quarter is when they are told
            return rated, "earlier"
        yearly_ones = one.indicator in {RATED, ADMITTED} and said not in {"clause", "sentence"}
        within = told is None or told.months <= _A_YEAR
        if yearly_ones and within and not one.target and yearly(one.sentence, one.first.begin):
            # "Tính đến tháng 3, … Kết quả xếp loại hàng năm, …": of no one year, but of the term that is told
            span = self.discourse.flow
            return (span, "earlier") if span and span.months > _A_YEAR else (None, "none")
        today = one.period is not None and one.period.inferred and one.period_said == "paragraph"
        if one.indicator == RATED and (today or one.period_said == "publication"):
            # members are rated at the end of the year: until autumn that is the year before
            published, now = self.discourse.published, any(time.use == "now" for time in self.discourse.times)
            return published.review if now else published.last_year(None), "publication"
        flow = _flow(one)
        stock = one.indicator in _STOCKS and not flow
        happened = one.indicator == ADMITTED or flow or (not one.indicator and one.verb in _HAPPENED)
        if one.target or one.is_base or one.period is None or not (stock or happened):
            return self._today(one, one.period), one.period_said
        period, said = self.discourse.dated(one.period, one.period_said, stock=stock)
        if flow and said == "paragraph" and period != one.period:
            period = None  # "Tính đến tháng 10, có 900 chi bộ. Đã thành lập 12 chi bộ …": in many years
        if stock:
            period = self.discourse.at_the_end(period, said, one.first.begin)
            half = period is not None and period.months >= _A_YEAR / 2
            if one.indicator == COUNTED and said in {"heading", "paragraph"} and period and half:
                # "Kết quả 6 tháng\n\nHuyện có 90 chi bộ": at their end
                period = replace(period, start=period.end)
        if not stock and period is not None:
            period = since_new_year(one.sentence, self.discourse.times, period, people=not flow)
        return (self._today(one, period), said) if period else (None, "none")

    def _today(self, one: Found, period: Period | None) -> Period | None:
        """Return the day of publication for what there is in its year, as nothing else is said."""
        flow = one.indicator in _IN_PERIODS or _flow(one)
        flow = (
            flow or one.target or not (one.indicator or one.verb in {"", "have", "copula"} or self._now(one))
        )
        year = period is not None and period.inferred and period == self.discourse.published.year
        before = one.sentence.words(0, one.first.begin)
        flow = flow or pattern("another_day").search(before) is not None
        return self.discourse.published.today if year and not flow else period

    def _candidate(self, one: Found) -> Candidate:
        sentence, figure = one.sentence, one.figure()
        small = figure.qualifier == "exact" and figure.count is not None and figure.count < _SMALL
        value: str = "words" if one.first.words else "small" if small else figure.qualifier
        value = "base" if one.is_base else "arithmetic" if one.base_said == "arithmetic" else value
        period = one.period or Period("", "")
        basis = "publication" if one.period_said == "publication" or period.inferred else "stated"
        dated = "publication" if basis == "publication" else one.period_said
        if dated == "publication" and not (self.discourse.published.date and self.discourse.published.told):
            dated = "earlier"  # nothing says when it was published
        said = {
            "value": value,
            "subject": "some" if one.subset == "" and one.indicator in _PARTED else one.subject.said,
            "place": self._place_evidence(one),
            "period": dated if one.period else "none",
            "indicator": _indicator_evidence(one),
        }
        confidence = prod(grammar().confidence[name][evidence] for name, evidence in said.items())
        scheme, category_id, category_kind, category = self.namer.rated(one)
        return Candidate(
            start=sentence.tokens[one.first.begin].start, end=sentence.tokens[one.last.end - 1].end,
            sentence=sentence.number, context=self.document.text[sentence.start : sentence.end],
            figure=figure, indicator=one.indicator, subject=subject_there(one),
            province=self._province(one.place, period), area=one.place.area,
            geo_level={"": "province", UNREAD: ""}.get(one.place.level, one.place.level),
            period_start=period.start, period_end=period.end,
            period_basis=basis if one.period else "", target=one.target,
            confidence=max(0.01, round(confidence, 2)),
            evidence=", ".join(said.values()), scheme=scheme,
            category=category or _part(one),
            category_id=category_id, category_kind=category_kind,
            definition=self._definition(one),
            base_of=one.rule.base_of if one.rule else one.base_of if one.indicator == ADMITTED else "",
            aggregation=one.rule.aggregation if one.rule else "point",
            complement=one.rule is not None and one.rule.complement,
            province_basis="stated" if one.place.province in self.discourse.named else "inferred",
        )  # fmt: skip

    def _definition(self, one: Found) -> str:
        """Return the definition that a figure's rule says; ratings of more than a year are told together."""
        own, period = one.rule.definition if one.rule else "", one.period
        rated = one.indicator == RATED and not one.target and period not in self.discourse.school_years
        return own or ("several_rounds" if rated and period and period.months > _A_YEAR else "")

    def _place_evidence(self, one: Found) -> str:
        """Return where a figure's place comes from; a province that the text doesn't name is inferred."""
        if one.place.level in {"country", "region"} or pattern("central").match(one.place.area):
            return one.place_said
        nameless = one.place.level in {"district", "commune", UNREAD} and not one.place.area
        if not one.place.province or nameless:
            return "none"
        if not one.place.level:
            # nothing says that it is of the whole province
            return "assumed"
        told = one.place.province in self.discourse.named or one.place_said != "document"
        return one.place_said if told else "inferred"

    def _province(self, place: Place, period: Period) -> str:
        """Return a province's name as it was in the period, where that can be told."""
        units = self.finder.gazetteer.named(place.province) if place.province else ()
        for unit in units if period.end else ():
            began, ended = (str(day or "9999")[: len(period.end)] for day in (unit.valid_from, unit.valid_to))
            if began <= period.end <= ended:
                return unit.name_vi
        return units[0].name_vi if units else place.province

    def _put(self, sentence: Sentence, put_aside: Sequence[Aside]) -> None:
        text = self.document.text
        for one in sorted(put_aside, key=lambda aside: aside.begin):
            start, end = sentence.tokens[one.begin].start, sentence.tokens[one.end - 1].end
            context = text[sentence.start : sentence.end]
            self.aside.append(SetAside(start, end, sentence.number, text[start:end], one.reason, context))


def _flow(one: Found) -> bool:
    """Return whether organisations are counted that something happened to, or that did it, in a period."""
    return _took_in(one) or (one.rule is not None and one.rule.definition in _FLOWS)


def _took_in(one: Found) -> bool:
    """Return whether organisations are counted that admitted members."""
    return one.indicator == COUNTED and one.subject.name != "member" and one.direct and admitting(one)


def _part(one: Found) -> str:
    """Return which part of those there are a figure counts; "" for all of them."""
    thing = one.first.thing
    if _took_in(one):
        return ADMITTING
    counted = one.subject.name == "grassroots_org" and one.indicator in _PARTED
    if counted and thing.subject in _OF_GRASSROOTS:
        # "70 tổ chức cơ sở đảng, trong đó có 47 đảng bộ, 23 chi bộ"; "…, 23 chi bộ ngành" are some of them
        return one.subset or _OF_GRASSROOTS[thing.subject]
    parted = one.indicator in _PARTED or (one.indicator == "cell_size" and one.whole is not None)
    own = (one.indicator or one.whole) and (parted or one.subject.thing.category)
    told = one.rule.category if one.rule is not None else ""
    return (one.subset if own else "") or told or one.subject.thing.category


def _of_ratings(one: Found) -> bool:
    """Return whether a figure is a rating, or counts those that a round of ratings took in."""
    return one.indicator == RATED or (one.rule is not None and one.rule.definition == "rated")


def _indicator_evidence(one: Found) -> str:
    """Return how a figure's indicator is known: by its verb, a rule, its whole, or the figure before."""
    if one.indicator and one.goes_on is not None:
        return "whole" if one.goes_on is one.whole else "inherited"
    return "none" if not one.indicator else "verb" if one.indicator in {COUNTED, ADMITTED} else "rule"


def _numbers(sentence: Sentence, reason: str, begin: int = 0, end: int | None = None) -> list[Aside]:
    """Return the numbers between two tokens, set aside."""
    places = range(len(sentence.tokens))[begin:end]
    return [Aside(at, at + 1, reason) for at in places if sentence.tokens[at].kind == "number"]


def read_document(
    document: Document,
    *,
    catalogue: Catalogue,
    gazetteer: Gazetteer,
    style: NumberStyle = "vi",
    about: About = About(),  # noqa: B008 -- frozen
) -> Reading:
    """Return the figures that a document may state.

    Parameters
    ----------
    document : Document
        The document, as `open_document` returns it.
    catalogue : Catalogue
        Indicators, subjects and rating schemes.
    gazetteer : Gazetteer
        The provinces.
    style : {"vi", "en"}
        How the document prints numbers: 9.768 and 63,71 or 9,768 and 63.71.
    about : About
        What the caller knows of where and when it is from; it comes before what the document says.

    Returns
    -------
    Reading
        Candidates and numbers set aside, in the order of the text. Nothing is guessed by a model: each step
        is a rule of the grammar, and ``evidence`` says where a candidate's parts come from.

    Raises
    ------
    Nothing
        Whatever can't be read is set aside.
    """
    text = document.text
    paragraphs = [(start, text[start:end], is_heading(text[start:end])) for start, end in document.paragraphs]
    found = list(sentences(paragraphs))
    frame = frame_of(document, found, about)
    finder = PlaceFinder(gazetteer, day=frame.about.published)
    words = f" {' '.join(sentence.flat for sentence in found)} "
    namer = Namer(catalogue, words)
    discourse = survey(found, finder, frame, Publications(gazetteer))
    reader = _Reader(style, document, discourse, finder, namer)
    for sentence in found:
        if sentence.paragraph in frame.lines or sentence.number in frame.dates:
            reader.pass_over(sentence)
        else:
            reader.read(sentence)
    headings = {sentence.number for sentence in found if sentence.heading}
    told = with_the_better(dated_headings(reader.candidates, headings))
    rated = of_those_rated([*told], catalogue.indicators[RATED].bases)
    candidates = tuple(with_targets(rated, reader.reached))
    return Reading(document, candidates, tuple(reader.aside), frame.about)
