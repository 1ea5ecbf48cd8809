"""What many tests share: Debian's chromium, and figures that never change."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from cbanalysis.common.folders import DATA_VARIABLE
from made_up.folder import made_up_folder

# commands speak the system's language; tests expect one
os.environ["LANGUAGE"] = "en"
# the generator of registers serves the benchmarks too
sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes in a test's id by their argument: files made at import hold the hour."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Open chromium; without it the tests that ask for it are skipped, with a line that says so.

    For one file at a time: as long as playwright is open no test can run an event loop of its own.
    """
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("there is no chromium; .ci/run installs Debian's")
    with sync_api.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def _warm() -> Iterator[dict[str, str]]:
    """Bring up what batches start from, a warm process for kernels and one for workers, once."""
    from cbanalysis.batch.kernels import warm_process_owner as kernels
    from cbanalysis.batch.reports import kernel_and_worker_starts
    from cbanalysis.site.page_and_downloads import Publisher

    if kernels.unsupported():
        yield {}
        return
    environment = {**os.environ, **kernel_and_worker_starts.KERNEL_ENVIRONMENT}
    recipe = kernels.Recipe.of(sys.executable, (), environment)
    process = kernels.WarmProcess(recipe, kernels.MODULES, environment)
    kernel_and_worker_starts.context(Publisher.modules)
    kernel_and_worker_starts._bring_up_workers()
    named = kernels.KernelProvisionerFactory.default_provisioner_name_env
    yield {named: kernels.PROVISIONER_NAME, kernels.ADDRESS: process.address}
    process.stop()


@pytest.fixture(scope="module")
def batches_are_ready(_warm: dict[str, str]) -> Iterator[None]:
    """Have the batches of one file start from there."""
    from cbanalysis.batch.kernels import warm_process_owner as kernels

    with kernels._set(_warm) if _warm else nullcontext():
        yield


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the data folder of the seed documents and figures made up beside them."""
    return made_up_folder(tmp_path_factory.mktemp("made_up") / "data")


@pytest.fixture
def made_up_figures(made_up: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a test read that folder instead of data/."""
    monkeypatch.setenv(DATA_VARIABLE, str(made_up))
    return made_up
