"""One problem, one finding: sums that fail for the same wrong figure are told together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cbanalysis.common.language import spoken, words_of
from cbanalysis.statistics.audit.checks_of_one_figure import bases_of
from cbanalysis.statistics.audit.findings import Finding
from cbanalysis.statistics.audit.grouped_rows import Row
from cbanalysis.statistics.audit.rounding import in_both, whole_counts

_WORDS = words_of("joined")
_FEW = 3  # counts that a percentage allows, tried one by one
_MOST_JOINED = 4  # findings of one row; with more of them it is no single slip, and trying takes too long

Find = Callable[[Iterable[Row]], Iterable[Finding]]


def joined(findings: Iterable[Finding], find: Find) -> tuple[Finding, ...]:
    """Return one finding a problem: what another one explains is told in its message.

    Findings that have a row in common are one problem if they all vanish when one figure of that row is read
    otherwise (its count by its percentage, its percentage by its count, its count by the gap of a sum, the
    base that it shares by what fits all) and nothing else fails then. The surest goes first, then the
    heaviest; it keeps its id and names the rows of all (`Finding.follows`). Rows of more than four findings
    are left as they are.

    Parameters
    ----------
    findings : iterable of Finding
        Of all checks.
    find : callable
        Runs all checks on some rows.
    """
    left: dict[str, Finding] = {}
    for one in sorted(findings, key=lambda one: (-one.weight, one.finding_id)):
        left.setdefault(one.finding_id, one)
    touching: dict[Row, list[str]] = {}
    for name, finding in left.items():
        for row in dict.fromkeys(finding.rows):
            touching.setdefault(row, []).append(name)
    for row, names in touching.items():
        own = [left[name] for name in names if name in left]
        if 1 < len(own) <= _MOST_JOINED:
            together = max(_undone(own, _readings(row, own), find), key=len, default=())
            if len(together) > 1:
                first, *others = sorted(
                    together, key=lambda one: (-one.certainty, -one.weight, one.finding_id)
                )
                left[first.finding_id] = _told_with(first, others)
                for one in others:
                    del left[one.finding_id]
    return tuple(left.values())


def _readings(row: Row, findings: Sequence[Finding]) -> Iterator[dict[Row, Row]]:
    """Yield rows as they are with one figure read otherwise."""
    counts: set[int] = set()
    if row.base and row.percent is not None and (allowed := whole_counts(row, row.base)):
        least, most = allowed
        counts |= set(range(least, most + 1) if most - least < _FEW else ())
    if row.count is not None:
        gaps = [round(one.gap) for one in findings if one.gap_unit == "units"]
        counts |= {row.count + sign * gap for gap in gaps for sign in (-1, 1)}
    yield from ({row: replace(row, count=count)} for count in sorted(counts) if count >= 0)
    if row.share is not None and row.percent is not None:
        yield {row: replace(row, percent=round(row.share, row.decimals), qualifier="exact")}
    for shares in (one.rows for one in findings if one.code == "share"):
        same = {one for finding in findings for one in finding.rows if one.base == row.base}
        for base in (bases_of(shares, 1) or ())[:_FEW]:
            yield {one: replace(one, base=base) for one in same}


def _undone(
    findings: Sequence[Finding], readings: Iterable[Mapping[Row, Row]], find: Find
) -> Iterator[tuple[Finding, ...]]:
    """Yield the findings that vanish if rows are read otherwise, for each reading that nothing else fails."""
    rows = tuple(dict.fromkeys(row for finding in findings for row in finding.rows))
    before: set[str] = set()
    for reading in readings:
        before = before or {one.finding_id for one in find(rows)}
        after = {one.finding_id for one in find(reading.get(row, row) for row in rows)}
        if not after - before:
            yield tuple(one for one in findings if one.finding_id in before - after)


def _told_with(first: Finding, others: Sequence[Finding]) -> Finding:
    def told() -> str:
        follows = "; ".join(dict.fromkeys(spoken(one.message) for one in others))
        return spoken(_WORDS["follows"]).format(message=spoken(first.message), others=follows)

    told_there = (*first.follows, *(each for one in others for each in (one, *one.follows)))
    return replace(first, message=in_both(told), follows=told_there)
