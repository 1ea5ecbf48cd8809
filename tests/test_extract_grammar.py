"""The grammar of figures in prose: numbers, things, times, places, targets, one behaviour at a time."""

# ruff: noqa: E501 -- texts and cells stand on one line

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose import Candidate, Reading, document_of, figure_kind, read_document
from cbanalysis.importing.prose.documents import is_heading
from cbanalysis.importing.prose.grammar import grammar
from cbanalysis.importing.prose.tokens import LONGEST_SENTENCE, sentences, tokenise

CATALOGUE, GAZETTEER = Catalogue.read(), Gazetteer.read()


def reading(text: str, style: str = "vi") -> Reading:
    """Read a text."""
    return read_document(document_of(text), catalogue=CATALOGUE, gazetteer=GAZETTEER, style=style)


def candidates(text: str, style: str = "vi") -> list[Candidate]:
    """Return the figures that a text may state."""
    return list(reading(text, style).candidates)


def only(text: str) -> Candidate:
    """Return the only figure of a text."""
    found = candidates(text)
    assert len(found) == 1, [one.figure for one in found]
    return found[0]


def values(one: Candidate) -> tuple[object, ...]:
    """Return what a figure states."""
    figure = one.figure
    return figure.count, figure.count_max, figure.base, figure.percent, figure.percent_max, figure.qualifier


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tỉnh có 05 chi bộ.", (5, None, None, None, None, "exact")),
        ("Tỉnh có 1.250 đảng viên.", (1250, None, None, None, None, "exact")),
        ("Tỉnh có gần 4 nghìn đảng viên.", (4000, None, None, None, None, "about")),
        ("Cả tỉnh có trên 2,5 triệu đảng viên.", (2500000, None, None, None, None, "about")),
        ("Có 40 chi bộ, chiếm tỷ lệ 12,5%.", (40, None, None, 12.5, None, "exact")),
        ("Có 9/20 thôn có chi bộ.", (9, None, 20, None, None, "exact")),
        ("Có 9/tổng số 20 thôn có chi bộ.", (9, None, 20, None, None, "exact")),
        ("Có từ 5 đến 7 thôn.", (5, 7, None, None, None, "range")),
        ("Có 3 - 5 nghìn đảng viên.", (3000, 5000, None, None, None, "range")),
        ("Tỷ lệ đảng viên dự họp đạt từ 80 - 95,5%.", (None, None, None, 80, 95.5, "range")),
        ("Có 90% trở lên chi bộ họp đều.", (None, None, None, 90, None, "at_least")),
        ("Có từ 85% chi bộ trở lên họp đều.", (None, None, None, 85, None, "at_least")),
        ("Có ít nhất 7 chi bộ.", (7, None, None, None, None, "at_least")),
        ("Không quá 3% đảng viên vắng mặt.", (None, None, None, 0, 3, "range")),
        ("Mỗi chi bộ nhận ít nhất một hoặc hai đảng viên.", (1, None, None, None, None, "at_least")),
        ("Huyện không còn chi bộ sinh hoạt ghép.", (0, None, None, None, None, "exact")),
        ("Không có chi bộ nào yếu kém.", (0, None, None, None, None, "exact")),
        ("Khối có1 đảng bộ.", (1, None, None, None, None, "exact")),
    ],
)
def test_a_number_is_read_with_its_words(text: str, expected: tuple[object, ...]) -> None:
    """Counts, shares, parts, ranges, floors, ceilings and nothing at all are read as they are printed."""
    assert values(only(text)) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Theo Quy định số 98-QĐ/TW, ngày 22/3/2004 của Ban Bí thư.", "document number"),
        ("Thực hiện Chỉ thị 10-CT/TW và Nghị quyết số 202/2025/QH15.", "document number"),
        ("Theo điểm 2, Điều 21 Điều lệ Đảng khóa 12.", "ordinal or article"),
        ("Cuộc họp lúc 19 giờ 30.", "time of day"),
        ("Điện thoại: 0291.3956.777.", "contact or page counter"),
        ("Thu ngân sách đạt 103,75% chỉ tiêu.", "share of a plan"),
        ("Số đảng viên tăng 143 đồng chí.", "change, not a level"),
        ("Kinh phí 2,5 tỷ đồng.", "money"),
        ("Bác đã 67 tuổi, 45 năm tuổi Đảng.", "duration, age or frequency"),
        ("Bình quân mỗi bản có 7,5 đảng viên.", "a mean, not a count"),
        ("Có 230% đảng viên.", "a share over 100 %"),
        ("Đường dài 32 km.", "nothing that the catalogue counts"),
        ("Chi bộ họp ngày 12/5/2020.", "date or period"),
        ("Ở phường 9 trời mưa.", "nothing that the catalogue counts"),
        ("Ở phường 9, trời mưa.", "part of a name"),
        ("Tỉnh có 1,2,3 chi bộ.", "not readable in the document's number style"),
        ("Số chi bộ có dưới 10 đảng viên còn nhiều.", "threshold that says which units are counted"),
        ("Chi bộ phải có từ 3 đảng viên chính thức.", "norm, not a finding"),
    ],
)
def test_numbers_that_are_no_figures_are_set_aside_with_the_reason(text: str, reason: str) -> None:
    """A date, an article, an age or a change is never proposed, and the review says why."""
    found = reading(text)
    assert not found.candidates
    assert {one.reason for one in found.set_aside} == {reason}


def test_every_number_of_a_text_is_proposed_or_set_aside() -> None:
    """No number is lost without a word."""
    text = "Năm 2021, tỉnh Bắc Kạn có 12 chi bộ (45%), 7/9 thôn và 33 km đường; theo Điều 5."
    found = reading(text)
    spans = [(one.start, one.end) for one in (*found.candidates, *found.set_aside)]
    digits = [at for at, letter in enumerate(text) if letter.isdigit()]
    assert not [at for at in digits if not any(start <= at < end for start, end in spans)]


def test_a_base_printed_behind_is_a_figure_of_its_own() -> None:
    """A part such as 3/7 chi bộ states three of seven cells, and that there are seven."""
    first, second = candidates("Xã có 3/7 chi bộ có bí thư kiêm trưởng bản.")
    assert values(first)[:3] == (3, None, 7)
    assert first.indicator == "village_head_secretary"
    assert (values(second)[0], second.subject, second.indicator) == (7, "cell", "org_count")


def test_a_share_proves_its_base_only_by_arithmetic() -> None:
    """45 of 60 is 75%, so 60 becomes the base; for 74% it doesn't."""
    text = "Tỉnh có 60 chi bộ. Đã có 45 chi bộ đại hội, đạt {}%."
    assert [one.figure.base for one in candidates(text.format(75))] == [None, 60]
    assert [one.figure.base for one in candidates(text.format(74))] == [None, None]


def test_before_and_after_are_two_figures() -> None:
    """A fall "từ 312 … xuống còn 47" states two numbers, none of them a range."""
    found = candidates("Số tổ chức cơ sở đảng giảm từ 290 chi, đảng bộ cơ sở xuống còn 52 đảng bộ cơ sở.")
    assert [(one.figure.count, one.figure.qualifier) for one in found] == [(290, "exact"), (52, "exact")]


def test_what_is_behind_trong_do_is_said_of_the_parts() -> None:
    """The rating behind "trong đó" isn't that of the number rated, which becomes the base."""
    whole, part = candidates(
        "Năm 2020, tỉnh Hà Nam có 90 chi bộ được xếp loại, trong đó hoàn thành tốt nhiệm vụ 60 chi bộ."
    )
    assert (whole.indicator, whole.category_id) == ("org_count", "")
    assert (part.category_id, part.figure.base) == ("good", 90)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Từ đầu năm 2022 đến ngày 31/8/2022, kết nạp 9 đảng viên.", ("2022-01", "2022-08-31")),
        ("Ngày đăng: 7/8/2012\nTừ đầu năm đến nay, kết nạp 9 đảng viên.", ("2012-01", "2012-08")),
        ("Ngày đăng: 7/8/2012\nTính đến ngày 30-6, kết nạp 9 đảng viên.", ("2012-01", "2012-06-30")),
        ("Ngày đăng: 7/1/2013\nNăm qua, kết nạp 9 đảng viên.", ("2012", "2012")),
        ("Ngày đăng: 7/8/2012\nQuý I, kết nạp 9 đảng viên.", ("2012-01", "2012-03")),
        ("Nhiệm kỳ 2015 - 2020, kết nạp 9 đảng viên.", ("2015", "2020")),
    ],
)
def test_parts_of_years_end_where_the_text_says(text: str, period: tuple[str, str]) -> None:
    """From the beginning of the year until a day, a quarter of the year of publication, the year that is over."""
    one = only(text)
    assert (one.period_start, one.period_end) == period


def test_lists_go_on_with_what_was_counted() -> None:
    """In "xã: 9; phường: 3" the second number counts what the first did."""
    found = candidates("Tổng số đảng viên ở các đảng bộ xã: 900; phường: 300.")
    assert [(one.figure.count, one.subject) for one in found] == [(900, "member"), (300, "member")]


def test_the_head_of_the_clause_is_what_a_share_is_of() -> None:
    """Not the noun nearest to the number, but the one behind "tỷ lệ"."""
    one = only("Tỷ lệ đảng viên tham gia sinh hoạt chi bộ đạt 97%.")
    assert (one.subject, one.indicator) == ("member", "meeting_attendance")


def test_ratings_carry_scheme_and_category() -> None:
    """The year decides on the scheme, the words on the category, before the number in lists and behind it else."""
    old, new = candidates(
        "Năm 2016, 60% tổ chức cơ sở đảng trong sạch, vững mạnh. Năm 2020, hoàn thành tốt nhiệm vụ có 30 tổ chức cơ sở đảng."
    )
    assert (old.scheme, old.category_id) == ("org_2007", "strong")
    assert (new.scheme, new.category_id) == ("org_2018", "good")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Phấn đấu có 90% chi bộ họp đều.", True),
        ("Chỉ tiêu là 90% chi bộ họp đều, thực hiện đạt 92% chi bộ.", None),
        ("Hoàn thành mục tiêu, có 90% chi bộ họp đều.", False),
        ("Mục tiêu năm 2030\n- 90% chi bộ họp đều.", True),
        ("Kết quả năm 2020\n- 90% chi bộ họp đều.", False),
    ],
)
def test_targets_are_told_apart(text: str, target: bool | None) -> None:  # noqa: FBT001 -- what is expected
    """Words such as phấn đấu, and headings, make a target until a result is told."""
    found = [one.target for one in candidates(text)]
    assert found == ([True, False] if target is None else [target])


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Năm 2012, có 9 chi bộ.", ("2012", "2012")),
        ("Đến ngày 5/3/2012 có 9 chi bộ.", ("2012-03-05", "2012-03-05")),
        ("Tháng 3/2012 có 9 chi bộ.", ("2012-03", "2012-03")),
        ("Quý IV/2012 có 9 chi bộ.", ("2012-10", "2012-12")),
        ("6 tháng đầu năm 2012 có 9 chi bộ.", ("2012-01", "2012-06")),
        ("Giai đoạn 2010 - 2012 có 9 chi bộ.", ("2010", "2012")),
        ("Từ năm 2010 đến năm 2012 có 9 chi bộ.", ("2010", "2012")),
        ("Có 9 chi bộ (tính đến tháng 5/2012).", ("2012-05", "2012-05")),
        ("Có 9 chi bộ năm 2012, so với năm 2010.", ("2012", "2012")),
        ("Kết quả năm 2012\nCó 9 chi bộ.", ("2012", "2012")),
        ("Ngày đăng: 7/8/2012\nHiện nay có 9 chi bộ.", ("2012-08-07", "2012-08-07")),
        ("Đại hội nhiệm kỳ 2010 - 2015 có 9 chi bộ.", ("", "")),
        ("Ngày 31/2/2012 có 9 chi bộ.", ("", "")),
        ("Nghị quyết số 22-NQ/TW ngày 2-2-2008 có 9 chi bộ.", ("", "")),
    ],
)
def test_periods(text: str, period: tuple[str, str]) -> None:
    """Years, dates, months, quarters and spans; terms of office, documents and impossible days give none."""
    one = only(text)
    assert (one.period_start, one.period_end) == period


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Tỉnh Bắc Giang có 9 chi bộ.", ("Bắc Giang", "", "province")),
        ("Huyện Tân Yên (Bắc Giang) có 9 chi bộ.", ("Bắc Giang", "Tân Yên", "district")),
        ("Xã Quế Nham, huyện Tân Yên, tỉnh Bắc Giang có 9 chi bộ.", ("Bắc Giang", "Quế Nham", "commune")),
        ("Thành phố Bắc Giang có 9 chi bộ.", ("Bắc Giang", "Bắc Giang", "district")),
        ("Thành phố Hồ Chí Minh có 9 chi bộ.", ("Hồ Chí Minh", "", "province")),
        ("Học tập tư tưởng Hồ Chí Minh, có 9 chi bộ.", ("", "", "province")),
        ("Ông Nguyễn Thái Bình quản lý 9 chi bộ.", ("", "", "province")),
        ("Cả nước có 9 chi bộ.", ("", "", "country")),
        ("Bắc Giang\nCó 9 chi bộ ở huyện Tân Yên.", ("Bắc Giang", "Tân Yên", "district")),
        ("Bắc Giang\nỞ 3 nơi của huyện Tân Yên. Toàn tỉnh có 9 chi bộ.", ("Bắc Giang", "", "province")),
        ("Tỉnh Thanh Hoá có 9 chi bộ.", ("Thanh Hóa", "", "province")),
    ],
)
def test_places(text: str, place: tuple[str, str, str]) -> None:
    """Provinces, towns of a province's name, communes with their parents, and persons that are no places."""
    one = only(text)
    assert (one.province, one.area, one.geo_level) == place


@pytest.mark.parametrize("ending", ["Ảnh: Hoằng Hóa", "Ở xã Hoằng Hóa", "HOẰNG HÓA"])
def test_a_known_name_may_end_the_text(ending: str) -> None:
    """A place that was named before is read also where its two words are the last ones."""
    assert only(f"Huyện Hoằng Hóa (Thanh Hóa) có 52 chi bộ.\n{ending}").area == "Hoằng Hóa"


def test_a_new_paragraph_falls_back_to_the_documents_place() -> None:
    """What a paragraph told of a district doesn't reach into the next one."""
    found = candidates("Bắc Giang năm 2020\nHuyện Tân Yên có 9 chi bộ.\nCó 700 chi bộ họp đều.")
    assert [one.area for one in found] == ["Tân Yên", ""]


def test_spans_point_into_the_text_also_when_it_is_decomposed() -> None:
    """The span of a figure is that of the reader's own copy, whatever way its letters are written."""
    text = unicodedata.normalize("NFD", "Toàn tỉnh Thanh Hoá có 4.175 chi bộ.")
    one = only(text)
    assert text[one.start : one.end] == "4.175"
    assert unicodedata.normalize("NFC", one.context).startswith("Toàn tỉnh")


def test_english_numbers_are_read_where_they_are_declared() -> None:
    """9.768 is no count in a document that prints 9,768."""
    assert [one.figure.count for one in candidates("Tỉnh có 9,768 đảng viên.", "en")] == [9768]
    assert not candidates("Tỉnh có 9.768 đảng viên.", "en")


@pytest.mark.parametrize(
    ("text", "count"),
    [("Các thôn đã họp.Huyện phấn đấu đạt 100%.", 2), ("Đảng bộ TP.Vinh (bao.vn) có 90 chi bộ.", 1)],
)
def test_a_full_stop_without_a_blank_ends_a_sentence(text: str, count: int) -> None:
    """A full stop between a small and a capital letter ends a sentence, but not one of an abbreviation or address."""
    assert len(list(sentences([(0, text, False)]))) == count


def test_sentences_are_not_cut_at_abbreviations_and_list_markers() -> None:
    """Neither "TP. Hà Nội" nor "1. Kết quả" ends a sentence."""
    text = "1. Kết quả: TP. Hà Nội tốt. Tiếp theo."
    assert [len(one.tokens) for one in sentences([(0, text, False)])] == [11, 3]


def test_the_confidence_falls_with_the_evidence() -> None:
    """A figure with its place and year in the sentence is surer than one without any."""
    sure, unsure = only("Năm 2012, tỉnh Bắc Giang có 90 chi bộ."), only("Có 90 chi bộ.")
    assert unsure.confidence < 0.5 < sure.confidence <= 1
    assert sure.evidence == "exact, direct, sentence, sentence, verb"


def test_each_indicator_of_the_grammar_is_in_the_catalogue() -> None:
    """The rules name only what the catalogue knows."""
    for rule in grammar().indicators:
        indicator = CATALOGUE.indicators[rule.indicator]
        assert not rule.definition or rule.definition in indicator.definitions
        assert not rule.base_of or rule.base_of in indicator.bases


def test_headings_are_short_and_have_no_full_stop() -> None:
    """A sentence is no heading, nor is an item of a list."""
    assert [is_heading(text) for text in ("Kết quả", "Kết quả.", "- Kết quả", "a" * 300)] == [
        True,
        False,
        False,
        False,
    ]


WORDS = st.sampled_from(
    [
        "62",
        "4.175",
        "63,71",
        "%",
        "/",
        "-",
        "(",
        ")",
        ",",
        ";",
        ":",
        ".",
        "\n",
        "từ",
        "đến",
        "gần",
        "trên",
        "dưới",
        "ít",
        "nhất",
        "trở",
        "lên",
        "trong",
        "tổng",
        "số",
        "chiếm",
        "đạt",
        "tỷ",
        "lệ",
        "chi",
        "bộ",
        "đảng",
        "viên",
        "thôn",
        "đồng",
        "chí",
        "năm",
        "2012",
        "tháng",
        "quý",
        "ngày",
        "tỉnh",
        "Bắc",
        "Giang",
        "huyện",
        "Tân",
        "Yên",
        "phường",
        "9",
        "không",
        "còn",
        "có",
        "phấn",
        "đấu",
        "chỉ",
        "tiêu",
        "nghị",
        "quyết",
        "số",
        "tăng",
        "giảm",
        "nghìn",
        "triệu",
        "một",
        "hai",
        "hoàn",
        "thành",
        "tốt",
        "nhiệm",
        "vụ",
        "tổ",
        "chức",
        "cơ",
        "sở",
        "31/2/2012",
        "9999999999999999",
        "00",
        "1,2,3",
        "̀",
        "Ð",
    ]
)


@settings(max_examples=50, deadline=None)
@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_no_words_make_the_reader_fail(text: str) -> None:
    """Any order of the grammar's own words is read; spans lie in the text and values are sane."""
    for one in candidates(text):
        assert 0 <= one.start < one.end <= len(text)
        assert 0 < one.confidence <= 1
        assert one.figure.base is None or one.figure.count is None or one.figure.base >= one.figure.count
        assert figure_kind(one.figure) == one.kind


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    """Any text at all is read, and tokens keep their places."""
    reading(text)
    assert all(text[one.start : one.end] == one.text for one in tokenise(text))


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "12 ",
        "trong tổng số ",
        "62 chi bộ trong tổng số 124, chiếm 50%, ",
        "Bắc Giang ",
        "từ 5 đến ",
        "1/",
        "a. ",
        "số (",
    ],
)
def test_time_grows_with_the_length_and_no_faster(unit: str) -> None:
    """Sixteen times the text takes about sixteen times as long, on one line of 32,000 letters."""

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        begin = time.process_time()
        reading(text)
        return time.process_time() - begin

    seconds(1_000)
    small = min(seconds(2_000) for _ in range(3))
    assert seconds(32_000) <= 32 * small + 0.1


def test_a_long_sentence_is_cut() -> None:
    """A line without an end becomes sentences of a bounded length."""
    assert max(len(one.tokens) for one in sentences([(0, "chi bộ " * 3000, False)])) == LONGEST_SENTENCE


HEAD = "Nguồn: https://baobinhdinh.vn/x\nNgày: 12/08/2022\n\n"


def fields(text: str, *names: str) -> list[tuple[object, ...]]:
    """Return for each figure of a text that a paper of Bình Định printed what it is called and about."""
    return [tuple(getattr(one, name) for name in names) for one in candidates(HEAD + text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a share of something that the grammar has no word for isn't one of what was counted before
        ("Có 9 chi bộ; 100% trưởng các đoàn thể là đảng viên.", [("org_count", "cell"), ("", "other")]),
        ("Có 9 chi bộ; 6/6 giám đốc doanh nghiệp là bí thư.", [("org_count", "cell"), ("", "other")]),
        ("100% cán bộ quân sự là đảng viên.", [("", "other")]),
        # each clause has words of its own
        ("98% thôn có chi bộ; đảng viên là trưởng thôn chiếm 63%.", [("village_own_cell", "village"), ("village_member_head", "village")]),
        ("Có 8 thôn có chi ủy, 7 thôn có đủ đảng viên trẻ.", [("village_own_cell", "village"), ("", "village")]),
        ("Có 8 chi bộ thôn, làng có chi ủy, 7 chi bộ thôn, làng có đủ đảng viên trẻ.", [("village_own_cell", "cell"), ("", "cell")]),
        ("Nâng cấp 3 chi bộ cơ sở thành đảng bộ.", [("", "grassroots_org")]),
        ("Có 9 chi bộ xong đại hội. Tỷ lệ cấp ủy nữ đạt 21%, tuổi trẻ dưới 35 đạt 15%.", [("congress_done", "branch_cell"), ("", "other"), ("", "other")]),
        ("Tỷ lệ phó thôn là đảng viên đạt 40%.", [("", "other")]),
        ("Có 12 xã, 5 phường và 3 thị trấn đã có chi bộ quân sự.", [("military_cell", "commune")] * 3),
        ("Có 15 chi bộ quân sự xã.", [("military_cell", "branch_cell")]),
        ("3/8 Đảng ủy các xã đã thành lập chi bộ công an.", [("police_cell", "commune"), ("org_count", "commune")]),
        ("Đã thành lập chi bộ Công an xã với 14 đảng viên.", [("org_count", "member")]),
        ("83 người là trưởng thôn được bầu làm bí thư chi bộ.", [("village_head_secretary", "village")]),
        ("Có 43 chi bộ với 810 đảng viên tham gia sinh hoạt.", [("org_count", "cell"), ("org_count", "member")]),
        ("Có 789/812 đảng viên, đạt 97,2%.", [("", "member"), ("org_count", "member")]),
        ("Có 900 đảng viên, trong đó 40% là nữ.", [("org_count", "member"), ("org_count", "member")]),
        ("Có 138 đảng viên miễn đánh giá.", [("", "member")]),
        ("1 quần chúng làm hồ sơ đề nghị kết nạp Đảng.", []),
        ("Bình quân mỗi năm kết nạp 160 đảng viên.", [("members_admitted", "member")]),
        ("4 Đảng bộ khối cơ quan.", [("org_count", "committee")]),
        ("Đến nay, 210/280 chi bộ xong đại hội. Trong đó, huyện Phù Cát 15/20 chi bộ.", [
            ("congress_done", "branch_cell"), ("org_count", "cell"), ("congress_done", "branch_cell"), ("org_count", "cell"),
        ]),
    ],
)  # fmt: skip
def test_a_figure_is_of_what_its_own_clause_says(text: str, expected: list[tuple[str, str]]) -> None:
    """Neither the words of another clause nor the figure before name what has words of its own."""
    assert fields(text, "indicator", "subject") == expected


def test_cells_that_were_not_rated_have_no_rating() -> None:
    """What says something of its own, such as being too young, doesn't go on with the rating before."""
    text = "Năm 2021, có 8 chi bộ hoàn thành tốt nhiệm vụ và 5 chi bộ mới thành lập chưa xếp loại."
    assert fields(text, "indicator", "category_id") == [("org_quality_rating", "good"), ("", "")]


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("đủ tư cách, hoàn thành tốt nhiệm vụ trở lên", "good_or_better"),
        ("đủ tư cách, hoàn thành nhiệm vụ trở lên", "fulfilled_or_better"),
    ],
)
def test_a_rating_or_better_is_no_single_rating(words: str, category: str) -> None:
    """Words such as "trở lên" take the better ratings in, whatever stands before it."""
    assert fields(f"Năm 2016, 90% đảng viên {words}.", "category_id") == [(category,)]


def test_meetings_on_a_topic_are_another_definition_than_monthly_ones() -> None:
    """Thematic meetings aren't the monthly meeting."""
    text = "98% chi bộ sinh hoạt định kỳ; 93% chi bộ sinh hoạt chuyên đề."
    assert fields(text, "indicator", "definition") == [("meeting_held", ""), ("meeting_held", "thematic")]


@pytest.mark.parametrize(
    ("text", "definition", "complement"),
    [
        ("98% thôn có chi bộ.", "", False),
        ("98% thôn có tổ chức đảng.", "with_organisation", False),
        ("98% thôn có đảng viên.", "with_members", False),
        ("98% thôn có đảng viên tại chỗ.", "with_local_members", False),
        ("98% thôn có chi ủy.", "with_committee", False),
        ("Còn 3 thôn chưa có chi bộ.", "", True),
        ("Còn 3 thôn chưa có đảng viên.", "with_members", True),
        ("Còn 3 thôn sinh hoạt ghép.", "without_joint_cell", True),
    ],
)
def test_villages_with_members_are_not_villages_with_a_cell(
    text: str,
    definition: str,
    complement: bool,  # noqa: FBT001 -- what is expected
) -> None:
    """What a village has, members, an organisation or a cell of its own, is the figure's definition."""
    assert fields(text, "indicator", "definition", "complement") == [
        ("village_own_cell", definition, complement)
    ]


def test_a_mean_of_years_is_said_to_be_a_mean() -> None:
    """What was admitted a year on average isn't what a year admitted."""
    assert fields("Bình quân mỗi năm kết nạp 160 đảng viên.", "aggregation") == [("mean",)]


def test_cadres_and_members_are_said_to_be_both() -> None:
    """The printed kind tells that not only members were counted."""
    text = "Năm 2022, 520 cán bộ, đảng viên học tập nghị quyết."
    assert fields(text, "indicator", "category") == [("study_attendance", "cán bộ, đảng viên")]


def test_a_share_and_its_parts_in_brackets_are_one_figure() -> None:
    """What "98% (49/50) thôn" states is one figure, of villages."""
    one = only(HEAD + "Có 98% (49/50) thôn có chi bộ.")
    assert (values(one)[:4], one.subject) == ((49, None, 50, 98), "village")


def test_a_share_has_the_base_that_is_printed_behind_it() -> None:
    """The share in "95% … trong tổng số 240 chi bộ" is of 240, and they are cells, not congresses."""
    text = "95% số chi bộ trong tổng số 240 chi bộ trực thuộc tổ chức xong đại hội."
    found = candidates(HEAD + text)
    assert [(one.figure.percent, one.figure.base, one.indicator) for one in found] == [
        (95, 240, "congress_done"), (None, None, "org_count"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        # places in brackets are examples
        ("Huyện Hoài Ân có 2 đảng bộ (xã Ân Tín, xã Ân Mỹ) và 9 chi bộ.", ["Hoài Ân", "Hoài Ân"]),
        # a sentence that speaks of several places leaves none behind
        ("Toàn tỉnh có 90 chi bộ. Huyện Hoài Ân có 2 chi bộ, huyện Phù Cát có 3 chi bộ. Có 5 chi bộ ghép.", ["", "Hoài Ân", "Phù Cát", ""]),
        ("Huyện ủy Hoài Ân sơ kết đề án của Đảng bộ tỉnh.\n\nToàn huyện có 9 chi bộ.\n\n95% chi bộ họp đều.", ["Hoài Ân", "Hoài Ân"]),
    ],
)  # fmt: skip
def test_figures_stay_where_the_article_is(text: str, areas: list[str]) -> None:
    """A place that is only an example, or one of several, isn't the place of the figures after it."""
    assert [area for (area,) in fields(text, "area")] == areas


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        # who was admitted in ten years wasn't admitted in the year of publication
        ("Trong 10 năm qua, kết nạp 90 đảng viên.", [("", "")]),
        ("Tổng kết giai đoạn 2012 - 2022. Trong 10 năm qua, kết nạp 90 đảng viên.", [("2012", "2022")]),
        # ratings keep their year in the paragraphs after it
        ("Qua đánh giá năm 2021, có 9 chi bộ hoàn thành tốt nhiệm vụ.\n\nĐảng viên hoàn thành tốt nhiệm vụ chiếm 80%.", [("2021", "2021")] * 2),
        # targets go on with the time of those before
        ("Giai đoạn 2021 - 2025, phấn đấu 90% chi bộ họp đều. Hằng năm, phấn đấu kết nạp 50 đảng viên.", [("2021", "2025")] * 2),
        ("Tính đến 31/3, toàn tỉnh kết nạp 90 đảng viên.", [("2022-01", "2022-03-31")]),
        ("Tính đến ngày 30-6, toàn tỉnh kết nạp 90 đảng viên. Trong đó có 4 đảng bộ kết nạp nhiều.", [("2022-01", "2022-06-30")] * 2),
    ],
)  # fmt: skip
def test_a_figure_has_no_period_that_only_stands_near(text: str, periods: list[tuple[str, str]]) -> None:
    """The year of publication is no guess for several years, for ratings or for targets."""
    assert fields(text, "period_start", "period_end") == periods


def test_without_a_date_nothing_is_known_until_now() -> None:
    """Without a date "từ năm 2015 đến nay" doesn't end in 2015."""
    for words in ("Từ năm 2015 đến nay", "Từ đầu nhiệm kỳ 2015-2020 đến nay"):
        one = only(f"{words}, kết nạp 90 đảng viên.")
        assert (one.period_start, one.period_end) == ("", "")


def test_an_address_tells_the_month_of_its_article() -> None:
    """Papers file articles under /201909/; a printed date comes before it."""
    text = "Nguồn: https://baokhanhhoa.vn/chinh-tri/201909/x-1/\n{}\nTrong năm, kết nạp 9 đảng viên."
    dated = [only(text.format(line)).period_end for line in ("", "Ngày: 05/03/2018\n")]
    assert dated == ["2019", "2018"]


def test_every_rule_names_what_the_catalogue_has() -> None:
    """A rule's subjects, definition and base are the catalogue's, so that no rule is without effect."""
    for rule in grammar().indicators:
        known = CATALOGUE.indicators[rule.indicator]
        for subject in rule.subjects:
            name = subject.split(":")[-1].replace("person_of_committee", "cell")
            assert rule.become.get(name, name) in known.subjects, (rule.indicator, subject)
        assert rule.definition in {"", *known.definitions}
        assert rule.base_of in {"", *known.bases}


def test_an_article_of_the_whole_country_stays_there() -> None:
    """A province named as an example isn't the place of the paragraphs after it."""
    text = "Cả nước kết nạp 900 đảng viên.\n\nTỉnh Hà Nam kết nạp 9 đảng viên.\n\nNăm 2020, có 90 chi bộ."
    assert [(one.province, one.geo_level) for one in candidates(text)] == [
        ("", "country"), ("Hà Nam", "province"), ("", "country"),
    ]  # fmt: skip
