"""Lists and paragraphs that go on: what their head says reaches their items, and no further."""

# ruff: noqa: E501 -- texts stand on one line

from __future__ import annotations

from typing import Any

import pytest

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose import About, document_of, read_document

CATALOGUE, GAZETTEER = Catalogue.read(), Gazetteer.read()


def figures(text: str, *names: str, published: str = "2020-08-05", source: str = "") -> list[tuple[Any, ...]]:
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
        ("Xếp loại chi bộ:\n- Mặt trận và đoàn thể: 60 tổ chức hoàn thành tốt nhiệm vụ.", []),
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
        # a decree may have effects later
        (
            "Năm 2016, huyện Bát Xát có nghị quyết.\n\nDo đó, huyện có 40 chi bộ.",
            [("2020-08-05", "2020-08-05")],
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
        ("Ngày 31/2, tỉnh tổ chức hội nghị. Toàn tỉnh có 900 chi bộ.", "https://bao.example/202302/a", "2023-02"),
        ("Ngày 23/2, tỉnh tổ chức hội nghị. Toàn tỉnh có 900 chi bộ.", "https://bao.example/202308/a", "2023-08"),
        ("Ngày 23/8, tỉnh tổ chức hội nghị. Toàn tỉnh có 900 chi bộ.", "", ""),
        ("Sáng 18-6, trường kết nạp học sinh năm học 2024-2025.\n\nHiện tỉnh có 900 chi bộ.", "", "2025-06-18"),
        ("Kế hoạch đại hội\n\nTỉnh có 900 chi bộ chuẩn bị đại hội nhiệm kỳ 2020-2025.", "", ""),
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
        ("Tỉnh có 300 đảng viên là công nhân, nông dân.", ["công nhân, nông dân"]),
        ("Tỉnh có 300 đảng viên thuộc ngành, đơn vị.", [""]),
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
        ("Công ty của anh Tám hiện có 12 đảng viên.", [("", "org_count")]),
        ("Tỉnh có 12 hợp tác xã, toàn tỉnh có 790 đảng viên.", [("", "org_count")]),
        # of firms, of a round of ballots, of a prize
        ("Tỉnh có 41 doanh nghiệp có tổ chức đảng với 790 đảng viên.", [("", "org_count")]),
        ("Tỉnh có 12 chi bộ bầu bí thư trực tiếp tại đại hội.", [("", "")]),
        ("Tỉnh tặng Bằng khen cho Đảng bộ huyện Bát Xát, 20 đảng viên hoàn thành tốt nhiệm vụ.", []),
        ("Đảng viên cao tuổi nhất 90, trẻ nhất 18. Tuổi đời bình quân của đảng viên là 35.", []),
    ],
)  # fmt: skip
def test_what_a_body_says_of_itself_is_its_own(text: str, expected: list[tuple[str, str]]) -> None:
    """A firm that has members is where they are; whom firms employ, elect or reward is no count of the place."""
    assert figures(text, "area", "indicator") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trong nhiệm kỳ, huyện Bát Xát kết nạp 90 đảng viên.", [("2015", "2020")]),
        ("Nhiệm kỳ qua, huyện Bát Xát kết nạp 90 đảng viên.", [("2015", "2020")]),
        # the next one, of which nobody says when it ends
        ("Trong nhiệm kỳ, mục tiêu của huyện Bát Xát là kết nạp 90 đảng viên.", [("", "")]),
        ("Đảng bộ huyện Bát Xát vừa tổ chức kết nạp 12 học sinh.", [("2020-08-05", "2020-08-05")]),
        ("Huyện Bát Xát vừa tổ chức sản xuất, vừa kết nạp 12 học sinh.", [("2020", "2020")]),
        ("Trong 12 đảng viên được kết nạp lần này, huyện Bát Xát có 8 nữ.", [("2020-08-05", "2020-08-05")] * 2),
        ("Kết quả lần này, huyện Bát Xát kết nạp 90 đảng viên.", [("2020", "2020")]),
        # a cell's term is shorter, a programme's years are its own, a review tells of more than its day
        ("Trong nhiệm kỳ, chi bộ thôn Mường Hum kết nạp 6 đảng viên.", [("", "")]),
        ("Qua 5 năm thực hiện đề án, huyện Bát Xát kết nạp 90 đảng viên.", [("", "")]),
        ("Huyện Bát Xát vừa tổ chức tổng kết, đã kết nạp 90 đảng viên.", [("2020", "2020")]),
        ("Đầu tháng 3, huyện Bát Xát có 90 chi bộ. Nay huyện có 95 chi bộ.", [("2020", "2020"), ("2020-08-05", "2020-08-05")]),
        ("Đầu năm, huyện Bát Xát có 90 chi bộ.", [("2020", "2020")]),
        ("Tính đến cuối tháng 6, huyện Bát Xát có 90 chi bộ.", [("2020-06", "2020-06")]),
        # of every year is of none, but of the term that is spoken of
        ("Hằng năm, huyện Bát Xát kết nạp 30 - 35 đảng viên.", [("", "")]),
        ("Nhiệm kỳ 2015-2020, huyện Bát Xát kết nạp 90 đảng viên. Hằng năm có 80% chi bộ hoàn thành tốt nhiệm vụ.", [("2015", "2020"), ("2015", "2020")]),
        # what goes on with a sentence has the time of its last figure
        ("Bát Xát: Đảng bộ huyện năm 2008 có 5 chi bộ; đến nay có 40 chi bộ. Trong đó, có 30 chi bộ nông thôn.", [("2008", "2008"), ("2020-08-05", "2020-08-05"), ("2020-08-05", "2020-08-05")]),
    ],
)  # fmt: skip
def test_terms_and_events_of_the_year_of_congresses(text: str, expected: list[tuple[str, str]]) -> None:
    """The term that ends, what has just happened, and what is so every year."""
    assert figures(text, "period_start", "period_end") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đảng bộ huyện Bát Xát hiện có 5.600 đảng viên, trong đó:\n• 2,5% đảng viên dự bị.\n• 38,3% đảng viên là nữ.", ["org_count"] * 3),
        ("Đảng bộ huyện Bát Xát kết nạp 160 đảng viên.\n\nQua đó, nâng tỷ lệ đảng viên nữ lên 31%.", ["members_admitted", ""]),
        # no head of parts
        ("Đảng bộ huyện Bát Xát hiện có 5.600 đảng viên.\n\n• 2,5% đảng viên dự bị.", ["org_count", ""]),
        ("Toàn tỉnh có 120 chi bộ đã tổ chức đại hội xong, trong đó có 90 chi bộ thôn.", ["congress_done"] * 2),
        ("Đã có 13/15 xã hoàn thành đại hội; 2 xã chưa hoàn thành đại hội.", ["congress_done", "org_count", "congress_done"]),
        ("Có 12 xã hoàn thành đại hội Đoàn; 3 xã chưa tổ chức đại hội điểm.", ["", ""]),
        ("Có 12 đơn vị cấp huyện sẽ hoàn thành đại hội.", [""]),
        # a number of all is none of the catalogue where nothing says what it counts
        ("Các xã có tỷ lệ cao như: Trịnh Tường 15/17.", ["", ""]),
    ],
)  # fmt: skip
def test_parts_are_what_their_whole_is(text: str, expected: list[str]) -> None:
    """Items behind "trong đó:", cells of those that held their congress, communes whose committee did."""
    assert [one for (one,) in figures(text, "indicator")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tổ chức cơ sở đảng hoàn thành tốt nhiệm vụ chiếm 65%, hoàn thành 13%.", ["good", "fulfilled"]),
        ("Tổ chức cơ sở đảng hoàn thành tốt nhiệm vụ chiếm 65%; xã hoàn thành 13 tiêu chí.", ["good"]),
    ],
)
def test_a_rating_without_its_noun(text: str, expected: list[str]) -> None:
    """Behind another rating "hoàn thành 13%" is the third."""
    assert [one for (one,) in figures(text, "category_id", published="2019-03-05")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chi bộ Trường THPT số 1 Bảo Yên có 52 đảng viên.", ["Chi bộ Trường THPT số 1 Bảo Yên"]),
        ("Chi bộ Trường Tiểu học số 1 có 22 đảng viên.", ["Chi bộ Trường Tiểu học số 1"]),
        ("Chi bộ Trường THPT Y Tý và Chi bộ Trường THPT Bát Xát có 22 đảng viên.", [""]),
        ("Đảng bộ Công ty Mai Lâm có 2 chi bộ.", ["Đảng bộ Công ty Mai Lâm"]),
        ("Đảng ủy các KCN tỉnh kết nạp 66 đảng viên.", ["Đảng bộ các KCN tỉnh"]),
        ("Sôi nổi phong trào\n\nChi bộ Công ty Mai Lâm là điển hình.\n\nNăm nay, huyện kết nạp 90 đảng viên.", [""]),
        ("Trường THPT Y Tý có 52 đảng viên. Chi bộ thôn Tả Van có 20 đảng viên.", ["Trường THPT Y Tý", "thôn Tả Van"]),
        ("Đảng bộ Tổng công ty Mai Lâm - Trách nhiệm hữu hạn Một thành viên có 9 chi bộ.", ["Đảng bộ Tổng công ty Mai Lâm"]),
        # an army has no communes; the first sentence says of which body the others are
        ("Đảng bộ Quân sự tỉnh có 25 chi bộ. Đã có 97/97 xã có chi bộ quân sự.", ["Đảng bộ Quân sự tỉnh", "", ""]),
        ("Sôi nổi phong trào\n\nNgày 2-8, Chi bộ Công ty Mai Lâm tổ chức hội nghị.\n\nĐến nay, chi bộ có 12 đảng viên.", ["Chi bộ Công ty Mai Lâm"]),
        ("Sôi nổi phong trào\n\nChi bộ Công ty Mai Lâm là điển hình.\n\nCó 900 chi bộ; các xã kết nạp 90 đảng viên.", ["", ""]),
        ("Các huyện Bát Xát, Bắc Hà có 700 chi bộ; cả huyện Bát Xát có 400 chi bộ.", ["", "Bát Xát"]),
        ("Sôi nổi phong trào\n\nDự có lãnh đạo Chi bộ Công ty Mai Lâm.\n\nTỉnh có 9 chi bộ. Đảng bộ Công ty A có 5 chi bộ.", ["", "Đảng bộ Công ty A"]),
        ("Sôi nổi phong trào\n\nĐảng bộ Công ty Mai Lâm là điển hình.\n\nToàn tỉnh có 900 chi bộ.", [""]),
        ("Đảng bộ Khối các cơ quan tỉnh có 9 chi bộ. Đảng ủy Khối kết nạp 12 đảng viên.\n\nĐảng ủy Khối có 90 đảng viên.", ["Đảng bộ Khối các cơ quan tỉnh"] * 3),
    ],
)  # fmt: skip
def test_the_body_that_is_spoken_of(text: str, expected: list[str]) -> None:
    """Its whole name is its area, and that of what is told of it afterwards."""
    assert [one for (one,) in figures(text, "area")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Năm 2019, giải quyết tố cáo 5 đảng viên, kết luận 4 đảng viên có vi phạm.", [("", ""), ("", "")]),
        ("Số chi bộ có dưới 10 đảng viên là 12; chi bộ từ 30 đảng viên trở lên là 40.", [("", ""), ("", "")]),
        ("Tỉnh có 30 chi bộ từ 10 đến 30 đảng viên, 80 chi bộ trên 30 đảng viên.", [("", ""), ("", "")]),
        ("Tỉnh có 900 đảng viên trên 60 tuổi.", [("org_count", "trên 60 tuổi")]),
        ("Tỉnh có 34 chi bộ cơ quan, 16 chi bộ doanh nghiệp.", [("org_count", "cơ quan"), ("org_count", "doanh nghiệp")]),
        ("Tỉnh có 34 chi bộ cơ quan.", [("office_cell_count", "")]),
        ("Năm 2019, tỉnh kết nạp 140 đảng viên, trong đó có 6 đảng viên là trưởng thôn.", [("members_admitted", ""), ("members_admitted", "trưởng thôn")]),
        ("Năm 2019, tỉnh kết nạp 900 đảng viên. Trong đó, công nhân trực tiếp sản xuất 210 người; trong doanh nghiệp tư nhân 32 người.", [("members_admitted", ""), ("members_admitted", "công nhân trực tiếp sản xuất"), ("members_admitted", "doanh nghiệp tư nhân")]),
    ],
)  # fmt: skip
def test_some_are_not_counted_as_all(text: str, expected: list[tuple[str, str]]) -> None:
    """Those complained of, cells of one size, of agencies, new members of one kind."""
    assert figures(text, "indicator", "category") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Đảng bộ Sở Giáo dục và Đào tạo tỉnh Lào Cai có 45 chi bộ.",
            ["Đảng bộ Sở Giáo dục và Đào tạo"],
        ),
        ("Đảng bộ Công ty Mai Lâm phòng dịch; tỉnh có 5 chi bộ.", [""]),
    ],
)
def test_names_of_agencies_have_words_in_small_letters(text: str, expected: list[str]) -> None:
    """Đào tạo: the second syllable of a word."""
    assert [one for (one,) in figures(text, "area")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đảng bộ KCX Linh Trung có 12 chi bộ.", ["Hồ Chí Minh"]),
        ("Đảng bộ Trường Đại học Vinh có 40 chi bộ.", ["Nghệ An"]),
        # so are estates of several provinces
        ("Đảng bộ KCN VSIP có 12 chi bộ.", [""]),
        # a firm may be called so anywhere
        ("Đảng bộ Công ty Linh Trung có 12 chi bộ.", [""]),
        ("Đảng bộ Trường Đại học Văn Lang thành phố Hồ Chí Minh có 40 chi bộ.", ["Hồ Chí Minh"]),
        ("Nguồn: https://baohagiang.vn/a\n\nKết nạp nhiều: Hà Giang 900 đảng viên, Lào Cai 800 đảng viên.", ["Hà Giang", "Lào Cai"]),
        ("Nguồn: https://baohagiang.vn/a\n\nQua đó, có 300 chi bộ hoàn thành tốt nhiệm vụ.", ["Hà Giang"]),
        # the paper of a province speaks of its own
        ("Nguồn: https://baohagiang.vn/a\n\nĐảng bộ Trường Đại học Tây Bắc có 40 chi bộ. Toàn tỉnh có 900 chi bộ.", ["Hà Giang", "Hà Giang"]),
    ],
)  # fmt: skip
def test_an_estate_or_a_university_tells_its_province(text: str, expected: list[str]) -> None:
    """Where neither the text nor its publication does, and no other has one of that name."""
    read = read_document(document_of(text), catalogue=CATALOGUE, gazetteer=GAZETTEER)
    assert [one.province for one in read.candidates] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chi bộ buôn có 21 đảng viên.", ["cell_size"]),
        ("Chi bộ thôn, bản của huyện có 2.100 đảng viên.", ["org_count"]),
        ("Trong 290 cấp ủy viên được bầu có 65 đồng chí nữ.", ["", ""]),
    ],
)
def test_members_of_one_cell_and_those_elected(text: str, expected: list[str]) -> None:
    """A village's cell is one; officers aren't members there are."""
    assert [one for (one,) in figures(text, "indicator")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9 tháng đầu năm, huyện kết nạp 120 đảng viên. Nhiều đảng bộ vượt chỉ tiêu như: Đảng bộ xã A Mú Sung 12 đảng viên, xã Y Tý 9 đảng viên.", ["members_admitted"] * 3),
        ("Nhiều đảng bộ vượt chỉ tiêu như: Đảng bộ xã Y Tý có 90 đảng viên.", ["org_count"]),
        ("Các đảng bộ vượt chỉ tiêu thu đảng phí gồm: xã Y Tý 90 đảng viên, xã Mường Hum 80 đảng viên.", ["org_count", "org_count"]),
        ("Các đảng bộ như: Đảng bộ xã Y Tý 90 đảng viên, xã Mường Hum 80 đảng viên.", ["org_count", "org_count"]),
    ],
)  # fmt: skip
def test_those_beyond_the_plan_were_admitted(text: str, expected: list[str]) -> None:
    """Numbers right behind the places that met it; those that a committee has are all of its members."""
    assert [one for (one,) in figures(text, "indicator")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đảng bộ Sư đoàn 5 có 120 chi bộ.", "Đảng bộ Sư đoàn 5"),
        ("Đảng bộ Công ty Mai Lâm 5 chi bộ.", "Đảng bộ Công ty Mai Lâm"),
        ("Chi bộ khu 5 xã Y Tý có 45 đảng viên.", "Y Tý"),
        ("Huyện Bát Xát có 5 xã, 45 chi bộ.", "Bát Xát"),
    ],
)
def test_numbers_in_names_count_nothing(text: str, expected: str) -> None:
    """Divisions and quarters of a commune are numbered."""
    assert figures(text, "area")[-1] == (expected,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Tỉnh kết nạp 120 đảng viên. Số đảng viên mới có trình độ đại học chiếm 20%.",
            ["", "trình độ đại học"],
        ),
        ("Tỉnh kết nạp 120 đảng viên, trong đó có 60 người Mông.", ["", "dân tộc thiểu số"]),
        ("Tỉnh kết nạp 120 đảng viên tại 20 xã.", [""]),
        ("Tỉnh có 45.000 đảng viên.", [""]),
    ],
)
def test_a_part_without_a_kind_keeps_its_words(text: str, expected: list[str]) -> None:
    """What is said of some isn't said of all."""
    assert [one for (one,) in figures(text, "category")][: len(expected)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Huyện Bát Xát có các mục tiêu sau:\n- Kết nạp 90 đảng viên;\n- Đã kết nạp 12 đảng viên.\n\nHuyện có 40 chi bộ.", [True, False, False]),
        ("Huyện Bát Xát hoàn thành các chỉ tiêu:\n- Kết nạp 90 đảng viên.", [False]),
    ],
)  # fmt: skip
def test_items_below_aims_are_targets(text: str, expected: list[bool]) -> None:
    """Until the list ends, and where they weren't reached."""
    assert [one for (one,) in figures(text, "target")] == expected
