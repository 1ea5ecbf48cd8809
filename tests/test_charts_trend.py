"""Trends: lines only where figures may be joined, events and breaks as flags, names at the ends."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from cbanalysis.common.errors import CbanalysisError, UnknownName
from cbanalysis.dataset.catalogue import Event, Words
from cbanalysis.display.charts import trend
from cbanalysis.display.charts.trend_lines import in_time, runs
from chart_checks import (
    all_provinces,
    assert_text_fits,
    axes_named,
    made_rows,
    marks,
    spans,
    words_of,
)


def yearly(province: str, values: dict[int, float], **more: object) -> list[dict]:
    """Return one made-up row a year."""
    return [
        {
            "province": province,
            "year": year,
            "rate": rate,
            "rate_low": rate - 2,
            "rate_high": rate + 2,
            **more,
        }
        for year, rate in values.items()
    ]


def quarterly(province: str, values: dict[str, float]) -> list[dict]:
    """Return one made-up row a quarter, by its first month."""
    rows = []
    for start, rate in values.items():
        year, month = (int(one) for one in start.split("-"))
        end = f"{year}-{month + 2:02}"
        rows += yearly(province, {year: rate}, period_start=start, period_end=end)
    return rows


def lines_of(chart) -> list[tuple[list[float], list[float]]]:
    """Return the lines that join figures, as years and rates."""
    return [
        (list(line.get_xdata()), list(line.get_ydata()))
        for line in axes_named(chart, "trend").lines
        if str(line.get_label()).startswith("line ")
    ]


def flagged(chart, label: str) -> list[float]:
    """Return where vertical lines of a kind stand."""
    return [
        float(line.get_xdata()[0]) for line in axes_named(chart, "trend").lines if line.get_label() == label
    ]


def test_points_stand_where_figures_were_published_and_nowhere_else() -> None:
    """Each row gives one point at its year and rate, with its interval."""
    chart = trend(made_rows(*yearly("Bắc Giang", {2008: 40.0, 2010: 55.0})))
    axes = axes_named(chart, "trend")
    assert marks(axes, "value wilson") == [(2008.0, 40.0), (2010.0, 55.0)]
    assert spans(axes, "interval wilson") == [
        ((2008.0, 38.0), (2008.0, 42.0)),
        ((2010.0, 53.0), (2010.0, 57.0)),
    ]


def test_lines_are_solid_between_neighbours_and_dotted_over_gaps() -> None:
    """2008 to 2009 is joined by a solid line, 2009 to 2012 by a dotted one that the key explains."""
    chart = trend(made_rows(*yearly("Bắc Giang", {2008: 40.0, 2009: 45.0, 2012: 60.0})), lang="en")
    assert lines_of(chart) == [([2008.0, 2009.0], [40.0, 45.0]), ([2009.0, 2012.0], [45.0, 60.0])]
    styles = [
        line.get_linestyle()
        for line in axes_named(chart, "trend").lines
        if str(line.get_label()).startswith("line")
    ]
    assert styles[0] == "-"
    assert styles[1] != "-"
    assert "joins years with no point between" in words_of(chart)


def test_quarters_stand_in_the_middle_of_their_periods() -> None:
    """The first quarter of 2023 stands at 2022.625, for 2023 is its middle; a missing quarter is dotted."""
    rows = quarterly("Bắc Giang", {"2023-01": 60.0, "2023-04": 62.0, "2023-10": 66.0, "2024-01": 50.0})
    chart = trend(made_rows(*rows, *quarterly("Nghệ An", {"2023-04": 70.0})), lang="en")
    assert lines_of(chart) == [
        ([2022.625, 2022.875], [60.0, 62.0]),
        ([2022.875, 2023.375], [62.0, 66.0]),
        ([2023.375, 2023.625], [66.0, 50.0]),
    ]
    words = words_of(chart)
    assert {"Bac Giang 50.0%", "2023", "2024"} <= set(words)
    assert "Nghe An 70.0% (Apr 2023–Jun 2023)" in " ".join(words)
    assert "joins periods with no point between" in words
    assert "Highest: 70.0% (Nghe An, Apr 2023–Jun 2023)" in chart.alt
    assert axes_named(chart, "trend").get_xticks(minor=True).tolist() == [2022.5, 2023.5]
    assert_text_fits(chart)


@pytest.mark.parametrize(("lang", "first"), [("vi", "1/2023"), ("en", "Jan 2023")])
def test_the_quarters_of_one_year_are_named_on_the_axis(lang: str, first: str) -> None:
    """Four quarters have a tick each, where they begin."""
    rows = quarterly("Bắc Giang", {"2023-01": 60.0, "2023-04": 62.0, "2023-07": 63.0, "2023-10": 66.0})
    chart = trend(made_rows(*rows), lang=lang)
    assert axes_named(chart, "trend").get_xticks().tolist() == [2022.5, 2022.75, 2023.0, 2023.25]
    assert first in words_of(chart)
    assert_text_fits(chart)


def test_two_figures_of_one_quarter_are_points_that_no_line_joins() -> None:
    """Where a quarter has two figures no line runs to it; a quarter beside its year stays in the year."""
    rows = quarterly("Bắc Giang", {"2023-01": 60.0, "2023-04": 62.0, "2023-07": 63.0})
    chart = trend(made_rows(*rows, *quarterly("Bắc Giang", {"2023-01": 61.0})))
    assert lines_of(chart) == [([2022.875, 2023.125], [62.0, 63.0])]
    twice = trend(made_rows(*quarterly("Bắc Giang", {"2023-01": 60.0}), *yearly("Bắc Giang", {2023: 62.0})))
    assert {x for x, _ in marks(axes_named(twice, "trend"), "value wilson")} == {2023.0}


def test_a_line_never_crosses_a_change_of_scheme() -> None:
    """2017 and 2018 stand under different schemes: no line joins them, and a flag names the break."""
    rows = [
        *yearly("Bắc Giang", {2016: 40.0, 2017: 45.0}, scheme="org_2007"),
        *yearly("Bắc Giang", {2018: 90.0, 2019: 92.0}, scheme="org_2018"),
    ]
    chart = trend(made_rows(*rows, indicator="org_quality_rating", subject="grassroots_org"), lang="en")
    assert lines_of(chart) == [([2016.0, 2017.0], [40.0, 45.0]), ([2018.0, 2019.0], [90.0, 92.0])]
    assert flagged(chart, "break") == [2017.5]
    assert "from 2018: new rating scheme, not comparable with before" in " ".join(words_of(chart))
    assert "From 2018: new rating scheme" in chart.alt


@pytest.mark.parametrize(
    "column",
    ["definition", "base_of", "category", "category_kind", "subject", "aggregation", "printed_scheme"],
)
def test_a_line_never_crosses_a_change_of(column: str) -> None:
    """Figures that can't be compared, or were made of two rating schemes, are not joined."""
    rows = made_rows(*yearly("Bắc Giang", {2016: 40.0, 2017: 45.0})).assign(**{column: ["", "other"]})
    assert runs(in_time(rows.assign(label="x"))) == []


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [("27-2004", "24-2025", 0), ("01-2004", "01-2008", 0), ("38-2004", "38-2025", 1)],
)
def test_a_line_goes_on_only_on_the_same_land(before: str, after: str, joined: int) -> None:
    """Bắc Ninh and Hà Nội kept their names and grew, Thanh Hóa got another id on the same land."""
    rows = made_rows(*yearly("Bắc Ninh", {2024: 40.0, 2025: 45.0})).assign(unit_id=[before, after])
    assert len(runs(in_time(rows.assign(label="x")))) == joined


def test_several_figures_of_one_year_are_points_that_no_line_joins() -> None:
    """Where two figures stand for 2009 no line runs to it or through it."""
    rows = yearly("Bắc Giang", {2008: 40.0, 2009: 45.0, 2010: 50.0, 2011: 55.0})
    chart = trend(made_rows(*rows, *yearly("Bắc Giang", {2009: 47.0})))
    assert lines_of(chart) == [([2010.0, 2011.0], [50.0, 55.0])]
    assert len(marks(axes_named(chart, "trend"), "value wilson")) == 5


def test_each_place_has_lines_of_its_own() -> None:
    """Where only labels could differ, the three years of A are one stretch, and the two of B another."""
    rows = pd.DataFrame({"label": [*"AAABB"], "year": [2008, 2009, 2010, 2008, 2009], "rate": 1.0})
    found = runs(in_time(rows))
    assert [(list(part["year"]), close) for part, close in found] == [
        ([2008, 2009, 2010], True),
        ([2008, 2009], True),
    ]


def test_floors_and_ranges_are_marks_without_lines() -> None:
    """A figure without a point value stands in its year but is never joined."""
    floor = {"province": "Bắc Giang", "year": 2009, "rate_low": 85.0, "rate_high": 100.0, "interval": "floor"}
    chart = trend(made_rows(*yearly("Bắc Giang", {2008: 80.0, 2010: 90.0}), floor))
    assert marks(axes_named(chart, "trend"), "value floor") == [(2009.0, 85.0)]
    assert lines_of(chart) == [([2008.0, 2010.0], [80.0, 90.0])]


def test_events_stand_at_their_date_with_their_words() -> None:
    """An event of effect_on is a dashed line at its date, named with its month; others stay away."""
    rows = made_rows(*yearly("Bắc Giang", {2016: 60.0, 2017: 62.0, 2018: 50.0, 2019: 10.0}))
    chart = trend(rows, events="office_cell", lang="en")
    assert flagged(chart, "event") == [pytest.approx(2018 + 317 / 366 - 0.5)]
    assert "Conclusion 38 of the Politburo: no office cells in communes (Nov 2018)" in " ".join(
        words_of(chart)
    )
    assert "Conclusion 38" in chart.alt
    assert flagged(trend(rows), "event") == []


def test_a_wider_span_of_years_makes_room_for_events() -> None:
    """Years asked for widen the axis, never narrow it, and their events appear."""
    chart = trend(
        made_rows(*yearly("Bắc Giang", {2012: 60.0, 2016: 62.0})), events="office_cell", span=(2007, 2013)
    )
    assert axes_named(chart, "trend").get_xlim() == (2006.5, 2016.5)
    assert len(flagged(chart, "event")) == 2


def test_an_axis_of_years_never_bears_one_number_alone() -> None:
    """From 2003 to 2019 a phone has room for two numbers: the first and the last year, not 2010 alone."""
    rows = made_rows(*yearly("Bắc Giang", {2003: 60.0, 2019: 62.0}))
    axes = axes_named(trend(rows).narrow(), "trend")
    assert [one.get_text() for one in axes.get_xticklabels()] == ["2003", "2019"]


def test_an_unknown_kind_of_event_is_refused() -> None:
    """A misspelt effect_on names the nearest."""
    with pytest.raises(UnknownName, match="office_cell"):
        trend(made_rows(*yearly("Bắc Giang", {2016: 60.0})), events="office_cel")


def test_many_events_stand_one_above_the_other() -> None:
    """Events close together and at the right edge keep their words apart, left of the line if need be."""
    events = [
        Event(
            date=dt.date(year, month, 1),
            date_basis="stated",
            name=Words(
                vi=f"Nghị quyết số {month} về nâng cao chất lượng sinh hoạt chi bộ",
                en=f"A resolution {month}",
            ),
            effect_on="meeting",
            source="made up",
        )
        for year, month in ((2016, 2), (2016, 3), (2018, 11), (2018, 12))
    ]
    series = yearly("Một đảng bộ có tên rất dài ở huyện", {2016: 60.0, 2017: 62.0, 2018: 50.0})
    for lang in ("vi", "en"):
        chart = trend(made_rows(*series), events=events, lang=lang)
        assert len(flagged(chart, "event")) == 4
        assert_text_fits(chart)


def test_series_are_named_at_their_end_with_their_last_value() -> None:
    """A series that ends early says in which year; no legend is needed."""
    rows = [*yearly("Bắc Giang", {2008: 40.0, 2010: 55.0}), *yearly("Nghệ An", {2008: 44.0})]
    chart = trend(made_rows(*rows))
    assert {"Bắc Giang 55,0%", "Nghệ An 44,0% (2008)"} <= set(words_of(chart))
    assert not axes_named(chart, "trend").get_legend()


def test_a_series_inferred_once_carries_the_mark_throughout() -> None:
    """One inferred year doesn't split a place into two series."""
    rows = made_rows(*yearly("Bắc Giang", {2008: 40.0, 2009: 45.0})).assign(province_basis=["inferred", ""])
    chart = trend(rows)
    assert set(chart.frame["label"]) == {"Bắc Giang*"}
    assert len(lines_of(chart)) == 1
    district = trend(rows.assign(geo_level="district", area="Sơn Động"))
    assert set(district.frame["label"]) == {"Sơn Động (Bắc Giang*)"}


def test_many_series_turn_grey_but_the_highlighted_and_the_country() -> None:
    """With more series than colours the intervals are left out, which a line says."""
    rows = pd.concat([all_provinces(2010), all_provinces(2012, 3)])
    country = made_rows(*yearly("", {2010: 60.0, 2012: 66.0}), geo_level="country")
    chart = trend(pd.concat([rows, country]), highlight=["Bac Giang"], lang="en")
    assert "Many points: the interval of each is not drawn." in words_of(chart)
    colours = {
        str(line.get_label()): line.get_color()
        for line in axes_named(chart, "trend").lines
        if "line" in line.get_label()
    }
    assert colours["line Whole country"] == "#222222"
    assert colours["line Bac Giang"] == "#C04F00"
    assert colours["line Ha Giang"] == "#8A8A8A"
    assert spans(axes_named(chart, "trend"), "interval wilson") == []


def test_a_borrowed_base_is_said_where_no_base_is_printed() -> None:
    """A chart without a column of counts says how many figures have another's base, and whose."""
    rows = made_rows(*yearly("Bắc Giang", {2008: 40.0, 2010: 55.0}))
    lent = rows.assign(base_from=["", "S006"])
    assert "Có 1 số liệu dùng mẫu số lấy từ số liệu khác (S006)." in words_of(trend(lent))
    both = trend(rows.assign(base_from=["S001", "S006"]), lang="en")
    assert "2 figures with the base of another figure (S001, S006)." in words_of(both)
    assert not [word for word in words_of(trend(rows)) if "lấy từ" in word]


def test_rows_without_a_year_are_counted_not_drawn() -> None:
    """A figure whose year isn't known stands in no year."""
    chart = trend(
        made_rows(*yearly("Bắc Giang", {2008: 40.0}), {"province": "Hà Nội", "year": pd.NA, "rate": 5.0})
    )
    assert "Có 1 số liệu không được đưa vào biểu đồ: không có tỷ lệ hoặc không rõ năm." in words_of(chart)
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        trend(made_rows({"province": "Hà Nội", "year": pd.NA, "rate": 5.0}))


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("number", [1, 5, 63])
def test_words_fit_for_one_place_and_for_all_of_them(lang: str, number: int) -> None:
    """No text leaves the canvas or lies on another, in both languages, with events and a single year too."""
    one = all_provinces(2012).head(number)
    several = pd.concat([all_provinces(2007, 1).head(number), one, all_provinces(2019, 2).head(number)])
    assert_text_fits(trend(several, lang=lang, events="office_cell"))
    assert_text_fits(trend(one, lang=lang))


def test_a_place_has_one_colour_in_both_languages() -> None:
    """Hà Nội stands before Đà Nẵng in one language, Da Nang before Hanoi in the other."""
    rows = made_rows(
        *yearly("Đà Nẵng", {2012: 60.0, 2013: 70.0}, unit_id="48-2004"),
        *yearly("Hà Nội", {2012: 40.0, 2013: 50.0}, unit_id="01-2008"),
    )
    colours = [
        {rate: to_hex(line.get_color()) for line in drawn.lines if len(rate := tuple(line.get_ydata())) == 2}
        for drawn in (axes_named(trend(rows, lang=lang), "trend") for lang in ("vi", "en"))
    ]
    assert colours[0] == colours[1]
    assert len(set(colours[0].values())) == 2
