"""What a file may cost: seconds and memory of hostile ones, measured in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest

from cbanalysis.common.errors import DataError, ParameterError
from cbanalysis.common.limits import LIMITS_VARIABLE, Limits, limits, open_bytes, read_bytes
from cbanalysis.importing.files.reading import tables, text

USUAL = "cbanalysis.common.limits._USUAL"
MEGABYTES = 900  # of address space; an interpreter with numpy, lxml and calamine takes about 400 of it

MEASURE = """
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, ({memory} * 2**20,) * 2)
from pathlib import Path
from cbanalysis.common.errors import CbanalysisError
from cbanalysis.importing.files.reading import tables, text
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
try:
    said = repr({reader}(Path(sys.argv[1])))[:80]
except CbanalysisError as error:
    said = str(error)
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps([said, time.process_time() - start, used / 1024]))
"""


def measured(path: Path, reader: str) -> tuple[str, float, float]:
    """Return what is said of a file that is read under a memory limit, the seconds and the megabytes."""
    pytest.importorskip("resource")
    code = MEASURE.format(memory=MEGABYTES, reader=reader)
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [sys.executable, "-c", code, path],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=environment,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said, seconds, used = json.loads(done.stdout)
    return said, seconds, used


def word_bomb(path: Path) -> None:
    """Write a small .docx of 200 MB of empty paragraphs."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w") as part,
    ):
        part.write(f'<w:document xmlns:w="{space}"><w:body>'.encode())
        for _ in range(200):
            part.write(b"<w:p/>" * 175_000)
        part.write(b"</w:body></w:document>")


def liar(path: Path) -> None:
    """Write an archive whose directory says that a part is small, and whose part isn't."""
    word_bomb(path)
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(content)


def shared_strings(path: Path) -> None:
    """Write an .xlsx of one cell whose texts unpack to 300 MB."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Tỉnh"])
    book.save(path)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/more.xml", "w") as part,
    ):
        for _ in range(300):
            part.write(b"<si/>" * 200_000)


def portable(path: Path) -> None:
    """Write a PDF whose page is packed twice: 17 kB that unpack to 4 GB."""
    inner = zlib.compressobj(9)
    packed = b"".join(inner.compress(b"\0" * 2**20) for _ in range(4096)) + inner.flush()
    stream = zlib.compress(packed, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
        b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream"
        % (len(stream), stream),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = len(body)
    body += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    path.write_bytes(body + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table)


def page(path: Path) -> None:
    """Write a page of 20,000 tags that begin and never end."""
    path.write_text("<table>" + "<a " * 20_000, encoding="utf-8")


def nested(path: Path) -> None:
    """Write a page of tables in one another."""
    path.write_text("<table><tr><td>1" * 20_000, encoding="utf-8")


def digits(path: Path) -> None:
    """Write a CSV file with a number of 5,000 digits."""
    path.write_text("Tỉnh;Số\nHuế;" + "9" * 5_000 + "\n", encoding="utf-8")


def one_cell(path: Path) -> bytearray:
    """Write an .xls of one cell and return what it holds."""
    import xlwt

    book = xlwt.Workbook()
    book.add_sheet("Bảng").write(0, 0, "Tỉnh")
    book.save(str(path))
    return bytearray(path.read_bytes())


def bounds(path: Path) -> None:
    """Write an .xls whose sheet begins in a later row than it ends."""
    content = one_cell(path)
    at = content.index(b"\x00\x02\x0e\x00") + 4  # the record of the bounds, 14 bytes long
    content[at : at + 4] = (6).to_bytes(4, "little")
    path.write_bytes(content)


def shifted(path: Path) -> None:
    """Write an .xls whose sheet is said to begin behind its first record, with huge bounds."""
    content = one_cell(path)
    at = content.index(b"\x00\x02\x0e\x00") + 4
    content[at + 4 : at + 8] = (6**9).to_bytes(4, "little")
    start = content.index(b"\x85\x00") + 4  # where the sheet begins in the stream
    content[start : start + 4] = (int.from_bytes(content[start : start + 4], "little") + 20).to_bytes(
        4, "little"
    )
    path.write_bytes(content)


def far_column(path: Path) -> None:
    """Write an .xls with a cell in row 24,951 of column 30,061, which no old workbook has."""
    content = one_cell(path)
    at = content.index(b"\xfd\x00\x0a\x00") + 4  # the record of a text: row, column, style, text
    content[at : at + 4] = b"valu"
    path.write_bytes(content)


def far_corners(path: Path) -> None:
    """Write an .xls of three sheets, each with a cell in its first and in its last place."""
    import xlwt

    book = xlwt.Workbook()
    for name in "ABC":
        sheet = book.add_sheet(name)
        sheet.write(0, 0, "Tỉnh")
        sheet.write(65_535, 255, 5)
    book.save(str(path))


HOSTILE: list[tuple[str, Callable[[Path], None], str, str, float, float]] = [
    # name, writer, reader, what is said, seconds, megabytes
    ("a.docx", word_bomb, "text", "times its size", 3, 60),
    ("b.docx", liar, "tables", "cut off or damaged", 3, 60),
    ("c.xlsx", shared_strings, "tables", "times its size", 3, 60),
    ("d.html", page, "tables", "no table", 3, 60),
    ("e.html", nested, "tables", "Grid", 6, 120),
    ("f.csv", digits, "tables", "Grid", 3, 60),
    ("g.xls", bounds, "tables", "cut off or damaged", 3, 60),
    ("j.xls", shifted, "tables", "cut off or damaged", 3, 60),
    ("h.xls", far_column, "tables", "cut off or damaged", 3, 60),
    ("i.xls", far_corners, "tables", "50,331,648 cells", 3, 60),
]


@pytest.mark.parametrize(
    ("name", "write", "reader", "said", "seconds", "memory"), HOSTILE, ids=[one[0] for one in HOSTILE]
)
def test_a_hostile_file_costs_little(  # noqa: PLR0913, PLR0917 -- one for each column
    name: str,
    write: Callable[[Path], None],
    reader: str,
    said: str,
    seconds: float,
    memory: float,
    tmp_path: Path,
) -> None:
    """Bombs, liars and bad tags are read or refused within seconds and megabytes."""
    write(tmp_path / name)
    told, took, used = measured(tmp_path / name, reader)
    assert said in told
    assert took < seconds
    assert used < memory


@pytest.mark.whole
def test_a_portable_bomb_ends_in_the_process_that_reads_it(tmp_path: Path) -> None:
    """Flate in Flate is refused when the memory of the reading process is used up; this one needs nothing."""
    pytest.importorskip("pdfplumber")
    portable(tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").stat().st_size < 40_000
    with (
        patch(USUAL, Limits(memory_bytes=700 * 2**20)),
        pytest.raises(DataError, match=r"a\.pdf: can't be read within"),
    ):
        text(tmp_path / "a.pdf")


@pytest.mark.whole
def test_a_portable_document_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    """The process that reads it is ended when its time is over."""
    pytest.importorskip("pdfplumber")
    portable(tmp_path / "a.pdf")
    with (
        patch(USUAL, Limits(seconds=0)),
        pytest.raises(DataError, match=r"a\.pdf: takes too long to read"),
    ):
        tables(tmp_path / "a.pdf")


class TestLimits:
    """One set of limits holds everywhere, and can be raised."""

    def test_a_limit_can_be_raised_and_lowered(self, tmp_path: Path) -> None:
        """What is refused under one limit is read under another."""
        (tmp_path / "a.csv").write_text("Tỉnh;Số\nHuế;5\n", encoding="utf-8")
        with (
            patch(USUAL, Limits(cells=3)),
            pytest.raises(DataError, match="3 cells at the most"),
        ):
            tables(tmp_path / "a.csv")
        assert tables(tmp_path / "a.csv")[0].width == 2

    def test_the_variable_multiplies_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """CBANALYSIS_LIMITS=4 allows four times as much; what is no factor is said."""
        monkeypatch.setenv(LIMITS_VARIABLE, "4")
        assert limits().cells == 4 * Limits().cells
        for wrong in ("much", "0", "-1", "inf", "nan"):
            monkeypatch.setenv(LIMITS_VARIABLE, wrong)
            with pytest.raises(ParameterError, match="no factor for limits"):
                limits()

    def test_the_documentation_states_each_of_them(self) -> None:
        """The page on limits names every limit with its value."""
        page = Path(__file__).parents[1] / "docs" / "howto" / "limits.md"
        words = page.read_text(encoding="utf-8")
        assert [name for name in vars(Limits()) if f"`{name}`" not in words] == []


class TestWhatIsNoFile:
    """Pipes, devices, sockets, folders and links out of a folder are told and never read."""

    def test_a_pipe_is_told_and_nobody_waits(self, tmp_path: Path) -> None:
        """A pipe that nobody writes into doesn't hold a command up."""
        if not hasattr(os, "mkfifo"):
            pytest.skip("no pipes here")
        os.mkfifo(tmp_path / "a.csv")
        with pytest.raises(DataError, match=r"a\.csv: can't be read: a pipe"):
            tables(tmp_path / "a.csv")

    @pytest.mark.parametrize(("path", "what"), [("/dev/zero", "a device"), ("/", "a folder")])
    def test_devices_and_folders_are_told(self, path: str, what: str) -> None:
        """Neither is opened."""
        if not Path(path).exists():
            pytest.skip("no such thing here")
        with pytest.raises(DataError, match=what):
            read_bytes(Path(path))

    def test_a_link_out_of_a_folder_is_told(self, tmp_path: Path) -> None:
        """A link inside of the folder is followed, one that leads out of it is not."""
        folder = tmp_path / "data"
        folder.mkdir()
        (folder / "a.csv").write_text("x", encoding="utf-8")
        (tmp_path / "secret.csv").write_text("y", encoding="utf-8")
        (folder / "inside.csv").symlink_to(folder / "a.csv")
        (folder / "outside.csv").symlink_to(tmp_path / "secret.csv")
        assert open_bytes(folder / "inside.csv", within=folder) == b"x"
        with pytest.raises(PermissionError, match="a link out of data"):
            open_bytes(folder / "outside.csv", within=folder)
