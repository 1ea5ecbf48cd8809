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
    cells = {
        "indicator": "",
        "subject": "member",
        "province": "",
        "geo_level": "",
        "period_start": "",
        "period_end": "",
    }
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


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        ("Huyện Bát Xát kết nạp 67 đảng viên (gồm 32 đảng viên là người Mông, 35 đảng viên trong độ tuổi Đoàn, 33 đảng viên nữ).", "33", {"base": 67, "indicator": "members_admitted"}),
        ("Huyện Bát Xát kết nạp 67 đảng viên, gồm 30 đảng viên trong độ tuổi Đoàn.", "30", {"base": 67, "indicator": "members_admitted"}),
        # a year of its own inside the years before it
        ("Từ năm 2015 đến nay, huyện Bát Xát kết nạp 50 đảng viên, riêng năm 2019 kết nạp 11 đảng viên.", "11", {"base": None}),
        # of those rated, not of all; shares of two decimals are often cut off
        ("Năm 2017, tỉnh có 50/52 tổ chức cơ sở đảng trực thuộc Tỉnh ủy được đánh giá. Kết quả, có 2 tổ chức cơ sở đảng hoàn thành nhiệm vụ (chiếm 4%).", "2; 4%", {"base": 50}),
        ("Năm 2017, tỉnh có 50 tổ chức cơ sở đảng được đánh giá. Kết quả, có 14 tổ chức cơ sở đảng hoàn thành tốt nhiệm vụ (chiếm 28%, so với năm 2016 tăng 4%).", "14; 28%", {"base": 50}),
        ("Năm 2017, tỉnh đánh giá 431 chi bộ trực thuộc, có 148 chi bộ hoàn thành tốt nhiệm vụ (chiếm 34,33%).", "148; 34,33%", {"base": 431}),
    ],
)  # fmt: skip
def test_a_base_is_of_the_same_people(text: str, printed: str, wanted: dict[str, object]) -> None:
    """Parts of a list have its head as base, ratings those rated, and another time or share none."""
    one = next(one for one in read(text) if one.figure.printed == printed)
    found = {"base": one.figure.base, "indicator": one.indicator}
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Huyện Bát Xát có 17 chi bộ quân sự với 150 đảng viên.", [("military_cell", "branch_cell", ""), ("military_cell", "member", "members")]),
        ("Huyện Bát Xát thành lập 3 đảng bộ khối.", [("bloc_committee", "grassroots_org", "committees")]),
        ("Tỉnh có 2 đảng bộ khối.", [("org_count", "committee", "")]),
        ("Đại hội Chi bộ Báo Lào Cai bầu Ban Chấp hành gồm 5 ủy viên.", [("committee_size", "cell", "")]),
        ("Huyện Bát Xát có 1 Chi bộ Công ty Mai Lâm (9 đảng viên).", [("org_count", "cell", ""), ("cell_size", "cell", "")]),
        ("Đảng bộ xã Y Tý có 95% tổ chức đảng trực thuộc hoàn thành tốt nhiệm vụ.", [("org_quality_rating", "other", "")]),
        ("Tỉnh có 95% tổ chức cơ sở đảng hoàn thành tốt nhiệm vụ.", [("org_quality_rating", "grassroots_org", "")]),
        ("Đã có 7/7 phường có chi bộ quân sự với 96 đảng viên, 100% chi bộ có chi ủy.", [("military_cell", "commune", ""), ("org_count", "commune", ""), ("military_cell", "member", "members"), ("military_cell", "branch_cell", "with_committee")]),
    ],
)  # fmt: skip
def test_the_indicator_of_some_is_that_of_the_catalogue(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    """Members of one cell, of the cells of the forces, the committee of a cell, committees of a bloc."""
    assert [(one.indicator, one.subject, one.definition) for one in read(text)] == expected


def test_names_and_classes_count_nothing() -> None:
    """Numbered cells and classes of a school are names."""
    text = "Chi bộ 1, Chi bộ 3 và Chi bộ 5 kết nạp 6 đảng viên, trong đó có em Mai, lớp 12A1."
    assert [one.figure.count for one in read(text)] == [6]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đến nay, trong các trường học trên địa bàn tỉnh có 42 chi bộ với 610 đảng viên.", ["trường học"] * 2),
        ("Đối với khu vực ngoài nhà nước, tỉnh đã thành lập 12 chi bộ, kết nạp 96 đảng viên.", ["khu vực ngoài nhà nước"] * 2),
        ("Riêng ngành Giáo dục kết nạp 120 đảng viên.", ["ngành giáo dục"]),
        ("Tỉnh kết nạp 120 đảng viên; trong đó, khối nông thôn 70 đồng chí, khối cơ quan 50 đồng chí.", ["", "khối nông thôn", "khối cơ quan"]),
        ("Tỉnh có 300 chi bộ khu dân cư, 12 chi bộ cơ quan, đơn vị sự nghiệp, 8 chi bộ trường học.", ["khu dân cư", "cơ quan, đơn vị sự nghiệp", "trường học"]),
        ("Tổng số hội viên nông dân là đảng viên toàn tỉnh đạt 8.149.", ["nông dân"]),
        ("Tỉnh có 25 giáo viên là đảng viên.", ["giáo viên"]),
        ("Năm 2019, Đoàn giới thiệu 150 đoàn viên ưu tú, trong đó có 50 người được kết nạp Đảng.", ["đoàn viên"]),
        ("Trong tổng số đảng viên kết nạp, khối trường học có 20 đảng viên.", ["khối trường học"]),
        ("Khối các cơ quan tỉnh kết nạp 60 đảng viên.", [""]),
        ("Trong năm, các xã vùng cao và thị trấn kết nạp 60 đảng viên.", [""]),
    ],
)  # fmt: skip
def test_who_has_them_and_where_they_are_say_which(text: str, expected: list[str]) -> None:
    """Told at the head of a clause, before the verb or the number; the name of a body or place is none."""
    assert [one.category for one in read(text)] == expected


def test_the_head_of_a_clause_may_leave_some_without_words() -> None:
    """The words behind the noun don't go on to the number: nothing says which cells these are."""
    (one,) = read("Tổng số đảng viên các chi bộ sau khi thành lập mới là 31 đảng viên.")
    assert (one.category, "some" in one.evidence) == ("", True)


def test_members_in_brackets_are_those_of_the_cells_before_them() -> None:
    """A list of places goes on with the cells that it began with, not with all members of each place."""
    text = "Huyện Bát Xát có 2 chi bộ trường học xã Y Tý (12 đảng viên), xã A Mú Sung (9 đảng viên)."
    assert [one.category for one in read(text)] == ["trường học", "chi bộ trường học", "chi bộ trường học"]
