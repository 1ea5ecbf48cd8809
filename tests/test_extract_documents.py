"""Documents of all kinds to text, and what is refused: bombs, passwords, cut-off files, wrong suffixes."""

# ruff: noqa: E501 -- texts and cells stand on one line

from __future__ import annotations

import io
import sys
import unicodedata
import zipfile
from pathlib import Path
from unittest.mock import patch

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cbanalysis.common.errors import DataError, MissingExtra
from cbanalysis.common.limits import Limits
from cbanalysis.importing.prose import document_of, open_document
from cbanalysis.importing.prose.documents import SUFFIXES

USUAL = "cbanalysis.common.limits._USUAL"
TEXT = "Kết quả năm 2023\nToàn tỉnh có 4.175 chi bộ, chiếm 63,71%.\n"


def put(folder: Path, name: str, content: bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content)
    return path


def word(*paragraphs: str) -> bytes:
    """Return a Word document of paragraphs and a table."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Chi bộ", "12"
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def portable(text: str, encrypted: str = "") -> bytes:
    """Write a PDF of one line by hand."""
    stream = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    if encrypted:
        objects.append(
            b"<< /Filter /Standard /V 1 /R 2 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> /P -4 >>"
        )
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    extra = b" /Encrypt 6 0 R /ID [<41> <41>]" if encrypted else b""
    return body + b"trailer << /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        extra,
        table,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258"])
def test_text_is_read_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    """UTF-8 with or without mark, UTF-16 with or without mark, and Windows-1258 give the same letters."""
    text = TEXT
    if encoding == "cp1258":
        # this code page has base letters with hook or breve, and tones as marks of their own
        marks = "\u0300\u0301\u0303\u0309\u0323"
        text = "".join(
            unicodedata.normalize(
                "NFC", "".join(x for x in unicodedata.normalize("NFD", one) if x not in marks)
            )
            + "".join(x for x in unicodedata.normalize("NFD", one) if x in marks)
            for one in TEXT
        )
    document = open_document(put(tmp_path, "a.txt", text.encode(encoding)))
    assert document.text == TEXT
    assert [document.text[start:end] for start, end in document.paragraphs] == TEXT.splitlines()
    assert len(document.sha256) == 64


def test_lines_broken_at_a_margin_are_joined_and_list_items_are_not() -> None:
    """A paragraph goes on over the end of a line; a blank line, a full stop or a bullet ends it."""
    text = "Tỉnh có\nnhiều chi bộ.\n- Một\n- Hai\n\nba"
    assert [text[start:end] for start, end in document_of(text).paragraphs] == [
        "Tỉnh có\nnhiều chi bộ.",
        "- Một",
        "- Hai",
        "ba",
    ]
    long = "Năm 2023 toàn Đảng bộ tỉnh đã có tất cả là bốn nghìn\nChi bộ và đảng bộ cơ sở ở khắp các huyện, thị xã.\n"
    assert len(document_of(long).paragraphs) == 1


def test_pages_are_read_as_a_reader_sees_them(tmp_path: Path) -> None:
    """Scripts and styles are not text, blocks are lines, entities are letters."""
    page = "<html><head><title>x</title><style>9 {}</style></head><body><h1>Kết  quả</h1><script>1</script><p>C&oacute; <b>5</b> chi bộ&nbsp;</p></body></html>"
    document = open_document(put(tmp_path, "a.html", page.encode()))
    assert document.text.split("\n") == ["Kết quả", "Có 5 chi bộ"]
    declared = b'<meta charset="windows-1252"><p>caf\xe9</p>'
    assert open_document(put(tmp_path, "b.htm", declared)).text == "café"
    unknown = '<meta charset="nowhere"><p>chi bộ</p>'.encode()
    assert open_document(put(tmp_path, "c.htm", unknown)).text == "chi bộ"


def test_word_documents_are_read_with_their_tables(tmp_path: Path) -> None:
    """Paragraphs are lines, a table's row is one."""
    document = open_document(put(tmp_path, "a.docx", word("Kết quả", "Có 5 chi bộ.")))
    assert document.text.split("\n") == ["Kết quả", "Có 5 chi bộ.", "Chi bộ\t12"]


def test_portable_documents_are_read_and_locked_ones_refused(tmp_path: Path) -> None:
    """A PDF gives its text; one with a password, without text or cut off gives one fault."""
    assert open_document(put(tmp_path, "a.pdf", portable("Co 5 chi bo"))).text == "Co 5 chi bo"
    with pytest.raises(DataError, match=r"a\.pdf: the (file is protected|PDF is damaged)"):
        open_document(put(tmp_path, "a.pdf", portable("x", encrypted="yes")))
    with pytest.raises(DataError, match="is it a scan"):
        open_document(put(tmp_path, "b.pdf", portable("")))
    with pytest.raises(DataError, match=r"c\.pdf"):
        open_document(put(tmp_path, "c.pdf", portable("x")[:150]))


def test_pdf_without_its_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault names the extra."""
    monkeypatch.setitem(sys.modules, "pdfplumber", None)
    with pytest.raises(MissingExtra, match=r"cbanalysis\[pdf\]"):
        open_document(put(tmp_path, "a.pdf", portable("x")))


def bomb() -> bytes:
    """Return a Word document that says it unpacks to far too much."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 1000)
        # the directory says what would come out
        archive.filelist[0].file_size = 2 * 10**9
    return written.getvalue()


def entities() -> bytes:
    """Return a Word document whose XML declares entities."""
    whole = io.BytesIO(word("x"))
    written = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(written, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "word/document.xml":
                content = content.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "bbb">]>', 1)
            new.writestr(info.filename, content)
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "an old workbook"),
        ("a.gif", b"GIF89a", "neither a table nor text"),
        ("a.txt", b"", "holds no text"),
        ("a.txt", b" \n ", "holds no text"),
        ("a.txt", b"PK\x03\x04abc", "cut off or damaged"),
        ("a.txt", b"%PDF-1.4", "the PDF is damaged"),
        ("a.txt", b"\x00\x00\x01\x00\x00", "zero bytes"),
        ("a.txt", b"\xff\xfea\x00\x00\xd8", "not utf-16"),
        ("a.txt", b"\xef\xbb\xbf\xff\xfe", "not utf-8"),
        ("a.txt", b"caf\xe9 \xd2\x8a \x9a", "neither UTF-8"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), "an old Word document"),
        ("a.docx", word("x")[:1000], "damaged"),
        ("a.docx", entities(), "entities"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_name(
    tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    """One fault that names the file and says why."""
    with pytest.raises(DataError, match=what) as refused:
        open_document(put(tmp_path, name, content))
    assert [fault.file for fault in refused.value.faults] == [name]


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """An archive of two gigabytes is refused by what its directory says."""
    with pytest.raises(DataError, match="unpacks to 2,000"):
        open_document(put(tmp_path, "a.docx", bomb()))


def test_a_missing_file_and_one_that_is_too_large_are_refused(tmp_path: Path) -> None:
    """Neither is opened."""
    with pytest.raises(DataError, match="no such file"):
        open_document(tmp_path / "a.txt")
    with (
        patch(USUAL, Limits(file_bytes=10)),
        pytest.raises(DataError, match="too large"),
    ):
        open_document(put(tmp_path, "a.txt", b"0" * 11))
    with (
        patch(USUAL, Limits(characters=5)),
        pytest.raises(DataError, match="too much text"),
    ):
        open_document(put(tmp_path, "a.txt", b"0" * 9))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    suffix=st.sampled_from(SUFFIXES),
    content=st.binary(max_size=400),
    start=st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.4\n", b"\xff\xfe", b"<html>"]),
)
def test_no_bytes_raise_anything_but_our_error(
    tmp_path: Path, suffix: str, content: bytes, start: bytes
) -> None:
    """Whatever the bytes are, there is a document or one DataError."""
    try:
        document = open_document(put(tmp_path, f"a{suffix}", start + content))
    except DataError:
        return
    assert all(0 <= start < end <= len(document.text) for start, end in document.paragraphs)
