"""Coverage-guided fuzzing of what reads articles: ``python tests/fuzzing/texts.py [seconds]``.

No bytes may end in anything but a reading or a DataError. atheris is no
dependency: ``pip install atheris``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import atheris
from running import fuzz

with atheris.instrument_imports(include=["cbanalysis.extract", "cbanalysis.text"]):
    from cbanalysis.catalogue import Catalogue
    from cbanalysis.errors import DataError
    from cbanalysis.extract import open_document, read_document
    from cbanalysis.provinces import Gazetteer

_CATALOGUE, _GAZETTEER = Catalogue.read(), Gazetteer.read()

SEEDS = (
    "Huyện Hoằng Hóa (Thanh Hóa) có 52 chi bộ.\nẢnh: Hoằng Hóa",
    "Nguồn: Báo Hà Giang\nTừ đầu năm đến nay, kết nạp 90 đảng viên, trong đó 40 nữ, đạt 110% NQ.",
    "Năm 2012, 79/124 xã có chi bộ cơ quan, chiếm 63,71%.",
    "Từ 312 chi bộ xuống còn 47; phấn đấu đạt trên 90%. Số 05-NQ/TU ngày 3/2/2010.",
    "<p>Tỉnh Bắc Giang: gần 3 nghìn đảng viên, trong tổng số 03 đồng chí</p>",
)


def one(content: bytes) -> None:
    """Read an article; anything that isn't our own error ends the run."""
    for suffix in (".txt", ".html"):
        with tempfile.NamedTemporaryFile(suffix=suffix) as file:
            file.write(content)
            file.flush()
            try:
                document = open_document(Path(file.name))
                read_document(document, catalogue=_CATALOGUE, gazetteer=_GAZETTEER)
            except DataError:
                continue


if __name__ == "__main__":
    fuzz(one, SEEDS)
