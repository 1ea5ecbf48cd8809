"""Notebooks with parameters, many at once; knows nothing of statistics."""
