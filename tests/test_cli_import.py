"""From a new file to a report: new, import, undo, on made-up tables."""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parent))

from cbanalysis import cli, load_observations
from cbanalysis.cli.commands import import_tables
from cbanalysis.common.new_study import new_study
from cbanalysis.importing.commit.admitting_and_undoing import load_imports
from made_up import writers
from made_up.tables import DISTRICTS, OLD, RATINGS, RATINGS_MERGED, old


def run(*words: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(cli.main, list(words))


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a study without published figures; it is the current folder."""
    folder = new_study(tmp_path / "study", published=False)
    monkeypatch.chdir(folder)
    return folder


def test_a_proposed_layout_is_shown_and_nothing_comes_in_without_a_yes(study: Path) -> None:
    """Without a terminal to ask in, the layout is written and the figures wait; --yes takes them."""
    writers.xls(study / "bịa 2023.xls", {"Bảng": RATINGS}, RATINGS_MERGED)
    first = run("import", "bịa 2023.xls")
    assert first.exit_code == 1
    assert "bịa 2023.xls: 9 figures, as bịa 2023.layout.toml says; the first:" in first.output
    assert "Hải Phòng, 2023: org_quality_rating cell excellent = 204/1.200; 17,0%" in first.output
    assert "left out Bảng B11: 'Tổng cộng', a total" in first.output
    assert "numbers are written as 9.768 and 63,71, as '1.200', " in first.output
    assert len(load_observations()) == 0
    second = run("import", "bịa 2023.xls", "--yes")
    assert second.exit_code == 0, second.output
    assert second.output.endswith("9 figures are in data; cbanalysis undo 0001 takes them back\n")
    assert len(load_observations(provinces="Hưng Yên")) == 3
    assert "confirmed = true" in (study / "bịa 2023.layout.toml").read_text(encoding="utf-8")


def test_a_person_at_a_terminal_is_asked(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A no changes nothing and says what to edit; a yes lets the figures in."""
    writers.separated(study / "bịa.csv", RATINGS, ";")
    monkeypatch.setattr(import_tables, "at_terminal", lambda: True)
    answers = iter([False, True])
    monkeypatch.setattr(import_tables, "confirm", lambda _question: next(answers))
    refused = run("import", "bịa.csv")
    assert (refused.exit_code, len(load_observations())) == (1, 0)
    assert refused.output.endswith("nothing was changed; edit bịa.layout.toml and import again\n")
    assert run("import", "bịa.csv").exit_code == 0
    assert len(load_observations()) == 9


def test_next_years_file_is_read_by_the_same_layout_without_a_question(study: Path) -> None:
    """A confirmed layout nearby whose headers fit is used; the year comes from the new title."""
    writers.xlsx(study / "bia-2023.xlsx", {"2023": RATINGS}, RATINGS_MERGED)
    assert run("import", "bia-2023.xlsx", "--yes").exit_code == 0
    later = [
        [str(cell).replace("2023", "2024") if row is RATINGS[0] else cell for cell in row] for row in RATINGS
    ]
    writers.xlsx(study / "bia-2024.xlsx", {"2024": [[""], *later[:9]]}, [])
    result = run("import", "bia-2024.xlsx")
    assert result.exit_code == 0, result.output
    assert "bia-2024.xlsx: 6 figures, as bia-2023.layout.toml says" in result.output
    assert sorted(set(load_observations()["year"])) == [2023, 2024]


def test_what_no_table_says_is_asked_or_given(study: Path) -> None:
    """A table without a province and a year gives two questions; --province and --period answer them."""
    rows = [["Đơn vị", "Số chi bộ trực thuộc"], ["Huyện Mai Sơn", "412"], ["Huyện Yên Châu", "300"]]
    writers.separated(study / "bịa.csv", rows, ";")
    asked = run("import", "bịa.csv", "--yes")
    assert asked.exit_code == 2
    assert "which year or date are the figures of?" in asked.output
    assert "which province are the figures of?" in asked.output
    (study / "bịa.layout.toml").unlink()
    given = run("import", "bịa.csv", "--yes", "--province", "Sơn La", "--period", "2024-06")
    assert given.exit_code == 0, given.output
    assert load_observations()[["province", "area", "period_end"]].to_numpy().tolist() == [
        ["Sơn La", "Huyện Mai Sơn", "2024-06"],
        ["Sơn La", "Huyện Yên Châu", "2024-06"],
    ]


def test_several_files_come_in_together_or_not_at_all(study: Path) -> None:
    """A wrong cell in the second file keeps the first one out too; all faults have file and cell."""
    writers.separated(study / "a.csv", RATINGS, ";")
    wrong = [list(row) for row in DISTRICTS]
    wrong[2][2] = "4l2"
    writers.separated(study / "b.csv", wrong, ";")
    result = run("import", "a.csv", "b.csv", "--yes")
    assert result.exit_code == 2
    assert "b.csv, cell C3: " in result.output
    assert "(found '4l2')" in result.output
    assert len(load_observations()) == 0
    assert load_imports(study / "data").empty


def test_contradictions_are_shown_and_ask_again_even_under_a_confirmed_layout(study: Path) -> None:
    """The same places and year with another number: both stand side by side before anything comes in."""
    writers.separated(study / "a.csv", DISTRICTS, ";")
    assert run("import", "a.csv", "--yes").exit_code == 0
    other = [["413" if cell == "412" else cell for cell in row] for row in DISTRICTS]
    writers.separated(study / "b.csv", other, ";")
    result = run("import", "b.csv")
    assert result.exit_code == 1
    assert "contradiction: 413 [b.csv, C3]  |  412 [X0001 (a)]" in result.output
    assert "duplicate: 1.034 [b.csv, C4]  |  1.034 [X0002 (a)]" in result.output
    assert "audit: 413 (b) against 412 (a)" in result.output
    assert len(load_observations()) == 2


def test_undo_takes_an_import_back_and_lists_them(study: Path) -> None:
    """`cbanalysis undo` removes the last import; --list shows the log."""
    writers.separated(study / "a.csv", DISTRICTS, ";")
    run("import", "a.csv", "--yes")
    assert run("undo").output == "2 figures went from data\n"
    assert len(load_observations()) == 0
    listed = run("undo", "--list").output
    assert "2 figures  cbanalysis import a.csv, undone " in listed
    assert run("undo").exit_code == 2


def test_sheets_in_unicode_beside_one_that_is_not_stay_as_they_are(study: Path) -> None:
    """Thái Bình of the first sheet is Unicode; only the second one's is in .VnTime."""
    book = openpyxl.Workbook()
    for name, year in (("Thái Bình", 2022), ("Th¸i B×nh", 2023)):
        sheet = book.active if year == 2022 else book.create_sheet(str(year))
        for row in (["Tỉnh", "Năm", "Tổng số chi bộ"], [name, year, 1200 + year]):
            sheet.append(row)
    sheet["A2"].font = openpyxl.styles.Font(name=".VnTime")
    book.save(study / "a.xlsx")
    result = run("import", "a.xlsx", "--yes")
    assert result.exit_code == 0, result.output
    assert load_observations()["province"].tolist() == ["Thái Bình", "Thái Bình"]


def test_text_of_before_unicode_is_read_when_asked_for(study: Path) -> None:
    """--letters says how a text table is encoded; the layout remembers it."""
    writers.separated(study / "old.csv", old(OLD, "tcvn3"), ";", "latin-1")
    result = run("import", "old.csv", "--letters", "tcvn3", "--yes")
    assert result.exit_code == 0, result.output
    assert 'letters = "tcvn3"' in (study / "old.layout.toml").read_text(encoding="utf-8")
    run("undo")
    assert run("import", "old.csv").exit_code == 0
    assert load_observations()["province"].tolist()[0] == "Bắc Giang"


def test_a_changed_header_is_said_with_its_cell(study: Path) -> None:
    """A layout that no longer fits names the header that is gone and the one that is new."""
    writers.separated(study / "a.csv", DISTRICTS, ";")
    run("import", "a.csv", "--yes")
    changed = [["Số chi bộ" if cell == "Số chi bộ trực thuộc" else cell for cell in row] for row in DISTRICTS]
    writers.separated(study / "b.csv", changed, ";")
    result = run("import", "b.csv", "--layout", "a.layout.toml")
    assert result.exit_code == 2
    assert (
        "the layout's header isn't there (found 'Số chi bộ trực thuộc'); did you mean Số chi bộ?"
        in result.output
    )
    assert "b.csv, cell C2: a header that the layout doesn't have (found 'Số chi bộ')" in result.output


def test_a_faulty_layout_is_refused_key_by_key(study: Path) -> None:
    """A typing error in the layout's keys is named with the nearest one."""
    writers.separated(study / "a.csv", DISTRICTS, ";")
    run("import", "a.csv")
    layout = study / "a.layout.toml"
    layout.write_text(
        layout.read_text(encoding="utf-8").replace("number_style", "number_stile"), encoding="utf-8"
    )
    result = run("import", "a.csv")
    assert result.exit_code == 2
    assert "a.layout.toml, column tables.0.number_stile: unknown key" in result.output


def test_outside_of_a_study_nothing_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The published figures are not changed by an import."""
    monkeypatch.chdir(tmp_path)
    result = run("import", "a.csv")
    assert result.exit_code == 2
    assert "make one (cbanalysis new FOLDER)" in result.output


@pytest.mark.parametrize(
    "heading", ["Tỉnh", "TỈNH", "Tỉnh, thành phố", "Tỉnh/TP", "Tên tỉnh", "Province", "Tinh"]
)
def test_a_heading_that_means_province_is_the_province_however_names_are_spelled(
    study: Path, heading: str
) -> None:
    """A misspelt province is named at its cell with the nearest; once it is corrected the figures come in."""
    rows = [[heading, "Năm", "Tổng số chi bộ"], ["Hưng Yênn", "2023", "412"]]
    writers.separated(study / "bịa.csv", rows, ";")
    wrong = run("import", "bịa.csv", "--yes")
    assert wrong.exit_code == 2
    assert "bịa.csv, cell A2: unknown province (found 'Hưng Yênn'); did you mean Hưng Yên" in wrong.output
    rows[1][0] = "Hưng Yên"
    writers.separated(study / "bịa.csv", rows, ";")
    assert run("import", "bịa.csv", "--yes").exit_code == 0
    found = load_observations()[["geo_level", "province", "area"]].to_numpy().tolist()
    assert found == [["province", "Hưng Yên", ""]]


def test_a_proposal_that_nobody_touched_is_made_anew_when_the_table_changed(study: Path) -> None:
    """A corrected header is understood at once, and what was said of the table still holds."""
    rows = [["Huyện", "Số gì đó"], ["Huyện Mai Sơn", "412"]]
    writers.separated(study / "bịa.csv", rows, ";")
    said = ("--province", "Sơn La", "--period", "2024")
    assert "what is the column 'Số gì đó'? (not understood: 'gì đó'" in run("import", "bịa.csv", *said).output
    rows[0][1] = "Số chi bộ trực thuộc"
    writers.separated(study / "bịa.csv", rows, ";")
    assert "Huyện Mai Sơn, Sơn La, 2024: org_count branch_cell = 412" in run("import", "bịa.csv").output
    more = run("import", "bịa.csv", "--period", "2023")
    assert "Huyện Mai Sơn, Sơn La, 2023: org_count branch_cell = 412" in more.output
    assert run("import", "bịa.csv", "--yes").exit_code == 0
    assert "as proposed" not in (study / "bịa.layout.toml").read_text(encoding="utf-8")


def test_an_edited_layout_is_never_proposed_over(study: Path) -> None:
    """What a person wrote stays, whatever becomes of the table; faults then say how to begin anew."""
    writers.separated(study / "a.csv", DISTRICTS, ";")
    run("import", "a.csv")
    layout = study / "a.layout.toml"
    text = layout.read_text(encoding="utf-8").replace('publisher = ""', 'publisher = "Ban bịa"')
    layout.write_text(text, encoding="utf-8")
    wrong = [["4l2" if cell == "412" else cell for cell in row] for row in DISTRICTS]
    writers.separated(study / "a.csv", wrong, ";")
    result = run("import", "a.csv", "--province", "Hà Nam")
    assert "a.csv is read as a.layout.toml says, edited and not confirmed; delete it to have" in result.output
    assert layout.read_text(encoding="utf-8") == text


def test_an_area_that_is_its_own_province_is_refused_with_what_would_be_right(study: Path) -> None:
    """A province under the heading of districts is no district; its town is, under a name of its own."""
    rows = [["Huyện, thành phố", "Số chi bộ trực thuộc"], ["Huyện Mai Sơn", "412"], ["Huyện Yên Châu", "9"]]
    writers.separated(study / "bịa.csv", rows, ";")
    assert run("import", "bịa.csv", "--province", "Sơn La", "--period", "2024").exit_code == 1
    layout = study / "bịa.layout.toml"
    layout.write_text(layout.read_text(encoding="utf-8") + "# looked at\n", encoding="utf-8")
    rows[2][0] = "Sơn La"
    writers.separated(study / "bịa.csv", rows, ";")
    refused = run("import", "bịa.csv", "--yes")
    said = "bịa.csv, cell A3: the area is the province itself (found 'Sơn La'); allowed: \"TP Sơn La\" for"
    assert refused.exit_code == 2
    assert said in refused.output
    rows[2][0] = "TP Sơn La"
    writers.separated(study / "bịa.csv", rows, ";")
    assert run("import", "bịa.csv", "--yes").exit_code == 0


@pytest.mark.parametrize(("mark", "said"), [(".", "250 + 1.010 = 1.260"), (",", "250 + 1,010 = 1,260")])
def test_numbers_are_written_in_one_way_in_an_answer(study: Path, mark: str, said: str) -> None:
    """What doesn't add up is said in numbers as the table itself writes them."""
    rows = [
        ["Xếp loại chi bộ (số liệu bịa)"],
        ["Tỉnh", "Năm", "Số chi bộ được xếp loại", "Hoàn thành tốt", "Hoàn thành"],
        ["Hưng Yên", "2022", f"1{mark}250", "250", f"1{mark}010"],
    ]
    writers.separated(study / "bịa.csv", rows, ";")
    result = run("import", "bịa.csv")
    assert f"audit: {said}, not 1{mark}250" in result.output
    assert f"= 1{mark}010" in result.output


OWN = [
    ["Thư viện năm 2023 (số liệu bịa)"],
    ["Tỉnh", "Số thư viện công cộng", "Thứ hạng"],
    ["Hưng Yên", "12", "1"],
]


def test_an_own_indicator_is_one_question_away(study: Path) -> None:
    """An unknown heading is drafted; --new-indicators declares it in the study in the step of its figures."""
    writers.separated(study / "bịa.csv", OWN, ";")
    asked = run("import", "bịa.csv", "--yes")
    assert asked.exit_code == 2
    assert (
        "'Số thư viện công cộng' becomes the own indicator so_thu_vien_cong_cong (count, of" in asked.output
    )
    assert "so_thu_vien" not in (study / "data" / "indicators.toml").read_text(encoding="utf-8")
    taken = run("import", "bịa.csv", "--yes", "--new-indicators", "--leave-out", "Thứ hạng")
    assert taken.exit_code == 0, taken.output
    assert load_observations()[["indicator", "count"]].to_numpy().tolist() == [["so_thu_vien_cong_cong", 12]]
    assert run("check").output == "data: 1 figure from 1 source, no faults\n"


@pytest.mark.slow
def test_a_newcomer_comes_from_an_old_workbook_to_a_report_in_three_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An .xls with an indicator that nobody knows: new, import, report; no editor."""
    writers.xls(tmp_path / "bịa.xls", {"Bảng": OWN}, [])
    monkeypatch.chdir(tmp_path)
    assert run("new", "own").exit_code == 0
    monkeypatch.chdir(tmp_path / "own")
    words = ("--new-indicators", "--leave-out", "Thứ hạng", "--yes")
    assert run("import", "../bịa.xls", *words).exit_code == 0
    report = ("report", "05_source_profile", "-p", "source=bia", "--lang", "vi", "--jobs", "1")
    made = run(*report)
    assert made.exit_code == 0, made.output
    page = Path("outputs", "vi", "05_source_profile", "bia", "index.html")
    assert "Số thư viện công cộng" in page.read_text(encoding="utf-8")
    # whoever takes the import back is told of the report, which the next batch takes away
    assert "1 reports show figures that are gone" in run("undo").output
    away = run(*report)
    assert "vi/05_source_profile/bia: số liệu đã bị gỡ bỏ nên báo cáo cũng bị xóa" in away.output
    assert not page.exists()


NAMED_ABOVE = """Production of peanut by province by Cities, provincies and Year

"Cities, provincies";{}
Ha Noi;3.6;3.9
"""


def test_the_title_names_an_own_indicator_where_headings_are_years(study: Path) -> None:
    """The commonest table of statistics: the title says what, the headings when, and nothing in what unit."""
    (study / "bịa.csv").write_text(NAMED_ABOVE.format('"2013";"Prel. 2014"'), encoding="utf-8")
    found = run("import", "bịa.csv", "--new-indicators", "--yes")
    assert found.exit_code == 0, found.output
    declared = (study / "data" / "indicators.toml").read_text(encoding="utf-8")
    assert "[indicators.production_of_peanut]" in declared
    assert 'unit = "unstated"' in declared
    rows = pd.read_csv(study / "data" / "observations.csv", dtype=str).tail(2)
    assert rows[["indicator", "period_end", "value"]].to_numpy().tolist() == [
        ["production_of_peanut", "2013", "3.6"],
        ["production_of_peanut", "2014", "3.9"],
    ]
    assert rows["note"].tolist()[1] == "provisional in the source (Prel.)"


def test_a_short_heading_means_another_thing_under_another_title(study: Path) -> None:
    """Primary schools and primary classes are two indicators, each named by title and heading."""
    for name, title in (("a", "Number of schools"), ("b", "Number of classes")):
        (study / f"{name}.csv").write_text(
            f"{title} by province in 2015\nProvince;Primary;Total\nHa Noi;12;30\nHai Phong;7;20\n",
            encoding="utf-8",
        )
        assert run("import", f"{name}.csv", "--new-indicators", "--yes").exit_code == 0
    rows = pd.read_csv(study / "data" / "observations.csv", dtype=str).tail(8)
    assert not (study / "b.layout.toml").read_text(encoding="utf-8").count("schools")
    assert sorted(set(rows["indicator"])) == [
        "number_of_classes",
        "number_of_classes_primary",
        "number_of_schools",
        "number_of_schools_primary",
    ]


def test_the_file_names_an_own_indicator_where_nothing_else_does(study: Path) -> None:
    """A table as programs write it has no title; a column of codes holds no figures."""
    (study / "peanut_production_2013__2014.csv").write_text(
        "Code,Name,2013,2014\n1,Ha Noi,123,124\n26,Vinh Phuc,98,97\n", encoding="utf-8"
    )
    assert run("import", "peanut_production_2013__2014.csv", "--new-indicators", "--yes").exit_code == 0
    rows = pd.read_csv(study / "data" / "observations.csv", dtype=str).tail(4)
    assert set(rows["indicator"]) == {"peanut_production"}


def test_a_person_who_says_no_declares_nothing(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The question names the indicator; after a no the study's indicators are as before."""
    writers.separated(study / "bịa.csv", OWN, ";")
    before = (study / "data" / "indicators.toml").read_bytes()
    monkeypatch.setattr(import_tables, "at_terminal", lambda: True)
    asked: list[str] = []
    monkeypatch.setattr(import_tables, "confirm", lambda question: asked.append(question) or False)
    assert run("import", "bịa.csv").exit_code == 2
    assert asked == [
        "declare 'Số thư viện công cộng' as the own indicator so_thu_vien_cong_cong (count, of other)?",
        "what is the column 'Số thư viện công cộng'? (not understood: 'thư viện công cộng') Leave it out?",
        "what is the column 'Thứ hạng'? (it speaks of a rank) Leave it out?",
    ]
    assert (study / "data" / "indicators.toml").read_bytes() == before


def test_commands_speak_vietnamese_to_who_asks_for_it(study: Path) -> None:
    """--lang vi: questions, faults with their places, and what an undo has left to do."""
    writers.separated(study / "bịa.csv", OWN, ";")
    said = run("import", "bịa.csv", "--lang", "vi").output
    assert (
        "bịa.csv: cột 'Thứ hạng' ghi nội dung gì? (tiêu đề nói đến thứ hạng); cần: sửa bịa.layout.toml, hoặc "
        "dùng --leave-out TÊN để bỏ phần không phải số liệu, rồi chạy lại lệnh import" in said
    )
    assert "2 lỗi:" in said
    assert run("undo", "--lang", "vi").output == "không có lần nhập nào để hoàn tác\n"
    assert run("check", "--lang", "vi").output == "data: 0 số liệu từ 0 nguồn, không có lỗi\n"


def test_the_system_and_the_study_say_the_language(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --lang the system's language counts, and where it says none the study's."""
    monkeypatch.setenv("LANGUAGE", "vi_VN")
    assert run("undo").output == "không có lần nhập nào để hoàn tác\n"
    monkeypatch.setenv("LANGUAGE", "C")
    assert run("undo").output == "there is no import to undo\n"
    marker = study / "cbanalysis.toml"
    marker.write_text(marker.read_text(encoding="utf-8") + 'lang = "vi"\n', encoding="utf-8")
    assert run("undo").output == "không có lần nhập nào để hoàn tác\n"


def test_a_second_undo_says_when_the_first_was(study: Path) -> None:
    """An import that was taken back is no unknown one."""
    writers.separated(study / "a.csv", DISTRICTS, ";")
    run("import", "a.csv", "--yes")
    run("undo")
    again = run("undo", "0001")
    assert again.exit_code == 2
    assert again.output.startswith("import 0001 was undone before, on 20")


def test_a_last_figure_that_cannot_be_read_is_a_fault_and_no_note(study: Path) -> None:
    """A row under the last figure with a label and something in a column of figures is the table's."""
    table = study.parent / "a.csv"
    lines = ["Tỉnh,Số chi bộ", "Lạng Sơn,120", "Cao Bằng,210", "Quảng Ninh,12x4"]
    table.write_text("\n".join(lines), encoding="utf-8")
    said = run("import", str(table), "--period", "2023", "--yes")
    assert said.exit_code == 2
    assert "cell B4" in said.output
    assert "12x4" in said.output
    table.write_text("\n".join([*lines[:3], "Nguồn: báo cáo số 12,"]), encoding="utf-8")
    assert run("import", str(table), "--period", "2023", "--yes").exit_code == 0


def test_a_name_to_be_left_out_that_nothing_has_is_a_slip(study: Path) -> None:
    """A typing error in --leave-out is told before anything is asked or comes in."""
    writers.separated(study / "a.csv", DISTRICTS, ";")
    said = run("import", "a.csv", "--yes", "--leave-out", "Không có đâu")
    assert said.exit_code == 2
    assert "a.csv: nothing has the name that is to be left out (found 'Không có đâu')" in said.output


def test_an_edited_layout_has_its_own_indicators_declared(study: Path) -> None:
    """The layout of another study names indicators that this one doesn't have yet."""
    writers.separated(study / "bịa.csv", OWN, ";")
    run("import", "bịa.csv", "--new-indicators", "--leave-out", "Thứ hạng")
    layout = study / "bịa.layout.toml"
    text = layout.read_text(encoding="utf-8").replace("confirmed = false", "confirmed = true")
    layout.write_text(text, encoding="utf-8")
    done = run("import", "bịa.csv", "--new-indicators", "--yes")
    assert done.exit_code == 0, done.output
    assert "columns left out: 'Thứ hạng'" in done.output
    assert load_observations()["indicator"].tolist() == ["so_thu_vien_cong_cong"]


def test_open_columns_and_the_period_are_asked_for_at_a_terminal(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What options would say is typed once, and all figures come in by one command."""
    (study / "a.csv").write_text("Tỉnh;Số chi bộ;Thứ hạng\nHà Nội;12;1\nHà Giang;7;2\n", encoding="utf-8")
    monkeypatch.setattr(import_tables, "at_terminal", lambda: True)
    done = CliRunner().invoke(cli.main, ["import", "a.csv"], input="2023\ny\ny\n")
    assert done.exit_code == 0, done.output
    assert load_observations()[["count", "period_end"]].to_numpy().tolist() == [[12, "2023"], [7, "2023"]]


def test_a_question_about_a_title_is_answered_by_yes(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal one yes says that a line above is all that its columns are of, --all-of in a script."""
    table = "Kết quả đại hội năm 2020\nTỉnh,Tổng số TCCSĐ,Tổng số chi bộ\nHưng Yên,15,90\n"
    (study / "a.csv").write_text(table, encoding="utf-8")
    assert "--all-of TEXT" in run("import", "a.csv", "--yes").output
    assert run("import", "a.csv", "--yes", "--all-of", "đại hội").exit_code == 0
    run("undo")
    (study / "a.layout.toml").unlink()
    monkeypatch.setattr(import_tables, "at_terminal", lambda: True)
    done = CliRunner().invoke(cli.main, ["import", "a.csv"], input="y\ny\n")
    assert done.exit_code == 0, done.output
    assert done.output.count("is 'Kết quả đại hội năm 2020' all") == 1
