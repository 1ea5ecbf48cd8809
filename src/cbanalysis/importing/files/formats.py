"""Number formats of spreadsheets: what a stored number looks like to a reader of its sheet."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cached_property, lru_cache

from cbanalysis.importing.files.grids import Formatted, general

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0;(#,##0)",
    38: "#,##0;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)",
    41: '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)',
}  # fmt: skip
"""Formats that a workbook names by their number only; dates, fractions and powers of ten are left out."""

_WIDE = Context(prec=400)
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[([^\]]*)\]|(General)|(.)', re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')
_DATES = frozenset("ymdhsbg")
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
_TESTS = {
    "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge, "=": operator.eq,
    "<>": operator.ne,
}  # fmt: skip


@dataclass(frozen=True)
class _Section:
    """What one part of a format does; the parts are those of numbers above, below and at 0."""

    before: str = ""
    after: str = ""
    digits: bool = False  # whether the number itself is shown
    decimals: int | None = None  # None: all that there are
    grouped: bool = False
    percents: int = 0
    thousands: int = 0
    condition: tuple[str, float] | None = None
    plain: bool = True  # False: a fraction, a date, a power of ten; what that shows isn't told here

    @property
    def text(self) -> str:
        return (self.before + self.after).strip()

    @cached_property
    def shift(self) -> int:
        """How many places the point is moved to the right."""
        return 2 * self.percents - 3 * self.thousands

    @cached_property
    def last(self) -> Decimal | None:
        """One at the last decimal."""
        return None if self.decimals is None else Decimal(1).scaleb(-self.decimals)

    @property
    def is_sign(self) -> bool:
        """Whether it shows a sign instead of a number: the dash that accountants write for 0."""
        return not self.digits and bool(self.text) and not any(map(str.isalnum, self.text))


@dataclass(frozen=True)
class NumberFormat:
    """A number format.

    Attributes
    ----------
    code : str
        As the workbook has it.
    """

    code: str
    sections: tuple[_Section, ...]

    @property
    def decimals(self) -> int | None:
        """Most decimals of a number that is shown as it is stored; -1 for no number, None for every."""
        fewest = None
        for place, section in enumerate(self.sections):
            if not section.plain or (place == 2 and section.is_sign):
                continue
            if not section.digits or section.percents or section.thousands:
                return -1
            # without conditions the third part is that of 0
            if section.decimals is not None and (place < 2 or any(one.condition for one in self.sections)):
                fewest = section.decimals if fewest is None else min(fewest, section.decimals)
        return fewest

    def shown(self, stored: float) -> float | Formatted:
        """Return a number with what the format makes of it; the plain number where that is the same one.

        Examples
        --------
        >>> number_format("0.0%").shown(0.17).shown, number_format("#,##0,").shown(1_200_000).shown
        ('17.0%', '1,200')
        >>> number_format("0.00").shown(12.5)
        12.5
        """
        section, absolute = self._section(stored)
        if not section.plain:
            return stored
        if not section.digits:
            # a sign for 0 ("-") is 0; a text instead of a number, or nothing, is not
            if stored == 0 and section.is_sign:
                return stored
            return Formatted(stored, self.code, Decimal(general(stored)), section.text)
        # spreadsheets round what they show from 15 digits, not from the bits
        exact = Decimal(general(stored) if section.decimals is None else f"{stored:.15g}")
        if not exact.is_finite():
            return stored
        number = exact.scaleb(section.shift) if section.shift else exact
        if section.last is not None:
            number = number.quantize(section.last, ROUND_HALF_UP, _WIDE)
        if number == exact and not section.percents:
            return stored
        written = f"{abs(number):,f}" if section.grouped else f"{abs(number):f}"
        sign = "-" if number < 0 and not absolute else ""
        shown = f"{sign}{section.before}{written}{section.after}".strip()
        return Formatted(
            stored, self.code, number, shown, percent=section.percents == 1, thousands=section.thousands
        )

    def _section(self, stored: float) -> tuple[_Section, bool]:
        """Return the part for a number, and whether its sign is up to the part."""
        for section in self.sections:
            if section.condition is not None and _TESTS[section.condition[0]](stored, section.condition[1]):
                return section, False
        sections = [one for one in self.sections if one.condition is None] or [*self.sections[-1:]]
        if stored < 0 and len(sections) > 1:
            return sections[1], True
        return (sections[2] if stored == 0 and len(sections) > 2 else sections[0]), False


@lru_cache(maxsize=4096)
def number_format(code: str) -> NumberFormat:
    """Return what a format's code means; a code that can't be read shows numbers as they are stored."""
    pieces = _split(code[:255] or "General")
    # the fourth part is that of text
    return NumberFormat(code, tuple(_parsed(piece) for piece in pieces[:3]) or (_Section(digits=True),))


def _split(code: str) -> list[str]:
    pieces, start = [], 0
    for token in _TOKEN.finditer(code):
        if token[5] == ";":
            pieces.append(code[start : token.start()])
            start = token.end()
    return [*pieces, code[start:]]


def _parsed(code: str) -> _Section:
    around: dict[bool, list[str]] = {False: [], True: []}
    condition = None
    body = ""
    for token in _TOKEN.finditer(code):
        quoted, escaped, bracket, name, letter = token.groups()
        if name or (letter and letter in "0#?.,/Ee@" and (body or letter not in ".,")):
            body += "G" if name else letter
        elif bracket and (test := _CONDITION.fullmatch(bracket)):
            condition = test[1], float(test[2])
        elif (letter or "").lower() in _DATES or (bracket and not bracket.lower().strip("hms")):
            return _Section(plain=False)
        else:
            # of [$₫-42A] the sign is shown
            sign = bracket[1:].partition("-")[0] if bracket and bracket.startswith("$") else ""
            around[bool(body)].append(quoted or escaped or letter or sign)
    if set(body) & set("/Ee@"):
        return _Section(plain=False)
    whole, _, rest = body.rstrip(",").partition(".")
    return _Section(
        "".join(around[False]),
        "".join(around[True]),
        digits=any(sign in body for sign in "0#?G"),
        decimals=sum(rest.count(sign) for sign in "0#?") if body and "G" not in body else None,
        grouped="," in whole.rstrip(","),
        percents=len(re.findall("%", _QUOTED.sub("", code))),
        # commas behind the last digit, before or after the point, divide by 1,000 each
        thousands=len(body) - len(body.rstrip(",")) + len(whole) - len(whole.rstrip(",")),
        condition=condition,
    )
