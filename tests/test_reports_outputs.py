"""The output folder: refused before work starts, whole whatever happens."""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath

import pytest

from cbanalysis.errors import OutputError
from cbanalysis.reports import check_output
from cbanalysis.reports import outputs as room
from cbanalysis.reports.outputs import close_workshop, open_workshop, place

PROFILE = PurePosixPath("vi/04_profile")


def made(folder: Path, text: str = "new") -> Path:
    """Write a finished report."""
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(text, encoding="utf-8")
    return folder


def dead_workshop(output: Path) -> Path:
    """Return a working folder whose owner is gone."""
    owner = subprocess.Popen(["true"])
    owner.wait()
    return output / f".making-{owner.pid}-abc"


def test_a_good_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    """A folder that doesn't exist yet is made, and the probe leaves nothing in it."""
    folder = check_output(tmp_path / "a" / ".." / "b", [PROFILE])
    assert folder == tmp_path / "b"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("where", ["file", "file/below", "file/below/deep"])
def test_a_file_in_the_way_is_told(tmp_path: Path, where: str) -> None:
    """A file in place of the folder or of one above it is refused by name."""
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file is a file"):
        check_output(tmp_path / where)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system says of a full or read-only disk is in the message."""

    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(room.tempfile, "NamedTemporaryFile", refuse)
    with pytest.raises(OutputError, match=r"can't write to the output folder .*: Read-only file system"):
        check_output(tmp_path)
    monkeypatch.setattr(room.tempfile, "mkdtemp", refuse)
    with pytest.raises(OutputError, match="Read-only file system"):
        open_workshop(tmp_path)


def test_outputs_stay_out_of_data(tmp_path: Path) -> None:
    """The data folder and what lies in it are refused, a sibling isn't."""
    (tmp_path / "data").mkdir()
    with pytest.raises(OutputError, match="lies inside"):
        check_output(tmp_path / "data" / "outputs", keep_out=[tmp_path / "data"])
    with pytest.raises(OutputError, match="lies inside"):
        check_output(tmp_path / "data", keep_out=[tmp_path / "data"])
    assert check_output(tmp_path / "database", keep_out=[tmp_path / "data"]).is_dir()


def test_links_that_lead_out_are_refused(tmp_path: Path) -> None:
    """A report's folder must lie inside the output folder once links are followed."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / "vi").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="is a link that leads out of"):
        check_output(tmp_path / "outputs", [PROFILE])
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_foreign_files_are_not_replaced(tmp_path: Path) -> None:
    """A folder with anything but reports, or a file, in place of a report stops the run before it starts."""
    made(tmp_path / PROFILE / "hue")
    assert check_output(tmp_path, [PROFILE]) == tmp_path
    (tmp_path / PROFILE / "notes.txt").touch()
    with pytest.raises(OutputError, match="holds files that are no report of ours"):
        check_output(tmp_path, [PROFILE])
    with pytest.raises(OutputError, match=r"notes\.txt is a file"):
        check_output(tmp_path, [PROFILE / "notes.txt" / "x"])


def test_a_new_report_replaces_the_old_one_and_keeps_those_below(tmp_path: Path) -> None:
    """Only the report itself is exchanged; reports in its folder stay, its old files go."""
    made(tmp_path / PROFILE, "old")
    (tmp_path / PROFILE / "stale.svg").touch()
    made(tmp_path / PROFILE / "hue", "hue")
    workshop = open_workshop(tmp_path)
    place(made(workshop / "0001" / "report"), tmp_path, PROFILE, workshop)
    close_workshop(workshop, tmp_path)
    files = {
        path.relative_to(tmp_path).as_posix(): path.read_text()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert files == {"vi/04_profile/run.json": "new", "vi/04_profile/hue/run.json": "hue"}


def test_a_move_that_fails_puts_the_old_report_back(tmp_path: Path) -> None:
    """If the new report can't be moved in, the old one stands where it stood."""
    made(tmp_path / PROFILE, "old")
    workshop = open_workshop(tmp_path)
    with pytest.raises(OutputError, match="can't put the report into"):
        place(workshop / "missing", tmp_path, PROFILE, workshop)
    assert (tmp_path / PROFILE / "run.json").read_text() == "old"
    with pytest.raises(OutputError, match="can't put the report into"):
        place(workshop / "missing", tmp_path, PROFILE / "never", workshop)


@pytest.mark.parametrize("moved_in", [False, True])
def test_a_killed_run_is_put_in_order_by_the_next(tmp_path: Path, moved_in: bool) -> None:  # noqa: FBT001
    """After a kill in the middle of a move each report is the old or the new one, whole, and none is lost."""
    stale = dead_workshop(tmp_path)
    made(stale / "aside" / PROFILE, "old")
    made(stale / "aside" / PROFILE / "hue", "hue")
    made(stale / "aside" / "en" / "00", "gone")
    if moved_in:
        made(tmp_path / PROFILE)
        made(tmp_path / "en" / "00")
    workshop = open_workshop(tmp_path)
    assert (tmp_path / PROFILE / "run.json").read_text() == ("new" if moved_in else "old")
    assert (tmp_path / PROFILE / "hue" / "run.json").read_text() == "hue"
    assert (tmp_path / "en" / "00" / "run.json").read_text() == ("new" if moved_in else "gone")
    close_workshop(workshop, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["en", "vi"]


def test_a_living_run_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working folder of another run that is still under way, or may be, isn't touched."""
    own = open_workshop(tmp_path)
    (tmp_path / ".making-nonsense").mkdir()
    foreign = tmp_path / ".making-1-abc"
    foreign.mkdir()
    open_workshop(tmp_path)
    assert own.is_dir()
    assert foreign.is_dir()

    def deny(_process: int, _signal: int) -> None:
        raise PermissionError

    dead = dead_workshop(tmp_path)
    dead.mkdir()
    monkeypatch.setattr(room.os, "kill", deny)
    open_workshop(tmp_path)
    monkeypatch.setattr(room.os, "name", "nt")
    assert room._alive(1)
    assert dead.is_dir()
