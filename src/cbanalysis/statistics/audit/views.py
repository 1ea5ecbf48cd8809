"""What readers ask of findings: how many of each kind, and which touch one observation."""

from __future__ import annotations

import pandas as pd

from cbanalysis.statistics.audit.findings import CODES


def summary(findings: pd.DataFrame) -> pd.DataFrame:
    """Count findings by code, the heaviest code first.

    Parameters
    ----------
    findings : DataFrame
        As ``audit`` returns it.

    Returns
    -------
    DataFrame
        One row a code: ``code``, ``name_vi``, ``name_en``, ``findings`` (how many), ``acknowledged`` (how
        many of them), ``observations`` (how many rows they touch, each once), ``heaviest`` (highest weight).

    Raises
    ------
    Nothing
        A frame without findings gives a summary without rows.
    """
    records = []
    for code, rows in findings.groupby("code", sort=False):
        name = CODES.get(str(code))
        ids = {one for joined in rows["observation_ids"] for one in joined.split(";") if one}
        records.append(
            (
                code,
                name.vi if name else code,
                name.en if name else code,
                len(rows),
                int(rows["acknowledged"].sum()),
                len(ids),
                rows["weight"].max(),
            )
        )
    records.sort(key=lambda record: (-record[-1], record[0]))
    columns = ["code", "name_vi", "name_en", "findings", "acknowledged", "observations", "heaviest"]
    return pd.DataFrame(records, columns=columns)


def touching(findings: pd.DataFrame, observation_id: str) -> pd.DataFrame:
    """Return the findings in whose sum an observation stands.

    Parameters
    ----------
    findings : DataFrame
        As ``audit`` returns it.
    observation_id : str
        One observation.

    Returns
    -------
    DataFrame
        The same columns, rows in the same order, a new RangeIndex.

    Raises
    ------
    Nothing
        An observation without findings, or an unknown one, gives no rows.
    """
    held = [observation_id in joined.split(";") for joined in findings["observation_ids"]]
    return findings.loc[held].reset_index(drop=True)
