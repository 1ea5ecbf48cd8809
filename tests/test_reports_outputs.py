"""The output folder: refused before work starts, whole whatever happens."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path, PurePosixPath

import pytest

from cbanalysis.batch.reports import output_folder, placing
from cbanalysis.batch.reports.output_folder import check_output, file_list, missing
from cbanalysis.batch.reports.placing import close_staging, open_staging, place
from cbanalysis.common.atomic_writes import write_aside
from cbanalysis.common.errors import OutputError

PROFILE = PurePosixPath("vi/04_profile/hue")


def made(folder: Path, text: str = "new") -> Path:
    """Write a finished report."""
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(text, encoding="utf-8")
    return folder


def dead_staging(output: Path) -> Path:
    """Return the working folder of a run that was killed."""
    script = (
        "import os, sys\nfrom pathlib import Path\n"
        "from cbanalysis.batch.reports.placing import open_staging\n"
        "print(open_staging(Path(sys.argv[1])).path, flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", script, str(output)], capture_output=True, text=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    return Path(killed.stdout.strip())


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

    monkeypatch.setattr(output_folder.tempfile, "NamedTemporaryFile", refuse)
    with pytest.raises(OutputError, match=r"can't write to the output folder .*: Read-only file system"):
        check_output(tmp_path)
    monkeypatch.setattr(placing.tempfile, "mkdtemp", refuse)
    with pytest.raises(OutputError, match="Read-only file system"):
        open_staging(tmp_path)


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
    """A folder with anything but a report, or a file, in place of a report stops the run before it starts."""
    made(tmp_path / PROFILE)
    assert check_output(tmp_path, [PROFILE, PROFILE.with_name("son-la")]) == tmp_path
    (tmp_path / PROFILE / "run.json").rename(tmp_path / PROFILE / "notes.txt")
    with pytest.raises(OutputError, match="holds files that are no report of ours"):
        check_output(tmp_path, [PROFILE])
    with pytest.raises(OutputError, match=r"notes\.txt is a file"):
        check_output(tmp_path, [PROFILE / "notes.txt" / "x"])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("index.html", "<p>MY</p>"),
        ("manifest.json", '{"name": "pwa"}'),
        ("figures.json", '{"mine": 1}'),
    ],
)
def test_foreign_files_beside_the_reports_are_not_replaced(tmp_path: Path, name: str, content: str) -> None:
    """A page or a list that somebody else made stops the run, and stays; a damaged one is made anew."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(OutputError, match=f"{name} is no file of ours; move it"):
        check_output(tmp_path)
    assert (tmp_path / name).read_text(encoding="utf-8") == content
    (tmp_path / "index.html").write_text("", encoding="utf-8")
    (tmp_path / name).write_text("" if name == "index.html" else "[" * 200_000, encoding="utf-8")
    assert check_output(tmp_path) == tmp_path


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_new_report_replaces_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, in_one_step: bool
) -> None:
    """The old report's files go, also where two folders can't be exchanged in one step."""
    if not in_one_step:
        monkeypatch.setattr(placing, "_renameat2", lambda: None)
    made(tmp_path / PROFILE, "old")
    (tmp_path / PROFILE / "stale.svg").touch()
    made(tmp_path / PROFILE.with_name("son-la"), "other")
    staging = open_staging(tmp_path)
    assert place(made(staging.path / "1" / "report"), tmp_path, PROFILE, staging) == tmp_path / PROFILE
    place(made(staging.path / "2" / "report", "first"), tmp_path, PROFILE.with_name("new"), staging)
    close_staging(staging, tmp_path)
    files = {
        path.relative_to(tmp_path).as_posix(): path.read_text()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert files == {
        "vi/04_profile/hue/run.json": "new",
        "vi/04_profile/new/run.json": "first",
        "vi/04_profile/son-la/run.json": "other",
    }


@pytest.mark.parametrize("number", [errno.EINVAL, errno.EACCES])
def test_a_disk_that_cannot_exchange_gets_two_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """A file system without exchange is told from one that refuses; then the old report stays."""

    def refuse(*_arguments: object) -> int:
        ctypes.set_errno(number)
        return -1

    monkeypatch.setattr(placing, "_renameat2", lambda: refuse)
    made(tmp_path / PROFILE, "old")
    staging = open_staging(tmp_path)
    fresh = made(staging.path / "1" / "report")
    if number == errno.EINVAL:
        place(fresh, tmp_path, PROFILE, staging)
    else:
        with pytest.raises(OutputError, match="Permission denied"):
            place(fresh, tmp_path, PROFILE, staging)
    said = (tmp_path / PROFILE / "run.json").read_text()
    assert said == ("new" if number == errno.EINVAL else "old")
    close_staging(staging, tmp_path)


def test_a_move_that_fails_puts_the_old_report_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the new report can't be moved in, the old one stands where it stood."""
    made(tmp_path / PROFILE, "old")
    staging = open_staging(tmp_path)
    for function in (placing._renameat2(), None):
        monkeypatch.setattr(placing, "_renameat2", lambda found=function: found)
        with pytest.raises(OutputError, match="can't put the report into"):
            place(staging.path / "missing", tmp_path, PROFILE, staging)
        assert (tmp_path / PROFILE / "run.json").read_text() == "old"
    with pytest.raises(OutputError, match="can't put the report into"):
        place(staging.path / "missing", tmp_path, PROFILE / "never", staging)
    close_staging(staging, tmp_path)


@pytest.mark.parametrize("moved_in", [False, True])
def test_a_killed_run_is_put_in_order_by_the_next(tmp_path: Path, *, moved_in: bool) -> None:
    """After a kill in the middle of a move each report is the old or the new one, whole, and none is lost."""
    stale = dead_staging(tmp_path)
    made(stale / "aside" / PROFILE, "old")
    made(stale / "aside" / "en" / "00" / "default", "gone")
    if moved_in:
        made(tmp_path / PROFILE)
        made(tmp_path / "en" / "00" / "default")
    staging = open_staging(tmp_path)
    assert (tmp_path / PROFILE / "run.json").read_text() == ("new" if moved_in else "old")
    assert (tmp_path / "en" / "00" / "default" / "run.json").read_text() == ("new" if moved_in else "gone")
    close_staging(staging, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["en", "vi"]


def test_a_living_run_is_left_alone(tmp_path: Path) -> None:
    """The working folder of another run that is still under way isn't touched; its files are no folders."""
    own = open_staging(tmp_path)
    (own.path / "0001").mkdir()
    (tmp_path / ".making-note").touch()
    other = open_staging(tmp_path)
    assert (own.path / "0001").is_dir()
    close_staging(other, tmp_path)
    close_staging(own, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".making-note"]


def test_what_got_no_name_or_lock_is_cleared(tmp_path: Path) -> None:
    """A working folder whose maker died before it had a lock goes, a nameless one or file after an hour."""
    (tmp_path / ".making-abc").mkdir()
    for name in (".new-old", ".new-young"):
        (tmp_path / name).mkdir()
    for name in (".new-old-file", ".new-young-file"):
        (tmp_path / name).touch()
    an_hour_ago = time.time() - 3700
    for name in (".new-old", ".new-old-file"):
        os.utime(tmp_path / name, (an_hour_ago, an_hour_ago))
    close_staging(open_staging(tmp_path), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".new-young", ".new-young-file"]


def test_what_is_written_aside_is_whole_or_the_old(tmp_path: Path) -> None:
    """A file is replaced in one step; where that fails the old one stays and nothing lies beside it."""
    write_aside(tmp_path / "a.json", "ằ\n")
    assert (tmp_path / "a.json").read_bytes() == "ằ\n".encode()
    (tmp_path / "b" / "in the way").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"can't write .*b: "):
        write_aside(tmp_path / "b", "x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b"]


def test_two_that_write_the_same_file_do_not_disturb_one_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two batches at once the later one's file stays, whole, and neither fails."""
    usual = Path.replace

    def replace(path: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "replace", usual)
        write_aside(target, "other")
        return usual(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    write_aside(tmp_path / "a.json", "own")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.json", "own")]


def test_a_report_that_lost_or_changed_a_file_is_told(tmp_path: Path) -> None:
    """The first file that is missing or was edited is named, also one edited to the same size."""
    made(tmp_path / "charts", "12345")
    files = file_list(tmp_path)
    assert [(one["path"], one["bytes"]) for one in files] == [("charts/run.json", 5)]
    assert missing(tmp_path, files) == ""
    for text in ("1234", "123456", "54321"):
        (tmp_path / "charts" / "run.json").write_text(text, encoding="utf-8")
        assert missing(tmp_path, files) == "charts/run.json was edited"
    (tmp_path / "charts" / "run.json").unlink()
    assert missing(tmp_path, files) == "charts/run.json is missing"
