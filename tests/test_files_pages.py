"""Web pages: text, tables, what they say of themselves, encodings, and bad tags."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbanalysis.importing.files.pages import read_page
from cbanalysis.importing.files.reading import tables, text


def test_a_page_says_what_it_is_of(tmp_path: Path) -> None:
    """Title, metas by name, property and itemprop, times and JSON-LD come out beside the text."""
    page = (
        "<html><head><title> Kết quả\n2023 </title>"
        "<meta property='article:published_time' content='2024-01-05'>"
        "<meta NAME='Author' content='Báo'><meta itemprop=datePublished content=2024><meta charset=utf-8>"
        '<script type="application/ld+json">{"datePublished": "2024-01-05", "n": ["<b>"]}</script>'
        "<script type='application/ld+json'>no json</script></head><body><svg><title>hình</title></svg>"
        "<time datetime='2024-01-05T07:00'>5/1</time><p>Có 5 chi bộ</p></body></html>"
    )
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    article = text(tmp_path / "a.html")
    assert article.page is not None
    assert article.page.title == "Kết quả 2023"
    assert article.page.metadata == (
        ("article:published_time", "2024-01-05"), ("author", "Báo"), ("datepublished", "2024"),
    )  # fmt: skip
    assert article.page.times == ("2024-01-05T07:00",)
    assert article.page.linked == ({"datePublished": "2024-01-05", "n": ["<b>"]},)
    assert article.text == "5/1\nCó 5 chi bộ"


@pytest.mark.parametrize(
    "charset", ["unicode_escape", "undefined", "rot13", "zlib", "idna", "utf-7", "punycode", "nowhere"]
)
def test_only_encodings_of_the_web_are_taken_from_a_page(charset: str, tmp_path: Path) -> None:
    """What is a codec of Python and no encoding of pages is passed over."""
    (tmp_path / "a.html").write_text(f"<meta charset={charset}><p>Huế \\u0041 1.200</p>", encoding="utf-8")
    assert text(tmp_path / "a.html").text == "Huế \\u0041 1.200"


@pytest.mark.parametrize(
    ("charset", "codec"), [("windows-1258", "cp1258"), ("shift_jis", "shift_jis"), ("ISO-8859-1", "cp1252")]
)
def test_encodings_of_the_web_are_taken(charset: str, codec: str, tmp_path: Path) -> None:
    """A page in one of them is read in it; Latin-1 is Windows-1252, as in browsers."""
    words = {"cp1258": "Đươ\u0300ng", "shift_jis": "日本", "cp1252": "“caf\xe9”"}[codec]
    (tmp_path / "a.html").write_bytes(f"<meta charset={charset}><p>{words}</p>".encode(codec))
    assert text(tmp_path / "a.html").text == unicodedata.normalize("NFC", words)


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        "<a <a <a",
        "<![CD[",
        "<!--",
        "</a",
        "&a",
        "<div>",
        "<b><i>",
        "<table><tr><td>x",
        "<p x=1 ",
        "<b> </b>",
        "<td rowspan=9>",
    ],
)
def test_bad_tags_cost_time_that_grows_with_length_only(piece: str) -> None:
    """A megabyte of any bad tag is read within seconds."""
    start = time.process_time()
    read_page(piece * (600_000 // len(piece)))
    assert time.process_time() - start < 6


def test_a_table_inside_a_cell_is_a_table_of_its_own(tmp_path: Path) -> None:
    """Both are there; the cells of each stay in their rows."""
    inside = "<table><tr><td>trong<td>1</table>"
    page = f"<table><caption>Bảng 1</caption><tr><td>Tỉnh<td>{inside}<tr><td>Huế<td>2</table>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    inner, outer = tables(tmp_path / "a.html")
    assert inner.rows == [["trong", "1"]]
    assert [list(row) for row in outer.rows] == [["Tỉnh", ""], ["Huế", "2"]]
    assert outer.above == ("Bảng 1",)


@pytest.mark.parametrize(
    ("inside", "read"),
    [
        ("45<sup>1</sup>", "45¹"),
        ("<sup>(2)</sup>", "(²)"),
        ("<s>777</s>45", "45"),
        ("<del>7</del><b>45</b>", "45"),
        ("<span style='color:red; display : none'>888</span>56", "56"),
        ("<s>777", ""),
        ("45<span style='font-size: 8pt; vertical-align: super'>1</span>", "45¹"),
        ("<b>4<sup><i>1</i>2</sup></b>5<span>6</span>", "4¹²56"),
        ("45<sup>1", "45¹"),
        ("<span style='text-decoration: underline line-through'>77</span>63", "63"),
        ("<span style='vertical-align: sub'>1</span><u>2</u>", "12"),
    ],
)
def test_a_cell_of_a_page_says_what_a_reader_sees(inside: str, read: str, tmp_path: Path) -> None:
    """The mark of a footnote is no digit of its figure; what is struck out or hidden isn't read."""
    page = f"<table><tr><td>Huế<td>{inside}<td>9<tr style='display:none'><td>Đà Nẵng<td>1<td>2</table>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert [list(row) for row in tables(tmp_path / "a.html")[0].rows] == [["Huế", read, "9"]]


def test_styles_of_a_page_strike_out_and_raise_text(tmp_path: Path) -> None:
    """As pages of spreadsheets name them: by classes; a cell that is struck out keeps its place."""
    style = "p{color:red} .cu, .a .s2{text-decoration:line-through} .mu{font-size:8pt;vertical-align:super}"
    page = (
        f"<style>{style}</style><table><tr><td class='s1 s2'>77<td>45<span class=mu>1</span>"
        "<td style='text-decoration: line-through'>8<b>9</b></td><td><span class=cu>7</span>12"
        "<tr><td>1<td class=mau>2<td>3<td>4</table>"
    )
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert tables(tmp_path / "a.html")[0].rows == [["", "45¹", "", "12"], ["1", "2", "3", "4"]]


@given(st.text(alphabet="<>/![]-='\"& abtdrhpsclien0#;\n\0\x0b\ud800ế", max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_page(words: str) -> None:
    """Whatever a page is like, it has a text and tables whose rows are equally long."""
    page = read_page(words)
    assert all(len({len(row) for row in rows}) == 1 for rows, _, _ in page.tables)
    assert "<script" not in page.title
