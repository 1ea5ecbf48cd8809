"""What cbanalysis raises on purpose: errors that carry fields, not only text."""

from __future__ import annotations

import difflib
import re
import sys
import traceback
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

# The libraries that `pip install cbanalysis` alone doesn't bring, by the name they are imported under.
_EXTRA_OF = {
    **dict.fromkeys(("lxml", "openpyxl", "python_calamine", "viparse", "xlrd"), "import"),
    **dict.fromkeys(("pdfminer", "pdfplumber"), "pdf"),
    **dict.fromkeys(("duckdb", "ibis", "pyarrow"), "records"),
    **dict.fromkeys(
        ("docx", "ipykernel", "jinja2", "jupyter_client", "jupyter_core", "markupsafe"), "reports"
    ),
    **dict.fromkeys(("nbclient", "nbconvert", "nbformat", "nh3", "papermill", "tqdm"), "reports"),
    **dict.fromkeys(("traitlets", "xlsxwriter", "zmq"), "reports"),
    **dict.fromkeys(("anywidget", "ipywidgets", "itables", "jupyterlab", "notebook"), "lab"),
    "distributed": "cluster",
    "pyspark": "spark",
}
# What ipykernel and IPython call the code of a cell.
_CELL = re.compile(r"ipykernel_\d+[/\\]|<ipython-input-")

# Characters that can't be seen but turn, join or hide the ones around them, and what XML doesn't allow.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)


def harmless(text: str) -> str:
    """Drop the characters that can't be seen: those that turn the direction of text, of no width, of control.

    Parameters
    ----------
    text : str
        Whatever data hold.

    Returns
    -------
    str
        The same letters in the order in which they are stored.

    Examples
    --------
    >>> harmless("Bắc\u200b Giang\u202e txt.exe")
    'Bắc Giang txt.exe'
    """
    return _UNSEEN.sub("", text)


def _escaped(text: str) -> str:
    """Return a message in which such characters are written out, so that no terminal obeys them."""
    return _UNSEEN.sub(lambda character: ascii(character[0])[1:-1], text).replace("\r", "\\r")


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known names closest to a mistyped one, best first (case is ignored).

    Parameters
    ----------
    name : str
        The name as given.
    known : iterable of str
        The names that exist.

    Returns
    -------
    tuple of str
        Three at the most; empty when nothing is similar.

    Examples
    --------
    >>> nearest("provnce", ["province", "year", "lang"])
    ('province',)
    """
    spelled = {one.casefold(): one for one in known}
    close = difflib.get_close_matches(name.casefold(), list(spelled), n=3, cutoff=0.55)
    return tuple(spelled[one] for one in close)


@contextmanager
def writing(file: str) -> Iterator[None]:
    """Note on any exception which file was being written, for whoever tells of it (``__notes__``)."""
    try:
        yield
    except Exception as fault:
        fault.add_note(file)
        raise


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input: what, where, and what would be right.

    Attributes
    ----------
    what : str
        The fault in a few words, without the place.
    file, sheet, row, column : optional
        Where it is; ``row`` counts as a text editor or a sheet does (the header is row 1).
    value : object
        The value that was seen; None when there is none to show.
    allowed : str or None
        What would be right.
    nearest : tuple of str
        Known values closest to the one seen.
    cell : str or None
        Address of the cell in its sheet, e.g. ``"C7"``, where a row and a column's name don't say it.
    """

    what: str
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: object = None
    allowed: str | None = None
    nearest: tuple[str, ...] = ()
    cell: str | None = None

    @property
    def place(self) -> str:
        """File, sheet, cell, row and column as far as they are known, ready to print."""
        parts = [
            self.file or "",
            f"sheet {self.sheet}" if self.sheet else "",
            f"cell {self.cell}" if self.cell else "",
            f"row {self.row}" if self.row is not None else "",
            f"column {self.column}" if self.column else "",
        ]
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        text = f"{self.place}: {self.what}" if self.place else self.what
        if self.value is not None:
            text += f" (found {self.value!r})"
        if self.allowed:
            text += f"; allowed: {self.allowed}"
        if self.nearest:
            text += f"; did you mean {' or '.join(self.nearest)}?"
        return _escaped(text)


_PLACES_SHOWN, _NAMES_SHOWN = 3, 12


def by_cause(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults of one cause in one sheet as one: its first three places and values, and how many more.

    Faults of other values for which a nearest known name is told stay apart: each is a slip of its own.

    Examples
    --------
    >>> cells = [Fault("a count is whole", "a.csv", cell=f"B{row}", value=row + 0.5) for row in range(2, 7)]
    >>> print(*by_cause(cells))
    a.csv, cell B2, B3, B4 and 2 more: a count is whole (found 2.5, 3.5, 4.5, …)
    """
    causes: dict[tuple[object, ...], list[Fault]] = {}
    for fault in dict.fromkeys(faults):
        apart = fault.value if fault.nearest else None if fault.cell else fault
        causes.setdefault(
            (fault.what, fault.file, fault.sheet, fault.column, fault.allowed, apart), []
        ).append(fault)
    return [alike[0] if len(alike) == 1 else _together(alike) for alike in causes.values()]


def _together(alike: Sequence[Fault]) -> Fault:
    more = len(alike) - _PLACES_SHOWN
    places = ", ".join(str(fault.cell) for fault in alike[:_PLACES_SHOWN]) + (
        f" and {more} more" if more > 0 else ""
    )
    values = list(dict.fromkeys(repr(fault.value) for fault in alike if fault.value is not None))
    most = _NAMES_SHOWN if all(isinstance(fault.value, str) for fault in alike) else _PLACES_SHOWN
    shown = ", ".join([*values[:most], *(["…"] if len(values) > most else [])])
    return replace(alike[0], cell=places, value=Shown(shown) if shown else None)


class Shown(str):
    """Values that are shown as they stand, without quotation marks around all of them."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class CbanalysisError(Exception):
    """Base of every error that cbanalysis raises on purpose.

    In a notebook it shows its message and the reader's own line; ``%tb`` then shows the whole traceback.
    """

    _told = False

    def __str__(self) -> str:
        return _escaped(super().__str__())

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it come whole out of a worker process: rebuilt from text and fields, not from what made it."""
        return _rebuilt, (type(self), *self.args), self.__dict__

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows: the short form first, the whole traceback when it is asked for again."""
        shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
        if self._told and shell is not None:
            whole = shell.InteractiveTB.structured_traceback(type(self), self, self.__traceback__)
            return [str(line) for line in whole]
        self._told = True
        own = [one for one in traceback.extract_tb(self.__traceback__) if _CELL.search(one.filename)]
        place = f"line {own[-1].lineno} of the cell: {own[-1].line}" if own and own[-1].line else ""
        hint = "(%tb shows where in cbanalysis)"
        return [f"{type(self).__name__}: {self}", "", f"{place}  {hint}" if place else hint]


def _rebuilt(kind: type[CbanalysisError], *args: object) -> CbanalysisError:
    return kind.__new__(kind, *args)


class TextError(CbanalysisError, ValueError):
    """A cell or phrase that can't be read as a figure.

    Attributes
    ----------
    text : str
        What was to be read.
    reason : str
        Why it can't be.
    """

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"can't read {text!r} as a figure: {reason}")
        self.text = text
        self.reason = reason


def _quoted(name: object) -> str:
    return str(name) if isinstance(name, int | float | None) else repr(str(name))


class UnknownName(CbanalysisError, LookupError):
    """A name that isn't in a closed list (province, indicator, source, language, ...).

    Attributes
    ----------
    kind : str
        What was looked for, e.g. ``"province"``.
    name : str
        The name as given.
    nearest : tuple of str
        Known names closest to it.
    hint : str
        What else helps, e.g. what became of a province that was merged.
    """

    most_shown = 12  # known names, where none is similar

    def __init__(self, kind: str, name: object, known: Iterable[object] = (), hint: str = "") -> None:
        self.kind = kind
        self.name = str(name)
        given = {str(one): one for one in known}
        self.known = tuple(given)
        self.nearest = nearest(self.name, self.known)
        self.hint = hint
        text = f"unknown {kind} {_quoted(name)}"
        if self.nearest:
            text += f"; did you mean {' or '.join(_quoted(given[one]) for one in self.nearest)}?"
        elif 0 < len(self.known) <= self.most_shown:
            text += f"; known: {', '.join(self.known)}"
        super().__init__(f"{text} {hint}".rstrip())


def require_known(kind: str, name: object, known: Collection[Any], hint: str = "") -> None:
    """Refuse a name that isn't in a closed list.

    Raises
    ------
    UnknownName
        Naming the nearest.
    """
    if name not in known:
        raise UnknownName(kind, name, known, hint)


class _WithFaults(CbanalysisError):
    """An error that lists every fault found, not only the first; a heading may say what they add up to."""

    one, many = "fault", "faults"

    def __init__(self, faults: Sequence[Fault], heading: str = "") -> None:
        self.faults = tuple(faults)
        said = heading or f"{len(self.faults)} {self.one if len(self.faults) == 1 else self.many}"
        super().__init__("\n".join([f"{said}:", *(f"  {fault}" for fault in self.faults)]))

    @classmethod
    def raise_if(cls, faults: Sequence[Fault], heading: str = "") -> None:
        """Raise this error where there are faults."""
        if faults:
            raise cls(faults, heading)


class DataError(_WithFaults):
    """Data that breaks the contract; ``faults`` lists all of them with file, row and column."""

    one, many = "fault in the data", "faults in the data"


class ParameterError(_WithFaults):
    """Report parameters that no notebook takes or that name nothing known; lists all of them."""

    one, many = "wrong parameter", "wrong parameters"


class NotComparable(CbanalysisError):
    """A comparison that would mislead.

    Attributes
    ----------
    reason : str
        Which of scheme, category, base, definition, subject, level or complement differs, in words.
    rows : tuple of str
        The observations that can't stand together.
    dimensions : tuple
        The names of what differs (``rates.Dimension``), where that is the reason.
    """

    def __init__(self, reason: str, rows: Iterable[str], dimensions: Iterable[Any] = ()) -> None:
        self.reason = reason
        self.rows = tuple(rows)
        self.dimensions = tuple(dimensions)
        shown = ", ".join(self.rows[:8]) + (f" and {len(self.rows) - 8} more" if len(self.rows) > 8 else "")
        super().__init__(f"not comparable: {reason} (rows {shown})")


class MissingExtra(CbanalysisError, ImportError):
    """A library that isn't installed, and the extra of cbanalysis that brings it.

    Attributes
    ----------
    library : str
        Its name, as it is imported.
    extra : str
        E.g. ``"records"``.
    """

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"{library} isn't installed; it comes with pip install 'cbanalysis[{extra}]'")
        self.library = library
        self.extra = extra


@contextmanager
def optional_libraries() -> Iterator[None]:
    """Import libraries of an extra inside the block: one that is missing is named together with its extra.

    Raises
    ------
    MissingExtra
        If the library belongs to an extra; what else is missing stays a ``ModuleNotFoundError``.
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        library = (missing.name or "").partition(".")[0]
        if library not in _EXTRA_OF:
            raise
        raise MissingExtra(library, _EXTRA_OF[library]) from missing


class OutputError(CbanalysisError):
    """An output folder or file that can't be written; said before any work starts.

    Attributes
    ----------
    reason : str
        Why not, where the system says it.
    """

    def __init__(self, text: str, reason: str = "") -> None:
        super().__init__(text)
        self.reason = reason or text


class ReportError(CbanalysisError):
    """A report whose notebook failed.

    Attributes
    ----------
    report : str
        Which report.
    cell : int or None
        The failing cell, counted from 1.
    """

    def __init__(self, report: str, message: str, cell: int | None = None) -> None:
        self.report = report
        self.cell = cell
        super().__init__(f"{report}: {message}" + (f" (cell {cell})" if cell is not None else ""))
