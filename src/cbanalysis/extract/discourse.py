"""What a sentence doesn't say itself: place and period that come from the title or from earlier sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cbanalysis.extract.amounts import Amount
from cbanalysis.extract.grammar import Grammar, Level, grammar
from cbanalysis.extract.places import Place, PlaceFinder, PlaceMention
from cbanalysis.extract.times import Period, TimeMention, time_mentions
from cbanalysis.extract.tokens import Sentence

__all__ = ["Discourse", "survey"]

_DATE_LINE = re.compile(
    r"(?P<cue>cập nhật|ngày đăng|đăng ngày|xuất bản|đăng lúc)?"
    r".*?\b[0-9]{1,2} ?[/.-] ?[0-9]{1,2} ?[/.-] ?(?P<year>(?:19|20)[0-9]{2})\b"
)
_LONGEST_DATE_LINE = 16
_FIRST_PARAGRAPHS = 15
_TITLE_PARAGRAPHS = 3
_MOST_BETWEEN = 12
_CLAUSE_MARKS = {",", ";", ":", ".", "("}


@dataclass
class Discourse:
    """Place and period as a reader has them in mind while reading on.

    Attributes
    ----------
    home : Place
        What the document is about.
    publication : Period or None
        The year that it was published in.
    title_period : Period or None
        What its title says.
    """

    home: Place
    publication: Period | None
    title_period: Period | None
    place: Place = field(default_factory=Place)
    known: dict[tuple[str, ...], Level] = field(default_factory=dict)
    areas: dict[str, Place] = field(default_factory=dict)
    paragraph_period: Period | None = None
    section_period: Period | None = None
    last_period: Period | None = None
    section_target: bool = False
    place_said: str = "document"
    date_lines: set[int] = field(default_factory=set)

    def begin(self, sentence: Sentence, grammar: Grammar) -> None:
        """Take in where a sentence stands: a new paragraph begins with the document's place again."""
        if sentence.first:
            self.place, self.place_said = self.home, "document"
            self.paragraph_period = None
        else:
            self.place_said = "paragraph" if self.place != self.home else "document"
        if sentence.heading and sentence.first:
            keys = sentence.keys
            self.section_target = any(grammar.targets.headings.at(keys, at) for at in range(len(keys)))
            self.section_period = None

    # ------------------------------------------------------------------------------------------- places

    def moved(self, sentence: Sentence, place: Place, mention: PlaceMention) -> Place:
        """Return the place after a mention."""
        if not mention.governs:
            return place
        province = mention.province or place.province or self.home.province
        if mention.level == "country":
            return Place("", "", "country")
        if mention.level == "province":
            if mention.name and self.home.province not in {"", mention.name}:
                following = sentence.keys[mention.end] if mention.end < len(sentence.keys) else ""
                if mention.behind or following not in grammar().places.subject:
                    return place
            return Place(mention.name or province, "", "province")
        if mention.name:
            return Place(province, mention.name, mention.level)
        return self.areas.get(mention.level, Place(province, "", mention.level))

    def learn(self, mentions: Sequence[PlaceMention]) -> None:
        """Remember the areas that a sentence names with their level."""
        for mention in mentions:
            if mention.level in {"district", "commune"} and mention.name and mention.governs:
                words = tuple(mention.name.casefold().split(" "))
                if len(words) > 1 and not any(word.isdigit() for word in words):
                    self.known[words] = mention.level
                province = mention.province or self.place.province or self.home.province
                self.areas[mention.level] = Place(province, mention.name, mention.level)

    def place_of(
        self, sentence: Sentence, mentions: Sequence[PlaceMention], amount: Amount, blocked: Sequence[Amount]
    ) -> tuple[Place, str]:
        """Return the place of an amount and where it comes from."""
        place, said = self.place, self.place_said
        for mention in mentions:
            if mention.begin < amount.begin:
                after = self.moved(sentence, place, mention)
                if after != place or mention.name:
                    said = "sentence"
                place = after
        for mention in mentions:
            if mention.begin >= amount.thing_end and mention.behind and mention.governs and mention.name:
                between = sentence.keys[amount.thing_end : mention.begin]
                crossed = any(amount.end < other.begin < mention.begin for other in blocked)
                if not _CLAUSE_MARKS & set(between) and not crossed and len(between) <= _MOST_BETWEEN:
                    return self.moved(sentence, place, replace(mention, behind=False)), "clause"
                break
        return place, said

    # ------------------------------------------------------------------------------------------ periods

    def period_of(
        self,
        sentence: Sentence,
        times: Sequence[TimeMention],
        amount: Amount,
        others: Sequence[Amount],
        *,
        target: bool,
    ) -> tuple[Period | None, str]:
        """Return the period of an amount and where it comes from."""
        behind = self._right_behind(sentence, times, amount, others)
        if behind:
            return behind, "clause"
        before = [one for one in times if one.begin < amount.begin and one.use != "aside"]
        stated = [one for one in before if one.use != "now"]
        if not stated:
            # "… và 5.214 đảng viên (tính đến tháng 5/2020)" speaks of the whole sentence
            stated = [
                one
                for one in times
                if one.use == "point" and "(" in sentence.keys[max(0, one.begin - 3) : one.begin]
            ]
        if before and before[-1].use == "now":
            # "đến nay (tháng 3/2017)" says when now is
            if self.publication:
                return self.publication, "publication"
            if not stated:
                latest = self.paragraph_period or self.section_period or self.title_period or self.last_period
                return (Period(latest.end[:4], latest.end[:4]), "earlier") if latest else (None, "none")
        if stated:
            return stated[-1].period, "sentence"
        if target:
            return self.section_period, "heading" if self.section_period else "none"
        return self.standing()

    def _right_behind(
        self, sentence: Sentence, times: Sequence[TimeMention], amount: Amount, others: Sequence[Amount]
    ) -> Period | None:
        """Return the period named behind an amount in its clause: "48 chi bộ làm điểm năm 2020, …"."""
        mention = next(
            (one for one in times if one.begin >= amount.end and one.use in {"point", "since"}), None
        )
        if mention is None:
            return None
        between = list(sentence.keys[max(amount.end, min(amount.thing_end, mention.begin)) : mention.begin])
        if between and between[-1] == "(":
            between.pop()
        crossed = any(amount.end <= other.begin < mention.begin for other in others)
        apart = _CLAUSE_MARKS & set(between) or crossed or len(between) > _MOST_BETWEEN
        return None if apart else mention.period

    def standing(self) -> tuple[Period | None, str]:
        """Return the period of a sentence that names none."""
        for period, said in (
            (self.paragraph_period, "paragraph"),
            (self.section_period, "heading"),
            (self.title_period, "heading"),
            (self.publication, "publication"),
            (self.last_period, "earlier"),
        ):
            if period:
                return period, said
        return None, "none"

    def end(
        self,
        sentence: Sentence,
        mentions: Sequence[PlaceMention],
        times: Sequence[TimeMention],
        target_from: int,
    ) -> None:
        """Take in what a sentence said for those that follow."""
        for place in mentions:
            self.place = self.moved(sentence, self.place, place)
        main = self.title_period or self.publication
        for mention in times if sentence.number not in self.date_lines else ():
            if mention.period is None or (mention.begin > target_from and not sentence.heading):
                continue
            if sentence.heading:
                self.section_period = mention.period
                continue
            self.last_period = mention.period
            # an earlier year beside that of the title is a look back, for its sentence only
            back = self.title_period and main and mention.period.last_year < main.last_year
            if mention.use == "point" and not back:
                self.paragraph_period = mention.period


def survey(sentences: Sequence[Sentence], finder: PlaceFinder, grammar: Grammar) -> Discourse:
    """Return what the whole document says of its place and time, before it is read.

    Parameters
    ----------
    sentences : sequence of Sentence
        All of them.
    finder : PlaceFinder
        Knows the provinces.
    grammar : Grammar
        Knows the expressions of time.

    Returns
    -------
    Discourse
        Before the first sentence.
    """
    publication, date_lines = _published(sentences)
    return Discourse(
        _home(sentences, finder),
        publication,
        _title_period(sentences, grammar, date_lines),
        date_lines=date_lines,
    )


def _published(sentences: Sequence[Sentence]) -> tuple[Period | None, set[int]]:
    """Return the year of publication, and the sentences that say nothing but a date."""
    dated: dict[int, re.Match[str]] = {}
    for sentence in sentences:
        if sentence.paragraph > _FIRST_PARAGRAPHS:
            break
        alone = sentence.heading and sentence.first and len(sentence.tokens) <= _LONGEST_DATE_LINE
        match = _DATE_LINE.search(sentence.flat) if alone else None
        if match:
            dated[sentence.number] = match
    # "Cập nhật: …" is of this page; a date without a word may be today's
    chosen = next((match for match in dated.values() if match["cue"]), next(iter(dated.values()), None))
    return (Period(chosen["year"], chosen["year"]) if chosen else None), set(dated)


def _title_period(sentences: Sequence[Sentence], grammar: Grammar, date_lines: set[int]) -> Period | None:
    """Return the period that the headings before the first paragraph name."""
    for sentence in sentences:
        if not sentence.heading:
            break
        points = [one.period for one in time_mentions(sentence, grammar, set()) if one.use == "point"]
        if points and sentence.number not in date_lines:
            return points[-1]
    return None


def _home(sentences: Sequence[Sentence], finder: PlaceFinder) -> Place:
    """Return what the document is about: the first province that it names, with the area named with it."""
    area = Place()
    for sentence in sentences:
        for mention in finder.mentions(sentence, {}):
            if mention.level == "country":
                return Place("", "", "country")
            if mention.province:
                named = Place(
                    mention.province, mention.name if mention.level != "province" else "", mention.level
                )
                # the title names a district, a later sentence its province
                inside = area.area and not named.area and not _province_wide(sentences)
                return Place(named.province, area.area, area.level) if inside else named
            if mention.name and not area.area and mention.governs and sentence.paragraph <= _TITLE_PARAGRAPHS:
                area = Place("", mention.name, mention.level)
    return area


def _province_wide(sentences: Sequence[Sentence]) -> bool:
    """Return whether the document speaks of a whole province."""
    return any(
        " toàn tỉnh " in sentence.flat or " đảng bộ tỉnh " in f" {sentence.flat}" for sentence in sentences
    )
