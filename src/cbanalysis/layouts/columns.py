"""What a table's columns hold, by their headers and by their cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cbanalysis.files import Cell
from cbanalysis.layouts.heads import Body, is_number, shown
from cbanalysis.layouts.places import Places, label, period_in
from cbanalysis.layouts.vocabulary import Vocabulary, plain

__all__ = ["Column", "columns_of"]

_Value = TypeVar("_Value")

_SAMPLE = 300
_MISSING = {"", "x", "không có số liệu", "chưa có số liệu", "n a", "na"}
_COMMUNES = ("xã ", "phường ", "thị trấn ", "xa ", "phuong ", "thi tran ")


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    role : str
        province, area, period, subject, indicator, category, order or note; ``""`` for figures, ``"unread"``
        for text that nothing is known of.
    level : str
        district or commune, for an area.
    values : tuple of Cell
        Some of its filled cells.
    """

    at: int
    header: str
    role: str
    level: str = ""
    values: tuple[Cell, ...] = ()


def columns_of(body: Body, vocabulary: Vocabulary, places: Places) -> list[Column]:
    """Return the columns of a table, from left to right; empty ones without a header are left out."""
    columns: list[Column] = []
    taken: set[str] = set()
    for at, header in enumerate(body.headers):
        cells = body.grid.column(at)[body.first : min(body.last, body.first + _SAMPLE)]
        values = tuple(cell for cell in cells if shown(cell))
        if not header and not values:
            continue
        role, level = _role(header, values, taken, vocabulary, places, first=not columns)
        if role in {"province", "area", "period", "subject", "indicator", "category"}:
            taken.add(role)
        columns.append(Column(at, header, role, level, values))
    return columns


def _role(  # noqa: PLR0911, PLR0913 -- one return for each kind of column, and what they look at
    header: str,
    values: tuple[Cell, ...],
    taken: set[str],
    vocabulary: Vocabulary,
    places: Places,
    *,
    first: bool,
) -> tuple[str, str]:
    last = header.rpartition(" | ")[2]
    kinds = vocabulary.column_kinds(last) or vocabulary.column_kinds(header)
    if "order" in kinds or (first and not header):
        return "order", ""
    if "note" in kinds:
        return "note", ""
    labels = [label(shown(cell)) for cell in values]
    texts = [text for text in labels if not vocabulary.is_total(text) and not places.is_region(text)]
    if "period" in kinds or ("period" not in taken and first and _share(texts, _is_period) > 0.9):
        return "period", ""
    told = [cell for cell in values if plain(shown(cell)) not in _MISSING]
    if told and _share(told, is_number) > 0.5:
        return "", ""
    # a heading that can mean nothing else decides, however the names in its column are spelled
    named = kinds == ("province",) or ("area" not in taken and _share(texts, places.is_province) > 0.5)
    if "province" not in taken and named:
        return "province", ""
    schemes = list(vocabulary.catalogue.schemes.values())
    checks = {
        "category": lambda text: bool(vocabulary.category(text, schemes, whole=True)[1]),
        "subject": lambda text: bool(vocabulary.subject(text)),
        "indicator": lambda text: bool(vocabulary.indicator(text)),
    }
    for role, check in checks.items():
        if role not in taken and role in kinds and _share(texts, check) > 0.5:
            return role, ""
    if "area" not in taken and {"district", "commune", "province"} & set(kinds):
        communes = "commune" in kinds or _share(texts, lambda text: plain(text).startswith(_COMMUNES)) > 0.5
        return "area", "commune" if communes else "district"
    return ("unread", "") if texts else ("", "")


def _is_period(text: str) -> bool:
    return period_in(text) is not None and len(text) < 20


def _share(values: Sequence[_Value], holds: Callable[[_Value], bool]) -> float:
    return sum(map(holds, values)) / len(values) if values else 0.0
