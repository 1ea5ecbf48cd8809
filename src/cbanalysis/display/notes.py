"""Sentences for readers: what the rows of a frame say, in Vietnamese or English.

Each function takes ``lang``, the reader's language ("vi" or "en"), and returns a `Note`. ``observations`` are rows of
:func:`cbanalysis.load_observations`; ``rated`` are rows of :func:`cbanalysis.statistics.rates.add_rates` (percent, 0 to
100), comparable ones where the sentence compares. Without rows a note says that no figure is known.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, TypeVar

import pandas as pd

from cbanalysis.common.errors import UnknownName
from cbanalysis.common.language import Language, speaks, spoken, words_in
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.catalogue.attendance_rules import attendance_rules
from cbanalysis.dataset.catalogue.vietnamese_wordings import worded_source
from cbanalysis.dataset.observations.comparability import PLACES
from cbanalysis.dataset.observations.places_and_years import count_places, places, years_of
from cbanalysis.dataset.provinces import Gazetteer, Unit
from cbanalysis.dataset.provinces.unit import DAYS
from cbanalysis.display import words
from cbanalysis.display.prints_reworded import as_told, hedged
from cbanalysis.statistics.rates import Overview, rank_correlation
from cbanalysis.statistics.rates import left_out as rows_left_out

Shown = TypeVar("Shown")


@dataclass(frozen=True)
class Note:
    """A few sentences made from data; shows itself as paragraphs or, with several points, as a list.

    Attributes
    ----------
    sentences : tuple of str
        Plain text; escaped where it is shown as HTML.
    as_list : bool
        Whether each sentence is a point of its own; a first one that ends with a colon heads the list.
    """

    sentences: tuple[str, ...]
    as_list: bool = False

    def html(self) -> str:
        """Return the sentences as HTML; text from the data is escaped."""
        head, points = self._parts
        paragraph = f'<p class="cb-note">{html.escape(" ".join(head))}</p>' if head else ""
        listed = "".join(f"<li>{html.escape(one)}</li>" for one in points)
        return paragraph + (f'<ul class="cb-note">{listed}</ul>' if listed else "")

    def text(self) -> str:
        """Return the sentences as plain text, one a line in a list."""
        head, points = self._parts
        return "\n".join([*([" ".join(head)] if head else []), *(f"- {one}" for one in points)])

    @property
    def _parts(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What stands as a paragraph, and what as points below it."""
        if not self.as_list:
            return self.sentences, ()
        headed = self.sentences[:1] if self.sentences and self.sentences[0].endswith(":") else ()
        return headed, self.sentences[len(headed) :]

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self.html()}


def _say(sentence: str, **values: object) -> str:
    """Fill a sentence; whole numbers are written the reader's way."""
    said = {name: words.number(value) if isinstance(value, int) else value for name, value in values.items()}
    text: str = spoken(words_in("display/notes.toml")[sentence])
    return text.format(**said)


def _listed(names: Sequence[str], most: int = 8) -> str:
    if (rest := len(names) - most) <= 0:
        return words.listed(names)
    return _say("others", shown=words.joined(names[:most]), rest=rest)


def _years(observations: pd.DataFrame) -> str:
    years = years_of(observations)
    return "–".join(dict.fromkeys(map(str, years))) if years else _say("no year")


@speaks
def show(
    draw: Callable[..., Shown],
    rows: pd.DataFrame,
    *,
    lang: Language,
    otherwise: Note | None = None,
    published: pd.DataFrame | None = None,
    **options: Any,  # noqa: ANN401 -- whatever the function takes
) -> Shown | Note:
    """Draw rows as a chart or table, or say in words that there are none."""
    if rows.empty:
        return otherwise or nothing(lang=lang, published=published)
    return draw(rows, lang=lang, **options, **({} if published is None else {"published": published}))


@words.of_rows
def nothing(*, lang: Language, published: pd.DataFrame | None = None) -> Note:
    """Say that there are no rows to show, and what was published instead, with the reasons."""
    if published is None or published.empty:
        return Note((_say("nothing"),))
    out = rows_left_out(published, published[:0])
    return Note((_say("not shown", n=len(out)), *words.left_out(out)), as_list=True)


def _reading(row: Mapping[str, Any]) -> str:
    """Say one rate with its place, period, count, base and bounds, or that its own arithmetic denies it."""
    kind = str(row["interval"])
    denied = bool(row["conflict"]) and pd.notna(row["base"])
    unit, printed = words.unit_of(row), pd.notna(row["percent"])
    # the interval has as many decimals as the rate, one at least; a printed rate stays as it is
    own = words.number(row["rate"], "en").partition(".")[2]
    decimals = max(1, len(own)) if kind == "wilson" else None
    said = _say(
        "conflict" if denied else _sentence(kind, row),
        count=words.number(row["count"]),
        base=words.number(row["base"]),
        rate=words.amount(row["rate"], unit, decimals=None if printed else decimals),
        low=words.amount(row["rate_low"], unit, decimals=decimals),
        high=words.amount(row["rate_high"], unit, decimals=decimals),
        printed=row["printed"],
        stated=words.percent(row["rate"]) if kind == "rounding" else f"“{row['printed']}”",
        share=_share(row) if denied else "",
    )
    lent = "base in doubt" if row["conflict"] and not denied else "borrowed"
    lender = f"{row['base_from']} ({row['base_period']})" if row.get("base_period") else row["base_from"]
    borrowed = _say(lent, id=lender) if row["base_from"] else ""
    return f"{row['where']}, {row['when']}: {said}{borrowed}."


def _sentence(kind: str, row: Mapping[str, Any]) -> str:
    """Return which sentence says a figure of a kind: above and at least, exact counts and others differ."""
    qualifier = str(row["qualifier"])
    if kind == "rounding" and pd.notna(row.get("value")):
        return "value"
    if kind == "rounding" and pd.notna(row["base"]) and not row["base_from"]:
        return "rounding of"
    if kind == "floor" and qualifier == "about":
        return "above"
    if kind == "about" and not re.search(r"[^\W\d]", str(row["printed"])):
        return "about, bare"  # its document says so elsewhere
    return "inexact" if kind == "none" and qualifier != "exact" else kind


def _share(row: Mapping[str, Any]) -> str:
    """Return count out of base, at least as finely as the percentage beside it was printed."""
    printed = row.get("decimals")
    finest = max(1, 0 if pd.isna(printed) else int(printed))
    return words.percent(round(100 * row["count"] / row["base"], finest))


@words.of_rows
def readings(rated: pd.DataFrame, *, lang: Language, most: int = 12) -> Note:
    """Say each rate in a sentence of its own: place, period, count and base, and how precise it is."""
    if rated.empty:
        return nothing(lang=lang)
    worded = words.with_words(rated).sort_values(["year", "where", "observation_id"], kind="stable")
    # a list that is cut off keeps those with count and base first
    kept = worded["interval"].ne("wilson").to_numpy().argsort(kind="stable")[:most]
    rows = words.records(worded.iloc[sorted(kept)])
    several = len(set(worded["what"])) > 1
    # what all of them measure is said once, with the first
    sentences = [
        f"{row['what']} – {_reading(row)}" if several or not at else _reading(row)
        for at, row in enumerate(rows)
    ]
    if (rest := len(worded) - most) > 0:
        sentences.append(_say("more readings", rest=rest))
    return Note(tuple(sentences), as_list=True)


@words.of_rows
def coverage(observations: pd.DataFrame, *, units: Literal[64, 63, 34] = 63, lang: Language) -> Note:
    """Say how much is known: figures, sources, years, provinces with and without data, shares without a base."""
    if observations.empty:
        return nothing(lang=lang)
    gazetteer = Gazetteer.read()
    day = DAYS[units]
    pairs = set(zip(observations["unit_id"], observations["province"], strict=True))
    seen = {gazetteer.unit_on(day, *pair) for pair in pairs}
    empty = [unit.name(lang) for unit in gazetteer.on(day) if unit not in seen]
    shares = observations[observations["percent"].notna()]
    without = shares[shares["base"].isna()]
    bare = len(without)
    counted = int(without["count"].notna().sum()) if "count" in without else 0
    known = _say(
        "known",
        figures=len(observations),
        sources=observations["source_id"].nunique(),
        covered=units - len(empty),
        units=units,
        years=_years(observations),
    )
    sentences = [known]
    sentences += [_say("empty provinces", missing=_listed(empty))] if empty else []
    said = _say("bare", bare=bare, shares=len(shares))
    sentences += [said + (_say("counted", n=counted) if counted else "") + "."] if bare else []
    return Note(tuple(sentences))


def _what(worded: pd.DataFrame) -> str:
    """Return what figures measure; of several definitions or categories the indicators."""
    whats = list(dict.fromkeys(worded["what"]))
    catalogue = Catalogue.read()
    indicators = [spoken(catalogue.indicator(str(one)).name) for one in dict.fromkeys(worded["indicator"])]
    return whats[0] if len(whats) == 1 else _listed(indicators)


@words.of_rows
def spread(rated: pd.DataFrame, *, lang: Language) -> Note:
    """Say how many places have a rate and which are the lowest and the highest."""
    known = words.with_words(rated[rated["rate"].notna()])
    if len(known) < 2:
        return readings(known, lang=lang)
    known = known.sort_values("where", key=lambda names: names.map(words.alphabetical), kind="stable")
    rates, unit = known["rate"].to_numpy(dtype="float64").round(9), words.unit_of(known)
    low, high = known.iloc[rates.argmin()], known.iloc[rates.argmax()]
    low_said, high_said = (
        # 61 points aren't 61.00, and a share that is whole has no decimals anywhere
        words.amount(end, unit, decimals=None if unit.own or end % 1 == 0 else unit.decimals)
        for end in (rates.min(), rates.max())
    )
    lowest, highest = (words.level_with(int((rates == end).sum()) - 1) for end in (rates.min(), rates.max()))
    alike = " alike" if len({*rates}) == 1 else ""
    said = _say(
        ("spread of values" if unit.own else "spread") + alike,
        rates=len(known),
        places=count_places(known),
        low=low_said,
        low_where=words.at_time(words.unbracketed(low["where"]), low["when"]) + lowest,
        high=high_said,
        high_where=words.at_time(words.unbracketed(high["where"]), high["when"]) + highest,
        what=_what(known),
    )
    doubts = [words.unlike(known, PLACES), *words.cut_off(known)]
    told = [said, *(f"{one[:1].upper()}{one[1:].rstrip('.')}." for one in doubts if one)]
    if not unit.own:
        based = int(known["base"].notna().sum())
        told.append(_say("with base", n=based) if based else _say("none with base"))
    return Note(tuple(told))


@words.of_rows
def attendance(rated: pd.DataFrame, *, lang: Language) -> Note:
    """Say what kinds of attendance figures were published: plain rates, floors, ranges, with a base.

    Figures that their own count and base contradict are a kind of their own.
    """
    if rated.empty:
        return nothing(lang=lang)
    counts = rated["interval"].mask(rated["conflict"] & rated["base"].notna(), "conflict").value_counts()
    every = ("wilson", "rounding", "floor", "range", "about", "none", "conflict")
    kinds = [kind for kind in every if kind in counts]
    said = [_say(f"{kind}s", n=int(counts[kind])) for kind in kinds]
    sentences = [_say("attendance", n=len(rated), kinds=_listed(said))]
    sentences += [_say("not ranked")] if len(kinds) > 1 else []
    return Note(tuple(sentences))


@words.of_rows
def marks(rated: pd.DataFrame, *, lang: Language) -> Note:
    """Say how many attendance figures stand exactly at the mark of a rule that was in force."""
    said = []
    years = rated["period_end"].str.slice(0, 4)
    for rule in attendance_rules():
        recent = (years >= str(rule.valid_from.year)) | (years == "")
        bounds = [(one.at_least, one.above) for one in rule.classes]
        for bound in sorted({mark for pair in bounds for mark in pair if mark is not None}, reverse=True):
            alone = (rated["percent"] == bound) & rated["percent_max"].isna()
            number_at = int((alone & recent).sum())
            if number_at:
                mark, document = words.percent(bound), rule.document[lang]
                said.append(_say("at the mark", n=number_at, all=len(rated), mark=mark, document=document))
    return Note(tuple(said) or (_say("no mark"),))


@words.of_rows
def ratings(distributed: pd.DataFrame, *, lang: Language) -> Note:
    """Say how many ratings are known, how many are complete, why the others aren't, and on which schemes."""
    if distributed.empty:
        return nothing(lang=lang)
    catalogue = Catalogue.read()
    keys = [places(distributed), "source_id", "scheme", "indicator", "subject", "period_start", "period_end"]
    # A row that is no class of its own (a part, a cumulative one) says nothing about the whole.
    told = distributed.assign(
        sum=distributed["category_kind"] == "cumulative", inexact=distributed["qualifier"] != "exact"
    )
    found = told.groupby(keys, sort=False).agg(
        whole=("complete", "any"), shares=("share", "count"), sum=("sum", "any"), inexact=("inexact", "any")
    )
    # classes that are printed together need no share each to make a whole
    by_class = (found["shares"].gt(0) & ~found["sum"]) | (found["shares"].eq(0) & found["inexact"])
    reasons = {"no whole": ~found["whole"] & by_class, "no shares": ~found["whole"] & ~by_class}
    kinds = [_say(why, n=int(those.sum())) for why, those in reasons.items() if those.any()]
    whole = int(found["whole"].sum())
    undrawn = [_say("undrawn", kinds="; ".join(kinds))] if kinds else []
    names = [catalogue.scheme(one).name[lang] for one in dict.fromkeys(distributed["scheme"])]
    schemes = [name[:1].lower() + name[1:] for name in names]
    on = "several schemes" if len(schemes) > 1 else "one scheme"
    return Note((_say("ratings", n=len(found), whole=whole), *undrawn, _say(on, schemes=_listed(schemes))))


@words.of_rows
def alone(rated: pd.DataFrame, *, lang: Language) -> Note:
    """Say that no rate of a province can stand beside those of others, and where other units are compared."""
    catalogue = Catalogue.read()
    own = dict.fromkeys(rated.loc[rated["value"].notna(), "indicator"])
    names = _listed([words.named(catalogue.indicator(one).name[lang]) for one in own])
    return Note((_say("alone"), *([_say("other units", names=names)] if own else [])))


@speaks
def events(effect_on: str, *, lang: Language) -> Note:
    """Say which policy events touch something, each with its day, from data/events.csv."""
    told = [
        _say("event", day=words.period(str(one.date), str(one.date)), name=one.name[lang])
        for one in Catalogue.read().events
        if one.effect_on == effect_on
    ]
    return Note(tuple(told), as_list=True) if told else Note((_say("no event"),))


@words.of_rows
def districts(rated: pd.DataFrame, province: pd.DataFrame, *, lang: Language) -> Note:
    """Say of which province how many districts are known, and what the funnel of them is centred on."""
    if rated.empty:
        return nothing(lang=lang)
    whole = words.with_words((province if len(province) else rated).assign(area="", geo_level="province"))
    where, when = (whole[name].iloc[0] for name in ("where", "when"))
    said = _say("districts", province=where, when=when, n=len(rated))
    around = province.head(1) if len(province) else rated
    count, base = (int(around[one].sum()) for one in ("count", "base"))
    centre = _say("centre" if len(province) else "no centre", count=count, base=base)
    return Note((said, centre))


@words.of_rows
def outside(limits: pd.DataFrame, *, lang: Language) -> Note:
    """Name the places outside the limits of a funnel, or the months that break a rule of a control chart."""
    months = "rules" in limits
    known = limits if months else limits[limits["funnel"] != "no_base"]
    out = words.with_words(known[known["rules"] != "" if months else known["funnel"] != "within"])
    names = [
        f"{words.unbracketed(row['when' if months else 'where'])} ({words.percent(row['rate'], decimals=1)})"
        for row in words.records(out)
    ]
    said = ("months" if months else "places") + (" outside" if names else " inside")
    return Note((_say(said, n=len(names), all=len(known), names=_listed(names)),))


@speaks
def about_indicator(indicator: str, *, lang: Language) -> Note:
    """Say what an indicator is: its definition, its unit, its base.

    Raises
    ------
    UnknownName
        If there is no such indicator; names the nearest.
    """
    catalogue = Catalogue.read()
    about, unit = catalogue.indicator(indicator), catalogue.unit_of(indicator)
    sentence = "indicator" if unit.id == "percent" else "indicator without base"
    said = _say(sentence, definition=about.definition[lang], unit=unit.name[lang], base=about.base[lang])
    return Note((f"{about.name[lang]}.", said))


@speaks
def chosen(view: Overview, *, lang: Language) -> Note:
    """Say what the newest comparable year gives, and which figures stand beside each other."""
    if view.newest.empty:
        return Note((_say("nothing alike"),))
    worded = words.with_words(view.alike)
    years = _years(view.alike)
    said = _say(
        "chosen" if "–" in years else "chosen of one year",
        what=words.named(worded["what"].iloc[0]),
        level=Catalogue.read().levels[view.alike["geo_level"].iloc[0]][lang],
        year=str(view.newest["year"].iloc[0]),
        places=len(view.newest),
        figures=len(view.alike),
        all=count_places(worded),
        years=years,
    )
    found = () if view.counted else spread(view.newest, lang=lang).sentences
    beside = [said] if view.counted or len(view.alike) > 1 else []  # a figure alone has said all of it
    return Note((*found, *beside, *([] if view.first is not None else [_say("no two years")])))


@words.of_rows
def left_out(rows: pd.DataFrame, *, lang: Language) -> Note:
    """Say which published figures can't stand beside those compared, reason by reason."""
    if rows.empty:
        return Note((_say("all alike"),))
    return Note((_say("left out", n=len(rows)), *words.left_out(rows)), as_list=True)


@words.of_rows
def correlation(pairs: pd.DataFrame, *, lang: Language) -> Note:
    """Say how far the order of places by one figure agrees with that by another, and what chance would give."""
    if pairs.empty:  # of no pair there may be no columns either
        return Note((_say("few places", n=0),))
    found = rank_correlation(pairs["rate_x"], pairs["rate_y"])
    if pd.isna(found.low):
        return Note((_say("few places", n=found.places),))
    said = _say(
        "correlation",
        n=found.places,
        rho=words.number(found.rho, decimals=2),
        low=words.number(found.low, decimals=2),
        high=words.number(found.high, decimals=2),
        p=words.number(100 * found.p, decimals=1),
        tried=_say("exact" if found.exact else "drawn"),
    )
    return Note((said, _say("undecided")) if found.low <= 0 <= found.high else (said,))


@words.of_rows
def findings(found: pd.DataFrame, *, lang: Language, checked: int | None = None) -> Note:
    """Say how many published sums don't hold, how many are explained, and where the gaps are widest.

    ``checked`` is how many figures could be checked (`audit.checked`): where there are none, nothing holds.
    """
    if found.empty:
        said = "no findings" if checked is None else "all hold" if checked else "nothing checked"
        return Note((_say(said, n=checked or 0),))
    explained = int(found["acknowledged"].sum())
    told = "explained findings" if explained == len(found) else "findings" if explained else "open findings"
    counted = _say(told, n=len(found), explained=explained)
    widest = [
        _say(f"widest in {row['gap_unit']}", where=words.failing_where(row), message=row[f"message_{lang}"])
        for row in words.records(words.by_gap(found).drop_duplicates("gap_unit"))
        if row["gap_unit"]
    ]
    marks = [f"{spoken(words.PUBLICATION)}."] if any("†" in one for one in widest) else []
    return Note((counted, *widest, *marks))


@words.of_rows
def profile(observations: pd.DataFrame, *, lang: Language) -> Note:
    """Say how much one province or one document holds: figures, sources, years and indicators."""
    if observations.empty:
        return nothing(lang=lang)
    catalogue = Catalogue.read()
    kinds = observations["indicator"].value_counts(sort=False).sort_values(ascending=False, kind="stable")
    names = _listed(
        [words.named(catalogue.indicator(str(one)).name[lang]) for one in kinds.index], len(kinds)
    )
    said = _say(
        "profile",
        figures=len(observations),
        sources=observations["source_id"].nunique(),
        years=_years(observations),
    )
    # a report on one indicator bears its name
    told = [_say("indicators", names=names)] if len(kinds) > 1 else []
    return Note((said, *told, *_newest(observations, list(kinds.index))))


def _newest(observations: pd.DataFrame, indicators: Sequence[str]) -> list[str]:
    """Say the newest figure of each of the first three indicators, at its highest level, of one province."""
    if len(observations) < 2 or len(set(observations["province"])) > 1 or "printed" not in observations:
        return []
    levels = {one: at for at, one in enumerate(Catalogue.read().levels)}
    rows = words.with_words(observations.assign(level=observations["geo_level"].map(levels)))
    rows = rows.sort_values(["level", "period_end"], ascending=[True, False], kind="stable")
    first = rows.drop_duplicates("indicator").set_index("indicator", drop=False).loc[[*indicators[:3]]]
    return [_say("among them", figures="; ".join(map(_told, words.records(first))))]


def _told(row: Mapping[str, Any]) -> str:
    """Return what a figure measures, where (below the province), when and how much, in short."""
    where = _say("at", where=row["where"]) if row["area"] else ""
    base = f"/{words.number(row['base'])}" if pd.notna(row["base"]) else ""
    count, share = words.number(row["count"]), words.percent(row["percent"])
    said = f"{count}{base} ({share})" if count and share else f"{count}{base}" if count else share
    if row["qualifier"] != "exact" or not said:
        text, how = as_told(row)
        said = hedged(text, how)
    what = f"{words.named(row['what'])}{where}"
    return _say("newest", what=what, when=words.in_sentence(row["when"]), said=said)


@speaks
def about_province(province: str, *, lang: Language) -> Note:
    """Say which province a name means, where it lies, and what became of it.

    Raises
    ------
    UnknownName
        If no province ever bore the name; names the nearest.
    """
    gazetteer = Gazetteer.read()
    units = gazetteer.named(province)
    if not units:
        raise UnknownName("province", province, sorted({unit.name_vi for unit in gazetteer.units}))
    unit = min(units, key=lambda one: one.valid_from)
    sentences = [f"{unit.name(lang)} ({unit.region(lang)})."]
    if unit.valid_to is not None:
        day = unit.valid_to + timedelta(days=1)
        heirs = gazetteer.successors(unit, day)
        if any(len(heir.territory_2004) > len(unit.territory_2004) for heir in heirs):
            stayed = unit.name_vi in {heir.name_vi for heir in heirs}
            joined = _joined(unit, heirs, gazetteer) if stayed else heirs
            names = _listed([one.name(lang) for one in joined])
            said = words.period(day.isoformat(), day.isoformat())
            sentence = "grew" if stayed else "became"
            sentences.append(_say(sentence, day=said, name=unit.name(lang), names=names))
    return Note(tuple(sentences))


def _joined(unit: Unit, heirs: Sequence[Unit], gazetteer: Gazetteer) -> list[Unit]:
    """Return the other provinces whose land its heirs took over."""
    land = {part for heir in heirs for part in heir.territory_2004}
    last = str(unit.valid_to)
    return [one for one in gazetteer.on(last) if one != unit and land >= set(one.territory_2004)]


@speaks
def about_source(source_id: str, *, lang: Language) -> Note:
    """Say what a source document is: title, publisher and date.

    Raises
    ------
    UnknownName
        If there is no such document; names the nearest.
    """
    source = worded_source(Catalogue.read().source(source_id))
    unknown = _say("unknown")
    published = words.period(source.published, source.published) if source.published else unknown
    said = _say(
        "source",
        id=source.source_id,
        title=source.title or unknown,
        publisher=source.publisher or unknown,
        published=published,
    )
    return Note((said,))
