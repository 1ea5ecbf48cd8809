"""Lists and paragraphs that go on: what their head says reaches their items, and no further."""

# ruff: noqa: E501 -- texts stand on one line

from __future__ import annotations

import pytest

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose import About, document_of, read_document

CATALOGUE, GAZETTEER = Catalogue.read(), Gazetteer.read()


def figures(text: str, *names: str, published: str = "2020-08-05", source: str = "") -> list[tuple[str, ...]]:
    """Return some attributes of the figures of an article of Lào Cai, in order."""
    about = About(source=source, published=published, province="Lào Cai")
    read = read_document(document_of(text), catalogue=CATALOGUE, gazetteer=GAZETTEER, about=about)
    return [tuple(getattr(one, name) for name in names) for one in read.candidates]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Kết quả xếp loại tổ chức cơ sở đảng:\n- Hoàn thành tốt nhiệm vụ: 45 tổ chức (90%);\n- Hoàn thành nhiệm vụ: 5.",
            [("grassroots_org", "good"), ("grassroots_org", "fulfilled")],
        ),
        (
            "Xếp loại năm 2019 đối với đảng viên:\n+ Hoàn thành xuất sắc nhiệm vụ 600 đồng chí, chiếm 14%",
            [("member", "excellent")],
        ),
        # of which of the two nobody says
        ("Kết quả xếp loại tổ chức đảng và đảng viên:\n- Hoàn thành tốt nhiệm vụ: 45.", []),
        # other bodies and tasks are no organisations of the Party
        ("Xếp loại đảng viên:\n\nHội Phụ nữ có 30 chi hội hoàn thành tốt nhiệm vụ.", []),
        ("Xếp loại chi bộ:\n\nVề kinh tế: 12 dự án hoàn thành tốt nhiệm vụ.", []),
        ("Xếp loại đảng viên:\n- Hoàn thành tốt nhiệm vụ: 3 đơn vị.", []),
        # a list ends with the first paragraph without a rating
        ("Xếp loại đảng viên:\n\nVề kinh tế, xã có 12 hộ giàu.\n\nHoàn thành tốt nhiệm vụ: 45.", []),
    ],
)
def test_the_head_of_a_list_of_ratings_says_what_is_rated(text: str, expected: list[tuple[str, str]]) -> None:
    """Items without a noun of their own are of its organisations or members."""
    assert figures(text, "subject", "category_id") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Trong 6 tháng đầu năm 2020, huyện Bát Xát đạt các kết quả sau:\n- Kết nạp 90 đảng viên;\n- Huyện có 6.000 đảng viên.\n\nHuyện có 50 chi bộ.",
            [("2020-01", "2020-06"), ("2020-06", "2020-06"), ("2020-08-05", "2020-08-05")],
        ),
        # items with years of their own
        (
            "Năm 2017, huyện Bát Xát có nghị quyết mới:\n- Năm 2018 kết nạp 90 đảng viên;\n- Năm 2019 kết nạp 95 đảng viên.",
            [("2018", "2018"), ("2019", "2019")],
        ),
        # no head, no list
        (
            "Năm 2017, huyện Bát Xát kết nạp 90 đảng viên.\n- Huyện có 6.000 đảng viên.",
            [("2017", "2017"), ("2020-08-05", "2020-08-05")],
        ),
        (
            "Trong giai đoạn 2012 - 2019, huyện Bát Xát quan tâm cơ sở.\n\nQua đó, huyện kết nạp 900 đảng viên.",
            [("2012", "2019")],
        ),
        # "kết quả" by itself begins another thought
        (
            "Năm 2017, huyện Bát Xát quan tâm cơ sở.\n\nKết quả ấy được khen. Huyện có 6.000 đảng viên.",
            [("2020-08-05", "2020-08-05")],
        ),
        # the half-year of a title isn't when there is something, but its end is
        ("Kết quả 6 tháng đầu năm 2020\n\nHuyện Bát Xát có 6.000 đảng viên.", [("2020-06", "2020-06")]),
    ],
)
def test_items_and_paragraphs_that_go_on_have_the_time_before(
    text: str, expected: list[tuple[str, str]]
) -> None:
    """The items of a list are of the time of its head, "Qua đó, …" of that of the paragraph before."""
    assert figures(text, "period_start", "period_end") == expected


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("Ngày 23/8, tỉnh tổ chức hội nghị. Toàn tỉnh có 900 chi bộ.", "https://bao.example/202308/a", "2023-08-23"),
        ("Ngày 23/2, tỉnh tổ chức hội nghị. Toàn tỉnh có 900 chi bộ.", "https://bao.example/202308/a", "2023-08"),
        ("Ngày 23/8, tỉnh tổ chức hội nghị. Toàn tỉnh có 900 chi bộ.", "", ""),
        ("Sáng 18-6, trường kết nạp học sinh năm học 2024-2025.\n\nHiện tỉnh có 900 chi bộ.", "", "2025-06-18"),
        ("Các chi bộ hoàn thành đại hội\n\nTỉnh có 900 chi bộ đã hoàn thành đại hội nhiệm kỳ 2020-2025.", "", "2020"),
        ("Các chi bộ hoàn thành đại hội\n\nTỉnh có 900 chi bộ đã hoàn thành đại hội nhiệm kỳ 2020-2022.", "", ""),
    ],
)  # fmt: skip
def test_the_day_of_the_event_dates_an_article(text: str, source: str, expected: str) -> None:
    """Where the address tells no more than the month, or a school year or term the year."""
    assert figures(text, "period_end", published="", source=source)[-1] == (expected,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tỉnh kết nạp 300 đảng viên trong doanh nghiệp tư nhân và 40 đảng viên là học sinh.", ["doanh nghiệp tư nhân", "học sinh"]),
        ("Tỉnh có 60 chi bộ trong các doanh nghiệp tư nhân.", ["doanh nghiệp tư nhân"]),
        ("Năm 2019, 23 học sinh được kết nạp Đảng.", ["học sinh"]),
        ("Tỉnh có 50 tổ chức cơ sở đảng, gồm 20 đảng bộ và 30 chi bộ.", ["", "", "chi bộ cơ sở"]),
        # another clause says where others work
        ("Tỉnh kết nạp 300 đảng viên, chi bộ trong doanh nghiệp tư nhân tăng.", [""]),
        ("Tỉnh có 300 đảng viên sinh hoạt tại 20 chi bộ.", ["", ""]),
        ("Tỉnh có 45.000 đảng viên, thuộc 800 tổ chức cơ sở đảng.", ["", ""]),
    ],
)  # fmt: skip
def test_a_part_is_called_by_what_stands_behind_it(text: str, expected: list[str]) -> None:
    """Where those counted work, and who those admitted are."""
    assert [one for (one,) in figures(text, "category")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Công ty Cổ phần Gỗ Minh Phát hiện có 12 đảng viên.", [("Công ty Cổ phần Gỗ Minh Phát", "org_count")]),
        ("Công ty Cổ phần Gỗ Minh Phát đã tặng quà. Tỉnh có 12 chi bộ.", [("", "org_count")]),
        ("Nhà máy Gỗ Minh Phát và tỉnh có 12 chi bộ.", [("", "org_count")]),
        ("Huyện đoàn Bát Xát giới thiệu đoàn viên. Toàn huyện kết nạp 12 đảng viên.", [("Bát Xát", "members_admitted")]),
        # of firms, of a round of ballots, of a prize
        ("Tỉnh có 41 doanh nghiệp có tổ chức đảng với 790 đảng viên.", [("", "")]),
        ("Tỉnh có 12 chi bộ bầu bí thư trực tiếp tại đại hội.", [("", "")]),
        ("Tỉnh tặng Bằng khen cho Đảng bộ huyện Bát Xát, 20 đảng viên hoàn thành tốt nhiệm vụ.", []),
        ("Đảng viên cao tuổi nhất 90, trẻ nhất 18. Tuổi đời bình quân của đảng viên là 35.", []),
    ],
)  # fmt: skip
def test_what_a_body_says_of_itself_is_its_own(text: str, expected: list[tuple[str, str]]) -> None:
    """A firm that has members is where they are; whom firms employ, elect or reward is no count of the place."""
    assert figures(text, "area", "indicator") == expected
