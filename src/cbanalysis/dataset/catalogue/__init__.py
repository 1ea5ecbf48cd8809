"""What data/ holds: indicators and their variants, rating schemes, sources and policy events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from cbanalysis.common.errors import DataError, Fault, require_known
from cbanalysis.common.folders import content_of, data_folder
from cbanalysis.common.language import Language
from cbanalysis.dataset.catalogue.catalogue_files import read_declarations, read_events, read_sources
from cbanalysis.dataset.catalogue.entries import (
    PERCENT,
    Category,
    Event,
    Indicator,
    Record,
    Scheme,
    Source,
    Subject,
    Unit,
    Words,
    indicator_text,
)

__all__ = [
    "PERCENT", "Catalogue", "Category", "Event", "Indicator", "Scheme", "Source", "Subject", "Unit",
    "Words", "indicator_text",
]  # fmt: skip

_FILES = ("indicators.toml", "sources.csv", "events.csv")
_Named = TypeVar("_Named")


class Catalogue(Record):
    """Everything that data/ declares about its figures.

    Attributes
    ----------
    indicators : dict of str to Indicator
    subjects : dict of str to Subject
        What figures are said of.
    levels : dict of str to Words
        The levels of places.
    sub_kinds : dict of str to Words
        What ``category`` says in rows that are no ratings.
    units : dict of str to Unit
        Percent and count, and those that indicators.toml declares.
    schemes : dict of str to Scheme
    sources : dict of str to Source
    events : tuple of Event
        Oldest first.
    """

    indicators: dict[str, Indicator]
    subjects: dict[str, Subject]
    levels: dict[str, Words]
    sub_kinds: dict[str, Words]
    units: dict[str, Unit]
    schemes: dict[str, Scheme]
    sources: dict[str, Source]
    events: tuple[Event, ...]

    @classmethod
    def read(cls, folder: Path | None = None) -> Catalogue:
        """Read indicators.toml, sources.csv and events.csv of a data folder.

        Parameters
        ----------
        folder : Path, optional
            The data folder; the one that ships with the package by default.

        Returns
        -------
        Catalogue

        Raises
        ------
        DataError
            If a file is missing or breaks the contract; lists all faults of the three files.
        """
        place = data_folder(folder)
        return _read(place, content_of(*(place / file for file in _FILES)))

    def indicator(self, indicator_id: str) -> Indicator:
        """Return one indicator.

        Raises
        ------
        UnknownName
            If there is none of that name; names the nearest.
        """
        return _get("indicator", indicator_id, self.indicators)

    def sign_of(self, indicator_id: str, style: Language) -> str:
        """Return what stands behind values of an indicator in documents of a style, ``""`` for nothing."""
        known = self.indicators.get(indicator_id)
        sign = self.units[known.unit].sign if known else None
        return sign[style] if sign else ""

    def unit_of(self, indicator_id: str) -> Unit:
        """Return what an indicator's values are given in."""
        return self.units[self.indicator(indicator_id).unit]

    def scheme(self, scheme_id: str) -> Scheme:
        """Return one rating scheme.

        Raises
        ------
        UnknownName
            If there is none of that name; names the nearest.
        """
        return _get("rating scheme", scheme_id, self.schemes)

    @property
    def rated(self) -> frozenset[str]:
        """The indicators whose figures are ratings."""
        return frozenset(name for scheme in self.schemes.values() for name in scheme.indicators)

    @property
    def totals(self) -> tuple[str, ...]:
        """The indicators whose counts are the totals of their place and subject."""
        return tuple(one.id for one in self.indicators.values() if one.total)

    def schemes_of(self, indicator: str, subject: str, years: Iterable[int]) -> list[Scheme]:
        """Return the schemes by which an indicator of a subject is rated in all of some years.

        Parameters
        ----------
        indicator, subject : str
            ``""`` where it isn't known.
        years : iterable of int
            Those that are known.

        Returns
        -------
        list of Scheme
            One at most where indicator, subject and a year are known: indicators.toml can't say more.
        """
        group, known = "member" if subject == "member" else "organisation", [*years]
        return [
            one
            for one in self.schemes.values()
            if (not indicator or indicator in one.indicators)
            and (not subject or one.subject_group == group)
            and all(map(one.covers, known))
        ]

    def source(self, source_id: str) -> Source:
        """Return one source document.

        Raises
        ------
        UnknownName
            If there is none of that name; names the nearest.
        """
        return _get("source", source_id, self.sources)


@lru_cache(maxsize=8)
def _read(place: Path, content: str) -> Catalogue:
    """Read the three files once for each content: every table and note asks for them again."""
    del content
    faults: list[Fault] = []
    declared = read_declarations(place / "indicators.toml", faults)
    sources = read_sources(place / "sources.csv", faults)
    events = read_events(place / "events.csv", faults)
    DataError.raise_if(faults)
    return Catalogue(**declared, sources=sources, events=events)


def _get(kind: str, name: str, known: Mapping[str, _Named]) -> _Named:
    require_known(kind, name, known)
    return known[name]
