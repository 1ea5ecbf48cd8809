"""Executed notebooks to readable pages that stand alone: no other host, no markup from data."""

from cbanalysis.site.cleaning import clean_html, harmless
from cbanalysis.site.figures import Figures, read_figures
from cbanalysis.site.index import USED, write_index
from cbanalysis.site.outdated import outdated
from cbanalysis.site.pages import page
from cbanalysis.site.revisions import compare, damaged, keep_evidence

__all__ = [
    "USED",
    "Figures",
    "clean_html",
    "compare",
    "damaged",
    "harmless",
    "keep_evidence",
    "outdated",
    "page",
    "read_figures",
    "write_index",
]
