"""Lines of text laid out once: the same places, sizes and outlines as matplotlib's own, line by line."""

from __future__ import annotations

from collections import OrderedDict

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from cbanalysis.display.charts import page, text_outlines
from cbanalysis.display.charts.look import FONT, chart_style
from cbanalysis.display.charts.page import Caption, compose
from chart_checks import made_rows

LINES = (
    "Tỷ lệ đảng viên dự sinh hoạt chi bộ, 2006 – 2012 (%)",
    "ẤN PHẨM: “Ễnh ương”, 98,5% ≥ 1/2 · † ‡ § …",
    "AVATAR Tỷ Lệ To Va Wa 11 P. F, LT",  # kerned
    "office figures of the first staff, affluent, fjord, f",  # fi, ff, ffl: two letters drawn as one
    "W",
    " ",
    "e\u0301 hai dấu rời",  # a mark of its own: left to matplotlib
    "\u0645\u0631\u062d\u0628\u0627 2010",  # from right to left: left to matplotlib
)


def outlines(way: TextToPath, line: str, weight: str) -> tuple[object, ...]:
    """Return all that a chart takes of a line: size, letters with their places, outlines."""
    asked = FontProperties(family=FONT, weight=weight, size=8.5)
    font = way._get_font(asked)
    placed, new, _ = way.get_glyphs_with_font(font, line, OrderedDict(), return_new_glyphs_only=True)
    drawn = {name: (ends.tolist(), np.asarray(codes).tolist()) for name, (ends, codes) in new.items()}
    return way.get_text_width_height_descent(line, asked, ismath=False), list(placed), list(drawn.items())


@pytest.mark.parametrize("weight", ["normal", "bold"])
@pytest.mark.parametrize("line", LINES)
def test_a_line_is_laid_out_as_matplotlib_does(line: str, weight: str) -> None:
    """Size, places and outlines are matplotlib's to the last digit, also the second time."""
    ours, wanted = text_outlines.Letters(), outlines(TextToPath(), line, weight)
    assert outlines(ours, line, weight) == wanted
    assert outlines(ours, line, weight) == wanted


@pytest.mark.parametrize(
    ("family", "line"), [("cmr10", "Tỷ lệ 90"), ("STIXGeneral", "ỷ 90%"), ("DejaVu Serif", "∯⇑")]
)
def test_letters_that_another_font_lends_are_that_fonts(family: str, line: str) -> None:
    """Where the first font of a family lacks a letter, the line is drawn by matplotlib itself."""
    asked = FontProperties(family=[family, "DejaVu Sans"], size=8.5)
    ours, plain = text_outlines.Letters(), TextToPath()
    drawn = [way.get_text_path(asked, line)[0] for way in (ours, plain)]
    assert np.array_equal(*drawn)
    sizes = [way.get_text_width_height_descent(line, asked, ismath=False) for way in (ours, plain)]
    assert sizes[0] == sizes[1]


def test_letters_known_already_arent_drawn_again() -> None:
    """Of `aba` after `a` only `b` is new."""
    ours, asked = text_outlines.Letters(), FontProperties(family=FONT)
    font = ours._get_font(asked)
    _, known, _ = ours.get_glyphs_with_font(font, "a", {}, return_new_glyphs_only=True)
    placed, new, _ = ours.get_glyphs_with_font(font, "aba", known, return_new_glyphs_only=True)
    assert (len(placed), len(known), len(new)) == (3, 1, 1)


def test_a_chart_takes_its_letters_from_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chart's SVG is the same with and without the memory; its title is asked of it."""
    caption = Caption(name="made", alt="Một.", title="Tỷ lệ đủ ảnh", subtitle="")
    chart = compose(made_rows({"rate": 1.0}), caption, height=1.0)[0]
    asked: list[str] = []
    line = text_outlines.Letters._line
    monkeypatch.setattr(
        text_outlines.Letters, "_line", lambda *given: asked.append(given[-1]) or line(*given)
    )
    with_memory = chart.svg()
    assert set(asked) == {"Tỷ lệ đủ ảnh"}
    asked.clear()
    monkeypatch.setattr(page, "draw_letters", lambda _renderer: None)
    assert chart.svg() == with_memory
    assert asked == []


def test_the_style_is_matplotlibs_defaults_and_ours_whatever_was_set() -> None:
    """Inside, all but the session's settings are matplotlib's and the house's; the reader's come back."""
    with chart_style():
        wanted = dict(mpl.rcParams.copy())
    with mpl.rc_context({"lines.linewidth": 9.0, "axes.grid": True, "timezone": "Asia/Ho_Chi_Minh"}):
        with chart_style():
            assert dict(mpl.rcParams.copy()) == {**wanted, "timezone": "Asia/Ho_Chi_Minh"}
        assert mpl.rcParams["lines.linewidth"] == 9.0
    with mpl.rc_context():
        mpl.rcdefaults()
        usual = dict(mpl.rcParams.copy())
    house = {name for name in usual if wanted[name] != usual[name]}
    assert {"font.family", "text.color", "xtick.labelsize", "svg.hashsalt"} < house < {*usual}
