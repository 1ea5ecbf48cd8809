"""Which of those there are a figure counts, in the words of the text: "80 đảng viên trong trường học"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise, takewhile
from typing import Literal

from cbanalysis.importing.prose.found import Found
from cbanalysis.importing.prose.grammar import Phrases, grammar, pattern
from cbanalysis.importing.prose.tokens import Sentence

Want = Literal["", "attributes", "whole"]
_MARKS = {";", ".", "(", ")", ":", "!", "?", "/", "…", "-", "–"}
_STOPS = {";", ",", ".", "(", ")"}
_JOINS = {",", "và", "hoặc"}
# Verbs that say which are meant, as against those that say what was done to them.
_SOME = {"which", "none", "have"}
_CELLS = {"cell", "branch_cell", "committee", "grassroots_org", "office_cell"}
_MOST_WORDS, _MOST_BETWEEN, _LONGEST_NOUN = 32, 5, 3


def subset_of(one: Found) -> str | None:
    """Return which of those there are a figure counts.

    Returns
    -------
    str or None
        Its words, by the name of the kind where they are one; "" where some are meant and nothing delimits
        the words; None for all of them. The first of the rules below that says something tells it.
    """
    rules = (_noun, _behind) if one.is_base else _RULES
    return next((told for rule in rules if (told := rule(one)) is not None), None)


def _noun(one: Found) -> str | None:
    """Call people by their noun: "30 học sinh lớp 12", "12 đồng chí là trưởng thôn"."""
    keys, first = one.sentence.keys, one.first
    if first.thing.kind not in {"people", "head", "unit"} or _anyone(one):
        return None
    noun = keys[first.end : first.thing_end]
    own = _named(noun[noun.index("là") + 1 :] if "là" in noun else noun)
    want: Want = "attributes" if first.thing.kind == "unit" else ""
    return f"{own} {_words(one.sentence, first.thing_end, len(keys), want) or ''}".strip()


def _behind(one: Found) -> str | None:
    """Take what stands in and behind the noun: "60 đảng viên người Mông", "80 đảng viên ở trường học".

    Of cells only what stands right behind "chi bộ": "chi bộ ấp, khu phố có chi ủy".
    """
    first, keys = one.first, one.sentence.keys
    office = first.thing.kind == "office" or first.thing.category != ""
    cells = office and one.subject.name == "cell"
    end = keys.index("bộ", first.end) + 1 if cells else first.thing_end
    return _said(one.sentence, first.end, end, len(keys), "attributes" if one.is_base or cells else "")


def _raised(one: Found) -> str | None:
    """Take those admitted as those they raise: "kết nạp 51 đảng viên, nâng số đảng viên có đạo lên"."""
    keys, end = one.sentence.keys, one.first.thing_end
    admitted = (one.verb, one.subject.name) == ("admit", "member")
    raised = pattern("raising").match(" ".join(keys[end:])) if admitted else None
    return _words(one.sentence, end + raised[0].count(" "), len(keys)) if raised else None


def _before(one: Found) -> str | None:
    """Take the words before a number without a noun: "nữ chiếm 31%", "cán bộ, công chức 150"."""
    sentence, stop = one.sentence, _end_of_words(one)
    if not _bare(one):
        return None
    since = _since_mark(sentence.keys, stop)
    while sentence.key(since - 1) == "," and begins_kind(sentence.words(since, stop)):
        # as long as what stands before the comma are people, too
        earlier = _since_mark(sentence.keys, since - 1)
        if not begins_kind(sentence.words(earlier, since - 1)):
            break
        since = earlier
    cue = grammar().parts.cues.at(sentence.keys, since)
    since = cue[0] if cue else since
    while since < stop and sentence.keys[since] in grammar().parts.openings:
        since += 1
    lead = grammar().parts.leads.at(sentence.keys, since)
    place = grammar().parts.units.at(sentence.keys, lead[0] if lead else since)
    some = since < stop and (place or begins_kind(sentence.words(since, stop)))
    return _words(sentence, since, stop) if some else None


def _head(one: Found) -> str | None:
    """Take the head of the clause: "Số đảng viên trong trường học là 80"."""
    sentence, stop, bare = one.sentence, _end_of_words(one), _bare(one)
    keys = sentence.keys
    mark = max((at + 1 for at in range(stop) if keys[at] in {";", ".", "("}), default=0)
    for at, end, thing in reversed([*grammar().things.within(keys, mark, stop)]):
        head = grammar().numbers.heads.before(keys, at) is not None
        if thing.subject != one.subject.name or keys[at - 1] == "là" or not (head or bare):
            continue
        if thing.kind == "people":
            # "tổng số hội viên nông dân là đảng viên đạt 8.149"
            linked = range(end, min(stop, end + _LONGEST_NOUN + 1))
            link = next((place for place in linked if keys[place : place + 3] == ("là", "đảng", "viên")), 0)
            if link:
                return _named(keys[at:link])
            continue
        said = _said(sentence, at, end, stop, "whole")
        return said if head or said else None
    return None


def _put_forward(one: Found) -> str | None:
    """Take those admitted as of those put forward: "giới thiệu 150 đoàn viên, kết nạp được 50 người"."""
    if not _bare(one) or one.verb not in grammar().verbs.people:
        return None
    keys, begin = one.sentence.keys, one.first.begin
    heads, told = grammar().numbers.heads, ""
    for at, end, thing in grammar().things.within(keys, 0, begin):
        counted = thing.kind == "people" and (keys[at - 1][0].isdigit() or heads.before(keys, at))
        name = _named(keys[at:end]) if counted else ""
        told = name if name and begins_kind(name) else told
    return told or None


def _of_cells(one: Found) -> str | None:
    """Take the kind of cells that have the members: "đã có chi bộ quân sự với 96 đảng viên", not a name."""
    sentence, stop = one.sentence, one.first.begin - 1
    if sentence.key(stop) != "với" or one.subject.name != "member":
        return None
    since, cells = _since_mark(sentence.keys, stop), (0, 0)
    for at, end, thing in grammar().things.within(sentence.keys, since, stop):
        if thing.subject in _CELLS and not sentence.key(at - 1)[:1].isdigit():
            cells = at, end
    # "chi bộ quân sự trực thuộc các Đảng bộ phường" is no name
    named = any(token.capital and token.key != "đảng" for token in sentence.tokens[cells[0] + 1 : stop])
    words = _words(sentence, cells[1], stop, "attributes") if cells[1] and not named else None
    # "410 doanh nghiệp có tổ chức đảng với 7.900 đảng viên"
    firms = grammar().parts.units.at(sentence.keys, since) if sentence.key(since - 1)[:1].isdigit() else None
    own = f"{' '.join(sentence.keys[slice(*cells)])} {words}" if words else None
    return own or (firms[1] if firms else None)


def _doer(one: Found) -> str | None:
    """Take who has or admitted them: "riêng khối trường học kết nạp 12 đảng viên"."""
    sentence, stop, starts = one.sentence, *_doing(one)
    if len(starts) > 1 and grammar().places.levels.at(sentence.keys, starts[-1]):
        starts.pop()  # "khối xã, thị trấn"
    since = _skipped(sentence, starts[-1], stop)
    thing = sentence.at(grammar().things, since)
    at = thing[0] if thing and thing[1].subject in _CELLS else since
    some = at > since or grammar().parts.units.at(sentence.keys, at)
    # "ngành Giáo dục" is a branch, "Khối các cơ quan tỉnh" a body
    named = sentence.tokens[since + (sentence.key(at) != "khối") : stop]
    capital = sentence.key(at) != "ngành" and any(token.capital for token in named)
    whole = at < stop < one.first.begin and _until(sentence, at, stop) == stop
    return _words(sentence, at, stop) if some and not capital and whole else None


def _fronted(one: Found) -> str | None:
    """Take where they are by the head of the clause: "Trong các trường học, có 12 chi bộ"."""
    sentence, stop, starts = one.sentence, *_doing(one)
    since = max(at for at in starts if not at or sentence.keys[at - 1] != ",")
    at = _skipped(sentence, since, stop)
    led = at > since and sentence.key(at - 1) != "riêng" and grammar().parts.units.at(sentence.keys, at)
    return _words(sentence, at, stop) if led and at < stop else None


_RULES = (_noun, _behind, _raised, _before, _head, _put_forward, _of_cells, _doer, _fronted)


def _anyone(one: Found) -> bool:
    """Return whether people are counted of whatever kind: "50 quần chúng"."""
    anyone = grammar().parts.anyone.at(one.sentence.keys, one.first.end)
    people = one.first.thing.kind == "people"
    return people and anyone is not None and anyone[0] >= one.first.thing_end


def _bare(one: Found) -> bool:
    """Return whether a number has no noun that says what it counts."""
    vague = not one.direct or one.first.thing.kind in {"person", "generic"}
    return vague or one.first.percent or _anyone(one)


def _end_of_words(one: Found) -> int:
    """Return where the words before a number end, without "chiếm", "là", "có"."""
    keys, stop = one.sentence.keys, one.first.begin
    silent = grammar().parts.silent
    while stop and (keys[stop - 1] in silent or (one.first.percent and keys[stop - 1] == "(")):
        stop -= 1
    return stop


def _doing(one: Found) -> tuple[int, list[int]]:
    """Return where the words end that say who has or admitted those counted, and where clauses begin."""
    keys, stop = one.sentence.keys, one.first.begin
    while stop and keys[stop - 1] in grammar().parts.doing:
        stop -= 1
    return stop, [0, *(at + 1 for at in range(stop) if keys[at] in _STOPS | {":"})]


def _said(sentence: Sentence, at: int, end: int, stop: int, want: Want = "") -> str | None:
    """Return what the words of a thing and those behind it say of which are meant."""
    keys, inside = sentence.keys, ""
    end -= 2 * (keys[end - 2 : end] == ("trực", "thuộc"))
    for place in takewhile(lambda place: keys[place] not in _STOPS, range(at, end)):
        if not inside and (found := grammar().parts.kinds.at(keys, place)) and found[1]:
            inside, end = found[1], max(found[0], end)  # "60 người Mông"
    behind = _words(sentence, end, stop, want)
    # "chính thức tạo nguồn nhập ngũ"
    return f"{inside} {behind or ''}".strip() if inside else behind


def begins_kind(words: str | None) -> bool:
    """Return whether words begin with a kind, a degree, people or an age, as against a place of work."""
    if words is None or pattern("aged").match(words):
        return words is not None
    keys = words.replace(",", " ,").split()
    people = grammar().things.at(keys, 0)
    return _kinds().at(keys, 0) is not None or (people is not None and people[1].kind in {"people", "head"})


def _skipped(sentence: Sentence, at: int, stop: int) -> int:
    """Return where words end that only introduce: "Trong đó, riêng …", "Đối với các …", "Đến nay, …"."""
    while at < stop and (
        sentence.keys[at] in grammar().parts.introducing or grammar().parts.always.at(sentence.keys, at)
    ):
        at += 1
    return at


def spread(kept: Sequence[Found]) -> None:
    """Give figures of a sentence the part that is said once for several.

    The members in "12 chi bộ doanh nghiệp với 150 đảng viên" are those of firms, and so are the organisations
    in "34 tổ chức đảng và 1.054 đảng viên trong doanh nghiệp tư nhân".
    """
    for one, following in pairwise([one for one in kept if not one.is_base]):
        keys = one.sentence.keys
        between = keys[one.last.thing_end : following.first.begin]
        organisations = one.subject.name in _CELLS and following.subject.name == "member"
        # "14 chi bộ (10 chi bộ thôn, 1 chi bộ trạm y tế) với 420 đảng viên": of the fourteen
        of_it = ")" not in between or "(" in between
        if following.subset is None and organisations and {"với", "("} & {*between} and of_it:
            new = "thành lập mới" if one.verb == "found" else ""
            own = (one.subset or "?").split()[0] == one.sentence.key(one.first.thing_end)
            cells = "chi bộ" if own and one.subject.name in {"cell", "branch_cell"} else ""
            following.subset = " ".join(filter(None, (new, cells, one.subset))) or one.subset
        listed = one.sentence.key(following.first.begin - 1) == "(" and not {";", ":"} & {*between}
        if following.subset is None and listed and ")" in between and one.subject == following.subject:
            following.subset = one.subset  # "chi bộ quỹ tín dụng xã A (3 đảng viên), xã B (4 đảng viên)"
        works = following.subset and grammar().parts.units.at(following.subset.split(), 0)
        near = between[:1] in {("và",), ("với",), ("cùng",)} and len(between) <= _MOST_BETWEEN
        if one.subset is None and works and near and not following.first.percent and not _MARKS & {*between}:
            one.subset = following.subset


def _since_mark(keys: Sequence[str], at: int) -> int:
    """Return where the words begin that stand between the last mark or number and a place."""
    marks = (mark + 1 for mark in range(at) if keys[mark] in _STOPS | {":"} or keys[mark][0].isdigit())
    return max(marks, default=0)


def _words(sentence: Sentence, at: int, stop: int, want: Want = "") -> str | None:
    """Return the words behind what is counted that say which are meant; None where they say nothing of it.

    Parameters
    ----------
    want : {"", "attributes", "whole"}
        "attributes": only what belongs to the noun, no predicate: "12/15 chi bộ doanh nghiệp có chi ủy".
        "whole": words that go on to ``stop``; where they don't, nothing delimits them.
    """
    keys, parts = sentence.keys, grammar().parts
    begin = everywhere(sentence, at, stop)
    inner = begin < stop and keys[begin : begin + 2] != ("trong", "đó")
    lead, ended = (parts.leads.at(keys, begin) if inner else None), parts.ends.at(keys, begin)
    lead = None if ended and lead and ended[0] > lead[0] else lead  # "trong tổng số 200 …"
    aged = pattern("aged").match(" ".join(keys[begin : min(stop, begin + _MOST_WORDS)]))
    if aged:
        return aged[0]
    known = any(those.at(sentence.keys, begin) for those in (parts.kinds, parts.units, parts.cell_units))
    if begin >= stop or not (lead or known or not _ends(sentence, begin)):
        return None
    if want == "attributes" and (lead is None or _predicate(lead[1])) and not known:
        return None
    kind = _kinds().at(sentence.keys, begin)
    if lead and not (kind and kind[1]):
        begin = lead[0]
        named = lead[1] in {"là", "ở", "tại"} and begin < stop and sentence.tokens[begin].capital
        if begin >= stop or named or (_ends(sentence, begin) and not parts.alone.at(keys, begin)):
            return None
    end = _until(sentence, begin, stop)
    if want == "attributes":
        leads = [parts.leads.at(sentence.keys, place) for place in range(begin, end)]
        end = next((begin + n for n, lead in enumerate(leads) if lead and _predicate(lead[1])), end)
    unclear = end - begin > _MOST_WORDS or sentence.key(end) in grammar().parts.pointing
    unclear = unclear or (want == "whole" and everywhere(sentence, end, stop) < stop)
    return "" if unclear or end == begin else _named(keys[begin:end])


def _ends(sentence: Sentence, at: int) -> bool:
    """Return whether what is said of those counted ends before a token: at a mark, number or verb."""
    keys = sentence.keys
    if at >= len(keys) or sentence.tokens[at].kind != "word":
        return True
    known = (grammar().parts.ends, grammar().numbers.share, grammar().ratings)
    verb = grammar().verbs.right.at(sentence.keys, at)
    return (verb is not None and verb[1] not in _SOME) or any(words.at(sentence.keys, at) for words in known)


def everywhere(sentence: Sentence, at: int, stop: int) -> int:
    """Return where words end that say only where or when all of them are: "trên địa bàn huyện Bát Xát"."""
    keys, tokens, parts = sentence.keys, sentence.tokens, grammar().parts
    while at < stop:
        if when := parts.always.at(sentence.keys, at):
            at = when[0]
            dated = keys[at - 1] in grammar().parts.dated
            while dated and at < stop and (tokens[at].kind == "number" or keys[at] in {"/", "-", "–"}):
                at += 1
            continue
        lead = parts.at_places.at(sentence.keys, at)
        end = begin = lead[0] if lead else at
        if lead and lead[1] == "trực thuộc":
            begin = at
            while end < stop and not _ends(sentence, end):
                end += 1
        while end < stop and (whole := (parts.wholes if lead or end > at else parts.scopes).at(keys, end)):
            end = whole[0]
        while lead and end < stop and (tokens[end].capital or (end > begin and tokens[end].kind == "number")):
            end += 1
        goes_on = end < stop and not _ends(sentence, end)
        known = (parts.at_places, parts.leads, parts.always)
        if end == begin or (goes_on and not any(words.at(sentence.keys, end) for words in known)):
            return at
        at = end
    return at


def _until(sentence: Sentence, at: int, stop: int) -> int:
    """Return where the words of a part end that begin at a token."""
    keys, begin = sentence.keys, at
    known = grammar().parts.kinds.at(sentence.keys, at)
    at = known[0] if known else at
    while at < stop:
        number = keys[at][0].isdigit()
        if keys[at] in _JOINS and at > begin:
            if not _goes_on(sentence, at + 1):
                break
        elif (
            number
            and keys[at - 1] not in grammar().parts.numbered
            and sentence.key(at + 1) not in {"tuổi", "năm"}
        ):
            break
        elif known := _kinds().at(keys, at):
            at = known[0] - 1
        elif at > begin and (level := grammar().places.levels.at(keys, at)) and _capital(sentence, level[0]):
            break  # "Quỹ tín dụng nhân dân xã Lộc An"
        elif at > begin and not number and (_ends(sentence, at) or everywhere(sentence, at, stop) > at):
            break
        at += 1
    return at + 2 * (keys[at : at + 2] == ("trở", "lên"))


def _capital(sentence: Sentence, at: int) -> bool:
    return at < len(sentence.tokens) and sentence.tokens[at].capital


def _goes_on(sentence: Sentence, at: int) -> bool:
    """Return whether a list of kinds or places of work goes on behind a comma or "và"."""
    keys, parts = sentence.keys, grammar().parts
    thing = sentence.at(grammar().things, at)
    known = any(words.at(sentence.keys, at) for words in (parts.kinds, parts.alone, parts.units))
    levels = grammar().places.levels
    known = known or bool(levels.at(sentence.keys, at) and levels.before(keys, at - 1))  # "khối xã, thị trấn"
    # "giáo viên, bác sĩ, kỹ sư trong các trường học": short nouns
    stop, last = at, min(len(keys), at + _LONGEST_NOUN)
    while stop < last and not (
        parts.leads.at(sentence.keys, stop) or keys[stop] in _JOINS or _ends(sentence, stop)
    ):
        stop += 1
    lead = parts.leads.at(sentence.keys, stop)
    noun = sentence.key(stop) in {*_JOINS, ";", "."} or (lead is not None and not _predicate(lead[1]))
    known = known or (
        at < stop and noun and not levels.at(sentence.keys, at) and not sentence.tokens[at].capital
    )
    named = thing is not None and (thing[1].kind in {"people", "head"} or thing[1].subject == "village")
    return known or named or keys[at - 1] == "hoặc"


def _predicate(lead: str) -> bool:
    """Return whether words say something of a noun, as against what belongs to it: "đều là", but not "ở"."""
    return lead.rsplit(" ", maxsplit=1)[-1] in grammar().parts.predicates


def _named(words: Sequence[str]) -> str:
    """Return words by the name of their kind, or as they are."""
    words = words[words[:1] == ("là",) : len(words) - 2 * (tuple(words[-2:]) == ("ưu", "tú"))]
    kind = _kinds().at(words, 0) if words else None
    own = kind[1] if kind and kind[0] == len(words) else ""
    return own or " ".join(words).replace(" ,", ",")


@cache
def _kinds() -> Phrases[str]:
    """Return kinds, also those told by their name alone."""
    found = [
        pairs for one in (grammar().parts.kinds, grammar().parts.alone) for pairs in one.by_first.values()
    ]
    return Phrases.of((" ".join(words), name) for pairs in found for words, name in pairs)
