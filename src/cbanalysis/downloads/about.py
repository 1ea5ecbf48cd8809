"""What every download says of its report: title, dates, how to cite, and the documents behind the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cbanalysis.site.figures import Figures, day

__all__ = ["About", "Document", "documents"]


@dataclass(frozen=True)
class Document:
    """A document that figures of a report come from.

    Attributes
    ----------
    id, publisher, title : str
        As the data have them; empty where not known.
    published : str
        Year, month or day in ISO form.
    address : str
        Where it is on the web; empty where nowhere.
    terms : str
        On what terms its figures stand.
    figures : int
        How many of the report's figures come from it.
    """

    id: str
    publisher: str
    title: str
    published: str
    address: str
    terms: str
    figures: int

    def line(self, language: str) -> str:
        """Return the document in one line: publisher, title, date."""
        parts = (self.publisher, self.title or self.id, day(self.published, language))
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class About:
    """A report's title and particulars, in its language."""

    title: str
    language: str
    data_date: str
    version: str
    citation: str
    licence: str
    words: Mapping[str, str]
    documents: tuple[Document, ...]


def documents(figures: Figures, ids: tuple[str, ...]) -> tuple[Document, ...]:
    """Return the documents of some figures, sorted by id."""
    found = []
    for one in figures.used(ids):
        source = figures.sources[one]
        number = sum(figures.known[each]["source"] == one for each in ids)
        names = ("publisher", "title", "published", "terms")
        texts = {name: str(source.get(name) or "") for name in names}
        found.append(Document(id=one, address=figures.address(one), figures=number, **texts))
    return tuple(found)
