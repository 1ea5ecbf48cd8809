"""Text to tokens and sentences that know where they stand in the reader's own copy."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from cbanalysis.common.text.letters import clean, normalise_tones
from cbanalysis.importing.prose.grammar import Meaning, Phrases, grammar

LONGEST_SENTENCE = 240
"""Tokens of a sentence at the most; a longer one is cut, so that the work grows no faster than the text."""

_TOKEN = re.compile(
    r"(?P<number>[0-9]+(?:[.,][0-9]+)*)|(?P<word>[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*)|(?P<mark>[^\s\w]|[\d_])"
)
_ENDS = {".", "!", "?", "…"}
_CLOSING = {'"', "”", "»", ")", "’"}
# A number up to this many digits followed by a full stop at the beginning of a paragraph is a list marker.
_MARKER_DIGITS = 2
# Written both ways: "nhiệm kì", "kỉ luật", "quí I".
_SPELLINGS = {"kì": "kỳ", "kỉ": "kỷ", "quí": "quý"}
# No word or number of prose is longer; what is stands in the sentence as a mark, so that patterns stay quick.
_LONGEST_TOKEN = 40


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a mark.

    Attributes
    ----------
    text : str
        As printed.
    key : str
        In lower case, composed letters, tones placed as in the official names.
    start, end : int
        Where it stands in the document's text.
    """

    text: str
    key: str
    start: int
    end: int
    kind: Literal["word", "number", "mark"]

    @property
    def capital(self) -> bool:
        """Whether it is a word with a capital letter."""
        return self.kind == "word" and self.text[0].isupper()


def tokenise(text: str, start: int = 0) -> list[Token]:
    """Return the tokens of a text.

    Parameters
    ----------
    text : str
        Any text.
    start : int
        Where it begins in the document's text.

    Returns
    -------
    list of Token
        In order.

    Examples
    --------
    >>> [token.key for token in tokenise("Có1 Ðảng bộ, 63,71%")]
    ['có', '1', 'đảng', 'bộ', ',', '63,71', '%']
    """
    keys: dict[str, str] = {}
    found = []
    for match in _TOKEN.finditer(text):
        printed = match[0]
        kind: Literal["word", "number", "mark"] = "mark"
        if len(printed) > _LONGEST_TOKEN:
            key = "■"
        elif match["number"]:
            kind, key = "number", printed
        elif match["word"]:
            kind = "word"
            if printed not in keys:
                key = normalise_tones(clean(printed)).casefold()
                keys[printed] = _SPELLINGS.get(key, key)
            key = keys[printed]
        else:
            key = printed
        if key:
            found.append(Token(printed, key, start + match.start(), start + match.end(), kind))
    return found


@dataclass(frozen=True)
class Sentence:
    """One sentence of a document.

    Attributes
    ----------
    number : int
        Counted from 1 through the document.
    paragraph : int
        Counted from 1.
    tokens : tuple of Token
        At least one.
    heading : bool
        Whether it is a heading: a short paragraph without a full stop.
    first : bool
        Whether a paragraph begins with it.
    part : bool
        Whether it is an item of a list of parts: "… 900 đảng viên, trong đó:".
    """

    number: int
    paragraph: int
    tokens: tuple[Token, ...]
    heading: bool = False
    first: bool = False
    part: bool = False

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The tokens' keys."""
        return tuple(token.key for token in self.tokens)

    @cached_property
    def flat(self) -> str:
        """The keys, parted by one blank: what the patterns of the grammar are matched against."""
        return " ".join(self.keys)

    @cached_property
    def shouted(self) -> bool:
        """Whether most of it stands in capitals, so that capitals don't tell names."""
        words = [token for token in self.tokens if token.kind == "word"]
        return len(words) > 2 and sum(token.text.isupper() for token in words) * 10 > len(words) * 6

    def key(self, at: int) -> str:
        """Return the key of a token; "" outside."""
        return self.keys[at] if 0 <= at < len(self.keys) else ""

    def words(self, begin: int = 0, end: int | None = None) -> str:
        """Return the keys between two tokens, parted by one blank."""
        return " ".join(self.keys[begin:end])

    def at(self, phrases: Phrases[Meaning], at: int) -> tuple[int, Meaning] | None:
        """Return where the longest phrase from a token on ends, and its meaning."""
        return phrases.at(self.keys, at) if at >= 0 else None

    def has(self, phrases: Phrases[Meaning], begin: int = 0, end: int | None = None) -> bool:
        """Return whether a phrase begins between two tokens."""
        places = range(len(self.keys))[begin:end]
        return any(self.at(phrases, at) is not None for at in places)

    def name(self, begin: int, end: int) -> str:
        """Return the words between two tokens as a name: "Thuận Nam" for THUẬN NAM of a heading."""
        words = [token.text for token in self.tokens[begin:end]]
        if len(words) > 1 and all(word.isupper() for word in words):
            words = [word.capitalize() for word in words]
        return re.sub(" (['’]) ", r"\1", clean(" ".join(words)))

    def first_of(self, phrases: Phrases[Meaning]) -> int:
        """Return the first token at which one of the phrases begins; behind the last token without."""
        return next((at for at in range(len(self.keys)) if self.at(phrases, at)), len(self.keys))

    @cached_property
    def goes_on(self) -> bool:
        """Whether it begins with a word of parts: "Trong đó, …" goes on with the sentence before."""
        return self.part or self.has(grammar().parts.cues, 0, 2)

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for key in self.keys:
            starts.append(at)
            at += len(key) + 1
        return starts

    def indices(self, match: re.Match[str]) -> tuple[int, int]:
        """Return the tokens that a match in ``flat`` covers, the second end exclusive."""
        ends = match.start(), max(match.start(), match.end() - 1)
        first, last = (max(0, bisect_right(self._starts, at) - 1) for at in ends)
        return first, last + 1

    @property
    def start(self) -> int:
        """Where it begins in the document's text."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.tokens[-1].end


def _ends_here(tokens: Sequence[Token], at: int, begin: int) -> bool:
    token = tokens[at]
    if token.key not in _ENDS or at + 1 == len(tokens):
        return token.key in _ENDS
    following = tokens[at + 1]
    closing = following.key in _CLOSING
    if following.start == token.end and not closing and not _without_blank(tokens, at):
        return False
    if token.key != ".":
        return following.capital or following.kind == "number"
    marked = at - begin == 1 and _is_marker(tokens[begin])
    if at == begin or marked or tokens[at - 1].key in grammar().places.abbreviations:
        return False
    return following.kind != "word" or following.capital


def _without_blank(tokens: Sequence[Token], at: int) -> bool:
    """Return whether the blank behind a full stop is left out: "… nhiệm kỳ tiếp theo.Huyện ủy …"."""
    before, following = tokens[at - 1 : at], tokens[at + 1]
    small = bool(before) and before[0].text.islower() and len(before[0].text) > 1 and before[0].kind == "word"
    return small and following.capital and before[0].end == tokens[at].start


def _is_marker(token: Token) -> bool:
    """Return whether a token numbers a paragraph: "1. Tổ chức", "II. Kết quả"."""
    short = token.kind == "number" and len(token.key) <= _MARKER_DIGITS
    return short or not token.key.strip("ivx")


def _without_abbreviations(tokens: list[Token]) -> list[Token]:
    """Return tokens without the abbreviations that brackets introduce: "tổ chức cơ sở (TCCS) đảng"."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        inside = tokens[at + 1] if tokens[at].key == "(" and at + 2 < len(tokens) else None
        short = (
            inside is not None and inside.kind == "word" and inside.text.isupper() and len(inside.text) > 1
        )
        if short and tokens[at + 2].key == ")" and kept and kept[-1].text.islower():
            at += 3
            continue
        kept.append(tokens[at])
        at += 1
    return kept


def sentences(paragraphs: Sequence[tuple[int, str, bool]]) -> Iterator[Sentence]:
    """Yield the sentences of paragraphs.

    Parameters
    ----------
    paragraphs : sequence of (int, str, bool)
        Where each begins in the document's text, its text, and whether it is a heading.

    Yields
    ------
    Sentence
        In order; none is longer than `LONGEST_SENTENCE` tokens.
    """
    number = 0
    for order, (start, text, heading) in enumerate(paragraphs, 1):
        tokens = _without_abbreviations(tokenise(text, start))
        begin = 0
        for at in range(len(tokens)):
            stop = at + 1
            if not _ends_here(tokens, at, begin) and stop - begin < LONGEST_SENTENCE and stop < len(tokens):
                continue
            number += 1
            yield Sentence(number, order, tuple(tokens[begin:stop]), heading, begin == 0)
            begin = stop
