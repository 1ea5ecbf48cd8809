"""What a person answers about the tables of a file before a layout is proposed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """What a person says of the tables of a file that they don't say themselves.

    Attributes
    ----------
    province, period : str
        Of all rows.
    left_out : tuple of str
        Headers of columns, labels of rows and names of sheets that are no figures.
    number_style, percent_as : str
        As `Table` and `Figure` have them.
    all_of : tuple of str
        Lines above tables, or parts of them, that name no part of what is counted.
    """

    province: str = ""
    period: str = ""
    left_out: tuple[str, ...] = ()
    number_style: str = ""
    percent_as: str = ""
    all_of: tuple[str, ...] = ()


NOTHING_TOLD = Told()
