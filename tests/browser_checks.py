"""What every page must hold in a real browser; for the tests' small site and for the whole of outputs/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

WIDTHS = (360, 768, 1440)


def faults_of(browser: Any, site: Path, name: str) -> list[str]:
    """Return what a page says, asks of other hosts, and what axe finds on it and in a panel that it opens.

    In dark colours axe looks at colours alone: nothing else differs.
    """
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
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

    def look(scheme: str, **only: Any) -> None:
        seen = Axe().run(page, **only).response["violations"]
        found.extend(f"axe, {scheme}, {one['id']}: {one['nodes'][0]['html'][:200]}" for one in seen)

    look("light")
    panel = page.locator("td a.home").first
    if panel.count():
        panel.click()
        look("light panel", context=".panel:target")
    page.emulate_media(color_scheme="dark")
    look("dark", options={"runOnly": ["color-contrast", "link-in-text-block"]})
    context.close()
    return found


def too_wide(browser: Any, site: Path, names: list[str] | tuple[str, ...]) -> list[str]:
    """Return the pages that stick out sideways of a phone's, a tablet's and a desk's window, and of which."""
    context = browser.new_context()
    page = context.new_page()
    found = []
    for name in names:
        page.goto((site / name).as_uri())
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{name} at {width}")
    context.close()
    return found
