"""nbformat, imported without the three seconds that a grammar of web addresses takes.

jsonschema, which nbformat imports, builds that grammar with lark whenever rfc3987-syntax is installed, as
JupyterLab has it; no notebook's schema asks for it, and each worker process would pay.
"""

from __future__ import annotations

from cbanalysis.batch.kernels.warming import absent

__all__ = ["nbformat"]

with absent(["rfc3987_syntax"]):
    import nbformat
