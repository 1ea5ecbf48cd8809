"""Regular expressions as data: they stand in TOML files beside the code that asks them."""

from __future__ import annotations

import re
from functools import cache

from cbanalysis.common.language import words_in
from cbanalysis.common.text.number_words import COUNTING


@cache
def compiled(text: str, file: str) -> re.Pattern[str]:
    r"""Return a regular expression; {name} stands for another one, of a TOML file of the package.

    A line break and the blanks behind it don't count; {counting} stands for the numbers that texts write in
    words.
    """

    def other(found: re.Match[str]) -> str:
        return "|".join(COUNTING) if found[1] == "counting" else pattern_in(file, found[1]).pattern

    return re.compile(re.sub(r"\{([a-z_]+)\}", other, re.sub(r"\n\s*", "", text)))


@cache
def pattern_in(file: str, name: str) -> re.Pattern[str]:
    r"""Return a regular expression of a TOML file of the package.

    Examples
    --------
    >>> pattern_in("importing/layouts/patterns.toml", "breakdown").pattern
    '(?i:\\b(?:(?:phân|chia)\\s+theo|by)\\b)'
    """
    return compiled(words_in(file)[name], file)
