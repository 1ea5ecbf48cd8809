"""What a stranger's notebook gets at, by every way that it could try: which guard refuses what."""

from __future__ import annotations

import ast
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from cbanalysis.batch.kernels import warm_kernels
from cbanalysis.batch.kernels.landlock_and_seccomp import Confinement, Offer, offered
from cbanalysis.batch.reports.kernel_and_worker_starts import KERNEL_ENVIRONMENT
from cbanalysis.batch.reports.many_reports import run
from cbanalysis.batch.reports.reports_and_folders import Report
from cbanalysis.batch.reports.tasks_and_outcomes import Batch
from report_runs import Inline, notebook

OFFER = offered()
needs_landlock = pytest.mark.skipif(not OFFER.files, reason="this system offers no Landlock")
needs_filters = pytest.mark.skipif(not OFFER.sockets, reason="this system offers no filters of system calls")

# Each way returns what it got; what it couldn't get ends in an error.
WAYS = """
import ctypes, os, socket, sqlite3, subprocess
from pathlib import Path
import duckdb

libc = ctypes.CDLL(None, use_errno=True)

def shell(line):
    return subprocess.run(line, shell=True, check=True, capture_output=True, text=True).stdout

def opened(path, flags):
    number = libc.open(os.fsencode(path), flags, 0o600)
    if number < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return os.fdopen(number, "r" if flags == os.O_RDONLY else "w")

READS = {
    "python": lambda path: Path(path).read_text(),
    "subprocess": lambda path: shell(f"cat {path}"),
    "ctypes": lambda path: opened(path, os.O_RDONLY).read(),
    "duckdb": lambda path: duckdb.sql(f"select content from read_text('{path}')").fetchall()[0],
    "link": lambda path: (os.symlink(path, f"to{len(path)}"), Path(f"to{len(path)}").read_text()),
}
WRITES = {
    "python": lambda path: Path(path).write_text("x"),
    "subprocess": lambda path: shell(f"echo x > {path}"),
    "ctypes": lambda path: opened(path, os.O_WRONLY | os.O_CREAT).write("x"),
    "duckdb": lambda path: duckdb.sql(f"copy (select 1) to '{path}'"),
}

def connected(family, kind, address):
    with socket.socket(family, kind) as made:
        made.connect(address)

CONNECTS = {
    "tcp": lambda port: connected(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", port)),
    "udp": lambda port: connected(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", port)),
    "subprocess": lambda port: shell(f"exec 3<>/dev/tcp/127.0.0.1/{port}".join(["bash -c '", "'"])),
    "ctypes": lambda port: 1 / (libc.socket(2, 2, 0) > 0),
    "abstract": lambda port: connected(socket.AF_UNIX, socket.SOCK_STREAM, "\\0cbanalysis-test"),
}

def listened(kind):
    with socket.socket(socket.AF_INET, kind) as made:
        made.bind(("127.0.0.1", 0))

def checked(answer):
    if answer:
        raise OSError(ctypes.get_errno(), "refused")

OTHERS = {
    "python removes": lambda file, process: os.remove(file),
    "subprocess removes": lambda file, process: shell(f"rm {file}"),
    "ctypes removes": lambda file, process: checked(libc.unlink(os.fsencode(file))),
    "renamed": lambda file, process: os.rename(file, "taken"),
    "tcp": lambda file, process: listened(socket.SOCK_STREAM),
    "udp": lambda file, process: listened(socket.SOCK_DGRAM),
    "name": lambda file, process: socket.getaddrinfo("cbanalysis.invalid", 80),
    "python signals": lambda file, process: os.kill(process, 0),
    "subprocess signals": lambda file, process: shell(f"kill -0 {process}"),
    "ctypes signals": lambda file, process: checked(libc.kill(process, 0)),
    "root's": lambda file, process: 1 / int(shell("grep CapEff /proc/self/status").split()[1], 16),
}

def tried(ways, *given):
    got = {}
    for name, way in ways.items():
        try:
            way(*given)
            got[name] = True
        except Exception:
            got[name] = False
    return got
"""
ALL_READS = ("python", "subprocess", "ctypes", "duckdb", "link")
ALL_WRITES = ("python", "subprocess", "ctypes", "duckdb")
ALL_CONNECTS = ("tcp", "udp", "subprocess", "ctypes", "abstract")


def made(
    folder: Path, *sources: str, warm: bool = True, **metadata: object
) -> tuple[list[object], dict[str, object]]:
    """Run a report of these cells; return the values that they end with, and its record."""
    (folder / "notebooks").mkdir()
    path = notebook(folder / "notebooks" / "20_tries.ipynb", WAYS, *sources)
    if metadata:
        content = nbformat.read(path, 4)
        content.metadata["cbanalysis"] = metadata
        nbformat.write(content, path)
    one = Report(path, "20_tries", takes_language=False)
    (outcome,) = run([one], folder / "outputs", Batch(warm=warm), executor=Inline())
    assert outcome.status == "done", outcome
    place = folder / "outputs" / one.folder
    cells = nbformat.read(place / "report.ipynb", 4).cells
    # what a fork prints may come before the value of its cell or behind it
    shown = [output for cell in cells for output in cell.get("outputs", ())]
    results = [output for output in shown if output.output_type == "execute_result"]
    values = [ast.literal_eval(output.data["text/plain"]) for output in results]
    return values, json.loads((place / "run.json").read_text(encoding="utf-8"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home folder with something private in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "private").write_text("secret")
    monkeypatch.setenv("HOME", str(folder))
    return folder


@needs_landlock
def test_files_of_others_are_refused_by_every_way(tmp_path: Path, home: Path) -> None:
    """Neither is the home folder read nor a file written beside the own folder, whatever asks for it."""
    beside = tmp_path / "beside"
    beside.mkdir()
    values, record = made(
        tmp_path,
        f"tried(READS, {str(home / 'private')!r})",
        f"tried(WRITES, {str(beside / 'x')!r})",
        "tried(WRITES, 'own'), tried(READS, 'own')",
    )
    assert values[:2] == [dict.fromkeys(ALL_READS, False), dict.fromkeys(ALL_WRITES, False)]
    assert values[2] == (dict.fromkeys(ALL_WRITES, True), dict.fromkeys(ALL_READS, True))
    assert list(beside.iterdir()) == []
    assert record["guards"]["files"] == f"landlock {OFFER.files}"


@pytest.fixture
def listening():
    """Listen by TCP, by UDP and at an abstract Unix socket; give the port."""
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind("\0cbanalysis-test")
        abstract.listen()
        yield tcp.getsockname()[1]


@needs_landlock
@needs_filters
def test_the_network_is_off_unless_the_notebook_asks_for_it(tmp_path: Path, listening: int) -> None:
    """Its metadata say so; abstract sockets and other processes' signals stay out of reach even then."""
    off, on = tmp_path / "off", tmp_path / "on"
    off.mkdir()
    on.mkdir()
    source = f"tried(CONNECTS, {listening})"
    ((closed,), record) = made(off, source)
    assert closed == dict.fromkeys(ALL_CONNECTS, False)
    assert record["guards"]["network"] == "seccomp"
    ((free,), record) = made(on, source, network=True)
    assert free == {**dict.fromkeys(ALL_CONNECTS, True), "abstract": OFFER.files < 6}
    assert record["guards"]["network"] == "allowed"


@needs_landlock
@needs_filters
@pytest.mark.skipif(OFFER.files < 6, reason="this Landlock lets signals pass")
def test_what_is_others_stays_theirs(tmp_path: Path) -> None:
    """Files aren't removed or moved, nobody is listened for or signalled, and root has no privileges."""
    (tmp_path / "theirs").touch()
    source = f"tried(OTHERS, {str(tmp_path / 'theirs')!r}, {os.getpid()})"
    ((got,), _) = made(tmp_path, source)
    assert len(got) == 11
    assert not any(got.values()), got
    assert (tmp_path / "theirs").exists()


@needs_landlock
@needs_filters
def test_what_notebooks_need_still_works(tmp_path: Path) -> None:
    """Data, charts with their fonts, pools of processes, what they print, temporary files, programs."""
    values, _ = made(
        tmp_path,
        "import cbanalysis as cb\nlen(cb.load_observations()) > 0",
        "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.savefig('c.png')\nPath('c.png').exists()",
        "from multiprocessing import Pool\nwith Pool(2) as pool:\n    got = pool.map(abs, [-1, 2])\ngot",
        "import tempfile\nwith tempfile.NamedTemporaryFile() as file:\n    size = file.write(b'x')\nsize",
        "shell('echo said')",
        "os.stat('/').st_mode > 0, os.cpu_count() > 0",
        "0 if os.fork() else (print('from a fork', flush=True), os._exit(0))",
    )
    assert values == [True, True, [1, 2], 1, "said\n", (True, True), 0]


@needs_landlock
@needs_filters
def test_a_confined_kernel_gets_no_other_kernel(tmp_path: Path) -> None:
    """The warm process, whose kernels are free, answers neither it nor what it has started."""
    with warm_kernels((), KERNEL_ENVIRONMENT) as warm:
        assert warm.process is not None
        asking = (
            "from cbanalysis.batch.kernels.warm_process_owner import connect\n"
            f"try:\n    with connect({warm.process.address!r}) as made:\n"
            """        made.send(b'{"ask": "status"}\\n')\n        answer = made.recv(100)\n"""
            "except OSError:\n    answer = b''\nanswer, os.getppid()"
        )
        ((answer,), _) = made(tmp_path, asking)
        assert answer == (b"", warm.status().pid)


@needs_filters
def test_an_ordinary_kernel_is_confined_too(tmp_path: Path, home: Path) -> None:
    """Where kernels aren't forked, the same guards hold."""
    values, _ = made(tmp_path, f"tried(READS, {str(home / 'private')!r})", warm=False)
    assert values == [dict.fromkeys(ALL_READS, not OFFER.files)]


@pytest.mark.parametrize(
    ("by", "network", "guards"),
    [
        (Offer(7, sockets=True), False, {"files": "landlock 7", "network": "seccomp"}),
        (Offer(4, sockets=False), False, {"files": "landlock 4", "network": "landlock, TCP only"}),
        (Offer(3, sockets=False), False, {"files": "landlock 3", "network": "none"}),
        (Offer(0, sockets=False), False, {"files": "python", "network": "none"}),
        (Offer(0, sockets=True), True, {"files": "python", "network": "allowed"}),
    ],
    ids=["all", "TCP", "files", "nothing", "asked"],
)
def test_a_report_says_which_guards_hold(by: Offer, network: bool, guards: dict[str, str]) -> None:  # noqa: FBT001
    """By the version of Landlock, by filters, and by what the notebook asks for."""
    assert Confinement((), (), network, by).guards() == guards


@pytest.mark.skipif(sys.platform != "linux", reason="confinements are Linux's")
def test_without_an_offer_nothing_is_confined(tmp_path: Path) -> None:
    """A system that has neither is left as it is: Python's own guard stays."""
    order = Confinement((), (), network=False, by=Offer(0, sockets=False)).text()
    module = "cbanalysis.batch.kernels.landlock_and_seccomp"
    code = f"from {module} import confine\nconfine({order!r})\nopen('x', 'w')"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert (tmp_path / "x").exists()


@needs_landlock
def test_a_kernel_that_cannot_be_confined_does_not_run(tmp_path: Path) -> None:
    """A system that refuses what it has offered ends the process before it does anything."""
    order = Confinement((), (), network=False, by=Offer(OFFER.files, sockets=False)).text()
    code = (
        "from cbanalysis.batch.kernels import landlock_and_seccomp\n"
        "landlock_and_seccomp._RESTRICT = 1_000_000\n"
        f"landlock_and_seccomp.confine({order!r})\nopen('x', 'w')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "the system refuses to confine the kernel" in ended.stderr
    assert not (tmp_path / "x").exists()
