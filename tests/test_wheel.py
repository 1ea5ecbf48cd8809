"""The wheel: built, installed in an environment of its own, and used in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.whole
def test_the_wheel_makes_a_report_in_an_empty_folder(tmp_path: Path) -> None:
    """Data and notebooks travel in the wheel: a report runs where there is nothing else."""

    def run(*words: str | Path, cwd: Path = tmp_path) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    clean = tmp_path / "clean"
    run(sys.executable, "-m", "venv", "--without-pip", clean)
    install = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", clean / "bin" / "python")
    run(*install, "--no-deps", "--require-hashes", "-r", ROOT / "requirements" / "reports.txt")
    run(*install, "--no-deps", wheel)
    empty = tmp_path / "empty"
    empty.mkdir()
    command = clean / "bin" / "cbanalysis"
    assert "no faults" in run(command, "check", cwd=empty)
    run(command, "report", "05", "-p", "source=seed-004", cwd=empty)
    made = {path.name for path in (empty / "outputs" / "vi" / "05_source_profile" / "seed-004").iterdir()}
    assert {"index.html", "report.ipynb", "run.json", "tables", "charts"} <= made
    assert [path.name for path in empty.iterdir()] == ["outputs"]
