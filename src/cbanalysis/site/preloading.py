"""What takes long the first time, done once on import: by the process that workers are forked from."""

from __future__ import annotations

import gc
from contextlib import suppress

from nbformat.v4 import new_code_cell, new_notebook

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.common.language import speaking
from cbanalysis.display.words import code_names
from cbanalysis.site.downloads.word import template
from cbanalysis.site.pages.page_words import WORDS
from cbanalysis.site.pages.report_page import page

# Templates are compiled, code is coloured, names are read. Nothing is typeset: that starts threads, which a
# fork doesn't have.
page(
    new_notebook(cells=[new_code_cell("1")]),  # type: ignore[no-untyped-call]
    {"report": "report", "notebook": "report", "language": "vi"},
)
for language in WORDS:
    template(language)
# A fault of the data folder is told by the report that meets it.
with suppress(CbanalysisError), speaking("vi"):
    code_names()
# What is here now lasts as long as its process: no worker searches it for garbage again and again, and what
# reports are made of isn't searched every 700 objects.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
