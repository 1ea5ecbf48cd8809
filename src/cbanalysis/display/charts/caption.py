"""The words around a chart, made from its rows: title, subtitle, coverage, source, alternative text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

import pandas as pd

from cbanalysis.common.language import speaking, spoken
from cbanalysis.dataset.observations.comparable import PLACES, Dimension, identify
from cbanalysis.display.charts.drawn import apart, coverage, not_comparable
from cbanalysis.display.charts.given import Said
from cbanalysis.display.charts.look import nfc
from cbanalysis.display.charts.page import Caption
from cbanalysis.display.charts.texts import (
    base_words,
    borrowed_line,
    column_of,
    distinct,
    inferred,
    source_line,
    subject,
    years_text,
)
from cbanalysis.display.words import INFERRED, cut_off, unit_of, unlike


def file_stem(kind: str, frame: pd.DataFrame) -> str:
    """Return a plain file stem: kind of chart, indicators and years."""
    with speaking("en"):
        parts = [kind, *distinct(column_of(frame, "indicator"))[:2], years_text(frame)]
    plain = unicodedata.normalize("NFD", "_".join(parts).casefold().replace("đ", "d"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")


def caption(  # noqa: PLR0913
    frame: pd.DataFrame,
    said: Said,
    *,
    kind: str,
    picture: str,
    says: str,
    notes: Sequence[str] = (),
    unit: str | None = None,
    marked: bool = False,
    across: Collection[Dimension] | None = PLACES,
    covered: Sequence[str] = (),
) -> Caption:
    """Put together the words around a chart from its rows.

    Parameters
    ----------
    frame : DataFrame
        The rows that are drawn.
    said : Said
        The words given: language, title, name, notes and what was published.
    kind : str
        First part of the file stem, e.g. ``"ranked_dots"``.
    picture : str
        What kind of chart it is, in the reader's language, e.g. ``"Biểu đồ chấm"``.
    says : str
        What the alternative text tells of the values (see :func:`extremes`).
    notes : sequence of str
        Lines of the chart itself below the plot.
    unit : str, optional
        Unit of the values, empty for plain counts; that of the rows when not given.
    marked : bool
        Whether the chart marks counts out of a borrowed base with ``‡``.
    across : collection of str or None
        On what rows of this chart may differ; anything else is told. None without a common scale.
    covered : sequence of str
        How much is drawn, what isn't comparable, of how much nothing was found; told of the rows when not
        given.

    Returns
    -------
    Caption
    """
    title = said.title
    what = subject(frame)
    cut = " ".join(cut_off(frame))
    measured = spoken(unit_of(frame).name) if unit is None else unit
    about = [what if title else "", measured, base_words(frame), years_text(frame), cut]
    out = None if said.published is None else not_comparable(frame, said.published)
    drawn, *others = covered or (coverage(frame), *apart(frame, out))
    drawn = f"{drawn[:1].upper()}{drawn[1:]}"
    told = [*([] if across is None else [unlike(frame, across)]), *others]
    star = spoken(INFERRED) if any(inferred(frame)) else ""
    lent = borrowed_line(frame, marked=marked) if measured else ""
    heading = title or what or picture
    alt = [f"{picture}: {heading.rstrip('.')}.", says, f"{drawn}." if drawn else "", *told]
    alt += [f"{cut[:1].upper()}{cut[1:]}."] if cut else []
    lines = (drawn, *told, *said.notes, *notes, lent, star)
    return Caption(
        name=said.name or file_stem(kind, frame),
        alt=nfc(" ".join(part for part in alt if part)),
        title=nfc(heading),
        subtitle=nfc(" · ".join(part for part in about if part)),
        notes=tuple(nfc(note) for note in lines if note),
        source=source_line(frame),
        apart={} if out is None or out.empty else {others[0]: " ".join(identify(out))},
    )
