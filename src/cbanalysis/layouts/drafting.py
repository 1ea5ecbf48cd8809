"""Own indicators, drafted from the headings that no known one stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cbanalysis.catalogue import Indicator, Words
from cbanalysis.layouts.columns import Column
from cbanalysis.layouts.records import YEAR
from cbanalysis.layouts.vocabulary import Heading, Vocabulary, plain
from cbanalysis.text import fold

__all__ = ["Drafted", "draft_indicators"]

_NO_BASE = {"vi": "không có: là số đếm", "en": "none: a count"}
_UNCLEAR = {"vi": "tài liệu không nói rõ", "en": "the source does not say"}


@dataclass(frozen=True)
class Drafted:
    """An indicator that a heading asks for.

    Attributes
    ----------
    header : str
        The heading.
    indicator : Indicator
        What would be declared: a share, a count or what is given in a declared unit that the heading names,
        of the subject that it names.
    """

    header: str
    indicator: Indicator


def draft_indicators(columns: Sequence[Column], vocabulary: Vocabulary) -> tuple[Drafted, ...]:
    """Draft an indicator for each column of numbers whose heading names something that isn't known.

    A heading that speaks of a rank, a target, a change or money gets none, nor does one that says
    something else of a known indicator.

    Parameters
    ----------
    columns : sequence of Column
        Columns that no known indicator stands for.
    vocabulary : Vocabulary
        The words that are known.

    Returns
    -------
    tuple of Drafted
        One for each heading.
    """
    drafted: dict[str, Drafted] = {}
    for column in columns:
        text = column.header.replace(YEAR, " ").rpartition("|")[2].strip()
        heading = vocabulary.heading(text)
        if heading.rest and not _says_more(heading):
            name = " ".join(text.split())
            key = "_".join(fold(_without_unit(name)).split())[:60]
            if key and key not in vocabulary.catalogue.indicators:
                drafted.setdefault(key, Drafted(column.header, _indicator(key, _without_unit(name), heading)))
    return tuple(drafted.values())


def _says_more(heading: Heading) -> bool:
    known = (
        heading.all("indicator") or heading.all("category") or heading.all("negation") or heading.all("asked")
    )
    return bool(known) or ("money" in heading.all("units") and not heading.all("own_units"))


def _without_unit(text: str) -> str:
    return text.partition("(")[0].replace("%", "").strip() or plain(text)


def _indicator(key: str, name: str, heading: Heading) -> Indicator:
    own = heading.first("own_units")
    share = bool(own) or heading.measure == "percent" or "permille" in heading.all("units")
    return Indicator(
        id=key,
        name=Words(vi=name, en=name),
        definition=Words(vi=f"Theo tiêu đề: {name}.", en=f"As the heading says: {name}."),
        unit=own or ("percent" if share else "count"),
        subjects=(heading.first("subject") or "other",),
        base=Words(**(_UNCLEAR if share else _NO_BASE)),
        direction="none",
    )
