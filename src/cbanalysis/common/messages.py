"""What commands say, in Vietnamese and in English: one catalogue, ``messages.toml``."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from functools import cache
from typing import Any

from cbanalysis.common.errors import Fault
from cbanalysis.common.language import words_in

_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_MOMENT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}:[0-9]{2}):[0-9]{2}\+00:00")
_AMOUNTS = frozenset({"bytes", "cells", "columns", "count", "most", "parts", "rows", "seconds", "times"})


class Message(str):
    """A text in English that knows what it says, so that `in_language` can say it in another language."""

    __slots__ = ("gaps", "key")

    key: str
    gaps: dict[str, Any]


class _Vietnamese(string.Formatter):
    """Writes ``{gap:,}`` and ``{gap:.1f}`` as readers of Vietnamese do: 75.000 and 18,5."""

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 -- whatever a template shows
        said = str(format(value, format_spec))
        return said.translate(str.maketrans(",.", ".,")) if format_spec in {",", ".1f"} else said


def _catalogue() -> dict[str, dict[str, str]]:
    return words_in("common/messages.toml")


@cache
def _by_english() -> dict[str, str]:
    # single words are names of columns and parameters, too
    return {texts["en"]: key for key, texts in _catalogue().items() if not key.startswith("word_")}


@cache
def _templates() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what is told in plain English, with its gaps, as patterns, those with most words first."""
    plain = {key: texts["en"] for key, texts in _catalogue().items() if key.startswith("plain_")}
    with_gaps = sorted((text for text in plain.items() if "{" in text[1]), key=lambda one: -len(one[1]))
    gap = re.compile(r"\\\{([a-z]+)\\\}")
    # a path has a dot or a slash: "no column is missing" tells of none
    inside = {"path": r"[^\n]*?[./\\][^\n]*?", "code": "[a-z]+(?:_[a-z]+)*"}

    def named(found: re.Match[str]) -> str:
        return f"(?P<{found[1]}>{inside.get(found[1], '.+?')})"

    return tuple((key, re.compile(gap.sub(named, re.escape(text)), re.DOTALL)) for key, text in with_gaps)


def message(key: str, **values: Any) -> Message:  # noqa: ANN401 -- whatever a template shows
    """Return a message of the catalogue, in English.

    Parameters
    ----------
    key : str
        Its key in messages.toml.
    values
        What stands in its gaps; messages among them are put into the other language too.

    Returns
    -------
    Message

    Examples
    --------
    >>> message("a_total")
    'a total'
    >>> in_language(message("a_total"), "vi")
    'dòng tổng'
    """
    said = Message(_catalogue()[key]["en"].format_map(values))
    said.key, said.gaps = key, values
    return said


def in_language(text: str, lang: str) -> str:
    """Return a message in a language; a text that isn't in the catalogue stays as it is."""
    if lang == "en":
        return str(text)
    if isinstance(text, Message):
        values = {
            name: _written("", in_language(value, lang)) if isinstance(value, str) else value
            for name, value in text.gaps.items()
        }
        return _Vietnamese().vformat(_catalogue()[text.key][lang], (), values)
    key = _by_english().get(str(text))
    if key:
        return _catalogue()[key][lang]
    # a fault is told in English where it is found; its gaps may be told of, too
    for key, template in _templates():
        if found := template.fullmatch(str(text)):
            gaps = {name: _written(name, in_language(gap, lang)) for name, gap in found.groupdict().items()}
            return _catalogue()[key][lang].format_map(gaps)
    return str(text)


def _written(name: str, gap: str) -> str:
    """Return an amount or a moment as Vietnamese writes it; a number that a file holds is quoted as it is."""
    if moment := _MOMENT.fullmatch(gap):
        return f"{int(moment[3])}/{int(moment[2])}/{moment[1]} {moment[4]} UTC"
    return gap.replace(",", ".") if name in _AMOUNTS and _GROUPED.fullmatch(gap) else gap


def either(names: Sequence[str]) -> str:
    """Return names of which one may be meant, in Vietnamese: A, B hay C."""
    *others, last = names
    return f"{', '.join(others)}{in_language(message('or_'), 'vi')}{last}" if others else last


def messages_of(prefix: str) -> dict[str, dict[str, str]]:
    """Return the messages whose keys begin alike, by the rest of their keys, in both languages."""
    return {key.removeprefix(prefix): text for key, text in _catalogue().items() if key.startswith(prefix)}


def in_vietnamese(fault: Fault) -> str:
    """Return a fault in Vietnamese, with its place."""

    def said(key: str, **values: object) -> str:
        return in_language(message(key, **values), "vi")

    places = (
        ("", fault.file), ("sheet", fault.sheet), ("cell", fault.cell), ("row", fault.row),
        ("column", fault.column),
    )  # fmt: skip
    words = {name: said(f"at_{name}") for name, _ in places if name}
    place = ", ".join(f"{words[name]} {value}" if name else str(value) for name, value in places if value)
    text = in_language(fault.what, "vi")
    if fault.value is not None:
        text += f" ({said('found', value=repr(fault.value))})"
    if fault.allowed:
        wanted = said("allowed", what=fault.allowed)
        text += f" {wanted[:1].upper()}{wanted[1:]}" if text.endswith("?") else f"; {wanted}"
    if fault.nearest:
        text += f"; {said('did_you_mean', names=either(fault.nearest))}"
    return f"{place}: {text}" if place else text
