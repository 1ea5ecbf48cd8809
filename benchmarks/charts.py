"""How long charts take to be built and drawn as SVG, in CPU time; beside another checkout where one is given.

Run: ``python benchmarks/charts.py [--rounds 7] [--beside CHECKOUT]``. The two take turns in one run, each
in a process of its own; a ratio below 1 means that this checkout is faster.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What a process does: the same rows for both, made up, with as many columns as published ones have.
BUILD = """
import json, sys, time
import pandas as pd
import cbanalysis as cb

observations = cb.load_observations()
some = cb.add_rates(observations).query("interval != 'none' and geo_level == 'province' and unit_id != ''")
some = some[some["value"].isna()] if "value" in some else some
places = some.drop_duplicates("province").head(16).assign(indicator="office_cell_adoption", definition="")
places = places.assign(base_of="", scheme="", category="", category_id="", category_kind="")
places = places.assign(subject="commune", complement=False, aggregation="point")
years = [places.assign(year=year, period_start=str(year), period_end=str(year)) for year in range(2008, 2016)]
series = pd.concat(years, ignore_index=True).astype({"year": "Int64"})
charts = {
    "trend of 16 places": lambda: cb.charts.trend(series, lang="en"),
    "coverage matrix": lambda: cb.charts.coverage_matrix(observations, lang="en"),
    "dots": lambda: cb.charts.ranked_dots(places, lang="en"),
    "map": lambda: cb.charts.tile_map(places, lang="en"),
    "heatmap": lambda: cb.charts.heatmap(series, lang="en"),
}
taken = {}
for name, draw in charts.items():
    draw()
    start = time.process_time()
    chart = draw()
    built = time.process_time()
    chart.svg()
    taken[name] = (built - start, time.process_time() - built)
print(json.dumps(taken))
"""


def measure(checkout: Path, data: Path) -> dict[str, tuple[float, float]]:
    """Return CPU seconds to build and to draw each chart, in a fresh process of a checkout."""
    paths = {"PYTHONPATH": str(checkout / "src"), "CBANALYSIS_DATA": str(data)}
    done = subprocess.run(
        [sys.executable, "-c", BUILD], env={**os.environ, **paths}, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def main() -> None:
    """Measure and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--beside", type=Path, help="the root of another checkout")
    given = parser.parse_args()
    checkouts = [ROOT, *([given.beside.resolve()] if given.beside else [])]
    data = checkouts[-1] / "data"  # an older checkout doesn't know newer indicators
    runs = [[measure(checkout, data) for checkout in checkouts] for _ in range(given.rounds)]
    for name in runs[0][0]:
        told = []
        for step, what in enumerate(("build", "draw")):
            medians = [statistics.median(run[at][name][step] for run in runs) for at in range(len(checkouts))]
            told.append(f"{what} {1000 * medians[0]:5.0f} ms")
            if given.beside:
                ratios = [run[0][name][step] / run[1][name][step] for run in runs]
                told[-1] += f" (beside {1000 * medians[1]:5.0f} ms, ratio {statistics.median(ratios):.2f})"
        print(f"{name:20} {'; '.join(told)}")


if __name__ == "__main__":
    main()
