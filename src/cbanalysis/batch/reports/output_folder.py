"""The output folder: checked before work starts; the reports that lie in it, and whether they are whole."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from cbanalysis.common.atomic_writes import NEW
from cbanalysis.common.errors import OutputError

RECORD = "run.json"
# What lies at the top of an output folder, and by which key it is known; a page by what it says made it.
_TOP = {
    "index.html": "", "manifest.json": "reports", "figures.json": "figures", "revisions.json": "revisions",
}  # fmt: skip
_GENERATOR = b'<meta name="generator" content="cbanalysis '


def _probe(folder: Path, *, make: bool) -> None:
    """Write and remove a file, for permissions (asked where nothing is made) tell of no full disk."""
    if not make:
        there = next(one for one in (folder, *folder.parents) if one.exists())
        if not os.access(there, os.W_OK | os.X_OK):
            read_only = hasattr(os, "statvfs") and os.statvfs(there).f_flag & os.ST_RDONLY
            why = os.strerror(errno.EROFS if read_only else errno.EACCES)
            raise OutputError(f"can't write to the output folder {folder}: {why}")
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=NEW) as probe:
            probe.write(b"can this folder be written to?")
            probe.flush()
    except OSError as fault:
        raise OutputError(f"can't write to the output folder {folder}: {fault.strerror or fault}") from fault


def _is_ours(folder: Path) -> bool:
    """Whether a folder holds a report, or nothing."""
    return (folder / RECORD).is_file() or not any(folder.iterdir())


def resolved(output: Path) -> Path:
    """Return the output folder with links resolved.

    Raises
    ------
    OutputError
        If its name can't be one.
    """
    try:
        folder = Path(output).expanduser().resolve()
        folder.exists()
        str(folder).encode()
    except UnicodeEncodeError:
        raise OutputError(f"the output folder {output} has a name that is no UTF-8; choose another") from None
    except (OSError, RuntimeError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or fault
        raise OutputError(f"the output folder {output} can't be made: {why}") from fault
    return folder


def _require_folder(place: Path, what: str) -> None:
    """Refuse a place that is a file, or lies below one."""
    blocked = next((one for one in (place, *place.parents) if one.exists() and not one.is_dir()), None)
    if blocked is not None:
        raise OutputError(f"{what} {place} can't be made: {blocked} is a file")


def _foreign(file: Path) -> bool:
    """Whether a file at the top of an output folder was written by somebody else; a damaged one is ours."""
    if not file.is_file():
        return False
    try:
        content = file.read_bytes()
        if file.suffix == ".html":
            return bool(content.strip()) and _GENERATOR not in content
        found = json.loads(content)
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and bool(found) and _TOP[file.name] not in found


def check_output(
    output: Path,
    folders: Iterable[PurePosixPath] = (),
    *,
    keep_out: Iterable[Path] = (),
    make: bool = True,
) -> Path:
    """Check that reports can be written to a folder, before any work starts.

    Parameters
    ----------
    output : Path
        The output folder.
    folders : iterable of PurePosixPath
        The reports' folders, relative to it.
    keep_out : iterable of Path
        Folders that outputs must not land in, e.g. the data folder.
    make : bool
        Whether to make the folder if need be, and to write into it to see that it can be.

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
    folder = resolved(output)
    for forbidden in (Path(one).resolve() for one in keep_out):
        if folder.is_relative_to(forbidden):
            raise OutputError(
                f"the output folder {folder} lies inside {forbidden}, which reports must not change"
            )
    _require_folder(folder, "the output folder")
    for file in (folder / name for name in _TOP):
        if _foreign(file):
            raise OutputError(f"{file} is no file of ours; move it or choose another folder")
    _probe(folder, make=make)
    for relative in folders:
        target = folder / relative
        if not target.resolve().is_relative_to(folder):
            raise OutputError(f"{target} is a link that leads out of the output folder {folder}")
        _require_folder(target, "the report folder")
        if target.is_dir() and not _is_ours(target):
            raise OutputError(
                f"{target} holds files that are no report of ours; move them or choose another folder"
            )
    return folder


def report_folders(output: Path) -> list[PurePosixPath]:
    """Return the folders of the reports that lie in an output folder, relative to it, by name."""
    found = output.glob(f"[a-z][a-z]/*/*/{RECORD}")
    return sorted(PurePosixPath(file.parent.relative_to(output).as_posix()) for file in found)


def forget(output: Path, relative: PurePosixPath) -> None:
    """Take a report out of the output folder, whole in one step.

    Parameters
    ----------
    output : Path
        The output folder.
    relative : PurePosixPath
        The report's folder in it.

    Raises
    ------
    OutputError
        If it can't be removed; it stays then.
    """
    final = output / relative
    try:
        aside = Path(tempfile.mkdtemp(prefix=NEW, dir=output))
        final.rename(aside / final.name)
    except OSError as fault:
        raise OutputError(f"can't take the report out of {final}: {fault.strerror or fault}") from fault
    shutil.rmtree(aside, ignore_errors=True)
    if not any(final.parent.iterdir()):
        final.parent.rmdir()


def json_text(content: Mapping[str, Any]) -> str:
    """Return an object as the JSON files of an output folder write it."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def file_list(folder: Path) -> list[dict[str, Any]]:
    """Return each file below a folder with its relative path, size in bytes and SHA-256."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [
        {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": _digest(path)}
        for path in paths
    ]


def missing(folder: Path, files: Sequence[Mapping[str, Any]]) -> str:
    """Say which file of a report is gone, or isn't what it was made.

    Parameters
    ----------
    folder : Path
        The report's.
    files : sequence of mapping
        As :func:`file_list` returned them.

    Returns
    -------
    str
        ``""`` if all are there.
    """
    for file in files:
        path = folder / file["path"]
        try:
            edited = path.stat().st_size != file["bytes"] or _digest(path) != file["sha256"]
        except OSError:
            return f"{file['path']} is missing"
        if edited:
            return f"{file['path']} was edited"
    return ""
