"""What the warm process does once, so that no kernel forked from it has to: read the data, draw, write."""

from __future__ import annotations

from contextlib import suppress

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.common.language import LANGUAGES
from cbanalysis.dataset.load import load_observations
from cbanalysis.display import charts, notes, tables
from cbanalysis.statistics.rates import add_rates


def warm_up() -> None:
    """Go once through what every report does, and forget the result.

    Files are read and checked, fonts and number formats loaded, letters laid out. What goes wrong here goes
    wrong in the reports too, and is told there.
    """
    with suppress(CbanalysisError):
        observations = load_observations()
        rated = add_rates(observations)
        few = rated[rated["interval"] != "none"].head(20)
        for lang in LANGUAGES:
            notes.readings(few, lang=lang)
            tables.rates(few, lang=lang)
            tables.sources(few, lang=lang)
            chart = charts.coverage_matrix(observations, lang=lang)
            chart.svg()  # no PNG: it would start threads, and this process is forked
