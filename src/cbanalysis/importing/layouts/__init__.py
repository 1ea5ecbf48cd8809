"""What the columns and rows of a table mean: proposed from words, confirmed by a person, applied."""

from __future__ import annotations

from cbanalysis.importing.layouts.applying import Applied, apply_layout, fits, source_id_of
from cbanalysis.importing.layouts.drafting import Drafted, draft_indicators
from cbanalysis.importing.layouts.files import (
    ENDING,
    layout_text,
    read_layout,
    rows_left_out,
    sealed,
    table_of,
    unsealed,
    without_rows,
)
from cbanalysis.importing.layouts.places import Places
from cbanalysis.importing.layouts.proposing import Proposal, Told, propose
from cbanalysis.importing.layouts.records import Document, Figure, Layout, Place, Rows, Table
from cbanalysis.importing.layouts.vocabulary import Vocabulary

__all__ = [
    "ENDING",
    "Applied",
    "Document",
    "Drafted",
    "Figure",
    "Layout",
    "Place",
    "Places",
    "Proposal",
    "Rows",
    "Table",
    "Told",
    "Vocabulary",
    "apply_layout",
    "draft_indicators",
    "fits",
    "layout_text",
    "propose",
    "read_layout",
    "rows_left_out",
    "sealed",
    "source_id_of",
    "table_of",
    "unsealed",
    "without_rows",
]
