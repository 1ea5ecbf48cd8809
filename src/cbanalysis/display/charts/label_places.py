"""Where labels find room: apart from one another, and next to their points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import isotonic_regression


def spread(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Move positions as little as needed until they are ``apart`` and inside ``low`` to ``high``.

    Parameters
    ----------
    wanted : sequence of float
        Where each label would like to stand.
    apart : float
        Least distance between two labels, in the same unit.
    low, high : float
        Where labels may stand; the upper end gives way when there isn't room for all.

    Returns
    -------
    list of float
        In the order of ``wanted``; the order of positions is kept.

    Examples
    --------
    >>> spread([5.0, 5.0, 9.0], 1.0, 0.0, 10.0)
    [4.5, 5.5, 9.0]
    """
    order = np.argsort(wanted, kind="stable")
    steps = apart * np.arange(len(wanted))
    # what may not come closer than so much may not fall, once so much a place is taken off
    places = isotonic_regression(np.asarray(wanted, dtype="float64")[order] - steps).x
    placed = np.empty(len(wanted))
    placed[order] = np.clip(places, low, max(low, high - steps[-1])) + steps
    return [float(one) for one in placed]


def _boxes(points: Sequence[tuple[float, float]], reach: float) -> npt.NDArray[np.float64]:
    """Return left, top, right and bottom of the squares around points."""
    return np.array([(x - reach, y - reach, x + reach, y + reach) for x, y in points]).reshape(-1, 4)


def _hit(boxes: npt.NDArray[np.float64], spot: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = spot
    meet = (left < boxes[:, 2]) & (boxes[:, 0] < right) & (top < boxes[:, 3]) & (boxes[:, 1] < bottom)
    return bool(meet.any())


def free_places(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float] | None],
    width: float,
    height: float,
    avoided: Sequence[tuple[float, float]] = (),
) -> list[tuple[float, float] | None]:
    """Find room for labels next to their points so that they hide neither points nor each other.

    Parameters
    ----------
    points : sequence of (float, float)
        Where the points are, in inches from the upper left corner of the plot.
    sizes : sequence of (float, float) or None
        Width and height of each point's label in inches; None where a point needs no label.
    width, height : float
        Size of the plot in inches.
    avoided : sequence of (float, float)
        Points of lines that labels leave alone where there is another place for them.

    Returns
    -------
    list of (float, float) or None
        Left and upper edge of each label; None where there is no label or no room.

    Examples
    --------
    >>> [one and tuple(round(edge, 2) for edge in one) for one in free_places([(1, 1)], [(0.5, 0.2)], 2, 2)]
    [(1.08, 0.9)]
    """
    taken, lines = _boxes(points, 0.05), _boxes(avoided, 0.02)
    found: list[tuple[float, float] | None] = []
    for (x, y), size in zip(points, sizes, strict=True):
        wide, tall = size or (0.0, 0.0)
        corners = _around(x, y, wide, tall) if size else []
        spots = [(left, top, left + wide, top + tall) for left, top in corners]
        inside = [one for one in spots if min(one) >= 0 and one[2] <= width and one[3] <= height]
        free = sorted((one for one in inside if not _hit(taken, one)), key=lambda one: _hit(lines, one))
        taken = np.vstack([taken, *free[:1]])
        found.append(free[0][:2] if free else None)
    return found


def _around(x: float, y: float, wide: float, tall: float) -> list[tuple[float, float]]:
    """Return upper left corners for a label around a point, the easiest to read first."""
    near, above = 0.08, 0.05
    return [
        (x + near, y - tall / 2),
        (x - near - wide, y - tall / 2),
        (x - wide / 2, y - tall - above),
        (x - wide / 2, y + above),
        (x + near, y - tall - above / 2),
        (x + near, y + above / 2),
        (x - near - wide, y - tall - above / 2),
        (x - near - wide, y + above / 2),
    ]
