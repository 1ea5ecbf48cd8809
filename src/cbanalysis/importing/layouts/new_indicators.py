"""Own indicators, drafted from the headings that no known one stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cbanalysis.common.text.letters import fold
from cbanalysis.dataset.catalogue import Indicator, Words
from cbanalysis.importing.layouts.columns import Column
from cbanalysis.importing.layouts.heads import shown, without_asides
from cbanalysis.importing.layouts.meanings import Meanings
from cbanalysis.importing.layouts.numbers import decide_style, plain_numbers
from cbanalysis.importing.layouts.records import YEAR
from cbanalysis.importing.layouts.vocabulary import Heading, Vocabulary, apart, pattern

_LONGEST = 120
_NAMED = ("an average", "a density", "an increase", "a plan or target")
_ITS_OWN = 3  # so many unknown words: "tốt" among them is no rating
_NO_BASE = {"vi": "không có, vì đây là chỉ tiêu về số lượng", "en": "none: a count"}
_UNCLEAR = {"vi": "tài liệu không nêu rõ", "en": "the source does not say"}


_SHARES = {"percentage", "lệ", "le", "trọng", "structure", "cấu", "proportion"}
_QUOTIENTS = {"an average", "a density"}


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

    A heading that speaks of a rank or money gets none, nor does one that says something else of a known
    indicator. One of an increase, a target, a comparison or a class is named by all of its words.
    """
    drafted: dict[str, Drafted] = {}
    unstated = {column.named for column in columns if column.unit == "unstated"}
    for column in columns:
        heading = vocabulary.heading(column.named)
        if heading.rest and not _says_more(heading):
            name = " ".join(without_asides(column.named, vocabulary).replace("%", "").split())
            key = "_".join(fold(name).split())
            # both ends tell names apart: the title, and the heading behind it
            key = key if len(key) <= _LONGEST else f"{key[:60]}_{key[-59:]}"
            unit = "unstated" if column.named in unstated else column.unit
            if key and key not in vocabulary.catalogue.indicators:
                drafted.setdefault(key, Drafted(column.named, _indicator(key, name, heading, unit)))
    return tuple(drafted.values())


def _says_more(heading: Heading) -> bool:
    """Return whether a heading says of something known what only a person can tell."""
    asked = {*heading.all("asked")} - {*_NAMED}
    part = heading.all("category") or heading.all("negation") or asked
    return bool(
        heading.all("indicator")
        or asked - {"a class of its own", "a change"}
        or (part and len(heading.rest) < _ITS_OWN)
        or ("money" in heading.all("units") and not heading.all("own_units"))
    )


def _indicator(key: str, name: str, heading: Heading, unit: str) -> Indicator:
    share = unit != "count"
    return Indicator(
        id=key,
        name=Words(vi=name, en=name),
        definition=Words(vi=f"Theo tiêu đề: {name}.", en=f"As the heading says: {name}."),
        unit=unit,
        subjects=(heading.first("subject") or "other",),
        base=Words(**(_UNCLEAR if share else _NO_BASE)),
        direction="none",
    )


def nameable(column: Column, vocabulary: Vocabulary, meanings: Meanings) -> Column:
    """Return a column with what its figures could be called, by all words over them, and their unit."""
    text = " ".join(column.header.replace(YEAR, " ").replace("|", " ").split())
    text = re.sub(r"^\W*\*\W*", "", "" if column.header.startswith("(column") else apart(text))
    heading, above = vocabulary.heading(text), meanings.name
    # of "area, population and density" each is told by its own heading
    key = vocabulary.key
    listed = map(key, re.split(r"[,;]\s*|\s+(?:and|và)\s+", above))
    plain = key(without_asides(text, vocabulary))
    alone = not above or plain in listed or {*key(above).split()} <= {*plain.split()}
    alone = alone or bool(heading.all("asked") and not heading.rest)
    named = text if alone else above if heading.only_measure else f"{above}: {text}"
    says = vocabulary.heading(named)
    words = {*vocabulary.key(named).split(), *plain.split()}
    unit = next(iter(heading.all("own_units")), "")
    share = words & _SHARES and "percent" in {says.measure, heading.measure}
    if not unit and ({"percent", "%"} & words or share):
        unit = "percent"
    unit = unit or next(iter(meanings.own_units), "") or ("percent" if "percent" in meanings.units else "")
    if not unit and {*meanings.units, *says.all("units")} & {"thousand", "million"}:
        unit = "count"
    quantity = names_quotient(named, vocabulary) or pattern("money").search(key(named))
    number = "count" if _are_counts(column) and not quantity else "unstated"
    return replace(column, named=named, unit=unit or number)


def names_quotient(name: str, vocabulary: Vocabulary) -> bool:
    """Return whether a name is that of a rate or an average, whose sum over provinces says nothing."""
    asked = {*vocabulary.heading(name).all("asked")}
    return bool(pattern("quotient").search(vocabulary.key(name)) or _QUOTIENTS & asked)


def _are_counts(column: Column) -> bool:
    """Return whether all numbers of a column are whole, and none is below 0."""
    style = decide_style((), (), column.values)[0] or "vi"
    negative = any(re.match(r"[-−–]\s*[0-9]", shown(cell)) for cell in column.values)
    return not negative and not np.nansum(plain_numbers(column.values, style) % 1)
