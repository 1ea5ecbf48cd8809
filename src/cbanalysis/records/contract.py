"""What a register of meeting records holds: its columns, and how they may be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Level = Literal["cell", "commune", "district", "province", "region", "country"]
Every = Literal["month", "quarter", "year", "all"]
Excused = Literal["in_base", "out_of_base", "exempt_out", "both", "all"]
Names = Literal["register", "commune"]
Per = Literal["cell", "member"]
Dates = Literal["unknown", "day_first", "month_first"]
Exempt = Literal["outside_due", "in_due"]
Progress = Callable[[str, int, int], None]
"""Told what is done, how much of it is done, and of how much."""

REQUIRED = ("cell", "month", "due", "present")
PLACES = ("commune", "district", "province")
NUMBERS = ("due", "excused", "present", "exempt", "absent_without_reason")
CONTRACT = ("cell", *PLACES, "month", *NUMBERS, "thematic", "rating")


@dataclass(frozen=True)
class Reading:
    """How the records of a register are read.

    Attributes
    ----------
    columns : mapping or None
        Contract name to heading, for headings that aren't known.
    dates : {"unknown", "day_first", "month_first"}
        What 5/6/2024 means; ``"unknown"`` reads the day first.
    exempt : {"outside_due", "in_due"}
        ``"in_due"``: members exempt are taken off those due.
    keep : Path or None
        A folder that keeps what was read, by content.
    progress : callable or None
        Told what is done, how much of it is done, and of how much.
    """

    columns: Mapping[str, str] | None = None
    dates: Dates = "unknown"
    exempt: Exempt = "outside_due"
    keep: Path | None = None
    progress: Progress | None = None


@dataclass(frozen=True)
class Notice:
    """What of a register isn't used.

    Attributes
    ----------
    kind : {"files", "columns"}
        Files of other kinds in its folders and sheets without its headings, or columns.
    names : tuple of str
        Which.
    """

    kind: Literal["files", "columns"]
    names: tuple[str, ...]
