"""What a row without a base may be a share of: totals, and numbers printed beside it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from cbanalysis.dataset.catalogue import Catalogue, Scheme
from cbanalysis.statistics.audit.rows import Row, grouped

_NOT_SAID = "unclear"


@dataclass(frozen=True)
class Groups:
    """The rows of an audit, with what the checks look up in them.

    Attributes
    ----------
    rows : tuple of Row
        All observations, sorted by id.
    catalogue : Catalogue
        Schemes and sources.
    totals : dict
        Exact counts of all organisations or members by place, period and subject.
    beside : dict
        Rows by scope (one indicator, subject, place, period and document).
    about : dict
        The same, whatever the subject is.
    """

    rows: tuple[Row, ...]
    catalogue: Catalogue
    totals: dict[Hashable, tuple[Row, ...]]
    beside: dict[Hashable, tuple[Row, ...]]
    about: dict[Hashable, tuple[Row, ...]]

    def scheme(self, row: Row) -> Scheme | None:
        """Return the rating scheme of a row; None if it has none that is known."""
        return self.catalogue.schemes.get(row.scheme)

    def named_totals(self, row: Row) -> tuple[Row, ...]:
        """Return every total of the same place, period and subject, whatever it counts.

        Of what happened in a period: its total in the same document.
        """
        indicator = self.catalogue.indicators.get(row.indicator)
        if indicator and indicator.flow:
            beside = self.beside.get(row.scope, ())
            return tuple(other for other in beside if not other.category and other.exact_count)
        return self.totals.get((row.place, row.start, row.end, row.subject), ())

    def total_rows(self, row: Row) -> tuple[Row, ...]:
        """Return the totals that a row without a printed base should be a share of.

        Those rated where it is a rating and their number is known; otherwise all, or those of which it isn't
        said. The rating of members leaves out the exempt (one in six, where both numbers are printed), so all
        members are no base of it. Totals of the same document go first.
        """
        if row.definition or row.base_of not in {"", "all"}:
            return ()
        found = self.named_totals(row)
        rated = bool(row.scheme) and row.base_of == ""
        if rated and any(total.definition == "rated" for total in found):
            wanted = {"rated"}
        elif rated and row.subject == "member":
            wanted = {_NOT_SAID}
        else:
            wanted = {"", _NOT_SAID}
        fitting = tuple(total for total in found if total.definition in wanted)
        own = tuple(total for total in fitting if total.source == row.source)
        return own or fitting

    def candidates(self, row: Row) -> tuple[tuple[int, Row], ...]:
        """Return the numbers that a row without a base may be a share of, each with the row that gives it."""
        beside = tuple(other for other in self.beside.get(row.scope, ()) if other is not row)
        if row.base_of == _NOT_SAID:
            # cells may be a share of villages: any share printed beside it counts, whatever it is of; but the
            # classes of a rating are no bases of one another
            about = [other for other in self.about.get(_about(row), ()) if other.base and not row.scheme]
            numbers = [
                (number, other)
                for other in about
                if other is not row
                for number in (other.exact_count, other.base)
            ]
        elif row.base_of and row.base_of != "all":
            whole = (other for other in beside if other.category_id == row.base_of and not other.base_of)
            numbers = [(other.exact_count, other) for other in whole if other.definition == row.definition]
        else:
            numbers = [(total.exact_count, total) for total in self.total_rows(row)]
        least = row.count or 0
        return tuple((number, other) for number, other in numbers if number and number >= least)


def groups_of(rows: tuple[Row, ...], catalogue: Catalogue) -> Groups:
    """Return the rows with their totals and scopes looked up."""
    counted = (row for row in rows if row.indicator == "org_count" and row.exact_count and not row.category)
    return Groups(
        rows=rows,
        catalogue=catalogue,
        totals=_keyed(counted, lambda row: (row.place, row.start, row.end, row.subject)),
        beside=_keyed(rows, lambda row: row.scope),
        about=_keyed(rows, _about),
    )


def _about(row: Row) -> Hashable:
    return row.indicator, row.place, row.start, row.end, row.source


def _keyed(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> dict[Hashable, tuple[Row, ...]]:
    return {key(group[0]): group for group in grouped(rows, key)}


def atoms_of(scheme: Scheme) -> dict[str, frozenset[str]]:
    """Return the smallest classes that each category of a scheme is made of.

    ``strong`` of the old scheme is made of ``exemplary`` and ``strong_only``, ``weak`` of itself.
    """
    parts = {category.id: category.parts for category in scheme.categories if category.kind != "unclear"}

    def split(category: str, seen: frozenset[str]) -> frozenset[str]:
        inside = [part for part in parts.get(category, ()) if part not in seen]
        if not inside:
            return frozenset({category})
        return frozenset().union(*(split(part, seen | {category}) for part in inside))

    return {category: split(category, frozenset({category})) for category in parts}


def rated(groups: Groups, *, across_bases: bool = False) -> Iterator[tuple[Scheme, tuple[Row, ...]]]:
    """Yield the ratings that one document gives one place, subject and period, with their scheme."""
    usable = []
    for row in groups.rows:
        scheme = groups.scheme(row)
        known = {category.id: category for category in scheme.categories} if scheme else {}
        category = known.get(row.category_id)
        if category is None or row.kind in {"", "unclear"} or row.complement:
            continue
        # printed as plain "good" but with the excellent inside it: not the class that its id names
        if row.kind != "cumulative" or category.kind == "cumulative":
            usable.append(row)
    for group in grouped(
        usable, lambda row: (*row.scope, row.definition, row.scheme, across_bases or row.base_of)
    ):
        yield groups.catalogue.schemes[group[0].scheme], group
