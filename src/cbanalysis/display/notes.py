"""Sentences for readers: what the rows of a frame say, in Vietnamese or English."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import pandas as pd

from cbanalysis.common.errors import UnknownName
from cbanalysis.dataset.catalogue import Catalogue, Language
from cbanalysis.dataset.catalogue.rules import attendance_rules
from cbanalysis.dataset.provinces import Gazetteer, Unit
from cbanalysis.display.words import (
    amount,
    cut_off,
    number,
    percent,
    period,
    records,
    unit_of,
    unlike,
    with_words,
)
from cbanalysis.display.words import left_out as reasons_of
from cbanalysis.statistics.rates import Overview, rank_correlation
from cbanalysis.statistics.rates import left_out as rows_left_out

__all__ = [
    "Note",
    "about_indicator",
    "about_province",
    "about_source",
    "alone",
    "attendance",
    "chosen",
    "correlation",
    "coverage",
    "districts",
    "events",
    "findings",
    "left_out",
    "marks",
    "nothing",
    "profile",
    "ratings",
    "readings",
    "show",
    "spread",
]

Shown = TypeVar("Shown")

SENTENCES: dict[str, dict[Language, str]] = {
    "nothing": {
        "vi": "Ở đây không có dòng nào để trình bày; như thế không có nghĩa là bằng 0.",
        "en": "There are no rows to show here, which does not mean zero.",
    },
    "not shown": {
        "vi": "Ở đây không có dòng nào để trình bày. Đã công bố {n} số liệu khác:",
        "en": "There are no rows to show here. Published, and not shown here ({n}):",
    },
    "others": {"vi": "{shown} và {rest} nơi khác", "en": "{shown} and {rest} more"},
    "more readings": {"vi": "Và {rest} số liệu khác trong bảng.", "en": "And {rest} more in the table."},
    # one published rate
    "wilson": {
        "vi": "{count}/{base}, tức {rate} (Wilson 95%: {low}–{high})",
        "en": "{count}/{base}, that is {rate} (Wilson 95%: {low}–{high})",
    },
    "rounding": {"vi": "{rate}, không công bố mẫu số", "en": "{rate}, printed without its base"},
    "value": {"vi": "{rate}", "en": "{rate}"},
    "rounding of": {"vi": "{rate} của {base}", "en": "{rate} of {base}"},
    "floor": {"vi": "từ {low} trở lên", "en": "{low} or more"},
    "above": {"vi": "trên {low}", "en": "above {low}"},
    "range": {"vi": "từ {low} đến {high}", "en": "from {low} to {high}"},
    "about": {"vi": "khoảng {rate} (ghi là “{printed}”)", "en": "about {rate} (printed as “{printed}”)"},
    "none": {"vi": "{count} (chỉ có số lượng)", "en": "{count} (a count only)"},
    "inexact": {"vi": "ghi là “{printed}” (chỉ có số lượng)", "en": "printed as “{printed}” (a count only)"},
    "conflict": {
        "vi": "ghi là {stated}, nhưng {count}/{base} là {share} ⚠",
        "en": "printed as {stated}, but {count}/{base} is {share} ⚠",
    },
    "base in doubt": {
        "vi": "; mẫu số ở {id} không khớp với tỷ lệ này ⚠",
        "en": "; the base in {id} doesn't fit this rate ⚠",
    },
    "borrowed": {"vi": "; mẫu số lấy từ {id}", "en": "; base taken from {id}"},
    # how many figures of one kind
    "wilsons": {"vi": "{n} có cả tử số và mẫu số", "en": "{n} with both count and base"},
    "roundings": {"vi": "{n} chỉ có tỷ lệ, không có mẫu số", "en": "{n} plain rates without their base"},
    "floors": {"vi": "{n} mức tối thiểu (“trở lên”, “trên”)", "en": "{n} floors (“or more”, “above”)"},
    "ranges": {"vi": "{n} khoảng", "en": "{n} ranges"},
    "abouts": {"vi": "{n} mức ước chừng (“gần”, “khoảng”)", "en": "{n} approximate values (“nearly”, “about”)"},
    "nones": {"vi": "{n} chỉ có số lượng", "en": "{n} counts only"},
    "conflicts": {
        "vi": "{n} không khớp với phép tính của chính nguồn",
        "en": "{n} that the source's own arithmetic contradicts",
    },
    # coverage
    "known": {
        "vi": "Có {figures} số liệu từ {sources} nguồn, về {covered} trong {units} tỉnh, thành ({years}).",
        "en": "There are {figures} figures from {sources} sources, about {covered} of {units} provinces ({years}).",
    },
    "empty provinces": {
        "vi": "Các số liệu này không có số nào về {missing} theo địa giới của bản đồ này.",
        "en": "None of these figures is about {missing} in the borders of this map.",
    },
    "bare": {
        "vi": "{bare} trong {shares} tỷ lệ phần trăm được công bố mà không kèm mẫu số.",
        "en": "{bare} of {shares} percentages are printed without their base.",
    },
    # spread
    "spread": {
        "vi": "{what}: {rates} tỷ lệ ở {places} địa phương, thấp nhất {low} ({low_where}), cao nhất {high} ({high_where}{ties}).",
        "en": "{what}: {rates} rates for {places} places, from {low} ({low_where}) to {high} ({high_where}{ties}).",
    },
    "spread of values": {
        "vi": "{what}: {rates} số liệu ở {places} địa phương, từ {low} ({low_where}) đến {high} ({high_where}{ties}).",
        "en": "{what}: {rates} figures of {places} places, from {low} ({low_where}) to {high} ({high_where}{ties}).",
    },
    "ties": {"vi": ", cùng mức với {n} số liệu khác", "en": ", level with {n} more"},
    "with base": {"vi": "{n} trong số đó có mẫu số.", "en": "{n} of them come with a base."},
    "none with base": {"vi": "Không tỷ lệ nào được công bố kèm mẫu số.", "en": "None of them comes with a base."},
    # attendance
    "attendance": {"vi": "Có {n} số liệu về dự sinh hoạt: {kinds}.", "en": "{n} figures on attendance: {kinds}."},
    "not ranked": {
        "vi": "Các loại này không xếp hạng chung được, nên mỗi loại có ký hiệu riêng trên biểu đồ.",
        "en": "They can't be ranked together, so each kind has a mark of its own on the chart.",
    },
    "at the mark": {
        "vi": "{n} trong {all} số liệu đúng bằng {mark}, ngưỡng của {document}: có thể chỉ nhắc lại quy định.",
        "en": "{n} of {all} figures stand at {mark}, the mark of {document}: they may only restate the rule.",
    },
    "no mark": {
        "vi": "Không số liệu nào đúng bằng ngưỡng của một hướng dẫn đã có khi ấy.",
        "en": "No figure stands at the mark of a guidance of its time.",
    },
    # ratings
    "ratings": {
        "vi": "{n} kết quả xếp loại, {whole} trong đó có đủ mọi mức (cộng lại 100%).",
        "en": "{n} rating results, {whole} of them with every category (adding to 100%).",
    },
    "undrawn": {
        "vi": "Không có trong biểu đồ phân bố: {kinds}.",
        "en": "Not in the chart of distributions: {kinds}.",
    },
    "no shares": {
        "vi": "{n} không có tỷ lệ của từng mức (chỉ có mức gộp, một phần, hoặc số lượng)",
        "en": "{n} without a share for each category (only sums, parts or counts)",
    },
    "no whole": {
        "vi": "{n} có các mức không thành một tổng 100% (thiếu mức, số ước chừng hoặc không khớp)",
        "en": "{n} whose categories don't make a whole (some are missing, approximate or don't fit)",
    },
    "one scheme": {"vi": "Theo: {schemes}.", "en": "On: {schemes}."},
    "several schemes": {
        "vi": "Theo: {schemes}; các khung này không so được từng mức với nhau.",
        "en": "On: {schemes}; these can't be compared category by category.",
    },
    "alone": {
        "vi": "Không có tỷ lệ nào của tỉnh này đặt cạnh được tỷ lệ cùng năm của tỉnh khác.",
        "en": "No rate of this province can stand beside one of another province of the same year.",
    },
    "other units": {
        "vi": "Số liệu không tính bằng phần trăm ({names}) được so sánh trong báo cáo của từng chỉ tiêu.",
        "en": "Figures in another unit than percent ({names}) are compared in the report of their indicator.",
    },
    # policy, districts
    "event": {"vi": "{day}: {name}.", "en": "{day}: {name}."},
    "no event": {"vi": "Chưa có mốc chính sách nào được ghi.", "en": "No policy event is on record."},
    "districts": {
        "vi": "{province}, {when}: {n} huyện có cả tử số và mẫu số, gộp lại {count}/{base}.",
        "en": "{province}, {when}: {n} districts with count and base, together {count}/{base}.",
    },
    "centre": {
        "vi": "Tâm phễu là mức của cả tỉnh, {count}/{base}.",
        "en": "The funnel is centred on the whole province, {count}/{base}.",
    },
    "no centre": {
        "vi": "Mức của cả tỉnh không được công bố, nên tâm phễu là mức gộp của các huyện này.",
        "en": "The whole province isn't published, so the funnel is centred on these districts together.",
    },
    # one indicator
    "indicator": {"vi": "{definition} Đơn vị: {unit}. Mẫu số: {base}.", "en": "{definition} Unit: {unit}. Base: {base}."},
    "indicator without base": {"vi": "{definition} Đơn vị: {unit}.", "en": "{definition} Unit: {unit}."},
    "chosen": {
        "vi": "So sánh: {what}, {level}. Số nơi có số liệu năm {year}: {places}; qua các năm ({years}): {all} nơi, {figures} số liệu.",
        "en": "Compared: {what}, {level}. Places in {year}: {places}; over all years ({years}): {all}, with {figures} figures.",
    },
    "nothing alike": {
        "vi": "Không có số liệu nào đủ rõ (năm, định nghĩa, mẫu số) để đặt cạnh nhau.",
        "en": "No figures are clear enough (year, definition, base) to stand beside each other.",
    },
    "no two years": {
        "vi": "Chưa nơi nào có số liệu so được của hai năm trở lên.",
        "en": "No place has comparable figures of two years or more.",
    },
    "left out": {
        "vi": "{n} số liệu khác đã công bố nhưng không đặt cạnh các số liệu trên được, vì:",
        "en": "{n} more figures were published and can't stand beside those above, because of:",
    },
    "all alike": {
        "vi": "Mọi số liệu đã công bố đều có trong biểu đồ so sánh.",
        "en": "Every published figure is in the comparison.",
    },
    "correlation": {
        "vi": "Tương quan hạng Spearman giữa {n} nơi: {rho} (khoảng 95% do lấy mẫu lại các nơi: {low} đến {high}; "
        "{p}% thứ tự ngẫu nhiên khớp nhau đến mức này, {tried}).",
        "en": "Spearman's rank correlation over {n} places: {rho} (95% interval by resampling places: {low} to {high}; "
        "{p}% of chance orders agree as much, {tried}).",
    },
    "exact": {"vi": "đã thử mọi thứ tự", "en": "all orders tried"},
    "drawn": {"vi": "thử 9.999 thứ tự ngẫu nhiên", "en": "9,999 drawn at random"},
    "no second": {
        "vi": "Không chọn chỉ tiêu thứ hai (tham số beside).",
        "en": "No second indicator was chosen (the parameter beside).",
    },
    "few places": {
        "vi": "Số nơi có cả hai số liệu: {n}, quá ít để nói về tương quan.",
        "en": "Places with both figures: {n}, too few to speak of a correlation.",
    },
    "undecided": {
        "vi": "Khoảng này chứa 0: số liệu không cho thấy hai thứ tự đi cùng hay ngược nhau.",
        "en": "The interval holds 0: the figures don't show the two orders to run together or against each other.",
    },
    # audit
    "findings": {
        "vi": "{n} phép tính trong số liệu đã công bố không khớp, trong đó {explained} đã có lời giải thích.",
        "en": "{n} published sums don't hold; {explained} of them have been explained.",
    },
    "heaviest": {"vi": "Lệch nhiều nhất: {where}: {message}.", "en": "Heaviest: {where}: {message}."},
    "no findings": {"vi": "Không tìm thấy chỗ nào không khớp.", "en": "Nothing was found that doesn't add up."},
    # profiles
    "profile": {
        "vi": "{figures} số liệu, {sources} nguồn ({years}): {names}.",
        "en": "Figures: {figures}; sources: {sources} ({years}). On: {names}.",
    },
    "no year": {"vi": "không rõ năm", "en": "year not known"},
    "became": {
        "vi": "Từ {day} là một phần của {names}; số liệu dưới đây nói về địa giới trước đó.",
        "en": "Part of {names} since {day}; the figures below speak of the territory before.",
    },
    "grew": {
        "vi": "Từ {day}, {name} gồm cả {names}; số liệu trước ngày đó nói về địa giới cũ.",
        "en": "Since {day} {name} also holds {names}; earlier figures speak of the territory before.",
    },
    "source": {
        "vi": "{id}: “{title}”. Nơi công bố: {publisher}. Ngày: {published}.",
        "en": "{id}: “{title}”. Publisher: {publisher}. Date: {published}.",
    },
    "unknown": {"vi": "không rõ", "en": "not known"},
}  # fmt: skip


@dataclass(frozen=True)
class Note:
    """A few sentences made from data; shows itself as paragraphs or, with several points, as a list.

    Attributes
    ----------
    sentences : tuple of str
        Plain text; escaped where it is shown as HTML.
    as_list : bool
        Whether each sentence is a point of its own.
    """

    sentences: tuple[str, ...]
    as_list: bool = False

    def html(self) -> str:
        """Return the sentences as HTML; text from the data is escaped."""
        escaped = [html.escape(sentence) for sentence in self.sentences]
        if self.as_list:
            return f'<ul class="cb-note">{"".join(f"<li>{one}</li>" for one in escaped)}</ul>'
        return f'<p class="cb-note">{" ".join(escaped)}</p>'

    def text(self) -> str:
        """Return the sentences as plain text, one a line in a list."""
        return "\n".join(f"- {one}" for one in self.sentences) if self.as_list else " ".join(self.sentences)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self.html()}


def _say(sentence: str, lang: Language, **values: object) -> str:
    """Fill a sentence; whole numbers are written the reader's way."""
    said = {name: number(value, lang) if isinstance(value, int) else value for name, value in values.items()}
    return SENTENCES[sentence][lang].format(**said)


def _listed(names: Sequence[str], lang: Language, most: int = 8) -> str:
    if (rest := len(names) - most) > 0:
        return _say("others", lang, shown=", ".join(names[:most]), rest=rest)
    joint = {"vi": " và ", "en": " and "}[lang]
    return joint.join([*([", ".join(names[:-1])] if len(names) > 1 else []), *names[-1:]])


def _years(observations: pd.DataFrame, lang: Language) -> str:
    years = observations["year"].dropna()
    if years.empty:
        return _say("no year", lang)
    return "–".join(dict.fromkeys(str(year) for year in (years.min(), years.max())))


def show(
    draw: Callable[..., Shown],
    rows: pd.DataFrame,
    *,
    lang: Language,
    otherwise: Note | None = None,
    published: pd.DataFrame | None = None,
    **options: Any,  # noqa: ANN401 -- whatever the function takes
) -> Shown | Note:
    """Draw rows as a chart or table, or say in words that there are none.

    Parameters
    ----------
    draw : callable
        A function of ``charts`` or ``tables``: takes the rows and ``lang``.
    rows : DataFrame
        What to draw.
    lang : {"vi", "en"}
        Language of the reader.
    otherwise : Note, optional
        What to say where there are none; that there are no rows to show when not given.
    published : DataFrame, optional
        All rows that there were to choose from: a chart says of them what isn't drawn, and where there is
        nothing to draw they are named with the reasons.
    **options
        Passed on to ``draw``.

    Returns
    -------
    Chart, Table or Note
    """
    if rows.empty:
        return otherwise or nothing(lang=lang, published=published)
    return draw(rows, lang=lang, **options, **({} if published is None else {"published": published}))


def nothing(*, lang: Language, published: pd.DataFrame | None = None) -> Note:
    """Say that there are no rows to show, and what was published instead, with the reasons."""
    if published is None or published.empty:
        return Note((_say("nothing", lang),))
    out = rows_left_out(published, published[:0])
    return Note((_say("not shown", lang, n=len(out)), *reasons_of(out, lang)), as_list=True)


def _reading(row: Mapping[str, Any], lang: Language) -> str:
    """Say one rate with its place, period, count, base and bounds, or that its own arithmetic denies it."""
    kind = str(row["interval"])
    denied = bool(row["conflict"]) and pd.notna(row["base"])
    decimals, unit = 1 if kind == "wilson" else None, unit_of(row)
    said = _say(
        "conflict" if denied else _sentence(kind, row),
        lang,
        count=number(row["count"], lang),
        base=number(row["base"], lang),
        rate=amount(row["rate"], unit, lang),
        low=amount(row["rate_low"], unit, lang, decimals),
        high=amount(row["rate_high"], unit, lang, decimals),
        printed=row["printed"],
        stated=percent(row["rate"], lang) if kind == "rounding" else f"“{row['printed']}”",
        share=_share(row, lang) if denied else "",
    )
    lent = "base in doubt" if row["conflict"] and not denied else "borrowed"
    lender = f"{row['base_from']} ({row['base_period']})" if row.get("base_period") else row["base_from"]
    borrowed = _say(lent, lang, id=lender) if row["base_from"] else ""
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
    return "inexact" if kind == "none" and qualifier != "exact" else kind


def _share(row: Mapping[str, Any], lang: Language) -> str:
    """Return count out of base, at least as finely as the percentage beside it was printed."""
    printed = row.get("decimals")
    return percent(100 * row["count"] / row["base"], lang, max(1, 0 if pd.isna(printed) else int(printed)))


def readings(rated: pd.DataFrame, *, lang: Language, most: int = 12) -> Note:
    """Say each rate in a sentence of its own: place, period, count and base, and how precise it is.

    Parameters
    ----------
    rated : DataFrame
        Rows of :func:`cbanalysis.statistics.rates.add_rates` (percent, 0 to 100).
    lang : {"vi", "en"}
        Language of the reader.
    most : int
        How many rows to say at the most; the rest is counted.

    Returns
    -------
    Note
        A list, oldest first; what is measured stands before each reading where rows differ in it.
    """
    if rated.empty:
        return nothing(lang=lang)
    worded = with_words(rated, lang).sort_values(["year", "where", "observation_id"], kind="stable")
    several = len(set(worded["what"])) > 1
    rows = records(worded.head(most))
    sentences = [f"{row['what']} – {_reading(row, lang)}" if several else _reading(row, lang) for row in rows]
    if (rest := len(worded) - most) > 0:
        sentences.append(_say("more readings", lang, rest=rest))
    return Note(tuple(sentences), as_list=True)


def coverage(observations: pd.DataFrame, *, units: int = 63, lang: Language) -> Note:
    """Say how much is known: figures, sources, years, provinces with and without data, shares without a base.

    Parameters
    ----------
    observations : DataFrame
        Rows of :func:`cbanalysis.load_observations`.
    units : {63, 34, 64}
        Which map of provinces to count on.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
    """
    if observations.empty:
        return nothing(lang=lang)
    gazetteer = Gazetteer.read()
    day = {64: "2008-07-31", 63: "2025-06-30", 34: "2025-07-01"}[units]
    pairs = set(zip(observations["unit_id"], observations["province"], strict=True))
    seen = {gazetteer.unit_on(day, *pair) for pair in pairs}
    empty = [unit.name(lang) for unit in gazetteer.on(day) if unit not in seen]
    shares = observations[observations["percent"].notna()]
    bare = int(shares["base"].isna().sum())
    sentences = [
        _say(
            "known",
            lang,
            figures=len(observations),
            sources=observations["source_id"].nunique(),
            covered=units - len(empty),
            units=units,
            years=_years(observations, lang),
        )
    ]
    sentences += [_say("empty provinces", lang, missing=_listed(empty, lang))] if empty else []
    sentences += [_say("bare", lang, bare=bare, shares=len(shares))] if bare else []
    return Note(tuple(sentences))


def spread(rated: pd.DataFrame, *, lang: Language) -> Note:
    """Say how many places have a rate and which are the lowest and the highest.

    Parameters
    ----------
    rated : DataFrame
        Comparable rows of :func:`cbanalysis.statistics.rates.add_rates`.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
        Also on what the rows differ that can't be compared, and that their source lists only some places.
    """
    known = with_words(rated[rated["rate"].notna()], lang).sort_values("rate", kind="stable")
    if len(known) < 2:
        return readings(known, lang=lang)
    low, high, unit = known.iloc[0], known.iloc[-1], unit_of(known)
    level = int((known["rate"] == high["rate"]).sum()) - 1
    said = _say(
        "spread of values" if unit.own else "spread",
        lang,
        rates=len(known),
        places=known["where"].nunique(),
        low=amount(low["rate"], unit, lang, unit.decimals),
        low_where=f"{low['where']}, {low['when']}",
        high=amount(high["rate"], unit, lang, unit.decimals),
        high_where=f"{high['where']}, {high['when']}",
        ties=_say("ties", lang, n=level) if level else "",
        what=_listed(list(dict.fromkeys(known["what"])), lang),
    )
    doubts = [unlike(known, lang, ("province", "period")), *cut_off(known, lang)]
    told = [said, *(f"{one[:1].upper()}{one[1:].rstrip('.')}." for one in doubts if one)]
    if not unit.own:
        based = int(known["base"].notna().sum())
        told.append(_say("with base", lang, n=based) if based else _say("none with base", lang))
    return Note(tuple(told))


def attendance(rated: pd.DataFrame, *, lang: Language) -> Note:
    """Say what kinds of attendance figures were published: plain rates, floors, ranges, with a base.

    Figures that their own count and base contradict are a kind of their own.

    Parameters
    ----------
    rated : DataFrame
        Attendance rows of :func:`cbanalysis.statistics.rates.add_rates`.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
    """
    if rated.empty:
        return nothing(lang=lang)
    counts = rated["interval"].mask(rated["conflict"] & rated["base"].notna(), "conflict").value_counts()
    every = ("wilson", "rounding", "floor", "range", "about", "none", "conflict")
    kinds = [kind for kind in every if kind in counts]
    said = [_say(f"{kind}s", lang, n=int(counts[kind])) for kind in kinds]
    sentences = [_say("attendance", lang, n=len(rated), kinds=_listed(said, lang))]
    sentences += [_say("not ranked", lang)] if len(kinds) > 1 else []
    return Note(tuple(sentences))


def marks(rated: pd.DataFrame, *, lang: Language) -> Note:
    """Say how many attendance figures stand exactly at the mark of a rule that was in force.

    Parameters
    ----------
    rated : DataFrame
        Attendance rows of :func:`cbanalysis.statistics.rates.add_rates`.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
        Marks and documents are those of data/attendance_rules.csv; a figure of a time before the rule's year
        isn't counted.
    """
    said = []
    years = rated["period_end"].str.slice(0, 4)
    for rule in attendance_rules():
        recent = (years >= str(rule.valid_from.year)) | (years == "")
        bounds = [(one.at_least, one.above) for one in rule.classes]
        for bound in sorted({mark for pair in bounds for mark in pair if mark is not None}, reverse=True):
            number_at = int(((rated["percent"] == bound) & recent).sum())
            if number_at:
                values = {"mark": percent(bound, lang), "document": rule.document[lang]}
                said.append(_say("at the mark", lang, n=number_at, all=len(rated), **values))
    return Note(tuple(said) or (_say("no mark", lang),))


def ratings(distributed: pd.DataFrame, *, lang: Language) -> Note:
    """Say how many ratings are known, how many are complete, why the others aren't, and on which schemes.

    Parameters
    ----------
    distributed : DataFrame
        Rows of :func:`cbanalysis.statistics.rates.distribution`.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
    """
    if distributed.empty:
        return nothing(lang=lang)
    catalogue = Catalogue.read()
    keys = ["source_id", "scheme", "subject", "province", "area", "period_start", "period_end"]
    # A row that is no class of its own (a part, a cumulative one) says nothing about the whole.
    found = distributed.groupby(keys, sort=False).agg(whole=("complete", "any"), shares=("share", "count"))
    reasons = {"no whole": ~found["whole"] & found["shares"].gt(0), "no shares": found["shares"].eq(0)}
    kinds = [_say(why, lang, n=int(those.sum())) for why, those in reasons.items() if those.any()]
    whole = int(found["whole"].sum())
    undrawn = [_say("undrawn", lang, kinds="; ".join(kinds))] if kinds else []
    schemes = [catalogue.scheme(one).name[lang] for one in dict.fromkeys(distributed["scheme"])]
    on = "several schemes" if len(schemes) > 1 else "one scheme"
    return Note(
        (
            _say("ratings", lang, n=len(found), whole=whole),
            *undrawn,
            _say(on, lang, schemes=_listed(schemes, lang)),
        )
    )


def alone(rated: pd.DataFrame, *, lang: Language) -> Note:
    """Say that no rate of a province can stand beside those of others, and where other units are compared.

    Parameters
    ----------
    rated : DataFrame
        The province's rows of :func:`cbanalysis.statistics.rates.add_rates`.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
    """
    catalogue = Catalogue.read()
    own = dict.fromkeys(rated.loc[rated["value"].notna(), "indicator"])
    names = _listed([catalogue.indicator(one).name[lang] for one in own], lang)
    return Note((_say("alone", lang), *([_say("other units", lang, names=names)] if own else [])))


def events(effect_on: str, *, lang: Language) -> Note:
    """Say which policy events touch something, each with its day, from data/events.csv.

    Parameters
    ----------
    effect_on : str
        What they touch: office_cell, meeting, rating, province.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
        A list, oldest first.
    """
    told = [
        _say("event", lang, day=period(str(one.date), str(one.date), lang), name=one.name[lang])
        for one in Catalogue.read().events
        if one.effect_on == effect_on
    ]
    return Note(tuple(told), as_list=True) if told else Note((_say("no event", lang),))


def districts(rated: pd.DataFrame, province: pd.DataFrame, *, lang: Language) -> Note:
    """Say of which province how many districts are known, and what the funnel of them is centred on.

    Parameters
    ----------
    rated, province : DataFrame
        What :func:`cbanalysis.statistics.rates.districts_of_one` returned.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
    """
    if rated.empty:
        return nothing(lang=lang)
    whole = with_words((province if len(province) else rated).assign(area="", geo_level="province"), lang)
    said = _say(
        "districts",
        lang,
        province=whole["where"].iloc[0],
        when=whole["when"].iloc[0],
        n=len(rated),
        count=int(rated["count"].sum()),
        base=int(rated["base"].sum()),
    )
    if province.empty:
        return Note((said, _say("no centre", lang)))
    row = province.iloc[0]
    return Note((said, _say("centre", lang, count=int(row["count"]), base=int(row["base"]))))


def about_indicator(indicator: str, *, lang: Language) -> Note:
    """Say what an indicator is: its definition, its unit, its base.

    Parameters
    ----------
    indicator : str
        Its id.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note

    Raises
    ------
    UnknownName
        If there is no such indicator; names the nearest.
    """
    catalogue = Catalogue.read()
    about, unit = catalogue.indicator(indicator), catalogue.unit_of(indicator)
    sentence = "indicator" if unit.id == "percent" else "indicator without base"
    said = _say(
        sentence, lang, definition=about.definition[lang], unit=unit.name[lang], base=about.base[lang]
    )
    return Note((f"{about.name[lang]} ({about.id}).", said))


def chosen(view: Overview, *, lang: Language) -> Note:
    """Say which figures of an indicator stand beside each other, of how many places and which years.

    Parameters
    ----------
    view : Overview
        What :func:`cbanalysis.statistics.rates.overview` returned.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
    """
    if view.newest.empty:
        return Note((_say("nothing alike", lang),))
    worded = with_words(view.alike, lang)
    said = _say(
        "chosen",
        lang,
        what=worded["what"].iloc[0],
        level=Catalogue.read().levels[view.alike["geo_level"].iloc[0]][lang],
        year=str(view.newest["year"].iloc[0]),
        places=len(view.newest),
        figures=len(view.alike),
        all=worded["where"].nunique(),
        years=_years(view.alike, lang),
    )
    return Note((said,) if view.first is not None else (said, _say("no two years", lang)))


def left_out(rows: pd.DataFrame, *, lang: Language) -> Note:
    """Say which published figures can't stand beside those compared, reason by reason.

    Parameters
    ----------
    rows : DataFrame
        Rows of :func:`cbanalysis.statistics.rates.left_out`.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
    """
    if rows.empty:
        return Note((_say("all alike", lang),))
    return Note((_say("left out", lang, n=len(rows)), *reasons_of(rows, lang)), as_list=True)


def correlation(pairs: pd.DataFrame, *, lang: Language) -> Note:
    """Say how far the order of places by one figure agrees with that by another, and what chance would give.

    Parameters
    ----------
    pairs : DataFrame
        What :func:`cbanalysis.statistics.rates.together` returned; no rows where there is no second figure.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
    """
    if pairs.empty:
        return Note((_say("no second", lang),))
    found = rank_correlation(pairs["rate_x"], pairs["rate_y"])
    if pd.isna(found.low):
        return Note((_say("few places", lang, n=found.places),))
    said = _say(
        "correlation",
        lang,
        n=found.places,
        rho=number(found.rho, lang, 2),
        low=number(found.low, lang, 2),
        high=number(found.high, lang, 2),
        p=number(100 * found.p, lang, 1),
        tried=_say("exact" if found.exact else "drawn", lang),
    )
    return Note((said, _say("undecided", lang)) if found.low <= 0 <= found.high else (said,))


def findings(found: pd.DataFrame, *, lang: Language) -> Note:
    """Say how many published sums don't hold, how many of them are explained, and which weighs most.

    Parameters
    ----------
    found : DataFrame
        Findings of :func:`cbanalysis.statistics.audit.audit`, heaviest first.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
    """
    if found.empty:
        return Note((_say("no findings", lang),))
    first = found.iloc[0]
    where = ", ".join(part for part in (first[f"place_{lang}"], first["period"]) if part)
    return Note(
        (
            _say("findings", lang, n=len(found), explained=int(found["acknowledged"].sum())),
            _say("heaviest", lang, where=where, message=first[f"message_{lang}"]),
        )
    )


def profile(observations: pd.DataFrame, *, lang: Language) -> Note:
    """Say how much one province or one document holds: figures, sources, years and indicators.

    Parameters
    ----------
    observations : DataFrame
        Rows about one province or from one document.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
    """
    if observations.empty:
        return nothing(lang=lang)
    catalogue = Catalogue.read()
    kinds = observations["indicator"].value_counts(sort=False).sort_values(ascending=False, kind="stable")
    said = _say(
        "profile",
        lang,
        figures=len(observations),
        sources=observations["source_id"].nunique(),
        years=_years(observations, lang),
        names=_listed([catalogue.indicator(str(one)).name[lang] for one in kinds.index], lang, len(kinds)),
    )
    return Note((said,))


def about_province(province: str, *, lang: Language) -> Note:
    """Say which province a name means, where it lies, and what became of it.

    Parameters
    ----------
    province : str
        In any usual spelling.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note

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
            names = _listed([one.name(lang) for one in joined], lang)
            said = period(day.isoformat(), day.isoformat(), lang)
            sentence = "grew" if stayed else "became"
            sentences.append(_say(sentence, lang, day=said, name=unit.name(lang), names=names))
    return Note(tuple(sentences))


def _joined(unit: Unit, heirs: Sequence[Unit], gazetteer: Gazetteer) -> list[Unit]:
    """Return the other provinces whose land its heirs took over."""
    land = {part for heir in heirs for part in heir.territory_2004}
    last = str(unit.valid_to)
    return [one for one in gazetteer.on(last) if one != unit and land >= set(one.territory_2004)]


def about_source(source_id: str, *, lang: Language) -> Note:
    """Say what a source document is: title, publisher and date.

    Parameters
    ----------
    source_id : str
        Id of the document.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note

    Raises
    ------
    UnknownName
        If there is no such document; names the nearest.
    """
    source = Catalogue.read().source(source_id)
    unknown = _say("unknown", lang)
    published = period(source.published, source.published, lang) if source.published else unknown
    said = _say(
        "source",
        lang,
        id=source.source_id,
        title=source.title or unknown,
        publisher=source.publisher or unknown,
        published=published,
    )
    return Note((said,))
