"""Flags: policy events and breaks between rating schemes as lines with words above the plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from cbanalysis.common.errors import require_known
from cbanalysis.common.language import spoken, words_of
from cbanalysis.dataset.catalogue import Catalogue, Event
from cbanalysis.display.charts.labels_and_values import schemes
from cbanalysis.display.charts.look import GREY, INK, MARGIN, MUTED, SIZES, page_width
from cbanalysis.display.charts.page import Box, Chart
from cbanalysis.display.charts.text_width import line_height, text_width, wrap
from cbanalysis.display.words import period

_WORDS = words_of("charts.flags")


@dataclass(frozen=True)
class Flag:
    """A vertical line with words above the plot: a policy event, or a break between rating schemes.

    ``lines`` are its words broken into lines, which may stand left of the line: see :func:`banners`.
    """

    at: float
    words: str
    is_break: bool = False
    lines: tuple[str, ...] = ()
    left: bool = False


def flags_of(rows: pd.DataFrame, events: Sequence[str | Event], years: tuple[int, int]) -> list[Flag]:
    """Return the flags of a chart over years, oldest first.

    Parameters
    ----------
    rows : DataFrame
        The rows drawn, with ``year``; a new scheme in ``scheme`` gives a break.
    events : sequence of str or Event
        The ``effect_on`` of the events to flag, or the events; those outside the years are left out.
    years : tuple of int
        First and last year of the axis.

    Returns
    -------
    list of Flag

    Raises
    ------
    UnknownName
        If no event has this ``effect_on``.
    """
    known = Catalogue.read()
    first, last = years
    kinds = [one for one in events if isinstance(one, str)]
    for kind in kinds:
        require_known("kind of policy event", kind, {one.effect_on for one in known.events})
    wanted = [one for one in known.events if one.effect_on in kinds]
    wanted += [one for one in events if not isinstance(one, str)]
    flags = []
    for event in wanted:
        # A year's figure stands in the middle of its year, so that an event falls left or right of it.
        at = event.date.year + event.date.timetuple().tm_yday / 366 - 0.5
        if first - 0.5 <= at <= last + 0.5:
            month = f"{event.date.year}-{event.date.month:02}"
            flags.append(Flag(at, f"{spoken(event.name)} ({period(month, month)})"))
    starts = {known.scheme(one).valid_from for one in schemes(rows)}
    flags += [
        Flag(year - 0.5, spoken(_WORDS["new scheme"]).format(year), is_break=True)
        for year in starts
        if year > first
    ]
    return sorted(flags, key=lambda flag: flag.at)


def banners(flags: Sequence[Flag], left: float, width: float, span: tuple[float, float]) -> list[Flag]:
    """Break each flag's words so that they fit beside its line, to the right where there is room."""
    banners = []
    for flag in flags:
        at = left + width * (flag.at - span[0]) / (span[1] - span[0])
        room = page_width() - MARGIN - at - 0.06
        needs = text_width(flag.words, SIZES["small"])
        to_left = room < min(needs, 1.5)
        lines = wrap(flag.words, at - MARGIN - 0.1 if to_left else room, SIZES["small"])
        banners.append(replace(flag, lines=tuple(lines), left=to_left))
    return banners


def draw_banners(chart: Chart, axes: Axes, banners: Sequence[Flag], top: float, box: Box) -> None:
    """Draw each flag as a line from its words down through the plot; the earliest words stand highest."""
    pitch = line_height(SIZES["small"])
    mixed = blended_transform_factory(axes.transData, axes.transAxes)
    begin, end = axes.get_xlim()
    for flag in banners:
        height = 1 + (box.top - top) / box.height
        (line,) = axes.plot([flag.at, flag.at], [0, height], transform=mixed, clip_on=False, zorder=1.5)
        if flag.is_break:
            line.set(color=INK, linestyle="-", linewidth=1.0, label="break")
        else:
            line.set(color=GREY, linestyle=(0, (4, 2)), linewidth=0.9, label="event")
        at = box.left + box.width * (flag.at - begin) / (end - begin)
        beside, align = (at - 0.06, "right") if flag.left else (at + 0.06, "left")
        for words in flag.lines:
            written = chart.write(beside, top, words, size=SIZES["small"], align=align)
            written.set_color(INK if flag.is_break else MUTED)
            if flag.left:
                written.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.6})
            top += pitch
