"""Numbers in the declared style: `9.768` is 9768 in a Vietnamese table and 9.768 in an English one."""

from __future__ import annotations

import math
import numbers
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

from cbanalysis.common.errors import TextError, require_known
from cbanalysis.common.text.letters import clean

NumberStyle = Literal["vi", "en"]

NO_BREAK = "\N{NO-BREAK SPACE}"

# What stands for a value that isn't there, in print.
MISSING = "–"

# More digits than any published figure or any printed float has; beyond them a cell is no number.
_MOST_DIGITS = 40

# More characters than a cell with a figure has.
_LONGEST_TEXT = 200

# Wide enough for the longest float in full (1.8e308 has 309 digits before the point).
_WIDE = Context(prec=800)

_FULL_WIDTH = str.maketrans("０１２３４５６７８９％．，／", "0123456789%.,/")


@dataclass(frozen=True)
class _Marks:
    """How one style groups thousands and marks the decimals."""

    style: NumberStyle
    group: str
    decimal: str
    names: str

    @property
    def pattern(self) -> re.Pattern[str]:
        group, decimal = re.escape(self.group), re.escape(self.decimal)
        grouped = rf"[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+"
        return re.compile(rf"({grouped}|[0-9]+)(?:{decimal}([0-9]+))?")


_MARKS: dict[str, _Marks] = {
    "vi": _Marks("vi", ".", ",", "a dot groups thousands, a comma marks decimals"),
    "en": _Marks("en", ",", ".", "a comma groups thousands, a dot marks decimals"),
}
_OTHER: dict[str, NumberStyle] = {"vi": "en", "en": "vi"}


def require_style(style: str) -> None:
    """Refuse a number style that isn't one.

    Raises
    ------
    UnknownName
        When `style` is neither ``"vi"`` nor ``"en"``.
    """
    require_known("number style", style, _MARKS)


def require_text(text: object) -> None:
    """Refuse what is no text, or too long a text to be a figure.

    Raises
    ------
    TextError
        When it isn't a str or has more than 200 characters.
    """
    if not isinstance(text, str):
        raise TextError(str(text), f"a text is wanted, not {type(text).__name__}")
    if len(text) > _LONGEST_TEXT:
        raise TextError(f"{text[:40]}…", f"{len(text)} characters are more than a figure has")


def western_digits(text: str) -> str:
    """Return the text with full-width digits, percent signs and marks as plain ones."""
    return text.translate(_FULL_WIDTH)


def read_decimal(text: str, style: NumberStyle) -> Decimal:
    """Return one number, exactly as printed (its exponent tells how many decimals were printed).

    Raises
    ------
    TextError
        When the text isn't one number in that style.
    """
    digits = sum(letter.isdigit() for letter in text)
    if digits > _MOST_DIGITS:
        raise TextError(f"{text[:_MOST_DIGITS]}…", f"{digits} digits are no published number")
    found = _MARKS[style].pattern.fullmatch(text)
    if not found:
        raise TextError(text, _why_not(text, style))
    whole, decimals = found[1].replace(_MARKS[style].group, ""), found[2]
    return Decimal(f"{whole}.{decimals}" if decimals else whole)


def _why_not(text: str, style: NumberStyle) -> str:
    if not text:
        return "it is empty"
    if any(letter.isdigit() and letter not in "0123456789" for letter in text):
        return "its digits are not 0 to 9"
    if re.match(r"[-−–+]\s*[0-9]", text):
        return "a sign has no place in a published count or share"
    if re.fullmatch(r"[0-9][0-9.,]*", text):
        other = _OTHER[style]
        readable = _MARKS[other].pattern.fullmatch(text)
        verdict = "it would be a number in" if readable else "it is no number either in"
        return f"in number style {style!r} {_MARKS[style].names}; {verdict} style {other!r}"
    return f"not one number in number style {style!r} ({_MARKS[style].names})"


def parse_number(text: str, style: NumberStyle = "vi") -> int | float:
    """Return the one number that a text holds, read strictly in the declared style.

    Parameters
    ----------
    text : str
        The number: digits with the style's own marks, nothing else (blanks around it don't count).
        Full-width digits are read, other scripts' digits are refused.
    style : {"vi", "en"}
        ``vi``: ``9.768`` is 9768 and ``63,71`` is 63.71; ``en``: the reverse. It is declared, never guessed.

    Returns
    -------
    int or float
        An int when no decimals are printed.

    Raises
    ------
    TextError
        When the text isn't one number in that style; ``reason`` says whether the other style could read it.
    UnknownName
        When there is no such style.

    Examples
    --------
    >>> parse_number("9.768"), parse_number("9.768", "en"), parse_number("63,71")
    (9768, 9.768, 63.71)
    """
    require_style(style)
    require_text(text)
    value = read_decimal(western_digits(clean(text)), style)
    return float(value) if value.as_tuple().exponent else int(value)


def with_sign(number: str, sign: str) -> str:
    """Return a number with the sign of its unit: 12,3‰, 61,5 điểm; nothing for no number.

    Examples
    --------
    >>> with_sign("12,3", "‰"), with_sign("61,5", "điểm") == "61,5\N{NO-BREAK SPACE}điểm"
    ('12,3‰', True)
    """
    return f"{number}{NO_BREAK if sign[:1].isalpha() else ''}{sign}" if number else ""


def format_number(value: float | None, style: NumberStyle = "vi", decimals: int | None = None) -> str:
    """Return a number as that style prints it; `parse_number` reads it back (unless it is negative).

    Parameters
    ----------
    value : int, float or None
        The number. Halves are rounded away from zero, as published tables do.
    style : {"vi", "en"}
        ``vi``: 9768 is ``9.768``, 63.71 is ``63,71``; ``en``: the reverse.
    decimals : int, optional
        How many decimals to print; None prints those that the number has.

    Returns
    -------
    str
        An en dash for None, NaN and pandas.NA; a minus sign (U+2212) before negative numbers.

    Raises
    ------
    TextError
        When the number is infinite.
    UnknownName
        When there is no such style.

    Examples
    --------
    >>> format_number(9768), format_number(63.71), format_number(63.71, "en", 1), format_number(-0.5)
    ('9.768', '63,71', '63.7', '−0,5')
    """
    require_style(style)
    if type(value) is int and decimals is None and value >= 0:  # most numbers of a table
        return f"{value:,}".replace(",", _MARKS[style].group)
    # pandas.NA is neither None nor a float, and this module doesn't know pandas
    if value is None or str(value) in {"nan", "<NA>"}:
        return MISSING
    if isinstance(value, numbers.Integral):
        exact = Decimal(int(value))
    elif math.isinf(value):
        raise TextError(str(value), "an infinite number can't be printed")
    else:
        # repr of a plain float is the shortest text that reads back as the same float
        exact = Decimal(repr(float(value)))
        if decimals is None and exact == exact.to_integral_value():
            exact = Decimal(int(exact))
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)
    marks = _MARKS[style]
    printed = f"{abs(exact):,f}".replace(",", "\0").replace(".", marks.decimal).replace("\0", marks.group)
    return f"−{printed}" if exact < 0 else printed
