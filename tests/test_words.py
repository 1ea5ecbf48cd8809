"""How values, places and periods are said."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from cbanalysis.dataset.catalogue import Catalogue, Subject
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.display.words import (
    category_name,
    indicator_name,
    labelled,
    measured,
    number,
    percent,
    period,
    place,
    with_words,
)
from chart_checks import said_in
from plain_rows import ATTENDANCE, BARE, COUNT, HALF, PLAIN, rows

ROOT = Path(__file__).resolve().parents[1]
BLANK = PLAIN | ATTENDANCE


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Return the shipped catalogue."""
    return Catalogue.read()


@pytest.mark.parametrize(
    ("value", "lang", "decimals", "said"),
    [
        (9768, "vi", None, "9.768"),
        (9768, "en", None, "9,768"),
        (63.71, "vi", None, "63,71"),
        (50.0, "vi", None, "50"),
        (50.0, "en", 1, "50.0"),
        (2.345, "en", None, "2.35"),
        (12.0, "en", 0, "12"),
    ],
)
def test_a_number_is_written_the_readers_way(value, lang, decimals, said) -> None:
    """Vietnamese groups with a dot and has a decimal comma, English the reverse."""
    assert number(value, lang, decimals) == said


@pytest.mark.parametrize("value", [-0.0, 0.0, 0, -0.004])
def test_nothing_has_no_sign(value: float) -> None:
    """A hair below nothing, shown without it, is nothing, and doesn't make a minus of a later nought."""
    assert (number(value, "en"), number(value, "vi", 1)) == ("0", "0,0")


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA])
def test_a_missing_value_is_an_empty_text(nothing) -> None:
    """What isn't there is neither written as nan nor as a lone percent sign."""
    assert number(nothing, "vi") == ""
    assert said_in("en", percent, nothing) == ""


@pytest.mark.parametrize(
    ("start", "end", "vietnamese", "english"),
    [
        ("2008", "2012", "2008–2012", "2008–2012"),
        ("2009-12", "2009-12", "tháng 12/2009", "Dec 2009"),
        ("2018-09-30", "2018-09-30", "30/9/2018", "30 Sept 2018"),
        ("2019-01", "2019-09-12", "từ đầu năm đến ngày 12/9/2019", "Jan 2019–12 Sept 2019"),
        ("2019", "2019-09", "9 tháng đầu năm 2019", "Jan 2019–Sept 2019"),
        ("2023-04", "2023", "tháng 4–12/2023", "Apr 2023–Dec 2023"),
        ("", "", "không rõ thời gian", "not known"),
    ],
)
def test_a_period_is_written_the_readers_way(start, end, vietnamese, english) -> None:
    """Years stand alone, months and days in the order of the language, an unknown period in words."""
    assert period(start, end, "vi") == vietnamese
    assert period(start, end, "en").replace("Sep ", "Sept ") == english


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, "Bac Giang"),
        ({"province_basis": "inferred"}, "Bac Giang*"),
        ({"province": "Hưng Yên", "unit_id": ""}, "Hung Yen"),  # without a date nobody knows of which map
        ({"area": "Sơn Động", "geo_level": "district"}, "Sơn Động (Bac Giang)"),
        ({"geo_level": "country", "province": "", "unit_id": ""}, "Whole country"),
        ({"geo_level": "region", "province": "", "unit_id": "", "area": "Tây Nguyên"}, "Tây Nguyên"),
    ],
)
def test_a_place_is_named_from_the_smallest_unit_up(row, said) -> None:
    """The area comes first, then its province in brackets; an inferred one has a star."""
    assert said_in("en", place, {**BLANK, **row}, Gazetteer.read()) == said


def test_a_place_without_a_gazetteer_keeps_the_printed_name() -> None:
    """Where no gazetteer is given the province stays as it was printed."""
    assert said_in("en", place, BLANK) == "Bắc Giang"


def test_a_rating_is_named_after_its_category_in_the_readers_language(catalogue) -> None:
    """An English reader is told the scheme's English name, not the printed Vietnamese words."""
    row = {"scheme": "org_2018", "category_id": "excellent", "category": "hoàn thành xuất sắc nhiệm vụ"}
    assert said_in("en", category_name, {**BLANK, **row}, catalogue) == "Excellent"


def test_a_category_nobody_declared_stays_as_printed(catalogue) -> None:
    """Unknown categories and sub-kinds are shown as they were printed."""
    assert said_in("en", category_name, {**BLANK, "category": "lạ"}, catalogue) == "lạ"
    odd = {"scheme": "org_2018", "category_id": "odd", "category": "lạ"}
    assert said_in("en", category_name, {**BLANK, **odd}, catalogue) == "lạ"


def test_a_variant_that_counts_the_contrary_has_a_name_of_its_own(catalogue) -> None:
    """Villages about to lose their cell aren't called villages with one."""
    row = {**BLANK, "indicator": "village_own_cell", "subject": "village", "definition": "at_risk"}
    assert said_in("en", indicator_name, row, catalogue).startswith("Villages that have no cell")
    assert said_in("vi", indicator_name, row, catalogue).startswith("Thôn, bản chưa có chi bộ")


def test_a_plain_count_is_named_after_what_it_counts(catalogue) -> None:
    """An organisation count says its subject and its sub-kind."""
    assert said_in("en", indicator_name, {**BLANK, **COUNT}, catalogue) == "Party members: communes"
    assert said_in("vi", indicator_name, {**BLANK, **COUNT}, catalogue) == "Đảng viên ở xã"


def test_several_of_an_own_subject_are_named_by_the_plural_that_it_declares(catalogue) -> None:
    """Three foxes are Foxes in English, Cáo in Vietnamese; without a plural they are Fox."""
    row = {**BLANK, "indicator": "org_count", "subject": "fox"}
    names = []
    for several in ({}, {"plural": "Foxes"}):
        fox = Subject(vi="cáo", en="fox", **several)
        known = catalogue.model_copy(update={"subjects": {**catalogue.subjects, "fox": fox}})
        names += [said_in(lang, indicator_name, row, known) for lang in ("en", "vi")]
    assert names == ["Fox", "Cáo", "Foxes", "Cáo"]


def test_what_a_vietnamese_name_adds_stands_in_one_pair_of_brackets(catalogue) -> None:
    """No colon, for a value follows behind one; a subject's own brackets hold variant and base, too."""
    row = {**BLANK, "indicator": "org_count", "subject": "cell", "definition": "rated", "base_of": "all"}
    assert said_in("vi", measured, row, catalogue) == (
        "Chi bộ (không rõ loại hình; chỉ tính số đã được xếp loại hoặc thuộc diện xếp loại; "
        "mẫu số là tổng số chi bộ)"
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            {"subject": "branch_cell", "scheme": "org_2007", "category_id": "weak", "base_of": "all"},
            (
                "Chi bộ yếu kém (trực thuộc đảng ủy cơ sở; "
                "mẫu số là tổng số chi bộ, kể cả số chưa được xếp loại)"
            ),
        ),
        (
            {
                "subject": "other",
                "definition": "above_grassroots",
                "scheme": "org_2018",
                "category_id": "not_rated",
            },
            (
                "Đảng bộ chưa được đánh giá, xếp loại "
                "(cấp trên trực tiếp của tổ chức cơ sở đảng, cấp huyện và tương đương)"
            ),
        ),
        (
            {"indicator": "org_count", "subject": "cell", "category": "chi bộ khối, xóm"},
            "Chi bộ khối, xóm",
        ),
        (
            {"indicator": "org_count", "subject": "other", "category": "đảng bộ bộ phận"},
            "Đảng bộ bộ phận",
        ),
    ],
)
def test_a_line_names_what_is_rated_or_counted(catalogue, row, said) -> None:
    """A class stands behind its noun, not behind a committee; "other" has a name; a base is the subject's."""
    row = {**BLANK, "indicator": "org_quality_rating", "category": "mức", **row}
    assert said_in("vi", measured, row, catalogue) == said


def test_a_sub_kind_is_said_beside_a_variant_and_with_the_base_of_its_share(catalogue) -> None:
    """Women among those admitted so far don't read as all of them; words of the variant aren't said twice."""
    row = {
        **BLANK,
        "indicator": "members_admitted",
        "definition": "part_of_year",
        "category": "nữ",
        "percent": 50.0,
    }
    assert said_in("vi", measured, row, catalogue).startswith("Đảng viên được kết nạp là nữ (từ đầu năm")
    row = {**BLANK, "indicator": "congress_done", "subject": "branch_cell", "definition": "pilot"}
    row["category"] = "đại hội điểm"
    assert (
        said_in("vi", measured, row, catalogue)
        == "Chi bộ trực thuộc đảng ủy cơ sở được chọn tổ chức đại hội điểm"
    )


def test_a_complement_and_another_base_are_told(catalogue) -> None:
    """Rows that count those who do not, or a share of something else, say so."""
    row = {**BLANK, "complement": True, "base_of": "agencies_and_schools"}
    said = said_in("en", measured, row, catalogue)
    assert "complement" in said
    assert said.endswith("; out of members of agency and school cells)")


def test_parts_that_hold_commas_are_apart_by_semicolons(catalogue) -> None:
    """A title's own brackets hold commas: "cam kết, chưa phải kết quả"."""
    row = {**BLANK, "indicator": "model_cells", "definition": "four_good_signed", "subject": "grassroots_org"}
    assert said_in("vi", measured, {**row, "base_of": "all"}, catalogue) == (
        "Tổ chức cơ sở đảng ký giao ước thi đua “bốn tốt” (cam kết, chưa phải kết quả; "
        "mẫu số là tổng số tổ chức đảng cùng loại)"
    )


def test_words_are_added_beside_the_rows() -> None:
    """The frame gets what, where and when; the caller's frame keeps its columns."""
    frame = rows(HALF)
    worded = with_words(frame, "vi")
    assert worded.loc[0, ["what", "where", "when"]].tolist() == [
        "Tỷ lệ đảng viên dự sinh hoạt chi bộ",
        "Bắc Giang",
        "2012",
    ]
    assert "what" not in frame


def test_a_label_names_the_place_only_where_rows_differ_in_it() -> None:
    """A chart of one place doesn't repeat its name in every label."""
    assert labelled(rows(HALF), lang="vi")["label"].tolist() == ["Tỷ lệ đảng viên dự sinh hoạt chi bộ, 2012"]
    assert "Sen Thượng" in labelled(rows(HALF, BARE), lang="vi")["label"].iloc[1]
    inferred = rows({**HALF, "province_basis": "inferred"})
    assert labelled(inferred, lang="vi")["label"].tolist()[0].endswith(", Bắc Giang*, 2012")
    assert labelled(rows(), lang="vi").empty


def test_what_modules_say_is_there_in_both_languages() -> None:
    """Each entry of the tables of words has Vietnamese and English words, and no other part."""

    def entries(section: dict) -> Iterator[dict]:
        for entry in section.values():
            if "vi" in entry or "en" in entry:
                yield entry
            else:
                yield from entries(entry)

    tables = ("common/words", "lab/new_notebook", "site/pages/sought")
    texts = [(ROOT / f"src/cbanalysis/{table}.toml").read_text("utf-8") for table in tables]
    words = [entry for text in texts for entry in entries(tomllib.loads(text))]
    assert len(words) > 100
    assert [one for one in words if set(one) != {"vi", "en"} or not all(map(str.strip, one.values()))] == [
        {"vi": "", "en": ""}  # a rate without bounds says nothing of them
    ]


def test_what_is_missing_has_a_name_of_its_own(catalogue) -> None:
    """Rows that count those without are named by what they count, not as a complement."""
    row = {**BLANK, "indicator": "village_own_cell", "subject": "village", "complement": True}
    assert said_in("vi", measured, row, catalogue) == "Thôn, bản chưa có chi bộ riêng"
    row = {**row, "definition": "with_members"}
    assert said_in("en", measured, row, catalogue) == "Villages without party members"


@pytest.mark.parametrize(
    ("province", "area", "vi", "en"),
    [
        ("Kon Tum", "Kon Tum", "TP. Kon Tum (Kon Tum)", "Kon Tum city (Kon Tum)"),
        ("Hà Nội", "Bồ Đề (Long Biên)", "Bồ Đề (Long Biên, Hà Nội)", "Bồ Đề (Long Biên, Hà Nội)"),
        ("Hồ Chí Minh", "Quận 10", "Quận 10 (TP. Hồ Chí Minh)", "Quận 10 (Hồ Chí Minh)"),
    ],
)
def test_a_place_reads_as_people_write_it(province: str, area: str, vi: str, en: str) -> None:
    """A provincial city isn't its province, brackets don't follow brackets, the city isn't the person."""
    row = {**BLANK, "geo_level": "district", "province": province, "area": area, "province_basis": ""}
    assert (said_in("vi", place, row), said_in("en", place, row)) == (vi, en)
