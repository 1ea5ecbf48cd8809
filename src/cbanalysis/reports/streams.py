"""What a cell prints, joined to one text for each of its two streams.

nbclient can do so itself (``coalesce_streams``), but its search for carriage returns takes the square of a
line's length: one line of a few hundred thousand letters stops the whole process for minutes.
"""

from __future__ import annotations

from nbformat import NotebookNode

__all__ = ["join_streams"]

_BOTH = 2


def join_streams(cell: NotebookNode) -> None:
    """Join what a cell printed in several messages, standard output before standard error.

    As on a terminal, what stands before a carriage return is written over; how often a kernel sends what was
    printed is chance, and must not make two notebooks differ.

    Parameters
    ----------
    cell : NotebookNode
        A code cell; its outputs are changed.
    """
    texts: dict[str, list[str]] = {}
    kept: list[NotebookNode] = []
    for output in cell.get("outputs", []):
        if output.output_type != "stream":
            kept.append(output)
            continue
        if output.name not in texts:
            kept.append(output)
        texts.setdefault(output.name, []).append(output.text)
    streams = [number for number, output in enumerate(kept) if output.output_type == "stream"]
    for number in streams:
        lines = "".join(texts[kept[number].name]).split("\n")
        kept[number].text = "\n".join(map(_written_over, lines))
    # Which of two streams came first is chance where nothing else came between.
    if len(streams) == len(texts) == _BOTH and streams[1] == streams[0] + 1:
        first = slice(streams[0], streams[1] + 1)
        kept[first] = sorted(kept[first], key=lambda output: str(output.name), reverse=True)
    if streams:
        cell.outputs = kept


def _written_over(line: str) -> str:
    """Return what is left of a line after its last carriage return; one at the very end moves nothing."""
    return line[line.rfind("\r", 0, -1) + 1 :]
