"""Bases from other observations of the same place, subject and period: never made up, always named."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.observations.given_frames import need, reads
from cbanalysis.dataset.observations.places_and_years import identify, periods, places, strings
from cbanalysis.statistics.rates.column_values import floats, half_units
from cbanalysis.statistics.rates.intervals import add_rates

_WHOLE = ("indicator", "subject", "definition", "base_of")


@reads
def borrow_base(
    rated: pd.DataFrame,
    offers: pd.DataFrame | None = None,
    *,
    same_period: bool = True,
    catalogue: Catalogue | None = None,
) -> pd.DataFrame:
    """Give counts without a base the base that another observation prints.

    A base is taken from a row of the same place, subject, indicator, definition and base that has one, else
    from the number of such organisations or members published for the same place (an indicator with ``total``
    in indicators.toml, without a category), where the share is of the standard base. If rows offer different
    bases, only one that the printed percentage confirms is taken; otherwise none.

    Parameters
    ----------
    rated : DataFrame
        Rows from `add_rates`.
    offers : DataFrame, optional
        The observations to look in; ``rated`` itself unless told.
    same_period : bool
        Only take a base of the same years. False allows other years, the nearest first; use it with a reason.
    catalogue : Catalogue, optional
        Tells which indicators are shares and totals; the one that ships with the package.

    Returns
    -------
    DataFrame
        The same rows; where a base was found, ``base``, ``base_from`` (the observation it is from) and
        ``base_period`` (that observation's years) are filled and rate and interval follow. Where the only
        base on offer contradicts the printed percentage (or that of another class of the same rating),
        ``base`` stays empty, ``base_from`` names it and ``conflict`` is True: the percentage stands.

    Raises
    ------
    DataError
        When a column is missing.

    Notes
    -----
    A published total may count all organisations where the rating counts those rated; the conflict column and
    ``base_from`` are there so that a reader can tell.
    """
    need(rated, ("indicator", "subject", "interval", "count", "base", "percent"), "borrow_base")
    known = catalogue or Catalogue.read()
    shares = [one.id for one in known.indicators.values() if one.unit == "percent"]
    lenders = _lenders(rated if offers is None else offers, rated, known)
    wants = (
        strings(rated, "indicator").isin(shares)
        & rated["count"].notna()
        & rated["base"].isna()
        & (strings(rated, "qualifier") == "exact")
        & (strings(rated, "aggregation").isin(["point", ""]))
    )
    borrowers = _terms(rated, offers)
    base = np.array(floats(rated, "base"))
    lender, lent_in = (np.array(strings(rated, name), dtype=object) for name in ("base_from", "base_period"))
    contradicted = np.zeros(len(rated), dtype=bool)
    for position in np.flatnonzero(wants):
        wanted = borrowers.iloc[position]
        offer = _offer(wanted, lenders, same_period=same_period)
        if offer is None:
            continue
        lender[position], lent_in[position] = offer["observation_id"], offer["period"]
        base[position] = offer["lends"]
        contradicted[position] = _confirms(wanted, offer["lends"]) is False
    # one class that contradicts the base speaks for all classes of its rating
    together = (
        borrowers["place"]
        + borrowers["period"]
        + strings(rated, "subject")
        + pd.Series(lender, rated.index, "str")
    )
    contradicted = (wants & together.isin(together[contradicted])).to_numpy(dtype=bool)
    base[contradicted] = np.nan
    with_bases = rated.assign(
        base=pd.Series(base, index=rated.index).round().astype("Int64"),
        base_from=pd.array(lender, dtype="str"),
        base_period=pd.array(lent_in, dtype="str"),
    )
    again = add_rates(with_bases)
    return again.assign(conflict=again["conflict"] | contradicted)


def _terms(rows: pd.DataFrame, among: pd.DataFrame | None) -> pd.DataFrame:
    """Return what must agree between a borrower and a lender, one row each."""
    return pd.DataFrame(
        {
            "observation_id": identify(rows),
            "place": places(rows, among),
            "period": periods(rows),
            "year": pd.to_numeric(strings(rows, "period_end").str.slice(0, 4), errors="coerce"),
            "category": strings(rows, "category"),
            "count": floats(rows, "count"),
            "base": floats(rows, "base"),
            "percent": floats(rows, "percent"),
            "half": half_units(rows),
            **{name: strings(rows, name) for name in _WHOLE},
        }
    )


def _lenders(offers: pd.DataFrame, rated: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Return the rows that have a base, or are a total themselves, with the number that each lends."""
    terms = _terms(offers, rated)
    exact = strings(offers, "qualifier").isin(["exact", ""])
    total = exact & terms["indicator"].isin(catalogue.totals)
    total &= (terms["category"] == "") & (terms["definition"] == "")
    own = terms["base"].notna()
    terms["lends"] = terms["base"].where(own, terms["count"].where(total))
    terms["total"] = total & ~own
    return terms[terms["lends"].gt(0)]


def _confirms(wanted: pd.Series, base: float) -> bool | None:
    """Return whether count out of base is the printed percentage; None where none is printed."""
    if np.isnan(wanted["percent"]):
        return None
    return bool(abs(100 * wanted["count"] / base - wanted["percent"]) <= 2 * wanted["half"] + 1e-9)


def _offer(wanted: pd.Series, lenders: pd.DataFrame, *, same_period: bool) -> pd.Series | None:
    """Return the one lender to trust: same indicator before totals, nearest year first, never a guess."""
    near = (lenders["place"] == wanted["place"]) & (lenders["subject"] == wanted["subject"])
    near &= (lenders["lends"] >= wanted["count"]) & (lenders["observation_id"] != wanted["observation_id"])
    near &= (lenders["period"] == wanted["period"]) & (wanted["period"] != "") if same_period else True
    alike = ~lenders["total"] & (lenders[list(_WHOLE)] == wanted[list(_WHOLE)]).all(axis=1)
    standard = wanted["definition"] == "" and wanted["base_of"] == ""
    for kind in (alike, lenders["total"] & standard):
        found = lenders[near & kind]
        found = found.assign(away=(found["year"] - wanted["year"]).abs())
        fits = [_confirms(wanted, one) for one in found["lends"]]
        sure = found[[one is True for one in fits]]
        # a base of another time that doesn't fit contradicts nothing: things changed
        chosen = sure if len(sure) or (not same_period and False in fits) else found
        chosen = chosen[chosen["away"].eq(chosen["away"].min()) | chosen["away"].isna().all()]
        if len(set(chosen["lends"])) == 1:
            found_first: pd.Series = chosen.iloc[0]
            return found_first
    return None
