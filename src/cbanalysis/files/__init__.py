"""Files from outside to grids and text: workbooks, CSV, web pages, Word, PDF, within one set of limits."""

from __future__ import annotations

from cbanalysis.errors import optional_libraries

with optional_libraries():
    from cbanalysis.files.archives import open_archive
    from cbanalysis.files.grids import Cell, Formatted, Grid, NoValue, Span, address, distinct_cells, general
    from cbanalysis.files.letters import LETTERS, Letters
    from cbanalysis.files.pages import Page, read_page
    from cbanalysis.files.reading import TEXT_SUFFIXES, Article, tables, text
    from cbanalysis.files.separated import stray_quotation_mark
    from cbanalysis.limits import LIMITS_VARIABLE, Limits, limits, raised_limits, read_bytes

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
]
