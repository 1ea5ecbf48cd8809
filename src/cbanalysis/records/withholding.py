"""Small groups: mark them, and on request withhold them so that no subtraction brings them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from cbanalysis.errors import DataError, Fault

__all__ = ["LEAST", "mark_small", "withhold"]

LEAST = 10
"""The usual least base that is shown: a cell of five is five people."""

_LEVELS = ("country", "region", "province", "district", "commune", "cell")
_PATH = {
    "country": (),
    "region": ("region",),
    "province": ("region", "unit_id"),
    "district": ("region", "unit_id", "district"),
    "commune": ("region", "unit_id", "district", "commune"),
    "cell": ("region", "unit_id", "district", "commune", "cell"),
}
_TOLERANCE = 1e-6


def mark_small(observations: pd.DataFrame, *, least: int = LEAST) -> pd.DataFrame:
    """Mark the rates of few people.

    Parameters
    ----------
    observations : DataFrame
        From `attendance` or `meetings_held`.
    least : int
        Bases below this are small.

    Returns
    -------
    DataFrame
        The same rows with ``small`` (bool).

    Raises
    ------
    DataError
        If a column is missing.
    """
    if "base" not in observations:
        raise DataError([Fault("mark_small needs this column", column="base")])
    return observations.assign(small=(observations["base"] < least).fillna(value=True).astype("bool"))


def withhold(observations: pd.DataFrame, *, least: int = LEAST) -> pd.DataFrame:
    """Withhold the rates of few people, and as many others as it takes to keep them from being worked out.

    Give it everything that will be shown together: parts and their totals, months and their years. What is
    shown elsewhere it can't know.

    Parameters
    ----------
    observations : DataFrame
        From `attendance` or `meetings_held`, of one or several levels and lengths of period (concatenated).
    least : int
        Bases below this are withheld.

    Returns
    -------
    DataFrame
        The same rows with ``small`` (bool) and ``withheld``: empty, ``small``, or ``complement`` (not small,
        but with it a small one could be had by subtraction). Withheld rows have neither ``count`` nor
        ``base``, nor any other figure of theirs. Both readings of a place and period are withheld together.

    Raises
    ------
    DataError
        If a column is missing.

    Notes
    -----
    A total that equals the sum of the parts shown beside it is an equation; so is a year and its months. A
    withheld figure counts as safe when, within what the equations and 0 <= count <= base allow, it could be
    another one, its rate could be other than 0 or 100 %, and no sum of withheld parts that can be had is
    itself smaller than `least`. Both ends of each figure are found by linear programming; as long as one is
    not safe the smallest shown part of its equation is withheld too (complementary suppression, Hundepool et
    al., Statistical Disclosure Control, Wiley 2012, chapter 4).
    """
    columns = (
        "indicator",
        "definition",
        "geo_level",
        "base_of",
        "period_start",
        "period_end",
        "count",
        "base",
    )
    path = ("region", "unit_id", "district", "commune", "cell")
    missing = [one for one in (*columns, *path) if one not in observations]
    if missing:
        raise DataError([Fault("withhold needs this column", column=one) for one in missing])
    marked = mark_small(observations, least=least)
    reasons = pd.Series("", index=marked.index, dtype="str")
    for _, rows in marked.groupby(["indicator", "definition"], sort=False):
        for position, reason in _reasons(rows, least).items():
            reasons[position] = reason
    hidden = (reasons != "").to_numpy()
    figures = [
        one for one in ("count", "base", "records", "excused", "left_out", "reading_gap") if one in marked
    ]
    shown = marked.assign(withheld=reasons)
    for one in figures:
        whole = shown[one].astype("float64") if one == "reading_gap" else shown[one].astype("Int64")
        shown[one] = whole.mask(hidden)
    return shown.assign(printed=shown["printed"].mask(hidden, "")) if "printed" in shown else shown


@dataclass(frozen=True)
class _Equation:
    """A total and the parts that add up to it, by the numbers of their nodes."""

    total: int
    parts: tuple[int, ...]

    @property
    def members(self) -> tuple[int, ...]:
        return (self.total, *self.parts)


@dataclass(frozen=True)
class _Nodes:
    """Places and periods; of each the count and its bases, the largest base last."""

    rows: tuple[tuple[int, ...], ...]
    figures: np.ndarray
    equations: tuple[_Equation, ...]


def _month(text: str, *, end: bool) -> int:
    year, _, month = text.partition("-")
    return int(year) * 12 + (int(month) - 1 if month else 11 if end else 0)


def _nodes(rows: pd.DataFrame) -> _Nodes:
    """Return what stands in the table, readings side by side, with its equations."""
    level = rows["geo_level"].to_numpy()
    paths = [
        tuple(str(row[one]) for one in _PATH[kind])
        for kind, row in zip(level, rows.to_dict("records"), strict=True)
    ]
    first = [_month(text, end=False) for text in rows["period_start"]]
    last = [_month(text, end=True) for text in rows["period_end"]]
    keys = list(zip(level, paths, first, last, strict=True))
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    readings = list(dict.fromkeys(rows["base_of"]))
    figures = np.zeros((len(numbers), 1 + len(readings)))
    members: list[list[int]] = [[] for _ in numbers]
    for position, key, reading, count, base in zip(
        rows.index, keys, rows["base_of"], rows["count"], rows["base"].fillna(0), strict=True
    ):
        node = numbers[key]
        members[node].append(position)
        figures[node, 0] = count
        figures[node, 1 + readings.index(reading)] = base
    # the count lies below the least base, each base below the next
    order = [0, *(1 + np.argsort(figures[:, 1:].sum(axis=0), kind="stable"))]
    figures = figures[:, order]
    found = tuple(
        one
        for one in _candidates(list(numbers))
        if np.allclose(figures[one.total], figures[list(one.parts)].sum(axis=0))
    )
    return _Nodes(tuple(tuple(one) for one in members), figures, found)


def _candidates(keys: list[tuple[str, tuple[str, ...], int, int]]) -> Iterator[_Equation]:
    """Yield each total with its parts: the next finer level in the same period, the next finer periods."""
    levels = [one for one in _LEVELS if any(key[0] == one for key in keys)]
    finer = dict(pairwise(levels))
    by_period: dict[tuple[str, int, int], list[int]] = {}
    by_place: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for number, (level, path, first, last) in enumerate(keys):
        by_period.setdefault((level, first, last), []).append(number)
        by_place.setdefault((level, path), []).append(number)
    for number, (level, path, first, last) in enumerate(keys):
        below = by_period.get((finer.get(level, ""), first, last), [])
        parts = tuple(one for one in below if _inside(keys[one], level, path))
        if parts:
            yield _Equation(number, parts)
        within = [
            one
            for one in by_place[level, path]
            if one != number and first <= keys[one][2] and keys[one][3] <= last
        ]
        largest = tuple(one for one in within if not any(_contains(keys[two], keys[one]) for two in within))
        if largest:
            yield _Equation(number, largest)


def _inside(key: tuple[str, tuple[str, ...], int, int], level: str, path: tuple[str, ...]) -> bool:
    # a region's path has no unit; a unit's path begins with its region
    return key[1][: len(_PATH[level])] == path


def _contains(
    outer: tuple[str, tuple[str, ...], int, int], inner: tuple[str, tuple[str, ...], int, int]
) -> bool:
    return outer != inner and outer[2] <= inner[2] and inner[3] <= outer[3]


def _reasons(rows: pd.DataFrame, least: int) -> dict[int, str]:
    """Return why each row is withheld, by its label; rows that are shown aren't in it."""
    nodes = _nodes(rows)
    small = {node for node in range(len(nodes.rows)) if nodes.figures[node, 1:].min() < least}
    withheld = set(small)
    touching: dict[int, list[_Equation]] = {}
    for equation in nodes.equations:
        for node in equation.members:
            touching.setdefault(node, []).append(equation)
    unsure = set(withheld)
    while unsure:
        added: set[int] = set()
        for component in _components(withheld, touching):
            if not component & unsure:
                continue
            for node in _recoverable(component, withheld, nodes, touching, least):
                added |= _next(node, withheld | added, nodes, touching)
        withheld |= added
        unsure = added
    return {row: "small" if node in small else "complement" for node in withheld for row in nodes.rows[node]}


def _components(withheld: set[int], touching: dict[int, list[_Equation]]) -> Iterator[set[int]]:
    """Yield the withheld nodes that share equations with each other."""
    left = set(withheld)
    while left:
        found, ahead = set(), [left.pop()]
        while ahead:
            node = ahead.pop()
            found.add(node)
            near = {one for equation in touching.get(node, ()) for one in equation.members}
            ahead += near & left
            left -= near
        yield found


def _next(node: int, withheld: set[int], nodes: _Nodes, touching: dict[int, list[_Equation]]) -> set[int]:
    """Return one more node to withhold so that one can't be worked out: the smallest part, else a total."""
    parts = {one for equation in touching.get(node, ()) for one in equation.parts} - withheld
    totals = {equation.total for equation in touching.get(node, ())} - withheld
    for several in (parts, totals):
        if several:
            return {min(several, key=lambda one: (nodes.figures[one, -1], one))}
    return set()


def _recoverable(
    component: set[int],
    withheld: set[int],
    nodes: _Nodes,
    touching: dict[int, list[_Equation]],
    least: int,
) -> Iterator[int]:
    """Yield the nodes whose figures, or whose rate, could be worked out from what is shown."""
    equations = list({id(one): one for node in component for one in touching.get(node, ())}.values())
    for equation in equations:
        parts = [one for one in equation.parts if one in withheld]
        if equation.total not in withheld and parts:
            # what the withheld parts have together is known: it must be a group that could be shown itself
            together = nodes.figures[parts].sum(axis=0)
            if together[1:].min() < least or together[0] in (0, together[1]):
                yield parts[0]
                return
    if equations:
        yield from _determined(sorted(component), equations, withheld, nodes.figures)


def _determined(
    order: Sequence[int], equations: Sequence[_Equation], withheld: set[int], figures: np.ndarray
) -> Iterator[int]:
    """Yield the nodes of which the equations leave one figure no choice."""
    place = {node: at for at, node in enumerate(order)}
    width = figures.shape[1]
    size = len(order) * width
    rows, sums = [], []
    for equation in equations:
        signs = {equation.total: -1.0, **dict.fromkeys(equation.parts, 1.0)}
        known = sum((signs[one] * figures[one] for one in signs if one not in withheld), np.zeros(width))
        for column in range(width):
            row = np.zeros(size)
            for one in signs.keys() & withheld:
                row[place[one] * width + column] = signs[one]
            rows.append(row)
            sums.append(-known[column])
    # the count is no more than the least base, each base no more than the next
    below = np.zeros((len(order) * (width - 1), size))
    for number, (at, column) in enumerate(product(range(len(order)), range(width - 1))):
        start = at * width + column
        below[number, start], below[number, start + 1] = 1.0, -1.0
    limits = (below, np.zeros(len(below)), np.array(rows), np.array(sums))
    for node in order:
        if any(_width(one, limits) < 1 - _TOLERANCE for one in _objectives(place[node] * width, width, size)):
            yield node


def _width(objective: np.ndarray, limits: tuple[np.ndarray, ...]) -> float:
    """Return how far apart the least and the greatest value lie that the limits allow."""
    least, most = (linprog(sign * objective, *limits) for sign in (1.0, -1.0))
    # status 3: there is no limit
    return np.inf if 3 in (least.status, most.status) else float(-most.fun - least.fun)


def _objectives(start: int, width: int, size: int) -> Iterable[np.ndarray]:
    """Yield what must stay open of a node: its count, its bases, and how many of each base did not come."""
    for column in range(width):
        one = np.zeros(size)
        one[start + column] = 1.0
        yield one
        if column:
            other = one.copy()
            other[start] = -1.0
            yield other
