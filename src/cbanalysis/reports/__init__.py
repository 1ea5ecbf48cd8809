"""Run notebooks with checked parameters, many at once, and record what was run.

The runner knows nothing of provinces or statistics: lists of allowed values, the page maker and what the
footer says are handed in. Nothing here prints; progress goes to a callback.
"""

from cbanalysis.reports.checks import Allowed, check_parameters
from cbanalysis.reports.execution import Outcome, Page
from cbanalysis.reports.outputs import check_output
from cbanalysis.reports.parameters import Parameter, read_parameters
from cbanalysis.reports.plans import LANGUAGES, Language, Report, find_notebook, plan, slug
from cbanalysis.reports.runner import cores, provenance, run
from cbanalysis.reports.stored import store_outputs

__all__ = [
    "LANGUAGES",
    "Allowed",
    "Language",
    "Outcome",
    "Page",
    "Parameter",
    "Report",
    "check_output",
    "check_parameters",
    "cores",
    "find_notebook",
    "plan",
    "provenance",
    "read_parameters",
    "run",
    "slug",
    "store_outputs",
]
