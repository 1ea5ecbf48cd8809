"""Which figures may stand beside each other."""

from typing import get_args

import pytest

from cbanalysis import words
from cbanalysis.common.errors import DataError, NotComparable, UnknownName
from cbanalysis.statistics.rates import (
    Dimension,
    add_rates,
    change,
    good_or_better,
    left_out,
    require_comparable,
)
from cbanalysis.statistics.rates.choosing_and_ranking import one_each, require_one_each
from chart_checks import said_in
from plain_rows import rating, rows

FIRST = {"observation_id": "A1", "province": "An Giang", "percent": 50}
PAIRS = [
    (
        {"indicator": "congress_done"},
        "they measure different things: office_cell_adoption (A1), congress_done",
    ),
    ({"subject": "village"}, "the subject differs: commune (A1), village (B1)"),
    ({"definition": "joint_cell"}, "the definition differs: the standard one (A1), joint_cell (B1)"),
    (
        {"base_of": "strong"},
        "the base differs: shares of different wholes: the standard one (A1), strong (B1)",
    ),
    ({"complement": True}, "those who do NOT: do (A1), do NOT (B1); as_complement() turns the latter"),
    ({"geo_level": "district"}, "the level differs: province (A1), district (B1)"),
    ({"aggregation": "mean"}, "means and running totals differ: point (A1), mean (B1)"),
    ({"aggregation": "cumulative"}, "point (A1), cumulative (B1)"),
    ({"category": "xã"}, 'none (A1), xã (B1); allow it with across=("province", "category")'),
    (
        {"period_end": "2013"},
        'the period differs: 2012 (A1), 2012-2013 (B1); allow it with across=("province", "period")',
    ),
    ({"period_start": "", "period_end": ""}, "2012 (A1), not dated (B1)"),
]


@pytest.mark.parametrize(("other", "reason"), PAIRS)
def test_rows_that_differ_are_refused_with_reason_and_rows(other, reason):
    """Each thing that must be the same is refused by name, with the observations on either side."""
    given = rows(FIRST, FIRST | {"observation_id": "B1", "province": "Đồng Nai"} | other)
    with pytest.raises(NotComparable) as caught:
        require_comparable(given)
    assert reason in caught.value.reason
    assert set(caught.value.rows) == {"A1", "B1"}


RATINGS = [
    (
        rating("good"),
        rating("good", scheme="org_2018"),
        "the rating scheme differs: org_2007 (X1), org_2018 (X2)",
    ),
    (rating("good"), rating("good", "cumulative"), "are different things: exclusive (X1), cumulative (X2)"),
    (rating("good"), rating("good", "part"), "exclusive (X1), part (X2)"),
    (rating("good"), rating("good", "unclear"), "exclusive (X1), unclear (X2)"),
    (rating("good"), rating("strong"), "the category differs: good (X1), strong (X2)"),
    (rating("good", "unclear"), rating("good", "unclear"), "nobody knows how the category counts in X1, X2"),
]


@pytest.mark.parametrize(("one", "other", "reason"), RATINGS)
def test_ratings_are_not_compared_across_schemes_categories_and_kinds(one, other, reason):
    """Schemes, categories and how a category counts may not differ, nor be unknown."""
    with pytest.raises(NotComparable) as caught:
        require_comparable(rows(one | {"province": "An Giang"}, other))
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("column", "words"), [("base_of", "what the share is a share of"), ("definition", "what was counted")]
)
def test_shares_of_nobody_knows_what_are_not_compared(column, words):
    """Rows whose base or definition is unclear can't be compared with each other either."""
    with pytest.raises(NotComparable, match=f"nobody knows {words} in A1, B1"):
        require_comparable(
            rows(FIRST, FIRST | {"observation_id": "B1", "province": "B"}).assign(**{column: "unclear"})
        )


def test_what_helps_is_said_once():
    """Ratings that differ in scheme, category and kind get one pointer to the harmonised measure."""
    given = rows(rating("strong"), rating("good", "cumulative", scheme="org_2018", province="An Giang"))
    with pytest.raises(NotComparable) as caught:
        require_comparable(given)
    assert caught.value.reason.count("good_or_better() makes one measure of ratings") == 1


def test_the_same_class_in_two_spellings_is_one_class():
    """Ratings are told apart by the normalised category, not by the spelling of the source."""
    given = rows(rating("weak", category="yếu kém", province="An Giang"), rating("weak", category="yếu, kém"))
    require_comparable(given)


def test_what_the_comparison_runs_over_may_differ():
    """Provinces may differ by default, periods and categories when asked for; months of a year may."""
    given = rows(FIRST, FIRST | {"province": "Đồng Nai", "period_start": "2012-03", "period_end": "2012-11"})
    require_comparable(given)
    later = rows(FIRST, FIRST | {"period_start": "2013", "period_end": "2013", "category": "xã"})
    require_comparable(later, across=("province", "period", "category"))
    with pytest.raises(NotComparable, match="the place differs"):
        require_comparable(given, across=("period",))


def test_one_row_is_always_comparable_and_dimensions_have_names():
    """A single row of unclear kind passes; a misspelt dimension is refused with the nearest."""
    require_comparable(rows(rating("good", "unclear")))
    with pytest.raises(UnknownName, match="did you mean 'period'"):
        require_comparable(rows(FIRST), across=("periods",))


def test_a_refusal_names_all_reasons_and_the_odd_row_first():
    """Two things that differ are both said; the one row that differs from the many is named first."""
    given = rows(
        *(FIRST | {"observation_id": f"A{one}"} for one in range(1, 6)),
        FIRST | {"observation_id": "B1", "subject": "cell", "definition": "x"},
    )
    with pytest.raises(NotComparable) as caught:
        require_comparable(given)
    assert "the subject differs: commune (A1, A2, A3 and 2 more), cell (B1)" in caught.value.reason
    assert "the definition differs" in caught.value.reason
    assert caught.value.rows[0] == "B1"
    assert len(caught.value.rows) == 6


def test_rows_without_ids_are_called_by_their_index():
    """A frame without observation ids is refused by its row labels."""
    given = rows(FIRST, FIRST | {"subject": "cell"}).drop(columns="observation_id")
    with pytest.raises(NotComparable, match=r"commune \(row 0\), cell \(row 1\)"):
        require_comparable(given)


def test_a_place_that_stands_twice_is_refused():
    """Two rows of one place are refused; with yearly only two of one year; areas and units are places."""
    twice = rows(FIRST, FIRST | {"observation_id": "A2", "period_end": "2013"})
    with pytest.raises(NotComparable, match=r"the same place stands more than once.*rows A1, A2"):
        require_one_each(twice, across=("province", "period"))
    require_one_each(twice, across=("province", "period"), yearly=True)
    with pytest.raises(NotComparable, match="the same place and year"):
        require_one_each(rows(FIRST, FIRST), yearly=True)
    district = FIRST | {"area": "Long Xuyên", "geo_level": "district"}
    require_one_each(rows(FIRST, district), across=("province", "geo_level"))
    require_one_each(rows(FIRST | {"unit_id": "01-2004"}, FIRST | {"unit_id": "01-2008"}))
    with pytest.raises(NotComparable, match="the same place stands more than once"):
        require_one_each(rows(FIRST | {"unit_id": "38-2004"}, FIRST | {"unit_id": "38-2025"}))


def test_one_each_takes_the_latest_year_then_the_surest_figure():
    """The latest year wins, then a known base, then the latest day, then the first row; the rest is named."""
    given = add_rates(
        rows(
            {"province": "An Giang", "percent": 90, "period_end": "2010"},
            {"province": "An Giang", "percent": 80, "period_end": "2012-11"},
            {"province": "An Giang", "count": 8, "base": 10, "period_end": "2012-03"},
            {"province": "Đồng Nai", "percent": 70, "period_end": "2012-03"},
            {"province": "Đồng Nai", "percent": 71, "period_end": "2012-11"},
            {"province": "Đồng Nai", "percent": 72, "period_end": "2012-11"},
            {"province": "Cần Thơ", "percent": 72, "period_start": "", "period_end": ""},
            {"province": "Hà Nam", "percent": 60, "period_end": "2012-11"},
            {"province": "Hà Nam", "percent": 61, "period_end": "2012"},
        )
    )
    kept = one_each(given)
    assert kept["observation_id"].tolist() == ["X3", "X5", "X7", "X9"]  # a year ends behind its months
    assert kept["beside"].tolist() == ["X2+X1", "X6+X4", "", "X8"]
    assert one_each(given, yearly=True)["observation_id"].tolist() == ["X1", "X3", "X5", "X7", "X9"]
    with pytest.raises(DataError):
        one_each(given.drop(columns="interval"))


def test_what_happened_in_periods_of_different_length_is_never_one_series():
    """Members admitted in a year and in half a year, or until unknown days, aren't compared."""
    year = {"indicator": "members_admitted", "count": 250, "period_start": "2019", "period_end": "2019"}
    half = year | {"period_start": "2020-01", "period_end": "2020-06-30"}
    other_year = year | {"period_start": "2020", "period_end": "2020", "aggregation": "cumulative"}
    some_day = year | {"definition": "part_of_year", "source_id": "page"}
    another_day = some_day | {"source_id": "another page"}
    over_time = ("province", "period")
    require_comparable(rows(year, other_year), across=over_time)
    require_comparable(rows(some_day, some_day), across=over_time)
    for pair in ((year, half), (some_day, another_day)):
        with pytest.raises(NotComparable, match="periods of different length"):
            require_comparable(rows(*pair), across=over_time)


def test_a_figure_of_a_day_may_stand_beside_one_of_a_year_where_nothing_flows():
    """What there is at a time has no length: cells counted in June beside those of a year."""
    count = {"indicator": "org_count", "count": 5, "period_start": "2019", "period_end": "2019"}
    require_comparable(
        rows(count, count | {"period_start": "2020-06", "period_end": "2020-06"}),
        across=("province", "period"),
    )


CONGRESS = {"indicator": "congress_done", "subject": "branch_cell"}
FEBRUARY = CONGRESS | {"period_start": "2020-02-11", "period_end": "2020-02-11"}
SOME_DAY = CONGRESS | {"period_start": "2020", "period_end": "2020"}


@pytest.mark.parametrize(
    "other",
    [
        {"period_start": "2020-03-12", "period_end": "2020-03-12"},
        {"period_start": "2020", "period_end": "2020"},
    ],
)
def test_what_runs_to_an_end_is_compared_on_one_day_only(other):
    """Congresses held by 11 February, 41.8 %, stand neither beside 12 March, 77 %, nor an unknown day."""
    with pytest.raises(NotComparable, match="had got on different days: 2020-02-11"):
        require_comparable(rows(FEBRUARY, FEBRUARY | other, percent=50))
    require_comparable(rows(FEBRUARY, FEBRUARY, percent=50))
    require_comparable(rows(FEBRUARY, FEBRUARY | other, percent=50), across=("province", "period"))


def test_two_unknown_days_are_one_only_in_one_document():
    """Two pages that both say 2020 don't tell the same day; figures of one page stand together."""
    require_comparable(rows(SOME_DAY, SOME_DAY, percent=50))
    with pytest.raises(NotComparable, match="different days"):
        require_comparable(rows(SOME_DAY, SOME_DAY | {"source_id": "another page"}, percent=50))
    march, june = ({"period_start": one, "period_end": one} for one in ("2020-03", "2020-06"))
    with pytest.raises(NotComparable, match="different days: a day in 2020-03 of"):
        require_comparable(rows(SOME_DAY | march, SOME_DAY | june, percent=50))


def test_another_day_is_the_reason_within_a_year_and_another_year_alone_beyond():
    """Of what is left out the day is told where the year is the same, else the year."""
    march, year_before = (
        FEBRUARY | {"period_start": one, "period_end": one} for one in ("2020-03-12", "2019")
    )
    found = left_out(rows(FEBRUARY, march, year_before, percent=50), rows(FEBRUARY, percent=50))
    assert found["reason"].tolist() == ["day", "period"]


LEFT = [
    ({"base_of": "cells"}, "base_of"),
    ({"definition": "joint_cell", "geo_level": "district"}, "definition+geo_level"),
    ({"subject": "cell"}, "subject"),
    ({"complement": True}, "complement"),
    ({"aggregation": "mean"}, "aggregation"),
    ({"period_start": "2013", "period_end": "2013"}, "period"),
    ({"percent": None, "count": 3}, "no_rate"),
    ({}, "chosen"),
]


@pytest.mark.parametrize(("other", "reason"), LEFT)
def test_what_was_left_out_comes_with_its_reason(other, reason):
    """Each published row that wasn't kept says on what it differs from those that were; no column is lost."""
    published = add_rates(rows(FIRST, FIRST | {"observation_id": "B1", "province": "Đồng Nai"} | other))
    out = left_out(published, published.head(1))
    assert out[["observation_id", "reason"]].to_numpy().tolist() == [["B1", reason]]
    assert [*out] == [*published, "reason"]


def test_the_year_is_no_reason_where_places_stand_there_with_different_ones():
    """2015 isn't left out for its year beside 2012 of one place and 2013 of another, but for its base."""
    year = {"period_start": "2015", "period_end": "2015"}
    other = FIRST | {
        "observation_id": "B1",
        "province": "Đồng Nai",
        "period_start": "2013",
        "period_end": "2013",
    }
    rest = FIRST | year | {"observation_id": "C1", "province": "Gia Lai", "base_of": "cells"}
    published = add_rates(rows(FIRST, other, rest))
    assert left_out(published, published.head(2))["reason"].tolist() == ["base_of"]
    assert left_out(published, published.head(1))["reason"].tolist() == ["period", "base_of+period"]


def test_nothing_that_was_kept_is_left_out_nor_another_indicator():
    """A row that a harmonised rating was made of counts as kept; other indicators were never asked for."""
    published = rows(
        rating("strong", percent=50),
        rating("good", percent=30),
        rating("weak", percent=20),
        rating("weak", percent=9, province="Đồng Nai"),
        FIRST,
    )
    made = add_rates(good_or_better(published.head(2)))
    assert made["made_from"].tolist() == ["X1+X2"]
    out = left_out(published, made)
    assert out[["observation_id", "reason"]].to_numpy().tolist() == [["X3", "category"], ["X4", "category"]]


def test_where_nothing_is_kept_rows_are_measured_by_the_indicators_own_definition():
    """Of a standard() that keeps nothing each row says why."""
    published = add_rates(rows(FIRST | {"base_of": "cells"}, FIRST | {"complement": True}))
    assert left_out(published, published.head(0))["reason"].tolist() == ["base_of", "complement"]


def test_who_was_left_out_is_told_in_both_languages():
    """Places stand behind their reason, the reason of most places first, each place once."""
    given = rows(
        {"province": "Đồng Tháp"},
        {"province": "Quảng Ninh"},
        {"province": "Quảng Ninh"},
        {"province": "Lào Cai"},
    ).assign(reason=["base_of", "base_of", "base_of", "period"])
    assert said_in("en", words.left_out, given) == [
        "another base: Dong Thap, Quang Ninh",
        "another year: Lao Cai",
    ]
    assert (
        said_in("vi", words.left_out, given, most=1)[0] == "không cùng mẫu số: Đồng Tháp và 1 địa phương nữa"
    )


def test_every_dimension_has_words():
    """No reason is without its words in Vietnamese and in English."""
    for dimension in set(get_args(Dimension)) - {"indicator", "province"}:
        assert said_in("vi", words.reason, dimension) != said_in("en", words.reason, dimension)


@pytest.mark.parametrize(
    ("before", "after"), [("38-2004", "38-2025"), ("46-2004", "46-202501"), ("46-202501", "46-202507")]
)
def test_a_province_on_the_same_land_has_one_change_under_two_ids(before, after):
    """Thanh Hóa and Huế have new ids and the same land: 50 % then and 60 % now are 10 points more."""
    of_2024 = {"unit_id": before, "count": 50, "base": 100, "period_start": "2024", "period_end": "2024"}
    of_2025 = {"unit_id": after, "count": 60, "base": 100, "period_start": "2025", "period_end": "2025"}
    assert change(add_rates(rows(of_2024, of_2025)), 2024, 2025)["difference"].tolist() == [10.0]
