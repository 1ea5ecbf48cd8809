"""Figures of few people: withheld, and nothing left from which they could be worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import eye_array, kron, lil_array, vstack

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.dataset.observations.given_frames import need, reads
from cbanalysis.statistics.rates import add_rates

PATH = ("region", "unit_id", "district", "commune", "cell")
"""The columns that name a place, the widest first."""

_DEPTH = {"country": 0, "region": 1, "province": 2, "district": 3, "commune": 4, "cell": 5}
_PEOPLE = "meeting_attendance"

_Place = tuple[str, tuple[str, ...]]  # level and path
_Key = tuple[str, tuple[str, ...], int, int]  # the same, with first and last month as counted from the year 0


@dataclass(frozen=True)
class Equation:
    """A total and parts of it that don't overlap, by the numbers of their nodes.

    Attributes
    ----------
    total : int
        The total.
    parts : tuple of int
        Its parts.
    exact : bool
        Whether they are all of it; if not, the rest has figures too: none below 0, no more present than due.
    """

    total: int
    parts: tuple[int, ...]
    exact: bool

    @property
    def members(self) -> tuple[int, ...]:
        """The total and its parts."""
        return (self.total, *self.parts)


@dataclass(frozen=True)
class Nodes:
    """Places and periods, each once, and the equations between them.

    Attributes
    ----------
    rows : tuple of tuple of label
        The rows that speak of each node, one a reading; none for sums that follow from rows, such as several
        months of a place that has no row for all of them.
    figures : array
        Shape (nodes, 1 + readings): the count and each base, the least base first.
    months : array
        Over how many months each adds up; 1 where bases don't count people.
    places : tuple
        Level and path of each.
    touching : tuple of list of Equation
        The equations in which each node stands.
    """

    rows: tuple[tuple[int, ...], ...]
    figures: np.ndarray
    months: np.ndarray
    places: tuple[_Place, ...]
    touching: tuple[list[Equation], ...]

    def people(self, nodes: Sequence[int]) -> float:
        """Return how many people several parts are together, in the reading that counts fewest."""
        months: dict[_Place, float] = {}
        for node in nodes:
            months[self.places[node]] = months.get(self.places[node], 0) + self.months[node]
        return float(self.figures[list(nodes), 1:].sum(axis=0).min() / max(months.values()))


def nodes_of(rows: pd.DataFrame) -> Nodes:
    """Return what stands in a table, readings side by side, with its equations.

    The rows are observations of one indicator and definition; a node has both readings wherever ``excused``
    tells the one from the other.
    """
    depths = [_DEPTH[level] for level in rows["geo_level"]]
    names = rows[list(PATH)].astype("str").itertuples(index=False, name=None)
    paths = [name[:depth] for depth, name in zip(depths, names, strict=True)]
    first = [_month(text, end=False) for text in rows["period_start"]]
    last = [_month(text, end=True) for text in rows["period_end"]]
    keys: list[_Key] = list(zip(rows["geo_level"], paths, first, last, strict=True))
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    members: list[list[int]] = [[] for _ in numbers]
    counts, months = np.zeros(len(numbers)), np.ones(len(numbers))
    bases: list[dict[str, float]] = [{} for _ in numbers]
    for key, row in zip(keys, rows.assign(label=rows.index).to_dict("records"), strict=True):
        node = numbers[key]
        members[node].append(row["label"])
        counts[node] = row["count"]
        bases[node] |= _bases(row)
        if row["indicator"] == _PEOPLE and row.get("months", 1) > 0:
            months[node] = row.get("months", 1)
    readings = sorted(
        {one for each in bases for one in each}, key=lambda one: sum(each.get(one, 0) for each in bases)
    )
    figures = np.array(
        [
            [count, *(each.get(one, max(each.values())) for one in readings)]
            for count, each in zip(counts, bases, strict=True)
        ]
    )
    return _Links(list(numbers), members, figures, months).nodes()


def _bases(row: Mapping[Any, Any]) -> dict[str, float]:
    """Return each base that a row tells: with the members excused it tells the other reading's too."""
    base = 0.0 if pd.isna(row["base"]) else float(row["base"])
    excused = row.get("excused")
    if excused is None or pd.isna(excused):
        return {row["base_of"]: base}
    out, exempt = float(excused), row.get("exempt", 0)
    exempt = 0.0 if pd.isna(exempt) else float(exempt)
    asked = base + {"not_excused": out, "all_due": -exempt}.get(row["base_of"], 0.0)
    bases = {"all_due": asked + exempt, "not_excused": asked - out}
    return bases | ({"without_exempt": asked} if exempt or row["base_of"] == "without_exempt" else {})


def _month(text: str, *, end: bool) -> int:
    year, _, month = text.partition("-")
    return int(year) * 12 + (int(month) - 1 if month else 11 if end else 0)


class _Links:
    """Finds the equations, and sums that have no row but follow from rows: several months of a place."""

    def __init__(
        self, keys: list[_Key], members: list[list[int]], figures: np.ndarray, months: np.ndarray
    ) -> None:
        self.keys, self.members = keys, members
        self.figures, self.months = [*figures], [*months]
        self.places = [(level, path) for level, path, *_ in keys]
        self.found: dict[tuple[int, tuple[int, ...]], Equation] = {}
        self.sums: dict[tuple[int, ...], int] = {}
        levels = sorted({level for level, _ in self.places}, key=_DEPTH.__getitem__)
        wider = {fine: wide for wide, fine in pairwise(levels)}
        self.same: dict[_Place, list[int]] = {}
        self.below: dict[_Place, list[int]] = {}
        for number, (level, path) in enumerate(self.places):
            self.same.setdefault((level, path), []).append(number)
            if level in wider:
                self.below.setdefault((wider[level], path[: _DEPTH[wider[level]]]), []).append(number)

    def nodes(self) -> Nodes:
        """Return the nodes, all found."""
        for number, (level, path, first, last) in enumerate(self.keys):
            others = [one for one in self.same[level, path] if one != number]
            for several in (others, self.below.get((level, path), [])):
                self._link(number, _largest(several, first, last, self.keys))
        for place, several in self.below.items():
            own = self.same.get(place, [])
            for first, last in _spans([*own, *several], self.keys):
                self._meet(place, *(_largest(one, first, last, self.keys) for one in (own, several)))
        touching: tuple[list[Equation], ...] = tuple([] for _ in self.places)
        for equation in self.found.values():
            for node in equation.members:
                touching[node].append(equation)
        rows = tuple(tuple(one) for one in self.members)
        return Nodes(rows, np.array(self.figures), np.array(self.months), tuple(self.places), touching)

    def _sum(self, parts: tuple[int, ...]) -> np.ndarray:
        added: np.ndarray = np.sum([self.figures[one] for one in parts], axis=0)
        return added

    def _link(self, total: int, parts: tuple[int, ...]) -> None:
        """Note that parts add up to no more than a total."""
        if parts:
            rest = self.figures[total] - self._sum(parts)
            # a rest that no records can have comes of places that aren't what their names say
            if (np.diff(rest, prepend=0) >= 0).all():
                self.found[total, parts] = Equation(total, parts, exact=not rest.any())
                if not rest.any():
                    self.sums.setdefault(parts, total)

    def _meet(self, place: _Place, periods: tuple[int, ...], parts: tuple[int, ...]) -> None:
        """Note that parts add up to no more than several periods of a place, whose sum has no row."""
        if not periods or not parts:
            return
        total = periods[0] if len(periods) == 1 else self.sums.get(periods)
        if total is None:
            total = len(self.places)
            self.figures.append(self._sum(periods))
            self.months.append(sum(self.months[one] for one in periods))
            self.members.append([])
            self.places.append(place)
            self._link(total, periods)
        self._link(total, parts)


def _spans(nodes: Iterable[int], keys: Sequence[_Key]) -> set[tuple[int, int]]:
    """Return the periods of some nodes, and the one from the first month of all to the last."""
    spans = {keys[one][2:] for one in nodes}
    return {*spans, (min(first for first, _ in spans), max(last for _, last in spans))}


def _largest(nodes: Iterable[int], first: int, last: int, keys: Sequence[_Key]) -> tuple[int, ...]:
    """Return those that lie within a period and don't overlap, the longest of each place first."""
    taken: dict[_Place, list[tuple[int, int]]] = {}
    found = []
    for one in sorted(nodes, key=lambda one: keys[one][2] - keys[one][3]):
        level, path, start, end = keys[one]
        if first <= start and end <= last:
            before = taken.setdefault((level, path), [])
            if all(end < low or high < start for low, high in before):
                before.append((start, end))
                found.append(one)
    return tuple(sorted(found))


_TOLERANCE = 1e-6
_GUESSES = 6  # times that all figures are moved by a unit at once, before each is moved on its own


def recoverable(
    nodes: Nodes, withheld: set[int], unsure: set[int], least: int
) -> Iterator[tuple[int, list[Equation]]]:
    """Yield withheld nodes of which a figure, or the rate, could be worked out from what is shown.

    Parameters
    ----------
    nodes : Nodes
        All rows.
    withheld : set of int
        Nodes that aren't shown.
    unsure : set of int
        Those withheld since the last time: only what hangs together with them is looked at.
    least : int
        The fewest people that may be shown.

    Yields
    ------
    tuple
        A node that needs company, and the equations in which it needs it.

    Notes
    -----
    A node is safe when, within what the equations and 0 <= count <= base allow, each of its figures could be
    another one, and when no sum of withheld parts that can be had is itself of fewer than `least` people or
    has a rate of 0 or 100 %. Linear programming finds both ends of each figure; most are proven safe by
    solutions that were found for others.
    """
    hidden = withheld | _unknown_sums(nodes, withheld)
    for component in _components(hidden, nodes):
        if not component & unsure:
            continue
        equations = list({id(one): one for node in component for one in nodes.touching[node]}.values())
        told = _told(equations, withheld, hidden, nodes, least)
        if told is not None:
            yield told
            continue
        if equations:
            for node in _determined(component, withheld, equations, nodes.figures):
                yield node, nodes.touching[node]


def _unknown_sums(nodes: Nodes, withheld: set[int]) -> set[int]:
    """Return the sums without rows that don't follow from rows shown."""
    unknown = {node for node, rows in enumerate(nodes.rows) if not rows}
    return {
        node
        for node in unknown
        if not any(
            one.exact and one.total == node and not withheld & set(one.parts) for one in nodes.touching[node]
        )
    }


def _components(hidden: set[int], nodes: Nodes) -> Iterator[set[int]]:
    """Yield the hidden nodes that share equations with each other."""
    left = set(hidden)
    while left:
        found, ahead = set(), [left.pop()]
        while ahead:
            node = ahead.pop()
            found.add(node)
            near = {one for equation in nodes.touching[node] for one in equation.members}
            ahead += near & left
            left -= near
        yield found


def _told(
    equations: Iterable[Equation], withheld: set[int], hidden: set[int], nodes: Nodes, least: int
) -> tuple[int, list[Equation]] | None:
    """Return one of several parts whose sum is told and could not be shown itself, with the equation."""
    for equation in equations:
        parts = [one for one in equation.parts if one in hidden]
        if not equation.exact or equation.total in hidden or not parts:
            continue
        together = nodes.figures[parts].sum(axis=0)
        if nodes.people(parts) < least or together[0] in (0, together[1]):
            return next(one for one in parts if one in withheld), [equation]
    return None


def _determined(
    component: set[int], withheld: set[int], equations: Sequence[Equation], figures: np.ndarray
) -> Iterator[int]:
    """Yield the withheld nodes of which the equations leave one figure no choice."""
    order = sorted(component)
    conditions = _conditions(order, equations, figures)
    size, width = len(order), figures.shape[1]
    own = figures[order].ravel()
    near = Bounds(np.maximum(own - 1, 0), own + 1)
    # far above whatever may be: a figure without a limit has a choice
    anywhere = Bounds(0, 10 * (figures.max() + 1) * size)
    # its count, its bases, and how many of each base did not come
    looked_at = np.vstack([np.eye(width), np.eye(width)[1:] - np.eye(width)[0]])
    low, high = (np.full((size, len(looked_at)), end) for end in (np.inf, -np.inf))

    def widen(objective: np.ndarray, bounds: Bounds) -> None:
        for sign in (1, -1):
            solved = milp(sign * objective.ravel(), constraints=conditions, bounds=bounds)
            if solved.status == 0:
                values = solved.x.reshape(size, width) @ looked_at.T
                np.minimum(low, values, out=low)
                np.maximum(high, values, out=high)

    chance = np.random.default_rng(0)
    for _ in range(_GUESSES):
        widen(chance.normal(size=(size, width)), near)
    for at in (order.index(node) for node in order if node in withheld):
        for figure, terms in enumerate(looked_at):
            if high[at, figure] - low[at, figure] < 1 - _TOLERANCE:
                objective = np.zeros((size, width))
                objective[at] = terms
                widen(objective, anywhere)
        if (high[at] - low[at] < 1 - _TOLERANCE).any():
            yield order[at]


def _conditions(order: list[int], equations: Sequence[Equation], figures: np.ndarray) -> LinearConstraint:
    """Return what the equations say of hidden nodes, and that no count is below 0 and none above its base."""
    signs = lil_array((len(equations), len(figures)))
    for row, equation in enumerate(equations):
        signs[row, list(equation.parts)] = -1
        signs[row, equation.total] = 1
    shown = figures.copy()
    shown[order] = 0
    # the count, and by how much each base is more than the one before it
    steps = np.eye(figures.shape[1]) - np.eye(figures.shape[1], k=-1)
    # the rest of a total is nothing, or no less than nothing
    known = -(signs @ shown) @ steps.T
    most = np.where([[one.exact] for one in equations], known, np.inf)
    each = np.zeros((len(order), figures.shape[1]))
    return LinearConstraint(
        kron(vstack([signs[:, order], eye_array(len(order))]), steps),
        np.vstack([known, each]).ravel(),
        np.vstack([most, each + np.inf]).ravel(),
    )


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
    need(observations, ("base",), "mark_small")
    if not least >= 1:  # also of what is no number
        raise DataError([Fault("least is no number of people", value=least, allowed="1, 2, 3, …")])
    group = observations["base"].astype("float64")
    if {"months", "indicator"} <= {*observations}:
        # twelve months of five members are sixty in the base, and five people
        months = observations["months"].where(observations["indicator"] == "meeting_attendance", 1)
        group /= months.astype("float64").clip(lower=1)
    return observations.assign(small=~(group >= least))


@reads
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
        The same rows with ``small`` (bool) and ``withheld``: empty, ``small``, ``complement`` (not small,
        but with it a small one could be had by subtraction), or ``no_record`` (there is none that counts).
        Withheld rows have no figure: neither ``count`` nor ``base``, nor a rate or whatever else was computed
        of them. Both readings of a place and period are withheld together, also where one is small that isn't
        among the rows.

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
    need(observations, (*_NEEDED, *PATH), "withhold")
    # what no record tells has no figure to withhold, and is nothing in any sum
    nothing = pd.Series(observations.get("records", 1), index=observations.index) == 0
    if (unknown := observations["count"].isna() & ~nothing).any():
        place = int(unknown.to_numpy().argmax()) + 1
        raise DataError([Fault("withhold needs a count in every row", row=place, column="count")])
    marked = mark_small(observations, least=least).reset_index(drop=True)
    nothing = nothing.reset_index(drop=True)
    reasons = pd.Series("", index=marked.index, dtype="str")
    for _, rows in marked[~nothing].groupby(["indicator", "definition"], sort=False):
        for position, reason in _reasons(nodes_of(rows), least).items():
            reasons[position] = reason
    marked["small"] = (marked["small"] | (reasons == "small")) & ~nothing
    hidden = reasons != ""
    reasons[nothing] = "no_record"
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
