"""The parts of warm kernels one by one: who may be forked from what, private folders, messages, refusals."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from queue import Empty
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from cbanalysis.batch.kernels import (
    WarmProvisioner,
    provisioner,
    warm_kernels,
    warm_process_owner,
    warm_up_before_forks,
)
from cbanalysis.batch.kernels.fork_server import Server, _Maker, _signal, _watch
from cbanalysis.batch.kernels.kernel_manager import QuickKernelClient
from cbanalysis.batch.kernels.private_folders import make_private_folder, sweep
from cbanalysis.batch.kernels.provisioner import ForkedKernel, standard_streams
from cbanalysis.batch.kernels.socket_messages import Launch, Lines, Recipe, line, receive, send
from cbanalysis.batch.kernels.warm_process_owner import Own, own, unsupported
from kernel_helpers import kernel, leftovers, own_port, runs, short_folder, soon

pytestmark = pytest.mark.skipif(bool(unsupported()), reason="kernels can't be forked here")

COMMAND = [sys.executable, "-m", "ipykernel_launcher", "-f", "k.json"]
ORDINARY = [sys.executable, "-m", "cbanalysis.batch.kernels.unforked_kernel", "-f", "k.json"]
texts = st.dictionaries(st.text(min_size=1), st.text())


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Give a folder for temporary files, to a process that has started no warm process yet."""
    assert tmp_path.exists()
    with short_folder() as folder:
        monkeypatch.setenv("TMPDIR", str(folder))
        monkeypatch.setattr("tempfile.tempdir", None)
        own.cache_clear()
        warm_process_owner.say_once.cache_clear()
        yield folder


@pytest.fixture
def ordinary(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> SimpleNamespace:
    """Count ordinary kernels instead of starting them, and the lines that say why."""
    warm_process_owner.say_once.cache_clear()
    caplog.set_level(logging.WARNING, "cbanalysis.batch.kernels")
    found = SimpleNamespace(commands=[], lines=lambda: [record.getMessage() for record in caplog.records])

    async def launch(self: LocalProvisioner, cmd: list[str], **_: object) -> dict:
        assert self.process is None
        found.commands.append(cmd)
        return {}

    monkeypatch.setattr(LocalProvisioner, "launch_kernel", launch)
    return found


def launch(**options: object) -> None:
    """Ask our provisioner for a kernel."""
    asyncio.run(WarmProvisioner(modules=[]).launch_kernel(COMMAND, **options))


# Who may be forked from what


def test_a_recipe_keeps_what_is_read_at_the_start() -> None:
    """Options and variables that an interpreter reads once are kept, all others are left out."""
    environment = {
        "PYTHONHASHSEED": "0",
        "PYTHONSTARTUP": "x",
        "LC_ALL": "C",
        "HOME": "/",
        "MPLBACKEND": "agg",
    }
    recipe = Recipe.of("python", ["-Xfrozen_modules=off", "-O"], environment)
    assert recipe == Recipe("python", ("-O",), {"LC_ALL": "C", "PYTHONHASHSEED": "0"})


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (Recipe("python", ("-O",), {"LANG": "C"}), ""),
        (Recipe("other", ("-O",), {"LANG": "C"}), "the kernel wants other, the warm process is python"),
        (
            Recipe("python", (), {"LANG": "C"}),
            "the kernel wants Python's options (), the warm process has ('-O',)",
        ),
        (
            Recipe("python", ("-O",), {"LANG": "vi", "PYTHONPATH": "secret"}),
            "LANG, PYTHONPATH differs from the warm process's",
        ),
    ],
)
def test_a_difference_is_said_in_words_without_values(other: Recipe, said: str) -> None:
    """What keeps a kernel from being forked is named; values of variables are not."""
    assert Recipe("python", ("-O",), {"LANG": "C"}).difference(other) == said


@pytest.mark.parametrize(
    ("platform", "said"),
    [
        ("linux", ""),
        ("darwin", "macOS's libraries don't bear a fork"),
        ("win32", "win32 can't fork as Linux does"),
    ],
)
def test_only_linux_can_fork_kernels(platform: str, said: str) -> None:
    """Elsewhere there is a reason in words."""
    assert unsupported(platform) == said


# Messages


@settings(max_examples=25, deadline=None)
@given(st.lists(texts), st.integers(1, 50))
def test_messages_come_out_as_they_went_in(messages: list[dict], size: int) -> None:
    """However the bytes are cut, the same messages come out, whatever letters they hold."""
    whole = b"".join(line(message) for message in messages)
    lines = Lines()
    parts = [whole[start : start + size] for start in range(0, len(whole), size)]
    assert [message for part in parts for message in lines.feed(part)] == messages


@settings(max_examples=25, deadline=None)
@given(texts, st.lists(st.text()), st.text())
def test_a_launch_comes_out_as_it_went_in(
    environment: Mapping[str, str], arguments: list[str], folder: str
) -> None:
    """Also with variables that are no valid Unicode, as they come from the system."""
    odd = {**environment, "ODD": os.fsdecode(b"\xff")}
    asked = Launch(Recipe("python", ("-O",), odd), tuple(arguments), folder, odd)
    assert Launch.read(json.loads(line(asked.message()))) == asked


def test_a_line_that_is_no_message_is_an_error() -> None:
    """Only JSON objects are messages."""
    with pytest.raises(ValueError, match="not a message"):
        list(Lines().feed(b"[1]\n"))


def test_open_files_travel_with_a_message() -> None:
    """The other side gets copies that are not handed on to its own children."""
    one, other = socket.socketpair()
    with one, other, Path(os.devnull).open("rb") as file:
        send(one, {"ask": "x" * 100_000}, [file.fileno()])
        part, descriptors = receive(other)
        (copy,) = descriptors
        assert part.startswith(b'{"ask": "xxx')
        assert os.path.samestat(os.fstat(copy), os.fstat(file.fileno()))
        assert os.get_inheritable(copy) is False
        os.close(copy)


@pytest.mark.parametrize("user", [0, 1])
def test_only_the_same_user_may_connect(place: Path, monkeypatch: pytest.MonkeyPatch, user: int) -> None:
    """Neither side talks to a process of another user."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place / "s"))
        listener.listen()
        real = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: real + user)
        if user:
            with pytest.raises(PermissionError, match="another user"):
                warm_process_owner.connect(str(place / "s"))
        else:
            warm_process_owner.connect(str(place / "s")).close()


# Private folders


def test_a_place_is_private_and_stays_while_it_is_locked(place: Path) -> None:
    """Nobody else can enter it, and a sweep leaves it alone until its owner is gone."""
    ours = make_private_folder("kernel")
    assert ours.path.parent == place
    assert ours.path.stat().st_mode & 0o777 == 0o700
    assert sweep() == []
    copy = os.dup(ours.lock)
    ours.unlock()
    ours.unlock()
    assert sweep() == []
    os.close(copy)
    assert sweep() == [ours.path]
    assert leftovers(place) == []


def test_a_sweep_touches_only_what_is_surely_forsaken(place: Path) -> None:
    """Folders that are just being made, that others can enter, and links are not ours to remove."""
    (place / "cbanalysis-new-1").mkdir(0o700)
    (place / "cbanalysis-warm-open").mkdir(0o755)
    (place / "target").mkdir(0o700)
    (place / "cbanalysis-warm-link").symlink_to(place / "target")
    (place / "cbanalysis-warm-odd").mkdir(0o700)
    (place / "cbanalysis-warm-odd" / "lock").symlink_to("elsewhere")
    (place / "cbanalysis-outputs").mkdir(0o700)
    assert sweep() == []
    old = time.time() - 4000
    os.utime(place / "cbanalysis-new-1", (old, old))
    (place / "cbanalysis-warm-odd" / "lock").unlink()
    assert {path.name for path in sweep()} == {"cbanalysis-new-1", "cbanalysis-warm-odd"}


def test_a_long_path_for_temporary_files_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Sockets need short paths; without any, the reason is an error."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ("long" * 20)))
    made = make_private_folder("kernel")
    assert len(str(made.path)) < 60
    made.remove()
    made.remove()


def test_a_folder_for_temporary_files_that_is_gone_is_no_concern(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep looks where there is something to look at."""
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    assert isinstance(sweep(), list)
    with pytest.raises(FileNotFoundError):
        make_private_folder("warm")


# Standard streams


def test_each_kind_of_stream_becomes_an_open_file(tmp_path: Path) -> None:
    """Pipes are open for us at the other end, nothing given means the caller's own streams."""
    with (tmp_path / "log").open("wb") as log:
        streams, closing, pipes = standard_streams(
            {"stdin": subprocess.PIPE, "stdout": log, "stderr": subprocess.STDOUT}
        )
        assert streams[1:] == [log.fileno(), log.fileno()]
        pipes["stdin"].write(b"in")
        assert os.read(streams[0], 2) == b"in"
        assert closing == [streams[0]]
        pipes["stdin"].close()
        os.close(streams[0])
    streams, closing, pipes = standard_streams({"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL})
    os.write(streams[1], b"out")
    assert pipes["stdout"].read(3) == b"out"
    assert os.read(streams[0], 1) == b""
    assert closing == streams
    pipes["stdout"].close()
    for stream in streams:
        os.close(stream)
    streams, closing, _ = standard_streams({"stdin": 0})
    assert (streams, closing) == ([0, 1, 2], [])


# A forked kernel as its maker sees it


def _pair() -> tuple[ForkedKernel, socket.socket]:
    ours, theirs = socket.socketpair()
    return ForkedKernel(ours, {}), theirs


def test_a_kernel_has_ended_when_the_warm_process_says_so() -> None:
    """The code and the memory are those of the message; later signals go nowhere."""
    forked, theirs = _pair()
    with theirs:
        assert forked.poll() is None
        forked.terminate()
        forked.kill()
        assert theirs.recv(1000) == b'{"ask": "signal", "number": 15}\n{"ask": "signal", "number": 9}\n'
        send(theirs, {"say": "started", "pid": 7})
        send(theirs, {"say": "ended", "code": 3, "peak": 4096})
        assert forked.wait() == 3
        assert (forked.pid, forked.peak, forked.connection) == (7, 4096, -1)
        forked.send_signal(2)


def test_a_kernel_whose_warm_process_is_gone_was_killed() -> None:
    """The system kills kernels with their parent."""
    forked, theirs = _pair()
    theirs.close()
    forked.send_signal(2)
    assert forked.poll() == -9


def test_a_broken_connection_counts_as_gone() -> None:
    """Whatever the system says when it is read."""
    forked, theirs = _pair()
    forked.discard()
    forked.connection = os.open(os.devnull, os.O_WRONLY)
    assert forked.poll() == -9
    theirs.close()


def test_waiting_for_a_kernel_ends_in_time() -> None:
    """A kernel that still runs is a timeout, as with any process."""
    forked, theirs = _pair()
    with theirs, pytest.raises(subprocess.TimeoutExpired):
        forked.wait(0.02)
    forked.discard()


# Ordinary kernels, and the line that says why


def test_where_kernels_cannot_be_forked_they_are_ordinary(
    ordinary: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line in the log says so, however many kernels there are."""
    monkeypatch.setattr(provisioner, "unsupported", lambda: "no fork here")
    launch()
    launch()
    assert ordinary.commands == [ORDINARY, ORDINARY]
    assert ordinary.lines() == ["an ordinary kernel is used: no fork here"]


def test_the_block_without_forks_changes_nothing(
    ordinary: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jupyter goes on as usual; the reason is at hand for the one who asked."""
    monkeypatch.setattr("cbanalysis.batch.kernels.warm_process_owner.unsupported", lambda: "no fork here")
    before = dict(os.environ)
    with warm_kernels() as warm:
        assert (warm.environment, warm.reason, warm.status()) == ({}, "no fork here", None)
        assert dict(os.environ) == before
    assert ordinary.lines() == ["ordinary kernels are used: no fork here"]


def test_a_warm_process_that_cannot_be_started_is_a_line(
    place: Path, ordinary: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left of the attempt, shared or not."""

    def no_process(*_: object, **__: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", no_process)
    with warm_kernels() as warm:
        assert warm.reason == "the warm process can't start: no more processes"
    launch()
    assert leftovers(place) == []
    assert ordinary.lines() == [
        "ordinary kernels are used: the warm process can't start: no more processes",
        "an ordinary kernel is used: the warm process can't start: no more processes",
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"independent": True}, "it is to outlive its maker"),
        ({"preexec_fn": print, "umask": 2}, "preexec_fn, umask is given for its process"),
    ],
)
def test_wishes_that_a_fork_cannot_meet(ordinary: SimpleNamespace, options: dict, said: str) -> None:
    """Such kernels are ordinary ones."""
    launch(**options)
    assert ordinary.lines() == [f"an ordinary kernel is used: {said}"]


def test_a_warm_process_of_another_user_is_not_used(
    ordinary: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever keeps the address from being reached is said."""

    def refuse(_: str) -> None:
        raise PermissionError("it belongs to another user")

    monkeypatch.setattr(provisioner, "connect", refuse)
    monkeypatch.setenv("CBANALYSIS_WARM_KERNELS", "/somewhere")
    launch()
    assert ordinary.lines() == [
        "an ordinary kernel is used: the warm process can't be reached: it belongs to another user"
    ]


@pytest.fixture
def odd(place: Path, monkeypatch: pytest.MonkeyPatch):
    """Pretend a shared warm process that behaves as told, where none of one's own may be started."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(place / "odd"))
    listener.listen()
    monkeypatch.setenv("CBANALYSIS_WARM_KERNELS", str(place / "odd"))
    monkeypatch.setattr(provisioner, "own", lambda *_: Own(starts=0))
    with listener:
        yield listener


def test_a_warm_process_that_hangs_up_is_gone(odd: socket.socket, ordinary: SimpleNamespace) -> None:
    """A connection that ends before the kernel is there counts as its death."""

    def hang_up() -> None:
        odd.accept()[0].close()

    answering = threading.Thread(target=hang_up)
    answering.start()
    launch()
    answering.join()
    assert ordinary.lines() == ["an ordinary kernel is used: the warm process ended again"]


def test_a_warm_process_that_says_nothing_is_gone(
    odd: socket.socket, ordinary: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait for a kernel has an end."""
    monkeypatch.setattr(provisioner, "_PATIENCE", 0.01)
    launch()
    odd.accept()[0].close()
    assert ordinary.lines() == ["an ordinary kernel is used: the warm process ended again"]


@pytest.mark.usefixtures("odd")
def test_a_warm_process_that_takes_nothing_is_gone(
    ordinary: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is closed when the order can't be sent."""

    def broken(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(provisioner, "send", broken)
    launch()
    assert ordinary.lines() == ["an ordinary kernel is used: the warm process ended again"]


def test_ones_own_process_is_tried_again_when_it_is_gone(
    ordinary: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may die between the look and the order."""
    addresses = ["/nowhere", "/nowhere", ""]
    lost: list[str] = []
    mine = SimpleNamespace(
        address=lambda *_: addresses.pop(0), last_words=lambda: "Segmentation fault", lose=lost.append
    )
    monkeypatch.setattr(provisioner, "own", lambda *_: mine)
    launch()
    assert (addresses, lost) == ([], ["/nowhere", "/nowhere"])
    said = "an ordinary kernel is used: the warm process ended again (Segmentation fault)"
    assert ordinary.lines() == [said]


# The warm process from within


def _server(**attributes: object) -> Server:
    made = object.__new__(Server)
    for name, value in attributes.items():
        setattr(made, f"_{name}", value)
    return made


def test_a_fork_that_fails_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The maker is told, and starts an ordinary kernel."""

    def no_fork() -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", no_fork)
    recipe = Recipe("python", (), {})
    made = _server(problem="", recipe=recipe, sources=SimpleNamespace(changed=lambda: ""))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        made._launch(_Maker(theirs, None, descriptors=[0, 1, 2]), Launch(recipe, (), "/", {}))
        (answer,) = Lines().feed(ours.recv(1000))
    assert answer["reason"] == "the fork failed: [Errno 11] Resource temporarily unavailable"


def test_a_stranger_is_shown_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection of another user is closed, and one that is gone already is no matter."""
    monkeypatch.setattr("cbanalysis.batch.kernels.fork_server.same_user", lambda _: None)
    ours, theirs = socket.socketpair()
    with ours:
        _server(listener=SimpleNamespace(accept=lambda: (theirs, None)))._accept()
        assert ours.recv(1) == b""

    def gone() -> None:
        raise ConnectionAbortedError

    _server(listener=SimpleNamespace(accept=gone))._accept()


def test_a_wake_without_a_message_is_no_matter() -> None:
    """A connection that turns out to have nothing to say is left as it is."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(0)
        _server()._listen(_Maker(theirs, None))
        assert theirs.fileno() > 0


def test_a_process_that_leads_no_group_is_signalled_itself() -> None:
    """As a kernel is that was forked a moment ago; one that is gone is no matter."""
    with subprocess.Popen(["sleep", "60"]) as sleeper:
        _signal(sleeper.pid, 9)
        assert sleeper.wait(20) == -9
    _signal(sleeper.pid, 9)
    assert _watch(sleeper.pid) is None


STARTS_A_THREAD = (
    "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("modules", "source", "said"),
    [
        (("no_such_module",), "", "no_such_module can't be imported: No module named 'no_such_module'"),
        (("given",), "1 / 0", "given fails: ZeroDivisionError: division by zero"),
        (
            ("given:ready",),
            "def ready(): raise ValueError('not now')",
            "given:ready fails: ValueError: not now",
        ),
        (("given",), STARTS_A_THREAD, "a module starts threads when it is imported: python, python"),
        (
            ("given",),
            "import matplotlib; matplotlib.use('agg'); import matplotlib.pyplot as plt; plt.figure()",
            "a module leaves a pyplot figure behind when it is imported",
        ),
    ],
)
def test_a_process_that_cannot_be_made_ready_says_why(  # noqa: PLR0913, PLR0917 -- fixtures and a case
    place: Path,
    ordinary: SimpleNamespace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    modules: tuple[str, ...],
    source: str,
    said: str,
) -> None:
    """Every kernel is then an ordinary one, and the line names the module."""
    (tmp_path / "given.py").write_text(source + "\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    with warm_kernels(modules) as warm:
        launch()
        assert warm.status().problem.startswith(said)
    assert len(ordinary.commands) == 1
    assert ordinary.lines()[0].startswith(f"an ordinary kernel is used: {said}")
    assert leftovers(place) == []


# A warm process and makers that misbehave


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory):
    """Share one warm process without libraries."""
    assert tmp_path_factory.getbasetemp()
    with warm_kernels(()) as warm:
        assert warm.status().problem == ""
        yield warm


@pytest.mark.slow
@pytest.mark.usefixtures("bare")
def test_other_start_up_variables_need_an_ordinary_kernel(ordinary: SimpleNamespace) -> None:
    """The line names the variable and not its value."""
    launch(env={**os.environ, "PYTHONHASHSEED": "77"})
    assert ordinary.lines() == ["an ordinary kernel is used: PYTHONHASHSEED differs from the warm process's"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "said",
    [
        b"no message\n",
        b"[1]\n",
        b'{"ask": "dance"}\n',
        b'{"ask": "kernel"}\n',
        b'{"ask": "signal", "number": "x"}\n',
    ],
)
def test_a_maker_that_talks_nonsense_is_shown_out(bare, said: bytes) -> None:
    """Its connection is closed, and nobody else notices."""
    with warm_process_owner.connect(bare.process.address) as connection:
        connection.sendall(said)
        if b"signal" not in said:
            assert connection.recv(10) == b""
    assert bare.status().threads == 1


@pytest.mark.slow
def test_a_kernel_without_streams_is_not_forked(bare) -> None:
    """A launch comes with three open files, or not at all."""
    asked = Launch(Recipe.of(sys.executable, [], os.environ), ("-f", "k.json"), "/", dict(os.environ))
    with warm_process_owner.connect(bare.process.address) as connection, Path(os.devnull).open("rb") as file:
        send(connection, asked.message(), [file.fileno(), file.fileno()])
        assert connection.recv(10) == b""


@pytest.mark.slow
def test_a_launch_that_is_given_up_leaves_no_kernel(bare) -> None:
    """When the wait for a kernel is cancelled, the kernel is killed."""

    async def give_up() -> None:
        task = asyncio.create_task(WarmProvisioner().launch_kernel(COMMAND, cwd="/"))
        while not bare.process or bare.status().forked == before:  # noqa: ASYNC110
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    before = bare.status().forked
    asyncio.run(give_up())
    assert soon(lambda: bare.status().kernels == ())


@pytest.mark.slow
@pytest.mark.usefixtures("bare")
def test_a_kernel_that_ends_at_once_is_a_kernel_that_died() -> None:
    """Wrong arguments end the kernel before it is ready; its code tells."""
    made = WarmProvisioner()
    asyncio.run(
        made.launch_kernel(
            [*COMMAND[:3], "--no-such=1"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
    )
    assert asyncio.run(made.poll()) not in (None, 0)
    assert made.process.bound is False


@pytest.mark.slow
@pytest.mark.usefixtures("bare")
def test_a_kernel_is_freed_when_its_maker_hangs_up() -> None:
    """The end of the connection is the end of the kernel."""
    with kernel() as (manager, _):
        pid = manager.provisioner.pid
        manager.provisioner.process.discard()
        assert soon(lambda: not runs(pid))


@pytest.mark.slow
@pytest.mark.usefixtures("bare")
def test_a_chosen_transport_is_left_alone() -> None:
    """Who asks for a port or an address gets it; otherwise the sockets are in a private folder."""
    manager = KernelManager()
    manager.shell_port = own_port()
    manager.start_kernel()
    assert (manager.transport, isinstance(manager.provisioner.process, ForkedKernel)) == ("tcp", True)
    manager.shutdown_kernel(now=True)
    with kernel() as (manager, _):
        folder = Path(manager.connection_file).parent
        assert manager.transport == "ipc"
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


@pytest.mark.slow
def test_a_process_asked_for_its_state_after_its_end_is_an_error(place: Path) -> None:
    """The owner sees the end, and stopping twice does no harm."""
    with warm_kernels(()) as warm:
        assert warm.process.alive()
        warm.process.stop()
        assert not warm.process.alive()
        with pytest.raises(OSError, match="No such file"):
            warm.process.status()
        assert warm.process.last_words() == ""
    assert leftovers(place) == []


@pytest.mark.slow
def test_a_process_that_does_not_end_is_killed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopping takes a moment at the most."""
    monkeypatch.setattr(warm_process_owner, "_PATIENCE", 0.5)
    with warm_kernels(()) as warm:
        pid = warm.status().pid
        os.kill(pid, 19)
        warm.process.stop()
        assert not runs(pid)
    assert leftovers(place) == []


def test_a_fork_of_the_owner_cannot_stop_its_process() -> None:
    """Only the owner may."""
    stranger = object.__new__(warm_process_owner.WarmProcess)
    stranger.owner = os.getpid() + 1
    stranger.stop()


def test_a_process_that_may_not_be_started_again_has_no_address() -> None:
    """After it died too often the address is empty, and there are no last words."""
    spent = Own(starts=0)
    assert spent.address(Recipe("python", (), {}), (), {}) == ""
    assert spent.last_words() == ""
    spent.renew("elsewhere")


# Getting ready


def test_threads_are_counted_as_the_system_does() -> None:
    """A thread that Python has started counts, and has a name."""
    before = len(warm_up_before_forks.threads())
    end = threading.Event()
    threading.Thread(target=end.wait).start()
    assert len(warm_up_before_forks.threads()) == before + 1
    end.set()


def test_changed_sources_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edited or removed file counts, an installed package only by its folder."""
    file = tmp_path / "module.py"
    file.write_text("one")
    monkeypatch.setitem(sys.modules, "cb_module", SimpleNamespace(__file__=str(file)))
    sources = warm_up_before_forks.Sources()
    assert sources.changed() == ""
    file.write_text("three")
    assert sources.changed() == str(file)
    file.unlink()
    assert sources.changed() == str(file)


# The client that doesn't wait for silence


class _Channel:
    def __init__(self, answers: list[dict]) -> None:
        self._answers = answers

    async def get_msg(self, **_: float) -> dict:
        await asyncio.sleep(0)
        if not self._answers:
            raise Empty
        return self._answers.pop(0)


def _message(kind: str, parent: str, **content: str) -> dict:
    return {"msg_type": kind, "parent_header": {"msg_id": parent}, "content": content}


def _client(
    monkeypatch: pytest.MonkeyPatch, shell: list, iopub: list, *, alive: bool = True
) -> QuickKernelClient:
    requests = iter("abcdefgh")
    monkeypatch.setattr(QuickKernelClient, "shell_channel", _Channel(shell))
    monkeypatch.setattr(QuickKernelClient, "iopub_channel", _Channel(iopub))
    monkeypatch.setattr(QuickKernelClient, "kernel_info", lambda _: next(requests))
    monkeypatch.setattr(
        QuickKernelClient, "_handle_kernel_info_reply", lambda self, reply: setattr(self, "seen", reply)
    )

    async def is_alive(_: QuickKernelClient) -> bool:
        await asyncio.sleep(0)
        return alive

    monkeypatch.setattr(QuickKernelClient, "is_alive", is_alive)
    return QuickKernelClient()


def test_ready_means_that_our_own_request_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What belongs to the start or to earlier requests is read away, and nothing after our own idle."""
    reply = _message("kernel_info_reply", "b")
    left = _message("stream", "c")
    shell = [_message("kernel_info_reply", "a"), reply]
    iopub = [
        _message("status", "", execution_state="starting"),
        _message("status", "b", execution_state="busy"),
        _message("status", "b", execution_state="idle"),
        left,
    ]
    # The first request's status is lost: the subscription was too late.
    client = _client(monkeypatch, shell, [])
    channel = QuickKernelClient.iopub_channel

    async def late(**_: float) -> dict:
        channel.get_msg = _Channel(iopub).get_msg
        raise Empty

    channel.get_msg = late
    asyncio.run(client.wait_for_ready(timeout=5))
    assert client.seen is reply
    assert iopub == [left]


@pytest.mark.parametrize(
    ("alive", "said"), [(False, "Kernel died before"), (True, "Kernel didn't respond in 0 seconds")]
)
def test_a_kernel_that_does_not_answer_is_an_error(
    monkeypatch: pytest.MonkeyPatch, said: str, *, alive: bool
) -> None:
    """Whether it died or is only slow is said, in jupyter_client's words."""
    with pytest.raises(RuntimeError, match=said):
        asyncio.run(_client(monkeypatch, [], [], alive=alive).wait_for_ready(timeout=0))


def test_a_package_with_threads_waits_until_a_kernel_wants_it() -> None:
    """While the warm process imports, polars seems not installed; afterwards it can be imported."""
    with warm_up_before_forks.absent(["json_that_is_not_there", "json"]):
        assert sys.modules["json_that_is_not_there"] is None
        assert sys.modules["json"] is json
    assert "json_that_is_not_there" not in sys.modules
