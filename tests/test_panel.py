"""explore(): what it offers has data, and the code that it writes gives the picture that it shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

import cbanalysis as cb
from cbanalysis.common.folders import DATA_VARIABLE
from cbanalysis.lab.panel.choices import Choice, settled
from cbanalysis.lab.panel.comparisons import COMPARISONS
from cbanalysis.lab.panel.widgets import _readable
from chart_checks import said_in

# An indicator of the made-up folder for each comparison; together they have all that is drawn.
DRAWN = {
    "attendance": "meeting_attendance",
    "ratings": "org_quality_rating",
    "beside": "bloc_committee",
    "years": "office_cell_adoption",
    "each": "office_cell_quality",
    "good_beside": "org_quality_rating",
    "good_years": "org_quality_rating",
    "map": "village_member_head",
    "counts": "office_cell_members",
    "coverage": "village_own_cell",
}

pytestmark = pytest.mark.usefixtures("made_up_figures")


def run(code: str) -> object:
    """Return what a cell with this code shows."""
    *steps, last = code.splitlines()
    names: dict = {}
    exec("\n".join(steps), names)  # noqa: S102 -- a cell
    return eval(last, names)  # noqa: S307 -- a cell


def test_each_comparison_is_drawn_below() -> None:
    """A new comparison needs an indicator in the table above."""
    assert list(DRAWN) == list(COMPARISONS)


@pytest.mark.parametrize("way", DRAWN)
def test_the_code_gives_the_same_picture_pixel_for_pixel(way: str) -> None:
    """For each comparison the lines that are written draw what is shown."""
    lang = ("vi", "en")[list(DRAWN).index(way) % 2]
    panel = cb.explore(DRAWN[way], comparison=way, lang=lang)
    shown = run(panel.code)
    assert shown.png() == panel.chart.png()
    assert panel.chart.alt.replace('"', "&quot;").replace("'", "&#x27;") in panel._picture.value


@pytest.mark.parametrize("indicator", ["meeting_attendance", "org_quality_rating", "village_own_cell"])
def test_every_choice_that_is_offered_has_a_picture(indicator: str) -> None:
    """Each subject and level of it can be drawn, in each way that wasn't drawn yet."""
    assert_all_drawn(indicator)


@pytest.mark.whole
def test_every_choice_of_the_published_figures_has_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same holds of each indicator in data/, as it is today."""
    monkeypatch.delenv(DATA_VARIABLE)
    for indicator in sorted(set(cb.load_observations()["indicator"])):
        assert_all_drawn(indicator)


def assert_all_drawn(indicator: str) -> None:
    """Fail where something is offered that can't be drawn."""
    _, offer = settled(Choice(indicator))
    drawn: set[str] = set()
    for subject in offer.subjects:
        chosen, narrower = settled(Choice(indicator, subject=subject))
        for level in narrower.levels:
            chosen, ways = settled(replace(chosen, geo_level=level, comparison=""))
            for way in {chosen.comparison, *ways.comparisons} - drawn:
                drawn.add(way)
                rows, chart = replace(chosen, comparison=way).draw()
                assert len(rows)
                assert chart.frame is not None


def test_only_what_has_data_is_offered() -> None:
    """Office cells are known of two provinces at the level of provinces, 2008 to 2012."""
    _, offer = settled(Choice("office_cell_adoption"))
    assert offer.subjects == {"commune": 3}
    assert offer.levels == {"province": 3}
    assert offer.provinces == {"Bình Thuận": 2, "Bắc Giang": 1}
    assert offer.years == (2008, 2009, 2012)
    assert "ratings" not in offer.comparisons


def test_the_first_choice_wins_over_later_ones() -> None:
    """A province without figures of the new indicator is opened again instead of giving an empty picture."""
    panel = cb.explore("office_cell_adoption", provinces="bac giang")
    assert panel.choice.provinces == ("Bắc Giang",)
    panel._indicator.value = "office_cell_quality"
    assert panel.choice.indicator == "office_cell_quality"
    assert panel.choice.provinces == ()
    assert set(panel.rows["province"]) == {"Bình Thuận"}


def test_another_indicator_opens_years_places_and_levels_again() -> None:
    """What was chosen for one indicator doesn't narrow the next one, though it has figures there."""
    panel = cb.explore(
        "office_cell_adoption", geo_level="province", provinces="Bình Thuận", span=(2008, 2009)
    )
    panel._indicator.value = "village_own_cell"
    assert panel.choice.filters == {"indicator": "village_own_cell"}


def test_bounds_are_written_as_in_the_reports() -> None:
    """Table and report write both ends of an interval in one cell, equally fine."""
    panel = cb.explore("office_cell_adoption")
    (column,) = (
        one.cells for one in cb.tables.rates(panel.rows, lang="vi").columns if one.heading == "Khoảng giá trị"
    )
    assert sorted(column) == sorted(said_in("vi", _readable, panel.rows)["Khoảng giá trị"])


def test_an_english_panel_speaks_english_of_places_and_numbers() -> None:
    """63,71% of Bình Thuận is chosen as Binh Thuan, stands as 63.71% in the table; publishers are named."""
    panel = cb.explore("office_cell_adoption", lang="en")
    assert ("Binh Thuan (2)", "Bình Thuận") in panel._provinces.options
    table = said_in("en", _readable, panel.rows)
    assert "63.71%" in set(table["Published"])
    assert "Báo thử" in set(table["Source"])


def test_controls_and_code_agree() -> None:
    """What is chosen by mouse stands in the code, and nothing else does."""
    panel = cb.explore("village_own_cell", lang="en")
    panel._subject.value = "village"
    panel._level.value = "province"
    panel._years.value = (2011, 2018)
    panel._comparison.value = "years"
    filters = 'indicator="village_own_cell", years=range(2011, 2019), subject="village", geo_level="province"'
    assert panel.code.splitlines()[2:] == [
        f"observations = cb.load_observations({filters})",
        "rows = cb.add_rates(observations)",
        'cb.charts.trend(rows, lang="en")',
    ]
    assert len(panel.code.splitlines()) == 5
    assert panel._writes.code == panel.code


def test_all_years_are_the_undated_too() -> None:
    """As long as the slider spans all years no year is asked for; a narrower span leaves the undated out."""
    panel = cb.explore("village_own_cell", comparison="coverage")
    undated = int(panel.rows["year"].isna().sum())
    assert undated > 0
    assert len(panel.rows) == 10
    years = [year for _, year in panel._years.options]
    panel._years.value = (years[1], years[-1])
    assert panel.rows["year"].notna().all()


def test_the_language_is_the_panels_and_the_charts() -> None:
    """One switch changes labels, warnings, table and chart."""
    panel = cb.explore("office_cell_adoption")
    assert panel._indicator.description == "Chỉ tiêu"
    assert "Không nên so sánh trực tiếp" in panel._warnings.value
    panel._language.value = "en"
    assert panel._indicator.description == "Indicator"
    assert "they differ in the period" in panel._warnings.value
    assert 'lang="en"' in panel._picture.value
    assert panel._tabs.titles == ("Table", "Sources", "Code")


def test_comparable_figures_are_said_to_be() -> None:
    """One year and one level of one indicator: nothing speaks against it, and that is said."""
    panel = cb.explore("office_cell_adoption", span=(2008, 2009), comparison="years", lang="en")
    assert "Nothing was found against comparing them" in panel._warnings.value


def test_figures_left_out_are_counted() -> None:
    """Side by side stand figures of the standard definition; how many don't is said."""
    panel = cb.explore("village_own_cell", comparison="beside", lang="en")
    left = 10 - len(panel.rows)
    assert left > 0
    assert f"Not in this picture: {left} of 10 figures" in panel._warnings.value


def test_the_sources_of_the_picture_are_named() -> None:
    """The tab of sources cites the documents of the rows that are drawn."""
    panel = cb.explore("office_cell_adoption")
    assert panel._sources.value.count("<li>") == len(cb.cite(panel.rows)) == 2


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"indicator": "office_cells"}, "office_cell_count"),
        ({"lang": "fr"}, "unknown language"),
        ({"comparison": "trend"}, "known: beside, years"),
        ({"subject": "cell"}, "known: commune"),
        ({"geo_level": "commune"}, "known: province"),
        ({"provinces": "Bac Gang"}, "Bắc Giang"),
        ({"provinces": "Hà Nội"}, "no figure of it is known"),
    ],
)
def test_what_it_cannot_open_with_is_refused(asked: dict, words: str) -> None:
    """A start value that doesn't exist or has no figures is one clear error, not an empty panel."""
    with pytest.raises(cb.UnknownName, match=words):
        cb.explore(**asked)


def test_every_comparison_and_difference_has_words_in_both_languages() -> None:
    """Whatever rows may differ in, and each way to compare, can be said in Vietnamese and in English."""
    from typing import get_args

    from cbanalysis.common.language import words_of
    from cbanalysis.statistics.rates import Dimension

    assert set(words_of("panel-differences")) == set(get_args(Dimension))
    assert all(one.name["vi"] != one.name["en"] for one in COMPARISONS.values())
