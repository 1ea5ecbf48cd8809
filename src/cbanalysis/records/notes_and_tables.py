"""What a reader is told of a register: what it holds, what was wrong, what a comparison shows and doesn't."""

from __future__ import annotations

import html

import pandas as pd

from cbanalysis.common.errors import NotComparable
from cbanalysis.common.language import Language, speaks, words_of
from cbanalysis.dataset.catalogue.attendance_rules import attendance_rules
from cbanalysis.display.notes import Note
from cbanalysis.display.tables import Column, Table
from cbanalysis.display.words import agreeing, number, of_rows, percent, period
from cbanalysis.records.attendance_classes import classes
from cbanalysis.records.checked_register import Checked, month_text, months_of
from cbanalysis.records.contract import Notice
from cbanalysis.records.fault_kinds import KINDS
from cbanalysis.statistics.rates import before_after

_NAMED = 20

_WORDS = words_of("register")


def notice_text(notice: Notice, *, lang: Language) -> str:
    """Return what of a register isn't used, in a sentence.

    Parameters
    ----------
    notice : Notice
        From `Register.notices`.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    str
        With the first twenty names.
    """
    names = ", ".join(_file(name) for name in notice.names[:_NAMED])
    if len(notice.names) > _NAMED:
        names = _WORDS["and"][lang].format(names, len(notice.names) - _NAMED)
    return _WORDS[notice.kind][lang].format(names)


def chart_notes(checked: Checked, *, lang: Language) -> tuple[str, ...]:
    """Return what every chart of a register has to say: its months, and that its records are made up."""
    made_up = (_WORDS["made up"][lang],) if checked.register.made_up else ()
    between = _months(checked)
    return (*made_up, _WORDS["covered"][lang].format(period(*between, lang))) if between else made_up


def too_few(*, lang: Language) -> Note:
    """Say that no rate is shown because the groups, or the months, are too few, or no record of them counts."""
    return Note((_WORDS["few"][lang],))


def _months(checked: Checked) -> tuple[str, str] | None:
    between = months_of(checked)
    return (month_text(between[0]), month_text(between[1])) if between else None


@speaks
def about(checked: Checked, *, lang: Language) -> Note:
    """Say what a register holds and what was left out of the sums.

    Parameters
    ----------
    checked : Checked
        From `check`.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
    """
    between = _months(checked)
    first, last = (period(one, one, lang) for one in between or ("", ""))
    holds = _WORDS["holds" if between else "holds no month"][lang]
    records = number(checked.records, lang)
    sentences = [
        *([_WORDS["made up"][lang]] if checked.register.made_up else []),
        holds.format(name=checked.register.name, records=records, first=first, last=last),
    ]
    sentences += [notice_text(notice, lang=lang) for notice in checked.register.notices]
    if checked.faults.empty:
        sentences.append(_WORDS["clean"][lang])
    else:
        out = int(checked.left_out["counted"].sum())
        kept = checked.faults["record"].nunique() - len(checked.left_out)
        share = percent(100 * out / checked.records, 2)
        said = _WORDS["left out"][lang]
        sentences.append(said.format(out=number(out, lang), kept=number(kept, lang), share=share))
    return Note(tuple(sentences))


def fault_table(checked: Checked, *, lang: Language, name: str = "faults") -> Table:
    """Count the faults by kind, with the first place of each; the rows behind the table tell where all of them are.

    What the records say stays with who keeps the register: reports are passed on, and a cell is few people.

    Parameters
    ----------
    checked : Checked
        From `check`.
    lang : {"vi", "en"}
        Language of the reader.
    name : str
        File stem of the table.

    Returns
    -------
    Table
    """
    kinds = [one for one in KINDS if (checked.faults["kind"] == one.id).any()]
    firsts = [checked.faults[checked.faults["kind"] == one.id].iloc[0] for one in kinds]
    counts = checked.faults["kind"].value_counts()
    places = [
        _WORDS["row"][lang].format(file=_file(str(row["file"])), row=row["row"]) if row["file"] else ""
        for row in firsts
    ]
    columns = (
        Column(_WORDS["kind"][lang], tuple(html.escape(one.words[lang]) for one in kinds)),
        Column(
            _WORDS["records"][lang], tuple(number(int(counts[one.id]), lang) for one in kinds), numeric=True
        ),
        Column(
            _WORDS["treated"][lang], tuple(_WORDS["out" if one.left_out else "kept"][lang] for one in kinds)
        ),
        Column(_WORDS["first"][lang], tuple(html.escape(one) for one in places)),
    )
    rows = checked.faults[["file", "row", "kind", "left_out"]]
    rows = rows.assign(file=[_file(str(one)) for one in rows["file"]])
    return Table(name, _WORDS["faults"][lang], columns, rows, chart_notes(checked, lang=lang))


def _file(path: str) -> str:
    # the folder is the reader's own business and differs from machine to machine
    return path.replace("\\", "/").rpartition("/")[2]


@speaks
def class_table(
    checked: Checked, *, rule: str, least: int, lang: Language, name: str = "classes"
) -> Table | Note:
    """Count the months of all cells by class, quarter by quarter.

    Parameters
    ----------
    checked : Checked
        From `check`.
    rule : str
        The rule for all months, e.g. ``"hd42"``.
    least : int
        Quarters of fewer cell-months are left out.
    lang : {"vi", "en"}
        Language of the reader.
    name : str
        File stem of the table.

    Returns
    -------
    Table or Note
        The note says why there is no table.
    """
    if "absent_without_reason" not in checked.register.given:
        return Note((_WORDS["no reasons"][lang],))
    counted = classes(checked, by="country", every="quarter", rule=rule)
    counted = counted[counted["base"] >= least]
    if counted.empty:
        return too_few(lang=lang)
    (chosen,) = attendance_rules(rule)
    first = counted[counted["class_id"] == chosen.classes[0].class_id]
    periods = [period(*pair, lang) for pair in zip(first["period_start"], first["period_end"], strict=True)]
    columns = [Column(_WORDS["quarter"][lang], tuple(map(html.escape, periods)))]
    for one in chosen.classes:
        rows = counted[counted["class_id"] == one.class_id]
        cells = [
            f"{number(count, lang)} ({percent(share, 1)})"
            for count, share in zip(rows["count"], rows["share"], strict=True)
        ]
        columns.append(Column(html.escape(one.name[lang]), tuple(cells), numeric=True))
    bases = tuple(number(base, lang) for base in first["base"])
    columns.append(Column(_WORDS["cell-months"][lang], bases, numeric=True))
    said = [_WORDS["rule"][lang].format(document=chosen.document[lang])]
    said += [_WORDS["reported"][lang]] if chosen.classes[0].basis == "reported" else []
    footnotes = (*said, *chart_notes(checked, lang=lang))
    return Table(name, _WORDS["classes"][lang], tuple(columns), counted.reset_index(drop=True), footnotes)


@of_rows
def gap_between_readings(rated: pd.DataFrame, *, lang: Language) -> Note:
    """Say both readings of "excused" over all rows, and how far apart they lie.

    Parameters
    ----------
    rated : DataFrame
        From `attendance` with both readings; what is withheld is in neither sum.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
    """
    sums = rated.dropna(subset="count").groupby("base_of")[["count", "base"]].sum()
    # a gap needs both rates; where nobody was due, or all were excused, there is none
    sums = sums[sums["base"] > 0]
    without = rated[rated["records"] == 0].drop_duplicates(["period_start", "period_end"])
    spans = [period(*ends, lang) for ends in zip(without["period_start"], without["period_end"], strict=True)]
    nothing = [_WORDS["no_record"][lang].format(", ".join(spans))] if spans else []
    if len(sums) < 2:
        few = too_few(lang=lang).sentences if rated["records"].fillna(1).any() else ()
        return Note((*few, *nothing))
    rates = {str(code): 100 * row["count"] / row["base"] for code, row in sums.iterrows()}
    exact = agreeing(rates["all_due"], rates["not_excused"])
    gap = number(rates["not_excused"] - rates["all_due"], lang, exact)
    said = {code: percent(rate, exact) for code, rate in rates.items()}
    return Note((_WORDS["excused"][lang].format(**said, gap=gap), *nothing))


@of_rows
def event_compared(rated: pd.DataFrame, event: str, *, lang: Language) -> Note:
    """Say what came before an event and what from it on, and what that doesn't show.

    Parameters
    ----------
    rated : DataFrame
        Months of one place and reading, from `rates.add_rates`; none of them withheld.
    event : str
        The first month that counts as after, ``YYYY-MM``.
    lang : {"vi", "en"}
        Language of the reader.

    Returns
    -------
    Note
        Says so where the register has no months on one side of the event.
    """
    if rated.empty:
        return too_few(lang=lang)
    try:
        found = before_after(rated, event).iloc[0]
    except NotComparable:
        return Note((_WORDS["outside"][lang].format(event=period(event, event, lang)),))
    when = period(event, event, lang)
    exact = agreeing(found["rate_before"], found["rate_after"])
    said = _WORDS["event"][lang].format(
        periods=found["periods"],
        event=when,
        before=percent(found["rate_before"], exact),
        after=percent(found["rate_after"], exact),
        **{
            name: number(found[column], lang, exact)
            for name, column in (
                ("difference", "difference"),
                ("low", "difference_low"),
                ("high", "difference_high"),
            )
        },
    )
    return Note((said, _WORDS["caution"][lang]))
