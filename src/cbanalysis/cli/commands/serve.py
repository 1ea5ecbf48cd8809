"""``cbanalysis serve``: the output folder in the browser of this machine, and of no other."""

from __future__ import annotations

import http.server
import webbrowser
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

import click

from cbanalysis.cli.command_language import echo, shown
from cbanalysis.common.errors import OutputError
from cbanalysis.common.folders import outputs_folder

LOOPBACK = "127.0.0.1"
_AT_ONCE, _PATIENCE = 32, 1.0
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


class LoopbackHandler(http.server.BaseHTTPRequestHandler):
    """Answers this machine only; keeps browsers from guessing types and other sites from embedding."""

    timeout = 10  # seconds that a connection may say nothing
    server_version = "cbanalysis"
    sys_version = ""
    headers_sent: ClassVar[Mapping[str, str]] = {}

    @property
    def from_here(self) -> bool:
        """Whether the request names this machine; a page of another site that borrows its name doesn't."""
        return self.headers.get("Host", "").rsplit(":", 1)[0] in {LOOPBACK, "localhost"}

    def end_headers(self) -> None:
        """Send what every answer says beside its own headers."""
        for name, value in {**_HEADERS, **self.headers_sent}.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 -- as http.server has it
        """Say nothing of single requests: an address may hold a token."""


class _Handler(LoopbackHandler, http.server.SimpleHTTPRequestHandler):
    """Gives out files below one folder: no lists of folders, no hidden files, no links that lead out."""

    server: Server
    headers_sent: ClassVar[Mapping[str, str]] = {
        "Content-Security-Policy": "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        "Cache-Control": "no-cache",
    }
    extensions_map = {  # noqa: RUF012 -- as http.server has it
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".bib": "text/plain; charset=utf-8",
        ".csv": "text/csv; charset=utf-8",
        ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".dta": "application/octet-stream",
        ".html": "text/html; charset=utf-8",
        ".ipynb": "application/x-ipynb+json",
        ".json": "application/json",
        ".parquet": "application/vnd.apache.parquet",
        ".svg": "image/svg+xml",
        ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 -- as http.server has it
        super().__init__(*args, directory=str(args[2].folder), **options)

    def _allowed(self, asked: str) -> Path | None:
        """Return the file that a path of the server means, None where there is none to give out."""
        path = unquote(asked)
        parts = [part for part in path.split("/") if part]
        hidden = any(part.startswith(".") for part in parts)
        if hidden or not self.from_here or "\0" in path or "\\" in path:
            return None
        folder = self.server.folder
        file = (folder / "/".join(parts)).resolve()
        file = file / "index.html" if file.is_dir() else file
        inside = file.resolve().is_relative_to(folder) and file.is_file()
        return file if inside else None

    def send_head(self) -> Any:  # noqa: ANN401 -- as http.server has it
        """Answer with a file, or say that there is none."""
        asked, file = "", None
        # No address, a name that is too long, a link that leads to itself: there is no such file.
        with suppress(ValueError, OSError, RuntimeError):
            asked = urlsplit(self.path).path
            file = self._allowed(asked)
        # What was allowed is given out, also where the request names a whole address. A browser may hold a
        # newer page that another folder had under this one.
        self.path = asked
        del self.headers["If-Modified-Since"]
        if file is None:
            none_yet = asked == "/" and not (self.server.folder / "index.html").exists()
            words = ("There are no reports yet", "Run: cbanalysis report") if none_yet else ()
            self.send_error(HTTPStatus.NOT_FOUND, *words)
            return None
        return super().send_head()

    def list_directory(self, path: Any) -> None:  # noqa: ANN401, ARG002 -- as http.server has it
        """Never say what is in a folder."""
        self.send_error(HTTPStatus.NOT_FOUND)


class LoopbackServer(http.server.ThreadingHTTPServer):
    """A web server that only this machine can ask.

    Parameters
    ----------
    handler : type
        Answers requests.
    port : int
        0 takes a free one.

    Raises
    ------
    OutputError
        If the port is taken.
    """

    daemon_threads = True

    def __init__(self, handler: type[LoopbackHandler], port: int) -> None:
        try:
            super().__init__((LOOPBACK, port), handler)
        except OSError as fault:
            raise OutputError(f"can't serve on port {port}: {fault.strerror or fault}") from fault
        self.origin = f"http://{LOOPBACK}:{self.server_address[1]}"

    @property
    def address(self) -> str:
        """Where the index is."""
        return f"{self.origin}/"

    def serve_until_stopped(self, *, browser: bool) -> None:
        """Answer until Ctrl-C, first shown in the browser where that is wanted."""
        if browser:
            webbrowser.open(self.address)
        try:
            self.serve_forever()
        except KeyboardInterrupt:
            click.echo("", err=True)


class Server(LoopbackServer):
    """A web server on loopback for the files below one folder.

    Parameters
    ----------
    folder : Path
        The output folder.
    port : int
        0 takes a free one.

    Raises
    ------
    OutputError
        If the port is taken.
    """

    request_queue_size = 64

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 -- as socketserver has it
        """Answer in a thread of its own, while there are few; others wait a moment, then are let go."""
        if self.places.acquire(timeout=_PATIENCE):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 -- as above
        """Give the place back at the end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.places.release()

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder.resolve()
        self.places = BoundedSemaphore(_AT_ONCE)
        super().__init__(_Handler, port)


@click.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="What to show; by default outputs/ of the study, or of the current folder outside of one.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, help="0 takes a free one; 8000 by default."
)
@click.option("--browser/--no-browser", default=True, help="Whether to open the browser.")
def serve(*, output: Path | None, port: int, browser: bool) -> None:
    """Show the reports in the browser, until Ctrl-C.

    Only this machine can ask for them, and only for files of the output folder.
    """
    output = output or outputs_folder()
    if not (output / "index.html").is_file():
        raise OutputError(f"there is no index.html in {shown(output)}; run cbanalysis report first")
    with Server(output, port) as server:
        echo(f"{shown(output)} is at {server.address} (Ctrl-C ends)", err=True)
        server.serve_until_stopped(browser=browser)
