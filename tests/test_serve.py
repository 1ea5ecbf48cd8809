"""Serving the reports: this machine only, this folder only."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from cbanalysis.cli import main
from cbanalysis.cli.commands import serve as module
from cbanalysis.cli.commands.serve import Server
from cbanalysis.common.errors import OutputError


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Serve a folder with a page, a hidden file, a link that leads out, and a secret beside it."""
    output = tmp_path / "outputs"
    (output / "vi" / "00").mkdir(parents=True)
    (output / "index.html").write_text("Báo cáo", encoding="utf-8")
    (output / "vi" / "00" / "index.html").write_text("00", encoding="utf-8")
    (output / ".hidden").write_text("no", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("no", encoding="utf-8")
    (output / "leak.txt").symlink_to(tmp_path / "secret.txt")
    (output / "leak").symlink_to(tmp_path)
    with Server(output) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join(5)


def ask(
    server: Server, path: str, method: str = "GET", host: str = "127.0.0.1", **headers: str
) -> http.client.HTTPResponse:
    """Send one request as it is."""
    connection = http.client.HTTPConnection(*server.server_address, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", f"{host}:{server.server_address[1]}")
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    return connection.getresponse()


def test_pages_are_given_out_with_their_type(server: Server) -> None:
    """The index, a folder's page and a HEAD are answered; browsers mustn't guess or embed."""
    answer = ask(server, "/")
    assert (answer.status, answer.read().decode()) == (200, "Báo cáo")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert ask(server, "/vi/00/").status == 200
    assert ask(server, "/index.html", "HEAD").status == 200


def test_a_page_is_given_out_whole_however_new_the_one_is_that_the_browser_holds(server: Server) -> None:
    """Another study's newer page may have had the same address: "not modified" would show its figures."""
    answer = ask(server, "/", If_Modified_Since="Thu, 01 Jan 2099 00:00:00 GMT")
    assert (answer.status, answer.read().decode()) == (200, "Báo cáo")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/vi/../../secret.txt",
        "//etc/passwd",
        "/leak.txt",
        "/leak/secret.txt",
        "/.hidden",
        "/vi/",
        "/none.html",
        "/..%5csecret.txt",
        "/index.html%00",
    ],
)
def test_nothing_else_is_given_out(server: Server, path: str) -> None:
    """No file outside, no link that leads out, no hidden file, no list of a folder."""
    assert ask(server, path).status == 404


def test_other_names_and_other_methods_are_refused(server: Server) -> None:
    """A site that points its name at this machine gets nothing; nothing can be sent."""
    assert ask(server, "/", host="evil.example").status == 404
    assert ask(server, "/", host="localhost").status == 200
    assert ask(server, "/", "POST").status == 501


@pytest.mark.parametrize("path", ["/" + "x" * 5000, "/loop", "http://[/x", "http://h/../secret.txt"])
def test_what_can_be_no_file_is_not_found(server: Server, path: str) -> None:
    """A name that is too long, a link to itself and an address that is none are answered, not dropped."""
    (server.folder / "loop").symlink_to("loop")
    assert ask(server, path).status == 404


def test_a_whole_address_means_its_path(server: Server) -> None:
    """What is checked is what is given out, whichever form the request has."""
    answer = ask(server, "http://h/index.html")
    assert (answer.status, answer.read().decode()) == (200, "Báo cáo")


def test_it_listens_on_loopback_only(server: Server) -> None:
    """The address is this machine's own."""
    assert server.server_address[0] == "127.0.0.1"
    assert server.address.startswith("http://127.0.0.1:")


def test_half_open_connections_are_dropped_and_others_are_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who says nothing is let go after seconds; there are never more threads than places."""
    (tmp_path / "index.html").write_text("x", encoding="utf-8")
    monkeypatch.setattr(module._Handler, "timeout", 0.5)
    monkeypatch.setattr(module, "_AT_ONCE", 4)
    with Server(tmp_path) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        before = threading.active_count()
        thread.start()
        silent = [socket.create_connection(made.server_address, timeout=20) for _ in range(8)]
        silent[0].sendall(b"GET / HT")
        most = threading.active_count()
        assert ask(made, "/").status == 200
        most = max(most, threading.active_count())
        assert [one.recv(1) for one in silent] == [b""] * 8
        for one in silent:
            one.close()
        made.shutdown()
        thread.join(5)
    assert most - before <= 5


def test_the_command_opens_the_browser_and_ends_quietly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser is shown the index; Ctrl-C ends without a traceback."""
    opened: list[str] = []

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module.webbrowser, "open", opened.append)
    monkeypatch.setattr(Server, "serve_forever", stop)
    (tmp_path / "index.html").write_text("", encoding="utf-8")
    said = CliRunner().invoke(main, ["serve", "--output", str(tmp_path), "--port", "0"])
    assert said.exit_code == 0, said.output
    assert opened[0].startswith("http://127.0.0.1:")
    said = CliRunner().invoke(main, ["serve", "--output", str(tmp_path), "--port", "0", "--no-browser"])
    assert len(opened) == 1


def test_the_command_finds_the_study_from_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Like every command it looks for the study upwards from the current folder."""
    shown: list[Path] = []

    def stop(server: Server) -> None:
        shown.append(server.folder)
        raise KeyboardInterrupt

    monkeypatch.setattr(Server, "serve_forever", stop)
    for name in ("outputs", "figures"):
        (tmp_path / name).mkdir()
    for name in ("cbanalysis.toml", "outputs/index.html"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path / "figures")
    said = CliRunner().invoke(main, ["serve", "--port", "0", "--no-browser"])
    assert said.exit_code == 0, said.output
    assert shown == [(tmp_path / "outputs").resolve()]


def test_without_reports_or_with_a_taken_port_it_says_so(tmp_path: Path, server: Server) -> None:
    """An empty folder and a port in use are errors with a message."""
    said = CliRunner().invoke(main, ["serve", "--output", str(tmp_path)])
    assert (said.exit_code, "run cbanalysis report first" in said.output) == (2, True)
    with pytest.raises(OutputError, match="can't serve on port"):
        Server(tmp_path, server.server_address[1])
