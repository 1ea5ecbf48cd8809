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
from cbanalysis.common.validation import build_record
from cbanalysis.dataset.catalogue.catalogue_files import read_toml
from cbanalysis.dataset.catalogue.entries import Record
from cbanalysis.importing.layouts.records import Layout, Table

ENDING = ".layout.toml"
"""What a layout's file name ends with: ``ratings-2023.xls`` has ``ratings-2023.layout.toml``."""

_HEAD = """\
# What the tables of {file} mean, as cbanalysis {proposed}.
# A place is one of {{ value = "..." }}, {{ column = "header" }}, {{ found_in = "title" }} (or sheet, file,
# section, header). In headers {{year}} stands for any year. The ids are those of data/indicators.toml.
"""


_TABLES = ("source", "tables", "rows", "figures")
_ABOUT = {
    "letters": "text of before Unicode",
    "other_sheets": "no figures there",
    "sheet": "where it was; a table is known by its headers",
    "title": "with other words above it is another table",
    "turned": "columns are what rows are elsewhere",
    "regions": "rows of regions and of the country are figures of their own",
    "left_out": "rows that are no observations",
}


def read_layout(path: Path) -> Layout:
    """Read a layout (TOML) and check it.

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
        "reads them" if layout.confirmed else "proposed it: edit what is wrong, then set confirmed = true"
    )
    lines = [_HEAD.format(file=file, proposed=proposed), *(f"# ? {question}" for question in questions)]
    lines += [""] * bool(questions) + [*_lines(layout, "confirmed")]
    lines += ["", "[source] # an empty source_id or title is taken from each file"]
    lines += _lines(layout.source, *type(layout.source).model_fields)
    for table in layout.tables:
        lines += ["", "[[tables]]", *_lines(table, "number_style"), "", "[tables.rows]"]
        lines += _lines(table.rows, "geo_level", "period", "province")
        for figure in table.figures:
            lines += ["", "[[tables.figures]]", *_lines(figure, "indicator", "subject")]
    return "\n".join(lines) + "\n"


def _lines(record: Record, *always: str) -> Iterator[str]:
    """Yield a line for each field of a record that says something; its tables follow it."""
    for name, field in type(record).model_fields.items():
        value = getattr(record, name)
        if name in _TABLES or (value == field.default and name not in always):
            continue
        about = f" # {_ABOUT[name]}" if name in _ABOUT else ""
        if isinstance(record, Table) and isinstance(value, tuple):
            yield from (f"{name} = [", *(f"  {_value(one)}," for one in value), "]")
        else:
            yield f"{name} = {_value(value)}{about}"


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
        line = f"left_out = {_value(tuple(dict.fromkeys([*before, *labels])))} # {_ABOUT['left_out']}\n"
        rest = part.replace(found[0], "", 1) if found else part
        parts[at] = rest.replace("[tables.rows]\n", f"[tables.rows]\n{line}", 1)
    return "".join(parts)


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
    """Return a layout proposed for the file of a hash with a last line that an edit anywhere above breaks."""
    return text + _SEAL.format(sha256=sha256, digest=hashlib.sha256(text.encode()).hexdigest())


def unsealed(text: str) -> str:
    """Return a layout without the line that `sealed` adds."""
    return _WRITTEN.sub("", text)


def table_of(text: str) -> str:
    """Return how the SHA-256 of the file begins that a layout is for, ``""`` once somebody edited it."""
    seal = _WRITTEN.search(text)
    return seal[1] if seal and sealed(unsealed(text), seal[1]) == text else ""
