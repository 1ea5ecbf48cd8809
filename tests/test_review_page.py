"""The page of a review: by keyboard and by mouse, saved at each step, for nobody else."""

from __future__ import annotations

import csv
import http.client
import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from browser_checks import WIDTHS
from cbanalysis.cli.review import Desk, Server, open_desk
from cbanalysis.common.folders import STUDY_VARIABLE
from cbanalysis.common.studies import new_study
from cbanalysis.importing.prose import About, ReviewFile, choices, folded, read_review, write_review

# Made up for this test.
TEXT = """Huyện Tân Yên kết nạp 120 đảng viên

Năm 2021, Đảng bộ huyện Tân Yên (Bắc Giang) kết nạp 120 đảng viên, trong đó có 45 đảng viên nữ.

Đến nay, 30/52 tổ chức cơ sở đảng hoàn thành tốt nhiệm vụ. Tổng kinh phí 12 triệu đồng cho 7 lớp.
"""


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a study of one's own with an article in it."""
    made = tmp_path / "study"
    new_study(made, published=False)
    monkeypatch.setenv(STUDY_VARIABLE, str(made))
    monkeypatch.setenv("LANGUAGE", "en")
    (made / "bai.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(made)
    return made


@pytest.fixture
def desk(study: Path) -> Desk:
    """Open the review of the article."""
    return open_desk([study / "bai.txt"], study / "data", About(published="2022-06-03"))


@pytest.fixture
def server(desk: Desk) -> Iterator[Server]:
    """Serve its page."""
    with Server(desk) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join(5)


@pytest.fixture
def page(browser: Any, server: Server) -> Iterator[Any]:
    """Open the page."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.goto(server.address)
    tab.wait_for_selector(".card")
    yield tab
    context.close()


def cells(desk: Desk) -> list[dict[str, str]]:
    """Return the rows that stand in the file now."""
    return [dict(row.cells) for row in read_review(desk.table.path)]


def saved(page: Any, press: Callable[[], None]) -> None:
    """Do something and wait until the page says that it is saved."""
    page.evaluate("document.getElementById('said').textContent = ''")
    press()
    page.locator("#said", has_text="Saved").wait_for()


def test_repeats_and_bases_are_folded_into_their_figure(desk: Desk) -> None:
    """The heading's 120 goes with the text's 120, the 52 with the 30 of 52: four cards for six rows."""
    rows = desk.table.rows
    cards = [(rows[row]["printed"], [(rows[one]["printed"], why) for one, why in those])
             for row, those in folded(rows).items()]  # fmt: skip
    assert sorted(cards) == [
        ("120", [("120", "repeat")]),
        ("30/52", [("52", "base")]),
        ("45", []),
    ]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_changed_review_keeps_what_others_put_into_it(study: Path, suffix: str) -> None:
    """A column that a person added stays; so do the workbook's drop-downs and its other sheets."""
    desk = open_desk([study / "bai.txt"], study / "data", About())
    path = study / f"own{suffix}"
    if suffix == ".csv":
        rows = [*csv.reader(io.StringIO(desk.table.path.read_text("utf-8-sig")))]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([[*row, "mine" if at else "remark"] for at, row in enumerate(rows)])
    else:
        readings = [*desk.readings.values()]
        write_review(readings, path, choices(desk.catalogue, desk.gazetteer))
        book = openpyxl.load_workbook(path)
        sheet = book["figures"]
        sheet.cell(1, sheet.max_column + 1, "remark")
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, sheet.max_column, "mine")
        book.save(path)
    table = ReviewFile(path)
    table.change(3, {"decision": "accept", "area": "=1+1"})
    added = table.add({"printed": "7", "count": "7", "sentence": "x"})
    table.save()
    again = ReviewFile(path)
    assert (again.rows[3]["decision"], again.rows[3]["area"]) == ("accept", "=1+1")
    assert (again.rows[added]["printed"], again.rows[added]["decision"]) == ("7", "")
    if suffix == ".csv":
        assert all(
            row["remark"] == "mine"
            for row in [*csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))][:-1]
        )
    else:
        book = openpyxl.load_workbook(path)
        assert book.sheetnames == ["figures", "set aside", "lists"]
        assert book["figures"].cell(3, book["figures"].max_column).value == "mine"
        assert len(book["figures"].data_validations.dataValidation) > 5


@pytest.mark.slow
def test_figures_are_decided_by_keys_alone_and_each_is_in_the_file_at_once(page: Any, desk: Desk) -> None:
    """The key n rejects and moves on, y accepts with its base, e goes to the doubtful field, arrows move."""
    assert page.locator("#progress").inner_text() == "0 of 3 decided"
    saved(page, lambda: page.keyboard.press("y"))
    assert [one["decision"] for one in cells(desk)] == ["reject", "accept", "", "", ""]
    saved(page, lambda: page.keyboard.press("n"))
    assert [one["decision"] for one in cells(desk)] == ["reject", "accept", "reject", "", ""]
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.dataset.field") == "period_start"
    page.keyboard.type("2021")
    page.keyboard.press("Tab")
    page.keyboard.type("2021")
    saved(page, lambda: page.keyboard.press("Enter"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    saved(page, lambda: page.keyboard.press("y"))
    last = cells(desk)[3:]
    assert [(one["decision"], one["printed"]) for one in last] == [("correct", "30/52"), ("accept", "52")]
    assert last[0]["period_start"] == "2021"
    assert page.locator("#progress").inner_text() == "3 of 3 decided"


@pytest.mark.slow
def test_by_mouse_a_number_set_aside_becomes_a_figure_and_a_province_is_set_once(
    page: Any, desk: Desk
) -> None:
    """One click on the number in the article; one form for all rows that name no province themselves."""
    saved(page, lambda: page.get_by_role("button", name=re.compile("Make a figure of 7")).click())
    made = cells(desk)[-1]
    assert (made["count"], made["printed"], made["decision"]) == ("7", "7", "")
    assert TEXT[int(made["start"]) : int(made["end"])] == "7"
    assert page.locator("li.current .value").inner_text() == "7"
    page.locator("details.about summary").click()
    page.locator("details.about [name=published]").fill("2022-01-15")
    page.locator("details.about [name=publisher]").fill("Báo Bắc Giang")
    saved(page, lambda: page.get_by_role("button", name="Set for all").click())
    assert {(one["published"], one["publisher"]) for one in cells(desk)} == {("2022-01-15", "Báo Bắc Giang")}
    page.locator(".article .figure").first.click()
    saved(page, lambda: page.get_by_role("button", name="Reject").click())
    assert "reject" in {one["decision"] for one in cells(desk)}


@pytest.mark.slow
def test_what_is_accepted_comes_in_and_the_page_says_why_the_rest_stays(page: Any, study: Path) -> None:
    """A row without an indicator is marked when it is accepted, stays behind, and the others come in."""
    saved(page, lambda: page.keyboard.press("y"))
    page.keyboard.press("e")
    select = page.locator("li.current [data-field=indicator]")
    saved(page, lambda: select.select_option(""))
    saved(page, lambda: page.locator(".actions .main").click())
    assert page.locator("li.current em.wrong:not(:empty)").count() == 1
    page.get_by_role("button", name="Take accepted figures in").click()
    page.wait_for_selector("#outcome:not([hidden])")
    if page.get_by_role("button", name="Take them in all the same").count():
        page.get_by_role("button", name="Take them in all the same").click()
    page.locator("#outcome", has_text="figures are in data").wait_for()
    assert "stay behind" in page.locator("#outcome").inner_text()
    rows = [*csv.DictReader((study / "data" / "observations.csv").open(encoding="utf-8"))]
    assert [(row["count"], row["area"], row["period_end"]) for row in rows] == [("120", "Tân Yên", "2021")]


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_quiet_fits_and_is_open_to_all(
    browser: Any, server: Server, desk: Desk, lang: str, scheme: str
) -> None:
    """Nothing in the console, nothing asked of others, nothing that axe finds, nothing sideways."""
    from axe_playwright_python.sync_playwright import Axe

    desk.lang = lang
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    tab = context.new_page()
    found: list[str] = []
    own = (server.origin, "data:")
    tab.on("request", lambda one: None if one.url.startswith(own) else found.append(one.url))
    tab.on("console", lambda message: found.append(message.text))
    tab.on("pageerror", lambda error: found.append(str(error)))
    tab.goto(server.address)
    tab.wait_for_selector(".card")
    for summary in tab.locator("summary").all():
        summary.click()
    found += [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in Axe().run(tab).response["violations"]
    ]
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        if tab.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"sticks out at {width}")
    context.close()
    assert found == []


def ask(server: Server, path: str, body: object = None, **headers: str) -> tuple[int, str]:
    """Send one request; to the server's own host and from its own page unless a header says otherwise."""
    connection = http.client.HTTPConnection(*server.server_address, timeout=10)
    sent = {"Host": server.origin.removeprefix("http://"), "Content-Type": "application/json"} | headers
    method = "GET" if body is None else "POST"
    connection.request(method, path, None if body is None else json.dumps(body), sent)
    answer = connection.getresponse()
    return answer.status, answer.headers.get("Content-Security-Policy", "")


def test_only_who_knows_the_address_may_see_or_change_anything(server: Server, desk: Desk) -> None:
    """No token, a wrong one, another host's name, another site's page: not found, and nothing changes."""
    before = desk.table.path.read_bytes()
    own = f"/{server.token}/"
    body = {"changes": [{"row": 2, "cells": {"decision": "accept"}}]}
    assert ask(server, own)[0] == 200
    assert "default-src 'none'" in ask(server, own)[1]
    for path, headers in (
        ("/", {}), ("/state", {}), ("/nobody/state", {}), (f"{own}state", {"Host": "evil.example"}),
        (f"{own}../state", {}), (f"{own}review.py", {}),
    ):  # fmt: skip
        assert ask(server, path, **headers)[0] == 404
    assert ask(server, "/nobody/rows", body)[0] == 404
    assert ask(server, f"{own}rows", body, Origin="http://evil.example")[0] == 404
    assert ask(server, f"{own}rows", body, **{"Content-Type": "text/plain"})[0] == 404
    assert ask(server, f"{own}rows", {"changes": [{"row": "x"}]})[0] == 400
    assert desk.table.path.read_bytes() == before


@pytest.mark.slow
def test_killed_at_any_moment_nothing_that_was_saved_is_lost(study: Path) -> None:
    """The server is killed; the review is whole and has the decision, and a new start goes on."""
    command = [str(Path(sys.executable).with_name("cbanalysis")), "review", "bai.txt", "--no-browser"]
    made = subprocess.Popen(command, cwd=study, stderr=subprocess.PIPE, text=True, env=os.environ)
    try:
        assert made.stderr is not None
        address = re.search(r"http://127\.0\.0\.1:(\d+)(/\S+/)", made.stderr.readline())
        assert address is not None
        connection = http.client.HTTPConnection("127.0.0.1", int(address[1]), timeout=20)
        body = json.dumps({"changes": [{"row": 3, "cells": {"decision": "reject"}}]})
        connection.request("POST", f"{address[2]}rows", body, {"Content-Type": "application/json"})
        assert connection.getresponse().status == 200
    finally:
        made.send_signal(signal.SIGKILL)
        made.wait(10)
    rows = read_review(study / "bai.review.csv")
    assert [row.cells["decision"] for row in rows if row.row == 3] == ["reject"]
    assert [path.name for path in study.iterdir() if path.name.startswith(".")] == []
    assert open_desk([study / "bai.txt"], study / "data", About()).table.rows[3]["decision"] == "reject"
