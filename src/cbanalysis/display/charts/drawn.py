"""What of the published figures is drawn, what isn't comparable, and of what nothing was found, in words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cbanalysis.common.errors import UnknownName
from cbanalysis.common.language import Language, spoken, words_of
from cbanalysis.dataset.observations.comparable import count_places, left_out, places
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.display.charts.texts import column_of, distinct, labels
from cbanalysis.display.words import difference
from cbanalysis.display.words import left_out as left_out_words

_LEVELS: dict[str, dict[Language, tuple[str, str]]] = {
    "region": {"vi": ("vùng", "vùng"), "en": ("region", "regions")},
    "district": {"vi": ("đơn vị cấp huyện", "đơn vị cấp huyện"), "en": ("district unit", "district units")},
    "commune": {"vi": ("đơn vị cấp xã", "đơn vị cấp xã"), "en": ("commune unit", "commune units")},
}

# without and with the number of provinces that there were
_WORDS = words_of("charts.drawn")
_WITHHELD: dict[str, dict[Language, tuple[str, str]]] = {
    "small": {
        "vi": ("{} địa phương có quá ít người nên không nêu tỷ lệ.",) * 2,
        "en": (
            "{} place with too few people: no rate given.",
            "{} places with too few people: no rates given.",
        ),
    },
    "complement": {
        "vi": (
            "Không nêu tỷ lệ của {} địa phương khác, để không thể suy ra số liệu của nơi có quá ít người.",
        )
        * 2,
        "en": (
            "{} more place without a rate, lest those of too few people be worked out from it.",
            "{} more places without rates, lest those of too few people be worked out from them.",
        ),
    },
}
_COVERED: dict[Language, tuple[str, str]] = {
    "vi": (
        "biểu đồ thể hiện {} tỉnh, thành phố (theo tên gọi tại thời điểm của số liệu)",
        "biểu đồ thể hiện {}/{} tỉnh, thành phố",
    ),
    "en": ("{0} province{2} drawn, as named at the time", "{} of {} provinces drawn"),
}
APART = _WORDS["apart key"]
NOTHING: dict[bool, dict[Language, str]] = {
    True: {"vi": "chưa tìm thấy số liệu công bố", "en": "nothing published was found"},
    False: {"vi": "không có trong các số liệu này", "en": "none among these rows"},
}


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
        parts.append(spoken(_COVERED)[bool(whole)].format(count, whole, "" if count == 1 else "s"))
    for level, words in _LEVELS.items():
        rows = frame[frame["geo_level"] == level]
        if len(rows):
            areas = count_places(rows)
            within = rows.loc[rows["province"] != "", "province"].nunique()
            text = f"{areas} {spoken(words)[areas != 1]}"
            if within:
                several = "s" * (within != 1)
                text += spoken(
                    {"vi": f" thuộc {within} tỉnh, thành phố", "en": f" in {within} province{several}"}
                )
            parts.append(text)
    return "; ".join(parts)


def not_comparable(frame: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Return published rows of places that aren't drawn, each with its ``reason``: see ``rates.left_out``.

    Where the rows drawn are of province level, each province stands once, with the figure that differs least.
    """
    out = left_out(published, frame)
    if "withheld" in out:
        out = out[~out["withheld"].isin([*_WITHHELD])]
    if "geo_level" not in frame or "province" not in frame or "province" not in out:
        return out
    if set(frame["geo_level"]) <= {"province", "country"}:
        out = out[~out["province"].isin([*frame["province"]]) & (out["province"] != "")]
        nearest_first = out.assign(_parts=out["reason"].str.count(r"\+")).sort_values("_parts", kind="stable")
        return nearest_first.drop_duplicates("province").drop(columns="_parts").sort_index()
    return out[~places(out, frame).isin(places(frame, out))]


def apart(frame: pd.DataFrame, out: pd.DataFrame | None) -> list[str]:
    """Return the lines on what was published and isn't drawn, and on how many provinces nothing was found.

    Parameters
    ----------
    frame : DataFrame
        The rows drawn.
    out : DataFrame, optional
        What `not_comparable` returned; without it nothing can be said.

    Returns
    -------
    list of str
    """
    if out is None:
        return []
    whole = "geo_level" in frame and set(frame["geo_level"]) <= {"province", "country"}
    # the first difference is enough to tell that a figure is another one; the rows hold all of them
    named = out.assign(reason=out["reason"].str.replace(r"\+.*", "", regex=True))
    named = named.assign(geo_level="province", area="") if whole else named
    said = [f"{spoken(_WORDS['apart'])}: {'; '.join(left_out_words(named))}."] if len(out) else []
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
    return difference(code) if code in {"no_rate", "no_count", "chosen"} else f"≠ {difference(code)}"


def nothing_found(count: int, whole: int) -> str:
    """Return the line that says of how many provinces nothing published was found."""
    return spoken(_WORDS["nothing"]).format(count, whole)


def not_drawn(count: int, reason: Mapping[Language, str] | None = None) -> str:
    """Return the line that says how many rows aren't in the picture and why (no rate, when not given)."""
    why = reason or {"vi": "không có tỷ lệ", "en": "no rate"}
    words = {
        "vi": f"{count} số liệu không có trong biểu đồ: {why['vi']}.",
        "en": f"{count} row{'s' * (count != 1)} not drawn: {why['en']}.",
    }
    return spoken(words)


def hidden_lines(hidden: pd.DataFrame) -> list[str]:
    """Return the lines on rows that aren't in the picture: places with too few people, then all others.

    Parameters
    ----------
    hidden : DataFrame
        The rows not drawn; ``withheld`` (of ``records.withhold``) tells those of small groups.

    Returns
    -------
    list of str
    """
    withheld = pd.Series(column_of(hidden, "withheld"), index=hidden.index, dtype="str")
    said = [
        spoken(_WITHHELD[why])[places != 1].format(places)
        for why in _WITHHELD
        if (places := len(set(labels(hidden[withheld == why]))))
    ]
    rest = int((~withheld.isin(list(_WITHHELD))).sum())
    return said + ([not_drawn(rest)] if rest else [])
