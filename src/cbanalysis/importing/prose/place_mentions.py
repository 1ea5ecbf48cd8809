"""A place, and its mentions in a sentence: a smaller place and the larger ones behind it are one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from cbanalysis.importing.prose.grammar import grammar, pattern
from cbanalysis.importing.prose.tokens import Sentence

UNREAD = "unread"
"""The level of several places, or of a smaller place or body whose name can't be read."""

_RANKS = (("commune",), ("district", UNREAD), ("province",), ("region",), ("country",), ("",))
RANK: Mapping[str, int] = {level: rank for rank, levels in enumerate(_RANKS) for level in levels}
"""How large a level is."""

DASHES = {"-", "–"}
"""Between the parts of a name: Bà Rịa - Vũng Tàu."""

_FAR = 8
_OF_LEVEL = (" tỉnh", " phố")


@dataclass(frozen=True)
class Place:
    """A province ("" for none), and an area ("" for all of it) or body inside it.

    ``kind`` is the word for what it is, such as "phường", where a village of it may be named.
    """

    province: str = ""
    area: str = ""
    level: str = ""
    body: bool = field(default=False, compare=False)
    kind: str = field(default="", compare=False)

    @property
    def cell(self) -> bool:
        """Whether it is a cell, such as that of a village."""
        return self.body and (self.level == "commune" or self.area.startswith("Chi bộ"))

    @property
    def names(self) -> tuple[str, str]:
        """Province and area, whatever its level is called."""
        return self.province, self.area


def rank_of(place: Place) -> str:
    """Return the level of a body: that of a district, or that of a commune where it is at the grassroots.

    Examples
    --------
    >>> rank_of(Place("", "Đảng bộ Khối Doanh nghiệp tỉnh")), rank_of(Place("", "Đảng bộ Trường Hoa Ban"))
    ('district', 'commune')
    >>> rank_of(Place("", "Đảng bộ Công an thành phố")), rank_of(Place("", "Đảng bộ Công an huyện Lắk"))
    ('district', 'commune')
    """
    words, keys = grammar().places, tuple(place.area.casefold().split(" "))
    lead = words.committees.at(keys, 0)
    # a cell is at the grassroots or below; so is the army of a district
    if keys[0] == "chi" or pattern("of_district").search(place.area):
        return "commune"
    kind = words.ranks.at(keys, lead[0] if lead else 0)
    return kind[1] if kind else "commune"


def keyed(place: Place) -> dict[str, Place]:
    """Return an area by its level, a body by "body" and the district in its name by that level.

    Examples
    --------
    >>> [*keyed(Place("Gia Lai", "Đảng bộ Quân sự huyện Chư Prông", "district", body=True))]
    ['body', 'district']
    """
    if not place.body:
        return {place.level: place}
    named = pattern("district_behind").search(place.area)
    inside = {"district": Place(place.province, named[1], "district")} if named else {}
    return {"cell" if place.cell else "body": place} | inside


@dataclass(frozen=True)
class PlaceMention:
    """One place in a sentence.

    Attributes
    ----------
    begin, end : int
        The tokens that it covers.
    name : str
        The area's or province's name; "" where only the level is said (toàn tỉnh).
    province : str
        Where the mention names it, or the table of districts tells it.
    governs : bool
        Whether the figures behind it are of this place; not so in "3 huyện A, B, C".
    behind : bool
        Whether a word such as "ở" says that it may be the place of the figure before it.
    quoted : bool
        Whether it is named as a source: "Theo Tỉnh ủy …".
    told : bool
        Whether the province comes from the table of districts, not from the text.
    body : bool
        Whether it is a body and no place: Đảng bộ Quân sự tỉnh.
    kind : str
        The word for what it is: "xã".
    above : tuple of PlaceMention
        The larger ones that are named behind it.
    merged : bool
        Whether it went into the place before it: "xã A, lập trên cơ sở sáp nhập xã B và xã C".
    """

    begin: int
    end: int
    level: str
    name: str = ""
    province: str = ""
    governs: bool = True
    behind: bool = False
    quoted: bool = False
    told: bool = False
    body: bool = False
    merged: bool = False
    kind: str = ""
    above: tuple[PlaceMention, ...] = ()

    @property
    def village(self) -> bool:
        """Whether it is a village, or the numbered cell of one: what is told of it is of its cell."""
        return self.body and self.level == "commune"

    @property
    def is_area(self) -> bool:
        """Whether it is a district, commune or body of which figures may be."""
        return self.names_area and not self.quoted

    @property
    def names_area(self) -> bool:
        """Whether it is one, if only as a source."""
        return self.level in {"district", "commune"} and bool(self.name) and self.governs


def joined(sentence: Sentence, single: list[PlaceMention]) -> Iterator[PlaceMention]:
    """Yield the places, each with the larger ones that follow it."""
    smaller: PlaceMention | None = None
    for mention in single:
        if smaller is not None:
            between = sentence.tokens[smaller.end : mention.begin]
            marks = {"(", ",", *DASHES}
            near = 0 < len(between) <= _FAR and between[0].key in marks
            listed = near and all(token.capital or token.key in marks for token in between) and mention.name
            # "Chi bộ Trường Mầm non A, xã B, huyện C": where the body is; "Chi bộ A, Đảng bộ B": whose it is
            above = smaller.name.startswith("Chi bộ") and mention.name.startswith("Đảng bộ")
            inside = smaller.body and (above or not mention.body) and not smaller.name.endswith(_OF_LEVEL)
            behind = {"của", "thuộc", "ở", "tại"} if inside else {"của", "thuộc"}
            owned = len(between) == 1 and between[0].key in behind
            branch = inside and sentence.keys[mention.begin - 2 : mention.begin] == ("chi", "nhánh")
            if branch and sentence.key(mention.begin - 3) != "các" and len(between) <= _FAR:
                name = f"{smaller.name} chi nhánh {mention.name}"
                smaller = replace(smaller, end=mention.end, name=name, province=mention.province)
                continue
            larger = RANK[mention.level] > RANK[smaller.level] or inside
            village = smaller.village
            # "Chi bộ khu 5 xã Hy Cương"
            beside = not between and village and not mention.body
            if smaller.name and larger and (listed or owned or beside):
                name = smaller.name
                if village and mention.level == "commune":
                    name = f"{name}, {mention.kind} {mention.name}".replace("  ", " ")
                elif above and pattern("common_cell").fullmatch(name):
                    name += mention.name.removeprefix("Đảng bộ")
                smaller = replace(smaller, end=mention.end, name=name, above=(*smaller.above, mention))
                if mention.province and not (mention.told and smaller.province):
                    smaller = replace(smaller, province=mention.province, told=mention.told)
                continue
            yield smaller
        smaller = mention
    if smaller is not None:
        yield smaller
