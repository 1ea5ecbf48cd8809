"""The grammar of figures in Vietnamese prose: word lists and patterns, from the TOML files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, Literal, TypeVar

from cbanalysis.common.language import words_in
from cbanalysis.common.text.number_words import COUNTING
from cbanalysis.common.text.patterns import compiled, pattern_in

__all__ = [
    "NO_THING", "Grammar", "IndicatorRule", "Meaning", "Phrases", "Thing", "TimeUse", "Words", "grammar",
    "pattern", "read_table",
]  # fmt: skip

Meaning = TypeVar("Meaning")
TimeUse = Literal["point", "since", "event", "relative", "aside", "now"]

_PATTERNS = "importing/prose/grammar/patterns.toml"
# Marks inside a phrase that say nothing: xã, phường, thị trấn.
_SKIPPED = {",", "(", "“", "”", '"', "-", "–"}


@dataclass(frozen=True)
class Thing:
    """What words count: a subject of the catalogue ("" for words that only look like one)."""

    subject: str
    category: str = ""
    kind: str = ""

    def __bool__(self) -> bool:
        """Return whether they count anything."""
        return bool(self.subject)


NO_THING = Thing("")


@dataclass(frozen=True)
class Phrases(Generic[Meaning]):
    """Phrases with a meaning, found at a place of a row of words; the longest wins."""

    by_first: Mapping[str, tuple[tuple[tuple[str, ...], Meaning], ...]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, Meaning]]) -> Phrases[Meaning]:
        """Return phrases, each written with single blanks."""
        found: dict[str, dict[tuple[str, ...], Meaning]] = {}
        for phrase, meaning in pairs:
            words = tuple(phrase.split(" "))
            found.setdefault(words[0], {})[words] = meaning
        longest_first = {
            first: tuple(sorted(those.items(), key=lambda one: -len(one[0])))
            for first, those in found.items()
        }
        return cls(longest_first)

    def __contains__(self, word: str) -> bool:
        """Return whether a word is one of them by itself."""
        return self.at((word,), 0) is not None

    def meaning(self, wanted: Meaning) -> list[str]:
        """Return the phrases with a meaning."""
        pairs = (pair for those in self.by_first.values() for pair in those)
        return [" ".join(words) for words, meaning in pairs if meaning == wanted]

    def at(self, keys: Sequence[str], place: int) -> tuple[int, Meaning] | None:
        """Return where the longest phrase that begins at a place ends, and its meaning."""
        for words, meaning in self.by_first.get(keys[place], ()) if place < len(keys) else ():
            end = place + 1
            for word in words[1:]:
                while end < len(keys) and keys[end] in _SKIPPED and keys[end] != word:
                    end += 1
                if end >= len(keys) or keys[end] != word:
                    break
                end += 1
            else:
                return end, meaning
        return None

    def before(self, keys: Sequence[str], place: int, longest: int = 5) -> tuple[int, Meaning] | None:
        """Return where the longest phrase that ends right before a place begins, and its meaning."""
        for begin in range(max(0, place - longest), place):
            found = self.at(keys, begin) if keys[begin] in self.by_first else None
            if found and found[0] == place:
                return begin, found[1]
        return None

    def within(
        self, keys: Sequence[str], begin: int = 0, end: int | None = None
    ) -> Iterator[tuple[int, int, Meaning]]:
        """Yield where phrases that begin between two places begin and end, and their meanings."""
        at, stop = begin, len(keys) if end is None else min(end, len(keys))
        while at < stop:
            found = self.at(keys, at)
            if found:
                yield at, *found
            at = found[0] if found else at + 1


class Words:
    """The lists of one file by name: phrases of a list mean themselves, those of a table the list's name."""

    def __init__(self, name: str) -> None:
        self._lists: dict[str, Phrases[str]] = {}
        for key, those in read_table(name).items():
            lists = those if isinstance(those, dict) else {None: those}
            pairs = (
                (phrase, phrase if meaning is None else meaning)
                for meaning, phrases in lists.items()
                for phrase in phrases
                if isinstance(phrase, str)
            )
            self._lists[key] = Phrases.of(pairs)

    def __getattr__(self, name: str) -> Phrases[str]:
        """Return a list."""
        return self._lists[name]


@dataclass(frozen=True)
class IndicatorRule:
    """When a figure is one of an indicator: its subject, and words near it; `category` is its sub-kind."""

    indicator: str
    subjects: tuple[str, ...]
    words: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    definition: str = ""
    category: str = ""
    base_of: str = ""
    complement: bool = False
    aggregation: str = "point"
    become: Mapping[str, str] = field(default_factory=dict)
    close: bool = False


@dataclass(frozen=True)
class Grammar:
    """All word lists and patterns.

    Attributes
    ----------
    asides : tuple of (str, Pattern)
        Why a number is no figure, and what says so.
    times : tuple of (TimeUse, str, Pattern)
        What an expression of time does, which part of a year it is, and how it is printed.
    multiples, counts : mapping of str to int
        What multiplies a number in digits ("nghìn"), and numbers in words.
    """

    things: Phrases[Thing]
    asides: tuple[tuple[str, re.Pattern[str]], ...]
    times: tuple[tuple[TimeUse, str, re.Pattern[str]], ...]
    indicators: tuple[IndicatorRule, ...]
    confidence: Mapping[str, Mapping[str, float]]
    multiples: Mapping[str, int]
    counts: Mapping[str, int]
    numbers: Words
    places: Words
    targets: Words
    verbs: Words
    ratings: Phrases[str]
    parts: Words
    when: Words


@cache
def read_table(name: str) -> dict[str, Any]:
    """Return one of the files as it is."""
    return words_in(f"importing/prose/grammar/{name}.toml")


def pattern(name: str) -> re.Pattern[str]:
    """Return what is asked of the words of a sentence by that name."""
    return pattern_in(_PATTERNS, name)


def _rules(name: str) -> Iterator[tuple[dict[str, Any], re.Pattern[str]]]:
    for rule in read_table(name)["rule"]:
        yield from ((rule, compiled(text, _PATTERNS)) for text in rule["patterns"])


@cache
def grammar() -> Grammar:
    """Return the grammar that ships with the package.

    Returns
    -------
    Grammar
        Read once.
    """
    things = (
        (phrase, Thing(entry["subject"], entry.get("category", ""), entry.get("kind", "")))
        for entry in read_table("things")["thing"]
        for phrase in entry["phrases"]
    )
    asides = ((rule["reason"], expression) for rule, expression in _rules("aside"))
    times = ((rule["use"], rule.get("part", ""), expression) for rule, expression in _rules("times"))
    return Grammar(
        Phrases.of(things), tuple(asides), tuple(times),
        tuple(IndicatorRule(**rule) for rule in read_table("indicators")["rule"]), read_table("confidence"),
        read_table("numbers")["values"]["times"], COUNTING, Words("numbers"), Words("places"),
        Words("targets"), Words("verbs"), Words("ratings").printed, Words("parts"), Words("times"),
    )  # fmt: skip
