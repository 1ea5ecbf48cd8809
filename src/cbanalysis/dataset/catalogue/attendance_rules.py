"""What guidance asks of attendance at cell meetings: dated classes, from data/attendance_rules.csv."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from cbanalysis.common.errors import DataError, Fault, UnknownName
from cbanalysis.common.folders import content_of, data_folder, shipped_folder
from cbanalysis.dataset.catalogue.catalogue_files import read_records
from cbanalysis.dataset.catalogue.entries import Record, Words

_FILE = "attendance_rules.csv"


class AttendanceClass(Record):
    """A class of one rule.

    Attributes
    ----------
    class_id, rule_id : str
    valid_from : date
        The rule's date.
    document, name : Words
        The rule's document; the class.
    at_least, above : float or None
        Percent of those due (without the exempt) that must have come, or been exceeded.
    absent_allowed : {"no", "yes"}
        Whether anybody may have been absent without a reason.
    year_months : int or None
        In how many months a cell must have reached the class for it to be the class of its year.
    year_floor : str
        The class that all its other months must have reached.
    basis : {"seen", "reported"}
        Whether the rule's own words were read.
    source : str
        Where, and what is not known.
    """

    class_id: str
    rule_id: str
    valid_from: date
    document: Words
    name: Words
    at_least: float | None = Field(ge=0, le=100)
    above: float | None = Field(ge=0, le=100)
    absent_allowed: Literal["no", "yes"]
    year_months: int | None = Field(ge=1, le=12)
    year_floor: str
    basis: Literal["seen", "reported"]
    source: str

    @field_validator("at_least", "above", "year_months", mode="before")
    @classmethod
    def _empty(cls, cell: object) -> object:
        return cell or None


@dataclass(frozen=True)
class AttendanceRule:
    """A rule: its date, its document and its classes from the best to the one for all the rest."""

    rule_id: str
    valid_from: date
    document: Words
    classes: tuple[AttendanceClass, ...]

    def first_month(self) -> int:
        """Return the first month that begins on the rule's date or later, counted from the year 0."""
        return self.valid_from.year * 12 + self.valid_from.month - (self.valid_from.day == 1)


def attendance_rules(rule: str | None = None) -> tuple[AttendanceRule, ...]:
    """Return the rules on attendance, the oldest first.

    Parameters
    ----------
    rule : str, optional
        Only this one.

    Returns
    -------
    tuple of AttendanceRule
        Of the data folder; of the one that ships with the package where that has none.

    Raises
    ------
    DataError
        If the file breaks its contract.
    UnknownName
        If there is no such rule.

    Examples
    --------
    >>> [rule.document["en"] for rule in attendance_rules()]
    ['Guidance 12-HD/BTCTW of 6 July 2018', 'Guidance 42-HD/BTCTW of 28 October 2025']
    """
    place = data_folder() / _FILE
    place = place if place.is_file() else shipped_folder("data") / _FILE
    rules = _read(place, content_of(place))
    if rule is None:
        return rules
    if chosen := tuple(one for one in rules if one.rule_id == rule):
        return chosen
    raise UnknownName("rule on attendance", rule, [one.rule_id for one in rules])


@lru_cache(maxsize=4)
def _read(path: Path, content: str) -> tuple[AttendanceRule, ...]:
    del content
    faults: list[Fault] = []
    classes = [one for _, one in read_records(path, AttendanceClass, faults, bilingual=("document", "name"))]
    DataError.raise_if(faults)
    alike = [list(rows) for _, rows in groupby(classes, key=lambda one: one.rule_id)]
    rules = [AttendanceRule(of[0].rule_id, of[0].valid_from, of[0].document, tuple(of)) for of in alike]
    return tuple(sorted(rules, key=lambda one: one.valid_from))
