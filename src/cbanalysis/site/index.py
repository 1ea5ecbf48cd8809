"""The page that lists all reports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from cbanalysis.errors import OutputError
from cbanalysis.site.pages import TEMPLATES, label, policy, style
from cbanalysis.site.words import WORDS

__all__ = ["write_index"]


def _records(output: Path) -> list[tuple[Path, Mapping[str, Any]]]:
    found: list[tuple[Path, Mapping[str, Any]]] = []
    for path in sorted(output.glob("[a-z][a-z]/**/run.json")):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if (
            isinstance(record, dict)
            and isinstance(record.get("parameters"), dict)
            and record.get("language") in WORDS
        ):
            found.append((path.parent.relative_to(output), record))
    return found


def _section(language: str, records: Iterable[tuple[Path, Mapping[str, Any]]]) -> dict[str, Any]:
    notebooks: dict[str, dict[str, Any]] = {}
    for folder, record in records:
        name = str(record.get("notebook"))
        title = str(record.get("title") or name)
        group = notebooks.setdefault(name, {"name": name, "title": title, "reports": []})
        group["reports"].append(
            {
                "address": quote((folder / "index.html").as_posix()),
                "label": label(record) or title,
                "failed": record.get("status") != "done",
            }
        )
    ordered = [notebooks[name] for name in sorted(notebooks)]
    return {"language": language, "words": WORDS[language], "notebooks": ordered}


def write_index(output: Path) -> Path:
    """Write the page that lists all reports below a folder, those of earlier runs too.

    Parameters
    ----------
    output : Path
        The output folder.

    Returns
    -------
    Path
        Its ``index.html``.

    Raises
    ------
    OutputError
        If it can't be written.
    """
    records = _records(output)
    languages = [
        language for language in WORDS if any(record["language"] == language for _, record in records)
    ]
    sections = [
        _section(one, [found for found in records if found[1]["language"] == one]) for one in languages
    ]
    main = (languages or list(WORDS))[0]
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    text = environment.get_template("index.html.j2").render(
        language=main,
        empty=WORDS[main]["none"],
        policy=policy(),
        sections=sections,
        style=Markup(style()),  # noqa: S704 -- our own file
        title=WORDS[main]["index"],
        version=version("cbanalysis"),
    )
    aside = output / ".index.html"
    try:
        aside.write_text(text, encoding="utf-8", newline="\n")
        return aside.replace(output / "index.html")
    except OSError as fault:
        aside.unlink(missing_ok=True)
        raise OutputError(f"can't write {output / 'index.html'}: {fault.strerror or fault}") from fault
