"""Read many made-up tables of `made_up.varied` and count how they went: varied.py [HOW MANY] [FIRST SEED]."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.layouts.places import Places
from cbanalysis.importing.layouts.vocabulary import Vocabulary
from made_up.varied import judged, made


def main() -> None:
    """Count verdicts, show the first wrong tables, and end with 1 if there are any."""
    many, first = (
        int(sys.argv[at]) if len(sys.argv) > at else default for at, default in ((1, 20_000), (2, 0))
    )
    vocabulary, places = Vocabulary(Catalogue.read()), Places(Gazetteer.read())
    counted: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + many):
            table = made(seed)
            verdict, why = judged(table, Path(folder), vocabulary, places)
            counted[verdict] += 1
            if verdict == "wrong" and counted["wrong"] <= 20:
                sys.stdout.write(f"{seed} {table.varied} {why}\n")
    sys.stdout.write(f"{dict(counted)}\n")
    sys.exit(bool(counted["wrong"]))


if __name__ == "__main__":
    main()
