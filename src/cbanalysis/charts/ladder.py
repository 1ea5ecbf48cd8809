"""The attendance ladder: every published rate on one scale, by level, each kind with a mark of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from cbanalysis.catalogue import Catalogue, Language
from cbanalysis.charts.caption import (
    alphabetical,
    base_name,
    caption,
    date_marks,
    labels,
    left_out,
    records,
    value_text,
)
from cbanalysis.charts.dots import Column, draw_rows, row_columns
from cbanalysis.charts.marks import (
    drawable,
    interval_keys,
    kinds_of,
    percent_axis,
    percent_limits,
    undrawable,
)
from cbanalysis.charts.style import (
    MUTED,
    SIZES,
    Chart,
    compose,
    line_height,
    nfc,
    require_rows,
    styled,
    widest,
    wrap,
)
from cbanalysis.errors import CbanalysisError
from cbanalysis.provinces import Gazetteer
from cbanalysis.words import PUBLICATION

__all__ = ["attendance_ladder"]

_LEVELS: dict[str, dict[Language, str]] = {
    "country": {"vi": "Cả nước", "en": "Whole country"},
    "region": {"vi": "Vùng", "en": "Regions"},
    "province": {"vi": "Cấp tỉnh", "en": "Provinces"},
    "district": {"vi": "Cấp huyện", "en": "Districts"},
    "commune": {"vi": "Cấp xã", "en": "Communes"},
    "cell": {"vi": "Một chi bộ", "en": "Single cells"},
}
_PICTURE = {"vi": "Thang tỷ lệ theo cấp", "en": "Ladder of rates by level"}
_YEAR = {"vi": "Năm", "en": "Year"}
_UNKNOWN = {"vi": "không rõ", "en": "unknown"}
_LABEL_ROOM = 2.5
_GAP = 0.12
_HEADER, _FOOTER = 0.24, 0.27


def _named(
    rows: pd.DataFrame, lang: Language, catalogue: Catalogue, gazetteer: Gazetteer | None
) -> list[str]:
    """Return places, each with the variant of its figure, and with its base where a place has several."""
    found, places = records(rows), labels(rows, lang, gazetteer)
    bases: dict[str, set[str]] = {}
    for row, place in zip(found, places, strict=True):
        bases.setdefault(place, set()).add(str(row.get("base_of") or ""))
    named = []
    for row, place in zip(found, places, strict=True):
        variant = str(row.get("definition") or "")
        parts = [catalogue.indicator(str(row["indicator"])).definitions[variant][lang]] if variant else []
        parts += [base_name(row, catalogue, lang)] if len(bases[place]) > 1 else []
        named.append(nfc(f"{place}: {', '.join(parts)}" if parts else place))
    return named


def _years(rows: pd.DataFrame, lang: Language) -> tuple[str, ...]:
    return tuple(
        _UNKNOWN[lang] if pd.isna(year) else f"{int(year)}{mark}"
        for year, mark in zip(rows["year"], date_marks(rows), strict=True)
    )


@styled
def attendance_ladder(  # noqa: PLR0913
    rated: pd.DataFrame,
    *,
    lang: Language = "vi",
    title: str | None = None,
    name: str | None = None,
    highlight: Collection[str] = (),
    notes: Sequence[str] = (),
    catalogue: Catalogue | None = None,
    gazetteer: Gazetteer | None = None,
) -> Chart:
    """Draw each published rate with the mark of its kind, by level from the province down to one cell.

    Parameters
    ----------
    rated : DataFrame
        Rows of ``rates.add_rates``: ``rate``, ``rate_low``, ``rate_high`` (percent), ``interval``,
        ``geo_level`` (or ``level``, which may also be ``"cell"``), and what names a place.
    lang : {"vi", "en"}
        Language of all words.
    title : str, optional
        The finding; the subject when not given.
    name : str, optional
        File stem.
    highlight : collection of str
        Observation ids, or labels, to set apart.
    notes : sequence of str
        Further lines below the plot.
    catalogue, gazetteer : optional
        Those that ship with the package when not given.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn, in their order, with ``label`` and ``level``.

    Raises
    ------
    CbanalysisError
        If no row has a rate, a floor or a range, or a level is another one.
    """
    rows = drawable(rated)
    require_rows(rows, "ladder")
    rows = rows.assign(level=rows["level"] if "level" in rows else rows["geo_level"])
    if strange := sorted(set(rows["level"]) - set(_LEVELS)):
        raise CbanalysisError(f"no level {', '.join(map(repr, strange))}; allowed: {', '.join(_LEVELS)}")
    known = catalogue or Catalogue.read()
    rows = rows.assign(label=_named(rows, lang, known, gazetteer))
    rows = _sorted(rows)
    chosen = set(highlight)
    if "observation_id" in rows:
        chosen |= set(rows.loc[rows["observation_id"].isin(list(highlight)), "label"])
    chosen = {label.replace("*", "") for label in chosen}
    years = _years(rows, lang) if "year" in rows else ()
    said = left_out(undrawable(rated), lang)
    said += [PUBLICATION[lang]] if any("†" in year for year in years) else []
    words = caption(
        rows,
        kind="ladder",
        picture=_PICTURE[lang],
        says=_says(rows, lang),
        lang=lang,
        title=title,
        name=name,
        notes=(*notes, *said),
        marked=True,
        catalogue=known,
        gazetteer=gazetteer,
    )
    columns = row_columns(rows, lang)
    columns += [Column(_YEAR[lang], years, MUTED)] if years else []
    lines = [wrap(label, _LABEL_ROOM) for label in rows["label"]]
    centres, heads, body = _rows(rows, lines, lang)
    keys = interval_keys(set(kinds_of(rows)), lang)
    chart, box = compose(rows, words, height=_HEADER + body + _FOOTER, keys=keys)
    left = widest([line for one in lines for line in one], weight="bold" if chosen else "normal") + 0.12
    left = max(left, widest([head for head, _ in heads], weight="bold") + 0.12)
    right = sum(column.width + _GAP for column in columns) + 0.1
    axes = chart.place(box.left + left, box.top + _HEADER, box.width - left - right, body, label="ladder")
    axes.set_ylim(body, 0)
    percent_axis(axes, percent_limits(rows["rate"], rows["rate_low"], rows["rate_high"]), lang)
    axes.set_yticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)
    draw_rows(axes, rows, centres, lines, chosen)
    for head, top in heads:
        chart.write(box.left, box.top + _HEADER + top, head, colour=MUTED, weight="bold")
    edge = box.left + box.width - right + 0.1
    for column in columns:
        edge += column.width + _GAP
        chart.write(edge, box.top, column.heading, size=SIZES["small"], colour=MUTED, align="right")
        for cell, centre in zip(column.cells, centres, strict=True):
            if cell:
                above = box.top + _HEADER + centre - line_height() / 2
                chart.write(edge, above, cell, colour=column.colour, align="right")
    return chart


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows level by level, the highest first; a floor or a range counts by its lower end."""
    levels = list(_LEVELS)
    lowest = rows["rate"].fillna(rows["rate_low"]).tolist()
    names, steps = rows["label"].tolist(), [levels.index(level) for level in rows["level"]]
    order = sorted(range(len(rows)), key=lambda at: (steps[at], -lowest[at], alphabetical(names[at])))
    return rows.iloc[order].reset_index(drop=True)


def _says(rows: pd.DataFrame, lang: Language) -> str:
    told = [f"{row['label']} {value_text(row, lang)}" for row in records(rows)]
    parts = []
    for level in dict.fromkeys(rows["level"]):
        here = [text for text, one in zip(told, rows["level"], strict=True) if one == level]
        parts.append(f"{_LEVELS[level][lang]}: {', '.join(here[:8])}{', …' if len(here) > 8 else ''}")
    return "; ".join(parts) + "."


def _rows(
    rows: pd.DataFrame, lines: Sequence[Sequence[str]], lang: Language
) -> tuple[list[float], list[tuple[str, float]], float]:
    """Return the middle of each row, where level headings stand, and the height of all, in inches."""
    centres: list[float] = []
    heads: list[tuple[str, float]] = []
    top, before = 0.0, ""
    for level, words in zip(rows["level"], lines, strict=True):
        if level != before:
            top += 0.1 if before else 0.0
            heads.append((_LEVELS[level][lang], top))
            top += line_height() + 0.03
        before = level
        height = max(0.25, len(words) * line_height() + 0.06)
        centres.append(top + height / 2)
        top += height
    return centres, heads, top
