"""A real JupyterLab or Notebook 7 in a real browser: start it, open notebooks, run them, read them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kernel_helpers import own_port

COMMAND = Path(sys.executable).with_name("cbanalysis")


@dataclass(frozen=True)
class Lab:
    """A server that runs.

    Attributes
    ----------
    address, token : str
        Where it is.
    interface : str
        "lab" or "notebook".
    log : Path
        What it says.
    """

    address: str
    token: str
    interface: str
    log: Path

    def page(self, path: str) -> str:
        """Return where a file of the workspace opens, without what was open before."""
        kind = "lab/tree" if self.interface == "lab" else "notebooks"
        return f"{self.address}/{kind}/{path}?token={self.token}&reset"


@contextmanager
def started(
    study: Path, aside: Path, interface: str = "lab", command: list[str] | None = None
) -> Iterator[Lab]:
    """Give ``cbanalysis lab`` on a study; whatever Jupyter keeps lies in a folder aside."""
    folders = {f"JUPYTER_{one}_DIR": str(aside / one.lower()) for one in ("CONFIG", "DATA", "RUNTIME")}
    # The settings of who runs the tests must not matter, but the kernel specifications of this Python do.
    environment = {**os.environ, **folders, "PYTHONUTF8": "1"}
    environment.pop("PYTEST_CURRENT_TEST", None)
    port = own_port()
    usual = [str(COMMAND), "lab", "--no-browser", "--port", str(port), "--interface", interface]
    log = aside / f"{interface}.log"
    aside.mkdir(exist_ok=True)
    with log.open("wb") as words:
        process = subprocess.Popen(
            [one.replace("PORT", str(port)) for one in command] if command else usual,
            cwd=study,
            env=environment,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + 90
        found = None
        while not found and time.monotonic() < end and process.poll() is None:
            time.sleep(0.1)
            found = re.search(r"(http://127\.0\.0\.1:\d+)/\S*token=(\w+)", log.read_text(encoding="utf-8"))
        assert found, log.read_text(encoding="utf-8")
        yield Lab(found[1], found[2], interface, log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Desk:
    """One tab of the browser with a notebook in it."""

    def __init__(self, page: Any, lab: Lab) -> None:
        self.page = page
        self.lab = lab
        self.said: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", self._note)
        # Notebook 7.6 by itself, in an empty environment, has this one error on every page.
        page.on("pageerror", lambda error: "'schema'" in str(error) or self.said.append(str(error)))
        page.on("request", lambda one: self.hosts.add(one.url.split("/")[2]) if "://" in one.url else None)

    def _note(self, message: Any) -> None:
        # JupyterLab asks its debugger while the kernel restarts, and says so when the answer doesn't come.
        if message.type == "error" and "debugger state" not in message.text:
            self.said.append(message.text)

    def open(self, path: str) -> None:
        """Open a notebook and wait until its kernel is idle."""
        self.page.goto(self.lab.page(path))
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
        self._kernel_idle(path)

    def _kernel_idle(self, path: str) -> None:
        """Wait until the notebook's kernel waits for code."""
        asked = f"{self.lab.address}/api/sessions?token={self.lab.token}"
        end = time.monotonic() + 60
        while time.monotonic() < end:
            sessions = self.page.request.get(asked).json()
            if any(one["path"] == path and one["kernel"]["execution_state"] == "idle" for one in sessions):
                self.page.wait_for_timeout(300)  # the page hears of it too
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"no kernel for {path}: {sessions}")

    def run_all(self) -> float:
        """Restart the kernel and run all cells by the menu; return the seconds to the last output."""
        self.page.click(".lm-MenuBar-itemLabel:text-is('Kernel')")
        self.page.click(".lm-Menu-itemLabel:text-matches('^Restart Kernel and Run All Cells')")
        begin = time.monotonic()
        self.page.click(".jp-Dialog-button.jp-mod-accept")
        self._ran()
        return time.monotonic() - begin

    def open_and_run(self, name: str) -> float:
        """Double-click a notebook in the file tree, run all cells; return the seconds to the last output."""
        begin = time.monotonic()
        self.page.dblclick(f".jp-DirListing-item:has-text('{name}')")
        self.page.wait_for_selector(f".jp-mod-current:has-text('{name}')")
        self.page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .cm-content")
        self._kernel_idle(f"notebooks/{name}.ipynb")
        self.page.click(".lm-MenuBar-itemLabel:text-is('Run')")
        self.page.click(".lm-Menu-itemLabel:text-is('Run All Cells')")
        self._ran()
        return time.monotonic() - begin

    def _ran(self) -> None:
        """Wait until cells are about to run, and then until they have."""
        self.page.wait_for_function(
            """() => [...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden)')]
            .flatMap(panel => [...panel.querySelectorAll('.jp-CodeCell .jp-InputPrompt')])
            .some(one => one.textContent.includes('*'))""",
            polling=20,
        )
        self.finished(f"notebook {self.page.url}")

    def finished(self, what: str, seconds: float = 120) -> None:
        """Wait until every code cell that holds code has its number."""
        # textContent, for innerText would lay the page out anew each time, and slow down what is measured.
        script = """() => [...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden)')]
            .flatMap(panel => [...panel.querySelectorAll('.jp-CodeCell')])
            .filter(cell => cell.querySelector('.cm-content')?.textContent.trim())
            .map(cell => cell.querySelector('.jp-InputPrompt')?.textContent ?? '')"""
        end = time.monotonic() + seconds
        while True:
            prompts = self.page.evaluate(script)
            if prompts and all(re.fullmatch(r"\[\d+\]:?", one.strip()) for one in prompts):
                return
            if self.errors() or time.monotonic() > end:
                raise AssertionError(f"{what}: {prompts} {self.errors()}")
            self.page.wait_for_timeout(100)

    def errors(self) -> list[str]:
        """Return the error outputs of the notebook."""
        return self.page.locator(
            ".jp-RenderedText[data-mime-type$='stderr'], .jp-mod-error"
        ).all_inner_texts()

    def pictures(self) -> list[dict[str, Any]]:
        """Return the pictures in outputs: width as drawn, and alternative text."""
        script = "all => all.map(one => ({width: one.naturalWidth, alt: one.alt}))"
        return self.page.locator(".jp-OutputArea-output img").evaluate_all(script)

    def code(self) -> list[str]:
        """Return the source of each code cell."""
        cells = self.page.locator(".jp-NotebookPanel .jp-CodeCell")
        script = """all => all.map(cell => [...cell.querySelectorAll('.cm-line')]
            .map(line => line.innerText.replace(/\\n$/, '')))"""
        return ["\n".join(lines) for lines in cells.evaluate_all(script)]

    def type_into(self, number: int, text: str) -> None:
        """Replace the source of a code cell, by keyboard."""
        self.page.locator(".jp-NotebookPanel .jp-CodeCell .cm-content").nth(number).click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)
