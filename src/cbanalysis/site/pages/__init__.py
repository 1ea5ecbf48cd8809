"""Executed notebooks to readable pages that stand alone: no other host, no markup from data."""
