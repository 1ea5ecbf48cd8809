"""What the columns of figures mean: every word of their headings is accounted for, or it is asked about."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from cbanalysis.common.messages import Message, message
from cbanalysis.common.text.letters import clean, fold
from cbanalysis.importing.layouts import heads
from cbanalysis.importing.layouts.columns import Column, Meaning
from cbanalysis.importing.layouts.periods import is_of_paper, without_periods
from cbanalysis.importing.layouts.places import Places
from cbanalysis.importing.layouts.records import YEAR
from cbanalysis.importing.layouts.vocabulary import (
    GENERAL,
    RATED,
    Heading,
    Term,
    Vocabulary,
    pattern,
    specific,
    words_of_tables,
)

FACTORS = {"thousand": 1000, "million": 1_000_000}
_OF_ALL = {"total", "rated"}
_PLACES_OF = {"commune", "district", "village"}
_ANYONES = {*_PLACES_OF, "member", "cell"}
_PERSONS = {"member", "other"}


class _Ask(Exception):
    """A question that only a person can answer."""


class Meanings:
    """The headings of one table, read with the lines above it."""

    def __init__(  # noqa: PLR0913 -- what headings are read with
        self,
        body: heads.Body,
        columns: Sequence[Column],
        vocabulary: Vocabulary,
        places: Places,
        *,
        told: Collection[str],
        years: Sequence[int],
        all_of: Sequence[str] = (),
    ) -> None:
        self.body, self.vocabulary, self.places = body, vocabulary, places
        self.rated = vocabulary.catalogue.rated
        self.all_of = [*map(fold, all_of)]
        self.told, self.years = told, years  # what rows say themselves: subject, indicator, category
        self.questions: list[Message] = []
        self.remarks: list[str] = []
        self.units: set[str] = set()
        self.unclear: list[str] = []  # units that nobody knows
        self.of_persons = False  # whether the table's unit is so many persons
        self.own_units: set[str] = set()  # those that indicators.toml declares
        below = [line for line in body.notes()[:3] if pattern("unit_line").match(line)]
        self.title = list(self._title([*(body.title or [body.grid.sheet]), *below]))
        self.questions += [message("planned", title=line) for line in body.title if _is_plan(line)]
        above = heads.named_above(body.title, vocabulary)
        self.name = above or heads.named_above([heads.name_of_file(body)], vocabulary)
        self.of_party = bool(pattern("party").search(" ".join([*body.title, *body.headers])))
        self.named_by_file = False  # whether only the file's name says what some column is
        self.only_file = not above
        self.units |= {unit for _, heading in self.title for unit in heading.all("units") if unit != "each"}
        self.own_units |= {unit for _, heading in self.title for unit in heading.all("own_units")}
        for column in columns:
            if column.role == "unit":
                self._units_of(" ".join({str(value) for value in column.values}))
        self.of: dict[int, Meaning] = {}
        own = (vocabulary.heading(column.header) for column in columns if not column.role)
        self.spoken = {name for one in own for name in (*one.all("indicator"), *one.all("category"))}
        before: Meaning | None = None
        for column in columns:
            if column.role:
                before = None
                continue
            try:
                self.of[column.at] = before = self._column(column.header, body.years[column.at], before)
            except _Ask as question:
                self.questions.append(question.args[0])
                before = None
        # an own indicator is in a unit that nobody knows, unless that may be so many of one
        party = {meaning.indicator for meaning in self.of.values()} & {
            "org_count",
            *words_of_tables()["indicators"],
        }
        self.questions += [
            message("unknown_unit", unit=unit)
            for unit in self.unclear
            if party or pattern("many").search(unit)
        ]

    # -- the lines above -------------------------------------------------------------------------

    def _title(self, lines: Sequence[str]) -> Iterator[tuple[str, Heading]]:
        for line in lines:
            found = pattern("unit_line").search(line)
            if found:
                self._units_of(found["unit"])
            text = pattern("listed_places").sub("", line[: found.start()] if found else line)
            words = self._words_above(text)
            if words.strip():
                yield text, self.vocabulary.heading(words, title=True)

    def _words_above(self, text: str) -> str:
        """Return the words of a line above without years, places and the numbers of tables."""
        words = " ".join(self.places.cut(without_periods(text))[1].split())
        return re.sub(r"(?<!loại )(?<!hạng )\b(?:[IVX]{1,5}|[0-9]{1,3})\b", " ", words)

    def _units_of(self, text: str) -> None:
        heading = self.vocabulary.heading(text.replace(",", " ").replace(";", " "))
        self.of_persons |= bool(pattern("of_persons").search(fold(text)))
        units = {*heading.all("units"), *({"percent"} & set(heading.all("measure")))}
        self.own_units |= {*heading.all("own_units")}
        if heading.rest or not (units or heading.all("own_units") or heading.all("subject")):
            self.unclear.append(text)
        self.units |= units - {"each"}

    def _spoken(self, kind: str) -> list[str]:
        return list(dict.fromkeys(value for _, heading in self.title for value in heading.all(kind)))

    def _subject(self, heading: Heading) -> str:
        """Return whose figures they are, from the heading or the lines above; ``""`` if that isn't clear."""
        own = heading.all("subject")
        if own:
            return own[0] if len(own) == 1 else ""
        if "subject" in self.told:
            return ""
        spoken = self._spoken("subject")
        narrow = [name for name in spoken if name not in _PLACES_OF] or spoken
        return narrow[0] if len(narrow) == 1 else ""

    # -- one column ------------------------------------------------------------------------------

    def _column(self, header: str, years: tuple[str, ...], before: Meaning | None) -> Meaning:
        text = "" if header.startswith("(column") else header
        word = "năm|nam|year|" if self.vocabulary.bare else ""
        year = rf"\b(?:{word}(?:tính\s+)?đến(?:\s+(?:hết|ngày|năm))*)?\s*{re.escape(YEAR)}|{re.escape(YEAR)}"
        heading = self.vocabulary.heading(re.sub(year, " ", text, flags=re.IGNORECASE))
        span = len(years) < 2 or re.search(rf"{YEAR}\s*[-–—/]\s*{YEAR}", header)
        if len(years) > 2 or list(years) != sorted(years) or not span:
            raise _Ask(message("year_backwards", header=header, years=", ".join(years)))
        heading = self._of_title(text, self._narrowed(heading))
        self._understood(header, heading)
        kinds = heading.all("kinds")
        if heading.only_measure and not kinds and heading.measure == "percent" and before is not None:
            known = self.vocabulary.catalogue.indicators.get(before.indicator)
            if known is not None and not known.has_base(category=before.category):
                raise _Ask(message("share_of_what", header=header))
            meaning = replace(before, measure="percent", factor=1)
        elif (
            heading.only_measure and heading.all("kinds") and before is not None and not self._special_above()
        ):
            # "Đảng viên; Nam; Nữ": of those in the column before
            meaning = replace(
                before, category=heading.first("kinds"), measure=heading.measure or before.measure
            )
        elif heading.only_measure:
            meaning = self._from_above(header, heading)
        else:
            meaning = self._own(header, heading)
        if meaning.category in {"nam", "nữ"} and meaning.subject not in {"", *_PERSONS}:
            raise _Ask(message("unknown_column", header=header))
        return self._in_units(header, heading, meaning)

    def _narrowed(self, heading: Heading) -> Heading:
        """Return a heading in whose table cells are those of the title: under grassroots committees."""
        spoken = {"branch_cell", "cell"} & {*self._spoken("subject")}
        if heading.all("subject") != ["cell"] or spoken != {"branch_cell"}:
            return heading
        narrow, cell = Term("subject", "branch_cell"), Term("subject", "cell")
        return replace(heading, terms=tuple(narrow if one == cell else one for one in heading.terms))

    def _of_title(self, text: str, heading: Heading) -> Heading:
        """Return what a heading says together with the title, where an own indicator has both their names."""
        understood = bool(self.title) and not any(above.doubtful for _, above in self.title)
        bare = heading.only_measure and not heading.all("kinds") and not understood
        of_others = not self.of_party and {*heading.all("subject")} & _ANYONES
        if not (heading.doubtful or bare or of_others):
            return heading
        plain = " ".join(
            heads.without_asides(text.replace(YEAR, " ").replace("|", " "), self.vocabulary).split()
        )
        for named in (plain, *([f"{self.name}: {plain}"] if self.name else [])):
            together = self.vocabulary.heading(named.replace("%", " "))
            special = {*together.all("indicator")} - GENERAL - self.rated
            if special and not together.doubtful:
                self.named_by_file |= self.only_file and named != plain
                units = (term for term in heading.terms if term.kind in {"units", "own_units", "measure"})
                return replace(together, terms=(*together.terms, *units))
        return heading

    def _understood(self, header: str, heading: Heading) -> None:
        if heading.all("asked"):
            raise _Ask(message("asked", header=header, what=", ".join(heading.all("asked"))))
        if heading.rest:
            words = self.vocabulary.key(header).split()
            first, last = (
                words.index(word) if word in words else 0 for word in (heading.rest[0], heading.rest[-1])
            )
            rest = " ".join(words[first : last + 1])
            near = self.vocabulary.nearest(rest)
            key = "rest_near" if near else "rest"
            raise _Ask(message(key, header=header, rest=rest, near=" / ".join(near)))

    def _own(self, header: str, heading: Heading) -> Meaning:
        """Return what a heading says by itself; the lines above may say of whom."""
        measure, kinds = heading.measure, heading.all("kinds")
        categories, indicators = heading.all("category"), heading.all("indicator")
        special = [name for name in indicators if name not in GENERAL | self.rated]
        if len(special) > 1 or len(kinds) > 1 or (categories and special):
            names = ", ".join([*categories, *special, *kinds])
            raise _Ask(message("several", header=header, names=names))
        category = kinds[0] if kinds else ""
        if heading.all("negation") and not special:
            raise _Ask(message("negated", header=header))
        if categories:
            return self._rating(header, heading, category)
        if special:
            if special[0] in words_of_tables()["indicators"]:
                self._is_of_all(header, "total", heading.all("subject"))
            subject = self._subject_for(header, specific(special), heading)
            complement = bool(heading.all("negation"))
            if complement:
                self.remarks.append(message("is_complement", header=header, indicator=special[0]))
            return Meaning(measure, special[0], subject, category=category, complement=complement)
        if {"indicator", "category"} & set(self.told):
            return self._of_rows(header, heading, measure, category)
        return self._counted(header, heading, category)

    def _counted(self, header: str, heading: Heading, category: str) -> Meaning:
        """Return what a heading that names only a subject counts."""
        measure, subjects = heading.measure, heading.all("subject")
        above = self._special_above()
        if len(subjects) > 1:
            raise _Ask(message("several", header=header, names=", ".join(subjects)))
        if "some" in heading.all("fillers"):
            raise _Ask(message("unknown_column", header=header))
        self._is_of_all(header, measure, subjects)
        if measure == "percent":
            if above:
                return self._from_above(header, heading)
            raise _Ask(message("share_of_what", header=header))
        if not self.of_party and {*subjects} & _ANYONES:
            raise _Ask(message("unknown_column", header=header))
        if not subjects or (above and not measure) or self._shares_above(measure):
            key = "counts_or_shares" if subjects else "unknown_column"
            raise _Ask(message(key, header=header))
        return Meaning(
            "rated" if measure == "rated" else "total", "org_count", subjects[0], category=category
        )

    def _is_of_all(self, header: str, measure: str, subjects: Collection[str] = ()) -> None:
        """Ask where a line above says that only some are counted: chi bộ quân sự, đảng viên được kết nạp."""
        for text, above in self.title if self.body.title else ():
            spoken = {*above.all("subject")}
            # else it speaks of other things than villages
            if {*subjects} & _PLACES_OF - spoken or self._says_no_more(text):
                continue
            words = self.places.without_districts(clean(pattern("breakdown").split(text)[0]))
            words = pattern("topic").sub(" ", pattern("of_time").sub(" ", words))
            said = self.vocabulary.heading(self._words_above(words), title=True)
            some = [*said.rest, *said.all("kinds"), *said.all("asked"), *said.all("negation")]
            paper = is_of_paper(text) or heads.is_letterhead(text) or _is_plan(text)
            if paper or (spoken and not said.all("subject")):
                some = []
            # beside a total, or a column of its own, what the line names is no part of the count
            named = {*above.all("indicator"), *above.all("category")} - GENERAL - self.rated
            if some or (named and measure not in _OF_ALL and not named & self.spoken):
                known = self.vocabulary.catalogue.indicators
                rest = " ".join(some) or ", ".join(
                    known[one].name.vi if one in known else one for one in named
                )
                raise _Ask(message("title_rest", header=header, title=text, rest=rest))

    def _says_no_more(self, line: str) -> bool:
        """Return whether a person said that a line above names no part of what is counted."""
        return any(one in fold(line) for one in self.all_of if one)

    def _special_above(self) -> list[str]:
        return [name for name in self._spoken("indicator") if name not in GENERAL | self.rated]

    def _shares_above(self, measure: str) -> bool:
        """Return whether only the lines above say that figures are shares."""
        return not measure and "percent" in {heading.measure for _, heading in self.title}

    def _subject_for(self, header: str, indicator: str, heading: Heading) -> str:
        """Return of what an indicator is said: the usual one of the subjects that are spoken of."""
        known = self.vocabulary.catalogue.indicators[indicator].subjects
        for spoken in (heading.all("subject"), self._spoken("subject")):
            usable = [subject for subject in known if subject in spoken]
            if usable:
                return usable[0]
            if spoken and spoken is heading.all("subject"):
                break
        if heading.all("subject"):
            raise _Ask(
                message("several", header=header, names=", ".join([indicator, *heading.all("subject")]))
            )
        return known[0]

    def _of_rows(self, header: str, heading: Heading, measure: str, category: str = "") -> Meaning:
        """Return what a column means whose rows say themselves what indicator or category they are of."""
        if "indicator" in self.told:
            return Meaning(measure, "", self._subject(heading), category=category)
        return Meaning(measure, *self._rated(header, heading))

    def _rated(self, header: str, heading: Heading) -> tuple[str, str]:
        """Return which indicator ratings are of, and of whom: the one named, else those of organisations."""
        for spoken in (heading.all("indicator"), self._spoken("indicator")):
            own = [name for name in spoken if name in self.rated - GENERAL]
            if len(own) > 1:
                raise _Ask(message("several", header=header, names=", ".join(own)))
            if own:
                return own[0], self._subject_for(header, own[0], heading)
        return RATED, self._subject(heading)

    def _rating(self, header: str, heading: Heading, kind: str) -> Meaning:
        self._is_of_all(header, "rated")
        names = heading.all("category")
        phrases = [self.vocabulary.categories[name] for name in names]
        indicator, subject = self._rated(header, heading)
        of_years = self.vocabulary.catalogue.schemes_of(indicator, subject, self.years)
        having = [one for one in of_years if all(one.id in phrase for phrase in phrases)]
        if "category" in self.told or (having and len({phrase[having[-1].id] for phrase in phrases}) > 1):
            raise _Ask(message("several", header=header, names=", ".join(names)))
        if not having:
            known = ", ".join(dict.fromkeys(entry.name.vi for one in of_years for entry in one.categories))
            years = ", ".join(map(str, self.years)) or "?"
            raise _Ask(message("no_such_category", header=header, years=years, known=known))
        scheme = having[-1]
        rated = scheme.category(phrases[0][scheme.id])
        return Meaning(heading.measure, indicator, subject, scheme.id, rated.id, rated.kind, kind)

    def _from_above(self, header: str, heading: Heading) -> Meaning:
        """Return what a column whose heading says no more than a measure or a year means: the title's."""
        kinds, measure = heading.all("kinds"), heading.measure
        subject = self._subject(heading)
        if {"indicator", "category"} & set(self.told):
            share = "percent" if self._shares_above("") else ""
            return self._of_rows(header, heading, measure or share)
        if measure == "rated":
            return Meaning(measure, "org_count", subject)
        named = [(text, one) for text, one in self.title if one.all("indicator") or one.all("category")]
        named = named or [(text, one) for text, one in self.title if one.all("subject") and one.measure]
        named = [pair for pair in named if not self._only_rated(pair[1])] or named
        if not named:
            if measure == "total" and not kinds and subject:
                return Meaning(measure, "org_count", subject)
            raise _Ask(message("unknown_column", header=header))
        text, above = named[0]
        general = {*above.all("indicator")} <= GENERAL | self.rated and not above.all("category")
        if measure in {"total", "count"} and general and not kinds:
            return Meaning("rated" if "rated" in above.all("measure") else "total", "org_count", subject)
        said = above.all("asked") or (above.rest and not self._says_no_more(text))
        if said or above.all("kinds"):
            rest = " ".join([*above.rest, *above.all("asked"), *above.all("kinds")])
            raise _Ask(message("title_rest", header=header, title=text, rest=rest))
        if self._only_rated(above):
            raise _Ask(message("unknown_column", header=header))
        meaning = self._own(text, above)
        if measure in {"percent", "count"}:
            meaning = replace(meaning, measure=measure)
        elif self._shares_above(meaning.measure):
            meaning = replace(meaning, measure="percent")
        return replace(meaning, category=kinds[0] if kinds else meaning.category)

    def _only_rated(self, above: Heading) -> bool:
        """Return whether a title names ratings, and no category."""
        indicators = {*above.all("indicator")}
        return bool(indicators) and indicators <= self.rated and not above.all("category")

    def _in_units(self, header: str, heading: Heading, meaning: Meaning) -> Meaning:
        """Return a meaning with the unit that its heading or the table is in."""
        own = {unit for unit in heading.all("units") if unit != "each"}
        units = own or self.units
        if (valued := self._valued(header, heading, meaning, units)) is not None:
            return valued
        if heading.all("own_units") and not own:
            raise _Ask(message("unknown_unit", unit=", ".join(heading.all("own_units"))))
        if "money" in units and (own or meaning.measure != "percent"):
            raise _Ask(message("money", header=header))
        shares = own or meaning.measure not in {"total", "rated", "count"}
        if "permille" in units and shares and heading.measure != "total":
            self.remarks.append(message("is_permille", header=header))
            return replace(meaning, measure="percent", permille=True)
        if meaning.measure == "percent":
            return meaning
        if not heading.measure and "percent" in units and meaning.measure == "":
            return replace(meaning, measure="percent")
        if not meaning.measure and self._shares_above(heading.measure):
            raise _Ask(message("counts_or_shares", header=header))
        return self._multiplied(header, meaning, own or self.units, own=bool(own))

    def _multiplied(self, header: str, meaning: Meaning, units: set[str], *, own: bool) -> Meaning:
        """Return a meaning with what its counts are given in; a table's thousand persons are no cells."""
        factors = [FACTORS[unit] for unit in units if unit in FACTORS]
        if len(factors) > 1:
            raise _Ask(message("unknown_unit", unit=", ".join(sorted(units))))
        if not factors:
            return meaning
        if not own and self.of_persons and meaning.subject not in {"", *_PERSONS}:
            raise _Ask(message("unit_of_persons", header=header))
        self.remarks.append(message("has_factor", header=header, factor=factors[0], example=75 * factors[0]))
        return replace(meaning, factor=factors[0])

    def _valued(self, header: str, heading: Heading, meaning: Meaning, units: set[str]) -> Meaning | None:
        """Return a meaning of an indicator with a unit of its own, unless heading or table name another."""
        known = self.vocabulary.catalogue.indicators.get(meaning.indicator)
        unit = self.vocabulary.catalogue.units[known.unit] if known else None
        if unit is None or not unit.own:
            return None
        sign = {"%"} & {*header} if "%" not in unit.names() else set()
        other = {*heading.all("own_units")} or self.own_units or units or sign
        if other and unit.id not in other:
            raise _Ask(message("other_unit", header=header, unit=unit.id, what=", ".join(sorted(other))))
        return replace(meaning, measure="value", factor=1)


def _is_plan(line: str) -> bool:
    """Return whether a line is the title of a plan."""
    return bool(pattern("planned").match(pattern("numbered").sub("", clean(line))))
