"""The attendance ladder: each kind of figure at its value, under its level."""

from __future__ import annotations

import pandas as pd
import pytest

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.display.charts import attendance_ladder
from chart_checks import (
    all_provinces,
    assert_text_fits,
    axes_named,
    made_rows,
    marks,
    spans,
    words_of,
)

ATTENDANCE = {"indicator": "meeting_attendance", "subject": "member", "year": 2018, "geo_level": "commune"}
SEN_THUONG = {
    "area": "Sen Thượng",
    "province": "Điện Biên",
    "observation_id": "S011",
    "rate": 97.0,
    "decimals": 0,
}
SEN_THUONG |= {"rate_low": 96.5, "rate_high": 97.5, "interval": "rounding", "percent": 97.0}
FLOOR = {
    "area": "Yên Thủy",
    "province": "Hòa Bình",
    "geo_level": "district",
    "interval": "floor",
    "rate_low": 85.0,
}
FLOOR |= {"rate_high": 100.0, "decimals": 0}
ABOUT = {
    "area": "Yên Thủy",
    "province": "Hòa Bình",
    "geo_level": "district",
    "interval": "about",
    "rate": 95.0,
}
RANGE = {
    "area": "Đại Thắng",
    "province": "Quảng Nam",
    "interval": "range",
    "rate_low": 80.0,
    "rate_high": 95.0,
}
RANGE |= {"definition": "range_over_cells", "year": pd.NA, "decimals": 0}
CELL = {
    "area": "xóm Sòng",
    "province": "Thái Nguyên",
    "level": "cell",
    "rate": 73.7,
    "rate_low": 51.2,
    "rate_high": 88.2,
}
CELL |= {"count": 14, "base": 19}


def ladder_rows() -> pd.DataFrame:
    """Return one figure of each kind, from the district down to one cell."""
    rows = made_rows(CELL, RANGE, SEN_THUONG, FLOOR, ABOUT, **ATTENDANCE)
    return rows.assign(level=rows["level"].fillna(rows["geo_level"]))


def test_levels_stand_from_above_and_the_highest_first_in_each() -> None:
    """Districts, communes, one cell; a floor counts by its lower end."""
    frame = attendance_ladder(ladder_rows()).frame
    assert frame["level"].tolist() == ["district", "district", "commune", "commune", "cell"]
    assert frame["interval"].tolist() == ["about", "floor", "rounding", "range", "wilson"]


def test_each_kind_has_its_mark_at_its_value() -> None:
    """Marks stand at rate, lower and upper end of their rows and nowhere else."""
    axes = axes_named(attendance_ladder(ladder_rows()), "ladder")
    assert [x for x, _ in marks(axes, "value wilson")] == [73.7]
    assert [x for x, _ in marks(axes, "value rounding")] == [97.0]
    assert [x for x, _ in marks(axes, "value floor")] == [85.0]
    assert [x for x, _ in marks(axes, "value about")] == [95.0]
    assert [(one[0], other[0]) for one, other in spans(axes, "interval range")] == [(80.0, 95.0)]
    assert [(one[0], other[0]) for one, other in spans(axes, "interval wilson")] == [(51.2, 88.2)]


def test_the_figure_its_count_and_year_stand_beside_each_mark() -> None:
    """Values as printed, 14 of 19, years, and unknown where there is none; a variant says what it is."""
    words = words_of(attendance_ladder(ladder_rows()))
    assert {"97%", "≥\xa085%", "80–95%", "73,7%", "14/19", "2018", "không rõ"} <= set(words)
    assert {"Cấp huyện", "Cấp xã", "Một chi bộ"} <= set(words)
    assert "Cấp tỉnh" not in words
    assert "Single cells" in words_of(attendance_ladder(ladder_rows(), lang="en"))
    label = attendance_ladder(ladder_rows(), lang="en").frame["label"].iloc[3]
    assert label.startswith("Đại Thắng (Quang Nam): ")


@pytest.mark.parametrize(
    ("lang", "agencies", "cells"),
    [
        (
            "vi",
            "số đảng viên của các chi bộ cơ quan, trường học",
            "số đảng viên của các chi bộ khu dân cư và chi bộ doanh nghiệp",
        ),
        ("en", "members of agency and school cells", "members of residential and business cells"),
    ],
)
def test_two_bases_of_one_place_are_told_apart(lang: str, agencies: str, cells: str) -> None:
    """Yên Thủy's 95 % of some members and 85 % of others say whose they are; one base alone goes unnamed."""
    two = ({**ABOUT, "base_of": "agencies_and_schools"}, {**FLOOR, "base_of": "residential_and_business"})
    rows = made_rows(*two, {**SEN_THUONG, "base_of": "partial"}, **ATTENDANCE)
    names = ("Hòa Bình", "Điện Biên") if lang == "vi" else ("Hoa Binh", "Dien Bien")
    assert attendance_ladder(rows, lang=lang).frame["label"].tolist() == [
        f"Yên Thủy ({names[0]}): {agencies}",
        f"Yên Thủy ({names[0]}): {cells}",
        f"Sen Thượng ({names[1]})",
    ]


def test_a_year_taken_from_the_date_of_publication_is_marked() -> None:
    """Such a year carries a dagger, which a line below explains; stated years and unknown ones carry none."""
    years = ["2018", "", "2018", "2018", "2018"]
    rows = ladder_rows().assign(period_start=years, period_end=years)
    rows["period_basis"] = ["stated", "publication", "publication", "stated", "stated"]
    words = words_of(attendance_ladder(rows))
    assert [word for word in words if word in {"2018 †", "2018", "không rõ", "không rõ †"}].count(
        "2018 †"
    ) == 1
    assert {"2018", "không rõ", "† Thời gian được suy ra từ ngày công bố"} <= set(words)
    assert "† period taken from the date of publication" in words_of(attendance_ladder(rows, lang="en"))
    assert not [word for word in words_of(attendance_ladder(ladder_rows())) if "†" in word]


def test_a_period_of_many_years_is_told_by_both_its_ends() -> None:
    """A mean of 2013 to 2016 isn't one of 2016; a figure of 2018 says 2018 alone."""
    rows = ladder_rows().assign(period_start="2018", period_end="2018")
    rows.loc[0, ["period_start", "period_end", "year"]] = ["2013", "2016", 2016]
    words = words_of(attendance_ladder(rows))
    assert "2013–2016" in words
    assert "2018" in words
    assert "2016" not in words


def test_a_figure_is_highlighted_by_its_id_or_its_label() -> None:
    """Both ways set the same row in bold."""
    for chosen in ("S011", "Sen Thượng (Điện Biên)"):
        axes = axes_named(attendance_ladder(ladder_rows(), highlight=[chosen]), "ladder")
        assert [text.get_text() for text in axes.texts if text.get_weight() == "bold"] == [
            "Sen Thượng (Điện Biên)"
        ]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_all_provinces_and_five_levels_fit(lang: str) -> None:
    """No text overlaps or leaves the page."""
    rows = all_provinces()
    levels = ("province", "district", "commune", "cell", "region")
    rows = rows.assign(level=[levels[number % 5] for number in range(len(rows))])
    chart = attendance_ladder(rows, lang=lang)
    assert len(chart.frame) == 63
    assert_text_fits(chart)


def test_alternative_text_reads_the_levels() -> None:
    """A listener hears each level with its figures, eight of them at most."""
    alt = attendance_ladder(ladder_rows(), lang="en").alt
    assert "Districts: Yên Thủy (Hoa Binh) (~\xa095%), " in alt
    assert "Yên Thủy (Hoa Binh) (≥\xa085%); Communes: Sen Thượng (Dien Bien) (97%)" in alt
    assert ", …" in attendance_ladder(all_provinces()).alt


def test_rows_without_ids_years_or_definitions_are_enough() -> None:
    """Only the figure, its kind, its level and its label are needed."""
    bare = pd.DataFrame({"label": ["A"], "geo_level": ["commune"], "rate": [90.0], "rate_low": [85.0]})
    chart = attendance_ladder(bare.assign(rate_high=93.0, interval="wilson"))
    assert chart.frame["label"].tolist() == ["A"]


def test_rows_without_any_rate_are_said_and_alone_refused() -> None:
    """A row without a rate is counted below; none at all, or an unknown level, is an error."""
    rows = pd.concat([ladder_rows(), made_rows({**ATTENDANCE, "interval": "none"})])
    assert "Có 1 số liệu không được đưa vào biểu đồ: không có tỷ lệ." in words_of(
        attendance_ladder(rows.assign(level=rows["geo_level"]))
    )
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        attendance_ladder(made_rows({"interval": "none"}))
    with pytest.raises(CbanalysisError, match="no level 'ward'; allowed: country"):
        attendance_ladder(ladder_rows().assign(level="ward"))
