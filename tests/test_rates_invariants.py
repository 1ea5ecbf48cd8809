"""What holds for all figures: intervals, ranks, and the caller's frame."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    multinomial_proportions_confint,
    proportion_confint,
)

from cbanalysis.statistics.rates import (
    add_rates,
    as_complement,
    borrow_base,
    change,
    compare,
    distribution,
    funnel_curve,
    funnel_limits,
    good_or_better,
    goodman,
    newcombe,
    rank,
    regroup,
    wilson,
)
from cbanalysis.statistics.rates.choosing_and_ranking import one_each
from plain_rows import rating, rows

SHARES = st.integers(1, 5000).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))
quick = settings(max_examples=60, deadline=None)
with_frames = settings(max_examples=15, deadline=None)


@quick
@given(SHARES)
def test_the_interval_holds_the_rate_and_stays_between_0_and_100(share):
    """Wilson's limits lie around count out of base, for 0 and all of them too."""
    low, high = (float(one[0]) for one in wilson([share[0]], [share[1]]))
    assert 0 <= low <= 100 * share[0] / share[1] <= high <= 100


@quick
@given(SHARES, SHARES, st.floats(0.5, 0.999))
def test_intervals_are_those_of_statsmodels(share, other, confidence):
    """Wilson's and Newcombe's limits, and Goodman's of three classes, agree with statsmodels' to 1e-9."""
    alpha = 1 - confidence
    counts = np.array([*share, other[1]], dtype=float)
    for ours, theirs in (
        (wilson(*share, confidence), proportion_confint(*share, alpha=alpha, method="wilson")),
        (
            newcombe(*share, *other, confidence),
            confint_proportions_2indep(*share, *other, method="newcomb", compare="diff", alpha=alpha),
        ),
        (goodman(counts), multinomial_proportions_confint(counts, alpha=0.05, method="goodman").T),
    ):
        np.testing.assert_allclose(ours, 100 * np.asarray(theirs), rtol=0, atol=1e-9)


@quick
@given(SHARES, st.integers(2, 20))
def test_the_interval_shrinks_with_the_base(share, times):
    """The same share of a base several times as large has a narrower interval."""
    low, high = wilson([share[0], times * share[0]], [share[1], times * share[1]])
    assert high[1] - low[1] < high[0] - low[0]


@quick
@given(SHARES, SHARES)
def test_differences_turn_round(share, other):
    """Newcombe's interval holds the difference, and that of the opposite is its mirror image."""
    low, high = newcombe([share[0]], [share[1]], [other[0]], [other[1]])
    back_low, back_high = newcombe([other[0]], [other[1]], [share[0]], [share[1]])
    difference = 100 * (share[0] / share[1] - other[0] / other[1])
    assert low[0] - 1e-9 <= difference <= high[0] + 1e-9
    np.testing.assert_allclose([low[0], high[0]], [-back_high[0], -back_low[0]], atol=1e-9)


@with_frames
@given(st.floats(0, 100), st.integers(0, 3))
def test_the_rounding_range_holds_what_rounds_to_the_printed_percentage(value, decimals):
    """Any rate between 0 and 100 lies in the rounding range of its own rounded form."""
    rated = add_rates(rows({"percent": round(value, decimals), "decimals": decimals})).iloc[0]
    assert rated["rate_low"] - 1e-9 <= value <= rated["rate_high"] + 1e-9


PLACES = st.lists(SHARES, min_size=2, max_size=8)


@with_frames
@given(PLACES, st.randoms(use_true_random=False))
def test_ranks_verdicts_and_funnels_do_not_depend_on_the_order_of_rows(shares, random):
    """Shuffled rows get the same ranks, open ranks, verdicts and places in the funnel."""
    cells = [{"province": f"P{at}", "count": one[0], "base": one[1]} for at, one in enumerate(shares)]
    rated = add_rates(rows(*cells))
    order = list(range(len(rated)))
    random.shuffle(order)
    for function in (rank, compare, funnel_limits):
        shuffled = function(rated.iloc[order]).sort_index()
        pd.testing.assert_frame_equal(shuffled, function(rated), rtol=1e-9)


@with_frames
@given(PLACES)
def test_the_rank_lies_among_the_ranks_left_open(shares):
    """rank_low <= rank <= rank_high <= number of places."""
    cells = [{"province": f"P{at}", "count": one[0], "base": one[1]} for at, one in enumerate(shares)]
    ranked = rank(add_rates(rows(*cells)))
    assert (ranked["rank_low"] >= 1).all()
    assert (ranked["rank_low"] <= ranked["rank"]).all()
    assert (ranked["rank"] <= ranked["rank_high"]).all()
    assert (ranked["rank_high"] <= len(ranked)).all()


@with_frames
@given(PLACES)
def test_a_place_is_outside_the_funnel_when_its_interval_leaves_out_the_overall_rate(shares):
    """Funnel limits and Wilson intervals are two views of one test."""
    cells = [{"province": f"P{at}", "count": one[0], "base": one[1]} for at, one in enumerate(shares)]
    limits = funnel_limits(add_rates(rows(*cells)))
    overall = limits["overall"]
    # a hair's breadth on the line itself is left to rounding
    outside = (overall < limits["rate_low"] - 1e-6) | (overall > limits["rate_high"] + 1e-6)
    inside = (overall > limits["rate_low"] + 1e-6) & (overall < limits["rate_high"] - 1e-6)
    assert (limits.loc[outside, "funnel"] != "within").all()
    assert (limits.loc[inside, "funnel"] == "within").all()


@with_frames
@given(SHARES)
def test_turning_a_complement_turns_its_interval(share):
    """The opposite of n of m has the interval that m - n of m has."""
    count, base = share
    turned = as_complement(add_rates(rows({"count": count, "base": base, "complement": True})))
    straight = add_rates(rows({"count": base - count, "base": base}))
    columns = ["count", "base", "rate", "rate_low", "rate_high", "interval"]
    pd.testing.assert_frame_equal(turned[columns], straight[columns], atol=1e-6)


def everything():
    """Return rated rows that every function takes: two provinces, two years, ratings with counts."""
    cells = {"count": 5, "base": 10, "percent": 50.0, "decimals": 0, "qualifier": "exact"}
    good = rating("good", **cells)
    given_rows = rows(
        good | {"unit_id": "24-2004", "province": "Bắc Giang", "period_start": "2012", "period_end": "2012"},
        good | {"unit_id": "27-2004", "province": "Bắc Ninh", "base": None},
    )
    return add_rates(given_rows)


FUNCTIONS = {
    "add_rates": add_rates,
    "as_complement": as_complement,
    "borrow_base": borrow_base,
    "change": lambda frame: change(frame, 2012, 2013),
    "compare": lambda frame: compare(frame, to="Bắc Giang", across=("province", "period")),
    "distribution": distribution,
    "funnel_curve": funnel_curve,
    "funnel_limits": lambda frame: funnel_limits(frame, across=("province", "period")),
    "good_or_better": good_or_better,
    "one_each": one_each,
    "rank": lambda frame: rank(frame, across=("province", "period")),
    "regroup": lambda frame: regroup(frame, 34),
}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_callers_frame_stays_as_it_was(name):
    """Each function returns a new frame and leaves the given one alone, values, columns and all."""
    frame = everything()
    before = frame.copy(deep=True)
    after = FUNCTIONS[name](frame)
    assert after is not frame
    pd.testing.assert_frame_equal(frame, before)
    after.iloc[:, 0] = after.iloc[::-1, 0].to_numpy()
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    "name", ["add_rates", "as_complement", "compare", "distribution", "funnel_limits", "rank"]
)
def test_any_index_is_kept(name):
    """Rows with labels of their own come back under them, in their order."""
    frame = everything().set_axis([7, 3])
    after = FUNCTIONS[name](frame)
    assert after.index.tolist() == [7, 3]
    assert after["observation_id"].tolist() == ["X1", "X2"]
    plain = FUNCTIONS[name](everything())
    pd.testing.assert_frame_equal(after.reset_index(drop=True), plain)
