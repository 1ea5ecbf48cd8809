"""``cbanalysis review``: a review as a page on this machine, the article beside a card a figure."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib import resources
from pathlib import Path
from threading import RLock
from typing import Any, ClassVar
from urllib.parse import urlsplit

import click

from cbanalysis.cli.command_language import language, said, shown
from cbanalysis.cli.commands.extract_and_accept import of_articles, readings_of, take, told
from cbanalysis.cli.commands.import_tables import own_data
from cbanalysis.cli.commands.serve import LoopbackHandler, LoopbackServer
from cbanalysis.common.errors import CbanalysisError, DataError, Fault, OutputError
from cbanalysis.common.folders import data_folder
from cbanalysis.common.messages import in_language, messages_of
from cbanalysis.common.text.numbers import NumberStyle, parse_number
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.display.words import CODES
from cbanalysis.importing import prose

_LONGEST_REQUEST = 1_000_000
_FILES = {"": "review.html", "review.js": "review.js", "review.css": "review.css"}
_TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_OF_DOCUMENT = ("address", "publisher", "published", "title")
# What a number that becomes a figure takes over from the figure nearest to it in the article.
_TAKEN_OVER = (
    "indicator", "subject", "province", "province_basis", "area", "geo_level", "period_start", "period_end",
    "period_basis", *_OF_DOCUMENT,
)  # fmt: skip


@dataclass
class Desk:
    """One review and its articles: what the page shows and what it does to them.

    Attributes
    ----------
    table : ReviewFile
        The review.
    readings : mapping of str to Reading
        The articles that were found, by their hash.
    folder : Path
        The data folder that figures are checked against.
    style : {"vi", "en"}
        How the articles print numbers.
    outdated : bool
        Whether another program has changed the file since the page was loaded.
    """

    table: prose.ReviewFile
    readings: Mapping[str, prose.Reading]
    folder: Path
    style: NumberStyle = "vi"
    lock: RLock = field(default_factory=RLock)
    outdated: bool = False

    def __post_init__(self) -> None:
        self.catalogue, self.gazetteer = Catalogue.read(self.folder), Gazetteer.read(self.folder)
        self.lang = language()  # of the command: requests are answered in threads, which know of none
        self.words = {key: texts[self.lang] for key, texts in messages_of("review_").items()}
        self.kept: set[int] = set()  # repeats that a person has made figures of their own
        self.shown: set[int] = set()  # no card goes into another one while somebody is at it
        self.by_hand: dict[int, set[str]] = {}  # what a person has said of each row
        self._cards()

    def state(self) -> dict[str, Any]:
        """Return all that the page shows."""
        with self.lock:
            self._read_again()
            self.outdated = False
            rows = self.table.rows
            files = dict.fromkeys((cells["sha256"], cells["file"]) for cells in rows.values())
            cards = self._cards()
            return {
                "lang": self.lang, "words": self.words, "review": self.table.path.name,
                "documents": [self._document(digest, file, cards.get(digest, [])) for digest, file in files],
                "rows": {row: self._row(row) for row in rows},
                "choices": prose.choices(self.catalogue, self.gazetteer), "names": self._names(),
            }  # fmt: skip

    def _read_again(self) -> None:
        if self.table.read_again():
            self.outdated = True
            for known in (self.kept, self.shown, self.by_hand):
                known.clear()

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """Let one change at a time happen, and none that would undo what another program wrote."""
        with self.lock:
            self._read_again()
            if self.outdated:
                raise OutputError(self.words["changed_elsewhere"].format(name=self.table.path.name))
            yield

    def _names(self) -> dict[str, dict[str, str]]:
        parts: dict[str, Mapping[str, Any]] = {
            "indicator": self.catalogue.indicators,
            "subject": self.catalogue.subjects, "geo_level": self.catalogue.levels,
        }  # fmt: skip
        codes = {
            part: {code: words[self.lang] for code, words in those.items()} for part, those in CODES.items()
        }
        return codes | {
            part: {code: getattr(getattr(one, "name", one), self.lang) for code, one in those.items()}
            for part, those in parts.items()
        }

    def _cards(self) -> dict[str, list[dict[str, Any]]]:
        """Return the cards of each article by its hash."""
        rows = self.table.rows
        cards = prose.folded(rows, self.kept | self.shown)
        self.shown |= set(cards)
        found: dict[str, list[dict[str, Any]]] = {}
        for row, those in cards.items():
            found.setdefault(rows[row]["sha256"], []).append({"row": row, "folded": those})
        return found

    def _document(self, digest: str, file: str, cards: list[dict[str, Any]]) -> dict[str, Any]:
        rows = self.table.rows
        reading = self.readings.get(digest)
        text, paragraphs, aside = "", [], []
        if reading is not None:
            text, paragraphs = reading.document.text, [*reading.document.paragraphs]
            taken = {cells["start"] for cells in rows.values() if cells["sha256"] == digest}
            aside = [
                {"start": one.start, "end": one.end, "reason": in_language(one.reason, self.lang)}
                for one in reading.set_aside
                if str(one.start) not in taken
            ]
        return {
            "file": file, "sha256": digest, "text": text, "paragraphs": paragraphs, "aside": aside,
            "cards": cards,
            "about": {
                name: next((rows[one["row"]][name] for one in cards if rows[one["row"]].get(name)), "")
                for name in (*_OF_DOCUMENT, "province")
            },
        }  # fmt: skip

    def _row(self, row: int) -> dict[str, Any]:
        cells = self.table.rows[row]
        undecided = not cells["decision"]
        return {
            "cells": cells,
            "doubtful": prose.doubtful(cells) if undecided else [],
            "faults": self._faults(row) if cells["decision"] in {"accept", "correct"} else [],
        }

    def _faults(self, row: int) -> list[dict[str, str]]:
        """Return why a row that is accepted would stay behind: what `accept` says of it."""
        try:
            prose.accepted(
                self.table.read(row), self.table.path, catalogue=self.catalogue, gazetteer=self.gazetteer,
                style=self.style,
            )  # fmt: skip
        except DataError as error:
            return [
                {"column": one.column or "", "what": in_language(one.what, self.lang)} for one in error.faults
            ]
        return []

    def change(self, changes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Change cells of rows, save, and return the rows as they are now."""
        with self._at_work():
            changed = [int(one["row"]) for one in changes]
            for row, one in zip(changed, changes, strict=True):
                cells = {name: " ".join(str(value).split()) for name, value in one["cells"].items()}
                by_hand = self.by_hand.setdefault(row, set())
                self.table.change(row, prose.typed(self.table.rows[row], cells, by_hand))
                by_hand.update(cells)
            return self._changed(changed)

    def keep(self, row: int) -> dict[str, Any]:
        """Make a figure of its own of one that was taken for a repeat of another."""
        with self._at_work():
            if row not in self.table.rows:
                raise KeyError(row)
            self.kept.add(row)
            return self._changed([row])

    def _changed(self, rows: list[int]) -> dict[str, Any]:
        """Save; what went out as a repeat and is none any more is open again."""
        before = {*self.shown}
        cards = self._cards()
        for row in self.shown - before:
            if self.table.rows[row]["decision"] == "reject":
                self.table.change(row, {"decision": ""})
        self.table.save()
        return {"rows": {row: self._row(row) for row in {*rows, *self.shown - before}}, "cards": cards}

    def about(self, digest: str, told_of: Mapping[str, str]) -> dict[str, Any]:
        """Set once for all figures of an article what is told of it now: province, date, source."""
        with self._at_work():
            said_of = {name: str(value).strip() for name, value in told_of.items()}
            units = self.gazetteer.named(said_of["province"]) if said_of.get("province") else ()
            year = said_of.get("published", "")[:4]
            for row, cells in self.table.rows.items():
                if cells["sha256"] != digest:
                    continue
                new = {name: said_of[name] for name in _OF_DOCUMENT if name in said_of}
                by_hand = self.by_hand.get(row, set())
                settled = cells["province_basis"] == "stated" or "province" in by_hand
                if units and not (settled and cells["province"]):
                    new |= {"province": units[-1].name_vi, "province_basis": "inferred"}
                free = not cells["target"] and cells["period_basis"] in {"", "publication"}
                if year and free and not by_hand & {"period_start", "period_end"}:
                    new |= _dated(cells, said_of["published"])
                self.table.change(row, new)
            self.table.save()
            self.shown.clear()
            return self.state()

    def figure(self, digest: str, start: int) -> dict[str, Any]:
        """Make a figure of a number that was set aside, with what the figure nearest to it says."""
        with self._at_work():
            reading = self.readings[digest]
            number = next(one for one in reading.set_aside if one.start == start)
            own = [cells for cells in self.table.rows.values() if cells["sha256"] == digest]
            near = min(own, key=lambda cells: abs(int(cells["start"] or 0) - start))
            share = reading.document.text[number.end :].lstrip()[:1] == "%" or "%" in number.printed
            digits = "".join(letter for letter in number.printed if letter.isdigit() or letter in ".,")
            value = ""
            with suppress(CbanalysisError):
                value = f"{parse_number(digits.strip('.,'), self.style):.15g}"
            row = self.table.add(
                {name: near.get(name, "") for name in _TAKEN_OVER} | {
                    "printed": number.printed, "percent" if share else "count": value, "qualifier": "exact",
                    "aggregation": "point", "sentence": number.context, "file": near["file"],
                    "sha256": digest,
                    "sentence_number": str(number.sentence), "start": str(number.start),
                    "end": str(number.end), "evidence": "by hand", "confidence": "0.00",
                }
            )  # fmt: skip
            self.kept.add(row)
            self.table.save()
            return self.state() | {"row": row}

    def accept(self, *, confirmed: bool) -> dict[str, Any]:
        """Take in what was said yes to, by what ``cbanalysis accept`` does."""
        with self._at_work():
            notes: list[str] = []

            def ask(found: Sequence[str]) -> bool:
                notes.extend(found)
                return confirmed

            try:
                rows, folder = self.table.read(), own_data(self.folder)
                taken = take(rows, self.table.path, folder=folder, style=self.style, ask=ask)
            except CbanalysisError as error:
                return {"refused": str(error)}
            if taken is None:
                return {"asked": notes}
            behind = [{"row": one.row, "what": str(one)} for one in taken.behind]
            return {"count": taken.count, "import_id": taken.import_id, "behind": behind}


def _dated(cells: Mapping[str, str], published: str) -> dict[str, str]:
    """Return the period of a figure that only its publication dates, when another date of it is told."""
    before, start, end = cells["published"], cells["period_start"], cells["period_end"]
    year = published[:4]
    if start == end == before and before != before[:4]:  # what there was on that day
        period = (published, published)
    elif end and year == before[:4]:
        return {}
    elif start == end:
        period = (year, year)
    else:  # years up to the publication, which no rule tells anew
        return dict.fromkeys(("period_start", "period_end", "period_basis"), "")
    return {"period_start": period[0], "period_end": period[1], "period_basis": "publication"}


class _Handler(LoopbackHandler):
    """Answers the page of one review, and nobody who doesn't know its address."""

    server: Server
    headers_sent: ClassVar[Mapping[str, str]] = {
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-store",
    }

    def _asked(self) -> str | None:
        """Return what is asked for below the token; None for whoever doesn't know it or is elsewhere."""
        origin = self.headers.get("Origin", self.server.origin)
        _, token, *rest = [*urlsplit(self.path).path.split("/", 2), ""]
        known = secrets.compare_digest(token.encode("utf-8", "replace"), self.server.token.encode())
        return rest[0] if self.from_here and origin == self.server.origin and known else None

    def do_GET(self) -> None:  # noqa: N802 -- as http.server has it
        """Answer with the page, its files, or the state of the review."""
        asked = self._asked()
        if asked == "state":
            self._answer(self.server.desk.state())
        elif asked in _FILES:
            name = _FILES[asked]
            content = resources.files("cbanalysis.site.templates").joinpath(name).read_text("utf-8")
            desk = self.server.desk
            content = content.replace("{{lang}}", desk.lang).replace("{{title}}", desk.words["title"])
            self._send(content.encode(), _TYPES[name.rsplit(".", 1)[1]])
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:  # noqa: N802 -- as http.server has it
        """Change the review as the page asks."""
        asked, desk = self._asked(), self.server.desk
        length = int(self.headers.get("Content-Length") or 0)
        json_only = self.headers.get("Content-Type", "").startswith("application/json")
        if asked is None or not json_only or not 0 <= length <= _LONGEST_REQUEST:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        try:
            told_us = json.loads(self.rfile.read(length))
            if asked == "rows":
                self._answer(desk.change(told_us["changes"]))
            elif asked == "about":
                self._answer(desk.about(told_us["sha256"], told_us))
            elif asked == "keep":
                self._answer(desk.keep(int(told_us["row"])))
            elif asked == "figure":
                self._answer(desk.figure(told_us["sha256"], int(told_us["start"])))
            elif asked == "accept":
                self._answer(desk.accept(confirmed=bool(told_us["confirmed"])))
            else:
                self.send_error(HTTPStatus.NOT_FOUND)
        except (ValueError, KeyError, TypeError, StopIteration):
            self.send_error(HTTPStatus.BAD_REQUEST)
        except CbanalysisError as error:
            self._answer({"refused": str(error)}, HTTPStatus.CONFLICT)

    def _answer(self, value: object, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(json.dumps(value, ensure_ascii=False).encode(), "application/json", status)

    def _send(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class Server(LoopbackServer):
    """The page of a review, at an address that can't be guessed."""

    def __init__(self, desk: Desk, port: int = 0) -> None:
        self.desk, self.token = desk, secrets.token_urlsafe(24)
        super().__init__(_Handler, port)

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"{self.origin}/{self.token}/"


def _article(name: str, digest: str, folders: Iterable[Path]) -> prose.Document | None:
    """Return an article of a review from the folder in which it still is."""
    for path in (folder / name for folder in folders):
        with suppress(DataError):
            if path.is_file() and (document := prose.open_document(path)).sha256 == digest:
                return document
    return None


def open_desk(files: Sequence[Path], folder: Path, about: prose.About, style: NumberStyle = "vi") -> Desk:
    """Return the review of files: one that was written before, or a new one beside the first article."""
    catalogue, gazetteer = Catalogue.read(folder), Gazetteer.read(folder)
    path = files[0]
    if path.suffix.casefold() in prose.SUFFIXES:
        path = files[0].with_name(f"{files[0].stem}.review.csv")
        if not path.exists():
            readings = readings_of(files, catalogue, gazetteer, style, about)
            if not any(reading.candidates for reading in readings):
                raise DataError([Fault("holds no figures and no targets", file=files[0].name)])
            prose.write_review(readings, path)
    table = prose.ReviewFile(path)
    beside = [*dict.fromkeys([path.parent, *(file.parent for file in files), Path.cwd()])]
    found: dict[str, prose.Reading] = {}
    for cells in {cells["sha256"]: cells for cells in reversed(table.rows.values())}.values():
        document = _article(Path(cells["file"]).name, cells["sha256"], beside)
        known = prose.About(
            cells["address"], cells["publisher"], "", cells["published"], cells.get("title", "")
        )
        if document is not None:
            found[cells["sha256"]] = prose.read_document(
                document, catalogue=catalogue, gazetteer=gazetteer, style=style, about=known
            )
    return Desk(table, found, folder, style)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="A free one by default.")
@click.option("--browser/--no-browser", default=True, help="Whether to open the browser.")
@of_articles
def review(
    *, files: tuple[Path, ...], style: NumberStyle, port: int, browser: bool, data: Path | None, **about: str
) -> None:
    """Look through figures of articles on a page of this machine: article left, a card a figure right.

    FILES are articles (txt, html, docx, pdf), or the review that extract wrote of them (csv, xlsx). What you
    decide is in the review at once; y accepts, n rejects, e edits, the arrows move. Nobody else can open it.
    """
    folder = (data or data_folder()).resolve()
    desk = open_desk(files, folder, told(Gazetteer.read(folder), **about), style)
    with Server(desk, port) as server:
        click.echo(said("review_is_at", review=shown(desk.table.path), address=server.address), err=True)
        server.serve_until_stopped(browser=browser)
