"""What every chart keeps, said once: each is drawn in both languages as the gallery shows it."""

from __future__ import annotations

import io
import re
import sys
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.text import Text

from cbanalysis import charts
from cbanalysis.common.folders import PAGE_VARIABLE
from cbanalysis.display.charts import Chart
from cbanalysis.display.charts.look import TooNarrow
from chart_checks import assert_text_fits

GALLERY = Path(__file__).resolve().parents[1] / "docs" / "gallery"
LANGS = ("vi", "en")
NAMES = sorted(path.name for path in GALLERY.glob("*.svg"))


@pytest.fixture(scope="module")
def drawn() -> dict[str, Chart]:
    """Draw every chart once."""
    sys.path.insert(0, str(GALLERY.parent))
    try:
        from make_gallery import drawings
    finally:
        sys.path.remove(str(GALLERY.parent))
    return drawings()


def test_every_chart_function_is_in_the_gallery(drawn: dict[str, Chart]) -> None:
    """No chart function is without its picture in Vietnamese and English, and no other picture is stored."""
    no_charts = {"Chart", "Words", "save", "theme"}  # what a chart is, what writes one, how one looks
    kinds = {"rating_bars": ("_stacked", "_diverging"), "tile_map": ("_63", "_34")}
    functions = [name for name in charts.__all__ if name not in no_charts]
    pictures = [
        f"{one}{kind}.{lang}.svg" for one in functions for kind in kinds.get(one, ("",)) for lang in LANGS
    ]
    assert sorted(drawn) == NAMES == sorted(pictures)


# Too wide for a phone: fields of a map or a matrix, classes of a rating, sums beside marks, two columns of
# charts, numbers at points.
WIDE = {
    "control_chart",
    "coverage_matrix",
    "rating_bars_diverging",
    "slope",
    "small_multiples",
    "tile_map_34",
    "tile_map_63",
}
PHONE, LEAST = 351, 9.0  # pixels that a chart has on a phone of 390; the least size of its letters


def on_a_phone(chart: Chart) -> Chart | None:
    """Return a chart as it is laid out for a phone, None where it is too wide."""
    try:
        return chart.narrow() if chart.narrow is not None else None
    except TooNarrow:
        return None


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_is_laid_out_for_a_phone(drawn: dict[str, Chart], name: str) -> None:
    """The same rows and marks, words whole and apart, letters of 9 px and more; the wide ones are listed."""
    wide, narrow = drawn[name], on_a_phone(drawn[name])
    assert (narrow is None) == (name.split(".", maxsplit=1)[0] in WIDE)
    if narrow is not None:
        assert_text_fits(narrow)
        sizes = [text.get_fontsize() for text in narrow.findobj(Text) if text.get_text()]
        assert min(sizes) / 72 / narrow.width * PHONE >= LEAST
        assert narrow.alt == wide.alt
        figures = [sorted(mark[-1] for mark in one.marks()) for one in (wide, narrow)]
        assert figures[0] == figures[1]


def test_only_a_page_asks_for_the_layout_of_a_phone(
    drawn: dict[str, Chart], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook that is read in JupyterLab doesn't pay for a second drawing."""
    chart = drawn["trend.vi.svg"]
    assert "narrow" not in chart._repr_mimebundle_()[1]["cbanalysis"]
    monkeypatch.setenv(PAGE_VARIABLE, "1")
    narrow = chart._repr_mimebundle_()[1]["cbanalysis"]["narrow"]
    assert 'width="288pt"' in narrow["svg"]  # 4 inches
    assert len(narrow["marks"]) == len(chart.marks())


def test_a_chart_brings_the_rows_that_were_drawn(drawn: dict[str, Chart]) -> None:
    """They are CSV beside the picture: as many as its frame has, no colours, no empty column."""
    one = drawn[NAMES[0]]
    assert one._repr_mimebundle_(include=["text/csv"])[0] == {"text/csv": one.csv()}
    for chart in drawn.values():
        rows = pd.read_csv(io.StringIO(chart.csv()), keep_default_na=False)
        assert len(rows) == len(chart.frame)
        assert "colour" not in rows
        assert all((rows[one] != "").any() for one in rows)


def locked(library: str) -> str:
    """Return the version of a library that everybody is locked to."""
    lock = GALLERY.parents[1] / "requirements" / "reports.txt"
    return re.search(rf"^{library}==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE)[1]


@pytest.mark.skipif(
    version("matplotlib") != locked("matplotlib"), reason="another matplotlib has other bytes"
)
@pytest.mark.parametrize("name", NAMES)
def test_a_chart_is_the_stored_one_byte_for_byte(drawn: dict[str, Chart], name: str) -> None:
    """The same rows give the same bytes, now and again, with no day in them; `make generated` stores them."""
    made = drawn[name].svg()
    assert made == (GALLERY / name).read_text(encoding="utf-8")
    assert made == drawn[name].svg()
    assert "<dc:date>" not in made


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_can_be_read_and_heard(drawn: dict[str, Chart], name: str) -> None:
    """Its words lie inside the picture and apart, and its alternative text says more than its title."""
    chart = drawn[name]
    assert_text_fits(chart)
    assert len(chart.alt) > 60
    assert "{" not in chart.alt
    assert "nan" not in chart.alt.split()
