"""The reports in a real browser: nothing asked of others, nothing in a reader's way, everything works."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

import cbanalysis as cb
from browser_checks import faults_of, too_wide
from cbanalysis.batch.reports.reports_and_folders import slug
from cbanalysis.cli.commands.serve import Server
from cbanalysis.common.folders import PAGE_VARIABLE
from cbanalysis.site.page_and_downloads import Publisher
from cbanalysis.site.pages.figures_shown import Figures
from cbanalysis.site.pages.front_page import write_index
from cbanalysis.site.pages.report_page import TEMPLATES, page
from cbanalysis.site.pages.revisions import keep_provenance
from site_sample import bac_giang, evidence, harmful, harmful_evidence, notebook, output, put, record

pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[1]
PAGES = (
    "index.html",
    "index.en.html",
    "revisions.html",
    "revisions.en.html",
    "vi/04_province_profile/bac-giang/index.html",
    "en/04_province_profile/bac-giang/index.html",
    "vi/04_province_profile/attacked/index.html",
    "vi/06_failed/index.html",
)


def parts(language: str, *, harm: bool = False) -> list:
    """Return outputs of every kind of a report."""
    rated = harmful(bac_giang()) if harm else bac_giang()
    rates = rated.query("interval != 'none'")
    return [
        output(cb.charts.coverage_matrix(rated, lang=language)),
        output(cb.charts.count_bars(rated.query("count.notna()"), lang=language)),
        output(cb.tables.rates(rates, lang=language)),
        output(cb.tables.sources(rated, lang=language)),
    ]


def add(site: Path, made: object, about: dict, publisher: Publisher) -> None:
    """Publish a report into a site."""
    folder = put(site / about["report"], made)
    publisher(folder, made, about)
    (folder / "run.json").write_text(json.dumps(about), encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small output folder: two languages, planted harm, a failed report, a revision."""
    made = tmp_path_factory.mktemp("site")
    known = evidence()
    before = json.loads(json.dumps(known))
    before["figures"]["S006"]["printed"] = "61/124"
    del before["figures"]["S007"]
    keep_provenance(made, before)
    publisher = Publisher(keep_provenance(made, known), ("vi", "en"))
    for language in ("vi", "en"):
        add(made, notebook(*parts(language), title=record(language)["title"]), record(language), publisher)
    keep_provenance(made / "vi", harmful_evidence(known))
    attacked = record(report="vi/04_province_profile/attacked", parameters={"province": "Bắc Ninh"})
    add(made, notebook(*parts("vi", harm=True)), attacked, Publisher(made / "vi" / "figures.json", ("vi",)))
    failed = notebook(*parts("vi")[:1])
    failed.cells[-1].metadata["tags"] = ["failed"]
    about = record(report="vi/06_failed", notebook="06_failed", parameters={}, status="failed", cell=4)
    add(made, failed, {**about, "message": "ValueError: no figures"}, publisher)
    write_index(made)
    return made


@pytest.fixture
def tab(browser: object, site: Path) -> Iterator[object]:
    """Open the list of reports in a tab of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    tab = context.new_page()
    tab.goto((site / "index.html").as_uri())
    yield tab
    context.close()


@pytest.fixture
def server(site: Path) -> Iterator[Server]:
    """Serve the site on this machine."""
    with Server(site) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join(5)


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_quiet_and_open_to_all(browser: object, site: Path, name: str) -> None:
    """No message in the console, no request to another host, no dialog, nothing that axe finds."""
    assert faults_of(browser, site, name) == []


def test_pages_fit_their_window(browser: object, site: Path) -> None:
    """At the width of a phone, a tablet and a desk nothing sticks out sideways; wide tables scroll."""
    assert too_wide(browser, site, PAGES) == []


def test_a_long_list_shows_three_points_until_all_are_asked_for(browser: object, tmp_path: Path) -> None:
    """Of six sentences three stand above a box to tick; five stand whole."""
    context = browser.new_context()
    tab = context.new_page()
    for points, seen in ((6, 3), (5, 5)):
        said = cb.notes.Note(tuple(f"Câu {one}." for one in range(points)), as_list=True)
        made = tmp_path / f"{points}.html"
        made.write_text(page(notebook(output(said)), record()), encoding="utf-8")
        tab.goto(made.as_uri())
        assert tab.locator(".said li:visible").count() == seen
        for box in tab.get_by_role("checkbox").all():
            box.check()
        assert tab.locator(".said li:visible").count() == points
    context.close()


def found(tab: object, typed: str) -> list[str]:
    """Return where the results of a search lead, the best first."""
    tab.get_by_role("searchbox").fill(typed)
    return [one.get_attribute("href") for one in tab.locator("#results a").all()]


def test_search_forgives_missing_marks_and_works_by_keyboard(tab: object) -> None:
    """Results come as one types, without marks; arrows walk through them, Enter opens, Escape clears."""
    assert found(tab, "bac GIANG")[0].endswith("04_province_profile/bac-giang/index.html")
    assert tab.locator("#found").inner_text().endswith("kết quả")
    assert found(tab, "xyzzy") == []
    assert "Không tìm thấy" in tab.locator("#found").inner_text()
    tab.keyboard.press("Escape")
    assert tab.locator("#found").inner_text() == ""
    tab.keyboard.type("bắc giang")
    tab.keyboard.press("ArrowDown")
    assert tab.evaluate("document.activeElement.closest('#results') !== null")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/vi/04_province_profile/bac-giang/index.html")


# What people would type, and the notebook, indicator or province whose report should come first.
SOUGHT = {
    "xếp loại 2015": "org_quality_rating",
    "quảng ninh 2019": "quang-ninh",
    "trưởng thôn": "village_member_head",
    "truong thon": "village_member_head",
    "bí thư chi bộ đồng thời là trưởng thôn": "village_head_secretary",
    "trưởng ấp": "village_head_secretary",
    "nhất thể hóa": "village_head_secretary",
    "kiêm nhiệm": "village_head_secretary",
    "chi bộ cơ quan xã": "office_cell_dissolved",
    "thôn có chi bộ": "village_own_cell",
    "xóa thôn trắng": "village_own_cell",
    "village heads": "village_head_secretary",
    "sinh hoạt chi bộ": "02_meeting_attendance",
    "sinh hoat chi bo": "02_meeting_attendance",
    "mô hình tổ chức chi bộ": "01_cell_models",
    "dự họp": "meeting_attendance",
    "tỷ lệ đảng viên dự sinh hoạt": "meeting_attendance",
    "miễn sinh hoạt": "members_exempt",
    "đi làm ăn xa": "members_away",
    "attendance": "meeting_attendance",
    "tỷ lệ dự sinh hoạt": "meeting_attendance",  # not the lesson on registers, which has no published figures
    "xếp loại": "03_quality_ratings",
    "xep loai dang vien": "03_quality_ratings",
    "trong sạch vững mạnh": "org_quality_rating",
    "hoàn thành xuất sắc nhiệm vụ": "org_quality_rating",
    "đánh giá chất lượng": "org_quality_rating",
    "kết nạp đảng viên": "members_admitted",
    "phát triển đảng": "members_admitted",
    "sổ tay đảng viên": "e_handbook",
    "đại hội": "congress_done",
    "quân sự": "military_cell",
    "công an xã": "police_cell",
    "khớp": "06_audit",
    "số liệu của bạn": "07_your_own_data",
    "Quảng Ninh": "quang-ninh",
    "quang ninh": "quang-ninh",
    "Sài Gòn": "ho-chi-minh",
    "TP HCM": "ho-chi-minh",
    "ho chi minh": "ho-chi-minh",
    "Hà Tây": "ha-noi",
    "Đắc Lắc": "dak-lak",
    "dak lak": "dak-lak",
    "Huế": "thua-thien-hue",
    "bà rịa": "ba-ria-vung-tau",
    "Sen Thượng": "dien-bien",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the front page of a site with reports of notebooks, provinces and indicators, all empty."""
    made = tmp_path_factory.mktemp("whole")
    known = evidence()
    keep_provenance(made, known)
    rows = cb.load_observations()
    models = "office_cell|village"
    used = {
        "00_coverage": rows,
        "01_cell_models": rows[rows["indicator"].str.contains(models)],
        "02_meeting_attendance": rows[rows["indicator"].str.contains("meeting|members_exempt|members_away")],
        "03_quality_ratings": rows[rows["indicator"] == "org_quality_rating"],
        "06_audit": rows.iloc[::40],
        "07_your_own_data": rows.head(0),
        "08_meeting_records": rows.head(0),
        **{f"04_province_profile/{slug(one)}": one for one in rows["province"].unique() if one},
        **{f"09_indicator/{one}": of for one, of in rows.groupby("indicator")},
    }
    for name, of in used.items():
        folder = made / "vi" / name
        folder.mkdir(parents=True)
        profile = isinstance(of, str)
        about = {"province": of} if profile else {}
        about |= {"indicator": folder.name} if name.startswith("09") else {}
        cells = json.loads((ROOT / "notebooks" / f"{name.split('/')[0]}.ipynb").read_text("utf-8"))["cells"]
        record = {"notebook": name.split("/")[0], "language": "vi", "parameters": about, "status": "done"}
        heading = "".join(cells[0]["source"]).splitlines()[0].lstrip("# ")
        (folder / "run.json").write_text(json.dumps({**record, "title": heading}), encoding="utf-8")
        ids = [] if profile else list(of["observation_id"])
        (folder / "used.json").write_text(json.dumps({"figures": ids}), encoding="utf-8")
        (folder / "index.html").write_text("", encoding="utf-8")
    write_index(made)
    return made


def test_what_people_type_finds_the_report_they_mean(browser: object, whole: Path) -> None:
    """Of forty-five searches each has the report that should come first in its first place."""
    context = browser.new_context()
    front = context.new_page()
    front.goto((whole / "index.html").as_uri())
    first = {typed: (found(front, typed) or [""])[0] for typed in SOUGHT}
    context.close()
    assert {typed: one for typed, one in first.items() if f"/{SOUGHT[typed]}/" not in one} == {}


def test_half_of_the_words_find_nothing(browser: object, whole: Path) -> None:
    """Of "trích dẫn" no report has both words; that some begin with "dan" is no answer."""
    context = browser.new_context()
    front = context.new_page()
    front.goto((whole / "index.html").as_uri())
    assert found(front, "trích dẫn") == []
    context.close()


def test_the_map_shows_another_indicator_and_year(browser: object, whole: Path) -> None:
    """Another measure or year changes values and legend; other boundaries have other tiles."""
    context = browser.new_context()
    front = context.new_page()
    front.goto((whole / "index.html").as_uri())

    def values() -> list[str]:
        return [one.inner_text() for one in front.locator(".tiles:visible a").all()]

    newest, legend = values(), front.locator("#legend").inner_text()
    year = front.locator("select[name=year]")
    year.select_option(index=1)
    assert values() != newest
    front.locator("select[name=series]").select_option(index=1)
    assert front.locator("#legend").inner_text() != legend
    front.locator("select[name=land]").select_option("34")
    assert front.locator(".tiles:visible li").count() == 34
    context.close()


def test_the_front_page_is_short_on_a_phone_and_cuts_no_word(browser: object, whole: Path) -> None:
    """At 390 px it is under 6,000 px high; the map's tiles show their words whole, in letters of 10.5 px."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    front = context.new_page()
    front.goto((whole / "index.html").as_uri())
    assert front.evaluate("document.documentElement.scrollHeight") < 6_000
    cut = "all => all.filter(one => one.scrollHeight > one.clientHeight).map(one => one.innerText)"
    assert front.eval_on_selector_all(".tiles:not([hidden]) li > *", cut) == []
    sizes = "all => Math.min(...all.map(one => parseFloat(getComputedStyle(one).fontSize)))"
    assert front.eval_on_selector_all(".tiles li *", sizes) >= 10.5
    context.close()


def test_one_switch_leads_to_the_other_language_and_back(tab: object) -> None:
    """The list and each report switch between Vietnamese and English."""
    tab.get_by_role("link", name="English").click()
    assert tab.evaluate("document.documentElement.lang") == "en"
    tab.locator(".provinces a").first.click()
    assert tab.url.endswith("en/04_province_profile/bac-giang/index.html")
    tab.get_by_role("link", name="Tiếng Việt").click()
    assert tab.url.endswith("vi/04_province_profile/bac-giang/index.html")
    tab.get_by_role("link", name="Trang chủ").click()
    assert tab.url.endswith("/index.html")


def test_from_a_bar_or_a_cell_two_clicks_lead_to_the_document(tab: object, site: Path) -> None:
    """The first click opens the figure, the second is a link to its document; Tab and Enter do the same."""
    address = (site / PAGES[4]).as_uri()
    for first in (".marks a[href^='#A'] >> nth=0", "td.number a.home[href^='#A'] >> nth=0"):
        tab.goto(address)
        tab.locator(first).click()
        panel = tab.locator(".panel:target")
        assert panel.is_visible()
        assert re.match(
            r"https?://", panel.locator("a:not(.close):not([href^='#'])").first.get_attribute("href")
        )
        panel.get_by_role("link", name="Đóng").click()
        assert not tab.locator(".panel:visible").count()
    tab.goto(address)
    tab.locator(".behind summary").first.focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert tab.locator(".panel:target").is_visible()
    # The next stop of Tab lies inside the panel.
    tab.keyboard.press("Tab")
    assert tab.evaluate("!!document.activeElement.closest('.panel:target')")


def test_a_phone_shows_the_layout_made_for_it(
    tab: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 390 px a chart 4 inches wide fills the card, its marks lead home; on a desk it is the wide one."""
    monkeypatch.setenv(PAGE_VARIABLE, "1")
    made = output(cb.charts.count_bars(bac_giang().query("count.notna()")))
    known = Figures.of(evidence())
    (tmp_path / "index.html").write_text(page(notebook(made), record(), known), encoding="utf-8")
    for width, inches, marks in ((390, 4.0, ".for-a-phone"), (1280, 7.6, ".for-a-desk")):
        tab.set_viewport_size({"width": width, "height": 844})
        tab.goto((tmp_path / "index.html").as_uri())
        tab.wait_for_function("document.images[0].complete && document.images[0].currentSrc")
        picture = tab.locator(".picture img")
        box = picture.bounding_box()
        assert picture.evaluate("one => one.naturalWidth") == round(inches * 96)
        assert box["width"] > 340
        assert tab.locator(".marks:visible").count() == tab.locator(marks).count() == 1
        assert tab.locator(marks).bounding_box()["height"] == pytest.approx(box["height"], abs=1)
        tab.locator(f"{marks} a").first.click()
        assert tab.locator(".panel:target").is_visible()


def test_downloads_work_by_mouse_and_by_keyboard(tab: object, site: Path, server: Server) -> None:
    """Each download gives the very file of the report's folder."""
    report = site / PAGES[4]
    tab.goto(f"{server.address}{PAGES[4]}")
    for name in ("PDF", "Word (DOCX)", "Excel (XLSX)"):
        with tab.expect_download() as waiting:
            link = tab.locator(".whole").get_by_role("link", name=name)
            link.focus()
            tab.keyboard.press("Enter")
        there = report.parent / waiting.value.suggested_filename
        assert Path(waiting.value.path()).read_bytes() == there.read_bytes()
    links = tab.locator("a[download]")
    wanted = [links.nth(place).get_attribute("href") for place in range(links.count())]
    assert [one for one in wanted if not (report.parent / one).is_file()] == []
    assert {one.rsplit(".")[-1] for one in wanted} >= {
        "csv",
        "parquet",
        "dta",
        "svg",
        "png",
        "pdf",
        "bib",
        "json",
    }
    with tab.expect_download() as waiting:
        tab.get_by_role("link", name="CSV").first.click()
    assert waiting.value.suggested_filename.endswith(".csv")


def test_code_is_one_click_away_and_printing_leaves_it_out(tab: object, site: Path) -> None:
    """Code opens by its summary; on paper there is no navigation, no code and no panel."""
    tab.goto((site / PAGES[4]).as_uri())
    code = tab.locator("details.code").first
    assert not code.locator("pre").is_visible()
    code.locator("summary").click()
    assert code.locator("pre").is_visible()
    tab.emulate_media(media="print")
    assert not tab.locator(".bar:visible, .contents:visible, details.code:visible, .files:visible").count()
    assert tab.locator("h1").is_visible()


def test_heads_of_wide_tables_stay_while_the_page_scrolls(tab: object, site: Path) -> None:
    """On a wide screen a table has no box of its own: its headings stay in view."""
    tab.goto((site / PAGES[4]).as_uri())
    head, last = tab.locator("thead th").first, tab.locator("tbody tr:nth-child(10)").first
    last.evaluate("one => one.scrollIntoView({block: 'center'})")
    assert 0 <= head.bounding_box()["y"] < last.bounding_box()["y"]


def test_a_long_table_opens_with_its_first_rows(tab: object, tmp_path: Path) -> None:
    """Of fifty rows fifteen are seen until all are asked for; print has them all."""
    body = "".join(f"<tr><td>{number}</td></tr>" for number in range(50))
    table = f"<table><thead><tr><th>n</th></tr></thead><tbody>{body}</tbody></table>"
    made = nbformat.v4.new_output("display_data", {"text/html": table})
    (tmp_path / "index.html").write_text(page(notebook(made), record()), encoding="utf-8")
    tab.goto((tmp_path / "index.html").as_uri())
    seen = tab.locator("tbody tr:visible")
    assert seen.count() == 15
    tab.get_by_role("checkbox", name="Hiện tất cả 50 dòng").check()
    assert seen.count() == 50
    tab.get_by_role("checkbox").uncheck()
    tab.emulate_media(media="print")
    assert seen.count() == 50


def test_on_a_phone_a_point_stands_between_two_values_and_nowhere_else(browser: object) -> None:
    """Of place, year, nothing and a fault the first two have a point behind them; a sole one has none."""
    lines = (("Hà Nội", "2015", "", "9 / 10"), ("Hà Nội", "", "", ""), ("", "2015", "", ""))
    kinds = ("where", "when", "reason", "message")
    cells = (
        '<td data-head="H" data-of="{}">{}</td>'.format(*one)
        for line in lines
        for one in zip(kinds, line, strict=True)
    )
    rows = "</tr><tr>".join("".join(one) for one in zip(*[cells] * 4, strict=True))
    front = browser.new_page(viewport={"width": 390, "height": 844})
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    front.set_content(
        f"<style>{style}</style><div class='cb-table'><table><tbody>{rows}</tbody></table></div>"
    )
    after = front.locator("td").evaluate_all(
        "all => all.map(one => getComputedStyle(one, '::after').content.includes('·') && one.textContent)"
    )
    front.close()
    assert [one for one in after if one is not False] == ["Hà Nội", "2015"]
