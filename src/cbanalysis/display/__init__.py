"""Rows in, something to look at out: words, charts, tables, notes, citations."""
