"""Which column the shares of another one are shares of: by its words, and by what adds up to it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from cbanalysis.common.messages import message
from cbanalysis.common.text.numbers import NumberStyle
from cbanalysis.importing.layouts.columns import Meaning
from cbanalysis.importing.layouts.heads import Body
from cbanalysis.importing.layouts.numbers import plain_numbers

_LOOKED_AT = 300


def base_of(
    meaning: Meaning, meanings: Mapping[int, Meaning], body: Body, style: NumberStyle, *, rating: bool
) -> tuple[str, str]:
    """Return the header of the column that a figure is a share of, and a remark on what it was taken from.

    Both are ``""`` where there is none. For ratings it is the column that the exclusive classes add up to,
    else those rated, else all.
    """
    same = {at: one for at, one in meanings.items() if one.subject == meaning.subject}
    totals = {
        at: one
        for at, one in same.items()
        if one.measure in {"total", "rated"}
        and one.indicator in {"org_count", meaning.indicator}
        and not one.category
    }
    by_sum, remark = None, ""
    if rating and meaning.category_id:
        classes = [
            at
            for at, one in same.items()
            if one.category_kind == "exclusive" and one.scheme == meaning.scheme and one.measure != "percent"
        ]
        by_sum, remark = _added_up(classes, list(totals), body, style)
    wanted = "rated" if rating else "total"
    ordered = sorted(totals, key=lambda at: (at != by_sum, totals[at].measure != wanted, at))
    return (body.headers[ordered[0]] if ordered else ""), remark


def _added_up(
    classes: list[int], totals: list[int], body: Body, style: NumberStyle
) -> tuple[int | None, str]:
    """Return the total that classes add up to in every row, and the sum of the first row in words."""
    if len(classes) < 2:
        return None, ""
    parts = np.array([plain_numbers(body.cells(at, _LOOKED_AT), style) for at in classes])
    sums = parts.sum(axis=0)
    for at in totals:
        whole = plain_numbers(body.cells(at, _LOOKED_AT), style)
        both = ~np.isnan(sums) & ~np.isnan(whole)
        if both.any() and (sums[both] == whole[both]).all():
            first = int(np.flatnonzero(both)[0])
            added = " + ".join(f"{number:g}" for number in parts[:, first])
            return at, message("base_by_sum", header=body.headers[at], sum=f"{added} = {whole[first]:g}")
    return None, ""
