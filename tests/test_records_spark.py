"""Meeting records on Spark: one real session on local[2]; the same code gives the same results as DuckDB."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import ibis
import pandas as pd
import pytest
import registers

from cbanalysis import records

pytest.importorskip("pyspark", reason="no pyspark here: the extra `spark` isn't installed")
if shutil.which("java") is None:
    pytest.skip("no java here: Spark can't run", allow_module_level=True)

pytestmark = pytest.mark.whole  # its start alone takes 15 s of a processor


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory):
    """Return an ibis connection to a Spark of this process."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").appName("cbanalysis")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.host": "127.0.0.1",
        # for tables of a few rows the second compiler costs more than it saves
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield ibis.pyspark.connect(session)
    session.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return made-up records with faults, across the mergers of 2025-07-01."""
    folder = tmp_path_factory.mktemp("records")
    provinces = ("Bắc Ninh", "Hà Nội", "Cà Mau")
    registers.write_made_up(folder, cells=120, months=14, first="2024-10", provinces=provinces, each=2)
    return folder


def test_both_engines_agree_to_the_last_digit(spark, folder: Path) -> None:
    """Faults, sums of every level, and meetings held: the frames are equal, types included."""
    own = records.check(records.open_register(folder))
    other = records.check(records.open_register(folder, connection=spark))
    assert other.register.table.get_backend().name == "pyspark"
    pd.testing.assert_frame_equal(own.faults, other.faults)
    pd.testing.assert_frame_equal(own.tallied, other.tallied)
    assert set(own.summary["records"]) >= {2, 4}
    for by in ("province", "commune"):
        pd.testing.assert_frame_equal(
            records.attendance(own, by=by, every="quarter"), records.attendance(other, by=by, every="quarter")
        )
    pd.testing.assert_frame_equal(
        records.meetings_held(own, thematic=True), records.meetings_held(other, thematic=True)
    )


def test_a_table_of_spark_is_a_register(spark, tmp_path: Path) -> None:
    """A CSV that Spark itself reads as text gives the sums and the kinds of fault that DuckDB finds."""
    path = tmp_path / "register.csv"
    frame, planted = registers.plant_faults(registers.made_up(cells=40, months=5), each=1)
    frame.to_csv(path, index=False)
    table = spark.read_csv(str(path), inferSchema=False)
    other = records.check(records.open_register(table, name="register.csv"))
    own = records.check(records.open_register(path))
    pd.testing.assert_frame_equal(own.tallied, other.tallied)
    assert sorted(other.faults["kind"]) == sorted(own.faults["kind"]) == sorted(planted["kind"])


def test_both_engines_read_the_same_text(spark) -> None:
    """Months, numbers and yes or no in all the ways that people write them mean the same on Spark."""
    months = ["Tháng 5/2024", "tháng 6 năm 2024", "T7/2024", "2024/08", "15.09.2024", "2024-10-01 00:00:00"]
    months += ["11-2024\u00a0", "12/24", "2024-13", "0205-05"]
    frame = pd.DataFrame(
        {
            "cell": "A",
            "month": months,
            "due": ["10", "10.0", "10,00", "1.000", " 10 ", "10.5", "10", "10", "10", "10"],
            "present": "9",
            "thematic": ["Có", "x", "1", "không", "0", "", "no", "1.0", "n", "yes"],
        }
    )
    other = spark.create_table("as_text", frame, overwrite=True)
    own = ibis.memtable(frame)
    found = [records.check(records.open_register(one), most=100.0) for one in (own, other)]
    pd.testing.assert_frame_equal(found[0].faults, found[1].faults)
    pd.testing.assert_frame_equal(found[0].tallied, found[1].tallied)
    assert (found[0].faults["kind"] == "unreadable").sum() == 5
    held = [records.meetings_held(one, by="country", every="all", thematic=True) for one in found]
    pd.testing.assert_frame_equal(*held)
    assert held[0][["count", "base"]].to_numpy().tolist() == [[3, 5]]


def test_classes_sums_and_meetings_are_the_same_on_both_engines(spark) -> None:
    """A sum row, two meetings of a month, a copy: equal faults, readings and classes."""
    rows = [
        ("A", "X", "2025-11-03", 20, 19, 1, 0, 0),
        ("A", "X", "2025-11-20", 20, 17, 3, 0, 0),
        ("A", "X", "2025-12-03", 20, 18, 2, 0, 0),
        ("B", "X", "2025-11-03", 10, 8, 1, 1, 2),
        ("B", "X", "2025-11-03", 10, 8, 1, 1, 2),
        ("B", "X", "2025-12-03", 10, 7, 3, 0, 2),
        ("B", "X", "2018-07-03", 10, 7, 3, 0, 0),
        ("Tổng cộng", "X", "2025-12-03", 30, 25, 5, 0, 2),
        ("Cộng", "X", "2025-11-03", 1, 1, 0, 0, 0),
    ]
    columns = ["cell", "commune", "month", "due", "present", "excused", "absent_without_reason", "exempt"]
    frame = pd.DataFrame(rows, columns=columns).assign(file="so.csv", row=range(2, 2 + len(rows)))
    tables = (ibis.memtable(frame), spark.create_table("of_2025", frame, overwrite=True))
    found = [records.check(records.open_register(table), most=100.0) for table in tables]
    assert found[0].faults["kind"].value_counts().to_dict() == {
        "several_meetings": 2,
        "month_repeated": 1,
        "sum_row": 1,
        "sum_row_wrong": 1,
    }
    pd.testing.assert_frame_equal(found[0].faults, found[1].faults)
    for ask in (records.classes, records.meetings_held):
        pd.testing.assert_frame_equal(*(ask(one, by="commune", every="month") for one in found))
    readings = [records.attendance(one, by="cell", every="quarter", excused="all") for one in found]
    pd.testing.assert_frame_equal(*readings)


def test_spark_takes_no_column_from_a_path(spark, tmp_path: Path) -> None:
    """What the file says of month and present stands, whatever its folders are called."""
    folder = tmp_path / "month=2023-01" / "present=0"
    folder.mkdir(parents=True)
    frame = pd.DataFrame({"cell": ["A"], "month": ["2024-05"], "due": [10], "present": [9]})
    frame.to_parquet(folder / "so.parquet", index=False)
    found = records.check(records.open_register(tmp_path, connection=spark))
    assert found.tallied[["number", "present"]].to_numpy().tolist() == [[2024 * 12 + 4, 9]]
