"""Control limits for the base, and over-dispersion."""

import numpy as np
import pandas as pd
import pytest

from cbanalysis.common.errors import DataError, NotComparable, UnknownName
from cbanalysis.statistics.rates import add_rates, districts_of_one, funnel_curve, funnel_limits
from plain_rows import rating, rows


def places(*given):
    """Return rated rows of places A, B, C ... from counts out of bases, or cells."""
    cells = [{"count": one[0], "base": one[1]} if isinstance(one, tuple) else one for one in given]
    return add_rates(rows(*({"province": chr(65 + at)} | one for at, one in enumerate(cells))))


def test_limits_are_the_overall_rate_and_so_many_standard_errors():
    """Overall 50 % and a base of 100: 50 ± 1.96·5 and 50 ± 3.09·5."""
    one = funnel_limits(places((40, 100), (60, 100))).loc[0]
    assert one["overall"] == 50.0
    found = [round(one[name], 3) for name in ("lower_95", "upper_95", "lower_998", "upper_998")]
    assert found == [40.2, 59.8, 34.549, 65.451]
    assert (one["funnel"], one["between"]) == ("below_95", 0.0)


def test_limits_lie_around_a_centre_that_is_given():
    """Two districts with 40 and 60 of 100 in a province of 80 %: 80 ± 1.96·4, both far below."""
    given = places((40, 100), (60, 100))
    one = funnel_limits(given, centre=80.0).loc[0]
    assert [round(one[name], 2) for name in ("overall", "lower_95", "upper_95")] == [80.0, 72.16, 87.84]
    assert funnel_limits(given, centre=80.0)["funnel"].tolist() == ["below_998", "below_998"]
    curve = funnel_curve(given, centre=80.0, bases=[100]).loc[0]
    assert [round(curve[name], 2) for name in ("overall", "lower_95")] == [80.0, 72.16]


def test_each_place_stands_inside_or_outside_its_limits():
    """Within, beyond 95 and beyond 99.8 % on either side; what has no base is named so and has no limits."""
    given = places((50, 100), (60, 100), (40, 100), (66, 100), (34, 100), {"percent": 50}, {"count": 3})
    limits = funnel_limits(given)
    assert limits["funnel"].tolist() == [
        "within",
        "above_95",
        "below_95",
        "above_998",
        "below_998",
        "no_base",
        "no_base",
    ]
    assert limits.loc[5:, ["lower_95", "upper_998"]].isna().all(axis=None)
    assert limits["overall"].tolist() == [50.0] * 7


def test_limits_stay_between_0_and_100():
    """A base of one can't go below nothing or above everything."""
    one = funnel_limits(places((0, 1), (1, 1))).loc[0]
    assert (one["lower_95"], one["upper_95"]) == (0.0, 100.0)
    assert one["funnel"] == "within"


# overall 50 %; the z-scores of 20, 40, 60 and 80 of 100 are -6, -2, 2 and 6
SCATTERED = ((20, 100), (40, 100), (60, 100), (80, 100))
# winsorised at the 10th and 90th percentile, 0.3 of the way from the outer to the inner: -4.8, -2, 2, 4.8
DISPERSION = (4.8**2 + 2**2) / 2


def test_additive_overdispersion_adds_a_variance_between_places():
    """τ² = (I·φ - (I-1)) / (Σw - Σw²/Σw), by hand: w = 400 each, so 1200 below the line."""
    limits = funnel_limits(places(*SCATTERED), overdispersion=True)
    between = (4 * DISPERSION - 3) / 1200
    one = limits.loc[0]
    assert round(one["dispersion"], 9) == round(DISPERSION, 9)
    assert round(one["between"], 9) == round(100 * np.sqrt(between), 9)
    expected = 50 - 1.959964 * 100 * np.sqrt(0.0025 + between)
    assert round(one["lower_95"], 4) == round(expected, 4)
    assert limits["funnel"].tolist() == ["within"] * 4


def test_multiplicative_overdispersion_multiplies_the_variance():
    """Limits widen by √φ; without asking for it they don't."""
    given = places(*SCATTERED)
    wide = funnel_limits(given, overdispersion="multiplicative").loc[0]
    assert round(wide["upper_95"], 4) == round(50 + 1.959964 * 5 * np.sqrt(DISPERSION), 4)
    assert wide["between"] == 0.0
    plain = funnel_limits(given)
    assert plain["funnel"].tolist() == ["below_998", "below_95", "above_95", "above_998"]
    assert round(plain.loc[0, "dispersion"], 9) == round(DISPERSION, 9)


@pytest.mark.parametrize("overdispersion", [True, "additive", "multiplicative"])
def test_rates_that_vary_by_chance_only_widen_nothing(overdispersion):
    """With a dispersion below 1, or rates that are all 0 or all 100 %, the limits stay."""
    calm = places((50, 100), (51, 100), (49, 100))
    pd.testing.assert_frame_equal(funnel_limits(calm, overdispersion=overdispersion), funnel_limits(calm))
    none = funnel_limits(places((0, 10), (0, 20)), overdispersion=overdispersion)
    assert none[["lower_95", "upper_998", "dispersion"]].to_numpy().tolist() == [[0.0, 0.0, 0.0]] * 2
    assert none["funnel"].tolist() == ["within", "within"]


def test_the_curve_runs_over_the_bases_of_the_rows():
    """From somewhat below the smallest base to somewhat above the largest, widest at the left."""
    given = places((40, 100), (300, 500), {"percent": 50})
    curve = funnel_curve(given)
    assert len(curve) == 200
    assert (round(curve["base"].min()), round(curve["base"].max())) == (80, 525)
    assert (curve["upper_95"] - curve["lower_95"]).is_monotonic_decreasing
    at_100 = funnel_curve(given, bases=[100]).loc[0]
    pd.testing.assert_series_equal(
        at_100.drop("base"),
        funnel_limits(given).loc[0, at_100.drop("base").index].astype(float),
        check_names=False,
    )
    assert funnel_curve(places((0, 1), (1, 1)))["base"].min() == 1.0


def test_a_funnel_needs_comparable_rows_with_a_base():
    """Rows without any base, of two schemes, of one place twice, or without columns are refused."""
    with pytest.raises(NotComparable, match="needs rows with a base"):
        funnel_limits(places({"percent": 50}))
    with pytest.raises(NotComparable, match="needs rows with a base"):
        funnel_curve(places({"percent": 50}))
    one = rating("good", count=5, base=10)
    other = one | {"scheme": "org_2018", "province": "An Giang"}
    with pytest.raises(NotComparable, match="the rating scheme differs"):
        funnel_limits(add_rates(rows(one, other)))
    with pytest.raises(NotComparable, match="stands more than once"):
        funnel_limits(add_rates(rows(one, one)))
    with pytest.raises(DataError):
        funnel_limits(rows({"count": 1, "base": 2}))


@pytest.mark.parametrize("centre", [float("nan"), 150, -5])
def test_a_centre_that_is_no_rate_is_refused(centre):
    """Limits around 150 % or around nothing say nothing."""
    with pytest.raises(UnknownName, match="from 0 to 100"):
        funnel_limits(places((40, 100), (60, 100)), centre=centre)


def test_one_place_has_no_variation_between_places():
    """Over-dispersion of one place around a given centre is refused; its plain limits are there."""
    with pytest.raises(NotComparable, match="two or more places"):
        funnel_limits(places((40, 100)), centre=80.0, overdispersion=True)
    assert funnel_limits(places((40, 100)), centre=80.0)["funnel"].tolist() == ["below_998"]


@pytest.mark.parametrize("base", [0, -5, float("nan"), float("inf")])
def test_curves_need_bases_above_0(base: float) -> None:
    """At any other base there is no limit."""
    with pytest.raises(UnknownName, match=r"unknown base .* .a number above 0"):
        funnel_curve(places((40, 100)), bases=[10, base])


def test_how_often_chance_alone_puts_so_many_places_outside() -> None:
    """One of five outside 95 %: 1 - 0.95⁵ = 22.6 %; none or more outside: always."""
    inside = [(50, 100)] * 4
    assert funnel_limits(places((39, 100), *inside), centre=50.0)["chance"].round(1).unique().tolist() == [
        22.6
    ]
    assert funnel_limits(places((50, 100), *inside), centre=50.0)["chance"].unique().tolist() == [100.0]


def test_the_districts_of_the_province_of_which_most_are_published() -> None:
    """Two districts of P in 2018 beat one of Q and one of P in 2019; with them the figure of P itself."""
    places = [("district", "P", "a", "2018"), ("district", "P", "b", "2018"), ("district", "P", "c", "2019")]
    places += [("district", "Q", "d", "2018"), ("province", "P", "", "2018"), ("province", "Q", "", "2018")]
    rows = pd.DataFrame(places, columns=["geo_level", "province", "area", "period_start"])
    rows = rows.assign(period_end=rows["period_start"], interval="wilson")
    districts, province = districts_of_one(rows)
    assert districts["area"].tolist() == ["a", "b"]
    assert province[["province", "period_start"]].to_numpy().tolist() == [["P", "2018"]]
    alone, none = districts_of_one(rows.iloc[2:])
    assert alone.empty
    assert none.empty
