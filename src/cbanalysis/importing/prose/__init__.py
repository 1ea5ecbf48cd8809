"""Figures from prose: documents in, candidates for a person to accept, correct or reject.

The grammar (numbers, what is counted, when, where, targets) stands in the TOML files of ``grammar``.
There is no language model and no network in it: each candidate says which rules it comes from.
"""

from __future__ import annotations

from cbanalysis.importing.prose.accepting import Accepted, accepted
from cbanalysis.importing.prose.deciding import ReviewFile, doubtful, folded, typed
from cbanalysis.importing.prose.documents import SUFFIXES, document_of, open_document
from cbanalysis.importing.prose.metadata import About
from cbanalysis.importing.prose.reading import read_document
from cbanalysis.importing.prose.records import Candidate, Document, Reading, figure_kind
from cbanalysis.importing.prose.review_table import (
    REVIEW_COLUMNS,
    ReviewRow,
    choices,
    read_review,
    write_review,
)

__all__ = [
    "REVIEW_COLUMNS", "SUFFIXES", "About", "Accepted", "Candidate", "Document", "Reading", "ReviewFile",
    "ReviewRow", "accepted", "choices", "document_of", "doubtful", "figure_kind", "folded", "open_document",
    "read_document", "read_review", "typed", "write_review",
]  # fmt: skip
