"""In which language a command speaks (``--lang``, the system's, the study's), and how it shows a path."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from cbanalysis.common.errors import CbanalysisError, Fault, UnknownName
from cbanalysis.common.folders import MARKER, study_folder
from cbanalysis.common.language import LANGUAGES, Language
from cbanalysis.common.limits import open_bytes
from cbanalysis.common.messages import either, in_language, in_vietnamese, message, messages_of

_LARGEST = 2**20
_KEY = "cbanalysis.lang"
STUDY_DATA = click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A data folder; the study's by default.",
)
_Command = TypeVar("_Command", bound=Callable[..., Any])


def keep_language(context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    """Keep in which language a command is to speak; both is none."""
    context.meta[_KEY] = given if given in LANGUAGES else _of_system() or _of_study()
    return given


def speaks(command: _Command) -> _Command:
    """Give a command the option --lang."""
    option = click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        callback=keep_language,
        is_eager=True,
        expose_value=False,
        help="Language of what it says; the system's, or that of the study (lang in cbanalysis.toml).",
    )
    return option(command)


def _of_system() -> str:
    # as gettext looks: the first that is set decides, and C says nothing of a language
    names = (os.environ.get(name, "") for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    first = next(filter(None, names), "")[:2].casefold()
    return first if first in LANGUAGES else ""


def _of_study() -> str:
    study = study_folder()
    if study is None:
        return "en"
    try:
        settings = tomllib.loads(open_bytes(study / MARKER, most=_LARGEST).decode("utf-8-sig"))
        found = settings["study"]["lang"]
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        return "en"  # what is wrong with them `cbanalysis check` says
    return found if found in LANGUAGES else "en"


def language() -> Language:
    """Return the language of the command that runs: that of --lang, of the system or of the study."""
    return "vi" if _given() == "vi" else "en"


def _given() -> str:
    context = click.get_current_context(silent=True)  # there is none left where an error shows the usage
    given = context.meta.get(_KEY) if context is not None else ""
    return given or _of_system() or _of_study()


class _Help(click.HelpFormatter):
    """Writes the help of a command in the language of --lang, the system or the study."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{in_help('Usage:')} ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(in_help(heading))

    def write_text(self, text: str) -> None:
        super().write_text("\n\n".join(map(in_help, text.split("\n\n"))))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        parted = ((name, *text.partition("  [")) for name, text in rows)
        told = [(name, f"{in_help(text)}{mark}{extra}") for name, text, mark, extra in parted]
        super().write_dl(told, col_max, col_spacing)


class HelpContext(click.Context):
    """The context of a command whose help is in the reader's language."""

    formatter_class = _Help


def in_help(text: str) -> str:
    """Return a paragraph of the help in the reader's language."""
    return in_language(" ".join(text.split()), _given())


def echo(text: str, *, err: bool = False, indent: int = 0) -> None:
    """Print a message in the command's language."""
    click.echo(" " * indent + spoken(text), err=err)


def said(key: str, **values: object) -> str:
    """Return a message in the command's language."""
    return spoken(message(key, **values))


def spoken(text: str) -> str:
    """Return a text in the command's language."""
    return in_language(text, language())


def word(text: str) -> str:
    """Return one of a command's own words, e.g. the heading of a column, in the command's language."""
    known = messages_of("word_").get(text.replace(" ", "_"))
    return known[language()] if known else text


def confirm(text: str) -> bool:
    """Ask a question in the command's language."""
    return click.confirm(spoken(text))


def refusal(error: CbanalysisError) -> str:
    """Return an error in the command's language, fault by fault where it has any."""
    faults: tuple[Fault, ...] = getattr(error, "faults", ())
    if isinstance(error, UnknownName):
        return _unknown(error)
    if language() == "en" or not faults:
        whole = spoken(str(error))
        return whole if whole != str(error) else "\n".join(map(spoken, whole.split("\n")))
    return "\n".join([said("faults", count=len(faults)), *(f"  {fault_spoken(fault)}" for fault in faults)])


def _unknown(error: UnknownName) -> str:
    """Return in the command's language that a name isn't known, and which are."""
    if language() == "en":
        return str(error)
    text = said("unknown_name", kind=word(error.kind), name=error.name)
    if error.nearest:
        text += f"; {said('did_you_mean', names=either([*map(repr, error.nearest)]))}"
    elif 0 < len(error.known) <= UnknownName.most_shown:
        text += f"; {said('allowed', what=', '.join(error.known))}"
    hint = spoken(error.hint)
    if hint == error.hint and hint.startswith("("):
        hint = f"({spoken(hint[1:-1])})"
    return f"{text} {hint}".rstrip()


def fault_spoken(fault: Fault) -> str:
    """Return a fault in the command's language."""
    if language() == "en":
        return str(fault)
    return in_vietnamese(fault)


def counted(how_many: int, what: str) -> str:
    """Return a number of things in English: ``1 report``, ``2 reports``."""
    return f"{how_many} {what}{'s' * (how_many != 1)}"


def shown(path: Path) -> Path:
    """Return a path as seen from the current folder, where it lies below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
