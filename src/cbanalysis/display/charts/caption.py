"""What every chart is given, and the words around it: title, subtitle, coverage, source, alternative text."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypedDict, TypeVar

import pandas as pd

from cbanalysis.common.errors import DataError, Fault, UnknownName, nearest
from cbanalysis.common.language import Language, language, speaking, spoken, words_of
from cbanalysis.common.text.letters import plain_letters
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.catalogue.vietnamese_wordings import in_vietnamese, wordings
from cbanalysis.dataset.observations import comparability, places_and_years
from cbanalysis.dataset.observations.given_frames import plain, reads
from cbanalysis.dataset.provinces import Gazetteer, place
from cbanalysis.display import words
from cbanalysis.display.charts.labels_and_values import (
    MEASURE,
    column_of,
    distinct,
    highlighted,
    inferred,
    labels,
    some,
    years_text,
)
from cbanalysis.display.charts.look import chart_style, narrow_page, nfc
from cbanalysis.display.charts.page import Caption, Chart
from cbanalysis.display.words import left_out as left_out_words
from cbanalysis.statistics.rates.intervals import with_rates

P = ParamSpec("P")
R = TypeVar("R")

_NO_BASE = ("không có", "none")  # how indicators.toml begins where there is no base
_WORDS, _PICTURES = words_of("charts.drawn"), words_of("charts.pictures")
_LEVELS = ("region", "district", "commune")
_WITHHELD = ("small", "complement", "no_record")
_NAMED = 20
APART = _WORDS["apart key"]


class Words(TypedDict, total=False):
    """What every chart takes beside its rows; all of it may be left out.

    Attributes
    ----------
    lang : {"vi", "en"}
        Language of all words; Vietnamese when not given.
    title : str
        The finding; the subject when not given.
    name : str
        File stem; made from kind, indicator and years when not given.
    notes : sequence of str
        Further lines below the plot.
    published : DataFrame
        All rows of the indicator that there are, of all places and years. What is among them and not drawn is
        said to be published, with the reason why it isn't comparable here (``rates.left_out``); only of a
        place that has none among them a chart says that nothing was found.
    """

    lang: Language
    title: str | None
    name: str | None
    notes: Sequence[str]
    published: pd.DataFrame | None


def untold(said: Words, lines: Sequence[str]) -> list[str]:
    """Return lines on rows not drawn; none where ``published`` tells of them, with their reasons."""
    return [*lines] if said.get("published") is None else []


def nothing_words(said: Words) -> str:
    """Return what a hatched field means: nothing published, or nothing among the rows."""
    return spoken(_WORDS["none here" if said.get("published") is None else "nothing published"])


def charted(
    *columns: str, rates: bool = False, maker: str = "cb.load_observations", narrow: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run a chart function in the charts' style, on rows that have what it needs.

    Parameters
    ----------
    *columns : str
        What the rows must have (``a|b``: one of the two); the refusal names all that are missing.
    rates : bool
        Whether rows without rates get them from ``rates.add_rates``.
    maker : str
        Who makes such rows, for the refusal.
    narrow : bool
        Whether the chart can be laid out for a phone, too (`Chart.narrow`).
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        name = function.__name__
        read = reads(function)
        own = [one for one in inspect.signature(function).parameters if one != "words"]
        taken = {*own, *Words.__annotations__}

        @functools.wraps(function)
        def inside(*args: P.args, **kwargs: P.kwargs) -> R:
            if strange := sorted(kwargs.keys() - taken):
                raise UnknownName(f"argument of {name}", strange[0], sorted(taken))
            given: list[Any] = [*args]
            if not given and own[0] in kwargs:
                given = [kwargs.pop(own[0])]
            lang, asked = str(kwargs.get("lang", "vi")), kwargs.get("highlight")
            kept: list[Caption] = []
            with speaking(lang), chart_style(), _keeping(kept):
                given[:1] = [_complete(one, name, columns, maker, rates=rates) for one in given[:1]]
                names = _names_of(asked) if isinstance(asked, Collection) else ()
                if names:
                    kwargs["highlight"] = names
                chart = read(*given, **kwargs)
            if names and isinstance(chart, Chart):
                _require_there(names, chart.frame, given[0])

            def again() -> Any:  # noqa: ANN401 -- the same chart
                with speaking(lang), chart_style(), narrow_page(), _keeping(kept):
                    return read(*given, **kwargs)

            if narrow and isinstance(chart, Chart):
                chart.narrow = again
            return chart

        return inside

    return decorate


def _names_of(asked: Collection[object]) -> tuple[str, ...]:
    """Return names to set apart, and what the gazetteer calls the provinces that they mean."""
    names = [nfc(one) for one in ((asked,) if isinstance(asked, str) else asked)]
    units = [unit for one in names for unit in Gazetteer.read().named(one)]
    return (*names, *(unit.name(language()) for unit in units))


def _require_there(names: Collection[str], drawn: pd.DataFrame, given: pd.DataFrame) -> None:
    """Refuse a name that is no province's and stands neither in the picture nor among the rows."""
    labels = drawn["label"].tolist()
    there = distinct(
        [one for column in ("area", "province", "observation_id") for one in column_of(given, column)]
    )
    for name in names:
        named = name in there or any(highlighted(one, (name,)) for one in labels)
        if not named and not Gazetteer.read().named(name):
            raise UnknownName("name to highlight", name, [*there, *labels])


# The words of the chart that is being made, to be laid out once more for a phone.
_KEPT: ContextVar[list[Caption] | None] = ContextVar("words of a chart", default=None)


@contextmanager
def _keeping(kept: list[Caption]) -> Iterator[None]:
    token = _KEPT.set(kept)
    try:
        yield
    finally:
        _KEPT.reset(token)


def _complete(frame: object, chart: str, columns: Sequence[str], maker: str, *, rates: bool) -> pd.DataFrame:
    """Return rows with rates and with the columns that a chart needs, or say which are missing."""
    frame = plain(frame, chart)
    frame = with_rates(frame) if rates else frame
    known = [str(one) for one in frame.columns]
    known_names = {*known}
    wanted = ("rate", "rate_low", "rate_high", *columns) if rates else columns
    faults = [
        Fault(f"{chart} needs this column ({maker} gives it)", column=one, nearest=nearest(one, known))
        for one in wanted
        if not known_names & {*one.split("|")}
    ]
    DataError.raise_if(faults)
    return frame


def file_stem(kind: str, frame: pd.DataFrame) -> str:
    """Return a plain file stem: kind of chart, indicators and years."""
    with speaking("en"):
        parts = [kind, *distinct(column_of(frame, "indicator"))[:2], years_text(frame)]
    return re.sub(r"[^a-z0-9]+", "_", plain_letters("_".join(parts))).strip("_")


def caption(  # noqa: PLR0913
    frame: pd.DataFrame,
    said: Words,
    *,
    kind: str,
    says: str,
    picture: str = "",
    notes: Sequence[str] = (),
    hidden: Sequence[str] = (),
    unit: str | None = None,
    subtitle: Sequence[str] | None = None,
    marked: bool = False,
    across: Collection[comparability.Dimension] | None = comparability.PLACES,
    covered: Sequence[str] = (),
    title: str = "",
    name: str = "",
) -> Caption:
    """Put together the words around a chart from its rows.

    Parameters
    ----------
    frame : DataFrame
        The rows that are drawn.
    said : Words
        What the chart was given: title, name, notes and what was published.
    kind : str
        First part of the file stem, e.g. ``"ranked_dots"``.
    says : str
        What the alternative text tells of the values (see :func:`extremes`).
    picture : str
        What kind of chart it is, in the reader's language, e.g. ``"Biểu đồ chấm"``; that of ``kind`` when
        empty.
    notes : sequence of str
        Lines of the chart itself below the plot.
    hidden : sequence of str
        Lines on rows that aren't in the picture, also for the alternative text.
    unit : str, optional
        Unit of the values, empty for plain counts; that of the rows when not given.
    subtitle : sequence of str, optional
        What stands below the title; subject, unit, base and years of the rows when not given.
    marked : bool
        Whether the chart marks counts out of a borrowed base with ``‡``.
    across : collection of str or None
        On what rows of this chart may differ; anything else is told. None without a common scale.
    covered : sequence of str
        How much is drawn, what isn't comparable, of how much nothing was found; told of the rows when not
        given.
    title, name : str
        Where the reader gave none; made from the rows when empty.

    Returns
    -------
    Caption
    """
    kept = _KEPT.get()
    if kept:
        return kept[0]
    picture = picture or spoken(_PICTURES[kind])
    title, published = said.get("title") or title, said.get("published")
    what = subject(frame)
    cut = " ".join(words.cut_off(frame))
    measured = spoken(words.unit_of(frame).name) if unit is None else unit
    about = subtitle or [what if title else "", measured, base_words(frame), years_text(frame), cut]
    out = None if published is None else not_comparable(frame, published)
    drawn, *others = covered or (coverage(frame), *apart(frame, out))
    drawn = f"{drawn[:1].upper()}{drawn[1:]}"
    told = [*([] if across is None else [words.unlike(frame, across)]), *others, *hidden]
    star = spoken(words.INFERRED) if any(inferred(frame)) else ""
    lent = borrowed_line(frame, marked=marked) if measured else ""
    heading = title or what or picture
    titled = {
        "vi": f"{picture} {words.quoted(heading.rstrip('.'))}.",
        "en": f"{picture}: {heading.rstrip('.')}.",
    }
    alt = [f"{picture}." if heading == picture else spoken(titled), says, f"{drawn}." if drawn else "", *told]
    alt += [f"{cut[:1].upper()}{cut[1:]}."] if cut else []
    lines = (drawn, *told, *said.get("notes", ()), *notes, lent, star)
    made = Caption(
        name=said.get("name") or name or file_stem(kind, frame),
        alt=nfc(" ".join(part for part in alt if part)),
        title=nfc(heading),
        subtitle=nfc(" · ".join(part for part in about if part)),
        notes=tuple(nfc(note) for note in lines if note),
        source=source_line(frame),
        apart={} if out is None or out.empty else {others[0]: " ".join(places_and_years.identify(out))},
    )
    if kept is not None:
        kept.append(made)
    return made


def borrowed(frame: pd.DataFrame) -> list[bool]:
    """Return which rows have a base that was published with another figure."""
    lent = zip(column_of(frame, "base_from"), column_of(frame, "interval"), strict=True)
    return [bool(lender) and kind == "wilson" for lender, kind in lent]


def borrowed_line(frame: pd.DataFrame, *, marked: bool) -> str:
    """Return the line on bases that were published with other figures."""
    rows = frame[borrowed(frame)]
    if rows.empty:
        return ""
    whence = zip(column_of(rows, "base_from"), column_of(rows, "base_period"), strict=True)
    lenders = distinct([f"{lender} ({when})" if when else str(lender) for lender, when in whence])
    named = ", ".join(lenders[:3]) + (", …" if len(lenders) > 3 else "")
    if marked:
        return spoken(_WORDS["lent key"]).format(named)
    sentence = _WORDS["lent one" if len(rows) == 1 else "lent"]
    return spoken(sentence).format(count=len(rows), named=named)


def base_name(row: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Return what a row's share is a share of."""
    indicator = catalogue.indicator(str(row["indicator"]))
    variant = str(row.get("base_of") or "")
    return words.own_words(spoken(indicator.bases[variant] if variant else indicator.base), row, catalogue)


def _kinds(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what the rows measure, each kind once."""
    return words.records(frame[[one for one in MEASURE if one in frame]].drop_duplicates())


def subject(frame: pd.DataFrame) -> str:
    """Return what the rows measure: indicator, variant, category; the indicators alone where rows differ."""
    if "indicator" not in frame:
        return ""
    known = Catalogue.read()
    names = distinct(words.indicator_name(row, known) for row in _kinds(frame))
    if len(names) > 1:
        indicators = distinct(column_of(frame, "indicator"))
        names = [spoken(known.indicator(one).name) for one in indicators]
    if len(names) > 2:
        return spoken({"vi": f"{len(names)} chỉ tiêu", "en": f"{len(names)} indicators"})
    text = nfc("; ".join(names))
    return text[:1].upper() + text[1:]


def base_words(frame: pd.DataFrame) -> str:
    """Return what the shares are shares of, e.g. ``mẫu số: số xã``; says so where rows differ."""
    if "indicator" not in frame:
        return ""
    known = Catalogue.read()
    shares = frame[frame["value"].isna()] if "value" in frame else frame  # points and means have no base
    named = distinct(base_name(row, known) for row in _kinds(shares))
    different = [base for base in named if not base.startswith(_NO_BASE)]
    if not different:
        return ""
    if len(different) > 1:
        return spoken({"vi": "mẫu số khác nhau giữa các số liệu", "en": "bases differ between rows"})
    return f"{spoken({'vi': 'mẫu số', 'en': 'base'})}: {different[0]}"


def source_line(frame: pd.DataFrame) -> str:
    """Return publishers and years of the rows' sources, the three most frequent first, others counted.

    E.g. ``Nguồn: Báo Bắc Giang (2012) và 12 nguồn khác``; empty without ``source_id``.
    """
    if "source_id" not in frame:
        return ""
    known, vietnamese, here = Catalogue.read(), in_vietnamese(), wordings()
    years: dict[str, set[str]] = {}
    weight: dict[str, int] = {}
    names: dict[str, str] = {}
    for source_id, rows in frame["source_id"].value_counts(sort=False).items():
        try:
            source = known.source(str(source_id))
            printed = source.publisher or source.title or source.source_id
            year = str(source.published or "")[:4]
        except UnknownName:
            printed, year = str(source_id), ""
        # two names of one publisher have one name in Vietnamese: both languages count alike
        publisher = vietnamese.get(printed, printed)
        names.setdefault(publisher, here.get(printed, printed))
        years.setdefault(publisher, set()).update({year} - {""})
        weight[publisher] = weight.get(publisher, 0) + int(rows)
    ordered = sorted(weight, key=lambda name: -weight[name])
    shown = [
        f"{names[one]} ({', '.join(sorted(years[one]))})" if years[one] else names[one] for one in ordered[:3]
    ]
    text = words.joined(shown)
    if (others := len(ordered) - 3) > 0:
        text += spoken(_WORDS["other" if others == 1 else "others"]).format(others)
    return nfc(f"{spoken({'vi': 'Nguồn', 'en': 'Source'})}: {text}")


def _maps(frame: pd.DataFrame) -> dict[int, str | int]:
    """Return how many provinces there were at the times of the rows, each with a moment; 0: not known."""
    years = frame["year"].dropna().unique() if "year" in frame else ()
    moments: list[str | int] = [*(distinct(column_of(frame, "period_end")) or map(int, years))]
    found: dict[int, str | int] = {}
    for when in sorted(moments, key=str):
        try:
            found[len(Gazetteer.read().on(when))] = when
        except UnknownName:  # a time of which the gazetteer knows no map
            found[0] = when
    return found


def coverage(frame: pd.DataFrame) -> str:
    """Return how many places are drawn, e.g. ``vẽ 12/63 tỉnh``.

    Rows at province level are counted against the provinces of that time, where all rows are of the time of
    one map; places below are counted, with the number of provinces in which they lie.

    Parameters
    ----------
    frame : DataFrame
        With ``geo_level`` and ``province``; ``period_end`` or ``year`` says which provinces there were.

    Returns
    -------
    str
        Empty when the rows name no place.
    """
    if "geo_level" not in frame or "province" not in frame:
        return ""
    parts = []
    named = frame[frame["province"] != ""]
    provinces = named.loc[named["geo_level"] == "province"]
    if len(provinces):
        count, maps = provinces["province"].nunique(), _maps(provinces)
        whole = next(iter(maps)) if len(maps) == 1 else 0
        told = "covered of" if whole else "covered one" if count == 1 else "covered"
        parts.append(spoken(_WORDS[told]).format(count, whole))
    for level in _LEVELS:
        rows = frame[frame["geo_level"] == level]
        if len(rows):
            areas = places_and_years.count_places(rows)
            inside = rows[rows["province"] != ""]
            within = inside["province"].nunique()
            text = f"{areas} {spoken(_WORDS[level if areas == 1 else f'{level}s'])}"
            if within:
                one = {**some(inside, *words.PLACE)[0], "geo_level": "province", "area": ""}
                whose = place(one, Gazetteer.read()) if within == 1 else within
                text += spoken(_WORDS["within one" if within == 1 else "within"]).format(whose)
            parts.append(text)
    return spoken(_WORDS["drawn"]).format("; ".join(parts)) if parts else ""


def not_comparable(frame: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Return published rows of places that aren't drawn, each with its ``reason``: see ``rates.left_out``.

    Where the rows drawn are of province level, each province stands once, with the figure that differs least.
    """
    out = comparability.left_out(published, frame)
    if "withheld" in out:
        out = out[~out["withheld"].isin(_WITHHELD)]
    if "geo_level" not in frame or "province" not in frame or "province" not in out:
        return out
    if set(frame["geo_level"]) <= {"province", "country"}:
        out = out[~out["province"].isin([*frame["province"]]) & (out["province"] != "")]
        return nearest_first(out).drop_duplicates("province").sort_index()
    return out[~places_and_years.places(out, frame).isin(places_and_years.places(frame, out))]


def nearest_first(out: pd.DataFrame) -> pd.DataFrame:
    """Return rows of `not_comparable`, those that differ in least first."""
    return out.sort_values("reason", key=lambda reasons: reasons.str.count(r"\+"), kind="stable")


def apart(frame: pd.DataFrame, out: pd.DataFrame | None) -> list[str]:
    """Return the lines on what was published and isn't drawn, and on how many provinces nothing was found.

    ``out`` is what `not_comparable` returned; without it nothing can be said.
    """
    if out is None:
        return []
    whole = "geo_level" in frame and set(frame["geo_level"]) <= {"province", "country"}
    # the first difference is enough to tell that a figure is another one; the rows hold all of them
    named = out.assign(reason=out["reason"].str.replace(r"\+.*", "", regex=True))
    named = named.assign(geo_level="province", area="") if whole else named
    said = [spoken(_WORDS["apart"]).format("; ".join(left_out_words(named)))] if len(out) else []
    if "province" not in frame or "geo_level" not in frame:
        return said
    provinces = frame[(frame["geo_level"] == "province") & (frame["province"] != "")]
    if len(maps := _maps(provinces)) == 1 and 0 not in maps:
        (when,) = maps.values()
        there = {unit.name_vi for unit in Gazetteer.read().on(when)}
        # whoever published for a district or commune has published
        missing = there - {*frame["province"]} - {*column_of(out, "province")}
        said += [nothing_found(len(missing), len(there))] if missing else []
    return said


def in_what(reason: str) -> str:
    """Return what a field says of a figure that isn't comparable: ≠ and on what it differs first."""
    code = reason.partition("+")[0]
    return (
        words.difference(code) if code in {"no_rate", "no_count", "chosen"} else f"≠ {words.difference(code)}"
    )


def nothing_found(count: int, whole: int) -> str:
    """Return the line that says of how many provinces nothing published was found."""
    return spoken(_WORDS["nothing"]).format(count, whole)


def not_drawn(count: int, reason: Mapping[Language, str] | None = None) -> list[str]:
    """Return the line, if any, that says how many rows aren't in the picture and why (no rate, else)."""
    if not count:
        return []
    sentence = _WORDS["not drawn one" if count == 1 else "not drawn"]
    return [spoken(sentence).format(count=count, why=spoken(reason or _WORDS["no rate"]))]


def hidden_lines(hidden: pd.DataFrame) -> list[str]:
    """Return the lines on rows that aren't in the picture: places with too few people, then all others.

    ``withheld`` (of ``records.withhold``) tells those of small groups, and those without a record.
    """
    withheld = places_and_years.strings(hidden, "withheld")
    there = [why for why in _WITHHELD if why in {*withheld}]
    named = {why: sorted({*labels(hidden[withheld == why])}, key=words.alphabetical) for why in there}
    said = [
        spoken(_WORDS[why if len(names) == 1 else f"{why}s"]).format(
            len(names), words.joined(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
        )
        for why, names in named.items()
    ]
    rest = int((~withheld.isin(_WITHHELD)).sum())
    return said + not_drawn(rest)
