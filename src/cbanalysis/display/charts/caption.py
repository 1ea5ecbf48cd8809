"""What every chart is given, and the words around it: title, subtitle, coverage, source, alternative text."""

from __future__ import annotations

import functools
import inspect
import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec, TypedDict, TypeVar

import pandas as pd

from cbanalysis.common.errors import CbanalysisError, DataError, Fault, UnknownName, nearest
from cbanalysis.common.language import Language, speaking, spoken
from cbanalysis.dataset.observations.comparable import PLACES, Dimension, identify
from cbanalysis.display.charts.drawn import apart, coverage, not_comparable
from cbanalysis.display.charts.look import chart_style, nfc
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

P = ParamSpec("P")
R = TypeVar("R")


class Words(TypedDict, total=False):
    """What every chart takes beside its rows; all of it may be left out.

    Attributes
    ----------
    lang : {"vi", "en"}
        Language of all words; Vietnamese when not given.
    title : str
        The finding; the subject when not given.
    name : str
        File stem; made from kind, indicator and years when not given.
    notes : sequence of str
        Further lines below the plot.
    published : DataFrame
        All rows of the indicator that there are, of all places and years. What is among them and not drawn is
        said to be published, with the reason why it isn't comparable here (``rates.left_out``); only of a
        place that has none among them a chart says that nothing was found.
    """

    lang: Language
    title: str | None
    name: str | None
    notes: Sequence[str]
    published: pd.DataFrame | None


@dataclass(frozen=True)
class Said:
    """The words that a chart was given, see :class:`Words`."""

    lang: Language = "vi"
    title: str | None = None
    name: str | None = None
    notes: Sequence[str] = ()
    published: pd.DataFrame | None = None

    def own(self, lines: Sequence[str]) -> list[str]:
        """Return lines on rows not drawn; none where ``published`` tells of them, with their reasons."""
        return [*lines] if self.published is None else []


def charted(
    *columns: str, rates: bool = False, maker: str = "cb.load_observations"
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run a chart function in the charts' style, on rows that have what it needs.

    Parameters
    ----------
    *columns : str
        What the rows must have (``a|b``: one of the two); the refusal names all that are missing.
    rates : bool
        Whether rows without rates get them from ``rates.add_rates``.
    maker : str
        Who makes such rows, for the refusal.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        name = function.__name__
        own = [one for one in inspect.signature(function).parameters if one != "words"]
        taken = {*own, *Words.__annotations__}

        @functools.wraps(function)
        def inside(*args: P.args, **kwargs: P.kwargs) -> R:
            if strange := sorted(kwargs.keys() - taken):
                raise UnknownName(f"argument of {name}", strange[0], sorted(taken))
            given: list[Any] = [*args]
            if not given and own[0] in kwargs:
                given = [kwargs.pop(own[0])]
            with speaking(str(kwargs.get("lang", "vi"))), chart_style():
                given[:1] = [_complete(one, name, columns, maker, rates=rates) for one in given[:1]]
                return function(*given, **kwargs)

        return inside

    return decorate


def _complete(frame: object, chart: str, columns: Sequence[str], maker: str, *, rates: bool) -> pd.DataFrame:
    """Return rows with rates and with the columns that a chart needs, or say which are missing."""
    if not isinstance(frame, pd.DataFrame):
        raise CbanalysisError(f"{chart} draws the rows of a DataFrame, this is a {type(frame).__name__}")
    frame = with_rates(frame) if rates else frame
    known = [str(one) for one in frame.columns]
    known_names = {*known}
    wanted = ("rate", "rate_low", "rate_high", *columns) if rates else columns
    faults = [
        Fault(f"{chart} needs this column ({maker} gives it)", column=one, nearest=nearest(one, known))
        for one in wanted
        if not known_names & {*one.split("|")}
    ]
    if faults:
        raise DataError(faults)
    return frame


def with_rates(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows with their rates, where they have none yet."""
    if "rate" in frame or "rate_low" in frame:
        return frame
    from cbanalysis.statistics.rates import add_rates  # noqa: PLC0415 -- rare, and slow to import

    return add_rates(frame)


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
    hidden: Sequence[str] = (),
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
    hidden : sequence of str
        Lines on rows that aren't in the picture, also for the alternative text.
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
    told = [*([] if across is None else [unlike(frame, across)]), *others, *hidden]
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
