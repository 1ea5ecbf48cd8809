"""What cells print: one text a stream, whatever the kernel's messages were."""

from __future__ import annotations

import time
from pathlib import Path

import nbformat
import pytest

from cbanalysis.batch.reports.notebook_files import hide_places, join_streams


def joined(*outputs: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the streams of a cell after joining; any other name is a result."""
    made = [
        nbformat.v4.new_output("stream", name=name, text=text)
        if name.startswith("std")
        else nbformat.v4.new_output("display_data", {"text/plain": text})
        for name, text in outputs
    ]
    cell = nbformat.v4.new_code_cell("", outputs=made)
    join_streams(cell)
    return [(one.get("name", "shown"), one.get("text") or one.data["text/plain"]) for one in cell.outputs]


def test_messages_of_one_stream_are_one_text() -> None:
    """A stream that was sent in pieces is whole again, up to the next thing that the cell shows."""
    assert joined(("stdout", "a\n"), ("stdout", "b")) == [("stdout", "a\nb")]
    assert joined(("stdout", "a"), ("stderr", "e"), ("stdout", "b"), ("shown", "x"), ("stdout", "c")) == [
        ("stdout", "ab"),
        ("stderr", "e"),
        ("shown", "x"),
        ("stdout", "c"),
    ]


def test_what_is_printed_and_shown_by_turns_stays_in_turns() -> None:
    """A loop that prints a name and shows its table keeps each name with its table."""
    turns = [("stdout", "a\n"), ("shown", "A"), ("stdout", "b\n"), ("shown", "B")]
    assert joined(*turns) == turns


def test_standard_output_comes_first_where_both_meet() -> None:
    """Which of two streams came first is chance, unless something was shown between them."""
    assert joined(("stderr", "e"), ("stdout", "o"), ("stderr", "f")) == [("stdout", "o"), ("stderr", "ef")]
    assert joined(("stderr", "e"), ("shown", "x"), ("stdout", "o"))[0] == ("stderr", "e")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("10 %\r20 %\rdone\n", "done\n"),
        ("a\r\nb\r\n", "a\r\nb\r\n"),
        ("a\rb\r\nc\rd", "b\r\nd"),
        ("bar\r", "bar\r"),
        ("\r", "\r"),
        ("\rx", "x"),
    ],
)
def test_a_carriage_return_writes_over(text: str, left: str) -> None:
    """As on a terminal, and as nbclient does it."""
    import re

    assert joined(("stdout", text[:3]), ("stdout", text[3:])) == [("stdout", left)]
    assert re.sub(r".*\r(?=[^\n])", "", text) == left


def test_a_long_line_takes_no_time() -> None:
    """Two million letters without a break are joined at once; nbclient's own search takes minutes."""
    began = time.process_time()
    ((_, text),) = joined(("stdout", "x" * 1_000_000), ("stdout", "y" * 1_000_000))
    assert len(text) == 2_000_000
    assert time.process_time() - began < 5


def test_places_are_hidden_in_no_time(tmp_path: Path) -> None:
    """A path is shortened at the end of two million letters without a break."""
    line = "x" * 2_000_000 + f"{tmp_path / 'tmp' / 'ipykernel_12' / '34.py'}:1: {tmp_path / 'data.csv'}"
    cell = nbformat.v4.new_code_cell("", outputs=[nbformat.v4.new_output("stream", name="stdout", text=line)])
    began = time.process_time()
    hide_places(cell, [tmp_path])
    assert cell.outputs[0].text[-20:] == "xxx<cell>:1: data.csv"[-20:]
    assert time.process_time() - began < 5


def test_a_cell_that_prints_nothing_is_left_alone() -> None:
    """Cells without outputs, and those that are no code, stay as they are."""
    cell = nbformat.v4.new_markdown_cell("x")
    join_streams(cell)
    assert "outputs" not in cell
    assert joined(("shown", "x"), ("shown", "y")) == [("shown", "x"), ("shown", "y")]
