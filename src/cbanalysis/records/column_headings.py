"""The headings of a register: which column holds what."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from textwrap import shorten

from cbanalysis.common.errors import DataError, Fault, nearest
from cbanalysis.common.language import words_in
from cbanalysis.common.text.letters import fold
from cbanalysis.records.contract import CONTRACT, REQUIRED

_WORDS = words_in("records/headings.toml")


HEADINGS: dict[str, list[str]] = _WORDS["headings"]


_ALSO: dict[str, list[str]] = _WORDS["also"]


_COLUMN_NUMBER = re.compile(r"\(?(?:([0-9]{1,2})\)?(?: ?=.*)?|[A-Z]\)?)")


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
    meaning = {fold(one): name for name in CONTRACT for one in (name, *HEADINGS[name])}
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
        wanted = ", ".join(f"{name} or {HEADINGS[name][0]}" for name in REQUIRED)
        seen = shorten(", ".join(headings), 80)
        faults.append(Fault("no headings of a register", file=file or None, value=seen, allowed=wanted))
    else:
        faults += [
            Fault(
                "column missing",
                file=file or None,
                column=name,
                allowed=f"a column {name!r} or {HEADINGS[name][0]!r}",
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
    meaning = {fold(word): name for name in wanted for word in (name, *HEADINGS[name])}
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
    return {_bare(word): name for name, words in (*HEADINGS.items(), *_ALSO.items()) for word in words}


def _meant(
    name: str, headings: Iterable[str], meaning: Mapping[str, str], taken: Collection[str]
) -> list[str]:
    free = [one for one in headings if one not in taken]
    exact = [one for one in free if meaning.get(fold(one)) == name]
    also = [one for one in free if fold(one) not in meaning and _bare_meaning().get(_bare(one)) == name]
    return exact or (also if len(also) == 1 else [])
