"""Layouts as TOML files beside the tables that they describe."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.dataset.catalogue.reading import build_record, read_toml
from cbanalysis.dataset.catalogue.records import Record
from cbanalysis.importing.layouts.records import Layout, Place, Rows, Table

ENDING = ".layout.toml"
"""What a layout's file name ends with: ``ratings-2023.xls`` has ``ratings-2023.layout.toml``."""

_HEAD = """\
# What the tables of {file} mean, as cbanalysis {proposed}.
# A place is one of {{ value = "..." }}, {{ column = "header" }}, {{ found_in = "title" }} (or sheet, file,
# section, header). In headers {{year}} stands for any year. The ids are those of data/indicators.toml.
"""


def read_layout(path: Path) -> Layout:
    """Read a layout and check it.

    Parameters
    ----------
    path : Path
        A TOML file.

    Returns
    -------
    Layout

    Raises
    ------
    DataError
        Listing every key that is unknown, missing or wrong.
    """
    faults: list[Fault] = []
    given = read_toml(path, faults)
    layout = None if faults else build_record(Layout, given, faults, Fault("", file=path.name))
    if layout is None:
        raise DataError(faults)
    return layout


def layout_text(layout: Layout, file: str, questions: Sequence[str] = ()) -> str:
    """Return a layout as the text of a TOML file; `read_layout` reads it back.

    Parameters
    ----------
    layout : Layout
        The layout.
    file : str
        The file that it was proposed for.
    questions : sequence of str
        What isn't known yet; stands at the top as comments.

    Returns
    -------
    str
        TOML with a word of explanation.
    """
    proposed = (
        "proposed it: edit what is wrong, then set confirmed = true" if not layout.confirmed else "reads them"
    )
    lines = [_HEAD.format(file=file, proposed=proposed), *(f"# ? {question}" for question in questions)]
    lines += ["" if questions else None, f"confirmed = {_value(layout.confirmed)}"]  # type: ignore[list-item]
    if layout.letters:
        lines.append(f"letters = {_value(layout.letters)} # text of before Unicode")
    if layout.other_sheets:
        lines.append(f"other_sheets = {_value(layout.other_sheets)} # no figures there")
    lines += ["", "[source] # an empty source_id or title is taken from each file"]
    lines += [f"{name} = {_value(value)}" for name, value in layout.source]
    for table in layout.tables:
        lines += list(_table(table))
    return "\n".join(line for line in lines if line is not None) + "\n"


def without_rows(layout: Layout, labels: Sequence[str]) -> Layout:
    """Return a layout that leaves out rows of these labels too."""
    if not labels:
        return layout
    tables = []
    for table in layout.tables:
        out = tuple(dict.fromkeys([*table.rows.left_out, *labels]))
        tables.append(table.model_copy(update={"rows": table.rows.model_copy(update={"left_out": out})}))
    return layout.model_copy(update={"tables": tuple(tables)})


def rows_left_out(text: str, labels: Sequence[str]) -> str:
    """Return the text of a layout with more rows left out; every other line stays as it is."""
    parts = re.split(r"(?m)^(?=\[tables\.rows\])", text)
    for at, part in enumerate(parts[1:], start=1):
        found = re.search(r"(?m)^left_out = (\[.*?\])[^\n]*\n", part)
        before = tomllib.loads(found[0])["left_out"] if found else []
        line = (
            f"left_out = {_value(tuple(dict.fromkeys([*before, *labels])))} # rows that are no observations\n"
        )
        rest = part.replace(found[0], "", 1) if found else part
        parts[at] = rest.replace("[tables.rows]\n", f"[tables.rows]\n{line}", 1)
    return "".join(parts)


def _table(table: Table) -> Iterator[str]:
    yield "\n[[tables]]"
    if table.sheet:
        yield f"sheet = {_value(table.sheet)} # where it was; a table is known by its headers"
    if table.title:
        yield f"title = {_value(table.title)} # with other words above it is another table"
    if table.turned:
        yield "turned = true # columns are what rows are elsewhere"
    yield f"number_style = {_value(table.number_style)}"
    yield from _listed("headers", table.headers)
    if table.left_out:
        yield from _listed("left_out", table.left_out)
    yield from _rows(table.rows)
    for figure in table.figures:
        yield "\n[[tables.figures]]"
        default = type(figure)()
        for name, value in figure:
            if value != getattr(default, name) or name in {"indicator", "subject"}:
                yield f"{name} = {_value(value)}"


def _rows(rows: Rows) -> Iterator[str]:
    yield "\n[tables.rows]"
    yield f"geo_level = {_value(rows.geo_level)}"
    if rows.regions == "kept":
        yield 'regions = "kept" # rows of regions and of the country are figures of their own'
    if rows.left_out:
        yield f"left_out = {_value(rows.left_out)} # rows that are no observations"
    for name, place in rows:
        if isinstance(place, Place) and (place.known or name in {"period", "province"}):
            yield f"{name} = {_value(place)}"


def _listed(name: str, values: Sequence[str]) -> Iterator[str]:
    yield f"{name} = ["
    yield from (f"  {_value(value)}," for value in values)
    yield "]"


def _value(value: Any) -> str:  # noqa: ANN401 -- whatever a record holds
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Record):
        filled = {name: one for name, one in value if one} or {"value": ""}
        return "{ " + ", ".join(f"{name} = {_value(one)}" for name, one in filled.items()) + " }"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, int):
        return str(value)
    # JSON's escapes are TOML's, but for DEL
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


_SEAL = "# as proposed, to be proposed anew when the table changes: {sha256:.16} {digest:.16}\n"
_WRITTEN = re.compile(r"# as proposed, [^\n]*: ([0-9a-f]{16}) [0-9a-f]{16}\n\Z")


def sealed(text: str, sha256: str) -> str:
    """Return a proposed layout with a last line that an edit anywhere above breaks.

    Parameters
    ----------
    text : str
        The layout.
    sha256 : str
        Of the file that it was proposed for.

    Returns
    -------
    str
    """
    return text + _SEAL.format(sha256=sha256, digest=hashlib.sha256(text.encode()).hexdigest())


def unsealed(text: str) -> str:
    """Return a layout without the line that `sealed` adds."""
    return _WRITTEN.sub("", text)


def table_of(text: str) -> str:
    """Return the first digits of the SHA-256 of the file that a layout was proposed for.

    Parameters
    ----------
    text : str
        The layout as it is now.

    Returns
    -------
    str
        ``""`` if somebody edited it, or confirmed it.
    """
    seal = _WRITTEN.search(text)
    return seal[1] if seal and sealed(unsealed(text), seal[1]) == text else ""
