"""Pages that stand alone: readable, with alternative text, and harmless whatever the data hold."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

import cbanalysis as cb
from cbanalysis.common.errors import OutputError
from cbanalysis.display.charts.page import rasterised
from cbanalysis.site.pages import report_page
from cbanalysis.site.pages.cell_outputs import few_colours, svg_address
from cbanalysis.site.pages.figures_shown import Figures
from cbanalysis.site.pages.front_page import write_index
from cbanalysis.site.pages.report_page import page
from cbanalysis.site.pages.safe_html import clean_html
from cbanalysis.site.provenance import gather

PNG = base64.b64encode(b"\x89PNG made up").decode()
SVG = (
    '<?xml version="1.0"?>\n<svg width="54pt" height="36px" viewBox="0 0 54 36">'
    '<path d="M 1.23456 2\nL 3 4.5"/></svg>'
)
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"
RECORD = {
    "report": "vi/04_profile/bac-giang",
    "notebook": "04_profile",
    "language": "vi",
    "title": "Hồ sơ tỉnh",
    "parameters": {"province": "Bắc Giang", "years": [2012, 2015], "other": None},
    "failure": None,
    "data_date": "2026-05-17",
    "licence": {"vi": "giấy phép thử", "en": "a trial licence"},
}


class Reader(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of each tag of a kind."""
        return [attributes for name, attributes in self.found if name == tag]


def report(
    *outputs: nbformat.NotebookNode, words: str = "# Hồ sơ tỉnh", source: str = "show(x < 1)"
) -> nbformat.NotebookNode:
    """Return an executed notebook with one Markdown and one code cell."""
    cells = [nbformat.v4.new_markdown_cell(words), nbformat.v4.new_code_cell(source, outputs=list(outputs))]
    return nbformat.v4.new_notebook(cells=cells)


def shown(bundle: dict[str, object], **metadata: object) -> nbformat.NotebookNode:
    """Return an output as a notebook keeps it."""
    return nbformat.v4.new_output("display_data", bundle, metadata=metadata)


def chart(**marks: str) -> dict[str, object]:
    """Return the metadata of a chart."""
    return {"cbanalysis": {"name": "rates", "kind": "chart", **marks}}


def test_a_page_stands_alone() -> None:
    """No script, no other host, no other file but links: the page asks for nothing."""
    made = page(report(shown({"image/svg+xml": SVG, "image/png": PNG}, **chart(alt="x"))), RECORD)
    read = Reader(made)
    assert read.all("script") == [{"type": "application/ld+json"}]  # data, which no browser runs
    assert not read.all("link")
    assert not read.all("iframe")
    assert all(image["src"].startswith("data:image/") for image in read.all("img"))
    assert not re.search(r"@import|url\(|https?://", "".join(re.findall(r"(?s)<style>(.*?)</style>", made)))
    assert not [name for _, attributes in read.found for name in attributes if name.startswith("on")]
    assert not [attributes for _, attributes in read.found if "style" in attributes]


def test_the_policy_allows_its_own_style_and_embedded_pictures_only() -> None:
    """The policy names the very style sheet of the page by its hash."""
    made = page(report(), RECORD)
    (style,) = re.findall(r"(?s)<style>(.*?)</style>", made)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policies = [one["content"] for one in Reader(made).all("meta") if one.get("http-equiv")]
    assert policies == [
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    ]


def test_a_page_says_its_language_title_licence_and_way_back() -> None:
    """Language, title with its parameters, data date in that language, licence, and the way to the index."""
    made = page(report(), RECORD)
    assert '<html lang="vi">' in made
    assert "<title>Bắc Giang, 2012, 2015 – Hồ sơ tỉnh</title>" in made
    assert "số liệu đến ngày 17/5/2026 · giấy phép thử" in made
    assert '<a href="../../../index.html">Trang chủ</a>' in made
    english = page(report(), {**RECORD, "language": "en", "parameters": {}, "title": ""})
    assert '<html lang="en">' in english
    assert "<title>04_profile</title>" in english
    assert "data up to 17 May 2026 · a trial licence" in english
    assert "index.en.html" in page(report(), {**RECORD, "language": "en"}, languages=("vi", "en"))


def test_a_page_says_what_it_is_to_search_engines() -> None:
    """The description is what the report says first; the data block names title and language."""
    made = page(report(words="# Title\n\nFirst <b>words</b> & more."), RECORD)
    (described,) = [one["content"] for one in Reader(made).all("meta") if one.get("name") == "description"]
    assert described.endswith("First words & more.")
    (block,) = re.findall(r'(?s)<script type="application/ld\+json">(.*?)</script>', made)
    about = json.loads(block)
    assert about["headline"] == "Bắc Giang, 2012, 2015 – Hồ sơ tỉnh"
    assert (about["@type"], about["inLanguage"], about["description"]) == ("Article", "vi", described)


def test_a_page_needs_neither_date_nor_licence() -> None:
    """What isn't known isn't said; a date that is none stays as it was given; other languages get English."""
    bare = {key: RECORD[key] for key in ("report", "notebook", "title", "parameters")}
    made = page(report(), {**bare, "language": "fr"})
    assert "data up to" not in made
    assert "data up to 2013" in page(report(), {**bare, "language": "fr", "data_date": "2013"})


def test_code_is_hidden_but_one_click_away() -> None:
    """Code stands in closed details, escaped; an empty cell leaves nothing."""
    made = page(report(), RECORD)
    assert Reader(made).all("details") == [{"class": "code"}]
    assert "<summary>Mã lệnh</summary>" in made
    assert '<span class="o">&lt;</span>' in made
    assert not Reader(page(report(source=" "), RECORD)).all("details")


@pytest.mark.parametrize(
    ("metadata", "alt"),
    [
        (chart(alt="Bắc Giang 63,71%"), "Bắc Giang 63,71%"),
        ({"image/svg+xml": {"alt": "from the SVG"}}, "from the SVG"),
        ({}, "the text"),
    ],
)
def test_charts_carry_alternative_text(metadata: dict, alt: str) -> None:
    """The text comes from the output's metadata, or from its plain form."""
    made = page(report(shown({"image/svg+xml": SVG, "text/plain": "the text"}, **metadata)), RECORD)
    assert [image["alt"] for image in Reader(made).all("img")] == [alt]


def test_svg_is_preferred_and_made_small() -> None:
    """The drawing has no prolog, paths to a hundredth and its own size; links lead to the files."""
    files = ["charts/rates.svg", "charts/rates.png"]
    bundle = {"image/svg+xml": SVG, "image/png": PNG}
    made = Reader(page(report(shown(bundle, **chart())), RECORD, files=files))
    (image,) = made.all("img")
    assert image["src"] == (
        "data:image/svg+xml,<svg width='54pt' height='36px' viewBox='0 0 54 36'>"
        "<path d='M1.23,2L3,4.5'/></svg>"
    )
    assert (image["width"], image["height"]) == ("72", "36")
    assert [link["href"] for link in made.all("a") if "charts" in link["href"]] == [
        "charts/rates.svg",
        "charts/rates.png",
    ]


def test_a_small_drawing_is_the_same_picture() -> None:
    """A chart of the gallery as the page has it differs from its file by no more than smoothed edges do."""
    file = Path(__file__).parents[1] / "docs" / "gallery" / "rating_bars_stacked.vi.svg"
    whole = file.read_text(encoding="utf-8")
    address = str(svg_address(whole).unescape())
    small = unquote(address.removeprefix("data:image/svg+xml,"))
    assert len(address.encode()) < 0.75 * len(whole.encode())
    pictures = [rasterised(one.replace("'", '"'), 144) for one in (whole, small)]
    drawn = [Image.open(io.BytesIO(one)).convert("L") for one in pictures]
    assert max(ImageChops.difference(*drawn).getextrema()) < 100  # a step of the edges' smoothing is 64


def test_a_page_names_the_years_of_the_figures_it_shows() -> None:
    """Data that go up to 2026 are not the years of a report whose figures are of 2008."""
    figures = Figures.of(gather(cb.load_observations(provinces="Bình Thuận")))
    cell = shown({"text/html": '<table><tr><td data-figures="S006">50</td></tr></table>'})
    made = page(report(cell), {**RECORD, "data_date": "2026"}, figures)
    assert "Số liệu năm 2008 · cbanalysis" in made
    assert "2026" not in made.partition("<body>")[2]


def test_a_shade_of_few_pixels_keeps_its_colour_in_a_palette() -> None:
    """Beside 200 greys of letters the darkest blue of a key, 9 x 9 pixels, stays within 8 of what it was."""
    drawn = Image.new("RGB", (400, 300), "white")
    for grey in range(200):
        drawn.paste((grey, grey, grey), (grey * 2, 100, grey * 2 + 1, 290))
    drawn.paste((11, 61, 112), (10, 10, 19, 19))
    made = io.BytesIO()
    drawn.save(made, "PNG")
    with Image.open(
        io.BytesIO(base64.b64decode(few_colours(base64.b64encode(made.getvalue()).decode())))
    ) as few:
        assert few.mode == "P"
        shown = few.convert("RGB").getpixel((14, 14))
    assert all(abs(one - other) <= 8 for one, other in zip(shown, (11, 61, 112), strict=True))


def test_a_page_that_grows_too_large_shows_its_largest_charts_as_png(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the limit all charts are drawings; above it the largest give way, and the files stay."""
    large = SVG.replace("M 1", "M " + "1 " * 400)
    outputs = [shown({"image/svg+xml": one, "image/png": PNG}, **chart()) for one in (SVG, large)]
    outputs.append(shown({"image/svg+xml": large}))
    whole = len(page(report(*outputs), RECORD).encode())
    monkeypatch.setattr(report_page, "_LARGEST", whole - 500)
    images = Reader(page(report(*outputs), RECORD)).all("img")
    assert [image["src"].split(",")[0] for image in images] == [
        "data:image/svg+xml",
        "data:image/png;base64",
        "data:image/svg+xml",
    ]
    assert images[1]["src"].endswith(PNG)
    assert "shown as PNG" not in outputs[1].metadata


def test_pictures_without_a_drawing_are_embedded() -> None:
    """PNG and JPEG go into the page as they are, without a size or a file to link to."""
    made = Reader(page(report(shown({"image/png": PNG}), shown({"image/jpeg": PNG})), RECORD))
    assert [image["src"].split(";")[0] for image in made.all("img")] == ["data:image/png", "data:image/jpeg"]
    assert all("width" not in image for image in made.all("img"))


def test_only_foreign_tables_scroll_and_ours_can_be_downloaded() -> None:
    """A table of unknown width scrolls by keyboard; ours fits the page and has its CSV."""
    table = "<div class='cb-table'><table><thead><tr><th scope='col'>Tỉnh</th></tr></thead></table></div>"
    marks = {"cbanalysis": {"name": "bảng 1", "kind": "table"}}
    bundle = {"text/html": [table[:9], table[9:]], "text/csv": "a\n"}
    foreign = shown({"text/html": "<table><tr><td>1</td></tr></table>"})
    notebook = report(shown(bundle, **marks), foreign, shown({"text/html": "<p>lời</p>"}))
    made = page(notebook, RECORD, files=["tables/bảng 1.csv"])
    assert '<div class="scroll"><div class="cb-table">' in made
    assert '<div class="scroll" tabindex="0" role="group" aria-label="Bảng"><table>' in made
    assert '<a href="tables/b%E1%BA%A3ng%201.csv" download>CSV</a>' in made
    assert '<div class="said"><p>lời</p></div>' in made
    assert '<th scope="col">Tỉnh</th>' in made


def test_a_note_that_repeats_another_is_shown_once() -> None:
    """Where a chart and a table both have nothing to show, the page says so once."""
    note = {"text/html": '<p class="cb-note">Không có gì.</p>'}
    again = report(shown(note), shown({"text/html": "<p>lời</p>"}), shown(note), words="# Một\n\n## Hai")
    made = page(again, RECORD)
    assert made.count("Không có gì.") == 1
    assert made.count("<p>lời</p>") == 1


@pytest.mark.parametrize(
    ("tags", "failed", "early", "kept"),
    [
        (["optional"], [], [], False),
        ([], [], [], True),
        (["optional"], ["failed"], [], True),
        (["optional"], [], ["failed"], True),
    ],
)
def test_an_optional_section_that_shows_nothing_new_is_left_out(
    tags: list[str], failed: list[str], early: list[str], *, kept: bool
) -> None:
    """Heading, words and contents go unless the notebook doesn't ask for it or failed, be it at its start."""
    note = shown({"text/html": '<p class="cb-note">Chỉ có 1 năm.</p>'})
    made = report(note, words="# Một\n\n## Hai")
    made.cells.insert(0, nbformat.v4.new_code_cell("load()", metadata={"tags": early}))
    section = [
        nbformat.v4.new_markdown_cell("## Qua các năm\n\nHai năm trở lên.", metadata={"tags": tags}),
        nbformat.v4.new_code_cell("show(rows)", outputs=[note], metadata={"tags": failed}),
        nbformat.v4.new_markdown_cell("## Cuối"),
    ]
    made.cells += section
    text = page(made, RECORD)
    assert ("Qua các năm" in text) == ("Hai năm trở lên." in text) == kept
    assert text.count("Cuối") == 3, "in the contents, twice, and as a heading"


def test_other_outputs_are_shown_as_text() -> None:
    """Streams, errors and plain values lose terminal colours and keep their letters; Markdown is rendered."""
    made = page(
        report(
            nbformat.v4.new_output("stream", name="stdout", text="\x1b[31mđỏ\x1b[0m <b>\n"),
            nbformat.v4.new_output("error", ename="E", evalue="v", traceback=["\x1b[0;31mE\x1b[0m: <v>"]),
            nbformat.v4.new_output("error", ename="E", evalue="alone", traceback=[]),
            shown({"text/plain": "12 < 63"}),
            shown({"text/markdown": "**đậm**"}),
            shown({"application/json": {}}),
        ),
        RECORD,
    )
    assert '<pre class="text" tabindex="0">đỏ &lt;b&gt;</pre>' in made
    assert '<pre class="error" tabindex="0">E: &lt;v&gt;</pre>' in made
    assert '<pre class="error" tabindex="0">E: alone</pre>' in made
    assert '<pre class="text" tabindex="0">12 &lt; 63</pre>' in made
    assert "<strong>đậm</strong>" in made
    assert made.count("<pre ") == 4


def test_a_failed_report_says_so_on_top_and_at_the_cell() -> None:
    """The failure is told in the reader's language with a link to the marked cell."""
    failed = report()
    failed.cells[1].metadata["tags"] = ["failed"]
    made = page(failed, {**RECORD, "failure": {"cell": 2, "error": "ValueError", "message": "<no figures>"}})
    assert "lập báo cáo nên báo cáo này chưa hoàn thành.</strong> ValueError: &lt;no figures&gt;" in made
    assert '<a href="#failed">Đến bước bị lỗi</a>' in made
    assert 'id="failed"' in made
    assert "Báo cáo dừng ở bước này." in made
    without = page(report(), {**RECORD, "failure": {"cell": None, "error": "NoKernel", "message": ""}})
    assert "#failed" not in without


def test_text_from_data_never_becomes_markup() -> None:
    """Planted scripts come out as text, or not at all, from every place that data reach."""
    record = {
        **RECORD,
        "title": ATTACK,
        "notebook": ATTACK,
        "parameters": {"x": ATTACK},
        "data_date": ATTACK,
        "licence": {"vi": ATTACK},
        "failure": {"cell": 1, "error": ATTACK, "message": ATTACK},
    }
    marks = {"cbanalysis": {"name": ATTACK, "kind": "chart", "alt": ATTACK}}
    made = Reader(
        page(
            report(
                shown({"image/svg+xml": f"<svg>{ATTACK}</svg>"}, **marks),
                shown({"text/html": f"<table><td>{ATTACK}<a href='javascript:alert(3)'>x</a></td></table>"}),
                shown({"text/markdown": f"{ATTACK} [x](javascript:alert(4)) ![y](http://host/y.png)"}),
                shown({"text/plain": ATTACK}),
                nbformat.v4.new_output("stream", name="stdout", text=ATTACK),
                words=f"# {ATTACK}\n\n[x](javascript:alert(5))",
                source=ATTACK,
            ),
            record,
        )
    )
    assert made.all("script") == [{"type": "application/ld+json"}]
    assert [image["src"][:19] for image in made.all("img")] == ["data:image/svg+xml,"]
    assert made.all("img")[0]["alt"] == ATTACK
    assert not [link for link in made.all("a") if "javascript" in (link.get("href") or "")]
    assert not [name for _, attributes in made.found for name in attributes if name.startswith("on")]


@settings(max_examples=60)
@given(st.text("<>/\"'=& \nabsciptyleonx:()#", max_size=60))
def test_cleaned_html_holds_nothing_that_runs(text: str) -> None:
    """However a text is broken, what is left has no script, style, image or event attribute."""
    read = Reader(str(clean_html(f"<p>{text}</p>")))
    assert not {tag for tag, _ in read.found} & {"script", "style", "img", "svg", "iframe", "form", "base"}
    assert not [name for _, attributes in read.found for name in attributes if name.startswith("on")]


@pytest.mark.parametrize(
    "css",
    [
        '<p style="background:url(//host/a)">x</p>',
        '<p style="b\\61ckground:u\\72l(//host/a)">x</p>',
        '<p style="/**/backg/**/round:url(&#x2f;&#x2f;host/a)">x</p>',
        "<p STYLE=position:fixed;inset:0>x</p>",
        '<style>@\\69mport "//host/a.css";</style><p>x</p>',
        "<st<style></style>yle>p{color:red}</style><p>x</p>",
        '<svg><style>&#64;import "//host/a.css";</style></svg><p>x</p>',
        '<math><mtext><style><!--</style><p style="color:red">x</p>--></style></mtext></math>',
        "<link rel=stylesheet href=//host/a.css><p>x</p>",
        '<table background="//host/a"><td background=//host/b>x</td></table>',
        '<td style="text-align: right; position: fixed">x</td>',
    ],
)
def test_no_style_of_a_notebook_reaches_a_page(css: str) -> None:
    """Escaped, nested or broken: neither an HTML output nor Markdown sets a style or names a file to load."""
    for output, words in ((shown({"text/html": css}), "# x"), (shown({"text/plain": "x"}), f"# x\n\n{css}")):
        read = Reader(page(report(output, words=words), RECORD))
        assert [attributes for tag, attributes in read.found if tag == "style"] == [{}]  # the page's own
        assert not {tag for tag, _ in read.found} & {"svg", "math"}
        names = {name for _, attributes in read.found for name in attributes}
        assert not names & {"style", "background"}
        assert not [one for one in read.all("link") if "stylesheet" in str(one.get("rel"))]


def test_alignment_of_markdown_tables_survives_as_a_class() -> None:
    """Styles are dropped, but which column stands right isn't lost."""
    made = page(report(words="| a | b |\n| --- | ---: |\n| 1 | 2 |"), RECORD)
    assert '<td class="to-right">2</td>' in made


def test_an_index_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A folder in place of the index is an error of ours."""
    (tmp_path / "index.html").mkdir()
    with pytest.raises(OutputError, match=r"can't write .*index\.html"):
        write_index(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
