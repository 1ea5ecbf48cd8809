"""A rating scheme of a study's own: check, import and extract tie it to the indicators it rates."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from cbanalysis import cli
from cbanalysis.common.new_study import new_study
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose import About, document_of, read_document

OWN = """
[indicators.meeting_quality]
name = { vi = "Chất lượng sinh hoạt chi bộ", en = "Quality of meetings" }
unit = "percent"
subjects = ["cell"]
direction = "none"
definition = { vi = "Số chi bộ ở mỗi mức.", en = "Cells in each class." }
base = { vi = "số chi bộ được xếp loại", en = "the cells rated" }

[schemes.meetings]
name = { vi = "Mức sinh hoạt", en = "Classes of meetings" }
indicators = ["meeting_quality"]
subject_group = "organisation"
valid_from = 2018

[[schemes.meetings.categories]]
id = "good"
name = { vi = "Sinh hoạt tốt", en = "Good" }
order = 1
kind = "exclusive"
printed = ["tốt", "hoàn thành tốt nhiệm vụ"]
good_or_better = true

[[schemes.meetings.categories]]
id = "fair"
name = { vi = "Sinh hoạt khá", en = "Fair" }
order = 2
kind = "exclusive"
printed = ["khá"]
good_or_better = true

[[schemes.meetings.categories]]
id = "poor"
name = { vi = "Sinh hoạt kém", en = "Poor" }
order = 3
kind = "exclusive"
printed = ["kém"]
good_or_better = false
"""
ORDINARY = """Kết quả xếp loại chi bộ năm 2022
Tỉnh;Hoàn thành xuất sắc nhiệm vụ;Hoàn thành tốt nhiệm vụ;Hoàn thành nhiệm vụ;Tổng số chi bộ
Bắc Giang;20;70;10;100
"""
TITLED = """Chất lượng sinh hoạt chi bộ năm 2022
Tỉnh;Tốt;Khá;Kém;Tổng số chi bộ
Bắc Giang;60;30;10;100
"""
LISTED = """Chất lượng sinh hoạt chi bộ năm 2022
Tỉnh;Xếp loại;Số chi bộ
Bắc Giang;Tốt;60
Hải Phòng;Khá;30
"""


def run(*words: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(cli.main, list(words))


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a study without figures that declares the scheme; it is the current folder."""
    folder = new_study(tmp_path / "study", published=False)
    with (folder / "data" / "indicators.toml").open("a", encoding="utf-8") as file:
        file.write(OWN)
    monkeypatch.chdir(folder)
    return folder


def imported(study: Path, table: str) -> list[list[str]]:
    """Return indicator, subject, scheme, category and count of what import takes from a table."""
    (study / "bịa.csv").write_text(table, encoding="utf-8")
    result = run("import", "bịa.csv", "--yes")
    assert result.exit_code == 0, result.output
    rows = pd.read_csv(study / "data" / "observations.csv", dtype=str, keep_default_na=False)
    return rows[["indicator", "subject", "scheme", "category_id", "count"]].to_numpy().tolist()


def test_an_ordinary_table_keeps_the_ordinary_scheme(study: Path) -> None:
    """Excellent 20, good 70, fulfilled 10: all three of org_2018, though the own scheme has a good too."""
    told = ["org_quality_rating", "cell", "org_2018"]
    assert imported(study, ORDINARY) == [
        [*told, "excellent", "20"],
        [*told, "good", "70"],
        [*told, "fulfilled", "10"],
        ["org_count", "cell", "", "", "100"],
    ]


def test_a_table_named_as_the_own_indicator_is_rated_by_its_scheme(study: Path) -> None:
    """Good 60, fair 30, poor 10 of 100 cells, whose sum they are; none is a rating of organisations."""
    told = ["meeting_quality", "cell", "meetings"]
    assert imported(study, TITLED) == [
        [*told, "good", "60"],
        [*told, "fair", "30"],
        [*told, "poor", "10"],
        ["org_count", "cell", "", "", "100"],
    ]
    rows = pd.read_csv(study / "data" / "observations.csv", dtype=str, keep_default_na=False)
    assert rows["base"].tolist() == ["100", "100", "100", ""]
    assert run("check").output == "data: 4 figures from 1 source, no faults\n"


def test_ratings_in_cells_are_of_the_indicator_that_the_title_names(study: Path) -> None:
    """A column of classes beside one of counts is read like columns named as the classes."""
    told = ["meeting_quality", "cell", "meetings"]
    assert imported(study, LISTED) == [[*told, "good", "60"], [*told, "fair", "30"]]


def test_classes_of_another_scheme_than_the_title_says_are_asked_about(study: Path) -> None:
    """Excellent is no class of meetings: nothing comes in."""
    (study / "bịa.csv").write_text(TITLED.replace("Khá", "Hoàn thành xuất sắc nhiệm vụ"), encoding="utf-8")
    result = run("import", "bịa.csv", "--yes")
    assert result.exit_code == 2
    assert "Sinh hoạt tốt, Sinh hoạt khá, Sinh hoạt kém" in result.output


@pytest.mark.parametrize("other", ["org_quality_rating", "org_count"])
def test_check_refuses_the_scheme_on_an_indicator_that_it_does_not_rate(study: Path, other: str) -> None:
    """A row of meetings that is given another indicator by hand is one fault, which names what fits."""
    imported(study, LISTED.replace("Hải Phòng;Khá;30\n", ""))
    path = study / "data" / "observations.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("meeting_quality", other), encoding="utf-8")
    fits = {"org_quality_rating": "org_2007, org_2018", "org_count": "empty"}[other]
    fault = f"a scheme that rates no {other} (found 'meetings'); allowed: {fits}"
    told = run("check")
    assert told.exit_code == 1
    assert fault in " ".join(told.output.split())


def test_extract_rates_organisations_by_the_scheme_of_their_indicator() -> None:
    """The own scheme stands first and has a good too; 88 good organisations of 2022 are org_2018's."""
    known = Catalogue.read()
    own = known.scheme("org_2018").model_copy(update={"id": "meetings", "indicators": ("meeting_quality",)})
    catalogue = known.model_copy(update={"schemes": {"meetings": own, **known.schemes}})
    text = "Năm 2022, tỉnh Bắc Giang có 88 tổ chức cơ sở đảng xếp loại hoàn thành tốt nhiệm vụ."
    about = About(province="Bắc Giang", published="2023-01-02")
    (one,) = read_document(
        document_of(text), catalogue=catalogue, gazetteer=Gazetteer.read(), about=about
    ).candidates
    assert (one.indicator, one.scheme, one.category_id) == ("org_quality_rating", "org_2018", "good")
