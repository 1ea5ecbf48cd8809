"""Places by year: the value as text on its colour class, hatching where nothing was published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import pandas as pd

from cbanalysis.catalogue import Catalogue, Language
from cbanalysis.charts.caption import (
    alphabetical,
    caption,
    extremes,
    labels,
    not_drawn,
    records,
    schemes,
    value_text,
)
from cbanalysis.charts.marks import drawable, line_key, swatch_key
from cbanalysis.charts.matrix import Cell, draw_matrix, layout, runs, time_columns
from cbanalysis.charts.shades import BLANK, HATCH, OPEN, Classes, unit_classes
from cbanalysis.charts.style import INK, MARGIN, WIDTH, Chart, Key, compose, require_rows, styled
from cbanalysis.errors import CbanalysisError
from cbanalysis.provinces import Gazetteer
from cbanalysis.words import unit_of

__all__ = ["heatmap"]

Order = Literal["value", "given"]

_PICTURE = {"vi": "Bảng màu nơi và năm", "en": "Heatmap of places by year"}
_WORDS: dict[str, dict[Language, str]] = {
    "nothing": {"vi": "không có số liệu", "en": "no data"},
    "open": {
        "vi": "không có một giá trị duy nhất (mức sàn, khoảng, nhiều số liệu)",
        "en": "no single value (floor, range, several figures)",
    },
    "break": {"vi": "đổi cách xếp loại từ {}", "en": "rating scheme changes in {}"},
    "skipped": {"vi": "Không có số liệu, không vẽ cột: {}", "en": "No data, no column: {}"},
    "undated": {"vi": "không rõ năm hoặc không có tỷ lệ", "en": "no year or no rate"},
    "size": {"vi": "{} nơi, {} năm, {} ô có số liệu.", "en": "{} places, {} years, {} fields with data."},
}


def _breaks(rows: pd.DataFrame, shown: Sequence[int], catalogue: Catalogue) -> list[int]:
    """Return the first years of rating schemes that begin between two shown years."""
    begins = sorted({catalogue.scheme(one).valid_from for one in schemes(rows)})
    return [year for year in begins[1:] if shown[0] < year <= shown[-1]]


def _ordered(rows: pd.DataFrame, order: Order) -> list[str]:
    """Return the labels of the rows: as given, or by the value of the latest year, highest first."""
    if order == "given":
        return list(dict.fromkeys(rows["label"]))
    latest = rows.sort_values("year", kind="stable").groupby("label", sort=False).tail(1)
    latest = latest.assign(key=latest["rate"].fillna(latest["rate_low"]))
    keys = dict(zip(latest["label"], latest["key"], strict=True))
    return sorted(keys, key=lambda label: (-keys[label], alphabetical(label)))


def _cells(rows: pd.DataFrame, classes: Classes | None, lang: Language) -> pd.DataFrame:
    """Return one row a field: its lines of text, the single value if there is one, its colour."""
    fields: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in records(rows):
        fields.setdefault((row["label"], row["year"]), []).append(row)
    found = []
    for (label, year), figures in fields.items():
        texts = tuple(dict.fromkeys(value_text(one, lang) for one in figures))
        value = float(figures[0]["rate"]) if len(texts) == 1 else float("nan")
        colour = OPEN if pd.isna(value) or classes is None else classes.colour(value)
        found.append({"label": label, "year": year, "value": value, "texts": texts, "colour": colour})
    return pd.DataFrame(found)


@styled
def heatmap(  # noqa: PLR0913
    rated: pd.DataFrame,
    *,
    lang: Language = "vi",
    title: str | None = None,
    name: str | None = None,
    order: Order = "value",
    notes: Sequence[str] = (),
    catalogue: Catalogue | None = None,
    gazetteer: Gazetteer | None = None,
) -> Chart:
    """Draw a matrix of places by year; a field shows its value as text on a colour class.

    Years without any figure get a column as long as no more than two follow each other; longer gaps are left
    out and named below. A thick line between two years stands for a change of the rating scheme.

    Parameters
    ----------
    rated : DataFrame
        Rows of ``rates.add_rates``: ``rate``, ``rate_low``, ``rate_high`` (percent), ``interval``, ``year``,
        and what names a place (``label``, or ``geo_level``, ``province``, ``area``, ``unit_id``); ``scheme``
        tells breaks.
    lang : {"vi", "en"}
        Language of all words.
    title : str, optional
        The finding; the subject when not given.
    name : str, optional
        File stem.
    order : {"value", "given"}
        Rows by their latest value, highest first, or as they come.
    notes : sequence of str
        Further lines below the plot.
    catalogue, gazetteer : optional
        Those that ship with the package when not given.

    Returns
    -------
    Chart
        ``frame`` has one row a field with data: ``label``, ``year``, ``value`` (percent; NaN where several
        figures, a floor or a range leave no single one), ``texts``, ``colour``.

    Raises
    ------
    CbanalysisError
        If no row has a year and a rate, a floor or a range, or ``order`` is another one.
    """
    if order not in ("value", "given"):
        raise CbanalysisError(f"no order {order!r}; allowed: value, given")
    rows = drawable(rated)
    rows = rows[rows["year"].notna()]
    require_rows(rows, "heatmap")
    rows = rows.assign(label=labels(rows, lang, gazetteer), year=rows["year"].astype(int))
    points = rows["rate"].dropna()
    classes = unit_classes(points, unit_of(rows)) if len(points) else None
    drawn = _cells(rows, classes, lang)
    shown, skips, left_out = time_columns(list(rows["year"]))
    named = _ordered(rows, order)
    at = {label: number for number, label in enumerate(named)}
    column = {year: number for number, year in enumerate(shown)}
    ids = rows["observation_id"] if "observation_id" in rows else pd.Series("", index=rows.index)
    figures = ids.groupby([rows["label"], rows["year"]]).agg(" ".join)
    cells = {
        (at[row["label"]], column[row["year"]]): Cell(
            row["texts"], row["colour"], figures[row["label"], row["year"]].strip()
        )
        for row in records(drawn)
    }
    breaks = _breaks(rows, shown, catalogue or Catalogue.read())
    said = [_WORDS["skipped"][lang].format(runs(left_out))] if left_out else []
    said += [not_drawn(len(rated) - len(rows), lang, _WORDS["undated"])] if len(rated) > len(rows) else []
    size = _WORDS["size"][lang].format(len(named), rows["year"].nunique(), len(drawn))
    moments = [f"{one} {year}" for one, year in zip(rows["label"], rows["year"], strict=True)]
    words = caption(
        rows,
        kind="heatmap",
        picture=_PICTURE[lang],
        says=f"{size} {extremes(rows, moments, lang)}",
        lang=lang,
        title=title,
        name=name,
        notes=(*notes, *said),
        catalogue=catalogue,
        gazetteer=gazetteer,
    )
    plan = layout(named, [str(year) for year in shown], cells, width=WIDTH - 2 * MARGIN, skips=skips)
    empty = len(cells) < len(named) * len(shown)
    keys = _keys(classes, lang, several=bool(drawn["value"].isna().any()), empty=empty, breaks=breaks)
    chart, box = compose(drawn, words, height=plan.header + plan.body, keys=keys)
    axes = draw_matrix(chart, plan, cells, left=box.left, top=box.top)
    for year in breaks:
        after = next(number for number, one in enumerate(shown) if one >= year)
        end = plan.lefts[after - 1] + plan.wide
        place = (end + plan.lefts[after]) / 2 - 0.0125
        axes.plot(
            [place, place],
            [-plan.header + 0.02, plan.body],
            color=INK,
            linewidth=2.4,
            clip_on=False,
            zorder=5,
            label=f"break {year}",
        )
    return chart


def _keys(
    classes: Classes | None, lang: Language, *, several: bool, empty: bool, breaks: Sequence[int]
) -> list[Key]:
    keys = classes.keys(lang) if classes else []
    keys += [swatch_key(_WORDS["open"][lang], OPEN)] if several else []
    keys += [swatch_key(_WORDS["nothing"][lang], BLANK, HATCH)] if empty else []
    keys += [line_key(_WORDS["break"][lang].format(year), INK, linewidth=2.4) for year in breaks]
    return keys
