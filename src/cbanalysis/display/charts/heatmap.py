"""Places by year: the value as text on its colour class, hatching where nothing was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Unpack

import pandas as pd
from matplotlib.axes import Axes

from cbanalysis.common.language import spoken, words_of
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.observations.comparability import left_out
from cbanalysis.dataset.observations.places_and_years import places, strings
from cbanalysis.display.charts import caption
from cbanalysis.display.charts.colour_classes import APART as APART_FIELD
from cbanalysis.display.charts.colour_classes import APART_HATCH, BLANK, HATCH, OPEN, Classes, unit_classes
from cbanalysis.display.charts.labels_and_values import extremes, labels, schemes, some, values
from cbanalysis.display.charts.look import INK, MARGIN, page_width
from cbanalysis.display.charts.marks import drawable, line_key, swatch_key
from cbanalysis.display.charts.matrix_page import Cell, Layout, draw_matrix, layout, runs, time_columns
from cbanalysis.display.charts.page import Chart, Key, compose, require_rows
from cbanalysis.display.words import alphabetical, records, unit_of

Order = Literal["value", "given"]

_WORDS = words_of("charts.heatmap")


def _breaks(rows: pd.DataFrame, shown: Sequence[int]) -> list[int]:
    """Return the first years of rating schemes that begin between two shown years."""
    begins = sorted({Catalogue.read().scheme(one).valid_from for one in schemes(rows)})
    return [year for year in begins[1:] if shown[0] < year <= shown[-1]]


def _ordered(rows: pd.DataFrame, order: Order) -> list[str]:
    """Return the labels of the rows: as given, or by the value of the latest year, highest first."""
    if order == "given":
        return list(dict.fromkeys(rows["label"]))
    latest = rows.sort_values("year", kind="stable").groupby("label", sort=False).tail(1)
    latest = latest.assign(key=latest["rate"].fillna(latest["rate_low"]))
    keys = dict(zip(latest["label"], latest["key"], strict=True))
    return sorted(keys, key=lambda label: (-keys[label], alphabetical(label)))


def _cells(rows: pd.DataFrame, classes: Classes | None) -> pd.DataFrame:
    """Return one row a field: its lines of text, the single value if there is one, its colour."""
    fields: dict[tuple[str, int], list[dict[str, Any]]] = {}
    worded = rows.assign(text=values(rows))
    for row in records(worded[["label", "year", "text", "rate"]]):
        fields.setdefault((row["label"], row["year"]), []).append(row)
    found = []
    for (label, year), figures in fields.items():
        texts = tuple(dict.fromkeys(one["text"] for one in figures))
        value = float(figures[0]["rate"]) if len(texts) == 1 else float("nan")
        colour = OPEN if pd.isna(value) or classes is None else classes.colour(value)
        found.append({"label": label, "year": year, "value": value, "texts": texts, "colour": colour})
    return pd.DataFrame(found)


@caption.charted("year", rates=True, narrow=True)
def heatmap(rated: pd.DataFrame, *, order: Order = "value", **words: Unpack[caption.Words]) -> Chart:
    """Draw a matrix of places by year; a field shows its value as text on a colour class.

    Years without any figure get a column as long as no more than two follow each other; longer gaps are left
    out and named below. A thick line between two years stands for a change of the rating scheme.

    Parameters
    ----------
    rated : DataFrame
        Rows of ``rates.add_rates``: ``rate``, ``rate_low``, ``rate_high`` (percent), ``interval``, ``year``,
        and what names a place (``label``, or ``geo_level``, ``province``, ``area``, ``unit_id``); ``scheme``
        tells breaks.
    order : {"value", "given"}
        Rows by their latest value, highest first, or as they come.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` has one row a field with data: ``label``, ``year``, ``value`` (percent; NaN where several
        figures, a floor or a range leave no single one), ``texts``, ``colour``.

    Raises
    ------
    CbanalysisError
        If no row has a year and a rate, a floor or a range.
    """
    rows = drawable(rated)
    rows = rows[rows["year"].notna()]
    require_rows(rows, "heatmap")
    rows = rows.assign(label=labels(rows), year=rows["year"].astype(int))
    points = rows["rate"].dropna()
    classes = unit_classes(points, unit_of(rows)) if len(points) else None
    drawn = _cells(rows, classes)
    shown, skips, gaps = time_columns(list(rows["year"]))
    named = _ordered(rows, order)
    where = {(label, year): (named.index(label), shown.index(year)) for label in named for year in shown}
    figures = strings(rows, "observation_id").groupby([rows["label"], rows["year"]]).agg(" ".join)
    cells = {
        where[row["label"], row["year"]]: Cell(
            row["texts"], row["colour"], figures[row["label"], row["year"]].strip()
        )
        for row in records(drawn)
    }
    published = words.get("published")
    others = _apart(rated if published is None else published, rows, where)
    cells = others | cells
    breaks = _breaks(rows, shown)
    lines = [spoken(_WORDS["skipped"]).format(runs(gaps))] if gaps else []
    size = spoken(_WORDS["size"]).format(len(named), rows["year"].nunique(), len(drawn))
    moments = [f"{one}, {year}" for one, year in zip(rows["label"], rows["year"], strict=True)]
    around = caption.caption(
        rows,
        words,
        kind="heatmap",
        says=f"{size} {extremes(rows, moments)}",
        notes=lines,
        hidden=caption.untold(words, caption.not_drawn(len(rated) - len(rows), _WORDS["undated"])),
        across=("province", "period"),
    )
    plan = layout(named, [str(year) for year in shown], cells, width=page_width() - 2 * MARGIN, skips=skips)
    keys = _keys(classes, several=bool(drawn["value"].isna().any()), breaks=breaks)
    keys += [swatch_key(spoken(caption.APART), APART_FIELD, APART_HATCH)] if len(cells) > len(drawn) else []
    if len(cells) < len(where):
        keys.append(swatch_key(caption.nothing_words(words), BLANK, HATCH))
    chart, box = compose(drawn, around, height=plan.header + plan.body, keys=keys)
    axes = draw_matrix(chart, plan, cells, box)
    for year in breaks:
        _draw_break(axes, plan, year, shown)
    return chart


def _apart(
    published: pd.DataFrame, rows: pd.DataFrame, where: Mapping[tuple[str, int], tuple[int, int]]
) -> dict[tuple[int, int], Cell]:
    """Return the fields of figures that aren't drawn: of a place and year of the chart, not comparable."""
    if "year" not in published:
        return {}
    out = left_out(published, rows).dropna(subset="year")
    drawn = pd.DataFrame({"place": places(rows, out), "label": rows["label"]}).drop_duplicates()
    names = drawn.drop_duplicates("place", keep=False).set_index("place")["label"]
    named = out["label"] if "label" in out else places(out, rows).map(names).fillna("")
    out = caption.nearest_first(out.assign(label=named, year=out["year"].astype(int)))
    found: dict[tuple[int, int], Cell] = {}
    for row in some(out, "label", "year", "reason", "observation_id"):
        place = where.get((row["label"], row["year"]))
        if place and place not in found:
            ids = str(row.get("observation_id", ""))
            found[place] = Cell((caption.in_what(row["reason"]),), APART_FIELD, ids, APART_HATCH)
    return found


def _draw_break(axes: Axes, plan: Layout, year: int, shown: Sequence[int]) -> None:
    """Draw a thick line before the first column of a new rating scheme."""
    after = next(number for number, one in enumerate(shown) if one >= year)
    end = plan.lefts[after - 1] + plan.wide
    place = (end + plan.lefts[after]) / 2 - 0.0125
    ends = [-plan.header + 0.02, plan.body]
    axes.plot([place] * 2, ends, color=INK, linewidth=2.4, clip_on=False, zorder=5, label=f"break {year}")


def _keys(classes: Classes | None, *, several: bool, breaks: Sequence[int]) -> list[Key]:
    keys = classes.keys() if classes else []
    keys += [swatch_key(spoken(_WORDS["open"]), OPEN)] if several else []
    keys += [line_key(spoken(_WORDS["break"]).format(year), INK, linewidth=2.4) for year in breaks]
    return keys
