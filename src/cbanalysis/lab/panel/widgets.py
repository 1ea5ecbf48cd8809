"""The panel itself: controls, picture, table, sources and code."""

from __future__ import annotations

import base64
import html
from dataclasses import replace
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import pandas as pd
import traitlets
from itables.widget import ITable

from cbanalysis.common.language import Language, language, speaking, spoken, words_by_language, words_of
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.display.charts import Chart
from cbanalysis.display.citations import cite
from cbanalysis.display.prints_reworded import as_told
from cbanalysis.display.tables import HEADINGS, bounds, source_name
from cbanalysis.display.words import CODES, listed, number, records, with_words
from cbanalysis.lab.panel.choices import Choice, Offer, settled
from cbanalysis.lab.panel.comparisons import COMPARISONS, differences

_WORDS = words_of("panel")
_LEVELS = words_of("panel-levels")
_DIFFERENCES = words_of("panel-differences")
_LANGUAGES: tuple[tuple[str, Language], ...] = (("Tiếng Việt", "vi"), ("English", "en"))
_SEARCH = words_by_language("panel-search")
# Numbers are written as the reader writes them, and sorted as numbers: DataTables knows the decimal sign.
_NUMBERS = ("count", "base", "rate")
_SHOWN = ("what", "where", "when", *_NUMBERS, "bounds", "interval", "printed", "source_id", "observation_id")
_COLUMNS = {name: HEADINGS[name.replace("source_id", "source")] for name in _SHOWN}
_WIDTHS = {"what": "20em", "where": "9em", "bounds": "8em", "printed": "6em", "source_id": "12em"}
_LABEL = {"description_width": "112px"}
_NARROW, _WIDE = ({"width": width, "max_width": "98%"} for width in ("364px", "534px"))


class CodeButton(anywidget.AnyWidget):
    """A button that writes code into a new cell, or into the clipboard."""

    _esm = Path(__file__).with_name("code_button.js")
    code = traitlets.Unicode().tag(sync=True)
    task = traitlets.Enum(("new cell", "copy"), "new cell").tag(sync=True)
    words = traitlets.Dict().tag(sync=True)


class Panel(widgets.VBox):  # type: ignore[misc]
    """What :func:`cbanalysis.explore` shows; choosing by mouse, keyboard or from code.

    Attributes
    ----------
    choice : Choice
        What is chosen.
    rows : DataFrame
        The rows of the picture.
    chart : Chart
        The picture.
    code : str
        The lines that give the same picture.
    """

    choice: Choice
    rows: pd.DataFrame
    chart: Chart

    def __init__(self, choice: Choice) -> None:
        self._busy = False
        self._indicator = widgets.Dropdown(layout=_WIDE, style=_LABEL)
        self._subject = widgets.Dropdown(layout=_NARROW, style=_LABEL)
        self._level = widgets.Dropdown(layout=_NARROW, style=_LABEL)
        self._comparison = widgets.Dropdown(layout=_WIDE, style=_LABEL)
        self._provinces = widgets.SelectMultiple(rows=5, layout=_NARROW, style=_LABEL)
        self._years = widgets.SelectionRangeSlider(
            options=[""], layout=_WIDE, style=_LABEL, continuous_update=False
        )
        self._language = widgets.Dropdown(options=_LANGUAGES, layout=_WIDE, style=_LABEL)
        self._warnings = widgets.HTML()
        self._picture = widgets.HTML()
        self._table = ITable(
            maxBytes=0,
            lengthMenu=[10, 25, 100],
            classes="display compact",
            style="width: 100%",
            autoWidth=False,
        )
        self._sources = widgets.HTML()
        self._code = widgets.HTML()
        self._writes = CodeButton(task="new cell")
        self._copies = CodeButton(task="copy")
        self._tabs = widgets.Tab([self._table, self._sources, widgets.VBox([self._code, self._copies])])
        fits = {"max_width": "100%"}
        controls = [
            widgets.VBox([self._indicator, self._comparison, self._years, self._language], layout=fits),
            widgets.VBox([self._subject, self._level, self._provinces], layout=fits),
        ]
        flow = {"display": "flex", "flex_flow": "row wrap", "align_items": "flex-start"}
        self._show(choice)
        for column in controls:
            for control in column.children:
                control.observe(self._chosen, names="value")
        super().__init__(
            [widgets.Box(controls, layout=flow), self._warnings, self._picture, self._writes, self._tabs]
        )
        self.add_class("cb-panel")

    @property
    def code(self) -> str:
        """The lines that give the same picture."""
        return self.choice.code()

    def choose(self, **chosen: Any) -> None:  # noqa: ANN401 -- the fields of Choice
        """Choose from code what could be chosen by mouse.

        Parameters
        ----------
        **chosen
            Fields of `choice`, e.g. ``provinces=("Bắc Giang",)``.
        """
        self._show(replace(self.choice, **chosen))

    def _chosen(self, _: object) -> None:
        if self._busy:
            return
        if self._indicator.value != self.choice.indicator:
            # years, places and levels of another indicator say nothing about this one
            self._show(Choice(self._indicator.value, lang=self._language.value))
            return
        span = self._years.value
        self.choose(
            indicator=self._indicator.value,
            subject=self._subject.value or "",
            geo_level=self._level.value or "",
            provinces=tuple(one for one in self._provinces.value if one),
            years=() if not all(span) else (int(span[0]), int(span[1])),
            comparison=self._comparison.value,
            lang=self._language.value,
        )

    def _show(self, choice: Choice) -> None:
        """Bring every part of the panel in line with a choice, once."""
        self._busy = True
        try:
            self.choice, offer = settled(choice)
            with speaking(self.choice.lang):
                self._offer(offer)
                self.rows, self.chart = self.choice.draw()
                self._tell()
        finally:
            self._busy = False

    def _offer(self, offer: Offer) -> None:
        choice, lang = self.choice, self.choice.lang
        catalogue = Catalogue.read()
        every = (spoken(_WORDS["all"]), "")
        names = {one: catalogue.indicator(one).name[lang] for one in offer.indicators}
        subjects = [(f"{catalogue.subjects[one][lang]} ({n})", one) for one, n in offer.subjects.items()]
        levels = [(f"{spoken(_LEVELS[one])} ({n})", one) for one, n in offer.levels.items()]
        ways = [(COMPARISONS[one].name[lang], one) for one in offer.comparisons]
        named = [(f"{names[one]} ({n})", one) for one, n in offer.indicators.items()]
        listed: tuple[tuple[Any, str, list[tuple[str, str]], str], ...] = (
            (self._indicator, "indicator", named, choice.indicator),
            (self._subject, "subject", [every, *subjects], choice.subject),
            (self._level, "level", [every, *levels], choice.geo_level),
            (self._comparison, "comparison", ways, choice.comparison),
        )
        for control, word, options, value in listed:
            control.description = spoken(_WORDS[word])
            control.options = options
            control.value = value
        self._provinces.description = spoken(_WORDS["provinces"])
        places = [(Gazetteer.read().named(one)[-1].name(lang), one, n) for one, n in offer.provinces.items()]
        self._provinces.options = [every, *((f"{name} ({n})", one) for name, one, n in places)]
        self._provinces.value = choice.provinces or ("",)
        self._years.description = spoken(_WORDS["years"])
        years = [(str(year), year) for year in offer.years] or [(spoken(_WORDS["no year"]), 0)]
        self._years.options = years
        self._years.value = choice.years or (years[0][1], years[-1][1])
        self._years.disabled = len(years) < 2
        self._language.description = spoken(_WORDS["language"])
        self._language.value = lang

    def _tell(self) -> None:
        choice, lang, rows = self.choice, self.choice.lang, self.rows
        # The picture comes last: who sees the new one finds the new code behind the button.
        said = {name: spoken(words) for name, words in _WORDS.items()}
        for button in (self._writes, self._copies):
            button.words = said
            button.code = choice.code()
        self._code.value = f"<pre>{html.escape(choice.code())}</pre>"
        self._tabs.titles = tuple(spoken(_WORDS[one]) for one in ("table", "sources", "code"))
        self._sources.value = cite(rows, lang=lang)._repr_mimebundle_()["text/html"]
        table = _readable(rows)
        widths = {spoken(_COLUMNS[name]): width for name, width in _WIDTHS.items()}
        defs = [{"targets": at, "width": widths[one]} for at, one in enumerate(table) if one in widths]
        self._table.update(table, language=_SEARCH[lang], pageLength=10, columnDefs=defs)
        self._warnings.value = _points(self._warned())
        source = base64.b64encode(self.chart.svg().encode()).decode()
        self._picture.value = (
            f'<img class="cb-chart" lang="{lang}" alt="{html.escape(self.chart.alt)}" style="max-width: 100%"'
            f' src="data:image/svg+xml;base64,{source}">'
        )

    def _warned(self) -> list[str]:
        """Return what a reader should know before comparing, in words: of what the picture shows."""
        rows, drawn = self.rows, self.chart.frame
        if "observation_id" in rows and "observation_id" in drawn:
            rows = rows[rows["observation_id"].isin(drawn["observation_id"])]
        way = self.choice.way
        differ = differences(rows, way)
        said = []
        if differ:
            what = listed([spoken(_DIFFERENCES[one]) for one in differ])
            said.append(spoken(_WORDS["differ"]).format(what=what))
        elif way.across and len(rows) > 1:
            said.append(spoken(_WORDS["comparable"]))
        bare = int((rows["interval"] == "rounding").sum()) if "interval" in rows else 0
        if bare:
            said.append(spoken(_WORDS["bare"]).format(n=bare))
        whole = len(self.choice.observations())
        if way.narrows and len(rows) < whole:
            said.append(spoken(_WORDS["left out"]).format(n=whole - len(rows), all=whole))
        return said


def _points(said: list[str]) -> str:
    items = "".join(f"<li>{html.escape(one)}</li>" for one in said)
    style = "margin: 4px 0; line-height: 1.5"
    return f'<ul class="cb-warnings" lang="{language()}" style="{style}">{items}</ul>' if said else ""


def _readable(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows as a reader of the table sees them; what a comparison doesn't have stays away."""
    worded = with_words(rows)
    if "interval" in worded:
        ends = zip(worded["rate_low"], worded["rate_high"], worded["interval"], strict=True)
        worded["bounds"] = [bounds(low, high, kind) for low, high, kind in ends]
        worded["interval"] = [spoken(CODES["interval"][kind]) for kind in worded["interval"]]
    worded["printed"] = [as_told(row)[0] for row in records(rows)]
    worded["source_id"] = [source_name(one) for one in rows["source_id"]]
    shown = {name: spoken(words) for name, words in _COLUMNS.items() if name in worded}
    if len(set(worded["what"])) == 1:  # the chart's title says it
        del shown["what"]
    for name in [one for one in _NUMBERS if one in shown]:
        worded[name] = [number(value) for value in worded[name]]
    return worded[list(shown)].rename(columns=shown).reset_index(drop=True)
