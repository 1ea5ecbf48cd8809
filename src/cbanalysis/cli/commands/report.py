"""``cbanalysis report``."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from cbanalysis.batch.reports.digests_and_versions import declared_files, named, request_of, untouched
from cbanalysis.cli.command_language import counted, echo, keep_language, said, shown
from cbanalysis.common.errors import CbanalysisError
from cbanalysis.common.folders import data_folder, notebooks_folder, outputs_folder, shared_study, stamps_of
from cbanalysis.common.signals import STOPPING, taking
from cbanalysis.site import PRELOADED

_PACKAGE = Path(__file__).resolve().parents[2]
_YEAR = 31_536_000
_STOPPED = 130


@dataclass(frozen=True)
class ReportRequest:
    """The words of one command, and when it began (of ``time.monotonic``)."""

    names: tuple[str, ...]
    given: Mapping[str, str]
    only: Mapping[str, str]
    lang: str | None
    output: Path
    planned: bool
    fresh: bool
    jobs: int | None
    time_limit: float
    scheduler: str | None
    copy_to: str | None
    began: float

    @property
    def keep_out(self) -> tuple[Path, ...]:
        """Where reports must not land."""
        return data_folder(), notebooks_folder(), _PACKAGE


def _pairs(_context: click.Context, _option: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"{value!r} is not of the form NAME=VALUE")
        if name.strip() in pairs:
            raise click.BadParameter(f"{name.strip()} is given twice")
        pairs[name.strip()] = text
    return pairs


def _folder(_context: click.Context, _option: click.Parameter, value: str | None) -> Path | None:
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty; name a folder")
    return None if value is None else Path(value)


def _seconds(_context: click.Context, _option: click.Parameter, value: float) -> float:
    if not 1 <= value <= _YEAR:  # so that nan isn't taken either
        raise click.BadParameter(f"{value:g} is no number of seconds from 1 to {_YEAR}")
    return value


@click.command()
@click.argument("names", nargs=-1, metavar="[SET|NOTEBOOK]...")
@click.option(
    "-p", "given", multiple=True, metavar="NAME=VALUE", callback=_pairs, help="A parameter of the notebooks."
)
@click.option(
    "--only",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_pairs,
    help="Only the reports with this value of a parameter.",
)
@click.option(
    "--lang",
    type=click.Choice(["vi", "en", "both"]),
    callback=keep_language,
    is_eager=True,
    help="Language; as the set declares by default.",
)
@click.option(
    "--output",
    metavar="PATH",
    callback=_folder,
    help="Where to; by default outputs/ of the study, or of the current folder outside of one.",
)
@click.option(
    "--data",
    metavar="PATH",
    callback=_folder,
    help="A data folder; by default the study's, or the one that ships with the package.",
)
@click.option("--plan", "planned", is_flag=True, help="Say what would be made and why; make nothing.")
@click.option("--fresh", is_flag=True, help="Make every report, also the unchanged ones.")
@click.option("--jobs", type=click.IntRange(1), help="How many at once; one more than cores by default.")
@click.option(
    "--time-limit", type=float, default=600, callback=_seconds, help="Seconds a report may take; 600."
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Run on a Dask cluster, e.g. tcp://host:8786 (extra: cluster)."
)
@click.option(
    "--copy-to",
    metavar="URL",
    help="Also write the executed notebooks there, e.g. s3://bucket/reports (papermill's storage handlers).",
)
def report(*, output: Path | None, data: Path | None, **words: Any) -> None:  # noqa: ANN401 -- a ReportRequest's
    """Run notebooks with their parameters and write readable reports; unchanged ones aren't run again.

    The arguments are sets that notebooks/reports.toml declares, or notebooks by name, number or path. Without
    any the set "default" is made or, with -p, those of its reports that take the parameter.
    """
    began = time.monotonic()
    given, lang = words["given"], words["lang"]
    pairs = [*given, *given.values(), *words["only"].values()]
    _readable([*words["names"], *pairs, str(output or ""), str(data or "")])
    if lang and given.get("lang", lang) != lang:
        raise CbanalysisError(f"--lang {lang} and -p lang={given['lang']} differ; give one of them")
    place = None if data is None else named(str(data), Path.cwd())
    if data is not None and (place is None or not place.is_dir()):
        raise CbanalysisError(f"the data folder {data} is no folder; allowed: a folder with observations.csv")
    # Read by this process and by every kernel it starts.
    with shared_study(data):
        asked = ReportRequest(**words, output=output or outputs_folder(), began=began)
        # nohup has a closed terminal ignored.
        heeded = [number for number in STOPPING if signal.getsignal(number) != signal.SIG_IGN]
        try:
            with taking(heeded, _stop):
                if not _untouched(asked):
                    _make(asked)
        except KeyboardInterrupt:
            echo("stopped; reports that were finished are whole", err=True)
            sys.exit(_STOPPED)


def _readable(words: Sequence[str]) -> None:
    """Refuse words that no notebook or folder can bear, and a current folder that is none any more."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise CbanalysisError(
                f"{word!r} is no UTF-8 text; where the console is of another kind, PYTHONUTF8=1 helps"
            ) from None
    try:
        Path.cwd()
    except FileNotFoundError:
        raise CbanalysisError("the current folder was removed; go to another one") from None


def _request(asked: ReportRequest) -> str:
    """Return what tells this batch from any other: its words, and the files that could go into it."""
    place, notebooks = data_folder(), notebooks_folder()
    declared = notebooks / "reports.toml"
    # Values may name files, as names may.
    given = [named(one, Path.cwd()) for one in (*asked.names, *asked.given.values())]
    paths = [*filter(None, given), *declared_files(declared)]
    data = sorted(place.glob("*"))
    # What a notebook looks for beside it may be new.
    folders = [stamps_of(path) for path in (notebooks, *data, *paths) if path.is_dir()]
    files = [
        *data,
        *sorted(notebooks.glob("*.ipynb")),
        declared,
        *(path for path in paths if path.is_file()),
    ]
    words = [asked.names, dict(asked.given), dict(asked.only), asked.lang]
    return request_of([*words, str(place), list(map(str, paths)), folders], files)


def _untouched(asked: ReportRequest) -> bool:
    """Say so if nothing at all changed since the last batch."""
    elsewhere = any(Path(one).suffix == ".ipynb" for one in asked.names)  # beside it nobody looked
    if asked.planned or asked.fresh or asked.copy_to or elsewhere:
        return False
    kept = untouched(asked.output, _request(asked))
    if kept is None:
        return False
    lasted = time.monotonic() - asked.began
    index = shown((asked.output / "index.html").resolve())
    echo(said("reports_unchanged", reports=counted(kept, "report"), count=kept, seconds=lasted, index=index))
    return True


def _make(asked: ReportRequest) -> None:
    # Loaded only now: seconds that nothing to do need not cost.
    from cbanalysis.batch.reports.kernel_and_worker_starts import ready  # noqa: PLC0415
    from cbanalysis.batch.reports.output_folder import check_output  # noqa: PLC0415
    from cbanalysis.batch.reports.reports_toml import Batches  # noqa: PLC0415

    # What is wrong is told before processes start, but for values: the data that know them load meanwhile.
    Batches(notebooks_folder()).entries(asked.names, asked.given)
    check_output(asked.output, keep_out=asked.keep_out, make=False)
    with nullcontext() if asked.planned or asked.scheduler else ready(PRELOADED):
        from cbanalysis.cli.report_batch import make  # noqa: PLC0415

        make(asked, _request(asked))


def _stop(*_: object) -> None:
    """Take the system's wish to end as Ctrl-C: workers and kernels go, finished reports stay."""
    raise KeyboardInterrupt
