"""What every download says of its report: title, dates, how to cite, and the documents behind the figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from cbanalysis.display.bibtex_and_csl import Document
from cbanalysis.site.pages.figures_shown import Figures


@dataclass(frozen=True)
class About:
    """A report's title and particulars, in its language; its documents, or some of them."""

    title: str
    language: str
    when: tuple[str, str]
    version: str
    citation: str
    licence: str
    words: Mapping[str, str]
    documents: tuple[Document, ...]
    some: bool = False

    @property
    def heading(self) -> str:
        """Above the documents."""
        return self.words["further_sources" if self.some else "sources"]

    @property
    def facts(self) -> str:
        """Of when the figures are, and what made the report."""
        upto = f"{' '.join(self.when)} · " if self.when[1] else ""
        return f"{upto}cbanalysis {self.version}"

    def particulars(self, *names: str) -> list[tuple[str, str]]:
        """Return what is known of the report, each with its word."""
        told = {
            name: (self.words[name], text)
            for name, text in (("cite", self.citation), ("licence", self.licence))
        }
        told |= {"when": self.when, "version": (self.words["version"], f"cbanalysis {self.version}")}
        return [told[name] for name in names if told[name][1]]


def documents(figures: Figures, ids: tuple[str, ...], language: str) -> tuple[Document, ...]:
    """Return the documents of some figures, sorted by id."""
    found = []
    numbers = Counter(figures.known[one]["source"] for one in ids)
    for one in sorted(numbers):
        source = figures.source(one, language)
        names = ("publisher", "title", "published", "terms")
        texts = {name: str(source.get(name) or "") for name in names}
        found.append(Document(id=one, address=figures.address(one), figures=numbers[one], **texts))
    return tuple(found)
