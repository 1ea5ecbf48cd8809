"""Findings of the audit: by kind, widest gap first, with the sum that fails and the size of the gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cbanalysis.common.language import language, spoken, words_of
from cbanalysis.dataset.catalogue import Words as Pair
from cbanalysis.display.charts.caption import Words, caption, charted
from cbanalysis.display.charts.labels_and_values import date_marks
from cbanalysis.display.charts.look import (
    BLUE,
    FAINT,
    MARGIN,
    MUTED,
    SIZES,
    is_narrow,
    nfc,
    page_width,
)
from cbanalysis.display.charts.marks import point_key
from cbanalysis.display.charts.page import Chart, Key, compose, require_rows, trace_points
from cbanalysis.display.charts.rows_page import bare
from cbanalysis.display.charts.text_width import line_height, widest, wrap
from cbanalysis.display.words import (
    PUBLICATION,
    by_gap,
    dated,
    failing,
    failing_where,
    gap_text,
    number,
    records,
)

_WORDS = words_of("charts.findings")
_MARKS = {"points": "o", "units": "s"}
_TEXT = 4.75
_GAP = 0.12
_MOST_NAMED = 4  # powers of ten
_MARK = 0.24  # height of a line for a dot alone, on a phone


@dataclass(frozen=True)
class _Block:
    """The words of one finding: where, and the sum that fails."""

    place: tuple[str, ...]
    message: tuple[str, ...]

    @property
    def height(self) -> float:
        """Height in inches, with the space below."""
        words = len(self.place) * line_height() + len(self.message) * line_height(SIZES["small"])
        return words + (_MARK if is_narrow() else 0) + 0.1

    @property
    def middle(self) -> float:
        """How far below its upper edge the dot stands: beside the words, on a phone below them."""
        return self.height - 0.1 - _MARK / 2 if is_narrow() else (self.height - 0.1) / 2


def _room() -> float:
    return page_width() - 2 * MARGIN


def _beside() -> float:
    """Return what isn't the dots' of the width: the words, on a phone half a number of the axis."""
    return 0.15 if is_narrow() else _TEXT + _GAP


def _in(row: Mapping[str, Any], stem: str) -> str:
    return str(row.get(f"{stem}_{language()}", row.get(stem, "")) or "")


def _block(row: Mapping[str, Any]) -> _Block:
    where = ", ".join(part for part in (_in(row, "place"), dated(row)) if part)
    where = " – ".join(part for part in (failing(row), where) if part)
    ids = str(row["observation_ids"]).replace(";", " ")
    heading = f"{where} ({ids})" if where else ids
    wide = _room() if is_narrow() else _TEXT
    return _Block(tuple(wrap(heading, wide)), tuple(wrap(_in(row, "message"), wide, SIZES["small"])))


def _ordered(findings: pd.DataFrame) -> pd.DataFrame:
    """Return findings kind by kind, each by gap: the kind with the widest first, shares before counts."""
    rows = by_gap(findings)
    kinds = {code: place for place, code in enumerate(dict.fromkeys(rows["code"]))}
    return rows.sort_values("code", key=lambda codes: codes.map(kinds), kind="stable").reset_index(drop=True)


def _widest(rows: pd.DataFrame) -> str:
    """Say which finding has the widest gap in shares, and which in counts."""
    first = by_gap(rows).drop_duplicates("gap_unit")
    kinds = {"points": "shares", "units": "counts"}
    return " ".join(
        spoken(_WORDS["widest"]).format(
            kind=spoken(_WORDS[kinds[row["gap_unit"]]]),
            finding=f"{failing_where(row)}: {_in(row, 'message')}",
        )
        for row in records(first)
        if row["gap_unit"] in kinds
    )


def _heads(codes: Sequence[str], names: Mapping[str, Pair | str]) -> dict[str, str]:
    found = {}
    for code in dict.fromkeys(codes):
        name = names.get(code, code.replace("_", " "))
        words = name if isinstance(name, str) else spoken(name)
        many = sum(one == code for one in codes)
        found[code] = nfc(f"{words} ({many})")
    return found


@charted("code", "observation_ids", "gap", maker="cb.audit.audit", narrow=True)
def audit_findings(
    findings: pd.DataFrame, *, codes: Mapping[str, Pair | str] | None = None, **words: Unpack[Words]
) -> Chart:
    """Draw findings of the audit, kind by kind: the sum that fails in words, the gap as a dot.

    Parameters
    ----------
    findings : DataFrame
        With ``code``, ``observation_ids``, ``message_vi`` and ``message_en`` (or ``message``) and ``gap``;
        ``gap_unit`` ("points" when missing, or "units"), ``place_vi``, ``place_en``, ``period_start``,
        ``period_end``, ``period_basis`` and ``acknowledged`` are used where there.
    codes : mapping of str to Words or str, optional
        What each code says (``audit.CODES``); the code itself when not given.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` holds all findings, in their order, with ``gap_unit`` and ``text``.

    Raises
    ------
    CbanalysisError
        If there is no finding.
    """
    require_rows(findings, "chart of findings")
    rows = _ordered(findings.assign(gap_unit=findings.get("gap_unit", "points")))
    rows = rows.assign(text=[gap_text(row) for row in records(rows)])
    blocks = [_block(row) for row in records(rows)]
    heads = _heads(list(rows["code"]), codes or {})
    around = caption(
        rows[["code"]],
        words,
        kind="audit_findings",
        title=spoken(_WORDS["title"]),
        name="audit_findings",
        says=spoken(_WORDS["says"]).format(len(rows), _widest(rows)).strip(),
        unit="",
        subtitle=[spoken(_WORDS["subtitle"]).format(len(rows), len(heads))],
        notes=[spoken(_WORDS["question"]), *([spoken(PUBLICATION)] if any(date_marks(rows)) else [])],
        across=None,
    )
    places, heads_at, body = _rows(rows, blocks, heads)
    chart, box = compose(rows, around, height=body + 0.27, keys=_keys(rows))
    right = widest(list(rows["text"])) + _GAP
    axes = chart.place(box.left + _beside(), box.top, box.width - _beside() - right, body, label="findings")
    _axis(axes, rows["gap"], body)
    for head, top in heads_at:
        lines = wrap(head, box.width, weight="bold")
        chart.write_lines(box.left, box.top + top, lines, weight="bold", colour=MUTED)
    for block, (top, middle), text in zip(blocks, places, rows["text"], strict=True):
        below = chart.write_lines(box.left, box.top + top, block.place)
        chart.write_lines(box.left, below, block.message, size=SIZES["small"], colour=MUTED)
        chart.write(box.left + box.width, box.top + middle - line_height() / 2, text, align="right")
    _dots(axes, rows, [middle for _, middle in places])
    return chart


def _rows(
    rows: pd.DataFrame, blocks: Sequence[_Block], heads: Mapping[str, str]
) -> tuple[list[tuple[float, float]], list[tuple[str, float]], float]:
    """Return each finding's upper edge and middle, where kinds are named, the height of all, in inches."""
    places, heads_at, top, before = [], [], 0.0, ""
    for code, block in zip(rows["code"], blocks, strict=True):
        if code != before:
            top += 0.1 if before else 0.0
            heads_at.append((heads[code], top))
            top += len(wrap(heads[code], _room(), weight="bold")) * line_height() + 0.05
        before = code
        places.append((top, top + block.middle))
        top += block.height
    return places, heads_at, top


def _keys(rows: pd.DataFrame) -> list[Key]:
    keys = [
        point_key(spoken(_WORDS[unit]), BLUE, _MARKS[unit])
        for unit in _MARKS
        if unit in set(rows["gap_unit"])
    ]
    if "acknowledged" in rows and rows["acknowledged"].any():
        keys.append(point_key(spoken(_WORDS["acknowledged"]), BLUE, hollow=True))
    return keys


def _axis(axes: Axes, gaps: pd.Series, body: float) -> None:
    """Set a logarithmic axis over whole powers of ten that hold all gaps."""
    known = gaps[gaps > 0].astype(float)
    low = int(np.floor(np.log10(known.min()))) if len(known) else 0
    high = int(np.ceil(np.log10(known.max()))) if len(known) else 1
    high = max(high, low + 1)
    axes.set_xscale("log")
    axes.set(xlim=(10.0**low, 10.0**high), ylim=(body, 0))
    ticks = {10.0**power: max(0, -power) for power in range(low, high + 1)}
    names = [number(tick, decimals=decimals) for tick, decimals in ticks.items()]
    if len(names) > _MOST_NAMED:  # every other, the highest among them
        names = ["" if (len(names) - at) % 2 == 0 else name for at, name in enumerate(names)]
    axes.set_xticks([*ticks], names)
    axes.minorticks_off()
    axes.grid(visible=not is_narrow(), axis="x")
    bare(axes)


def _dots(axes: Axes, rows: pd.DataFrame, middles: Sequence[float]) -> None:
    axes.hlines(middles, 0, 1, transform=axes.get_yaxis_transform(), colors=FAINT, linewidth=0.7, zorder=1)
    explained = pd.Series(rows.get("acknowledged", False), index=rows.index).astype(bool)
    places = np.asarray(middles)
    for unit, marker in _MARKS.items():
        for hollow in (False, True):
            chosen = ((rows["gap_unit"] == unit) & (explained == hollow) & (rows["gap"] > 0)).to_numpy()
            if chosen.any():
                axes.scatter(
                    rows.loc[chosen, "gap"],
                    places[chosen],
                    s=34,
                    marker=marker,
                    facecolor="white" if hollow else BLUE,
                    edgecolor=BLUE,
                    linewidth=1.4,
                    clip_on=False,
                    zorder=4,
                    label=f"gap {unit}{' explained' if hollow else ''}",
                )
    if "observation_ids" in rows:
        trace_points(axes, rows["gap"], middles, rows["observation_ids"])
