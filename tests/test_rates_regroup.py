"""Provinces of one time added up to those of another."""

import datetime as dt
from types import MappingProxyType

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbanalysis.common.errors import DataError, NotComparable, UnknownName
from cbanalysis.dataset.provinces import Gazetteer, Unit
from cbanalysis.statistics.rates import add_rates, missing_in_words, regroup
from plain_rows import rating, rows


@pytest.fixture(scope="module")
def gazetteer():
    """Return the gazetteer that ships with the package."""
    return Gazetteer.read()


BAC_GIANG = {
    "province": "Bắc Giang",
    "unit_id": "24-2004",
    "count": 4000,
    "base": 4175,
    "period_end": "2020",
    "period_start": "2020",
}
BAC_NINH = BAC_GIANG | {"province": "Bắc Ninh", "unit_id": "27-2004", "count": 1500, "base": 1600}


def only(frame, *columns):
    """Return the cells of the only row, empty ones as None."""
    assert len(frame) == 1
    return [None if pd.isna(one) else one for one in frame.iloc[0][list(columns)]]


def test_two_provinces_make_the_new_one(gazetteer):
    """4,000 of 4,175 and 1,500 of 1,600 are 5,500 of 5,775 in the new Bắc Ninh; the rate follows."""
    given_rows = add_rates(
        rows(BAC_GIANG, BAC_NINH | {"source_id": "seed-001", "province_basis": "inferred"})
    )
    new = regroup(given_rows, 34, gazetteer=gazetteer)
    assert only(new, "province", "unit_id", "count", "base", "missing", "boundary") == [
        "Bắc Ninh",
        "24-2025",
        5500,
        5775,
        "",
        "",
    ]
    assert only(new, "made_from", "observation_id", "source_id") == [
        "X1+X2",
        "X1+X2 (24-2025)",
        "seed-000+seed-001",
    ]
    assert only(new, "percent", "printed", "qualifier", "province_basis") == [None, "", "exact", "inferred"]
    assert "rate" not in new
    assert round(add_rates(new).loc[0, "rate"], 3) == round(100 * 5500 / 5775, 3)


LACKS = [
    ([BAC_GIANG], [None, None, "Bắc Ninh: row"]),
    ([BAC_GIANG, BAC_NINH | {"base": None}], [5500, None, "Bắc Ninh: base"]),
    ([BAC_GIANG, BAC_NINH | {"count": None}], [None, None, "Bắc Ninh: count"]),
    ([BAC_GIANG, BAC_NINH | {"count": None, "percent": 95.0}], [None, None, "Bắc Ninh: percent"]),
    ([BAC_GIANG, BAC_NINH | {"count_max": 1550, "qualifier": "range"}], [None, None, "Bắc Ninh: range"]),
    ([BAC_GIANG, BAC_NINH | {"period_start": "2021", "period_end": "2021"}], None),
    ([BAC_GIANG, BAC_NINH, BAC_NINH | {"count": 1501}], [None, None, "Bắc Ninh: figures"]),
    ([BAC_GIANG, BAC_NINH, BAC_NINH], [5500, 5775, ""]),
    ([BAC_GIANG | {"base": None}, BAC_NINH | {"base": None}], [5500, None, ""]),
]


@pytest.mark.parametrize(("parts", "expected"), LACKS)
def test_what_is_missing_is_named(gazetteer, parts, expected):
    """A part without its figure, count or base, with a range or two figures leaves the unit empty by name."""
    new = regroup(rows(*parts), 34, gazetteer=gazetteer)
    if expected is None:
        assert new["missing"].tolist() == ["Bắc Ninh: row", "Bắc Giang: row"]
        assert new["count"].isna().all()
    else:
        assert only(new, "count", "base", "missing") == expected


@pytest.mark.parametrize(
    "other",
    [
        {"subject": "cell"},
        {"definition": "joint_cell"},
        {"base_of": "strong"},
        {"category": "xã"},
        {"aggregation": "mean"},
        {"complement": True},
        {"period_end": "2020-06", "period_start": "2020-06"},
    ],
)
def test_only_like_is_added_to_like(gazetteer, other):
    """Another subject, definition, base, category, aggregation or period makes two incomplete rows."""
    new = regroup(rows(BAC_GIANG, BAC_NINH | other), 34, gazetteer=gazetteer)
    assert len(new) == 2
    assert new["count"].isna().all()


def test_the_same_class_in_two_spellings_is_added(gazetteer):
    """Ratings are added by their normalised category."""
    weak = rating("weak", period_start="2013", period_end="2013")
    parts = (weak | BAC_GIANG | {"category": "yếu kém"}, weak | BAC_NINH | {"category": "yếu, kém"})
    assert only(regroup(rows(*parts), 34, gazetteer=gazetteer), "count") == [5500]


def test_months_of_a_year_are_added_when_asked_for(gazetteer):
    """With same="year" March and June of 2020 are one year, and the sum says 2020."""
    march = BAC_GIANG | {"period_start": "2020-03", "period_end": "2020-03"}
    june = BAC_NINH | {"period_start": "2020-06", "period_end": "2020-06"}
    assert regroup(rows(march, june), 34, gazetteer=gazetteer)["count"].isna().all()
    new = regroup(rows(march, june), 34, gazetteer=gazetteer, same="year")
    assert only(new, "count", "period_start", "period_end") == [5500, "2020", "2020"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [(("exact", "about"), "about"), (("at_least", "exact"), "at_least"), (("at_least", "about"), "about")],
)
def test_the_loosest_part_decides_what_the_sum_is(gazetteer, words, expected):
    """A sum with an about is about, one with a floor is a floor."""
    parts = (BAC_GIANG | {"qualifier": words[0]}, BAC_NINH | {"qualifier": words[1]})
    assert only(regroup(rows(*parts), 34, gazetteer=gazetteer), "qualifier") == [expected]


def test_a_province_that_did_not_change_keeps_its_row(gazetteer):
    """Cao Bằng stays as it is, percentage and all; Thừa Thiên Huế only takes its new name and unit."""
    cao_bang = BAC_GIANG | {"province": "Cao Bằng", "unit_id": "04-2004", "percent": 95.8, "printed": "95,8%"}
    hue = {"province": "Thừa Thiên Huế", "unit_id": "46-2004", "percent": 50}
    new = regroup(rows(cao_bang, hue), 34, gazetteer=gazetteer)
    assert new["province"].tolist() == ["Cao Bằng", "Huế"]
    assert new["unit_id"].tolist()[1] == "46-202507"
    assert new["percent"].tolist() == [95.8, 50.0]
    assert new["printed"].tolist() == ["95,8%", ""]
    assert new["made_from"].tolist() == new["observation_id"].tolist() == ["X1", "X2"]
    assert new["missing"].tolist() == ["", ""]


HA_NOI = BAC_GIANG | {
    "province": "Hà Nội",
    "unit_id": "01-2004",
    "period_start": "2007",
    "period_end": "2007",
}
HA_TAY = HA_NOI | {"province": "Hà Tây", "unit_id": "28-2004", "count": 10, "base": 20}


def test_ha_noi_of_2008_says_which_land_the_sum_leaves_out(gazetteer):
    """Hà Nội and Hà Tây of 2007 don't hold Mê Linh and the four communes; Vĩnh Phúc of 2007 still does."""
    vinh_phuc = HA_NOI | {"province": "Vĩnh Phúc", "unit_id": "26-2004"}
    new = regroup(rows(HA_NOI, HA_TAY, vinh_phuc), 63, gazetteer=gazetteer)
    assert new["province"].tolist() == ["Hà Nội", "Vĩnh Phúc"]
    assert new["count"].tolist() == [4010, 4000]
    assert "Mê Linh" in new.loc[0, "boundary"]
    assert "Lương Sơn" in new.loc[0, "boundary"]
    assert "Mê Linh" in new.loc[1, "boundary"]
    assert "Lương Sơn" not in new.loc[1, "boundary"]
    again = regroup(new, 34, gazetteer=gazetteer)
    assert again.loc[again["province"] == "Hà Nội", "boundary"].tolist() == [new.loc[0, "boundary"]]
    later = vinh_phuc | {"period_start": "2010", "period_end": "2010"}
    assert regroup(rows(later), 63, gazetteer=gazetteer)["boundary"].tolist() == [""]
    assert "Mê Linh" in regroup(rows(later), 64, gazetteer=gazetteer).loc[0, "boundary"]


def test_one_figure_for_joined_land_is_never_divided(gazetteer):
    """Hà Nội of 2010 gives neither the old Hà Nội nor Hà Tây a figure, and both say so."""
    joined = HA_NOI | {"unit_id": "01-2008", "period_start": "2010", "period_end": "2010"}
    new = regroup(rows(joined), 64, gazetteer=gazetteer)
    assert new["province"].tolist() == ["Hà Nội", "Hà Tây"]
    assert new["count"].isna().all()
    assert new["missing"].tolist() == ["Hà Nội: divided"] * 2
    assert new["observation_id"].tolist() == ["X1 (01-2004)", "X1 (28-2004)"]


def test_land_that_two_rows_claim_is_not_added_twice(gazetteer):
    """Hà Nội with Hà Tây in it and Hà Tây once more can't be added."""
    both = (HA_NOI | {"unit_id": "01-2008"}, HA_TAY)
    assert only(regroup(rows(*both), 63, gazetteer=gazetteer), "count", "missing") == [
        None,
        "Hà Nội: overlap; Hà Tây: overlap",
    ]


def test_a_row_without_a_dated_unit_is_kept_and_says_so(gazetteer):
    """Where nobody knows which province of which time is meant, the row comes last as it was."""
    unknown = BAC_GIANG | {"unit_id": "", "period_start": "", "period_end": ""}
    new = regroup(rows(unknown, BAC_GIANG | {"period_start": "", "period_end": ""}), 63, gazetteer=gazetteer)
    assert new["missing"].tolist() == ["", "no dated unit"]
    assert new["made_from"].tolist() == ["X2", "X1"]
    assert new["count"].tolist() == [4000, 4000]
    assert missing_in_words("no dated unit", "en") == "not clear which province of which time"
    undated = regroup(rows(BAC_GIANG | {"period_start": "", "period_end": ""}), 34, gazetteer=gazetteer)
    assert undated["missing"].tolist() == ["Bắc Ninh: row"]


def test_percentages_districts_and_other_numbers_are_refused(gazetteer):
    """Averages of percentages, districts, numbers of provinces that never were, missing columns: refused."""
    given_rows = rows(BAC_GIANG, BAC_NINH)
    with pytest.raises(NotComparable, match="percent can't be added up") as caught:
        regroup(given_rows, 34, gazetteer=gazetteer, columns=("percent",))
    assert caught.value.rows == ("X1", "X2")
    district = rows(BAC_GIANG, BAC_NINH | {"geo_level": "district", "area": "Gia Bình"})
    with pytest.raises(NotComparable, match=r"whole provinces.*rows X2"):
        regroup(district, 34, gazetteer=gazetteer)
    with pytest.raises(UnknownName, match="known: 64, 63, 34"):
        regroup(given_rows, 61, gazetteer=gazetteer)
    with pytest.raises(DataError):
        regroup(given_rows.drop(columns="unit_id"), 34, gazetteer=gazetteer)


def test_only_counts_may_be_added_alone(gazetteer):
    """ReportRequest for counts only, the sum has no base."""
    new = regroup(rows(BAC_GIANG, BAC_NINH), 34, gazetteer=gazetteer, columns=("count",))
    assert only(new, "count", "base") == [5500, None]


def test_the_shipped_gazetteer_is_read_when_none_is_given():
    """Bắc Giang and Bắc Ninh make the new Bắc Ninh without further ado; types stay."""
    given_rows = rows(BAC_GIANG, BAC_NINH)
    new = regroup(given_rows, 34)
    assert new["count"].tolist() == [5500]
    assert new[given_rows.columns].dtypes.to_dict() == given_rows.dtypes.to_dict()
    assert list(regroup(given_rows.iloc[:0], 34)["missing"]) == []


def test_missing_is_said_in_both_languages():
    """Each code has its words; another language is refused."""
    missing = "Bắc Giang: base; Bắc Ninh: row; Hà Tây: percent"
    assert (
        missing_in_words(missing, "en")
        == "Bắc Giang: no base; Bắc Ninh: not among these rows; Hà Tây: only a percentage"
    )
    said = missing_in_words("Bà Rịa - Vũng Tàu: row")
    assert said == "Bà Rịa - Vũng Tàu: không có trong các số liệu đang xét"
    assert missing_in_words("") == ""
    with pytest.raises(UnknownName):
        missing_in_words(missing, "fr")


# Four provinces of 2004: A and B join in 2008, and C joins them in 2025; D stays alone.
STEPS = {
    "A": (dt.date(2004, 1, 1), dt.date(2008, 7, 31), "A"),
    "B": (dt.date(2004, 1, 1), dt.date(2008, 7, 31), "B"),
    "AB": (dt.date(2008, 8, 1), dt.date(2025, 6, 30), "AB"),
    "C": (dt.date(2004, 1, 1), dt.date(2025, 6, 30), "C"),
    "ABC": (dt.date(2025, 7, 1), None, "ABC"),
    "D": (dt.date(2004, 1, 1), None, "D"),
}
NESTED = Gazetteer(
    tuple(
        Unit(name, name, "", name, name, "tỉnh", "R", "R", since, until, "", (), tuple(land), ())
        for name, (since, until, land) in STEPS.items()
    ),
    MappingProxyType({}),
)
CELLS = st.fixed_dictionaries(
    {
        "unit_id": st.sampled_from("ABCD"),
        "count": st.none() | st.integers(0, 50),
        "base": st.none() | st.integers(50, 90),
        "period_end": st.sampled_from(["2005", "2006"]),
        "qualifier": st.sampled_from(["exact", "exact", "about", "at_least"]),
    }
)


@settings(max_examples=25, deadline=None)
@given(st.lists(CELLS, max_size=8))
def test_regrouping_in_two_steps_is_regrouping_in_one(cells):
    """64 to 63 to 34 gives the sums, qualifiers and gaps that 64 to 34 gives."""
    parts = [one | {"period_start": one["period_end"], "province": one["unit_id"]} for one in cells]
    observations = rows(*parts) if parts else rows({}).iloc[:0]
    at_once = regroup(observations, 34, gazetteer=NESTED)
    stepwise = regroup(regroup(observations, 63, gazetteer=NESTED), 34, gazetteer=NESTED)
    same = ["unit_id", "period_end", "count", "base"]
    order = ["unit_id", "period_end", "count", "base", "observation_id"]

    def tidy(frame):
        empty = frame["missing"] != ""
        frame = frame.assign(empty=empty, qualifier=frame["qualifier"].where(~empty, ""))
        return frame.sort_values(order)[[*same, "qualifier", "empty"]].reset_index(drop=True)

    pd.testing.assert_frame_equal(tidy(stepwise), tidy(at_once))


def test_a_gap_keeps_its_name_over_two_steps():
    """B's missing figure is named in AB and, with C there, still named in ABC."""
    parts = rows({"unit_id": "A", "count": 1, "base": 2}, {"unit_id": "C", "count": 3, "base": 4})
    parts = parts.assign(period_start="2005", period_end="2005")
    stepwise = regroup(regroup(parts, 63, gazetteer=NESTED), 34, gazetteer=NESTED)
    at_once = regroup(parts, 34, gazetteer=NESTED)
    assert stepwise["missing"].tolist() == at_once["missing"].tolist() == ["B: row"]
    assert stepwise["made_from"].tolist() == at_once["made_from"].tolist() == ["X1+X2"]


def test_half_a_year_is_never_added_to_a_year(gazetteer):
    """Members admitted in half a year and in a year make two incomplete sums, also with same="year"."""
    flow = {"indicator": "members_admitted", "subject": "member", "base": None}
    half = BAC_GIANG | flow | {"period_start": "2020-01", "period_end": "2020-06"}
    new = regroup(rows(half, BAC_NINH | flow), 34, gazetteer=gazetteer, same="year")
    assert new["count"].isna().tolist() == [True, True]
    assert regroup(rows(half, half | {"unit_id": "27-2004"}), 34, same="year")["count"].tolist() == [8000]


def test_what_is_said_of_a_part_is_not_said_of_the_sum(gazetteer):
    """A value, or a reader's own column, is kept only where nothing was merged or all parts say the same."""
    parts = [
        BAC_GIANG | {"value": 12.5, "count": None, "base": None, "mine": 1, "alike": "x"},
        BAC_NINH | {"value": 3.0, "count": None, "base": None, "mine": 2, "alike": "x"},
    ]
    new = regroup(rows(*parts), 34, gazetteer=gazetteer)
    assert only(new, "count", "value", "mine", "alike") == [None, None, None, "x"]
    assert new["missing"].tolist() == ["Bắc Giang: value; Bắc Ninh: value"]
    assert only(regroup(rows(parts[0]), 34), "value", "mine") == [None, None]
    assert only(regroup(rows(parts[0]), 63), "value", "mine") == [12.5, 1]


def test_a_sum_with_a_part_dated_by_publication_is_so_itself(gazetteer):
    """One part whose period was taken from the day of its document is enough for the mark."""
    new = regroup(rows(BAC_GIANG, BAC_NINH | {"period_basis": "publication"}), 34, gazetteer=gazetteer)
    assert new["period_basis"].tolist() == ["publication"]
