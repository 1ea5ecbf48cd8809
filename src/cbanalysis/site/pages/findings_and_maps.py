"""What the front page shows of the figures: findings in short, and the values of a map."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Any

from cbanalysis.common.errors import harmless
from cbanalysis.common.language import speaking
from cbanalysis.common.text.numbers import with_sign
from cbanalysis.display.words import at_time, in_sentence, level_with, listed, number, unbracketed
from cbanalysis.site.pages.figures_shown import Figures, ends, is_above
from cbanalysis.site.pages.page_words import WORDS

# What the front page answers, as far as the figures bear it: indicator and subject.
_QUESTIONS = (
    ("village_own_cell", "village"),
    ("village_head_secretary", "village"),
    ("office_cell_adoption", "commune"),
    ("org_quality_rating", "grassroots_org"),
    ("meeting_attendance", "member"),
)
_SINGLE = {"wilson", "rounding"}
_KINDS = ("wilson", "rounding", "floor", "range", "about")
_FEWEST, _FEWEST_ON_A_MAP, _FEWEST_WITH_A_MEDIAN, _CLASSES = 3, 3, 5, 4
_WIDTH, _EDGE, _DOT, _NAME, _FOOT = 320, 12, 5, 16, 20


def span(figures: Iterable[Mapping[str, Any]]) -> str:
    """Return the first and the last year that figures speak of, in words."""
    return "–".join(dict.fromkeys(map(str, ends(figures) or ())))


def _decimals(value: float) -> int:
    """Return with how many decimals a card writes a share: one, and none where it is whole."""
    return int(value % 1 != 0)


class Front:
    """Findings and map values in one language.

    Parameters
    ----------
    figures : Figures
        All that is known.
    language : {"vi", "en"}
        The reader's.
    profiles : mapping
        Address of the profile of a province, by its Vietnamese name.
    homes : mapping
        Address of the report that says most of an indicator, by its id.
    names : mapping
        The indicators' names, by id.
    """

    def __init__(
        self,
        figures: Figures,
        language: str,
        profiles: Mapping[str, str],
        homes: Mapping[str, str],
        names: Mapping[str, str],
    ) -> None:
        self.figures, self.language = figures, language
        self.words = WORDS[language]
        self.profiles, self.homes, self.names = profiles, homes, names

    def findings(self) -> list[dict[str, Any]]:
        """Return what the figures answer: title, sentence, doubt, small chart, report."""
        found = []
        for indicator, subject in _QUESTIONS:
            those = {
                one: figure
                for one, figure in self.figures.known.items()
                if (figure["indicator"], figure.get("subject")) == (indicator, subject)
            }
            # attendance is published of places of every level: its kinds can't be ranked, only shown
            kinds = indicator == "meeting_attendance"
            made = self._kinds(those) if kinds else self._rates(those)
            if made is not None:
                name = {"title": self.names.get(indicator, indicator)} if kinds else {}
                found.append({**made, **name, "address": self.homes.get(indicator, "")})
        return found

    def _rates(self, those: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
        """Say how far the newest rates of provinces lie apart, else how the rate of one changed."""
        groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for one, figure in those.items():
            # the strip of a card runs from 0 to 100 %
            usable = figure.get("comparable") and figure.get("standard") and figure.get("year")
            usable = usable and not figure.get("in")
            if usable and figure.get("level") == "province" and figure.get("interval") in _SINGLE:
                groups[figure["what"]["vi"]][figure["province"]].append(one)
        if not groups:
            return None
        by_place = max(groups.values(), key=len)
        for ids in by_place.values():
            ids.sort(key=lambda one: those[one]["year"])
        if len(by_place) >= _FEWEST:
            return self._spread([ids[-1] for ids in by_place.values()])
        longest = max(by_place.values(), key=len)
        return self._change(longest) if len(longest) > 1 else None

    def _spread(self, ids: list[str]) -> dict[str, Any]:
        ids = sorted(ids, key=self._rate)
        low, high = ids[0], ids[-1]
        whole = not any(self.figures.known[one].get("cut") for one in ids)
        middle = whole and len(ids) >= _FEWEST_WITH_A_MEDIAN
        said = self.words["spread_says" if middle else "ends_say"].format(
            n=len(ids),
            median=self._share(median(map(self._rate, ids))),
            low=self._percent(low),
            low_where=self._place(low) + self._level(low, ids),
            high=self._percent(high),
            high_where=self._place(high) + self._level(high, ids),
        )
        return self._card(ids, said, [("", ids)])

    def _change(self, ids: list[str]) -> dict[str, Any]:
        first, last = ids[0], ids[-1]
        points = self._rate(last) - self._rate(first)
        grown = number(abs(points), self.language, _decimals(points))
        when = {one: self.figures.known[one]["when"][self.language] for one in ids}
        with speaking(self.language):
            first_when, last_when = in_sentence(when[first]), in_sentence(when[last])
        said = self.words["change_says"].format(
            where=self.figures.known[first]["where"][self.language],
            first=self._percent(first),
            first_when=first_when,
            last=self._percent(last),
            last_when=last_when,
            change=self.words["rise" if points >= 0 else "fall"].format(grown),
        )
        return self._card(ids, said, [(when[one], [one]) for one in ids])

    def _kinds(self, those: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
        by_kind = {
            kind: [one for one, figure in those.items() if figure.get("interval") == kind] for kind in _KINDS
        }
        rows = [(self.words[f"kind_{kind}"], ids) for kind, ids in by_kind.items() if ids]
        bare = len(those) - sum(len(ids) for _, ids in rows)
        if not rows:
            return None
        told = [(name, len(some)) for name, some in rows] + [(self.words["kind_none"], bare)]
        counted = self.words["kind_counted"]
        counts = [counted.format(n=number(n, self.language), kind=kind) for kind, n in told if n]
        with speaking(self.language):
            said = self.words["kinds_say"].format(n=len(those), kinds=listed(counts))
        return self._card([*those], said, rows, (self.words["kinds_doubt"],))

    def _card(
        self,
        ids: Sequence[str],
        said: str,
        rows: Sequence[tuple[str, Sequence[str]]],
        doubts: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Return a finding with its doubt: bases, years, documents, sums that fail."""
        known = [self.figures.known[one] for one in ids]
        years = sorted({figure["year"] for figure in known if figure.get("year")})
        based = sum(figure.get("base") is not None for figure in known)
        most = max(Counter(figure["source"] for figure in known).values())
        wrong = sum(bool(figure.get("findings")) for figure in known)
        said_of = {"n": len(ids), "k": based, "years": span(known)}
        base = "doubt_all" if based == len(ids) > 1 else "doubt_base" if based else "doubt_no_base"
        cuts = dict.fromkeys(figure["cut"][self.language] for figure in known if figure.get("cut"))
        parts = [
            *doubts,
            self.words[base].format(**said_of),
            self.words["doubt_years"].format(**said_of) if len(years) > 1 else "",
            self.words["doubt_document"].format(n=len(ids), k=most) if most > max(2, len(ids) / 2) else "",
            self.words["doubt_sums"].format(wrong) if wrong else "",
            self.words["doubt_inferred"] if any(figure.get("inferred") for figure in known) else "",
            *(f"{cut[:1].upper()}{cut[1:]}." for cut in cuts),
            self.words["doubt_ratings"] if known[0]["indicator"] == "org_quality_rating" else "",
        ]
        drawn, bottom = [], 0
        for name, some in rows:
            drawn.append(self._row(name, some, bottom))
            bottom = drawn[-1]["y"] + _DOT
        return {
            "title": harmless(known[0]["what"][self.language]),
            "said": harmless(said),
            "doubt": " ".join(filter(None, parts)),
            "rows": drawn,
            "height": bottom + _FOOT,
        }

    def _row(self, name: str, ids: Sequence[str], top: int) -> dict[str, Any]:
        """Return the points of one row of a small chart from 0 to 100 %, stacked where they meet."""
        at = {one: _EDGE + self._rate(one) / 100 * (_WIDTH - 2 * _EDGE) for one in ids}
        slots = Counter(round(x / (2 * _DOT)) for x in at.values())
        base = top + (_NAME if name else 0) + max(slots.values()) * 2 * _DOT
        stacks: Counter[int] = Counter()
        points = []
        for one in sorted(ids, key=self._rate):
            figure, slot = self.figures.known[one], round(at[one] / (2 * _DOT))
            ends = [
                _EDGE + figure.get(side, 0) / 100 * (_WIDTH - 2 * _EDGE) for side in ("rate_low", "rate_high")
            ]
            points.append(
                {
                    "x": round(at[one], 1),
                    "y": base - stacks[slot] * 2 * _DOT,
                    "ends": [round(end, 1) for end in ends] if len(ids) == 1 else (),
                    "hollow": figure.get("base") is None,
                    "label": self.figures.label(one, self.language),
                    "address": self.to(one),
                }
            )
            stacks[slot] += 1
        return {"name": name, "name_y": top + _NAME, "y": base, "points": points}

    def _rate(self, one: str) -> float:
        figure = self.figures.known[one]
        return float(figure.get("rate", figure.get("rate_low", 0)))

    def _percent(self, one: str) -> str:
        return self._share(self._rate(one))

    def _share(self, value: float) -> str:
        return f"{number(value, self.language, _decimals(value))}%"

    def _place(self, one: str) -> str:
        figure = self.figures.known[one]
        with speaking(self.language):
            return at_time(unbracketed(figure["where"][self.language]), figure["when"][self.language])

    def _level(self, one: str, ids: Sequence[str]) -> str:
        """Return how many others share a value, as a sentence says it behind the place."""
        with speaking(self.language):
            return level_with(sum(self._rate(other) == self._rate(one) for other in ids) - 1)

    def to(self, one: str) -> str:
        """Return where a figure is told of: in the profile of its province."""
        profile = self.profiles.get(self.figures.known[one].get("province", ""), "")
        return f"{profile}#{one}" if profile else ""

    def series(self, maps: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
        """Return what a map can show: for each measure its classes, and its values by map, year and tile.

        Parameters
        ----------
        maps : mapping
            The tiles of the maps of 63 and 34 provinces.

        Returns
        -------
        list of dict
            Those of most provinces first. A province stands on a map only with figures of the very land that
            its tile is. Year ``""`` holds the newest value of each province; ``others`` says by map and tile
            where another figure of the indicator is told of, which isn't on the scale: the newest of the same
            measure, if there is one.
        """
        groups: dict[tuple[str, bool], list[str]] = defaultdict(list)
        for one, figure in self.figures.known.items():
            if figure.get("level") != "province" or not figure.get("comparable"):
                continue
            if figure.get("rate") is not None:
                groups[figure["what"]["vi"], True].append(one)
            if figure.get("count") is not None:
                groups[figure["what"]["vi"], False].append(one)
        found = [self._series(ids, maps, share=share) for (_, share), ids in groups.items()]
        return sorted(
            (one for one in found if one["places"] >= _FEWEST_ON_A_MAP),
            # shares first: numbers of large and small provinces don't compare
            key=lambda one: (not one["share"], -one["places"], one["name"]),
        )

    def _series(
        self, ids: list[str], maps: Mapping[str, Sequence[Mapping[str, Any]]], *, share: bool
    ) -> dict[str, Any]:
        known = self.figures.known
        ids = sorted(ids, key=lambda one: known[one].get("year") or 0)
        values = sorted(float(known[one]["rate" if share else "count"]) for one in ids)
        # the same classes in every year, so that one year can be held against another
        cuts = sorted({values[len(values) * at // _CLASSES] for at in range(1, _CLASSES)} - {values[0]})
        tiles: dict[str, dict[str, dict[int, tuple[Any, ...]]]] = {}
        others: dict[str, dict[int, str]] = {}
        for count, grid in maps.items():
            at = {tile.get("unit"): place for place, tile in enumerate(grid)}
            years: dict[str, dict[int, tuple[Any, ...]]] = defaultdict(dict)
            for one in ids:
                if (place := at.get(known[one].get("unit"))) is not None:
                    told = self._value(one, cuts, share=share)
                    years[""][place] = years[str(known[one].get("year") or "")][place] = told
            tiles[count] = dict(years)
            within = {unit: place for place, tile in enumerate(grid) for unit in tile.get("units", ())} | at
            first = known[ids[0]]
            alike = [
                one
                for one, figure in known.items()
                if figure["indicator"] == first["indicator"] and figure.get("unit") in within
            ]
            # the same measure before others of the indicator, the newest of each: the last one stays
            alike.sort(key=lambda one: (known[one]["what"] == first["what"], known[one].get("year") or 0))
            others[count] = {within[known[one]["unit"]]: self.to(one) for one in alike}
        bounds = [values[0], *cuts, values[-1]]
        name = known[ids[0]]["what"][self.language]
        ends = pairwise(self._written(one, known[ids[0]], share=share) for one in bounds)
        legend = [
            self.words["class_last" if at == len(cuts) else "class"].format(*both)
            if len({*both}) > 1
            else both[0]
            for at, both in enumerate(ends)
        ]
        return {
            "name": f"{harmless(name)} ({self._unit(known[ids[0]], share=share)})",
            "legend": legend,
            "places": len(tiles.get("63", {}).get("", {})),
            "share": share,
            "maps": tiles,
            "others": others,
        }

    def _value(self, one: str, cuts: Sequence[float], *, share: bool) -> tuple[Any, ...]:
        figure = self.figures.known[one]
        value = float(figure["rate" if share else "count"])
        exact = self._written(value, figure, share=share)
        text = figure["printed"] if figure.get("qualifier") == "range" else f"{self._sign(figure)}{exact}"
        shade = 1 + sum(value >= cut for cut in cuts)
        return text, shade, self.to(one), figure["when"][self.language]

    @staticmethod
    def _sign(figure: Mapping[str, Any]) -> str:
        """Return how exact a figure was printed: "trên 104.000" is above it, not about it."""
        match figure.get("qualifier", "exact"):
            case "exact":
                return ""
            case "at_least":
                return "≥"
        return ">" if is_above(figure) else "≈"

    def _unit(self, figure: Mapping[str, Any], *, share: bool) -> str:
        named = str(figure.get("in", {}).get(self.language, "%"))
        return harmless(named) if share else self.words["number"]

    def _written(self, value: float, figure: Mapping[str, Any], *, share: bool) -> str:
        if share and "in" not in figure:
            return self._share(value)
        sign = figure.get("sign", {}).get(self.language, "") if share else ""
        return with_sign(number(value, self.language), harmless(sign))
