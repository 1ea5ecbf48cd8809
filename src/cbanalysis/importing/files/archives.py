"""Archives of office programs: looked through before a reader that would unpack all of them opens them."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from lxml import etree

from cbanalysis.common.limits import limits, refuse

DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, KeyError, IndexError,
    OverflowError, TypeError, AttributeError, etree.Error,
)  # fmt: skip
"""What readers of archives and of XML raise where a file is damaged."""

_CHUNK = 2**20
_MOST_PARTS = 10_000


@dataclass(frozen=True)
class Parts:
    """An archive that was looked through.

    Attributes
    ----------
    archive : ZipFile
    names : frozenset of str
        The names of its parts.
    """

    archive: zipfile.ZipFile
    names: frozenset[str]

    def part(self, name: str) -> bytes:
        """Return a part, unpacked.

        Raises
        ------
        DataError
            If it is damaged, or declares XML entities.
        """
        try:
            content = self.archive.read(name)
        except DAMAGE as error:
            raise damaged(error) from error
        _check_head(name, content)
        return content

    def tree(self, name: str) -> Any:  # noqa: ANN401 -- lxml has no types
        """Return a small part of XML as a tree; one that isn't there is an empty one.

        Raises
        ------
        DataError
            If it is no XML.
        """
        if name not in self.names:
            return etree.Element("none")
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            return etree.fromstring(self.part(name), parser)
        except etree.Error as error:
            raise damaged(error) from error

    def linked(self, workbook: str) -> dict[str, str]:
        """Return the parts that a workbook's links lead to, by the ids of the links."""
        return {
            one.get("Id"): posixpath.normpath(posixpath.join("/xl", one.get("Target", ""))).lstrip("/")
            for one in self.tree(f"xl/_rels/{workbook}.rels").iter("{*}Relationship")
        }


def damaged(error: BaseException) -> Exception:
    """Return the error that says that a file is cut off or damaged."""
    why = str(error).strip().partition("\n")[0][:120] or type(error).__name__
    return refuse(f"the file is cut off or damaged ({why})", allowed="a whole file")


def open_archive(content: bytes) -> Parts:
    """Return an archive that unpacks to no more than is allowed, and holds no XML entities.

    Raises
    ------
    DataError
        Saying which of these, or that the archive is cut off, damaged or protected.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
        if any(member.flag_bits & 1 for member in members):
            raise refuse("the file is protected with a password", allowed="a file without one")
        _check_total(len(content), sum(member.file_size for member in members), len(members))
        for member in members:
            # sheets are unpacked by who looks at their cells
            if member.filename.endswith((".xml", ".rels", ".bin")) and "/worksheets/" not in member.filename:
                _check_member(archive, member)
    except DAMAGE as error:
        raise damaged(error) from error
    return Parts(archive, frozenset(member.filename for member in members))


def _check_total(packed: int, unpacked: int, parts: int) -> None:
    most = limits()
    if unpacked > most.unpacked_bytes or parts > _MOST_PARTS:
        what = f"the archive unpacks to {unpacked:,} bytes in {parts:,} parts"
        raise refuse(what, allowed=f"{most.unpacked_bytes:,} bytes in {_MOST_PARTS:,} parts at the most")
    if unpacked > max(most.unpacked_free, packed * most.unpacked_ratio):
        what = f"the archive unpacks to {unpacked:,} bytes, {unpacked // packed:,} times its size"
        allowed = f"{most.unpacked_ratio:,} times, or {most.unpacked_free:,} bytes, at the most"
        raise refuse(what, allowed=allowed)


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpack a part once: more than the directory says, or another checksum, raises here, not in a reader."""
    with archive.open(member) as packed:
        _check_head(member.filename, packed.read(_CHUNK))
        while packed.read(_CHUNK):
            pass


def _check_head(name: str, content: bytes) -> None:
    head = content[:65536]
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head or "<!ENTITY".encode("utf-16-le") in head:
        raise refuse(f"{name} declares XML entities, as no office program does", allowed="plain XML")
