"""How values, places and periods are said to a reader, in Vietnamese and in English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

import pandas as pd
from babel.dates import format_date

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.common.language import Language, language, speaks, spoken, words_of
from cbanalysis.common.text.numbers import format_number, with_sign
from cbanalysis.dataset.catalogue import PERCENT, Catalogue, Unit, Words
from cbanalysis.dataset.catalogue.vietnamese_wordings import wordings
from cbanalysis.dataset.observations.comparability import Dimension, differing
from cbanalysis.dataset.observations.given_frames import reads
from cbanalysis.dataset.observations.places_and_years import areas
from cbanalysis.dataset.provinces import Gazetteer, place

P = ParamSpec("P")
R = TypeVar("R")

_WORDS = words_of("words")
_GAPS = words_of("words-gaps")
INFERRED = _WORDS["inferred"]
PUBLICATION = _WORDS["publication"]
_REASONS = words_of("words-reasons")
_DIFFERENCES = words_of("words-differences")
_TOTALS = words_of("words-totals")
_COUNTED = words_of("words-counted")
CODES = {
    "qualifier": words_of("codes-qualifier"),
    "aggregation": words_of("codes-aggregation"),
    "category_kind": _COUNTED,
    "interval": words_of("tables-intervals"),
    "province_basis": words_of("codes-basis"),
    "period_basis": words_of("codes-basis"),
}
PLACE = ("geo_level", "province", "province_basis", "area", "unit_id")
"""The columns that say where an observation belongs."""
_MONTH = len("2011-01")
_EITHER = r"tổ chức đảng(?: hoặc|,) đảng viên"
_KINDS_OF_TIME = {
    r"\d{4}": "năm", r"\d{4}–\d{4}": "giai đoạn", r"\d+/\d+/\d{4}": "ngày", r"\d+ tháng .+": "trong",
}  # fmt: skip
_DAYS = {"vi": {1: "'tháng' M/y", 2: "d/M/y"}, "en": {1: "MMM y", 2: "d MMM y"}}


def number(value: float | None, lang: str | None = None, decimals: int | None = None, most: int = 2) -> str:
    """Return a number as readers of a language write it.

    Parameters
    ----------
    value : float or None
        NaN, NA and None give an empty string.
    lang : {"vi", "en"}, optional
        ``vi`` writes 9.768 and 63,71; ``en`` writes 9,768 and 63.71. Not given, here and below:
        the language that is spoken (see `cbanalysis.common.language`).
    decimals : int, optional
        How many decimals to show; as many as the value has when not given.
    most : int
        How many decimals it has at the most.

    Returns
    -------
    str

    Examples
    --------
    >>> number(9768, "vi"), number(63.71, "vi"), number(63.7, "en", 2), number(100 / 32, "en")
    ('9.768', '63,71', '63.70', '3.13')
    """
    if value is None or pd.isna(value):
        return ""
    style: Any = lang or language()
    text = format_number(value, style, most if decimals is None else decimals)
    point = "," if style == "vi" else "."
    return text.rstrip("0").rstrip(point) if decimals is None and point in text[-most - 1 :] else text


def unit_of(rows: pd.DataFrame | Mapping[str, Any]) -> Unit:
    """Return what the rates of rows (or of one row) are in: percent, or the unit of those in ``value``.

    Raises
    ------
    CbanalysisError
        If rows of several units would stand on one scale.
    """
    if isinstance(rows, Mapping):
        value = rows.get("value")
        own = value is not None and not pd.isna(value)
        return Catalogue.read().unit_of(str(rows["indicator"])) if own else PERCENT
    if "value" not in rows or rows["value"].isna().all():
        return PERCENT
    valued = rows["value"].notna()
    units = {one.id: one for one in map(Catalogue.read().unit_of, rows.loc[valued, "indicator"].unique())}
    if "rate" in rows and rows.loc[~valued, "rate"].notna().any():
        units[PERCENT.id] = PERCENT
    if len(units) > 1:
        raise CbanalysisError(f"one scale has one unit, and these rows have {', '.join(sorted(units))}")
    return next(iter(units.values()))


def amount(value: float | None, unit: Unit, decimals: int | None = None) -> str:
    """Return a value with the sign of its unit: ``63,71%``, ``12,3‰``; empty for a missing one.

    Parameters
    ----------
    value : float or None
        In the unit.
    unit : Unit
        What it is given in, see `unit_of`.
    decimals
        As for `number`; 0% and 100% have none.

    Returns
    -------
    str
    """
    if unit.id == PERCENT.id and value is not None and value in {0, 100}:
        decimals = 0
    shown = number(value, None, decimals, max(2, unit.decimals))
    return with_sign(shown, spoken(unit.sign) if unit.sign else "")


def agreeing(first: float, last: float) -> int:
    """Return with how many decimals, one or more, two rates and their difference agree as they are written.

    Examples
    --------
    >>> agreeing(88.76, 93.52), agreeing(85.04, 90.43)
    (2, 1)
    """

    def agree(decimals: int) -> bool:
        low, high, between = (
            round(round(one, decimals) * 10**decimals) for one in (first, last, last - first)
        )
        return bool(high - low == between)

    return next((decimals for decimals in range(1, 4) if agree(decimals)), 4)


def of_rows(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function read its frames and say what it says in the language of its argument ``lang``."""
    return speaks(reads(function))


def percent(value: float | None, decimals: int | None = None) -> str:
    """Return a percentage (0 to 100) with its sign, e.g. ``63,71%``; empty for a missing value."""
    return amount(value, PERCENT, decimals)


@lru_cache(maxsize=4096)
def _moment(text: str, locale: Language) -> str:
    year, *rest = (int(part) for part in text.split("-"))
    if not rest:
        return str(year)
    return str(
        format_date(date(year, rest[0], rest[-1] if len(rest) == 2 else 1), _DAYS[locale][len(rest)], locale)
    )


@speaks
def period(start: str, end: str, lang: Language | None = None) -> str:
    """Return a period as readers write it.

    Parameters
    ----------
    start, end : str
        Year, year-month or date; both empty where the period isn't known.
    lang : {"vi", "en"}, optional
        Language of the reader.

    Returns
    -------
    str

    Examples
    --------
    >>> period("2008", "2012", "vi"), period("2009-12", "2009-12", "en"), period("", "", "vi")
    ('2008–2012', 'Dec 2009', 'không rõ thời gian')
    >>> period("2011-01", "2011-06", "vi"), period("2018-01", "2018-11-27", "vi")
    ('6 tháng đầu năm 2011', 'từ đầu năm đến ngày 27/11/2018')
    >>> period("2023-01", "2023-03", "vi"), period("2023-10", "2023-12", "vi")
    ('quý I/2023', 'quý IV/2023')
    >>> period("2023-04", "2023", "vi"), period("2023-04", "2023", "en"), period("2023-12", "2023", "en")
    ('tháng 4–12/2023', 'Apr 2023–Dec 2023', 'Dec 2023')
    >>> period("2011-06", "2011-06", "vi"), period("2019-10", "2020-12", "vi")
    ('tháng 6/2011', 'tháng 10/2019–12/2020')
    """
    if not start:
        return spoken({"vi": "không rõ thời gian", "en": "not known"})
    # a year beside one of its months or days stands for its first or last month
    if (within := start[:4] == end[:4]) and start != end:
        start, end = (
            (f"{start}-01" if start.isdecimal() else start),
            (f"{end}-12" if end.isdecimal() else end),
        )
    if start == end:
        return _moment(start, language())
    if within and language() == "vi" and len(start) <= _MONTH:
        return _months(start, end)
    last = _moment(end, language())
    return f"{_moment(start, language())}–{last.removeprefix('tháng ')}"


def in_sentence(when: str) -> str:
    """Return a period or a moment as a Vietnamese sentence names it: with the word for what it is.

    Examples
    --------
    >>> from cbanalysis.common.language import speaking
    >>> with speaking("vi"):
    ...     in_sentence("2016"), in_sentence("2008–2012"), in_sentence("30/9/2018")
    ('năm 2016', 'giai đoạn 2008–2012', 'ngày 30/9/2018')
    >>> with speaking("vi"):
    ...     in_sentence("tháng 9/2023–5/2024"), in_sentence("2010–6/2016 †")
    ('từ tháng 9/2023 đến tháng 5/2024', 'từ năm 2010 đến tháng 6/2016 †')
    """
    if language() == "en":
        return when
    plain = when.removesuffix(" †")
    if months := re.fullmatch(r"(?=.*/)(?:tháng )?((?:\d+/)?\d{4})–((?:\d+/)?\d{4})", plain):
        first, last = (f"{'tháng' if '/' in end else 'năm'} {end}" for end in months.groups())
        return f"từ {first} đến {last}{when[len(plain) :]}"
    named = next((f"{kind} " for form, kind in _KINDS_OF_TIME.items() if re.fullmatch(form, plain)), "")
    return f"{named}{when}"


def at_time(where: str, when: str) -> str:
    """Return a place and a time as a sentence has them.

    Examples
    --------
    >>> from cbanalysis.common.language import speaking
    >>> with speaking("vi"):
    ...     at_time("Cao Bằng", "2016"), at_time("Huế", "không rõ thời gian")
    ('Cao Bằng, năm 2016', 'Huế, không rõ thời gian')
    >>> with speaking("en"):
    ...     at_time("Cao Bằng", "2016")
    'Cao Bằng, 2016'
    """
    return f"{where}, {in_sentence(when)}"


def named(text: str) -> str:
    """Return a name as a sentence holds it: in Vietnamese in quotation marks, for it has a capital."""
    return quoted(text) if language() == "vi" else text


def quoted(text: str) -> str:
    """Return a text in quotation marks; those within become single ones.

    Examples
    --------
    >>> quoted("Tổ chức đảng ký giao ước “bốn tốt”")
    '“Tổ chức đảng ký giao ước ‘bốn tốt’”'
    """
    return f"“{text.replace('“', '‘').replace('”', '’')}”"


def dated(row: Mapping[str, Any]) -> str:
    """Return the period of a row, marked † where it was taken from the day of publication; empty if unknown.

    Examples
    --------
    >>> from cbanalysis.common.language import speaking
    >>> row = {"period_start": "2011-01", "period_end": "2011-06", "period_basis": "publication"}
    >>> with speaking("vi"):
    ...     dated(row)
    '6 tháng đầu năm 2011 †'
    """
    if not (start := str(row.get("period_start") or "")):
        return ""
    mark = " †" if row.get("period_basis") == "publication" else ""
    return period(start, str(row.get("period_end") or start)) + mark


def by_gap(findings: pd.DataFrame) -> pd.DataFrame:
    """Return findings of the audit by the size of their gap: shares first, in points, then counts, in units.

    A gap of 5 points and one of 8 members have no common measure, so that neither stands above the other.
    """
    return findings.sort_values(
        ["gap_unit", "gap", "observation_ids"], ascending=[True, False, True], kind="stable"
    ).reset_index(drop=True)


def gap_text(row: Mapping[str, Any]) -> str:
    """Return the gap of a finding with its unit, points or what is counted."""
    if pd.isna(row["gap"]) or not row["gap_unit"]:
        return "–"
    gap, unit = float(row["gap"]), str(row["gap_unit"])
    text = spoken(_GAPS[unit if gap != 1 else unit.removesuffix("s")])
    return text.format(number(gap, decimals=0 if gap.is_integer() else 2))


def _months(start: str, end: str) -> str:
    """Return some months of a year as Vietnamese readers write them; the last may be given to a day."""
    year, first, last = start[:4], int(start[5:]), int(end[5:7])
    if len(end) > _MONTH:
        return f"từ đầu {'năm' if first == 1 else f'tháng {first}'} đến ngày {_moment(end, language())}"
    if first % 3 == 1 and last == first + 2:
        return f"quý {('I', 'II', 'III', 'IV')[last // 3 - 1]}/{year}"
    if first == 1:
        return f"{last} tháng đầu năm {year}" if last < 12 else f"cả năm {year}"
    return f"tháng {first}–{last}/{year}"


def category_name(row: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Return a row's category in the reader's language: of its rating scheme, else its sub-kind."""
    printed, scheme = str(row.get("category") or ""), str(row.get("scheme") or "")
    if scheme in catalogue.schemes:
        names = {one.id: spoken(one.name) for one in catalogue.scheme(scheme).categories}
        return names.get(str(row.get("category_id")), printed)
    return spoken(catalogue.sub_kinds[printed]) if printed in catalogue.sub_kinds else printed


def failing(row: Mapping[str, Any]) -> str:
    """Return what the figures of a finding count: indicator or subject, and the category that all have."""
    catalogue = Catalogue.read()
    if row.get("indicator") not in catalogue.indicators:
        return ""
    name = indicator_name({**row, "category": ""}, catalogue)
    of_all = row["indicator"] == "org_quality_rating" and not row.get("category_id")
    return spoken(_WORDS["rated"]).format(f"{name[:1].lower()}{name[1:]}") if of_all else name


def failing_where(row: Mapping[str, Any]) -> str:
    """Return whose figures fail, when, and what they count, as a sentence says it."""
    place, when = str(row.get(f"place_{language()}") or ""), dated(row)
    where = at_time(place, when) if place and when else place or in_sentence(when)
    what = unbracketed(failing(row))
    return f"{where} ({what[:1].lower()}{what[1:]})" if where and what else where or what


def _named_by_subject(row: Mapping[str, Any]) -> bool:
    return row["indicator"] in {"org_count", "org_quality_rating"}


def indicator_name(row: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Return what an observation counts: indicator or subject, its variant, its category."""
    name, parts = name_and_parts(row, catalogue)
    if not parts:
        return name
    return _bracketed(name, parts) if language() == "vi" else f"{name}: {', '.join(parts)}"


def name_and_parts(row: Mapping[str, Any], catalogue: Catalogue) -> tuple[str, list[str]]:
    """Return what is counted, by its title, subject or indicator, and what is added: variant, category."""
    indicator, variant = catalogue.indicator(str(row["indicator"])), str(row.get("definition") or "")
    if row.get("complement") and variant in indicator.complements:
        return spoken(indicator.complements[variant]), []
    name = _titled(row, catalogue)
    own = variant and variant not in indicator.titles
    parts = [own_words(spoken(indicator.definitions[variant]), row, catalogue)] if own else []
    category = category_name(row, catalogue)
    if category and not row.get("scheme"):
        name, parts = _with_sub_kind(row, name, parts, category)
    elif category and language() == "vi":
        noun, behind = _noun(name.removeprefix("Xếp loại "))
        name, parts = f"{noun} {category[:1].lower()}{category[1:]}", [behind, *parts]
    elif category:
        parts.append(category)
    if row.get("complement"):
        parts.append(spoken({"vi": "phần còn lại", "en": "those that do not (complement)"}))
    return f"{name[:1].upper()}{name[1:]}", [one for one in parts if one]


def _titled(row: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Return the title of a row's variant or subject, else the name of its subject or indicator."""
    indicator, subject = catalogue.indicator(str(row["indicator"])), str(row.get("subject") or "")
    for one in (str(row.get("definition") or ""), subject):
        if one in indicator.titles:
            return _of_subject(own_words(spoken(indicator.titles[one]), row, catalogue), subject, catalogue)
    if not subject or not _named_by_subject(row):
        return _of_subject(spoken(indicator.name), subject, catalogue)
    return catalogue.subjects[subject].several(language())


def _of_subject(name: str, subject: str, catalogue: Catalogue) -> str:
    """Return a name that speaks of party organisations with the kind that a row counts."""
    if subject not in catalogue.subjects or subject == "other":
        return name
    of, _, _ = re.sub(r" \(.*", "", catalogue.subjects[subject].several(language())).partition(", ")
    return re.sub(r"^(?:Tổ chức đảng|Organisations)(?= )", f"{of[:1].upper()}{of[1:]}", name)


def _with_sub_kind(
    row: Mapping[str, Any], name: str, parts: list[str], category: str
) -> tuple[str, list[str]]:
    """Return name and parts with a sub-kind; what another of them says already is left out."""
    own, variant = _named_by_subject(row), row.get("definition")
    noun, behind = _noun(name) if language() == "vi" else (name, "")
    kept = f" {behind}" if behind and name.endswith(behind) else ""
    if kept and not own:
        noun, kept, behind = name, "", ""
    said = [one for one in parts if one not in category]
    if category.startswith(f"{noun} ".lower()) or (own and row.get("subject") == "other" and not variant):
        return f"{category}{kept}", said
    if variant and any(category.lower() in one.lower() for one in (name, *parts)):
        return name, parts
    if language() == "en" or row["category"] not in Catalogue.read().sub_kinds:
        return name, [*said, category]
    bracket = [] if own or kept or not behind else [behind]
    return _joined_kind(noun, kept, category, str(row.get("subject"))), [*bracket, *said]


def _joined_kind(noun: str, behind: str, kind: str, subject: str) -> str:
    """Return a Vietnamese noun with its kind, as one phrase.

    Examples
    --------
    >>> _joined_kind("Đảng viên được kết nạp", "", "là người dân tộc thiểu số", "member")
    'Đảng viên được kết nạp là người dân tộc thiểu số'
    >>> _joined_kind("Xã, phường, thị trấn có chi bộ công an", "", "phường", "commune")
    'phường có chi bộ công an'
    >>> _joined_kind("Đảng bộ", " trực thuộc tỉnh ủy", "huyện, thị xã, thành phố", "district_committee")
    'Đảng bộ huyện, thị xã, thành phố trực thuộc tỉnh ủy'
    """
    communes = "xã, phường, thị trấn"
    if kind in communes.split(", "):
        return f"{noun} ở {kind}" if subject == "member" else f"{kind}{noun[len(communes) :]}"
    organisation = kind.startswith(("chi bộ ", "đảng bộ "))
    head = "tổ chức cơ sở đảng" if organisation else "đảng viên"
    if noun.lower().startswith(head) and (organisation or kind.startswith(f"{head} ")):
        return f"{kind}{noun[len(head) :]}"
    if organisation and subject == "commune":
        return kind if "xã" in kind else f"{kind} ở {noun}"
    if organisation:
        return f"{noun}{behind} ở {kind}"
    phrase = kind.startswith(("ở ", "trong ", "là ", "có "))
    return f"{noun}{behind} {kind}" if phrase else f"{noun} {kind}{behind}"


def _noun(name: str) -> tuple[str, str]:
    """Return what a name says and what stands behind it: a class is said between both.

    Examples
    --------
    >>> _noun("chi bộ trực thuộc đảng ủy cơ sở"), _noun("chi bộ (không rõ loại hình)"), _noun("đảng viên")
    (('chi bộ', 'trực thuộc đảng ủy cơ sở'), ('chi bộ', 'không rõ loại hình'), ('đảng viên', ''))
    """
    found = re.fullmatch(r"(.*?)(?: (trực thuộc .+|cấp trên .+)| \((.+)\))?", name, re.DOTALL)
    return (found[1], found[2] or found[3] or "") if found else (name, "")


def own_words(text: str, row: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Say of a row's own subject what a variant or a base says of party organisations or members."""
    subject, titles = str(row.get("subject") or ""), catalogue.indicator(str(row["indicator"])).titles
    named: Words | None = catalogue.subjects.get(subject)
    if subject == "other":
        named = titles.get(str(row.get("definition") or ""), titles.get(subject))
    noun, _ = _noun(named.vi) if named else ("", "")
    return re.sub(_EITHER, f"{noun[:1].lower()}{noun[1:]}", text, flags=re.IGNORECASE) if noun else text


def unbracketed(text: str) -> str:
    """Return a text for inside brackets: ``Sơn Động (Bắc Giang), 2012`` as ``Sơn Động, Bắc Giang, 2012``."""
    return re.sub(r" \(([^()]*)\)", r", \1", text)


def _bracketed(name: str, parts: Iterable[str]) -> str:
    """Return a name with what is added to it in one pair of brackets: no second colon before a value."""
    # semicolons: parts hold commas ("xã, phường, thị trấn")
    said = "; ".join(map(unbracketed, parts))
    return f"{name[:-1]}; {said})" if name.endswith(")") else f"{name} ({said})"


def measured(row: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Return what an observation counts, of whom, how and out of what: what differs in it reads differently.

    What is usual for the indicator isn't said: its first subject, its own base, a figure of a point in time.
    """
    name = indicator_name(row, catalogue)
    unusual = [*_unusual(row, name, catalogue)]
    return _bracketed(name, unusual) if unusual else name


def _unusual(row: Mapping[str, Any], name: str, catalogue: Catalogue) -> Iterator[str]:
    """Yield subject, scheme, kind of category, kind of total and base, each where it isn't the usual one."""
    indicator = catalogue.indicator(str(row["indicator"]))
    subject, kind = str(row.get("subject") or ""), str(row.get("category_kind") or "")
    # what is counted besides the usual is said by its variant, its title or its own kind
    told = row.get("definition") or row.get("category") or subject in indicator.titles
    usual = subject == indicator.subjects[0] or (subject == "other" and told)
    # Vietnamese titles name who is counted
    usual = usual or (language() == "vi" and row.get("definition") in indicator.titles)
    if subject in catalogue.subjects and not usual:
        of, _, _ = spoken(catalogue.subjects[subject]).partition(" (")
        nouns = [_noun(of)[0]] if language() == "vi" else [of.split(",")[0].removeprefix("party ")]
        nouns.append(catalogue.subjects[subject].several(language()).lower())
        # a name that speaks of villages with cells doesn't count cells
        if not _named_by_subject(row) and not name.lower().startswith((*nouns,)):
            yield spoken({"vi": f"tính theo {of}", "en": f"of {of}"})
    if (scheme := catalogue.schemes.get(str(row.get("scheme") or ""))) is not None:
        category = next((one for one in scheme.categories if one.id == row.get("category_id")), None)
        names = [spoken(one.name) for other in catalogue.schemes.values() for one in other.categories]
        if category is not None and names.count(spoken(category.name)) > 1:
            yield spoken(scheme.name)[:1].lower() + spoken(scheme.name)[1:]
        if kind and category is not None and kind != category.kind:
            yield spoken(_COUNTED[kind])
    total = str(row.get("aggregation") or "")
    if total in _TOTALS and not (indicator.flow and total == "cumulative"):
        yield spoken(_TOTALS[total])
    shares = any(pd.notna(row.get(one)) for one in ("base", "percent"))
    if (base := str(row.get("base_of") or "")) or (indicator.flow and row.get("category") and shares):
        of = own_words(spoken(indicator.bases[base] if base else indicator.base), row, catalogue)
        unclear = {"vi": f"{of} mẫu số", "en": f"out of what, {of}"}
        yield spoken(unclear if base == "unclear" else {"vi": f"mẫu số là {of}", "en": f"out of {of}"})


def reason(code: str) -> str:
    """Return why a figure can't stand beside others, in words: the ``reason`` of ``rates.left_out``.

    Examples
    --------
    >>> from cbanalysis.common.language import speaking
    >>> with speaking("en"):
    ...     reason("base_of+period")
    'another base, another year'
    >>> with speaking("vi"):
    ...     reason("geo_level"), reason("base_of+period+no_rate")
    ('không cùng cấp', 'không cùng mẫu số và năm, không có tỷ lệ')
    """
    told = [spoken(_REASONS[part]) for part in code.split("+")]
    if language() == "en":
        return ", ".join(told)
    alike = [one.removeprefix("không cùng ") for one in told if one.startswith("không cùng ")]
    others = [one for one in told if not one.startswith("không cùng ")]
    return ", ".join([*([f"không cùng {listed(alike)}"] if alike else []), *others])


_ALPHABET = " -0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def alphabetical(name: str) -> tuple[list[int], str]:
    """Return a sort key in the order of the Vietnamese alphabet (a ă â b c d đ …), tones last.

    Examples
    --------
    >>> sorted(["Đà Nẵng", "Vĩnh Long", "Bình Định", "Bắc Kạn", "Bạc Liêu"], key=alphabetical)
    ['Bạc Liêu', 'Bắc Kạn', 'Bình Định', 'Đà Nẵng', 'Vĩnh Long']
    """
    apart = "".join(one for one in unicodedata.normalize("NFD", name.casefold()) if one not in _TONES)
    return [_ALPHABET.find(one) for one in unicodedata.normalize("NFC", apart)], unicodedata.normalize(
        "NFC", name
    )


def level_with(others: int) -> str:
    """Return what is said behind a value that others share: ``, và 2 số liệu khác``."""
    return spoken(_WORDS["level"]).format(others) if others else ""


def listed(names: Sequence[str]) -> str:
    """Return some names as a sentence lists them; semicolons part those that hold commas of their own.

    Examples
    --------
    >>> from cbanalysis.common.language import speaking
    >>> with speaking("vi"):
    ...     listed(["cấp", "mẫu số", "năm"]), listed(["Kết nạp", "Xếp loại tổ chức, đảng viên"])
    ('cấp, mẫu số và năm', 'Kết nạp; Xếp loại tổ chức, đảng viên')
    """
    comma = _comma(names)
    joint = comma if comma == "; " and language() == "vi" else spoken({"vi": " và ", "en": " and "})
    return joint.join([*([comma.join(names[:-1])] if len(names) > 1 else []), *names[-1:]])


def _comma(names: Sequence[str]) -> str:
    bare = (re.sub(r"\([^()]*\)|“[^“”]*”", "", name) for name in names)
    return "; " if any("," in name for name in bare) else ", "


def joined(names: Sequence[str]) -> str:
    """Return some names one behind another, parted as in :func:`listed`.

    Examples
    --------
    >>> joined(["Bồ Đề (Long Biên, Hà Nội)", "Huế"]), joined(["xóm Sòng, xã An Khánh", "Huế"])
    ('Bồ Đề (Long Biên, Hà Nội), Huế', 'xóm Sòng, xã An Khánh; Huế')
    """
    return _comma(names).join(names)


def difference(dimension: str) -> str:
    """Return what differs, in a word or two: a dimension of ``rates.differing``.

    Examples
    --------
    >>> from cbanalysis.common.language import speaking
    >>> with speaking("en"):
    ...     difference("base_of"), difference("period")
    ('base', 'year')
    """
    return spoken(_DIFFERENCES[dimension])


def unlike(rows: pd.DataFrame, across: Collection[Dimension]) -> str:
    """Return the sentence that says on what rows of one scale differ that can't be compared, if on anything.

    The rule is that of ``rates.require_comparable``.
    """
    found = differing(rows, across=across)
    return spoken(_WORDS["unlike"]).format(listed([difference(one) for one in found])) if found else ""


def cut_off(frame: pd.DataFrame) -> list[str]:
    """Return what is said of rows that stand in a list which their source cuts off, each sentence once."""
    if not {"indicator", "source_id"} <= set(frame):
        return []
    known = Catalogue.read().indicators
    columns = [one for one in ("indicator", "source_id", "geo_level") if one in frame]
    lists = [
        known[row["indicator"]].cut_off(row["source_id"], row.get("geo_level", ""))
        for row in records(frame[columns].drop_duplicates())
        if row["indicator"] in known
    ]
    return list(dict.fromkeys(spoken(one) for one in lists if one))


def left_out(rows: pd.DataFrame, most: int = 8) -> list[str]:
    """Return who published figures that can't stand beside others, reason by reason, most places first.

    Parameters
    ----------
    rows : DataFrame
        Rows of ``rates.left_out``.
    most : int
        How many places are named for each reason; the others are counted.

    Returns
    -------
    list of str
        E.g. ``["another base: Đồng Tháp, Quảng Ninh", "another year: Nghệ An"]``.
    """
    gazetteer = Gazetteer.read()
    places: dict[str, dict[str, None]] = {}
    named_alike = rows.assign(area=areas(rows))
    for row in records(named_alike[[one for one in (*PLACE, "reason") if one in named_alike]]):
        places.setdefault(row["reason"], {})[place(row, gazetteer)] = None
    told = []
    for code, named in sorted(places.items(), key=lambda pair: -len(pair[1])):
        listed = [name for name in named if name]
        text = joined(listed[:most])
        if (others := len(listed) - most) > 0:
            text += spoken({"vi": f" và {others} địa phương nữa", "en": f" and {others} more"})
        told.append(f"{reason(code)}: {text}" if text else reason(code))
    return told


def code_names() -> Callable[[str, str, Mapping[str, str]], str]:
    """Return what says a cell of a frame in words: its code's name, a note in the reader's language.

    Examples
    --------
    >>> from cbanalysis.common.language import speaking
    >>> with speaking("vi"):
    ...     code_names()("interval", "floor", {})
    'tối thiểu'
    """
    known = Catalogue.read()
    fixed: Mapping[str, Mapping[str, Any]] = {
        "indicator": {one.id: one.name for one in known.indicators.values()},
        "subject": known.subjects,
        "geo_level": known.levels,
        "scheme": {one.id: one.name for one in known.schemes.values()},
        **CODES,
    }
    variants = {"definition": "definitions", "base_of": "bases"}
    notes = wordings()

    def name(column: str, code: str, row: Mapping[str, str]) -> str:
        names = fixed.get(column, {})
        if column == "note":
            return notes.get(code, code)
        if column in variants and row.get("indicator") in known.indicators:
            names = getattr(known.indicators[row["indicator"]], variants[column])
        elif column == "category_id" and row.get("scheme") in known.schemes:
            names = {one.id: one.name for one in known.schemes[row["scheme"]].categories}
        return str(spoken(names[code])) if code in names else code

    return name


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as dictionaries."""
    # column by column: DataFrame.to_dict takes each cell out of its Arrow array by itself
    columns = {str(name): frame[name].tolist() for name in frame}
    rows = zip(*columns.values(), strict=True) if columns else [()] * len(frame)
    return [dict(zip(columns, row, strict=True)) for row in rows]


@speaks
def with_words(observations: pd.DataFrame, lang: Language | None = None) -> pd.DataFrame:
    """Add what a reader is told about each row.

    Parameters
    ----------
    observations : DataFrame
        Rows as :func:`cbanalysis.load_observations` returns them.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    DataFrame
        The same rows with ``what``, ``where`` and ``when`` as text.
    """
    catalogue, gazetteer = Catalogue.read(), Gazetteer.read()
    rows = records(observations)
    return observations.assign(
        what=[measured(row, catalogue) for row in rows],
        where=[place(row, gazetteer=gazetteer) for row in rows],
        when=[period(row["period_start"], row["period_end"]) for row in rows],
    )


@speaks
def labelled(observations: pd.DataFrame, *, lang: Language | None = None) -> pd.DataFrame:
    """Add ``label``: what, where and when in one line, for charts of rows that measure different things.

    Parameters
    ----------
    observations : DataFrame
        Rows as :func:`cbanalysis.load_observations` returns them.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    DataFrame
        The same rows with ``label``; the place stands only where rows differ in it
        or the province is inferred.
    """
    worded = with_words(observations.assign(area=areas(observations)))
    several = len(set(worded["where"])) > 1 or (worded["province_basis"] == "inferred").any()
    parts = ["what", "where", "when"] if several else ["what", "when"]
    return observations.assign(label=worded[parts].agg(", ".join, axis=1) if len(worded) else "")
