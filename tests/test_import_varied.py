"""Tables made up at random: what comes in was planted, or a question was asked, or the file refused."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.layouts.places import Places
from cbanalysis.importing.layouts.vocabulary import Vocabulary
from made_up.varied import judged, made

VOCABULARY, PLACES = Vocabulary(Catalogue.read()), Places(Gazetteer.read())


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_no_figure_comes_in_as_something_else(first: int, tmp_path: Path) -> None:
    """Of 50 tables none brings in another figure than the planted ones; most are read without a question."""
    verdicts: Counter[str] = Counter()
    wrong = []
    for seed in range(first, first + 50):
        table = made(seed)
        verdict, why = judged(table, tmp_path, VOCABULARY, PLACES)
        verdicts[verdict] += 1
        if verdict == "wrong":
            wrong.append((seed, table.varied, why))
    assert wrong == []
    assert verdicts["read"] > 20


def test_a_wrong_figure_would_be_seen(tmp_path: Path) -> None:
    """A planted figure that isn't the one in the table is judged wrong, so the rule can fail."""
    seed = next(seed for seed in range(100) if judged(made(seed), tmp_path, VOCABULARY, PLACES)[0] == "read")
    table = made(seed)
    read = table.columns[0].values
    key = (table.names[0], table.year)
    shown = dict(read)
    verdict = judged(table, tmp_path, VOCABULARY, PLACES)
    assert verdict[0] == "read"
    kept = made(seed)
    kept.columns[0].values[key] = shown[key] + 1
    kept.columns[0].shown = shown
    assert judged(kept, tmp_path, VOCABULARY, PLACES)[0] == "wrong"
