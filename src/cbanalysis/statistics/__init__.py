"""Rows in, rows out: rates with their intervals, comparisons, and the audit."""
