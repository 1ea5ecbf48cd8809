"""The rows behind each table for statistics programs: Parquet and Stata."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from cbanalysis.downloads.tables import Rows

__all__ = ["stata", "write_parquet"]

_KINDS = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
_DOUBLE, _LONG_TEXT, _LONGEST_TEXT = 65526, 32768, 2045
_MISSING = bytes.fromhex("000000000000e07f")
_NAME, _FORMAT, _LABEL = 129, 57, 321
_DAY = b"01 Jan 2000 00:00"


def distinct(names: Sequence[str]) -> list[str]:
    """Return names of which none stands twice.

    Examples
    --------
    >>> distinct(["a", "b", "a"])
    ['a', 'b', 'a_2']
    """
    found: list[str] = []
    for name in names:
        number, wanted = 2, name
        while wanted in found:
            wanted, number = f"{name}_{number}", number + 1
        found.append(wanted)
    return found


def _columns(rows: Rows) -> list[list[Any]]:
    typed = rows.typed()
    return [[row[at] for row in typed] for at in range(len(rows.columns))]


def write_parquet(rows: Rows, path: Path) -> None:
    """Write rows as Parquet; the same rows give the same bytes."""
    arrays = [pa.array(column, _KINDS[kind]) for column, kind in zip(_columns(rows), rows.kinds, strict=True)]
    parquet.write_table(pa.table(dict(zip(distinct(rows.columns), arrays, strict=True))), path)


def _stata_names(columns: Sequence[str]) -> list[str]:
    """Return names that Stata takes: ASCII letters, digits and _, at most 32, no digit in front."""
    plain = [re.sub(r"\W", "_", name, flags=re.ASCII)[:28] or "v" for name in columns]
    return distinct([f"_{name}" if name[0].isdigit() else name for name in plain])


def _cut(text: str, most: int) -> bytes:
    """Return UTF-8 of at most so many bytes, no letter cut in two."""
    return text.encode()[:most].decode(errors="ignore").encode()


def _padded(texts: Sequence[bytes], size: int) -> bytes:
    return b"".join(text.ljust(size, b"\0") for text in texts)


def stata(rows: Rows) -> bytes:
    """Return rows as a Stata file (.dta of release 118, Stata 14 and later, UTF-8).

    Numbers and truth values are doubles, ``.`` where nothing is known; text is of fixed length, or a strL
    beyond 2,045 bytes. The same rows give the same bytes.

    References
    ----------
    StataCorp, "Description of .dta file format 118" (``help dta_118``).
    """
    columns = _columns(rows)
    count = len(rows.cells)
    types: list[int] = []
    formats: list[bytes] = []
    fields: list[list[bytes]] = []
    long_texts: list[bytes] = []
    for number, (column, kind) in enumerate(zip(columns, rows.kinds, strict=True), start=1):
        if kind != "text":
            types.append(_DOUBLE)
            formats.append(b"%10.0g")
            fields.append([_MISSING if one is None else struct.pack("<d", one) for one in column])
            continue
        texts = [one.encode() for one in column]
        longest = max((len(one) for one in texts), default=1) or 1
        if longest <= _LONGEST_TEXT:
            types.append(longest)
            formats.append(f"%{longest}s".encode())
            fields.append([one.ljust(longest, b"\0") for one in texts])
            continue
        types.append(_LONG_TEXT)
        formats.append(b"%9s")
        places = []
        for row, one in enumerate(texts, start=1):
            places.append(struct.pack("<HIH", number, row & 0xFFFFFFFF, row >> 32) if one else bytes(8))
            if one:
                head = struct.pack("<IQBI", number, row, 130, len(one) + 1)
                long_texts.append(b"GSO" + head + one + b"\0")
        fields.append(places)
    names = _stata_names(rows.columns)
    label = _cut(rows.caption, 80)
    head = (
        b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder>"
         b"<K>" + struct.pack("<H", len(names)) + b"</K><N>" + struct.pack("<Q", count) + b"</N>"
        + b"<label>" + struct.pack("<H", len(label)) + label + b"</label>"
        + b"<timestamp>" + bytes([len(_DAY)]) + _DAY + b"</timestamp></header>"
    )  # fmt: skip
    parts = {
        b"map": bytes(14 * 8),
        b"variable_types": struct.pack(f"<{len(types)}H", *types),
        b"varnames": _padded([name.encode() for name in names], _NAME),
        b"sortlist": bytes(2 * (len(names) + 1)),
        b"formats": _padded(formats, _FORMAT),
        b"value_label_names": bytes(_NAME * len(names)),
        b"variable_labels": _padded([_cut(name, 80) for name in rows.columns], _LABEL),
        b"characteristics": b"",
        b"data": b"".join(field for row in zip(*fields, strict=True) for field in row),
        b"strls": b"".join(long_texts),
        b"value_labels": b"",
    }
    # The map says where each part begins; it stands before them and has a fixed length.
    begins, at = [0], len(head)
    for name, content in parts.items():
        begins.append(at)
        at += len(content) + 2 * len(name) + 5
    begins += [at, at + len(b"</stata_dta>")]
    parts[b"map"] = struct.pack("<14Q", *begins)
    body = b"".join(b"<" + name + b">" + content + b"</" + name + b">" for name, content in parts.items())
    return head + body + b"</stata_dta>"
