"""Ranked dots: what is drawn is what the frame says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.display.charts import ranked_dots
from cbanalysis.display.charts.look import BLUE, HIGHLIGHT, VERMILLION
from chart_checks import (
    all_provinces,
    assert_text_fits,
    axes_named,
    boxes_of,
    labelled,
    made_rows,
    marks,
    spans,
    words_of,
)

WILSON = {
    "province": "Bắc Giang",
    "rate": 50.0,
    "rate_low": 41.3,
    "rate_high": 58.7,
    "count": 62,
    "base": 124,
}
ROUNDED = {
    "province": "Nghệ An",
    "rate": 97.0,
    "rate_low": 96.5,
    "rate_high": 97.5,
    "percent": 97.0,
    "decimals": 0,
    "interval": "rounding",
}
FLOOR = {"province": "Cà Mau", "rate_low": 85.0, "rate_high": 100.0, "interval": "floor"}
RANGE = {"province": "Đắk Lắk", "rate_low": 80.0, "rate_high": 95.0, "interval": "range"}
ABOUT = {"province": "Sơn La", "rate": 70.0, "percent": 70.0, "interval": "about"}
ALL_KINDS = (WILSON, ROUNDED, FLOOR, RANGE, ABOUT)


def heights(chart) -> dict[str, float]:
    """Return the height of each row's middle, in inches, from the guide lines."""
    axes = axes_named(chart, "dots")
    guides = next(one for one in axes.collections if len(one.get_segments()) == len(chart.frame))
    return {
        label: round(float(segment[0][1]), 9)
        for label, segment in zip(chart.frame["label"], guides.get_segments(), strict=True)
    }


def test_each_kind_of_figure_has_its_own_mark_at_its_own_value() -> None:
    """Points, lines, boxes and arrows stand at rate, rate_low and rate_high of their rows."""
    chart = ranked_dots(made_rows(*ALL_KINDS))
    axes, at = axes_named(chart, "dots"), heights(chart)
    assert marks(axes, "value wilson") == [(50.0, at["Bắc Giang"])]
    assert spans(axes, "interval wilson") == [((41.3, at["Bắc Giang"]), (58.7, at["Bắc Giang"]))]
    assert marks(axes, "value rounding") == [(97.0, at["Nghệ An"])]
    assert [box[:2] for box in boxes_of(axes, "interval rounding")] == [(96.5, 97.5)]
    assert marks(axes, "value floor") == [(85.0, at["Cà Mau"])]
    assert marks(axes, "open end") == [(100.0, at["Cà Mau"])]
    assert spans(axes, "interval range") == [((80.0, at["Đắk Lắk"]), (95.0, at["Đắk Lắk"]))]
    assert marks(axes, "value about") == [(70.0, at["Sơn La"])]


def test_rows_run_from_high_to_low_with_ties_by_the_vietnamese_alphabet() -> None:
    """Floors and ranges rank by their lower end; Bạc before Bắc, D before Đ."""
    tied = [{**WILSON, "province": name} for name in ("Đà Nẵng", "Bắc Kạn", "Bạc Liêu")]
    chart = ranked_dots(made_rows(*ALL_KINDS, *tied))
    assert list(chart.frame["label"]) == [
        "Nghệ An",
        "Cà Mau",
        "Đắk Lắk",
        "Sơn La",
        "Bạc Liêu",
        "Bắc Giang",
        "Bắc Kạn",
        "Đà Nẵng",
    ]
    assert sorted(heights(chart).values()) == list(heights(chart).values())


def test_values_are_written_as_printed_in_the_readers_language() -> None:
    """63,71% and 1.000/1.570 in Vietnamese, 63.71% and 1,000/1,570 in English; floors and ranges say so."""
    exact = {**WILSON, "rate": 63.694, "percent": 63.71, "decimals": 2, "count": 1000, "base": 1570}
    exact |= {"rate_low": 61.3, "rate_high": 66.0}
    vietnamese = words_of(ranked_dots(made_rows(exact, FLOOR, RANGE, ABOUT), lang="vi"))
    assert {"63,71%", "1.000/1.570", "≥\u00a085%", "80–95%", "~\u00a070%"} <= set(vietnamese)
    assert {"63.71%", "1,000/1,570"} <= set(words_of(ranked_dots(made_rows(exact), lang="en")))


def test_a_rate_without_a_printed_percentage_shows_one_decimal() -> None:
    """62 of 124 without a printed share reads 50,0%, and 50,00% beside 98,89%, which has two decimals."""
    assert "50,0%" in words_of(ranked_dots(made_rows(WILSON)))
    fine = {
        **ROUNDED,
        "rate": 98.89,
        "rate_low": 98.885,
        "rate_high": 98.895,
        "percent": 98.89,
        "decimals": 2,
    }
    assert {"98,89%", "50,00%"} <= {*words_of(ranked_dots(made_rows(WILSON, fine)))}


def test_an_inferred_province_is_marked_and_explained() -> None:
    """The name carries a star and a line below says what the star means; without one the line stays away."""
    words = words_of(ranked_dots(made_rows({**WILSON, "province_basis": "inferred"})))
    assert "Bắc Giang*" in words
    assert "* Tên tỉnh, thành phố được suy ra; nguồn không nêu" in words
    assert not [word for word in words_of(ranked_dots(made_rows(WILSON))) if "suy luận" in word]


def test_periods_join_the_names_with_their_mark() -> None:
    """A mean over 2008-2012 isn't of 2012; a year taken from the date of publication is marked."""
    mean = {**WILSON, "period_start": "2008", "period_end": "2012"}
    guessed = {**ROUNDED, "period_start": "2014", "period_end": "2014", "period_basis": "publication"}
    chart = ranked_dots(made_rows(mean, guessed), lang="en")
    assert list(chart.frame["label"]) == ["Nghe An, 2014 †", "Bac Giang, 2008–2012"]
    assert "† period taken from the date of publication" in words_of(chart)


def test_a_tie_is_told_at_either_end() -> None:
    """Of two highest the first of the alphabet is named, as it stands on top, and the other counted."""
    rows = made_rows(WILSON, ROUNDED, {**ROUNDED, "province": "An Giang"})
    assert (
        "Highest: 97% (An Giang, level with 1 more); lowest: 50.0% (Bac Giang)."
        in ranked_dots(rows, lang="en").alt
    )


def test_two_indicators_have_a_highest_each() -> None:
    """A share of office cells and one of attendance are no two ends of one order."""
    rows = made_rows(WILSON, {**ROUNDED, "indicator": "meeting_attendance"})
    alt = ranked_dots(rows, lang="en").alt
    assert "Only value: 97% (Nghe An). Only value: 50.0% (Bac Giang)." in alt
    assert "Highest" not in alt


def test_years_join_the_names_where_they_differ() -> None:
    """Rows of two years say which year; a row without one says nothing."""
    rows = made_rows(WILSON, {**WILSON, "year": 2014}, {**ABOUT, "year": pd.NA})
    assert set(ranked_dots(rows).frame["label"]) == {"Bắc Giang, 2012", "Bắc Giang, 2014", "Sơn La"}


@pytest.mark.parametrize(
    ("other", "vi", "en"),
    [
        ({"geo_level": "district", "area": "Sơn Động"}, "cấp", "level"),
        (
            {"geo_level": "country", "year": 2017, "period_start": "2017", "period_end": "2017"},
            "cấp và năm",
            "level and year",
        ),
        ({"subject": "ward"}, "đối tượng", "subject"),
        (
            {"definition": "regular", "base_of": "partial"},
            "định nghĩa và mẫu số",
            "definition and base",
        ),
    ],
)
def test_rows_that_cant_be_ranked_are_said_to_be_sorted_only(other: dict, vi: str, en: str) -> None:
    """Levels, years, measures or bases that differ are named below."""
    attendance = {**WILSON, "indicator": "meeting_attendance", "subject": "member"}
    rows = made_rows(attendance, {**attendance, **other})
    said = (
        f"Các số liệu khác nhau về {vi}: tuy dùng chung thang đo nhưng không so sánh trực tiếp với nhau được."
    )
    assert said in words_of(ranked_dots(rows))
    chart = ranked_dots(rows, lang="en")
    assert f"The figures differ in {en}: on one scale, but not directly comparable." in words_of(chart)
    alike = made_rows(attendance, {**attendance, "province": "Nghệ An"})
    assert not [word for word in words_of(ranked_dots(alike)) if "khác nhau" in word]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("vi", "‡ mẫu số lấy từ số liệu khác (S006)"), ("en", "‡ base of another figure (S006)")],
)
def test_a_borrowed_base_is_marked_and_its_lender_named(lang: str, said: str) -> None:
    """79 of 124, the 124 from another row, carries a mark that a line explains; a base of its own none."""
    lent = {**WILSON, "count": 79, "year": 2012, "base_from": "S006"}
    rows = made_rows({**WILSON, "base_from": "", "year": 2008}, lent, {**ROUNDED, "base_from": "B044"})
    words = words_of(ranked_dots(rows, lang=lang))
    assert {"62/124", "79/124 ‡", said} <= set(words)
    assert not [word for word in words_of(ranked_dots(rows.drop(index=1))) if "‡" in word]
    assert_text_fits(ranked_dots(rows, lang=lang))


@pytest.mark.parametrize(
    ("lang", "said", "never"),
    [
        ("vi", "khoảng giá trị do làm tròn; tử số và mẫu số không khớp với tỷ lệ", "không có mẫu số"),
        ("en", "rounding range, count and base contradict it", "base not published"),
    ],
)
def test_a_rate_that_its_count_and_base_deny_has_a_mark_of_its_own(lang: str, said: str, never: str) -> None:
    """94.9 % beside 6,240 of 6,517 is a hollow square: its base is published, but contradicts it."""
    denied = {**ROUNDED, "rate": 94.9, "rate_low": 94.85, "rate_high": 94.95, "conflict": True}
    alone = ranked_dots(made_rows(denied), lang=lang)
    assert marks(axes_named(alone, "dots"), "value conflict") == [
        (94.9, heights(alone)[alone.frame["label"].iloc[0]])
    ]
    assert said in words_of(alone)
    assert not [word for word in words_of(alone) if never in word]
    both = ranked_dots(made_rows(denied, {**ROUNDED, "province": "Hà Nội"}, conflict=False), lang=lang)
    assert [x for x, _ in marks(axes_named(both, "dots"), "value rounding")] == [97.0]
    assert [word for word in words_of(both) if never in word]
    assert_text_fits(both)


def test_rows_without_a_rate_are_counted_not_drawn() -> None:
    """A plain count is left out, and a line says how many were."""
    rows = made_rows(WILSON, {"province": "Hà Nội", "interval": "none", "count": 5})
    chart = ranked_dots(rows, lang="en")
    assert list(chart.frame["label"]) == ["Bac Giang"]
    assert "1 row not drawn: no rate." in words_of(chart)


def test_two_figures_of_one_place_both_stand_and_are_explained() -> None:
    """Sources that disagree give two rows of one name and a line that says so."""
    chart = ranked_dots(made_rows(WILSON, {**WILSON, "rate": 51.0}))
    assert list(chart.frame["label"]) == ["Bắc Giang", "Bắc Giang"]
    assert "Địa phương xuất hiện nhiều lần là địa phương có nhiều số liệu được công bố." in words_of(chart)


def test_alternative_text_tells_kind_subject_extremes_and_coverage() -> None:
    """A listener learns what is drawn, of what, the highest, the lowest, and how many provinces have data."""
    chart = ranked_dots(made_rows(WILSON, ROUNDED), lang="en")
    assert chart.alt == (
        "Dot plot, sorted by value: Communes with an office cell. 2 rows. "
        "Highest: 97% (Nghe An); lowest: 50.0% (Bac Giang). 2 of 63 provinces drawn."
    )
    assert "Only value: 50.0% (Bac Giang)." in ranked_dots(made_rows(WILSON), lang="en").alt
    assert "No point values." in ranked_dots(made_rows(FLOOR), lang="en").alt


def test_a_comparator_is_a_line_with_its_name_and_value() -> None:
    """The line stands at the comparator's rate."""
    chart = ranked_dots(made_rows(WILSON, ROUNDED), comparator=62.3, comparator_label="Cả nước")
    line = next(one for one in axes_named(chart, "dots").lines if one.get_label() == "comparator")
    assert set(line.get_xdata()) == {62.3}
    assert "Cả nước 62,3%" in words_of(chart)
    assert_text_fits(chart)


def test_the_comparator_of_compare_is_used_where_all_rows_share_it() -> None:
    """One comparator_rate gives a line; different ones (each against the others) give none."""
    compared = {"comparator": "country", "comparator_rate": 70.0, "verdict": "worse"}
    shared = ranked_dots(
        made_rows({**WILSON, **compared}, {**ABOUT, **compared, "verdict": "undecided"}), lang="en"
    )
    assert {"Whole country 70.0%", "worse", "undecided"} <= set(words_of(shared))
    pooled = made_rows({**WILSON, **compared}, {**ABOUT, **compared, "comparator_rate": 71.0})
    assert not list(axes_named(ranked_dots(pooled), "dots").lines)


def test_verdicts_colour_the_dots_and_highlights_stand_out() -> None:
    """Worse is vermillion, no verdict blue; a highlighted name takes the highlight's colour."""
    rows = made_rows({**WILSON, "verdict": "worse"}, {**WILSON, "province": "Hà Nội", "verdict": ""})
    colours = [
        to_hex(c).upper()
        for c in labelled(axes_named(ranked_dots(rows), "dots"), "value wilson")[0].get_facecolor()
    ]
    assert colours == [VERMILLION, BLUE]
    chart = ranked_dots(rows, highlight=["Hà Nội"])
    colours = [
        to_hex(c).upper() for c in labelled(axes_named(chart, "dots"), "value wilson")[0].get_facecolor()
    ]
    assert colours[1] == HIGHLIGHT


def test_a_place_is_highlighted_in_all_its_years_and_when_inferred() -> None:
    """The star and the year of a label don't keep it from being found."""
    rows = made_rows({**WILSON, "province_basis": "inferred"}, {**WILSON, "year": 2014, "rate": 55.0})
    dots = labelled(axes_named(ranked_dots(rows, highlight=["Bắc Giang"]), "dots"), "value wilson")[0]
    assert {to_hex(colour).upper() for colour in dots.get_facecolor()} == {HIGHLIGHT}


def test_an_empty_frame_is_refused() -> None:
    """Nothing with a rate gives an error, not an empty picture."""
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        ranked_dots(made_rows({"province": "Hà Nội", "interval": "none"}))


def test_the_callers_frame_stays_as_it_is() -> None:
    """Drawing neither sorts nor widens the frame that was given."""
    rows = made_rows(*ALL_KINDS)
    before = rows.copy()
    ranked_dots(rows)
    pd.testing.assert_frame_equal(rows, before)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("number", [1, 12, 63])
def test_words_fit_for_one_place_and_for_all_of_them(lang: str, number: int) -> None:
    """No text leaves the canvas or lies on another, in both languages."""
    chart = ranked_dots(
        all_provinces().head(number), lang=lang, comparator=99.0, comparator_label="Comparator " * 2
    )
    assert_text_fits(chart)
    assert len(chart.frame) == number


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_long_names_wrap_into_their_row(lang: str) -> None:
    """A long district name takes two lines, and its row is higher."""
    long = {
        **WILSON,
        "geo_level": "district",
        "area": "Đảng bộ Khối Dân - Chính - Đảng, các cơ quan và doanh nghiệp",
    }
    chart = ranked_dots(made_rows(long, *ALL_KINDS), lang=lang, title="Một phát hiện rất dài " * 8)
    assert_text_fits(chart)
    gaps = np.diff([0, *heights(chart).values()])
    assert max(gaps) > 1.2 * min(gaps[1:])


def test_the_same_rows_give_the_same_bytes() -> None:
    """SVG repeats byte for byte, also when rows come in another order."""
    rows = all_provinces().head(10)
    assert ranked_dots(rows).svg() == ranked_dots(rows.iloc[::-1]).svg()
