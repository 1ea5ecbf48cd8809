"""The review table and what becomes of it: nothing unreviewed, nothing unchecked, no formula."""

# ruff: noqa: E501 -- texts and cells stand on one line

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cbanalysis.cli import main
from cbanalysis.common.errors import DataError
from cbanalysis.common.folders import shipped_folder
from cbanalysis.importing.prose import REVIEW_COLUMNS, ReviewFile, read_review

# Made up for this test.
TEXT = """Bắc Giang năm 2024
Toàn tỉnh có 6.150 chi bộ trực thuộc đảng ủy cơ sở và 99.870 đảng viên.
=1+1 có 80% tổ chức cơ sở đảng hoàn thành tốt nhiệm vụ.
Phấn đấu kết nạp 2.000 đảng viên.
Theo Quy định số 24-QĐ/TW.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with one document and a copy of the published data."""
    shutil.copytree(shipped_folder("data"), tmp_path / "data")
    (tmp_path / "bao-cao.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CBANALYSIS_DATA", str(tmp_path / "data"))
    return tmp_path


def run(*words: str, code: int = 0) -> str:
    """Run the command in this process and return what it shows."""
    done = CliRunner().invoke(main, list(words))
    assert done.exit_code == code, done.output
    return done.output


def change(path: Path, edit: Callable[[list[dict[str, str]]], None]) -> None:
    """Edit the rows of a CSV review as a person would."""
    rows = [*csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))]
    edit(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]])
        writer.writeheader()
        writer.writerows(rows)


def decide(*decisions: str) -> Callable[[list[dict[str, str]]], None]:
    """Return an edit of the review: a decision for each row."""

    def edit(rows: list[dict[str, str]]) -> None:
        for row, decision in zip(rows, decisions, strict=False):
            row["decision"] = decision

    return edit


def contents(data: Path) -> dict[str, bytes]:
    """Return the files of a data folder."""
    return {path.name: path.read_bytes() for path in sorted(data.iterdir())}


def test_accepted_figures_enter_data_and_rejected_ones_do_not(folder: Path) -> None:
    """Extract, fill in, accept: two figures with their spans, a source for the document; and undo takes them back."""
    before = contents(folder / "data")
    said = run("extract", "bao-cao.txt", "--review", "r.csv")
    assert "3 figures and 1 targets proposed, 4 numbers set aside" in said
    assert contents(folder / "data") == before
    change(folder / "r.csv", decide("accept", "accept", "reject", "reject"))
    assert "2 figures are in" in run("accept", "r.csv", "--publisher", "made up", "--yes")
    rows = [*csv.DictReader((folder / "data" / "observations.csv").open(encoding="utf-8"))][-2:]
    assert [(row["count"], row["subject"], row["province"], row["period_end"]) for row in rows] == [
        ("6150", "branch_cell", "Bắc Giang", "2024"), ("99870", "member", "Bắc Giang", "2024"),
    ]  # fmt: skip
    origin = [*csv.DictReader((folder / "data" / "origins.csv").open(encoding="utf-8"))][-2]
    assert TEXT[int(origin["start"]) : int(origin["end"])] == "6.150"
    source = [*csv.DictReader((folder / "data" / "sources.csv").open(encoding="utf-8"))][-1]
    assert (source["source_id"], source["publisher"], source["file"]) == ("bao-cao", "made up", "bao-cao.txt")
    run("check")
    run("undo")
    assert contents(folder / "data")["observations.csv"] == before["observations.csv"]


def test_the_scheme_of_a_rating_follows_the_year_that_a_person_types(folder: Path) -> None:
    """A rating of no known year has its words; with the year they say which category of which scheme it is."""
    (folder / "bao-cao.txt").write_text(
        "Tỷ lệ chi bộ hoàn thành tốt nhiệm vụ trở lên đạt 97%.", encoding="utf-8"
    )
    run("extract", "bao-cao.txt", "--review", "r.csv", "--province", "Bắc Giang")
    rows = [*csv.DictReader(io.StringIO((folder / "r.csv").read_text(encoding="utf-8-sig")))]
    assert [(row["category"], row["scheme"]) for row in rows] == [("hoàn thành tốt nhiệm vụ trở lên", "")]
    change(
        folder / "r.csv",
        lambda rows: rows[0].update(
            decision="correct", period_start="2016", period_end="2016", period_basis="stated"
        ),
    )
    assert "1 figures are in" in run("accept", "r.csv", "--publisher", "made up", "--yes")
    row = [*csv.DictReader((folder / "data" / "observations.csv").open(encoding="utf-8"))][-1]
    assert (row["scheme"], row["category_id"], row["category_kind"]) == (
        "org_2007",
        "good_or_better",
        "cumulative",
    )


def test_nothing_decided_is_nothing_accepted(folder: Path) -> None:
    """An untouched review enters nothing and says so."""
    before = contents(folder / "data")
    run("extract", "bao-cao.txt")
    assert "nothing is accepted (0 rejected, 4 not decided)" in run("accept", "bao-cao.review.xlsx", code=2)
    assert contents(folder / "data") == before


def test_corrections_are_taken_in_the_readers_own_way_of_writing_numbers(folder: Path) -> None:
    """6.151 and 79,5 are numbers too; a corrected value needs its print."""
    run("extract", "bao-cao.txt", "--review", "r.csv")

    def edit(rows: list[dict[str, str]]) -> None:
        decide("correct", "reject", "Correct ", "")(rows)
        rows[0] |= {"count": "6.151", "printed": "6.151"}
        rows[2] |= {"percent": "79,5%", "printed": "79,5%"}

    change(folder / "r.csv", edit)
    run("accept", "r.csv", "--yes", "--source", "seed-004")
    rows = [*csv.DictReader((folder / "data" / "observations.csv").open(encoding="utf-8"))][-2:]
    assert [(row["count"], row["percent"], row["source_id"]) for row in rows] == [
        ("6151", "", "seed-004"),
        ("", "79.5", "seed-004"),
    ]


@pytest.mark.parametrize("count", ["0.175", "1234.567", "1.234,567", "1234.000", "1,5"])
def test_a_count_with_decimals_or_crooked_groups_is_refused(folder: Path, count: str) -> None:
    """0.175 is no 175 and 1234.567 no 1,234,567: who typed a share into the column of counts is told so."""
    run("extract", "bao-cao.txt", "--review", "r.csv")

    def edit(rows: list[dict[str, str]]) -> None:
        decide("correct")(rows)
        rows[0]["count"] = count

    change(folder / "r.csv", edit)
    said = run("accept", "r.csv", "--yes", code=2)
    assert f"r.csv, row 2, column count: not a whole number (found '{count}')" in said


def test_every_fault_names_file_row_and_column_and_data_stays(folder: Path) -> None:
    """Wrong numbers, unknown names, targets and lost places are all listed at once."""
    run("extract", "bao-cao.txt", "--review", "r.csv")

    def edit(rows: list[dict[str, str]]) -> None:
        decide("accept", "correct", "accept", "accept")(rows)
        rows[0] |= {"count": "many", "start": "x"}
        rows[1] |= {"province": "Bắc Giag", "percent": "half"}
        rows[2] |= {"percent": "81", "sha256": "none"}

    change(folder / "r.csv", edit)
    before = contents(folder / "data")
    said = run("accept", "r.csv", code=2)
    for words in (
        "r.csv, row 2, column count: not a whole number (found 'many')",
        "r.csv, row 2, column start: no place in the document",
        "r.csv, row 3, column percent: not a share (found 'half')",
        "r.csv, row 3, column province: unknown province (found 'Bắc Giag'); did you mean Bắc Giang",
        "r.csv, row 4, column percent: not what is printed (found '81')",
        "r.csv, row 4, column sha256: no hash of a document",
        "r.csv, row 5, column target: a target is no observation",
    ):
        assert words in said
    assert contents(folder / "data") == before


def test_the_same_figure_is_not_accepted_twice(folder: Path) -> None:
    """A copied row stays behind; accepting the same review again is a fault."""
    run("extract", "bao-cao.txt", "--review", "r.csv")

    def edit(rows: list[dict[str, str]]) -> None:
        decide("accept")(rows)
        rows.append(dict(rows[0]))

    change(folder / "r.csv", edit)
    said = run("accept", "r.csv", "--yes")
    assert "stays behind: r.csv, row 6, column start: the same figure as in row 2" in said
    assert "1 figures are in" in said
    assert "imported before" in run("accept", "r.csv", "--yes", code=2)


def test_a_row_that_is_wrong_stays_behind_and_comes_in_when_it_is_right(folder: Path) -> None:
    """A row without an indicator doesn't hold the others back; mended, it comes in and they don't come twice."""
    run("extract", "bao-cao.txt", "--review", "r.csv")

    def edit(rows: list[dict[str, str]]) -> None:
        decide("accept", "accept")(rows)
        rows[0] |= {"indicator": ""}

    change(folder / "r.csv", edit)
    said = run("accept", "r.csv", "--yes")
    assert "stays behind: r.csv, row 2, column indicator" in said
    assert "1 figures are in" in said
    change(folder / "r.csv", lambda rows: rows[0].update(indicator="org_count"))
    assert "1 figures are in" in run("accept", "r.csv", "--yes", "--source", "bao-cao")
    rows = [*csv.DictReader((folder / "data" / "observations.csv").open(encoding="utf-8"))][-2:]
    assert [(row["count"], row["source_id"]) for row in rows] == [("99870", "bao-cao"), ("6150", "bao-cao")]


def test_a_text_without_figures_gives_an_answer_and_no_review(folder: Path) -> None:
    """Nothing to look through is no error, and no empty file."""
    (folder / "none.txt").write_text("Hội nghị thành công tốt đẹp.", encoding="utf-8")
    assert "none.txt: no figures and no targets" in run("extract", "none.txt")
    assert not (folder / "none.review.xlsx").exists()


def test_closed_lists_are_drop_downs(folder: Path) -> None:
    """Decision, indicator, subject, level and the like offer what they take."""
    run("extract", "bao-cao.txt", "--review", "r.xlsx")
    lists = openpyxl.load_workbook(folder / "r.xlsx")["figures"].data_validations.dataValidation
    header = [*REVIEW_COLUMNS]
    columns = {header[next(iter(one.sqref.ranges)).min_col - 1] for one in lists}
    assert columns >= {
        "decision",
        "indicator",
        "subject",
        "geo_level",
        "qualifier",
        "province_basis",
        "complement",
    }
    assert all(one.type == "list" for one in lists)


def test_no_cell_of_a_review_is_a_formula(folder: Path) -> None:
    """A sentence that begins with = is text with an apostrophe, in CSV and in XLSX, and comes back whole."""
    for name in ("r.csv", "r.xlsx"):
        run("extract", "bao-cao.txt", "--review", name)
        assert read_review(folder / name)[2].cells["sentence"].startswith("=1+1")
    assert "\n,'=1+1" in (folder / "r.csv").read_text(encoding="utf-8-sig")
    sheets = openpyxl.load_workbook(folder / "r.xlsx")
    assert sheets.sheetnames == ["figures", "set aside", "lists"]
    assert {cell.data_type for sheet in sheets for row in sheet for cell in row} <= {"s", "n", "inlineStr"}
    assert "Quy định số 24-QĐ/TW" in [cell.value for cell in sheets["set aside"]["A"]]


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx"])
@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'gần' (nearly)", "'gần' (nearly)"),
        ("'=1+1", "=1+1"),
        ("''gần' 5", "'gần' 5"),
        ("'", "'"),
        ("'5", "'5"),
    ],
)
def test_an_apostrophe_that_a_person_typed_stays(folder: Path, name: str, cell: str, text: str) -> None:
    """Only the apostrophe that keeps a spreadsheet from a formula goes, and only one of two."""
    run("extract", "bao-cao.txt", "--review", name)
    if name.endswith("xlsx"):
        book = openpyxl.load_workbook(folder / name)
        book["figures"].cell(2, REVIEW_COLUMNS.index("note") + 1).value = cell
        book.save(folder / name)
    else:
        change(folder / name, lambda rows: rows[0].update(note=cell))
    assert read_review(folder / name)[0].cells["note"] == text
    table = ReviewFile(folder / name)
    table.change(2, {"note": text})
    table.save()
    assert read_review(folder / name)[0].cells["note"] == text


@pytest.mark.usefixtures("folder")
def test_a_review_is_never_overwritten() -> None:
    """What somebody may have filled in stays."""
    run("extract", "bao-cao.txt", "--review", "r.csv")
    assert "never overwritten" in run("extract", "bao-cao.txt", "--review", "r.csv", code=2)
    assert "a review is .csv or .xlsx" in run("extract", "bao-cao.txt", "--review", "r.ods", code=2)
    assert "can't be written" in run("extract", "bao-cao.txt", "--review", "none/r.csv", code=2)
    assert "name a document" in run("extract", code=2)
    assert "a.txt: no such file" in run("extract", "a.txt", code=2)


def test_a_workbook_filled_in_by_hand_is_read(folder: Path) -> None:
    """Numbers that a spreadsheet made of text, moved columns and added ones are no trouble; formulas are."""
    run("extract", "bao-cao.txt", "--review", "r.xlsx")
    book = openpyxl.load_workbook(folder / "r.xlsx")
    sheet = book["figures"]
    sheet["A2"], sheet.cell(2, REVIEW_COLUMNS.index("count") + 1).value = "accept", 6150.0
    sheet.cell(1, len(REVIEW_COLUMNS) + 1).value = "my notes"
    book.save(folder / "r.xlsx")
    assert "1 figures are in" in run("accept", "r.xlsx", "--yes")
    sheet["C3"] = "=1+1"
    book.save(folder / "r.xlsx")
    assert "r.xlsx, sheet figures, row 3, column printed: a formula (found '=1+1')" in run(
        "accept", "r.xlsx", code=2
    )


def test_contradictions_are_shown_before_anything_is_written(folder: Path) -> None:
    """Without a terminal to ask on, a second number for the same thing waits for --yes."""
    run("extract", "bao-cao.txt", "--review", "r.csv")
    change(folder / "r.csv", decide("accept"))
    run("accept", "r.csv", "--yes")
    (folder / "other.txt").write_text(TEXT.replace("6.150", "6.149"), encoding="utf-8")
    run("extract", "other.txt", "--review", "o.csv")
    change(folder / "o.csv", decide("accept"))
    said = run("accept", "o.csv", code=1)
    assert "contradiction: 6.149" in said
    assert "nothing was changed" in said
    assert "1 figures are in" in run("accept", "o.csv", "--yes")


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("r.ods", b"", r"a review is \.csv or \.xlsx"),
        ("r.csv", b"", "holds no header|missing column"),
        ("r.csv", b"decision,sentence\n", "column printed: missing column"),
        ("r.csv", b"\xff\xfe", "isn't UTF-8"),
        ("r.csv", b'a,"b\n', "never closed"),
        ("r.csv", ",".join([*REVIEW_COLUMNS, "count"]).encode(), "column count: column appears more than once"),
        ("r.csv", (",".join(REVIEW_COLUMNS) + "\nyes" + "," * (len(REVIEW_COLUMNS) - 1)).encode(), "row 2, column decision: no such decision"),
        ("r.csv", (",".join(REVIEW_COLUMNS) + "\nyes" + "," * 99).encode(), "row 2: more cells than the header has"),
        ("r.xlsx", b"PK\x03\x04", "cut off or damaged"),
        ("r.xlsx", b"", "cut off or damaged"),
    ],
)  # fmt: skip
def test_a_damaged_review_is_refused_with_its_place(
    tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    """One error with file, row and column."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=what):
        read_review(tmp_path / name)


def test_a_workbook_without_the_sheet_or_anything_else_is_refused(tmp_path: Path) -> None:
    """A missing file, another workbook and an archive that is none."""
    with pytest.raises(DataError, match="no such file"):
        read_review(tmp_path / "r.csv")
    openpyxl.Workbook().save(tmp_path / "r.xlsx")
    with pytest.raises(DataError, match="missing sheet"):
        read_review(tmp_path / "r.xlsx")
    with zipfile.ZipFile(tmp_path / "r.xlsx", "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(DataError, match="no workbook"):
        read_review(tmp_path / "r.xlsx")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from([",".join(REVIEW_COLUMNS) + "\n", ""]))
def test_no_bytes_of_a_review_raise_anything_but_our_error(
    tmp_path: Path, content: bytes, header: str
) -> None:
    """Whatever a file holds, it is read or refused."""
    (tmp_path / "r.csv").write_bytes(header.encode() + content)
    try:
        read_review(tmp_path / "r.csv")
    except DataError:
        return
