"""The rows that follow an indicator's own definition."""

from __future__ import annotations

import pytest

from cbanalysis.common.errors import DataError
from cbanalysis.statistics.rates import standard
from plain_rows import COUNT, FLOOR, HALF, rated

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
