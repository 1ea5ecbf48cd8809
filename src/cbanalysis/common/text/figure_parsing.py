"""Figures as printed: counts, n of m, shares, ranges and floors, with the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from cbanalysis.common.errors import TextError, require_known
from cbanalysis.common.text import number_words, numbers
from cbanalysis.common.text.letters import clean, normalise_tones

Bare = Literal["count", "percent"]

# The weakest statement wins when the parts of one figure differ.
_STRENGTH: tuple[number_words.Qualifier, ...] = ("exact", "about", "at_least", "range")

_SIGNS = str.maketrans(
    dict.fromkeys("‐‑‒–—―−", "-") | {"∕": "/", "⁄": "/", "⩾": "≥", "⩽": "≤", "﹪": "%", "；": ";"}
)


@dataclass(frozen=True)
class Figure:
    """One figure as printed; what isn't printed is None, nothing is computed.

    Attributes
    ----------
    count : int or None
        A plain number, the n of "n/m", or the lower end of a range of counts.
    base : int or None
        The m of "n/m".
    percent : float or None
        A share, 0 to 100 (above only where it is printed so); the lower end of a range.
    percent_max : float or None
        The upper end of a range of shares.
    qualifier : {"exact", "about", "at_least", "range"}
        How the figure is to be taken: ``about`` for gần, khoảng, trên, hơn; ``at_least`` for trở lên.
    decimals : int or None
        How many decimals the share is printed with; None when there is no share.
    printed : str
        The text it was read from.
    count_max : int or None
        The upper end of a range of counts.
    """

    count: int | None
    base: int | None
    percent: float | None
    percent_max: float | None
    qualifier: number_words.Qualifier
    decimals: int | None
    printed: str
    count_max: int | None = None


def _assemble(text: str, parts: list[number_words.Part], style: numbers.NumberStyle, bare: Bare) -> Figure:
    shares = [part for part in parts if part.low.percent or (part.high and part.high.percent)]
    if not shares and len(parts) == 1 and bare == "percent" and not parts[0].base:
        shares = parts
    counts = [part for part in parts if part not in shares]
    if len(shares) > 1 or len(counts) > 1:
        raise TextError(text, f"it holds {len(parts)} figures where one count and one share would do")
    count = count_max = base = percent = percent_max = decimals = None
    if counts:
        count, count_max, base = _counted(text, counts[0], style)
    if shares:
        percent, percent_max, decimals = _shared(text, shares[0])
    qualifier = max((part.qualifier for part in parts), key=_STRENGTH.index)
    return Figure(count, base, percent, percent_max, qualifier, decimals, text, count_max)


def _counted(
    text: str, part: number_words.Part, style: numbers.NumberStyle
) -> tuple[int, int | None, int | None]:
    if part.ceiling:
        raise TextError(text, "an upper limit alone is no count")
    if part.base and part.base.percent:
        raise TextError(text, "a base is a count, not a share")
    low = part.low
    if part.high and low.times == 1 and low.value * part.high.times <= part.high.total:
        # "3 - 5 nghìn" is three thousand to five thousand
        low = number_words.Amount(low.value, low.decimals, times=part.high.times)
    count = _whole(text, low, style)
    count_max = _whole(text, part.high, style) if part.high else None
    if count_max is not None and count_max < count:
        raise TextError(text, "the range runs downwards")
    return count, count_max, _whole(text, part.base, style) if part.base else None


def _whole(text: str, amount: number_words.Amount, style: numbers.NumberStyle) -> int:
    if amount.total != amount.total.to_integral_value():
        # three decimals may be a group of thousands in the other style
        other = f", or number style {'en' if style == 'vi' else 'vi'!r}" if amount.decimals == 3 else ""
        reason = f"a count is whole; is it a share without its percent sign (bare='percent'){other}?"
        raise TextError(text, reason)
    if amount.total > number_words.LARGEST_COUNT:
        raise TextError(text, "no published count is that large")
    return int(amount.total)


def _shared(text: str, part: number_words.Part) -> tuple[float, float | None, int]:
    if part.base:
        raise TextError(text, "a share of a share is no figure")
    ends = [part.low, part.high] if part.high else [part.low]
    if any(end.times > 1 for end in ends):
        raise TextError(text, "a share has no thousands")
    low, high, decimals = float(ends[0].value), float(ends[-1].value), max(end.decimals for end in ends)
    if high < low:
        raise TextError(text, "the range runs downwards")
    if part.ceiling:
        # a share "under 5 %" lies between 0 and 5
        return 0.0, high, decimals
    return low, high if part.high else None, decimals


def _plain(text: str, style: numbers.NumberStyle) -> str:
    """Return a text in small letters with plain signs, once it is sure that it may be a figure."""
    numbers.require_style(style)
    numbers.require_text(text)
    return normalise_tones(numbers.western_digits(clean(text)).translate(_SIGNS).casefold())


def parse_figure(text: str, style: numbers.NumberStyle = "vi", bare: Bare = "count") -> Figure | None:
    """Return the figure that a cell or phrase prints, or None where it says that none is known.

    Reads counts (``05 đồng chí``, ``gần 3 nghìn``), n of m (``11/18``), shares (``63,71%``), a count with its
    share (``439; 62,62%``, ``26/48 (54,2%)``), ranges (``80 – 95%``) and floors (``từ 90% trở lên``).

    Parameters
    ----------
    text : str
        The cell or phrase.
    style : {"vi", "en"}
        How the document prints numbers; declared, never guessed. The words may be of either language.
    bare : {"count", "percent"}
        What a number without a percent sign is; ``"percent"`` for a column whose heading says "%".

    Returns
    -------
    Figure or None
        None for a missing mark (``-``, ``…``, ``x``, ``n/a``, ``không có số liệu``, nothing);
        ``không có`` is a count of 0.

    Raises
    ------
    TextError
        When anything in the text can't be read; ``reason`` says what.
    UnknownName
        When there is no such style, or `bare` is neither word.

    Examples
    --------
    >>> parse_figure("63,71%").percent
    63.71
    >>> figure = parse_figure("6.240/6.517; 94,9%")
    >>> figure.count, figure.base, figure.percent, figure.decimals
    (6240, 6517, 94.9, 1)
    >>> parse_figure("gần 3 nghìn").qualifier
    'about'
    >>> parse_figure("…") is None
    True
    """
    require_known("reading of bare numbers", bare, ("count", "percent"))
    plain = _plain(text, style)
    if plain in number_words.MISSING_MARKS:
        return None
    # one full stop may end the phrase; inside it every mark counts
    return _assemble(text, number_words.read_parts(text, plain.removesuffix("."), style), style, bare)


class Value(NamedTuple):
    """A number of any unit as printed; its decimals are below 0 for "1,2 triệu"."""

    value: float
    decimals: int
    qualifier: number_words.Qualifier


_NUMBER = re.compile(r"(?P<sign>(?<![\w.,])[-+]\s?)?(?P<digits>[0-9](?:[0-9.,]*[0-9])?)")
_QUALIFIERS: dict[number_words.Qualifier, re.Pattern[str]] = {
    "at_least": re.compile(r"\b(?:từ|trở lên|ít nhất|tối thiểu|at least|or more)\b|≥"),
    "about": re.compile(
        r"\b(?:gần|khoảng|xấp xỉ|ước|ước tính|trên|hơn|about|nearly|around|over|above|more than)\b|[~≈]"
    ),
}


def parse_value(
    text: str, style: numbers.NumberStyle = "vi", words: Iterable[str] | None = None
) -> Value | None:
    """Return the one number that a cell or phrase prints in a unit that is neither percent nor a count.

    Parameters
    ----------
    text : str
        The cell or phrase: ``−4,5‰``, ``khoảng 1,2 triệu đồng``.
    style : {"vi", "en"}
        How the document prints numbers; declared, never guessed.
    words : iterable of str, optional
        What may stand beside the number (the unit's name and sign); anything when not given.

    Returns
    -------
    Value or None
        None for a missing mark.

    Raises
    ------
    TextError
        When it holds several numbers or none, or other words; ``reason`` says what.
    UnknownName
        When there is no such style.

    Examples
    --------
    >>> parse_value("−4,5‰")
    Value(value=-4.5, decimals=1, qualifier='exact')
    >>> parse_value("gần 1,2 triệu đồng", words=["đồng"]).value
    1200000.0
    """
    plain = _plain(text, style)
    if plain in number_words.MISSING_MARKS:
        return None
    found = list(_NUMBER.finditer(plain))
    if len(found) != 1:
        raise TextError(text, f"it holds {len(found)} numbers where one would do")
    number = numbers.read_decimal(found[0]["digits"], style)
    rest = f"{plain[: found[0].start()]} {plain[found[0].end() :]}"
    for word in sorted(words or (), key=len, reverse=True):
        rest = rest.replace(normalise_tones(clean(word)).casefold(), " ")
    times = [number_words.MULTIPLIERS[word] for word in rest.split() if word in number_words.MULTIPLIERS]
    if len(times) > 1:
        raise TextError(text, "one multiplier would do")
    qualifier: number_words.Qualifier = next(
        (one for one, words_of in _QUALIFIERS.items() if words_of.search(rest)), "exact"
    )
    said = " ".join(
        word
        for word in rest.split()
        if word not in number_words.MULTIPLIERS and (word,) not in number_words.LEXICON
    )
    for pattern in _QUALIFIERS.values():
        said = pattern.sub("", said)
    if words is not None and said.strip(" .()"):
        raise TextError(text, f"{said.strip()!r} beside the number says something else")
    factor = times[0] if times else 1
    value = number * factor * (-1 if (found[0]["sign"] or "").startswith("-") else 1)
    decimals = -int(number.as_tuple().exponent) - (len(str(factor)) - 1)
    return Value(float(value), decimals, qualifier)
