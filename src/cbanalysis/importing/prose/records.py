"""What extract gives: documents in, candidates out."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cbanalysis.common.text.figure_parsing import Figure
from cbanalysis.importing.files.pages import Page
from cbanalysis.importing.prose.metadata import About

_YEAR, _NEARLY, _ALL = len("2022"), 0.1, 100
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
    >>> from cbanalysis.common.text.figure_parsing import parse_figure
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
    told = [one for one in candidates if one.period_end and one.sentence not in headings and not one.target]
    for one in candidates:
        same = _repeated(one, told) if one.sentence in headings and not one.target else None
        if same is None:
            yield one
            continue
        # "Năm 2022 …" above, "tính đến ngày 30-6 …" in the text: the text tells it whole
        around = one.period_start[:4] <= same.period_start[:4] and same.period_end[:4] <= one.period_end[:4]
        longer = len(one.period_end) == _YEAR and around
        open_one = longer or not one.period_end or one.period_basis == "publication"
        taken = ("period_start", "period_end", "period_basis", "evidence") if open_one else ()
        if not one.area and one.province in {"", same.province}:
            taken = (*taken, "area", "geo_level", "province")
        found = replace(one, **{name: getattr(same, name) for name in taken})
        found = replace(
            found, evidence=", ".join([one.evidence.split(", ")[0], *found.evidence.split(", ")[1:]])
        )
        # never surer than the text that tells it whole
        yield replace(found, confidence=max(0.01, round(same.confidence - 0.01, 2)))


def with_the_better(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield candidates; those rated good of whom some are told to be excellent are the good or better.

    "48 chi bộ hoàn thành tốt nhiệm vụ, trong đó 9/48 hoàn thành xuất sắc": the nine are among the 48.
    """
    found = [*candidates]
    excellent = [one for one in found if one.category_id == "excellent" and not one.target]
    for one in found:
        good = one.category_id == "good" and not one.target
        all_of_them = one.figure.percent == _ALL and one.figure.base in {None, one.figure.count}
        near = (
            other for other in excellent if one.start < other.start and other.sentence <= one.sentence + 1
        )
        same = (other for other in near if good and _of_one_rating(one) == _of_one_rating(other))
        among = any(all_of_them or other.figure.base == (one.figure.count or -1) for other in same)
        yield replace(one, category_id="good_or_better", category_kind="cumulative") if among else one


def of_those_rated(candidates: Sequence[Candidate], bases: Collection[str]) -> Iterator[Candidate]:
    """Yield candidates; a rating of those rated otherwise says so: 107 of the 439 that are strong."""
    rated: dict[tuple[object, ...], set[str]] = {}
    for one in candidates:
        if one.category_id in bases and one.figure.count is not None:
            rated.setdefault((one.figure.count, *_of_one_rating(one)), set()).add(one.category_id)
    for one in candidates:
        told = rated.get((one.figure.base, *_of_one_rating(one)), set()) - {one.category_id}
        own = bool(one.category_id) and len(told) == 1
        yield replace(one, base_of=next(iter(told))) if own else one


def with_targets(
    candidates: Iterable[Candidate], reached: Mapping[int, tuple[int, int, Figure]]
) -> Iterator[Candidate]:
    """Yield candidates; behind a number of those admitted what it reaches of its target: "đạt 96% chỉ tiêu".

    The share is a figure of its own, as its base is another than that of the number.
    """
    for one in candidates:
        yield one
        if one.start in reached:
            start, end, figure = reached[one.start]
            yield replace(one, start=start, end=end, figure=figure, base_of="target", definition="")


def _of_one_rating(one: Candidate) -> tuple[str, ...]:
    return one.scheme, one.subject, one.province, one.area, one.period_start, one.period_end


def _repeated(one: Candidate, told: Sequence[Candidate]) -> Candidate | None:
    """Return the figure of the text that a heading says, rounded where it says "nearly"."""
    name = "count" if one.figure.percent is None else "percent"
    value = getattr(one.figure, name)

    def apart(other: Candidate) -> float:
        found = getattr(other.figure, name)
        return math.inf if found is None else abs(found - value)

    near = _NEARLY * value if one.figure.qualifier == "about" else 0
    same = (other for other in told if other.subject == one.subject and apart(other) <= near)
    found = min(same, key=apart, default=None)
    return found if found and (found.indicator == one.indicator or not apart(found)) else None
