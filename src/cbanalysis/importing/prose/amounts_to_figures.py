"""Amounts to figures: a count with its share and its base, and the amounts that are no figures after all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.importing.prose.counts_and_shares import Amount, Aside, counted_thing
from cbanalysis.importing.prose.found import Found, Subject, proves
from cbanalysis.importing.prose.grammar import Thing, grammar, pattern
from cbanalysis.importing.prose.subjects import Context, subject_of
from cbanalysis.importing.prose.tokens import Sentence
from cbanalysis.importing.prose.verbs import verb_of

_MOST_WORDS_BETWEEN = 14
_OF_PLAN = {"đạt", "bằng"}
_OF_A_PLAN = {("theo", "kế"), ("theo", "chỉ"), ("theo", "nghị")}
_STANDS_FOR = {"thay mặt", "thay mặt cho", "đại diện", "đại diện cho"}
_ALL = 100
MOST_ADMITTED = 25
"""No party takes in a quarter of its members in a year, in percent."""


def shared(sentence: Sentence, count: Amount, share: Amount) -> bool:
    """Return whether a share belongs to the count before it: "62 chi bộ …, chiếm tỷ lệ 50%"."""
    if count.percent or not share.percent or count.high is not None or count.zero:
        return False
    keys = sentence.keys
    begin = share.begin
    # "chiếm khoảng 2%": the cue stands before the words of the number
    cue = grammar().numbers.share.before(keys, begin)
    if cue is None:
        return False
    between = keys[count.end : cue[0]]
    own = keys[share.end : share.end + 1] == ("là",) or bool(sentence.at(grammar().things, share.end))
    own = own or bool(grammar().parts.kinds.at(keys, share.end))  # "30 đảng viên; chiếm 60% là nữ"
    if between[-1:] == (";",) and cue[1].startswith("chiếm") and not own:
        between = between[:-1]  # "7.600 thôn đã có chi bộ; chiếm 92%"
    far = len(between) > _MOST_WORDS_BETWEEN * 2 or ";" in between or ":" in between
    if far or _another(keys, max(count.end, count.thing_end), cue[0]):
        return False
    heads = [*grammar().numbers.heads.within(keys, count.end, cue[0])]
    if any(head.endswith((" kết nạp", " phát triển")) for _, _, head in heads):
        return False
    return not any(
        head in {"tỷ lệ", "tỉ lệ", "số"} and sentence.at(grammar().things, end) for _, end, head in heads
    )


def _another(keys: Sequence[str], begin: int, end: int) -> bool:
    """Return whether words go on to a part or a place: "trong đó đảng viên nữ", ", huyện Tân Yên"."""
    parts = grammar().parts.cues.within(keys, begin, end)
    places = (keys[at] == "," and grammar().places.levels.at(keys, at + 1) for at in range(begin, end))
    members = any(keys[at : at + 3] == (",", "đảng", "viên") for at in range(begin, end))
    return any(part.startswith("trong") for _, _, part in parts) or any(places) or members


def of_else(sentence: Sentence, share: Amount, *, flow: bool) -> str:
    """Return of what a share behind a count is besides the count's whole: "target", "others"; else "".

    Parameters
    ----------
    sentence : Sentence
        Theirs.
    share : Amount
        The share.
    flow : bool
        Whether the count is of people taken in: "kết nạp 121 đảng viên, đạt 80,6%" speaks of the plan.
    """
    keys, plans = sentence.keys, grammar().verbs.plan
    whole, plan = grammar().verbs.whole.at(keys, share.end), plans.at(keys, share.end)
    if whole and (not plan or whole[0] >= plan[0]) and share.low <= _ALL:
        return ""
    if plan is None and sentence.key(share.end) != ",":
        # "(chiếm 28%, so với năm 2016 tăng 4%)" tells a change besides the share
        plan = plans.at(keys, share.end + 1)
    if plan is not None:
        return plan[1]
    cue = grammar().numbers.share.before(keys, share.begin)
    if share.low <= MOST_ADMITTED and cue is not None and {"tỷ", "tỉ"} & set(cue[1].split(" ")):
        return ""  # "kết nạp 358 đảng viên, đạt tỷ lệ 7,6%": a rate is one of all members
    planned = flow and cue is not None and bool(_OF_PLAN & set(cue[1].split(" ")))
    return "target" if planned else "others" if share.low > _ALL else ""


def whole_of(sentence: Sentence, found: Sequence[Amount]) -> dict[int, int]:
    """Return for counts, by place in the list, the place of the number of all: 62 … trong tổng số 124."""
    bases: dict[int, int] = {}
    for at in range(1, len(found)):
        count, base = found[at - 1], found[at]
        if base.percent or base.high is not None or count.high is not None or count.base:
            continue
        between = sentence.keys[count.end : base.begin]
        if len(between) > _MOST_WORDS_BETWEEN or {";", ":"} & set(between):
            continue
        cue = grammar().numbers.whole.before(sentence.keys, base.begin)
        things = [(one.thing.subject, one.thing.kind) for one in (count, base) if one.thing]
        same = things == [("member", "")] * 2
        if cue and cue[1] in _STANDS_FOR and not same:
            continue  # "300 đại biểu, đại diện cho 9.000 đảng viên", "12 đảng viên, đại diện cho 40 hộ"
        if sentence.keys[base.thing_end : base.thing_end + 2] in _OF_A_PLAN:
            continue
        if cue and cue[0] >= count.end and (count.percent or base.low >= count.low):
            bases[at - 1] = at
    return bases


_FAMILY = {"branch_cell": "cell", "committee": "grassroots_org"}
_THRESHOLD = "threshold that says which units are counted"
_NOTHING = "nothing that the catalogue counts"
_PLANNED = "share of a plan"
_ELSEWHERE = "share of a plan or of something else"
# "hoàn thành 12/12 mục tiêu đề ra"
_ORGANISATIONS = {"grassroots_org", "branch_cell", "cell", "committee", "district_committee"}
_AIMS = {"mục", "chỉ", "nhóm", "tiêu", "giải", "nhiệm", "nội"}
_FLOWS = {"admit", "confirm"}
# Verbs that only say that there are some.
_SAYING = {"", "have", "copula"}
# As those in brackets are told: "420 đảng viên (165 nữ, 30 được miễn sinh hoạt)".
_PASSIVES = {"được", "bị"}
_BEHIND_BOTH = 12
_COMRADES = {"đồng", "đ", "đc", "cá"}
_CLAUSE_ENDS, _SHORTLY_BEFORE, _BEHIND = {";", "."}, 4, 12
# No party takes in more than one for every four members that it has.
_MOST_ADMITTED = 4


def figures_of(
    sentence: Sentence, amounts: Sequence[Amount], known: Context, catalogue: Catalogue, *, headed: bool
) -> tuple[list[Found], list[Aside]]:
    """Return the figures that amounts make up, and the amounts that are none.

    Parameters
    ----------
    sentence : Sentence
        Theirs.
    amounts : sequence of Amount
        In order.
    known : Context
        The figures before it, and what the head of its list names.
    catalogue : Catalogue
        The subjects that there are.
    headed : bool
        Whether they may be a list of those admitted, by a sentence before.

    Returns
    -------
    tuple of list of Found and list of Aside
        Both in order.
    """
    earlier, last = known.before, known.last
    rated = sentence.has(grammar().ratings)
    bases = whole_of(sentence, amounts)
    kept: list[Found] = []
    left: list[Aside] = []
    at = 0
    while at < len(amounts):
        amount, base = amounts[at], None
        following = at + 1
        if at in bases:
            base = amounts[bases[at]]
            # "662 trong tổng số 686 tổ chức cơ sở đảng"
            thing = amount.thing or base.thing
            amount = replace(amount, base=int(base.low), base_at=(base.begin, base.end), thing=thing)
            following = bases[at] + 1
        share = None
        pair = _with_parts(sentence, amounts[at : following + 1], [*earlier, *kept])
        if pair:
            amount, share = pair
            following += 1
        # in brackets behind a share and the words of its whole: either the whole or the part
        unclear = not pair and at > 0 and _bracketed(sentence, amounts[at - 1], amounts[at])
        verb = "which" if unclear else _verb(sentence, amount, amounts, headed=headed)
        if not pair and following < len(amounts):
            reach = replace(amount, end=base.end) if base else amount
            share = amounts[following] if shared(sentence, reach, amounts[following]) else None
            following += share is not None
        share, planned, refused = _of_what(sentence, amount, share, verb) if not pair else (share, None, [])
        left += refused
        count, part = (None, amount) if amount.percent else (amount, share)
        one = Found(sentence, count, part, Subject("", "none"), verb=verb, rated=rated, planned=planned)
        one.base_of = "target" if _reaches_target(one) else ""
        reason = _refused(one, amounts[at - 1] if at else None)
        if not reason:
            before = [*earlier, *kept]
            taken_in = _of_members(sentence, amount, verb, before, last)
            about = replace(known, before=before, taken_in=taken_in, rated=rated)
            one.subject = subject_of(one, about, catalogue)
            if one.of_target:
                one.subject = Subject("member", "head")
            reason = "" if one.subject.name else _NOTHING
        if reason:
            left += [Aside(each.begin, each.end, reason) for each in (amount, base, share) if each]
        else:
            unsaid, whole = _based(one, amount, base)
            left += unsaid
            kept += [one, *whole, *_of_both(one)]
        at = following
    _sum(kept)
    _frame(kept)
    _prove(kept, earlier)
    return kept, left


def _of_members(sentence: Sentence, amount: Amount, verb: str, before: Sequence[Found], last: str) -> bool:
    """Return whether people were admitted or disciplined, or are parts: "trong đó có 84 đoàn viên"."""
    kind = amount.thing.kind
    person = kind == "person" or sentence.key(amount.end) == "cá"
    done_to = verb == "discipline" or (verb == "inspect" and sentence.key(amount.end) in _COMRADES)
    # "xử phạt 12 trường hợp lấn chiếm", "đội quản lý thị trường kiểm tra 25 đồng chí" are no members
    member = before[-1].subject.name == "member" if before else last == "member"
    member = member or (verb == "discipline" and sentence.key(amount.end) in _COMRADES - {"cá"})
    done_to = done_to and (member or pattern("of_the_party").search(sentence.flat) is not None)
    if verb in grammar().verbs.people or (person and done_to):
        return True
    admitted = next((one for one in before if one.verb in grammar().verbs.people), None)
    if admitted is None or kind not in {"people", "person", "head"}:
        return False
    begin = admitted.last.end if admitted.sentence is sentence else 0
    listed = "gồm" in sentence.keys[begin : amount.begin]
    return listed or sentence.has(grammar().parts.cues, begin, amount.begin)


def _refused(one: Found, previous: Amount | None) -> str:
    """Return why amounts are no figure; "" where they are one."""
    impossible = next((reason for amount in one.amounts if (reason := _impossible(amount, one.verb))), "")
    keys = one.sentence.keys
    if one.count is None and (plan := grammar().verbs.plan.at(keys, one.last.end)):
        if one.of_target:
            return ""
        impossible = _PLANNED if plan[1] == "target" else impossible
    if impossible:
        return impossible
    if one.count is None:
        return _THRESHOLD if previous is not None and _describes(one.sentence, previous, one.last) else ""
    if one.direct or one.share is not None:
        return ""
    bare = one.count.base_at is None
    if bare and pattern("printed_year").fullmatch(one.count.printed):
        return "date or period"
    following = one.sentence.tokens[one.count.end] if one.count.end < len(keys) else None
    word = following is not None and following.kind != "mark"
    silent = following is not None and (
        following.key in _PASSIVES or following.key in grammar().numbers.after_bare
    )
    other = word and not silent
    other = other and not grammar().parts.kinds.at(keys, one.count.end)  # "(12 nữ, 3 dự bị)"
    aim = one.verb != "admit" and following is not None and following.key in _AIMS
    return _NOTHING if (bare and other) or (not bare and aim) else ""


def _impossible(amount: Amount, verb: str) -> str:
    """Return why no figure can have an amount; "" where one can."""
    ends = [amount.low] if amount.high is None else [amount.low, amount.high]
    if amount.percent and ends[-1] > 100:
        return "a share over 100 %"
    if not amount.percent and any(end != end.to_integral_value() for end in ends):
        return "a mean, not a count"
    over = amount.base is None and amount.base_at is not None
    return "a part larger than its whole" if over and (verb != "admit" or not amount.thing) else ""


def _with_parts(
    sentence: Sentence, amounts: Sequence[Amount], before: Sequence[Found]
) -> tuple[Amount, Amount] | None:
    """Return count and share of "98% (49/50) thôn", "1,3% so với tổng số đảng viên (510 đảng viên)"."""
    if len(amounts) != 2 or amounts[1].high is not None or not _bracketed(sentence, *amounts):
        return None
    share, count = amounts
    end = (count.end if count.base else count.thing_end) + 1
    if not count.base:
        # what stands in brackets may also be the total: only a total told before shows that it is the part
        both = Found(sentence, count, share, Subject("", "none"))
        wholes = [int(one.first.low) for one in before if one.count and one.first.thing == count.thing]
        if not any(proves(both, whole) for whole in wholes):
            return None
    thing_end, thing = counted_thing(sentence, end, set())
    thing = thing or share.thing
    count = replace(count, begin=share.begin, end=end, thing=thing, thing_end=thing_end)
    return count, replace(share, end=end, thing=thing, thing_end=thing_end)


def _of_what(
    sentence: Sentence, count: Amount, share: Amount | None, verb: str
) -> tuple[Amount | None, Amount | None, list[Aside]]:
    """Return the share of a count, or what it reaches of its target, or the share set aside."""
    if share is None:
        return None, None, []
    what = of_else(sentence, share, flow=verb in _FLOWS)
    what = what or ("others" if _of_others(sentence, count, share) else "")
    # "kết nạp 50 đảng viên, thu 300 tỷ đồng, đạt 110% kế hoạch": of the clause before it
    near = sentence.keys[count.end : share.begin].count(",") <= 1
    if what == "target" and verb == "admit" and near:
        # "10/12, đạt 83,3% kế hoạch": the twelve are the target
        both = Found(sentence, count, share, Subject("", "none"))
        own = count.base is not None and proves(both, count.base)
        return (share, None, []) if own else (None, share, [])
    if what or _limits(sentence, count, share):
        return None, None, [Aside(share.begin, share.end, _ELSEWHERE if what else _THRESHOLD)]
    return share, None, []


def _verb(sentence: Sentence, amount: Amount, amounts: Sequence[Amount], *, headed: bool) -> str:
    verb = verb_of(sentence, amount, amounts, headed=headed)
    return "admit" if verb in _SAYING and _of_the_new(sentence, amount) else verb


def _of_the_new(sentence: Sentence, amount: Amount) -> bool:
    """Return whether people are counted among those admitted: "trong số đảng viên mới có 12 trưởng thôn"."""
    people = amount.thing.kind in {"people", "person", "head"}
    return people and pattern("of_the_new").search(sentence.words(0, amount.begin)) is not None


def _reaches_target(one: Found) -> bool:
    """Return whether a share alone is of the target of admissions: "kết nạp đảng viên đạt 105% chỉ tiêu"."""
    keys, share = one.sentence.keys, one.last
    plan = grammar().verbs.plan.at(keys, share.end)
    if one.count is not None or plan is None or plan[1] != "target" or one.verb != "admit":
        return False
    # "kết nạp 50 đảng viên; thu ngân sách đạt 110% kế hoạch": a number or a mark ends what it is about
    begin = max((at + 1 for at in range(share.begin) if not keys[at].isalpha()), default=0)
    verbs = grammar().verbs.left.within(keys, begin, share.begin)
    return any(verb == "admit" for _, _, verb in verbs)


def _bracketed(sentence: Sentence, share: Amount, count: Amount) -> bool:
    """Return whether a count stands in brackets behind a share, or behind the words of the share's whole."""
    if not share.percent or count.percent:
        return False
    whole = grammar().verbs.whole.at(sentence.keys, share.end)
    mark = next((at for at in range(share.end, count.begin) if sentence.key(at) == "("), count.begin)
    behind = mark == share.end if count.base else whole is not None and bool(count.thing)
    until = count.end if count.base else count.thing_end
    return behind and mark + 1 == count.begin and sentence.key(until) == ")"


def _limits(sentence: Sentence, count: Amount, share: Amount) -> bool:
    """Return whether a share only says which units are counted: "11 đảng bộ đạt trên 80%"."""
    between = sentence.keys[count.end : share.begin]
    return share.qualifier != "exact" and not {",", "(", "chiếm", "bằng"} & set(between) and len(between) > 1


def _of_others(sentence: Sentence, count: Amount, share: Amount) -> bool:
    """Return whether a share is one of others: "5% so với số … hoàn thành tốt", cells "chiếm 20% đảng viên".

    "90 đại biểu đại diện cho 40 chi bộ, chiếm 20% tổng số đảng viên": those who came are that share.
    """
    keys, begin = sentence.keys, share.end
    counted = count.thing.subject in _ORGANISATIONS
    if counted and pattern("of_members").match(" ".join(keys[begin:])):
        return True
    stop = next((at for at in range(begin, len(keys)) if not keys[at].isalpha()), len(keys))
    told = sentence.has(grammar().ratings, 0, share.begin)
    return told and keys[begin : begin + 2] == ("so", "với") and sentence.has(grammar().ratings, begin, stop)


def _describes(sentence: Sentence, count: Amount, share: Amount) -> bool:
    """Return whether a share with a limit describes the units counted right before it in its clause."""
    between = set(sentence.keys[count.end : share.begin])
    counted = not count.percent and bool(count.thing)
    return share.qualifier != "exact" and counted and "có" in between and not {",", ";", ":", "("} & between


def _based(one: Found, amount: Amount, base: Amount | None) -> tuple[list[Aside], list[Found]]:
    """Give a count the number of all; return it set aside where nobody says of what, or as its own figure."""
    if one.verb == "admit" and amount.base_at is not None:
        one.base_of = _admitted_of(one, amount) if amount.base is not None else ""
        if not one.base_of and base is None:
            # "kết nạp 10/12 đảng viên" isn't ten of twelve admitted; "127/120" are more than were planned
            return [Aside(*amount.base_at, _PLANNED if amount.base is None else _ELSEWHERE)], []
    elif one.verb == "admit" and one.share is not None and (_of_all_members(one) or _at_a_rate(one)):
        one.base_of = "all_members"
    one.base, one.base_said = amount.base, "base" if amount.base is not None else ""
    # those planned or put forward aren't members that there are
    return [], [] if one.base_of in {"target", "put_forward"} else _own_figure(one, amount, base)


def _of_both(one: Found) -> list[Found]:
    """Return the figure of the members in "90% chi bộ và đảng viên hoàn thành …": entered once for each."""
    sentence, at = one.sentence, one.first.thing_end
    if one.share is None or one.count is not None or not one.direct or sentence.key(at) not in {"và", ","}:
        return []
    end, thing = sentence.at(grammar().things, at + 1) or (at, Thing(""))
    behind = range(end, min(len(sentence.keys), end + _BEHIND_BOTH))
    # "90% chi bộ và đảng viên 85% hoàn thành …": each has a share of its own
    stop = next((at for at in behind if not sentence.keys[at].isalpha()), behind.stop)
    rated = sentence.has(grammar().ratings, end, stop)
    if not rated or (thing.subject, thing.kind) != ("member", "") or one.subject.name == "member":
        return []
    share = replace(one.share, begin=at + 1, end=end, thing=thing, thing_end=end)
    return [Found(sentence, None, share, Subject("member", "direct", thing), verb=one.verb, rated=True)]


def _of_all_members(one: Found) -> bool:
    """Return whether a share of those admitted is one of all members: "bằng 1,4% tổng số đảng viên"."""
    behind = one.sentence.words(one.last.end)
    return pattern("of_all").match(behind) is not None


def _at_a_rate(one: Found) -> bool:
    """Return whether a share is the rate of admission: "kết nạp 358 đảng viên, đạt tỷ lệ 7,6%"."""
    cue = grammar().numbers.share.before(one.sentence.keys, one.last.begin)
    rate = cue is not None and {"tỷ", "tỉ"} & {*cue[1].split(" ")}
    return bool(rate) and one.subset is None and one.count is not None and one.last.low <= MOST_ADMITTED


def _admitted_of(one: Found, amount: Amount) -> str:
    """Return what the words near n of m admitted say of m: a base of the catalogue, "" for nothing."""
    keys, end = one.sentence.keys, max(one.last.thing_end, (amount.base_at or (0, 0))[1])
    begin = max((at + 1 for at in range(amount.begin) if keys[at] in _CLAUSE_ENDS), default=0)
    stop = next((at for at in range(end, len(keys)) if keys[at] in _CLAUSE_ENDS), len(keys))
    near = " ".join(keys[max(begin, amount.begin - _SHORTLY_BEFORE) : min(stop, end + _BEHIND)])
    whole = pattern("all_members").search(near) is not None
    if pattern("a_plan").search(near):
        return "" if whole else "target"
    if "quần chúng" in near:
        return "put_forward"
    return "all_members" if whole and amount.low * _MOST_ADMITTED <= (amount.base or 0) else ""


def _own_figure(one: Found, amount: Amount, base: Amount | None) -> list[Found]:
    """Return the number of all as a figure of its own, where one is printed."""
    if base is not None:
        subject = Subject(base.thing.subject, "direct", base.thing) if base.thing else one.subject
        # "trong tổng số 1.025 đảng viên mới" were admitted
        new = base.thing.kind == "new"
        return [Found(one.sentence, base, None, subject, is_base=True, verb="admit" if new else "")]
    if amount.base is None or amount.base_at is None or one.subject.said == "none":
        return []
    begin, end = amount.base_at
    alone = Amount(begin, end, Decimal(amount.base), one.sentence.tokens[begin].text, thing=amount.thing)
    alone = replace(alone, thing_end=amount.thing_end)
    return [Found(one.sentence, alone, None, one.subject, is_base=True)]


def _frame(kept: Sequence[Found]) -> None:
    """Mark the number of all in "Trong (tổng) số 142 trưởng thôn … có 128 người"."""
    for one, following in pairwise(kept):
        lead = one.sentence.keys[max(0, one.first.begin - 3) : one.first.begin]
        opens = lead[-1:] == ("trong",) or (lead[-1:] == ("số",) and "trong" in lead)
        if opens and one.count is not None and one.share is None and one.base is None:
            one.framing = True
            # "trong 25 chi bộ có 20 đảng viên đi làm ăn xa" are twenty of others
            others = following.subject.name == "member" and one.subject.name not in {"member", "other", ""}
            less = following.first.percent or following.first.low <= one.count.low
            if less and not others and following.base is None:
                following.base, following.base_said = int(one.count.low), "base"


def _sum(kept: Sequence[Found]) -> None:
    """Tell that cells are of the grassroots: "610 tổ chức cơ sở đảng (301 đảng bộ, 309 chi bộ)"."""
    own = [one for one in kept if not one.is_base and one.count is not None and one.subject.name != "member"]
    for at, whole in enumerate(own):
        # "41 chi, đảng bộ cơ sở gồm 11 đảng bộ xã, 7 đảng bộ ngành và 23 chi bộ ngành"
        ends = [end for end in range(at + 3, len(own) + 1) if _adds_up(own[at + 1 : end], whole)]
        for one in own[at + 1 : ends[0]] if ends and whole.subject.name == "grassroots_org" else []:
            if one.subject.name in {"cell", "branch_cell"}:
                one.subject = replace(one.subject, name="grassroots_org")


def _adds_up(parts: Sequence[Found], whole: Found) -> bool:
    """Return whether organisations add up to a number of all."""
    names = {one.subject.name for one in parts}
    return (
        names <= {"cell", "branch_cell", "committee", "commune"}
        and sum(one.first.low for one in parts) == whole.first.low
    )


def _prove(kept: Sequence[Found], earlier: Sequence[Found]) -> None:
    """Give a count with a share the base that the share proves: a number of the same kind, shortly before."""
    for at, one in enumerate(kept):
        count, share = one.count, one.share
        if count is None or share is None or one.base is not None or not share.low:
            continue
        if count.qualifier != "exact" or share.qualifier not in {"exact", "about"}:
            continue
        for other in reversed([each for each in (*earlier, *kept[:at]) if not each.is_base]):
            exact = other.count is not None and other.count.qualifier == "exact"
            numbers = [other.base, int(other.first.low) if exact else None]
            fits = [number for number in numbers if number and proves(one, number)]
            mine, its = (_FAMILY.get(each.subject.name, each.subject.name) for each in (one, other))
            if fits and mine == its:
                # 2 of 50 rather than 2 of 52 for 4 %
                one.base = min(fits, key=lambda number: abs(100 * count.low / number - share.low))
                one.base_said = "arithmetic"
                break
