"""Attendance by class: what guidance of 2018 and 2025 asks, checked by hand. All made up."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cbanalysis import notes, records
from cbanalysis.common.errors import DataError, UnknownName
from cbanalysis.dataset.catalogue.attendance_rules import attendance_rules
from cbanalysis.display.tables import Table

ROOT = Path(__file__).resolve().parents[1]
HEADER = "Chi bộ,Xã,Tháng,Phải dự,Có mặt,Vắng có lý do,Vắng không lý do\n"


def checked(folder: Path, text: str, **options: Any) -> records.Checked:
    """Check a register, however many faults it has."""
    path = folder / "so.csv"
    path.write_text(text, encoding="utf-8")
    return records.check(records.open_register(path, **options), most=100.0)


def counts(found: pd.DataFrame) -> dict[str, int]:
    """Return cell-months by class, those of no month left out."""
    rows = found[found["count"] > 0]
    return dict(zip(rows["class_id"], rows["count"], strict=True))


@pytest.fixture
def documented(tmp_path: Path) -> records.Checked:
    """Return the register that docs/records.md shows."""
    (text,) = re.findall(
        r"```text\n(Chi bộ,.*?)```", (ROOT / "docs" / "records.md").read_text("utf-8"), re.DOTALL
    )
    return checked(tmp_path, text, exempt="in_due")


def test_the_readings_of_the_documented_register(documented: records.Checked) -> None:
    """165 due, 9 of them exempt, 24 excused, 129 came: three bases."""
    rows = records.attendance(documented, by="country", every="all", excused="all")
    assert dict(zip(rows["base_of"], zip(rows["count"], rows["base"], strict=True), strict=True)) == {
        "all_due": (129, 165),
        "without_exempt": (129, 156),
        "not_excused": (129, 132),
    }


def test_the_classes_of_the_documented_register(documented: records.Checked) -> None:
    """Twelve cell-months: 18 of 20 is just good, 15 of 20 just fair, 9 of 10 with one absent weak."""
    whole = records.classes(documented, by="country", every="all")
    assert counts(whole) == {"hd42-good": 5, "hd42-fair": 2, "hd42-average": 2, "hd42-weak": 3}
    assert whole["base"].tolist() == [12] * 4
    cells = records.classes(documented, by="cell", every="month")
    got = {(row.cell, row.period_start): row.class_id for row in cells[cells["count"] > 0].itertuples()}
    assert got["Chi bộ 2", "2025-12"] == "hd42-weak"
    assert got["Chi bộ 3", "2025-11"] == "hd42-average"
    assert got["Chi bộ 1", "2026-01"] == "hd42-fair"


def test_each_month_is_held_to_the_rule_of_its_time(tmp_path: Path) -> None:
    """No rule before; 85 % misses the mark of 2018, 90 % meets it; October 2025 is still its month."""
    rows = "A,X,7/2018,20,20,0,0\nA,X,8/2018,20,17,3,0\nA,X,10/2025,20,18,2,0\nA,X,11/2025,20,17,3,0\n"
    found = checked(tmp_path, HEADER + rows)
    assert counts(records.classes(found, every="all")) == {
        "": 1,
        "hd12-missed": 1,
        "hd12-met": 1,
        "hd42-fair": 1,
    }
    assert counts(records.classes(found, every="all", rule="hd42")) == {"hd42-good": 2, "hd42-fair": 2}


def test_records_left_out_are_in_no_class(tmp_path: Path) -> None:
    """A copy counts once, a contradicted month not at all, two meetings together; a sum row is no cell."""
    rows = "A,X,11/2025,20,18,2,0\nA,X,11/2025,20,18,2,0\nB,X,11/2025,20,18,2,0\nB,X,11/2025,20,19,1,0\n"
    rows += "C,X,3/11/2025,20,20,0,0\nC,X,20/11/2025,20,10,10,0\nCộng,X,12/2025,20,20,0,0\n"
    found = checked(tmp_path, HEADER + rows, dates="day_first")
    assert counts(records.classes(found)) == {"hd42-good": 1, "hd42-fair": 1}


def test_who_was_absent_without_a_reason_is_recorded_or_the_rest(tmp_path: Path) -> None:
    """19 of 20 came and nobody says why the other didn't: good, and counted as unexplained; or weak."""
    found = checked(tmp_path, HEADER + "A,X,11/2025,20,19,0,0\n")
    rows = records.classes(found)
    assert counts(rows) == {"hd42-good": 1}
    assert rows["unexplained"].tolist() == [1, 0, 0, 0]
    assert counts(records.classes(found, absent="rest")) == {"hd42-weak": 1}


def test_classes_need_reasons(tmp_path: Path) -> None:
    """Without the column the way out is named; the report says so instead of failing."""
    found = checked(tmp_path, "Chi bộ,Tháng,Phải dự,Có mặt\nA,11/2025,20,19\n")
    with pytest.raises(
        DataError, match=r"column absent_without_reason: classes need this column.*absent=\"rest\""
    ):
        records.classes(found, by="cell")
    assert "absent without a reason" in str(records.class_table(found, rule="hd42", least=1, lang="en"))
    with pytest.raises(UnknownName, match="rule on attendance"):
        records.classes(found, by="cell", rule="hd43")


@pytest.mark.parametrize(("fair", "good", "year"), [(5, 7, "hd42-good"), (6, 6, ""), (0, 12, "hd42-good")])
def test_a_year_follows_from_its_months(tmp_path: Path, fair: int, good: int, year: str) -> None:
    """All months at least fair and seven or more good make a good year; for other years no rule is known."""
    present = [16] * fair + [19] * good
    rows = "".join(f"A,X,{month}/2026,20,{came},{20 - came},0\n" for month, came in enumerate(present, 1))
    found = records.year_classes(checked(tmp_path, HEADER + rows), rule="hd42")
    assert found[["months", "hd42-good", "hd42-fair", "class_id"]].to_numpy().tolist() == [
        [12, good, fair, year]
    ]


def test_a_weak_month_makes_no_good_year(tmp_path: Path) -> None:
    """Eleven good months and one with somebody absent without a reason."""
    rows = "".join(f"A,X,{month}/2026,20,19,1,0\n" for month in range(1, 12)) + "A,X,12/2026,20,19,0,1\n"
    assert records.year_classes(checked(tmp_path, HEADER + rows), rule="hd42")["class_id"].tolist() == [""]


def test_the_table_of_classes_leaves_out_few_cell_months(tmp_path: Path) -> None:
    """Two quarters: the one of one cell-month isn't shown."""
    found = checked(tmp_path, HEADER + "A,X,11/2025,20,19,1,0\nB,X,12/2025,20,15,5,0\nA,X,1/2026,20,19,1,0\n")
    table = records.class_table(found, rule="hd42", least=2, lang="en")
    assert isinstance(table, Table)
    assert [column.cells for column in table.columns[1:3]] == [("1 (50.0%)",), ("1 (50.0%)",)]


def test_rules_go_from_the_oldest_to_the_next() -> None:
    """Each rule ends with a class for all the rest, and a floor of a year is one of its own classes."""
    rules = attendance_rules()
    assert [rule.rule_id for rule in rules] == ["hd12", "hd42"]
    for rule in rules:
        last = rule.classes[-1]
        assert (last.at_least, last.above, last.absent_allowed) == (None, None, "yes")
        own = {one.class_id for one in rule.classes} | {""}
        assert {one.year_floor for one in rule.classes} <= own


def test_marks_are_counted_where_the_rule_was_in_force() -> None:
    """85 % of 2019 and of an unknown year may restate the rule of 2018, 85 % of 2017 and 85 to 90 can't."""
    frame = pd.DataFrame(
        {
            "percent": [85.0, 85.0, 85.0, 86.0, 85.0],
            "percent_max": [None, None, None, None, 90.0],
            "period_end": ["2019", "2017", "", "2019", "2019"],
        }
    )
    said = notes.marks(frame, lang="en").text()
    assert said.startswith("Exactly at 85%, the mark of Guidance 12-HD/BTCTW of 6 July 2018: 2 of 5 figures")
    assert "None of these figures equals the mark" in notes.marks(frame.head(0), lang="en").text()


@pytest.mark.parametrize("province", ["Phú Thọ", "Thanh Hóa"])
def test_a_cell_has_one_year_where_its_province_grew_within_it(tmp_path: Path, province: str) -> None:
    """Twelve good months of 2025 are a good year, although Phú Thọ grew and Thanh Hóa got a new id then."""
    header = HEADER.replace("Xã", "Xã,Tỉnh")
    rows = "".join(f"A,X,{province},{month}/2025,20,19,1,0\n" for month in range(1, 13))
    found = records.year_classes(checked(tmp_path, header + rows), rule="hd42")
    told = found[["period_start", "months", "hd42-good", "class_id"]]
    assert told.to_numpy().tolist() == [["2025", 12, 12, "hd42-good"]]


def test_a_frame_is_no_path() -> None:
    """Its columns aren't looked for among the files; the refusal says how a frame is opened."""
    with pytest.raises(DataError, match=r"a DataFrame is no path; allowed: ibis\.memtable\(frame\)"):
        records.open_register(pd.DataFrame({"cell": ["A"]}))
