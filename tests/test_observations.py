"""The one table: what a row may say, and how each fault is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cbanalysis.common.errors import DataError, Fault, TextError
from cbanalysis.common.text.figure_parsing import parse_figure
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.observations import check_observations, observation_faults
from cbanalysis.dataset.observations.periods import dated_unit, lifetimes, period_days
from cbanalysis.dataset.observations.printed_against_stored import (
    differing,
    printed_decimals,
    read_printed,
    share_above,
)
from cbanalysis.dataset.observations.schema import CLOSED, COLUMNS
from cbanalysis.dataset.provinces import Gazetteer

CATALOGUE = Catalogue.read()
GAZETTEER = Gazetteer.read()

GOOD = dict.fromkeys(COLUMNS, "") | {
    "observation_id": "T001",
    "indicator": "village_head_secretary",
    "subject": "cell",
    "geo_level": "commune",
    "province": "Điện Biên",
    "province_basis": "stated",
    "area": "Sen Thượng",
    "period_start": "2018",
    "period_end": "2018",
    "period_basis": "publication",
    "count": "3",
    "base": "7",
    "printed": "3/7",
    "qualifier": "exact",
    "aggregation": "point",
    "source_id": "seed-001",
}
RATING = {
    "indicator": "org_quality_rating",
    "subject": "grassroots_org",
    "scheme": "org_2007",
    "category_id": "strong",
    "category_kind": "exclusive",
    "count": "",
    "base": "",
    "percent": "63.71",
    "printed": "63,71%",
}
SHARE = {"count": "", "base": "", "percent": "97", "printed": "97%"}
RANGE = {
    "count": "",
    "base": "",
    "qualifier": "range",
    "percent": "80",
    "percent_max": "95",
    "printed": "80 – 95%",
}


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return a text frame of the good row with some cells changed in each row, and ids of their own."""
    numbered = [GOOD | {"observation_id": f"T{number:03}"} | row for number, row in enumerate(rows, start=1)]
    return pd.DataFrame(numbered, columns=list(COLUMNS), dtype="str")


def check(rows: pd.DataFrame) -> pd.DataFrame:
    """Check a frame against the shipped catalogue and gazetteer."""
    return check_observations(rows, catalogue=CATALOGUE, gazetteer=GAZETTEER)


def faults(rows: pd.DataFrame) -> tuple[Fault, ...]:
    """Return the faults that a check raises."""
    with pytest.raises(DataError) as raised:
        check(rows)
    return raised.value.faults


def test_a_good_row_comes_back_typed() -> None:
    """Text cells stay text, counts become Int64, percentages float64, the complement bool."""
    typed = check(frame({}, SHARE | {"complement": "yes"}))
    assert list(typed.columns) == list(COLUMNS)
    assert typed["count"].tolist() == [3, pd.NA]
    assert typed["base"].tolist() == [7, pd.NA]
    assert typed["complement"].tolist() == [False, True]
    assert typed["percent"].isna().tolist() == [True, False]
    assert typed.loc[1, "percent"] == 97.0
    kinds = {column: str(dtype) for column, dtype in typed.dtypes.items()}
    assert [column for column in COLUMNS if kinds[column] == "Int64"] == ["count", "base", "count_max"]
    assert [column for column in COLUMNS if kinds[column] == "float64"] == [
        "percent",
        "percent_max",
        "value",
    ]
    assert [column for column in COLUMNS if kinds[column] == "bool"] == ["complement"]
    assert list(kinds.values()).count("str") == len(COLUMNS) - 7
    assert typed["note"].tolist() == ["", ""]
    assert isinstance(typed.index, pd.RangeIndex)


def test_a_checked_frame_passes_a_second_check() -> None:
    """Checking twice gives the same frame."""
    typed = check(frame({}, SHARE | {"complement": "yes"}, RANGE, RATING))
    pd.testing.assert_frame_equal(check(typed), typed)


def test_columns_may_stand_in_any_order() -> None:
    """The order of the columns is put right, not refused."""
    rows = frame({}, SHARE)
    pd.testing.assert_frame_equal(check(rows[rows.columns[::-1]]), check(rows))


def test_the_frame_of_the_caller_stays_as_it_was() -> None:
    """Neither a passing nor a failing check changes what it was given, its index included."""
    rows = frame({}, {"count": "8"}).set_index(pd.Index([7, 3]))
    before = rows.copy(deep=True)
    assert [fault.row for fault in faults(rows)] == [3, 3]
    pd.testing.assert_frame_equal(rows, before)
    passing = rows.head(1)
    check(passing)
    pd.testing.assert_frame_equal(passing, before.head(1))


def test_cells_may_be_numbers_and_missing_values() -> None:
    """A frame made by hand with floats, None, NaN, NA and booleans means the same as one of text."""
    by_hand = frame({}, SHARE | {"complement": "yes"}).astype("object")
    by_hand["count"] = [3.0, np.nan]
    by_hand["base"] = pd.array([7, pd.NA], dtype="Int64")
    by_hand["percent"] = [None, 97.0]
    by_hand["complement"] = [False, True]
    by_hand["note"] = [None, pd.NA]
    by_hand["period_end"] = pd.Categorical(["2018", "2018"])
    pd.testing.assert_frame_equal(check(by_hand), check(frame({}, SHARE | {"complement": "yes"})))


def test_tiny_percentages_are_read_though_python_writes_them_with_an_exponent() -> None:
    """A float such as 0.00001 is not refused for the way Python prints it."""
    rows = frame(SHARE | {"printed": "rất ít"}).astype("object")
    rows["percent"] = [0.00001]
    assert check(rows).loc[0, "percent"] == 0.00001


def test_an_empty_frame_keeps_its_types() -> None:
    """A file with a header and no rows is an empty typed frame."""
    typed = check(frame({}).head(0))
    assert len(typed) == 0
    assert str(typed["count"].dtype) == "Int64"
    assert str(typed["complement"].dtype) == "bool"


ONE_FAULT: list[tuple[dict[str, str], str, str, str]] = [
    ({"observation_id": ""}, "observation_id", "observation_id is empty", "a value in every row"),
    ({"printed": ""}, "printed", "printed is empty", "a value in every row"),
    ({"source_id": ""}, "source_id", "source_id is empty", "a value in every row"),
    ({"indicator": ""}, "indicator", "indicator is empty", "a value in every row"),
    ({"subject": ""}, "subject", "subject is empty", "a value in every row"),
    (
        {"indicator": "village_head_secretery"},
        "indicator",
        "unknown indicator",
        "did you mean village_head_secretary",
    ),
    ({"subject": "cel"}, "subject", "unknown subject", "did you mean cell"),
    (
        {"subject": "office_cell"},
        "subject",
        "subject that village_head_secretary doesn't have",
        "village, cell, commune",
    ),
    ({"source_id": "seed-01"}, "source_id", "unknown source_id", "seed-001"),
    (
        {"definition": "communs"},
        "definition",
        "definition that village_head_secretary doesn't have",
        "mean communes",
    ),
    (
        {"base_of": "cels"},
        "base_of",
        "base_of that village_head_secretary doesn't have",
        "did you mean cells",
    ),
    (
        {"geo_level": "comune"},
        "geo_level",
        "no such geo_level",
        "country, region, province, district, commune",
    ),
    ({"geo_level": "comune"}, "geo_level", "no such geo_level", "did you mean commune"),
    ({"province_basis": "infered"}, "province_basis", "no such province_basis", "stated, inferred or empty"),
    ({"period_basis": "guessed"}, "period_basis", "no such period_basis", "stated, publication or empty"),
    ({"qualifier": "exactly"}, "qualifier", "no such qualifier", "exact, about, at_least, range"),
    ({"qualifier": ""}, "qualifier", "no such qualifier", "exact, about, at_least, range"),
    ({"aggregation": "total"}, "aggregation", "no such aggregation", "point, mean, cumulative"),
    ({"complement": "no"}, "complement", "no such complement", "yes or empty"),
    (
        RATING | {"category_kind": "exclusiv"},
        "category_kind",
        "no such category_kind",
        "did you mean exclusive",
    ),
    ({"province": "", "province_basis": ""}, "province", "no province", "a province for every figure"),
    ({"province": "Điện Biê"}, "province", "unknown province", "did you mean Điện Biên"),
    (
        {"province": "Tỉnh Điện Biên"},
        "province",
        "spelled otherwise than in provinces.csv",
        "mean Điện Biên?",
    ),
    ({"province": "Sài Gòn", "area": "Quận 1"}, "province", "spelled otherwise", "did you mean Hồ Chí Minh?"),
    ({"province": "Hà Tây", "area": "X"}, "province", "no such province in 2018", "2004-01-01 to 2008-07-31"),
    ({"province": "Huế", "area": "X"}, "province", "no such province in 2018", "write Thừa Thiên Huế"),
    ({"province_basis": ""}, "province_basis", "province without province_basis", "stated, inferred"),
    (
        {"geo_level": "country", "province": "", "area": ""},
        "province_basis",
        "without province",
        "empty where",
    ),
    (
        {"geo_level": "country", "area": ""},
        "province",
        "a province on a figure of the country or a region",
        "empty at this geo_level",
    ),
    ({"area": ""}, "area", "no area", "the name of the region, district or commune"),
    ({"geo_level": "province"}, "area", "an area on a figure of the country or a province", "empty"),
    ({"period_start": ""}, "period_start", "period_end without period_start", "both or neither"),
    ({"period_end": ""}, "period_end", "period_start without period_end", "both or neither"),
    ({"period_basis": ""}, "period_basis", "period without period_basis", "stated, publication"),
    ({"period_start": "2018-02-30"}, "period_start", "not a real year, month or date", "YYYY-MM-DD"),
    ({"period_end": "2018-13"}, "period_end", "not a real year, month or date", "YYYY-MM"),
    ({"period_end": "2017-12"}, "period_end", "period ends before it starts", "2018 or later"),
    ({"count": "3.0"}, "count", "not a whole number", "digits only"),
    ({"count": "9.768", "base": "", "printed": "9.768"}, "count", "not a whole number", "digits only"),
    ({"count": " 3"}, "count", "not a whole number", "digits only"),
    ({"base": "7a"}, "base", "not a whole number", "digits only"),
    ({"count": "9" * 16, "base": "", "printed": "nhiều"}, "count", "not a whole number", "15 at the most"),
    ({"count": "-3", "printed": "âm"}, "count", "count below 0", "a whole number from 0 on"),
    ({"count": "0", "base": "0", "printed": "không"}, "base", "base below 1", "a whole number from 1 on"),
    ({"count": "8", "printed": "8/7"}, "count", "count above base", "at most the base"),
    (
        {"count": "", "base": "7", "printed": "?"},
        "count",
        "neither count nor percent",
        "at least one of them",
    ),
    (SHARE | {"percent": "97%"}, "percent", "not a number", "a decimal point"),
    (SHARE | {"percent": "63,71"}, "percent", "not a number", "a decimal point"),
    (SHARE | {"percent": "-1", "printed": "âm"}, "percent", "percent below 0", "0 to 100"),
    (SHARE | {"percent": "101.6", "printed": "101,6%"}, "percent", "percent above 100", "base_of"),
    (
        SHARE | {"percent": "79", "printed": "97%"},
        "percent",
        "not what is printed",
        "97.0, for '97%' is printed",
    ),
    ({"base": "8"}, "base", "not what is printed", "7, for '3/7' is printed"),
    (
        RANGE | {"percent_max": "", "printed": "tới 95"},
        "qualifier",
        "range without its upper end",
        "count_max filled",
    ),
    (
        RANGE | {"qualifier": "exact", "printed": "?"},
        "percent_max",
        "percent_max on a figure that is no range",
        "range",
    ),
    (
        {"count_max": "5", "printed": "?"},
        "count_max",
        "count_max on a figure that is no range",
        "qualifier range",
    ),
    (
        RANGE | {"percent_max": "80", "printed": "?"},
        "percent_max",
        "percent_max is not above percent",
        "more than",
    ),
    (RANGE | {"percent_max": "101", "printed": "?"}, "percent_max", "percent_max above 100", "0 to 100"),
    (
        RANGE | {"percent": "", "count": "3", "printed": "?"},
        "percent_max",
        "percent_max without percent",
        "the lower end of the range in percent",
    ),
    (
        RANGE | {"percent_max": "", "count_max": "5", "printed": "?"},
        "count_max",
        "count_max without count",
        "the lower end of the range in count",
    ),
    (
        {"qualifier": "range", "count_max": "2", "printed": "?"},
        "count_max",
        "count_max below count",
        "count or more",
    ),
    (
        {"qualifier": "range", "count_max": "8", "printed": "?"},
        "count_max",
        "count_max above base",
        "at most the base",
    ),
    (RATING | {"scheme": "org_2008"}, "scheme", "unknown scheme", "did you mean org_2018 or org_2007"),
    (
        RATING | {"scheme": ""},
        "scheme",
        "scheme is empty though the row is a rating",
        "all filled or all empty",
    ),
    (RATING | {"category_id": ""}, "category_id", "category_id is empty though", "all filled or all empty"),
    (
        RATING | {"category_kind": ""},
        "category_kind",
        "category_kind is empty though",
        "all filled or all empty",
    ),
    (
        RATING | {"category_id": "stong"},
        "category_id",
        "category_id that org_2007 doesn't have",
        "did you mean strong",
    ),
    (RATING | {"subject": "member"}, "scheme", "a scheme that rates no member", "member_2007, member_2018"),
    ({"area": "Sen  Thượng"}, "area", "text isn't clean", "instead of 'Sen  Th"),
    ({"note": "Sen Thươ\u0323ng"}, "note", "text isn't clean", r"\u01a1\u0323"),
    ({"category": "Ðảng bộ"}, "category", "text isn't clean", r"'\u0110\u1ea3ng"),
    ({"note": "cuối "}, "note", "text isn't clean", "instead of 'cu"),
]


@pytest.mark.parametrize(("changes", "column", "what", "told"), ONE_FAULT)
def test_each_fault_is_told_once_with_its_place(
    changes: dict[str, str], column: str, what: str, told: str
) -> None:
    """One planted fault gives one fault: row and column are right, and it says what is allowed or nearest."""
    (fault,) = faults(frame({}, changes))
    assert (fault.file, fault.row, fault.column) == ("observations.csv", 3, column)
    assert what in fault.what
    assert told in str(fault)
    assert fault.value == (changes.get(column, GOOD[column]) or None)


def test_all_faults_are_listed_at_once_by_row_and_column() -> None:
    """One error lists everything, in the order in which a reader goes through the file."""
    rows = frame(
        {"source_id": "seed-9", "indicator": "nothing"},
        {},
        SHARE | {"percent": "abc", "period_start": "2018-02-30", "observation_id": ""},
    )
    assert [(fault.row, fault.column) for fault in faults(rows)] == [
        (2, "indicator"),
        (2, "source_id"),
        (4, "observation_id"),
        (4, "period_start"),
        (4, "percent"),
    ]


def test_a_duplicate_id_names_the_row_that_has_it() -> None:
    """The later rows are faulty, and the message says where the id stands first."""
    found = faults(frame({}, {"observation_id": "X"}, {"observation_id": "T001"}, {"observation_id": "T001"}))
    assert [(fault.row, fault.what) for fault in found] == [
        (4, "observation_id used before"),
        (5, "observation_id used before"),
    ]
    assert {fault.allowed for fault in found} == {"an id of its own (row 2 has it)"}


def test_a_share_above_100_passes_only_with_a_base_of_its_own() -> None:
    """What a source prints above 100 % stays if the row says that the share is of another base."""
    above = SHARE | {"indicator": "e_handbook", "subject": "member", "percent": "101.6", "printed": "101,6%"}
    assert check(frame(above | {"base_of": "eligible"})).loc[0, "percent"] == 101.6
    assert [fault.what for fault in faults(frame(above))] == ["percent above 100"]


def test_ranges_of_shares_and_of_counts_pass() -> None:
    """A range needs the upper end of its own kind; the ends of a range of counts may be equal."""
    counts = {
        "base": "",
        "qualifier": "range",
        "count": "3",
        "count_max": "5",
        "printed": "từ 03 - 05 đồng chí",
    }
    typed = check(frame(RANGE, counts, counts | {"count_max": "3", "printed": "?"}))
    assert typed["percent_max"].tolist()[0] == 95.0
    assert typed["count_max"].tolist() == [pd.NA, 5, 3]


def test_undated_and_early_figures_pass() -> None:
    """No period is no fault, nor is one before provinces.csv begins; the province must have existed once."""
    undated = {"period_start": "", "period_end": ""}
    early = {"period_start": "1997", "period_end": "1997"}
    assert len(check(frame(undated, undated | {"period_basis": ""}, early))) == 3
    assert [fault.what for fault in faults(frame(undated | {"province": "Gia Định"}))] == ["unknown province"]


def test_a_missing_a_misspelt_and_a_repeated_column_are_told() -> None:
    """The header is row 1; the rules that need the missing column keep silent, the others don't."""
    rows = frame({"area": "", "count": "8", "printed": "8/7"}).rename(columns={"province": "provnce"})
    rows = pd.concat([rows, rows[["base"]]], axis=1)
    found = faults(rows)
    assert [(fault.row, fault.column, fault.what) for fault in found] == [
        (1, "provnce", "unknown column"),
        (1, "base", "column appears more than once"),
        (1, "province", "missing column"),
        (2, "area", "no area"),
        (2, "count", "count above base"),
    ]
    assert found[0].nearest == ("province",)


def test_a_frame_without_any_known_column_lists_what_is_missing() -> None:
    """Every declared column is named, and nothing else is said of the rows."""
    found = faults(pd.DataFrame({"a": [1, 2], "": [3, 4]}))
    assert [fault.column for fault in found if fault.what == "unknown column"] == ["a", "(no name)"]
    assert [fault.column for fault in found if fault.what == "missing column"] == list(COLUMNS[:-1])
    assert len(found) == 2 + len(COLUMNS) - 1


def test_faults_carry_the_rows_and_the_file_that_they_are_given() -> None:
    """Rows that were left out before don't shift the numbers."""
    rows = frame({}, {"count": "8"}, {"observation_id": "T001"})
    _, found = observation_faults(
        rows, catalogue=CATALOGUE, gazetteer=GAZETTEER, file="mine.csv", rows=[2, 9, 12]
    )
    assert [(fault.file, fault.row, fault.column) for fault in found] == [
        ("mine.csv", 9, "count"),
        ("mine.csv", 9, "count"),
        ("mine.csv", 12, "observation_id"),
    ]
    assert found[2].allowed == "an id of its own (row 2 has it)"


def test_without_a_catalogue_only_the_table_itself_is_checked() -> None:
    """Contradictions and closed lists are found even where nothing can be looked up."""
    rows = frame({"indicator": "nothing", "province": "Nowhere", "count": "8", "qualifier": "x"})
    _, found = observation_faults(rows, catalogue=None, gazetteer=None)
    assert [fault.column for fault in found] == ["count", "qualifier"]


def test_long_values_are_cut_and_many_faults_stay_quick() -> None:
    """A fault shows the beginning of a long value; near names are looked for in the first 200 faults only."""
    (fault,) = faults(frame({"note": "x  " * 1000}))
    assert isinstance(fault.value, str)
    assert (len(fault.value), fault.value[-1]) == (120, "…")
    many = faults(frame(*({"source_id": f"seed-00{number}x"} for number in range(250))))
    assert [bool(fault.nearest) for fault in many] == [True] * 200 + [False] * 50


def test_the_closed_list_of_levels_is_the_one_of_the_catalogue() -> None:
    """Every level that rows may have has words in both languages, and no other."""
    assert set(CLOSED["geo_level"]) == set(CATALOGUE.levels)


ROWS = frame(
    {}, SHARE, RANGE, RATING, {"count": "8"}, {"province": "Hà Tây"}, {"geo_level": "x"}, {"printed": ""}
)

ROWS_TYPED, ROWS_FAULTS = observation_faults(ROWS, catalogue=CATALOGUE, gazetteer=GAZETTEER)


@given(st.permutations(range(len(ROWS))))
@settings(max_examples=10, deadline=None)
def test_shuffling_rows_changes_nothing_but_their_order(order: list[int]) -> None:
    """Each row gets the same faults and the same typed cells wherever it stands."""
    shuffled, found_there = observation_faults(ROWS.iloc[order], catalogue=CATALOGUE, gazetteer=GAZETTEER)
    pd.testing.assert_frame_equal(shuffled, ROWS_TYPED.iloc[order].reset_index(drop=True))
    at_home = sorted((str(fault).split(": ", 1)[1], fault.row) for fault in ROWS_FAULTS)
    there = sorted((str(fault).split(": ", 1)[1], order[(fault.row or 0) - 2] + 2) for fault in found_there)
    assert there == at_home


@given(
    st.dictionaries(
        st.sampled_from(COLUMNS), st.one_of(st.text(max_size=12), st.floats(), st.integers(), st.none())
    )
)
@example({"count": "²"})  # a digit, and no number
@example({"count": "٣", "base": "٤"})
@settings(max_examples=15, deadline=None)
def test_any_cells_pass_or_have_faults(changes: dict[str, Any]) -> None:
    """Whatever stands in a row, the check ends with typed columns and faults; it never fails otherwise."""
    rows = pd.DataFrame([GOOD | changes], columns=list(COLUMNS), dtype="object")
    typed, found = observation_faults(rows, catalogue=CATALOGUE, gazetteer=GAZETTEER)
    assert typed.dtypes.equals(ROWS_TYPED.dtypes)
    if not found:
        pd.testing.assert_frame_equal(check(typed), typed)


# periods


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2012", date(2012, 1, 1), date(2012, 12, 31)),
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        ("2013-02-28", date(2013, 2, 28), date(2013, 2, 28)),
    ],
)
def test_a_period_is_its_first_and_last_day(period: str, first: date, last: date) -> None:
    """Years, months and dates are read."""
    assert period_days(period) == (first, last)


NO_PERIODS = (
    "|12|2012-2|2012-00|2012-13|2012-01-00|2013-02-29|2018-02-30|1929|2100|20122|2012-01-01T0| 2012|٢٠١٢"
)


@pytest.mark.parametrize("period", NO_PERIODS.split("|"))
def test_what_is_no_period_is_none(period: str) -> None:
    """Days that don't exist, other forms and years out of reach are refused."""
    assert period_days(period) is None


@given(st.dates(date(1930, 1, 1), date(2099, 12, 31)))
def test_every_real_date_is_a_period(day: date) -> None:
    """A date stands for itself, and lies in its month and its year."""
    assert period_days(day.isoformat()) == (day, day)
    month = period_days(day.isoformat()[:7])
    assert month is not None
    assert month[0] <= day <= month[1]
    assert (month[1] + timedelta(days=1)).day == 1


# dated units


@pytest.mark.parametrize(
    ("name", "start", "end", "unit_id"),
    [
        ("Hà Nội", "2007", "2007", "01-2004"),
        ("Hà Nội", "2008", "2008", "01-2008"),  # the year of the change: the unit at its end
        ("Hà Nội", "2005", "2010", "01-2008"),
        ("Bắc Giang", "2025", "2025", "24-2004"),  # gone by the end of the year
        ("An Giang", "2025", "2025", "91-2025"),
        ("An Giang", "2025-06", "2025-06", "89-2004"),
        ("Hà Tây", "2009", "2009", None),
        ("Vĩnh Phúc", "1997", "1997", None),  # before provinces.csv begins
        ("Hà Nội", "", "", None),  # undated, and two territories bore the name
        ("Thanh Hóa", "", "", "38-2004"),  # undated, but always the same land
        ("Quảng Nam", "", "", "49-2004"),
        ("Nowhere", "", "", None),
    ],
)
def test_a_name_means_the_unit_at_the_end_of_the_period(
    name: str, start: str, end: str, unit_id: str | None
) -> None:
    """Where the period can't tell two territories apart, nothing is decided."""
    first, last = period_days(start), period_days(end)
    unit = dated_unit(name, (first[0], last[1]) if first and last else None, GAZETTEER)
    assert (unit.unit_id if unit else None) == unit_id


def test_lifetimes_join_units_that_follow_one_another() -> None:
    """A merger that kept the name doesn't end it; a name that went says when."""
    assert lifetimes("Hà Nội", GAZETTEER) == "2004-01-01 to today"
    assert lifetimes("Hà Tây", GAZETTEER) == "2004-01-01 to 2008-07-31"
    assert lifetimes("Nowhere", GAZETTEER) == ""


# printed figures


@pytest.mark.parametrize(
    ("printed", "stored", "columns"),
    [
        ("63,71%", {"percent": 63.71, "count": 79}, ()),  # the count stands elsewhere in the document
        ("63,71%", {"percent": 63.17}, ("percent",)),
        ("63,71%", {"count": 79}, ("percent",)),
        ("11/18", {"count": 11, "base": 18}, ()),
        ("11/18", {"count": 12, "base": 19}, ("count", "base")),
        ("32/32", {"count": 32}, ()),  # a base may be left out
        ("80 – 95%", {"percent": 80, "percent_max": 59}, ("percent_max",)),
        ("3 - 5 đồng chí", {"count": 3, "count_max": 6}, ("count_max",)),
    ],
)
def test_values_are_held_against_the_print(
    printed: str, stored: dict[str, float], columns: tuple[str, ...]
) -> None:
    """Every value that the print shows must be the one stored."""
    figure = read_printed(printed, "vi", share_only=False)
    assert figure is not None
    assert differing(figure, stored) == columns


@given(st.sampled_from(["vi", "en"]), st.from_regex(r"[0-9]{1,5}([.,][0-9]{1,4}){0,3}%?", fullmatch=True))
def test_the_quick_reading_is_the_one_of_text(style: Any, printed: str) -> None:
    """Bare numbers are read without the parser, to the same figures."""
    try:
        slow = parse_figure(printed, style)
    except TextError:
        slow = None
    assert read_printed(printed, style, share_only=False) == slow


@pytest.mark.parametrize(
    ("printed", "style", "percent", "share_only", "decimals"),
    [
        ("97%", "vi", 97.0, True, 0),
        ("6,70%", "vi", 6.7, True, 2),
        ("99.8%", "en", 99.8, True, 1),
        ("13,2", "vi", 13.2, True, 1),
        ("439; 62,62%", "vi", 62.62, False, 2),
        ("2,3 và 3", "vi", 2.3, False, 1),  # the words can't be read, the number can
        ("thứ 10", "vi", 50.0, False, None),
        ("một nửa", "vi", 50.0, True, None),
    ],
)
def test_decimals_are_those_of_the_print(
    printed: str, style: Any, percent: float, share_only: Any, decimals: int | None
) -> None:
    """Trailing zeros count; where no number is printed, nothing is made up."""
    assert printed_decimals(printed, style, percent, share_only=share_only) == decimals


@pytest.mark.parametrize(
    ("printed", "note", "above"),
    [
        ("trên 73%", "", True),
        ("22; trên 4,8%", "", True),
        ("hơn 90 phần trăm", "", True),
        ("Over 99.5%", "", True),
        (">95%", "", True),
        ("95%", "Word in source: always over. Said of many cells.", True),
        ("gần 59%", "", False),
        ("trên dưới 90%", "", False),
        ("26 trên 48", "", False),
        ("trên 8.600", "", False),
        ("95%", "Word in source: gần.", False),
        ("95%", "Just over half of the cells are meant.", False),
    ],
)
def test_a_share_above_is_told_from_one_that_is_about(printed: str, note: str, above: bool) -> None:  # noqa: FBT001
    """The word before the share, or the one that the note begins with, says that a share is a lower bound."""
    assert share_above(printed, note) is above
