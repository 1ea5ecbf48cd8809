"""Ranks, differences from a comparator, and changes between years."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from cbanalysis.common.errors import CbanalysisError, DataError, NotComparable, UnknownName
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.statistics.rates import add_rates, change, compare, newcombe, rank
from cbanalysis.statistics.rates.significant_differences import holm
from plain_rows import rating, rows


@pytest.fixture(scope="module")
def gazetteer():
    """Return the gazetteer that ships with the package."""
    return Gazetteer.read()


def places(*given):
    """Return rated rows of places A, B, C ... from counts out of bases, or cells."""
    cells = [{"count": one[0], "base": one[1]} if isinstance(one, tuple) else one for one in given]
    return add_rates(rows(*({"province": chr(65 + at)} | one for at, one in enumerate(cells))))


def test_ranks_have_ties_and_say_what_the_intervals_leave_open():
    """90 and 95 of 100 overlap, two tied places share rank 3, the last is surely last."""
    ranked = rank(places((90, 100), (95, 100), (60, 100), (60, 100), (10, 100)))
    assert ranked["rank"].tolist() == [2, 1, 3, 3, 5]
    assert ranked["tied"].tolist() == [False, False, True, True, False]
    assert ranked["rank_low"].tolist() == [1, 1, 3, 3, 5]
    assert ranked["rank_high"].tolist() == [2, 2, 4, 4, 5]
    assert ranked["ranked_of"].tolist() == [5] * 5


def test_rates_that_are_equal_as_numbers_tie_however_they_were_written():
    """1 of 3 and 2 of 6 share a rank."""
    assert rank(places((1, 3), (2, 6)))["rank"].tolist() == [1, 1]


def test_the_lowest_stands_first_where_lower_is_better_or_rows_are_complements():
    """Direction lower turns the order and its open ranks round, and complements turn it once more."""
    ranked = rank(places((90, 100), (10, 100), (12, 100)), direction="lower")
    assert ranked[["rank", "rank_low", "rank_high"]].to_numpy().tolist() == [[3, 3, 3], [1, 1, 2], [2, 1, 2]]
    complements = places((90, 100), (10, 100)).assign(complement=True)
    assert rank(complements, direction="higher")["rank"].tolist() == [2, 1]
    assert rank(complements, direction="lower")["rank"].tolist() == [1, 2]


def test_floors_ranges_and_counts_have_no_rank_and_about_decides_nothing():
    """Only rates are ranked; a rate without limits may stand anywhere."""
    ranked = rank(
        places(
            (90, 100),
            (10, 100),
            {"percent": 50, "qualifier": "about"},
            {"percent": 85, "qualifier": "at_least"},
            {"percent": 80, "percent_max": 95, "qualifier": "range"},
            {"count": 7},
        )
    )
    assert ranked["rank"].fillna(0).tolist() == [1, 3, 2, 0, 0, 0]
    assert ranked["rank_low"].fillna(0).tolist() == [1, 2, 1, 0, 0, 0]
    assert ranked["rank_high"].fillna(0).tolist() == [2, 3, 3, 0, 0, 0]
    assert ranked["ranked_of"].tolist() == [3] * 6


def test_a_range_of_rounding_decides_no_rank():
    """97, 90 and 85 % without a base are ordered as printed, and each may stand first or last."""
    ranked = rank(places({"percent": 97}, {"percent": 90}, {"percent": 85}))
    assert ranked[["rank", "rank_low", "rank_high"]].to_numpy().tolist() == [[1, 1, 3], [2, 1, 3], [3, 1, 3]]
    mixed = rank(places((97, 100), (10, 100), {"percent": 50}))
    assert mixed[["rank", "rank_low", "rank_high"]].to_numpy().tolist() == [[1, 1, 2], [3, 2, 3], [2, 1, 3]]


@pytest.mark.parametrize("function", [rank, compare])
def test_what_can_not_be_compared_is_refused(function):
    """Two schemes, a place that stands twice and a missing column are refused."""
    schemes = add_rates(rows(rating("good", percent=50), rating("good", percent=50, scheme="org_2018")))
    with pytest.raises(NotComparable, match="the rating scheme differs"):
        function(schemes.assign(province=["A", "B"]))
    with pytest.raises(NotComparable, match="stands more than once"):
        function(places((1, 2), (1, 2)).assign(province="A"))
    with pytest.raises(DataError):
        function(places((1, 2)).drop(columns="rate"))


def test_rows_without_a_rate_do_not_stand_in_the_way():
    """A plain count of another subject is no obstacle to ranking the others."""
    assert rank(places((1, 2), {"count": 5, "subject": "cell"}))["rank"].fillna(0).tolist() == [1, 0]


def test_a_place_is_compared_with_all_others_pooled():
    """Against pooled, each place meets the sum of the others: 48 of 80 plus 0 of 20 is 48 of 100."""
    compared = compare(places((56, 70), (48, 80), (0, 20)), direction="higher")
    assert compared["comparator"].tolist() == ["pooled"] * 3
    assert compared["comparator_rate"].round(3).tolist() == [48.0, 62.222, 69.333]
    assert compared["difference"].round(3).tolist() == [32.0, -2.222, -69.333]
    assert compared["verdict"].tolist() == ["better", "not shown to differ", "worse"]


def test_a_place_is_compared_with_a_province_by_newcombe():
    """56 of 70 less 48 of 80 is 20 points, 5.24 to 33.39; the comparator's own row has no verdict."""
    compared = compare(places((56, 70), (48, 80), (48, 80)), to="B", direction="lower")
    assert compared["comparator"].tolist() == ["B", "", "B"]
    alone = compare(places((56, 70), (48, 80)), to="B")
    first = alone.loc[0, ["difference", "difference_low", "difference_high", "comparator_rate"]]
    assert [round(float(one), 2) for one in first] == [20.0, 5.24, 33.39, 60.0]
    # Pearson's chi-squared by hand: 150·(56·32 - 14·48)² / (104·46·70·80) = 7.0234
    assert round(compared.loc[0, "p_value"], 5) == 0.00805
    assert compared["p_holm"].round(5).tolist()[::2] == [0.01609, 1.0]
    assert compared["verdict"].tolist() == ["worse", "", "not shown to differ"]
    assert compared.loc[1, ["difference", "difference_low", "p_value", "comparator_rate"]].isna().all()


def test_few_cases_are_tested_exactly():
    """5 of 5 against 0 of 5 is Fisher's 2 in 252; equal extremes differ by chance only (p = 1)."""
    compared = compare(places((5, 5), (0, 5), (5, 5)), to="B")
    assert compared["p_value"].round(9).tolist()[::2] == [round(1 / 126, 9)] * 2
    assert compare(places((5, 5), (7, 7)), to="B")["p_value"].tolist()[0] == 1.0


def test_many_comparisons_are_corrected_by_holm():
    """Of four p-values the smallest is multiplied by four, the next by three, and so on up to 1."""
    compared = compare(places((60, 100), (66, 100), (50, 100), (50, 100)), to=50)
    p = compared["p_value"].tolist()
    assert [round(one, 5) for one in p] == [0.0455, 0.00137, 1.0, 1.0]
    assert compared["p_holm"].round(5).tolist() == [round(3 * p[0], 5), round(4 * p[1], 5), 1.0, 1.0]
    assert compared["verdict"].tolist() == [
        "not shown to differ",
        "higher",
        "not shown to differ",
        "not shown to differ",
    ]


@settings(max_examples=8, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_gives_the_numbers_of_statsmodels(p_values):
    """Our correction is that of statsmodels' multipletests, whatever the p-values."""
    expected = multipletests(p_values, method="holm")[1]
    np.testing.assert_allclose(holm(np.array(p_values)), expected, rtol=1e-12)


def test_a_fixed_rate_has_no_chance_of_its_own():
    """Against 50 %, limits are Wilson's less 50; a lower rate is "lower" where no direction is wanted."""
    compared = compare(places((10, 100), (1, 4)), to=50.0)
    assert compare(places((10, 100)), to=50.0)["verdict"].tolist() == ["lower"]
    one = compare(places((10, 100)), to=50.0).loc[0]
    assert one["comparator"] == "50.0"
    assert round(one["difference_low"], 6) == round(one["rate_low"] - 50, 6)
    assert round(one["difference_high"], 6) == round(one["rate_high"] - 50, 6)
    # too few for the approximation: exactly (1 + 4) of 16 cases on either side
    assert compared.loc[1, "p_value"] == 0.625


def test_without_a_base_the_verdict_is_undecided():
    """A rounding range, a floor and a place without a comparator are undecided; the difference is shown."""
    shown = places((56, 70), {"percent": 90}, {"percent": 85, "qualifier": "at_least"})
    compared = compare(shown, to="A")
    assert compared["verdict"].tolist() == ["", "undecided", "undecided"]
    assert compared["difference"].fillna(0).tolist() == [0, 10, 0]
    assert compared["difference_low"].isna().all()
    assert compare(shown, to="B")["verdict"].tolist() == ["undecided", "", "undecided"]
    alone = compare(places((56, 70)))
    assert alone[["verdict", "comparator"]].to_numpy().tolist() == [["undecided", "pooled"]]
    assert alone["comparator_rate"].isna().all()


def test_provinces_are_compared_with_the_published_country():
    """The row of level country is the comparator; without one, or with two, the comparison is refused."""
    shown = places((30, 100), (75, 100), {"count": 700, "base": 1000, "geo_level": "country", "province": ""})
    compared = compare(shown, to="country", direction="higher")
    assert compared["comparator"].tolist() == ["country", "country", ""]
    assert compared["verdict"].tolist() == ["worse", "not shown to differ", ""]
    with pytest.raises(UnknownName, match="no row of level country"):
        compare(shown.iloc[:2], to="country")
    twice = pd.concat([shown, shown.iloc[[2]]], ignore_index=True)
    with pytest.raises(NotComparable, match="more than one row for country"):
        compare(twice, to="country")
    other = shown.assign(subject=["commune", "commune", "cell"])
    with pytest.raises(NotComparable, match="the subject differs"):
        compare(other, to="country")
    only = compare(shown.iloc[[2]], to="country")
    assert only["verdict"].tolist() == [""]


def test_provinces_are_compared_with_the_others_of_their_region():
    """Each region is a pool of its own; a place that is alone in it, or in none, is undecided."""
    shown = places((10, 100), (20, 100), (50, 100), (60, 100), (1, 2), (1, 2))
    shown = shown.assign(region=["North", "North", "South", "South", "West", ""])
    compared = compare(shown, to="region")
    assert compared["comparator"].tolist() == ["North", "North", "South", "South", "West", ""]
    assert compared["comparator_rate"].fillna(-1).tolist() == [20, 10, 60, 50, -1, -1]
    assert compared["verdict"].tolist()[4:] == ["undecided", "undecided"]
    named = compare(shown, to="North")
    assert named["comparator_rate"].fillna(-1).tolist() == [20, 10, 15, 15, 15, 15]
    assert named["verdict"].tolist()[2] == "higher"


def test_the_gazetteer_knows_regions_and_spellings(gazetteer):
    """Without a column region the units tell it; a province is found in any usual spelling."""
    shown = places((10, 100), (20, 100), (90, 100)).assign(
        unit_id=["91-2004", "92-2004", "01-2008"], province=["Kiên Giang", "Cần Thơ", "Hà Nội"]
    )
    compared = compare(shown, to="region", gazetteer=gazetteer)
    assert compared["comparator"].tolist()[:2] == ["Đồng bằng sông Cửu Long"] * 2
    assert compared["comparator_rate"].fillna(-1).tolist() == [20, 10, -1]
    assert compare(shown, to="TP Can Tho", gazetteer=gazetteer)["comparator"].tolist() == [
        "TP Can Tho",
        "",
        "TP Can Tho",
    ]
    assert compare(shown, to="Đồng bằng sông Cửu Long")["comparator_rate"].tolist() == [20, 10, 15]


def test_an_unknown_comparator_is_refused_with_the_nearest():
    """A name that is no province, region or word gets the nearest known ones."""
    with pytest.raises(UnknownName, match="did you mean 'pooled'"):
        compare(places((1, 2)), to="poold")


def test_comparing_nothing_gives_nothing():
    """An empty frame comes back empty with the new columns."""
    assert list(compare(places((1, 2)).iloc[:0])["verdict"]) == []
    assert list(rank(places((1, 2)).iloc[:0])["rank"]) == []


def of_years(*given):
    """Return rated rows from (year, province, cells)."""
    return add_rates(
        rows(
            *(
                {"province": province, "period_start": str(year), "period_end": str(year)} | cells
                for year, province, cells in given
            )
        )
    )


def test_change_is_last_less_first_with_newcombes_interval():
    """62 and 79 of 124 communes: 13.7 points more, 1.4 to 25.5."""
    shown = of_years((2012, "A", {"count": 79, "base": 124}), (2008, "A", {"count": 62, "base": 124}))
    changed = change(shown, 2008, 2012)
    assert len(changed) == 1
    row = changed.iloc[0]
    assert row[["observation_id_first", "observation_id_last", "province", "missing"]].tolist() == [
        "X2",
        "X1",
        "A",
        "",
    ]
    assert (row["count_first"], row["base_first"], row["count_last"]) == (62, 124, 79)
    assert [round(row[one], 1) for one in ("difference", "difference_low", "difference_high")] == [
        13.7,
        1.4,
        25.5,
    ]
    assert row["interval"] == "newcombe"


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (
            {"percent": 54.83, "decimals": 2},
            {"percent": 64.1, "decimals": 1},
            ["rounding", 9.27, 9.215, 9.325],
        ),
        ({"count": 1, "base": 4}, {"percent": 30, "decimals": 0}, ["one_base", 5.0, -39.939, 25.447]),
        (
            {"percent": 97, "decimals": 0},
            {"percent": 85, "qualifier": "at_least"},
            ["bounds", None, -12.5, 3.5],
        ),
        (
            {"percent": 80, "percent_max": 95, "qualifier": "range"},
            {"count": 9, "base": 10},
            ["bounds", None, -5.0, 10.0],
        ),
        ({"percent": 90, "qualifier": "about"}, {"count": 9, "base": 10}, ["about", 0.0, None, None]),
    ],
)
def test_without_both_bases_the_change_has_only_what_was_printed(first, last, expected):
    """Chance of one year stays, rounding is subtracted, floors and ranges bound it, about has no limits."""
    row = change(of_years((2009, "A", first), (2010, "A", last)), 2009, 2010).iloc[0]
    found = [
        None if pd.isna(row[one]) else round(row[one], 3)
        for one in ("difference", "difference_low", "difference_high")
    ]
    assert [row["interval"], *found] == expected


def test_a_place_without_one_of_the_years_stays_with_the_year_named():
    """Places with one year only keep their row, empty where nothing is known."""
    half = {"percent": 50}
    shown = of_years((2009, "A", half), (2010, "B", half), (2010, "A", half), (2011, "C", half))
    changed = change(shown, 2009, 2010)
    assert changed["province"].tolist() == ["A", "B"]
    assert changed["missing"].tolist() == ["", "first"]
    assert changed["interval"].tolist() == ["rounding", "none"]
    assert np.isnan(changed.loc[1, "rate_first"])
    assert changed.loc[1, "observation_id_first"] == ""
    assert change(shown, 2010, 2011)["missing"].tolist() == ["last", "last", "first"]
    no_ids = change(shown.drop(columns="observation_id"), 2009, 2010)
    assert "observation_id_first" not in no_ids


def test_change_refuses_schemes_doubles_and_years_without_data():
    """Another scheme, two rows of a place in a year, and years nobody reported are refused."""
    good = rating("good", percent=50)
    shown = add_rates(rows(good, good | {"scheme": "org_2018", "period_start": "2018", "period_end": "2018"}))
    with pytest.raises(NotComparable, match="the rating scheme differs"):
        change(shown, 2013, 2018)
    twice = of_years((2009, "A", {"percent": 50}), (2009, "A", {"percent": 60}))
    with pytest.raises(NotComparable, match="the same place and year"):
        change(twice, 2009, 2010)
    with pytest.raises(CbanalysisError, match=r"2011 has no row .*; 2012 has no row .*with one: 2009"):
        change(twice, 2011, 2012)
    with pytest.raises(DataError):
        change(twice.drop(columns="year"), 2009, 2010)


def test_change_says_what_a_year_lacks():
    """Where one year has no row of the category, or rows without a rate, the refusal names both."""
    good = rating("good", percent=50)
    later = rating("good", count=4, period_start="2014", period_end="2014")
    with pytest.raises(CbanalysisError, match=r"to 2014: 2014 has no 'good' with .* \(1 row without\)"):
        change(add_rates(rows(good, later)), 2013, 2014)


def test_the_interval_beside_a_verdict_is_the_one_it_rests_on():
    """Of three tests the clearest is shown at 98.33 %, the next at 97.5 %, which holds 0, the last too."""
    compared = compare(places((50, 100), (80, 100), (64, 100), (51, 100)), to="A", direction="higher")
    assert compared["confidence"].round(2).tolist()[1:] == [98.33, 97.5, 97.5]
    assert compared["verdict"].tolist()[1:] == ["better", "not shown to differ", "not shown to differ"]
    low, high = newcombe([64], [100], [50], [100], 0.975)
    assert compared.loc[2, ["difference_low", "difference_high"]].tolist() == [low[0], high[0]]
    assert newcombe([64], [100], [50], [100])[0][0] > 0  # at 95 % it would have been shown


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(40, 60)), min_size=2, max_size=8))
def test_a_verdict_never_contradicts_its_interval(cells):
    """Whatever the counts: a verdict of a difference where the interval leaves out 0, and only there."""
    compared = compare(places(*cells))
    outside = (compared["difference_low"] > 0) | (compared["difference_high"] < 0)
    assert (outside == compared["verdict"].isin(["higher", "lower"])).all()


def test_two_places_and_their_pool_are_one_test():
    """56 of 70 and 48 of 80 meet each other only: p = 0.00805 is corrected for one test, not two."""
    compared = compare(places((56, 70), (48, 80)))
    assert compared["p_holm"].round(5).tolist() == [0.00805, 0.00805]
    assert compared["confidence"].tolist() == [95.0, 95.0]
    first, second = compared.loc[0], compared.loc[1]
    assert (first["difference_low"], first["difference_high"]) == (
        -second["difference_high"],
        -second["difference_low"],
    )
    regions = compare(
        places((56, 70), (48, 80), (56, 70), (48, 80)).assign(region=["N", "N", "S", "S"]), to="region"
    )
    assert regions["p_holm"].round(5).tolist() == [0.01609] * 4


@pytest.mark.parametrize("rate", [float("nan"), 150, -5, float("inf")])
def test_a_comparator_that_is_no_rate_is_refused(rate):
    """A rate to compare with is a number from 0 to 100."""
    with pytest.raises(UnknownName, match="from 0 to 100"):
        compare(places((1, 2), (1, 2)), to=rate)
