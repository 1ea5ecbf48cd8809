"""The typed parameters cell, and values checked against it."""

from __future__ import annotations

import ast
import codecs
import functools
import json
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest

from cbanalysis.batch.reports.notebook_parameters import Parameter, read_parameters
from cbanalysis.batch.reports.reports_and_folders import plan
from cbanalysis.batch.reports.reports_toml import Batches
from cbanalysis.common.errors import CbanalysisError, ParameterError, ReportError, UnknownName
from cbanalysis.common.folders import notebooks_folder

MADE_UP = Path(__file__).parent / "notebooks" / "10_made_up.ipynb"


def notebook(folder: Path, *sources: str) -> Path:
    """Write a notebook whose code cells are all tagged ``parameters``."""
    cells = [nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]}) for source in sources]
    path = folder / "20_trial.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1"), *cells]), path)
    return path


def planned(path: Path, given: dict[str, Any], choices: dict[str, Any]) -> dict[str, Any]:
    """Return the checked values of the one report that is planned, with its language where it takes one."""
    (report,) = plan([(path, given)], choices=choices)
    return dict(report.parameters) | ({"lang": report.language} if report.takes_language else {})


def faults(error: pytest.ExceptionInfo[ParameterError]) -> list[str]:
    """Return the faults that an error lists."""
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


def test_types_are_taken_from_values_where_none_are_written(tmp_path: Path) -> None:
    """Any name that a line gives a value is a parameter, also a computed one; nothing else is."""
    source = (
        "%matplotlib inline\nimport os\nyear = 2012  # a year\nshare = 0.5\nname = 'x'\nflag = True\n"
        "when: date = day(1)\nmany = len([])\nyears = [1, 2]\nmixed = [1, 'a']\nempty = []\n"
        "about = {'a': 1}\nnothing = None\nodd: int = None\nwrong: int = 'x'\na.b = 1\nx, (y, z) = 1, s\n"
        "one = two = 3\ntwice = 1\ntwice = 'b'\nimport sys"
    )
    assert {one.name: (one.type, one.default) for one in read_parameters(notebook(tmp_path, source))} == {
        "year": ("int", 2012),
        "share": ("float", 0.5),
        "name": ("str", "x"),
        "flag": ("bool", True),
        "when": ("any", "day(1)"),
        "many": ("any", "len([])"),
        "years": ("list[int]", [1, 2]),
        "mixed": ("list", [1, "a"]),
        "empty": ("list", []),
        "about": ("dict", {"a": 1}),
        "nothing": ("any", None),
        "odd": ("int | None", None),
        "wrong": ("str", "x"),
        "x": ("int", 1),
        "one": ("int", 3),
        "two": ("int", 3),
        "twice": ("str", "b"),
    }


@pytest.mark.parametrize("path", sorted(notebooks_folder().glob("*.ipynb")), ids=lambda path: path.stem)
def test_parameters_of_shipped_notebooks_are_typed_and_explained(path: Path) -> None:
    """Each line of their cell has a type and says in words what it is."""
    (cell,) = [one for one in nbformat.read(path, 4).cells if "parameters" in one.metadata.get("tags", [])]
    lines = ast.parse(cell.source).body
    assert all(isinstance(line, ast.AnnAssign) for line in lines)
    assert [bool(one.words) for one in read_parameters(path)] == [True] * len(lines)


def test_without_one_readable_parameters_cell_a_notebook_takes_nothing(tmp_path: Path) -> None:
    """No tagged cell, two (the second would win), or one that is no Python: values are refused, with why."""
    for sources, why in (
        ((), "no cell of code has the tag parameters"),
        (("a: int = 1", "b: int = 1"), "2 cells have the tag parameters; leave it to one"),
        (("a: int = 1\nb: int =",), "the cell with the tag parameters is no Python"),
        (("import os",), "no line of the cell with the tag parameters gives a name its value"),
    ):
        path = notebook(tmp_path, *sources)
        assert read_parameters(path) == ()
        assert planned(path, {}, {}) == {}
        with pytest.raises(ParameterError, match=f"takes no parameter 'a'; allowed: none, for {why}$"):
            planned(path, {"a": 2}, {})


def test_what_the_nearest_is_of_many_values_is_told_else_the_first(tmp_path: Path) -> None:
    """A value like none of a long list: some of it are shown."""
    path = notebook(tmp_path, "of: str = 'k1'  # [indicator] one of your own, too")
    lists = {"indicator": [f"k{number}" for number in range(20)]}
    with pytest.raises(ParameterError, match=r"the list \[indicator\] .*allowed: k0, k1, k2, …$"):
        planned(path, {"of": "wxyz"}, lists)


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
        '{"cells": [{"cell_type": "markdown", "source": "1"}]}',
    ],
)
def test_a_file_that_is_no_notebook_is_told(tmp_path: Path, text: str) -> None:
    """Anything but a notebook is an error of ours that names the file."""
    path = tmp_path / "30_broken.ipynb"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(ReportError, match=r"30_broken\.ipynb: is no readable notebook: ."):
        read_parameters(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_is_no_notebook_and_declares_nothing(tmp_path: Path) -> None:
    """What is no ordinary file is never opened: nobody waits for a writer."""
    for name in ("30_broken.ipynb", "reports.toml"):
        os.mkfifo(tmp_path / name)
    with pytest.raises(ReportError, match=r"30_broken\.ipynb: is no readable notebook: a pipe, not a file"):
        read_parameters(tmp_path / "30_broken.ipynb")
    with pytest.raises(ReportError, match=r"reports\.toml: can't be read: a pipe, not a file"):
        Batches(tmp_path)


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


@pytest.mark.parametrize(
    "cell",
    [
        {"cell_type": "code", "source": "1"},
        {"cell_type": "code", "source": "1", "metadata": {}, "outputs": [{"output_type": "stream"}]},
        {"cell_type": "markdown", "source": "x", "metadata": {}, "more": 1},
    ],
    ids=["bare", "damaged-output", "unknown-key"],
)
def test_what_other_programs_leave_out_or_add_is_no_fault(tmp_path: Path, cell: dict[str, object]) -> None:
    """Cells without metadata or outputs, unknown keys, and stored outputs that are none."""
    content = json.loads(MADE_UP.read_text(encoding="utf-8"))
    content["cells"].append(cell)
    content["metadata"] = {"kernelspec": {"language": "python"}}
    path = tmp_path / "30_foreign.ipynb"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert read_parameters(path) == read_parameters(MADE_UP)


def test_a_notebook_of_another_language_is_refused_in_one_line(tmp_path: Path) -> None:
    """The line names the file and the language."""
    content = json.loads(MADE_UP.read_text(encoding="utf-8"))
    content["metadata"] = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    path = tmp_path / "30_r.ipynb"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(
        ReportError, match=r"^30_r\.ipynb: is a notebook in R; reports run notebooks in Python$"
    ):
        read_parameters(path)


def test_a_notebook_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    """A UTF-8 mark is no part of a notebook."""
    path = tmp_path / "20_marked.ipynb"
    path.write_bytes(codecs.BOM_UTF8 + MADE_UP.read_bytes())
    assert read_parameters(path) == read_parameters(MADE_UP)


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        ("{[]: 1}", ["any"]),
        (f"{'-' * 5000}1", []),
        (f"{'-' * 300}1", ["any"]),
        (f"1{'0' * 400}", ["int"]),
        (f"1{'0' * 5000}", []),
    ],
    ids=["key", "signs", "fewer-signs", "digits", "more-digits"],
)
def test_values_that_python_cannot_read_stop_nothing(tmp_path: Path, value: str, kinds: list[str]) -> None:
    """Keys that no dict takes, and signs and digits by the thousand: the notebook will tell when it runs."""
    assert [one.type for one in read_parameters(notebook(tmp_path, f"x = {value}"))] == kinds


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
        ("any", "3", 3),
        ("any", "None", None),
        ("any", "Huế", "Huế"),
        ("list", "1,a", [1, "a"]),
        ("dict", '{"a": [1]}', {"a": [1]}),
    ],
)
def test_text_from_the_shell_is_read_by_type(kind: str, text: str, value: object) -> None:
    """Each type has its way of being written in a shell."""
    read = Parameter("x", kind, None, None, "x").read(text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [("int", "12.5"), ("int", "none"), ("bool", "maybe"), ("list[int]", "[1"), ("float", "x")]
    + [("int", text) for text in ("٢٠١٢", "２０１２", "2_012")]
    + [("float", text) for text in ("nan", "inf", "1_0.5", "٢.٥")],
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
    """Know two provinces, and one that is no more."""
    known = {"bac giang": "Bắc Giang", "hue": "Huế"}
    if value == "Hà Tây":
        raise CbanalysisError("merged into Hà Nội")
    if value.casefold() not in known:
        raise UnknownName("province", value, known.values(), hint="(old)")
    return known[value.casefold()]


def test_values_are_returned_as_the_lists_spell_them() -> None:
    """Text becomes typed, any spelling the canonical one, in the order of the cell."""
    lists = {"province": resolve, "year": range(2010, 2016), "lang": ("vi", "en")}
    given = {"lang": "en", "year": "2013", "province": "HUE"}
    checked = planned(MADE_UP, given, lists)
    assert list(checked.items()) == [("province", "Huế"), ("year", 2013), ("lang", "en")]


def test_what_a_notebook_leaves_empty_can_be_given_empty(tmp_path: Path) -> None:
    """`-p level=` is the default said aloud; where the notebook names a level, empty is none of the list."""
    path = notebook(tmp_path, "level: str = ''  # [level] one\nof: str = 'province'  # [level] a level")
    lists = {"level": ["commune", "province"]}
    assert planned(path, {"level": ""}, lists) == {}
    with pytest.raises(ParameterError, match=r"parameter of: is none of the list \[level\] \(found ''\)"):
        planned(path, {"of": ""}, lists)


def test_all_wrong_values_come_in_one_error_with_the_nearest_right_ones() -> None:
    """An unknown name, a wrong type and a value outside its list are all told before anything runs."""
    lists = {"province": resolve, "year": [5, 12], "lang": ("vi", "en")}
    with pytest.raises(ParameterError) as error:
        planned(MADE_UP, {"provnce": "x", "province": "Bac Gang", "year": 14, "lang": 3}, lists)
    assert faults(error) == [
        "10_made_up: takes no parameter 'provnce'; allowed: province, year, lang; did you mean province?",
        "10_made_up: parameter province: unknown province (old) (found 'Bac Gang'); did you mean Bắc Giang?",
        (
            "10_made_up: parameter year: is none of the list [year] (found 14); allowed: 5, 12; "
            "did you mean 12 or 5?"
        ),
        "10_made_up: parameter lang: is of another type (found 3); allowed: str",
    ]


def test_other_faults_of_a_value_are_told_too(tmp_path: Path) -> None:
    """Text that can't be read, our other errors, a list that doesn't exist, and one of many values."""
    path = notebook(
        tmp_path,
        "years: list[int] = []  # [year] years\nplace: str = 'x'  # [province] a place\n"
        "odd: int | None = 1  # [nowhere] odd\nname: str = 'x'  # [names] a name",
    )
    lists = {"province": resolve, "year": list(range(1990, 2020)), "names": ["Sơn"]}
    given = {"years": [2012, 1900], "place": "Hà Tây", "odd": 3, "name": "Son"}
    with pytest.raises(ParameterError) as error:
        planned(path, given, lists)
    assert faults(error) == [
        (
            "20_trial: parameter years: is none of the list [year] (found 1900); "
            "did you mean 1990 or 1991 or 1992?"
        ),
        "20_trial: parameter place: merged into Hà Nội (found 'Hà Tây')",
        "20_trial: parameter odd: the notebook asks for a list [nowhere] that doesn't exist",
        (
            "20_trial: parameter name: is none of the list [names] (found 'Son'); "
            "allowed: Sơn; did you mean Sơn?"
        ),
    ]
    with pytest.raises(ParameterError, match=r"is of another type \(found 'x'\); allowed: list\[int\]"):
        planned(path, {"years": "x"}, lists)
    assert planned(path, {"odd": "none", "years": "2012"}, lists) == {"years": [2012], "odd": None}
