"""The file that declares batches, and what is meant by the words of a command."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

import pytest

from cbanalysis.batch.reports.reports_and_folders import plan
from cbanalysis.batch.reports.reports_toml import Batches
from cbanalysis.common.errors import ParameterError, ReportError, UnknownName
from cbanalysis.common.folders import notebooks_folder
from report_runs import notebook

VALUES = {"province": ["Huế", "Sơn La"], "seeds": ["seed-000"], "year": [2012, 2015]}
SETS = """
[sets.default]
words = "all"
include = ["provinces"]

[[sets.default.reports]]
notebook = "20_years"
parameters = { note = "x" }
each = { year = [2012, 2015], lang = ["vi"] }

[sets.provinces]
words = "each"
languages = ["en"]
reports = [{ notebook = "10_province", each = { province = "all" } }]

[sets.both]
words = "twice the same"
languages = ["vi", "en"]
include = ["provinces", "provinces"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write three notebooks and the sets that name two of them."""
    notebook(tmp_path / "10_province.ipynb", parameters='province: str = "Huế"  # [province] a province')
    years = (
        'year: int = 2012  # [year] a year\nnote: str = ""  # a note\nlang: str = "vi"  # [lang] the language'
    )
    notebook(tmp_path / "20_years.ipynb", parameters=years)
    notebook(tmp_path / "30_other.ipynb", parameters='free: str = ""  # anything')
    (tmp_path / "reports.toml").write_text(SETS, encoding="utf-8")
    return tmp_path


def meant(folder: Path, *names: str, **given: str) -> list[tuple[str, dict[str, Any], tuple[str, ...]]]:
    """Return what is meant by names and values."""
    wanted = Batches(folder).wanted(names, given, VALUES)
    return [(path.stem, parameters, languages) for path, parameters, languages, *_ in wanted]


def test_without_names_the_default_set_is_meant(folder: Path) -> None:
    """Included sets come first; one report for each listed value, "all" takes the closed list's values."""
    found = meant(folder)
    assert found[:2] == [("10_province", {"province": name}, ("vi",)) for name in ("Huế", "Sơn La")]
    assert found[2:] == [
        ("20_years", {"year": year, "lang": "vi", "note": "x"}, ("vi",)) for year in (2012, 2015)
    ]
    assert [list(parameters) for _, parameters, _ in found[2:]] == [["year", "lang", "note"]] * 2


def test_a_set_brings_its_languages_to_all_that_it_includes(folder: Path) -> None:
    """The languages are those of the set that was named; what is meant twice is planned once."""
    assert meant(folder, "provinces")[0] == ("10_province", {"province": "Huế"}, ("en",))
    assert {languages for _, _, languages in meant(folder, "both")} == {("vi", "en")}
    wanted = Batches(folder).wanted(["both", "provinces"], {}, VALUES)
    reports = plan(wanted, choices={**VALUES, "province": VALUES["province"]})
    assert sorted(map(str, reports)) == [
        f"{language}/10_province/{name}" for language in ("en", "vi") for name in ("hue", "son-la")
    ]
    (other,) = {one[2] for one in Batches(folder).wanted(["both"], {}, VALUES, ["en"])}
    assert list(other) == ["en"]


@pytest.mark.parametrize("name", ["10_province", "10", "10_province.ipynb"])
def test_a_notebook_stands_for_its_entries_of_the_default_set(folder: Path, name: str) -> None:
    """A notebook by name, number or file is made for all that the default set makes it for."""
    assert [parameters for _, parameters, _ in meant(folder, name)] == [
        {"province": "Huế"},
        {"province": "Sơn La"},
    ]


def test_a_notebook_that_no_set_names_is_made_once(folder: Path) -> None:
    """Its own parameters hold, in the language of the default set; a path from elsewhere will do."""
    assert meant(folder, "30") == [("30_other", {}, ("vi",))]
    assert meant(folder, str(folder / "30_other.ipynb")) == [("30_other", {}, ("vi",))]
    assert "30_other" not in [name for name, _, _ in meant(folder)]


def test_what_is_given_takes_the_place_of_what_is_declared(folder: Path) -> None:
    """``-p`` wins over ``each`` and over ``parameters``, and leaves the other lists alone."""
    assert meant(folder, province="son la") == [("10_province", {"province": "son la"}, ("vi",))]
    assert [parameters for _, parameters, _ in meant(folder, "20", note="y")] == [
        {"year": year, "lang": "vi", "note": "y"} for year in (2012, 2015)
    ]
    assert meant(folder, "20", year="2015") == [
        ("20_years", {"lang": "vi", "note": "x", "year": "2015"}, ("vi",))
    ]


def test_declared_files_are_named_from_the_studys_folder_on(folder: Path) -> None:
    """Paths of reports.toml belong to it, given ones to who gives them."""
    tables = (
        'tables: list[str] = []  # [file] tables\none: str = ""  # [file] a table\nnote: str = ""  # a note'
    )
    notebook(folder / "40_files.ipynb", parameters=tables)
    with (folder / "reports.toml").open("a", encoding="utf-8") as declared:
        parameters = '{ tables = ["a.csv", "/b.csv"], one = "", note = "a.csv" }'
        entry = f'{{ notebook = "40_files", parameters = {parameters} }}'
        declared.write(f'[sets.mine]\nwords = "tables"\nreports = [{entry}]\n')
    whole = [str(folder.parent / "a.csv"), "/b.csv"]
    assert meant(folder, "mine")[0][1] == {"tables": whole, "one": "", "note": "a.csv"}
    assert meant(folder, "mine", one="c.csv")[0][1] == {"tables": whole, "one": "c.csv", "note": "a.csv"}


def test_parameters_that_no_notebook_takes_are_refused(folder: Path) -> None:
    """Without names, only notebooks that take all that is given are meant; none at all is a fault."""
    with pytest.raises(ParameterError) as error:
        meant(folder, provnce="x", yaer="1")
    assert [fault.nearest for fault in error.value.faults] == [("province",), ("year",)]
    assert "allowed: lang, note, province, year" in str(error.value)
    with pytest.raises(ParameterError, match="no notebook takes all of province, year"):
        meant(folder, province="Huế", year="2012")


def test_an_unknown_name_gets_the_nearest_set_or_notebook(folder: Path) -> None:
    """Sets and notebooks are suggested alike."""
    with pytest.raises(UnknownName, match="unknown set or notebook 'provinzes'; did you mean 'provinces'"):
        meant(folder, "provinzes")
    with pytest.raises(UnknownName, match="did you mean '20_years'"):
        meant(folder, "20_year")


def test_a_set_named_default_is_needed_only_where_nothing_is_named(folder: Path) -> None:
    """A file of own sets makes them and its notebooks by name; without a name it says what there is."""
    own = "[sets.mine]\nwords = 'x'\nreports = [{ notebook = '30_other' }]\n"
    (folder / "reports.toml").write_text(own, encoding="utf-8")
    assert meant(folder, "mine") == meant(folder, "30_other") == [("30_other", {}, ("vi",))]
    assert meant(folder, "10_province") == [("10_province", {}, ("vi",))]
    said = "there is no set named default; allowed: mine, 10_province, 20_years, 30_other"
    with pytest.raises(ParameterError, match=said):
        meant(folder)


def test_without_a_file_each_notebook_is_a_report(folder: Path) -> None:
    """A folder of notebooks alone has one set, ``default``; one without notebooks has nothing to make."""
    (folder / "reports.toml").unlink()
    assert meant(folder) == [(name, {}, ("vi",)) for name in ("10_province", "20_years", "30_other")]
    for path in folder.glob("*.ipynb"):
        path.unlink()
    with pytest.raises(UnknownName, match=r"unknown notebook '\*\.ipynb' there is none in"):
        meant(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", ["column sets: missing", "column x: unknown key"]),
        ("[sets]", ["column sets: wrong value (found 'dict'); allowed: at least one entry"]),
        (
            "[sets.default]\nwords = ''",
            ["column sets.default.words: wrong value (found ''); allowed: at least one character"],
        ),
        (
            "[sets.default]\nwords = 'x'\nlangages = ['vi']",
            ["column sets.default.langages: unknown key; did you mean languages?"],
        ),
        (
            "address = 'here'\n[sets.default]\nwords = 'x'",
            [
                "column address: wrong value (found 'here'); allowed: an address like https://example.org/reports"
            ],
        ),
        (
            "[sets.default]\nwords = 'x'\nlanguages = ['fr']",
            ["column sets.default.languages.0: wrong value (found 'fr'); allowed: 'vi', 'en'"],
        ),
        (
            "[sets.default]\nwords = 'x'\nlanguages = ['vi', 'vi']",
            ["column sets.default.languages: wrong value (found 'list'); allowed: each language once"],
        ),
        (
            "[sets.default]\nwords = 'x'\nreports = [{ notebook = 10, eahc = {} }]",
            [
                "column sets.default.reports.0.notebook: wrong value (found 10); allowed: text",
                "did you mean each?",
            ],
        ),
        (
            (
                "[sets]\ndefault = { words = 'x', include = ['provnces'] }\n"
                "provinces = { words = 'x', reports = [{ notebook = '10_provinc' }] }"
            ),
            [
                "2 wrong parameters:",
                (
                    "set default includes an unknown set (found 'provnces'); "
                    "allowed: default, provinces; did you mean provinces?"
                ),
                (
                    "set provinces names an unknown notebook (found '10_provinc'); "
                    "allowed: 10_province, 20_years, 30_other; did you mean 10_province?"
                ),
            ],
        ),
        (
            (
                "[sets]\ndefault = { words = 'x', include = ['a'] }\na = { words = 'x', include = ['b'] }\n"
                "b = { words = 'x', include = ['a'] }"
            ),
            ["the set includes itself (found 'a'); allowed: no circle as a includes b includes a"],
        ),
        ("[sets.default]\nwords='x'\ninclude=['default']", ["the set includes itself (found 'default')"]),
    ],
)
def test_every_fault_of_the_file_is_told_with_its_place(folder: Path, text: str, said: list[str]) -> None:
    """Wrong keys, types, sets and notebooks, and sets that include themselves, are listed at once."""
    (folder / "reports.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError) as error:
        Batches(folder)
    assert all(fault.file == "reports.toml" for fault in error.value.faults)
    told = str(error.value)
    assert [one for one in said if one not in told] == []


def chained(folder: Path, many: int, *, times: int = 1) -> None:
    """Declare sets that include the next one, and the last one with a report."""
    lines = ["[sets.default]\nwords = 'x'\ninclude = ['s0']"]
    for number in range(many):
        lines.append(f"[sets.s{number}]\nwords = 'x'")
        include = [f"s{number + 1}"] * times
        lines.append(f"include = {include}" if number < many - 1 else "reports = [{ notebook = '30_other' }]")
    (folder / "reports.toml").write_text("\n".join(lines), encoding="utf-8")


def test_declared_sets_expand_once(folder: Path) -> None:
    """Ninety sets that include the next one twice are one report, not two to the ninetieth."""
    chained(folder, 90, times=2)
    assert len(Batches(folder).wanted((), {}, VALUES)) == 1


def test_the_address_of_the_site_ends_with_a_slash(folder: Path) -> None:
    """Pages are named from it on; without one the site is nowhere yet."""
    assert Batches(folder).address == ""
    (folder / "reports.toml").write_text(f'address = "https://a.test/reports"\n{SETS}', encoding="utf-8")
    assert Batches(folder).address == "https://a.test/reports/"


def test_sets_that_are_too_deep_are_a_fault(folder: Path) -> None:
    """A chain of 1,500 sets is told as such."""
    chained(folder, 1500)
    with pytest.raises(ParameterError, match=r"the set includes others 1501 deep \(found 'default'\)"):
        Batches(folder)


def test_an_unreadable_notebook_is_wanted_with_its_fault(folder: Path) -> None:
    """It fails alone: what else the set declares is meant as before."""
    before = [one for one in Batches(folder).wanted((), {}, VALUES) if one.path.stem != "20_years"]
    (folder / "20_years.ipynb").write_text("{", encoding="utf-8")
    wanted = Batches(folder).wanted((), {}, VALUES)
    assert [one for one in wanted if not one.fault] == before
    assert {one.fault.split(":")[0] for one in wanted if one.fault} == {"20_years.ipynb"}


def test_a_fault_of_a_declared_value_names_its_set(folder: Path) -> None:
    """What the command line gives is no fault of the set."""
    text = "[sets.default]\nwords = 'x'\nreports = [{ notebook = '30_other', parameters = { fre = 'x' } }]"
    (folder / "reports.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=r"30_other: set default: takes no parameter 'fre'"):
        plan(Batches(folder).wanted((), {}, VALUES))
    with pytest.raises(ParameterError, match=r"30_other: takes no parameter 'fee'"):
        plan(Batches(folder).wanted(["30"], {"fee": "y", "fre": "z"}, VALUES))


def test_a_file_that_is_no_toml_is_told_in_one_line(folder: Path) -> None:
    """Cut off, without end or not text at all, the file is named with the line where reading ended."""
    for content in (b"[sets.default]\nwords = ", b"\xff\xfe", b"a = " + b"[" * 5000):
        (folder / "reports.toml").write_bytes(content)
        with pytest.raises(ReportError, match=r"reports.toml: can't be read as TOML: ") as error:
            Batches(folder)
        assert len(str(error.value).splitlines()) == 1


def test_a_byte_order_mark_is_no_part_of_the_file(folder: Path) -> None:
    """The sets are the same with a UTF-8 mark, as Excel and Notepad write it, as without."""
    plain = meant(folder)
    (folder / "reports.toml").write_bytes(codecs.BOM_UTF8 + (folder / "reports.toml").read_bytes())
    assert meant(folder) == plain


@pytest.mark.parametrize(
    ("each", "said"),
    [
        (
            "{ provinz = ['x'] }",
            "10_province: set default: takes no parameter 'provinz'; allowed: province; did you mean",
        ),
        (
            "{ free = 'all' }",
            "parameter free: 'all' needs a parameter from a closed list; allowed: [province]",
        ),
        ("{ province = 'al' }", "no list of this name (found 'al'); did you mean all?"),
        ("{ province = 'sedes' }", "no list of this name (found 'sedes'); did you mean seeds?"),
    ],
)
def test_lists_for_parameters_that_have_none_are_refused(folder: Path, each: str, said: str) -> None:
    """The word ``all`` needs a closed list, and ``each`` a parameter that the notebook takes."""
    name = "30_other" if "free" in each else "10_province"
    text = f"[sets.default]\nwords = 'x'\nreports = [{{ notebook = '{name}', each = {each} }}]"
    (folder / "reports.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError) as error:
        meant(folder)
    assert said in str(error.value)


def test_the_shipped_sets_are_whole() -> None:
    """Each shipped notebook is made by default, in both languages."""
    batches = Batches(notebooks_folder())
    wanted = batches.wanted((), {}, {**VALUES, "indicator": ["office_cell_adoption"]})
    assert {path.stem for path, *_ in wanted} == set(batches.notebooks)
    assert {one.languages for one in wanted} == {("vi", "en")}
    assert len([1 for path, *_ in wanted if path.stem == "04_province_profile"]) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("reports = []", "the set default has no reports"),
        (
            "reports = [{ notebook = '10_province', each = { province = [] } }]",
            "each.province: there is no value",
        ),
    ],
)
def test_a_set_that_makes_nothing_is_told(folder: Path, text: str, said: str) -> None:
    """No report at all is no success: the set or the list that is empty is named."""
    (folder / "reports.toml").write_text(f"[sets.default]\nwords = 'x'\n{text}", encoding="utf-8")
    with pytest.raises(ParameterError, match=said):
        Batches(folder).wanted((), {}, {})


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("parameters = { year = 2024-01-01 }", "allowed: text, a number, true or false, or a list of these"),
        ("each = { year = 2024-01-01 }", "allowed: a list of values, or the name of one"),
        ("each = { year = [2024-01-01] }", "allowed: text, a number, true or false, or a list of these"),
    ],
)
def test_a_value_of_a_wrong_type_is_one_fault(folder: Path, entry: str, said: str) -> None:
    """A date where a value belongs is told once, not once for each type that it isn't."""
    text = f"[sets.default]\nwords = 'x'\nreports = [{{ notebook = '10_province', {entry} }}]"
    (folder / "reports.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=rf"year: wrong value .*; {said}") as error:
        Batches(folder)
    assert len(error.value.faults) == 1
