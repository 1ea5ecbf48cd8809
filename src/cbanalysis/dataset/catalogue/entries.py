"""The records of data/: what an indicator, a category, a scheme, a source and an event are."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from cbanalysis.common.errors import require_known
from cbanalysis.common.language import LANGUAGES, Language

Kind = Literal["exclusive", "cumulative", "part", "unclear"]

_MOMENT = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def _real(moment: str) -> str:
    day = f"{moment}-01-01"[:10] if _MOMENT.fullmatch(moment) else ""
    try:
        if moment:
            date.fromisoformat(day)
    except ValueError as error:
        raise ValueError("YYYY, YYYY-MM or YYYY-MM-DD as the calendar has them") from error
    return moment


Moment = Annotated[str, AfterValidator(_real)]
"""A year, month or day of the calendar; empty where it isn't known."""


class Record(BaseModel):
    """Base of all records: frozen, no unknown keys, blanks at the ends cut."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Words(Record):
    """The same words in Vietnamese and in English.

    Examples
    --------
    >>> Words(vi="chi bộ", en="party cell")["en"]
    'party cell'
    """

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def __getitem__(self, lang: Language) -> str:
        require_known("language", lang, LANGUAGES)
        return self.vi if lang == "vi" else self.en


class Subject(Words):
    """What figures are said of; ``plural`` is the English name of several (Vietnamese has no plural)."""

    plural: str = Field(default="", min_length=1)

    def several(self, lang: Language) -> str:
        """Return the name of several of them."""
        return self.plural or self.en if lang == "en" else self[lang]


class Unit(Record):
    """What values are given in: percent and counts, which have columns of their own, or any other.

    Attributes
    ----------
    name : Words
        As an axis or a subtitle names it: per mille, million VND.
    sign : Words, optional
        What stands behind each number, e.g. ``‰``; nothing where not given (an index).
    decimals : int
        To how many a computed value (a difference) is rounded; published ones stay as printed.
    minimum, maximum : float, optional
        What a value can be at least and at most; 0 at least where nothing is said and it isn't ``signed``.
    signed : bool
        Whether values may be negative (net migration).
    headings : tuple of str
        How headings of tables write it, besides the percent sign.
    """

    id: str
    name: Words
    sign: Words | None = None
    decimals: int = Field(default=1, ge=0, le=6)
    minimum: float | None = None
    maximum: float | None = None
    signed: bool = False
    headings: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _bounds(self) -> Unit:
        low, high = self.bounds
        if low >= high:
            raise ValueError("minimum below maximum")
        if self.minimum is not None and self.minimum < 0 and not self.signed:
            raise ValueError("no minimum below 0, or signed = true")
        return self

    def names(self) -> tuple[str, ...]:
        """Return its names and signs in both languages."""
        return tuple(word for words in (self.name, self.sign) if words for word in (words.vi, words.en))

    @property
    def own(self) -> bool:
        """Whether its values stand in the column ``value``."""
        return self.id not in {"percent", "count"}

    @property
    def bounds(self) -> tuple[float, float]:
        """What a value can be at least and at most."""
        low = (-float("inf") if self.signed else 0.0) if self.minimum is None else self.minimum
        return low, float("inf") if self.maximum is None else self.maximum


PERCENT = Unit(id="percent", name=Words(vi="%", en="%"), sign=Words(vi="%", en="%"), minimum=0, maximum=100)
COUNT = Unit(id="count", name=Words(vi="số lượng", en="count"), decimals=0, minimum=0)


class CutOff(Record):
    """A list that its source cuts off, as the best places alone: what isn't in it isn't unknown by chance.

    Attributes
    ----------
    source, level : str
        The document and the level of the rows that it lists.
    words : Words
        What a chart of such rows says.
    """

    source: str
    level: str
    words: Words


class Indicator(Record):
    """One thing that is measured.

    Attributes
    ----------
    unit : str
        What the indicator is as a rule: ``percent``, ``count`` (a row may still print the count only), or a
        unit declared in indicators.toml, whose values stand in the column ``value``.
    subjects : tuple of str
        What it may be said of; the first is the usual one.
    base : Words
        What a share is a share of, where the row's ``base_of`` is empty.
    direction : {"higher", "lower", "none"}
        Which way is wanted; "none" where it is no matter of quality.
    flow : bool
        Whether it counts what happened in a period (members admitted), not what there is at a time: then the
        length of the period matters.
    running : bool
        Whether it tells how far something has got that ends everywhere (congresses held): then only figures
        of one day stand beside each other.
    total : bool
        Whether its counts are the totals of their place and subject: shares without a base borrow it from
        them, and `audit` holds other counts to them.
    parts : tuple of str
        The indicators that add up to it, count by count: `audit` checks the sum.
    definitions, bases : dict of str to Words
        The variants that rows name in ``definition`` and ``base_of``.
    complements : dict of str to Words
        What rows count whose ``complement`` is yes, by their ``definition``.
    titles : dict of str to Words
        What rows of a variant, else of a subject, count, where the indicator's name would say another thing.
    lists : tuple of CutOff
        Lists of places that their source cuts off.
    """

    id: str
    name: Words
    definition: Words
    unit: str
    subjects: tuple[str, ...] = Field(min_length=1)
    base: Words
    direction: Literal["higher", "lower", "none"]
    flow: bool = False
    running: bool = False
    total: bool = Field(default=False, strict=True)
    parts: tuple[str, ...] = ()
    definitions: dict[str, Words] = {}
    bases: dict[str, Words] = {}
    complements: dict[str, Words] = {}
    titles: dict[str, Words] = {}
    lists: tuple[CutOff, ...] = ()

    @field_validator("total")
    @classmethod
    def _stock(cls, total: object, info: ValidationInfo) -> object:
        if total and (info.data.get("unit", "count") != "count" or info.data.get("flow")):
            raise ValueError("a total only where unit is count and flow is false")
        return total

    def has_base(self, *, category: str = "") -> bool:
        """Return whether it is known what a share is of that names no base: of those admitted, for women."""
        return self.unit != "count" or (self.flow and bool(category))

    def cut_off(self, source: str, level: str) -> Words | None:
        """Return what is said of a figure that stands in a list which its source cuts off."""
        return next((one.words for one in self.lists if (one.source, one.level) == (source, level)), None)


class Category(Record):
    """One class of a rating scheme.

    Attributes
    ----------
    order : int
        1 is the best.
    kind : {"exclusive", "cumulative", "part", "unclear"}
        How it counts as a rule: beside the others, several of them together, inside another one, or outside
        the classes ("not rated yet"). A row's own ``category_kind`` comes first.
    parts : tuple of str
        The categories that it is made of, where there are any.
    part_of : str
        The category that it lies in; empty where it lies in none.
    printed : tuple of str
        Spellings in the sources, lower case.
    good_or_better : bool
        Whether it counts towards the harmonised measure "good or better".
    colour : str
        In charts, as ``#1F6FB2``; by its rank where empty.
    """

    id: str
    name: Words
    order: int = Field(ge=1)
    kind: Kind
    parts: tuple[str, ...] = ()
    part_of: str = ""
    printed: tuple[str, ...] = ()
    good_or_better: bool
    colour: str = ""

    @field_validator("colour")
    @classmethod
    def _hexadecimal(cls, colour: str) -> str:
        if not re.fullmatch("#[0-9A-Fa-f]{6}", colour):
            raise ValueError("# and six hexadecimal digits: #1F6FB2")
        return colour


class Scheme(Record):
    """A rating scheme: the classes that could be given in its years, best first.

    Attributes
    ----------
    indicators : tuple of str
        The indicators whose figures it rates.
    subject_group : {"organisation", "member"}
        Who is rated.
    valid_from, valid_to : int, int or None
        First and last year that is rated by it; None while it lasts.
    """

    id: str
    name: Words
    indicators: tuple[str, ...] = Field(min_length=1)
    subject_group: Literal["organisation", "member"]
    valid_from: int
    valid_to: int | None = None
    categories: tuple[Category, ...] = Field(min_length=1)

    def category(self, category_id: str) -> Category:
        """Return one category of the scheme.

        Raises
        ------
        UnknownName
            If the scheme has no such category; names the nearest.
        """
        found = {category.id: category for category in self.categories}
        require_known(f"category of {self.id}", category_id, found)
        return found[category_id]

    def leaves(self, category_id: str) -> frozenset[str]:
        """Return the indivisible classes that a category is made of: itself, where it has no parts."""
        parts = {one.id: one.parts for one in self.categories}

        def split(one: str, seen: frozenset[str]) -> frozenset[str]:
            inside = [part for part in parts.get(one, ()) if part not in seen]
            return frozenset().union(*(split(part, seen | {one}) for part in inside)) or frozenset({one})

        return split(category_id, frozenset({category_id}))

    def covers(self, year: int) -> bool:
        """Return whether ratings of the year ran under this scheme."""
        return self.valid_from <= year and (self.valid_to is None or year <= self.valid_to)


TERMS = "Facts and figures are quoted with their source; the text stays with its original publisher."
"""The terms of a document about which nothing else is said."""


class Source(Record):
    """A document that figures come from; an empty field means that it isn't known.

    Attributes
    ----------
    number_style : {"vi", "en"}
        How the document prints numbers: ``9.768`` and ``63,71`` or ``9,768`` and ``63.71``.
    terms : str
        On what terms the figures stand here.
    """

    source_id: str = Field(min_length=1)
    publisher: str
    title: str
    published: Moment
    address: str
    file: str
    number_style: Literal["vi", "en"]
    terms: str = Field(min_length=1)


class Event(Record):
    """A policy event; ``effect_on`` says what it touched (office_cell, meeting, rating, province)."""

    date: date
    date_basis: Literal["stated", "inferred"]
    name: Words
    effect_on: str = Field(min_length=1)
    source: str = Field(min_length=1)


def indicator_text(indicator: Indicator) -> str:
    """Return an indicator as it is declared in indicators.toml.

    Examples
    --------
    >>> from cbanalysis.dataset.catalogue import Words
    >>> words = Words(vi="Số thư viện", en="Libraries")
    >>> print(indicator_text(Indicator(id="libraries", name=words, definition=words, unit="count",
    ...     subjects=("other",), base=words, direction="none")).splitlines()[0])
    [indicators.libraries]
    """
    lines = [f"[indicators.{indicator.id}]"]
    for name in ("name", "definition", "base"):
        words = getattr(indicator, name)
        lines.append(f"{name} = {{ vi = {_quoted(words.vi)}, en = {_quoted(words.en)} }}")
    lines.append(f"unit = {_quoted(indicator.unit)}")
    lines.append(f"subjects = [{', '.join(map(_quoted, indicator.subjects))}]")
    lines.append(f"direction = {_quoted(indicator.direction)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's, but for DEL
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
