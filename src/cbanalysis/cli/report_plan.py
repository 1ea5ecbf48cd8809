"""What a batch consists of, and which of its reports are to be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, cast

import click
import pandas as pd

from cbanalysis.batch.reports.digests_and_versions import package_digests, versions
from cbanalysis.batch.reports.manifest_json import Entry, Manifest, read_manifest, write_manifest
from cbanalysis.batch.reports.notebook_parameters import Allowed
from cbanalysis.batch.reports.output_folder import check_output, forget, report_folders, resolved
from cbanalysis.batch.reports.reports_and_folders import Report, Wanted, plan
from cbanalysis.batch.reports.reports_toml import Batches
from cbanalysis.batch.reports.staleness import Decision, Seer, decide, digest, inputs_of, read_record
from cbanalysis.cli.command_language import echo, spoken, word
from cbanalysis.cli.commands.report import ReportRequest
from cbanalysis.cli.parameter_values import by_name, choices
from cbanalysis.common.errors import Fault, ParameterError, ReportError, nearest
from cbanalysis.common.folders import data_folder, notebooks_folder, study_folder
from cbanalysis.common.language import LANGUAGES, Language
from cbanalysis.common.messages import message
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.load import load_observations, load_sources
from cbanalysis.dataset.load.folder_checks import IMPORTS, ORIGINS
from cbanalysis.dataset.load.observations import SEEDS, fingerprint, latest, look, row_prints
from cbanalysis.site.page_and_downloads import rests_on
from cbanalysis.site.pages.figures_shown import Figures
from cbanalysis.site.pages.front_page import write_index
from cbanalysis.site.pages.revisions import damaged
from cbanalysis.site.provenance import gather

_SHOWN = 6


@dataclass(frozen=True)
class Planned:
    """A batch before anything runs.

    Attributes
    ----------
    output : Path
        The output folder.
    languages : tuple of str
        In which the default set is made: the versions of a report that its page links to.
    figures : dict of str to str
        A fingerprint of each figure by its id.
    provenance : dict
        What is known of each figure, for the pages.
    decisions : tuple of Decision
        For each report whether it is to be made, and why.
    inputs : tuple of dict
        For each report a digest of each thing that goes into it.
    """

    output: Path
    languages: tuple[str, ...]
    figures: dict[str, str]
    provenance: dict[str, Any]
    decisions: tuple[Decision, ...]
    inputs: tuple[dict[str, str], ...]


def planned(asked: ReportRequest) -> Planned:
    """Check what is asked for and say which reports are to be made.

    Parameters
    ----------
    asked : ReportRequest
        What the command says.

    Returns
    -------
    Planned

    Raises
    ------
    CbanalysisError
        If a name or a value is wrong, the data break their contract, or the folder can't be written to.
    """
    observations = load_observations()
    lists = choices(observations, Catalogue.read())
    batches = Batches(notebooks_folder())
    reports = _standing(_meant(asked, batches, observations, lists), resolved(asked.output))
    folders = [one.folder for one in reports]
    output = check_output(asked.output, folders, keep_out=asked.keep_out, make=not asked.planned)
    manifest, damage = read_manifest(output)
    for line in [f"{damage}: it is made anew from the reports"] * bool(damage) + damaged(output):
        echo(line, err=True)
    languages = batches.languages
    shared = {
        **package_digests(),
        "libraries": digest(versions()),
        "languages": digest(languages),
        "reference data": _reference_data(),
    }
    known = [_with_inputs(one, shared) for one in reports]
    reports, inputs = tuple(one for one, _ in known), tuple(each for _, each in known)
    figures = row_prints()
    upto = latest([*load_sources()["published"], *observations["period_end"]])
    provenance = {
        "data_date": upto,
        "address": batches.address,
        "reports": _about_one([*reports, *(manifest.reports if manifest is not None else ())]),
        **gather(observations),
    }
    seer = _seer(figures, manifest, Figures.of(provenance), output)
    decisions = tuple(decide(one, output, each, seer) for one, each in zip(reports, inputs, strict=True))
    for one in decisions:
        if one.damage and not asked.planned:
            echo(f"{one.report}: {one.why}; it is made anew", err=True)
    return Planned(output, languages, figures, provenance, decisions, inputs)


def _with_inputs(report: Report, shared: Mapping[str, str]) -> tuple[Report, dict[str, str]]:
    """Return a report with what goes into it; one that lists a folder of too many files fails alone."""
    try:
        return report, inputs_of(report, shared)
    except ReportError as error:
        report = replace(report, fault=str(error))
        return report, inputs_of(report, shared)


def _about_one(reports: Sequence[Report | Entry]) -> dict[str, dict[str, str]]:
    """Return by its folder the province or the indicator of each report that is about one of them."""
    found = {}
    for one in reports:
        match one.parameters:
            case {"province": str()} | {"indicator": str()} if len(one.parameters) == 1:
                found[str(one.folder)] = dict(one.parameters)
    return dict(sorted(found.items()))


def tell(decisions: Sequence[Decision]) -> None:
    """Say what would be made, and why."""
    for decision in decisions:
        todo, why = ("make", decision.why) if decision.why else ("keep", "unchanged")
        click.echo(f"{word(todo)}  {decision.report}  {spoken(word(why))}")
    making = sum(1 for decision in decisions if decision.why)
    echo(f"{making} to make, {len(decisions) - making} unchanged; nothing was run")


def _meant(
    asked: ReportRequest, batches: Batches, observations: pd.DataFrame, lists: Mapping[str, Allowed]
) -> tuple[Report, ...]:
    """Return the reports that are meant, every name and value checked."""
    languages = LANGUAGES if asked.lang == "both" else [cast("Language", asked.lang)] if asked.lang else ()
    values = {
        **{name: one for name, one in lists.items() if isinstance(one, Sequence)},
        "province": by_name(observations["province"]),
        # A study that stands alone has none of them.
        "seeds": [one for one in SEEDS if one in set(observations["source_id"])],
    }
    wanted = batches.wanted(asked.names, asked.given, values, languages)
    reports = plan(wanted, choices=lists)
    for name, text in asked.only.items():
        reports = _having(reports, name, text, lists)
    return reports


def _standing(reports: Sequence[Report], output: Path) -> tuple[Report, ...]:
    """Put the reports that lie there in the place of one whose notebook can't be read: all are outdated."""
    known = report_folders(output)
    meant: list[Report] = []
    for report in reports:
        there = [one for one in known if report.fault and one.parts[:2] == report.folder.parts[:2]]
        records = {one.name: read_record(output / one) or {} for one in there}
        meant += [
            replace(report, slug=name, parameters=one.get("parameters", {})) for name, one in records.items()
        ] or [report]
    return tuple(meant)


def _having(
    reports: Sequence[Report], name: str, text: str, lists: Mapping[str, Allowed]
) -> tuple[Report, ...]:
    """Return the reports that have this value of a parameter."""
    known = {one for report in reports for one in (*report.parameters, "lang")}
    if name not in known:
        what = f"--only: no report has a parameter {name!r}"
        raise ParameterError([Fault(what, allowed=", ".join(sorted(known)), nearest=nearest(name, known))])
    found = []
    for report in reports:
        if name in report.injected:
            (meant,) = plan([Wanted(report.path, {name: text}, [report.language], [name])], choices=lists)
            if report.injected[name] == meant.injected[name]:
                found.append(report)
    if not found:
        raise ParameterError([Fault(f"--only: no report of these has this {name}", value=text)])
    return tuple(found)


def _reference_data() -> str:
    """Digest the data files that every report may look into: all but the figures and what imports note."""
    beside = {"observations.csv", "sources.csv", ORIGINS, IMPORTS, "README.md", "datapackage.json"}
    files = sorted(one for one in data_folder().iterdir() if one.is_file() and one.name not in beside)
    return digest([[one.name, one.read_bytes().hex()] for one in files])


def _seer(figures: Mapping[str, str], before: Manifest | None, known_now: Figures, output: Path) -> Seer:
    # Without a manifest nobody knows which figures are the new ones.
    known = before.figures if before is not None else figures
    names = {each: name for name, each in figures.items() if known.get(name) != each}
    found: dict[str, list[str]] = {}

    def seen(query: Mapping[str, Any]) -> list[str]:
        # Many reports ask the same.
        asked = digest(query)
        if asked not in found:
            found[asked] = look(query)
        return found[asked]

    def rests(folder: Path) -> str:
        return rests_on(known_now, folder, folder.relative_to(output))

    return Seer(seen, fingerprint, names, rests)


def stale_reports(output: Path) -> dict[str, bool]:
    """Return the reports whose figures aren't those that they were made from, and whether all are gone."""
    manifest, _ = read_manifest(output)
    stale = {}
    for entry in manifest.reports if manifest is not None else []:
        found = [(seen.found, list(look(seen.query))) for seen in entry.saw]
        if any(fingerprint(now) != before for before, now in found):
            # what others have beside it, and all there is, which an audit needs, are no figures of the report
            own = [now for seen, (_, now) in zip(entry.saw, found, strict=True) if _chooses(seen.query)]
            stale[entry.folder] = not any(own)
    return stale


def _chooses(query: Mapping[str, Any]) -> bool:
    return any(query.values()) and not query.get("beside")


def forget_gone(output: Path) -> list[str]:
    """Take the reports out whose figures are all gone from the study; return those whose figures changed.

    Another data folder than the study's says nothing of the reports that are there.
    """
    study = study_folder()
    if study is None or data_folder().resolve() != (study / "data").resolve():
        return []
    stale = stale_reports(output)
    gone = [name for name, all_gone in stale.items() if all_gone]
    for name in gone:
        forget(output, PurePosixPath(name))
        echo(f"{name}: its figures are gone, and so is the report", err=True)
    if gone:
        rewrite_index(output)
    return [name for name, all_gone in stale.items() if not all_gone]


def told_of(key: str, reports: Sequence[str]) -> None:
    """Say something of some reports, the first of them by name."""
    if reports:
        names = ", ".join([*reports[:_SHOWN], *(["…"] if len(reports) > _SHOWN else [])])
        echo(message(key, count=len(reports), names=names), err=True)


def rewrite_index(output: Path) -> None:
    """Write what lists the reports anew, after some were taken out."""
    manifest, _ = read_manifest(output)
    if manifest is not None:
        # what the last batch left isn't all there any more: the next one has to look again
        run = manifest.run and manifest.run.model_copy(update={"request": ""})
        manifest = write_manifest(output, manifest.figures, run)
    write_index(output, None if manifest is None else manifest.model_dump(mode="json"))
