"""Figures that are parts of one told before: "kết nạp 1.025 đảng viên, trong đó 14 …"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from cbanalysis.importing.prose.categories import begins_kind
from cbanalysis.importing.prose.found import Found, proves
from cbanalysis.importing.prose.grammar import grammar, pattern

_FAMILY = dict.fromkeys(("committee", "cell", "grassroots_org"), "grassroots_org") | {"branch_cell": "cell"}
_PEOPLE = {"member", "other", ""}
_FLOWS = {"admit", "confirm"}
_BESIDE = {"", "have", "copula", *_FLOWS}
_STOPS = {";", ",", ".", "(", ")"}
_DONE_TO = {"discipline", "inspect"}
_STATED = {"clause", "sentence"}
# Points that a share may lie beside count and base: sources round and truncate.
_MOST_APART = 1


def join_parts(kept: Sequence[Found], before: Sequence[Found], disciplined: Sequence[Found]) -> None:
    """Tell the parts among the figures of a sentence, and give them their whole as base.

    Parameters
    ----------
    kept : sequence of Found
        The figures of a sentence, in order, with their places; they are changed.
    before : sequence of Found
        Those of the sentence before, also of the paragraph before.
    disciplined : sequence of Found
        The members that the document says were disciplined, so far.
    """
    opened = _opened(kept, before, disciplined)
    whole = opened[-1] if opened else None
    told = whole is not None
    wholes = [*opened]
    previous = named_until = 0
    last: Found | None = None
    for one in kept:
        if one.is_base or one.of_target:
            continue
        keys = one.sentence.keys
        cue = one.sentence.has(grammar().parts.cues, previous, one.first.begin)
        # "kết nạp 67 đảng viên, gồm 30 trong độ tuổi Đoàn, 20 nữ", but "3 chi bộ, gồm 45 đảng viên"
        people = whole is not None and {whole.subject.name, one.subject.name} <= _PEOPLE
        cue = cue or (people and "gồm" in keys[previous : one.first.begin])
        ended = {";", ")"} & set(keys[previous : one.first.begin]) and _ended(keys, previous, one, whole)
        # "Trong đó, có 70 đảng viên nữ; 9 đảng viên là trưởng thôn …": the whole sentence tells parts
        ended = ended and not (one.sentence.goes_on and one.verb in _BESIDE - _FLOWS)
        # "trong đó, năm 2016 là 19 đảng viên; năm 2017 là 33 đảng viên"
        listed = last is not None and last.whole is whole is not None and _alike(one, last)
        # such as "vi phạm: quy chế 15 (25%); lối sống 14 (23,3%)"
        of_it = whole is not None and whole.count is not None and proves(one, int(whole.count.low))
        if ended and not cue and not listed and not of_it:
            told = False
        bracket = whole is not None and keys[named_until : one.first.begin] == ("(",)
        told = told or cue or (bracket and one.subject.name in {"member", "village"} and one.verb in _BESIDE)
        kind = one.subset if one.subject.name in _PEOPLE else None
        named = begins_kind(kind) or _officer(one)
        if told and whole is not None:
            # "có 43 chi bộ với 1.251 đảng viên, trong đó 30 chi bộ …": each has a whole of its own kind
            fits = [other for other in [*wholes, whole] if _fits(one, other, named=named)]
            proved = [other for other in fits if other.count and proves(one, int(other.count.low))]
            whole = [whole, *fits, *proved][-1]
        verb = grammar().verbs.left.before(keys, one.first.begin)
        own = verb is not None and verb[1] in _FLOWS  # "…; kết nạp mới được 2 đảng viên là chủ doanh nghiệp"
        alike = one.verb in {*_BESIDE - _FLOWS, whole.verb if whole else ""}
        # "14.218 đảng viên nữ; ở B có 11.000 đảng viên nữ": these are no part of those
        again = bool(kind) and whole is not None and begins_kind(whole.subset)
        same = told or (named and not own and alike and not again)
        if whole is not None and same and _fits(one, whole, named=named):
            _join(one, whole)
        elif not one.first.percent:
            # what is itself told as a part ("trong đó có 4.976 …") is no whole of the parts beside it
            whole, told = (None if told and whole is None else one), told and whole is None
            wholes += [one]
        previous, named_until, last = one.last.end, max(one.last.end, one.last.thing_end), one
    _join_sums(kept, [part.whole or part for part in before])


def _join_sums(kept: Sequence[Found], before: Sequence[Found]) -> None:
    """Join people who add up to those told before: "kỷ luật 20 đảng viên. Khiển trách 15, cảnh cáo 5"."""
    own = [one for one in kept if not one.is_base and one.count is not None]
    for whole in [*before, *(one for one in own if one.first.thing and one.first.thing.kind != "person")]:
        behind = own[own.index(whole) + 1 :] if whole in own else own
        left = whole.count.low if whole.count is not None else Decimal(0)
        parts: list[Found] = []
        for one in behind:
            things = [part.first.thing.subject for part in (one, whole) if part.direct]
            people = {one.subject.name, whole.subject.name, *things} <= _PEOPLE
            people = people or (whole.verb in _DONE_TO and len(things) > 1 and len({*things}) == 1)
            begin = parts[-1].last.end if parts else 0
            cue = bool(parts) and one.sentence.has(grammar().parts.cues, begin, one.first.begin)
            others = one.whole is not None and one.whole is not whole
            other = others and (cue or not any(one.whole is part for part in parts))
            other = other or one.target != whole.target
            # "kết nạp 120; chuyển chính thức 110, khai trừ 10": others than those admitted
            alike = one.verb in {*_BESIDE - _FLOWS, "which", whole.verb}
            if left <= 0 or other or not (people and alike) or not _fits(one, whole, named=True):
                break
            left -= one.first.low
            parts.append(one)
        if left == 0 and len(parts) > 1:
            for one in parts:
                if one.whole is not whole and one.whole is not None:
                    one.base = None  # "120 đảng viên. Nam 70, nữ 50": the fifty aren't of the seventy
                _join(one, whole)


def _officer(one: Found) -> bool:
    """Return whether it counts officers: "44 đảng viên bị kỷ luật, trong đó có 2 đảng ủy viên"."""
    return one.first.thing.kind == "officer"


def _alike(one: Found, last: Found) -> bool:
    """Return whether two figures are told alike: each behind "là", or disciplined, of the same subject."""
    return one.verb == last.verb in {"copula", "discipline"} and one.subject.name == last.subject.name


def _ended(keys: Sequence[str], previous: int, one: Found, whole: Found | None) -> bool:
    """Return whether parts end before a figure: at a semicolon, or where their own bracket closes."""
    between = keys[previous : one.first.begin]
    if ";" in between:
        return True
    opened = [at for at in range(previous) if keys[at] == "("]
    closed = sum(key == ")" for key in keys[:previous])
    own = bool(opened) and len(opened) > closed
    here = whole is not None and whole.sentence is one.sentence
    if own and whole and here and "riêng" in keys[opened[-1] : previous]:
        # "5 chi bộ (riêng loại A là 3), loại B 2": the two are no part of the five
        return not any(key[0].isdigit() for key in keys[whole.last.end : opened[-1]])
    return own and any(key in {"đó", "số", "gồm"} for key in keys[opened[-1] : previous])


def _opened(kept: Sequence[Found], before: Sequence[Found], disciplined: Sequence[Found]) -> list[Found]:
    """Return the wholes in the sentence before that a sentence goes on with: "Trong số đó có 610 …"."""
    first = next((one for one in kept if not one.is_base), None)
    if first is None:
        return []
    keys, cue = first.sentence.keys, first.sentence.goes_on
    unnamed = not first.direct or first.first.thing.kind == "person"
    if unnamed and first.verb == "discipline":
        # such as "kỷ luật 44 đảng viên. … Hình thức: khiển trách 34 đồng chí, cảnh cáo 10"
        return [one for one in disciplined if one.whole is None]
    # "Trong số đảng viên mới kết nạp có 32 …" goes on with those admitted, not with the last number
    strong = first.verb in grammar().verbs.people
    named_new = cue and {"mới", "nạp"} & set(keys[: first.first.begin])
    wholes = [
        one for one in (part.whole or part for part in before)
        if not one.is_base and not one.target and one.count is not None and one.whole is None
        and (not strong or one.verb == first.verb) and (not named_new or one.verb in grammar().verbs.people)
    ]  # fmt: skip
    unnamed = unnamed or any(part.whole is not None for part in before[-1:])
    goes_on = cue or (unnamed and begins_kind(first.subset))
    return wholes if goes_on else []


def _fits(one: Found, whole: Found, *, named: bool) -> bool:
    elsewhere = whole.place.names != one.place.names
    if whole.count is None or whole.count.high is not None or elsewhere or one.framing:
        return False
    if one.count is not None and one.count.low >= whole.count.low:
        return False
    if {one.period_said, whole.period_said} <= _STATED and one.period and whole.period:
        length = min(len(one.period.start), len(whole.period.start))
        if one.period.start[:length] > whole.period.end or whole.period.start[:length] > one.period.end:
            return False  # "Năm 2021 kết nạp 100. Năm 2020 kết nạp 60": of another time
    # "nâng tổng số lên 5.290 đảng viên, trong đó 130 …": only the first was raised
    begin = whole.last.end if whole.sentence is one.sentence else 0
    raised = pattern("raised_to").search(one.sentence.words(begin, one.first.begin))
    if raised or (one.verb in _FLOWS and whole.verb not in _FLOWS):
        return False
    mine, its = one.subject.name, whole.subject.name
    if its == "member":
        return mine == "member" or (named and mine in {"other", ""})
    return mine == its or _FAMILY.get(mine, mine) == _FAMILY.get(its, its)


def _join(one: Found, whole: Found) -> None:
    one.whole = whole
    if one.subject.name in {"", "other"} and not _officer(one):
        one.subject = replace(one.subject, name=whole.subject.name)
    if one.period_said not in _STATED and whole.period is not None:
        # "Trong số đó có 610 …" is of the time of the sentence before
        one.period, one.period_said = whole.period, whole.period_said
    if whole.count is None or one.base is not None or one.subject.name == "":
        return
    organisations = _FAMILY.get(one.subject.name) == "grassroots_org"
    # chi bộ cơ sở and đảng bộ cơ sở make up the organisations, each with a count of its own
    things = {part.first.thing.subject for part in (one, whole) if part.direct}
    other = things > {"grassroots_org"} and not things <= {"grassroots_org", "generic", ""}
    other = other or one.subject.thing.category.endswith("cơ sở")
    same = one.subject.name == whole.subject.name and not other
    if not organisations or same or whole.rated or whole.base is not None or whole.verb == "found":
        # "54/62 …, trong đó 9 …, chiếm 14,5%": the share tells of which number the part is
        of_all = whole.base is not None and proves(one, whole.base) and not proves(one, int(whole.count.low))
        number = int((whole.base if of_all else None) or whole.count.low)
        share = one.share.low if one.count and one.share else None
        if share is not None and abs(100 * one.first.low / number - share) > _MOST_APART:
            return  # "(540 đảng viên), trong đó có 460 …, chiếm 1,2%": the share is one of something else
        alone = (
            whole.sentence is one.sentence and "riêng" in one.sentence.keys[whole.last.end : one.first.begin]
        )
        if not alone or one.period == whole.period:
            # "Từ 2015 đến nay kết nạp 50, riêng năm 2019 kết nạp 11": of a year of its own
            one.base, one.base_said = number, "base"
