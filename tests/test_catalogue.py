"""The catalogue: what data/ declares, and what is said about a folder that breaks its contract."""

from __future__ import annotations

import codecs
import re
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from cbanalysis.common.errors import DataError, UnknownName
from cbanalysis.dataset.catalogue import Catalogue, Words

INDICATORS = """
[subjects]
member = { vi = "đảng viên", en = "party member" }

[levels]
province = { vi = "tỉnh", en = "province" }

[sub_kinds]
"xã" = { vi = "xã", en = "communes" }

[indicators.attendance]
name = { vi = "Dự họp", en = "Attendance" }
definition = { vi = "Đảng viên dự họp", en = "Members who attend" }
unit = "percent"
subjects = ["member"]
base = { vi = "đảng viên", en = "members" }
direction = "higher"
definitions = { regular = { vi = "thường xuyên", en = "regularly" } }

[schemes.plain]
name = { vi = "Xếp loại", en = "Ratings" }
indicators = ["attendance"]
subject_group = "member"
valid_from = 2010
valid_to = 2012

[[schemes.plain.categories]]
id = "good"
name = { vi = "Tốt", en = "Good" }
order = 1
kind = "exclusive"
printed = ["tốt"]
good_or_better = true

[[schemes.plain.categories]]
id = "weak"
name = { vi = "Kém", en = "Weak" }
order = 2
kind = "exclusive"
printed = ["kém"]
good_or_better = false
"""
SOURCES = """\
source_id,publisher,title,published,address,file,number_style,terms
paper-1,Báo Một,"Tên, có dấu phẩy",2012-05,,,vi,quoted
"""
EVENTS = """\
date,date_basis,name_vi,name_en,effect_on,source
2018-11-13,stated,Kết luận 38,Conclusion 38,office_cell,paper-1
2007-10-10,stated,Hướng dẫn 10,Guidance 10,office_cell,paper-1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small sound data folder, made up for these tests."""
    (tmp_path / "indicators.toml").write_text(INDICATORS, encoding="utf-8")
    (tmp_path / "sources.csv").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Replace one passage of a file of the folder."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def faults_of(folder: Path) -> list[str]:
    """Return what reading the folder complains about, as shown to a user."""
    with pytest.raises(DataError) as caught:
        Catalogue.read(folder)
    return [str(fault) for fault in caught.value.faults]


def test_the_three_files_become_records(folder: Path) -> None:
    """Indicators, schemes, sources and events come out with their ids, words and types."""
    catalogue = Catalogue.read(folder)
    attendance = catalogue.indicator("attendance")
    assert attendance.id == "attendance"
    assert attendance.definitions["regular"]["en"] == "regularly"
    assert catalogue.scheme("plain").category("weak").printed == ("kém",)
    assert catalogue.source("paper-1").title == "Tên, có dấu phẩy"
    assert catalogue.source("paper-1").number_style == "vi"
    assert catalogue.levels["province"]["vi"] == "tỉnh"


def test_events_come_oldest_first(folder: Path) -> None:
    """Events are sorted by day whatever the order of the file."""
    assert [event.date for event in Catalogue.read(folder).events] == [date(2007, 10, 10), date(2018, 11, 13)]


def test_the_shipped_folder_is_read_when_none_is_named() -> None:
    """Without a folder the data that ship with the package are read."""
    assert "org_quality_rating" in Catalogue.read().indicators


def test_words_answer_in_both_languages_only() -> None:
    """Words give Vietnamese or English, and refuse another language by name."""
    words = Words(vi="chi bộ", en="party cell")
    assert (words["vi"], words["en"]) == ("chi bộ", "party cell")
    with pytest.raises(UnknownName, match="language 'fr'"):
        words["fr"]  # type: ignore[index]


def test_records_are_frozen(folder: Path) -> None:
    """A record can't be changed after it was read."""
    with pytest.raises(ValidationError):
        Catalogue.read(folder).indicator("attendance").unit = "count"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("method", "name", "kind", "nearest"),
    [
        ("indicator", "atendance", "indicator", "attendance"),
        ("scheme", "plane", "rating scheme", "plain"),
        ("source", "paper-2", "source", "paper-1"),
    ],
)
def test_an_unknown_name_gets_the_nearest(
    folder: Path, method: str, name: str, kind: str, nearest: str
) -> None:
    """A mistyped id is refused with the kind of thing and the nearest known id."""
    with pytest.raises(UnknownName) as caught:
        getattr(Catalogue.read(folder), method)(name)
    assert caught.value.kind == kind
    assert caught.value.nearest == (nearest,)


def test_an_unknown_category_gets_the_nearest(folder: Path) -> None:
    """A category that the scheme hasn't is refused with the nearest one."""
    with pytest.raises(UnknownName, match="category of plain 'wek'; did you mean 'weak'"):
        Catalogue.read(folder).scheme("plain").category("wek")


@pytest.mark.parametrize(("year", "covered"), [(2009, False), (2010, True), (2012, True), (2013, False)])
def test_a_scheme_covers_its_years_both_ends_included(folder: Path, year: int, *, covered: bool) -> None:
    """The first and the last year belong to a scheme, the years beside them don't."""
    assert Catalogue.read(folder).scheme("plain").covers(year) is covered


def test_a_scheme_without_end_covers_every_later_year() -> None:
    """A scheme that still lasts covers years to come."""
    assert Catalogue.read().scheme("org_2018").covers(2099)


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        (
            "indicators.toml",
            'unit = "percent"',
            'unit = "share"',
            "column indicators.attendance.unit: undeclared unit (found 'share')",
        ),
        (
            "indicators.toml",
            "direction =",
            "direktion =",
            "indicators.toml, column indicators.attendance.direktion: unknown key; did you mean direction",
        ),
        (
            "indicators.toml",
            'direction = "higher"',
            "",
            "indicators.toml, column indicators.attendance.direction: missing",
        ),
        (
            "indicators.toml",
            'subjects = ["member"]',
            'subjects = ["membr"]',
            "column indicators.attendance.subjects: undeclared subject (found 'membr'); did you mean member?",
        ),
        (
            "indicators.toml",
            'en = "Attendance"',
            'en = ""',
            "column indicators.attendance.name.en: wrong value",
        ),
        (
            "indicators.toml",
            "[levels]",
            "[level]",
            "indicators.toml, column levels: the table is missing or empty",
        ),
        ("indicators.toml", "[levels]", "[level]", "column level: unknown table; did you mean levels?"),
        ("indicators.toml", "valid_to = 2012", "valid_to = 2009", "ends before it begins (found 2009)"),
        (
            "indicators.toml",
            'id = "weak"',
            'id = "good"',
            "column schemes.plain: category twice (found 'good')",
        ),
        (
            "indicators.toml",
            'indicators = ["attendance"]',
            'indicators = ["atendance"]',
            "column schemes.plain.indicators: undeclared indicator (found 'atendance')",
        ),
        ("indicators.toml", 'indicators = ["attendance"]\n', "", "column schemes.plain.indicators: missing"),
        (
            "indicators.toml",
            "[schemes.plain]",
            (
                '[schemes.first]\nname = { vi = "Cũ", en = "Old" }\nindicators = ["attendance"]\n'
                'subject_group = "member"\nvalid_from = 2005\nvalid_to = 2010\ncategories = [{ id = "good", '
                'name = { vi = "Tốt", en = "G" }, order = 1, kind = "exclusive", good_or_better = true }]\n'
                "[schemes.plain]"
            ),
            "column schemes.plain.indicators: rated by first in 2010 too (found 'attendance')",
        ),
        (
            "indicators.toml",
            'name = { vi = "Kém", en = "Weak" }',
            'name = { vi = "Tốt", en = "Weak" }',
            "column schemes.plain: spelling twice (found 'tốt')",
        ),
        ("indicators.toml", "order = 2", "order = 1", "column schemes.plain: order twice (found 1)"),
        ("indicators.toml", '["kém"]', '["tốt"]', "column schemes.plain: spelling twice (found 'tốt')"),
        (
            "indicators.toml",
            'kind = "exclusive"\nprinted = ["kém"]',
            'kind = "part"',
            "column schemes.plain.weak: a part, but of nothing",
        ),
        (
            "indicators.toml",
            'kind = "exclusive"\nprinted = ["kém"]',
            'kind = "part"\npart_of = "goood"',
            "column schemes.plain.weak: unknown category (found 'goood'); did you mean good?",
        ),
        (
            "indicators.toml",
            'kind = "exclusive"\nprinted = ["kém"]',
            'kind = "cumulative"',
            "column schemes.plain.weak: cumulative, but without parts",
        ),
        ("indicators.toml", "[subjects]", "[subjects", "indicators.toml: not valid TOML"),
        (
            "sources.csv",
            ",vi,quoted",
            ",de,quoted",
            "sources.csv, row 2, column number_style: wrong value (found 'de'); allowed: 'vi', 'en'",
        ),
        (
            "sources.csv",
            "2012-05",
            "May 2012",
            "sources.csv, row 2, column published: wrong value (found 'May 2012')",
        ),
        (
            "sources.csv",
            "2012-05",
            "2012-13",
            "sources.csv, row 2, column published: wrong value (found '2012-13'); allowed: YYYY, YYYY-MM or",
        ),
        (
            "sources.csv",
            ",vi,quoted",
            ",vi",
            "sources.csv, row 2: row has 7 cells; allowed: 8, as the header has",
        ),
        ("sources.csv", ",terms", ",licence", "sources.csv, row 1: wrong header"),
        ("sources.csv", '"Tên, có dấu phẩy"', '"Tên" thừa', "sources.csv, row 2: row can't be read: "),
        ("sources.csv", "paper-1,", "paper-1,,,,,,vi,quoted\npaper-1,", "row 3, column source_id: id twice"),
        (
            "events.csv",
            "2007-10-10",
            "2007-02-30",
            "events.csv, row 3, column date: wrong value (found '2007-02-30')",
        ),
    ],
)
def test_a_fault_says_what_where_and_what_is_right(
    folder: Path, name: str, old: str, new: str, fault: str
) -> None:
    """Each way to break the folder gives a fault with the file and the row or key."""
    change(folder, name, old, new)
    assert any(fault in found for found in faults_of(folder))


@pytest.mark.parametrize("name", ["indicators.toml", "sources.csv", "events.csv"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    """A file that isn't there is the only fault told about it."""
    (folder / name).unlink()
    assert faults_of(folder) == [f"{name}: the file is missing"]


@pytest.mark.parametrize("name", ["indicators.toml", "sources.csv", "events.csv"])
def test_a_file_that_is_not_utf_8_is_named(folder: Path, name: str) -> None:
    """Bytes of another encoding are told with the file, not as a Unicode error."""
    (folder / name).write_bytes((folder / name).read_bytes() + b"\xff")
    assert any(re.match(rf"{name}(, row \d+)?: not UTF-8", fault) for fault in faults_of(folder))


@pytest.mark.parametrize("name", ["indicators.toml", "sources.csv", "events.csv"])
def test_a_folder_in_place_of_a_file_is_named(folder: Path, name: str) -> None:
    """A folder that has the name of a file is told as a file that can't be read."""
    (folder / name).unlink()
    (folder / name).mkdir()
    (fault,) = faults_of(folder)
    assert fault.startswith(f"{name}: the file can't be read: ")


def test_a_byte_order_mark_is_no_part_of_a_file(folder: Path) -> None:
    """The three files are the same catalogue with a UTF-8 mark, as Excel and Notepad write it, as without."""
    plain = Catalogue.read(folder)
    for name in ("indicators.toml", "sources.csv", "events.csv"):
        (folder / name).write_bytes(codecs.BOM_UTF8 + (folder / name).read_bytes())
    assert Catalogue.read(folder) == plain


@pytest.mark.parametrize("value", ["[" * 5000, "1" * 5000])
def test_toml_beyond_all_bounds_is_told(folder: Path, value: str) -> None:
    """Lists in lists without end, and a number of thousands of digits, are no valid TOML."""
    (folder / "indicators.toml").write_text(f"a = {value}", encoding="utf-8")
    (fault,) = faults_of(folder)
    assert fault.startswith("indicators.toml: not valid TOML: ")


def test_an_empty_table_is_told(folder: Path) -> None:
    """A file with a header only or nothing at all doesn't pass for a catalogue."""
    (folder / "indicators.toml").write_text('indicators = "none"\n', encoding="utf-8")
    (folder / "sources.csv").write_text("", encoding="utf-8")
    assert [fault.split(":")[0] for fault in faults_of(folder)] == [
        *(
            f"indicators.toml, column {table}"
            for table in ("subjects", "levels", "sub_kinds", "indicators", "schemes")
        ),
        "sources.csv",
    ]


def test_a_value_in_place_of_a_record_is_told(folder: Path) -> None:
    """A bare value where words are wanted is a fault that names the type seen."""
    change(folder, "indicators.toml", '{ vi = "đảng viên", en = "party member" }', '["đảng viên"]')
    assert "indicators.toml, column subjects.member: wrong value (found 'list')" in faults_of(folder)[0]


def test_all_faults_of_all_files_are_told_at_once(folder: Path) -> None:
    """Faults of the three files come in one error."""
    change(folder, "indicators.toml", 'unit = "percent"', 'unit = "share"')
    change(folder, "sources.csv", ",vi,quoted", ",de,")
    change(folder, "events.csv", "stated,Kết", "guessed,Kết")
    found = faults_of(folder)
    assert [fault.split(",")[0] for fault in found] == [
        "indicators.toml",
        "sources.csv",
        "sources.csv",
        "events.csv",
    ]


@pytest.mark.parametrize(
    ("old", "new", "key", "told"),
    [
        (
            "good_or_better = false",
            'good_or_better = false\ncolour = "green"',
            "schemes.plain.categories.1.colour",
            "(found 'green'); allowed: # and six hexadecimal digits: #1F6FB2",
        ),
        (
            'unit = "percent"',
            'unit = "percent"\ntotal = true',
            "indicators.attendance.total",
            "(found True); allowed: a total only where unit is count and flow is false",
        ),
        (
            'unit = "percent"',
            'unit = "count"\ntotal = "yes"',
            "indicators.attendance.total",
            "(found 'yes'); allowed: true or false",
        ),
        (
            'en = "party member" }',
            'en = "party member", plural = 2 }',
            "subjects.member.plural",
            "(found 2); allowed: text",
        ),
    ],
)
def test_a_wrong_colour_total_or_plural_is_one_fault(
    folder: Path, old: str, new: str, key: str, told: str
) -> None:
    """Each is told once, with its file, its key and what is allowed."""
    change(folder, "indicators.toml", old, new)
    assert faults_of(folder) == [f"indicators.toml, column {key}: wrong value {told}"]


def test_org_count_is_a_total_where_a_folder_of_before_does_not_say_so(folder: Path) -> None:
    """Without the key it is one, with `total = false` it isn't."""
    change(folder, "indicators.toml", "attendance", "org_count")
    assert Catalogue.read(folder).totals == ("org_count",)
    change(folder, "indicators.toml", 'direction = "higher"', 'direction = "higher"\ntotal = false')
    assert Catalogue.read(folder).totals == ()
