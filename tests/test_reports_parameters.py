"""The typed parameters cell, and values checked against it."""

from __future__ import annotations

import codecs
import functools
import json
from pathlib import Path

import nbformat
import pytest

from cbanalysis.errors import CbanalysisError, ParameterError, ReportError, UnknownName
from cbanalysis.reports import Parameter, check_parameters, read_parameters

MADE_UP = Path(__file__).parent / "notebooks" / "10_made_up.ipynb"


def notebook(folder: Path, *sources: str) -> Path:
    """Write a notebook whose code cells are all tagged ``parameters``."""
    cells = [nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]}) for source in sources]
    path = folder / "20_trial.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1"), *cells]), path)
    return path


def faults(error: pytest.ExceptionInfo[ParameterError]) -> list[str]:
    return [str(fault) for fault in error.value.faults]


def test_parameters_are_read_with_type_default_list_and_words() -> None:
    """Each line of the cell becomes one parameter."""
    assert read_parameters(MADE_UP) == (
        Parameter("province", "str", "Bắc Giang", "province", "a province"),
        Parameter("year", "int", 2012, "year", "a year"),
        Parameter("lang", "str", "vi", "lang", "language of the report"),
    )


def test_lists_may_be_missing_and_defaults_may_take_several_lines(tmp_path: Path) -> None:
    """Optional types, lists and a comment after the last line of a value are understood."""
    source = (
        "# first a remark\n"
        "years: list[int] | None = None  # [year:org_rating] years\n"
        "places: list[str] = [\n    'Huế',  # a city\n    'Cà Mau',\n]  # [province] places\n"
        "share: float = -0.5  # a share # really"
    )
    years, places, share = read_parameters(notebook(tmp_path, source))
    assert (years.choices, years.optional, years.many, years.kind) == ("year:org_rating", True, True, int)
    assert (places.default, places.words, places.optional) == (["Huế", "Cà Mau"], "places", False)
    assert (share.default, share.choices, share.words) == (-0.5, None, "a share # really")


def test_every_bad_line_is_told_with_its_row(tmp_path: Path) -> None:
    """All faults of a parameters cell come in one error, each with the line and what is right."""
    source = (
        "import os\n"
        "year = 2012  # a year\n"
        "when: date = 1  # a day\n"
        "many: int = len([])  # a number\n"
        "bare: int = 1\n"
        "only: int = 1  # [year]\n"
        "year: int = 'x'  # a year\n"
        "a.b: int = 1  # a place\n"
        "flag: int = True  # a number\n"
        "twice: int = 1  # a number\n"
        "twice: int = 1  # a number\n"
    )
    with pytest.raises(ParameterError) as error:
        read_parameters(notebook(tmp_path, source))
    said = faults(error)
    assert [fault.row for fault in error.value.faults] == [*range(1, 10), None]
    assert said[0].startswith("20_trial.ipynb, row 1: parameters cell: line is no typed parameter (found")
    assert "type date can't travel to a notebook" in said[2]
    assert "value is no literal" in said[3]
    assert "a comment has to say what the parameter is" in said[4]
    assert "a comment has to say what the parameter is" in said[5]
    assert "value is no int" in said[6]
    assert "value is no int" in said[8]
    assert said[9] == "20_trial.ipynb: parameters cell: the name stands twice (found 'twice')"


def test_there_must_be_exactly_one_parameters_cell(tmp_path: Path) -> None:
    """No tagged cell, two of them, or one that is no Python are told in one line."""
    with pytest.raises(ParameterError, match="has no code cell tagged 'parameters'"):
        read_parameters(notebook(tmp_path))
    with pytest.raises(ParameterError, match="has more than one parameters cell"):
        read_parameters(notebook(tmp_path, "a: int = 1  # a", "b: int = 1  # b"))
    with pytest.raises(ParameterError, match="row 2: parameters cell: invalid syntax"):
        read_parameters(notebook(tmp_path, "a: int = 1  # a\nb: int ="))


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        '{"cells": [], "nbformat": 4, "nbformat_minor": "x"}',
        '{"cells": 3, "nbformat": 4}',
        "",
        '"x"',
        "{}",
        "\xff",
        "[" * 9999,
    ],
)
def test_a_file_that_is_no_notebook_is_told(tmp_path: Path, text: str) -> None:
    """Anything but a notebook is an error of ours that names the file."""
    path = tmp_path / "30_broken.ipynb"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(ReportError, match=r"30_broken\.ipynb: is no readable notebook: ."):
        read_parameters(path)


def written(path: Path, changed: dict[str, object], *left_out: str) -> Path:
    """Write a notebook whose second cell is changed."""
    content = json.loads(MADE_UP.read_text(encoding="utf-8"))
    content["cells"][1].update(changed)
    for key in left_out:
        del content["cells"][1][key]
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("changed", "left_out", "said"),
    [
        ({}, ["cell_type"], r"its cell_type, .* is none of the format's \(cell 2\)$"),
        ({}, ["source"], r"'source' is a required property \(cell 2\)$"),
        ({"metadata": {"tags": 5}}, [], r"5 is not of type 'array' \(cell 2\)$"),
        ({"source": "x = '\ud800'"}, [], "surrogates not allowed$"),
        ({"metadata": {"deep": functools.reduce(lambda inner, _: [inner], range(150), [])}}, [], "100 deep"),
    ],
)
def test_a_notebook_out_of_its_form_is_told(
    tmp_path: Path, changed: dict[str, object], left_out: list[str], said: str
) -> None:
    """What breaks the format of notebooks is one line: the file, what is wrong and in which cell."""
    path = written(tmp_path / "30_broken.ipynb", changed, *left_out)
    with pytest.raises(ReportError, match=rf"^30_broken\.ipynb: is no readable notebook: .*{said}"):
        read_parameters(path)


def test_a_notebook_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    """A UTF-8 mark is no part of a notebook."""
    path = tmp_path / "20_marked.ipynb"
    path.write_bytes(codecs.BOM_UTF8 + MADE_UP.read_bytes())
    assert read_parameters(path) == read_parameters(MADE_UP)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x: str = {[]: 1}  # a text", "row 1: parameters cell: value is no literal"),
        (f"x: int = {'-' * 5000}1  # a number", "parameters cell: "),
        (f"x: int = {'-' * 500}1  # a number", "parameters cell: "),
        (f"x: float = 1{'0' * 400}  # a number", "row 1: parameters cell: value is no float"),
    ],
)
def test_values_that_python_cannot_read_are_told(tmp_path: Path, source: str, said: str) -> None:
    """Keys that no dict takes, and signs and digits by the thousand, are faults of the cell."""
    with pytest.raises(ParameterError) as error:
        read_parameters(notebook(tmp_path, source))
    assert [one for one in faults(error) if said in one and one.startswith("20_trial.ipynb")] == faults(error)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("str", " Huế ", "Huế"),
        ("str", "Hue\u0302\u0301", "Huế"),
        ("int", "2012", 2012),
        ("float", "1e3", 1000.0),
        ("bool", "Yes", True),
        ("bool", "0", False),
        ("int | None", "", None),
        ("str | None", "None", None),
        ("list[int]", "1, 2,", [1, 2]),
        ("list[str]", '["a,b", "c"]', ["a,b", "c"]),
        ("list[bool] | None", "no,yes", [False, True]),
    ],
)
def test_text_from_the_shell_is_read_by_type(kind: str, text: str, value: object) -> None:
    """Each type has its way of being written in a shell."""
    read = Parameter("x", kind, None, None, "x").read(text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [("int", "12.5"), ("int", "none"), ("bool", "maybe"), ("list[int]", "[1"), ("float", "x")],
)
def test_text_of_another_type_is_refused(kind: str, text: str) -> None:
    """Text that is no such value raises ValueError, which the check turns into a fault."""
    with pytest.raises(ValueError, match=r"."):
        Parameter("x", kind, None, None, "x").read(text)


@pytest.mark.parametrize(
    ("kind", "value", "right"),
    [
        ("int", 1, True),
        ("int", True, False),
        ("int", 1.0, False),
        ("float", 1, True),
        ("float", float("nan"), False),
        ("float", True, False),
        ("bool", True, True),
        ("bool", 1, False),
        ("str", None, False),
        ("str | None", None, True),
        ("list[int]", [1, 2], True),
        ("list[int]", [1, "2"], False),
        ("list[int]", (1,), False),
    ],
)
def test_types_are_strict(kind: str, value: object, right: bool) -> None:  # noqa: FBT001
    """True is no number, 1.0 no whole number, nan no value; only what papermill can carry passes."""
    assert Parameter("x", kind, None, None, "x").takes(value) is right


def resolve(value: str) -> str:
    known = {"bac giang": "Bắc Giang", "hue": "Huế"}
    if value == "Hà Tây":
        raise CbanalysisError("merged into Hà Nội")
    if value.casefold() not in known:
        raise UnknownName("province", value, known.values(), hint="(old)")
    return known[value.casefold()]


def test_values_are_returned_as_the_lists_spell_them() -> None:
    """Text becomes typed, any spelling the canonical one, in the order of the cell."""
    lists = {"province": resolve, "year": range(2010, 2016), "lang": ("vi", "en")}
    given = {"lang": "en", "year": "2012", "province": "BAC GIANG"}
    checked = check_parameters(MADE_UP, given, lists)
    assert list(checked.items()) == [("province", "Bắc Giang"), ("year", 2012), ("lang", "en")]


def test_all_wrong_values_come_in_one_error_with_the_nearest_right_ones() -> None:
    """An unknown name, a wrong type and a value outside its list are all told before anything runs."""
    lists = {"province": resolve, "year": [5, 12], "lang": ("vi", "en")}
    with pytest.raises(ParameterError) as error:
        check_parameters(MADE_UP, {"provnce": "x", "province": "Bac Gang", "year": 14, "lang": 3}, lists)
    assert faults(error) == [
        "10_made_up: takes no parameter 'provnce'; allowed: province, year, lang; did you mean province?",
        "10_made_up: parameter province: unknown province (old) (found 'Bac Gang'); did you mean Bắc Giang?",
        "10_made_up: parameter year: takes a year (found 14); allowed: 5, 12; did you mean 12 or 5?",
        "10_made_up: parameter lang: is of another type (found 3); allowed: str",
    ]


def test_other_faults_of_a_value_are_told_too(tmp_path: Path) -> None:
    """Text that can't be read, our other errors, a list that doesn't exist, and one of many values."""
    path = notebook(
        tmp_path,
        "years: list[int] = []  # [year] years\nplace: str = 'x'  # [province] a place\n"
        "odd: int | None = None  # [nowhere] odd\nname: str = 'x'  # [names] a name",
    )
    lists = {"province": resolve, "year": list(range(1990, 2020)), "names": ["Sơn"]}
    given = {"years": [2012, 1900], "place": "Hà Tây", "odd": 3, "name": "Son"}
    with pytest.raises(ParameterError) as error:
        check_parameters(path, given, lists)
    assert faults(error) == [
        "20_trial: parameter years: takes years (found 1900); did you mean 1990 or 1991 or 1992?",
        "20_trial: parameter place: merged into Hà Nội (found 'Hà Tây')",
        "20_trial: parameter odd: the notebook asks for a list [nowhere] that doesn't exist",
        "20_trial: parameter name: takes a name (found 'Son'); allowed: Sơn; did you mean Sơn?",
    ]
    with pytest.raises(ParameterError, match=r"is of another type \(found 'x'\); allowed: list\[int\]"):
        check_parameters(path, {"years": "x"}, lists)
    assert check_parameters(path, {"odd": "none", "years": "2012"}, lists) == {"years": [2012], "odd": None}
