"""Domain truths of data/: what holds of the published figures, and every exception with its reason.

Lists of exceptions are strict: a row that no longer is one must leave the list. A row that came later may be
another exception if its note says what is out of the ordinary.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from cbanalysis.common.errors import TextError
from cbanalysis.common.folders import data_folder
from cbanalysis.common.text.figure_parsing import parse_figure
from cbanalysis.dataset.catalogue import Catalogue

RECORDS = Path(__file__).resolve().parents[1] / "src" / "cbanalysis" / "records"
SHARED = Path(__file__).resolve().parents[2] / "shared"
ADDED = ("definition", "base_of", "scheme", "category_id", "category_kind", "count_max")
VALUES = ("count", "base", "percent", "percent_max", "count_max")

SHARED_FIGURES = pytest.mark.skipif(
    not (SHARED / "data" / "figures.csv").is_file(),
    reason="../shared/data, the 580 figures as received, isn't here",
)
SEED_DOCUMENTS = pytest.mark.skipif(
    not (SHARED / "seeds").is_dir(),
    reason="../shared/seeds, the five documents, isn't beside this repository",
)


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file as text."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


ROWS = read(data_folder() / "observations.csv")
BY_ID = {row["observation_id"]: row for row in ROWS}
CATALOGUE = Catalogue.read()


def assert_explained(exceptions: set[str], listed: Iterable[str]) -> None:
    """Fail where a listed exception is none any more, or another one has no note that explains it."""
    assert set(listed) <= exceptions
    assert [name for name in sorted(exceptions) if not BY_ID[name]["note"]] == []


def number(text: str) -> float | None:
    """Return the number of a cell, None for an empty one."""
    return float(text) if text else None


# ------------------------------------------------------------------------------------------------- the table


def test_every_figure_has_an_id_of_its_own() -> None:
    """No two rows share an id, and the rows of the seed documents are numbered without a gap."""
    assert len(BY_ID) == len(ROWS)
    seeds = [row["observation_id"] for row in ROWS if row["source_id"].startswith("seed-")]
    assert seeds == [f"S{place:03}" for place in range(1, 51)]


@SHARED_FIGURES
def test_all_figures_received_are_here_unchanged() -> None:
    """The 580 figures as received stand here cell by cell; ours are only columns and rows added."""
    received = read(SHARED / "data" / "figures.csv")
    assert len(received) == 580
    for given in received:
        here = BY_ID[given.pop("record_id")]
        assert {column: here[column] for column in given} == given


PRINTED_IN_WORDS = {
    "K065": ("count", "2700", "'gần 2700' stands in the print, beside the share"),
    "K182": ("percent", "100", "'tất cả' (all) is what is printed"),
}


@SHARED_FIGURES
def test_all_figures_of_the_second_collection_are_here_unchanged() -> None:
    """Its figures and documents stand here cell by cell, two with words of the print; 42 it tells twice."""
    received = read(SHARED / "data" / "figures2.csv")
    assert len(received) == 636
    again = [given for given in received if given["record_id"] not in BY_ID]
    assert len(again) == 42
    told = ("source_id", "indicator", "subject", "geo_level", "province", "count", "percent")
    standing = {tuple(row[name] for name in told) for row in ROWS}
    assert all(tuple(given[name] for name in told) in standing for given in again)
    for given in received:
        name = given.pop("record_id")
        if name not in BY_ID:
            continue
        column, value, _ = PRINTED_IN_WORDS.get(name, ("", "", ""))
        expected = given | ({column: value} if column else {})
        assert {cell: BY_ID[name][cell] for cell in given} == expected, name
    documents = {row["source_id"]: row for row in read(data_folder() / "sources.csv")}
    for given in read(SHARED / "data" / "sources2.csv"):
        assert given.items() <= documents[given["source_id"]].items()


@SHARED_FIGURES
def test_all_sources_received_are_here_unchanged() -> None:
    """The 225 documents as received stand here cell by cell, in their order."""
    received = read(SHARED / "data" / "sources.csv")
    assert len(received) == 225
    here = [{column: row[column] for column in received[0]} for row in read(data_folder() / "sources.csv")]
    assert [row for row in here if row in received] == received


def test_figures_found_later_come_from_seed_documents() -> None:
    """Beyond those received there are ten figures found by reading four seed documents again."""
    assert {row["source_id"] for row in ROWS if "S041" <= row["observation_id"] <= "S050"} == {
        *("seed-000", "seed-001", "seed-003", "seed-004")
    }


def test_every_source_is_used_and_every_used_source_exists() -> None:
    """No figure without its document, no document without a figure."""
    assert {row["source_id"] for row in ROWS} == set(CATALOGUE.sources)


@pytest.mark.parametrize("path", sorted(data_folder().glob("*.csv")), ids=lambda path: path.name)
def test_files_are_clean_text(path: Path) -> None:
    """Tables are NFC and end their lines with LF; eth stands only where it is meant, odd blanks nowhere."""
    text = path.read_bytes().decode()
    assert text.endswith("\n")
    assert unicodedata.is_normalized("NFC", text)
    assert not re.search("[\r\u00a0\u200b\ufeff]", text)
    with_eth = {
        column for row in read(path) for column, cell in row.items() if re.search("[\u00d0\u00f0]", cell)
    }
    meant = {"provinces.csv": {"aliases"}, "sources.csv": {"title"}}  # spellings that real pages use
    assert with_eth == meant.get(path.name, set())


def test_periods_are_real_dates_in_order() -> None:
    """Each period is a real year, month or day, and none ends before it starts."""
    for row in ROWS:
        start, end = row["period_start"], row["period_end"]
        assert bool(start) == bool(end), row["observation_id"]
        for text in filter(None, (start, end)):
            assert date.fromisoformat((text + "-01-01")[:10])
        # As far as both are known: from April 2023 to 2023 is in order.
        assert start[: len(end)] <= end[: len(start)], row["observation_id"]


def test_an_inferred_province_is_told() -> None:
    """Of the seed documents only the first names no province, as all its rows say; others have a note."""
    inferred = [row for row in ROWS if row["province_basis"] == "inferred"]
    assert {row["source_id"] for row in inferred if row["source_id"].startswith("seed-")} == {"seed-000"}
    assert all(row["note"] for row in inferred)
    assert {row["province_basis"] for row in ROWS if row["source_id"] == "seed-000"} == {"inferred"}
    assert all("does not name its province" in row["note"] for row in ROWS if row["source_id"] == "seed-000")


# ----------------------------------------------------------------------------------------- figures as printed

UNREADABLE = {
    "C103": "the source prints 2,3 beside 19.2% and 77.7%",
    "G029": "an ordinal, 'thứ 10' (the tenth)",
}
BASE_LEFT_OUT = {
    "B102": "a total printed as 32/32",
    "C091": "a total printed as 493/493",
    "CX020": "a total printed as 421/421",
    "CX026": "a total printed as 638/638",
    "F088": "a total printed as 504/504",
}
QUALIFIED_ELSEWHERE = {
    "A039": "'khoảng' stands before the clause, not in the print",
    "D003": "'or more' stands apart in the translation",
    "D004": "'above' stands apart in the translation",
    "D005": "'always over' stands apart in the translation",
    "D035": "'or more' stands apart in the translation",
    "D037": "'over' stands apart in the translation",
}


def test_every_printed_figure_reads_back_to_what_is_stored() -> None:
    """In its source's number style each print gives the stored numbers and qualifier; the rest is listed."""
    unreadable, base_left_out, qualified = set(), set(), set()
    for row in ROWS:
        style = CATALOGUE.source(row["source_id"]).number_style
        share_only = row["percent"] and not row["count"]
        try:
            figure = parse_figure(row["printed"], style, bare="percent" if share_only else "count")
        except TextError:
            unreadable.add(row["observation_id"])
            continue
        assert figure is not None
        for column in VALUES:
            value = getattr(figure, column)
            if column == "base" and value is not None and not row["base"]:
                base_left_out.add(row["observation_id"])
            elif value is not None:
                assert value == number(row[column]), (row["observation_id"], column)
        if figure.qualifier != row["qualifier"]:
            qualified.add(row["observation_id"])
    assert_explained(unreadable, UNREADABLE)
    assert_explained(base_left_out, BASE_LEFT_OUT)
    assert_explained(qualified, QUALIFIED_ELSEWHERE)


def test_a_number_style_is_uniform_within_a_source() -> None:
    """No source prints decimals or thousands against its declared style, unless the row's note says why."""
    against = set()
    for row in ROWS:
        style = CATALOGUE.source(row["source_id"]).number_style
        for printed in re.findall(r"\d+(?:[.,]\d+)+", row["printed"]):
            thousands = re.fullmatch(r"\d{1,3}([.,]\d{3})+", printed)
            comma = "," in printed
            if (comma if style == "vi" else not comma) == bool(thousands):
                against.add(row["observation_id"])
    assert_explained(against, {"C103"})


def test_what_a_row_stores_beyond_its_print_is_told_in_words_or_elsewhere_on_the_page() -> None:
    """A range has its two ends, a plain figure has none above, and no row is empty."""
    for row in ROWS:
        ends = [row["percent_max"], row["count_max"]]
        assert (row["qualifier"] == "range") == any(ends), row["observation_id"]
        assert row["count"] or row["percent"], row["observation_id"]


# ------------------------------------------------------------------------------------ what we added: variants


def test_variants_are_declared_and_every_declared_one_is_used() -> None:
    """Each definition and base of a row is declared by its indicator; others are those of meeting records."""
    records = "".join(path.read_text(encoding="utf-8") for path in RECORDS.glob("*.py"))
    for column, field in (("definition", "definitions"), ("base_of", "bases")):
        declared = {(one.id, code) for one in CATALOGUE.indicators.values() for code in getattr(one, field)}
        used = {(row["indicator"], row[column]) for row in ROWS if row[column]}
        assert used <= declared
        for indicator, code in declared - used:
            assert indicator.startswith("meeting_")
            assert f'"{code}"' in records


def test_subjects_are_declared_and_every_declared_one_is_used() -> None:
    """An indicator is said only of the subjects that it lists, and, once it has rows, of each of them."""
    used = {(row["indicator"], row["subject"]) for row in ROWS}
    declared = {(one.id, subject) for one in CATALOGUE.indicators.values() for subject in one.subjects}
    assert used <= declared
    assert not {pair for pair in declared - used if pair[0] in {indicator for indicator, _ in used}}


def test_what_the_notes_call_another_measure_is_another_definition_or_base() -> None:
    """Rows that their note sets apart in capitals never pass for the standard measure."""
    for row in ROWS:
        apart = re.search(
            r"COMMITTEE|LOCAL MEMBER|'party organisation'|ONE cell:|REGISTERED|ELIGIBLE|SAMPLE", row["note"]
        )
        if apart and row["indicator"] not in {"members_exempt", "org_count"}:
            assert row["definition"] or row["base_of"], row["observation_id"]


def test_counts_of_rated_ones_are_told_from_counts_of_all() -> None:
    """The definition of an organisation count follows what its note says first."""
    meant = {
        "rated": "rated",
        "rated or all not said": "unclear",
        "all or rated not said": "unclear",
        "all": "",
    }
    finer = {"F051": "units_with_organisation", "F070": "with_sub_committees", "F084": "held_congress"}
    for row in ROWS:
        first = re.match(r"(rated or all not said|all or rated not said|rated|all)\b", row["note"])
        if row["indicator"] == "org_count" and first:
            name = row["observation_id"]
            assert row["definition"] == finer.get(name, meant[first[1]]), name


# --------------------------------------------------------------------------------------------- rating schemes

RATINGS = [row for row in ROWS if row["scheme"]]

OTHER_YEARS = {
    "F003": "a mean of 1996-2005, the words are those of the scheme that followed",
    "F004": "the extremes of 1996-2005, as F003",
}
READ_OTHERWISE = {
    "B063": ("strong_only", "the exemplary class stands beside it: 15+53+39+9+1 = 117"),
    "B093": (
        "good_or_better",
        "good + fulfilled + violated = the 93.18 rated, so the outstanding ones are inside",
    ),
    "C021": ("good_or_better", "the 858 excellent members are inside the 4,740"),
    "C025": ("good_or_better", "the 16 excellent ones are inside the 79: 79+5+1 = 85"),
    "C104": ("good_or_better", "the excellent ones are inside the 9"),
}


def test_ratings_and_only_ratings_have_a_scheme() -> None:
    """Scheme, category and kind are filled together, for ratings, of organisations or members as rated."""
    for row in ROWS:
        rating = row["indicator"] in {"org_quality_rating", "office_cell_quality"}
        assert [bool(row[column]) for column in ("scheme", "category_id", "category_kind")] == [rating] * 3
        if rating:
            group = CATALOGUE.scheme(row["scheme"]).subject_group
            assert group == ("member" if row["subject"] == "member" else "organisation")
            CATALOGUE.scheme(row["scheme"]).category(row["category_id"])


def test_a_scheme_is_that_of_the_year_rated() -> None:
    """The last year of a rating's period lies in the years of its scheme."""
    outside = {
        row["observation_id"]
        for row in RATINGS
        if not CATALOGUE.scheme(row["scheme"]).covers(int(row["period_end"][:4]))
    }
    assert_explained(outside, OTHER_YEARS)


def test_a_category_means_what_its_words_mean_unless_the_source_says_otherwise() -> None:
    """The category follows the printed words by the scheme's spellings; each other reading has its reason."""
    otherwise = set()
    for row in RATINGS:
        spelled = {
            spelling: category.id
            for category in CATALOGUE.scheme(row["scheme"]).categories
            for spelling in category.printed
        }
        if spelled[row["category"]] != row["category_id"]:
            otherwise.add(row["observation_id"])
    assert_explained(otherwise, READ_OTHERWISE)
    for name, (category, _) in READ_OTHERWISE.items():
        assert BY_ID[name]["category_id"] == category


def test_every_declared_spelling_is_seen() -> None:
    """The spellings that a scheme lists are those of its rows."""
    declared = {
        (scheme.id, spelling)
        for scheme in CATALOGUE.schemes.values()
        for category in scheme.categories
        for spelling in category.printed
    }
    assert {(row["scheme"], row["category"]) for row in RATINGS} == declared


def test_a_kind_out_of_the_ordinary_is_explained() -> None:
    """Where a figure counts otherwise than its category does as a rule, the note says why."""
    for row in RATINGS:
        usual = CATALOGUE.scheme(row["scheme"]).category(row["category_id"]).kind
        assert row["category_kind"] == usual or row["note"], row["observation_id"]


def test_figures_read_with_care_keep_their_reading() -> None:
    """The rows that are easily misread keep category, kind, base and definition as reviewed."""
    reviewed = {
        "B024": ("exemplary", "part", "unclear", ""),
        "B034": ("excellent", "part", "good", ""),
        "B040": ("exemplary", "part", "strong", ""),
        "B062": ("exemplary", "exclusive", "", ""),
        "B063": ("strong_only", "exclusive", "", ""),
        "B077": ("strong", "exclusive", "all", ""),
        "B093": ("good_or_better", "cumulative", "all", ""),
        "B117": ("strong", "unclear", "", ""),
        "C021": ("good_or_better", "cumulative", "", ""),
        "C022": ("excellent", "part", "unclear", ""),
        "C026": ("excellent", "part", "good_or_better", ""),
        "C031": ("fulfilled", "unclear", "", ""),
        "C037": ("good", "unclear", "", ""),
        "C089": ("excellent", "part", "", ""),
        "A055": ("", "", "", "with_local_members"),
        "A062": ("", "", "with_organisation", "with_committee"),
        "D017": ("", "", "eligible", ""),
        "S010": ("", "", "cells", ""),
    }
    for name, reading in reviewed.items():
        row = BY_ID[name]
        assert (row["category_id"], row["category_kind"], row["base_of"], row["definition"]) == reading, name


def test_exclusive_categories_fit_into_their_whole() -> None:
    """Exclusive ratings of one place, year and source never add to more than all, or the notes say why."""
    groups = defaultdict(list)
    for row in RATINGS:
        if row["category_kind"] == "exclusive":
            place = (row["province"], row["area"], row["period_end"], row["source_id"])
            groups[*place, row["subject"], row["definition"], row["base_of"]].append(row)
    above = set()
    for rows in groups.values():
        categories = [row["category_id"] for row in rows if row["qualifier"] != "range"]
        if row_repeats := len(categories) - len(set(categories)):
            assert row_repeats == 0, [row["observation_id"] for row in rows]
        shares = [float(row["percent"]) for row in rows if row["percent"] and row["qualifier"] != "range"]
        bases = {int(row["base"]) for row in rows if row["base"]}
        counts = [int(row["count"]) for row in rows if row["count"]]
        if sum(shares) > 100.5 or (len(bases) == 1 and sum(counts) > max(bases)):
            above |= {row["observation_id"] for row in rows}
    assert_explained(above, {"B074", "B075", "B076"})  # 22 is printed where 4,8 % of 41 shows that 2 is meant


# ------------------------------------------------------------------------------------ the five seed documents

# Every number of the five documents stands in one of these passages: figures with the rows that hold them,
# and all others with the reason why they count no party organisation, member, cell or share.
FIGURES = {
    "seed-000": {
        "hiện có 15 đảng bộ trực thuộc": ["S001"],
        "10 đảng bộ huyện, thị xã, thành phố": ["S002"],
        "127 cơ sở Đảng": ["S003"],
        "124 đảng bộ cơ sở": ["S004"],
        "03 chi bộ cơ sở": ["S005"],
        "thành lập được 62 chi bộ cơ quan cấp xã trong tổng số 124 đảng bộ cấp xã, chiếm tỷ lệ 50%": [
            "S006",
            "S041",
        ],
        "toàn tỉnh có 79 chi bộ cơ quan cấp xã, chiếm tỷ lệ 63,71%": ["S007", "S042"],
        "Cấp uỷ có từ 03 - 05 đồng chí": ["S043"],
        "bình quân đạt 69,5%": ["S008"],
    },
    "seed-001": {
        "100% bản, trường học đã kết nạp đảng viên": ["S009"],
        "không còn chi bộ bản sinh hoạt ghép": ["S044"],
        "3/7 chi bộ có bí thư kiêm trưởng bản": ["S010", "S045"],
        "hằng tháng đạt 97%": ["S011"],
    },
    "seed-002": {
        "64 đảng bộ cơ sở": ["S012"],
        "49 đảng bộ xã": ["S013"],
        "10 đảng bộ phường": ["S014"],
        "05 đảng bộ thị trấn": ["S015"],
        "49 chi bộ khóm": ["S016"],
        "469 chi bộ ấp": ["S017"],
        "ở các đảng bộ xã: 9.768": ["S018"],
        "phường: 3.055": ["S019"],
        "thị trấn: 1.430": ["S020"],
    },
    "seed-003": {
        "Có 2 đảng bộ, 46 chi bộ cơ sở với tổng số 591 đảng viên": ["S021", "S022", "S023"],
        "có1 đảng bộ, 63 chi bộ cơ sở với tổng số 459 đảng viên": ["S024", "S025", "S026"],
        "có 200 chi bộ cơ sở với tổng số 1880 đảng viên": ["S027", "S028"],
        "Có 11/18 huyện, thành phố có đủ số lượng": ["S029"],
        "Có 7/18 huyện, thành phố chưa đủ số lượng": ["S030"],
        "Có 18/18 huyện, thành phố có đủ số lượng": ["S031"],
        "18/18 huyện, thành ủy đã thành lập": ["S032"],
        "từ 312 chi, đảng bộ cơ sở xuống còn 47 đảng bộ cơ sở": ["S033", "S034"],
        "thực hiện điểm ở 3 huyện": ["S046"],
        "Triển khai điểm ở 3 huyện": ["S046"],
        "3 đồng chí phó bí thư thường trực huyện ủy": ["S047"],
        "5 đến 6 đảng viên": ["S048"],
        "chỉ có 1 đồng chí bí thư": ["S049"],
    },
    "seed-004": {
        "toàn tỉnh giải thể 130 chi bộ cơ quan cấp xã với gần 3 nghìn đảng viên": ["S035", "S036"],
        "toàn tỉnh đã giải thể 130 chi bộ cơ quan xã, phường, thị trấn với tổng số gần 3 nghìn đảng viên": [
            *("S035", "S036")  # the same two figures again
        ],
        "Chi bộ cơ quan xã có 22 đảng viên": ["S037"],
        "10 chi bộ nông thôn": ["S038"],
        "ít nhất có một hoặc hai đảng viên": ["S050"],
        "Bắc Giang: 4.000 chi bộ trực thuộc đảng ủy cơ sở hoàn thành đại hội": ["S040"],
        "4.175 chi bộ trực thuộc đảng ủy cơ sở": ["S039", "S040"],
        "có 4.000 chi bộ tổ chức xong đại hội": ["S040"],
        "đạt 95,8%": ["S040"],
    },
}
NO_FIGURES = {
    "seed-000": {
        "qua 5 năm thực hiện (2008 - 2012)": "a span of years",
        "9.8.2013 - 9:42": "the day and hour of publication",
        "Hướng dẫn số 10-HD/BTCTW, ngày 10/10/2007": "a document's number and day",
        "Qua 5 năm thực hiện đạt được": "a span of years",
        "Năm 2008": "a year",
        "Đến năm 2012": "a year",
        "theo đúng Hướng dẫn số 10-HD/BTCTW": "a document's number",
        "Quy định số 98-QĐ/TW, ngày 22/3/2004": "a document's number and day",
        "1534": "how often the page was viewed",
        "bí thư chi bộ đều là ủy viên ban thường vụ": "words without a number; told in the note of S043",
    },
    "seed-001": {
        "Chỉ thị 10-CT/TW": "a document's number",
        "Nghị quyết số 07": "a document's number",
        "Từ năm 2016": "a year",
        "Nghị quyết số 22 (Trung ương 6 khóa X)": "a document's number and the number of a plenum",
        "chỉ thi 10": "a document's number",
        "Chỉ thị số 10": "a document's number",
        "Năm 2016, 2017": "years",
        "mỗi quý 1 lần": "how often officials are to be briefed: a plan, no count of organisations",
        "10 năm thực hiện Nghị quyết số 22-NQ/TW ngày 2-2-2008": "a span of years, a document and its day",
        "Hội nghị Trung ương 6": "the number of a plenum",
        "Hầu hết chi bộ trong xã": "words without a number",
    },
    "seed-002": {
        "04/05/2017, 15:38": "the day and hour of publication",
        "Số lượt xem: 58": "how often the page was viewed",
        "Số 7, Đường Nguyễn Tất Thành, phường 1": "the school's address",
        "0781. 3823965 Fax: 0781. 3829654": "phone numbers",
    },
    "seed-003": {
        "Hướng dẫn số 38-HD/BTCTW": "a document's number",
        "Kế hoạch số 04-KH/TCTU": "a document's number",
        "thuộc 3 khối cấp huyện": "the three kinds of office that the rows name one by one",
        "ở cả 3 khối về mục đích": "the same three kinds",
        "Bước 1:": "a step of a procedure",
        "Bước 2:": "a step of a procedure",
        "Bước 3:": "a step of a procedure",
        "Bước 4:": "a step of a procedure",
        "ở bước 2 và bước 3": "steps of a procedure",
        "Bước 5:": "a step of a procedure",
        "điểm 5, Điều 13": "a passage of the Party rules",
        "Bước 6:": "a step of a procedure",
        "Bước 7:": "a step of a procedure",
        "đến năm 2015": "a year",
        "trước đây là 1 chi bộ cơ sở có": "'a' cell, no count of cells",
        "Chỉ thị 10-CT/TW": "a document's number",
        "Hướng dẫn số 09-HD/BTCTW": "a document's number",
        "đa số bí thư đảng ủy là ủy viên thường vụ": "words without a number",
    },
    "seed-004": {
        "24/04/2024": "the day on which the page was stored",
        "25 °C / 23 - 31 °C": "the weather",
        "+84.0204.3 856 624": "a phone number",
        "0.5 1.0 1.5": "speeds of the page's voice",
        "11:16 ngày 11/05/2020": "the hour and day of publication",
        "Đầu năm 2019": "a time",
        "Kết luận số 38 của Bộ Chính trị": "a document's number",
        "từ tháng 4/2019": "a month",
        "Kết luận số 38 ngày 13/11/2018": "a document's number and day",
        "nhiệm kỳ 2020-2022": "a term of office; the category of S040",
        "bạn đọc (0)": "how many readers commented",
    },
}


def document(source_id: str) -> str:
    """Return the text of a seed document, NFC and with single blanks."""
    path = SHARED / "seeds" / CATALOGUE.source(source_id).file
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", path.read_text(encoding="utf-8")))


def spans(text: str, passages: list[str]) -> list[range]:
    """Return where the passages stand in a text; each must be found."""
    found = []
    for passage in passages:
        places = [match.start() for match in re.finditer(re.escape(passage), text)]
        assert places, f"not in the document: {passage}"
        found += [range(place, place + len(passage)) for place in places]
    return found


@SEED_DOCUMENTS
@pytest.mark.parametrize("source_id", sorted(FIGURES))
def test_every_number_of_a_seed_document_is_a_row_or_no_figure(source_id: str) -> None:
    """Each number lies in a passage that rows hold or in one listed with the reason why it is no figure."""
    text = document(source_id)
    figures, others = spans(text, list(FIGURES[source_id])), spans(text, list(NO_FIGURES[source_id]))
    for match in re.finditer(r"\d+", text):
        sides = [any(match.start() in span for span in side) for side in (figures, others)]
        around = text[max(0, match.start() - 40) : match.end() + 40]
        assert sum(sides) == 1, around


@pytest.mark.parametrize("source_id", sorted(FIGURES))
def test_every_number_of_a_passage_is_in_the_rows_named(source_id: str) -> None:
    """The rows named for a passage hold each of its numbers, and all rows of the document are named."""
    named = set()
    for passage, rows in FIGURES[source_id].items():
        held = {number(BY_ID[name][column]) for name in rows for column in VALUES}
        for printed in re.findall(r"\d+(?:[.,]\d+)*", passage):
            value = float(printed.replace(".", "").replace(",", "."))
            thousands = 1000 if f"{printed} nghìn" in passage else 1
            assert value * thousands in held, (passage, printed)
        assert {BY_ID[name]["source_id"] for name in rows} == {source_id}
        named.update(rows)
    assert named == {row["observation_id"] for row in ROWS if row["source_id"] == source_id}


@pytest.mark.parametrize("source_id", sorted(FIGURES))
def test_a_seed_figure_is_printed_in_its_passage(source_id: str) -> None:
    """What a row says was printed stands in a passage that it is named for, letter by letter."""
    for row in ROWS:
        if row["source_id"] == source_id:
            passages = [
                passage for passage, rows in FIGURES[source_id].items() if row["observation_id"] in rows
            ]
            assert any(row["printed"] in passage for passage in passages), row["observation_id"]


def test_the_sums_of_the_seed_documents_hold() -> None:
    """What the documents say of parts and wholes holds: 312 organisations, 64 and 127 committees, shares."""
    count = {name: int(row["count"]) for name, row in BY_ID.items() if row["count"]}
    assert sum(count[name] for name in ("S021", "S022", "S024", "S025", "S027")) == count["S033"] == 312
    assert count["S013"] + count["S014"] + count["S015"] == count["S012"]
    assert count["S004"] + count["S005"] == count["S003"]
    assert count["S029"] + count["S030"] == count["S031"]
    assert round(100 * count["S007"] / count["S004"], 2) == float(BY_ID["S007"]["percent"])
    assert round(100 * count["S006"] / count["S004"]) == float(BY_ID["S006"]["percent"])
    assert round(100 * count["S040"] / count["S039"], 1) == float(BY_ID["S040"]["percent"])
    assert (count["S041"], count["S042"], count["S045"]) == (
        count["S006"],
        count["S007"],
        int(BY_ID["S010"]["base"]),
    )


# ---------------------------------------------------------------------------------------- provinces and grids


@pytest.mark.parametrize(("name", "day", "places"), [("63", "2020-01-01", 63), ("34", "2025-08-01", 34)])
def test_a_tile_grid_has_one_tile_for_each_province_of_its_time(name: str, day: str, places: int) -> None:
    """Codes and names of a grid are those of the provinces on a day, and no two share a tile."""
    units = [
        (unit["gso_code"], unit["name_vi"])
        for unit in read(data_folder() / "provinces.csv")
        if unit["valid_from"] <= day and (not unit["valid_to"] or day <= unit["valid_to"])
    ]
    tiles = read(data_folder() / f"tilegrid_{name}.csv")
    assert sorted((tile["code"], tile["name"]) for tile in tiles) == sorted(units)
    assert len({(tile["row"], tile["col"]) for tile in tiles}) == places


@SHARED_FIGURES
def test_events_are_as_received_and_their_vietnamese_names_say_what_they_decided() -> None:
    """Cell by cell; a Vietnamese name says "số" before a document's number and may go on behind it."""
    received, here = read(SHARED / "data" / "events.csv"), read(data_folder() / "events.csv")
    for given, event in zip(received, here, strict=True):
        assert event["name_vi"].replace(" số ", " ").startswith(given["name_vi"])
        assert event | {"name_vi": given["name_vi"]} == given


@SHARED_FIGURES
@pytest.mark.parametrize("name", ["provinces.csv", "tilegrid_63.csv", "tilegrid_34.csv"])
def test_the_other_tables_are_as_received(name: str) -> None:
    """Provinces, tile grids and events are taken over cell by cell; only line ends became LF."""
    received = (SHARED / "data" / name).read_bytes().replace(b"\r\n", b"\n")
    assert (data_folder() / name).read_bytes() == received


def test_notes_and_documents_have_vietnamese_words() -> None:
    """No note and no document told in English lacks Vietnamese words, and none of them is left over."""
    told = {row["text"]: row["vietnamese"] for row in read(data_folder() / "vietnamese.csv")}
    notes = {row["note"] for row in ROWS} - {""}
    documents = {
        getattr(one, name) for one in CATALOGUE.sources.values() for name in ("publisher", "title", "terms")
    }
    english = {
        text
        for text in documents
        if re.search(r"\b(edition|translation|aggregator|page|copy|address|English|text stays)\b", text)
    }
    assert sorted((notes | english) - told.keys()) == []
    assert sorted(told.keys() - notes - documents) == []  # a note that was changed leaves none behind
    assert [text for text in told.values() if re.search(r"\b(the|of|not)\b", text.split("“")[0])] == []


def test_a_vietnamese_note_keeps_the_numbers_of_its_english() -> None:
    """Each number of three digits or more in the English stands in the Vietnamese, in its number style."""

    def numbers(text: str) -> set[str]:
        found = {re.sub(r"\.00?$|[.,]", "", one) for one in re.findall(r"(?<![A-Z\d])\d+(?:[.,]\d+)*", text)}
        return {one for one in found if len(one) > 2}

    told = [(row["text"], row["vietnamese"]) for row in read(data_folder() / "vietnamese.csv")]
    assert [(text, lost) for text, vi in told if (lost := numbers(text) - numbers(vi))] == []
    notes = {row["note"] for row in ROWS}
    assert [vi for text, vi in told if text in notes and not vi.endswith(".")] == []  # whole sentences
