"""A file to grids: workbooks, text tables, pages, Word and PDF, as cells with their addresses."""

from __future__ import annotations

from cbanalysis.errors import optional_libraries

with optional_libraries():
    from cbanalysis.sheets.grids import Cell, Grid, Span, address, distinct_cells
    from cbanalysis.sheets.letters import LETTERS, Letters
    from cbanalysis.sheets.reading import read_grids

__all__ = ["LETTERS", "Cell", "Grid", "Letters", "Span", "address", "distinct_cells", "read_grids"]
