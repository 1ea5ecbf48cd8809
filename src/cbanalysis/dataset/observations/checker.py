"""pandera, imported without pyspark.

Where pyspark is installed pandera imports all of it to patch its typing: a second at each start, and a
warning that pyspark doesn't know this pandas. Only frames of pandas are checked here.
"""

from __future__ import annotations

import sys

__all__ = ["errors", "pa"]

_hidden = "pyspark" not in sys.modules
if _hidden:
    # Python's own way to say: not there
    sys.modules["pyspark"] = None  # type: ignore[assignment]
try:
    import pandera.pandas as pa
    from pandera import errors
finally:
    if _hidden:
        del sys.modules["pyspark"]
