"""Figures that are parts of one told before: "kết nạp 1.025 đảng viên, trong đó 14 …"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import takewhile

from cbanalysis.importing.prose.found import Found, proves
from cbanalysis.importing.prose.grammar import grammar

_FAMILY = dict.fromkeys(("committee", "cell", "grassroots_org"), "grassroots_org") | {"branch_cell": "cell"}
_PEOPLE = {"member", "other", ""}
_FLOWS = {"admit", "confirm"}
_BESIDE = {"", "have", "copula", *_FLOWS}
_STOPS = {";", ",", ".", "(", ")"}
_DONE_TO = {"discipline", "inspect"}
_STATED = {"clause", "sentence"}
_SILENT = {"chiếm", "là", "có", ":", "đạt", "với", "đã", "tỷ", "lệ", "gần", "trên", "hơn", "khoảng"}
_RAISED = re.compile(r"\bnâng [^,;]*$")
_RAISING = re.compile(r", (?:qua đó |đã )?nâng (?:tổng )?số đảng viên ")
_AGED = re.compile(r"(?:trên|dưới|ngoài|từ) (?:[0-9]+ (?:-|–|đến) )?[0-9]+ (?:năm )?tuổi\b")
_TRAILING = re.compile(rf"(?: (?:{'|'.join([*_SILENT, 'và', 'ít', 'nhất', 'từ', 'trong'])}))+$")
_LEADS = {"trình", "độ", "là", "có", "đã", "tốt", "nghiệp", "và"}
_ALSO = {(",",), ("và",)}
_MOST_BEHIND = 8
_MOST_BEFORE = 6
_MOST_WORDS = 12
_ENDS = {"được", "đạt", "chiếm", "để", "nhằm", "góp", "theo", "qua", "vượt", "nâng", "tăng", "giảm"}
_OFFICES = {"hội", "đoàn", "các", "cấp", "cơ", "sở"}
_AGES = {"dưới", "trên", "từ", "đến", "-", "–", "lớp", "năm"}
_RAISES = {"lên", "là", "đạt", "có", "còn", "hiện", "nay"}
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
        if one.is_base:
            continue
        keys = one.sentence.keys
        cue = one.sentence.has(grammar().part_cues, previous, one.first.begin)
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
        kind = _kind(one, previous) if one.subject.name in _PEOPLE else None
        named = kind is not None or _officer(one)
        if told and whole is not None:
            # "có 43 chi bộ với 1.251 đảng viên, trong đó 30 chi bộ …": each has a whole of its own kind
            fits = [other for other in [*wholes, whole] if _fits(one, other, named=named)]
            proved = [other for other in fits if other.count and proves(one, int(other.count.low))]
            whole = [whole, *fits, *proved][-1]
        verb = grammar().verbs.left.before(keys, one.first.begin)
        own = verb is not None and verb[1] in _FLOWS  # "…; kết nạp mới được 2 đảng viên là chủ doanh nghiệp"
        alike = one.verb in {*_BESIDE - _FLOWS, whole.verb if whole else ""}
        # "14.218 đảng viên nữ; ở B có 11.000 đảng viên nữ": these are no part of those
        again = bool(kind) and whole is not None and kind == (whole.part_kind or part_of_members(whole))
        same = told or (named and not own and alike and not again)
        if whole is not None and same and _fits(one, whole, named=named):
            _join(one, whole)
            one.part_kind = kind or ""
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
            things = [part.first.thing.subject for part in (one, whole) if part.first.thing is not None]
            people = {one.subject.name, whole.subject.name, *things} <= _PEOPLE
            people = people or (whole.verb in _DONE_TO and len(things) > 1 and len({*things}) == 1)
            begin = parts[-1].last.end if parts else 0
            cue = bool(parts) and one.sentence.has(grammar().part_cues, begin, one.first.begin)
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
    return one.first.thing is not None and one.first.thing.kind == "officer"


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
    if (
        own
        and "riêng" in keys[opened[-1] : previous]
        and whole is not None
        and whole.sentence is one.sentence
    ):
        # "5 chi bộ (riêng loại A là 3), loại B 2": the two are no part of the five
        return not any(key[0].isdigit() for key in keys[whole.last.end : opened[-1]])
    return own and any(key in {"đó", "số", "gồm"} for key in keys[opened[-1] : previous])


def _opened(kept: Sequence[Found], before: Sequence[Found], disciplined: Sequence[Found]) -> list[Found]:
    """Return the wholes in the sentence before that a sentence goes on with: "Trong số đó có 610 …"."""
    first = next((one for one in kept if not one.is_base), None)
    if first is None:
        return []
    keys, cue = first.sentence.keys, first.sentence.goes_on
    unnamed = first.first.thing is None or first.first.thing.kind == "person"
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
    goes_on = cue or (unnamed and _kind(first, 0) is not None)
    return wholes if goes_on else []


def _kind(one: Found, begin: int) -> str | None:
    """Return the sub-kind that the words beside a figure print ("" for one without a name), None for none."""
    keys = one.sentence.keys
    if one.first.thing is not None and one.first.thing.kind == "people":
        # "4 quần chúng là học sinh"
        kinds = (_kind_at(keys, at) for at in (one.first.end, one.first.thing_end))
        return next((kind[1] for kind in kinds if kind), "")
    behind = range(one.first.end, min(len(keys), one.first.thing_end + _MOST_BEHIND))
    # "2 huyện ủy viên và 12 đảng viên nữ": what stands behind another number is said of that
    places = [*takewhile(lambda at: keys[at] not in _STOPS and not keys[at][0].isdigit(), behind)]
    if one.first.thing is None or one.first.thing.kind == "person":
        if own := _alone(keys[_since_mark(keys, one.first.begin) : one.first.begin]):
            return own
        back = max(begin, one.first.begin - _MOST_BEFORE)
        ends = [mark + 1 for mark in range(back, one.first.begin) if keys[mark] in {";", "."}]
        places += range(max([back, *ends]), one.first.begin)
    units = grammar().part_units
    leads = (units.before_units.at(keys, at) for at in places)
    worked = next((unit[1] for lead in leads if lead and (unit := units.units.at(keys, lead[0]))), None)
    found = [kind[1] for at in places if (kind := _kind_at(keys, at))]
    return next((kind for kind in found if kind), worked or next(iter(found), None))


def _kind_at(keys: Sequence[str], at: int) -> tuple[int, str] | None:
    """Return where the kind that begins at a place ends, and its name: "nữ là người dân tộc" are of two."""
    kind = grammar().part_kinds.at(keys, at)
    more = grammar().part_kinds.at(keys, kind[0]) if kind and kind[1] else None
    two = kind is not None and more is not None and more[1] not in {"", kind[1]}
    return (more[0], f"{kind[1]} {more[1]}") if kind and more and two else kind


def _raised(one: Found) -> int:
    """Return where "nâng số đảng viên có đạo lên 54" says who they are; before or behind the number."""
    keys, first = one.sentence.keys, one.first
    begin = max((at + 1 for at in range(first.begin) if keys[at] in _STOPS), default=0)
    for at in range(begin, first.begin):
        kind = _kind_at(keys, at) if keys[max(0, at - 3) : at] == ("số", "đảng", "viên") else None
        if kind and {*keys[kind[0] : first.begin]} <= _RAISES:
            return at
    # "kết nạp 51 đảng viên, nâng số đảng viên có đạo lên 54": those are, too
    behind = keys[first.thing_end : first.thing_end + _MOST_BEHIND]
    told = _RAISING.match(" ".join(behind)) if one.verb == "admit" else None
    return first.thing_end + told[0].count(" ") if told else len(keys)


def part_of_members(one: Found) -> str | None:
    """Return which of the members a figure counts, by the words right at "đảng viên": "đảng viên nữ"."""
    keys, first = one.sentence.keys, one.first
    if one.subject.name != "member":
        return None
    if first.thing is not None and first.thing.kind == "people":
        return _kind(one, 0)  # "23 học sinh được kết nạp"
    if _AGED.match(" ".join(keys[first.thing_end :])):
        return ""
    if grammar().part_units.groups.at(keys, first.thing_end):
        return unit_of(one)
    begin = max((at + 1 for at in range(first.begin) if keys[at] in _STOPS), default=0)
    behind = range(first.end, first.thing_end + 1 if first.thing is not None else first.end)
    # "45.000 đảng viên (dự bị 1.200 đồng chí)" are all of them
    places = [*takewhile(lambda at: at < len(keys) and keys[at] not in _STOPS, behind)]
    if first.percent or first.thing is None or first.thing.kind == "person":
        places += [at + 2 for at in range(begin, first.begin) if keys[at : at + 2] == ("đảng", "viên")]
    if keys[first.thing_end : first.thing_end + 2] == ("đều", "là"):
        places.append(first.thing_end + 1)
    places.append(_raised(one))
    end, kind = next((found for at in places if (found := _kind_at(keys, at))), (0, None))
    if end and keys[end : end + 1] in _ALSO and grammar().part_kinds.at(keys, end + 1):
        return ""  # "12.000 đảng viên là công nhân, nông dân": of no one kind
    return kind or unit_of(one) or kind


def words_of_part(one: Found) -> str:
    """Return the words of a part that no kind names: "trình độ đại học chiếm 45%"; "" without."""
    keys, first = one.sentence.keys, one.first
    begin = _since_mark(keys, first.begin)
    if first.thing is not None and first.thing.kind == "people":
        anyone = grammar().part_units.anyone.at(keys, first.end)
        if not anyone or anyone[0] < first.thing_end:
            stop = first.thing_end
            while stop < len(keys) and (
                keys[stop] in _OFFICES or one.sentence.tokens[stop].text[:1].isupper()
            ):
                stop += 1  # "15 cán bộ Hội các cấp"
            return " ".join(keys[first.end : stop])
    if (first.thing is None or first.thing.kind == "person") and (own := _alone(keys[begin : first.begin])):
        return own
    behind = range(first.end, min(len(keys), first.thing_end + _MOST_BEFORE))
    stop = next((at for at in range(first.end, len(keys)) if _ends_part(keys, at)), len(keys))
    for places, end in ((range(begin, first.begin), first.begin), (behind, stop)):
        for at in places:
            group = grammar().part_units.groups.at(keys, at) if at == first.thing_end else None
            kind = (group[0], "") if group else grammar().part_kinds.at(keys, at)
            if kind and not kind[1] and kind[0] <= end:
                words = _TRAILING.sub("", " ".join(keys[at:end])).replace(" ,", ",")
                words = words.removeprefix("là ").removeprefix("có ")
                return words if 1 < words.count(" ") + 1 <= _MOST_WORDS else ""
    return ""


def _ends_part(keys: Sequence[str], at: int) -> bool:
    """Return whether the words of a part end: at a mark or number, but not in "cao đẳng, đại học"."""
    listed = keys[at] == "," and grammar().part_units.alone.at(keys, at + 1) is not None
    return not listed and (
        keys[at] in _STOPS | _ENDS or (keys[at][0].isdigit() and keys[at - 1] not in _AGES)
    )


def _since_mark(keys: Sequence[str], at: int) -> int:
    """Return where the words begin that stand between the last mark or number and a place."""
    marks = (mark + 1 for mark in range(at) if keys[mark] in _STOPS or keys[mark][0].isdigit())
    return max(marks, default=0)


def _alone(keys: Sequence[str]) -> str:
    """Return which part words before a number name by themselves: "; cao đẳng chiếm 19%"."""
    begin = next((at for at, key in enumerate(keys) if key not in _LEADS), len(keys))
    found = grammar().part_units.alone.at(keys, begin)
    if not found or not {*keys[found[0] :]} <= _SILENT:
        return ""
    return found[1] or " ".join(keys[begin : found[0]])


def unit_of(one: Found) -> str:
    """Return where those counted work, as printed behind them: "90 đảng viên trong doanh nghiệp tư nhân"."""
    keys, units = one.sentence.keys, grammar().part_units
    behind = range(one.first.thing_end, min(len(keys), one.first.thing_end + _MOST_BEHIND))
    cells = one.first.thing is not None and one.first.thing.subject in {"cell", "committee", "grassroots_org"}
    for own in (units.units, units.cell_units) if cells else ():
        if found := own.at(keys, one.first.thing_end):
            return found[1]  # "30 chi bộ doanh nghiệp tư nhân"
    for at in takewhile(lambda at: keys[at] not in _STOPS and not keys[at][0].isdigit(), behind):
        lead = units.before_units.at(keys, at)
        if lead and (unit := units.units.at(keys, lead[0])):
            return unit[1]
    return ""


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
    raised = _RAISED.search(" ".join(one.sentence.keys[begin : one.first.begin]))
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
    things = {part.first.thing.subject for part in (one, whole) if part.first.thing is not None}
    other = things > {"grassroots_org"} and not things <= {"grassroots_org", "generic", ""}
    same = one.subject.name == whole.subject.name and not one.subject.category.endswith("cơ sở") and not other
    if not organisations or same or whole.rated or whole.base is not None or whole.verb == "found":
        # "54/62 …, trong đó 9 …, chiếm 14,5%": the share tells of which number the part is
        of_all = whole.base is not None and proves(one, whole.base) and not proves(one, int(whole.count.low))
        number = int((whole.base if of_all else None) or whole.count.low)
        share = one.share.low if one.count and one.share else None
        if share is not None and abs(100 * one.first.low / number - share) > _MOST_APART:
            return  # "(540 đảng viên), trong đó có 460 …, chiếm 1,2%": the share is one of something else
        one.base, one.base_said = number, "base"
