"""Charts of audit findings: dots at the gaps, words of the sums, kinds in order of weight."""

from __future__ import annotations

import pandas as pd
import pytest

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.dataset.catalogue import Words
from cbanalysis.display.charts import audit_findings
from cbanalysis.display.charts.look import NARROW
from chart_checks import assert_text_fits, axes_named, marks, words_of


def findings() -> pd.DataFrame:
    """Return three findings of two kinds, one of them explained."""
    return pd.DataFrame(
        {
            "code": ["share", "sum_count", "share"],
            "observation_ids": ["B150", "C077;C078;C079", "C104"],
            "place_vi": ["TP.HCM", "Dĩ An", "Hòa Bình"],
            "place_en": ["Ho Chi Minh City", "Dĩ An", "Hoa Binh"],
            "period_start": ["2011", "2022", "2021"],
            "period_end": ["2011", "2022", "2021"],
            "period_basis": ["stated", "publication", "stated"],
            "message_vi": [
                "6.240/6.517 = 95,75 %, in là 94,9 %",
                "29 + 99 + 13 = 141, không phải 142",
                "9/10 = 90 %, in là 80 %",
            ],
            "message_en": [
                "6,240/6,517 = 95.75 %, printed 94.9 %",
                "29 + 99 + 13 = 141, not 142",
                "9/10 = 90 %, printed 80 %",
            ],
            "gap": [0.8496, 1.0, 10.0],
            "gap_unit": ["points", "units", "points"],
            "acknowledged": [False, True, False],
        }
    )


def test_kinds_and_findings_stand_by_their_gap_shares_before_counts() -> None:
    """10 points, then 0.85 points of the same kind, then 34 units: they are no more than 10 points."""
    rows = findings().assign(gap=[0.8496, 34.0, 10.0])
    assert audit_findings(rows).frame["observation_ids"].tolist() == ["C104", "B150", "C077;C078;C079"]
    other = rows.assign(code=["share", "grim", "grim"], gap_unit="points")
    assert audit_findings(other).frame["observation_ids"].tolist() == ["C077;C078;C079", "C104", "B150"]


def test_dots_stand_at_the_gaps_and_their_shape_tells_the_unit() -> None:
    """Points are circles, units squares, explained ones hollow."""
    axes = axes_named(audit_findings(findings()), "findings")
    assert [x for x, _ in marks(axes, "gap points")] == [10.0, 0.8496]
    assert [x for x, _ in marks(axes, "gap units explained")] == [1.0]
    assert axes.get_xscale() == "log"
    assert axes.get_xlim() == (0.1, 10.0)


def test_each_finding_shows_place_rows_and_the_sum_in_the_readers_language() -> None:
    """Codes are said in words where given, else as they are."""
    words = words_of(
        audit_findings(findings(), lang="en", codes={"share": Words(vi="Tỷ lệ sai", en="Share is off")})
    )
    assert {"Share is off (2)", "sum count (1)", "Dĩ An, 2022 † (C077 C078 C079)"} <= set(words)
    assert {"29 + 99 + 13 = 141, not 142", "10 points", "0.85 points", "1 unit", "explained"} <= set(words)
    assert "Tỷ lệ sai (2)" in words_of(audit_findings(findings(), codes={"share": "Tỷ lệ sai"}))


def test_a_finding_says_what_its_figures_count() -> None:
    """Two numbers that disagree are of members admitted, a sum of categories of the ratings of cells."""
    rated = {"indicator": "org_quality_rating", "subject": "branch_cell"}
    admitted = findings().assign(indicator="members_admitted", place_vi="Dĩ An", code="share")
    assert "Kết nạp đảng viên – Dĩ An, 2011 (B150)" in words_of(audit_findings(admitted))
    ratings = findings().assign(**rated, place_vi="Dĩ An", code="share")
    assert "Xếp loại chi bộ trực thuộc đảng ủy cơ sở – Dĩ An, 2011 (B150)" in words_of(
        audit_findings(ratings)
    )


def test_on_a_phone_each_dot_stands_below_its_words() -> None:
    """The narrow layout has every word of the wide one, and axes as wide as what the gaps leave."""
    narrow = audit_findings(findings()).narrow()
    axes = axes_named(narrow, "findings")
    assert narrow.width == NARROW
    assert axes.get_position().width * NARROW > 2.5
    assert_text_fits(narrow)


def test_the_five_plain_columns_are_enough() -> None:
    """Without places, units and languages the ids and the message stand alone; a missing gap has no dot."""
    plain = findings()[["code", "observation_ids", "gap"]].assign(
        message="9 / 10", gap=[0.5, float("nan"), 0.0]
    )
    chart = audit_findings(plain)
    assert chart.frame["text"].tolist() == ["0,50 điểm", "0 điểm", "–"]
    assert [x for x, _ in marks(axes_named(chart, "findings"), "gap points")] == [0.5]
    assert "C104" in words_of(chart)
    nothing = audit_findings(plain.assign(gap=float("nan")))
    assert axes_named(nothing, "findings").get_xlim() == (1.0, 10.0)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_many_long_findings_fit(lang: str) -> None:
    """Long sums and places wrap; nothing overlaps or leaves the page."""
    many = pd.concat([findings().assign(code=f"code_{number}", gap=10.0**number) for number in range(-2, 3)])
    long = "22/41 = 53,66 %, in là khoảng 4,8 %; " * 4
    many = many.assign(
        message_vi=long, message_en=long, place_vi="Đảng bộ Khối các cơ quan và Doanh nghiệp " * 2
    )
    chart = audit_findings(many, lang=lang)
    assert len(chart.frame) == 15
    assert_text_fits(chart)


def test_alternative_text_names_the_widest_gap_in_shares_and_in_counts() -> None:
    """A listener hears how many there are, and where shares and counts are furthest off."""
    alt = audit_findings(findings(), lang="en").alt
    assert "3 findings. Widest gap in shares: Hoa Binh, 2021: 9/10 = 90 %, printed 80 %." in alt
    assert "Widest gap in counts: Dĩ An, 2022 †: 29 + 99 + 13 = 141, not 142." in alt


def test_no_findings_are_refused_and_frames_stay() -> None:
    """An empty picture is never drawn, and the caller's frame is not altered."""
    with pytest.raises(CbanalysisError, match="nothing to draw"):
        audit_findings(findings().head(0))
    rows = findings()
    audit_findings(rows)
    pd.testing.assert_frame_equal(rows, findings())
