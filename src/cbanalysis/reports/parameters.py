"""The typed ``parameters`` cell of a notebook, and values for it read from text."""

from __future__ import annotations

import ast
import builtins
import copy
import io
import json
import re
import sys
import textwrap
import tokenize
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cbanalysis.errors import Fault, ParameterError, ReportError
from cbanalysis.reports.quick import nbformat

__all__ = ["Parameter", "read_notebook", "read_parameters", "source_of"]

_TYPE = re.compile(
    r"(?:list\[(?P<items>str|int|float|bool)\]|(?P<plain>str|int|float|bool))(?P<none> \| None)?"
)
_COMMENT = re.compile(r"#\s*(?:\[(?P<choices>[^\[\]]+)\])?\s*(?P<words>.*)")
_TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_GRAMMAR = (
    "name: type = value  # [list] words; type is str, int, float, bool or list[...], with | None if wanted"
)


_DEEPEST = 100
_NO_NOTEBOOK = (OSError, ValueError, AttributeError, LookupError, TypeError, AssertionError, RecursionError)
_NO_LITERAL = (ValueError, TypeError, RecursionError, MemoryError)  # f(), {[]: 1}, thousands of signs


@dataclass(frozen=True)
class Parameter:
    """One line of a notebook's ``parameters`` cell.

    Attributes
    ----------
    name : str
        Its name.
    type : str
        ``str``, ``int``, ``float``, ``bool`` or ``list[...]``, with `` | None`` where it may be missing.
    default : object
        The value that the notebook itself gives.
    choices : str or None
        Name of the closed list its values come from, e.g. ``province`` or ``year:org_quality_rating``.
    words : str
        What it is, in words.
    """

    name: str
    type: str
    default: Any
    choices: str | None
    words: str

    @property
    def optional(self) -> bool:
        """Whether None is a value it takes."""
        return self.type.endswith(" | None")

    @property
    def many(self) -> bool:
        """Whether it takes a list."""
        return self.type.startswith("list[")

    @property
    def names_files(self) -> bool:
        """Whether its values are paths of files or folders."""
        return self.choices in {"file", "register"}

    @property
    def kind(self) -> builtins.type:
        """Type of the value, or of each value of a list."""
        found = _TYPE.fullmatch(self.type)
        return _TYPES[(found["items"] or found["plain"]) if found else "str"]

    def takes(self, value: object) -> bool:
        """Tell whether a value is of the type."""
        if value is None:
            return self.optional
        if self.many:
            return isinstance(value, list) and all(self._takes_one(one) for one in value)
        return self._takes_one(value)

    def _takes_one(self, value: object) -> bool:
        if self.kind is float:
            if not isinstance(value, int | float) or isinstance(value, bool):
                return False
            return abs(value) <= sys.float_info.max
        # bool is a kind of int in Python, but True is no year.
        return isinstance(value, self.kind) and (self.kind is bool or not isinstance(value, bool))

    def read(self, text: str) -> Any:  # noqa: ANN401 -- the type is only known when it runs
        """Read a value from text as the shell hands it over.

        Parameters
        ----------
        text : str
            E.g. ``2012``, ``true``, ``none``, ``Bắc Giang,Bạc Liêu`` or ``["Bắc Giang", "Bạc Liêu"]``.

        Returns
        -------
        object
            Of the parameter's type.

        Raises
        ------
        ValueError
            If the text is no such value.

        Examples
        --------
        >>> Parameter("years", "list[int]", [], None, "years").read("2012, 2015")
        [2012, 2015]
        >>> Parameter("year", "int | None", None, None, "a year").read("none") is None
        True
        """
        text = unicodedata.normalize("NFC", text).strip()
        if self.optional and text.casefold() in {"", "none"}:
            return None
        if not self.many:
            return self._read_one(text)
        if text.startswith("["):
            return json.loads(text)
        return [self._read_one(one.strip()) for one in text.split(",") if one.strip()]

    def _read_one(self, text: str) -> Any:  # noqa: ANN401 -- as above
        if self.kind is not bool:
            return self.kind(text)
        if text.casefold() not in _TRUTH:
            raise ValueError(text)
        return _TRUTH[text.casefold()]


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """Read a notebook file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    NotebookNode
        In the newest format.

    Raises
    ------
    ReportError
        If the file can't be read or is no notebook.
    """
    try:
        return _notebook(path.read_text(encoding="utf-8-sig"))
    except nbformat.ValidationError as fault:
        where = list(fault.relative_path)
        cell = where[1] + 1 if where[:1] == ["cells"] and where[1:] else None
        no_kind = "its cell_type, or the output_type of an output, is none of the format's"
        raise _unreadable(path, no_kind if fault.validator == "oneOf" else fault.message, cell) from fault
    except _NO_NOTEBOOK as fault:
        raise _unreadable(path, str(fault) or repr(fault)) from fault


def _notebook(text: str) -> nbformat.NotebookNode:
    # as nbformat.read does, which only logs what breaks the schema
    found = nbformat.reader.reads(text)  # type: ignore[no-untyped-call]
    newest = nbformat.current_nbformat
    notebook: nbformat.NotebookNode = nbformat.convert(found, newest)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    if _deep(notebook):
        raise ValueError(f"lists and tables stand more than {_DEEPEST} deep in one another")
    json.dumps(notebook, ensure_ascii=False).encode()  # halves of letters can't be written
    return notebook


def _deep(value: object, left: int = _DEEPEST) -> bool:
    within = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return left == 0 or any(_deep(one, left - 1) for one in within)


def _unreadable(path: Path, why: str, cell: int | None = None) -> ReportError:
    return ReportError(path.name, f"is no readable notebook: {textwrap.shorten(why, 200)}", cell)


def source_of(path: Path) -> nbformat.NotebookNode:
    """Read a notebook file without the outputs that are stored in it.

    Parameters
    ----------
    path : Path
        The file; read and checked once for each content.

    Returns
    -------
    NotebookNode
        A copy of its own.

    Raises
    ------
    ReportError
        If the file can't be read or is no notebook.
    """
    try:
        about = path.stat()
    except OSError:
        return read_notebook(path)
    return copy.deepcopy(_source(path, (about.st_mtime_ns, about.st_size)))


@lru_cache(maxsize=64)
def _source(path: Path, stamp: tuple[int, int]) -> nbformat.NotebookNode:
    del stamp
    notebook = read_notebook(path)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
    return notebook


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


def _parameter(line: ast.stmt, comments: Mapping[int, str], source: str, file: str) -> Parameter | Fault:
    shown = (ast.get_source_segment(source, line) or "").splitlines()[0]

    def fault(what: str) -> Fault:
        return Fault(f"parameters cell: {what}", file=file, row=line.lineno, value=shown, allowed=_GRAMMAR)

    if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name) or line.value is None:
        return fault("line is no typed parameter")
    kind = ast.unparse(line.annotation)
    if not _TYPE.fullmatch(kind):
        return fault(f"type {kind} can't travel to a notebook")
    try:
        default = ast.literal_eval(line.value)
    except _NO_LITERAL:
        return fault("value is no literal")
    texts = [
        comments[row] for row in range(line.lineno, (line.end_lineno or line.lineno) + 1) if row in comments
    ]
    said = _COMMENT.fullmatch(texts[-1].strip()) if texts else None
    if said is None or not said["words"]:
        return fault("a comment has to say what the parameter is")
    choices = said["choices"].strip() if said["choices"] else None
    parameter = Parameter(line.target.id, kind, default, choices, said["words"].strip())
    return parameter if parameter.takes(default) else fault(f"value is no {kind}")


def read_parameters(path: Path) -> tuple[Parameter, ...]:
    """Read the parameters that a notebook takes from its tagged ``parameters`` cell.

    Parameters
    ----------
    path : Path
        The notebook.

    Returns
    -------
    tuple of Parameter
        In the order of the cell.

    Raises
    ------
    ReportError
        If the file is no readable notebook.
    ParameterError
        If there isn't exactly one such cell, or a line isn't ``name: type = value  # [list] words``;
        lists all faults.
    """
    cells = [
        cell["source"]
        for cell in source_of(path).cells
        if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", [])
    ]
    if len(cells) != 1:
        what = "has no code cell tagged 'parameters'" if not cells else "has more than one parameters cell"
        raise ParameterError([Fault(what, file=path.name)])
    try:
        lines = ast.parse(cells[0]).body
        comments = _comments(cells[0])
        found = [_parameter(line, comments, cells[0], path.name) for line in lines]
    except SyntaxError as fault:
        what = f"parameters cell: {fault.msg}"
        raise ParameterError([Fault(what, file=path.name, row=fault.lineno, allowed=_GRAMMAR)]) from fault
    except _NO_LITERAL as fault:
        what = "parameters cell: can't be read as Python"
        raise ParameterError([Fault(what, file=path.name, value=str(fault), allowed=_GRAMMAR)]) from fault
    faults = [one for one in found if isinstance(one, Fault)]
    names = [one.name for one in found if isinstance(one, Parameter)]
    faults += [
        Fault("parameters cell: the name stands twice", file=path.name, value=name)
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if faults:
        raise ParameterError(faults)
    return tuple(one for one in found if isinstance(one, Parameter))
