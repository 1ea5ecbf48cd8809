"""What the texts around a table say of all its rows: lines above it, names of sheet and file."""

from __future__ import annotations

import re
from pathlib import PurePath

from cbanalysis.importing.layouts.heads import Body
from cbanalysis.importing.layouts.periods import is_of_paper, period_above, period_of_name, without_periods
from cbanalysis.importing.layouts.places import Places, label
from cbanalysis.importing.layouts.vocabulary import plain


def said_by(body: Body, where: str, role: str, places: Places) -> str:
    """Return the period or the province that a text around a table says, ``""`` if it says none or several.

    Parameters
    ----------
    body : Body
        The table.
    where : {"title", "sheet", "file"}
        Which text.
    role : {"period", "province"}
        What is looked for.
    places : Places
        What provinces are known by.

    Returns
    -------
    str
        A province, or a period as first and last moment joined by " to ".
    """
    name = body.grid.sheet if where == "sheet" else PurePath(body.grid.file).stem
    if role == "province":
        return places.province_in("\n".join(body.title) if where == "title" else name.replace("_", " "))
    found = period_above(body.title) if where == "title" else period_of_name(name)
    return " to ".join(dict.fromkeys(found)) if found else ""


def province_of(text: str, places: Places) -> str:
    """Return the province that a sub-heading or a label names."""
    return places.province_in(text) or (label(text) if places.is_province(text) else "")


def title_of(body: Body, places: Places) -> str:
    """Return the words above a table without years, places and numbers: next year's are the same."""
    lines = (places.cut(without_periods(line))[1] for line in body.title if not is_of_paper(line))
    words = (plain(re.sub(r"\b(?:[0-9]+|[IVX]+)\b", " ", line)) for line in lines)
    return "; ".join(filter(None, words))


def name_of_file(body: Body) -> str:
    """Return the words of a file's name without numbers."""
    return " ".join(re.sub(r"[\W_]+", " ", re.sub(r"[0-9]{4,}", " ", PurePath(body.grid.file).stem)).split())
