"""Tables MADE UP at random with known content: each varies a few things of how offices write tables.

`made(seed)` gives a table and what was planted in it; `judged` reads it and says how that went. The rule: a
figure that comes in equals what was planted, or a question was asked, or the file was refused.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cbanalysis.common.errors import DataError
from cbanalysis.importing.files.grids import Grid
from cbanalysis.importing.files.reading import tables
from cbanalysis.importing.layouts.applying import apply_layout
from cbanalysis.importing.layouts.places import Places
from cbanalysis.importing.layouts.proposing import propose
from cbanalysis.importing.layouts.vocabulary import Vocabulary
from made_up import writers

Verdict = Literal["read", "asked", "refused", "wrong"]
# indicator, subject, category, definition, complement, place + period, count or percent
Key = tuple[str, str, str, str, bool, str, str]
Cell = str | int | float

NAMES = (
    "Hà Nội", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Bắc Giang", "Hưng Yên", "Thái Bình", "Nam Định",
    "Ninh Bình", "Sơn La", "Lai Châu", "Yên Bái", "Phú Thọ", "Quảng Nam", "Bình Định", "Phú Yên",
    "Khánh Hòa", "Đắk Lắk", "Cà Mau", "Bạc Liêu", "Long An", "Bến Tre", "Trà Vinh", "Thừa Thiên Huế",
    "Bà Rịa - Vũng Tàu", "Hòa Bình", "Thanh Hóa", "Nghệ An",
)  # fmt: skip
DISTRICTS = (
    "Huyện Kim Động", "Huyện Tiên Lữ", "Huyện Phù Cừ", "Huyện Ân Thi", "Huyện Văn Giang", "Thị xã Mỹ Hào",
    "Huyện Khoái Châu",
)  # fmt: skip
CITIES = {"Hà Nội", "Hải Phòng", "Đà Nẵng", "Cần Thơ"}
PAPER = (
    "Ngày xuất dữ liệu: 15/08/2026 09:30", "Hưng Yên, ngày 15/8/2026", "In lúc 08:15 ngày 2/3/2026",
    "Kèm theo Báo cáo số 12-BC/TU ngày 03/01/2027", "Exported 2026-08-15",
    "Ghi chú: các trường có dấu (*) là bắt buộc",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """What a column may hold: ways to head it, and ways that say the opposite."""

    indicator: str
    subject: str
    headings: tuple[str, ...]
    negated: tuple[str, ...] = ()
    category: str = ""
    definition: str = ""
    percent: bool = False
    scheme: str = ""
    base: tuple[str, ...] = ()


MEMBERS = Kind("org_count", "member", ("Tổng số đảng viên", "Số đảng viên", "Số lượng đảng viên"))
CELLS = Kind("org_count", "cell", ("Tổng số chi bộ", "Số chi bộ"))
RATED = Kind(
    "org_count",
    "cell",
    ("Tổng số chi bộ được đánh giá", "Số chi bộ được xếp loại", "Chi bộ đã được xếp loại"),
    definition="rated",
)


def _rating(scheme: str, category: str, *headings: str) -> Kind:
    return Kind(
        "org_quality_rating", "cell", headings, category=category, scheme=scheme, base=("rated", "cell")
    )


NEW = (
    _rating("new", "excellent", "Hoàn thành xuất sắc nhiệm vụ", "HTXSNV", "Hoàn thành xuất sắc"),
    _rating("new", "good", "Hoàn thành tốt nhiệm vụ", "HTTNV"),
    _rating("new", "fulfilled", "Hoàn thành nhiệm vụ", "HTNV"),
    _rating("new", "failed", "Không hoàn thành nhiệm vụ", "Chưa hoàn thành nhiệm vụ", "KHTNV"),
)
OLD = (
    _rating("old", "strong", "Trong sạch, vững mạnh", "TSVM"),
    _rating("old", "good", "Hoàn thành tốt nhiệm vụ"),
    _rating("old", "fulfilled", "Hoàn thành nhiệm vụ"),
    _rating("old", "weak", "Yếu kém"),
)
OTHERS = (
    Kind("model_cells", "cell", ("Số chi bộ kiểu mẫu", "Chi bộ kiểu mẫu")),
    Kind(
        "meeting_attendance",
        "member",
        ("Tỷ lệ đảng viên dự sinh hoạt chi bộ (%)", "Đảng viên dự sinh hoạt (%)", "Tỷ lệ dự sinh hoạt (%)"),
        ("Tỷ lệ đảng viên không dự sinh hoạt chi bộ (%)", "Đảng viên chưa tham gia sinh hoạt (%)"),
        percent=True,
        base=("member",),
    ),
    Kind(
        "village_own_cell",
        "village",
        ("Thôn có chi bộ", "Số thôn có chi bộ riêng"),
        ("Thôn không có chi bộ riêng", "Số thôn chưa có chi bộ", "Thôn chưa có chi bộ"),
    ),
    Kind(
        "e_handbook",
        "member",
        ("Đảng viên cài sổ tay đảng viên điện tử", "Số đảng viên sử dụng sổ tay điện tử"),
        ("Đảng viên chưa cài sổ tay đảng viên điện tử", "Số đảng viên không dùng sổ tay điện tử"),
        base=("member",),
    ),
    Kind("members_admitted", "member", ("Đảng viên kết nạp", "Số đảng viên mới kết nạp"), base=("member",)),
    Kind("members_away", "member", ("Đảng viên đi làm ăn xa", "Số đảng viên làm ăn xa"), base=("member",)),
)


def _small(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


# what turns a heading into one that no figure may be taken from
SPOILT: tuple[Callable[[str], str], ...] = (
    lambda text: f"Thứ hạng {_small(text)}",
    lambda text: f"{text} so với năm trước",
    lambda text: f"Kế hoạch {_small(text)}",
    lambda text: f"{text} bị kỷ luật",
    lambda text: f"{text} dưới 30 tuổi",
    lambda text: f"{text} dân tộc thiểu số",
    lambda text: f"Tăng, giảm {_small(text)}",
    lambda text: f"{text} (triệu đồng)",
    lambda text: f"{text} bình quân",
    lambda text: f"Mật độ {_small(text)}",
    lambda text: f"{text} khối doanh nghiệp",
    lambda text: text.replace("nhiệm vụ", "cơ bản nhiệm vụ") if "nhiệm vụ" in text else f"{text} cơ bản",
)


@dataclass
class Made:
    """A table on its way: what it holds, and how it is written."""

    dice: random.Random
    year: int
    names: list[str]
    columns: list[Column]
    varied: list[str] = field(default_factory=list)
    style: str = "vi"
    written: str = "text"  # text, number, blanks
    period: str = "title"  # title, header, section, sheet, column, date, month, span, file
    lines: list[str] = field(default_factory=list)
    unit: int = 1
    labels: dict[str, str] = field(default_factory=dict)
    above: list[str] = field(default_factory=list)  # rows before, among and after the provinces
    levels: int = 1
    merged: bool = True
    extras: set[str] = field(default_factory=set)
    kind: str = "grid"
    encoding: str = "utf-8"
    turned: bool = False
    decimals: int | None = None  # always so many, as a format writes them
    missing: dict[tuple[int, str], str] = field(default_factory=dict)  # column, name: the mark
    title: str = ""  # what the title says of all columns
    districts: bool = False


@dataclass
class Column:
    """One column: its heading, what was planted under it (None for what no figure may be taken from)."""

    heading: str
    kind: Kind | None
    complement: bool
    values: dict[tuple[str, int], float]
    percent: bool
    permille: bool = False
    shown: dict[tuple[str, int], float] | None = (
        None  # what the table says, where that isn't what was planted
    )
    category: str = ""  # men or women, as printed
    beside: str = ""  # what stands behind each number


def _column(
    dice: random.Random, kind: Kind, names: list[str], years: list[int], most: dict[str, dict]
) -> Column:  # type: ignore[type-arg]
    complement = bool(kind.negated) and dice.random() < 0.4
    heading = dice.choice(kind.negated if complement else kind.headings)
    values: dict[tuple[str, int], float] = {}
    for name in names:
        for year in years:
            if kind.percent:
                values[name, year] = max(round(dice.uniform(0.5, 99.9), dice.choice((0, 1, 2))), 0.5)
            else:
                whole = next((most[base][name, year] for base in kind.base if base in most), 90_000)
                low = 1930 if dice.random() < 0.2 and whole > 2099 else 100
                values[name, year] = dice.randint(low, min(int(whole), 2099) if low == 1930 else int(whole))
    return Column(heading, kind, complement, values, kind.percent)


def made(seed: int, *, at_once: int | None = None) -> Made:
    """Return a table with one or two things varied, now and then with many."""
    dice = random.Random(seed)  # noqa: S311 -- no secret
    year = dice.choice((2010, 2013, 2016, 2019, 2021, 2022, 2023, 2024))
    names = dice.sample(NAMES, dice.randint(2, 7))
    years = [year, year + 1] if year != 2024 else [year]
    kinds: list[Kind] = dice.sample([MEMBERS, CELLS], dice.randint(0, 2))
    if dice.random() < 0.5:
        kinds += [RATED] * dice.randint(0, 1) + list((NEW if year >= 2018 else OLD)[: dice.randint(2, 4)])
    kinds += dice.sample(OTHERS, dice.randint(0 if kinds else 1, 3))
    most: dict[str, dict[tuple[str, int], float]] = {}
    columns = []
    for kind in kinds:
        columns.append(_column(dice, kind, names, years, most))
        if kind.indicator == "org_count":
            most["rated" if kind.definition else kind.subject] = columns[-1].values
    table = Made(dice, year, names, columns, labels={name: name for name in names})
    if "cell" in most and "rated" in most:
        most["cell"].update({key: max(value, most["rated"][key]) for key, value in most["cell"].items()})
    number = at_once or dice.choice((1, 1, 2, 2, 2, 3, 5))
    # first the order: what is of the column before it ("%", "of these women") stays behind it
    chosen = sorted(dice.sample(sorted(VARIATIONS), number), key=lambda name: name != "order of columns")
    for name in chosen:
        VARIATIONS[name](table)
        table.varied.append(name)
    return table


# -- what is varied ------------------------------------------------------------------------------


def _spoil(table: Made) -> None:
    column = table.dice.choice(table.columns)
    column.heading, column.kind = table.dice.choice(SPOILT)(column.heading), None


def _other_scheme(table: Made) -> None:
    for column in table.columns:
        if column.kind and column.kind.scheme:
            other = table.dice.choice(OLD[:1] + OLD[3:] if table.year >= 2018 else NEW[:1] + NEW[3:])
            if other.category == "failed" and table.year < 2018:
                other = NEW[0]
            column.heading, column.kind = other.headings[0], None
            return


def _order(table: Made) -> None:
    table.dice.shuffle(table.columns)


def _written(table: Made) -> None:
    table.style, table.written = table.dice.choice(
        (("en", "text"), ("vi", "number"), ("vi", "blanks"), ("en", "plain"))
    )


def _unit(table: Made) -> None:
    table.unit = 1000
    for column in table.columns:
        if not column.percent:
            column.values = {key: round(value * 100) for key, value in column.values.items()}
    how = table.dice.choice(("line", "heading", "short"))
    if how == "heading":
        for column in table.columns:
            if not column.percent:
                column.heading += table.dice.choice((" (nghìn)", " (nghìn người)", " (1.000 người)"))
    else:
        table.lines.append("Đơn vị tính: nghìn người" if how == "line" else "(ĐVT: nghìn)")


def _permille(table: Made) -> None:
    for column in table.columns:
        if column.percent:
            column.heading = column.heading.replace("(%)", "(‰)")
            column.permille = True
            column.values = {key: round(value, 1) for key, value in column.values.items()}


def _period(table: Made) -> None:
    table.period = table.dice.choice(
        ("header", "section", "sheet", "column", "date", "month", "span", "file")
    )


def _paper(table: Made) -> None:
    table.lines += table.dice.sample(PAPER, table.dice.randint(1, 2))


def _spelling(table: Made) -> None:
    ways: tuple[Callable[[str], str], ...] = (
        str.upper,
        lambda name: f"Tỉnh {name}" if name not in CITIES else f"TP. {name}",
        lambda name: f"  {name} ",
        lambda name: name.replace("Đắk Lắk", "Đắc Lắc").replace("Hòa", "Hoà").replace("Hóa", "Hoá"),
        lambda name: f"{name} (1)",
    )
    table.labels = {name: table.dice.choice(ways)(name) for name in table.names}


def _rows(table: Made) -> None:
    table.extras |= set(
        table.dice.sample(
            (
                "total",
                "wrong total",
                "country",
                "region",
                "blank",
                "median",
                "again",
                "unknown",
                "unreported",
                "notes",
            ),
            table.dice.randint(1, 3),
        )
    )


def _columns(table: Made) -> None:
    table.extras |= set(
        table.dice.sample(("order", "note column", "kind column", "no heading"), table.dice.randint(1, 2))
    )


def _levels(table: Made) -> None:
    table.levels, table.merged = table.dice.choice((2, 3)), table.dice.random() < 0.6


def _file(table: Made) -> None:
    table.kind = table.dice.choice(("csv", "csv", "xlsx", "xls", "ods", "xlsb", "html", "docx"))
    table.encoding = table.dice.choice(("utf-8", "utf-8-sig", "utf-16")) if table.kind == "csv" else "utf-8"


def _turned(table: Made) -> None:
    table.turned = True


_BARE = ("Tỷ lệ (%)", "Tỷ lệ %", "%")


def _duplicate(table: Made) -> None:
    # "%" and "of these women" say what the column before them is of, so that a second one is of another
    own = [one for one in table.columns if one.heading not in _BARE and not one.category]
    column = table.dice.choice(own or table.columns)
    values = {key: max(1, value - 1) for key, value in column.values.items()}
    heading = table.dice.choice((column.heading, f"{column.heading} năm trước", column.heading.upper()))
    table.columns.append(Column(heading, None, complement=False, values=values, percent=column.percent))
    if heading.casefold() == column.heading.casefold():
        column.kind = None  # which of the two is meant can't be known


def _decimals(table: Made) -> None:
    """Thousands with three decimals, or shares with three: 12,345 thousand is not 12,345,000."""
    table.decimals = 3
    if not any(column.percent for column in table.columns) or table.dice.random() < 0.7:
        table.unit = 1000
        table.lines.append("Đơn vị tính: nghìn người")
    for column in table.columns:
        if column.percent:
            column.values = {key: round(value, 1) for key, value in column.values.items()}
    table.style, table.written = table.dice.choice((("vi", "text"), ("en", "text"), ("en", "plain")))


def _small_shares(table: Made) -> None:
    """Shares of less than one percent: 0.4 % is not 40 %."""
    for column in table.columns:
        if column.percent:
            column.values = {key: round(table.dice.uniform(0.01, 0.99), 2) for key in column.values}
    table.written = table.dice.choice(("number", "text"))


def _fractions(table: Made) -> None:
    """Shares stored as 0.853, in a format that shows them as percent or in none."""
    table.extras.add("fractions")
    table.written = "number"
    for column in table.columns:
        if column.percent:
            column.values = {key: round(value, 1) for key, value in column.values.items()}


def _missing(table: Made) -> None:
    """Cells without a figure."""
    for at in range(len(table.columns)):
        for name in table.names:
            if table.dice.random() < 0.25:
                table.missing[at, name] = table.dice.choice(("-", "…", "..", "...", "", "x", "chưa có", "0"))


def _marks(table: Made) -> None:
    """Footnote marks behind figures and headings."""
    table.extras.add("marks")
    table.written = "text"
    column = table.dice.choice(table.columns)
    column.heading += table.dice.choice((" (1)", "*", " (*)", "¹"))


def _title(table: Made) -> None:
    """One kind of figures, named by the title alone; the headings are years or say how it is measured."""
    known = [column for column in table.columns if column.kind]
    if not known:
        return
    column = table.dice.choice(known)
    table.columns = [column]
    table.title = (
        f"{column.heading} {table.dice.choice(('phân theo địa phương', 'chia theo tỉnh', 'các tỉnh', ''))}"
    )
    if table.dice.random() < 0.7:
        column.heading, table.period = "", "header"
    else:
        column.heading = table.dice.choice(
            ("Tỷ lệ (%)", "%") if column.percent else ("Số lượng", "Tổng số", "SL", "Tổng cộng")
        )


def _sexes(table: Made) -> None:
    """Behind a count, how many of them are women."""
    for at, column in enumerate(table.columns):
        if column.kind and not column.percent and column.kind.subject == "member" and not column.complement:
            values = {key: float(int(value) // 3) for key, value in column.values.items()}
            heading = table.dice.choice(("Trong đó: Nữ", "Nữ", "Trong đó nữ"))
            table.columns.insert(
                at + 1,
                Column(heading, column.kind, complement=False, values=values, percent=False, category="nữ"),
            )
            return


def _pairs(table: Made) -> None:
    """Beneath the heading of a rating: how many, and what share of those rated."""
    rated = [column for column in table.columns if column.kind and column.kind.scheme]
    whole = next((column for column in table.columns if column.kind and column.kind.definition), None)
    if not rated or whole is None:
        return
    column = table.dice.choice(rated)
    values = {key: round(100 * value / whole.values[key], 2) for key, value in column.values.items()}
    if any(value > 100 for value in values.values()):
        return
    heading = table.dice.choice((*_BARE, f"Tỷ lệ {column.heading} (%)"))
    table.columns.insert(
        table.columns.index(column) + 1,
        Column(heading, column.kind, complement=False, values=values, percent=True),
    )


def _institution(table: Made) -> None:
    table.extras.add("institution")


def _page_break(table: Made) -> None:
    table.extras.add("page break")


def _numbered(table: Made) -> None:
    table.extras.add("numbered columns")


def _letters(table: Made) -> None:
    table.extras.add(table.dice.choice(("bare", "nfd", "blanks")))


def _districts(table: Made) -> None:
    """Districts of one province, which the title names."""
    table.districts = True
    districts = [one.split(" ", 1 + one.startswith("Thị xã"))[-1] for one in DISTRICTS]
    districts = districts if table.dice.random() < 0.5 else [*DISTRICTS]
    if table.dice.random() < 0.3:
        districts[0] = table.dice.choice(("Công an tỉnh", "Đảng bộ Quân sự tỉnh", "Khối các cơ quan"))
    places = dict(zip(table.names, districts, strict=False))
    table.names = [places[name] for name in table.names]
    for column in table.columns:
        column.values = {(places[name], year): value for (name, year), value in column.values.items()}
    table.labels = {name: name for name in table.names}


def _nouns(table: Made) -> None:
    """Who is counted stands behind each number, too: those of the heading, or others."""
    column = table.dice.choice(table.columns)
    nouns = {"member": "đảng viên", "cell": "chi bộ", "village": "thôn"}
    if column.percent or column.kind is None or table.unit > 1:
        return
    subject = table.dice.choice([*nouns])
    column.beside, table.written = f" {nouns[subject]}", "text"
    if subject != column.kind.subject:
        column.kind = None


def _shares_beside(table: Made) -> None:
    """Behind each count stands a share of what nobody says."""
    for column in table.columns:
        if column.kind and column.kind.indicator in {"org_count", "model_cells", "members_admitted"}:
            column.beside, column.kind, table.written = " (12%)", None, "text"
            return


def _two_tables(table: Made) -> None:
    table.extras.add(table.dice.choice(("beneath", "beside", "halves")))


def _long(table: Made) -> None:
    """One row a figure: place, what, how many."""
    table.extras.add("long")


VARIATIONS: dict[str, Callable[[Made], None]] = {
    "decimals": _decimals,
    "small shares": _small_shares,
    "fractions": _fractions,
    "missing": _missing,
    "marks": _marks,
    "title": _title,
    "sexes": _sexes,
    "pairs": _pairs,
    "institution": _institution,
    "page break": _page_break,
    "numbered columns": _numbered,
    "letters": _letters,
    "districts": _districts,
    "two tables": _two_tables,
    "long": _long,
    "nouns": _nouns,
    "shares beside counts": _shares_beside,
    "words": _spoil,
    "scheme": _other_scheme,
    "order of columns": _order,
    "number style": _written,
    "unit": _unit,
    "per mille": _permille,
    "period": _period,
    "dates of the paper": _paper,
    "spelling": _spelling,
    "rows": _rows,
    "columns": _columns,
    "levels of headings": _levels,
    "file": _file,
    "turned": _turned,
    "the same twice": _duplicate,
}


# -- writing -------------------------------------------------------------------------------------


def _cell(table: Made, column: Column, value: float) -> Cell:
    shown: float = value
    if column.permille:
        shown = round(value * 10, 1)
    elif column.percent and "fractions" in table.extras:
        return _Share(round(value / 100, 5))
    elif not column.percent and table.unit > 1:
        shown = value / table.unit
    if table.written == "number" and not column.beside:
        return shown
    text = f"{shown:,.10f}".rstrip("0").rstrip(".")
    if table.decimals is not None and (column.percent or table.unit > 1):
        text = f"{shown:,.{table.decimals}f}"
    mark = column.beside + (table.dice.choice(("*", " (1)", "")) if "marks" in table.extras else "")
    if table.written == "plain" or (table.written == "blanks" and column.percent):
        text = text.replace(",", "")
    if table.style == "vi":
        text = text.translate(str.maketrans(",.", ".,"))
    return (text.replace(".", " ") if table.written == "blanks" and not column.percent else text) + mark


class _Share(float):
    """A share that a workbook shows as percent."""


def _figure(table: Made, column: Column, name: str, year: int) -> Cell:
    mark = table.missing.get((table.columns.index(column), name))
    return _cell(table, column, (column.shown or column.values)[name, year]) if mark is None else mark


def _years(table: Made) -> list[int]:
    columns = table.columns
    there = {year for column in columns for _, year in column.values}
    return sorted(there) if table.period in {"header", "section", "column", "sheet"} else [table.year]


def _body(table: Made, year: int) -> list[list[Cell]]:
    """Return the rows of one year, label first."""

    def row(label: str, value: Callable[[Column], Cell]) -> list[Cell]:
        return [label, *(value(column) for column in table.columns)]

    rows = [
        row(
            table.labels[name],
            lambda column, name=name: _figure(table, column, name, year),
        )  # type: ignore[misc]
        for name in table.names
    ]

    def total(add: int) -> Callable[[Column], Cell]:
        return lambda column: _cell(
            table,
            column,
            50 if column.percent else sum(column.values[name, year] for name in table.names) + add,
        )

    extras = table.extras
    if "region" in extras:
        rows.insert(0, row("Đồng bằng sông Hồng", total(0)))
    if "blank" in extras:
        rows.insert(table.dice.randint(1, len(rows)), row("", lambda _: ""))
    if "unreported" in extras:
        rows.append(row("Kon Tum", lambda _: "chưa báo cáo"))
    if "unknown" in extras:
        others = (
            ("Cộng dồn", "Khác", "Các đơn vị còn lại", "Phù Cừu")
            if table.districts
            else ("Khối Doanh nghiệp",)
        )
        rows.append(row(table.dice.choice(others), total(0)))
    for name, label in (
        ("total", "Tổng cộng"),
        ("country", "Cả nước"),
        ("wrong total", "Cộng"),
        ("median", "Trung vị"),
    ):
        if name in extras:
            rows.append(row(label, total(700 if name == "wrong total" else 0)))
    if "again" in extras:
        rows += [row("", lambda _: ""), row(table.labels[table.names[0]], total(0))]
    return rows


def _headings(table: Made) -> list[list[str]]:
    """Return one to three rows of headings without the column of places."""
    names = [column.heading for column in table.columns]
    if table.levels == 1:
        return [names]
    parents = ["Kết quả xếp loại" if column.kind and column.kind.scheme else "" for column in table.columns]
    top = ["Công tác đảng" for _ in names]
    if not any(parents):
        return [top, names] if table.levels == 3 else [names]
    return [parents, names] if table.levels == 2 else [top, parents, names]


def _widened(rows: list[list[Cell]], table: Made, first: int) -> list[list[Cell]]:
    """Return rows with a column of numbers before them and a column of notes behind them."""
    places = {label.strip(): name for name, label in table.labels.items()}
    wide = []
    for at, row in enumerate(rows):
        name = places.get(str(row[0]).strip(), "")
        before: list[Cell] = []
        if "order" in table.extras:
            before.append("TT" if at == first - 1 else str(at) if name else "")
        if "kind column" in table.extras:
            city = name in CITIES
            before.append("Cấp" if at == first - 1 else ("Thành phố" if city else "Tỉnh") if name else "")
        behind: list[Cell] = ["Ghi chú" if at == first - 1 else ""] if "note column" in table.extras else []
        wide.append([*before, *row, *behind])
    return wide


def grids(table: Made, folder: Path) -> tuple[Grid, ...]:
    """Return the table as a reader of files gives it; written to a file first where the kind is varied."""
    rated = any(column.kind and column.kind.scheme for column in table.columns)
    about = "Kết quả đánh giá, xếp loại chi bộ" if rated else "Tổng hợp số liệu"
    about = table.title or about
    if table.districts:
        about = f"{about} tỉnh Hưng Yên"
    told = {
        "title": f" năm {table.year}",
        "date": f", tính đến ngày 30/6/{table.year}",
        "month": f" đến tháng 6/{table.year}",
        "span": f" từ 16/11/{table.year - 1} đến 15/11/{table.year}",
    }
    title = f"{about}{told.get(table.period, '')}"
    corner = "" if "no heading" in table.extras else "Tỉnh, thành phố"
    years = _years(table)
    sheets: dict[str, list[list[Cell]]] = {}
    for year in years if table.period == "sheet" else [0]:
        heads = [[corner if at == 0 else "", *level] for at, level in enumerate(_headings(table))]
        if len(heads) > 1:
            heads = [["", *level[1:]] for level in heads[:-1]] + [[corner, *heads[-1][1:]]]
        body = _bodies(table, heads, years, year)
        first = len(heads)
        wide = _widened([*heads, *body], table, first)
        lines: list[list[Cell]] = [[title], *([line] for line in table.lines)]
        if "institution" in table.extras:
            lines = [
                ["TỈNH ỦY HƯNG YÊN", "", "ĐẢNG CỘNG SẢN VIỆT NAM"],
                ["BAN TỔ CHỨC", "", "Hưng Yên, ngày 5 tháng 3 năm 2025"],
                ["*"],
                *lines,
            ]
        notes: list[list[Cell]] = [["Nguồn: bịa ra để thử"]] if "notes" in table.extras else []
        if "numbered columns" in table.extras:
            wide.insert(first, [f"({at})" for at in range(1, len(wide[0]) + 1)])
        if "page break" in table.extras and len(wide) > first + 2:
            wide[first + 2 : first + 2] = [list(row) for row in wide[:first]]
        if "long" in table.extras and len(heads) == 1:
            wide = _lengthened(wide)
        wide = _doubled(table, wide, first, title)
        core = [list(row) for row in zip(*wide, strict=True)] if table.turned else wide
        rows: list[list[Cell]] = [*lines, *core, *notes]
        width = max(map(len, rows))
        rows = [[*row, *[""] * (width - len(row))] for row in rows]
        rows = _lettered(table, rows)
        sheets[f"Năm {year}" if year else "Bảng"] = rows
    file = f"bia-{table.year}" if table.period == "file" else "bia"
    return _read(table, folder, file, sheets)


def _lengthened(wide: list[list[Cell]]) -> list[list[Cell]]:
    """Return one row a figure instead of one column a kind."""
    header, *rows = wide
    return [
        [header[0], "Nội dung", "Giá trị"],
        *([row[0], header[at], row[at]] for row in rows for at in range(1, len(header))),
    ]


def _doubled(table: Made, wide: list[list[Cell]], first: int, title: str) -> list[list[Cell]]:
    """Return rows with a second table beneath or beside them, or with its second half beside the first."""
    heads, body = wide[:first], wide[first:]
    if "beneath" in table.extras:
        blank: list[Cell] = [""] * len(wide[0])
        again: list[Cell] = [title.replace(str(table.year), str(table.year - 1)), *blank[1:]]
        return [*wide, blank, again, *([*row] for row in wide)]
    if "beside" in table.extras:
        return [[*row, "", *row] for row in wide]
    if "halves" in table.extras and len(body) > 3:
        half = (len(body) + 1) // 2
        left, right = body[:half], [*body[half:], *[[""] * len(wide[0])] * (2 * half - len(body))]
        return [
            *([*row, *row] for row in heads),
            *([*one, *two] for one, two in zip(left, right, strict=True)),
        ]
    return wide


def _lettered(table: Made, rows: list[list[Cell]]) -> list[list[Cell]]:
    """Return rows as other keyboards type them: without marks, decomposed, with other blanks."""
    ways: dict[str, Callable[[str], str]] = {
        "bare": without_accents,
        "nfd": lambda text: unicodedata.normalize("NFD", text),
        "blanks": lambda text: text.replace(" ", "\u00a0"),
    }
    for name in table.extras & set(ways):
        rows = [[ways[name](cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    return rows


def without_accents(text: str) -> str:
    """Return a text as it is typed without Vietnamese marks."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def _bodies(table: Made, heads: list[list[str]], years: list[int], year: int) -> list[list[Cell]]:
    """Return the rows beneath the headings, changing these where years stand in them."""
    if table.period == "header":
        plain = [list(level) for level in heads]
        for at, level in enumerate(heads):
            level[1:] = [
                (f"{text} {one}".strip() if at == len(heads) - 1 else text)
                for text in plain[at][1:]
                for one in years
            ]
        parts = [_body(table, one) for one in years]
        return [
            [rows[0][0], *(cell for cells in zip(*(row[1:] for row in rows), strict=True) for cell in cells)]
            for rows in zip(*parts, strict=True)
        ]
    if table.period == "section":
        return [
            row for one in years for row in ([f"Năm {one}", *[""] * len(table.columns)], *_body(table, one))
        ]
    if table.period == "column":
        heads[-1].append("Năm")
        for level in heads[:-1]:
            level.append("")
        return [[*row, one if any(row) else ""] for one in years for row in _body(table, one)]
    return _body(table, year or table.year)


def _read(table: Made, folder: Path, file: str, sheets: dict[str, list[list[Cell]]]) -> tuple[Grid, ...]:
    if table.kind == "grid" and "fractions" not in table.extras:
        return tuple(
            Grid(name if table.period == "sheet" else "", rows, file=file, sha256="ab" * 32)
            for name, rows in sheets.items()
        )
    path = folder / f"{file}.{table.kind}"
    rows = next(iter(sheets.values()))
    if table.kind == "xlsx" or table.period == "sheet" or "fractions" in table.extras:
        path = folder / f"{file}.xlsx"
        writers.xlsx(path, sheets, [])  # type: ignore[arg-type]
    elif table.kind in {"xls", "ods"}:
        write_book = writers.xls if table.kind == "xls" else writers.ods
        write_book(path, sheets, [])  # type: ignore[arg-type]
    elif table.kind == "xlsb":
        writers.xlsb(path, "Bảng", rows)  # type: ignore[arg-type]
    elif table.kind == "csv":
        writers.separated(path, rows, ";", table.encoding)  # type: ignore[arg-type]
    else:
        write = writers.page if table.kind == "html" else writers.word
        write(path, [("", rows)], [])  # type: ignore[arg-type]
    return tables(path)


# -- judging -------------------------------------------------------------------------------------


def _when(table: Made, kind: Kind, year: int) -> str:
    """Return of when a figure is: what happened until June is since January."""
    if table.period == "span":
        return f"{year - 1}-11-16 to {year}-11-15"
    until = {"date": f"{year}-06-30", "month": f"{year}-06"}.get(table.period, "")
    return f"{year}-01 to {until}" if until and kind.indicator == "members_admitted" else until or str(year)


def planted(table: Made) -> dict[Key, float]:
    """Return each planted figure."""
    found: dict[Key, float] = {}
    years = [table.year, table.year - 1] if "beneath" in table.extras else _years(table)
    for at, column in enumerate(table.columns):
        if column.kind is None:
            continue
        for (name, year), value in column.values.items():
            mark = table.missing.get((at, name))
            if year not in _years(table) or (mark is not None and mark != "0"):
                continue
            kind = column.kind
            for told in years if "beneath" in table.extras else [year]:
                when = _when(table, kind, told)
                place = f"{name}, Hưng Yên {when}" if table.districts else f"{name} {when}"
                part = "percent" if column.percent else "count"
                category = column.category or kind.category
                key = (
                    kind.indicator,
                    kind.subject,
                    category,
                    kind.definition,
                    column.complement,
                    place,
                    part,
                )
                found[key] = 0.0 if mark == "0" else value
    return found


def judged(table: Made, folder: Path, vocabulary: Vocabulary, places: Places) -> tuple[Verdict, str]:
    """Read a table as it would be proposed and say whether that went well, and what is wrong if not."""
    try:
        read = grids(table, folder)
        proposal = propose(read, vocabulary, places)
        if proposal.questions:
            return "asked", proposal.questions[0]
        rows = apply_layout(proposal.layout, read, vocabulary, places).observations
    except DataError as error:
        return "refused", str(error.faults[0])
    if rows["percent"].map(lambda share: float(share or 0) > 100).any():
        return "refused", "the contract has no share above 100"
    wrong = next(filter(None, _differing(rows.to_dict("records"), planted(table))), "")
    return ("wrong", wrong) if wrong else ("read", "")


def _differing(rows: list[dict[str, str]], wanted: dict[Key, float]) -> Iterator[str]:  # type: ignore[type-arg]
    """Yield what is wrong with the figures that came in: not planted, another value or base, or missing."""
    seen = set()
    for row in rows:
        if row["geo_level"] in {"region", "country"}:
            continue
        when = " to ".join(dict.fromkeys((row["period_start"], row["period_end"])))
        place = ", ".join(filter(None, (row["area"], row["province"]))) + f" {when}"
        if without_accents(place) == place:
            place = next((key[5] for key in wanted if without_accents(key[5]) == place), place)
        category = row["category_id"] or ("nữ" if row["category"] == "nu" else row["category"])
        complement = row["complement"] == "yes"
        for part in ("count", "percent"):
            key = (row["indicator"], row["subject"], category, row["definition"], complement, place, part)
            expected = wanted.get(key)
            if row[part] and (expected is None or abs(float(row[part]) - expected) >= 1e-6):
                yield f"{key} = {row[part]} (planted {expected}), printed {row['printed']!r}"
            if row[part]:
                seen.add(key)
        yield _wrong_base(row, wanted, place)
    if missing := wanted.keys() - seen:
        yield f"{len(missing)} planted figures missing, e.g. {min(missing)}"


def _wrong_base(row: dict[str, str], wanted: dict[Key, float], place: str) -> str:
    if not row["base"]:
        return ""
    bases = {
        value
        for key, value in wanted.items()
        if key[0] == "org_count" and key[1] == row["subject"] and key[5] == place and not key[2]
    }
    return (
        "" if float(row["base"]) in bases else f"base {row['base']} of {row['printed']!r}, not one of {bases}"
    )
