"""How much was published: a matrix of indicators by year, level or province, with the number of figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Unpack

import pandas as pd
from matplotlib.axes import Axes

from cbanalysis.common.language import spoken, words_of
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.observations.places_and_years import periods
from cbanalysis.dataset.provinces import Gazetteer, place
from cbanalysis.display.charts.caption import Words, caption, charted
from cbanalysis.display.charts.colour_classes import BLANK, HATCH, count_classes
from cbanalysis.display.charts.labels_and_values import column_of, inferred, some, years_text
from cbanalysis.display.charts.look import INK, MARGIN, MUTED, SIZES, page_width
from cbanalysis.display.charts.marks import swatch_key
from cbanalysis.display.charts.matrix_page import Cell, Layout, draw_matrix, layout, runs, time_columns
from cbanalysis.display.charts.page import Chart, compose, require_rows
from cbanalysis.display.charts.text_width import text_width, widest
from cbanalysis.display.words import alphabetical, listed, named, number, records

By = Literal["year", "geo_level", "province"]

_LEVELS = ("country", "region", "province", "district", "commune")
_WORDS = words_of("charts.coverage")
_NAMED = 3
_TITLES = words_of("charts.coverage-titles")


def _year_key(value: object) -> str:
    return "" if pd.isna(value) else str(int(value))  # type: ignore[call-overload]


def _tally(counts: pd.DataFrame, by: By) -> pd.DataFrame:
    """Return one row a field: ``row`` and ``column`` in words, ``figures``, any inferred province."""
    catalogue, gazetteer = Catalogue.read(), Gazetteer.read()
    figures = counts["figures"] if "figures" in counts else pd.Series(1, index=counts.index)
    what = [spoken(catalogue.indicator(one).name) for one in counts["indicator"]]
    if by == "year":
        across = [_year_key(year) or spoken(_WORDS["unknown"]) for year in counts["year"]]
    elif by == "geo_level":
        across = [spoken(catalogue.levels[one]) for one in counts["geo_level"]]
    else:
        units = some(counts, "unit_id", "province")
        across = [place(row, gazetteer) or spoken(_WORDS["none"]) for row in units]
    counted = {
        "figures": list(figures),
        "inferred": inferred(counts),
        "ids": column_of(counts, "observation_id"),
    }
    tally = pd.DataFrame({"row": what, "column": across, **counted})
    summed = tally.groupby(["row", "column"], sort=False, as_index=False).agg(
        {"figures": "sum", "inferred": "any", "ids": " ".join}
    )
    return summed[summed["figures"] > 0].reset_index(drop=True)


def _across(tally: pd.DataFrame, by: By) -> list[str]:
    """Return the columns in their order: time and levels as they are, provinces by how much they have."""
    found = set(tally["column"])
    if by == "year":
        years = sorted(int(one) for one in found if one.isdecimal())
        shown = time_columns(years)[0] if years else []
        return [str(year) for year in shown] + [one for one in found if not one.isdecimal()]
    if by == "geo_level":
        return [
            words for words in (spoken(Catalogue.read().levels[one]) for one in _LEVELS) if words in found
        ]
    nowhere = spoken(_WORDS["none"])
    return [one for one in _by_size(tally, "column") if one != nowhere] + [nowhere] * (nowhere in found)


def _by_size(tally: pd.DataFrame, column: str) -> list[str]:
    sums = tally.groupby(column)["figures"].sum()
    return sorted(sums.index, key=lambda one: (-sums[one], alphabetical(one)))


@charted("indicator", narrow=True)
def coverage_matrix(counts: pd.DataFrame, *, by: By = "year", **words: Unpack[Words]) -> Chart:
    """Draw how many figures were published for each indicator, by year, level or province, with the totals.

    Parameters
    ----------
    counts : DataFrame
        Observations (one row a figure), or rows with ``figures`` as a number of them; with ``indicator`` and,
        by ``by``, ``year``, ``geo_level``, or ``province`` and ``unit_id``.
    by : {"year", "geo_level", "province"}
        What stands across from the indicators; provinces become the rows.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` has one row a field: ``row`` (indicator), ``column``, ``figures``, ``inferred``, ``colour``.

    Raises
    ------
    CbanalysisError
        If there is no figure.
    UnknownName
        If ``by`` is another one, or an indicator isn't in the catalogue.
    """
    require_rows(counts, "coverage matrix")
    tally = _tally(counts, by)
    require_rows(tally, "coverage matrix")
    classes = count_classes(tally["figures"])
    tally = tally.assign(colour=[classes.colour(one) for one in tally["figures"]])
    what, across = _by_size(tally, "row"), _across(tally, by)
    rows, columns = (across, what) if by == "province" else (what, across)
    first, second = ("column", "row") if by == "province" else ("row", "column")
    cells = {
        (rows.index(row[first]), columns.index(row[second])): Cell(
            (number(row["figures"]),), row["colour"], row["ids"].strip()
        )
        for row in records(tally)
    }
    starred = set(tally.loc[tally["inferred"], "column"]) if by == "province" else set()
    labels = [f"{one}*" if one in starred else one for one in rows]
    years = sorted({int(one) for one in tally["column"] if one.isdecimal()}) if by == "year" else []
    skips, left_out = time_columns(years)[1:] if years else ([], [])
    lines = [spoken(_WORDS["skipped"]).format(runs(left_out))] if left_out else []
    if by == "year" and (counts["year"].notna() & periods(counts).str.contains("-")).any():
        lines.append(spoken(_WORDS["last year"]))
    if "province" in counts:
        named = counts.loc[counts["province"] != "", "province"].nunique()
        lines.insert(0, spoken(_WORDS["provinces"]).format(named))
    shown = ["indicator", "geo_level", *([] if starred else ["province_basis"])]
    around = caption(
        counts.drop(columns=shown, errors="ignore"),
        words,
        kind="coverage",
        title=spoken(_TITLES[by]),
        name=f"coverage_by_{by}",
        says=_says(tally),
        unit=spoken(_WORDS["unit"]),
        subtitle=[spoken(_WORDS["unit"]), years_text(counts)],
        notes=lines,
        across=None,
    )
    sums = [number(n) for n in tally.groupby(first)["figures"].sum().reindex(rows, fill_value=0)]
    below = [number(n) for n in tally.groupby(second)["figures"].sum().reindex(columns, fill_value=0)]
    heading = text_width(spoken(_WORDS["sum"]), SIZES["small"])
    beside = max(heading, widest(sums, SIZES["small"], "bold")) + 0.1
    room = page_width() - 2 * MARGIN - beside
    plan = layout(labels, columns, cells, width=room, skips=skips, label_room=2.35, widest_column=0.9)
    blank = len(cells) < len(rows) * len(columns)
    keys = [*classes.keys(), *([swatch_key(spoken(_WORDS["nothing"]), BLANK, HATCH)] if blank else [])]
    chart, box = compose(tally.drop(columns="ids"), around, height=plan.header + plan.body + 0.25, keys=keys)
    axes = draw_matrix(chart, plan, cells, box)
    _draw_sums(axes, plan, (sums, below), box.width - plan.room, spoken(_WORDS["sum"]))
    return chart


def _says(tally: pd.DataFrame) -> str:
    sums = tally.groupby("row")["figures"].sum()
    order = _by_size(tally, "row")
    # nobody is named as the highest who is level with one that isn't
    level = sums[order[_NAMED]] if len(order) > _NAMED else 0
    told = [(named(one), number(int(sums[one]))) for one in order[:_NAMED] if sums[one] > level]
    most = listed([spoken(_WORDS["of"]).format(*pair) for pair in told])
    if len(order) == 1:
        return spoken(_WORDS["says one"]).format(number(int(sums.sum())), named(order[0]))
    said = _WORDS["says all" if not level else "says most" if most else "says"]
    return spoken(said).format(number(int(sums.sum())), len(sums), most)


def _draw_sums(
    axes: Axes, plan: Layout, sums: tuple[Sequence[str], Sequence[str]], edge: float, word: str
) -> None:
    """Write the totals: of rows at the right, up to an edge in inches, of columns below."""
    beside, below = sums
    style: dict[str, Any] = {"size": SIZES["small"], "color": MUTED, "va": "center_baseline"}
    axes.text(edge, -0.05, word, size=SIZES["small"], color=MUTED, ha="right", va="bottom")
    axes.text(-0.1, plan.body + 0.11, word, ha="right", **style)
    for text, start, height in zip(beside, plan.tops, plan.heights, strict=True):
        axes.text(
            edge, start + height / 2 - 0.0125, text, ha="right", **{**style, "color": INK, "weight": "bold"}
        )
    # where they don't fit beside each other they stand upright
    upright = any(text_width(text, SIZES["small"]) > plan.wide - 0.04 for text in below)
    turned = {"va": "top", "rotation": 90} if upright else {}
    for text, left in zip(below, plan.lefts, strict=True):
        middle, down = left + plan.wide / 2, plan.body + (0.03 if upright else 0.11)
        axes.text(middle, down, text, ha="center", **{**style, **turned})
