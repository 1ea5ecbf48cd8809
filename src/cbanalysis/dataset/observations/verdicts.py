"""What a rule says about a cell, before it is known where in a file that cell stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """What is wrong with one cell; ``near`` is what was meant, or it is looked for among the ``known``."""

    what: str
    column: str
    value: str
    allowed: str | None = None
    known: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
