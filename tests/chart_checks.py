"""What every chart must pass: its words lie inside the picture and apart, and its bytes repeat."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.text import Text

from cbanalysis.common.language import speaking
from cbanalysis.dataset.provinces import Gazetteer
from plain_rows import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.collections import Collection

    from cbanalysis.display.charts import Chart

SLACK = 1.0  # pixels: letters' boxes include room above capitals


# As `rates.add_rates` gives them; a year is all that most charts ask of the period.
_RATED = {
    "period_start": "",
    "period_end": "",
    "year": 2012,
    "province_basis": "",
    "observation_id": "",
    "rate": np.nan,
    "rate_low": np.nan,
    "rate_high": np.nan,
    "interval": "wilson",
}


def said_in(lang: str, say: Callable, *given: object, **named: object):
    """Return what a function says in a language."""
    with speaking(lang):
        return say(*given, **named)


def made_rows(*given: dict, **shared: object) -> pd.DataFrame:
    """Return made-up rows with their rates said, not reckoned, of 1,000 where no base is said."""
    made = rows(*given, **(_RATED | shared))
    bare = (made["interval"] == "wilson") & (made["count"].isna() | made["base"].isna())
    made.loc[bare & made["rate"].isna(), "interval"] = "none"
    bare &= made["rate"].notna()
    made.loc[bare, "count"] = (10 * made.loc[bare, "rate"]).round().astype("Int64")
    made.loc[bare, "base"] = 1000
    return made


def all_provinces(year: int = 2012, shift: float = 0.0) -> pd.DataFrame:
    """Return made-up rows for all 63 provinces, every kind of interval among them."""
    made = []
    for number, unit in enumerate(Gazetteer.read().on("2012")):
        rate = (number * 37 + shift * 11) % 71 + 25.0
        kind = ("wilson", "wilson", "rounding", "floor", "range", "about", "wilson")[number % 7]
        row = {"province": unit.name_vi, "unit_id": unit.unit_id, "interval": kind, "year": year}
        row["observation_id"] = f"X{number:03}-{year}"
        row["province_basis"] = "inferred" if number == 9 else ""
        if kind == "wilson":
            row |= {"rate": rate, "rate_low": rate - 6, "rate_high": rate + 4, "base": 60 + 9 * number}
            row["count"] = round(row["base"] * rate / 100)
        elif kind == "rounding":
            row |= {
                "rate": rate,
                "rate_low": rate - 0.5,
                "rate_high": rate + 0.5,
                "percent": rate,
                "decimals": 0,
            }
        elif kind == "floor":
            row |= {"rate_low": rate, "rate_high": 100.0, "percent": rate, "decimals": 0}
        elif kind == "range":
            row |= {"rate_low": rate - 7, "rate_high": rate, "percent": rate - 7, "decimals": 0}
        else:
            row |= {"rate": rate, "percent": rate, "decimals": 0}
        made.append(row)
    return made_rows(*made)


def drawn_texts(chart: Chart) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Return every text that is really drawn with its box in pixels (left, bottom, right, top)."""
    seen: dict[int, Text] = {}
    original = Text.draw

    def note(text: Text, renderer: object, *args: object, **kwargs: object) -> object:
        seen[id(text)] = text
        return original(text, renderer, *args, **kwargs)

    canvas = FigureCanvasAgg(chart)
    Text.draw = note
    try:
        canvas.draw()
    finally:
        Text.draw = original
    boxes = []
    for text in seen.values():
        if text.get_visible() and text.get_text().strip():
            box = text.get_window_extent(canvas.get_renderer())
            boxes.append((text.get_text(), (box.x0, box.y0, box.x1, box.y1)))
    return boxes


def assert_text_fits(chart: Chart) -> None:
    """Fail when a text leaves the canvas or two texts overlap, naming all of them."""
    boxes = drawn_texts(chart)
    assert boxes, "a chart without words"
    width, height = chart.bbox.width, chart.bbox.height
    outside = [
        text
        for text, (left, bottom, right, top) in boxes
        if left < 0 or bottom < 0 or right > width or top > height
    ]
    assert not outside, f"outside the canvas: {outside}"
    overlapping = [
        (one, other)
        for (one, (left, bottom, right, top)), (other, (left2, bottom2, right2, top2)) in combinations(
            boxes, 2
        )
        if min(right, right2) - max(left, left2) > SLACK and min(top, top2) - max(bottom, bottom2) > SLACK
    ]
    assert not overlapping, f"overlapping: {overlapping}"


def words_of(chart: Chart) -> list[str]:
    """Return every text that is drawn."""
    return [text for text, _ in drawn_texts(chart)]


def marks(axes: Axes, label: str) -> list[tuple[float, float]]:
    """Return the points of all marks with this label, as (x, y) in data units."""
    return [
        (round(float(x), 9), round(float(y), 9))
        for one in labelled(axes, label)
        for x, y in one.get_offsets()
    ]


def spans(axes: Axes, label: str) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return the ends of all interval lines with this label, in data units."""
    return [
        tuple((round(float(x), 9), round(float(y), 9)) for x, y in segment)
        for one in labelled(axes, label)
        for segment in one.get_segments()
    ]


def boxes_of(axes: Axes, label: str) -> list[tuple[float, float, float, float]]:
    """Return left, right, bottom and top of all boxes with this label, in data units."""
    found = []
    for one in labelled(axes, label):
        for path in one.get_paths():
            box = path.get_extents()
            found.append(tuple(round(float(edge), 9) for edge in (box.x0, box.x1, box.y0, box.y1)))
    return found


def labelled(axes: Axes, label: str) -> list[Collection]:
    """Return the collections with this label."""
    return [one for one in axes.collections if one.get_label() == label]


def fields_of(axes: Axes) -> dict[tuple[float, float, float, float], tuple[str, str]]:
    """Return the fields of a map or matrix: left, right, top and bottom, each with its colour and hatch."""
    found = {}
    for one in labelled(axes, "fields"):
        for path, colour in zip(one.get_paths(), one.get_facecolor(), strict=True):
            box = path.get_extents()
            place = tuple(round(float(edge), 9) for edge in (box.x0, box.x1, box.y0, box.y1))
            found[place] = to_hex(colour).upper(), one.get_hatch() or ""
    return dict(sorted(found.items(), key=lambda pair: (pair[0][2], pair[0][0])))


def axes_named(chart: Chart, label: str) -> Axes:
    """Return the axes with this label."""
    return next(axes for axes in chart.axes if axes.get_label() == label)


def as_pairs(frame: pd.DataFrame, one: str, other: str) -> list[tuple[float, float]]:
    """Return two columns as rounded pairs."""
    return [(round(float(x), 9), round(float(y), 9)) for x, y in zip(frame[one], frame[other], strict=True)]
