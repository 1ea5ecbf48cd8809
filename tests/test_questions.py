"""A notebook for a new question: whole, by the house's rules, and a report as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

import cbanalysis as cb
from cbanalysis.cli import main
from cbanalysis.common.new_study import new_study
from cbanalysis.lab.new_notebook import new_notebook
from report_runs import tree
from test_architecture import TestNotebooks as Rules

COMMAND = Path(sys.executable).with_name("cbanalysis")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Write a notebook for a new question."""
    return new_notebook("09_heads", tmp_path, indicator="village_head_secretary")


def test_it_keeps_the_rules_of_the_house(path: Path) -> None:
    """Sentences in pairs, one parameters cell first, no definitions and no typed figures."""
    rules = Rules()
    rules.test_no_definitions_no_paths_and_no_typed_figures(path)
    rules.test_one_parameters_cell_follows_the_question(path)
    rules.test_every_sentence_exists_in_both_languages(path)


def test_it_is_valid_and_the_same_each_time(path: Path, tmp_path: Path) -> None:
    """The format is valid, cell ids are counted, and the same command writes the same bytes."""
    nbformat.validate(nbformat.read(path, as_version=4))
    again = new_notebook("09_heads", tmp_path / "elsewhere", indicator="village_head_secretary")
    assert again.read_bytes() == path.read_bytes()


def test_it_asks_about_its_indicator(path: Path) -> None:
    """Its title names the indicator in both languages, and its code loads it."""
    cells = nbformat.read(path, as_version=4).cells
    about = cb.Catalogue.read().indicator("village_head_secretary")
    for number, lang in enumerate(("vi", "en")):
        assert cells[number].source.startswith(f"# {about.name[lang]}")
    assert 'indicator="village_head_secretary"' in cells[3].source


def test_a_notebook_that_is_there_is_never_overwritten(path: Path, tmp_path: Path) -> None:
    """The second one of a name is refused and the first stays as it was."""
    before = path.read_bytes()
    with pytest.raises(cb.CbanalysisError, match=r"09_heads\.ipynb is there already"):
        new_notebook("09_heads.ipynb", tmp_path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "chi bộ", "x" * 80])
def test_a_name_that_is_no_file_name_is_refused(name: str, tmp_path: Path) -> None:
    """Paths, blanks and marks give one clear error, and nothing is written."""
    with pytest.raises(cb.CbanalysisError, match="is no name for a notebook"):
        new_notebook(name, tmp_path / "notebooks")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["a/b"], ["01_cell_models"], ["09_heads", "--indicator", "village_head"]])
def test_a_refused_notebook_leaves_the_study_as_it_was(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No name, a name that one of the copies will have, no such indicator: nothing is copied before."""
    study = new_study(tmp_path / "study")
    monkeypatch.chdir(study)
    before = tree(study)
    assert CliRunner().invoke(main, ["new-notebook", *words]).exit_code == 2
    assert tree(study) == before


@pytest.mark.whole
def test_the_command_makes_a_notebook_that_is_a_report_at_once(tmp_path: Path) -> None:
    """In a study: new-notebook, then report; both languages are made, and an unknown indicator is refused."""
    study = new_study(tmp_path / "study")

    def run(*words: str, code: int = 0) -> str:
        done = subprocess.run([COMMAND, *words], cwd=study, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    assert "did you mean" in run("new-notebook", "09_x", "--indicator", "village_head", code=2)
    run("new-notebook", "09_heads", "--indicator", "village_head_secretary")
    run("report", "09_heads")
    assert (study / "outputs" / "vi" / "09_heads" / "default" / "index.html").is_file()
    assert (study / "outputs" / "en" / "09_heads" / "default" / "index.html").is_file()
