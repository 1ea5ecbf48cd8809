"""The suite itself: the same tests in every process, and green after a curator's main act, another figure."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# What reads data/ most; the whole suite has the others.
READERS = ("data_folder", "codebook", "load", "load_traces", "studies", "seeds", "evidence", "site_index")
DOCUMENT = {
    "source_id": "bao-thu-1",
    "publisher": "Báo thử",
    "title": "Một tài liệu thử",
    "number_style": "vi",
    "terms": "made up for a test",
}
FIGURE = {
    "observation_id": "ZZ001",
    "indicator": "village_own_cell",
    "subject": "village",
    "geo_level": "province",
    "province": "Lào Cai",
    "province_basis": "stated",
    "period_start": "2013",
    "period_end": "2013",
    "period_basis": "stated",
    "count": "60",
    "base": "120",
    "printed": "60/120",
    "qualifier": "exact",
    "aggregation": "point",
    "source_id": "bao-thu-1",
    "note": "made up for a test",
}
WORDS = {"text": "made up for a test", "vietnamese": "Số liệu minh họa để thử."}


def pytest_in(place: Path, *words: str, **variables: str) -> subprocess.Popen[str]:
    """Start pytest on a checkout, with that checkout's package."""
    usual = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
    environment = {**usual, "PYTHONPATH": str(place / "src"), **variables}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *words]
    out = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, cwd=place, env=environment, **out)


@pytest.mark.whole
def test_every_test_has_the_same_id_in_every_process() -> None:
    """Collected twice, with two hash seeds and more than a second apart, the lists are equal."""
    first = pytest_in(ROOT, "--collect-only", PYTHONHASHSEED="1")
    time.sleep(1.1)
    second = pytest_in(ROOT, "--collect-only", PYTHONHASHSEED="2")
    (one, _), (other, _) = first.communicate(), second.communicate()
    assert (first.returncode, second.returncode) == (0, 0), one + other
    listed = [[line for line in out.splitlines() if "::" in line] for out in (one, other)]
    assert len(listed[0]) > 1000
    assert listed[0] == listed[1]


def add(table: Path, row: dict[str, str]) -> None:
    """Add a row to a table, by the names of its columns."""
    with table.open(encoding="utf-8", newline="") as lines:
        columns = next(csv.reader(lines))
    assert set(row) <= set(columns)
    with table.open("a", encoding="utf-8", newline="") as lines:
        csv.DictWriter(lines, columns, restval="", lineterminator="\n").writerow(row)


@pytest.mark.whole
def test_the_tests_hold_after_a_document_and_a_figure_were_added(tmp_path: Path) -> None:
    """By docs/howto/add_a_figure.md, in a copy: rows, check, codebook; then the fast tests of data/."""
    place = tmp_path / "checkout"
    left_out = shutil.ignore_patterns(".venv", ".git", ".*_cache", "__pycache__", "outputs", "_build")
    shutil.copytree(ROOT, place, ignore=left_out)
    add(place / "data" / "sources.csv", DOCUMENT)
    add(place / "data" / "observations.csv", FIGURE)
    add(place / "data" / "vietnamese.csv", WORDS)
    command = str(Path(sys.executable).with_name("cbanalysis"))
    steps = [[command, "check"], [command, "codebook"]]
    files = [str(place / "tests" / f"test_{name}.py") for name in READERS]
    environment = {**os.environ, "PYTHONPATH": str(place / "src")}
    for words in steps:
        done = subprocess.run(
            [sys.executable, *words], cwd=place, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    running = pytest_in(place, "-m", "not slow", *files)
    out, _ = running.communicate()
    assert running.returncode == 0, out[-5000:]
