"""A report as Markdown, for a pull request or a page."""

from __future__ import annotations

from collections.abc import Iterator

from conductor.core.report import Report
from conductor.formats.report.outline import FIRST_STEP, NOTHING_YET, outline
from conductor.formats.report.section import Cells, Section
from conductor.formats.text import safe

_CELL = str.maketrans({"|": "\\|", "\n": " ", "<": "&lt;", ">": "&gt;", "[": "\\["})


def markdown(report: Report) -> str:
    """Write every section with its whole table."""
    head = f"# What small models saved\n\nMade on {report.made_on}, policy {report.revision[:19]}."
    sections = ["\n".join(_section(one)) for one in outline(report)]
    if report.empty:
        sections.insert(0, f"{NOTHING_YET} Begin with `{FIRST_STEP}`.")
    return safe("\n\n".join([head, *sections]))


def _section(one: Section) -> Iterator[str]:
    yield f"## {one.title.translate(_CELL)}"
    for sentence in one.lead:
        yield f"\n{sentence.translate(_CELL)}"
    if one.rows:
        yield ""
        yield _row(one.head)
        yield _row(tuple("---:" if at in one.numeric else "---" for at in range(len(one.head))))
        yield from (_row(row) for row in one.rows)
    if one.notes:
        yield ""
        yield from (f"- {note.translate(_CELL)}" for note in one.notes)


def _row(cells: Cells) -> str:
    return f"| {' | '.join(cell.translate(_CELL) for cell in cells)} |"
