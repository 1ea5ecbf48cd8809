"""Classes of values and their colours, the ink that can be read on them, and keys that stand in a plot."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb

from cbanalysis.common.language import Language, spoken
from cbanalysis.dataset.catalogue import PERCENT, Unit
from cbanalysis.display.charts.look import INK
from cbanalysis.display.charts.marks import swatch_key
from cbanalysis.display.charts.page import Box, Key
from cbanalysis.display.charts.text_width import text_width
from cbanalysis.display.words import amount, number

# One hue from pale to dark; none lies in the middle, where neither black nor white text would have 4.5 to 1.
SEQUENCE = ("#EAF2F9", "#C6DDEF", "#98C3E3", "#66A5D4", "#1F6FB2", "#0A3C70")
BLANK = "#FFFFFF"
HATCH = "////"
HATCH_INK = "#CFCFCF"
APART_INK = "#BDBDBD"
OPEN = "#FBF3E3"
APART = "#E4E4E4"
APART_HATCH = ".."  # SVG repeats every dot of a 72-point square: four dots weigh four times as much

_STEPS = (1, 2, 5, 10, 20, 50, 100)
_LADDERS = ((1, 2, 5), (1, 5), (1,))
_MOST = 5


def _luminance(colour: str) -> float:
    channels = (
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in to_rgb(colour)
    )
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), channels, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it, from 1 to 21.

    Examples
    --------
    >>> round(contrast("#FFFFFF", "#000000"), 1)
    21.0
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@cache
def ink_on(colour: str) -> str:
    """Return the text colour that reads better on a colour: dark ink or white."""
    return max((INK, "#FFFFFF"), key=lambda ink: contrast(ink, colour))


@dataclass(frozen=True)
class Classes:
    """Value classes, each with its colour; a value belongs to the class whose lower limit it reaches last.

    Attributes
    ----------
    edges : tuple of float
        Limits, lowest first; the last class includes its upper one.
    whole : bool
        Whether the values are counts, so that a class is named 2–4 and not 2 to under 5.
    unit : Unit
        What they are in, if they are no counts.
    """

    edges: tuple[float, ...]
    whole: bool = False
    unit: Unit = PERCENT

    @property
    def colours(self) -> tuple[str, ...]:
        """One colour a class, pale to dark."""
        count = len(self.edges) - 1
        if count == 1:
            return (SEQUENCE[2],)
        last = len(SEQUENCE) - 1
        return tuple(SEQUENCE[round(step * last / (count - 1))] for step in range(count))

    def colour(self, value: float) -> str:
        """Return the colour of a value's class."""
        below = sum(value >= edge for edge in self.edges[1:-1])
        return self.colours[below]

    def words(self) -> tuple[str, ...]:
        """Return each class in words, lowest first."""
        pairs = list(pairwise(self.edges))
        if self.whole:
            return tuple(
                number(low) if high - low == 1 else f"{number(low)}–{number(high - 1)}" for low, high in pairs
            )
        under: dict[Language, str] = {"vi": "{} đến dưới {}", "en": "{} to under {}"}
        upto: dict[Language, str] = {"vi": "{} đến {}", "en": "{} to {}"}
        return tuple(
            spoken(upto if high == self.edges[-1] else under).format(number(low), amount(high, self.unit))
            for low, high in pairs
        )

    def keys(self) -> list[Key]:
        """Return one key entry a class, lowest first."""
        return [swatch_key(words, colour) for words, colour in zip(self.words(), self.colours, strict=True)]


def unit_classes(values: Iterable[float], unit: Unit) -> Classes:
    """Return at most five classes with round limits, of percentages or of values of any size."""
    known = list(values)
    if not unit.own:
        return percent_classes(known)
    span = (max(known) - min(known)) or abs(max(known)) or 1.0
    power = 10.0 ** math.floor(math.log10(span) - 1)
    return Classes(_edges(known, [power * step for step in _STEPS]), unit=unit)


def _edges(values: Sequence[float], steps: Iterable[float], most: float = math.inf) -> tuple[float, ...]:
    """Return limits that hold all values, whole steps apart: the first step of few classes."""
    low, high = min(values), max(values)
    first, last, step = 0, 0, 1.0
    for step in steps:
        first, last = math.floor(low / step), math.ceil(high / step)
        if first == last:
            first, last = (first, last + 1) if high < most else (first - 1, last)
        if last - first <= _MOST:
            break
    return tuple(round(step * place, 9) for place in range(first, last + 1))


def percent_classes(values: Iterable[float]) -> Classes:
    """Return at most five classes with round limits that hold all percentages.

    Examples
    --------
    >>> percent_classes([85.74, 93.93]).edges
    (84, 86, 88, 90, 92, 94)
    >>> percent_classes([100.0]).edges
    (99, 100)
    """
    return Classes(_edges(list(values), _STEPS, most=100))


def count_classes(values: Iterable[float]) -> Classes:
    """Return classes of counts from 1 upwards that hold all values, few enough to tell apart.

    Examples
    --------
    >>> count_classes([1, 7, 30]).edges
    (1, 2, 5, 10, 20, 50)
    """
    most = max(values)
    for ladder in _LADDERS:
        edges = [1]
        while edges[-1] <= most:
            edges.append(ladder[len(edges) % len(ladder)] * 10 ** (len(edges) // len(ladder)))
        if len(edges) - 1 <= len(SEQUENCE):
            break
    return Classes(tuple(edges), whole=True)


def fitting(
    text: str, width: float, size: float, least: float, weight: Literal["normal", "bold"] = "normal"
) -> float:
    """Return the largest font size up to ``size`` at which a line fits a width in inches, or ``least``."""
    needs = text_width(text, size, weight)
    return size if needs <= width else max(least, size * width / needs)


def draw_fields(axes: Axes, fields: Sequence[tuple[Box, str, str]], ink: str = HATCH_INK) -> None:
    """Draw the fields of a map or matrix, in inches, each with its colour and hatch (``""`` for none)."""
    for hatch in dict.fromkeys(hatch for _, _, hatch in fields):
        alike = [(*box.ends, colour) for box, colour, own in fields if own == hatch]
        corners = [[*zip((*x, *x[::-1]), (y[0], y[0], y[1], y[1]), strict=True)] for x, y, _ in alike]
        drawn = PolyCollection(corners, facecolor=[colour for *_, colour in alike], linewidth=0, zorder=2)
        drawn.set(edgecolor=APART_INK if hatch == APART_HATCH else ink, hatch=hatch or None, label="fields")
        axes.add_collection(drawn, autolim=False)
