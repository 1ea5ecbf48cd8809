"""The fast path: cells proven right aren't looked at, the others are found by file and row. All made up."""

from __future__ import annotations

from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import registers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cbanalysis import records
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.records import fault_criteria
from cbanalysis.records.checked_register import units_of

FEW = 100.0


def made(cells: int = 40, months: int = 130) -> pd.DataFrame:
    """Return records without faults in Hà Nội, over more months than one number has bits."""
    return registers.made_up(cells=cells, months=months, first="2012-03", provinces=["Hà Nội"])


def written(folder: Path, frame: pd.DataFrame, numbers: pa.DataType | None = None) -> records.Register:
    """Write records as Parquet in two files, cut in the middle of a cell, and open them."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = dict.fromkeys(("due", "excused", "present"), numbers or pa.int32())
    schema = pa.schema(
        [(one, pa.date32() if one == "month" else kinds.get(one, pa.string())) for one in COLUMNS]
    )
    half = len(frame) // 2
    for name, part in (("one", frame[:half]), ("two", frame[half:])):
        dated = part[COLUMNS].assign(month=part["month"].astype("object").map(day))
        table = pa.Table.from_pandas(dated, schema=schema, preserve_index=False)
        pq.write_table(table, folder / f"{name}.parquet")
    return records.open_register(folder, name="same")


COLUMNS = ["cell", "commune", "district", "province", "month", "due", "excused", "present"]


def day(month: object) -> object:
    """Return a month's day as Parquet takes it."""
    return None if pd.isna(month) else pd.Timestamp(month).date()


def everything(table, identity, *_) -> ibis.Table:
    """Suspect every cell: the slow path, which looks at all records one by one."""
    cells = table.select(*identity).distinct()
    yes = ibis.literal(value=True)
    return cells.mutate(together=yes, moves=yes, sum_row=fault_criteria.sum_row(cells))


def slow(register: records.Register) -> records.Checked:
    """Check a register without proving anything right beforehand."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fault_criteria, "unproven", everything)
        return records.check(register, most=FEW)


def found_at(register: records.Register) -> set[tuple[str, int, str]]:
    """Return file, row and kind of each fault."""
    faults = records.check(register, most=FEW).faults
    return {(Path(row.file).name, row.row, row.kind) for row in faults.itertuples()}


def suspected(
    register: records.Register, eras: tuple[int, ...] = (), flag: str = "together"
) -> dict[str, bool]:
    """Return the cells that aren't proven right, and whether their records may contradict each other."""
    table = register.table
    months = (table.month.year() * 12 + table.month.month() - 1).execute().dropna().astype(int)
    cells = fault_criteria.unproven(table, register.identity, set(months), eras).execute()
    return dict(zip(cells["cell"], cells[flag].astype(bool), strict=True))


def test_a_register_without_faults_has_no_suspects(tmp_path: Path) -> None:
    """Forty cells over eleven years with gaps in their months: each is proven right by its group."""
    register = written(tmp_path / "clean", made())
    assert not suspected(register)
    assert records.check(register).faults.empty


@pytest.mark.parametrize(
    ("kind", "change", "together"),
    [
        ("unreadable", {"present": None}, False),
        ("negative", {"excused": -1}, False),
        ("present_above_due", {"present": 999}, False),
        ("parts_above_due", {"excused": 999}, False),
        ("cell_moved", {"district": "Huyện khác"}, True),
        ("due_jumped", {"due": 900}, True),
        ("month_repeated", None, True),
        ("month_contradicted", {"due": 60}, True),
    ],
)
def test_one_fault_among_right_records_is_found_by_file_and_row(
    tmp_path: Path, kind: str, change: dict[str, object] | None, together
) -> None:
    """The fault's cell is the only suspect, and the listing names the fault and nothing else."""
    frame = made().astype({"present": "Int64", "excused": "Int64", "due": "Int64"})
    at = len(frame) - 70
    cell = frame.loc[at, "cell"]
    if kind.startswith("month"):
        again = frame.loc[[at]].assign(**(change or {}))
        # far from its first time, in the other file
        frame = pd.concat([again, frame], ignore_index=True)
        half = len(frame) // 2
        places = {("two.parquet", at + 1 - half + 1, kind)}
        places = places | {("one.parquet", 1, kind)} if change else places
    else:
        frame.loc[at, list(change or {})] = list((change or {}).values())
        places = {("two.parquet", at - len(frame) // 2 + 1, kind)}
    register = written(tmp_path / "one", frame)
    assert suspected(register) == {cell: together}
    assert found_at(register) == places


def test_only_a_cell_with_several_places_is_compared_by_place(tmp_path: Path) -> None:
    """One cell has a month again, the other another district in its last record: only that one moves."""
    frame = made(cells=2, months=6)
    one, other = frame["cell"].iloc[0], frame["cell"].iloc[-1]
    frame.loc[len(frame) - 1, "district"] = "Huyện khác"
    register = written(tmp_path / "moves", pd.concat([frame.loc[[0]], frame], ignore_index=True))
    assert suspected(register, flag="moves") == {one: False, other: True}
    assert {kind for _, _, kind in found_at(register)} == {"month_repeated", "cell_moved"}


def test_a_record_without_cell_or_month_is_found(tmp_path: Path) -> None:
    """Both are unreadable, each in its row, whatever the other records of the cell are."""
    frame = made().astype({"cell": "object", "month": "object"})
    frame.loc[10, "cell"] = None
    frame.loc[20, "month"] = None
    assert found_at(written(tmp_path / "null", frame)) == {
        ("one.parquet", 11, "unreadable"),
        ("one.parquet", 21, "unreadable"),
    }


def test_a_province_that_never_was_is_found_in_a_cell_that_is_right(tmp_path: Path) -> None:
    """All records of a cell name it: the cell doesn't contradict itself, the province shows it."""
    frame = made(cells=3, months=4)
    wrong = frame["cell"] == frame["cell"].iloc[-1]
    frame.loc[wrong, "province"] = "Hà Nộii"
    register = written(tmp_path / "province", frame)
    assert not suspected(register)
    assert {kind for _, _, kind in found_at(register)} == {"unknown_province"}
    assert len(found_at(register)) == wrong.sum()


def test_narrow_whole_numbers_do_not_run_over(tmp_path: Path) -> None:
    """100 present and 60 excused of 110 in numbers of one byte: a fault to list, not an overflow."""
    frame = made(cells=2, months=3).assign(due=110, excused=0, present=100)
    frame.loc[1, "excused"] = 60
    frame.loc[4, "due"] = 1
    frame.loc[4, "present"] = 1
    found = found_at(written(tmp_path / "narrow", frame, pa.int8()))
    assert {kind for _, _, kind in found} == {"parts_above_due", "due_jumped"}


def test_a_cell_is_compared_within_one_map_of_provinces(tmp_path: Path) -> None:
    """A new place since 2025-07-01 leaves a cell proven right; another one a month later doesn't."""
    frame = made(cells=1, months=1)
    rows = [("2025-05", "X"), ("2025-06", "X"), ("2025-07", "Y"), ("2025-08", "Y")]
    lines = [frame.assign(month=pd.Timestamp(month), commune=commune) for month, commune in rows]
    register = written(tmp_path / "merged", pd.concat(lines, ignore_index=True))
    start = 2025 * 12 + 6
    assert not suspected(register, (start,))
    lines[3] = lines[3].assign(commune="Z")
    moved = written(tmp_path / "moved", pd.concat(lines, ignore_index=True))
    assert list(suspected(moved, (start,)).values()) == [True]
    assert {kind for _, _, kind in found_at(moved)} == {"cell_moved"}


EARLIER = pd.to_datetime(["2006-05-01", "2011-05-01", "2016-05-01"])
RECORD = st.fixed_dictionaries(
    {
        "cell": st.sampled_from(["A", "B", "C", None]),
        "commune": st.sampled_from(["X", "X", "X", "Y", None]),
        "district": st.sampled_from(["H", "H", "H", "K"]),
        "province": st.sampled_from(["Hà Nội", "Hà Nội", "Hà Nội", "Hà Tây", "Huế", None]),
        "month": st.sampled_from([None, *pd.date_range("2024-01-01", "2025-12-01", freq="MS"), *EARLIER]),
        "due": st.sampled_from([10, 10, 10, 12, 40, 100, -1, None]),
        "excused": st.sampled_from([0, 0, 0, 2, -1, None]),
        "present": st.sampled_from([8, 8, 9, 10, 11, None]),
    }
)


def test_what_is_said_of_an_unknown_province_is_the_same_in_any_order_of_records() -> None:
    """Hà Tây in January and March 2025 is refused as of January, however the engine gives the months."""
    named = [("Hà Tây", 2025 * 12), ("Hà Tây", 2025 * 12 + 2)]
    for told in (named, named[::-1]):
        assert {one.hint for one in units_of(told, Gazetteer.read()).values()} == {
            "(a province until 2008-07-31; on 2025-01-31 its land belongs to Hà Nội)"
        }


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(RECORD, min_size=2, max_size=14), number=st.integers(0, 10**9))
def test_the_fast_path_finds_what_the_slow_one_finds(tmp_path: Path, rows: list[dict], number: int) -> None:
    """Any mixture of right and wrong records: faults and sums are as when every cell is looked at."""
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame = frame.astype({**dict.fromkeys(("due", "excused", "present"), "Int64"), "month": "object"})
    register = written(tmp_path / str(number), frame)
    fast, whole = records.check(register, most=FEW), slow(register)
    pd.testing.assert_frame_equal(fast.faults, whole.faults)
    pd.testing.assert_frame_equal(fast.tallied, whole.tallied)
    for one in (fast, whole):
        assert one.summary["records"].sum() == len(one.faults)


def test_a_cell_that_only_looks_wrong_is_right(tmp_path: Path) -> None:
    """From 10 to 38 members in four months, never a jump: the cell is looked at, nothing is found in it."""
    due = [10, 14, 20, 28, 38]
    frame = pd.DataFrame(
        {
            "cell": "A",
            "commune": "X",
            "district": "H",
            "province": "Huế",
            "due": due,
            "excused": 0,
            "present": 9,
        }
    ).assign(month=list(pd.date_range("2024-01-01", periods=5, freq="MS")))
    checked = records.check(written(tmp_path / "grows", frame[COLUMNS]), most=FEW)
    assert checked.faults.empty
    assert checked.tallied["due"].sum() == 110


@pytest.mark.parametrize("seed", range(3))
def test_the_fast_path_finds_what_was_planted(tmp_path: Path, seed: int) -> None:
    """Planted faults among many right cells: fast and slow agree, on a register in any order."""
    frame, _ = registers.plant_faults(made(cells=60, months=40), each=2, seed=seed)
    order = np.random.default_rng(seed).permutation(len(frame))
    register = written(tmp_path / "planted", frame.iloc[order].reset_index(drop=True))
    fast = records.check(register, most=FEW)
    assert set(fast.faults["kind"]) == {*registers.PLANTED}
    pd.testing.assert_frame_equal(fast.faults, slow(register).faults)
