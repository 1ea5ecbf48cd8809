"""What the benchmarks do before they measure."""

from __future__ import annotations

import sys
from pathlib import Path

import batch
import pytest
import records
import registers

from cbanalysis.common.folders import notebooks_folder


def test_records_that_were_half_made_are_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interruption while records are written leaves no folder that a later run would measure."""

    def interrupted(folder: Path, **_: object) -> None:
        folder.mkdir()
        (folder / "0.parquet").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(registers, "write_made_up", interrupted)
        with pytest.raises(KeyboardInterrupt):
            records.make(tmp_path / "sizes" / "1_million_2", 1, 2)
    assert list((tmp_path / "sizes").iterdir()) == []
    monkeypatch.setattr(records, "ROWS_A_CELL", 1e6)
    records.make(tmp_path / "sizes" / "1_million_2", 1, 0)
    assert [path.name for path in (tmp_path / "sizes").iterdir()] == ["1_million_2"]


def test_a_way_whose_library_is_missing_is_left_out_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The others are measured all the same."""
    monkeypatch.setitem(records.LOADS, "polars", ["no_such_library.inside"])
    monkeypatch.setattr(
        sys, "argv", ["records.py", "--ways", "polars", "sql", "--rounds", "0", "--sizes", "1"]
    )
    monkeypatch.setattr(records, "make", lambda *_: None)
    records.main()
    assert capsys.readouterr().err == "left out: polars (no_such_library isn't installed)\n"


def test_the_batch_that_is_measured_is_every_report_of_the_default_set() -> None:
    """Every notebook of the default set is in it, as the command plans it."""
    assert {report.path.name for report in batch.default_set()} == {
        path.name for path in notebooks_folder().glob("[0-9]*.ipynb")
    }
