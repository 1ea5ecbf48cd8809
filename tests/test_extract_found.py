"""What real pages showed to be missing, each as a made-up sentence with the figure that must come out."""

# ruff: noqa: E501 -- texts stand on one line

from __future__ import annotations

import pytest

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose import About, Candidate, document_of, read_document


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
        "Tỷ lệ kết nạp đảng viên của Đảng bộ huyện Tân Yên đạt 61,9%.",
    ],
)
def test_months_changes_and_plans_are_no_figures(text: str) -> None:
    """A month, a surplus over the plan, a change of two things at once, a share that only a plan can have."""
    assert read(text) == []
