"""Coverage: no chart says "no data" of a published figure, and none draws unlike rows silently."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from cbanalysis import charts, words
from cbanalysis.common.errors import CbanalysisError, DataError, UnknownName
from cbanalysis.dataset.catalogue import Language
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.display.charts import Chart
from cbanalysis.display.charts.drawn import NOTHING
from cbanalysis.display.charts.shades import APART, BLANK, contrast
from chart_checks import assert_text_fits, axes_named, made_rows, words_of

NOT = {"vi": "không có số liệu", "en": "no data"}
# each kind of published figure that can't stand beside Bắc Giang's and Nghệ An's of 2012, by its province
PLANTED: dict[str, tuple[str, dict]] = {
    "Đồng Tháp": ("base_of", {"base_of": "cells"}),
    "Quảng Nam": ("definition", {"definition": "with_committee"}),
    "Lào Cai": ("subject", {"subject": "cell"}),
    "Cà Mau": ("complement", {"complement": True}),
    "Kon Tum": ("geo_level", {"geo_level": "district", "area": "Sa Thầy"}),
    "Sơn La": ("period", {"year": 2009, "period_start": "2009", "period_end": "2009"}),
    "Bến Tre": ("no_rate", {"rate": np.nan, "rate_low": np.nan, "rate_high": np.nan, "interval": "none"}),
    "Yên Bái": ("aggregation", {"aggregation": "mean"}),
}
KEPT = {"Bắc Giang": 60.0, "Nghệ An": 80.0}
LANGUAGES: tuple[Language, ...] = ("vi", "en")


def row(province: str, rate: float, **more: object) -> dict:
    """Return one figure of a province of 2012."""
    unit = Gazetteer.read().find(province, "2012").unit_id
    known = {"province": province, "unit_id": unit, "observation_id": f"X-{province}", "count": 6, "base": 10}
    bounds = {"rate": rate, "rate_low": rate - 5, "rate_high": rate + 5}
    return {**known, **bounds, "period_start": "2012", "period_end": "2012", "aggregation": "point", **more}


def published() -> pd.DataFrame:
    """Return all rows: two that compare, and one of each planted kind."""
    planted = [row(province, 50.0) | more for province, (_, more) in PLANTED.items()]
    given = [row(province, rate) for province, rate in KEPT.items()]
    return made_rows(*given, *planted, indicator="village_own_cell", subject="village")


def written(chart: Chart) -> str:
    """Return the words around a chart, without drawing it."""
    return " ".join(text.get_text() for text in chart.texts)


def two_years(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows, and those of the year after."""
    ids = rows["observation_id"] + "-2"
    later = rows.assign(year=2013, period_start="2013", period_end="2013", observation_id=ids)
    return pd.concat([rows, later], ignore_index=True)


def kept(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that compare."""
    return rows[rows["province"].isin([*KEPT])]


DRAW: dict[str, Callable[..., Chart]] = {
    "attendance_ladder": charts.attendance_ladder,
    "count_bars": charts.count_bars,
    "heatmap": lambda rows, **said: charts.heatmap(two_years(rows), **said),
    "ranked_dots": charts.ranked_dots,
    "small_multiples": charts.small_multiples,
    "tile_map": charts.tile_map,
    "tile_map_count": lambda rows, **said: charts.tile_map(rows, kind="count", **said),
    "trend": lambda rows, **said: charts.trend(two_years(rows), **said),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(DRAW))
def test_a_published_figure_is_never_no_data(name: str, lang: Language) -> None:
    """Each planted place is named with its reason, in the picture and in the alternative text."""
    rows = published()
    chart = DRAW[name](kept(rows), published=rows, lang=lang)
    assert_text_fits(chart)
    for said in (" ".join(words_of(chart)), chart.alt):
        assert NOT[lang] not in said.casefold()
        for province, (reason, _) in PLANTED.items():
            unit = Gazetteer.read().find(province, "2012")
            assert unit.name(lang) in said
            assert words.reason(reason, lang) in said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(DRAW))
def test_a_chart_that_was_not_given_what_was_published_claims_nothing_of_the_rest(
    name: str, lang: Language
) -> None:
    """Of places that aren't among its rows a chart says just that."""
    chart = DRAW[name](kept(published()), lang=lang)
    said = " ".join([*words_of(chart), chart.alt]).casefold()
    assert NOT[lang] not in said
    assert NOTHING[True][lang] not in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_map_has_three_kinds_of_tiles(lang: Language) -> None:
    """Two are drawn, eight published and not comparable, saying on what they differ; 53 are not known."""
    rows = published()
    chart = charts.tile_map(kept(rows), published=rows, lang=lang)
    patches = axes_named(chart, "map").patches
    colours = [to_hex(patch.get_facecolor()).upper() for patch in patches]
    assert [colours.count(APART), colours.count(BLANK), len(colours)] == [8, 53, 63]
    assert contrast("#595959", APART) >= 4.5
    written = words_of(chart)
    assert f"≠ {words.difference('base_of', lang)}" in written
    assert words.difference("no_rate", lang) in written
    assert {"vi": "Vẽ 2/63 tỉnh", "en": "2 of 63 provinces drawn"}[lang] in written
    assert {"vi": "của 53/63 tỉnh", "en": "for 53 of 63 provinces"}[lang] in " ".join(written)
    traced = " ".join(ids for *_, ids in chart.marks())
    assert all(f"X-{province}" in traced for province in PLANTED)


def test_the_mark_of_what_is_not_comparable_is_light() -> None:
    """Dotted tiles add at most 200 kB to a map's SVG, which pages and notebooks store."""
    rows = published()
    dotted, plain = (len(charts.tile_map(kept(rows), published=given).svg()) for given in (rows, None))
    assert dotted - plain < 200_000


def test_a_rate_map_of_all_rows_hatches_nothing_that_was_published() -> None:
    """Rows that a map is given and can't draw keep their tile, whether `published` is given or not."""
    rows = published()
    one = rows[rows["province"].isin([*KEPT, "Kon Tum", "Bến Tre"])]
    chart = charts.tile_map(one, lang="en")
    colours = [to_hex(patch.get_facecolor()).upper() for patch in axes_named(chart, "map").patches]
    assert colours.count(APART) == 2
    assert "none among these rows" in words_of(chart)


def test_the_note_on_what_is_not_comparable_leads_to_its_figures() -> None:
    """A click on the line under a dot plot leads to the figures that aren't drawn."""
    rows = published()
    chart = charts.ranked_dots(kept(rows), published=rows, lang="en")
    assert [set(ids.split()) for *_, ids in chart.marks() if "X-Kon Tum" in ids] == [
        {one for province in PLANTED for one in f"X-{province}".split()}
    ]


NO_CHARTS = {"Chart", "Words", "save", "theme"}
UNLIKE = ("base_of", "definition", "subject", "complement", "aggregation", "geo_level")
SCALES = [name for name in sorted(DRAW) if name not in {"attendance_ladder", "count_bars", "tile_map_count"}]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("dimension", [*UNLIKE, "scheme"])
@pytest.mark.parametrize("name", SCALES)
def test_unlike_rows_on_one_scale_are_told(name: str, dimension: str, lang: Language) -> None:
    """What `require_comparable` refuses stands on the picture and in its alternative text."""
    if dimension == "geo_level" and name == "tile_map":
        pytest.skip("a map draws provinces alone")
    more = next((more for reason, more in PLANTED.values() if reason == dimension), {})
    rating = {"indicator": "org_quality_rating", "subject": "grassroots_org", "category_id": "good"}
    rating |= {"category_kind": "exclusive"}
    given = {"indicator": "village_own_cell", "subject": "village"} if dimension != "scheme" else rating
    schemes = ({"scheme": "org_2007"}, {"scheme": "org_2018"}) if dimension == "scheme" else ({}, {})
    rows = made_rows(
        row("Bắc Giang", 60.0, **given, **schemes[0]),
        row("Nghệ An", 80.0, **{**given, **more}, **schemes[1]),
    )
    chart = DRAW[name](rows, lang=lang)
    told = words.difference(dimension, lang)
    opening = {"vi": "Các dòng khác nhau về", "en": "Rows differ in"}[lang]
    for said in (written(chart), chart.alt):
        assert told in said.partition(opening)[2].partition(":")[0]


def test_a_map_of_several_years_writes_the_year_into_each_tile() -> None:
    """Where all are of one year the title says it once."""
    rows = made_rows(
        row("Bắc Giang", 60.0), row("Nghệ An", 80.0, year=2013, period_start="2013", period_end="2013")
    )
    assert {"(2012)", "(2013)"} <= set(words_of(charts.tile_map(rows)))
    assert "(2012)" not in words_of(charts.tile_map(rows.head(1)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_list_that_its_source_cuts_off_says_so(lang: Language) -> None:
    """The list of provinces above 85 % of 2010 is named as one wherever its rows are ranked or mapped."""
    rating = {"indicator": "org_quality_rating", "subject": "grassroots_org", "scheme": "org_2007"}
    rating |= {
        "category_id": "strong",
        "category_kind": "exclusive",
        "source_id": "xaydungdang-org-vn-416c7a",
    }
    rows = made_rows(row("Bắc Giang", 90.0, **rating), row("Nghệ An", 93.0, **rating))
    told = {"vi": "nguồn chỉ nêu các tỉnh trên 85%", "en": "its source lists only provinces above 85%"}[lang]
    for draw in (charts.ranked_dots, charts.tile_map, charts.small_multiples):
        chart = draw(rows, lang=lang)
        assert told in written(chart)
        assert told[1:] in chart.alt
        assert told not in written(draw(rows.assign(source_id="seed-000"), lang=lang))


def test_rows_of_two_maps_are_not_counted_against_one() -> None:
    """Provinces of 2016 and of 2026 are no share of 34, nor of 63."""
    one = row("Bắc Giang", 60.0)
    later = one | {"year": 2026, "period_start": "2026", "period_end": "2026", "observation_id": "Y"}
    later |= {"province": "Cà Mau", "unit_id": Gazetteer.read().find("Cà Mau", "2026").unit_id}
    told = words_of(charts.trend(made_rows(one, later), lang="en"))
    assert "2 provinces drawn, as named at the time" in told


def test_a_bound_that_is_not_reached_is_drawn_as_above() -> None:
    """Over 95 % (trên 95 %) is above it, 95 % or more (trở lên) at least that."""
    floor = {"interval": "floor", "rate_low": 95.0, "rate_high": 100.0}
    above = row("Bắc Giang", np.nan, qualifier="about") | floor
    least = row("Nghệ An", np.nan, qualifier="at_least") | floor
    assert {">\u00a095%", "≥\u00a095%"} <= set(words_of(charts.ranked_dots(made_rows(above, least))))


def test_rows_as_loaded_get_their_rates() -> None:
    """A chart of rates takes rows without them, and counts out of a base become rates."""
    plain = made_rows(row("Bắc Giang", 60.0), qualifier="exact", percent_max=np.nan)
    plain = plain.drop(columns=["rate", "rate_low", "rate_high", "interval"])
    assert charts.ranked_dots(plain).frame["rate"].tolist() == [60.0]


@pytest.mark.parametrize("name", [one for one in charts.__all__ if one not in NO_CHARTS])
def test_rows_that_lack_a_column_are_refused_in_one_sentence(name: str) -> None:
    """No chart answers with a bare KeyError: the refusal names the columns."""
    chart = getattr(charts, name)
    more = {"curve": pd.DataFrame()} if name == "funnel" else {}
    more |= {"rated": pd.DataFrame(), "first": 2008, "last": 2012} if name in {"dumbbell", "slope"} else {}
    with pytest.raises(DataError, match="needs this column"):
        chart(pd.DataFrame({"a": [1]}), **more)
    with pytest.raises(CbanalysisError, match="DataFrame"):
        chart([1], **more)
    with pytest.raises(UnknownName, match=f"argument of {name}"):
        chart(pd.DataFrame(), langg="en", **more)
    with pytest.raises(UnknownName, match="language"):
        chart(pd.DataFrame(), lang="fr", **more)


def test_counts_are_mapped_as_counts() -> None:
    """A map of counts writes them as published and says no percent."""
    rows = made_rows(
        row("Bắc Giang", np.nan, count=12, base=pd.NA, interval="none", qualifier="about"),
        row("Nghệ An", np.nan, count=1500, base=pd.NA, interval="none", qualifier="exact"),
    )
    chart = charts.tile_map(rows, kind="count")
    assert chart.frame["text"].tolist() == ["~ 12", "1.500"]
    assert "%" not in " ".join(words_of(chart))
    with pytest.raises(CbanalysisError, match='kind="count" maps counts'):
        charts.tile_map(rows)
