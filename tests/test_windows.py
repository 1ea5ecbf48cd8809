"""What Windows lacks, taken away here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cbanalysis.batch.reports.many_reports import at_once
from cbanalysis.batch.reports.one_report import _died
from cbanalysis.batch.reports.papermill_engine import Watch
from cbanalysis.common.atomic_writes import locked, write_together


@pytest.fixture(autouse=True)
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Python say that it runs on Windows."""
    monkeypatch.setattr(sys, "platform", "win32")


def test_files_change_together_where_no_folder_can_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import writes its files without making names durable by themselves."""
    usual = os.open

    def open_file(path: str | Path, *given: int) -> int:
        if Path(path).is_dir():
            raise PermissionError(13, "Permission denied")
        return usual(path, *given)

    monkeypatch.setattr(os, "open", open_file)
    data = tmp_path / "data"
    data.mkdir()
    with locked(data):
        write_together(data, {"a.csv": b"1", "b.csv": b"2"})
    assert [(one.name, one.read_bytes()) for one in sorted(data.iterdir())] == [
        ("a.csv", b"1"),
        ("b.csv", b"2"),
    ]


def test_an_ordinary_kernel_has_our_application() -> None:
    """It is imported where there are no files to lock and no terminals to ask."""
    there = "import ipykernel.kernelapp, sys"
    lacking = "sys.platform = 'win32'; sys.modules.update(fcntl=None, termios=None)"
    code = f"{there}; {lacking}; import cbanalysis.batch.kernels.kernel_application"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_dead_kernel_is_told_where_sigkill_has_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that ended by itself fails its report with one line."""
    monkeypatch.delattr(signal, "SIGKILL")
    assert _died(Watch(ended=1), "").message == "the kernel died while this cell ran"


def test_no_more_than_61_reports_are_made_at_once() -> None:
    """More processes are refused by the system, so the pool would fail."""
    assert [at_once(100, many) for many in (0, 20, 200)] == [1, 20, 61]
