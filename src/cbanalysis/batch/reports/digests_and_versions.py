"""What reports are made with (versions, commit, files), and whether any of it changed since."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from cbanalysis.batch.reports.output_folder import RECORD, missing
from cbanalysis.common.folders import content_of, notebooks_folder

_PACKAGE = Path(__file__).resolve().parents[2]
# What reports are made with though it comes with other libraries, and the extras that may change them.
_BROUGHT = ("ipython",)
_EXTRAS = re.compile(r"extra == ['\"](import|records|reports)['\"]|^[^;]*$")
# What no notebook's call leads to, so that no report's content depends on it, and what makes its page.
_BESIDE = (
    "batch/kernels", "cli", "dataset/codebook", "importing/prose", "lab/jupyter",
    "lab/new_notebook.py", "lab/new_notebook.toml", "lab/new_notebook_code.toml",
)  # fmt: skip
_TEMPLATE = ("site",)


@cache
def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


@cache
def _libraries() -> tuple[str, ...]:
    """Return the libraries that this package needs: each may change what a report says or shows."""
    try:
        needed = requires("cbanalysis") or []
    except PackageNotFoundError:  # the package was copied, not installed
        needed = []
    own = [re.split(r"[^\w.-]", one)[0] for one in needed if _EXTRAS.search(one)]
    return (*dict.fromkeys(own), *_BROUGHT)


def versions() -> dict[str, str | None]:
    """Return the versions of the package, of Python and of the libraries that reports are made with."""
    return {
        "cbanalysis": _version("cbanalysis"),
        "python": sys.version.split()[0],
        **{name: _version(name) for name in _libraries()},
    }


def _commit() -> str | None:
    """Return the commit of the checkout the notebooks come from, None outside of one."""
    root = notebooks_folder().parent
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return None
    command = [git, "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- fixed words only
    return answer.stdout.strip() or None


def provenance() -> dict[str, Any]:
    """Return what reports are made with: versions of the package and the libraries that matter, commit."""
    return {"versions": versions(), "commit": _commit()}


@cache
def package_digests() -> dict[str, str]:
    """Return digests of the package's files.

    Returns
    -------
    dict of str to str
        ``package``: what notebooks and the runner use; ``template``: what makes pages and downloads.
    """
    groups: dict[str, list[str]] = {"package": [], "template": []}
    for file in sorted(_PACKAGE.rglob("*")):
        inside = file.relative_to(_PACKAGE)
        if "__pycache__" in inside.parts or not file.is_file():
            continue
        if any(inside.is_relative_to(place) for place in (*_BESIDE, "data", "notebooks")):
            continue
        group = "template" if any(inside.is_relative_to(place) for place in _TEMPLATE) else "package"
        groups[group].append(f"{inside.as_posix()} {content_of(file)}")
    return {name: hashlib.sha256("\n".join(lines).encode()).hexdigest() for name, lines in groups.items()}


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
