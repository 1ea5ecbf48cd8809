"""How a rating becomes a bar: which classes stand beside each other, which lie inside another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from cbanalysis.common.language import spoken, words_of
from cbanalysis.dataset.catalogue import Catalogue, Category, Scheme
from cbanalysis.dataset.observations.places_and_years import strings
from cbanalysis.display.charts.labels_and_values import labels
from cbanalysis.display.charts.look import nfc
from cbanalysis.display.words import number, records
from cbanalysis.statistics.rates.rating_distributions import one_rating

Kind = Literal["stacked", "diverging"]

_WORDS = words_of("charts.pieces")
_LEAST_REST = 0.05


@dataclass(frozen=True)
class Piece:
    """One part of a bar: where it starts and how wide it is, in percent, and what is written on it."""

    category: Category | None
    start: float
    width: float
    text: str
    inset: bool = False
    row: int | None = None
    figure: str = ""


@dataclass(frozen=True)
class Bar:
    """One rating of one place: its label and its pieces."""

    label: str
    scheme: Scheme
    pieces: tuple[Piece, ...]

    @property
    def tall(self) -> bool:
        """Whether it holds an inset and needs the height for it."""
        return any(piece.inset for piece in self.pieces)


def _value(row: Mapping[str, Any]) -> float:
    share = row.get("share")
    return float(row["rate"] if share is None or pd.isna(share) else share)


def _text(row: Mapping[str, Any]) -> str:
    """Return the number as printed; one decimal where it was worked out from counts."""
    printed, decimals = row.get("percent"), row.get("decimals")
    if printed is None or pd.isna(printed):
        return number(_value(row), decimals=1)
    text = number(float(printed), decimals=None if decimals is None or pd.isna(decimals) else int(decimals))
    return f"~\N{NO-BREAK SPACE}{text}" if row.get("interval") == "about" else text


def _piece(
    row: Mapping[str, Any], scheme: Scheme, start: float, width: float | None = None, *, inset: bool = False
) -> Piece:
    category = scheme.category(str(row["category_id"]))
    wide = _value(row) if width is None else width
    return Piece(category, start, wide, _text(row), inset, row["_row"], str(row.get("observation_id") or ""))


def _holder(row: Mapping[str, Any], scheme: Scheme, there: set[str]) -> str:
    """Return the drawn class that holds a part, "" when there is none."""
    category = scheme.category(str(row["category_id"]))
    base = str(row.get("base_of") or "")
    wider = [one.id for one in scheme.categories if category.id in one.parts]
    return next((one for one in (base, category.part_of, *wider) if one in there), "")


def _base_layer(rows: Sequence[dict[str, Any]], scheme: Scheme) -> list[dict[str, Any]]:
    """Return the classes that stand beside each other, in the scheme's order, each once."""
    usable = [row for row in rows if not pd.isna(_value(row)) and str(row.get("base_of") or "") != "unclear"]
    single = {row["category_id"]: row for row in reversed(usable) if row["category_kind"] == "exclusive"}
    for row in usable:
        category = scheme.category(row["category_id"])
        parts = {one for part in category.parts for one in (part, *scheme.category(part).parts)}
        if row["category_kind"] == "cumulative" and not set(category.parts) <= set(single):
            # The parts that are printed too lie inside it: they become insets.
            single = {name: one for name, one in single.items() if name not in parts}
            single.setdefault(category.id, row)
    return sorted(single.values(), key=lambda row: scheme.category(row["category_id"]).order)


def _insets(
    rows: Sequence[dict[str, Any]], layer: Sequence[dict[str, Any]], scheme: Scheme
) -> list[tuple[dict[str, Any], str, float]]:
    """Return parts with the class that holds them and their width in percent of the whole."""
    there = {row["category_id"]: _value(row) for row in layer}
    drawn = {id(row) for row in layer}
    found: dict[str, tuple[dict[str, Any], str, float]] = {}
    for row in rows:
        if id(row) in drawn or row["category_kind"] not in ("part", "exclusive") or pd.isna(_value(row)):
            continue
        base = str(row.get("base_of") or "")
        holder = _holder(row, scheme, set(there))
        if not holder or base not in ("", holder) or row["category_id"] in there:
            continue
        width = _value(row) * there[holder] / 100 if base == holder else _value(row)
        if width <= there[holder] + 0.05:
            found.setdefault(holder, (row, holder, width))
    return list(found.values())


def _stacked(layer: Sequence[dict[str, Any]], scheme: Scheme) -> list[Piece]:
    pieces, start = [], 0.0
    for row in layer:
        pieces.append(_piece(row, scheme, start))
        start += _value(row)
    return pieces


def _diverging(layer: Sequence[dict[str, Any]], scheme: Scheme) -> list[Piece]:
    """Stack the good classes to the right of zero, the best outermost; the others to the left."""
    pieces: list[Piece] = []
    right = left = 0.0
    for row in reversed(layer):
        if scheme.category(row["category_id"]).good_or_better:
            pieces.append(_piece(row, scheme, right))
            right += _value(row)
    for row in layer:
        if not scheme.category(row["category_id"]).good_or_better:
            left += _value(row)
            pieces.append(_piece(row, scheme, -left))
    return pieces


def _bar(label: str, rows: Sequence[dict[str, Any]], scheme: Scheme, kind: Kind) -> Bar | None:
    layer = _base_layer(rows, scheme)
    if not layer:
        return None
    pieces = (_stacked if kind == "stacked" else _diverging)(layer, scheme)
    places = {piece.category.id: piece for piece in pieces if piece.category}
    for row, holder, width in _insets(rows, layer, scheme):
        pieces.append(_piece(row, scheme, places[holder].start, width, inset=True))
    rest = 100 - sum(piece.width for piece in places.values())
    if rest > _LEAST_REST and not any(bool(row.get("complete")) for row in layer):
        end = max(piece.start + piece.width for piece in places.values())
        pieces.append(Piece(None, end if kind == "stacked" else float("nan"), rest, ""))
    return Bar(label, scheme, tuple(pieces))


def _named(rows: pd.DataFrame, catalogue: Catalogue) -> list[str]:
    """Return what each row's bar is called: place, and indicator, subject and year where these differ."""
    found = labels(rows)
    indicators = {name: one.name for name, one in catalogue.indicators.items()}
    for column, names in (("indicator", indicators), ("subject", catalogue.subjects)):
        if column in rows and len(set(rows[column])) > 1:
            found = [f"{one}, {spoken(names[code])}" for one, code in zip(found, rows[column], strict=True)]
    if "year" in rows and len(rows["year"].unique()) > 1:
        years = [spoken(_WORDS["unknown"]) if pd.isna(year) else str(int(year)) for year in rows["year"]]
        found = [f"{one}, {year}" for one, year in zip(found, years, strict=True)]
    return [nfc(one) for one in found]


def bars_of(rows: pd.DataFrame, kind: Kind) -> list[Bar]:
    """Return the bars, scheme after scheme in time, in the order of their first rows.

    Parameters
    ----------
    rows : DataFrame
        Rows of ``rates.distribution`` that belong to a scheme, with ``rate``. Each piece knows the position
        of its row; a rating without any class has no bar.
    kind : {"stacked", "diverging"}
        From a common edge, or to both sides of the line between good and fulfilled.
    """
    catalogue = Catalogue.read()
    named = rows.assign(_label=_named(rows, catalogue), _row=range(len(rows)))
    bars = []
    for _, group in named.groupby((one_rating(rows) + "|" + strings(rows, "label")).to_numpy(), sort=False):
        scheme = catalogue.scheme(str(group["scheme"].iloc[0]))
        bar = _bar(str(group["_label"].iloc[0]), records(group), scheme, kind)
        bars += [bar] if bar else []
    return sorted(
        bars, key=lambda bar: (bar.scheme.subject_group == "member", bar.scheme.valid_from, bar.scheme.id)
    )
