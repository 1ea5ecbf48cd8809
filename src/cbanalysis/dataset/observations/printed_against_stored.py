"""What a row stores against the figure that it says was printed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cbanalysis.common.errors import TextError
from cbanalysis.common.text.figure_parsing import Figure, Value, parse_figure, parse_value
from cbanalysis.common.text.numbers import NumberStyle

FIGURE_COLUMNS = ("count", "count_max", "base", "percent", "percent_max")


# most prints are bare numbers (439, 62,62%, 439/701; 62,62%); reading them here keeps 100,000 rows to seconds
def _bare(group: str, decimal: str) -> re.Pattern[str]:
    whole = rf"[0-9]{{1,3}}|[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}}){{1,3}}"
    share = rf"(?P<share>[0-9]{{1,2}}(?:{decimal}(?P<decimals>[0-9]{{1,6}}))?)%"
    return re.compile(
        rf"(?:(?P<count>{whole})(?:/(?P<base>{whole}))?(?:; (?=[0-9]))?)?(?:(?<![0-9/]){share})?"
    )


_BARE = {"vi": _bare(r"\.", ","), "en": _bare(",", r"\.")}
_MOST_DIGITS = 15  # of a count; more is a fault of its cell
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
# "trên dưới 90%" (about) and "26 trên 48" (of) don't count
_OVER = r"(?:trên|hơn|above|over|more than)"
_SHARE_ABOVE = re.compile(rf"(?:{_OVER}\s+|>\s*)[0-9][0-9.,]*\s?(?:%|phần trăm|per ?cent)")
_ABOVE = re.compile(rf"(?:{_OVER}\s+|>\s*)[-−]?[0-9]")
_WORD_APART = re.compile(rf"Words? in source: (?:always )?{_OVER}\b")


def read_printed(printed: str, style: NumberStyle, *, share_only: bool) -> Figure | None:
    """Read the printed figure of a row again.

    Parameters
    ----------
    printed : str
        The figure as printed.
    style : {"vi", "en"}
        How its source prints numbers.
    share_only : bool
        Whether the row has a percentage and no count: then a number without a percent sign is the percentage.

    Returns
    -------
    Figure or None
        None where the words around the number can't be read; free text is no fault.
    """
    bare = None if share_only else _BARE[style].fullmatch(printed)
    if bare and printed:
        count, base, share = bare["count"], bare["base"], bare["share"]
        percent = float(share.replace(",", ".")) if share else None
        decimals = len(bare["decimals"] or "") if share else None
        return Figure(_whole(count), _whole(base), percent, None, "exact", decimals, printed)
    try:
        return parse_figure(printed, style, bare="percent" if share_only else "count")
    except TextError:
        return None


def share_written(style: NumberStyle, percent: str) -> str:
    """Return how a share's cell would be printed without any words, e.g. ``62,62%``."""
    return f"{percent.replace('.', ',') if style == 'vi' else percent}%" if percent else ""


def grouped(style: NumberStyle, count: str) -> str:
    """Return how a count's cell would be printed without any words, e.g. ``9.768``."""
    written = f"{int(count):,}" if count.isdecimal() and len(count) <= _MOST_DIGITS else count
    return written.replace(",", ".") if style == "vi" else written


def _whole(text: str | None) -> int | None:
    return int(text.replace(".", "").replace(",", "")) if text else None


def differing(figure: Figure, stored: Mapping[str, float | None]) -> tuple[str, ...]:
    """Return the columns whose stored value isn't the printed one.

    What a row stores beyond this print (a count that stands elsewhere in the document) isn't compared;
    neither is a base that is printed ("32/32") and left out of the row.

    Parameters
    ----------
    figure : Figure
        The figure as read from the print.
    stored : mapping
        ``count``, ``count_max``, ``base``, ``percent`` and ``percent_max`` of the row; None for empty ones.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> differing(parse_figure("11/18"), {"count": 11, "base": 19})
    ('base',)
    """
    printed = {column: getattr(figure, column) for column in FIGURE_COLUMNS}
    if stored.get("base") is None:
        del printed["base"]
    return tuple(
        column for column, value in printed.items() if value is not None and value != stored.get(column)
    )


def read_value(printed: str, style: NumberStyle, sign: str = "") -> Value | None:
    """Read the printed value of a row again; None where words or several numbers stand for it.

    The sign of its unit says nothing: 6,5 triệu đồng are 6.5 where values are in million VND.
    """
    printed = printed.replace("\N{NO-BREAK SPACE}", " ").replace(sign, "") if sign else printed
    try:
        return parse_value(printed, style)
    except TextError:
        return None


def share_above(printed: str, note: str = "", *, value: bool = False) -> bool:
    """Return whether a share is printed as a lower bound that isn't reached: "trên 73%".

    Parameters
    ----------
    printed : str
        The figure as printed.
    note : str
        The note of the row; "Word in source: over" tells a word that stands apart from the figure.
    value : bool
        Whether it is a value of another unit instead.

    Returns
    -------
    bool

    Examples
    --------
    >>> share_above("22; trên 4,8%"), share_above("gần 59%"), share_above("95%", "Word in source: above.")
    (True, False, True)
    """
    above = _ABOVE if value else _SHARE_ABOVE
    return bool(above.search(printed.casefold()) or _WORD_APART.match(note))


def printed_decimals(printed: str, style: NumberStyle, percent: float, *, share_only: bool) -> int | None:
    """Return how many decimals a stored percentage was printed with.

    Parameters
    ----------
    printed : str
        The figure as printed.
    style : {"vi", "en"}
        How its source prints numbers.
    percent : float
        The percentage of the row, 0 to 100.
    share_only : bool
        As in ``read_printed``.

    Returns
    -------
    int or None
        None where the print doesn't show the percentage as a number.

    Examples
    --------
    >>> printed_decimals("6,70%", "vi", 6.7, share_only=True)
    2
    """
    figure = read_printed(printed, style, share_only=share_only)
    if figure is not None and figure.percent is not None:
        return figure.decimals
    # words that can't be read stand around a number that can
    point = "," if style == "vi" else "."
    shown = [number for number in _NUMBER.findall(printed) if float(number.replace(",", ".")) == percent]
    return len(shown[0].partition(point)[2]) if shown else None
