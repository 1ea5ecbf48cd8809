"""Where: the provinces, districts, communes and bodies that a sentence names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice, pairwise, takewhile

from cbanalysis.common.text.letters import clean
from cbanalysis.dataset.provinces import Gazetteer, Unit
from cbanalysis.importing.prose.districts import LONGEST_DISTRICT, begins_district, provinces_of
from cbanalysis.importing.prose.grammar import Words, grammar, pattern
from cbanalysis.importing.prose.mentions import DASHES, Place, PlaceMention, joined
from cbanalysis.importing.prose.tokens import Sentence

_LONGEST_NAME, _LONGEST_BODY, _SHORT_BLOC = 5, 14, 3
_SAYING = {"có", "là", "đã", "hiện"}
_ONE = {"1", "01", "một"}
_YEAR, _SHORT_NUMBER = 4, 2
_LISTING, _LISTED = {",", ":", ";", "và"}, {",", "và"}
# Kinds of bodies: "Đảng bộ Đồn" is the one that was named before.
_NAMELESS = {"đồn", "trường", "sở", "hội", "cục", "viện", "báo", "đài", "phòng", "ban", "vùng", "kho", "htx"}
_NAMELESS |= {"tập đoàn", "công ty", "tổng công ty", "bệnh viện"}
_APOSTROPHES = {"'", "’"}
# Behind a point of the compass: whose it is.
_NUMBERED = {"khu", "phố", "thôn", "ấp", "tổ", "khóm", "khối", "xóm", "bản", "đội", "số"}
_MERGED = "2025-07"  # of which of the 34 provinces an estate is, nobody says
_CITY = ("thành", "phố")
_OWNERS = {"của", "tỉnh", "huyện", "xã", "thành", "thị", "quận"}
# Behind the number of a ward: "Ở phường 9 có …"; other words belong to what the number counts.
_NUMBER_IN_NAME = {"", ",", ".", ")", "(", "có", "đã", "chỉ", ";", ":", "là", "với", "thành", "và"}


def rank_of(place: Place) -> str:
    """Return the level of a body: that of a district, or that of a commune where it is at the grassroots.

    Examples
    --------
    >>> [rank_of(Place("", name)) for name in ("Đảng bộ Khối Doanh nghiệp tỉnh", "Đảng bộ Trường THPT Hoa Ban")]
    ['district', 'commune']
    >>> rank_of(Place("", "Đảng bộ Quân sự huyện Lắk")), rank_of(Place("Cần Thơ", "Đảng bộ Quân sự thành phố"))
    ('commune', 'district')
    """
    words, keys = grammar().places, tuple(place.area.casefold().split(" "))
    lead = words.committees.at(keys, 0)
    # a cell is at the grassroots or below; so is the army of a district
    if keys[0] == "chi" or pattern("of_district").search(place.area):
        return "commune"
    kind = words.ranks.at(keys, lead[0] if lead else 0)
    return kind[1] if kind else "commune"


@dataclass(frozen=True)
class PlaceFinder:
    """Finds places by their level words, by the names of the gazetteer and by the table of districts.

    Attributes
    ----------
    day : str
        When the document was published, as far as it is known; districts are those of that time.
    """

    gazetteer: Gazetteer
    words: Words = field(default_factory=lambda: grammar().places)
    day: str = ""

    @cached_property
    def begins(self) -> frozenset[str]:
        """The words with which a level, a body or a part of the country begins."""
        words = self.words
        lists = (words.committees, words.bodies, words.scopes, words.regions, words.levels)
        return frozenset(first for phrases in lists for first in phrases.by_first)

    @cached_property
    def provinces_begin(self) -> frozenset[str]:
        """The words with which the name of a province begins."""
        return frozenset(words[0] for words in self.gazetteer.by_words)

    def unit(self, words: tuple[str, ...]) -> Unit | None:
        """Return a dated unit of that name (lower case, composed), or None."""
        return self.gazetteer.by_words.get(words)

    def mentions(
        self, sentence: Sentence, known: Mapping[tuple[str, ...], str], near: str = ""
    ) -> list[PlaceMention]:
        """Return the places of a sentence.

        Parameters
        ----------
        sentence : Sentence
            The sentence.
        known : mapping
            Areas that the document has named with their level before: their name alone is enough then.
        near : str
            The province that is spoken of; its districts are known by their names.

        Returns
        -------
        list of PlaceMention
            In order, a place with the larger ones that follow it ("xã A, huyện B, tỉnh C") as one.
        """
        return list(joined(sentence, [*_Scan(self, sentence, known, near).single()]))


@dataclass(frozen=True)
class _Scan:
    """One pass over a sentence."""

    finder: PlaceFinder
    sentence: Sentence
    known: Mapping[tuple[str, ...], str]
    near: str

    @property
    def words(self) -> Words:
        return self.finder.words

    def single(self) -> Iterator[PlaceMention]:
        at, tokens = 0, self.sentence.tokens
        last: PlaceMention | None = None
        while at < len(tokens):
            begins = tokens[at].capital or tokens[at].key in self.finder.begins
            found = begins and (self._body(at) or self._scope(at) or self._levelled(at) or self._bare(at))
            if found:
                led = self.words.committees.before(self.sentence.keys, found.begin)
                behind = self.sentence.key((led[0] if led else found.begin) - 1) in self.words.behind
                found = replace(found, behind=behind, quoted=self._quoted(found.begin))
                listed = last and found.name and not last.governs and self._listed(last, found)
                merged = pattern("merged").search(" ".join(self.sentence.keys[: found.begin + 1])) is not None
                branch = last is not None and last.level != "commune" and self._branch(found)
                if listed or merged or branch:
                    # "các huyện, TP A, TP B": each is one of them; "trên cơ sở sáp nhập xã A và xã B"
                    found = replace(found, governs=False, merged=merged)
                yield found
                at, last = found.end, found
            else:
                # inside a run of capitals no name begins: Nguyễn Thái Bình is no province
                at += 1
                while not self.sentence.shouted and at < len(tokens) and self._continues(at):
                    at += 1

    def _branch(self, found: PlaceMention) -> bool:
        """Return whether a province only tells where branches are: "Ngân hàng A ở các chi nhánh B, C"."""
        before = " ".join(self.sentence.keys[: found.begin])
        return found.level == "province" and pattern("branches").search(before) is not None

    def _listed(self, last: PlaceMention, found: PlaceMention) -> bool:
        """Return whether a place goes on with the list of the one before."""
        return last.level == found.level and {*self.sentence.keys[last.end : found.begin]} <= _LISTED

    def _continues(self, at: int) -> bool:
        here, before = self.sentence.tokens[at], self.sentence.tokens[at - 1]
        return (
            here.capital
            and before.capital
            and (here.key in self.words.short or self.words.levels.at(self.sentence.keys, at) is None)
            and self.words.committees.at(self.sentence.keys, at) is None  # "BCH Đảng bộ …"
            and before.key not in self.words.small
            and before.key not in self.words.short
        )

    def _body(self, at: int) -> PlaceMention | None:
        keys, tokens = self.sentence.keys, self.sentence.tokens
        lead = self.words.committees.at(keys, at)
        kind = self.words.bodies.at(keys, begin := lead[0] if lead else at)
        if lead and kind is None and tokens[begin - 1].key == "bộ" and self._common_name(begin):
            kind = begin, "own"
        end = at
        several = kind is not None and self._several(at)
        first = begin if several else at
        if kind and lead and several and kind[1] == "own":
            # "1 Chi bộ Công ty A", "2 Chi bộ Trường B (12 đảng viên), …": the number counts cells
            single = keys[at - 1] in _ONE
            end = self._end_of_body(at, begin, *kind) if single else self._end_alone(begin)
            end = end if end > begin else at
        elif kind and lead and not several:
            end = self._end_of_body(at, begin, *kind)
        elif kind and not several and tokens[at].capital and kind[1] != "led":
            end = self._end_alone(at) if kind[1] == "own" else self._end_beside(at, kind[0])
            if keys[at] == "đồn" and self._run(kind[0])[0]:
                end = self._run(kind[0])[1]  # a post of the border guard is where its name says
        if end == at:
            end = kind[0] if kind else begin + 1
            again = lead and " ".join(keys[begin:end]) in {"khối", *_NAMELESS} and tokens[begin].capital
            # "Đảng ủy Khối đã …": the body that was named before
            return PlaceMention(at, end, "district", body=True) if again else None
        whole = self.sentence.key(at) == "toàn"
        town = keys[end - 1] == "phố" and not self._province(end)
        small = lead is not None and (town or keys[end - 1] in {"huyện", "quận", "xã", "phường", "trấn"})
        # "Khối các cơ quan thành phố Biểu dương …": one word is a name where a district has it
        size = len(self._run(end)[0])
        small = small and (size > 1 or (size == 1 and (keys[end].isdigit() or bool(self._district(end)[0]))))
        told = self._district(end)[1] if small else ""
        end = self._run(end)[1] if small else end
        name = clean(" ".join(token.text for token in tokens[at + whole : end])).replace(" ,", ",")
        name = pattern("legal_form").sub("", name)
        name = re.sub(r"^đảng ủy\b", "Đảng bộ", name[:1].upper() + name[1:], flags=re.IGNORECASE)
        begin = end + (2 if keys[end : end + 2] == _CITY else self.sentence.key(end) in {"tỉnh", "của", "tp"})
        if province := self._province(begin):
            return PlaceMention(first, begin + province[1], "district", name, province[0], body=True)
        # "Hội Doanh nhân trẻ Đồng Nai", "Trường Cao đẳng Hải Dương": the name ends with where it is
        lasts = range(end - 2, max(at, end - _LONGEST_NAME), -1)
        inside = (unit[0] for last in lasts if (unit := self._province(last)) and last + unit[1] == end)
        alone = not self.near and self.finder.day < _MERGED
        seats = (self.words.seated.at(keys, place) for place in range(at, end if alone else at))
        seat = next((one for place in seats if place and (one := self.words.seats.at(keys, place[0]))), None)
        told = next(inside, told) or (seat[1] if seat and seat[0] == end else "")
        return PlaceMention(first, end, "district", name, told, told=bool(seat or told), body=True)

    def _common_name(self, at: int) -> bool:
        """Return whether words name a body that are no place's: "Chi bộ Sinh viên", "Chi bộ Cơ động"."""
        tokens = self.sentence.tokens[at : at + 2]
        two = len(tokens) == 2 and tokens[0].capital and tokens[1].text.islower()
        return two and tokens[1].key in self.words.inside and not self.words.levels.at(self.sentence.keys, at)

    def _several(self, at: int) -> bool:
        """Return whether several are named: "12 chi bộ trường học", "các huyện"."""
        before = self.sentence.key(at - 1)
        begin = at
        while self.sentence.key(begin - 1) == "," and (
            kinds := self.words.levels.before(self.sentence.keys, begin - 1)
        ):
            begin = kinds[0]
            if self.sentence.key(begin - 1) in self.words.plural:
                return True  # "các huyện, thị xã, thành phố A": one of them
        year = self.sentence.key(at - 2) in {"năm", "/", "-"} and len(before) == _YEAR
        # "Chi bộ khu 5 xã Hy Cương": one commune
        year = year or (self.sentence.key(at - 2) in _NUMBERED and len(before) <= _SHORT_NUMBER)
        return before in self.words.plural or (before[:1].isdigit() and not year)

    def _end_of_body(self, at: int, begin: int, kind_end: int, kind: str) -> int:
        """Return where "Đảng bộ Khối các cơ quan tỉnh" or "Chi bộ cơ quan Sở Y tế" ends, else ``at``."""
        keys, tokens, words = self.sentence.keys, self.sentence.tokens, self.words
        end, work, unit = kind_end, 0, words.units.at(keys, begin)
        while end < min(len(keys), at + _LONGEST_BODY) and words.levels.at(keys, end) is None:
            if named_work := pattern("named_work").match(" ".join(keys[end:])):
                work = end = end + len(named_work[0].split())  # "Chi bộ phòng Đào tạo công tác sinh viên"
                continue
            # "Chi bộ Trường THPT số 1 Bảo Yên", "Trường Tiểu học số 1", "Sư đoàn 5", "Quân khu 7"
            following = tokens[end + 1 : end + 2]
            named = keys[end - 1] != "có" and any(token.capital for token in following)
            named = named or keys[end - 1] == "số" or (unit is not None and unit[0] == end)
            numbered = named and tokens[end].kind == "number" and len(keys[end]) <= _SHORT_NUMBER
            numbered = numbered or (keys[end] == "số" and any(token.kind == "number" for token in following))
            inner = tokens[end].capital or keys[end] in words.joints or keys[end] in words.inside
            if not (inner or numbered) or (keys[end - 1] == "và" and words.committees.at(keys, end)):
                break  # "Chi bộ Trường A và Chi bộ Trường B": two
            end += 1
        split = work < end < len(keys) and keys[end] in words.parted and not tokens[end - 1].capital
        while end > kind_end and (split or keys[end - 1] in words.joints):
            end, split = end - 1, False
        first = kind_end if self.sentence.shouted else begin
        named = any(token.capital for token in tokens[first:end])
        level = words.levels.at(keys, end)
        placed = level is not None and bool(self._run(level[0])[0])
        whole = kind_end - begin > _SHORT_BLOC  # "Khối Cơ quan Dân Chính Đảng" is a whole name
        if level and keys[end] not in words.short and not (whole and keys[end] == "tp"):
            # of which place: "Đảng bộ Quân sự tỉnh", "Đảng bộ Trung tâm Y tế huyện A", "Chi bộ Quân sự xã B"
            of_level = level[1] in {"province", "district"} and (kind != "own" or not placed)
            if of_level or (placed and named and level[1] in {"district", "commune"}):
                return level[0]
        named = named and not (end == kind_end and " ".join(keys[begin:end]) in _NAMELESS)
        alone = tokens[begin].capital and keys[begin] != "khối" and end == kind_end and self._counts(end)
        return end if named and (kind == "own" or end > kind_end or alone or whole) else at

    def _counts(self, at: int) -> bool:
        """Return whether a number follows: "Đảng bộ Quân sự 16 …", "Công an (47 …", "Trường A có 5 …"."""
        return self.sentence.key(at + (self.sentence.key(at) in {"(", "có", "với"}))[:1].isdigit()

    def _end_alone(self, at: int) -> int:
        """Return where a body without its committee ends, else ``at``.

        In a list, "Trường Cao đẳng Hải Dương (28 đảng viên)", or where a firm or school says what it has:
        "Công ty Cổ phần A hiện có 12 …".
        """
        tokens, key = self.sentence.tokens, self.sentence.key
        stops = {"có", "hiện", "của", "do", "ở", "tại"}
        words = takewhile(lambda token: token.kind == "word" and token.key not in stops, tokens[at + 1 :])
        end = at + 1 + len([*islice(words, _LONGEST_BODY - 1)])
        speaks = key(at - 1) in {"", ".", ";", ":"} and self.words.speaking.at(self.sentence.keys, at)
        has = speaks and key(end + (key(end) == "hiện")) == "có" and tokens[end - 1].capital
        # the number of a school in its name: "Trường THPT Lục Ngạn 1 (16 em)" has sixteen
        end += key(end)[:1].isdigit() and key(end + 1) in {"(", "có"}
        counted = self._counts(end) and (tokens[end - 1].capital or tokens[end - 1].kind == "number")
        return end if end > at + 1 and (has or counted) else at

    def _end_beside(self, at: int, end: int) -> int:
        """Return where "Công an 47", "Bộ đội Biên phòng tỉnh với 7 …" in a list or "BĐBP Điện Biên" ends."""
        end, level = self.words.levels.at(self.sentence.keys, end) or (end, "")
        beside = self.sentence.key(at - 1) in _LISTING and level != "commune"
        return end if (beside and self._counts(end)) or self._province(end) else at

    def _scope(self, at: int) -> PlaceMention | None:
        found, key = self.words.scopes.at(self.sentence.keys, at), self.sentence.key
        region = self.words.regions.at(self.sentence.keys, at)
        if region and self.sentence.tokens[at].text[0].isupper() and self._is_region(at, region[0]):
            return PlaceMention(at, region[0], "region", region[1])
        if not found:
            return None
        end, level = found
        if level == "province":
            name, size, _ = self._province(end) or ("", 0, False)
            return PlaceMention(at, end + size, level, name, name)
        if level in {"district", "commune", "town"}:
            levels = self.words.levels
            listed = key(end) in {",", "và", "-", "/"} and levels.at(self.sentence.keys, end + 1)
            named = bool(self._run(end)[0])
            if self._several(at) or listed or named or levels.at(self.sentence.keys, end):
                # "toàn huyện Tân Yên" is a name with its level, "đảng bộ huyện, thị xã" a kind of committee
                return None
        if level == "town":
            # "Đảng bộ thành phố" of Cần Thơ is that of a province
            unit = self.finder.unit(tuple(self.near.casefold().split(" ")))
            level = "province" if unit is not None and unit.is_city else "district"
        return PlaceMention(at, end, level)

    def _is_region(self, at: int, end: int) -> bool:
        """Return whether a region is named: not in "phía Tây Bắc của huyện", "đóng quân ở Tây Nguyên"."""
        keys, before = self.sentence.keys, self.sentence.key(at - 1)
        inside = before in {"ở", "tại"} and self.sentence.key(at - 2).isalpha()
        counted = inside and grammar().things.before(keys, at - 1)  # "7.520 thôn, buôn ở Tây Nguyên"
        passing = before in {"phía", "hướng"} or (inside and not counted)
        return not passing and self.sentence.key(end) not in _OWNERS

    def _levelled(self, at: int) -> PlaceMention | None:
        found = self.words.levels.at(self.sentence.keys, at)
        if not found or (
            self.sentence.key(at) in self.words.short and not self.sentence.tokens[at].text[0].isupper()
        ):
            return None
        begin, level = found
        words, end = self._run(begin)
        office = self.sentence.key(begin - 1) == "ủy" and self._person(begin) and not self._district(begin)[0]
        if words[:1] == ("đảng",) or office:
            # "10 đảng bộ trực thuộc huyện Đảng bộ", "Bí thư Huyện ủy Lương Văn An"
            words = ()
        governs = not self._several(at)
        town = self.sentence.key(at) in {"thành", "tp"} or self.sentence.keys[at : at + 3] == ("t", ".", "p")
        if not words:
            # "chỉ tiêu Tỉnh ủy giao" names who asks, not where
            asks = self.sentence.key(begin) in self.words.asks
            # "Cục Thuế tỉnh" is a body
            office = at > 1 and all(token.capital for token in self.sentence.tokens[at - 2 : at])
            alone = level == "province" and governs and begin - at == 1 and not asks and not office
            return PlaceMention(at, begin, level) if alone else None
        province = self._province(begin)
        if province and (level == "province" or (level == "district" and town and province[2])):
            return PlaceMention(at, begin + province[1], "province", province[0], province[0], governs)
        if level == "province":
            return None
        size, told = self._district(begin) if level == "district" else (0, "")
        if size:
            end = begin + size
        elif self.sentence.shouted or not (words[0].isdigit() or words[0].strip("0123456789").isalpha()):
            return None
        end += level == "commune" and self._numbered(end)
        name = self.sentence.name(begin, end)
        if words in self.known:
            # "xã Dân chủ" is the Dân Chủ that was named before
            name = " ".join(word[:1].upper() + word[1:] for word in name.split(" "))
        if self.sentence.tokens[begin].kind == "number":
            # a ward with a number for its name keeps the word: phường 9
            name = " ".join([*self.sentence.keys[at:begin], name])
        # the town of a province's name lies in that province
        inside = province[0] if province and town and province[1] == end - begin else ""
        return PlaceMention(at, end, level, name, inside or told, governs, told=bool(told) and not inside)

    def _bare(self, at: int) -> PlaceMention | None:
        shouted, key, tokens = self.sentence.shouted, self.sentence.key, self.sentence.tokens
        words, end = self._run(at) if tokens[at].capital else ((), at)
        begin = at
        while words and words[0] in self.words.small:
            if self.finder.unit(words) or words in self.known or self._district(begin)[0]:
                break
            words, begin = words[1:], begin + 1
        if not words:
            return None
        unit = self._province(begin)
        whole = unit is not None and begin + unit[1] == end
        if unit and (shouted or whole) and not self.words.persons.at(words[: unit[1]], 0):
            return PlaceMention(begin, begin + unit[1], "province", unit[0], unit[0])
        if shouted:
            return None
        name = self.sentence.name(begin, end)
        if level := self.known.get(words) or (self._said_to_be(end) if len(words) > 1 else ""):
            return PlaceMention(begin, end, level, name)
        size, told = self._district(begin)
        titled = self.sentence.heading and begin == 0 and key(end) in {":", *DASHES}
        if size > 1 and begin + size == end and told and (told == self.near or titled):
            return PlaceMention(begin, end, "district", name, told, told=True)
        # "Hải Hậu (Nam Định)", "Phú Riềng (tỉnh Bình Phước)": a name that its province follows
        inner = end + 1 + (key(end + 1) == "tỉnh")
        inside = self._province(inner) if key(end) == "(" and len(words) > 1 else None
        closed = inside is not None and key(inner + inside[1]) == ")"
        return PlaceMention(begin, end, "district", name) if closed else None

    def _said_to_be(self, at: int) -> str:
        """Return the level that words behind a name say: "Nà Lốc là xã biên giới"; "" without."""
        key = self.sentence.key
        if key(at) == "(" and self.words.levels.at(self.sentence.keys, at + 1):
            # the district of a commune stands between: "Hoàng An (huyện Hiệp Hòa) là xã …"
            closes = range(at, min(at + _LONGEST_BODY, len(self.sentence.keys)))
            at = next((place + 1 for place in closes if key(place) == ")"), at)
        if key(at) != "là":
            return ""
        while key(at + 1) in {"một", "trong", "những", "đảng", "bộ"}:
            at += 1
        found = self.words.levels.at(self.sentence.keys, at + 1)
        # "là xã viên", "là huyện ủy viên" say it of a person
        return found[1] if found and key(found[0]) not in {"viên", "đội"} else ""

    def _quoted(self, at: int) -> bool:
        """Return whether a place only tells a source or an office: "Theo Tỉnh ủy A", "Bí thư Tỉnh ủy A"."""
        for place in range(at - 1, max(-1, at - 7), -1):
            if self.words.quoted.at(self.sentence.keys, place):
                return True
            if self.sentence.tokens[place].kind != "word":
                return False
        return False

    def _numbered(self, at: int) -> bool:
        """Return whether a number ends a commune's name: "xã Hố Nai 3 có 20 chi bộ"."""
        key = self.sentence.key
        return key(at).isdigit() and len(key(at)) <= _SHORT_NUMBER and key(at + 1) in _SAYING

    def _run(self, at: int) -> tuple[tuple[str, ...], int]:
        """Return the capitalised words from a place on, or one number, and where they end."""
        tokens, keys, shouted = self.sentence.tokens, self.sentence.keys, self.sentence.shouted
        if at < len(tokens) and tokens[at].kind == "number" and at and keys[at - 1] in {"phường", "quận"}:
            short = len(tokens[at].key) <= 2
            named = self.sentence.key(at + 1) in _NUMBER_IN_NAME or tokens[at - 1].text[0].isupper()
            return ((tokens[at].key,), at + 1) if short and named else ((), at)
        end = at
        limit = at + (_LONGEST_NAME * 2 if shouted else _LONGEST_NAME + 2)
        while end < len(tokens) and end < limit and tokens[end].capital:
            if end > at + 1 and (tokens[end].key in self.words.surnames or self._person(end)) and not shouted:
                break
            end += 1
        # Bà Rịa - Vũng Tàu, Phan Rang - Tháp Chàm; "Dân chủ" where Dân Chủ was named before
        province = self._province(at)
        size = province[1] if province else 0
        known = (longer for longer in range(_LONGEST_NAME, 1, -1) if keys[at : at + longer] in self.known)
        end = max(end, at + size, at + self._district(at)[0], at + next(known, 0)) if end > at else end
        return tuple(key for key in keys[at:end] if key not in DASHES), end

    def _person(self, at: int) -> bool:
        """Return whether a family name with two words behind it begins at a token."""
        tokens = self.sentence.tokens[at : at + 3]
        family = (
            tokens[0].key in self.words.families or tokens[0].key in self.words.surnames if tokens else False
        )
        return family and len(tokens) > 2 and all(token.capital for token in tokens)

    def _capitals(self, at: int, size: int) -> tuple[str, ...]:
        """Return the words of a name, dashes left out; none where a word has no capital letter."""
        tokens = self.sentence.tokens[at : at + size]
        inner = {*DASHES, *_APOSTROPHES}
        if len(tokens) < size or not tokens[0].capital or tokens[-1].key in inner:
            return ()
        # the second part of M'gar is a small letter's
        small = {two for one, two in pairwise(tokens) if one.key in _APOSTROPHES}
        if not all(token.capital or token.key in inner or token in small for token in tokens):
            return ()
        return tuple(token.key for token in tokens if token.key not in DASHES)

    def _province(self, at: int) -> tuple[str, int, bool] | None:
        """Return name, tokens and whether it is a city, of the longest province that begins at a place."""
        if self.sentence.key(at) not in self.finder.provinces_begin:
            return None
        for size in range(_LONGEST_NAME, 0, -1):
            words = self._capitals(at, size)
            unit = self.finder.unit(words) if words else None
            if unit is not None and (
                len(words) > 1 or unit.name_vi.casefold() == words[0] or words[0].startswith(("tp", "hcm"))
            ):
                return unit.name_vi, size, unit.is_city
        return None

    def _district(self, at: int) -> tuple[int, str]:
        """Return the tokens of the longest district that begins at a place, and the province it tells."""
        if not begins_district(self.sentence.key(at)):
            return 0, ""
        for size in range(LONGEST_DISTRICT, 0, -1):
            words = self._capitals(at, size)
            provinces = provinces_of(words, self.finder.day) if words else frozenset()
            if provinces:
                if self.near in provinces:
                    return size, self.near
                return size, next(iter(provinces)) if len(provinces) == 1 else ""
        return 0, ""
