"""Rating distributions as bars: classes in the order of their scheme, parts inset, unknown rest hatched."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Unpack

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.patches import Rectangle

from cbanalysis.common.language import spoken, words_of
from cbanalysis.dataset.catalogue import Category, Scheme
from cbanalysis.dataset.observations.comparability import Dimension
from cbanalysis.dataset.observations.places_and_years import count_places, strings
from cbanalysis.display.charts import look, page
from cbanalysis.display.charts.caption import Words, caption, charted, not_drawn, untold
from cbanalysis.display.charts.colour_classes import BLANK, HATCH, HATCH_INK, ink_on
from cbanalysis.display.charts.marks import swatch_key
from cbanalysis.display.charts.rating_bar_parts import Bar, Kind, Piece, bars_of
from cbanalysis.display.charts.rows_page import bare
from cbanalysis.display.charts.text_width import line_height, text_width, widest, wrap
from cbanalysis.display.words import joined

_WORDS = words_of("charts.ratings")


# Blue on the good side, ochre on the other, each from the best to the worst class. Unless a category has its
# own, a colour stands for a rank, whatever a scheme calls it. Beside them: the best part of a class, and what
# has no rank on its side.
_STEPS = 1025  # odd, so that the middle is the middle colour
_RAMPS = {
    True: LinearSegmentedColormap.from_list("good", ["#1F6FB2", "#66A5D4", "#98C3E3"], _STEPS),
    False: LinearSegmentedColormap.from_list("less", ["#F2D8A7", "#A84A00"], _STEPS),
}
_PART = {True: "#0A3C70", False: "#6B2F00"}
_OTHER = "#E3B778"
_INSET_HATCH = "////"
_INSET_INK = "#6C8FB5"


_LABEL_ROOM = 2.0
_TALL, _SLIM, _BETWEEN = 0.36, 0.26, 0.1
_BELOW, _LIFT, _EDGE = 0.16, 0.04, 0.1  # on a phone: numbers below a bar, its words above it, the plot's edge
_INSET = 0.42
_VALUE, _SMALL = 7.4, 6.2
_AXIS: dict[Kind, float] = {"stacked": 0.27, "diverging": 0.05}
_BREAK = 0.14
_LANE = 4.0


def _room() -> float:
    return look.page_width() - 2 * look.MARGIN


class RatingPage:
    """Lays out the blocks of the schemes below each other and draws their bars.

    Parameters
    ----------
    bars : sequence of Bar
        Scheme after scheme.
    kind : {"stacked", "diverging"}
        From a common edge, or to both sides of zero.
    """

    def __init__(self, bars: Sequence[Bar], kind: Kind) -> None:
        if look.is_narrow() and kind == "diverging":
            raise look.TooNarrow  # what each side means has no room beside the middle
        self.kind = kind
        self.bars = tuple(bars)
        # on a phone labels stand above their bars
        self.left = (
            _EDGE if look.is_narrow() else widest([one for bar in bars for one in self._lines(bar)]) + 0.12
        )
        if kind == "diverging":
            # The words on zero's left side need room even where that side is short.
            self.left = max(self.left, text_width(spoken(_WORDS["less"]), look.SIZES["small"]) + 0.06)
        solid = [piece for bar in bars for piece in bar.pieces if piece.category]
        self.low = min(0.0, *(piece.start for piece in solid))
        high = max(piece.start + piece.width for piece in solid)
        self.high = max(100.0, high) if kind == "stacked" else high
        rests = [piece.width for bar in bars for piece in bar.pieces if piece.category is None]
        self.rest_at = self.high + _LANE
        self.end = self.rest_at + max(rests) if kind == "diverging" and rests else self.high
        self.room = self._plot_room()

    def _plot_room(self) -> float:
        """Return the plot's width; it decides which numbers stand beside it, on a phone below."""
        if look.is_narrow():
            return _room() - self.left - _EDGE
        room = _room() - self.left
        for _ in range(2):
            self.room = room
            beside = max(self._beside_width(bar) for bar in self.bars)
            room = _room() - self.left - beside - (0.1 if beside else 0.0)
        return room

    @property
    def inch(self) -> float:
        """Inches that one percent takes."""
        return self.room / (self.end - self.low)

    @staticmethod
    def _lines(bar: Bar) -> list[str]:
        return wrap(bar.label, _room() if look.is_narrow() else _LABEL_ROOM)

    def _height(self, bar: Bar) -> float:
        words, height = len(self._lines(bar)) * line_height(), _TALL if bar.tall else _SLIM
        below = _BELOW if self._beside(bar) else 0.0
        return words + _LIFT + height + below if look.is_narrow() else max(height, words)

    def _beside(self, bar: Bar) -> list[Piece]:
        """Return the pieces whose number doesn't fit into them, classes first."""
        narrow = [
            piece
            for piece in bar.pieces
            if piece.category
            and text_width(piece.text, _SMALL if piece.inset else _VALUE) + 0.06 > piece.width * self.inch
        ]
        return sorted(narrow, key=lambda piece: piece.inset)

    def _beside_width(self, bar: Bar) -> float:
        return sum(0.23 + text_width(piece.text, look.SIZES["small"]) for piece in self._beside(bar))

    def _blocks(self) -> list[tuple[Scheme, list[Bar]]]:
        by_scheme = groupby(self.bars, key=lambda bar: bar.scheme.id)
        return [(found[0].scheme, found) for found in (list(bars) for _, bars in by_scheme)]

    def _head_height(self, scheme: Scheme, bars: Sequence[Bar]) -> float:
        sides = line_height(look.SIZES["small"]) + 0.03 if self.kind == "diverging" else 0.0
        return line_height() + 0.02 + page.keys_height(self._keys(scheme, bars), _room()) + sides + 0.08

    def draw(self, drawn: pd.DataFrame, words: page.Caption) -> page.Chart:
        """Return the chart of these bars.

        Parameters
        ----------
        drawn : DataFrame
            The rows behind the bars.
        words : Caption
            The words around them.

        Returns
        -------
        Chart
        """
        blocks = self._blocks()
        body = _BREAK * (len(blocks) - 1)
        body += sum(self._head_height(scheme, bars) for scheme, bars in blocks)
        body += sum(self._height(bar) + _BETWEEN for bar in self.bars)
        chart, box = page.compose(drawn, words, height=body + _AXIS[self.kind])
        axes = chart.place(box.left + self.left, box.top, self.room, body, label="bars")
        axes.set(xlim=(self.low, self.end), ylim=(body, 0))
        self._axis(axes)
        top = 0.0
        for number, (scheme, bars) in enumerate(blocks):
            if number:
                ends = [self.low - self.left / self.inch, self.low + (_room() - self.left) / self.inch]
                axes.plot(ends, [top + 0.06] * 2, color=look.INK, linewidth=1.8, clip_on=False, label="break")
                top += _BREAK
            self._head(chart, scheme, bars, box.top + top)
            top += self._head_height(scheme, bars)
            for bar in bars:
                height = self._height(bar)
                self._draw_bar(axes, bar, top, height)
                top += height + _BETWEEN
        return chart

    def _head(self, chart: page.Chart, scheme: Scheme, bars: Sequence[Bar], top: float) -> None:
        """Write a scheme's name and draw its key; above diverging bars also what each side means."""
        chart.write(look.MARGIN, top, look.nfc(spoken(scheme.name)), weight="bold")
        below = page.draw_keys(
            chart, self._keys(scheme, bars), look.MARGIN, top + line_height() + 0.02, _room()
        )
        if self.kind == "diverging":
            zero = look.MARGIN + self.left - self.low * self.inch
            for side, align, nudge in (("good", "left", 0.05), ("less", "right", -0.05)):
                at, words = (zero + nudge, below + 0.03), spoken(_WORDS[side])
                chart.write(*at, words, size=look.SIZES["small"], colour=look.MUTED, align=align)

    def _keys(self, scheme: Scheme, bars: Sequence[Bar]) -> list[page.Key]:
        pieces = [piece for bar in bars for piece in bar.pieces]
        outer = {piece.category.id for piece in pieces if piece.category and not piece.inset}
        inner = {piece.category.id for piece in pieces if piece.category and piece.inset}
        shown: dict[tuple[str, bool], list[str]] = {}
        for category in sorted(scheme.categories, key=lambda one: one.order):
            name = look.nfc(spoken(category.name))
            if category.id in outer:
                shown.setdefault((_colour(category, scheme), False), []).append(name)
            if category.id in inner:
                key = (_colour(category, scheme), True)
                shown.setdefault(key, []).append(spoken(_WORDS["inset"]).format(name))
        keys = [
            (_inset_key if inset else swatch_key)(" / ".join(names), colour)
            for (colour, inset), names in shown.items()
        ]
        if any(piece.category is None for piece in pieces):
            keys.append(swatch_key(spoken(_WORDS["rest"]), BLANK, HATCH))
        return keys

    def _axis(self, axes: Axes) -> None:
        bare(axes)
        ticks = [0, 25, 50, 75, 100] if self.kind == "stacked" else []
        axes.set_xticks(ticks, [f"{one}%" for one in ticks])

    def _draw_bar(self, axes: Axes, bar: Bar, top: float, room: float) -> None:
        """Draw one bar: its label, its pieces with their numbers, the numbers that don't fit beside it."""
        height, lines = _TALL if bar.tall else _SLIM, self._lines(bar)
        outside, middle = self._beside(bar), top + room / 2
        if look.is_narrow():
            above = top + len(lines) * line_height() / 2
            middle = top + len(lines) * line_height() + _LIFT + height / 2
            page.write_around(axes, self.low - self.left / self.inch, above, lines, ha="left", color=look.INK)
        else:
            page.write_around(axes, self.low - 0.1 / self.inch, middle, lines, ha="right", color=look.INK)
        holding = {piece.start for piece in bar.pieces if piece.inset}
        for piece in bar.pieces:
            top, tall = middle - height / 2, height
            if piece.inset:
                top, tall = top + tall * (1 - _INSET), tall * _INSET
            colour = _colour(piece.category, bar.scheme)
            self._draw_piece(axes, piece, top, tall, colour)
            if piece.text and piece not in outside:
                # Where an inset takes the lower part, the number of the whole moves up.
                up = piece.start in holding and not piece.inset
                self._write_value(axes, piece, top + (tall * (1 - _INSET) if up else tall) / 2, colour)
        ends = [middle - height / 2 - 0.04, middle + height / 2 + 0.04]
        axes.plot([0, 0], ends, color=look.GREY, linewidth=1.2, zorder=5, label="zero")
        if look.is_narrow():
            self._draw_beside(axes, outside, bar.scheme, (self.low, middle + (height + _BELOW) / 2))
        else:
            self._draw_beside(axes, outside, bar.scheme, (self.end + 0.1 / self.inch, middle))

    def _draw_piece(self, axes: Axes, piece: Piece, top: float, tall: float, colour: str) -> None:
        start = self.rest_at if piece.category is None and self.kind == "diverging" else piece.start
        patch = Rectangle((start, top), piece.width, tall, facecolor=colour, zorder=4 if piece.inset else 3)
        if piece.category is None or piece.inset:
            patch.set(hatch=_INSET_HATCH, edgecolor=_INSET_INK if piece.inset else HATCH_INK, linewidth=0)
        else:
            patch.set(edgecolor="white", linewidth=0.8)
        kind = "inset" if piece.inset else "piece"
        patch.set_gid(f"{kind}-{piece.category.id if piece.category else 'rest'}")
        axes.add_patch(patch)
        page.trace(axes, (start, start + piece.width), (top, top + tall), piece.figure)

    def _write_value(self, axes: Axes, piece: Piece, middle: float, colour: str) -> None:
        axes.text(
            piece.start + piece.width / 2,
            middle,
            piece.text,
            size=_SMALL if piece.inset else _VALUE,
            color=ink_on(colour),
            ha="center",
            va="center_baseline",
            zorder=6,
            bbox={"facecolor": colour, "edgecolor": "none", "pad": 0.4} if piece.inset else None,
        )

    def _draw_beside(
        self, axes: Axes, pieces: Sequence[Piece], scheme: Scheme, at: tuple[float, float]
    ) -> None:
        left, middle = at
        for piece in pieces:
            colour = _colour(piece.category, scheme)
            swatch = Rectangle(
                (left, middle - 0.045), 0.09 / self.inch, 0.09, facecolor=colour, clip_on=False, linewidth=0
            )
            if piece.inset:
                swatch.set(hatch="//////", edgecolor=_INSET_INK)
            axes.add_patch(swatch)
            begin, small = left + 0.13 / self.inch, look.SIZES["small"]
            axes.text(begin, middle, piece.text, size=small, color=look.MUTED, va="center_baseline")
            left += (0.23 + text_width(piece.text, look.SIZES["small"])) / self.inch


def _colour(category: Category | None, scheme: Scheme) -> str:
    """Return the colour of a class: its own, else by its rank on its side; several are above their worst."""
    if category is None:
        return BLANK
    if category.colour:
        return category.colour.lower()
    good, ordered = category.good_or_better, sorted(scheme.categories, key=lambda one: one.order)
    if category.part_of:
        ends = [_PART[good], _colour(scheme.category(category.part_of), scheme)]
        ramp = LinearSegmentedColormap.from_list("parts", ends, _STEPS)
        side = [one.id for one in ordered if one.part_of == category.part_of]
    else:
        ramp = _RAMPS[good]
        side = [one.id for one in ordered if one.kind == "exclusive" and one.good_or_better == good]
    several = [side.index(one) for one in category.parts if one in side]
    rank = side.index(category.id) if category.id in side else max(several, default=0) - 0.5
    return to_hex(ramp(rank / max(len(side) - 1, 1))) if rank >= 0 else _OTHER


def _inset_key(words: str, colour: str) -> page.Key:
    def symbol(axes: Axes, left: float, middle: float) -> None:
        field = Rectangle((left, middle - 0.035), 0.2, 0.07, facecolor=colour, linewidth=0)
        field.set(edgecolor=_INSET_INK, hatch=_INSET_HATCH)
        axes.add_patch(field)

    return page.Key(words, symbol, 0.2)


@charted("scheme", "category_id", "category_kind", "base_of", maker="cb.rates.distribution", narrow=True)
def rating_bars(distributed: pd.DataFrame, *, kind: Kind = "stacked", **words: Unpack[Words]) -> page.Chart:
    """Draw rating distributions, a bar for each place and period; the rating schemes stand apart.

    Classes that stand beside each other make the bar. A class printed as part of another one (exemplary
    inside strong) is a hatched inset, never added. Where a source prints several classes together, that sum
    is the piece, and what is known of its parts an inset. What isn't published up to 100 % is hatched.

    Parameters
    ----------
    distributed : DataFrame
        Rows of ``rates.distribution``: ``scheme``, ``category_id``, ``category_kind``, ``base_of``,
        ``share`` and ``rate`` (percent), ``complete``, and what names a place.
    kind : {"stacked", "diverging"}
        From a common edge, or to both sides of the line between good and fulfilled.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn, in the order of the bars, with ``bar`` (its label), ``start`` and
        ``width`` (percent) and ``inset``.

    Raises
    ------
    CbanalysisError
        If no row is a class of a rating.
    UnknownName
        If ``kind`` is another one, or a scheme isn't in the catalogue.
    """
    classes = (distributed["scheme"] != "") & (distributed["category_id"] != "")
    rows = distributed[classes & (strings(distributed, "complement") != "True")].reset_index(drop=True)
    page.require_rows(rows, "chart of ratings")
    if "rate" not in rows:
        rows = rows.assign(rate=float("nan"))
    bars = bars_of(rows, kind)
    drawn = _drawn(rows, bars)
    page.require_rows(drawn, "chart of ratings")
    years: tuple[Dimension, ...] = ("period",) if count_places(drawn) == 1 else ()
    around = caption(
        drawn,
        words,
        kind=f"rating_bars_{kind}",
        picture=spoken(_WORDS[kind]),
        says=_says(bars),
        hidden=untold(words, not_drawn(len(distributed) - len(drawn), _WORDS["unplaced"])),
        across=("province", *years, "category", "category_kind", "scheme", "subject", "base_of"),
    )
    return RatingPage(bars, kind).draw(drawn, around)


def _drawn(rows: pd.DataFrame, bars: Sequence[Bar]) -> pd.DataFrame:
    pieces = [(bar.label, piece) for bar in bars for piece in bar.pieces if piece.row is not None]
    drawn = rows.iloc[[int(piece.row or 0) for _, piece in pieces]].reset_index(drop=True)
    return drawn.assign(
        bar=[label for label, _ in pieces],
        start=[piece.start for _, piece in pieces],
        width=[piece.width for _, piece in pieces],
        inset=[piece.inset for _, piece in pieces],
    )


def _says(bars: Sequence[Bar]) -> str:
    told = []
    for bar in bars[:8]:
        classes = [f"{spoken(one.category.name)} {one.text}%" for one in bar.pieces if one.category]
        told.append(f"{bar.label}: {joined(classes)}")
    return ". ".join(told) + ("…" if len(bars) > 8 else ".")
