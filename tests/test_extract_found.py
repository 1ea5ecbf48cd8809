"""What real pages showed to be missing, each as a made-up sentence with the figure that must come out."""

# ruff: noqa: E501 -- texts stand on one line

from __future__ import annotations

import pytest

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose import About, Candidate, document_of, read_document
from cbanalysis.importing.prose.metadata import date_in


def read(text: str, published: str = "2018-05-02") -> list[Candidate]:
    """Return the figures of a text that a paper of Bắc Giang published."""
    about = About(province="Bắc Giang", published=published)
    reading = read_document(
        document_of(text), catalogue=Catalogue.read(), gazetteer=Gazetteer.read(), about=about
    )
    return [*reading.candidates]


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        (
            "Năm 2017, huyện Tân Yên thực hiện tốt nhiệm vụ, kết nạp 108 đảng viên.",
            "108", {"period_start": "2017"},
        ),
        (
            "Đến ngày 3.4, toàn tỉnh kết nạp 120 đảng viên.",
            "120", {"period_start": "2018-01", "period_end": "2018-04-03"},
        ),
        (
            "Năm 2017, toàn tỉnh kết nạp 300 đảng viên, đạt 48% so với nghị quyết đề ra; trong đó có 140 nữ.",
            "140", {"base": 300, "target": False},
        ),
        (
            "Năm 2017, huyện Tân Yên (Bắc Giang) còn 58/137 trưởng thôn chưa là đảng viên.",
            "58/137", {"indicator": "village_member_head", "complement": True},
        ),
        (
            "Năm 2017, nhiều đảng viên mới là: Trường Cao đẳng Phương Nam (28 đảng viên).",
            "28", {"area": "Trường Cao đẳng Phương Nam"},
        ),
        (
            "Năm 2017, Đảng bộ xã Hòa An có 43 chi bộ với 1.251 đảng viên, trong đó có 30 chi bộ thôn.",
            "30", {"base": 43},
        ),
        (
            "Năm 2017, huyện Tân Yên kết nạp 39 đảng viên trong tổng số 200 đảng viên mới theo kế hoạch.",
            "39", {"base": None},
        ),
        (
            "Huyện Tân Yên kết nạp 5 đảng viên, 24 đảng bộ hoàn thành tốt nhiệm vụ năm 2016.",
            "5", {"period_end": "2016"},
        ),
        (
            "Đảng bộ Khối các cơ quan tỉnh có 73 chi bộ.\n\nTừ đầu năm đến nay, Đảng ủy Khối kết nạp 90 đảng viên.",
            "90", {"area": "Đảng bộ Khối các cơ quan tỉnh", "period_end": "2018-05"},
        ),
        (
            "Từ đầu năm đến nay, toàn tỉnh kết nạp 410 đảng viên.\n\nĐảng bộ huyện Tân Yên kết nạp 31 đảng viên.",
            "31", {"period_start": "2018-01", "period_end": "2018-05"},
        ),
    ],
)  # fmt: skip
def test_a_figure_comes_out_as_a_reader_takes_it(text: str, printed: str, wanted: dict) -> None:
    """Verbs that only sound like "now", days with a point, plans, bodies in lists, wholes of their own kind."""
    one = next(one for one in read(text) if one.figure.printed == printed)
    found = {"base": one.figure.base} | {name: getattr(one, name) for name in wanted if name != "base"}
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Việc này xong vào cuối tháng 3.",
        "Huyện Tân Yên vượt chỉ tiêu 9 đảng viên.",
        "Huyện Tân Yên tăng 60 chi bộ và 359 đảng viên so với năm 2016.",
        "Huyện Tân Yên thu ngân sách đạt 105% kế hoạch.",
    ],
)
def test_months_changes_and_plans_are_no_figures(text: str) -> None:
    """A month, a surplus over the plan, a change of two things at once, a share that only a plan can have."""
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        ("Huyện Tân Yên có 6 chi bộ tổ chức lễ ra quân làm đường.", "6", {"indicator": ""}),
        ("Huyện Tân Yên có 3 đảng bộ xã đã kiện toàn xong bộ máy.", "3", {"indicator": ""}),
        ("Xã Quế Nham có 9 chi bộ và 14 thôn.", "14", {"indicator": ""}),
        (
            "Tỉnh đã giải thể 130 chi bộ cơ quan xã, gần 3 nghìn đảng viên về sinh hoạt tại thôn.",
            "gần 3 nghìn", {"indicator": "office_cell_members"},
        ),
        ("Huyện Tân Yên xóa 2 thôn chưa có đảng viên.", "2", {"indicator": ""}),
        ("Không còn chi bộ mới thành lập.", "Không còn", {"indicator": ""}),
        (
            "Huyện Yên Thế có 17 chi bộ quân sự xã, thị trấn được thành lập, với 150 đảng viên.",
            "150", {"indicator": "military_cell", "definition": "members"},
        ),
        ("Ít nhất là Chi bộ Quân sự xã Đồng Hưu với 6 đảng viên.", "6", {"indicator": "cell_size", "subject": "cell"}),
        (
            "Đã có 5/16 đảng bộ tổ chức xong đại hội đảng bộ cấp trên trực tiếp cơ sở.",
            "5/16", {"indicator": "congress_done", "subject": "other"},
        ),
        (
            "Có 11/14 đảng bộ trực thuộc Tỉnh ủy tổ chức thành công đại hội.",
            "11/14", {"indicator": "congress_done", "subject": "other"},
        ),
        (
            "Có 40/52 đảng bộ cơ sở tổ chức thành công đại hội.",
            "40/52", {"indicator": "congress_done", "subject": "grassroots_org"},
        ),
        (
            "Năm 2016, huyện có 7/7 chỉ tiêu đạt và vượt, như 95% tổ chức cơ sở đảng, 88% đảng viên xếp loại hoàn thành tốt nhiệm vụ.",
            "95%", {"indicator": "org_quality_rating", "category_id": "good", "target": False},
        ),
        (
            "Năm 2017, 55,5% trưởng thôn, 43% phó thôn là đảng viên.",
            "55,5%", {"indicator": "village_member_head", "complement": False},
        ),
        (
            "Huyện có 215 trưởng ban điều hành thôn, khu phố là đảng viên.",
            "215", {"indicator": "village_member_head"},
        ),
        (
            "Huyện xây dựng được 115/117 chi bộ thôn, tổ dân phố có đủ đảng viên tại chỗ.",
            "115/117", {"indicator": "village_own_cell", "definition": "with_local_members", "base_of": "cells"},
        ),
        (
            "41/41 chi bộ trực thuộc đã triển khai Sổ tay đảng viên điện tử.",
            "41/41", {"indicator": "e_handbook", "subject": "cell"},
        ),
        (
            "Toàn tỉnh có 700 thôn, khu phố (260 khu phố, 440 thôn).",
            "440", {"base": 700},
        ),
        (
            # 540 of 38,600 are 1.4%
            "Toàn tỉnh có 38.600 đảng viên. Đảng viên dân tộc thiểu số chiếm 1,4% so với tổng số đảng viên toàn tỉnh (540 đảng viên).",
            "540; 1,4%", {"base": 38600, "subject": "member"},
        ),
        # where
        ("Đảng bộ Các cơ quan tỉnh có 70 chi bộ.", "70", {"area": "Đảng bộ Các cơ quan tỉnh"}),
        ("Đảng ủy Khối các cơ quan tỉnh kết nạp 74 đảng viên.", "74", {"area": "Đảng bộ Khối các cơ quan tỉnh"}),
        ("Huyện Lục Nam kết nạp 20 đảng viên; Đảng bộ Quân sự 16 đảng viên.", "16", {"area": "Đảng bộ Quân sự"}),
        (
            "Chi bộ bản Nà Hin (xã Tam Tiến, huyện Yên Thế) có 19 đảng viên.",
            "19", {"area": "bản Nà Hin, xã Tam Tiến", "geo_level": "commune"},
        ),
        (
            "Chi bộ thôn Hố Dích, xã Canh Nậu là điểm sáng của huyện Yên Thế. Chi bộ hiện có 27 đảng viên.",
            "27", {"area": "thôn Hố Dích, xã Canh Nậu", "indicator": "cell_size"},
        ),
        (
            "Chi bộ Trường Mầm non Hoa Sen, xã Canh Nậu, huyện Yên Thế có 21 đảng viên.",
            "21", {"area": "Chi bộ Trường Mầm non Hoa Sen"},
        ),
        (
            "Huyện Lục Ngạn có 33 học sinh được kết nạp vào Đảng. Nhiều nhất là Trường THPT Lục Ngạn 1 (16 em).",
            "16", {"area": "Trường THPT Lục Ngạn 1", "indicator": "members_admitted"},
        ),
        ("Đảng bộ phường 14 có 20 chi bộ.", "20", {"area": "phường 14"}),
        ("Toàn Đảng ta có 52.000 tổ chức cơ sở đảng.", "52.000", {"geo_level": "country", "province": ""}),
        # when
        (
            "Năm 2016, huyện Tân Yên kết nạp 90 đảng viên. Huyện kết nạp 75 đảng viên, thành lập 2 chi bộ trong năm 2017.",
            "75", {"period_end": "2017"},
        ),
        (
            "Huyện Tân Yên hiện có 41 tổ chức cơ sở đảng, 4.900 đảng viên (số liệu đến 31/12/2017).",
            "41", {"period_end": "2017-12-31"},
        ),
        (
            "Có 11 đảng bộ trực thuộc Tỉnh ủy xong đại hội, còn 3 đảng bộ sẽ đại hội trong tháng 8.",
            "11", {"indicator": "congress_done", "period_end": "2018-05-02"},
        ),
        (
            "Trong năm học 2016 - 2017, huyện Việt Yên kết nạp 9 đảng viên là học sinh.",
            "9", {"period_start": "2016", "period_end": "2017"},
        ),
        (
            "Từ năm 2014 đến nay, huyện kết nạp 410 đảng viên.\n\nĐảng bộ xã Quế Nham vừa kết nạp 4 đảng viên.",
            "4", {"period_start": "2018"},
        ),
        (
            "Năm 2006 huyện có 8 thôn, 15 thôn sinh hoạt chi bộ ghép thì đến tháng 9/2016 không còn thôn nào.",
            "15", {"period_end": "2006"},
        ),
        (
            "Toàn huyện có gần 2.500 đảng viên, trong đó đảng viên người dân tộc thiểu số chiếm hơn 66%.",
            "gần 2.500", {"indicator": "org_count"},
        ),
        (
            "Năm 2016, huyện có 5 tổ chức cơ sở đảng hoàn thành xuất sắc nhiệm vụ (19,2%), 18 hoàn thành tốt (69,2%), 3 hoàn thành nhiệm vụ.",
            "18; 69,2%", {"category_id": "good"},
        ),
        (
            "Năm 2017, tỉnh kết nạp 950 đảng viên. Các huyện kết nạp nhiều: Tân Yên 120, Lục Nam 118, Công an 47.",
            "118", {"indicator": "members_admitted", "subject": "member", "area": "Lục Nam"},
        ),
        (
            "Năm 2017, tỉnh kết nạp 950 đảng viên. Các huyện kết nạp nhiều: Tân Yên 120, Lục Nam 118, Công an 47.",
            "47", {"indicator": "members_admitted", "area": "Công an"},
        ),
        ("Năm 2017, tỉnh kết nạp 950 đảng viên, đạt 57% so với số đăng ký.", "950", {"indicator": "members_admitted"}),
        ("Toàn tỉnh có 209 xã, phường bố trí công an chính quy.", "209", {"indicator": ""}),
        (
            "Từ năm 2003 đến nay, huyện kết nạp 680 đảng viên; riêng từ đầu năm 2018 đến nay kết nạp 31 đảng viên.",
            "31", {"period_start": "2018-01"},
        ),
        (
            "Năm 2017, huyện có 50 tổ chức cơ sở đảng được đánh giá: hoàn thành xuất sắc nhiệm vụ 9 đơn vị (18%), hoàn thành tốt nhiệm vụ 33 đơn vị (66%).",
            "50", {"indicator": "org_count", "category_id": ""},
        ),
        (
            "Năm 2017, huyện có 50 tổ chức cơ sở đảng được đánh giá: hoàn thành xuất sắc nhiệm vụ 9 đơn vị (18%), hoàn thành tốt nhiệm vụ 33 đơn vị (66%).",
            "33; 66%", {"subject": "grassroots_org", "category_id": "good", "base": 50},
        ),
        (
            "Chi bộ thôn Hố Dích có 32 đảng viên nhưng mỗi kỳ sinh hoạt chỉ 24 - 25 đảng viên có mặt.",
            "32", {"indicator": "cell_size", "subject": "cell"},
        ),
        ("Đảng viên dự sinh hoạt chỉ khoảng 75 - 80%.", "khoảng 75 - 80%", {"indicator": "meeting_attendance"}),
        (
            "Huyện Lục Nam có 310/310 chi bộ tổ chức xong đại hội, huyện Tân Yên đạt 97%.",
            "310/310", {"area": "Lục Nam"},
        ),
        ("Huyện Cư M'gar (Đắk Lắk) có 42 tổ chức cơ sở đảng.", "42", {"area": "Cư M'gar"}),
    ],
)  # fmt: skip
def test_what_later_articles_showed_comes_out(text: str, printed: str, wanted: dict) -> None:
    """Organisations that act, congresses above the grassroots, bodies that lie somewhere, dates at the end."""
    one = next(one for one in read(text) if one.figure.printed == printed)
    found = {"base": one.figure.base} | {name: getattr(one, name) for name in wanted if name != "base"}
    assert {name: found[name] for name in wanted} == wanted


def test_a_day_without_a_year_is_no_figure() -> None:
    """In "từ ngày 15/8" neither 15 nor 8 counts anything."""
    assert read("Hai chi bộ được giải thể từ ngày 15/8.") == []


def test_a_region_is_the_place_where_no_province_is() -> None:
    """The highlands' villages are of the region; in a paper of Bắc Giang the region is only spoken of."""
    text = "Năm 2011, 7.520 thôn, buôn của các tỉnh Tây Nguyên đã có chi bộ."
    reading = read_document(document_of(text), catalogue=Catalogue.read(), gazetteer=Gazetteer.read())
    one = reading.candidates[0]
    assert (one.province, one.area, one.geo_level) == ("", "Tây Nguyên", "region")
    assert read(text)[0].province == "Bắc Giang"


def periods(text: str, published: str) -> list[tuple[str, str, str]]:
    """Return from when to when each figure is, in order, and how that is known."""
    found = read(text, published)
    return [(one.period_start, one.period_end, one.period_basis) for one in found]


@pytest.mark.parametrize(
    ("published", "text", "expected"),
    [
        # only "nâng tổng số … lên" in the figure's own clause says what there was at the end of a span
        (
            "2022-03-01", "Giai đoạn 2015-2020, tỉnh tập trung nâng cao chất lượng chi bộ; năm 2021, toàn tỉnh có 98.000 đảng viên.",
            [("2021", "2021")],
        ),
        (
            "2022-03-01", "6 tháng đầu năm 2021 tỉnh nâng cao chất lượng sinh hoạt; đến ngày 31/12/2021, toàn tỉnh có 98.000 đảng viên.",
            [("2021-12-31", "2021-12-31")],
        ),
        (
            "2022-03-01", "6 tháng đầu năm 2021 tỉnh đã đưa nhiều cán bộ về cơ sở; đến cuối năm 2021, toàn tỉnh có 98.000 đảng viên.",
            [("2021", "2021")],
        ),
        (
            "2022-03-01", "Giai đoạn 2015-2020, tỉnh kết nạp 5.000 đảng viên, đưa tổng số đảng viên đến ngày 31/12/2021 lên 98.000 đảng viên.",
            [("2015", "2020"), ("2021-12-31", "2021-12-31")],
        ),
        (
            "2022-03-01", "6 tháng đầu năm 2021, tỉnh kết nạp 500 đảng viên, nâng tổng số đảng viên lên 98.000 đảng viên.",
            [("2021-01", "2021-06"), ("2021-06", "2021-06")],
        ),
        # the year behind a plan that was met is the plan's only in the plan's own clause
        (
            "2022-03-01", "Năm 2020 kết nạp 500 đảng viên, đạt 105% kế hoạch; năm 2021 kết nạp 600 đảng viên.",
            [("2020", "2020"), ("2020", "2020"), ("2021", "2021")],
        ),
        (
            "2022-03-01", "Năm 2020 kết nạp 500 đảng viên, đạt 105% kế hoạch và năm 2021 kết nạp 600 đảng viên.",
            [("2020", "2020"), ("2020", "2020"), ("2021", "2021")],
        ),
        (
            "2022-03-01", "Năm 2019 kết nạp 450 đảng viên, vượt chỉ tiêu đề ra; 6 tháng đầu năm 2021 kết nạp 600 đảng viên.",
            [("2019", "2019"), ("2021-01", "2021-06")],
        ),
        ("2022-03-01", "Năm 2019 đạt 95% kế hoạch, năm 2020 toàn tỉnh có 97.000 đảng viên.", [("2020", "2020")]),
        (
            "2022-03-01", "Từ đầu năm 2021 đến ngày 31/10/2021 vượt 11% so với kế hoạch năm 2021, kết nạp 600 đảng viên.",
            [("2021-01", "2021-10-31")],
        ),
    ],
)  # fmt: skip
def test_a_figure_keeps_the_date_of_its_own_clause(
    published: str, text: str, expected: list[tuple[str, str]]
) -> None:
    """Neither another clause's "nâng" nor a plan that was met before takes away the date that is stated."""
    assert [one[:2] for one in periods(text, published)] == expected


@pytest.mark.parametrize(
    ("published", "text", "expected"),
    [
        # a day, month or quarter without its year isn't after the article
        ("2021-01-05", "Sáng 30/12, Đảng bộ xã Tân An tổ chức lễ kết nạp cho 12 đảng viên mới.", [("2020-12-30", "2020-12-30", "stated")]),
        ("2021-03-01", "Sáng 2.9, Đảng bộ xã Tân An tổ chức lễ kết nạp cho 12 đảng viên mới.", [("2020-09-02", "2020-09-02", "stated")]),
        ("2021-01-05", "Đến hết tháng 12, toàn tỉnh có 98.000 đảng viên.", [("2020-12", "2020-12", "stated")]),
        ("2021-01-05", "Quý IV, toàn tỉnh kết nạp 120 đảng viên.", [("2020-10", "2020-12", "stated")]),
        # but it may be a little ahead, and a plan may be
        ("2021-06-22", "Tính đến ngày 30/6, toàn tỉnh có 98.000 đảng viên.", [("2021-06-30", "2021-06-30", "stated")]),
        ("2021-03-05", "Phấn đấu đến ngày 31/12, toàn tỉnh có 98.000 đảng viên.", [("2021-12-31", "2021-12-31", "stated")]),
        # the ends of a term
        (
            "2021-03-01", "Đầu nhiệm kỳ 2015-2020, toàn tỉnh có 90.000 đảng viên, cuối nhiệm kỳ có 98.000 đảng viên.",
            [("2015", "2015", "stated"), ("2020", "2020", "stated")],
        ),
        (
            "2021-03-01", "Đầu nhiệm kỳ 2015-2020, toàn tỉnh có 90.000 đảng viên, giữa nhiệm kỳ có 95.000 đảng viên.",
            [("2015", "2015", "stated"), ("", "", "")],
        ),
        (
            "2021-03-01", "Nhiệm kỳ 2015-2020, kết nạp 9.000 đảng viên. Cuối nhiệm kỳ, toàn tỉnh có 98.000 đảng viên.",
            [("2015", "2020", "stated"), ("2020", "2020", "stated")],
        ),
        (
            "2022-03-01", "Nhiệm kỳ 2015-2020, đầu nhiệm kỳ toàn tỉnh có 90.000 đảng viên, cuối nhiệm kỳ có 98.000 đảng viên.",
            [("2015", "2015", "stated"), ("2020", "2020", "stated")],
        ),
        (
            "2022-03-01", "Nhiệm kỳ 2015-2020, kết nạp 9.000 đảng viên. Đầu nhiệm kỳ, toàn tỉnh có 90.000 đảng viên.",
            [("2015", "2020", "stated"), ("2015", "2015", "stated")],
        ),
        ("2021-03-01", "Cuối nhiệm kỳ trước, toàn tỉnh có 98.000 đảng viên.", [("", "", "")]),
        # a term without its years is reckoned from the date of the article, but not a cell's
        ("2021-03-01", "Đầu nhiệm kỳ, toàn tỉnh có 90.000 đảng viên.", [("2020", "2020", "publication")]),
        (
            "2023-02-01", "Từ đầu nhiệm kỳ đến nay, toàn tỉnh kết nạp 900 đảng viên. Huyện Tân Yên kết nạp 50 đảng viên.",
            [("2020", "2023", "publication")] * 2,
        ),
        ("2023-02-01", "Chi bộ thôn A: Đầu nhiệm kỳ, chi bộ có 25 đảng viên.", [("", "", "")]),
        ("2023-02-01", "Chi bộ thôn A có 25 đảng viên đầu nhiệm kỳ.", [("", "", "")]),
        # "now" stays the year of publication for those that follow
        (
            "2023-02-01", "Hiện nay, toàn tỉnh có 3.000 chi bộ. Huyện Tân Yên có 50 chi bộ.",
            [("2023-02-01", "2023-02-01", "publication")] * 2,
        ),
        # a school year has no months; what there is, is so at its end
        ("2021-03-01", "Năm học 2019-2020, toàn tỉnh có 1.200 chi bộ trường học.", [("2020", "2020", "stated")]),
        ("2021-03-01", "Năm học 2019-2020 đã qua. Toàn tỉnh có 1.200 chi bộ trường học.", [("2020", "2020", "stated")]),
        ("2021-03-01", "Năm học 2019-2020, toàn tỉnh kết nạp 90 học sinh.", [("2019", "2020", "stated")]),
    ],
)  # fmt: skip
def test_a_time_without_its_year_is_told_as_far_as_it_is_known(
    published: str, text: str, expected: list[tuple[str, str, str]]
) -> None:
    """The date of publication gives days their year and terms their years; what it doesn't tell stays open."""
    assert periods(text, published) == expected


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Xã Tân Lập nằm ở phía Tây Bắc của huyện, có 12 chi bộ.", ("Tân Lập", "commune")),
        ("Xã Tân Lập thuộc vùng Tây Bắc có 12 chi bộ.", ("Tân Lập", "commune")),
        ("Trung đoàn 66 đóng quân ở Tây Nguyên có 12 chi bộ.", ("", "province")),
        ("Vùng Tây Bắc tỉnh có 12 chi bộ.", ("", "province")),
        ("Ở Tây Nguyên có 12 chi bộ.", ("Tây Nguyên", "region")),
        ("Năm 2011, 7.520 thôn, buôn ở Tây Nguyên đã có chi bộ.", ("Tây Nguyên", "region")),
    ],
)
def test_a_point_of_the_compass_is_no_region(text: str, place: tuple[str, str]) -> None:
    """A region is the place only where it is spoken of, and never instead of a smaller one."""
    reading = read_document(document_of(text), catalogue=Catalogue.read(), gazetteer=Gazetteer.read())
    assert (reading.candidates[0].area, reading.candidates[0].geo_level) == place


def stated(text: str) -> list[tuple[str, int | None, float | None, str, str]]:
    """Return for each figure of a text what is printed, its base, its share, its indicator and of what it is."""
    figures = [(one, one.figure) for one in read(text)]
    return [(it.printed, it.base, it.percent, one.indicator, one.base_of) for one, it in figures]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a number in brackets behind the words of the whole may be the whole: 45% of 98,000 aren't 98,000
        (
            "Toàn tỉnh có đảng viên nữ chiếm 45% tổng số đảng viên (98.000 đảng viên).",
            [("45%", None, 45, "org_count", "all"), ("98.000", None, None, "", "")],
        ),
        (
            "Đảng viên dự bị chiếm 1,3% so với tổng số đảng viên (98.000 đảng viên) năm 2017.",
            [("1,3%", None, 1.3, "org_count", "all"), ("98.000", None, None, "", "")],
        ),
        (
            "Đảng viên nữ chiếm 45% tổng số đảng viên (540 đảng viên), trong đó có 460 đảng viên trẻ, chiếm 1,2%.",
            [("45%", None, 45, "org_count", "all"), ("540", None, None, "", ""), ("460; 1,2%", None, 1.2, "", "")],
        ),
        # of what n of m admitted are a part: those put forward, all members, the target; or nobody says it
        (
            "Năm 2017, toàn tỉnh kết nạp 30/50 quần chúng ưu tú.",
            [("30/50", 50, None, "members_admitted", "put_forward")],
        ),
        (
            "Năm 2017, kết nạp 45/1.200 đảng viên, đạt 3,75% tổng số đảng viên.",
            [("45/1.200; 3,75%", 1200, 3.75, "members_admitted", "all_members"), ("1.200", None, None, "org_count", "")],
        ),
        (
            "Năm 2017, kết nạp 120/98.000 đảng viên toàn tỉnh.",
            [("120/98.000", 98000, None, "members_admitted", "all_members"), ("98.000", None, None, "org_count", "")],
        ),
        ("Năm 2017, kết nạp 10/12 đảng viên, đạt 83,3% kế hoạch.", [("10/12; 83,3%", 12, 83.3, "members_admitted", "target")]),
        ("Năm 2017, kết nạp 10/12 đảng viên.", [("10/12", None, None, "members_admitted", "")]),
        (
            "Năm 2017, kết nạp 884 đoàn viên trong tổng số 1.025 đảng viên mới.",
            [("884/1.025", 1025, None, "members_admitted", ""), ("1.025", None, None, "members_admitted", "")],
        ),
        # years of membership take away only the number of their own clause
        (
            "Toàn tỉnh có 98.000 đảng viên, 45 năm tuổi Đảng trở lên có 12.000 đảng viên.",
            [("98.000", None, None, "org_count", "")],
        ),
        ("Huyện có 900 đảng viên; trao Huy hiệu 30 năm tuổi Đảng cho 12 đảng viên.", [("900", None, None, "org_count", "")]),
        # heads of something else than a village
        ("Trường có 12/15 tổ trưởng chuyên môn là đảng viên.", [("12/15", 15, None, "", "")]),
        ("Huyện có 12/15 tổ trưởng công đoàn là đảng viên.", [("12/15", 15, None, "", "")]),
        ("Huyện có 12/15 tổ trưởng tổ dân phố là đảng viên.", [("12/15", 15, None, "village_member_head", "")]),
        # some of the cells, those that are small
        ("25 chi bộ dưới 5 đảng viên năm 2017.", [("25", None, None, "", "")]),
        ("Năm 2017, có 25 chi bộ có trên 30 đảng viên.", [("25", None, None, "", "")]),
    ],
)  # fmt: skip
def test_a_number_is_a_count_a_base_or_a_part_only_where_words_say_so(
    text: str, expected: list[tuple]
) -> None:
    """No total becomes a part or is lost; a base is named only by the words beside it."""
    assert stated(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Có 1.250/1.200 đảng viên dự sinh hoạt.", [("1.250/1.200", "a part larger than its whole")]),
        ("Có 120/115 chi bộ hoàn thành tốt nhiệm vụ.", [("120/115", "a part larger than its whole")]),
        ("Huyện Tân Yên kết nạp 127/120 đảng viên.", [("120", "share of a plan")]),
        ("Huyện Tân Yên kết nạp 10/12 đảng viên.", [("12", "share of a plan or of something else")]),
    ],
)
def test_more_than_all_are_admitted_only_against_a_plan(text: str, expected: list[tuple[str, str]]) -> None:
    """Elsewhere n of m with n over m contradicts itself; whatever isn't taken is set aside."""
    about = About(province="Bắc Giang", published="2018-05-02")
    reading = read_document(
        document_of(text), catalogue=Catalogue.read(), gazetteer=Gazetteer.read(), about=about
    )
    assert [(one.printed, one.reason) for one in reading.set_aside] == expected


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Cập nhật 2019-07-16 kỷ niệm 3 tháng 2 năm 1930", "2019-07-16"),
        ("Cập nhật 16/07/2019 kỷ niệm 3 tháng 2 năm 1930", "2019-07-16"),
        ("Cập nhật: 16 Tháng 7 2019", "2019-07-16"),
    ],
)
def test_a_date_in_digits_comes_before_one_in_words(text: str, date: str) -> None:
    """A day in words beside one in digits is of what is told."""
    assert date_in(text) == date


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        (
            "Năm 2017, một số đảng bộ có số kết nạp cao hơn kế hoạch, gồm: huyện Lạng Giang với 64 đảng viên (160% kế hoạch); huyện Lục Nam với 55 đảng viên (110% kế hoạch).",
            "55", {"indicator": "members_admitted", "area": "Lục Nam"},
        ),
        (
            "Năm 2017, một số đảng bộ có quy mô lớn, gồm: huyện Lạng Giang với 6.400 đảng viên; huyện Lục Nam với 5.500 đảng viên.",
            "5.500", {"indicator": "org_count", "area": "Lục Nam"},
        ),
        (
            "Đến tháng 4, huyện chỉ đạo xong kế hoạch, đại hội xong ở 31 chi bộ thôn.",
            "31", {"indicator": ""},
        ),
        ("Năm 2017, có 12 đảng viên được kiểm tra theo chương trình.", "12", {"indicator": ""}),
        ("Năm 2017, huyện Lục Nam có 1.917 đảng viên được đánh giá, xếp loại.", "1.917", {"definition": "rated"}),
        ("Năm 2017, tổng số đảng viên được đánh giá là 1.917 đồng chí.", "1.917", {"definition": "rated"}),
        ("Năm 2017, huyện Lục Nam có 1.917 đảng viên, tất cả được đánh giá.", "1.917", {"definition": ""}),
        (
            "Năm 2017, 45/50 chi bộ được đánh giá hoàn thành tốt nhiệm vụ.",
            "50", {"indicator": "org_count", "definition": ""},
        ),
        (
            # 250 of 5,000 are 5%
            "Năm 2017, huyện kết nạp 250 đảng viên, bằng 5% tổng số đảng viên.",
            "250; 5%", {"indicator": "members_admitted", "base": None, "base_of": "all_members"},
        ),
        ("Năm 2017, huyện kết nạp 250 đảng viên, đạt 50% tổng số đảng viên cần kết nạp.", "250; 50%", {"base_of": ""}),
        (
            "Năm 2017, tổng kết ở huyện, đảng viên chưa đánh giá còn 75 đồng chí, do bệnh hoặc đi làm ăn xa.",
            "75", {"indicator": ""},
        ),
        (
            "Năm 2017, có 5 chi bộ hoàn thành xuất sắc nhiệm vụ, chưa đủ điều kiện để đánh giá có 4 chi bộ.",
            "4", {"indicator": "", "category_id": ""},
        ),
        (
            "Năm 2017, có 5 chi bộ chưa được đánh giá, 40 chi bộ hoàn thành tốt nhiệm vụ.",
            "40", {"indicator": "org_quality_rating"},
        ),
        (
            "Năm 2017, có 12 đảng viên chưa hoàn thành nhiệm vụ khi đánh giá.",
            "12", {"indicator": "org_quality_rating", "category_id": "failed"},
        ),
    ],
)  # fmt: skip
def test_a_number_says_no_more_than_its_own_words(text: str, printed: str, wanted: dict) -> None:
    """Those of a list were admitted, those rated aren't all, and those not rated have no rating."""
    one = next(one for one in read(text) if one.figure.printed == printed)
    found = {"base": one.figure.base} | {name: getattr(one, name) for name in wanted if name != "base"}
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Sau sắp xếp, huyện Lục Nam bớt 3 chi bộ cơ sở.",
        "Năm 2017, Huyện ủy tặng Bằng khen cho 2 tập thể “Hoàn thành xuất sắc nhiệm vụ”.",
        "Năm 2017, Huyện ủy trao Giấy khen cho 2 chi bộ và 30 đảng viên hoàn thành xuất sắc nhiệm vụ.",
    ],
)
def test_changes_and_awards_are_no_figures(text: str) -> None:
    """Fewer cells are no number of cells, and who gets a certificate isn't all that were rated so."""
    assert read(text) == []


@pytest.mark.parametrize(
    ("published", "text", "expected"),
    [
        # a year begun and told before its end is until the publication
        ("2019-11-05", "Tính từ đầu năm, tỉnh kết nạp được 1.988 đảng viên.", [("2019-01", "2019-11")]),
        ("2019-11-05", "Từ đầu năm, các huyện đã kết nạp 1.988 đảng viên.", [("2019-01", "2019-11")]),
        ("2019", "Tính từ đầu năm, tỉnh đã kết nạp 1.988 đảng viên.", [("2019", "2019")]),
        ("2019-11-05", "Ngay từ đầu năm, tỉnh giao việc và đã kết nạp 1.988 đảng viên.", [("2019", "2019")]),
        ("2019-11-05", "Từ đầu năm, tỉnh giao các huyện phải kết nạp 1.988 đảng viên.", [("2019", "2019")]),
        (
            "2020-01-20", "Năm 2019 là năm khó. Tính từ đầu năm, tỉnh đã kết nạp 1.988 đảng viên.",
            [("2019", "2019")],
        ),
        (
            "2019-11-05", "Tính từ đầu năm đến ngày 30/6/2019, tỉnh đã kết nạp 988 đảng viên.",
            [("2019-01", "2019-06-30")],
        ),
        # "tới nay" is "đến nay"
        (
            "2019-11-05", "Nhiệm kỳ 2015-2020, tỉnh quan tâm cơ sở. Tới nay, 100% thôn có chi bộ.",
            [("2019-11-05", "2019-11-05")],
        ),
        ("2019-11-05", "Từ năm 2012 tới nay, tỉnh kết nạp 9.800 đảng viên.", [("2012", "2019")]),
        ("", "Năm 1997 huyện được tái lập. Đến nay, huyện có 1.476 đảng viên.", [("", "")]),
        # a month stays a month before an organisation and behind another month
        ("2022-11-05", "Tính đến tháng 9/2022 đảng bộ huyện có 1.476 đảng viên.", [("2022-09", "2022-09")]),
        ("2022-11-05", "Tới 9/2022 tổ chức đảng ở huyện có 1.476 đảng viên.", [("2022-09", "2022-09")]),
        ("2022-11-05", "Huyện kết nạp 45 đảng viên từ tháng 1/2022-9/2022.", [("2022-01", "2022-09")]),
    ],
)  # fmt: skip
def test_now_and_months_end_a_period(published: str, text: str, expected: list[tuple[str, str]]) -> None:
    """What a year has brought so far ends with the publication, and a month is no n of m."""
    assert [one[:2] for one in periods(text, published)] == expected


@pytest.mark.parametrize(
    ("text", "printed", "wanted"),
    [
        (
            "Năm 2017, tỷ lệ tổ chức cơ sở đảng hoàn thành tốt nhiệm vụ đạt 91,5% (nghị quyết đề ra 90%), tỷ lệ đảng viên hoàn thành tốt nhiệm vụ đạt 87,2%.",
            "90%", {"target": True},
        ),
        (
            "Năm 2017, tỷ lệ tổ chức cơ sở đảng hoàn thành tốt nhiệm vụ đạt 91,5% (nghị quyết đề ra 90%), tỷ lệ đảng viên hoàn thành tốt nhiệm vụ đạt 87,2%.",
            "87,2%", {"target": False},
        ),
        (
            "Năm 2017, huyện kết nạp 120 đảng viên (kế hoạch đề ra 100 đảng viên); toàn huyện có 45 chi bộ.",
            "45", {"target": False, "indicator": "org_count"},
        ),
        (
            "Năm 2017, tỷ lệ đảng viên hoàn thành tốt nhiệm vụ đạt 87,2% (chỉ tiêu 85%).",
            "85%", {"target": True},
        ),
        (
            "Năm 2017, tỷ lệ đảng viên hoàn thành tốt nhiệm vụ đạt 87,2% (chỉ tiêu 85%).",
            "87,2%", {"target": False},
        ),
        (
            "Năm 2017, huyện tiếp tục làm tốt. Mục tiêu (theo nghị quyết) kết nạp 100 đảng viên.",
            "100", {"target": True},
        ),
        # the year of a sentence with a bracketed plan dates the next sentence too
        (
            "Năm 2016, huyện kết nạp 120 đảng viên (kế hoạch đề ra 100 đảng viên). Huyện có 45 chi bộ.",
            "45", {"period_end": "2016"},
        ),
        # ratings beside each other
        (
            "Năm 2017, hoàn thành xuất sắc nhiệm vụ có 5 chi bộ (riêng “trong sạch vững mạnh” là 3 chi bộ), hoàn thành tốt nhiệm vụ có 2 chi bộ.",
            "2", {"base": None},
        ),
        (
            "Năm 2013, huyện có 9 tổ chức cơ sở đảng “trong sạch, vững mạnh”, “trong sạch, vững mạnh tiêu biểu” là 3 tổ chức cơ sở đảng, hoàn thành tốt nhiệm vụ 2 tổ chức.",
            "3", {"category_id": "exemplary"},
        ),
        (
            "Năm 2017, có 34 đảng viên hoàn thành xuất sắc nhiệm vụ, bằng 17% so với số đảng viên hoàn thành tốt nhiệm vụ.",
            "34", {"indicator": "org_quality_rating", "category_id": "excellent"},
        ),
        (
            "Năm 2017, có 34 đảng viên hoàn thành xuất sắc nhiệm vụ, bằng 17% so với số đảng viên được đánh giá.",
            "34; 17%", {"indicator": "org_quality_rating", "category_id": "excellent"},
        ),
    ],
)  # fmt: skip
def test_brackets_and_neighbours_keep_their_words(text: str, printed: str, wanted: dict) -> None:
    """A plan in brackets is no plan for what stands behind them, nor a rating one of its neighbour."""
    one = next(one for one in read(text) if one.figure.printed == printed)
    found = {"base": one.figure.base} | {name: getattr(one, name) for name in wanted if name != "base"}
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("text", "printed", "area"),
    [
        (
            "Năm 2017, các đảng bộ kết nạp nhiều: huyện Lục Nam với 64 đảng viên; Khối Cơ quan Dân Chính Đảng thành phố với 33 đảng viên; huyện Yên Thế với 28 đảng viên.",
            "33", "Khối Cơ quan Dân Chính Đảng thành phố",
        ),
        (
            "Năm 2017, các đảng bộ kết nạp nhiều: huyện Lục Nam với 64 đảng viên; Khối Cơ quan Dân Chính Đảng thành phố với 33 đảng viên; huyện Yên Thế với 28 đảng viên.",
            "28", "Yên Thế",
        ),
        (
            "Năm 2017, các đảng bộ kết nạp nhiều: huyện Lục Nam 64 đảng viên, Khối các cơ quan tỉnh 33 đảng viên.",
            "33", "Khối các cơ quan tỉnh",
        ),
        ("Năm 2017, huyện Lục Nam, cùng Công an huyện, kết nạp 64 đảng viên.", "64", "Lục Nam"),
    ],
)  # fmt: skip
def test_a_body_in_a_list_is_not_in_the_district_before_it(text: str, printed: str, area: str) -> None:
    """An item that names a body of its own is of that body."""
    assert [one.area for one in read(text) if one.figure.printed == printed] == [area]


@pytest.mark.parametrize(
    ("text", "printed", "category"),
    [
        ("Năm 2017, toàn tỉnh kết nạp 90 đảng viên trong lực lượng dân quân, 31 đảng viên trong lực lượng DBĐV.", "90", "lực lượng dân quân"),
        ("Năm 2017, toàn tỉnh kết nạp 90 đảng viên trong lực lượng dân quân, 31 đảng viên trong lực lượng DBĐV.", "31", "lực lượng dbđv"),
        ("Năm 2017, xã Quế Nham kết nạp 9 đảng viên, trong đó có 6 đảng viên chi bộ nông thôn, 3 đảng viên chi bộ giáo dục.", "6", "chi bộ nông thôn"),
        ("Năm 2017, toàn tỉnh kết nạp 140 đảng viên, trong đó 52 người có trình độ chuyên môn nghiệp vụ trung cấp, cao đẳng trở lên.", "52", "trình độ chuyên môn nghiệp vụ trung cấp, cao đẳng trở lên"),
        ("Tỷ lệ đảng viên mới kết nạp năm 2017 tốt nghiệp đại học chiếm 42%; cao đẳng chiếm 23%.", "23%", "cao đẳng"),
        ("Năm 2017, toàn tỉnh có 9.410 đảng viên (trong đó có 330 đảng viên dự bị, dân tộc 91, tôn giáo 77).", "91", "dân tộc thiểu số"),
        ("Năm 2017, toàn tỉnh có 9.410 đảng viên (trong đó có 330 đảng viên dự bị, dân tộc 91, tôn giáo 77).", "77", "có đạo"),
        ("Năm 2017, toàn tỉnh kết nạp 310 đảng viên nữ, trong đó có 64 đảng viên nữ là người dân tộc thiểu số.", "64", "nữ là người dân tộc thiểu số"),
        ("Năm 2017, toàn tỉnh kết nạp 310 đảng viên, trong đó có 45 cán bộ Hội các cấp.", "45", "cán bộ hội các cấp"),
        ("Năm 2017, Chi bộ Trường THPT Tân Yên kết nạp 6 đảng viên đều là học sinh.", "6", "học sinh"),
        ("Năm 2017, Chi bộ Trường THPT Tân Yên kết nạp 6 quần chúng là học sinh.", "6", "học sinh"),
        ("Năm 2017, xã Quế Nham kết nạp thêm được 17 đảng viên, nâng tổng số đảng viên có đạo lên 44/210 đảng viên.", "17", "có đạo"),
        ("Năm 2017, xã Quế Nham kết nạp thêm được 17 đảng viên, nâng tổng số đảng viên có đạo lên 44/210 đảng viên.", "44/210", "có đạo"),
        ("Năm 2017, toàn tỉnh kết nạp 88 đảng viên, trong đó 61 người trưởng thành từ Đoàn.", "61", "đoàn viên"),
        ("Năm 2017, huyện Tân Yên có 9 đảng bộ ngành.", "9", "ngành"),
        ("Năm 2017, huyện Tân Yên đã thành lập được 3 chi bộ Đảng ngoài khu vực Nhà nước.", "3", "ngoài khu vực nhà nước"),
    ],
)  # fmt: skip
def test_a_part_of_those_counted_says_which(text: str, printed: str, category: str) -> None:
    """Forces, cells, degrees, faiths and kinds beside a number stay with it whole; without them it reads as all."""
    one = next(one for one in read(text) if one.figure.printed == printed)
    assert one.category == category
    assert one.indicator in {"members_admitted", "org_count"}


def test_members_in_a_force_are_not_all_members() -> None:
    """They are counted with their force, their share in it isn't, and those of another one are no part of them."""
    members, share = read(
        "Năm 2017, toàn tỉnh có 640 đảng viên trong lực lượng dân quân. Tỷ lệ đảng viên trong lực lượng dân quân đạt 19%."
    )
    assert (members.indicator, members.category) == ("org_count", "lực lượng dân quân")
    assert share.indicator == ""
    text = "Năm 2017, toàn tỉnh kết nạp 90 đảng viên trong lực lượng dân quân, 31 đảng viên trong lực lượng DBĐV."
    assert [one.figure.base for one in read(text)] == [None, None]


@pytest.mark.parametrize(
    ("text", "printed", "found"),
    [
        ("Tỉnh hiện có hơn 3.100 đảng viên là người Công giáo trong tổng số 62.000 đảng viên.", "hơn 3.100/62.000", ("org_count", "có đạo", "all")),
        ("Toàn Đảng bộ huyện Tân Yên có 720 đảng viên là người đạo Công giáo, chiếm 14,2%.", "720; 14,2%", ("org_count", "có đạo", "all")),
        ("Năm 2017, tỷ lệ phát triển ĐV mới đạt 3,1% so với tổng số ĐV của Đảng bộ tỉnh.", "3,1%", ("members_admitted", "", "all_members")),
    ],
)  # fmt: skip
def test_the_whole_of_a_share_is_all_members(text: str, printed: str, found: tuple[str, str, str]) -> None:
    """A part of those there are, with the number of all or a bare share, and those admitted beside all members."""
    one = next(one for one in read(text) if one.figure.printed == printed)
    assert (one.indicator, one.category, one.base_of) == found


def test_cells_that_add_up_with_committees_are_of_the_grassroots() -> None:
    """Nineteen are eight committees and eleven cells; committees below those are something else."""
    found = read(
        "Huyện Tân Yên có 19 chi, đảng bộ cơ sở gồm 5 đảng bộ xã, 3 đảng bộ ngành và 11 chi bộ ngành."
    )
    assert [(one.subject, one.category) for one in found] == [
        ("grassroots_org", ""), ("commune", "xã"), ("committee", "ngành"), ("grassroots_org", "ngành"),
    ]  # fmt: skip
    part = read("Huyện Tân Yên có 30 tổ chức cơ sở đảng với 2 đảng bộ bộ phận.")[1]
    assert (part.indicator, part.subject, part.category) == ("org_count", "other", "đảng bộ bộ phận")


def test_parts_of_a_number_that_was_raised_are_of_that_number() -> None:
    """The 91 are of all 9.410, not of those on probation that stand before them."""
    text = "Năm 2017 nâng tổng số lên 9.410 đảng viên (trong đó có 330 đảng viên dự bị, dân tộc 91, tôn giáo 77)."
    assert [one.figure.base for one in read(text)] == [None, 9410, 9410, 9410]


@pytest.mark.parametrize(
    ("text", "printed", "start", "end"),
    [
        ("Đảng bộ có 58 tổ chức cơ sở đảng với 2 đảng bộ bộ phận; tổng số đảng viên tính đến ngày 01/4/2016 có 3.905 đồng chí.", "58", "2016-04-01", "2016-04-01"),
        ("Huyện Tân Yên có 58 chi bộ; tính đến ngày 01/4/2016 còn 40 chi bộ.", "58", "2018-05-02", "2018-05-02"),
        ("Phát triển 612 đảng viên nữ (trong đó có 90 đảng viên trẻ) là kết quả đạt được từ năm 2014 cho đến nay của các cấp Hội.", "612", "2014", "2018"),
        ("Trước năm 2010, xã Quế Nham đã kết nạp được 4 đảng viên.", "4", "", ""),
        ("Nhiệm kỳ 2015-2020, tỉnh đề ra mục tiêu mỗi năm kết nạp đảng viên đạt tỷ lệ 3% so với tổng số đảng viên của Đảng bộ tỉnh vào đầu nhiệm kỳ.", "3%", "2015", "2020"),
    ],
)  # fmt: skip
def test_a_sentence_says_when_its_figures_are_of(text: str, printed: str, start: str, end: str) -> None:
    """A day told later for all organisations, the years of a result; "before 2010" is no year, a base's day none of a plan."""
    one = next(one for one in read(text) if one.figure.printed == printed)
    assert (one.period_start, one.period_end) == (start, end)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (
            "Năm 2017, toàn tỉnh kết nạp 1.500 đảng viên, không hoàn thành chỉ tiêu kết nạp 2.000 đảng viên mỗi năm.",
            "2.000",
        ),
        ("Mỗi xã phải kết nạp được từ 1-2 đảng viên và ít nhất 1 đảng viên là dân quân.", "từ 1-2"),
        ("Đến năm 2025 có từ 40% trở lên bí thư chi bộ đồng thời là trưởng thôn.", "từ 40% trở lên"),
        (
            "Hiện tại 40 thôn đã chuẩn bị nhân sự bí thư chi bộ đồng thời là trưởng thôn cho nhiệm kỳ tới.",
            "40",
        ),
    ],
)
def test_what_is_still_to_come_is_a_target(text: str, printed: str) -> None:
    """An aim that was missed, a duty, a share of a year ahead, candidates for the next term."""
    targets = {one.figure.printed: one.target for one in read(text)}
    assert targets[printed]
    assert not targets.get("1.500")


@pytest.mark.parametrize(
    "text",
    [
        "Có 95 đảng viên được Ban Thường vụ Tỉnh ủy quyết định tặng Huy hiệu Đảng.",
        "Có 7 đảng viên được truy tặng Huy hiệu Đảng.",
        "Quận Đoàn đã trao danh sách 60 đoàn viên ưu tú cho Đảng xem xét kết nạp.",
        "Ra quyết định chuyển 2 đảng bộ cơ sở thành chi bộ cơ sở.",
        "Hằng năm có 80% đảng viên và cấp ủy viên được kiểm tra, kết quả hoàn thành tốt nhiệm vụ chiếm 52,8%.",
    ],
)
def test_what_is_done_with_those_counted_is_no_count_of_them(text: str) -> None:
    """Badges, young people put forward, committees turned into cells and inspections have no indicator."""
    assert not any(one.indicator for one in read(text) if one.figure.printed != "52,8%")


def test_members_who_go_to_another_committee_are_handed_over() -> None:
    """Told in the active voice too."""
    one = read("Huyện Tân Yên chuyển 24 đảng viên về Đảng bộ Khối Doanh nghiệp tỉnh.")[0]
    assert (one.indicator, one.definition) == ("org_count", "handed_over")


def test_places_below_a_photograph_are_not_where_figures_are() -> None:
    """A line before "Ảnh: …" and one printed twice name what the picture shows."""
    photo = "Đại hội Đảng bộ xã Hoàng An (huyện Hiệp Hòa) lần thứ XX\n\nẢnh: Minh Anh\n\n"
    one = read(photo + "Đã có 22 chi bộ.")[0]
    assert (one.province, one.area) == ("Bắc Giang", "")
    caption = "Đảng viên xã Trung Hòa, huyện Trảng Bom, tỉnh Đồng Nai\n\n"
    text = "Nguồn: https://sggp.org.vn/a.html\n\nNhững gam màu sáng\n\nĐảng viên có đạo ngày càng nhiều.\n\n"
    text += (
        caption
        + caption
        + "Long Điền (tỉnh Bà Rịa - Vũng Tàu) là huyện ven biển của tỉnh Bà Rịa - Vũng Tàu.\n\nĐã kết nạp 9 đảng viên."
    )
    reading = read_document(document_of(text), catalogue=Catalogue.read(), gazetteer=Gazetteer.read())
    assert [one.province for one in reading.candidates] == ["Bà Rịa - Vũng Tàu"]


def test_a_paper_of_a_province_keeps_to_it() -> None:
    """Another province that it names twice is not where its figures are."""
    text = "Nguồn: https://baodongnai.com.vn/a.html\n\nCông tác phát triển đảng\n\nNhiều người từ tỉnh Bình Dương về. "
    text += "Có người lại sang tỉnh Bình Dương.\n\nNăm 2017 đã kết nạp 9 đảng viên."
    reading = read_document(document_of(text), catalogue=Catalogue.read(), gazetteer=Gazetteer.read())
    assert [one.province for one in reading.candidates] == ["Đồng Nai"]


@pytest.mark.parametrize(
    ("text", "printed", "found"),
    [
        ("Năm 2017, 100% tổ chức cơ sở đảng đều phát triển được đảng viên.", "100%", ("org_count", "có kết nạp đảng viên", "2017")),
        ("Từ đầu năm đến nay, huyện Tân Yên có 19 chi bộ cơ sở kết nạp được đảng viên.", "19", ("org_count", "có kết nạp đảng viên", "2018-01")),
        ("Huyện Tân Yên còn 8 chi bộ chưa kết nạp được đảng viên.", "8", ("", "", "2018")),
    ],
)  # fmt: skip
def test_organisations_that_admitted_members_are_some_of_them(
    text: str, printed: str, found: tuple[str, str, str]
) -> None:
    """They are counted with that as their category, in the period in which they did it."""
    one = next(one for one in read(text) if one.figure.printed == printed)
    assert (one.indicator, one.category, one.period_start) == found


def test_a_year_before_a_rate_is_no_money() -> None:
    """A year with "tỷ lệ" behind it dates the plan; a number with "tỷ" alone is money."""
    one = read("Huyện Tân Yên phấn đấu năm 2018 tỷ lệ kết nạp đảng viên mới đạt 6%.")[0]
    assert (one.period_start, one.target) == ("2018", True)


def test_a_name_with_its_district_in_brackets_is_of_the_level_that_is_said() -> None:
    """A sentence such as "Hoàng An (huyện …) là xã …" names a commune for the figures behind it."""
    text = "Hoàng An (huyện Hiệp Hòa) là xã có đông đồng bào có đạo.\n\nNăm 2017, Hoàng An đã kết nạp được 8 đảng viên."
    assert [(one.area, one.geo_level) for one in read(text)] == [("Hoàng An", "commune")]


def test_the_site_of_a_numbered_district_tells_that_district() -> None:
    """Its own figures are of Quận 7, not of the whole city."""
    text = "Nguồn: http://quan7.hochiminhcity.gov.vn/tin/a.html\n\nKết quả công tác\n\nNăm 2017, toàn đảng bộ quận kết nạp 46 đảng viên."
    reading = read_document(document_of(text), catalogue=Catalogue.read(), gazetteer=Gazetteer.read())
    assert [(one.province, one.area) for one in reading.candidates] == [("Hồ Chí Minh", "Quận 7")]


def test_a_plan_of_whom_its_sentence_names_is_of_that_place() -> None:
    """A plan of "huyện" is of the district that was named before, wherever in the sentence it stands."""
    text = "Huyện Tân Yên đã thành lập 2 chi bộ. Từ nay đến cuối năm, huyện sẽ thành lập thêm 4 chi bộ."
    assert [(one.area, one.target) for one in read(text)] == [("Tân Yên", False), ("Tân Yên", True)]
