"""A lesson on one's own data: made-up tables on their way into a study that lasts as long as the lesson."""

from __future__ import annotations

import html
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import pandas as pd

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.common.language import Language, language, speaking, spoken, words_of
from cbanalysis.common.messages import in_language
from cbanalysis.common.new_study import new_study
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.load import load_observations
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.display.tables import Column, Table
from cbanalysis.importing.commit.admitting_and_undoing import admit, load_origins
from cbanalysis.importing.commit.records import Arrivals
from cbanalysis.importing.files.grids import Grid, address
from cbanalysis.importing.files.reading import tables
from cbanalysis.importing.layouts.applying import apply_layout
from cbanalysis.importing.layouts.places import Places
from cbanalysis.importing.layouts.proposing import propose
from cbanalysis.importing.layouts.records import Layout
from cbanalysis.importing.layouts.vocabulary import Vocabulary

__all__ = ["own_data"]

_WORDS = words_of("tutorial")


Columns: TypeAlias = list[tuple[str, Iterable[object]]]


def _table(name: str, columns: Columns) -> Table:
    texts = {heading: [str(value) for value in values] for heading, values in columns}
    shown = tuple(
        Column(spoken(_WORDS[heading]) if heading in _WORDS else heading, tuple(map(html.escape, values)))
        for heading, values in texts.items()
    )
    return Table(f"own_data_{name}", spoken(_WORDS[name]), shown, pd.DataFrame(texts))


def _step(columns: Callable[[Lesson], Columns]) -> Callable[..., Table]:
    """Show what a step of the lesson tells as a table, in the language of ``lang``."""

    @wraps(columns)
    def show(lesson: Lesson, *, lang: Language) -> Table:
        with speaking(lang):
            return _table(columns.__name__.removeprefix("show_"), columns(lesson))

    return show


@dataclass(frozen=True)
class Lesson:
    """What happens to a made-up table, step by step; each step can be shown in both languages.

    Attributes
    ----------
    observations : DataFrame
        The made-up figures as `load_observations` gives them from the lesson's study.
    """

    observations: pd.DataFrame
    grid: Grid = field(repr=False)
    layout: Layout = field(repr=False)
    origins: pd.DataFrame = field(repr=False)
    left_out: tuple[str, ...] = field(repr=False)
    faults: tuple[Fault, ...] = field(repr=False)

    @_step
    def show_cells(self) -> Columns:
        """Show the table as it lies in the file."""
        columns: Columns = [("row", range(1, len(self.grid.rows) + 1))]
        columns += [(address(0, at).rstrip("1"), self.grid.column(at)) for at in range(self.grid.width)]
        return columns

    @_step
    def show_layout(self) -> Columns:
        """Show what each header was taken for; this is what a person confirms or corrects."""
        (table,) = self.layout.tables
        meanings: dict[str, list[str]] = {header: [] for header in table.headers}
        for header in table.left_out:
            meanings[header].append("left_out")
        for role, place in table.rows:
            if getattr(place, "column", ""):
                meanings[place.column].append(role)
        for figure in table.figures:
            for part in ("count", "base", "percent"):
                if header := getattr(figure, part):
                    what = " ".join(filter(None, (figure.indicator, figure.subject, figure.category_id)))
                    meanings[header].append(f"{part}: {what}")
        told = ["; ".join(one) for one in meanings.values()]
        return [("header", list(meanings)), ("meaning", told)]

    @_step
    def show_figures(self) -> Columns:
        """Show the figures that came in, each with the cells that it was read from."""
        rows = self.observations.merge(self.origins, on="observation_id")
        catalogue = Catalogue.read()
        names = [catalogue.indicators[name].name[language()] for name in rows["indicator"]]
        columns: Columns = [
            ("place", rows["province"]),
            ("period", rows["period_end"]),
            ("what", [", ".join(filter(None, pair)) for pair in zip(names, rows["category"], strict=True)]),
            ("printed", rows["printed"]),
            ("cell", rows["cell"]),
        ]
        return columns

    @_step
    def show_left_out(self) -> Columns:
        """Show the rows that were left out, and why."""
        lines = [in_language(line, language()) for line in self.left_out]
        return [("cell", lines)]

    @_step
    def show_refused(self) -> Columns:
        """Show why next year's table doesn't come in: every fault with its cell, nothing was changed."""
        columns: Columns = [
            ("cell", [fault.cell or "" for fault in self.faults]),
            ("value", [str(fault.value) for fault in self.faults]),
            ("fault", [in_language(fault.what, language()) for fault in self.faults]),
            ("nearest", [", ".join(fault.nearest) for fault in self.faults]),
        ]
        return columns


def own_data() -> Lesson:
    """Take the made-up tables through all steps, in a study that is removed again.

    Returns
    -------
    Lesson
        What happened at each step.
    """
    vocabulary, places = Vocabulary(Catalogue.read()), Places(Gazetteer.read())
    with TemporaryDirectory() as folder:
        study = new_study(Path(folder) / "study", published=False)
        first, second = (_copied(name, study) for name in ("made-up-2023.csv", "made-up-2024.csv"))
        grids = tables(first)
        layout = propose(grids, vocabulary, places).layout
        applied = apply_layout(layout, grids, vocabulary, places)
        arrived = Arrivals(applied.observations, applied.origins)
        admit(arrived, [applied.source], data=study / "data", command="lesson")
        faults: tuple[Fault, ...] = ()
        try:
            apply_layout(layout, tables(second), vocabulary, places)
        except DataError as error:
            faults = error.faults
        observations, origins = load_observations(folder=study / "data"), load_origins(study / "data")
        return Lesson(observations, grids[0], layout, origins, applied.left_out, faults)


def _copied(name: str, study: Path) -> Path:
    with as_file(files("cbanalysis.lab.tutorial").joinpath(name)) as shipped:
        return Path(shutil.copy(shipped, study / name))
