"""`ledger`: keep the record sound, move it, and drop the texts that people kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conductor.adapters import clock, files, lines
from conductor.app.evidence import refresh_evidence
from conductor.app.project import Project
from conductor.core.transfer import Line, Taken, read_lines, write_lines
from conductor.errors import UsageError

CONTENT = "content"
_HEAD_AND_END = 2  # lines that are no rows
_DAY = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?")
_SPAN = re.compile(r"(\d{1,5})d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Kept texts: of a run, of an ensemble, or last kept before a time. One of them is given."""

    run_id: str = ""
    ensemble: str = ""
    before: str = ""


def unsound(project: Project) -> list[str]:
    """Say what is wrong with the ledger; empty when nothing is."""
    return project.ledger.unsound()


def export(project: Project, *, contents: bool) -> Iterator[str]:
    """Give the ledger as lines; without `contents` the kept texts stay here."""
    rows: Iterator[Line] = (row for row in project.ledger.rows() if contents or row[0] != CONTENT)
    return write_lines(rows, project.ledger.version)


def export_to(project: Project, file: str, *, contents: bool) -> int:
    """Write it to a file, whole or not at all; gives the number of rows."""
    return lines.write_lines(file, export(project, contents=contents)) - _HEAD_AND_END


def take_in(project: Project, file: str) -> Taken:
    """Add the rows of an exported ledger that are not here yet, all or none."""
    read = read_lines(files.read_lines(file), file, project.ledger.version)
    taken = project.ledger.take_in(read)
    refresh_evidence(project)
    return taken


def select(
    project: Project, *, run_id: str, ensemble: str, before: str, expired: bool
) -> Selection:
    """Read what is to be forgotten; raises UsageError unless exactly one thing is named."""
    given = [bool(one) for one in (run_id, ensemble, before, expired)]
    if sum(given) != 1:
        hint = "write one of `--run ID`, `--ensemble NAME`, `--before DAY` and `--expired`"
        raise UsageError("what is to be forgotten?", hint=hint)
    if expired and not project.settings.keep_days:
        hint = "write `keep_days = 90` under `[ledger]` in conductor.toml"
        raise UsageError("kept texts never expire here", hint=hint)
    if run_id:
        run = project.ledger.run(run_id)
        if run is None:
            raise UsageError(f"there is no run `{run_id}`", hint="see `conductor runs list`")
        return Selection(run_id=run.id)
    if ensemble:
        return Selection(ensemble=ensemble)
    oldest = clock.days_ago(project.settings.keep_days) if expired else time_of(before)
    return Selection(before=oldest)


def time_of(text: str) -> str:
    """Read a day (`2026-11-24`), a time in UTC, or so many days ago (`30d`)."""
    if span := _SPAN.fullmatch(text):
        return clock.days_ago(int(span[1]))
    if not _DAY.fullmatch(text):
        raise UsageError(f"`{text}` is no day", hint="write it as 2026-11-24, or as 30d")
    return text


def count(project: Project, one: Selection) -> tuple[int, int]:
    """Count the texts that would be dropped, and their characters."""
    return project.ledger.contents(run_id=one.run_id, ensemble=one.ensemble, before=one.before)


def forget(project: Project, one: Selection) -> int:
    """Drop them; gives how many. The rows that name their digests stay."""
    return project.ledger.forget(run_id=one.run_id, ensemble=one.ensemble, before=one.before)
