"""The reports in a real browser: nothing asked of others, nothing in a reader's way, everything works."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import cbanalysis as cb
from browser_checks import WIDTHS, faults_of, too_wide
from cbanalysis.cli.serve import Server
from cbanalysis.publish import Publisher
from cbanalysis.site import keep_evidence, write_index
from site_sample import bac_giang, evidence, harmful, harmful_evidence, notebook, output, put, record

pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = pytest.mark.slow
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
    keep_evidence(made, before)
    publisher = Publisher(keep_evidence(made, known), ("vi", "en"))
    for language in ("vi", "en"):
        add(made, notebook(*parts(language), title=record(language)["title"]), record(language), publisher)
    keep_evidence(made / "vi", harmful_evidence(known))
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
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    yield page
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_quiet_and_open_to_all(browser: object, site: Path, name: str, scheme: str) -> None:
    """No message in the console, no request to another host, no dialog, nothing that axe finds."""
    assert faults_of(browser, site, name, scheme) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_fit_their_window(browser: object, site: Path, width: int) -> None:
    """At the width of a phone, a tablet and a desk nothing sticks out sideways; wide tables scroll."""
    assert too_wide(browser, site, PAGES, width) == []


def shown(tab: object) -> list[str]:
    """Return the titles in the list that are seen."""
    return [one.inner_text() for one in tab.locator("#list > li:visible b").all()]


def test_search_forgives_missing_marks_and_filters_narrow_the_list(tab: object) -> None:
    """Typing without marks finds; each filter narrows; the count is told; clearing brings all back."""
    assert len(shown(tab)) == 3
    tab.get_by_role("searchbox").fill("bac GIANG")
    assert shown(tab) == ["Bắc Giang"]
    assert tab.locator("#found").inner_text() == "1 báo cáo"
    tab.get_by_role("searchbox").fill("nowhere")
    assert tab.locator("#nothing-found").is_visible()
    tab.get_by_role("button", name="Xóa bộ lọc").click()
    tab.wait_for_function("document.querySelectorAll('#list > li:not([hidden])').length === 3")
    tab.get_by_label("Trạng thái").select_option("failed")
    assert len(shown(tab)) == 1
    tab.get_by_label("Trạng thái").select_option("")
    tab.get_by_label("Loại báo cáo").select_option("04_province_profile")
    assert len(shown(tab)) == 2
    tab.locator("select[name=units]").select_option(label="Bắc Giang")
    assert shown(tab) == ["Bắc Giang"]


def test_tiles_work_by_mouse_and_by_keyboard(tab: object) -> None:
    """A tile of the 63 opens the province's report; one of the 34 narrows the list to its land."""
    tab.locator(".map-34 a", has_text="Bắc Ninh").focus()
    tab.keyboard.press("Enter")
    assert sorted(shown(tab)) == ["Bắc Giang", "Bắc Ninh", "Một tỉnh"]
    tab.locator(".map-63 a", has_text="Bắc Giang").click()
    assert tab.url.endswith("vi/04_province_profile/bac-giang/index.html")


def test_one_switch_leads_to_the_other_language_and_back(tab: object) -> None:
    """The list and each report switch between Vietnamese and English."""
    tab.get_by_role("link", name="English").click()
    assert tab.evaluate("document.documentElement.lang") == "en"
    tab.locator("#list a").first.click()
    assert tab.url.endswith("en/04_province_profile/bac-giang/index.html")
    tab.get_by_role("link", name="Tiếng Việt").click()
    assert tab.url.endswith("vi/04_province_profile/bac-giang/index.html")
    tab.get_by_role("link", name="Tất cả báo cáo").click()
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


def test_heads_of_wide_tables_stay_while_rows_scroll(tab: object, site: Path) -> None:
    """When a long table is scrolled its column headings stay in view."""
    tab.goto((site / PAGES[4]).as_uri())
    box = tab.locator(".scroll").first
    before = box.locator("th").first.bounding_box()["y"]
    box.evaluate("one => { one.style.maxHeight = '200px'; one.scrollTop = 150; }")
    top = box.bounding_box()["y"]
    assert abs(box.locator("th").first.bounding_box()["y"] - top) < 3
    assert before >= top
