"""Coverage-guided fuzzing of what reads articles: ``python tests/fuzzing/texts.py [seconds]``.

No bytes may end in anything but a reading or a DataError. Half of the inputs are bytes as they come, the
other half are sentences: each two bytes name a word, a number or a mark that the grammar knows, so that the
rules behind the first look at a text are reached, too. atheris is no dependency: ``pip install atheris``.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import atheris
from running import fuzz

with atheris.instrument_imports(include=["cbanalysis.importing.prose", "cbanalysis.common.text"]):
    from cbanalysis.common.errors import DataError
    from cbanalysis.dataset.catalogue import Catalogue
    from cbanalysis.dataset.provinces import Gazetteer
    from cbanalysis.importing.prose import document_of, open_document, read_document

_CATALOGUE, _GAZETTEER = Catalogue.read(), Gazetteer.read()
_PLACE = Path(tempfile.mkdtemp())
_SENTENCE = 0x80

SEEDS = (
    "Huyện Hoằng Hóa (Thanh Hóa) có 52 chi bộ.\nẢnh: Hoằng Hóa",
    "Nguồn: Báo Hà Giang\nTừ đầu năm đến nay, kết nạp 90 đảng viên, trong đó 40 nữ, đạt 110% NQ.",
    "Năm 2012, 79/124 xã có chi bộ cơ quan, chiếm 63,71%.",
    "Từ 312 chi bộ xuống còn 47; phấn đấu đạt trên 90%. Số 05-NQ/TU ngày 3/2/2010.",
    "<p>Tỉnh Bắc Giang: gần 3 nghìn đảng viên, trong tổng số 03 đồng chí</p>",
)


def _words(table: object) -> Iterator[str]:
    if isinstance(table, str):
        yield table
    elif isinstance(table, dict):
        for value in table.values():
            yield from _words(value)
    elif isinstance(table, list):
        for value in table:
            yield from _words(value)


def _vocabulary() -> list[str]:
    """Return what sentences are made of: the phrases of the grammar, names, numbers, marks."""
    folder = resources.files("cbanalysis.importing.prose.grammar")
    tables = [
        tomllib.loads(file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".toml")
    ]
    names = [unit.name_vi for unit in _GAZETTEER.units]
    numbers = [
        "0",
        "1",
        "3",
        "12",
        "62",
        "124",
        "4.175",
        "63,71",
        "100",
        "2015",
        "12/5/2019",
        "2015-2020",
        "99.999.999",
    ]
    marks = [".", ",", ";", ":", "(", ")", "%", "/", "-", "\n", "\n\n", '"']
    return [*dict.fromkeys([*_words(tables), *names])] + (numbers + marks) * 40


_VOCABULARY = _vocabulary()


def _sentence(content: bytes) -> str:
    at = range(1, len(content) - 1, 2)
    words = [_VOCABULARY[int.from_bytes(content[place : place + 2]) % len(_VOCABULARY)] for place in at]
    return " ".join(word.capitalize() if content[0] & 1 else word for word in words)


def one(content: bytes) -> None:
    """Read an article; anything that isn't our own error ends the run."""
    try:
        if content and content[0] & _SENTENCE:
            document = document_of(_sentence(content))
        else:
            path = _PLACE / ("text.html" if content[:1] == b"<" else "text.txt")
            path.write_bytes(content)
            document = open_document(path)
        read_document(document, catalogue=_CATALOGUE, gazetteer=_GAZETTEER)
    except DataError:
        return


if __name__ == "__main__":
    fuzz(one, SEEDS)
