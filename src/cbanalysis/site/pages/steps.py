"""An executed notebook as what a reader goes through: a summary, words, charts, tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from markupsafe import Markup
from nbformat import NotebookNode

from cbanalysis.site.pages.cell_outputs import Shown, shown
from cbanalysis.site.pages.links_to_figures import Links
from cbanalysis.site.pages.safe_html import code, markdown

_HEADING = re.compile(r"<h([1-6])[^>]*>(.*?)</h\1>", re.DOTALL)
_TITLE = re.compile(r"\A\s*<h1[^>]*>(.*?)</h1>", re.DOTALL)
_PLACE = re.compile(r'<h[1-6] id="([^"]+)"')
_SENTENCES = re.compile(r'<p class="cb-note">(.*?)</p>', re.DOTALL)


@dataclass(frozen=True)
class Heading:
    """A heading of the report, with its place in the page."""

    id: str
    level: int
    words: Markup


@dataclass(frozen=True)
class Step:
    """One cell: words, or what a code cell shows, with its code; optional words head a section to drop."""

    words: Markup = field(default_factory=Markup)
    shown: tuple[Shown, ...] = ()
    code: Markup = field(default_factory=Markup)
    failed: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Steps:
    """A report for its readers.

    Attributes
    ----------
    title : Markup
        Its first heading.
    intro : tuple of Step
        The words before the first section.
    summary : tuple of (Markup, str)
        What the figures show in words, with the section that says more ("" for what stands here only).
    prepared : Markup
        The code that came before the first section and shows nothing of its own.
    body : tuple of Step
        What is shown before the first section, and the sections.
    headings : tuple of Heading
        Of the sections.
    links : Links
        From its values to their figures.
    """

    title: Markup
    intro: tuple[Step, ...]
    summary: tuple[tuple[Markup, str], ...]
    prepared: Markup
    body: tuple[Step, ...]
    headings: tuple[Heading, ...]
    links: Links


def _linked(one: Shown, links: Links) -> Shown:
    if one.kind == "chart":
        narrow = one.narrow and _linked(one.narrow, links)
        return replace(one, marks=links.marks(one.marks, one.width, one.height), narrow=narrow)
    return replace(one, html=links.cells(str(one.html))) if one.wide else one


def _steps(notebook: NotebookNode, links: Links) -> list[Step]:
    steps = []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            words = markdown(cell.source, cell.get("attachments"))
            steps.append(Step(words=words, optional="optional" in tags))
        elif cell.cell_type == "code" and (cell.source.strip() or cell.outputs):
            outputs = tuple(_linked(shown(output), links) for output in cell.outputs)
            source = code(cell.source) if cell.source.strip() else Markup()
            steps.append(Step(shown=outputs, code=source, failed="failed" in tags))
    return steps


def _numbered(steps: list[Step]) -> tuple[list[Step], list[Heading]]:
    """Give each heading a place of its own in the page."""
    headings: list[Heading] = []

    def named(heading: re.Match[str]) -> str:
        level, words = int(heading[1]), heading[2]
        headings.append(Heading(f"part-{len(headings) + 1}", level, Markup(words)))  # noqa: S704 -- cleaned before
        return f'<h{level} id="{headings[-1].id}">{words}</h{level}>'

    numbered = [
        replace(step, words=Markup(_HEADING.sub(named, str(step.words)))) if step.words else step  # noqa: S704 -- as above
        for step in steps
    ]
    return numbered, headings


def _summary(intro: list[Step], body: list[Step]) -> list[tuple[Markup, str]]:
    found = [(one.html, "") for step in intro for one in step.shown if one.note]
    section, said = "", {str(words) for words, _ in found}
    for step in body:
        places = _PLACE.findall(str(step.words))
        section = places[-1] if places else section
        for one in step.shown:
            for words in _SENTENCES.findall(str(one.html)):
                # A sentence without a number (or with none but 0) says that there is nothing to say.
                if section and words not in said and re.search("[1-9]", words):
                    said.add(words)
                    # what it leads to stands further down
                    whole = re.sub(r":(?=\s*(?:</|$))", ".", words)
                    found.append((Markup(whole), section))  # noqa: S704 -- cleaned before
                    section = ""
    return found


def _once(steps: list[Step]) -> list[Step]:
    """Drop a note that says what a note before it said."""
    told: set[str] = set()

    def new(one: Shown) -> bool:
        again = one.note and str(one.html) in told
        told.add(str(one.html))
        return not again

    return [replace(step, shown=tuple(one for one in step.shown if new(one))) for step in steps]


def _wanted(steps: list[Step]) -> list[Step]:
    """Drop the sections marked as optional that show nothing new."""
    sections: list[list[Step]] = []
    for step in steps:
        if not sections or "<h2" in step.words:
            sections.append([])
        sections[-1].append(step)
    return [
        step
        for section in sections
        if not section[0].optional or any(one.shown for one in section)
        for step in section
    ]


def steps_of(notebook: NotebookNode, links: Links) -> Steps:
    """Take an executed notebook apart for its readers.

    Parameters
    ----------
    notebook : NotebookNode
        With the cells of one language.
    links : Links
        Leads values to their figures.

    Returns
    -------
    Steps
        Charts and tables in their order; the sentences that open the report stand in the summary only.
    """
    steps = _steps(notebook, links)
    title = Markup()
    first = next((at for at, step in enumerate(steps) if step.words), None)
    if first is not None and (heading := _TITLE.match(str(steps[first].words))):
        title = Markup(heading[1])  # noqa: S704 -- cleaned before
        rest = str(steps[first].words)[heading.end() :]
        steps[first] = replace(steps[first], words=Markup(rest))  # noqa: S704 -- as above
    begin = next((at for at, step in enumerate(steps) if _HEADING.search(step.words)), len(steps))
    intro = steps[:begin]
    once = _once(steps[begin:])
    body, headings = _numbered(once if any(step.failed for step in steps) else _wanted(once))
    summary = _summary(intro, body)
    kept = [replace(step, shown=tuple(one for one in step.shown if not one.note)) for step in intro]
    # What only prepares or speaks in the summary leaves its code behind: one place for all of it.
    bare = [step for step in kept if not step.words and not step.shown and not step.failed]
    kept = [step for step in kept if step not in bare]
    prepared = Markup().join(step.code for step in bare)
    # A summary comes first; what the figures are that it is made of, behind it.
    words = tuple(step for step in kept if step.words)
    body = [*(step for step in kept if not step.words), *body]
    return Steps(title, words, tuple(summary), prepared, tuple(body), tuple(headings), links)
