"""Bodies that are no places: blocs, army, police, schools, companies, with a committee of their own."""

from __future__ import annotations

from cbanalysis.common.text import clean
from cbanalysis.importing.prose.grammar import PlaceWords
from cbanalysis.importing.prose.tokens import Sentence

_LONGEST_BODY = 14


def body_at(sentence: Sentence, at: int, words: PlaceWords) -> tuple[int, str] | None:
    """Return where the name of a body that begins at a token ends, and the name; None where there is none.

    Parameters
    ----------
    sentence : Sentence
        Any sentence.
    at : int
        The token.
    words : PlaceWords
        The kinds of bodies.

    Returns
    -------
    (int, str) or None
        "Đảng bộ Khối các cơ quan tỉnh" keeps its level; "Chi bộ cơ quan Sở Y tế tỉnh Hà Nam" is a body by
        itself. "12 chi bộ trường học" and "các đảng bộ khối" count bodies and name none.
    """
    keys, tokens = sentence.keys, sentence.tokens
    lead = words.committees.at(keys, at)
    if at and (keys[at - 1] in words.plural or tokens[at - 1].kind == "number"):
        return None
    begin = lead[0] if lead else at
    kind = words.bodies.at(keys, begin)
    if kind is None:
        return None
    if lead is None:
        return _in_list(sentence, at) if tokens[at].capital and kind[1] == "own" else None
    end = kind[0]
    named = any(token.capital for token in tokens[begin:end]) and not sentence.shouted
    while end < len(keys) and end - at < _LONGEST_BODY and _goes_on(sentence, end, words):
        named = named or tokens[end].capital
        end += 1
    while end > kind[0] and keys[end - 1] in words.joints:
        end -= 1
    level = words.levels.at(keys, end)
    if kind[1] == "level" and level and level[1] in {"province", "district"} and keys[end] != "tp":
        # the army of which level: "Đảng bộ Quân sự tỉnh"
        return level[0], _named(sentence, at, level[0])
    return (end, _named(sentence, at, end)) if named and (kind[1] != "level" or end > kind[0]) else None


def _in_list(sentence: Sentence, at: int) -> tuple[int, str] | None:
    """Return a body named without its committee: "Trường Cao đẳng Hải Dương (28 đảng viên)"."""
    tokens = sentence.tokens
    end = at + 1
    while end < len(tokens) and end - at < _LONGEST_BODY and tokens[end].kind == "word":
        end += 1
    counted = end + 1 < len(tokens) and tokens[end].key == "(" and tokens[end + 1].kind == "number"
    return (end, _named(sentence, at, end)) if counted and end > at + 1 else None


def _goes_on(sentence: Sentence, at: int, words: PlaceWords) -> bool:
    token = sentence.tokens[at]
    if words.levels.at(sentence.keys, at) is not None:
        return False
    return token.capital or token.key in words.joints or token.key in words.inside


def _named(sentence: Sentence, begin: int, end: int) -> str:
    tokens = sentence.tokens[begin:end]
    text = clean(" ".join(token.text for token in tokens)).replace(" ,", ",")
    return text[:1].upper() + text[1:]
