"""What a number counts: the noun behind it, the head of its clause, or what the number before it counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cbanalysis.catalogue import Catalogue
from cbanalysis.extract.amounts import Amount
from cbanalysis.extract.grammar import Grammar, Thing
from cbanalysis.extract.tokens import Sentence

__all__ = ["Subject", "subject_of"]

_CLAUSE = {";", "."}
_LIFTS = {"kiêm", "đồng"}


@dataclass(frozen=True)
class Subject:
    """A subject of the catalogue and how it was found (direct, head, person, inherited, none)."""

    name: str
    said: str
    thing: Thing | None = None
    of_committee: bool = False

    @property
    def category(self) -> str:
        """The printed kind, such as thôn or phường."""
        return self.thing.category if self.thing else ""


def subject_of(
    sentence: Sentence,
    grammar: Grammar,
    amount: Amount,
    before: Sequence[tuple[Sentence, Amount, Subject]],
    catalogue: Catalogue,
) -> Subject:
    """Return what an amount counts.

    Parameters
    ----------
    sentence : Sentence
        Its sentence.
    grammar : Grammar
        Knows what can be counted.
    amount : Amount
        The number.
    before : sequence
        The figures before it in the paragraph, with what they count.
    catalogue : Catalogue
        The subjects that there are.

    Returns
    -------
    Subject
        With name "" when nothing in the catalogue is counted.
    """
    found = _direct(sentence, grammar, amount, before) or _head(sentence, grammar, amount, before)
    if found is None:
        found = _inherited(sentence, amount, before)
    if found.name and found.name not in catalogue.subjects:
        return Subject("", "none")
    return found


def _direct(
    sentence: Sentence, grammar: Grammar, amount: Amount, before: Sequence[tuple[Sentence, Amount, Subject]]
) -> Subject | None:
    thing = amount.thing
    if thing is None:
        return None
    if thing.kind in {"person", "generic"}:
        return _person(sentence, grammar, amount, thing, before)
    if thing.kind == "secretary":
        lifted = _LIFTS & set(sentence.keys[amount.end : amount.end + 12])
        return Subject("village" if lifted else "other", "person", thing)
    if thing.subject == "cell" and not thing.category and amount.thing_end - amount.end <= 4:
        return Subject(_kind_of_cell(sentence, grammar, amount, before), "direct", thing)
    return Subject(thing.subject, "direct", thing)


def _kind_of_cell(
    sentence: Sentence, grammar: Grammar, amount: Amount, before: Sequence[tuple[Sentence, Amount, Subject]]
) -> str:
    """Return which cells a bare "chi bộ" means: those named before it in the sentence, or counted just before."""
    for at in range(amount.begin - 1, -1, -1):
        found = grammar.things.at(sentence.keys, at)
        if found and found[1].subject in {"branch_cell", "office_cell"}:
            return found[1].subject
    for one, _, subject in reversed(before):
        if one.number < sentence.number - 1:
            break
        if subject.name in {"branch_cell", "office_cell", "cell"}:
            return subject.name
    return "cell"


def _person(
    sentence: Sentence,
    grammar: Grammar,
    amount: Amount,
    thing: Thing,
    before: Sequence[tuple[Sentence, Amount, Subject]],
) -> Subject:
    """Return whom "12 đồng chí" or "5 tổ chức" means."""
    if thing.kind == "generic":
        for one, _, subject in reversed(before):
            if one.number >= sentence.number - 1 and subject.name == "grassroots_org":
                return Subject(subject.name, "person", thing)
        if "tổ" in sentence.keys[amount.end : amount.end + 2] and any(
            subject.name == "grassroots_org" for _, _, subject in before
        ):
            return Subject("grassroots_org", "person", thing)
        return Subject("", "none", thing)
    keys = sentence.keys
    last: tuple[int, Thing] | None = None
    at = 0
    while at < amount.begin:
        found = grammar.things.at(keys, at)
        if found and found[1].subject and found[1].kind not in {"person", "generic"}:
            last = (at, found[1])
        at = found[0] if found else at + 1
    if last is not None and last[1].kind == "committee":
        office = any(
            subject.thing is not None and subject.thing.subject == "office_cell" for _, _, subject in before[-6:]
        )
        return Subject("office_cell" if office else "cell", "person", thing, of_committee=True)
    head = _head(sentence, grammar, amount, before, anyway=True)
    if head is not None and head.name in {"member", "village", "other"}:
        return Subject(head.name, "person", thing)
    if last is not None and last[1].subject in {"member", "village", "other"}:
        return Subject(last[1].subject, "person", thing)
    for one, _, subject in reversed(before):
        if one.number >= sentence.number - 1 and subject.name in {"member", "village", "other"}:
            return Subject(subject.name, "person", thing)
        if one.number >= sentence.number - 1:
            break
    return Subject("other", "person", thing)


def _head(
    sentence: Sentence,
    grammar: Grammar,
    amount: Amount,
    before: Sequence[tuple[Sentence, Amount, Subject]],
    *,
    anyway: bool = False,
) -> Subject | None:
    """Return the noun that a clause is about: "Tỷ lệ đảng viên dự sinh hoạt chi bộ đạt 97%"."""
    keys = sentence.keys
    begin = 0
    for one, other, _ in before:
        if one is sentence and other.end <= amount.begin:
            begin = max(begin, other.thing_end)
    head: tuple[int, Thing] | None = None
    first: tuple[int, Thing] | None = None
    at = begin
    while at < amount.begin:
        found = grammar.things.at(keys, at)
        if found:
            end, thing = found
            named = end < len(sentence.tokens) and sentence.tokens[end].capital
            lead = grammar.numbers.heads.before(keys, at, 3)
            if thing.subject and thing.kind not in {"person", "generic", "committee"} and not (named and not lead):
                if lead and (lead[1] not in {"về", "với"} or sentence.tokens[max(0, at - 1)].start >= 0):
                    head = (at, thing)
                first = first or (at, thing)
            at = end
        else:
            at += 1
    chosen = head or first
    if chosen is None:
        return None
    thing = chosen[1]
    if amount.thing is not None and not anyway:
        return None
    if anyway and head is None:
        return None
    if head is None and begin and not amount.percent:
        return None
    name = thing.subject
    if thing.kind == "secretary":
        name = "village" if _LIFTS & set(keys) else "other"
    if name == "cell" and not thing.category:
        name = _kind_of_cell(sentence, grammar, amount, before)
    return Subject(name, "head", thing)


def _inherited(
    sentence: Sentence, amount: Amount, before: Sequence[tuple[Sentence, Amount, Subject]]
) -> Subject:
    for one, _, subject in reversed(before):
        if one.number >= sentence.number - 1:
            return Subject(subject.name, "inherited", subject.thing, subject.of_committee)
        break
    return Subject("", "none")
