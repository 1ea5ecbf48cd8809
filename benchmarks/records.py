"""How long a register takes to become attendance rates, beside SQL written by hand.

``python benchmarks/records.py`` makes the records, measures and prints a table.

Made-up records (see `registers.py`) of 1, 10 and 50 million rows in Parquet, with planted
faults (``--each 0``: without any). Each way runs in a process of its own, so that its peak memory is its own;
the ways take turns, round after round, so that what else the machine does falls on all of them. ``records``
is everything: both readings of "excused", all checks, the faults listed by file and row. ``sql`` is the bare
aggregation of one who trusts the register, ``sql_checked`` the same with the checks written by hand, ending
with the suspects' names. ``sql_proof`` is the bare aggregation and the cheapest group a cell we know that
proves the same of every cell, with its years written into the SQL; it lists nothing. ``--ways text
text_month_more`` measures CSV: read for the first time, and with all but the last month kept.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import importlib.util
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WAYS = ("sql", "sql_proof", "sql_checked", "records", "polars", "pandas")
TEXT_WAYS = ("text", "text_month_more")
MONTHS, FIRST = 180, "2010-01"
ROWS_A_CELL = MONTHS * 0.97
LOADS = {
    "sql": ["duckdb"],
    "sql_proof": ["duckdb"],
    "sql_checked": ["duckdb"],
    "records": [
        "ibis.backends.duckdb",
        "cbanalysis.records.checked_register",
        "cbanalysis.records.attendance",
    ],
    "text": ["ibis.backends.duckdb", "cbanalysis.records.checked_register", "cbanalysis.records.attendance"],
    "text_month_more": [
        "ibis.backends.duckdb",
        "cbanalysis.records.checked_register",
        "cbanalysis.records.attendance",
    ],
    "polars": ["polars"],
    "pandas": ["pandas", "pyarrow.dataset"],
}
MOST_IN_MEMORY = {"pandas": 10}  # million rows; above, pandas needs more memory than the machine may have

BARE = """
select province, year(month) as year, sum(present) as present, sum(due) as due, sum(excused) as excused,
    100 * sum(present) / sum(due) as in_base, 100 * sum(present) / (sum(due) - sum(excused)) as out_of_base
from read_parquet('{folder}/*.parquet') group by 1, 2
"""
WRONG = """
select count(*) from read_parquet('{folder}/*.parquet')
where cell is null or month is null or present is null or present < 0 or excused < 0
    or present + excused > due
"""
TWICE = """
select cell from read_parquet('{folder}/*.parquet') group by cell
having count(*) > count(distinct month)
    or min(commune || district || province) < max(commune || district || province)
    or (max(due) >= 3 * min(due) and max(due) - min(due) >= 15)
"""
PROOF = """
select cell from read_parquet('{folder}/*.parquet') group by cell
having count(*) filter (where present >= 0 and excused >= 0 and present + excused <= due) < count(*)
    or bit_count(bit_xor(1 << year(month) % 5 * 12 + month(month)) filter (where year(month) < 2015))::int
        + bit_count(bit_xor(1 << year(month) % 5 * 12 + month(month))
            filter (where year(month) between 2015 and 2019))::int
        + bit_count(bit_xor(1 << year(month) % 5 * 12 + month(month)) filter (where year(month) > 2019))::int
        < count(*)
    or min(hash(commune, district, province)) < max(hash(commune, district, province))
    or (max(due) >= 3 * min(due) and max(due) - min(due) >= 15)
"""


def sql(folder: Path) -> int:
    """Add up with DuckDB, trusting every record."""
    import duckdb  # noqa: PLC0415 - each way loads only its own

    return len(duckdb.sql(BARE.format(folder=folder)).fetchall())


def sql_proof(folder: Path) -> int:
    """Add up with DuckDB and name the cells that aren't proven right, in as little time as we know how."""
    import duckdb  # noqa: PLC0415 - as above

    connection = duckdb.connect()
    connection.execute(PROOF.format(folder=folder)).fetchall()
    return len(connection.execute(BARE.format(folder=folder)).fetchall())


def sql_checked(folder: Path) -> int:
    """Add up with DuckDB and look for the same faults, each check as one would write it."""
    import duckdb  # noqa: PLC0415 - as above

    connection = duckdb.connect()
    connection.execute(WRONG.format(folder=folder)).fetchall()
    connection.execute(TWICE.format(folder=folder)).fetchall()
    return len(connection.execute(BARE.format(folder=folder)).fetchall())


def records(folder: Path) -> int:
    """Add up with cbanalysis: checks, faults by file and row, both readings."""
    from cbanalysis import records as meetings  # noqa: PLC0415 - as above

    checked = meetings.check(meetings.open_register(folder))
    if not checked.faults["row"].notna().all():
        raise SystemExit("a fault without its row")
    return len(meetings.attendance(checked, by="province", every="year")) // 2


def text(folder: Path) -> int:
    """Add up CSV with cbanalysis, read for the first time."""
    return records(_as_text(folder))


def text_month_more(folder: Path) -> int:
    """Add up CSV with cbanalysis when all but the last month was read before and kept."""
    from cbanalysis import records as meetings  # noqa: PLC0415 - as above

    checked = meetings.check(meetings.open_register(_as_text(folder), keep=_kept(folder)))
    return len(meetings.attendance(checked, by="province", every="year")) // 2


def _as_text(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}_text")


def _kept(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}_kept")


def make_text(folder: Path) -> None:
    """Write made-up records as CSV: the last month in a file of its own, the other months read and kept."""
    import duckdb  # noqa: PLC0415 - as above

    from cbanalysis import records as meetings  # noqa: PLC0415 - as above

    to = _as_text(folder)
    if not to.exists():
        to.mkdir()
        columns = "* exclude month, strftime(month, '%Y-%m') as month"
        last = "(select max(month) from read_parquet('{0}/*.parquet'))"
        for name, which in (("before", "<"), ("last", "=")):
            rows = f"select {columns} from read_parquet('{folder}/*.parquet') where month {which} {last}"  # noqa: S608 - our own folder
            duckdb.sql(f"copy ({rows.format(folder)}) to '{to}/{name}.csv' (header)")
    shutil.rmtree(_kept(folder), ignore_errors=True)
    meetings.open_register(to / "before.csv", keep=_kept(folder))


def polars(folder: Path) -> int:
    """Add up with polars, trusting every record."""
    import polars as pl  # noqa: PLC0415 - as above

    scanned = pl.scan_parquet(f"{folder}/*.parquet")
    summed = scanned.group_by("province", pl.col("month").dt.year()).agg(
        pl.col("present").sum(), pl.col("due").sum(), pl.col("excused").sum()
    )
    return len(summed.collect(engine="streaming"))


def pandas(folder: Path) -> int:
    """Add up with pandas, trusting every record."""
    import pandas as pd  # noqa: PLC0415 - as above

    frame = pd.read_parquet(folder, columns=["province", "month", "present", "due", "excused"])
    years = pd.to_datetime(frame["month"]).dt.year
    return len(frame.groupby(["province", years])[["present", "due", "excused"]].sum())


def measured(way: str, folder: Path) -> dict[str, Any]:
    """Run one way in this process; the time counts from after the imports."""
    ways: dict[str, Callable[[Path], int]] = {
        one.__name__: one
        for one in (sql, sql_proof, sql_checked, records, text, text_month_more, polars, pandas)
    }
    for name in LOADS[way]:
        importlib.import_module(name)
    # what the imports left is no rubbish of the way that is measured
    gc.collect()
    gc.freeze()
    start = time.perf_counter()
    groups = ways[way](folder)
    seconds = time.perf_counter() - start
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
    return {"seconds": seconds, "mebibytes": peak, "groups": groups}


def make(folder: Path, millions: int, each: int) -> None:
    """Write the made-up records of one size, once."""
    import registers  # noqa: PLC0415 - as above

    from cbanalysis import Gazetteer  # noqa: PLC0415 - as above

    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    provinces = [unit.name_vi for unit in Gazetteer.read().on("2024")]
    # Huế was renamed inside the years that are made up
    steady = [one for one in provinces if one not in ("Huế", "Thừa Thiên Huế")]
    cells = round(millions * 1e6 / ROWS_A_CELL)
    # Under its name only when it is whole: what an interruption leaves half made isn't measured later.
    with tempfile.TemporaryDirectory(dir=folder.parent) as aside:
        whole = Path(aside) / "whole"
        registers.write_made_up(whole, cells=cells, months=MONTHS, first=FIRST, provinces=steady, each=each)
        whole.rename(folder)


def absent(way: str) -> list[str]:
    """Return the libraries that a way needs and that aren't installed."""
    needed = dict.fromkeys(name.partition(".")[0] for name in LOADS[way])
    return [name for name in needed if importlib.util.find_spec(name) is None]


def table(found: list[dict[str, Any]]) -> str:
    """Return the medians as a table in Markdown, each with its ratio to the bare SQL of the same round."""
    lines = [
        "| million rows | way | seconds, median (least to most) | times bare SQL | peak MiB |",
        "| --- | --- | --- | --- | --- |",
    ]
    for size in dict.fromkeys(one["millions"] for one in found):
        rows = [one for one in found if one["millions"] == size]
        bare = {one["round"]: one["seconds"] for one in rows if one["way"] == "sql"}
        for way in dict.fromkeys(one["way"] for one in rows):
            mine = [one for one in rows if one["way"] == way]
            seconds = [one["seconds"] for one in mine]
            ratio = statistics.median(one["seconds"] / bare[one["round"]] for one in mine)
            peak = max(one["mebibytes"] for one in mine)
            middle = f"{statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"
            lines.append(f"| {size} | {way} | {middle} | {ratio:.2f} | {peak:.0f} |")
    return "\n".join(lines)


def main() -> None:
    """Make the records, measure every way at every size, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 10, 50], help="million rows")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--each", type=int, default=2, help="faults of each kind planted in a file")
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=[*WAYS, *TEXT_WAYS])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "cbanalysis_records")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measured(asked.one[0], Path(asked.one[1]))))
        return
    for way in asked.ways:
        if absent(way):
            print(f"left out: {way} ({', '.join(absent(way))} isn't installed)", file=sys.stderr)
    ways = [way for way in asked.ways if not absent(way)]
    found: list[dict[str, Any]] = []
    for size in asked.sizes:
        folder = asked.folder / f"{size}_million_{asked.each}"
        make(folder, size, asked.each)
        for number in range(asked.rounds):
            for way in ways:
                if way in TEXT_WAYS:
                    # what a month more costs is measured once for each time that it is new
                    make_text(folder)
                if size > MOST_IN_MEMORY.get(way, size):
                    continue
                command = [sys.executable, __file__, "--one", way, str(folder)]
                ran = subprocess.run(command, capture_output=True, text=True, check=True)
                found.append({"millions": size, "way": way, "round": number, **json.loads(ran.stdout)})
                print(found[-1], file=sys.stderr)
    print(table(found))


if __name__ == "__main__":
    main()
