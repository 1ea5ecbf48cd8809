"""What calamine doesn't tell of a workbook: errors, number formats, formulas without a value, fonts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from cbanalysis.importing.files.formats import number_format
from cbanalysis.importing.files.formulas import uncomputed
from cbanalysis.importing.files.grids import Cell, Formatted, NoValue
from cbanalysis.importing.files.letters import Letters, spared, unicode_text


@dataclass
class Details:
    """What else is known of the cells of a sheet; places are row and column from 0.

    Attributes
    ----------
    values : dict
        Error cells, and formulas without any stored value.
    formats : dict
        Codes of number formats under which a number may look otherwise than it is stored.
    shown : dict
        Numbers with what is shown for them, where the file has that itself.
    zeros : dict
        Formulas with a stored 0, without their equals sign; ``""`` where the formula isn't known.
    fonts : dict
        Encodings that the fonts of cells ask for.
    texts : dict
        Texts of which only parts are in such a font, and what they are in Unicode.
    trusted : bool
        Whether a stored 0 counts where it can't be computed anew.
    """

    values: dict[tuple[int, int], NoValue] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    shown: dict[tuple[int, int], Formatted] = field(default_factory=dict)
    zeros: dict[tuple[int, int], str] = field(default_factory=dict)
    fonts: dict[tuple[int, int], Letters] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    trusted: bool = True

    def put_into(self, rows: list[list[Cell]], *, letters: Letters | None) -> set[Letters]:
        """Put what is known into the cells of a sheet; return the encodings that text was in.

        Parameters
        ----------
        rows : list of list of Cell
            The sheet as calamine reads it, changed in place.
        letters : {"tcvn3", "vni", ""}, optional
            What a person says of the encoding; then fonts aren't asked.
        """
        known: dict[tuple[str, float], float | Formatted] = {}
        for (row, column), code in self.formats.items():
            cell = _cell(rows, row, column)
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                key = code, float(cell)
                if key not in known:
                    known[key] = number_format(code).shown(key[1])
                rows[row][column] = known[key]
        wrong = uncomputed(self.zeros, rows, trusted=self.trusted) if self.zeros else {}
        for (row, column), value in (self.shown | self.values | wrong).items():
            # an empty cell at the end of a sheet isn't always among its rows
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = value
        return set() if letters is not None else self._in_unicode(rows)

    def _in_unicode(self, rows: list[list[Cell]]) -> set[Letters]:
        used: set[Letters] = set()
        if self.texts:
            for line in rows:
                line[:] = [self.texts.get(cell, cell) if isinstance(cell, str) else cell for cell in line]
        columns: dict[tuple[int, Letters], list[tuple[int, str]]] = defaultdict(list)
        for (row, column), letters in self.fonts.items():
            cell = _cell(rows, row, column)
            if isinstance(cell, str) and not cell.isascii() and cell not in self.texts:
                columns[column, letters].append((row, cell))
        for (column, letters), cells in columns.items():
            if spared((text for _, text in cells), letters):
                continue
            known = {text: unicode_text(text, letters) for _, text in cells}
            for row, text in cells:
                rows[row][column] = known[text]
            used.add(letters)
        return used


def _cell(rows: list[list[Cell]], row: int, column: int) -> Cell:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""
