"""One place beside its peers."""

from __future__ import annotations

import pandas as pd
import pytest

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.display.charts import beside
from cbanalysis.statistics.rates import peers
from chart_checks import assert_text_fits, words_of
from plain_rows import HALF, rated

OTHERS = [
    {
        **HALF,
        "province": name,
        "unit_id": unit,
        "count": count,
        "percent": float("nan"),
        "printed": f"{count}/124",
    }
    for name, unit, count in (("Bắc Ninh", "27-2004", 93), ("Thừa Thiên Huế", "46-2004", 31))
]


@pytest.fixture
def found():
    """Return one measure of three provinces: 50, 75 and 25 percent."""
    return peers(rated(HALF, *OTHERS), "Bắc Giang")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_each_dot_is_a_row(found, lang) -> None:
    """Grey dots stand at the others' rates, the coloured one at the province's own."""
    chart = beside(found, lang=lang)
    (axes,) = [one for one in chart.axes if one.get_label() == "dots"]
    dots = [
        sorted(marks.get_offsets()[:, 0].tolist()) for marks in axes.collections if len(marks.get_offsets())
    ]
    assert [25.0, 75.0] in dots
    assert [50.0] in dots
    assert_text_fits(chart)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_dots_at_the_ends_of_the_axis_are_whole(lang) -> None:
    """Dots at 90 and 100 %, where the axis ends, aren't cut, and cover neither names nor values."""
    full = {**HALF, "percent": float("nan"), "base": 100, "printed": "made up"}
    own, other = {**full, "count": 90}, {**full, "count": 100, "province": "Bắc Ninh", "unit_id": "27-2004"}
    chart = beside(peers(rated(own, other), "Bắc Giang"), lang=lang)
    (axes,) = [one for one in chart.axes if one.get_label() == "dots"]
    assert axes.get_xlim() == (90, 100)
    cut = {float(dots.get_offsets()[0, 0]): dots.get_clip_on() for dots in axes.collections[1:]}
    assert cut == {90.0: False, 100.0: False}
    assert_text_fits(chart)


def test_a_share_worked_out_has_the_digits_of_the_table() -> None:
    """15 of 16 is 93,75 %, as text and table say it; 93,8 % only where the source printed that."""
    own = {**HALF, "count": 15, "base": 16, "percent": float("nan"), "decimals": pd.NA, "printed": "15/16"}
    assert "93,75%" in words_of(beside(peers(rated(own, *OTHERS), "Bắc Giang")))
    printed = {**own, "percent": 93.8, "decimals": 1}
    assert "93,8%" in words_of(beside(peers(rated(printed, *OTHERS), "Bắc Giang")))


def test_the_alternative_text_says_the_value(found) -> None:
    """Who hears the chart is told the province, the measure and its value."""
    assert "Bac Giang – Attendance at cell meetings, 2012: 50%" in beside(found, lang="en").alt


def test_the_same_rows_give_the_same_bytes(found) -> None:
    """Two pictures of the same rows are equal to the byte."""
    assert beside(found).svg() == beside(found).svg()


def test_nothing_to_compare_is_refused(found) -> None:
    """An empty frame is an error, not an empty picture."""
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        beside(found.head(0))
