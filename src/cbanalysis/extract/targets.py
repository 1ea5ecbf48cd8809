"""Targets: figures to be reached, told apart from those that were."""

from __future__ import annotations

from collections.abc import Sequence

from cbanalysis.extract.grammar import Grammar
from cbanalysis.extract.tokens import Sentence

__all__ = ["target_from", "targeted"]


def _cue(keys: Sequence[str], grammar: Grammar, at: int) -> bool:
    """Return whether a cue stands at a place and isn't told as met ("đạt 103% chỉ tiêu")."""
    found = grammar.targets.cues.at(keys, at)
    if not found:
        return False
    fulfilled = grammar.targets.fulfilled
    met = fulfilled.before(keys, at) or (at > 0 and fulfilled.before(keys, at - 1))
    return found[1] == "phấn đấu" or not met


def targeted(sentence: Sentence, grammar: Grammar, at: int) -> bool:
    """Return whether a token stands in the reach of words such as phấn đấu.

    Parameters
    ----------
    sentence : Sentence
        The sentence.
    grammar : Grammar
        The cues, and the words that end their reach ("thực hiện đạt", "đến nay").
    at : int
        The token.

    Returns
    -------
    bool
        True from a cue on, until a result is told or the sentence ends.
    """
    keys = sentence.keys
    cue = next((place for place in range(at - 1, -1, -1) if _cue(keys, grammar, place)), None)
    return cue is not None and not any(grammar.targets.ends.at(keys, place) for place in range(cue, at))


def target_from(sentence: Sentence, grammar: Grammar) -> int:
    """Return the token before which a sentence still tells what was; its end if it tells nothing else.

    The clause of the first cue counts as a whole: "đến năm 2020, phấn đấu …" dates the target.
    """
    keys = sentence.keys
    for at in range(len(keys)):
        if _cue(keys, grammar, at):
            return max((mark for mark in range(at) if keys[mark] in {";", ":"}), default=-1)
    return len(keys)
