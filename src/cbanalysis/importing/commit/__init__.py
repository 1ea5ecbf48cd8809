"""Doors with locks: what comes into data/ is checked, traced to its cell, logged, and can be undone."""

from __future__ import annotations

from cbanalysis.importing.commit.admission import admit, examine, load_imports, load_origins, undo
from cbanalysis.importing.commit.records import Admission, Arrivals, Examination, Incoming, Origin, arrivals

__all__ = [
    "Admission",
    "Arrivals",
    "Examination",
    "Incoming",
    "Origin",
    "admit",
    "arrivals",
    "examine",
    "load_imports",
    "load_origins",
    "undo",
]
