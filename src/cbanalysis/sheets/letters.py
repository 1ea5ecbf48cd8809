"""TCVN3 and VNI: text of before Unicode, which only its font makes readable."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from cbanalysis.errors import UnknownName

__all__ = ["LETTERS", "Letters", "letters_of_fonts", "unicode_text"]

Letters = Literal["tcvn3", "vni", ""]
LETTERS: tuple[Letters, ...] = ("tcvn3", "vni")

_FONTS: tuple[tuple[Letters, re.Pattern[str]], ...] = (
    ("tcvn3", re.compile(r"\.vn[a-z0-9]", re.IGNORECASE)),
    ("vni", re.compile(r"vni[- ][a-z]", re.IGNORECASE)),
)


def letters_of_fonts(fonts: Iterable[str]) -> Letters:
    """Return the encoding that fonts ask for: .VnTime means TCVN3, VNI-Times means VNI.

    Examples
    --------
    >>> letters_of_fonts(["Arial", ".VnTime"])
    'tcvn3'
    """
    names = list(fonts)
    return next((letters for letters, font in _FONTS if any(font.match(name) for name in names)), "")


def unicode_text(text: str, letters: Letters) -> str:
    """Return a text of before Unicode in Unicode; a text that is in Unicode already stays as it is.

    Raises
    ------
    UnknownName
        If there is no such encoding.

    Examples
    --------
    >>> unicode_text("B¾c Giang", "tcvn3")
    'Bắc Giang'
    """
    if letters not in LETTERS:
        raise UnknownName("encoding", letters, LETTERS)
    # letters beyond Latin-1 exist in neither encoding
    if text.isascii() or any(ord(letter) > 0xFF and letter.isalpha() for letter in text):
        return text
    import viparse  # noqa: PLC0415 -- slow to import, and few files need it

    return str(viparse.fix(text, encoding=letters))
