"""What a number counts, of how many, and what is told of it, one made-up sentence a behaviour."""

# ruff: noqa: E501 -- texts and cells stand on one line

from __future__ import annotations

import re

import pytest

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose import Candidate, document_of, read_document
from cbanalysis.importing.prose.metadata import About

CATALOGUE, GAZETTEER = Catalogue.read(), Gazetteer.read()


def told(text: str, printed: str, published: str = "2022-03-15") -> Candidate | None:
    """Return the figure with these digits that is no number of all, in a document of Nghệ An."""
    about = About(published=published, province="Nghệ An")
    read = read_document(document_of(text), catalogue=CATALOGUE, gazetteer=GAZETTEER, about=about)
    those = [one for one in read.candidates if not one.evidence.startswith("base")]
    return next((one for one in those if re.split("[;/]", one.figure.printed)[0] == printed), None)


def check(text: str, printed: str, wanted: dict[str, object] | None) -> None:
    """Compare the fields of the figure with these digits; None says that they are no figure."""
    one = told(text, printed)
    if wanted is None:
        assert one is None
        return
    assert one is not None
    got = {name: getattr(one.figure if hasattr(one.figure, name) else one, name) for name in wanted}
    assert got == wanted


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        ("Năm 2021, toàn tỉnh kỷ luật 42 đảng viên. Hình thức: khiển trách 30, cảnh cáo 9, khai trừ 3.", "9", {"subject": "member", "base": 42, "indicator": ""}),
        ("Năm 2021, huyện Yên Thành khiển trách 30 đồng chí, cảnh cáo 9 đồng chí.", "30", {"subject": "member", "indicator": ""}),
        ("Năm 2021, huyện Yên Thành bị đề nghị kỷ luật tổng cộng là 27 người.", "27", {"subject": "member"}),
        ("Năm 2021, huyện kỷ luật 42 đảng viên. Nội dung là vi phạm chính sách dân số (25 trường hợp), quy chế làm việc (17 trường hợp).", "25", {"subject": "member", "base": 42}),
        ("Năm 2021, huyện kỷ luật 42 đảng viên, kể cả 2 đảng ủy viên và 1 huyện ủy viên.", "1", {"subject": "other", "base": 42}),
        ("Năm 2021, huyện xử lý 120 trường hợp lấn chiếm vỉa hè.", "120", None),
        ("Năm 2021, huyện kiểm tra 7 tổ chức đảng và 12 đảng viên.", "7", {"subject": "other", "indicator": ""}),
        ("Năm 2021, Ủy ban Kiểm tra huyện kiểm tra 12 đồng chí.", "12", {"subject": "member", "indicator": ""}),
        ("Trong năm, huyện kỷ luật 42 đảng viên. Chủ yếu do vi phạm kế hoạch hóa gia đình (25 đồng chí).", "25", {"target": False}),
    ],
)  # fmt: skip
def test_the_disciplined_are_members(text: str, printed: str, wanted: dict[str, object] | None) -> None:
    """Who was disciplined is a member of the Party, by whatever word; what adds up to them are their parts."""
    check(text, printed, wanted)


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        # every item of a sentence that begins with "Trong đó" is a part
        ("Năm 2021, toàn tỉnh kết nạp 135 đảng viên. Trong đó, có 70 đảng viên nữ; 9 đảng viên là trưởng thôn và 40 % đảng viên có trình độ đại học.", "9", {"base": 135, "indicator": "members_admitted"}),
        ("Năm 2021, toàn tỉnh kết nạp 135 đảng viên. Thành phần gồm 90 công nhân và 45 nông dân.", "90", {"base": 135, "indicator": "members_admitted", "subject": "member"}),
        ("Năm 2021, huyện kỷ luật 44 đảng viên. Kiểm tra 9 chi bộ. Nguyên nhân là vi phạm chính sách dân số (32 đồng chí), cờ bạc (3 đồng chí).", "3", {"base": 44}),
        ("Năm 2021, vi phạm chính sách dân số 5 đồng chí, cờ bạc 3 đồng chí, lãng phí 2 đồng chí.", "3", {"base": None}),
        ("Năm 2021, đề nghị kỷ luật 27 người, kể cả 1 ủy viên Ban Thường vụ; phải rút kinh nghiệm là 133 người.", "133", {"subject": "member", "indicator": ""}),
        ("Năm 2021, 381 đảng viên được kiểm tra. Khiển trách 34 đồng chí, cảnh cáo 4 đồng chí.", "34", {"base": None}),
        ("Năm 2021, tỉnh có 50 đảng viên, trong đó có 11 đồng chí tham gia cấp ủy.", "11", {"base": 50, "indicator": ""}),
        ("Đảng bộ có 310 đảng viên (300 chính thức, 10 dự bị).", "10", {"base": 310, "category": "dự bị"}),
        ("Năm 2021, kết nạp 330 đảng viên. Trong đó, 210/330 đảng viên trong độ tuổi từ 18-30, chiếm 64%.", "210", {"base": 330, "percent": 64.0}),
        ("Năm 2021, huyện kỷ luật 60 đảng viên.\n\nVi phạm: quy chế làm việc 15 (25%); đạo đức, lối sống 14 (23,3%).", "14", {"base": 60, "subject": "member"}),
        ("Trong tổng số 25 chi bộ có 20 đảng viên đi làm ăn xa.", "20", {"base": None}),
        ("Năm 2021, kết nạp 120 đảng viên, gồm 50 nữ; 65 đoàn viên.", "65", {"base": 120, "subject": "member", "indicator": "members_admitted"}),
        ("Đảng bộ phấn đấu mỗi năm kết nạp từ 3 - 4% so với tổng số đảng viên.", "từ 3 - 4%", {"subject": "member", "indicator": "members_admitted", "base_of": "all_members"}),
        # villages have the base that is printed beside them, whatever adds up
        ("Năm 2021, tỉnh khảo sát 956 ấp: 948 ấp có chi bộ; 8 ấp chưa có chi bộ.", "8", {"base": None}),
        # the share tells of which number a part is
        ("Năm 2021, cấp ủy khóa mới gồm 1.905 đồng chí; ban thường vụ có 511 đồng chí. Xét cơ cấu, nữ có 324 người, chiếm khoảng 17%.", "324", {"base": 1905, "percent": 17.0, "qualifier": "about"}),
        ("Năm 2021, có 402 đồng chí là bí thư và 187 đồng chí là phó bí thư.", "187", {"subject": "other"}),
        ("Năm 2021, tỉnh có 50 đảng viên là người công giáo.", "50", {"indicator": "org_count", "category": "có đạo"}),
    ],
)  # fmt: skip
def test_parts_have_their_whole(text: str, printed: str, wanted: dict[str, object]) -> None:
    """Parts are told by the words that open them, by their share and, of people, by adding up."""
    check(text, printed, wanted)


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        # the cells of a commune are under its committee
        ("Năm 2021, Đảng bộ xã Tân Sơn (huyện Đô Lương) có 9 chi bộ.", "9", {"subject": "branch_cell"}),
        ("Năm 2021, tỉnh có 2.914 chi bộ và 5 đảng bộ bộ phận trực thuộc đảng bộ cơ sở.", "2.914", {"subject": "branch_cell"}),
        ("Chi bộ này có 16 đảng viên.", "16", {"indicator": "cell_size"}),
        # what is told of the cell isn't told of its members
        ("Chi bộ có 41 đảng viên, nhiều năm liền hoàn thành xuất sắc nhiệm vụ.", "41", {"indicator": "cell_size", "category": ""}),
        ("Năm 2021, kết nạp 3 đảng viên mới; năm nào chi bộ cũng đạt trong sạch, vững mạnh.", "3", {"indicator": "members_admitted"}),
        ("Kết quả bình xét:\n\n02 Đ/c đủ tư cách hoàn thành xuất sắc nhiệm vụ.", "02", {"subject": "member", "indicator": "org_quality_rating"}),
        # secretaries who became heads
        ("Năm 2021, huyện có 5 bí thư chi bộ kiêm nhiệm chức trưởng bản.", "5", {"subject": "village", "indicator": "village_head_secretary"}),
        ("Năm 2021, huyện có 6 bí thư chi bộ trúng cử chức trưởng thôn.", "6", {"subject": "village", "indicator": "village_head_secretary"}),
        ("Năm 2021, huyện có 9 đảng viên làm trưởng thôn.", "9", {"indicator": "village_member_head"}),
        # delegates are none of those there are
        ("Dự đại hội có 180 đảng viên, thay mặt cho 412 đảng viên thuộc 26 chi bộ.", "180", {"base": 412, "indicator": ""}),
        ("Dự đại hội có 180 đảng viên, thay mặt cho 412 đảng viên thuộc 26 chi bộ.", "26", {"indicator": "org_count"}),
        ("Dự đại hội có 198 đại biểu, thay mặt gần 2.000 đảng viên.", "gần 2.000", {"indicator": "org_count"}),
        ("Ban Chấp hành khóa mới được bầu có 15 đồng chí.", "15", {"subject": "other", "indicator": ""}),
        ("Sau khi sáp nhập, toàn huyện còn 24 chi bộ.", "24", {"indicator": "org_count"}),
        ("Năm 2021, tỉnh có 24 chi bộ (trước khi sáp nhập là 30 chi bộ).", "30", {"indicator": "org_count"}),
        ("Năm 2021, 95% tổ chức cơ sở đảng hoàn thành tốt nhiệm vụ; tỷ lệ đảng viên trong dân quân đạt 25%.", "25%", {"indicator": ""}),
        ("Năm 2019, 7/7 phường đã thành lập chi bộ quân sự, 100% chi bộ có chi ủy.", "100%", {"indicator": "military_cell", "definition": "with_committee", "subject": "branch_cell"}),
        ("Hiện cơ quan quân sự ở tất cả các xã, phường đã có chi bộ.", "tất cả", {"indicator": "military_cell", "subject": "commune"}),
        ("Năm 2021, kiểm tra 7 tổ chức đảng và 2 cá nhân.", "2", {"subject": "member", "indicator": ""}),
        ("Số đảng viên tăng từ 250 đồng chí năm 2005 lên 280 đồng chí năm 2006.", "280", {"indicator": "org_count", "period_end": "2006"}),
        ("Năm 2021, huyện khen thưởng 12 chi bộ, 45 đảng viên hoàn thành xuất sắc nhiệm vụ.", "45", {"indicator": "org_quality_rating", "definition": "rewarded"}),
        ("Năm 2016, có 73 đảng viên hoàn thành xuất sắc nhiệm vụ được các cấp khen thưởng.", "73", {"definition": "rewarded"}),
        ("Năm 2016, có 73 đảng viên hoàn thành xuất sắc nhiệm vụ, đề nghị khen thưởng.", "73", {"definition": ""}),
        ("Đến ngày 30/5/2020, 55/55 đảng bộ cơ sở đã tổ chức đại hội.", "55", {"indicator": "congress_done", "definition": "committees_only"}),
        ("Năm 2021, có 9 đảng bộ cơ sở với 900 đảng viên trực thuộc Đảng bộ Than chuyển giao về Đảng bộ Tập đoàn.", "9", {"definition": "handed_over"}),
        ("Hiện còn 23 chi bộ chưa có cấp ủy.", "23", {"definition": "with_committee", "complement": True}),
        ("Năm 2021, tỉnh có 1.230 chi bộ: chi bộ cơ quan 320, chi bộ trường học 180.", "180", {"subject": "cell", "indicator": "org_count"}),
        ("Chi bộ bản Hạ có 25 đảng viên, trong đó 3 đảng viên đang làm việc ở nước ngoài.", "3", {"indicator": "members_away", "definition": "abroad", "base": 25}),
        ("Năm 2021, có 3 đảng viên làm việc ở doanh nghiệp có vốn đầu tư nước ngoài.", "3", {"definition": ""}),
        ("Năm 2021, toàn tỉnh có 4.532 chi bộ đăng ký xây dựng chi bộ 4 tốt.", "4.532", {"indicator": "model_cells", "definition": "four_good_signed"}),
        ("Năm 2016, huyện công nhận 45 chi bộ kiểu mẫu, 12 chi bộ trong sạch, vững mạnh.", "12", {"indicator": "org_quality_rating"}),
        ("Năm 2021, 80% chi bộ, 85% đảng viên hoàn thành tốt nhiệm vụ, trong đó 15% hoàn thành xuất sắc nhiệm vụ.", "80%", {"category": "hoàn thành tốt nhiệm vụ"}),
        ("Đảng bộ phường Hà Huy Tập có 6 chi bộ cơ quan, doanh nghiệp.", "6", {"subject": "branch_cell"}),
        ("Năm 2021, có 7.600 thôn đã có chi bộ; chiếm 92% tổng số thôn.", "7.600", {"percent": 92.0}),
        # the committee members of all committees together, and those of one
        ("Năm 2020, cấp ủy khóa mới được bầu gồm 1.905 đồng chí, trong đó nữ 324 đồng chí.", "324", {"indicator": "committee_size", "definition": "all_committees_together", "base_of": "all", "base": 1905, "subject": "member"}),
        ("Năm 2020, cấp ủy khóa mới được bầu gồm 1.905 đồng chí; ban thường vụ có 511 đồng chí.", "511", {"indicator": ""}),
        ("Đại hội đã bầu cấp ủy khóa mới gồm 15 đồng chí.", "15", {"indicator": ""}),
        ("Phấn đấu năm 2025 có trên 90% tổ chức đảng và đảng viên hoàn thành tốt nhiệm vụ.", "trên 90%", {"subject": "other", "definition": "all_levels"}),
        ("Năm 2021, 98% tổ chức đảng trực thuộc hoàn thành tốt nhiệm vụ.", "98%", {"subject": "grassroots_org", "definition": ""}),
        ("Năm 2021, các đơn vị kết nạp nhiều gồm: Đô Lương (70 đảng viên), Yên Thành (50 đảng viên), thành phố Vinh (41 đảng viên).", "41", {"indicator": "members_admitted"}),
        # all, in words
        ("Năm 2021, tất cả các thôn, bản của huyện đều có chi bộ; có cấp ủy là 80%.", "tất cả", {"indicator": "village_own_cell", "percent": 100.0}),
        ("Năm 2021, mọi thôn, buôn đã có đảng viên tại chỗ.", "mọi", {"definition": "with_local_members"}),
        ("Năm 2021, mọi thôn đã có chi bộ, tỷ lệ đạt 99,9%.", "mọi", None),
        # more members were admitted, more cells set up or otherwise
        ("Về phát triển Đảng, năm 2021 đơn vị có thêm 12 đảng viên.", "12", {"indicator": "members_admitted"}),
        ("Năm 2021, có thêm 10 chi bộ có đảng viên là người có đạo.", "10", {"indicator": ""}),
        # beside each other, not one of the other
        ("Năm 2021, huyện Đô Lương kết nạp 142 đảng viên nữ; ở Yên Thành có 110 đảng viên nữ.", "110", {"base": None, "indicator": "org_count"}),
    ],
)  # fmt: skip
def test_what_is_counted_is_told_by_what_stands_near(
    text: str, printed: str, wanted: dict[str, object] | None
) -> None:
    """Subject and indicator follow the body, the verb and the clause that a figure stands in."""
    check(text, printed, wanted)


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        ("Tỷ lệ chi bộ hoàn thành tốt nhiệm vụ trở lên hằng năm đạt 97%.", "97%", {"category": "hoàn thành tốt nhiệm vụ trở lên", "scheme": "", "period_end": ""}),
        ("Năm 2016, có 97% chi bộ hoàn thành tốt nhiệm vụ trở lên.", "97%", {"category": "hoàn thành tốt nhiệm vụ trở lên", "scheme": "org_2007"}),
        ("Năm 2016, có 61% đảng viên hoàn thành tốt nhiệm vụ.", "61%", {"category": "hoàn thành tốt nhiệm vụ"}),
        ("Năm 2021, 98% chi bộ hoàn thành nhiệm vụ trở lên.", "98%", {"category": "hoàn thành nhiệm vụ trở lên", "scheme": ""}),
        ("Năm 2021, không có tổ chức cơ sở đảng yếu kém.", "không có", {"category": "yếu kém", "scheme": ""}),
        ("Năm 2016, có 2 tổ chức cơ sở đảng yếu kém.", "2", {"category": "yếu kém", "scheme": "org_2007"}),
        ("Năm 2016, có 61% đảng viên HTTNV.", "61%", {"category": "đủ tư cách hoàn thành tốt nhiệm vụ"}),
    ],
)  # fmt: skip
def test_a_rating_is_named_as_it_is_printed(text: str, printed: str, wanted: dict[str, object]) -> None:
    """A category has the words of the text, and has them where no year says which scheme it is of."""
    one = told(text, printed, published="")
    assert one is not None
    assert {name: getattr(one, name) for name in wanted} == wanted


def test_one_share_of_organisations_and_members_is_entered_once_for_each() -> None:
    """Both are rated by the words behind them; each row has a place of its own in the text."""
    about = About(published="2022-03-15", province="Nghệ An")
    text = "Năm 2021, 90% chi bộ và đảng viên được xếp loại hoàn thành tốt nhiệm vụ."
    found = read_document(document_of(text), catalogue=CATALOGUE, gazetteer=GAZETTEER, about=about).candidates
    assert [(one.subject, one.figure.percent, one.category_id) for one in found] == [
        ("cell", 90.0, "good"), ("member", 90.0, "good"),
    ]  # fmt: skip
    assert len({(one.start, one.end) for one in found}) == len(found)
    for text, shares in (
        (
            "Năm 2021, 90% chi bộ và đảng viên ở xã Mỹ Sơn được đánh giá hoàn thành tốt nhiệm vụ.",
            [90.0, 90.0],
        ),
        ("Năm 2021, 90% chi bộ và đảng viên 85% hoàn thành tốt nhiệm vụ.", [90.0, 85.0]),
    ):
        read = read_document(document_of(text), catalogue=CATALOGUE, gazetteer=GAZETTEER, about=about)
        assert [one.figure.percent for one in read.candidates] == shares


def test_the_number_of_all_is_printed_without_its_words() -> None:
    """Behind "trên tổng số trên 300" the base is 300, not the word before it."""
    one = told("Đại hội có 150 đảng viên chính thức, đại diện cho trên 300 đảng viên.", "150")
    assert one is not None
    assert one.figure.printed == "150/300"


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        # those confirmed, expelled or given a card aren't parts of those admitted, whatever adds up
        ("Năm 2021, toàn huyện kết nạp 120 đảng viên; chuyển chính thức 110 đồng chí, khai trừ 10 đồng chí.", "110", {"indicator": "", "base": None}),
        ("Năm 2021, huyện kết nạp 50 đảng viên. Công nhận chính thức 45, xóa tên 5.", "45", {"indicator": "", "base": None}),
        ("Năm 2021, huyện kết nạp 90 đảng viên. Phát thẻ đảng viên cho 60 đồng chí, chuyển sinh hoạt 30 đồng chí.", "30", {"indicator": "", "base": None}),
        ("Năm 2021, huyện kết nạp 100 đảng viên. Năm 2020 kết nạp 60, năm 2019 kết nạp 40.", "60", {"indicator": "members_admitted", "base": None}),
        ("Năm 2021, kết nạp 900 đảng viên; phấn đấu năm 2022 khối cơ quan kết nạp 300 đồng chí, khối xã 600 đồng chí.", "600", {"target": True, "base": None}),
        ("Năm 2021, huyện kết nạp 900 đảng viên; phấn đấu khối cơ quan kết nạp 300 đồng chí, khối xã kết nạp 600 đồng chí.", "600", {"target": True, "base": None}),
        ("Năm 2021, kiểm tra 20 đảng viên, giám sát 12 tổ chức đảng, 8 đảng viên.", "12", {"base": None}),
        # forms of discipline are no wholes, and those of another year neither
        ("Năm 2021, huyện khiển trách 80 đảng viên, cảnh cáo 40 đảng viên. Kiểm tra 300 đảng viên. Khai trừ 5 đồng chí, cảnh cáo thêm 3 đồng chí.", "5", {"base": None}),
        ("Năm 2015, huyện kỷ luật 420 đảng viên.\n\nNăm 2021, khiển trách 30 đồng chí, cảnh cáo 12 đồng chí.", "30", {"base": None}),
        ("Năm 2021, huyện kỷ luật 120 đảng viên. Năm 2020, kỷ luật 90. Hình thức kỷ luật năm 2021: khiển trách 80, cảnh cáo 40.", "80", {"base": 120}),
        # what stands behind another number is told of that
        ("Chi bộ có 36 đảng viên, trong đó có 2 huyện ủy viên và 12 đảng viên nữ.", "2", {"category": "", "subject": "other"}),
        ("Tổng số đảng viên là 3.200 đồng chí. Trong đó, nữ là 900 đồng chí; cấp ủy viên là 85 đồng chí.", "85", {"subject": "other", "indicator": ""}),
        ("Năm 2021, trong 900 đảng viên có 40 chi ủy viên.", "40", {"indicator": ""}),
        ("Năm 2021, kết nạp 30 đảng viên; chiếm 60% là nữ.", "60%", {"base": 30, "category": "nữ"}),
        ("Năm 2021, có 900 đảng viên nữ; chiếm 30,5% là đảng viên dân tộc thiểu số.", "900", {"percent": None}),
        ("Chi bộ có 3 đảng viên mới kết nạp, đại diện cho 12 hộ dân.", "3", {"base": None}),
        ("Chi bộ có 3 đảng viên mới kết nạp, đại diện cho 12 hộ dân.", "12", None),
        ("Năm 2021, huyện có 120 đảng viên. Nam 70 đồng chí, nữ 50 đồng chí.", "50", {"base": 120, "category": "nữ"}),
        ("Năm 2021, huyện có 120 đảng viên. Có 100 đảng viên chính thức, trong đó 20 đồng chí là nữ.", "20", {"base": 100}),
        ("Năm 2021, kết nạp 100 đảng viên; quý I 60, quý II 40.", "40", {"base": 100, "indicator": "members_admitted"}),
        ("Năm 2021, kỷ luật 20 đảng viên. Xử lý hành chính 12 đồng chí, rút kinh nghiệm 8 đồng chí.", "12", {"base": None}),
        # all of a sentence that begins with "Trong đó" are parts; two of one kind in a place aren't of each other
        ("Năm 2021, kết nạp 135 đảng viên. Trong đó, có 70 đảng viên nữ; 9 đảng viên ở vùng sâu.", "9", {"base": 135}),
        ("Năm 2021, kết nạp 142 đảng viên nữ; có 110 đảng viên nữ.", "110", {"base": None}),
    ],
)  # fmt: skip
def test_what_adds_up_by_chance_is_no_part(text: str, printed: str, wanted: dict[str, object] | None) -> None:
    """Parts are done the same to, in the same time, as their whole."""
    check(text, printed, wanted)


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        # "not" turns it round; cells that are named aren't those of the force
        ("Xã có chi bộ quân sự: 12 chi bộ có cấp ủy, 3 chi bộ chưa có cấp ủy.", "3", {"indicator": "military_cell", "complement": True}),
        ("Năm 2021, 20/20 xã có chi bộ quân sự, 98% chi bộ thôn có chi ủy.", "98%", {"indicator": "village_own_cell", "definition": "with_committee"}),
        ("Năm 2021, 20/20 xã có chi bộ quân sự; 15 chi bộ trường học có cấp ủy.", "15", {"indicator": "village_own_cell"}),
        ("Không phải tất cả các thôn đều có chi bộ.", "tất cả", None),
        ("Gần như tất cả các thôn đã có đảng viên.", "tất cả", None),
        ("Đến nay, tất cả các thôn vùng giáo đã có đảng viên.", "tất cả", None),
        ("Tất cả các xã biên giới đều có chi bộ quân sự.", "Tất cả", None),
        ("Mọi thôn, bản có đông dân đều có chi bộ.", "Mọi", None),
        ("Đến nay, hầu hết tất cả các thôn đều có chi bộ.", "tất cả", None),
        ("Nếu tất cả các thôn đều có chi bộ thì công tác lãnh đạo thuận lợi hơn.", "tất cả", None),
        ("Đảng bộ Tập đoàn Than hiện có 300 chi bộ chưa có chi ủy.", "300", {"indicator": ""}),
        ("Năm 2021, 90 thôn chưa thực hiện bí thư kiêm trưởng thôn.", "90", {"complement": True}),
        ("Năm 2020, đại hội: 12 đảng bộ sẽ tổ chức đại hội vào tháng 6.", "12", {"indicator": ""}),
        ("Năm 2021, có 30 đảng viên đi lao động ở nước ngoài đã trở về.", "30", {"indicator": ""}),
        ("Năm 2021, kết nạp đảng viên được quan tâm; có thêm 30 đảng viên tham gia HĐND.", "30", {"indicator": ""}),
        ("Năm 2021, kết nạp đảng viên được quan tâm; có thêm 30 đảng viên trong dân quân.", "30", {"indicator": "members_admitted"}),
        # Party organisations without a level are of all levels, wherever the words stand
        ("Năm 2021, huyện có 45 tổ chức đảng, 90% hoàn thành tốt nhiệm vụ.", "90%", {"subject": "other", "definition": "all_levels"}),
        ("Năm 2021, 90% tổ chức đảng, đảng viên hoàn thành tốt nhiệm vụ; 5% hoàn thành xuất sắc nhiệm vụ.", "5%", {"subject": "grassroots_org"}),
        ("Trong số 12 thôn chưa có chi bộ, tất cả các thôn đã có đảng viên.", "12", {"indicator": "village_own_cell", "complement": True}),
        ("Đến nay, tất cả các thôn của huyện Đô Lương đều có chi bộ.", "tất cả", {"percent": 100.0}),
        ("Năm 2021, 90 thôn có bí thư chi bộ không làm trưởng thôn.", "90", {"indicator": "village_head_secretary", "complement": True}),
        ("Năm 2021, 90 thôn có bí thư chi bộ thôi kiêm trưởng thôn.", "90", {"indicator": "village_head_secretary", "complement": True}),
        ("Năm 2021, 5 thôn có bí thư chi bộ làm trưởng ban công tác mặt trận.", "5", {"indicator": ""}),
        ("Năm 2021, 5 bí thư chi bộ kiêm Trưởng ban công tác mặt trận.", "5", {"indicator": "", "subject": "other"}),
        ("Năm 2020, đại hội các cấp: 12 đảng bộ chưa tổ chức đại hội.", "12", {"indicator": "congress_done", "complement": True}),
        ("Năm 2020, 3 đảng bộ tổ chức đại hội điểm.", "3", {"indicator": "congress_done", "definition": "pilot"}),
        ("Năm 2020, 12 đảng bộ tổ chức đại hội bầu trực tiếp bí thư.", "12", {"indicator": "congress_done", "definition": "secretary_elected_directly"}),
        # those who broke rules, whoever comes behind them
        ("Năm 2021, có 30 đảng viên vi phạm, kỷ luật 12 đồng chí.", "30", {"indicator": ""}),
        ("Năm 2021, có 30 đảng viên vi phạm, đã kỷ luật 25 đồng chí; xem xét 5 đồng chí.", "5", {"indicator": ""}),
        # abroad are those who are there now, and no others
        ("Năm 2021, kết nạp 30 đảng viên đang lao động, học tập ở nước ngoài.", "30", {"indicator": "members_admitted"}),
        ("Chi bộ có 45 đảng viên, có 3 đảng viên có con đi lao động ở nước ngoài.", "3", {"indicator": ""}),
        ("Xã có 3 đảng viên từng làm việc ở nước ngoài về.", "3", {"indicator": ""}),
        ("Năm 2021, tỉnh cử 12 đảng viên đi làm việc ở các tỉnh khác để học tập kinh nghiệm.", "12", None),
        # more members by a move or a merger weren't admitted
        ("Năm 2021, tỉnh kết nạp 5 đảng viên, có thêm 30 đảng viên chuyển sinh hoạt về.", "30", {"indicator": ""}),
        ("Năm 2021, xã kết nạp 5 đảng viên; do sáp nhập thôn, chi bộ có thêm 200 đảng viên.", "200", {"indicator": ""}),
        # rewarded are those of whom it is told
        ("Năm 2021, 15 đảng viên được khen thưởng, 73 đảng viên hoàn thành xuất sắc nhiệm vụ.", "73", {"category_id": "excellent", "definition": ""}),
        ("Năm 2021, huyện khen thưởng 45 đảng viên và xếp loại 820 đảng viên hoàn thành xuất sắc nhiệm vụ.", "820", {"definition": ""}),
        ("Năm 2021, 98% đảng viên hoàn thành tốt nhiệm vụ trở lên và được biểu dương 15 đồng chí.", "98%", {"definition": ""}),
        ("Năm 2021, 98% đảng viên hoàn thành tốt nhiệm vụ trở lên và được biểu dương 15 đồng chí.", "15", None),
        ("Năm 2021, trong 120 chi bộ đăng ký có 96 chi bộ đạt chi bộ 4 tốt.", "96", {"indicator": ""}),
        ('Năm 2021, 85% chi bộ đăng ký xây dựng "Chi bộ 4 tốt", có 70% chi bộ đạt "4 tốt".', "70%", {"indicator": ""}),
        # the rating of the figure itself, "for years" or not
        ("Năm 2021, Đảng bộ có 36 chi bộ, nhiều năm liền có 90% chi bộ hoàn thành tốt nhiệm vụ.", "90%", {"category_id": "good"}),
        ("Năm 2021, 85% đảng viên, liên tục nhiều năm hoàn thành tốt nhiệm vụ.", "85%", {"category_id": "good"}),
        ("Năm 2010, 85% tổ chức cơ sở đảng trong sạch vững mạnh tiêu biểu.", "85%", {"category": "trong sạch, vững mạnh tiêu biểu"}),
        # people who aren't told to be members, duties that aren't rated
        ("Năm 2021, huyện xử lý vi phạm 12 trường hợp lấn chiếm vỉa hè.", "12", None),
        ("Năm 2021, có 15 trường hợp vi phạm, xử phạt 12 người.", "12", None),
        ("Đội quản lý thị trường kiểm tra 25 đồng chí chủ cửa hàng và xử lý 5 cá nhân.", "25", None),
        ("Năm 2021, huyện có 5 đồng chí hoàn thành tốt nhiệm vụ nghĩa vụ quân sự trở về.", "5", None),
        ("Kết quả: 02 đồng chí chưa hoàn thành nhiệm vụ quyên góp.", "02", None),
        # ages, bodies at a place, committees and names with the word of an ordinal
        ("Độ tuổi dưới 30 - 210 đảng viên, từ 31 đến 40 tuổi - 300 đảng viên.", "210", {"subject": "member"}),
        ("Xã Mỹ Sơn có 300 hộ. Trường THPT trên địa bàn xã có 5 chi bộ.", "5", {"subject": "cell"}),
        ("Năm 2021, có 1.905 cấp ủy viên trúng cử đại biểu HĐND các cấp.", "1.905", {"indicator": ""}),
        ("Năm 2021, có 76 cấp ủy viên được bầu bổ sung.", "76", {"indicator": ""}),
        ("Năm 2020, đại hội bầu 1.905 cấp ủy viên, 9 đồng chí ủy viên Ban Thường vụ.", "9", {"indicator": ""}),
        ("Thành phố Vinh: phường Bến Thủy 25 chi bộ, phường Hà Huy Tập 20 chi bộ.", "20", {"area": "Hà Huy Tập"}),
    ],
)  # fmt: skip
def test_what_is_told_of_others_isnt_told_of_a_figure(
    text: str, printed: str, wanted: dict[str, object] | None
) -> None:
    """Negations, others in the sentence and words that only look alike leave a figure open or turn it round."""
    check(text, printed, wanted)
