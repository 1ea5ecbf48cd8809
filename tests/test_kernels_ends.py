"""However makers, warm processes and kernels end, nothing is left behind, and the next kernel starts."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
import uuid
from multiprocessing import get_context
from pathlib import Path

import pytest
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from cbanalysis.batch.kernels import warm_kernels
from cbanalysis.batch.kernels.provisioner import ForkedKernel
from cbanalysis.batch.kernels.warm_process_owner import own, say_once, unsupported
from kernel_helpers import MARK, ask, kernel, leftovers, marked, runs, short_folder, soon
from report_runs import command, notebook

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(unsupported()), reason="kernels can't be forked here"),
]

TESTS = Path(__file__).parent
CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
OWNER = """
import os, signal, sys, time
from contextlib import nullcontext
from kernel_helpers import kernel
from cbanalysis.batch.kernels import warm_kernels
from cbanalysis.batch.kernels.provisioner import WarmProvisioner

WarmProvisioner.modules.default_args = ([],)
# a suite that a shell runs in the background inherits an ignored SIGINT
signal.signal(signal.SIGINT, signal.default_int_handler)
shared, ending = sys.argv[1:]
with warm_kernels(()) if shared == "shared" else nullcontext(), kernel() as (manager, client):
    client.execute("import subprocess; subprocess.run(['sleep', '300'])")
    if ending == "with a fork" and os.fork() == 0:
        os.environ["FORK"] = "1"
        time.sleep(300)
    while not os.path.exists(f"/proc/{manager.provisioner.pid}/task/{manager.provisioner.pid}/children"):
        time.sleep(0.01)
    while not open(f"/proc/{manager.provisioner.pid}/task/{manager.provisioner.pid}/children").read():
        time.sleep(0.01)
    print("ready", flush=True)
    if ending == "in order":
        sys.exit(0)
    if ending == "without cleaning":
        os._exit(1)
    time.sleep(300)
"""


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Give a folder for temporary files, to a process that has started no warm process yet."""
    assert tmp_path.exists()
    with short_folder() as folder:
        monkeypatch.setenv("TMPDIR", str(folder))
        monkeypatch.setattr("tempfile.tempdir", None)
        monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
        own.cache_clear()
        say_once.cache_clear()
        yield folder


def start(place: Path, mark: str, shared: str, ending: str) -> subprocess.Popen:
    """Start an owner with a busy kernel in a process of its own."""
    environment = {
        **os.environ,
        MARK: mark,
        "TMPDIR": str(place),
        "PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")]),
        "JUPYTER_DEFAULT_PROVISIONER_NAME": "cbanalysis-warm",
    }
    command = [sys.executable, "-c", OWNER, shared, ending]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout.readline() == "ready\n"
    return process


def parent(process: int) -> int:
    """Return a process's parent."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


@pytest.mark.parametrize(
    ("shared", "ending"),
    [
        ("shared", "in order"),
        ("shared", "without cleaning"),
        pytest.param("shared", signal.SIGINT, marks=pytest.mark.whole),
        pytest.param("shared", signal.SIGTERM, marks=pytest.mark.whole),
        ("shared", signal.SIGKILL),
        pytest.param("own", "in order", marks=pytest.mark.whole),
        ("own", signal.SIGKILL),
    ],
)
def test_nothing_outlives_the_owner(place: Path, shared: str, ending: str | signal.Signals) -> None:
    """No process, socket or file is left after any end of the owner, even in the middle of a cell."""
    mark = uuid.uuid4().hex
    with start(place, mark, shared, str(ending)) as owner:
        # The owner, the warm process, the kernel, and what its cell has started.
        assert isinstance(ending, str) or len(marked(mark)) == 4
        if isinstance(ending, signal.Signals):
            owner.send_signal(ending)
        owner.wait(60)
        assert soon(lambda: not marked(mark)), marked(mark)
        assert soon(lambda: not leftovers(place)), leftovers(place)


STARTER = """
import os, subprocess, sys
from cbanalysis.batch.kernels.provisioner import APPLICATION

environment = {**os.environ, "JPY_PARENT_PID": str(os.getpid())}
command = [sys.executable, "-m", APPLICATION, "-f", "kernel.json"]
kernel = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
if os.path.isdir("in vain"):
    while b"already in use" not in kernel.stderr.readline():
        pass
"""
# Who takes over the children of those that end, as some systems' first processes of a session do.
HEIR = """
import ctypes, subprocess, sys, time
assert ctypes.CDLL(None).prctl(36, 1, 0, 0, 0) == 0
subprocess.run([sys.executable, "-c", sys.argv[1]], check=True)
print("ended", flush=True)
time.sleep(300)
"""


@pytest.mark.parametrize("bound", [True, False])
def test_an_ordinary_kernel_ends_with_its_starter(place: Path, tmp_path: Path, bound: bool) -> None:  # noqa: FBT001
    """It does though it is still starting or can't bind its sockets, and another process takes it over."""
    mark = uuid.uuid4().hex
    ports = {f"{channel}_port": number for number, channel in enumerate(CHANNELS, start=1)}
    file = {
        "transport": "ipc",
        "ip": str(place / "k"),
        "key": "a",
        "signature_scheme": "hmac-sha256",
        **ports,
    }
    (tmp_path / "kernel.json").write_text(json.dumps(file))
    if not bound:
        # A folder where the second socket is to be.
        (place / "k-2").mkdir()
        (tmp_path / "in vain").mkdir()
    command = [sys.executable, "-c", HEIR, STARTER]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, MARK: mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as heir:
        assert heir.stdout.readline() == b"ended\n"
        try:
            # What has ended waits for the heir to ask how; it has no command any more.
            assert soon(lambda: "ordinary" not in " ".join(marked(mark).values())), marked(mark)
        finally:
            for process in marked(mark):
                os.kill(process, signal.SIGKILL)


NAPPING = """
import time
from cbanalysis.batch.kernels import warm_kernels

with warm_kernels(["naps:take"] * 200):
    print("ready", flush=True)
    time.sleep(300)
"""


def test_an_owner_is_missed_before_all_is_imported(place: Path, tmp_path: Path) -> None:
    """The process that would warm up for a minute ends between two imports when its owner is killed."""
    napping = tmp_path / "napping"
    (tmp_path / "naps.py").write_text(
        f"import pathlib, time\ndef take(): pathlib.Path({str(napping)!r}).touch(); time.sleep(0.3)\n"
    )
    mark = uuid.uuid4().hex
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, MARK: mark, "TMPDIR": str(place), "PYTHONPATH": path}
    with subprocess.Popen(
        [sys.executable, "-c", NAPPING], env=environment, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout.readline() == "ready\n"
        assert soon(napping.exists, 60)  # it has seen its owner alive and is at its imports
        assert len(marked(mark)) == 2
        owner.kill()
        owner.wait(60)
        assert soon(lambda: not marked(mark)), marked(mark)
        assert leftovers(place) == []


def test_a_first_kernel_does_not_wait_for_all_imports(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is forked from what is there and imports the rest itself, as no later kernel has to."""
    (tmp_path / "slow.py").write_text(
        "import os, time\nend = time.monotonic() + 60\n"
        f"while not os.path.exists({str(tmp_path / 'go')!r}) and time.monotonic() < end: time.sleep(0.02)\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setattr(
        "cbanalysis.batch.kernels.provisioner.WarmProvisioner.modules.default_args", (["slow"],)
    )
    imported = "'slow' in __import__('sys').modules"
    with kernel("cbanalysis-warm") as (manager, client):
        assert isinstance(manager.provisioner.process, ForkedKernel)
        assert ask(client, imported) is False
        (tmp_path / "go").touch()
        with kernel("cbanalysis-warm") as (_, later):
            assert ask(later, imported) is True
    own(os.getpid(), ("slow",), 2)._process.stop()
    assert leftovers(place) == []


def test_a_fork_of_the_owner_does_not_keep_kernels_alive(place: Path) -> None:
    """A child that has inherited the owner's open files doesn't count as the owner."""
    mark = uuid.uuid4().hex
    with start(place, mark, "shared", "with a fork") as owner:
        owner.kill()
        owner.wait(60)
        assert soon(lambda: len(marked(mark)) == 1), marked(mark)
        (fork,) = marked(mark)
        os.kill(fork, signal.SIGKILL)


def test_what_a_killed_warm_process_left_is_removed_by_the_next(place: Path) -> None:
    """When owner and warm process are killed at once, the folders stay until a warm process starts again."""
    mark = uuid.uuid4().hex
    with start(place, mark, "shared", "killed") as owner:
        (warm,) = [process for process in marked(mark) if parent(process) == owner.pid]
        os.kill(owner.pid, signal.SIGSTOP)
        os.kill(warm, signal.SIGKILL)
        owner.kill()
        owner.wait(60)
    # The kernel goes with its parent; what its cell has started is nobody's child, as with any kernel.
    assert soon(lambda: all("sleep" in command for command in marked(mark).values())), marked(mark)
    for process in marked(mark):
        os.kill(process, signal.SIGKILL)
    old = leftovers(place)
    assert len(old) == 2
    with warm_kernels(()):
        assert not set(old) & set(leftovers(place))
    assert leftovers(place) == []


HANDLING = """
import os, signal, time
from pathlib import Path
def end(*_):
    Path("term").touch()
    os._exit(0)
signal.signal(signal.SIGTERM, end)
Path("begun").touch()
try:
    time.sleep(300)
finally:
    Path("finally").touch()
"""


def _start_and_handle(folder: str) -> None:
    with kernel(cwd=folder) as (_, client):
        client.execute(HANDLING)
        time.sleep(300)


def test_a_kernel_whose_maker_is_killed_may_still_clear_up(place: Path, tmp_path: Path) -> None:
    """Its `finally` and its handler of SIGTERM run before it is gone."""
    context = get_context("spawn")
    with warm_kernels(()) as warm:
        worker = context.Process(target=_start_and_handle, args=(str(tmp_path),))
        worker.start()
        assert soon((tmp_path / "begun").exists, 60)
        worker.kill()
        worker.join()
        assert soon(lambda: warm.status().kernels == ())
    assert {path.name for path in tmp_path.iterdir()} == {"begun", "finally", "term"}
    assert leftovers(place) == []


def test_a_kernel_that_won_t_end_is_killed(place: Path, tmp_path: Path) -> None:
    """Two seconds after its maker is gone, whatever it makes of signals."""
    context = get_context("spawn")
    deaf = tmp_path / "deaf"
    deaf.mkdir()
    with warm_kernels(()) as warm:
        worker = context.Process(target=_start_deaf, args=(str(deaf),))
        worker.start()
        assert soon((deaf / "begun").exists, 60)
        worker.kill()
        worker.join()
    assert warm.process is not None
    assert leftovers(place) == []


def _start_deaf(folder: str) -> None:
    code = HANDLING.replace("def end(*_):", "def end(*_):\n    return").replace(
        "time.sleep(300)", "signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(300)"
    )
    with kernel(cwd=folder) as (_, client):
        client.execute(code)
        time.sleep(300)


@pytest.mark.parametrize("number", [pytest.param(signal.SIGHUP, marks=pytest.mark.whole), signal.SIGINT])
@pytest.mark.whole
def test_a_batch_that_is_stopped_leaves_nothing(place: Path, tmp_path: Path, number: signal.Signals) -> None:
    """A closed terminal, a wish to end and Ctrl-C: notebooks clear up, kernels and folders are gone."""
    (tmp_path / "notebooks").mkdir()
    notebook(tmp_path / "notebooks" / "20_long.ipynb", HANDLING.replace('"', "'"))
    batch = subprocess.Popen(
        command(tmp_path / "notebooks", "report"), cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    assert soon(lambda: any((tmp_path / "outputs").glob(".making-*/**/begun")), 90)
    batch.send_signal(number)
    _, said = batch.communicate(timeout=60)
    assert batch.returncode == 130
    assert said.splitlines()[-1].startswith("stopped: 1 of 1 reports not made")
    assert "Traceback" not in said
    assert leftovers(place) == []
    assert not [path for path in (tmp_path / "outputs").iterdir() if path.name.startswith(".making-")]


def _start_and_sleep(connection) -> None:
    with kernel() as (manager, _):
        connection.send(manager.provisioner.pid)
        time.sleep(300)


def test_a_killed_worker_takes_its_kernel_along(place: Path) -> None:
    """The warm process goes on for the other workers, and removes what the dead one left."""
    context = get_context("spawn")
    with warm_kernels(()) as warm:
        ours, theirs = context.Pipe()
        worker = context.Process(target=_start_and_sleep, args=(theirs,))
        worker.start()
        pid = ours.recv()
        assert warm.status().kernels == (pid,)
        assert len(leftovers(place)) == 2
        worker.kill()
        worker.join()
        assert soon(lambda: warm.status().kernels == ())
        assert soon(lambda: len(leftovers(place)) == 1), leftovers(place)
        with kernel() as (_, client):
            assert ask(client, "1") == 1
    assert leftovers(place) == []


def _lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "cbanalysis.batch.kernels"]


def test_a_warm_process_that_dies_is_started_once_again(
    place: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its kernels are noticed as dead; the third kernel is an ordinary one, and one line says why."""
    monkeypatch.setattr("cbanalysis.batch.kernels.provisioner.WarmProvisioner.modules.default_args", ([],))
    caplog.set_level(logging.WARNING, "cbanalysis.batch.kernels")
    for _ in range(2):
        with kernel("cbanalysis-warm") as (manager, client):
            parent = ask(client, "__import__('os').getppid()")
            assert parent != os.getpid()
            os.kill(parent, signal.SIGKILL)
            assert soon(lambda manager=manager: not manager.is_alive())
            assert manager.provisioner.process.poll() == -signal.SIGKILL
    assert _lines(caplog) == []
    for _ in range(2):
        with kernel("cbanalysis-warm") as (manager, client):
            assert not isinstance(manager.provisioner.process, ForkedKernel)
            assert ask(client, "__import__('os').getppid()") == os.getpid()
    assert _lines(caplog) == ["an ordinary kernel is used: the warm process ended again"]
    # The last one's folder goes with the owner, or with the next start.
    assert all(name.startswith("cbanalysis-warm") for name in leftovers(place))


def test_a_warm_process_whose_socket_was_removed_is_replaced(
    place: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its kernels go on; another is started once, and then kernels are ordinary ones."""
    monkeypatch.setattr("cbanalysis.batch.kernels.provisioner.WarmProvisioner.modules.default_args", ([],))
    mine = own(os.getpid(), (), 2)
    with kernel("cbanalysis-warm") as (_, first):
        Path(mine._process.address).unlink()
        with kernel("cbanalysis-warm") as (manager, second):
            assert isinstance(manager.provisioner.process, ForkedKernel)
            lost = ask(first, "__import__('os').getppid()")
            assert ask(second, "__import__('os').getppid()") not in {lost, os.getpid()}
        Path(mine._process.address).unlink()
        with kernel("cbanalysis-warm") as (manager, _):
            assert not isinstance(manager.provisioner.process, ForkedKernel)
        assert ask(first, "1") == 1
    assert _lines(caplog) == ["an ordinary kernel is used: the warm process ended again"]
    for one in (*mine._retired, mine._process):
        one.stop()
    assert leftovers(place) == []


def test_a_shared_warm_process_that_dies_is_replaced_by_ones_own(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each process that shared it may start one for itself."""
    monkeypatch.setattr("cbanalysis.batch.kernels.provisioner.WarmProvisioner.modules.default_args", ([],))
    with warm_kernels(()) as warm:
        shared = warm.status().pid
        os.kill(shared, signal.SIGKILL)
        with kernel() as (manager, client):
            assert isinstance(manager.provisioner.process, ForkedKernel)
            assert ask(client, "__import__('os').getppid()") not in {shared, os.getpid()}
        assert warm.status() is None
    own(os.getpid(), (), 1)._process.stop()
    assert leftovers(place) == []


def test_a_restarted_kernel_sees_an_edited_module(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new warm process is started when an imported file has changed; kernels of the old one go on."""
    source = tmp_path / "edited.py"
    source.write_text("value = 1\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setattr(
        "cbanalysis.batch.kernels.provisioner.WarmProvisioner.modules.default_args", (["edited"],)
    )
    with kernel("cbanalysis-warm") as (_, old):
        assert ask(old, "edited.value", "import edited, os") == 1
        source.write_text("value = 22\n")
        with kernel("cbanalysis-warm") as (_, new):
            assert ask(new, "edited.value", "import edited, os") == 22
            assert ask(old, "edited.value") == 1
            retired = ask(old, "os.getppid()")
            assert ask(new, "os.getppid()") != retired
    with kernel("cbanalysis-warm") as (_, third):
        assert ask(third, "1") == 1
    # It ended with its last kernel.
    assert soon(lambda: not runs(retired))
    own(os.getpid(), ("edited",), 2)._process.stop()
    assert leftovers(place) == []


def _interrupt(name: str) -> None:
    assert name == "cbanalysis-warm"
    raise KeyboardInterrupt


def test_jupyter_is_as_before_when_the_block_ends(place: Path) -> None:
    """Environment variables and Jupyter's choice of provisioner are put back, also after an error."""
    factory = KernelProvisionerFactory.instance()
    before = dict(os.environ), factory.default_provisioner_name
    with pytest.raises(KeyboardInterrupt), warm_kernels(()):
        _interrupt(factory.default_provisioner_name)
    assert (dict(os.environ), factory.default_provisioner_name) == before
    assert leftovers(place) == []


@pytest.mark.usefixtures("place")
def test_a_factory_made_inside_the_block_forgets_the_name() -> None:
    """Jupyter's factory reads the environment once, maybe while the block runs."""
    KernelProvisionerFactory.clear_instance()
    with warm_kernels(()):
        assert KernelProvisionerFactory.instance().default_provisioner_name == "cbanalysis-warm"
    assert KernelProvisionerFactory.instance().default_provisioner_name == "local-provisioner"
    KernelProvisionerFactory.clear_instance()
