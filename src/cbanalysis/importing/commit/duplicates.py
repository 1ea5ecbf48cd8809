"""New figures beside those that say the same thing: repeats, duplicates and contradictions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cbanalysis.common.text.letters import fold
from cbanalysis.dataset.observations.printed_against_stored import FIGURE_COLUMNS
from cbanalysis.dataset.observations.repeated_figures import quantities, repeats
from cbanalysis.dataset.observations.schema import COLUMNS
from cbanalysis.importing.commit.records import DUPLICATE_COLUMNS, Arrivals

_FIGURES = (*FIGURE_COLUMNS, "value")


def compare_with_known(known: pd.DataFrame, arrived: Arrivals, first: NDArray[np.intp]) -> pd.DataFrame:
    """Return the new figures that are there already, or contradict what is there.

    Two figures are of the same quantity where indicator, subject, place, period, category, definition and
    base are the same. The same number from the same document is a repeat (see `repeats`). Others contradict
    one another where a value that both give differs by more than their printed decimals explain.

    Parameters
    ----------
    known : DataFrame
        Rows of observations.csv as text.
    arrived : Arrivals
        The figures on their way in; they are compared with one another too.
    first : array of int
        What `first_tellings` found of them.

    Returns
    -------
    DataFrame
        `DUPLICATE_COLUMNS`, one row a pair, in the order of the new figures.
    """
    rows = pd.concat([known, arrived.observations], ignore_index=True)
    ids, printed, keys = (one.to_list() for one in (rows["observation_id"], rows["printed"], _keys(rows)))
    ids[len(known) :] = [""] * len(first)
    places = [*known["source_id"], *_places(arrived.origins)]
    values = rows[[*_FIGURES]].to_numpy()
    told: dict[str, list[int]] = {}
    for at, key in enumerate(keys[: len(known)]):
        told.setdefault(key, []).append(at)
    found = []
    seen = set()
    for at, original in enumerate(first.tolist(), start=len(known)):
        # what a row of the same document tells already is compared with no other
        again = original != at
        for other in [original] if again else told.get(keys[at], ()):
            differs = any(map(_differ, values[at], values[other]))
            relation = "repeat" if again else "contradiction" if differs else "duplicate"
            pair = printed[at], ids[other], places[other], printed[other]
            found.append((relation, at - len(known), places[at], *pair))
        if keys[at] not in seen and not again:
            told.setdefault(keys[at], []).append(at)
        seen.add(keys[at])
    return pd.DataFrame(found, columns=[*DUPLICATE_COLUMNS])


def new_ones(known: pd.DataFrame, arrived: Arrivals, first: NDArray[np.intp]) -> Arrivals:
    """Return the figures without those that a row of the same document tells already."""
    fresh = first == range(len(known), len(known) + len(first))
    return Arrivals(
        arrived.observations[fresh].reset_index(drop=True), arrived.origins[fresh].reset_index(drop=True)
    )


def first_tellings(known: pd.DataFrame, arrived: Arrivals) -> NDArray[np.intp]:
    """Return, for each new figure, which of the known and new rows of its document tells it first."""
    columns = list(COLUMNS)
    rows = [frame.reindex(columns=columns, fill_value="") for frame in (known, arrived.observations)]
    return repeats(pd.concat(rows, ignore_index=True))[len(known) :]


def _keys(rows: pd.DataFrame) -> pd.Series:
    parts = (quantities(rows, fold), *(rows[name] for name in ("period_start", "period_end", "aggregation")))
    return pd.Series(["\t".join(values) for values in zip(*parts, strict=True)], rows.index, dtype="object")


def _places(origins: pd.DataFrame) -> list[str]:
    cells = (origins[name] for name in ("file", "sheet", "cell", "start"))
    return [", ".join(filter(None, place)) for place in zip(*cells, strict=True)]


def _differ(one: str, other: str) -> bool:
    if not one or not other:
        return False
    # 63.7 and 63.71 may be the same share, printed twice
    decimals = min(len(text.partition(".")[2]) for text in (one, other))
    return (
        abs(float(one) - float(other)) > 0.5 * 10.0**-decimals * (decimals > 0 or "." in one + other) + 1e-9
    )
