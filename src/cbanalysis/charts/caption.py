"""The words around a chart, made from its rows: title, subtitle, coverage, source, alternative text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from cbanalysis.catalogue import Catalogue, Language
from cbanalysis.charts.style import Caption, nfc
from cbanalysis.errors import UnknownName
from cbanalysis.provinces import Gazetteer
from cbanalysis.words import INFERRED, amount, indicator_name, number, place, records, unit_of

__all__ = [
    "alphabetical",
    "base_name",
    "base_words",
    "borrowed",
    "caption",
    "coverage",
    "date_marks",
    "extremes",
    "file_stem",
    "highlighted",
    "labels",
    "left_out",
    "not_drawn",
    "points",
    "records",
    "schemes",
    "source_line",
    "subject",
    "value_text",
    "years_text",
]

_ALPHABET = " -0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0301\u0303\u0309\u0323"

_NO_BASE = ("không có", "none")  # how indicators.toml begins where there is no base

_LEVELS: dict[str, dict[Language, tuple[str, str]]] = {
    "region": {"vi": ("vùng", "vùng"), "en": ("region", "regions")},
    "district": {"vi": ("đơn vị cấp huyện", "đơn vị cấp huyện"), "en": ("district unit", "district units")},
    "commune": {"vi": ("đơn vị cấp xã", "đơn vị cấp xã"), "en": ("commune unit", "commune units")},
}

_WITHHELD: dict[str, dict[Language, tuple[str, str]]] = {
    "small": {
        "vi": ("{} nơi quá ít người, không nêu tỷ lệ.",) * 2,
        "en": (
            "{} place with too few people: no rate given.",
            "{} places with too few people: no rates given.",
        ),
    },
    "complement": {
        "vi": ("{} nơi khác không nêu tỷ lệ, để không suy ra được nơi quá ít người.",) * 2,
        "en": (
            "{} more place without a rate, lest those of too few people be worked out from it.",
            "{} more places without rates, lest those of too few people be worked out from them.",
        ),
    },
}


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _column(frame: pd.DataFrame, name: str) -> list[str]:
    return [str(value) for value in frame[name]] if name in frame else [""] * len(frame)


def alphabetical(name: str) -> tuple[list[int], str]:
    """Return a sort key in the order of the Vietnamese alphabet (a ă â b c d đ …), tones last.

    Examples
    --------
    >>> sorted(["Đà Nẵng", "Vĩnh Long", "Bình Định", "Bắc Kạn", "Bạc Liêu"], key=alphabetical)
    ['Bạc Liêu', 'Bắc Kạn', 'Bình Định', 'Đà Nẵng', 'Vĩnh Long']
    """
    apart = "".join(one for one in unicodedata.normalize("NFD", name.casefold()) if one not in _TONES)
    return [_ALPHABET.find(one) for one in nfc(apart)], nfc(name)


def _inferred(frame: pd.DataFrame) -> list[bool]:
    return [basis == "inferred" for basis in _column(frame, "province_basis")]


def labels(frame: pd.DataFrame, lang: Language, gazetteer: Gazetteer | None = None) -> list[str]:
    """Return what each row is called: its ``label`` where given, else its place; ``*`` marks an inferred one.

    Parameters
    ----------
    frame : DataFrame
        With ``label``, or with ``geo_level``, ``province``, ``province_basis``, ``area`` and ``unit_id``.
    lang : {"vi", "en"}
        Language of province names.
    gazetteer : Gazetteer, optional
        The one that ships with the package when not given.

    Returns
    -------
    list of str
    """
    if "label" not in frame:
        known = gazetteer or Gazetteer.read()
        blank = {"geo_level": "province", "province": "", "province_basis": "", "area": "", "unit_id": ""}
        return [nfc(place({**blank, **row}, lang, known)) for row in records(frame)]
    named = zip(_column(frame, "label"), _inferred(frame), strict=True)
    return [nfc(name if "*" in name or not inferred else f"{name}*") for name, inferred in named]


def highlighted(label: str, highlight: Collection[str]) -> bool:
    """Return whether a label is among those to set apart: its marks and its period don't count.

    Examples
    --------
    >>> highlighted("Bắc Giang*, 2012", ["Bắc Giang"])
    True
    """
    plain = re.sub(r"\*| †", "", label)
    return plain in highlight or re.sub(r", [^,]*\d{4}$", "", plain) in highlight


def date_marks(frame: pd.DataFrame) -> list[str]:
    """Return the mark behind each row's period: `` †`` where it was taken from the date of publication."""
    known = zip(_column(frame, "period_basis"), _column(frame, "period_end"), strict=True)
    return [" †" if basis == "publication" and end else "" for basis, end in known]


def borrowed(frame: pd.DataFrame) -> list[bool]:
    """Return which rows have a base that was published with another figure."""
    lent = zip(_column(frame, "base_from"), _column(frame, "interval"), strict=True)
    return [bool(lender) and kind == "wilson" for lender, kind in lent]


def _borrowed_line(frame: pd.DataFrame, lang: Language, marked: bool) -> str:  # noqa: FBT001 passed on
    rows = frame[borrowed(frame)]
    if rows.empty:
        return ""
    whence = zip(_column(rows, "base_from"), _column(rows, "base_period"), strict=True)
    lenders = _distinct([f"{lender} ({when})" if when else str(lender) for lender, when in whence])
    named = ", ".join(lenders[:3]) + (", …" if len(lenders) > 3 else "")
    if marked:
        return {"vi": f"‡ mẫu số lấy từ số liệu khác ({named})", "en": f"‡ base of another figure ({named})"}[
            lang
        ]
    many = len(rows) != 1
    sentences = {
        "vi": f"{len(rows)} số liệu có mẫu số lấy từ số liệu khác ({named}).",
        "en": f"{len(rows)} figure{'s' * many} with the base of another figure ({named}).",
    }
    return sentences[lang]


def base_name(row: Mapping[str, Any], catalogue: Catalogue, lang: Language) -> str:
    """Return what a row's share is a share of."""
    indicator = catalogue.indicator(str(row["indicator"]))
    variant = str(row.get("base_of") or "")
    return (indicator.bases[variant] if variant else indicator.base)[lang]


def value_text(row: Mapping[str, Any], lang: Language, computed: int | None = 1) -> str:
    """Return a row's value as a reader is told it: 63,71%, ≥ 90%, 80–95%, ~ 97%.

    A percentage, or a value in another unit, stands as it was printed; one computed from count and base shows
    one decimal, or so many as ``computed`` says (None: as many as it has, two at the most, as tables say it).
    """
    kind, unit = row["interval"], unit_of(row)
    if kind == "floor":
        return f"≥\N{NO-BREAK SPACE}{amount(row['rate_low'], unit, lang)}"
    if kind == "range":
        return f"{number(row['rate_low'], lang)}–{amount(row['rate_high'], unit, lang)}"
    printed, digits = row.get("percent"), row.get("decimals")
    value = row["rate"] if printed is None or pd.isna(printed) else printed
    decimals = computed if digits is None or pd.isna(digits) else int(digits)
    if kind == "about":
        return f"~\N{NO-BREAK SPACE}{amount(value, unit, lang)}"
    return amount(value, unit, lang, decimals)


def not_drawn(count: int, lang: Language, reason: Mapping[Language, str] | None = None) -> str:
    """Return the line that says how many rows aren't in the picture and why (no rate, when not given)."""
    why = reason or {"vi": "không có tỷ lệ", "en": "no rate"}
    words = {
        "vi": f"{count} dòng không vẽ: {why['vi']}.",
        "en": f"{count} row{'s' * (count != 1)} not drawn: {why['en']}.",
    }
    return words[lang]


def left_out(hidden: pd.DataFrame, lang: Language, reason: Mapping[Language, str] | None = None) -> list[str]:
    """Return the lines on rows that aren't in the picture: places with too few people, then all others.

    Parameters
    ----------
    hidden : DataFrame
        The rows not drawn; ``withheld`` (of ``records.withhold``) tells those of small groups.
    lang : {"vi", "en"}
        Language of the lines.
    reason : mapping, optional
        Why the others aren't drawn (no rate, when not given).

    Returns
    -------
    list of str
    """
    withheld = pd.Series(_column(hidden, "withheld"), index=hidden.index, dtype="str")
    said = [
        _WITHHELD[why][lang][places != 1].format(places)
        for why in _WITHHELD
        if (places := len(set(labels(hidden[withheld == why], lang))))
    ]
    rest = int((~withheld.isin(list(_WITHHELD))).sum())
    return said + ([not_drawn(rest, lang, reason)] if rest else [])


def points(value: float, lang: Language, decimals: int = 1) -> str:
    """Return a difference, in points of its unit, with its sign, e.g. ``+3,2`` or ``−0,4``."""
    text = number(abs(round(value, decimals)), lang, decimals)
    return f"{'−' if round(value, decimals) < 0 else '+'}{text}"


def years_text(frame: pd.DataFrame, lang: Language) -> str:
    """Return the years that rows cover, e.g. ``2012`` or ``2008–2012``; empty where there is no ``year``."""
    if "year" not in frame:
        return ""
    years = frame["year"].dropna()
    if years.empty:
        return {"vi": "không rõ năm", "en": "year not known"}[lang]
    first, last = int(years.min()), int(years.max())
    return str(first) if first == last else f"{first}–{last}"


def subject(frame: pd.DataFrame, lang: Language, catalogue: Catalogue | None = None) -> str:
    """Return what the rows measure: indicator, variant, category; the indicators alone where rows differ."""
    if "indicator" not in frame:
        return ""
    known = catalogue or Catalogue.read()
    names = _distinct(indicator_name(row, known, lang) for row in records(frame))
    if len(names) > 1:
        indicators = _distinct(_column(frame, "indicator"))
        names = [known.indicator(one).name[lang] for one in indicators]
    if len(names) > 2:
        return {"vi": f"{len(names)} chỉ tiêu", "en": f"{len(names)} indicators"}[lang]
    text = nfc("; ".join(names))
    return text[:1].upper() + text[1:]


def schemes(frame: pd.DataFrame) -> list[str]:
    """Return the rating schemes the rows were printed on; those behind the harmonised measure, too."""
    return _distinct(_column(frame, "printed_scheme" if "printed_scheme" in frame else "scheme"))


def base_words(frame: pd.DataFrame, lang: Language, catalogue: Catalogue | None = None) -> str:
    """Return what the shares are shares of, e.g. ``mẫu số: số xã``; says so where rows differ."""
    if "indicator" not in frame:
        return ""
    known = catalogue or Catalogue.read()
    named = _distinct(base_name(row, known, lang) for row in records(frame))
    different = [base for base in named if not base.startswith(_NO_BASE)]
    if not different:
        return ""
    if len(different) > 1:
        return {"vi": "mẫu số khác nhau giữa các dòng", "en": "bases differ between rows"}[lang]
    return f"{ {'vi': 'mẫu số', 'en': 'base'}[lang] }: {different[0]}"


def _when(frame: pd.DataFrame) -> str | int | None:
    ends = [end for end in _column(frame, "period_end") if end]
    if ends:
        return max(ends)
    years = frame["year"].dropna() if "year" in frame else pd.Series(dtype="Int64")
    return None if years.empty else int(years.max())


def coverage(frame: pd.DataFrame, lang: Language, gazetteer: Gazetteer | None = None) -> str:
    """Return how much of the country the rows cover, e.g. ``12/63 tỉnh có số liệu``.

    Rows at province level are counted against the provinces of that time; places below are counted, with the
    number of provinces in which they lie.

    Parameters
    ----------
    frame : DataFrame
        With ``geo_level`` and ``province``; ``period_end`` or ``year`` says which provinces there were.
    lang : {"vi", "en"}
        Language of the line.
    gazetteer : Gazetteer, optional
        The one that ships with the package when not given.

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
    when = _when(frame)
    if len(provinces):
        count = provinces["province"].nunique()
        if when is None:
            parts.append({"vi": f"{count} tỉnh có số liệu", "en": f"{count} provinces have data"}[lang])
        else:
            all_of_them = len((gazetteer or Gazetteer.read()).on(when))
            there = {
                "vi": f"{count}/{all_of_them} tỉnh có số liệu",
                "en": f"{count} of {all_of_them} provinces {'has' if count == 1 else 'have'} data",
            }
            parts.append(there[lang])
    for level, words in _LEVELS.items():
        rows = frame[frame["geo_level"] == level]
        if len(rows):
            areas = len(rows[["province", *(["area"] if "area" in rows else [])]].drop_duplicates())
            within = rows.loc[rows["province"] != "", "province"].nunique()
            text = f"{areas} {words[lang][areas != 1]}"
            if within:
                tail = {"vi": f" thuộc {within} tỉnh", "en": f" in {within} province{'s' * (within != 1)}"}
                text += tail[lang]
            parts.append(text)
    return "; ".join(parts)


def source_line(
    frame: pd.DataFrame, lang: Language, catalogue: Catalogue | None = None, most: int = 3
) -> str:
    """Return publishers and years of the rows' sources, the most frequent first.

    Parameters
    ----------
    frame : DataFrame
        With ``source_id``.
    lang : {"vi", "en"}
        Language of the line.
    catalogue : Catalogue, optional
        The one that ships with the package when not given.
    most : int
        How many publishers are named; the others are counted.

    Returns
    -------
    str
        E.g. ``Nguồn: Báo Bắc Giang (2012) và 12 nguồn khác``; empty without ``source_id``.
    """
    if "source_id" not in frame:
        return ""
    known = catalogue or Catalogue.read()
    years: dict[str, set[str]] = {}
    weight: dict[str, int] = {}
    for source_id, rows in frame["source_id"].value_counts(sort=False).items():
        try:
            source = known.source(str(source_id))
            publisher, year = (
                source.publisher or source.title or source.source_id,
                str(source.published or "")[:4],
            )
        except UnknownName:
            publisher, year = str(source_id), ""
        years.setdefault(publisher, set()).update({year} - {""})
        weight[publisher] = weight.get(publisher, 0) + int(rows)
    ordered = sorted(weight, key=lambda name: -weight[name])
    shown = [f"{name} ({', '.join(sorted(years[name]))})" if years[name] else name for name in ordered[:most]]
    text = ", ".join(shown)
    if (others := len(ordered) - most) > 0:
        text += {"vi": f" và {others} nguồn khác", "en": f" and {others} other{'s' * (others > 1)}"}[lang]
    return nfc(f"{ {'vi': 'Nguồn', 'en': 'Source'}[lang] }: {text}")


def extremes(frame: pd.DataFrame, names: Iterable[str], lang: Language, column: str = "rate") -> str:
    """Return the highest and the lowest value with their names, for the alternative text."""
    named = frame.assign(_name=list(names)).dropna(subset=[column])
    if named.empty:
        return {"vi": "Không có giá trị điểm.", "en": "No point values."}[lang]
    ordered = records(named.sort_values(column, kind="stable"))
    low, high = ordered[0], ordered[-1]
    top, bottom = (f"{row['_name']} {_value(row, column, lang)}" for row in (high, low))
    if top == bottom:
        return {"vi": f"Giá trị duy nhất: {top}.", "en": f"Only value: {top}."}[lang]
    return {"vi": f"Cao nhất: {top}; thấp nhất: {bottom}.", "en": f"Highest: {top}; lowest: {bottom}."}[lang]


def _value(row: Mapping[str, Any], column: str, lang: Language) -> str:
    if column == "rate" and "interval" in row:
        return value_text(row, lang)
    return amount(row[column], unit_of(row), lang, 1)


def file_stem(kind: str, frame: pd.DataFrame) -> str:
    """Return a plain file stem: kind of chart, indicators and years."""
    parts = [kind, *_distinct(_column(frame, "indicator"))[:2], years_text(frame, "en")]
    plain = unicodedata.normalize("NFD", "_".join(parts).casefold().replace("đ", "d"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")


def caption(  # noqa: PLR0913
    frame: pd.DataFrame,
    *,
    kind: str,
    picture: str,
    says: str,
    lang: Language,
    title: str | None = None,
    name: str | None = None,
    unit: str | None = None,
    notes: Sequence[str] = (),
    marked: bool = False,
    catalogue: Catalogue | None = None,
    gazetteer: Gazetteer | None = None,
) -> Caption:
    """Put together the words around a chart from its rows.

    Parameters
    ----------
    frame : DataFrame
        The rows that are drawn.
    kind : str
        First part of the file stem, e.g. ``"ranked_dots"``.
    picture : str
        What kind of chart it is, in the reader's language, e.g. ``"Biểu đồ chấm"``.
    says : str
        What the alternative text tells of the values (see :func:`extremes`).
    lang : {"vi", "en"}
        Language of the chart.
    title : str, optional
        The finding; the subject when not given.
    name : str, optional
        File stem; made from kind, indicator and years when not given.
    unit : str, optional
        Unit of the values, empty for plain counts; that of the rows when not given.
    notes : sequence of str
        Further lines below the plot.
    marked : bool
        Whether the chart marks counts out of a borrowed base with ``‡``.
    catalogue, gazetteer : optional
        Those that ship with the package when not given.

    Returns
    -------
    Caption
    """
    what = subject(frame, lang, catalogue)
    measured = unit_of(frame).name[lang] if unit is None else unit
    about = [what if title else "", measured, base_words(frame, lang, catalogue), years_text(frame, lang)]
    covered = coverage(frame, lang, gazetteer)
    inferred = INFERRED[lang] if any(_inferred(frame)) else ""
    lent = _borrowed_line(frame, lang, marked) if measured else ""
    heading = title or what or picture
    alt = " ".join(
        part
        for part in (f"{picture}: {heading.rstrip('.')}.", says, f"{covered}." if covered else "")
        if part
    )
    return Caption(
        name=name or file_stem(kind, frame),
        alt=nfc(alt),
        title=nfc(heading),
        subtitle=nfc(" · ".join(part for part in about if part)),
        notes=tuple(nfc(note) for note in (covered, *notes, lent, inferred) if note),
        source=source_line(frame, lang, catalogue),
    )
