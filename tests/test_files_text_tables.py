"""Text tables: encodings, separators, and quotation marks that would swallow rows."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbanalysis.common.errors import DataError
from cbanalysis.importing.files.csv_tsv import stray_quotation_mark
from cbanalysis.importing.files.reading import tables

HEAD = "TT;Tỉnh;Tổng số;Tốt"
BODY = [f"{at};Tỉnh {at};{1000 + at};{100 + at}" for at in range(1, 64)]


def stray(*lines: str, separator: str = ";") -> int | None:
    """Return the line of the first stray quotation mark."""
    fault = stray_quotation_mark(lines, separator)
    return None if fault is None else fault.row


def test_two_stray_marks_that_swallow_rows_are_an_error_with_the_line(tmp_path: Path) -> None:
    """A mark before one name and before another one, 15 rows below, would take 15 rows for one cell."""
    lines = [HEAD, *BODY]
    lines[31], lines[46] = lines[31].replace("Tỉnh", '"Tỉnh'), lines[46].replace("Tỉnh", '"Tỉnh')
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        tables(tmp_path / "a.csv")
    (fault,) = caught.value.faults
    assert (fault.file, fault.row) == ("a.csv", 32)
    assert "closing mark in row 47" in fault.what


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ([HEAD, '1;"Huế;12;3', "2;Hà Nội;5;3"], 2),
        ([HEAD, BODY[0], '1;"Huế;12;3', '2;Hà Nội";5;3', BODY[1]], 3),
        ([HEAD, BODY[0], '1;"Huế"x;12;3'], 3),
        ([HEAD, BODY[0], '1;Huế;12;"3', '2;Hà Nội;5;3"', BODY[1]], 3),
        ([HEAD, '1;"a ""b"";12;3'], 2),
    ],
    ids=["never closed", "closed at the end of another cell", "goes on", "last cells", "doubled marks"],
)
def test_each_kind_of_stray_mark_is_found(lines: list[str], line: int) -> None:
    """The line is the one in which the cell was opened."""
    assert stray(*lines) == line


@pytest.mark.parametrize(
    "lines",
    [
        [HEAD, '1;"Huế";12;3', '2;"Hà ""Nội""";"5";3'],
        [HEAD, *BODY[:3], '"Ghi chú:', 'dòng hai; và ba";;;'],
        [HEAD, '1;5" ống;12;3', '2;"";5;3'],
        ['"Tổng', 'số";"Tốt"', "1;2", "3;4"],
        [HEAD + "\r\n", '1;"Huế";12;3\r\n'],
    ],
    ids=["quoted", "a cell of two lines", "a mark inside", "a heading of two lines", "ends of lines"],
)
def test_marks_as_csv_wants_them_are_none(lines: list[str]) -> None:
    """Quoted cells, doubled marks, cells of several lines, and marks in the middle of an unquoted cell."""
    assert stray(*lines) is None


@given(
    st.lists(
        st.lists(st.text(alphabet="ab\";,\n 'ế", max_size=6), min_size=3, max_size=3), min_size=2, max_size=12
    ),
    st.sampled_from(";,\t|"),
)
@settings(max_examples=200, deadline=None)
def test_what_a_writer_of_csv_writes_is_read_back_or_told(rows: list[list[str]], separator: str) -> None:
    """A table written with all marks in their places has none too many, unless a cell looks like rows."""
    written = io.StringIO()
    csv.writer(written, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
    fault = stray_quotation_mark(io.StringIO(written.getvalue(), newline=None), separator)
    assert fault is None or "would hold whole rows" in fault.what


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_mark_anywhere_loses_no_row_silently(data: st.DataObject) -> None:
    """One or two marks put anywhere into a plain table are told, or every row is still there."""
    lines = [HEAD, *BODY[:12]]
    for _ in range(data.draw(st.integers(1, 2))):
        row = data.draw(st.integers(0, len(lines) - 1))
        at = data.draw(st.integers(0, len(lines[row])))
        lines[row] = lines[row][:at] + '"' + lines[row][at:]
    if stray_quotation_mark(lines, ";") is None:
        read = [*csv.reader(io.StringIO("\n".join(lines)), delimiter=";")]
        assert len(read) == 13
        # a whole row between two marks is one cell, whose text is still there
        assert [";".join(row).replace('"', "") for row in read] == [line.replace('"', "") for line in lines]
