"""The shell's words: make reports, check the data, show the seed figures, list what there is."""

from __future__ import annotations

import importlib
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

from cbanalysis.cli.command_language import HelpContext, in_help, refusal, said, spoken
from cbanalysis.common.errors import CbanalysisError, MissingExtra, nearest, optional_libraries
from cbanalysis.common.folders import shared_study
from cbanalysis.common.limits import LIMITS_VARIABLE

__all__ = ["main"]

_KERNELS = "cbanalysis-"  # how the names of kernels' private folders begin
# Each command is loaded when it is asked for: every worker process imports this module again, and needs none.
_COMMANDS = {
    "accept": "cbanalysis.cli.commands.extract_and_accept:accept",
    "audit": "cbanalysis.cli.commands.check_audit_codebook_seeds:audit",
    "check": "cbanalysis.cli.commands.check_audit_codebook_seeds:check",
    "codebook": "cbanalysis.cli.commands.check_audit_codebook_seeds:codebook",
    "extract": "cbanalysis.cli.commands.extract_and_accept:extract",
    "forget": "cbanalysis.cli.commands.forget:forget",
    "import": "cbanalysis.cli.commands.import_tables:import_files",
    "lab": "cbanalysis.cli.commands.lab:lab",
    "list": "cbanalysis.cli.commands.list_and_notebooks:list_all",
    "new": "cbanalysis.cli.commands.new:new",
    "new-notebook": "cbanalysis.cli.commands.list_and_notebooks:new",
    "notebooks": "cbanalysis.cli.commands.list_and_notebooks:notebooks",
    "records": "cbanalysis.cli.commands.records:records",
    "report": "cbanalysis.cli.commands.report:report",
    "review": "cbanalysis.cli.commands.review:review",
    "seeds": "cbanalysis.cli.commands.check_audit_codebook_seeds:seeds",
    "serve": "cbanalysis.cli.commands.serve:serve",
    "undo": "cbanalysis.cli.commands.undo:undo",
}


class _Refused(click.ClickException):
    """One of our errors, said on standard error without a traceback."""

    exit_code = 2

    def show(self, file: Any = None) -> None:  # noqa: ANN401 -- as click has it
        click.echo(f"cbanalysis: {self.message}", err=True, file=file)


class _Misused(click.ClickException):
    """click's word on how a command was called, in the reader's language."""

    exit_code = 2

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(error.format_message())
        self.usage = error.ctx

    def show(self, file: Any = None) -> None:  # noqa: ANN401 -- as click has it
        if self.usage is not None:
            hint = said("see_help", command=self.usage.command_path)
            click.echo(f"{self.usage.get_usage()}\n{hint}\n", err=True, file=file)
        click.echo(said("misused", what=spoken(self.message)), err=True, file=file)


def _absent(name: str, missing: MissingExtra) -> click.Command:
    """Return a command that is listed with the extra it needs, and refuses to run without it."""

    def refuse(**_given: object) -> None:
        raise missing

    return click.Command(
        name,
        callback=refuse,
        params=[click.Argument(["given"], nargs=-1, type=click.UNPROCESSED)],
        short_help=f"(needs the extra {missing.extra})",
        context_settings={"ignore_unknown_options": True},
        add_help_option=False,
    )


class _Commands(click.Group):
    """A group whose commands speak UTF-8 and end our errors with a message."""

    context_class = HelpContext

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:  # noqa: ANN401 -- as click has it
        # click looks for near names among commands that are loaded
        near = nearest(args[0], _COMMANDS) if args[0] not in _COMMANDS else ()
        if near:
            ctx.fail(f"No such command {args[0]!r}. Did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- as click has it
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- as above
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        try:
            with optional_libraries():
                command: click.Command = getattr(importlib.import_module(module), name)
        except MissingExtra as missing:
            return _absent(cmd_name, missing)
        command.context_class = HelpContext
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        commands = {name: self.get_command(ctx, name) for name in _COMMANDS}
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, in_help(one.short_help or str(one.help).split("\n\n", 1)[0]))
                    for name, one in commands.items()
                    if one
                ]
            )

    def main(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 -- as click has it
        for stream in (sys.stdout, sys.stderr):
            # A console that calls itself ASCII would end with an error at the first Vietnamese letter.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="replace")
        return super().main(*args, **options)

    def make_context(self, *args: Any, **options: Any) -> click.Context:  # noqa: ANN401 -- as click has it
        with _in_our_words():
            return super().make_context(*args, **options)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 -- as click has it
        with _in_our_words(), optional_libraries():  # commands import what they need as they go
            return super().invoke(ctx)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except CbanalysisError as error:
        raise _Refused(refusal(error)) from error
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        raise _Misused(error) from error


def _clear_up() -> None:
    """Remove what killed owners of kernels have left among temporary files; mostly it is nothing."""
    with suppress(OSError, ImportError):  # without the extras nobody has kernels
        if any(name.startswith(_KERNELS) for name in os.listdir(tempfile.gettempdir())):  # noqa: PTH208 -- names
            importlib.import_module("cbanalysis.batch.kernels.private_folders").sweep()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cbanalysis", prog_name="cbanalysis")
@click.option(
    "--limits",
    type=click.FloatRange(0, 1000, min_open=True),
    help="How many times the usual limits of files from outside are allowed (size, cells, pages, seconds).",
)
@click.pass_context
def main(context: click.Context, limits: float | None) -> None:
    """Compare what Vietnamese provinces publish about their party cells (chi bộ)."""
    _clear_up()
    if limits is not None:
        os.environ[LIMITS_VARIABLE] = str(limits)
    # workers and kernels run in other folders and must find the same study
    context.with_resource(shared_study())
