"""What words around a figure say of it beside its verb: rated and how, awarded, set up, handed over."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from cbanalysis.importing.prose.categories import begins_kind, everywhere
from cbanalysis.importing.prose.found import Found
from cbanalysis.importing.prose.grammar import grammar, pattern

_ABBREVIATED = {"q", "p", "h", "x", "tp", "tx", "tt"}
# Behind a figure these go on with what was said before it.
_SILENT = {"của", "thuộc", "trên", "so", "tương", "với", "cùng", "trực", "từ", "trở", "khác", "ở"}
_QUOTES = {'"', "'", "“", "”", "‘", "’", "«", "»"}
_JOINS = {":", "có", "là", "đạt", ",", "chiếm", "("}
_OF_ORGANISATIONS = {"strong", "exemplary"}
_LONGEST_RATING = 9
_ABBREVIATIONS = ("ht", "kht", "ts")


def tells(one: Found) -> bool:
    """Return whether words right behind a figure say something of it: "5 chi bộ mới thành lập chưa …"."""
    keys, at = one.sentence.keys, one.last.thing_end
    if not one.direct or one.first.percent or at >= len(keys) or not keys[at].isalpha():
        return False
    silent = keys[at] in grammar().numbers.after_bare or keys[at] in _SILENT
    return not silent and grammar().parts.kinds.at(keys, at) is None


def rating_of(one: Found) -> str:
    """Return the rating printed beside a figure: right behind it, right before it, behind, or before.

    Members are never called clean and strong: such words are of the organisations told before them.
    """
    rating = _rating_beside(one)
    return "" if one.subject.name == "member" and rating in _OF_ORGANISATIONS else rating


def _rating_beside(one: Found) -> str:
    # "đủ tư cách, hoàn thành tốt nhiệm vụ" is one rating
    told = (words.replace("tư cách , hoàn", "tư cách hoàn") for words in (one.before, one.far))
    before, far = (words.split(" ") for words in told)
    # "41 đảng viên, nhiều năm liền hoàn thành …", "…; năm nào chi bộ cũng đạt …": these are of the body
    behind = far[len(before) if one.before else 0 :]
    if not one.first.percent:
        behind = pattern("of_the_body").split(" ".join(behind))[0].split(" ")
    if one.count is None and tuple(one.sentence.keys[one.last.end : one.last.end + 2]) == ("so", "với"):
        behind = []  # "chiếm 5% so với số hoàn thành tốt nhiệm vụ": not the rating that is told of
    close = _ratings(until_mark(behind[one.first.thing_end - one.first.begin :]))
    before, behind = _completed(unquoted(before).split()), _own(_completed(behind))
    if close:
        return close[0]
    ends = 0 if tells(one) else len(before)
    while ends:
        found = grammar().ratings.before(before, ends, _LONGEST_RATING)
        if found and found[1]:
            return found[1]
        if before[ends - 1] not in _JOINS:
            break
        ends -= 1
    there = [*_ratings(behind)[:1], *([] if tells(one) else _ratings(before)[-1:])]
    if not there and one.goes_on is not None and before[-2:] == ["hoàn", "thành"]:
        return "fulfilled"  # "hoàn thành tốt 65%, hoàn thành 13%"
    if there or one.goes_on is None:
        return there[0] if there else ""
    return rating_of(one.goes_on)


def printed_as(one: Found, rating: str, ways: Sequence[str]) -> str:
    """Return how a rating is printed near a figure, of the ways that its category knows; the first without.

    A rating of no category is printed as the grammar spells it.
    """
    near = " ".join(word for word in one.far.split() if word not in _MARKS)
    spelled = (way for way in grammar().ratings.meaning(rating) if not way.startswith(_ABBREVIATIONS))
    told = [way for way in ways or spelled if re.sub("[,;]", "", way) in near]
    if told or one.goes_on is None:
        # the longest of the words, with the marks of the text
        exact = {way: re.sub("([,;])", r" \1", way) in one.far for way in told}
        length = {way: len(re.sub("[,;]", "", way)) for way in told}
        return max(told, key=lambda way: (length[way], exact[way]), default=next(iter(ways), ""))
    return printed_as(one.goes_on, rating, ways)


def unquoted(words: Sequence[str]) -> str:
    """Return words without marks of quotation: thôn "trắng" đảng viên."""
    return " ".join(word for word in words if word not in _QUOTES)


def _ratings(words: Sequence[str]) -> list[str]:
    return [rating for _, _, rating in grammar().ratings.within(_completed(words)) if rating]


def _own(behind: list[str]) -> list[str]:
    """Return words behind a figure without a rating of the next: "50 tổ chức …: hoàn thành tốt 33"."""
    colon = max((at for at, word in enumerate(behind) if word == ":"), default=len(behind))
    found = grammar().ratings.at(behind, colon + 1)
    return behind[:colon] if found and found[0] == len(behind) else behind


def _completed(words: Sequence[str]) -> list[str]:
    """Return words with the noun that "hoàn thành tốt (69%)" leaves out."""
    whole: list[str] = []
    for word, following in zip(words, [*words[1:], ""], strict=False):
        whole.append(word)
        short = whole[-3:] in (["hoàn", "thành", "tốt"], ["không", "hoàn", "thành"])
        if short and (not following.isalpha() or following in _JOINS):
            whole += ["nhiệm", "vụ"]
    return whole


def until_mark(words: Sequence[str]) -> list[str]:
    """Return the words before the first mark."""
    ends = (
        at for at, word in enumerate(words)
        if word in _MARKS and not (word == "." and at and words[at - 1] in _ABBREVIATED)
    )  # fmt: skip
    return [*words[: next(ends, len(words))]]


COUNTED = "org_count"
"""The indicator of a plain number of organisations or members."""

_MARKS = {",", ";", ":", "(", ")", "."}
_LARGEST_COMMITTEE = 75
_SET_UP = {"thành lập", "lập", "ra mắt"}
ADMITTING = "có kết nạp đảng viên"
"""Which of the organisations: those that admitted members."""


def unrated(one: Found) -> bool:
    """Return whether words beside a figure say that those it counts weren't rated: "chưa đánh giá còn 75"."""
    before, behind = _beside(one)
    return bool(pattern("unrated_before").match(before) or pattern("unrated_behind").match(behind))


def awarded(one: Found) -> bool:
    """Return whether a prize is told of before a figure: "bằng khen cho 2 tập thể hoàn thành …"."""
    # "98% hoàn thành tốt nhiệm vụ và được biểu dương 15": the rating isn't theirs
    others = one.verb == "award" and not one.sentence.has(grammar().ratings, one.last.end)
    return others or pattern("awarded").search(one.sentence.words(0, one.first.begin)) is not None


def are_disciplined(one: Found) -> bool:
    """Return whether a figure counts members who were disciplined in whatever form, not as persons."""
    direct = one.subject.name == "member" and one.subject.said == "direct"
    told = one.verb == "discipline" and direct and not one.target
    return told and pattern("disciplined").search(one.sentence.words(0, one.last.thing_end + 4)) is not None


def rewarded(one: Found) -> bool:
    """Return whether those counted were rewarded: perhaps fewer than all that were so rated."""
    keys, end = one.sentence.keys, one.last.thing_end
    stop = next(
        (at for at in range(end, len(keys)) if keys[at] in _MARKS or keys[at][0].isdigit()), len(keys)
    )
    # "và được biểu dương 15 đồng chí": the reward has a number of its own
    behind = " ".join(keys[end:stop]) if stop == len(keys) or keys[stop] in _MARKS else ""
    # "khen thưởng 12 chi bộ, 45 đảng viên", but not "15 đảng viên được khen thưởng, 73 đảng viên"
    _, *between = pattern("rewarding").split(" ".join(keys[: one.first.begin]))
    governed = one.verb == "award" and bool(between) and between[-1].lstrip()[:1] not in _MARKS
    governed = governed and pattern("rating_begins").search(between[-1]) is None
    return governed or pattern("rewarded").search(behind) is not None


def of_many_committees(one: Found) -> bool:
    """Return whether more officers are counted than any one committee has."""
    return one.count is not None and one.count.low > _LARGEST_COMMITTEE


def taken_in(one: Found) -> bool:
    """Return whether a figure counts those that a round of ratings took in."""
    before, behind = _beside(one)
    keys, end = one.sentence.keys, one.first.thing_end
    if one.first.base_at is not None and one.first.base_at[1] > end:
        # "410 trong tổng số 420 đảng viên được đánh giá"
        thing = one.sentence.at(grammar().things, one.first.base_at[1])
        end = thing[0] if thing else one.first.base_at[1]
    near = " ".join(keys[everywhere(one.sentence, end, len(keys)) :])
    told = (
        pattern("rated_before").match(before), pattern("rated_just_before").match(before),
        pattern("rated_behind").match(behind), pattern("rated_behind").match(near),
    )  # fmt: skip
    return any(told) or pattern("both_behind").match(near) is not None


def set_up(one: Found) -> bool:
    """Return whether a figure counts organisations that were set up, not communes: "lập thêm 2 chi bộ"."""
    first = one.first
    done = pattern("done").match(re.split(r"[.;]", one.sentence.words(0, first.begin))[-1])
    party = one.subject.name != "commune" or "đảng" in one.sentence.keys[first.end : first.thing_end]
    own = done is not None and done[1] in _SET_UP and pattern("else").search(done[2]) is None
    return one.verb == "found" and own and party


def handed_over(one: Found) -> bool:
    """Return whether those counted went to another committee: "6 chi bộ (…) được chuyển về Đảng ủy Khối"."""
    if one.verb == "hand_over" and one.sentence.key(one.first.begin - 1) != "cho":
        return True
    keys, behind = one.sentence.keys, one.sentence.words(one.first.thing_end)
    active = keys[one.first.begin - 1 : one.first.begin] == ("chuyển",)
    # "chuyển 12 đảng viên về Đảng bộ Khối"
    return pattern("handed_over").match(behind) is not None or (
        active and pattern("to_another").match(behind) is not None
    )


def admitting(one: Found) -> bool:
    """Return whether organisations are counted that admitted members: "100% chi bộ đều kết nạp được …"."""
    return pattern("admitting_bodies").match(one.sentence.words(one.first.thing_end)) is not None


def of_all_members(one: Found) -> bool:
    """Return whether a share is one of all members: "đảng viên nữ chiếm 31%", "12% tổng số đảng viên"."""
    keys, share = one.sentence.keys, one.last
    told = one.whole is not None and one.whole.indicator == COUNTED
    told = told or pattern("of_members").match(" ".join(keys[share.end :])) is not None
    if one.count is not None and not told and begins_kind(one.subset):
        return _of_all_there_are(one)
    if one.count is not None:
        return told
    return begins_kind(one.subset) if told else keys[share.begin - 1] == "chiếm" and begins_kind(one.subset)


def _of_all_there_are(one: Found) -> bool:
    """Return whether a part is one of all members: "640 đảng viên có đạo trong tổng số 9.000 đảng viên"."""
    keys, base = one.sentence.keys, one.first.base_at
    if base is not None:
        behind = keys[base[1] : base[1] + 3]
        return behind[:2] == ("đảng", "viên") and behind[2:] not in {("mới",), ("được",), ("kết",)}
    share = one.share
    said = share is not None and "chiếm" in keys[one.first.end : share.begin]
    # "…, chiếm 12% số vi phạm" is a share of others
    return said and share is not None and keys[share.end : share.end + 1] in {(), (".",), (";",), (",",)}


def _beside(one: Found) -> tuple[str, str]:
    """Return the words from the last mark to a figure, and those right behind what it counts."""
    keys, begin = one.sentence.keys, one.first.begin
    mark = max((at + 1 for at in range(begin) if keys[at] in _MARKS), default=0)
    return " ".join(keys[mark:begin]), " ".join(keys[one.last.thing_end :])


ASKED: Mapping[str, Callable[[Found], object]] = {
    "rating": rating_of, "those rated": taken_in, "set up": set_up, "handed over": handed_over,
    "admitting": admitting,
    "of all members": of_all_members, "rewarded": rewarded, "of many committees": of_many_committees,
    "of military cells": lambda one: (one.subset or "").startswith("chi bộ quân sự"),
    "units with an organisation": lambda one: one.first.thing.kind == "unit",
    "of one cell": lambda one: one.place.area.startswith("Chi bộ"),
    "in a district": lambda one: one.place.level == "district",
}  # fmt: skip
"""What rules of indicators ask for by these words (grammar/indicators.toml)."""
