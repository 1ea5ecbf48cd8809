"""Check a register while it is added up: faults counted, listed by file and row, never silently dropped."""

from __future__ import annotations

import bisect
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from cbanalysis.common.atomic_writes import write_aside
from cbanalysis.common.errors import DataError, Fault, OutputError, UnknownName
from cbanalysis.common.language import Language, language, speaking, spoken
from cbanalysis.common.messages import in_language, in_vietnamese, message
from cbanalysis.common.text.csv_writing import safe_csv
from cbanalysis.dataset.provinces import Gazetteer, Unit
from cbanalysis.records import fault_criteria, sum_rows
from cbanalysis.records.contract import NUMBERS, PLACES, Progress
from cbanalysis.records.fault_kinds import HINTS, KINDS, hint_in_vietnamese
from cbanalysis.records.parquet_copies import watched
from cbanalysis.records.register_opening import Register, require_order, within

SHARE_NAMES = "perhaps cells of different communes bear the same name"

FAULT_COLUMNS = (
    "file", "row", "kind", "left_out", "cell", "commune", "district", "province", "month", *NUMBERS,
    "as_written", "hint",
)  # fmt: skip
_NAMES_HINT = 'names="commune"?'
_SHOWN = 20
_OCTOBER = re.compile(r"\s*([0-9]{4})[.]1\s*[|]")
"""2026.1 of a spreadsheet that dropped a nought, or not."""
_SAID = tuple(kind.id for kind in KINDS if not kind.fault)
_OF_NO_CELL = (*_SAID, "sum_row_wrong")
_FIRST_YEAR = 1930
"""The year of the Party's founding; months before it are slips of the pen."""
_LAST_YEAR = 2099
"""As in observations; the same register must be read in the same way next January."""


def months_of(checked: Checked) -> tuple[int, int] | None:
    """Return the first and the last month of a register; none where no record has a month."""
    months = checked.tallied["number"]
    return (int(months.min()), int(months.max())) if len(months) else None


def month_text(number: int) -> str:
    """Return a month counted from the year 0 as ``2024-05``."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


@dataclass(frozen=True)
class Checked:
    """A register with what was found in it.

    Attributes
    ----------
    register : Register
        What was checked.
    records : int
        How many records it has; rows without figures are none.
    faults : DataFrame
        One row a record and kind of fault: ``file``, ``row`` (in CSV the header is row 1, in Parquet the
        first record is row 1; empty where a table was given that doesn't tell), ``kind``, ``left_out``
        (whether the record is left out of all sums), the record, ``as_written`` (month and numbers as text),
        ``hint`` (which province may be meant; which column can't be read, and what may stand there;
        ``names="commune"?`` where the versions of a month stand in different places; what the parts of a sum
        row add up to). Kinds that are no faults are listed too: `records.fault_kinds.KINDS` says which.
    tallied : DataFrame
        Sums of each province and month without the records left out: ``unit_id``, ``number`` (the month's),
        ``records``, ``due``, ``excused``, ``present``, ``left_out`` (records of cells).
    eras : tuple of int
        First months of the maps of provinces that begin within the register.
    """

    register: Register
    records: int
    faults: pd.DataFrame
    tallied: pd.DataFrame
    eras: tuple[int, ...]
    gazetteer: Gazetteer

    def __repr__(self) -> str:
        between = [month_text(one) for one in months_of(self) or ()]
        parts = [f"{self.records:,} records", " to ".join(between), f"{self.faulty:,} with a fault"]
        return f"Checked({self.register.name!r}: {', '.join(one for one in parts if one)})"

    @cached_property
    def left_out(self) -> pd.DataFrame:
        """The records left out of all sums, each once: ``counted`` with a fault, ``own`` those of cells."""
        rows = self.faults[self.faults["left_out"]]
        counted, own = (~rows["kind"].isin(kinds) for kinds in (_SAID, _OF_NO_CELL))
        return rows.assign(counted=counted, own=own).drop_duplicates("record").drop(columns=["kind", "hint"])

    @cached_property
    def faulty(self) -> int:
        """How many records have a fault."""
        return int(self.faults.loc[~self.faults["kind"].isin(_SAID), "record"].nunique())

    @property
    def summary(self) -> pd.DataFrame:
        """How many records have each fault: ``kind``, ``records``, ``share`` (percent), ``left_out``."""
        counted = self.faults["kind"].value_counts()
        found = [(one.id, int(counted.get(one.id, 0)), one.left_out) for one in KINDS]
        frame = pd.DataFrame(found, columns=["kind", "records", "left_out"])
        share = 100 * frame["records"] / max(self.records, 1)
        return frame.assign(share=share)[["kind", "records", "share", "left_out"]]

    @property
    def share_names(self) -> bool:
        """Whether months contradict each other where a cell's name stands in several places."""
        return bool((self.faults["hint"] == _NAMES_HINT).any())

    def write_faults(self, path: Path | str, *, lang: Language = "en") -> Path:
        """Write the faults table.

        Parameters
        ----------
        path : Path or str
            Ends in .csv or .parquet.
        lang : {"vi", "en"}
            Language of the hints; kinds are their ids in either.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        OutputError
            If the ending is another one, it would become part of the register, or it can't be written; what
            was there before stays.
        """
        file = Path(path)
        for source in self.register.sources:
            if source in (file.resolve(), *file.resolve().parents):
                raise OutputError(f"{file} would be part of the register {source.name}; write it elsewhere")
        rows = self.faults[list(FAULT_COLUMNS)]
        if lang == "vi":
            rows = rows.assign(hint=[*map(hint_in_vietnamese, rows["hint"])]).astype(rows.dtypes)
        if file.suffix == ".csv":
            write_aside(file, safe_csv(rows))
        elif file.suffix == ".parquet":
            write_aside(file, rows.to_parquet(index=False))
        else:
            raise OutputError(f"can't write faults to {str(path)!r}; allowed: .csv, .parquet")
        return file


def check(
    register: Register, *, most: float = 5.0, progress: Progress | None = None, lang: Language = "en"
) -> Checked:
    """Add a register up and look for records that can't be right, or contradict each other.

    Left out of the sums: sum rows (also those that hold), values missing or unreadable (months before 1930 or
    after 2099 are unreadable), negative numbers, more present than due, present and
    absent together above due, a province that didn't exist in that month, a month that a cell has again
    (on one day with the same figures: all but one; with different ones, or in other places: all). Meetings
    of a cell on several days of a month are added up. Kept, for they may be true: a cell that
    stands in another place than in most of its records (compared within one map of provinces, since mergers
    move every cell), and members due that jump (three times as many or as few as in the record before, and
    by 15 or more).

    Parameters
    ----------
    register : Register
        From `open_register`.
    most : float
        The share of records with a fault, in percent, above which nothing is answered.
    progress : callable, optional
        Told ``(what, done, of)`` while records are added up and checked, where the engine says how far it is.
    lang : {"vi", "en"}
        In which language too many faults are told.

    Returns
    -------
    Checked
        Ask it with `attendance` and `meetings_held`.

    Raises
    ------
    DataError
        If the register is empty or more than `most` percent of its records have a fault: how many of each
        kind, and the first ones by file and row.

    Notes
    -----
    Two passes, neither sorting nor joining: sums by province and month, then one group a cell, which proves
    most cells right. Only the records of the others are looked at one by one, and only they are read with
    file and row.
    """
    known = Gazetteer.read()
    require_order(register)
    raw: pd.DataFrame = _tally(register.table, _named(register)).execute()
    if raw.empty:
        raise DataError([Fault("no records", file=register.name)])
    records = int(raw["records"].sum())
    _require_cells(register, records, int(raw["due"].sum()))
    register, dated = _possible(register, raw.astype({"number": "Int64"}))
    named = dated[["province", "number"]].dropna() if "province" in register.given else dated[:0]
    units = units_of(zip(named["province"].astype(str), named["number"].astype(int), strict=True), known)
    unknown = _unknown(dated, units, register)
    months = dated["number"].dropna().astype("int64")
    eras = _eras(known, months)
    engine = register.table.get_backend() if progress else None
    with watched(engine, "cells checked", records, progress):
        cells = _suspects(
            register, unknown, months, eras, nameless=bool(raw.filter(like="_blank").any(axis=None))
        )
        cells = _without_units(register, cells, unknown, eras)
    with watched(engine, "faults listed", records, progress):
        faults = _faults(register, cells, unknown, eras, units)
    records -= int((faults["kind"] == "no_figures").sum())
    if not records:
        raise DataError([Fault("no records", file=register.name)])
    checked = Checked(register, records, faults, _net(dated, units, faults), eras, known)
    with speaking(lang):
        _stop(checked, most)
    return checked


def _tally(table: ir.Table, named: Sequence[str]) -> ir.Table:
    """Return the sums of each province (as written) and day, with the ``number`` of its month.

    Whatever is asked about attendance of provinces, regions or the country follows from these few rows.
    """
    own = fault_criteria.counted(table)
    summed = table.group_by("province", "month").agg(
        records=table.count(),
        **{name: table[name].sum() for name in own},
        **{f"{name}_blank": fault_criteria.blank_first(table[name]).sum() for name in named},
    )
    none = {name: ibis.literal(0, "int64") for name in NUMBERS if name not in own}
    # numbered by the engine, for Python has no day after the year 9999
    return summed.mutate(number=fault_criteria.month_number(summed["month"]), **none).drop("month")


def _require_cells(register: Register, records: int, due: int) -> None:
    """Refuse a register with one row a member: its rows are no repetitions of a month."""
    if register.per == "member" or records < 2 or due > records:
        return
    table = register.table
    most = table["due"].max().execute()
    different = table.select("cell", *PLACES, "month").distinct().count().execute()
    if most == 1 and different < records:
        what = "one row a member, as it seems: nobody more than one is due, and months stand in many rows"
        allowed = 'sums by cell and month; per="member" (--per member) adds them up'
        raise DataError([Fault(what, file=register.name, column="due", value=1, allowed=allowed)])


def _possible(register: Register, dated: pd.DataFrame) -> tuple[Register, pd.DataFrame]:
    """Take months that no register can speak of for months that can't be read; mostly there are none."""
    possible = dated["number"].isna() | dated["number"].between(_FIRST_YEAR * 12, _LAST_YEAR * 12 + 11)
    if possible.all():
        return register, dated
    kept = dated.assign(number=dated["number"].where(possible))
    return within(register, date(_FIRST_YEAR, 1, 1), date(_LAST_YEAR, 12, 31)), kept


def units_of(named: Iterable[tuple[str, int]], known: Gazetteer) -> dict[tuple[str, int], Unit | UnknownName]:
    """Return what each name of a province meant in each month, or why it meant nothing."""
    # between two changes of the map a name means the same
    begins = sorted({unit.valid_from.year * 12 + unit.valid_from.month - 1 for unit in known.units})
    meant: dict[tuple[str, int], Unit | UnknownName] = {}
    found: dict[tuple[str, int], Unit | UnknownName] = {}
    # an engine gives them in any order: what is said of a name is said of its first month
    for name, number in sorted({*named}):
        key = name, bisect.bisect_right(begins, number)
        if key not in meant:
            try:
                meant[key] = known.find(name, month_text(number))
            except UnknownName as error:
                meant[key] = error
        found[name, number] = meant[key]
    return found


def _unknown(
    dated: pd.DataFrame, units: Mapping[tuple[str, int], Unit | UnknownName], register: Register
) -> dict[str | None, list[int]]:
    unknown: dict[str | None, list[int]] = {}
    for (name, number), unit in units.items():
        if not isinstance(unit, Unit):
            unknown.setdefault(name, []).append(number)
    if "province" in register.given:
        blank = dated[dated["province"].isna()]["number"].dropna()
        if len(blank):
            unknown[None] = [int(one) for one in blank]
    return unknown


def _eras(known: Gazetteer, months: pd.Series) -> tuple[int, ...]:
    """Return the months after the register's first one in which the map of provinces changes."""
    if months.empty:
        return ()
    begins = {unit.valid_from.year * 12 + unit.valid_from.month - 1 for unit in known.units}
    return tuple(sorted(one for one in begins if months.min() < one <= months.max()))


def _suspects(
    register: Register,
    unknown: Mapping[str | None, list[int]],
    months: pd.Series,
    eras: tuple[int, ...],
    *,
    nameless: bool,
) -> pd.DataFrame:
    """Return the cells that have to be looked at record by record; without a cell: records that name none."""
    table, identity = register.table, register.identity
    found = [fault_criteria.unproven(table, identity, {int(one) for one in months}, eras).execute()]
    if unknown:
        found.append(fault_criteria.misplaced(table, identity, unknown).execute())
    if nameless:
        found.append(fault_criteria.nameless(table, identity, "commune").execute())
    cells: pd.DataFrame = pd.concat(found, ignore_index=True).sort_values("together", kind="stable")
    return cells.drop_duplicates(list(identity), keep="last", ignore_index=True)


def _named(register: Register) -> list[str]:
    """Return the places that each record has to name; provinces are looked up, and districts are no more."""
    return [name for name in ("commune",) if name in register.given]


def _without_units(
    register: Register, cells: pd.DataFrame, unknown: Mapping[str | None, list[int]], eras: tuple[int, ...]
) -> pd.DataFrame:
    """Take party organisations that add no cells up for units of their own, and tell them."""
    sums = cells[cells["sum_row"].astype(bool)]
    if not sum_rows.above_cells(sums["cell"]).any():
        return cells.assign(unit_above=False)
    known = sum_rows.cells_of(sums.assign(unit_above=False), register.identity)
    rows = fault_criteria.faulty(register.located, known, register.identity, unknown, eras).execute()
    own = sum_rows.units(rows, register.located, sums, register.identity).reindex(cells.index)
    units = own.fillna(value=False).astype(bool)
    return cells.assign(sum_row=cells["sum_row"].astype(bool) & ~units, unit_above=units)


def _faults(
    register: Register,
    cells: pd.DataFrame,
    unknown: Mapping[str | None, list[int]],
    eras: tuple[int, ...],
    units: Mapping[tuple[str, int], Unit | UnknownName],
) -> pd.DataFrame:
    """Return one row a record and kind of fault, by file and row."""
    if cells.empty:
        return _typed(pd.DataFrame(columns=[*FAULT_COLUMNS, "number", "record", "thematic"]))
    named = cells.dropna(subset="cell")
    wanted: list[ir.Table | None] = [None] if len(named) < len(cells) else []
    if len(named):
        wanted.append(sum_rows.cells_of(named, register.identity))
    places = _named(register)
    parts = [
        fault_criteria.faulty(register.located, one, register.identity, unknown, eras, named=places).execute()
        for one in wanted
    ]
    found: pd.DataFrame = pd.concat(parts)
    found = found.sort_values(["file", "row", "cell", "number"], kind="stable", ignore_index=True)
    found["record"] = np.arange(len(found))
    found = found.assign(**_sums_compared(found, register, cells))
    found["month"] = [month_text(int(one)) if pd.notna(one) else "" for one in found["number"]]
    parts = [
        found[found[kind.id].astype(bool)].assign(kind=kind.id, left_out=kind.left_out, order=at)
        for at, kind in enumerate(KINDS)
    ]
    listed = pd.concat(parts).sort_values(["record", "order"], ignore_index=True)
    meant = [units.get(key) for key in zip(listed["province"], listed["number"], strict=True)]
    hints = {
        "unknown_province": pd.Series([*map(_hint, meant)], index=listed.index),
        "unreadable": _unread(listed, register),
        "month_contradicted": _shared(listed, register).map({True: _NAMES_HINT}),
        "sum_row_wrong": listed["sum_hint"],
    }
    listed["hint"] = ""
    for kind, said in hints.items():
        listed["hint"] = listed["hint"].mask(listed["kind"] == kind, said.fillna(""))
    return _typed(listed[[*FAULT_COLUMNS, "number", "record", "thematic"]])


def _sums_compared(found: pd.DataFrame, register: Register, cells: pd.DataFrame) -> dict[str, pd.Series]:
    """Return which sum rows hold, which don't, and what their parts add up to."""
    adds = found["sum_row"].astype(bool)
    if not adds.any():
        no = pd.Series(data=False, index=found.index)
        return {"sum_row": no, "sum_row_wrong": no, "sum_hint": no.map({False: ""})}
    again = found[found["month_repeated"].astype(bool)]
    sums = cells[cells["sum_row"].astype(bool)]
    compared = sum_rows.compared(found[adds], register.located, sums, register.identity, again)
    compared = compared.reindex(found.index)
    holds = adds & compared["holds"].fillna(value=False).astype(bool)
    return {"sum_row": holds, "sum_row_wrong": adds & ~holds, "sum_hint": compared["hint"].fillna("")}


def _unread(listed: pd.DataFrame, register: Register) -> pd.Series:
    """Return which columns of a record can't be read, each with what may stand there."""
    forms = {
        "cell": "Chi bộ 1",
        **dict.fromkeys(_named(register), "Xã A, Phường B"),
        "month": f"2024-05, 05/2024, 31/05/2024, Tháng 5/2024 ({_FIRST_YEAR}–{_LAST_YEAR})",
        **dict.fromkeys(NUMBERS, "0, 1, 2, …"),
    }
    shown = listed.assign(month=listed["number"])[list(forms)].astype("object")
    missing = shown.isna() | shown.apply(lambda one: one.astype("str").str.strip() == "")
    if register.exempt == "in_due":
        # those due are had by taking off the exempt: where these are blank, what is written may be right
        blank = listed["as_written"].str.split("|").str[1].str.strip() == ""
        missing["due"] &= ~missing["exempt"] | blank
    hints = [
        "; ".join(f"{name}: {forms[name]}" for name, absent in zip(forms, row, strict=True) if absent)
        for row in missing.to_numpy()
    ]
    january = [_OCTOBER.match(text) for text in listed["as_written"].astype(str)]
    return pd.Series(
        [
            hint.replace(forms["month"], f"{match[1]}-01{HINTS['or']['en']}{match[1]}-10") if match else hint
            for hint, match in zip(hints, january, strict=True)
        ],
        index=listed.index,
    )


def _shared(listed: pd.DataFrame, register: Register) -> pd.Series:
    """Return whether records of one cell and month, with different figures, name different places."""
    if register.names != "register":
        return pd.Series(data=False, index=listed.index)
    places = listed[list(PLACES)].astype("object").fillna("").to_numpy().tolist()
    rows = listed[["kind", "cell", "number"]].assign(place=[" | ".join(named) for named in places])
    return rows.groupby(["kind", "cell", "number"], dropna=False)["place"].transform("nunique") > 1


def _hint(meant: Unit | UnknownName | None) -> str:
    return ", ".join(meant.nearest) or meant.hint.strip("()") if isinstance(meant, UnknownName) else ""


def _typed(faults: pd.DataFrame) -> pd.DataFrame:
    whole = dict.fromkeys(("row", *NUMBERS, "number", "record", "thematic"), "Int64")
    texts = {one: "str" for one in faults.columns if one not in whole and one != "left_out"}
    filled = faults.assign(**{one: faults[one].astype("object").fillna("") for one in texts})
    return filled.astype({**texts, **whole, "left_out": "bool"})


def _net(
    dated: pd.DataFrame, units: Mapping[tuple[str, int], Unit | UnknownName], faults: pd.DataFrame
) -> pd.DataFrame:
    """Return the sums of each dated unit and month without the records left out."""
    gross = dated.dropna(subset="number")[["province", "number", "records", *NUMBERS]].copy()
    gross["province"] = gross["province"].fillna("")
    out = faults[faults["left_out"]].drop_duplicates("record").dropna(subset="number")
    out = out.assign(records=1, left_out=(~out["kind"].isin(_OF_NO_CELL)).astype("int64"))
    net = less(gross, out, ["province", "number"], ("records", *NUMBERS))
    named = zip(net["province"], net["number"], strict=True)
    meant = [units.get((str(name), int(number))) for name, number in named]
    ids = pd.Series([unit.unit_id if isinstance(unit, Unit) else "" for unit in meant], dtype="str")
    summed = net.drop(columns="province").assign(unit_id=ids.to_numpy())
    return summed.groupby(["unit_id", "number"], as_index=False).sum()


def less(
    gross: pd.DataFrame, out: pd.DataFrame, keys: list[str], sums: Sequence[str], **others: str
) -> pd.DataFrame:
    """Return ``sums`` by some keys without the records left out, and how many of these count as ``left_out``.

    ``others`` says how further columns of ``gross`` are put together.
    """
    taken = out[[*keys, *sums]].assign(**{one: -out[one] for one in sums}, left_out=out["left_out"])
    types = {
        key: "str" if gross[key].dtype.kind == "O" or gross[key].dtype == "str" else "int64" for key in keys
    }
    both = pd.concat([gross.astype(types), taken.astype(types)], ignore_index=True)
    how = dict.fromkeys((*sums, "left_out"), "sum") | others
    return both.groupby(keys, as_index=False).agg(how).astype(dict.fromkeys(how, "int64"))


def _stop(checked: Checked, most: float) -> None:
    """Refuse a register with too many faults."""
    faulty = checked.faulty
    share = 100 * faulty / checked.records
    if share <= most:
        return
    words = {one.id: spoken(one.words) for one in KINDS}
    listed = checked.faults[~checked.faults["kind"].isin(_SAID)]
    counted = listed["kind"].value_counts()
    kinds = ", ".join(f"{words[str(kind)]}: {number}" for kind, number in counted.items())
    faults = [Fault(kinds, file=checked.register.name)]
    if checked.share_names:
        faults.append(Fault(SHARE_NAMES, file=checked.register.name, allowed='names="commune"'))
    faults += [_as_fault(row, words[row["kind"]]) for row in listed.head(_SHOWN).to_dict("records")]
    heading = message("records_refused", faulty=faulty, records=checked.records, share=share, most=most)
    error = DataError(faults, str(heading))
    if language() == "vi":
        vi = hint_in_vietnamese
        told = (
            replace(
                one,
                what=vi(one.what),
                column=vi(f"{one.column}: ")[:-2] if one.column else None,
                allowed=vi(one.allowed or ""),
            )
            for one in faults
        )
        error.args = ("\n  ".join([f"{in_language(heading, language())}:", *map(in_vietnamese, told)]),)
    raise error


def _as_fault(row: Mapping[Hashable, Any], what: str) -> Fault:
    """Return a row of the faults table as it is said in an error."""
    column, value, allowed = "", row["as_written"], row["hint"]
    if row["kind"] == "unknown_province":
        column, value = "province", row["province"]
    elif row["kind"] == "unreadable" and "; " not in allowed:
        column, _, allowed = allowed.partition(": ")
    elif row["kind"] in ("month_contradicted", "sum_row_wrong"):
        what += f" ({allowed})" if row["kind"] == "sum_row_wrong" and allowed else ""
        allowed = ""  # said once, above
    number = None if pd.isna(row["row"]) else int(row["row"])
    return Fault(what, row["file"] or None, None, number, column or None, value, allowed or None)
