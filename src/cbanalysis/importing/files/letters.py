"""TCVN3 and VNI: text of before Unicode, which only its font makes readable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from cbanalysis.common.errors import UnknownName

Letters = Literal["tcvn3", "vni", ""]
LETTERS: tuple[Letters, ...] = ("tcvn3", "vni")

_NAMES = {"tcvn3": "TCVN3", "vni": "VNI"}
_FONTS: tuple[tuple[Letters, re.Pattern[str]], ...] = (
    ("tcvn3", re.compile(r"\.vn[a-z0-9]", re.IGNORECASE)),
    ("vni", re.compile(r"vni[- ][a-z]", re.IGNORECASE)),
)
# letters that viparse knows no text of: they are missing in its table
_MISSING = {"aú": "ẳ", "AÚ": "Ẳ", "î": "ỵ", "Î": "Ỵ"}
# signs that stand for letters in TCVN3, and pairs that do in VNI, and that no Vietnamese word in Unicode has
_SURE: Mapping[str, re.Pattern[str]] = {
    "tcvn3": re.compile("[¡-¯µ-¿ÅÆÇËÎÏÑÖ×ØÜÞßäåæçëîïñö÷øûüþ]"),
    "vni": re.compile("[aAeE][ùøûõïâåäëüÙØÛÕÏÂÅÄËÜ]|[oOuUyYôÔöÖ][ùøûõïåäÙØÛÕÏÅÄ]|[ñÑæÆ]"),
}
_LOOKED_AT = 20_000


def letters_of_font(font: str) -> Letters:
    """Return the encoding that a font asks for: .VnTime means TCVN3, VNI-Times means VNI.

    Examples
    --------
    >>> letters_of_font(".VnTime"), letters_of_font("Arial")
    ('tcvn3', '')
    """
    return next((letters for letters, pattern in _FONTS if pattern.match(font.strip())), "")


def is_unicode(text: str) -> bool:
    """Return whether a text has a letter beyond Latin-1, which neither encoding has."""
    return any(letter > "\xff" and letter.isalpha() for letter in text)


def spared(texts: Iterable[str], letters: Letters) -> bool:
    """Return whether texts of one column are Unicode although their font says otherwise: a font left behind.

    Examples
    --------
    >>> spared(["Bắc Giang", "Thái Bình"], "tcvn3"), spared(["B¾c Giang", "Thái Bình"], "tcvn3")
    (True, False)
    """
    listed = list(texts)
    return any(map(is_unicode, listed)) and not any(_SURE[letters].search(text) for text in listed)


def unicode_text(text: str, letters: Letters) -> str:
    """Return a text of before Unicode in Unicode; a text that is in Unicode already stays as it is.

    Raises
    ------
    UnknownName
        If there is no such encoding.

    Examples
    --------
    >>> unicode_text("B¾c Giang", "tcvn3"), unicode_text("haúng, Myî", "vni")
    ('Bắc Giang', 'hẳng, Myỵ')
    """
    if letters not in LETTERS:
        raise UnknownName("encoding", letters, LETTERS)
    if text.isascii() or is_unicode(text):
        return text
    import viparse  # noqa: PLC0415 -- slow to import, and few files need it

    if letters == "vni":
        for old, new in _MISSING.items():
            text = text.replace(old, new)
    return str(viparse.fix(text, encoding=letters))


def hint(texts: Iterable[str]) -> str:
    """Return what to say of texts that look like one of the two encodings, ``""`` of others.

    Parameters
    ----------
    texts : iterable of str
        Texts with one letter for each byte (Latin-1), as a file has them that doesn't say what it is.
    """
    sample = "\n".join(text for text in texts if not text.isascii() and not is_unicode(text))[:_LOOKED_AT]
    sure = [letters for letters in LETTERS if len(_SURE[letters].findall(sample)) > 3]
    if not sure:
        return ""
    import viparse  # noqa: PLC0415 -- as above

    found = viparse.detect_text_encoding(sample)
    return f"the text looks like {_NAMES[found]} (--letters {found})" if found in sure else ""
