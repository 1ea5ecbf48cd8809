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
        # a rate of admission is one of all members
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
