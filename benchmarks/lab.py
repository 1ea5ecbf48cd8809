"""How long a notebook takes in JupyterLab to its last output, warm kernels against ordinary ones, in one run.

A real JupyterLab in Debian's chromium: `cbanalysis lab` against `jupyter lab` on the same copies of the
notebooks, in turns. Two notebooks, one after the other in one window: from the double click in the file tree,
with "run all cells" as soon as the menu can be reached, to the last output; and then once more from "restart
and run all" to the last output. Medians over the rounds, and the ratios of the medians.

    .venv/bin/python benchmarks/lab.py [--rounds N] [--notebooks FIRST SECOND]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from cbanalysis.common.new_study import new_study

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from conftest import CHROMIUM
from lab_pages import Desk, started

ORDINARY = [
    str(Path(sys.executable).with_name("jupyter")),
    "lab",
    "--no-browser",
    "--port",
    "PORT",
    "--ServerApp.allow_root=True",
]


def timed(
    browser: Browser, study: Path, command: list[str] | None, notebooks: list[str]
) -> list[tuple[float, float]]:
    """Return of each notebook the seconds from double click, and from restart, to the last output."""
    seconds = []
    with tempfile.TemporaryDirectory() as aside, started(study, Path(aside), command=command) as lab:
        page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
        desk = Desk(page, lab)
        page.goto(f"{lab.address}/lab/tree/notebooks?token={lab.token}&reset")
        page.wait_for_selector(f".jp-DirListing-item:has-text('{notebooks[0]}')", timeout=60_000)
        for name in notebooks:
            page.wait_for_timeout(1500)  # nobody clicks before the page has come to rest
            opened = desk.open_and_run(name)
            page.wait_for_timeout(1500)
            seconds.append((opened, desk.run_all()))
        page.context.close()
    return seconds


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--notebooks", nargs=2, default=["00_coverage", "01_cell_models"])
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
        for part, what in enumerate(("double click, run all", "restart and run all")):
            warm, ordinary = (median(one[place][part] for one in found[name]) for name in ways)
            print(
                f"{notebook:<26}{word + ': ' + what:<34}{warm:>8.2f}{ordinary:>10.2f}{ordinary / warm:>8.2f}"
            )


if __name__ == "__main__":
    main()
