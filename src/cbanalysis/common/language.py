"""The language in which a chart, a table or a sentence is being made: set once, where it is asked for."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

from cbanalysis.common.errors import require_known

if TYPE_CHECKING:
    from _typeshed import SupportsGetItem

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

_LANGUAGE: ContextVar[Language] = ContextVar("language")


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Let everything that is said inside be said in a language; one that isn't ours is refused.

    Examples
    --------
    >>> with speaking("vi"):
    ...     spoken({"vi": "tỉnh", "en": "province"})
    'tỉnh'
    """
    require_known("language", lang, LANGUAGES)
    token = _LANGUAGE.set(lang)  # type: ignore[arg-type]  # it is one of both
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def in_each(say: Callable[[], T]) -> dict[Language, T]:
    """Return what is said in each language."""
    found: dict[Language, T] = {}
    for lang in LANGUAGES:
        with speaking(lang):
            found[lang] = say()
    return found


def language() -> Language:
    """Return the language that is spoken here: outside of `speaking` there is none (LookupError)."""
    return _LANGUAGE.get()


def spoken(words: SupportsGetItem[Language, T]) -> T:
    """Return words in the language that is spoken here."""
    return words[_LANGUAGE.get()]


@cache
def words_in(file: str) -> dict[str, Any]:
    """Return what a TOML file of the package holds, named from the package's folder.

    Examples
    --------
    >>> words_in("common/words.toml")["panel"]["all"]["en"]
    'All'
    """
    return tomllib.loads(files("cbanalysis").joinpath(file).read_text(encoding="utf-8"))


def words_of(section: str) -> dict[str, dict[Language, str]]:
    """Return a section of ``common/words.toml``: what a module says, by key, in both languages.

    Examples
    --------
    >>> words_of("words")["country"]["en"]
    'Whole country'
    """
    found = words_in("common/words.toml")
    for part in section.split("."):
        found = found[part]
    return found


def words_by_language(section: str) -> dict[str, dict[str, str]]:
    """Return a section of ``common/words.toml`` language by language: what is said, by key."""
    return {lang: {key: words[lang] for key, words in words_of(section).items()} for lang in LANGUAGES}


def speaks(function: Callable[P, R]) -> Callable[P, R]:
    """Let all that a function says be in the language of its argument ``lang``, if it is given one."""
    parameters = inspect.signature(function).parameters
    place, default = [*parameters].index("lang"), parameters["lang"].default

    @wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        lang = args[place] if len(args) > place else kwargs.get("lang", default)
        if lang in (None, inspect.Parameter.empty):
            return function(*args, **kwargs)
        with speaking(str(lang)):
            return function(*args, **kwargs)

    return inside
