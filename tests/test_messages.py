"""What commands say in Vietnamese."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from cbanalysis import importing
from cbanalysis.cli import main
from cbanalysis.common.messages import in_language, message


def _said_by_readers() -> Iterator[tuple[str, str]]:
    """Yield the texts of faults that the readers' code has as they stand, with the module."""
    for path in sorted(Path(importing.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = {"Fault": 0, "refuse": 1}.get(node.func.id, len(node.args))
                texts = [
                    *node.args[place : place + 1],
                    *(one.value for one in node.keywords if one.arg == "allowed"),
                ]
                yield from (
                    (path.name, text.value)
                    for text in texts
                    if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value
                )


def test_what_readers_say_exists_in_vietnamese() -> None:
    """A colleague meets no English fault; addresses and words to type stay as they are."""
    missing = [(file, text) for file, text in _said_by_readers() if in_language(text, "vi") == text]
    assert missing == []


def test_a_fault_with_gaps_is_told_in_vietnamese() -> None:
    """What stands in a gap stays, and is put into Vietnamese too where it is a text of its own."""
    assert in_language("row 7 can't be read: it is empty", "vi") == "không đọc được dòng 7: ô trống"
    told = "a quotation mark opens a cell that goes on behind its closing mark in row 7"
    assert in_language(told, "vi") == (
        "có ô bắt đầu bằng dấu ngoặc kép nhưng còn chữ sau dấu ngoặc kép đóng ở dòng 7"
    )


def test_thousands_are_told_as_a_language_writes_them() -> None:
    """75 thousands are 75,000 in English and 75.000 in Vietnamese."""
    said = message("has_factor", header="A", factor=1000, example=75_000)
    assert said == "'A' is given in 1,000: 75 there is read as 75,000"
    assert in_language(said, "vi") == "cột 'A' tính theo đơn vị 1.000: số 75 trong bảng được hiểu là 75.000"


def test_help_exists_in_vietnamese() -> None:
    """No paragraph of a command's help and no option's is left in English."""
    context = click.Context(main)
    commands = [main, *(main.get_command(context, name) for name in main.list_commands(context))]
    told = [one.help for one in commands]
    told += [option.help for one in commands for option in one.params if isinstance(option, click.Option)]
    parts = {" ".join(part.split()) for text in told if text for part in text.split("\n\n")} - {""}
    assert [part for part in sorted(parts) if in_language(part, "vi") == part] == []


def test_help_is_in_the_language_of_the_system_or_of_the_option(monkeypatch) -> None:
    """A system in Vietnamese has Vietnamese help, and --lang goes before it."""
    monkeypatch.setenv("LANGUAGE", "vi")
    assert "Tùy chọn:" in CliRunner().invoke(main, ["check", "--help"]).output
    assert "Options:" in CliRunner().invoke(main, ["check", "--lang", "en", "--help"]).output
