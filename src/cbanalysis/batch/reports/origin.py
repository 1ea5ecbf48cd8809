"""What reports are made with: versions, commit, and digests of the package's own files."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from cbanalysis.common.folders import content_of, notebooks_folder

_PACKAGE = Path(__file__).resolve().parents[2]
# What reports are made with though it comes with other libraries, and the extras that may change them.
_BROUGHT = ("ipython",)
_EXTRAS = re.compile(r"extra == ['\"](import|records|reports)['\"]|^[^;]*$")
# What no notebook's call leads to, so that no report's content depends on it, and what makes its page.
_BESIDE = (
    "batch/kernels",
    "cli",
    "dataset/codebook",
    "importing/prose",
    "importing/review",
    "lab/jupyter",
    "lab/new_notebook.py",
)
_TEMPLATE = ("site",)


def cores() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def at_once(wanted: int | None, reports: int) -> int:
    """Return how many reports to make at once.

    Parameters
    ----------
    wanted : int or None
        What was asked for; None for one more than there are cores, for a report and its kernel wait for one
        another now and then.
    reports : int
        How many there are.

    Returns
    -------
    int
        At least 1.
    """
    most = 61 if sys.platform == "win32" else reports  # Windows waits for no more processes at a time
    return min(wanted or cores() + 1, reports, most) or 1


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
