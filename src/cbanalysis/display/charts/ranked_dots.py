"""Ranked dots: a row for each place, its value on a common scale, its interval, the figure beside it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cbanalysis.common.language import Language, spoken, words_of
from cbanalysis.dataset.observations.places_and_years import periods
from cbanalysis.display.charts import marks
from cbanalysis.display.charts.caption import Words, borrowed, caption, charted, hidden_lines, untold
from cbanalysis.display.charts.labels_and_values import (
    date_marks,
    extremes,
    highlighted,
    labels,
    some,
    values,
)
from cbanalysis.display.charts.look import (
    BLUE,
    GREEN,
    GREY,
    HIGHLIGHT,
    INK,
    MUTED,
    OCHRE,
    SIZES,
    VERMILLION,
)
from cbanalysis.display.charts.page import Chart, require_rows
from cbanalysis.display.charts.rows_page import Column, Lines, rows_page
from cbanalysis.display.charts.text_width import text_width
from cbanalysis.display.charts.value_axis import rate_limits
from cbanalysis.display.words import PUBLICATION, alphabetical, amount, number, unit_of

_WORDS = words_of("charts.dots")
VERDICTS: dict[str, tuple[str, dict[Language, str]]] = {
    "better": (BLUE, _WORDS["better"]),
    "worse": (VERMILLION, _WORDS["worse"]),
    "higher": (GREEN, _WORDS["higher"]),
    "lower": (OCHRE, _WORDS["lower"]),
    "not shown to differ": (GREY, _WORDS["not shown to differ"]),
    "undecided": (GREY, _WORDS["undecided"]),
}


def ranked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that can be drawn, highest first, with ``label`` (and the years, where they differ)."""
    rows = marks.drawable(frame)
    names = pd.Series(labels(rows), index=rows.index, dtype="str")
    years = periods(rows).str.replace("-", "–")
    if "year" in rows:  # made of several rows, without a period of its own
        years = years.mask(
            years == "", rows["year"].map(lambda year: "" if pd.isna(year) else str(int(year)))
        )
    if "label" not in frame and len({*years}) > 1:
        names = names + (", " + years).where(years != "", "")
    names = names + pd.Series(date_marks(rows), index=rows.index, dtype="str")
    value = rows["rate"].fillna(rows["rate_low"]).to_numpy()
    order = sorted(range(len(rows)), key=lambda at: (-value[at], alphabetical(names.iloc[at])))
    return rows.assign(label=names).iloc[order].reset_index(drop=True)


def row_columns(rows: pd.DataFrame) -> list[Column]:
    """Return the columns of words beside the dots: value, count out of base, verdict, if there are any."""
    columns = [Column(spoken(_WORDS["value"]), tuple(values(rows)))]
    if {"count", "base"} <= set(rows):
        based = tuple(
            f"{number(row['count'])}/{number(row['base'])}{' ‡' if lent else ''}"
            if row["interval"] == "wilson"
            else ""
            for row, lent in zip(some(rows, "count", "base", "interval"), borrowed(rows), strict=True)
        )
        if any(based):
            columns.append(Column(spoken(_WORDS["base"]), based, MUTED))
    if "verdict" in rows and rows["verdict"].isin(list(VERDICTS)).any():
        words = tuple(spoken(VERDICTS[one][1]) if one in VERDICTS else "" for one in rows["verdict"])
        columns.append(Column("", words, MUTED))
    return columns


def _shades(rows: pd.DataFrame, highlight: Collection[str]) -> list[str]:
    verdicts = rows["verdict"] if "verdict" in rows else [""] * len(rows)
    base = [VERDICTS[one][0] if one in VERDICTS else BLUE for one in verdicts]
    return [
        HIGHLIGHT if highlighted(name, highlight) else shade
        for name, shade in zip(rows["label"], base, strict=True)
    ]


def draw_dots(
    axes: Axes, rows: pd.DataFrame, centres: Sequence[float], highlight: Collection[str] = ()
) -> None:
    """Draw one dot a row, in the colour of its verdict; labels and guides stand already."""
    marks.draw_marks(axes, rows, centres, colours=_shades(rows, highlight), half=0.055)


@charted(rates=True, narrow=True)
def ranked_dots(
    frame: pd.DataFrame,
    *,
    comparator: float | None = None,
    comparator_label: str = "",
    highlight: Collection[str] = (),
    **words: Unpack[Words],
) -> Chart:
    """Draw places as dots on a common scale, highest first, each with the interval its figure allows.

    Rows that can't be ranked (of other levels, years or measures) stand by value too; a line says that.

    Parameters
    ----------
    frame : DataFrame
        Rows of ``rates.add_rates``: ``rate``, ``rate_low``, ``rate_high`` (percent), ``interval``, and what
        names a place (``label``, or ``geo_level``, ``province``, ``area``, ``unit_id``). ``verdict`` (of
        ``rates.compare``) colours the dots and is written beside them.
    comparator : float, optional
        A rate to compare with, drawn as a line; the one of ``rates.compare`` when not given, where all rows
        have the same.
    comparator_label : str
        Whose it is, e.g. ``"Cả nước"``.
    highlight : collection of str
        Labels (without ``*``) to set apart.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn, in their order, with ``label``.

    Raises
    ------
    CbanalysisError
        If no row has a rate, a floor or a range.
    """
    rows = ranked(frame)
    require_rows(rows, "dot plot")
    if comparator is None:
        comparator, comparator_label = _comparator(rows, comparator_label)
    lines = [spoken(_WORDS["repeated"])] if rows["label"].duplicated().any() else []
    lines += [spoken(PUBLICATION)] if any(date_marks(rows)) else []
    places = spoken(_WORDS["row" if len(rows) == 1 else "rows"]).format(len(rows))
    around = caption(
        rows,
        words,
        kind="ranked_dots",
        says=f"{places} {extremes(rows, rows['label'])}",
        notes=lines,
        hidden=untold(words, hidden_lines(marks.undrawable(frame))),
        marked=True,
    )
    unit = unit_of(rows)
    columns = row_columns(rows)
    stacked = Lines.of(list(rows["label"]), row=0.235 if len(rows) <= 25 else 0.195, columns=columns)
    chart, axes, box = rows_page(
        rows,
        around,
        stacked,
        limits=rate_limits(rows, comparator or np.nan),
        unit=unit,
        columns=columns,
        keys=marks.interval_keys(rows),
        highlight=highlight,
    )
    draw_dots(axes, rows, stacked.centres.tolist(), highlight)
    if comparator is not None:
        told = f"{comparator_label} {amount(comparator, unit, decimals=1)}".strip()
        _draw_comparator(chart, axes, comparator, told, box.top)
    return chart


def _comparator(rows: pd.DataFrame, label: str) -> tuple[float | None, str]:
    if "comparator_rate" not in rows:
        return None, label
    compared = rows[rows["comparator_rate"].notna() & rows["comparator"].fillna("").ne("")]
    if len(compared["comparator_rate"].unique()) != 1:
        return None, label
    words = str(compared["comparator"].iloc[0])
    named = {"country": {"vi": "Cả nước", "en": "Whole country"}}.get(words, {"vi": words, "en": words})
    return float(compared["comparator_rate"].iloc[0]), label or spoken(named)


def _draw_comparator(chart: Chart, axes: Axes, value: float, words: str, top: float) -> None:
    axes.axvline(value, color=INK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=2, label="comparator")
    place = axes.get_position()
    low, high = axes.get_xlim()
    centre = (place.x0 + place.width * (value - low) / (high - low)) * chart.width
    half = text_width(words, SIZES["small"]) / 2
    start, end = place.x0 * chart.width, place.x1 * chart.width
    centre = max(start + half, min(centre, end - half))
    chart.write(centre, top, words, size=SIZES["small"], colour=INK, align="center")
