"""Amounts to figures: a count with its share and its base, and the amounts that are no figures after all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from cbanalysis.common.text.figures import Figure
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.importing.prose.amounts import (
    Amount,
    Aside,
    counted_thing,
    of_plan,
    shared,
    whole_of,
)
from cbanalysis.importing.prose.grammar import IndicatorRule, grammar
from cbanalysis.importing.prose.places import Place
from cbanalysis.importing.prose.subjects import Before, Context, Subject, subject_of
from cbanalysis.importing.prose.times import Period
from cbanalysis.importing.prose.tokens import Sentence
from cbanalysis.importing.prose.verbs import verb_of

_FAMILY = {"branch_cell": "cell", "committee": "grassroots_org"}
_THRESHOLD = "threshold that says which units are counted"
_NOTHING = "nothing that the catalogue counts"
_ELSEWHERE = "share of a plan or of something else"
_FLOWS = {"admit", "confirm"}
_YEAR = re.compile(r"(?:19[3-9]|20[0-9])[0-9]")
_STRENGTH = ("exact", "about", "at_least", "range")


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
    base, base_said : int or None, str
        The number of all, and how it is known (base: printed beside it; arithmetic: proved by the share).
    is_base, framing : bool
        Whether it is the number of all of another figure: printed behind it, or before ("Trong 142 …").
    verb : str
        The kind of verb that governs it (grammar/verbs.toml).
    rated : bool
        Whether a rating stands in its sentence.
    whole : Found or None
        The figure that it is a part of.
    part_kind : str
        Which part it says that it is.
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
    is_base: bool = False
    framing: bool = False
    verb: str = ""
    rated: bool = False
    whole: Found | None = None
    part_kind: str = ""
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
    def direct(self) -> bool:
        """Whether what it counts stands right behind it."""
        return self.first.thing is not None

    def figure(self) -> Figure:
        """Return its values, printed as observations.csv writes them: "62/124; 50%"."""
        count, share = self.count, self.share
        printed = [one.printed for one in self.amounts]
        if (
            count is not None
            and self.base is not None
            and count.base_at is not None
            and "/" not in printed[0]
        ):
            printed[0] += f"/{self.sentence.tokens[count.base_at[0]].text}"
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


@dataclass(frozen=True)
class Builder:
    """Puts amounts together."""

    catalogue: Catalogue

    def figures(
        self, sentence: Sentence, amounts: Sequence[Amount], earlier: Sequence[Found], last: str = ""
    ) -> tuple[list[Found], list[Aside]]:
        """Return the figures that amounts make up, and the amounts that are none.

        Parameters
        ----------
        sentence : Sentence
            Theirs.
        amounts : sequence of Amount
            In order.
        earlier : sequence of Found
            The figures shortly before in the paragraph.
        last : str
            The subject of the last figure, also of the paragraph before.

        Returns
        -------
        tuple of list of Found and list of Aside
            Both in order.
        """
        rated = sentence.has(grammar().ratings)
        bases = whole_of(sentence, amounts)
        kept: list[Found] = []
        left: list[Aside] = []
        at = 0
        while at < len(amounts):
            amount, base = amounts[at], None
            following = at + 1
            if at in bases:
                base = amounts[bases[at]]
                # "662 trong tổng số 686 tổ chức cơ sở đảng"
                thing = amount.thing or base.thing
                amount = replace(amount, base=int(base.low), base_at=(base.begin, base.end), thing=thing)
                following = bases[at] + 1
            share = None
            pair = _with_parts(sentence, amounts[at : following + 1])
            if pair:
                amount, share = pair
                following += 1
            verb = verb_of(sentence, amount, amounts)
            if not pair and following < len(amounts):
                reach = replace(amount, end=base.end) if base else amount
                share = amounts[following] if shared(sentence, reach, amounts[following]) else None
                following += share is not None
            elsewhere = not pair and share is not None and of_plan(sentence, share, flow=verb in _FLOWS)
            if share is not None and (elsewhere or _limits(sentence, amount, share)):
                left.append(Aside(share.begin, share.end, _ELSEWHERE if elsewhere else _THRESHOLD))
                share = None
            one = Found(
                sentence,
                None if amount.percent else amount,
                amount if amount.percent else share,
                Subject("", "none"),
                verb=verb,
                rated=rated,
            )
            reason = self._refused(one, amounts[at - 1] if at else None)
            if not reason:
                about = Context(
                    _before([*earlier, *kept]),
                    taken_in=verb in grammar().verbs.people
                    or self._goes_on(sentence, amount, [*earlier, *kept]),
                    rated=rated,
                    last=last,
                )
                one.subject = subject_of(sentence, one.first, about, self.catalogue)
                reason = "" if one.subject.name else _NOTHING
            if reason:
                left += [
                    Aside(part.begin, part.end, reason) for part in (amount, base, share) if part is not None
                ]
            else:
                one.base, one.base_said = amount.base, "base" if amount.base is not None else ""
                kept += [one, *_own_figure(one, amount, base)]
            at = following
        _sum(kept)
        _frame(kept)
        _prove(kept, earlier)
        return kept, left

    def _goes_on(self, sentence: Sentence, amount: Amount, before: Sequence[Found]) -> bool:
        """Return whether a number counts some of those admitted before: "trong đó có 884 đoàn viên"."""
        admitted = next((one for one in before if one.verb in grammar().verbs.people), None)
        if admitted is None or amount.thing is None or amount.thing.kind not in {"people", "person"}:
            return False
        begin = admitted.last.end if admitted.sentence is sentence else 0
        return sentence.has(grammar().part_cues, begin, amount.begin)

    def _refused(self, one: Found, previous: Amount | None) -> str:
        """Return why amounts are no figure; "" where they are one."""
        for amount in one.amounts:
            ends = [amount.low] if amount.high is None else [amount.low, amount.high]
            if amount.percent and ends[-1] > 100:
                return "a share over 100 %"
            if not amount.percent and any(end != end.to_integral_value() for end in ends):
                return "a mean, not a count"
        keys = one.sentence.keys
        if one.count is None:
            return _THRESHOLD if previous is not None and _describes(one.sentence, previous, one.last) else ""
        bare = one.count.thing is None and one.share is None and one.count.base is None
        if bare and _YEAR.fullmatch(one.count.printed):
            return "date or period"
        if bare and one.count.end < len(keys):
            following = one.sentence.tokens[one.count.end]
            if following.kind != "mark" and following.key not in grammar().numbers.after_bare:
                return _NOTHING
        return ""


def _with_parts(sentence: Sentence, amounts: Sequence[Amount]) -> tuple[Amount, Amount] | None:
    """Return the count and the share of "98% (49/50) thôn", where the one is the other."""
    if len(amounts) != 2 or not amounts[0].percent or not amounts[1].base:
        return None
    share, count = amounts
    beside = sentence.keys[share.end : count.begin] == ("(",) and sentence.keys[
        count.end : count.end + 1
    ] == (")",)
    if not beside:
        return None
    end = count.end + 1
    thing_end, thing = counted_thing(sentence, end, set()) or (end, share.thing)
    count = replace(count, begin=share.begin, end=end, thing=thing, thing_end=thing_end)
    return count, replace(share, end=end, thing=thing, thing_end=thing_end)


def _before(found: Sequence[Found]) -> list[Before]:
    return [Before(one.sentence, one.first, one.subject) for one in found if not one.is_base or one.direct]


def _limits(sentence: Sentence, count: Amount, share: Amount) -> bool:
    """Return whether a share only says which units are counted: "11 đảng bộ đạt trên 80%"."""
    between = sentence.keys[count.end : share.begin]
    return share.qualifier != "exact" and not {",", "(", "chiếm", "bằng"} & set(between) and len(between) > 1


def _describes(sentence: Sentence, count: Amount, share: Amount) -> bool:
    """Return whether a share with a limit describes the units counted right before it in its clause."""
    between = sentence.keys[count.end : share.begin]
    apart = {",", ";", ":", "("} & set(between)
    return (
        share.qualifier != "exact"
        and not count.percent
        and count.thing is not None
        and not apart
        and "có" in between
    )


def _own_figure(one: Found, amount: Amount, base: Amount | None) -> list[Found]:
    """Return the number of all as a figure of its own, where one is printed."""
    if base is not None:
        subject = Subject(base.thing.subject, "direct", base.thing) if base.thing else one.subject
        return [Found(one.sentence, base, None, subject, is_base=True)]
    if amount.base is None or amount.base_at is None or one.subject.said == "none":
        return []
    begin, end = amount.base_at
    alone = replace(
        amount, begin=begin, end=end, low=Decimal(amount.base), base=None, base_at=None, qualifier="exact",
        printed=one.sentence.tokens[begin].text,
    )  # fmt: skip
    return [Found(one.sentence, alone, None, one.subject, is_base=True)]


def _frame(kept: Sequence[Found]) -> None:
    """Mark the number of all in "Trong (tổng) số 142 trưởng thôn … có 128 người"."""
    for one, following in pairwise(kept):
        lead = one.sentence.keys[max(0, one.first.begin - 3) : one.first.begin]
        opens = lead[-1:] == ("trong",) or (lead[-1:] == ("số",) and "trong" in lead)
        if opens and one.count is not None and one.share is None and one.base is None:
            one.framing = True
            if following.base is None and (following.first.percent or following.first.low <= one.count.low):
                following.base, following.base_said = int(one.count.low), "base"


def _sum(kept: Sequence[Found]) -> None:
    """Tell that cells are of the grassroots: "610 tổ chức cơ sở đảng (301 đảng bộ, 309 chi bộ)"."""
    own = [one for one in kept if not one.is_base and one.count is not None]
    for at in range(len(own) - 2):
        parts = sorted(own[at : at + 3], key=lambda one: one.first.low)
        names = [one.subject.name for one in parts]
        if names[2] == "grassroots_org" and sorted(names[:2]) == ["cell", "committee"]:
            cells = next(one for one in parts if one.subject.name == "cell")
            if parts[0].first.low + parts[1].first.low == parts[2].first.low:
                cells.subject = replace(cells.subject, name="grassroots_org")


def _prove(kept: Sequence[Found], earlier: Sequence[Found]) -> None:
    """Give a count with a share the base that the share proves: a number of the same kind, shortly before."""
    for at, one in enumerate(kept):
        count, share = one.count, one.share
        if count is None or share is None or one.base is not None or not share.low:
            continue
        if {count.qualifier, share.qualifier} != {"exact"}:
            continue
        tolerance = Decimal(10) ** -share.decimals / 2
        for other in reversed([*earlier, *kept[:at]]):
            numbers = [
                other.base,
                int(other.count.low) if other.count and other.count.qualifier == "exact" else None,
            ]
            fits = [
                number for number in numbers if number and number >= count.low
                and abs(100 * count.low / number - share.low) <= tolerance
            ]  # fmt: skip
            if fits and _FAMILY.get(one.subject.name, one.subject.name) == _FAMILY.get(
                other.subject.name, other.subject.name
            ):
                one.base, one.base_said = fits[0], "arithmetic"
                if one.subject.name == "cell":
                    one.subject = replace(one.subject, name=other.subject.name)
                break
