"""Which rating the words beside a figure print, and where the words of a figure end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cbanalysis.importing.prose.found import Found
from cbanalysis.importing.prose.grammar import grammar, pattern

_ABBREVIATED = {"q", "p", "h", "x", "tp", "tx", "tt"}
# Behind a figure these go on with what was said before it.
_SILENT = {"của", "thuộc", "trên", "so", "tương", "với", "cùng", "trực", "từ", "trở", "khác", "ở"}
_QUOTES = {'"', "'", "“", "”", "‘", "’", "«", "»"}
_MARKS = {",", ";", ":", "(", ")", "."}
_JOINS = {":", "có", "là", "đạt", ",", "chiếm", "("}
_OF_ORGANISATIONS = {"strong", "exemplary"}
_LONGEST_RATING = 9
_ABBREVIATIONS = ("ht", "kht", "ts")


def tells(one: Found) -> bool:
    """Return whether words right behind a figure say something of it: "5 chi bộ mới thành lập chưa …"."""
    keys, at = one.sentence.keys, one.last.thing_end
    if not one.direct or one.first.percent or at >= len(keys) or not keys[at].isalpha():
        return False
    silent = keys[at] in grammar().numbers.after_bare or keys[at] in _SILENT
    return not silent and grammar().part_kinds.at(keys, at) is None


def rating_of(one: Found) -> str:
    """Return the rating printed beside a figure: right behind it, right before it, behind, or before.

    Members are never called clean and strong: such words are of the organisations told before them.
    """
    rating = _beside(one)
    return "" if one.subject.name == "member" and rating in _OF_ORGANISATIONS else rating


def _beside(one: Found) -> str:
    # "đủ tư cách, hoàn thành tốt nhiệm vụ" is one rating
    told = (words.replace("tư cách , hoàn", "tư cách hoàn") for words in (one.before, one.far))
    before, far = (words.split(" ") for words in told)
    # "41 đảng viên, nhiều năm liền hoàn thành …", "…; năm nào chi bộ cũng đạt …": these are of the body
    behind = far[len(before) if one.before else 0 :]
    if not one.first.percent:
        behind = pattern("of_the_body").split(" ".join(behind))[0].split(" ")
    if one.count is None and tuple(one.sentence.keys[one.last.end : one.last.end + 2]) == ("so", "với"):
        behind = []  # "chiếm 5% so với số hoàn thành tốt nhiệm vụ": not the rating that is told of
    close = _ratings(until_mark(behind[one.first.thing_end - one.first.begin :]))
    before, behind = _completed(unquoted(before).split()), _own(_completed(behind))
    if close:
        return close[0]
    ends = 0 if tells(one) else len(before)
    while ends:
        found = grammar().ratings.before(before, ends, _LONGEST_RATING)
        if found and found[1]:
            return found[1]
        if before[ends - 1] not in _JOINS:
            break
        ends -= 1
    there = [*_ratings(behind)[:1], *([] if tells(one) else _ratings(before)[-1:])]
    if not there and one.goes_on is not None and before[-2:] == ["hoàn", "thành"]:
        return "fulfilled"  # "hoàn thành tốt 65%, hoàn thành 13%"
    if there or one.goes_on is None:
        return there[0] if there else ""
    return rating_of(one.goes_on)


def printed_as(one: Found, rating: str, ways: Sequence[str]) -> str:
    """Return how a rating is printed near a figure, of the ways that its category knows; the first without.

    A rating of no category is printed as the grammar spells it.
    """
    near = " ".join(word for word in one.far.split() if word not in _MARKS)
    spelled = (way for way in grammar().ratings.meaning(rating) if not way.startswith(_ABBREVIATIONS))
    told = [way for way in ways or spelled if re.sub("[,;]", "", way) in near]
    if told or one.goes_on is None:
        # the longest of the words, with the marks of the text
        exact = {way: re.sub("([,;])", r" \1", way) in one.far for way in told}
        length = {way: len(re.sub("[,;]", "", way)) for way in told}
        return max(told, key=lambda way: (length[way], exact[way]), default=next(iter(ways), ""))
    return printed_as(one.goes_on, rating, ways)


def unquoted(words: Sequence[str]) -> str:
    """Return words without marks of quotation: thôn "trắng" đảng viên."""
    return " ".join(word for word in words if word not in _QUOTES)


def _ratings(words: Sequence[str]) -> list[str]:
    return [rating for _, _, rating in grammar().ratings.within(_completed(words)) if rating]


def _own(behind: list[str]) -> list[str]:
    """Return words behind a figure without a rating of the next: "50 tổ chức …: hoàn thành tốt 33"."""
    colon = max((at for at, word in enumerate(behind) if word == ":"), default=len(behind))
    found = grammar().ratings.at(behind, colon + 1)
    return behind[:colon] if found and found[0] == len(behind) else behind


def _completed(words: Sequence[str]) -> list[str]:
    """Return words with the noun that "hoàn thành tốt (69%)" leaves out."""
    whole: list[str] = []
    for word, following in zip(words, [*words[1:], ""], strict=False):
        whole.append(word)
        short = whole[-3:] in (["hoàn", "thành", "tốt"], ["không", "hoàn", "thành"])
        if short and (not following.isalpha() or following in _JOINS):
            whole += ["nhiệm", "vụ"]
    return whole


def until_mark(words: Sequence[str]) -> list[str]:
    """Return the words before the first mark."""
    ends = (
        at for at, word in enumerate(words)
        if word in _MARKS and not (word == "." and at and words[at - 1] in _ABBREVIATED)
    )  # fmt: skip
    return [*words[: next(ends, len(words))]]
