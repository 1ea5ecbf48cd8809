"""Reviewing notebooks: git shows and merges them cell by cell, and plain diffs stay patches."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest

from kernel_helpers import notebook

ROOT = Path(__file__).resolve().parents[1]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("git") or not shutil.which("make"), reason="git or make is missing"),
    pytest.mark.skipif(
        not (ROOT / ".venv" / "bin" / "nbdiff").exists(), reason="make everything makes .venv"
    ),
]


def run(repository: Path, *words: str) -> str:
    """Run a command in the repository."""
    names = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, **names, "GIT_CONFIG_GLOBAL": "/dev/null"}
    done = subprocess.run(words, cwd=repository, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a repository with a notebook, the project's rules for merging, and its tools set up."""
    for name in ("Makefile", ".gitattributes"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    (tmp_path / ".gitignore").write_text(".venv\n", encoding="utf-8")
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    run(tmp_path, "git", "init", "--quiet", "--initial-branch", "main")
    run(tmp_path, "make", "--silent", "review-tools")
    store(tmp_path, "a = 1", "b = 2", "c = 3")
    return tmp_path


def store(repository: Path, *sources: str) -> None:
    """Commit a notebook with these cells."""
    (repository / "one.ipynb").write_text(nbformat.writes(notebook(*sources)), encoding="utf-8")
    run(repository, "git", "add", ".")
    run(repository, "git", "commit", "--quiet", "--message", " ".join(sources))


def test_a_changed_cell_is_shown_as_a_cell(repository: Path) -> None:
    """`git nbdiff` names the cell and its lines; `git diff` is still a patch."""
    (repository / "one.ipynb").write_text(nbformat.writes(notebook("a = 1", "b = 9", "c = 3")), "utf-8")
    shown = run(repository, "git", "nbdiff")
    assert "modified /cells/1/source" in shown
    assert "b = 9" in shown
    assert run(repository, "git", "diff").startswith("diff --git a/one.ipynb b/one.ipynb")


@pytest.mark.parametrize("installed", [True, False])
def test_changes_of_different_cells_are_merged(repository: Path, *, installed: bool) -> None:
    """Two people change two cells: both changes stay, with nbdime and without it."""
    run(repository, "git", "checkout", "--quiet", "-b", "other")
    store(repository, "a = 1", "b = 2", "c = 30")
    run(repository, "git", "checkout", "--quiet", "main")
    store(repository, "a = 10", "b = 2", "c = 3")
    if not installed:
        (repository / ".venv").unlink()
    run(repository, "git", "merge", "--quiet", "-m", "both", "other")
    merged = nbformat.read(repository / "one.ipynb", as_version=4)
    assert [cell.source for cell in merged.cells] == ["a = 10", "b = 2", "c = 30"]
