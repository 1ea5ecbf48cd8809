"""The corpus of made-up tables: every cell is read right, and every trap is there at least twice."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from cbanalysis.common.errors import DataError
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.observations import observation_faults
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.files.reading import tables
from cbanalysis.importing.layouts.applying import Applied, apply_layout
from cbanalysis.importing.layouts.files import layout_text, read_layout
from cbanalysis.importing.layouts.places import Places
from cbanalysis.importing.layouts.proposing import propose
from cbanalysis.importing.layouts.vocabulary import Vocabulary
from made_up.tables import CORPUS, Case

CATALOGUE, GAZETTEER = Catalogue.read(), Gazetteer.read()
VOCABULARY, PLACES = Vocabulary(CATALOGUE), Places(GAZETTEER)


def imported(path: Path, letters: str | None = None) -> Applied:
    """Read a file under the layout that is proposed for it, which a person only has to confirm."""
    grids = tables(path, letters=letters)
    proposal = propose(grids, VOCABULARY, PLACES)
    assert proposal.questions == ()
    kept = path.with_suffix(".toml")
    kept.write_text(layout_text(proposal.layout, path.name), encoding="utf-8")
    layout = read_layout(kept)
    assert layout == proposal.layout
    return apply_layout(layout, grids, VOCABULARY, PLACES)


def test_a_date_that_no_calendar_has_is_told(tmp_path: Path) -> None:
    """A layout whose document was published on no real day is refused with the key and what is right."""
    path = tmp_path / "a.layout.toml"
    path.write_text("[source]\npublished = '2023-02-30'\n", encoding="utf-8")
    with pytest.raises(
        DataError, match=r"column source\.published: wrong value .*; allowed: YYYY, YYYY-MM or"
    ):
        read_layout(path)


def as_lines(applied: Applied) -> list[str]:
    """Return observations as the corpus has them."""
    lines = []
    for row, cell in zip(applied.observations.to_dict("records"), applied.origins["cell"], strict=True):
        place = ", ".join(filter(None, (row["area"], row["province"])))
        period = " to ".join(dict.fromkeys((row["period_start"], row["period_end"])))
        what = " ".join(
            filter(None, (row["indicator"], row["subject"], row["category_id"], row["definition"]))
        )
        count = "-".join(filter(None, (row["count"], row["count_max"]))) + (
            f"/{row['base']}" if row["base"] else ""
        )
        share = "-".join(filter(None, (row["percent"], row["percent_max"])))
        qualifier = "" if row["qualifier"] == "exact" else row["qualifier"]
        figure = " ".join(filter(None, (qualifier, count, share and f"{share}%")))
        lines.append(f"{place}; {period}; {what}; {figure}; {cell}")
    return lines


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name)
def test_every_cell_of_a_made_up_table_is_read_right(case: Case, tmp_path: Path) -> None:
    """A file gives exactly the expected figures, each with its cells, and they keep the contract."""
    path = tmp_path / case.name
    case.write(path)
    applied = imported(path, case.options.get("letters"))
    assert as_lines(applied) == list(case.expected)
    assert applied.source["number_style"] == case.style
    source = CATALOGUE.sources["seed-000"].model_copy(update={"number_style": case.style})
    catalogue = CATALOGUE.model_copy(update={"sources": {applied.source["source_id"]: source}})
    rows = applied.observations.assign(
        observation_id=[f"X{at:04d}" for at in range(len(applied.observations))]
    )
    assert observation_faults(rows, catalogue=catalogue, gazetteer=GAZETTEER)[1] == []


def test_the_corpus_is_large_and_every_trap_is_in_it_twice() -> None:
    """At least 40 files; no trap has only one."""
    assert len(CORPUS) >= 40
    counted = Counter(trap for case in CORPUS for trap in case.traps)
    assert {trap for trap, times in counted.items() if times < 2} == set()
