"""The back test: the figures of the five source documents come out of the package as they were printed."""

from __future__ import annotations

import pandas as pd
import pytest

from cbanalysis import add_rates, load_observations, seed_figures

# What a reader finds in the documents: id, count, base, percent.
PRINTED = [
    ("S001", 15, None, None),
    ("S003", 127, None, None),
    ("S004", 124, None, None),
    ("S005", 3, None, None),
    ("S006", 62, 124, 50.0),
    ("S007", 79, None, 63.71),
    ("S008", None, None, 69.5),
    ("S009", None, None, 100.0),
    ("S010", 3, 7, None),
    ("S011", None, None, 97.0),
    ("S012", 64, None, None),
    ("S013", 49, None, None),
    ("S014", 10, None, None),
    ("S015", 5, None, None),
    ("S016", 49, None, None),
    ("S017", 469, None, None),
    ("S018", 9768, None, None),
    ("S019", 3055, None, None),
    ("S020", 1430, None, None),
    ("S021", 2, None, None),
    ("S022", 46, None, None),
    ("S023", 591, None, None),
    ("S024", 1, None, None),
    ("S025", 63, None, None),
    ("S026", 459, None, None),
    ("S027", 200, None, None),
    ("S028", 1880, None, None),
    ("S029", 11, 18, None),
    ("S030", 7, 18, None),
    ("S031", 18, 18, None),
    ("S032", 18, 18, None),
    ("S033", 312, None, None),
    ("S034", 47, None, None),
    ("S035", 130, None, None),
    ("S036", 3000, None, None),
    ("S037", 22, None, None),
    ("S038", 10, None, None),
    ("S039", 4175, None, None),
    ("S040", 4000, 4175, 95.8),
    ("S043", 3, None, None),
    ("S046", 3, None, None),
    ("S048", 5, None, None),
]


@pytest.mark.parametrize(("observation_id", "count", "base", "percent"), PRINTED)
def test_a_seed_figure_comes_out_as_printed(observation_id, count, base, percent) -> None:
    """Count, base and percentage of a document's figure are what a reader sees in the document."""
    observations = load_observations(source=[f"seed-00{number}" for number in range(5)])
    row = observations.set_index("observation_id").loc[observation_id]
    read = [None if pd.isna(row[name]) else row[name] for name in ("count", "base", "percent")]
    assert read == [count, base, percent]


def test_every_seed_figure_parses_to_what_is_stored() -> None:
    """Each of the fifty printed texts gives the stored value again."""
    figures = seed_figures()
    assert len(figures) == 50
    assert figures["agrees"].all()
    assert set(figures["source_id"]) == {f"seed-00{number}" for number in range(5)}


def test_the_adoption_rates_of_the_first_document_follow() -> None:
    """62 of 124 is 50 % with a Wilson interval of 41.3 to 58.7; 63.71 % has a rounding range only."""
    rated = add_rates(load_observations(indicator="office_cell_adoption", source="seed-000"))
    first, second = rated.iloc[0], rated.iloc[1]
    assert (round(first["rate_low"], 1), first["rate"], round(first["rate_high"], 1)) == (41.3, 50.0, 58.7)
    assert second["interval"] == "rounding"
    assert (second["rate_low"], second["rate_high"]) == pytest.approx((63.705, 63.715))
