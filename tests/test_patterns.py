"""Regular expressions of the package: none takes time that explodes with the length of what it reads."""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Iterator
from importlib import resources
from re import _constants as sre
from re import _parser
from types import ModuleType
from typing import Any

import pytest

import cbanalysis
from cbanalysis.common.language import words_in
from cbanalysis.common.text.patterns import pattern_in
from cbanalysis.importing.layouts.vocabulary import without_marks

TIMES, SECONDS = 1_500, 5.0
PATTERN_FILES = "importing/layouts/patterns.toml", "importing/prose/grammar/patterns.toml"
_CATEGORIES = {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a"}
_NOT = {sre.CATEGORY_NOT_DIGIT: "a", sre.CATEGORY_NOT_SPACE: "a", sre.CATEGORY_NOT_WORD: " "}


def patterns() -> dict[str, re.Pattern[Any]]:
    """Return the patterns that modules of the package hold by name, in tables too, and those of files."""
    found: dict[str, re.Pattern[Any]] = {}

    def look(name: str, value: object, left: int = 3) -> None:
        if isinstance(value, re.Pattern):
            found[name] = value
        elif left and isinstance(value, dict):
            for key, one in value.items():
                look(f"{name}[{key!r}]", one, left - 1)
        elif left and isinstance(value, list | tuple | set | frozenset):
            for at, one in enumerate(value):
                look(f"{name}[{at}]", one, left - 1)

    for about in pkgutil.walk_packages(cbanalysis.__path__, "cbanalysis."):
        if about.name.endswith("__main__"):
            continue
        module: ModuleType = importlib.import_module(about.name)
        for name, value in vars(module).items():
            look(f"{about.name}.{name}", value)
    return found | patterns_of_files()


def patterns_of_files() -> dict[str, re.Pattern[Any]]:
    """Return the patterns that stand in TOML files."""
    return {f"{file}: {name}": pattern_in(file, name) for file in PATTERN_FILES for name in words_in(file)}


def one_of(members: list[tuple[Any, Any]]) -> str:
    """Return a letter of a set."""
    if members[0][0] is sre.NEGATE:
        return next(letter for letter in "a1 .,-<\n\x01" if re.fullmatch(_set(members), letter, re.DOTALL))
    kind, value = members[0]
    if kind is sre.LITERAL:
        return chr(value)
    return chr(value[0]) if kind is sre.RANGE else {**_CATEGORIES, **_NOT}[value]


def _set(members: list[tuple[Any, Any]]) -> str:
    return "[^" + "".join(re.escape(one_of([one])) for one in members[1:]) + "]"


def sample(parsed: Any, pumped: object = None) -> str:
    """Return a text that a pattern matches, or nearly; one of its repeats is pumped up."""
    text = ""
    for kind, value in parsed:
        if kind is sre.LITERAL:
            text += chr(value)
        elif kind is sre.NOT_LITERAL:
            text += "a" if value != ord("a") else "b"
        elif kind is sre.ANY:
            text += "a"
        elif kind is sre.IN:
            text += one_of(value)
        elif kind is sre.BRANCH:
            inside = next((one for one in value[1] if pumped is not None and holds(one, pumped)), value[1][0])
            text += sample(inside, pumped)
        elif kind in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
            text += sample(value[-1] if kind is sre.SUBPATTERN else value, pumped)
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            times = TIMES if value[2] is pumped else max(value[0], 1)
            text += sample(value[2], pumped) * times
    return text


def holds(parsed: Any, node: object) -> bool:
    """Return whether a part of a pattern has a repeat in it."""
    return any(one is node for one in repeats(parsed))


def repeats(parsed: Any) -> Iterator[Any]:
    """Yield what is repeated without a bound."""
    for kind, value in parsed:
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            if value[1] > TIMES:
                yield value[2]
            yield from repeats(value[2])
        elif kind is sre.SUBPATTERN:
            yield from repeats(value[-1])
        elif kind is sre.BRANCH:
            for one in value[1]:
                yield from repeats(one)


def explodes(pattern: re.Pattern[Any], seconds: float = SECONDS) -> str | None:
    """Return the text that takes too long, shortened; nothing where none does."""

    def stop(*_: object) -> None:
        raise TimeoutError

    parsed = _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        for node in repeats(parsed):
            for tail in ("", "\x01", "\n!"):
                text: Any = sample(parsed, node)[: 4 * TIMES] + tail
                text = text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text
                signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
                try:
                    pattern.search(text)
                    pattern.fullmatch(text)
                except TimeoutError:
                    return repr(text[:60])
                finally:
                    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    finally:
        signal.signal(signal.SIGVTALRM, before)
    return None


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGVTALRM"), reason="this system can't measure a process's own time")
def test_no_pattern_explodes() -> None:
    """Fifteen hundred times what a pattern repeats, and then what doesn't fit: within five seconds."""
    known = patterns()
    assert known
    assert {name: text for name, one in known.items() if (text := explodes(one)) is not None} == {}


@pytest.mark.skipif(not hasattr(signal, "SIGVTALRM"), reason="this system can't measure a process's own time")
def test_a_pattern_that_explodes_is_found() -> None:
    """The textbook one, a group of repeats that is repeated."""
    assert explodes(re.compile("(a+)+$"), 0.5)
    assert explodes(re.compile("a+$")) is None


@pytest.mark.parametrize("file", PATTERN_FILES)
def test_no_line_of_a_pattern_ends_in_a_blank(file: str) -> None:
    """Editors cut blanks off at the end of a line, and the pattern would be another one."""
    lines = resources.files(cbanalysis).joinpath(file).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line != line.rstrip()] == []


def test_marks_of_footnotes_in_a_cell_cost_no_more_than_letters() -> None:
    """Thirty footnote marks and then a letter took years, by a pattern whose repeat repeats."""
    began = time.process_time()
    assert without_marks("Chi bộ " + "*" * 1_000 + "x").endswith("*x")
    assert without_marks("Chi bộ 1 ***†(1)") == "Chi bộ 1"
    assert time.process_time() - began < SECONDS
