"""New figures beside those that say the same thing: duplicates and contradictions."""

from __future__ import annotations

import pandas as pd

from cbanalysis.common.text.letters import fold
from cbanalysis.dataset.observations.printed import FIGURE_COLUMNS
from cbanalysis.dataset.provinces.districts import one_name_each
from cbanalysis.importing.commit.records import BESIDE_COLUMNS, Arrivals

_FIGURES = (*FIGURE_COLUMNS, "value")
# What must be the same for two rows to speak of the same quantity.
_SAME = (
    "indicator",
    "subject",
    "geo_level",
    "province",
    "period_start",
    "period_end",
    "definition",
    "base_of",
    "scheme",
    "complement",
    "aggregation",
)


def beside(known: pd.DataFrame, arrived: Arrivals) -> pd.DataFrame:
    """Return the new figures that are there already, or contradict what is there.

    Two figures are of the same quantity where indicator, subject, place, period, category, definition and
    base are the same. They contradict one another where a value that both give differs by more than their
    printed decimals explain.

    Parameters
    ----------
    known : DataFrame
        Rows of observations.csv as text.
    arrived : Arrivals
        The figures on their way in; they are compared with one another too.

    Returns
    -------
    DataFrame
        `BESIDE_COLUMNS`, one row a pair, in the order of the new figures.
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
    repeated = incoming[incoming["key"].duplicated(keep=False)]
    among = repeated.drop_duplicates("key").rename(
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
    return pairs[list(BESIDE_COLUMNS)].reset_index(drop=True)


def _keys(rows: pd.DataFrame) -> pd.Series:
    names = one_name_each(zip(rows["geo_level"], rows["province"], rows["area"], strict=True))
    area = [names[place] for place in zip(rows["geo_level"], rows["province"], rows["area"], strict=True)]
    folded = {text: fold(text) for text in {*area, *rows["category"]}}
    category = rows["category_id"].where(rows["category_id"].ne(""), rows["category"].map(folded))
    parts = [*(rows[name] for name in _SAME), map(folded.get, area), category]
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
