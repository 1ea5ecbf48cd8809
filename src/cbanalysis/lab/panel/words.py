"""What the panel says, in Vietnamese and in English."""

from __future__ import annotations

from cbanalysis.common.language import Language

WORDS: dict[str, dict[Language, str]] = {
    "indicator": {"vi": "Chỉ tiêu", "en": "Indicator"},
    "subject": {"vi": "Đối tượng", "en": "Subject"},
    "level": {"vi": "Cấp", "en": "Level"},
    "provinces": {"vi": "Tỉnh", "en": "Provinces"},
    "years": {"vi": "Năm", "en": "Years"},
    "comparison": {"vi": "So sánh", "en": "Comparison"},
    "language": {"vi": "Ngôn ngữ", "en": "Language"},
    "all": {"vi": "Tất cả", "en": "All"},
    "no year": {"vi": "không rõ năm", "en": "not dated"},
    "table": {"vi": "Bảng", "en": "Table"},
    "sources": {"vi": "Nguồn", "en": "Sources"},
    "code": {"vi": "Mã lệnh", "en": "Code"},
    "new cell": {"vi": "Viết mã lệnh vào ô mới", "en": "Write the code into a new cell"},
    "copy": {"vi": "Sao chép mã lệnh", "en": "Copy the code"},
    "written": {"vi": "Đã viết vào ô bên dưới.", "en": "It is in the cell below."},
    "copied": {"vi": "Đã sao chép; hãy dán vào một ô.", "en": "Copied; paste it into a cell."},
    "by hand": {
        "vi": "Trình duyệt không cho sao chép; hãy sao chép từ thẻ Mã lệnh.",
        "en": "The browser doesn't let us copy; take it from the tab Code.",
    },
    "left out": {
        "vi": "{n} trong {all} số liệu không có trong biểu đồ: định nghĩa hoặc mẫu số khác, phần bù, hoặc chỉ có số lượng.",
        "en": "{n} of {all} figures are not in this picture: another definition or base, a complement, or a count only.",
    },
    "differ": {
        "vi": "Không nên so sánh trực tiếp các số liệu này, vì chúng khác nhau về {what}.",
        "en": "Don't compare these figures directly: they differ in {what}.",
    },
    "comparable": {
        "vi": "Không thấy điều gì ngăn việc so sánh: cùng chỉ tiêu, định nghĩa, mẫu số và cấp.",
        "en": "Nothing was found against comparing them: one indicator, definition, base and level.",
    },
    "bare": {
        "vi": "{n} tỷ lệ được công bố không kèm mẫu số: chỉ biết khoảng do làm tròn.",
        "en": "{n} rates are printed without their base: only what rounding leaves open is known.",
    },
}  # fmt: skip

LEVELS: dict[str, dict[Language, str]] = {
    "country": {"vi": "cả nước", "en": "country"},
    "region": {"vi": "vùng", "en": "region"},
    "province": {"vi": "tỉnh", "en": "province"},
    "district": {"vi": "huyện", "en": "district"},
    "commune": {"vi": "xã", "en": "commune"},
}

DIFFERENCES: dict[str, dict[Language, str]] = {
    "indicator": {"vi": "chỉ tiêu", "en": "what they measure"},
    "subject": {"vi": "đối tượng", "en": "the subject"},
    "definition": {"vi": "định nghĩa", "en": "the definition"},
    "base_of": {"vi": "mẫu số", "en": "the base"},
    "complement": {"vi": "chiều (số đạt hay số chưa đạt)", "en": "direction (those who do, or those who don't)"},
    "geo_level": {"vi": "cấp", "en": "the level"},
    "scheme": {"vi": "khung xếp loại", "en": "the rating scheme"},
    "category": {"vi": "mức xếp loại", "en": "the category"},
    "category_kind": {"vi": "cách tính mức xếp loại", "en": "how the category counts"},
    "aggregation": {"vi": "thời điểm, trung bình hay lũy kế", "en": "point in time, mean or running total"},
    "length": {"vi": "độ dài của kỳ", "en": "the length of the period"},
    "period": {"vi": "thời gian", "en": "the period"},
    "province": {"vi": "nơi", "en": "the place"},
}  # fmt: skip
