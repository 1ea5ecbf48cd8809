"""Run notebooks with checked parameters, many at once, and record what was run.

The runner knows nothing of provinces or statistics: lists of allowed values, the page maker and what the
footer says are handed in. Nothing here prints; progress goes to a callback.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


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
