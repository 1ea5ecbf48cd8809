"""Tables of statistics offices and programs: own indicators named whole, columns that hold no figures."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from cbanalysis.common.errors import DataError, by_cause
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.observations import observation_faults
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.files.reading import tables
from cbanalysis.importing.layouts.applying import Applied, apply_layout
from cbanalysis.importing.layouts.new_indicators import draft_indicators
from cbanalysis.importing.layouts.places import Places
from cbanalysis.importing.layouts.proposing import Proposal, propose
from cbanalysis.importing.layouts.records import Told
from cbanalysis.importing.layouts.vocabulary import Vocabulary
from made_up import writers

NOTHING = Told()
CATALOGUE, PLACES = Catalogue.read(), Places(Gazetteer.read())


def proposed(folder: Path, table: str, told: Told, name: str) -> tuple[Proposal, Vocabulary, list[str]]:
    """Return what is proposed once all own indicators are declared, and these with their units."""
    (folder / name).write_text(table, encoding="utf-8")
    vocabulary = Vocabulary(CATALOGUE)
    first = propose(tables(folder / name), vocabulary, PLACES, told)
    own = [one.indicator for one in draft_indicators(first.unknown, vocabulary)]
    entries = CATALOGUE.indicators | {one.id: one for one in own}
    vocabulary = Vocabulary(CATALOGUE.model_copy(update={"indicators": entries}))
    drafted = [f"{one.id} {one.unit} {one.subjects[0]}" for one in own]
    return propose(tables(folder / name), vocabulary, PLACES, told), vocabulary, drafted


def applied(
    folder: Path, table: str, told: Told = NOTHING, name: str = "bịa.csv"
) -> tuple[Applied, list[str]]:
    """Return what a table says, and the own indicators that it needs; its rows keep the contract."""
    proposal, vocabulary, drafted = proposed(folder, table, told, name)
    assert proposal.questions == ()
    read = apply_layout(proposal.layout, tables(folder / name), vocabulary, PLACES)
    source = CATALOGUE.sources["seed-000"].model_copy(update={"number_style": read.source["number_style"]})
    catalogue = vocabulary.catalogue.model_copy(update={"sources": {read.source["source_id"]: source}})
    rows = read.observations.assign(observation_id=[f"X{at:04d}" for at in range(len(read.observations))])
    assert observation_faults(rows, catalogue=catalogue, gazetteer=PLACES.gazetteer)[1] == []
    return read, drafted


NAMED = {
    "title and heading name it together": (
        (
            "Number of divorce cases by province and by level by Cities, provinces and Level in 2015\n"
            "Cities, provinces;Total;District level\nHa Noi;875;830\n"
        ),
        ["number_of_divorce_cases count other", "number_of_divorce_cases_district_level count other"],
    ),
    "a heading that the title lists is enough": (
        (
            "Crude birth rate, crude death rate and natural increase rate by province\n"
            "Province;Crude birth rate 2005;Natural increase rate 2005\nHa Noi;16.3;11.2\n"
        ),
        ["crude_birth_rate unstated other", "natural_increase_rate unstated other"],
    ),
    "a negation is part of the name": (
        "Năm 2013\nTỉnh;Chi phí không chính thức\nHà Nội;6,25\n",
        ["bia_chi_phi_khong_chinh_thuc unstated other"],
    ),
    "communes are the party's only where a table says so": (
        "Administrative divisions in 2015\nProvince;Communes\nHa Noi;386\n",
        ["administrative_divisions_communes count commune"],
    ),
    "basic is no village": (
        "Năm 2013\nTỉnh;Cơ sở hạ tầng căn bản\nHà Nội;1,25\n",
        ["bia_co_so_ha_tang_can_ban unstated other"],
    ),
    "shares of a structure": (
        "Structure of used land by province in 2014\nProvince;Forestry land\nHa Noi;7.3\n",
        ["structure_of_used_land_forestry_land percent other"],
    ),
    "an average of whole numbers is no count": (
        "Average income per capita in 2014\nProvince;Quintile 1\nHa Noi;1224\n",
        ["average_income_per_capita_quintile_1 unstated other"],
    ),
    "a share in a table in money": (
        "Năm 2006\nĐơn vị tính: Triệu đồng\nTỉnh;Tổng thu ngân sách;Tỷ lệ phân chia thu\nHà Nội;6652951;98\n",
        ["bia_tong_thu_ngan_sach million_vnd other", "bia_ty_le_phan_chia_thu percent other"],
    ),
    "the years of a programme above single years": (
        "Tỉnh;Chuẩn nghèo 2016-2021;\n;2019;2020\nHà Nội;1,5;1,25\n",
        ["bia_chuan_ngheo_2016_2021 unstated other"],
    ),
    "codes, repeated names and other words are no figures": (
        (
            "ID_1,provinceCode,NAME_1,other,note,dengueCases\n"
            "7,07,An Giang,AN GIANG,[],12\n3,03,Cà Mau,CÀ MAU,[],12\n"
        ),
        ["bia_dengue_cases count other"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NAMED)
def test_an_own_indicator_bears_all_words_that_name_it(case: str, tmp_path: Path) -> None:
    """What a figure is called and counted in is what title and heading say together, and no more."""
    table, expected = NAMED[case]
    assert applied(tmp_path, table, Told(period="" if "20" in table else "2020"))[1] == expected


def test_values_in_millions_of_dong_are_those_printed(tmp_path: Path) -> None:
    """6.652.951 triệu đồng is 6652951 of the unit, with no multiplier on top."""
    rows = applied(tmp_path, NAMED["a share in a table in money"][0])[0].observations
    assert rows[["value", "percent"]].to_numpy().tolist() == [["6652951", ""], ["", "98"]]


def test_two_titles_over_one_heading_are_two_indicators(tmp_path: Path) -> None:
    """Shares of households and square metres per head stand under the same words."""
    tail = "by type of house\nProvince;Permanent house\nHa Noi;{}\n"
    titles = (f"Percentage of households in 2014 {tail}", f"Average dwelling area in 2014 {tail}")
    names = [applied(tmp_path, title.format("92.7"))[1] for title in titles]
    assert names[0] != names[1]


def test_a_year_said_aside_does_not_overrule_several_in_headings(tmp_path: Path) -> None:
    """--period is for tables that say none, or one that is wrong."""
    rows = applied(tmp_path, "Province;Rice 2011;Rice 2012\nHa Noi;1.5;2.5\n", Told(period="2021"))[
        0
    ].observations
    assert rows["period_end"].tolist() == ["2011", "2012"]
    rows = applied(tmp_path, "Province;Rice 2026\nHai Duong;1.5\n", Told(period="2024"))[0].observations
    assert rows["period_end"].tolist() == ["2024"]


def test_a_day_says_more_than_the_year_beside_it(tmp_path: Path) -> None:
    """Columns of year and month stand beside the date of each row."""
    table = "year,month,date,NAME_1,cases\n2021,1,2021-01-31,Hà Nội,5\n2021,2,2021-02-28,Hà Nội,7\n"
    rows = applied(tmp_path, table)[0].observations
    assert rows[["period_end", "count"]].to_numpy().tolist() == [["2021-01-31", "5"], ["2021-02-28", "7"]]


def test_a_number_as_programs_write_it_is_read_and_a_rounded_one_is_told(tmp_path: Path) -> None:
    """8.2466e6 is whole; 8.25E+06 is what a spreadsheet has left of a number."""
    table = "NAME_1,population\nHà Nội,{}\nHà Giang,{}\n"
    rows = applied(tmp_path, table.format("8.2466e6", "8.7e5"), Told(period="2020"))[0].observations
    assert rows["count"].tolist() == ["8246600", "870000"]
    with pytest.raises(DataError, match=r"a number rounded by its spreadsheet \(found '8.25E\+06'"):
        applied(tmp_path, table.format("8.25E+06", "8.70E+05"), Told(period="2020"))


def test_each_of_one_to_many_once_is_asked_about(tmp_path: Path) -> None:
    """Numbers without a hole are codes or ranks, whatever their heading."""
    names = (
        "Hà Nội",
        "Hà Giang",
        "Cao Bằng",
        "Lào Cai",
        "Sơn La",
        "Phú Thọ",
        "An Giang",
        "Cà Mau",
        "Nghệ An",
        "Huế",
    )
    table = "NAME_1,rk,cases\n" + "".join(
        f"{name},{11 - at},5{at}\n" for at, name in enumerate(names, start=1)
    )
    questions = proposed(tmp_path, table, Told(period="2020"), "bịa.csv")[0].questions
    assert questions == ("what is the column 'rk'? (each of 1 to 10 once, as codes and ranks are)",)


def test_provinces_of_another_time_are_one_fault(tmp_path: Path) -> None:
    """63 provinces in a table of 2026 are told with their cause, not one by one."""
    names = ("Hải Dương", "Thái Bình", "Hà Nam", "Nam Định", "Vĩnh Phúc")
    proposal, vocabulary, _ = proposed(
        tmp_path, "Tỉnh;Diện tích 2026\n" + "".join(f"{name};1,5\n" for name in names), Told(), "bịa.csv"
    )
    with pytest.raises(DataError) as caught:
        apply_layout(proposal.layout, tables(tmp_path / "bịa.csv"), vocabulary, PLACES)
    assert [fault.what for fault in by_cause(caught.value.faults)] == [
        "5 provinces that were gone by 2026: Hải Dương, Thái Bình, Hà Nam, …"
    ]


SUMS = (
    "Năm 2020\nĐơn vị tính: nghìn người\nTỉnh;Dân số\n{}Đồng bằng sông Hồng;{}\nHà Nội;8246\nHải Phòng;2028\n"
)


@pytest.mark.parametrize(
    ("above", "total", "told"), [("", 10275, 0), ("", 10400, 1), ("Loại một;3\n", 10274, 0)]
)
def test_a_region_is_the_sum_of_the_rows_beneath_it(
    above: str, total: int, told: int, tmp_path: Path
) -> None:
    """Thousands that were rounded may differ by one, and a row left out by its name is no part of it."""
    read = applied(tmp_path, SUMS.format(above, total), Told(left_out=("Loại một",)))[0]
    assert len(read.remarks) == told


def test_labels_in_two_languages_are_understood(tmp_path: Path) -> None:
    """A yearbook writes STT NO, Cả nước - Whole country, Đông Bắc - North East."""
    sums = ";TỔNG SỐ - TOTAL;5\nI;ĐÔNG BẮC - NORTH EAST;5\n"
    table = f"STT NO;Tỉnh Province;Rice 2004\n{sums}1;Quảng Ninh;2\n2;Hà Giang;3\n"
    read = applied(tmp_path, table)[0]
    assert read.observations["province"].tolist() == ["Quảng Ninh", "Hà Giang"]


def test_rows_left_out_for_one_reason_are_one_line(tmp_path: Path) -> None:
    """A long table has the country once a year."""
    rows = "".join(f"Cả nước;{year};5\nHà Nội;{year};5\n" for year in (2019, 2020, 2021))
    read = applied(tmp_path, f"Tỉnh;Năm;Số ca bệnh\n{rows}")[0]
    assert read.left_out == ("A2 and 2 more: 'Cả nước', a total",)


def test_a_page_that_goes_on_repeats_its_head(tmp_path: Path) -> None:
    """The lines above a table come again in the middle of it: they are no rows."""
    head = "Bảng 10;;\n;;Đơn vị tính: %\nTỉnh;Tỷ lệ hộ nghèo;\n;2016;2017\n"
    read = applied(tmp_path, f"{head}Hà Nội;1,5;1,25\n{head}Hà Giang;2,5;3,25\n")[0]
    assert read.observations["province"].tolist() == ["Hà Nội", "Hà Nội", "Hà Giang", "Hà Giang"]


def test_regions_have_rates_of_their_own(tmp_path: Path) -> None:
    """An average of a region is no sum of its provinces."""
    read = applied(tmp_path, "Province;Sex ratio 2015\nRed River Delta;97,5\nHa Noi;96,5\n")[0]
    assert read.observations["geo_level"].tolist() == ["region", "province"]


def test_a_share_that_is_exactly_that_of_another_column_is_asked_about(tmp_path: Path) -> None:
    """968 of 2.024 is 47,83 %, whichever count the share stands behind."""
    table = (
        "Xếp loại chi bộ năm 2023\nTỉnh;HTTNV;Chi bộ đã được xếp loại;Đảng viên đi làm ăn xa;Tỷ lệ %\n"
        "Cà Mau;968;2.024;2.036;47,83\nPhú Thọ;21.124;29.841;79.145;70,79\n"
    )
    assert proposed(tmp_path, table, NOTHING, "bịa.csv")[0].questions == ("a share of what is 'Tỷ lệ %'?",)


def test_months_beside_a_year_are_asked_about(tmp_path: Path) -> None:
    """A year in words is no day: the column of months says when."""
    table = "Năm;Tháng;Tỉnh;Số ca bệnh\nNăm 2021;1;Hà Nội;5\nNăm 2021;2;Hà Giang;7\n"
    assert proposed(tmp_path, table, NOTHING, "bịa.csv")[0].questions == ("what is the column 'Tháng'?",)


def test_one_head_over_an_empty_and_a_filled_column_is_that_of_the_filled_one(tmp_path: Path) -> None:
    """A merged head reaches over a column that only keeps a distance."""
    writers.xlsx(
        tmp_path / "a.xlsx",
        {
            "Bảng": [
                ["Năm 2012", "", "", ""],
                ["Tỉnh", "Tỷ lệ hộ nghèo", "", "Số xã nghèo"],
                ["Hà Nội", "", 1.5, 7],
            ]
        },
        ["B2:C2"],
    )
    grids = tables(tmp_path / "a.xlsx")
    assert propose(grids, Vocabulary(CATALOGUE), PLACES).layout.tables[0].headers == (
        "Tỉnh", "Tỷ lệ hộ nghèo", "Số xã nghèo",
    )  # fmt: skip


def test_whole_numbers_of_money_are_no_counts(tmp_path: Path) -> None:
    """An income has a unit that nobody said; a percentage has one."""
    table = "MATINH,Name,income_salary,percentage\n1,Hà Nội,3960,30.2\n26,Vĩnh Phúc,1914,14.5\n"
    drafted = applied(tmp_path, table, Told(period="2018"), "bia.csv")[1]
    assert drafted == ["bia_income_salary unstated other", "bia percent other"]
