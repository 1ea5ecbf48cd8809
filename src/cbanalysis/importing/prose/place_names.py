"""Names of places in a sentence: where they end, and whether they are a province's or a district's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from cbanalysis.dataset.provinces import Gazetteer, Unit
from cbanalysis.importing.prose.districts import LONGEST_DISTRICT, provinces_of
from cbanalysis.importing.prose.grammar import Words, grammar
from cbanalysis.importing.prose.place_mentions import DASHES
from cbanalysis.importing.prose.tokens import Sentence

LONGEST_NAME = 5
"""Words of a name at the most."""

SHORT_NUMBER = 2
"""Digits of a number in a name at the most."""

_YEAR, _LONGEST_PREFIX = 4, 3
_APOSTROPHES = {"'", "’"}


@dataclass(frozen=True)
class Known:
    """What is known of places: level words, the names of the gazetteer, the districts of a day.

    Attributes
    ----------
    day : str
        When the document was published, as far as it is known; districts are those of that time.
    """

    gazetteer: Gazetteer
    words: Words = field(default_factory=lambda: grammar().places)
    day: str = ""

    @cached_property
    def begins(self) -> frozenset[str]:
        """The words with which a level, a body or a part of the country begins."""
        words = self.words
        lists = (words.committees, words.bodies, words.scopes, words.regions, words.levels)
        return frozenset(first for phrases in lists for first in phrases.by_first)

    def unit(self, words: tuple[str, ...]) -> Unit | None:
        """Return a dated unit of that name (lower case, composed), or None."""
        return self.gazetteer.by_words.get(words)


@dataclass(frozen=True)
class Names:
    """The names of one sentence.

    Attributes
    ----------
    finder : Known
        What is known of places.
    sentence : Sentence
        Theirs.
    known : mapping
        Areas that the document has named with their level before.
    near : str
        The province that is spoken of.
    """

    finder: Known
    sentence: Sentence
    known: Mapping[tuple[str, ...], str]
    near: str

    @property
    def words(self) -> Words:
        """The words of places."""
        return self.finder.words

    def _several(self, at: int) -> bool:
        """Return whether several are named: "12 chi bộ trường học", "các huyện"."""
        before = self.sentence.key(at - 1)
        begin = at
        while self.sentence.key(begin - 1) == "," and (
            kinds := self.words.levels.before(self.sentence.keys, begin - 1)
        ):
            begin = kinds[0]
            if self.sentence.key(begin - 1) in self.words.plural:
                return True  # "các huyện, thị xã, thành phố A": one of them
        year = self.sentence.key(at - 2) in {"năm", "/", "-"} and len(before) == _YEAR
        # "Chi bộ khu 5 xã Hy Cương": one commune
        year = year or (self.sentence.key(at - 2) in self.words.of_numbers and len(before) <= SHORT_NUMBER)
        return before in self.words.plural or (before[:1].isdigit() and not year)

    def _run(self, at: int) -> tuple[tuple[str, ...], int]:
        """Return the capitalised words from a place on, or one number, and where they end."""
        tokens, keys, shouted = self.sentence.tokens, self.sentence.keys, self.sentence.shouted
        if at < len(tokens) and tokens[at].kind == "number" and at and keys[at - 1] in {"phường", "quận"}:
            short = len(tokens[at].key) <= 2
            named = self.sentence.key(at + 1) in self.words.behind_number or tokens[at - 1].text[0].isupper()
            return ((tokens[at].key,), at + 1) if short and named else ((), at)
        end = at
        limit = at + (LONGEST_NAME * 2 if shouted else LONGEST_NAME + 2)
        while end < len(tokens) and end < limit and (tokens[end].capital or self._inside_word(at, end)):
            if end > at + 1 and (tokens[end].key in self.words.surnames or self._person(end)) and not shouted:
                break
            end += 1
        # Bà Rịa - Vũng Tàu, Phan Rang - Tháp Chàm; "Dân chủ" where Dân Chủ was named before
        province = self._province(at)
        size = province[1] if province else 0
        known = (longer for longer in range(LONGEST_NAME, 1, -1) if keys[at : at + longer] in self.known)
        end = max(end, at + size, at + self._district(at)[0], at + next(known, 0)) if end > at else end
        return tuple(key for key in keys[at:end] if key not in DASHES), end

    def _inside_word(self, begin: int, at: int) -> bool:
        """Return whether a token is an apostrophe of a name, or stands behind one: "B’Tong", "Ea H'leo"."""
        keys = self.sentence.keys
        return at > begin and (
            (keys[at] in _APOSTROPHES and len(keys[at - 1]) <= _LONGEST_PREFIX)
            or (keys[at - 1] in _APOSTROPHES and self.sentence.tokens[at].kind == "word")
        )

    def _person(self, at: int) -> bool:
        """Return whether a family name with two words behind it begins at a token."""
        tokens = self.sentence.tokens[at : at + 3]
        family = (
            tokens[0].key in self.words.families or tokens[0].key in self.words.surnames if tokens else False
        )
        return family and len(tokens) > 2 and all(token.capital for token in tokens)

    def _capitals(self, at: int, size: int) -> tuple[str, ...]:
        """Return the words of a name, dashes left out; none where a word has no capital letter."""
        tokens = self.sentence.tokens[at : at + size]
        inner = {*DASHES, *_APOSTROPHES}
        if len(tokens) < size or not tokens[0].capital or tokens[-1].key in inner:
            return ()
        # the second part of M'gar is a small letter's
        small = {two for one, two in pairwise(tokens) if one.key in _APOSTROPHES}
        if not all(token.capital or token.key in inner or token in small for token in tokens):
            return ()
        return tuple(token.key for token in tokens if token.key not in DASHES)

    def _province(self, at: int) -> tuple[str, int, bool] | None:
        """Return name, tokens and whether it is a city, of the longest province that begins at a place."""
        for size in range(LONGEST_NAME, 0, -1):
            words = self._capitals(at, size)
            unit = self.finder.unit(words) if words else None
            if unit is not None and (
                len(words) > 1 or unit.name_vi.casefold() == words[0] or words[0].startswith(("tp", "hcm"))
            ):
                return unit.name_vi, size, unit.is_city
        return None

    def _district(self, at: int) -> tuple[int, str]:
        """Return the tokens of the longest district that begins at a place, and the province it tells."""
        for size in range(LONGEST_DISTRICT, 0, -1):
            words = self._capitals(at, size)
            provinces = provinces_of(words, self.finder.day) if words else frozenset()
            if provinces:
                if self.near in provinces:
                    return size, self.near
                return size, next(iter(provinces)) if len(provinces) == 1 else ""
        return 0, ""

    def _numbered(self, at: int) -> bool:
        """Return whether a number ends a commune's name: "xã Hố Nai 3 có 20 chi bộ"."""
        key = self.sentence.key
        return key(at).isdigit() and len(key(at)) <= SHORT_NUMBER and key(at + 1) in self.words.saying
