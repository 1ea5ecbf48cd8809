"""Coverage-guided fuzzing of what reads tables: ``python tests/fuzzing/tables.py [seconds]``.

No bytes may end in anything but grids or a DataError. atheris is no dependency: ``pip install atheris``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["cbanalysis.sheets", "cbanalysis.layouts", "cbanalysis.text"]):
    from cbanalysis.catalogue import Catalogue
    from cbanalysis.errors import DataError
    from cbanalysis.layouts import Places, Vocabulary, apply_layout, propose
    from cbanalysis.provinces import Gazetteer
    from cbanalysis.sheets import read_grids

_VOCABULARY, _PLACES = Vocabulary(Catalogue.read()), Places(Gazetteer.read())


def one(content: bytes) -> None:
    """Read, propose and apply; anything that isn't our own error ends the run."""
    with tempfile.NamedTemporaryFile(suffix=".xls") as file:
        file.write(content)
        file.flush()
        try:
            grids = read_grids(Path(file.name))
            proposal = propose(grids, _VOCABULARY, _PLACES)
            apply_layout(proposal.layout, grids, _VOCABULARY, _PLACES)
        except DataError:
            return


if __name__ == "__main__":
    seconds = sys.argv[1] if len(sys.argv) > 1 else "60"
    with tempfile.TemporaryDirectory() as corpus:
        seeds = (
            "Tỉnh;Số chi bộ\nHà Nội;1.200\n",
            "<table><tr><td>Tỉnh<td>Tỷ lệ (%)<tr><td>Huế<td>63,71</table>",
            "%PDF-1.4",
        )
        for number, seed in enumerate(seeds):
            (Path(corpus) / str(number)).write_text(seed, encoding="utf-8")
        atheris.Setup(
            [
                sys.argv[0],
                f"-max_total_time={seconds}",
                "-max_len=2000",
                "-timeout=20",
                "-rss_limit_mb=2048",
                corpus,
            ],
            one,
        )
        atheris.Fuzz()
