"""Control limits and before-and-after, on figures that can be checked by hand. All made up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cbanalysis as cb
from cbanalysis.common.errors import NotComparable, UnknownName


def months(counts: list[int], base: int = 100) -> pd.DataFrame:
    """Return rated months of one place, from January 2020 on."""
    periods = [f"{2020 + at // 12}-{at % 12 + 1:02d}" for at in range(len(counts))]
    rows = pd.DataFrame({"period_start": periods, "period_end": periods, "count": counts, "base": base})
    blank = {"percent": np.nan, "percent_max": np.nan, "qualifier": "exact"}
    return cb.add_rates(rows.assign(observation_id=[f"X{at}" for at in range(len(counts))], **blank))


def rules(counts: list[int], centre: int = 50) -> list[str]:
    """Return the rules broken by months that follow a baseline of two months around the centre."""
    rows = months([centre, centre, *counts])
    return cb.rates.control_limits(rows, baseline_end="2020-02")["rules"].tolist()[2:]


def test_limits_are_three_standard_deviations_from_the_centre() -> None:
    """Of 100 with a centre of 50 % one standard deviation is 5 points: 35 to 65."""
    found = cb.rates.control_limits(months([50, 50, 50]))
    assert found[["centre", "lower", "upper"]].to_numpy().tolist() == [[50.0, 35.0, 65.0]] * 3
    assert found["spread"].tolist() == [1.0] * 3
    assert (
        cb.rates.control_limits(months([100, 100]))[["lower", "upper", "sigmas"]].to_numpy().tolist()
        == [[100, 100, 0]] * 2
    )


@pytest.mark.parametrize(
    ("counts", "broken"),
    [
        ([66], ["we1"]),
        ([64], [""]),
        ([61, 50, 61], ["", "", "we2"]),
        ([61, 50, 39], ["", "", ""]),
        ([56, 56, 44, 56, 56], ["", "", "", "", "we3"]),
        ([51] * 8, [""] * 7 + ["we4"]),
        ([49] * 9, [""] * 7 + ["we4", "we4"]),
        ([66, 61, 66], ["we1", "we2", "we1+we2"]),
    ],
)
def test_each_rule_of_western_electric(counts: list[int], broken: list[str]) -> None:
    """The point that completes a pattern is marked: 3 sigma, 2 of 3, 4 of 5, 8 in a row on one side."""
    assert rules(counts) == broken


def test_missing_periods_leave_slots_empty_and_end_runs() -> None:
    """June to September are missing: eight months beyond 1 sigma, four on either side, signal nothing new."""
    rows = months([50, 50, *[56] * 12]).drop(index=[5, 6, 7, 8])
    found = cb.rates.control_limits(rows, baseline_end="2020-02")
    assert found["slot"].tolist() == [0, 1, 2, 3, 4, 9, 10, 11, 12, 13]
    assert found["rules"].tolist() == [""] * 8 + ["we3", "we3"]
    whole = cb.rates.control_limits(months([50, 50, *[56] * 8]), baseline_end="2020-02")
    assert whole["slot"].tolist() == list(range(10))
    assert whole["rules"].tolist() == [""] * 5 + ["we3"] * 4 + ["we3+we4"]


@pytest.mark.parametrize(
    ("periods", "slots"),
    [
        ([("2019", "2019"), ("2020", "2020"), ("2022", "2022")], [0, 1, 3]),
        ([("2019-06", "2019-06"), ("2020-06", "2020-06"), ("2022-06", "2022-06")], [0, 1, 3]),
        ([("2020-01", "2020-03"), ("2020-04", "2020-06"), ("2020-10", "2020-12")], [0, 1, 3]),
        ([("2020", "2020"), ("2021-01", "2021-01"), ("2021-02", "2021-02")], [0, 1, 2]),
        ([("2020-01-05", "2020-01-05"), ("2020-01-12", "2020-01-12"), ("2020-04", "2020-04")], [0, 1, 2]),
        ([("", ""), ("2020", "2020"), ("2025", "2025")], [0, 1, 2]),
    ],
)
def test_a_gap_is_told_by_the_shortest_step_of_the_series(
    periods: list[tuple[str, str]], slots: list[int]
) -> None:
    """Years, one June a year and quarters each miss one; weeks and undated periods stand side by side."""
    rows = months([50] * 3).assign(period_start=[one for one, _ in periods])
    rows = rows.assign(period_end=[one for _, one in periods])
    assert cb.rates.control_limits(rows)["slot"].tolist() == slots


def test_limits_widen_by_neighbouring_periods_alone() -> None:
    """40, 60 and, after a gap, 60, 40: two steps of 4 standard deviations, none across the gap."""
    rows = months([40, 60, 60, 60, 40]).drop(index=2)
    found = cb.rates.control_limits(rows, overdispersion=True)
    assert found["spread"].round(3).tolist() == [3.546] * 4
    apart = months([40, 50, 60, 50]).drop(index=1)
    found = cb.rates.control_limits(apart, baseline_end="2020-03", overdispersion=True)
    assert found["spread"].tolist() == [1.0] * 3


def test_limits_widen_to_the_variation_between_periods() -> None:
    """40 and 60 in turn lie 4 standard deviations apart: limits widen 4/1.128 times."""
    rows = months([40, 60] * 4)
    found = cb.rates.control_limits(rows, overdispersion=True)
    assert found["spread"].round(3).tolist() == [3.546] * 8
    assert not found["rules"].any()
    assert cb.rates.control_limits(months([50, 50, 50]), overdispersion=True)["spread"].tolist() == [1.0] * 3


def test_what_makes_no_series_is_refused() -> None:
    """Two places, a month twice, a baseline of one month."""
    rows = months([50, 60])
    with pytest.raises(NotComparable, match="place"):
        cb.rates.control_limits(rows.assign(province=["A", "B"]))
    with pytest.raises(NotComparable, match="a period stands more than once"):
        cb.rates.control_limits(pd.concat([rows, rows]))
    with pytest.raises(NotComparable, match="two periods"):
        cb.rates.control_limits(rows, baseline_end="2020-01")


def test_before_and_after_take_as_many_periods_on_either_side() -> None:
    """48 of 80 before, 56 of 70 after: 20 points, the interval of Newcombe; older months stay out."""
    rows = months([99, 48, 56])
    rows["base"] = [100, 80, 70]
    found = cb.rates.before_after(rows, "2020-03").iloc[0]
    assert found[["periods", "count_before", "base_before", "count_after", "base_after"]].tolist() == [
        1,
        48,
        80,
        56,
        70,
    ]
    assert found[["difference", "difference_low", "difference_high"]].astype(float).round(2).tolist() == [
        20,
        5.24,
        33.39,
    ]
    assert cb.rates.before_after(rows, "2020-02", periods=1)["count_before"].item() == 99


def test_an_event_needs_both_sides() -> None:
    """Nothing is compared where there is no month on one side, or a number of periods below 1."""
    rows = months([48, 56])
    for event in ("2019-01", "2030-01"):
        with pytest.raises(NotComparable, match="no period on one side"):
            cb.rates.before_after(rows, event)
    with pytest.raises(UnknownName, match="1 or more"):
        cb.rates.before_after(rows, "2020-02", periods=0)


@pytest.mark.parametrize("period", ["2021-8", "abc", "", "2021-13", "8/2021"])
def test_what_is_no_period_is_refused(period: str) -> None:
    """A baseline and an event are periods or an error that says how to write them."""
    rows = months([48, 56, 50])
    with pytest.raises(UnknownName, match="YYYY-MM"):
        cb.rates.control_limits(rows, baseline_end=period)
    with pytest.raises(UnknownName, match="YYYY-MM"):
        cb.rates.before_after(rows, period)


def test_a_year_as_the_end_of_the_baseline_holds_its_months() -> None:
    """January to December 2020 are the baseline of 2020, the two months after it aren't."""
    found = cb.rates.control_limits(months([50] * 14), baseline_end="2020")
    assert found["baseline"].tolist() == [True] * 12 + [False] * 2


def test_both_sides_of_an_event_have_as_many_periods_as_asked() -> None:
    """Two months before and three after aren't compared when three are asked for."""
    rows = months([48, 56, 50, 50, 50])
    with pytest.raises(NotComparable, match="3 periods on either side were asked for, there are 2 before"):
        cb.rates.before_after(rows, "2020-03", periods=3)


def test_an_event_inside_a_period_splits_nothing() -> None:
    """August 2020 lies inside the year 2020, which is neither before nor after it."""
    years = months([48, 56, 50]).assign(
        period_start=["2019", "2020", "2021"], period_end=["2019", "2020", "2021"]
    )
    with pytest.raises(NotComparable, match="begins inside a period"):
        cb.rates.before_after(years, "2020-08")
    assert cb.rates.before_after(years, "2020")["count_before"].tolist() == [48]
