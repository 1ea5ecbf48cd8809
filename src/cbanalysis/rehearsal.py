"""What the warm process does once, so that no kernel forked from it has to: read the data, draw, write."""

from __future__ import annotations

from contextlib import suppress

from cbanalysis import charts, notes, tables
from cbanalysis.catalogue import Language
from cbanalysis.errors import CbanalysisError
from cbanalysis.load import load_observations
from cbanalysis.rates import add_rates

__all__ = ["rehearse"]

_LANGUAGES: tuple[Language, ...] = ("vi", "en")


def rehearse() -> None:
    """Go once through what every report does, and forget the result.

    Files are read and checked, fonts and number formats loaded, letters laid out. What goes wrong here goes
    wrong in the reports too, and is told there.
    """
    with suppress(CbanalysisError):
        observations = load_observations()
        rated = add_rates(observations)
        few = rated[rated["interval"] != "none"].head(20)
        for lang in _LANGUAGES:
            notes.readings(few, lang=lang)
            tables.rates(few, lang=lang)
            tables.sources(few, lang=lang)
            chart = charts.coverage_matrix(observations, lang=lang)
            chart.svg()  # no PNG: it would start threads, and this process is forked
