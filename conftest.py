"""No test, example or notebook sees which data folder or study its caller works in."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

import cbanalysis.batch.reports  # noqa: F401 -- before nbformat, which would take longer
from cbanalysis.common.folders import DATA_VARIABLE, shipped_folder

OURS = "CBANALYSIS_"

# While tests are collected their modules read data/ of this checkout; so do the notebooks that nbval runs.
for _name in [name for name in os.environ if name.startswith(OURS)]:
    del os.environ[_name]
os.environ[DATA_VARIABLE] = str(shipped_folder("data"))


# The files that take a processor longest, as measured, those of make rest among them.
LONGEST = (
    "docs browser reports_kills lab reports_manifest records suite wheel panel reports_engine notebooks "
    "cli_import charts_contract intake kernels kernels_ends reports_figures charts_published extract_grammar "
    "review_page records_lossless records_values cli_records reports records_csv records_withholding "
    "charts_funnel audit downloads reports_remote files_hostile files_limits records_spark full_disk"
)


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Of a chart a notebook stores the PNG and the words; nbval looks at the words."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("image/svg+xml",)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take what is left to the whole run for slow, too; workers begin with what takes longest."""
    for item in items:
        if item.get_closest_marker("whole"):
            item.add_marker("slow")
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = {f"test_{name}": at for at, name in enumerate(LONGEST.split(" "))}
        items.sort(key=lambda item: place.get(item.path.stem, len(place)))


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and not among libraries and tests: it took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _no_data_folder() -> None:
    """Begin without any variable of ours; what a fixture of a module sets stays as long as the module."""
    del os.environ[DATA_VARIABLE]


@pytest.fixture(scope="session")
def _no_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder that lies in no study, unlike this checkout perhaps."""
    return tmp_path_factory.mktemp("no_study")


@pytest.fixture(autouse=True)
def _outside_of_studies(_no_study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test in that folder."""
    monkeypatch.chdir(_no_study)
