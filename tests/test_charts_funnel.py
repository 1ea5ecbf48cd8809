"""Funnels and small multiples: limits, names outside them, lists beside; regions on shared scales."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.display.charts import funnel, small_multiples
from cbanalysis.display.charts.look import TooNarrow
from cbanalysis.display.charts.small_multiples import _split
from cbanalysis.statistics.rates import funnel_curve, funnel_limits
from chart_checks import (
    all_provinces,
    as_pairs,
    assert_text_fits,
    axes_named,
    labelled,
    made_rows,
    marks,
    words_of,
)


def drawn_funnel(rows: pd.DataFrame, **options: object):
    """Return the funnel of made-up rows with its real limits."""
    return funnel(funnel_limits(rows), funnel_curve(rows), **options)


def districts_of(province: str, *names: str) -> pd.DataFrame:
    """Return made-up districts of a province, the last of them far above the others."""
    last = len(names) - 1
    made = [with_base(province, 20 + 6 * at + 60 * (at == last), 100 + 40 * at) for at in range(last + 1)]
    named = zip(made, names, strict=True)
    return made_rows(*({**one, "area": name, "geo_level": "district"} for one, name in named))


def test_the_province_of_all_districts_is_said_once() -> None:
    """It stands below the title, the names on the plot go without it; what is said aloud has both."""
    chart = drawn_funnel(districts_of("Bình Thuận", "Bắc Bình", "Tuy Phong", "Đức Linh"), lang="vi")
    words = words_of(chart)
    assert {"Bắc Bình", "Tuy Phong", "Đức Linh"} <= set(words)
    assert [word for word in words if word.endswith(" · Bình Thuận")]
    assert "Đức Linh (Bình Thuận)" in chart.alt


def test_a_phone_gets_no_funnel_on_which_a_place_outside_has_no_name() -> None:
    """Where a name finds no room the layout of a desk is shown."""
    long = "Đảng bộ Khối các cơ quan và doanh nghiệp của tỉnh và thành phố"
    chart = drawn_funnel(districts_of("Bình Thuận", "Bắc Bình", "Tuy Phong", long), lang="vi")
    with pytest.raises(TooNarrow):
        chart.narrow()


def with_base(province: str, count: int, base: int) -> dict:
    """Return a made-up row with a base."""
    rate = 100 * count / base
    return {
        "province": province,
        "count": count,
        "base": base,
        "rate": rate,
        "rate_low": rate - 5,
        "rate_high": rate + 5,
    }


PLACES = (
    with_base("Bắc Giang", 100, 200),
    with_base("Nghệ An", 210, 400),
    with_base("Hà Nội", 330, 400),
    with_base("Cà Mau", 20, 100),
    with_base("Sơn La", 120, 300),
)
NO_BASE = {
    "province": "Đắk Lắk",
    "rate": 97.0,
    "rate_low": 96.5,
    "rate_high": 97.5,
    "interval": "rounding",
    "decimals": 0,
}


def test_points_stand_at_base_and_rate_by_state() -> None:
    """Each state has a marker of its own; together they are the rows with a base."""
    chart = drawn_funnel(made_rows(*PLACES))
    axes = axes_named(chart, "funnel")
    found = [point for state in chart.frame["funnel"].unique() for point in marks(axes, f"value {state}")]
    assert sorted(found) == sorted(as_pairs(chart.frame, "base", "rate"))
    assert marks(axes, "value above_998") == [(400.0, 82.5)]
    assert marks(axes, "value below_998") == [(100.0, 20.0), (300.0, 40.0)]


def test_curves_are_the_limits_given() -> None:
    """Lines are drawn through the curve's own numbers, the overall rate straight across."""
    rows = made_rows(*PLACES)
    curve, limits = funnel_curve(rows), funnel_limits(rows)
    axes = axes_named(funnel(limits, curve), "funnel")
    lines = {str(line.get_label()): line for line in axes.lines}
    for column in ("lower_95", "upper_95", "lower_998", "upper_998"):
        np.testing.assert_array_equal(lines[column].get_ydata(), curve[column])
        np.testing.assert_array_equal(lines[column].get_xdata(), curve["base"])
    assert set(lines["overall"].get_ydata()) == {limits["overall"].iloc[0]}


@pytest.mark.parametrize("counts", [(35, 63, 100), (48, 118, 195)])
def test_every_curve_is_whole_and_named_where_it_ends(counts: tuple[int, ...]) -> None:
    """No limit leaves the plot, and the words of each line stand level with its right end."""
    rows = [with_base(f"T{at}", count, 50 + 75 * at) for at, count in enumerate(counts)]
    chart = drawn_funnel(made_rows(*rows), lang="en")
    axes = axes_named(chart, "funnel")
    low, high = axes.get_ylim()
    ends = {"99.8%": ("upper_998", "lower_998"), "95%": ("upper_95", "lower_95")}
    lines = {str(line.get_label()): np.asarray(line.get_ydata()) for line in axes.lines}
    assert all(low <= values.min() <= values.max() <= high for values in lines.values())
    chart.draw_without_rendering()
    for words, columns in ends.items():
        written = [text.get_window_extent() for text in chart.texts if text.get_text() == words]
        heights = sorted((box.y0 + box.y1) / 2 for box in written)
        level = sorted(axes.transData.transform((0, lines[column][-1]))[1] for column in columns)
        np.testing.assert_allclose(heights, level, atol=4)


def test_more_than_a_dozen_places_are_named_only_outside_the_limits_or_where_asked() -> None:
    """Of thirteen places those within the limits stay unnamed unless highlighted."""
    others = [with_base(f"T{number}", 100, 200) for number in range(8)]
    words = words_of(drawn_funnel(made_rows(*PLACES, *others), highlight=["Nghệ An"]))
    assert {"Hà Nội", "Cà Mau", "Nghệ An"} <= set(words)
    assert not {"Bắc Giang", "T0"} & set(words)


def test_a_dozen_places_are_all_named_where_there_is_room() -> None:
    """Five places carry five names; where twelve coincide, those within that find no room aren't listed."""
    assert {row["province"] for row in PLACES} <= set(words_of(drawn_funnel(made_rows(*PLACES))))
    crowd = [with_base(f"Tỉnh có tên dài {number}", 100, 200) for number in range(12)]
    chart = drawn_funnel(made_rows(*crowd))
    named = [word for word in words_of(chart) if word.startswith("Tỉnh có tên dài")]
    assert 1 < len(named) < 12
    assert not [word for word in words_of(chart) if "không đủ chỗ" in word]
    assert_text_fits(chart)


@pytest.mark.parametrize(
    ("widened", "said"),
    [
        (False, ""),
        ("additive", "a standard deviation of 22.5 percentage points is added"),
        ("multiplicative", "the variance is multiplied by 16.0"),
    ],
)
def test_limits_widened_for_overdispersion_are_said(widened: object, said: str) -> None:
    """Of 100 each, 30 and 70 in turn: z is ±4, so φ = 16, τ² = (4·16 - 3)/1200, τ = 22.5 points."""
    rows = made_rows(*(with_base(name, count, 100) for name, count in zip("ABCD", [30, 70] * 2, strict=True)))
    limits = funnel_limits(rows, overdispersion=widened)
    words = words_of(funnel(limits, funnel_curve(rows, overdispersion=widened), lang="en"))
    text = " ".join(words)
    assert ("Limits widened" in text) is bool(said)
    assert said in text


def test_small_groups_are_told_from_rows_without_a_rate() -> None:
    """Withheld places are said to have too few people, those that protect them and the rest apart."""
    hidden = [{"province": name, "interval": "none"} for name in ("Huế", "Lai Châu", "Lào Cai", "Yên Bái")]
    rows = made_rows(*PLACES, *hidden)
    rows["withheld"] = [""] * len(PLACES) + ["small", "small", "complement", ""]
    words = words_of(drawn_funnel(rows))
    assert "Không nêu tỷ lệ của 2 địa phương có quá ít đảng viên." in words
    told = "Cũng không nêu tỷ lệ của 1 địa phương khác, nhằm tránh việc suy ra số liệu của nơi có quá ít "
    assert f"{told}đảng viên." in words
    assert "Có 1 số liệu không được đưa vào biểu đồ: không có tỷ lệ." in words
    english = words_of(drawn_funnel(rows.drop(index=5), lang="en"))
    assert "1 place with too few people: no rate given." in english


def test_places_without_a_base_are_listed_beside_or_below() -> None:
    """A few stand beside the plot; where too many, they are listed below it; none disappears."""
    beside = words_of(drawn_funnel(made_rows(*PLACES, NO_BASE)))
    assert {"Không có mẫu số:", "Đắk Lắk 97%"} <= set(beside)
    many = [{**NO_BASE, "province": f"Tỉnh {number}"} for number in range(30)]
    below = " ".join(words_of(drawn_funnel(made_rows(*PLACES, *many))))
    assert "Không có mẫu số: Tỉnh 0 97%, Tỉnh 1 97%" in below
    assert "Tỉnh 29 97%" in below
    assert not [word for word in words_of(drawn_funnel(made_rows(*PLACES))) if "Không có mẫu số" in word]


def test_a_base_that_denies_the_rate_isnt_called_unpublished() -> None:
    """Beside or below the plot such places stand under a heading of their own."""
    denied = {**NO_BASE, "province": "Hồ Chí Minh", "conflict": True}
    beside = " ".join(words_of(drawn_funnel(made_rows(*PLACES, NO_BASE, denied))))
    listed = "Không có mẫu số: Đắk Lắk 97% Tử số và mẫu số không khớp với tỷ lệ: TP. Hồ Chí Minh 97%"
    assert listed in beside
    many = [{**denied, "province": f"Tỉnh {number}"} for number in range(30)]
    below = " ".join(words_of(drawn_funnel(made_rows(*PLACES, *many), lang="en")))
    assert "Count and base contradict the rate: Tỉnh 0 97%, Tỉnh 1 97%" in below
    assert "not published" not in below


def test_crowded_names_are_listed_not_lost() -> None:
    """Names of points outside the limits that find no room are listed below the plot."""
    crowd = [with_base(f"Tỉnh có tên dài {number}", 390, 400) for number in range(30)]
    words = words_of(drawn_funnel(made_rows(*PLACES, *crowd), lang="en"))
    text = " ".join(words)
    assert "Outside the limits, no room for a name:" in text
    assert all(f"Tỉnh có tên dài {number}" in text for number in range(30))
    assert_text_fits(drawn_funnel(made_rows(*PLACES, *crowd), lang="en"))


def test_bases_far_apart_get_a_logarithmic_scale_that_says_so() -> None:
    """From 10 to 4,000 the axis is logarithmic, else it starts at 0."""
    wide = drawn_funnel(
        made_rows(*PLACES, with_base("Huế", 5, 10), with_base("Đà Nẵng", 2000, 4000)), lang="en"
    )
    assert axes_named(wide, "funnel").get_xscale() == "log"
    assert "Base (log scale)" in words_of(wide)
    plain = drawn_funnel(made_rows(*PLACES), lang="en")
    assert axes_named(plain, "funnel").get_xlim()[0] == 0
    assert "Base" in words_of(plain)
    assert_text_fits(wide)


def test_the_alternative_text_of_a_funnel_names_who_lies_outside() -> None:
    """A listener learns the overall rate and who is beyond the 99.8 % limits, or that nobody is."""
    alt = drawn_funnel(made_rows(*PLACES, NO_BASE), lang="en").alt
    assert "5 places, overall 55.7%, 1 without a base." in alt
    assert "Outside the 99.8% limits: Ca Mau, Hanoi, Son La." in alt
    assert "Outside the 99.8% limits: none." in drawn_funnel(made_rows(*PLACES[:2]), lang="en").alt


def test_a_funnel_says_who_lies_between_the_limits_and_what_chance_would_give() -> None:
    """39 of 100 around 50 % is below 40.2: one of two outside 95 %, by chance 1 - 0.95² = 9.75 %."""
    rows = made_rows(with_base("Bắc Giang", 39, 100), with_base("Nghệ An", 52, 100))
    alt = funnel(funnel_limits(rows, centre=50), funnel_curve(rows, centre=50), lang="en").alt
    assert "Outside the 99.8% limits: none. Between the 95% and the 99.8% limits: Bac Giang." in alt
    assert "Outside the 95% limits: 1 of 2 places." in alt
    # 9.75 %, which versions of SciPy give a bit above or below
    assert re.search(r"that many or more there with a probability of 9\.[78]%\.", alt)
    within = made_rows(*PLACES[:2])
    assert "limits: 1 of" not in funnel(funnel_limits(within), funnel_curve(within), lang="en").alt


def test_rows_without_a_rate_are_counted_and_no_base_at_all_is_refused() -> None:
    """A plain count is left out and counted; without any base there is no funnel."""
    rows = made_rows(*PLACES, {"province": "Huế", "interval": "none"})
    assert "Có 1 số liệu không được đưa vào biểu đồ: không có tỷ lệ." in words_of(drawn_funnel(rows))
    limits = funnel_limits(rows)
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        funnel(limits.assign(funnel="no_base"), funnel_curve(rows))


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("number", [8, 63])
def test_words_of_a_funnel_fit(lang: str, number: int) -> None:
    """No text leaves the canvas or lies on another, for few places and for all."""
    assert_text_fits(
        drawn_funnel(all_provinces().head(number), lang=lang, highlight=["Bắc Giang", "Bac Giang"])
    )


def test_one_year_gives_dots_by_region_on_one_scale() -> None:
    """Each region is a panel with its own provinces only; all panels share limits and kinds of marks."""
    rows = all_provinces()
    chart = small_multiples(rows, lang="en")
    panels = [axes for axes in chart.axes if axes.get_label() != "key"]
    regions = {unit.region("en") for unit in Gazetteer.read().on("2012")}
    assert {axes.get_label() for axes in panels} == regions
    assert len({axes.get_xlim() for axes in panels}) == 1
    drawn = [x for axes in panels for x, _ in marks(axes, "value wilson")]
    assert sorted(drawn) == sorted(rows.loc[rows["interval"] == "wilson", "rate"])
    highlands = chart.frame[chart.frame["region"] == "Central Highlands"]
    assert sorted(x for x, _ in marks(axes_named(chart, "Central Highlands"), "value wilson")) == sorted(
        highlands.loc[highlands["interval"] == "wilson", "rate"]
    )


def test_several_years_give_lines_with_the_other_regions_behind() -> None:
    """Own lines are named; those of other regions are pale and stand in every panel."""
    rows = pd.concat([all_provinces(2010), all_provinces(2011, 2)])
    chart = small_multiples(rows, lang="vi", highlight=["Gia Lai"])
    axes = axes_named(chart, "Tây Nguyên")
    own = {str(line.get_label()) for line in axes.lines if str(line.get_label()).startswith("line ")}
    own_places = set(chart.frame.loc[chart.frame["region"] == "Tây Nguyên", "label"])
    assert own <= {f"line {place}" for place in own_places}
    assert own
    others = labelled(axes, "other region")[0].get_segments()
    lines = [
        line for panel in chart.axes for line in panel.lines if str(line.get_label()).startswith("line ")
    ]
    assert len(others) + len(own) == len(lines)
    drawn = sorted(tuple(line.get_ydata()) for line in lines if line.get_label() not in own)
    assert sorted(tuple(segment[:, 1]) for segment in others) == drawn
    assert len({panel.get_ylim() for panel in chart.axes if panel.get_label() != "key"}) == 1


def test_rows_outside_every_region_are_counted() -> None:
    """The country and rows without a unit have no panel; without any region there is no chart."""
    country = made_rows(
        {"geo_level": "country", "rate": 60.0, "rate_low": 59.0, "rate_high": 61.0}, interval="rounding"
    )
    chart = small_multiples(pd.concat([all_provinces().head(5), country]), lang="en")
    assert "1 row not drawn: no rate, no year or no province of a region." in words_of(chart)
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        small_multiples(country)
    with pytest.raises(CbanalysisError, match="needs this column"):
        small_multiples(country.drop(columns="unit_id"))


def test_panels_are_split_into_two_columns_of_like_height() -> None:
    """The taller column is as short as can be; one panel stands alone."""
    assert _split([3.0, 1.0, 2.0]) == 1
    assert _split([1.0, 1.0, 2.0]) == 2
    assert _split([5.0]) == 1


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("number", [4, 63])
def test_words_of_small_multiples_fit(lang: str, number: int) -> None:
    """No text leaves the canvas or lies on another, for one year and for several."""
    one = all_provinces().head(number)
    assert_text_fits(small_multiples(one, lang=lang, highlight=["Hà Giang"]))
    assert_text_fits(small_multiples(pd.concat([one, all_provinces(2014, 5).head(number)]), lang=lang))
