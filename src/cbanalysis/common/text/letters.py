"""Letters: one way to write each text, and a search key that forgives how it was typed."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that look like Đ/đ and stand in for it in real pages: eth and the African d.
_LOOKALIKES = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})

# Format characters (zero-width, soft hyphen, byte order mark) and controls print nothing.
_INVISIBLE = {"Cf", "Cc"}

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_MARKS = "\u0300-\u036f"

# (where the tone stands, where it belongs), on decomposed text. The canonical placement is the one
# that the official names use: Hòa Bình, Thanh Hóa, Khánh Hòa.
_PLACEMENTS = (
    # hoà -> hòa, khoẻ -> khỏe: open syllables carry the tone on the first vowel
    (re.compile(rf"(o)([ae])([{_TONES}])(?![\w{_MARKS}])", re.IGNORECASE), r"\1\3\2"),
    # thuý -> thúy, but quý stays: there u belongs to the consonant
    (re.compile(rf"(?<!q)(u)(y)([{_TONES}])(?![\w{_MARKS}])", re.IGNORECASE), r"\1\3\2"),
    # hòan -> hoàn, hùynh -> huỳnh: closed syllables carry it on the second vowel
    (re.compile(rf"(o)([{_TONES}])([ae])(?=\w)", re.IGNORECASE), r"\1\3\2"),
    (re.compile(rf"(?<!q)(u)([{_TONES}])(y)(?=\w)", re.IGNORECASE), r"\1\3\2"),
    # qúa -> quá
    (re.compile(rf"(?<=q)(u)([{_TONES}])([aeoy])(?![{_MARKS}])", re.IGNORECASE), r"\1\3\2"),
)

# Latin and Vietnamese letters composed, single blanks: sure to be clean, and far quicker to see
_CLEAN = re.compile(r"(?:{0}+(?: {0}+)*)?".format("[!-~À-ÏÑ-ïñ-ÿĂăĐđĨĩŨũƠơƯưẠ-ỹ–—“”…]"))

_NO_WORD = re.compile(r"[\W_]+")
_MARK = re.compile(f"[{_MARKS}]+")
_BEYOND_MARKS = "\u0483"  # the next letter that is a mark, and so are many after it

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


def clean(text: str) -> str:
    """Return a text written in the one way that this package uses; upper and lower case stay.

    Composed letters (NFC), Đ/đ for eth and other look-alikes, plain blanks for no-break and other
    blanks, one blank for several, nothing for what doesn't print (zero-width characters, byte order
    mark, soft hyphen), no blank at either end.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The cleaned text; cleaning it again changes nothing.

    Examples
    --------
    >>> clean("  Ðảng\u00a0 bộ\u200b ")
    'Đảng bộ'
    """
    if _CLEAN.fullmatch(text):
        return text
    visible = "".join(
        letter for letter in text if letter.isspace() or unicodedata.category(letter) not in _INVISIBLE
    )
    return unicodedata.normalize("NFC", " ".join(visible.split())).translate(_LOOKALIKES)


@lru_cache(maxsize=2**14)
def fold(text: str) -> str:
    """Return a search key: what is left of a text when case, marks, tones and punctuation don't count.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Lower-case letters and digits with single blanks; folding it again changes nothing.

    Examples
    --------
    >>> fold("Ðắc-Lắc") == fold("dac lac")
    True
    >>> fold("HOÀ BÌNH") == fold("Hòa Bình") == "hoa binh"
    True
    """
    return " ".join(_NO_WORD.sub(" ", plain_letters(text)).split())


def plain_letters(text: str) -> str:
    """Return clean text in small letters without marks, ``đ`` as ``d``.

    Examples
    --------
    >>> plain_letters("Bắc Giang, Đắk Lắk")
    'bac giang, dak lak'
    """
    return _bare_letters(_bare_letters(clean(text)).casefold()).translate({ord("đ"): "d"})


def _bare_letters(text: str) -> str:
    if text.isascii():
        return text
    decomposed = _MARK.sub("", unicodedata.normalize("NFKD", text))
    if max(decomposed, default="") < _BEYOND_MARKS:
        return decomposed
    return "".join(letter for letter in decomposed if not unicodedata.category(letter).startswith("M"))


def normalise_tones(text: str) -> str:
    """Return a text with each Vietnamese tone mark on the vowel where the official names have it.

    Both placements are in use (hoà and hòa, thuý and thúy, khoẻ and khỏe); this gives hòa, thúy,
    khỏe. Slips of the keyboard are put right too: hòan to hoàn, qúa to quá.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text in NFC, otherwise unchanged.

    Examples
    --------
    >>> normalise_tones("Hoà thuý khoẻ, quý; hoàn toàn")
    'Hòa thúy khỏe, quý; hoàn toàn'
    """
    decomposed = unicodedata.normalize("NFD", text)
    for pattern, placed in _PLACEMENTS:
        decomposed = pattern.sub(placed, decomposed)
    return unicodedata.normalize("NFC", decomposed)


# Full-width signs too: spreadsheets of East Asia read them as the plain ones.
_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def disarmed(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers.

    Examples
    --------
    >>> disarmed("=1+1"), disarmed("-3.2"), disarmed("@SUM(A1)"), disarmed("＝1+1")
    ("'=1+1", '-3.2', "'@SUM(A1)", "'＝1+1")
    """
    if cell[:1] in _FORMULA and not NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell
