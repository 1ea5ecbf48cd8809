"""Every kind of fault in a register: what it is called, and whether its records are left out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cbanalysis.common.language import Language, words_of
from cbanalysis.common.messages import in_language
from cbanalysis.records.column_headings import HEADINGS
from cbanalysis.records.contract import CONTRACT


@dataclass(frozen=True)
class Kind:
    """A kind of fault: what it is called and whether its records are left out of the sums.

    Attributes
    ----------
    id : str
        Its name in the faults table.
    left_out : bool
        True where the record can't be right as it stands; False where it may be, so that it is kept.
    words : dict
        What it says to a reader, in Vietnamese and English.
    fault : bool
        False for what is only said: sum rows that hold, rows without figures, several meetings in a month.
    """

    id: str
    left_out: bool
    words: dict[Language, str]
    fault: bool = True


_KEPT = {"unit_above", "several_meetings", "cell_moved", "due_jumped"}


_RIGHT = {"sum_row", "no_figures", "unit_above", "several_meetings"}


KINDS = tuple(
    Kind(name, name not in _KEPT, words, name not in _RIGHT)
    for name, words in words_of("register-kinds").items()
)
"""Every kind of fault, in the order in which they are looked for."""


HINTS = words_of("register-hints")


_COLUMN = re.compile(rf"\b({'|'.join(CONTRACT)})(?=: | -?[0-9])")


def hint_in_vietnamese(hint: str) -> str:
    """Return a hint of the faults table in Vietnamese, columns by what registers call them.

    Examples
    --------
    >>> hint_in_vietnamese("parts add up to due 20, present 18")
    'tổng của các dòng thành phần: phải dự 20, có mặt 18'
    """
    for words in HINTS.values():
        hint = hint.replace(words["en"].removesuffix("{}"), words["vi"].removesuffix("{}"))
    hint = in_language(hint, "vi")
    return _COLUMN.sub(lambda found: HEADINGS[found[1]][0], hint)
