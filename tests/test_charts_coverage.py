"""Coverage matrices: how many figures there are, and that the totals are theirs."""

from __future__ import annotations

import pandas as pd
import pytest

from cbanalysis.common.errors import CbanalysisError, UnknownName
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.display.charts import coverage_matrix
from chart_checks import assert_text_fits, axes_named, made_rows, words_of

ADOPTION = {"indicator": "office_cell_adoption", "province": "Bắc Giang", "unit_id": ""}
ATTENDANCE = {"indicator": "meeting_attendance", "province": "Nghệ An", "geo_level": "district"}


def few() -> pd.DataFrame:
    """Return four figures of two indicators."""
    return made_rows(
        ADOPTION, {**ADOPTION, "year": 2016}, ATTENDANCE, {**ATTENDANCE, "year": pd.NA, "province": ""}
    )


def test_fields_and_totals_count_the_rows() -> None:
    """Each field is the number of its rows; sums stand beside and below; unknown years have a column."""
    chart = coverage_matrix(few(), lang="en")
    tally = chart.frame.set_index(["row", "column"])["figures"].to_dict()
    assert sorted(tally.values()) == [1, 1, 1, 1]
    assert tally["Attendance at cell meetings", "unknown"] == 1
    words = words_of(chart)
    assert words.count("2") == 3, "two indicators with two figures each, and 2012 with two"
    assert {"2012", "2016", "unknown", "Total"} <= set(words)
    assert "Columns without figures are left out: 2013–2015" in words


def test_a_matrix_says_in_which_year_a_figure_of_several_counts() -> None:
    """A mean of 1996 to 2005 counts in 2005; where every figure is of one year nothing is said."""
    said = "A figure of several years counts in the last of them."
    mean = {**ADOPTION, "period_start": "1996", "period_end": "2005", "year": 2005}
    assert said in words_of(coverage_matrix(made_rows(mean), lang="en"))
    assert said not in words_of(coverage_matrix(few(), lang="en"))


def test_figures_given_as_numbers_are_added() -> None:
    """A column of numbers of figures is used; zero is no figure."""
    chart = coverage_matrix(few().assign(figures=[5, 0, 7, 1]))
    assert sorted(chart.frame["figures"]) == [1, 5, 7]


def test_levels_stand_from_the_country_down() -> None:
    """Columns of levels keep their order whatever their size."""
    chart = coverage_matrix(few(), by="geo_level")
    axes = axes_named(chart, "matrix")
    heads = [text.get_text() for text in axes.texts if text.get_position()[1] < 0]
    assert "".join(heads).index("tỉnh") < "".join(heads).index("huyện")


def test_provinces_become_rows_with_the_best_covered_first() -> None:
    """Rows without a province come last; inferred provinces are starred."""
    rows = pd.concat([few(), made_rows(ADOPTION, province_basis="inferred")], ignore_index=True)
    axes = axes_named(coverage_matrix(rows, by="province"), "matrix")
    labels = [
        text.get_text() for text in axes.texts if text.get_ha() == "right" and text.get_position()[0] < 0
    ]
    assert labels == ["Bắc Giang*", "Nghệ An", "không thuộc tỉnh, thành phố nào", "Tổng"]
    assert "* Tên tỉnh, thành phố được suy ra; nguồn không nêu" in words_of(
        coverage_matrix(rows, by="province")
    )


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("by", ["year", "geo_level", "province"])
def test_a_full_matrix_fits(by: str, lang: str) -> None:
    """63 provinces, 15 indicators, 24 years and five levels: nothing overlaps or leaves the page."""
    indicators = ("org_count", "org_quality_rating", "village_own_cell", "congress_done", "e_handbook")
    indicators += ("village_head_secretary", "village_member_head", "meeting_attendance", "bloc_committee")
    indicators += ("office_cell_members", "office_cell_adoption", "office_cell_dissolved", "model_cells")
    levels = ("country", "region", "province", "district", "commune")
    rows = [
        {"indicator": indicators[(number * 7 + step) % 13], "province": unit.name_vi, "unit_id": unit.unit_id}
        | {
            "year": 2001 + (number * 5 + step * 3) % 24,
            "geo_level": levels[(number + step) % 5],
            "figures": 1 + number * step,
        }
        for number, unit in enumerate(Gazetteer.read().on("2012"))
        for step in range(2)
    ]
    counts = made_rows(*rows)
    chart = coverage_matrix(counts, by=by, lang=lang)
    assert chart.frame["figures"].sum() == counts["figures"].sum()
    assert_text_fits(chart)


def test_alternative_text_gives_totals() -> None:
    """A listener hears how many figures and indicators, and how many figures each of a few has."""
    counts = few().drop(columns="province")
    alt = coverage_matrix(counts, lang="en").alt
    most = "Attendance at cell meetings (2) and Communes with an office cell (2)"
    assert f"4 figures, 2 indicators: {most}." in alt


def test_only_undated_figures_still_have_a_column() -> None:
    """A matrix by year of figures without a year has the one column that says so."""
    assert coverage_matrix(made_rows(ADOPTION, year=pd.NA)).frame["column"].tolist() == ["không rõ"]


def test_a_province_is_named_alike_with_and_without_a_dated_unit() -> None:
    """A row without a date has the English name of the units that bear its name, as one with a date has."""
    unit = Gazetteer.read().find("Nghệ An", 2012).unit_id
    chart = coverage_matrix(made_rows(ADOPTION, {**ATTENDANCE, "unit_id": unit}), by="province", lang="en")
    assert set(chart.frame["column"]) == {"Bac Giang", "Nghe An"}


def test_wrong_input_is_refused() -> None:
    """No figure, another dimension, an unknown indicator: each has its error."""
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        coverage_matrix(few().head(0))
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        coverage_matrix(few().assign(figures=0))
    with pytest.raises(CbanalysisError, match="known: year, geo_level, province"):
        coverage_matrix(few(), by="month")
    with pytest.raises(UnknownName, match="indicator"):
        coverage_matrix(made_rows({"indicator": "attendance"}))
