"""Coverage-guided fuzzing of what reads tables: ``python tests/fuzzing/tables.py [seconds]``.

No bytes may end in anything but grids or a DataError. atheris is no dependency: ``pip install atheris``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import atheris
from running import fuzz

with atheris.instrument_imports(include=["cbanalysis.files", "cbanalysis.layouts", "cbanalysis.text"]):
    from cbanalysis.catalogue import Catalogue
    from cbanalysis.errors import DataError
    from cbanalysis.files import tables
    from cbanalysis.layouts import Places, Vocabulary, apply_layout, propose
    from cbanalysis.provinces import Gazetteer

_VOCABULARY, _PLACES = Vocabulary(Catalogue.read()), Places(Gazetteer.read())
SEEDS = (
    "Tỉnh;Số chi bộ\nHà Nội;1.200\n",
    "<table><tr><td>Tỉnh<td>Tỷ lệ (%)<tr><td>Huế<td>63,71</table>",
    "%PDF-1.4",
)


def one(content: bytes) -> None:
    """Read, propose and apply; anything that isn't our own error ends the run."""
    with tempfile.NamedTemporaryFile(suffix=".xls") as file:
        file.write(content)
        file.flush()
        try:
            grids = tables(Path(file.name))
            proposal = propose(grids, _VOCABULARY, _PLACES)
            apply_layout(proposal.layout, grids, _VOCABULARY, _PLACES)
        except DataError:
            return


if __name__ == "__main__":
    fuzz(one, SEEDS)
