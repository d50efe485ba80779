"""Records of llm-orc as it writes them: full ones, reduced ones, and torn ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conductor.app.ingest import ingest
from conductor.app.project import Project
from conductor.core.digest import digest_bytes
from conductor.errors import UsageError

RESULT = {"response": "Ada, Bob", "status": "success", "outcome": "succeeded"}
USAGE = {"input_tokens": 25, "output_tokens": 4, "duration_ms": 1030, "model": "tiny"}
FULL: dict[str, object] = {
    "ensemble": "names",
    "status": "completed",
    "input": {"data": "Ada met Bob."},
    "results": {"find": RESULT},
    "metadata": {
        "started_at": 1795406583.25,
        "duration": "2.53s",
        "usage": {"agents": {"find": USAGE}},
    },
    "deliverable": "Ada, Bob",
}
REDUCED: dict[str, object] = {
    "ensemble_name": "names",
    "input": "Ada met Bob.",
    "timestamp": "2026-11-24T06:06:07.089",
    "status": "success",
    "results": {"find": RESULT},
    "deliverable": "Ada, Bob",
    "agents": [],
}


def write(project: Project, name: str, text: str) -> None:
    folder = Path(project.path(f".llm-orc/artifacts/names/{name}"))
    folder.mkdir(parents=True)
    (folder / "execution.json").write_text(text)
    latest = folder.parent / "latest"
    latest.unlink(missing_ok=True)
    latest.symlink_to(name)


def test_a_full_record_is_taken_in_once_with_what_it_cannot_tell(project):
    text = json.dumps(FULL)
    write(project, "20261124-060607-001", text)
    assert ingest(project).new == 1
    (one,) = project.ledger.artifacts()
    assert one.id == digest_bytes(text.encode())
    assert (one.at, one.ensemble, one.status) == ("2026-11-23T04:03:03.250Z", "names", "completed")
    assert one.models == (("find", "tiny"),)
    assert one.input_digest == digest_bytes(b"Ada met Bob.")
    assert one.output_digest == digest_bytes(b"Ada, Bob")
    assert (one.input_tokens, one.output_tokens, one.seconds) == (25, 4, 2.53)
    assert "bound_digest" in one.unknown
    assert "seconds" not in one.unknown
    again = ingest(project)
    assert (again.new, again.known) == (0, 1)


def test_a_reduced_record_beside_a_full_one_is_the_same_run(project):
    write(project, "1", json.dumps(FULL))
    write(project, "2", json.dumps(REDUCED))
    done = ingest(project)
    assert (done.new, done.twins) == (1, 1)
    # Also when the full one came earlier and is no longer there.
    Path(project.path(".llm-orc/artifacts/names/1/execution.json")).unlink()
    assert (ingest(project).new, ingest(project).twins) == (0, 1)


def test_a_reduced_record_alone_is_taken_in_and_marked(project):
    write(project, "1", json.dumps(REDUCED))
    assert ingest(project).new == 1
    (one,) = project.ledger.artifacts()
    assert {"models", "input_tokens", "output_tokens", "seconds", "zone"} <= set(one.unknown)
    assert one.at.endswith(":07.089Z")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (json.dumps(FULL)[:-40], "it is cut off, or no JSON"),
        ("[]", "it is no record of a run"),
        ("{}", "it is no record of a run"),
        ('{"metadata": 1, "results": {}}', "it is no record of a run"),
        (json.dumps({**FULL, "results": {"a": "b"}}), "it is no record of a run"),
    ],
)
def test_what_is_no_record_is_left_out_with_the_reason(project, text, reason):
    write(project, "1", text)
    write(project, "2", json.dumps(FULL))
    done = ingest(project)
    assert (done.new, done.unreadable) == (1, (("names/1/execution.json", reason),))


def test_a_folder_that_is_not_there_is_told(project):
    with pytest.raises(UsageError, match="there is no folder"):
        ingest(project)
