"""The districts at their time: which province a district lies in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from cbanalysis.common.text.letters import fold
from cbanalysis.dataset.provinces.district_names import districts
from cbanalysis.importing.prose.tokens import tokenise

LONGEST_DISTRICT = 6
"""Tokens of a district's name at the most."""

# the same word of a highland language in different spellings
_SPELLINGS = {"đăk": "đắk", "đak": "đắk", "đắc": "đắk", "dak": "đắk", "păk": "pắc", "pắk": "pắc"}
_TODAY = "9999"


def _key(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_SPELLINGS.get(word, word) for word in words if word not in {"-", "–", "'", "’"})


@cache
def _table() -> Mapping[tuple[str, ...], tuple[tuple[str, str, str], ...]]:
    """Return province, first and last day, by the words of the name."""
    found: dict[tuple[str, ...], list[tuple[str, str, str]]] = {}
    for row in districts():
        words = _key(tuple(token.key for token in tokenise(row["name"])))
        days = row["valid_from"] or "0000", row["valid_to"] or _TODAY
        found.setdefault(words, []).append((row["province"], *days))
    return {words: tuple(those) for words, those in found.items()}


def provinces_of(words: tuple[str, ...], day: str = "") -> frozenset[str]:
    """Return the provinces that have or had a district of a name.

    Parameters
    ----------
    words : tuple of str
        The name: keys of tokens.
    day : str
        YYYY or longer; districts of that time only. Those that exist or existed last without it.

    Returns
    -------
    frozenset of str
        Several for a name that several share, none for a name that isn't a district's.
    """
    rows = _table().get(_key(words), ())
    then = {province for province, begin, end in rows if day and begin[: len(day)] <= day <= end[: len(day)]}
    if then:
        return frozenset(then)
    # Hà Tây and Vĩnh Phúc gave districts away in 2008
    return frozenset(province for province, _, end in rows if end > "2008-07-31")


@cache
def _slugs() -> Mapping[str, tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in districts():
        if (row["valid_to"] or _TODAY) > "2008-07-31" and not row["name"].isdigit():
            found.setdefault(fold(row["name"]).replace(" ", ""), []).append((row["name"], row["province"]))
    return {slug: tuple(dict.fromkeys(those)) for slug, those in found.items()}


def district_of_slug(slug: str, province: str = "") -> tuple[str, str]:
    """Return name and province of the only district that a label of a host may mean; "" for none.

    Examples
    --------
    >>> district_of_slug("chauthanh", "Hậu Giang"), district_of_slug("chauthanh")
    (('Châu Thành', 'Hậu Giang'), ('', ''))
    """
    those = [pair for pair in _slugs().get(slug, ()) if province in {"", pair[1]}]
    return those[0] if len(those) == 1 else ("", "")
