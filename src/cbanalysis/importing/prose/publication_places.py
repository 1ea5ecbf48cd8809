"""Which province, and which district, a publication writes about: by its address or its name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from urllib.parse import urlsplit

from cbanalysis.common.text.letters import fold
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.prose.districts import LONGEST_DISTRICT, district_of_slug, provinces_of
from cbanalysis.importing.prose.grammar import Words, pattern, read_table
from cbanalysis.importing.prose.metadata import About
from cbanalysis.importing.prose.tokens import Sentence, tokenise

_SMALL_SITES = (".gov.vn", ".dcs.vn", ".org.vn")

# Districts that have a number for a name: quan11.hochiminhcity.gov.vn.
_HCM = "Hồ Chí Minh"


@cache
def _words() -> Words:
    return Words("publications")


@dataclass(frozen=True)
class Publications:
    """Papers, stations and sites, by host and by name."""

    gazetteer: Gazetteer

    @cached_property
    def _slugs(self) -> tuple[tuple[str, str], ...]:
        """The spellings of provinces in hosts, the longest first."""
        own = read_table("publications")["slugs"]
        slugs = self.gazetteer.slugs | {slug: name for name, those in own.items() for slug in those}
        return tuple(sorted(slugs.items(), key=lambda pair: -len(pair[0])))

    def of(self, about: About) -> tuple[str, str]:
        """Return province and district that a publication writes about; "" for what isn't known.

        Examples
        --------
        >>> known = Publications(Gazetteer.read())
        >>> known.of(About(source="https://chauthanh.haugiang.gov.vn/dang-bo"))
        ('Hậu Giang', 'Châu Thành')
        >>> known.of(About(publisher="Báo Đồng Khởi")), known.of(About(source="https://vnexpress.net"))
        (('Bến Tre', ''), ('', ''))
        """
        province, district = self._of_host(about.source)
        if not province:
            keys = tuple(token.key for token in tokenise(about.publisher))
            named = (self._of_name(keys, at) for at in range(len(keys)))
            return next((pair for pair in named if pair[0]), ("", ""))
        return province, district

    def _of_host(self, address: str) -> tuple[str, str]:
        try:
            host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
        except ValueError:
            return "", ""
        labels = host.casefold().split(".")[:-1]
        province = next((found[1] for label in labels if (found := _words().labels.at([label], 0))), "")
        if not province:
            named = (name for slug, name in self._slugs if any(slug in label for label in labels))
            province = next(named, "")
        small = host.endswith(_SMALL_SITES)
        for label in labels:
            if province in {"", _HCM} and (numbered := pattern("numbered_district").search(label)):
                return _HCM, f"Quận {numbered[1]}"
            own = pattern("kind_of_site").sub("", label)
            if province and fold(province).replace(" ", "") in label and label.startswith(own):
                # tuyenquangtv.vn is the station of the province, not of its town
                continue
            name, inside = district_of_slug(own, province) if small or own != label or province else ("", "")
            if name and (province or small or own != label):
                return inside, name
        return province, ""

    def _of_name(self, keys: tuple[str, ...], at: int) -> tuple[str, str]:
        """Return province and district that the words from a place on name."""
        known = _words().names.at(keys, at)
        if province := known[1] if known else self._province_at(keys, at)[0]:
            return province, ""
        for size in range(min(LONGEST_DISTRICT, len(keys) - at), 1, -1):
            provinces = provinces_of(keys[at : at + size])
            if len(provinces) == 1:
                return next(iter(provinces)), " ".join(word.capitalize() for word in keys[at : at + size])
        return "", ""

    def _province_at(self, keys: tuple[str, ...], at: int) -> tuple[str, int]:
        """Return the province of several words that is named from a place on, and where its name ends."""
        ends = range(min(LONGEST_DISTRICT + at, len(keys)), at + 1, -1)
        named = ((units, end) for end in ends if (units := self.gazetteer.named(" ".join(keys[at:end]))))
        return next(((units[0].name_vi, end) for units, end in named), ("", at))

    def named_in(self, sentence: Sentence) -> str:
        """Return the province of the publication that is named: "(Báo Lạng Sơn)", "Sơn La TV"."""
        keys, tokens = sentence.keys, sentence.tokens
        for at in (at for at in range(len(keys)) if tokens[at].capital):
            if known := _words().names.at(keys, at):
                return known[1]
            kind = _words().before.at(keys, at)
            begin = kind[0] if kind else at
            begin += kind is not None and sentence.key(begin) == "tỉnh"
            province, end = self._province_at(keys, begin)
            if province and tokens[begin].capital and (kind or sentence.key(end) in _words().behind):
                return province
        return ""
