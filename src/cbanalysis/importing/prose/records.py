"""What extract gives: documents in, candidates out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cbanalysis.common.text.figures import Figure
from cbanalysis.importing.files.pages import Page
from cbanalysis.importing.prose.about import About

FigureKind = Literal["count", "share", "count and share", "part", "range", "floor", "about"]


@dataclass(frozen=True)
class Document:
    """A document as text.

    Attributes
    ----------
    file : str
        Name of the file, without its folders.
    sha256 : str
        Hash of the file's bytes.
    text : str
        All of its text; spans count characters of it. For a .txt file it is the decoded file itself.
    paragraphs : tuple of (int, int)
        Where each paragraph begins and ends in the text.
    page : Page, optional
        For a web page what it says of itself: title, metadata, times, JSON-LD.
    """

    file: str
    sha256: str
    text: str
    paragraphs: tuple[tuple[int, int], ...]
    page: Page | None = None


def figure_kind(figure: Figure) -> FigureKind:
    """Return which type of figure it is: what precision and recall are told apart by.

    Examples
    --------
    >>> from cbanalysis.common.text.figures import parse_figure
    >>> [figure_kind(parse_figure(text)) for text in ("62", "63,71%", "11/18", "từ 95% trở lên")]
    ['count', 'share', 'part', 'floor']
    """
    if figure.qualifier != "exact":
        kinds: dict[str, FigureKind] = {"about": "about", "at_least": "floor", "range": "range"}
        return kinds[figure.qualifier]
    if figure.base is not None:
        return "part"
    if figure.percent is None:
        return "count"
    return "share" if figure.count is None else "count and share"


@dataclass(frozen=True)
class Candidate:
    """One figure that a document may state; nothing of it is known until a person has looked at it.

    Attributes
    ----------
    start, end : int
        Span of its characters in the document's text, from its first number to its last.
    sentence : int
        Number of the sentence, counted from 1.
    context : str
        The sentence as the document has it.
    figure : Figure
        The values, with ``printed`` as observations.csv writes it.
    indicator, subject : str
        Of the catalogue; ``""`` where none fits.
    province, area, geo_level, period_start, period_end : str
        Where and when; ``""`` where the document doesn't say.
    province_basis : str
        "stated" where the text names the province, "inferred" where its district or its publication tells it.
    target : bool
        A figure to be reached, not one that was.
    confidence : float
        From 0 to 1, the product of the trust in its kinds of evidence (grammar/confidence.toml): higher where
        they were more often right, not how likely it is that a careful reader changes nothing.
    evidence : str
        Where value, subject, place, period and indicator come from, e.g.
        ``"exact, direct, paragraph, sentence, verb"``.
    """

    start: int
    end: int
    sentence: int
    context: str
    figure: Figure
    indicator: str
    subject: str
    province: str
    area: str
    geo_level: str
    period_start: str
    period_end: str
    period_basis: str
    target: bool
    confidence: float
    evidence: str
    category: str = ""
    scheme: str = ""
    category_id: str = ""
    category_kind: str = ""
    definition: str = ""
    base_of: str = ""
    aggregation: str = "point"
    complement: bool = False
    province_basis: str = "stated"

    @property
    def kind(self) -> FigureKind:
        """Which type of figure it is."""
        return figure_kind(self.figure)


@dataclass(frozen=True)
class SetAside:
    """A number that isn't proposed, and why.

    Attributes
    ----------
    start, end : int
        Span of its characters in the document's text.
    sentence : int
        Number of the sentence, counted from 1.
    printed, reason, context : str
        The number as printed, why it is no figure, and its sentence.
    """

    start: int
    end: int
    sentence: int
    printed: str
    reason: str
    context: str


@dataclass(frozen=True)
class Reading:
    """What was read in a document: every number of it is either a candidate or set aside.

    Attributes
    ----------
    document : Document
        The document.
    candidates : tuple of Candidate
        In the order of the text.
    set_aside : tuple of SetAside
        In the order of the text.
    about : About
        Where and when the document is from, as the caller, its head or its first and last lines say.
    """

    document: Document
    candidates: tuple[Candidate, ...]
    set_aside: tuple[SetAside, ...]
    about: About = About()  # noqa: RUF009 -- frozen


def dated_headings(candidates: Sequence[Candidate], headings: set[int]) -> Iterator[Candidate]:
    """Yield candidates; those of headings have the period and the area of the text that repeats them."""
    repeated: dict[tuple[float | None, str], Candidate] = {}
    for one in reversed(candidates):
        if one.period_end and one.sentence not in headings:
            for value in (one.figure.count, one.figure.percent):
                repeated[value, one.subject] = one
    for one in candidates:
        value = one.figure.count if one.figure.percent is None else one.figure.percent
        same = repeated.get((value, one.subject))
        open_one = not one.period_end or one.period_basis == "publication"
        if one.sentence not in headings or one.target or not same:
            yield one
            continue
        taken = ("period_start", "period_end", "period_basis", "evidence") if open_one else ()
        if not one.area and one.province in {"", same.province}:
            taken = (*taken, "area", "geo_level", "province")
        told = replace(one, **{name: getattr(same, name) for name in taken})
        # never surer than the text that tells it whole
        yield replace(told, confidence=max(0.01, round(same.confidence - 0.01, 2)))
