"""What a number counts: the noun behind it, the head of its clause, or what the number before it counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.importing.prose.amounts import Amount
from cbanalysis.importing.prose.grammar import Thing, grammar
from cbanalysis.importing.prose.tokens import Sentence

_LIFTS = {"kiêm", "đồng"}
_PEOPLE = {"member", "village", "other"}
_VAGUE = {"person", "generic", "people", "rated"}
_LOOK_BACK = 6
_BARE_COMMITTEE = 2
_NAMED_OTHERWISE = {"aim", "people", "person", "rated", "generic"}


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


@dataclass(frozen=True)
class Context:
    """What is known around a number before its subject is.

    Attributes
    ----------
    before : sequence of Before
        The figures before it in its paragraph.
    taken_in : bool
        Whether it counts people taken into the Party.
    rated : bool
        Whether a rating stands in its sentence.
    last : str
        The subject of the last figure, also of the paragraph before.
    """

    before: Sequence[Before]
    taken_in: bool = False
    rated: bool = False
    last: str = ""


class Before(NamedTuple):
    """A figure before: its sentence, what it begins with, what it counts."""

    sentence: Sentence
    amount: Amount
    subject: Subject


def subject_of(sentence: Sentence, amount: Amount, context: Context, catalogue: Catalogue) -> Subject:
    """Return what an amount counts.

    Parameters
    ----------
    sentence : Sentence
        Its sentence.
    amount : Amount
        The number.
    context : Context
        The figures before it in the paragraph, with what they count; whether it counts people taken into the
        Party; whether a rating stands in the sentence.
    catalogue : Catalogue
        The subjects that there are.

    Returns
    -------
    Subject
        With name "" when nothing in the catalogue is counted.
    """
    found = _direct(sentence, amount, context) or _unknown(sentence, amount)
    if found is None:
        before = context.before
        found = _head(sentence, amount, before) or _inherited(before)
    if found.name and found.name not in catalogue.subjects:
        return Subject("", "none")
    return found


def _direct(sentence: Sentence, amount: Amount, context: Context) -> Subject | None:
    thing = amount.thing
    if thing is None:
        return None
    if thing.kind in _NAMED_OTHERWISE:
        return _named_otherwise(sentence, amount, thing, context)
    if thing.kind == "secretary":
        lifted = _LIFTS & set(sentence.keys[amount.end : amount.end + 12])
        return Subject("village" if lifted else "other", "person", thing)
    name = thing.subject
    if thing.kind == "office" and _of_an_agency(sentence, amount.thing_end):
        name = "cell"
    elif name == "cell" and not thing.category and amount.thing_end - amount.end <= 4:
        name = _kind_of_cell(sentence, amount, context.before)
    elif name == "committee" and amount.thing_end - amount.end == _BARE_COMMITTEE:
        name = _kind_of_committee(sentence, amount)
    return Subject(name, "direct", thing)


def _unknown(sentence: Sentence, amount: Amount) -> Subject | None:
    """Return that a share is of something that the grammar has no word for: "100% trưởng các đoàn thể"."""
    keys, at = sentence.keys, amount.end
    at += 2 * (keys[at : at + 2] == ("trở", "lên"))
    at += sentence.key(at) == "số"
    following = sentence.tokens[at] if at < len(keys) else None
    if following is None or following.kind != "word":
        return None
    thing = sentence.at(grammar().things, at)
    if thing and not thing[1].subject:
        return Subject("other", "none")
    verbs = grammar().verbs
    phrases = (
        verbs.left, verbs.right, verbs.plan, verbs.whole, grammar().ratings, grammar().part_kinds,
        grammar().numbers.share, grammar().targets.ends,
    )  # fmt: skip
    numbers = grammar().numbers
    known = following.key in numbers.after_bare or following.key in numbers.goes_on
    known = known or any(words.at(keys, at) for words in phrases)
    return None if known else Subject("other", "none")


def _named_otherwise(sentence: Sentence, amount: Amount, thing: Thing, context: Context) -> Subject:
    """Return whom people mean that the catalogue counts only in some sentences."""
    before = context.before
    if thing.kind == "aim":
        named = before[-1].subject.name if before and before[-1].sentence is sentence else ""
        near = sentence.key(amount.begin - 1) == "/"
        return Subject(named if near else "", "person", thing)
    if thing.kind in {"people", "person"} and context.taken_in:
        return Subject("member", "person", thing)
    if thing.kind == "rated":
        return Subject(thing.subject if context.rated else "", "person" if context.rated else "none", thing)
    if thing.kind == "people":
        # such as "100% cán bộ quân sự là đảng viên"
        told = amount.percent and "là đảng viên" in " ".join(sentence.keys[amount.end :])
        return Subject("other" if told else "", "none", thing)
    return _person(sentence, amount, thing, context)


def _of_an_agency(sentence: Sentence, at: int) -> bool:
    """Return whether "chi bộ cơ quan" is of an agency, not of a commune: "chi bộ cơ quan hành chính"."""
    named = at < len(sentence.tokens) and sentence.tokens[at].capital
    return named or sentence.key(at) in grammar().places.agencies


def _kind_of_committee(sentence: Sentence, amount: Amount) -> str:
    """Return which committees a bare "đảng bộ" means: those of the level that was named before."""
    for at in range(amount.begin - 1, -1, -1):
        found = sentence.at(grammar().things, at)
        if found and found[1].subject in {"district_committee", "committee", "commune"}:
            return found[1].subject if found[1].kind == "level" else "committee"
    return "committee"


def _kind_of_cell(sentence: Sentence, amount: Amount, before: Sequence[Before]) -> str:
    """Return which cells a bare "chi bộ" means: those named before in its sentence, or just counted."""
    for at in range(amount.begin - 1, -1, -1):
        found = sentence.at(grammar().things, at)
        if found and found[1].subject in {"branch_cell", "office_cell"}:
            return found[1].subject
    for one, _, subject in reversed(before):
        if one.number < sentence.number - 1:
            break
        if subject.name in {"branch_cell", "office_cell", "cell"}:
            return subject.name
    return "cell"


def _person(sentence: Sentence, amount: Amount, thing: Thing, context: Context) -> Subject:
    """Return whom "12 đồng chí" or "5 tổ chức" means."""
    before = context.before
    if thing.kind == "generic":
        named = any(one.subject.name == "grassroots_org" for one in before)
        organisation = sentence.key(amount.end) == "tổ" and named
        return Subject("grassroots_org", "person", thing) if organisation else Subject("", "none", thing)
    last = _last_named(sentence, amount.begin)
    head = _heads(sentence, amount, before)[0]
    if last is not None and last.kind == "committee" and (head is None or head.subject != "member"):
        things = [one.subject.thing for one in before[-_LOOK_BACK:]]
        office = any(one is not None and one.subject == "office_cell" for one in things)
        return Subject("office_cell" if office else "cell", "person", thing, of_committee=True)
    near = [one.subject.name for one in before[-1:] if one.sentence.number >= sentence.number - 1]
    names = [head.subject if head else "", last.subject if last else "", *near]
    name = next((name for name in names if name in _PEOPLE), "")
    if not name and sentence.has(grammar().part_kinds, amount.end, amount.thing_end + 3):
        # "kết nạp 130 đảng viên.\n\nVề giới, 52 đồng chí là nữ"
        name = "member" if context.last == "member" else ""
    return Subject(name, "person" if name else "none", thing)


def _last_named(sentence: Sentence, stop: int) -> Thing | None:
    """Return the last thing named before a token that isn't a person itself."""
    named = [thing for _, _, thing in grammar().things.within(sentence.keys, 0, stop)]
    return next((one for one in reversed(named) if one.subject and one.kind not in _VAGUE), None)


def _heads(
    sentence: Sentence, amount: Amount, before: Sequence[Before]
) -> tuple[Thing | None, Thing | None, int]:
    """Return the last thing behind "tỷ lệ", "số" … since the figure before, the first, and from where."""
    ends = [
        one.amount.thing_end for one in before if one.sentence is sentence and one.amount.end <= amount.begin
    ]
    begin = max(ends, default=0)
    begin = max([begin, *(mark + 1 for mark in range(begin, amount.begin) if sentence.keys[mark] == ";")])
    head: Thing | None = None
    first: Thing | None = None
    for at, end, thing in grammar().things.within(sentence.keys, begin, amount.begin):
        lead = grammar().numbers.heads.before(sentence.keys, at)
        # "huyện Nga Sơn" is where, not what
        named = end < len(sentence.tokens) and sentence.tokens[end].capital and not lead
        if thing.subject and thing.kind not in {*_VAGUE, "committee"} and not named:
            head = thing if lead else head
            first = first or thing
    return head, first, begin


def _head(sentence: Sentence, amount: Amount, before: Sequence[Before]) -> Subject | None:
    """Return the noun that a clause is about: "Tỷ lệ đảng viên dự sinh hoạt chi bộ đạt 97%"."""
    head, first, begin = _heads(sentence, amount, before)
    thing = head or first
    if thing is None or (head is None and begin and not amount.percent):
        return None
    name = thing.subject
    if thing.kind == "secretary":
        name = "village" if _LIFTS & set(sentence.keys) else "other"
    if name == "cell" and not thing.category:
        name = _kind_of_cell(sentence, amount, before)
    return Subject(name, "head", thing)


def _inherited(before: Sequence[Before]) -> Subject:
    if not before or before[-1].subject.said == "none":
        return Subject("", "none")
    return replace(before[-1].subject, said="inherited")
