"""Names to complete with the Tab key: attributes that are nothing but their own name."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping

from cbanalysis.common.errors import UnknownName
from cbanalysis.dataset.catalogue import Catalogue


class Completion:
    """A closed list whose members are attributes; each attribute's value is the member's id.

    Parameters
    ----------
    kind : str
        What one is called, for errors.
    members : callable
        Returns the words about each member by its id; asked each time, for a study may have its own.
    """

    def __init__(self, kind: str, members: Callable[[], Mapping[str, str]]) -> None:
        self._kind = kind
        self._members = members

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._members():
            # an AttributeError for hasattr() and completion, with the words of our other errors
            raise AttributeError(str(UnknownName(self._kind, name, self._members())))
        return name

    def __dir__(self) -> list[str]:
        return list(self._members())

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {words}" for name, words in self._members().items())

    def _repr_html_(self) -> str:
        rows = (
            f"<tr><td><code>{html.escape(name)}</code></td><td>{html.escape(words)}</td></tr>"
            for name, words in self._members().items()
        )
        return f"<table>{''.join(rows)}</table>"


def _indicators() -> dict[str, str]:
    return {
        name: f"{one.name['vi']} / {one.name['en']}"
        for name, one in sorted(Catalogue.read().indicators.items())
    }


indicators = Completion("indicator", _indicators)
"""The ids of all indicators; ``cb.indicators.office_cell_adoption`` is ``"office_cell_adoption"``."""
