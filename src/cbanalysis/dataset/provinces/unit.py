"""Dated units: a province as it was between two dates, and what a date means."""

from __future__ import annotations

import calendar
import numbers
import re
from dataclasses import dataclass
from datetime import date, datetime

from cbanalysis.common.errors import UnknownName, require_known
from cbanalysis.common.language import LANGUAGES, Language

When = date | int | str

DAYS = {64: "2008-07-31", 63: "2025-06-30", 34: "2025-07-01"}
"""How many provinces there were, and a day on which there were so many."""

PROVINCE = "tỉnh"
CITY = "thành phố trực thuộc trung ương"

# The two types of units at province level, in both languages.
TYPES: dict[str, dict[Language, str]] = {
    PROVINCE: {"vi": PROVINCE, "en": "province"},
    CITY: {"vi": CITY, "en": "centrally run city"},
}

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def last_day(when: When) -> date:
    """Return the day that a date, month or year stands for: its last one.

    Parameters
    ----------
    when : date, int or str
        A date, a year (2012), or ``"2012"``, ``"2012-05"``, ``"2012-05-17"``.

    Returns
    -------
    date
        The last day of the year or month; the date itself when it is one.

    Raises
    ------
    UnknownName
        When it is no date, or one that doesn't exist.

    Examples
    --------
    >>> str(last_day(2012)), str(last_day("2012-02"))
    ('2012-12-31', '2012-02-29')
    """
    # pandas' missing date is a date, too, without a year
    if isinstance(when, date) and isinstance(when.year, int):
        return when.date() if isinstance(when, datetime) else when
    written = f"{int(str(when)):04d}" if _is_year(when) else str(when).strip()
    found = _DATE.fullmatch(written)
    if not found:
        raise UnknownName("date", when, hint="(a date, a year, or text like 2012, 2012-05, 2012-05-17)")
    year, month = int(found[1]), int(found[2] or 12)
    try:
        # monthrange raises an error of its own for month 13, so the month is tried first
        first = date(year, month, 1)
        return first.replace(day=int(found[3] or calendar.monthrange(year, month)[1]))
    except ValueError as error:
        raise UnknownName("date", when, hint=f"({error})") from error


def _is_year(when: object) -> bool:
    return isinstance(when, numbers.Integral) and not isinstance(when, bool)


def named_aloud(name: str) -> str:
    """Return a province's Vietnamese name as readers write it: a bare Hồ Chí Minh is the person."""
    return "TP. Hồ Chí Minh" if name == "Hồ Chí Minh" else name


@dataclass(frozen=True)
class Unit:
    """A province or centrally run city as it was from one date to another.

    Attributes
    ----------
    unit_id : str
        Its name in our tables, e.g. ``"24-2025"``: code and year (and month) from which it is valid.
    gso_code : str
        The statistics office's code. After 2025-07-01 some codes name another province than before.
    iso_3166_2 : str
        ISO code; empty where none is assigned yet.
    name_vi, name_en, type, region_vi, region_en : str
        As in force on its dates.
    valid_from : date
        The first day.
    valid_to : date or None
        The last day; None while it exists.
    successor_code : str
        The code of the unit that took its place; empty while it exists.
    predecessor_codes : tuple of str
        The codes of the units that it was made of.
    territory_2004 : tuple of str
        Which of the 64 provinces of 2004 (by code) its land covers.
    aliases : tuple of str
        Other usual spellings.
    lat, lon : float or None
        A point inside, in degrees.
    change, source : str
        What happened to it, and where that is from.
    """

    unit_id: str
    gso_code: str
    iso_3166_2: str
    name_vi: str
    name_en: str
    type: str
    region_vi: str
    region_en: str
    valid_from: date
    valid_to: date | None
    successor_code: str
    predecessor_codes: tuple[str, ...]
    territory_2004: tuple[str, ...]
    aliases: tuple[str, ...]
    lat: float | None = None
    lon: float | None = None
    change: str = ""
    source: str = ""

    def name(self, lang: Language = "vi") -> str:
        """Return its name; another language than ours is refused."""
        require_known("language", lang, LANGUAGES)
        return named_aloud(self.name_vi) if lang == "vi" else self.name_en

    def region(self, lang: Language = "vi") -> str:
        """Return the name of its region; another language than ours is refused."""
        require_known("language", lang, LANGUAGES)
        return self.region_vi if lang == "vi" else self.region_en

    def valid(self, on: When) -> bool:
        """Return whether it existed on a day.

        Parameters
        ----------
        on : date, int or str
            The day; a year means its last one.

        Returns
        -------
        bool
            Whether it did.

        Raises
        ------
        UnknownName
            When `on` is no date.
        """
        day = last_day(on)
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def is_city(self) -> bool:
        """Whether it is a centrally run city rather than a province (tỉnh)."""
        return self.type == CITY

    @property
    def pieces(self) -> tuple[str, ...]:
        """Land that it holds beyond whole provinces of 2004, in words; mostly empty.

        Only Hà Nội since 2008 has any: Mê Linh from Vĩnh Phúc, four communes from Hòa Bình.
        """
        if not self.change.startswith("="):
            return ()
        parts = self.change.removeprefix("=").split(";")[0].split("+")
        return tuple(part.strip() for part in parts if "(" in part)

    @property
    def partial(self) -> bool:
        """Whether sums over its parts miss some of its land (see `pieces`)."""
        return bool(self.pieces)


def territories(unit: Unit) -> frozenset[str]:
    """Return the 2004 provinces, by code, whose land a unit covers.

    A unit lies wholly inside another exactly when its set is a subset of the other's.

    Parameters
    ----------
    unit : Unit
        Any dated unit.

    Returns
    -------
    frozenset of str
        Codes of 2004.
    """
    return frozenset(unit.territory_2004)
