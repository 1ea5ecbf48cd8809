"""Rating distributions as bars: classes in the order of their scheme, parts inset, unknown rest hatched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import pandas as pd

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.common.language import spoken, words_of
from cbanalysis.display.charts.caption import caption
from cbanalysis.display.charts.drawn import not_drawn
from cbanalysis.display.charts.given import Said, Words, charted
from cbanalysis.display.charts.page import Chart, require_rows
from cbanalysis.display.charts.pieces import Bar, Kind, bars_of
from cbanalysis.display.charts.rating_page import RatingPage

_WORDS = words_of("charts.ratings")
_PICTURE = words_of("charts.ratings-pictures")


@charted("scheme", "category_id", "category_kind", "base_of", maker="cb.rates.distribution")
def rating_bars(
    distributed: pd.DataFrame,
    *,
    kind: Kind = "stacked",
    **words: Unpack[Words],
) -> Chart:
    """Draw rating distributions, a bar for each place and period; the rating schemes stand apart.

    Classes that stand beside each other make the bar. A class printed as part of another one (exemplary
    inside strong) is a hatched inset, never added. Where a source prints several classes together, that sum
    is the piece, and what is known of its parts an inset. What isn't published up to 100 % is hatched.

    Parameters
    ----------
    distributed : DataFrame
        Rows of ``rates.distribution``: ``scheme``, ``category_id``, ``category_kind``, ``base_of``,
        ``share`` and ``rate`` (percent), ``complete``, and what names a place.
    kind : {"stacked", "diverging"}
        From a common edge, or to both sides of the line between good and fulfilled.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn, in the order of the bars, with ``bar`` (its label), ``start`` and
        ``width`` (percent) and ``inset``.

    Raises
    ------
    CbanalysisError
        If no row is a class of a rating, or ``kind`` is another one.
    UnknownName
        If a scheme isn't in the catalogue.
    """
    if kind not in _PICTURE:
        raise CbanalysisError(f"no rating bars of kind {kind!r}; allowed: {', '.join(_PICTURE)}")
    said = Said(**words)
    rows = distributed[(distributed["scheme"] != "") & (distributed["category_id"] != "")].reset_index(
        drop=True
    )
    require_rows(rows, "chart of ratings")
    if "rate" not in rows:
        rows = rows.assign(rate=float("nan"))
    bars = bars_of(rows, kind)
    drawn = _drawn(rows, bars)
    require_rows(drawn, "chart of ratings")
    lost = len(distributed) - len(drawn)
    around = caption(
        drawn,
        said,
        kind=f"rating_bars_{kind}",
        picture=spoken(_PICTURE[kind]),
        says=_says(bars),
        notes=said.own([not_drawn(lost, _WORDS["unplaced"])] if lost else []),
        across=("province", "period", "category", "category_kind", "scheme", "subject", "base_of"),
    )
    return RatingPage(bars, kind).draw(drawn, around)


def _drawn(rows: pd.DataFrame, bars: Sequence[Bar]) -> pd.DataFrame:
    pieces = [(bar.label, piece) for bar in bars for piece in bar.pieces if piece.row is not None]
    drawn = rows.iloc[[int(piece.row or 0) for _, piece in pieces]].reset_index(drop=True)
    return drawn.assign(
        bar=[label for label, _ in pieces],
        start=[piece.start for _, piece in pieces],
        width=[piece.width for _, piece in pieces],
        inset=[piece.inset for _, piece in pieces],
    )


def _says(bars: Sequence[Bar]) -> str:
    told = []
    for bar in bars[:8]:
        classes = [f"{spoken(one.category.name)} {one.text}%" for one in bar.pieces if one.category]
        told.append(f"{bar.label}: {', '.join(classes)}")
    return ". ".join(told) + ("…" if len(bars) > 8 else ".")
