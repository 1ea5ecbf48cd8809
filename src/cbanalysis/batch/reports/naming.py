"""How reports go by their parameters: names of folders, and of files without telling where they lie."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from cbanalysis.batch.reports.checks import Allowed
from cbanalysis.batch.reports.parameters import Parameter
from cbanalysis.common.errors import Fault, ParameterError
from cbanalysis.common.folders import study_folder

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
    plain = unicodedata.normalize("NFKD", str(text)).casefold().replace("đ", "d")
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:_LONGEST].rstrip("-_") or "none"


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
