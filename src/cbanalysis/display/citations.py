"""The documents behind figures, ready to cite: a line for readers, BibTeX and CSL-JSON for managers."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import pandas as pd

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.common.language import Language
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.catalogue.vietnamese_wordings import worded_source
from cbanalysis.display.bibtex_and_csl import Document, bibtex, csl
from cbanalysis.display.words import of_rows, period


@dataclass(frozen=True)
class Citations:
    """The documents behind a frame; shows itself as a list.

    Attributes
    ----------
    documents : tuple of Document
        Sorted by id.
    language : {"vi", "en"}
        In which dates are written; titles stay as they are.
    """

    documents: tuple[Document, ...]
    language: Language

    @property
    def lines(self) -> tuple[str, ...]:
        """One line a document, its address at the end where it has one."""
        pairs = ((self._line(one), one.address) for one in self.documents)
        return tuple(f"{line}. {address}" if address else f"{line}." for line, address in pairs)

    def _line(self, one: Document) -> str:
        return one.line(period(one.published, one.published, self.language) if one.published else "")

    @property
    def bibtex(self) -> str:
        """The documents as BibTeX."""
        return bibtex(self.documents)

    @property
    def csl(self) -> str:
        """The documents as CSL-JSON."""
        return csl(self.documents)

    def __len__(self) -> int:
        return len(self.documents)

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        points = []
        for one in self.documents:
            words = html.escape(self._line(one))
            if re.match(r"https?://", one.address):
                words = f'<a href="{html.escape(one.address)}" rel="noopener">{words}</a>'
            points.append(f"<li>{words}</li>")
        return {"text/plain": str(self), "text/html": f'<ul class="cb-note">{"".join(points)}</ul>'}


@of_rows
def cite(frame: pd.DataFrame, *, lang: Language = "vi") -> Citations:
    """Return how to cite the documents that the rows of a frame were printed in.

    Parameters
    ----------
    frame : DataFrame
        Any rows with ``source_id``: observations, rates, what a chart has drawn (``chart.frame``). Sums name
        several sources, joined by ``+``.
    lang : {"vi", "en"}
        Language of the dates.

    Returns
    -------
    Citations
        Each document once; ``bibtex`` and ``csl`` hold the files for reference managers.

    Raises
    ------
    CbanalysisError
        If the frame doesn't say where its rows come from, or they come from a register of meeting records:
        no document, but the message says what to cite.
    UnknownName
        If a source isn't in data/sources.csv, or the language is another one.

    Examples
    --------
    >>> from cbanalysis import load_observations
    >>> citations = cite(load_observations("office_cell_adoption", provinces="Bình Thuận"), lang="en")
    >>> len(citations), citations.bibtex[:14]
    (1, '@misc{seed-000')
    """
    if "source_id" not in frame:
        raise CbanalysisError(
            f"can't cite: no column source_id (there are {', '.join(map(str, frame.columns[:6]))}, …);"
            " cite the rows that it was made from"
        )
    if "left_out" in frame:
        raise CbanalysisError(_of_a_register(frame))
    catalogue = Catalogue.read()
    used: dict[str, int] = {}
    for joined in frame["source_id"]:
        for source_id in filter(None, re.split(r"[+;\s]+", str(joined))):
            used[source_id] = used.get(source_id, 0) + 1
    found = {one: worded_source(catalogue.source(one)) for one in sorted(used)}
    told = ("publisher", "title", "published", "address", "terms")
    return Citations(
        tuple(
            Document(id=one, figures=used[one], **{name: getattr(source, name) for name in told})
            for one, source in found.items()
        ),
        lang,
    )


def _of_a_register(frame: pd.DataFrame) -> str:
    """Return what to cite for meeting records, which are printed nowhere."""
    names = ", ".join(repr(one) for one in sorted(set(frame["source_id"])))
    months = {str(one) for column in ("period_start", "period_end") for one in frame[column]}
    return (
        f"can't cite {names}: a register of meeting records, no published document; name the register itself,"
        f" who keeps it, its months ({min(months)} to {max(months)}), and the day on which you read it"
    )
