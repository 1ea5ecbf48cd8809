"""Where and when an article is from: options, first lines, page heads, publications, districts, bodies."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cbanalysis.cli import main
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.files.pages import Page, read_page
from cbanalysis.importing.prose import (
    About,
    Candidate,
    document_of,
    open_document,
    read_document,
    read_review,
)
from cbanalysis.importing.prose.districts import provinces_of
from cbanalysis.importing.prose.metadata import Publications, about_page

CATALOGUE, GAZETTEER = Catalogue.read(), Gazetteer.read()


def only(text: str, about: About = About()) -> Candidate:  # noqa: B008 -- frozen
    """Return the only figure of a text in a document of its own."""
    reading = read_document(document_of(text), catalogue=CATALOGUE, gazetteer=GAZETTEER, about=about)
    assert len(reading.candidates) == 1, [one.figure for one in reading.candidates]
    return reading.candidates[0]


@pytest.mark.parametrize(
    ("about", "place"),
    [
        (About(source="https://baohagiang.vn/xay-dung-dang/1.html"), ("Hà Giang", "")),
        (About(source="www.tinhuy.quangtri.gov.vn"), ("Quảng Trị", "")),
        (About(source="https://baodongkhoi.vn/x"), ("Bến Tre", "")),
        (About(source="https://xuanloc-dongnai.gov.vn/x"), ("Đồng Nai", "")),
        (About(source="https://chauthanh.haugiang.gov.vn/x"), ("Hậu Giang", "Châu Thành")),
        (About(source="https://huyenvanban.gov.vn/x"), ("Lào Cai", "Văn Bàn")),
        (About(source="https://vnexpress.net/kinh-te-hagiang"), ("", "")),
        (About(source="http://[oops/"), ("", "")),
        (About(publisher="Báo Vĩnh Phúc điện tử"), ("Vĩnh Phúc", "")),
        (About(publisher="Báo Bà Rịa - Vũng Tàu"), ("Bà Rịa - Vũng Tàu", "")),
        (About(publisher="Báo Ấp Bắc"), ("Tiền Giang", "")),
        (About(publisher="Báo Nhân Dân"), ("", "")),
    ],
)
def test_the_host_or_the_name_of_a_publication_tells_the_province(
    about: About, place: tuple[str, str]
) -> None:
    """Provincial papers, stations and sites write about their province, national ones about none."""
    assert Publications(GAZETTEER).of(about) == place


def test_what_the_caller_says_comes_before_the_publication() -> None:
    """--province wins over the paper's province, and both only fill what the text leaves open."""
    about = About(source="https://baohagiang.vn/x", province="Sơn La", published="2021-05-06")
    figure = only("Toàn tỉnh hiện có 900 chi bộ.", about)
    assert (figure.province, figure.province_basis) == ("Sơn La", "inferred")
    assert (figure.period_end, figure.period_basis) == ("2021-05-06", "publication")


def test_a_province_that_is_told_does_not_take_the_area_away() -> None:
    """The district of the title stays the area when the paper tells the province."""
    text = "Huyện Mai Sơn kết nạp đảng viên\n\nToàn huyện có 90 chi bộ."
    figure = only(text, About(publisher="Báo Sơn La"))
    assert (figure.province, figure.area, figure.geo_level) == ("Sơn La", "Mai Sơn", "district")


@pytest.mark.parametrize(
    ("lines", "province", "end"),
    [
        ("https://baohagiang.vn/202203/a123/", "Hà Giang", "2022-03"),
        ("Nguồn: Báo Hà Giang", "Hà Giang", ""),
        ("Nguồn: https://baohagiang.vn/a\nNgày: 6/5/2021", "Hà Giang", "2021-05-06"),
        ("Cập nhật lúc 09:15, Thứ Hai, 13/01/2020 (GMT+7)", "", "2020"),
        ("Hà Giang, ngày 20/7/2021", "Hà Giang", "2021"),
        ("16:25 | 16/07/2019", "", "2019"),
    ],
)
def test_first_lines_say_where_and_when(lines: str, province: str, end: str) -> None:
    """They give province and date of publication; none of their numbers is a figure or a stated period."""
    figure = only(f"{lines}\n\nĐảng bộ hiện có 900 chi bộ.")
    assert (figure.province, figure.period_end) == (province, end)
    assert figure.period_basis == ("publication" if end else "")


def test_the_head_of_a_page_says_where_and_when() -> None:
    """JSON-LD and <meta> come before <time>; what they don't say stays open."""
    article = {"datePublished": "2019-07-16T16:25:00+07:00", "publisher": {"name": "Báo Hà Giang"}}
    meta = (("og:url", "https://baohagiang.vn/x"), ("article:published_time", "2020-01-02"))
    page = Page("", metadata=meta, times=("2024-01-01",), linked=({"@graph": [article]},))
    assert about_page(page) == About("https://baohagiang.vn/x", "Báo Hà Giang", "", "2019-07-16")
    assert about_page(Page("", times=("soon", "2024-01-01"), linked=(1, "x"))) == About(
        published="2024-01-01"
    )


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Nguồn: Báo Hà Nam\n\nKết nạp đảng viên mới\n\nNăm nay có 9 chi bộ.", "Kết nạp đảng viên mới"),
        ("Chính trị\n\nNăm nay có 9 chi bộ.", ""),
        ("Thứ Hai, ngày 13/01/2020 (GMT+7)\n\nNăm nay có 9 chi bộ.", ""),
        ("ĐẢNG CỘNG SẢN VIỆT NAM\n\nNăm nay có 9 chi bộ.", ""),
        ("Xây dựng Đảng và chính quyền\n\nKết nạp đảng viên ở vùng cao\n\nNăm nay có 9 chi bộ.", ""),
        ("Năm nay có 9 chi bộ ở vùng cao.\n\nHết.", ""),
    ],
)  # fmt: skip
def test_the_heading_right_above_a_text_is_its_title(text: str, title: str) -> None:
    """A section's name, a date, the head of a letter or two headings leave it open."""
    reading = read_document(document_of(text), catalogue=CATALOGUE, gazetteer=GAZETTEER)
    assert reading.about.title == title


def test_a_page_says_its_title_in_its_head() -> None:
    """What it tells others goes before what stands on its tab."""
    assert about_page(Page("", title="A | Báo", metadata=(("og:title", "A "),))).title == "A"
    assert about_page(Page("", title="A | Báo", linked=({"headline": "A b"},))).title == "A b"
    assert about_page(Page("", title="A | Báo")).title == "A | Báo"


@pytest.mark.parametrize(
    "line",
    [
        "Trang chủ / Tin tức / Xây dựng Đảng", "Trang chủ » Chính trị » Xây dựng Đảng",
        "Số 15-BC/HU Tân Yên, tháng 5 năm nay", "Đảng bộ huyện Tân Yên Số 15",
        "Thực hiện: An Bình, Trần Bình",
        "Bản tin sáng nay lúc 10:15 ở huyện", "Bài viết có 1234 lượt xem", "Cập nhật tin mới của huyện",
        "Bản tin của huyện sáng Thứ Sáu", "Tin của huyện | Chia sẻ bài", "ĐẢNG BỘ TỈNH Hà Nam *",
    ],
)  # fmt: skip
def test_what_stands_around_an_article_is_not_its_title(line: str) -> None:
    """The way to it, its makers, a time, a number of a letter: no title rather than such a one."""
    document = document_of(f"{line}\n\nNăm nay có 9 chi bộ ở vùng cao.")
    assert read_document(document, catalogue=CATALOGUE, gazetteer=GAZETTEER).about.title == ""


def test_a_title_of_several_is_that_of_the_article() -> None:
    """An empty og:title says nothing, and the headline of a list of others isn't the page's."""
    others = {"@type": "ItemList", "itemListElement": [{"headline": "Bài khác"}]}
    own = {"@type": "NewsArticle", "headline": "Bài này"}
    meta = (("dc.title", "Cổng thông tin"), ("og:title", "Bài này"))
    assert about_page(Page("", title="Báo", metadata=(("og:title", " "),))).title == "Báo"
    assert about_page(Page("", title="Báo", metadata=meta)).title == "Bài này"
    assert about_page(Page("", title="Báo", linked=(others, own))).title == "Bài này"
    assert about_page(Page("", title="Báo", linked=({"@graph": [own, others]},))).title == "Bài này"
    assert about_page(Page("", title="Báo", linked=(others,))).title == "Báo"
    assert about_page(Page("", title="Báo", linked=([own, {"headline": "Bài khác"}],))).title == "Báo"


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<h1>Kết nạp <b>đảng viên</b> ở vùng cao</h1>", "Kết nạp đảng viên ở vùng cao"),
        (
            "<h1>Báo điện tử của Đảng bộ</h1><article><h1>Kết nạp đảng viên ở vùng cao</h1></article>",
            "Kết nạp đảng viên ở vùng cao",
        ),
        ("<h1>Báo điện tử của Đảng bộ</h1><h1>Kết nạp đảng viên ở vùng cao</h1>", "Báo"),
        ("<h1>Chính trị</h1>", "Báo"),
    ],
)
def test_the_one_heading_of_an_article_goes_before_the_name_of_its_page(body: str, title: str) -> None:
    """Of several headings, or of one that names a section, none is taken."""
    page = read_page(f"<title>Báo</title><body>{body}<p>Năm nay có 9 chi bộ.</p></body>")
    assert about_page(page).title == title


def test_a_web_page_is_dated_by_its_head(tmp_path: Path) -> None:
    """The candidates of an .html file have the province and the day of its <meta>."""
    html = tmp_path / "a.html"
    html.write_text(
        '<meta charset="utf-8"><meta property="og:site_name" content="Báo Hà Giang">'
        '<meta property="article:published_time" content="2021-05-06"><p>Toàn tỉnh hiện có 900 chi bộ.</p>',
        encoding="utf-8",
    )
    reading = read_document(open_document(html), catalogue=CATALOGUE, gazetteer=GAZETTEER)
    figure = reading.candidates[0]
    assert (figure.province, figure.period_end, figure.period_basis) == (
        "Hà Giang",
        "2021-05-06",
        "publication",
    )


def test_names_of_several_provinces_stay_open() -> None:
    """Châu Thành tells no province by itself; near Hậu Giang it is that of Hậu Giang."""
    assert len(provinces_of(("châu", "thành"))) > 5
    assert only("Huyện Châu Thành có 90 chi bộ.").province == ""
    assert only("Hậu Giang\n\nHuyện Châu Thành có 90 chi bộ.").province == "Hậu Giang"


def test_districts_are_those_of_their_time() -> None:
    """Mê Linh was Vĩnh Phúc's until 2008 and Hà Nội's since."""
    assert provinces_of(("mê", "linh"), "2006") == {"Vĩnh Phúc"}
    assert provinces_of(("mê", "linh"), "2015-02-01") == provinces_of(("mê", "linh")) == {"Hà Nội"}


@pytest.mark.parametrize(
    ("text", "area", "level"),
    [
        ("Đảng bộ Khối các cơ quan tỉnh Hà Giang có 61 chi bộ.", "Đảng bộ Khối các cơ quan tỉnh", "district"),
        ("Đảng bộ Công an tỉnh Hà Giang có 61 chi bộ.", "Đảng bộ Công an tỉnh", "district"),
        ("Đảng bộ Công an thành phố Vinh có 61 chi bộ.", "Đảng bộ Công an thành phố Vinh", "commune"),
        ("Đảng bộ Trường Đại học Tân Trào có 61 chi bộ.", "Đảng bộ Trường Đại học Tân Trào", "commune"),
        ("Đảng bộ Công ty Mai Lâm có 6 đảng bộ cơ sở.", "Đảng bộ Công ty Mai Lâm", "district"),
        ("Tỉnh Hà Giang có 61 chi bộ trường học.", "", "province"),
        ("Các đảng bộ khối của tỉnh Hà Giang có 61 chi bộ.", "", "province"),
    ],
)
def test_bodies_are_places_of_the_rank_of_their_committee(text: str, area: str, level: str) -> None:
    """Blocs and forces of a province rank as districts; schools, firms, forces of a district as communes."""
    figure = only(text)
    assert (figure.area, figure.geo_level) == (area, level)


def test_the_command_takes_source_and_date(tmp_path: Path) -> None:
    """The options reach every row of the review; a strange province or date is refused."""
    article, review = tmp_path / "a.txt", tmp_path / "r.csv"
    article.write_text("Toàn tỉnh hiện có 900 chi bộ.", encoding="utf-8")
    command = ["extract", str(article), "--review", str(review)]
    run = CliRunner().invoke(main, [*command, "--publisher", "Báo Hà Giang", "--published", "2021-05"])
    assert run.exit_code == 0, run.output
    cells = read_review(review)[0].cells
    assert (cells["province"], cells["province_basis"], cells["period_end"]) == (
        "Hà Giang",
        "inferred",
        "2021-05",
    )
    for option in (["--published", "5/2021"], ["--province", "Atlantis"]):
        assert CliRunner().invoke(main, [*command, *option]).exit_code != 0
