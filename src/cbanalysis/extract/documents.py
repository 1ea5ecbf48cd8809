"""Documents to text with paragraphs: .txt in any usual encoding, .html, .docx, .pdf."""

from __future__ import annotations

import codecs
import hashlib
import importlib
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from cbanalysis.errors import DataError, Fault, optional_libraries
from cbanalysis.extract.records import Document
from cbanalysis.sheets.limits import check_archive

__all__ = ["SUFFIXES", "document_of", "open_document"]

SUFFIXES = (".txt", ".html", ".htm", ".docx", ".pdf")
"""What can be read."""

_LARGEST_FILE = 50_000_000
_LARGEST_TEXT = 20_000_000
_MOST_PAGES = 2_000
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "caption",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
_UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "head"})
_ENDS = (".", "!", "?", "…", ";", ":")
# Lines at least this long, and nearly as long as the longest, were broken by a typesetter, not by a writer.
_BROKEN_LINE = 40
_LONGEST_BROKEN_LINE = 160


def open_document(path: Path) -> Document:
    """Read a document.

    Parameters
    ----------
    path : Path
        A .txt (UTF-8 with or without mark, UTF-16, Windows-1258), .html, .docx or .pdf file. PDF needs the
        extra ``pdf``.

    Returns
    -------
    Document
        Its text with paragraphs; a .txt file's text is the decoded file, so spans count its own characters.

    Raises
    ------
    DataError
        If it isn't there, is of another kind than its name says, damaged, too large or asks for a password.
    """
    name = path.name
    suffix = path.suffix.casefold()
    if suffix not in SUFFIXES:
        raise _refused(
            name, "no kind of document that can be read", value=suffix, allowed=", ".join(SUFFIXES)
        )
    try:
        size = path.stat().st_size
        if size > _LARGEST_FILE:
            raise _refused(name, "too large", value=size, allowed=f"{_LARGEST_FILE} bytes at the most")
        content = path.read_bytes()
    except OSError as error:
        raise _refused(name, f"can't be read: {error.strerror or error}") from error
    sha256 = hashlib.sha256(content).hexdigest()
    readers: dict[str, Callable[[str, bytes], str]] = {
        ".txt": _plain, ".html": _html, ".htm": _html, ".docx": _docx, ".pdf": _pdf,
    }  # fmt: skip
    text = readers[suffix](name, content)
    if len(text) > _LARGEST_TEXT:
        raise _refused(
            name, "too much text", value=len(text), allowed=f"{_LARGEST_TEXT} characters at the most"
        )
    if not text.strip():
        what = "holds no text; is it a scan?" if suffix == ".pdf" else "holds no text"
        raise _refused(name, what)
    return document_of(text, name, sha256)


def document_of(text: str, file: str = "", sha256: str = "") -> Document:
    """Return a text as a document.

    Parameters
    ----------
    text : str
        Any text; a blank line or the end of a line ends a paragraph, but lines broken at a margin are joined.
    file : str
        The name it carries.
    sha256 : str
        Hash of the file's bytes; that of the text in UTF-8 when not given.

    Returns
    -------
    Document
        The text as it is, with its paragraphs.
    """
    digest = sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(file, digest, text, tuple(_paragraphs(text)))


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+", text)]
    longest = max((end - start for start, end in lines), default=0)
    broken = _BROKEN_LINE <= longest <= _LONGEST_BROKEN_LINE
    begin: int | None = None
    last = (0, 0)
    for start, end in lines:
        line = text[start:end]
        if not line.strip():
            continue
        if begin is not None:
            before = text[last[0] : last[1]].rstrip()
            blank = text.count("\n", last[1], start) > 1
            first = line.lstrip()[0]
            goes_on = (
                not blank
                and not before.endswith(_ENDS)
                and (
                    first.islower() or (broken and len(before) >= longest * 3 // 4 and first not in "-•+*–·")
                )
            )
            if not goes_on:
                yield begin, last[1]
                begin = start
        else:
            begin = start
        last = (start, end)
    if begin is not None:
        yield begin, last[1]


def _refused(name: str, what: str, *, value: object = None, allowed: str | None = None) -> DataError:
    return DataError([Fault(what, file=name, value=value, allowed=allowed)])


def _plain(name: str, content: bytes) -> str:
    for start, suffix in ((b"PK\x03\x04", ".docx"), (b"%PDF", ".pdf"), (b"\xd0\xcf\x11\xe0", ".doc or .xls")):
        if content.startswith(start):
            raise _refused(name, "no text; its bytes are those of another kind of file", value=suffix)
    return _decoded(name, content)


def _decoded(name: str, content: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as error:
                raise _refused(name, f"damaged {encoding} text at byte {error.start}") from error
    if b"\x00" in content[:4000]:
        # every second byte of Vietnamese in UTF-16 is mostly 0 or 1
        even, odd = content[0:4000:2].count(0), content[1:4000:2].count(0)
        try:
            if max(even, odd) > 4 * min(even, odd):
                return content.decode("utf-16-be" if even > odd else "utf-16-le")
        except UnicodeDecodeError:
            pass
        raise _refused(name, "no text: it holds zero bytes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        broken = error
    try:
        # this code page writes tones as marks of their own; composed they are the letters that readers know
        return unicodedata.normalize("NFC", content.decode("cp1258"))
    except UnicodeDecodeError:
        what = f"neither UTF-8, UTF-16 nor Windows-1258 (byte {broken.start} is no UTF-8)"
        raise _refused(name, what) from broken


class _Text(HTMLParser):
    """The text of a page as a reader sees it, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- as the parser calls it
        if tag in _UNSEEN:
            self.unseen += 1
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN and self.unseen:
            self.unseen -= 1
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(" ".join(data.split(None)) if not data.strip() else re.sub(r"\s+", " ", data))


def _html(name: str, content: bytes) -> str:
    if content.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise _refused(name, "no web page; its bytes are those of another kind of file")
    declared = re.search(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", content[:4000])
    text = ""
    if declared:
        try:
            text = content.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            text = ""
    parser = _Text()
    parser.feed(text or _decoded(name, content))
    parser.close()
    return re.sub(r"[ \t]*\n[ \t\n]*", "\n", "".join(parser.parts)).strip()


def _docx(name: str, content: bytes) -> str:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused(name, "asks for a password, or is an old .doc", allowed="a .docx without a password")
    if not content.startswith(b"PK"):
        raise _refused(name, "no .docx; its bytes are those of another kind of file")
    check_archive(name, content)
    docx: Any = importlib.import_module("docx")
    try:
        document = docx.Document(io.BytesIO(content))
        lines = [_line(part) for part in document.iter_inner_content()]
    except Exception as error:  # python-docx raises whatever its XML library and zip do
        raise _refused(name, "damaged, or no .docx") from error
    return "\n".join(lines)


def _line(part: Any) -> str:  # noqa: ANN401 -- python-docx has no types for what it iterates over
    if hasattr(part, "rows"):
        # a table's cells stand beside one another; its figures are for `cbanalysis import`
        return "\n".join("\t".join(cell.text.replace("\n", " ") for cell in row.cells) for row in part.rows)
    return str(part.text)


def _pdf(name: str, content: bytes) -> str:
    if not content[:1024].lstrip().startswith(b"%PDF"):
        raise _refused(name, "no PDF; its bytes are those of another kind of file")
    with optional_libraries():
        import pdfplumber  # noqa: PLC0415 -- an extra
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            count = len(document.pages)
            pages = [page.extract_text() or "" for page in document.pages[:_MOST_PAGES]]
    except Exception as error:  # pdfminer raises whatever the bytes make it
        locked = "password" in f"{type(error).__name__} {error!r} {error.__cause__!r}".casefold()
        raise _refused(name, "asks for a password" if locked else "damaged PDF") from error
    if count > _MOST_PAGES:
        raise _refused(name, "too many pages", value=count, allowed=f"{_MOST_PAGES} at the most")
    return "\n".join(pages)
