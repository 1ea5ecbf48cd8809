"""What adds up to what among the rows of a table: parts and totals, months and years, shown or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

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

    Parameters
    ----------
    rows : DataFrame
        Observations of one indicator and definition, from `attendance` or `meetings_held`.

    Returns
    -------
    Nodes
        With both readings wherever ``excused`` tells the one from the other.
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
