"""Warm kernels are as good as ordinary ones: fresh, isolated, interruptible, and their charts come out."""

from __future__ import annotations

import asyncio
import base64
import gc
import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import nbformat
import papermill
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from jupyter_client.multikernelmanager import AsyncMultiKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from cbanalysis.batch.kernels import (
    KERNEL_NAME,
    QuickKernelManager,
    WarmKernels,
    WarmProvisioner,
    install_kernelspec,
    warm_kernels,
)
from cbanalysis.batch.kernels.provisioner import ForkedKernel
from cbanalysis.batch.kernels.warm_process_owner import MODULES, unsupported
from kernel_helpers import (
    BARE,
    ask,
    environment,
    kernel,
    leftovers,
    notebook,
    outputs,
    parent_of_a_kernel,
    short_folder,
    soon,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(unsupported()), reason="kernels can't be forked here"),
]


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """One warm process with all that reports need, for this file's tests."""
    tmp_path_factory.getbasetemp()  # before there is another folder for temporary files
    with pytest.MonkeyPatch.context() as patch, short_folder() as folder:
        patch.setenv("TMPDIR", str(folder))
        patch.setattr("tempfile.tempdir", None)
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        # Importing the inline backend where there is no kernel yet is what loses charts.
        with warm_kernels((*MODULES, "matplotlib_inline.backend_inline", "tempfile:gettempdir")) as kernels:
            assert kernels.status().problem == ""
            yield kernels
        assert leftovers(folder) == []


def test_two_kernels_share_a_parent_and_nothing_else(warm: WarmKernels) -> None:
    """Variables, environment, folder and random numbers of one kernel are its own."""
    streams = (
        "(__import__('random').random(), __import__('numpy').random.random(), __import__('uuid').uuid4().hex)"
    )
    with kernel() as (first, one), kernel() as (second, other):
        assert isinstance(first.provisioner.process, ForkedKernel)
        assert ask(one, "leak", "import os; leak = 1; os.environ['LEAK'] = '1'; os.chdir('/')") == 1
        assert ask(other, "('leak' in globals(), 'LEAK' in os.environ, os.getcwd())", "import os") == (
            False,
            False,
            str(Path.cwd()),
        )
        assert not set(ask(one, streams)) & set(ask(other, streams))
        processes = {ask(client, "(os.getpid(), os.getppid())", "import os") for client in (one, other)}
        assert processes == {
            (first.provisioner.pid, warm.process._process.pid),
            (second.provisioner.pid, warm.status().pid),
        }
        assert set(warm.status().kernels) == {first.provisioner.pid, second.provisioner.pid}


def test_the_warm_process_keeps_one_thread(warm: WarmKernels) -> None:
    """As the operating system counts them: a fork takes only one thread along."""
    assert warm.status().threads == 1
    assert len(list(Path(f"/proc/{warm.status().pid}/task").iterdir())) == 1


@pytest.mark.usefixtures("warm")
def test_a_cell_can_be_interrupted() -> None:
    """An interrupt ends the cell, and what it has started, but not the kernel."""
    with kernel() as (manager, client):
        client.execute("import subprocess; subprocess.run(['sleep', '60'])", stop_on_error=False)
        assert soon(lambda: "sleep" in _commands(manager.provisioner.pid))
        manager.interrupt_kernel()
        assert client.get_shell_msg(timeout=30)["content"]["ename"] == "KeyboardInterrupt"
        assert ask(client, "1 + 1") == 2
        assert "sleep" not in _commands(manager.provisioner.pid)


def _commands(process: int) -> list[str]:
    answer = subprocess.run(
        ["ps", "-o", "comm=", "-s", str(process)], capture_output=True, text=True, check=False
    )
    return answer.stdout.split()


@pytest.mark.usefixtures("warm")
def test_a_restart_gives_a_fresh_kernel_at_the_same_place() -> None:
    """The client goes on talking to the new process, which knows nothing of the old one."""
    with kernel() as (manager, client):
        before = ask(client, "__import__('os').getpid()", "kept = 1")
        manager.restart_kernel()
        client.wait_for_ready(timeout=60)
        assert ask(client, "'kept' in globals()") is False
        assert ask(client, "__import__('os').getpid()") == manager.provisioner.pid != before


@pytest.mark.usefixtures("warm")
def test_a_kernel_that_ends_itself_is_noticed() -> None:
    """The runner says that the kernel died, and the exit code is known."""
    manager = QuickKernelManager()
    client = NotebookClient(notebook("import os", "os._exit(3)"), km=manager)
    with pytest.raises(DeadKernelError):
        client.execute()
    assert manager.provisioner.process.poll() == 3
    asyncio.run(manager.cleanup_resources())


@pytest.mark.usefixtures("warm")
def test_a_kernel_killed_by_the_system_is_noticed() -> None:
    """Its code is the signal's, negative, as with any process; signals to it are then of no effect."""
    with kernel() as (manager, _):
        os.kill(manager.provisioner.pid, signal.SIGKILL)
        assert soon(lambda: not manager.is_alive())
        assert manager.provisioner.process.poll() == -signal.SIGKILL
        manager.signal_kernel(signal.SIGINT)
        assert soon(lambda: not Path(f"/proc/{manager.provisioner.pid}").exists())


@pytest.mark.usefixtures("warm")
def test_a_kernel_can_be_killed_at_once() -> None:
    """A shutdown without mercy leaves no process."""
    with kernel() as (manager, client):
        process = manager.provisioner.pid
        client.execute("while True: pass")
        manager.shutdown_kernel(now=True)
        assert not manager.is_alive()
        assert not Path(f"/proc/{process}").exists()


@pytest.mark.usefixtures("warm")
def test_a_kernel_says_how_much_memory_it_took() -> None:
    """The peak covers what a cell had and gave back."""
    with kernel() as (small, _), kernel() as (large, client):
        assert ask(client, "size", "held = b'x' * 200_000_000; size = len(held); del held") == 200_000_000
        processes = [one.provisioner.process for one in (small, large)]
        assert processes[1].peak is None
        small.shutdown_kernel()
        large.shutdown_kernel()
        assert 180e6 < processes[1].peak - processes[0].peak < 230e6


@pytest.mark.usefixtures("warm")
def test_folder_and_environment_are_the_callers(tmp_path: Path) -> None:
    """A kernel sees the environment that an ordinary one would, and nothing of the warm process's own."""
    wanted = {**environment(), "TZ": "Asia/Ho_Chi_Minh", "ONLY": "here", "TMPDIR": str(tmp_path)}
    wanted.pop("HOME", None)
    seen = {}
    for provisioner in ("local-provisioner", "cbanalysis-warm"):
        with kernel(provisioner, env=dict(wanted), cwd=str(tmp_path)) as (_, client):
            seen[provisioner] = ask(client, "dict(os.environ)", "import os, time")
            place = ask(client, "(os.getcwd(), time.strftime('%z', time.localtime(0)))")
            assert place == (str(tmp_path), "+0800")
            assert ask(client, "tempfile.gettempdir()", "import tempfile") == str(tmp_path)
            assert ask(client, "os.getsid(0) == os.getpid() == os.getpgid(0)") is True
    seen["local-provisioner"].pop("JPY_PARENT_PID")
    # Of its own it has at the most what imported modules have set, as they would in any kernel.
    assert seen["cbanalysis-warm"].items() >= seen["local-provisioner"].items() >= {("ONLY", "here")}
    added = seen["cbanalysis-warm"].keys() - seen["local-provisioner"].keys()
    assert not [name for name in added if name.startswith(("OPENBLAS", "OMP", "JE_", "JPY", "CBANALYSIS"))]


@pytest.mark.usefixtures("warm")
def test_a_folder_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    """As with ordinary kernels, the start fails and names the folder."""
    manager = KernelManager()
    with pytest.raises(FileNotFoundError, match="nowhere"):
        manager.start_kernel(cwd=str(tmp_path / "nowhere"))
    manager.cleanup_resources()


@pytest.mark.usefixtures("warm")
def test_what_the_kernel_itself_says_goes_where_the_caller_wants(tmp_path: Path) -> None:
    """Standard output and error of the process are the caller's files and pipes."""
    with (
        (tmp_path / "log").open("wb") as log,
        kernel(stderr=log, stdout=subprocess.PIPE) as (manager, client),
    ):
        ask(client, "1", "import os, sys; os.write(sys.stderr._original_stdstream_copy, b'to the log')")
        ask(client, "1", "os.write(sys.stdout._original_stdstream_copy, b'to the pipe')")
        assert manager.provisioner.process.stdout.read(11) == b"to the pipe"
    # at its end the kernel may say that it was interrupted
    assert (tmp_path / "log").read_bytes().startswith(b"to the log")


@pytest.mark.usefixtures("warm")
def test_an_orderly_end_writes_what_was_not_closed(tmp_path: Path) -> None:
    """Exit handlers run, and files that are still open somewhere are written."""
    (tmp_path / "holder.py").write_text("kept = open('held', 'w')\n")
    code = """
import atexit, holder
from pathlib import Path
holder.kept.write("whole")
own = open("own", "w")
own.write("whole")
atexit.register(lambda: Path("left").write_text("said"))
"""
    with kernel(cwd=str(tmp_path)) as (_, client):
        ask(client, "1", code)
    assert [(tmp_path / name).read_text() for name in ("held", "own", "left")] == ["whole", "whole", "said"]


SLOW_TO_SAY_SO = """
import sys, time
kernel = get_ipython().kernel
output = kernel.iopub_thread.io_loop
def close_slowly(close=output.close, sleep=time.sleep, **given):
    sleep(0.5)
    close(**given)
def say_slowly(*given, say=kernel._publish_status_and_flush, sleep=time.sleep, out=sys.stdout):
    if given[1] == "control":
        sleep(0.2)
        out.flush()
    say(*given)
output.close, kernel._publish_status_and_flush = close_slowly, say_slowly
"""


@pytest.mark.usefixtures("warm")
def test_a_kernel_ends_by_itself_though_it_is_slow_to_say_so() -> None:
    """The thread that was told to end may finish what it says before exit handlers stop those it needs."""
    with kernel() as (manager, client):
        ask(client, "1", SLOW_TO_SAY_SO)
        process = manager.provisioner.process
        manager.shutdown_kernel()
        # One that is still there after jupyter_client's patience is killed.
        assert process.returncode == 0


SAME = (
    "import sys, os, time; print('out'); print('error', file=sys.stderr)",
    "import pandas as pd; pd.DataFrame({'tỉnh': ['Bắc Giang', 'Đồng Nai'], 'share': [63.71, None]})",
    "pd.Series([1, 2], name='n').describe()",
    "pd.DataFrame([range(30)])",
    ("1 / 0", "raises-exception"),
    "sys.path, sys.argv[:2], __name__, sys.flags, sys.prefix, sys.executable, sys.stdin.read()",
    "sorted(name for name in globals() if not name.startswith('__'))",
    "from IPython.display import clear_output, display; print('gone'); clear_output(); display({'a': 1})",
    "import matplotlib, matplotlib.pyplot as plt; matplotlib.get_backend(), plt.isinteractive()",
    "plt.plot([1, 3, 2]); plt.title('Tỉ lệ đảng viên')",
    "plt.figure(); plt.hist([1, 1, 2]); plt.show(); print('after')",
    "get_ipython().run_line_magic('matplotlib', 'inline'); plt.figure(figsize=(2, 2)); _ = plt.plot([1])",
    "import seaborn as sns; _ = sns.barplot(x=[1, 2], y=['a', 'b'])",
    """from cbanalysis.display.charts import Chart
chart = Chart(name='n', alt='a chart', frame=pd.DataFrame(), width=3, height=2)
_ = chart.write(0.2, 0.2, 'Chi bộ')
chart""",
    "import logging; logging.warning('careful'); import warnings; warnings.warn('look')",
    "get_ipython().system('echo from a shell'); os.system('echo from below'); time.sleep(1)",
    "import asyncio; await asyncio.sleep(0); asyncio.get_running_loop().is_running()",
    "import multiprocessing as mp; mp.current_process().name, mp.parent_process(), mp.active_children()",
    "import threading; threading.current_thread() is threading.main_thread(), threading.main_thread().name",
    """from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(2) as pool:
    found = list(pool.map(abs, [-1, -2]))
found""",
    "import gc, signal; gc.isenabled(), signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGCHLD)",
    "import pyarrow.compute as pc; pc.sum(pd.array([1, 2], dtype='int64[pyarrow]')._pa_array).as_py()",
    "import numpy as np; a = np.arange(90000.).reshape(300, 300); float((a @ a).sum())",
    ("input('really?')", "raises-exception"),
    "class Shown:\n    def _repr_html_(self): return '<b>shown</b>'\nShown.__module__, Shown()._repr_html_()",
    "_, __, In[1], get_ipython().execution_count",
)


@pytest.mark.usefixtures("warm")
def test_a_notebook_comes_out_as_from_an_ordinary_kernel(tmp_path: Path) -> None:
    """Cell by cell the outputs are the same, pictures byte for byte."""
    made = {}
    for kind, provisioner in (("ordinary", "local-provisioner"), ("warm", "cbanalysis-warm")):
        manager = QuickKernelManager()
        manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": provisioner}
        executed = notebook(*SAME)
        NotebookClient(
            executed, km=manager, resources={"metadata": {"path": str(tmp_path)}}, coalesce_streams=True
        ).execute(env=environment())
        assert isinstance(manager.provisioner.process, ForkedKernel) == (kind == "warm")
        asyncio.run(manager.shutdown_kernel())
        made[kind] = executed
    for cell, one, other in zip(SAME, outputs(made["ordinary"]), outputs(made["warm"]), strict=True):
        assert _plain(other) == _plain(one), cell
    pictures = [
        output.data["image/png"]
        for cell in made["warm"].cells
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]
    assert len(pictures) == 5
    assert all(base64.b64decode(picture).startswith(b"\x89PNG") for picture in pictures)


def _plain(found: list[dict]) -> str:
    """Return outputs without what differs at each run: process ids in file names, addresses."""
    return re.sub(r"ipykernel_\d+/\d+|0x[0-9a-f]+", "…", str(found))


def test_papermill_needs_to_know_nothing(warm: WarmKernels, tmp_path: Path) -> None:
    """A run with a notebook's own kernel name gets a warm kernel."""
    source = notebook(("year = 0", "parameters"), "import os; year, os.getppid()")
    nbformat.write(source, tmp_path / "in.ipynb")
    papermill.execute_notebook(
        tmp_path / "in.ipynb", tmp_path / "out.ipynb", parameters={"year": 2012}, progress_bar=False
    )
    made = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert made.cells[-1].outputs[0].data["text/plain"] == f"(2012, {warm.status().pid})"


def test_worker_processes_share_one_warm_process(warm: WarmKernels) -> None:
    """Workers that were spawned inherit where it listens."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        made = list(pool.map(parent_of_a_kernel, range(4)))
    assert {parent for _, parent in made} == {warm.status().pid}
    assert os.getpid() not in {worker for worker, _ in made}


def test_thirty_kernels_leave_no_trace(warm: WarmKernels) -> None:
    """In one event loop, three at a time: memory, open files, processes and folders stay what they were."""

    async def one() -> None:
        manager = QuickKernelManager()
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=120)
        client.stop_channels()
        await manager.shutdown_kernel()

    async def several(rounds: int) -> None:
        for _ in range(rounds):
            await asyncio.gather(one(), one(), one())

    def open_files(process: int) -> int:
        return len(list(Path(f"/proc/{process}/fd").iterdir()))

    def children(process: int) -> list[str]:
        words = ["ps", "-o", "pid=", "--ppid", str(process)]
        return subprocess.run(words, capture_output=True, text=True, check=False).stdout.split()

    asyncio.run(several(1))
    before = warm.status()
    assert soon(lambda: children(before.pid) == [str(one) for one in before.kernels])
    files = open_files(os.getpid()), open_files(before.pid)
    asyncio.run(several(10))
    after = warm.status()
    assert after.forked == before.forked + 30
    assert after.kernels == before.kernels
    assert after.resident - before.resident < 1_000_000
    assert soon(lambda: open_files(after.pid) <= files[1])
    assert open_files(os.getpid()) <= files[0] + 3
    assert children(after.pid) == [str(kernel) for kernel in after.kernels]
    assert all(not name.startswith("cbanalysis-kernel") for name in leftovers(Path(os.environ["TMPDIR"])))


@pytest.mark.usefixtures("warm")
def test_a_kernel_nobody_holds_goes_on_as_long_as_its_maker() -> None:
    """As with any process, dropping the manager doesn't end the kernel."""
    manager = KernelManager()
    manager.start_kernel()
    process, connection, place = (
        manager.provisioner.pid,
        manager.provisioner.process.connection,
        manager.provisioner._place,
    )
    manager.provisioner._place = None
    del manager
    gc.collect()
    time.sleep(0.2)
    assert Path(f"/proc/{process}").exists()
    os.close(connection)
    assert soon(lambda: not Path(f"/proc/{process}").exists())
    place.remove()


@pytest.fixture
def specification(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Put the kernel specification where Jupyter finds it."""
    written = install_kernelspec(tmp_path / "prefix") / "kernel.json"
    content = json.loads(written.read_text())
    # As a user may who wants less: the process is ready sooner.
    content["metadata"]["kernel_provisioner"]["config"] = {"modules": []}
    written.write_text(json.dumps(content))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "prefix" / "share" / "jupyter"))
    return KERNEL_NAME


def test_jupyter_finds_the_specification(specification: str) -> None:
    """Its name and provisioner are known to Jupyter, so that JupyterLab shows it."""
    spec = KernelSpecManager().get_kernel_spec(specification)
    assert spec.display_name == "Python 3 (cbanalysis, warm)"
    assert spec.metadata["kernel_provisioner"]["provisioner_name"] == "cbanalysis-warm"


@pytest.mark.usefixtures("warm")
def test_a_server_of_many_kernels_can_use_it(specification: str, tmp_path: Path) -> None:
    """Jupyter's server starts, restarts, interrupts and ends warm kernels by the specification's name."""

    async def work() -> tuple[bool, bool, Path]:
        many = AsyncMultiKernelManager(connection_dir=str(tmp_path))
        name = await many.start_kernel(kernel_name=specification, cwd=str(tmp_path))
        manager = many.get_kernel(name)
        forked = isinstance(manager.provisioner.process, ForkedKernel)
        await many.interrupt_kernel(name)
        await many.restart_kernel(name)
        alive = await many.is_alive(name)
        await many.shutdown_all()
        return forked, alive, Path(manager.connection_file)

    forked, alive, connection = asyncio.run(work())
    assert (forked, alive) == (True, True)
    # The server chose where the connection file goes; it is left there.
    assert connection.parent == tmp_path
    assert not connection.exists()


def test_nbval_compares_under_warm_kernels(specification: str, tmp_path: Path) -> None:
    """A notebook passes in a warm kernel, and one whose stored output is wrong fails."""
    source = notebook(
        "import sys; 'cbanalysis.batch.kernels.fork_into_kernel' in sys.modules",
        "print(6 * 7)",
        kernel_name=specification,
    )
    source.cells[0].outputs = [
        nbformat.v4.new_output("execute_result", {"text/plain": "True"}, execution_count=1)
    ]
    source.cells[1].outputs = [nbformat.v4.new_output("stream", name="stdout", text="42\n")]
    nbformat.write(source, tmp_path / "right.ipynb")
    source.cells[1].outputs[0].text = "43\n"
    nbformat.write(source, tmp_path / "wrong.ipynb")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        "right.ipynb",
        "wrong.ipynb",
    ]
    environment = {**os.environ, "CBANALYSIS_WARM_KERNELS": ""}
    answer = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment
    )
    assert "1 failed, 3 passed" in answer.stdout, answer.stdout


@pytest.mark.usefixtures("warm")
def test_other_kernels_are_started_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that isn't this Python's ipykernel passes through the provisioner untouched."""
    launched = []

    async def launch(self: LocalProvisioner, cmd: list[str], **_: object) -> dict:
        launched.append((type(self), cmd))
        return {}

    monkeypatch.setattr(LocalProvisioner, "launch_kernel", launch)
    for command in (
        ["R", "--slave"],
        ["/usr/bin/python3", "-m", "ipykernel_launcher"],
        [sys.executable, "-m", "xeus"],
    ):
        asyncio.run(WarmProvisioner().launch_kernel(command))
    assert [command[0] for _, command in launched] == ["R", "/usr/bin/python3", sys.executable]


def test_bare_kernels_need_none_of_the_libraries() -> None:
    """With no modules named, only what a kernel itself needs is imported."""
    with warm_kernels(BARE) as bare, kernel() as (_, client):
        assert (
            ask(client, "[name for name in ('pandas', 'seaborn') if name in sys.modules]", "import sys") == []
        )
        assert bare.status().resident < 120e6
