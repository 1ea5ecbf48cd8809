"""A notebook for a new question: the parts that every one has, filled in for an indicator, ready to run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from nbformat import v4 as untyped

from cbanalysis.common.errors import OutputError
from cbanalysis.common.language import Language, words_in
from cbanalysis.dataset.catalogue import Catalogue, Indicator

v4: Any = untyped
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")
_ORDER = ("question", "parameters", "load", "compare", "show", "table", "figures", "limits", "sources")
_WORDS: dict[str, dict[Language, str]] = words_in("lab/new_notebook.toml")
_CODE: dict[str, str] = words_in("lab/new_notebook_code.toml")


def new_notebook(name: str, folder: Path, *, indicator: str = "office_cell_adoption") -> Path:
    """Write a notebook for a new question, without outputs.

    It has what every notebook has: the question, the typed parameters, the figures said in words, a
    comparison of those that may stand together, the table, what it doesn't say, and the sources; each
    sentence in Vietnamese and in English, each step one call.

    Parameters
    ----------
    name : str
        File name without ``.ipynb``: letters without marks, digits, ``_`` and ``-``.
    folder : Path
        Where the notebooks are; made if it isn't there.
    indicator : str
        What the question is about.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UnknownName
        If there is no such indicator; names the nearest.
    OutputError
        If the name is none for a file, there is such a notebook already, or it can't be written.
    """
    path, about = checked(name, folder, indicator)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(v4.writes(_notebook(path.stem, about)) + "\n")
    except OSError as error:
        raise OutputError(f"can't write {path}: {error.strerror or error}") from error
    return path


def checked(name: str, folder: Path, indicator: str) -> tuple[Path, Indicator]:
    """Return the file of a new notebook and what it is about; raises as :func:`new_notebook` does."""
    about = Catalogue.read().indicator(indicator)
    stem = name.removesuffix(".ipynb")
    if not _NAME.fullmatch(stem):
        raise OutputError(
            f"{name!r} is no name for a notebook; allowed: letters without marks, digits, _ and -"
        )
    path = folder / f"{stem}.ipynb"
    if path.exists():
        raise OutputError(f"{path.name} is there already; name another one")
    return path, about


def _notebook(stem: str, about: Indicator) -> Any:  # noqa: ANN401 -- a NotebookNode
    cells = []
    for part in _ORDER:
        for lang, words in _WORDS.get(part, {}).items():
            text = words.format(name=about.name[lang], definition=about.definition[lang])
            cells.append(v4.new_markdown_cell(text, metadata={"tags": [lang]}))
        if part in _CODE:
            tags = {"tags": ["parameters"]} if part == "parameters" else {}
            cells.append(v4.new_code_cell(_CODE[part].format(indicator=about.id), metadata=tags))
    # Ids by number, so that the same command writes the same bytes.
    prefix = re.sub(r"[^A-Za-z0-9-]", "-", stem)[:40]
    for number, cell in enumerate(cells, start=1):
        cell.id = f"{prefix}-{number:02d}"
    spec = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": spec, "language_info": {"name": "python"}})
