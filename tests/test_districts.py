"""Places with and without their title: "thị xã Cửa Lò" is Cửa Lò, the town Kỳ Anh isn't the huyện Kỳ Anh."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.colors import to_hex

import plain_rows
from cbanalysis.common.language import speaking
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.load import load_observations
from cbanalysis.dataset.observations.places_and_years import areas, places
from cbanalysis.dataset.provinces.district_names import districts, one_name_each
from cbanalysis.display import notes
from cbanalysis.display.charts import heatmap, trend
from cbanalysis.display.charts.caption import coverage, not_comparable
from cbanalysis.display.charts.colour_classes import APART as APART_FIELD
from cbanalysis.display.words import labelled
from cbanalysis.display.words import left_out as left_out_words
from cbanalysis.statistics.audit import audit
from cbanalysis.statistics.rates import (
    borrow_base,
    change,
    districts_of_one,
    overview,
    together,
)
from cbanalysis.statistics.rates.choosing_and_ranking import one_each
from chart_checks import axes_named, fields_of

TOWN = {"geo_level": "district", "province": "Nghệ An", "area": "Cửa Lò"}
TITLED = TOWN | {"area": "thị xã Cửa Lò"}
OF_2012 = {"period_start": "2012", "period_end": "2012"}
OF_2015 = {"period_start": "2015", "period_end": "2015"}


@pytest.mark.parametrize(
    ("level", "printed", "names"),
    [
        ("district", ("huyện Tân Yên", "Tân Yên", "H. Tân Yên"), ("Tân Yên",) * 3),
        (
            "district",
            ("thị xã Cam Ranh", "TP. Cam Ranh", "Thành phố Cam Ranh", "TP.Cam Ranh"),
            ("Cam Ranh",) * 4,
        ),
        ("district", ("Quận 10", "quận 10"), ("10", "10")),
        ("district", ("huyện A", "thị xã A", "A"), ("huyện A", "thành phố A", "A")),
        ("district", ("huyện Cao Lãnh", "Cao Lãnh"), ("huyện Cao Lãnh", "Cao Lãnh")),
        ("district", ("thị xã Hồng Ngự", "TP Hồng Ngự"), ("thành phố Hồng Ngự",) * 2),
        ("district", ("xã A", "Quan Sơn", "Huyện"), ("xã A", "Quan Sơn", "Huyện")),
        ("commune", ("xã A (huyện B)", "A (B)", "A (huyện B)"), ("A (B)",) * 3),
        ("commune", ("xã A (B)", "thị trấn A (B)", "A (B)"), ("xã A (B)", "thị trấn A (B)", "A (B)")),
        ("commune", ("A (huyện Kỳ Anh)", "A (thị xã Kỳ Anh)"), ("A (huyện Kỳ Anh)", "A (thành phố Kỳ Anh)")),
        ("commune", ("thôn A, xã B", "xã B"), ("thôn A, xã B", "B")),
        (
            "district",
            ("Đảng bộ Khối B thành phố", "Đảng bộ Khối B", "Đảng ủy Khối B"),
            ("Đảng bộ Khối B",) * 3,
        ),
        (
            "district",
            ("Đảng bộ Công an tỉnh", "Đảng bộ Công an thành phố"),
            ("tỉnh Đảng bộ Công an", "thành phố Đảng bộ Công an"),
        ),
        ("region", ("huyện A", "A"), ("huyện A", "A")),
    ],
)
def test_a_title_is_no_part_of_a_name(level: str, printed: tuple[str, ...], names: tuple[str, ...]) -> None:
    """It goes where one title stands with a name, and stays where it tells two places of one name apart."""
    given = [(level, "P", one) for one in printed]
    assert tuple(one_name_each(given)[one] for one in given) == names


def test_only_places_of_one_province_and_level_are_one() -> None:
    """The city Vĩnh Long isn't the province; towns of one name in two provinces, or a commune, are others."""
    rows = plain_rows.rows(
        {"geo_level": "province", "province": "Vĩnh Long"},
        {"geo_level": "district", "province": "Vĩnh Long", "area": "TP Vĩnh Long"},
        {"geo_level": "district", "province": "Vĩnh Long", "area": "Vĩnh Long"},
        {"geo_level": "commune", "province": "Vĩnh Long", "area": "Vĩnh Long"},
        {"geo_level": "district", "province": "Trà Vinh", "area": "Vĩnh Long"},
    )
    assert places(rows).tolist() == [
        "province|Vĩnh Long|",
        "district|Vĩnh Long|Vĩnh Long",
        "district|Vĩnh Long|Vĩnh Long",
        "commune|Vĩnh Long|Vĩnh Long",
        "district|Trà Vinh|Vĩnh Long",
    ]
    assert areas(rows).tolist() == ["", "Vĩnh Long", "Vĩnh Long", "Vĩnh Long", "Vĩnh Long"]
    # a title that tells two apart in other rows tells them apart here
    other = plain_rows.rows({"geo_level": "district", "province": "Vĩnh Long", "area": "huyện Vĩnh Long"})
    assert places(rows[1:2], other).tolist() == ["district|Vĩnh Long|thành phố Vĩnh Long"]


def test_six_names_are_known_to_be_borne_twice_in_a_province() -> None:
    """The table of districts names a huyện and a town or city of one name, each in one province only."""
    twice = {"Cao Lãnh", "Hồng Ngự", "Kỳ Anh", "Long Mỹ", "Cai Lậy", "Duyên Hải"}
    bearers = [(row["name"], row["province"]) for row in districts()]
    assert {pair[0] for pair in bearers if bearers.count(pair) == 2} == twice
    assert len({pair for pair in bearers if pair[0] in twice}) == 6


def test_three_places_of_the_shipped_data_stand_under_two_names() -> None:
    """Two towns and one party body; all others keep the key that they had."""
    rows = load_observations()
    several = pd.DataFrame({"key": places(rows), "area": rows["area"]}).drop_duplicates()
    several = several.groupby("key")["area"].agg(sorted)
    assert sorted(several[several.str.len() > 1]) == [
        ["Bắc Kạn", "thành phố Bắc Kạn"],
        ["Cửa Lò", "thị xã Cửa Lò"],
        ["Đảng bộ Khối Cơ quan Dân Chính Đảng", "Đảng bộ Khối Cơ quan Dân Chính Đảng thành phố"],
    ]


def test_a_place_under_two_names_has_one_figure_and_one_change() -> None:
    """40 of 100 in 2012 and 70 of 100 in 2015 are 30 points more, whichever of them has the title."""
    rows = plain_rows.rated(
        TOWN | OF_2012 | {"count": 40, "base": 100}, TITLED | OF_2015 | {"count": 70, "base": 100}
    )
    assert one_each(rows)[["area", "beside"]].to_numpy().tolist() == [["thị xã Cửa Lò", "X1"]]
    assert change(rows, 2012, 2015)["difference"].round(9).tolist() == [30.0]
    found = overview(rows)
    assert (found.first, found.last, len(found.changed)) == (2012, 2015, 1)


def test_a_place_under_two_names_pairs_two_indicators_and_lends_its_base() -> None:
    """A share of "thị xã Cửa Lò" stands beside one of "Cửa Lò"; 5 of its 20 organisations are 25 %."""
    one = {"indicator": "village_own_cell", "subject": "village", "percent": 90.0}
    other = {"indicator": "village_head_secretary", "subject": "village", "percent": 50.0}
    pairs = together(plain_rows.rated(TOWN | one, TITLED | other), one["indicator"], other["indicator"])
    assert pairs[["rate_x", "rate_y", "missing"]].to_numpy().tolist() == [[90.0, 50.0, ""]]
    cells = {"subject": "grassroots_org"}
    borrowers = plain_rows.rated(TOWN | cells | {"count": 5})
    offers = plain_rows.rated(TITLED | cells | {"indicator": "org_count", "count": 20, "observation_id": "T"})
    assert borrow_base(borrowers, offers=offers)[["base", "base_from", "rate"]].to_numpy().tolist() == [
        [20, "T", 25.0]
    ]


def test_a_place_under_two_names_is_counted_once() -> None:
    """Two figures of one town: one district drawn, one place in the sentence, one district of a funnel."""
    rows = plain_rows.rated(
        TOWN | {"count": 40, "base": 100}, TITLED | {"count": 70, "base": 100},
        TOWN | {"area": "Vinh", "count": 1, "base": 10},
    )  # fmt: skip
    assert districts_of_one(rows)[0]["area"].tolist() == ["Cửa Lò", "Vinh"]
    with speaking("en"):
        assert coverage(rows) == "2 district units of Nghe An"
        assert "2 places" in str(notes.spread(rows, lang="en"))
        assert labelled(rows)["label"].str.contains("thị xã").sum() == 0
    assert not_comparable(rows[:1], rows[:2]).empty


def test_a_place_under_two_names_is_one_line_and_one_row() -> None:
    """A trend joins 2012 and 2013; a heatmap has one row, and in its field of 2012 what isn't comparable."""
    of_2013 = {"period_start": "2013", "period_end": "2013", "count": 70, "base": 100}
    two = plain_rows.rated(TITLED | OF_2012 | {"count": 40, "base": 100}, TOWN | of_2013)
    drawn = trend(two, lang="en")
    assert set(drawn.frame["label"]) == {"Cửa Lò (Nghe An)"}
    assert (
        len([one for axes in drawn.figure.axes for one in axes.lines if str(one.get_label())[:5] == "line "])
        == 1
    )
    rows = plain_rows.rated(
        TOWN | of_2013, TOWN | OF_2012 | {"area": "Vinh", "count": 1, "base": 2},
        TITLED | OF_2012 | {"percent": 9.0, "definition": "with_committee"},
    )  # fmt: skip
    shaded = heatmap(rows[:2], lang="en", published=rows)
    assert sorted(set(shaded.frame["label"])) == ["Cửa Lò (Nghe An)", "Vinh (Nghe An)"]
    fields = [colour for colour, _ in fields_of(axes_named(shaded, "matrix")).values()]
    assert fields.count(APART_FIELD) == 1
    assert APART_FIELD.lower() in [
        to_hex(one.get_facecolor()) for axes in shaded.axes for one in axes.patches
    ]
    with speaking("en"):
        (said,) = left_out_words(two.assign(reason="base_of"))
    assert said.count("Cửa Lò") == 1


def test_the_audit_compares_a_place_under_two_names() -> None:
    """Two documents give 40 and 70 for one town and year; of the two places named Kỳ Anh they may."""
    figure = {"indicator": "org_count", "subject": "grassroots_org"}
    rows = [
        TOWN | figure | {"count": 40, "source_id": "a"},
        TITLED | figure | {"count": 70, "source_id": "b"},
    ]
    assert "disagree" in audit(plain_rows.rows(*rows), catalogue=Catalogue.read())["code"].tolist()
    apart = [
        row | {"province": "Hà Tĩnh", "area": f"{kind} Kỳ Anh"}
        for row, kind in zip(rows, ("huyện", "thị xã"), strict=True)
    ]
    assert "disagree" not in audit(plain_rows.rows(*apart), catalogue=Catalogue.read())["code"].tolist()
