"""Documents as reference managers read them: BibTeX and CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Document:
    """A document that figures come from.

    Attributes
    ----------
    id, publisher, title : str
        As the data have them; empty where not known.
    published : str
        Year, month or day in ISO form.
    address : str
        Where it is on the web; empty where nowhere.
    terms : str
        On what terms its figures stand.
    figures : int
        How many of the figures come from it.
    """

    id: str
    publisher: str
    title: str
    published: str
    address: str
    terms: str
    figures: int

    def line(self, date: str) -> str:
        """Return the document in one line: publisher, title, the reader's date; or its id."""
        return ", ".join(filter(None, (self.publisher, self.title, date))) or self.id


def _field(name: str, text: str) -> list[str]:
    """Return one field; what TeX would take for a command is text again."""
    if not text:
        return []
    flat = re.sub(r"\s+", " ", text).replace("\\", "/").replace("{", "(").replace("}", ")")
    if name != "url":
        flat = re.sub(r"([#$%&_])", r"\\\1", flat)
        flat = flat.replace("~", r"\textasciitilde{}").replace("^", r"\textasciicircum{}")
    return [f"  {name} = {{{flat}}},"]


def bibtex(documents: Sequence[Document]) -> str:
    r"""Return the documents as BibTeX (UTF-8), one ``@misc`` each.

    Examples
    --------
    >>> print(bibtex([Document("s-1", "Báo A", "Chi bộ 100%", "2013-08-09", "", "", 1)]).strip())
    @misc{s-1,
      author = {{Báo A}},
      title = {{Chi bộ 100\%}},
      year = {2013},
      date = {2013-08-09},
    }
    """
    entries = []
    for one in documents:
        key = re.sub(r"[^A-Za-z0-9:._-]+", "-", one.id).strip("-") or "source"
        lines = [f"@misc{{{key},"]
        for name, text in (("author", one.publisher), ("title", one.title or one.id)):
            # Braced twice: names of offices aren't taken apart, titles keep their capitals.
            lines += [line.replace("{", "{{", 1)[:-2] + "}}," for line in _field(name, text)]
        lines += _field("year", one.published[:4]) + _field("date", one.published)
        lines += _field("url", one.address) + _field("note", one.terms)
        entries.append("\n".join([*lines, "}\n"]))
    return "\n".join(entries)


def csl(documents: Sequence[Document]) -> str:
    """Return the documents as CSL-JSON, as reference managers read it."""
    items = []
    for one in documents:
        item: dict[str, Any] = {"id": one.id, "type": "document", "title": one.title or one.id}
        if one.publisher:
            item |= {"author": [{"literal": one.publisher}], "publisher": one.publisher}
        if one.published:
            item["issued"] = {"date-parts": [[int(part) for part in one.published.split("-")]]}
        item |= {"URL": one.address} if one.address else {}
        items.append(item | ({"note": one.terms} if one.terms else {}))
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"
