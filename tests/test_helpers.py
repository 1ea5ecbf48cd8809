"""What helps at the keyboard: completion, citations, saved pictures, short errors, in a real kernel."""

from __future__ import annotations

import json
import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from lxml import etree
from matplotlib.figure import Figure
from PIL import Image
from pypdf import PdfReader

import cbanalysis as cb
from kernel_helpers import complete, kernel, told

ENDINGS = (".svg", ".png", ".pdf")

pytestmark = pytest.mark.usefixtures("made_up_figures")


@pytest.fixture
def rated():
    """Return the rates of communes with an office cell."""
    return cb.add_rates(cb.load_observations("office_cell_adoption"))


@pytest.fixture
def plain(rated):
    """Draw a figure of one's own."""
    figure = Figure(figsize=(5, 3))
    axes = figure.add_subplot()
    axes.plot(rated["year"], rated["rate"], "o")
    return figure


def test_an_indicator_is_an_attribute_that_is_its_id() -> None:
    """What the Tab key offers can be passed on as it is."""
    assert cb.indicators.office_cell_adoption == "office_cell_adoption"
    assert dir(cb.indicators) == sorted(cb.Catalogue.read().indicators)
    assert len(cb.load_observations(cb.indicators.office_cell_adoption)) == 3


def test_a_province_is_an_attribute_without_marks() -> None:
    """Names of all maps are offered, in letters of every keyboard, and give the name as it is written."""
    assert cb.provinces.bac_giang == "Bắc Giang"
    assert cb.provinces.dak_lak == "Đắk Lắk"
    assert cb.provinces.ha_tay == "Hà Tây"
    names = {unit.name_vi for unit in cb.Gazetteer.read().units}
    assert {getattr(cb.provinces, one) for one in set(dir(cb.provinces)) - set(cb.provinces.__all__)} == names


@pytest.mark.parametrize(
    ("room", "name", "right"),
    [("indicators", "office_cell", "office_cell_"), ("provinces", "bac_gang", "bac_giang")],
)
def test_a_name_that_is_not_there_names_the_nearest(room: str, name: str, right: str) -> None:
    """A misspelt attribute is an AttributeError that says what would be right."""
    with pytest.raises(AttributeError, match=right):
        getattr(getattr(cb, room), name)


@pytest.mark.slow
def test_the_tab_key_offers_indicators_and_provinces(tmp_path: Path) -> None:
    """A real kernel completes cb.indicators. and cb.provinces. from the data."""
    with kernel(cwd=str(tmp_path)) as (_, client):
        told(client, "import cbanalysis as cb")
        assert "office_cell_adoption" in " ".join(complete(client, "cb.indicators.office"))
        offered = " ".join(complete(client, "cb.load_observations(provinces=cb.provinces.bac_"))
        assert "bac_giang" in offered
        assert "bac_ninh" in offered
        assert "cite" in " ".join(complete(client, "cb.ci"))


@pytest.mark.slow
def test_an_error_is_short_and_its_traceback_one_word_away(tmp_path: Path) -> None:
    """A cell that fails shows the message and its own line; %tb then shows the whole way there."""
    with kernel(cwd=str(tmp_path)) as (_, client):
        shown = told(client, 'import cbanalysis as cb\ncb.load_observations(provinces="Bac Gang")')
        assert len(shown.splitlines()) <= 3
        assert "UnknownName: unknown province 'Bac Gang'; did you mean 'Bắc Giang'" in shown
        assert 'line 2 of the cell: cb.load_observations(provinces="Bac Gang")' in shown
        assert "%tb" in shown
        whole = told(client, "%tb")
        assert "load/observations.py" in whole
        assert len(whole.splitlines()) > 20


def test_citing_a_frame_names_each_document_once() -> None:
    """The three figures on office cells come from two documents."""
    citations = cb.cite(cb.load_observations("office_cell_adoption"), lang="en")
    assert len(citations) == 2
    assert sum(one.figures for one in citations.documents) == 3
    assert len(str(citations).splitlines()) == 2
    assert "9 Aug 2013" in str(citations)


def test_citations_come_as_bibtex_and_csl(rated) -> None:
    """Both files name the same documents, as reference managers read them."""
    citations = cb.cite(rated)
    keys = re.findall(r"@misc\{(.+?),", citations.bibtex)
    assert keys == [one["id"] for one in json.loads(citations.csl)] == [one.id for one in citations.documents]


def test_sums_are_cited_by_all_their_sources() -> None:
    """A regrouped row names its sources joined by +, and each is cited."""
    frame = cb.load_observations("office_cell_adoption").head(1).assign(source_id="seed-004+seed-001")
    assert [one.id for one in cb.cite(frame).documents] == ["seed-001", "seed-004"]


def test_a_frame_without_sources_cannot_be_cited(rated) -> None:
    """The error says what is missing and what to cite instead."""
    with pytest.raises(cb.CbanalysisError, match=r"no column source_id .*cite the rows that it was"):
        cb.cite(rated[["province", "rate"]])


def test_a_citation_is_text_and_no_markup(rated) -> None:
    """A title with a tag in it stays text, and only web addresses become links."""
    made = cb.cite(rated)
    harmful = made.documents[0].__class__("x", "<script>", "a", "2013", "javascript:alert(1)", "", 1)
    shown = made.__class__((harmful,), "vi")._repr_mimebundle_()["text/html"]
    assert "<script>" not in shown
    assert "href" not in shown


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_chart_is_saved_with_its_alternative_text(rated, tmp_path: Path, ending: str) -> None:
    """SVG, PNG and PDF say what the picture shows, and the same chart gives the same bytes."""
    chart = cb.charts.trend(rated, lang="vi")
    file = cb.save(chart, tmp_path / f"chart{ending}")
    first = file.read_bytes()
    assert spoken(file) == chart.alt
    assert cb.save(cb.charts.trend(rated, lang="vi"), file).read_bytes() == first
    assert [one.name for one in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_frame_is_saved_for_other_programs_with_its_sources(rated, tmp_path: Path, lang: str) -> None:
    """CSV, Parquet, Stata and Excel hold the same rates; each has its documents beside it."""
    pytest.importorskip("xlsxwriter")
    files = {
        ending: cb.save(rated, tmp_path / f"rates.{ending}", lang=lang)
        for ending in ("csv", "parquet", "dta")
    }
    read = (pd.read_csv(files["csv"]), pd.read_parquet(files["parquet"]), pd.read_stata(files["dta"]))
    for frame in read:
        assert frame["rate"].tolist() == pytest.approx(rated["rate"].tolist(), nan_ok=True)
    book = pd.read_excel(
        cb.save(rated, tmp_path / "rates.xlsx", lang=lang), sheet_name=None, engine="openpyxl"
    )
    first, *_, last = book.values()
    heading = {"vi": "Tỷ lệ (%)", "en": "Rate (%)"}[lang]
    assert first[heading].tolist() == pytest.approx(rated["rate"].tolist(), nan_ok=True)
    assert "rate" in last.iloc[:, 1].tolist()
    assert "@misc" in (tmp_path / "rates.sources.bib").read_text(encoding="utf-8")


def test_rows_are_refused_where_nobody_says_whence_they_come(rated, tmp_path: Path) -> None:
    """Neither another ending nor rows without their sources leave a file."""
    with pytest.raises(cb.CbanalysisError, match=r"\.dta"):
        cb.save(rated, tmp_path / "rates.sav")
    with pytest.raises(cb.CbanalysisError, match="source_id"):
        cb.save(rated[["rate"]], tmp_path / "rates.csv")
    assert not [*tmp_path.iterdir()]


def test_a_saved_chart_is_the_picture_that_was_shown(rated, tmp_path: Path) -> None:
    """The PNG has the pixels of the notebook's, whatever rcParams say by then."""
    chart = cb.charts.ranked_dots(rated, lang="en")
    (tmp_path / "shown.png").write_bytes(chart.png())
    with mpl.rc_context({"font.size": 30, "figure.facecolor": "red"}):
        cb.save(chart, tmp_path / "saved.png")
    shown, saved = (np.asarray(Image.open(tmp_path / f"{one}.png")) for one in ("shown", "saved"))
    assert np.array_equal(shown, saved)


@pytest.mark.parametrize("ending", ENDINGS)
def test_any_other_figure_gets_a_source_line(plain, rated, tmp_path: Path, ending: str) -> None:
    """A picture of one's own names its sources below, and is itself as it was afterwards."""
    before = len(plain.texts)
    first = cb.save(plain.axes[0], tmp_path / f"own{ending}", frame=rated, lang="en").read_bytes()
    assert "Source: " in spoken(tmp_path / f"own{ending}")
    assert len(plain.texts) == before
    assert cb.save(plain, tmp_path / f"own{ending}", frame=rated, lang="en").read_bytes() == first


def test_the_source_line_is_no_wider_than_the_picture(plain, rated, tmp_path: Path) -> None:
    """A long line is wrapped: the saved picture is wider than its figure by its margins only."""
    cb.save(plain, tmp_path / "own.png", frame=rated)
    assert Image.open(tmp_path / "own.png").width < (5 + 0.5) * plain.dpi


def test_a_picture_without_sources_is_not_saved(plain, tmp_path: Path) -> None:
    """The error says what to give; no file appears."""
    with pytest.raises(cb.CbanalysisError, match="give frame="):
        cb.save(plain, tmp_path / "own.png")
    with pytest.raises(cb.CbanalysisError, match="can't save a str"):
        cb.save("picture", tmp_path / "own.png")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_leaves_the_old_file(rated, tmp_path: Path) -> None:
    """Another ending or a folder that isn't there is one clear error."""
    chart = cb.charts.trend(rated)
    with pytest.raises(cb.CbanalysisError, match=r"allowed: \.svg, \.png, \.pdf"):
        cb.save(chart, tmp_path / "chart.jpg")
    with pytest.raises(cb.CbanalysisError, match=r"can't write .*nowhere"):
        cb.save(chart, tmp_path / "nowhere" / "chart.png")
    assert list(tmp_path.iterdir()) == []


def spoken(file: Path) -> str:
    """Return the alternative text that a saved picture carries."""
    if file.suffix == ".svg":
        return etree.fromstring(file.read_bytes()).attrib["aria-label"]
    if file.suffix == ".png":
        return Image.open(file).text["Description"]
    return PdfReader(file).metadata.subject
