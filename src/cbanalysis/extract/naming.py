"""Which indicator a figure is one of, and which rating: the rules of the grammar over the words near it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cbanalysis.catalogue import Catalogue, Scheme
from cbanalysis.extract.figures import Found
from cbanalysis.extract.grammar import Grammar, IndicatorRule

__all__ = ["COUNTED", "Namer"]

COUNTED = "org_count"
"""The indicator of a plain number of organisations or members."""

_JOINS = {":", "có", "là", "đạt", ",", "chiếm", "("}
_LONGEST_RATING = 9


@dataclass(frozen=True)
class Namer:
    """Names figures of one document.

    Attributes
    ----------
    document : str
        All of its words, parted by one blank, with a blank at both ends.
    """

    grammar: Grammar
    catalogue: Catalogue
    document: str

    def allows(self, indicator: str, subject: str) -> bool:
        """Return whether the catalogue lets an indicator be said of a subject."""
        known = self.catalogue.indicators.get(indicator)
        return known is not None and subject in known.subjects

    def name(self, kept: Sequence[Found], earlier: Sequence[Found]) -> None:
        """Give the figures of a sentence their clauses and indicators.

        Parameters
        ----------
        kept : sequence of Found
            The figures, in order; they are changed.
        earlier : sequence of Found
            The figures shortly before in the paragraph.
        """
        self._clauses(kept)
        previous = next((one for one in reversed(earlier) if not one.is_base), None)
        for one in kept:
            if one.is_base or one.framing:
                one.indicator = COUNTED if self.allows(COUNTED, one.subject.name) else ""
                continue
            self._name(one, previous)
            previous = one

    def _clauses(self, kept: Sequence[Found]) -> None:
        own = [one for one in kept if not one.is_base]
        for order, one in enumerate(own):
            keys = one.sentence.keys
            begin = own[order - 1].last.end if order else 0
            end = own[order + 1].first.begin if order + 1 < len(own) else len(keys)
            one.before, one.near = " ".join(keys[begin : one.first.begin]), " ".join(keys[begin:end])

    def _name(self, one: Found, previous: Found | None) -> None:
        rule = self._rule(one, counted=False)
        if rule is None and previous is not None and self._says_no_more(one, previous):
            one.indicator, one.rule = previous.indicator, previous.rule
            return
        rule = rule or self._rule(one, counted=True)
        if rule is None:
            return
        subject = rule.become.get(one.subject.name, one.subject.name)
        if self.allows(rule.indicator, subject):
            one.indicator, one.rule, one.subject = rule.indicator, rule, replace(one.subject, name=subject)

    def _says_no_more(self, one: Found, previous: Found) -> bool:
        """Return whether a figure goes on with the one before: "57 làng chưa có chi bộ, nay còn 21 làng"."""
        counted = self.allows(COUNTED, one.subject.name)
        if one.direct:
            return previous.subject.name == one.subject.name and not counted
        if not previous.indicator:
            return True
        return previous.indicator != COUNTED and self.allows(previous.indicator, one.subject.name)

    def _rule(self, one: Found, *, counted: bool) -> IndicatorRule | None:
        near = f" {one.near} "
        person = one.first.thing is not None and one.first.thing.kind == "person"
        if counted and person and not one.before.endswith(" là"):
            return None
        kind = "count" if one.share is None else "share"
        kind = "part" if one.share is None and one.base is not None else kind
        names = {one.subject.name, f"{kind}:{one.subject.name}"}
        if one.subject.of_committee:
            names.add("person_of_committee")
        for rule in self.grammar.indicators:
            if (
                (rule.indicator == COUNTED) is counted
                and names & set(rule.subjects)
                and self._fits(rule, one, near)
            ):
                return rule
        return None

    def _fits(self, rule: IndicatorRule, one: Found, near: str) -> bool:
        if any(f" {phrase} " in near for phrase in rule.without):
            return False
        if rule.document and not any(f" {phrase} " in self.document for phrase in rule.document):
            return False
        return all(
            any(bool(self.rating(one)) if phrase == "rating" else f" {phrase} " in near for phrase in cue)
            for cue in rule.words
        )

    def rating(self, one: Found) -> str:
        """Return the rating printed beside a figure: right before it in a list, else behind, else before."""
        before = one.before.split(" ")
        ends = len(before)
        while ends:
            found = self.grammar.ratings.before(before, ends, _LONGEST_RATING)
            if found:
                return found[1]
            if before[ends - 1] not in _JOINS:
                break
            ends -= 1
        behind = one.near.split(" ")[len(before) if one.before else 0 :]
        places = [
            *((behind, at) for at in range(len(behind))),
            *((before, at) for at in reversed(range(len(before)))),
        ]
        for words, at in places:
            there = self.grammar.ratings.at(words, at)
            if there:
                return there[1]
        return ""

    def rated(self, one: Found) -> tuple[str, str, str, str]:
        """Return scheme, category, its kind and its words, of a figure that is a rating of a known year."""
        rating = self.rating(one) if one.indicator in {"org_quality_rating", "office_cell_quality"} else ""
        scheme = self._scheme(one) if rating else None
        for category in scheme.categories if scheme else ():
            if scheme and category.id == rating:
                words = category.printed[0] if category.printed else category.name.vi.casefold()
                return scheme.id, category.id, category.kind, words
        return "", "", "", ""

    def _scheme(self, one: Found) -> Scheme | None:
        group = "member" if one.subject.name == "member" else "organisation"
        for scheme in self.catalogue.schemes.values():
            if one.period and scheme.subject_group == group and scheme.covers(one.period.last_year):
                return scheme
        return None
