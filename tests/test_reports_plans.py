"""Which reports to run, and the folders they get."""

from __future__ import annotations

import json
import pickle
import re
import shutil
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbanalysis.batch.reports.reports_and_folders import Report, Wanted, find_notebook, plan, slug
from cbanalysis.common.errors import ParameterError, UnknownName
from cbanalysis.dataset.provinces import Gazetteer

NOTEBOOKS = Path(__file__).parent / "notebooks"
MADE_UP, FAILING, DYING = (NOTEBOOKS / f"{name}.ipynb" for name in ("10_made_up", "11_failing", "12_dying"))
CHOICES = {"province": ["Bắc Giang", "Huế", "Hué"], "year": range(2000, 2030)}
FILES = {"file": str}


@settings(max_examples=150)
@given(st.text())
def test_a_slug_is_a_safe_folder_name(text: str) -> None:
    """Whatever the text, its slug can't climb, is ASCII and stays as it is when made again."""
    made = slug(text)
    assert re.fullmatch(r"[a-z0-9_]([a-z0-9_-]{0,58}[a-z0-9_])?", made)
    assert slug(made) == made


def test_reports_get_folders_from_language_notebook_and_values() -> None:
    """The main parameter's value names the folder alone, others are named with it; none is ``default``."""
    wanted = [
        (MADE_UP, {}),
        (MADE_UP, {"province": "Huế"}),
        (MADE_UP, {"province": "Huế", "year": "2015"}),
        (MADE_UP, {"year": 2015}),
    ]
    reports = plan(wanted, languages=["vi", "en"], choices={**CHOICES, "province": ["Bắc Giang", "Huế"]})
    assert [str(report) for report in reports[::2]] == [
        "vi/10_made_up/default",
        "vi/10_made_up/hue",
        "vi/10_made_up/hue_year-2015",
        "vi/10_made_up/year-2015",
    ]
    assert reports[3].folder == PurePosixPath("en/10_made_up/hue")
    assert reports[3].injected == {"province": "Huế", "lang": "en"}
    assert pickle.loads(pickle.dumps(reports[0])) == reports[0]  # noqa: S301 -- worker processes get them so


def test_a_language_given_as_parameter_wins() -> None:
    """``-p lang=en`` makes an English report and adds nothing to its folder."""
    (report,) = plan([(MADE_UP, {"lang": "en"})], choices=CHOICES)
    assert (str(report), dict(report.parameters)) == ("en/10_made_up/default", {})


def test_a_notebook_without_a_language_parameter_gets_none() -> None:
    """A notebook that takes no ``lang`` isn't given one."""
    (report,) = plan([(DYING, {"code": 4})])
    assert (report.injected, report.slug) == ({"code": 4}, "4")


def test_a_report_is_planned_once() -> None:
    """The same notebook with the same values stands once."""
    assert len(plan([(MADE_UP, {"year": 2015}), (MADE_UP, {"year": "2015"})], choices=CHOICES)) == 1


def test_a_value_that_the_notebook_has_anyway_makes_no_second_report() -> None:
    """Its own value given again leads to the folder ``default``, unless a set declares it."""
    own = {"province": "Bắc Giang", "year": "2012"}
    (report,) = plan([(MADE_UP, own), (MADE_UP, {})], choices=CHOICES)
    assert (str(report), report.parameters) == ("vi/10_made_up/default", {})
    (report,) = plan([Wanted(MADE_UP, own, declared=["province"])], choices=CHOICES)
    assert (str(report), report.parameters) == ("vi/10_made_up/bac-giang", {"province": "Bắc Giang"})


def test_two_values_of_one_slug_get_different_folders() -> None:
    """Values that differ in marks only don't overwrite one another."""
    reports = plan([(MADE_UP, {"province": name}) for name in ("Huế", "Hué")], choices=CHOICES)
    assert len({report.folder for report in reports}) == 2
    assert all(re.fullmatch("hue-[0-9a-f]{8}", report.slug) for report in reports)


def test_awkward_values_still_make_folders() -> None:
    """A long value is cut and stays unique, a reserved or empty one is named, lists are joined."""
    names = ["x" * 80, "x" * 81, "default", "", "CON"]
    reports = plan([(MADE_UP, {"province": name}) for name in names], choices={"province": names})
    slugs = [report.slug for report in reports]
    assert len(set(slugs)) == 5
    assert max(map(len, slugs)) < 80
    assert slugs[2:] == ["province-default", "province-none", "province-con"]
    assert Report(MADE_UP, "10_made_up", {}, "vi", "x").folder == PurePosixPath("vi/10_made_up/x")


def free(folder: Path, *lines: str) -> Path:
    """Write a notebook with these parameters."""
    path = folder / "20_free.ipynb"
    text = (NOTEBOOKS / "12_dying.ipynb").read_text(encoding="utf-8")
    line = "code: int = 3  # exit code of the kernel"
    assert line in text
    path.write_text(text.replace(line, json.dumps("\n".join(lines))[1:-1]), encoding="utf-8")
    return path


def test_different_values_never_share_a_folder_not_even_one_after_another(tmp_path: Path) -> None:
    """Whatever a folder's name can't hold of a value gets a digest, so that no report replaces another."""
    lines = ("a: str = '?'  # a text", "b: float = 0.1  # a number", "c: list[str] = ['?']  # texts")
    path = free(tmp_path, *lines)
    values = [
        *({"a": text} for text in ("x", "X", "x y", "x-y", "x.y", "Huế", "Hué", "b-1", "", "none", "y" * 99)),
        *({"b": one} for one in (1.0, -1.0, 1.5, -1.5, 15.0)),
        *({"c": one} for one in ([], ["x", "y"], ["x-y"], ["x,y"], ["none"], [""])),
        {"a": "x", "b": 1.0},
    ]
    folders = [plan([(path, given)])[0].slug for given in values]
    assert len(set(folders)) == len(values)
    assert folders[0] == "x"
    assert folders[-1].startswith("x_b-1-0-")


def test_no_two_provinces_share_a_folder() -> None:
    """Provinces of all times keep different names without marks, so that their folders need no digest."""
    names = {unit.name_vi for unit in Gazetteer.read().units}
    assert len({slug(name) for name in names}) == len(names)


def test_a_file_names_its_report_by_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports are named after files, not after folders; files of one name get reports of their own."""
    path = free(tmp_path, "one: str = ''  # [file] a file", "other: str = ''  # [file] a file")
    home = tmp_path / ("home of somebody with a name as long as a folder's may be" * 2)
    study = home / "study"
    study.mkdir(parents=True)
    monkeypatch.chdir(study)
    inside, below, outside = (one / "Sổ 2023.csv" for one in (study, study / "registers", home))
    reports = [plan([(path, {"one": str(file)})], choices=FILES)[0] for file in (inside, below, outside)]
    assert all(re.fullmatch("so-2023-csv-[0-9a-f]{8}", one.slug) for one in reports)
    assert len({one.slug for one in reports}) == 3
    assert [one.parameters["one"] for one in reports] == [
        "Sổ 2023.csv",
        "registers/Sổ 2023.csv",
        "Sổ 2023.csv",
    ]
    assert [list(one.files.values()) for one in reports] == [[str(inside)], [str(below)], [str(outside)]]
    folders = [plan([(path, {"one": str(one / "x")})], choices=FILES)[0].slug for one in (study, home)]
    assert folders[0] == "x"
    assert re.fullmatch("x-[0-9a-f]{8}", folders[1])
    with pytest.raises(ParameterError, match=r"parameter other: two files go by this name.*below study/"):
        plan([(path, {"one": str(inside), "other": str(outside)})], choices=FILES)


def test_a_list_names_its_folder_by_all_values(tmp_path: Path) -> None:
    """The values of a list parameter are joined."""
    path = free(tmp_path, "code: list[int] = [3]  # codes")
    assert [report.slug for report in plan([(path, {"code": [1, 2]})])] == ["1-2"]


def test_faults_of_all_reports_come_in_one_error() -> None:
    """One refusal lists the faults of every notebook, each once."""
    wanted = [(MADE_UP, {"yaer": 1}), (MADE_UP, {"yaer": 1}), (FAILING, {"year": "x"})]
    with pytest.raises(ParameterError) as error:
        plan(wanted, choices=CHOICES)
    assert [fault.file for fault in error.value.faults] == ["10_made_up", "11_failing"]


def test_two_notebooks_of_one_name_are_refused(tmp_path: Path) -> None:
    """Notebooks from different folders must not write over one another."""
    shutil.copy(DYING, tmp_path / "12_dying.ipynb")
    with pytest.raises(ParameterError, match="another notebook of this name"):
        plan([(DYING, {}), (tmp_path / "12_dying.ipynb", {})])


def test_a_notebook_is_found_by_name_number_or_path(tmp_path: Path) -> None:
    """All usual ways of naming a notebook lead to the same file; a path means that file and no other."""
    for name in ("10_made_up", "10_made_up.ipynb", "made_up", "10", str(MADE_UP)):
        assert find_notebook(name, NOTEBOOKS) == MADE_UP
    with pytest.raises(UnknownName, match="unknown notebook '10_mad_up'; did you mean '10_made_up'"):
        find_notebook("10_mad_up", NOTEBOOKS)
    for name in ("nowhere/10_made_up.ipynb", "./10_made_up.ipynb", tmp_path / "10_made_up.ipynb"):
        with pytest.raises(UnknownName, match=r"there is no such \.ipynb file"):
            find_notebook(name, NOTEBOOKS)
    for name in ("10_one.ipynb", "10_two.ipynb"):
        (tmp_path / name).touch()
    with pytest.raises(UnknownName, match="known: 10_one, 10_two"):
        find_notebook("10", tmp_path)
