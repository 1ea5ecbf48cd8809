"""What one ``cbanalysis report`` asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ReportRequest:
    """The words of one command, and when it began (of ``time.monotonic``)."""

    names: tuple[str, ...]
    given: Mapping[str, str]
    only: Mapping[str, str]
    lang: str | None
    output: Path
    planned: bool
    fresh: bool
    jobs: int | None
    time_limit: float
    scheduler: str | None
    copy_to: str | None
    began: float
