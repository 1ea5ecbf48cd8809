"""Meeting records: registers that can be checked by hand, planted faults, sums that add up. All made up."""

from __future__ import annotations

from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest
import registers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cbanalysis as cb
from cbanalysis import records
from cbanalysis.common.errors import CbanalysisError, DataError, NotComparable, OutputError, UnknownName
from cbanalysis.records.checked_register import FAULT_COLUMNS

HEADER = "cell,commune,district,province,month,due,excused,present,thematic\n"
GOOD = (
    "A1,Xã A,Huyện Một,Hà Nội,2024-01,10,1,8,1\n"
    "A1,Xã A,Huyện Một,Hà Nội,2024-02,10,0,9,0\n"
    "B1,Xã B,Huyện Một,Hà Nội,2024-01,20,2,18,1\n"
    "B1,Xã B,Huyện Một,Hà Nội,2024-02,20,0,0,0\n"
    "C1,Xã C,Huyện Hai,Cà Mau,2024-01,5,0,5,0\n"
)
# 1 fault among few rows is a large share
FEW = 100.0


def written(folder: Path, rows: str, name: str = "register.csv", header: str = HEADER) -> Path:
    """Write a register."""
    path = folder / name
    path.write_text(header + rows, encoding="utf-8")
    return path


def checked_rows(folder: Path, rows: str, **options) -> records.Checked:
    """Check a register of these rows, however many faults it has."""
    return records.check(records.open_register(written(folder, rows), **options), most=FEW)


def listed(checked: records.Checked) -> list[tuple[int, str]]:
    """Return row and kind of each fault."""
    return list(zip(checked.faults["row"], checked.faults["kind"], strict=True))


class TestAttendance:
    def test_both_readings_of_excused_can_be_checked_by_hand(self, tmp_path: Path) -> None:
        """Hà Nội: 35 of 60 members due came, or 35 of the 57 that weren't excused: 3.07 points apart."""
        found = records.attendance(checked_rows(tmp_path, GOOD), every="year")
        hanoi = found[found["province"] == "Hà Nội"].set_index("base_of")
        assert hanoi["count"].tolist() == [35, 35]
        assert hanoi["base"].to_dict() == {"all_due": 60, "not_excused": 57}
        assert hanoi["reading_gap"].round(2).tolist() == [3.07, 3.07]
        assert hanoi["unit_id"].tolist() == ["01-2008"] * 2
        assert set(found["period_start"]) == {"2024"}
        rated = cb.add_rates(found)
        assert set(rated["interval"]) == {"wilson"}

    @pytest.mark.parametrize(
        ("by", "every", "places", "counts"),
        [
            ("cell", "month", ["A1, Xã A", "A1, Xã A", "B1, Xã B", "B1, Xã B", "C1, Xã C"], [8, 9, 18, 0, 5]),
            ("commune", "all", ["Xã A", "Xã B", "Xã C"], [17, 18, 5]),
            ("district", "quarter", ["Huyện Hai", "Huyện Một"], [5, 35]),
            ("region", "year", ["Đồng bằng sông Cửu Long", "Đồng bằng sông Hồng"], [5, 35]),
            ("country", "month", ["Toàn sổ", "Toàn sổ"], [31, 9]),
        ],
    )
    def test_any_place_and_period(self, tmp_path: Path, by, every, places, counts) -> None:
        """The same five records by cell, commune, district, region and country, by month, quarter, year."""
        found = records.attendance(checked_rows(tmp_path, GOOD), by=by, every=every, excused="in_base")
        found = found.sort_values(["area", "period_start"])
        assert found["area"].tolist() == places
        assert found["count"].tolist() == counts
        assert found["geo_level"].unique().tolist() == [by]

    def test_communes_of_one_name_are_told_apart_by_district(self, tmp_path: Path) -> None:
        """Two communes Tân Lập of one province are two places, with their districts in the name."""
        rows = "A1,Tân Lập,Huyện Một,Hà Nội,2024-01,10,0,8,0\nB1,Tân Lập,Huyện Hai,Hà Nội,2024-01,10,0,9,0\n"
        found = records.attendance(checked_rows(tmp_path, rows), by="commune", excused="in_base")
        assert found["area"].tolist() == ["Tân Lập, Huyện Hai", "Tân Lập, Huyện Một"]

    def test_a_province_that_grew_within_the_year_has_two_rows(self, tmp_path: Path) -> None:
        """Phú Thọ before and since 2025-07-01 are two units; regrouped to 34 they are one."""
        rows = "A,X,H,Phú Thọ,2025-06,10,0,8,0\nA,X,H,Phú Thọ,2025-07,10,0,9,0\n"
        rows += "B,Y,K,Hòa Bình,2025-06,10,0,5,0\n"
        checked = checked_rows(tmp_path, rows)
        dated = records.attendance(checked, excused="in_base").set_index("unit_id")
        assert dated["count"].to_dict() == {"17-2004": 5, "25-2004": 8, "25-2025": 9}
        assert dated.loc["25-2025", "period_start":"period_end"].tolist() == ["2025-07", "2025-12"]
        grown = records.attendance(checked, excused="in_base", units=34)
        assert grown[["unit_id", "count", "base"]].to_numpy().tolist() == [["25-2025", 22, 30]]
        with pytest.raises(NotComparable, match="Phú Thọ speak of land that was several"):
            records.attendance(checked, units=63)
        communes = records.attendance(checked, by="commune", excused="in_base", units=34)
        assert communes["unit_id"].unique().tolist() == ["25-2025"]

    def test_a_region_that_grew_within_the_year_has_two_rows(self, tmp_path: Path) -> None:
        """Long An came to Đông Nam Bộ with Tây Ninh on 2025-07-01: 8 of 10 before, 15 of 20 since."""
        rows = "A,X,H,Tây Ninh,2025-06,10,0,8,0\nB,Y,K,Long An,2025-06,10,0,5,0\n"
        rows += "A,X,H,Tây Ninh,2025-07,10,0,9,0\nB,Y,K,Tây Ninh,2025-07,10,0,6,0\n"
        checked = checked_rows(tmp_path, rows)
        shown = ["area", "period_start", "period_end", "count", "base"]
        dated = records.attendance(checked, by="region", excused="in_base")
        assert dated[shown].to_numpy().tolist() == [
            ["Đông Nam Bộ (–6/2025)", "2025-01", "2025-06", 8, 10],
            ["Đồng bằng sông Cửu Long", "2025-01", "2025-06", 5, 10],
            ["Đông Nam Bộ (7/2025–)", "2025-07", "2025-12", 15, 20],
        ]
        held = records.meetings_held(checked, by="region", every="all")
        assert held[["period_start", "base"]].to_numpy().tolist() == [
            ["2025-06", 1],
            ["2025-06", 1],
            ["2025-07", 2],
        ]
        grown = records.attendance(checked, by="region", excused="in_base", units=34)
        assert grown[shown].to_numpy().tolist() == [["Đông Nam Bộ", "2025", "2025", 28, 40]]

    def test_the_months_of_a_region_that_grew_are_two_places_to_a_chart(self, tmp_path: Path) -> None:
        """A line over both would compare other land; the name says which months each is, in digits."""
        rows = "A,X,H,Tây Ninh,2025-06,10,0,8,0\nA,X,H,Tây Ninh,2025-07,10,0,9,0\n"
        dated = records.attendance(checked_rows(tmp_path, rows), by="region", every="month")
        assert dated["area"].unique().tolist() == ["Đông Nam Bộ (–6/2025)", "Đông Nam Bộ (7/2025–)"]
        assert dated["region"].unique().tolist() == ["Đông Nam Bộ"]

    def test_a_region_without_a_change_of_land_has_one_row(self, tmp_path: Path) -> None:
        """2024 lies within one map, and a province that was only renamed in January 2025 divides no year."""
        rows = (
            "A,X,H,Thừa Thiên Huế,2024-12,10,0,8,0\nA,X,H,Huế,2025-01,10,0,8,0\nA,X,H,Huế,2025-06,10,0,9,0\n"
        )
        dated = records.attendance(checked_rows(tmp_path, rows), by="region", excused="in_base")
        assert dated[["period_start", "period_end", "count"]].to_numpy().tolist() == [
            ["2024", "2024", 8],
            ["2025-01", "2025-06", 17],
        ]

    def test_a_choice_that_is_none_is_refused(self, tmp_path: Path) -> None:
        """Level, period, reading, map and naming are closed lists."""
        checked = checked_rows(tmp_path, GOOD)
        for wrong in ({"by": "comune"}, {"every": "week"}, {"excused": "maybe"}, {"units": 62}):
            with pytest.raises(UnknownName):
                records.attendance(checked, **wrong)
        with pytest.raises(UnknownName, match="uniqueness"):
            records.open_register(tmp_path / "register.csv", names="village")

    def test_a_register_of_one_commune_needs_no_places(self, tmp_path: Path) -> None:
        """Cell, month, due and present are enough for cells and the whole; more needs more columns."""
        path = written(
            tmp_path,
            "A,5/2024,10,9\nB,12/2024,5,5\n",
            header="Chi bộ;Tháng;Phải dự;Có mặt\n".replace(";", ","),
        )
        checked = records.check(records.open_register(path))
        assert checked.register.level == "cell"
        whole = records.attendance(checked, by="country")
        assert whole["count"].tolist() == [14, 14]
        assert set(whole["reading_gap"]) == {0.0}
        with pytest.raises(DataError, match="column commune: by='commune' needs this column"):
            records.attendance(checked, by="commune")
        with pytest.raises(DataError, match="province"):
            records.attendance(checked, by="province")


class TestMeetingsHeld:
    def test_a_meeting_is_held_when_anybody_came(self, tmp_path: Path) -> None:
        """Hà Nội held 3 of the 4 meetings on record; a month without a record is in neither number."""
        found = records.meetings_held(checked_rows(tmp_path, GOOD)).set_index("province")
        assert found[["count", "base"]].to_numpy().tolist() == [[1, 1], [3, 4]]
        thematic = records.meetings_held(checked_rows(tmp_path, GOOD), by="country", thematic=True)
        assert thematic[["count", "base", "definition"]].to_numpy().tolist() == [[2, 5, "thematic"]]

    def test_thematic_meetings_need_their_column(self, tmp_path: Path) -> None:
        """Nothing is said of thematic meetings where nobody noted them."""
        path = written(tmp_path, "A,2024-05,10,9\n", header="cell,month,due,present\n")
        with pytest.raises(DataError, match="thematic"):
            records.meetings_held(records.open_register(path), by="country", thematic=True)

    def test_thematic_is_read_from_words_too(self, tmp_path: Path) -> None:
        """x, có and yes say that a meeting was thematic; nothing and no that it wasn't."""
        rows = "A,2024-01,9,9,x\nA,2024-02,9,9,Có\nA,2024-03,9,9,\nA,2024-04,9,9,no\n"
        path = written(tmp_path, rows, header="cell,month,due,present,thematic\n")
        found = records.meetings_held(records.open_register(path), by="country", thematic=True)
        assert found[["count", "base"]].to_numpy().tolist() == [[2, 4]]


class TestFaults:
    @pytest.mark.parametrize(
        ("row", "kind", "left_out"),
        [
            ("A1,Xã A,Huyện Một,Hà Nội,2024-03,10,0,,0", "unreadable", True),
            ("A1,Xã A,Huyện Một,Hà Nội,2024-13,10,0,9,0", "unreadable", True),
            ("A1,Xã A,Huyện Một,Hà Nội,2024-03,10,0,chín,0", "unreadable", True),
            (",Xã A,Huyện Một,Hà Nội,2024-03,10,0,9,0", "unreadable", True),
            ("A1,Xã A,Huyện Một,Hà Nội,2024-03,10,-1,9,0", "negative", True),
            ("A1,Xã A,Huyện Một,Hà Nội,2024-03,10,0,11,0", "present_above_due", True),
            ("A1,Xã A,Huyện Một,Hà Nội,2024-03,10,2,9,0", "parts_above_due", True),
            ("A1,Xã A,Huyện Một,Hà Tây,2024-03,10,0,9,0", "unknown_province", True),
            ("A1,Xã A,Huyện Một,,2024-03,10,0,9,0", "unknown_province", True),
            ("A1,Xã A,Huyện Một,Hà Nội,2024-02,10,0,9,0", "month_repeated", True),
            ("A1,Xã B,Huyện Một,Hà Nội,2024-03,10,0,9,0", "cell_moved", False),
            ("A1,Xã A,Huyện Một,Hà Nội,2024-03,30,0,9,0", "due_jumped", False),
        ],
    )
    def test_a_fault_is_listed_with_its_row_and_counted(self, tmp_path: Path, row, kind, left_out) -> None:
        """A seventh line with one fault: the table names row 7, and the sums say whether it is in them."""
        checked = checked_rows(tmp_path, GOOD + row + "\n")
        assert listed(checked) == [(7, kind)]
        assert checked.faults["file"].str.endswith("register.csv").all()
        assert checked.faults["left_out"].tolist() == [left_out]
        assert checked.summary.set_index("kind").loc[kind, "records"] == 1
        found = records.attendance(checked, by="country", every="all", excused="in_base")
        assert found["records"].tolist() == [5 if left_out else 6]
        assert found["count"].tolist() == [40 if left_out else 49]
        cells = records.attendance(checked, by="cell", every="all", excused="in_base")
        assert cells["count"].sum() == found["count"].sum()
        held = records.meetings_held(checked, by="country", every="all")
        assert held["base"].tolist() == [5 if left_out else 6]

    def test_a_month_with_two_versions_is_left_out_altogether(self, tmp_path: Path) -> None:
        """Nobody knows which of two versions is right, so neither counts."""
        checked = checked_rows(tmp_path, GOOD + "C1,Xã C,Huyện Hai,Cà Mau,2024-01,5,0,4,0\n")
        assert listed(checked) == [(6, "month_contradicted"), (7, "month_contradicted")]
        found = records.attendance(checked, excused="in_base")
        assert found[["province", "records"]].to_numpy().tolist() == [["Cà Mau", 0], ["Hà Nội", 4]]

    def test_coming_back_from_a_jump_is_no_second_jump(self, tmp_path: Path) -> None:
        """10, 100, 10: only the 100 is named; 10, 100, 100 likewise, for it may be true."""
        line = "A,X,H,Hà Nội,2024-0{},{},0,9,0\n"
        for third in (10, 100):
            rows = "".join(line.format(month, due) for month, due in ((1, 10), (2, 100), (3, third)))
            assert listed(checked_rows(tmp_path, rows)) == [(3, "due_jumped")]

    def test_faults_are_never_written_over_records(self, tmp_path: Path) -> None:
        """Neither onto a file of the register nor into its folder; what no register is gets them, whole."""
        path = written(tmp_path, GOOD + "=A1,Xã A,Huyện Một,Hà Nội,2024-03,10,0,19,0\n")
        before = path.read_bytes()
        (tmp_path / "out").mkdir()
        for source, target in ((path, path), (tmp_path, tmp_path / "out" / "faults.csv")):
            checked = records.check(records.open_register(source), most=FEW)
            with pytest.raises(OutputError, match="would be part of the register"):
                checked.write_faults(target)
        assert path.read_bytes() == before
        checked = records.check(records.open_register(path), most=FEW)
        faults = pd.read_csv(checked.write_faults(tmp_path / "out" / "faults.csv"))
        assert faults["cell"].tolist() == ["'=A1"]

    def test_a_merger_moves_no_cell(self, tmp_path: Path) -> None:
        """On 2025-07-01 communes and provinces changed for everybody: that is no fault."""
        rows = "A,X,H,Bắc Giang,2025-06,10,0,9,0\nA,Y,,Bắc Ninh,2025-07,10,0,9,0\n"
        assert checked_rows(tmp_path, rows).faults.empty

    def test_cells_known_by_their_commune_may_share_a_name(self, tmp_path: Path) -> None:
        """Thôn 1 of two communes is two cells, or one with two versions of a month."""
        rows = "Thôn 1,X,,Hà Nội,2024-01,10,0,9,0\nThôn 1,Y,,Hà Nội,2024-01,12,0,9,0\n"
        assert checked_rows(tmp_path, rows, names="commune").faults.empty
        assert set(checked_rows(tmp_path, rows).faults["kind"]) == {"month_contradicted"}
        again = rows + "Thôn 1,X,,Hà Nội,2024-01,10,0,8,0\n"
        assert listed(checked_rows(tmp_path, again, names="commune")) == [
            (2, "month_contradicted"),
            (4, "month_contradicted"),
        ]

    def test_too_many_faults_stop_the_run(self, tmp_path: Path) -> None:
        """One record of six is above 5 %: the share and the limit come first, then kinds, files and rows."""
        path = written(tmp_path, GOOD + "A1,Xã A,Huyện Một,Hà Nộii,2024-03,10,0,9,0\n")
        heading = r"^1 of 6 records \(16.7 %\) have a fault; allowed: 5 % \(most=5\):\n"
        with pytest.raises(DataError, match=heading) as raised:
            records.check(records.open_register(path))
        assert raised.value.faults[0].what == "no such province in that month: 1"
        assert raised.value.faults[1].row == 7
        assert raised.value.faults[1].value == "Hà Nộii"
        assert raised.value.faults[1].allowed == "Hà Nội"
        with pytest.raises(DataError, match=r"^1 trong 6 bản ghi \(16,7%\) có lỗi") as raised:
            records.check(records.open_register(path), lang="vi")
        assert "dòng 7, cột tỉnh: vào tháng đó không có" in str(raised.value)

    def test_an_empty_register_is_refused(self, tmp_path: Path) -> None:
        """A file with headings only has nothing to say."""
        with pytest.raises(DataError, match="no records"):
            checked_rows(tmp_path, "")

    def test_without_any_month_nothing_is_counted(self, tmp_path: Path) -> None:
        """Where no month can be read every record is a fault and no sum is made."""
        checked = checked_rows(tmp_path, "A,X,H,Hà Nội,soon,10,0,9,0\n")
        assert listed(checked) == [(2, "unreadable")]
        assert checked.tallied.empty

    def test_the_faults_table_is_written_as_csv_and_parquet(self, tmp_path: Path) -> None:
        """What is written holds file, row and kind; another ending is refused before anything is written."""
        checked = checked_rows(tmp_path, GOOD + "A1,Xã A,Huyện Một,Hà Nội,2024-03,10,0,11,0\n")
        for name, read in (("faults.csv", pd.read_csv), ("faults.parquet", pd.read_parquet)):
            found = read(checked.write_faults(tmp_path / name))
            assert tuple(found.columns) == FAULT_COLUMNS
            assert found[["row", "kind", "present"]].to_numpy().tolist() == [[7, "present_above_due", 11]]
        with pytest.raises(OutputError, match=r"allowed: \.csv, \.parquet"):
            checked.write_faults(tmp_path / "faults.txt")
        with pytest.raises(OutputError, match="can't write"):
            checked.write_faults(tmp_path / "nowhere" / "faults.csv")


class TestOpening:
    def test_every_planted_fault_is_found_by_file_and_row(self, tmp_path: Path) -> None:
        """A hundred thousand records in Parquet with 7 faults of each kind: exactly these are listed."""
        provinces = [unit.name_vi for unit in cb.Gazetteer.read().on("2024") if unit.name_vi != "Huế"]
        planted = registers.write_made_up(
            tmp_path / "big", cells=860, months=120, first="2014-01", provinces=provinces[:60], each=7
        )
        checked = records.check(records.open_register(tmp_path / "big"))
        assert checked.records > 100_000
        found = {
            (Path(file).name, row, kind)
            for file, row, kind in checked.faults[["file", "row", "kind"]].to_numpy()
        }
        assert found == {tuple(one) for one in planted[["file", "row", "kind"]].to_numpy()}
        years = records.attendance(checked, excused="in_base")
        country = records.attendance(checked, by="country", every="all", excused="in_base")
        assert years[["count", "base"]].sum().tolist() == country[["count", "base"]].sum().tolist()
        assert country["records"].item() + country["left_out"].item() == checked.records

    def test_a_folder_may_hold_csv_and_parquet(self, tmp_path: Path) -> None:
        """Half of the records in each form give what one file gives; rows count in each file."""
        whole = checked_rows(tmp_path, GOOD)
        lines = GOOD.splitlines(keepends=True)
        folder = tmp_path / "both"
        folder.mkdir()
        written(folder, "".join(lines[:2]), "one.csv")
        bad = "C1,Xã C,Huyện Hai,Cà Mau,2024-02,5,0,6,0\n"
        rest = pd.read_csv(written(tmp_path, "".join(lines[2:]) + bad, "rest.csv"))
        rest.to_parquet(folder / "two.parquet", index=False)
        checked = records.check(records.open_register(folder), most=FEW)
        pd.testing.assert_frame_equal(
            records.attendance(checked, by="cell", every="year").drop(
                columns=["source_id", "left_out", "months"]
            ),
            records.attendance(whole, by="cell", every="year").drop(
                columns=["source_id", "left_out", "months"]
            ),
        )
        assert [(Path(file).name, row) for file, row in checked.faults[["file", "row"]].to_numpy()] == [
            ("two.parquet", 4)
        ]

    def test_a_table_of_any_engine_is_a_register(self) -> None:
        """Dates with a time and floats are read; what is no whole number is a fault without a file."""
        frame = pd.DataFrame(
            {
                "cell": [1, 2],
                "month": pd.to_datetime(["2024-05-17 09:00", "2024-05-18 00:00"]),
                "due": [10.0, 10.0],
                "present": [9.0, 8.5],
            }
        )
        checked = records.check(records.open_register(ibis.memtable(frame)), most=FEW)
        assert checked.faults[["kind", "cell", "file"]].to_numpy().tolist() == [["unreadable", "2", ""]]
        assert records.attendance(checked, by="country")["count"].tolist() == [9, 9]

    def test_headings_can_be_named(self, tmp_path: Path) -> None:
        """A heading that nobody knows is mapped; a wrong mapping names the nearest."""
        path = written(tmp_path, "A,2024-05,10,9\n", header="cell,month,due,came\n")
        with pytest.raises(DataError, match="column missing; allowed: a column 'present' or 'có mặt'"):
            records.open_register(path)
        register = records.open_register(path, columns={"present": "came"})
        assert records.attendance(register, by="country")["count"].tolist() == [9, 9]
        with pytest.raises(DataError, match=r"no such column of a register.*did you mean present"):
            records.open_register(path, columns={"presnt": "came"})
        with pytest.raises(DataError, match="no such column"):
            records.open_register(path, columns={"present": "cam"})
        twice = written(tmp_path, "A,2024-05,10,9,8\n", header="cell,month,due,present,Có mặt\n")
        with pytest.raises(DataError, match="several columns mean 'present'"):
            records.open_register(twice)

    def test_what_is_no_register_is_refused(self, tmp_path: Path) -> None:
        """A missing file, a folder without records, and CSV for another engine are named."""
        (tmp_path / "empty").mkdir()
        with pytest.raises(DataError, match=r"no such file or folder[\s\S]*no CSV or Parquet file"):
            records.open_register([tmp_path / "none.csv", tmp_path / "empty"])
        with pytest.raises(DataError, match="another engine reads Parquet only"):
            records.open_register(written(tmp_path, GOOD), connection=ibis.duckdb.connect())


class TestInvariants:
    @settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(seed=st.integers(0, 10**6), parts=st.integers(1, 4))
    def test_order_of_rows_and_files_changes_nothing(self, tmp_path: Path, seed: int, parts: int) -> None:
        """However rows are shuffled and spread over files, the sums and the kinds of fault stay the same."""
        frame, _ = registers.plant_faults(registers.made_up(cells=60, months=6, seed=seed), each=1, seed=seed)
        folder = tmp_path / f"{seed}_{parts}"
        (folder / "shuffled").mkdir(parents=True, exist_ok=True)
        frame.to_parquet(folder / "whole.parquet", index=False)
        order = np.random.default_rng(seed).permutation(len(frame))
        for part in range(parts):
            frame.iloc[order[part::parts]].to_parquet(folder / "shuffled" / f"{part}.parquet", index=False)
        one = records.check(records.open_register(folder / "whole.parquet", name="same"), most=FEW)
        other = records.check(records.open_register(folder / "shuffled", name="same"), most=FEW)
        pd.testing.assert_frame_equal(one.summary, other.summary)
        for by in ("commune", "country"):
            whole, shuffled = (records.attendance(each, by=by, every="month") for each in (one, other))
            pd.testing.assert_frame_equal(whole, shuffled)
        communes = records.attendance(one, by="commune", every="quarter", excused="in_base")
        country = records.attendance(one, by="country", every="all", excused="in_base")
        sums = ["count", "base", "records", "left_out"]
        assert communes[sums].sum().tolist() == country[sums].sum().tolist()

    def test_made_up_records_are_the_same_for_the_same_seed(self) -> None:
        """A seed gives its records again, another seed other ones; only invented places occur."""
        one, again, other = (registers.made_up(cells=20, months=4, seed=seed) for seed in (1, 1, 2))
        pd.testing.assert_frame_equal(one, again)
        assert not one.equals(other)
        assert one["commune"].str.startswith("Xã Giả Định").all()

    def test_the_register_that_is_shipped_is_what_its_generator_makes(self) -> None:
        """The file behind `made_up_register` is current: `python benchmarks/registers.py` wrote it."""
        made = registers.shipped()
        there = pd.read_parquet(registers.SHIPPED)
        pd.testing.assert_frame_equal(there, made, check_dtype=False)


class TestWords:
    def test_a_made_up_register_says_so_everywhere(self) -> None:
        """The note, the table of faults and every chart name made-up records as such, in both languages."""
        checked = records.check(records.made_up_register())
        monthly = cb.add_rates(records.attendance(checked, by="country", every="month"))
        months = cb.add_rates(records.over_the_year(monthly))
        for lang, word in (("vi", "SỐ LIỆU MINH HỌA"), ("en", "MADE-UP RECORDS")):
            notes = records.chart_notes(checked, lang=lang)
            assert word in records.about(checked, lang=lang).text()
            assert word in records.fault_table(checked, lang=lang).html()
            drawn = cb.charts.rhythm(months, lang=lang, notes=notes)
            assert any(word in text.get_text() for text in drawn.texts)

    def test_all_records_together_are_called_the_register_not_the_country(self, tmp_path: Path) -> None:
        """A register of three communes says nothing of the whole country."""
        rows = records.attendance(checked_rows(tmp_path, GOOD), by="country", excused="in_base")
        for lang, said in (("vi", "Toàn sổ"), ("en", "Whole register")):
            assert cb.words.with_words(rows, lang)["where"].tolist() == [said]

    def test_registers_show_themselves_in_one_line(self, tmp_path: Path) -> None:
        """What a notebook shows of a register is its name, columns, records, months and faults."""
        path = written(tmp_path, "A,5/2024,10,9\nA,6/2024,10,\n", header="cell,month,due,present\n")
        register = records.open_register(path)
        assert repr(register) == "Register('register.csv': cell, month, due, present)"
        said = "Checked('register.csv': 2 records, 2024-05 to 2024-06, 1 with a fault)"
        assert repr(records.check(register, most=FEW)) == said

    def test_tables_name_the_register_as_their_source(self, tmp_path: Path) -> None:
        """Figures, rates and sources of records name the register where published ones name a document."""
        rated = cb.add_rates(records.attendance(checked_rows(tmp_path, GOOD), by="country"))
        for table in (cb.tables.figures, cb.tables.rates, cb.tables.sources):
            assert "register.csv" in table(rated, lang="vi").html()

    def test_citing_records_says_what_to_cite(self, tmp_path: Path) -> None:
        """A register is printed nowhere: the message names it, its months and what a reader needs."""
        rows = records.attendance(checked_rows(tmp_path, GOOD), by="country", every="month")
        with pytest.raises(
            CbanalysisError, match=r"'register\.csv'.*name the register itself.*2024-01 to 2024-02"
        ):
            cb.cite(rows)

    def test_the_words_hold_what_can_be_checked_by_hand(self, tmp_path: Path) -> None:
        """40 of 65 due came, 40 of 62 without the excused; 2024-01 stands against 2024-02."""
        checked = checked_rows(tmp_path, GOOD)
        assert records.about(checked, lang="en").text() == (
            "Register “register.csv”: 5 records, Jan 2024 to Feb 2024. No record has a fault."
        )
        (note,) = records.chart_notes(checked, lang="vi")
        assert note.startswith(
            "Thời gian của số liệu trong sổ: 2 tháng đầu năm 2024; mẫu số là tổng của các tháng, tức số lượt"
        )
        monthly = cb.add_rates(records.attendance(checked, by="country", every="month"))
        said = records.gap_between_readings(monthly, lang="en").text()
        assert "base: 61.5%; without: 64.5%. 3 percentage points" in said.replace("3.0", "3")
        one = monthly[monthly["base_of"] == "all_due"]
        assert "from Feb 2024 on: 30.0%" in records.event_compared(one, "2024-02", lang="en").text()
        assert "aren't compared" in records.event_compared(one, "2030-01", lang="en").text()

    def test_only_months_make_a_rhythm(self, tmp_path: Path) -> None:
        """Years can't be told apart by month and are refused; two Januaries add up to one."""
        checked = checked_rows(tmp_path, GOOD + "C1,Xã C,Huyện Hai,Cà Mau,2025-01,5,0,3,0\n")
        with pytest.raises(NotComparable, match="only months"):
            records.over_the_year(records.attendance(checked, by="country"))
        months = records.over_the_year(
            records.attendance(checked, by="country", every="month", excused="in_base")
        )
        assert months[["month", "count", "base"]].to_numpy().tolist() == [[1, 34, 40], [2, 9, 30]]

    def test_months_added_up_have_no_figure_of_one_year(self, tmp_path: Path) -> None:
        """Excused members, the gap and what is printed are of both Januaries: 2 excused of 40, 34 present."""
        checked = checked_rows(tmp_path, GOOD + "C1,Xã C,Huyện Hai,Cà Mau,2025-01,5,0,3,0\n")
        months = records.over_the_year(records.attendance(checked, by="country", every="month"))
        january = months[months["month"] == 1]
        assert january["printed"].tolist() == ["34/40", f"34/{40 - january['excused'].iloc[0]}"]
        gap = 100 * 34 / (40 - january["excused"]) - 100 * 34 / 40
        assert january["reading_gap"].round(9).tolist() == gap.round(9).tolist()

    def test_where_all_are_few_words_stand_in_place_of_rates(self, tmp_path: Path) -> None:
        """Five members of one cell: nothing is left to add up, and each sentence says that they are few."""
        rows = "".join(f"A1,Xã A,Huyện Một,Cà Mau,2024-{month:02d},5,0,4,0\n" for month in range(1, 7))
        checked = checked_rows(tmp_path, rows)
        monthly = cb.add_rates(records.withhold(records.attendance(checked, by="country", every="month")))
        assert records.over_the_year(monthly).empty
        shown = monthly[monthly["withheld"] == ""]
        few = records.too_few(lang="en").text()
        assert "Too few" in few
        assert records.gap_between_readings(monthly, lang="en").text() == few
        assert records.event_compared(shown, "2024-03", lang="en").text() == few
        drawn = cb.show(cb.charts.control_chart, shown, lang="en", otherwise=records.too_few(lang="en"))
        assert drawn.text() == few

    def test_a_report_passes_on_where_a_fault_is_and_not_what_it_says(self, tmp_path: Path) -> None:
        """The rows behind the table of faults name file and row only: a cell of five is five people."""
        checked = checked_rows(tmp_path, GOOD + "A1,Xã A,Huyện Một,Hà Nội,2024-04,5,0,9,0\n")
        table = records.fault_table(checked, lang="en")
        assert list(table.rows) == ["file", "row", "kind", "left_out"]
        assert len(table.rows) == 1
