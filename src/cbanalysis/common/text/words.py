"""The words that stand around published figures, as tables: add a row to read one more.

Phrases are lower case, NFC, tones placed as in the official names (hòa, thúy).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal

# Whole cells that say "not known", never "none".
MISSING_MARKS = frozenset({
    "", "-", "--", "---", "–", "—", "−", ".", "..", "...", "…", "....", "x", "n/a", "na", "n.a.", "n.a",
    "không có số liệu", "chưa có số liệu", "không có dữ liệu", "chưa có dữ liệu", "không có thông tin",
    "chưa có thông tin", "không rõ", "chưa rõ", "không xác định", "chưa xác định", "chưa công bố",
    "chưa báo cáo", "không báo cáo", "chưa có báo cáo", "chưa tổng hợp", "chưa gửi báo cáo",
    "not reported", "no report",
    "no data", "not available", "not known", "unknown",
})  # fmt: skip

MULTIPLIERS = MappingProxyType(
    {
        "chục": 10,
        "trăm": 100,
        "nghìn": 1_000,
        "ngàn": 1_000,
        "vạn": 10_000,
        "triệu": 1_000_000,
        "tỷ": 1_000_000_000,
        "tỉ": 1_000_000_000,
        "hundred": 100,
        "thousand": 1_000,
        "million": 1_000_000,
        "billion": 1_000_000_000,
    }
)

NUMBER_WORDS = MappingProxyType({
    "nửa": "0.5", "half": "0.5", "half a": "0.5",
    "một": "1", "hai": "2", "ba": "3", "bốn": "4", "năm": "5",
    "sáu": "6", "bảy": "7", "tám": "8", "chín": "9", "mười": "10",
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
    "duy nhất": "1", "đầu tiên và duy nhất": "1",
})  # fmt: skip

Kind = Literal[
    "about",  # gần, khoảng, trên, hơn
    "at_least",  # before the number: ít nhất
    "at_least_after",  # behind it: trở lên
    "at_most",
    "at_most_after",
    "from",  # wants a second number or "trở lên"
    "lowest",  # thấp nhất 63%, cao nhất 80%
    "highest",
    "to",
    "or",  # a range too, but not behind a floor
    "of",  # count of base
    "percent",
    "permille",
    "times",  # a multiplier
    "number",  # a number in words
    "zero",
    "all",
    "noun",  # what is counted; says nothing about the number
    "lead",  # a word that may stand before a figure or between count and share
    "join",  # a sign between count and share
    "open",
    "close",
]

_PHRASES: dict[Kind, tuple[str, ...]] = {
    "about": (
        "gần", "khoảng", "vào khoảng", "trên", "hơn", "xấp xỉ", "chừng", "ước", "ước khoảng", "ước đạt",
        "tầm", "ngót", "trên dưới", "about", "around", "approximately", "nearly", "almost", "over",
        "more than", "roughly", "~", "≈", ">",
    ),
    "at_least": (
        "ít nhất", "tối thiểu", "không dưới", "không ít hơn", "at least", "no less than", "not less than",
        "≥",
    ),
    "at_least_after": (
        "trở lên", "or more", "or higher", "or above", "and above", "and over", "以上", "人以上", "+",
    ),
    "at_most": (
        "dưới", "không quá", "tối đa", "nhiều nhất", "chưa đến", "chưa tới", "chưa đầy", "under", "below",
        "less than", "fewer than", "at most", "up to", "no more than", "not more than", "≤", "<",
    ),
    "at_most_after": ("trở xuống", "or less", "or fewer", "or below", "and below"),
    "from": ("từ", "from", "between"),
    "lowest": ("thấp nhất", "thấp nhất là", "lowest"),
    "highest": ("cao nhất", "cao nhất là", "highest"),
    "to": ("-", "đến", "tới", "to", "and"),
    "or": ("hoặc", "hay", "or"),
    "of": ("/", "trên tổng số", "trong tổng số", "trong số", "trong", "of", "out of"),
    "percent": ("%", "phần trăm", "percent", "per cent", "pct"),
    "permille": ("‰", "phần nghìn", "per mille"),
    "times": tuple(MULTIPLIERS),
    "number": tuple(NUMBER_WORDS),
    "zero": ("không", "không có", "không còn", "none", "no"),
    "all": ("tất cả", "toàn bộ", "all"),
    "noun": (
        "đồng chí", "đ / c", "chi bộ", "chi bộ trực thuộc", "chi bộ cơ sở", "đảng viên", "đảng bộ",
        "đảng bộ cơ sở", "chi , đảng bộ", "chi đảng bộ", "tổ chức", "tổ chức đảng", "tổ chức cơ sở đảng",
        "tccsđ", "cấp ủy", "bí thư", "trưởng thôn", "số", "tổng số", "người", "thôn", "ấp", "bản", "làng",
        "buôn", "khóm", "khu phố", "tổ dân phố", "xã", "phường", "thị trấn", "huyện", "tỉnh", "cơ quan",
        "đơn vị", "doanh nghiệp", "trường", "nào", "cells", "cell", "party cells", "party cell",
        "party members", "members", "party organisations", "party organizations", "organisations",
        "organizations", "people", "villages", "communes", "人",
    ),
    "lead": (
        "có", "là", "được", "gồm", "đạt", "chiếm", "đạt tỷ lệ", "đạt tỉ lệ", "chiếm tỷ lệ", "chiếm tỉ lệ",
        "tỷ lệ", "tỉ lệ", "tương ứng", "tương đương", "bằng", "accounting for", "making up", "equal to", "=",
    ),
    "join": (";", ",", ":"),
    "open": ("(", "["),
    "close": (")", "]"),
}  # fmt: skip

LEXICON = MappingProxyType(
    {tuple(phrase.split(" ")): kind for kind, phrases in _PHRASES.items() for phrase in phrases}
)

# Words in the longest phrase: how far the reader has to look ahead.
LONGEST = max(len(phrase) for phrase in LEXICON)
