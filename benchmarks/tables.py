"""How long 100,000 x 12 cells of .xlsx take to be read, cleaned and checked, against calamine's bare reading.

Run: ``python benchmarks/tables.py [--rows 100000] [--rounds 3]``. The table is made up; exit 1 above 2.5.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import python_calamine

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.observations import check_observations
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.files.reading import tables
from cbanalysis.importing.layouts.applying import apply_layout
from cbanalysis.importing.layouts.places import Places
from cbanalysis.importing.layouts.proposing import propose
from cbanalysis.importing.layouts.records import Layout
from cbanalysis.importing.layouts.vocabulary import Vocabulary

LIMIT = 2.5
HEADER = [
    "STT",
    "Tỉnh",
    "Huyện",
    "Năm",
    "Đối tượng",
    "Xếp loại",
    "Tổng số được xếp loại",
    "Số lượng",
    "Tỷ lệ (%)",
    "Ghi chú",
    "Nguồn",
    "Diễn giải",
]


def write(path: Path, rows: int) -> None:
    """Write the made-up table: one figure a row, with its base and its percentage."""
    provinces = sorted({unit.name_vi for unit in Gazetteer.read().on(2023)})
    ratings = ["Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ", "Hoàn thành nhiệm vụ"]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Bịa")
    sheet.append(HEADER)
    for at in range(rows):
        base = 200 + at % 9_000
        count = base * (at % 97) // 100
        # each place has six years of three classes, so that no figure stands twice
        number = at // 18
        place = provinces[number % len(provinces)], f"Huyện số {number}"
        rating = "Chi bộ trực thuộc", ratings[at % 3]
        figures = base, count, round(100 * count / base, 2)
        sheet.append([at + 1, *place, 2018 + at // 3 % 6, *rating, *figures, "", "bịa", f"dòng {at}"])
    book.save(path)


def seconds(work: Callable[[], object]) -> float:
    """Return how long the processor works: what else the machine does counts for less."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> int:
    """Measure and print; return 1 when the limit is passed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    catalogue, gazetteer = Catalogue.read(), Gazetteer.read()
    vocabulary, places = Vocabulary(catalogue), Places(gazetteer)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made-up.xlsx"
        write(path, given.rows)
        proposal = propose(tables(path), vocabulary, places)
        layout: Layout = proposal.layout
        document = catalogue.sources["seed-000"]
        known = catalogue.model_copy(update={"sources": {"made-up": document}})

        def bare() -> object:
            return python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()

        def checked() -> object:
            applied = apply_layout(layout, tables(path), vocabulary, places)
            ids = [f"X{at:06d}" for at in range(len(applied.observations))]
            rows = applied.observations.assign(observation_id=ids)
            return check_observations(rows, catalogue=known, gazetteer=gazetteer)

        checked()  # what is loaded once
        pairs = [(seconds(bare), seconds(checked)) for _ in range(given.rounds)]
    read, whole = (statistics.median(times) for times in zip(*pairs, strict=True))
    times = whole / read
    sys.stdout.write(
        f"{given.rows} x {len(HEADER)} cells: calamine alone {read:.2f} s; "
        f"read, cleaned, checked {whole:.2f} s; "
        f"{times:.2f} times (limit {LIMIT})\n"
    )
    return int(times > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
