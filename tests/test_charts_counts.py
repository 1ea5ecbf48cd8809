"""Bars of counts: lengths are the counts, numbers stand beside them."""

from __future__ import annotations

import pandas as pd
import pytest

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.display.charts import count_bars
from cbanalysis.display.charts.labels_and_values import highlighted
from cbanalysis.display.charts.look import BLUE, HIGHLIGHT
from chart_checks import assert_text_fits, axes_named, made_rows, words_of

MEMBERS = {
    "indicator": "org_count",
    "subject": "member",
    "province": "Bạc Liêu",
    "year": 2017,
    "interval": "none",
}
THREE = (
    {**MEMBERS, "category": "xã", "count": 9768},
    {**MEMBERS, "category": "phường", "count": 3055},
    {**MEMBERS, "category": "thị trấn", "count": 1430},
)


def bars(chart, label: str = "count") -> list[float]:
    """Return the lengths of the bars from above."""
    container = next(one for one in axes_named(chart, "bars").containers if one.get_label() == label)
    return [patch.get_width() for patch in container]


def test_bars_start_at_zero_and_end_at_the_count_with_its_number_beside() -> None:
    """Three counts give three bars of their length, written as readers of the language do."""
    chart = count_bars(made_rows(*THREE))
    assert bars(chart) == [9768, 3055, 1430] == chart.frame["count"].tolist()
    assert axes_named(chart, "bars").get_xlim() == (0, 9768)
    assert {"xã", "phường", "thị trấn", "9.768", "3.055", "1.430"} <= set(words_of(chart))
    assert "9,768" in words_of(count_bars(made_rows(*THREE), lang="en"))


def test_places_and_subjects_are_named_as_far_as_they_differ() -> None:
    """One kind in two places is named with the place; an inferred province keeps its star."""
    rows = made_rows({**THREE[0], "province": "Cà Mau"}, {**THREE[0], "province_basis": "inferred"})
    assert count_bars(rows).frame["label"].tolist() == ["xã, Cà Mau", "xã, Bạc Liêu*"]
    one = count_bars(made_rows({**MEMBERS, "count": 5, "province_basis": "inferred"}))
    assert one.frame["label"].tolist() == ["Đảng viên*"]
    assert "* Tên tỉnh, thành phố được suy ra; nguồn không nêu" in words_of(one)


def test_bars_of_one_name_are_told_apart_by_their_period() -> None:
    """Bars of 2008 and 2012 say so; a dagger marks a period of publication."""
    cells = {
        **MEMBERS,
        "indicator": "office_cell_count",
        "subject": "office_cell",
        "province_basis": "inferred",
    }
    rows = made_rows({**cells, "count": 62}, {**cells, "count": 79}, {**MEMBERS, "count": 5})
    rows = rows.assign(period_start=["2008", "2012-09", "2012"], period_end=["2008", "2012-09", "2012"])
    rows["period_basis"] = ["stated", "publication", "publication"]
    chart = count_bars(rows)
    labels = ["Số chi bộ cơ quan xã*, 2008", "Số chi bộ cơ quan xã*, tháng 9/2012 †", "Đảng viên, 2012 †"]
    assert [label.replace(", Bạc Liêu", "") for label in chart.frame["label"]] == labels
    assert "† Thời gian được suy ra từ ngày công bố" in words_of(chart)
    assert_text_fits(chart)
    undated = count_bars(made_rows({**cells, "count": 62}, {**cells, "count": 79, "year": 2018}))
    assert [label[-4:] for label in undated.frame["label"]] == ["2017", "2018"]


def test_bars_of_several_years_say_theirs() -> None:
    """Two places of 2008 and 2012 each bear their year; with labels given the difference is told."""
    rows = made_rows({**THREE[0], "province": "Cà Mau", "year": 2008}, {**THREE[0], "year": 2012})
    assert count_bars(rows).frame["label"].tolist() == ["xã, Cà Mau, 2008", "xã, Bạc Liêu, 2012"]
    rows = rows.assign(period_start=["2008", "2012"], period_end=["2008", "2012"])
    assert "The figures differ in year" in count_bars(rows.assign(label=["A", "B"]), lang="en").alt
    assert "Rows differ" not in count_bars(rows, lang="en").alt


@pytest.mark.parametrize(
    "chosen", ["Đảng viên, 2012 †", "Đảng viên, 9/2012 †", "Đảng viên*, Sep 2012", "Đảng viên"]
)
def test_marks_and_periods_dont_hinder_a_highlight(chosen: str) -> None:
    """A label is found by its plain name, whatever mark and period stand behind it."""
    assert highlighted(chosen, ["Đảng viên"])
    assert not highlighted(chosen, ["Đảng"])


@pytest.mark.parametrize(
    ("printed", "percent", "told"),
    [
        ("trên 104.000", None, "> 104.000"),
        ("gần 104.000", None, "~ 104.000"),
        ("104.000; trên 4,8%", 4.8, "~ 104.000"),
    ],
)
def test_a_count_printed_as_above_is_told_as_above(printed: str, percent: float | None, told: str) -> None:
    """A count of “trên 104.000” is above 104,000, not about it; a word of the share says nothing of it."""
    row = {"label": "a", "count": 104_000, "qualifier": "about", "printed": printed, "percent": percent}
    assert count_bars(made_rows(row)).frame["text"].tolist() == [told]


def test_approximate_floor_and_range_counts_are_marked() -> None:
    """About is hollow with ~, at least has ≥, a range is hatched up to its upper end."""
    rows = made_rows(
        {"label": "gần", "count": 3000, "qualifier": "about"},
        {"label": "từ", "count": 20, "qualifier": "at_least"},
        {"label": "khoảng", "count": 5, "count_max": 6, "qualifier": "range"},
        {"label": "đúng", "count": 7, "qualifier": "exact"},
    )
    chart = count_bars(rows)
    assert chart.frame["text"].tolist() == ["~ 3.000", "≥ 20", "5–6", "7"]
    assert bars(chart, "upper end") == [0, 0, 1, 0]
    hollow = [patch.get_facecolor()[:3] == (1, 1, 1) for patch in axes_named(chart, "bars").containers[0]]
    assert hollow == [True, False, False, False]
    assert "số gần đúng (khoảng, gần, trên)" in words_of(chart)


def test_a_highlighted_bar_has_another_colour_and_bold_words() -> None:
    """Only the label asked for is set apart."""
    chart = count_bars(made_rows(*THREE), highlight=["phường"])
    colours = [patch.get_edgecolor() for patch in axes_named(chart, "bars").containers[0]]
    assert colours[0] == colours[2] != colours[1]
    bold = [text.get_text() for text in axes_named(chart, "bars").texts if text.get_weight() == "bold"]
    assert "phường" in bold
    assert "xã" not in bold
    assert BLUE != HIGHLIGHT


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_many_long_labels_fit(lang: str) -> None:
    """Long words, many bars, small beside large: nothing overlaps or leaves the page."""
    long = "Đảng bộ Khối các cơ quan và Doanh nghiệp tỉnh Bà Rịa - Vũng Tàu"
    rows = made_rows(*({"label": f"{long} {number}", "count": 4**number} for number in range(10)))
    chart = count_bars(rows, lang=lang, title="Một tựa đề", highlight=[f"{long} 3"])
    assert_text_fits(chart)


def test_alternative_text_reads_the_bars() -> None:
    """A listener hears label and number of each bar, the first twelve of many."""
    assert "xã: 9.768; phường: 3.055; thị trấn: 1.430." in count_bars(made_rows(*THREE)).alt
    many = made_rows(*({"label": f"n{number}", "count": number} for number in range(13)))
    assert "n11: 11; …" in count_bars(many).alt


def test_rows_without_a_count_are_said_not_drawn() -> None:
    """A row with a percentage only is counted below; none at all is an error."""
    chart = count_bars(made_rows(*THREE, {"percent": 97.0}), lang="en")
    assert "1 row not drawn: no count printed." in words_of(chart)
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        count_bars(made_rows({"percent": 97.0}))


def test_counts_say_nothing_of_bases() -> None:
    """Whose base a share has is no matter of a chart of counts."""
    lent = made_rows({**THREE[0], "interval": "wilson", "base_from": "S006"})
    assert not [word for word in words_of(count_bars(lent)) if "S006" in word]


def test_zero_alone_still_has_an_axis() -> None:
    """A single count of nothing gives a bar of no length."""
    assert bars(count_bars(made_rows({"label": "không", "count": 0}))) == [0]


def test_the_callers_frame_stays_as_it_was() -> None:
    """Drawing adds nothing to the rows given."""
    rows = made_rows(*THREE)
    before = rows.copy()
    count_bars(rows)
    pd.testing.assert_frame_equal(rows, before)
