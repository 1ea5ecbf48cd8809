"""How long "restart and run all" takes in JupyterLab, warm kernels against ordinary ones, in one run.

A real JupyterLab in Debian's chromium: `cbanalysis lab` against `jupyter lab` on the same copies of the
notebooks, in turns. For each: the first notebook after the server started, and the second one, from opening
it to an idle kernel, and from "restart and run all" to its last output. Medians over the rounds, and ratios.

    .venv/bin/python benchmarks/lab.py [--rounds N] [--notebooks FIRST SECOND]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from cbanalysis.studies import new_study

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from lab_pages import CHROMIUM, Desk, started

ORDINARY = [
    str(Path(sys.executable).with_name("jupyter")),
    "lab",
    "--no-browser",
    "--port",
    "PORT",
    "--ServerApp.allow_root=True",
]


def timed(browser: Browser, study: Path, command: list[str] | None, notebooks: list[str]) -> list[float]:
    """Return the seconds from opening each notebook to its last output, one after the other."""
    seconds = []
    with tempfile.TemporaryDirectory() as aside, started(study, Path(aside), command=command) as lab:
        for name in notebooks:
            context = browser.new_context()
            desk = Desk(context.new_page(), lab)
            begin = time.monotonic()
            desk.open(f"notebooks/{name}.ipynb")
            opened = time.monotonic()
            desk.page.wait_for_timeout(1500)  # nobody reaches for the menu before the page has come to rest
            ran = desk.run_all()
            seconds.append((opened - begin, ran))
            context.close()
    return seconds


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--notebooks", nargs=2, default=["04_province_profile", "01_cell_models"])
    given = asked.parse_args()
    ways = {"warm": None, "ordinary": ORDINARY}
    found: dict[str, list[list[tuple[float, float]]]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        study = new_study(Path(folder) / "study", notebooks=True)
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for number in range(given.rounds):
            for name in list(ways) if number % 2 == 0 else list(ways)[::-1]:
                found[name].append(timed(browser, study, ways[name], given.notebooks))
        browser.close()
    print(f"{'notebook':<26}{'what':<34}{'warm':>8}{'ordinary':>10}{'ratio':>8}")
    for place, (notebook, word) in enumerate(zip(given.notebooks, ("first", "second"), strict=True)):
        for part, what in enumerate(("opened, kernel idle", "restart and run all")):
            warm, ordinary = (median(one[place][part] for one in found[name]) for name in ways)
            print(
                f"{notebook:<26}{word + ': ' + what:<34}{warm:>8.2f}{ordinary:>10.2f}{ordinary / warm:>8.2f}"
            )


if __name__ == "__main__":
    main()
