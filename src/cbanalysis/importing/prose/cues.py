"""What words around a figure say of it beside its verb: rated, not rated, awarded, set up, handed over."""

from __future__ import annotations

import re

from cbanalysis.importing.prose.found import Found
from cbanalysis.importing.prose.grammar import grammar
from cbanalysis.importing.prose.subsets import begins_kind, everywhere

COUNTED = "org_count"
"""The indicator of a plain number of organisations or members."""

_MARKS = {",", ";", ":", "(", ")", "."}
_ROUND = r"(?:đánh giá|xếp loại|phân loại|phân tích chất lượng)\b"
_RESULT = (
    r"(?: ,)?(?: (?:xếp loại|phân loại|chất lượng|ở|mức|đạt))*"
    r" (?:cao|là|tốt|hoàn|đủ|trong(?= sạch)|yếu|vi|không|chưa)\b"
)
_TAKEN_IN = (
    rf"(?:được|dự|(?:tham gia|thực hiện)(?!.*{_ROUND}(?: ,)? (?:\w+ )*(?:đảng viên|cán bộ|chi bộ|tổ chức)\b))"
    rf" (?:kiểm điểm (?:, |và )?)?{_ROUND}"
)
_RATED_BEHIND = re.compile(rf"(?:đã )?{_TAKEN_IN}(?!{_RESULT})")
_RATED_BEFORE = re.compile(rf"[^0-9]*\bsố (?:\w+ ){{0,5}}{_TAKEN_IN}")
_RATED_JUST_BEFORE = re.compile(rf"[^0-9]*\b(?<!được ){_ROUND}(?: chất lượng)?$")
_OF_MEMBERS = re.compile(
    r"(?:(?:trong|trên|so với) )?"
    r"(?:(?:tổng )?(?:số )?đảng viên (?:của )?(?:toàn|cả|hiện|trong|khu)|tổng (?:số )?đảng viên)"
)
# "48/49 tổ chức cơ sở đảng và 512/530 đảng viên được đánh giá"
_BOTH_BEHIND = re.compile(
    r"(?:(?:,|và) (?:chi|đảng|tổ|tccsđ|đv) (?:[^\W\d]+ ){0,4}){0,3}"
    rf"(?:(?:và|cùng|với) [0-9.,/ ]+ (?:\w+ ){{1,5}})?{_RATED_BEHIND.pattern}"
)
_UNRATED = rf"(?:chưa|không|miễn)(?: (?!hoàn\b)\w+){{0,5}} {_ROUND}"
_UNRATED_BEHIND = re.compile(rf"(?:(?:còn|thuộc|diện|được) )*{_UNRATED}")
_UNRATED_BEFORE = re.compile(rf"[^0-9]*\b{_UNRATED}")
_AWARDED = re.compile(r"\b(?:bằng khen|giấy khen|tặng cờ|cờ thi đua)\b(?!.*\b(?:có|là)\b)")
_REWARDING = re.compile(r"\b(?:khen thưởng|khen|biểu dương|tuyên dương|tặng)\b")
_RATING_BEGINS = re.compile(r"\b(?:xếp loại|đánh giá|phân loại|công nhận)\b")
_REWARDED = re.compile(r"^(?!.*đề nghị).*\b(?:được|các cấp) (?:\w+ )*(?:khen|biểu dương|tuyên dương)\b")
# "khiển trách", "cảnh cáo" are forms of it, and no whole of each other
_DISCIPLINED = re.compile(r"\b(?:kỷ luật|vi phạm)\b")
_LARGEST_COMMITTEE = 75
_SET_UP = {"thành lập", "lập", "ra mắt"}
_DONE = re.compile(
    r".*\b(thành lập|ra mắt|lập(?= (?:thêm|mới|được))|giải thể|sáp nhập|hợp nhất|củng cố|kiện toàn|xóa"
    r"|nâng cấp|chuyển đổi|chia tách)\b(.*)"
)
_ELSE = re.compile(r"\b(?:ở|về|do|tại|cho|tổ(?! chức)|ban|đội|câu lạc bộ|lớp|điểm|quỹ|mô hình)\b")
_TO_ANOTHER = re.compile(r"(?:về|sang|cho) (?:đảng (?:ủy|bộ)|(?:huyện|thành|thị|tỉnh|quận) ủy|chi bộ)\b")
_HANDED_OVER = re.compile(
    r"(?:\([^()]*\) |trực thuộc |(?:với|,|và|có) (?:tổng số )?[0-9.,]+ (?:đảng viên|chi bộ cơ sở) )*"
    r"(?:(?:trực )?thuộc [^,.;:()]{0,80} )?(?:được chuyển|(?:được )?(?:chuyển|bàn) giao) "
    + _TO_ANOTHER.pattern
)
_ADMITTING = re.compile(
    r"(?:(?:trực thuộc|có nguồn|đều|đã|có) )*(?:kết nạp|phát triển)(?: được| mới)* (?:đảng viên|đv)\b"
)
ADMITTING = "có kết nạp đảng viên"
"""Which of the organisations: those that admitted members."""


def unrated(one: Found) -> bool:
    """Return whether words beside a figure say that those it counts weren't rated: "chưa đánh giá còn 75"."""
    before, behind = _beside(one)
    return bool(_UNRATED_BEFORE.match(before) or _UNRATED_BEHIND.match(behind))


def awarded(one: Found) -> bool:
    """Return whether a prize is told of before a figure: "bằng khen cho 2 tập thể hoàn thành …"."""
    # "98% hoàn thành tốt nhiệm vụ và được biểu dương 15": the rating isn't theirs
    others = one.verb == "award" and not one.sentence.has(grammar().ratings, one.last.end)
    return others or _AWARDED.search(" ".join(one.sentence.keys[: one.first.begin])) is not None


def are_disciplined(one: Found) -> bool:
    """Return whether a figure counts members who were disciplined in whatever form, not as persons."""
    direct = one.subject.name == "member" and one.subject.said == "direct"
    told = one.verb == "discipline" and direct and not one.target
    return told and _DISCIPLINED.search(" ".join(one.sentence.keys[: one.last.thing_end + 4])) is not None


def rewarded(one: Found) -> bool:
    """Return whether those counted were rewarded: perhaps fewer than all that were so rated."""
    keys, end = one.sentence.keys, one.last.thing_end
    stop = next(
        (at for at in range(end, len(keys)) if keys[at] in _MARKS or keys[at][0].isdigit()), len(keys)
    )
    # "và được biểu dương 15 đồng chí": the reward has a number of its own
    behind = " ".join(keys[end:stop]) if stop == len(keys) or keys[stop] in _MARKS else ""
    # "khen thưởng 12 chi bộ, 45 đảng viên", but not "15 đảng viên được khen thưởng, 73 đảng viên"
    _, *between = _REWARDING.split(" ".join(keys[: one.first.begin]))
    governed = one.verb == "award" and bool(between) and between[-1].lstrip()[:1] not in _MARKS
    governed = governed and _RATING_BEGINS.search(between[-1]) is None
    return governed or _REWARDED.search(behind) is not None


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
        _RATED_BEFORE.match(before), _RATED_JUST_BEFORE.match(before),
        _RATED_BEHIND.match(behind), _RATED_BEHIND.match(near),
    )  # fmt: skip
    return any(told) or _BOTH_BEHIND.match(near) is not None


def set_up(one: Found) -> bool:
    """Return whether a figure counts organisations that were set up, not communes: "lập thêm 2 chi bộ"."""
    first = one.first
    done = _DONE.match(re.split(r"[.;]", " ".join(one.sentence.keys[: first.begin]))[-1])
    party = one.subject.name != "commune" or "đảng" in one.sentence.keys[first.end : first.thing_end]
    own = done is not None and done[1] in _SET_UP and _ELSE.search(done[2]) is None
    return one.verb == "found" and own and party


def handed_over(one: Found) -> bool:
    """Return whether those counted went to another committee: "6 chi bộ (…) được chuyển về Đảng ủy Khối"."""
    keys, behind = one.sentence.keys, " ".join(one.sentence.keys[one.first.thing_end :])
    active = keys[one.first.begin - 1 : one.first.begin] in {("chuyển",), ("giao",)}
    # "chuyển 12 đảng viên về Đảng bộ Khối"
    return _HANDED_OVER.match(behind) is not None or (active and _TO_ANOTHER.match(behind) is not None)


def admitting(one: Found) -> bool:
    """Return whether organisations are counted that admitted members: "100% chi bộ đều kết nạp được …"."""
    return _ADMITTING.match(" ".join(one.sentence.keys[one.first.thing_end :])) is not None


def of_all_members(one: Found) -> bool:
    """Return whether a share is one of all members: "đảng viên nữ chiếm 31%", "12% tổng số đảng viên"."""
    keys, share = one.sentence.keys, one.last
    told = one.whole is not None and one.whole.indicator == COUNTED
    told = told or _OF_MEMBERS.match(" ".join(keys[share.end :])) is not None
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
