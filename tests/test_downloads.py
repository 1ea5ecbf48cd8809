"""The same report in every format: the same numbers, the same bytes, and text that stays text."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import re
import runpy
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import matplotlib as mpl
import nbformat
import numpy as np
import openpyxl
import pandas as pd
import pypdf
import pytest
import typst
from lxml import etree
from matplotlib.figure import Figure
from PIL import Image

import cbanalysis as cb
from cbanalysis.common.text.csv_writing import COLUMN_NAMES
from cbanalysis.common.text.letters import clean, disarmed
from cbanalysis.display.words import percent
from cbanalysis.site.downloads.csv_tables import Rows, rows_of
from cbanalysis.site.downloads.pdf import chart_pdf, without_lines
from cbanalysis.site.downloads.report_blocks import Block, Cell, Run
from cbanalysis.site.downloads.table_formats import FORMATS, stata
from cbanalysis.site.page_and_downloads import Publisher
from cbanalysis.site.pages.report_page import TEMPLATES
from chart_checks import said_in
from site_sample import (
    ATTACKS,
    bac_giang,
    evidence,
    harmful,
    harmful_evidence,
    notebook,
    output,
    put,
    record,
)

RATES = "Số liệu"  # a sheet has the name of its section
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def publish(folder: Path, made: nbformat.NotebookNode, known: dict, language: str = "vi") -> Path:
    """Publish a report as a worker does; return its folder."""
    path = folder / "figures.json"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    report = put(folder / language / "04_province_profile" / "bac-giang", made)
    Publisher(path, ("vi", "en"))(report, made, record(language))
    return report


def plain_frame(frame: pd.DataFrame) -> nbformat.NotebookNode:
    """Return what a kernel gives for a frame that is no table of ours."""
    return nbformat.v4.new_output("execute_result", {"text/html": frame.to_html()})


def sample(language: str = "vi") -> nbformat.NotebookNode:
    """Return a notebook of tables and charts about one province."""
    rated = bac_giang()
    rates = rated.query("interval != 'none'")
    return notebook(
        output(cb.tables.rates(rates, lang=language)),
        output(cb.charts.coverage_matrix(rated, lang=language)),
        output(cb.tables.sources(rated, lang=language)),
        output(cb.tables.arithmetic(rates, lang=language)),
        plain_frame(pd.DataFrame({"xã": ["Tân\x1b[31m An"], "số": ["1.234"]})),
    )


@pytest.fixture(scope="module")
def known() -> dict:
    """Return what is known of all figures."""
    return evidence()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, known: dict) -> Path:
    """Publish the sample once."""
    return publish(tmp_path_factory.mktemp("published"), sample(), known)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory, known: dict) -> Path:
    """Publish a report whose data mean harm."""
    rated = harmful(bac_giang()).query("interval != 'none'")
    made = notebook(output(cb.tables.rates(rated, lang="vi")), output(cb.charts.count_bars(rated, lang="vi")))
    return publish(tmp_path_factory.mktemp("attacked"), made, harmful_evidence(known))


def plain(markup: str) -> str:
    """Return the text of markup with single blanks."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).replace("⚠", "").split())


def page_tables(report: Path) -> list[list[list[str]]]:
    """Return the cells of the page's tables as readers see them, heads first."""
    text = (report / "index.html").read_text(encoding="utf-8").replace("<wbr>", "")
    tables = re.findall(r"(?s)<table[ >].*?</table>", text)
    return [
        [
            [plain(cell) for cell in re.findall(r"(?s)<t[hd][ >].*?</t[hd]>", row)]
            for row in re.findall(r"(?s)<tr[ >].*?</tr>", table)
        ]
        for table in tables
    ]


def sheets(report: Path) -> dict[str, list[dict[str, object]]]:
    """Return the workbook's sheets as rows by cell; numbers as numbers."""
    with zipfile.ZipFile(report / "report.xlsx") as book:
        texts = etree.fromstring(book.read("xl/sharedStrings.xml"))
        shared = ["".join(one.itertext()) for one in texts.findall(f"{SHEET}si")]
        listed = etree.fromstring(book.read("xl/workbook.xml")).iter(f"{SHEET}sheet")
        names = [one.get("name") for one in listed]
        found = {}
        for place, name in enumerate(names, start=1):
            root = etree.fromstring(book.read(f"xl/worksheets/sheet{place}.xml"))
            found[name] = [
                {
                    re.sub(r"\d", "", cell.get("r")): shared[int(cell.findtext(f"{SHEET}v"))]
                    if cell.get("t") == "s"
                    else float(cell.findtext(f"{SHEET}v"))
                    for cell in row
                    if cell.findtext(f"{SHEET}v") is not None
                }
                for row in root.iter(f"{SHEET}row")
            ]
    return found


def all_text(report: Path) -> dict[str, str]:
    """Return the text of each format."""
    word = docx.Document(str(report / "report.docx"))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    pages = pypdf.PdfReader(report / "report.pdf").pages
    values = [str(one) for rows in sheets(report).values() for row in rows for one in row.values()]
    return {
        "docx": "\n".join([*(one.text for one in word.paragraphs), *cells]),
        "pdf": "\n".join(page.extract_text() for page in pages),
        "xlsx": "\n".join(values),
        "html": plain((report / "index.html").read_text(encoding="utf-8")),
    }


def test_every_format_of_a_table_is_written_and_offered_on_its_page(published: Path) -> None:
    """Each table of the report has a file of each format, and the page a link to it."""
    page = (published / "index.html").read_text(encoding="utf-8")
    names = {one.stem for one in (published / "tables").iterdir()}
    assert names
    for name in names:
        for ending in FORMATS:
            assert (published / "tables" / f"{name}{ending}").stat().st_size
            assert f'href="tables/{name}{ending}"' in page


def test_tables_hold_the_same_cells_in_page_and_word(published: Path) -> None:
    """Every cell of every table stands in the page and in the Word document alike."""
    word = docx.Document(str(published / "report.docx"))
    tables = [
        [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows] for table in word.tables
    ]
    clean = [[[cell.replace("⚠", "").strip() for cell in row] for row in table] for table in tables]
    assert clean == page_tables(published)
    assert len(clean) == 4


def test_the_template_of_word_documents_is_what_its_maker_makes() -> None:
    """The file that is shipped is current: `python docs/make_word_template.py` wrote it."""
    made = runpy.run_path(str(Path(__file__).parents[1] / "docs" / "make_word_template.py"))["made"]()
    with zipfile.ZipFile(TEMPLATES / "report.docx") as shipped:
        assert {name: shipped.read(name).decode() for name in shipped.namelist()} == made


def test_every_page_of_a_word_document_has_its_number(tmp_path: Path, known: dict) -> None:
    """Upright pages and those across, for a table of 12 columns, have page and number of pages below."""
    wide = plain_frame(pd.DataFrame({f"c{at}": ["x"] for at in range(12)}))
    word = docx.Document(str(publish(tmp_path, notebook(wide), known) / "report.docx"))
    assert len(word.sections) == 3
    for section in word.sections:
        assert section.footer.is_linked_to_previous is False
        assert section.footer._element.xpath(".//w:fldSimple/@w:instr") == ["PAGE", "NUMPAGES"]


def test_charts_fill_the_width_of_the_word_document(published: Path) -> None:
    """Each chart is 168 mm wide, as high as its picture is, said in words, and its PNG's own bytes."""
    word = docx.Document(str(published / "report.docx"))
    pngs = {path.read_bytes() for path in (published / "charts").glob("*.png")}
    assert len(word.inline_shapes) == len(pngs) == 1
    for shape in word.inline_shapes:
        inline = shape._inline
        part = word.part.related_parts[inline.graphic.graphicData.pic.blipFill.blip.embed]
        assert part.blob in pngs
        with Image.open(io.BytesIO(part.blob)) as image:
            assert shape.width == 168 * 36_000
            assert abs(shape.height / shape.width - image.height / image.width) < 0.001
        assert len(inline.docPr.get("descr")) > 20


def test_a_drawing_brings_nothing_of_the_disk_into_its_pdf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture beside the running command, which no kernel can read, isn't read for the PDF either."""
    Image.new("RGB", (40, 40), "red").save(tmp_path / "secret.png")
    monkeypatch.chdir(tmp_path)
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image width="9" height="9" {}/></svg>'
    )
    for name in ("secret.png", str(tmp_path / "secret.png")):
        with pytest.raises(typst.TypstError, match=r"failed to load linked image .*secret\.png"):
            chart_pdf(drawing.format(f'href="{name}"').encode())


def test_the_pdf_holds_every_number_of_the_page(published: Path) -> None:
    """Each figure of the tables stands in the text of the PDF, letters whole."""
    said = re.sub(r"\s+", "", all_text(published)["pdf"])
    for table in page_tables(published):
        for row in table:
            for cell in row:
                assert all(word in said for word in cell.split())


def test_numbers_in_workbook_and_csv_are_those_of_the_page(published: Path) -> None:
    """Rates in XLSX and CSV are numbers that read like the page's cells when written its way."""
    rows = list(csv.DictReader((published / "tables" / "rates.csv").open(encoding="utf-8-sig")))
    sheet = sheets(published)[RATES]
    at = {name: column for column, name in sheet[0].items()}
    shown = page_tables(published)[0]
    head = shown[0]
    for line, (row, cells) in enumerate(zip(rows, shown[1:], strict=True), start=1):
        page = dict(zip(head, cells, strict=True))
        typed = {name: sheet[line].get(column) for name, column in at.items()}
        assert page["Mã"] == row["observation_id"] == typed["Mã số liệu"]
        assert page["Số liệu công bố"] == row["printed"]
        rate = float(row["rate"]) if row["rate"] else None
        assert typed["Tỷ lệ (%)"] == (pytest.approx(rate) if rate is not None else None)
        assert page["Tỷ lệ"] == said_in("vi", percent, rate)
        if row["rate_low"]:
            ends = [float(end.replace(",", ".")) for end in page["Khoảng giá trị"].split("–")]
            assert ends == pytest.approx([float(row[one]) for one in ("rate_low", "rate_high")], abs=0.005)
        if row["base"]:
            assert typed["Mẫu số"] == float(row["base"])


def test_a_plain_frame_has_a_sheet_of_its_own_as_the_page_shows_it(published: Path) -> None:
    """The workbook holds a frame that is no table of ours: its numbers as text, no control character."""
    (sheet,) = (rows for name, rows in sheets(published).items() if name.startswith("Bảng "))
    assert [[*row.values()] for row in sheet] == [["xã", "số"], ["0", "Tân[31m An", "1.234"]]


def test_csv_of_a_report_is_marked_as_utf_8_for_excel(published: Path) -> None:
    """Every CSV file begins with the byte order mark, once."""
    contents = [path.read_bytes() for path in (published / "tables").glob("*.csv")]
    assert contents
    assert all(
        content.startswith(b"\xef\xbb\xbf") and content.count(b"\xef\xbb\xbf") == 1 for content in contents
    )


def test_parquet_and_stata_hold_the_rows_of_the_csv(published: Path) -> None:
    """Both files read back with the numbers of the CSV; text keeps its letters."""
    rows = pd.read_csv(published / "tables" / "rates.csv", keep_default_na=False, dtype=str)
    for read in (
        pd.read_parquet(published / "tables" / "rates.parquet"),
        pd.read_stata(published / "tables" / "rates.dta"),
    ):
        assert list(read["observation_id"]) == list(rows["observation_id"])
        assert list(read["printed"]) == list(rows["printed"])
        wanted = [float(one) if one else None for one in rows["rate"]]
        assert [None if pd.isna(one) else float(one) for one in read["rate"]] == wanted


def test_stata_labels_variables_and_codes(published: Path) -> None:
    """A variable says its name in the reader's language; codes are numbers with labels."""
    with pd.io.stata.StataReader(published / "tables" / "rates.dta") as read:
        assert read.variable_labels()["rate"] == "Tỷ lệ (%)"
        assert "wilson" in read.value_labels()["interval"].values()


def test_stata_numbers_codes_by_name_and_keeps_missing_ones() -> None:
    """Codes in the order of their names get 0, 1, 2; a missing one is the first, with an empty label."""
    rows = Rows("r", "", ("kind",), ("text",), (("wilson",), ("",), ("floor",), ("wilson",)))
    with pd.io.stata.StataReader(io.BytesIO(stata(rows)), convert_categoricals=False) as read:
        assert read.read()["kind"].tolist() == [2, 0, 1, 2]
        assert read.value_labels() == {"kind": {0: "", 1: "floor", 2: "wilson"}}


def test_links_of_the_word_document_lead_where_those_of_the_page_do(published: Path) -> None:
    """Each document in the table of sources is a link to its address, kept once for each address."""
    word = docx.Document(str(published / "report.docx"))
    given = json.loads((published / "sources.csl.json").read_text(encoding="utf-8"))
    addresses = [one["URL"] for one in given if "URL" in one]
    assert addresses
    (table,) = [one for one in word.tables if one.cell(0, 0).text == "Nơi công bố"]
    cells = [row.cells[0].paragraphs[0] for row in table.rows]
    assert sorted(link.address for one in cells for link in one.hyperlinks) == sorted(addresses)
    kept = [one.target_ref for one in word.part.rels.values() if one.is_external]
    assert sorted(kept) == sorted(set(kept))


def test_the_same_report_gives_the_same_bytes(tmp_path: Path, published: Path, known: dict) -> None:
    """Page, PDF, Word, workbook, tables, charts and references don't change from run to run."""
    again = publish(tmp_path, sample(), known)
    names = sorted(path.relative_to(again).as_posix() for path in again.rglob("*") if path.is_file())
    assert {"index.html", "report.pdf", "report.docx", "report.xlsx", "sources.bib"} <= set(names)
    assert {"charts/coverage_by_year.pdf", "tables/rates.dta", "tables/rates.parquet"} <= set(names)
    assert [name for name in names if (again / name).read_bytes() != (published / name).read_bytes()] == []


def test_the_pdf_is_tagged_has_contents_and_carries_its_fonts(published: Path) -> None:
    """Screen readers get structure and language, readers an outline, and every letter its font."""
    read = pypdf.PdfReader(published / "report.pdf")
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("vi")
    assert read.metadata.title == "Bắc Giang – Một tỉnh"
    assert [one.title for one in read.outline if not isinstance(one, list)][:2] == ["Tóm tắt", "Số liệu"]
    fonts = [font.get_object() for page in read.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        (inner,) = font["/DescendantFonts"]
        described = inner.get_object()["/FontDescriptor"]
        assert "DejaVu" in described["/FontName"]
        assert {"/FontFile2", "/FontFile3"} & set(described)


def test_columns_hold_their_words_before_long_text_spreads() -> None:
    """Of 100 letters across an id and a day keep 1.25 of theirs and 2.5; long texts share the rest."""
    row = tuple(Cell((Run(text),)) for text in ("S016", "27/12/2018", "chín mươi " * 9, "chín mươi " * 9))
    widths = Block("table", rows=(row, row)).widths
    assert widths[:2] == [7.5, 15.0]
    assert widths[2] == pytest.approx(widths[3], abs=0.5)
    assert sum(widths) == pytest.approx(100, abs=0.5)


def test_a_heading_which_is_bold_has_a_fifth_more_room() -> None:
    """The longest word of a heading stands whole above shorter ones."""
    short, head = (tuple(Cell((Run(text),)) for text in texts) for texts in (("gần", "a"), ("khoảng", "b")))
    (bold, _), (plain_, _) = (
        Block("table", head=head, rows=(short,)).widths,
        Block("table", rows=(head, short)).widths,
    )
    assert bold >= plain_ + 0.2 * 6


def test_columns_share_a_line_so_that_rows_stay_low() -> None:
    """A long address may break, its room goes to the text that makes a row high; a number stays whole."""
    told, address = "chín mươi " * 9, "Cổng thông tin (cong.thongtin.tinh.example.org)"
    texts = ("S016", told, address, "48,86 điểm")
    row = tuple(Cell((Run(text),), numeric=text.startswith("48")) for text in texts)
    _, words, publisher, number = Block("table", rows=(row, row)).widths
    assert words > 1.5 * publisher
    assert number >= len("48,86 điểm")


def test_a_plot_of_a_notebook_stands_in_pdf_and_word(tmp_path: Path, known: dict) -> None:
    """A picture that has no files of its own is in both, as wide as it is meant; what is none is left out."""
    target = io.BytesIO()
    Image.new("RGB", (192, 96), "red").save(target, "PNG")
    pictures = (target.getvalue(), b"no picture")
    plots = [
        nbformat.v4.new_output("display_data", {"image/png": base64.b64encode(one).decode()})
        for one in pictures
    ]
    report = publish(tmp_path, notebook(*plots), known)
    (shape,) = docx.Document(str(report / "report.docx")).inline_shapes
    assert (round(shape.width.mm, 1), round(shape.height.mm, 1)) == (50.8, 25.4)
    pages = pypdf.PdfReader(report / "report.pdf").pages
    assert sum(len(page.images) for page in pages) == 1


def test_a_plot_higher_than_a_page_is_whole_in_word(tmp_path: Path, known: dict) -> None:
    """Two inches wide and twenty high: pressed to 25 cm, it keeps its shape and none of it is cut."""
    target = io.BytesIO()
    Image.new("RGB", (192, 1920), "red").save(target, "PNG")
    plot = {"image/png": base64.b64encode(target.getvalue()).decode()}
    report = publish(tmp_path, notebook(nbformat.v4.new_output("display_data", plot)), known)
    (shape,) = docx.Document(str(report / "report.docx")).inline_shapes
    assert (round(shape.width.mm, 1), round(shape.height.mm, 1)) == (25.0, 250.0)


def test_outputs_of_neighbouring_cells_are_lines_of_their_own_in_the_pdf(tmp_path: Path, known: dict) -> None:
    """What one cell prints doesn't run into what the next one does."""
    printed = [nbformat.v4.new_output("stream", text=text) for text in ("một", "hai")]
    (page, *_) = pypdf.PdfReader(publish(tmp_path, notebook(*printed), known) / "report.pdf").pages
    assert {"một", "hai"} <= {*page.extract_text().splitlines()}


def test_a_chart_stays_in_its_section(tmp_path: Path, known: dict) -> None:
    """Where a chart goes to the next page the next section goes behind it."""
    made = notebook(output(cb.charts.coverage_matrix(bac_giang(), lang="vi")))
    made.cells.insert(-1, nbformat.v4.new_markdown_cell("Một dòng.\n\n" * 24))
    made.cells.append(nbformat.v4.new_markdown_cell("## Mục sau\n\nCuối cùng."))
    first, second, *_ = pypdf.PdfReader(publish(tmp_path, made, known) / "report.pdf").pages
    assert "Cuối cùng." not in first.extract_text()
    assert "Cuối cùng." in second.extract_text()


def test_every_vietnamese_letter_is_set(tmp_path: Path, known: dict) -> None:
    """All letters with their marks come back out of the PDF."""
    vowels = "aăâeêioôơuưy"
    letters = "".join(
        clean(vowel + mark) for vowel in vowels for mark in ("", *"\u0300\u0301\u0303\u0309\u0323")
    )
    made = notebook(title="Chữ")
    made.cells.append(nbformat.v4.new_markdown_cell(f"{letters}đ {letters.upper()}Đ"))
    said = all_text(publish(tmp_path, made, known))["pdf"]
    assert set(letters + "đ" + letters.upper() + "Đ") <= set(said)


def test_a_workbook_has_a_cover_notes_tables_and_sources(published: Path) -> None:
    """The cover leads to each table; the documents follow, and the codes of the columns stand last."""
    found = sheets(published)
    assert list(found) == [
        *("Giới thiệu", "Nội dung", RATES, f"{RATES} 2", "Bảng 1", "Nguồn", "Tên cột và mã")
    ]
    assert found["Giới thiệu"][0]["A"] == "Bắc Giang – Một tỉnh"
    assert {"A": "Số liệu giai đoạn", "B": "2009–2021"} in found["Giới thiệu"]
    assert found["Nội dung"][0] == {"A": "Lời mở đầu."}
    assert all(isinstance(row["G"], float) for row in found["Nguồn"][1:])
    assert {"A": "Tỷ lệ (%)", "B": "rate"} in found["Tên cột và mã"]


def test_a_sheet_begins_with_what_readers_look_for_and_has_no_empty_column(published: Path) -> None:
    """Which figure, what, where, when, how much stand left of all codes, and a column holds something."""
    head, *lines = sheets(published)[RATES]
    names = list(head.values())
    columns = (
        "observation_id",
        "indicator",
        "province",
        "period_start",
        "printed",
        "rate",
        "interval",
        "geo_level",
    )
    told = [COLUMN_NAMES["vi"].get(one, one) for one in columns]
    assert sorted(told, key=names.index) == told
    assert all(any(column in line for line in lines) for column in head)


def test_a_sheet_prints_in_letters_that_can_be_read(published: Path) -> None:
    """A page across holds 149 letters of 11 points, so that no more than 250 beside each other keep 6.5."""
    for sheet in openpyxl.load_workbook(published / "report.xlsx"):
        kinds = sheet.column_dimensions.values()
        wide = sum(one.width * (one.max - one.min + 1) for one in kinds)
        assert wide / (sheet.page_setup.fitToWidth or 1) <= 260  # each has a little around it
        assert (sheet.page_setup.fitToHeight, sheet.page_setup.orientation) == (0, "landscape")


def test_a_row_of_a_sheet_is_as_high_as_its_note(published: Path) -> None:
    """A note of 200 letters, 80 in a line, stands in 3 lines of 15.5 points."""
    sheet = openpyxl.load_workbook(published / "report.xlsx")[RATES]
    at = [one.value for one in sheet[1]].index("Ghi chú")
    notes = [(len(row[at].value or ""), row[at].row) for row in sheet.iter_rows(min_row=2)]
    assert max(notes)[0] > 80
    assert all(sheet.row_dimensions[row].height >= 15.5 * letters / 80 for letters, row in notes)


def test_a_workbook_shows_bounds_of_rounding_whole(tmp_path: Path, known: dict) -> None:
    """63.705 to 63.715 must not be shown as 63.71 to 63.72: three decimals stand where there are three."""
    bare = cb.add_rates(cb.load_observations(indicator="office_cell_adoption")).query("printed == '63,71%'")
    report = publish(tmp_path, notebook(output(cb.tables.rates(bare, lang="vi"))), known)
    book = openpyxl.load_workbook(report / "report.xlsx")
    low = next(cell for cell in book[RATES][2] if cell.value == pytest.approx(63.705))
    decimals = low.number_format.partition(".")[2]
    assert (len(decimals) >= 3, decimals[:2]) == (True, "00")


def test_open_ranks_stand_beside_the_rank(tmp_path: Path, known: dict) -> None:
    """A rank is never read without those that chance leaves open, and all have words at their heads."""
    rated = cb.add_rates(cb.load_observations(indicator="org_quality_rating", years=2010))
    top = cb.rates.standard(rated).query("geo_level == 'province' and category_id == 'strong'")
    ranked = cb.rates.rank(top, direction="higher")
    report = publish(tmp_path, notebook(output(cb.tables.rates(ranked, lang="vi"))), known)
    head = [*sheets(report)[RATES][0].values()]
    ranks = [COLUMN_NAMES["vi"].get(one, one) for one in ("rank", "rank_low", "rank_high")]
    assert head[1:4] == ranks
    assert not {*head} & {*ranked.columns}


def test_a_table_above_all_sections_gives_its_caption_to_its_sheet(tmp_path: Path, known: dict) -> None:
    """No sheet is named by a code."""
    made = notebook(output(cb.tables.figures(bac_giang(), lang="vi")))
    made.cells[2:] = made.cells[3:]
    assert list(sheets(publish(tmp_path, made, known)))[2] == "Số liệu đã công bố"


def test_the_name_of_a_sheet_reads_as_its_section(tmp_path: Path, known: dict) -> None:
    """What a workbook can't have in a name stands as its like, and the cover's link still finds the sheet."""
    made = notebook(output(cb.tables.figures(bac_giang(), lang="en")))
    made.cells[2].source = "## The year's [rates]: all"
    book = openpyxl.load_workbook(publish(tmp_path, made, known) / "report.xlsx")
    assert book.sheetnames[2] == "The year’s rates – all"
    assert "'The year’s rates – all'!A1" in {
        cell.hyperlink.location for (cell, *_) in book.worksheets[0] if cell.hyperlink
    }


def test_a_caption_stays_on_the_page_of_its_table(published: Path) -> None:
    """In Word the line above a table is kept with it."""
    body = docx.Document(str(published / "report.docx")).element.body
    above = [one.getprevious() for one in body.iterchildren() if one.tag.endswith("}tbl")]
    captions = [one for one in above if one.xpath("./w:r/w:rPr/w:b")]
    assert captions
    assert all(one.xpath("./w:pPr/w:keepNext") for one in captions)


def test_a_table_of_rates_turns_no_page(published: Path) -> None:
    """Its nine columns stand upright, in the PDF and in Word: no page ends half empty before it."""
    boxes = [one.mediabox for one in pypdf.PdfReader(published / "report.pdf").pages]
    assert all(box.width < box.height for box in boxes)
    assert len(docx.Document(str(published / "report.docx")).sections) == 1


def test_text_goes_on_where_a_chart_goes_to_the_next_page(tmp_path: Path, known: dict) -> None:
    """What stands behind a chart that doesn't fit fills the page before it."""
    words = [nbformat.v4.new_markdown_cell("Một dòng.\n\n" * 24), nbformat.v4.new_markdown_cell("Cuối cùng.")]
    made = notebook(output(cb.charts.coverage_matrix(bac_giang(), lang="vi")))
    made.cells.insert(-1, words[0])
    made.cells.append(words[1])
    first, *_ = pypdf.PdfReader(publish(tmp_path, made, known) / "report.pdf").pages
    assert "Cuối cùng." in first.extract_text()


def test_a_row_of_a_pdf_stands_on_one_page(tmp_path: Path, known: dict) -> None:
    """Of 40 rows of some nine lines each both the first and the last word are on the same page."""
    rows = [f"a{at}z " + "một hai ba bốn năm " * 25 + f"y{at}z" for at in range(40)]
    table = plain_frame(pd.DataFrame({"số": range(40), "lời": rows}))
    pages = pypdf.PdfReader(publish(tmp_path, notebook(table), known) / "report.pdf").pages
    texts = [one.extract_text() for one in pages]
    begun, ended = ([{*re.findall(rf"{end}(\d+)z", one)} for one in texts] for end in "ay")
    assert begun == ended
    assert sum(map(len, begun)) == 40


@pytest.mark.parametrize(("beside", "listed"), [(True, 0), (False, 5)])
def test_documents_that_a_table_lists_are_listed_once(
    tmp_path: Path, known: dict, *, beside: bool, listed: int
) -> None:
    """Beside a table of all 5 sources PDF and Word have no list of them; without it they have one."""
    rated = bac_giang().query("interval != 'none'")
    tables = [cb.tables.rates(rated, lang="vi"), *([cb.tables.sources(rated, lang="vi")] if beside else [])]
    report = publish(tmp_path, notebook(*map(output, tables)), known)
    word = docx.Document(str(report / "report.docx"))
    assert [one.style.name for one in word.paragraphs].count("List Bullet") == listed
    pages = pypdf.PdfReader(report / "report.pdf").pages
    assert "".join(one.extract_text() for one in pages).count("•") == listed


def test_references_name_every_document_of_the_report(published: Path) -> None:
    """BibTeX and CSL-JSON hold the documents behind the figures, each once, with date and address."""
    items = json.loads((published / "sources.csl.json").read_text(encoding="utf-8"))
    entries = re.findall(r"(?m)^@misc\{(.+),$", (published / "sources.bib").read_text(encoding="utf-8"))
    assert [one["id"] for one in items] == entries
    used = json.loads((published / "used.json").read_text(encoding="utf-8"))["figures"]
    assert "A001" in used
    (one,) = [one for one in items if one["id"] == "tanyen-bacgiang-gov-vn-1426fa"]
    assert one["issued"] == {"date-parts": [[2016, 1, 10]]}


def test_planted_text_is_text_in_every_format(attacked: Path) -> None:
    """Script, markup, formulas and typesetting commands from data stand there to be read, and do nothing."""
    said = all_text(attacked)
    for name, text in said.items():
        flat = re.sub(r"\s+", "", text)
        for attack in ATTACKS:
            assert re.sub(r"\s+", "", attack) in flat, (name, attack)
    assert not set("\u202e\u200b\u2066\ufeff") & set("".join(said.values()))
    page = (attacked / "index.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(
        r"<script(?! type=\"application/ld)|<img[^>]+onerror|<svg[^>]+onload|href=\"javascript", page
    )


def test_no_cell_is_a_formula(attacked: Path) -> None:
    """Workbooks hold no formula; cells of CSV files that begin like one are quoted, numbers stay numbers."""
    with zipfile.ZipFile(attacked / "report.xlsx") as book:
        assert not [name for name in book.namelist() if b"<f>" in book.read(name)]
    for path in (attacked / "tables").glob("*.csv"):
        for row in csv.reader(path.open(encoding="utf-8")):
            assert not [cell for cell in row if re.match(r"[=@]|[+-](?!\d)", cell)]
    assert disarmed("-12") == "-12"
    assert disarmed("-cmd|x") == "'-cmd|x"


def test_links_of_documents_lead_to_the_web_only(attacked: Path) -> None:
    """An address that is no web address is no link in PDF, Word and page."""
    with zipfile.ZipFile(attacked / "report.docx") as word:
        assert b"javascript" not in word.read("word/_rels/document.xml.rels")
    for page in pypdf.PdfReader(attacked / "report.pdf").pages:
        links = [one.get_object().get("/A", {}) for one in page.get("/Annots", [])]
        assert not [link for link in links if "javascript" in str(link.get("/URI", ""))]
        assert not [link for link in links if link.get("/S") == "/JavaScript"]


def test_names_that_lead_elsewhere_write_nothing(tmp_path: Path, known: dict) -> None:
    """A table or chart named like a path gets a plain name, or no file at all."""
    table = output(cb.tables.sources(bac_giang(), lang="vi", name="../../../escaped"))
    made = notebook(table)
    report = put(tmp_path / "a" / "b" / "c", made)
    made.cells[-1].outputs[0].metadata["cbanalysis"]["name"] = "../../escaped"
    Publisher()(report, made, record())
    assert not [path for path in tmp_path.rglob("*escaped*") if report not in path.parents]
    assert known


def test_a_report_without_charts_tables_or_figures_is_whole(tmp_path: Path) -> None:
    """Words alone make a page, a PDF, a Word document and a workbook, and no references."""
    made, table = notebook(), "<table><tr><td colspan=2>1</td></tr></table>"
    made.cells.append(
        nbformat.v4.new_code_cell(
            "x",
            outputs=[
                nbformat.v4.new_output("stream", name="stdout", text="a plain line"),
                nbformat.v4.new_output("display_data", {"text/html": table}),
            ],
        )
    )
    report = put(tmp_path / "r", made)
    Publisher()(report, made, record("fr"))
    names = {path.name for path in report.iterdir()}
    assert names == {"index.html", "report.docx", "report.pdf", "report.xlsx", "used.json"}
    assert "a plain line" in all_text(report)["docx"]


def test_stata_takes_odd_names_and_long_texts() -> None:
    """Names become Stata's, twins get numbers, long texts keep every letter, missing stays missing."""
    long = "đ" * 3000
    rows = Rows(
        "made_up",
        "Thử",
        ("1 số", "a-b", "a b", "words", "yes"),
        ("integer", "number", "number", "text", "boolean"),
        (("3", "", "2.5", long, "True"), ("", "x", "1e3", "", "")),
    )
    read = pd.read_stata(io.BytesIO(stata(rows)))
    assert list(read.columns) == ["_1_s_", "a_b", "a_b_2", "words", "yes"]
    assert read["words"].tolist() == [long, ""]
    assert read["_1_s_"].tolist()[0] == 3
    assert read.iloc[:, [0, 1]].isna().to_numpy().tolist() == [[False, True], [True, True]]
    assert read["a_b_2"].tolist() == [2.5, 1000.0]
    assert read["yes"].tolist()[0] == 1


def test_stata_is_written_as_pandas_writes_it() -> None:
    """Numbers, truth, codes and texts, some missing, or no row at all give the bytes of `to_stata`."""
    names = ("base", "yes", "kind", "note")
    kinds = ("integer", "boolean", "text", "text")
    cells = (("124", "True", "wilson", "Đảng bộ"), ("", "", "", ""), ("-7", "False", "floor", "62 / 124"))
    for rows in (cells, ()):
        frame = pd.DataFrame(
            {
                "base": pd.Series([124.0, None, -7.0][: len(rows)], dtype=float),
                "yes": pd.Series([1.0, None, 0.0][: len(rows)], dtype=float),
                "kind": np.array([2, 0, 1][: len(rows)], "int8") if rows else pd.Series([], dtype=object),
                "note": pd.Series(["Đảng bộ", "", "62 / 124"][: len(rows)], dtype=object),
            }
        )
        wanted = io.BytesIO()
        frame.to_stata(
            wanted,
            version=118,
            write_index=False,
            time_stamp=datetime(2000, 1, 1),  # noqa: DTZ001 -- as pandas wants it
            data_label="Thử",
            variable_labels={name: COLUMN_NAMES["vi"].get(name, name) for name in names},
            value_labels={"kind": {0: "", 1: "floor", 2: "wilson"}} if rows else {},
        )
        assert stata(Rows("r", "Thử", names, kinds, rows), "vi") == wanted.getvalue()


def test_stata_refuses_a_number_beyond_its_largest() -> None:
    """1e308 would be read as missing: pandas says so."""
    with pytest.raises(ValueError, match="outside the range"):
        stata(Rows("r", "", ("base",), ("number",), (("1e308",),)))


def test_stata_keeps_its_own_names() -> None:
    """A column that bears a word of Stata's gets a line in front, and keeps its label."""
    rows = Rows("r", "", ("in", "str5"), ("number", "text"), (("1", "a b"),))
    with pd.io.stata.StataReader(io.BytesIO(stata(rows))) as read:
        assert read.variable_labels() == {"_in": "in", "_str5": "str5"}


def test_a_chart_in_a_pdf_can_be_searched() -> None:
    """What a chart says in words and numbers is text there, ligatures and bold letters too."""
    figure = Figure(figsize=(4, 2))
    figure.text(0.1, 0.5, "Đảng bộ < 63,71 %", color="#123456")
    figure.text(0.1, 0.2, "five offices", weight="bold", rotation=90)
    drawn = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "path"}):
        figure.savefig(drawn, format="svg")
    assert b"<use" not in without_lines(drawn.getvalue())[0]
    page = pypdf.PdfReader(io.BytesIO(chart_pdf(drawn.getvalue()))).pages[0]
    said = page.extract_text()
    assert "Đảng bộ < 63,71 %" in said
    assert "five offices" in said
    figure.text(0.5, 0.5, "$x^2$")
    drawn = io.BytesIO()
    figure.savefig(drawn, format="svg")
    # a formula stays drawn, and all else with it
    assert without_lines(drawn.getvalue()) == (drawn.getvalue(), [])


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
def test_what_workers_are_forked_from_is_warm_and_has_no_thread_of_it() -> None:
    """Importing what is preloaded compiles the page's template, and starts no thread: a fork has none."""
    code = """if True:
        import os
        import cbanalysis.site.downloads
        from cbanalysis.site.pages import report_page
        before = len(os.listdir("/proc/self/task"))
        import cbanalysis.site.preloading
        print(len(os.listdir("/proc/self/task")) - before, report_page._exporter.cache_info().currsize)
    """
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == ["0", "1"]


def test_only_named_tables_with_rows_count() -> None:
    """Outputs without a name, a kind or rows behind them give no file."""
    given = {"text/csv": "a\n1\n"}
    marks = [
        {"cbanalysis": "x"},
        {"cbanalysis": {"kind": "table"}},
        {"cbanalysis": {"kind": "table", "name": "n"}},
    ]
    outputs = [nbformat.v4.new_output("display_data", given, metadata=one) for one in marks]
    outputs.append(nbformat.v4.new_output("display_data", {"text/html": ""}, metadata=marks[-1]))
    found = rows_of(notebook(*outputs))
    assert [(one.name, one.columns, one.kinds, one.cells) for one in found] == [
        ("n", ("a",), ("text",), (("1",),))
    ]
