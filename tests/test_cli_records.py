"""``cbanalysis records``, as a person with a CSV register would use it. All made up."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from cbanalysis import cli
from cbanalysis.batch.reports.notebook_parameters import read_parameters
from cbanalysis.cli.commands.records import Bar

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "08_meeting_records.ipynb"
HEADER = "Chi bộ,Tháng,Phải dự,Vắng có lý do,Có mặt\n"


def test_faults_are_counted_and_written(tmp_path: Path) -> None:
    """One record of two has more present than due: said in words, written with its row, exit 1."""
    register = tmp_path / "so.csv"
    register.write_text(HEADER + "A,01/2024,10,0,9\nA,02/2024,10,0,11\n", encoding="utf-8")
    out = tmp_path / "faults.csv"
    result = CliRunner().invoke(cli.main, ["records", str(register), "--faults", str(out)])
    assert result.exit_code == 1, result.output
    assert "1  more present than due (left out)" in result.output
    assert "2 records, 1 with a fault, 1 left out" in result.output
    assert pd.read_csv(out)["row"].tolist() == [3]
    assert out.read_bytes().startswith(b"\xef\xbb\xbffile,row,")


def test_a_register_is_spoken_of_in_vietnamese(tmp_path: Path) -> None:
    """The counts, the question of day and month and the offer of --per, each in Vietnamese."""
    register = tmp_path / "so.csv"
    words = ["records", str(register), "--lang", "vi"]
    for rows, expected in (
        (
            "A,01/2024,10,0,11\n",
            [
                "1  số đảng viên có mặt lớn hơn số đảng viên phải dự (bị loại)",
                "1 bản ghi, trong đó 1 bản ghi có lỗi, 1 bản ghi bị loại",
            ],
        ),
        (
            "A,05/2024,,0,9\nTổng cộng,05/2024,9,0,9\n",
            ["(cột và dạng hợp lệ: phải dự: 0, 1, 2, …)"],
        ),
        ("A,5/6/2024,10,0,9\n", ["dòng 2, cột month: không phân biệt được ngày và tháng"]),
        ("A,2024-05,1,0,1\nA,2024-05,1,0,1\n", ["có vẻ mỗi dòng ghi một đảng viên", "--per member"]),
    ):
        register.write_text(HEADER + rows, encoding="utf-8")
        said = CliRunner().invoke(cli.main, words).output
        assert [one for one in expected if one not in said] == []


@pytest.mark.parametrize(
    ("lang", "hints"),
    [
        ("vi", ["tháng: 2024-01 hoặc 2024-10", "tổng của các dòng thành phần: phải dự 10, có mặt 8"]),
        ("en", ["month: 2024-01 or 2024-10", "parts add up to due 10, present 8"]),
    ],
)
def test_hints_are_written_in_the_language_of_the_reader(tmp_path: Path, lang: str, hints: list[str]) -> None:
    """A month that may be two, and a sum of 11 and 9 over a cell of 10 and 8."""
    register, out = tmp_path / "so.csv", tmp_path / "faults.csv"
    rows = "A,05/2024,10,0,8\nTổng cộng,05/2024,11,0,9\nA,2024.1,10,0,8\n"
    register.write_text(HEADER + rows, encoding="utf-8")
    CliRunner().invoke(cli.main, ["records", str(register), "--faults", str(out), "--lang", lang])
    assert sorted(pd.read_csv(out)["hint"]) == sorted(hints)


def test_a_clean_register_exits_0_and_a_missing_one_2(tmp_path: Path) -> None:
    """Nothing wrong is 0; no such file is an error in one line, without a traceback."""
    register = tmp_path / "so.csv"
    register.write_text(HEADER + "A,01/2024,10,0,9\n", encoding="utf-8")
    assert CliRunner().invoke(cli.main, ["records", str(register), "--names", "commune"]).exit_code == 0
    missing = CliRunner().invoke(cli.main, ["records", str(tmp_path / "none.csv")])
    assert missing.exit_code == 2
    assert "no such file or folder" in missing.output


def test_what_is_not_used_and_what_is_no_fault_is_said(tmp_path: Path) -> None:
    """A column without a use and a sum row that holds: two lines, exit 0."""
    (tmp_path / "so.csv").write_text(
        HEADER.replace("\n", ",Ghi chú\n") + "A,01/2024,10,0,9,\nTổng cộng,01/2024,10,0,9,\n",
        encoding="utf-8",
    )
    (tmp_path / "note.txt").touch()
    result = CliRunner().invoke(cli.main, ["records", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert (
        "Files and sheets that are not read: note.txt.\nColumns that are not used: Ghi chú.\n"
        in result.output
    )
    assert "1  a sum row, equal to its parts (left out, no fault)" in result.output


def test_rows_of_members_and_orders_of_dates_are_told(tmp_path: Path) -> None:
    """Refused with the option that helps; with it, three rows are two records, and what was read is kept."""
    register = tmp_path / "so.csv"
    register.write_text(HEADER + "A,5/1/2024,1,0,1\nA,5/1/2024,1,0,1\nA,5/2/2024,1,0,1\n", encoding="utf-8")
    words = ["records", str(register), "--keep", str(tmp_path / "kept")]
    for option in ("--dates", "--per"):
        result = CliRunner().invoke(cli.main, words)
        assert result.exit_code == 2
        assert option in result.output
        words += [option, {"--dates": "day_first", "--per": "member"}[option]]
    result = CliRunner().invoke(cli.main, words)
    assert result.exit_code == 0, result.output
    assert "2 records, 0 with a fault" in result.output
    assert len([*(tmp_path / "kept").iterdir()]) == 2  # one for each order of dates


def test_a_bar_says_how_far_it_is_once_it_takes_long(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing within the first seconds; then what is done, rows of all, and the time left."""
    with Bar() as bar:
        bar("cells checked", 1, 5_000_000)
    assert capsys.readouterr().err == ""
    with Bar(patience=0) as bar:
        bar("cells checked", 0, 5_000_000)
        time.sleep(0.15)
        bar("cells checked", 2_500_000, 5_000_000)
    assert re.search(r"cells checked:  50%.*2.50M/5.00M .*<", capsys.readouterr().err)


def test_an_empty_path_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable of the shell that holds nothing doesn't mean everything in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "so.csv").write_text(HEADER + "A,01/2024,10,0,9\n", encoding="utf-8")
    result = CliRunner().invoke(cli.main, ["records", ""])
    assert result.exit_code == 2
    assert "no path (found ''); allowed: a file or a folder; . is this one" in result.output


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            "event=05/2024",
            "is no month (found '05/2024'); allowed: YYYY-MM, e.g. 2024-05; did you mean 2024-05?",
        ),
        ("event=2024-5", "did you mean 2024-05?"),
        ("event=13/2024", "allowed: YYYY-MM, e.g. 2024-05\n"),
        ("event=abc", "allowed: YYYY-MM, e.g. 2024-05\n"),
        ("names=xa", "(found 'xa'); allowed: register, commune"),
        ("least=0", "is no number of people (found 0); allowed: 1, 2, 3, …"),
        ("records=none.csv", "no such file or folder (found 'none.csv')"),
        ("records=odd.csv", "odd.csv: column missing; allowed: a column 'present' or 'có mặt'"),
        ("records=empty", "empty: no CSV or Parquet file"),
        ("records=broken.parquet", "parameter records: broken.parquet: can't be read: "),
    ],
)
def test_what_the_report_cannot_take_is_refused_before_any_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, said: str
) -> None:
    """A wrong month, choice, number or file ends with exit code 2 and what would be right."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "odd.csv").write_text("Chi bộ,Tháng,Phải dự\nA,01/2024,10\n", encoding="utf-8")
    (tmp_path / "broken.parquet").write_text("no Parquet", encoding="utf-8")
    result = CliRunner().invoke(cli.main, ["report", str(NOTEBOOK), "-p", given])
    assert (result.exit_code, (tmp_path / "outputs").exists()) == (2, False)
    assert said in result.stderr


def test_what_the_report_says_of_itself_makes_no_second_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The notebook's own values, given one by one, lead to its one folder ``default``."""
    monkeypatch.chdir(tmp_path)
    words = [
        word
        for one in read_parameters(NOTEBOOK)
        if one.name != "lang"
        for word in ("-p", f"{one.name}={one.default}")
    ]
    result = CliRunner().invoke(cli.main, ["report", str(NOTEBOOK), *words, "--lang", "vi", "--plan"])
    assert result.stdout.startswith("tạo  vi/08_meeting_records/default  mới\ncần tạo 1 báo cáo, ")


def test_what_cannot_be_read_is_said_by_column_with_the_forms_allowed(tmp_path: Path) -> None:
    """A year of two figures: which column, how often, where first, how to write it, and the limit."""
    register = tmp_path / "so.csv"
    register.write_text(HEADER + "A,01/2024,10,0,9\nA,02/24,10,0,9\n", encoding="utf-8")
    result = CliRunner().invoke(cli.main, ["records", str(register)])
    assert "1 of them in month: 2024-05, 05/2024" in result.output
    assert "first: so.csv, row 3: 02/24 | 10 | 0 | 9" in result.output
    assert "50.0 % of the records have a fault; allowed: 5 %" in result.output
    more = CliRunner().invoke(cli.main, ["records", str(register), "--most", "50"])
    assert "allowed" not in more.output
    assert more.exit_code == 1


def test_cells_of_one_name_in_two_communes_are_suspected(tmp_path: Path) -> None:
    """Two versions of a month in two communes: the option that tells them apart is named, and helps."""
    register = tmp_path / "so.csv"
    rows = "Thôn 1,X,01/2024,10,0,9\nThôn 1,Y,01/2024,12,0,9\n"
    register.write_text(HEADER.replace("Tháng", "Xã,Tháng") + rows, encoding="utf-8")
    hint = "perhaps cells of different communes bear the same name: --names commune"
    assert hint in CliRunner().invoke(cli.main, ["records", str(register)]).output
    apart = CliRunner().invoke(cli.main, ["records", str(register), "--names", "commune"])
    assert apart.exit_code == 0
    assert hint not in apart.output
