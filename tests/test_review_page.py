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
from hypothesis import given, settings
from hypothesis import strategies as st

from browser_checks import WIDTHS
from cbanalysis.cli.commands.review import Desk, Server, open_desk
from cbanalysis.common.errors import OutputError
from cbanalysis.common.folders import STUDY_VARIABLE
from cbanalysis.common.new_study import new_study
from cbanalysis.importing.prose import (
    About,
    ReviewFile,
    accepted,
    choices,
    folded,
    read_review,
    write_review,
)
from cbanalysis.importing.prose.review_table import ABOUT_COLUMNS, REVIEW_COLUMNS

# Made up for this test.
TITLE = "Huyện Tân Yên kết nạp 120 đảng viên"
TEXT = f"""{TITLE}

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
    """Do something and wait until the page says that it and all before it is saved."""
    press()
    page.locator("#said[aria-busy=false]", has_text="Saved").wait_for()


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
def test_what_another_program_decided_is_never_written_over(study: Path, suffix: str) -> None:
    """Two commands on one review: the second to decide is told to load what the first one saved."""
    desk = open_desk([study / "bai.txt"], study / "data", About(published="2022-06-03"))
    path = study / f"r{suffix}"
    write_review([*desk.readings.values()], path)
    one, other = (open_desk([path], study / "data", About()) for _ in range(2))
    first, second = sorted(one.table.rows)[:2]
    one.change([{"row": first, "cells": {"decision": "accept"}}])
    reject = [{"row": second, "cells": {"decision": "reject"}}]
    for _ in range(2):
        with pytest.raises(OutputError, match=rf"changed r{suffix}, so this wasn't saved; reload the page"):
            other.change(reject)
    assert other.state()["rows"][first]["cells"]["decision"] == "accept"
    other.change(reject)
    assert [row.cells["decision"] for row in read_review(path)][:2] == ["accept", "reject"]


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
    assert page.locator("details.about [name=title]").input_value() == TITLE
    page.locator("details.about [name=title]").fill("Tân Yên: 120 đảng viên mới")
    saved(page, lambda: page.get_by_role("button", name="Set for all").click())
    about = {(one["published"], one["publisher"], one["title"]) for one in cells(desk)}
    assert about == {("2022-01-15", "Báo Bắc Giang", "Tân Yên: 120 đảng viên mới")}
    figure = page.locator(".article .figure").first
    assert figure.evaluate("one => getComputedStyle(one).display") == "inline"  # runs over lines as text does
    figure.click()
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
    sources = [*csv.DictReader((study / "data" / "sources.csv").open(encoding="utf-8"))]
    assert [row["title"] for row in sources if row["source_id"] == "bai"] == [TITLE]


def test_a_repeat_is_folded_only_while_everything_but_its_base_is_the_same(desk: Desk) -> None:
    """Another category, definition, level, scheme or kind of base makes another figure of the 120."""
    rows = {row: {**cells} for row, cells in desk.table.rows.items()}
    assert folded(rows)[3] == [(2, "repeat")]
    for name in ("category", "definition", "geo_level", "complement", "scheme", "target", "qualifier"):
        assert folded(rows | {3: {**rows[3], name: "another"}})[2] == [], name
    assert folded(rows, apart={2})[2] == []
    assert folded(rows | {2: {**rows[2], "decision": "accept"}})[2] == []
    based = {"base": "9", "base_of": "member"}
    assert folded(rows | {3: {**rows[3], **based}})[3] == [(2, "repeat")]
    assert folded(rows | {2: {**rows[2], **based}, 3: {**rows[3], **based, "base_of": "village"}})[2] == []


def test_what_went_out_as_a_repeat_is_open_again_when_its_figure_becomes_another(desk: Desk) -> None:
    """A corrected category gives the repeat its own card; a figure that a person refused stays refused."""
    desk.change([{"row": row, "cells": {"decision": "reject"}} for row in (2, 4)])
    told = desk.change([{"row": 3, "cells": {"category": "ngành y tế"}}])
    assert [one["row"] for those in told["cards"].values() for one in those][:3] == [2, 3, 4]
    assert told["rows"][2]["cells"]["decision"] == ""
    assert [one["decision"] for one in cells(desk)][:3] == ["", "", "reject"]


# A number that stands alone, one that is a part of 52, or that 52 right behind it.
ROWS = st.lists(
    st.tuples(
        st.sampled_from([("52", "", "exact, x"), ("30", "52", "exact, x"), ("52", "", "base, x")]),
        st.sampled_from(["", "accept", "correct", "reject"]),
        st.sampled_from(["0.50", "0.90"]),
        st.booleans(),
    ),
    max_size=6,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(drawn=ROWS)
def test_every_row_is_a_card_or_below_one_card_and_no_open_one_is_hidden_below_a_decided_one(
    drawn: list[tuple[tuple[str, str, str], str, str, bool]],
) -> None:
    """Whatever numbers, parts and bases stand behind each other, decided or not, kept or not."""
    empty = dict.fromkeys([*REVIEW_COLUMNS, *ABOUT_COLUMNS], "")
    rows = {
        at: empty | {
            "count": count, "base": base, "evidence": evidence, "decision": decision, "confidence": sure,
            "indicator": "org_count", "period_start": "2021", "period_end": "2021", "file": "a",
            "sha256": "a", "sentence_number": "1",
        }
        for at, ((count, base, evidence), decision, sure, _) in enumerate(drawn, 2)
    }  # fmt: skip
    kept = {at for at, (*_, apart) in enumerate(drawn, 2) if apart}
    cards = folded(rows, kept)
    assert sorted([*cards, *(row for those in cards.values() for row, _ in those)]) == [*rows]
    hidden = [(row, one) for row, those in cards.items() for one, _ in those]
    assert [one for row, one in hidden if rows[row]["decision"] and not rows[one]["decision"]] == []
    assert kept <= {*cards}


def test_a_base_that_the_heading_says_is_decided_with_the_heading(study: Path) -> None:
    """The heading's 52 is a card; below 30/52 it is a repeat, which goes out whatever becomes of the 30."""
    text = (
        "Huyện Tân Yên có 52 tổ chức cơ sở đảng năm 2021\n\n"
        "Trong năm, Đảng bộ huyện Tân Yên (Bắc Giang) có 30/52 tổ chức cơ sở đảng "
        "hoàn thành tốt nhiệm vụ năm 2021."
    )
    (study / "hai.txt").write_text(text, encoding="utf-8")
    desk = open_desk([study / "hai.txt"], study / "data", About(published="2021-12-03"))
    assert folded(desk.table.rows) == {2: [], 3: [(4, "repeat")]}


def test_a_kept_repeat_that_is_still_open_has_its_card_after_a_restart(desk: Desk, study: Path) -> None:
    """The text's 120 is rejected; the heading's, kept before, isn't hidden below it."""
    desk.keep(2)
    desk.change([{"row": 3, "cells": {"decision": "reject"}}])
    again = open_desk([study / "bai.txt"], study / "data", About())
    cards = [(one["row"], one["folded"]) for those in again.state()["documents"] for one in those["cards"]]
    assert cards[:2] == [(2, []), (3, [])]


def test_what_is_set_for_all_is_what_was_sent_and_leaves_what_was_typed(desk: Desk) -> None:
    """A title changes no period; another province passes over one that a person corrected."""
    digest = desk.table.rows[2]["sha256"]
    for row in range(2, 7):
        inferred = {"province": "Bắc Giang", "province_basis": "inferred"}
        month = {"period_start": "2022-05", "period_end": "2022-05", "period_basis": "publication"}
        desk.table.change(row, inferred | month)
    before = {row: {**cells} for row, cells in desk.table.rows.items()}
    desk.about(digest, {"title": "Tên bài khác"})
    assert desk.table.rows == {row: cells | {"title": "Tên bài khác"} for row, cells in before.items()}
    desk.change([{"row": 3, "cells": {"province": "Hà Nam"}}])
    assert desk.table.rows[3]["province_basis"] == "stated"
    desk.about(digest, {"province": "Nghệ An"})
    assert [desk.table.rows[row]["province"] for row in (2, 3, 4)] == ["Nghệ An", "Hà Nam", "Nghệ An"]
    assert {row: cells["period_end"] for row, cells in desk.table.rows.items()} == dict.fromkeys(
        before, "2022-05"
    )


@pytest.mark.parametrize(
    ("before", "published", "after"),
    [
        (("", ""), "2022-07-01", ("2022", "2022")),
        (("2022-06-03", "2022-06-03"), "2022-07-01", ("2022-07-01", "2022-07-01")),
        (("2022", "2022"), "2022-07-01", ("2022", "2022")),
        (("2020", "2022"), "2022-07-01", ("2020", "2022")),
        (("2022", "2022"), "2021-07-01", ("2021", "2021")),
        (("2020", "2022"), "2021-07-01", ("", "")),
        (("2020", "2022"), "2022-06-03", ("2020", "2022")),
    ],
)
def test_another_date_of_an_article_dates_what_only_its_publication_does(
    desk: Desk, before: tuple[str, str], published: str, after: tuple[str, str]
) -> None:
    """From 3 June 2022 on: a day moves, a year only with the year; years up to then are left open."""
    basis = "publication" if before[0] else ""
    desk.table.change(3, {"period_start": before[0], "period_end": before[1], "period_basis": basis})
    desk.about(desk.table.rows[3]["sha256"], {"published": published})
    row = desk.table.rows[3]
    assert (row["period_start"], row["period_end"]) == after
    assert row["period_basis"] == ("publication" if after[0] else "")


def test_a_basis_that_a_person_chose_stays_when_a_year_is_typed_after_it(desk: Desk) -> None:
    """Publication by hand, then 2022: still of the publication; with the years gone it has no basis."""
    desk.change([{"row": 3, "cells": {"period_basis": "publication"}}])
    desk.change([{"row": 3, "cells": {"period_start": "2022", "period_end": "2022"}}])
    assert desk.table.rows[3]["period_basis"] == "publication"
    desk.change([{"row": 3, "cells": {"period_start": "", "period_end": ""}}])
    assert desk.table.rows[3]["period_basis"] == ""
    desk.change([{"row": 3, "cells": {"period_end": "2021"}}])
    assert desk.table.rows[3]["period_basis"] == "stated"


def test_a_number_set_aside_that_becomes_a_figure_has_a_card_though_it_is_told_already(study: Path) -> None:
    """120 presents beside 120 members: whoever makes a figure of them gets to say what they are."""
    text = (
        "Huyện Tân Yên kết nạp 120 đảng viên mới\n\n"
        "Năm 2021, huyện Tân Yên (Bắc Giang) kết nạp 120 đảng viên. Trao 120 phần quà."
    )
    (study / "qua.txt").write_text(text, encoding="utf-8")
    desk = open_desk([study / "qua.txt"], study / "data", About(published="2022-06-03"))
    told = desk.figure(desk.table.rows[2]["sha256"], text.index("120 phần"))
    assert told["row"] in [one["row"] for one in told["documents"][0]["cards"]]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_review_without_a_column_for_the_title_gets_one(desk: Desk, study: Path, suffix: str) -> None:
    """A review that was written before titles were keeps the one that is set now."""
    path = study / f"older{suffix}"
    table = [row[:-1] for row in csv.reader(io.StringIO(desk.table.path.read_text("utf-8-sig")))]
    if suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table)
    else:
        book = openpyxl.Workbook()
        book.active.title = "figures"
        for row in table:
            book.active.append(row)
        book.save(path)
    older = ReviewFile(path)
    older.change(2, {"title": "Tên bài"})
    older.save()
    assert [row.cells["title"] for row in read_review(path)][:2] == ["Tên bài", ""]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_what_is_typed_without_a_basis_is_stated(study: Path, suffix: str) -> None:
    """A person's year and province come in from a table without a word on how they are known."""
    desk = open_desk([study / "bai.txt"], study / "data", About())
    path = study / f"own{suffix}"
    write_review([*desk.readings.values()], path)
    table = ReviewFile(path)
    undated = dict.fromkeys(("period_basis", "province_basis"), "")
    typed = {"decision": "correct", "period_start": "2012", "period_end": "2012", "province": "Hà Nam"}
    table.change(3, undated | typed)
    taken = accepted(table.read(), path, catalogue=desk.catalogue, gazetteer=desk.gazetteer)
    assert taken.behind == ()
    assert {taken.incoming[0].row[name] for name in undated} == {"stated"}


def opened(page: Any, row: int) -> Any:
    """Go to a card by its line and return it."""
    page.locator(f"#row-{row} .line").click()
    return page.locator("li.current")


@pytest.mark.slow
def test_a_repeat_is_kept_by_one_key_or_click_and_decided_on_its_own(page: Any, desk: Desk) -> None:
    """The key s gives the heading's 120 a card and a mark; yes to the text's 120 leaves it open."""
    card = opened(page, 3)
    assert card.locator(".folded q").inner_text() == "Huyện Tân Yên kết nạp 120 đảng viên"
    saved(page, lambda: page.keyboard.press("s"))
    assert page.evaluate("document.activeElement.parentElement.id") == "row-3"
    assert [one.get_attribute("id") for one in page.locator("ol.cards > li").all()][:2] == ["row-2", "row-3"]
    assert page.locator(".article [data-row='2']").inner_text() == "120"
    saved(page, lambda: page.keyboard.press("y"))
    assert [one["decision"] for one in cells(desk)][:2] == ["", "accept"]
    page.reload()
    assert page.locator("#row-2 .line .state").inner_text() == "·"


@pytest.mark.slow
def test_a_corrected_figure_lets_go_of_what_was_folded_into_it(page: Any, desk: Desk) -> None:
    """With another category typed the heading's 120 stands for itself at once, and yes doesn't refuse it."""
    category = opened(page, 3).locator("[data-field=category]")
    category.fill("ngành y tế")
    saved(page, lambda: category.press("Enter"))
    page.locator("#row-2").wait_for()
    saved(page, lambda: page.keyboard.press("y"))
    assert [one["decision"] for one in cells(desk)][:2] == ["", "correct"]


@pytest.mark.slow
def test_typed_years_of_an_undated_article_are_stated_unless_somebody_says_otherwise(
    page: Any, desk: Desk
) -> None:
    """Two years and y: the row comes in; their basis is among the other fields, which stay open."""
    for row in range(2, 7):
        desk.table.change(row, dict.fromkeys(("period_start", "period_end", "period_basis"), ""))
    page.reload()
    card = opened(page, 4)
    page.keyboard.press("e")
    page.keyboard.type("2012")
    page.keyboard.press("Tab")
    page.keyboard.type("2012")
    saved(page, lambda: page.keyboard.press("Enter"))
    card.locator("summary").click()
    basis = card.locator("[data-field=period_basis]")
    assert (basis.input_value(), basis.locator(":checked").inner_text()) == ("stated", "stated")
    words = card.locator("[data-field=qualifier] option").all_inner_texts()
    assert words == ["(none)", "exact", "approximate", "at least", "range"]
    assert card.locator("[data-field=province_basis]").is_visible()
    saved(page, lambda: page.keyboard.press("y"))
    assert cells(desk)[2]["decision"] == "correct"
    assert page.locator(".behind").count() == 0
    assert page.locator("li.current [data-field=note]").is_visible()


@pytest.mark.slow
def test_enter_leaves_a_list_and_letters_in_it_decide_nothing(page: Any, desk: Desk) -> None:
    """In a list y only looks for a word; after Enter the same key accepts."""
    opened(page, 4).locator("[data-field=qualifier], [data-field=subject]").first.focus()
    before = desk.table.rows[4]["subject"]
    page.keyboard.press("n")
    page.keyboard.press("y")
    assert page.locator("#progress").inner_text() == "0 of 3 decided"
    page.locator("li.current [data-field=subject]").select_option(before)
    page.locator("li.current [data-field=subject]").press("Enter")
    assert page.evaluate("document.activeElement.className") == "line"
    saved(page, lambda: page.keyboard.press("y"))
    assert (cells(desk)[2]["subject"], cells(desk)[2]["decision"]) == (before, "correct")


@pytest.mark.slow
def test_a_list_changed_there_and_back_before_the_answer_ends_as_the_page_shows_it(
    page: Any, desk: Desk
) -> None:
    """The first answer is held until the list is back at its first word: the file has that word."""
    before = desk.table.rows[4]["geo_level"]
    listed = opened(page, 4).locator("[data-field=geo_level]")
    held: list[Any] = []
    page.route("**/rows", lambda route: held.append(route) if not held else route.continue_())
    with page.expect_request("**/rows"):
        listed.select_option("commune")
    listed.select_option(before)
    held[0].continue_()
    page.locator("li.current [data-field=area]").fill("x")
    saved(page, lambda: page.locator("li.current [data-field=area]").press("Enter"))
    assert (listed.input_value(), cells(desk)[2]["geo_level"]) == (before, before)


@pytest.mark.slow
def test_the_form_of_an_article_sends_what_was_changed_in_it(page: Any) -> None:
    """A new title goes alone; the date, which is in the form too, stays at home."""
    page.locator("details.about summary").click()
    page.locator("details.about [name=title]").fill("Tên bài khác")
    with page.expect_request("**/about") as sent:
        page.get_by_role("button", name="Set for all").click()
    assert sent.value.post_data_json.keys() == {"sha256", "title"}


@pytest.mark.slow
def test_a_base_changed_there_and_back_keeps_its_card(page: Any, desk: Desk) -> None:
    """With 30 of 53 the 52 stands for itself, and goes on doing so with 30 of 52; it can be decided."""
    assert folded(desk.table.rows)[5] == [(6, "base")]
    base = opened(page, 5).locator("[data-field=base]")
    for number in ("53", "52"):
        base.fill(number)
        saved(page, lambda: base.press("Enter"))
        assert page.locator("ol.cards > li").count() == 4
    opened(page, 6)
    saved(page, lambda: page.keyboard.press("y"))
    assert [one["decision"] for one in cells(desk)][3:] == ["", "accept"]


@pytest.mark.slow
def test_a_card_that_is_gone_from_the_review_goes_from_the_page(page: Any) -> None:
    """What the answer no longer lists can't be clicked, and keys go on with another card."""
    page.locator("#row-4").wait_for()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def without(route: Any) -> None:
        answer = route.fetch()
        told = answer.json()
        told["cards"] = {
            key: [one for one in those if one["row"] != 4] for key, those in told["cards"].items()
        }
        route.fulfill(response=answer, json=told)

    page.route("**/rows", without)
    area = opened(page, 4).locator("[data-field=area]")
    area.fill("x")
    saved(page, lambda: area.press("Enter"))
    page.locator("#row-4").wait_for(state="detached")
    for key in ("s", "e", "ArrowDown", "n"):
        page.locator("h1").click()
        page.keyboard.press(key)
    page.locator("li.reject").wait_for()
    assert errors == []


@pytest.mark.slow
def test_a_base_that_stays_out_stays_out_after_a_reload(page: Any, desk: Desk) -> None:
    """A second yes to 30 of 52, with the page loaded anew between, leaves the 52 rejected."""
    opened(page, 5).locator(".folded button").click()
    for _ in range(2):
        opened(page, 5)
        saved(page, lambda: page.keyboard.press("y"))
        assert [one["decision"] for one in cells(desk)][3:] == ["accept", "reject"]
        page.reload()


@pytest.mark.slow
def test_a_key_held_down_decides_one_figure(page: Any, desk: Desk) -> None:
    """The keyboard repeats y as long as it is pressed; the next cards stay open."""
    opened(page, 3)
    for _ in range(5):
        page.keyboard.down("y")
    page.keyboard.up("y")
    opened(page, 5)
    saved(page, lambda: page.keyboard.press("n"))
    assert [one["decision"] for one in cells(desk)] == ["reject", "accept", "", "reject", "reject"]


@pytest.mark.slow
def test_an_answer_that_comes_late_leaves_the_card_that_somebody_is_at(page: Any) -> None:
    """While a yes is on its way another card is opened and typed in: it stays open."""
    held: list[Any] = []
    page.route("**/rows", lambda route: held.append(route) if not held else route.continue_())
    opened(page, 3)
    with page.expect_request("**/rows"):
        page.keyboard.press("y")
    area = opened(page, 5).locator("[data-field=area]")
    area.fill("half")
    saved(page, held[0].continue_)
    page.locator("#row-3.accept").wait_for()
    assert page.locator("li.current").get_attribute("id") == "row-5"
    assert area.input_value() == "half"


@pytest.mark.slow
def test_only_what_is_rejected_is_struck_through(page: Any) -> None:
    """Open and accepted numbers stand as they are."""
    page.keyboard.press("y")
    page.locator("li.accept").wait_for()
    page.keyboard.press("n")
    page.locator("li.reject").wait_for()
    lines = (
        "[...document.querySelectorAll('.line .value')].map(one => getComputedStyle(one).textDecorationLine)"
    )
    assert page.evaluate(lines) == ["none", "line-through", "none"]


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
