"""Write licences.md: under which licence each locked dependency stands. ``python docs/make_licences.py``."""

from __future__ import annotations

import re
from collections import defaultdict
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE.parent / "requirements" / "everything.txt"
HEAD = """\
# Licences of the dependencies

cbanalysis is under the MIT licence. None of what it is used, tested or documented with forbids that: each
locked package is under a permissive licence, the MPL 2.0 (which binds changes of its own files only), or
offers one of these beside the GPL. Nothing of them is copied into the package.
`docs/make_licences.py` writes this table from what the packages say of themselves; a test holds it against
the lock.

| licence | packages |
| --- | --- |
"""
# What packages say of themselves in no form that can be read, and those of other systems and Pythons.
SAID = {
    "aiohappyeyeballs": "PSF-2.0",
    "aiohttp": "Apache-2.0 AND MIT",
    "aiosignal": "Apache-2.0",
    "appnope": "BSD",
    "axe-playwright-python": "MIT",
    "frozenlist": "Apache-2.0",
    "multidict": "Apache-2.0",
    "propcache": "Apache-2.0",
    "pywinpty": "MIT",
    "yarl": "Apache-2.0",
}
NAMES = {
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}


def locked() -> list[str]:
    """Return the names of the locked packages."""
    names = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    return sorted(set(names))


def licence(name: str) -> str:
    """Return the licence of a package, as it says itself; nothing where it says nothing."""
    if name in SAID:
        return SAID[name]
    try:
        about = distribution(name).metadata
    except PackageNotFoundError:
        return ""
    classes = [one.split(" :: ")[-1] for one in about.get_all("Classifier") or [] if "License :: " in one]
    classes = [NAMES.get(one, one) for one in classes if one != "OSI Approved"]
    said = (about.get("License") or "").split("\n")[0][:60]
    return about.get("License-Expression") or " or ".join(classes) or NAMES.get(said, said)


def table() -> str:
    """Return the page."""
    under = defaultdict(list)
    for name in locked():
        under[licence(name)].append(name)
    rows = sorted(under.items(), key=lambda row: (-len(row[1]), row[0]))
    return HEAD + "".join(f"| {said} | {', '.join(names)} |\n" for said, names in rows)


if __name__ == "__main__":
    (HERE / "licences.md").write_text(table(), encoding="utf-8")
