"""What documents printed, as readers of a language write it: 1.452 as 1,452, "trên" as "over"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from cbanalysis.common.language import language, spoken, words_of
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.observations.printed_against_stored import share_above
from cbanalysis.display.words import amount, number, unit_of

_HEDGES = words_of("words-hedges")
_HEDGED = {
    "above_vi": "trên|hơn",
    "above_en": "over|more than|above|exceeding",
    "nearly_vi": "gần",
    "nearly_en": "nearly|almost",
    "nearly_fr": "près de",
    "about_vi": "trên dưới|khoảng gần|khoảng|xấp xỉ",
    "about_en": "about|around|some",
}
_HEDGE = re.compile(
    rf"\b(?:{'|'.join(f'(?P<{kind}>{words})' for kind, words in sorted(_HEDGED.items()))})\b", re.IGNORECASE
)
_BARE = re.compile(r"[\d.,;/%()=\s–-]+")
_SHARE_ALONE = re.compile(r"[^\d]*(?:\d+(?:[.,]\d+)?)?[^\d]*(?:%|per ?cent)[^\d]*", re.IGNORECASE)
_ONE = re.compile(r"[\d.,%/\s–-]+")
_OTHER_STYLE = str.maketrans(".,", ",.")
_PADDING = re.compile(r"(?<![\d.,])0+(?=\d)")
_DASH = re.compile(r"(?<=[\d%])\s*[-–—]\s*(?=\d)")
_PRINTED = ("count", "count_max", "base", "percent", "percent_max", "value")


def is_bare(text: str) -> bool:
    """Return whether a print is numbers and signs only."""
    return bool(_BARE.fullmatch(text))


def is_above(text: str) -> bool:
    """Return whether a print begins with a word for "above": "trên 95%"."""
    said = _HEDGE.match(text)
    return said is not None and str(said.lastgroup).startswith("above")


def hedged(text: str, kind: str) -> str:
    """Return a number with words for how exact it is: ``above``, ``about``, ``at_least``, or none."""
    if kind == "at_least":
        return spoken(_HEDGES["at_least"]).format(text)
    return f"{spoken(_HEDGES[kind])} {text}" if kind in _HEDGES else text


def printed(figure: Mapping[str, Any], style: str) -> str:
    """Return a figure as printed; where its document writes numbers otherwise, as the reader does.

    Parameters
    ----------
    figure : mapping
        ``printed``, ``qualifier``, and what a print in words says: ``count``, ``count_max``, ``base``,
        ``percent``, ``percent_max``, ``value`` (of ``indicator``).
    style : {"vi", "en"}
        How its document writes numbers.

    Returns
    -------
    str

    Examples
    --------
    >>> from cbanalysis.common.language import speaking
    >>> with speaking("en"):
    ...     printed({"printed": "02; trên 0,80%"}, "vi"), printed({"printed": "tất cả", "percent": 100}, "vi")
    ('2; over 0.80%', '100%')
    >>> with speaking("vi"):
    ...     printed({"printed": "từ 96% - 97%", "qualifier": "range"}, "vi")
    'từ 96%–97%'
    """

    def hedge(found: re.Match[str]) -> str:
        kind, _, of = str(found.lastgroup).partition("_")
        return found[0] if of == language() else spoken(_HEDGES[kind])

    text = str(figure.get("printed", ""))
    if figure.get("qualifier") == "range":
        text = _DASH.sub("–", text)
    said = _HEDGE.sub(hedge, text)
    if style == language():
        return said
    if is_bare(_HEDGE.sub("", text)):
        return _PADDING.sub("", said).translate(_OTHER_STYLE)
    told = {name: number(figure.get(name)) for name in _PRINTED}
    parts = {
        "count": "–".join(filter(None, (told["count"], told["count_max"])))
        + (told["base"] and f"/{told['base']}"),
        "percent": "–".join(filter(None, (told["percent"], told["percent_max"]))) + "%",
        "value": told["value"] and amount(figure.get("value"), unit_of(figure)),
    }
    names = ["percent"] if told["percent"] and _SHARE_ALONE.fullmatch(text) else [*parts]
    kind = "above" if is_above(text) else str(figure.get("qualifier"))
    return hedged("; ".join(parts[name] for name in names if told[name]), kind) or text


def as_told(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return what a row's document printed, and how exact its words elsewhere make a bare number.

    Parameters
    ----------
    row : mapping
        An observation.

    Returns
    -------
    tuple of str
        The figure as `printed` gives it; ``above``, ``about`` or ``at_least`` of a bare number, else "".
    """
    document = Catalogue.read().sources.get(row["source_id"])
    said = printed(row, document.number_style) if document else row["printed"]
    how = row["qualifier"] if _ONE.fullmatch(row["printed"]) else ""
    if how == "about" and share_above(row["printed"], row.get("note", ""), value=pd.isna(row["percent"])):
        how = "above"
    return said, how if how in {"above", "about", "at_least"} else ""
