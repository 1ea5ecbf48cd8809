"""What commands say in Vietnamese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pandas as pd
import pytest
from click.testing import CliRunner

import cbanalysis
from cbanalysis import importing
from cbanalysis.batch.reports.notebook_parameters import read_parameters
from cbanalysis.cli import main
from cbanalysis.common.folders import DATA_VARIABLE, shipped_folder
from cbanalysis.common.messages import either, in_language, message
from cbanalysis.dataset.observations import schema
from cbanalysis.dataset.observations.row_rules import contradictions


def _written(node: ast.expr) -> str:
    """Return a text as code has it, a number for each gap; empty where it is told elsewhere."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            told = "".join(one.value if isinstance(one, ast.Constant) else "1" for one in parts)
            return told if " " in told.replace("1 1", "") else ""
    return ""


def _said_by_readers() -> Iterator[tuple[str, str]]:
    """Yield the texts of faults that the readers' code has, with the module."""
    for path in sorted(Path(importing.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = {"Fault": 0, "refuse": 1}.get(node.func.id, len(node.args))
                texts = [
                    *node.args[place : place + 1],
                    *(one.value for one in node.keywords if one.arg == "allowed"),
                ]
                yield from ((path.name, _written(text)) for text in texts if _written(text))


def test_what_readers_say_exists_in_vietnamese() -> None:
    """A colleague meets no English fault; addresses and words to type stay as they are."""
    missing = [(file, text) for file, text in _said_by_readers() if in_language(text, "vi") == text]
    assert missing == []


REPORTING = (
    "batch/reports/reports_toml.py",
    "batch/reports/output_folder.py",
    "batch/reports/notebook_parameters.py",
    "batch/reports/reports_and_folders.py",
    "cli/report_batch.py",
    "cli/parameter_values.py",
    "cli/commands/check_audit_codebook_seeds.py",
    "cli/commands/new.py",
    "cli/report_plan.py",
    "cli/commands/report.py",
    "cli/commands/list_and_notebooks.py",
    "common/new_study.py",
)


def _said_of_reports() -> Iterator[str]:
    """Yield what `report`, `list`, `new` and `seeds` say of faults and results, an x for each gap."""
    told = {"CbanalysisError", "OutputError", "Fault", "echo"}
    for name in REPORTING:
        place = Path(cbanalysis.__file__).parent / name
        for node in ast.walk(ast.parse(place.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in told:
                match node.args:
                    case [ast.Constant(value=str(text)), *_]:
                        yield text
                    case [ast.JoinedStr(values=parts), *_]:
                        yield "".join(one.value if isinstance(one, ast.Constant) else "./x" for one in parts)


def test_what_is_said_of_reports_exists_in_vietnamese() -> None:
    """Whoever makes reports meets no English fault; a text that is only a gap is told elsewhere."""
    texts = [text for text in _said_of_reports() if " " in text.replace("./x: ./x", "")]
    assert len(texts) > 30
    assert [text for text in texts if in_language(text, "vi") == text] == []


def test_report_list_new_and_seeds_speak_the_language_of_the_system(monkeypatch, tmp_path, made_up) -> None:
    """Faults, and names that are like the one that was given, come in Vietnamese; --lang goes before."""
    monkeypatch.setenv("LANGUAGE", "vi")

    def says(*words: str) -> str:
        return CliRunner().invoke(main, words).output

    assert "không có nhóm báo cáo hay notebook nào tên là 'seds'; có phải là 'seeds'" in says(
        "report", "seds"
    )
    assert "không có tham số 'provnce'" in says("report", "-p", "provnce=x", "04", "--lang", "both")
    assert "unknown set or notebook 'seds'" in says("report", "seds", "--lang", "en")
    assert "các nhóm báo cáo:" in says("list")
    assert "50 số liệu từ 5 tài liệu, trong đó 0 số liệu được đọc khác với nguyên văn" in says("seeds")
    (tmp_path / "kept").touch()
    assert "không trống; hãy chọn tên khác cho thư mục mới" in says("new", str(tmp_path))
    monkeypatch.setenv(DATA_VARIABLE, str(made_up))
    nobody = says("report", "04", "-p", "province=Lai Châu")
    assert "tham số province: chưa có số liệu của tỉnh, thành phố này" in nobody


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["reprt"], "Lỗi: Không có lệnh 'reprt'."),
        (["report", "--jbs"], "Lỗi: Không có tùy chọn '--jbs'. Có phải bạn định dùng '--jobs' không?"),
        (
            ["report", "--jobs", "x"],
            "Lỗi: Giá trị của '--jobs' không hợp lệ: 'x' không phải là số nguyên.",
        ),
        (
            ["check", "--data", "nowhere"],
            "Lỗi: Giá trị của '--data' không hợp lệ: Không có thư mục 'nowhere'.",
        ),
        (["undo", "a", "b"], "Lỗi: Thừa đối số (b)"),
        (["new"], "Lỗi: Thiếu đối số 'FOLDER'."),
    ],
)
def test_how_a_command_was_called_wrongly_is_told_in_vietnamese(monkeypatch, words, said) -> None:
    """With the usage and where the help is, as click does in English."""
    monkeypatch.setenv("LANGUAGE", "vi")
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert said in result.output
    assert result.output.startswith("Cách dùng: ")
    assert "--help." in result.output


def test_audit_and_codebook_speak_vietnamese(monkeypatch) -> None:
    """A finding, its place, its reason and the sum of all."""
    monkeypatch.setenv("LANGUAGE", "vi")
    said = CliRunner().invoke(main, ["audit"]).output
    assert "đã được giải thích: " in said
    assert re.search(
        r"^\d+ phép tính không khớp, trong đó \d+ phép tính đã được giải thích$", said, re.MULTILINE
    )
    assert "acknowledged" not in said
    assert CliRunner().invoke(main, ["codebook", "--check"]).output.startswith("các tệp sinh tự động")


def test_what_the_contract_of_figures_refuses_is_told_in_vietnamese() -> None:
    """Each contradiction in a row and what would be right; lists of codes stay as they are."""
    text = schema.as_text(pd.DataFrame({"observation_id": ["S001"]}))
    typed, _ = schema.as_typed(text, {name: schema.Distinct.of(text[name]) for name in schema.COLUMNS})
    found = contradictions({name: text[name].ne("") for name in schema.COLUMNS}, typed)
    said = [part for what, _column, allowed, *_ in found for part in (what, allowed)]
    verdicts = schema.schema_verdicts(text, typed, set(schema.COLUMNS))
    said += [part for verdict, _ in verdicts for part in (verdict.what, verdict.allowed)]
    assert len(said) > 60
    assert {one for one in said if in_language(one, "vi") == one} <= {
        "stated, inferred", "stated, publication", *(", ".join(values) for values in schema.CLOSED.values())
    }  # fmt: skip


def test_a_word_of_the_commands_is_no_word_of_the_data() -> None:
    """A parameter "province" keeps its name in a Vietnamese fault."""
    assert in_language("parameter province: is of another type", "vi") == "tham số province: giá trị sai kiểu"


def test_a_fault_with_gaps_is_told_in_vietnamese() -> None:
    """What stands in a gap stays, and is put into Vietnamese too where it is a text of its own."""
    assert in_language("row 7 can't be read: it is empty", "vi") == "không đọc được dòng 7: ô trống"
    told = "a quotation mark opens a cell that goes on behind its closing mark in row 7"
    assert in_language(told, "vi") == (
        "có ô bắt đầu bằng dấu ngoặc kép nhưng vẫn còn chữ sau dấu ngoặc kép đóng ở dòng 7"
    )


def test_only_a_path_is_told_as_one() -> None:
    """A sentence that ends like one about a path isn't put half into Vietnamese."""
    assert in_language("data/bang.csv is missing", "vi") == "thiếu data/bang.csv"
    assert in_language("no column is missing", "vi") == "no column is missing"


def test_thousands_are_told_as_a_language_writes_them() -> None:
    """75 thousands are 75,000 in English and 75.000 in Vietnamese."""
    said = message("has_factor", header="A", factor=1000, example=75_000)
    assert said == "'A' is given in 1,000: 75 there is read as 75,000"
    assert in_language(said, "vi") == "đơn vị tính của cột 'A' là 1.000: số 75 trong bảng được hiểu là 75.000"


def test_amounts_of_a_fault_are_told_as_a_language_writes_them() -> None:
    """A limit of 1,048,576 cells is one of 1.048.576; what a cell shows is quoted as it stands there."""
    assert in_language("1,048,576 cells at the most", "vi") == "nhiều nhất 1.048.576 ô"
    told = in_language("stored as 9768.4 and shown as 9,768: only one of them is meant", "vi")
    assert told == "giá trị lưu trong ô là 9768.4 nhưng hiển thị là 9,768; chỉ một trong hai số là đúng"


def test_a_moment_is_told_as_a_language_writes_it() -> None:
    """What the log of imports keeps in ISO form is a day of Vietnamese."""
    said = message("undone_before", import_id="0001", when="2026-12-01T05:23:07+00:00")
    assert in_language(said, "vi") == "lần nhập 0001 đã được hoàn tác vào ngày 1/12/2026 05:23 UTC"


def test_names_that_may_be_meant_are_told_as_a_question_asks_for_them() -> None:
    """A, B hay C; one alone stands as it is."""
    assert either(["Bắc Giang", "Bắc Kạn", "Hà Giang"]) == "Bắc Giang, Bắc Kạn hay Hà Giang"
    assert either(["Bắc Giang"]) == "Bắc Giang"


def test_each_parameter_of_a_notebook_is_told_in_vietnamese() -> None:
    """`list` shows no English beside the parameters of the notebooks that are shipped."""
    notebooks = sorted(shipped_folder("notebooks").glob("*.ipynb"))
    told = [(path.stem, one) for path in notebooks for one in read_parameters(path)]
    assert len(told) > 20
    said = [(stem, one.name, one.words) for stem, one in told if one.words]
    missing = [one for one in said if in_language(one[2], "vi") == one[2]]
    assert missing == []


def test_seconds_are_told_as_a_language_writes_them() -> None:
    """18.04 seconds are 18.0 s in English and 18,0 giây in Vietnamese, also inside another message."""
    said = message("reports_in", time=message("lasted_seconds", seconds=18.04))
    assert said == " in 18.0 s"
    assert in_language(said, "vi") == " trong 18,0 giây"


def test_help_exists_in_vietnamese() -> None:
    """No paragraph of a command's help and no option's is left in English."""
    context = click.Context(main)
    commands = [main, *(main.get_command(context, name) for name in main.list_commands(context))]
    told = [one.help for one in commands]
    told += [option.help for one in commands for option in one.params if isinstance(option, click.Option)]
    parts = {" ".join(part.split()) for text in told if text for part in text.split("\n\n")} - {""}
    assert [part for part in sorted(parts) if in_language(part, "vi") == part] == []


def test_help_is_in_the_language_of_the_system_or_of_the_option(monkeypatch) -> None:
    """A system in Vietnamese has Vietnamese help, and --lang goes before it."""
    monkeypatch.setenv("LANGUAGE", "vi")
    assert "Tùy chọn:" in CliRunner().invoke(main, ["check", "--help"]).output
    assert "Options:" in CliRunner().invoke(main, ["check", "--lang", "en", "--help"]).output
