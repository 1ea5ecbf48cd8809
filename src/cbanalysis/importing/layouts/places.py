"""Where: provinces and regions in titles, sub-headings, sheet names and cells."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain, pairwise

from cbanalysis.common.errors import UnknownName
from cbanalysis.common.language import words_in
from cbanalysis.common.messages import Message, message
from cbanalysis.common.text.letters import clean, fold
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.dataset.provinces.district_names import districts
from cbanalysis.importing.files.letters import LETTERS, unicode_text
from cbanalysis.importing.layouts.vocabulary import (
    fold_all,
    is_listed,
    pattern,
    plain,
    without_marks,
    words_of_tables,
)

_PARTY = (("đảng bộ ", ""), ("tỉnh ủy ", "tỉnh "), ("thành ủy ", "thành phố "))


@cache
def label(text: str) -> str:
    """Return a row's label without numbering, bullets and footnote marks.

    Examples
    --------
    >>> label("3. Bắc Giang (1)"), label("Q.1"), label("Huyện Ea Kar - Ea Kar district")
    ('Bắc Giang', 'Q.1', 'Huyện Ea Kar')
    """
    words = without_marks(text)
    cut = pattern("numbering").sub("", words)
    both = pattern("twice").fullmatch(cut)
    # as yearbooks have it, in two languages; Bà Rịa - Vũng Tàu is one name
    if both:
        one, other = (pattern("of_kind").sub("", fold(name)).split() for name in both.groups())
        cut = both[1] if one == other else cut
    return cut or words


def _region(text: str) -> str:
    words = fold(text).removeprefix("vung ").removeprefix("khu vuc ").removeprefix("the ")
    return " ".join(
        word for word in words.split() if word not in {"va", "and", "region", "area", "areas", "the"}
    )


@dataclass(frozen=True)
class Places:
    """Provinces by any spelling, with what was found once."""

    gazetteer: Gazetteer

    @cached_property
    def _longest(self) -> int:
        names = (name for unit in self.gazetteer.units for name in (unit.name_vi, *unit.aliases))
        return max(len(fold(name).split()) for name in names)

    @cached_property
    def regions(self) -> frozenset[str]:
        """Names of regions as they are compared."""
        named = {name for unit in self.gazetteer.units for name in (unit.region_vi, unit.region_en)}
        return frozenset(map(_region, {*named, *words_of_tables()["regions"]["names"]}))

    def name(self, text: str) -> str:
        """Return a label; of a province without footnote marks, and what its party is called as it is."""
        found = label(text)
        words = pattern("marks").sub("", found)
        for old, new in (("", ""), *_PARTY):
            if plain(words).startswith(old) and self.gazetteer.named(new + words[len(old) :]):
                return new + words[len(old) :]
        return found

    def is_province(self, text: str) -> bool:
        """Return whether a label is the name of a province of any time."""
        return bool(self.gazetteer.named(self.name(text)))

    def is_whole_province(self, text: str) -> bool:
        """Return whether a label is the name of a province, and not of a city below one."""
        units = self.gazetteer.named(self.name(text))
        is_city = fold(self.name(text)).startswith(("thanh pho ", "tp ", "t p "))
        return bool(units) and (not is_city or any(unit.is_city for unit in units))

    def above_districts(self, names: Sequence[str]) -> int:
        """Return how many provinces stand each above districts of its own; 0 where other names do, too."""
        heads = [*map(self.is_whole_province, names)]
        alone = any(one and other for one, other in pairwise([*heads, True]))
        parts = [name for name, head in zip(names, heads, strict=True) if not head]
        known = all(self.is_district(one) or self.without_kind(one) != label(one) for one in parts)
        return sum(heads) if heads[:1] == [True] and known and not alone else 0

    def written_otherwise(self, texts: Iterable[str]) -> Message | None:
        """Return what to say where a text is the name of a province in letters of before Unicode."""
        for text in texts:
            for letters in LETTERS:
                name = unicode_text(text, letters)
                if name != text and self.is_province(name):
                    return message("other_letters", text=text, name=name, letters=letters)
        return None

    def is_region(self, text: str) -> bool:
        """Return whether a label is the name of a region."""
        return is_listed(_region(label(text)), self.regions)

    def is_place(self, text: str) -> bool:
        """Return whether a label is a province, a region, or begins as districts and communes do."""
        return self.is_province(text) or self.is_region(text) or self.without_kind(text) != label(text)

    @cached_property
    def _districts(self) -> Mapping[str, list[dict[str, str]]]:
        named = defaultdict(list)
        for row in districts():
            named[fold(row["name"])].append(row)
        return named

    def is_district(self, text: str) -> bool:
        """Return whether a label is the name of a district of any time, with or without its kind."""
        name = fold(label(text))
        # Quan Hóa is one without its kind
        bare = re.sub(r"^(?:huyen|quan|thi xa|thanh pho|tp|tx|[hq])\s+|\s+(?:district|city|town)$", "", name)
        return name in self._districts or bare in self._districts

    def districts_of(self, province: str) -> list[str]:
        """Return the names of all districts that a province had at any time."""
        return [
            row["name"] for rows in self._districts.values() for row in rows if row["province"] == province
        ]

    @cached_property
    def _bodies(self) -> dict[bool, tuple[str, ...]]:
        known = words_in("importing/prose/grammar/places.toml")
        # "vùng cao" sums up places
        listed = {*known["committees"], *chain(*known["bodies"].values())} - {"vùng"}
        begin = tuple(f"{plain(one)} " for one in [*listed, "thị ủy", "thành ủy"])
        return {False: begin, True: tuple(f"{fold_all(one)} " for one in begin)}

    def without_kind(self, text: str) -> str:
        """Return a label without the kind of a district or commune that it begins with."""
        words = label(text)
        below = sorted(words_of_tables()["places"]["below"], key=len, reverse=True)
        kind = next((one for one in below if words.casefold().startswith(one)), "")
        return words[len(kind) :]

    def bears_kind(self, text: str) -> bool:
        """Return whether a label begins with the kind of a place or of a body with a committee."""
        name = label(text)
        words = f"{plain(name)} "
        body = words.startswith(self._bodies[name.isascii()])
        return body or self.is_place(name) or bool(pattern("short_kind").match(name))

    def without_districts(self, text: str) -> str:
        """Return a text without the districts and communes that it names with their kind."""

        def cut(found: re.Match[str]) -> str:
            kind, name = found["kind"], found["name"].split()
            capitals = next((at for at, word in enumerate(name) if not word[0].isupper()), len(name))
            sizes = range(len(name), 0, -1)
            district = next((one for one in sizes if self.is_district(" ".join([kind, *name[:one]]))), 0)
            # in a line of capitals only a district's name shows where it ends
            size = district if kind.isupper() else max(district, capitals)
            return " ".join(["", *([] if size else [kind]), *name[size:]])

        return pattern("named_place").sub(cut, text)

    def elsewhere(self, area: str, province: str, period: str) -> str:
        """Return the only other province that had a district of this name when the given one had none.

        ``""`` where several or none had it, and for years in which the table of districts or the provinces
        that it names may be others.
        """
        if not "2004" <= period[:4] <= "2024":
            return ""
        name = pattern("kinds_before").sub("", clean(area).casefold())
        had = {
            (row["name"].casefold(), row["province"])
            for row in self._districts.get(fold(name), ())
            if row["valid_from"][:4] <= period[:4]
            and (not row["valid_to"] or period[:4] <= row["valid_to"][:4])
        }
        if any(of == province for _, of in had):
            return ""
        others = {of for known, of in had if known == name or name.isascii()}
        return others.pop() if len(others) == 1 else ""

    def of_two_maps(self, names: Iterable[str], period: str) -> tuple[list[str], list[str]]:
        """Return the provinces that were gone by the end of a period, and those that were others before it.

        Where both stand in one table its names are those of the older map, whatever the period's end says.
        """
        first = f"{period[:4]}-01-01"
        units = {name: (self._unit(name, first), self._unit(name, period)) for name in dict.fromkeys(names)}
        gone = [name for name, (before, now) in units.items() if before and not now]
        moved = [name for name, (before, now) in units.items() if before and now and before != now]
        return gone, moved

    def _unit(self, name: str, on: str) -> str:
        with suppress(UnknownName):
            return self.gazetteer.find(self.name(name), on).unit_id
        return ""

    def is_of_other_level(self, area: str, level: str) -> bool:
        """Return whether a name says that it isn't a place of a level: "Xã An Bình" is no district."""
        name = re.sub(r"^(?:đảng (?:bộ|ủy|uỷ)|chi bộ)\s+", "", clean(area).casefold())
        others = words_of_tables()["of_other_levels"]
        kinds = tuple(others.get(level, ()))
        if name.isascii():
            kinds = tuple(f"{fold(kind)} " for kind in kinds)
        return name.startswith(kinds) or (
            name.startswith("tỉnh ") and level in others and self.is_province(area)
        )

    def province_in(self, text: str) -> str:
        """Return the one province that a text names, ``""`` if it names none or several."""
        names = dict.fromkeys(name for name in self.cut(text)[0])
        return next(iter(names)) if len(names) == 1 else ""

    def cut(self, text: str) -> tuple[list[str], str]:
        """Return the provinces that a text names, and its other words."""
        words = re.findall(r"[^\W_]+|[%‰]", clean(text))
        found: list[str] = []
        rest = []
        at = 0
        while at < len(words):
            for size in range(min(self._longest, len(words) - at), 0, -1):
                phrase = " ".join(words[at : at + size])
                # one word without a capital is no name; "an giang" in small letters is two
                may_be = phrase[:1].isupper() and (size > 1 or len(phrase) > 3)
                if may_be and (units := self.gazetteer.named(phrase)):
                    found.append(units[-1].name_vi)
                    at += size - 1
                    break
            else:
                rest.append(words[at])
            at += 1
        return found, " ".join(rest)

    def on(self, name: str, period: str) -> str:
        """Return a province as provinces.csv wrote it at the end of a period.

        Before 2004 the units of 2004 stand for all older ones, as in the contract.

        Raises
        ------
        UnknownName
            If there was none of that name then, with the nearest or its story.
        """
        written = self.name(name)
        try:
            beginning = min(unit.valid_from for unit in self.gazetteer.units).isoformat()
            return self.gazetteer.find(written, max(period, beginning[: len(period)]) or "2024").name_vi
        except UnknownName:
            # the contract has the last word about names that had gone by the end of the period
            with suppress(UnknownName):
                return self.gazetteer.find(written, f"{period[:4]}-01-01").name_vi
            raise
