"""Colours, sizes and the theme: how every chart looks, whatever the reader's own rcParams say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

import matplotlib as mpl

# Okabe and Ito's hues, the lighter ones darkened until text in each has 4.5 to 1 on white (WCAG 1.4.3).
BLUE = "#0072B2"
VERMILLION = "#C04F00"
GREEN = "#00805D"
PURPLE = "#AA4A85"
OCHRE = "#5A4200"
INK = "#222222"
MUTED = "#595959"
GREY = "#8A8A8A"
PALE = "#C9C9C9"
FAINT = "#E6E6E6"
HIGHLIGHT = VERMILLION
SERIES = (BLUE, VERMILLION, GREEN, PURPLE, OCHRE, INK)

FONT = "DejaVu Sans"
DPI = 110
WIDTH, NARROW = 7.6, 4.0
MARGIN = 0.18
SIZES = {"title": 12.0, "subtitle": 9.0, "text": 8.5, "small": 7.8}
POINTS = 72.0
PITCH = 1.42  # line height over font size: room for capitals with two marks (Ấ, Ễ)

_HOUSE: dict[str, Any] = {
    "axes.axisbelow": True, "axes.edgecolor": GREY, "axes.labelcolor": MUTED,
    "axes.labelsize": SIZES["text"], "axes.linewidth": 0.8, "axes.spines.right": False,
    "axes.spines.top": False, "axes.titlesize": SIZES["text"], "axes.unicode_minus": True,
    "figure.dpi": DPI, "font.family": [FONT], "font.sans-serif": [FONT], "font.size": SIZES["text"],
    "grid.color": FAINT, "grid.linewidth": 0.8, "hatch.linewidth": 0.6, "legend.fontsize": 8.8,
    "lines.linewidth": 1.2, "lines.markersize": 4.8, "lines.solid_capstyle": "round",
    "patch.edgecolor": "white", "patch.force_edgecolor": True, "patch.linewidth": 0.8,
    "path.simplify": False, "savefig.dpi": DPI, "savefig.bbox": None, "svg.fonttype": "path",
    "svg.hashsalt": "cbanalysis", "text.color": INK, "text.hinting": "none", "text.parse_math": False,
    "xtick.color": MUTED, "xtick.labelsize": SIZES["text"], "xtick.major.size": 3.0,
    "xtick.major.width": 0.8, "ytick.color": MUTED, "ytick.labelsize": SIZES["text"],
    "ytick.major.size": 3.0, "ytick.major.width": 0.8,
}  # fmt: skip


# What matplotlib.rcdefaults leaves alone too: of the reader's session, not of a picture.
_SESSION = re.compile(
    r"(backend|date\.epoch|docstring|figure\.(max_open|raise)|interactive|savefig\.dir|timezone|tk\.|toolbar|webagg)"
)


@cache
def _style() -> dict[str, Any]:
    """Return all rcParams of the charts, checked once by matplotlib."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_HOUSE)  # type: ignore[arg-type]
        found: Any = mpl.rcParams.copy()  # of which asking for the backend chooses none
    return {name: value for name, value in found.items() if not _SESSION.match(name)}


_BREAK = re.compile(r"[\0-\x1f\u2028\u2029]+")  # of a line, or what can't be seen
_PAGE = ContextVar("width of a chart's page", default=WIDTH)


class TooNarrow(Exception):
    """A chart that can't be read on a phone."""


def page_width() -> float:
    """Return how wide charts are laid out: `WIDTH`, or `NARROW` for a phone (inches)."""
    return _PAGE.get()


def is_narrow() -> bool:
    """Return whether charts are laid out for a phone."""
    return _PAGE.get() == NARROW


@contextmanager
def narrow_page() -> Iterator[None]:
    """Lay out charts for a phone inside the block."""
    token = _PAGE.set(NARROW)
    try:
        yield
    finally:
        _PAGE.reset(token)


@contextmanager
def chart_style() -> Iterator[None]:
    """Draw in the charts' style inside the block; the reader's rcParams neither shine through nor change."""
    with mpl.rc_context():
        dict.update(mpl.rcParams, _style())  # type: ignore[misc]
        yield


@contextmanager
def theme() -> Iterator[None]:
    """Draw figures of your own in the charts' style inside the block, those of seaborn too.

    Font, sizes, lines and axes are those of `cb.charts`; seaborn takes its colours from the charts' palette,
    which keeps a contrast of 4.5 to 1 on white and is told apart by colour-blind readers. The reader's own
    rcParams come back after the block.

    Examples
    --------
    >>> import seaborn
    >>> with theme():
    ...     seaborn.color_palette().as_hex()[:2]
    ['#0072b2', '#c04f00']
    """
    import seaborn as sns  # noqa: PLC0415 -- a third of a second that our own charts don't need

    with chart_style():
        sns.set_palette(SERIES)
        yield


def nfc(text: object) -> str:
    """Return text on one line with composed letters: those drawn apart from their marks look broken."""
    return unicodedata.normalize("NFC", _BREAK.sub(" ", str(text)))
