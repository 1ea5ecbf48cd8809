"""Notebook files: read, what lies beside them that they use, and what their cells print."""

from __future__ import annotations

import ast
import base64
import copy
import json
import os
import re
import sysconfig
import tempfile
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from glob import escape
from itertools import groupby
from pathlib import Path, PurePath, PurePosixPath
from typing import Any
from urllib.parse import unquote

import nbformat
from nbformat import NotebookNode

from cbanalysis.common.errors import ReportError
from cbanalysis.common.folders import data_folder
from cbanalysis.common.limits import open_bytes

_DEEPEST = 100
_NO_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)
_MAGIC = re.compile(r"^\s*(?:\w[\w, ]*=\s*)?[%!]|^\s*\?")
_WORD = re.compile(r"[^\s'\"=;|&<>(){},]+")
# What looks through a folder, and for what where it doesn't say so.
_LOOKING = {
    "glob": "", "iglob": "", "rglob": "", "listdir": "*", "scandir": "*", "iterdir": "*", "walk": "**/*",
}  # fmt: skip
_BASES = {"", "glob", "os", "Path()", "Path('.')", "Path.cwd()"}  # where such a call means the current folder
_RUN = re.compile(r"^\s*%(?:run|load_ext|load)\s+(?:-\S+\s+)*(\S+)", re.MULTILINE)
_PICTURE = re.compile(
    r"""(?P<head>!\[[^\]]*\]\(\s*)<?(?P<name>[^)\s>]+)|<img\b[^>]*?\bsrc\s*=\s*["']?(?P<src>[^"'\s>]+)""",
    re.IGNORECASE,
)
_KINDS = {
    b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"<svg": "image/svg+xml",
}  # fmt: skip
_LARGEST_PICTURE = 20_000_000
_LONGEST_NAME = 255
_MOST_FILES = 1000


def read_notebook(path: Path, *, outputs: bool = True) -> nbformat.NotebookNode:
    """Read a notebook file, also one whose cells lack metadata or hold more than the format knows.

    Parameters
    ----------
    path : Path
        The file.
    outputs : bool
        Whether the stored outputs are wanted; else they are dropped, whatever they hold.

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
        return _notebook(open_bytes(path).decode("utf-8-sig"), outputs=outputs)
    except nbformat.ValidationError as fault:
        where = list(fault.relative_path)
        cell = where[1] + 1 if where[:1] == ["cells"] and where[1:] else None
        no_kind = "its cell_type, or the output_type of an output, is none of the format's"
        raise _unreadable(path, no_kind if fault.validator == "oneOf" else fault.message, cell) from fault
    except OSError as fault:
        raise _unreadable(path, fault.strerror or str(fault)) from fault
    except Exception as fault:  # nbformat raises whatever an old or odd notebook makes it
        raise _unreadable(path, str(fault) or repr(fault)) from fault


def _notebook(text: str, *, outputs: bool) -> nbformat.NotebookNode:
    content = json.loads(text)
    _fill_in(content, outputs=outputs)
    # as nbformat.read does, which only logs what breaks the schema
    found = nbformat.reader.reads(json.dumps(content))  # type: ignore[no-untyped-call]
    newest = nbformat.current_nbformat
    converted = nbformat.convert(found, newest)  # type: ignore[no-untyped-call]
    # a notebook of an older format is made of another kind of nodes, which papermill takes for a path
    notebook: nbformat.NotebookNode = nbformat.from_dict(converted)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook, relax_add_props=True)
    if _deep(notebook):
        raise ValueError(f"lists and tables stand more than {_DEEPEST} deep in one another")
    json.dumps(notebook, ensure_ascii=False).encode()  # halves of letters can't be written
    return notebook


def _fill_in(content: Any, *, outputs: bool) -> None:  # noqa: ANN401 -- whatever the file holds
    """Give a notebook what other programs leave out; a file that isn't of this form is told later."""
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list):
        return
    metadata = content.setdefault("metadata", {})
    if isinstance(metadata, dict) and isinstance(metadata.get("kernelspec"), dict):
        metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", **metadata["kernelspec"]}
    newest = nbformat.current_nbformat, nbformat.current_nbformat_minor
    with_ids = (content.get("nbformat"), content.get("nbformat_minor")) == newest
    for number, cell in enumerate(cells, start=1):
        if isinstance(cell, dict):
            cell.setdefault("metadata", {})
            if with_ids:
                cell.setdefault("id", f"unnamed-{number}")
            if cell.get("cell_type") == "code":
                cell["outputs"] = cell.get("outputs", []) if outputs else []
                cell.setdefault("execution_count", None)


def _deep(value: object, left: int = _DEEPEST) -> bool:
    within = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return left == 0 or any(_deep(one, left - 1) for one in within)


def _unreadable(path: Path, why: str, cell: int | None = None) -> ReportError:
    return ReportError(path.name, f"is no readable notebook: {textwrap.shorten(why, 200)}", cell)


def source_of(path: Path) -> nbformat.NotebookNode:
    """Read a Python notebook without the outputs that are stored in it.

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
        If the file can't be read, is no notebook, or is written in another language.
    """
    try:
        about = path.stat()
    except OSError:
        return read_notebook(path, outputs=False)
    return copy.deepcopy(_source(path, (about.st_mtime_ns, about.st_size)))


@lru_cache(maxsize=64)
def _source(path: Path, stamp: tuple[int, int]) -> nbformat.NotebookNode:
    del stamp
    notebook = read_notebook(path, outputs=False)
    metadata = notebook.metadata
    language = metadata.get("kernelspec", {}).get("language") or metadata.get("language_info", {}).get("name")
    if language and str(language).lower() not in {"python", "python3", "ipython"}:
        raise ReportError(path.name, f"is a notebook in {language}; reports run notebooks in Python")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
    return notebook


def plain_python(source: str) -> str:
    """Return the code of a cell with IPython's own lines left blank."""
    if source.lstrip().startswith("%%"):
        return ""
    return "\n".join("" if _MAGIC.match(line) else line for line in source.split("\n"))


def beside(path: Path, data: Path | None = None) -> dict[str, Path]:
    """Return the files beside a notebook that it uses, by their paths from its folder on, or by whole paths.

    Those are the modules and packages that it imports, with what these import, the pictures in its words, and
    what its code names: files, all that is in a folder, what a pattern or an f-string can stand for, words of
    a line for the shell; all that is there, but for notebooks, where it lists its folder. The data folder's
    are among them, by their whole paths where the code names them so. What is only found while it runs isn't
    seen.

    Parameters
    ----------
    path : Path
        The notebook.
    data : Path, optional
        The data folder; the study's where it is None.

    Raises
    ------
    ReportError
        If it can't be read, or lists a folder of too many files.
    """
    folder = Folder(path.resolve().parent, (data or data_folder()).resolve())
    found: dict[str, Path] = {}
    codes: list[str] = []
    for cell in source_of(path).cells:
        if cell.cell_type == "code":
            codes += [cell.source]
        elif cell.cell_type == "markdown":
            names = (one["name"] or one["src"] for one in _PICTURE.finditer(cell.source))
            found.update(folder.files(map(unquote, names)))
    while codes:
        source = codes.pop()
        texts, modules, patterns, listed = _used(source)
        named = {**folder.files(texts), **folder.matching(patterns), **folder.modules(modules)}
        for pattern, surely in listed:
            there = folder.within(folder.own, pattern)
            if there is None and surely:
                what = f"its code looks for {pattern!r} in a folder of more than {_MOST_FILES:,} files"
                raise ReportError(path.name, f"{what}; give it the folder as a parameter with [file]")
            named |= there or {}
        for name, file in named.items():
            if name not in found:
                found[name] = file
                if file.suffix == ".py":
                    with suppress(OSError, ValueError):
                        codes.append(file.read_text(encoding="utf-8"))
    return dict(sorted(found.items()))


def _used(source: str) -> tuple[set[str], set[str], set[str], set[tuple[str, bool]]]:
    """Return the texts that a piece of code holds, modules it imports, patterns of files, and `_listed`."""
    texts, modules, patterns, listed = set[str](), set[str](), set[str](), set[tuple[str, bool]]()
    for name in _RUN.findall(source):
        texts |= {name, f"{name}.py"}
        modules.add(name)
    whole = source.lstrip().startswith("%%")
    texts.update(*(_WORD.findall(line) for line in source.split("\n") if whole or _MAGIC.match(line)))
    try:
        # below %%time and the like stands Python
        tree = ast.parse(plain_python(source.lstrip().partition("\n")[2] if whole else source))
    except _NO_PYTHON:
        return texts, modules, patterns, listed
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.add(node.value)
            modules.add(node.value)  # importlib.import_module("name")
        elif isinstance(node, ast.JoinedStr):
            parts = (one.value if isinstance(one, ast.Constant) else None for one in node.values)
            patterns.add("".join("*" if one is None else escape(str(one)) for one in parts))
        elif isinstance(node, ast.Call):
            listed |= set(_listed(node))
    return texts, modules, patterns | texts, listed


def _listed(call: ast.Call) -> Iterator[tuple[str, bool]]:
    """Yield what a call looks for in the notebook's folder, and whether it surely means that folder."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    base = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    base = base.removeprefix("pathlib.")
    if name not in _LOOKING or (name == "walk" and base not in _BASES):
        return
    if base.startswith("Path(") and base not in _BASES:
        return  # a folder that is named
    asked = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if not _LOOKING[name]:
        yield from ((f"**/{one}" if name == "rglob" else one, base in _BASES) for one in asked)
    elif asked in ([], ["."]):
        yield _LOOKING[name], base in _BASES and len(call.args) == len(asked)


@dataclass(frozen=True)
class Folder:
    """A notebook's own folder, and that of the data, named from its own on (``../data``) or whole."""

    own: Path
    data: Path

    def _has(self, place: Path) -> bool:
        return self.own in place.parents or self.data in (place, *place.parents)

    def _name(self, path: Path, file: Path) -> PurePath:
        """Return a file's path from the notebook's folder on; of what the code named so, the whole one."""
        return next((one.relative_to(self.own) for one in (path, file) if one.is_relative_to(self.own)), file)

    def files(self, names: Iterable[str]) -> dict[str, Path]:
        """Return the files that texts name, and those in folders that texts name."""
        found: dict[str, Path] = {}
        for name in names:
            if not name or len(name) > _LONGEST_NAME or ".." in Path(name).parts[1:]:
                continue
            with suppress(OSError, ValueError, RuntimeError):
                path, place = self.own / name, (self.own / name).resolve()
                if self._has(place) and (path.is_relative_to(self.own) or Path(name).is_absolute()):
                    if place.is_file():
                        found[self._name(path, place).as_posix()] = place
                    else:
                        found |= self.within(path, "**/*") or {}
        return found

    def matching(self, patterns: Iterable[str]) -> dict[str, Path]:
        """Return the files that patterns can stand for; ``*/*`` may as well be a fraction."""
        found: dict[str, Path] = {}
        for pattern in patterns:
            if "*" in pattern and re.search(r"[./]", pattern) and re.search(r"\w", pattern):
                found |= self.within(self.own, pattern) or {}
        return found

    def within(self, place: Path, pattern: str) -> dict[str, Path] | None:
        """Return the files that match, and those in folders that do; None where they are too many."""
        found: dict[str, Path] = {}
        with suppress(OSError, ValueError, RuntimeError, NotImplementedError):
            if (whole := Path(pattern)).is_absolute():
                place = self.own if whole.is_relative_to(self.own) else self.data
                pattern = whole.relative_to(place).as_posix()
            for one in place.glob(pattern) if ".." not in Path(pattern).parts[1:] else ():
                for path, file in ((each, each.resolve()) for each in (one, *one.rglob("*"))):
                    if not self._has(file) or path.suffix == ".ipynb" or not file.is_file():
                        continue
                    name = self._name(path, file)
                    inside = name.relative_to(self.data) if name.is_absolute() else name
                    if not any(re.match(r"\.(?!\.$)|__pycache__$", part) for part in inside.parts):
                        found[name.as_posix()] = file
                    if len(found) > _MOST_FILES:
                        return None
        return found

    def modules(self, names: set[str]) -> dict[str, Path]:
        """Return the files of modules and packages that lie beside the notebook."""
        found = {}
        for top in {name.split(".")[0] for name in names if name.split(".")[0].isidentifier()}:
            module, package = self.own / f"{top}.py", self.own / top
            if module.is_file():
                found[module.name] = module.resolve()
            elif (package / "__init__.py").is_file() or any(package.glob("*.py")):
                for file in package.rglob("*"):
                    if file.is_file() and "__pycache__" not in file.parts:
                        found[file.relative_to(self.own).as_posix()] = file.resolve()
        return found


def embed_pictures(notebook: nbformat.NotebookNode, files: dict[str, Path]) -> None:
    """Make pictures that lie beside a notebook attachments of its cells, so that it shows them anywhere.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place.
    files : dict of str to Path
        As :func:`beside` returns them.
    """
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        attached = dict(cell.get("attachments", {}))

        def known(found: re.Match[str], attached: dict[str, dict[str, str]] = attached) -> str:
            name = found["name"] or found["src"]
            file = files.get(PurePosixPath(unquote(name)).as_posix())
            if file is not None and (picture := _picture(file)):
                attached[name] = picture
                return f"{found['head']}attachment:{name}" if found["name"] else found[0]
            return found[0]

        source = _PICTURE.sub(known, cell.source)
        if attached:
            cell.source, cell["attachments"] = source, attached


def _picture(file: Path) -> dict[str, str]:
    """Return a picture as an attachment holds it; nothing where it is none, or too large for a page."""
    with suppress(OSError):
        if file.stat().st_size <= _LARGEST_PICTURE:
            content = file.read_bytes()
            head = content[:200].lstrip()
            kind = next((kind for sign, kind in _KINDS.items() if head.startswith(sign)), "")
            kind = kind or ("image/svg+xml" if head.startswith(b"<?xml") and b"<svg" in content else "")
            return {kind: base64.b64encode(content).decode()} if kind else {}
    return {}


_PACKAGE = Path(__file__).resolve().parents[3]
# The file that IPython pretends a cell to be; its numbers are others at each run.
_CELL = r"(?P<cell>(?:tmp[/\\])?ipykernel_\d+[/\\]\d+\.py)?"


def hide_places(cell: NotebookNode, folders: Iterable[Path]) -> None:
    """Name files in a cell's streams and errors from where Python finds them, not from where they lie here.

    Parameters
    ----------
    cell : NotebookNode
        A code cell; its outputs are changed. Results are the notebook's own and stay as they are.
    folders : iterable of Path
        What else belongs to this run or this machine.
    """
    places = tuple(folders)
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            output.text = without_places(output.text, places)
        elif output.output_type == "error":
            output.evalue = without_places(output.evalue, places)
            output.traceback = [without_places(line, places) for line in output.traceback]


def without_places(text: str, folders: Iterable[Path]) -> str:
    """Return a text with files named from where Python finds them.

    Parameters
    ----------
    text : str
        Anything.
    folders : iterable of Path
        What belongs to this run or this machine, besides Python, our package and folders for temporary files.
    """
    pattern = _places(tuple(map(str, folders)))
    return pattern.sub(lambda place: "<cell>" if place["cell"] else "~/" if place["home"] else "", text)


@cache
def _places(folders: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds the beginnings of paths that say something of this machine."""
    home = os.path.expanduser("~")  # noqa: PTH111 -- text
    paths = sysconfig.get_paths()
    known = [*folders, *(paths[name] for name in ("purelib", "platlib", "stdlib", "data")), str(_PACKAGE)]
    known += [sysconfig.get_config_var("base") or "", tempfile.gettempdir()]
    both = {*filter(None, known), *(os.path.realpath(one) for one in known if one)}
    # IPython writes ~ for the home folder.
    both |= {f"~{one.removeprefix(home)}" for one in both if one.startswith(f"{home}/")}
    longest = sorted((re.escape(one) for one in both if len(one) > 1), key=len, reverse=True)
    # Each alternative begins with letters that are known: the time grows with the text, not with its square.
    return re.compile(rf"(?:{'|'.join(longest)})[/\\]{_CELL}|(?P<home>{re.escape(home)}[/\\])")


def join_streams(cell: NotebookNode) -> None:
    """Join what a cell printed between two things that it shows, standard output before standard error.

    As on a terminal, what stands before a carriage return is written over; how often a kernel sends what was
    printed, and which of two streams first, is chance, and must not make two notebooks differ.

    Parameters
    ----------
    cell : NotebookNode
        A code cell; its outputs are changed.
    """
    # nbclient's own `coalesce_streams` takes the square of a line's length for its search for carriage
    # returns: one line of a few hundred thousand letters stops the whole process for minutes
    kept: list[NotebookNode] = []
    for printed, outputs in groupby(cell.get("outputs", []), lambda one: one.output_type == "stream"):
        if not printed:
            kept += outputs
            continue
        streams: dict[str, list[NotebookNode]] = {}
        for output in outputs:
            streams.setdefault(output.name, []).append(output)
        for _, same in sorted(streams.items(), reverse=True):
            lines = "".join(one.text for one in same).split("\n")
            same[0].text = "\n".join(map(_written_over, lines))
            kept.append(same[0])
    if kept:
        cell.outputs = kept


def _written_over(line: str) -> str:
    """Return what is left of a line after its last carriage return; one at the very end moves nothing."""
    return line[line.rfind("\r", 0, -1) + 1 :]
