"""Heatmaps: a field for each place and year, with the value of its row."""

from __future__ import annotations

import pandas as pd
import pytest

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.display.charts import heatmap
from cbanalysis.display.charts.colour_classes import BLANK, OPEN
from cbanalysis.display.charts.matrix_page import runs, time_columns
from chart_checks import all_provinces, assert_text_fits, axes_named, fields_of, made_rows, words_of

ROWS = (
    {"province": "Bắc Giang", "year": 2012, "rate": 50.0, "scheme": "org_2007"},
    {"province": "Bắc Giang", "year": 2019, "rate": 60.0, "scheme": "org_2018"},
    {"province": "Nghệ An", "year": 2019, "rate": 90.0, "scheme": "org_2018"},
    {
        "province": "Cà Mau",
        "year": 2020,
        "interval": "floor",
        "rate_low": 85.0,
        "rate_high": 100.0,
        "decimals": 0,
    },
)


def fields(chart) -> dict[str, str]:
    """Return the colour of each field by its row and column number; of those without a row "hatched"."""
    found = fields_of(axes_named(chart, "matrix"))
    tops, lefts = (sorted({place[edge] for place in found}) for edge in (2, 0))
    return {
        f"{tops.index(place[2])}-{lefts.index(place[0])}": "hatched" if hatch else colour
        for place, (colour, hatch) in found.items()
    }


def test_each_field_shows_its_rows_value() -> None:
    """Places stand by their latest value, highest first; fields without a row are blank and hatched."""
    chart = heatmap(made_rows(*ROWS))
    assert sorted(chart.frame[["label", "year"]].to_numpy().tolist()) == [
        ["Bắc Giang", 2012],
        ["Bắc Giang", 2019],
        ["Cà Mau", 2020],
        ["Nghệ An", 2019],
    ]
    colours = fields(chart)
    of = chart.frame.set_index(["label", "year"])["colour"].str.upper()
    assert list(colours.values()).count("hatched") == 5
    assert len(colours) == 9
    assert colours["0-1"] == of["Nghệ An", 2019]
    assert colours["1-2"] == of["Cà Mau", 2020] == OPEN
    assert (colours["2-0"], colours["2-1"]) == (of["Bắc Giang", 2012], of["Bắc Giang", 2019])
    assert {colour for colour, hatch in fields_of(axes_named(chart, "matrix")).values() if hatch} == {BLANK}
    assert {"50,0%", "60,0%", "90,0%", "≥\N{NO-BREAK SPACE}85%"} <= set(words_of(chart))


def test_a_change_of_scheme_is_a_line_between_its_years() -> None:
    """The line of 2018 stands between the columns 2012 and 2019; one scheme alone has none."""
    chart = heatmap(made_rows(*ROWS))
    axes = axes_named(chart, "matrix")
    line = next(one for one in axes.lines if one.get_label() == "break 2018")
    before, after = [*fields_of(axes)][6:8]  # of Bắc Giang, the last of three places
    assert before[1] < line.get_xdata()[0] < after[0]
    assert "đổi khung xếp loại từ năm 2018" in words_of(chart)
    assert not axes_named(heatmap(made_rows(*ROWS[1:])), "matrix").lines
    assert not axes_named(heatmap(made_rows(*ROWS).drop(columns="scheme")), "matrix").lines


def test_long_gaps_in_time_are_left_out_and_named() -> None:
    """Up to two empty years keep a column; more are named below the plot."""
    assert time_columns([2004, 2006, 2010]) == ([2004, 2005, 2006, 2010], [3], [2007, 2008, 2009])
    assert runs([2007, 2008, 2009, 2012]) == "2007–2009, 2012"
    assert "Lược bỏ các năm không có số liệu: 2013–2018" in words_of(heatmap(made_rows(*ROWS)))


def test_several_figures_of_one_place_and_year_all_stand_in_the_field() -> None:
    """Two different values are both written, without a colour class; the same value twice is one."""
    rows = made_rows(ROWS[2], {**ROWS[2], "rate": 80.0}, ROWS[1], ROWS[1])
    frame = heatmap(rows).frame.set_index("label")
    assert frame.loc["Nghệ An", "texts"] == ("90,0%", "80,0%")
    assert frame.loc["Nghệ An", "colour"] == OPEN
    assert frame.loc["Bắc Giang", "value"] == 60.0


def test_places_can_stand_in_the_order_given() -> None:
    """With order given the first row's place comes first."""
    axes = axes_named(heatmap(made_rows(*ROWS), order="given"), "matrix")
    labels = [text.get_text() for text in axes.texts if text.get_ha() == "right"]
    assert labels == ["Bắc Giang", "Nghệ An", "Cà Mau"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_all_provinces_over_five_years_fit(lang: str) -> None:
    """No text overlaps or leaves the page."""
    rows = pd.concat([all_provinces(year, year - 2008) for year in range(2008, 2023, 3)], ignore_index=True)
    chart = heatmap(rows, lang=lang)
    assert len(chart.frame) == 63 * 5
    assert_text_fits(chart)


def test_rows_without_year_or_rate_are_counted_below() -> None:
    """What isn't drawn is said."""
    rows = made_rows(ROWS[1], {"province": "Nghệ An", "year": pd.NA, "rate": 1.0}, {"interval": "none"})
    assert "2 rows not drawn: no year or no rate." in words_of(heatmap(rows, lang="en"))


def test_alternative_text_gives_size_and_extremes() -> None:
    """A listener hears how many places and years, the highest and the lowest."""
    alt = heatmap(made_rows(*ROWS), lang="en", title="Up and down").alt
    assert alt.startswith("Heatmap of places by year: Up and down. 3 places, 3 years, 4 fields with a value.")
    assert "Highest: 90.0% (Nghe An, 2019); lowest: 50.0% (Bac Giang, 2012)." in alt


def test_floors_alone_give_a_heatmap_without_classes() -> None:
    """Where no field has a single value, the key has no classes."""
    assert heatmap(made_rows(ROWS[3])).frame["colour"].tolist() == [OPEN]


def test_nothing_to_draw_and_an_unknown_order_are_refused() -> None:
    """The errors say what is missing or allowed."""
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        heatmap(made_rows({"interval": "none"}))
    with pytest.raises(CbanalysisError, match="'size'; known: value, given"):
        heatmap(made_rows(*ROWS), order="size")
