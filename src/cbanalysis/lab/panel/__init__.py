"""Explore by mouse and keyboard; end with code: one call gives a panel of choices that have data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cbanalysis.common.errors import UnknownName, optional_libraries
from cbanalysis.common.language import Language
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.lab.panel.choices import Choice, settled

if TYPE_CHECKING:
    from cbanalysis.lab.panel.widgets import Panel

__all__ = ["explore"]


def explore(  # noqa: PLR0913 -- each is one control of the panel
    indicator: str = "office_cell_adoption",
    *,
    subject: str = "",
    geo_level: str = "",
    provinces: str | Iterable[str] = (),
    span: tuple[int, int] | None = None,
    comparison: str = "",
    lang: Language = "vi",
) -> Panel:
    """Show a panel: choose indicator, subject, level, provinces, years and comparison; see chart and table.

    Only what has data can be chosen. The panel says what speaks against comparing the chosen figures, names
    their sources, and writes the lines of code that give the same picture into a new cell.

    Parameters
    ----------
    indicator : str
        What it opens with; ``cb.indicators.<Tab>`` lists them.
    subject, geo_level : str
        Ids; all by default.
    provinces : str or iterable of str
        Names as the data write them; all by default.
    span : tuple of int, optional
        First and last; all by default, undated figures too.
    comparison : str
        attendance, ratings, beside, years, each, good_beside, good_years, map, counts or coverage; the first
        that has data by default.
    lang : {"vi", "en"}
        Language of the panel and its chart.

    Returns
    -------
    Panel
        A widget; its ``rows``, ``chart`` and ``code`` are those of the moment.

    Raises
    ------
    MissingExtra
        If ipywidgets, anywidget or itables isn't installed.
    UnknownName
        If what it should open with doesn't exist or has no figures; names the nearest that has.

    Examples
    --------
    >>> panel = explore("village_own_cell", lang="en")
    >>> print(panel.code)
    import cbanalysis as cb
    <BLANKLINE>
    observations = cb.load_observations(indicator="village_own_cell")
    rows = cb.rates.standard(cb.add_rates(observations))
    cb.charts.ranked_dots(rows, published=cb.load_observations("village_own_cell"), lang="en")
    """
    with optional_libraries():
        from cbanalysis.lab.panel.widgets import Panel  # noqa: PLC0415 -- reports do without it
    named = (provinces,) if isinstance(provinces, str) else tuple(provinces)
    asked = Choice(indicator, subject, geo_level, _as_written(named), span or (), comparison, lang)
    kept, offer = settled(asked)
    for kind, given, left, known in (
        ("subject", subject, kept.subject, offer.subjects),
        ("level", geo_level, kept.geo_level, offer.levels),
        ("comparison", comparison, kept.comparison, offer.comparisons),
    ):
        if given and given != left:
            raise UnknownName(f"{kind} of {indicator}", given, known, "(or nothing of it is known)")
    lost = [one for one in asked.provinces if one not in kept.provinces]
    if lost:
        raise UnknownName(f"province of {indicator}", lost[0], offer.provinces, "(no figure of it is known)")
    return Panel(kept)


def _as_written(names: Iterable[str]) -> tuple[str, ...]:
    """Return provinces as the data write them, whatever their spelling; unknown ones stay as they are."""
    known = Gazetteer.read()
    return tuple(units[0].name_vi if (units := known.named(name)) else name for name in names)
