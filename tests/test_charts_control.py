"""Control charts and the months of a year: what is drawn equals the rows. All made up."""

from __future__ import annotations

import pandas as pd
import pytest

import cbanalysis as cb
from cbanalysis.common.errors import CbanalysisError
from chart_checks import assert_text_fits, axes_named, marks, words_of


def series(counts: list[int], months: int = 12) -> pd.DataFrame:
    """Return rated months of the country."""
    periods = [f"{2020 + at // months}-{at % months + 1:02d}" for at in range(len(counts))]
    rows = pd.DataFrame({"period_start": periods, "period_end": periods, "count": counts, "base": 100})
    blank = {"percent": float("nan"), "percent_max": float("nan"), "qualifier": "exact"}
    about = {"indicator": "meeting_attendance", "base_of": "all_due", "geo_level": "country", "province": ""}
    return cb.add_rates(rows.assign(**blank, **about, source_id="made up"))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_points_stand_where_the_rows_say(lang) -> None:
    """Eight months of noise are circles, the one beyond 3 standard deviations a diamond with its rule."""
    rows = series([50, 51, 49, 50, 52, 48, 50, 80, 49])
    charted = cb.rates.control_limits(rows, baseline_end="2020-07")
    draw = lambda: cb.charts.control_chart(charted, lang=lang, event="2020-08", event_words="E")  # noqa: E731
    chart = draw()
    axes = axes_named(chart, "control")
    assert marks(axes, "value signal") == [(7, 80)]
    assert len(marks(axes, "value noise")) == 8
    assert [one.get_text() for one in axes.texts] == ["1"]
    assert "E" in words_of(chart)
    assert ("Aug 2020 (1)" if lang == "en" else "tháng 8/2020 (1)") in chart.alt
    assert_text_fits(chart)


@pytest.mark.parametrize("odd", [22, 32, 68, 78])
def test_numbers_of_signals_keep_off_the_edges_of_the_plot(odd) -> None:
    """The number beside a signal stands whole inside the plot, however near to an end the signal is."""
    charted = cb.rates.control_limits(series([50, 51, 49, 50, 52, 48, 50, 50, odd]), baseline_end="2020-08")
    chart = cb.charts.control_chart(charted)
    axes = axes_named(chart, "control")
    chart.figure.draw_without_rendering()
    plot = axes.get_window_extent()
    (number,) = [one.get_window_extent() for one in axes.texts]
    assert plot.y0 < number.y0 and number.y1 < plot.y1  # noqa: PT018 -- whole inside


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("vi", "Thiếu số liệu của 5 kỳ nên đường biểu diễn bị ngắt"),
        ("en", "5 periods missing, where the line breaks"),
    ],
)
def test_missing_months_leave_their_place_empty_and_are_said(lang: str, said: str) -> None:
    """Without September to January, August (slot 7) and February (slot 13) aren't joined; the gap is said."""
    rows = series([50, 51, 49, 50, 52, 48, 50, 51, *[0] * 5, 52, 49, 50]).drop(index=range(8, 13))
    chart = cb.charts.control_chart(cb.rates.control_limits(rows), lang=lang, event="2020-11")
    axes = axes_named(chart, "control")
    assert [x for x, _ in marks(axes, "value noise")] == [*range(8), 13, 14, 15]
    lines = [line.get_xdata().tolist() for line in axes.lines if line.get_label() == "series"]
    assert lines == [list(range(8)), [13, 14, 15]]
    steps = [patch.get_data().edges.tolist() for patch in axes.patches if patch.get_label() == "lower"]
    assert [(one[0], one[-1]) for one in steps] == [(-0.5, 7.5), (12.5, 15.5)]
    assert [line.get_xdata()[0] for line in axes.lines if line.get_label() == "event"] == [9.5]
    assert any(said in one for one in words_of(chart))
    whole = cb.charts.control_chart(cb.rates.control_limits(rows.head(8)), lang=lang)
    assert not any("ngắt" in one or "breaks" in one for one in words_of(whole))
    assert_text_fits(chart)


def test_widened_limits_are_said() -> None:
    """A chart whose limits were widened tells how many times; a year of signals still has room for names."""
    charted = cb.rates.control_limits(series([40, 60] * 20), overdispersion=True)
    chart = cb.charts.control_chart(charted, lang="en")
    assert any("widened 3.5 times" in one for one in words_of(chart))
    assert_text_fits(chart)
    empty = charted.assign(rate=float("nan"))
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        cb.charts.control_chart(empty)
    hidden = pd.concat([charted, empty.tail(1)], ignore_index=True)
    assert any("1 row not drawn" in one for one in words_of(cb.charts.control_chart(hidden, lang="en")))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_each_reading_is_a_line_over_the_months(lang) -> None:
    """Two bases give two lines of twelve points; a third is refused."""
    one = series(list(range(60, 72))).assign(month=range(1, 13))
    other = one.assign(base_of="not_excused", rate=one["rate"] + 5)
    chart = cb.charts.rhythm(pd.concat([one, other]), lang=lang)
    axes = axes_named(chart, "rhythm")
    assert marks(axes, "value wilson") == [
        *((at, 59.0 + at) for at in range(1, 13)),
        *((at, 64.0 + at) for at in range(1, 13)),
    ]
    assert_text_fits(chart)
    with pytest.raises(CbanalysisError, match="takes two bases, these are 3"):
        cb.charts.rhythm(pd.concat([one, other, one.assign(base_of="partial")]), lang=lang)
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        cb.charts.rhythm(one.head(0))
