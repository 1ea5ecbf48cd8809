"""What a cell prints, joined to one text for each of its two streams, and without paths of this machine.

nbclient can do so itself (``coalesce_streams``), but its search for carriage returns takes the square of a
line's length: one line of a few hundred thousand letters stops the whole process for minutes.
"""

from __future__ import annotations

import os
import re
import sysconfig
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from nbformat import NotebookNode

_BOTH = 2
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
    return pattern.sub(lambda place: "<cell>" if place["cell"] else "~/" * bool(place["home"]), text)


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
    """Join what a cell printed in several messages, standard output before standard error.

    As on a terminal, what stands before a carriage return is written over; how often a kernel sends what was
    printed is chance, and must not make two notebooks differ.

    Parameters
    ----------
    cell : NotebookNode
        A code cell; its outputs are changed.
    """
    texts: dict[str, list[str]] = {}
    kept: list[NotebookNode] = []
    for output in cell.get("outputs", []):
        if output.output_type != "stream":
            kept.append(output)
            continue
        if output.name not in texts:
            kept.append(output)
        texts.setdefault(output.name, []).append(output.text)
    streams = [number for number, output in enumerate(kept) if output.output_type == "stream"]
    for number in streams:
        lines = "".join(texts[kept[number].name]).split("\n")
        kept[number].text = "\n".join(map(_written_over, lines))
    # Which of two streams came first is chance where nothing else came between.
    if len(streams) == len(texts) == _BOTH and streams[1] == streams[0] + 1:
        first = slice(streams[0], streams[1] + 1)
        kept[first] = sorted(kept[first], key=lambda output: str(output.name), reverse=True)
    if streams:
        cell.outputs = kept


def _written_over(line: str) -> str:
    """Return what is left of a line after its last carriage return; one at the very end moves nothing."""
    return line[line.rfind("\r", 0, -1) + 1 :]
