"""Ranked dots: a row for each place, its value on a common scale, its interval, the figure beside it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from cbanalysis.catalogue import Catalogue, Language
from cbanalysis.charts.caption import (
    alphabetical,
    borrowed,
    caption,
    extremes,
    highlighted,
    labels,
    left_out,
    records,
    value_text,
)
from cbanalysis.charts.marks import (
    draw_marks,
    drawable,
    interval_keys,
    kinds_of,
    percent_axis,
    percent_limits,
    undrawable,
)
from cbanalysis.charts.style import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    HIGHLIGHT,
    INK,
    MUTED,
    OCHRE,
    SIZES,
    VERMILLION,
    Chart,
    compose,
    line_height,
    require_rows,
    styled,
    text_width,
    widest,
    wrap,
)
from cbanalysis.provinces import Gazetteer
from cbanalysis.words import amount, number, unit_of

__all__ = ["VERDICTS", "Column", "draw_rows", "ranked", "ranked_dots", "row_columns"]

VERDICTS: dict[str, tuple[str, dict[Language, str]]] = {
    "better": (BLUE, {"vi": "tốt hơn", "en": "better"}),
    "worse": (VERMILLION, {"vi": "kém hơn", "en": "worse"}),
    "higher": (GREEN, {"vi": "cao hơn", "en": "higher"}),
    "lower": (OCHRE, {"vi": "thấp hơn", "en": "lower"}),
    "not shown to differ": (GREY, {"vi": "chưa thấy khác biệt", "en": "not shown to differ"}),
    "undecided": (GREY, {"vi": "chưa rõ", "en": "undecided"}),
}

_PICTURE: dict[bool, dict[Language, str]] = {
    True: {"vi": "Biểu đồ chấm xếp theo giá trị", "en": "Dot plot, ranked"},
    False: {"vi": "Biểu đồ chấm xếp theo giá trị", "en": "Dot plot, sorted by value"},
}
# What rates.rank refuses: columns that differ, and what a reader is told they are.
_DIFFERENT: tuple[tuple[tuple[str, ...], dict[Language, str]], ...] = (
    (("geo_level",), {"vi": "cấp", "en": "level"}),
    (("year",), {"vi": "năm", "en": "year"}),
    (
        ("indicator", "subject", "definition", "scheme", "category_id", "complement"),
        {"vi": "nội dung được đo", "en": "what they measure"},
    ),
    (("base_of",), {"vi": "mẫu số", "en": "base"}),
)
_WORDS: dict[str, dict[Language, str]] = {
    "value": {"vi": "Giá trị", "en": "Value"},
    "base": {"vi": "Số đếm", "en": "Count"},
    "verdict": {"vi": "So với", "en": "Against"},
    "unlike": {
        "vi": "Các dòng khác nhau về {}: thứ tự chỉ theo giá trị, không phải xếp hạng.",
        "en": "Rows differ in {}: their order is by value alone, no ranking.",
    },
    "repeated": {
        "vi": "Nơi xuất hiện nhiều lần có hơn một số liệu được công bố.",
        "en": "A place that appears more than once has more than one published figure.",
    },
}
_LABEL_ROOM = 2.5
_GAP = 0.12


@dataclass(frozen=True)
class Column:
    """One column of words to the right of the dots."""

    heading: str
    cells: tuple[str, ...]
    colour: str = INK

    @property
    def width(self) -> float:
        """Width of the widest cell or heading, in inches."""
        return max(widest(self.cells), text_width(self.heading, SIZES["small"]))


def ranked(frame: pd.DataFrame, lang: Language, gazetteer: Gazetteer | None = None) -> pd.DataFrame:
    """Return the rows that can be drawn, highest first, with ``label`` (and the year, where years differ)."""
    rows = drawable(frame)
    names = pd.Series(labels(rows, lang, gazetteer), index=rows.index, dtype="str")
    if "label" not in frame and "year" in rows and len(rows["year"].unique()) > 1:
        names = names + rows["year"].map(lambda year: "" if pd.isna(year) else f", {int(year)}")
    value = rows["rate"].fillna(rows["rate_low"]).to_numpy()
    order = sorted(range(len(rows)), key=lambda at: (-value[at], alphabetical(names.iloc[at])))
    return rows.assign(label=names).iloc[order].reset_index(drop=True)


def row_columns(rows: pd.DataFrame, lang: Language) -> list[Column]:
    """Return the columns of words beside the dots: value, count out of base, verdict, if there are any."""
    columns = [Column(_WORDS["value"][lang], tuple(value_text(row, lang) for row in records(rows)))]
    if {"count", "base"} <= set(rows):
        based = tuple(
            f"{number(row['count'], lang)}/{number(row['base'], lang)}{' ‡' * lent}"
            if row["interval"] == "wilson"
            else ""
            for row, lent in zip(records(rows), borrowed(rows), strict=True)
        )
        if any(based):
            columns.append(Column(_WORDS["base"][lang], based, MUTED))
    if "verdict" in rows and rows["verdict"].isin(list(VERDICTS)).any():
        words = tuple(VERDICTS[one][1][lang] if one in VERDICTS else "" for one in rows["verdict"])
        columns.append(Column("", words, MUTED))
    return columns


def _shades(rows: pd.DataFrame, highlight: Collection[str]) -> list[str]:
    verdicts = rows["verdict"] if "verdict" in rows else [""] * len(rows)
    base = [VERDICTS[one][0] if one in VERDICTS else BLUE for one in verdicts]
    return [
        HIGHLIGHT if highlighted(name, highlight) else shade
        for name, shade in zip(rows["label"], base, strict=True)
    ]


def draw_rows(
    axes: Axes,
    rows: pd.DataFrame,
    centres: Sequence[float],
    lines: Sequence[Sequence[str]],
    highlight: Collection[str] = (),
) -> None:
    """Draw one dot a row at heights given in inches, with its label left of the axes and a guide line.

    Parameters
    ----------
    axes : Axes
        Its vertical unit is the inch, downwards.
    rows : DataFrame
        With ``label`` and what :func:`cbanalysis.charts.marks.draw_marks` needs.
    centres : sequence of float
        Middle of each row.
    lines : sequence of sequence of str
        Each row's label, broken into lines.
    highlight : collection of str
        Labels that are set in bold and another colour.
    """
    axes.hlines(centres, 0, 1, transform=axes.get_yaxis_transform(), colors=FAINT, linewidth=0.7, zorder=1)
    draw_marks(axes, rows, centres, colours=_shades(rows, highlight), half=0.055)
    margin = blended_transform_factory(axes.transAxes, axes.transData)
    pitch = line_height()
    gap = 0.09 / (axes.get_position().width * axes.get_figure(root=True).get_figwidth())  # type: ignore[union-attr]
    for name, centre, words in zip(rows["label"], centres, lines, strict=True):
        bold = highlighted(name, highlight)
        for step, line in enumerate(words):
            axes.text(
                -gap,
                centre + (step - (len(words) - 1) / 2) * pitch,
                line,
                transform=margin,
                ha="right",
                va="center_baseline",
                color=INK,
                fontweight="bold" if bold else "normal",
            )


@styled
def ranked_dots(  # noqa: PLR0913
    frame: pd.DataFrame,
    *,
    lang: Language = "vi",
    title: str | None = None,
    name: str | None = None,
    comparator: float | None = None,
    comparator_label: str = "",
    highlight: Collection[str] = (),
    notes: Sequence[str] = (),
    catalogue: Catalogue | None = None,
    gazetteer: Gazetteer | None = None,
) -> Chart:
    """Draw places as dots on a common scale, highest first, each with the interval its figure allows.

    Rows that can't be ranked (of other levels, years or measures) stand by value too; a line says that.

    Parameters
    ----------
    frame : DataFrame
        Rows of ``rates.add_rates``: ``rate``, ``rate_low``, ``rate_high`` (percent), ``interval``, and what
        names a place (``label``, or ``geo_level``, ``province``, ``area``, ``unit_id``). ``verdict`` (of
        ``rates.compare``) colours the dots and is written beside them.
    lang : {"vi", "en"}
        Language of all words.
    title : str, optional
        The finding; the subject when not given.
    name : str, optional
        File stem.
    comparator : float, optional
        A rate to compare with, drawn as a line; the one of ``rates.compare`` when not given, where all rows
        have the same.
    comparator_label : str
        Whose it is, e.g. ``"Cả nước"``.
    highlight : collection of str
        Labels (without ``*``) to set apart.
    notes : sequence of str
        Further lines below the plot.
    catalogue, gazetteer : optional
        Those that ship with the package when not given.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn, in their order, with ``label``.

    Raises
    ------
    CbanalysisError
        If no row has a rate, a floor or a range.
    """
    rows = ranked(frame, lang, gazetteer)
    require_rows(rows, "dot plot")
    if comparator is None:
        comparator, comparator_label = _comparator(rows, comparator_label, lang)
    unlike = _unlike(rows, lang)
    says = [_WORDS["unlike"][lang].format(unlike)] if unlike else []
    says += left_out(undrawable(frame), lang)
    says += [_WORDS["repeated"][lang]] if rows["label"].duplicated().any() else []
    places = {"vi": f"{len(rows)} dòng.", "en": f"{len(rows)} row{'s' * (len(rows) != 1)}."}[lang]
    words = caption(
        rows,
        kind="ranked_dots",
        picture=_PICTURE[not unlike][lang],
        says=f"{places} {extremes(rows, rows['label'], lang)}",
        lang=lang,
        title=title,
        name=name,
        notes=(*notes, *says),
        marked=True,
        catalogue=catalogue,
        gazetteer=gazetteer,
    )
    lines = [wrap(label, _LABEL_ROOM) for label in rows["label"]]
    roomy = 0.235 if len(rows) <= 25 else 0.195
    heights = np.array([max(roomy, len(one) * line_height() + 0.05) for one in lines])
    centres = np.cumsum(heights) - heights / 2
    columns = row_columns(rows, lang)
    header, footer = 0.24, 0.27
    body = float(heights.sum())
    chart, box = compose(
        rows, words, height=header + body + footer, keys=interval_keys(set(kinds_of(rows)), lang)
    )
    left = widest([line for one in lines for line in one], weight="bold" if highlight else "normal") + 0.12
    right = sum(column.width + _GAP for column in columns) + 0.1
    axes = chart.place(box.left + left, box.top + header, box.width - left - right, body, label="dots")
    unit = unit_of(rows)
    values = (rows["rate"], rows["rate_low"], rows["rate_high"], [comparator or np.nan])
    limits = percent_limits(*values, unit=unit)
    axes.set_ylim(body, 0)
    percent_axis(axes, limits, lang, unit=unit)
    axes.set_yticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)
    draw_rows(axes, rows, centres.tolist(), lines, highlight)
    edge = box.left + box.width - right + 0.1
    for column in columns:
        edge += column.width + _GAP
        chart.write(edge, box.top, column.heading, size=SIZES["small"], colour=MUTED, align="right")
        for cell, centre in zip(column.cells, centres, strict=True):
            if cell:
                top = box.top + header + centre - line_height() / 2
                chart.write(edge, top, cell, colour=column.colour, align="right")
    if comparator is not None:
        _draw_comparator(
            chart,
            axes,
            comparator,
            f"{comparator_label} {amount(comparator, unit, lang, 1)}".strip(),
            box.top,
        )
    return chart


def _unlike(rows: pd.DataFrame, lang: Language) -> str:
    """Return in what the rows differ that would have to be the same in a ranking, if anything."""
    return ", ".join(
        words[lang]
        for columns, words in _DIFFERENT
        if any(len(rows[one].unique()) > 1 for one in columns if one in rows)
    )


def _comparator(rows: pd.DataFrame, label: str, lang: Language) -> tuple[float | None, str]:
    if "comparator_rate" not in rows:
        return None, label
    compared = rows[rows["comparator_rate"].notna() & rows["comparator"].fillna("").ne("")]
    if len(compared["comparator_rate"].unique()) != 1:
        return None, label
    words = str(compared["comparator"].iloc[0])
    named = {"country": {"vi": "Cả nước", "en": "Whole country"}}.get(words, {"vi": words, "en": words})
    return float(compared["comparator_rate"].iloc[0]), label or named[lang]


def _draw_comparator(chart: Chart, axes: Axes, value: float, words: str, top: float) -> None:
    axes.axvline(value, color=INK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=2, label="comparator")
    place = axes.get_position()
    low, high = axes.get_xlim()
    centre = (place.x0 + place.width * (value - low) / (high - low)) * chart.width
    half = text_width(words, SIZES["small"]) / 2
    start, end = place.x0 * chart.width, place.x1 * chart.width
    centre = max(start + half, min(centre, end - half))
    chart.write(centre, top, words, size=SIZES["small"], colour=INK, align="center")
