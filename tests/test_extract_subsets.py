"""Which of those there are a figure counts: in the text's own words, and never silently as all of them."""

# ruff: noqa: E501 -- texts stand on one line

from __future__ import annotations

import pytest

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose import About, Candidate, document_of, doubtful, read_document

CATALOGUE, GAZETTEER = Catalogue.read(), Gazetteer.read()


def read(text: str) -> tuple[Candidate, ...]:
    """Return the figures of an article of Lào Cai."""
    about = About(published="2020-08-05", province="Lào Cai")
    return read_document(document_of(text), catalogue=CATALOGUE, gazetteer=GAZETTEER, about=about).candidates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Năm 2019, tỉnh kết nạp 90 đảng viên ở khu vực kinh tế tư nhân trên địa bàn.", ["khu vực kinh tế tư nhân"]),
        ("Tỉnh có 12 tổ chức đảng thuộc loại hình hợp tác xã, 9 tổ chức đảng trong đơn vị sự nghiệp ngoài công lập.", ["loại hình hợp tác xã", "đơn vị sự nghiệp ngoài công lập"]),
        ("Tỉnh có 210 đảng viên là người theo đạo trong tổng số 4.100 đảng viên.", ["có đạo", ""]),
        ("Năm 2019, tỉnh kết nạp 75 đảng viên nhập ngũ đầu năm 2019.", ["nhập ngũ"]),
        ("Năm 2019, tỉnh kết nạp 60 đảng viên, trong đó công đoàn viên chiếm 25%.", ["", "đoàn viên công đoàn"]),
        ("Năm 2019, tỉnh kết nạp 60 đảng viên là giáo viên, bác sĩ, kỹ sư trong các trường học.", ["giáo viên, bác sĩ, kỹ sư trong các trường học"]),
        ("Phường có 14 chi bộ khu phố.", ["khu phố"]),
        ("Tỉnh có 9 chi bộ ấp, khu phố.", ["ấp, khu phố"]),
        ("Tỉnh có 300 đảng viên cao tuổi.", ["cao tuổi"]),
    ],
)  # fmt: skip
def test_what_stands_behind_says_which(text: str, expected: list[str]) -> None:
    """Whatever restricts those counted is their category, whether the catalogue has a name for it or not."""
    assert [one.category for one in read(text)] == expected
    assert {one.indicator for one in read(text)} <= {"org_count", "members_admitted"}


@pytest.mark.parametrize(
    "text",
    [
        "Tỉnh có 45.000 đảng viên trong toàn Đảng bộ.",
        "Huyện Bát Xát có 4.000 đảng viên sinh hoạt tại 60 tổ chức cơ sở đảng trực thuộc Huyện ủy.",
        "Năm 2019, tỉnh kết nạp 300 đảng viên mới ở các chi bộ, đảng bộ cơ sở.",
        "Năm 2019, tỉnh kết nạp 300 đảng viên vào Đảng Cộng sản Việt Nam.",
        "Huyện Bát Xát có 4.000 đảng viên của 23 xã, thị trấn.",
        "Đảng bộ Khối các cơ quan tỉnh kết nạp 60 đảng viên.",
        "Tỉnh kết nạp được 300 đảng viên trên địa bàn huyện Bát Xát trong năm 2019.",
        "Tỉnh kết nạp 300 đảng viên từ đầu năm đến nay.",
    ],
)
def test_all_of_them_have_no_category(text: str) -> None:
    """Where, when and under which committee all of them are says nothing of which."""
    assert {one.category for one in read(text)} == {""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Số tổ chức đảng trong doanh nghiệp tư nhân hiện nay trên toàn tỉnh là 85 tổ chức, với 940 đảng viên.", ["doanh nghiệp tư nhân"] * 2),
        ("Năm 2019, tỉnh thành lập 12 tổ chức đảng và kết nạp 150 đảng viên trong doanh nghiệp tư nhân.", ["doanh nghiệp tư nhân"] * 2),
        ("Riêng các tổ chức cơ sở đảng khối xã, thị trấn kết nạp 52 đảng viên.", ["khối xã, thị trấn"]),
        ("Năm 2019, tỉnh kết nạp 300 đảng viên. Trong đó, doanh nghiệp ngoài nhà nước kết nạp được 45 đảng viên.", ["", "doanh nghiệp ngoài nhà nước"]),
        ("Tỉnh có 6 chi bộ trường học với 80 đảng viên.", ["trường học", "chi bộ trường học"]),
        # a comma parts them: of which the second are says nothing of the first
        ("Tỉnh có 900 chi bộ, 940 đảng viên trong doanh nghiệp tư nhân.", ["", "doanh nghiệp tư nhân"]),
        ("Tỉnh có 900 chi bộ và 940 đảng viên nữ.", ["", "nữ"]),
    ],
)  # fmt: skip
def test_what_is_said_once_is_said_of_several(text: str, expected: list[str]) -> None:
    """The head of a clause, who has them or admitted them, and words shared by what "và" or "với" joins."""
    assert [one.category for one in read(text)] == expected


def test_some_without_their_words_are_doubtful() -> None:
    """The words point elsewhere: the category is left for typing, and the row is less sure than one of all."""
    some, all_of_them = read("Tỉnh kết nạp 23 đảng viên trong lực lượng này. Tỉnh kết nạp 300 đảng viên.")
    assert (some.indicator, some.category) == ("members_admitted", "")
    assert some.confidence < all_of_them.confidence
    cells = {"indicator": "", "subject": "member", "province": "", "period_start": "", "period_end": ""}
    assert "category" in doubtful({**cells, "category": "", "evidence": some.evidence})
    assert "category" not in doubtful({**cells, "category": "", "evidence": all_of_them.evidence})


def test_others_than_those_of_the_catalogue_have_no_indicator() -> None:
    """A share that was raised is no admission, other organisations aren't the Party's, villages develop."""
    admitted, share = read(
        "Năm 2019, tỉnh kết nạp 300 đảng viên trong dân quân, nâng tỷ lệ đảng viên lên 21%."
    )
    assert (admitted.indicator, share.indicator) == ("members_admitted", "")
    assert [one.figure.count for one in read("Năm 2019, tỉnh thành lập 6 tổ chức công đoàn.")] == []
    received = read("Huyện tiếp nhận Chi bộ Ngân hàng Nông nghiệp và phát triển nông thôn và 44 đảng viên.")
    assert "members_admitted" not in {one.indicator for one in received}


def test_cells_that_the_forces_have() -> None:
    """All twelve are there, ten of them have a committee: the same indicator with its own unit."""
    whole, _, part = read("Huyện Bát Xát có 12/12 chi bộ quân sự, trong đó 10 chi bộ có chi ủy.")
    assert (whole.indicator, whole.subject, whole.figure.base) == ("military_cell", "branch_cell", 12)
    assert (part.indicator, part.definition, part.figure.base) == ("military_cell", "with_committee", 12)
