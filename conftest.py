"""No test, example or notebook sees which data folder or study its caller works in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cbanalysis.common.folders import DATA_VARIABLE, shipped_folder

OURS = "CBANALYSIS_"

# While tests are collected their modules read data/ of this checkout; so do the notebooks that nbval runs.
for _name in [name for name in os.environ if name.startswith(OURS)]:
    del os.environ[_name]
os.environ[DATA_VARIABLE] = str(shipped_folder("data"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take what is left to the whole run for slow, too; begin with the files that take longest.

    Two workers then end at about the same time, with files of fast tests. "not slow" are the fast tests.
    """
    slow: dict[Path, int] = {}
    for item in items:
        if item.get_closest_marker("whole"):
            item.add_marker("slow")
        slow[item.path] = slow.get(item.path, 0) + (item.get_closest_marker("slow") is not None)
    items.sort(key=lambda item: -slow[item.path])


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
