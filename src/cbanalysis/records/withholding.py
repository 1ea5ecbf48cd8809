"""Small groups: mark them, and on request withhold them so that no subtraction brings them back."""

from __future__ import annotations

import pandas as pd

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.records.adding_up import PATH, Equation, Nodes, nodes_of
from cbanalysis.records.recovering import recoverable
from cbanalysis.statistics.rates import add_rates

LEAST = 10
"""The usual least number of people whose rate is shown: a cell of five is five people."""

_NEEDED = ("indicator", "definition", "geo_level", "base_of", "period_start", "period_end", "count", "base")
_NO_FIGURES = frozenset({"year", "month", "decimals"})


def mark_small(observations: pd.DataFrame, *, least: int = LEAST) -> pd.DataFrame:
    """Mark the rates of few people.

    Parameters
    ----------
    observations : DataFrame
        From `attendance` or `meetings_held`.
    least : int
        Groups of fewer are small: of members, as many as were due in a month on average; of cell-months, as
        many as there are.

    Returns
    -------
    DataFrame
        The same rows with ``small`` (bool).

    Raises
    ------
    DataError
        If a column is missing, or `least` is no number of people.
    """
    if "base" not in observations:
        raise DataError([Fault("mark_small needs this column", column="base")])
    if not least >= 1:  # also of what is no number
        raise DataError([Fault("least is no number of people", value=least, allowed="1, 2, 3, …")])
    group = observations["base"].astype("float64")
    if {"months", "indicator"} <= {*observations}:
        # twelve months of five members are sixty in the base, and five people
        months = observations["months"].where(observations["indicator"] == "meeting_attendance", 1)
        group /= months.astype("float64").clip(lower=1)
    return observations.assign(small=~(group >= least))


def withhold(observations: pd.DataFrame, *, least: int = LEAST) -> pd.DataFrame:
    """Withhold the rates of few people, and as many others as it takes to keep them from being worked out.

    Give it everything that will be shown together: parts and their totals, months and their years. What is
    shown elsewhere it can't know.

    Parameters
    ----------
    observations : DataFrame
        From `attendance` or `meetings_held`, of one or several levels and lengths of period (concatenated).
    least : int
        Groups of fewer are withheld, counted as `mark_small` does.

    Returns
    -------
    DataFrame
        The same rows with ``small`` (bool) and ``withheld``: empty, ``small``, or ``complement`` (not small,
        but with it a small one could be had by subtraction). Withheld rows have no figure: neither ``count``
        nor ``base``, nor a rate or whatever else was computed of them. Both readings of a place and period
        are withheld together, also where one is small that isn't among the rows.

    Raises
    ------
    DataError
        If a column is missing, `least` is no number of people, or a row has no count: what was withheld
        once can't be told from what was never known.

    Notes
    -----
    Whatever adds up is an equation: a total and the parts shown beside it, a year and its months, months of
    the country and communes over all time. Where parts are not all of a total, the rest is no less than
    nothing. What counts as safe is said of `recoverable`; as long as a figure is not safe the smallest shown
    part of its equations is withheld too (complementary suppression, Hundepool et al., Statistical Disclosure
    Control, Wiley 2012, chapter 4).
    """
    missing = [one for one in (*_NEEDED, *PATH) if one not in observations]
    if missing:
        raise DataError([Fault("withhold needs this column", column=one) for one in missing])
    if observations["count"].isna().any():
        place = int(observations["count"].isna().to_numpy().argmax()) + 1
        raise DataError([Fault("withhold needs a count in every row", row=place, column="count")])
    marked = mark_small(observations, least=least).reset_index(drop=True)
    reasons = pd.Series("", index=marked.index, dtype="str")
    for _, rows in marked.groupby(["indicator", "definition"], sort=False):
        for position, reason in _reasons(nodes_of(rows), least).items():
            reasons[position] = reason
    marked["small"] |= reasons == "small"
    hidden = reasons != ""
    for one in marked.select_dtypes("number").columns.difference([*_NO_FIGURES]):
        marked[one] = marked[one].mask(hidden)
    if "printed" in marked:
        marked["printed"] = marked["printed"].mask(hidden, "")
    shown = (add_rates(marked) if "rate" in marked else marked).assign(withheld=reasons)
    return shown.set_index(observations.index)


def _reasons(nodes: Nodes, least: int) -> dict[int, str]:
    """Return why each row is withheld, by its label; rows that are shown aren't in it."""
    small = {node for node, rows in enumerate(nodes.rows) if rows and nodes.people([node]) < least}
    withheld = set(small)
    unsure = set(small)
    while unsure:
        added: set[int] = set()
        for node, equations in recoverable(nodes, withheld, unsure, least):
            added |= _company(node, equations, withheld | added, nodes)
        withheld |= added
        unsure = added
    return {row: "small" if node in small else "complement" for node in withheld for row in nodes.rows[node]}


def _company(node: int, equations: list[Equation], withheld: set[int], nodes: Nodes) -> set[int]:
    """Return one more node to withhold so that one can't be worked out; none if nothing near is shown."""
    looked_at, ahead = {node}, equations
    while ahead:
        # the equation that leaves least open first
        for equation in sorted(ahead, key=lambda one: len(withheld & {*one.members})):
            for several in (equation.parts, (equation.total,)):
                shown = [one for one in several if nodes.rows[one] and one not in withheld]
                if shown:
                    return {min(shown, key=lambda one: _cost(one, withheld, nodes))}
        near = {one for equation in ahead for one in equation.members} - looked_at
        looked_at |= near
        ahead = [one for each in near for one in nodes.touching[each]]
    return set()


def _cost(node: int, withheld: set[int], nodes: Nodes) -> tuple[int, float, int]:
    """Return what is lost with a node: little where its sums have lost something already, or it is small."""
    alone = sum(not withheld & {*one.members} for one in nodes.touching[node])
    return alone, float(nodes.figures[node, -1]), node
