"""From every value of a page to the figure behind it, and from there to its document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import Any

from markupsafe import Markup

from cbanalysis.common.language import words_of
from cbanalysis.display.words import number
from cbanalysis.site.pages.figures_shown import Figures, is_above
from cbanalysis.site.pages.page_words import WORDS

_CELL = re.compile(r'<td([^>]*?) data-figures="([^"]*)"([^>]*)>(.*?)</td>', re.DOTALL)
_HEAD = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_BODY = re.compile(r"<tbody>(.*?)</tbody>", re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_DOT = re.compile(r"(?<=\w)\.(?=\w[^<>]*<)")  # of a site's name, not of an address
_FEWEST_TO_STACK = 4
_MOST_PANELS = 600
_WIDEST_FRAME = 0.75
# What a column of ours holds, by its heading in either language: a style may set it by that.
_KINDS = {
    heading: f' data-of="{name}"'
    for name, headings in words_of("tables-headings").items()
    for heading in headings.values()
}
_FACTS = (
    ("printed", "printed"), ("count", "count"), ("count_max", "up_to"), ("base", "base"),
    ("percent", "percent"), ("percent_max", "up_to"), ("value", "value"),
)  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """A place on a chart that leads to its figures; left, top, width, height in the chart's pixels.

    ``apart``: they aren't drawn; a line below the chart, or a tile, says what keeps them apart.
    """

    box: tuple[float, float, float, float]
    address: str
    label: str
    doubtful: bool
    framed: bool
    figures: tuple[str, ...]
    apart: bool = False


@dataclass(frozen=True)
class Panel:
    """What a page says of one figure."""

    id: str
    what: str
    place: str
    facts: tuple[tuple[str, str], ...]
    note: str
    inferred: bool
    doubts: tuple[str, ...]
    document: str
    address: str
    terms: str


@dataclass(frozen=True)
class Several:
    """Figures behind one number or mark, by document (words, address, figures), and the sums they fail."""

    id: str
    label: str
    documents: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    doubts: tuple[str, ...]


class Links:
    """Makes the links of one page and remembers which figures they lead to.

    Parameters
    ----------
    figures : Figures
        What is known of them.
    language : {"vi", "en"}
        The reader's.
    """

    def __init__(self, figures: Figures, language: str) -> None:
        self.figures = figures
        self.language = language
        self._used: dict[str, None] = {}
        self._several: dict[tuple[str, ...], str] = {}
        self._alone: set[str] = set()

    def _address(self, ids: tuple[str, ...]) -> str:
        self._used.update(dict.fromkeys(ids))
        if len(ids) == 1:
            self._alone.update(ids)
            return f"#{ids[0]}"
        return "#" + self._several.setdefault(ids, f"several-{len(self._several) + 1}")

    def _doubtful(self, ids: Iterable[str]) -> bool:
        return any(self.figures.known[one].get("findings") for one in ids)

    def cells(self, table: str) -> Markup:
        """Return a cleaned table whose values lead to their figures; failed sums are flagged once a row."""
        flagged: set[tuple[str, ...]] = set()

        def linked(cell: re.Match[str]) -> str:
            before, names, after, content = cell.groups()
            ids = self.figures.ids(unescape(names))
            if not ids or not content.strip() or "<a " in content:
                return f"<td{before}{after}>{content}</td>"
            flag = ""
            # a table that marks its figures itself says in a line below what the mark means
            if "⚠" not in table and self._doubtful(ids) and ids not in flagged:
                flagged.add(ids)
                words = escape(WORDS[self.language]["doubtful"])
                flag = f' <abbr class="doubt" title="{words}">⚠</abbr>'
            return f'<td{before}{after}><a class="home" href="{self._address(ids)}">{content}</a>{flag}</td>'

        return Markup(_with_headings(_CELL.sub(linked, table)))  # noqa: S704 -- cleaned before, only ours added

    def marks(self, given: Any, width: float, height: float) -> tuple[Mark, ...]:  # noqa: ANN401 -- any JSON
        """Return the places of a chart that lead somewhere; whatever isn't a mark of ours is left out."""
        found = []
        for one in given if isinstance(given, list) else []:
            match one:
                case [*sides, str(names)] if len(sides) == 4 and {type(side) for side in sides} <= {
                    int,
                    float,
                }:
                    ids = self.figures.ids(names)
                case _:
                    continue
            if ids and all(-1 <= side <= 1 for side in sides):
                x, y, w, h = sides
                box = (round(x * width, 1), round(y * height, 1), round(w * width, 1), round(h * height, 1))
                doubtful = self._doubtful(ids)
                # a line of words below is as wide as the chart: a frame would strike through it
                line = w >= _WIDEST_FRAME
                mark = Mark(box, self._address(ids), self._label(ids), doubtful, doubtful and not line, ids)
                found.append(replace(mark, apart=line))
        apart = {one for mark in found if mark.apart for one in mark.figures}
        return tuple(replace(mark, apart=apart.issuperset(mark.figures)) for mark in found)

    def counted(self, marks: Iterable[Mark], *, apart: bool) -> str:
        """Return how many figures are drawn by some marks, or aren't, as the reader writes it."""
        ids = {one for mark in marks if mark.apart == apart for one in mark.figures}
        return number(len(ids), self.language)

    def _label(self, ids: tuple[str, ...]) -> str:
        if len(ids) == 1:
            return self.figures.label(ids[0], self.language)
        known = [self.figures.known[one] for one in ids]
        forms = (
            [figure["where"][self.language] for figure in known],
            [self.figures.name("province", figure.get("province", ""), self.language) for figure in known],
            [figure["what"][self.language] for figure in known],
            [self.figures.name("indicator", figure.get("indicator", ""), self.language) for figure in known],
            [figure["when"][self.language] for figure in known],
            [str(figure.get("year", "")) for figure in known],
        )
        # of what, where and when, each as closely as all of them share it
        alike = [names[0] if len({*names}) == 1 else "" for names in forms]
        shared = [close or wide for close, wide in zip(alike[::2], alike[1::2], strict=True)]
        words = WORDS[self.language]["several"].format(number(len(ids), self.language))
        return ", ".join(filter(None, [*shared, words]))

    @property
    def used(self) -> tuple[str, ...]:
        """The figures that the page leads to, in the order of the data."""
        return tuple(one for one in self.figures.known if one in self._used)

    def panel(self, one: str) -> Panel:
        """Return what the page says of a figure."""
        figure, words = self.figures.known[one], WORDS[self.language]
        facts = [
            (words[word], value if isinstance(value, str) else number(value, self.language))
            for name, word in _FACTS
            if (value := figure.get(name)) is not None
        ]
        floor = "at_least" if figure.get("interval") == "floor" else ""
        qualifier = "above" if is_above(figure) else floor or figure.get("qualifier", "exact")
        if qualifier != "exact":
            facts.append((words["qualifier"], words.get(qualifier, qualifier)))
        source = figure["source"]
        return Panel(
            one,
            figure["what"][self.language],
            f"{figure['where'][self.language]}, {figure['when'][self.language]}",
            tuple(facts),
            figure.get("note_vi" if self.language == "vi" else "note", ""),
            bool(figure.get("inferred")),
            self.figures.doubts(one, self.language),
            self.figures.document(source, self.language),
            self.figures.address(source),
            self.figures.source(source, self.language).get("terms", ""),
        )

    def panels(self) -> list[Panel]:
        """Return a panel for each figure that a link leads to; of very many, where to it alone."""
        few = len(self._used) <= _MOST_PANELS
        return [self.panel(one) for one in self.used if few or one in self._alone]

    def several(self) -> list[Several]:
        """Return the lists of figures that stand behind one number or mark."""
        sources = {one: self.figures.known[one]["source"] for ids in self._several for one in ids}
        labels = {one: self.figures.label(one, self.language) for one in sources}
        documents = {
            one: (self.figures.document(one, self.language), self.figures.address(one))
            for one in set(sources.values())
        }
        found = []
        for ids, name in self._several.items():
            by_source: dict[str, list[tuple[str, str]]] = {}
            for one in ids:
                by_source.setdefault(sources[one], []).append((one, labels[one]))
            told = tuple((*documents[source], tuple(pairs)) for source, pairs in by_source.items())
            doubts = dict.fromkeys(doubt for one in ids for doubt in self.figures.doubts(one, self.language))
            found.append(Several(name, self._label(ids), told, tuple(doubts)))
        return found


def _with_headings(table: str) -> str:
    """Give each cell of a table of several columns its heading, for screens too narrow for columns."""
    heads = [re.sub(r"<[^>]*>", "", head) for head in _HEAD.findall(table.partition("</thead>")[0])]
    if len(heads) < _FEWEST_TO_STACK:
        return table
    told = [f' data-head="{head}"{_KINDS.get(unescape(head), "")}' for head in heads]

    def row(found: re.Match[str]) -> str:
        cells = found[1].split("<td")
        if len(cells) != len(heads) + 1:
            return found[0]
        named = [
            f"<td{one}{_DOT.sub('.<wbr>', cell) if 'source' in one else cell}"
            for one, cell in zip(told, cells[1:], strict=True)
        ]
        return f"<tr>{cells[0]}{''.join(named)}</tr>"

    return _BODY.sub(lambda body: f"<tbody>{_ROW.sub(row, body[1])}</tbody>", table, count=1)
