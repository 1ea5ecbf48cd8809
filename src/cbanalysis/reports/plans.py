"""Which reports to run: notebook, checked parameters, language, and the folder that follows from them."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from cbanalysis.errors import Fault, ParameterError, UnknownName
from cbanalysis.reports.checks import Allowed, check_values
from cbanalysis.reports.parameters import Parameter, read_parameters

__all__ = ["LANGUAGES", "Language", "Report", "find_notebook", "plan", "slug"]

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")

_PLAIN = "default"
# Names that mean something else here, or that Windows gives to devices.
_RESERVED = {_PLAIN, "none", "con", "prn", "aux", "nul"}
_LONGEST = 60


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
        The checked values that differ from or repeat the notebook's own; without the language.
    language : {"vi", "en"}
        Language of the report.
    slug : str
        ASCII folder name made from the parameters; ``""`` where none is given, whose folder is ``default``.
    takes_language : bool
        Whether the notebook has a ``lang`` parameter.
    files : tuple of str
        Which of its parameters name files.
    """

    path: Path
    notebook: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    language: Language = "vi"
    slug: str = ""
    takes_language: bool = True
    files: tuple[str, ...] = ()

    @property
    def folder(self) -> PurePosixPath:
        """Where it goes, relative to the output folder."""
        return PurePosixPath(self.language, slug(self.notebook), self.slug or _PLAIN)

    @property
    def injected(self) -> dict[str, Any]:
        """The parameters as the notebook receives them."""
        return {**self.parameters, **({"lang": self.language} if self.takes_language else {})}

    @property
    def named_files(self) -> tuple[Path, ...]:
        """The files and folders that its parameters name."""
        values = [self.parameters[name] for name in self.files if name in self.parameters]
        listed = [one for value in values for one in (value if isinstance(value, list) else [value])]
        return tuple(Path(one) for one in listed if one)

    def __str__(self) -> str:
        return str(self.folder)


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
    plain = unicodedata.normalize("NFKD", str(text)).casefold().replace("đ", "d")
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:_LONGEST].rstrip("-_") or "none"


def _value_slug(value: object) -> str:
    return "-".join(map(slug, value)) if isinstance(value, list) else slug(value)


def _slug(parameters: Mapping[str, Any], first: str) -> str:
    """Name a report after its parameters; the value of the notebook's main one needs no name before it."""
    parts = [
        _value_slug(value)
        if name == first and slug(value) not in _RESERVED
        else f"{slug(name)}-{_value_slug(value)}"
        for name, value in parameters.items()
    ]
    text = "_".join(parts)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip('-_')}-{_digest(parameters)}"


def _digest(parameters: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()[:8]


def find_notebook(name: str | Path, folder: Path) -> Path:
    """Return the notebook that is meant.

    Parameters
    ----------
    name : str or Path
        A path to an ``.ipynb`` file, a name in the folder (``04_province_profile``), or its number (``04``).
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
    if given.suffix == ".ipynb" and given.is_file():
        return given.resolve()
    known = {path.stem: path for path in sorted(folder.glob("*.ipynb"))}
    if given.name != str(name):
        raise UnknownName("notebook", name, known, "(there is no such .ipynb file)")
    stem = given.name.removesuffix(".ipynb")
    if stem in known:
        return known[stem]
    numbered = [one for one in known if one.split("_")[0] == stem]
    if len(numbered) == 1:
        return known[numbered[0]]
    raise UnknownName("notebook", name, known)


def _unique(reports: Sequence[Report]) -> tuple[Report, ...]:
    """Keep each report once, and give two that would share a folder different ones."""
    distinct = list({(one.path, one.language, _digest(one.parameters)): one for one in reports}.values())
    shared = Counter(one.folder for one in distinct)
    return tuple(
        replace(one, slug=f"{one.slug}-{_digest(one.parameters)}") if shared[one.folder] > 1 else one
        for one in distinct
    )


def plan(
    wanted: Iterable[tuple[Path, Mapping[str, Any]] | tuple[Path, Mapping[str, Any], Sequence[Language]]],
    *,
    languages: Sequence[Language] = ("vi",),
    choices: Mapping[str, Allowed] | None = None,
) -> tuple[Report, ...]:
    """Check what is wanted and return the reports to run; nothing starts here.

    Parameters
    ----------
    wanted : iterable of (Path, mapping) or (Path, mapping, sequence)
        Notebook, parameter values, typed or as text, and languages of its own.
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
    for one in wanted:
        path, given = one[0], one[1]
        if paths.setdefault(slug(path.stem), path) != path:
            faults.append(
                Fault("another notebook of this name would share its output folder", file=str(path))
            )
        try:
            if path not in taken:
                taken[path] = read_parameters(path)
            checked = check_values(path.stem, taken[path], given, lists)
        except ParameterError as error:
            faults += [fault for fault in error.faults if fault not in faults]
            continue
        names = [parameter.name for parameter in taken[path]]
        main = next((name for name in names if name != "lang"), "")
        chosen: Sequence[Language] = (
            [checked.pop("lang")] if "lang" in checked else one[2] if len(one) == 3 else languages
        )
        reports += [
            Report(
                path,
                path.stem,
                checked,
                language,
                _slug(checked, main),
                takes_language="lang" in names,
                files=tuple(one.name for one in taken[path] if one.names_files),
            )
            for language in chosen
        ]
    if faults:
        raise ParameterError(faults)
    return _unique(reports)
