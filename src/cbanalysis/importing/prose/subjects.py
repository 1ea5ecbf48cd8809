"""What a number counts: the noun behind it, the head of its clause, or what the number before it counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.importing.prose.counts_and_shares import Amount
from cbanalysis.importing.prose.found import Found, Subject
from cbanalysis.importing.prose.grammar import Thing, grammar, pattern
from cbanalysis.importing.prose.tokens import Sentence

_PEOPLE = {"member", "village", "other"}
_ORGANISATIONS = {"grassroots_org", "branch_cell", "cell", "committee"}
_PLACES = {"district", "commune", "village"}
_DONE_TO = {"discipline", "inspect"}
_VAGUE = {"person", "generic", "people", "rated"}
_LOOK_BACK, _MOST_MARKER = 6, 2
# Cells that are none of an office: chi bộ trường học, y tế, quỹ tín dụng, doanh nghiệp, hợp tác xã.
_OWN_KIND = {"trường", "y", "trạm", "quỹ", "doanh", "hợp", "quân", "công"}
_DENIALS = {"không", "chưa"}
_BARE_COMMITTEE = 2
_NAMED_OTHERWISE = {"aim", "people", "person", "rated", "generic"}


@dataclass(frozen=True)
class Context:
    """What is known around a number before its subject is.

    Attributes
    ----------
    before : sequence of Found
        The figures before it in its paragraph.
    taken_in : bool
        Whether it counts people taken into the Party, or disciplined in it.
    rated : bool
        Whether a rating stands in its sentence.
    last : str
        The subject of the last figure, also of the paragraph before.
    heads : tuple of Thing
        What the head of the list is about whose item is read: "Kết quả xếp loại tổ chức cơ sở đảng:".
    """

    before: Sequence[Found]
    taken_in: bool = False
    rated: bool = False
    last: str = ""
    heads: tuple[Thing, ...] = ()


def subject_of(one: Found, context: Context, catalogue: Catalogue) -> Subject:
    """Return what a figure counts.

    Parameters
    ----------
    one : Found
        The figure.
    context : Context
        What is known around it.
    catalogue : Catalogue
        The subjects that there are.

    Returns
    -------
    Subject
        With name "" when nothing in the catalogue is counted.
    """
    sentence, amount = one.sentence, one.first
    # a number of all printed without its noun says no more than the figure that it belongs to
    context = replace(
        context, before=[other for other in context.before if not other.is_base or other.direct]
    )
    found = _direct(sentence, amount, context) or _unknown(sentence, amount)
    if found is None:
        before = context.before
        found = _head(sentence, amount, before, taken_in=context.taken_in) or _inherited(before)
    if not found.name and context.rated and (headed := _headed(sentence, amount, context.heads)):
        return Subject(headed.subject, "inherited", headed)
    if not found.name and one.verb == "discipline" and context.last == "member":
        return Subject("member", "inherited")  # "kỷ luật 60 đảng viên.\n\nVi phạm: quy chế 15 (25%)"
    if one.verb in _DONE_TO and found.name == "grassroots_org" and "cơ" not in sentence.keys[amount.end :]:
        found = replace(found, name="other")  # "kiểm tra 25 tổ chức đảng": of whatever level
    if found.name and found.name not in catalogue.subjects:
        return Subject("", "none")
    return found


def things_of_head(sentence: Sentence) -> tuple[Thing, ...]:
    """Return the organisations and members that the head of a list names; a share or number is none of it."""
    named = (thing for _, _, thing in grammar().things.within(sentence.keys))
    return tuple(
        one for one in named if one.subject in {*_ORGANISATIONS, "member"} and one.kind in {"", "under"}
    )


def _headed(sentence: Sentence, amount: Amount, heads: Sequence[Thing]) -> Thing | None:
    """Return what an item of a list of ratings counts: what its head names, persons or organisations."""
    if sentence.first_of(grammar().ratings) > _MOST_MARKER:
        return None  # "- Mặt trận: 60 tổ chức hoàn thành tốt nhiệm vụ"
    kind = amount.thing.kind
    people = [one for one in heads if one.subject == "member"]
    bodies = [one for one in heads if one.subject != "member"]
    fits = {"person": people, "generic": bodies}.get(kind, [] if amount.thing else [*heads])
    return fits[0] if len({one.subject for one in fits}) == 1 else None


def _direct(sentence: Sentence, amount: Amount, context: Context) -> Subject | None:
    thing = amount.thing
    if not thing:
        return None
    if thing.kind in _NAMED_OTHERWISE:
        return _named_otherwise(sentence, amount, thing, context)
    if thing.kind == "secretary":
        return Subject(_of_secretaries(sentence.keys[amount.end : amount.end + 12]), "person", thing)
    name = thing.subject
    if thing.kind == "head" and context.taken_in:
        return Subject("member", "direct", thing)  # "kết nạp 90 đảng viên, trong đó có 9 trưởng thôn"
    if thing.kind == "office":
        # "chi bộ cơ quan" of an agency, not of a commune: "chi bộ cơ quan hành chính", "… Sở Y tế"
        following = [*sentence.tokens[amount.thing_end : amount.thing_end + 1]]
        agency = any(token.capital or token.key in grammar().places.agencies for token in following)
        # "6 chi bộ cơ quan, doanh nghiệp"
        agency = agency or "doanh" in sentence.keys[amount.thing_end : amount.thing_end + 2]
        agency = agency or pattern("other_cells").search(sentence.flat) is not None
        name = "cell" if agency else name
    elif name == "cell" and thing.category and _within_branch_cells(sentence, amount, context.before):
        name = "branch_cell"
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
        verbs.left, verbs.right, verbs.plan, verbs.whole, grammar().ratings, grammar().parts.kinds,
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
        known = context.rated or context.taken_in
        return Subject(thing.subject if known else "", "person" if known else "none", thing)
    if thing.kind == "people":
        here = before and before[-1].sentence is sentence and before[-1].subject.name == "member"
        between = sentence.keys[before[-1].last.thing_end : amount.begin] if here else ()
        told = here and sentence.has(grammar().parts.cues, before[-1].last.end, amount.begin)
        # "45% là nữ, 30% là người dân tộc thiểu số": the list goes on
        told = told or (
            here and before[-1].first.percent and between in {(",",), (";",), ("và",), (",", "có")}
        )
        # such as "900 đảng viên, trong đó 12% là người dân tộc thiểu số"
        told = told and amount.percent and sentence.key(amount.end) == "là"
        behind = sentence.words(amount.thing_end)
        plain = amount.base_at is None and not amount.percent
        if told or (plain and pattern("are_members").match(behind)):
            return Subject("member", "person", thing)  # "6.400 hội viên Hội Nông dân là đảng viên"
        # such as "100% cán bộ quân sự là đảng viên"
        told = amount.percent and "là đảng viên" in sentence.words(amount.end)
        return Subject("other" if told else "", "none", thing)
    return _person(sentence, amount, thing, context)


def _kind_of_committee(sentence: Sentence, amount: Amount) -> str:
    """Return which committees a bare "đảng bộ" means: those of the level that was named before."""
    for at in range(amount.begin - 1, -1, -1):
        found = sentence.at(grammar().things, at)
        if found and found[1].subject == "grassroots_org":
            return "committee"  # "16 đảng bộ trực thuộc, 640 tổ chức cơ sở đảng (195 đảng bộ, …)"
        if found and found[1].subject in {"district_committee", "committee", "commune"}:
            counted = found[1].subject == "district_committee" and sentence.key(at - 1)[:1].isdigit()
            return found[1].subject if found[1].kind == "level" or counted else "committee"
    # "5/16 đảng bộ tổ chức xong đại hội đảng bộ cấp huyện"
    behind = grammar().things.within(sentence.keys, amount.thing_end)
    level = any(thing.subject == "district_committee" and thing.kind != "under" for _, _, thing in behind)
    return "district_committee" if level else "committee"


def _within_branch_cells(sentence: Sentence, amount: Amount, before: Sequence[Found]) -> bool:
    """Return whether cells are told as parts of those under committees: "14 chi bộ trực thuộc (10 …"."""
    near = bool(before) and before[-1].sentence is sentence and before[-1].subject.name == "branch_cell"
    begin = before[-1].last.end if near else 0
    opened = sentence.keys[amount.begin - 1] == "(" or sentence.has(grammar().parts.cues, begin, amount.begin)
    return near and opened


def _kind_of_cell(sentence: Sentence, amount: Amount, before: Sequence[Found]) -> str:
    """Return which cells a bare "chi bộ" means: those named before in its sentence, or just counted."""
    # "16/17 chi bộ cơ quan xã, 6/6 chi bộ quỹ tín dụng": those of a fund are none of an office
    if pattern("under").match(sentence.words(amount.thing_end)):
        return "branch_cell"  # "2.914 chi bộ và 5 đảng bộ bộ phận trực thuộc đảng bộ cơ sở"
    own = sentence.key(amount.thing_end) in _OWN_KIND or pattern("other_cells").search(sentence.flat)
    kinds = {"branch_cell", "cell"} | (set() if own else {"office_cell"})
    for at in range(amount.begin - 1, -1, -1):
        found = sentence.at(grammar().things, at)
        if found and found[1].subject in kinds - {"cell"}:
            return found[1].subject
        if found and found[1].category == "chi bộ cơ sở" and not sentence.key(at - 1)[:1].isdigit():
            return "grassroots_org"  # "chi bộ cơ sở có 30 chi bộ hoàn thành tốt nhiệm vụ"
    for one in reversed(before):
        if one.sentence.number < sentence.number - 1:
            break
        if one.count is not None and one.subject.name in kinds:
            return one.subject.name
    return "cell"


def _person(sentence: Sentence, amount: Amount, thing: Thing, context: Context) -> Subject:
    """Return whom "12 đồng chí" or "5 tổ chức" means."""
    before = context.before
    if thing.kind == "generic":
        own = (other.subject.thing for other in before)
        named = any(other is not None and other.subject == "grassroots_org" for other in own)
        head, first, _ = _heads(sentence, amount, before)
        head = first if sentence.key(amount.begin - 1) == "là" else head
        if head is not None and head.subject in _ORGANISATIONS:
            # "nâng tổng số chi bộ trực thuộc lên 19 đơn vị", "tổ chức đảng ở xã là 38 cơ sở"
            return Subject(head.subject, "head", head)
        near = bool(before) and before[-1].sentence is sentence
        if context.rated and near and before[-1].subject.name in _ORGANISATIONS:
            # such as "50 tổ chức cơ sở đảng …: hoàn thành tốt nhiệm vụ 33 đơn vị"
            return replace(before[-1].subject, said="inherited")
        organisation = sentence.key(amount.end) == "tổ" and named
        return Subject("grassroots_org", "person", thing) if organisation else Subject("", "none", thing)
    return _among_heads(sentence, amount, before) or _somebody(sentence, amount, thing, before)


def _among_heads(sentence: Sentence, amount: Amount, before: Sequence[Found]) -> Subject | None:
    """Return that heads of villages are counted: "157 trưởng thôn, trong đó có 60 đồng chí là nữ"."""
    for one in before:
        head = one.subject.thing if one.sentence is sentence else None
        if head and head.kind == "head" and sentence.has(grammar().parts.cues, one.last.end, amount.begin):
            return Subject(one.subject.name, "person", head)
    return None


def _somebody(sentence: Sentence, amount: Amount, thing: Thing, before: Sequence[Found]) -> Subject:
    """Return whom a figure of persons counts by those named last before it."""
    last = _last_named(sentence, amount.begin)
    head = _heads(sentence, amount, before)[0]
    if last is not None and last.kind == "committee" and (head is None or head.subject != "member"):
        earlier = [one.subject.thing for one in before[-_LOOK_BACK:]]
        office = any(one is not None and one.subject == "office_cell" for one in earlier)
        return Subject("office_cell" if office else "cell", "person", thing, of_committee=True)
    told = [one for one in before if one.first.thing.kind != "officer"]
    near = [one.subject.name for one in told[-1:] if one.sentence.number >= sentence.number - 1]
    heads = _of_secretaries(sentence.keys[amount.end : amount.end + 12])
    counted = sentence.keys[amount.begin - 1] in {"là", "có", ":"} and amount.begin > 1
    behind = [end for _, end, one in grammar().things.within(sentence.keys, 0, amount.begin) if one is last]
    if last is not None and last.kind == "officer" and counted and behind[-1] == amount.begin - 1:
        return Subject(last.subject, "person", thing)  # "cấp ủy viên là 85 đồng chí"
    if last is not None and last.kind == "officer" and near == ["member"]:
        last = None  # "27 người, kể cả 1 ủy viên; … là 133 người"
    things = [one for one in (head, last) if one is not None]
    names = [*(heads if one.kind == "secretary" else one.subject for one in things), *near]
    name = next((name for name in names if name in _PEOPLE), "")
    rating = sentence.at(grammar().ratings, amount.thing_end)
    if not name and rating and not pattern("more_words").match(sentence.key(rating[0])):
        # "Kết quả: 02 đồng chí hoàn thành xuất sắc nhiệm vụ", but not "… nhiệm vụ quốc tế"
        name = "member"
    if not name and pattern("board").search(sentence.words(0, amount.begin)):
        name = "other"
    return Subject(name, "person" if name else "none", thing)


def _of_secretaries(keys: Sequence[str]) -> str:
    """Return what secretaries stand for: villages where they are their heads, too."""
    return "village" if pattern("lifts").search(" ".join(keys)) else "other"


def _last_named(sentence: Sentence, stop: int) -> Thing | None:
    """Return the last thing named before a token that isn't a person itself."""
    for at, _, thing in reversed([*grammar().things.within(sentence.keys, 0, stop)]):
        # "trưởng thôn không phải là đảng viên có 8 người": heads of villages
        denied = sentence.key(at - 1) in {"là", "phải"} and _DENIALS & {*sentence.keys[max(0, at - 3) : at]}
        if thing.subject and thing.kind not in _VAGUE and not denied:
            return thing
    return None


def _heads(
    sentence: Sentence, amount: Amount, before: Sequence[Found]
) -> tuple[Thing | None, Thing | None, int]:
    """Return the last thing behind "tỷ lệ", "số" … since the figure before, the first, and from where."""
    own = (one.first for one in before if one.sentence is sentence and one.first.end <= amount.begin)
    begin = max((one.thing_end for one in own), default=0)
    begin = max([begin, *(mark + 1 for mark in range(begin, amount.begin) if sentence.keys[mark] == ";")])
    head: Thing | None = None
    first: Thing | None = None
    for at, end, thing in grammar().things.within(sentence.keys, begin, amount.begin):
        # such as "(đảng bộ cơ sở 85; chi bộ trực thuộc 1.061)"
        item = bool(begin) and end == amount.begin and sentence.keys[at - 1] in {"(", ";", ","}
        lead = grammar().numbers.heads.before(sentence.keys, at) or item
        # "huyện Nga Sơn" is where, not what
        named = end < len(sentence.tokens) and sentence.tokens[end].capital and not lead
        named = named and not grammar().ratings.at(sentence.keys, end)  # "đảng viên HTTNV 80%"
        if thing.subject and thing.kind not in _VAGUE and not named and (lead or thing.kind != "committee"):
            head = thing if lead else head
            first = first or thing
    return head, first, begin


def _head(sentence: Sentence, amount: Amount, before: Sequence[Found], *, taken_in: bool) -> Subject | None:
    """Return the noun that a clause is about: "Tỷ lệ đảng viên dự sinh hoạt chi bộ đạt 97%"."""
    head, first, begin = _heads(sentence, amount, before)
    thing = head or first
    if thing is None or (head is None and begin and not amount.percent):
        return None
    if taken_in and thing.subject in _PLACES and thing.kind != "head":
        return None  # "Các huyện kết nạp nhiều: A 120, B 118" counts no districts
    if taken_in and head is None and amount.percent and thing.subject in _ORGANISATIONS:
        return Subject("member", "head")  # "Đảng bộ phấn đấu kết nạp 3% so với tổng số đảng viên"
    name = thing.subject
    if thing.kind == "secretary":
        name = _of_secretaries(sentence.keys)
    if name == "cell" and not thing.category:
        name = _kind_of_cell(sentence, amount, before)
    return Subject(name, "head", thing)


def _inherited(before: Sequence[Found]) -> Subject:
    if not before or before[-1].subject.said == "none":
        return Subject("", "none")
    one, earlier = before[-1], before[-2] if len(before) > 1 else before[-1]
    if one.first.begin == earlier.first.thing_end + 1 and one.first.printed == earlier.first.printed:
        one = earlier  # "90% tổ chức đảng, đảng viên …; 5% …": of the first of both
    return replace(one.subject, said="inherited")
