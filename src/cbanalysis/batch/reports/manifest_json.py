"""manifest.json: which reports lie in the output folder, what they were made of, how the last batch went."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from cbanalysis.batch.reports.output_folder import json_text, report_folders
from cbanalysis.batch.reports.staleness import read_record
from cbanalysis.common.atomic_writes import write_aside
from cbanalysis.common.language import Language

MANIFEST = "manifest.json"
SCHEMA = "manifest.schema.json"
_FORMAT: Literal[1] = 1


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Saw(_Part):
    """One question that a notebook put to the data, and a fingerprint of what it found."""

    query: dict[str, Any]
    found: str


class Times(_Part):
    """What differs from run to run: when, seconds it took, bytes its kernel held, at which attempt.

    `failing_since` is when the first of the runs began that all failed since the report was made, else "".
    """

    started: str
    finished: str
    seconds: float
    attempt: int
    peak_memory: int | None
    failing_since: str = ""


class Entry(_Part):
    """One report: folder (relative to the manifest), what was run and how it ended, what went into it.

    A failure has a stage (notebook, kernel, cell, page, download, place, worker), the name of its error, a
    message (which may be empty) and the guilty cell if there is such a cell. `page` tells whether the page is
    of this run, of an earlier one, or says nothing but the failure (none).
    """

    folder: str
    notebook: str
    language: Language
    title: str
    parameters: dict[str, Any]
    status: Literal["done", "failed"]
    stage: str = ""
    error: str = ""
    message: str
    cell: int | None
    page: Literal["this run", "earlier", "none"] = "this run"
    data_date: str
    versions: dict[str, str | None]
    commit: str | None
    key: str
    inputs: dict[str, str]
    saw: list[Saw]
    run: Times


class Totals(_Part):
    """The last batch: what it was asked for, and how it went; differs from run to run."""

    started: str
    finished: str
    seconds: float
    jobs: int
    made: int
    kept: int
    failed: int
    left: int
    peak_memory: int | None
    request: str


class Manifest(_Part):
    """The whole file.

    Attributes
    ----------
    format : int
        1.
    figures : dict of str to str
        A fingerprint of each figure (with its source) that the data held at the last batch.
    reports : list of Entry
        All reports that lie in the folder, also those of earlier batches, by folder.
    run : Totals or None
        The last batch.
    """

    format: Literal[1]
    figures: dict[str, str]
    reports: list[Entry]
    run: Totals | None = None


def schema() -> dict[str, Any]:
    """Return the JSON Schema of manifest.json."""
    title = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**title, **Manifest.model_json_schema()}


def read_manifest(output: Path) -> tuple[Manifest | None, str]:
    """Read the manifest of an output folder.

    Parameters
    ----------
    output : Path
        The folder.

    Returns
    -------
    tuple of (Manifest or None, str)
        None where there is none, or none that can be read; then why not, in one line.
    """
    file = output / MANIFEST
    try:
        return Manifest.model_validate_json(file.read_bytes()), ""
    except FileNotFoundError:
        return None, ""
    except OSError as fault:
        return None, f"{MANIFEST} can't be read ({fault.strerror})"
    except ValidationError:
        return None, f"{MANIFEST} is damaged"


def collect(output: Path) -> list[Entry]:
    """Return what the records of all reports in a folder say, those that can't be read left out.

    Parameters
    ----------
    output : Path
        The output folder.

    Returns
    -------
    list of Entry
        By folder.
    """
    found = []
    for folder in report_folders(output):
        entry = _entry(folder.as_posix(), read_record(output / folder) or {})
        if entry is not None:
            found.append(entry)
    return found


def _entry(folder: str, record: Mapping[str, Any]) -> Entry | None:
    names = (
        "notebook", "language", "title", "parameters", "status", "data_date", "versions", "commit", "key",
    )  # fmt: skip
    failure = record.get("failure") or {}
    try:
        return Entry.model_validate(
            {
                **{name: record[name] for name in (*names, "inputs", "saw", "run")},
                "folder": folder,
                "stage": failure.get("stage", "cell" if failure else ""),
                "error": failure.get("error", ""),
                "message": failure.get("message", ""),
                "page": record.get("page", "this run"),
                "cell": failure.get("cell"),
            }
        )
    except (KeyError, ValidationError):
        return None


def write_manifest(output: Path, figures: Mapping[str, str], totals: Totals | None) -> Manifest:
    """Write the manifest anew from the reports that lie in a folder, and its schema beside it.

    Parameters
    ----------
    output : Path
        The folder.
    figures : mapping
        A fingerprint of each figure by its id.
    totals : Totals or None
        How the batch went.

    Returns
    -------
    Manifest
        As written.

    Raises
    ------
    OutputError
        If it can't be written; the old one stays.
    """
    manifest = Manifest(format=_FORMAT, figures=dict(figures), reports=collect(output), run=totals)
    write_aside(output / MANIFEST, json_text(manifest.model_dump(mode="json")))
    write_aside(output / SCHEMA, json_text(schema()))
    return manifest
