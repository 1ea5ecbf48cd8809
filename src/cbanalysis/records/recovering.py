"""What a reader could work out of figures withheld from those shown: each one's least and greatest value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from cbanalysis.records.adding_up import Equation, Nodes

_TOLERANCE = 1e-6
_PATIENCE, _TRIED = 400, 3  # partners looked at for one node; partners followed at each step


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
    has a rate of 0 or 100 %. Most are proven safe by another solution: a unit more here, a unit less there.
    For the rest linear programming finds both ends of each figure.
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
        linked = [one for one in sorted(component & withheld) if nodes.touching[one]]
        looked_at = [one for one in linked if not _exchanges(one, component, nodes)]
        if looked_at:
            for node in _determined(looked_at, sorted(component), equations, nodes.figures):
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


def _exchanges(node: int, hidden: set[int], nodes: Nodes) -> bool:
    """Return whether units can move between hidden nodes so that every figure of one has two values at least.

    Members who came and members who didn't change places; and members who didn't come move.
    """
    search = _Search(hidden, nodes)
    return all(any(search.balanced({node: way}, kind) for way in (1, -1)) for kind in ("came", "due"))


class _Search:
    """Looks for hidden nodes that balance each other in all equations; gives up early."""

    def __init__(self, hidden: set[int], nodes: Nodes) -> None:
        self.hidden, self.nodes = hidden, nodes
        self.left = 0

    def balanced(self, moved: dict[int, int], kind: str) -> bool:
        """Return whether a unit more or less at some nodes can be made good at others."""
        self.left = _PATIENCE
        return all(self._can(*one, kind) for one in moved.items()) and self._go_on(moved, kind)

    def _can(self, node: int, units: int, kind: str) -> bool:
        count, least = self.nodes.figures[node, :2]
        if kind == "came":
            return bool(count < least if units > 0 else count > 0)
        return bool(units > 0 or least > count)

    def _open(self, moved: dict[int, int]) -> dict[int, tuple[Equation, int]]:
        """Return the equations that don't hold, with how much their parts have too much."""
        touched = {id(one): one for node in moved for one in self.nodes.touching[node]}
        over = {
            key: sum(moved.get(part, 0) for part in one.parts) - moved.get(one.total, 0)
            for key, one in touched.items()
        }
        return {key: (touched[key], units) for key, units in over.items() if units}

    def _go_on(self, moved: dict[int, int], kind: str) -> bool:
        unbalanced = self._open(moved)
        if not unbalanced:
            return True
        equation, over = next(iter(unbalanced.values()))
        choices = []
        for one in {*equation.members} & self.hidden - moved.keys():
            more = {**moved, one: (1 if over > 0 else -1) * (1 if one == equation.total else -1)}
            self.left -= 1
            if self.left < 0:
                return False
            if self._can(one, more[one], kind):
                choices.append((len(self._open(more)), one, more))
        return any(
            self._go_on(more, kind) for _, _, more in sorted(choices, key=lambda one: one[:2])[:_TRIED]
        )


def _determined(
    looked_at: Iterable[int], order: list[int], equations: Iterable[Equation], figures: np.ndarray
) -> Iterator[int]:
    """Yield the nodes of which the equations leave one figure no choice."""
    place = {node: at for at, node in enumerate(order)}
    width = figures.shape[1]
    size = len(order) * width
    # far above whatever may be: a figure without a limit has a choice
    bounds = (0, 10 * (figures.max() + 1) * len(order))
    equal, below = _System(size), _System(size)
    for equation in equations:
        signs = {equation.total: 1.0, **dict.fromkeys(equation.parts, -1.0)}
        known = sum((sign * figures[one] for one, sign in signs.items() if one not in place), np.zeros(width))
        terms = [
            {place[one] * width + at: sign for one, sign in signs.items() if one in place}
            for at in range(width)
        ]
        if equation.exact:
            for at in range(width):
                equal.add(terms[at], -known[at])
        else:
            # the rest of the total: no count below 0, none above its base
            for at in range(width):
                less = terms[at - 1] if at else {}
                rest = {one: less.get(one, 0.0) - terms[at].get(one, 0.0) for one in {*terms[at], *less}}
                below.add(rest, known[at] - (known[at - 1] if at else 0.0))
    for at in range(len(order)):
        for column in range(width - 1):
            below.add({at * width + column: 1.0, at * width + column + 1: -1.0}, 0.0)
    for node in looked_at:
        start = place[node] * width
        # its count, its bases, and how many of each base did not come
        wanted = [{start + at: 1.0} for at in range(width)]
        wanted += [{start + at: 1.0, start: -1.0} for at in range(1, width)]
        if any(_reach(one, size, below, equal, bounds) < 1 - _TOLERANCE for one in wanted):
            yield node


class _System:
    """Rows of linear conditions, each with its right side."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.values: list[float] = []
        self.places: tuple[list[int], list[int]] = ([], [])
        self.right: list[float] = []

    def add(self, terms: dict[int, float], right: float) -> None:
        for column, value in terms.items():
            self.values.append(value)
            self.places[0].append(len(self.right))
            self.places[1].append(column)
        self.right.append(right)

    def matrix(self) -> csr_matrix | None:
        return csr_matrix((self.values, self.places), (len(self.right), self.size)) if self.right else None


def _reach(
    wanted: dict[int, float], size: int, below: _System, equal: _System, bounds: tuple[float, float]
) -> float:
    """Return how far apart the least and the greatest value lie that the conditions allow; 0 if unsure."""
    objective = np.zeros(size)
    objective[list(wanted)] = list(wanted.values())
    ends = []
    for sign in (1.0, -1.0):
        solved = linprog(
            sign * objective,
            A_ub=below.matrix(),
            b_ub=below.right or None,
            A_eq=equal.matrix(),
            b_eq=equal.right or None,
            bounds=bounds,
        )
        if solved.status != 0:
            return 0.0
        ends.append(float(solved.fun))
    return -ends[1] - ends[0]
