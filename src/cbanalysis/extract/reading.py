"""Documents to candidates: what is counted, where, when, and whether it is a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from cbanalysis.catalogue import Catalogue
from cbanalysis.extract.amounts import Amount, Aside, amounts, asides, shared, whole_of, with_base
from cbanalysis.extract.discourse import Discourse, survey
from cbanalysis.extract.grammar import Grammar, IndicatorRule, Thing, grammar
from cbanalysis.extract.headings import is_heading
from cbanalysis.extract.places import Place, PlaceFinder, PlaceMention
from cbanalysis.extract.records import Candidate, Document, Reading, SetAside
from cbanalysis.extract.subjects import Subject, subject_of
from cbanalysis.extract.times import Period, TimeMention, time_mentions
from cbanalysis.extract.tokens import Sentence, sentences
from cbanalysis.provinces import Gazetteer
from cbanalysis.text import Figure, NumberStyle

__all__ = ["read_document"]

_LOOK_BACK = 2
_COUNTED = "org_count"
_FAMILY = {"branch_cell": "cell", "committee": "grassroots_org"}


@dataclass
class _Found:
    """One figure while it is put together."""

    sentence: Sentence
    count: Amount | None
    share: Amount | None
    subject: Subject
    near: str = ""
    before: str = ""
    place: Place = field(default_factory=Place)
    place_said: str = ""
    period: Period | None = None
    period_said: str = ""
    target: bool = False
    base: int | None = None
    base_said: str = ""
    is_base: bool = False
    framing: bool = False
    indicator: str = ""
    rule: IndicatorRule | None = None

    @property
    def first(self) -> Amount:
        one = self.count or self.share
        assert one is not None  # noqa: S101 -- a figure has a count or a share
        return one

    @property
    def last(self) -> Amount:
        one = self.share or self.count
        assert one is not None  # noqa: S101 -- as above
        return one

    @property
    def direct(self) -> bool:
        return self.first.thing is not None


@dataclass
class _Reader:
    grammar: Grammar
    catalogue: Catalogue
    gazetteer: Gazetteer
    style: NumberStyle
    discourse: Discourse
    finder: PlaceFinder
    document: Document
    folded: str
    earlier: list[_Found] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)

    def read(self, sentence: Sentence) -> None:
        self.discourse.begin(sentence, self.grammar)
        if sentence.first:
            self.earlier = []
        taken: set[int] = set()
        put_aside = asides(sentence, self.grammar, taken)
        times = time_mentions(sentence, self.grammar, taken)
        mentions = self.finder.mentions(sentence, self.discourse.known)
        self.discourse.learn(sentence, mentions)
        # the number in the name of a ward is no figure
        for mention in mentions:
            taken |= {at for at in range(mention.begin, mention.end)}
        found, unread = amounts(sentence, self.grammar, taken, self.style)
        put_aside += unread
        put_aside += [Aside(one.begin, one.end, "date or period") for one in times if one.use != "now"]
        put_aside += self.in_names(sentence, mentions)
        kept, left = self.figures(sentence, found)
        put_aside += left
        for one in kept:
            others = [other.first for other in kept if other is not one]
            one.target = self.discourse.section_target or self.targeted(sentence, one.first.begin)
            one.place, one.place_said = self.placed(sentence, mentions, one, others)
            one.period, one.period_said = self.dated(sentence, times, one, others)
        target_from = self.target_from(sentence) if not kept or any(one.target for one in kept) else len(sentence.keys)
        self.near(sentence, kept)
        for one in kept:
            self.name(one, kept)
        self.propose(kept)
        self.discourse.end(sentence, mentions, times, target_from)
        self.earlier = [one for one in self.earlier if one.sentence.number >= sentence.number - _LOOK_BACK + 1] + kept
        self.put(sentence, put_aside)

    # ------------------------------------------------------------------------------------- which figures

    def figures(self, sentence: Sentence, found: list[Amount]) -> tuple[list[_Found], list[Aside]]:
        """Return the figures that the amounts make up, and the amounts that are none."""
        bases = whole_of(sentence, self.grammar, found)
        kept: list[_Found] = []
        left: list[Aside] = []
        nothing = Subject("", "none")
        at = 0
        order = list(range(len(found)))
        consumed: set[int] = set()
        for at in order:
            if at in consumed:
                continue
            amount = found[at]
            base_amount: Amount | None = None
            following = at + 1
            if at in bases:
                base_amount = found[bases[at]]
                amount = with_base(amount, base_amount)
                consumed.add(bases[at])
                following = bases[at] + 1
            share = None
            if following < len(found) and shared(sentence, self.grammar, replace(amount, end=base_amount.end if base_amount else amount.end), found[following]):
                share = found[following]
                if self.threshold(sentence, amount, share):
                    left.append(Aside(share.begin, share.end, "threshold that says which units are counted"))
                    consumed.add(following)
                    share = None
                else:
                    consumed.add(following)
            one = _Found(sentence, None if amount.percent else amount, amount if amount.percent else share, nothing)
            if amount.percent and self.crossed(sentence, amount, found[at - 1] if at else None):
                left.append(Aside(amount.begin, amount.end, "threshold that says which units are counted"))
                continue
            reason = self.refused(sentence, one)
            if not reason:
                one.subject = subject_of(sentence, self.grammar, one.first, self.before(kept), self.catalogue)
                if one.subject.name == "":
                    reason = "nothing that the catalogue counts"
            if reason:
                left.append(Aside(amount.begin, amount.end, reason))
                if share is not None:
                    left.append(Aside(share.begin, share.end, reason))
                if base_amount is not None:
                    left.append(Aside(base_amount.begin, base_amount.end, reason))
                continue
            if amount.base is not None:
                one.base, one.base_said = amount.base, "base"
            kept.append(one)
            if base_amount is not None:
                own = _Found(sentence, base_amount, None, nothing, is_base=True)
                own.subject = (
                    Subject(base_amount.thing.subject, "direct", base_amount.thing)
                    if base_amount.thing
                    else one.subject
                )
                kept.append(own)
            elif amount.base is not None and amount.base_at is not None:
                begin, end = amount.base_at
                base = replace(
                    amount, begin=begin, end=end, low=Decimal(amount.base), base=None, base_at=None,
                    printed=sentence.tokens[begin].text, qualifier="exact",
                )  # fmt: skip
                kept.append(_Found(sentence, base, None, one.subject, is_base=True))
        self.frames(sentence, kept)
        self.prove(kept)
        return kept, left

    def before(self, kept: Sequence[_Found]) -> list[tuple[Sentence, Amount, Subject]]:
        return [(one.sentence, one.first, one.subject) for one in [*self.earlier, *kept] if not one.is_base or one.direct]

    def refused(self, sentence: Sentence, one: _Found) -> str:
        for amount in (one.count, one.share):
            if amount is None:
                continue
            if amount.percent:
                if (amount.high or amount.low) > 100:
                    return "a share over 100 %"
            elif amount.low != amount.low.to_integral_value() or (
                amount.high is not None and amount.high != amount.high.to_integral_value()
            ):
                return "a mean, not a count"
        if one.count is not None and one.count.end < len(sentence.keys) and one.count.thing is None:
            following = sentence.tokens[one.count.end]
            elliptic = following.kind == "mark" or following.key in {"và", "chiếm", "đạt", "ở", "tại", "xuống", "lên", "còn", "trong", "bằng", "hoàn", "đủ", "vi", "trước", "vào", "năm"}  # noqa: E501  # fmt: skip
            if not elliptic and one.share is None and one.count.base is None:
                return "nothing that the catalogue counts"
        return ""

    def threshold(self, sentence: Sentence, count: Amount, share: Amount) -> bool:
        """Return whether a share only says which units are counted: "11 đảng bộ đạt trên 80%"."""
        if share.qualifier == "exact":
            return False
        between = sentence.keys[count.end : share.begin]
        return not {",", "(", "chiếm", "bằng"} & set(between) and len(between) > 1

    def crossed(self, sentence: Sentence, share: Amount, before: Amount | None) -> bool:
        """Return whether a share with a limit describes the units counted right before it in its clause."""
        if before is None or before.percent or share.qualifier in {"exact"}:
            return False
        between = sentence.keys[before.end : share.begin]
        return before.thing is not None and not {",", ";", ":", "("} & set(between) and "có" in between

    def frames(self, sentence: Sentence, kept: list[_Found]) -> None:
        """Mark the number of all in "Trong (tổng) số 142 trưởng thôn … có 128 người"."""
        for at, one in enumerate(kept[:-1]):
            amount = one.first
            lead = sentence.keys[max(0, amount.begin - 3) : amount.begin]
            framing = lead and (lead[-1:] == ("trong",) or lead[-2:] in {("trong", "số"), ("tổng", "số")} and "trong" in lead)
            following = kept[at + 1].first
            if framing and one.count is not None and one.share is None and one.base is None and not following.percent:
                one.framing = True
                fits = kept[at + 1].base is None and following.low <= amount.low
                if fits and kept[at + 1].share is None:
                    kept[at + 1].base, kept[at + 1].base_said = int(amount.low), "base"

    def prove(self, kept: list[_Found]) -> None:
        """Give counts with a share the base that the share proves: a number of the same kind, not far before."""
        for at, one in enumerate(kept):
            if one.count is None or one.share is None or one.base is not None or one.share.qualifier != "exact":
                continue
            if one.count.qualifier != "exact" or not one.share.low:
                continue
            tolerance = Decimal(10) ** -one.share.decimals / 2
            for other in reversed([*self.earlier, *kept[:at]]):
                numbers = [other.base] if other.base is not None else []
                if other.count is not None and other.count.qualifier == "exact":
                    numbers.append(int(other.count.low))
                fitting = [
                    number
                    for number in numbers
                    if number and number >= one.count.low and abs(100 * one.count.low / number - one.share.low) <= tolerance
                ]
                if fitting and _alike(one.subject.name, other.subject.name):
                    one.base, one.base_said = fitting[0], "arithmetic"
                    if one.subject.name == "cell" and other.subject.name == "branch_cell":
                        one.subject = replace(one.subject, name="branch_cell")
                    break

    # ----------------------------------------------------------------------------------- where and when

    def placed(
        self, sentence: Sentence, mentions: Sequence[PlaceMention], one: _Found, others: Sequence[Amount]
    ) -> tuple[Place, str]:
        place, said = self.discourse.place_of(sentence, mentions, one.first, others)
        if one.target and said == "paragraph":
            return self.discourse.home, "document"
        return place, said

    def dated(
        self, sentence: Sentence, times: Sequence[TimeMention], one: _Found, others: Sequence[Amount]
    ) -> tuple[Period | None, str]:
        period, said = self.discourse.period_of(sentence, times, one.first, others, target=one.target)
        if said != "clause" and one.last is not one.first:
            later, where = self.discourse.period_of(sentence, times, one.last, others, target=one.target)
            if where == "clause":
                return later, where
        return period, said

    def target_from(self, sentence: Sentence) -> int:
        """Return the token from which a sentence speaks of a target; its end if it doesn't."""
        keys = sentence.keys
        for at in range(len(keys)):
            if self.cue(keys, at):
                clause = max((mark for mark in range(at) if keys[mark] in {";", ":"}), default=-1)
                return clause
        return len(keys)

    def cue(self, keys: Sequence[str], at: int) -> bool:
        found = self.grammar.targets.cues.at(keys, at)
        if not found:
            return False
        return found[1] == "phấn đấu" or not self.grammar.targets.fulfilled & set(keys[max(0, at - 2) : at])

    def targeted(self, sentence: Sentence, at: int) -> bool:
        """Return whether a number stands in the reach of words such as phấn đấu."""
        keys = sentence.keys
        cues = [place for place in range(at) if self.cue(keys, place)]
        if not cues:
            return False
        ends = [place for place in range(cues[-1], at) if self.grammar.targets.ends.at(keys, place)]
        return not ends

    # ---------------------------------------------------------------------------------- what it is about

    def near(self, sentence: Sentence, kept: Sequence[_Found]) -> None:
        own = [one for one in kept if not one.is_base]
        for order, one in enumerate(own):
            begin = own[order - 1].last.end if order else 0
            end = own[order + 1].first.begin if order + 1 < len(own) else len(sentence.keys)
            one.before = " ".join(sentence.keys[begin : one.first.begin])
            one.near = " ".join(sentence.keys[begin:end])
        for order, one in enumerate(kept):
            if one.is_base and order:
                one.near, one.before = kept[order - 1].near, kept[order - 1].before

    def name(self, one: _Found, kept: Sequence[_Found]) -> None:
        """Give a figure its indicator and, for ratings, its category."""
        place = next(order for order, other in enumerate(kept) if other is one)
        previous = kept[place - 1] if place else (self.earlier[-1] if self.earlier else None)
        if one.is_base or one.framing:
            one.indicator = _COUNTED if self.allows(_COUNTED, one.subject.name) else ""
            return
        rule = self.rule(one, one.near, counted=False)
        if rule is None and previous is not None and not one.direct:
            inherited = next(
                (other for other in reversed(kept[:place]) if not other.is_base), previous
            )
            if inherited.indicator == "" or (
                inherited.indicator != _COUNTED and self.allows(inherited.indicator, one.subject.name)
            ):
                one.indicator, one.rule = inherited.indicator, inherited.rule
                return
        same = previous is not None and previous.subject.name == one.subject.name
        if rule is None and previous is not None and same and not self.allows(_COUNTED, one.subject.name):
            # "… còn 57 làng chưa có chi bộ. Năm 2014 giảm còn 21 làng": the second says no more than the number
            one.indicator, one.rule = previous.indicator, previous.rule
            return
        rule = rule or self.rule(one, one.near, counted=True)
        if rule is not None:
            one.indicator = rule.indicator
            one.rule = rule
            one.subject = replace(one.subject, name=rule.become.get(one.subject.name, one.subject.name))
            if not self.allows(one.indicator, one.subject.name):
                one.indicator = ""

    def allows(self, indicator: str, subject: str) -> bool:
        known = self.catalogue.indicators.get(indicator)
        return known is not None and subject in known.subjects

    def rule(self, one: _Found, near: str, *, counted: bool) -> IndicatorRule | None:
        padded = f" {near} "
        kind = "share" if one.count is None or one.share is not None else "part" if one.base is not None else "count"
        names = {one.subject.name, f"{kind}:{one.subject.name}"}
        if one.subject.of_committee:
            names |= {"person_of_committee"}
        for rule in self.grammar.indicators:
            person = one.first.thing is not None and one.first.thing.kind == "person"
            if counted and person and one.before.split(" ")[-1:] != ["là"]:
                continue
            if (rule.indicator == _COUNTED) != counted or not names & set(rule.subjects):
                continue
            if any(f" {phrase} " in padded for phrase in rule.without):
                continue
            if rule.document and not any(f" {phrase} " in self.folded for phrase in rule.document):
                continue
            fits = all(
                any(
                    self.rating(one) != "" if phrase == "rating" else f" {phrase} " in padded
                    for phrase in cue.phrases
                )
                for cue in rule.words
            )
            if fits:
                return rule
        return None

    def rating(self, one: _Found) -> str:
        """Return the rating category printed beside a figure: right before it in a list, otherwise behind it."""
        before = one.before.split(" ")
        for back in range(len(before)):
            ends = len(before) - back
            if back and before[ends] not in {":", "có", "là", "đạt", ",", "chiếm", "("}:
                break
            found = self.grammar.ratings.before(before, ends, 9)
            if found:
                return found[1]
        keys = one.near.split(" ")[len(before) if one.before else 0 :]
        for at in range(len(keys)):
            found_at = self.grammar.ratings.at(keys, at)
            if found_at:
                return found_at[1]
        for at in range(len(before) - 1, -1, -1):
            found_at = self.grammar.ratings.at(before, at)
            if found_at:
                return found_at[1]
        return ""

    def propose(self, kept: Sequence[_Found]) -> None:
        for one in kept:
            counted = self.allows(_COUNTED, one.subject.name)
            if (one.is_base or one.framing) and not counted:
                continue
            self.candidates.append(self.candidate(one))

    def candidate(self, one: _Found) -> Candidate:
        sentence = one.sentence
        figure = _figure(one)
        begin, end = one.first.begin, one.last.end
        start, stop = sentence.tokens[begin].start, sentence.tokens[end - 1].end
        value = one.base_said if one.base_said == "arithmetic" else "words" if one.first.words else figure.qualifier
        said = {
            "value": "base" if one.is_base else value,
            "subject": one.subject.said,
            "place": one.place_said if one.place.province or one.place.level == "country" else "none",
            "period": one.period_said if one.period else "none",
        }
        confidence = 1.0
        for name, evidence in said.items():
            confidence *= self.grammar.confidence[name][evidence]
        period = one.period or Period("", "")
        rating = self.rating(one) if one.indicator in {"org_quality_rating", "office_cell_quality"} else ""
        scheme, category_id, category_kind, category = self.scheme(one, rating, period)
        return Candidate(
            start, stop, sentence.number, self.document.text[sentence.start : sentence.end], figure, one.indicator,
            one.subject.name, self.province(one.place, period), one.place.area,
            one.place.level or "province", period.start, period.end,
            ("publication" if one.period_said == "publication" else "stated") if one.period else "",
            one.target, round(confidence, 2), ", ".join(said.values()), category or one.subject.category,
            scheme, category_id, category_kind,
            definition=one.rule.definition if one.rule else "", base_of=one.rule.base_of if one.rule else "",
            aggregation=one.rule.aggregation if one.rule else "point",
            complement=bool(one.rule and one.rule.complement),
        )  # fmt: skip

    def province(self, place: Place, period: Period) -> str:
        """Return a province's name as it was in the period, where that can be told."""
        units = self.gazetteer.named(place.province) if place.province else ()
        if period.end:
            for unit in units:
                if str(unit.valid_from)[: len(period.end)] <= period.end and (
                    unit.valid_to is None or str(unit.valid_to)[: len(period.end)] >= period.end
                ):
                    return unit.name_vi
        return units[0].name_vi if units else place.province

    def scheme(self, one: _Found, rating: str, period: Period) -> tuple[str, str, str, str]:
        if not rating or not period.end:
            return "", "", "", ""
        group = "member" if one.subject.name == "member" else "organisation"
        for scheme in self.catalogue.schemes.values():
            if scheme.subject_group == group and scheme.covers(period.last_year):
                for category in scheme.categories:
                    if category.id == rating:
                        printed = category.printed[0] if category.printed else category.name.vi.casefold()
                        return scheme.id, category.id, category.kind, printed
        return "", "", "", ""

    # ------------------------------------------------------------------------------------------- the rest

    def in_names(self, sentence: Sentence, mentions: Sequence[PlaceMention]) -> list[Aside]:
        return [
            Aside(at, at + 1, "part of a name")
            for mention in mentions
            for at in range(mention.begin, mention.end)
            if sentence.tokens[at].kind == "number"
        ]

    def put(self, sentence: Sentence, put_aside: Sequence[Aside]) -> None:
        context = self.document.text[sentence.start : sentence.end]
        for one in sorted(put_aside, key=lambda aside: aside.begin):
            start, end = sentence.tokens[one.begin].start, sentence.tokens[one.end - 1].end
            self.aside.append(
                SetAside(start, end, sentence.number, self.document.text[start:end], one.reason, context)
            )


def _alike(one: str, other: str) -> bool:
    return _FAMILY.get(one, one) == _FAMILY.get(other, other)


def _figure(one: _Found) -> Figure:
    count, share = one.count, one.share
    printed = []
    if count is not None:
        printed.append(count.printed)
        if one.base is not None and count.base_at is not None and "/" not in count.printed:
            printed[-1] += f"/{one.sentence.tokens[count.base_at[0]].text}"
    if share is not None:
        printed.append(share.printed)
    strength = ("exact", "about", "at_least", "range")
    qualifier = max((part.qualifier for part in (count, share) if part is not None), key=strength.index)
    return Figure(
        count=int(count.low) if count is not None else None,
        base=one.base,
        percent=float(share.low) if share is not None else None,
        percent_max=float(share.high) if share is not None and share.high is not None else None,
        qualifier=qualifier,
        decimals=share.decimals if share is not None else None,
        printed="; ".join(printed),
        count_max=int(count.high) if count is not None and count.high is not None else None,
    )


def read_document(
    document: Document, *, catalogue: Catalogue, gazetteer: Gazetteer, style: NumberStyle = "vi"
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

    Returns
    -------
    Reading
        Candidates and numbers set aside, in the order of the text. Nothing is guessed by a model: each step is
        a rule of the grammar, and ``evidence`` says where a candidate's parts come from.

    Raises
    ------
    Nothing
        Whatever can't be read is set aside.
    """
    rules = grammar()
    paragraphs = [
        (start, document.text[start:end], is_heading(document.text[start:end])) for start, end in document.paragraphs
    ]
    found = list(sentences(paragraphs))
    finder = PlaceFinder(gazetteer)
    discourse = survey(found, finder, rules)
    folded = f" {' '.join(sentence.flat for sentence in found)} "
    reader = _Reader(rules, catalogue, gazetteer, style, discourse, finder, document, folded)
    for sentence in found:
        reader.read(sentence)
    return Reading(document, tuple(reader.candidates), tuple(reader.aside))
