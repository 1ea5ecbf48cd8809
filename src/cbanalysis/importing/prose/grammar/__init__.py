"""The grammar of figures in Vietnamese prose: word lists and patterns, from the TOML files beside it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Generic, Literal, TypeVar

__all__ = [
    "Grammar",
    "IndicatorRule",
    "Level",
    "Meaning",
    "Numbers",
    "Phrases",
    "PlaceWords",
    "Targets",
    "Thing",
    "TimeRule",
    "Verbs",
    "grammar",
]

Level = Literal["country", "province", "district", "commune", ""]
Meaning = TypeVar("Meaning")
TimeUse = Literal["point", "since", "event", "relative", "aside", "now"]

_NUMBER = r"[0-9][0-9.,]*"
# Marks inside a phrase that say nothing: xã, phường, thị trấn.
_SKIPPED = {",", "(", "“", "”", '"', "-", "–"}


@dataclass(frozen=True)
class Thing:
    """What words count: a subject of the catalogue ("" for words that only look like one)."""

    subject: str
    category: str = ""
    kind: str = ""


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
        return cls(
            {
                first: tuple(sorted(those.items(), key=lambda one: -len(one[0])))
                for first, those in found.items()
            }
        )

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
            found = self.at(keys, begin)
            if found and found[0] == place:
                return begin, found[1]
        return None


@dataclass(frozen=True)
class Numbers:
    """The words around numbers."""

    times: Mapping[str, int]
    words: Mapping[str, int]
    qualifiers: Phrases[str]
    share: Phrases[str]
    whole: Phrases[str]
    before_thing: Phrases[str]
    heads: Phrases[str]
    after_bare: frozenset[str]
    goes_on: frozenset[str]


@dataclass(frozen=True)
class TimeRule:
    """Patterns that say when, and what they do."""

    use: TimeUse
    patterns: tuple[re.Pattern[str], ...]
    part: str = ""


@dataclass(frozen=True)
class Targets:
    """Words that make a figure a target."""

    cues: Phrases[str]
    fulfilled: Phrases[str]
    ends: Phrases[str]
    headings: Phrases[str]
    plans: Phrases[str]
    results: Phrases[str]
    before: Phrases[str]


@dataclass(frozen=True)
class Verbs:
    """What happens to those that a number counts."""

    left: Phrases[str]
    right: Phrases[str]
    people: frozenset[str]
    outside: frozenset[str]
    whole: Phrases[str]
    plan: Phrases[str]


@dataclass(frozen=True)
class PlaceWords:
    """The words around the names of places."""

    levels: Phrases[Level]
    scopes: Phrases[Level]
    plural: frozenset[str]
    behind: frozenset[str]
    subject: frozenset[str]
    small: frozenset[str]
    surnames: frozenset[str]
    persons: frozenset[str]
    short: frozenset[str]
    quoted: frozenset[str]
    asks: frozenset[str]
    inside: frozenset[str]
    joints: frozenset[str]
    committees: Phrases[str]
    bodies: Phrases[str]


@dataclass(frozen=True)
class IndicatorRule:
    """When a figure is one of an indicator: its subject, and words near it."""

    indicator: str
    subjects: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    without: tuple[str, ...]
    document: tuple[str, ...]
    definition: str
    base_of: str
    complement: bool
    aggregation: str
    become: Mapping[str, str]
    close: bool = False


@dataclass(frozen=True)
class Grammar:
    """All word lists and patterns."""

    things: Phrases[Thing]
    numbers: Numbers
    asides: tuple[tuple[str, re.Pattern[str]], ...]
    times: tuple[TimeRule, ...]
    places: PlaceWords
    targets: Targets
    indicators: tuple[IndicatorRule, ...]
    ratings: Phrases[str]
    confidence: Mapping[str, Mapping[str, float]]
    date_words: frozenset[str]
    verbs: Verbs
    part_cues: Phrases[str]
    part_kinds: Phrases[str]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def _numbers() -> Numbers:
    read = _read("numbers")
    kinds = [(word, kind) for kind in ("about", "at_least", "at_most") for word in read[kind]]
    lists = {
        name: Phrases.of((phrase, phrase) for phrase in read[name])
        for name in ("share", "whole", "before_thing", "heads")
    }
    after_bare, goes_on = frozenset(read["after_bare"]), frozenset(read["goes_on"])
    kinds_of = Phrases.of(kinds)
    return Numbers(read["times"], read["words"], kinds_of, after_bare=after_bare, goes_on=goes_on, **lists)


def _asides() -> tuple[tuple[str, re.Pattern[str]], ...]:
    read = _read("aside")
    names = read["names"] | {"number": _NUMBER}
    found = []
    for rule in read["rule"]:
        for pattern in rule["patterns"]:
            filled = pattern
            for name, value in names.items():
                filled = filled.replace("{" + name + "}", value)
            found.append((rule["reason"], re.compile(filled)))
    return tuple(found)


def _places() -> PlaceWords:
    read = _read("places")
    levels, scopes, bodies = (
        Phrases.of((phrase, level) for level, phrases in read[name].items() for phrase in phrases)
        for name in ("levels", "scopes", "bodies")
    )
    words = {name: frozenset(those) for name, those in read["words"].items() if name != "committees"}
    committees = Phrases.of((phrase, phrase) for phrase in read["words"]["committees"])
    return PlaceWords(levels, scopes, committees=committees, bodies=bodies, **words)


def _targets() -> Targets:
    read = _read("targets")
    lists = {
        name: Phrases.of((phrase, phrase) for phrase in read[name])
        for name in ("cues", "fulfilled", "ends", "headings", "plans", "results", "before")
    }
    return Targets(**lists)


def _verbs() -> Verbs:
    read = _read("verbs")
    left, right = (
        Phrases.of((phrase, kind) for kind, phrases in read[side].items() for phrase in phrases)
        for side in ("left", "right")
    )
    whole, plan = (
        Phrases.of((phrase, phrase) for phrase in read["words"][name]) for name in ("whole", "plan")
    )
    people, outside = (frozenset(read["words"][name]) for name in ("people", "outside"))
    return Verbs(left, right, people, outside, whole, plan)


def _indicators() -> tuple[IndicatorRule, ...]:
    return tuple(
        IndicatorRule(
            rule["indicator"],
            tuple(rule["subjects"]),
            tuple(tuple(cue) for cue in rule.get("words", ())),
            tuple(rule.get("without", ())),
            tuple(rule.get("document", ())),
            rule.get("definition", ""),
            rule.get("base_of", ""),
            rule.get("complement", False),
            rule.get("aggregation", "point"),
            rule.get("become", {}),
            rule.get("close", False),
        )
        for rule in _read("indicators")["rule"]
    )


@cache
def grammar() -> Grammar:
    """Return the grammar that ships with the package.

    Returns
    -------
    Grammar
        Read once.
    """
    things = Phrases.of(
        (phrase, Thing(entry["subject"], entry.get("category", ""), entry.get("kind", "")))
        for entry in _read("things")["thing"]
        for phrase in entry["phrases"]
    )
    times = tuple(
        TimeRule(
            rule["use"], tuple(re.compile(pattern) for pattern in rule["patterns"]), rule.get("part", "")
        )
        for rule in _read("times")["rule"]
    )
    ratings, parts = _read("ratings")["printed"], _read("parts")
    return Grammar(
        things,
        _numbers(),
        _asides(),
        times,
        _places(),
        _targets(),
        _indicators(),
        Phrases.of((phrase, code) for code, phrases in ratings.items() for phrase in phrases),
        _read("confidence"),
        frozenset(_read("times")["date_words"]),
        _verbs(),
        Phrases.of((phrase, phrase) for phrase in parts["cues"]),
        Phrases.of((phrase, kind) for kind, phrases in parts["kinds"].items() for phrase in phrases),
    )
