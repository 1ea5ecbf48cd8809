"""Rates and the kind of interval that what was printed allows."""

import numpy as np
import pandas as pd
import pytest

from cbanalysis.common.errors import CbanalysisError, DataError, UnknownName
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.statistics.rates import add_rates, as_complement, borrow_base, newcombe, wilson
from plain_rows import rating, rows


@pytest.fixture(scope="module")
def catalogue():
    """Return the catalogue that ships with the package."""
    return Catalogue.read()


def of(given, *columns):
    """Return one row's cells, NaN as None, rounded to three digits."""
    cells = given.iloc[0][list(columns)]
    return [None if pd.isna(one) else round(one, 3) if isinstance(one, float) else one for one in cells]


RATE = ("interval", "rate", "rate_low", "rate_high", "conflict")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"count": 62, "base": 124, "percent": 50, "decimals": 0}, ["wilson", 50.0, 41.333, 58.667, False]),
        ({"count": 0, "base": 20}, ["wilson", 0.0, 0.0, 16.113, False]),
        ({"count": 20, "base": 20}, ["wilson", 100.0, 83.887, 100.0, False]),
        ({"percent": 97, "decimals": 0}, ["rounding", 97.0, 96.5, 97.5, False]),
        ({"percent": 63.71, "decimals": 2, "count": 79}, ["rounding", 63.71, 63.705, 63.715, False]),
        ({"percent": 63.71}, ["rounding", 63.71, 63.705, 63.715, False]),
        ({"percent": 6.7, "decimals": 2}, ["rounding", 6.7, 6.695, 6.705, False]),
        ({"percent": 100, "decimals": 0}, ["rounding", 100.0, 99.5, 100.0, False]),
        ({"percent": 0, "decimals": 0}, ["rounding", 0.0, 0.0, 0.5, False]),
        ({"percent": 101.6, "decimals": 1}, ["rounding", 101.6, 101.55, 101.65, False]),
        ({"percent": 100, "base": 1376}, ["rounding", 100.0, 99.5, 100.0, False]),
        ({"percent": 85, "qualifier": "at_least"}, ["floor", None, 85.0, 100.0, False]),
        ({"percent": 80, "percent_max": 95, "qualifier": "range"}, ["range", None, 80.0, 95.0, False]),
        ({"percent": 80, "qualifier": "range"}, ["about", 80.0, None, None, False]),
        ({"percent": 90, "qualifier": "about"}, ["about", 90.0, None, None, False]),
        (
            {"percent": 73, "qualifier": "about", "printed": "trên 73%"},
            ["floor", None, 73.0, 100.0, False],
        ),
        (
            {"count": 22, "base": 41, "percent": 4.8, "qualifier": "about", "printed": "22; trên 4,8%"},
            ["floor", None, 4.8, 100.0, True],
        ),
        (
            {"count": 319, "base": 321, "percent": 99, "qualifier": "about", "printed": "over 99%"},
            ["wilson", 99.377, 97.757, 99.829, False],
        ),
        ({"count": 47}, ["none", None, None, None, False]),
        ({"count": 0, "base": 0}, ["none", None, None, None, False]),
    ],
)
def test_each_kind_of_figure_has_its_interval(given, expected):
    """Base: Wilson; bare percentage: rounding range; floor, range and about stay what they are."""
    assert of(add_rates(rows(given)), *RATE) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # 78 of 92 is 84.78, cut to 84,7: within one unit
        ({"count": 78, "base": 92, "percent": 84.7, "decimals": 1}, ["wilson", False]),
        # exactly one unit: 1 of 8 is 12.5
        ({"count": 1, "base": 8, "percent": 12.4, "decimals": 1}, ["wilson", False]),
        ({"count": 1, "base": 8, "percent": 12.3, "decimals": 1}, ["rounding", True]),
        # and rounded up beyond the half: 5 of 6 is 83.33
        ({"count": 5, "base": 6, "percent": 84, "decimals": 0}, ["wilson", False]),
        ({"count": 5, "base": 6, "percent": 85, "decimals": 0}, ["rounding", True]),
        ({"count": 6240, "base": 6517, "percent": 94.9, "decimals": 1}, ["rounding", True]),
        ({"count": 9, "base": 10, "percent": 80, "decimals": 0}, ["rounding", True]),
        ({"count": 24, "base": 41, "percent": 59, "decimals": 0, "qualifier": "about"}, ["wilson", False]),
        ({"count": 22, "base": 41, "percent": 4.8, "decimals": 1, "qualifier": "about"}, ["about", True]),
        ({"count": 99, "base": 100, "percent": 95, "qualifier": "at_least"}, ["wilson", False]),
        ({"count": 90, "base": 100, "percent": 95, "qualifier": "at_least"}, ["floor", True]),
        (
            {"count": 85, "base": 100, "percent": 80, "percent_max": 90, "qualifier": "range"},
            ["wilson", False],
        ),
        ({"count": 95, "base": 100, "percent": 80, "percent_max": 90, "qualifier": "range"}, ["range", True]),
        ({"count": 12, "base": 10, "percent": 80}, ["rounding", True]),
        ({"count": 12, "base": 10}, ["none", True]),
    ],
)
def test_a_percentage_that_contradicts_its_counts_stands_and_says_so(given, expected):
    """One unit of the last printed digit is allowed; beyond it the percentage stands, flagged."""
    assert of(add_rates(rows(given)), "interval", "conflict") == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"count": 90, "base": 100, "qualifier": "about"}, ["about", 90.0, None, None]),
        ({"count": 90, "base": 100, "qualifier": "at_least"}, ["floor", None, 90.0, 100.0]),
        ({"count": 5, "count_max": 10, "base": 50, "qualifier": "range"}, ["range", None, 10.0, 20.0]),
    ],
)
def test_a_count_that_is_not_sure_gets_no_chance_interval(given, expected):
    """An about, a floor or a range on the count itself carries over to the rate."""
    assert of(add_rates(rows(given)), *RATE[:4]) == expected


def test_the_rounding_of_a_sum_goes_before_the_printed_digits():
    """A column rounding (half width of summed percentages) widens the rounding range."""
    given = rows({"percent": 93.42, "decimals": 2}).assign(rounding=0.505)
    assert of(add_rates(given), *RATE[:4]) == ["rounding", 93.42, 92.915, 93.925]


def test_add_rates_takes_no_rows_and_names_missing_columns():
    """An empty frame stays empty; missing columns are all named at once."""
    assert list(add_rates(rows({"count": 1}).iloc[:0])["interval"]) == []
    with pytest.raises(DataError) as caught:
        add_rates(pd.DataFrame({"count": [1], "Percent": [2.0]}))
    assert [one.column for one in caught.value.faults] == ["base", "percent", "percent_max", "qualifier"]
    assert "did you mean Percent?" in str(caught.value)


def test_a_complement_becomes_its_opposite_and_says_so():
    """Counts, percentages and limits change sides; other rows stay as they are."""
    given = rows(
        {"count": 488, "base": 706, "complement": True},
        {"percent": 9.5, "decimals": 1, "complement": True},
        {"percent": 90, "qualifier": "at_least", "complement": True},
        {"percent": 80, "percent_max": 95, "qualifier": "range", "complement": True},
        {"count": 1, "complement": True},
        {"count": 218, "base": 706},
    )
    turned = as_complement(add_rates(given))
    assert turned["turned"].tolist() == [True] * 5 + [False]
    assert not turned["complement"].any()
    assert turned["count"].fillna(-1).tolist() == [218, -1, -1, -1, -1, 218]
    np.testing.assert_allclose(turned["percent"].tolist(), [np.nan, 90.5, 0.0, 5.0, np.nan, np.nan])
    np.testing.assert_allclose(turned["percent_max"].tolist(), [np.nan, np.nan, 10.0, 20.0, np.nan, np.nan])
    assert turned["interval"].tolist() == ["wilson", "rounding", "range", "range", "none", "wilson"]
    same = ["rate", "rate_low", "rate_high"]
    np.testing.assert_allclose(turned.loc[0, same].tolist(), turned.loc[5, same].tolist())
    np.testing.assert_allclose(turned.loc[1:3, "rate_low"].tolist(), [90.45, 0.0, 5.0])
    np.testing.assert_allclose(turned.loc[1:3, "rate_high"].tolist(), [90.55, 10.0, 20.0])


def test_a_base_is_borrowed_from_the_same_place_subject_and_period(catalogue):
    """A class without its base takes that of its sister and says from whom; another place's is left."""
    given = add_rates(
        rows(
            rating("strong", count=51),
            rating("good", count=5, base=56),
            rating("strong", count=51, province="An Giang"),
        )
    )
    borrowed = borrow_base(given, catalogue=catalogue)
    assert borrowed["base"].fillna(0).tolist() == [56, 56, 0]
    assert borrowed["base_from"].tolist() == ["X2", "", ""]
    assert borrowed["interval"].tolist() == ["wilson", "wilson", "none"]
    assert round(borrowed.loc[0, "rate"], 2) == 91.07


def test_a_base_of_another_year_is_only_borrowed_when_asked_for(catalogue):
    """Bình Thuận's 79 communes of 2012 find the 124 of 2008 with same_period=False, confirmed by 63.71 %."""
    given = add_rates(
        rows(
            {"count": 62, "base": 124, "percent": 50, "period_start": "2008", "period_end": "2008"},
            {"count": 79, "percent": 63.71, "decimals": 2},
            {"indicator": "org_count", "count": 127, "period_start": "2013", "period_end": "2013"},
        )
    )
    assert borrow_base(given, catalogue=catalogue).loc[1, "base_from"] == ""
    borrowed = borrow_base(given, same_period=False, catalogue=catalogue)
    assert borrowed.loc[1, ["base", "base_from", "interval"]].tolist() == [124, "X1", "wilson"]


def test_a_base_of_another_year_that_does_not_fit_says_nothing(catalogue):
    """83 villages, 100 %, in 2022: the 92 villages of 2017 are no conflict, things changed."""
    given = add_rates(
        rows(
            {
                "count": 78,
                "base": 92,
                "percent": 84.7,
                "decimals": 1,
                "period_start": "2017",
                "period_end": "2017",
            },
            {"count": 83, "percent": 100, "decimals": 0, "period_start": "2022", "period_end": "2022"},
        )
    )
    borrowed = borrow_base(given, same_period=False, catalogue=catalogue)
    assert borrowed.loc[1, ["base_from", "interval", "conflict"]].tolist() == ["", "rounding", False]


def test_the_published_total_is_offered_and_its_contradiction_kept(catalogue):
    """Cần Thơ 2016: 439 of 709 organisations isn't 62.62 %, so the percentage stands, flagged."""
    given = add_rates(rows(rating("strong", count=439, percent=62.62, decimals=2)))
    total = rows(
        {
            "observation_id": "B044",
            "indicator": "org_count",
            "subject": "grassroots_org",
            "count": 709,
            "province": "Đồng Nai",
            "period_start": "2013",
            "period_end": "2013",
        }
    )
    borrowed = borrow_base(given, total, catalogue=catalogue)
    assert borrowed.loc[0, ["base_from", "interval", "conflict"]].tolist() == ["B044", "rounding", True]
    assert pd.isna(borrowed.loc[0, "base"])


def test_one_contradicted_class_speaks_for_its_whole_rating(catalogue):
    """Of 15, 55 and 2 members (21, 76.3 and 2.7 %) none takes the 73 that only one of them contradicts."""
    given = add_rates(
        rows(
            rating("strong", count=15, percent=21, decimals=0),
            rating("good", count=55, percent=76.3, decimals=1),
            rating("weak", count=2, percent=2.7, decimals=1),
        )
    )
    total = rating("", "", indicator="org_count", scheme="", count=73, observation_id="C097")
    borrowed = borrow_base(given, rows(total), catalogue=catalogue)
    assert borrowed["base"].isna().all()
    assert borrowed["base_from"].tolist() == ["C097"] * 3
    assert borrowed["conflict"].all()


@pytest.mark.parametrize(
    "other",
    [
        {"definition": "village_cells"},
        {"base_of": "strong"},
        {"subject": "village"},
        {"count": 3, "base": 4},
        {"area": "Biên Hòa", "geo_level": "district"},
    ],
)
def test_a_base_of_something_else_is_not_borrowed(catalogue, other):
    """Another definition, base, subject or area, or a base below the count, lends nothing."""
    given = add_rates(rows({"count": 79}, {"count": 62, "base": 124} | other))
    assert borrow_base(given, catalogue=catalogue).loc[0, "base_from"] == ""


def test_different_bases_on_offer_are_told_apart_by_the_printed_percentage(catalogue):
    """With 124 and 200 on offer, 63.71 % picks 124; without a percentage nothing is picked."""
    offers = rows({"count": 62, "base": 124}, {"count": 62, "base": 200})
    told = add_rates(rows({"observation_id": "A", "count": 79, "percent": 63.71, "decimals": 2}))
    silent = add_rates(rows({"observation_id": "A", "count": 79}))
    assert borrow_base(told, offers, catalogue=catalogue).loc[0, "base"] == 124
    assert borrow_base(silent, offers, catalogue=catalogue).loc[0, "base_from"] == ""


def test_a_base_is_borrowed_from_whatever_is_declared_a_total(catalogue):
    """62 villages take the 124 of an own indicator once it is a total, nothing (0) before."""
    own = catalogue.indicator("org_count").model_copy(update={"id": "village_count", "total": False})
    given = add_rates(rows({"count": 62}))
    offer = rows({"indicator": "village_count", "count": 124, "observation_id": "total"})
    bases = []
    for total in (False, True):
        entry = own.model_copy(update={"total": total})
        known = catalogue.model_copy(update={"indicators": {**catalogue.indicators, "village_count": entry}})
        bases.append(borrow_base(given, offer, catalogue=known)["base"].fillna(0).item())
    assert bases == [0, 124]


def test_plain_counts_never_become_shares(catalogue):
    """A number of organisations of one kind doesn't borrow the number of all: the indicator is no share."""
    given = add_rates(
        rows(
            {"indicator": "org_count", "count": 10, "category": "xã"}, {"indicator": "org_count", "count": 15}
        )
    )
    assert borrow_base(given, catalogue=catalogue)["interval"].tolist() == ["none", "none"]


def test_borrowing_reads_the_shipped_catalogue_unless_told():
    """Without a catalogue the one that ships with the package tells shares from counts."""
    given = add_rates(rows({"count": 79}, {"count": 62, "base": 124}))
    assert borrow_base(given).loc[0, "base_from"] == "X2"


def test_a_row_turned_there_and_back_is_the_row_again():
    """218 who do become 488 who do not, and 218 again; a row that counts so already isn't turned."""
    given = add_rates(rows({"count": 218, "base": 706}, {"count": 488, "base": 706, "complement": True}))
    turned = as_complement(given, count="do_not")
    assert turned[["count", "complement", "turned"]].to_numpy().tolist() == [
        [488, True, True],
        [488, True, False],
    ]
    back = as_complement(turned)
    assert back["count"].tolist() == [218, 218]
    assert back["rate"].round(6).tolist() == [30.878187, 30.878187]
    with pytest.raises(UnknownName, match="do_not"):
        as_complement(given, count="not")


def test_limits_of_counts_change_sides_with_those_who_do_not():
    """20 to 30 of 100 who don't are 70 to 80 who do; at least 20 who don't are 80 at the most who do."""
    given = rows(
        {"count": 20, "count_max": 30, "base": 100, "qualifier": "range"},
        {"count": 20, "base": 100, "qualifier": "at_least"},
        {"percent": 90.0, "qualifier": "at_least"},
        complement=True,
    )
    turned = as_complement(add_rates(given))
    assert turned[["count", "count_max"]].astype("object").where(
        turned["count"].notna(), None
    ).to_numpy().tolist() == [
        [70, 80],
        [0, 80],
        [None, None],
    ]
    assert turned["qualifier"].tolist() == ["range"] * 3
    limits = ["interval", "rate_low", "rate_high"]
    again = add_rates(turned.drop(columns=[*limits, "rate"]))
    assert again[limits].to_numpy().tolist() == turned[limits].to_numpy().tolist()


def test_a_floor_above_100_has_no_upper_end():
    """At least 105 % of a target isn't 105 to 100."""
    (found,) = add_rates(rows({"percent": 105.0, "qualifier": "at_least"}))[
        ["rate_low", "rate_high"]
    ].to_numpy()
    assert found[0] == 105
    assert np.isnan(found[1])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (((one for one in [1]), [3]), "made of numbers or lists of them, not of <generator"),
        ((["a"], [3]), "made of numbers or lists of them, not of .'a'."),
        (([1, 2], [3, 4, 5]), "lists of one length, not of 2 and 3 numbers"),
        ((1, np.inf), "a count lies between 0 and its base, .* found 1 of inf"),
    ],
)
def test_what_no_interval_is_made_of_is_told(given: tuple[object, object], says: str) -> None:
    """Both intervals say what they take."""
    for ask in (lambda: wilson(*given), lambda: newcombe(*given, *given)):
        with pytest.raises(CbanalysisError, match=says):
            ask()


def test_a_count_that_pandas_misses_has_no_interval() -> None:
    """A missing whole number is NaN as a missing float is."""
    low, high = wilson(pd.Series([0, None], dtype="Int64"), pd.Series([3, 3], dtype="Int64"))
    assert np.isnan([low[1], high[1]]).all()
    assert low[0] == 0
