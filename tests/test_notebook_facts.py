"""No sentence of a notebook can be contradicted by data: on a made-up folder nothing of ours stays."""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import cbanalysis as cb
from cbanalysis.common.folders import notebooks_folder
from cbanalysis.common.new_study import new_study
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.catalogue.attendance_rules import attendance_rules
from cbanalysis.dataset.observations.schema import COLUMNS
from cbanalysis.dataset.provinces import Gazetteer

# 07 and 08 are made-up lessons: their figures are their own.
STEMS = sorted(path.stem for path in notebooks_folder().glob("0[0-69]_*.ipynb"))
# How sure an interval is, the maps of provinces, whole shares: no data changes them.
OF_METHOD = {"95", "63", "34", "100", "0"}
YEARS = ("2014", "2016")
PLACES = ("Cà Mau", "Hà Giang", "Lạng Sơn")
GIVEN = {
    "03_quality_ratings": {"year": 2014},
    "04_province_profile": {"province": "Cà Mau"},
    "05_source_profile": {"source": "made-up"},
    "09_indicator": {"indicator": "village_own_cell"},
}


def code_and_words(stem: str) -> tuple[list[str], list[str]]:
    """Return the code cells and the words of a notebook."""
    cells = json.loads((notebooks_folder() / f"{stem}.ipynb").read_text(encoding="utf-8"))["cells"]
    texts = {
        kind: ["".join(one["source"]) for one in cells if one["cell_type"] == kind]
        for kind in ("code", "markdown")
    }
    return texts["code"], texts["markdown"]


@pytest.mark.parametrize("stem", STEMS)
def test_the_words_of_a_notebook_hold_no_figure(stem: str) -> None:
    """A number typed beside a chart is a fact that the next figure may deny: notes and data/ hold facts."""
    words = " ".join(code_and_words(stem)[1])
    assert {*re.findall(r"[0-9]+(?:[.,][0-9]+)?", words)} <= OF_METHOD


@pytest.mark.parametrize("stem", STEMS)
def test_the_words_of_a_notebook_name_no_place(stem: str) -> None:
    """Nor does a province stand in its words: which one is told of follows from the data."""
    names = {unit.name_vi for unit in Gazetteer.read().units}
    assert not [name for name in names for text in code_and_words(stem)[1] if name in text]


def made_up() -> pd.DataFrame:
    """Return figures of three provinces and two years that nobody published, with districts and ratings."""
    catalogue = Catalogue.read()
    rows: list[dict[str, str]] = []

    def add(indicator: str, subject: str, place: str, year: str, **more: str) -> None:
        rows.append(
            dict.fromkeys(COLUMNS, "")
            | {
                "observation_id": f"Z{len(rows) + 1:04d}",
                "indicator": indicator,
                "subject": subject,
                "geo_level": "province",
                "province": place,
                "province_basis": "stated",
                "period_start": year,
                "period_end": year,
                "period_basis": "stated",
                "qualifier": "exact",
                "aggregation": "point",
                "source_id": "made-up",
            }
            | more
        )

    for at, indicator in enumerate(catalogue.indicators.values()):
        rated = indicator.id in {"org_quality_rating", "office_cell_quality"}
        rating = {"scheme": "org_2007", "category_id": "strong", "category_kind": "exclusive"}
        for step, (place, year) in enumerate((place, year) for place in PLACES for year in YEARS):
            if indicator.unit == "count":
                count = str(1100 + 7 * at + step)
                add(indicator.id, indicator.subjects[0], place, year, count=count, printed=count)
            else:
                share = str(21 + step)
                more = {"percent": share, "printed": f"{share}%"} | (rating if rated else {})
                add(indicator.id, indicator.subjects[0], place, year, **more)
    for area, count in (("U Minh", "17"), ("Cái Nước", "23"), ("Năm Căn", "19")):
        of = {"geo_level": "district", "area": area, "count": count, "base": "71", "printed": f"{count}/71"}
        add("village_member_head", "village", "Cà Mau", "2016", complement="yes", **of)
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a study that holds the made-up figures and no others."""
    study = new_study(tmp_path_factory.mktemp("facts") / "study", published=False)
    made_up().drop(columns="value").to_csv(study / "data" / "observations.csv", index=False)
    with (study / "data" / "sources.csv").open("a", encoding="utf-8") as file:
        file.write("made-up,Báo bịa,Tài liệu bịa,2016,,,vi,bịa\n")
    return study


def said(stem: str, lang: str) -> Iterator[str]:
    """Yield what the cells of a notebook say: notes, titles and alternative texts of charts, tables."""
    names: dict[str, object] = {}
    for source in code_and_words(stem)[0]:
        tree = ast.parse(source)
        last = tree.body[-1]
        shown = isinstance(last, ast.Expr)
        exec(compile(ast.Module(tree.body[: -1 if shown else None], []), stem, "exec"), names)  # noqa: S102
        if shown and isinstance(last, ast.Expr):
            found = eval(compile(ast.Expression(last.value), stem, "eval"), names)  # noqa: S307
            if isinstance(found, cb.charts.Chart):
                yield f"{found.title} {found.alt}"
            elif isinstance(found, cb.notes.Note):
                yield found.text()
            else:
                yield html.unescape(re.sub("<[^>]+>", " ", found.html()))
        if not shown:
            names.update(GIVEN.get(stem, {}), lang=lang)


def dated() -> str:
    """Return what the dated files of data/ and the definitions say: no figure of a place."""
    catalogue = Catalogue.read()
    told = [f"{event.date} {event.name['vi']} {event.name['en']}" for event in catalogue.events]
    told += [f"{scheme.name['vi']} {scheme.name['en']}" for scheme in catalogue.schemes.values()]
    told += [f"{one.definition['vi']} {one.definition['en']}" for one in catalogue.indicators.values()]
    told += [f"{rule.valid_from} {rule.document['vi']} {rule.document['en']}" for rule in attendance_rules()]
    return " ".join(told)


@pytest.mark.whole
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("stem", STEMS)
def test_on_other_figures_nothing_of_ours_is_said(
    stem: str, lang: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Years and provinces that are said are those of the figures, or of the dated files of data/."""
    monkeypatch.chdir(folder)
    missing = ("Without a figure (in the borders of the map)", "Các số liệu này không bao gồm")
    text = "\n".join(one for one in said(stem, lang) if not any(words in one for words in missing))
    allowed = {*YEARS, *re.findall(r"(?:19|20)[0-9]{2}", dated())}
    assert {*re.findall(r"(?<![0-9.,/-])(?:19|20)[0-9]{2}(?![0-9.,])", text)} <= allowed
    units = Gazetteer.read().units
    # what became of Cà Mau, and with whom, is told of its profile
    there = {unit.name_vi for unit in units if unit.name_vi in {*PLACES, "Bạc Liêu"}}
    others = {name for unit in units if unit.name_vi not in there for name in (unit.name_vi, unit.name_en)}
    assert not [name for name in others if re.search(rf"\b{re.escape(name)}\b", text)]
