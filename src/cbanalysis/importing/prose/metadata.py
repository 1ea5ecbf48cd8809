"""Where and when a document is from: what its page, its first lines or the caller say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from cbanalysis.common.text.letters import clean
from cbanalysis.importing.files.pages import Page
from cbanalysis.importing.prose.grammar import pattern

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
