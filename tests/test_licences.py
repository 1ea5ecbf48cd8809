"""No dependency stands under a licence that forbids the package's own, and the table of them is whole."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
sys.path.insert(0, str(DOCS))

from make_licences import licence, locked  # noqa: E402 -- from docs/

PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|0BSD|CC0|MPL|Zlib|Public Domain|Artistic|dependency licenses", re.IGNORECASE
)
COPYLEFT = re.compile(r"\b(?:A|L)?GPL|GNU|SSPL|Commons Clause|Business Source|proprietary", re.IGNORECASE)


def allows(said: str) -> bool:
    """Return whether a licence, or one of those to choose from, lets the package stay under MIT."""
    choices = re.split(r" or | / ", said, flags=re.IGNORECASE)
    return any(
        all(PERMISSIVE.search(part) and not COPYLEFT.search(part) for part in re.split(r" AND |, ", choice))
        for choice in choices
    )


def test_no_dependency_forbids_the_licence_of_the_package() -> None:
    """Each locked package that is installed is permissive, or offers that as a choice."""
    said = {name: licence(name) for name in locked()}
    assert {name: one for name, one in said.items() if one and not allows(one)} == {}


@pytest.mark.parametrize(
    ("said", "allowed"),
    [
        ("MIT", True),
        ("Artistic License or GNU General Public License (GPL)", True),
        ("GPL-3.0-only", False),
        ("MIT AND AGPL-3.0", False),
        ("", False),
    ],
)
def test_what_forbids_it_is_seen(said: str, *, allowed: bool) -> None:
    """A choice of one that allows is enough; a part that forbids is too much."""
    assert allows(said) is allowed


def test_the_table_names_every_locked_package() -> None:
    """docs/licences.md is as long as the lock; `python docs/make_licences.py` writes it anew."""
    rows = re.findall(
        r"^\| .+? \| (.+) \|$", (DOCS / "licences.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(name for row in rows[2:] for name in row.split(", ")) == locked()
