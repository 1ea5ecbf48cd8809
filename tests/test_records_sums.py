"""Sum rows and party organisations among the cells of a register: what they add up. All made up."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from cbanalysis import records
from cbanalysis.common.errors import DataError

FEW = 100.0
HEADER = "Xã,Chi bộ,Tháng,Phải dự,Vắng có lý do,Có mặt\n"
CELLS = "Xã Mơ,Chi bộ 1,5/2024,20,1,18\nXã Mơ,Chi bộ 2,5/2024,30,2,25\n"
OTHERS = "Xã Lở,Chi bộ 3,5/2024,10,0,9\nXã Lở,Chi bộ 4,5/2024,12,1,10\n"


def checked(folder: Path, rows: str, header: str = HEADER) -> records.Checked:
    """Check a register of these rows, however many faults it has."""
    path = folder / "so.csv"
    path.write_text(header + rows, encoding="utf-8")
    return records.check(records.open_register(path), most=FEW)


def faults(found: records.Checked) -> list[tuple[int, str]]:
    """Return row and kind of each fault."""
    return list(zip(found.faults["row"], found.faults["kind"], strict=True))


def due(found: records.Checked) -> int:
    """Return how many members were due in the whole register."""
    return int(records.attendance(found, by="country", every="all")["base"].iloc[0])


class TestOrganisations:
    @pytest.mark.parametrize("above", [True, False])
    def test_an_organisation_that_adds_its_cells_up_is_no_cell(self, tmp_path: Path, above) -> None:
        """Cells of 20 and 30 and the organisation's 50 are 50 due, not 100, above its cells or below them."""
        names = ["Đảng bộ xã Mơ", "ĐẢNG ỦY XÃ MƠ", "Đảng uỷ xã Mơ", "Đảng bộ Mơ", "I. Xã Mơ", "Đảng bộ cơ sở"]
        rows = ""
        for month, name in enumerate(names, 1):
            row, cells = f"Xã Mơ,{name},{month}/2024,50,3,43\n", CELLS.replace("5/2024", f"{month}/2024")
            rows += row + cells if above else cells + row
        found = checked(tmp_path, rows)
        assert faults(found) == [(row + (0 if above else 2), "sum_row") for row in range(2, 20, 3)]
        assert due(found) == 300

    def test_its_sum_is_held_to_its_own_cells_without_a_column_of_communes(self, tmp_path: Path) -> None:
        """Two communes, each with its row below its cells: 50 and 22 are due, and both rows are sums."""
        rows = CELLS + "Xã Mơ,Đảng bộ xã Mơ,5/2024,50,3,43\n"
        rows += OTHERS + "Xã Lở,Đảng bộ xã Lở,5/2024,22,1,19\n"
        lines = [line.partition(",")[2] for line in rows.splitlines(keepends=True)]
        found = checked(tmp_path, "".join(lines), HEADER.partition(",")[2])
        assert faults(found) == [(4, "sum_row"), (7, "sum_row")]
        assert due(found) == 72

    def test_a_wrong_sum_of_an_organisation_is_a_fault_and_no_cell(self, tmp_path: Path) -> None:
        """51 where its cells make 50: left out, and the hint says 50."""
        found = checked(tmp_path, CELLS + "Xã Mơ,Đảng bộ xã Mơ,5/2024,51,3,43\n")
        assert found.faults[["row", "kind", "left_out", "hint"]].to_numpy().tolist() == [
            [4, "sum_row_wrong", True, "parts add up to due 50"]
        ]
        assert due(found) == 50

    def test_an_organisation_that_adds_up_in_most_months_is_a_sum_in_all(self, tmp_path: Path) -> None:
        """Đảng bộ bộ phận adds its cells up in May and June; in July it says one more due: a wrong sum."""
        rows = ""
        for month in (5, 6, 7):
            rows += CELLS.replace("5/2024", f"{month}/2024")
            rows += f"Xã Mơ,Đảng bộ bộ phận Mơ,{month}/2024,{50 + (month == 7)},3,43\n"
        found = checked(tmp_path, rows)
        assert faults(found) == [(4, "sum_row"), (7, "sum_row"), (10, "sum_row_wrong")]
        assert due(found) == 150

    def test_an_organisation_without_cells_counts_as_one_and_is_told(self, tmp_path: Path) -> None:
        """Đảng bộ bộ phận stands beside cells that don't make it: 20, 30 and 17 are due; it is said."""
        found = checked(tmp_path, CELLS + "Xã Mơ,Đảng bộ bộ phận Trường,5/2024,17,0,16\n")
        assert found.faults[["row", "kind", "left_out"]].to_numpy().tolist() == [[4, "unit_above", False]]
        assert found.faulty == 0
        assert due(found) == 67

    @pytest.mark.parametrize("name", ["Đảng ủy", "ĐẢNG UỶ", "Đảng bộ"])
    def test_a_party_committee_of_the_size_of_a_cell_is_a_cell(self, tmp_path: Path, name: str) -> None:
        """Beside cells of 20 and 30 the Đảng ủy of 17 is one more; one of 51 is a sum of 50 gone wrong."""
        found = checked(tmp_path, CELLS + f"Xã Mơ,{name},5/2024,17,0,16\n")
        assert (faults(found), due(found)) == ([(4, "unit_above")], 67)
        found = checked(tmp_path, CELLS + f"Xã Mơ,{name},5/2024,51,3,43\n")
        assert (faults(found), due(found)) == ([(4, "sum_row_wrong")], 50)

    def test_a_register_of_communes_alone_has_no_sums(self, tmp_path: Path) -> None:
        """Where every row is a commune's party organisation each is a unit: 50 and 22 are due."""
        rows = "Xã Mơ,Đảng bộ xã Mơ,5/2024,50,3,43\nXã Lở,Đảng bộ xã Lở,5/2024,22,1,19\n"
        found = checked(tmp_path, rows)
        assert faults(found) == [(2, "unit_above"), (3, "unit_above")]
        assert due(found) == 72

    def test_a_unit_of_its_own_is_part_of_the_sum_above_it(self, tmp_path: Path) -> None:
        """The commune's 67 is its two cells and the organisation without cells: a sum that holds."""
        rows = CELLS + "Xã Mơ,Đảng bộ cơ sở Trường,5/2024,17,0,16\nXã Mơ,Đảng bộ xã Mơ,5/2024,67,3,59\n"
        found = checked(tmp_path, rows)
        assert faults(found) == [(4, "unit_above"), (5, "sum_row")]
        assert due(found) == 67

    def test_what_is_wrong_in_a_unit_of_its_own_is_found(self, tmp_path: Path) -> None:
        """More present than due in an organisation that counts as a cell: left out like any record."""
        found = checked(tmp_path, CELLS + "Xã Mơ,Đảng bộ bộ phận Trường,5/2024,17,0,18\n")
        assert faults(found) == [(4, "unit_above"), (4, "present_above_due")]
        assert due(found) == 50


class TestSubtotals:
    def test_a_subtotal_is_held_to_the_rows_since_the_one_before(self, tmp_path: Path) -> None:
        """Two sections, each with its sum and no commune in it, then the total: none is wrong."""
        rows = CELLS + ",Cộng mục I,5/2024,50,3,43\n" + OTHERS + ",Cộng,,22,1,19\n,Tổng cộng,5/2024,72,4,62\n"
        found = checked(tmp_path, rows)
        assert faults(found) == [(4, "sum_row"), (7, "sum_row"), (8, "sum_row")]
        assert due(found) == 72

    def test_a_wrong_subtotal_is_told_what_its_section_makes(self, tmp_path: Path) -> None:
        """22 due in the second section, not 23: the hint speaks of it, not of the whole register's 72."""
        found = checked(tmp_path, CELLS + ",Cộng,,50,3,43\n" + OTHERS + ",Cộng,,23,1,19\n")
        assert found.faults[["row", "kind", "hint"]].to_numpy().tolist() == [
            [4, "sum_row", ""],
            [7, "sum_row_wrong", "parts add up to due 22"],
        ]

    @pytest.mark.parametrize("month", ["", "Quý {}/2024"])
    def test_a_quarter_is_held_to_its_months(self, tmp_path: Path, month: str) -> None:
        """By cell and month, quarters at the end: 3 months of 20 and 30 in the first, one in the second."""
        rows = "".join(
            f"Xã Mơ,Chi bộ {cell},{at}/2024,{size},0,{size - 1}\n"
            for cell, size in ((1, 20), (2, 30))
            for at in (1, 2, 3, 4)
        )
        rows += f",Cộng quý I,{month.format('I')},150,0,144\n,Cộng quý II,{month.format('II')},50,0,48\n"
        found = checked(tmp_path, rows)
        assert faults(found) == [(10, "sum_row"), (11, "sum_row")]
        assert due(found) == 200

    def test_other_words_of_sums_are_none_of_cells(self, tmp_path: Path) -> None:
        """Page totals, what is carried over, numbered sums, groups of cells."""
        names = ["Cộng trang", "Mang sang", "A. Tổng cộng", "Cộng khối nông thôn", "Tổng 2 chi bộ", "6 tháng"]
        rows = ""
        for month, name in enumerate(names, 1):
            rows += CELLS.replace("5/2024", f"{month}/2024") + f",{name},{month}/2024,50,3,43\n"
        assert faults(checked(tmp_path, rows)) == [(row, "sum_row") for row in range(4, 20, 3)]

    def test_a_sum_without_numbers_is_not_said_to_hold(self, tmp_path: Path) -> None:
        """An empty sum row and one of formulas that nobody computed hold nothing to compare."""
        book = openpyxl.Workbook()
        for row in (HEADER + CELLS).strip().split("\n"):
            book.active.append(row.split(","))
        book.active.append([None, "Tổng cộng", "5/2024", "=SUM(D2:D3)", "=SUM(E2:E3)", "=SUM(F2:F3)"])
        book.active.append([None, "Cộng", "5/2024"])
        book.save(tmp_path / "so.xlsx")
        found = records.check(records.open_register(tmp_path / "so.xlsx"), most=FEW)
        assert faults(found) == [(4, "no_figures"), (5, "no_figures")]
        assert due(found) == 50


class TestOtherFiles:
    def test_a_summary_beside_the_months_is_named_and_not_read(self, tmp_path: Path) -> None:
        """A sheet without months, of the same cells, doesn't stop the workbook of monthly sheets."""
        book = openpyxl.Workbook()
        summary = book.create_sheet("Tổng hợp")
        for row in (HEADER + CELLS).strip().split("\n"):
            fields = row.split(",")
            book.active.append(fields)
            summary.append(fields[:2] + fields[3:])
        book.save(tmp_path / "so.xlsx")
        register = records.open_register(tmp_path / "so.xlsx")
        assert [one.names for one in register.notices] == [("so.xlsx, sheet Tổng hợp",)]
        assert due(records.check(register)) == 50

    @pytest.mark.parametrize("ending", ["txt", "tsv"])
    def test_delimited_text_is_read_whatever_it_is_called(self, tmp_path: Path, ending: str) -> None:
        """What Excel saves as Unicode text ends in .txt."""
        path = tmp_path / f"so.{ending}"
        path.write_text((HEADER + CELLS).replace(",", "\t"), encoding="utf-16")
        assert due(records.check(records.open_register(path))) == 50

    def test_a_blank_among_the_exempt_is_no_fault_of_those_due(self, tmp_path: Path) -> None:
        """Where those due count the exempt, the hint names the column that is empty, and that alone."""
        path = tmp_path / "so.csv"
        path.write_text("cell,month,due,present,exempt\nA,5/2024,20,18,\n", encoding="utf-8")
        found = records.check(records.open_register(path, exempt="in_due"), most=FEW)
        assert found.faults["hint"].tolist() == ["exempt: 0, 1, 2, …"]


class TestRowsWithoutFigures:
    def test_the_frame_of_a_table_is_no_record(self, tmp_path: Path) -> None:
        """Section, blank row, headings again, date and signature: told, neither faults nor records."""
        frame = f",,,,,\nI. Xã Lở,,,,,\n{HEADER}{OTHERS}"
        frame += (
            ',"Hà Nội, ngày 5 tháng 6 năm 2024",,,,\n,,,,,Người lập biểu\n,,,"Ngày 5 tháng 6 năm 2024",,\n'
        )
        found = checked(tmp_path, CELLS + frame)
        assert faults(found) == [(row, "no_figures") for row in (4, 5, 6, 9, 10, 11)]
        assert (found.records, found.faulty, due(found)) == (4, 0, 72)

    def test_a_cell_of_a_month_without_numbers_is_a_fault(self, tmp_path: Path) -> None:
        """A cell and a month are a record, and its numbers are missing."""
        found = checked(tmp_path, CELLS + "Xã Mơ,Chi bộ 5,5/2024,,,\n")
        assert faults(found) == [(4, "unreadable")]
        assert (found.records, found.faulty) == (3, 1)

    def test_a_register_of_names_alone_has_no_records(self, tmp_path: Path) -> None:
        """A form that nobody has filled in is refused."""
        with pytest.raises(DataError, match="no records"):
            checked(tmp_path, "Xã Mơ,Chi bộ 1,,,,\nXã Mơ,Chi bộ 2,,,,\n")
