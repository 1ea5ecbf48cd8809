"""Two indicators beside each other, and what one indicator can show."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from cbanalysis import rates
from cbanalysis.common import errors
from cbanalysis.dataset.load import load_observations
from cbanalysis.display.charts import scatter
from chart_checks import assert_text_fits


def row(
    number: int, indicator: str, province: str, year: int, rate: float, **more: object
) -> dict[str, object]:
    """Return one published percentage of a province in a year."""
    return {
        "observation_id": f"X{number:03d}",
        "indicator": indicator,
        "subject": "village",
        "geo_level": "province",
        "province": province,
        "year": year,
        "period_start": str(year),
        "period_end": str(year),
        "count": None,
        "base": None,
        "percent": rate,
        "percent_max": None,
        "qualifier": "exact",
        "decimals": 0,
        "definition": "",
        "base_of": "",
        "complement": False,
        "scheme": "",
        "category_id": "",
        "category_kind": "",
        "category": "",
        "aggregation": "point",
        **more,
    }


def rated(*rows: dict[str, object]) -> pd.DataFrame:
    """Return rows with their rates."""
    return rates.add_rates(pd.DataFrame(list(rows)))


A, B = "village_own_cell", "village_head_secretary"


def test_places_that_lack_a_figure_are_listed_with_the_years_it_has() -> None:
    """P has both in 2020; Q lacks the second but for 2015; R lacks the first altogether."""
    rows = rated(
        row(1, A, "P", 2020, 10),
        row(2, B, "P", 2020, 60),
        row(3, A, "Q", 2020, 20),
        row(4, B, "Q", 2015, 70),
        row(5, B, "R", 2020, 80),
    )
    pairs = rates.together(rows, A, B).set_index("province")
    assert pairs.loc["P", ["rate_x", "rate_y", "missing"]].tolist() == [10.0, 60.0, ""]
    assert pairs.loc["Q", ["missing", "other_years"]].tolist() == ["y", "2015"]
    assert pairs.loc["R", ["missing", "other_years"]].tolist() == ["x", ""]


def test_the_year_with_most_pairs_is_taken_and_the_newest_of_equals() -> None:
    """Two places in 2018 beat one in 2021; with one pair each the newer year is taken."""
    rows = [row(n, i, p, 2018, 50 + n) for n, (i, p) in enumerate([(A, "P"), (A, "Q"), (B, "P"), (B, "Q")])]
    late = [row(8, A, "P", 2021, 30), row(9, B, "P", 2021, 40)]
    assert rates.together(rated(*rows, *late), A, B)["year_x"].dropna().unique().tolist() == [2018]
    assert rates.together(rated(*rows[::2], *late), A, B)["year_x"].dropna().unique().tolist() == [2021]


def test_years_apart_are_refused_unless_allowed() -> None:
    """2018 and 2021 are three years apart: refused with what helps, taken with apart=3."""
    rows = rated(row(1, A, "P", 2018, 10), row(2, B, "P", 2021, 60))
    with pytest.raises(errors.NotComparable, match="apart= allows more years"):
        rates.together(rows, A, B)
    assert rates.together(rows, A, B, apart=3)[["year_x", "year_y"]].to_numpy().tolist() == [[2018, 2021]]


def test_unlike_rows_of_one_indicator_are_refused() -> None:
    """Shares of villages and of cells are no one axis."""
    rows = rated(
        row(1, A, "P", 2020, 10), row(2, A, "Q", 2020, 20, base_of="cells"), row(3, B, "P", 2020, 60)
    )
    with pytest.raises(errors.NotComparable, match="the base differs"):
        rates.together(rows, A, B)


def test_a_rank_correlation_by_hand() -> None:
    """Ranks 1 2 3 4 5 against 2 1 4 3 5: d² sums to 4, rho is 1 - 24/120 = 0.8; 16 of 120 orders reach it."""
    found = rates.rank_correlation(np.array([1.0, 2, 3, 4, 5]), np.array([2.0, 1, 4, 3, 5]))
    assert math.isclose(found.rho, 0.8)
    assert found.exact
    assert math.isclose(found.p, 16 / 120)
    assert found.low <= found.rho <= found.high
    again = rates.rank_correlation(np.array([1.0, 2, 3, 4, 5]), np.array([2.0, 1, 4, 3, 5]))
    assert found == again


@pytest.mark.parametrize("count", [2, 4])
def test_few_places_have_no_interval(count: int) -> None:
    """Under five places neither an interval nor chance is said."""
    found = rates.rank_correlation(np.arange(float(count)), np.arange(float(count)))
    assert math.isnan(found.low)
    assert math.isnan(found.p)


def test_a_scatter_says_who_fell_out_and_what_it_cannot_show() -> None:
    """Axes in their own words, each interval in its direction; below, who lacks a figure, and the limit."""
    rows = rated(
        row(1, A, "Bắc Giang", 2020, 10, count=10, base=100, percent=None),
        row(2, B, "Bắc Giang", 2020, 60),
        row(3, A, "Cà Mau", 2020, 20),
        row(4, B, "Cà Mau", 2020, 70),
        row(5, A, "Hưng Yên", 2020, 30),
        row(6, B, "Hưng Yên", 2019, 35),
    )
    chart = scatter(rates.together(rows, A, B), rows, lang="en")
    assert chart.frame["label"].tolist() == ["Bac Giang", "Ca Mau"]
    words = " ".join(text.get_text() for text in chart.texts)
    assert "No comparable figure for the vertical axis: Hung Yen (2019)." in words
    assert "nothing here says that one leads to the other" in words
    assert "Cell secretary is village head" in words
    assert "2 places have both figures" in chart.alt
    axes = next(one for one in chart.axes if one.get_label() == "scatter")
    assert {one.get_label() for one in axes.collections} >= {
        "interval wilson x",
        "interval rounding y",
        "places",
    }
    assert_text_fits(chart)


def test_of_equal_pairs_of_years_the_closest_is_taken() -> None:
    """Both places have the first figure of 2019 and the second of 2019 and 2020: 2019 stands beside 2019."""
    first = [row(n, A, place, 2019, 10) for n, place in enumerate("PQ")]
    second = [row(n, B, place, year, 60) for year in (2019, 2020) for n, place in enumerate("PQ", year)]
    found = rates.together(rated(*first, *second), A, B, apart=3)
    assert found[["year_x", "year_y"]].to_numpy().tolist() == [[2019, 2019]] * 2


def test_an_overview_takes_the_newest_year_that_is_half_full() -> None:
    """Three places in 2018, two in 2020, one in 2021: 2020 is the newest that at least half as many have."""
    rows = [row(n, A, p, 2018, 50) for n, p in enumerate("PQR")]
    rows += [row(3, A, "P", 2020, 60), row(4, A, "Q", 2020, 40), row(5, A, "P", 2021, 70)]
    found = rates.overview(rated(*rows, row(6, A, "S", 2020, 90, base_of="cells")))
    assert found.newest["observation_id"].tolist() == ["X003", "X004"]
    assert (found.first, found.last) == (2018, 2020)
    assert found.changed["difference"].tolist() == [10.0, -10.0]
    assert found.left_out[["observation_id", "reason"]].to_numpy().tolist() == [["X006", "base_of"]]


def test_every_indicator_has_an_overview_of_rows_that_may_stand_together() -> None:
    """Whatever is published: one measure over time, and of its newest year rows that can be ranked."""
    observations = load_observations()
    for indicator, rows in observations.groupby("indicator"):
        found = rates.overview(rates.add_rates(rows))
        rates.require_comparable(found.newest)
        rates.require_comparable(found.alike, across=("province", "period"))
        lost = {*found.left_out["observation_id"], *found.alike["observation_id"]}
        assert lost == set(rows["observation_id"]), indicator


def test_an_overview_of_what_nobody_published_says_what_there_is() -> None:
    """A subject without figures is refused with those that have some; counts alone are counts."""
    rows = rated(row(1, A, "P", 2020, 10))
    with pytest.raises(errors.UnknownName, match="village"):
        rates.overview(rows, subject="villag")
    counts = rates.overview(rated(row(1, A, "P", 2020, 10, percent=None, count=5)))
    assert counts.counted
    assert counts.changed.empty
