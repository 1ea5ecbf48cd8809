"""The doors from the outside: files to frames, filters, and a check that lists everything."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cbanalysis.common.errors import CbanalysisError, DataError, Fault, UnknownName
from cbanalysis.common.folders import data_folder
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.csv_reading import read_table
from cbanalysis.dataset.load import (
    check_folder,
    load_events,
    load_observations,
    load_provinces,
    load_sources,
    load_tile_grid,
    seed_figures,
)
from cbanalysis.dataset.load.observations import SEEDS, read_observations
from cbanalysis.dataset.observations.schema import COLUMNS
from cbanalysis.dataset.provinces import Gazetteer

CATALOGUE = Catalogue.read()
GAZETTEER = Gazetteer.read()
ALL = load_observations()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of data/ that a test may damage."""
    return Path(shutil.copytree(data_folder(), tmp_path / "data"))


def damage(path: Path, change: Callable[[list[str]], object]) -> None:
    """Change the lines of a file in place."""
    lines = path.read_text(encoding="utf-8").split("\n")
    change(lines)
    path.write_text("\n".join(lines), encoding="utf-8", newline="")


def line_of(lines: list[str], start: str) -> int:
    """Return the index of the line that starts so."""
    return next(number for number, line in enumerate(lines) if line.startswith(start))


def swap(lines: list[str], start: str, old: str, new: str) -> int:
    """Replace a text once in the line that starts so, and return the row of the file."""
    number = line_of(lines, start)
    assert old in lines[number]
    lines[number] = lines[number].replace(old, new, 1)
    return number + 1


def faults_of(folder: Path) -> tuple[Fault, ...]:
    """Return the faults that a check of the folder raises."""
    with pytest.raises(DataError) as raised:
        check_folder(folder)
    return raised.value.faults


def place_of(faults: tuple[Fault, ...]) -> list[tuple[str | None, int | None, str | None]]:
    """Return file, row and column of each fault."""
    return [(fault.file, fault.row, fault.column) for fault in faults]


# reading


def table(tmp_path: Path, content: bytes) -> Any:
    """Read a file of these bytes."""
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    return read_table(path)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_cells_are_read_as_they_stand(tmp_path: Path, mark: bytes, ending: bytes) -> None:
    """Leading zeros, quoted commas and line breaks stay; a byte order mark and line endings don't matter."""
    content = mark + ending.join([b"a,b", b'05,"x, y"', b'NA,"two', b'lines"', b",", b""])
    read = table(tmp_path, content)
    assert read.faults == []
    assert list(read.cells.columns) == ["a", "b"]
    assert read.cells.to_numpy().tolist() == [
        ["05", "x, y"],
        ["NA", f"two{ending.decode()}lines"],
        ["", ""],
    ]
    assert read.rows == [2, 3, 4]


@pytest.mark.parametrize(
    ("content", "row", "what"),
    [
        (b"", None, "file is empty"),
        (b" \n\n", None, "file is empty"),
        (b"\na,b\n1,2\n", 1, "row is empty"),
        (b'a,"b\n1,2\n', 1, "a quotation mark is never closed"),
        (b"a;b\n1;2\n", 1, "cells are separated by semicolon"),
        (b"a\tb\n1\t2\n", 1, "cells are separated by tab"),
        (b"PK\x03\x04....", None, "an Excel workbook"),
        (b"\xd0\xcf\x11\xe0....", None, "an old Excel workbook"),
        ("a,b\n1,2\n".encode("utf-16"), None, "UTF-16, not UTF-8"),
    ],
)
def test_a_file_that_is_no_table_says_why(tmp_path: Path, content: bytes, row: int | None, what: str) -> None:
    """One fault tells what the file is instead, and nothing is read."""
    read = table(tmp_path, content)
    (fault,) = read.faults
    assert (fault.file, fault.row) == ("mine.csv", row)
    assert what in fault.what
    assert read.cells.empty


def test_a_missing_file_and_a_folder_are_faults(tmp_path: Path) -> None:
    """What can't be opened is told like any other fault."""
    assert [fault.what for fault in read_table(tmp_path / "none.csv").faults] == ["the file is missing"]
    (fault,) = read_table(tmp_path).faults
    assert fault.what.startswith("the file can't be read")


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        (b"1,2,3", "row has 3 cells"),
        (b"1", "row has 1 cells"),
        (b"", "row is empty"),
        (b'1,"x"y', "row can't be read"),
        (b"1,\x00", "a NUL or replacement character"),
        ("1,\ufffd".encode(), "a NUL or replacement character"),
        (b"1,\xd1", "not UTF-8 from byte 11 of the file on"),
        (b'1,"' + b"x" * 140_000 + b'"', "row can't be read"),
    ],
)
def test_a_broken_row_is_told_and_the_others_are_read(tmp_path: Path, broken: bytes, what: str) -> None:
    """The rows before and after a broken one keep their numbers."""
    read = table(tmp_path, b"a,b\n1,2\n" + broken + b"\n5,6\n")
    (fault,) = read.faults
    assert what in fault.what
    assert fault.row == 3
    assert read.cells.to_numpy().tolist() == [["1", "2"], ["5", "6"]]
    assert read.rows == [2, 4]


def test_an_open_quotation_mark_does_not_swallow_the_rest(tmp_path: Path) -> None:
    """Reading goes on in the line after the mark that is never closed."""
    read = table(tmp_path, b'a,b\n1,2\n3,"4\n5,6\n7,8\n')
    assert [(fault.row, fault.what) for fault in read.faults] == [
        (3, "row can't be read: a quotation mark is never closed")
    ]
    assert read.cells["a"].tolist() == ["1", "5", "7"]
    assert read.rows == [2, 4, 5]
    twice = table(tmp_path, b'a,b\n1,"2\n3","4\n5,6\n')
    assert [fault.row for fault in twice.faults] == [2, 3]
    assert (twice.cells["a"].tolist(), twice.rows) == (["5"], [4])


# observations from a file


def seed_file(folder: Path, rows: int = 12) -> Path:
    """Cut observations.csv to its first rows."""
    path = folder / "observations.csv"
    damage(path, lambda lines: lines.__delitem__(slice(rows + 1, None)))
    return path


def test_a_file_of_ones_own_is_checked_and_typed(folder: Path) -> None:
    """The low door gives the checked columns in file order, against the shipped catalogue by default."""
    read = read_observations(seed_file(folder))
    assert list(read.columns) == list(COLUMNS)
    pd.testing.assert_frame_equal(read, ALL[list(COLUMNS)].head(12))
    assert read.loc[0, "observation_id"] == "S001"
    assert read.loc[5, "base"] == 124


def test_broken_lines_and_broken_cells_come_in_one_error(folder: Path) -> None:
    """Rows that can't be read don't hide what is wrong with the others, and their numbers stay right."""
    path = seed_file(folder)

    def plant(lines: list[str]) -> None:
        lines[2] += ",one,too,many"
        swap(lines, "S006", ",62,124,", ",162,124,")
        lines[8] = lines[8].replace("S008", "S001")

    damage(path, plant)
    with pytest.raises(DataError) as raised:
        read_observations(path, catalogue=CATALOGUE, gazetteer=GAZETTEER)
    assert place_of(raised.value.faults) == [
        ("observations.csv", 3, None),
        ("observations.csv", 7, "count"),
        ("observations.csv", 9, "observation_id"),
    ]


def test_a_file_that_is_no_table_raises_only_that(tmp_path: Path) -> None:
    """An Excel file under another name isn't told to lack every column."""
    path = tmp_path / "mine.csv"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(DataError, match="an Excel workbook") as raised:
        read_observations(str(path), catalogue=CATALOGUE, gazetteer=GAZETTEER)
    assert len(raised.value.faults) == 1


BYTES = st.binary(min_size=1, max_size=3)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 5000),
            st.sampled_from(["delete", "insert", "replace"]),
            st.binary(min_size=1, max_size=3),
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_raises_nothing_but_our_errors(
    tmp_path: Path, changes: list[tuple[int, str, bytes]]
) -> None:
    """Whatever bytes go wrong, the file is read or a DataError lists why not."""
    content = bytearray((data_folder() / "observations.csv").read_bytes()[:1800])
    for position, kind, given_bytes in changes:
        at = position % len(content)
        content[at : at + (0 if kind == "insert" else len(given_bytes))] = (
            b"" if kind == "delete" else given_bytes
        )
    path = tmp_path / "observations.csv"
    path.write_bytes(bytes(content))
    try:
        read = read_observations(path, catalogue=CATALOGUE, gazetteer=GAZETTEER)
    except CbanalysisError as error:
        told = error
        assert isinstance(told, DataError)
    else:
        assert list(read.columns) == list(COLUMNS)


# load_observations


def ids(rows: pd.DataFrame) -> list[str]:
    """Return the ids of the rows."""
    return rows["observation_id"].tolist()


def test_everything_is_loaded_with_the_derived_columns() -> None:
    """Without a filter all figures come, in file order, with unit_id, year and decimals as last columns."""
    assert list(ALL.columns) == [*COLUMNS, "unit_id", "year", "decimals"]
    assert ids(ALL)[:2] == ["S001", "S002"]
    assert isinstance(ALL.index, pd.RangeIndex)
    assert (str(ALL["unit_id"].dtype), str(ALL["year"].dtype), str(ALL["decimals"].dtype)) == (
        "str",
        "Int64",
        "Int64",
    )
    rows = ALL.set_index("observation_id")
    assert rows.loc["S007", ["unit_id", "year", "decimals"]].tolist() == ["60-2004", 2012, 2]
    assert rows.loc["S006", "decimals"] == 0
    assert rows.loc["S001", "decimals"] is pd.NA
    assert rows.loc["S008", "year"] == 2012
    assert rows.loc["G025", ["unit_id", "year"]].tolist() == ["", pd.NA]
    assert rows.loc["D006", "unit_id"] == "49-2004"
    assert rows.loc["B006", "unit_id"] == ""
    assert rows.loc["F098", "unit_id"] == "24-2025"
    in_figures = ALL["percent"].notna() & ALL["printed"].str.contains("%")  # "all" has no decimals
    assert ALL.loc[in_figures, "decimals"].notna().all()
    assert ALL.loc[ALL["percent"].isna(), "decimals"].isna().all()


def test_each_filter_takes_one_value_or_several() -> None:
    """A text is one value, any other iterable is several; filters narrow one another."""
    assert set(load_observations("meeting_attendance")["indicator"]) == {"meeting_attendance"}
    both = load_observations(["meeting_attendance", "meeting_held"])
    assert set(both["indicator"]) == {"meeting_attendance", "meeting_held"}
    seeds = load_observations(source=("seed-000", "seed-003"), geo_level="province", subject="committee")
    assert set(seeds["source_id"]) == {"seed-003"}
    assert set(seeds["subject"]) == {"committee"}
    assert set(load_observations(geo_level={"country", "region"})["geo_level"]) == {"country", "region"}
    assert isinstance(seeds.index, pd.RangeIndex)


@pytest.mark.parametrize(
    "name", ["Điện Biên", "dien bien", "Tỉnh Điện Biên", "Ðiện  Biên", "Ðiê\u0323n Biên"]
)
def test_any_spelling_of_a_province_will_do(name: str) -> None:
    """Marks, titles, eth and NFD don't matter."""
    rows = load_observations(provinces=name, source="seed-001")
    assert ids(rows) == ids(ALL[ALL["source_id"] == "seed-001"])
    assert len(rows) > 0


def test_a_name_takes_all_units_of_that_name_and_an_id_one() -> None:
    """An Giang before and after the merger share a name, not a unit id."""
    by_name = load_observations(provinces="An Giang")
    before, after = load_observations(provinces="89-2004"), load_observations(provinces=["91-2025"])
    assert set(by_name["unit_id"]) == {"89-2004", "91-2025"}
    assert len(before) + len(after) == len(by_name)
    assert set(after["unit_id"]) == {"91-2025"}
    mixed = load_observations(provinces=["89-2004", "Điện Biên"])
    assert set(mixed["province"]) == {"An Giang", "Điện Biên"}


def test_years_are_one_year_or_exactly_those_listed() -> None:
    """A list is its years, a range is a span; undated figures belong to no year."""
    assert set(load_observations(years=2012)["year"]) == {2012}
    assert set(load_observations(years=[2010, 2012])["year"]) == {2010, 2012}
    assert set(load_observations(years=range(2010, 2013))["year"]) == {2010, 2011, 2012}
    assert set(load_observations(years=np.array([2012, 2013]))["year"]) == {2012, 2013}
    assert "S008" in ids(load_observations(years=2012))  # 2008 to 2012 ends there
    with pytest.raises(UnknownName, match=r"write \[2010, 2012\] for these two, range\(2010, 2012 \+ 1\)"):
        load_observations(years=(2010, 2012))


@pytest.mark.parametrize(
    "filters",
    [
        {"provinces": "Lai Châu", "source": "seed-000"},
        {"years": 1950},
        {"indicator": []},
        {"source": "seed-000", "years": 2024},
    ],
)
def test_nothing_known_is_an_empty_frame_of_the_same_types(filters: dict[str, Any]) -> None:
    """A known province, a year or an empty list without figures gives no rows, and no error."""
    rows = load_observations(**filters)
    assert len(rows) == 0
    pd.testing.assert_series_equal(rows.dtypes, ALL.dtypes)


@pytest.mark.parametrize(
    ("filters", "kind", "near"),
    [
        ({"indicator": "meeting_atendance"}, "indicator", "meeting_attendance"),
        ({"indicator": ["meeting_held", "meting_held"]}, "indicator", "meeting_held"),
        ({"subject": "membr"}, "subject", "member"),
        ({"geo_level": "provinces"}, "geo_level", "province"),
        ({"source": "seed-01"}, "source", "seed-001"),
        ({"provinces": "Bắc Gian"}, "province", "Bắc Giang"),
        ({"provinces": ["Bắc Giang", "Nowhere at all"]}, "province", None),
        ({"provinces": 24}, "province", None),
        ({"provinces": [24]}, "province", None),
        ({"indicator": 3}, "indicator", None),
        ({"years": "2012"}, "year", None),
        ({"years": [2012, "2013"]}, "year", None),
        ({"years": True}, "year", None),
        ({"years": 2012.5}, "year", None),
        ({"years": 10**30}, "year", None),
    ],
)
def test_an_unknown_name_is_refused(filters: dict[str, Any], kind: str, near: str | None) -> None:
    """What doesn't exist is told with the nearest that does."""
    with pytest.raises(UnknownName) as raised:
        load_observations(**filters)
    assert raised.value.kind == kind
    if near:
        assert near in raised.value.nearest


# the other tables


def test_sources_are_the_rows_of_their_file() -> None:
    """Every document that a figure names is there, all columns as text."""
    sources = load_sources()
    assert set(sources["source_id"]) == set(ALL["source_id"])
    assert {"publisher", "title", "address", "number_style", "terms"} <= set(sources.columns)
    assert {str(dtype) for dtype in sources.dtypes} == {"str"}


def test_events_come_oldest_first(folder: Path) -> None:
    """The order of the file doesn't matter."""
    damage(folder / "events.csv", lambda lines: lines.insert(1, lines.pop(5)))
    pd.testing.assert_frame_equal(load_events(folder), load_events())
    assert load_events()["date"].is_monotonic_increasing
    assert load_events().loc[0, "name_vi"] == "Quy định số 98-QĐ/TW: quy chế làm việc của chi bộ cơ quan"


@pytest.mark.parametrize(("on", "count"), [(2007, 64), ("2012-05", 63), ("2025-07-01", 34), (None, 94)])
def test_provinces_of_a_day_are_as_many_as_there_were(on: Any, count: int) -> None:
    """64 until July 2008, 63 until June 2025, 34 since; all dated units without a day."""
    provinces = load_provinces(on)
    assert len(provinces) == count
    assert provinces["unit_id"].is_unique
    assert str(provinces["lat"].dtype) == "float64"
    assert provinces.loc[0, "gso_code"] == "01"


def test_no_day_gives_no_provinces() -> None:
    """A date that doesn't exist is refused."""
    with pytest.raises(UnknownName, match="2018-02-30"):
        load_provinces("2018-02-30")
    with pytest.raises(UnknownName, match=r"unknown date .*NaT"):
        load_provinces(pd.NaT)


@pytest.mark.parametrize("count", [63, 34])
def test_tile_grids_have_a_place_for_each_province(count: Any) -> None:
    """As many tiles as provinces, no two in one place."""
    grid = load_tile_grid(count)
    assert list(grid.columns) == ["code", "name", "name_en", "row", "col"]
    assert len(grid) == count
    assert not grid.duplicated(["row", "col"]).any()


def test_there_is_no_third_grid() -> None:
    """Only 63 and 34 provinces have a grid."""
    with pytest.raises(UnknownName, match="64"):
        load_tile_grid(64)  # type: ignore[arg-type]


# seeds


def test_every_seed_figure_comes_out_as_printed() -> None:
    """All figures of the five documents are there, and each print read again is what is stored."""
    figures = seed_figures()
    assert ids(figures) == ids(ALL[ALL["source_id"].isin(SEEDS)].sort_values("source_id", kind="stable"))
    assert set(figures["source_id"]) == set(SEEDS)
    assert len(figures) >= 40
    assert figures.loc[~figures["agrees"], "observation_id"].tolist() == []
    shown = figures.set_index("observation_id")
    assert shown.loc["S007", ["parsed_percent", "percent", "count"]].tolist() == [63.71, 63.71, 79]
    assert shown.loc["S007", "parsed_count"] is pd.NA
    assert shown.loc["S036", ["parsed_count", "parsed_qualifier"]].tolist() == [3000, "about"]
    assert shown.loc["S029", ["parsed_count", "parsed_base"]].tolist() == [11, 18]
    assert shown.loc["S043", ["parsed_count", "parsed_count_max", "parsed_qualifier"]].tolist() == [
        3,
        5,
        "range",
    ]


def test_a_changed_seed_figure_does_not_agree(folder: Path) -> None:
    """A print that can't be read, or that says 'about' where the row says exact, is told."""

    def plant(lines: list[str]) -> None:
        swap(lines, "S011", "97%", "gần 97%")
        swap(lines, "S036", "gần 3 nghìn", "rất đông")

    damage(folder / "observations.csv", plant)
    figures = seed_figures(folder)
    assert figures.loc[~figures["agrees"], "observation_id"].tolist() == ["S011", "S036"]
    assert figures.set_index("observation_id").loc["S036", "parsed_qualifier"] == ""


def test_a_changed_seed_value_is_a_fault(folder: Path) -> None:
    """The stored number can't drift from the printed one unseen."""
    damage(folder / "observations.csv", lambda lines: swap(lines, "S011", ",97,", ",79,"))
    with pytest.raises(DataError, match="not what is printed") as raised:
        seed_figures(folder)
    assert len(raised.value.faults) == 1


# check_folder


def test_the_shipped_data_hold() -> None:
    """Nothing is wrong with data/."""
    check_folder()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The path that was given is in the message."""
    with pytest.raises(DataError, match=r"no such folder.*nowhere"):
        check_folder(tmp_path / "nowhere")


def test_an_empty_folder_lists_all_files_that_are_missing(tmp_path: Path) -> None:
    """Each required file is named once."""
    assert sorted(str(fault.file) for fault in faults_of(tmp_path)) == [
        "events.csv",
        "indicators.toml",
        "observations.csv",
        "provinces.csv",
        "sources.csv",
        "tilegrid_34.csv",
        "tilegrid_63.csv",
    ]


def test_every_planted_fault_of_a_damaged_copy_is_listed(folder: Path) -> None:
    """Faults of all kinds in all files come in one error with file, row and column, and nothing else."""
    expected: list[tuple[str, int | None, str | None]] = []

    def plant(lines: list[str]) -> None:
        name = "observations.csv"
        expected.extend(
            [
                (name, swap(lines, "S002", ",Bình Thuận,", ",Bình Thuân,"), "province"),
                (name, swap(lines, "S003", ",2013,2013,", ",2013-02-30,2013,"), "period_start"),
                (name, swap(lines, "S006", ",62,124,50,", ",125,124,50,"), "count"),
                (name, swap(lines, "S010", "village_head_secretary", "village_head_secretry"), "indicator"),
                (name, swap(lines, "S011", ",97,,97%,", ",197,,197%,"), "percent"),
                (name, swap(lines, "S013", "S013", "S012"), "observation_id"),
                (name, swap(lines, "S014", ",exact,", ",precise,"), "qualifier"),
                (name, swap(lines, "S015", "seed-002", "seed-022"), "source_id"),
                (name, swap(lines, "S018", ",9768,", ",9.768,"), "count"),
                (name, swap(lines, "S020", ",1430,", ",1340,"), "count"),
            ]
        )
        lines[line_of(lines, "S021")] += ",surplus"
        expected.append((name, line_of(lines, "S021") + 1, None))

    damage(folder / "observations.csv", plant)
    damage(
        folder / "sources.csv",
        lambda lines: expected.append(
            ("sources.csv", swap(lines, "seed-003", ",vi,", ",fr,"), "number_style")
        ),
    )
    damage(
        folder / "events.csv",
        lambda lines: expected.append(
            ("events.csv", swap(lines, "2004-03-22", "2004-03-22", "2004-03-32"), "date")
        ),
    )
    damage(
        folder / "provinces.csv",
        lambda lines: expected.append(
            ("provinces.csv", swap(lines, "04-2004", "2004-01-01", "2004-13-01"), "valid_from")
        ),
    )
    damage(
        folder / "tilegrid_63.csv",
        lambda lines: expected.append(("tilegrid_63.csv", swap(lines, "10,", ",2,2", ",2,zwei"), "col")),
    )

    def plant_direction(lines: list[str]) -> None:
        at = line_of(lines, "[indicators.meeting_held]")
        at += line_of(lines[at:], "direction")
        lines[at] = 'direction = "up"'
        expected.append(("indicators.toml", None, "indicators.meeting_held.direction"))

    damage(folder / "indicators.toml", plant_direction)
    found = place_of(faults_of(folder))
    assert set(found) == set(expected)
    assert len(found) == len(expected)


def test_loading_a_damaged_folder_lists_the_faults_of_all_files(folder: Path) -> None:
    """A wrong event and a wrong figure come in one error, whichever file is read first."""
    damage(folder / "events.csv", lambda lines: swap(lines, "2004-03-22", "2004-03-22", "soon"))
    damage(folder / "observations.csv", lambda lines: swap(lines, "S006", ",62,", ",162,"))
    with pytest.raises(DataError) as raised:
        load_observations("meeting_held", folder=folder)
    assert {fault.file for fault in raised.value.faults} == {"events.csv", "observations.csv"}


def test_a_source_without_figures_and_figures_without_source_are_told(folder: Path) -> None:
    """Foreign keys are checked both ways."""
    rows: list[int] = []

    def plant(lines: list[str]) -> None:
        rows.append(swap(lines, "seed-004", "seed-004", "seed-444"))

    damage(folder / "sources.csv", plant)
    found = faults_of(folder)
    unused = [fault for fault in found if fault.file == "sources.csv"]
    assert [(fault.row, fault.value, fault.what) for fault in unused] == [
        (rows[0], "seed-444", "no figure comes from this source")
    ]
    unknown = {fault.what for fault in found if fault.file == "observations.csv"}
    assert unknown == {"unknown source_id"}


def test_a_broken_catalogue_still_knows_the_sources_of_the_folder(folder: Path) -> None:
    """With a broken indicators.toml a new source is no fault, and a source that was taken out is one."""
    damage(folder / "indicators.toml", lambda lines: lines.insert(0, "broken ="))

    def plant(lines: list[str]) -> None:
        lines.append(lines[line_of(lines, "seed-001")].replace("seed-001", "new-source", 1))
        del lines[line_of(lines, "seed-001")]
        lines[:] = [line for line in lines if line] + [""]

    damage(folder / "sources.csv", plant)
    damage(folder / "observations.csv", lambda lines: swap(lines, "S012", "seed-002", "new-source"))
    found = faults_of(folder)
    assert {fault.file for fault in found} == {"indicators.toml", "observations.csv"}
    assert {fault.value for fault in found if fault.file == "observations.csv"} == {"seed-001"}


def test_when_sources_and_catalogue_are_unreadable_the_shipped_ones_serve(folder: Path) -> None:
    """Figures are checked all the same, and no source is called unknown or unused."""
    (folder / "sources.csv").unlink()
    damage(folder / "observations.csv", lambda lines: swap(lines, "S012", "seed-002", "seed-02"))
    found = faults_of(folder)
    assert {(fault.file, fault.column) for fault in found} == {
        ("sources.csv", None),
        ("observations.csv", "source_id"),
    }


def test_tables_without_their_key_column_are_not_compared(folder: Path) -> None:
    """A misspelt source_id column is told once and not as 225 sources without figures."""
    damage(folder / "observations.csv", lambda lines: swap(lines, "observation_id", "source_id", "sourceid"))
    found = faults_of(folder)
    assert [(fault.what, fault.row, fault.column) for fault in found] == [
        ("unknown column", 1, "sourceid"),
        ("missing column", 1, "source_id"),
    ]


@pytest.mark.parametrize(
    "content", [b"\x00\xff\xfe\x81", "finding_id,reason_vi,reason_en\n".encode("utf-16")]
)
def test_acknowledged_findings_are_checked_with_the_folder(folder: Path, content: bytes) -> None:
    """A file of acknowledged findings that is no text is a fault of the folder."""
    (folder / "acknowledged.csv").write_bytes(content)
    (fault,) = faults_of(folder)
    assert "not UTF-8" in fault.what


def test_a_column_of_ids_that_stands_twice_is_a_wrong_header(folder: Path) -> None:
    """Documents with two columns of ids are told by their header."""
    damage(folder / "sources.csv", lambda lines: lines.__setitem__(slice(None), _with_ids_twice(lines)))
    (fault,) = faults_of(folder)
    assert (fault.what, fault.file, fault.row) == ("wrong header", "sources.csv", 1)


def _with_ids_twice(lines: list[str]) -> list[str]:
    return [f"{line},{line.split(',')[0]}" if line else line for line in lines]


def test_a_wrong_tile_is_told_once(folder: Path) -> None:
    """With units that are right, the grids are not looked at twice."""
    damage(folder / "tilegrid_34.csv", lambda lines: swap(lines, "04,", ",1,4", ",0,4"))
    assert place_of(faults_of(folder)) == [("tilegrid_34.csv", 2, "row")]


def test_the_first_error_stands_if_the_folder_was_put_right_meanwhile(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load that failed never goes on, even if the check that follows finds nothing."""
    monkeypatch.setattr("cbanalysis.dataset.load.observations.check_folder", lambda _: None)
    damage(folder / "events.csv", lambda lines: swap(lines, "2004-03-22", "2004-03-22", "soon"))
    with pytest.raises(DataError, match="soon"):
        load_observations(folder=folder)


def test_where_even_the_shipped_files_are_broken_the_table_itself_is_checked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any catalogue or gazetteer the rules that need none still run."""

    def broken(*_: object) -> None:
        raise DataError([Fault("broken", file="shipped")])

    monkeypatch.setattr(Catalogue, "read", broken)
    monkeypatch.setattr(Gazetteer, "read", broken)
    damage(folder / "observations.csv", lambda lines: swap(lines, "S006", ",62,", ",162,"))
    found = faults_of(folder)
    assert [(fault.file, fault.column) for fault in found] == [
        ("shipped", None),
        ("observations.csv", "count"),
    ]
