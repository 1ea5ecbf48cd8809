"""The attendance ladder: every published rate on one scale, by level, each kind with a mark of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Unpack

import pandas as pd

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.common.language import spoken, words_of
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.observations.places_and_years import periods
from cbanalysis.display.charts.caption import Words, base_name, caption, charted, hidden_lines, untold
from cbanalysis.display.charts.labels_and_values import date_marks, labels, some, values
from cbanalysis.display.charts.look import MUTED, nfc
from cbanalysis.display.charts.marks import drawable, interval_keys, undrawable
from cbanalysis.display.charts.page import Chart, require_rows
from cbanalysis.display.charts.ranked_dots import draw_dots, row_columns
from cbanalysis.display.charts.rows_page import HEADER, Column, Lines, rows_page
from cbanalysis.display.charts.text_width import line_height, widest
from cbanalysis.display.charts.value_axis import rate_limits
from cbanalysis.display.words import PUBLICATION, alphabetical, joined

_WORDS = words_of("charts.ladder")
_LEVELS = words_of("charts.ladder-levels")


def _named(rows: pd.DataFrame) -> list[str]:
    """Return places, each with the variant of its figure, and with its base where a place has several."""
    catalogue = Catalogue.read()
    found, places = some(rows, "indicator", "definition", "base_of"), labels(rows)
    bases: dict[str, set[str]] = {}
    for row, place in zip(found, places, strict=True):
        bases.setdefault(place, set()).add(str(row.get("base_of") or ""))
    named = []
    for row, place in zip(found, places, strict=True):
        variant = str(row.get("definition") or "")
        parts = [spoken(catalogue.indicator(str(row["indicator"])).definitions[variant])] if variant else []
        parts += [base_name(row, catalogue)] if len(bases[place]) > 1 else []
        named.append(nfc(f"{place}: {', '.join(parts)}" if parts else place))
    return named


def _years(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return the years that each row speaks of, a period by both its ends."""
    known = zip(rows["year"], periods(rows).str.strip("-"), date_marks(rows), strict=True)
    return tuple(
        spoken(_WORDS["unknown"]) if pd.isna(year) else f"{(told or str(int(year))).replace('-', '–')}{mark}"
        for year, told, mark in known
    )


@charted("geo_level|level", rates=True, narrow=True)
def attendance_ladder(
    rated: pd.DataFrame, *, highlight: Collection[str] = (), **words: Unpack[Words]
) -> Chart:
    """Draw each published rate with the mark of its kind, by level from the province down to one cell.

    Parameters
    ----------
    rated : DataFrame
        Rows of ``rates.add_rates``: ``rate``, ``rate_low``, ``rate_high`` (percent), ``interval``,
        ``geo_level`` (or ``level``, which may also be ``"cell"``), and what names a place.
    highlight : collection of str
        Observation ids, or labels, to set apart.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

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
    rows = _sorted(rows.assign(label=_named(rows)))
    chosen = set(highlight)
    if "observation_id" in rows:
        chosen |= set(rows.loc[rows["observation_id"].isin(list(highlight)), "label"])
    chosen = {label.replace("*", "") for label in chosen}
    years = _years(rows) if "year" in rows else ()
    around = caption(
        rows,
        words,
        kind="ladder",
        says=_says(rows),
        notes=[spoken(PUBLICATION)] if any("†" in year for year in years) else [],
        hidden=untold(words, hidden_lines(undrawable(rated))),
        marked=True,
    )
    columns = [*row_columns(rows), *([Column(spoken(_WORDS["year"]), years, MUTED)] if years else [])]
    stacked, heads = _stacked(rows, columns)
    chart, axes, box = rows_page(
        rows,
        around,
        stacked,
        limits=rate_limits(rows),
        columns=columns,
        keys=interval_keys(rows),
        highlight=chosen,
        least=widest([head for head, _ in heads], weight="bold") + 0.12,
        name="ladder",
    )
    draw_dots(axes, rows, stacked.centres.tolist(), chosen)
    for head, top in heads:
        chart.write(box.left, box.top + HEADER + top, head, colour=MUTED, weight="bold")
    return chart


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows level by level, the highest first; a floor or a range counts by its lower end."""
    levels = list(_LEVELS)
    lowest = rows["rate"].fillna(rows["rate_low"]).tolist()
    names, steps = rows["label"].tolist(), [levels.index(level) for level in rows["level"]]
    order = sorted(range(len(rows)), key=lambda at: (steps[at], -lowest[at], alphabetical(names[at])))
    return rows.iloc[order].reset_index(drop=True)


def _says(rows: pd.DataFrame) -> str:
    told = [f"{label} ({value})" for label, value in zip(rows["label"], values(rows), strict=True)]
    parts = []
    for level in dict.fromkeys(rows["level"]):
        here = [text for text, one in zip(told, rows["level"], strict=True) if one == level]
        parts.append(f"{spoken(_LEVELS[level])}: {joined([*here[:8], *(['…'] if len(here) > 8 else [])])}")
    return "; ".join(parts) + "."


def _stacked(rows: pd.DataFrame, columns: Sequence[Column]) -> tuple[Lines, list[tuple[str, float]]]:
    """Return the rows below each other, and the headings of levels with where they stand."""
    head = line_height() + 0.03
    changes = (rows["level"] != rows["level"].shift()).tolist()
    above = [head + 0.1 * (number > 0) if new else 0.0 for number, new in enumerate(changes)]
    stacked = Lines.of(list(rows["label"]), row=0.25, pad=0.06, above=above, columns=columns)
    starts = zip(rows["level"], stacked.tops, changes, strict=True)
    return stacked, [(spoken(_LEVELS[level]), float(top) - head) for level, top, new in starts if new]
