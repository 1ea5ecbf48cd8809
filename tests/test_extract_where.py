"""Where the figures of an article are from: bodies, communes named by "là", offices, regions, titles."""

# ruff: noqa: E501 -- texts stand on one line

from __future__ import annotations

import pytest

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose import About, document_of, doubtful, read_document


def placed(text: str, source: str = "") -> list[tuple[str, str]]:
    """Return province and area of each figure of a text, in order."""
    reading = read_document(
        document_of(text),
        catalogue=Catalogue.read(),
        gazetteer=Gazetteer.read(),
        about=About(source=source, published="2020-05-06"),
    )
    return [(one.province, one.area) for one in reading.candidates]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # what a name is, is said behind it
        (
            "Nà Lốc là xã biên giới của huyện Phong Thổ (tỉnh Lai Châu).\n\nĐảng bộ Nà Lốc có 118 đảng viên.",
            [("Lai Châu", "Nà Lốc")],
        ),
        (
            "Trần Văn Nà là huyện ủy viên của huyện Phong Thổ (tỉnh Lai Châu).\n\nĐảng bộ có 118 đảng viên.",
            [("Lai Châu", "Phong Thổ")],
        ),
        # an office isn't where the figures are from
        (
            "Đại hội Đảng bộ Than Quảng Ninh\n\nDự có ông Lê Văn Ký, Bí thư Tỉnh ủy, Chủ tịch HĐND tỉnh Quảng Ninh và đại biểu của 900 đảng viên.",
            [("Quảng Ninh", "Đảng bộ Than Quảng Ninh")],
        ),
        (
            "Bí thư Đảng ủy xã Phước Kim Hồ Văn Phương cho hay, xã Phước Kim có 55 chi bộ. Xã Sin Suối Hồ có 44 chi bộ.",
            [("", "Phước Kim"), ("", "Sin Suối Hồ")],
        ),
        (
            "Huyện Trần Văn Thời có 55 chi bộ. Theo Bí thư Huyện ủy Lương Văn An, huyện có 44 thôn có chi bộ.",
            [("Cà Mau", "Trần Văn Thời")] * 2,
        ),
        # but where no smaller place is spoken of, whoever holds it speaks of it
        ("Ông Lê Văn Ký, Bí thư Đảng ủy xã Tân Lập, cho biết: Đảng bộ có 118 đảng viên.", [("", "Tân Lập")]),
        # a clause that begins with a place is of that place
        (
            "Đảng bộ tỉnh Gia Lai có 900 chi bộ; ở Lâm Đồng, tính tới tháng 4/2019, có 700 chi bộ.",
            [("Gia Lai", ""), ("Lâm Đồng", "")],
        ),
        ("Đảng bộ tỉnh Gia Lai có 900 chi bộ, trong khi học tập tại Lâm Đồng có 70 đảng viên.", [("Gia Lai", "")] * 2),
        # the army of a district is told with its district
        (
            "Đảng ủy Quân sự huyện Cam Lâm họp\n\nĐảng ủy Quân sự huyện có 12 đảng viên.",
            [("Khánh Hòa", "Đảng bộ Quân sự huyện Cam Lâm")],
        ),
        # but the whole district isn't its army
        (
            "Đảng ủy Quân sự huyện Chư Prông (tỉnh Gia Lai) họp.\n\nToàn huyện có 90 chi bộ. Đảng ủy Quân sự huyện có 12 đảng viên.",
            [("Gia Lai", "Chư Prông"), ("Gia Lai", "Đảng bộ Quân sự huyện Chư Prông")],
        ),
        (
            "Đảng bộ Khối Cơ quan Dân Chính Đảng\n\nĐảng bộ Khối Cơ quan Dân Chính Đảng TP Cần Thơ có 90 chi bộ.",
            [("Cần Thơ", "Đảng bộ Khối Cơ quan Dân Chính Đảng")],
        ),
        # "thành phố" is a town of a province, or the province where that is a city
        (
            "TP.Thủ Dầu Một (tỉnh Bình Dương) lập chi bộ ở phường Hiệp An. Đảng bộ thành phố có 90 chi bộ.",
            [("Bình Dương", "Thủ Dầu Một")],
        ),
        (
            "Đảng bộ huyện Thới Lai (Cần Thơ) có 30 chi bộ. Đảng bộ thành phố có 900 chi bộ.",
            [("Cần Thơ", "Thới Lai"), ("Cần Thơ", "")],
        ),
        ("Năm 2020, có 12 chi bộ thuộc huyện Yên Thành và huyện Đô Lương.", [("Nghệ An", "")]),
        ("Đảng bộ UBND tỉnh Lạng Sơn có 61 chi bộ.", [("Lạng Sơn", "Đảng bộ UBND tỉnh")]),
        (
            "Đảng bộ Bộ đội Biên phòng tỉnh Sơn La họp.\n\nTại Đồn Nà Lốc (huyện Mộc Châu), đảng bộ có 44 chi bộ. Đồn Biên phòng Chiềng Sơn có 45 đảng viên.",
            [("Sơn La", "Đồn Nà Lốc"), ("Sơn La", "Đồn Biên phòng Chiềng Sơn")],
        ),
        ("Đảng bộ Đồn Biên phòng Nà Lốc có 4 chi bộ trực thuộc.", [("", "Đảng bộ Đồn Biên phòng Nà Lốc")]),
        # a title that begins with a district whose name no other has
        ("Kim Sơn coi trọng phát triển đảng\n\nToàn huyện có 121 chi bộ.", [("Ninh Bình", "Kim Sơn")]),
        # but no commune and no person of that name
        ("Yên Bình trên đường đổi mới\n\nĐảng bộ xã Yên Bình có 12 chi bộ.", [("", "Yên Bình")]),
        (
            "Mai Châu kể chuyện vào Đảng\n\nChị Mai Châu kể: Toàn huyện có 45 chi bộ. Xã Tràng Sơn có 4 chi bộ.",
            [("", ""), ("", "Tràng Sơn")],
        ),
        # members may be elsewhere than their committee, and visitors are there only for a day
        (
            "Huyện Tân Yên, Bắc Giang vững mạnh\n\nỞ Hà Nội, có 45 đảng viên của huyện đang đi làm ăn xa.",
            [("", "")],
        ),
        (
            "Huyện Tân Yên, Bắc Giang vững mạnh\n\nTại Hà Nội, đoàn của huyện họp mặt với 45 đảng viên.",
            [("", "")],
        ),
        (
            "Đảng bộ tỉnh Gia Lai có 900 chi bộ.\n\nTại Hà Tĩnh, đoàn đã học tập kinh nghiệm. Năm 2019, kết nạp 90 đảng viên.",
            [("Gia Lai", ""), ("", "")],
        ),
        (
            "Đảng bộ tỉnh Gia Lai có 900 chi bộ.\n\nỞ Đắk Lắk, Đảng bộ tỉnh có 9.000 đảng viên.",
            [("Gia Lai", ""), ("Đắk Lắk", "")],
        ),
        (
            "Phát triển đảng ở Tây Nguyên\n\nTây Nguyên rộng lớn. Ở Lâm Đồng, có 11.000 đảng viên là người có đạo.",
            [("Lâm Đồng", "")],
        ),
        ("Huyện Tân Yên, Bắc Giang vững mạnh\n\nỞ Hà Nội, có 3 chi bộ của huyện.", [("", "")]),
        # a body of a town isn't the town, a school no district
        (
            "Tỉnh Nghệ An: Đảng ủy Quân sự thị xã Cửa Lò có 9 chi bộ. Toàn thị xã có 900 chi bộ.",
            [("Nghệ An", "Đảng bộ Quân sự thị xã Cửa Lò"), ("Nghệ An", "Cửa Lò")],
        ),
        (
            "Tỉnh Nghệ An: Đảng ủy Quân sự thành phố Vinh có 9 chi bộ. Toàn thành phố có 900 chi bộ.",
            [("Nghệ An", "Đảng bộ Quân sự thành phố Vinh"), ("Nghệ An", "Vinh")],
        ),
        (
            "Trường THPT Đô Lương 1\n\nTrường THPT Đô Lương 1 có 9 chi bộ. Toàn huyện có 900 chi bộ.",
            [("", "Trường THPT Đô Lương 1"), ("", "")],
        ),
        # "the post" is the one that was named, if any was
        (
            "Đảng bộ Đồn Biên phòng Nà Lốc có 4 chi bộ. Đảng bộ Đồn có 12 đảng viên.",
            [("", "Đảng bộ Đồn Biên phòng Nà Lốc")] * 2,
        ),
        ("Đồn Biên phòng có 12 đảng viên. Đảng bộ Đồn có 3 chi bộ.", [("", ""), ("", "")]),
        # the smaller place of a title, which belongs to the larger one
        (
            "Đại hội Chi bộ ấp 2, xã Phú Thành, làm điểm cho đại hội của huyện Phú Tân\n\nChi bộ có 16 đảng viên.",
            [("", "ấp 2, xã Phú Thành")],
        ),
        # what stands beside the number in a title is only a part of it
        (
            "Đà Nẵng lập 15 đảng bộ xã và chi bộ đặc khu Hoàng Sa\n\nToàn thành phố có 900 chi bộ.",
            [("Đà Nẵng", ""), ("Đà Nẵng", "")],
        ),
    ],
)  # fmt: skip
def test_a_figure_is_of_the_smallest_place_spoken_of(text: str, expected: list[tuple[str, str]]) -> None:
    """Names, offices and lists tell where a figure is from as a reader takes them."""
    assert placed(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chi bộ buôn làng các tỉnh Tây Nguyên\n\nToàn vùng có 900 chi bộ.", ("", "Tây Nguyên")),
        ("Xã trên địa bàn Quân khu 9 đều có chi bộ quân sự\n\nCó 900 chi bộ.", ("", "Quân khu 9")),
        ("Chi bộ buôn làng ở Gia Lai\n\nCác tỉnh Tây Nguyên họp. Có 900 chi bộ.", ("Gia Lai", "")),
    ],
)
def test_a_paper_of_a_province_may_write_of_the_region(text: str, expected: tuple[str, str]) -> None:
    """A title that names the region and no province tells that the article is of the region."""
    assert placed(text, "https://baogialai.com.vn/x") == [expected]


def test_lines_above_a_title_do_not_make_it_text() -> None:
    """An article that begins with its address and date has the same place as without them."""
    text = "Chi bộ Đông Thành vững mạnh\n\nChi bộ Đông Thành, Đảng bộ xã Tân Lập (Võ Nhai), họp.\n\nChi bộ có 30 đảng viên."
    head = "Nguồn: https://baothainguyen.vn/x\nNgày: 16/02/2020\n\n"
    assert placed(head + text) == [("Thái Nguyên", "Tân Lập")]


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        # bodies of other kinds than firms and schools
        ("Đại hội Chi bộ Báo Hoa Ban nhiệm kỳ 2015 - 2020\n\nChi bộ kết nạp 9 đảng viên.", "", [("", "Chi bộ Báo Hoa Ban")]),
        ("Toàn Đảng bộ LLVT tỉnh đã kết nạp 37 đảng viên.", "https://baodongnai.com.vn/a", [("Đồng Nai", "Đảng bộ LLVT tỉnh")]),
        # whom a body helps is not the body
        (
            "Đảng bộ Quân sự tỉnh kết nạp 40 đảng viên. Ban CHQS các huyện, TP. Long Khánh, TP. Biên Hòa giúp kết nạp 36 đảng viên.",
            "https://baodongnai.com.vn/a",
            [("Đồng Nai", "Đảng bộ Quân sự tỉnh"), ("Đồng Nai", "")],
        ),
        # who decides, or wrote a paper, isn't where it is
        (
            "Đảng bộ xã Tân Mai kết nạp đảng viên\n\nBan Thường vụ Huyện ủy Tân Yên quyết định kết nạp 3 đảng viên.",
            "",
            [("Bắc Giang", "Tân Mai")],
        ),
        (
            "Chi bộ Trường Mầm non Hoa Ban được thành lập theo Quyết định của Đảng ủy phường Tân Mai với 14 đảng viên.",
            "",
            [("", "Chi bộ Trường Mầm non Hoa Ban")],
        ),
        # a name whose capitals are forgotten; a cell that is one of a number; an item whose place has ended
        ("Đảng bộ xã Tân Mai\n\nXã Tân mai có 19 thôn. Đảng bộ xã có 900 đảng viên.", "", [("", "Tân Mai")] * 2),
        (
            "Huyện Tân Yên lập 1 Chi bộ Công ty Mai Lâm, xã Ngọc Vân (14 đảng viên); 2 chi bộ quân sự.",
            "",
            [("Bắc Giang", "Tân Yên"), ("Bắc Giang", "Chi bộ Công ty Mai Lâm"), ("Bắc Giang", "Tân Yên")],
        ),
        # a cell by its name and not its owner; bodies with the place in their name, or beside it; the one above a cell
        ("Chi bộ Sinh viên thuộc Đảng bộ Trường Đại học Hoa Ban gồm 29 đảng viên.", "", [("", "Chi bộ Sinh viên Trường Đại học Hoa Ban")]),
        ("Đảng bộ Trung tâm Y tế huyện Tân Yên có 96 đảng viên.", "", [("Bắc Giang", "Đảng bộ Trung tâm Y tế huyện Tân Yên")]),
        ("Chi bộ Quân sự phường Tân Mai có 19 đảng viên.", "", [("", "Chi bộ Quân sự phường Tân Mai")]),
        ("Bí thư Chi bộ Công ty May Hoa Ban ở xã Ngọc Vân cho biết, chi bộ có 14 đảng viên.", "", [("", "Chi bộ Công ty May Hoa Ban")]),
        (
            "Đảng bộ Trường Cao đẳng Hoa Ban\n\nChi bộ Phòng Tổ chức, Đảng bộ Trường Cao đẳng Hoa Ban, kết nạp 11 đảng viên. Đảng bộ Trường có 15 chi bộ.",
            "",
            [("", "Chi bộ Phòng Tổ chức"), ("", "Đảng bộ Trường Cao đẳng Hoa Ban")],
        ),
        # a name may end with a number; an army is that of the district that is spoken of
        ("Xã Hố Mai 3 có 240 đảng viên. Xã Hố Mai 3 đảng viên.", "", [("", "Hố Mai 3"), ("", "Hố Mai")]),
        ("Huyện Tân Yên có 900 chi bộ. Đảng bộ Quân sự huyện có 90 đảng viên.", "", [("Bắc Giang", "Tân Yên"), ("Bắc Giang", "Đảng bộ Quân sự huyện Tân Yên")]),
        ("Huyện Tân Yên có 900 đảng viên các cơ quan ngành tỉnh sinh hoạt tại 11 chi bộ.", "", [("Bắc Giang", "Tân Yên")] * 2),
        # a long address is one; districts with numbers are those of one city
        ("Nguồn: http://tanyen.bacgiang.gov.vn/a?b=" + "c" * 400 + "\n\nĐảng bộ xã Ngọc Vân có 300 đảng viên.", "", [("Bắc Giang", "Ngọc Vân")]),
        ("Đảng bộ có 300 đảng viên.", "https://vanhoaquan9.info.vn/tin", [("Hồ Chí Minh", "Quận 9")]),
    ],
)  # fmt: skip
def test_a_figure_is_of_the_body_that_its_sentence_speaks_of(
    text: str, source: str, expected: list[tuple[str, str]]
) -> None:
    """Those who decide for a body, help others or stand beside it don't take its place."""
    assert placed(text, source) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # those that went into a body aren't the body
        (
            "Đảng bộ Quân sự TP Cần Thơ lập trên cơ sở hợp nhất Đảng bộ Quân sự TP Cần Thơ và Đảng bộ Quân sự tỉnh Hậu Giang gồm 990 đảng viên.",
            ("Cần Thơ", "Đảng bộ Quân sự TP", "district"),
        ),
        (
            "Xã Tân Mai được lập trên cơ sở sáp nhập xã Mai Lâm và xã Mai Sao. Đảng bộ xã có 77 chi bộ.",
            ("", "Tân Mai", "commune"),
        ),
        # the one above it isn't, whether or not its name is said again
        (
            "Xã Tân Mai (tỉnh Gia Lai) họp. Đảng bộ xã trực thuộc Tỉnh ủy Gia Lai, có 77 chi bộ.",
            ("Gia Lai", "Tân Mai", "commune"),
        ),
        (
            "Chi bộ Công ty May Hoa Ban có 12 đảng viên trực thuộc Đảng bộ Khối Doanh nghiệp tỉnh.",
            ("", "Chi bộ Công ty May Hoa Ban", "commune"),
        ),
        ("Tỉnh Gia Lai họp. Chi bộ có 12 đảng viên trực thuộc Đảng bộ xã Tân Mai.", ("Gia Lai", "Tân Mai", "commune")),
        # a trade in small letters belongs to a name, the next word of a heading doesn't
        (
            "Đảng bộ Công ty CP Luyện thép Hoa Ban kết nạp 51 đảng viên.",
            ("", "Đảng bộ Công ty CP Luyện thép Hoa Ban", "commune"),
        ),
        (
            "Đảng ủy Khối các cơ quan thành phố Biểu dương 19 chi bộ\n\nToàn Đảng bộ có 190 chi bộ.",
            ("", "Đảng bộ Khối các cơ quan thành phố", "district"),
        ),
        # the company is the one that was named; a congress of the province is none of its figures
        (
            "BCH Đảng bộ Công ty Than Hoa Ban họp. Đảng bộ Công ty có 33 chi bộ.",
            ("", "Đảng bộ Công ty Than Hoa Ban", "commune"),
        ),
        (
            "Đảng bộ Khối Doanh nghiệp tỉnh Gia Lai họp. Đảng ủy Khối thực hiện Nghị quyết Đại hội Đảng bộ tỉnh lần thứ XVI. Kết nạp 42 đảng viên.",
            ("Gia Lai", "Đảng bộ Khối Doanh nghiệp tỉnh", "district"),
        ),
        # a district is in the province of its time
        (
            "Tân Yên: Kỷ niệm ngày thành lập\n\nĐảng bộ huyện Tân Yên (Bắc Giang) có 640 chi bộ.\n\nBắc Ninh",
            ("Bắc Giang", "Tân Yên", "district"),
        ),
        # a list of kinds with one name is no town
        (
            "Tỉnh Nghệ An: Các huyện ủy, thị ủy, Thành ủy Vinh họp. Có 900 đảng viên dự.",
            ("Nghệ An", "", "province"),
        ),
        # a village's cell is no commune's, the first members are those of the one named behind them
        ("Tỉnh Nghệ An họp. Chi bộ thôn Mai Lâm hiện có 27 đảng viên.", ("Nghệ An", "thôn Mai Lâm", "commune")),
        (
            "Tỉnh Nghệ An họp.\n\nLúc đầu, khi thành lập có 6 đảng viên, đến nay, Đảng bộ xã Tân Mai đã lớn mạnh.",
            ("Nghệ An", "Tân Mai", "commune"),
        ),
        # of a commune that was merged; a numbered cell, a village with another sign, one with its commune before
        ("Sau khi tiến hành sáp nhập phường Mai Lâm có 11 chi bộ.", ("", "Mai Lâm", "commune")),
        ("Phường Mai Lâm họp. Trong đó, Chi bộ 10 có 66 đảng viên.", ("", "Chi bộ 10, phường Mai Lâm", "commune")),
        ("Chi bộ bon B’Tong, xã Đắk P'lao hiện có 20 đảng viên.", ("", "bon B’Tong, xã Đắk P'lao", "commune")),
        ("Xã Tân Mai (tỉnh Gia Lai) họp. Chi bộ Văn phòng HĐND – UBND xã có 24 đảng viên.", ("Gia Lai", "Chi bộ Văn phòng HĐND – UBND xã Tân Mai", "commune")),
        # the district behind a village and its commune is the one that is spoken of later
        ("Chi bộ bản Hoa Ban, xã Tân Thanh, huyện Văn Lãng có 28 đảng viên. Toàn huyện có 45 chi bộ.", ("Lạng Sơn", "Văn Lãng", "district")),
        # who wrote a paper, or agreed on it, isn't spoken of; zones of industry are at the grassroots
        ("Tỉnh Nghệ An: Thực hiện quy chế phối hợp giữa Huyện ủy Tân Châu với Đảng ủy BĐBP tỉnh, toàn tỉnh có 12 chi bộ.", ("Nghệ An", "", "province")),
        ("Đảng bộ Ban Quản lý các khu công nghiệp tỉnh Nghệ An có 32 đảng viên.", ("Nghệ An", "Đảng bộ Ban Quản lý các khu công nghiệp", "commune")),
        # what a cell can't have is its commune's, though that is named in the same sentence
        ("Xã Tân Mai họp. Xã Cao An có 3 chi bộ sáp nhập thành Chi bộ thôn Phú An và 2 chi bộ khác.", ("", "Cao An", "commune")),
        # of a city the bloc, whatever district was named before it
        ("Tỉnh Cần Thơ: Đảng bộ huyện Thới Lai kết nạp 90 đảng viên, Đảng bộ Quân sự thành phố kết nạp 17 đảng viên.", ("Cần Thơ", "Đảng bộ Quân sự thành phố", "district")),
        # a title that begins with a commune's name, which is nowhere said to be one
        ("Hoa Ban tổng kết công tác Đảng\n\nĐảng ủy xã họp. Toàn Đảng bộ có 128 đảng viên.", ("", "Hoa Ban", "commune")),
        ("Nguyễn Ban tổng kết công tác Đảng\n\nĐảng ủy xã họp. Toàn Đảng bộ có 128 đảng viên.", ("", "", "province")),
        # where a place lies says nothing of who is counted
        ("Xã Tân Mai nằm ở cửa ngõ tỉnh Gia Lai, có 12 chi bộ.", ("Gia Lai", "Tân Mai", "commune")),
        ("Đảng bộ Công ty Cà phê Mai Lâm (huyện Krông Pắc) có 12 chi bộ.", ("Đắk Lắk", "Đảng bộ Công ty Cà phê Mai Lâm", "commune")),
        # an office of the province isn't the province, whom it leads isn't spoken of
        (
            "Tỉnh Nghệ An họp.\n\nĐảng bộ Cục Thuế tỉnh họp. Cục Thuế tỉnh dẫn đầu cả nước. Đảng bộ có 31 đảng viên.",
            ("Nghệ An", "Đảng bộ Cục Thuế tỉnh", "commune"),
        ),
        # who is handed over isn't the one that receives it, nor the one named before
        (
            "Tỉnh Nghệ An chuyển Đảng bộ Ngân hàng Hoa Ban chi nhánh Nghệ An cùng 61 đảng viên về trực thuộc Đảng bộ Ngân hàng Mai Lâm.",
            ("Nghệ An", "Đảng bộ Ngân hàng Hoa Ban chi nhánh Nghệ An", "commune"),
        ),
        (
            "Tỉnh Nghệ An chuyển Đảng bộ Ngân hàng Hoa Ban về trực thuộc Đảng bộ Ngân hàng Mai Lâm; chuyển 8 chi bộ là các chi bộ trường học.",
            ("Nghệ An", "", ""),
        ),
        (
            "Xã Tân Mai (tỉnh Gia Lai) tiếp nhận 3 chi bộ gồm Chi bộ Công ty Hoa Ban và Chi bộ Công ty Mai Lâm; đồng thời tiếp nhận 12 đảng viên.",
            ("Gia Lai", "Tân Mai", "commune"),
        ),
        # several places, or one that can't be read, aren't the whole province
        ("Tỉnh Nghệ An: Các huyện Yên Thành và Đô Lương có 90 chi bộ.", ("Nghệ An", "", "")),
        ("Tỉnh Nghệ An họp. Đảng ủy Công ty có 90 đảng viên.", ("Nghệ An", "", "")),
    ],
)  # fmt: skip
def test_the_whole_province_is_only_where_nothing_smaller_is_spoken_of(
    text: str, expected: tuple[str, str, str]
) -> None:
    """What can't be read of a smaller place or body stays empty, for a person to look at."""
    reading = read_document(
        document_of(text),
        catalogue=Catalogue.read(),
        gazetteer=Gazetteer.read(),
        about=About(source="https://baobacninhtv.vn/a" if "Bắc Ninh" in text else "", published="2020-05-06"),
    )
    one = reading.candidates[-1]
    assert (one.province, one.area, one.geo_level) == expected
    cells = dict.fromkeys(("indicator", "subject", "period_start", "period_end"), "x")
    told = cells | {"evidence": one.evidence, "province": one.province, "geo_level": one.geo_level}
    assert ("geo_level" in doubtful(told)) == (not one.geo_level)
