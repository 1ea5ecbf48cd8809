"""From the words of a phrase to its amounts: numbers, their multipliers, ranges, bases, floors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NoReturn

from cbanalysis.common.errors import TextError
from cbanalysis.common.language import words_in
from cbanalysis.common.text.numbers import NumberStyle, read_decimal

Kind = Literal[
    "about", "at_least", "at_least_after", "at_most", "at_most_after", "from", "lowest", "highest", "to",
    "or", "of", "percent", "permille", "times", "number", "zero", "all", "noun", "lead", "join", "open",
    "close",
]  # fmt: skip
"""What a phrase can be to a figure; ``words.toml`` says what each means (``times``: a multiplier)."""

Qualifier = Literal["exact", "about", "at_least", "range"]

_WORDS = words_in("common/text/words.toml")
MISSING_MARKS = frozenset(_WORDS["missing"])
"""Whole cells that say "not known", never "none"."""
MULTIPLIERS: Mapping[str, int] = MappingProxyType(_WORDS["multipliers"])
COUNTING: Mapping[str, int] = MappingProxyType({word: at for at, word in enumerate(_WORDS["counting"], 1)})
"""One to ten in Vietnamese words."""
NUMBER_WORDS: Mapping[str, str] = MappingProxyType(
    {**_WORDS["numbers"], **{w: str(n) for w, n in COUNTING.items()}}
)
_PHRASES: dict[Kind, Iterable[str]] = {**_WORDS["phrases"], "times": MULTIPLIERS, "number": NUMBER_WORDS}
LEXICON: Mapping[tuple[str, ...], Kind] = MappingProxyType(
    {tuple(phrase.split(" ")): kind for kind, phrases in _PHRASES.items() for phrase in phrases}
)
"""What each phrase is to a figure, by its words."""
_LONGEST = max(map(len, LEXICON))

LARGEST_COUNT = 10**15

_TOKEN = re.compile(r"(?P<digits>[0-9](?:[0-9.,]*[0-9])?)|[^\W\d_]+|\S")


@dataclass(frozen=True)
class _Token:
    kind: Kind | Literal["digits", "unknown"]
    text: str


@dataclass(frozen=True)
class Amount:
    """A number with what multiplies it and whether a percent sign follows."""

    value: Decimal
    decimals: int
    percent: bool = False
    times: int = 1

    @property
    def total(self) -> Decimal:
        """The number times its multiplier."""
        return self.value * self.times


@dataclass(frozen=True)
class Part:
    """One amount, range or n of m, and how it is to be taken."""

    low: Amount
    high: Amount | None
    base: Amount | None
    qualifier: Qualifier
    ceiling: bool


def _tokens(text: str) -> list[_Token]:
    """Cut a text into numbers and known phrases, the longest phrase first."""
    pieces = [(found[0], bool(found["digits"])) for found in _TOKEN.finditer(text)]
    tokens: list[_Token] = []
    at = 0
    while at < len(pieces):
        word, digits = pieces[at]
        size = 1
        kind: Kind | Literal["digits", "unknown"] = "digits" if digits else "unknown"
        for length in range(min(_LONGEST, len(pieces) - at), 0, -1):
            phrase = tuple(piece for piece, _ in pieces[at : at + length])
            if phrase in LEXICON:
                kind, size, word = LEXICON[phrase], length, " ".join(phrase)
                break
        tokens.append(_Token(kind, word))
        at += size
    return tokens


class _Reader:
    """Reads tokens from left to right; each method takes what it can and moves on."""

    def __init__(self, text: str, tokens: list[_Token], style: NumberStyle) -> None:
        self.text = text
        self.tokens = tokens
        self.style = style
        self.at = 0

    def fail(self, reason: str) -> NoReturn:
        raise TextError(self.text, reason)

    @property
    def done(self) -> bool:
        return self.at >= len(self.tokens)

    @property
    def kind(self) -> Kind | Literal["digits", "unknown", ""]:
        return "" if self.done else self.tokens[self.at].kind

    def take(self, *kinds: Kind) -> list[_Token]:
        start = self.at
        while self.kind in kinds:
            self.at += 1
        return self.tokens[start : self.at]

    def parts(self) -> list[Part]:
        read = [self.part()]
        depth = 0
        while not self.done:
            between = [token.kind for token in self.take("join", "lead", "open", "close")]
            for kind in between:
                depth += (kind == "open") - (kind == "close")
                if depth not in {0, 1}:
                    self.fail("a bracket is opened or closed twice")
            if self.done and set(between) <= {"close"}:
                break
            if not between or self.done:
                self.unexpected()
            read.append(self.part())
        if depth:
            self.fail("a bracket is not closed")
        return read

    def part(self) -> Part:
        before: set[str] = {
            token.kind for token in self.take("lead", "about", "at_least", "at_most", "from", "lowest")
        }
        low = self.amount()
        high, base = self.second(before)
        after = {token.kind for token in self.take("at_least_after", "at_most_after")}
        self.take("noun")
        floor = "at_least" in before or "at_least_after" in after
        ceiling = "at_most" in before or "at_most_after" in after
        if "from" in before and not (high or floor or ceiling):
            self.fail("'from' wants a second number or 'or more'")
        if floor + ceiling + (high is not None) > 1:
            self.fail("a floor, a ceiling and a range don't go together")
        qualifier: Qualifier = "exact"
        if high or ceiling:
            qualifier = "range"
        elif floor:
            qualifier = "at_least"
        elif "about" in before:
            qualifier = "about"
        return Part(low, high, base, qualifier, ceiling)

    def second(self, before: set[str]) -> tuple[Amount | None, Amount | None]:
        """Return the upper end of a range, or the base of a count, where one follows."""
        if "lowest" in before:
            self.take("join")
            if self.kind != "highest":
                self.fail("a lowest value wants a highest one")
            self.at += 1
            return self.amount(), None
        joint = self.kind
        if joint not in {"to", "or", "of"}:
            return None, None
        self.at += 1
        other = self.amount()
        if joint == "of":
            return None, other
        # "at least one or two" promises no more than one
        return None if joint == "or" and "at_least" in before else other, None

    def amount(self) -> Amount:
        if self.done:
            self.fail("a number is missing")
        token = self.tokens[self.at]
        if token.kind not in {"digits", "number", "zero", "all"}:
            self.unexpected()
        self.at += 1
        if token.kind == "zero":
            self.take("noun")
            return Amount(Decimal(0), 0)
        if token.kind == "all":
            self.take("noun")
            return Amount(Decimal(100), 0, percent=True)
        if token.kind == "number":
            value = Decimal(NUMBER_WORDS[token.text])
        else:
            try:
                value = read_decimal(token.text, self.style)
            except TextError as error:
                raise TextError(self.text, error.reason) from error
        times = 1
        for word in self.take("times"):
            times = min(times * MULTIPLIERS[word.text], LARGEST_COUNT * 10)
        self.take("noun")
        percent = bool(self.take("percent"))
        if self.take("permille"):
            value, percent = value.scaleb(-1), True
        self.take("noun")
        exponent = value.as_tuple().exponent
        return Amount(value, -int(exponent), percent, times)

    def unexpected(self) -> NoReturn:
        if self.done:
            self.fail("something is missing at its end")
        token = self.tokens[self.at]
        if token.text in {"-", "+"}:
            self.fail("a sign has no place in a published count or share")
        if token.text.isdigit() and token.kind == "unknown":
            self.fail("its digits are not 0 to 9")
        what = "a number" if token.kind == "digits" else repr(token.text)
        self.fail(f"{what} is not expected there" if token.kind != "unknown" else f"{what} is not understood")


def read_parts(text: str, plain: str, style: NumberStyle) -> list[Part]:
    """Return what a phrase states, part by part; ``plain`` is it in lower case with plain signs.

    Raises
    ------
    TextError
        When anything in it can't be read.
    """
    return _Reader(text, _tokens(plain), style).parts()
