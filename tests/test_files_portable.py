"""Tables of PDF files: what stands above the line is no digit, what is struck out isn't there."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
import typst

from cbanalysis.importing.files.reading import tables, text

_PAGE = "#set page(width: 15cm, height: auto, margin: 1cm)\n#set super(typographic: false)\n"
_MARKS = {
    "{n}": "{n}",
    "{n}#super[1]": "{n}¹",
    "{n}#super[(2)]": "{n}(²)",
    "#super[3]{n}": "³{n}",
    "#strike[9.9]{n}": "{n}",
    "#strike[{n}]": "",
    "#underline[{n}]": "{n}",
    "#text(size: 7pt)[{n}]": "{n}",
}


def _written(folder: Path, page: str) -> Path:
    (folder / "page.typ").write_text(_PAGE + page, encoding="utf-8")
    typst.compile(folder / "page.typ", output=folder / "page.pdf")
    return folder / "page.pdf"


@pytest.mark.parametrize("seed", range(4))
def test_marks_of_figures_in_a_pdf_are_told_from_their_digits(seed: int, tmp_path: Path) -> None:
    """Whatever stands in which cell: 45 with a raised 1 isn't 451, a struck 77 before 63 isn't 7763."""
    random = Random(seed)  # noqa: S311 -- made-up figures
    marks = [[random.choice([*_MARKS]) for _ in range(4)] for _ in range(8)]
    numbers = [[f"{random.randint(1, 9999):,}".replace(",", ".") for _ in row] for row in marks]
    cells = [
        [mark.format(n=n) for mark, n in zip(*two, strict=True)] for two in zip(marks, numbers, strict=True)
    ]
    page = "#table(columns: 4, " + ", ".join(f"[{cell}]" for row in cells for cell in row) + ")"
    (grid,) = tables(_written(tmp_path, page))
    wanted = [
        [_MARKS[mark].format(n=n) for mark, n in zip(*two, strict=True)]
        for two in zip(marks, numbers, strict=True)
    ]
    assert grid.rows == wanted


def test_marks_in_the_text_of_a_pdf_are_told_from_its_digits(tmp_path: Path) -> None:
    """A sentence says 45 with a footnote, and nothing of what was struck out."""
    page = "Toàn huyện có 45#super[1] chi bộ, #strike[12]13 đảng viên mới, #underline[7] tổ."
    assert text(_written(tmp_path, page)).text == "Toàn huyện có 45¹ chi bộ, 13 đảng viên mới, 7 tổ."


def test_rows_without_any_text_are_none(tmp_path: Path) -> None:
    """The ends of pages, and lines through text, are drawn as rows, too."""
    page = "#table(columns: 2, [Huế], [1], [], [], [Hà Nội], [], [Đà Nẵng], [2])"
    assert tables(_written(tmp_path, page))[0].rows == [["Huế", "1"], ["Hà Nội", ""], ["Đà Nẵng", "2"]]
