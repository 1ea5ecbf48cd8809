"""From the files of data/ to records; what is wrong is collected, each fault with its place."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar

from cbanalysis.common.errors import Fault, nearest
from cbanalysis.common.language import LANGUAGES
from cbanalysis.common.limits import open_bytes
from cbanalysis.common.validation import build_record
from cbanalysis.dataset.catalogue.entries import (
    COUNT,
    PERCENT,
    Event,
    Indicator,
    Record,
    Scheme,
    Source,
    Subject,
    Unit,
    Words,
)
from cbanalysis.dataset.csv_reading import read_rows

_Model = TypeVar("_Model", bound=Record)

_TABLES = ("subjects", "levels", "sub_kinds", "units", "indicators", "schemes")
_ACKNOWLEDGED_COLUMNS = ("finding_id", "reason_vi", "reason_en")


def read_declarations(path: Path, faults: list[Fault]) -> dict[str, dict[str, Any]]:
    """Return the six tables of indicators.toml as records; faults are appended to the list given."""
    declared = read_toml(path, faults)
    at = Fault("", file=path.name)
    faults.extend(
        replace(at, what="unknown table", column=key, nearest=nearest(key, _TABLES))
        for key in declared
        if key not in _TABLES
    )
    records: dict[str, dict[str, Any]] = {
        "subjects": _build_all(Subject, declared, "subjects", faults, at),
        "levels": _build_all(Words, declared, "levels", faults, at),
        "sub_kinds": _build_all(Words, declared, "sub_kinds", faults, at),
        "units": {one.id: one for one in (PERCENT, COUNT)},
        "indicators": _build_all(Indicator, declared, "indicators", faults, at),
        "schemes": _build_all(Scheme, declared, "schemes", faults, at),
    }
    if "units" in declared:  # folders of before had none
        own = _build_all(Unit, declared, "units", faults, at)
        taken = [replace(at, what="a unit that is always there", column=f"units.{one}") for one in own]
        faults.extend(fault for fault, name in zip(taken, own, strict=True) if name in records["units"])
        records["units"] |= own
    # those with a fault of their own, too: each fault is told once
    tables = {key: declared[key] for key in records if isinstance(declared.get(key), Mapping)}
    names = {key: {*built, *tables.get(key, ())} for key, built in records.items()}
    before = records["indicators"].get("org_count")
    if before and "total" not in before.model_fields_set:  # folders of before didn't say so
        records["indicators"]["org_count"] = before.model_copy(update={"total": True})
    for indicator in records["indicators"].values():
        faults.extend(_undeclared(indicator, names, at))
    for scheme in records["schemes"].values():
        faults.extend(_scheme_faults(scheme, replace(at, column=f"schemes.{scheme.id}")))
        faults.extend(_unlike(scheme, records, names, at))
    return records


def read_sources(path: Path, faults: list[Fault]) -> dict[str, Source]:
    """Return the documents of sources.csv by id; faults are appended to the list given."""
    sources: dict[str, Source] = {}
    for row, source in read_records(path, Source, faults):
        if source.source_id in sources:
            faults.append(Fault("id twice", path.name, None, row, "source_id", source.source_id))
        sources[source.source_id] = source
    return sources


def read_events(path: Path, faults: list[Fault]) -> tuple[Event, ...]:
    """Return the events of events.csv, oldest first; faults are appended to the list given."""
    events = (event for _, event in read_records(path, Event, faults, bilingual=("name",)))
    return tuple(sorted(events, key=lambda event: event.date))


def read_records(
    path: Path, model: type[_Model], faults: list[Fault], *, bilingual: Sequence[str] = ()
) -> Iterator[tuple[int, _Model]]:
    """Yield the records of a CSV file with their rows; faults are appended to the list given.

    Its columns are the fields of ``model``; a ``bilingual`` one has two, ``name_vi`` and ``name_en``.
    """
    columns: list[str] = []
    for name in model.model_fields:
        columns += [f"{name}_{lang}" for lang in LANGUAGES] if name in bilingual else [name]
    for row, cells in read_rows(path, columns, faults):
        words = {name: {lang: cells.pop(f"{name}_{lang}") for lang in LANGUAGES} for name in bilingual}
        record = build_record(model, {**cells, **words}, faults, Fault("", file=path.name, row=row))
        if record is not None:
            yield row, record


def read_acknowledged(path: Path, faults: list[Fault]) -> dict[str, Words]:
    """Return the reasons of acknowledged.csv by finding, none without it; faults go to the list given."""
    reasons: dict[str, Words] = {}
    if not path.exists():
        return reasons
    for row, cells in read_rows(path, _ACKNOWLEDGED_COLUMNS, faults):
        at = Fault("", file=path.name, row=row)
        finding, vi, en = cells.values()
        empty = [name for name, cell in cells.items() if not cell.strip()]
        faults += [replace(at, what="empty cell", column=name) for name in empty]
        if finding in reasons:
            faults.append(replace(at, what="acknowledged twice", column="finding_id", value=finding))
        elif not empty:
            reasons[finding] = Words(vi=vi, en=en)
    return reasons


def read_toml(path: Path, faults: list[Fault]) -> dict[str, Any]:
    """Return what a TOML file holds, nothing if it can't be read; faults are appended to the list given."""
    try:
        return tomllib.loads(open_bytes(path, within=path.parent).decode("utf-8-sig"))
    except FileNotFoundError:
        faults.append(Fault("the file is missing", file=path.name))
    except OSError as error:
        faults.append(Fault(f"the file can't be read: {error.strerror}", file=path.name))
    except UnicodeDecodeError as error:
        faults.append(Fault(f"not UTF-8: {error.reason} at byte {error.start}", file=path.name))
    except (ValueError, RecursionError) as error:  # too deep, too many digits
        faults.append(Fault(f"not valid TOML: {error}", file=path.name))
    return {}


def _build_all(
    model: type[_Model], declared: Mapping[str, Any], table: str, faults: list[Fault], at: Fault
) -> dict[str, _Model]:
    """Validate the records of one table; where the model has an id, it is the key."""
    entries = declared.get(table)
    if not isinstance(entries, Mapping) or not entries:
        if declared:
            faults.append(replace(at, what="the table is missing or empty", column=table))
        return {}
    built: dict[str, _Model] = {}
    for name, fields in entries.items():
        given = (
            {**fields, "id": name} if "id" in model.model_fields and isinstance(fields, Mapping) else fields
        )
        record = build_record(model, given, faults, replace(at, column=f"{table}.{name}"))
        if record is not None:
            built[name] = record
    return built


def _undeclared(indicator: Indicator, names: Mapping[str, Collection[str]], at: Fault) -> Iterable[Fault]:
    """Yield a fault for each subject, part and unit that the indicator names and nobody declares."""
    named = [("subject", "subjects", one) for one in indicator.subjects]
    named += [("indicator", "parts", one) for one in indicator.parts]
    for kind, key, name in (*named, ("unit", "unit", indicator.unit)):
        known = names[f"{kind}s"]
        if name not in known:
            what, where = f"undeclared {kind}", f"indicators.{indicator.id}.{key}"
            yield replace(at, what=what, column=where, value=name, nearest=nearest(name, known))


def _unlike(
    scheme: Scheme, records: Mapping[str, Mapping[str, Any]], names: Mapping[str, Collection[str]], at: Fault
) -> Iterable[Fault]:
    """Yield a fault for each indicator that nobody declares, or that an earlier scheme rates in its years."""
    known, where = names["indicators"], f"schemes.{scheme.id}.indicators"
    earlier = takewhile(lambda one: one is not scheme, records["schemes"].values())
    others = [one for one in earlier if one.subject_group == scheme.subject_group]
    for name in scheme.indicators:
        here = replace(at, column=where, value=name)
        if name not in known:
            yield replace(here, what="undeclared indicator", nearest=nearest(name, known))
        for other in others:
            year = max(scheme.valid_from, other.valid_from)
            if name in other.indicators and scheme.covers(year) and other.covers(year):
                yield replace(here, what=f"rated by {other.id} in {year} too")


def _scheme_faults(scheme: Scheme, at: Fault) -> list[Fault]:
    """Return what is wrong between the categories of a scheme, and in its years."""
    faults = []
    if scheme.valid_to is not None and scheme.valid_to < scheme.valid_from:
        wanted = f"{scheme.valid_from} or later"
        faults.append(replace(at, what="ends before it begins", value=scheme.valid_to, allowed=wanted))
    known = [category.id for category in scheme.categories]
    faults += _repeated(known, "category twice", at)
    faults += _repeated([category.order for category in scheme.categories], "order twice", at)
    named = ((*category.printed, category.name.vi.casefold()) for category in scheme.categories)
    spelled = [spelling for spellings in named for spelling in dict.fromkeys(spellings)]
    faults += _repeated(spelled, "spelling twice", at)
    for category in scheme.categories:
        here = replace(at, column=f"{at.column}.{category.id}")
        linked = [*category.parts, category.part_of] if category.part_of else category.parts
        faults += [
            replace(here, what="unknown category", value=other, nearest=nearest(other, known))
            for other in linked
            if other not in known
        ]
        if category.kind == "cumulative" and not category.parts:
            faults.append(replace(here, what="cumulative, but without parts"))
        if category.kind == "part" and not category.part_of:
            faults.append(replace(here, what="a part, but of nothing"))
    return faults


def _repeated(values: Iterable[str | int], what: str, at: Fault) -> list[Fault]:
    seen: set[str | int] = set()
    again = [value for value in values if value in seen or seen.add(value)]  # type: ignore[func-returns-value]
    return [replace(at, what=what, value=value) for value in dict.fromkeys(again)]
