"""A report that fails at any stage leaves a record, and its earlier page says that it isn't current."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest

from cbanalysis.batch.reports.manifest_json import read_manifest, write_manifest
from cbanalysis.batch.reports.many_reports import run
from cbanalysis.batch.reports.reports_and_folders import Report
from cbanalysis.batch.reports.tasks_and_outcomes import Batch, Failure, Outcome
from cbanalysis.site.downloads.report_blocks import Block, Run, _within
from cbanalysis.site.page_and_downloads import Publisher
from cbanalysis.site.pages.front_page import write_index
from cbanalysis.site.pages.page_words import WORDS
from cbanalysis.site.pages.report_page import outdated
from report_runs import Inline, notebook

ROW = '["x"]'

pytestmark = pytest.mark.usefixtures("batches_are_ready")


def made(path: Path, output: Path, **options: Any) -> tuple[Outcome, dict[str, Any]]:
    """Run a notebook as a report; return what became of it and what its record says."""
    one = Report(path, path.stem, takes_language=False)
    (outcome,) = run(
        [one], output, Batch(about={"versions": {}, "commit": None}, **options), executor=Inline()
    )
    record = json.loads((output / one.folder / "run.json").read_text(encoding="utf-8"))
    return outcome, record


def unwritable(folder: Path, made: nbformat.NotebookNode, _record: Mapping[str, Any]) -> None:
    """Write a page, but for a cell that says 'poison'."""
    if any("poison" in cell.source for cell in made.cells):
        raise LookupError("no words for this")
    (folder / "index.html").write_text('<main id="content">\nfirst</main>', encoding="utf-8")


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        ("raise MemoryError", "MemoryError", ""),
        ("assert 1 == 2", "AssertionError", ""),
        (f"{{}}{ROW}", "KeyError", "'x'"),
        ("import sys\nsys.exit(1)", "SystemExit", "the notebook ended itself with exit code 1"),
        ("import sys\nsys.exit('no data')", "SystemExit", "no data"),
        ("%nosuchmagic", "UsageError", "Line magic function `%nosuchmagic` not found."),
    ],
    ids=["memory", "assertion", "key", "exit", "exit-words", "magic"],
)
def test_an_error_has_its_name_in_record_manifest_and_plan(
    tmp_path: Path, source: str, error: str, message: str
) -> None:
    """Also one that says nothing of itself."""
    outcome, record = made(notebook(tmp_path / "20_bad.ipynb", source), tmp_path / "outputs")
    failure = {"stage": "cell", "cell": 3, "error": error, "message": message}
    assert record["failure"] == failure
    assert outcome.message == (f"{error}: {message}" if message else error)
    (entry,) = write_manifest(tmp_path / "outputs", {}, None).reports
    assert {name: getattr(entry, name) for name in failure} == failure
    assert entry.run.failing_since == entry.run.started


def test_an_allowed_error_is_none_and_the_guilty_cell_is_marked(tmp_path: Path) -> None:
    """A cell tagged raises-exception may fail; an error that comes later is blamed on its own cell."""
    allowed = notebook(tmp_path / "20_allowed.ipynb", "1 / 0", "'after'")
    later = notebook(tmp_path / "21_later.ipynb", "1 / 0", "%nosuchmagic", "'never'")
    for path in (allowed, later):
        book = nbformat.read(path, 4)
        book.cells[2].metadata["tags"] = ["raises-exception"]
        nbformat.write(book, path)
    assert made(allowed, tmp_path / "outputs")[0].status == "done"
    outcome, _ = made(later, tmp_path / "outputs")
    assert (outcome.cell, outcome.message.split(":")[0]) == (4, "UsageError")
    cells = nbformat.read(tmp_path / "outputs" / "vi" / "21_later" / "default" / "report.ipynb", 4).cells
    assert [one.metadata.get("tags", []) for one in cells[2:]] == [["raises-exception"], ["failed"], []]


def test_what_cannot_be_written_keeps_the_earlier_page_marked(tmp_path: Path) -> None:
    """The record says stage, error and cell, and since when; the old page and its files stay beside it."""
    path, output = notebook(tmp_path / "20_page.ipynb", "1", "2"), tmp_path / "outputs"
    folder = output / "vi" / "20_page" / "default"
    mark = Publisher().mark
    assert made(path, output, finish=unwritable, mark=mark)[1]["page"] == "this run"
    before = (folder / "report.ipynb").read_bytes()
    notebook(path, "1", "2", "'poison'")
    outcome, record = made(path, output, finish=unwritable, mark=mark)
    assert outcome.message == "LookupError: no words for this"
    assert record["failure"] == {
        "stage": "page",
        "cell": 5,
        "error": "LookupError",
        "message": "no words for this",
    }
    assert (record["status"], record["page"]) == ("failed", "earlier")
    assert (folder / "report.ipynb").read_bytes() == before
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert page.count(WORDS["vi"]["earlier"]) == 1
    assert "LookupError: no words for this" in page
    assert page.endswith("first</main>")
    # Failing again says so once, and still since the first time.
    since = record["run"]["failing_since"]
    _, again = made(path, output, finish=unwritable, mark=mark)
    assert (again["run"]["failing_since"], again["page"]) == (since, "earlier")
    assert (folder / "index.html").read_text(encoding="utf-8").count(WORDS["vi"]["earlier"]) == 1
    notebook(path, "1", "2")
    _, repaired = made(path, output, finish=unwritable, mark=mark)
    assert (repaired["status"], repaired["run"]["failing_since"]) == ("done", "")
    assert (folder / "index.html").read_text(encoding="utf-8") == '<main id="content">\nfirst</main>'


def test_a_report_that_never_was_gets_a_page_that_says_why(tmp_path: Path) -> None:
    """It stands in manifest and list like any other that failed."""
    path, output = notebook(tmp_path / "20_page.ipynb", "'poison <b>'"), tmp_path / "outputs"
    made(path, output, finish=unwritable, mark=Publisher().mark)
    page = (output / "vi" / "20_page" / "default" / "index.html").read_text(encoding="utf-8")
    assert "LookupError: no words for this" in page
    assert WORDS["vi"]["failed_written"] in page
    manifest = write_manifest(output, {}, None)
    assert [(one.stage, one.page) for one in manifest.reports] == [("page", "none")]
    assert read_manifest(output) == (manifest, "")
    write_index(output, manifest.model_dump(mode="json"))
    listed = (output / "index.html").read_text(encoding="utf-8")
    assert "LookupError: no words for this" in listed


def test_a_mark_is_text_in_the_language_of_the_page() -> None:
    """Whatever the message holds, it is shown as text, beside since when and what it means."""
    record = {
        "language": "en",
        "status": "failed",
        "failure": Failure("E", "<script>", "download").as_record(),
        "run": {"failing_since": "2026-11-28T21:04:05+00:00"},
    }
    page = outdated('<main id="content">\nold</main>', record)
    assert "E: &lt;script&gt;" in page
    assert "28 Nov 2026 21:04 UTC" in page
    assert WORDS["en"]["failed_written"] in page


def test_downloads_leave_out_what_cannot_be_typeset_and_say_so() -> None:
    """Half a million characters of a text are kept, and the rows of a table that come after are counted."""
    text = Block("plain", runs=(Run("x" * 600_000),))
    table = Block("table", rows=((),), runs=(Run("after"),))
    kept = list(_within([text, table], WORDS["en"]))
    assert len(kept[0].text) == 500_000
    assert (
        kept[1].text
        == "(100\u202f000 characters are left out here; the page and report.ipynb have them all.)"
    )
    assert kept[2] == table
