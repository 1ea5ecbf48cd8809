"""Names typed in several ways are one name: spelled as most records spell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import ibis
import ibis.expr.types as ir
import pandas as pd

from cbanalysis.common.text import clean, normalise_tones
from cbanalysis.records.contract import PLACES

_NAMES = ("cell", *PLACES)


def same_names(parts: list[ir.Table]) -> list[ir.Table]:
    """Return tables of text in which names that differ only in how they are typed are one.

    Parameters
    ----------
    parts : list of ibis table
        Records under the contract's names.

    Returns
    -------
    list of ibis table
        Names that differ only in capitals, blanks, Unicode form or the place of a tone are spelled as most
        records spell them; names of blanks are missing.
    """
    seen = [_names_in(part) for part in parts]
    spelled = {name: _spelled([frame for frame in seen if name in frame], name) for name in _NAMES}
    return [_respelled(part, spelled) for part in parts]


def _names_in(table: ir.Table) -> pd.DataFrame:
    """Return which names stand together in how many records."""
    names = [name for name in _NAMES if name in table.columns]
    frame: pd.DataFrame = table.group_by(names).agg(records=table.count()).execute()
    return frame


def _key(name: str) -> str:
    return normalise_tones(name).casefold()


def _spelled(seen: Iterable[pd.DataFrame], name: str) -> dict[str, str | None]:
    """Return the spelling of each name that is to be read otherwise than it is written; blanks are none."""
    written: Counter[str] = Counter()
    for frame in seen:
        for one, records in zip(frame[name], frame["records"], strict=True):
            if isinstance(one, str):
                written[one] += int(records)
    total: Counter[str] = Counter()
    cleaned = {one: clean(one) for one in written}
    for one, records in written.items():
        total[cleaned[one]] += records
    # the last one of each key stays: that of most records
    best = {_key(one): one for one in sorted(total, key=lambda one: (total[one], one))}
    spelled = {one: best[_key(cleaned[one])] for one in written}
    return {one: other or None for one, other in spelled.items() if one != other}


def _respelled(table: ir.Table, spelled: Mapping[str, Mapping[str, str | None]]) -> ir.Table:
    """Return a table with its names as they are to be read; it is joined only where some differ."""
    for name, others in spelled.items():
        if name in table.columns and others:
            rows = pd.DataFrame({"written": list(others), "read_as": list(others.values())}, dtype="object")
            lookup = ibis.memtable(rows, schema=dict.fromkeys(("written", "read_as"), "string"))
            joined = table.left_join(lookup, table[name] == lookup["written"])
            value = (joined["written"] == joined[name]).ifelse(joined["read_as"], joined[name])
            table = joined.mutate(**{name: value}).drop("written", "read_as")
    return table
