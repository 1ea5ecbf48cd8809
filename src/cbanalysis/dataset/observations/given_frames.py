"""Frames as readers give them: whatever they went through, the columns we know mean again what they meant."""

from __future__ import annotations

import inspect
import re
import reprlib
from collections.abc import Callable, Collection, Iterable, Sequence
from contextvars import ContextVar
from functools import cache, wraps
from numbers import Real
from types import UnionType
from typing import Any, Literal, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd

from cbanalysis.common.errors import CbanalysisError, DataError, Fault, Shown, UnknownName, nearest
from cbanalysis.dataset.observations.periods import period_days
from cbanalysis.dataset.observations.schema import BOOLEANS, COLUMNS, COUNTS, NUMBERS, text_cells

P = ParamSpec("P")
R = TypeVar("R")

_WHOLE = {*COUNTS, "year", "decimals"}
_NUMBERS = {*_WHOLE, *NUMBERS, "rate", "rate_low", "rate_high", "rounding"}
_FLAGS = {*BOOLEANS, "conflict"}
_TEXTS = {
    *COLUMNS, "unit_id", "interval", "base_from", "base_period", "made_from", "printed_scheme", "missing",
    "reason", "beside", "comparator", "verdict", "funnel", "rules", "share_interval", "other_years",
} - _NUMBERS - _FLAGS  # fmt: skip
_KNOWN = _NUMBERS | _FLAGS | _TEXTS
_NEAR = 1e-6
_READ = ContextVar("read", default=False)
"""Whether a function that reads its frames is at work: those that it hands on are read."""
_SAID = {"yes": True, "true": True, "1": True, "": False, "no": False, "false": False, "0": False}


def plain(rows: object, wanted_by: str) -> pd.DataFrame:
    """Return a frame in which each column that we know has its own type, whatever the frame went through.

    Files and other programs change types: an empty text comes back from a CSV file as NaN, True from Stata as
    1, a number as text. Columns in the index are columns again; columns of the reader's own stay as they are.

    Parameters
    ----------
    rows : object
        What a reader gave.
    wanted_by : str
        The function that it was given to.

    Returns
    -------
    DataFrame
        The frame itself where nothing is to be changed.

    Raises
    ------
    CbanalysisError
        When it is no frame.
    DataError
        When a column stands twice, or one that we know holds something else.

    Examples
    --------
    >>> rows = pd.DataFrame({"base_of": [None, "cells"], "complement": [1.0, 0.0]}, index=["A", "B"])
    >>> found = plain(rows.rename_axis("observation_id"), "rank")
    >>> found[["observation_id", "base_of", "complement"]].to_numpy().tolist()
    [['A', '', True], ['B', 'cells', False]]
    """
    rows = _frame(rows, wanted_by)
    known = [one for one in rows.index.names if one in _KNOWN]
    if known:
        levels = {one: rows.index.get_level_values(one) for one in known if one not in rows}
        rows = rows.assign(**levels).rename_axis([None if one in _KNOWN else one for one in rows.index.names])
    faults: list[Fault] = []
    read: dict[Any, pd.Series[Any]] = {}
    for name, column in rows.items():
        if name in _TEXTS and (column.dtype != "str" or column.hasnans):
            read[name] = text_cells(column).astype("str")
        elif name in _FLAGS and column.dtype != "bool":
            read[name] = _flags(column, faults)
        elif name in _NUMBERS:
            numbers = _numbers(column, faults)
            if numbers is not column:
                read[name] = numbers
    changed = rows.assign(**read) if read else rows
    faults += _wrong_dates(changed)
    DataError.raise_if(faults)
    return changed


def _frame(rows: object, wanted_by: str) -> pd.DataFrame:
    """Return a frame whose columns have one name each, and each another."""
    if not isinstance(rows, pd.DataFrame):
        raise CbanalysisError(f"{wanted_by} takes the rows of a DataFrame, this is a {type(rows).__name__}")
    if rows.columns.nlevels > 1:
        raise CbanalysisError(
            f"{wanted_by} takes columns of one name each, these have {rows.columns.nlevels}"
        )
    twice = rows.columns[rows.columns.duplicated()].unique()
    if len(twice):
        raise DataError([Fault("this column stands twice", column=str(one)) for one in twice])
    return rows


def need(rows: pd.DataFrame, columns: Iterable[str], wanted_by: str) -> None:
    """Refuse what is no frame, or lacks a column.

    Raises
    ------
    CbanalysisError
        When it is no frame.
    DataError
        Naming every missing column and who wants it.
    """
    known = [str(one) for one in _frame(rows, wanted_by).columns]
    missing = [one for one in columns if one not in known]
    what = f"{wanted_by} needs this column"
    DataError.raise_if([Fault(what, column=one, nearest=nearest(one, known)) for one in missing])


def _wrong_dates(rows: pd.DataFrame) -> list[Fault]:
    """Return what is no period, and a beginning without an end or the other way round."""
    written = {name: rows[name].tolist() for name in ("period_start", "period_end") if name in rows}
    allowed = "YYYY, YYYY-MM or YYYY-MM-DD"
    faults = [
        Fault("no real date", column=name, value=one, allowed=allowed)
        for name, found in written.items()
        for one in sorted({*found} - {""})
        if period_days(one) is None
    ]
    if len(written) > 1:
        half = [pair for pair in zip(*written.values(), strict=True) if (pair[0] == "") != (pair[1] == "")]
        for start, end in half[:1]:
            value = Shown(f"{start or '?'} to {end or '?'}")
            faults.append(Fault("a beginning and an end belong together", column="period_end", value=value))
    return faults


def _flags(column: pd.Series[Any], faults: list[Fault]) -> pd.Series[bool]:
    said = text_cells(column).astype("str").str.casefold().map(_SAID)
    _refuse(column, said.isna(), "neither True nor False", faults)
    return said.map(bool)


def _numbers(column: pd.Series[Any], faults: list[Fault]) -> pd.Series[Any]:
    """Return numbers, counts and years as whole ones where all of them are.

    A count of 1.234 as text is refused: it may be a thousand and more.
    """
    if column.dtype in ("Int64", "int64"):
        return column
    plain_floats = column.dtype == "float64"
    if plain_floats and column.name not in _WHOLE and not np.isinf(column.to_numpy()).any():
        return column
    numbers = column
    if not plain_floats:
        given = column.astype("object").where(column.notna() & (column.astype("object") != ""), np.nan)
        numbers = pd.to_numeric(given, errors="coerce").astype("float64")
        _refuse(column, numbers.isna() & given.notna(), "not a number", faults)
    _refuse(column, np.isinf(numbers), "not a number", faults)
    if column.name in _WHOLE:
        fractions = numbers % 1 > 0
        if not fractions.any():
            return numbers.astype("Int64")
        written = column.map(lambda one: isinstance(one, str)).astype(bool)
        _refuse(column, fractions & written, "not a whole number", faults)
    return numbers


def _refuse(column: pd.Series[Any], wrong: pd.Series[bool], what: str, faults: list[Fault]) -> None:
    faults += [Fault(what, column=str(column.name), value=one) for one in column[wrong].tolist()[:1]]


def reads(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function read the frames that it is given as `plain` does; a column that it lacks is named.

    A Wilson interval beside a count and base that can't have given it, for they were changed afterwards, is
    refused, and so is an option of another type than the signature tells; one thing alone is a list of one.
    """
    name = function.__name__
    parameters = inspect.signature(function).parameters
    frames = {one for one, taken in parameters.items() if "pd.DataFrame" in str(taken.annotation)}
    optional = {one for one in frames if parameters[one].default is None} | ({"published"} - frames)

    @cache
    def hints() -> dict[str, Any]:
        found = get_type_hints(function)
        return found | get_type_hints(*get_args(found["words"])) if "words" in found else found

    def read(parameter: str, given: object) -> object:
        if parameter in optional and given is None:
            return given
        if parameter not in frames | optional:
            return _option(name, parameter, given, hints().get(parameter, Any))
        rows = plain(given, name)
        _require_counts(rows, name)
        _require_rates(rows, name)
        return rows

    @wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        if _READ.get():
            return function(*args, **kwargs)
        first: list[Any] = [read(*one) for one in zip(parameters, args, strict=False)]
        rest: Any = args[len(first) :]
        named: dict[str, Any] = {one: read(one, given) for one, given in kwargs.items()}
        token = _READ.set(True)
        try:
            return function(*first, *rest, **named)
        except KeyError as fault:
            given = [one for one in (*first, *named.values()) if isinstance(one, pd.DataFrame)]
            columns = [one for one in _asked(fault) if given and not all(one in rows for rows in given)]
            if not columns:
                raise
            known = [str(one) for one in given[0].columns]
            needs = f"{name} needs this column"
            faults = [Fault(needs, column=one, nearest=nearest(one, known)) for one in columns]
            raise DataError(faults) from None
        finally:
            _READ.reset(token)

    return inside


def _asked(fault: KeyError) -> list[str]:
    """Return the columns that a frame or a row was asked for in vain; none where it was something else."""
    text = str(fault.args[0] if fault.args else "").removeprefix("Column not found: ")
    if text in _KNOWN:
        return [text]
    at = fault.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    if at is None or not str(at.tb_frame.f_globals.get("__name__")).startswith("pandas."):
        return []
    return [text] if text.isidentifier() else re.findall(r"'(\w+)'", text)


def _option(wanted_by: str, name: str, given: object, hint: Any) -> object:  # noqa: ANN401 -- a type
    """Return an option as its function takes it."""
    if _fits(given, hint):
        # "in" asks a Series for its labels and an array for its elements
        return tuple(given) if isinstance(given, pd.Series | np.ndarray) else given
    several = get_origin(hint) in (Collection, Sequence)
    if several and _fits(given, get_args(hint)[0]):
        return (given,)
    kinds = [one for one in (hint, *get_args(hint)) if get_origin(one) is Literal]
    if known := [value for one in kinds for value in get_args(one)]:
        if several and isinstance(given, Collection) and not isinstance(given, str):
            given = next(one for one in given if one not in known)
        raise UnknownName(f"{name}= of {wanted_by}", given, known)
    wanted = hint.__name__ if isinstance(hint, type) else re.sub(r"\w+\.", "", str(hint))
    raise CbanalysisError(f"{wanted_by} takes {wanted} as {name}=, not {reprlib.repr(given)}")


def _fits(given: Any, hint: Any) -> bool:  # noqa: ANN401 -- any value, a type
    kind, parts = get_origin(hint), get_args(hint)
    if kind in (Union, UnionType):
        return any(_fits(given, one) for one in parts)
    if kind is Literal:
        return isinstance(given, str | int | np.integer) and given in parts
    if kind in (Collection, Sequence, tuple):
        several = isinstance(given, Collection) and not isinstance(given, str)
        whole = several and (kind is not tuple or len(given) == len(parts))
        return whole and all(_fits(one, parts[0]) for one in given)
    if hint in (int, float):
        return isinstance(given, Real) and not isinstance(given, bool) and (hint is float or given % 1 == 0)
    return not isinstance(hint, type) or isinstance(given, (hint, np.bool_) if hint is bool else hint)


def _require_counts(rows: pd.DataFrame, wanted_by: str) -> None:
    """Refuse Wilson intervals beside counts and bases that can't have given them."""
    if not {"interval", "count", "base"} <= {*rows.columns}:
        return
    count, base = (rows[one].to_numpy(dtype="float64", na_value=np.nan) for one in ("count", "base"))
    strange = (rows["interval"] == "wilson").to_numpy() & ~((count >= 0) & (count <= base) & (base > 0))
    if strange.any():
        first = rows[strange].iloc[0]
        value = Shown(f"{first['count']} of {first['base']} beside a Wilson interval")
        what = f"{wanted_by} needs the count and base that a rate was made of; cb.add_rates makes rates anew"
        raise DataError([Fault(what, column="count", value=value)])


def _require_rates(rows: pd.DataFrame, wanted_by: str) -> None:
    """Refuse rates outside of their own intervals: one of both was changed afterwards."""
    if not {"rate", "rate_low", "rate_high"} <= {*rows.columns}:
        return
    rate, low, high = (
        rows[one].to_numpy(dtype="float64", na_value=np.nan) for one in ("rate", "rate_low", "rate_high")
    )
    strange = (rate < low - _NEAR) | (rate > high + _NEAR) | (low > high + _NEAR)
    if strange.any():
        first = int(np.flatnonzero(strange)[0])
        value = Shown(f"{rate[first]:g} beside {low[first]:g} to {high[first]:g}")
        what = f"{wanted_by} needs rates within their intervals; cb.add_rates makes both anew"
        raise DataError([Fault(what, column="rate", value=value)])
