"""CSV registers as people save them: delimiters, encodings, ragged rows, and names typed in many ways."""

from __future__ import annotations

import gzip
import re
import unicodedata
from pathlib import Path

import ibis
import openpyxl
import pytest

from cbanalysis import records
from cbanalysis.common.errors import DataError

HEADER = "Chi bộ,Tháng,Phải dự,Có mặt\n"
ROW = "A,5/2024,10,9\n"
FEW = 100.0


def saved(folder: Path, data: str | bytes, name: str = "so.csv") -> Path:
    """Write a register, text as UTF-8."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def checked(folder: Path, data: str | bytes, **options) -> records.Checked:
    """Check a register, however many faults it has."""
    return records.check(records.open_register(saved(folder, data), **options), most=FEW)


def cells(found: records.Checked) -> dict[str, int]:
    """Return how many came, by cell."""
    rows = records.attendance(found, by="cell", every="all", excused="in_base")
    return dict(zip(rows["cell"], rows["count"], strict=True))


class TestNumberedColumns:
    @pytest.mark.parametrize("numbers", ["(1),(2),(3),(4)", "1,2,3,4", "A,B,1,2", "1,2,3,4 = 3 - 2"])
    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_numbers_below_the_headings_are_no_record(
        self, tmp_path: Path, numbers: str, ending: str
    ) -> None:
        """Of two cells the second has more present than due: row 5, below title, headings, numbers."""
        rows = f"Sổ,,,\n{HEADER}{numbers}\n{ROW}B,5/2024,10,11\n"
        path = saved(tmp_path, rows)
        if ending == "xlsx":
            book = openpyxl.Workbook()
            for row in rows.strip().split("\n"):
                book.active.append([int(one) if one.isdigit() else one for one in row.split(",")])
            book.save(path := tmp_path / "so.xlsx")
        found = records.check(records.open_register(path), most=FEW)
        assert found.faults[["row", "kind"]].to_numpy().tolist() == [[5, "present_above_due"]]
        assert found.records == 2

    @pytest.mark.parametrize("numbers", ["1,3,4,5", "1,,2,3", "Chi bộ 1,2,3,4"])
    def test_other_numbers_are_a_record_that_cannot_be_read(self, tmp_path: Path, numbers: str) -> None:
        """Numbers out of order, or not of all columns, may be a record without its month."""
        found = checked(tmp_path, HEADER + numbers + "\n" + ROW)
        assert found.faults["kind"].unique().tolist() == ["unreadable", "present_above_due"]


class TestNames:
    @pytest.mark.parametrize(
        "other",
        [
            "Chi bộ Hòa 1 ",
            unicodedata.normalize("NFD", "Chi bộ Hòa 1"),
            "Chi\u00a0bộ  Hòa 1",
            "\u200bChi bộ Hòa 1",
            "CHI BỘ HÒA 1",
            "Chi bộ Hoà 1",
        ],
    )
    def test_names_that_differ_only_in_how_they_are_typed_are_one(self, tmp_path: Path, other: str) -> None:
        """Blanks, Unicode form, capitals and the place of a tone make no second cell: a copy is found."""
        rows = "Chi bộ Hòa 1,5/2024,10,9\nChi bộ Hòa 1,6/2024,10,8\n"
        found = checked(tmp_path, HEADER + rows + f"{other},5/2024,10,9\n")
        assert found.faults[["row", "kind"]].to_numpy().tolist() == [[4, "month_repeated"]]
        assert cells(found) == {"Chi bộ Hòa 1": 17}

    def test_a_commune_typed_in_two_ways_moves_no_cell(self, tmp_path: Path) -> None:
        """A blank behind the commune's name in one of two files is no other place."""
        header = HEADER.replace("Tháng", "Xã,Tháng")
        one = saved(tmp_path, header + "A,Xã Một,5/2024,10,9\n", "one.csv")
        two = saved(tmp_path, header + "A,Xã Một ,6/2024,10,9\na,XÃ MỘT,7/2024,10,9\n", "two.csv")
        found = records.check(records.open_register([one, two]))
        assert found.faults.empty
        communes = records.attendance(found, by="commune", every="all", excused="in_base")
        assert communes[["area", "count"]].to_numpy().tolist() == [["Xã Một", 27]]

    def test_a_name_of_blanks_is_none(self, tmp_path: Path) -> None:
        """What shows nothing names no cell: the record can't be read."""
        found = checked(tmp_path, HEADER + ROW + "\u00a0\u200b,5/2024,10,9\n")
        assert found.faults[["row", "kind"]].to_numpy().tolist() == [[3, "unreadable"]]


class TestForms:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    @pytest.mark.parametrize("ending", ["\n", "\r\n"])
    def test_delimiter_and_encoding_are_told_by_the_headings(
        self, tmp_path: Path, delimiter: str, encoding: str, ending: str
    ) -> None:
        """Commas, semicolons and tabs, in UTF-8 and in Excel's Unicode text, give the same records."""
        text = (HEADER + ROW).replace(",", delimiter).replace("\n", ending)
        assert cells(checked(tmp_path, text.encode(encoding))) == {"A": 9}

    def test_one_ragged_row_is_named_however_far_down(self, tmp_path: Path) -> None:
        """Behind 36,000 rows one has a field too many and one too few: both are listed, nothing else is."""
        with pytest.raises(DataError) as raised:
            checked(tmp_path, HEADER + ROW * 36_000 + "B,5/2024,10,9,1\n" + "C,5/2024\n")
        assert [(one.row, one.what, one.value) for one in raised.value.faults] == [
            (36_002, "more fields than headings", "B,5/2024,10,9,1"),
            (36_003, "fewer fields than headings", "C,5/2024"),
        ]

    @pytest.mark.parametrize("name", ["b.csv", "./b.csv", "../here/b.csv"])
    def test_ragged_rows_are_named_in_a_file_of_the_current_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        """A path as people type it: the row isn't lost, and the file is named as they named it."""
        (tmp_path / "here").mkdir()
        monkeypatch.chdir(tmp_path / "here")
        Path("b.csv").write_text(HEADER + ROW + "C,5/2024\n", encoding="utf-8")
        with pytest.raises(DataError) as raised:
            records.check(records.open_register(name), most=100)
        assert [(one.file, one.row) for one in raised.value.faults] == [(str(Path(name)), 3)]

    def test_of_many_ragged_rows_the_first_are_named(self, tmp_path: Path) -> None:
        """The message says how many there are and lists twenty."""
        with pytest.raises(DataError, match=r"^36 rows can't be read; the first 20:") as raised:
            checked(tmp_path, HEADER + "C,5/2024\n" * 36)
        assert len(raised.value.faults) == 20

    @pytest.mark.parametrize(
        ("data", "row", "what"),
        [
            (
                b"cell,month,due,present\nA,5/2024,10,9\n" + b"Chi b\xf4,5/2024,1,1\n" * 3,
                3,
                "encoding",
            ),
            (HEADER.encode("utf-16-le") + ROW.encode("utf-16-le"), 1, "encoding"),
            (HEADER.encode("utf-8").replace("ộ".encode(), b"\xf4"), 1, "encoding"),
            (gzip.compress((HEADER + ROW).encode(), mtime=0), 1, "encoding"),
            (b"\xfe\xff" + (HEADER + ROW).encode("utf-16-be"), None, "high byte first"),
        ],
    )
    def test_another_encoding_is_one_fault_that_says_how_to_save(
        self, tmp_path: Path, data: bytes, row: int | None, what: str
    ) -> None:
        """Old code pages, UTF-16 without its mark and packed files: where, and that UTF-8 would be right."""
        with pytest.raises(DataError, match=what) as raised:
            checked(tmp_path, data)
        (fault,) = raised.value.faults
        assert fault.row == row
        assert fault.allowed
        assert fault.allowed.startswith("UTF-8")

    @pytest.mark.parametrize(
        ("data", "what"),
        [
            ("", "no headings"),
            ("\n\n", "no headings"),
            ("x" * 200_000, "no headings of a register"),
            (
                "SỔ THEO DÕI NĂM 2024\n" + ROW,
                "no headings of a register .found 'SỔ THEO DÕI NĂM 2024'",
            ),
            (HEADER, "no records"),
            ("Chi bộ,Tháng,Phải dự,Có mặt,Có mặt\nA,5/2024,10,9,9\n", "several columns mean 'present'"),
            (HEADER + '"A,5/2024,10,9\n', "a quotation mark that isn't closed"),
            (HEADER.replace("\n", "\r\n") + ROW, "all lines ending alike"),
        ],
    )
    def test_a_file_that_is_no_register_is_one_fault(self, tmp_path: Path, data: str, what: str) -> None:
        """Empty, no headings or nothing else, one heading twice, an open quotation mark, mixed line ends."""
        with pytest.raises(DataError, match=what) as raised:
            checked(tmp_path, data)
        assert len(raised.value.faults) == 1

    def test_every_row_is_a_record_whatever_it_begins_with(self, tmp_path: Path) -> None:
        """Names that look like comments or dates are read as they stand."""
        rows = '#1,5/2024,10,9\n#2,5/2024,10,8\n"2024, 05",5/2024,10,7\n2024-01-01,5/2024,10,6\n'
        found = checked(tmp_path, HEADER + rows)
        assert cells(found) == {"#1": 9, "#2": 8, "2024, 05": 7, "2024-01-01": 6}

    def test_records_are_looked_up_without_holding_all_of_them(self, tmp_path: Path) -> None:
        """DuckDB knows that the file is larger than the list of suspects and builds its join on that one."""
        path = saved(tmp_path, HEADER + "".join(f"A{number},5/2024,10,9\n" for number in range(3000)))
        register = records.open_register(path)
        few = ibis.memtable({"cell": ["A1", "A2"]})
        plan = register.located.join(few, "cell").count()
        connection = register.located.get_backend()
        connection._register_in_memory_tables(plan)
        said = connection.raw_sql(f"explain {ibis.to_sql(plan, dialect='duckdb')}").fetchall()[0][1]
        assert re.search(r"~[1-9],?\d{3} rows", said, re.IGNORECASE), said

    def test_columns_without_a_use_may_share_a_heading(self, tmp_path: Path) -> None:
        """Two notes and the blank headings that sheets leave behind disturb nothing."""
        data = HEADER.replace("\n", ",Ghi chú,Ghi chú,,\n") + ROW.replace("\n", ",x,y,,\n")
        assert cells(checked(tmp_path, data)) == {"A": 9}

    def test_a_heading_that_is_asked_for_stands_once(self, tmp_path: Path) -> None:
        """Of two columns of one name nobody knows which one is meant."""
        with pytest.raises(DataError, match="several columns mean 'present'"):
            checked(tmp_path, "cell,month,due,n,n\nA,5/2024,10,9,8\n", columns={"present": "n"})

    def test_a_broken_parquet_file_is_one_fault(self, tmp_path: Path) -> None:
        """What only calls itself Parquet is named, without a traceback."""
        with pytest.raises(DataError, match=r"so\.parquet: can't be read"):
            records.open_register(saved(tmp_path, b"PAR1", "so.parquet"))
