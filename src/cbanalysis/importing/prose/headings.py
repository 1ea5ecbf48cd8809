"""Which paragraphs are headings."""

from __future__ import annotations

import re

_LONGEST_HEADING = 200
# a full stop inside, but not that of "II." or "TP."
_SENTENCE_END = re.compile(r"\w{4,}[.!?…] +\w")
_ENDS = (".", "!", "?", "…", ";", ":", ",")
_BULLETS = ("-", "•", "+", "*", "–", "·")


def is_heading(paragraph: str) -> bool:
    """Return whether a paragraph is a heading: short, without a full stop, no item of a list.

    Examples
    --------
    >>> is_heading("II. Chỉ tiêu năm 2024"), is_heading("- 100% chi bộ sinh hoạt chuyên đề.")
    (True, False)
    """
    text = paragraph.strip()
    return (
        bool(text)
        and len(text) <= _LONGEST_HEADING
        and not _SENTENCE_END.search(text)
        and not text.endswith(_ENDS)
        and not text.startswith(_BULLETS)
    )
