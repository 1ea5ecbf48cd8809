"""An IPython extension that keeps a kernel from writing outside the folders it was given.

It guards against slips, not against malice: it sees what Python's own functions for files and SQLite do, not
what compiled libraries (Parquet, DuckDB) and other programs write. Folders come from the environment variable
CBANALYSIS_WRITES; without it nothing is guarded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

WRITES = "CBANALYSIS_WRITES"

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Events of the interpreter that change files, and which of their arguments are paths that change.
_CHANGES = {
    "os.link": (1,), "os.mkdir": (0,), "os.remove": (0,), "os.rename": (0, 1), "os.rmdir": (0,),
    "os.symlink": (1,), "os.truncate": (0,), "shutil.rmtree": (0,),
}  # fmt: skip
# What Python and libraries keep to be faster next time.
_CACHE = "__pycache__"
_KEPT = ("~/.cache", "~/.config/matplotlib", "~/.matplotlib")


def load_ipython_extension(shell: object) -> None:
    """Guard this process from now on, if the environment says which folders it may write to.

    Parameters
    ----------
    shell : object
        IPython's shell, as IPython hands it to every extension.
    """
    del shell
    folders = [one for one in os.environ.get(WRITES, "").split(os.pathsep) if one]
    if not folders:
        return
    places = [*folders, os.environ.get("MPLCONFIGDIR", ""), *map(os.path.expanduser, _KEPT)]
    allowed = tuple(os.path.join(os.path.realpath(one), "") for one in places if one)  # noqa: PTH118 -- text

    def hook(event: str, given: Sequence[Any]) -> None:
        if event == "open":
            if isinstance(given[2], int) and given[2] & _WRITING:
                _refuse_unless_allowed(given[0], allowed)
        elif event == "sqlite3.connect":
            _refuse_unless_allowed(_database(given[0]), allowed, "; SQLite only reads file:NAME?mode=ro")
        elif event in _CHANGES:
            for number in _CHANGES[event]:
                _refuse_unless_allowed(given[number], allowed)

    sys.addaudithook(hook)


def _database(name: Any) -> str | None:  # noqa: ANN401 -- whatever sqlite3 takes
    """Return the file that SQLite may change, None where it is told to read only or has no file."""
    text = os.fsdecode(name)
    address = urlsplit(text)
    if address.scheme != "file":
        return None if text in {"", ":memory:"} else text
    reads = {"mode=ro", "mode=memory", "immutable=1"} & set(address.query.split("&"))
    return None if reads or address.path == ":memory:" else unquote(address.path)


def _refuse_unless_allowed(path: Any, allowed: tuple[str, ...], hint: str = "") -> None:  # noqa: ANN401
    if isinstance(path, int) or path is None:
        return
    text = os.path.realpath(os.fsdecode(path))
    # Devices, and this process, whose number may be another one than when the guard was set up.
    free = (*allowed, "/dev/", f"/proc/{os.getpid()}/")
    if f"{text}{os.sep}".startswith(free) or _CACHE in Path(text).parts[-2:]:
        return
    raise PermissionError(f"a report writes only into its own folder, not to {text}{hint}")
