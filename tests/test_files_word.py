"""Word documents as they are printed: content controls, signs, tracked changes, merged cells, fonts."""

from __future__ import annotations

import io
import random
import re
from pathlib import Path
from unittest.mock import patch
from xml.sax.saxutils import escape

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

from cbanalysis.common.errors import DataError
from cbanalysis.common.limits import Limits
from cbanalysis.importing.files.reading import tables, text

USUAL = "cbanalysis.common.limits._USUAL"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def run(words: str, font: str = "") -> str:
    """Return the XML of a run."""
    about = f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr>' if font else ""
    return f"<w:r>{about}<w:t xml:space='preserve'>{escape(words)}</w:t></w:r>"


def par(inside: str) -> str:
    """Return the XML of a paragraph; plain words become a run."""
    return f"<w:p>{inside if inside.startswith('<') else run(inside)}</w:p>"


def tc(inside: str, about: str = "") -> str:
    """Return the XML of a cell."""
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{inside if inside.startswith('<w:p>') else par(inside)}</w:tc>"


def tr(*cells: str, about: str = "") -> str:
    """Return the XML of a row; plain words become cells."""
    properties = f"<w:trPr>{about}</w:trPr>" if about else ""
    return f"<w:tr>{properties}{''.join(one if one.startswith('<w:') else tc(one) for one in cells)}</w:tr>"


def tbl(*rows: str) -> str:
    """Return the XML of a table."""
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def sdt(inside: str) -> str:
    """Return a content control around something."""
    return f"<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def document(path: Path, body: str) -> Path:
    """Write a Word document whose body is given as XML."""
    import zipfile

    written = io.BytesIO()
    docx.Document().save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "word/document.xml":
                content = re.sub(rb"<w:body>.*</w:body>", b"<w:body></w:body>", content, flags=re.DOTALL)
                content = content.replace(b"<w:body></w:body>", f"<w:body>{body}</w:body>".encode())
            new.writestr(info.filename, content)
    return path


def rows(path: Path, body: str) -> list[list[object]]:
    """Return the rows of the only table of a document."""
    (grid,) = tables(document(path, body))
    return [list(row) for row in grid.rows]


PLAIN = tbl(tr("Tỉnh", "Tổng", "Tốt"), tr("Hải Phòng", "1200", "204"))
WHOLE = [["Tỉnh", "Tổng", "Tốt"], ["Hải Phòng", "1200", "204"]]


@pytest.mark.parametrize(
    "body",
    [
        tbl(tr("Tỉnh", "Tổng", "Tốt"), tr("Hải Phòng", sdt(tc("1200")), "204")),
        tbl(tr("Tỉnh", "Tổng", "Tốt"), sdt(tr("Hải Phòng", "1200", "204"))),
        sdt(PLAIN),
        sdt(sdt(PLAIN)),
        tbl(tr("Tỉnh", "Tổng", "Tốt"), tr("Hải Phòng", tc(par(sdt(run("1200")))), "204")),
        tbl(
            tr("Tỉnh", "Tổng", "Tốt"),
            tr("Hải Phòng", tc(sdt(par("1200")).replace("<w:sdt>", "<w:p></w:p><w:sdt>", 1)), "204"),
        ),
    ],
    ids=["cell", "row", "table", "twice", "run", "paragraph"],
)
def test_a_content_control_around_anything_hides_nothing(body: str, tmp_path: Path) -> None:
    """Cells, rows, tables, runs and paragraphs inside of content controls stay in their places."""
    assert rows(tmp_path / "a.docx", body) == WHOLE


@pytest.mark.parametrize(
    ("inside", "read"),
    [
        ("<w:r><w:t>17</w:t><w:noBreakHyphen/><w:t>18</w:t></w:r>", "17-18"),
        ("<w:r><w:t>17</w:t><w:cr/><w:t>18</w:t></w:r>", "17 18"),
        ("<w:r><w:t>17</w:t><w:br/><w:t>18</w:t></w:r>", "17 18"),
        ("<w:r><w:t>17</w:t><w:tab/><w:t>18</w:t></w:r>", "17 18"),
        ("<w:r><w:sym w:font='Symbol' w:char='F0B3'/><w:t>90</w:t></w:r>", "≥90"),
        ("<w:r><w:t>17</w:t><w:sym w:font='Wingdings' w:char='F0E0'/><w:t>18</w:t></w:r>", "17\ufffd18"),
        (
            "<w:r><w:t>1</w:t></w:r><w:del><w:r><w:t>7</w:t><w:delText>9</w:delText></w:r></w:del><w:r><w:t>2</w:t></w:r>",
            "12",
        ),
        ("<w:moveFrom><w:r><w:t>99</w:t></w:r></w:moveFrom><w:r><w:t>12</w:t></w:r>", "12"),
        ("<w:ins><w:r><w:t>12</w:t></w:r></w:ins>", "12"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>9</w:t></w:r><w:r><w:t>12</w:t></w:r>", "12"),
        ("<w:r><w:rPr><w:strike/></w:rPr><w:t>9</w:t></w:r><w:r><w:t>12</w:t></w:r>", "12"),
        (
            f"{run('12')}<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>1</w:t></w:r>",
            "12¹",
        ),
        (
            f"{run('12')}<w:r><w:rPr><w:position w:val='8'/><w:sz w:val='19'/></w:rPr><w:t>1</w:t></w:r>",
            "12¹",
        ),
        ("<w:r><w:rPr><w:position w:val='-4'/><w:sz w:val='19'/></w:rPr><w:t>12</w:t></w:r>", "12"),
        ("<w:r><w:instrText>PAGE 7</w:instrText><w:t>12</w:t></w:r>", "12"),
    ],
    ids=[
        "no-break hyphen",
        "cr",
        "br",
        "tab",
        "symbol",
        "unknown sign",
        "deleted",
        "moved",
        "inserted",
        "hidden",
        "struck out",
        "mark of a footnote",
        "raised by points",
        "lowered",
        "field",
    ],
)
def test_a_cell_says_what_is_printed(inside: str, read: str, tmp_path: Path) -> None:
    """No sign between two figures vanishes, and nothing deleted, hidden or struck out comes in."""
    assert rows(tmp_path / "a.docx", tbl(tr("Tỉnh", tc(par(inside))))) == [["Tỉnh", read]]


def test_styles_strike_out_and_raise_text(tmp_path: Path) -> None:
    """A run is as its style says, or the one that this is based on, unless it says otherwise itself."""
    document = docx.Document()
    mark, struck = (document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER) for name in ("Mũ", "Bỏ"))
    mark.font.superscript, struck.font.strike = True, True
    later = document.styles.add_style("Bỏ sau", WD_STYLE_TYPE.CHARACTER)
    later.base_style = struck
    cell = document.add_table(rows=1, cols=1).cell(0, 0).paragraphs[0]
    for words, style in (("7", "Bỏ"), ("8", "Bỏ sau"), ("45", None), ("1", "Mũ"), ("3", "Bỏ")):
        cell.add_run(words, style)
    cell.runs[4].font.strike = False
    document.save(str(tmp_path / "a.docx"))
    assert tables(tmp_path / "a.docx")[0].rows == [["45¹3"]]


def test_rows_deleted_by_tracked_changes_are_left_out(tmp_path: Path) -> None:
    """A row that is struck out isn't printed; an inserted one is."""
    body = tbl(tr("Tỉnh", "Tổng"), tr("Hà Nội", "1", about="<w:del/>"), tr("Huế", "2", about="<w:ins/>"))
    assert rows(tmp_path / "a.docx", body) == [["Tỉnh", "Tổng"], ["Huế", "2"]]


def test_merged_cells_are_ranges_also_beside_nested_tables(tmp_path: Path) -> None:
    """Cells merged downwards and across are ranges; a merge in a nested table is none of the outer one."""
    first, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    nested = tc(f"<w:p>{run('trong')}</w:p>" + tbl(tr(tc("x", first)), tr(tc("", more))) + "<w:p/>")
    body = tbl(
        tr(tc("Tỉnh", first), tc("Xếp loại", '<w:gridSpan w:val="2"/>')),
        tr(tc("", more), "Tốt", "Khá"),
        tr("Huế", nested, tc("5", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>")),
    )
    (grid,) = tables(document(tmp_path / "a.docx", body))
    assert [list(row) for row in grid.rows] == [
        ["Tỉnh", "Xếp loại", "", ""], ["", "Tốt", "Khá", ""], ["Huế", "trong x", "5", ""],
    ]  # fmt: skip
    assert set(grid.merged) == {(0, 0, 1, 0), (0, 1, 0, 2), (2, 2, 2, 3)}


def test_rows_that_begin_further_right_keep_their_columns(tmp_path: Path) -> None:
    """What is left out before the first cell of a row moves no figure."""
    body = tbl(tr("Tỉnh", "Tổng", "Tốt"), tr("1200", "204", about='<w:gridBefore w:val="1"/>'))
    assert rows(tmp_path / "a.docx", body)[1] == ["", "1200", "204"]


def test_fonts_of_before_unicode_are_those_of_each_run(tmp_path: Path) -> None:
    """A run in .VnTime is TCVN3, also where a letter is cut in two runs of VNI; the rest is as it is."""
    body = tbl(
        tr(tc(par(run("T×nh", ".VnTime"))), tc(par(run("Thái Bình", "Arial")))),
        tr(tc(par(run("Ha", "VNI-Times") + run("ûi Phoøng", "VNI-Times"))), "204"),
    )
    (grid,) = tables(document(tmp_path / "a.docx", body))
    assert [list(row) for row in grid.rows] == [["Tình", "Thái Bình"], ["Hải Phòng", "204"]]
    (plain,) = tables(tmp_path / "a.docx", letters="")
    assert plain.rows[0][0] == "T×nh"


def test_the_font_of_a_run_is_that_of_its_style(tmp_path: Path) -> None:
    """A style of .VnTime means TCVN3, also where the run names a font for East Asian letters only."""
    document = docx.Document()
    old = document.styles.add_style("Cũ", WD_STYLE_TYPE.CHARACTER)
    old.font.name = ".VnTime"
    table = document.add_table(rows=1, cols=3)
    for cell, font in zip(table.rows[0].cells, ("", "eastAsia", "ascii"), strict=True):
        styled = cell.paragraphs[0].add_run("Th¸i B×nh" if font != "ascii" else "Thái Bình", "Cũ")
        if font:
            styled._element.get_or_add_rPr().get_or_add_rFonts().set(qn(f"w:{font}"), "Arial")
    document.save(str(tmp_path / "a.docx"))
    assert tables(tmp_path / "a.docx")[0].rows == [["Thái Bình"] * 3]


def test_an_article_is_read_by_the_same_rules(tmp_path: Path) -> None:
    """Paragraphs are lines; no-break hyphens, content controls and text boxes are read, deletions are not."""
    box = f"<w:r><w:pict><w:txbxContent>{par('trong khung')}</w:txbxContent></w:pict></w:r>"
    body = (
        par("<w:r><w:t>Tỷ lệ 17</w:t><w:noBreakHyphen/><w:t>18 %</w:t></w:r>")
        + sdt(par("Có 5 chi bộ.")) + par("<w:del><w:r><w:t>99</w:t></w:r></w:del>") + par(box) + PLAIN
    )  # fmt: skip
    article = text(document(tmp_path / "a.docx", body))
    lines = [line for line in article.text.split("\n") if line]
    assert lines == [
        "Tỷ lệ 17-18 %",
        "Có 5 chi bộ.",
        "trong khung",
        "Tỉnh\tTổng\tTốt",
        "Hải Phòng\t1200\t204",
    ]


@pytest.mark.parametrize("seed", range(25))
def test_wrapping_at_random_changes_no_figure(seed: int, tmp_path: Path) -> None:
    """Content controls, insertions, cut runs and deleted rows around figures leave all where they are."""
    chance = random.Random(seed)  # noqa: S311 -- no secret
    wanted: list[list[object]] = []
    lines = []
    for _ in range(chance.randint(1, 6)):
        values = [str(chance.randint(0, 9999)) for _ in range(3)]
        cells = []
        for value in values:
            cut = chance.randint(0, len(value))
            inside = (
                run(value[:cut])
                + chance.choice(["", "<w:bookmarkStart/>", "<w:proofErr/>"])
                + run(value[cut:])
            )
            inside = chance.choice(
                [inside, sdt(inside), f"<w:ins>{inside}</w:ins>", f"<w:hyperlink>{inside}</w:hyperlink>"]
            )
            one = tc(par(inside))
            cells.append(chance.choice([one, sdt(one), sdt(sdt(one))]))
        line = tr(*cells)
        if chance.random() < 0.3:
            lines.append(tr("9", "9", "9", about="<w:del/>"))
        lines.append(chance.choice([line, sdt(line)]))
        wanted.append([*values])
    body = chance.choice([tbl(*lines), sdt(tbl(*lines))])
    assert rows(tmp_path / "a.docx", body) == wanted


def test_elements_in_one_another_without_end_are_refused(tmp_path: Path) -> None:
    """A document that is nested more deeply than any reader follows gives one error with its name."""
    path = document(
        tmp_path / "a.docx", par("<w:r><w:t>x</w:t></w:r>") + "<w:sdt>" * 5000 + "</w:sdt>" * 5000
    )
    with pytest.raises(DataError, match=r"a\.docx: the file is cut off or damaged"):
        text(path)


def test_a_document_of_too_much_text_is_refused(tmp_path: Path) -> None:
    """The limit holds while the document is read, not only for what came out."""
    path = document(tmp_path / "a.docx", par("x") * 50)
    with (
        patch(USUAL, Limits(characters=20)),
        pytest.raises(DataError, match="more than 20 characters"),
    ):
        text(path)
