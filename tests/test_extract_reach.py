"""How far words reach: a part is no total, a stock no admission, a plan no result, one place not another."""

# ruff: noqa: E501 -- texts and cells stand on one line

from __future__ import annotations

import re

import pytest

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose import Candidate, document_of, read_document
from cbanalysis.importing.prose.metadata import About, about_line

CATALOGUE, GAZETTEER = Catalogue.read(), Gazetteer.read()


def told(text: str, printed: str) -> Candidate | None:
    """Return the figure with these digits that is no number of all, in a document of Nghệ An of 2022."""
    about = About(published="2022-03-15", province="Nghệ An")
    read = read_document(document_of(text), catalogue=CATALOGUE, gazetteer=GAZETTEER, about=about)
    those = [one for one in read.candidates if not one.evidence.startswith("base")]
    return next((one for one in those if re.split("[;/]", one.figure.printed)[0] == printed), None)


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        # a part of the members is named, or isn't counted as all of them
        ("Đảng viên nữ có 11.000 đồng chí, chiếm 24%.", "11.000", {"indicator": "org_count", "category": "nữ"}),
        ("Đảng viên hưu trí có 3.000 đồng chí.", "3.000", {"indicator": "org_count", "category": "hưu trí"}),
        ("Đảng viên là người dân tộc thiểu số có trên 11 nghìn đồng chí.", "trên 11 nghìn", {"category": "dân tộc thiểu số"}),
        ("Số đảng viên nữ là 11.000 đồng chí.", "11.000", {"indicator": "org_count", "category": "nữ"}),
        ("Tỉnh có 11.000 đảng viên nữ.", "11.000", {"indicator": "org_count", "category": "nữ"}),
        ("Toàn tỉnh có 45.000 đảng viên (dự bị 1.200 đồng chí).", "45.000", {"indicator": "org_count", "category": ""}),
        ("Toàn tỉnh có 45.000 đảng viên (dự bị 1.200 đồng chí).", "1.200", {"category": "dự bị"}),
        ("Toàn tỉnh có 45.000 đảng viên, trong đó có 2.500 đảng viên trẻ.", "2.500", {"indicator": "org_count", "category": "trẻ"}),
        ("Đảng viên nữ chiếm 31%.", "31%", {"indicator": "org_count", "base_of": "all", "category": "nữ"}),
        ("Toàn tỉnh có 45.000 đảng viên, đảng viên nữ chiếm 31%.", "31%", {"base_of": "all", "category": "nữ"}),
        ("Đảng viên có trình độ đại học chiếm 45% tổng số đảng viên.", "45%", {"indicator": "org_count", "base_of": "all", "category": "trình độ đại học"}),
        ("Tỉnh có 45.000 đảng viên, đảng viên có trình độ đại học chiếm 45%.", "45%", {"indicator": "org_count", "base_of": "all", "category": "trình độ đại học"}),
        # cells that were recognised for something else, or only tried, are no model cells
        ("Xây dựng chi bộ kiểu mẫu. Năm 2021, tỉnh công nhận 120 chi bộ trong sạch, vững mạnh.", "120", {"indicator": "org_quality_rating"}),
        ("Năm 2021, tỉnh công nhận 30 chi bộ 4 tốt, 20 chi bộ kiểu mẫu.", "30", {"indicator": ""}),
        ("Từ 900 chi bộ năm 2020, đến nay tỉnh công nhận 359 chi bộ kiểu mẫu.", "900", {"indicator": "org_count"}),
        ("Từ 48 chi bộ làm điểm năm 2020, đến nay tỉnh công nhận 359 chi bộ kiểu mẫu.", "48", {"indicator": ""}),
        ("Xây dựng chi bộ kiểu mẫu. Năm 2021, tỉnh công nhận chính thức cho đảng viên tại 120 chi bộ.", "120", {"indicator": ""}),
        # what there is was not admitted
        ("Toàn tỉnh có nhiều đảng bộ có số kết nạp cao. Trong đó, huyện Yên Thành hiện có 9.000 đảng viên; huyện Nam Đàn hiện có 8.000 đảng viên.", "8.000", {"indicator": "org_count", "area": "Nam Đàn"}),
        ("Toàn tỉnh có số kết nạp tăng. Trong đó, Đảng bộ thành phố Vinh gồm 9.000 đảng viên.", "9.000", {"indicator": "org_count"}),
        ("Các đảng bộ có số kết nạp cao:\n- Huyện Yên Thành (Đảng bộ có 9.000 đảng viên)", "9.000", {"indicator": "org_count"}),
        # only what stands right behind says that organisations went to another body
        ("Toàn tỉnh có 45.000 đảng viên, hồ sơ được chuyển về Đảng ủy cơ sở.", "45.000", {"indicator": "org_count", "definition": ""}),
        ("Toàn tỉnh có 9.000 chi bộ, tài liệu sinh hoạt được chuyển về trước 3 ngày.", "9.000", {"definition": ""}),
        ("Toàn tỉnh có 45.000 đảng viên, tiếp nhận 120 đảng viên được chuyển từ tỉnh khác.", "45.000", {"definition": ""}),
        ("Huyện Yên Thành có 45 chi bộ, trong đó 6 chi bộ được chuyển giao từ Đảng ủy Khối.", "45", {"definition": ""}),
        ("Năm 2021, toàn tỉnh có 350 đảng viên dự bị được chuyển sang đảng viên chính thức.", "350", {"indicator": ""}),
        # what is set up stands right behind the verb; its members aren't those of the province
        ("Năm 2021, tỉnh thành lập 30 tổ công tác về 120 chi bộ.", "120", {"indicator": ""}),
        ("Năm 2021, tỉnh thành lập 30 tổ Covid cộng đồng ở 120 chi bộ khu dân cư.", "120", {"indicator": ""}),
        ("Năm 2021, tỉnh thành lập câu lạc bộ ở 120 chi bộ.", "120", {"indicator": ""}),
        ("Năm 2021, tỉnh thành lập 15 chi bộ trong doanh nghiệp với 120 đảng viên.", "120", {"category": "thành lập mới doanh nghiệp"}),
        ("Năm 2021, tỉnh thành lập 15 chi bộ (120 đảng viên).", "120", {"category": "thành lập mới"}),
        # what was done ends a target only of the number right behind, in a clause of its own
        ("Nghị quyết đề ra đến năm 2025 có 100% thôn đã kết nạp được đảng viên và 95% chi bộ có chi ủy.", "95%", {"target": True}),
        ("Phấn đấu đến cuối năm 100% doanh nghiệp đã thành lập tổ chức đảng, kết nạp 120 đảng viên.", "120", {"target": True}),
        ("Chỉ tiêu năm 2021 là kết nạp 300 đảng viên, toàn tỉnh đã kết nạp 280 đảng viên.", "280", {"target": False}),
        ("Năm 2021, huyện được giao kết nạp 300 đảng viên. Trong đó, 9 tháng kết nạp 250 đảng viên.", "250", {"target": False}),
        ("Tỉnh đề ra mục tiêu kết nạp 300 đảng viên. Trong đó, mỗi năm kết nạp 60 đảng viên.", "60", {"target": True}),
        # the figure of several places is none of the first
        ("Năm 2021, kết nạp 120 đảng viên ở huyện Yên Thành, Đô Lương và Nam Đàn.", "120", {"area": ""}),
        ("Năm 2021, kết nạp 20 đảng viên ở xã Diễn An và xã Diễn Phú.", "20", {"area": ""}),
        ("Năm 2021, có 12 chi bộ cơ quan thuộc huyện Yên Thành và huyện Đô Lương.", "12", {"area": ""}),
        ("Năm 2021, kết nạp 120 đảng viên ở huyện Yên Thành.", "120", {"area": "Yên Thành"}),
        # abbreviated ratings, and those who were rated before a rating told of a part of them
        ("Xếp loại đảng viên: HTXS nhiệm vụ 15%; HTT nhiệm vụ 80%; HT nhiệm vụ 4%; không HT nhiệm vụ 1%.", "4%", {"category_id": "fulfilled"}),
        ("Xếp loại đảng viên: HTXS nhiệm vụ 15%; HTT nhiệm vụ 80%; HT nhiệm vụ 4%; không HT nhiệm vụ 1%.", "1%", {"category_id": "failed"}),
        ("Toàn tỉnh có 45.000 đảng viên được đánh giá, trong đó HTNV trở lên 98%.", "45.000", {"definition": "rated"}),
        # a rating is of its own heading and of no target's year
        ("Kết quả xếp loại năm 2021\n\nNăm 2020, có 80% chi bộ hoàn thành tốt nhiệm vụ. Kết quả lần này, có 90% chi bộ hoàn thành tốt nhiệm vụ.", "90%", {"period_end": "2021"}),
        ("Phấn đấu năm 2025 có 90% đảng viên hoàn thành tốt nhiệm vụ. Hiện có 85% đảng viên hoàn thành tốt nhiệm vụ.", "85%", {"period_end": "2022"}),
        # one round may span New Year
        ("Từ tháng 12/2020 đến tháng 11/2021, có 90% chi bộ hoàn thành tốt nhiệm vụ.", "90%", {"definition": ""}),
        ("Năm học 2020-2021, có 90% chi bộ trường học hoàn thành tốt nhiệm vụ.", "90%", {"definition": ""}),
        ("Giai đoạn 2016-2020, có 90% chi bộ hoàn thành tốt nhiệm vụ.", "90%", {"definition": "several_rounds"}),
        # those who rate aren't those rated
        ("Năm 2021, 100% chi bộ thực hiện đánh giá, xếp loại đảng viên.", "100%", {"indicator": ""}),
        ("Năm 2021, có 45 chi bộ thực hiện đánh giá cán bộ theo Quy định 132.", "45", {"indicator": ""}),
        ("Năm 2021, có 45 đảng viên tham gia đánh giá.", "45", {"definition": "rated"}),
        # ministries by their names; a part of a cell or of a school is no body of a place
        ("Đến năm 2021, Đảng bộ Bộ Tư pháp có 1.200 đảng viên.", "1.200", {"area": "Đảng bộ Bộ Tư pháp"}),
        ("Đến năm 2021, Đảng bộ Bộ Giáo dục và Đào tạo có 1.200 đảng viên.", "1.200", {"area": "Đảng bộ Bộ Giáo dục và Đào tạo"}),
        ("Năm 2021, Đảng bộ Bộ phận thôn Hạ có 25 đảng viên.", "25", {"area": ""}),
        ("Năm 2021, Chi bộ Bộ môn Toán có 12 đảng viên.", "12", {"area": ""}),
        # years that nobody counts are no year
        ("Trong những năm qua, toàn tỉnh kết nạp 5.000 đảng viên.", "5.000", {"period_start": "", "period_end": ""}),
        ("Nhiều năm qua, toàn tỉnh kết nạp 5.000 đảng viên.", "5.000", {"period_end": ""}),
        ("Năm qua, toàn tỉnh kết nạp 5.000 đảng viên.", "5.000", {"period_end": "2021"}),
        # a school of one village says nothing of the next
        ("Toàn tỉnh có 100% thôn có trường học và 98% thôn có chi bộ độc lập.", "98%", {"indicator": "village_own_cell", "definition": ""}),
        # a share of others is none of the members
        ("Toàn tỉnh có 45.000 đảng viên, 52% học sinh là đoàn viên.", "52%", None),
        ("Tỉnh có 900 đảng viên và 35% công nhân là nữ.", "35%", None),
    ],
)  # fmt: skip
def test_words_say_no_more_than_they_reach(text: str, printed: str, wanted: dict[str, object] | None) -> None:
    """Indicator, definition, category and target follow only the words that belong to a number."""
    one = told(text, printed)
    assert (one and {name: getattr(one, name) for name in wanted or {}}) == wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Nguồn: Q.Anh", About(publisher="Q.Anh")),
        ("Nguồn: VnExpress.net", About(publisher="VnExpress.net")),
        ("Nguồn: baonghean.vn", About(source="baonghean.vn", publisher="baonghean.vn")),
        ("Nguồn: baonghean.vn/2021/tin.html", About(source="baonghean.vn/2021/tin.html")),
        ("Ngày: không rõ ràng, 45 chi bộ", None),
        ("Ngày: năm 2021 kết nạp đảng viên", None),
        ("Published: May 2021", About(published="2021")),
    ],
)
def test_a_head_takes_no_name_for_an_address_and_no_sentence_for_a_date(
    line: str, wanted: About | None
) -> None:
    """A by-line with a point is a name; words behind a year or behind "không rõ" are text."""
    assert about_line(line) == wanted
