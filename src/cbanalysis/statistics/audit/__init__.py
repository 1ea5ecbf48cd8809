"""Does the published arithmetic hold? Observations in, findings out; the data are never altered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from cbanalysis.dataset.catalogue import Catalogue, Words
from cbanalysis.dataset.observations.given_frames import need
from cbanalysis.statistics.audit.checks_of_one_figure import above_100, count_above_base, grim, no_base, share
from cbanalysis.statistics.audit.checks_of_pairs import (
    chain,
    complement,
    disagree,
    mean_range,
    part_above_whole,
)
from cbanalysis.statistics.audit.checks_of_sums import sum_count, sum_percent
from cbanalysis.statistics.audit.findings import (
    CODES,
    COLUMNS,
    Finding,
    Held,
    findings_frame,
    read_acknowledged,
    summary,
    touching,
)
from cbanalysis.statistics.audit.grouped_rows import Row, groups_of, rows_of
from cbanalysis.statistics.audit.joined_findings import joined

__all__ = ["CODES", "COLUMNS", "audit", "checked", "read_acknowledged", "summary", "touching"]

_CHECKS = (
    share, no_base, grim, sum_percent, sum_count, part_above_whole, above_100, count_above_base, complement,
    disagree, chain, mean_range,
)  # fmt: skip


def audit(
    observations: pd.DataFrame,
    *,
    catalogue: Catalogue | None = None,
    acknowledged: Mapping[str, Words] | None = None,
) -> pd.DataFrame:
    """Check the arithmetic of what was published.

    Parameters
    ----------
    observations : DataFrame
        Observations, all that there are: a sum needs all its parts. What concerns one of them is picked out
        afterwards (`touching`). Missing columns count as empty, cells that can't be read too.
    catalogue : Catalogue, optional
        Rating schemes (which categories make a whole) and sources (their publishers, for messages).
    acknowledged : mapping of finding_id to Words, optional
        Reasons of the findings that were looked into and explained, as `read_acknowledged` gives them.

    Returns
    -------
    DataFrame
        One row a finding, heaviest first:

        - ``finding_id``: code and observations that fail by themselves; the same as long as these fail,
        - ``code``: the check (`CODES` says it in words),
        - ``observation_ids``: the rows in all sums of the message, joined by ``;``, the own ones first,
        - ``indicator``, ``subject``; ``definition``, ``scheme``, ``category_id``, ``complement`` where those
          rows are of one,
        - ``place_vi``, ``place_en`` (``*``: inferred province), ``period_start``, ``period_end``,
          ``period_basis``,
        - ``message_vi``, ``message_en``: the sum that fails,
        - ``gap``, ``gap_unit``: by how much, in percentage ``points`` or in ``units`` of what is counted,
        - ``weight``: certainty times the gap in percentage points (units as a share of the whole), 0 to 100.
          Certainty is 1 where one row or a definition contradicts itself, 0.9 where rows of one document do,
          0.7 where two documents do, 0.5 where the base or the completeness of the sum is assumed,
        - ``acknowledged``, ``reason_vi``, ``reason_en``: explained in the reviewed file, and how. An
          acknowledgement that no finding answers to is a finding of its own, of weight 100
          (``stale_acknowledgement``).

    Notes
    -----
    Odd data give findings or none, never an error.

    A percentage is taken as rounded or cut (78 of 92, 84.78 %, as 84,7 %), each by itself: a cut one is no
    finding. "About" is off by five units of the last printed place at the most.

    One problem is one finding: what fails only because of the same wrong figure is told in its message, after
    "so this fails, too". What is acknowledged is never told with what isn't. Where another base fits all
    shares, the message names it.

    Examples
    --------
    >>> from cbanalysis.dataset.catalogue import Catalogue
    >>> rows = pd.DataFrame({"count": [9, 62], "base": [10, 124], "percent": [80, 50]})
    >>> audit(rows, catalogue=Catalogue.read())[["code", "message_en", "gap"]].values.tolist()
    [['share', '9/10 = 90.00%, printed 80%', 10.0]]
    """
    known = catalogue or Catalogue.read()

    def find(rows: Iterable[Row]) -> list[Finding]:
        groups = groups_of(tuple(rows), known)
        return [one for check in _CHECKS for one in check(groups) if isinstance(one, Finding)]

    reasons = acknowledged or {}
    explained: dict[bool, list[Finding]] = {True: [], False: []}
    for finding in find(rows_of(observations)):
        explained[finding.finding_id in reasons].append(finding)
    return findings_frame([one for those in explained.values() for one in joined(those, find)], reasons)


def checked(observations: pd.DataFrame, *, catalogue: Catalogue | None = None) -> pd.DataFrame:
    """Return the observations that stand in a sum that could be checked, whether it holds or not.

    A limit that any figure has (100 %, its own base) is no sum.

    Parameters
    ----------
    observations : DataFrame
        All that there are, as for `audit`.
    catalogue : Catalogue, optional
        As for `audit`.

    Returns
    -------
    DataFrame
        Rows of ``observations``, in their order.

    Raises
    ------
    DataError
        When there is no ``observation_id``.

    Examples
    --------
    >>> from cbanalysis.dataset.catalogue import Catalogue
    >>> figures = {"count": [9, 14], "base": [10, 19], "percent": [90, None]}  # no share beside 14 of 19
    >>> rows = pd.DataFrame({"observation_id": ["a", "b"], **figures})
    >>> checked(rows, catalogue=Catalogue.read())["observation_id"].tolist()
    ['a']
    """
    groups = groups_of(rows_of(observations), catalogue or Catalogue.read())
    need(observations, ("observation_id",), "checked")
    tried = (one for check in _CHECKS for one in check(groups) if isinstance(one, Held))
    ids = {row.id for one in tried for row in one.rows}
    return observations[observations["observation_id"].isin(ids)]
