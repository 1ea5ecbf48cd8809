"""What reads bytes from outside, each as a function of bytes: it ends in a value, or in an error of ours.

The first byte of an input chooses what the others are: a whole file, or one part of an archive that is built
around them, since nothing that is varied at random gets past a checksum.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cbanalysis.batch.reports.notebook_files import beside
from cbanalysis.batch.reports.notebook_parameters import read_parameters
from cbanalysis.batch.reports.reports_toml import Batches
from cbanalysis.common.errors import CbanalysisError
from cbanalysis.common.folders import shipped_folder
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.load import check_folder
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.files.portable import read_here
from cbanalysis.importing.files.reading import tables
from cbanalysis.importing.layouts.applying import apply_layout
from cbanalysis.importing.layouts.files import layout_text, read_layout
from cbanalysis.importing.layouts.places import Places
from cbanalysis.importing.layouts.proposing import propose
from cbanalysis.importing.layouts.vocabulary import Vocabulary
from cbanalysis.importing.prose import document_of, open_document, read_document
from cbanalysis.importing.prose.review_table import read_review, write_review
from cbanalysis.records import check, open_register
from made_up import writers

__all__ = ["READERS", "Reader", "read_or_refuse"]

CATALOGUE, GAZETTEER = Catalogue.read(), Gazetteer.read()
VOCABULARY, PLACES = Vocabulary(CATALOGUE), Places(GAZETTEER)
DATA = shipped_folder("data")
_LARGE = 40_000


class Reader(NamedTuple):
    """One way in."""

    read: Callable[[bytes, Path], None]
    seeds: Sequence[bytes]
    longest: int = 4_000


def read_or_refuse(reader: Reader, content: bytes) -> None:
    """Let a reader read bytes; every error but ours goes on."""
    with tempfile.TemporaryDirectory(prefix="cbanalysis-fuzz-") as folder:
        try:
            reader.read(content, Path(folder))
        except CbanalysisError as error:
            str(error)


def _with_kind(kind: int, content: bytes | str) -> bytes:
    return bytes([kind]) + (content if isinstance(content, bytes) else content.encode())


def _parted(content: bytes, kinds: int) -> tuple[int, bytes]:
    return (content[0] % kinds if content else 0), content[1:]


def _kept(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _parts(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _archive(parts: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return written.getvalue()


# Tables -------------------------------------------------------------------------------------------

ROWS = [["Tỉnh", "Số chi bộ", "Tỷ lệ (%)"], ["Hà Nội", "1.200", "63,71"], ["Huế", "79", "85,0"]]
TEXT_TABLES = (
    "Tỉnh;Số chi bộ\nHà Nội;1.200\n",
    'Tỉnh,Tỷ lệ (%)\nHuế,"63,71"\n',
    "<table><tr><th colspan=2>Tỉnh<td>Tỷ lệ (%)<tr><td rowspan=2>Huế<td>63,71</table>",
    '<html><head><meta charset="windows-1258"><title>Bảng</title><table><tr><td>Tỉnh<td>Số</table>',
)


def _read_tables(content: bytes, folder: Path) -> None:
    grids = tables(_kept(folder / "bang.xls", content))
    proposal = propose(grids, VOCABULARY, PLACES)
    apply_layout(proposal.layout, grids, VOCABULARY, PLACES)


def _whole(write: Callable[[Path], None], name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / name)
        return (Path(folder) / name).read_bytes()


XLSX = _whole(lambda path: writers.xlsx(path, {"Bảng": ROWS}, []), "a.xlsx")
XLS = _whole(lambda path: writers.xls(path, {"Bảng": ROWS}, []), "a.xls")
XLSB = _whole(lambda path: writers.xlsb(path, "Bảng", ROWS), "a.xlsb")
ODS = _whole(lambda path: writers.ods(path, {"Bảng": ROWS}, []), "a.ods")
DOCX = _whole(lambda path: writers.word(path, [("Bảng", ROWS)], []), "a.docx")
PDF = _whole(lambda path: writers.portable(path, [("Bang", [["A", "B"], ["1", "2"]])]), "a.pdf")


def _of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {one.filename: opened.read(one) for one in opened.infolist() if one.file_size < _LARGE}


# each part of each kind of archive, small ones that only say what lies where left out
_SHELL = ("_rels/", "docProps/", "[Content_Types]", "theme", "mimetype", "META-INF")
PARTS = [
    (parts, name)
    for parts in map(_of, (XLSX, XLSB, ODS, DOCX))
    for name in parts
    if not any(mark in name for mark in _SHELL) or name.endswith("workbook.xml.rels")
]


def _read_workbook(content: bytes, folder: Path) -> None:
    kind, part = _parted(content, len(PARTS) + 1)
    if kind < len(PARTS):
        parts, name = PARTS[kind]
        part = _archive({**parts, name: part})
    _read_tables(part, folder)


WORKBOOKS = [
    *(_with_kind(number, parts[name]) for number, (parts, name) in enumerate(PARTS)),
    *(_with_kind(len(PARTS), whole) for whole in (XLS, XLSX, ODS)),
]

# Articles -----------------------------------------------------------------------------------------

ARTICLES = (
    "Huyện Hoằng Hóa (Thanh Hóa) có 52 chi bộ.\nẢnh: Hoằng Hóa",
    "Nguồn: Báo Hà Giang\nTừ đầu năm đến nay, kết nạp 90 đảng viên, trong đó 40 nữ, đạt 110% NQ.",
    "Năm 2012, 79/124 xã có chi bộ cơ quan, chiếm 63,71%.",
    "Từ 312 chi bộ xuống còn 47; phấn đấu đạt trên 90%. Số 05-NQ/TU ngày 3/2/2010.",
    (
        '<html><meta charset=utf-8><script type="application/ld+json">{"datePublished": "2013"}</script>'
        "<p>Tỉnh Bắc Giang: gần 3 nghìn đảng viên, trong tổng số 03 đồng chí</p>"
    ),
)
DOCUMENT = _of(DOCX)


def _words(table: object) -> Iterator[str]:
    if isinstance(table, str):
        yield table
    elif isinstance(table, (dict, list)):
        for value in table.values() if isinstance(table, dict) else table:
            yield from _words(value)


def _vocabulary() -> list[str]:
    """Return what sentences are made of: the phrases of the grammar, names, and often numbers and marks."""
    folder = resources.files("cbanalysis.importing.prose.grammar")
    # in one order everywhere: an input that was kept is the same words on every machine
    files = sorted((file.name, file) for file in folder.iterdir() if file.name.endswith(".toml"))
    phrases = [word for _, file in files for word in _words(tomllib.loads(file.read_text("utf-8")))]
    numbers = [
        "0",
        "1",
        "12",
        "62",
        "124",
        "4.175",
        "63,71",
        "100",
        "2015",
        "12/5/2019",
        "2015-2020",
        "9.999.999",
    ]
    marks = [*'.,;:()%/-\n"', "\n\n"]
    return [*dict.fromkeys([*phrases, *(unit.name_vi for unit in GAZETTEER.units)]), *(numbers + marks) * 40]


SENTENCES = _vocabulary()
LONGEST_SENTENCE = 16


def _sentence(content: bytes) -> str:
    """Return words and marks of the grammar, one for each two bytes: bytes at random rarely get so far."""
    at = range(1, min(len(content) - 1, 2 * LONGEST_SENTENCE), 2)
    words = [SENTENCES[int.from_bytes(content[place : place + 2]) % len(SENTENCES)] for place in at]
    return " ".join(word.capitalize() if content[:1] > b"\x7f" else word for word in words)


def _read_article(content: bytes, folder: Path) -> None:
    kind, words = _parted(content, 3)
    if kind == 2:
        words = _archive({**DOCUMENT, "word/document.xml": words})
    document = open_document(_kept(folder / ("bai.txt", "bai.html", "bai.docx")[kind], words))
    read_document(document, catalogue=CATALOGUE, gazetteer=GAZETTEER)


def _read_sentence(content: bytes, folder: Path) -> None:
    del folder
    read_document(document_of(_sentence(content)), catalogue=CATALOGUE, gazetteer=GAZETTEER)


# in this process: the one that reads a PDF for cbanalysis is bounded in time and memory
def _read_portable(content: bytes, folder: Path) -> None:
    del folder
    kind, words = _parted(content, 2)
    read_here(words, ("tables", "text")[kind], 20)


# What people fill in and write --------------------------------------------------------------------


def _layout() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = _kept(Path(folder) / "bang.csv", TEXT_TABLES[0].encode())
        return layout_text(propose(tables(path), VOCABULARY, PLACES).layout, path.name).encode()


GRIDS = _whole(lambda path: writers.xlsx(path, {"Bảng": ROWS}, []), "b.xlsx")


def _read_layout(content: bytes, folder: Path) -> None:
    layout = read_layout(_kept(folder / "bang.layout.toml", content))
    read = read_layout(_kept(folder / "again.layout.toml", layout_text(layout, "bang.xlsx").encode()))
    assert read == layout
    grids = tables(_kept(folder / "bang.xlsx", GRIDS))
    apply_layout(layout, grids, VOCABULARY, PLACES)


def _reviews() -> tuple[bytes, dict[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        article = _kept(Path(folder) / "bai.txt", ARTICLES[2].encode())
        reading = read_document(open_document(article), catalogue=CATALOGUE, gazetteer=GAZETTEER)
        write_review([reading], Path(folder) / "a.csv")
        write_review([reading], Path(folder) / "a.xlsx")
        return (Path(folder) / "a.csv").read_bytes(), _parts(Path(folder) / "a.xlsx")


REVIEW, REVIEW_PARTS = _reviews()


def _read_review(content: bytes, folder: Path) -> None:
    kind, words = _parted(content, 3)
    if kind:
        name = ("xl/worksheets/sheet1.xml", "xl/workbook.xml")[kind - 1]
        words = _archive({**REVIEW_PARTS, name: words})
    read_review(_kept(folder / ("r.csv", "r.xlsx", "r.xlsx")[kind], words))


REGISTERS = (
    "Chi bộ,Tháng,Phải dự,Có mặt\nChi bộ 1,01/2024,20,18\nChi bộ 2,2024-01,15,15\n",
    "Sổ theo dõi\ncell;month;due;present;excused;commune\nA;5/6/2024;10;9;1;Xã B\nTổng cộng;5/2024;10;9;1;\n",
    "cell\tmonth\tdue\tpresent\nA\tTháng 5/2024\t10\t9\n",
)


def _read_register(content: bytes, folder: Path) -> None:
    check(open_register(_kept(folder / "so.csv", content)), most=100.0)


# A study ------------------------------------------------------------------------------------------

FOLDER_FILES = (
    "observations.csv",
    "sources.csv",
    "events.csv",
    "provinces.csv",
    "indicators.toml",
    "acknowledged.csv",
    "attendance_rules.csv",
    "tilegrid_34.csv",
    "imports.csv",
    "origins.csv",
)
ORIGIN = (
    "observation_id,import_id,file,sha256,sheet,cell,start,end,sentence\n"
    f"X0001,0001,bang.xls,{'0' * 64},Bảng,C7,,,\n"
)
IMPORT = (
    "import_id,when,command,files,figures,sources,undone\n"
    f"0001,2026-01-01T00:00:00+00:00,cbanalysis import bang.xls,bang.xls {'0' * 64},1,,\n"
)


def _small(name: str) -> bytes:
    if name in {"imports.csv", "origins.csv"}:
        return (IMPORT if name == "imports.csv" else ORIGIN).encode()
    lines = (DATA / name).read_bytes().split(b"\n")
    return b"\n".join(lines if name.endswith(".toml") else lines[:4]) + b"\n"


def _read_folder(content: bytes, folder: Path) -> None:
    kind, words = _parted(content, len(FOLDER_FILES))
    for name in FOLDER_FILES[:8]:
        shutil.copyfile(DATA / name, folder / name)
    for name in ("observations.csv", "sources.csv"):
        _kept(folder / name, _small(name))
    _kept(folder / FOLDER_FILES[kind], words)
    check_folder(folder)


BATCHES = """\
[sets.default]
words = "all"
languages = ["vi", "en"]
include = ["other"]
[sets.other]
words = "one"
[[sets.other.reports]]
notebook = "n"
parameters = {year = 2012}
each = {province = ["Huế", "Hà Nội"]}
"""
NOTEBOOK = json.dumps(
    {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": ["# Title ![x](a.png)"]},
            {
                "cell_type": "code",
                "execution_count": None,
                "metadata": {"tags": ["parameters"]},
                "outputs": [],
                "source": [
                    "year: int = 2012  # [years] a year\n",
                    'province: str = "Huế"  # provinces',
                ],
            },
            {
                "cell_type": "code",
                "execution_count": 1,
                "metadata": {},
                "outputs": [{"output_type": "stream", "name": "stdout", "text": ["1"]}],
                "source": ["import helper\n", "%run other.py\n", "open('a.csv')"],
            },
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "p", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    },
    ensure_ascii=False,
).encode()


def _read_batches(content: bytes, folder: Path) -> None:
    _kept(folder / "n.ipynb", NOTEBOOK)
    _kept(folder / "reports.toml", content)
    batches = Batches(folder)
    for name in list(batches.sets)[:5]:
        batches.wanted([name], {}, {"provinces": ["Huế"]})


def _read_notebook(content: bytes, folder: Path) -> None:
    notebook = _kept(folder / "n.ipynb", content)
    _kept(folder / "helper.py", b"import other")
    for parameter in read_parameters(notebook):
        for text in ("1", "Huế", "2012-01-01", '["a"]', ""):
            try:
                parameter.read(text)
            except ValueError as error:
                str(error)
    beside(notebook)


READERS: dict[str, Reader] = {
    "tables": Reader(_read_tables, [text.encode() for text in TEXT_TABLES]),
    "workbooks": Reader(_read_workbook, WORKBOOKS, 40_000),
    "articles": Reader(
        _read_article,
        [
            *(_with_kind(text.startswith("<"), text) for text in ARTICLES),
            _with_kind(2, DOCUMENT["word/document.xml"]),
        ],
    ),
    "sentences": Reader(
        _read_sentence, [bytes(range(first, first + 40)) for first in (0, 100, 200)], 2 * LONGEST_SENTENCE + 2
    ),
    "portable": Reader(_read_portable, [_with_kind(0, PDF), _with_kind(1, PDF)], 8_000),
    "layouts": Reader(_read_layout, [_layout()]),
    "reviews": Reader(
        _read_review,
        [
            _with_kind(0, REVIEW),
            _with_kind(1, REVIEW_PARTS["xl/worksheets/sheet1.xml"]),
            _with_kind(2, REVIEW_PARTS["xl/workbook.xml"]),
        ],
        20_000,
    ),
    "registers": Reader(_read_register, [text.encode() for text in REGISTERS]),
    "folders": Reader(
        _read_folder, [_with_kind(kind, _small(name)) for kind, name in enumerate(FOLDER_FILES)], 60_000
    ),
    "batches": Reader(_read_batches, [BATCHES.encode()]),
    "notebooks": Reader(_read_notebook, [NOTEBOOK]),
}
