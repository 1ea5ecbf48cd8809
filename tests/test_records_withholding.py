"""Small groups: what is withheld can't be worked out from what is shown, by brute force. All made up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cbanalysis import records
from cbanalysis.errors import DataError

LEAST = 4


def table(figures: dict[tuple[str, str], tuple[int, int]]) -> pd.DataFrame:
    """Return a table of communes and months with all its totals: (commune, month) to (present, due)."""
    cells = pd.DataFrame(
        [(place, month, *figure) for (place, month), figure in figures.items()],
        columns=["commune", "month", "count", "base"],
    )
    by_place = cells.groupby("commune", as_index=False)[["count", "base"]].sum().assign(month="")
    by_month = cells.groupby("month", as_index=False)[["count", "base"]].sum().assign(commune="")
    whole = pd.DataFrame([{"commune": "", "month": "", **cells[["count", "base"]].sum()}])
    rows = pd.concat([cells, by_place, by_month, whole], ignore_index=True)
    return rows.assign(
        indicator="meeting_attendance",
        definition="",
        base_of="all_due",
        geo_level=np.where(rows["commune"] == "", "country", "commune"),
        period_start=np.where(rows["month"] == "", "2024", rows["month"]),
        period_end=np.where(rows["month"] == "", "2024", rows["month"]),
        **dict.fromkeys(("region", "unit_id", "district", "cell", "printed"), ""),
        **{name: rows["count"].astype("Int64") for name in ("count",)},
        base=rows["base"].astype("Int64"),
    )


def sums(shown: pd.DataFrame) -> tuple[list[int], list[tuple[list[int], int, int]]]:
    """Return the withheld cells; and for each total shown, which of them it holds and what they add to."""
    inner = shown[(shown["commune"] != "") & (shown["month"] != "")]
    hidden = inner.index[inner["count"].isna()].tolist()
    totals = shown[(shown["commune"] == "") | (shown["month"] == "")].dropna(subset=["count"])
    checks = []
    for row in totals.itertuples():
        inside = inner[
            ((inner["commune"] == row.commune) | (row.commune == ""))
            & ((inner["month"] == row.month) | (row.month == ""))
        ]
        unknown = [hidden.index(one) for one in inside.index if one in hidden]
        known = inside[["count", "base"]].dropna().sum()
        checks.append((unknown, int(row.count_ - known["count"]), int(row.base - known["base"])))
    return hidden, checks


def open_still(values: set[tuple[int, int]]) -> bool:
    """Return whether count, due and rate could each be one of several."""
    rates = {count / base for count, base in values if base}
    return all(
        len(several) > 1 for several in ({one for one, _ in values}, {one for _, one in values}, rates)
    )


def possible(shown: pd.DataFrame, most: int) -> dict[int, set[tuple[int, int]]]:  # noqa: C901 -- brute force
    """Return for each withheld cell the (present, due) that the totals allow, until it is seen to be safe."""
    hidden, checks = sums(shown)
    found: dict[int, set[tuple[int, int]]] = {one: set() for one in hidden}

    def choices(guess: dict[int, tuple[int, int]], one: int) -> list[tuple[int, int]]:
        """Return what a cell can be: what a sum leaves to its last unknown, or all within the sums."""
        limits = [(most, most)]
        forced = set()
        for unknown, count, base in checks:
            if one in unknown:
                known = [guess[other] for other in unknown if other in guess]
                rest = (count - sum(each[0] for each in known), base - sum(each[1] for each in known))
                limits.append(rest)
                if len(known) == len(unknown) - 1:
                    forced.add(rest)
        if forced:
            return [rest for rest in forced if len(forced) == 1 and 0 <= rest[0] <= rest[1]]
        counts, bases = (min(limit[at] for limit in limits) for at in (0, 1))
        return [(count, base) for base in range(bases + 1) for count in range(min(base, counts) + 1)]

    def can_be(guess: dict[int, tuple[int, int]]) -> bool:
        """Return whether the other cells can be filled in."""
        left = [one for one in range(len(hidden)) if one not in guess]
        return not left or any(can_be({**guess, left[0]: value}) for value in choices(guess, left[0]))

    for place, one in enumerate(hidden):
        for value in choices({}, place):
            if can_be({place: value}):
                found[one].add(value)
            if open_still(found[one]):
                break
    return found


def assert_safe(shown: pd.DataFrame, most: int) -> None:
    """Fail when a withheld cell has one possible count, due or rate."""
    for values in possible(
        shown.rename(columns={"count": "count"}).assign(count_=shown["count"]), most
    ).values():
        assert len({count for count, _ in values}) > 1
        assert len({base for _, base in values}) > 1
        assert len({count / base for count, base in values if base}) > 1


def hidden(shown: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return (commune, month) of what is withheld, with the reason."""
    rows = shown[shown["withheld"] != ""]
    return {(row["commune"], row["month"]): row["withheld"] for row in rows.to_dict("records")}


def test_a_small_part_takes_another_with_it() -> None:
    """One commune of 3 members beside 8 and 9: its neighbour of 8 goes too, else 20 - 8 - 9 gives 3."""
    figures = {("A", "2024-01"): (2, 3), ("B", "2024-01"): (6, 8), ("C", "2024-01"): (7, 9)}
    rows = table(figures)
    rows = rows[rows["month"] != ""]
    shown = records.withhold(rows, least=LEAST)
    assert hidden(shown) == {("A", "2024-01"): "small", ("B", "2024-01"): "complement"}
    assert shown.loc[shown["withheld"] != "", ["count", "base"]].isna().all(axis=None)
    assert shown["small"].tolist() == [True, False, False, False]
    assert_safe(shown, 11)


def test_a_group_of_which_all_came_is_no_hiding_place() -> None:
    """A and B together 11 of 11 would tell that everybody of A came: the third goes as well."""
    figures = {
        ("A", "2024-01"): (3, 3),
        ("B", "2024-01"): (8, 8),
        ("C", "2024-01"): (7, 9),
        ("D", "2024-01"): (7, 20),
    }
    rows = table(figures)
    shown = records.withhold(rows[rows["month"] != ""], least=LEAST)
    assert {place for place, _ in hidden(shown)} == {"A", "B", "C"}


def test_nothing_small_nothing_withheld() -> None:
    """Where every base is large enough all rows stay as they are."""
    rows = table({("A", "2024-01"): (5, 6), ("B", "2024-01"): (6, 8)})
    shown = records.withhold(rows, least=LEAST)
    assert not hidden(shown)
    assert shown["count"].tolist() == rows["count"].tolist()


def test_only_the_total_is_left_to_withhold() -> None:
    """A total of one part is that part: it goes where the part is small."""
    rows = table({("A", "2024-01"): (2, 3)})
    assert set(hidden(records.withhold(rows, least=LEAST)).values()) == {"small"}


def test_both_readings_go_together() -> None:
    """12 due of whom 10 are excused leave a base of 2: neither reading of that place is shown."""
    rows = table({("A", "2024-01"): (2, 12), ("B", "2024-01"): (9, 12), ("C", "2024-01"): (9, 14)})
    rows = rows[rows["month"] != ""]
    other = rows.assign(base_of="not_excused", base=[2, 11, 13, 26])
    shown = records.withhold(pd.concat([rows, other], ignore_index=True), least=LEAST)
    assert shown.groupby("base_of")["withheld"].agg(list).tolist() == [["small", "complement", "", ""]] * 2


def test_a_missing_column_is_named() -> None:
    """What isn't from attendance() lacks the columns that say what adds up to what."""
    with pytest.raises(DataError, match="withhold needs this column"):
        records.withhold(pd.DataFrame({"base": [1]}))
    with pytest.raises(DataError, match="mark_small needs this column"):
        records.mark_small(pd.DataFrame({"count": [1]}))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.integers(1, 6).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))),
        min_size=4,
        max_size=4,
    )
)
@example([(1, 1), (0, 3), (0, 6), (1, 6)])
def test_no_withheld_figure_can_be_worked_out(cells: list[tuple[int, int]]) -> None:
    """Two communes in two months with all totals: every table that fits is tried, none is the only one."""
    places = [(place, month) for place in "AB" for month in ("2024-01", "2024-02")]
    shown = records.withhold(table(dict(zip(places, cells, strict=True))), least=LEAST)
    # Who works figures out doesn't know that none was above 6: whatever the totals leave is tried.
    assert_safe(shown, sum(base for _, base in cells))
    inner = shown[(shown["commune"] != "") & (shown["month"] != "")]
    small = [base < LEAST for _, base in cells]
    assert (inner["withheld"] == "small").tolist() == small
