"""Nothing that a kernel says is lost, and if it ever is, that is a failure of its own."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from jupyter_client.session import DELIM

from cbanalysis.batch.kernels import WarmProvisioner
from cbanalysis.batch.kernels.kernel_application import _NumberedSocket
from cbanalysis.batch.kernels.provisioner import ForkedKernel
from cbanalysis.batch.kernels.warm_process_owner import own, unsupported
from cbanalysis.batch.reports import papermill_engine
from cbanalysis.batch.reports.many_reports import run
from cbanalysis.batch.reports.reports_and_folders import Report
from kernel_helpers import ask, kernel, short_folder
from report_runs import Inline, notebook

LINES = 4_000
PRINTING = f"for number in range({LINES}):\n    print(number, flush=True)"
PRINTING_FORK = f"""
import os
if os.fork() == 0:
    print("from a fork", flush=True)
    os._exit(0)
os.wait(), {LINES}
"""
# Three messages that nobody sends.
A_GAP = "get_ipython().kernel.iopub_thread.socket._sent += 3"
SILENCE = "get_ipython().kernel.iopub_thread.socket.send_multipart = lambda *given, **options: None"


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch):
    """Have kernels forked from a warm process that imports nothing, in a folder of their own."""
    with short_folder() as folder:
        monkeypatch.setenv("TMPDIR", str(folder))
        monkeypatch.setattr("tempfile.tempdir", None)
        monkeypatch.setattr(WarmProvisioner.modules, "default_args", ([],))
        own.cache_clear()
        yield folder
        if own(os.getpid(), (), 2)._process is not None:
            own(os.getpid(), (), 2)._process.stop()


@pytest.mark.slow
@pytest.mark.skipif(bool(unsupported()), reason="kernels can't be forked here")
@pytest.mark.parametrize("kind", ["forked", "independent"])
def test_a_client_that_is_slow_to_read_gets_every_line(bare: Path, kind: str) -> None:
    """Far more messages than a publisher usually keeps wait for the client, in order."""
    assert bare.exists()
    with kernel("cbanalysis-warm", **({} if kind == "forked" else {kind: True})) as (manager, client):
        assert isinstance(manager.provisioner.process, ForkedKernel) == (kind == "forked")
        request = client.execute(PRINTING)
        assert client.get_shell_msg(timeout=120)["content"]["status"] == "ok"
        said = ""
        while True:
            message = client.get_iopub_msg(timeout=60)
            if message["parent_header"]["msg_id"] != request:
                continue
            if message["content"].get("execution_state") == "idle":
                break
            said += message["content"].get("text", "")
        assert said == "".join(f"{number}\n" for number in range(LINES))


@pytest.mark.slow
@pytest.mark.skipif(bool(unsupported()), reason="kernels can't be forked here")
def test_what_a_forked_process_prints_arrives_without_tcp(bare: Path) -> None:
    """A process that the notebook forks has its output shown in the notebook."""
    assert bare.exists()
    with kernel("cbanalysis-warm") as (_, client):
        shown: list[str] = []
        client.execute_interactive(
            PRINTING_FORK, output_hook=lambda message: shown.append(str(message["content"])), timeout=60
        )
        assert ask(client, "1") == 1
        assert "from a fork" in "".join(shown)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (A_GAP, "OutputLost: 3 messages with output of the cell were lost on their way"),
        (SILENCE, "OutputLost: the output channel was silent for 1 s after the cell had ended"),
    ],
    ids=["gap", "silence"],
)
def test_lost_output_fails_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, told: str
) -> None:
    """A gap in the numbers, or silence after a cell's end, is told as what it is, after two tries."""
    monkeypatch.setattr(papermill_engine, "SILENT", 1.0)
    one = Report(notebook(tmp_path / "20_lost.ipynb", source), "20_lost", takes_language=False)
    (outcome,) = run([one], tmp_path / "outputs", executor=Inline())
    assert (outcome.status, outcome.attempt, outcome.message) == ("failed", 2, told)
    # Not the time limit's words, and the cell is the one that lost it.
    assert outcome.cell == 3


def test_a_flood_stops_in_the_kernel_too() -> None:
    """Beyond its limit no output is sent, but what tells that a cell has ended is; no number is left out."""
    sent: list[list[bytes]] = []
    channel = _NumberedSocket(SimpleNamespace(send_multipart=sent.append))
    channel.most = 1_000
    for content in (b"x" * 600, b"y" * 600, b"z" * 600, b"idle"):
        channel.send_multipart([b"topic", DELIM, b"signature", b"header", b"parent", b"metadata", content])
    assert [(parts[1], parts[-1][:1]) for parts in sent] == [
        (b"cbanalysis-number:1", b"x"),
        (b"cbanalysis-number:2", b"i"),
    ]


def test_a_cell_may_be_silent_for_long_while_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is no loss as long as the cell hasn't ended."""
    monkeypatch.setattr(papermill_engine, "SILENT", 0.2)
    one = Report(
        notebook(tmp_path / "20_slow.ipynb", "import time\ntime.sleep(1.5)\nprint('end')"), "20_slow"
    )
    (outcome,) = run([one], tmp_path / "outputs", executor=Inline())
    assert (outcome.status, outcome.attempt) == ("done", 1), outcome
