"""When the figures of an article are from: what its sentences, its congress and its address say."""

# ruff: noqa: E501 -- texts stand on one line

from __future__ import annotations

import pytest

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose import About, document_of, read_document


def dated(text: str, published: str = "", source: str = "") -> list[tuple[str, str]]:
    """Return from when to when each figure of a text is, in order."""
    about = About(source=source, published=published)
    reading = read_document(
        document_of(text), catalogue=Catalogue.read(), gazetteer=Gazetteer.read(), about=about
    )
    return [(one.period_start, one.period_end) for one in reading.candidates]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Từ đầu năm 2021 đến nay, huyện Tân Yên kết nạp 35 đảng viên.", [("2021", "2021")]),
        # nobody says until when
        ("Từ năm 2016 đến nay, huyện Tân Yên kết nạp 350 đảng viên.", [("", "")]),
        (
            "Tính đến tháng 3-2017, toàn huyện có 900 chi bộ. Từ năm 2007 đến nay, huyện kết nạp 350 đảng viên.",
            [("2017-03", "2017-03"), ("2007", "2017")],
        ),
        # the only year of the document, told by its plan or by part of a year
        (
            "Từ đầu năm đến nay, huyện Tân Yên kết nạp 35 đảng viên. Năm 2017, huyện phấn đấu kết nạp 90 đảng viên.",
            [("2017", "2017"), ("2017", "2017")],
        ),
        (
            "Trong 9 tháng đầu năm, huyện Tân Yên kết nạp 35 đảng viên.\n\n9 tháng đầu năm 2018, tỉnh kết nạp 90 đảng viên.",
            [("2018-01", "2018-09"), ("2018-01", "2018-09")],
        ),
        (
            "Tỉnh Bình Định sơ kết và bàn việc của 6 tháng cuối năm 2020. Trong 6 tháng đầu năm nay, tỉnh kết nạp 90 đảng viên.",
            [("2020-01", "2020-06")],
        ),
        (
            "Trong 7 tháng đầu năm 2019, huyện Tân Yên kết nạp 90 đảng viên.\n\nHuyện Tân Yên có 990 đảng viên.",
            [("2019-01", "2019-07"), ("2019", "2019")],
        ),
        # papers are cited for decades, anniversaries are told of afterwards: neither is today
        (
            "Ngày 30/6, tỉnh tổ chức hội nghị.\n\nThực hiện Quy định ngày 15/6/2008, đến nay toàn huyện có 9.900 đảng viên.",
            [("", "")],
        ),
        (
            "Từ đầu năm đến nay, huyện Tân Yên kết nạp 35 đảng viên. Theo Quy định tháng 3/2016, phấn đấu kết nạp 90.",
            [("", ""), ("2016-03", "2016-03")],
        ),
        ("Nhân kỷ niệm 90 năm Ngày thành lập Đảng bộ tỉnh, huyện Tân Yên có 9.900 đảng viên.", [("", "")]),
        (
            "Dịp kỷ niệm 75 năm Ngày thành lập Đảng, huyện kết nạp 75 đảng viên. Hiện huyện Tân Yên có 9.900 đảng viên.",
            [("", ""), ("", "")],
        ),
        # a month by itself may be of any year
        (
            "Từ đầu năm đến nay, huyện Tân Yên kết nạp 35 đảng viên. Tháng 3/2016, tỉnh kết nạp 90 đảng viên.",
            [("", ""), ("2016-03", "2016-03")],
        ),
        # a year that was says nothing of this one
        (
            "Từ đầu năm đến nay, huyện Tân Yên kết nạp 35 đảng viên. Năm 2015, huyện kết nạp 90 đảng viên.",
            [("", ""), ("2015", "2015")],
        ),
        # what is compared with "the same time of 2011" is told in 2012, a resolution's date says nothing
        (
            "Đến hết tháng 10, huyện Tân Yên kết nạp 92 đảng viên, tăng 12% so với cùng kỳ năm 2011.",
            [("2012-01", "2012-10")],
        ),
        # today goes on in the sentences behind
        (
            "Nhiệm kỳ 2015-2020, huyện Tân Yên kết nạp 900 đảng viên. Đến nay huyện có 90 thôn có chi bộ. Các chi bộ có 990 đảng viên.",
            [("2015", "2020"), ("", ""), ("", "")],
        ),
    ],
)  # fmt: skip
def test_an_undated_article_is_dated_as_far_as_it_says(text: str, expected: list[tuple[str, str]]) -> None:
    """Without a date of publication a period is the one printed; what nothing tells stays open."""
    assert dated(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đến hết tháng 11, huyện Tân Yên kết nạp 92 đảng viên.", [("2012-01", "2012-11")]),
        ("Đến hết tháng 11, huyện Tân Yên có 9.200 đảng viên.", [("2012-11", "2012-11")]),
        ("Từ đầu năm đến nay, huyện Tân Yên kết nạp 92 đảng viên.", [("2012-01", "2012-12")]),
        ("Giai đoạn 2010 đến năm 2012, huyện Tân Yên kết nạp 92 đảng viên.", [("2010", "2012")]),
        # nobody says in which of the years
        ("Sau 10 năm thực hiện nghị quyết, huyện Tân Yên kết nạp 92 đảng viên.", [("", "")]),
        ("Trong 5 năm, Đảng bộ huyện Tân Yên kết nạp 92 đảng viên.", [("", "")]),
        (
            "Đến hết tháng 10, huyện Tân Yên kết nạp 92 đảng viên. Hiện toàn huyện có 900 chi bộ.",
            [("2012-01", "2012-10"), ("2012-12-05", "2012-12-05")],
        ),
        ("Trong 3 năm qua, huyện Tân Yên thành lập 31 chi bộ.", [("", "")]),
        ("Trong 9 tháng, Đảng bộ huyện Tân Yên kết nạp 92 đảng viên.", [("2012-01", "2012-09")]),
        ("Nửa đầu năm, Đảng bộ huyện Tân Yên kết nạp 92 đảng viên.", [("2012-01", "2012-06")]),
        # a target is of the year, whatever day the result is told by
        (
            "Từ đầu năm đến ngày 5-11, huyện Tân Yên kết nạp 92 đảng viên, đạt 92% chỉ tiêu cả năm (100 đảng viên).",
            [("2012-01", "2012-11-05"), ("2012-01", "2012-11-05"), ("2012", "2012")],
        ),
        # ratings of every year are of no one
        (
            "Tính đến tháng 3, huyện Tân Yên có 900 chi bộ. Theo kết quả xếp loại hằng năm, số chi bộ hoàn thành tốt nhiệm vụ là 90%.",
            [("2012-03", "2012-03"), ("", "")],
        ),
        ("Qua nửa nhiệm kỳ, huyện Tân Yên kết nạp 92 đảng viên.", [("2010", "2012")]),
        # what was done over a term isn't of its last year
        (
            "Tính từ đầu nhiệm kỳ (2010-2015) đến nay, huyện Tân Yên kết nạp 92 đảng viên.",
            [("2010", "2012")],
        ),
        ("Trong nhiệm kỳ này, huyện Tân Yên kết nạp 92 đảng viên.", [("2010", "2012")]),
        ("Từ 2008 đến 2011, huyện Tân Yên kết nạp 92 đảng viên.", [("2008", "2011")]),
        # a year long ago, in another paragraph, has no months; what there is, is so at the end of a term
        (
            "Năm 2005, huyện Tân Yên có 990 đảng viên.\n\n8 tháng đầu năm, Đảng bộ huyện kết nạp 92 đảng viên.",
            [("2005", "2005"), ("2012-01", "2012-08")],
        ),
        (
            "Giai đoạn 2009-2012 nhìn lại\n\nHuyện Tân Yên kết nạp 92 đảng viên. Huyện có 900 đảng viên.",
            [("2009", "2012"), ("2012", "2012")],
        ),
        (
            "Huyện Tân Yên bàn việc 6 tháng cuối năm 2012.\n\n6 tháng cuối năm, huyện phấn đấu kết nạp 92 đảng viên.",
            [("2012-07", "2012-12")],
        ),
        ("3 tháng cuối năm 2011, huyện Tân Yên kết nạp 92 đảng viên.", [("2011-10", "2011-12")]),
        (
            "Từ năm 2008 đến tháng 6/2012, huyện Tân Yên kết nạp 92 đảng viên, trong đó nhiệm kỳ 2005-2010 là 44.",
            [("2008", "2012-06"), ("2005", "2010")],
        ),
        (
            "5 tháng đầu năm, huyện Tân Yên kết nạp 92 đảng viên, đạt 46% kế hoạch năm 2012 (200 đảng viên).",
            [("2012-01", "2012-05"), ("2012-01", "2012-05"), ("2012", "2012")],
        ),
        ("Trong 3 năm 2008 - 2011, huyện Tân Yên kết nạp 92 đảng viên.", [("2008", "2011")]),
        # a year in brackets behind a number is of that number
        (
            "Từ năm 2008 đến nay, huyện Tân Yên giảm chi bộ ghép từ 12 chi bộ (năm 2008) xuống còn 3 chi bộ.",
            [("2008", "2008"), ("2012", "2012")],
        ),
        (
            "Năm 2008, huyện Tân Yên có 23 thôn chưa có chi bộ thì nay chỉ còn 4 thôn.",
            [("2008", "2008"), ("2012-12-05", "2012-12-05")],
        ),
        ("Đến 30-11, huyện Tân Yên có 51 chi bộ.", [("2012-11-30", "2012-11-30")]),
        # before units were merged: nobody says when
        (
            "Xã Tân Lập có 14 chi bộ (trước khi sáp nhập các bản là 16 chi bộ).",
            [("2012-12-05", "2012-12-05"), ("", "")],
        ),
        ("Trước khi thực hiện, xã Tân Lập có 16 chi bộ.", [("", "")]),
        ("Trước đây, xã Tân Lập có 16 chi bộ, nay còn 14 chi bộ.", [("", ""), ("2012-12-05", "2012-12-05")]),
        ("Đảng bộ tỉnh nhiệm kỳ 2005-2010 kết nạp 9.200 đảng viên.", [("2005", "2010")]),
        # but no other figures of the sentence than those told there
        (
            "Đảng bộ xã Tân Lập (trước khi sáp nhập có 3 chi bộ) gồm 25 chi bộ với 900 đảng viên.",
            [("", ""), ("2012-12-05", "2012-12-05"), ("2012-12-05", "2012-12-05")],
        ),
        (
            "Trước khi sáp nhập, xã có 16 chi bộ; nay xã Tân Lập có 14 chi bộ, 300 đảng viên.",
            [("", ""), ("2012-12-05", "2012-12-05"), ("2012-12-05", "2012-12-05")],
        ),
        ("Năm 2010, xã Tân Yên (nay xã Tân Lập) có 14 chi bộ.", [("2010", "2010")]),
        ("Trước yêu cầu sáp nhập, toàn tỉnh có 25 chi bộ ghép.", [("2012-12-05", "2012-12-05")]),
        ("6 tháng đầu năm, trước sáp nhập, tỉnh kết nạp 1.250 đảng viên.", [("2012-01", "2012-06")]),
        ("6 tháng đầu năm, trước khi sáp nhập, tỉnh kết nạp 1.250 đảng viên.", [("2012-01", "2012-06")]),
        ("Trước khi giải thể còn 5 chi bộ.", [("", "")]),
        # more than the year is told of, nobody says since when
        ("Qua 5 năm, từ năm 2008 đến hết tháng 6, toàn huyện kết nạp 900 đảng viên.", [("", "")]),
        ("Nhiệm kỳ 2005 - 2010, tính đến tháng 6/2010, huyện Tân Yên kết nạp 1.350 đảng viên.", [("", "")]),
        ("Tính đến tháng 10/2012, lũy kế toàn huyện kết nạp 1.350 đảng viên.", [("", "")]),
        ("Tính đến tháng 6/2010, huyện Tân Yên kết nạp được 1.350 đảng viên trong nhiệm kỳ.", [("", "")]),
        # cells set up "until" a month may be those of many years
        ("Tính đến tháng 10/2012, toàn huyện đã thành lập 12 chi bộ doanh nghiệp.", [("", "")]),
        (
            "Tính đến tháng 10/2012, toàn huyện có 900 chi bộ. Toàn huyện đã thành lập 12 chi bộ doanh nghiệp.",
            [("2012-10", "2012-10"), ("", "")],
        ),
        # how fast is no since when; so many months aren't over
        ("Chỉ trong 2 tháng, toàn huyện đã có 300 chi bộ tổ chức xong đại hội.", [("", "")]),
        ("Trong 3 tháng, Đảng bộ huyện Tân Yên kết nạp 92 đảng viên.", [("", "")]),
        ("3 tháng qua, huyện Tân Yên kết nạp 92 đảng viên.", [("", "")]),
        ("11 tháng qua, huyện Tân Yên kết nạp 92 đảng viên.", [("2012-01", "2012-11")]),
        ("Trong 11 tháng, Đảng bộ huyện Tân Yên kết nạp 92 đảng viên.", [("2012-01", "2012-11")]),
        ("Nửa đầu năm 2011, Đảng bộ huyện Tân Yên kết nạp 92 đảng viên.", [("2011-01", "2011-06")]),
        ("Nửa đầu năm ngoái, huyện Tân Yên kết nạp 92 đảng viên.", [("", "")]),
        ("6 tháng đầu năm ngoái, huyện Tân Yên kết nạp 92 đảng viên.", [("", "")]),
        ("Năm ngoái, huyện Tân Yên kết nạp 92 đảng viên.", [("2011", "2011")]),
        ("Huyện Tân Yên kết nạp 92 đảng viên, tăng so với cùng thời điểm năm ngoái.", [("2012", "2012")]),
        # what a target itself names is its end
        ("Phấn đấu đến ngày 3/2/2012 kết nạp 120 đảng viên.", [("2012-02-03", "2012-02-03")]),
        (
            "Năm 2012, tỉnh kết nạp 90 đảng viên, chỉ tiêu đến ngày 30-9 là 120 đảng viên.",
            [("2012", "2012"), ("2012-09-30", "2012-09-30")],
        ),
    ],
)
def test_a_period_is_the_one_that_its_words_say(text: str, expected: list[tuple[str, str]]) -> None:
    """A number told "until" a month began with the year where it counts those taken in, not what there is."""
    assert dated(text, "2012-12-05") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6 tháng cuối năm, tỉnh kết nạp 1.450 đảng viên.", ("2020-07", "2020-12")),
        ("3 tháng cuối năm, tỉnh đã kết nạp 450 đảng viên.", ("2020-10", "2020-12")),
        ("Trong 8 tháng đầu năm, tỉnh kết nạp 45 đảng viên.", ("2020-01", "2020-08")),
        ("6 tháng cuối năm, tỉnh phấn đấu kết nạp 1.450 đảng viên.", ("2021-07", "2021-12")),
        # a year that is printed isn't moved
        ("Năm 2022, tỉnh kết nạp 1.450 đảng viên.", ("", "")),
        ("Nhiệm kỳ 2020-2025, tỉnh kết nạp 1.450 đảng viên.", ("", "")),
        ("Phấn đấu năm 2022, tỉnh kết nạp 1.450 đảng viên.", ("2022", "2022")),
    ],
)
def test_no_result_is_of_a_time_after_its_publication(text: str, expected: tuple[str, str]) -> None:
    """Part of a year that lies ahead was that of the year before; what is printed is left open."""
    assert dated(text, "2021-01-15") == [expected]


def test_only_the_year_of_publication_is_known() -> None:
    """Until now within a year of which no month is known is that year."""
    text = "Từ đầu năm đến nay, huyện Tân Yên kết nạp 92 đảng viên."
    assert dated(text, "2012") == [("2012", "2012")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Đại hội đại biểu Đảng bộ huyện Tân Yên lần thứ V, nhiệm kỳ 2020-2025, họp sáng 26/8. Dự có 200 đại biểu của 9.900 đảng viên.",
            ("2020", "2020"),
        ),
        # a resolution isn't the congress, and a cell's congress is held in other years
        (
            "Ngày 26/8, huyện Tân Yên học Nghị quyết Đại hội đại biểu Đảng bộ huyện lần thứ V, nhiệm kỳ 2020-2025. Huyện có 9.900 đảng viên.",
            ("", ""),
        ),
        (
            "Đại hội Chi bộ thôn A lần thứ V, nhiệm kỳ 2025-2027, họp sáng 26/8. Huyện Tân Yên có 9.900 đảng viên.",
            ("", ""),
        ),
    ],
)  # fmt: skip
def test_a_congress_is_held_in_the_first_year_of_its_term(text: str, expected: tuple[str, str]) -> None:
    """Its article is of that year where nothing else dates it, and its term dates no stock."""
    assert dated(text)[-1] == expected


@pytest.mark.parametrize(
    "source",
    [
        "https://bao.example/ket-nap-dang-188250511142541281.chn",
        "https://bao.example/ket-nap-dang/d20250511083100000.htm",
        "https://bao.example/ket-nap-dang_20250511083100.html",
        "https://bao.example/pages/2025-5-11/ket-nap-dang.aspx",
    ],
)
def test_an_address_may_hold_the_day(source: str) -> None:
    """Papers number their articles by the second."""
    assert dated("Từ đầu năm đến nay, huyện Tân Yên kết nạp 92 đảng viên.", source=source) == [
        ("2025-01", "2025-05")
    ]


def test_of_two_dates_without_a_word_the_later_is_today() -> None:
    """Pages print the day on which they are read above the article's own."""
    text = (
        "Thứ Hai, ngày 10/12/2018\n\nTân Yên vững mạnh\n\n"
        "author Thứ Hai, ngày 14/05/2012 05:49 AM (GMT+7)\n\nHuyện Tân Yên có 9.900 đảng viên."
    )
    assert dated(text) == [("2012", "2012")]


def test_dates_below_the_text_are_of_other_articles() -> None:
    """Portals list older articles below one."""
    text = (
        "Tân Yên vững mạnh\n\nThứ Hai, 14/05/2012\n\nHuyện Tân Yên có 9.900 đảng viên.\n\n"
        "Các tin khác\n\n12/03/2010\n\nKết nạp đảng viên mới"
    )
    assert dated(text) == [("2012", "2012")]


def test_the_address_that_an_article_was_taken_from_tells_its_date() -> None:
    """A site that prints another paper's article names its address below."""
    text = (
        "Nguồn: https://tanyen.gov.vn/1\n\nHuyện Tân Yên có 9.900 đảng viên.\n\n"
        "Theo link: http://bao.example/chinhtri/202109/tan-yen-3078715/"
    )
    assert dated(text) == [("2021-09", "2021-09")]


def test_the_disciplined_of_a_province_are_remembered_behind_those_of_its_districts() -> None:
    """However many districts stand between, the forms are parts of the number told for the whole."""
    names = "Đô Lương,Yên Thành,Nghi Lộc,Diễn Châu,Quỳnh Lưu,Nam Đàn,Hưng Nguyên,Thanh Chương,Anh Sơn"
    districts = " ".join(f"Huyện {name} kỷ luật 12 đảng viên." for name in names.split(","))
    text = f"Năm 2021, toàn tỉnh kỷ luật 420 đảng viên. {districts} Toàn tỉnh khiển trách 300 đồng chí."
    about = About(published="2022-03-15", province="Nghệ An")
    reading = read_document(
        document_of(text), catalogue=Catalogue.read(), gazetteer=Gazetteer.read(), about=about
    )
    last = reading.candidates[-1]
    assert (last.figure.count, last.figure.base, last.period_start) == (300, 420, "2021")


def test_a_year_that_an_undated_article_only_implies_is_less_sure() -> None:
    """Where nothing says when an article was published, its evidence is what was told earlier."""
    text = (
        "Trong 7 tháng đầu năm 2019, huyện Tân Yên kết nạp 90 đảng viên.\n\nHuyện Tân Yên có 990 đảng viên."
    )
    reading = read_document(document_of(text), catalogue=Catalogue.read(), gazetteer=Gazetteer.read())
    last = reading.candidates[-1]
    assert (last.period_end, last.evidence.split(", ")[3]) == ("2019", "earlier")


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        # a year of founding isn't that of what there is, nor is a word in the name of a paper "now"
        ("Đảng bộ Báo Hoa Ban được thành lập năm 2011, có 42 đảng viên.", "2016-04-12", [("2016-04-12", "2016-04-12")]),
        ("Năm 2012, huyện mở lớp về “Một số vấn đề hiện nay”. Huyện lập 3 chi bộ mới.", "2013-03-12", [("2012", "2012")]),
        # ratings go on with the year of those before, and are of the year that is over
        (
            "Năm 2017, huyện có 40 chi bộ được đánh giá.\n\nVề đảng viên, có 120 đảng viên hoàn thành tốt nhiệm vụ.",
            "2019-04-06",
            [("2017", "2017"), ("2017", "2017")],
        ),
        ("Huyện có 120 đảng viên hoàn thành tốt nhiệm vụ.", "2018-04-06", [("2017", "2017")]),
        # the term that a congress ends, whose years are told even of a cell, and what was so in each year of it
        (
            "Đại hội Chi bộ Báo Hoa Ban nhiệm kỳ 2015 - 2020\n\nTrong nhiệm kỳ đã kết nạp 9 đảng viên mới.",
            "2015-05-26",
            [("2010", "2015")],
        ),
        (
            "Từ đầu nhiệm kỳ (2015-2020) đến nay, huyện kết nạp 350 đảng viên. Tỷ lệ kết nạp hằng năm đạt 4%.",
            "2020-04-12",
            [("2015", "2020"), ("2015", "2020")],
        ),
        # a target without a year: of the results beside it, or of the publication; in autumn nobody knows
        ("Đảng bộ xã đặt mục tiêu kết nạp 15 đảng viên.", "2024-04-12", [("2024", "2024")]),
        ("Đảng bộ xã đặt mục tiêu kết nạp 15 đảng viên.", "2024-11-12", [("", "")]),
        # parts are of the time of their whole, not of the number between
        (
            "Trong 2 năm 2011-2012, huyện kết nạp 183 đảng viên, nâng tổng số lên 3.750 đảng viên. Trong đó, đảng viên mới là đoàn viên chiếm 75%.",
            "2013-11-12",
            [("2011", "2012"), ("2012", "2012"), ("2011", "2012")],
        ),
        # a running term goes up to the day it is told, "trong nhiệm kỳ" is the term that was told, however it is spelt
        ("Nhiệm kỳ 2015 - 2020, toàn huyện kết nạp được 1.200 đảng viên.", "2018-10-03", [("2015", "2018")]),
        (
            "Trong nhiệm kì 2017-2020, chi bộ hoạt động tốt. Trong nhiệm kỳ, đã kết nạp 5 đảng viên.",
            "2020-03-02",
            [("2017", "2020")],
        ),
        (
            "Nhiệm kỳ 2020-2025, huyện đề ra nhiều giải pháp. Đầu nhiệm kỳ, toàn huyện có 11 bản chưa có chi bộ.",
            "2023-05-06",
            [("2020", "2020")],
        ),
        # part of a year behind a whole one is of the next
        (
            "Năm 2018, huyện kết nạp 50 đảng viên. 6 tháng đầu năm, huyện kết nạp 30 đảng viên.",
            "2019-08-12",
            [("2018", "2018"), ("2019-01", "2019-06")],
        ),
        # undated: the year that is just over, and the day of an event in the only year
        ("Từ đầu nhiệm kỳ đến nay, kết nạp 182 đảng viên, hơn nhiệm kỳ 2010-2015. Năm 2018 vừa qua, kết nạp 40.", "", [("2015", "2018"), ("2018", "2018")]),
        ("Chiều 24-6, huyện họp, bàn nhiệm vụ 6 tháng cuối năm 2024.\n\nHiện nay, toàn huyện có 900 chi bộ.", "", [("2024-06-24", "2024-06-24")]),
        # a full stop without a blank ends a sentence
        ("Hiện tại, 83 thôn có chi bộ.Huyện đang phấn đấu 100% thôn có chi bộ.", "2019-11-19", [("2019-11-19", "2019-11-19"), ("2019", "2019")]),
        # those taken in "until" a month that the sentence before told
        (
            "Đến giữa tháng 11-2021, toàn huyện kết nạp 37 đảng viên. Công an huyện kết nạp 6 đảng viên.",
            "2021-11-22",
            [("2021-01", "2021-11"), ("2021-01", "2021-11")],
        ),
    ],
)  # fmt: skip
def test_what_a_sentence_leaves_out_is_of_the_time_that_is_spoken_of(
    text: str, published: str, expected: list[tuple[str, str]]
) -> None:
    """A figure without a time of its own has that of its round, term, whole or results, as far as they are told."""
    assert dated(text, published) == expected


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        # years of which nobody says which, for the sentences behind them and below such a heading, too
        (
            "10 năm thực hiện nghị quyết, huyện đạt nhiều kết quả. Các cấp ủy đã kết nạp 249 đảng viên.\n\nHuyện kết nạp 30 đảng viên.",
            "2020-01-15",
            [("", ""), ("2020", "2020")],
        ),
        (
            "Tổng kết 10 năm thực hiện Nghị quyết 28\n\nCác cấp ủy đã kết nạp 249 đảng viên. Năm 2019, kết nạp 31 đảng viên.",
            "2020-01-15",
            [("", ""), ("2019", "2019")],
        ),
        ("Ba năm qua, xã kết nạp 24 đảng viên.", "2013-08-12", [("", "")]),
        ("Sau hơn 1 năm triển khai, huyện kết nạp 146 đảng viên.", "2021-11-20", [("", "")]),
        # brackets part nothing
        ("Kể từ năm 2016 (năm đầu tiên có học sinh) đến nay, huyện kết nạp 29 đảng viên.", "2021-09-21", [("2016", "2021")]),
        # a heading is of the time of the text that tells it whole, rounded or not
        (
            "Toàn tỉnh kết nạp 288 đảng viên, đạt 35% chỉ tiêu năm 2022\n\nTính đến ngày 30-6, toàn tỉnh kết nạp 288 đảng viên.",
            "2022-07-12",
            [("2022-01", "2022-06-30")] * 3,
        ),
        (
            "Gần 19% đảng viên kết nạp là nữ\n\nNăm 2012, kết nạp 90 đảng viên, trong đó nữ chiếm 18,8%.",
            "2013-08-12",
            [("2012", "2012")] * 3,
        ),
        ("Gần 19% đảng viên kết nạp là nữ\n\nNăm 2012, kết nạp 90 đảng viên, trong đó nữ chiếm 28%.", "2013-08-12", [("2013", "2013"), ("2012", "2012"), ("2012", "2012")]),
    ],
)  # fmt: skip
def test_a_figure_of_years_that_nobody_names_has_no_period(
    text: str, published: str, expected: list[tuple[str, str]]
) -> None:
    """What was done over years isn't of the year of publication; a heading is of the time of its text."""
    assert dated(text, published) == expected
