"""Executed notebooks to readable pages that stand alone: no other host, no markup from data."""

from cbanalysis.common.errors import harmless
from cbanalysis.site.pages.cleaning import clean_html
from cbanalysis.site.pages.figures import Figures, read_figures
from cbanalysis.site.pages.index import USED, write_index
from cbanalysis.site.pages.pages import folder_of, outdated, page, read_steps
from cbanalysis.site.pages.revisions import compare, damaged, keep_provenance

__all__ = [
    "USED", "Figures", "clean_html", "compare", "damaged", "folder_of", "harmless", "keep_provenance",
    "outdated", "page", "read_figures", "read_steps", "write_index",
]  # fmt: skip
