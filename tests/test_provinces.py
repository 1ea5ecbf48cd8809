"""Who is who, on which date."""

from __future__ import annotations

import csv
import shutil
import unicodedata
from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbanalysis.common.errors import DataError, UnknownName
from cbanalysis.common.folders import data_folder
from cbanalysis.dataset.provinces import Gazetteer, Unit, last_day, territories
from cbanalysis.dataset.provinces.gazetteer import _keys
from cbanalysis.dataset.provinces.province_files import UNIT_COLUMNS, ambiguous

GAZETTEER = Gazetteer.read()
UNITS = GAZETTEER.units
FILES = ("provinces.csv", "tilegrid_63.csv", "tilegrid_34.csv")

# A day in each of the times between two changes of the map.
DAYS = sorted({unit.valid_from for unit in UNITS})


def ids(units):
    """Return the ids of units, in order."""
    return [unit.unit_id for unit in units]


# --- dates


@pytest.mark.parametrize(
    ("when", "day"),
    [
        (2012, date(2012, 12, 31)),
        (np.int64(2012), date(2012, 12, 31)),
        ("2012", date(2012, 12, 31)),
        ("2012-02", date(2012, 2, 29)),
        ("2013-02", date(2013, 2, 28)),
        (" 2012-05-17 ", date(2012, 5, 17)),
        (date(2012, 5, 17), date(2012, 5, 17)),
        (datetime(2012, 5, 17, 23, 59), date(2012, 5, 17)),  # noqa: DTZ001 (a day has no zone)
    ],
)
def test_last_day(when, day):
    """A year or month means its last day, a date itself."""
    found = last_day(when)
    assert found == day
    assert type(found) is date


@pytest.mark.parametrize(
    "when",
    [
        "2012-13",
        "2012-02-30",
        "2012-00",
        "12",
        "2012/05",
        "",
        "0000",
        "hôm nay",
        0,
        -5,
        20120517,
        True,
        2012.0,
    ],
)
def test_last_day_refuses(when):
    """What is no date, or none that exists, is refused by name."""
    with pytest.raises(UnknownName, match="unknown date") as caught:
        last_day(when)
    assert caught.value.kind == "date"
    assert caught.value.hint


# --- the map on a day


@pytest.mark.parametrize(
    ("when", "number"),
    [
        ("2004-01-01", 64),
        ("2008-07-31", 64),
        ("2008-08-01", 63),
        (2008, 63),
        ("2025-06-30", 63),
        ("2025-07-01", 34),
        (2025, 34),
        ("2026-04-30", 34),
        (2100, 34),
    ],
)
def test_number_of_units(when, number):
    """There were 64 units until 2008-07-31, 63 until 2025-06-30, 34 since, each code once."""
    units = GAZETTEER.on(when)
    assert len(units) == number
    assert len({unit.gso_code for unit in units}) == number


def test_nothing_before_2004():
    """A day before the gazetteer begins is refused, with that day."""
    with pytest.raises(UnknownName, match="begins on 2004-01-01"):
        GAZETTEER.on("2003-12-31")


# --- names


@pytest.mark.parametrize(
    ("name", "on", "unit_id"),
    [
        ("Hòa Bình", 2012, "17-2004"),
        ("hoà bình", 2012, "17-2004"),
        ("HOÀ BÌNH", 2012, "17-2004"),
        ("Hoa Binh", 2012, "17-2004"),
        ("Đắc Lắc", 2012, "66-2004"),
        ("Ðắk Lắk", 2012, "66-2004"),
        ("Daklak", 2012, "66-2004"),
        ("Dak Lak Province", 2026, "66-2025"),
        ("Province of Dak Lak", 2012, "66-2004"),
        ("TP. HCM", 2012, "79-2004"),
        ("TPHCM", 2012, "79-2004"),
        ("Tp.HCM", 2012, "79-2004"),
        ("T.P. Hồ Chí Minh", 2012, "79-2004"),
        ("thành phố Hồ Chí Minh", 2026, "79-2025"),
        ("Ho Chi Minh City", 2012, "79-2004"),
        ("City of Ho Chi Minh", 2012, "79-2004"),
        ("Sài Gòn", 2012, "79-2004"),
        ("TPHà Nội", 2007, "01-2004"),
        ("Hanoi", 2008, "01-2008"),
        ("BR-VT", 2012, "77-2004"),
        ("Bà Rịa–Vũng Tàu", 2012, "77-2004"),
        ("Tỉnh Bắc Giang", 2012, "24-2004"),
        ("  tỉnh\u00a0BẮC  GIANG ", 2012, "24-2004"),
        ("Bắc Ninh", "2025-06-30", "27-2004"),
        ("Bắc Ninh", "2025-07-01", "24-2025"),
        ("Huế", 2012, "46-2004"),
        ("TP Huế", "2025-01-01", "46-202501"),
        ("Thừa Thiên - Huế", 2026, "46-202507"),
        ("TP Đồng Nai", 2026, "75-2026"),
    ],
)
def test_find(name, on, unit_id):
    """Any usual spelling finds the unit that it meant on that day."""
    assert GAZETTEER.find(name, on).unit_id == unit_id


@pytest.mark.parametrize(
    ("name", "on", "said"),
    [
        ("Hà Tây", 2012, "a province until 2008-07-31; on 2012-12-31 its land belongs to Hà Nội"),
        ("Bắc Giang", 2026, "a province until 2025-06-30; on 2026-12-31 its land belongs to Bắc Ninh"),
        ("Thành phố Bắc Giang", 2012, "on 2012-12-31 Bắc Giang was a province"),
        ("TP Huế", 2012, "on 2012-12-31 Thừa Thiên Huế was a province"),
        ("Đồng Nai City", 2012, "on 2012-12-31 Đồng Nai was a province"),
        ("Hà Nội", 2003, "the gazetteer begins on 2004-01-01"),
    ],
)
def test_find_refuses_a_name_of_another_time(name, on, said):
    """A name that meant nothing on that day is refused with what it was, when, and what holds its land."""
    with pytest.raises(UnknownName) as caught:
        GAZETTEER.find(name, on)
    assert said in caught.value.hint
    assert caught.value.kind == "province"


def test_find_refuses_a_name_of_a_later_time():
    """A name that came later is refused with its first day and what its land was before."""
    late = Gazetteer(
        (unit("A", 2004, 2010, territory=("01",)), unit("B", 2011, None, territory=("01",))), GAZETTEER.grids
    )
    with pytest.raises(UnknownName, match="a province since 2011-01-01; on 2010-12-31 its land was A"):
        late.find("B", 2010)


def test_the_last_of_several_ends_is_told():
    """Of a name that ended more than once, its last end before the day is told."""
    land = ("01",)
    once = Gazetteer(
        (
            unit("A", 2004, 2006, territory=land),
            unit("A", 2008, 2010, territory=land),
            unit("B", 2011, None, territory=land),
        ),
        GAZETTEER.grids,
    )
    with pytest.raises(UnknownName, match="a province until 2010-12-31; on 2012-12-31 its land belongs to B"):
        once.find("A", 2012)


def test_a_gap_in_time_is_told_plainly():
    """Where no unit holds the land of a later name yet, only its first day is told."""
    late = Gazetteer(
        (unit("A", 2004, None, territory=("01",)), unit("B", 2011, None, territory=("02",))), GAZETTEER.grids
    )
    with pytest.raises(UnknownName, match=r"\(a province since 2011-01-01\)"):
        late.find("B", 2010)


@pytest.mark.parametrize(
    ("name", "on", "near"),
    [
        ("Bac Gaing", 2012, "Bắc Giang"),
        ("Bắc Giangg", 2012, "Bắc Giang"),
        ("Hải Phong2", 2026, "Hải Phòng"),
        ("Thua Tien Hue", 2012, "Thừa Thiên Huế"),
        ("tỉnh Quảng Nin", 2012, "Quảng Ninh"),
        ("Dakk Lakk", 2026, "Đắk Lắk"),
    ],
)
def test_find_names_the_nearest(name, on, near):
    """A misspelt name is refused with the nearest names of that day, however it was typed."""
    with pytest.raises(UnknownName) as caught:
        GAZETTEER.find(name, on)
    assert near in caught.value.known
    assert near in str(caught.value)


@pytest.mark.parametrize("name", ["", "tỉnh", "Tỉnh ủy Bắc Giang", "xyz", "24", "Việt Nam", "%"])
def test_find_refuses_what_is_no_province(name):
    """Nothing, a title alone, a committee, a code or a country is no province."""
    with pytest.raises(UnknownName):
        GAZETTEER.find(name, 2012)


def test_named():
    """A name gives all dated units that ever had it, whatever their time; an unknown one none."""
    assert ids(GAZETTEER.named("Bac Ninh")) == ["24-2025", "27-2004"]
    assert ids(GAZETTEER.named("tỉnh Tây Ninh")) == ["72-2004", "80-2025"]
    assert GAZETTEER.named("Paris") == ()


def test_by_id_and_code():
    """An id names one unit for good, a code only on a day."""
    assert GAZETTEER.by_id("24-2025").name_vi == "Bắc Ninh"
    assert GAZETTEER.coded("24", 2024).name_vi == "Bắc Giang"
    assert GAZETTEER.coded("24", 2025).name_vi == "Bắc Ninh"
    with pytest.raises(UnknownName, match="24-2004"):
        GAZETTEER.by_id("24-2003")
    with pytest.raises(UnknownName, match="province code '27'"):
        GAZETTEER.coded("27", 2025)


def test_seven_codes_changed_their_name():
    """Exactly seven codes name another province after 2025-07-01."""
    before = {unit.gso_code: unit.name_vi for unit in GAZETTEER.on("2025-06-30")}
    after = {unit.gso_code: unit.name_vi for unit in GAZETTEER.on("2025-07-01")}
    changed = [code for code in after if after[code] != before[code]]
    assert sorted(changed) == ["15", "24", "44", "52", "80", "82", "91"]


DISGUISES = [
    str,
    str.upper,
    str.lower,
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: name.replace("Đ", "Ð").replace("đ", "ð"),
    lambda name: name.replace(" ", "\u00a0"),
    lambda name: f"\ufeff {name.replace(' ', '  ')}\u200b",
    lambda name: "".join(
        letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter)
    ).replace("Đ", "D"),
]


@settings(deadline=None)
@given(st.sampled_from(UNITS), st.sampled_from(DISGUISES), st.data())
def test_every_name_finds_its_unit(one, disguise, data):
    """Each name and alias, disguised, finds its unit on each of its days, and so it does with its title."""
    name = data.draw(st.sampled_from([one.name_vi, one.name_en, *one.aliases]))
    day = data.draw(st.dates(one.valid_from, one.valid_to or date(2100, 1, 1)))
    assert GAZETTEER.find(disguise(name), day) == one
    title = data.draw(st.sampled_from(["Thành phố ", "TP. ", "tp "] if one.is_city else ["Tỉnh ", "TỈNH "]))
    assert GAZETTEER.find(disguise(title + one.name_vi), day) == one
    assert one in GAZETTEER.named(disguise(name))


@pytest.mark.parametrize("day", DAYS)
def test_names_are_unique_on_each_day(day):
    """On no day do two units share a folded name or alias."""
    keys = [key for unit in GAZETTEER.on(day) for key in _keys(unit)]
    assert len(keys) == len(set(keys))


@settings(deadline=None)
@given(st.text())
def test_find_gives_a_unit_or_our_error(name):
    """Any text as a name gives a unit or UnknownName."""
    try:
        found = [GAZETTEER.find(name, 2012)]
    except UnknownName:
        found = []
    assert all(unit.valid(2012) for unit in found)


# --- mergers


@pytest.mark.parametrize(
    ("unit_id", "on", "parts"),
    [
        ("24-2025", 2024, ["24-2004", "27-2004"]),
        ("01-2008", 2007, ["01-2004", "28-2004"]),
        ("01-2008", 2024, ["01-2008"]),
        ("68-2025", "2025-06-30", ["60-2004", "67-2004", "68-2004"]),
        ("75-2026", 2025, ["75-2025"]),
        ("28-2004", 2012, []),
    ],
)
def test_parts(unit_id, on, parts):
    """The parts of a unit are the units of that day that lie wholly inside it."""
    assert ids(GAZETTEER.parts(GAZETTEER.by_id(unit_id), on)) == parts


@pytest.mark.parametrize(
    ("unit_id", "on", "successors"),
    [
        ("28-2004", 2008, ["01-2008"]),
        ("28-2004", 2026, ["01-2008"]),
        ("27-2004", 2026, ["24-2025"]),
        ("46-2004", 2026, ["46-202507"]),
        ("04-2004", 2026, ["04-2004"]),
        ("24-2025", 2012, []),
    ],
)
def test_successors(unit_id, on, successors):
    """The successor of a unit is the unit of that day that holds all its land."""
    assert ids(GAZETTEER.successors(GAZETTEER.by_id(unit_id), on)) == successors


@settings(deadline=None)
@given(st.sampled_from(UNITS), st.sampled_from(DAYS))
def test_mergers_hold_both_ways(one, day):
    """A unit is among the parts of each successor, and each part has it as its successor."""
    for other in GAZETTEER.successors(one, day):
        assert one in GAZETTEER.parts(other, one.valid_from)
    for other in GAZETTEER.parts(one, day):
        assert GAZETTEER.successors(other, one.valid_from) == (one,)


@pytest.mark.parametrize("one", UNITS, ids=lambda unit: unit.unit_id)
def test_each_unit_has_one_successor_to_this_day(one):
    """All land of 2004 can be followed into the 34, and the parts of each in 2004 make up all of it."""
    (now,) = GAZETTEER.successors(one, 2026)
    parts = GAZETTEER.parts(now, "2004-01-01")
    assert frozenset().union(*map(territories, parts)) == territories(now)


def test_only_hanoi_is_partial():
    """Only Hà Nội since 2008 holds land beyond whole provinces of 2004, and says which."""
    assert ids(unit for unit in UNITS if unit.partial) == ["01-2008"]
    assert GAZETTEER.by_id("01-2008").pieces == (
        "Mê Linh (Vĩnh Phúc)",
        "4 communes of Lương Sơn (Hòa Bình)",
    )


def test_territories():
    """A unit lies wholly inside another exactly when its 2004 provinces are among the other's."""
    assert territories(GAZETTEER.by_id("24-2025")) == {"24", "27"}
    assert territories(GAZETTEER.by_id("27-2004")) < territories(GAZETTEER.by_id("24-2025"))


def test_names_and_regions_in_both_languages():
    """Names and regions come in Vietnamese and English; no other language."""
    one = GAZETTEER.by_id("79-2025")
    assert (one.name(), one.name("en")) == ("TP. Hồ Chí Minh", "Ho Chi Minh City")
    assert (one.region(), one.region("en")) == ("Đông Nam Bộ", "South East")
    for ask in (one.name, one.region):
        with pytest.raises(UnknownName, match="language"):
            ask("fr")


# --- frames


@pytest.mark.parametrize(("number", "last"), [(63, ["95", "Bạc Liêu", "Bac Lieu", 18, 4]), (34, None)])
def test_tile_grid(number, last):
    """A tile grid has each province once, no two on one place, and belongs to the caller."""
    grid = GAZETTEER.tile_grid(number)
    assert list(grid.columns) == ["code", "name", "name_en", "row", "col"]
    assert len(grid) == number
    assert not grid.duplicated(["row", "col"]).any()
    if last:
        assert grid.iloc[-1].tolist() == last
    grid.loc[:, "row"] = 0
    assert GAZETTEER.tile_grid(number)["row"].min() == 1


def test_unknown_tile_grid():
    """There is no grid of 64."""
    with pytest.raises(UnknownName, match="unknown tile grid 64"):
        GAZETTEER.tile_grid(64)


# --- broken files


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a copy of the three files."""
    for name in FILES:
        shutil.copy(data_folder() / name, tmp_path / name)
    return tmp_path


def damage(path, change):
    """Let a function change the rows of a CSV file: a list of dicts."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def faults(folder):
    """Return what, file, row, column and value of each fault that reading a folder raises."""
    with pytest.raises(DataError) as caught:
        Gazetteer.read(folder)
    return [(fault.what, fault.file, fault.row, fault.column, fault.value) for fault in caught.value.faults]


def unit(name, first, last, **values):
    """Return a made-up province of some years; its id is its name."""
    return Unit(
        unit_id=name,
        gso_code=values.get("code", name),
        iso_3166_2="",
        name_vi=name,
        name_en=name,
        type="tỉnh",
        region_vi="",
        region_en="",
        valid_from=date(first, 1, 1),
        valid_to=date(last, 12, 31) if last else None,
        successor_code="",
        predecessor_codes=(),
        territory_2004=values["territory"],
        aliases=(),
    )


def test_a_copy_reads_the_same(folder):
    """A folder given by hand is read as the shipped one, with or without a byte order mark."""
    assert Gazetteer.read(folder).units == UNITS
    text = (folder / "provinces.csv").read_text(encoding="utf-8")
    (folder / "provinces.csv").write_text(f"\ufeff{text}\n\n", encoding="utf-8")
    assert Gazetteer.read(str(folder)).units == UNITS


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file(folder, name):
    """A file that isn't there is named."""
    (folder / name).unlink()
    assert faults(folder) == [("the file is missing", name, None, None, None)]


@pytest.mark.parametrize(
    ("content", "what", "row"),
    [
        (b"\xff\xfe", "UTF-16, not UTF-8", None),
        (b'unit_id\n"open', "row can't be read: a quotation mark is never closed", 2),
    ],
)
def test_a_file_that_is_no_csv(folder, content, what, row):
    """A file in another encoding, or with an open quote, is named."""
    (folder / "provinces.csv").write_bytes(
        content.replace(b"unit_id", b",".join(name.encode() for name in UNIT_COLUMNS))
    )
    assert faults(folder) == [(what, "provinces.csv", row, None, None)]


def test_an_empty_file(folder):
    """An empty file is named; one with a header alone has no rows."""
    header = (folder / "tilegrid_34.csv").read_text(encoding="utf-8").split("\n")[0]
    (folder / "tilegrid_34.csv").write_text("", encoding="utf-8")
    assert faults(folder) == [("the file is empty", "tilegrid_34.csv", None, None, None)]
    (folder / "tilegrid_34.csv").write_text(header, encoding="utf-8")
    assert faults(folder) == [("there are no rows", "tilegrid_34.csv", None, None, None)]


def test_a_missing_column(folder):
    """A misspelt column is missing, and the nearest one is named."""
    text = (folder / "provinces.csv").read_text(encoding="utf-8")
    (folder / "provinces.csv").write_text(text.replace("valid_from", "valid_form", 1), encoding="utf-8")
    with pytest.raises(DataError, match="did you mean valid_form") as caught:
        Gazetteer.read(folder)
    (fault,) = caught.value.faults
    assert (fault.what, fault.file, fault.row, fault.column) == (
        "the column is missing",
        "provinces.csv",
        1,
        "valid_from",
    )


def test_all_broken_cells_at_once(folder):
    """Every cell that can't be read is listed, with file, row, column and value."""

    def change(rows):
        rows[0]["valid_to"] = "2008-02-30"
        rows[1]["valid_from"] = "2008-8-1"
        rows[2]["valid_from"] = "0001-01-01"
        rows[3]["valid_from"] = ""
        rows[4]["valid_to"] = "2003-12-31"
        rows[5]["type"] = "huyện"
        rows[6]["lat"] = "95"
        rows[7]["lon"] = "east"
        rows[8]["name_vi"] = " "

    damage(folder / "provinces.csv", change)
    place = "provinces.csv"
    assert faults(folder) == [
        ("not a date that can be", place, 2, "valid_to", "2008-02-30"),
        ("not a date that can be", place, 3, "valid_from", "2008-8-1"),
        ("not a date that can be", place, 4, "valid_from", "0001-01-01"),
        ("the cell is empty", place, 5, "valid_from", None),
        ("the unit ends before it begins", place, 6, "valid_to", "2003-12-31"),
        ("not a type of unit", place, 7, "type", "huyện"),
        ("not degrees", place, 8, "lat", "95"),
        ("not degrees", place, 9, "lon", "east"),
        ("the cell is empty", place, 10, "name_vi", None),
    ]


def test_a_row_of_another_length(folder):
    """A row with a cell too few is named by its number."""
    lines = (folder / "provinces.csv").read_text(encoding="utf-8").split("\n")
    lines[2] = lines[2].rsplit(",", 1)[0]
    (folder / "provinces.csv").write_text("\n".join(lines), encoding="utf-8")
    ((what, *place),) = faults(folder)
    assert (what, *place) == (f"row has {lines[0].count(',')} cells", "provinces.csv", 3, None, None)


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        (3, "unit_id", "02-2004", ("the id stands in row 4 already", 5, "unit_id", "02-2004")),
        (
            2,
            "successor_code",
            "99",
            ("no unit of that code holds its land on 2025-07-01", 4, "successor_code", "99"),
        ),
        (3, "successor_code", "08", ("a unit that still exists has no successor", 5, "successor_code", "08")),
        (
            1,
            "predecessor_codes",
            "01|28|26",
            ("no unit of that code lay in it on 2008-07-31", 3, "predecessor_codes", "26"),
        ),
        (3, "aliases", "Bắc Kạn", ("row 5 has that name too, on the same day", 6, "aliases", "backan")),
        (3, "territory_2004", "04+99", ("not a code of a unit of 2004", 5, "territory_2004", "99")),
    ],
)
def test_contradictions(folder, row, column, value, expected):
    """What rows say against each other is found, with the row and the value."""

    def change(rows):
        rows[row][column] = value

    damage(folder / "provinces.csv", change)
    found = faults(folder)
    what, number, place, seen = expected
    assert found == [(what, "provinces.csv", number, place, seen)]


def test_land_held_twice_or_by_nobody(folder):
    """Land that two units hold on a day, or none, is named with the day."""

    def change(rows):
        rows[3]["territory_2004"] = "20"

    damage(folder / "provinces.csv", change)
    found = faults(folder)
    assert ("row 5 holds the same land on 2004-01-01", "provinces.csv", 18, "territory_2004", "20") in found
    assert ("nobody holds that land on 2025-07-01", "provinces.csv", None, "territory_2004", "04") in found


def test_names_may_come_back_later():
    """The same name at different times is no contradiction; on one day it is."""
    first, second = unit("A", 2004, 2010, territory=("01",)), unit("A", 2011, None, territory=("01",))
    assert ambiguous({2: first, 3: second}, _keys) == []
    third = unit("A", 2010, None, territory=("01",))
    (fault,) = ambiguous({2: first, 3: third}, _keys)
    assert (fault.row, fault.value) == (3, "a")


def test_broken_tiles(folder):
    """Each fault of a tile grid is listed: places, codes unknown, repeated or left out."""

    def change(rows):
        rows[0]["row"] = "0"
        rows[1]["col"] = "²"
        rows[7]["row"] = "1" * 5000
        rows[2]["code"] = "10"
        rows[3]["code"] = rows[4]["code"]
        rows[6]["row"], rows[6]["col"] = rows[5]["row"], rows[5]["col"]

    damage(folder / "tilegrid_34.csv", change)
    place = "tilegrid_34.csv"
    assert faults(folder) == [
        ("not a place on the grid", place, 2, "row", "0"),
        ("not a place on the grid", place, 3, "col", "²"),
        ("not a code of the 34", place, 4, "code", "10"),
        ("the code stands in row 5 already", place, 6, "code", "19"),
        ("row 7 has that place already", place, 8, "col", "2, 5"),
        ("not a place on the grid", place, 9, "row", "1" * 20),
        ("no tile for Tuyên Quang", place, None, "code", None),
        ("no tile for Lào Cai", place, None, "code", None),
    ]
