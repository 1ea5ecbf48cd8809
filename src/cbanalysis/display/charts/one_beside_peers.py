"""One place beside its peers: a line for each measure, the others' values in grey, its own in colour."""

from __future__ import annotations

from typing import Any, Unpack

import pandas as pd

from cbanalysis.common.language import spoken, words_of
from cbanalysis.display.charts.caption import Words, caption, charted, subject
from cbanalysis.display.charts.labels_and_values import column_of, labels, values
from cbanalysis.display.charts.look import GREY, HIGHLIGHT
from cbanalysis.display.charts.marks import point_key
from cbanalysis.display.charts.page import Chart, require_rows, trace_points
from cbanalysis.display.charts.rows_page import Column, Lines, rows_page
from cbanalysis.display.charts.value_axis import percent_limits

_WORDS = words_of("charts.beside")


@charted("measure", "own", "year", "province", rates=True, maker="cb.rates.peers", narrow=True)
def beside(frame: pd.DataFrame, **words: Unpack[Words]) -> Chart:
    """Draw one province's rates among those of the other provinces, a line for each measure.

    Parameters
    ----------
    frame : DataFrame
        Rows of ``rates.peers``: ``measure``, ``own``, ``rate`` (percent) and what names a place.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn, by measure.

    Raises
    ------
    CbanalysisError
        If there are no rows.
    """
    require_rows(frame, "strip plot")
    rows = frame.sort_values(["measure", "rate"], kind="stable", ignore_index=True)
    who = labels(rows[rows["own"]].head(1))[0]
    groups = [group for _, group in rows.groupby("measure")]
    heads = [f"{subject(group)}, {int(group['year'].iloc[0])}" for group in groups]
    mine = [", ".join(values(group[group["own"]], whole=True)) for group in groups]
    counts = tuple(str(group["province"].nunique()) for group in groups)
    says = "; ".join(f"{head}: {value}" for head, value in zip(heads, mine, strict=True))
    among = spoken(_WORDS["among"]).format(who)
    around = caption(
        rows,
        words,
        kind="beside",
        title=among,
        name="beside",
        says=f"{who} – {says}.",
        across=None,
    )
    columns = [Column(spoken(_WORDS["value"]), tuple(mine)), Column(spoken(_WORDS["of"]), counts)]
    stacked = Lines.of(heads, room=3.0, row=0.3, pad=0.1, columns=columns)
    chart, axes, _ = rows_page(
        rows,
        around,
        stacked,
        limits=percent_limits(rows["rate"]),
        columns=columns,
        keys=[point_key(who, HIGHLIGHT, "D"), point_key(spoken(_WORDS["others"]), GREY)],
    )
    at = dict(zip([group["measure"].iloc[0] for group in groups], stacked.centres.tolist(), strict=True))
    looks: tuple[dict[str, Any], ...] = (
        {"color": GREY, "s": 26, "alpha": 0.75, "zorder": 2},
        {"color": HIGHLIGHT, "marker": "D", "s": 34, "zorder": 3},
    )
    for some, look in zip((rows[~rows["own"]], rows[rows["own"]]), looks, strict=True):
        heights = [at[measure] for measure in some["measure"]]
        # whole also where a value is the end of the axis
        axes.scatter(some["rate"], heights, linewidth=0, clip_on=False, **look)
        trace_points(axes, some["rate"], heights, column_of(some, "observation_id"))
    return chart
