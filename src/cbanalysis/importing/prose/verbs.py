"""What happens to those that a number counts: they are there, were admitted, confirmed, taught."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cbanalysis.importing.prose.counts_and_shares import Amount
from cbanalysis.importing.prose.grammar import grammar, pattern
from cbanalysis.importing.prose.tokens import Sentence

_STOPS = {";", ".", "!", "?"}
_MARKS = {",", ":", "(", ")", *_STOPS}
_ENDS = {*_MARKS, "nhưng", "thì", "song"}
_WEAK = {"", "have", "copula", "pilot", "admit"}
_TOTALS = {("tổng", "số"), ("tổng", "cộng"), ("tổng", "số", "là"), ("tổng", "cộng", "là")}
_LONGEST = 8
_MOST_YEARS = 6
# They govern only the number right behind them: "chức danh quản lý cấp huyện, …" counts nothing.
_NEAR = {("quản", "lý"), ("lãnh", "đạo"), ("nắm",)}
_MOST_BEHIND = 12
_MOST_OBJECT = 4
_OF_MORE = {"mới", "trong", "ở", "thuộc", "so", "là"}
_ACTING = {"committee", "district_committee", "grassroots_org", "cell", "branch_cell", "commune", "district"}


def verb_of(sentence: Sentence, amount: Amount, numbers: Sequence[Amount], *, headed: bool = False) -> str:
    """Return the kind of verb that governs a number.

    Parameters
    ----------
    sentence : Sentence
        Its sentence.
    amount : Amount
        The number.
    numbers : sequence of Amount
        All numbers of the sentence; a passive behind another number isn't this one's.
    headed : bool
        Whether it may stand in a list of those admitted, by a sentence before (`heads_list`).

    Returns
    -------
    str
        One of the kinds of grammar/verbs.toml; "copula" where only that stands before it, "" where there is
        none.
    """
    if _years_of_membership(sentence, amount):
        # "1 đảng viên 65 năm tuổi Đảng" is given a badge
        return "award"
    verb = _nearest(sentence, amount, numbers, headed=headed)
    return "acts" if verb == "admit" and _of_a_union(sentence, amount) else verb


def _nearest(sentence: Sentence, amount: Amount, numbers: Sequence[Amount], *, headed: bool) -> str:
    adjacent = grammar().verbs.left.before(sentence.keys, amount.begin, _LONGEST)
    if adjacent and adjacent[1] == "stand_for":
        return "have"
    if adjacent and adjacent[1] not in {*_WEAK, "more"} - {"admit"}:
        return adjacent[1]
    right = _right(sentence, amount, numbers)
    if right:
        return right
    left = _left(sentence, amount)
    if left in {"", "have", "copula"} and _listed_as_admitted(sentence.keys, amount, headed=headed):
        return "admit"
    if left == "more":
        admitting = pattern("admitting_verbs").search(sentence.flat) and not pattern("otherwise").search(
            sentence.flat
        )
        # "có thêm 30 đảng viên tham gia …": more of those, not more members
        behind = sentence.key(amount.thing_end)
        admitting = admitting and (not behind[:1].isalpha() or behind in _OF_MORE)
        left = "admit" if admitting else "acts"
    new = amount.thing.kind == "new"
    return "admit" if new and left in _WEAK else left


def _of_a_union(sentence: Sentence, amount: Amount) -> bool:
    """Return whether the Youth Union or an association took those in: "phát triển 300 đoàn viên"."""
    keys = sentence.keys
    noun, verb = keys[amount.end : amount.end + 2], keys[max(0, amount.begin - 3) : amount.begin]
    into = "đảng" in keys[amount.thing_end : amount.thing_end + _MOST_OBJECT]
    own = noun == ("hội", "viên") or (noun == ("đoàn", "viên") and "triển" in verb)
    return own and not into


def _years_of_membership(sentence: Sentence, amount: Amount) -> bool:
    """Return whether years of membership stand beside a number, between the same two marks."""
    keys = sentence.keys
    begin = max((at + 1 for at in range(amount.begin) if keys[at] in _ENDS), default=0)
    stop = min(len(keys), amount.thing_end + _MOST_YEARS)
    stop = next((at for at in range(amount.thing_end, stop) if keys[at] in _ENDS), stop)
    parts = keys[begin : amount.begin], keys[amount.thing_end : stop]
    return any("tuổi đảng" in " ".join(part) for part in parts)


def heads_list(sentence: Sentence) -> bool:
    """Return whether a sentence says that those listed behind it were admitted: "… có số kết nạp cao:"."""
    return pattern("head_of_admitted").search(sentence.flat) is not None


def _listed_as_admitted(keys: Sequence[str], amount: Amount, *, headed: bool) -> bool:
    """Return whether a list's head says "admitted": "số kết nạp cao, gồm: huyện A với 64 đảng viên; …"."""
    if amount.thing.subject != "member":
        return False
    colon = max((at for at in range(amount.begin) if keys[at] == ":"), default=0)
    begin = max((at + 1 for at in range(colon) if keys[at] in _STOPS), default=0)
    item = max((at + 1 for at in range(amount.begin) if keys[at] in {":", ";"}), default=0)
    before = " ".join(keys[item : amount.begin])
    if headed and re.fullmatch(r"(?!.*\b(?:có|hiện|gồm)\b)[^0-9.;]{0,60}", before):
        return True
    # such as "… kết nạp nhiều gồm: huyện A (70 đảng viên), huyện B (50 đảng viên)"
    alone = re.fullmatch(r"(?:.* ,)?[^0-9,]* (?:với|:|\()", before) is not None
    alone = alone or pattern("place_in_list").fullmatch(before) is not None
    return alone and pattern("head_of_admitted").search(" ".join(keys[begin:colon])) is not None


def _acts(keys: Sequence[str], at: int) -> bool:
    """Return whether a verb that does something to whom it counts ends right before a token."""
    phrase = grammar().verbs.left.before(keys, at, _LONGEST)
    return phrase is not None and phrase[1] not in {"have", "copula"}


def _left(sentence: Sentence, amount: Amount) -> str:
    keys = sentence.keys
    copula, linked = "", False
    at = amount.begin - 1
    while at >= 0 and keys[at] not in _STOPS:
        # the longest phrase that ends here
        phrase = grammar().verbs.left.before(keys, at + 1, _LONGEST)
        far = phrase is not None and at + 1 < amount.begin and keys[phrase[0] : at + 1] in _NEAR
        raised = phrase is not None and phrase[1] == "raise"
        far = far or (raised and any(key[0].isdigit() for key in keys[at : amount.begin]))
        if phrase is None or far or grammar().parts.kinds.at(keys, phrase[0]):
            # "người có đạo" has no verb
            at -= 1
        elif phrase[1] == "copula":
            linked = linked or keys[phrase[0]] == "với"
            copula, at = "copula", phrase[0] - 1
        elif phrase[1] == "have" and keys[phrase[0] : at + 1] in _TOTALS and _acts(keys, phrase[0]):
            # "đã kết nạp được tổng số 100 đảng viên"
            at = phrase[0] - 1
        elif not amount.thing and keys[at] == "gồm":
            # such as "kết nạp 40 đảng viên, gồm: huyện A 21, huyện B 19"
            at = phrase[0] - 1
        elif phrase[1] == "found" and (
            linked or (copula and pattern("after").search(" ".join(keys[: phrase[0]])))
        ):
            # "chi bộ thành lập năm 2016 với 4 đảng viên", "sau khi sáp nhập, huyện còn 24 chi bộ"
            return "have"
        elif phrase[1] == "have" and copula and keys[phrase[0]] == "có":
            # "có 5 chi bộ, với 90 đảng viên" has both
            return "have"
        else:
            return "have" if phrase[1] == "stand_for" else phrase[1]
    return copula


def _right(sentence: Sentence, amount: Amount, numbers: Sequence[Amount]) -> str:
    keys = sentence.keys
    following = next((other.begin for other in numbers if other.begin > amount.begin), None)
    stop = min(len(keys), amount.thing_end + _MOST_BEHIND)
    acting = amount.thing.subject in _ACTING
    at = amount.thing_end
    while at < stop and keys[at] not in _ENDS:
        phrase = grammar().verbs.right.at(keys, at)
        thing = sentence.at(grammar().things, at) if phrase else None
        if phrase and thing and thing[0] > phrase[0] and thing[1].subject:
            # "104 đảng bộ với 2.318 tổ chức cơ sở đảng" organise nothing
            at = thing[0]
            continue
        active = grammar().verbs.left.at(keys, at)
        if phrase and phrase[1] == "which":
            return "which"
        own = active is not None and active[1] != "copula" and following is not None
        # "30 đảng viên vi phạm, kỷ luật 12": what ends at a mark is told of the number before it
        own = own and not (phrase and active and _ENDS & {*keys[active[0] : following]})
        if acting and active and active[1] == "admit" and "và" not in keys[amount.thing_end : at]:
            # "14 đảng bộ đều kết nạp đảng viên mới" counts those that did
            return "acts"
        if own and at < (following or 0) <= (active[0] if active else 0) + _MOST_OBJECT:
            # "148 quần chúng và kết nạp 90 đảng viên": a verb with a number of its own
            return ""
        if phrase and phrase[1] != "none" and (phrase[1] != "acts" or acting):
            return phrase[1]
        at = phrase[0] if phrase else at + 1
    return ""
