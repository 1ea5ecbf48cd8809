"""What a report has seen: which figures were asked for, and a fingerprint of what was found.

A runner that sets CBANALYSIS_TRACE to the path of a file finds there, after a notebook ran, every question
put to the observations. The same notebook asks the same again; where each question finds the same rows,
nothing in the report can have changed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

TRACE = "CBANALYSIS_TRACE"
_DIGITS = 16
_SEPARATOR = "\x1f"


def fingerprint(prints: Iterable[str]) -> str:
    """Return one fingerprint of rows in their order.

    Parameters
    ----------
    prints : iterable of str
        Those of the rows.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return hashlib.sha256("\n".join(prints).encode()).hexdigest()


def row_fingerprints(observations: pd.DataFrame, sources: pd.DataFrame) -> NDArray[np.object_]:
    """Return a fingerprint of each row, made of its own cells and those of its source.

    Parameters
    ----------
    observations : DataFrame
        Text cells of observations.csv.
    sources : DataFrame
        Text cells of sources.csv.

    Returns
    -------
    array of str
        16 hexadecimal digits a row.
    """
    ids = sources["source_id"].tolist()
    documents = dict(zip(ids, map(_SEPARATOR.join, sources.to_numpy(dtype=object)), strict=True))
    rows = zip(observations.to_numpy(dtype=object), observations["source_id"], strict=True)
    prints = [
        hashlib.sha256(_SEPARATOR.join([*row, documents[source]]).encode()).hexdigest()[:_DIGITS]
        for row, source in rows
    ]
    return np.array(prints, dtype=object)


def latest(moments: Iterable[str]) -> str:
    """Return the year, month or day that ends last, as it was given; ``""`` without any.

    Examples
    --------
    >>> latest(["2019-07-26", "2025", "2025-11-20", ""])
    '2025'
    """
    return max(moments, key=lambda moment: f"{moment}-99-99"[:10], default="")


def note_query(query: Mapping[str, Any], prints: Iterable[str], moments: Iterable[str]) -> None:
    """Write down what was asked and a fingerprint of what was found, where a runner wants to know.

    Parameters
    ----------
    query : mapping
        The filters, as JSON can hold them.
    prints : iterable of str
        Fingerprints of the rows found.
    moments : iterable of str
        When their periods end and their sources were published: what is found reaches up to the latest.
    """
    file = os.environ.get(TRACE)
    if not file:
        return
    seen = {"query": dict(query), "found": fingerprint(prints), "until": latest(moments)}
    line = json.dumps(seen, ensure_ascii=False)
    with open(file, "a", encoding="utf-8") as trace:  # noqa: PTH123 -- a path from the environment, as it is
        trace.write(f"{line}\n")
