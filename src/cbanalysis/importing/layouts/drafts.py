"""Layouts as they were proposed: as long as nobody edits or confirms one, it may be proposed anew."""

from __future__ import annotations

import hashlib
import re

_SEAL = "# as proposed, to be proposed anew when the table changes: {sha256:.16} {digest:.16}\n"
_WRITTEN = re.compile(r"# as proposed, [^\n]*: ([0-9a-f]{16}) [0-9a-f]{16}\n\Z")


def sealed(text: str, sha256: str) -> str:
    """Return a proposed layout with a last line that an edit anywhere above breaks.

    Parameters
    ----------
    text : str
        The layout.
    sha256 : str
        Of the file that it was proposed for.

    Returns
    -------
    str
    """
    return text + _SEAL.format(sha256=sha256, digest=hashlib.sha256(text.encode()).hexdigest())


def unsealed(text: str) -> str:
    """Return a layout without the line that `sealed` adds."""
    return _WRITTEN.sub("", text)


def table_of(text: str) -> str:
    """Return the first digits of the SHA-256 of the file that a layout was proposed for.

    Parameters
    ----------
    text : str
        The layout as it is now.

    Returns
    -------
    str
        ``""`` if somebody edited it, or confirmed it.
    """
    seal = _WRITTEN.search(text)
    return seal[1] if seal and sealed(unsealed(text), seal[1]) == text else ""
