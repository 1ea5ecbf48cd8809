"""What each figure rests on."""

from __future__ import annotations

import json

import cbanalysis as cb
from cbanalysis.site.provenance import gather


def test_every_figure_has_its_words_document_and_failed_sums() -> None:
    """A figure carries what, where, when in both languages, its numbers and source; findings name it back."""
    observations = cb.load_observations()
    made = gather(observations)
    assert list(made["figures"]) == list(observations["observation_id"])
    figure = made["figures"]["S006"]
    assert figure["where"] == {"vi": "Bình Thuận*", "en": "Binh Thuan*"}
    assert (figure["count"], figure["base"], figure["when"]["en"]) == (62, 124, "2008")
    assert figure["inferred"] is True
    assert set(made["sources"]) == set(observations["source_id"])
    touched = {one for finding in made["findings"].values() for one in finding["figures"]}
    assert {one for one, row in made["figures"].items() if "findings" in row} == touched & set(
        made["figures"]
    )
    assert json.loads(json.dumps(made)) == made


def test_tiles_know_the_units_on_their_land() -> None:
    """Bắc Ninh of 2025 is made of Bắc Giang and Bắc Ninh; each map has all its tiles."""
    made = gather(cb.load_observations(provinces="Bắc Giang"))
    assert [len(made["maps"][count]) for count in ("63", "34")] == [63, 34]
    (tile,) = [one for one in made["maps"]["34"] if one["unit"] == "24-2025"]
    assert tile["units"] == ["24-2004", "24-2025", "27-2004"]
