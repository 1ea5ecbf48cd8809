"""Text as a search forgives it: no marks, no capitals."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Return a text without marks and capitals; the script of the index folds what is typed in the same way.

    Examples
    --------
    >>> folded("Bắc Giang, Đắk Lắk")
    'bac giang, dak lak'
    """
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
