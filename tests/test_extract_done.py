"""What a figure counts by what is done to those counted: a target reached, handed over, rated, set up, stood for."""

# ruff: noqa: E501 -- texts and cells stand on one line

from __future__ import annotations

import re

import pytest

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose import About, Candidate, document_of, read_document

CATALOGUE, GAZETTEER = Catalogue.read(), Gazetteer.read()


def told(text: str, printed: str) -> Candidate | None:
    """Return the figure with these digits that is no number of all, in a document of Lào Cai of 2020."""
    about = About(published="2020-12-15", province="Lào Cai")
    read = read_document(document_of(text), catalogue=CATALOGUE, gazetteer=GAZETTEER, about=about)
    those = [one for one in read.candidates if not one.evidence.startswith("base")]
    return next((one for one in those if re.split("[;/]", one.figure.printed)[0] == printed), None)


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        ("Năm 2019, tỉnh kết nạp 1.200 đảng viên, đạt 96% chỉ tiêu.", "96%", {"indicator": "members_admitted", "base_of": "target", "subject": "member"}),
        ("Năm 2019, tỉnh kết nạp 1.200 đảng viên, đạt 120% kế hoạch.", "120%", {"base_of": "target"}),
        ("Năm 2019, công tác kết nạp đảng viên đạt 105% chỉ tiêu.", "105%", {"indicator": "members_admitted", "base_of": "target"}),
        ("Năm 2019, huyện Bát Xát kết nạp 80 đảng viên, đạt 50,98%.", "50,98%", {"base_of": "target", "area": "Bát Xát"}),
        ("Năm 2019, tỉnh kết nạp 1.200 đảng viên, đạt 96% chỉ tiêu, trong đó nữ 560 đồng chí.", "560", {"category": "nữ", "base_of": ""}),
        # what is over isn't what was reached; other plans are none of the catalogue
        ("Năm 2019, tỉnh kết nạp 1.200 đảng viên, vượt 20% chỉ tiêu.", "20%", None),
        ("Năm 2019, kết nạp 50 đảng viên, thu 300 tỷ đồng, đạt 110% kế hoạch.", "110%", None),
        ("Toàn tỉnh thành lập 12 chi bộ, đạt 120% kế hoạch.", "120%", None),
        ("Năm 2019, kết nạp được 39 đảng viên mới trong tổng số 200 đảng viên mới theo kế hoạch.", "39", {"category": "", "base_of": ""}),
        ("Tỉnh có 100% tổ chức cơ sở đảng đều kết nạp được đảng viên, đạt và vượt chỉ tiêu.", "100%", {"indicator": "org_count", "category": "có kết nạp đảng viên"}),
        # a rate of admission is one of all members
        ("Năm 2019, huyện Bát Xát kết nạp được 358 đảng viên mới, đạt tỷ lệ 7,61%.", "358", {"base_of": "all_members"}),
        ("Năm 2019, tỉnh kết nạp 1.200 đảng viên, đạt tỷ lệ 94,5%.", "94,5%", {"base_of": "target"}),
        ("Tỷ lệ kết nạp đảng viên hằng năm đạt 3,7%.", "3,7%", {"base_of": "all_members"}),
    ],
)  # fmt: skip
def test_what_is_reached_of_a_target_has_its_base(
    text: str, printed: str, wanted: dict[str, object] | None
) -> None:
    """The catalogue's base `target` is said of admissions only, in a figure of its own."""
    one = told(text, printed)
    assert (one and {name: getattr(one, name) for name in wanted or {}}) == wanted


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        ("Đảng ủy Khối bàn giao 7 chi bộ với 350 đảng viên về các huyện ủy.", "350", {"indicator": "org_count", "definition": "handed_over"}),
        ("Hội nghị chuyển giao, tiếp nhận 105 tổ chức đảng.", "105", {"definition": "handed_over"}),
        ("Tổng số đảng viên bàn giao là 314 đồng chí, trong đó đảng viên dự bị 18 đồng chí.", "18", {"definition": "handed_over", "category": "dự bị"}),
        ("Đảng ủy Khối tiếp nhận 7 chi bộ.", "7", {"indicator": ""}),
        ("Trạm bàn giao kỹ thuật cho 300 đảng viên.", "300", {"indicator": ""}),
        ("Dự đại hội có 81 đại biểu đại diện cho 220 đảng viên tham dự.", "220", {"indicator": "org_count"}),
        ("Toàn tỉnh thành lập mới 3 chi bộ.", "3", {"definition": "newly_set_up", "category": "thành lập mới"}),
        ("Có 3 đảng bộ đủ điều kiện lập trường.", "3", {"indicator": ""}),
        # four committees above a bound aren't those that admitted anybody
        ("Có 4 đảng bộ kết nạp đảng viên mới đạt trên 50% chỉ tiêu.", "4", {"indicator": ""}),
        ("Có 543/545 chi bộ kiểm điểm, đánh giá chất lượng.", "543", {"definition": "rated", "category": ""}),
        ("Toàn tỉnh có 124/164 đảng bộ xã, phường đạt trong sạch, vững mạnh.", "124", {"indicator": "org_quality_rating", "subject": "grassroots_org", "definition": "communes_only"}),
        ("Năm 2016, có 439 tổ chức cơ sở đảng trong sạch vững mạnh; 107/439 tổ chức trong sạch vững mạnh tiêu biểu.", "107", {"category_id": "exemplary", "base_of": "strong"}),
        ("Có 36 tổ chức cơ sở đảng trực thuộc Huyện ủy, 63 tập thể quản lý và 159 chi bộ hoàn thành tốt nhiệm vụ.", "36", {"indicator": "org_quality_rating", "category_id": "good"}),
        ("Đã có 23 doanh nghiệp trên địa bàn huyện thành lập được chi bộ.", "23", {"indicator": "org_count", "definition": "units_with_organisation", "category": "doanh nghiệp"}),
        ("Toàn huyện có 83/90 trường học có chi bộ.", "83", {"definition": "units_with_organisation", "subject": "other", "category": "trường học"}),
        ("Toàn tỉnh lập 2 chi bộ công an; có 379 xã có từ 3 đảng viên chính thức trở lên.", "379", {"indicator": "police_cell", "definition": "able"}),
        ("Toàn tỉnh lập 2 chi bộ công an; 11 xã có dưới 3 đảng viên chính thức.", "11", {"indicator": "police_cell", "definition": "not_able"}),
        ("Công an chính quy công tác ở 460 xã.", "460", {"indicator": ""}),
        ("Có 7/7 phường củng cố chi bộ quân sự trực thuộc các Đảng bộ phường với 96 đảng viên.", "96", {"indicator": "military_cell", "definition": "members"}),
        ("Hiện nay 100% công an xã, thị trấn có chi bộ riêng.", "100%", {"indicator": "police_cell", "subject": "commune"}),
        ("Đến nay, 99% thôn có tổ chức đảng, 98% tổ chức đảng có chi ủy.", "98%", {"indicator": "village_own_cell", "definition": "with_committee", "base_of": "with_organisation", "subject": "cell"}),
        ("Huyện có 46 chi, đảng bộ với 2.510 đảng viên, trong đó có 14 đảng bộ và 32 chi bộ trực thuộc.", "32", {"subject": "grassroots_org", "category": "chi bộ cơ sở"}),
        ("Đảng bộ có 900 đảng viên, trong đó tổ chức đảng trong khu vực ngoài nhà nước là 38 cơ sở.", "38", {"subject": "grassroots_org", "category": "khu vực ngoài nhà nước"}),
    ],
)  # fmt: skip
def test_what_is_done_to_those_counted_says_which_they_are(
    text: str, printed: str, wanted: dict[str, object]
) -> None:
    """Those handed over, set up, rated or stood for are told apart from all that there are."""
    one = told(text, printed)
    assert one is not None
    assert {name: getattr(one, name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Trong số 1.200 đảng viên mới kết nạp có 45% là nữ, 30% là người dân tộc thiểu số, 71,5% là đoàn viên thanh niên.",
            [("1.200", "members_admitted", "", None), ("45%", "members_admitted", "nữ", 1200), ("30%", "members_admitted", "dân tộc thiểu số", 1200), ("71,5%", "members_admitted", "đoàn viên", 1200)],
        ),
        (
            "Phân tích 620 đảng viên mới kết nạp: nữ 210, dân tộc 55; cán bộ, công chức 150, nông dân 200.",
            [("620", "members_admitted", "", None), ("210", "members_admitted", "nữ", 620), ("55", "members_admitted", "dân tộc thiểu số", 620), ("150", "members_admitted", "cán bộ, công chức", 620), ("200", "members_admitted", "nông dân", 620)],
        ),
        # who they are says of which kind each is, and no kind is the whole of another
        (
            "Đảng bộ có 6.500 đảng viên là công nhân, 2.300 đảng viên là nông dân.",
            [("6.500", "org_count", "công nhân", None), ("2.300", "org_count", "nông dân", None)],
        ),
        (
            "Đảng viên là người Khmer có 1.200 đồng chí, đảng viên là phụ nữ 3.400 đồng chí.",
            [("1.200", "org_count", "dân tộc thiểu số", None), ("3.400", "org_count", "nữ", None)],
        ),
        (
            "Năm 2019, kết nạp 90 đảng viên, trong đó có 3 trưởng thôn, 5 chủ doanh nghiệp.",
            [("90", "members_admitted", "", None), ("3", "members_admitted", "trưởng thôn", 90), ("5", "members_admitted", "chủ doanh nghiệp", 90)],
        ),
        (
            "Trong số đảng viên mới kết nạp có 12 đồng chí là trưởng thôn.",
            [("12", "members_admitted", "trưởng thôn", None)],
        ),
        (
            "Đến nay, 135/157 trưởng thôn là đảng viên, trong đó 88 đồng chí kiêm bí thư chi bộ.",
            [("135/157", "village_member_head", "", 157), ("88", "village_head_secretary", "", 135)],
        ),
        (
            "Chi bộ Sinh viên có 29 đảng viên, trong đó có 28 đảng viên là sinh viên.",
            [("29", "cell_size", "", None), ("28", "cell_size", "sinh viên", 29)],
        ),
        (
            "Đảng bộ có 14 chi bộ trực thuộc (10 chi bộ thôn, 1 chi bộ trạm y tế) với 420 đảng viên (165 nữ, 30 được miễn sinh hoạt).",
            [("14", "org_count", "", None), ("10", "org_count", "thôn", None), ("1", "org_count", "trạm y tế", None), ("420", "org_count", "", None), ("165", "org_count", "nữ", 420), ("30", "members_exempt", "", 420)],
        ),
        (
            "Huyện có 12 chi bộ công an, 30 chi bộ trường học.",
            [("12", "police_cell", "", None), ("30", "org_count", "trường học", None)],
        ),
        # the Youth Union and associations take in others, courses teach those who were admitted
        ("Huyện phát triển 300 đoàn viên, kết nạp 500 hội viên phụ nữ.", []),
        ("Huyện mở 5 lớp đảng viên mới cho 210 đảng viên.", []),
        ("Có 5 xã có bí thư kiêm chủ tịch.", [("5", "", "", None)]),
        (
            "Năm 2020, 12 chi bộ tổ chức đại hội, trực tiếp bầu bí thư; 3 chi bộ tổ chức đại hội điểm.",
            [("12", "congress_done", "bầu trực tiếp bí thư", None), ("3", "congress_done", "đại hội điểm", None)],
        ),
    ],
)  # fmt: skip
def test_each_part_is_told_with_its_kind_and_its_whole(
    text: str, wanted: list[tuple[str, str, str, int | None]]
) -> None:
    """In lists of those counted each number keeps its own kind; only what they are parts of is their base."""
    about = About(published="2020-12-15", province="Lào Cai")
    read = read_document(document_of(text), catalogue=CATALOGUE, gazetteer=GAZETTEER, about=about)
    those = [one for one in read.candidates if not one.evidence.startswith("base")]
    assert [(one.figure.printed, one.indicator, one.category, one.figure.base) for one in those] == wanted
