"""One province beside the others."""

from __future__ import annotations

import pandas as pd
import pytest

from cbanalysis.common.errors import DataError
from cbanalysis.statistics.rates import peers
from plain_rows import HALF, rated

OTHER = {**HALF, "province": "Bắc Ninh", "unit_id": "27-2004", "count": 31}


def test_rates_of_one_measure_stand_together() -> None:
    """The same indicator and year of two provinces give one measure, with the own rate marked."""
    found = peers(rated(HALF, OTHER), "Bắc Giang")
    assert found[["rate", "measure", "own"]].to_numpy().tolist() == [[50.0, 1, True], [50.0, 1, False]]


@pytest.mark.parametrize(
    "difference",
    [
        {"year": 2013},
        {"definition": "regular"},
        {"base_of": "partial"},
        {"complement": True},
        {"aggregation": "mean"},
        {"geo_level": "district", "area": "Quế Võ"},
        {"category": "nữ"},
        {"period_start": "2008"},
    ],
)
def test_what_differs_stays_apart(difference) -> None:
    """Another year, definition, base, complement, aggregation, level, kind or period is no peer."""
    assert peers(rated(HALF, {**OTHER, **difference}), "Bắc Giang").empty


def test_shares_of_nobody_knows_what_have_no_peers() -> None:
    """Two shares of an unclear base may be shares of anything."""
    assert peers(rated({**HALF, "base_of": "unclear"}, {**OTHER, "base_of": "unclear"}), "Bắc Giang").empty


def test_how_far_something_had_got_has_peers_of_the_same_day_only() -> None:
    """Congresses held by 11 February stand beside those of that day, not beside those of 12 March."""
    day = {"indicator": "congress_done", "subject": "branch_cell", "year": 2020}
    february, march = (
        {**day, "period_start": one, "period_end": one} for one in ("2020-02-11", "2020-03-12")
    )
    assert peers(rated({**HALF, **february}, {**OTHER, **march}), "Bắc Giang").empty
    assert len(peers(rated({**HALF, **february}, {**OTHER, **february}), "Bắc Giang")) == 2


def test_the_most_recent_measure_comes_first() -> None:
    """Measures are numbered from the latest year backwards, whatever the order of the rows."""
    later = [{**one, "year": 2015} for one in (HALF, OTHER)]
    found = peers(rated(HALF, OTHER, *later), "Bắc Giang")
    assert found.groupby("measure")["year"].first().to_dict() == {1: 2015, 2: 2012}


def test_a_province_alone_or_without_figures_has_no_peers() -> None:
    """No measure is shared with nobody."""
    assert peers(rated(HALF), "Bắc Giang").empty
    assert peers(rated(HALF, OTHER), "Cà Mau").empty


def test_the_callers_frame_stays() -> None:
    """Finding peers adds nothing to the frame given."""
    frame = rated(HALF, OTHER)
    before = frame.copy(deep=True)
    peers(frame, "Bắc Giang")
    pd.testing.assert_frame_equal(frame, before)


def test_a_missing_column_is_told() -> None:
    """A frame without rates is refused with the column's name."""
    with pytest.raises(DataError, match="rate"):
        peers(rated(HALF).drop(columns="rate"), "Bắc Giang")
