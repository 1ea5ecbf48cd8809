"""TCVN3 and VNI: text of before Unicode, which only its font makes readable."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

from cbanalysis.common.errors import require_known
from cbanalysis.common.limits import refuse

Letters = Literal["tcvn3", "vni", ""]
LETTERS: tuple[Letters, ...] = ("tcvn3", "vni")

NAMES = {"tcvn3": "TCVN3", "vni": "VNI"}
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


@lru_cache(maxsize=2**14)
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
    require_known("encoding", letters, LETTERS)
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
    return f"the text looks like {NAMES[found]} (--letters {found})" if found in sure else ""


_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HEAD = 4096
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
# what browsers take from a page; Python's other codecs unpack, escape or run over the text
_WEB = re.compile(
    r"utf-8|utf-16(?:-[bl]e)?|cp125[0-8]|cp866|cp874|cp932|iso8859-(?:[2-9]|1[013-6])|koi8-[ru]|mac-(?:roman|cyrillic)"
    r"|gbk|gb2312|gb18030|big5(?:hkscs)?|shift_jis|euc_jp|euc_kr|iso2022_jp"
)
# as browsers do: pages that call themselves Latin-1 or ASCII are Windows-1252
_LATIN = {"iso8859-1", "ascii", "latin-1"}


def decoded(content: bytes, letters: Letters = "") -> tuple[str, str]:
    """Return a file's text and the name of its encoding: UTF-8, UTF-16 or Windows-1258.

    With ``letters`` (text of before Unicode) bytes that are no UTF-8 are letters of a font, one each.

    Raises
    ------
    DataError
        If it is no text.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding), encoding.removesuffix("-sig")
            except UnicodeDecodeError as error:
                raise refuse(f"not {encoding} from byte {error.start + 1} on") from error
    if b"\0" in content[:_HEAD]:
        return _without_mark(content), "utf-16"
    if any(byte < 9 or 13 < byte < 27 for byte in content[:_HEAD]):
        raise refuse("no text: it holds signs that no text has")
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        broken = error
    if letters:
        return content.decode("latin-1"), "latin-1"
    try:
        # this code page writes tones as marks of their own; composed they are the letters that readers know
        text = unicodedata.normalize("NFC", content.decode("cp1258"))
        # a mark on a letter that takes none was a letter of its own: the ì of western Windows
        strange = any(map(unicodedata.combining, text))
        return (content.decode("cp1252"), "windows-1252") if strange else (text, "windows-1258")
    except UnicodeDecodeError:
        what = f"neither UTF-8, UTF-16 nor Windows-1258 (byte {broken.start + 1} is no UTF-8)"
        raise refuse(what, allowed=looks_like(content) or "text in UTF-8") from broken


def looks_like(content: bytes) -> str:
    """Return what to say of bytes that are no UTF-8 and look like letters of a font, ``""`` of others."""
    return hint(content.decode("latin-1").splitlines())


def _without_mark(content: bytes) -> str:
    """Return text in UTF-16 without a mark: every second byte of Vietnamese is mostly 0 or 1."""
    even, odd = content[0:_HEAD:2].count(0), content[1:_HEAD:2].count(0)
    try:
        text = content.decode(f"utf-16-{'le' if odd > even else 'be'}")
    except UnicodeDecodeError as error:
        raise refuse("no text: it holds zero bytes") from error
    if any(unicodedata.category(sign) in {"Cc", "Cn", "Co"} for sign in text[:400] if sign not in "\t\r\n"):
        raise refuse("no text: it holds zero bytes")
    return text


def page_text(content: bytes, letters: Letters = "") -> tuple[str, str]:
    """Return a page's text and the name of its encoding: what it names if that is right, else as `decoded`.

    Raises
    ------
    DataError
        If it is no text.
    """
    named = _CHARSET.search(content[:_HEAD])
    if named and not letters and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            encoding = codecs.lookup(named[1].decode("ascii")).name
            encoding = "cp1252" if encoding in _LATIN else encoding
            if _WEB.fullmatch(encoding) and not encoding.startswith("utf-16"):
                return unicodedata.normalize("NFC", content.decode(encoding)), encoding
        except (LookupError, UnicodeError):
            pass  # pages often name another encoding than theirs
    return decoded(content, letters)
