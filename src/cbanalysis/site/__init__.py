"""Executed notebooks in, pages and downloads out, with the provenance of each figure."""

PRELOADED = ("cbanalysis.site.page_and_downloads", "cbanalysis.site.preloading")
"""What makes pages, by name: loaded by the process that workers are forked from."""
