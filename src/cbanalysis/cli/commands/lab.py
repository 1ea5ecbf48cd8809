"""``cbanalysis lab``: JupyterLab on the workspace, its kernels forked from a warm process."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from cbanalysis.batch.kernels import KERNEL_NAME, install_kernelspec, warm_kernels
from cbanalysis.cli.command_language import shown
from cbanalysis.cli.commands.serve import Server
from cbanalysis.common.errors import OutputError, optional_libraries
from cbanalysis.common.folders import shipped_folder, study_folder
from cbanalysis.common.new_study import add_notebooks

# What Jupyter gets from us: an extension, and a word that it needn't ask other hosts for news.
_JUPYTER = Path(__file__).resolve().parents[2] / "lab" / "jupyter"
_REPORTS = "CBANALYSIS_REPORTS"
_CONFIG = "JUPYTER_CONFIG_PATH"
_APPLICATIONS = {"lab": "LabApp", "notebook": "JupyterNotebookApp"}
_JUNK = ("__pycache__", "*.pyc", "*~")
# Readers of notebooks want notebooks, data and reports; what a checkout has besides stays out of sight.
_BESIDES = (
    "benchmarks", "build", "dist", "docs", "src", "tests", "conftest.py", "CHANGELOG.md", "CITATION.cff",
    "CONTRIBUTING.md", "LICENSE", "Makefile", "pyproject.toml", "requirements",
)  # fmt: skip


def _workspace() -> Path:
    """Return the folder that the file tree shows: a study, or the checkout that we are in.

    Raises
    ------
    OutputError
        If there is neither.
    """
    study = study_folder()
    if study is not None:
        return study
    checkout = shipped_folder("notebooks").parent
    if (checkout / "pyproject.toml").is_file() and Path.cwd().is_relative_to(checkout):
        return checkout
    raise OutputError(
        "there are no notebooks of yours here; first cbanalysis new study, then cd study, then cbanalysis lab"
    )


def _application(interface: str) -> Any:  # noqa: ANN401 -- a class of an optional package
    """Return JupyterLab's or Notebook's application."""
    with optional_libraries():
        if interface == "lab":
            from jupyterlab.labapp import LabApp as Application  # noqa: PLC0415 -- an extra
        else:
            from notebook.app import JupyterNotebookApp as Application  # noqa: PLC0415 -- an extra
    return Application


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:  # noqa: ANN401 -- jupyter_server's application
    """Tell the pages of JupyterLab where the reports are (see jupyter/labextensions)."""
    page = server.web_app.settings.setdefault("page_config_data", {})
    page["cbanalysisReports"] = os.environ.get(_REPORTS, "")


def _options(root: Path, port: int, *, browser: bool) -> list[str]:
    """Return the command line of Jupyter's server."""
    clutter = _JUNK if study_folder() is not None else (*_JUNK, *_BESIDES)
    return [
        f"--ServerApp.root_dir={root}",
        f"--ServerApp.port={port}",
        f"--ServerApp.open_browser={browser}",
        f"--FileContentsManager.preferred_dir={root / 'notebooks'}",
        *(f"--ContentsManager.hide_globs={one}" for one in clutter),
        f"--MultiKernelManager.default_kernel_name={KERNEL_NAME}",
        # Notebook's pages name the extensions, but JupyterLab, which it loads, gives out their files.
        *(f"--{one}.extra_labextensions_path={_JUPYTER / 'labextensions'}" for one in _APPLICATIONS.values()),
        f"--ServerApp.jpserver_extensions={__name__}=True",
        # Ten times what is usual: the server drops output above it, with a word; 20,000 lines are no flood.
        "--ZMQChannelsWebsocketConnection.iopub_msg_rate_limit=10000",
        "--ZMQChannelsWebsocketConnection.iopub_data_rate_limit=10000000",
        # A container may have no other user; the server listens on loopback only and asks for its token.
        f"--ServerApp.allow_root={hasattr(os, 'geteuid') and os.geteuid() == 0}",
    ]


@contextmanager
def _reports(folder: Path) -> Iterator[str]:
    """Serve the reports beside JupyterLab, from an address of their own: they may hold strangers' text."""
    folder.mkdir(parents=True, exist_ok=True)
    with Server(folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.address
        server.shutdown()


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8888, help="8888, or the next free one.")
@click.option("--browser/--no-browser", default=True, help="Whether to open the browser.")
@click.option(
    "--interface",
    type=click.Choice(list(_APPLICATIONS)),
    default="lab",
    help="JupyterLab, or Jupyter Notebook 7.",
)
def lab(*, port: int, browser: bool, interface: str) -> None:
    """Open JupyterLab on this study or checkout, until Ctrl-C.

    Kernels are forked from a process that has loaded everything already, so that notebooks start computing
    at once. A study without notebooks of its own gets copies of ours. The reports are one click away.
    """
    root = _workspace()
    if add_notebooks(root):
        click.echo(f"{shown(root / 'notebooks')}: copies of the notebooks, yours to change", err=True)
    application = _application(interface)
    with suppress(OSError):  # a wheel has brought it; a folder that can't be written needn't be
        install_kernelspec()
    with warm_kernels(), _reports(root / "outputs") as reports:
        os.environ[_REPORTS] = reports
        paths = [str(_JUPYTER), *filter(None, [os.environ.get(_CONFIG)])]
        os.environ[_CONFIG] = os.pathsep.join(paths)
        application.launch_instance(_options(root, port, browser=browser))
