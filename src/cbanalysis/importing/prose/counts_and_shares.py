"""Numbers of a sentence: counts, shares, ranges, floors, n of m; and the numbers that are no figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cbanalysis.common.errors import TextError
from cbanalysis.common.text.number_words import Qualifier
from cbanalysis.common.text.numbers import NumberStyle, parse_number
from cbanalysis.importing.prose.grammar import NO_THING, Thing, grammar, pattern
from cbanalysis.importing.prose.tokens import Sentence

_LARGEST = 10**12
_TO = {"-", "–", "—", "đến", "tới"}
_ALL = 100
_ALL_OF = {("tất", "cả"), ("toàn", "bộ")}
# What may stand before "tất cả": not "không phải", "gần như", "nếu", "để".
_BEFORE_ALL = {"", ",", ":", "nay", "hiện", "có", "ở", "đấu"}
_MOST_OVER = 3
# Words in which a firm or school is told to have an organisation.
_FAR = 16


@dataclass(frozen=True)
class Aside:
    """A number that is no figure, and why: the tokens that it covers."""

    begin: int
    end: int
    reason: str


@dataclass(frozen=True)
class Amount:
    """One number as printed, with the words that belong to it.

    Attributes
    ----------
    begin, end : int
        Tokens from its first word ("gần", "từ") to its last, without what it counts.
    low, high : Decimal
        The value; ``high`` is None but for a range.
    percent : bool
        Whether it is a share.
    base : int or None
        The m of "n/m"; None where it is less than n.
    base_at : tuple of (int, int) or None
        The tokens of m.
    words : bool
        Whether it is printed in words.
    thing, thing_end
        What stands directly behind it; ``thing_end`` is where that ends (``end`` if nothing does).
    printed : str
        The number with its words.
    """

    begin: int
    end: int
    low: Decimal
    printed: str
    high: Decimal | None = None
    percent: bool = False
    qualifier: Qualifier = "exact"
    decimals: int = 0
    base: int | None = None
    base_at: tuple[int, int] | None = None
    words: bool = False
    thing: Thing = NO_THING
    thing_end: int = 0
    zero: bool = False


def asides(sentence: Sentence, taken: set[int]) -> list[Aside]:
    """Return the numbers that are no figures, by the patterns of the grammar.

    Parameters
    ----------
    sentence : Sentence
        The sentence.
    taken : set of int
        Tokens that are spoken for; those found are added.

    Returns
    -------
    list of Aside
        In the order of the patterns.
    """
    found = []
    marker = sentence.tokens[0]
    short = marker.kind == "number" and len(marker.key) <= 2
    if sentence.first and short and sentence.key(1) in {".", ")"} and sentence.key(2) not in {"", "/"}:
        found.append(Aside(0, 2, "list marker"))
        taken |= {0, 1}
    for reason, expression in grammar().asides:
        for match in expression.finditer(sentence.flat):
            begin, end = sentence.indices(match)
            covered = set(range(begin, end))
            if covered & taken or not any(sentence.tokens[at].kind == "number" for at in covered):
                continue
            taken |= covered
            found.append(Aside(begin, end, reason))
    return found


def counted_thing(sentence: Sentence, begin: int, taken: set[int]) -> tuple[int, Thing]:
    """Return what is counted by the number that ends at a token: where the words end, and the thing."""
    at, nothing = begin, (begin, NO_THING)
    for _ in range(3):
        if at >= len(sentence.keys) or at in taken:
            return nothing
        found = sentence.at(grammar().things, at)
        if found:
            end, thing = found
            # "5 đồng chí đảng viên", "9 đồng chí cấp ủy viên": the second noun says who
            linked = end + (sentence.key(end) == "là")
            following = sentence.at(grammar().things, linked)
            kinds = {"head"} if linked > end else {"", "secretary", "officer"}
            if thing.kind == "person" and following and following[1].kind in kinds and following[1].subject:
                return following
            return found if thing else nothing
        unit = grammar().parts.units.at(sentence.keys, at)
        if unit and pattern("has_organisation").match(sentence.words(unit[0], unit[0] + _FAR)):
            return unit[0], Thing("other", unit[1], "unit")
        skip = grammar().numbers.before_thing.at(sentence.keys, at)
        if not skip:
            return nothing
        at = skip[0]
    return nothing


def _value(text: str, style: NumberStyle) -> Decimal | None:
    try:
        value = Decimal(str(parse_number(text, style)))
    except TextError:
        return None
    return value if value <= _LARGEST else None


@dataclass
class _Scanner:
    sentence: Sentence
    style: NumberStyle
    taken: set[int]

    def free_number(self, at: int) -> bool:
        return self.sentence.key(at)[:1].isdigit() and at not in self.taken

    def multiplied(self, at: int) -> tuple[int, int]:
        times = 1
        while self.sentence.key(at) in grammar().multiples and times <= _LARGEST:
            times *= grammar().multiples[self.sentence.key(at)]
            at += 1
        return times, at

    def qualified(self, at: int) -> tuple[int, str]:
        """Return where the words before a number begin, and what they say of it."""
        found = grammar().numbers.qualifiers.before(self.sentence.keys, at, 3)
        if found and found[0] not in self.taken:
            return found
        return at, ""

    def amount(self, at: int) -> Amount | Aside:
        value = _value(self.sentence.key(at), self.style)
        if value is None:
            return Aside(at, at + 1, "not readable in the document's number style")
        decimals = self.decimals(at)
        times, end = self.multiplied(at + 1)
        begin, word = self.qualified(at)
        percent = self.sentence.key(end) == "%"
        end += percent
        high, times, decimals, percent, end = self.upper(
            value, end, times, decimals, percent=percent, alone=word in {"", "about"}
        )
        base, base_at, end = self.whole(value, end) if not percent and high is None else (None, None, end)
        thing_end, thing = counted_thing(self.sentence, end, self.taken)
        qualifier: Qualifier = "exact"
        if high is not None:
            qualifier = "range"
        elif self.sentence.keys[thing_end : thing_end + 2] == ("trở", "lên"):
            qualifier = "at_least"
            thing_end += 2
            if not thing:
                # "90% trở lên chi bộ": what is counted stands behind it
                end = thing_end
                thing_end, thing = counted_thing(self.sentence, end, self.taken)
        elif word == "at_most":
            qualifier, high, value, times = "range", value * times, Decimal(0), 1
        elif word:
            qualifier = "about" if word == "about" else "at_least"
        if begin == at and self.sentence.key(at - 1) == "từ" and qualifier in {"range", "at_least"}:
            begin = at - 1
        return Amount(
            begin, end, value * times, self.printed(begin, end), high, percent, qualifier, decimals, base,
            base_at, thing=thing, thing_end=thing_end,
        )  # fmt: skip

    def upper(  # noqa: PLR0913 -- what is known of the lower end
        self, low: Decimal, end: int, times: int, decimals: int, *, percent: bool, alone: bool
    ) -> tuple[Decimal | None, int, int, bool, int]:
        """Return the upper end of the range that a number begins; its multiplier, decimals, unit and end."""
        same = None, times, decimals, percent, end
        at = end + 1 + (self.sentence.key(end + 1) == "khoảng")
        follows = self.sentence.key(end) in _TO and alone and self.free_number(at)
        upper = _value(self.sentence.key(at), self.style) if follows else None
        if upper is None:
            return same
        more, after = self.multiplied(at + 1)
        both = self.sentence.key(after) == "%"
        if percent > both or upper * more <= low * times:
            return same
        # "3 - 5 nghìn" is three thousand to five thousand
        lower_times = times if times > 1 or both else more
        return upper * more, lower_times, max(decimals, self.decimals(at)), both, after + both

    def whole(self, count: Decimal, end: int) -> tuple[int | None, tuple[int, int] | None, int]:
        """Return the m of "n/m", where it stands, and where the number ends then."""
        at = end + 1
        while self.sentence.key(end) == "/" and self.sentence.key(at) in {"tổng", "số"}:
            at += 1
        follows = self.sentence.key(end) == "/" and self.free_number(at)
        whole = _value(self.sentence.key(at), self.style) if follows else None
        if whole is not None and whole < count <= _MOST_OVER * whole:
            # "kết nạp 127/120 đảng viên": more than were planned; "14/10" may be a day
            return None, (at, at + 1), at + 1
        if whole is None or whole != whole.to_integral_value() or whole < count:
            return None, None, end
        return int(whole), (at, at + 1), at + 1

    def decimals(self, at: int) -> int:
        """Return how many decimals a number is printed with: 73,0 has one."""
        _, _, decimals = self.sentence.key(at).partition("," if self.style == "vi" else ".")
        return len(decimals)

    def in_words(self, at: int) -> Amount | None:
        """Return a number in words behind a floor or "chỉ có", before what it counts."""
        value = grammar().counts.get(self.sentence.key(at))
        if value is None or at in self.taken:
            return None
        before = grammar().numbers.qualifiers.before(self.sentence.keys, at, 3)
        if not before:
            return None
        end = at + 1
        if (
            self.sentence.key(end) in {"hoặc", "đến", "hay"}
            and self.sentence.key(end + 1) in grammar().counts
        ):
            end += 2
        thing_end, thing = counted_thing(self.sentence, end, self.taken)
        if not thing or before[1] == "at_most":
            return None
        kind: Qualifier = "about" if before[1] == "about" else "at_least"
        return Amount(
            before[0], end, Decimal(value), self.printed(before[0], end), qualifier=kind, words=True,
            thing=thing, thing_end=thing_end,
        )  # fmt: skip

    def none(self, at: int) -> Amount | None:
        """Return the count of 0 that "không còn chi bộ …" and "không có chi bộ nào …" print."""
        sentence, begin = self.sentence, at + 1 + (self.sentence.key(at + 1) in {"còn", "có"})
        thing_end, thing = counted_thing(sentence, begin, self.taken)
        if sentence.key(at) != "không" or thing.subject in {"", "other", "member"} or thing.kind:
            return None
        rest = sentence.keys[at + 2 : thing_end + 8]
        rated = sentence.has(grammar().ratings, at + 2, thing_end + 8) or "yếu" in rest
        if begin == at + 1 and sentence.key(thing_end) != "nào":
            return None
        shared = "ghép" in sentence.keys[begin:thing_end]  # "không có chi bộ ghép"
        if sentence.key(at + 1) == "có" and not ("nào" in rest[:8] or rated or shared):
            return None
        return Amount(
            at, begin, Decimal(0), self.printed(at, begin), words=True, thing=thing, thing_end=thing_end,
            zero=True,
        )  # fmt: skip

    def all(self, at: int) -> Amount | None:
        """Return the share of 100 % that "tất cả các thôn đều có chi bộ" prints."""
        sentence = self.sentence
        begin = at + 2 if sentence.keys[at : at + 2] in _ALL_OF else at + (sentence.key(at) == "mọi")
        thing_end, thing = counted_thing(sentence, begin, self.taken)
        if begin == at or thing.subject not in {"village", "commune"} or thing.kind:
            return None
        before = sentence.key(at - 1) if at else ""
        told = (before in _BEFORE_ALL or before[0].isdigit()) and "phải" not in sentence.keys[:at]
        if not told or any(self.free_number(other) for other in range(at)):
            return None  # "gần như tất cả", "không phải ở tất cả"; "trong 12 thôn …, tất cả các thôn"
        words = ("X" if token.capital else token.key for token in sentence.tokens[thing_end:])
        rest = " ".join(words).split(" ;")[0]
        if not pattern("have_one").match(rest) or "%" in rest:
            return None  # "mọi thôn đã có chi bộ, tỷ lệ đạt 99,9%"
        return Amount(
            at, begin, Decimal(_ALL), self.printed(at, begin), percent=True, words=True, thing=thing,
            thing_end=thing_end,
        )  # fmt: skip

    def printed(self, begin: int, end: int) -> str:
        words = self.sentence.tokens[begin:end]
        text = ""
        for order, token in enumerate(words):
            glued = order and words[order - 1].end == token.start
            text += token.text if glued or not order else f" {token.text}"
        return text


def amounts(sentence: Sentence, taken: set[int], style: NumberStyle) -> tuple[list[Amount], list[Aside]]:
    """Return the numbers of a sentence that may be figures, and those that can't be read.

    Parameters
    ----------
    sentence : Sentence
        The sentence.
    taken : set of int
        Tokens that are spoken for: dates, document numbers.
    style : {"vi", "en"}
        How the document prints numbers.

    Returns
    -------
    tuple of list of Amount and list of Aside
        Both in order.
    """
    scanner = _Scanner(sentence, style, taken)
    found: list[Amount] = []
    unread: list[Aside] = []
    at = 0
    while at < len(sentence.tokens):
        one: Amount | Aside | None = None
        if scanner.free_number(at):
            one = scanner.amount(at)
        elif at not in taken:
            one = scanner.in_words(at) or scanner.none(at) or scanner.all(at)
        if isinstance(one, Aside):
            unread.append(one)
        elif one is not None:
            found.append(one)
        at = max(at + 1, one.end if one is not None else 0)
    return found, unread
