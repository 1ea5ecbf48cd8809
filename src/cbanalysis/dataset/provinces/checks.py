"""What the rows of provinces.csv, each right by itself, say against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import combinations

from cbanalysis.common.errors import Fault
from cbanalysis.dataset.provinces.cells import UNIT_FILE, unit_fault
from cbanalysis.dataset.provinces.units import Unit, territories

_DAY = timedelta(days=1)


def contradictions(units: Mapping[int, Unit], keys: Callable[[Unit], frozenset[str]]) -> list[Fault]:
    """Return what the rows, each right by itself, say against each other."""
    return [
        *_repeated(units),
        *_lost_successors(units),
        *_lost_predecessors(units),
        *_broken_territory(units),
        *ambiguous(units, keys),
    ]


def _repeated(units: Mapping[int, Unit]) -> list[Fault]:
    first: dict[str, int] = {}
    faults = []
    for row, unit in units.items():
        if unit.unit_id in first:
            what = f"the id stands in row {first[unit.unit_id]} already"
            faults.append(unit_fault(what, row, "unit_id", unit.unit_id))
        first.setdefault(unit.unit_id, row)
    return faults


def _lost_successors(units: Mapping[int, Unit]) -> list[Fault]:
    faults = []
    for row, unit in units.items():
        if unit.valid_to is None:
            if unit.successor_code:
                faults.append(
                    unit_fault(
                        "a unit that still exists has no successor",
                        row,
                        "successor_code",
                        unit.successor_code,
                    )
                )
            continue
        after = unit.valid_to + _DAY
        codes = [
            one.gso_code
            for one in units.values()
            if one.valid(after) and territories(unit) <= territories(one)
        ]
        if unit.successor_code not in codes:
            what = f"no unit of that code holds its land on {after}"
            faults.append(
                unit_fault(what, row, "successor_code", unit.successor_code, " or ".join(codes) or None)
            )
    return faults


def _lost_predecessors(units: Mapping[int, Unit]) -> list[Fault]:
    faults = []
    for row, unit in units.items():
        before = unit.valid_from - _DAY
        codes = {
            one.gso_code
            for one in units.values()
            if one.valid(before) and territories(one) <= territories(unit)
        }
        faults += [
            unit_fault(
                f"no unit of that code lay in it on {before}",
                row,
                "predecessor_codes",
                code,
                " or ".join(sorted(codes)) or None,
            )
            for code in unit.predecessor_codes
            if code not in codes
        ]
    return faults


def _broken_territory(units: Mapping[int, Unit]) -> list[Fault]:
    """Return where land is held twice, by nobody, or was never there."""
    beginning = min(unit.valid_from for unit in units.values())
    known = frozenset(unit.gso_code for unit in units.values() if unit.valid_from == beginning)
    faults = [
        unit_fault("not a code of a unit of 2004", row, "territory_2004", code)
        for row, unit in units.items()
        for code in unit.territory_2004
        if code not in known
    ]
    for day in sorted({unit.valid_from for unit in units.values()}):
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for row, unit in units.items():
            for code in territories(unit) if unit.valid(day) else ():
                holders[code].append(row)
        faults += [
            unit_fault(f"row {rows[0]} holds the same land on {day}", rows[-1], "territory_2004", code)
            for code, rows in holders.items()
            if len(rows) > 1
        ]
        faults += [
            Fault(f"nobody holds that land on {day}", file=UNIT_FILE, column="territory_2004", value=code)
            for code in sorted(known - set(holders))
        ]
    return faults


def ambiguous(units: Mapping[int, Unit], keys: Callable[[Unit], frozenset[str]]) -> list[Fault]:
    """Return the names that two units have on the same day."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for row, unit in units.items():
        for key in sorted(keys(unit)):
            holders[key].append(row)
    return [
        unit_fault(f"row {row} has that name too, on the same day", other, "aliases", key)
        for key, rows in holders.items()
        for row, other in combinations(rows, 2)
        if _meet(units[row], units[other])
    ]


def _meet(one: Unit, other: Unit) -> bool:
    """Return whether there was a day on which both existed."""
    later = max(one.valid_from, other.valid_from)
    return one.valid(later) and other.valid(later)
