"""What every chart is given: the words around it, and rows that have what it needs."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec, TypedDict, TypeVar

import pandas as pd

from cbanalysis.common.errors import CbanalysisError, DataError, Fault, UnknownName, nearest
from cbanalysis.common.language import Language, speaking
from cbanalysis.display.charts.look import chart_style

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
