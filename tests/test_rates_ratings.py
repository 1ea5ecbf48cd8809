"""Rating distributions and the one measure across the schemes."""

import numpy as np
import pandas as pd
import pytest

from cbanalysis.common.errors import DataError, NotComparable, UnknownName
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.statistics.rates import add_rates, compare, distribution, good_or_better, require_comparable
from plain_rows import rating, rows


@pytest.fixture(scope="module")
def catalogue():
    """Return the catalogue that ships with the package."""
    return Catalogue.read()


def new(category_id, kind="exclusive", **more):
    """Return one class of a rating of 2021 under the new scheme."""
    return rating(
        category_id, kind, **({"scheme": "org_2018", "period_start": "2021", "period_end": "2021"} | more)
    )


def test_classes_with_counts_are_shares_of_their_base(catalogue):
    """6 and 25 of 31 are the whole; both get Goodman's limits and their place in the scheme."""
    shares = distribution(
        rows(new("good", count=25, base=31), new("excellent", count=6, base=31)), catalogue=catalogue
    )
    assert shares["share"].round(2).tolist() == [80.65, 19.35]
    assert shares["share_interval"].tolist() == ["goodman"] * 2
    assert shares["share_base"].tolist() == [31, 31]
    assert shares["category_order"].tolist() == [2, 1]
    assert shares["complete"].tolist() == [True, True]
    assert shares["interval"].tolist() == ["wilson"] * 2


def test_what_is_not_printed_is_a_class_too(catalogue):
    """54 and 157 of 233 leave 22 unsaid: the limits count a third class, and nothing is complete."""
    shares = distribution(
        rows(new("excellent", count=54, base=233), new("good", count=157, base=233)), catalogue=catalogue
    )
    assert shares["complete"].tolist() == [False, False]
    # Wilson at the level 1 - 0.05/3, z = 2.394: by hand for 54 of 233
    z2 = 2.39398**2
    p = 54 / 233
    half = np.sqrt(z2) * np.sqrt(p * (1 - p) / 233 + z2 / (4 * 233**2)) / (1 + z2 / 233)
    assert round(shares.loc[0, "share_low"], 2) == round(100 * ((p + z2 / 466) / (1 + z2 / 233) - half), 2)


def test_an_empty_class_has_a_lower_limit_of_0(catalogue):
    """Nobody failed: 0 %, from exactly 0."""
    shares = distribution(
        rows(new("good", count=10, base=10), new("failed", count=0, base=10)), catalogue=catalogue
    )
    assert shares["share_low"].tolist()[1] == 0.0
    assert shares["share_high"].tolist()[0] == 100.0


def test_counts_of_all_classes_make_their_own_base(catalogue):
    """8, 30, 3 and 0 of an unprinted total are 41; without the last class nobody knows."""
    four = [
        new(one, count=count)
        for one, count in (("excellent", 8), ("good", 30), ("fulfilled", 3), ("failed", 0))
    ]
    shares = distribution(rows(*four), catalogue=catalogue)
    assert shares["share_base"].tolist() == [41] * 4
    assert shares["share"].round(2).tolist() == [19.51, 73.17, 7.32, 0.0]
    assert shares["complete"].all()
    three = distribution(rows(*four[:3]), catalogue=catalogue)
    assert three["share"].isna().all()
    assert not three["complete"].any()
    printed = distribution(rows(*four[:3], new("failed", count=0, percent=0)), catalogue=catalogue)
    assert printed["share_base"].isna().all()


def test_an_approximate_count_makes_no_whole(catalogue):
    """About 120, 451, 27 and 0 of an unprinted total are no 598: no share, no interval, not complete."""
    four = [
        new("excellent", count=120, qualifier="about"),
        *(new(one, count=count) for one, count in (("good", 451), ("fulfilled", 27), ("failed", 0))),
    ]
    shares = distribution(rows(*four), catalogue=catalogue)
    assert shares[["share", "share_low", "share_base"]].isna().all(axis=None)
    assert not shares["complete"].any()
    assert made(catalogue, *four)[:2] + made(catalogue, *four)[5:] == [571, None, "about", "X1+X2", ""]


def test_an_approximate_count_of_a_printed_base_gets_no_interval(catalogue):
    """About 20 and exactly 80 of 100 keep their shares, but no common limits, and aren't called complete."""
    shares = distribution(
        rows(new("good", count=80, base=100), new("excellent", count=20, base=100, qualifier="about")),
        catalogue=catalogue,
    )
    assert shares["share"].tolist() == [80.0, 20.0]
    assert shares["share_interval"].tolist() == ["none", "none"]
    assert not shares["complete"].any()


def test_exemplary_beside_strong_makes_a_whole(catalogue):
    """Biên Hòa: 15 exemplary, 53 otherwise strong, 39 good, 9 fulfilled and 1 weak are all classes of 117."""
    classes = (("exemplary", 15), ("strong_only", 53), ("good", 39), ("fulfilled", 9), ("weak", 1))
    shares = distribution(rows(*(rating(one, count=count) for one, count in classes)), catalogue=catalogue)
    assert shares["share_base"].tolist() == [117] * 5
    assert shares["complete"].all()


def test_percentages_make_a_whole_within_their_rounding(catalogue):
    """87.97, 10.22, 1.42 and 0.39 add to 100.00; 69.98, 16.5, 4.66 and 0.41 don't, nor do two of four."""
    classes = ("strong", "good", "fulfilled", "weak")

    def printed(*percents):
        cells = [
            rating(one, percent=share, decimals=2) for one, share in zip(classes, percents, strict=False)
        ]
        return distribution(rows(*cells), catalogue=catalogue)

    whole = printed(87.97, 10.22, 1.42, 0.39)
    assert whole["complete"].all()
    assert whole["share"].tolist() == [87.97, 10.22, 1.42, 0.39]
    assert whole["share_interval"].tolist() == ["rounding"] * 4
    assert whole.loc[0, ["share_low", "share_high"]].tolist() == [87.965, 87.975]
    assert whole["share_base"].isna().all()
    # each of the four may be out by 0.005, so 0.02 together
    assert printed(87.97, 10.22, 1.42, 0.41)["complete"].all()
    assert not printed(87.97, 10.22, 1.42, 0.42)["complete"].any()
    assert not printed(69.98, 16.5, 4.66, 0.41)["complete"].any()
    assert not printed(87.97, 10.22)["complete"].any()


def test_classes_that_disagree_on_the_base_keep_their_own_shares(catalogue):
    """Two bases, a conflict, a class printed twice or counts above the base give no common interval."""
    two = distribution(
        rows(new("good", count=5, base=10), new("excellent", count=10, base=20)), catalogue=catalogue
    )
    assert two["share"].tolist() == [50.0, 50.0]
    assert two["share_interval"].tolist() == ["none", "none"]
    assert two["share_low"].isna().all()
    twice = distribution(
        rows(new("good", count=5, base=10), new("good", count=5, base=10)), catalogue=catalogue
    )
    assert not twice["complete"].any()
    above = distribution(
        rows(new("good", count=8, base=10), new("excellent", count=8, base=10)), catalogue=catalogue
    )
    assert above["share_interval"].tolist() == ["none", "none"]
    conflict = rows(new("good", count=9, base=10, percent=80), new("excellent", count=1, base=10))
    assert distribution(conflict, catalogue=catalogue)["share"].tolist() == [80.0, 10.0]


def test_only_classes_of_their_own_are_shares(catalogue):
    """Cumulative, part and unclear rows, and what is no rating, keep their row without a share."""
    given = rows(
        new("good_or_better", "cumulative", count=43, base=44),
        new("excellent", "part", count=7, base=44),
        new("good", "unclear", count=32, base=44),
        new("excellent", base_of="good_or_better", count=7, base=43),
        {"percent": 50},
    )
    shares = distribution(given, catalogue=catalogue)
    assert shares["share"].isna().all()
    assert shares["share_interval"].tolist() == ["none"] * 5
    assert shares["category_order"].fillna(0).tolist() == [3, 1, 2, 1, 0]


def test_ratings_of_different_documents_are_kept_apart(catalogue):
    """The same place and year in two documents are two wholes."""
    given = rows(new("good", count=5, base=10), new("good", count=7, base=10, source_id="seed-001"))
    shares = distribution(given, catalogue=catalogue)
    assert shares["share"].tolist() == [50.0, 70.0]


def test_a_distribution_needs_a_known_scheme():
    """Unknown schemes and missing columns are refused; the shipped catalogue is read when none is given."""
    with pytest.raises(UnknownName, match="org_2019"):
        distribution(rows(rating("good", scheme="org_2019", percent=5)))
    with pytest.raises(DataError):
        distribution(pd.DataFrame({"count": [1]}))


MADE = ("count", "base", "percent", "percent_max", "rounding", "qualifier", "made_from", "missing")


def made(catalogue, *given):
    """Return the one harmonised row, empty cells as None."""
    harmonised = good_or_better(rows(*given), catalogue=catalogue)
    assert len(harmonised) == 1
    return [None if pd.isna(one) else one for one in harmonised.iloc[0][list(MADE)]]


def test_counts_of_both_schemes_are_added_over_their_base(catalogue):
    """Strong and good of the old, excellent and good of the new scheme: counts over the common base."""
    old = made(
        catalogue,
        rating("strong", count=6, base=32),
        rating("good", count=7, base=32),
        rating("weak", count=1, base=32),
    )
    assert old == [13, 32, None, None, None, "exact", "X1+X2", ""]
    later = made(catalogue, new("excellent", count=6, base=31), new("good", count=25, base=31))
    assert later == [31, 31, None, None, None, "exact", "X1+X2", ""]


def test_exemplary_counts_once(catalogue):
    """Inside the strong ones it isn't added again; beside them it is."""
    inside = made(
        catalogue,
        rating("exemplary", "part", count=5, base=32),
        rating("strong", count=6, base=32),
        rating("good", count=7, base=32),
    )
    assert inside[:2] == [13, 32]
    beside = made(
        catalogue,
        rating("exemplary", count=15, base=117),
        rating("strong_only", count=53, base=117),
        rating("good", count=39, base=117),
    )
    assert beside[:2] + beside[-2:] == [107, 117, "X1+X2+X3", ""]


def test_a_class_printed_whole_and_in_its_parts_counts_once(catalogue):
    """Strong (68), and the 15 and 53 that it is made of, with 39 good ones: 107, not 175."""
    classes = (("exemplary", 15), ("strong_only", 53), ("strong", 68), ("good", 39))
    row = made(catalogue, *(rating(one, count=count, base=117) for one, count in classes))
    assert row[:2] + row[-2:] == [107, 117, "X3+X4", ""]


def test_a_printed_good_or_better_is_taken_as_it_is(catalogue):
    """A cumulative figure, also one printed as good with the better ones inside, needs no sum."""
    whole = made(
        catalogue,
        new("good_or_better", "cumulative", count=43, base=44, percent=97.7, decimals=1),
        new("excellent", "part", count=7, base=44),
    )
    assert whole == [43, 44, 97.7, None, None, "exact", "X1", ""]
    good = made(catalogue, new("good", "cumulative", percent=92.94, decimals=2))
    assert good == [None, None, 92.94, None, pytest.approx(0.005), "exact", "X1", ""]


def test_a_sum_with_its_base_goes_before_a_bare_percentage(catalogue):
    """Counts that add up say more than the printed percentage of the whole."""
    both = made(
        catalogue,
        new("good_or_better", "cumulative", percent=100),
        new("excellent", count=6, base=31),
        new("good", count=25, base=31),
    )
    assert both[:2] + both[-2:] == [31, 31, "X2+X3", ""]


def test_percentages_are_added_with_what_their_rounding_leaves_open(catalogue):
    """13 % and 80.42 % are 93.42 %, out by 0.505 at the most; add_rates draws that range."""
    given = rows(rating("strong", percent=13, decimals=0), rating("good", percent=80.42, decimals=2))
    harmonised = add_rates(good_or_better(given, catalogue=catalogue)).iloc[0]
    assert (harmonised["percent"], round(harmonised["rounding"], 9)) == (93.42, 0.505)
    assert [round(harmonised[one], 3) for one in ("rate_low", "rate_high")] == [92.915, 93.925]
    assert harmonised["interval"] == "rounding"


def test_a_class_with_its_base_adds_no_rounding(catalogue):
    """39,920 of 57,045 and 16.5 %: only the second is rounded."""
    row = made(
        catalogue,
        rating("strong", count=39920, base=57045, percent=69.98, decimals=2),
        rating("good", percent=16.5, decimals=1),
    )
    assert row[:2] == [None, None]
    assert (round(row[2], 4), row[4]) == (86.4798, pytest.approx(0.05))


@pytest.mark.parametrize(
    ("good", "expected"),
    [
        ({"percent": 73, "qualifier": "about"}, [86.2, None, None, "about"]),
        ({"percent": 73, "qualifier": "at_least"}, [86.2, None, None, "at_least"]),
        ({"percent": 70, "percent_max": 80, "qualifier": "range"}, [83.2, 93.2, None, "range"]),
        ({"percent": 70, "percent_max": 90, "qualifier": "range"}, [83.2, 100.0, None, "range"]),
    ],
)
def test_the_loosest_class_decides_what_the_sum_is(catalogue, good, expected):
    """About stays about, a floor a floor, a range a range."""
    assert made(catalogue, new("excellent", percent=13.2, decimals=1), new("good", **good))[2:6] == expected


def test_counts_without_a_base_are_added_as_counts(catalogue):
    """1,386 and 7,436 members are 8,822 of an unknown number, and no rate."""
    assert made(catalogue, new("excellent", count=1386), new("good", count=7436))[:3] == [8822, None, None]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"qualifier": "about"}, "about"),
        ({"qualifier": "at_least"}, "at_least"),
        ({"qualifier": "range", "count_max": 130}, "at_least"),
    ],
)
def test_a_sum_with_an_inexact_count_says_so(catalogue, words, expected):
    """About 120 and 451 are about 571; at least 120, or 120 to 130, and 451 are at least 571."""
    row = made(catalogue, new("excellent", count=120, **words), new("good", count=451))
    assert (row[0], row[5]) == (571, expected)


def test_counts_of_all_classes_of_the_scheme_make_the_base(catalogue):
    """8 excellent, 30 good, 3 fulfilled and none failed: 38 of 41, made of all four."""
    four = (("excellent", 8), ("good", 30), ("fulfilled", 3), ("failed", 0))
    row = made(catalogue, *(new(one, count=count) for one, count in four))
    assert row[:3] + row[-2:] == [38, 41, None, "X1+X2+X3+X4", ""]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ([rating("strong", percent=93.93)], "good"),
        ([rating("weak", percent=0.44)], "strong, good"),
        ([rating("good", percent=10), rating("exemplary", percent=5)], "strong_only"),
        ([rating("strong", percent=50), rating("good", "unclear", percent=72.7)], "good"),
        ([rating("strong", percent=50), rating("good", base_of="strong", percent=10)], "good"),
        (
            [rating("strong", percent=50), rating("good", percent=10), rating("good", percent=20)],
            "two figures",
        ),
        (
            [
                rating("good_or_better", "cumulative", percent=50),
                rating("good_or_better", "cumulative", percent=60),
            ],
            "two figures",
        ),
        ([new("excellent", count=20, base=31), new("good", count=25, base=31)], "above the base"),
        ([new("excellent", percent=20), new("good", percent=85)], "above 100"),
        ([new("excellent", count=20), new("good", percent=70)], "no figure"),
        ([new("excellent", count=20, base=40), new("good", count=7)], "no figure"),
    ],
)
def test_what_can_not_be_made_names_what_is_missing(catalogue, given, missing):
    """Classes that aren't printed, double figures and impossible sums leave the row empty and say why."""
    row = made(catalogue, *given)
    assert row[:5] == [None] * 5
    assert row[-1] == missing


FOUR = ("strong", "good", "fulfilled", "weak")


@pytest.mark.parametrize(
    ("shares", "percent", "missing"),
    [
        ((69.98, 16.5, 4.66, 0.41), None, "classes that add to 100"),
        ((69.98, 24.95, 4.66, 0.41), 94.93, ""),
        ((69.98, 24.9, 4.66, 0.41), 94.88, ""),
    ],
)
def test_all_classes_that_miss_100_make_no_sum(catalogue, shares, percent, missing):
    """69.98 + 16.5 + 4.66 + 0.41 = 91.55: the 8.45 points left may be good or bad; 99.95 is rounding."""
    row = made(catalogue, *(rating(one, percent=share) for one, share in zip(FOUR, shares, strict=True)))
    assert (row[2], row[-1]) == (percent, missing)


NEW_FOUR = ("excellent", "good", "fulfilled", "failed")


@pytest.mark.parametrize(
    ("shares", "counts", "expected"),
    [
        ((12.8, 60.8, 22.6, 3.5), (29, 137, 51, 8), (166, 73.6, 0.2, "")),  # of 225, all cut: 99.7
        ((12.8, 60.7, 22.6, 3.6), (None,) * 4, (None, 73.5, 0.2, "")),
        ((12.8, 60.8, 28.6, 3.5), (29, 137, 51, 8), (166, None, None, "")),  # 22.6 misprinted
        ((12.8, 60.8, 28.6, 3.5), (29, 137, None, 8), (None, None, None, "classes that add to 100")),
    ],
)
def test_cut_shares_make_a_sum_and_a_misprint_leaves_the_counts(catalogue, shares, counts, expected):
    """Four shares cut to a tenth miss 100 by less than 0.4; 29 + 137 stay beside a misprint."""
    given = zip(NEW_FOUR, shares, counts, strict=True)
    row = made(catalogue, *(new(name, percent=share, count=count) for name, share, count in given))
    assert (row[0], row[2], row[4], row[-1]) == expected


def test_the_measure_holds_across_the_schemes_and_only_it(catalogue):
    """Ratings of 2013 and 2021 are refused as they are and compared as good or better."""
    given = rows(
        rating("strong", count=6, base=32),
        rating("good", count=7, base=32),
        new("excellent", count=6, base=31, province="An Giang"),
        new("good", count=25, base=31, province="An Giang"),
        {"percent": 50},
    )
    with pytest.raises(NotComparable, match="the rating scheme differs"):
        require_comparable(given.iloc[:4], across=("province", "period", "category"))
    harmonised = add_rates(good_or_better(given, catalogue=catalogue))
    assert harmonised["printed_scheme"].tolist() == ["org_2007", "org_2018"]
    compared = compare(harmonised, to="An Giang", direction="higher", across=("province", "period"))
    assert compared["verdict"].tolist() == ["worse", ""]


def test_rows_keep_their_place_and_lose_what_was_said_of_one_class(catalogue):
    """Province, period and source stay; spelling, note and printed figure of a class go; ids are unique."""
    given = rows(
        new("excellent", percent=20, printed="20%"), new("good", percent=70), new("good", percent=7, area="B")
    )
    harmonised = good_or_better(given.assign(note="a note"), catalogue=catalogue)
    assert harmonised["observation_id"].tolist() == ["X1+X2", "X3 (good_or_better)"]
    assert harmonised[["province", "period_end", "source_id"]].iloc[0].tolist() == [
        "Đồng Nai",
        "2021",
        "seed-000",
    ]
    assert harmonised["printed"].tolist() == ["", ""]
    assert harmonised["note"].tolist() == ["", ""]
    assert "decimals" not in harmonised
    assert str(harmonised["count"].dtype) == "Int64"


def test_nothing_rated_gives_nothing_harmonised():
    """Rows without a scheme are left out; missing columns are refused."""
    assert len(good_or_better(rows({"percent": 50}))) == 0
    with pytest.raises(DataError):
        good_or_better(pd.DataFrame({"count": [1]}))
