"""Where and when a document is from: what its page, its first lines, its publication or the caller say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlsplit

from cbanalysis.common.text.letters import clean, fold
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.files.pages import Page
from cbanalysis.importing.prose.districts import LONGEST_DISTRICT, district_of_slug, provinces_of
from cbanalysis.importing.prose.grammar import Words, pattern, read_table
from cbanalysis.importing.prose.tokens import Sentence, tokenise

_MOST_WORDS = 3
_LONGEST_LINE, _LONGEST_ADDRESS = 300, 1_000
_DATES = {
    "article:published_time", "datepublished", "pubdate", "publishdate", "date", "dc.date", "dc.date.issued",
    "dcterms.created", "publish-date", "article:published", "parsely-pub-date",
}  # fmt: skip
_ADDRESSES = {"og:url", "twitter:url"}
_SHORTEST_TITLE = 5  # words; shorter ones name a section
_PUBLISHERS = {"og:site_name", "dc.publisher", "article:publisher", "application-name"}


@dataclass(frozen=True)
class About:
    """What is known of a document besides its text.

    Attributes
    ----------
    source : str
        Its address.
    publisher : str
        Who published it.
    province : str
        What it is about where it names none.
    published : str
        YYYY, YYYY-MM or YYYY-MM-DD.
    title : str
        Its heading.
    """

    source: str = ""
    publisher: str = ""
    province: str = ""
    published: str = ""
    title: str = ""

    def over(self, other: About) -> About:
        """Return what this says, and for what it doesn't, what another one does."""
        return About(*(getattr(self, one.name) or getattr(other, one.name) for one in fields(self)))


def date_in(text: str) -> str:
    """Return the first full date of a text as YYYY-MM-DD, or the first year and month; "" without one.

    Examples
    --------
    >>> date_in("Thứ Hai, 13/01/2020 (GMT+7)"), date_in("2019-07-16T16:25:00+07:00"), date_in("2020")
    ('2020-01-13', '2019-07-16', '')
    """
    iso = pattern("iso_date").search(text)
    # a date in words beside one in digits is of what is told: "kỷ niệm 3 tháng 2 năm 1930"
    printed = pattern("printed_date").search(text)
    printed = printed or (pattern("date_in_words").search(text) if iso is None else None)
    if printed and 1 <= int(printed[2]) <= 12 and int(printed[1]):
        return f"{printed[3]}-{int(printed[2]):02d}-{int(printed[1]):02d}"
    if iso and 1 <= int(iso[2]) <= 12:
        return "-".join(part for part in iso.groups() if part)
    return ""


def date_of_address(address: str) -> str:
    """Return the month or day that an address files its article under; "" where it says none.

    Examples
    --------
    >>> date_of_address("https://bao.example/chinh-tri/201909/tong-ket-812/"), date_of_address("/2019/x")
    ('2019-09', '')
    >>> date_of_address("https://bao.example/lap-15-dang-bo-188250511142541281.chn")
    '2025-05-11'
    """
    match = pattern("date_in_address").search(address)
    year, *rest = [part for part in match.groups() if part] if match else [""]
    return "-".join([year if len(year) != len("25") else f"20{year}", *(part.zfill(2) for part in rest)])


def about_line(line: str) -> About | None:
    """Return what a line says of its document, such as "Nguồn: Báo Hà Giang"; None for a line of text."""
    if len(line) > (_LONGEST_ADDRESS if "://" in line else _LONGEST_LINE):
        return None
    address = pattern("address_line").fullmatch(line)
    if address:
        return About(source=address[1])
    header = pattern("header_line").fullmatch(line)
    if header is None:
        return None
    name, value = header[1].casefold(), header[2]
    if name in {"nguồn", "source"}:
        host = pattern("host").fullmatch(value)
        # a bare "baohagiang.vn" is the paper's address and its name
        named = not (host and host[1]) and "://" not in value
        return About(source="" if named and not host else value, publisher=value if named else "")
    # "Ngày: năm 2021 kết nạp đảng viên" is a sentence
    few = len(pattern("word").findall(value)) <= _MOST_WORDS
    part = pattern("date_in_part").fullmatch(value) if few else None
    date = date_in(value) or (
        f"{part[2]}-{part[1].zfill(2)}" if part and part[1] else part[2] if part else ""
    )
    return About(published=date) if date or pattern("unknown_date").fullmatch(value) else None


def is_title(text: str) -> bool:
    """Return whether a heading can be that of an article; when in doubt it isn't.

    Examples
    --------
    >>> is_title("Vì sao vùng cao có ít đảng viên?"), is_title("Trang chủ » Chính trị » Xây dựng Đảng")
    (True, False)
    """
    doubtful = len(text.split()) < _SHORTEST_TITLE or text.isupper() or date_in(text)
    return not (doubtful or pattern("no_title").search(text))


def about_page(page: Page) -> About:
    """Return what a page's head says of it.

    Parameters
    ----------
    page : Page
        The page.

    Returns
    -------
    About
        With "" for what the page doesn't say; JSON-LD and <meta> come before <time>, the
        article's own heading before the <title> of the page.
    """
    parts = [*_parts(page.linked)]
    dates = [str(part["datePublished"]) for part in parts if "datePublished" in part]
    dates += [content for name, content in page.metadata if name in _DATES]
    publishers = [content for name, content in page.metadata if name in _PUBLISHERS]
    publishers += [str(part["publisher"]["name"]) for part in parts if _told(part.get("publisher"), "name")]
    addresses = [content for name, content in page.metadata if name in _ADDRESSES]
    titles = [content for name, content in page.metadata if name == "og:title"]
    # deeper ones are of other articles
    top = [part for one in page.linked for part in (one if isinstance(one, list) else [one])]
    graphs = [part.get("@graph") for part in top if isinstance(part, Mapping)]
    top += [part for graph in graphs if isinstance(graph, list) for part in graph]
    headlines = {part["headline"] for part in top if _told(part, "headline")}
    titles += headlines if len(headlines) == 1 else []
    titles += [page.heading] if is_title(clean(page.heading)) else []
    published = next((date for text in [*dates, *page.times] if (date := date_in(text))), "")
    title = next(filter(None, map(clean, [*titles, page.title])), "")
    return About(next(iter(addresses), ""), next(iter(publishers), ""), "", published, title)


def _told(part: object, name: str) -> bool:
    return isinstance(part, Mapping) and isinstance(part.get(name), str)


def _parts(linked: Sequence[object]) -> Iterator[Mapping[str, Any]]:
    """Yield every object of JSON-LD, however deep it lies."""
    left = [*reversed(linked)]
    while left:
        part = left.pop()
        if isinstance(part, Mapping):
            yield part
            left += [value for value in part.values() if isinstance(value, Mapping | list)]
        elif isinstance(part, list):
            left += part


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
