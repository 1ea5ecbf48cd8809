"""A disk that is full or read-only at each command that writes: data as before, and one line.

`report` on such a disk is in test_reports_engine.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))

from cbanalysis import cli
from cbanalysis.common.new_study import new_study
from made_up import writers
from made_up.tables import RATINGS

ARTICLE = "Tỉnh Hòa Bình, tháng 6/2013. Toàn tỉnh có 1.234 chi bộ.\n"
REGISTER = "Chi bộ,Tháng,Phải dự,Có mặt\nA,01/2024,10,11\n"


class Disk:
    """A small disk that can be filled or made read-only, and given back."""

    def __init__(self, place: Path) -> None:
        self.place, self.ballast = place, place / "ballast"

    def block(self, how: str) -> None:
        """Leave no room, or let nobody write."""
        if how == "read-only":
            subprocess.run(["mount", "-o", "remount,ro", str(self.place)], check=True)
            return
        with suppress(OSError), self.ballast.open("wb", buffering=0) as ballast:
            while True:
                ballast.write(b"x" * 4096)

    def free(self) -> None:
        """Give room again."""
        subprocess.run(["mount", "-o", "remount,rw", str(self.place)], check=True)
        self.ballast.unlink(missing_ok=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Return a disk of 6 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)]
    if subprocess.run(options, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may mount a small disk")
    try:
        yield Disk(place)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def words_of(command: str, study: Path, beside: Path) -> list[str]:
    """Prepare what a command reads, and return it."""
    table, article, register = beside / "bia.csv", beside / "bai.txt", beside / "so.csv"
    if command in {"import", "layout", "undo"}:
        table = study / "bia.csv" if command == "layout" else table
        writers.separated(table, RATINGS, ";")
        if command == "undo":
            assert CliRunner().invoke(cli.main, ["import", str(table), "--yes"]).exit_code == 0
            return ["undo"]
        return ["import", str(table), "--yes"]
    if command in {"extract", "accept"}:
        article.write_text(ARTICLE, encoding="utf-8")
        asked = ["extract", str(article), "--publisher", "made up"]
        if command == "extract":
            return [*asked, "--review", str(study / "r.csv")]
        assert CliRunner().invoke(cli.main, [*asked, "--review", str(beside / "r.csv")]).exit_code == 0
        review = pd.read_csv(beside / "r.csv", dtype=str, keep_default_na=False)
        review["decision"] = "accept"
        review.to_csv(beside / "r.csv", index=False)
        return ["accept", str(beside / "r.csv"), "--publisher", "made up", "--yes"]
    if command == "new":
        return ["new", str(study / "another"), "--alone"]
    register.write_text(REGISTER, encoding="utf-8")
    return ["records", str(register), "--faults", str(study / "faults.csv")]


def held(folder: Path) -> dict[str, bytes]:
    """Return what files hold, but the ballast and the locks."""
    files = (
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name != "ballast" and path.name[:1] != "."
    )
    return {str(path): path.read_bytes() for path in files}


@pytest.mark.whole
@pytest.mark.parametrize("how", ["full", "read-only"])
@pytest.mark.parametrize("command", ["import", "layout", "undo", "extract", "accept", "new", "records"])
def test_a_disk_that_takes_nothing_is_told_and_loses_nothing(
    disk: Disk, command: str, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2, one line that says why, every file as before; with room again the command goes through."""
    study = new_study(disk.place / "study", published=False)
    monkeypatch.chdir(study)
    words = words_of(command, study, tmp_path)
    before = held(study)
    disk.block(how)
    refused = CliRunner().invoke(cli.main, words)
    assert refused.exit_code == 2, refused.output
    said = refused.output.splitlines()[-1]
    assert ("No space left on device" if how == "full" else "Read-only file system") in said, refused.output
    assert held(study) == before
    disk.free()
    through = CliRunner().invoke(cli.main, words)
    assert through.exit_code == (1 if command == "records" else 0), through.output
