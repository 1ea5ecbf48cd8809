"""What words around a figure say of it beside its verb: rated, not rated, awarded, set up, handed over."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from cbanalysis.importing.prose.categories import begins_kind, everywhere
from cbanalysis.importing.prose.found import Found
from cbanalysis.importing.prose.grammar import grammar, pattern
from cbanalysis.importing.prose.ratings import rating_of

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
    return others or pattern("awarded").search(" ".join(one.sentence.keys[: one.first.begin])) is not None


def are_disciplined(one: Found) -> bool:
    """Return whether a figure counts members who were disciplined in whatever form, not as persons."""
    direct = one.subject.name == "member" and one.subject.said == "direct"
    told = one.verb == "discipline" and direct and not one.target
    return (
        told
        and pattern("disciplined").search(" ".join(one.sentence.keys[: one.last.thing_end + 4])) is not None
    )


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
    done = pattern("done").match(re.split(r"[.;]", " ".join(one.sentence.keys[: first.begin]))[-1])
    party = one.subject.name != "commune" or "đảng" in one.sentence.keys[first.end : first.thing_end]
    own = done is not None and done[1] in _SET_UP and pattern("else").search(done[2]) is None
    return one.verb == "found" and own and party


def handed_over(one: Found) -> bool:
    """Return whether those counted went to another committee: "6 chi bộ (…) được chuyển về Đảng ủy Khối"."""
    if one.verb == "hand_over" and one.sentence.key(one.first.begin - 1) != "cho":
        return True
    keys, behind = one.sentence.keys, " ".join(one.sentence.keys[one.first.thing_end :])
    active = keys[one.first.begin - 1 : one.first.begin] == ("chuyển",)
    # "chuyển 12 đảng viên về Đảng bộ Khối"
    return pattern("handed_over").match(behind) is not None or (
        active and pattern("to_another").match(behind) is not None
    )


def admitting(one: Found) -> bool:
    """Return whether organisations are counted that admitted members: "100% chi bộ đều kết nạp được …"."""
    return pattern("admitting_bodies").match(" ".join(one.sentence.keys[one.first.thing_end :])) is not None


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
