"""The generated files of data/: README.md, the codebook, for people; datapackage.json for machines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cbanalysis.dataset.catalogue import Indicator, Scheme, Words
from cbanalysis.dataset.codebook.column_descriptions import Column, Contents, Row, Table

_OTHER_FILES = {
    "indicators": ("indicators.toml", "Indicators, their variants and the rating schemes"),
    "columns": ("columns.toml", "What the files and their columns mean"),
}


def render_package(contents: Contents) -> str:
    """Return the text of datapackage.json."""
    package = contents.package
    described: dict[str, Any] = {
        "profile": "data-package",
        "name": package.name,
        "title": package.title,
        "description": package.description,
        "version": package.version,
        "keywords": list(package.keywords),
        "licenses": [{"path": "README.md", "title": "Facts quoted with their source, terms per source"}],
        "sources": [_source(contents, source_id) for source_id in contents.catalogue.sources],
        "resources": [_resource(contents, table) for table in contents.tables],
    }
    described["resources"] += [
        {"name": name, "path": path, "title": title, "format": "toml", "mediatype": "application/toml"}
        for name, (path, title) in _OTHER_FILES.items()
    ]
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


def _source(contents: Contents, source_id: str) -> dict[str, str]:
    source = contents.catalogue.source(source_id)
    words = ": ".join(part for part in (source.publisher, source.title) if part)
    title = {"title": f"{source_id} ({words})" if words else source_id}
    return title | ({"path": source.address} if source.address else {})


def _resource(contents: Contents, table: Table) -> dict[str, Any]:
    keys = [
        {"fields": name, "reference": _reference(contents, column.refers_to)}
        for name, column in table.columns.items()
        if column.refers_to
    ]
    schema: dict[str, Any] = {
        "fields": [
            _field(contents, name, column)
            for name, column in table.columns.items()
            if not column.optional or any(name in row for row in contents.rows[table.name][:1])
        ],
        "missingValues": [""],
        "primaryKey": table.primary_key,
    }
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": table.file,
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": contents.sizes[table.name],
        "hash": f"sha256:{contents.hashes[table.name]}",
        "schema": schema | ({"foreignKeys": keys} if keys else {}),
    }


def _reference(contents: Contents, name: str) -> dict[str, str]:
    return {"resource": name, "fields": contents.table(name).primary_key}


def _field(contents: Contents, name: str, column: Column) -> dict[str, Any]:
    constraints = {
        "required": column.required or None,
        "pattern": column.pattern or None,
        "enum": list(contents.allowed(column)) or None,
        "minimum": column.minimum,
        "maximum": column.maximum,
    }
    given = {constraint: value for constraint, value in constraints.items() if value is not None}
    field: dict[str, Any] = {"name": name, "type": column.type, "description": column.text}
    return field | ({"constraints": given} if given else {})


_MADE = (
    "<!-- Made by `cbanalysis codebook` from columns.toml, indicators.toml and the tables: change those. -->"
)


def render_readme(contents: Contents) -> str:
    """Return the text of README.md."""
    rows = contents.rows["observations"]
    parts = [
        _MADE,
        f"# {contents.package.title}",
        contents.package.description,
        _summary(contents, rows),
        "## Files\n",
        _files(contents),
        "## How to read a row\n",
        contents.package.reading,
        *(_columns(contents, table) for table in contents.tables),
        "## In a study of one's own\n",
        contents.package.studies,
        "## Coverage\n",
        _coverage(contents, rows),
        "## Indicators\n",
        *(_indicator(contents, indicator, rows) for indicator in contents.catalogue.indicators.values()),
        "## Units\n",
        contents.package.units,
        _units(contents),
        "## Rating schemes\n",
        "`kind` is how a category counts as a rule; the `category_kind` of a row comes first.\n",
        *(_scheme(scheme, rows) for scheme in contents.catalogue.schemes.values()),
        _styles(contents),
        "## Known limits\n",
        contents.package.limits,
        "## Terms\n",
        contents.package.terms,
    ]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _summary(contents: Contents, rows: Sequence[Row]) -> str:
    provinces = {row["province"] for row in rows if row["province"]}
    return (
        f"{len(rows)} figures from {len(contents.catalogue.sources)} documents, {_years(rows)}, "
        f"{len(contents.catalogue.indicators)} indicators, {len(provinces)} provinces as named at the time."
    )


def _files(contents: Contents) -> str:
    tables = [
        (f"`{table.file}`", table.title, str(len(contents.rows[table.name]))) for table in contents.tables
    ]
    others = [
        (
            "`indicators.toml`",
            "Indicators, their variants, the rating schemes; the words of subjects and levels",
            "",
        ),
        ("`columns.toml`", "What the files and their columns mean", ""),
        ("`datapackage.json`", "The same for machines (Frictionless Data Package), generated", ""),
        ("`README.md`", "This codebook, generated", ""),
    ]
    text = "All tables are CSV: UTF-8, comma, LF, an empty cell means missing or not applicable.\n\n"
    return text + _table(("file", "what", "rows"), [*tables, *others])


def _columns(contents: Contents, table: Table) -> str:
    lines = [
        (f"`{name}`", column.type, column.text, _values(contents, column))
        for name, column in table.columns.items()
    ]
    heading = f"## Columns of {table.file}\n\n{table.description}\nPrimary key: `{table.primary_key}`.\n\n"
    return heading + _table(("column", "type", "meaning", "values"), lines)


def _values(contents: Contents, column: Column) -> str:
    if column.declared:
        return f"see {column.declared} in indicators.toml"
    if column.refers_to:
        return f"`{contents.table(column.refers_to).primary_key}` of {contents.table(column.refers_to).file}"
    listed = ", ".join(f"`{value}`" for value in contents.allowed(column))
    return listed if not listed or column.required else f"{listed} or empty"


def _coverage(contents: Contents, rows: Sequence[Row]) -> str:
    levels = list(contents.catalogue.levels)
    lines = []
    for indicator in contents.catalogue.indicators:
        chosen = [row for row in rows if row["indicator"] == indicator]
        counted = Counter(row["geo_level"] for row in chosen)
        provinces = {row["province"] for row in chosen if row["province"]}
        numbers = [str(counted[level] or "") for level in levels]
        lines.append((f"`{indicator}`", str(len(chosen)), *numbers, str(len(provinces)), _years(chosen)))
    note = (
        "Rows by level of the place. Provinces: those with a row, their districts and communes included.\n\n"
    )
    return note + _table(("indicator", "rows", *levels, "provinces", "years"), lines)


def _units(contents: Contents) -> str:
    lines = []
    for unit in contents.catalogue.units.values():
        low, high = unit.bounds
        bounds = [f"from {low:g}"] * (low > -float("inf")) + [f"to {high:g}"] * (high < float("inf"))
        sign = " / ".join(dict.fromkeys((unit.sign.vi, unit.sign.en))) if unit.sign else ""
        lines.append((f"`{unit.id}`", unit.name.vi, unit.name.en, sign, " ".join(bounds), str(unit.decimals)))
    return _table(("unit", "vi", "en", "sign", "bounds", "decimals"), lines)


def _indicator(contents: Contents, indicator: Indicator, rows: Sequence[Row]) -> str:
    chosen = [row for row in rows if row["indicator"] == indicator.id]
    subjects = "; ".join(
        _both(contents.catalogue.subjects[subject], f"`{subject}`") for subject in indicator.subjects
    )
    total = " Its counts are totals: bases are borrowed from them." if indicator.total else ""
    lines = [
        f"### `{indicator.id}`\n",
        f"**{indicator.name.vi}** / **{indicator.name.en}**\n",
        f"- {indicator.definition.vi}",
        f"- {indicator.definition.en}",
        f"- Unit: {indicator.unit}. Wanted: {indicator.direction}. Rows: {len(chosen)}.{total}",
        f"- Of: {subjects}.",
        f"- Base: {indicator.base.vi} / {indicator.base.en}.",
        "",
    ]
    for heading, column, variants in (
        ("definition", "definition", indicator.definitions),
        ("base_of", "base_of", indicator.bases),
    ):
        if variants:
            counted = Counter(row[column] for row in chosen)
            lines.append(_variants(heading, variants, counted))
    return "\n".join(lines)


def _variants(heading: str, variants: Mapping[str, Words], counted: Counter[str]) -> str:
    lines = [("(empty)", "như trên", "as above", str(counted[""]))]
    lines += [(f"`{code}`", words.vi, words.en, str(counted[code])) for code, words in variants.items()]
    return _table((f"`{heading}`", "vi", "en", "rows"), lines)


def _scheme(scheme: Scheme, rows: Sequence[Row]) -> str:
    counted = Counter(row["category_id"] for row in rows if row["scheme"] == scheme.id)
    until = f"to {scheme.valid_to}" if scheme.valid_to else "on"
    lines = []
    for category in sorted(scheme.categories, key=lambda category: category.order):
        made_of = ", ".join(f"`{part}`" for part in category.parts)
        related = [f"of {made_of}" if made_of else "", f"in `{category.part_of}`" if category.part_of else ""]
        related.append(f"drawn in {category.colour}" if category.colour else "")
        kind = " ".join([category.kind, *filter(None, related)])
        wanted = "yes" if category.good_or_better else "no"
        spelled = "; ".join(category.printed)
        count = str(counted[category.id])
        lines.append((f"`{category.id}`", category.name.vi, category.name.en, kind, wanted, spelled, count))
    rated = ", ".join(f"`{name}`" for name in scheme.indicators)
    heading = (
        f"### `{scheme.id}`\n\n{_both(scheme.name)}. "
        f"Ratings of {scheme.valid_from} {until} ({rated}), best first.\n\n"
    )
    return heading + _table(("category", "vi", "en", "kind", "good or better", "printed as", "rows"), lines)


def _styles(contents: Contents) -> str:
    counted = Counter(source.number_style for source in contents.catalogue.sources.values())
    return (
        "## Number styles\n\n"
        f"{counted['vi']} documents print 9.768 and 63,71 (`vi`), "
        f"{counted['en']} print 9,768 and 63.71 (`en`)."
    )


def _years(rows: Iterable[Row]) -> str:
    years = sorted(row["period_end"][:4] for row in rows if row["period_end"])
    return f"{years[0]}–{years[-1]}" if years else ""


def _both(words: Words, code: str = "") -> str:
    return f"{code} {words.vi} / {words.en}".strip()


def _table(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; bars inside cells are escaped."""
    shown = [header, ["---"] * len(header), *lines]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in shown)
