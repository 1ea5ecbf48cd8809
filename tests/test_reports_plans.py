"""Which reports to run, and the folders they get."""

from __future__ import annotations

import pickle
import re
import shutil
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbanalysis.errors import ParameterError, UnknownName
from cbanalysis.reports import Report, find_notebook, plan, slug

NOTEBOOKS = Path(__file__).parent / "notebooks"
MADE_UP, FAILING, DYING = (NOTEBOOKS / f"{name}.ipynb" for name in ("10_made_up", "11_failing", "12_dying"))
CHOICES = {"province": ["Bắc Giang", "Huế", "Hué"], "year": range(2000, 2030)}


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
        (MADE_UP, {"province": "Bắc Giang"}),
        (MADE_UP, {"province": "Bắc Giang", "year": "2015"}),
        (MADE_UP, {"year": 2012}),
    ]
    reports = plan(wanted, languages=["vi", "en"], choices=CHOICES)
    assert [str(report) for report in reports[::2]] == [
        "vi/10_made_up/default",
        "vi/10_made_up/bac-giang",
        "vi/10_made_up/bac-giang_year-2015",
        "vi/10_made_up/year-2012",
    ]
    assert reports[3].folder == PurePosixPath("en/10_made_up/bac-giang")
    assert reports[3].injected == {"province": "Bắc Giang", "lang": "en"}
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
    assert len(plan([(MADE_UP, {"year": 2012}), (MADE_UP, {"year": "2012"})], choices=CHOICES)) == 1


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


def test_a_list_names_its_folder_by_all_values(tmp_path: Path) -> None:
    """The values of a list parameter are joined."""
    path = tmp_path / "20_list.ipynb"
    text = (NOTEBOOKS / "12_dying.ipynb").read_text(encoding="utf-8")
    path.write_text(text.replace("code: int = 3", "code: list[int] = [3]"), encoding="utf-8")
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
    for name in ("10_made_up", "10_made_up.ipynb", "10", str(MADE_UP)):
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
