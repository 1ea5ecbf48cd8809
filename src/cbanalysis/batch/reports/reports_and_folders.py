"""Which reports to run: notebook, checked parameters, language, and the folder that follows from them."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, NamedTuple

from cbanalysis.batch.reports.notebook_parameters import Allowed, Parameter, check_values, read_parameters
from cbanalysis.common.errors import Fault, ParameterError, UnknownName
from cbanalysis.common.folders import study_folder
from cbanalysis.common.language import LANGUAGES, Language
from cbanalysis.common.text.letters import plain_letters

PLAIN = "default"
"""Folder of a report whose parameters are the notebook's own."""

# Names that mean something else here, or that Windows gives to devices.
_RESERVED = {PLAIN, "none", "con", "prn", "aux", "nul"}
_LONGEST = 60


def slug(text: object) -> str:
    """Return a folder name: lower-case ASCII letters, digits, hyphens and underscores.

    Parameters
    ----------
    text : object
        What is to be named.

    Returns
    -------
    str
        At most 60 characters; ``none`` if nothing is left.

    Examples
    --------
    >>> slug("Bắc Giang"), slug("../Đắk Lắk"), slug("04_province_profile")
    ('bac-giang', 'dak-lak', '04_province_profile')
    """
    return re.sub(r"[^a-z0-9_]+", "-", plain_letters(str(text))).strip("-_")[:_LONGEST].rstrip("-_") or "none"


def digest_of(parameters: Mapping[str, Any]) -> str:
    """Return eight digits that tell parameters from any others."""
    return hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()[:8]


def _base() -> Path:
    """Return the folder that files are named from: the study, outside of one the current folder."""
    return (study_folder() or Path.cwd()).resolve()


def name_files(
    values: Mapping[str, Any], parameters: Sequence[Parameter]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Name files as reports, which are published, may name them: no report tells in whose folders they lie.

    Parameters
    ----------
    values : mapping
        Checked values by parameter; those from a list of files are whole paths.
    parameters : sequence of Parameter
        The notebook's.

    Returns
    -------
    values : dict
        With the path from the study (or the current folder) where a file lies below it, else its name.
    files : dict of str to str
        The whole path by that name.

    Raises
    ------
    ParameterError
        If two files of one report would go by the same name.
    """
    base, named = _base(), dict(values)
    files: dict[str, str] = {}
    roots: dict[str, Path] = {}
    for parameter in parameters:
        value = values.get(parameter.name)
        if not parameter.names_files or not value:
            continue
        shown = []
        for path in map(Path, value if isinstance(value, list) else [value]):
            root = base if base in path.parents else path.parent
            name = path.relative_to(root)
            if roots.setdefault(name.parts[0], root) != root:
                what = f"parameter {parameter.name}: two files go by this name"
                allowed = f"files of different names, or below {base.name}/"
                raise ParameterError([Fault(what, value=name.as_posix(), allowed=allowed)])
            files[name.as_posix()] = str(path)
            shown.append(name.as_posix())
        named[parameter.name] = shown if isinstance(value, list) else shown[0]
    return named, files


def folder_name(
    values: Mapping[str, Any],
    files: Mapping[str, str],
    parameters: Sequence[Parameter],
    lists: Mapping[str, Allowed],
) -> str:
    """Name a report's folder after its values; no other values of the notebook lead to the same name.

    The value of the notebook's main parameter needs no name before it. Where a name can't hold all that
    tells a value from others, a digest follows.

    Parameters
    ----------
    values, files : mapping
        As :func:`name_files` returns them; the values without the language.
    parameters : sequence of Parameter
        The notebook's.
    lists : mapping
        The closed lists that parameters name.

    Returns
    -------
    str
        ``""`` without values.
    """
    known = {parameter.name: parameter for parameter in parameters}
    main = next((name for name in known if name != "lang"), "")
    parts, whole = [], True
    for name, value in values.items():
        made = _value_slug(known[name], value)
        parts.append(made if name == main and made not in _RESERVED else f"{slug(name)}-{made}")
        whole = whole and _says_all(known[name], value, lists)
    text = "_".join(parts)
    # Another file outside of the study may have the same name.
    outside = {name: path for name, path in files.items() if Path(path) != _base() / name}
    if whole and not outside and len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST].rstrip('-_')}-{digest_of({**values, **outside})}"


def _value_slug(parameter: Parameter, value: object) -> str:
    each = value if isinstance(value, list) else [value]
    if parameter.names_files:
        each = [PurePosixPath(str(one)).name for one in each]
    return "-".join(map(slug, each)) or "none"


def _says_all(parameter: Parameter, value: object, lists: Mapping[str, Allowed]) -> bool:
    """Tell whether a value's slug is that of no other value the parameter takes."""
    if isinstance(value, list):
        return bool(value) and all(_says_all(parameter, one, lists) for one in value)
    allowed = lists.get(parameter.choices or "")
    if isinstance(allowed, Sequence):
        return sum(slug(one) == slug(value) for one in allowed) == 1
    if allowed is not None and not parameter.names_files:
        return True
    text = value if isinstance(value, str) else str(value).casefold()
    return re.fullmatch("[a-z0-9]+", text) is not None


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
        The closed lists that parameters name (see :func:`check_values`).

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
            checked = _without_own(check_values(path, taken[path], given, lists), taken[path], declared)
            values, files = name_files(checked, taken[path])
        except ParameterError as error:
            faults += [one for one in _of_set(error.faults, origin) if one not in faults]
            continue
        chosen: Sequence[Language] = [values.pop("lang")] if "lang" in values else own or languages
        takes_language = any(parameter.name == "lang" for parameter in taken[path])
        name = folder_name(values, files, taken[path], lists)
        reports += [
            Report(
                path,
                notebook=path.stem,
                parameters=values,
                language=one,
                slug=name,
                takes_language=takes_language,
                files=files,
            )
            for one in chosen
        ]
    ParameterError.raise_if(faults)
    return _unique(reports)
