"""An indicator as the text that declares it."""

from __future__ import annotations

import json

from cbanalysis.dataset.catalogue.records import Indicator


def indicator_text(indicator: Indicator) -> str:
    """Return an indicator as it is declared in indicators.toml.

    Examples
    --------
    >>> from cbanalysis.dataset.catalogue import Words
    >>> words = Words(vi="Số thư viện", en="Libraries")
    >>> print(indicator_text(Indicator(id="libraries", name=words, definition=words, unit="count",
    ...     subjects=("other",), base=words, direction="none")).splitlines()[0])
    [indicators.libraries]
    """
    lines = [f"[indicators.{indicator.id}]"]
    for name in ("name", "definition", "base"):
        words = getattr(indicator, name)
        lines.append(f"{name} = {{ vi = {_quoted(words.vi)}, en = {_quoted(words.en)} }}")
    lines.append(f"unit = {_quoted(indicator.unit)}")
    lines.append(f"subjects = [{', '.join(map(_quoted, indicator.subjects))}]")
    lines.append(f"direction = {_quoted(indicator.direction)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's, but for DEL
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
