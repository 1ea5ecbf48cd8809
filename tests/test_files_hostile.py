"""Hostile, damaged and odd files: one error with the file's name, in bounded time; nothing is run."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from cbanalysis.common.errors import DataError
from cbanalysis.importing.files.grids import NoValue
from cbanalysis.importing.files.reading import tables
from made_up import writers
from made_up.tables import DISTRICTS, ENGLISH

CELL = '<c r="{}" t="n"><v>1</v></c>'


def refused(path: Path) -> str:
    """Return what is said of a file that can't be read; there is exactly one fault, and it names the file."""
    with pytest.raises(DataError) as caught:
        tables(path)
    (fault,) = caught.value.faults
    assert fault.file == path.name
    return str(fault)


def workbook(path: Path, changes: dict[str, bytes | None]) -> Path:
    """Write a small .xlsx with some of its parts changed, added or taken away."""
    writers.xlsx(path, {"Bảng": ENGLISH}, [])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**parts, **changes}.items():
            if part is not None:
                archive.writestr(name, part)
    return path


def sheet(*rows: str) -> bytes:
    """Return the XML of a sheet."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{"".join(rows)}</sheetData></worksheet>'.encode()


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """An archive that says it holds more than 1 GiB isn't opened."""
    path = workbook(tmp_path / "bomb.xlsx", {})
    content = bytearray(path.read_bytes())
    size = content.index(b"PK\x01\x02") + 24
    content[size : size + 4] = (2**31).to_bytes(4, "little")
    path.write_bytes(content)
    assert "unpacks to 2,147," in refused(path)


def test_xml_entities_are_refused(tmp_path: Path) -> None:
    """A billion laughs in a workbook, an OpenDocument file or a Word document are never expanded."""
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    )
    path = workbook(tmp_path / "laughs.xlsx", {"xl/worksheets/sheet1.xml": laughs})
    assert "declares XML entities" in refused(path)
    for name, part in (("laughs.ods", "content.xml"), ("laughs.docx", "word/document.xml")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(part, laughs)
        assert "declares XML entities" in refused(tmp_path / name)


def test_ten_thousand_columns_are_refused(tmp_path: Path) -> None:
    """No published table has more than 1,000 columns."""
    wide = tmp_path / "wide.csv"
    wide.write_text(";".join("x" * 10_000) + "\n", encoding="utf-8")
    assert "10,000 columns" in refused(wide)
    row = "<row r='1'>".replace("'", '"') + CELL.format("A1") + CELL.format("NTP1") + "</row>"
    path = workbook(tmp_path / "wide.xlsx", {"xl/worksheets/sheet1.xml": sheet(row)})
    assert "10,000 columns" in refused(path)
    page = tmp_path / "wide.html"
    page.write_text("<table><tr><td colspan=99999>1</table>", encoding="utf-8")
    assert "columns" in refused(page)


@pytest.mark.whole
def test_a_million_rows_are_read_if_narrow_and_refused_if_not(tmp_path: Path) -> None:
    """Two columns of a million rows are within bounds; twelve are not, nor are two cells far apart."""
    narrow = tmp_path / "narrow.csv"
    narrow.write_text("Tỉnh;Số\n" + "Hà Nội;1\n" * 1_000_000, encoding="utf-8")
    (grid,) = tables(narrow)
    assert (len(grid.rows), grid.width) == (1_000_001, 2)
    wide = tmp_path / "wide.csv"
    wide.write_text("Tỉnh;" * 11 + "Số\n" + ("a;" * 11 + "1\n") * 1_000_000, encoding="utf-8")
    assert "6,000,000 cells at the most" in refused(wide)
    rows = [
        f'<row r="{at}">{CELL.format(f"{letters}{at}")}</row>'
        for at, letters in ((1, "A"), (1_048_576, "ZZ"))
    ]
    far = workbook(tmp_path / "far.xlsx", {"xl/worksheets/sheet1.xml": sheet(*rows)})
    assert "1,048,576 rows of 702 columns" in refused(far)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="ALL1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="Z1048576"><v>1</v></c></row>',
        "<row><c r='A1'><v>1</v></c><c r='ALL1048576'><v>1</v></c></row>",
        '<row><c r="A1"><v>1</v></c><c r = "ALL1048576"><v>1</v></c></row>',
    ],
    ids=["wide", "narrow", "other quotes", "spaces"],
)
def test_a_cell_far_away_is_refused_whatever_its_row_says(rows: str, tmp_path: Path) -> None:
    """Two cells a million rows apart make no dense table, though their row claims to be the first."""
    path = workbook(tmp_path / "far.xlsx", {"xl/worksheets/sheet1.xml": sheet(rows)})
    said = refused(path)
    assert "1,048,576 rows" in said
    assert "sheet Bảng" in said


def test_a_repeated_cell_is_no_way_around_the_bounds(tmp_path: Path) -> None:
    """An OpenDocument row with figures that says it stands there a million times is refused."""
    path = tmp_path / "repeated.ods"
    writers.ods(path, {"Bảng": ENGLISH}, [])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    row = b'<table:table-row table:number-rows-repeated="1000000">'
    parts["content.xml"] = parts["content.xml"].replace(b"<table:table-row>", row)
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert "1,000,000 times the same row" in refused(path)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "xlsb", "ods", "docx", "pdf"])
def test_a_file_that_was_cut_off_gives_one_error(kind: str, tmp_path: Path) -> None:
    """Half of a file of each kind, and a few bytes of it, are refused with the file's name."""
    path = tmp_path / f"whole.{kind}"
    {
        "xlsx": lambda: writers.xlsx(path, {"Bảng": DISTRICTS}, []),
        "xls": lambda: writers.xls(path, {"Bảng": DISTRICTS}, []),
        "xlsb": lambda: writers.xlsb(path, "Bảng", DISTRICTS),
        "ods": lambda: writers.ods(path, {"Bảng": DISTRICTS}, []),
        "docx": lambda: writers.word(path, [("", DISTRICTS)], []),
        "pdf": lambda: writers.portable(path, [("", DISTRICTS)]),
    }[kind]()
    content = path.read_bytes()
    for size in (len(content) // 2, 40):
        cut = tmp_path / f"cut{size}.{kind}"
        cut.write_bytes(content[:size])
        assert refused(cut)


def test_a_page_that_was_cut_off_gives_the_rows_that_are_there(tmp_path: Path) -> None:
    """HTML has no end that could be missed; what was written is read."""
    path = tmp_path / "cut.html"
    path.write_text("<table><tr><td>Tỉnh<td>Số<tr><td>Hà Nội<td>12", encoding="utf-8")
    (grid,) = tables(path)
    assert grid.rows == [["Tỉnh", "Số"], ["Hà Nội", "12"]]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "neither a table nor text"),
        ("archive.xlsx", None, "an archive, not a table"),
        ("empty.xls", b"  \n", "the file is empty"),
        ("noise.csv", bytes(range(256)) * 4, "no text"),
        ("prose.csv", "Chỉ một câu\nvà một câu nữa\n".encode(), "text without columns"),
        ("half.csv", b"\xff\xfe\x41", "not utf-16"),
        ("words.doc", None, "an old Word document"),
        ("locked.xlsx", None, "protected with a password"),
        (
            "sheet2003.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "2003",
        ),
        ("bare.html", b"<html><body>no table</body></html>", "no table"),
    ],
)
def test_what_is_no_table_is_said_in_one_error(
    name: str, content: bytes | None, said: str, tmp_path: Path
) -> None:
    """A wrong suffix, an empty file, noise, prose, a password: each has its own words."""
    path = tmp_path / name
    if name == "archive.xlsx":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("readme.txt", "made up")
    elif content is None:
        inside = "WordDocument" if name == "words.doc" else "EncryptedPackage"
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + inside.encode("utf-16-le"))
    else:
        path.write_bytes(content)
    assert said in refused(path)


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    """A member that is marked as encrypted is never asked for."""
    path = workbook(tmp_path / "locked.xlsx", {})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert "password" in refused(path)


def test_missing_files_and_folders_are_said(tmp_path: Path) -> None:
    """A path that leads nowhere, and one that is no file."""
    assert "no such file" in refused(tmp_path / "nowhere.xlsx")
    assert "can't be read" in refused(tmp_path)


def test_macros_stay_where_they_are_and_formulas_are_their_values(tmp_path: Path) -> None:
    """A workbook with macros is read like any other; a formula gives what was stored, if anything was."""
    row = (
        '<row r="1"><c r="A1" t="str"><f>1/0</f><v>Tỉnh</v></c><c r="B1"><f>NOW()</f></c>'
        '<c r="C1"><f>SUM(A1:A9)*2</f><v>42</v></c></row>'
    )
    changes = {"xl/worksheets/sheet1.xml": sheet(row), "xl/vbaProject.bin": b"Sub Auto_Open(): Kill: End Sub"}
    (grid,) = tables(workbook(tmp_path / "macros.xlsm", changes))
    assert list(grid.rows[0]) == ["Tỉnh", NoValue("formula", "=NOW()"), 42.0]


def test_hidden_sheets_stay_hidden(tmp_path: Path) -> None:
    """What the author hid isn't published."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Tỉnh", 1])
    hidden = book.create_sheet("nháp")
    hidden.append(["Tỉnh", 2])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "hidden.xlsx")
    assert [grid.sheet for grid in tables(tmp_path / "hidden.xlsx")] == ["Sheet"]


@given(st.binary(max_size=600))
@settings(max_examples=150, deadline=None)
@pytest.mark.whole
def test_any_bytes_give_grids_or_our_own_error(content: bytes) -> None:
    """Whatever a file holds, there is a rectangle of cells or a DataError."""
    _try(content)


@given(st.text(alphabet="<>/tablerdhcospn=\"' 0123456789\n;,|\t&#xTỉnhSố", max_size=300))
@settings(max_examples=150, deadline=None)
@pytest.mark.whole
def test_any_page_or_text_gives_grids_or_our_own_error(text: str) -> None:
    """The same for what looks like HTML or a text table."""
    _try(f"<table>{text}".encode())
    _try(text.encode())


@given(st.integers(0, 10_000), st.integers(0, 255))
@settings(max_examples=60, deadline=None)
@pytest.mark.whole
def test_a_changed_byte_in_a_workbook_gives_grids_or_our_own_error(at: int, byte: int) -> None:
    """One wrong byte anywhere in a file of each kind of workbook ends in cells or in a DataError."""
    for content in WHOLE:
        changed = bytearray(content)
        changed[at % len(changed)] = byte
        _try(bytes(changed))


def _whole() -> list[bytes]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("a.xlsx", "a.xls", "a.xlsb", "a.ods")]
        writers.xlsx(paths[0], {"Bảng": ENGLISH}, [])
        writers.xls(paths[1], {"Bảng": ENGLISH}, [])
        writers.xlsb(paths[2], "Bảng", ENGLISH)
        writers.ods(paths[3], {"Bảng": ENGLISH}, [])
        return [path.read_bytes() for path in paths]


WHOLE = _whole()


def _try(content: bytes) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=".xls") as file:
        file.write(content)
        file.flush()
        try:
            grids = tables(Path(file.name))
        except DataError:
            return
    for grid in grids:
        assert len({len(row) for row in grid.rows}) == 1
