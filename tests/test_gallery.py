"""The gallery: a picture of every chart function, in both languages, as the code draws it now."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cbanalysis import charts

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    """Return the pictures as they are drawn now."""
    sys.path.insert(0, str(DOCS))
    try:
        from make_gallery import pictures
    finally:
        sys.path.remove(str(DOCS))
    return pictures()


def test_the_gallery_is_current(drawn) -> None:
    """Each stored picture equals what is drawn now, byte for byte; `make generated` brings it up to date."""
    stored = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "gallery").glob("*.svg")}
    assert sorted(stored) == sorted(drawn)
    assert [name for name in drawn if stored[name] != drawn[name]] == []


def test_every_chart_function_is_in_the_gallery(drawn) -> None:
    """No chart function is without its picture in Vietnamese and English."""
    no_charts = {"Chart", "save"}  # what a chart is, and what writes one
    functions = [name for name in charts.__all__ if name not in no_charts]
    for lang in ("vi", "en"):
        assert not [
            one for one in functions if not [n for n in drawn if n.startswith(one) and f".{lang}." in n]
        ]
