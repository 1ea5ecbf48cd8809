"""Run notebooks with checked parameters, many at once, and record what was run.

The runner knows nothing of provinces or statistics: lists of allowed values, the page maker and what the
footer says are handed in. Nothing here prints; progress goes to a callback.

Modules are loaded when they are first used: where nothing changed neither papermill nor nbformat is needed.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from cbanalysis.common.errors import optional_libraries

if TYPE_CHECKING:
    from cbanalysis.batch.reports.manifest_json import read_manifest, write_manifest
    from cbanalysis.batch.reports.many_reports import run
    from cbanalysis.batch.reports.notebook_parameters import Parameter, read_parameters
    from cbanalysis.batch.reports.output_folder import check_output
    from cbanalysis.batch.reports.remote_machines import DataArchive
    from cbanalysis.batch.reports.reports_and_folders import Report, Wanted, find_notebook, plan, slug
    from cbanalysis.batch.reports.reports_toml import Batches
    from cbanalysis.batch.reports.stored_outputs import store_outputs
    from cbanalysis.batch.reports.tasks_and_outcomes import Batch, Outcome


class _Grammar(ModuleType):
    """Stands for a module that is loaded when it is first asked for anything."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever is asked for
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "is_valid_syntax":  # asked for by an import: only a call needs the grammar
            return lambda *given, **named: self._real().is_valid_syntax(*given, **named)
        return getattr(self._real(), name)

    def _real(self) -> ModuleType:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return import_module(self.__name__)


# jsonschema, which nbformat imports, would build a grammar of web addresses with it for three seconds where
# JupyterLab is installed; no notebook's schema asks for it, and each process would pay.
if "rfc3987_syntax" not in sys.modules and (_spec := find_spec("rfc3987_syntax")):
    sys.modules["rfc3987_syntax"] = _Grammar("rfc3987_syntax")
    sys.modules["rfc3987_syntax"].__spec__ = _spec  # who looks whether it is installed finds it

__all__ = [
    "Batch", "Batches", "DataArchive", "Outcome", "Parameter", "Report", "Wanted", "check_output",
    "find_notebook", "plan", "read_manifest", "read_parameters", "run", "slug", "store_outputs",
    "write_manifest",
]  # fmt: skip

_NAMES = {
    "reports_toml": ("Batches",),
    "manifest_json": ("read_manifest", "write_manifest"),
    "output_folder": ("check_output",),
    "notebook_parameters": ("Parameter", "read_parameters"),
    "reports_and_folders": ("Report", "Wanted", "find_notebook", "plan", "slug"),
    "remote_machines": ("DataArchive",),
    "many_reports": ("run",),
    "stored_outputs": ("store_outputs",),
    "tasks_and_outcomes": ("Batch", "Outcome"),
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- whatever is asked for
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with optional_libraries():
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
