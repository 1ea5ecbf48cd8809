"""Registers as people keep them: nothing lost, nothing counted twice, nothing unsaid. All made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pytest
import xlsxwriter

from cbanalysis import records
from cbanalysis.common.errors import DataError, UnknownName
from cbanalysis.records import register_csv
from made_up import writers

ALL = 100.0
HEADER = "Chi bộ,Tháng,Phải dự,Có mặt\n"


def saved(folder: Path, text: str, name: str = "so.csv") -> Path:
    """Write a register as UTF-8, line ends as they are."""
    path = folder / name
    path.write_bytes(text.encode())
    return path


def checked(folder: Path, text: str, **options: Any) -> records.Checked:
    """Check a register, however many faults it has."""
    return records.check(records.open_register(saved(folder, text), **options), most=ALL)


def faults(found: records.Checked) -> list[list[Any]]:
    """Return where what is wrong."""
    return found.faults[["row", "kind"]].to_numpy().tolist()


def sums(found: records.Checked, by: str = "country") -> list[list[Any]]:
    """Return place, present and due of the whole register."""
    rows = records.attendance(found, by=by, every="all", excused="in_base")
    return (
        rows[["area", "count", "base"]].to_numpy().tolist()
        if by != "country"
        else [rows[["count", "base"]].iloc[0].tolist()]
    )


class TestQuotationMarks:
    def test_a_stray_mark_swallows_no_rows(self, tmp_path: Path) -> None:
        """Three rows between two marks would be one record: the row of the first mark is named."""
        text = HEADER + '"A 1,01/2024,20,18\nA 2,01/2024,20,18\nA 3",01/2024,20,18\n'
        with pytest.raises(DataError, match="holds several rows together") as raised:
            records.open_register(saved(tmp_path, text))
        assert [fault.row for fault in raised.value.faults] == [2]

    def test_a_mark_in_a_column_that_is_not_used_swallows_no_rows(self, tmp_path: Path) -> None:
        """A remark's mark that isn't closed takes the next rows with it: refused as well."""
        text = 'Chi bộ,Tháng,Phải dự,Có mặt,Ghi chú\nA,01/2024,20,18,\nA,02/2024,20,18,"xin\n'
        text += 'A,03/2024,20,18,\nA,04/2024,20,18,phép"\n'
        with pytest.raises(DataError, match="holds several rows together") as raised:
            records.open_register(saved(tmp_path, text))
        assert [fault.row for fault in raised.value.faults] == [3]

    def test_a_remark_of_two_lines_is_read(self, tmp_path: Path) -> None:
        """A line break within a remark is the remark's own."""
        text = 'Chi bộ,Tháng,Phải dự,Có mặt,Ghi chú\nA,01/2024,20,18,"vắng 2:\nốm"\n"B",02/2024,10,9,\n'
        assert sums(checked(tmp_path, text)) == [[27, 30]]


class TestForms:
    @pytest.mark.parametrize(
        ("text", "row"),
        [
            ("sep=;\n" + HEADER.replace(",", ";") + "A;5/2024;10;11\n", 3),
            ("SỔ THEO DÕI SINH HOẠT\nNăm 2024\n\n" + HEADER + "A,5/2024,10,11\n", 5),
        ],
    )
    def test_lines_above_the_headings_are_read_over(self, tmp_path: Path, text: str, row: int) -> None:
        """A line for Excel or a title is no heading; rows are counted as in the file."""
        assert faults(checked(tmp_path, text)) == [[row, "present_above_due"]]

    def test_the_line_that_ends_otherwise_is_named(self, tmp_path: Path) -> None:
        """Lines that end in two ways are refused with the first that differs."""
        text = HEADER.replace("\n", "\r\n") + "A,5/2024,10,9\r\nA,6/2024,10,9\nA,7/2024,10,9\n"
        with pytest.raises(DataError, match="lines end in several ways") as raised:
            records.open_register(saved(tmp_path, text))
        assert [fault.row for fault in raised.value.faults] == [3]


class TestPlaces:
    ROWS = "Chi bộ 1,X,5/2024,20,18\nChi bộ 1,Y,5/2024,20,18\n"

    def test_one_name_in_two_communes_is_no_month_again(self, tmp_path: Path) -> None:
        """The same figures in two communes are no copy of each other; the hint names the cure."""
        found = checked(tmp_path, HEADER.replace("bộ,", "bộ,Xã,") + self.ROWS)
        assert faults(found) == [[2, "month_contradicted"], [3, "month_contradicted"]]
        assert found.share_names
        cured = checked(tmp_path, HEADER.replace("bộ,", "bộ,Xã,") + self.ROWS, names="commune")
        assert cured.faults.empty
        assert sums(cured) == [[36, 40]]


class TestSumRows:
    @pytest.mark.parametrize(
        "name",
        [
            *("Tổng cộng", "Cộng", "Toàn xã", "TỔNG CỘNG:", "Cộng tháng 5", "Tổng số"),
            *("Tổng cộng (2 chi bộ)", "Chung toàn Đảng bộ", "Lũy kế"),
        ],
    )
    def test_a_sum_row_is_no_cell(self, tmp_path: Path, name: str) -> None:
        """Two cells of 20 and their sum are 40 members due, not 80; the sum is listed, and is no fault."""
        found = checked(tmp_path, f"{HEADER}A,5/2024,20,18\nB,5/2024,20,17\n{name},5/2024,40,35\n")
        assert faults(found) == [[4, "sum_row"]]
        assert found.faulty == 0
        assert sums(found) == [[35, 40]]

    @pytest.mark.parametrize("name", ["Tỷ lệ (%)", "Tỉ lệ", "Bình quân"])
    def test_a_row_of_shares_or_means_is_no_cell(self, tmp_path: Path, name: str) -> None:
        """100 and 90 in the row of percentages are no members; the row is told."""
        found = checked(tmp_path, f"{HEADER}A,5/2024,20,18\nB,5/2024,20,17\n{name},5/2024,100,90\n")
        assert faults(found) == [[4, "sum_row_wrong"]]
        assert sums(found) == [[35, 40]]

    def test_a_sum_that_its_parts_do_not_make_is_a_fault(self, tmp_path: Path) -> None:
        """41 due where the parts make 40: left out too, with what they make."""
        found = checked(tmp_path, f"{HEADER}A,5/2024,20,18\nB,5/2024,20,17\nCộng,5/2024,41,35\n")
        assert found.faults[["row", "kind", "hint"]].to_numpy().tolist() == [
            [4, "sum_row_wrong", "parts add up to due 40"]
        ]
        assert found.faulty == 1
        assert sums(found) == [[35, 40]]

    def test_a_sum_is_held_to_the_place_and_month_that_it_names(self, tmp_path: Path) -> None:
        """The sum of X in May adds X's cells of May only; one without a month adds all months."""
        rows = "A,X,5/2024,20,18\nB,Y,5/2024,10,9\nA,X,6/2024,20,17\nCộng,X,5/2024,20,18\nTổng cộng,,,50,44\n"
        found = checked(tmp_path, HEADER.replace("bộ,", "bộ,Xã,") + rows)
        assert faults(found) == [[5, "sum_row"], [6, "sum_row"]]
        assert sums(found, "commune") == [["X", 35, 40], ["Y", 9, 10]]

    def test_a_cell_named_like_a_word_of_sums_is_a_cell(self, tmp_path: Path) -> None:
        """Cộng Hòa is a village."""
        assert checked(tmp_path, f"{HEADER}Cộng Hòa,5/2024,20,18\n").faults.empty


class TestMembers:
    ROWS = "A,5/2024,1,1\nA,5/2024,1,0\nA,5/2024,1,1\nA,6/2024,1,1\n"

    def test_one_row_a_member_is_refused_with_the_way_out(self, tmp_path: Path) -> None:
        """Members' rows are no repetitions of a month; the message says how to add them up."""
        with pytest.raises(DataError, match=r"one row a member.*--per member"):
            checked(tmp_path, HEADER + self.ROWS)

    def test_rows_of_members_are_added_up_on_request(self, tmp_path: Path) -> None:
        """Three members in May, one in June; a row that can't be read leaves its cell's month out."""
        found = checked(tmp_path, HEADER + self.ROWS, per="member")
        assert found.records == 2
        assert sums(found) == [[3, 4]]
        found = checked(tmp_path, HEADER + self.ROWS + "A,6/2024,1,x\n", per="member")
        assert faults(found) == [[5, "unreadable"]]
        assert sums(found) == [[2, 3]]


class TestDates:
    def test_a_month_that_a_spreadsheet_cut_is_not_read(self, tmp_path: Path) -> None:
        """2026.1 may have been 2026.10: the record is named with both; 2026.2 and 2026.11 are clear."""
        found = checked(tmp_path, f"{HEADER}A,2026.1,10,9\nA,2026.2,10,9\nA,2026.11,10,9\n")
        assert found.faults[["row", "kind", "hint"]].to_numpy().tolist() == [
            [2, "unreadable", "month: 2026-01 or 2026-10"]
        ]

    @pytest.mark.parametrize(
        "dates", [["1/2/2024", "1/3/2024"], ["2/1/2024", "1/15/2024"], ["2/1/2024", "15/1/2024", "1/15/2024"]]
    )
    def test_dates_of_either_order_are_asked_about(self, tmp_path: Path, dates: list[str]) -> None:
        """1/2/2024 is January or February unless another date of the file tells."""
        text = HEADER + "".join(f"A{at},{day},10,9\n" for at, day in enumerate(dates))
        with pytest.raises(DataError, match=r"day and month can't be told apart.*--dates"):
            checked(tmp_path, text)

    def test_the_answer_is_taken(self, tmp_path: Path) -> None:
        """5/6/2024 is June with the day first, May with the month first; 31/5 in the file tells too."""
        text = f"{HEADER}A,5/6/2024,10,9\n"
        june, may = (
            checked(tmp_path, text, dates=dates).tallied["number"].item()
            for dates in ("day_first", "month_first")
        )
        assert (june, may) == (2024 * 12 + 5, 2024 * 12 + 4)
        assert checked(tmp_path, f"{text}B,31/5/2024,10,9\n").tallied["number"].tolist() == [may, june]

    def test_nobody_due_is_no_jump(self, tmp_path: Path) -> None:
        """A month without anybody due, between two of 20, is none; 20 and 80 around one is."""
        rows = "A,5/2024,20,18\nA,6/2024,0,0\nA,7/2024,20,18\n"
        assert checked(tmp_path, HEADER + rows).faults.empty
        assert faults(checked(tmp_path, HEADER + rows + "A,8/2024,0,0\nA,9/2024,80,70\n")) == [
            [6, "due_jumped"]
        ]


class TestMeetings:
    def test_two_days_of_a_month_are_two_meetings(self, tmp_path: Path) -> None:
        """Both meetings count, 35 of 40, in one cell-month; it is said, and is no fault."""
        found = checked(tmp_path, f"{HEADER}A,2024-05-03,20,18\nA,2024-05-20,20,17\n")
        assert faults(found) == [[2, "several_meetings"], [3, "several_meetings"]]
        assert found.faulty == 0
        assert sums(found) == [[35, 40]]
        held = records.meetings_held(found, by="country", every="all")
        assert held[["count", "base"]].to_numpy().tolist() == [[1, 1]]

    def test_one_day_twice_is_the_month_again(self, tmp_path: Path) -> None:
        """Of two rows for one day one is a copy, also beside another day."""
        rows = "A,2024-05-03,20,18\nA,2024-05-03,20,18\nA,2024-05-20,20,17\n"
        found = checked(tmp_path, HEADER + rows)
        assert [3, "month_repeated"] in faults(found)
        assert sums(found) == [[35, 40]]


class TestFolders:
    def test_what_is_not_read_is_named(self, tmp_path: Path) -> None:
        """Files of other kinds, those that systems leave behind, and columns without use."""
        saved(tmp_path, "Chi bộ,Tháng,Phải dự,Có mặt,Ghi chú\nA,5/2024,10,9,\n")
        for name in ("._so.csv", "note.txt", "~$so.xlsx"):
            saved(tmp_path, "x", name)
        register = records.open_register(tmp_path)
        assert [(notice.kind, notice.names) for notice in register.notices] == [
            ("files", ("._so.csv", "note.txt", "~$so.xlsx")),
            ("columns", ("Ghi chú",)),
        ]
        assert sums(records.check(register)) == [[9, 10]]

    def test_a_folder_is_no_column_to_another_duckdb(self, tmp_path: Path) -> None:
        """month=2023-01 in the path doesn't override what the file says, whoever is asked."""
        folder = tmp_path / "month=2023-01" / "present=0"
        folder.mkdir(parents=True)
        frame = pd.DataFrame({"cell": ["A"], "month": ["2024-05"], "due": [10], "present": [9]})
        frame.to_parquet(folder / "so.parquet", index=False)
        found = records.check(records.open_register(tmp_path, connection=ibis.duckdb.connect()))
        assert found.tallied[["number", "present"]].to_numpy().tolist() == [[2024 * 12 + 4, 9]]


class TestHeadings:
    @pytest.mark.parametrize(
        "heading",
        ["Vắng mặt có lý do", "Số vắng có lý do", "Vắng có lí do", "Số đảng viên vắng có phép", "Nghỉ phép"],
    )
    def test_members_excused_are_known_by_what_offices_call_them(self, tmp_path: Path, heading: str) -> None:
        """18 of 20 came and 2 were excused: 18 of 18 by the reading that takes them off."""
        found = checked(tmp_path, f"{HEADER.strip()},{heading}\nA,5/2024,20,18,2\n")
        attended = records.attendance(found, by="country", every="month")
        assert dict(zip(attended["base_of"], attended["base"], strict=True)) == {
            "all_due": 20,
            "not_excused": 18,
        }

    def test_a_heading_known_by_itself_goes_before_one_that_says_more(self, tmp_path: Path) -> None:
        """Beside a month the day of the meeting is a remark, as before."""
        found = checked(
            tmp_path, "Chi bộ,Tháng,Ngày họp,Số đảng viên phải dự,ĐV có mặt\nA,5/2024,khác,20,18\n"
        )
        assert sums(found) == [[18, 20]]


class TestWorkbooks:
    @staticmethod
    def workbook(path: Path, *rows: list[Any], merged: tuple[int, int, str] | None = None) -> Path:
        """Write rows to the first sheet, and nothing of a register to a second one."""
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("T5")
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
            if merged:
                first, last, value = merged
                sheet.merge_range(first, 0, last, 0, value)
            book.add_worksheet("Bìa").write(0, 0, "SỔ")
        return path

    def test_cells_merged_in_an_opendocument_sheet_have_their_value_in_each_row(self, tmp_path: Path) -> None:
        """Commune X merged over two cells: 26 of 30 there, and no commune without a name."""
        rows = [["Chi bộ", "Xã", "Tháng", "Phải dự", "Có mặt"], ["A", "X", "5/2024", 20, 18]]
        rows += [["B", None, "5/2024", 10, 8], ["C", "Y", "5/2024", 12, 12]]
        writers.ods(tmp_path / "so.ods", {"T5": rows}, ["B2:B3"])
        found = records.check(records.open_register(tmp_path / "so.ods"), most=ALL)
        assert sums(found, "commune") == [["X", 26, 30], ["Y", 12, 12]]

    def test_a_workbook_is_read_like_csv(self, tmp_path: Path) -> None:
        """Below a title, a cell's name merged over its months, an empty row: figures, rows and sheet."""
        rows = [
            ["SỔ"],
            HEADER.strip().split(","),
            ["A", "2024-05", 20, 18],
            [None, "2024-06", 20, 21],
            [],
            ["B", "5/2024", 10, 9],
        ]
        path = self.workbook(tmp_path / "so.xlsx", *rows, merged=(2, 3, "A"))
        register = records.open_register(tmp_path)
        found = records.check(register, most=ALL)
        assert found.faults[["row", "kind", "cell"]].to_numpy().tolist() == [[4, "present_above_due", "A"]]
        assert found.faults["file"].item() == f"{path}, sheet T5"
        assert sums(found) == [[27, 30]]
        assert [(notice.kind, notice.names) for notice in register.notices] == [
            ("files", ("so.xlsx, sheet Bìa",))
        ]

    def test_a_workbook_without_a_register_is_refused(self, tmp_path: Path) -> None:
        """No sheet has the headings."""
        with pytest.raises(DataError, match="no sheet with the headings of a register"):
            records.open_register(self.workbook(tmp_path / "so.xlsx", ["SỔ"]))


class TestKeeping:
    @pytest.mark.parametrize("name", ["so.parquet", "../here/so.parquet"])
    def test_a_parquet_file_is_named_as_it_was_given(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        """A fault names the file as the caller does, not by its whole path."""
        (tmp_path / "here").mkdir()
        monkeypatch.chdir(tmp_path / "here")
        row = {"cell": "A", "month": pd.Timestamp("2024-05-01").date(), "due": 20, "present": 28}
        pd.DataFrame([row]).to_parquet("so.parquet")
        found = records.check(records.open_register(name), most=ALL)
        assert found.faults["file"].to_list() == [str(Path(name))]

    def test_a_kept_file_is_named_as_it_was_given(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A register and a folder named from where one works: faults name the register, not what is kept."""
        monkeypatch.chdir(tmp_path)
        Path("so.csv").write_text(HEADER + "A,5/2024,20,28\n", encoding="utf-8")
        found = records.check(records.open_register("so.csv", keep=Path("kept")), most=ALL)
        assert found.faults["file"].to_list() == ["so.csv"]

    def test_what_was_read_is_kept_by_content(self, tmp_path: Path) -> None:
        """A second file is read, the first isn't read again though it has another name."""
        folder, kept = tmp_path / "so", tmp_path / "kept"
        folder.mkdir()
        first = saved(folder, f"{HEADER}A,5/2024,10,9\n")
        register = records.open_register(folder, keep=kept)
        (stored,) = kept.iterdir()
        before = stored.stat().st_mtime_ns
        assert sums(records.check(register)) == [[9, 10]]
        first.rename(folder / "5.csv")
        saved(folder, f"{HEADER}A,6/2024,10,8\n", "6.csv")
        found = records.check(records.open_register(folder, keep=kept))
        assert sums(found) == [[17, 20]]
        assert len([*kept.iterdir()]) == 2
        assert stored.stat().st_mtime_ns == before

    def test_what_is_kept_is_not_counted_through(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Of two files only the new one has its lines counted."""
        saved(tmp_path, f"{HEADER}A,5/2024,10,9\n", "5.csv")
        records.open_register(tmp_path, keep=tmp_path / ".kept")
        saved(tmp_path, f"{HEADER}A,6/2024,10,8\n", "6.csv")
        counted: list[str] = []
        count = register_csv._counted
        monkeypatch.setattr(
            register_csv, "_counted", lambda file: (counted.append(file.name), count(file))[1]
        )
        found = records.check(records.open_register(tmp_path, keep=tmp_path / ".kept"))
        assert sums(found) == [[17, 20]]
        assert counted == ["6.csv"]

    def test_a_changed_file_is_read_anew(self, tmp_path: Path) -> None:
        """Same name and length, another figure."""
        for present in (9, 8):
            path = saved(tmp_path, f"{HEADER}A,5/2024,10,{present}\n")
            found = records.check(records.open_register(path, keep=tmp_path / "kept"))
            assert sums(found) == [[present, 10]]


class TestAbsences:
    HEADER = "Chi bộ,Tháng,Phải dự,Có mặt,Vắng có lý do,Vắng không lý do,Được miễn sinh hoạt\n"

    def test_the_exempt_stand_outside_the_base(self, tmp_path: Path) -> None:
        """20 due, 19 present, 3 exempt: no fault, 19 of 20."""
        found = checked(tmp_path, self.HEADER + "A,5/2024,20,19,0,1,3\n")
        assert found.faults.empty
        assert sums(found) == [[19, 20]]

    def test_three_readings_where_the_register_counts_the_exempt(self, tmp_path: Path) -> None:
        """23 on the list, 3 exempt, 2 excused, 18 came: 18 of 23, of 18, of 20."""
        found = checked(tmp_path, self.HEADER + "A,5/2024,23,18,2,0,3\n", exempt="in_due")
        rows = records.attendance(found, by="country", every="month", excused="all")
        assert rows[["base_of", "count", "base"]].to_numpy().tolist() == [
            ["all_due", 18, 23],
            ["not_excused", 18, 18],
            ["without_exempt", 18, 20],
        ]
        yearly = records.over_the_year(rows)
        assert yearly["reading_gap"].round(6).tolist() == [round(100 - 1800 / 23, 6)] * 3

    def test_parts_of_those_due_are_no_more_than_they(self, tmp_path: Path) -> None:
        """19 present and 2 absent without a reason are more than 20."""
        found = checked(tmp_path, self.HEADER + "A,5/2024,20,19,0,2,0\n")
        assert faults(found) == [[2, "parts_above_due"]]
        assert (
            found.faults["as_written"].item() == "5/2024 | 20 | 0 | 19 | exempt 0 | absent_without_reason 2"
        )

    @pytest.mark.parametrize("choice", ["per", "dates", "exempt", "names"])
    def test_a_choice_that_is_none_is_refused(self, tmp_path: Path, choice: str) -> None:
        """Each is a closed list."""
        with pytest.raises(UnknownName):
            checked(tmp_path, f"{HEADER}A,5/2024,10,9\n", **{choice: "x"})
