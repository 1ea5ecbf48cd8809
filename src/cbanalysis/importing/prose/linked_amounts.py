"""Which share belongs to which count, and which number is that of all."""

from __future__ import annotations

from collections.abc import Sequence

from cbanalysis.importing.prose.counts_and_shares import Amount
from cbanalysis.importing.prose.grammar import grammar
from cbanalysis.importing.prose.tokens import Sentence

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
    own = own or bool(grammar().part_kinds.at(keys, share.end))  # "30 đảng viên; chiếm 60% là nữ"
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
    parts = grammar().part_cues.within(keys, begin, end)
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
