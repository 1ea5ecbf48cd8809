"""What commands say in Vietnamese."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from cbanalysis import importing
from cbanalysis.common.messages import in_language


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
