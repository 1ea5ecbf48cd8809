"""The file that declares batches: sets of reports, each a notebook with parameters and languages."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from itertools import product
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from cbanalysis.batch.reports.notebook_parameters import Parameter, lacking, read_parameters, untaken
from cbanalysis.batch.reports.reports_and_folders import Wanted, find_notebook
from cbanalysis.common.errors import Fault, ParameterError, ReportError, UnknownName, nearest
from cbanalysis.common.language import Language
from cbanalysis.common.limits import open_bytes
from cbanalysis.common.validation import build_record

DECLARED = "reports.toml"

_ALL = "all"
_DEEPEST = 100


def _plain(value: Any) -> Any:  # noqa: ANN401 -- whatever TOML can hold
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, str | bool | int | float):
        raise ValueError("text, a number, true or false, or a list of these")  # noqa: TRY004 -- pydantic takes no TypeError
    return value


def _named_or_listed(value: Any) -> Any:  # noqa: ANN401 -- as above
    if not isinstance(value, str | list):
        raise ValueError("a list of values, or the name of one")  # noqa: TRY004 -- pydantic takes no TypeError
    return _plain(value)


def _once(languages: tuple[Language, ...]) -> tuple[Language, ...]:
    if len(set(languages)) < len(languages):
        raise ValueError("each language once")
    return languages


# One fault for a wrong value, where a union of types would give one for each type.
_Value = Annotated[Any, AfterValidator(_plain)]
_Values = Annotated[Any, AfterValidator(_named_or_listed)]


class _Checked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Entry(_Checked):
    """Reports of one notebook.

    Attributes
    ----------
    notebook : str
        Its name without ``.ipynb``.
    parameters : dict
        Values that all these reports share. Files are named from the study's folder on, wherever it is run.
    each : dict
        By parameter the values that one report each is made for: a list, the name of a list that the data
        give (those of it that there are), or ``"all"`` of the parameter's closed list.
    """

    notebook: str
    parameters: dict[str, _Value] = Field(default_factory=dict)
    each: dict[str, _Values] = Field(default_factory=dict)


class ReportSet(_Checked):
    """A named set of reports.

    Attributes
    ----------
    words : str
        What it is, in words.
    languages : tuple of {"vi", "en"}
        In which languages, also those of the sets it includes.
    include : tuple of str
        Names of other sets.
    reports : tuple of Entry
        Its own reports.
    """

    words: str = Field(min_length=1)
    languages: Annotated[tuple[Language, ...], AfterValidator(_once)] = Field(
        default=("vi",), min_length=1, strict=False
    )
    include: tuple[str, ...] = Field(default=(), strict=False)
    reports: tuple[Entry, ...] = Field(default=(), strict=False)


# A notebook, what is declared of it, in which languages, and by which set ("" where none declares it).
_Asked = tuple[Path, Entry, Sequence[Language], str]


def _on_the_web(address: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"'\\?#]+", address):
        raise ValueError("an address like https://example.org/reports")
    return f"{address.rstrip('/')}/"


class _File(_Checked):
    address: Annotated[str, AfterValidator(_on_the_web)] | None = None
    sets: dict[str, ReportSet] = Field(min_length=1)


class Batches:
    """What a folder's reports.toml declares: sets of reports, and where on the web they are to stand.

    Parameters
    ----------
    folder : Path
        Holds the notebooks, and reports.toml if there is one. Without it each notebook is a report of its own
        set ``default``.

    Raises
    ------
    ReportError
        If the file can't be read as TOML.
    ParameterError
        Listing every fault of the file: unknown keys, wrong types, sets and notebooks that don't exist, sets
        that include themselves.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notebooks = {path.stem: path for path in sorted(folder.glob("*.ipynb"))}
        file = folder / DECLARED
        self.address = ""
        if file.exists():
            self.sets = self._read(file)
            self.declared = True
        else:
            self.declared = False
            own = tuple(Entry(notebook=name) for name in self.notebooks)
            self.sets = {"default": ReportSet(words="every notebook once", reports=own)}

    def _read(self, file: Path) -> dict[str, ReportSet]:
        try:
            declared = tomllib.loads(open_bytes(file).decode("utf-8-sig"))
        except OSError as fault:
            raise ReportError(file.name, f"can't be read: {fault.strerror or fault}") from fault
        except (ValueError, RecursionError) as fault:
            raise ReportError(file.name, f"can't be read as TOML: {fault}") from fault
        faults: list[Fault] = []
        whole = build_record(_File, declared, faults, Fault("", file=file.name))
        if whole is None:
            raise ParameterError(faults)
        sets, self.address = whole.sets, whole.address or ""
        ParameterError.raise_if([*self._unknown(sets), *_circles(sets)])
        return sets

    def _unknown(self, sets: Mapping[str, ReportSet]) -> Iterator[Fault]:
        for name, one in sets.items():
            for other, right in untaken(one.include, sets):
                yield Fault(f"set {name} includes an unknown set", file=DECLARED, value=other, **right)
            for other, right in untaken([entry.notebook for entry in one.reports], self.notebooks):
                yield Fault(f"set {name} names an unknown notebook", file=DECLARED, value=other, **right)

    @property
    def languages(self) -> tuple[Language, ...]:
        """In which languages a report is made that no set names."""
        return self.sets["default"].languages if "default" in self.sets else ("vi",)

    def wanted(
        self,
        names: Sequence[str],
        given: Mapping[str, str],
        values: Mapping[str, Sequence[Any]],
        languages: Sequence[Language] = (),
    ) -> list[Wanted]:
        """Return what is to be made.

        Parameters
        ----------
        names : sequence of str
            Sets, or notebooks by name, number or path; the default set when empty. A notebook stands for its
            entries of the default set.
        given : mapping
            Parameters as text; they take the place of the declared ones. Without names, the notebooks that
            take them all.
        values : mapping
            Lists of values by name, closed lists among them, for what `each` names.
        languages : sequence of {"vi", "en"}
            In place of the declared ones, if there are any.

        Returns
        -------
        list of Wanted
            As :func:`cbanalysis.batch.reports.reports_and_folders.plan` takes them.

        Raises
        ------
        UnknownName
            If there is no such set or notebook.
        ParameterError
            Listing parameters that no notebook takes.
        ReportError
            If a notebook can't be read.
        """
        faults: list[Fault] = []
        meant: list[Wanted] = []
        for path, entry, chosen, origin in self.entries(names, given, languages):
            try:
                combined = list(_combinations(path, entry, given, values))
                speaks_of = (*entry.each, *entry.parameters)
                sets = {name: origin for name in speaks_of if origin and name not in given}
                meant += [
                    Wanted(path, self._placed(path, one, given), tuple(chosen), speaks_of, "", sets)
                    for one in combined
                ]
            except ReportError as error:
                meant.append(Wanted(path, {}, tuple(chosen), fault=str(error)))
            except ParameterError as error:
                of_set = [
                    replace(one, what=f"set {origin}: {one.what}") if origin else one for one in error.faults
                ]
                faults += [fault for fault in of_set if fault not in faults]
        ParameterError.raise_if(faults)
        return meant

    def entries(
        self, names: Sequence[str], given: Mapping[str, str], languages: Sequence[Language] = ()
    ) -> list[_Asked]:
        """Return the entries that are meant, as :meth:`wanted` does, before any list of values is known."""
        if not self.notebooks:
            raise UnknownName("notebook", "*.ipynb", hint=f"there is none in {self.folder}")
        entries = self._asked_for(names, languages)
        return entries if names else self._taking(given, entries)

    def _asked_for(self, names: Sequence[str], languages: Sequence[Language]) -> list[_Asked]:
        """Return the entries of sets and notebooks, each with its languages and the set that declares it."""
        found: list[_Asked] = []
        if not names and "default" not in self.sets:
            known = ", ".join((*self.sets, *self.notebooks))
            raise ParameterError([Fault("there is no set named default", file=DECLARED, allowed=known)])
        for name in names or ("default",):
            if name in self.sets:
                chosen = languages or self.sets[name].languages
                found += [(self.notebooks[one.notebook], one, chosen, of) for of, one in self._entries(name)]
            else:
                path, chosen = self._notebook(name), languages or self.languages
                declared = self._entries("default") if "default" in self.sets else ()
                own = [(of, one) for of, one in declared if self.notebooks[one.notebook] == path]
                found += [(path, one, chosen, of) for of, one in own or [("", Entry(notebook=path.stem))]]
        return found

    def _entries(self, name: str, seen: set[str] | None = None) -> Iterator[tuple[str, Entry]]:
        """Yield the entries of a set and of those it includes, each set once, with the set's name."""
        seen = set() if seen is None else seen
        if name in seen:
            return
        seen.add(name)
        for other in self.sets[name].include:
            yield from self._entries(other, seen)
        yield from ((name if self.declared else "", one) for one in self.sets[name].reports)

    def _placed(self, path: Path, parameters: dict[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
        """Return parameters with the declared files as paths from the study's folder on."""

        def whole(value: Any) -> Any:  # noqa: ANN401 -- checked later
            if isinstance(value, list):
                return [whole(one) for one in value]
            if not isinstance(value, str) or not value:
                return value
            return str(self.folder.parent / os.path.expanduser(value))  # noqa: PTH111 -- takes any text

        files = {one.name for one in read_parameters(path) if one.names_files} - set(given)
        return {name: whole(value) if name in files else value for name, value in parameters.items()}

    def _notebook(self, name: str) -> Path:
        try:
            return find_notebook(name, self.folder)
        except UnknownName as error:
            known = {**self.sets, **self.notebooks}
            raise UnknownName("set or notebook", name, known, error.hint) from error

    def _taking(self, given: Mapping[str, str], entries: list[_Asked]) -> list[_Asked]:
        """Return the entries whose notebooks take all that is given; an unreadable one takes nothing."""
        takes: dict[Path, list[str]] = {}
        for path in {path: None for path, *_ in entries}:
            try:
                takes[path] = [one.name for one in read_parameters(path)]
            except ReportError:
                takes[path] = []
        known = sorted({name for parameters in takes.values() for name in parameters})
        faults = [
            Fault(f"no notebook takes a parameter {name!r}", **right) for name, right in untaken(given, known)
        ]
        left = [one for one in entries if set(given) <= set(takes[one[0]])]
        if not faults and not left:
            what = (
                f"no notebook takes all of {', '.join(given)}" if given else "the set default has no reports"
            )
            faults = [Fault(what)]
        ParameterError.raise_if(faults)
        return left


def _circles(sets: Mapping[str, ReportSet]) -> Iterator[Fault]:
    """Yield a fault for sets that include themselves, or others more than a hundred deep."""
    includes = {name: [one for one in sets[name].include if one in sets] for name in sets}
    try:
        order = tuple(TopologicalSorter(includes).static_order())
    except CycleError as error:
        circle = error.args[1][::-1]
        way = " includes ".join(circle)
        yield Fault("the set includes itself", file=DECLARED, value=circle[0], allowed=f"no circle as {way}")
        return
    depth: dict[str, int] = {}
    for name in order:
        depth[name] = 1 + max((depth[one] for one in includes[name]), default=0)
    deep = [name for name in sets if depth[name] > _DEEPEST]
    if deep:
        what = f"the set includes others {depth[deep[0]]} deep"
        yield Fault(what, file=DECLARED, value=deep[0], allowed=f"up to {_DEEPEST}")


def _combinations(
    path: Path, entry: Entry, given: Mapping[str, str], values: Mapping[str, Sequence[Any]]
) -> Iterator[dict[str, Any]]:
    """Yield the parameters of one entry's reports: each of the listed values with each other."""
    takes = {one.name: one for one in read_parameters(path)}
    each = {name: listed for name, listed in entry.each.items() if name not in given}
    faults = [
        Fault(f"takes no parameter {name!r}", file=path.stem, **right)
        for name, right in untaken(each, takes, lacking(path))
    ]
    faults = faults or [
        Fault(f"each.{name}: there is no value to make a report for", file=DECLARED, value=path.stem)
        for name, options in each.items()
        if options == []
    ]
    ParameterError.raise_if(faults)
    listed = [
        _named(options, takes[name], values) if isinstance(options, str) else list(options)
        for name, options in each.items()
    ]
    for combination in product(*listed):
        parameters = {**entry.parameters, **dict(zip(each, combination, strict=True)), **given}
        yield {name: parameters[name] for name in (*each, *parameters)}


def _named(name: str, parameter: Parameter, values: Mapping[str, Sequence[Any]]) -> list[Any]:
    """Return the values of a list that goes by a name; 'all' is the parameter's own."""
    if name == _ALL and (parameter.choices is None or parameter.choices not in values):
        known = ", ".join({f"[{one.partition(':')[0]}]": None for one in values})
        what = f"parameter {parameter.name}: 'all' needs a parameter from a closed list"
        raise ParameterError([Fault(what, file=DECLARED, allowed=known)])
    if name != _ALL and name not in values:
        what, close = f"parameter {parameter.name}: no list of this name", nearest(name, (_ALL, *values))
        raise ParameterError([Fault(what, file=DECLARED, value=name, nearest=close)])
    return list(values[str(parameter.choices) if name == _ALL else name])
