"""When a report must be made anew: what went into it, and what its notebook asked of the data.

A notebook is run again only if something changed that it can see. Its source, parameters, the package, the
libraries and the page's template are known beforehand. Which figures it sees is known from its last run, in
which every question to the data was noted with a fingerprint of the answer: the same notebook with the same
parameters asks the same first question; if that finds the same rows, it asks the same second; and so on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cbanalysis.batch.reports.notebook_files import beside, source_of
from cbanalysis.batch.reports.output_folder import RECORD, missing
from cbanalysis.batch.reports.reports_and_folders import Report
from cbanalysis.common.folders import content_of, read_json, stamps_of

# What a question finds now: a fingerprint of each row.
Look = Callable[[Mapping[str, Any]], Sequence[str]]
_FEW = 5


@dataclass(frozen=True)
class Seer:
    """What the data say now.

    Attributes
    ----------
    look : callable
        Takes a question as it was noted, returns a fingerprint of each row it finds.
    whole : callable
        Takes fingerprints of rows, returns the one of all of them, as it was noted.
    names : mapping
        Fingerprint of each row to its name, of those that are new or changed since the last batch.
    rests_on : callable, optional
        Takes a report's folder, returns what ``finish`` would return for it now.
    """

    look: Look
    whole: Callable[[Sequence[str]], str]
    names: Mapping[str, str]
    rests_on: Callable[[Path], str] | None = None


@dataclass(frozen=True)
class Decision:
    """Whether a report is to be made.

    Attributes
    ----------
    report : Report
        Which.
    why : str
        ``new``, ``changed: …``, ``failed before: …``, …; ``""`` if it is unchanged and whole.
    damage : bool
        Whether its record can't be relied on.
    """

    report: Report
    why: str
    damage: bool = False


def digest(value: object) -> str:
    """Return 64 hexadecimal digits that tell a value from any other; for what JSON can hold."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def inputs_of(report: Report, shared: Mapping[str, str]) -> dict[str, str]:
    """Return a digest of each thing that goes into a report, but for the figures it sees.

    Parameters
    ----------
    report : Report
        Which.
    shared : mapping
        Digests of what all reports share, by name: package, libraries, template, …

    Returns
    -------
    dict of str to str
        ``notebook``, ``parameters``, ``files`` where parameters name files, ``beside`` where the notebook
        uses files beside it, and those of `shared`.

    Raises
    ------
    ReportError
        If the notebook can't be read.
    """
    if report.fault:
        return {"notebook": digest(report.fault), "parameters": digest(report.injected), **shared}
    # What runs or is shown; stored outputs don't go into a report.
    cells = source_of(report.path).cells
    shown = [
        [one.cell_type, one["source"], one.metadata.get("tags", []), one.get("attachments", {})]
        for one in cells
    ]
    own = {"notebook": digest(shown), "parameters": digest(report.injected)}
    files = files_of(report)
    used = {name: content_of(file) for name, file in beside(report.path).items()}
    return {
        **own,
        **({"files": files} if files else {}),
        **({"beside": digest(used)} if used else {}),
        **shared,
    }


def files_of(report: Report) -> str:
    """Return a digest of the files that a report's parameters name, "" where none of them is there."""
    files = [_file_digest(one) for one in report.named_files if one.exists()]
    return digest(files) if files else ""


def _file_digest(path: Path) -> str:
    """Digest a file, or the names, sizes and times of a folder's files."""
    if path.is_dir():
        return digest(stamps_of(path))
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def key_of(inputs: Mapping[str, str], saw: Sequence[Mapping[str, Any]]) -> str:
    """Return the one key of all that went into a report.

    Parameters
    ----------
    inputs : mapping
        As :func:`inputs_of` returns them.
    saw : sequence of mapping
        The questions that were asked, with what they found.

    Returns
    -------
    str
        64 hexadecimal digits; equal keys mean equal reports.
    """
    return digest([dict(inputs), [[one["query"], one["found"]] for one in saw]])


def read_trace(file: Path) -> list[dict[str, Any]]:
    """Return the questions that a notebook put to the data, each once, in the order of the first asking.

    Parameters
    ----------
    file : Path
        One JSON object a line; a missing file means that it asked none.

    Returns
    -------
    list of dict
        With ``query``, ``found`` and ``until``.
    """
    if not file.exists():
        return []
    lines = dict.fromkeys(file.read_text(encoding="utf-8").splitlines())
    return [json.loads(line) for line in lines]


def data_date(saw: Sequence[Mapping[str, Any]]) -> str:
    """Return the year, month or day up to which the figures reach that a report saw.

    Parameters
    ----------
    saw : sequence of mapping
        The questions; ``until`` is when the last period of what was found ends or its last source was
        published, whichever is later.

    Returns
    -------
    str
        ISO, as fine as the data tell it; empty where nothing was found.
    """
    return max((str(one.get("until", "")) for one in saw), key=lambda day: f"{day}-99-99"[:10], default="")


def read_record(folder: Path) -> dict[str, Any] | None:
    """Return what run.json says of a report, None where it can't be read.

    Parameters
    ----------
    folder : Path
        The report's.

    Returns
    -------
    dict or None
    """
    return read_json(folder / RECORD)


def decide(report: Report, output: Path, inputs: Mapping[str, str], seer: Seer) -> Decision:
    """Say whether a report is to be made, and why.

    Parameters
    ----------
    report : Report
        Which.
    output : Path
        The output folder.
    inputs : mapping
        What goes into it now, as :func:`inputs_of` returns it.
    seer : Seer
        What the data say now.

    Returns
    -------
    Decision
    """
    if report.fault:
        return Decision(report, f"can't be made: {report.fault}")
    folder = output / report.folder
    if not (folder / RECORD).exists():
        return Decision(report, "new")
    record = read_record(folder)
    if record is None:
        return Decision(report, f"its {RECORD} can't be read", damage=True)
    try:
        why = _why(record, inputs, seer) or missing(folder, record["files"])
        if not why and seer.rests_on is not None and seer.rests_on(folder) != record["rests_on"]:
            why = "changed: what is said of its figures, or the reports beside it"
        return Decision(report, why)
    except (KeyError, TypeError, AttributeError, ValueError):
        return Decision(report, f"its {RECORD} isn't of this version", damage=True)


def _why(record: Mapping[str, Any], inputs: Mapping[str, str], seer: Seer) -> str:
    if record["status"] != "done":
        failure = record["failure"]
        return f"failed before: {': '.join(filter(None, (failure['error'], failure['message'])))}"
    before = record["inputs"]
    changed = [name for name in (*inputs, *before) if inputs.get(name) != before.get(name)]
    if changed:
        return f"changed: {', '.join(dict.fromkeys(changed))}"
    if record["key"] != key_of(inputs, record["saw"]):
        return f"its {RECORD} was edited"
    for one in record["saw"]:
        prints = seer.look(one["query"])
        if seer.whole(prints) != one["found"]:
            names = [seer.names[each] for each in prints if each in seer.names]
            # A figure that was withdrawn has no name here, nor one that an earlier batch knew already.
            return f"changed: figures ({_listed(names)})" if names else "changed: figures"
    return ""


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return f"{', '.join(names[:_FEW])}{more}"
