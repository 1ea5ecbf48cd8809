"""Dumbbells and slopes: both years, the change in words, and what chance leaves open."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.display.charts import dumbbell, slope
from cbanalysis.statistics.rates import change
from chart_checks import (
    all_provinces,
    as_pairs,
    assert_text_fits,
    axes_named,
    made_rows,
    marks,
    words_of,
)

COLUMNS = [
    "province",
    "rate_first",
    "rate_last",
    "difference",
    "difference_low",
    "difference_high",
    "interval",
]


def made_change(*rows: tuple) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a made-up result of ``rates.change`` and the rows it came from."""
    changed = pd.DataFrame(rows, columns=COLUMNS).assign(
        geo_level="province", province_basis="", area="", unit_id=""
    )
    ids = [f"{side}{number}" for side in ("F", "L") for number in range(len(rows))]
    changed = changed.assign(
        observation_id_first=ids[: len(rows)], observation_id_last=ids[len(rows) :], missing=""
    )
    years = [2008] * len(rows) + [2012] * len(rows)
    sources = [{"observation_id": one, "year": year} for one, year in zip(ids, years, strict=True)]
    for source, province in zip(sources, [row[0] for row in rows] * 2, strict=True):
        source["province"] = province
    return changed, made_rows(*sources)


MOVED = (
    ("Bắc Giang", 50.0, 63.7, 13.7, 1.4, 25.5, "newcombe"),
    ("Nghệ An", 80.0, 70.0, -10.0, -11.0, -9.0, "rounding"),
    ("Hà Nội", 60.0, 61.0, 1.0, -3.0, 5.0, "newcombe"),
    ("Cà Mau", 40.0, 45.0, 5.0, np.nan, np.nan, "about"),
)


def test_both_years_stand_at_their_rates() -> None:
    """First years are circles; last years point up, point down, or stay open where the interval holds 0."""
    chart = dumbbell(*made_change(*MOVED), first=2008, last=2012)
    axes = axes_named(chart, "dumbbell")
    assert list(chart.frame["label"]) == ["Bắc Giang", "Cà Mau", "Hà Nội", "Nghệ An"]
    assert list(chart.frame["way"]) == ["up", "up", "open", "down"]
    assert [x for x, _ in marks(axes, "first")] == [50.0, 40.0, 60.0, 80.0]
    assert [x for x, _ in marks(axes, "last up")] == [63.7, 45.0]
    assert [x for x, _ in marks(axes, "last open")] == [61.0]
    assert [x for x, _ in marks(axes, "last down")] == [70.0]
    joined = next(one for one in axes.collections if one.get_label() == "change").get_segments()
    ends = [(round(float(one[0][0]), 9), round(float(one[1][0]), 9)) for one in joined]
    assert ends == as_pairs(chart.frame, "rate_first", "rate_last")


def test_changes_are_written_with_the_kind_of_their_limits() -> None:
    """Chance stands in round brackets with what it supposes, half known in curly, rounding in square ones."""
    words = words_of(dumbbell(*made_change(*MOVED), first=2008, last=2012, lang="vi"))
    assert {"+13,7", "(+1,4; +25,5)", "−10,0", "[−11,0; −9,0]", "+5,0"} <= set(words)
    said = " ".join(words)
    assert "( ) khoảng tin cậy 95% (Newcombe) với giả định số liệu của hai năm độc lập với nhau" in said
    assert "[ ] khoảng giá trị do làm tròn, không có mẫu số." in said
    english = words_of(dumbbell(*made_change(*MOVED[:1]), first=2008, last=2012, lang="en"))
    assert "(+1.4 to +25.5)" in english
    assert "too wide as a rule where the same units are counted twice." in " ".join(english)
    half = words_of(dumbbell(*made_change((*MOVED[0][:-1], "one_base")), first=2008, last=2012, lang="en"))
    assert "{+1.4 to +25.5}" in half
    assert "{ } only one year has its base, the 95% interval is at least this wide." in half
    close = ("Nghệ An", 87.21, 62.62, -24.59, -24.6, -24.58, "rounding")
    assert "[−24,60; −24,58]" in words_of(dumbbell(*made_change(close), first=2008, last=2012, lang="vi"))
    plain = words_of(dumbbell(*made_change(MOVED[3]), first=2008, last=2012, lang="en"))
    assert not [word for word in plain if "Newcombe" in word]


def test_no_change_is_open() -> None:
    """A difference of 0 without limits neither rises nor falls."""
    chart = dumbbell(
        *made_change(("Cà Mau", 40.0, 40.0, 0.0, np.nan, np.nan, "about")), first=2008, last=2012
    )
    assert list(chart.frame["way"]) == ["open"]
    assert "+0,0" in words_of(chart)


def test_slopes_join_the_two_rates_and_name_both_ends() -> None:
    """Each place is one line from its first to its last rate with name and value at either end."""
    chart = slope(*made_change(*MOVED[:2]), first=2008, last=2012, lang="en", highlight=["Nghe An"])
    drawn = {
        str(line.get_label()): list(line.get_ydata())
        for line in axes_named(chart, "slope").lines
        if str(line.get_label()).startswith("slope")
    }
    assert drawn == {"slope Bac Giang": [50.0, 63.7], "slope Nghe An": [80.0, 70.0]}
    assert {"2008", "2012", "Bac Giang  50.0%", "63.7%  Bac Giang", "70.0%  Nghe An"} <= set(words_of(chart))


@pytest.mark.parametrize("draw", [dumbbell, slope])
def test_places_without_two_values_are_counted(draw) -> None:
    """A place with a floor in one year has no difference: it is counted; none at all is refused."""
    changed, rated = made_change(*MOVED, ("Sơn La", np.nan, 50.0, np.nan, -50.0, 0.0, "bounds"))
    chart = draw(changed, rated, first=2008, last=2012, lang="en")
    assert "Sơn La" not in set(chart.frame["label"])
    assert "1 row not drawn: no single value in one of the two years." in words_of(chart)
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        draw(changed.tail(1), rated, first=2008, last=2012)


@pytest.mark.parametrize("draw", [dumbbell, slope])
def test_alternative_text_names_the_extremes(draw) -> None:
    """A listener learns the years, the highest and the lowest change, and the coverage."""
    alt = draw(*made_change(*MOVED), first=2008, last=2012, lang="vi").alt
    assert "(2008 và 2012) “Tỷ lệ đảng bộ xã có chi bộ cơ quan xã”. Có 4 địa phương." in alt
    assert (
        "Mức thay đổi cao nhất: Bắc Giang (+13,7 điểm phần trăm); thấp nhất: Nghệ An (−10,0 điểm phần trăm)."
        in alt
    )
    assert alt.endswith("Biểu đồ thể hiện 4/63 tỉnh, thành phố.")


@pytest.mark.parametrize("draw", [dumbbell, slope])
def test_alternative_text_of_one_place_says_its_change_once(draw) -> None:
    """A single place is neither the highest nor the lowest."""
    alt = draw(*made_change(MOVED[0]), first=2008, last=2012, lang="en").alt
    assert "Only change: Bac Giang (+13.7 % points)." in alt
    assert "lowest" not in alt


def both_years() -> pd.DataFrame:
    """Return made-up rows of all provinces in two years."""
    return pd.concat([all_provinces(2008), all_provinces(2012, 3)], ignore_index=True)


@pytest.mark.parametrize("draw", [dumbbell, slope])
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("number", [7, 63])
def test_words_fit_for_few_places_and_for_all_of_them(draw, lang: str, number: int) -> None:
    """No text leaves the canvas or lies on another when real changes of all provinces are drawn."""
    rated = both_years()
    rated = rated[rated["province"].isin(rated["province"].unique()[:number])]
    assert_text_fits(draw(change(rated, 2008, 2012), rated, first=2008, last=2012, lang=lang))


@pytest.mark.parametrize("draw", [dumbbell, slope])
def test_years_that_the_figures_are_not_of_are_refused(draw) -> None:
    """Changes from 2008 to 2012 aren't drawn as those from 2010."""
    with pytest.raises(CbanalysisError, match="these changes hold figures of 2008, not of 2010"):
        draw(*made_change(*MOVED), first=2010, last=2012)
