"""`ingest`: take in runs that the engine made without us, each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from conductor.adapters import clock, files, inside
from conductor.adapters.llm_orc.artifacts import RECORD, Recorded, read_record
from conductor.app.compile import ENGINE
from conductor.app.project import Project
from conductor.core.digest import digest_bytes
from conductor.core.entries import Artifact
from conductor.errors import UsageError

ARTIFACTS = f"{ENGINE}/artifacts"
# What no record of the engine tells, and what a reduced one lacks besides.
_NEVER = ("decision", "revision", "text_digest", "bound_digest", "engine_version")
_REDUCED = ("models", "input_tokens", "output_tokens", "seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    new: int
    known: int
    twins: int  # reduced records of runs that a full record tells of
    unreadable: tuple[tuple[str, str], ...]  # file and reason


def ingest(project: Project, folder: str = "") -> Ingested:
    """Read every record below a folder, by default of this workspace's engine.

    Raises UsageError when there is no such folder.
    """
    root = folder or project.path(ARTIFACTS)
    if not Path(root).is_dir():
        hint = "name the `artifacts` folder of a project in which llm-orc ran"
        raise UsageError(f"there is no folder `{root}`", hint=hint)
    found, unreadable = _read(root)
    known = project.ledger.artifacts()
    full = {_run(one) for one in (*found, *known) if "seconds" not in one.unknown}
    wanted = [one for one in found if "seconds" not in one.unknown or _run(one) not in full]
    new = project.ledger.ingest_artifacts(wanted)
    return Ingested(
        new=new,
        known=len(wanted) - new,
        twins=len(found) - len(wanted),
        unreadable=tuple(unreadable),
    )


def _read(root: str) -> tuple[list[Artifact], list[tuple[str, str]]]:
    found: dict[str, Artifact] = {}
    unreadable = []
    for path in files.list_files(root, "."):
        if path.rpartition("/")[2] != RECORD:
            continue
        try:
            one = _artifact(inside.read(root, path.removeprefix("./")) or b"")
            found[one.id] = one
        except (ValueError, inside.Escapes) as error:
            unreadable.append((path.removeprefix("./"), str(error)))
    return list(found.values()), unreadable


def _artifact(data: bytes) -> Artifact:
    if len(data) > inside.MAX_BYTES:
        raise ValueError("it is too big")
    record = read_record(data)
    agents = record.outcome.agents
    output = record.outcome.output
    return Artifact(
        id=digest_bytes(data),
        at=clock.stamp(record.began) if record.began else clock.stamp_of_local(record.stamp),
        ensemble=record.ensemble,
        status=record.status,
        models=tuple(sorted((one.name, one.model) for one in agents if one.model)),
        input_digest=digest_bytes(record.input.encode()),
        output_digest=digest_bytes(output.encode()) if output else "",
        input_tokens=record.outcome.input_tokens,
        output_tokens=record.outcome.output_tokens,
        seconds=record.outcome.seconds,
        unknown=tuple(_unknown(record)),
    )


def _unknown(record: Recorded) -> Iterator[str]:
    yield from _NEVER
    if not record.usage:
        yield from _REDUCED
    if not record.began:
        yield "zone"


def _run(one: Artifact) -> tuple[str, str, str]:
    """Tell which run a record is of, as far as both kinds of records agree."""
    return one.ensemble, one.input_digest, one.output_digest
