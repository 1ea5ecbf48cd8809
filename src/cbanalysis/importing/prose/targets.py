"""Targets: figures to be reached, told apart from those that were."""

from __future__ import annotations

from collections.abc import Sequence

from cbanalysis.importing.prose.grammar import grammar, pattern
from cbanalysis.importing.prose.tokens import Sentence

_MARKS = {",", ";", ":", "(", ")"}
_PLANS = {("chỉ", "tiêu"), ("kế", "hoạch")}
_MET = {"%", "so", "vượt"}
_MOST_MET = 10
_MOST_ASKED = 7
_MOST_BEHIND = 24
_MOST_MARKER = 4
# "giao" and "yêu cầu" name whom they ask before the number
_FAR = {"giao", "giao cho"}
_GIVEN = {"được giao", "đề ra", "đặt ra", "đề ra trong"}
_NO_ORDER = {"bàn", "được", "ban", "chuyển", "so", "với"}


def _cue(keys: Sequence[str], at: int) -> bool:
    """Return whether a cue stands at a place and isn't told as met ("đạt 103% chỉ tiêu")."""
    found = grammar().targets.cues.at(keys, at)
    if not found:
        return False
    idle = grammar().targets.idle
    if any((other := idle.at(keys, place)) and other[0] > at for place in range(max(0, at - 3), at + 1)):
        return False
    fulfilled = grammar().targets.fulfilled
    if found[1] in _GIVEN:
        if at > 1 and grammar().targets.cues.at(keys, at - 2):
            # the plan that is met was given: "đạt 105% chỉ tiêu được giao"
            at -= 2
        begin = max((mark for mark in range(at) if keys[mark] in _MARKS), default=-1) + 1
        if _MET & set(keys[max(begin, at - _MOST_MET) : at]):
            return False  # "đạt 48,3% so với nghị quyết đề ra" tells what was reached
    while at > 1 and (keys[at - 1][0].isdigit() or keys[at - 1] == "/"):
        at -= 1  # "hoàn thành 12/12 mục tiêu đề ra"
    own = keys[at - 1 : at] == ("(",) and _closed(keys, at, len(keys))
    met = fulfilled.before(keys, at) or (at > 0 and not own and fulfilled.before(keys, at - 1))
    return found[1] == "phấn đấu" or not met


def _closed(keys: Sequence[str], cue: int, at: int) -> bool:
    """Return whether a cue stands in brackets with its own number, closed before a token: "(đề ra 90 %)"."""
    end = next((place for place in range(cue, at) if keys[place] in {"(", ")"}), at)
    begin = next((place for place in range(cue, -1, -1) if keys[place] in {"(", ")"}), cue)
    own = any(key[0].isdigit() for key in keys[cue:end])
    return own and keys[begin] == "(" and end < at and keys[end] == ")"


def targeted(sentence: Sentence, at: int) -> bool:
    """Return whether a token stands in the reach of words such as phấn đấu.

    Parameters
    ----------
    sentence : Sentence
        The sentence.
    at : int
        The token.

    Returns
    -------
    bool
        True from a cue on, until a result is told or the sentence ends.
    """
    keys = sentence.keys
    before = keys[max(0, at - 1 - _MOST_MET) : at]
    plans = (at for at in range(len(before)) if before[at : at + 2] in _PLANS and before[at + 2] != "hóa")
    if before[-1:] == ("(",) and any(plans):
        return True  # "chỉ tiêu tỉnh giao cả năm (190 đảng viên)"
    if pattern("missed").search(" ".join(before)):
        return True
    if _asked(keys, at) or _named_behind(keys, at):
        return True
    cues = (place for place in range(at - 1, -1, -1) if _cue(keys, place) and not _closed(keys, place, at))
    cue = next(cues, None)
    return cue is not None and not sentence.has(grammar().targets.ends, cue, at) and not _done(keys, cue, at)


def _done(keys: Sequence[str], cue: int, at: int) -> bool:
    """Return whether a clause behind a target tells what was done: "chỉ tiêu là 90, đã kết nạp 84"."""
    found = grammar().targets.done.before(keys, at)
    mark = max((place for place in range(cue, at) if keys[place] in _MARKS), default=None)
    return found is not None and mark is not None and mark < found[0] and "%" not in keys[mark : found[0]]


def _asked(keys: Sequence[str], at: int) -> bool:
    """Return whether a number is asked for right before it: "chỉ đạo 100 % chi bộ", "giao huyện 180 …"."""
    for place in range(max(0, at - _MOST_ASKED), at):
        found = grammar().targets.before.at(keys, place)
        between = keys[found[0] : at] if found else ()
        if found and all(word.isalpha() for word in between) and not {"và", "có", "được"} & set(between):
            alone = place == 0 or keys[place - 1] not in _NO_ORDER
            return alone and (found[1] in _FAR or (not between and keys[at + 1 : at + 2] == ("%",)))
    return False


def _named_behind(keys: Sequence[str], at: int) -> bool:
    """Return whether a number is called a target behind it: "… , đó là mục tiêu", "90 chỉ tiêu giao"."""
    rest = " ".join(keys[at + 1 : at + _MOST_BEHIND])
    return pattern("named_behind").search(rest) is not None


def heads_targets(sentence: Sentence) -> bool:
    """Return whether a heading opens a section of targets: it begins with them and tells no results."""
    keys = sentence.keys
    word = next((at for at, key in enumerate(keys) if key.isalpha() and len(key) > 3), len(keys))
    begins = sentence.has(grammar().targets.headings, 0, min(_MOST_MARKER, word + 1))
    return begins and not sentence.has(grammar().targets.results)


def target_from(sentence: Sentence) -> int:
    """Return the token before which a sentence still tells what was; its end if it tells nothing else.

    The clause of the first cue counts as a whole: "đến năm 2020, phấn đấu …" dates the target.
    """
    keys = sentence.keys
    cues = (at for at in range(len(keys)) if _cue(keys, at) and not _closed(keys, at, len(keys)))
    cue = next(cues, None)
    if cue is None:
        return len(keys)
    return max((mark for mark in range(cue) if keys[mark] in {";", ":"}), default=-1)
