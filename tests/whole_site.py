"""Every page of outputs/ in a real browser (``make look``); ``make test`` takes a sample of a small site."""

from __future__ import annotations

from pathlib import Path

import pytest

from browser_checks import faults_of, too_wide

SITE = Path(__file__).resolve().parents[1] / "outputs"
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))


def test_there_are_reports_to_look_at() -> None:
    """Without reports nothing would be looked at: run make reports first."""
    assert "index.html" in PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_and_open_to_all(browser: object, name: str) -> None:
    """No message in the console, no request to another host, no dialog, nothing that axe finds."""
    assert faults_of(browser, SITE, name) == []


def test_no_page_sticks_out(browser: object) -> None:
    """At the width of a phone, a tablet and a desk no page is wider than its window."""
    assert too_wide(browser, SITE, PAGES) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_small(name: str) -> None:
    """A report's page stays below 1.5 MB, a list of reports below 500 kB."""
    report = "/" in name
    assert (SITE / name).stat().st_size < (1_500_000 if report else 500_000)
