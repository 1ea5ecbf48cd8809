"""Run notebooks with checked parameters, many at once, and record what was run.

The runner knows nothing of provinces or statistics: lists of allowed values, the page maker and what the
footer says are handed in. Nothing here prints; progress goes to a callback.

Modules are loaded when they are first used: where nothing changed neither papermill nor nbformat is needed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cbanalysis.common.errors import optional_libraries

if TYPE_CHECKING:
    from cbanalysis.batch.reports.batches import Batches
    from cbanalysis.batch.reports.checks import Allowed, check_parameters
    from cbanalysis.batch.reports.keys import Decision, Seer, decide, inputs_of
    from cbanalysis.batch.reports.manifest import MANIFEST, Manifest, Totals, read_manifest, write_manifest
    from cbanalysis.batch.reports.naming import slug
    from cbanalysis.batch.reports.origin import at_once, cores, package_digests, provenance, versions
    from cbanalysis.batch.reports.outputs import check_output, forget, report_folders
    from cbanalysis.batch.reports.parameters import Parameter, read_parameters
    from cbanalysis.batch.reports.plans import LANGUAGES, Language, Report, Wanted, find_notebook, plan
    from cbanalysis.batch.reports.remote import Shipment
    from cbanalysis.batch.reports.runner import run
    from cbanalysis.batch.reports.stored import store_outputs
    from cbanalysis.batch.reports.tasks import Batch, Finish, Outcome

__all__ = [
    "LANGUAGES",
    "MANIFEST",
    "Allowed",
    "Batch",
    "Batches",
    "Decision",
    "Finish",
    "Language",
    "Manifest",
    "Outcome",
    "Parameter",
    "Report",
    "Seer",
    "Shipment",
    "Totals",
    "Wanted",
    "at_once",
    "check_output",
    "check_parameters",
    "cores",
    "decide",
    "find_notebook",
    "forget",
    "inputs_of",
    "package_digests",
    "plan",
    "provenance",
    "read_manifest",
    "read_parameters",
    "report_folders",
    "run",
    "slug",
    "store_outputs",
    "versions",
    "write_manifest",
]

_MODULES = {
    "Allowed": "checks",
    "Batch": "tasks",
    "Batches": "batches",
    "Decision": "keys",
    "Finish": "tasks",
    "LANGUAGES": "plans",
    "Language": "plans",
    "MANIFEST": "manifest",
    "Manifest": "manifest",
    "Outcome": "tasks",
    "Parameter": "parameters",
    "Report": "plans",
    "Seer": "keys",
    "Shipment": "remote",
    "Totals": "manifest",
    "Wanted": "plans",
    "at_once": "origin",
    "check_output": "outputs",
    "check_parameters": "checks",
    "cores": "origin",
    "decide": "keys",
    "find_notebook": "plans",
    "forget": "outputs",
    "inputs_of": "keys",
    "package_digests": "origin",
    "plan": "plans",
    "provenance": "origin",
    "read_manifest": "manifest",
    "read_parameters": "parameters",
    "report_folders": "outputs",
    "run": "runner",
    "slug": "naming",
    "store_outputs": "stored",
    "versions": "origin",
    "write_manifest": "manifest",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- whatever is asked for
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with optional_libraries():
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
