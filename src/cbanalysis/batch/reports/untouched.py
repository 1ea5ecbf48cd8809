"""Whether anything at all changed since the last batch: answered without loading what a batch needs."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from cbanalysis.batch.reports.origin import package_digests, versions
from cbanalysis.batch.reports.outputs import RECORD, missing
from cbanalysis.common.folders import content_of


def named(text: str, folder: Path) -> Path | None:
    """Return the file or folder that a text names.

    Parameters
    ----------
    text : str
        Any text.
    folder : Path
        From where on a relative path is meant.

    Returns
    -------
    Path or None
        None where there is none of this name, or the text can't be a path.
    """
    with suppress(OSError, ValueError, RuntimeError):
        path = (folder / Path(text).expanduser()).resolve()
        return path if text and path.exists() else None
    return None


def declared_files(declared: Path) -> list[Path]:
    """Return the files and folders that a file of declared batches names.

    Parameters
    ----------
    declared : Path
        The file; one that can't be read names nothing here, for it is told when the batch is planned.

    Returns
    -------
    list of Path
        Whatever text of it names one: which parameters are files, only their notebooks know.
    """
    if not declared.is_file():
        return []
    try:
        content = tomllib.loads(declared.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return []
    found = (named(text, declared.parents[1]) for text in dict.fromkeys(_texts(content)))
    return [path for path in found if path is not None]


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 -- whatever TOML can hold
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    if isinstance(value, str):
        yield value


def request_of(asked: Iterable[object], files: Iterable[Path]) -> str:
    """Return what tells one batch from any other: what was asked for, and all that could go into it.

    Parameters
    ----------
    asked : iterable
        The words of the command, as JSON can hold them.
    files : iterable of Path
        Data, notebooks and declared batches.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    whole = [list(asked), content_of(*files), package_digests(), versions()]
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def untouched(output: Path, request: str) -> int | None:
    """Return how many reports there are if the last batch was this very one and all it left is whole.

    Parameters
    ----------
    output : Path
        The output folder.
    request : str
        As :func:`request_of` returned it.

    Returns
    -------
    int or None
        None if anything has to be looked at more closely.
    """
    try:
        manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
        run = manifest["run"]
        if run["request"] != request or run["failed"] or run["left"] or not (output / "index.html").is_file():
            return None
        for one in manifest["reports"]:
            folder = output / one["folder"]
            record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
            # What lies beside a notebook is found by reading the notebook.
            beside = "beside" in record["inputs"]
            if (
                one["status"] != "done"
                or beside
                or record["key"] != one["key"]
                or missing(folder, record["files"])
            ):
                return None
        return int(run["made"]) + int(run["kept"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
