"""Where: the provinces, districts and communes that a sentence names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from cbanalysis.extract.grammar import Level, PlaceWords, grammar
from cbanalysis.extract.tokens import Sentence
from cbanalysis.provinces import Gazetteer, Unit
from cbanalysis.text import clean

__all__ = ["Place", "PlaceFinder", "PlaceMention"]

_RANK: Mapping[str, int] = {"commune": 0, "district": 1, "province": 2, "country": 3, "": 4}

_LONGEST_NAME = 5


@dataclass(frozen=True)
class Place:
    """A province ("" for none), and an area inside it ("" for all of it)."""

    province: str = ""
    area: str = ""
    level: Level = ""


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
        Where the mention names it.
    governs : bool
        Whether the figures behind it are of this place; not so in "3 huyện A, B, C".
    behind : bool
        Whether a word such as "ở" says that it may be the place of the figure before it.
    """

    begin: int
    end: int
    level: Level
    name: str = ""
    province: str = ""
    governs: bool = True
    behind: bool = False


@dataclass(frozen=True)
class PlaceFinder:
    """Finds places by their level words and by the names of the gazetteer."""

    gazetteer: Gazetteer
    words: PlaceWords = field(default_factory=lambda: grammar().places)

    @cached_property
    def _names(self) -> Mapping[tuple[str, ...], Unit]:
        found: dict[tuple[str, ...], Unit] = {}
        for unit in self.gazetteer.units:
            for name in (unit.name_vi, *unit.aliases):
                words = tuple(name.casefold().replace("-", " ").replace(".", " ").split())
                found.setdefault(words, unit)
        return found

    def unit(self, words: tuple[str, ...]) -> Unit | None:
        """Return a dated unit of that name (lower case, composed), or None."""
        return self._names.get(words)

    def mentions(self, sentence: Sentence, known: Mapping[tuple[str, ...], Level]) -> list[PlaceMention]:
        """Return the places of a sentence.

        Parameters
        ----------
        sentence : Sentence
            The sentence.
        known : mapping
            Areas that the document has named with their level before: their name alone is enough then.

        Returns
        -------
        list of PlaceMention
            In order, a place with the larger ones that follow it ("xã A, huyện B, tỉnh C") as one.
        """
        return list(self._joined(sentence, [*self._single(sentence, known)]))

    def _single(self, sentence: Sentence, known: Mapping[tuple[str, ...], Level]) -> Iterator[PlaceMention]:
        keys, tokens = sentence.keys, sentence.tokens
        shouted = sentence.shouted
        at = 0
        while at < len(keys):
            found = (
                self._scope(sentence, at, known)
                or self._levelled(sentence, at, known, shouted=shouted)
                or (self._bare(sentence, at, known, shouted=shouted) if tokens[at].capital else None)
            )
            if found:
                yield found
                at = found.end
            else:
                # inside a run of capitals no name begins: Nguyễn Thái Bình is no province
                at += 1
                while not shouted and at < len(keys) and self._continues(sentence, at):
                    at += 1

    def _continues(self, sentence: Sentence, at: int) -> bool:
        here, before = sentence.tokens[at], sentence.tokens[at - 1]
        return here.capital and before.capital and before.key not in self.words.small

    def _scope(
        self, sentence: Sentence, at: int, known: Mapping[tuple[str, ...], Level]
    ) -> PlaceMention | None:
        found = self.words.scopes.at(sentence.keys, at)
        if not found:
            return None
        end, level = found
        words, after = self._run(sentence, end, known, shouted=sentence.shouted)
        province = self._province(words)
        if level == "province" and province:
            return PlaceMention(at, end + province[1], level, province[0], province[0])
        if level in {"district", "commune"} and after > end:
            # "toàn huyện Tân Yên" is a name with its level
            return None
        return PlaceMention(at, end, level)

    def _levelled(
        self, sentence: Sentence, at: int, known: Mapping[tuple[str, ...], Level], *, shouted: bool
    ) -> PlaceMention | None:
        found = self.words.levels.at(sentence.keys, at)
        if not found:
            return None
        begin, level = found
        words, end = self._run(sentence, begin, known, shouted=shouted)
        before = sentence.tokens[at - 1] if at else None
        governs = before is None or not (before.key in self.words.plural or before.kind == "number")
        behind = before is not None and before.key in self.words.behind
        title = sentence.keys[at]
        if not words:
            return PlaceMention(at, begin, level, behind=behind) if level == "province" and governs else None
        province = self._province(words)
        city = level == "district" and title in {"thành", "tp"} and province and province[2]
        if province and (level == "province" or city):
            return PlaceMention(
                at, begin + province[1], "province", province[0], province[0], governs, behind
            )
        if level == "province" or shouted:
            return None
        name = _name(sentence, begin, end)
        if sentence.tokens[begin].kind == "number":
            # a ward with a number for its name keeps the word: phường 9
            name = " ".join([*sentence.keys[at:begin], name])
        # the town of a province's name lies in that province
        inside = province[0] if province and title in {"thành", "tp"} else ""
        return PlaceMention(at, end, level, name, inside, governs, behind)

    def _bare(
        self, sentence: Sentence, at: int, known: Mapping[tuple[str, ...], Level], *, shouted: bool
    ) -> PlaceMention | None:
        words, end = self._run(sentence, at, known, shouted=shouted)
        skipped = 0
        while words and words[0] in self.words.small and self.unit(words) is None and words not in known:
            words, skipped = words[1:], skipped + 1
        begin = at + skipped
        if not words:
            return None
        prepared = begin > 0 and sentence.keys[begin - 1] in self.words.behind
        unit = self._province(words)
        if (
            unit
            and (shouted or unit[1] == len(words))
            and " ".join(words[: unit[1]]) not in self.words.persons
        ):
            return PlaceMention(begin, begin + unit[1], "province", unit[0], unit[0], behind=prepared)
        if words in known and not shouted:
            return PlaceMention(begin, end, known[words], _name(sentence, begin, end), behind=prepared)
        # "Hải Hậu (Nam Định)": a name that its province follows
        if not shouted and end < len(sentence.keys) and sentence.keys[end] == "(" and len(words) > 1:
            inner, _ = self._run(sentence, end + 1, known, shouted=False)
            inside = self._province(inner)
            if inside and inside[1] == len(inner):
                return PlaceMention(begin, end, "district", _name(sentence, begin, end), behind=prepared)
        return None

    def _run(
        self, sentence: Sentence, at: int, known: Mapping[tuple[str, ...], Level], *, shouted: bool
    ) -> tuple[tuple[str, ...], int]:
        """Return the capitalised words from a place on, or one number, and where they end."""
        tokens = sentence.tokens
        if (
            at < len(tokens)
            and tokens[at].kind == "number"
            and at
            and sentence.keys[at - 1] in {"phường", "quận"}
        ):
            following = sentence.keys[at + 1] if at + 1 < len(tokens) else ""
            short = len(tokens[at].key) <= 2
            named = following in {"", ",", ".", ")", "(", "có", "đã", "chỉ", ";", ":", "là", "với", "thành"}
            return ((tokens[at].key,), at + 1) if short and named else ((), at)
        for size in range(_LONGEST_NAME, 1, -1):
            # "xã Quế Nham Nguyễn Văn A": the name that the document has used before ends where it ended
            words = sentence.keys[at : at + size]
            if words in known:
                # at the end of the sentence there are fewer words than asked for
                return words, at + len(words)
        end = at
        limit = at + (_LONGEST_NAME * 2 if shouted else _LONGEST_NAME + 2)
        while end < len(tokens) and end < limit and tokens[end].capital:
            if end > at + 1 and tokens[end].key in self.words.surnames and not shouted:
                break
            end += 1
        return tuple(token.key for token in tokens[at:end]), end

    def _province(self, words: tuple[str, ...]) -> tuple[str, int, bool] | None:
        """Return name, length and whether it is a city, of the longest province that words begin with."""
        for size in range(min(len(words), _LONGEST_NAME), 0, -1):
            unit = self.unit(words[:size])
            if unit is not None and (
                size > 1 or unit.name_vi.casefold() == words[0] or words[0].startswith("tp")
            ):
                return unit.name_vi, size, unit.is_city
        return None

    def _joined(self, sentence: Sentence, single: list[PlaceMention]) -> Iterator[PlaceMention]:
        open_one: PlaceMention | None = None
        for mention in single:
            if open_one is not None:
                between = sentence.tokens[open_one.end : mention.begin]
                near = len(between) <= 8 and between and between[0].key in {"(", ",", "-", "–"}
                only_names = near and all(
                    token.capital or token.key in {"(", ",", "-", "–"} for token in between
                )
                if (
                    only_names
                    and open_one.name
                    and _RANK[mention.level] > _RANK[open_one.level]
                    and mention.name
                ):
                    open_one = replace(
                        open_one, end=mention.end, province=mention.province or open_one.province
                    )
                    continue
                only_of = [token.key for token in between] in (["của"], ["thuộc"])
                if only_of and open_one.name and _RANK[mention.level] > _RANK[open_one.level]:
                    open_one = replace(
                        open_one, end=mention.end, province=mention.province or open_one.province
                    )
                    continue
                yield open_one
            open_one = mention
        if open_one is not None:
            yield open_one


def _name(sentence: Sentence, begin: int, end: int) -> str:
    return clean(" ".join(token.text for token in sentence.tokens[begin:end]))
