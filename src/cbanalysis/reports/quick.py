"""nbformat, imported without the three seconds that a grammar of web addresses takes.

jsonschema, which nbformat imports, builds that grammar with lark whenever rfc3987-syntax is installed, as
JupyterLab has it; no notebook's schema asks for it, and each worker process would pay.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["nbformat", "without"]


@contextmanager
def without(module: str) -> Iterator[None]:
    """Let a module seem absent inside the block, unless it is loaded already."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]


with without("rfc3987_syntax"):
    import nbformat
