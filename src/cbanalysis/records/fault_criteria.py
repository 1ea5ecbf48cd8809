"""Which cells have to be looked at record by record, all but those proven right, and their faulty records."""

from __future__ import annotations

import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from itertools import pairwise

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from cbanalysis.records.contract import NUMBERS, PLACES
from cbanalysis.records.typed_columns import NO_DAY

JUMP_FACTOR, JUMP_LEAST = 3, 15
"""Members due jump where one record is at least so many times, and so many members, above the one before."""

_BITS = 63
"""Of a whole number, without its sign."""

BLANK = r"[\s\p{Z}]*"
_PLACE = "(?:xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|tỉnh|đảng bộ|chi bộ)"
_PART = f"(?:{_PLACE}|khối|cụm|mục|phần|nhóm|trang|đơn vị|khu vực|tháng|quý|năm)"
_NUMBER = "(?:(?:[ivx]{1,4}|[a-z]|[0-9]{1,2})[.)] ?|[ivx]{1,4} )?"
_SUM = "(?:tổng cộng|tổng số|tổng|cộng|tong cong|tong so|grand total|sub-?total|total)"
_OF = f"(?: (?:toàn |các )?(?:[0-9]+ )?{_PART}(?: .*)?| [ivx]{{1,4}})?"
_SUMS = (
    rf"(?:{_SUM}{_OF}(?: ?\([^)]*\))?|(?:chung )?toàn {_PLACE}(?: .*)?|toan (?:xa|phuong|huyen|tinh|dang bo)"
    r"|(?:lũy kế|luỹ kế|bình quân|tỷ lệ|tỉ lệ)(?:[ (].*)?|(?:cộng )?(?:mang|chuyển) sang(?: .*)?|cộng dồn"
    r"|quý (?:i{1,3}|iv|[1-4])(?:[ /].*)?|[0-9]+ tháng(?: .*)?|cả năm(?: .*)?)"
)
_PARTY, _COMMUNE = "(?:đảng bộ|đảng ủy|đảng uỷ)", "(?:xã|phường|thị trấn|đặc khu)"


def _rows(names: str) -> str:
    """Return what finds rows of such names, in either Unicode form."""
    names = f"{_NUMBER}(?:{names})"
    forms = (unicodedata.normalize(form, names) for form in ("NFC", "NFD"))
    return "|".join(f"^{BLANK}{form}[:.]?{BLANK}$" for form in forms)


ABOVE = _rows(f"(?:{_PARTY}|{_COMMUNE})(?: .*)?")
"""Finds names of what stands above cells: Đảng bộ xã Đồng Mơ, Đảng ủy, I. Xã Đồng Mơ."""
OF_A_PLACE = _rows(rf"{_PARTY}(?: {_PLACE}(?: .*)?)?|{_COMMUNE} (?!đội|hội).*")
"""Finds those of a place: no Đảng bộ bộ phận, no Xã đội; its lookahead is Python's, not an engine's."""
OF_ITSELF = _rows(_PARTY)
"""Finds those that name nothing else: Đảng ủy may be the party committee's own cell."""
_ROW = f"{_rows(_SUMS)}|{ABOVE}"


def counted(table: ir.Table) -> tuple[str, ...]:
    """Return the numbers that a table has of its own: those not given are one 0 for all records."""
    found = []
    for name in NUMBERS:
        value: ops.Node | None = table[name].op()
        while isinstance(value, ops.Field) and isinstance(value.rel, ops.Project):
            value = value.rel.values[value.name]
        found += [] if isinstance(value, ops.Literal) else [name]
    return tuple(found)


def month_number(month: ir.Value) -> ir.Value:
    """Return months counted from the year 0, so that neighbours differ by one."""
    return (month.year() * 12 + month.month() - 1).cast("int64")


def era_of(number: ir.Value, eras: Sequence[int]) -> ir.Value:
    """Return how many of the eras have begun by a month, all as `month_number` counts."""
    return reduce(
        lambda one, start: one + (number >= start).cast("int64"), eras, ibis.literal(0, "int64")
    ).cast("int64")


def sound(table: ir.Table) -> ir.Value:
    """Return whether a record's numbers can be right as they stand; null where one of them is missing."""
    least = (table[name] >= 0 for name in counted(table) if name != "due")
    return ibis.and_(*least, parts_of_due(table) <= table["due"])


def parts_of_due(table: ir.Table) -> ir.Value:
    """Return how many of those due a record accounts for: present, excused, absent without a reason."""
    # wider than the file's own whole numbers may be, so that no sum of two runs over
    parts = (table[name] for name in ("excused", "absent_without_reason") if name in counted(table))
    return reduce(lambda one, other: one + other, parts, table["present"].cast("int64"))


def unknown(table: ir.Table, provinces: Mapping[str | None, Sequence[int]]) -> ir.Value:
    """Return whether a record names no province that there was.

    ``provinces`` are names that meant none, each with the months, as `month_number` counts.
    """
    number = month_number(table["month"])
    found = [
        (table["province"].isnull() if name is None else table["province"] == name)
        & number.isin(list(months))
        for name, months in provinces.items()
    ]
    return ibis.coalesce(ibis.or_(*found), ibis.literal(value=False))


def blank(name: ir.Value) -> ir.Value:
    """Return whether a name is none."""
    # blanks stand before what is printed; few names are stripped, and an engine knows the least of each block
    return blank_first(name) & (name.isnull() | (name.strip() == ""))


def blank_first(name: ir.Value) -> ir.Value:
    """Return whether a name is none, or begins with a blank."""
    return name.isnull() | (name < "!")


def nameless(table: ir.Table, identity: Sequence[str], place: str) -> ir.Table:
    """Return the cells with records that leave a place of the register empty, as `unproven` does."""
    return _one_by_one(table.filter(blank(table[place])), identity)


def sum_row(table: ir.Table) -> ir.Value:
    """Return whether a record's cell is named as sums are, Tổng cộng, Cộng, Toàn xã, or as `ABOVE` says."""
    name, no = table["cell"].lower(), ibis.literal(value=False)
    # most names begin as no sum does, and an expression for each costs more than the groups
    return ibis.coalesce(name.startswith("chi b").ifelse(no, name.re_search(_ROW)), no)


@ibis.udf.scalar.builtin(name="hash", signature=(("string", "string", "string"), "int64"))
def _hash(commune, district, province):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return a number for a place in one call; ibis' own hash of each name takes DuckDB seconds."""


@ibis.udf.scalar.builtin(name="bit_count", signature=(("int64",), "int8"))
def _bit_count(bits):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return how many bits are set."""


@ibis.udf.agg.builtin(name="bit_xor", signature=(("int64",), "int64"))
def _odd_bits(bits):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the bits that an odd number of records sets; ibis' own bit_xor doesn't know Spark."""


def unproven(
    table: ir.Table, identity: Sequence[str], months: Iterable[int], eras: Sequence[int]
) -> ir.Table:
    """Return the cells whose records may be wrong or contradict each other.

    One group a cell and no order, so that a register without faults is never sorted. A cell is proven right
    when the numbers of each record can be right, no month stands twice, it never moves and its least and most
    members due are no jump apart. What isn't proven may still be right.

    Parameters
    ----------
    table : ibis table
        The records.
    identity : sequence of str
        The columns that tell one cell from another.
    months : iterable of int
        The months in the register, as `month_number` counts.
    eras : sequence of int
        The first months of later maps of provinces within the register: places are compared within a map.

    Returns
    -------
    ibis table
        ``identity`` (the cell is null where records name none), ``together``: whether its records may
        contradict each other, not only be wrong one by one, ``moves``: whether they name several places, and
        ``sum_row``: whether it is named as sums are.

    Notes
    -----
    Months: each is a bit of its own, looked up by day, and exclusive or has as many bits set as there are
    records exactly when all have a month and no two the same. Places: least and greatest hash, equal when
    the cell stays; two places of one hash would hide a move (DuckDB: 64 bits, Spark: 32).
    """
    days = _bits(months)
    table = table.mutate(right=sound(table)).left_join(days, table["month"] == days["day"])
    found: dict[str, ir.Value] = {
        "records": table.count(),
        "right": table.count(where=table["right"]),
        "due_low": table["due"].min(where=table["due"] > 0),
        "due_high": table["due"].max(),
    }
    bits = [one for one in days.columns if one != "day"]
    found |= {one: _odd_bits(table[one]) for one in bits}
    moving = tuple(identity) == ("cell",)
    if moving:
        place = _hash(table["commune"], table["district"], table["province"])
        for era, inside in enumerate(_within(table["month"], eras)):
            found |= {f"low_{era}": place.min(where=inside), f"high_{era}": place.max(where=inside)}
    cells = table.group_by(*identity).agg(**found)
    zero = ibis.literal(0, "int64")
    different = reduce(
        lambda one, other: one + ibis.coalesce(_bit_count(cells[other]).cast("int64"), zero),
        bits,
        zero,
    )
    low, high = (cells[one].cast("int64") for one in ("due_low", "due_high"))
    jumped = (high - low >= JUMP_LEAST) & (high >= JUMP_FACTOR * ibis.greatest(low, 1))
    moved = [cells[f"low_{era}"] < cells[f"high_{era}"] for era in range(len(eras) + 1)] if moving else []
    no = ibis.literal(value=False)
    moves = ibis.or_(*(ibis.coalesce(one, no) for one in moved))
    together = moves | ibis.coalesce(jumped, no) | (different < cells["records"])
    suspect = cells.mutate(together=together, moves=moves, sum_row=sum_row(cells))
    wrong = (suspect["right"] < suspect["records"]) | blank(suspect["cell"]) | suspect["sum_row"]
    return suspect.filter(suspect["together"] | wrong).select(*identity, "together", "moves", "sum_row")


def _bits(months: Iterable[int]) -> ir.Table:
    """Return the days of months, and for each month a bit of its own in one of several whole numbers."""
    known = sorted(months)
    names = [f"bits_{block}" for block in range(-(-len(known) // _BITS))]
    rows = [
        (
            date(year, month + 1, day),
            *(1 << at % _BITS if at // _BITS == block else 0 for block in range(len(names))),
        )
        for at, (year, month) in enumerate(divmod(number, 12) for number in known)
        for day in range(1, monthrange(year, month + 1)[1] + 1)
    ]
    return ibis.memtable(rows, schema={"day": "date", **dict.fromkeys(names, "int64")})


def _within(month: ir.Value, eras: Sequence[int]) -> list[ir.Value | None]:
    """Return for each era whether a day is in it; none where there is but one era."""
    if not eras:
        return [None]
    starts = [ibis.date(one // 12, one % 12 + 1, 1) for one in eras]
    between = [(month >= one) & (month < other) for one, other in pairwise(starts)]
    return [month < starts[0], *between, month >= starts[-1]]


def misplaced(
    table: ir.Table, identity: Sequence[str], provinces: Mapping[str | None, Sequence[int]]
) -> ir.Table:
    """Return the cells with records that name no province that there was, each once, as `unproven` does."""
    # by name first, which an engine can look up in the file's own dictionary
    names = [one for one in provinces if one is not None]
    named = table["province"].isin(names) if names else ibis.literal(value=False)
    if None in provinces:
        named |= table["province"].isnull()
    return _one_by_one(table.filter(named & unknown(table, provinces)), identity)


def _one_by_one(rows: ir.Table, identity: Sequence[str]) -> ir.Table:
    """Return the cells of records that don't contradict each other, each once, as `unproven` does."""
    cells = rows.select(*identity).distinct()
    no = ibis.literal(value=False)
    return cells.mutate(together=no, moves=no, sum_row=sum_row(cells))


_OF_SUSPECTS = ("together", "moves", "sum_row", "unit_above")
_OF_CELLS = ("month_repeated", "month_contradicted", "several_meetings", "cell_moved", "due_jumped")
_OF_ROWS = (
    "sum_row", "unit_above", "no_figures", "unreadable", "negative", "present_above_due", "parts_above_due",
    "unknown_province",
)  # fmt: skip
_FLAGS = (*_OF_ROWS, *_OF_CELLS)
_ORDER = ("number", "day", "file", "before")
_DATED = "(?i)ng.{1,2}y.*th.{1,3}ng.*n.{1,2}m"
"""Ngày 5 tháng 6 năm 2024, above a signature."""
_DAYS = 32
"""More than a month has."""


def faulty(  # noqa: PLR0913 - what the checks of a record rest on
    located: ir.Table,
    suspects: ir.Table | None,
    identity: Sequence[str],
    provinces: Mapping[str | None, Sequence[int]],
    eras: Sequence[int],
    *,
    named: Sequence[str] = (),
) -> ir.Table:
    """Return the records that have a fault, one row each, with a column a kind.

    Parameters
    ----------
    located : ibis table
        The records with ``file`` and ``before``.
    suspects : ibis table or None
        From `unproven` and `misplaced`, each cell once; none for records without a cell: no join finds them.
    identity : sequence of str
        The columns that tell one cell from another.
    provinces : mapping of str or None to sequence of int
        Names that meant no province, each with the months.
    eras : sequence of int
        The first months of later maps of provinces within the register.

    named : sequence of str
        The places that each record has to name.

    Returns
    -------
    ibis table
        Cell, places, numbers, ``thematic`` and ``file`` of ``located``, ``number`` (the month's), ``row``
        (``before`` and one), ``as_written`` (month and numbers) and a boolean column for each kind of fault.
    """
    own = counted(located)
    if suspects is None:
        none = dict.fromkeys(_OF_SUSPECTS, ibis.literal(value=False))
        rows = located.filter(located["cell"].isnull()).mutate(**none)
    else:
        rows = located.join(suspects, [*identity])
    number = month_number(rows["month"])
    shown = ("month", *NUMBERS[:3], *(name for name in NUMBERS[3:] if name in own))
    zero = ibis.literal(0, "int64")
    wide = rows.select(
        "cell",
        *PLACES,
        "file",
        "before",
        "thematic",
        *_OF_SUSPECTS,
        *(f"written_{name}" for name in shown),
        **{one: rows[one].cast("int64") if one in own else zero for one in NUMBERS},
        number=number,
        # as a number, for Python has no day after the year 9999
        day=number * _DAYS + rows["month"].day().cast("int64"),
        era=era_of(number, eras),
        unknown=unknown(rows, provinces),
    )
    names = (wide[one] for one in ("cell", *named))
    flagged = wide.mutate(no_figures=_no_figures(wide, own), nameless=ibis.or_(*map(blank, names)))
    # sums without figures add nothing up
    flagged = flagged.mutate(sum_row=flagged["sum_row"] & ~flagged["no_figures"])
    flagged = flagged.mutate(**_row_flags(flagged, own))
    # where records don't contradict each other those that are right needn't be sorted
    flagged = flagged.filter(_any(flagged, ("together", *_OF_ROWS)))
    flagged = _with_jumps(flagged, identity)
    # of cells that never move only months that stand twice are compared further, with all their records
    flagged = flagged.filter(_any(flagged, ("twice", "moves", "due_jumped", *_OF_ROWS)))
    flagged = _cell_flags(flagged, identity, own)
    found = flagged.filter(_any(flagged, _FLAGS))
    # texts are made only of what is found
    kept = ("cell", *PLACES, *NUMBERS, "thematic", "file", "number", *_FLAGS)
    return found.select(*kept, row=found["before"] + 1, as_written=_written(found, shown))


def _written(table: ir.Table, shown: Sequence[str]) -> ir.Value:
    """Return month and numbers as they were written, those that few registers have with their names."""
    texts = [_plain(table, name) for name in shown[:4]]
    first = reduce(lambda left, right: left + " | " + right, texts)
    named = (
        (table[f"written_{name}"].isnull()).ifelse("", f" | {name} " + _plain(table, name))
        for name in shown[4:]
    )
    return reduce(lambda left, right: left + right, named, first)


def _plain(table: ir.Table, name: str) -> ir.Value:
    return ibis.coalesce(table[f"written_{name}"].cast("string"), ibis.literal(""))


def _any(table: ir.Table, columns: Sequence[str]) -> ir.Value:
    return ibis.or_(*(table[one] for one in columns))


def _row_flags(table: ir.Table, numbers: Sequence[str]) -> dict[str, ir.Value]:
    no = ibis.literal(value=False)
    missing = (table[one].isnull() for one in ("number", *numbers))
    unreadable = ibis.or_(table["nameless"], *missing)
    above = ibis.coalesce(table["present"] > table["due"], no)
    negative = ibis.or_(*(ibis.coalesce(table[one] < 0, no) for one in numbers))
    flags = {
        "unreadable": unreadable,
        "negative": negative,
        "present_above_due": above & ~negative,
        "parts_above_due": ibis.coalesce(parts_of_due(table) > table["due"], no) & ~above & ~negative,
        "unknown_province": table["unknown"],
    }
    counts = ~table["sum_row"] & ~table["no_figures"]
    return {name: flag & counts for name, flag in flags.items()}


def _no_figures(table: ir.Table, numbers: Sequence[str]) -> ir.Value:
    """Return whether a row holds neither a month nor a number: a section, a signature, headings again.

    In a sum row the month doesn't count.
    """
    read = [table[one].notnull() for one in numbers]
    written = [table[f"written_{one}"] for one in ("month", *numbers)]
    digits = [one.re_search("[0-9]") & ~one.re_search(_DATED) for one in written if one.type().is_string()]
    some = (ibis.coalesce(one, ibis.literal(value=False)) for one in digits)
    return ~ibis.or_(*read, ~table["sum_row"] & ibis.or_(table["number"].notnull(), *some))


def _with_jumps(table: ir.Table, identity: Sequence[str]) -> ir.Table:
    """Add whether a cell's month stands twice, and whether members due jumped."""
    # a month in which nobody was due is nothing that members due could jump from, or to
    asked = ibis.coalesce(table["due"] > 0, ibis.literal(value=False))
    steps = ibis.window(group_by=[*identity, asked], order_by=_ORDER)
    month = ibis.window(group_by=[*identity, "number"])
    table = table.mutate(
        due_before=table["due"].lag().over(steps),
        due_earlier=table["due"].lag(2).over(steps),
        twice=table.count().over(month) > 1,
    )
    if (written := table["written_month"]).type().is_string():
        # a month without a day may be any of its days
        undated = ibis.coalesce(written.re_search(NO_DAY), ibis.literal(value=False)).cast("int8")
        same = undated.max().over(month) > 0
        table = table.mutate(day=same.ifelse(table["number"] * _DAYS, table["day"]))
    # coming back from a jump to where it was is no second one
    back = _jumped(table["due_earlier"], table["due_before"]) & ~_jumped(table["due_earlier"], table["due"])
    jumped = _known(table) & _jumped(table["due_before"], table["due"]) & ~back
    return table.mutate(due_jumped=jumped)


def _known(table: ir.Table) -> ir.Value:
    """Return whether a record can be compared with others of its cell."""
    named = table["number"].notnull() & table["cell"].notnull()
    return table["together"] & named & ~table["sum_row"] & ~table["no_figures"]


def _cell_flags(table: ir.Table, identity: Sequence[str], numbers: Sequence[str]) -> ir.Table:
    """Add what only a cell's other records tell, of the numbers that they have."""
    # of two that are alike the one that says thematic stays
    thematic = ibis.desc(ibis.coalesce(table["thematic"], -1))
    order = [table["number"], table["day"], thematic, table["file"], table["before"]]
    places = [*(table[one] for one in ("cell", "era", "commune", "district", "province"))]
    here = ibis.window(group_by=places)
    first_here = ibis.window(group_by=places, order_by=order)
    # one order for records, days and months of a cell: the engine sorts once for windows that share it
    own = [table[name] for name in identity]
    line = ibis.window(group_by=own, order_by=order)
    day = ibis.window(group_by=own, order_by=order[:2], range=(0, 0))
    month = ibis.window(group_by=own, order_by=order[:1], range=(0, 0))
    nulls = reduce(lambda one, other: one + other, (table[one].isnull().cast("int64") for one in numbers))
    names = [ibis.coalesce(table[name], ibis.literal("")) for name in PLACES]
    table = table.mutate(
        again=table.count().over(day) > 1,
        copy=ibis.coalesce(table["day"].lag().over(line) == table["day"], ibis.literal(value=False)),
        differs=_differ([table[name] for name in numbers], day) | (nulls.max().over(day) > 0),
        apart=_differ(names, month),
        several=_differ([table["day"]], month),
        # the place with most records is home; of two with as many, the earlier one
        weight=table["nameless"].ifelse(
            ibis.null("int64"), table.count().over(here) * 100_000 - table["number"].min().over(here)
        ),
        nth=ibis.row_number().over(first_here),
    )
    known = _known(table)
    home = ibis.window(group_by=[table["cell"], table["era"]])
    away = (table["weight"] < table["weight"].max().over(home)) & (table["nth"] == 0)
    repeated = table["again"] & ~table["differs"] & ~table["apart"]
    contradicted = (table["again"] & table["differs"]) | table["apart"]
    return table.mutate(
        month_repeated=known & repeated & table["copy"],
        month_contradicted=known & contradicted,
        several_meetings=known & table["several"] & ~contradicted & ~(repeated & table["copy"]),
        cell_moved=known & table["moves"] & away & ~table["unknown_province"] & ~table["nameless"],
    )


def _differ(columns: Sequence[ir.Value], window: ibis.expr.builders.WindowBuilder) -> ir.Value:
    """Return whether one of the columns has several values in a window."""
    several = (column.min().over(window) < column.max().over(window) for column in columns)
    return ibis.coalesce(ibis.or_(*several), ibis.literal(value=False))


def _jumped(before: ir.Value, after: ir.Value) -> ir.Value:
    high, low = ibis.greatest(before, after), ibis.least(before, after)
    jumped = (high - low >= JUMP_LEAST) & (high >= JUMP_FACTOR * low) & (low > 0)
    return ibis.coalesce(jumped & before.notnull() & after.notnull(), ibis.literal(value=False))
