"""What keeps a report's slips away from other folders, tried in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")

SETUP = """
import os, shutil, sqlite3, sys
from pathlib import Path
from cbanalysis.batch.kernels.write_guard import load_ipython_extension
os.chdir(sys.argv[1])
load_ipython_extension(None)
"""
REFUSED = "PermissionError: a report writes only into its own folder, not to "


def tried(place: Path, code: str) -> str:
    """Run code where only one folder may be written to; return the last line of its error, "" without one."""
    (place / "own").mkdir()
    (place / "other" / "a__pycache__").mkdir(parents=True)
    made = subprocess.run(
        [sys.executable, "-c", SETUP + code, str(place)],
        env={**os.environ, "CBANALYSIS_WRITES": str(place / "own"), "HOME": str(place / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    return made.stderr.strip().rpartition("\n")[2]


@pytest.mark.parametrize(
    "code",
    [
        "open('own/a', 'w')",
        "sqlite3.connect('own/a').execute('create table a (b)')",
        "sqlite3.connect(':memory:').execute('create table a (b)')",
        "sqlite3.connect('file:other/a?mode=memory', uri=True)",
        "open('own/a', 'w').close(); sqlite3.connect(f'file:{os.getcwd()}/own/a?mode=ro', uri=True)",
        "open('/dev/null', 'w')",
        "open('/dev/stdout', 'w').write('a')",
        "Path('/proc/self/comm').write_text('a')",
        "if not os.fork():\n    sys.exit(Path('/proc/self/comm').write_text(''))\nassert not os.wait()[1]",
        "Path('other/__pycache__').mkdir(); Path('other/__pycache__/a.pyc').touch()",
    ],
)
def test_a_report_may_do_what_stays_its_own(tmp_path: Path, code: str) -> None:
    """Its folder, databases in memory or only read, devices, its own process and Python's caches are free."""
    assert tried(tmp_path, code) == ""


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("open('other/a', 'w')", "a"),
        ("Path('other/a__pycache__/a').touch()", "a__pycache__/a"),
        ("Path('other/__pycache__/a/b').mkdir(parents=True)", "__pycache__/a/b"),
        ("sqlite3.connect('other/a')", "a; SQLite only reads file:NAME?mode=ro"),
        ("sqlite3.connect(Path('other/a'))", "a; SQLite only reads file:NAME?mode=ro"),
        ("sqlite3.connect('file:other/a%20b', uri=True)", "a b; SQLite only reads file:NAME?mode=ro"),
        ("shutil.rmtree('other')", ""),
    ],
)
def test_a_slip_that_would_change_other_files_is_refused(tmp_path: Path, code: str, name: str) -> None:
    """The error names the file, for a database how it is read."""
    assert tried(tmp_path, code) == f"{REFUSED}{tmp_path / 'other' / name}"
