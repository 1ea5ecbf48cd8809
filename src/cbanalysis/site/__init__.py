"""Executed notebooks to readable pages that stand alone: no script, no other host, no markup from data."""

from cbanalysis.site.cleaning import clean_html
from cbanalysis.site.finishing import finish
from cbanalysis.site.index import write_index
from cbanalysis.site.pages import page

__all__ = ["clean_html", "finish", "page", "write_index"]
