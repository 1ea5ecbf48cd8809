"""Numbers: rates, intervals, comparisons, regrouping. Rows in, the same rows with new columns out."""

from cbanalysis.dataset.observations.comparability import Dimension, differing, left_out, require_comparable
from cbanalysis.statistics.rates.borrowed_bases import borrow_base
from cbanalysis.statistics.rates.changes_between_years import change
from cbanalysis.statistics.rates.choosing_and_ranking import one_each, peers, rank, standard
from cbanalysis.statistics.rates.control_limits import before_after, control_limits
from cbanalysis.statistics.rates.funnel_limits import districts_of_one, funnel_curve, funnel_limits
from cbanalysis.statistics.rates.good_or_better import good_or_better
from cbanalysis.statistics.rates.indicator_overview import Overview, overview
from cbanalysis.statistics.rates.intervals import add_rates, as_complement, newcombe, wilson
from cbanalysis.statistics.rates.rating_distributions import distribution, goodman
from cbanalysis.statistics.rates.regrouping import missing_in_words, regroup
from cbanalysis.statistics.rates.significant_differences import compare
from cbanalysis.statistics.rates.two_indicators import rank_correlation, together

__all__ = [
    "Dimension", "Overview", "add_rates", "as_complement", "before_after", "borrow_base", "change",
    "compare", "control_limits", "differing", "distribution", "districts_of_one", "funnel_curve",
    "funnel_limits", "good_or_better", "goodman", "left_out", "missing_in_words", "newcombe", "one_each",
    "overview", "peers", "rank", "rank_correlation", "regroup", "require_comparable", "standard", "together",
    "wilson",
]  # fmt: skip
