"""Which reports to run: notebook, checked parameters, language, and the folder that follows from them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from cbanalysis.batch.reports.checks import Allowed, check_values
from cbanalysis.batch.reports.naming import PLAIN, digest_of, folder_name, name_files, slug
from cbanalysis.batch.reports.parameters import Parameter, read_parameters
from cbanalysis.common.errors import Fault, ParameterError, UnknownName

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


class Wanted(NamedTuple):
    """A notebook that reports are wanted of.

    Attributes
    ----------
    path : Path
        The notebook file.
    parameters : mapping
        Values, typed or as text.
    languages : sequence of {"vi", "en"}
        In place of those that all others are planned in.
    declared : sequence of str
        Parameters that a set of reports speaks of: a report goes by them even where the value is the
        notebook's own.
    fault : str
        Why the notebook can't be read, in one line.
    origin : mapping
        By parameter the set that declares its value, for faults.
    """

    path: Path
    parameters: Mapping[str, Any] = MappingProxyType({})
    languages: Sequence[Language] = ()
    declared: Sequence[str] = ()
    fault: str = ""
    origin: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Report:
    """One notebook to run with its parameters in one language.

    Attributes
    ----------
    path : Path
        The notebook file.
    notebook : str
        Its name without ``.ipynb``.
    parameters : mapping
        The checked values that aren't the notebook's own anyway; without the language, and files by the
        names that `files` knows them by.
    language : {"vi", "en"}
        Language of the report.
    slug : str
        ASCII folder name made from the parameters; ``""`` where none is given, whose folder is ``default``.
    takes_language : bool
        Whether the notebook has a ``lang`` parameter.
    files : mapping
        Where the files and folders lie that its parameters name.
    fault : str
        Why it can't be made: its notebook can't be read.
    """

    path: Path
    notebook: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    language: Language = "vi"
    slug: str = ""
    takes_language: bool = True
    files: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""

    @property
    def folder(self) -> PurePosixPath:
        """Where it goes, relative to the output folder."""
        return PurePosixPath(self.language, slug(self.notebook), self.slug or PLAIN)

    @property
    def injected(self) -> dict[str, Any]:
        """The parameters as the notebook receives them."""
        return {**self.parameters, **({"lang": self.language} if self.takes_language else {})}

    @property
    def named_files(self) -> tuple[Path, ...]:
        """The files and folders that its parameters name, whole paths."""
        return tuple(map(Path, self.files.values()))

    def __str__(self) -> str:
        return str(self.folder)


def find_notebook(name: str | Path, folder: Path) -> Path:
    """Return the notebook that is meant.

    Parameters
    ----------
    name : str or Path
        A path to an ``.ipynb`` file, a name in the folder (``04_province_profile``), without
        its number (``province_profile``), or its number (``04``).
    folder : Path
        Where the notebooks lie.

    Returns
    -------
    Path

    Raises
    ------
    UnknownName
        If there is none, or more than one of that number; also for a path that leads nowhere.
    """
    given = Path(name)
    if given.suffix == ".ipynb" and os.path.isfile(given):  # noqa: PTH113 -- takes any text
        return given.resolve()
    known = {path.stem: path for path in sorted(folder.glob("*.ipynb"))}
    if given.name != str(name):
        raise UnknownName("notebook", name, known, "(there is no such .ipynb file)")
    stem = given.name.removesuffix(".ipynb")
    if stem in known:
        return known[stem]
    numbered = [name for name in known if stem in {name.split("_")[0], name.partition("_")[2]}]
    if len(numbered) == 1:
        return known[numbered[0]]
    raise UnknownName("notebook", name, known)


def _unique(reports: Sequence[Report]) -> tuple[Report, ...]:
    """Keep each report once, and give two that would share a folder different ones."""
    distinct = list({(one.path, one.language, digest_of(one.parameters)): one for one in reports}.values())
    shared = Counter(one.folder for one in distinct)
    return tuple(
        replace(one, slug=f"{one.slug}-{digest_of(one.parameters)}") if shared[one.folder] > 1 else one
        for one in distinct
    )


def _without_own(
    values: Mapping[str, Any], parameters: Sequence[Parameter], declared: Sequence[str]
) -> dict[str, Any]:
    """Leave out what the notebook itself says, so that no second report is made of the same values."""
    own = {one.name: one.default for one in parameters if one.name not in (*declared, "lang")}
    return {name: value for name, value in values.items() if name not in own or value != own[name]}


def _of_set(faults: Iterable[Fault], origin: Mapping[str, str]) -> list[Fault]:
    """Say of faults of declared values which set declares them."""
    named = []
    for fault in faults:
        # as check_values words them
        words = {name: (f"parameter {name}:", f"takes no parameter {name!r}") for name in origin}
        sets = [of for name, of in origin.items() if fault.what.startswith(words[name])]
        named.append(replace(fault, what=f"set {sets[0]}: {fault.what}") if sets else fault)
    return named


def plan(
    wanted: Iterable[Wanted | tuple[Path, Mapping[str, Any]]],
    *,
    languages: Sequence[Language] = ("vi",),
    choices: Mapping[str, Allowed] | None = None,
) -> tuple[Report, ...]:
    """Check what is wanted and return the reports to run; nothing starts here.

    Parameters
    ----------
    wanted : iterable of Wanted or (Path, mapping)
        Notebooks and parameter values.
    languages : sequence of {"vi", "en"}
        Each report that names none of its own is planned once for each.
    choices : mapping, optional
        The closed lists that parameters name (see :func:`check_parameters`).

    Returns
    -------
    tuple of Report
        Each once, in the order given.

    Raises
    ------
    ReportError
        If a file is no readable notebook.
    ParameterError
        Listing every fault of every report.
    """
    lists: dict[str, Allowed] = {"lang": LANGUAGES, **(choices or {})}
    faults: list[Fault] = []
    reports: list[Report] = []
    paths: dict[str, Path] = {}
    taken: dict[Path, tuple[Parameter, ...]] = {}
    for path, given, own, declared, fault, origin in (Wanted(*one) for one in wanted):
        if paths.setdefault(slug(path.stem), path) != path:
            faults.append(
                Fault("another notebook of this name would share its output folder", file=str(path))
            )
        if fault:
            reports += [
                Report(path, path.stem, {}, one, takes_language=False, fault=fault)
                for one in own or languages
            ]
            continue
        try:
            if path not in taken:
                taken[path] = read_parameters(path)
            checked = _without_own(check_values(path.stem, taken[path], given, lists), taken[path], declared)
            values, files = name_files(checked, taken[path])
        except ParameterError as error:
            faults += [one for one in _of_set(error.faults, origin) if one not in faults]
            continue
        chosen: Sequence[Language] = [values.pop("lang")] if "lang" in values else own or languages
        reports += [
            Report(
                path,
                path.stem,
                values,
                language,
                folder_name(values, files, taken[path], lists),
                takes_language=any(parameter.name == "lang" for parameter in taken[path]),
                files=files,
            )
            for language in chosen
        ]
    if faults:
        raise ParameterError(faults)
    return _unique(reports)
