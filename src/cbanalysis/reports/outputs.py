"""The output folder: checked before work starts, written aside, moved into place report by report."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from cbanalysis.errors import OutputError

__all__ = ["RECORD", "check_output", "close_workshop", "open_workshop", "place"]

RECORD = "run.json"
_WORKSHOP = ".making-"


def _probe(folder: Path) -> None:
    """Write and remove a file, for permissions alone don't tell of full or read-only disks."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=_WORKSHOP) as probe:
            probe.write(b"can this folder be written to?")
            probe.flush()
    except OSError as fault:
        raise OutputError(f"can't write to the output folder {folder}: {fault.strerror or fault}") from fault


def _is_reports_only(folder: Path) -> bool:
    """Whether a folder holds a report, or nothing but folders of reports."""
    return (folder / RECORD).is_file() or all((child / RECORD).is_file() for child in folder.iterdir())


def check_output(
    output: Path, folders: Iterable[PurePosixPath] = (), *, keep_out: Iterable[Path] = ()
) -> Path:
    """Check that reports can be written to a folder, before any work starts; makes the folder if need be.

    Parameters
    ----------
    output : Path
        The output folder.
    folders : iterable of PurePosixPath
        The reports' folders, relative to it.
    keep_out : iterable of Path
        Folders that outputs must not land in, e.g. the data folder.

    Returns
    -------
    Path
        The folder with links resolved.

    Raises
    ------
    OutputError
        If it is a file, can't be made or written to, lies inside a folder of ``keep_out``, or if a report
        would leave it through a link or replace files that are no report of ours.
    """
    folder = Path(output).expanduser().resolve()
    for forbidden in (Path(one).resolve() for one in keep_out):
        if folder.is_relative_to(forbidden):
            raise OutputError(
                f"the output folder {folder} lies inside {forbidden}, which reports must not change"
            )
    blocked = next((one for one in (folder, *folder.parents) if one.exists() and not one.is_dir()), None)
    if blocked is not None:
        raise OutputError(f"the output folder {folder} can't be made: {blocked} is a file")
    _probe(folder)
    for relative in folders:
        target = folder / relative
        if not target.resolve().is_relative_to(folder):
            raise OutputError(f"{target} is a link that leads out of the output folder {folder}")
        blocked = next((one for one in (target, *target.parents) if one.exists() and not one.is_dir()), None)
        if blocked is not None:
            raise OutputError(f"the report folder {target} can't be made: {blocked} is a file")
        if target.is_dir() and not _is_reports_only(target):
            raise OutputError(
                f"{target} holds files that are no report of ours; move them or choose another folder"
            )
    return folder


def _alive(process: int) -> bool:
    if os.name != "posix":
        # There os.kill would end the process instead of asking; a stale folder is the lesser harm.
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _recover(workshop: Path, output: Path) -> None:
    """Put back what a run that was killed had moved aside, then clear its folder."""
    aside = workshop / "aside"
    for record in sorted(aside.rglob(RECORD), key=lambda one: len(one.parts)):
        target = output / record.parent.relative_to(aside)
        # A parent that went back took its own reports with it; a report that was replaced needs no old one.
        if record.exists() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            record.parent.replace(target)
    shutil.rmtree(workshop, ignore_errors=True)


def open_workshop(output: Path) -> Path:
    """Make the folder in which this run works, inside the output folder so that moving is one step.

    Parameters
    ----------
    output : Path
        The checked output folder.

    Returns
    -------
    Path
        A new folder; those that killed runs left behind are put in order first.

    Raises
    ------
    OutputError
        If it can't be made.
    """
    for stale in output.glob(f"{_WORKSHOP}*"):
        owner = stale.name.removeprefix(_WORKSHOP).split("-")[0]
        if stale.is_dir() and owner.isdigit() and not _alive(int(owner)):
            _recover(stale, output)
    try:
        return Path(tempfile.mkdtemp(prefix=f"{_WORKSHOP}{os.getpid()}-", dir=output))
    except OSError as fault:
        raise OutputError(f"can't write to the output folder {output}: {fault.strerror or fault}") from fault


def close_workshop(workshop: Path, output: Path) -> None:
    """Clear this run's folder, putting back whatever a stop in the middle of a move left aside."""
    _recover(workshop, output)


def place(fresh: Path, output: Path, relative: PurePosixPath, workshop: Path) -> Path:
    """Move a finished report into place; the old one of that name goes, reports in folders below it stay.

    Parameters
    ----------
    fresh : Path
        The finished report's folder.
    output : Path
        The output folder.
    relative : PurePosixPath
        Where it belongs.
    workshop : Path
        This run's folder, on the same disk.

    Returns
    -------
    Path
        The report's folder.

    Raises
    ------
    OutputError
        If it can't be moved; the old report is put back then.
    """
    final, aside = output / relative, workshop / "aside" / relative
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        aside.parent.mkdir(parents=True, exist_ok=True)
        if final.exists():
            final.replace(aside)
        fresh.replace(final)
        if aside.is_dir():
            for below in [child for child in aside.iterdir() if (child / RECORD).is_file()]:
                below.replace(final / below.name)
    except OSError as fault:
        if aside.exists() and not final.exists():
            aside.replace(final)
        raise OutputError(f"can't put the report into {final}: {fault.strerror or fault}") from fault
    shutil.rmtree(aside, ignore_errors=True)
    return final
