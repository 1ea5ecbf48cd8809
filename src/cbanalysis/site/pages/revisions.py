"""What changed in the published figures from one run to the next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cbanalysis.common.atomic_writes import write_aside
from cbanalysis.common.errors import harmless
from cbanalysis.common.folders import read_json
from cbanalysis.display.words import number
from cbanalysis.site.pages.figures_shown import Figures, day
from cbanalysis.site.pages.page_words import WORDS

PROVENANCE, REVISIONS = "figures.json", "revisions.json"
_KEPT = 20
_PAIR = 2
# What follows from the rest of a row, or only names it.
_DERIVED = {
    "findings", "indicator", "year", "unit", "province", "subject", "level", "comparable", "standard",
    "interval", "rate", "rate_low", "rate_high", "note_vi",
}  # fmt: skip


def _row(figure: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in figure.items() if name not in _DERIVED}


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return what became of the figures between two provenance files.

    Parameters
    ----------
    old, new : mapping
        Contents of a provenance file.

    Returns
    -------
    dict
        ``added`` and ``withdrawn``: figures by id; ``changed``: by id, field by field, ``[old, new]``, None
        where a field is missing.
    """
    before = {one: _row(figure) for one, figure in old.get("figures", {}).items()}
    after = {one: _row(figure) for one, figure in new.get("figures", {}).items()}
    changed = {}
    for one in sorted(before.keys() & after.keys()):
        names = sorted(before[one].keys() | after[one].keys())
        pairs = {name: [before[one].get(name), after[one].get(name)] for name in names}
        if differing := {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}:
            changed[one] = {"figure": after[one], "fields": differing}
    return {
        "added": {one: after[one] for one in sorted(after.keys() - before.keys())},
        "changed": changed,
        "withdrawn": {one: before[one] for one in sorted(before.keys() - after.keys())},
    }


def keep_provenance(output: Path, provenance: Mapping[str, Any]) -> Path:
    """Write the provenance of this run, and add what changed since the last one to the revisions.

    Nothing changes when the figures didn't, so the same data give the same files however often they are run.

    Parameters
    ----------
    output : Path
        The output folder.
    provenance : mapping
        As ``provenance.gather`` gives it.

    Returns
    -------
    Path
        The provenance file.

    Raises
    ------
    OutputError
        If a file can't be written.
    """
    path = output / PROVENANCE
    old = read_json(path)
    if old is not None and _by_id(old.get("figures")):
        found = compare(old, provenance)
        if any(found.values()):
            earlier = revisions(output)
            number = max((one["number"] for one in earlier), default=0) + 1
            latest = {"number": number, "data_date": provenance.get("data_date", ""), **found}
            write_aside(output / REVISIONS, _json({"format": 1, "revisions": [latest, *earlier][:_KEPT]}))
    try:
        same = path.read_bytes() == _json(provenance).encode()
    except OSError:
        same = False
    if not same:
        write_aside(path, _json(provenance))
    return path


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def revisions(output: Path) -> list[dict[str, Any]]:
    """Return the revisions kept in an output folder, newest first; those that are damaged are left out."""
    known = read_json(output / REVISIONS) or {}
    kept = known.get("revisions")
    return [one for one in kept if _is_whole(one)] if isinstance(kept, list) else []


def damaged(output: Path) -> list[str]:
    """Say which of the two files above the reports can't be relied on, and what is lost with it.

    Parameters
    ----------
    output : Path
        The output folder.

    Returns
    -------
    list of str
        One line for each; a file that isn't there is no damage.
    """
    lines = []
    if (output / PROVENANCE).exists() and not _by_id((read_json(output / PROVENANCE) or {}).get("figures")):
        lines.append(
            f"{PROVENANCE} is damaged: it is made anew; what changed since the last run can't be told"
        )
    kept = (read_json(output / REVISIONS) or {}).get("revisions")
    if (output / REVISIONS).exists() and (not isinstance(kept, list) or not all(map(_is_whole, kept))):
        lines.append(f"{REVISIONS} is damaged: earlier changes that can't be read are left out of the list")
    return lines


def _by_id(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, dict) for one in value.values())


def _is_whole(revision: object) -> bool:
    """Whether a revision holds what :func:`compare` gave."""
    if not isinstance(revision, dict) or not isinstance(revision.get("number"), int):
        return False
    if not all(_by_id(revision.get(name)) for name in ("added", "changed", "withdrawn")):
        return False
    return all(
        isinstance(one.get("figure"), dict)
        and isinstance(one.get("fields"), dict)
        and all(isinstance(pair, list) and len(pair) == _PAIR for pair in one["fields"].values())
        for one in revision["changed"].values()
    )


def in_words(revision: Mapping[str, Any], language: str, figures: Figures) -> dict[str, Any]:
    """Return one revision in words."""
    words = WORDS[language]
    same = ("printed", "count", "base", "percent", "value", "note", "source", "inferred", "qualifier")
    fields = {name: words[name] for name in same}
    fields |= {"what": words["indicator"], "where": words["province"], "when": words["year"]}

    def said(value: Any) -> str:  # noqa: ANN401 -- any JSON
        if isinstance(value, dict):
            return harmless(str(value.get(language, "")))
        if isinstance(value, int | float) and not isinstance(value, bool):
            return number(value, language)
        return "" if value is None else harmless(str(value))

    def figure(one: str, row: Mapping[str, Any]) -> dict[str, str]:
        source = str(row.get("source", ""))
        known = source in figures.sources
        return {
            "id": harmless(one),
            "what": said(row.get("what")),
            "where": said(row.get("where")),
            "when": said(row.get("when")),
            "printed": said(row.get("printed")),
            "source": figures.document(source, language) if known else harmless(source),
            "address": figures.address(source) if known else "",
        }

    changed = [
        {
            **figure(one, change["figure"]),
            "fields": [
                (fields.get(name, name), said(old), said(new))
                for name, (old, new) in change["fields"].items()
            ],
        }
        for one, change in revision.get("changed", {}).items()
    ]
    return {
        "number": revision.get("number"),
        "data_date": day(str(revision.get("data_date") or ""), language),
        "added": [figure(one, row) for one, row in revision.get("added", {}).items()],
        "changed": changed,
        "withdrawn": [figure(one, row) for one, row in revision.get("withdrawn", {}).items()],
    }
