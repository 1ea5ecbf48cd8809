"""The typed ``parameters`` cell of a notebook, and values for it, checked before any kernel starts."""

from __future__ import annotations

import ast
import builtins
import io
import json
import re
import sys
import tokenize
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cbanalysis.batch.reports.notebook_files import plain_python, source_of
from cbanalysis.common.errors import CbanalysisError, Fault, ParameterError, UnknownName, nearest

_TYPE = re.compile(
    r"(?:list\[(?P<items>str|int|float|bool)\]|(?P<plain>str|int|float|bool|list|dict))(?P<none> \| None)?"
)
_ANY = "any"
_COMMENT = re.compile(r"#\s*(?:\[(?P<choices>[^\[\]]+)\]\s*)?(?P<words>.*)")
_TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool, "dict": dict}
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
# Python's own int() takes digits of any script, and _ between them.
_NUMBERS = {
    int: re.compile("[+-]?[0-9]+"),
    float: re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE),
}
_NO_LITERAL = (
    SyntaxError, ValueError, TypeError, RecursionError, MemoryError,
)  # f(), {[]: 1}, thousands of signs  # fmt: skip


class Computed(str):
    """The code of a value that is known only when the notebook runs."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Parameter:
    """One line of a notebook's ``parameters`` cell.

    Attributes
    ----------
    name : str
        Its name.
    type : str
        ``str``, ``int``, ``float``, ``bool``, ``list[...]``, ``list`` or ``dict``, with `` | None`` where it
        may be missing; ``any`` where neither the notebook nor the value tells.
    default : object
        The value that the notebook itself gives; `Computed` where that is no literal.
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
        return self.type.startswith("list")

    @property
    def names_files(self) -> bool:
        """Whether its values are paths of files or folders."""
        return self.choices in {"file", "register"}

    @property
    def kind(self) -> builtins.type:
        """Type of the value, or of each value of a list; ``object`` where it may be any."""
        found = _TYPE.fullmatch(self.type)
        return _TYPES.get((found["items"] or found["plain"]) if found else _ANY, object)

    def takes(self, value: object) -> bool:
        """Tell whether a value is of the type."""
        if self.type == _ANY:
            return True
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
        if self.kind is object:
            return True
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
        if self.kind is object:
            with suppress(ValueError, RecursionError):
                return json.loads(text)
            return {"None": None, "True": True, "False": False}.get(text, text)
        if self.kind is dict:
            return json.loads(text)
        if self.kind is not bool:
            if self.kind in _NUMBERS and not _NUMBERS[self.kind].fullmatch(text):
                raise ValueError(text)
            return self.kind(text)
        if text.casefold() not in _TRUTH:
            raise ValueError(text)
        return _TRUTH[text.casefold()]


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


def _type_of(value: object) -> str:
    """Return the type that a value tells of its parameter."""
    if isinstance(value, list):
        kinds = {type(one).__name__ for one in value}
        return f"list[{kinds.pop()}]" if len(kinds) == 1 and kinds <= {*_TYPES} - {"dict"} else "list"
    return type(value).__name__ if type(value).__name__ in _TYPES else _ANY


def _given(line: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a line of the cell gives values: one, ``a = b = 2``, ``a, b = 2, 3``."""
    pairs: list[tuple[ast.expr, ast.expr]] = []
    if isinstance(line, ast.Assign):
        pairs = [(target, line.value) for target in line.targets]
    elif isinstance(line, ast.AnnAssign) and line.value is not None:
        pairs = [(line.target, line.value)]
    for target, value in pairs:
        if isinstance(target, ast.Name):
            yield target.id, value
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            both = zip(target.elts, value.elts, strict=False)
            yield from ((one.id, of) for one, of in both if isinstance(one, ast.Name))


def _parameter(
    name: str, value: ast.expr, line: ast.stmt, comments: Mapping[int, str], source: str
) -> Parameter:
    """Read what a line of the cell says of a name."""
    try:
        default = ast.literal_eval(value)
    except _NO_LITERAL:
        default = Computed(ast.get_source_segment(source, value) or "")
    rows = range(line.lineno, (line.end_lineno or line.lineno) + 1)
    texts = [comments[row] for row in rows if row in comments]
    comment = _COMMENT.fullmatch(texts[-1].strip()) if texts else None
    choices = comment["choices"].strip() if comment and comment["choices"] else None
    words = comment["words"].strip() if comment else ""
    told = ast.unparse(line.annotation) if isinstance(line, ast.AnnAssign) else ""
    kind = told if _TYPE.fullmatch(told) else _ANY if isinstance(default, Computed) else _type_of(default)
    parameter = Parameter(name, kind, default, choices, words)
    if isinstance(default, Computed) or parameter.takes(default):
        return parameter
    # The value contradicts its annotation, as in `year: int = None`.
    kind = f"{told} | None" if default is None else _type_of(default)
    return replace(parameter, type=kind)


def read_parameters(path: Path) -> tuple[Parameter, ...]:
    """Read the parameters that a notebook takes from its tagged ``parameters`` cell.

    Parameters
    ----------
    path : Path
        The notebook.

    Returns
    -------
    tuple of Parameter
        In the order of the cell: each name that a line gives a value. The type is that of the annotation,
        else of the value; ``# [list] words`` names a closed list. Nothing where `lacking` says why.

    Raises
    ------
    ReportError
        If the file is no readable notebook.
    """
    return _parameters(path)[0]


def lacking(path: Path) -> str:
    """Return why a notebook takes no parameters, "" where it takes some."""
    return _parameters(path)[1]


def _parameters(path: Path) -> tuple[tuple[Parameter, ...], str]:
    cells = [
        cell["source"]
        for cell in source_of(path).cells
        if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", [])
    ]
    if not cells:
        return (), "none, for no cell of code has the tag parameters"
    if len(cells) > 1:  # values for the first would be lost at the second
        return (), f"none, for {len(cells)} cells have the tag parameters; leave it to one"
    source = plain_python(cells[0])
    try:
        lines, comments = ast.parse(source).body, _comments(source)
        found = [_parameter(*given, line, comments, source) for line in lines for given in _given(line)]
    except (*_NO_LITERAL, tokenize.TokenError):
        return (), "none, for the cell with the tag parameters is no Python"
    why = "" if found else "none, for no line of the cell with the tag parameters gives a name its value"
    return tuple({one.name: one for one in found}.values()), why


# The allowed values, or a function that returns a value as it should be written or raises one of our errors.
Allowed = Sequence[Any] | Callable[[Any], Any]

_FEW = 12


def _closest(value: object, allowed: Sequence[Any]) -> tuple[str, ...]:
    if isinstance(value, int | float):
        numbers = [one for one in allowed if isinstance(one, int | float)]
        return tuple(str(one) for one in sorted(numbers, key=lambda one: (abs(one - value), one))[:3])
    return nearest(str(value), [str(one) for one in allowed])


def _choose(parameter: Parameter, value: Any, allowed: Allowed) -> Any:  # noqa: ANN401 -- any literal
    if callable(allowed):
        return allowed(value)
    if value in allowed:
        return value
    closest = _closest(value, allowed)
    some = len(allowed) if len(allowed) <= _FEW else 0 if closest else 3
    known = ", ".join(map(str, allowed[:some])) + (", …" if some < len(allowed) else "") if some else None
    what = f"is none of the list [{parameter.choices}]"
    raise ParameterError([Fault(what, value=value, allowed=known, nearest=closest)])


def _checked(parameter: Parameter, value: Any, choices: Mapping[str, Allowed]) -> Any:  # noqa: ANN401 -- any literal
    if isinstance(value, str) and (parameter.many or parameter.optional or parameter.kind is not str):
        try:
            value = parameter.read(value)
        except (ValueError, RecursionError):
            raise ParameterError([Fault("is of another type", value=value, allowed=parameter.type)]) from None
    if not parameter.takes(value):
        raise ParameterError([Fault("is of another type", value=value, allowed=parameter.type)])
    if parameter.choices is None or value is None or value == "" == parameter.default:
        return value  # empty where that is the notebook's own: it chooses itself
    if parameter.choices not in choices:
        raise ParameterError(
            [Fault(f"the notebook asks for a list [{parameter.choices}] that doesn't exist")]
        )
    allowed = choices[parameter.choices]
    return (
        [_choose(parameter, one, allowed) for one in value]
        if parameter.many
        else _choose(parameter, value, allowed)
    )


def untaken(
    names: Iterable[str], known: Collection[str], none: str = "none"
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each name that isn't known, with what a fault says is right; `none` where nothing is known."""
    for name in (name for name in names if name not in known):
        yield name, {"allowed": ", ".join(known) or none, "nearest": nearest(name, known)}


def check_values(
    notebook: Path, parameters: Sequence[Parameter], given: Mapping[str, Any], choices: Mapping[str, Allowed]
) -> dict[str, Any]:
    """Check the values for a notebook's parameters before anything runs.

    Parameters
    ----------
    notebook : Path
        Its file, after which errors call it.
    parameters : sequence of Parameter
        Those of `read_parameters`.
    given : mapping
        Values by parameter name, typed or as text from the shell.
    choices : mapping
        The closed lists that parameters name in brackets: allowed values, or a function that returns the
        value as it should be written and raises one of our errors for anything else.

    Returns
    -------
    dict
        The same parameters, typed and spelled as the lists spell them, in the notebook's order.

    Raises
    ------
    ParameterError
        Listing every unknown name, wrong type and value outside its list, with the nearest right ones.
    """
    known = {parameter.name: parameter for parameter in parameters}
    faults = [
        Fault(f"takes no parameter {name!r}", file=notebook.stem, **right)
        for name, right in untaken(given, known, lacking(notebook))
    ]
    checked = {}
    for name in (name for name in known if name in given):
        try:
            checked[name] = _checked(known[name], given[name], choices)
        except ParameterError as error:
            faults += [
                replace(one, what=f"parameter {name}: {one.what}", file=notebook.stem) for one in error.faults
            ]
        except UnknownName as error:
            hint = f" {error.hint}" if error.hint else ""
            what = f"parameter {name}: unknown {error.kind}{hint}"
            faults.append(Fault(what, file=notebook.stem, value=error.name, nearest=error.nearest))
        except CbanalysisError as error:
            faults.append(Fault(f"parameter {name}: {error}", file=notebook.stem, value=given[name]))
    ParameterError.raise_if(faults)
    return checked
