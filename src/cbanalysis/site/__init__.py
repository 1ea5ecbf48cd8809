"""Executed notebooks in, pages and downloads out, with the provenance of each figure."""
