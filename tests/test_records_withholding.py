"""Small groups: what is withheld can't be worked out from what is shown, by brute force. All made up."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

import cbanalysis as cb
from cbanalysis import records
from cbanalysis.common.errors import CbanalysisError, DataError
from cbanalysis.records.withholding import mark_small

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
        mark_small(pd.DataFrame({"count": [1]}))


def test_what_nobody_could_withhold_rightly_is_refused() -> None:
    """Rows withheld before have no count, and fewer than one or no number of people is no limit."""
    rows = table({("A", "2024-01"): (2, 3), ("B", "2024-01"): (6, 8)})
    with pytest.raises(DataError, match="row 1, column count: withhold needs a count"):
        records.withhold(records.withhold(rows, least=LEAST), least=LEAST)
    with pytest.raises(DataError, match="least is no number of people"):
        records.withhold(rows, least=0)
    with pytest.raises(CbanalysisError, match="withhold takes int as least=, not nan"):
        records.withhold(rows, least=float("nan"))


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


COLUMNS = ["province", "district", "commune", "cell", "month", "due", "excused", "present"]


def answers(rows: list[tuple[object, ...]], *asked: tuple[str, str], excused: str = "both") -> pd.DataFrame:
    """Return attendance by several levels and periods of records (province to present)."""
    frame = pd.DataFrame(rows, columns=COLUMNS).assign(month=lambda all_: pd.to_datetime(all_["month"]))
    if (frame["province"] == "").all():
        frame = frame.drop(columns="province")
    checked = records.check(records.open_register(ibis.memtable(frame), name="r"), most=100)
    parts = [records.attendance(checked, by=by, every=every, excused=excused) for by, every in asked]
    return pd.concat(parts)


def of_month(commune: str, month: int, due: int, excused: int, present: int) -> tuple[object, ...]:
    """Return one record of a cell of its own in a commune, in 2024."""
    return ("", "", commune, commune.lower(), f"2024-{month:02d}-01", due, excused, present)


def withheld(shown: pd.DataFrame) -> set[tuple[str, str]]:
    """Return place and first month of all that is withheld."""
    return {(row["area"], row["period_start"]) for row in shown.to_dict("records") if row["withheld"]}


def test_people_are_counted_not_their_attendances() -> None:
    """Twelve months of five members are sixty in the base and still five people; twelve aren't few."""
    rows = [of_month("A", month, 5, 0, 4) for month in range(1, 13)]
    rows += [of_month("B", month, 12, 0, 9) for month in range(1, 13)]
    shown = records.withhold(answers(rows, ("commune", "year"), excused="in_base"))
    assert shown["withheld"].tolist() == ["small", ""]
    assert shown["base"].tolist() == [pd.NA, 144]


def test_totals_of_other_periods_bring_nothing_back() -> None:
    """A has records of two months, the country months and all of three: a second commune goes with A."""
    rows = [of_month("A", 1, 4, 0, 1), of_month("A", 2, 4, 1, 1)]
    rows += [of_month(name, month, 40, 2, 30 + month) for name in "BCDE" for month in (1, 2, 3)]
    for totals in ("month", "all"):
        shown = records.withhold(answers(rows, ("commune", "all"), ("country", totals)))
        assert withheld(shown) == {("A", "2024-01"), ("B", "2024-01")}


def test_a_year_of_which_half_belongs_to_another_map_is_a_total_too() -> None:
    """Bắc Giang ends in June 2025: 95 of 124 in the country less 33, 30 and 31 would give its commune A."""
    rows = [
        ("Bắc Giang", "", "A", "a", "2025-05-01", 4, 0, 1),
        ("Bắc Giang", "", "B", "b", "2025-05-01", 40, 0, 30),
        ("Bắc Giang", "", "C", "c", "2025-06-01", 40, 0, 31),
        ("Cao Bằng", "", "D", "d", "2025-09-01", 40, 0, 33),
    ]
    shown = records.withhold(answers(rows, ("country", "year"), ("commune", "year")))
    places = {area for area, _ in withheld(shown)}
    assert "A" in places
    assert len(places) == 2


def test_the_reading_not_asked_for_is_guarded_too() -> None:
    """With 4 of 12 excused, "8 of 12" tells of the other 8 that all came: it is withheld."""
    rows = [of_month("A", 1, 12, 4, 8), of_month("B", 1, 40, 3, 30), of_month("C", 1, 40, 3, 30)]
    shown = records.withhold(answers(rows, ("commune", "month"), excused="in_base"))
    assert shown["small"].tolist() == [True, False, False]
    assert shown.loc[0, ["count", "base", "excused", "reading_gap"]].isna().all()


def test_rates_go_with_their_figures() -> None:
    """Rows that have their rates already lose them: 80 % and its interval fit no base but 5."""
    rated = cb.add_rates(
        answers([of_month("A", 1, 5, 0, 4), of_month("B", 1, 40, 0, 30)], ("commune", "month"))
    )
    shown = records.withhold(rated)
    gone = shown[shown["withheld"] != ""]
    assert gone["area"].tolist() == ["A", "A"]
    assert gone[["rate", "rate_low", "rate_high"]].isna().all(axis=None)
    assert gone["interval"].tolist() == ["none", "none"]
    assert shown["rate"].dropna().tolist() == [75, 75]


def test_rows_are_told_apart_whatever_their_labels() -> None:
    """Frames put together with pd.concat repeat their labels; the country is not taken for the commune."""
    rows = [of_month("A", 1, 5, 0, 4), of_month("B", 1, 40, 0, 30), of_month("C", 1, 40, 0, 30)]
    shown = records.withhold(answers(rows, ("country", "month"), ("commune", "month"), excused="in_base"))
    assert shown.index.tolist() == [0, 0, 1, 2]
    assert shown["withheld"].tolist() == ["", "small", "complement", ""]


def some_records(seed: int) -> list[tuple[object, ...]]:
    """Return records of a few small cells over three months, some missing."""
    chance = np.random.default_rng(seed)
    rows: list[tuple[object, ...]] = []
    for cell in range(5):
        size = int(chance.integers(1, 15))
        for month in (1, 2, 3):
            due = max(1, size + int(chance.integers(-1, 2)))
            excused = int(chance.binomial(due, 0.1))
            present = int(chance.binomial(due - excused, chance.choice([0.5, 0.9, 1.0])))
            place = ("", f"D{cell // 3}", f"C{cell // 2}", f"K{cell}")
            if chance.random() > 0.1:
                rows.append((*place, f"2024-{month:02d}-01", due, excused, present))
    return rows


def covered(row: dict[str, object], places: list[tuple[object, ...]]) -> np.ndarray:
    """Return which cells and months an observation adds up."""
    start, end = (str(row[one]) + more for one, more in (("period_start", "-01"), ("period_end", "-12")))
    names = [(1, row["district"]), (2, row["commune"]), (3, row["cell"])]
    return np.array(
        [
            start[:7] <= str(one[4])[:7] <= end[:7] and all(not name or one[at] == name for at, name in names)
            for one in places
        ]
    )


@pytest.mark.parametrize("seed", [0, *(pytest.param(one, marks=pytest.mark.whole) for one in (1, 2, 3))])
@pytest.mark.parametrize(
    ("asked", "excused"),
    [
        ((("country", "month"), ("country", "year"), ("district", "month"), ("commune", "year")), "both"),
        ((("country", "quarter"), ("commune", "month"), ("cell", "month")), "both"),
        ((("country", "all"), ("commune", "all")), "both"),
        ((("district", "month"), ("cell", "all")), "both"),
        ((("country", "all"), ("cell", "all")), "in_base"),
        ((("country", "month"), ("cell", "month")), "in_base"),
    ],
)
def test_whole_numbers_that_fit_all_that_is_shown_leave_each_figure_open(seed, asked, excused) -> None:
    """Integer programming over the records themselves finds two values at least for each withheld figure."""
    found = some_records(seed)
    shown = records.withhold(answers(found, *asked, excused=excused)).to_dict("records")
    # nobody is told which cell has a record of which month
    rows = [(*cell, month) for cell in {one[:4] for one in found} for month in {one[4] for one in found}]
    nothing = np.zeros(len(rows))

    def sums(row: dict[str, object]) -> list[np.ndarray]:
        """Return count, base, absences and excused as sums over present, excused, due of each record."""
        here = covered(row, rows).astype("float64")
        out = here if row["base_of"] == "not_excused" else nothing
        return [
            np.concatenate([here, nothing, nothing]),
            np.concatenate([nothing, -out, here]),
            np.concatenate([-here, -out, here]),
            np.concatenate([nothing, here, nothing]),
        ]

    equal = [
        LinearConstraint(sums(row)[at], float(row[name]), float(row[name]))
        for row in shown
        if not row["withheld"]
        for at, name in ((0, "count"), (1, "base"), (3, "excused"))
    ]
    each = np.eye(len(rows))
    within = LinearConstraint(np.hstack([-each, -each, each]), 0, np.inf)
    for row in shown:
        for figure in sums(row)[:3] if row["withheld"] else []:
            ends = [
                milp(
                    sign * figure,
                    constraints=[*equal, within],
                    integrality=np.ones(3 * len(rows)),
                    bounds=Bounds(0, 200),
                )
                for sign in (1, -1)
            ]
            assert [one.status for one in ends] == [0, 0]
            assert round(ends[0].fun) < round(-ends[1].fun), (row["area"], row["period_start"])
