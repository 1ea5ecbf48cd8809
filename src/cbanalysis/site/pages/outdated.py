"""The page of a report that couldn't be made anew: as it was, and marked so."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode

from cbanalysis.site.pages.figures import day
from cbanalysis.site.pages.pages import failure, page
from cbanalysis.site.pages.words import WORDS

_BEGIN = '<main id="content">\n'
_MARK = Markup(
    '<div class="failure outdated" role="alert">\n<p><strong>{}</strong> {}</p>\n<p>{} {}</p>\n</div>\n'
)
_EARLIER_MARK = re.compile(r'<div class="failure outdated".*?</div>\n', re.DOTALL)


def outdated(earlier: str | None, record: Mapping[str, Any], languages: Collection[str] = ()) -> str:
    """Say on a report's earlier page that it isn't current, since when and why.

    Parameters
    ----------
    earlier : str or None
        The page; None where there is none worth keeping.
    record : mapping
        What run.json says of the run that failed, with ``run``.
    languages : collection of str
        The languages in which this report is made.

    Returns
    -------
    str
        The page with its mark; without an earlier one, a page that says nothing but the failure.
    """
    if earlier is None or _BEGIN not in earlier:
        nothing = NotebookNode(cells=[], metadata={})  # type: ignore[no-untyped-call]
        return page(nothing, record, files=["run.json"], languages=languages)
    words = WORDS[record["language"] if record["language"] in WORDS else "en"]
    why = failure(record)
    since = str(record.get("run", {}).get("failing_since") or "")
    moment = f"{day(since[:10], record['language'])} {since[11:16]} UTC" if since else ""
    told = _MARK.format(
        words["earlier"],
        words["earlier_since"].format(moment),
        words[why["word"]] if why else "",
        why["said"] if why else "",
    )
    return _EARLIER_MARK.sub("", earlier, count=1).replace(_BEGIN, f"{_BEGIN}{told}", 1)
