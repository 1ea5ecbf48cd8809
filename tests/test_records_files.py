"""Parquet of any columns and types, several files, and how they are named. All made up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from cbanalysis import records
from cbanalysis.common.errors import DataError

ALL = 100.0
RECORDS = {"cell": ["A", "A"], "month": ["2024-01", "2024-02"], "due": [10, 10], "present": [9, 9]}


def written(file: Path, **columns: Any) -> Path:
    """Write two records; a column that is None is left out."""
    table = {name: values for name, values in (RECORDS | columns).items() if values is not None}
    parquet.write_table(pa.table(table), file)
    return file


def checked(*files: Path) -> records.Checked:
    """Check a register of these files, however many faults it has."""
    return records.check(records.open_register(files), most=ALL)


def faults(found: records.Checked) -> list[list[Any]]:
    """Return where what is wrong."""
    return found.faults[["row", "kind", "as_written"]].to_numpy().tolist()


class TestSeveralFiles:
    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    def test_each_file_is_read_by_its_own_columns(self, tmp_path: Path, order: tuple[int, int]) -> None:
        """Excused members of one file, its headings and its fractions don't depend on which file is first."""
        plain = written(tmp_path / "a.parquet")
        other = {"cell": None, "Chi bộ": ["B", "B"], "due": None, "Phải dự": [20.5, 20.0], "excused": [1, 1]}
        files = (plain, written(tmp_path / "b.parquet", **other))
        found = checked(*(files[one] for one in order))
        assert faults(found) == [[1, "unreadable", "2024-01 | 20.5 | 1 | 9"]]
        counted = records.attendance(found, by="cell", every="all", excused="in_base")
        assert counted[["cell", "base", "excused"]].to_numpy().tolist() == [["A", 20, 0], ["B", 20, 1]]

    def test_text_stands_beside_numbers(self, tmp_path: Path) -> None:
        """A file with numbers as text and one with numbers are one register."""
        one = written(tmp_path / "a.parquet")
        other = written(tmp_path / "b.parquet", cell=["B", "B"], due=["20", "20,0"])
        assert records.attendance(checked(one, other), by="country", every="all")["base"].tolist() == [60, 60]

    @pytest.mark.parametrize("ending", ["csv", "parquet"])
    def test_places_stand_in_all_files_or_in_none(self, tmp_path: Path, ending: str) -> None:
        """A cell without a commune isn't the same cell, moved: the file that lacks the column is named."""
        for name, columns in (("a", {"commune": "X"}), ("b", {})):
            frame = pd.DataFrame({**RECORDS, **columns})
            write = frame.to_csv if ending == "csv" else frame.to_parquet
            write(tmp_path / f"{name}.{ending}", index=False)
        with pytest.raises(DataError, match=rf"b\.{ending}, column commune: column missing that other files"):
            records.open_register(tmp_path)

    def test_no_file_at_all_is_refused(self) -> None:
        """An empty list of files is said to be none."""
        with pytest.raises(DataError, match="no path"):
            records.open_register([])


class TestNamesOfFiles:
    @pytest.mark.parametrize("ending", ["csv", "parquet"])
    def test_a_name_is_no_pattern(self, tmp_path: Path, ending: str) -> None:
        """What is in so[1] is read, not what is in so1, which the name would mean to a shell."""
        for name, cell in (("so1", "other"), ("so[1]", "meant")):
            frame = pd.DataFrame({**RECORDS, "cell": cell})
            write = frame.to_csv if ending == "csv" else frame.to_parquet
            write(tmp_path / f"{name}.{ending}", index=False)
        counted = records.attendance(checked(tmp_path / f"so[1].{ending}"), by="cell", every="all")
        assert set(counted["cell"]) == {"meant"}

    @pytest.mark.parametrize("name", ["so[1]", "{a,b}"])
    def test_a_name_that_another_engine_takes_for_a_pattern_is_refused(
        self, tmp_path: Path, name: str
    ) -> None:
        """Spark would read other files, whichever fit: it is not asked."""
        file = written(tmp_path / f"{name}.parquet")
        with pytest.raises(DataError, match="another engine would take the path for a pattern"):
            records.open_register(file, connection=object())

    @pytest.mark.parametrize("ending", ["csv", "parquet"])
    def test_a_folder_is_no_column(self, tmp_path: Path, ending: str) -> None:
        """A folder called due=5 doesn't make 5 of the 10 who were due."""
        folder = tmp_path / "due=5"
        folder.mkdir()
        frame = pd.DataFrame(RECORDS)
        write = frame.to_csv if ending == "csv" else frame.to_parquet
        write(folder / f"so.{ending}", index=False)
        assert checked(folder).tallied["due"].tolist() == [10, 10]


class TestTypes:
    @pytest.mark.parametrize(
        "due",
        [
            pa.array([float("nan"), 10.0]),
            pa.array([float("inf"), 10.0]),
            pa.array([1e300, 10.0]),
            pa.array([2**63 - 1, 10]),
            pa.array([2**64 - 1, 10], pa.uint64()),
            pa.array([2**31, 10]),
            pa.array([10.5, 10.0]),
            pa.array(["2147483648", "10"]),
        ],
    )
    def test_a_number_that_counts_no_members_is_not_read(self, tmp_path: Path, due: pa.Array) -> None:
        """No number, an endless one, one that would run over: the record is left out, the next one counts."""
        found = checked(written(tmp_path / "so.parquet", due=due))
        assert [one[:2] for one in faults(found)] == [[1, "unreadable"]]
        assert found.tallied["due"].sum() == 10

    @pytest.mark.parametrize(
        ("column", "values", "allowed"),
        [
            ("due", [True, False], "whole numbers, or text"),
            ("present", [date(2024, 1, 1)] * 2, "whole numbers, or text"),
            ("cell", [b"A", b"\xff"], "text"),
            ("month", [["2024-01"], ["2024-02"]], "dates, times without a zone, or text"),
            # midnight in Hà Nội is December elsewhere
            (
                "month",
                pa.array(
                    [datetime(2023, 12, 31, 17, tzinfo=UTC)] * 2, pa.timestamp("us", tz="Asia/Ho_Chi_Minh")
                ),
                "dates, times without a zone, or text",
            ),
            ("thematic", [date(2024, 1, 1)] * 2, "yes or no"),
        ],
    )
    def test_a_type_that_cannot_be_meant_is_one_fault(
        self, tmp_path: Path, column: str, values: Any, allowed: str
    ) -> None:
        """File, column, its type and what may stand there are said when the register is opened."""
        file = written(tmp_path / "so.parquet", **{column: values})
        with pytest.raises(DataError, match=rf"so\.parquet, column {column}: a type.*allowed: {allowed}"):
            records.open_register(file)

    @pytest.mark.parametrize("column", ["cell", "month", "due"])
    def test_a_column_without_any_value_is_unreadable(self, tmp_path: Path, column: str) -> None:
        """A column of nothing, which has no type, leaves every record out."""
        found = checked(written(tmp_path / "so.parquet", **{column: pa.nulls(2)}))
        assert found.summary.set_index("kind")["records"]["unreadable"] == 2
        told = records.attendance(found, by="country")
        assert not told["records"].any()
        assert told["count"].isna().all()

    @pytest.mark.parametrize(
        "month",
        [
            ["0000-05", "2024-02"],
            pa.array([10**7, 19_800], pa.int32()).cast(pa.date32()),
            pa.array([10**18, 19_800 * 86_400 * 10**6], pa.timestamp("us")),
        ],
    )
    def test_a_month_that_python_has_no_day_for_is_unreadable(self, tmp_path: Path, month: Any) -> None:
        """The year 0 and years after 9999 are faults like those before 1930."""
        found = checked(written(tmp_path / "so.parquet", month=month))
        assert [one[:2] for one in faults(found)] == [[1, "unreadable"]]

    @pytest.mark.parametrize("name", ["filename", "File_Row_Number"])
    def test_a_name_that_the_reader_needs_is_refused(self, tmp_path: Path, name: str) -> None:
        """The one column of two that DuckDB can't tell apart is named."""
        file = written(tmp_path / "so.parquet", **{name: [1, 2]})
        with pytest.raises(DataError, match=f"column {name}: a column's name that can't be read"):
            records.open_register(file)

    def test_two_columns_that_mean_the_same_are_named(self, tmp_path: Path) -> None:
        """Cell and CELL are both the cell: neither is taken."""
        file = written(tmp_path / "so.parquet", cell=None, Cell=["A", "A"], CELL=["B", "B"])
        with pytest.raises(DataError, match=r"several columns mean 'cell'.*Cell, CELL"):
            records.open_register(file)
