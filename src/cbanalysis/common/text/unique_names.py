"""Names of which none stands twice."""

from __future__ import annotations

from collections.abc import Container, Iterable
from itertools import count


def untaken(name: str, taken: Container[str], joint: str = "-") -> str:
    """Return a name, or where it is taken the first of its numbered ones that isn't.

    Examples
    --------
    >>> untaken("a", {"b"}), untaken("a", {"a", "a-2"})
    ('a', 'a-3')
    """
    if name not in taken:
        return name
    return next(one for number in count(2) if (one := f"{name}{joint}{number}") not in taken)


def distinct(names: Iterable[str]) -> list[str]:
    """Return names of which none stands twice.

    Examples
    --------
    >>> distinct(["a", "b", "a"])
    ['a', 'b', 'a_2']
    """
    found: list[str] = []
    for name in names:
        found.append(untaken(name, found, "_"))
    return found
