"""Months, numbers and yes or no as people write them, and what is said where they can't be read."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import ibis
import pandas as pd
import pytest

from cbanalysis import records
from cbanalysis.common.errors import DataError
from cbanalysis.common.language import Language, speaking
from cbanalysis.display.charts.caption import hidden_lines
from cbanalysis.records.fault_kinds import hint_in_vietnamese
from cbanalysis.statistics.rates import add_rates

FEW = 100.0
HEADER = "cell,commune,month,due,excused,present,thematic\n"


def checked(folder: Path, rows: str, **options) -> records.Checked:
    """Check a register of these rows, however many faults it has."""
    path = folder / "so.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    return records.check(records.open_register(path, **options), most=FEW)


def whole(found: records.Checked, **options) -> list[list[int]]:
    """Return count and base of the meetings held in the whole register."""
    rows = records.meetings_held(found, by="country", every="all", **options)
    return rows[["count", "base"]].to_numpy().tolist()


class TestMonths:
    def test_a_month_is_read_where_it_can_mean_only_one(self, tmp_path: Path) -> None:
        """All of these are May 2024."""
        ways = ["2024-05", "2024/05", "2024/5/31", "2024-05-01 00:00:00", "5/2024", "05-2024", "05.2024"]
        ways += ["15-05-2024", "15.05.2024", "15/05/2024 00:00", "Tháng 5/2024", "THÁNG 05/2024"]
        ways += ["tháng 5 năm 2024", unicodedata.normalize("NFD", "Tháng 5 năm 2024"), "T5/2024", "T.5/2024"]
        ways += ["\u00a05 / 2024 "]
        rows = [f"A{number},X,{way},10,0,9,0\n" for number, way in enumerate(ways)]
        found = checked(tmp_path, "".join(rows))
        assert found.faults.empty
        assert set(found.tallied["number"]) == {2024 * 12 + 4}
        assert found.tallied["due"].sum() == 10 * len(ways)

    def test_what_may_mean_another_month_is_a_fault_that_names_the_column(self, tmp_path: Path) -> None:
        """Two figures for a year, month 13, a quarter: the fault says which column, and how to write it."""
        ways = ["5/24", "15-05-24", "2024-13", "05/31/2024", "2024-05-99", "Quý 2/2024", "45413", "202405"]
        ways += ["0205-05"]
        rows = [f"A{number},X,{way},10,0,9,0\n" for number, way in enumerate(ways)]
        found = checked(tmp_path, "".join(["A,X,6/2024,10,0,9,0\n", *rows]))
        assert found.faults[["row", "kind", "as_written"]].to_numpy().tolist() == [
            [number, "unreadable", f"{way} | 10 | 0 | 9"] for number, way in enumerate(ways, start=3)
        ]
        right = "month: 2024-05, 05/2024, 31/05/2024, Tháng 5/2024 (1930–2099)"
        assert found.faults["hint"].str.startswith(right).all()

    def test_months_that_no_register_can_speak_of_are_not_read(self, tmp_path: Path) -> None:
        """Before 1930 and after 2099 a month is a slip, in whatever year the register is read."""
        rows = "".join(f"A,X,{year}-12,10,0,9,0\n" for year in (1929, 1930, 2024, 2099, 2100, 9999))
        found = checked(tmp_path, rows)
        assert found.faults[["row", "kind"]].to_numpy().tolist() == [[one, "unreadable"] for one in (2, 6, 7)]
        assert found.records == 6
        counted = records.attendance(found, by="cell", every="year", excused="in_base")
        assert counted["period_start"].tolist() == ["1930", "2024", "2099"]

    def test_a_date_of_parquet_is_held_to_the_same_years(self, tmp_path: Path) -> None:
        """1024-05-01 is no month of a register, whatever its type."""
        days = [date(2024, 5, 1), date(1024, 5, 1)]
        frame = pd.DataFrame({"cell": "A", "month": pd.Series(days, dtype="object"), "due": 10, "present": 9})
        frame.to_parquet(tmp_path / "so.parquet", index=False)
        found = records.check(records.open_register(tmp_path / "so.parquet"), most=FEW)
        assert found.faults[["row", "kind", "as_written"]].to_numpy().tolist() == [
            [2, "unreadable", "1024-05-01 | 10 |  | 9"]
        ]


class TestMonthsWithoutDays:
    def test_a_month_beside_one_of_its_days_is_the_month_again(self, tmp_path: Path) -> None:
        """1/2024 may be the meeting of 15/1/2024: the same figures count once, different ones not at all."""
        rows = (
            "A,X,1/2024,10,0,9,0\nA,X,15/1/2024,10,0,9,0\nB,X,Tháng 1/2024,10,0,9,0\nB,X,16/1/2024,10,0,8,0\n"
        )
        found = checked(tmp_path, rows)
        assert found.faults[["row", "kind"]].to_numpy().tolist() == [
            [3, "month_repeated"],
            [4, "month_contradicted"],
            [5, "month_contradicted"],
        ]
        assert found.tallied["due"].sum() == 10

    def test_two_days_of_a_month_are_two_meetings(self, tmp_path: Path) -> None:
        """With both days told the members due of both meetings are added up."""
        found = checked(tmp_path, "A,X,2/1/2024,10,0,9,0\nA,X,15/1/2024,10,0,9,0\n")
        assert set(found.faults["kind"]) == {"several_meetings"}
        assert found.tallied["due"].sum() == 20


class TestNames:
    @pytest.mark.parametrize("ending", ["csv", "parquet"])
    def test_a_record_without_a_commune_is_a_fault_that_names_the_column(
        self, tmp_path: Path, ending: str
    ) -> None:
        """Blank where the register has communes: left out, no commune without a name, no move of the cell."""
        frame = pd.DataFrame(
            {
                "cell": "A",
                "commune": ["X", None, " ", "X"],
                "month": ["2024-01", "2024-02", "2024-03", "2024-04"],
                "due": 10,
                "present": 9,
            }
        )
        path = tmp_path / f"so.{ending}"
        (frame.to_csv if ending == "csv" else frame.to_parquet)(path, index=False)
        found = records.check(records.open_register(path), most=FEW)
        assert set(found.faults["hint"]) == {"commune: Xã A, Phường B"}
        assert found.faults["kind"].tolist() == ["unreadable"] * 2
        communes = records.attendance(found, by="commune", every="all", excused="in_base")
        assert communes[["commune", "base"]].to_numpy().tolist() == [["X", 20]]

    def test_a_cell_of_blanks_in_parquet_is_a_fault(self, tmp_path: Path) -> None:
        """A name that shows nothing names no cell, whatever the file's type."""
        frame = pd.DataFrame({"cell": ["A", " "], "month": "2024-01", "due": 10, "present": 9})
        frame.to_parquet(tmp_path / "so.parquet", index=False)
        found = records.check(records.open_register(tmp_path / "so.parquet"), most=FEW)
        assert found.faults[["row", "kind", "hint"]].to_numpy().tolist() == [
            [2, "unreadable", "cell: Chi bộ 1"]
        ]


class TestNumbers:
    def test_a_thousand_is_not_one(self, tmp_path: Path) -> None:
        """1.000 may be one or a thousand and isn't read; one or two noughts behind the mark are no part."""
        read = ["20", "20.0", "20.00", '"20,0"', "\u00a020 "]
        not_read = ["1.000", '"1,000"', "20.5", "20.000", "hai mươi"]
        rows = [f"A{number},X,5/2024,{way},0,1,0\n" for number, way in enumerate(read + not_read)]
        found = checked(tmp_path, "".join(rows))
        assert found.faults[["row", "hint"]].to_numpy().tolist() == [
            [row, "due: 0, 1, 2, …"] for row in range(7, 12)
        ]
        assert found.tallied["due"].sum() == 20 * len(read)

    def test_all_columns_that_cannot_be_read_are_named(self, tmp_path: Path) -> None:
        """A record without cell and with two numbers of words names three columns."""
        found = checked(tmp_path, ",X,5/2024,mười,0,chín,0\n")
        assert found.faults["hint"].tolist() == ["cell: Chi bộ 1; due: 0, 1, 2, …; present: 0, 1, 2, …"]


class TestThematic:
    @pytest.mark.parametrize("values", [[1, 2], [1.0, 0.5], ["x", "học tập"]])
    def test_neither_yes_nor_no_is_not_counted(self, values: list) -> None:
        """2 thematic meetings in one record would be more than were held: the record is named instead."""
        frame = {"cell": ["A", "B"], "month": ["5/2024"] * 2, "due": [10] * 2, "present": [9] * 2}
        table = ibis.memtable({**frame, "thematic": values, "file": ["t"] * 2, "row": [1, 2]})
        found = records.check(records.open_register(table))
        assert whole(found) == [[2, 2]]
        with pytest.raises(DataError, match="don't say whether the meeting was thematic: 1") as raised:
            whole(found, thematic=True)
        (fault,) = raised.value.faults
        assert (fault.file, fault.row, fault.column, fault.value) == ("t", 2, "thematic", str(values[1]))

    def test_the_mark_of_a_month_that_stands_again_is_kept(self, tmp_path: Path) -> None:
        """A month twice, thematic only the second time: the record that says so is the one that counts."""
        rows = "A,X,5/2024,10,0,9,\nA,X,5/2024,10,0,9,x\n"
        found = checked(tmp_path, rows)
        assert found.faults[["row", "kind"]].to_numpy().tolist() == [[2, "month_repeated"]]
        assert whole(found, thematic=True) == [[1, 1]]

    def test_no_may_be_said_in_words(self, tmp_path: Path) -> None:
        """Không, 0 and nothing are no; Có, 1 and 1.0 are yes."""
        words = ["Không", "0", "", "Có", "1", "1.0"]
        rows = "".join(f"A,X,{month}/2024,10,0,9,{word}\n" for month, word in enumerate(words, 1))
        assert whole(checked(tmp_path, rows), thematic=True) == [[3, 6]]


class TestNobodyDue:
    def test_a_month_in_which_nobody_was_due_is_no_month_without_a_meeting(self, tmp_path: Path) -> None:
        """Of three records one had nobody to invite: one of two meetings was held, thematic or not."""
        rows = "A,X,5/2024,10,0,9,1\nA,X,6/2024,10,0,0,0\nA,X,7/2024,0,0,0,1\n"
        found = checked(tmp_path, rows)
        assert whole(found) == whole(found, thematic=True) == [[1, 2]]
        cells = records.meetings_held(found, by="cell", every="month")
        assert cells["base"].fillna(0).tolist() == [1, 1, 0]
        assert cells["records"].tolist() == [1, 1, 1]

    def test_records_left_out_are_in_neither_number(self, tmp_path: Path) -> None:
        """A copy of a thematic month, and one of a month with nobody due, change nothing."""
        rows = "A,X,5/2024,10,0,9,1\nA,X,5/2024,10,0,9,1\nA,X,7/2024,0,0,0,1\nA,X,7/2024,0,0,0,1\n"
        assert whole(checked(tmp_path, rows), thematic=True) == [[1, 1]]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> list[records.Checked]:
    """Check a register whose only record is faulty, and one whose only record isn't."""
    folder, found = tmp_path_factory.mktemp("both"), []
    for name, numbers in {"wrong.csv": "1,2", "right.csv": "2,1"}.items():
        text = f"cell,commune,district,province,month,due,present\nA,X,D,Hà Nội,2024-01,{numbers}\n"
        (folder / name).write_text(text, encoding="utf-8")
        found.append(records.check(records.open_register(folder / name), most=FEW))
    return found


class TestNothingLeft:
    @pytest.mark.parametrize("by", ["country", "region", "province", "district", "commune", "cell"])
    @pytest.mark.parametrize("every", ["month", "year", "all"])
    def test_a_place_whose_records_are_all_faulty_stands_without_figures(
        self, both: list[records.Checked], by: str, every: str
    ) -> None:
        """Its one record is left out: a row of the usual types, without count, base and rate; not 0 of 0."""
        none, some = (records.attendance(one, by=by, every=every) for one in both)
        assert none[["records", "left_out", "printed"]].to_numpy().tolist() == [[0, 1, ""]] * 2
        assert none.dtypes.astype("str").to_dict() == some.dtypes.astype("str").to_dict()
        shown = add_rates(records.withhold(none))
        assert shown[["count", "base", "rate"]].isna().all(axis=None)
        assert shown[["withheld", "small", "records"]].to_numpy().tolist() == [["no_record", False, 0]] * 2
        held = records.meetings_held(both[0], by=by, every=every)
        assert held[["records", "left_out"]].to_numpy().tolist() == [[0, 1]]
        assert held[["count", "base"]].isna().all(axis=None)
        if every == "month":
            assert records.over_the_year(none).empty

    def test_a_place_without_records_hides_no_other(self, tmp_path: Path) -> None:
        """X has 40 due and all its figures; Y has a faulty record; a wrong sum row is of no place."""
        rows = "A,X,5/2024,40,0,30,0\nB,Y,5/2024,10,0,11,0\n,Y,5/2024,10,0,9,0\nTổng cộng,Z,5/2024,7,0,6,0\n"
        found = checked(tmp_path, rows)
        asked = [records.attendance(found, by=by, every="all") for by in ("commune", "country")]
        shown = records.withhold(pd.concat(asked)).query("base_of == 'all_due'")
        assert shown[["area", "records", "left_out", "withheld"]].to_numpy().tolist() == [
            ["X", 1, 0, ""],
            ["Y", 0, 2, "no_record"],
            ["Toàn sổ", 1, 2, ""],
        ]
        assert shown["count"].fillna(0).tolist() == [30, 0, 30]

    @pytest.mark.parametrize(
        ("lang", "words"),
        [("vi", "được đưa vào tính toán"), ("en", "No record that counts")],
    )
    def test_a_reader_is_told_that_no_record_counts(
        self, both: list[records.Checked], lang: Language, words: str
    ) -> None:
        """The chart names the place, and the note on both readings the month."""
        rows = add_rates(records.withhold(records.attendance(both[0], by="commune", every="month")))
        with speaking(lang):
            (line,) = hidden_lines(rows)
        assert words in line
        assert "X (H" in line
        months = records.attendance(both[0], by="country", every="month")
        said = records.gap_between_readings(months, lang=lang).text()
        assert f"{words}: " in said
        assert "1/2024" in said or "Jan 2024" in said

    @pytest.mark.parametrize("lang", ["vi", "en"])
    def test_a_register_without_a_month_can_be_spoken_of(self, tmp_path: Path, lang: Language) -> None:
        """No months are named where none can be read."""
        found = checked(tmp_path, "A,X,bao giờ,10,0,9,0\n")
        assert records.chart_notes(found, lang=lang) == ()
        assert "tháng" in (said := str(records.about(found, lang=lang))) or "month" in said
        assert len(records.fault_table(found, lang=lang).rows) == 1

    @pytest.mark.parametrize("numbers", ["0,0,0", "10,10,0"])
    def test_without_a_base_there_is_no_gap_between_readings(self, tmp_path: Path, numbers: str) -> None:
        """Nobody due, or all excused: it is said that no rate can be shown."""
        found = checked(tmp_path, f"A,X,5/2024,{numbers},0\n")
        counted = records.attendance(found, by="country", every="month")
        assert records.gap_between_readings(counted, lang="en") == records.too_few(lang="en")

    def test_what_is_said_of_a_province_is_of_its_month(self, tmp_path: Path) -> None:
        """In May 2024 there is a Bắc Giang to mean, and no Hà Tây; a Vietnamese reader is told so, too."""
        header = "Tỉnh,Chi bộ,Tháng,Phải dự,Có mặt\n"
        path = tmp_path / "so.csv"
        path.write_text(f"{header}Bac Giangg,1,5/2024,9,8\nHà Tây,2,5/2024,9,8\n", encoding="utf-8")
        hints = records.check(records.open_register(path), most=100).faults["hint"].tolist()
        assert hints[0].startswith("Bắc Giang, ")
        assert hints[1] == "a province until 2008-07-31; on 2024-05-31 its land belongs to Hà Nội"
        told = "là tỉnh đến ngày 2008-07-31; ngày 2024-05-31, địa bàn này thuộc Hà Nội"
        assert hint_in_vietnamese(hints[1]) == told

    def test_where_all_records_are_left_out_nobody_is_said_to_be_few(self, tmp_path: Path) -> None:
        """Eleven present of ten due: no record counts, and that alone is said."""
        counted = records.attendance(checked(tmp_path, "A,X,5/2024,10,0,11,0\n"), by="country", every="month")
        said = records.gap_between_readings(counted, lang="en").text()
        assert said == "No record that counts: May 2024."


class TestSharedNames:
    ROWS = "Thôn 1,X,5/2024,10,0,9,0\nThôn 1,Y,5/2024,12,0,9,0\n"

    def test_one_name_in_two_communes_is_suspected(self, tmp_path: Path) -> None:
        """Two versions of a month in two places: the faults table and the error ask for names="commune"."""
        found = checked(tmp_path, self.ROWS)
        assert found.share_names
        assert found.faults["hint"].tolist() == ['names="commune"?'] * 2
        with pytest.raises(DataError, match=r'perhaps cells of different communes.*names="commune"'):
            records.check(found.register)
        assert not checked(tmp_path, self.ROWS, names="commune").share_names

    def test_two_versions_in_one_commune_are_none(self, tmp_path: Path) -> None:
        """Where the place is the same another name for it wouldn't help."""
        found = checked(tmp_path, self.ROWS.replace("Y", "X"))
        assert set(found.faults["kind"]) == {"month_contradicted"}
        assert not found.share_names
