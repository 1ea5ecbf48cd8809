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
    new = arrived.observations
    keys = _keys(pd.concat([known, new])).to_list()
    earlier = pd.DataFrame(
        {
            "key": keys[: len(known)],
            "known": known["observation_id"],
            "known_place": known["source_id"],
            "known_printed": known["printed"],
            "order": -1,
            **{f"known_{name}": known[name] for name in _FIGURES},
        }
    )
    incoming = pd.DataFrame(
        {
            "key": keys[len(known) :],
            "incoming": range(len(new)),
            "place": _places(arrived.origins),
            "printed": new["printed"],
            **{name: new[name] for name in _FIGURES},
        }
    )
    several = incoming[incoming["key"].duplicated(keep=False)]
    among = several.drop_duplicates("key").rename(
        columns={"incoming": "order", "place": "known_place", "printed": "known_printed"}
        | {name: f"known_{name}" for name in _FIGURES}
    )
    others = pd.concat([earlier[earlier["key"].isin(incoming["key"])], among.assign(known="")])
    pairs = incoming.merge(others, on="key")
    pairs = pairs[pairs["order"].lt(pairs["incoming"])].sort_values(["incoming", "order"], kind="stable")
    differs = [
        any(_differ(row[name], row[f"known_{name}"]) for name in _FIGURES) for row in pairs.to_dict("records")
    ]
    pairs["relation"] = ["contradiction" if one else "duplicate" for one in differs]
    repeated = _told_again(first, pd.concat([earlier, incoming], ignore_index=True), len(known))
    other = ~pairs["incoming"].isin(repeated["incoming"]) & ~pairs["order"].isin(repeated["incoming"])
    found: pd.DataFrame = pd.concat([repeated, pairs[other]]).sort_values("incoming", kind="stable")
    return found[list(DUPLICATE_COLUMNS)].reset_index(drop=True)


def _told_again(first: NDArray[np.intp], rows: pd.DataFrame, known: int) -> pd.DataFrame:
    """Return the new rows that a row of the same document tells already, beside the first that does."""
    again = first != range(known, len(rows))
    told = rows.iloc[first[again]]
    found: pd.DataFrame = rows.iloc[known:][again].assign(
        relation="repeat",
        incoming=again.nonzero()[0],
        known=told["known"].fillna("").to_numpy(),
        known_place=told["known_place"].fillna(told["place"]).to_numpy(),
        known_printed=told["known_printed"].fillna(told["printed"]).to_numpy(),
    )
    return found


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
