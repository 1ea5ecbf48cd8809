"""Places that a sentence names only in passing: in brackets, as an owner, in a list that has ended."""

from __future__ import annotations

from collections.abc import Sequence

from cbanalysis.importing.prose.counts_and_shares import Amount
from cbanalysis.importing.prose.found import Found
from cbanalysis.importing.prose.grammar import grammar, pattern
from cbanalysis.importing.prose.place_mentions import Place, PlaceMention
from cbanalysis.importing.prose.tokens import Sentence

# What stays where it is: members may be elsewhere than their organisation.
_STAYING = {"committee", "grassroots_org", "cell", "branch_cell", "village", "commune"}
_SHORTEST, _LONGEST = 2, 4


def in_closed_brackets(sentence: Sentence, mention: PlaceMention, at: int) -> bool:
    """Return whether a place is only told of in brackets before a token: "(Chi bộ xã A, xã B)"."""
    keys = sentence.keys
    opened = max((mark for mark in range(mention.begin) if keys[mark] == "("), default=at)
    closed = next((mark for mark in range(opened, at) if keys[mark] == ")"), at)
    inside = keys[opened + 1 : closed]
    if mention.begin == opened + 1 and mention.end == closed:
        return False  # "Chi bộ bản A (xã B, huyện C) có 13 đảng viên": where it is
    listed = "," in inside and not any(key[0].isdigit() for key in inside)
    return closed < at and mention.end <= closed and (listed or mention.begin > opened + 2)


def listed(sentence: Sentence, mentions: Sequence[PlaceMention]) -> bool:
    """Return whether two places of one level stand in a list: "ở huyện A và các huyện B, C"."""
    between = sentence.keys[mentions[0].end : mentions[-1].begin]
    joined = bool(between) and {*between} <= {"và", ",", "các", "cùng", "với", "đảng", "bộ"}
    return joined and mentions[0].level == mentions[-1].level and all(one.name for one in mentions)


def in_passing(sentence: Sentence, mention: PlaceMention, at: int) -> bool:
    """Return whether a place is told in brackets before a token, or as an owner: "chủ đề của tỉnh"."""
    of = sentence.key(mention.begin - 1) == "của"
    owner = of and not mention.name and mention.level == "province"
    situated = pattern("situated").search(sentence.words(0, mention.begin)) is not None
    return owner or situated or wrote(sentence, mention) or in_closed_brackets(sentence, mention, at)


def wrote(sentence: Sentence, mention: PlaceMention) -> bool:
    """Return whether a place only tells who wrote a paper: "Nghị quyết ngày 25-7-2022 của Đảng ủy A"."""
    return pattern("paper").search(sentence.words(0, mention.begin)) is not None


def of_item_before(
    sentence: Sentence, mention: PlaceMention, amount: Amount, others: Sequence[Amount]
) -> bool:
    """Return whether a place is of an item that has ended: "1 chi bộ ở xã A (4 đảng viên); 2 chi bộ …"."""
    marks = [at for at in range(amount.begin) if sentence.keys[at] == ";"]
    begin = max((mark for mark in marks if mark < mention.begin), default=0)
    counted = any(begin <= other.begin < mention.begin for other in others)
    # "…; đồng thời tiếp nhận 2 chi bộ": an item may begin with what is done
    begun = bool(marks) and any(key[:1].isdigit() for key in sentence.keys[marks[-1] + 1 : marks[-1] + 6])
    return counted and begun and mention.begin < marks[-1]


def opens(sentence: Sentence, mention: PlaceMention) -> bool:
    """Return whether a clause begins with where it is: "Ở Đắk Lắk, …"; "tại Hà Nam" in it doesn't."""
    begin, behind = mention.begin - 1, sentence.key(mention.end)
    marked = begin == 0 or sentence.key(begin - 1) in {";", ":", "."}
    leads = sentence.key(begin) in {"ở", "tại"} and marked
    return leads and (behind == "," or behind in grammar().places.subject)


def led(
    sentence: Sentence,
    mentions: Sequence[PlaceMention],
    place: Place,
    home: Place,
    amount: Amount | None = None,
) -> bool:
    """Return whether only "Ở X, …" says that X is spoken of: others may be there, or visit it.

    Parameters
    ----------
    amount : Amount or None
        What is counted there: organisations stay where they are. None for the sentences behind.
    """
    if place.area or home.province in {"", place.province}:
        return False
    visited = pattern("visitors").search(sentence.flat) is not None
    if not visited and amount is not None and amount.thing.subject in _STAYING:
        return False
    opened = (one for one in mentions if one.name == place.province and opens(sentence, one))
    return any(visited or not pattern("its_own").search(sentence.words(one.end)) for one in opened)


def listed_name(sentence: Sentence, at: int, others: Sequence[int]) -> str:
    """Return the name right before a number of a list of names with numbers: "như: Nam Dong 13, Đắk Wil 14".

    Parameters
    ----------
    at : int
        The number's first token.
    others : sequence of int
        Those of the other numbers; one of them at least has a name before it, too.

    Returns
    -------
    str
        "" where none stands there.
    """
    names = [_name_before(sentence, one) for one in (at, *others)]
    return names[0] if any(names[1:]) else ""


def _name_before(sentence: Sentence, at: int) -> str:
    begin = end = at - (sentence.key(at - 1) == "(")
    while begin and sentence.tokens[begin - 1].capital and sentence.tokens[begin - 1].kind == "word":
        begin -= 1
    opens = sentence.key(begin - 1) in {",", ":", ";", "như", "là", "và"}
    return sentence.name(begin, end) if opens and _SHORTEST <= end - begin <= _LONGEST else ""


def besides(sentence: Sentence, at: int, mentions: Sequence[PlaceMention]) -> int:
    """Return how many places a list names before "ngoài ra", behind which a token stands; 0 without that."""
    keys = sentence.keys
    cut = next((end for end in range(at, 1, -1) if keys[end - 2 : end] == ("ngoài", "ra")), 0)
    return sum(one.begin < cut for one in mentions)


def of_others(one: Found, mentions: Sequence[PlaceMention], place: Place) -> bool:
    """Return whether a body can't have what is counted: an army no communes, a cell no cells."""
    thing = one.first.thing or one.subject.thing
    counted = {thing.subject}
    cells = place.cell and counted & {"cell", "committee", "grassroots_org"}
    before = [mention for mention in mentions if mention.end <= one.first.begin]
    begin = max((mention.end for mention in before if mention.governs), default=0)
    words = one.sentence.words(begin, one.first.begin)
    others = pattern("of_others").search(words) and place.area.casefold() not in words
    return bool(counted & {"commune", "village", "district"} or cells or others)
