"""The house style: theme, measured text, the page, and what a notebook is given."""

from __future__ import annotations

import io
import math
from itertools import combinations, pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties, findfont, get_font
from PIL import Image

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.display.charts import Chart, ranked_dots, theme
from cbanalysis.display.charts.label_places import free_places, spread
from cbanalysis.display.charts.look import FONT, INK, MUTED, SERIES, chart_style, narrow_page
from cbanalysis.display.charts.marks import (
    INTERVAL_WORDS,
    KINDS,
    draw_marks,
    interval_keys,
    line_key,
    point_key,
    swatch_key,
)
from cbanalysis.display.charts.page import Caption, compose, rasterised, require_rows
from cbanalysis.display.charts.text_width import text_width, wrap
from cbanalysis.display.charts.value_axis import percent_limits
from chart_checks import assert_text_fits, made_rows, said_in, words_of

CAPTION = Caption(name="made", alt="Một biểu đồ.", title="Tiêu đề", subtitle="phụ đề")
VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY"
TONES = "\u0300\u0301\u0303\u0309\u0323"


def one_chart(title: str = "Tiêu đề") -> Chart:
    """Return a chart of two rows."""
    rows = made_rows(
        {
            "province": "Bắc Giang",
            "rate": 50.0,
            "rate_low": 41.0,
            "rate_high": 59.0,
            "count": 62,
            "base": 124,
        },
        {"province": "Nghệ An", "rate": 60.0, "rate_low": 52.0, "rate_high": 67.0, "count": 72, "base": 120},
    )
    return ranked_dots(rows, title=title)


@pytest.mark.parametrize("colour", [*SERIES, MUTED, INK])
def test_every_colour_of_words_and_series_can_be_read_on_white(colour: str) -> None:
    """Text in any of these colours has a contrast of at least 4.5 to 1 on white (WCAG 1.4.3)."""
    assert 1.05 / (linear(colour) @ (0.2126, 0.7152, 0.0722) + 0.05) >= 4.5


@pytest.mark.parametrize(
    "matrix",
    [
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ],
    ids=["protanopia", "deuteranopia"],
)
def test_colours_of_series_stay_apart_without_red_or_green(matrix: list[list[float]]) -> None:
    """Under Machado's matrices (2009, linear RGB) any two colours are over 15 CIELAB units apart."""
    seen = [lab(np.clip(np.array(matrix) @ linear(colour), 0, 1)) for colour in SERIES]
    assert min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)) > 15


def linear(colour: str) -> np.ndarray:
    """Return a colour in linear RGB."""
    return np.array([v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in to_rgb(colour)])


def lab(rgb: np.ndarray) -> np.ndarray:
    """Return a linear RGB colour in CIELAB (D65)."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(np.maximum(to_xyz @ rgb / np.array([0.9505, 1, 1.089]), 0.008856))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_the_font_holds_every_vietnamese_letter() -> None:
    """Each letter of the alphabet with each tone mark is one glyph of the house font, bold too."""
    for weight in ("normal", "bold"):
        known = get_font(findfont(FontProperties(family=FONT, weight=weight))).get_charmap()
        letters = {mark for letter in VIETNAMESE for mark in composed(letter)}
        assert {letter for letter in letters if ord(letter) not in known} == set()


def composed(letter: str) -> list[str]:
    """Return a letter alone and with each tone, where Unicode has that as one letter."""
    import unicodedata

    forms = [unicodedata.normalize("NFC", letter + tone) for tone in ("", *TONES)]
    return [form for form in forms if len(form) == 1]


def test_words_are_drawn_with_composed_letters() -> None:
    """A title given in decomposed letters is drawn composed."""
    import unicodedata

    chart = one_chart(unicodedata.normalize("NFD", "Tỷ lệ ở Đắk Lắk"))
    assert "Tỷ lệ ở Đắk Lắk" in words_of(chart)


def test_the_readers_rcparams_and_figures_stay_as_they_are() -> None:
    """Drawing neither changes rcParams nor opens a pyplot figure."""
    before = dict(mpl.rcParams)
    one_chart()._repr_mimebundle_()
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == []


def test_the_readers_rcparams_do_not_shine_through() -> None:
    """The same rows give the same bytes whatever the reader's own style is."""
    plain = one_chart().svg()
    with mpl.rc_context(
        {"font.size": 30, "axes.facecolor": "black", "svg.hashsalt": None, "lines.linewidth": 9}
    ):
        assert one_chart().svg() == plain


def test_a_notebook_gets_png_svg_and_words() -> None:
    """The bundle holds both pictures and the alt text, with alt, name and kind in its metadata."""
    chart = one_chart()
    bundle, metadata = chart._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["image/svg+xml"].startswith("<?xml")
    assert bundle["text/plain"] == chart.alt
    assert metadata["image/png"] == metadata["image/svg+xml"] == {"alt": chart.alt}
    assert metadata["cbanalysis"] == {"name": chart.name, "kind": "chart", "alt": chart.alt}


def test_a_bundle_can_be_asked_for_in_parts() -> None:
    """Only the kinds that are included and not excluded are made."""
    chart = one_chart()
    assert set(chart._repr_mimebundle_(include={"text/plain", "image/png"}, exclude={"image/png"})[0]) == {
        "text/plain"
    }


def test_svg_repeats_byte_for_byte_and_carries_its_words() -> None:
    """Drawing twice gives the same bytes: no date, no random ids; title and description are inside."""
    chart = one_chart()
    assert chart.svg() == one_chart().svg() == chart.svg()
    assert "<dc:date>" not in chart.svg()
    assert "<title>Tiêu đề</title>" in chart.svg()
    assert chart.alt in chart.svg()


def test_png_repeats_byte_for_byte() -> None:
    """PNG carries no date and no version of the program, and an SVG made in between changes nothing."""
    chart = one_chart()
    first = chart.png()
    chart.svg()
    assert first == one_chart().png() == chart.png()


@pytest.mark.parametrize("tall", [100.0, 100.2, 100.49, 100.51, 100.8, 671.6, 1404.3])
def test_a_png_keeps_every_row_and_column_of_pixels(tall: float) -> None:
    """Black stripes of one pixel, one pixel apart, stay apart however little of the last pixel is used."""
    wide, unit = 836, 72 / 110
    size = f'width="{wide * unit}pt" height="{tall * unit}pt" viewBox="0 0 {wide * unit} {tall * unit}"'
    across = "".join(f"M0 {y * unit}h{wide * unit}v{unit}h-{wide * unit}z" for y in range(0, int(tall), 2))
    down = "".join(f"M{x * unit} 0v{tall * unit}h{unit}v-{tall * unit}z" for x in range(0, wide, 2))
    for stripes, axis in ((across, 0), (down, 1)):
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><path d="{stripes}"/></svg>'
        with Image.open(io.BytesIO(rasterised(svg, 110))) as picture:
            pixels = np.asarray(picture.convert("L"), dtype="int64")
        assert pixels.shape == (math.ceil(tall), wide)
        line = (pixels[:, 50] if axis == 0 else pixels[50])[: int(tall)]
        assert (np.abs(np.diff(line)) > 200).all()


def test_nothing_to_draw_is_refused_in_words() -> None:
    """An empty frame gives an error that says there is nothing to draw."""
    with pytest.raises(
        CbanalysisError, match="nothing to draw: no row has a value that a dot plot could show"
    ):
        require_rows(pd.DataFrame(), "dot plot")


def test_measured_width_agrees_with_what_is_drawn() -> None:
    """Measured widths are never below what the renderer draws and at most 10 % above."""
    with chart_style():
        chart, _ = compose(pd.DataFrame(), CAPTION, height=1.0)
        for text in ("Tỷ lệ đảng bộ xã có chi bộ cơ quan xã", "62,3% · 11/18", "AVATAR"):
            for weight in ("normal", "bold"):
                drawn = chart.write(0.1, 1, text, size=9, weight=weight)
                wide = drawn.get_window_extent(dpi=chart.dpi).width / chart.dpi
                assert wide <= text_width(text, 9, weight) <= wide * 1.1


def test_long_words_wrap_and_none_is_lost() -> None:
    """Lines fit the width where words allow; joined again they give the text; nothing gives nothing."""
    text = "Chỉ thị về nâng cao chất lượng sinh hoạt chi bộ trong tình hình mới"
    lines = wrap(text, 1.5, 9)
    assert " ".join(lines) == text
    assert len(lines) > 2
    assert all(text_width(line, 9) <= 1.5 for line in lines)
    assert wrap("", 1.5) == []
    assert wrap("a\u00a0b", 0.01) == ["a\u00a0b"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 10), min_size=1, max_size=12))
def test_spread_labels_stay_apart_in_order_and_inside(wanted: list[float]) -> None:
    """Labels keep their order, their distance and the frame whenever there is room."""
    placed = spread(wanted, 0.7, 0.0, 10.0)
    ordered = [placed[index] for index in sorted(range(len(wanted)), key=lambda index: wanted[index])]
    assert all(later - earlier >= 0.7 - 1e-6 for earlier, later in pairwise(ordered))
    assert min(placed) >= -1e-6
    assert max(placed) <= 10 + 1e-6


def test_spread_leaves_labels_alone_that_have_room() -> None:
    """A label moves only when another one is too near."""
    assert spread([1.0, 5.0, 5.2, 9.0], 1.0, 0.0, 10.0) == pytest.approx([1.0, 4.6, 5.6, 9.0])


def test_labels_avoid_points_and_lines_and_give_up_without_room() -> None:
    """A label goes left when a point blocks the right, prefers a place off a line, and may find none."""
    size = (0.5, 0.15)
    assert free_places([(1.0, 1.0), (1.3, 1.0)], [size, None], 2, 2)[0] == pytest.approx((0.42, 0.925))
    avoiding = free_places([(1.0, 1.0)], [size], 2, 2, avoided=[(1.3, 1.0)])[0]
    assert avoiding == pytest.approx((0.42, 0.925))
    assert free_places([(0.1, 0.1)], [size], 0.4, 0.4) == [None]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 100.0], (0.0, 100.0, 20.0)),
        ([97.0, 97.0], (95.0, 99.0, 1.0)),
        ([99.9, 100.0], (97.0, 100.0, 1.0)),
        ([40.0, 104.0], (0.0, 120.0, 20.0)),
        ([5.0, 70.0], (0.0, 100.0, 20.0)),
    ],
)
def test_percent_axes_hold_all_values_with_few_round_steps(values: list[float], expected: tuple) -> None:
    """Limits are round, hold every value, and leave the range 0 to 100 only when a value does."""
    assert percent_limits(values) == expected


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_key_wraps_and_covers_nothing(lang: str) -> None:
    """A long key with every kind of symbol fits between subtitle and plot in both languages."""
    keys = [
        *said_in(lang, interval_keys, pd.DataFrame({"interval": KINDS})),
        line_key("đường", INK),
        point_key("điểm", INK, hollow=True),
    ]
    keys.append(swatch_key("ô có gạch", INK, "////"))
    with chart_style():
        chart, box = compose(pd.DataFrame(), CAPTION, height=1.0, keys=keys)
    assert_text_fits(chart)
    assert box.height == 1.0


def test_words_of_the_key_longer_than_a_row_go_on_below() -> None:
    """On a phone a long entry takes two rows, and what follows stands below both."""
    words = "trong sạch, vững mạnh / trong sạch, vững mạnh (không kể mức tiêu biểu)"
    with chart_style(), narrow_page():
        chart, _ = compose(
            pd.DataFrame(), CAPTION, height=1.0, keys=[swatch_key(words, INK), line_key("x", INK)]
        )
    assert_text_fits(chart)
    assert words not in words_of(chart)
    assert words.replace(" ", "") in "".join(words_of(chart)).replace(" ", "")


def test_marks_refuse_no_kind_and_draw_each_by_its_shape() -> None:
    """Every kind of interval has a marker of its own, so that colour never stands alone."""
    rows = pd.DataFrame(
        {"rate": 50.0, "rate_low": 45.0, "rate_high": 55.0, "interval": list(KINDS)}, index=range(len(KINDS))
    )
    with chart_style():
        chart, box = compose(pd.DataFrame(), CAPTION, height=1.0)
        axes = chart.place(box.left, box.top, 3, 1)
        draw_marks(axes, rows, range(len(KINDS)))
    values = {one.get_label(): one for one in axes.collections if str(one.get_label()).startswith("value")}
    shapes = {label: len(one.get_paths()[0].vertices) for label, one in values.items()}
    assert set(shapes) == {f"value {kind}" for kind in KINDS} - {"value range"}
    assert len(values["value about"].get_facecolor()) == 1
    assert tuple(values["value about"].get_facecolor()[0][:3]) == (1.0, 1.0, 1.0)
    assert {one.get_label() for one in axes.collections} >= {
        "interval range",
        "interval rounding",
        "open end",
    }


def test_marks_without_intervals_keep_points_and_ranges() -> None:
    """Where many marks would hide each other only points and ranges are drawn."""
    rows = pd.DataFrame({"rate": 50.0, "rate_low": 45.0, "rate_high": 55.0, "interval": list(KINDS)})
    with chart_style():
        chart, box = compose(pd.DataFrame(), CAPTION, height=1.0)
        axes = chart.place(box.left, box.top, 3, 1)
        draw_marks(axes, rows, range(len(KINDS)), along="y", intervals=False)
    labels = {one.get_label() for one in axes.collections}
    assert labels == {"interval range", *(f"value {kind}" for kind in KINDS if kind != "range")}


def test_the_word_over_stands_in_the_key_of_floors() -> None:
    """A share printed as "over 90%" is drawn as a floor, and the key says so there and nowhere else."""
    for lang, over in (("vi", "trên …"), ("en", "over …")):
        assert [kind for kind in KINDS if over in INTERVAL_WORDS[kind][lang]] == ["floor"]
        assert over.split()[0] not in INTERVAL_WORDS["about"][lang]


def test_a_seaborn_plot_takes_the_house_style_inside_the_theme_only():
    """Colours, font and open axes are the house's inside the block; the reader's own settings come back."""
    seaborn = pytest.importorskip("seaborn")
    before = dict(mpl.rcParams)
    with theme():
        axes = seaborn.scatterplot(x=[1, 2], y=[1, 2], hue=["a", "b"])
        drawn = axes.collections[0].get_facecolors()[:, :3].tolist()
        assert drawn == [list(to_rgb(colour)) for colour in SERIES[:2]]
        assert axes.xaxis.label.get_fontfamily() == [FONT]
        assert not axes.spines["top"].get_visible()
    plt.close(axes.figure)
    assert dict(mpl.rcParams) == before
