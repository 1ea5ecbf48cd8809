"""Workbooks as their sheets show them: formats, errors, formulas that nobody computed, fonts."""

from __future__ import annotations

import gc
import re
import struct
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from cbanalysis.common.errors import DataError
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.files.formats import number_format
from cbanalysis.importing.files.grids import Cell, Formatted, NoValue, general, uncollected
from cbanalysis.importing.files.ods import as_shown
from cbanalysis.importing.files.reading import tables
from cbanalysis.importing.layouts.applying import apply_layout
from cbanalysis.importing.layouts.places import Places
from cbanalysis.importing.layouts.proposing import propose
from cbanalysis.importing.layouts.vocabulary import Vocabulary
from made_up import writers

VOCABULARY, PLACES = Vocabulary(Catalogue.read()), Places(Gazetteer.read())
TITLE = ["BẢNG TỔNG HỢP KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI CHI BỘ NĂM 2023"]
COUNTS = [
    "TT",
    "Tỉnh",
    "Tổng số chi bộ được đánh giá",
    "Hoàn thành xuất sắc nhiệm vụ",
    "Hoàn thành tốt nhiệm vụ",
]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHARES = ["TT", "Tỉnh", "Tổng số chi bộ được đánh giá", "Tỷ lệ hoàn thành xuất sắc nhiệm vụ (%)"]


def workbook(
    path: Path, rows: list[list[object]], formats: dict[str, str], fonts: dict[str, str] | None = None
) -> Path:
    """Write a workbook with the number formats and fonts of some cells."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, code in formats.items():
        book.active[place].number_format = code
    for place, name in (fonts or {}).items():
        book.active[place].font = Font(name=name)
    book.save(path)
    return path


def changed(path: Path, old: str, new: str, part: str = "xl/worksheets/sheet1.xml") -> Path:
    """Change the XML of a part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "extent",
    [
        'ref="1:69"',
        'ref="A:C"',
        'ref=""',
        'ref="foo"',
        "",
        "ref='1:69'",
        'ref="$A$1:$B$2"',
        'ref="A1:"',
        'ref="A1:A1 B2"',
    ],
)
def test_a_sheet_whose_extent_is_no_range_of_cells_is_read(extent: str, tmp_path: Path) -> None:
    """Whole rows, whole columns or nothing stand where A1:B2 should; the cells tell the extent."""
    path = workbook(tmp_path / "a.xlsx", [["Tỉnh", "Số"], ["Hà Nam", 12]], {})
    (grid,) = tables(changed(path, '<dimension ref="A1:B2"', f"<dimension {extent} "))
    assert grid.rows == [["Tỉnh", "Số"], ["Hà Nam", 12]]


def figures(path: Path) -> list[tuple[str, str, str, str]]:
    """Return province, count, percent and printed of what a file says under the layout proposed for it."""
    grids = tables(path)
    applied = apply_layout(propose(grids, VOCABULARY, PLACES).layout, grids, VOCABULARY, PLACES)
    columns = ["province", "count", "percent", "printed"]
    return [tuple(row) for row in applied.observations[columns].itertuples(index=False)]


def faults(path: Path) -> list[str]:
    """Return the faults of a file under the layout proposed for it."""
    with pytest.raises(DataError) as caught:
        figures(path)
    return [str(fault) for fault in caught.value.faults]


def cell(path: Path, row: int, column: int) -> Cell:
    """Return a cell of the only table of a file."""
    (grid,) = tables(path)
    return grid.rows[row][column]


class TestPercentFormats:
    """A cell that is formatted as a percentage is one, whatever stands beside it."""

    def test_a_fraction_beside_a_plain_share_is_read_by_its_own_format(self, tmp_path: Path) -> None:
        """0.17 as 0.0% is 17 %, 15 without a format is 15 %, a lone 1 as 0% is 100 %."""
        rows = [
            TITLE,
            SHARES,
            [1, "Hải Phòng", 1200, 0.17],
            [2, "Hưng Yên", 1000, 15],
            [3, "Bắc Giang", 900, 1],
        ]
        path = workbook(tmp_path / "a.xlsx", rows, {"D3": "0.0%", "D5": "0%"})
        shares = [(place, percent, printed) for place, _, percent, printed in figures(path) if percent]
        assert shares == [
            ("Hải Phòng", "17", "17,0%"),
            ("Hưng Yên", "15", "15%"),
            ("Bắc Giang", "100", "100%"),
        ]

    def test_a_percentage_in_a_column_of_counts_is_a_fault(self, tmp_path: Path) -> None:
        """A share is never taken for a number of cells."""
        rows = [TITLE, COUNTS, [1, "Hải Phòng", 1200, 1, 900], [2, "Hưng Yên", 1000, 150, 812]]
        (fault,) = faults(workbook(tmp_path / "a.xlsx", rows, {"D3": "0%"}))
        assert "cell D3: a percentage where a count is wanted (found '100%')" in fault


class TestScaledAndHidden:
    """What a format scales or hides isn't taken as it is stored."""

    def test_thousands_and_hidden_decimals_are_told(self, tmp_path: Path) -> None:
        """1,200,000 shown as 1,200 and 0.4999 shown as 0 are faults with both numbers."""
        rows = [TITLE, COUNTS, [1, "Hải Phòng", 1200000, 0.4999, 900], [2, "Hưng Yên", 1000, 150, 812]]
        told = faults(workbook(tmp_path / "a.xlsx", rows, {"C3": "#,##0,", "D3": "0"}))
        assert any("cell C3: stored as 1200000 and shown as 1,200" in fault for fault in told)
        assert any("cell D3: a count is whole, and 0.4999 is shown as 0" in fault for fault in told)

    def test_a_number_that_is_not_shown_at_all_is_told(self, tmp_path: Path) -> None:
        """The format ;;; hides a figure; a dash for 0 is a 0."""
        rows = [TITLE, COUNTS, [1, "Hải Phòng", 1200, 204, 900], [2, "Hưng Yên", 1000, 0, 812]]
        path = workbook(tmp_path / "a.xlsx", rows, {"D3": ";;;"})
        assert any("cell D3: a number that its format hides" in fault for fault in faults(path))
        dash = workbook(tmp_path / "b.xlsx", rows, {"D4": '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)'})
        assert ("Hưng Yên", "0", "", "0/1.000") in figures(dash)

    def test_usual_formats_change_nothing(self, tmp_path: Path) -> None:
        """#,##0 and 0.00 show what is stored; such cells stay plain numbers."""
        path = workbook(
            tmp_path / "a.xlsx", [[1200, 12.5, 0]], {"A1": "#,##0", "B1": "0.00", "C1": "#,##0;-#,##0"}
        )
        assert [type(one) for one in tables(path)[0].rows[0]] == [float] * 3


def test_a_number_with_the_decimals_of_another_part_of_its_format_is_rounded(tmp_path: Path) -> None:
    """15.5 is shown as 16 where two decimals are for numbers below 1 and one is for those below 10."""
    code = "[<1]0.00;[<10]0.0;0"
    path = workbook(tmp_path / "a.xlsx", [[15.5, 5.5, 0.25]], dict.fromkeys(("A1", "B1", "C1"), code))
    assert [str(one) for one in tables(path)[0].rows[0]] == ["16", "5.5", "0.25"]


def test_a_cell_without_an_address_stands_behind_the_one_before_it(tmp_path: Path) -> None:
    """0.5 as 0% behind the plain number 7 in B1 is 50% in C1."""
    path = workbook(tmp_path / "a.xlsx", [["Tỉnh", 7, 0.5]], {"C1": "0%"})
    changed(path, '<c r="C1" ', "<c ")
    assert [str(one) for one in tables(path)[0].rows[0]] == ["Tỉnh", "7.0", "50%"]


def test_binary_tails_are_shown_as_the_sheet_shows_them(tmp_path: Path) -> None:
    """96.66666666666667 without a format is 96.66666667, with 0.0 it is 96.7."""
    rows = [["Kết quả năm 2023"], ["Tỉnh", "Tỷ lệ đảng viên dự sinh hoạt chi bộ (%)"]]
    rows += [["Hưng Yên", 97.5], ["Hải Phòng", 98], ["Bắc Giang", 96.66666666666667]]
    plain = figures(workbook(tmp_path / "a.xlsx", rows, {}))
    assert [row[2:] for row in plain] == [("97.5", "97,5%"), ("98", "98%"), ("96.66666667", "96,66666667%")]
    shown = figures(workbook(tmp_path / "b.xlsx", rows, {"B5": "0.0"}))
    assert shown[-1][2:] == ("96.7", "96,7%")


class TestErrors:
    """An error cell is never "not published"."""

    def test_an_error_is_a_fault_with_its_name_and_cell(self, tmp_path: Path) -> None:
        """#DIV/0! and #N/A are two faults with sheet and cell."""
        rows = [TITLE, COUNTS, [1, "Hải Phòng", 1200, 204, 900], [2, "Hưng Yên", 1000, "#DIV/0!", "#N/A"]]
        told = faults(workbook(tmp_path / "a.xlsx", rows, {}))
        assert "sheet Sheet, cell D4: an error instead of a figure (found '#DIV/0!')" in told[0]
        assert "sheet Sheet, cell E4: an error instead of a figure (found '#N/A')" in told[1]

    @pytest.mark.parametrize("odd", ["prefix", "quotes", "no address"])
    def test_unusual_xml_hides_no_error(self, odd: str, tmp_path: Path) -> None:
        """Prefixes, other quotes and cells without addresses are read as any reader of XML reads them."""
        path = workbook(tmp_path / "a.xlsx", [["Tỉnh", "#REF!", 0.5]], {"C1": "0%"})
        if odd == "quotes":
            changed(path, '<c r="B1" t="e">', "<c  r='B1' t='e' >")
        elif odd == "no address":
            changed(path, '<c r="B1" t="e">', '<c t="e">')
        else:
            changed(
                path,
                '<c r="B1" t="e"><v>#REF!</v></c>',
                '<m:c xmlns:m="http://schemas.openxmlformats.org/'
                'spreadsheetml/2006/main" r="B1" t="e"><m:v>#REF!</m:v></m:c>',
            )
        assert list(tables(path)[0].rows[0][1:2]) == [NoValue("error", "#REF!")]
        assert str(cell(path, 0, 2)) == "50%"

    def test_errors_of_old_workbooks_are_told(self, tmp_path: Path) -> None:
        """An .xls keeps errors as codes; their names come out."""
        import xlwt

        book = xlwt.Workbook()
        sheet = book.add_sheet("Bảng")
        sheet.write(0, 0, "Tỉnh")
        sheet.row(0).set_cell_error(1, "#DIV/0!")
        sheet.row(0).set_cell_error(2, "#N/A!")
        book.save(str(tmp_path / "a.xls"))
        assert tables(tmp_path / "a.xls")[0].rows[0][1:3] == [
            NoValue("error", "#DIV/0!"),
            NoValue("error", "#N/A"),
        ]


class TestFormulas:
    """A stored 0 counts only if the formula comes to 0."""

    ROWS = (TITLE, COUNTS, [1, "Hải Phòng", 1200, "=C3*0.17", 900], [2, "Hưng Yên", 1000, "=C4-C4", 812])

    def stored(self, path: Path, *values: str) -> Path:
        """Write the table with values beneath its two formulas."""
        workbook(path, [*self.ROWS], {})
        for formula, value in zip(("C3*0.17", "C4-C4"), values, strict=True):
            with zipfile.ZipFile(path) as archive:
                sheet = archive.read("xl/worksheets/sheet1.xml").decode()
            form = next(one for one in ("<v></v>", "<v/>", "<v />", "") if f"<f>{formula}</f>{one}" in sheet)
            changed(path, f"<f>{formula}</f>{form}", f"<f>{formula}</f>{value}")
        return path

    def test_a_zero_that_the_formula_does_not_come_to_is_told(self, tmp_path: Path) -> None:
        """1200 * 0.17 is 204, so nobody computed the stored 0; 1000 - 1000 is 0, which stays."""
        path = self.stored(tmp_path / "a.xlsx", "<v>0</v>", "<v>0</v>")
        assert cell(path, 2, 3) == NoValue("formula", "=C3*0.17")
        assert cell(path, 3, 3) == 0
        (fault,) = faults(path)
        assert "cell D3: a formula that nobody computed (found '=C3*0.17')" in fault

    def test_a_formula_without_any_value_is_told(self, tmp_path: Path) -> None:
        """A program that writes formulas only leaves no figure."""
        path = self.stored(tmp_path / "a.xlsx", "", "<v>0</v>")
        assert cell(path, 2, 3) == NoValue("formula", "=C3*0.17")

    @pytest.mark.parametrize("formula", ["e", "ee*2", "(1).e", "()"])
    def test_a_formula_that_is_no_sum_of_numbers_spoils_no_file(self, formula: str, tmp_path: Path) -> None:
        """A name is nothing that can be computed here; the other formula was computed, so it is trusted."""
        path = self.stored(tmp_path / "a.xlsx", "<v>0</v>", "<v>7</v>")
        changed(path, "<f>C3*0.17</f>", f"<f>{formula}</f>")
        assert cell(path, 2, 3) == 0

    def test_a_sum_of_what_nobody_computed_is_told_too(self, tmp_path: Path) -> None:
        """Formulas that lean on such a formula come to nothing either."""
        path = workbook(tmp_path / "a.xlsx", [[5, "=A1*2", "=SUM(B1:B1)"]], {})
        for formula in ("A1*2", "SUM(B1:B1)"):
            with zipfile.ZipFile(path) as archive:
                sheet = archive.read("xl/worksheets/sheet1.xml").decode()
            form = next(one for one in ("<v></v>", "<v/>", "<v />") if f"<f>{formula}</f>{one}" in sheet)
            changed(path, f"<f>{formula}</f>{form}", f"<f>{formula}</f><v>0</v>")
        assert [str(one) for one in tables(path)[0].rows[0][1:]] == ["=A1*2", "=SUM(B1:B1)"]

    @pytest.mark.parametrize(("trusted", "stays"), [("17", True), ("0", False)])
    def test_what_cannot_be_computed_here_is_trusted_if_another_formula_was(
        self, *, trusted: str, stays: bool, tmp_path: Path
    ) -> None:
        """A look-up with a stored 0 stays where the workbook has computed formulas, and is told where not."""
        path = workbook(tmp_path / "a.xlsx", [[5, "=VLOOKUP(A1,Z1:Z9,1)", "=A1+12"]], {})
        for formula, value in (("VLOOKUP(A1,Z1:Z9,1)", "0"), ("A1+12", trusted)):
            with zipfile.ZipFile(path) as archive:
                sheet = archive.read("xl/worksheets/sheet1.xml").decode()
            form = next(one for one in ("<v></v>", "<v/>", "<v />") if f"<f>{formula}</f>{one}" in sheet)
            changed(path, f"<f>{formula}</f>{form}", f"<f>{formula}</f><v>{value}</v>")
        assert (cell(path, 0, 1) == 0) is stays

    def test_formulas_of_old_workbooks_that_nobody_computed_are_told(self, tmp_path: Path) -> None:
        """A library that writes .xls stores nothing beneath a formula."""
        import xlwt

        book = xlwt.Workbook()
        sheet = book.add_sheet("Bảng")
        sheet.write(0, 0, 12)
        sheet.write(0, 1, xlwt.Formula("A1*2"))
        book.save(str(tmp_path / "a.xls"))
        value = cell(tmp_path / "a.xls", 0, 1)
        assert isinstance(value, NoValue)
        assert value.kind == "formula"


@pytest.mark.parametrize("texts_are", ["in cells", "shared"])
def test_marks_of_footnotes_and_struck_digits_are_no_digits_of_a_figure(
    texts_are: str, tmp_path: Path
) -> None:
    """Parts of a cell's text that stand above the line or are struck out are read as they are seen."""
    raised, struck = InlineFont(vertAlign="superscript"), InlineFont(strike=True)
    texts = [CellRichText("45", TextBlock(raised, "1")), CellRichText(TextBlock(struck, "7"), "45")]
    path = workbook(tmp_path / "a.xlsx", [texts, ["451", "745"]], {})
    if texts_are == "shared":
        with zipfile.ZipFile(path, "a") as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()
            items = re.findall(r"<is>(.*?)</is>", sheet)
            strings = "".join(f"<si>{one}</si>" for one in items)
            archive.writestr("xl/sharedStrings.xml", f"<sst xmlns='{MAIN}'>{strings}</sst>")
        for at, item in enumerate(items):
            changed(path, f't="inlineStr"><is>{item}</is>', f't="s"><v>{at}</v>')
    assert cell(path, 0, 0) == "45¹"
    assert cell(path, 0, 1) == "45"
    assert [cell(path, 1, 0), cell(path, 1, 1)] == ["451", "745"]


def marked_xlsx(path: Path) -> None:
    """Write it as Excel does."""
    raised, struck = InlineFont(vertAlign="superscript"), InlineFont(strike=True)
    book = openpyxl.Workbook()
    book.active.append(["Huế", CellRichText("45", TextBlock(raised, "1")), 12, 13])
    book.active.append(["Hà Nội", CellRichText(TextBlock(struck, "7"), "45"), 8, "451"])
    for place in ("C1", "C3"):
        book.active[place].font = Font(strike=True)
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["D"].hidden = True
    book.save(path)


def marked_xls(path: Path) -> None:
    """Write it as Excel did until 2003."""
    import xlwt

    plain, raised, struck = xlwt.Font(), xlwt.Font(), xlwt.Font()
    raised.escapement, struck.struck_out = 1, True
    out = xlwt.easyxf("font: struck_out on")
    book = xlwt.Workbook()
    sheet = book.add_sheet("Bảng")
    for place, value in enumerate(("Huế", None, 12, 13)):
        if value:
            sheet.write(0, place, value, *([out] if value == 12 else []))
    sheet.write_rich_text(0, 1, [("45", plain), ("1", raised)])
    sheet.write_rich_text(1, 1, [("7", struck), ("45", plain)])
    for place, value in ((0, "Hà Nội"), (2, 8), (3, "451")):
        sheet.write(1, place, value)
    sheet.write(2, 2, "", out)
    sheet.row(1).hidden = True
    sheet.col(3).hidden = True
    book.save(str(path))


def marked_ods(path: Path) -> None:
    """Write it as LibreOffice does."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.style import Style, TextProperties
    from odf.table import Table, TableCell, TableColumn, TableRow
    from odf.text import P, Span

    book = OpenDocumentSpreadsheet()
    raised, struck = Style(name="T1", family="text"), Style(name="T2", family="text")
    named, out = Style(name="cũ", family="table-cell"), Style(name="ce1", family="table-cell")
    raised.addElement(TextProperties(textposition="super 58%"))
    for one in (struck, named):
        one.addElement(TextProperties(textlinethroughstyle="solid"))
    out.setAttribute("parentstylename", named)
    book.styles.addElement(named)
    for one in (raised, struck, out):
        book.automaticstyles.addElement(one)
    table = Table(name="Bảng")
    table.addElement(TableColumn(numbercolumnsrepeated=3))
    table.addElement(TableColumn(visibility="collapse"))
    for runs, whole, number, text in (
        ([("45", ""), ("1", raised)], ("Huế", out), 12, 13),
        ([("7", struck), ("45", "")], ("Hà Nội", ""), 8, "451"),
    ):
        row = TableRow(**({} if number == 12 else {"visibility": "collapse"}))
        line = P()
        for piece, style in runs:
            line.addElement(Span(text=piece, **({"stylename": style} if style else {})))
        cells = [TableCell(valuetype="string"), TableCell(valuetype="string")]
        cells[0].addElement(P(text=whole[0]))
        cells[1].addElement(line)
        for value, style in ((number, whole[1]), (text, "")):
            about = {"stylename": style} if style else {}
            kind = (
                {"valuetype": "string"} if isinstance(value, str) else {"valuetype": "float", "value": value}
            )
            cells.append(TableCell(**kind, **about))
            cells[-1].addElement(P(text=str(value)))
        for one in cells:
            row.addElement(one)
        table.addElement(row)
    book.spreadsheet.addElement(table)
    book.save(str(path))


def marked_xlsb(path: Path) -> None:
    """Write it as Excel does in binary workbooks, record by record."""

    def record(kind: int, body: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
        return head + bytes([len(body)]) + body

    def text(value: str) -> bytes:
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    def font(flags: int, level: int) -> bytes:
        return record(
            43, struct.pack("<HHHHBBBB8sB", 220, flags, 400, level, 0, 0, 0, 0, bytes(8), 0) + text("A")
        )

    def shared(value: str, *runs: tuple[int, int]) -> bytes:
        told = (
            struct.pack("<I", len(runs)) + b"".join(struct.pack("<HH", *run) for run in runs) if runs else b""
        )
        return record(19, bytes([bool(runs)]) + text(value) + told)

    def row(down: int, *, hidden: bool = False) -> bytes:
        return record(0, struct.pack("<IIHBBBII", down, 0, 300, 0, 16 * hidden, 0, 0, 0)[:25])

    def cell(across: int, value: float, style: int = 0, *, is_text: bool = True) -> bytes:
        stored = struct.pack("<I", int(value)) if is_text else struct.pack("<d", value)
        return record(7 if is_text else 5, struct.pack("<II", across, style) + stored)

    styles = [record(278), record(611, struct.pack("<I", 3)), font(0, 0), font(8, 0), font(0, 1), record(612)]
    styles += [record(617, struct.pack("<I", 2))]
    styles += [record(47, struct.pack("<HHHHBBHH", 0, 0, one, 0, 0, 0, 0, 0)) for one in (0, 1)]
    styles += [record(618), record(279)]
    texts = [
        shared("Huế"),
        shared("451", (2, 2)),
        shared("Hà Nội"),
        shared("745", (0, 1), (1, 0)),
        shared("451"),
    ]
    sheet = [record(129), record(148, struct.pack("<IIII", 0, 1, 0, 3)), record(390)]
    sheet += [record(60, struct.pack("<IIIIH", 3, 3, 2560, 0, 1)), record(391), record(145)]
    sheet += [row(0), cell(0, 0), cell(1, 1), cell(2, 12, 1, is_text=False), cell(3, 13, is_text=False)]
    sheet += [row(1, hidden=True), cell(0, 2), cell(1, 3), cell(2, 8, is_text=False), cell(3, 4)]
    sheet += [record(146), record(130)]
    writers.xlsb(path, "Bảng", [["Huế"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/styles.bin"] = b"".join(styles)
    count = struct.pack("<II", len(texts), len(texts))
    parts["xl/sharedStrings.bin"] = record(159, count) + b"".join(texts) + record(160)
    parts["xl/worksheets/sheet1.bin"] = b"".join(sheet)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "xlsb"])
def test_what_is_struck_out_is_not_read_and_what_is_hidden_is_told(kind: str, tmp_path: Path) -> None:
    """In each kind of workbook: parts of a text, a struck number, a hidden row, a hidden column."""
    path = tmp_path / f"a.{kind}"
    globals()[f"marked_{kind}"](path)
    (grid,) = tables(path)
    assert [row[:4] for row in grid.rows[:2]] == [["Huế", "45¹", "", 13], ["Hà Nội", "45", 8, "451"]]
    assert [*map(set, (one.partition(": ")[2].split(", ") for one in grid.remarks))] == [{"D", "2"}, {"C1"}]
    assert grid.remarks[1] == "struck out and not read: C1"


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "xlsb"])
def test_merged_cells_are_told_in_each_kind_of_workbook(kind: str, tmp_path: Path) -> None:
    """A number over two rows and a heading over two columns have the same ranges in all."""
    path, rows, merges = (
        tmp_path / f"a.{kind}",
        [["Tỉnh", "Số", ""], ["Huế", 300, 5], ["Hà Nội", "", 6]],
        ("B1:C1", "B2:B3"),
    )
    if kind == "xlsb":
        writers.xlsb(path, "Bảng", rows, merges)
    else:
        getattr(writers, kind)(path, {"Bảng": rows}, merges)
    (grid,) = tables(path)
    assert sorted(grid.merged) == [(0, 1, 0, 2), (1, 1, 2, 1)]
    assert grid.rows == rows


def test_hidden_rows_columns_and_sheets_are_told(tmp_path: Path) -> None:
    """What a sheet hides is read as all else is, a hidden sheet isn't; a person hears of both."""
    book = openpyxl.Workbook()
    for row in (["Tỉnh", 2021, 2022], ["Huế", 1, 2], ["Hà Nội", 3, 4]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.create_sheet("Cũ").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    (grid,) = tables(tmp_path / "a.xlsx")
    assert grid.remarks == (
        "hidden sheets aren't read: Cũ", "hidden in the sheet and read as all others: B, 3",
    )  # fmt: skip
    assert grid.rows[2] == ["Hà Nội", 3, 4]


def test_old_workbooks_show_percentages_and_fonts(tmp_path: Path) -> None:
    """Formats and fonts of .xls are those of each cell."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Bảng")
    sheet.write(0, 0, "T×nh", xlwt.easyxf("font: name .VnTime"))
    sheet.write(0, 1, "Thái Bình", xlwt.easyxf("font: name Arial"))
    sheet.write(0, 2, 0.175, xlwt.easyxf(num_format_str="0.0%"))
    sheet.write(0, 3, 1_200_000, xlwt.easyxf(num_format_str="#,##0,"))
    sheet.write(0, 4, 12.5, xlwt.easyxf(num_format_str="0.00"))
    book.save(str(tmp_path / "a.xls"))
    row = tables(tmp_path / "a.xls")[0].rows[0]
    assert [str(one) for one in row] == ["Tình", "Thái Bình", "17.5%", "1,200", "12.5"]


def test_a_part_of_a_text_of_an_old_workbook_has_a_font_of_its_own(tmp_path: Path) -> None:
    """In "TØnh / Thái Bình" the first word is in .VnTime, and the name isn't."""
    import xlwt

    book = xlwt.Workbook()
    fonts = [xlwt.easyfont(f"name {name}") for name in (".VnTime", "Arial")]
    book.add_sheet("Bảng").write_rich_text(0, 0, [("TØnh", fonts[0]), (" / Thái Bình", fonts[1])])
    book.save(str(tmp_path / "a.xls"))
    assert tables(tmp_path / "a.xls")[0].rows[0][0] == "Tỉnh / Thái Bình"


def test_opendocument_cells_show_what_their_text_says(tmp_path: Path) -> None:
    """Percentages, rounded numbers, errors and hidden numbers of an .ods."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    table, row = Table(name="Bảng"), TableRow()
    cells = [
        ("percentage", 0.17, "17,0%", None),
        ("float", 96.6666666, "96,67", None),
        ("float", 1200, "1.200", None),
        ("float", 1200000, "1.200", None),
        ("float", 5, "", None),
        ("float", 0, "#DIV/0!", "of:=1/0"),
        ("float", 0, "0", "of:=[.C1]*2"),
    ]
    for kind, value, text, formula in cells:
        options = {"formula": formula} if formula else {}
        one = TableCell(valuetype=kind, value=value, **options)
        one.addElement(P(text=text))
        row.addElement(one)
    table.addElement(row)
    book.spreadsheet.addElement(table)
    book.save(str(tmp_path / "a.ods"))
    got = tables(tmp_path / "a.ods")[0].rows[0]
    assert [str(one) for one in got] == ["17,0%", "96,67", "1200.0", "1.200", "", "#DIV/0!", "=C1*2"]
    assert isinstance(got[0], Formatted)
    assert got[0].percent
    assert isinstance(got[3], Formatted)
    assert got[3].thousands == 1


class TestLetters:
    """TCVN3 is decided by the font of each cell."""

    ROWS = (["Tỉnh", "T×nh"], ["Thái Bình", "H­ng Yªn"])

    def test_only_cells_in_such_a_font_are_converted(self, tmp_path: Path) -> None:
        """Thái Bình in Arial stays, Hưng Yên in .VnTime is read."""
        path = workbook(
            tmp_path / "a.xlsx", [*self.ROWS], {}, {"A2": "Arial", "B1": ".VnTime", "B2": ".VnTime"}
        )
        (grid,) = tables(path)
        assert [list(row) for row in grid.rows] == [["Tỉnh", "Tình"], ["Thái Bình", "Hưng Yên"]]
        assert grid.letters == "tcvn3"
        assert any("--letters unicode" in remark for remark in grid.remarks)

    def test_cells_without_a_style_are_in_the_font_of_the_first(self, tmp_path: Path) -> None:
        """Where the workbook's own font is .VnTime a cell needn't say so."""
        path = workbook(tmp_path / "a.xlsx", [*self.ROWS], {}, {"A2": "Arial"})
        changed(path, 'name val="Calibri"', 'name val=".VnTime"', "xl/styles.xml")
        assert [list(row) for row in tables(path)[0].rows] == [["Tỉnh", "Tình"], ["Thái Bình", "Hưng Yên"]]

    def test_a_font_that_was_left_behind_spoils_no_column(self, tmp_path: Path) -> None:
        """Names that are Unicode stay so although their column is in .VnTime."""
        names = ["Thái Bình", "Bắc Giang", "Hà Nam"]
        path = workbook(
            tmp_path / "a.xlsx", [[name] for name in names], {}, {f"A{at}": ".VnTime" for at in (1, 2, 3)}
        )
        assert [row[0] for row in tables(path)[0].rows] == names

    def test_unicode_can_be_told(self, tmp_path: Path) -> None:
        """--letters unicode leaves every cell as it is."""
        path = workbook(tmp_path / "a.xlsx", [*self.ROWS], {}, {"B1": ".VnTime", "B2": ".VnTime"})
        (grid,) = tables(path, letters="")
        assert [list(row) for row in grid.rows] == [*map(list, self.ROWS)]

    def test_text_that_looks_like_it_gets_a_hint(self, tmp_path: Path) -> None:
        """A workbook without such fonts, and a CSV file, say what to try."""
        lines = ["TØnh;Tæng sè chi bé ®­îc ®¸nh gi¸", "H¶i Phßng;12", "H­ng Yªn;9", "B¾c Giang;7"]
        path = workbook(tmp_path / "a.xlsx", [line.split(";") for line in lines], {})
        (tmp_path / "a.csv").write_bytes("\n".join(lines).encode("latin-1"))
        for one in (path, tmp_path / "a.csv"):
            assert "the text looks like TCVN3 (--letters tcvn3)" in tables(one)[0].remarks
        assert tables(tmp_path / "a.csv", letters="tcvn3")[0].rows[1][0] == "Hải Phòng"


@given(
    st.floats(-1e9, 1e9, allow_nan=False),
    st.sampled_from(["0", "0.0", "0.00", "#,##0", "#,##0.0", "0%", "0.0%", "0.00%", "General"]),
)
@settings(max_examples=200, deadline=None)
def test_what_is_shown_is_the_stored_number_rounded(stored: float, code: str) -> None:
    """Under any usual format the shown number is within half of its last digit of the stored one."""
    cell = number_format(code).shown(stored)
    if not isinstance(cell, Formatted):
        assert cell == stored
        return
    scale = 100 if cell.percent else 1
    half = Decimal(1).scaleb(int(cell.number.as_tuple().exponent)) / 2
    assert abs(cell.number - Decimal(repr(stored)) * scale) <= half + abs(cell.number) * Decimal("1e-14")
    assert cell.percent is code.endswith("%")


@given(
    digits=st.integers(0, 10**7),
    decimals=st.integers(0, 4),
    percent=st.booleans(),
    mark=st.sampled_from([".", ","]),
)
@settings(max_examples=150, deadline=None)
def test_the_text_of_an_opendocument_cell_gives_its_number(
    *, digits: int, decimals: int, percent: bool, mark: str
) -> None:
    """Whatever marks a locale writes, the shown number is the stored one to as many decimals."""
    number = Decimal(digits).scaleb(-decimals)
    whole, _, rest = f"{number:,f}".partition(".")
    shown = whole.replace(",", "." if mark == "," else ",") + (mark + rest if rest else "") + "%" * percent
    stored = float(number / 100 if percent else number)
    cell = as_shown(stored, shown)
    value = cell.number if isinstance(cell, Formatted) else Decimal(general(cell))
    assert value == number
    assert (isinstance(cell, Formatted) and cell.percent) is percent


def test_what_a_server_of_forks_has_frozen_stays_frozen() -> None:
    """Reading a table leaves frozen objects frozen, else none, and cycles are looked for again."""
    was = gc.get_freeze_count()
    with uncollected():
        assert not gc.isenabled()
    assert gc.get_freeze_count() == was
    gc.freeze()
    try:
        with uncollected():
            pass
        assert gc.get_freeze_count() > 0
        assert gc.isenabled()
    finally:
        gc.unfreeze()
