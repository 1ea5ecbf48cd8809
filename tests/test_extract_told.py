"""What articles tell in ways that were met later, one sentence a behaviour: shares, dates, bodies, lists."""

# ruff: noqa: E501 -- texts and cells stand on one line

from __future__ import annotations

import re

import pytest

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose import Candidate, Reading, document_of, read_document
from cbanalysis.importing.prose.metadata import About, about_line

CATALOGUE, GAZETTEER = Catalogue.read(), Gazetteer.read()


def reading(text: str) -> Reading:
    """Read a text."""
    return read_document(document_of(text), catalogue=CATALOGUE, gazetteer=GAZETTEER)


def told(text: str, printed: str) -> Candidate | None:
    """Return the figure with these digits that is no number of all; None where it is set aside."""
    those = [one for one in reading(text).candidates if not one.evidence.startswith("base")]
    return next((one for one in those if re.split("[;/]", one.figure.printed)[0] == printed), None)


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        # a share of all members is one of their number
        ("Năm 2020, tỉnh Hà Nam có 900 đảng viên, trong đó 40% là nữ.", "40%", {"indicator": "org_count", "base_of": "all", "category": "nữ", "base": 900}),
        ("Năm 2020, tỉnh Hà Nam có 900 đảng viên, trong đó 12% là người dân tộc thiểu số.", "12%", {"indicator": "org_count", "base_of": "all", "category": "dân tộc thiểu số"}),
        ("Năm 2020, các xã vùng cao của tỉnh Hà Giang có 3.100 đảng viên (chiếm 12,5% so với tổng số đảng viên toàn tỉnh).", "3.100", {"indicator": "org_count", "base_of": "all"}),
        ("Năm 2020, tỉnh Hà Nam có 900 đảng viên, trong đó 40% tham gia câu lạc bộ.", "40%", {"indicator": ""}),
        # n of m that were rated are those rated among all
        ("Năm 2020, tỉnh Hà Nam có 310/314 tổ chức cơ sở đảng được kiểm điểm, đánh giá, đạt 98,7%.", "310", {"indicator": "org_count", "definition": "rated", "base_of": "all"}),
        ("Năm 2020, tỉnh Hà Nam có 410/420 đảng viên dự đánh giá, xếp loại.", "410", {"indicator": "org_count", "definition": "rated", "base_of": "all"}),
        ("Năm 2020, tỉnh Hà Nam có 98,5% đảng viên được đánh giá hoàn thành tốt nhiệm vụ.", "98,5%", {"indicator": "org_quality_rating", "category_id": "good"}),
        # set up and handed over are no stock
        ("Năm 2020, tỉnh Hà Nam thành lập 7 chi bộ trong doanh nghiệp.", "7", {"indicator": "org_count", "definition": "newly_set_up"}),
        ("Năm 2020, tỉnh Hà Nam giải thể 7 chi bộ trong doanh nghiệp.", "7", {"indicator": ""}),
        ("Năm 2020, tỉnh Hà Nam giải thể 7 đảng bộ xã.", "7", {"indicator": ""}),
        ("Năm 2020, tỉnh Hà Nam có 4 chi bộ cơ sở với 60 đảng viên được chuyển về Đảng bộ Khối Doanh nghiệp.", "60", {"indicator": "org_count", "definition": "handed_over"}),
        ("Năm 2020, tỉnh Hà Nam kết thúc năm với 4 chi bộ cơ sở có 60 đảng viên.", "60", {"definition": ""}),
        # those assigned to attend don't tell how many attend
        ("Năm 2020, tỉnh Hà Giang phân công 35 đảng viên dự sinh hoạt tại 28 chi bộ thôn.", "35", {"indicator": ""}),
        ("Năm 2020, tỉnh Hà Giang phân công 35 đảng viên dự sinh hoạt tại 28 chi bộ thôn.", "28", {"indicator": ""}),
        # a word that only looks like a rating
        ("Năm 2020, do yếu tố khách quan, tỉnh Hà Nam kết nạp được 61 đảng viên.", "61", {"indicator": "members_admitted"}),
        ("Năm 2020, tỉnh Hà Nam có 61 chi bộ, chủ yếu ở nông thôn.", "61", {"indicator": "org_count"}),
        # a list goes on behind a semicolon with those told of before it
        ("Nhiệm kỳ qua, tỉnh Hà Nam xóa tên 52 đảng viên. Trong đó, năm 2016 là 19 đảng viên; năm 2017 là 33 đảng viên.", "33", {"indicator": "", "base": 52, "period_end": "2017"}),
        ("Tháng 3/2021, tỉnh Hà Nam có 30 tổ chức cơ sở đảng (đảng bộ cơ sở 12; chi bộ cơ sở 18).", "12", {"subject": "committee"}),
        ("Năm 2020, tỉnh Hà Nam kết nạp 64 đảng viên, trong đó tỷ lệ trưởng thôn là đảng viên đạt 71,5%.", "71,5%", {"indicator": "village_member_head", "base": None}),
        ("Năm 2020, tỉnh Hà Nam kết nạp 64 đảng viên. Trong số được kết nạp, có 21 đảng viên là nữ.", "21", {"indicator": "members_admitted", "base": 64}),
        # cells and villages with more than a cell
        ("Năm 2020, tỉnh Hà Nam có 20/21 chi bộ quân sự xã, thị trấn có chi ủy.", "20", {"indicator": "military_cell", "definition": "with_committee", "base_of": "military_cells"}),
        ("Năm 2020, tỉnh Hà Nam có 100% thôn, trường học, trạm y tế có chi bộ.", "100%", {"indicator": "village_own_cell", "definition": "wider_units"}),
        ("Năm 2020, tỉnh Hà Nam có 100% thôn có chi bộ và không có chi bộ ghép.", "không có", {"indicator": "village_own_cell", "definition": "without_joint_cell", "complement": True}),
        ("Năm 2020, tỉnh Hà Nam có 80 chi bộ đăng ký xây dựng chi bộ kiểu mẫu, trong đó 9 chi bộ được công nhận.", "80", {"indicator": "model_cells", "definition": "registered"}),
        ("Năm 2020, tỉnh Hà Nam có 80 chi bộ đăng ký xây dựng chi bộ kiểu mẫu, trong đó 9 chi bộ được công nhận.", "9", {"indicator": "model_cells", "definition": ""}),
        ("Năm 2019, Đảng bộ tỉnh Hà Nam có 14 đảng bộ trực thuộc với 518 tổ chức cơ sở đảng.", "14", {"indicator": "org_count"}),
        ("Năm 2019, Đảng bộ tỉnh Hà Nam có 14 đảng bộ trực thuộc, 518 tổ chức cơ sở đảng (210 đảng bộ, 308 chi bộ cơ sở).", "210", {"subject": "committee"}),
        ("Năm 2019, tỉnh Hà Nam có 48/49 tổ chức cơ sở đảng và 512/530 đảng viên được đánh giá, xếp loại.", "48", {"indicator": "org_count", "definition": "rated"}),
        ("Năm 2019, tỉnh Hà Nam có 410 trong tổng số 420 tổ chức cơ sở đảng (TCCSĐ) được đánh giá chất lượng.", "410", {"indicator": "org_count", "definition": "rated"}),
        ("Năm 2019, tỉnh Hà Nam có 612 đảng viên được miễn sinh hoạt và 430 đảng viên đi làm ăn xa.", "430", {"indicator": "members_away"}),
        ("Năm 2019, tỉnh Hà Nam có 1 chi bộ quân sự và 2 chi bộ y tế.", "2", {"indicator": "org_count"}),
        ("Năm 2019, tỉnh Hà Nam có 40 thôn, trong đó có 12 thôn trưởng kiêm bí thư chi bộ.", "12", {"indicator": "village_head_secretary"}),
        ("Năm 2019, tỉnh Hà Nam thực hiện nhất thể hóa; 31/31 chi bộ thôn thực hiện mô hình chi bộ 4 tốt.", "31", {"indicator": ""}),
        ("Năm 2019, tỉnh Hà Nam kết nạp 94 đảng viên, trong đó 8 giáo dân.", "8", {"indicator": "members_admitted", "category": "có đạo"}),
        # a list whose head stands in the sentence before
        ("Năm 2019, tỉnh Hà Nam có nhiều đảng bộ có số kết nạp cao. Cụ thể: huyện Kim Bảng 64 đảng viên; huyện Lý Nhân 52 đảng viên.", "64", {"indicator": "members_admitted", "area": "Kim Bảng"}),
        ("Năm 2019, tỉnh Hà Nam có các đảng bộ kết nạp được nhiều đảng viên:\n- Huyện Kim Bảng: 64 đảng viên\n- Huyện Lý Nhân: 52 đảng viên", "52", {"indicator": "members_admitted", "area": "Lý Nhân"}),
        ("Năm 2019, tỉnh Hà Nam kết nạp 40 đảng viên, gồm: huyện Bình Lục 21, huyện Lý Nhân 19.", "21", {"indicator": "members_admitted", "area": "Bình Lục"}),
        ("Năm 2019, tỉnh Hà Nam có số kết nạp cao hơn năm trước. Huyện Kim Bảng có 64 đảng viên.", "64", {"indicator": "org_count"}),
        # ratings as they are abbreviated
        ("Năm 2019, tỉnh Hà Nam xếp loại: đảng viên HTXSNV 15%, HTTNV 80%, không HTNV 0,5%.", "80%", {"subject": "member", "category_id": "good"}),
        ("Năm 2019, tỉnh Hà Nam xếp loại: đảng viên HTXSNV 15%, HTTNV 80%, không HTNV 0,5%.", "0,5%", {"subject": "member", "category_id": "failed"}),
        ("Năm 2021, tỉnh Hà Nam xếp loại chi bộ: hoàn thành xuất sắc 68 chi bộ, hoàn thành tốt 262, không hoàn thành 3 (0,3%).", "3", {"category_id": "failed"}),
        ("Năm 2021, tỉnh Hà Nam có 100% tổ chức cơ sở đảng, chi bộ và đảng viên được đánh giá, xếp loại.", "100%", {"indicator": "org_count", "definition": "rated"}),
        ("Năm 2021, tỉnh Hà Nam củng cố 5 chi bộ yếu kém.", "5", {"indicator": ""}),
        ("Năm 2021, tỉnh Hà Nam có 3.062 đảng viên, trong đó đảng viên nữ 865 đồng chí, chiếm 28,2%.", "865", {"indicator": "org_count", "base_of": "all"}),
        ("Năm 2021, tỉnh Hà Nam có tỷ lệ dự sinh hoạt ở chi bộ thôn là 82%, chi bộ cơ quan 96%.", "96%", {"indicator": ""}),
        ("Phân loại tổ chức cơ sở đảng của tỉnh Hà Nam năm 2014: trong sạch, vững mạnh 38/55 đơn vị, bằng 69,1%.", "38", {"subject": "grassroots_org", "category_id": "strong"}),
        ("Tỉnh Hà Nam đặt mục tiêu nhiệm kỳ 2025-2030: 90% chi bộ hoàn thành tốt nhiệm vụ.", "90%", {"definition": "", "target": True}),
        ("Năm 2020, tỉnh Nghệ An đã xóa được 13 bản trắng chi bộ.", "13", {"indicator": ""}),
        ("Năm 2020, tỉnh Nghệ An còn 4 bản trắng chi bộ.", "4", {"indicator": "village_own_cell", "complement": True}),
        ("Năm 2020, tỉnh Nghệ An còn 2 ấp chưa có trưởng ấp là đảng viên.", "2", {"indicator": "village_member_head", "complement": True}),
        ("Năm 2023, tỉnh Nghệ An dùng sổ tay đảng viên điện tử. Tỷ lệ đảng viên dự sinh hoạt đạt 93,6%.", "93,6%", {"indicator": "meeting_attendance"}),
        ("Năm 2020, tỉnh Nghệ An có 5 đảng bộ cấp trên cơ sở chọn đại hội điểm.", "5", {"indicator": "congress_done", "definition": "pilot", "subject": "other"}),
        ("Năm 2013, tỉnh Đắk Lắk xóa được 22 thôn chưa có chi bộ, 9 buôn chưa có đảng viên.", "9", {"indicator": ""}),
        ("Năm 2019, tỉnh Hà Nam có 99% đảng viên học tập Chỉ thị 05; xếp loại 36.420 đảng viên: 15,6% hoàn thành xuất sắc.", "36.420", {"indicator": "org_count", "definition": "rated"}),
        ("Năm 2019, tỉnh Hà Nam có 5.012/5.890 ĐV được phân tích chất lượng.", "5.012", {"indicator": "org_count", "definition": "rated"}),
        ("Năm 2020, tỉnh Hà Nam có 16/17 chi bộ cơ quan xã; 6/6 chi bộ quỹ tín dụng.", "6", {"subject": "cell"}),
        # the rating that is told of, not that of those among which it is counted, nor that of which there are none
        ("Năm 2012, tỉnh Hà Nam có đảng viên hoàn thành xuất sắc nhiệm vụ chiếm 13% và bằng 16,2% so với số hoàn thành tốt nhiệm vụ.", "16,2%", {"category_id": "excellent"}),
        ("Năm 2019, tỉnh Hà Nam có số chi bộ hoàn thành nhiệm vụ là 8,8% và không chi bộ nào bị xếp loại không hoàn thành nhiệm vụ.", "8,8%", {"category_id": "fulfilled"}),
        ("Từ năm 2011 đến năm 2015, tỉnh Hà Nam có 130 chi bộ đạt trong sạch vững mạnh.", "130", {"definition": "several_rounds"}),
    ],
)  # fmt: skip
def test_a_figure_says_what_its_words_say(text: str, printed: str, wanted: dict[str, object]) -> None:
    """Indicator, definition, base and category follow the words around a number."""
    one = told(text, printed)
    assert one is not None
    assert {name: one.figure.base if name == "base" else getattr(one, name) for name in wanted} == wanted


def test_the_same_time_of_the_year_before_is_set_aside() -> None:
    """In brackets "cùng kỳ 65 ĐV" is of the year before, not of this one."""
    text = "8 tháng đầu năm 2020, tỉnh Phú Yên kết nạp 71 ĐV mới (cùng kỳ 65 ĐV)."
    assert [one.figure.printed for one in reading(text).candidates] == ["71"]
    text = "Năm 2020, tỉnh Phú Yên có 79% trưởng thôn là đảng viên, cao hơn 12% so với năm 2015."
    assert [one.figure.printed for one in reading(text).candidates] == ["79%"]


def test_an_age_from_to_is_no_number_of_members() -> None:
    """The words "từ 18 - 30 tuổi" give ages, not eighteen of those admitted."""
    text = "Năm 2017, tỉnh Hà Nam kết nạp 635 đảng viên, trong đó 68% đảng viên từ 18 - 30 tuổi."
    assert [one.figure.printed for one in reading(text).candidates] == ["635", "68%"]


def test_more_than_all_without_a_noun_may_be_a_day() -> None:
    """A "14/10" behind a name counts nothing: it is a day, or fourteen where ten were planned."""
    text = "Năm 2021, tỉnh Hà Nam có nhiều đảng bộ vượt chỉ tiêu như: Thanh Quân 14/10, Xuân Bình 12/8."
    assert not reading(text).candidates
    assert {"14/10", "12/8"} <= {one.printed for one in reading(text).set_aside}


@pytest.mark.parametrize(
    ("text", "printed", "period"),
    [
        ("Kể từ đầu nhiệm kỳ tới giữa tháng 8-2022, tỉnh Hà Nam kết nạp 640 đảng viên.", "640", ("2020", "2022-08")),
        ("Ngày: 16/09/2022\n\nTừ đầu năm, Đảng bộ tỉnh Hà Nam đã xét kết nạp 64 đảng viên.", "64", ("2022-01", "2022-09")),
        ("Ngày: 16/09/2022\n\nNhững năm qua, Đảng bộ tỉnh Hà Nam quan tâm cơ sở, có 64 chi bộ.", "64", ("2022-09-16", "2022-09-16")),
        ("Từ tháng 5/2015 - 6/2018, tỉnh Hà Nam lập thêm 2 chi bộ cơ sở, tổng số đảng viên trong tỉnh là 946 đồng chí.", "946", ("2018-06", "2018-06")),
        ("Từ tháng 5/2015 - 6/2018, tỉnh Hà Nam lập thêm 2 chi bộ cơ sở, tổng số đảng viên trong tỉnh là 946 đồng chí.", "2", ("2015-05", "2018-06")),
        ("Tỉnh Hà Nam sơ kết quý I/2014\n\nNăm 2013, tỉnh Hà Nam có 45 chi bộ hoàn thành tốt nhiệm vụ. Về đảng viên, có 552 đảng viên hoàn thành xuất sắc nhiệm vụ.", "552", ("2013", "2013")),
        ("Năm 2017, tỉnh Hà Nam kết nạp 118 đảng viên và 9 tháng năm 2018 kết nạp 76 đảng viên.", "118", ("2017", "2017")),
        ("Ngày: 30/06/2019\n\n6 tháng đầu năm, tỉnh Hà Nam kết nạp 94 đảng viên, giảm 12% so với cùng kỳ năm 2018; trong đó có 63 đảng viên nữ.", "63", ("2019-01", "2019-06")),
        ("Năm 2011, tỉnh Hà Nam có 599 tổ chức cơ sở đảng (tăng 10 tổ chức so năm 2010); 27.312 đảng viên.", "27.312", ("2011", "2011")),
        ("Ngày: 18/07/2018\n\nTrong 5 năm (2013 - 2017), tỉnh Hà Nam kết nạp 635 đảng viên. 6 tháng đầu năm nay kết nạp thêm 41 đảng viên.", "41", ("2018-01", "2018-06")),
        ("Ở tỉnh Cao Bằng, số xóm chưa có chi bộ giảm từ 214 xóm (năm 2001) xuống còn 31 xóm (năm 2006).", "214", ("2001", "2001")),
        ("Ở tỉnh Cao Bằng, số xóm chưa có chi bộ giảm từ 214 xóm (năm 2001) xuống còn 31 xóm (năm 2006).", "31", ("2006", "2006")),
        ("Ngày: 15/01/2024\n\nHiện tỉnh Bắc Ninh có 64 đảng bộ cơ sở. Qua đánh giá, có 12 đảng bộ hoàn thành xuất sắc nhiệm vụ.", "12", ("2023", "2023")),
        ("Ngày: 15/04/2023\n\nQuý I/2023, tỉnh Hà Nam có tỷ lệ đảng viên dự sinh hoạt đạt 93%, tăng 1,4% so với quý IV/2022; kết nạp 64 đảng viên.", "64", ("2023-01", "2023-03")),
        ("Ngày: 30/09/2022\n\nĐảng bộ tỉnh Hà Nam 9 tháng qua kết nạp 21 đảng viên.", "21", ("2022-01", "2022-09")),
        ("Phong trào thi đua của tỉnh Hà Nam giai đoạn 2005-2010 có nhiều kết quả. 5 năm qua, tỉnh kết nạp 9.500 đảng viên.", "9.500", ("2005", "2010")),
        ("Ngày: 27/06/2013\n\nQua 2 năm thực hiện Nghị quyết, tỉnh Đắk Lắk kết nạp 7.110 đảng viên.", "7.110", ("", "")),
        ("Ngày: 14/11/2022\n\nĐến ngày 10/11/2022, tỉnh Hưng Yên có 240 chi bộ xong đại hội. Huyện Ân Thi có 45 chi bộ xong đại hội.", "45", ("2022-11-10", "2022-11-10")),
        ("Chỉ tiêu nghị quyết đại hội nhiệm kỳ 2015-2020 của tỉnh Hà Nam là phấn đấu mỗi năm kết nạp 300 đảng viên.", "300", ("2015", "2020")),
    ],
)  # fmt: skip
def test_a_figure_is_of_the_time_that_is_told(text: str, printed: str, period: tuple[str, str]) -> None:
    """Terms so far, years so far, spans and ratings of the year before date their figures."""
    one = told(text, printed)
    assert one is not None
    assert (one.period_start, one.period_end) == period


@pytest.mark.parametrize(
    ("text", "printed", "place"),
    [
        ("Nguồn: vinhphuc.gov.vn/tin/31267\n\nĐảng bộ Khối các cơ quan Trung ương qua các thời kỳ\n\nĐến hết năm 2021, Đảng bộ Khối có 61 đảng bộ cơ sở.", "61", ("", "Đảng bộ Khối các cơ quan Trung ương")),
        ("Đảng ủy Bộ Giao thông vận tải năm 2019 có 43 đảng bộ cơ sở.", "43", ("", "Đảng bộ Bộ Giao thông vận tải")),
        ("Đảng ủy Bộ Y tế tổng kết năm 2013\n\nNăm 2013, có 552 đảng viên hoàn thành xuất sắc nhiệm vụ.", "552", ("", "Đảng bộ Bộ Y tế")),
        ("Đảng bộ Công ty Than Mạo Khê nâng chất lượng\n\nĐảng bộ Công ty Than Mạo Khê trực thuộc Đảng ủy Tập đoàn Công nghiệp Than. Năm 2015, có 36 chi bộ trực thuộc.", "36", ("", "Đảng bộ Công ty Than Mạo Khê")),
        ("Nguồn: baohanam.com.vn/trang-in-2761.html\n\nĐảng bộ Khối các cơ quan tỉnh hiện có 73 chi bộ cơ sở.", "73", ("Hà Nam", "Đảng bộ Khối các cơ quan tỉnh")),
        ("Huyện Cư Jút (Đắk Nông) năm 2017\n\nCác đảng bộ có số kết nạp cao như: Đắk Wil 14 đảng viên, Nam Dong 13 đảng viên.", "13", ("Đắk Nông", "Nam Dong")),
        ("Huyện Cư Jút (Đắk Nông) năm 2017\n\nToàn huyện kết nạp 120 đảng viên, trong đó có 13 đảng viên nữ.", "13", ("Đắk Nông", "Cư Jút")),
        ("Năm 2020, tỉnh Hà Nam có 72/87 chi bộ Trường học; 6 chi bộ quân sự.", "6", ("Hà Nam", "")),
        ("Tháng 9/2023, BĐBP Điện Biên có 161 đảng viên.", "161", ("Điện Biên", "BĐBP")),
        ("Ngày: 11/11/2011\n\nTại Kon Tum, toàn huyện Đăk Hà có 99 thôn có chi bộ. Huyện phấn đấu đến cuối năm 2012 có 104 thôn có chi bộ.", "104", ("Kon Tum", "Đăk Hà")),
        ("Năm 2020, tỉnh Hà Nam có 40 đảng bộ cơ sở, gồm: huyện Kim Bảng 21, huyện Lý Nhân 17; ngoài ra có 2 đảng bộ cơ sở khối doanh nghiệp.", "2", ("Hà Nam", "")),
    ],
)  # fmt: skip
def test_a_figure_is_of_the_body_that_is_told(text: str, printed: str, place: tuple[str, str]) -> None:
    """Ministries and central bodies have no province, owners and lists that have ended aren't where."""
    one = told(text, printed)
    assert one is not None
    assert (one.province, one.area) == place


def test_a_central_body_needs_no_province_to_be_sure() -> None:
    """Nothing has to be typed where a ministry's committee is named: it lies in no province."""
    one = told("Đảng ủy Bộ Y tế tổng kết năm 2013\n\nNăm 2013, toàn Đảng bộ có 45 chi bộ cơ sở.", "45")
    assert one is not None
    assert one.confidence > 0.6


@pytest.mark.parametrize(
    ("text", "printed", "target"),
    [
        ("Tỉnh Hà Nam đề ra mục tiêu kết nạp 300 đảng viên nhiệm kỳ 2020-2025. Trong đó, mỗi năm kết nạp 60 đảng viên.", "60", True),
        ("Tỉnh Hà Nam đề ra mục tiêu kết nạp 300 đảng viên nhiệm kỳ 2020-2025. Trong đó, năm 2021 đã kết nạp 60 đảng viên.", "60", False),
        ("Tỉnh Hà Nam phấn đấu năm 2021 kết nạp 300 đảng viên; năm 2020 kết nạp được 260 đảng viên.", "260", False),
    ],
)  # fmt: skip
def test_targets_go_on_until_a_result_is_told(text: str, printed: str, *, target: bool) -> None:
    """The parts of a plan are plans; what was admitted is none, also behind a semicolon."""
    one = told(text, printed)
    assert one is not None
    assert one.target is target


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Nguồn: baohanam.com.vn/202109/tin.html", About(source="baohanam.com.vn/202109/tin.html")),
        ("Nguồn: Báo Hà Nam", About(publisher="Báo Hà Nam")),
        ("Ngày: 09/2021", About(published="2021-09")),
        ("Ngày: không rõ (2021)", About(published="2021")),
        ("Ngày: không rõ (2020-2021)", About()),
        ("Ngày: 1/7 là ngày hội của toàn dân", None),
    ],
)
def test_a_head_says_where_and_when_as_people_write_it(line: str, wanted: About | None) -> None:
    """An address without its scheme is one; a month, a year or an unknown date is no line of the text."""
    assert about_line(line) == wanted


_RATED = (
    "Năm 2021, tỉnh Hà Nam có 48 tổ chức cơ sở đảng, 70 tập thể quản lý và 210 chi bộ đều hoàn thành tốt nhiệm vụ. "
    "Trong đó, có 9/48 tổ chức cơ sở đảng, 15/70 tập thể quản lý và 40/210 chi bộ được công nhận hoàn thành xuất sắc nhiệm vụ."
)
_STRONG = (
    "Năm 2012, tỉnh Hà Nam có 30 cơ sở đảng và 140 chi bộ trực thuộc đạt danh hiệu “Trong sạch vững mạnh”, "
    "410 đảng viên đủ tư cách, hoàn thành xuất sắc nhiệm vụ, 1.950 đảng viên đủ tư cách, hoàn thành tốt nhiệm vụ."
)
_HEADS = "Ở tỉnh Hà Nam, trưởng thôn không phải là đảng viên có 80/560 người, chiếm 14,29%; bí thư chi bộ đồng thời là tổ trưởng tổ dân phố có 18/90 người."


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        # the excellent are among those called good, and each figure takes its own class
        (_RATED, "210", {"category_id": "good_or_better", "category_kind": "cumulative"}),
        (_RATED, "9", {"category_id": "excellent"}),
        (_RATED, "40", {"category_id": "excellent"}),
        ("Năm 2021, tỉnh Hà Nam có 100% chi bộ hoàn thành tốt nhiệm vụ, trong đó 22% chi bộ hoàn thành xuất sắc nhiệm vụ.", "100%", {"category_id": "good_or_better"}),
        ("Năm 2021, tỉnh Hà Nam có 60 chi bộ hoàn thành tốt nhiệm vụ, 20 chi bộ hoàn thành xuất sắc nhiệm vụ.", "60", {"category_id": "good"}),
        (_STRONG, "410", {"subject": "member", "category_id": "excellent"}),
        (_STRONG, "1.950", {"subject": "member", "category_id": "good"}),
        ("Năm 2012, tỉnh Hà Nam có 30 chi bộ trong sạch vững mạnh, 410 đảng viên.", "410", {"category_id": "", "category": ""}),
        # a share of the members is none of the organisations
        ("Năm 2022, dự đại hội của tỉnh Hà Nam có 210 đại biểu, đại diện cho 37 chi bộ, chiếm 18,5% tổng số đảng viên toàn Đảng bộ.", "37", {"indicator": "org_count"}),
        # where: communes that were merged, and committees of the province behind the example of a district
        ("Năm 2025, xã Hòa Thịnh, tỉnh Hà Nam đại hội. Xã được hình thành do sáp nhập xã Tam Sơn. Xã có 21 chi bộ.", "21", {"area": "Hòa Thịnh"}),
        ("Năm 2025, sau khi sáp nhập, xã Tam Sơn (tỉnh Hà Nam) có 21 chi bộ.", "21", {"area": "Tam Sơn"}),
        ("Tháng 5/2020, Đảng bộ huyện Thanh Liêm (Hà Nam) đã đại hội. Trong tháng 6, 12 đảng bộ còn lại trực thuộc Tỉnh ủy đã tổ chức thành công đại hội.", "12", {"area": "", "geo_level": "province", "indicator": "congress_done", "subject": "other"}),
        ("Năm 2021, Đảng bộ Công ty CP than Hà Lầm kết nạp 12 đảng viên.", "12", {"area": "Đảng bộ Công ty CP than Hà Lầm"}),
        # a name goes on behind "công tác"; a body that only says what kind it is has no name of its own
        ("Năm 2021, Chi bộ phòng Đào tạo công tác sinh viên kết nạp 14 quần chúng ưu tú trong đó có 6 nữ.", "14", {"area": "Chi bộ phòng Đào tạo công tác sinh viên", "category": ""}),
        ("Năm 2016, Đảng bộ Tập đoàn Hóa chất Việt Nam vững mạnh. Trong quý 1-2017, toàn Đảng bộ Tập đoàn kết nạp 45 đảng viên.", "45", {"area": "Đảng bộ Tập đoàn Hóa chất Việt Nam"}),
        ("Trong quý 1-2017, toàn Đảng bộ Tập đoàn kết nạp 45 đảng viên.", "45", {"area": ""}),
        ("Ngày 15/3/2021, Đảng ủy Công ty A tổ chức lễ kết nạp Đảng cho 12 ĐVTN ưu tú.", "12", {"indicator": "members_admitted", "category": "đoàn viên"}),
        # those who are no members are heads of villages
        (_HEADS, "80", {"indicator": "village_member_head", "subject": "village", "complement": True}),
        (_HEADS, "18", {"indicator": "village_head_secretary"}),
    ],
)  # fmt: skip
def test_each_figure_takes_its_own_meaning(text: str, printed: str, wanted: dict) -> None:
    """Its rating and not the neighbour's, its place and not the example's, its share and not another's."""
    one = told(text, printed)
    assert one is not None
    assert {name: getattr(one, name) for name in wanted} == wanted
