"""A report of real tables and charts without a kernel, and figures whose words were made up to do harm."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

import cbanalysis as cb
from cbanalysis.batch.reports.run_json import extract
from cbanalysis.site.provenance import gather

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "javascript:alert(3)",
    "<svg onload=alert(4)></svg>",
    "=HYPERLINK(1)",
    "#eval(5)",
    "\\input{6}",
    "{{ 7 * 7 }}",
)
UNSEEN = "tr\u202eái\u200b ng\u2066ược\ufeff"
HARM = f"{' '.join(ATTACKS)} {UNSEEN}"


def record(language: str = "vi", **fields: Any) -> dict[str, Any]:
    """Return what run.json says of a report about Bắc Giang."""
    return {
        "report": f"{language}/04_province_profile/bac-giang",
        "notebook": "04_province_profile",
        "language": language,
        "title": "Một tỉnh" if language == "vi" else "One province",
        "parameters": {"province": "Bắc Giang"},
        "status": "done",
        "data_date": "2026-05-17",
        "licence": {"vi": "giấy phép thử", "en": "a trial licence"},
        "versions": {"cbanalysis": "0.1.0"},
        "commit": "0123456789abcdef",
        **fields,
    }


def output(shown: Any) -> nbformat.NotebookNode:
    """Return what a notebook keeps of a table, a chart or a note."""
    bundle = shown._repr_mimebundle_()
    given, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    # As a kernel sends it: pictures as base64.
    given = {
        mime: base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for mime, value in given.items()
    }
    return nbformat.v4.new_output("display_data", given, metadata=json.loads(json.dumps(metadata)))


def notebook(*outputs: nbformat.NotebookNode, title: str = "Một tỉnh") -> nbformat.NotebookNode:
    """Return an executed notebook: a heading, an opening, a section with a step for each output."""
    steps = [nbformat.v4.new_code_cell("show()", outputs=[one]) for one in outputs]
    words = [f"# {title}\n\nLời mở đầu.", "## Số liệu\n\nMột **đoạn** văn."]
    head, section = (nbformat.v4.new_markdown_cell(text) for text in words)
    note = nbformat.v4.new_code_cell("note()", outputs=[output(cb.notes.Note(("Có 27 số liệu.",)))])
    return nbformat.v4.new_notebook(cells=[head, note, section, *steps])


def bac_giang() -> pd.DataFrame:
    """Return the published rows about Bắc Giang with their rates."""
    return cb.add_rates(cb.load_observations(provinces="Bắc Giang"))


def evidence() -> dict[str, Any]:
    """Return what is known of all figures."""
    return {"data_date": "2026-05-17", **gather(cb.load_observations())}


def harmful(observations: pd.DataFrame) -> pd.DataFrame:
    """Return rows whose words of strangers were replaced by what could do harm."""
    return observations.assign(note=HARM, area=HARM, printed=HARM)


def harmful_evidence(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return evidence whose words of strangers were replaced by what could do harm."""
    made = json.loads(json.dumps(known))
    for figure in made["figures"].values():
        figure |= {"note": HARM, "printed": HARM, "where": {"vi": HARM, "en": HARM}}
    for source in made["sources"].values():
        source |= {"title": HARM, "publisher": HARM, "terms": HARM, "address": "javascript:alert(3)"}
    for finding in made["findings"].values():
        finding |= {"message": {"vi": HARM, "en": HARM}}
    return made


def put(folder: Path, made: nbformat.NotebookNode) -> Path:
    """Write the charts and tables of a notebook as a run does; return the report's folder."""
    folder.mkdir(parents=True)
    extract(made, folder)
    return folder
