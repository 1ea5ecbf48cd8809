"""Commands on hostile files and full disks: one error with file and reason, and nothing half-made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from cbanalysis.cli import main
from cbanalysis.common.atomic_writes import NEW, write_new
from cbanalysis.common.errors import OutputError
from cbanalysis.common.new_study import new_study
from cbanalysis.importing.commit.admitting_and_undoing import undo

TABLE = "Kết quả năm 2023\nTỉnh;Tỷ lệ đảng viên dự sinh hoạt chi bộ (%)\nHưng Yên;97,5\nHuế;{}\n"


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as on a disk with no more room."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a study without figures, as the current folder."""
    folder = new_study(tmp_path / "study", published=False)
    monkeypatch.chdir(folder)
    return folder


def run(*words: str, code: int) -> str:
    """Return what a command says; its exit code is checked."""
    done = CliRunner().invoke(main, words)
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_number_of_thousands_of_digits_is_a_fault_of_its_cell(study: Path) -> None:
    """5,000 digits in a table, and in the study's own observations, are told with their place."""
    (study / "a.csv").write_text(TABLE.format("9" * 5_000), encoding="utf-8")
    assert "a.csv, cell B4" in run("import", "a.csv", "--yes", code=2)
    (study / "a.csv").write_text(TABLE.format("97,1"), encoding="utf-8")
    run("import", "a.csv", "--yes", code=0)
    rows = study / "data" / "observations.csv"
    rows.write_text(rows.read_text(encoding="utf-8").replace("97.1,", f"{'9' * 5_000},"), encoding="utf-8")
    assert "observations.csv, row 3" in run("check", code=1)


def test_a_text_without_figures_gives_an_answer_and_no_review(study: Path) -> None:
    """There is nothing to look through, so no file stands in the way of the next run."""
    (study / "a.txt").write_text("Một câu không có số liệu nào.\n", encoding="utf-8")
    for _ in range(2):
        assert "a.txt: no figures and no targets" in run("extract", "a.txt", code=0)
    assert not (study / "a.review.xlsx").exists()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"a=" + b"[" * 5_000 + b"]" * 5_000, "not valid TOML"),
        (b"a=" + b"9" * 5_000, "not valid TOML"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (None, "a pipe, not a file"),
    ],
    ids=["depth", "digits", "encoding", "pipe"],
)
def test_a_hostile_layout_is_told_with_its_name(content: bytes | None, what: str, study: Path) -> None:
    """Depth, digits, bytes and pipes end in one error; nobody waits for a pipe."""
    (study / "a.csv").write_text(TABLE.format("97,1"), encoding="utf-8")
    layout = study / "a.layout.toml"
    if content is None:
        os.mkfifo(layout)
    else:
        layout.write_bytes(content)
    output = run("import", "a.csv", "--yes", code=2)
    assert "a.layout.toml" in output
    assert what in output


@pytest.mark.parametrize("kind", ["pipe", "link", "device"])
def test_what_is_no_file_of_a_data_folder_is_told(kind: str, study: Path) -> None:
    """Pipes, devices and links out of the folder are faults of check, and are never read."""
    file = study / "data" / "acknowledged.csv"
    file.unlink()
    if kind == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to("/dev/zero" if kind == "device" else study.parent)
    output = run("check", code=1)
    assert "acknowledged.csv: the file can't be read" in output


def test_a_name_too_long_for_a_layout_is_told(study: Path) -> None:
    """The table is refused with the system's reason."""
    name = "x" * 250 + ".csv"
    (study / name).write_text(TABLE.format("97,1"), encoding="utf-8")
    assert "File name too long" in run("import", name, "--yes", code=2)


def test_a_full_disk_leaves_data_as_they_were(study: Path) -> None:
    """Neither import nor undo changes a byte, both say why, and both go through once there is room."""
    (study / "a.csv").write_text(TABLE.format("97,1"), encoding="utf-8")
    (study / "a.csv").with_name("b.csv").write_text(TABLE.format("97,3"), encoding="utf-8")
    run("import", "a.csv", "--yes", code=0)
    run("import", "b.csv", "--yes", code=0)
    before = contents(study / "data")
    with full_disk(400), pytest.raises(OutputError, match="its figures are as before"):
        undo(study / "data")
    assert contents(study / "data") == before
    assert len(undo(study / "data")) == 2
    half = contents(study / "data")
    with full_disk(400):
        output = run("import", "b.csv", "--yes", code=2)
    assert "File too large" in output
    assert contents(study / "data") == half
    run("import", "b.csv", "--yes", code=0)


def test_a_half_made_study_is_none(tmp_path: Path) -> None:
    """On a full disk no folder is left behind, an empty one stays empty; with room both become studies."""
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty"):
        with full_disk(2_000), pytest.raises(OutputError, match=r"can't be made: .*File too large"):
            new_study(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]
    assert [*(tmp_path / "empty").iterdir()] == []
    (tmp_path / "empty" / f"{NEW}killed").mkdir()
    for name in ("new", "empty"):
        assert (new_study(tmp_path / name) / "data" / "observations.csv").exists()


def test_a_new_file_is_there_once_it_is_whole(tmp_path: Path) -> None:
    """What can't be written leaves nothing; what is there already stays."""
    with full_disk(100), pytest.raises(OutputError, match="File too large"):
        write_new(tmp_path / "a", b"0" * 1_000)
    assert [*tmp_path.iterdir()] == []
    write_new(tmp_path / "a", "whole")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a", "other")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("a", "whole")]
