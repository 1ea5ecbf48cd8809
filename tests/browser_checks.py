"""What every page must hold in a real browser; for the tests' small site and for the whole of outputs/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

WIDTHS = (360, 768, 1440)


def faults_of(browser: Any, site: Path, name: str, scheme: str) -> list[str]:
    """Return what a page says, asks of other hosts, and what axe finds on it and in a panel that it opens."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    found: list[str] = []
    home = site.as_uri()
    page.on(
        "request",
        lambda one: None if one.url.startswith((home, "data:")) else found.append(f"asks {one.url}"),
    )
    page.on("console", lambda message: found.append(f"says {message.text}"))
    page.on("pageerror", lambda error: found.append(f"fails: {error}"))
    page.on("dialog", lambda dialog: found.append(f"opens a dialog: {dialog.message}"))
    page.goto((site / name).as_uri())
    looked = Axe().run(page)
    found += [f"axe {one['id']}: {one['nodes'][0]['html'][:200]}" for one in looked.response["violations"]]
    panel = page.locator("td a.home").first
    if panel.count():
        panel.click()
        opened = Axe().run(page, context=".panel:target")
        found += [f"axe in a panel, {one['id']}" for one in opened.response["violations"]]
    context.close()
    return found


def too_wide(browser: Any, site: Path, names: list[str] | tuple[str, ...], width: int) -> list[str]:
    """Return the pages that stick out sideways of a window of so many pixels."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    found = []
    for name in names:
        page.goto((site / name).as_uri())
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(name)
    context.close()
    return found
