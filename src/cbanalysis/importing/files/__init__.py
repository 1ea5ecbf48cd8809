"""Files from outside to grids and text: workbooks, CSV, web pages, Word, PDF, within one set of limits."""

from __future__ import annotations

from cbanalysis.common.errors import optional_libraries

with optional_libraries():
    from cbanalysis.common.limits import LIMITS_VARIABLE, Limits, limits, raised_limits, read_bytes
    from cbanalysis.importing.files.archives import open_archive
    from cbanalysis.importing.files.grids import (
        Cell,
        Formatted,
        Grid,
        NoValue,
        Span,
        address,
        distinct_cells,
        general,
        uncollected,
    )
    from cbanalysis.importing.files.letters import LETTERS, Letters
    from cbanalysis.importing.files.pages import Page, read_page
    from cbanalysis.importing.files.reading import TEXT_SUFFIXES, Article, tables, text
    from cbanalysis.importing.files.separated import stray_quotation_mark

__all__ = [
    "LETTERS",
    "LIMITS_VARIABLE",
    "TEXT_SUFFIXES",
    "Article",
    "Cell",
    "Formatted",
    "Grid",
    "Letters",
    "Limits",
    "NoValue",
    "Page",
    "Span",
    "address",
    "distinct_cells",
    "general",
    "limits",
    "open_archive",
    "raised_limits",
    "read_bytes",
    "read_page",
    "stray_quotation_mark",
    "tables",
    "text",
    "uncollected",
]
