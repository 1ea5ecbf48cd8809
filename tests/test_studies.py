"""A study of one's own: made by one command, found from any folder below it, used by everything."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from cbanalysis import cli, load_observations
from cbanalysis.common.errors import OutputError
from cbanalysis.common.folders import (
    DATA_VARIABLE,
    STUDY_VARIABLE,
    data_folder,
    notebooks_folder,
    outputs_folder,
    shared_study,
    shipped_folder,
    study_folder,
)
from cbanalysis.common.new_study import new_study


def test_outside_of_a_study_the_published_figures_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a marker above the current folder everything is as it was."""
    monkeypatch.chdir(tmp_path)
    assert study_folder() is None
    assert data_folder() == shipped_folder("data")
    assert outputs_folder() == Path("outputs")


def test_a_study_is_found_from_below_and_has_the_published_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below the folder of the marker its data/ and outputs/ are meant; notebooks are referred to."""
    study = new_study(tmp_path / "study")
    deep = study / "notes" / "deep"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert study_folder() == study
    assert data_folder() == study / "data"
    assert outputs_folder() == study / "outputs"
    assert notebooks_folder() == shipped_folder("notebooks")
    pd.testing.assert_frame_equal(load_observations(), load_observations(folder=shipped_folder("data")))


def test_a_study_alone_begins_without_figures_and_may_have_own_notebooks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--alone leaves the headers of the figures' tables; --notebooks copies what can then be changed."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli.main, ["new", "own", "--alone", "--notebooks"])
    assert result.output == "own is a study; next: cd own, then cbanalysis import FILE\n"
    monkeypatch.chdir(tmp_path / "own")
    assert notebooks_folder() == tmp_path / "own" / "notebooks"
    assert len(load_observations()) == 0
    checked = CliRunner().invoke(cli.main, ["check"])
    assert checked.output == "data: 0 figures from 0 sources, no faults\n"
    assert CliRunner().invoke(cli.main, ["audit"]).exit_code == 0
    # Nothing of the published documents is asked for where there are none.
    planned = CliRunner().invoke(cli.main, ["report", "--plan"])
    assert planned.exit_code == 0, planned.output
    assert "05_source_profile" not in planned.output


def test_a_folder_that_holds_something_is_not_made_a_study(tmp_path: Path) -> None:
    """Neither an existing study nor any other folder is written over."""
    study = new_study(tmp_path / "study")
    with pytest.raises(OutputError, match="a study already"):
        new_study(study)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "kept.txt").write_text("kept")
    with pytest.raises(OutputError, match="not empty"):
        new_study(tmp_path / "full")
    with pytest.raises(OutputError, match="can't be made"):
        new_study(tmp_path / "full" / "kept.txt" / "below")


def test_children_find_the_study_wherever_they_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside `shared_study` the environment names study and data; afterwards it is as before."""
    study = new_study(tmp_path / "study", published=False)
    monkeypatch.chdir(study)
    with shared_study():
        assert os.environ[STUDY_VARIABLE] == str(study)
        monkeypatch.chdir(tmp_path)
        assert data_folder() == study / "data"
    assert STUDY_VARIABLE not in os.environ
    monkeypatch.setenv(DATA_VARIABLE, "before")
    with shared_study(tmp_path / "other"):
        assert data_folder() == tmp_path / "other"
    assert os.environ[DATA_VARIABLE] == "before"


def test_a_removed_current_folder_is_no_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the current folder is gone the published figures are read."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert study_folder() is None
