"""What a register of meeting records holds: its columns, the names they go by, and the faults looked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import shorten
from typing import Literal

from cbanalysis.common.errors import DataError, Fault, nearest
from cbanalysis.common.language import Language, words_in, words_of
from cbanalysis.common.messages import in_language
from cbanalysis.common.text.letters import fold

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

_WORDS = words_in("records/headings.toml")
_HEADINGS: dict[str, list[str]] = _WORDS["headings"]
_ALSO: dict[str, list[str]] = _WORDS["also"]
_COLUMN_NUMBER = re.compile(r"\(?(?:([0-9]{1,2})\)?(?: ?=.*)?|[A-Z]\)?)")


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
class Kind:
    """A kind of fault: what it is called and whether its records are left out of the sums.

    Attributes
    ----------
    id : str
        Its name in the faults table.
    left_out : bool
        True where the record can't be right as it stands; False where it may be, so that it is kept.
    words : dict
        What it says to a reader, in Vietnamese and English.
    fault : bool
        False for what is only said: sum rows that hold, rows without figures, several meetings in a month.
    """

    id: str
    left_out: bool
    words: dict[Language, str]
    fault: bool = True


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


_KEPT = {"unit_above", "several_meetings", "cell_moved", "due_jumped"}
_RIGHT = {"sum_row", "no_figures", "unit_above", "several_meetings"}

KINDS = tuple(
    Kind(name, name not in _KEPT, words, name not in _RIGHT)
    for name, words in words_of("register-kinds").items()
)
"""Every kind of fault, in the order in which they are looked for."""


HINTS = words_of("register-hints")
_COLUMN = re.compile(rf"\b({'|'.join(CONTRACT)})(?=: | -?[0-9])")


def hint_in_vietnamese(hint: str) -> str:
    """Return a hint of the faults table in Vietnamese, columns by what registers call them.

    Examples
    --------
    >>> hint_in_vietnamese("parts add up to due 20, present 18")
    'tổng của các dòng thành phần: phải dự 20, có mặt 18'
    """
    for words in HINTS.values():
        hint = hint.replace(words["en"].removesuffix("{}"), words["vi"].removesuffix("{}"))
    hint = in_language(hint, "vi")
    return _COLUMN.sub(lambda found: _HEADINGS[found[1]][0], hint)


def match_columns(
    found: Iterable[str], given: Mapping[str, str] | None = None, *, file: str = ""
) -> dict[str, str]:
    """Return which column of a register holds what.

    Parameters
    ----------
    found : iterable of str
        The register's headings.
    given : mapping, optional
        Contract name to heading, for headings that aren't known.
    file : str
        The file, for the message.

    Returns
    -------
    dict of str to str
        Contract name to heading, in the contract's order; other columns are not used.

    Raises
    ------
    DataError
        If a required column is missing, two columns mean the same, or ``given`` names no column.

    Examples
    --------
    >>> match_columns(["Chi bộ", "Tháng", "Phải dự", "Có mặt"])
    {'cell': 'Chi bộ', 'month': 'Tháng', 'due': 'Phải dự', 'present': 'Có mặt'}
    """
    headings, asked = list(found), dict(given or {})
    faults = [
        Fault("no such column of a register", file=file or None, value=name, nearest=nearest(name, CONTRACT))
        for name in asked
        if name not in CONTRACT
    ]
    faults += [
        Fault("no such column", file=file or None, column=heading, nearest=nearest(heading, headings))
        for heading in asked.values()
        if heading not in headings
    ]
    meaning = {fold(one): name for name in CONTRACT for one in (name, *_HEADINGS[name])}
    matched: dict[str, list[str]] = {
        name: [one for one in headings if one == asked[name]] or [asked[name]]
        if name in asked
        else _meant(name, headings, meaning, asked.values())
        for name in CONTRACT
    }
    faults += [
        Fault(f"several columns mean {name!r}", file=file or None, value=", ".join(several))
        for name, several in matched.items()
        if len(several) > 1
    ]
    missing = [name for name in REQUIRED if not matched[name]]
    if len(missing) == len(REQUIRED):
        wanted = ", ".join(f"{name} or {_HEADINGS[name][0]}" for name in REQUIRED)
        seen = shorten(", ".join(headings), 80)
        faults.append(Fault("no headings of a register", file=file or None, value=seen, allowed=wanted))
    else:
        faults += [
            Fault(
                "column missing",
                file=file or None,
                column=name,
                allowed=f"a column {name!r} or {_HEADINGS[name][0]!r}",
                nearest=nearest(name, headings),
            )
            for name in missing
        ]
    DataError.raise_if(faults)
    return {name: one[0] for name, one in matched.items() if one}


def known_headings(
    headings: Iterable[str], given: Mapping[str, str] | None = None, wanted: Collection[str] = REQUIRED
) -> int:
    """Return how many of the wanted columns some headings name."""
    asked = dict(given or {})
    meaning = {fold(word): name for name in wanted for word in (name, *_HEADINGS[name])}
    bare = {key: name for key, name in _bare_meaning().items() if name in wanted}
    meaning |= {fold(asked[name]): name for name in wanted if name in asked}
    return len({meaning.get(fold(one)) or bare.get(_bare(one)) for one in headings} - {None})


def numbers_columns(row: Sequence[str], headings: Sequence[str]) -> bool:
    """Return whether a row numbers the columns below their headings: (1), (2), (3); A, B, 1, 2, 5=3+4.

    Such a row is no record: its month can't be one.

    Examples
    --------
    >>> numbers_columns(["A", "1", "2"], ["Chi bộ", "Tháng", "Phải dự"])
    True
    """
    fields = [field.strip() for field, heading in zip(row, headings, strict=False) if heading]
    found = [_COLUMN_NUMBER.fullmatch(one) for one in fields]
    numbers = [int(one[1]) for one in found if one and one[1]]
    return len(numbers) > 1 and all(found) and numbers == [*range(1, len(numbers) + 1)]


def _bare(heading: str) -> str:
    """Return a heading's key without what it says besides: "Số đảng viên vắng mặt có lí do"."""
    key = re.sub(r"\bli do\b", "ly do", re.sub(r"\bvang mat\b", "vang", fold(heading)))
    return re.sub(r"^(?:(?:tong )?so )?(?:(?:dang vien|dv) )?", "", key)


@cache
def _bare_meaning() -> dict[str, str]:
    return {_bare(word): name for name, words in (*_HEADINGS.items(), *_ALSO.items()) for word in words}


def _meant(
    name: str, headings: Iterable[str], meaning: Mapping[str, str], taken: Collection[str]
) -> list[str]:
    free = [one for one in headings if one not in taken]
    exact = [one for one in free if meaning.get(fold(one)) == name]
    also = [one for one in free if fold(one) not in meaning and _bare_meaning().get(_bare(one)) == name]
    return exact or (also if len(also) == 1 else [])
