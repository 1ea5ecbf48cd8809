"""What the columns and rows of a table mean: proposed from words, confirmed by a person, applied."""

from __future__ import annotations

from cbanalysis.layouts.applying import Applied, apply_layout, fits, source_id_of
from cbanalysis.layouts.drafts import sealed, table_of, unsealed
from cbanalysis.layouts.files import ENDING, layout_text, read_layout
from cbanalysis.layouts.places import Places
from cbanalysis.layouts.proposing import Proposal, propose
from cbanalysis.layouts.records import Document, Figure, Layout, Place, Rows, Table
from cbanalysis.layouts.vocabulary import Vocabulary

__all__ = [
    "ENDING",
    "Applied",
    "Document",
    "Figure",
    "Layout",
    "Place",
    "Places",
    "Proposal",
    "Rows",
    "Table",
    "Vocabulary",
    "apply_layout",
    "fits",
    "layout_text",
    "propose",
    "read_layout",
    "sealed",
    "source_id_of",
    "table_of",
    "unsealed",
]
