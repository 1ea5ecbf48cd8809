"""Tile-grid maps: every tile says and shows what its row says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.display.charts import tile_map
from cbanalysis.display.charts.colour_classes import BLANK, OPEN, contrast
from cbanalysis.display.charts.tile_map import free, tiles_of
from cbanalysis.display.notes import coverage
from chart_checks import all_provinces, assert_text_fits, axes_named, fields_of, made_rows, said_in, words_of

GAZETTEER = Gazetteer.read()
BAC_GIANG, NGHE_AN = "24-2004", "40-2004"


def unit_of(name: str, on: str = "2012") -> str:
    """Return the id of a unit by its name."""
    return GAZETTEER.find(name, on).unit_id


def tile_colours(chart) -> dict[str, str]:
    """Return the colour of each tile by its code."""
    return {code: colour for code, (_, _, colour, _) in tiles_drawn(chart).items()}


def tiles_drawn(chart) -> dict[str, tuple[float, float, str, str]]:
    """Return left and upper edge, colour and hatch of each tile, by the code that the grid has there."""
    found = fields_of(axes_named(chart, "map"))
    lefts, tops = (sorted({place[edge] for place in found}) for edge in (0, 2))
    grid = GAZETTEER.tile_grid(len(found)).set_index(["row", "col"])["code"]
    return {
        grid[tops.index(place[2]) + 1, lefts.index(place[0]) + 1]: (place[0], place[2], *look)
        for place, look in found.items()
    }


def two_provinces() -> pd.DataFrame:
    """Return one rate each of two provinces."""
    return made_rows(
        {"province": "Bắc Giang", "unit_id": unit_of("Bắc Giang"), "rate": 46.5, "count": 107, "base": 230},
        {"province": "Nghệ An", "unit_id": unit_of("Nghệ An"), "rate": 93.2, "percent": 93.2, "decimals": 1},
    )


def test_a_tile_carries_its_rows_value_as_text_and_as_colour() -> None:
    """Frame, text and colour of a tile agree; tiles without data are blank and hatched."""
    chart = tile_map(two_provinces())
    assert chart.frame[["code", "label", "value", "text"]].to_numpy().tolist() == [
        ["24", "Bắc Giang", 46.5, "46,5%"],
        ["40", "Nghệ An", 93.2, "93,2%"],
    ]
    colours = tile_colours(chart)
    assert len(colours) == 63
    assert [colours[code] for code in ("24", "40")] == chart.frame["colour"].str.upper().tolist()
    assert {colour for code, colour in colours.items() if code not in ("24", "40")} == {BLANK}
    hatched = [hatch for *_, hatch in tiles_drawn(chart).values() if hatch]
    assert len(hatched) == 61


def test_tiles_stand_where_the_grid_says() -> None:
    """Each tile's corner is its row and column times the size of a tile."""
    chart = tile_map(two_provinces())
    grid = GAZETTEER.tile_grid(63).set_index("code")
    drawn = tiles_drawn(chart)
    wide = drawn["04"][0] / (grid.loc["04", "col"] - 1)
    tall = drawn["96"][1] / (grid.loc["96", "row"] - 1)
    for code, (left, top, *_) in drawn.items():
        assert left == pytest.approx((grid.loc[code, "col"] - 1) * wide)
        assert top == pytest.approx((grid.loc[code, "row"] - 1) * tall)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("grid", [63, 34])
def test_all_names_fit_on_both_grids(grid: int, lang: str) -> None:
    """With a long value on every tile no text overlaps or leaves the page."""
    day = {63: "2025-06-30", 34: "2025-07-01"}[grid]
    rows = made_rows(
        *(
            {
                "unit_id": unit.unit_id,
                "province": unit.name_vi,
                "rate": 60.25 + number / 2,
                "percent": 60.25 + number / 2,
            }
            | {"decimals": 2, "province_basis": "inferred"}
            for number, unit in enumerate(GAZETTEER.on(day))
        )
    )
    chart = tile_map(rows, grid=grid, lang=lang)
    assert len(chart.frame) == grid
    assert_text_fits(chart)
    names = {unit.name_vi for unit in GAZETTEER.on(day)}
    if lang == "vi" and grid == 34:
        assert {f"{name}*" for name in names if len(name) < 9} <= set(words_of(chart))


def test_floors_ranges_and_several_figures_have_no_colour_class() -> None:
    """Such tiles are written as printed and drawn in the colour that stands for no single value."""
    rows = all_provinces()
    chart = tile_map(rows)
    open_ones = chart.frame[chart.frame["value"].isna()]
    assert len(open_ones) == rows["interval"].isin(["floor", "range"]).sum()
    assert set(open_ones["colour"]) == {OPEN}
    assert open_ones["text"].str.contains("≥|–").all()
    twice = tile_map(pd.concat([two_provinces(), two_provinces().assign(rate=50.0, percent=np.nan)])).frame
    assert twice["text"].tolist() == ["46,5 | 50,0", "93,2 | 50,0"]
    assert twice["value"].isna().all()
    thrice = pd.concat([two_provinces().head(1).assign(rate=rate) for rate in (1.0, 2.0, 3.0)])
    assert tile_map(thrice).frame["text"].tolist() == ["3 số liệu"]
    same = tile_map(pd.concat([two_provinces(), two_provinces()])).frame
    assert same["value"].tolist() == [46.5, 93.2]


def test_a_rate_map_takes_the_province_level_only_and_says_what_it_leaves_out() -> None:
    """Districts, other times' units with their number and rows without a province are told below the map."""
    rows = made_rows(
        {"unit_id": unit_of("Bắc Giang"), "province": "Bắc Giang", "rate": 46.5},
        {"unit_id": unit_of("Bắc Giang"), "province": "Bắc Giang", "rate": 80.0, "geo_level": "district"},
        {"unit_id": unit_of("Hà Tây", "2005"), "province": "Hà Tây", "rate": 70.0},
        {"unit_id": unit_of("Bắc Ninh", "2026"), "province": "Bắc Ninh", "rate": 71.0},
        {"unit_id": unit_of("Bắc Ninh", "2026"), "province": "Bắc Ninh", "rate": 73.0},
        {"unit_id": "", "province": "", "rate": 72.0},
        {"unit_id": unit_of("Nghệ An"), "province": "Nghệ An", "interval": "none"},
    )
    words = " ".join(words_of(tile_map(rows, lang="en")))
    assert "1 of 63 provinces drawn" in words
    assert "Ha Tay (until 2008; 1 figure)" in words
    assert "Bac Ninh (from 2025; 2 figures)" in words
    assert "in no province" in words
    assert "1 row not drawn: not of province level." in words


def test_a_unit_belongs_to_the_tile_of_its_land() -> None:
    """Thừa Thiên Huế before 2025 and the city of Huế since stand on one tile; old and new Bắc Ninh don't."""
    before, since = unit_of("Thừa Thiên Huế", "2012"), unit_of("Huế", "2025-03-01")
    for unit in (before, since):
        frame = tile_map(made_rows({"unit_id": unit, "rate": 1.0}), grid=63).frame
        assert frame["code"].tolist() == ["46"]
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        tile_map(made_rows({"unit_id": unit_of("Bắc Ninh", "2012"), "rate": 1.0}), grid=34)


def test_the_count_map_counts_figures_of_every_level() -> None:
    """Each row is one figure, unless figures are given as numbers; a tile without any is hatched."""
    rows = two_provinces().loc[[0, 0, 0, 1]].assign(geo_level=["province", "district", "commune", "province"])
    chart = tile_map(rows, kind="figures", lang="en")
    assert chart.frame[["label", "value", "text"]].to_numpy().tolist() == [
        ["Bac Giang", 3, "3"],
        ["Nghe An", 1, "1"],
    ]
    assert "Most: Bac Giang (3 figures) and Nghe An (1 figure)." in chart.alt
    tallied = two_provinces()[["unit_id"]].assign(figures=[1500, 0])
    chart = tile_map(tallied, kind="figures", title="Nhiều nhất ở Bắc Giang")
    assert chart.frame["text"].tolist() == ["1.500"]
    assert chart.title == "Nhiều nhất ở Bắc Giang"


def test_an_inferred_province_is_starred_and_explained() -> None:
    """One inferred row is enough for the star, in rates and in counts."""
    rows = two_provinces().assign(province_basis=["inferred", "stated"])
    for kind in ("rate", "figures"):
        chart = tile_map(rows, kind=kind)
        assert chart.frame["label"].tolist() == ["Bắc Giang*", "Nghệ An"]
        assert "* Tên tỉnh, thành phố được suy ra; nguồn không nêu" in words_of(chart)


def test_a_map_of_figures_stars_only_those_of_an_inferred_province() -> None:
    """Of three figures of Bắc Giang one says its province by inference: 3 (1*), and no star on the name."""
    rows = (
        two_provinces().loc[[0, 0, 0, 1]].assign(province_basis=["inferred", "stated", "stated", "inferred"])
    )
    chart = tile_map(rows, kind="figures", lang="en")
    assert chart.frame[["label", "text"]].to_numpy().tolist() == [["Bac Giang", "3 (1*)"], ["Nghe An*", "1"]]
    assert "Most: Bac Giang (3 figures (1*)) and Nghe An* (1 figure)." in chart.alt


def test_text_on_every_tile_can_be_read() -> None:
    """Names and values have a contrast of at least 4.5 to 1 with their tile."""
    chart = tile_map(all_provinces())
    axes = axes_named(chart, "map")
    for text in axes.texts:
        x, y = text.get_position()
        under = next(
            colour
            for (left, right, top, bottom), (colour, _) in fields_of(axes).items()
            if left <= x <= right and top <= y <= bottom
        )
        assert contrast(to_hex(text.get_color()), under) >= 4.5


def test_the_key_stands_where_the_grid_is_empty() -> None:
    """The largest rectangle without tiles holds no tile and is as large as counted by hand."""
    for grid, cells in ((63, 28), (34, 15)):
        tiles = said_in("vi", tiles_of, grid, GAZETTEER)
        row, column, rows, columns = free(tiles)
        assert rows * columns == cells
        assert not [t for t in tiles if row <= t.row < row + rows and column <= t.col < column + columns]


def test_alternative_text_names_coverage_and_extremes_in_both_languages() -> None:
    """The words for listeners come from the rows."""
    alt = tile_map(two_provinces(), lang="vi", title="Ai cao nhất").alt
    assert alt.startswith("Bản đồ ô lưới 63 tỉnh, thành phố “Ai cao nhất”.")
    assert "Biểu đồ thể hiện 2/63 tỉnh" in alt
    assert "Cao nhất là 93,2% (Nghệ An); thấp nhất là 46,5% (Bắc Giang)." in alt
    assert "Highest: 93.2% (Nghe An); lowest: 46.5% (Bac Giang)." in tile_map(two_provinces(), lang="en").alt


def test_the_callers_frame_stays_as_it_was() -> None:
    """Drawing adds nothing to the rows given."""
    rows = two_provinces()
    before = rows.copy()
    tile_map(rows)
    pd.testing.assert_frame_equal(rows, before)


@pytest.mark.parametrize("options", [{"grid": 64}, {"kind": "share"}])
def test_an_unknown_grid_or_kind_is_refused(options: dict) -> None:
    """The error says which."""
    with pytest.raises(CbanalysisError, match=r"unknown (grid|kind)= of tile_map"):
        tile_map(two_provinces(), **options)


def test_a_frame_without_rows_for_the_map_is_refused() -> None:
    """An empty map is never drawn."""
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        tile_map(two_provinces().head(0))


def test_only_floors_give_a_map_without_classes() -> None:
    """Where no tile has a single value, the key has no classes."""
    rows = made_rows(
        {"unit_id": unit_of("Nghệ An"), "interval": "floor", "rate_low": 85.0, "rate_high": 100.0}
    )
    chart = tile_map(rows.drop(columns="geo_level"))
    assert chart.frame["colour"].tolist() == [OPEN]
    assert not [word for word in words_of(chart) if "đến dưới" in word]


def test_a_map_of_figures_counts_those_without_a_date_by_name() -> None:
    """The map draws the provinces that the note counts, by name where a figure has no date."""
    given = {"province": ["Thái Nguyên", "Bình Định", "Gia Lai"], "unit_id": ["", "52-2004", "52-2025"]}
    rows = pd.DataFrame({**given, "percent": 90.0, "base": 10, "source_id": "S1", "year": pd.NA})
    chart = tile_map(rows, kind="figures", lang="en")
    assert chart.frame["label"].tolist() == ["Thai Nguyen", "Binh Dinh"]
    assert "speak of 2 of 63 provinces" in coverage(rows, units=63, lang="en").sentences[0]
    assert "speak of 2 of 34 provinces" in coverage(rows, units=34, lang="en").sentences[0]


def test_a_map_of_tallied_figures_says_how_many_have_no_tile() -> None:
    """12 figures of a province that is gone are 12, and 5 of none are 5, each one row of the tally."""
    given = {"unit_id": [unit_of("Bắc Giang"), "28-2004", ""], "figures": [3, 12, 5]}
    said = " ".join(words_of(tile_map(pd.DataFrame(given), kind="figures", lang="en")))
    assert "12 figures" in said
    assert "5 rows not drawn" in said


def test_a_map_of_counts_writes_both_ends_of_a_range() -> None:
    """20 to 30 isn't 20, and at least 50 isn't 50."""
    given = {"unit_id": [BAC_GIANG, NGHE_AN], "qualifier": ["range", "at_least"], "count_max": [30, None]}
    chart = tile_map(pd.DataFrame({**given, "count": [20, 50], "year": 2012}), kind="count", lang="en")
    assert sorted(chart.frame["text"]) == ["20–30", "≥ 50"]
