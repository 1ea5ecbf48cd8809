"""Executed notebooks to readable pages that stand alone: no other host, no markup from data."""

from cbanalysis.common.errors import harmless
from cbanalysis.site.pages.figures_shown import Figures, read_figures
from cbanalysis.site.pages.front_page import USED, write_index
from cbanalysis.site.pages.report_page import folder_of, outdated, page, read_steps
from cbanalysis.site.pages.revisions import compare, damaged, keep_provenance
from cbanalysis.site.pages.safe_html import clean_html

__all__ = [
    "USED", "Figures", "clean_html", "compare", "damaged", "folder_of", "harmless", "keep_provenance",
    "outdated", "page", "read_figures", "read_steps", "write_index",
]  # fmt: skip
