"""The corpus: tables MADE UP for the tests, never published, with what must be read from them.

Each case is one file. An expected line is ``place; period; what; figure; cells``: the district before the
province, ``figure`` as count/base and percent, ``cells`` as origins.csv has them. They were typed by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from made_up import writers
from made_up.writers import Merges, Rows


@dataclass(frozen=True)
class Case:
    """One file of the corpus."""

    name: str
    write: Callable[[Path], None]
    expected: tuple[str, ...]
    traps: tuple[str, ...]
    style: str = "vi"
    options: dict[str, str] = field(default_factory=dict)


def lines(text: str) -> tuple[str, ...]:
    """Return the expected lines of a block."""
    return tuple(line.strip() for line in text.strip().splitlines())


# -- ratings: title, two-level merged headers, counted columns, regions, totals, notes, marks, spellings

RATINGS: Rows = [
    ["BẢNG TỔNG HỢP KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI CHI BỘ NĂM 2023 (SỐ LIỆU BỊA)"],
    [""],
    [
        "TT",
        "Tỉnh, thành phố",
        "Tổng số chi bộ được đánh giá",
        "Hoàn thành xuất sắc nhiệm vụ",
        "",
        "Hoàn thành tốt nhiệm vụ",
        "",
    ],
    ["", "", "", "Số lượng", "Tỷ lệ (%)", "Số lượng", "Tỷ lệ (%)"],
    ["(1)", "(2)", "(3)", "(4)", "(5)=(4)/(3)", "(6)", "(7)=(6)/(3)"],
    ["I", "Đồng bằng sông Hồng"],
    ["1", "TP. Hải Phòng", "1.200", "204", "17,0", "900", "75"],
    ["2", "Tỉnh Hưng Yên", "1.000 (1)", "150", "15", "812", "81,2"],
    ["II", "Tây Nguyên", "800", "120", "15", "650", "81,25"],
    ["3", "Ðắc Lắc", "800", "120", "15,0", "650*", "81,25"],
    ["", "Tổng cộng", "3.000", "474", "15,8", "2.362", "78,73"],
    ["Ghi chú: (1) chưa kể khối doanh nghiệp"],
    ["(1) chưa kể khối doanh nghiệp"],
    ["* số ước"],
]
RATINGS_MERGED: Merges = ["A1:G1", "A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:G3"]
RATINGS_EXPECTED = lines("""
    Hải Phòng; 2023; org_count cell rated; 1200; C7
    Hải Phòng; 2023; org_quality_rating cell excellent; 204/1200 17%; count:D7 base:C7 percent:E7
    Hải Phòng; 2023; org_quality_rating cell good; 900/1200 75%; count:F7 base:C7 percent:G7
    Hưng Yên; 2023; org_count cell rated; 1000; C8
    Hưng Yên; 2023; org_quality_rating cell excellent; 150/1000 15%; count:D8 base:C8 percent:E8
    Hưng Yên; 2023; org_quality_rating cell good; 812/1000 81.2%; count:F8 base:C8 percent:G8
    Đắk Lắk; 2023; org_count cell rated; 800; C10
    Đắk Lắk; 2023; org_quality_rating cell excellent; 120/800 15%; count:D10 base:C10 percent:E10
    Đắk Lắk; 2023; org_quality_rating cell good; 650/800 81.25%; count:F10 base:C10 percent:G10
""")
RATINGS_TRAPS = (
    "title rows",
    "two-level header",
    "region",
    "total",
    "notes",
    "footnote mark",
    "spelling",
    "vi style",
)

# -- the same in English: numbers the other way round

ENGLISH: Rows = [
    ["Party cells rated in 2022 (made-up figures)", "", "", "", ""],
    ["No.", "Province", "Total cells rated", "Excellent", "Excellent (%)"],
    ["1", "Da Nang City", "1,250", "250", "20.0"],
    ["2", "Ninh Binh Province", "2,000", "345", "17.25"],
    ["", "Total", "3,250", "595", "18.31"],
]
ENGLISH_EXPECTED = lines("""
    Đà Nẵng; 2022; org_count cell rated; 1250; C3
    Đà Nẵng; 2022; org_quality_rating cell excellent; 250/1250 20%; count:D3 base:C3 percent:E3
    Ninh Bình; 2022; org_count cell rated; 2000; C4
    Ninh Bình; 2022; org_quality_rating cell excellent; 345/2000 17.25%; count:D4 base:C4 percent:E4
""")

# -- before Unicode: the same four cells in TCVN3 and in VNI

OLD: Rows = [
    ["Đảng viên dự sinh hoạt chi bộ năm 2009 (số liệu bịa)", "", ""],
    ["Tỉnh", "Tổng số đảng viên", "Tỷ lệ đảng viên dự sinh hoạt (%)"],
    ["Bắc Giang", "6.200", "91,5"],
    ["Thừa Thiên Huế", "5.100", "88"],
]
OLD_EXPECTED = lines("""
    Bắc Giang; 2009; org_count member; 6200; B3
    Bắc Giang; 2009; meeting_attendance member; /6200 91.5%; base:B3 percent:C3
    Thừa Thiên Huế; 2009; org_count member; 5100; B4
    Thừa Thiên Huế; 2009; meeting_attendance member; /5100 88%; base:B4 percent:C4
""")


# letter: as TCVN3 and as VNI have it; typed from the fonts' tables, not from the package that reads them back
BEFORE_UNICODE = {
    "Đ": "§ Ñ", "đ": "® ñ", "ả": "¶ aû", "ạ": "¹ aï", "ă": "¨ aê", "ắ": "¾ aé", "ê": "ª eâ", "ế": "Õ eá",
    "ệ": "Ö eä",    "ỉ": "Ø æ", "ị": "Þ ò", "ố": "è oá",
    "ổ": "æ oå", "ộ": "é oä", "ừ": "õ öø", "ự": "ù öï", "ỷ": "û yû",
}  # fmt: skip


def old(rows: Rows, letters: str) -> Rows:
    """Return rows with their text as it was typed before Unicode."""
    at = ["tcvn3", "vni"].index(letters)
    table = {ord(letter): both.split()[at] for letter, both in BEFORE_UNICODE.items()}
    return [[cell.translate(table) if isinstance(cell, str) else cell for cell in row] for row in rows]


# -- districts of one province, which only the title names

DISTRICTS: Rows = [
    [
        "Số chi bộ trực thuộc ở các huyện, thành phố của tỉnh Sơn La, tính đến ngày 30/6/2024 (số liệu bịa)",
        "",
        "",
    ],
    ["STT", "Đơn vị", "Số chi bộ trực thuộc"],
    ["1", "Huyện Mai Sơn", "412"],
    ["2", "Thành phố Sơn La", "1.034"],
    ["3", "Huyện Bắc Yên", "-"],
    ["", "Toàn tỉnh", "1.446"],
    ["Nguồn: bịa ra để thử", "", ""],
]
DISTRICTS_EXPECTED = lines("""
    Huyện Mai Sơn, Sơn La; 2024-06-30; org_count branch_cell; 412; C3
    Thành phố Sơn La, Sơn La; 2024-06-30; org_count branch_cell; 1034; C4
""")

# -- categories in rows, years in columns

YEARS: Rows = [
    ["Xếp loại đảng viên của tỉnh Hà Giang (số liệu bịa)", "", "", ""],
    ["Xếp loại", "Năm 2021", "Năm 2022", "Năm 2023"],
    ["Hoàn thành xuất sắc nhiệm vụ", "15,5%", "16%", "16,25%"],
    ["Hoàn thành tốt nhiệm vụ", "80%", "79,5%", "…"],
    ["Không hoàn thành nhiệm vụ", "0,5%", "0,4%", "0,35%"],
]
YEARS_EXPECTED = lines("""
    Hà Giang; 2021; org_quality_rating member excellent; 15.5%; B3
    Hà Giang; 2022; org_quality_rating member excellent; 16%; C3
    Hà Giang; 2023; org_quality_rating member excellent; 16.25%; D3
    Hà Giang; 2021; org_quality_rating member good; 80%; B4
    Hà Giang; 2022; org_quality_rating member good; 79.5%; C4
    Hà Giang; 2021; org_quality_rating member failed; 0.5%; B5
    Hà Giang; 2022; org_quality_rating member failed; 0.4%; C5
    Hà Giang; 2023; org_quality_rating member failed; 0.35%; D5
""")

# -- one figure a row; in the second the province is merged over its rows (or only in the first of them)

LONG: Rows = [
    ["Tỉnh", "Năm", "Đối tượng", "Xếp loại", "Tổng số được xếp loại", "Số lượng", "Tỷ lệ (%)"],
    ["Cà Mau", 2019, "Đảng viên", "Hoàn thành tốt nhiệm vụ", 20000, 16000, 80],
    ["Cà Mau", 2019, "Đảng viên", "Hoàn thành nhiệm vụ", 20000, 3000, 15],
    ["Cà Mau", 2020, "Chi bộ trực thuộc", "Hoàn thành xuất sắc nhiệm vụ", 1500, 300, 20],
    ["Kiên Giang", 2020, "Chi bộ trực thuộc", "Hoàn thành xuất sắc nhiệm vụ", 1600, 240, 15],
]
LONG_EXPECTED = lines("""
    Cà Mau; 2019; org_quality_rating member good; 16000/20000 80%; count:F2 base:E2 percent:G2
    Cà Mau; 2019; org_quality_rating member fulfilled; 3000/20000 15%; count:F3 base:E3 percent:G3
    Cà Mau; 2020; org_quality_rating branch_cell excellent; 300/1500 20%; count:F4 base:E4 percent:G4
    Kiên Giang; 2020; org_quality_rating branch_cell excellent; 240/1600 15%; count:F5 base:E5 percent:G5
""")
LONG_GROUPED: Rows = [[*row] for row in LONG]
LONG_GROUPED[2][0] = LONG_GROUPED[3][0] = ""

# -- years as sub-headings between the rows

SECTIONS: Rows = [
    ["Số chi bộ và đảng viên (số liệu bịa)", "", ""],
    ["Tỉnh, thành phố", "Số chi bộ", "Số đảng viên"],
    ["Năm 2018", "", ""],
    ["Thái Bình", "2.100", "31.000"],
    ["Nam Định", "2.300", "40.500"],
    ["Cộng", "4.400", "71.500"],
    ["Năm 2019", "", ""],
    ["Thái Bình", "2.110", "31.200"],
    ["Nam Định", "2.290", "x"],
]
SECTIONS_EXPECTED = lines("""
    Thái Bình; 2018; org_count cell; 2100; B4
    Thái Bình; 2018; org_count member; 31000; C4
    Nam Định; 2018; org_count cell; 2300; B5
    Nam Định; 2018; org_count member; 40500; C5
    Thái Bình; 2019; org_count cell; 2110; B8
    Thái Bình; 2019; org_count member; 31200; C8
    Nam Định; 2019; org_count cell; 2290; B9
""")

# -- figures that are no plain numbers

ODD: Rows = [
    ["Phụ lục: sinh hoạt chi bộ năm 2017 (số liệu bịa)", "", "", ""],
    ["Địa phương", "Đảng viên dự sinh hoạt (%)", "Thôn có chi bộ riêng", "Đảng viên đi làm ăn xa"],
    ["Lai Châu", "từ 90% trở lên", "11/18", "gần 3 nghìn"],
    ["Yên Bái", "80 – 95", "…", "05 đồng chí"],
    ["Phú Thọ", "97,5 [1]", "26/48 (54,2%)", "không có số liệu"],
    ["Hòa Bình", "khoảng 85", "x", "1.234¹"],
]
ODD_EXPECTED = lines("""
    Lai Châu; 2017; meeting_attendance member; at_least 90%; B3
    Lai Châu; 2017; village_own_cell village; 11/18; C3
    Lai Châu; 2017; members_away member; about 3000; D3
    Yên Bái; 2017; meeting_attendance member; range 80-95%; B4
    Yên Bái; 2017; members_away member; 5; D4
    Phú Thọ; 2017; meeting_attendance member; 97.5%; B5
    Phú Thọ; 2017; village_own_cell village; 26/48 54.2%; C5
    Hòa Bình; 2017; meeting_attendance member; about 85%; B6
    Hòa Bình; 2017; members_away member; 1234; D6
""")

# -- shares as fractions of 1, with the decimals of a computed cell; a formula is the value that was stored

FRACTIONS: Rows = [
    ["Cài đặt sổ tay đảng viên điện tử năm 2024 (số liệu bịa)"],
    ["Tỉnh", "Tổng số đảng viên", "Số đảng viên cài sổ tay đảng viên điện tử", "Tỷ lệ"],
    ["Long An", 30000, 20000, 0.6666666666666666],
    ["Tiền Giang", 40000, 35000, 0.875],
    ["Bến Tre", 33000, 11000, 0.3333333333333333],
]
FRACTIONS_EXPECTED = lines("""
    Long An; 2024; org_count member; 30000; B3
    Long An; 2024; e_handbook member; 20000/30000 66.67%; count:C3 base:B3 percent:D3
    Tiền Giang; 2024; org_count member; 40000; B4
    Tiền Giang; 2024; e_handbook member; 35000/40000 87.5%; count:C4 base:B4 percent:D4
    Bến Tre; 2024; org_count member; 33000; B5
    Bến Tre; 2024; e_handbook member; 11000/33000 33.33%; count:C5 base:B5 percent:D5
""")

# -- a sheet for each year, and one with words only


def yearly(first: int, second: int) -> Rows:
    """Return the sheet of one year."""
    return [
        ["Số chi bộ kiểu mẫu (số liệu bịa)", ""],
        ["Tỉnh", "Số chi bộ kiểu mẫu"],
        ["Quảng Trị", first],
        ["Quảng Bình", second],
    ]


SHEETS = {"Năm 2022": yearly(12, 9), "Năm 2023": yearly(15, 11), "Giải thích": [["Số liệu bịa ra để thử."]]}
SHEETS_EXPECTED = lines("""
    Quảng Trị; 2022; model_cells cell; 12; B3
    Quảng Bình; 2022; model_cells cell; 9; B4
    Quảng Trị; 2023; model_cells cell; 15; B3
    Quảng Bình; 2023; model_cells cell; 11; B4
""")

# -- a table over two pages, whose header stands on both

PAGE_1: Rows = [
    ["Tỉnh", "Số đảng viên", "Tỷ lệ dự sinh hoạt (%)"],
    ["Lào Cai", "21.000", "92,5"],
    ["Điện Biên", "19.500", "90"],
]
PAGE_2: Rows = [["Tỉnh", "Số đảng viên", "Tỷ lệ dự sinh hoạt (%)"], ["Cao Bằng", "25.750", "95,25"]]
PAGES_TITLE = "Dự sinh hoạt chi bộ năm 2016 (số liệu bịa)"
PAGES_EXPECTED = lines("""
    Lào Cai; 2016; org_count member; 21000; B2
    Lào Cai; 2016; meeting_attendance member; /21000 92.5%; base:B2 percent:C2
    Điện Biên; 2016; org_count member; 19500; B3
    Điện Biên; 2016; meeting_attendance member; /19500 90%; base:B3 percent:C3
    Cao Bằng; 2016; org_count member; 25750; B{row}
    Cao Bằng; 2016; meeting_attendance member; /25750 95.25%; base:B{row} percent:C{row}
""")

# -- provinces in columns, what is counted in rows

TURNED: Rows = [
    ["Biểu 3. Tổ chức đảng năm 2014 (số liệu bịa)", "", "", ""],
    ["Chỉ tiêu", "Bình Định", "Phú Yên", "Khánh Hòa"],
    ["Tổng số chi bộ trực thuộc", "3.100", "2.050", "2.400"],
    ["Tổng số đảng viên", "62.000", "41.000", "-"],
    ["Tỷ lệ đảng viên dự sinh hoạt chi bộ (%)", "88,5", "90", "91,25"],
]
TURNED_EXPECTED = lines("""
    Bình Định; 2014; org_count branch_cell; 3100; B3
    Bình Định; 2014; org_count member; 62000; B4
    Bình Định; 2014; meeting_attendance member; /62000 88.5%; base:B4 percent:B5
    Phú Yên; 2014; org_count branch_cell; 2050; C3
    Phú Yên; 2014; org_count member; 41000; C4
    Phú Yên; 2014; meeting_attendance member; /41000 90%; base:C4 percent:C5
    Khánh Hòa; 2014; org_count branch_cell; 2400; D3
    Khánh Hòa; 2014; meeting_attendance member; 91.25%; base:D4 percent:D5
""")

# in a PDF the title is no row of the table
TURNED_PAGE = tuple(
    re.sub(r"(?<=[BCD])[345]\b", lambda found: str(int(found[0]) - 1), line) for line in TURNED_EXPECTED
)

# -- two-level headers whose merged cells a CSV file has lost

LOST: Rows = [
    ["Năm 2020 (số liệu bịa)", "", "", "", ""],
    ["Tỉnh", "Chi bộ", "", "Đảng viên", ""],
    ["", "Tổng số", "Hoàn thành xuất sắc", "Tổng số", "Hoàn thành xuất sắc"],
    ["Vĩnh Long", "900", "90", "30.100", "3.010"],
    ["Trà Vinh", "800", "120", "28.000", "4.200"],
]
LOST_EXPECTED = lines("""
    Vĩnh Long; 2020; org_count cell; 900; B4
    Vĩnh Long; 2020; org_quality_rating cell excellent; 90/900; count:C4 base:B4
    Vĩnh Long; 2020; org_count member; 30100; D4
    Vĩnh Long; 2020; org_quality_rating member excellent; 3010/30100; count:E4 base:D4
    Trà Vinh; 2020; org_count cell; 800; B5
    Trà Vinh; 2020; org_quality_rating cell excellent; 120/800; count:C5 base:B5
    Trà Vinh; 2020; org_count member; 28000; D5
    Trà Vinh; 2020; org_quality_rating member excellent; 4200/28000; count:E5 base:D5
""")

# -- ratings of before 2018, in a province that is no more

BEFORE: Rows = [
    ["Xếp loại tổ chức cơ sở đảng năm 2007 (số liệu bịa)", "", "", ""],
    ["Tỉnh", "Số TCCSĐ được xếp loại", "Trong sạch, vững mạnh (%)", "Yếu kém (%)"],
    ["Hà Tây", "1.020", "75,5", "0,75"],
    ["Bà Rịa-Vũng Tàu", "510", "80,2", "0,2"],
]
BEFORE_EXPECTED = lines("""
    Hà Tây; 2007; org_count grassroots_org rated; 1020; B3
    Hà Tây; 2007; org_quality_rating grassroots_org strong; /1020 75.5%; base:B3 percent:C3
    Hà Tây; 2007; org_quality_rating grassroots_org weak; /1020 0.75%; base:B3 percent:D3
    Bà Rịa - Vũng Tàu; 2007; org_count grassroots_org rated; 510; B4
    Bà Rịa - Vũng Tàu; 2007; org_quality_rating grassroots_org strong; /510 80.2%; base:B4 percent:C4
    Bà Rịa - Vũng Tàu; 2007; org_quality_rating grassroots_org weak; /510 0.2%; base:B4 percent:D4
""")


def _one(rows: Rows, merges: Merges = (), kind: str = "xlsx", **options: object) -> Callable[[Path], None]:  # type: ignore[assignment]
    """Return what writes a table as one kind of file."""
    merges = list(merges)
    title, beneath = str(rows[0][0]), rows
    return {
        "xlsx": partial(writers.xlsx, sheets={"Bảng": rows}, merges=merges, **options),
        "xls": partial(writers.xls, sheets={"Bảng": rows}, merges=merges, **options),
        "ods": partial(writers.ods, sheets={"Bảng": rows}, merges=merges),
        "xlsb": partial(writers.xlsb, name="Bảng", rows=rows),
        "csv": partial(writers.separated, rows=rows, **options),
        "html": partial(writers.page, tables=[("", beneath)], merges=merges, **options),
        "docx": partial(writers.word, tables=[("", beneath)], merges=merges, **options),
        "pdf": partial(writers.portable, pages=[(title, beneath)]),
    }[kind]


def pages(row: int) -> tuple[str, ...]:
    """Return what is read from the two pages; the row of the third province depends on the kind of file."""
    return tuple(line.format(row=row) for line in PAGES_EXPECTED)


_ENGLISH = ("title rows", "total", "en style", "spelling")
_OLD = ("before Unicode", "title rows")
_DISTRICTS = ("districts", "province in title", "total", "missing mark", "notes", "vi style")
_YEARS = ("years in headers", "province in title", "missing mark")

CORPUS: tuple[Case, ...] = (
    Case("ratings.xlsx", _one(RATINGS, RATINGS_MERGED), RATINGS_EXPECTED, (*RATINGS_TRAPS, "merged header")),
    Case(
        "ratings.xls",
        _one(RATINGS, RATINGS_MERGED, "xls"),
        RATINGS_EXPECTED,
        (*RATINGS_TRAPS, "merged header"),
    ),
    Case(
        "ratings.ods",
        _one(RATINGS, RATINGS_MERGED, "ods"),
        RATINGS_EXPECTED,
        (*RATINGS_TRAPS, "merged header"),
    ),
    Case(
        "ratings.docx",
        _one(RATINGS, RATINGS_MERGED, "docx"),
        RATINGS_EXPECTED,
        (*RATINGS_TRAPS, "merged header"),
    ),
    Case(
        "ratings.html",
        _one(RATINGS, RATINGS_MERGED, "html"),
        RATINGS_EXPECTED,
        (*RATINGS_TRAPS, "merged header"),
    ),
    Case(
        "ratings-page.xls",
        _one(RATINGS, RATINGS_MERGED, "html"),
        RATINGS_EXPECTED,
        (*RATINGS_TRAPS, "HTML named .xls"),
    ),
    Case("ratings.xlsb", _one(RATINGS, kind="xlsb"), RATINGS_EXPECTED, RATINGS_TRAPS),
    Case(
        "ratings.csv",
        _one(RATINGS, kind="csv", separator=";"),
        RATINGS_EXPECTED,
        (*RATINGS_TRAPS, "separator"),
    ),
    Case("english.xlsx", _one(ENGLISH), ENGLISH_EXPECTED, _ENGLISH, "en"),
    Case("english.csv", _one(ENGLISH, kind="csv"), ENGLISH_EXPECTED, (*_ENGLISH, "separator"), "en"),
    Case(
        "english.tsv",
        _one(ENGLISH, kind="csv", separator="\t"),
        ENGLISH_EXPECTED,
        (*_ENGLISH, "separator"),
        "en",
    ),
    Case(
        "tcvn3.xls",
        _one(old(OLD, "tcvn3"), kind="xls", font=".VnTime"),
        OLD_EXPECTED,
        (*_OLD, "told by the font"),
    ),
    Case("tcvn3.xlsx", _one(old(OLD, "tcvn3"), font=".VnArial"), OLD_EXPECTED, (*_OLD, "told by the font")),
    Case(
        "tcvn3.html",
        _one(old(OLD, "tcvn3"), kind="html", head="<style>td {font-family: .VnTimeH}</style>"),
        OLD_EXPECTED,
        (*_OLD, "told by the font"),
    ),
    Case(
        "tcvn3.csv",
        _one(old(OLD, "tcvn3"), kind="csv", separator=";", encoding="latin-1"),
        OLD_EXPECTED,
        (*_OLD, "asked for"),
        options={"letters": "tcvn3"},
    ),
    Case(
        "vni.xls",
        _one(old(OLD, "vni"), kind="xls", font="VNI-Times"),
        OLD_EXPECTED,
        (*_OLD, "told by the font"),
    ),
    Case(
        "vni.docx",
        _one(old(OLD, "vni"), kind="docx", font="VNI-Times"),
        OLD_EXPECTED,
        (*_OLD, "told by the font"),
    ),
    Case(
        "vni.csv",
        _one(old(OLD, "vni"), kind="csv", separator="\t", encoding="latin-1"),
        OLD_EXPECTED,
        (*_OLD, "asked for"),
        options={"letters": "vni"},
    ),
    Case("districts.xlsx", _one(DISTRICTS, ["A1:C1", "A7:C7"]), DISTRICTS_EXPECTED, _DISTRICTS),
    Case("districts.docx", _one(DISTRICTS, kind="docx"), DISTRICTS_EXPECTED, _DISTRICTS),
    Case(
        "districts.csv",
        _one(DISTRICTS, kind="csv", separator=";", change=writers.windows_1258),
        DISTRICTS_EXPECTED,
        (*_DISTRICTS, "Windows-1258"),
    ),
    Case("years.xlsx", _one(YEARS), YEARS_EXPECTED, _YEARS),
    Case("years.html", _one(YEARS, kind="html"), YEARS_EXPECTED, _YEARS),
    Case("years.csv", _one(YEARS, kind="csv", encoding="utf-16"), YEARS_EXPECTED, (*_YEARS, "UTF-16")),
    Case(
        "years-marked.csv",
        _one(YEARS, kind="csv", separator="|", encoding="utf-8-sig"),
        YEARS_EXPECTED,
        (*_YEARS, "UTF-8 with mark"),
    ),
    Case("long.xlsx", _one(LONG), LONG_EXPECTED, ("one figure a row",)),
    Case("long.xlsb", _one(LONG, kind="xlsb"), LONG_EXPECTED, ("one figure a row",)),
    Case(
        "long.tsv",
        _one(LONG, kind="csv", separator="\t", encoding="utf-16-le"),
        LONG_EXPECTED,
        ("one figure a row", "UTF-16"),
    ),
    Case(
        "long-merged.xlsx",
        _one(LONG_GROUPED, ["A2:A4"]),
        LONG_EXPECTED,
        ("one figure a row", "merged labels"),
    ),
    Case(
        "long-merged.html",
        _one(LONG_GROUPED, ["A2:A4"], "html"),
        LONG_EXPECTED,
        ("one figure a row", "merged labels"),
    ),
    Case(
        "long-merged.docx",
        _one(LONG_GROUPED, ["A2:A4"], "docx"),
        LONG_EXPECTED,
        ("one figure a row", "merged labels"),
    ),
    Case(
        "long-first.csv",
        _one(LONG_GROUPED, kind="csv", encoding="utf-8-sig"),
        LONG_EXPECTED,
        ("one figure a row", "lost merge", "UTF-8 with mark"),
    ),
    Case(
        "sections.xlsx", _one(SECTIONS), SECTIONS_EXPECTED, ("years as sub-headings", "total", "missing mark")
    ),
    Case(
        "sections.ods",
        _one(SECTIONS, kind="ods"),
        SECTIONS_EXPECTED,
        ("years as sub-headings", "total", "missing mark"),
    ),
    Case(
        "sections.csv",
        _one(SECTIONS, kind="csv", change=writers.windows_1258),
        SECTIONS_EXPECTED,
        ("years as sub-headings", "Windows-1258"),
    ),
    Case("odd.xlsx", _one(ODD), ODD_EXPECTED, ("ranges, floors, n of m", "footnote mark", "missing mark")),
    Case(
        "odd.docx",
        _one(ODD, kind="docx"),
        ODD_EXPECTED,
        ("ranges, floors, n of m", "footnote mark", "missing mark"),
    ),
    Case(
        "odd-page.xls",
        _one(ODD, kind="html"),
        ODD_EXPECTED,
        ("ranges, floors, n of m", "footnote mark", "HTML named .xls"),
    ),
    Case("fractions.xlsx", _one(FRACTIONS), FRACTIONS_EXPECTED, ("fractions of 1", "computed decimals")),
    Case(
        "fractions.xls",
        _one(FRACTIONS, kind="xls"),
        FRACTIONS_EXPECTED,
        ("fractions of 1", "computed decimals"),
    ),
    Case(
        "sheets.xlsx", partial(writers.xlsx, sheets=SHEETS, merges=[]), SHEETS_EXPECTED, ("a sheet a year",)
    ),
    Case("sheets.xls", partial(writers.xls, sheets=SHEETS, merges=[]), SHEETS_EXPECTED, ("a sheet a year",)),
    Case("sheets.ods", partial(writers.ods, sheets=SHEETS, merges=[]), SHEETS_EXPECTED, ("a sheet a year",)),
    Case(
        "pages.pdf",
        partial(writers.portable, pages=[(PAGES_TITLE, PAGE_1), ("", PAGE_2)]),
        pages(4),
        ("two pages",),
    ),
    Case(
        "pages.docx",
        partial(writers.word, tables=[(PAGES_TITLE, [*PAGE_1, *PAGE_2])], merges=[]),
        pages(5),
        ("two pages",),
    ),
    Case("turned.xlsx", _one(TURNED), TURNED_EXPECTED, ("provinces in columns", "missing mark")),
    Case(
        "turned.csv",
        _one(TURNED, kind="csv", separator=";"),
        TURNED_EXPECTED,
        ("provinces in columns", "missing mark"),
    ),
    Case(
        "turned.pdf",
        partial(writers.portable, pages=[(str(TURNED[0][0]), TURNED[1:])]),
        TURNED_PAGE,
        ("provinces in columns",),
    ),
    Case(
        "lost.csv", _one(LOST, kind="csv", separator=";"), LOST_EXPECTED, ("lost merge", "two-level header")
    ),
    Case(
        "lost.tsv", _one(LOST, kind="csv", separator="\t"), LOST_EXPECTED, ("lost merge", "two-level header")
    ),
    Case("before.xlsx", _one(BEFORE), BEFORE_EXPECTED, ("old scheme", "province of its time", "spelling")),
    Case(
        "before.xls",
        _one(BEFORE, kind="xls"),
        BEFORE_EXPECTED,
        ("old scheme", "province of its time", "spelling"),
    ),
)
