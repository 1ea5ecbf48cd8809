"""The rules of the audit, each both ways: a sum that fails is found, one that holds within rounding isn't."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import plain_rows
from cbanalysis.dataset.catalogue import Catalogue, Words
from cbanalysis.statistics.audit import COLUMNS, audit, touching
from cbanalysis.statistics.audit.checks_of_one_figure import bases_of
from cbanalysis.statistics.audit.findings import Finding
from cbanalysis.statistics.audit.grouped_rows import Row, rows_of
from cbanalysis.statistics.audit.joined_findings import joined
from cbanalysis.statistics.audit.rounding import (
    fits,
    is_cut,
    printed_span,
    say_percent,
    whole_counts,
)

CATALOGUE = Catalogue.read()

PLAIN: dict[str, Any] = {
    "indicator": "village_own_cell",
    "subject": "village",
    "province": "Kon Tum",
    "period_start": "2016",
    "period_end": "2016",
    "source_id": "page",
}
RATING = {
    "indicator": "org_quality_rating",
    "subject": "grassroots_org",
    "scheme": "org_2018",
    "category_kind": "exclusive",
}
TOTAL = {"indicator": "org_count", "subject": "grassroots_org"}


def rows(*records: dict[str, Any], **shared: Any) -> pd.DataFrame:
    """Return observations: what a test doesn't name is as in PLAIN; ids are a, b, c; shared cells win."""
    ids = ({"observation_id": letter} for letter in "abcdefghij")
    return plain_rows.rows(
        *(PLAIN | one | record | shared for one, record in zip(ids, records, strict=False))
    )


def rated(**figures: Any) -> list[dict[str, Any]]:
    """Return one rating a category: a number is its count, a tuple count, base, percent."""
    records = []
    for category, figure in figures.items():
        count, base, percent = (
            (*figure, None, None)[:3] if isinstance(figure, tuple) else (figure, None, None)
        )
        records.append(RATING | {"category_id": category, "count": count, "base": base, "percent": percent})
    return records


def shares(**percents: float) -> list[dict[str, Any]]:
    """Return one rating a category with its percentage only."""
    return [RATING | {"category_id": category, "percent": percent} for category, percent in percents.items()]


def found(observations: pd.DataFrame) -> list[tuple[str, str]]:
    """Return code and rows of each finding, heaviest first."""
    findings = audit(observations, catalogue=CATALOGUE)
    return list(zip(findings["code"], findings["observation_ids"], strict=True))


def only(observations: pd.DataFrame) -> pd.Series:
    """Return the one finding there has to be."""
    findings = audit(observations, catalogue=CATALOGUE)
    assert len(findings) == 1, findings[["code", "observation_ids", "message_en"]]
    return findings.iloc[0]


# -------------------------------------------------------------------------------- share and its bounds


def test_a_share_that_its_count_and_base_dont_give_is_found() -> None:
    """9 of 10 printed as 80% is 10 points off, and the message shows the sum in both languages."""
    finding = only(rows({"count": 9, "base": 10, "percent": 80.0}))
    assert (finding["code"], finding["observation_ids"], finding["gap"], finding["weight"]) == (
        "share",
        "a",
        10,
        10,
    )
    assert finding["message_en"] == "9/10 = 90.00%, printed 80%"
    assert finding["message_vi"] == "9/10 = 90,00%, nhưng nguồn ghi 80%"


@pytest.mark.parametrize(
    ("count", "base", "percent", "holds"),
    [
        (62, 124, 50.0, True),
        (4000, 4175, 95.8, True),
        (78, 92, 84.7, True),  # 84.78, cut
        (78, 92, 84.8, True),  # 84.78, rounded
        (7, 32, 21.87, True),  # 21.875, a tie rounded down
        (7, 32, 21.88, True),  # and up
        (1, 32, 3.13, True),
        (37, 38, 97.0, True),  # 97.37
        (37, 38, 98.0, False),
        (15, 41, 36.7, False),  # 36.585
        (6240, 6517, 94.9, False),
        (199, 200, 99.0, True),  # 99.5 cut
        (199, 200, 100.0, True),  # 99.5 rounded
        (92, 100, 91.0, False),  # a cut of 92 is 92
        (0, 5, 0.0, True),
    ],
)
def test_a_share_may_be_rounded_or_cut_and_nothing_else(
    count: int, base: int, percent: float, *, holds: bool
) -> None:
    """Half a unit up or down, or cut after the last printed place, is how sources print."""
    codes = [code for code, _ in found(rows({"count": count, "base": base, "percent": percent}))]
    assert codes == ([] if holds else ["share"])


@pytest.mark.parametrize(
    ("qualifier", "percent", "holds"),
    [
        ("about", 59.0, True),
        ("about", 54.0, True),
        ("about", 53.0, False),
        ("at_least", 58.0, True),
        ("at_least", 59.0, True),
        ("at_least", 60.0, False),
    ],
)
def test_a_qualified_share_is_judged_by_its_word(qualifier: str, percent: float, *, holds: bool) -> None:
    """24 of 41 is 58.5%: "about" leaves five units of the last place, "at least" has no upper end."""
    frame = rows({"count": 24, "base": 41, "percent": percent, "qualifier": qualifier})
    assert [code for code, _ in found(frame)] == ([] if holds else ["share"])


def test_a_range_holds_what_lies_in_it() -> None:
    """5 of 10 lies in 40-60%, 7 of 10 doesn't."""
    inside = {"count": 5, "base": 10, "percent": 40.0, "percent_max": 60.0, "qualifier": "range"}
    assert found(rows(inside)) == []
    assert found(rows(inside | {"count": 2, "count_max": 6})) == []  # which of 2 to 6 isn't said
    finding = only(rows(inside | {"count": 7}))
    assert finding["message_en"] == "7/10 = 70.00%, printed 40–60%"


def test_trailing_zeros_count_as_printed() -> None:
    """6,70% is precise to two decimals: by its print, or by the column that load adds."""
    record = {"count": 67, "base": 1003, "percent": 6.7}  # 6.6799
    assert found(rows(record)) == []
    assert found(rows(record | {"printed": "67; 6,70%"})) == [("share", "a")]
    assert found(rows(record | {"decimals": 2})) == [("share", "a")]
    assert found(rows(record | {"printed": "67; 6,70%", "decimals": 1})) == []


def test_a_count_above_its_base_is_found() -> None:
    """22 of 20 can't be."""
    finding = only(rows({"count": 22, "base": 20}))
    assert (finding["code"], finding["gap"], finding["gap_unit"], finding["weight"]) == (
        "count_above_base",
        2,
        "units",
        10,
    )
    assert found(rows({"count": 20, "base": 20})) == []
    assert found(rows(*rated(excellent=(22, 20)))) == [("count_above_base", "a")]


def test_a_share_above_100_is_found() -> None:
    """101.6% is above 100, 100% isn't; the upper end of a range counts too."""
    finding = only(rows({"count": 12256, "percent": 101.6}))
    assert (finding["code"], finding["gap"]) == ("above_100", 1.6)
    assert found(rows({"percent": 100.0})) == []
    assert found(rows({"percent": 90.0, "percent_max": 110.0, "qualifier": "range"})) == [("above_100", "a")]


# ------------------------------------------------------------------------------------- totals and GRIM


def test_a_share_is_checked_against_a_total_that_stands_in_another_row() -> None:
    """439 is 61.92% of the 709 organisations counted, not 62.62%, which needs 701."""
    finding = only(rows(*rated(excellent=(439, None, 62.62)), TOTAL | {"count": 709}))
    assert (finding["code"], finding["observation_ids"], finding["gap"]) == ("share_total", "a;b", 0.7018)
    assert finding["message_en"] == "439/709 = 61.92%, printed 62.62% (that fits a base of 701)"
    assert finding["message_vi"] == "439/709 = 61,92%, nhưng nguồn ghi 62,62% (khớp với mẫu số 701)"


def test_bases_are_named_only_where_few_fit() -> None:
    """5 printed as 0% needs a base of 501 at least, so no base is named; 439 as 62% fits a dozen."""
    zero = rows(*rated(excellent=(5, None, 0.0)), TOTAL | {"count": 10})
    assert only(zero)["message_en"] == "5/10 = 50.00%, printed 0%"
    dozen = rows(*rated(excellent=(439, None, 62.0)), TOTAL | {"count": 1000})
    assert only(dozen)["message_en"] == "439/1,000 = 43.90%, printed 62%"


@pytest.mark.parametrize(
    "total",
    [
        {"count": 701},
        {"count": 709, "period_end": "2017"},
        {"count": 709, "province": "Gia Lai"},
        {"count": 709, "subject": "member"},
        {"count": 709, "qualifier": "about"},
        {"count": 709, "category": "xã"},
        {"count": 709, "definition": "held_congress"},
    ],
)
def test_a_total_that_fits_or_counts_something_else_raises_nothing(total: dict[str, Any]) -> None:
    """Only an exact total of all, of the same place, period and subject, speaks against a share."""
    assert found(rows(*rated(excellent=(439, None, 62.62)), TOTAL | total)) == []


def test_a_total_of_the_same_document_goes_before_another() -> None:
    """The 709 of the page itself speak against 62.62%; another page's total does only without them."""
    first, other = rated(excellent=(439, None, 62.62))[0], TOTAL | {"source_id": "other"}
    own = TOTAL | {"count": 709}
    finding = only(rows(first, own, other | {"count": 701}))  # 701 in the place of 709 explains both
    assert finding["message_en"] == (
        "709 (page) against 701 (other); so this fails, too: 439/709 = 61.92%, printed 62.62%"
        " (that fits a base of 701)"
    )
    assert found(rows(first, other | {"count": 709})) == [("share_total", "a;b")]
    assert found(rows(first, other | {"count": 701})) == []


def test_a_count_above_the_total_is_a_part_above_its_whole() -> None:
    """439 excellent ones of 400 organisations are too many; no share of 400 is worked out from them."""
    first, total = rated(excellent=(439, None, 62.62))[0], TOTAL | {"count": 400}
    assert found(rows(first, total)) == [("part_above_whole", "a;b")]
    assert found(rows(first | {"percent": None}, total)) == [("part_above_whole", "a;b")]
    assert found(rows(first | {"percent": None}, total | {"count": 439})) == []
    assert found(rows(first | {"percent": None, "base": 439}, total)) == []


def test_the_number_rated_goes_before_the_number_of_all() -> None:
    """62.62% of 701 rated fits, though 709 there are; the other way round it is a finding."""
    first = rated(excellent=(439, None, 62.62))[0]
    everyone, judged = TOTAL | {"count": 709}, TOTAL | {"count": 701, "definition": "rated"}
    assert found(rows(first, everyone, judged)) == []
    swapped = (everyone | {"count": 701}, judged | {"count": 695})
    assert found(rows(first, *swapped)) == [("share_total", "a;c")]
    assert found(rows(first | {"base_of": "all"}, *swapped)) == []


def test_all_members_are_no_base_of_a_members_rating() -> None:
    """Exempt members aren't rated, so a share of the rated needn't fit the number of all members."""
    first = rated(excellent=(439, None, 62.62))[0] | {"subject": "member", "scheme": "member_2018"}
    total = TOTAL | {"subject": "member", "count": 709}
    assert found(rows(first, total)) == []
    assert found(rows(first, total | {"definition": "rated"})) == [("share_total", "a;b")]


def test_a_share_of_a_category_is_checked_against_its_count() -> None:
    """107 as 24.37% of the strong ones needs 439 of them; so does a declared variant of the same share."""
    strong, part = (
        RATING | {"scheme": "org_2007", "category_id": "strong", "count": 440},
        RATING
        | {"scheme": "org_2007", "category_id": "exemplary", "category_kind": "part", "base_of": "strong"},
    )
    assert found(rows(strong, part | {"count": 107, "percent": 24.37})) == [("share_total", "a;b")]
    assert found(rows(strong | {"count": 439}, part | {"count": 107, "percent": 24.37})) == []


def test_a_share_of_something_not_said_is_no_sum_that_fails():
    """1,132 as 66.2% fits neither the 1,718 villages nor the 1,702 with a cell; of what, nobody says."""
    villages = {"count": 1702, "base": 1718}
    cells = {"subject": "cell", "definition": "with_committee", "count": 1132, "percent": 66.2}
    assert found(rows(villages, cells | {"base_of": "unclear"})) == []
    classes = rated(excellent=(15, None, 21.0), good=(55, None, 90.0))
    assert ("grim", "a;b") in found(rows(*classes))
    assert ("grim", "a;b") not in found(rows(*classes, base_of="unclear"))


def test_a_cut_digit_is_no_contradiction_among_rounded_ones():
    """Of 101: 60 are 59.41, 50 are 49.50, 32 are 31.68, 63 are 62.38, and 25 are 24.75, cut to 24.7."""
    printed = {60: 59.4, 50: 49.5, 32: 31.7, 25: 24.7, 63: 62.4}
    parts = [
        {"indicator": "members_admitted", "subject": "member", "category": f"{count}"}
        | {"count": count, "percent": percent}
        for count, percent in printed.items()
    ]
    assert found(rows(*parts)) == []
    assert found(rows(*parts[:-1], parts[-1] | {"percent": 61.4})) == [("grim", "a;b;c;d;e")]


def test_the_total_of_another_document_is_a_base_of_parts_of_a_year():
    """101 were admitted, says another page: 60 as 59.4% fits, as 58.4% not; an open year is its own."""
    whole = {"indicator": "members_admitted", "subject": "member", "count": 101, "source_id": "other"}
    women = whole | {"category": "nữ", "count": 60, "percent": 59.4, "source_id": "page"}
    assert found(rows(whole, women)) == []
    finding = only(rows(whole, women | {"percent": 58.4}))
    assert (finding["code"], finding["observation_ids"]) == ("share_total", "a;b")
    assert finding["message_en"] == "60/101 = 59.41%, printed 58.4%; no base gives this share"
    open_year = {"definition": "part_of_year"}
    assert [code for code, _ in found(rows(whole | open_year, women | open_year | {"percent": 50.0}))] == []


def test_counts_and_shares_that_no_base_gives_together_are_found_at_the_nearest_base():
    """2,020 as 92.34 and 249 as 11.34% fit no base; 2,188 leaves 0.02 and 0.04, less than any other."""
    members = {"subject": "member", "scheme": "member_2018"}
    figures = rated(good_or_better=(2020, None, 92.34), excellent=(249, None, 11.34))
    figures[0]["category_kind"] = "cumulative"
    finding = only(rows(*(one | members for one in figures)))
    assert (finding["code"], finding["observation_ids"], finding["gap"]) == ("grim", "a;b", 0.0403)
    assert finding["message_en"] == (
        "2,020/2,188 = 92.32%, printed 92.34%; 249/2,188 = 11.38%, printed 11.34%;"
        " no base gives these shares, 2,188 comes nearest"
    )
    assert finding["message_vi"].endswith(
        "; không mẫu số nào cho ra các tỷ lệ này, mẫu số cho kết quả gần nhất là 2.188"
    )
    fitting = rated(excellent=(15, None, 21.0), good=(55, None, 76.3), fulfilled=(2, None, 2.7))
    assert found(rows(*fitting)) == []  # of 72: 20.83 rounded, 76.39 and 2.78 cut


def test_a_share_that_fits_only_if_cut_is_told_so():
    """Of 30, 20 are 66.67, printed 66.6; 439 of 701 are 62.62, 217 are 30.956, printed 30.95."""
    finding = only(rows(*rated(good=(20, None, 66.6), fulfilled=(9, None, 31.0))))
    assert finding["message_en"] == (
        "20/30 = 66.67%, printed 66.6% (cut, not rounded); 9/30 = 30.00%, printed 31%;"
        " no base gives these shares, 30 comes nearest"
    )
    classes = rated(excellent=(439, None, 62.62), good=(217, None, 30.95))
    finding = only(rows(*classes, TOTAL | {"count": 709}))
    assert finding["message_en"].endswith("; a base of 701 fits all; 30.95% cut there, not rounded")
    assert finding["message_vi"].endswith(
        "; mẫu số 701 khớp với tất cả các tỷ lệ; khi đó 30,95% là số bị cắt bớt chữ số, "
        "không phải số làm tròn"
    )


def test_the_whole_holds_at_least_the_exclusive_counts() -> None:
    """40 as 50% and 41 as 51% would fit a base of 80, but 81 were counted."""
    assert found(rows(*rated(excellent=(40, None, 50.0), good=(41, None, 51.0)))) == [("grim", "a;b")]
    assert found(rows(*rated(excellent=(40, None, 49.0), good=(41, None, 51.0)))) == []


def test_a_share_that_no_whole_count_of_its_base_gives_is_found() -> None:
    """50% of 7 is no whole count, 43% of 7 is 3 of 7."""
    finding = only(rows({"base": 7, "percent": 50.0}))
    assert (finding["code"], finding["weight"]) == ("grim", 7.1429)
    assert finding["message_en"] == "printed 50%, which no whole count of 7 gives (nearest: 4/7 = 57.1%)"
    assert found(rows({"base": 7, "percent": 43.0})) == []
    assert found(rows({"base": 7, "percent": 42.0})) == []  # 42.86 cut
    assert found(rows({"base": 7, "percent": 50.0, "aggregation": "mean"})) == []
    assert found(rows({"base": 7, "percent": 50.0, "qualifier": "about"})) == []


def test_shares_without_counts_are_checked_against_a_known_total() -> None:
    """30.96, 6.13 and 0.29% fit no whole counts of 709, but of 701."""
    classes = shares(good=30.96, fulfilled=6.13, failed=0.29)
    assert found(rows(*classes, TOTAL | {"count": 709})) == [("grim", "a;b;c;d")]
    assert found(rows(*classes, TOTAL | {"count": 701})) == []
    beside = rated(excellent=(439, 709))
    assert found(rows(*classes, *beside)) == [("grim", "a;b;c;d")]


# ------------------------------------------------------------------------------------------------ sums


def test_exclusive_shares_that_dont_make_100_are_found() -> None:
    """The country's four classes of 2010 add to 91.55%; the message shows them best first."""
    classes = shares(weak=0.41, strong=69.98, good=16.5, fulfilled=4.66)
    finding = only(rows(*classes, scheme="org_2007"))
    assert (finding["code"], finding["gap"], finding["weight"]) == ("sum_percent", 8.45, 7.605)
    assert finding["message_en"] == "69.98 + 16.5 + 4.66 + 0.41 = 91.55%, not 100%"
    assert finding["message_vi"] == "69,98 + 16,5 + 4,66 + 0,41 = 91,55%, không phải 100%"


@pytest.mark.parametrize(
    ("percents", "holds"),
    [
        ({"excellent": 13.0, "good": 80.42, "fulfilled": 5.84, "failed": 0.73}, True),  # 99.99
        ({"excellent": 33.3, "good": 33.3, "fulfilled": 33.3, "failed": 0.0}, True),  # 99.9
        ({"excellent": 33.3, "good": 33.3, "fulfilled": 33.1, "failed": 0.0}, True),  # 99.7: four shares cut
        ({"excellent": 33.2, "good": 33.2, "fulfilled": 33.1, "failed": 0.0}, False),  # 99.5
        ({"excellent": 33.4, "good": 33.4, "fulfilled": 33.4, "failed": 0.0}, True),  # 100.2: each rounded up
        ({"excellent": 33.5, "good": 33.4, "fulfilled": 33.4, "failed": 0.0}, False),  # 100.3
        ({"excellent": 60.0, "good": 20.0, "fulfilled": 10.0}, True),  # failed isn't printed
        ({"excellent": 60.0, "good": 45.0}, False),  # too much already
        ({"good_or_better": 90.0, "fulfilled": 9.0, "failed": 1.0}, True),
        ({"good_or_better": 90.0, "fulfilled": 5.0, "failed": 1.0}, False),
        ({"good_or_better": 90.0, "excellent": 20.0, "good": 70.0, "fulfilled": 9.0, "failed": 1.0}, True),
    ],
)
def test_shares_add_to_100_within_rounding_where_all_classes_are_there(
    percents: dict[str, float], *, holds: bool
) -> None:
    """Each share may be rounded or cut; a set that lacks a class is found only above 100."""
    kinds = [
        {"category_kind": "cumulative" if name == "good_or_better" else "exclusive"} for name in percents
    ]
    classes = [one | kind for one, kind in zip(shares(**percents), kinds, strict=True)]
    assert [code for code, _ in found(rows(*classes, decimals=1))] == ([] if holds else ["sum_percent"])


def test_a_share_of_all_leaves_room_for_those_not_rated() -> None:
    """Classes that are shares of all members may add to less than 100, not to more."""
    classes = shares(excellent=10.0, good=56.51, fulfilled=25.78, failed=0.89)
    assert found(rows(*classes, base_of="all")) == []
    twice = rows(*classes, *shares(good=66.0), base_of="all")
    assert found(twice) == [("disagree", "b;e")]
    over = rows(*shares(excellent=50.0, good=56.51), *shares(good=30.0))
    assert found(over) == [("disagree", "b;c")]  # which of the two belongs to the sum isn't known
    assert [code for code, _ in found(rows(*shares(excellent=50.0, good=56.51), base_of="all"))] == [
        "sum_percent"
    ]


def test_a_category_that_others_make_up_is_their_sum() -> None:
    """Excellent and good make "good or better": 20 + 60 isn't 90%, 10 + 30 isn't 50 of 60."""
    together = {"category_id": "good_or_better", "category_kind": "cumulative"}
    percents = rows(*shares(excellent=20.0, good=60.0), RATING | together | {"percent": 90.0})
    assert [(code, ids) for code, ids in found(percents)] == [("sum_percent", "a;b;c")]
    assert audit(percents, catalogue=CATALOGUE)["message_en"][0] == "20 + 60 = 80%, not 90%"
    counts = rows(*rated(excellent=10, good=30), RATING | together | {"count": 50})
    assert found(counts) == [("sum_count", "a;b;c")]
    assert found(rows(*rated(excellent=10, good=30), RATING | together | {"count": 40})) == []


def test_exemplary_beside_strong_only_makes_strong() -> None:
    """15 exemplary + 53 others = 68 strong; with all four classes the 117 rated are complete."""
    classes = rated(
        exemplary=(15, 117), strong_only=(53, 117), good=(39, 117), fulfilled=(9, 117), weak=(1, 117)
    )
    assert found(rows(*classes, scheme="org_2007")) == []
    off = [*classes[:-1], classes[-1] | {"count": 2}]
    assert found(rows(*off, scheme="org_2007")) == [("sum_count", "a;b;c;d;e")]
    strong = rated(strong=(67, 117))
    finding = only(rows(*classes, *strong, scheme="org_2007"))
    assert (finding["finding_id"], finding["observation_ids"]) == ("sum_count:a+b+f", "a;b;f;c;d;e")
    assert finding["message_en"] == "15 + 53 = 68, not 67; so this fails, too: 67 + 39 + 9 + 1 = 116, not 117"


def test_counts_that_dont_make_their_base_are_found() -> None:
    """24 + 15 + 22 is above 41 at once; four classes that fall short of their base are found too."""
    assert found(rows(*rated(excellent=(24, 41), good=(15, 41), fulfilled=(22, 41)))) == [
        ("sum_count", "a;b;c")
    ]
    assert found(rows(*rated(excellent=(24, 41), good=(15, 41), fulfilled=(2, 41)))) == []
    short = rows(*rated(excellent=(24, 41), good=(14, 41), fulfilled=(2, 41), failed=(0, 41)))
    finding = only(short)
    assert finding["message_vi"] == "24 + 14 + 2 + 0 = 40, không phải 41"
    assert (finding["gap"], finding["gap_unit"], finding["weight"]) == (1, "units", 2.1951)


def test_what_is_left_when_only_the_lowest_class_is_missing_is_named() -> None:
    """29 + 99 + 13 is one short of 142 and "not fulfilled" isn't printed: found at half the certainty."""
    finding = only(rows(*rated(excellent=(29, 142), good=(99, 142), fulfilled=(13, 142))))
    assert (finding["code"], finding["gap"], finding["weight"]) == ("sum_count", 1, 0.3521)
    assert finding["message_en"].startswith("29 + 99 + 13 = 141, not 142; 1 not accounted for")
    assert finding["message_vi"].startswith(
        "29 + 99 + 13 = 141, không phải 142; còn 1 trường hợp chưa rõ thuộc mức nào"
    )


def test_counts_that_lack_another_class_raise_nothing() -> None:
    """18 + 19 + 0 of 38 without "fulfilled", and 54 + 157 of 233 without the two lowest, are no sums."""
    assert found(rows(*rated(excellent=(18, 38), good=(19, 38), failed=(0, 38)))) == []
    assert found(rows(*rated(excellent=(54, 233), good=(157, 233)))) == []
    assert found(rows(*rated(excellent=(54, 233)))) == []


def test_counts_without_a_base_are_summed_against_the_number_of_the_same_document() -> None:
    """51 + 5 + 0 + 0 = 56 closes; against 57 it doesn't; the number of another document isn't used."""
    classes = rated(excellent=51, good=5, fulfilled=0, failed=0)
    assert found(rows(*classes, TOTAL | {"count": 56})) == []
    assert found(rows(*classes, TOTAL | {"count": 57})) == [("sum_count", "a;b;c;d;e")]
    assert found(rows(*classes, TOTAL | {"count": 57, "source_id": "other page"})) == []


def test_shares_of_all_are_summed_against_the_number_rated() -> None:
    """304 + 228 + 11 + 0 are the 543 rated of 545; without that number a deficit says nothing."""
    classes = rated(excellent=(304, 545), good=(228, 545), fulfilled=(11, 545), failed=(0, 545))
    judged = TOTAL | {"count": 543, "definition": "rated", "base_of": ""}
    assert found(rows(*(one | {"base_of": "all"} for one in classes), judged)) == []
    assert found(rows(*(one | {"base_of": "all"} for one in classes), judged | {"count": 544})) == [
        ("sum_count", "a;b;c;d;e")
    ]
    assert found(rows(*classes, base_of="all")) == []


def test_an_about_count_leaves_room_for_its_last_digit() -> None:
    """Nearly 120 + 451 + 27 + 0 may be 598 or 590, not 570; beside a share "about" speaks of the share."""
    classes = rated(excellent=(120, 598), good=(451, 598), fulfilled=(27, 598), failed=(0, 598))
    about = [classes[0] | {"qualifier": "about"}, *classes[1:]]
    assert found(rows(*about)) == []
    assert found(rows(*(one | {"base": 590} for one in about))) == []
    assert [code for code, _ in found(rows(*(one | {"base": 570} for one in about)))] == ["sum_count"]
    with_share = [about[0] | {"percent": 20.0, "base": 590}, *(one | {"base": 590} for one in about[1:])]
    assert [code for code, _ in found(rows(*with_share))] == ["sum_count"]


def test_kinds_that_leave_nothing_out_add_to_the_whole() -> None:
    """49 communes, 10 wards and 5 townships are 64; the two kinds of grassroots organisation likewise."""
    kinds = [
        TOTAL | {"subject": "commune", "category": name, "count": count}
        for name, count in (("", 64), ("xã", 49), ("phường", 10), ("thị trấn", 5))
    ]
    assert found(rows(*kinds)) == []
    assert found(rows(kinds[0] | {"count": 65}, *kinds[1:])) == [("sum_count", "a;b;c;d")]
    assert found(rows(kinds[0] | {"count": 65}, *kinds[1:-1])) == []
    assert found(rows(*kinds[1:])) == []
    two = [
        TOTAL | {"subject": "commune", "category": name, "count": count}
        for name, count in (("", 127), ("đảng bộ cơ sở", 124), ("chi bộ cơ sở", 4))
    ]
    assert found(rows(*two)) == [("sum_count", "a;b;c")]


def test_kinds_that_stand_in_the_definition_add_up_in_counts_and_bases() -> None:
    """159 of 1,447 are 85 of 779 committees and 74 of 668 cells; a base that is off is found as well."""
    congress = {"indicator": "congress_done", "subject": "grassroots_org"}
    all_three = [
        congress | {"count": 159, "base": 1447},
        congress | {"count": 85, "base": 779, "definition": "committees_only"},
        congress | {"count": 74, "base": 668, "definition": "base_cells_only"},
    ]
    assert found(rows(*all_three)) == []
    finding = only(rows(*all_three[:2], all_three[2] | {"base": 669}))
    assert finding["message_en"] == "779 + 669 = 1,448, not 1,447"


# ------------------------------------------------------------------------------------ parts and wholes


def test_a_category_above_the_one_it_lies_in_is_found() -> None:
    """12 exemplary ones among 11 strong ones can't be, in counts and in shares of one base."""
    pair = rated(strong=11, exemplary=12)
    pair[1]["category_kind"] = "part"
    assert found(rows(*pair, scheme="org_2007")) == [("part_above_whole", "a;b")]
    assert found(rows(pair[0] | {"count": 12}, pair[1], scheme="org_2007")) == []
    percents = [pair[0] | {"count": None, "percent": 20.0}, pair[1] | {"count": None, "percent": 24.0}]
    finding = only(rows(*percents, scheme="org_2007"))
    assert (finding["code"], finding["gap"]) == ("part_above_whole", 4)
    assert found(rows(percents[0], percents[1] | {"base_of": "strong"}, scheme="org_2007")) == []
    assert found(rows(percents[0], percents[1] | {"percent": 20.4}, scheme="org_2007")) == []


def test_a_kind_or_the_rated_above_all_of_them_is_found() -> None:
    """More towns than committees in all, more rated than there are."""
    whole = TOTAL | {"count": 15}
    assert found(rows(whole, TOTAL | {"count": 10, "category": "huyện"})) == []
    assert found(rows(whole, TOTAL | {"count": 16, "category": "huyện"})) == [("part_above_whole", "a;b")]
    assert found(rows(whole, TOTAL | {"count": 16, "definition": "rated"})) == [("part_above_whole", "a;b")]
    assert found(rows(whole, TOTAL | {"count": 15, "definition": "rated"})) == []
    pair = rated(strong=(115, None), exemplary=(120, None))
    pair[1]["category_kind"] = "part"
    assert found(rows(*pair, scheme="org_2007")) == [("part_above_whole", "a;b")]
    assert found(rows(pair[0], pair[1] | {"qualifier": "about"}, scheme="org_2007")) == []


def test_districts_above_their_province_are_found() -> None:
    """Two districts with 60 each are more than the province's 100, in one document and one indicator."""
    districts = [{"geo_level": "district", "area": name, "count": 60} for name in ("Ngọc Hồi", "Đắk Tô")]
    assert found(rows({"count": 100}, *districts)) == [("part_above_whole", "a;b;c")]
    assert found(rows({"count": 120}, *districts)) == []
    assert found(rows({"count": 100, "source_id": "other"}, *districts)) == []
    assert found(rows({"count": 100}, *districts, complement=True)) == [("part_above_whole", "a;b;c")]
    assert found(rows({"count": 100, "complement": True}, *districts)) == []
    country = {"geo_level": "country", "province": "", "count": 50}
    assert found(rows(country, {"count": 60})) == [("part_above_whole", "a;b")]


def test_the_base_of_a_share_of_a_category_is_that_categorys_count() -> None:
    """16 of 79 refers to the 79 good ones: if 80 are counted, the chain breaks."""
    good = rated(good_or_better=(79, 85))[0] | {"category_kind": "cumulative"}
    part = rated(excellent=(16, 79))[0] | {"category_kind": "part", "base_of": "good_or_better"}
    assert found(rows(good, part)) == []
    finding = only(rows(good | {"count": 80}, part))
    assert (finding["code"], finding["gap"], finding["weight"]) == ("chain", 1, 1.125)


def test_a_share_of_a_share_is_their_product() -> None:
    """16.19% of the 80.42% good ones are 13.02% of all: 13% fits, 15% doesn't."""
    good, direct = shares(good=80.42, excellent=13.0)
    part = shares(excellent=16.19)[0] | {"category_kind": "part", "base_of": "good"}
    assert found(rows(good, direct, part)) == []
    finding = only(rows(good, direct | {"percent": 15.0}, part))
    assert finding["message_en"] == "16.19% × 80.42% = 13.02%, printed 15%"
    assert found(rows(good, direct | {"percent": None, "count": 15}, part)) == []


# ----------------------------------------------------------------------------------------- two figures


def test_a_complement_that_doesnt_close_is_found() -> None:
    """218 + 488 = 706 closes, 218 + 480 doesn't; where the bases differ the nearer one is shown."""
    those, others = {"count": 218, "base": 706}, {"count": 488, "base": 706, "complement": True}
    assert found(rows(those, others)) == []
    finding = only(rows(those, others | {"count": 480}))
    assert (finding["code"], finding["gap"]) == ("complement", 8)
    assert finding["message_vi"] == "218 + 480 = 698, không phải 706"
    assert found(rows(those, others | {"base": None})) == []
    assert found(rows(those | {"base": None}, others | {"base": None})) == []
    assert found(rows(those, others | {"count": 480}, period_start="", period_end="")) == [
        ("complement", "a;b")
    ]
    assert found(rows(those, others | {"count": 480, "source_id": "other"})) == []


def test_complementary_shares_make_100_within_rounding() -> None:
    """90.5 and 9.5 close, 90.4 and 9.5 may be cut, 90.4 and 9.8 are too much."""

    def pair(those: float, others: float) -> pd.DataFrame:
        return rows({"percent": those}, {"percent": others, "complement": True})

    assert found(pair(90.5, 9.5)) == []
    assert found(pair(90.4, 9.5)) == []
    assert found(pair(90.4, 9.3)) == [("complement", "a;b")]
    assert found(pair(90.4, 9.8)) == [("complement", "a;b")]
    finding = only(pair(90.4, 9.8))
    assert (finding["message_en"], finding["gap"]) == ("90.4 + 9.8 = 100.2%, not 100%", 0.2)
    assert found(rows({"percent": 90.0}, {"count": 5, "complement": True})) == []


def test_two_sources_that_disagree_are_found() -> None:
    """302 against 299 organisations of one year, each with its publisher."""
    first, second = TOTAL | {"count": 302}, TOTAL | {"count": 299, "source_id": "tapchicongsan-org-vn-x"}
    finding = only(rows(first, second))
    assert (finding["code"], finding["gap"], finding["weight"]) == ("disagree", 3, 0.6954)
    assert finding["message_en"] == "302 (page) against 299 (tapchicongsan-org-vn-x)"
    one_document = only(rows(first, second | {"source_id": "page"}))
    assert one_document["weight"] == 0.894
    published = only(rows(first, second | {"source_id": "seed-004"}))
    assert published["message_vi"] == "302 (page) và 299 (Báo Bắc Giang điện tử)"
    assert only(rows(first, second, source_id=""))["message_vi"] == "302 và 299"


@pytest.mark.parametrize(
    ("first", "second", "agree"),
    [
        ({"count": 26697}, {"count": 26000, "qualifier": "about"}, True),  # over 26,000
        ({"count": 29697}, {"count": 26000, "qualifier": "about"}, False),
        ({"count": 5}, {"count": 3, "qualifier": "at_least"}, True),
        ({"count": 2}, {"count": 3, "qualifier": "at_least"}, False),
        ({"count": 4}, {"count": 3, "count_max": 5, "qualifier": "range"}, True),
        ({"count": 6}, {"count": 3, "count_max": 5, "qualifier": "range"}, False),
        ({"percent": 99.8}, {"percent": 99.84}, True),
        ({"percent": 99.8}, {"percent": 99.73}, False),
        ({"percent": 99.8}, {"percent": 100.0, "qualifier": "about"}, True),
        ({"percent": 97.0}, {"percent": 90.0, "qualifier": "at_least"}, True),
        ({"percent": 97.0}, {"percent": 80.0, "percent_max": 95.0, "qualifier": "range"}, False),
        ({"percent": 50.0}, {"count": 62, "base": 124}, True),
        ({"percent": 51.0}, {"count": 62, "base": 124}, False),
        ({"percent": 51.0}, {"count": 62}, True),
        ({"count": 302}, {"count": 299, "period_end": "2017"}, True),
        ({"count": 302}, {"count": 299, "definition": "with_members"}, True),
        ({"count": 302}, {"count": 299, "base_of": "cells"}, True),
        ({"count": 302}, {"count": 299, "category": "xã"}, True),
        ({"count": 302}, {"count": 299, "complement": True}, True),
        ({"count": 302}, {"count": 299, "aggregation": "mean"}, True),
        ({"count": 302}, {"count": 299, "area": "Đắk Tô", "geo_level": "commune"}, True),
        ({"count": 302}, {"count": 299, "category_kind": "unclear"}, True),
        (
            {"count": 302, "period_start": "", "period_end": ""},
            {"count": 299, "period_start": "", "period_end": ""},
            True,
        ),
    ],
)
def test_figures_of_one_quantity_may_differ_by_rounding_and_wording_only(
    first: dict[str, Any], second: dict[str, Any], *, agree: bool
) -> None:
    """What counts something else, or can't be dated, is not compared."""
    assert found(rows(first, second | {"source_id": "other"})) == ([] if agree else [("disagree", "a;b")])


def test_a_mean_that_its_own_range_rules_out_is_found() -> None:
    """Ten years from 63 to 80% have a mean from 64.7 to 78.3%, so 63.93% can't be, nor 79%."""
    years = {"period_start": "1996", "period_end": "2005", "aggregation": "mean"}
    ends = years | {
        "percent": 63.0,
        "percent_max": 80.0,
        "qualifier": "range",
        "definition": "several_rounds",
    }
    finding = only(rows(years | {"percent": 63.93}, ends))
    assert (finding["code"], finding["gap"], finding["period_end"]) == ("mean_range", 0.77, "2005")
    assert "63–80% a year make a mean of at least 64.70%" in finding["message_en"]
    assert "ít nhất phải là 64,70%" in finding["message_vi"]
    above = only(rows(years | {"percent": 79.5}, ends))
    assert "at most 78.30%" in above["message_en"]
    assert "nhiều nhất chỉ là 78,30%" in above["message_vi"]
    for percent in (64.3, 70.0, 79.1):  # 62.5 and 79.5, or 64 and 81 less a hair, may stand behind 63 and 80
        assert found(rows(years | {"percent": percent}, ends)) == []
    assert found(rows(years | {"percent": 64.2, "decimals": 2}, ends)) == []  # (9 x 62.5 + 79.5) / 10
    assert found(rows(years | {"percent": 63.93}, ends, period_start="", period_end="")) == []
    assert found(rows(years | {"percent": 62.0}, ends, period_start="2005")) == []


# ------------------------------------------------------------------------------ one problem, one finding


def test_sums_that_one_wrong_figure_upsets_are_one_finding() -> None:
    """24 + 15 + 22 of 41 with 22 as 4.8%: if 2 is meant, share and sum both hold; the sum is what follows."""
    classes = rated(excellent=(24, 41, 58.5), good=(15, 41, 36.6), fulfilled=(22, 41, 4.8))
    finding = only(rows(*classes))
    assert (finding["finding_id"], finding["observation_ids"]) == ("share:c", "c;a;b")
    assert (
        finding["message_en"] == "22/41 = 53.66%, printed 4.8%; so this fails, too: 24 + 15 + 22 = 61, not 41"
    )
    assert finding["message_vi"].endswith(
        "; cũng vì số liệu này, phép tính sau không khớp: 24 + 15 + 22 = 61, không phải 41"
    )
    percents = rated(strong=(35, 55, 63.6), good=(18, 55, 32.7), fulfilled=(2, 55, 5.7))
    finding = only(rows(*percents, scheme="org_2007"))
    assert finding["finding_id"] == "share:c"
    assert finding["message_en"].endswith("; so this fails, too: 63.6 + 32.7 + 5.7 = 102.0%, not 100%")


def test_what_follows_names_its_rows_and_is_acknowledged_by_itself() -> None:
    """9 of 10 as 80% in one document, 8 of 10 in another: both rows stand in it, each part is explained."""
    other = {"count": 8, "base": 10, "percent": 80, "source_id": "other"}
    frame = rows({"count": 9, "base": 10, "percent": 80}, other)
    finding = only(frame)
    assert (finding["finding_id"], finding["observation_ids"]) == ("share:a", "a;b")
    assert (
        finding["message_en"] == "9/10 = 90.00%, printed 80%; so this fails, too: 9 (page) against 8 (other)"
    )
    assert touching(audit(frame, catalogue=CATALOGUE), "b")["finding_id"].tolist() == ["share:a"]
    slip, two = Words(vi="in nhầm", en="a misprint"), Words(vi="hai ngày", en="two days")
    half = audit(frame, catalogue=CATALOGUE, acknowledged={"share:a": slip}).set_index("finding_id")
    assert half["acknowledged"].to_dict() == {"share:a": True, "disagree:a+b": False}
    assert half["observation_ids"].to_dict() == {"share:a": "a", "disagree:a+b": "a;b"}
    both = audit(frame, catalogue=CATALOGUE, acknowledged={"share:a": slip, "disagree:a+b": two})
    assert both.set_index("finding_id")["reason_en"].to_dict() == {"share:a": "a misprint two days"}


def test_rows_of_many_findings_are_tried_only_a_few_times() -> None:
    """200 districts without area, each with another count, disagree 19,900 times: nothing is tried."""
    counts = [replace(rows_of(rows({"count": 1}))[0], id=f"r{number}", count=number) for number in range(200)]
    apart = [
        Finding("disagree", pair, Words(vi="khác", en="other"), 1.0, "units", 1.0, 0.7)
        for pair in combinations(counts, 2)
    ]
    tried: list[int] = []

    def find(those: Iterable[Row]) -> list[Finding]:
        tried.append(len(tuple(those)))
        return []

    assert len(joined(apart, find)) == len(apart)
    assert len(tried) < 300
    assert joined(apart[:4], find)
    assert len(tried) < 300


def test_the_heavier_of_two_findings_of_the_same_rows_is_kept() -> None:
    """48 + 10 + 5 communes aren't 64, nor their bases 480 + 100 + 50 the 700: 70 of 700 weigh more."""
    kinds = {"xã": (48, 480), "phường": (10, 100), "thị trấn": (5, 50), "": (64, 700)}
    frame = rows(
        *({"category": name, "count": count, "base": base} for name, (count, base) in kinds.items()),
        indicator="org_count",
    )
    assert only(frame)["message_en"] == "480 + 100 + 50 = 630, not 700"


def test_a_figure_with_more_digits_isnt_hidden_by_one_with_fewer() -> None:
    """63.7 allows 63.75, 63.70 doesn't: the second disagrees, though both are one number."""
    printed = [{"percent": one, "decimals": two} for one, two in ((63.7, 1), (63.7, 2), (63.75, 2))]
    documents = [one | {"source_id": name} for one, name in zip(printed, "stu", strict=True)]
    assert found(rows(*documents)) == [("disagree", "b;c")]


def test_shares_of_different_categories_need_no_common_base() -> None:
    """45 as 90% is of 50; 33% of the villages of another kind is a share of those."""
    heads = {"indicator": "village_member_head"}
    whole, kind = {"count": 45, "percent": 90}, {"percent": 33, "category": "tổ dân phố"}
    undated = heads | {"period_start": "", "period_end": ""}
    assert found(rows(whole, kind, **undated)) == []
    assert found(rows(whole, kind | {"category": ""}, **undated)) == [("grim", "a;b")]


def test_a_total_isnt_judged_against_itself() -> None:
    """30 of 100 as 31% fails whichever row comes first; the 100 of 40% of something else doesn't."""
    part, total = (
        TOTAL | {"count": 30, "percent": 31, "category": "nông thôn"},
        TOTAL | {"count": 100, "percent": 40},
    )
    for order in ((part, total), (total, part)):
        assert not any("100 / 100" in one for one in audit(rows(*order), catalogue=CATALOGUE)["message_en"])


def test_a_message_names_only_bare_shares_that_fail() -> None:
    """4 as 40% and 3 as 37% have no base; 33% is 3 of 9 and isn't told as impossible."""
    shares = {"count": 4, "percent": 40}, {"count": 3, "percent": 37}, {"percent": 33}
    finding = only(rows(*shares, period_start="", period_end=""))
    assert finding["message_en"].startswith("4/9 = 44.44%, printed 40%; 3/9 = 33.33%, printed 37%; no base")


def test_bases_are_looked_for_until_a_message_has_enough() -> None:
    """608 as 1%, rounded or cut, is of 30,401 or more: four bases are enough to name none."""
    communes = rows_of(rows(*({"count": 600 + more, "percent": 1} for more in range(9))))
    assert bases_of(communes, 600) == [30401, 30402, 30403, 30404]


def test_a_share_that_is_next_to_nothing_raises_no_error() -> None:
    """1 as 1e-310% would have an infinite base."""
    shares = {"count": 1, "percent": 1e-310}, {"count": 1, "percent": 50}
    assert found(rows(*shares, period_start="", period_end="")) == [("grim", "a;b")]


def test_sums_of_two_wrong_figures_stay_two_findings() -> None:
    """22 as 4.8% of 41 doesn't explain 24 + 14 + 22: with 2 in its place the sum is 40, still not 41."""
    classes = rated(excellent=(24, 41, 58.5), good=(14, 41, 34.1), fulfilled=(22, 41, 4.8))
    assert found(rows(*classes)) == [("share", "c"), ("sum_count", "a;b;c")]


def test_shares_that_one_other_base_fits_are_one_finding_that_names_it() -> None:
    """439, 217, 43 and 2 are 62.62, 30.96, 6.13 and 0.29% of 701, not of 709: one wrong base."""
    counts = {"excellent": (439, 62.62), "good": (217, 30.96), "fulfilled": (43, 6.13), "failed": (2, 0.29)}
    classes = rated(**{name: (count, 709, percent) for name, (count, percent) in counts.items()})
    finding = only(rows(*classes))
    assert (finding["code"], finding["observation_ids"]) == ("share", "a;b;c;d")
    assert finding["message_en"].endswith(
        "; a base of 701 fits all; so this fails, too: 439 + 217 + 43 + 2 = 701, not 709"
    )
    bare = [one | {"base": None} for one in classes]
    finding = only(rows(*(one | {"count": None} for one in bare[1:]), bare[0], TOTAL | {"count": 709}))
    assert (finding["code"], finding["observation_ids"]) == ("share_total", "a;b;c;d;e")
    assert finding["message_en"].endswith("; a base of 701 fits all")


def test_rows_that_say_the_same_stand_together_against_another() -> None:
    """318, 318 and 352 of one year are one disagreement of three rows."""
    figures = [
        TOTAL | {"count": count, "source_id": name} for count, name in ((318, "x"), (318, "y"), (352, "z"))
    ]
    finding = only(rows(*figures))
    assert (finding["finding_id"], finding["message_en"]) == ("disagree:a+b+c", "318 (x) against 352 (z)")


# ------------------------------------------------------------------------------------------ invariants


def test_what_is_unclear_or_not_a_rating_takes_no_part_in_a_sum() -> None:
    """A kind or scheme that isn't known, a "good" that holds the excellent: no sum to fail."""
    classes = rated(excellent=(30, 41), good=(30, 41))
    assert found(rows(*classes)) == [("sum_count", "a;b")]
    for change in (
        {"category_kind": "unclear"},
        {"category_kind": ""},
        {"category_kind": "cumulative"},
        {"scheme": "org_1990"},
        {"category_id": "splendid"},
        {"complement": True},
        {"definition": "communes_only"},
    ):
        assert found(rows(classes[0], classes[1] | change)) == []
    assert found(rows(classes[0], classes[1] | {"base": 60})) == []


COUNTS = st.integers(0, 400)


@st.composite
def exact_observations(draw: st.DrawFn) -> pd.DataFrame:
    """Return figures whose sums hold by construction, printed rounded or cut throughout."""
    counts = draw(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS).filter(any))
    base, decimals = sum(counts), draw(st.integers(0, 2))
    with_base, with_share = draw(st.booleans()), draw(st.booleans())
    step = 10**decimals

    def printed(count: int) -> float | None:
        # cut in whole numbers: binary fractions would cut 29% of 100 to 28%
        return (100 * step * count // base) / step if with_share else None

    records = []
    for category, count in zip(("excellent", "good", "fulfilled", "failed"), counts, strict=True):
        record = rated(**{category: (count, base if with_base else None, printed(count))})[0]
        records.append(record | {"decimals": decimals})
    records.append(TOTAL | {"count": base})
    records.append({"count": counts[0], "base": base, "indicator": "village_member_head"})
    records.append(
        {"count": base - counts[0], "base": base, "indicator": "village_member_head", "complement": True}
    )
    return rows(*records)


@settings(max_examples=30, deadline=None)
@given(exact_observations())
def test_figures_whose_sums_hold_give_no_findings(observations: pd.DataFrame) -> None:
    """Counts of one whole, their shares cut, their total and their complement: nothing is found."""
    assert found(observations) == []


WRONG = rows(
    *rated(excellent=(24, 41, 59.0), good=(15, 41, 36.7), fulfilled=(22, 41, 4.8)),
    TOTAL | {"count": 40},
    TOTAL | {"count": 44, "source_id": "other"},
    {"count": 218, "base": 706},
    {"count": 480, "base": 706, "complement": True},
    {"count": 12256, "percent": 101.6, "period_end": "2020"},
)


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(len(WRONG))))
def test_the_order_of_the_rows_plays_no_part(order: list[int]) -> None:
    """Shuffled rows give the same findings, in the same order."""
    first = audit(WRONG, catalogue=CATALOGUE)
    assert first["code"].nunique() == len(first) - 1 == 4
    assert_frame_equal(audit(WRONG.iloc[order], catalogue=CATALOGUE), first)


def test_the_callers_frame_stays_as_it_is() -> None:
    """An audit reads; it alters nothing."""
    before = WRONG.copy(deep=True)
    audit(WRONG, catalogue=CATALOGUE)
    assert_frame_equal(WRONG, before)


CELLS = st.one_of(
    st.none(),
    st.text(max_size=4),
    st.integers(-5, 10**18),
    st.floats(),
    st.booleans(),
    st.sampled_from(["org_count", "exact", "exclusive", "org_2018", "good", "2016", "unclear", "all", pd.NA]),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.fixed_dictionaries(dict.fromkeys((*PLAIN, "observation_id", "decimals"), CELLS)), max_size=3)
)
def test_odd_data_never_stop_an_audit(records: list[dict[str, Any]]) -> None:
    """Whatever stands in the cells, there is a frame of findings with its columns."""
    findings = audit(pd.DataFrame(records, dtype=object), catalogue=CATALOGUE)
    assert list(findings.columns) == list(COLUMNS)


NUMBERS = st.one_of(st.none(), st.integers(0, 60), st.sampled_from([0, 7, 10**6, 10**14]))
SHARES = st.one_of(st.none(), st.floats(0, 120), st.sampled_from([0.0, 50.0, 100.0, 0.001, 63.71]))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "count": NUMBERS,
                "base": NUMBERS,
                "percent": SHARES,
                "percent_max": SHARES,
                "count_max": NUMBERS,
                "decimals": st.sampled_from([None, 0, 2, 400]),
                "qualifier": st.sampled_from(["exact", "about", "at_least", "range"]),
                "aggregation": st.sampled_from(["point", "mean"]),
                "category_id": st.sampled_from(
                    ["excellent", "good", "good_or_better", "fulfilled", "failed"]
                ),
                "category_kind": st.sampled_from(["exclusive", "cumulative", "part"]),
                "base_of": st.sampled_from(["", "all", "unclear", "good"]),
                "indicator": st.sampled_from(["org_quality_rating", "org_count"]),
                "category": st.sampled_from(["", "xã"]),
                "definition": st.sampled_from(["", "rated"]),
                "complement": st.booleans(),
                "period_end": st.sampled_from(["2016", "2018", "late"]),
            }
        ),
        max_size=5,
    )
)
def test_odd_figures_give_findings_with_a_weight_from_0_to_100(records: list[dict[str, Any]]) -> None:
    """Zeros, huge numbers and precise shares in every combination: each finding is weighed and told."""
    findings = audit(rows(*(RATING | record for record in records)), catalogue=CATALOGUE)
    assert findings["weight"].between(0, 100).all()
    assert findings["message_vi"].ne("").all()
    assert findings["finding_id"].is_unique
    assert findings["weight"].is_monotonic_decreasing


def test_a_frame_without_columns_gives_no_findings() -> None:
    """Nothing in, nothing out; rows without an id are named by their place."""
    assert len(audit(pd.DataFrame(), catalogue=CATALOGUE)) == 0
    nameless = pd.DataFrame({"count": [1, 9], "base": [2, 10], "percent": [50, 80]})
    assert found(nameless) == [("share", "row 2")]
    years = nameless.iloc[1:].assign(period_start=2016, period_end=2016)
    assert audit(years, catalogue=CATALOGUE)["period_end"].tolist() == ["2016"]


@given(st.integers(1, 3000), st.data())
@settings(max_examples=60, deadline=None)
def test_what_a_count_is_rounded_or_cut_to_is_allowed(base: int, data: st.DataObject) -> None:
    """What is rounded or cut fits, a whole unit more doesn't; only what is cut may be told as cut."""
    count, places = data.draw(st.integers(0, base)), data.draw(st.sampled_from([1, 10, 100]))
    value, decimals = 100 * count / base, len(str(places)) - 1
    printed = {"percent": round(value * places) / places, "decimals": decimals}
    rounded, cut, above = rows_of(
        rows(
            printed,
            printed | {"percent": (100 * places * count // base) / places},
            printed | {"percent": value + 1.01 / places},
        )
    )
    assert (fits(rounded, value), fits(cut, value), fits(above, value)) == (True, True, False)
    assert not is_cut(rounded, value)


def test_a_row_without_a_percentage_rules_nothing_out() -> None:
    """What isn't printed can't contradict anything, and there is nothing to show."""
    row = rows_of(rows({"count": 5}))[0]
    assert fits(row, 120.0)
    assert whole_counts(row, 7)
    assert printed_span(row) == (-math.inf, math.inf)
    assert say_percent(row) == ""


@pytest.mark.parametrize(
    ("percents", "base", "missed"),
    [
        ((25, 25, 25, 26), 100, 1),
        ((100, 1, 1, 0), 100, 2),
        ((25, 25, 25, 25), 100, 0),
        ((33, 33, 33, 0), 3, 0),
        ((25, 25, 25, 26), 1000, 0),
        ((14, 29, 57, 0), 7, 0),
    ],
)
def test_shares_of_a_known_base_are_asked_as_whole_counts(percents, base, missed):
    """25, 25, 25 and 26% of 100 are 101 of 100, which can't be; of 1,000 they can (or 33% thrice of 3)."""
    names = ("excellent", "good", "fulfilled", "failed")
    observations = rows(*shares(**dict(zip(names, percents, strict=True))), base=base)
    findings = audit(observations, catalogue=CATALOGUE)
    assert findings["code"].tolist() == ["sum_percent"] * bool(missed)
    assert findings["gap"].tolist() == [100 * missed / base] * bool(missed)


def test_a_printed_total_is_the_base_of_shares_at_half_the_certainty():
    """25, 25, 25 and 26% beside a total of 100 organisations: one point at a certainty of 0.5."""
    parts = shares(excellent=25, good=25, fulfilled=25, failed=26)
    (finding,) = audit(rows(*parts, TOTAL | {"count": 100}), catalogue=CATALOGUE).to_dict("records")
    assert (finding["code"], finding["gap"], finding["weight"]) == ("sum_percent", 1.0, 0.5)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 60), min_size=4, max_size=4).filter(any),
    st.integers(0, 2),
    st.sampled_from(["rounded", "cut"]),
)
def test_whole_counts_that_add_up_are_never_reported(counts, decimals, convention):
    """Whatever four classes count: printed rounded or cut at one precision, they are no finding."""
    base, scale = sum(counts), 10**decimals
    exact = [100 * scale * count / base for count in counts]
    printed = [(round(one) if convention == "rounded" else math.floor(one + 1e-9)) / scale for one in exact]
    names = ("excellent", "good", "fulfilled", "failed")
    observations = rows(*shares(**dict(zip(names, printed, strict=True))), base=base, decimals=decimals)
    assert audit(observations, catalogue=CATALOGUE).empty


def test_a_part_of_what_happened_is_a_share_of_its_own_total():
    """57 women of 108 admitted are 52.8%, whatever all members of the place number; 60% is found."""
    admitted = {"indicator": "members_admitted", "subject": "member", "count": 108}
    women = admitted | {"category": "nữ", "count": 57, "percent": 52.8}
    members = {"indicator": "org_count", "subject": "member", "count": 3000}
    assert found(rows(admitted, women, members)) == []
    assert found(rows(admitted, women | {"percent": 60}, members)) == [("share_total", "a;b")]


def test_a_share_of_a_target_may_be_above_100():
    """245 members admitted are 122.5% of the target: no finding."""
    share = {"indicator": "members_admitted", "subject": "member", "percent": 122.5, "base_of": "target"}
    assert found(rows(share)) == []


def test_counts_are_held_to_whatever_is_declared_a_total() -> None:
    """12 villages with a cell of 10 villages: found once the count of villages is a total."""
    known = CATALOGUE.indicators["org_count"]
    told = []
    for total in (False, True):
        own = known.model_copy(update={"id": "village_count", "total": total})
        catalogue = CATALOGUE.model_copy(update={"indicators": {**CATALOGUE.indicators, own.id: own}})
        given = rows({"count": 12}, {"indicator": own.id, "count": 10})
        told.append(audit(given, catalogue=catalogue)["code"].tolist())
    assert told == [[], ["part_above_whole"]]


def test_declared_parts_of_an_own_indicator_add_up_to_it() -> None:
    """Libraries of the province and of its districts are all of them: 12 + 30 is no 45."""
    known = CATALOGUE.indicators["org_count"]
    names = ("libraries", "libraries_of_province", "libraries_of_districts")
    own = {name: known.model_copy(update={"id": name, "subjects": ("other",)}) for name in names}
    own["libraries"] = own["libraries"].model_copy(update={"parts": names[1:]})
    catalogue = CATALOGUE.model_copy(update={"indicators": {**CATALOGUE.indicators, **own}})
    for total, findings in ((42, []), (45, ["12 + 30 = 42, not 45"])):
        counts = zip(names, (total, 12, 30), strict=True)
        records = [{"indicator": name, "subject": "other", "count": count} for name, count in counts]
        assert audit(rows(*records), catalogue=catalogue)["message_en"].tolist() == findings


@pytest.mark.parametrize("order", ["stt", "tst", "tts"])
def test_a_document_at_odds_with_itself_is_the_surest_whichever_row_comes_first(order: str) -> None:
    """9 (s), 9 (t) against 5 (t): one document says both, so the weight is that of one document."""
    counts = {"stt": (9, 9, 5), "tst": (9, 9, 5), "tts": (9, 5, 9)}[order]
    documents = [TOTAL | {"count": n, "source_id": name} for n, name in zip(counts, order, strict=True)]
    finding = only(rows(*documents))
    assert finding["weight"] == 40.0
    assert finding["message_en"] in {"9 (t) against 5 (t)", "5 (t) against 9 (t)"}
