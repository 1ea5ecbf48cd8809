"""A figure while it is put together: its amounts, what it counts, where, when, and the words near it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from cbanalysis.common.text.figure_parsing import Figure
from cbanalysis.importing.prose.counts_and_shares import Amount
from cbanalysis.importing.prose.grammar import NO_THING, IndicatorRule, Thing
from cbanalysis.importing.prose.place_mentions import Place
from cbanalysis.importing.prose.times import Period
from cbanalysis.importing.prose.tokens import Sentence

_STRENGTH = ("exact", "about", "at_least", "range")


@dataclass(frozen=True)
class Subject:
    """A subject of the catalogue and how it was found (direct, head, person, inherited, none)."""

    name: str
    said: str
    thing: Thing = NO_THING
    of_committee: bool = False


@dataclass
class Found:
    """One figure while it is put together; the reader fills in what it is about, where and when.

    Attributes
    ----------
    count, share : Amount or None
        At least one of them.
    near, before, far, close : str
        The words of its clause, those of them before it, those that it shares with figures behind, and those
        of them between two marks.
    base, base_said, base_of : int or None, str, str
        The number of all, how it is known (base: printed beside it; arithmetic: proved by the share), and
        which of the catalogue's bases it is where words say so.
    is_base, framing : bool
        Whether it is the number of all of another figure: printed behind it, or before ("Trong 142 …").
    planned : Amount or None
        What a count of those admitted reaches of its target.
    verb : str
        The kind of verb that governs it (grammar/verbs.toml).
    rated : bool
        Whether a rating stands in its sentence.
    whole : Found or None
        The figure that it is a part of.
    subset : str or None
        Which of those there are it counts: words, "" where nothing delimits them, None for all (`subset_of`).
    goes_on : Found or None
        The figure whose indicator it takes over.
    refused : str
        Why it is no figure after all.
    """

    sentence: Sentence
    count: Amount | None
    share: Amount | None
    subject: Subject
    near: str = ""
    before: str = ""
    far: str = ""
    close: str = ""
    place: Place = field(default_factory=Place)
    place_said: str = ""
    period: Period | None = None
    period_said: str = ""
    target: bool = False
    base: int | None = None
    base_said: str = ""
    base_of: str = ""
    is_base: bool = False
    framing: bool = False
    planned: Amount | None = None
    verb: str = ""
    rated: bool = False
    whole: Found | None = None
    subset: str | None = None
    goes_on: Found | None = None
    refused: str = ""
    indicator: str = ""
    rule: IndicatorRule | None = None

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """Its count and its share, as far as it has them."""
        return tuple(one for one in (self.count, self.share) if one is not None)

    @property
    def first(self) -> Amount:
        """The amount that it begins with."""
        return self.amounts[0]

    @property
    def last(self) -> Amount:
        """The amount that it ends with."""
        return self.amounts[-1]

    @property
    def of_target(self) -> bool:
        """Whether it is a share alone, of a target."""
        return self.count is None and self.base_of == "target"

    @property
    def direct(self) -> bool:
        """Whether what it counts stands right behind it."""
        return bool(self.first.thing)

    def figure(self) -> Figure:
        """Return its values, printed as observations.csv writes them: "62/124; 50%"."""
        count, share = self.count, self.share
        printed = [one.printed for one in self.amounts]
        if count and self.base is not None and count.base_at and "/" not in printed[0]:
            whole = self.sentence.tokens[slice(*count.base_at)]
            printed[0] += f"/{next(token.text for token in whole if token.kind == 'number')}"
        return Figure(
            count=int(count.low) if count is not None else None,
            base=self.base,
            percent=float(share.low) if share is not None else None,
            percent_max=float(share.high) if share is not None and share.high is not None else None,
            qualifier=max((one.qualifier for one in self.amounts), key=_STRENGTH.index),
            decimals=share.decimals if share is not None else None,
            printed="; ".join(printed),
            count_max=int(count.high) if count is not None and count.high is not None else None,
        )


def proves(one: Found, whole: int) -> bool:
    """Return whether the share of a figure is that of its count among a number, as exactly as printed."""
    count, share = one.count, one.share
    if count is None or share is None or whole < count.low or not whole:
        return False
    unit, more = Decimal(10) ** -share.decimals, 100 * count.low / whole - share.low
    # two decimals and more are often cut off, not rounded
    return abs(more) <= unit / 2 or (share.decimals > 1 and 0 < more < unit)
