"""Documents to text with paragraphs: .txt in any usual encoding, .html, .docx, .pdf."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from cbanalysis.importing.files.pages import Page
from cbanalysis.importing.files.reading import TEXT_SUFFIXES
from cbanalysis.importing.files.reading import text as text_of
from cbanalysis.importing.prose.grammar import pattern
from cbanalysis.importing.prose.records import Document

SUFFIXES = TEXT_SUFFIXES
"""What can be read."""

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
        If it isn't there, holds no text, is damaged, too large or asks for a password.
    """
    article = text_of(path)
    return document_of(article.text, article.file, article.sha256, page=article.page)


def document_of(text: str, file: str = "", sha256: str = "", *, page: Page | None = None) -> Document:
    """Return a text as a document.

    Parameters
    ----------
    text : str
        Any text; a blank line or the end of a line ends a paragraph, but lines broken at a margin are joined.
    file : str
        The name it carries.
    sha256 : str
        Hash of the file's bytes; that of the text in UTF-8 when not given.
    page : Page, optional
        What a web page says of itself.

    Returns
    -------
    Document
        The text as it is, with its paragraphs.
    """
    digest = sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(file, digest, text, tuple(_paragraphs(text)), page)


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
            cut = broken and len(before) >= longest * 3 // 4 and first not in "-•+*–·"
            if blank or before.endswith(_ENDS) or not (first.islower() or cut):
                yield begin, last[1]
                begin = start
        else:
            begin = start
        last = (start, end)
    if begin is not None:
        yield begin, last[1]


_LONGEST_HEADING = 200
_ENDS_HEADINGS = (".", "!", "?", "…", ";", ":", ",")
_BULLETS = ("-", "•", "+", "*", "–", "·")


def is_heading(paragraph: str) -> bool:
    """Return whether a paragraph is a heading: short, without a full stop, no item of a list.

    Examples
    --------
    >>> is_heading("II. Chỉ tiêu năm 2024"), is_heading("- 100% chi bộ sinh hoạt chuyên đề.")
    (True, False)
    """
    text = paragraph.strip()
    short = 0 < len(text) <= _LONGEST_HEADING and not pattern("sentence_end").search(text)
    return short and not text.endswith(_ENDS_HEADINGS) and not text.startswith(_BULLETS)
