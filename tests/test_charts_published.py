"""Coverage: nothing says "no data" of a published figure, nothing puts unlike rows on one scale silently.

Said once over all charts, tables, notes and the front page; hardly any picture is drawn.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from matplotlib.text import Text

from cbanalysis import charts, notes, rates, tables, words
from cbanalysis.cli import main
from cbanalysis.common.errors import CbanalysisError, DataError, NotComparable, UnknownName
from cbanalysis.common.folders import DATA_VARIABLE, STUDY_VARIABLE
from cbanalysis.common.language import Language, words_in
from cbanalysis.common.new_study import new_study
from cbanalysis.dataset.observations.comparability import Dimension
from cbanalysis.dataset.observations.schema import COLUMNS
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.display.charts import Chart
from cbanalysis.display.charts.caption import in_what
from cbanalysis.display.charts.colour_classes import APART, BLANK, contrast
from cbanalysis.display.charts.text_width import text_width
from chart_checks import assert_text_fits, axes_named, fields_of, made_rows, said_in, words_of

# nothing but a place of which nothing is known may be said to have none
NOT = re.compile("no data|no figures?\\b|không có số liệu|chưa có số liệu|thiếu số liệu", re.IGNORECASE)
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
    "Hưng Yên": ("period", {"year": pd.NA, "period_start": "", "period_end": ""}),
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
    """Return all words of a chart, without drawing it."""
    return " ".join(text.get_text() for text in chart.findobj(Text))


def two_years(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows, and those of the year after."""
    ids = rows["observation_id"] + "-2"
    later = rows.assign(year=2013, period_start="2013", period_end="2013", observation_id=ids)
    return pd.concat([rows, later], ignore_index=True)


def kept(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that compare."""
    return rows[rows["province"].isin([*KEPT])]


def changed(draw: Callable[..., Chart], rows: pd.DataFrame, **said: object) -> Chart:
    """Draw the change of the rows to the year after."""
    both = two_years(rows)
    return draw(rates.change(both, 2012, 2013), both, first=2012, last=2013, **said)


def scattered(rows: pd.DataFrame, **said: object) -> Chart:
    """Draw the rows beside a second indicator, of which one planted place has a figure that compares."""
    second = {"indicator": "village_head_secretary"}
    lonely = published()[lambda given: given["province"] == "Đồng Tháp"].assign(base_of="", **second)
    others = rows.assign(observation_id="Y" + rows["observation_id"], **second)
    both = pd.concat([rows, others, lonely], ignore_index=True)
    return charts.scatter(rates.together(both, "village_own_cell", "village_head_secretary"), both, **said)


DRAW: dict[str, Callable[..., Chart]] = {
    "attendance_ladder": charts.attendance_ladder,
    "count_bars": charts.count_bars,
    "dumbbell": lambda rows, **said: changed(charts.dumbbell, rows, **said),
    "funnel": lambda rows, **said: charts.funnel(rates.funnel_limits(rows), rates.funnel_curve(rows), **said),
    "heatmap": lambda rows, **said: charts.heatmap(two_years(rows), **said),
    "ranked_dots": charts.ranked_dots,
    "scatter": scattered,
    "slope": lambda rows, **said: changed(charts.slope, rows, **said),
    "small_multiples": charts.small_multiples,
    "tile_map": charts.tile_map,
    "tile_map_count": lambda rows, **said: charts.tile_map(rows, kind="count", **said),
    "trend": lambda rows, **said: charts.trend(two_years(rows), **said),
}
# They count figures, findings or ratings, or draw one place: no place can be missing from them.
OF_NO_PLACES = {"audit_findings", "beside", "control_chart", "coverage_matrix", "rating_bars", "rhythm"}
NOTHING = words_in("common/words.toml")["charts"]["drawn"]["nothing published"]
NO_CHARTS = {"Chart", "Words", "save", "theme"}


def test_every_chart_is_held_to_this() -> None:
    """A new chart is drawn here, or said to draw no places."""
    assert {*DRAW} - {"tile_map_count"} == {*charts.__all__} - NO_CHARTS - OF_NO_PLACES


@pytest.mark.parametrize("name", sorted(DRAW))
def test_a_published_figure_is_never_no_data(name: str) -> None:
    """Each planted place is named with its reason, in the picture and in the alternative text."""
    rows = published()
    for lang in LANGUAGES:
        chart = DRAW[name](kept(rows), published=rows, lang=lang)
        for said in (written(chart), chart.alt):
            assert not NOT.search(said)
            for province, (reason, _) in PLANTED.items():
                unit = Gazetteer.read().find(province, "2012")
                assert unit.name(lang) in said
                assert said_in(lang, words.reason, reason) in said


@pytest.mark.parametrize("name", sorted(DRAW))
def test_a_chart_that_was_not_given_what_was_published_claims_nothing_of_the_rest(name: str) -> None:
    """Of places that aren't among its rows a chart says just that."""
    for lang in LANGUAGES:
        chart = DRAW[name](kept(published()), lang=lang)
        said = f"{written(chart)} {chart.alt}"
        assert not NOT.search(said)
        assert NOTHING[lang] not in said.casefold()


def test_words_on_what_is_not_comparable_fit() -> None:
    """Nine places with their reasons lie inside the picture and apart."""
    rows = published()
    for draw in (charts.tile_map, charts.ranked_dots, charts.heatmap):
        assert_text_fits(draw(kept(rows), published=rows))


def test_a_map_has_three_kinds_of_tiles() -> None:
    """Two are drawn, nine published and not comparable, saying on what they differ; 52 are not known."""
    rows, lang = published(), "en"
    chart = charts.tile_map(kept(rows), published=rows, lang=lang)
    colours = [colour for colour, _ in fields_of(axes_named(chart, "map")).values()]
    assert [colours.count(APART), colours.count(BLANK), len(colours)] == [9, 52, 63]
    assert contrast("#595959", APART) >= 4.5
    said = written(chart)
    assert f"≠ {said_in(lang, words.difference, 'base_of')}" in said
    assert said_in(lang, words.difference, "no_rate") in said
    assert "2 of 63 provinces drawn" in said
    assert "for 52 of 63 provinces" in said
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
    colours = [colour for colour, _ in fields_of(axes_named(chart, "map")).values()]
    assert colours.count(APART) == 2
    assert "none among these figures" in written(chart)


def test_the_note_on_what_is_not_comparable_leads_to_its_figures() -> None:
    """A click on the line under a dot plot leads to the figures that aren't drawn."""
    rows = published()
    chart = charts.ranked_dots(kept(rows), published=rows, lang="en")
    assert [set(ids.split()) for *_, ids in chart.marks() if "X-Kon Tum" in ids] == [
        {one for province in PLANTED for one in f"X-{province}".split()}
    ]


PLAIN = {"indicator": "village_own_cell", "subject": "village"}
RATING = {
    "indicator": "org_quality_rating",
    "subject": "grassroots_org",
    "scheme": "org_2007",
    "category_id": "good",
    "category_kind": "exclusive",
}
# each dimension on which rows can't share a scale: two rows that differ in it alone
UNLIKE: dict[str, tuple[dict, dict]] = {
    reason: (PLAIN, PLAIN | more) for reason, more in PLANTED.values() if reason not in {"period", "no_rate"}
} | {
    "scheme": (RATING, RATING | {"scheme": "org_2018"}),
    "category": (RATING, RATING | {"category_id": "strong"}),
    "category_kind": (RATING, RATING | {"category_kind": "unclear"}),
}
SCALES = ("heatmap", "ranked_dots", "small_multiples", "tile_map", "trend")


def unlike(dimension: str) -> pd.DataFrame:
    """Return two rows that differ in one dimension, with all that tables and notes ask for."""
    first, second = UNLIKE[dimension]
    more = {"conflict": False, "stated": np.nan, "base_from": "", "printed": "6/10", "qualifier": "exact"}
    return made_rows(row("Bắc Giang", 60.0, **first), row("Nghệ An", 80.0, **second), **more)


@pytest.mark.parametrize("name", SCALES)
def test_unlike_rows_on_one_scale_are_told(name: str) -> None:
    """What `require_comparable` refuses stands on the picture and in its alternative text."""
    for at, dimension in enumerate(UNLIKE):
        if (dimension, name) == ("geo_level", "tile_map"):  # a map draws provinces alone
            continue
        lang = LANGUAGES[at % 2]
        chart = DRAW[name](unlike(dimension), lang=lang)
        opening = {"vi": "Các số liệu khác nhau về", "en": "The figures differ in"}[lang]
        for said in (written(chart), chart.alt):
            assert (
                said_in(lang, words.difference, dimension) in said.partition(opening)[2].partition(":")[0]
            ), dimension


@pytest.mark.parametrize("dimension", UNLIKE)
def test_what_computes_refuses_unlike_rows(dimension: str) -> None:
    """Change, rank, comparison, funnel and pairs name the dimension and the rows."""
    rows = unlike(dimension)
    for compute in (
        rates.rank,
        rates.compare,
        rates.funnel_limits,
        lambda given: rates.change(two_years(given), 2012, 2013),
    ):
        with pytest.raises(NotComparable) as refused:
            compute(rows)
        assert dimension in refused.value.dimensions


@pytest.mark.parametrize("dimension", UNLIKE)
def test_a_table_and_a_note_tell_unlike_rows_apart(dimension: str) -> None:
    """What is measured reads differently where rows differ in it; a note over both says in what."""
    rows = unlike(dimension)
    for lang in LANGUAGES:
        worded = words.with_words(rows, lang)
        assert worded["what"].nunique() == 2 or worded["where"].str.startswith("Sa Thầy").any()
        assert said_in(lang, words.difference, dimension) in notes.spread(rows, lang=lang).text()
        assert len(set(re.findall(r"(?s)<tr>(.*?)</tr>", tables.rates(rows, lang=lang).html()))) == 3
        first, second = (one.partition("6/10")[0] for one in notes.readings(rows, lang=lang).sentences)
        assert first.replace("Nghệ An", "") != second.replace("Nghệ An", "")


def test_where_there_is_nothing_to_draw_what_was_published_is_named() -> None:
    """No note says that nothing was published because nothing was chosen."""
    rows = published()
    for lang in LANGUAGES:
        alone = notes.show(charts.ranked_dots, rows[:0], lang=lang)
        beside = notes.show(charts.ranked_dots, rows[:0], published=rows, lang=lang)
        of_some, of_none = (notes.coverage(one, lang=lang) for one in (kept(rows), rows[:0]))
        for note in (alone, beside, of_some, of_none):
            assert not NOT.search(note.text())
        for province, (reason, _) in PLANTED.items():
            assert Gazetteer.read().find(province, "2012").name(lang) in beside.text()
            # which subject, level or year was asked for isn't known where no row was chosen
            assert said_in(lang, words.reason, reason) in beside.text() or reason in {
                "subject",
                "geo_level",
                "period",
            }


def test_the_front_page_says_no_figures_of_nobody_who_has_some(tmp_path: Path) -> None:
    """A tile without a value on the scale says ≠ where its province has other figures of the indicator."""
    from cbanalysis.site.pages.front_page import write_index
    from cbanalysis.site.provenance import gather
    from test_site_index import add, keep_provenance

    third = row("Hà Nam", 70.0, indicator="village_own_cell", subject="village", observation_id="X-3")
    rows = pd.concat([published(), made_rows(third)], ignore_index=True)
    plain = rows.drop(columns=["rate", "rate_low", "rate_high", "interval"]).assign(value=np.nan)
    plain["count"] = (plain["base"] * rows["rate"].fillna(0) / 100).round().astype("Int64")
    plain.loc[plain["province"] == "Bến Tre", ["count", "base"]] = [6, pd.NA]
    keep_provenance(tmp_path, gather(plain.assign(qualifier="exact")))
    add(tmp_path, "vi/01_models", used=("X-3",))
    page = html.unescape(write_index(tmp_path).read_text(encoding="utf-8"))
    tiles = re.search(r'(?s)<ul class="tiles map-63".*?</ul>', page)[0]
    said = {
        re.sub(r"\s*(.*?) <small.*", r"\1", one): one
        for one in re.findall(r">([^<]+<small[^>]*>[^<]*)", tiles)
    }
    for province in (*KEPT, *PLANTED):
        assert "chưa có số liệu" not in said[province]
    assert "chưa có số liệu" in said["Thái Bình"]


def test_a_map_of_several_years_writes_the_year_into_each_tile() -> None:
    """Where all are of one year the title says it once."""
    rows = made_rows(
        row("Bắc Giang", 60.0), row("Nghệ An", 80.0, year=2013, period_start="2013", period_end="2013")
    )
    assert {"(2012)", "(2013)"} <= set(words_of(charts.tile_map(rows)))
    assert "(2012)" not in words_of(charts.tile_map(rows.head(1)))


def test_a_list_that_its_source_cuts_off_says_so() -> None:
    """The list of provinces above 85 % of 2010 is named as one wherever its rows are ranked or mapped."""
    rating = {"indicator": "org_quality_rating", "subject": "grassroots_org", "scheme": "org_2007"}
    rating |= {
        "category_id": "strong",
        "category_kind": "exclusive",
        "source_id": "xaydungdang-org-vn-416c7a",
    }
    rows = made_rows(row("Bắc Giang", 90.0, **rating), row("Nghệ An", 93.0, **rating))
    elsewhere = rows.assign(source_id="seed-000")
    ranked = rates.rank(rows.assign(conflict=False))
    for lang, told in (
        ("vi", "guồn chỉ nêu 18 đảng bộ có tỷ lệ trên 85%"),
        ("en", "ts source lists only party committees above 85%"),
    ):
        for draw in (charts.ranked_dots, charts.tile_map, charts.small_multiples):
            chart = draw(rows, lang=lang)
            assert told in written(chart)
            assert told in chart.alt
        assert told not in written(charts.ranked_dots(elsewhere, lang=lang))
        assert told in tables.rates(ranked, lang=lang).html()
        assert told in notes.spread(rows, lang=lang).text()
        assert told not in notes.spread(elsewhere, lang=lang).text()


def test_rows_of_two_maps_are_not_counted_against_one() -> None:
    """Provinces of 2016 and of 2026 are no share of 34, nor of 63."""
    one = row("Bắc Giang", 60.0)
    later = one | {"year": 2026, "period_start": "2026", "period_end": "2026", "observation_id": "Y"}
    later |= {"province": "Cà Mau", "unit_id": Gazetteer.read().find("Cà Mau", "2026").unit_id}
    told = words_of(charts.trend(made_rows(one, later), lang="en"))
    assert "2 provinces drawn, as named at the time" in told


def test_a_province_of_which_only_a_district_published_is_not_among_those_without_figures() -> None:
    """One province and a district of another one: of 61 of 63 provinces nothing was found."""
    district = row("Nghệ An", 70.0, geo_level="district", area="Nam Đàn", observation_id="Y")
    rows = made_rows(row("Bắc Giang", 60.0), district)
    assert "Nothing published was found for 61 of 63 provinces." in words_of(
        charts.ranked_dots(rows, published=rows, lang="en")
    )


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


# what the planted rows are where an indicator is another one: another subject, definition and base
MEASURES: dict[str, dict[str, str]] = {
    "village_own_cell": {},
    "village_head_secretary": {"with_committee": "assessed"},
    "meeting_attendance": {
        "village": "member",
        "cell": "member",
        "with_committee": "regular",
        "cells": "model_cells",
    },
    "office_cell_adoption": {"village": "commune", "cell": "commune", "with_committee": "", "cells": ""},
    "org_quality_rating": {"village": "grassroots_org", "with_committee": "communes_only", "cells": "strong"},
}
OVER = "Trà Vinh"
REPORTS = """
[sets.default]
words = "planted"
languages = ["vi", "en"]
reports = [
  { notebook = "00_coverage", parameters = { years = [2012] } },
  { notebook = "01_cell_models" },
  { notebook = "02_meeting_attendance" },
  { notebook = "03_quality_ratings", parameters = { year = 2012 } },
  { notebook = "04_province_profile", parameters = { province = "Đồng Tháp" } },
  { notebook = "05_source_profile", parameters = { source = "made-up" } },
  { notebook = "06_audit" },
  { notebook = "09_indicator", parameters = { indicator = "village_own_cell" } },
  { notebook = "09_indicator", parameters = { indicator = "meeting_attendance", provinces = ["Bắc Giang"] } },
]
"""


def planted() -> pd.DataFrame:
    """Return the rows as in a file: those that compare of two years, each planted kind, and one over 55 %."""
    rows = published().assign(
        province_basis="stated", source_id="made-up", printed="6/10", period_basis="stated", qualifier="exact"
    )
    rows = rows.astype(object).assign(complement=["yes" if one else "" for one in rows["complement"]])
    rows.loc[rows["province"] == "Bến Tre", ["base", "printed"]] = ["", "6"]
    earlier = kept(rows).assign(period_start="2010", period_end="2010")
    over = rows.head(1).assign(
        province=OVER, count="", base="", percent="55", printed="trên 55%", qualifier="about"
    )
    rows = pd.concat([rows, earlier, over], ignore_index=True)
    of_all = []
    for indicator, codes in MEASURES.items():
        rating = {"scheme": "org_2007", "category_id": "strong", "category_kind": "exclusive"}
        more = rating if indicator == "org_quality_rating" else {}
        of_all.append(rows.replace(codes).assign(indicator=indicator, **more))
    found = pd.concat(of_all, ignore_index=True)
    found["observation_id"] = [f"X{at:03}" for at in range(len(found))]
    return found.reindex(columns=[one for one in COLUMNS if one != "value"], fill_value="").fillna("")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """Return what whole reports of the planted rows say, pictures and alternative texts too, by language."""
    study = new_study(tmp_path_factory.mktemp("published") / "study", published=False, notebooks=True)
    planted().to_csv(study / "data" / "observations.csv", index=False)
    (study / "notebooks" / "reports.toml").write_text(REPORTS, encoding="utf-8")
    with (study / "data" / "sources.csv").open("a", encoding="utf-8") as file:
        file.write("made-up,Báo bịa,Tài liệu bịa,2016,,,vi,bịa\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(study)
        patch.delenv(DATA_VARIABLE, raising=False)
        patch.setenv(STUDY_VARIABLE, str(study))
        made = CliRunner().invoke(main, ["report"])
    assert made.exit_code == 0, made.output
    told = {}
    for page in study.glob("outputs/*/*/*/index.html"):
        text = re.sub(r"<(script|style|pre)\b.*?</\1>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        alts = re.findall(r'alt="([^"]*)"', text)
        drawn = [one.read_text(encoding="utf-8") for one in sorted(page.parent.glob("charts/*.svg"))]
        # letters are shapes in these pictures; each line of words stands before them as a comment
        lines = [line for one in drawn for line in re.findall(r"<!-- (.*?) -->", one)]
        told[page.parts[-4], "/".join(page.parts[-3:-1])] = html.unescape(
            " ".join([re.sub("<[^>]+>", " ", text), *alts, *lines])
        )
    return told


@pytest.mark.whole
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_says_no_data_of_a_published_figure(
    pages: dict[tuple[str, str], str], lang: Language
) -> None:
    """All notebooks that show figures name what was published; nothing is said to be missing of 12 of 63."""
    here = {name: text for (of, name), text in pages.items() if of == lang}
    assert len(here) == REPORTS.count("notebook")
    nothing = {
        "vi": r"Chưa tìm thấy số liệu công bố của (\d+)/63",
        "en": r"Nothing published was found for (\d+) of 63",
    }[lang]
    for text in here.values():
        found = NOT.search(text)
        assert not found, text[max(0, found.start() - 200) : found.end() + 100]
        assert {*re.findall(nothing, text)} <= {"51"}
    for name in (
        "01_cell_models/default",
        "02_meeting_attendance/default",
        "03_quality_ratings/year-2012",
        "05_source_profile/made-up",
        "09_indicator/village_own_cell",
        "09_indicator/meeting_attendance_provinces-bac-giang",
    ):
        for province in (*KEPT, *PLANTED, OVER):
            assert Gazetteer.read().find(province, "2012").name(lang) in here[name]
    for reason, _ in PLANTED.values():
        for name in ("09_indicator/village_own_cell", "03_quality_ratings/year-2012"):
            assert said_in(lang, words.reason, reason) in here[name]


@pytest.mark.whole
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_draws_unlike_rows_silently(pages: dict[tuple[str, str], str], lang: Language) -> None:
    """The ladder of meetings and the dots of a document draw all planted kinds, and say how they differ."""
    opening = {"vi": "Các số liệu khác nhau về", "en": "The figures differ in"}[lang]
    for name in ("02_meeting_attendance/default", "05_source_profile/made-up"):
        said = [one.partition(":")[0] for one in pages[lang, name].split(opening)[1:]]
        differ = {reason for reason, _ in PLANTED.values()} - {"no_rate"}
        differ -= {"subject"} if name.startswith("02") else set()  # attendance is counted of members alone
        named = {said_in(lang, words.difference, reason) for reason in differ}
        # the lines of a picture are broken anywhere, its alternative text isn't
        assert any(all(one in line for one in named) for line in said)


def test_a_share_among_counts_has_no_count() -> None:
    """Where counts are drawn, a percentage without its count is left out for that, not by choice."""
    rows = made_rows(
        row("Bắc Giang", np.nan, interval="none", base=pd.NA),
        row("Nghệ An", 50.0, interval="rounding", base=pd.NA, count=pd.NA),
    )
    assert rates.left_out(rows, rows.head(1))["reason"].tolist() == ["no_count"]


def test_what_a_chart_was_given_and_does_not_draw_stands_in_its_alternative_text() -> None:
    """One row of two has no rate: the picture says so, and so do the words for those who don't see it."""
    rows = published()[lambda given: given["province"].isin(["Bắc Giang", "Bến Tre"])]
    for draw in (charts.ranked_dots, charts.attendance_ladder, charts.heatmap, charts.trend):
        for lang, told in (("vi", "Có 1 số liệu không được đưa vào biểu đồ"), ("en", "1 row not drawn")):
            chart = draw(rows, lang=lang)
            assert told in written(chart)
            assert told in chart.alt


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_differs_fits_a_tile_of_the_map(lang: Language) -> None:
    """Each dimension is said in words that stand in a field of 0.72 inches at the least size."""
    for dimension in (*get_args(Dimension), "no_rate", "no_count"):
        assert text_width(said_in(lang, in_what, dimension), 5.4) <= 0.72, dimension
