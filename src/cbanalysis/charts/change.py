"""Two years beside each other: dumbbells (how far each place moved) and slopes (who passed whom)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cbanalysis.catalogue import Catalogue, Language, Unit
from cbanalysis.charts.caption import alphabetical, caption, highlighted, labels, not_drawn, points, records
from cbanalysis.charts.marks import line_key, percent_axis, percent_limits, point_key
from cbanalysis.charts.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    MUTED,
    PALE,
    SIZES,
    VERMILLION,
    Box,
    Caption,
    Chart,
    Key,
    compose,
    line_height,
    require_rows,
    spread,
    styled,
    text_width,
    trace,
    widest,
    wrap,
)
from cbanalysis.provinces import Gazetteer
from cbanalysis.words import amount, unit_of

__all__ = ["dumbbell", "slope"]

_WAYS: dict[str, tuple[str, str, dict[Language, str]]] = {
    "up": (BLUE, ">", {"vi": "tăng", "en": "up"}),
    "down": (VERMILLION, "<", {"vi": "giảm", "en": "down"}),
    "open": (
        GREY,
        "D",
        {"vi": "khoảng 95% chứa 0, chưa rõ tăng giảm", "en": "95% interval holds 0, undecided"},
    ),
}
_HEADING = {"vi": "Thay đổi, {}", "en": "Change, {}"}
_POINTS: dict[Language, str] = {"vi": "điểm %", "en": "% points"}
_HIDDEN: dict[Language, str] = {
    "vi": "thiếu giá trị điểm ở một trong hai năm",
    "en": "no single value in one of the two years",
}
_BRACKETS: dict[str, dict[Language, str]] = {
    "newcombe": {"vi": "( ) khoảng 95% (Newcombe)", "en": "( ) 95% interval (Newcombe)"},
    "rounding": {
        "vi": "[ ] chỉ là sai số làm tròn, không biết mẫu số",
        "en": "[ ] what rounding leaves open, base not published",
    },
}
_LABEL_ROOM = 2.5


def _way(low: float, high: float, difference: float) -> str:
    if low <= 0 <= high or difference == 0:
        return "open"
    return "up" if difference > 0 else "down"


def _moved(changed: pd.DataFrame, lang: Language, gazetteer: Gazetteer | None) -> pd.DataFrame:
    rows = changed[changed["difference"].notna()]
    names = pd.Series(labels(rows, lang, gazetteer), index=rows.index, dtype="str")
    limits = zip(rows["difference_low"], rows["difference_high"], rows["difference"], strict=True)
    ways = pd.Series([_way(*three) for three in limits], index=rows.index, dtype="str")
    moves = rows["difference"].to_numpy()
    order = sorted(range(len(rows)), key=lambda at: (-moves[at], alphabetical(names.iloc[at])))
    return rows.assign(label=names, way=ways).iloc[order].reset_index(drop=True)


def _points_in(unit: Unit, lang: Language) -> str:
    return unit.name[lang] if unit.own else _POINTS[lang]


def _change_text(row: Mapping[str, Any], lang: Language, unit: Unit) -> tuple[str, str]:
    """Return the change and its limits, in round brackets for chance and in square ones for rounding."""
    change = points(row["difference"], lang, unit.decimals)
    if pd.isna(row["difference_low"]) or pd.isna(row["difference_high"]):
        return change, ""
    opening, closing = "()" if row["interval"] == "newcombe" else "[]"
    joined = {"vi": "; ", "en": " to "}[lang]
    low, high = (points(row[f"difference_{side}"], lang, unit.decimals) for side in ("low", "high"))
    return change, f"{opening}{low}{joined}{high}{closing}"


def _bracket_notes(rows: pd.DataFrame, lang: Language) -> list[str]:
    kinds = set(rows.loc[rows["difference_low"].notna(), "interval"])
    there = [_BRACKETS[kind][lang] for kind in _BRACKETS if kind in kinds]
    return ["; ".join(there) + "."] if there else []


def _says(rows: pd.DataFrame, lang: Language, unit: Unit) -> str:
    said = _points_in(unit, lang)
    most, least = (
        f"{row['label']} {points(row['difference'], lang, unit.decimals)}"
        for row in records(rows.iloc[[0, -1]])
    )
    if most == least:
        return {"vi": f"Thay đổi duy nhất: {most} {said}.", "en": f"Only change: {most} {said}."}[lang]
    sentences = {
        "vi": f"{len(rows)} nơi. Thay đổi cao nhất: {most} {said}; thấp nhất: {least} {said}.",
        "en": f"{len(rows)} place{'s' * (len(rows) != 1)}. "
        f"Highest change: {most} {said}; lowest: {least} {said}.",
    }
    return sentences[lang]


def _used(rows: pd.DataFrame, rated: pd.DataFrame) -> pd.DataFrame:
    ids = {*rows["observation_id_first"], *rows["observation_id_last"]}
    return rated[rated["observation_id"].isin(ids)]


def _caption(  # noqa: PLR0913
    rows: pd.DataFrame,
    rated: pd.DataFrame,
    hidden: int,
    *,
    kind: str,
    picture: dict[Language, str],
    lang: Language,
    title: str | None,
    name: str | None,
    notes: Sequence[str],
    catalogue: Catalogue | None,
    gazetteer: Gazetteer | None,
) -> Caption:
    return caption(
        _used(rows, rated),
        kind=kind,
        picture=picture[lang],
        says=_says(rows, lang, unit_of(rated)),
        lang=lang,
        title=title,
        name=name,
        notes=(*notes, *([not_drawn(hidden, lang, _HIDDEN)] if hidden else [])),
        catalogue=catalogue,
        gazetteer=gazetteer,
    )


def _way_keys(rows: pd.DataFrame, lang: Language, marker: Literal["arrow", "line"]) -> list[Key]:
    keys = []
    for way, (colour, shape, words) in _WAYS.items():
        if (rows["way"] == way).any():
            key = (
                point_key(words[lang], colour, shape) if marker == "arrow" else line_key(words[lang], colour)
            )
            keys.append(key)
    return keys


@styled
def dumbbell(  # noqa: PLR0913
    changed: pd.DataFrame,
    rated: pd.DataFrame,
    *,
    first: int,
    last: int,
    lang: Language = "vi",
    title: str | None = None,
    name: str | None = None,
    highlight: Collection[str] = (),
    notes: Sequence[str] = (),
    catalogue: Catalogue | None = None,
    gazetteer: Gazetteer | None = None,
) -> Chart:
    """Draw each place's rate in two years, joined, the largest rise first, with the change in words beside.

    Parameters
    ----------
    changed : DataFrame
        What ``rates.change`` returned: ``rate_first``, ``rate_last`` (percent), ``difference`` and its limits
        (percentage points).
    rated : DataFrame
        The rows given to ``rates.change``; subject, base and sources are read from those it used.
    first, last : int
        The two years.
    lang : {"vi", "en"}
        Language of all words.
    title : str, optional
        The finding; the subject when not given.
    name : str, optional
        File stem.
    highlight : collection of str
        Labels (without ``*``) set in bold.
    notes : sequence of str
        Further lines below the plot.
    catalogue, gazetteer : optional
        Those that ship with the package when not given.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn, in their order, with ``label`` and ``way`` (up, down, open).

    Raises
    ------
    CbanalysisError
        If no place has a value in both years.
    """
    rows = _moved(changed, lang, gazetteer)
    require_rows(rows, "dumbbell chart")
    words = _caption(
        rows,
        rated,
        len(changed) - len(rows),
        kind="dumbbell",
        picture={"vi": f"Biểu đồ quả tạ {first} và {last}", "en": f"Dumbbell chart, {first} and {last}"},
        lang=lang,
        title=title,
        name=name,
        notes=(*notes, *_bracket_notes(rows, lang)),
        catalogue=catalogue,
        gazetteer=gazetteer,
    )
    lines = [wrap(label, _LABEL_ROOM) for label in rows["label"]]
    roomy = 0.25 if len(rows) <= 25 else 0.2
    heights = np.array([max(roomy, len(one) * line_height() + 0.05) for one in lines])
    centres = np.cumsum(heights) - heights / 2
    body, header, footer = float(heights.sum()), 0.22, 0.27
    keys = [point_key(str(first), GREY), *_way_keys(rows, lang, "arrow")]
    keys[1:] = [Key(f"{last}: {key.words}", key.symbol, key.width) for key in keys[1:]]
    chart, box = compose(rows, words, height=header + body + footer, keys=keys)
    unit = unit_of(rated)
    heading = _HEADING[lang].format(_points_in(unit, lang))
    texts = [_change_text(row, lang, unit) for row in records(rows)]
    limits_width = widest([limits for _, limits in texts], SIZES["small"])
    right = max(widest([one for one, _ in texts]) + 0.1 + limits_width, text_width(heading, SIZES["small"]))
    left = widest([line for one in lines for line in one], weight="bold" if highlight else "normal") + 0.14
    axes = chart.place(
        box.left + left, box.top + header, box.width - left - right - 0.25, body, label="dumbbell"
    )
    axes.set_ylim(body, 0)
    limits_of = percent_limits(rows["rate_first"], rows["rate_last"], unit=unit)
    percent_axis(axes, limits_of, lang, unit=unit)
    axes.set_yticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)
    _draw_dumbbells(axes, rows, centres)
    edge = box.left + box.width
    chart.write(edge, box.top, heading, size=SIZES["small"], colour=MUTED, align="right")
    for (change, limits), words_of, centre, label in zip(texts, lines, centres, rows["label"], strict=True):
        middle = box.top + header + centre
        top = middle - line_height() / 2
        bold = highlighted(label, highlight)
        chart.write(edge - limits_width - (0.1 if limits_width else 0), top, change, align="right")
        if limits:
            chart.write(edge, top, limits, size=SIZES["small"], colour=MUTED, align="right")
        for step, line in enumerate(words_of):
            upper = middle + (step - len(words_of) / 2) * line_height()
            weight = "bold" if bold else "normal"
            chart.write(box.left + left - 0.14, upper, line, weight=weight, align="right")
    return chart


def _draw_dumbbells(axes: Axes, rows: pd.DataFrame, centres: np.ndarray) -> None:
    axes.hlines(centres, 0, 1, transform=axes.get_yaxis_transform(), colors=FAINT, linewidth=0.7, zorder=1)
    shades = [_WAYS[way][0] for way in rows["way"]]
    axes.hlines(
        centres, rows["rate_first"], rows["rate_last"], colors=shades, linewidth=1.8, zorder=2, label="change"
    )
    axes.scatter(
        rows["rate_first"], centres, c=GREY, s=26, linewidth=0, zorder=3, clip_on=False, label="first"
    )
    for way, (colour, marker, _) in _WAYS.items():
        chosen = (rows["way"] == way).to_numpy()
        if chosen.any():
            size = 44 if way != "open" else 24
            there = rows.loc[chosen, "rate_last"]
            axes.scatter(
                there,
                centres[chosen],
                c=colour,
                marker=marker,
                s=size,
                linewidth=0,
                zorder=4,
                clip_on=False,
                label=f"last {way}",
            )
    _trace(axes, rows, zip(centres, centres, strict=True), upright=False)


def _trace(axes: Axes, rows: pd.DataFrame, places: Iterable[tuple[float, float]], *, upright: bool) -> None:
    """Lead from both ends of each change to their figures; ``places`` lie on the other axis."""
    for row, ends in zip(records(rows), places, strict=True):
        for side, place in zip(("first", "last"), ends, strict=True):
            rate = (row[f"rate_{side}"],)
            across, along = ((place,), rate) if upright else (rate, (place,))
            trace(axes, across, along, row.get(f"observation_id_{side}"))


@styled
def slope(  # noqa: PLR0913
    changed: pd.DataFrame,
    rated: pd.DataFrame,
    *,
    first: int,
    last: int,
    lang: Language = "vi",
    title: str | None = None,
    name: str | None = None,
    highlight: Collection[str] = (),
    notes: Sequence[str] = (),
    catalogue: Catalogue | None = None,
    gazetteer: Gazetteer | None = None,
) -> Chart:
    """Draw each place's rate in two years as a line between two scales, named at both ends.

    Parameters
    ----------
    changed : DataFrame
        What ``rates.change`` returned: ``rate_first``, ``rate_last`` (percent), ``difference`` and its limits
        (percentage points).
    rated : DataFrame
        The rows given to ``rates.change``; subject, base and sources are read from those it used.
    first, last : int
        The two years.
    lang : {"vi", "en"}
        Language of all words.
    title : str, optional
        The finding; the subject when not given.
    name : str, optional
        File stem.
    highlight : collection of str
        Labels (without ``*``) set in bold.
    notes : sequence of str
        Further lines below the plot.
    catalogue, gazetteer : optional
        Those that ship with the package when not given.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn, with ``label`` and ``way`` (up, down, open).

    Raises
    ------
    CbanalysisError
        If no place has a value in both years.
    """
    rows = _moved(changed, lang, gazetteer)
    require_rows(rows, "slope chart")
    words = _caption(
        rows,
        rated,
        len(changed) - len(rows),
        kind="slope",
        picture={"vi": f"Biểu đồ dốc {first} và {last}", "en": f"Slope chart, {first} and {last}"},
        lang=lang,
        title=title,
        name=name,
        notes=notes,
        catalogue=catalogue,
        gazetteer=gazetteer,
    )
    pitch, unit = line_height(), unit_of(rated)
    sides = {
        side: [
            f"{label}  {amount(value, unit, lang, unit.decimals)}"
            for label, value in zip(rows["label"], rows[f"rate_{side}"], strict=True)
        ]
        for side in ("first", "last")
    }
    sides["last"] = [
        f"{amount(value, unit, lang, unit.decimals)}  {label}"
        for label, value in zip(rows["label"], rows["rate_last"], strict=True)
    ]
    body, header = max(3.2, len(rows) * pitch * 1.02), 0.28
    chart, box = compose(rows, words, height=header + body + 0.12, keys=_way_keys(rows, lang, "line"))
    room = {
        side: widest(texts, weight="bold" if highlight else "normal") + 0.32 for side, texts in sides.items()
    }
    plot = Box(box.left + room["first"], box.top + header, box.width - sum(room.values()), body)
    axes = chart.place(plot.left, plot.top, plot.width, plot.height, label="slope")
    both = pd.concat([rows["rate_first"], rows["rate_last"]])
    ease = max((both.max() - both.min()) * 0.04, 0.5)
    low, high = float(both.min() - ease), float(both.max() + ease)
    axes.set(xlim=(0, 1), ylim=(low, high), xticks=[], yticks=[])
    axes.spines[["left", "right"]].set_visible(True)
    axes.spines["bottom"].set_visible(False)
    for row in records(rows):
        strong = highlighted(row["label"], highlight)
        axes.plot(
            [0, 1],
            [row["rate_first"], row["rate_last"]],
            color=_WAYS[row["way"]][0],
            linewidth=2.6 if strong else (0.9 if highlight else 1.3),
            marker="o",
            markersize=5.5 if strong else 4.0,
            clip_on=False,
            zorder=3 if strong else 2,
            label=f"slope {row['label']}",
        )
    _trace(axes, rows, [(0.0, 1.0)] * len(rows), upright=True)
    for side, at, year in (("first", plot.left, first), ("last", plot.left + plot.width, last)):
        chart.write(at, box.top, str(year), weight="bold", align="center")
        wanted = [(high - value) / (high - low) * body - pitch / 2 for value in rows[f"rate_{side}"]]
        sign = -1 if side == "first" else 1
        names = zip(rows["label"], sides[side], wanted, spread(wanted, pitch, -pitch / 2, body), strict=True)
        for label, text, wish, top in names:
            bold = highlighted(label, highlight)
            chart.write(
                at + sign * 0.28,
                plot.top + top,
                text,
                colour=INK,
                weight="bold" if bold else "normal",
                align="right" if side == "first" else "left",
            )
            ends = [value + pitch / 2 for value in (wish, top)]
            edge = 0.0 if side == "first" else 1.0
            axes.plot(
                [edge + sign * 0.07 / plot.width, edge + sign * 0.25 / plot.width],
                [high - (high - low) * end / body for end in ends],
                color=PALE,
                linewidth=0.7,
                clip_on=False,
                zorder=1,
                label="leader",
            )
    return chart
