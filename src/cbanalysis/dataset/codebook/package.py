"""datapackage.json: the folder described for machines, as a Frictionless Data Package (v1)."""

from __future__ import annotations

import json
from typing import Any

from cbanalysis.dataset.codebook.tables import Column, Contents, Table

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
