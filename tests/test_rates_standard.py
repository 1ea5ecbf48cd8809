"""The rows that follow an indicator's own definition."""

from __future__ import annotations

import pytest

from cbanalysis.common.errors import CbanalysisError, DataError, NotComparable
from cbanalysis.statistics.rates import change, good_or_better, rank, standard
from plain_rows import COUNT, FLOOR, HALF, rated, rating, rows

VARIANTS = [{"definition": "regular"}, {"base_of": "partial"}, {"complement": True}, {"aggregation": "mean"}]


def test_rates_and_floors_of_the_own_definition_stay() -> None:
    """A rate and a floor remain, a plain count goes."""
    assert standard(rated(HALF, COUNT, FLOOR))["observation_id"].tolist() == ["X1", "X3"]


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_is_left_out(variant) -> None:
    """Another definition, another base, a complement and a mean are no standard rates."""
    assert standard(rated({**HALF, **variant})).empty


def test_a_missing_column_is_told() -> None:
    """A frame without rates is refused with the column's name."""
    with pytest.raises(DataError, match="interval"):
        standard(rated(HALF).drop(columns="interval"))


def test_rows_as_loaded_get_their_rates() -> None:
    """62 of 124 need no other call before they are chosen or ranked."""
    assert standard(rows(HALF))["rate"].tolist() == [50.0]
    assert rank(rows(HALF))["rank"].tolist() == [1]


def test_counts_are_ranked_as_counts() -> None:
    """Of 9, 12 and 12 the last two share the first rank; about 20 has none; unlike counts are refused."""
    places = ("Bắc Giang", "Hà Nam", "Nghệ An", "Sơn La")
    given = [
        {
            **COUNT,
            "province": place,
            "unit_id": "",
            "count": count,
            "qualifier": "about" if count == 20 else "exact",
        }
        for place, count in zip(places, (9, 12, 12, 20), strict=True)
    ]
    ranked = rank(rows(*given))
    assert ranked["rank"].fillna(0).tolist() == [3, 1, 1, 0]
    assert ranked["rank_high"].fillna(0).tolist() == [3, 2, 2, 0]
    with pytest.raises(NotComparable, match="subject"):
        rank(rows(given[0], {**given[1], "subject": "village"}))


def test_a_change_says_which_category_was_not_published() -> None:
    """Of 2013 only "strong" is known: "good" is what good or better lacks."""
    later = {"period_start": "2015", "period_end": "2015"}
    given = rows(
        rating("strong", percent=80.0),
        rating("strong", percent=70.0, **later),
        rating("good", percent=20.0, **later),
    )
    with pytest.raises(CbanalysisError, match=r"2013 has no .*not published: good.*with one: 2015"):
        change(good_or_better(given), 2013, 2015)
