"""Which expression of time dates a number, by where the two stand in their sentence."""

from __future__ import annotations

from collections.abc import Sequence

from cbanalysis.importing.prose.counts_and_shares import Amount
from cbanalysis.importing.prose.grammar import grammar, pattern
from cbanalysis.importing.prose.times import Period, TimeMention, month_of
from cbanalysis.importing.prose.tokens import Sentence

MOST_BETWEEN = 12
CLAUSE_MARKS = {",", ";", ":", ".", "(", "thì", "nhưng", "còn"}
OF_PLAN = 6
_ORGANISATIONS = {"committee", "cell", "grassroots_org", "branch_cell", "office_cell", "district_committee"}
_CHANGES = {"tăng", "giảm", "lên", "xuống", "còn", "nay", "hiện", "thành", "kết"}
UNTIL = {"đến", "hết", "tới"}
_A_YEAR = len("2022")
_EVERY_YEAR = {("mỗi", "năm"), ("hằng", "năm"), ("hàng", "năm")}


def yearly(sentence: Sentence, end: int | None = None) -> bool:
    """Return whether the words before a token, or all, tell of every year: "mỗi năm", "hằng năm"."""
    keys = sentence.keys[:end]
    return any(keys[at : at + 2] in _EVERY_YEAR for at in range(len(keys)))


def since_new_year(
    sentence: Sentence, times: Sequence[TimeMention], period: Period, *, people: bool
) -> Period | None:
    """Return from when to when something was done "tính đến tháng 6", "tính đến ngày 30-6".

    Parameters
    ----------
    people : bool
        Whether it was done to people; they are counted since the year began, organisations set up may be
        those of many years.

    Returns
    -------
    Period or None
        None where more than the year is told of, and nobody says since when.
    """
    for time in times:
        until = UNTIL & {*sentence.keys[max(0, time.begin - 2) : time.begin]}
        if time.period == period and until and period.start == period.end and len(period.end) > _A_YEAR:
            over = not people or pattern("over_years").search(sentence.flat)
            return None if over else Period(f"{period.end[:4]}-01", period.end)
    return period


def right_behind(
    sentence: Sentence, times: Sequence[TimeMention], amount: Amount, others: Sequence[Amount]
) -> TimeMention | None:
    """Return the time named behind an amount in its clause: "48 chi bộ làm điểm năm 2020, …"."""
    behind = (one for one in times if one.begin >= amount.end and one.use in {"point", "since"})
    mention = next(behind, None)
    if mention is None:
        return None
    between = sentence.keys[max(amount.end, min(amount.thing_end, mention.begin)) : mention.begin]
    if between == ("(",) and sentence.key(mention.end) == ")":
        return mention  # "từ 214 xóm (năm 2001) xuống 31 xóm (năm 2006)"
    crossed = any(amount.end <= other.begin < mention.begin for other in others)
    apart = CLAUSE_MARKS & set(between) or crossed or len(between) > MOST_BETWEEN
    # "năm 2017 kết nạp 118 đảng viên và 9 tháng năm 2018 kết nạp 76": the time of the next
    following = any(other.begin >= mention.end for other in others)
    apart = apart or (between[-1:] == ("và",) and following)
    return None if apart else mention


def told_by(period: Period | None, published: str) -> bool:
    """Return whether what was so in a period can have been told by a day: nothing that lies ahead of it."""
    if period is None or not published:
        return True
    # an article of 22 June may tell "tính đến ngày 30/6"
    return month_of(period.end) <= month_of(published) + 1 or (
        len(period.end) == _A_YEAR and period.end <= published[:_A_YEAR]
    )


def until(period: Period | None, published: str) -> Period | None:
    """Return the years of a span that are over by a day; None where it had not begun, or is one year or day.

    Examples
    --------
    >>> until(Period("2020", "2025"), "2023-06-01"), until(Period("2025", "2025"), "2023-06-01")
    (Period(start='2020', end='2023', inferred=False), None)
    """
    year = published[:_A_YEAR]
    begun = period is not None and len(period.end) == _A_YEAR and period.start < period.end
    return Period(period.start, year) if period and begun and period.start < year else None


def told_before(
    sentence: Sentence, times: Sequence[TimeMention], amount: Amount, others: Sequence[Amount]
) -> list[TimeMention]:
    """Return the times that stand before an amount and may date it."""
    before = [one for one in times if one.begin < amount.begin and one.use != "aside"]
    # "từ 12 chi bộ (năm 2015) xuống còn 3": the year of the first
    before = [one for one in before if not in_brackets_behind(sentence, one, others)]
    found: list[TimeMention] = []
    for one in before:
        # "6 tháng đầu năm, trước khi sáp nhập, …" has its period
        dated = found and found[-1].period and sentence.keys[found[-1].end : one.begin] == (",",)
        if one.part != "once" or not (dated or _in_brackets_before(sentence, one, amount.begin)):
            found.append(one)
    return found


def _in_brackets_before(sentence: Sentence, mention: TimeMention, at: int) -> bool:
    """Return whether a time is told in brackets that close before a token: "(trước khi sáp nhập có 3 …)"."""
    keys = sentence.keys
    opened = keys[: mention.begin].count("(") > keys[: mention.begin].count(")")
    return opened and ")" in keys[mention.end : at]


def in_brackets_behind(sentence: Sentence, mention: TimeMention, others: Sequence[Amount]) -> bool:
    """Return whether a time stands in brackets of its own behind another amount: "12 chi bộ (năm 2015)"."""
    own = sentence.key(mention.begin - 1) == "(" and sentence.key(mention.end) == ")"
    return own and any(one.thing_end == mention.begin - 1 for one in others)


def closing(sentence: Sentence, times: Sequence[TimeMention], amount: Amount) -> Period | None:
    """Return the period of the only time where it dates all before it: "24 đảng bộ … trong năm 2017."."""
    dated = [one for one in times if one.use != "now"]
    if len(dated) != 1 or dated[0].use != "point" or dated[0].begin < amount.begin:
        return None
    begin, end = dated[0].begin, dated[0].end
    # such as "… và 5.214 đảng viên (tính đến tháng 5/2020)"
    bracketed = "(" in sentence.keys[max(0, begin - 4) : begin] and sentence.key(end) == ")"
    planned = of_plan(sentence, dated[0]) or sentence.has(grammar().targets.cues, amount.end, begin)
    if planned or "sẽ" in sentence.keys[amount.end : begin]:
        return None
    ends = not any(key.isalnum() for key in sentence.keys[end:])
    # "Kết nạp 610 đảng viên … là kết quả đạt được từ năm 2014 đến nay của các cấp Hội"
    result = "kết quả" in sentence.words(max(0, begin - 4), begin)
    told = bracketed or ends or result or _of_the_day(sentence, dated[0], amount)
    return dated[0].period if told else None


def _of_the_day(sentence: Sentence, mention: TimeMention, amount: Amount) -> bool:
    """Return whether a day is that of organisations: "có 58 chi bộ; đảng viên tính đến 1/4 có 3.905"."""
    keys, thing = sentence.keys, amount.thing
    part = thing.category == "đảng bộ bộ phận"
    if not (part or thing.subject in _ORGANISATIONS) or mention.period is None:
        return False
    until = "tính đến" in " ".join(keys[max(0, mention.begin - 3) : mention.begin])
    # "từ 40 chi bộ …, tính đến 1/4 còn 20", "… kết nạp 30 đảng viên" tell of other times
    behind = grammar().things.within(keys, mention.end)
    again = any(other.subject in _ORGANISATIONS for _, _, other in behind)
    others = _CHANGES & {*keys} or sentence.has(grammar().parts.cues, mention.end)
    return until and len(mention.period.end) > len("2016") and not (again or others)


def of_plan(sentence: Sentence, mention: TimeMention, *, met: bool = False) -> bool:
    """Return whether a year is that of a plan, or of one that was met: "… đạt 35% chỉ tiêu năm 2022"."""
    keys, begin = sentence.keys, max(0, mention.begin - OF_PLAN * (1 + met))
    mark = max((at + 1 for at in range(begin, mention.begin) if keys[at] in CLAUSE_MARKS), default=begin)
    before = keys[mark : mention.begin]
    words = " ".join(before[-OF_PLAN:])
    plan = any(plan in words for plan in ("chỉ tiêu", "kế hoạch", "nghị quyết", "đề ra", "giao"))
    # "đạt 105% kế hoạch và năm 2021 …" goes on with another year
    return plan and (not met or (bool({"%", "vượt"} & {*before}) and before[-1] not in {"và", "-", "–"}))
