"""What words mean: phrases of headers, titles and cells to indicators, subjects, categories and measures."""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Any

from cbanalysis.common.language import words_in
from cbanalysis.common.text.letters import clean, fold, normalise_tones
from cbanalysis.common.text.patterns import pattern_in
from cbanalysis.dataset.catalogue import Catalogue, Scheme

_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])")  # provinceName, as programs write headings


@lru_cache(maxsize=2**14)
def plain(text: str) -> str:
    """Return a text as phrases are compared: small letters, single blanks, one place for tone marks.

    Examples
    --------
    >>> plain("Trong sạch, vững mạnh (%)")
    'trong sạch vững mạnh %'
    """
    words = _JOINED.sub(" ", normalise_tones(clean(text))).casefold()
    words = words.replace("%", " % ").replace("‰", " ‰ ")
    return pattern("between_words").sub(" ", words).strip()


@lru_cache(maxsize=2**14)
def without_marks(text: str) -> str:
    """Return a text without the footnote marks at its end."""
    return pattern("footnote").sub("", clean(text))


def apart(text: str) -> str:
    """Return the words of a heading as programs write it: provinceName, dengue_total."""
    return text if " " in text.strip() else _JOINED.sub(" ", text.replace("_", " ")).strip().lower()


def is_listed(words: str, listed: Container[str]) -> bool:
    """Return whether words are one of those listed, or two of them: the same in two languages.

    Examples
    --------
    >>> is_listed("stt no", {"stt", "no"}), is_listed("stt name", {"stt", "no"})
    (True, False)
    """
    pieces = words.split()
    return words in listed or any(
        " ".join(pieces[:at]) in listed and " ".join(pieces[at:]) in listed for at in range(1, len(pieces))
    )


def fold_all(phrase: str) -> str:
    """Return a phrase without marks; a percent sign stays."""
    return " ".join(fold(word) or word for word in phrase.split())


def is_unit(text: str) -> bool:
    """Return whether a text names units and nothing else, in one language or two: Người - Person, ‰, %."""
    known = {plain(one) for listed in words_of_tables()["units"].values() for one in listed} | {"%"}
    return is_listed(plain(text), known)


def pattern(name: str) -> re.Pattern[str]:
    """Return a regular expression of patterns.toml."""
    return pattern_in("importing/layouts/patterns.toml", name)


def words_of_tables() -> dict[str, Any]:
    """Return words.toml; it is part of the package and never changes while that runs."""
    return words_in("importing/layouts/words.toml")


@dataclass(frozen=True)
class Term:
    """What one phrase of a heading means: its kind (measure, subject, indicator, …) and which of these."""

    kind: str
    value: str


_CLOSE = 0.8  # two letters changed places in six; what differs more is another word
_KINDS = ("fillers", "units", "measure", "kinds", "negation", "asked", "names")
_NAME = Term("names", "words")
RATED = "org_quality_rating"
GENERAL = {"org_count", RATED}  # their words are said beside other indicators, too


@dataclass(frozen=True)
class Heading:
    """A heading, every word of it.

    Attributes
    ----------
    terms : tuple of Term
        What its phrases mean, from left to right.
    rest : tuple of str
        The words that belong to no known phrase.
    """

    terms: tuple[Term, ...]
    rest: tuple[str, ...]

    def all(self, kind: str) -> list[str]:
        """Return what the phrases of one kind mean, each once."""
        return list(dict.fromkeys(term.value for term in self.terms if term.kind == kind))

    def first(self, kind: str) -> str:
        """Return what the first phrase of a kind means, ``""`` if there is none."""
        return next(iter(self.all(kind)), "")

    @property
    def measure(self) -> str:
        """Percent, rated, total or count, the first of these that it speaks of, else ``""``."""
        spoken = self.all("measure")
        return next((name for name in ("percent", "rated", "total", "count") if name in spoken), "")

    @property
    def doubtful(self) -> bool:
        """Whether it says more than a figure can be taken from: a rank, a plan, a word nobody knows."""
        return bool(self.rest or self.all("asked"))

    @property
    def only_measure(self) -> bool:
        """Whether it says nothing but how it is measured: "Tỷ lệ (%)", "SL"."""
        return not self.rest and all(
            term.kind in {"measure", "units", "own_units", "fillers", "kinds"} for term in self.terms
        )


@dataclass(frozen=True)
class Vocabulary:
    """The words of words.toml and of a catalogue.

    Attributes
    ----------
    bare : bool
        Whether text is typed without marks ("tong so chi bo"): then marks don't count.
    """

    catalogue: Catalogue
    bare: bool = False

    @cached_property
    def other(self) -> Vocabulary:
        """The same words for a table typed without marks, or with them."""
        return Vocabulary(self.catalogue, bare=not self.bare)

    def of(self, texts: Iterable[str]) -> Vocabulary:
        """Return the words for a table: without marks where none of its texts has any."""
        bare = all(map(str.isascii, texts))
        return self if bare == self.bare else self.other

    def key(self, phrase: str) -> str:
        """Return a phrase as it is looked up."""
        words = plain(phrase)
        return fold_all(words) if self.bare else words

    @cached_property
    def _named(self) -> dict[str, dict[str, list[str]]]:
        """Kinds of terms to what they mean, to the phrases that mean it."""
        known, words = self.catalogue, words_of_tables()
        subjects = {
            name: [both.vi, both.en, name, *words["subjects"].get(name, ())]
            for name, both in known.subjects.items()
        }
        indicators = {
            name: [entry.name.vi, entry.name.en, name, *words["indicators"].get(name, ())]
            for name, entry in known.indicators.items()
        }
        return {
            **{kind: words[kind] for kind in _KINDS},
            "subject": subjects,
            "category": {phrase: [phrase] for phrase in self.categories},
            "indicator": indicators,
            "own_units": {name: list(unit.headings) for name, unit in known.units.items() if unit.headings},
        }

    @cached_property
    def _lexicon(self) -> dict[tuple[str, ...], tuple[Term, ...]]:
        lexicon: dict[tuple[str, ...], dict[Term, None]] = {}
        for kind, values in self._named.items():
            for value, phrases in values.items():
                for phrase in phrases if (kind, value) != ("fillers", "title") else ():
                    lexicon.setdefault(tuple(self.key(phrase).split()), {})[Term(kind, value)] = None
        lexicon.pop((), None)
        if self.bare:
            # without marks "nam" is men or year
            lexicon[("nam",)] = {Term("asked", "men or a year"): None}
            # and "ban" is a village or a department
            lexicon.pop(("ban",), None)
        for key, terms in lexicon.items():
            # "tỷ lệ đảng viên dự sinh hoạt" names an indicator, and says percent and members too
            if any(term.kind == "indicator" for term in terms):
                parts = [one for one in combinations(range(len(key) + 1), 2) if one != (0, len(key))]
                whole = [(a, b) for a, b in parts if _NAME in lexicon.get(key[a:b], ())]
                for a, b in sorted(parts, key=lambda part: part[0] - part[1]):
                    if not any(first <= a and b <= last for first, last in whole):
                        found = lexicon.get(key[a:b], {})
                        terms |= {term: None for term in found if term.kind in {"measure", "subject"}}
        return {key: tuple(terms) for key, terms in lexicon.items()}

    @cached_property
    def _longest(self) -> int:
        return max(map(len, {*self._lexicon, *self._fillers_of_titles}))

    @cached_property
    def categories(self) -> dict[str, dict[str, str]]:
        """Phrases to the category that each is in a scheme; what the scheme itself spells comes first."""
        phrases: dict[str, dict[str, str]] = {}
        for scheme in self.catalogue.schemes.values():
            spelled = [(word, one.id) for one in scheme.categories for word in (one.name.vi, *one.printed)]
            also = words_of_tables()["categories"]
            spelled += [(word, one.id) for one in scheme.categories for word in also.get(one.id, ())]
            for word, category in spelled:
                phrases.setdefault(self.key(word), {}).setdefault(scheme.id, category)
        return phrases

    @cached_property
    def _fillers_of_titles(self) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(self.key(phrase).split()) for phrase in words_of_tables()["fillers"]["title"])

    @cached_property
    def _columns(self) -> dict[str, frozenset[str]]:
        return {
            name: frozenset(map(self.key, listed)) for name, listed in words_of_tables()["columns"].items()
        }

    @cached_property
    def _rows(self) -> dict[str, frozenset[str]]:
        # labels of rows are compared without marks whatever the table
        return {
            name: frozenset(fold_all(plain(one)) for one in listed)
            for name, listed in words_of_tables()["rows"].items()
        }

    # -- headings --------------------------------------------------------------------------------

    def heading(self, text: str, *, title: bool = False) -> Heading:
        """Return what a heading says, level by level (apart by ``|``), with the words that nobody knows.

        In a title, a line above the table, more words say nothing.
        """
        terms: list[Term] = []
        rest: list[str] = []
        for level in text.split("|"):
            words = self.key(
                pattern("formula").sub(" ", pattern("rate").sub(" trên 1000 ", without_marks(level)))
            )
            found, unknown = self._cut(tuple(words.split()), title=title)
            terms += found
            rest += unknown
        return Heading(tuple(terms), tuple(rest))

    def _cut(self, words: tuple[str, ...], *, title: bool) -> tuple[list[Term], list[str]]:
        """Cut words into phrases: the fewest unknown words first, then the fewest phrases."""
        best: list[tuple[int, int, list[tuple[int, int]]]] = [(0, 0, [])]
        for end in range(1, len(words) + 1):
            unknown, phrases, cuts = best[end - 1]
            options = [(unknown + 1, phrases + 1, [*cuts, (end - 1, -end)])]
            for start in range(max(0, end - self._longest), end):
                phrase = words[start:end]
                if phrase in self._lexicon or (title and phrase in self._fillers_of_titles):
                    unknown, phrases, cuts = best[start]
                    options.append((unknown, phrases + 1, [*cuts, (start, end)]))
            best.append(min(options, key=lambda option: option[:2]))
        terms: list[Term] = []
        rest: list[str] = []
        for start, end in best[-1][2]:
            found = () if end < 0 else self._lexicon.get(words[start:end], ())
            if end < 0 or found == (_NAME,):
                rest += words[start : abs(end)]
            else:
                terms += found
        return terms, rest

    def nearest(self, text: str) -> tuple[str, ...]:
        """Return the known phrase of figures that a text may be a slip of."""
        kinds = {"indicator", "category", "subject", "measure"}
        known = (
            " ".join(key) for key, terms in self._lexicon.items() if kinds & {term.kind for term in terms}
        )
        return tuple(difflib.get_close_matches(text, known, n=1, cutoff=_CLOSE))

    # -- columns and rows ------------------------------------------------------------------------

    def column_kinds(self, header: str) -> tuple[str, ...]:
        """Return what a header may announce: order, province, district, period, category, ..."""
        words = self.key(without_marks(header))
        kinds = tuple(name for name, listed in self._columns.items() if is_listed(words, listed))
        # one heading may be typed without marks; only "nam" would then mean something else
        return kinds or (
            self.other.column_kinds(header) if words.isascii() and not self.bare and words != "nam" else ()
        )

    def row_kind(self, label: str) -> str:
        """Return total, country or statistic for the label of a row that isn't a place's own, else ``""``."""
        words = fold_all(plain(without_marks(label)))
        kinds = ("total", "country", "statistic")
        listed = next((name for name in kinds if is_listed(words, self._rows[name])), "")
        whole = pattern("whole").fullmatch(words) or pattern("whole_of").fullmatch(words)
        return listed or ("total" if whole else "")

    def is_total(self, label: str) -> bool:
        """Return whether a row's label says that it sums up others."""
        return self.row_kind(label) in {"total", "country"}

    def is_unit_kind(self, label: str) -> bool:
        """Return whether a label is a kind of administrative unit: Tỉnh, Thành phố, District."""
        return fold_all(plain(label)) in self._rows["kind"]

    # -- single words ----------------------------------------------------------------------------

    def subject(self, text: str) -> str:
        """Return the subject that a text names, ``""`` if it says anything else too."""
        heading = self.heading(text)
        return "" if heading.doubtful or heading.all("kinds") else heading.first("subject")

    def indicator(self, text: str) -> str:
        """Return the indicator that a text names, ``""`` if it says anything else too."""
        heading = self.heading(text)
        return "" if heading.doubtful or heading.all("negation") else specific(heading.all("indicator"))

    def category(self, text: str, schemes: Iterable[Scheme]) -> tuple[str, str]:
        """Return the scheme and the category that a text names and nothing else; empty if none."""
        found = self.categories.get(self.key(text), {})
        return next(((one.id, found[one.id]) for one in schemes if one.id in found), ("", ""))


def specific(indicators: list[str]) -> str:
    """Return the one indicator of several that says most: ratings and counts are said beside others."""
    return min(indicators, key=GENERAL.__contains__, default="")
