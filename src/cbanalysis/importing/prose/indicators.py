"""Which indicator a figure is one of, and which rating: the rules of the grammar over the words near it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.importing.prose.amounts_to_figures import MOST_ADMITTED
from cbanalysis.importing.prose.categories import begins_kind
from cbanalysis.importing.prose.cues import (
    ASKED,
    COUNTED,
    awarded,
    printed_as,
    rating_of,
    taken_in,
    tells,
    unquoted,
    unrated,
    until_mark,
)
from cbanalysis.importing.prose.found import Found
from cbanalysis.importing.prose.grammar import IndicatorRule, grammar, pattern

ADMITTED = "members_admitted"
RATED = "org_quality_rating"
_COMMITTEE = "committee_size"
_MILITARY = "military_cell"
_OWN_CELL, _BODY = "village_own_cell", "Đảng bộ "
_BODIES = {"trường", "ty", "nghiệp", "đồn", "viện", "đội", "thpt", "nhà"}
_OF_GRASSROOTS = {"cơ", "tccsđ", "tccs"}
_WHOLE_PLACE = {"toàn", "tỉnh", "huyện"}
STUDIED = "study_attendance"
_STUDIED = ("nghị quyết", "chỉ thị", "kết luận", "chuyên đề")
_ONE = {"1", "01"}
_OF_ONE_CELL = {COUNTED, "office_cell_members"}
_HAS = {"có", "hiện", "đã", "nay", "tôi", "này"}
_SEVERAL = {"các", "những", "mỗi", "số", "nhiều", "từng", "một"}
_FORCES = {("công", "an", "xã"), ("quân", "sự", "xã"), ("công", "an", "phường"), ("quân", "sự", "phường")}
_OFFICES = {("cơ", "quan", "xã"), ("cơ", "quan", "phường"), ("cơ", "quan", "thị")}
# Indicators whose words may stand behind the second of two figures.
_SHARED = {RATED, "congress_done", "village_member_head"}
_MARKS = {",", ";", ":", "(", ")", "."}
_ANDS = {("và",), ("cùng",)}
_MOST_TOGETHER, _MOST_UNDER = 8, 4
_HEAD = "head"
_ASKED = {_HEAD, *ASKED}
_TOGETHER = {"và", "với", "cùng", ",", "cùng với", "(", ")"}
_FORCE = 4  # chi bộ quân sự


@dataclass(frozen=True)
class Namer:
    """Names figures of one document.

    Attributes
    ----------
    document : str
        Its words, parted by one blank.
    """

    catalogue: Catalogue
    document: str

    def allows(self, indicator: str, subject: str) -> bool:
        """Return whether the catalogue lets an indicator be said of a subject."""
        known = self.catalogue.indicators.get(indicator)
        return known is not None and subject in known.subjects

    def name(self, kept: Sequence[Found], earlier: Sequence[Found]) -> None:
        """Give the figures of a sentence their clauses and indicators.

        Parameters
        ----------
        kept : sequence of Found
            The figures, in order; they are changed.
        earlier : sequence of Found
            The figures shortly before in the paragraph.
        """
        self._clauses(kept)
        previous = next((one for one in reversed(earlier) if not one.is_base), None)
        force: Found | None = None
        for one in kept:
            if one.subject.said == "none":
                continue
            if one.is_base or one.framing:
                # of officers, firms and schools there are more than the catalogue counts
                others = one.first.thing.kind in {"officer", "unit"}
                told = not others and (
                    previous is None or bool(previous.indicator) or previous.subject.said == "direct"
                )
                counted = ADMITTED if one.verb == "admit" and one.subject.name == "member" else COUNTED
                told = told and one.verb not in grammar().verbs.outside
                one.indicator = counted if told and self.allows(counted, one.subject.name) else ""
                # "310/314 tổ chức … được đánh giá": the 314 are all of them
                whole = (
                    one.is_base and previous is not None and previous.rule and previous.rule.base_of == "all"
                )
                one.rule = self._rule(one, counted=True) if one.indicator == COUNTED and not whole else None
                continue
            if awarded(one) and rating_of(one):
                one.refused = "nothing that the catalogue counts"
            elif not unrated(one):
                self._name(one, previous, force)
                force = one if one.indicator == _MILITARY else force
            alone = one.count is None and one.whole is None and one.base is None and not one.target
            part = one.sentence.has(grammar().parts.kinds)
            if one.indicator == ADMITTED and alone and one.first.low > MOST_ADMITTED and not part:
                # no party takes in a quarter of its members in a year: it is the share of the target
                one.base_of = one.base_of or "target"
            elif one.indicator == ADMITTED and alone and pattern("rate_of_admission").search(one.before):
                one.base_of = one.base_of or "all_members"
            previous = previous if one.verb == "raise" else one

    def _clauses(self, kept: Sequence[Found]) -> None:
        own = [one for one in kept if not one.is_base]
        for order, one in enumerate(own):
            keys = one.sentence.keys
            begin = own[order - 1].last.end if order else 0
            thing = one.first.thing
            if order and (thing.subject, thing.kind) == ("village", ""):
                # "11 chi bộ và 20 tổ dân phố" doesn't say that the twenty have cells
                begin = max(begin, own[order - 1].last.thing_end)
            begin = max([begin, *(at + 1 for at in range(begin, one.first.begin) if keys[at] == ";")])
            if order and one.direct and tells(own[order - 1]):
                # "88 thôn có chi ủy, 87 thôn có chi bộ": each with words of its own
                marks = range(own[order - 1].last.thing_end, one.first.begin)
                ands = (keys[mark : one.first.begin] == ("và",) for mark in marks)
                cut = (mark for mark, joins in zip(marks, ands, strict=True) if joins or keys[mark] in _MARKS)
                begin = next(cut, begin)
            ends = [*(other.first.begin for other in own), len(keys)]
            last = order
            while last + 1 < len(own) and _together(own[last : last + 3]):
                last += 1
            if order + 1 < len(own):
                cut = (at for at in range(one.last.end, ends[order + 1]) if self._opens(keys, at))
                ends[order + 1] = next(cut, ends[order + 1])
            one.before = " ".join(keys[begin : one.first.begin])
            one.near = unquoted(keys[begin : ends[order + 1]])
            one.far = " ".join(keys[begin : ends[last + 1]])
            mark = max((at + 1 for at in range(begin, one.first.begin) if keys[at] in _MARKS), default=begin)
            if order and one.direct and own[order - 1].direct:
                # "1 chi bộ quân sự và 1 chi bộ y tế": each names its own
                mark = max(mark, own[order - 1].last.thing_end)
            counted = max(own[last].last.thing_end, one.first.thing_end)
            behind = until_mark(keys[counted : max(counted, ends[last + 1])])
            one.close = " ".join([*keys[mark:counted], *behind])
            named = keys[one.first.begin : one.first.end + _FORCE]
            if one.direct and {*named} & {"quân", "an"} and thing and thing.kind != "force":
                # "8 chi bộ quân sự và 3 chi bộ công an": each names its own
                one.close = " ".join(named)

    def _opens(self, keys: Sequence[str], at: int) -> bool:
        """Return whether a clause ends at a place: behind ";", "nhưng" or "trong đó" others are spoken of."""
        cue = grammar().parts.cues.at(keys, at)
        return keys[at] in {";", "nhưng", "song"} or (cue is not None and cue[1].startswith("trong đó"))

    def _told(self, one: Found, force: Found | None) -> IndicatorRule | None:
        """Return the rule that the words near a figure tell; what was done to those counted tells none."""
        rule, keys = self._rule(one, counted=False), one.sentence.keys
        if rule is not None and rule.definition == "with_committee" and force is not None:
            rule = self._of_force(one, force, rule)
        if rule is not None:
            # "xóa 2 thôn chưa có chi bộ", "củng cố 5 chi bộ yếu kém" count what was done
            adjacent = grammar().verbs.left.before(keys, one.first.begin)
            done = adjacent is not None and adjacent[1] == "found"
            done = done and ("village" in rule.subjects or rule.indicator == RATED)
            gone = rule.complement and pattern("ended").search(" ".join(keys[: one.first.begin]))
            # a corporation's cells without a board are none of villages
            body = rule.indicator == _OWN_CELL and one.place.area.startswith(_BODY)
            # members inspected aren't those rated behind: "90% … được kiểm tra, … hoàn thành tốt 52%"
            behind = " ".join(keys[one.first.thing_end : one.first.thing_end + _MOST_TOGETHER])
            inspected = rule.indicator == RATED and pattern("inspected").search(behind)
            if not (gone or body or inspected or done):
                return rule
        return self._rule(one, counted=True) if taken_in(one) else None

    def _name(self, one: Found, previous: Found | None, force: Found | None) -> None:
        rule = self._told(one, force)
        officer = one.first.thing.kind == "officer"
        if rule is None and officer:
            return  # "trong 900 đảng viên có 40 chi ủy viên": none of those who are counted by name
        if rule is None and one.verb in {"admit", "study"} and one.subject.name == "member":
            about = one.verb == "admit" or any(word in one.sentence.flat for word in _STUDIED)
            indicator = ADMITTED if one.verb == "admit" else STUDIED
            one.indicator = indicator if about and self.allows(indicator, "member") else ""
            return
        if rule is None and one.whole is not None:
            self._as_whole(one, one.whole)
            return
        people = one.first.thing.kind == "people"
        people = people and one.subject.name == "member"
        goes_on = people and previous is not None and previous.indicator == ADMITTED
        if rule is None and previous is not None and (goes_on or self._says_no_more(one, previous)):
            one.indicator, one.rule, one.goes_on = previous.indicator, previous.rule, previous
            one.subject = replace(one.subject, name=previous.subject.name) if one.direct else one.subject
            return
        prized = one.verb == "award" or (one.verb in grammar().verbs.outside and one.subject.name == "member")
        if rule is None and prized:
            one.refused = "nothing that the catalogue counts"
            return
        body = one.first.thing.kind == "force"
        counted = one.verb in {"", "have", "copula"} and not one.first.zero and not body
        counted = counted or any(ASKED[name](one) for name in ("set up", "handed over", "admitting"))
        if rule is None and counted and not _of_a_size(one):
            rule = self._rule(one, counted=True)
        if rule is None:
            return
        subject = rule.become.get(one.subject.name, one.subject.name)
        size = subject == "member" and rule.indicator in _OF_ONE_CELL and self._of_one_cell(one)
        if size:
            one.indicator, one.subject = "cell_size", replace(one.subject, name="cell")
        elif self.allows(rule.indicator, subject) and not (rule.indicator == COUNTED and _only_told_of(one)):
            one.indicator, one.rule, one.subject = rule.indicator, rule, replace(one.subject, name=subject)

    def _of_force(self, one: Found, force: Found, rule: IndicatorRule) -> IndicatorRule:
        """Return the rule of military cells for bare ones behind them: "…, 100% chi bộ có chi ủy"."""
        between = {*one.sentence.keys[force.last.end : one.first.begin]}
        if _WHOLE_PLACE & between or not pattern("bare").search(one.near):
            return rule  # "98% chi bộ thôn có chi ủy": cells of their own
        own = (other for other in grammar().indicators if other.indicator == _MILITARY)
        return replace(
            next(other for other in own if other.definition == rule.definition), complement=rule.complement
        )

    def _as_whole(self, one: Found, whole: Found) -> None:
        """Name a part as its whole is named."""
        subject = one.subject.name
        if whole.indicator != COUNTED and whole.rule is not None:
            subject = whole.rule.become.get(subject, subject)
            subject = whole.subject.name if subject in {"cell", "committee"} else subject
        stock = whole.indicator == COUNTED
        # of what there is, a share needs words for its part: "2.500 đảng viên, trong đó 40% là nữ"
        rule = self._rule(one, counted=True) if stock and one.share is not None else whole.rule
        # "trong đó 250 đảng viên trẻ": a part without a name isn't all of them
        named = one.subset != "" and (one.count is not None or rule is not None)
        # "11 đồng chí tham gia cấp ủy": what is told of them is no part by name either
        person = one.first.thing.kind == "person"
        named = named and not (person and tells(one) and not begins_kind(one.subset))
        plain = one.verb in {"", "have", "copula", whole.verb} and named
        stock = stock or whole.indicator == "cell_size"
        if self.allows(whole.indicator, subject) and (plain or not stock):
            one.indicator, one.rule, one.goes_on = whole.indicator, rule, whole
            if rule is not None and one.indicator == _COMMITTEE:  # of all who were elected
                one.rule = replace(rule, base_of="all")
            one.subject = replace(one.subject, name=subject)

    def _of_one_cell(self, one: Found) -> bool:
        """Return whether the members are those of one cell: "Chi bộ thôn Nà Lốc … có 28 đảng viên"."""
        keys, tokens = one.sentence.keys, one.sentence.tokens
        for at in range(one.first.begin - 2, -1, -1):
            owner = keys[at : at + 2] == ("đảng", "bộ")
            if owner and at and keys[at - 1] in {"thuộc", "của"}:
                continue
            if keys[at] == ";" or owner:
                return False
            if keys[at : at + 2] != ("chi", "bộ"):
                continue
            before = tokens[at - 1] if at else None
            one_cell = before is not None and before.key in _ONE and keys[one.first.begin - 1] == "("
            if before is not None and not one_cell and (before.kind == "number" or before.key in _SEVERAL):
                return False
            named = tokens[at + 2 : min(at + 6, one.first.begin)]
            force = keys[at + 2 : at + 5] in _FORCES and not any(
                token.capital for token in tokens[at + 5 : at + 6]
            )
            commune = force or keys[at + 2 : at + 5] in _OFFICES
            numbered = any(token.kind == "number" for token in named[:3])
            village = grammar().things.at(keys, at + 2)
            begin = village[0] if village and village[1].subject == "village" else at + 2
            bare = one.sentence.key(begin) in _HAS and begin + 2 >= one.first.begin
            return bare or (not commune and (numbered or any(token.capital for token in named)))
        return False

    def _says_no_more(self, one: Found, previous: Found) -> bool:
        """Return whether a figure goes on with the one before: "57 làng chưa có chi bộ, nay còn 21 làng"."""
        counted = self.allows(COUNTED, one.subject.name)
        if previous.indicator == _COMMITTEE:
            return False
        if previous.indicator in {COUNTED, ADMITTED} and one.verb not in {"", "copula", "admit"}:
            return False
        # "… Trong đó, huyện A 210/280 chi bộ, huyện B …"
        near = one.sentence.goes_on or one.sentence is previous.sentence
        series = previous.indicator not in {"", COUNTED} and near
        if one.direct:
            become = previous.rule.become if previous.rule else {}
            same = previous.subject.name == become.get(one.subject.name, one.subject.name)
            again = one.verb in {"", "copula"} or (one.verb == previous.verb and previous.indicator != RATED)
            things = [each.first.thing for each in (previous, one)]
            people = all(thing.kind == "person" for thing in things)
            # "tăng từ 255 đồng chí năm 2005 lên 284 đồng chí năm 2006"
            series = series or (people and near)
            # "12 chi bộ công an, 30 chi bộ cơ quan"
            others = bool(one.subset) and one.subset != previous.subset
            return same and not others and not tells(one) and (not counted or (series and again))
        if not previous.indicator:
            return one.verb in {"", "copula", previous.verb}
        other = one.sentence is not previous.sentence or one.subject.name != previous.subject.name
        if one.subject.said == "head" and other:
            return False
        own = previous.indicator not in {COUNTED, "cell_size"}
        return own and self.allows(previous.indicator, one.subject.name)

    def _rule(self, one: Found, *, counted: bool) -> IndicatorRule | None:
        person = one.first.thing.kind in {"person", "people"}
        told = one.before.endswith(" là") and bool({"đảng", "số"} & {*one.before.split()})
        told = told or "tổng số" in one.before or "số đảng viên" in one.before
        told = told or pattern("are_members").match(one.sentence.words(one.first.thing_end)) is not None
        # "đảng viên là người dân tộc thiểu số có 11.000 đồng chí"
        told = told or (bool(one.subset) and one.before.endswith("có"))
        told = told or (begins_kind(one.subset) and "đảng viên" in one.before)
        if counted and person and one.count is not None and one.whole is None and not told:
            return None
        kind = "count" if one.share is None else "share"
        kind = "part" if one.share is None and one.base is not None else kind
        names = {one.subject.name, f"{kind}:{one.subject.name}"}
        if one.count is not None and one.share is not None and one.base is None:
            names.add(f"both:{one.subject.name}")
        if one.subject.of_committee:
            names.add("person_of_committee")
        for rule in grammar().indicators:
            asked = (rule.indicator == COUNTED) is counted and not names.isdisjoint(rule.subjects)
            if asked and self._fits(rule, one):
                return rule
        return None

    def _fits(self, rule: IndicatorRule, one: Found) -> bool:
        near = f" {one.close if rule.close else one.far if rule.indicator in _SHARED else one.near} "
        if rule.document and not any(f" {phrase} " in self.document for phrase in rule.document):
            return False
        # most rules fail by their first words
        for cue in rule.words:
            if not any(
                f" {phrase} " in near or (phrase in _ASKED and _asked(one, near, phrase)) for phrase in cue
            ):
                return False
        return not any(f" {phrase} " in near for phrase in rule.without)

    def rated(self, one: Found) -> tuple[str, str, str, str]:
        """Return scheme, category, its kind and its words as printed; only the words without a known year."""
        rating = rating_of(one) if one.indicator in self.catalogue.rated else ""
        years = [one.period.last_year] if one.period else []
        schemes = self.catalogue.schemes_of(one.indicator, one.subject.name, years) if rating else ()
        for scheme in reversed(schemes):
            for category in scheme.categories:
                if category.id == rating:
                    words = printed_as(one, rating, category.printed) or category.name.vi.casefold()
                    return (scheme.id, category.id, category.kind, words) if years else ("", "", "", words)
        return "", "", "", printed_as(one, rating, ()) if rating else ""


def _asked(one: Found, near: str, phrase: str) -> bool:
    """Return whether what a rule asks for by a word of its own holds, as a rating or a head of a village."""
    if phrase != _HEAD:
        return bool(ASKED[phrase](one))
    # "135/157 trưởng thôn là đảng viên, trong đó 88 đồng chí là bí thư chi bộ": of the heads
    things = [thing for _, _, thing in grammar().things.within(near.split())]
    return any(thing.kind == "head" for thing in [*things, one.subject.thing] if thing)


def _only_told_of(one: Found) -> bool:
    """Return whether those counted aren't there as such: "85 tập thể" rewarded, "5 xã có bí thư kiêm …"."""
    thing, behind = one.first.thing, one.sentence.key(one.first.thing_end)
    have = one.subject.name == "commune" and behind == "có" and one.subset is not None
    # "2.243 đồng chí công tác ở 460 xã": where others are
    have = have or (one.subject.name == "commune" and one.sentence.key(one.first.begin - 1) in {"ở", "tại"})
    return have or thing.kind == "rated"


def _of_a_size(one: Found) -> bool:
    """Return whether cells or members are told of a size: "chi bộ có dưới 10 đảng viên là 12"."""
    behind = one.sentence.words(one.first.end)
    return pattern("of_size").search(one.before) is not None or pattern("of_size").match(behind) is not None


def subject_there(one: Found) -> str:
    """Return what a figure counts; the cells of a commune are those under its committee."""
    bare = (one.subject.name, one.subject.thing.category, one.place.level) == ("cell", "", "commune")
    # "Trường THPT trên địa bàn xã có 5 chi bộ": those of a school, a firm aren't under it
    others = not one.place.body and _BODIES & {*one.sentence.keys[: one.first.begin]}
    own = bare and one.indicator in {COUNTED, RATED} and not others
    bodies = (one.subject.name, one.place.level) == ("grassroots_org", "commune") and one.indicator == RATED
    if bodies and not _OF_GRASSROOTS & {*one.sentence.keys[one.first.begin : one.first.thing_end]}:
        return "other"  # under a commune's committee there are cells and committees of parts
    return "branch_cell" if own else one.subject.name


def _together(row: Sequence[Found]) -> bool:
    """Return whether a figure shares the words behind the next: "540/571 … và 39.120 … được xếp …"."""
    one, following, *rest = row
    keys = one.sentence.keys
    if following.first.zero:
        return False  # "8,8% và không chi bộ nào …": what there are none of has words of its own
    between = keys[one.last.thing_end : following.first.begin]
    unknown = following.subject.said == "none"  # "12 chi bộ, 9/20 tập thể lãnh đạo và 40 chi bộ được …"
    listed = between == (",",) and one.direct and (following.direct or unknown) and rest
    last = keys[following.last.thing_end : rest[0].first.begin] if listed else ()
    if last[-1:] in _ANDS and len(last) <= 1 + unknown * _MOST_TOGETHER and not _MARKS & set(last):
        return True  # "12 xã, 5 phường và 3 thị trấn đã có chi bộ quân sự"
    # "95% tổ chức, 88% đảng viên xếp loại …": a share alone says nothing
    shares = one.first.percent and following.first.percent and between == (",",)
    joined = set(between) <= _TOGETHER and (shares or bool(set(between) - {","}))
    mark = between.index(",") if "," in between[:_MOST_UNDER] else len(between)
    counted = " ".join(between[mark + 1 :])[:1].isdigit()
    if counted and one.subject.name != "member":
        # "12 chi bộ trực thuộc Huyện ủy, 20 tập thể lãnh đạo và 40 chi bộ được …"
        between = between[mark + 1 :]
    return joined or (between[-1:] in _ANDS and len(between) <= _MOST_TOGETHER and not _MARKS & set(between))
