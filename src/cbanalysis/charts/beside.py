"""One place beside its peers: a line for each measure, the others' values in grey, its own in colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cbanalysis.catalogue import Catalogue, Language
from cbanalysis.charts.caption import caption, labels, records, subject, value_text
from cbanalysis.charts.marks import percent_axis, percent_limits, point_key
from cbanalysis.charts.style import (
    FAINT,
    GREY,
    HIGHLIGHT,
    MUTED,
    SIZES,
    Chart,
    compose,
    line_height,
    require_rows,
    styled,
    trace,
    widest,
    wrap,
)
from cbanalysis.provinces import Gazetteer

__all__ = ["beside"]

_PICTURE = {
    "vi": "Biểu đồ dải: một tỉnh giữa các tỉnh khác",
    "en": "Strip plot: one province among the others",
}
_OTHERS: dict[Language, str] = {"vi": "tỉnh khác có số liệu", "en": "other provinces with data"}
_VALUE: dict[Language, str] = {"vi": "Giá trị", "en": "Value"}
_OF: dict[Language, str] = {"vi": "Số tỉnh", "en": "Provinces"}
_LABEL_ROOM = 3.0


@styled
def beside(  # noqa: PLR0913
    frame: pd.DataFrame,
    *,
    lang: Language = "vi",
    title: str | None = None,
    name: str | None = None,
    notes: Sequence[str] = (),
    catalogue: Catalogue | None = None,
    gazetteer: Gazetteer | None = None,
) -> Chart:
    """Draw one province's rates among those of the other provinces, a line for each measure.

    Parameters
    ----------
    frame : DataFrame
        Rows of ``rates.peers``: ``measure``, ``own``, ``rate`` (percent) and what names a place.
    lang : {"vi", "en"}
        Language of all words.
    title : str, optional
        The finding; the province when not given.
    name : str, optional
        File stem.
    notes : sequence of str
        Further lines below the plot.
    catalogue, gazetteer : optional
        Those that ship with the package when not given.

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
    own = rows[rows["own"]]
    who = labels(own.head(1), lang, gazetteer)[0]
    groups = [group for _, group in rows.groupby("measure")]
    heads = [f"{subject(group, lang, catalogue)}, {int(group['year'].iloc[0])}" for group in groups]
    mine = [[value_text(row, lang, None) for row in records(group[group["own"]])] for group in groups]
    others = [int(group.loc[~group["own"], "province"].nunique()) for group in groups]
    says = "; ".join(f"{head}: {', '.join(values)}" for head, values in zip(heads, mine, strict=True))
    among = {"vi": f"{who} giữa các tỉnh có số liệu", "en": f"{who} among the provinces with data"}[lang]
    words = caption(
        rows, kind="beside", picture=_PICTURE[lang], says=f"{who}: {says}.", lang=lang, title=title or among,
        name=name or "beside", notes=notes, catalogue=catalogue, gazetteer=gazetteer,
    )  # fmt: skip
    lines = [wrap(head, _LABEL_ROOM) for head in heads]
    heights = np.array([max(0.3, len(one) * line_height() + 0.1) for one in lines])
    centres = np.cumsum(heights) - heights / 2
    header, body = 0.24, float(heights.sum())
    keys = [point_key(who, HIGHLIGHT, "D"), point_key(_OTHERS[lang], GREY)]
    chart, box = compose(rows, words, height=header + body + 0.27, keys=keys)
    left = widest([line for one in lines for line in one]) + 0.15
    values = [", ".join(one) for one in mine]
    shares = [f"{count + 1}" for count in others]
    columns = [(_VALUE[lang], values), (_OF[lang], shares)]
    room = [max(widest(cells), widest([head], SIZES["small"])) + 0.14 for head, cells in columns]
    wide = box.width - left - sum(room) - 0.1
    axes = chart.place(box.left + left, box.top + header, wide, body, label="dots")
    axes.set_ylim(body, 0)
    percent_axis(axes, percent_limits(rows["rate"]), lang)
    axes.set_yticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)
    axes.hlines(centres, 0, 1, transform=axes.get_yaxis_transform(), colors=FAINT, linewidth=0.7, zorder=1)
    others_rows, own_rows = rows[~rows["own"]], rows[rows["own"]]
    at = dict(zip([group["measure"].iloc[0] for group in groups], centres.tolist(), strict=True))
    heights_of = [[at[one] for one in some["measure"]] for some in (others_rows, own_rows)]
    looks: tuple[dict[str, Any], ...] = (
        {"color": GREY, "s": 26, "alpha": 0.75, "zorder": 2},
        {"color": HIGHLIGHT, "marker": "D", "s": 34, "zorder": 3},
    )
    for some, heights_there, look in zip((others_rows, own_rows), heights_of, looks, strict=True):
        # whole also where a value is the end of the axis
        axes.scatter(some["rate"], heights_there, linewidth=0, clip_on=False, **look)
    for some, heights_there in zip((others_rows, own_rows), heights_of, strict=True):
        if "observation_id" in some:
            for rate, height, figure in zip(some["rate"], heights_there, some["observation_id"], strict=True):
                trace(axes, (rate,), (height,), figure)
    for broken, centre in zip(lines, centres, strict=True):
        for step, line in enumerate(broken):
            middle = box.top + header + centre + (step - len(broken) / 2) * line_height()
            chart.write(box.left + left - 0.1, middle, line, align="right")
    edge = box.left + box.width - sum(room)
    for (head, cells), needs in zip(columns, room, strict=True):
        edge += needs
        chart.write(edge, box.top, head, size=SIZES["small"], colour=MUTED, align="right")
        for cell, centre in zip(cells, centres, strict=True):
            chart.write(edge, box.top + header + centre - line_height() / 2, cell, align="right")
    return chart
