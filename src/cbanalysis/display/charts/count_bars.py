"""Plain counts as bars from zero, each with its number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cbanalysis.common.language import spoken, words_of
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.observations.comparability import Dimension
from cbanalysis.display.charts import labels_and_values
from cbanalysis.display.charts.caption import Words, caption, charted, not_drawn, subject, untold
from cbanalysis.display.charts.look import BLUE, GREY, HIGHLIGHT, INK, nfc, page_width
from cbanalysis.display.charts.marks import swatch_key
from cbanalysis.display.charts.page import Chart, compose, require_rows, trace, write_around
from cbanalysis.display.charts.text_width import line_height, widest, wrap
from cbanalysis.display.words import PUBLICATION, category_name, indicator_name, name_and_parts, period

_WORDS = words_of("charts.counts")
_LABEL_ROOM, _MOST = 2.6, 0.4  # inches; of the page
_ROW = 0.27
_BAR = 0.19
_DATED = ("label", "period_start", "period_end", "year")
_TOLD: tuple[Dimension, ...] = (
    "province", "indicator", "subject", "definition", "category", "category_kind",
)  # fmt: skip


def _named(rows: pd.DataFrame) -> list[str]:
    """Return what each bar is called: ``label``, else what it counts and where, as far as the rows differ."""
    catalogue = Catalogue.read()
    places = labels_and_values.labels(rows)
    if "label" in rows:
        return places
    found = labels_and_values.some(rows, *labels_and_values.MEASURE)
    blank = {"subject": "", "definition": "", "category": ""}
    kinds = {(row.get("indicator"), row.get("subject"), row.get("definition")) for row in found}
    several = len(set(places)) > 1
    names = []
    for row, place in zip(found, places, strict=True):
        filled = {**blank, **row}
        what, bare = indicator_name(filled, catalogue), {**filled, "category": "", "category_id": ""}
        _, parts = name_and_parts(bare, catalogue)
        if what != indicator_name(bare, catalogue):
            parts = [*parts, category_name(filled, catalogue).removeprefix("là ")]
        if parts and len(kinds) == 1:
            what = ", ".join(parts)
        star = "*" if not several and place.endswith("*") else ""
        names.append(nfc(f"{what}, {place}" if several else f"{what}{star}"))
    return names


def _dated(rows: pd.DataFrame) -> list[str]:
    """Return the labels, with the period where bars differ in it, or would be called the same."""
    found = labels_and_values.some(rows, *_DATED)
    whens = [_when(row) for row in found]
    told = rows.duplicated("label", keep=False) | (len({when[-4:] for when in whens}) > 1)
    named = zip(found, whens, told, labels_and_values.date_marks(rows), strict=True)
    return [f"{row['label']}, {when}{mark}" if one else row["label"] for row, when, one, mark in named]


def _when(row: dict[str, Any]) -> str:
    start, end, year = (row.get(one) for one in ("period_start", "period_end", "year"))
    if not end and year is not None and not pd.isna(year):
        return str(int(year))
    return period(str(start or end or ""), str(end or ""))


def _ends(rows: pd.DataFrame) -> pd.Series:
    """Return where each bar ends: at its count, or at the upper end of a range of counts."""
    counts = rows["count"].astype(float)
    return rows["count_max"].astype(float).fillna(counts) if "count_max" in rows else counts


@charted("count", narrow=True)
def count_bars(
    observations: pd.DataFrame, *, highlight: Collection[str] = (), **words: Unpack[Words]
) -> Chart:
    """Draw counts as bars that start at zero, each with its number beside it, in the order of the rows.

    Parameters
    ----------
    observations : DataFrame
        Rows with ``count``; named by ``label``, else by category, subject and place as far as they differ,
        and by period where years do; bars of a given ``label`` and of several years are told of.
        ``qualifier`` "about" gives a hollow bar and ~, "at_least" ≥; ``count_max`` the upper end of a range.
    highlight : collection of str
        Labels (without ``*``) to set apart.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn, in their order, with ``label`` and ``text``.

    Raises
    ------
    CbanalysisError
        If no row has a count.
    """
    rows = observations[observations["count"].notna()].reset_index(drop=True)
    require_rows(rows, "bar chart of counts")
    named = "label" in rows
    rows = rows.assign(label=_named(rows), text=labels_and_values.count_texts(rows))
    rows = rows if named else rows.assign(label=_dated(rows))
    around = caption(
        rows,
        words,
        kind="count_bars",
        says=_says(rows),
        unit="",
        subtitle=[subject(rows) if words.get("title") else "", labels_and_values.years_text(rows)],
        notes=[spoken(PUBLICATION)] if rows["label"].str.endswith(" †").any() else [],
        hidden=untold(words, not_drawn(len(observations) - len(rows), _WORDS["no count"])),
        across=_TOLD if named else (*_TOLD, "period"),
    )
    broken = [wrap(label, min(_LABEL_ROOM, _MOST * page_width())) for label in rows["label"]]
    heights = np.maximum(_ROW, [len(lines) * line_height() + 0.06 for lines in broken])
    ends = np.cumsum(heights)
    rounded = (rows["qualifier"] == "about").any() if "qualifier" in rows else False
    keys = [swatch_key(spoken(_WORDS["about"]), "white")] if rounded else []
    chart, box = compose(rows, around, height=float(ends[-1]), keys=keys)
    left = widest([line for one in broken for line in one], weight="bold" if highlight else "normal") + 0.12
    right = widest(list(rows["text"]), weight="bold") + 0.12
    axes = chart.place(box.left + left, box.top, box.width - left - right, box.height, label="bars")
    axes.set(xlim=(0, float(_ends(rows).max()) or 1.0), ylim=(box.height, 0))
    axes.set_axis_off()
    axes.axvline(0, color=GREY, linewidth=1.2, zorder=4, label="zero")
    inch = axes.get_xlim()[1] / (box.width - left - right)
    _draw(axes, rows, (ends - heights / 2).tolist(), broken, highlight=highlight, inch=inch)
    return chart


def _says(rows: pd.DataFrame) -> str:
    told = [f"{label}: {text}" for label, text in zip(rows["label"], rows["text"], strict=True)]
    return "; ".join(told[:12]) + ("; …" if len(told) > 12 else ".")


def _draw(  # noqa: PLR0913
    axes: Axes,
    rows: pd.DataFrame,
    middles: Sequence[float],
    lines: Sequence[Sequence[str]],
    *,
    highlight: Collection[str],
    inch: float,
) -> None:
    """Draw bars, labels and numbers; ``inch`` is how many units of the axis an inch holds."""
    chosen = np.array([labels_and_values.highlighted(label, highlight) for label in rows["label"]])
    shades = [HIGHLIGHT if one else BLUE for one in chosen]
    hollow = rows["qualifier"] == "about" if "qualifier" in rows else [False] * len(rows)
    faces = ["white" if one else shade for one, shade in zip(hollow, shades, strict=True)]
    style: dict[str, Any] = {"color": faces, "edgecolor": shades, "linewidth": 1.1}
    axes.barh(middles, rows["count"].astype(float), height=_BAR, zorder=3, label="count", **style)
    for row, middle, end in zip(
        labels_and_values.some(rows, "observation_id"), middles, _ends(rows), strict=True
    ):
        trace(axes, (0, float(end)), (middle - _BAR / 2, middle + _BAR / 2), row.get("observation_id"))
    ranges = _ends(rows) - rows["count"].astype(float)
    if (ranges > 0).any():
        style = {"color": "white", "edgecolor": shades, "hatch": "////", "linewidth": 0}
        begin = rows["count"].astype(float)
        axes.barh(middles, ranges, left=begin, height=_BAR, zorder=3, label="upper end", **style)
    for row, end, middle, words, bold in zip(
        labels_and_values.some(rows, "text"), _ends(rows), middles, lines, chosen, strict=True
    ):
        weight = "bold" if bold else "normal"
        write_around(axes, -0.1 * inch, middle, words, ha="right", color=INK, weight=weight)
        axes.text(
            float(end) + 0.07 * inch, middle, row["text"], va="center_baseline", color=INK, weight="bold"
        )
