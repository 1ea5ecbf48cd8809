"""What words mean: phrases of headers, titles and cells to indicators, subjects, categories and measures."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

from cbanalysis.catalogue import Catalogue, Category, Scheme
from cbanalysis.text import clean, fold, normalise_tones

__all__ = ["Meaning", "Vocabulary", "plain"]

_BLANKS = re.compile(r"[^\w%#]+")
_FOOTNOTE = re.compile(r"(?:\s*(?:\*+|[†‡]+|[¹²³⁴⁵⁶⁷⁸⁹]+|\([1-9*]\)|\[[0-9*]{1,2}\]))+$")


def plain(text: str) -> str:
    """Return a text as phrases are compared: small letters, single blanks, one place for tone marks.

    Examples
    --------
    >>> plain("Trong sạch, vững mạnh (%)")
    'trong sạch vững mạnh %'
    """
    words = normalise_tones(clean(text)).casefold().replace("%", " % ")
    return _BLANKS.sub(" ", words).strip()


def without_marks(text: str) -> str:
    """Return a text without the footnote marks at its end."""
    return _FOOTNOTE.sub("", clean(text))


@dataclass(frozen=True)
class Meaning:
    """What a header says, as far as its words are known; ``""`` for what it doesn't say."""

    measure: str = ""  # percent, total, rated, count
    indicator: str = ""
    subject: str = ""
    scheme: str = ""
    category_id: str = ""
    category_kind: str = ""
    category: str = ""


class _Phrases:
    """Phrases to values; the longest that stands in a text wins, the later one of equally long ones."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._marked = {plain(phrase): value for value, listed in phrases.items() for phrase in listed}
        self._bare = {fold_all(phrase): value for phrase, value in self._marked.items()}

    def _known(self, text: str) -> tuple[str, dict[str, str]]:
        words = plain(text)
        return (words, self._bare) if words.isascii() else (words, self._marked)

    def whole(self, text: str) -> str:
        words, known = self._known(text)
        return known.get(words, "")

    def all_within(self, text: str) -> list[str]:
        words, known = self._known(text)
        padded = f" {words} "
        found = sorted((phrase for phrase in known if f" {phrase} " in padded), key=len, reverse=True)
        return list(dict.fromkeys(known[phrase] for phrase in found))

    def within(self, text: str) -> str:
        return next(iter(self.all_within(text)), "")


def fold_all(phrase: str) -> str:
    """Return a phrase without marks; a percent sign stays."""
    return " ".join(fold(word) or word for word in phrase.split())


@dataclass(frozen=True)
class Vocabulary:
    """The words of words.toml and of a catalogue."""

    catalogue: Catalogue

    @cached_property
    def _words(self) -> dict[str, Any]:
        text = files("cbanalysis.layouts").joinpath("words.toml").read_text(encoding="utf-8")
        return tomllib.loads(text)

    @cached_property
    def _measures(self) -> dict[str, _Phrases]:
        return {name: _Phrases({name: listed}) for name, listed in self._words["measures"].items()}

    @cached_property
    def _subjects(self) -> _Phrases:
        names = {name: [words.vi, words.en, name] for name, words in self.catalogue.subjects.items()}
        return _Phrases({name: [*names[name], *self._words["subjects"].get(name, ())] for name in names})

    @cached_property
    def _indicators(self) -> _Phrases:
        names = {name: [one.name.vi, one.name.en, name] for name, one in self.catalogue.indicators.items()}
        return _Phrases({name: [*names[name], *self._words["indicators"].get(name, ())] for name in names})

    @cached_property
    def _rows(self) -> dict[str, _Phrases]:
        return {name: _Phrases({name: listed}) for name, listed in self._words["rows"].items()}

    @cached_property
    def _columns(self) -> dict[str, frozenset[str]]:
        return {
            name: frozenset({plain(word) for word in listed} | {fold_all(plain(word)) for word in listed})
            for name, listed in self._words["columns"].items()
        }

    @cached_property
    def _categories(self) -> dict[str, _Phrases]:
        return {
            scheme.id: _Phrases({one.id: self._spellings(one) for one in scheme.categories})
            for scheme in self.catalogue.schemes.values()
        }

    def _spellings(self, category: Category) -> list[str]:
        return [category.name.vi, *category.printed, *self._words["categories"].get(category.id, ())]

    def column_kinds(self, header: str) -> tuple[str, ...]:
        """Return what a header may announce: order, province, district, period, category, ..."""
        words = plain(without_marks(header))
        return tuple(name for name, listed in self._columns.items() if words in listed)

    def measure(self, text: str) -> str:
        """Return percent, rated, total or count, the first of these that a text speaks of, else ``""``."""
        for name in ("percent", "rated", "total", "count"):
            if self._measures[name].within(text):
                return name
        return ""

    def only_measure(self, text: str) -> bool:
        """Return whether a header says nothing but how it is measured: "Tỷ lệ (%)", "SL"."""
        words = plain(without_marks(text))
        for phrases in self._measures.values():
            for phrase in sorted((*phrases._marked, *phrases._bare), key=len, reverse=True):  # noqa: SLF001 -- own class
                words = f" {words} ".replace(f" {phrase} ", " ").strip()
        return not words or words.isdigit()

    def subject(self, text: str) -> str:
        """Return the subject that a text speaks of, ``""`` if none."""
        return self._subjects.within(text)

    def subject_for(self, indicator: str, text: str) -> str:
        """Return what a text says an indicator of: the usual one of the subjects that it speaks of."""
        known = self.catalogue.indicators[indicator].subjects
        spoken = self._subjects.all_within(text)
        return next((subject for subject in known if subject in spoken), "")

    def indicator(self, text: str) -> str:
        """Return the indicator that a text speaks of, ``""`` if none."""
        return self._indicators.within(text)

    def is_total(self, label: str) -> bool:
        """Return whether a row's label says that it sums up others."""
        return bool(self._rows["total"].whole(without_marks(label)))

    def schemes(self, subject: str, years: Iterable[int]) -> list[Scheme]:
        """Return the rating schemes that may hold: of the subject's group, in force in all of the years."""
        group = "member" if subject == "member" else "organisation"
        return [
            scheme
            for scheme in self.catalogue.schemes.values()
            if (not subject or scheme.subject_group == group) and all(scheme.covers(year) for year in years)
        ]

    def category(self, text: str, schemes: Iterable[Scheme], *, whole: bool = False) -> tuple[str, str]:
        """Return scheme and category that a text names, the longest phrase first; empty if none."""
        for scheme in schemes:
            phrases = self._categories[scheme.id]
            found = phrases.whole(text) if whole else phrases.within(text)
            if found:
                return scheme.id, found
        return "", ""
