"""Files from outside to grids and text: workbooks, CSV, web pages, Word, PDF, within one set of limits."""

from __future__ import annotations

from cbanalysis.common.errors import optional_libraries

with optional_libraries():
    import lxml  # noqa: F401 -- what all readers need; said by its extra where it is missing
    import python_calamine  # noqa: F401 -- as above
