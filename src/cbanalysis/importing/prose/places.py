"""Where: the provinces, districts, communes and bodies that a sentence names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from cbanalysis.common.text.letters import clean
from cbanalysis.importing.prose.grammar import grammar, pattern
from cbanalysis.importing.prose.place_mentions import DASHES, PlaceMention, joined
from cbanalysis.importing.prose.place_names import LONGEST_NAME, SHORT_NUMBER, Known, Names
from cbanalysis.importing.prose.tokens import Sentence

_LONGEST_BODY, _SHORT_BLOC = 14, 3
_ONE = {"1", "01", "một"}
_LISTING, _LISTED = {",", ":", ";", "và"}, {",", "và"}
# Kinds of bodies: "Đảng bộ Đồn" is the one that was named before.
_NAMELESS = {"đồn", "trường", "sở", "hội", "cục", "viện", "báo", "đài", "phòng", "ban", "vùng", "kho", "htx"}
_NAMELESS |= {"tập đoàn", "công ty", "tổng công ty", "bệnh viện"}
_MERGED = "2025-07"  # of which of the 34 provinces an estate is, nobody says
_CITY = ("thành", "phố")


class PlaceFinder(Known):
    """Finds places by their level words, by the names of the gazetteer and by the table of districts."""

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
class _Scan(Names):
    """One pass over a sentence."""

    def single(self) -> Iterator[PlaceMention]:
        at, tokens = 0, self.sentence.tokens
        last: PlaceMention | None = None
        rules = (self._village, self._body, self._scope, self._levelled, self._bare)
        while at < len(tokens):
            begins = tokens[at].capital or tokens[at].key in self.finder.begins
            found = begins and next((found for rule in rules if (found := rule(at))), None)
            if found:
                led = self.words.committees.before(self.sentence.keys, found.begin)
                behind = self.sentence.key((led[0] if led else found.begin) - 1) in self.words.behind
                found = replace(found, behind=behind, quoted=self._quoted(found.begin))
                listed = last and found.name and not last.governs and self._listed(last, found)
                merged = pattern("merged").search(self.sentence.words(0, found.begin + 1)) is not None
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
        before = self.sentence.words(0, found.begin)
        return found.level == "province" and pattern("branches").search(before) is not None

    def _listed(self, last: PlaceMention, found: PlaceMention) -> bool:
        """Return whether a place goes on with the list of the one before."""
        return last.level == found.level and {*self.sentence.keys[last.end : found.begin]} <= _LISTED

    def _continues(self, at: int) -> bool:
        here, before = self.sentence.tokens[at], self.sentence.tokens[at - 1]
        if not (here.capital and before.capital):
            return False
        level = here.key not in self.words.short and self.words.levels.at(self.sentence.keys, at)
        office = self.words.committees.at(self.sentence.keys, at)  # "BCH Đảng bộ …"
        opens = before.key in self.words.small or before.key in self.words.short
        return not (level or office or opens)

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
        town = (keys[end - 1] in {"phố", "tp"} or keys[end - 2 : end] == ("tp", ".")) and not self._province(
            end
        )
        small = lead is not None and (town or keys[end - 1] in {"huyện", "quận", "xã", "phường", "trấn"})
        # "Khối các cơ quan thành phố Biểu dương …": one word is a name where a district has it
        size = len(self._run(end)[0])
        small = small and (size > 1 or (size == 1 and (keys[end].isdigit() or bool(self._district(end)[0]))))
        told = self._district(end)[1] if small else ""
        end = self._run(end)[1] if small else end
        name = clean(" ".join(token.text for token in tokens[at + whole : end]))
        name = name.replace(" ,", ",").replace("P .", "P.")
        name = pattern("legal_form").sub("", name)
        name = re.sub(r"^đảng ủy\b", "Đảng bộ", name[:1].upper() + name[1:], flags=re.IGNORECASE)
        begin = end + (2 if keys[end : end + 2] == _CITY else self.sentence.key(end) in {"tỉnh", "của", "tp"})
        if province := self._province(begin):
            return PlaceMention(first, begin + province[1], "district", name, province[0], body=True)
        # "Hội Doanh nhân trẻ Đồng Nai", "Trường Cao đẳng Hải Dương": the name ends with where it is
        lasts = range(end - 2, max(at, end - LONGEST_NAME), -1)
        inside = (unit[0] for last in lasts if (unit := self._province(last)) and last + unit[1] == end)
        alone = not self.near and self.finder.day < _MERGED
        seats = (self.words.seated.at(keys, place) for place in range(at, end if alone else at))
        seat = next((one for place in seats if place and (one := self.words.seats.at(keys, place[0]))), None)
        told = next(inside, told) or (seat[1] if seat and seat[0] == end else "")
        return PlaceMention(first, end, "district", name, told, told=bool(seat or told), body=True)

    def _village(self, at: int) -> PlaceMention | None:
        """Return the village whose cell is named, "Chi bộ bản Hoa Ban 2", or a numbered cell: "Chi bộ 10"."""
        keys, key, tokens = self.sentence.keys, self.sentence.key, self.sentence.tokens
        begin = at + 2 if keys[at : at + 2] == ("chi", "bộ") else at
        kind = self.words.villages.at(keys, begin)
        opens = kind is not None and key(at - 1) in {"", ".", ";"} and tokens[at].capital
        if self._several(at) or (begin == at and (not opens or self._district(at)[0])):
            return None
        name = kind[0] if kind else begin
        name += key(name) == "số"
        end = self._run(name)[1] if kind else name
        # "Chi bộ 10 có …"; "lập chi bộ 10 …" counts
        told = kind or tokens[at].capital or key(at - 1) not in {"lập", "có", "gồm", "là"}
        number = key(end).isdigit() and len(key(end)) <= SHORT_NUMBER and told
        end += bool(number and not grammar().things.at(keys, end + 1) and key(end + 1) not in {"đồng", "đ"})
        if end == name or (kind and kind[1] == "numbered" and not number):
            return None
        text = self.sentence.name(begin, end)
        text = text[0].lower() + text[1:] if kind else f"Chi bộ {text}"
        return PlaceMention(at, end, "commune", text, body=True)

    def _common_name(self, at: int) -> bool:
        """Return whether words name a body that are no place's: "Chi bộ Sinh viên", "Chi bộ Cơ động"."""
        tokens = self.sentence.tokens[at : at + 2]
        two = len(tokens) == 2 and tokens[0].capital and tokens[1].text.islower()
        return two and tokens[1].key in self.words.inside and not self.words.levels.at(self.sentence.keys, at)

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
            numbered = named and tokens[end].kind == "number" and len(keys[end]) <= SHORT_NUMBER
            numbered = numbered or (keys[end] == "số" and any(token.kind == "number" for token in following))
            inner = tokens[end].capital or keys[end] in words.joints or keys[end] in words.inside
            inner = inner or (end > kind_end and self._of_trade(end))
            if not (inner or numbered) or (keys[end - 1] == "và" and words.committees.at(keys, end)):
                break  # "Chi bộ Trường A và Chi bộ Trường B": two
            end += 1
        split = work < end < len(keys) and keys[end] in words.parted and not tokens[end - 1].capital
        split = split and not (keys[end] == "hiện" and self.sentence.key(end + 1) in {"có", "nay", "đang"})
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
            office = level[1] == "commune" and named and keys[end - 1] in self.words.councils
            if of_level or office or (placed and named and level[1] in {"district", "commune"}):
                return level[0]
        named = named and not (end == kind_end and " ".join(keys[begin:end]) in _NAMELESS)
        alone = tokens[begin].capital and keys[begin] != "khối" and end == kind_end and self._counts(end)
        return end if named and (kind == "own" or end > kind_end or alone or whole) else at

    def _of_trade(self, at: int) -> bool:
        """Return whether one word in small letters stands inside a name: "Công ty Cà phê Thắng Lợi"."""
        around = self.sentence.tokens[at - 1 : at + 3]
        capital = [token.capital and token.kind == "word" for token in around]
        word = self.sentence.tokens[at].kind == "word" and self.sentence.keys[at] not in self.words.linking
        return word and capital == [True, False, True, True]

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
        return not passing and self.sentence.key(end) not in self.words.owners

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
        kind = self.sentence.words(at, begin) if self.sentence.tokens[begin].kind == "word" else ""
        told_only = bool(told) and not inside
        return PlaceMention(at, end, level, name, inside or told, governs, told=told_only, kind=kind)

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
