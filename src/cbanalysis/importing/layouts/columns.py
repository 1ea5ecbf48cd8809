"""What a table's columns hold, by their headers and by their cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from cbanalysis.common.text.number_words import MISSING_MARKS
from cbanalysis.importing.files.grids import Cell
from cbanalysis.importing.layouts.heads import NOT_PUBLISHED, Body, is_number, shown
from cbanalysis.importing.layouts.periods import period_in
from cbanalysis.importing.layouts.places import Places, label
from cbanalysis.importing.layouts.records import YEAR
from cbanalysis.importing.layouts.vocabulary import Vocabulary, pattern

LABELS = ("province", "area", "period", "subject", "indicator", "category")

_Value = TypeVar("_Value")

_SAMPLE = 300
_MANY, _DISTINCT, _FEW = 5, 0.9, 0.2


@dataclass(frozen=True)
class Meaning:
    """What a column says; ``""`` for what it doesn't say."""

    measure: str = ""  # percent, total, rated, count, value
    indicator: str = ""
    subject: str = ""
    scheme: str = ""
    category_id: str = ""
    category_kind: str = ""
    category: str = ""
    complement: bool = False
    factor: int = 1
    permille: bool = False


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    role : str
        One of `LABELS`, or kind, unit, order or note; ``""`` for figures, ``"unread"`` for text that nothing
        is known of, ``"words"`` for text that tells nothing of its rows.
    level : str
        district or commune, for an area.
    values : tuple of Cell
        Some of its filled cells.
    named, unit : str
        For figures that nothing known stands for: what they could be called, and the unit they are in.
    """

    at: int
    header: str
    role: str
    level: str = ""
    values: tuple[Cell, ...] = ()
    named: str = ""
    unit: str = ""


def columns_of(body: Body, vocabulary: Vocabulary, places: Places) -> list[Column]:
    """Return the columns of a table, from left to right; empty ones without a header are left out."""
    columns: list[Column] = []
    taken: set[str] = set()
    for at, header in enumerate(body.headers):
        values = tuple(cell for cell in body.cells(at, _SAMPLE) if shown(cell))
        if not header and not values:
            continue
        role, level = _Roles(header, values, taken, vocabulary, places, first=not columns).role()
        if role in LABELS and role != "period":
            taken.add(role)
        columns.append(Column(at, header, role, level, values))
    provinces = next((one.at for one in columns if one.role == "province"), None)
    # beside a day the year, and a column of months, say nothing new
    periods = {one.at: _precision(one) for one in columns if one.role == "period"}
    finest = max(periods, key=lambda at: (periods[at], -at), default=-1)
    days = periods.get(finest, 0) > len("2024")
    # without any column that names the rows, names that aren't known may be theirs
    named = any(one.role in LABELS and one.role != "period" for one in columns)

    def says_more(one: Column) -> bool:
        if one.role != "unread":
            return one.role != "period" or one.at == finest
        of_time = days and "part_of_year" in vocabulary.column_kinds(one.header)
        return not (of_time or (named and _says_nothing(one)) or _repeats(body, one.at, provinces, places))

    return [one if says_more(one) else replace(one, role="words") for one in columns]


def _precision(column: Column) -> int:
    """Return how long the periods of a column are in figures: 4 for years, 10 for days."""
    found = (period_in(shown(cell)) for cell in column.values)
    return max((len(period[1]) for period in found if period), default=0)


def _says_nothing(column: Column) -> bool:
    """Return whether a column of other words tells nothing of its rows: no digit, hardly a word twice."""
    texts = [shown(cell) for cell in column.values]
    if any(any(map(str.isdigit, text)) for text in texts):
        return False
    return not any(map(str.isalpha, "".join(texts))) or (
        len(texts) >= _MANY and len({*texts}) > _DISTINCT * len(texts)
    )


def _repeats(body: Body, at: int, provinces: int | None, places: Places) -> bool:
    """Return whether a column names the province of its row once more, in another spelling."""
    if provinces is None or at == provinces:
        return False
    pairs = [
        (places.gazetteer.named(label(shown(one))), places.gazetteer.named(label(shown(other))))
        for one, other in zip(body.grid.column(at), body.grid.column(provinces), strict=True)
    ]
    both = [one == other for one, other in pairs if one and other]
    return all(both) and 2 * len(both) > sum(bool(other) for _, other in pairs)


class _Roles:
    """One column on its way to a role."""

    def __init__(  # noqa: PLR0913 -- what a column is looked at beside
        self,
        header: str,
        values: tuple[Cell, ...],
        taken: set[str],
        vocabulary: Vocabulary,
        places: Places,
        *,
        first: bool,
    ) -> None:
        self.values, self.taken, self.first = values, taken, first
        self.vocabulary, self.places = vocabulary, places
        self.header = header
        self.headed = not header.startswith("(column")
        last = header.rpartition(" | ")[2]
        # a heading with a year in it is that of figures
        self.kinds = (
            () if YEAR in header else vocabulary.column_kinds(last) or vocabulary.column_kinds(header)
        )
        labels = [label(shown(cell)) for cell in values]
        self.texts = [text for text in labels if not vocabulary.row_kind(text) and not places.is_region(text)]
        self.told = [cell for cell in values if shown(cell).casefold() not in MISSING_MARKS]

    def role(self) -> tuple[str, str]:
        """Return the role and, for an area, its level."""
        if self._is_order():
            return "order", ""
        for role in ("note", "unit"):
            # the first column names the rows, whatever units the headings of a turned table end with
            if role in self.kinds and not self.first:
                return role, ""
        if self._is_period():
            return "period", ""
        if self._is_code() or self._is_time():
            return "unread", ""
        published = {shown(cell).casefold() for cell in self.values} - NOT_PUBLISHED
        if (self.headed and self.values and not published) or _share(self.told, is_number) > 0.5:
            return "", ""
        return self._label()

    def _is_order(self) -> bool:
        numbered = self.values and all(map(pattern("order_or_letter").fullmatch, map(shown, self.values)))
        unheaded = self.first and not self.headed and bool(numbered)
        return "order" in self.kinds or unheaded or self._is_named_code()

    def _is_time(self) -> bool:
        """Return whether a column holds months or years that say when, or what is of a month."""
        of_month = pattern("month").fullmatch(self.vocabulary.key(self.header))
        of_years = all(map(pattern("recent_year").fullmatch, map(shown, self.values)))
        several = len(self.values) >= _MANY
        unknown = bool(self.vocabulary.heading(self.header).rest) and YEAR not in self.header
        return "part_of_year" in self.kinds or bool(of_month) or (several and of_years and unknown)

    def _is_named_code(self) -> bool:
        """Return whether a heading calls whole numbers or words a code: ID_1, provinceCode, Mã tỉnh."""
        words = self.vocabulary.key(self.header.rpartition(" | ")[2])
        return bool(pattern("code").fullmatch(words)) and not any(
            isinstance(cell, float) and cell % 1 for cell in self.values
        )

    def _is_code(self) -> bool:
        """Return whether the cells are numbers that name something: 01, 02, 10, or each of 1 to 63 once.

        Reports write small counts so, too ("04 chi bộ"), under a heading whose words are all known.
        """
        said = self.vocabulary.heading(self.header)
        if said.terms and not said.rest:
            return False
        texts = [cell for cell in self.values if isinstance(cell, str) and cell.isdecimal()]
        padded = len(texts) == len(self.values) > 1 and any(text[0] == "0" < text[1:2] for text in texts)
        return padded or numbering(self.values) is not None

    def _is_period(self) -> bool:
        if "period" in self.kinds:
            return _share(self.texts, period_in) > 0.5
        return self.first and _share(self.texts, lambda text: len(text) < 20 and period_in(text)) > 0.9

    def _label(self) -> tuple[str, str]:
        # years among the cells of a figure column look like labels
        if self.told and _share(self.told, lambda cell: is_number(cell) or shown(cell).isdigit()) > 0.5:
            return "", ""
        if self.texts and _share(self.texts, self.vocabulary.is_unit_kind) > 0.9:
            return "kind", ""
        # a heading that can mean nothing else decides, however the names in its column are spelled
        named = self.kinds == ("province",) or (
            "area" not in self.taken
            and ("province" in self.kinds or not {"district", "commune"} & set(self.kinds))
            and _share(self.texts, self.places.is_province) > 0.5
        )
        if "province" not in self.taken and named:
            return "province", ""
        schemes = list(self.vocabulary.catalogue.schemes.values())
        checks: dict[str, Callable[[str], bool]] = {
            "category": lambda text: bool(self.vocabulary.category(text, schemes)[1]),
            "subject": lambda text: bool(self.vocabulary.subject(text)),
            "indicator": lambda text: bool(self.vocabulary.indicator(text)),
        }
        for role, check in checks.items():
            if role not in self.taken and role in self.kinds and _share(self.texts, check) > 0.5:
                return role, ""
        named = not self.headed and _share(self.texts, self.places.is_district) > 0.5
        if "area" not in self.taken and (named or {"district", "commune", "province"} & set(self.kinds)):
            communes = any(self.places.is_of_other_level(text, "district") for text in self.texts)
            districts = any(self.places.is_of_other_level(text, "commune") for text in self.texts)
            # beneath "Đơn vị" a name without its kind is of the level of those that have it
            communes = communes and not districts and self.kinds != ("district",)
            communes = communes or "commune" in self.kinds or self._are_no_districts()
            return "area", "commune" if communes else "district"
        # regions and totals stand beside the column of their provinces
        few = len(self.texts) < _FEW * len(self.values)
        # nor does "Số liệu" say of what the figures of a row are
        said = [self.vocabulary.heading(text) for text in self.texts]
        few = few or all(not one.rest and all(term.kind == "fillers" for term in one.terms) for one in said)
        return "words" if few and self.values else "unread" if self.texts else "", ""

    def _are_no_districts(self) -> bool:
        """Return whether a heading of any units stands above names of which few are those of districts."""
        bare = [text for text in self.texts if not self.places.bears_kind(text)]
        return self.kinds != ("district",) and bool(bare) and _share(bare, self.places.is_district) < 0.5


def numbering(cells: Sequence[Cell]) -> tuple[int, int] | None:
    """Return the first and last of whole numbers that stand in many cells once each, as codes do."""
    texts = [shown(cell) for cell in cells]
    if len(texts) < 2 * _MANY or not all(text.isdecimal() and len(text) < 5 for text in texts):
        return None
    numbers = {*map(int, texts)}
    low, high = min(numbers), max(numbers)
    return (low, high) if low < 2 and len(numbers) == len(texts) == high - low + 1 else None


def _share(values: Sequence[_Value], holds: Callable[[_Value], object]) -> float:
    return sum(1 for one in values if holds(one)) / len(values) if values else 0.0
