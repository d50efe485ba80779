"""The generality assessment: somebody reads an ensemble and says how far it would carry."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from conductor.adapters import files
from conductor.app.collect import Collected
from conductor.app.project import Project
from conductor.core.evaluation import Verdict
from conductor.core.gates import Assessed
from conductor.core.judgement import require
from conductor.core.rubric import Rubric
from conductor.errors import OutsideError, SourceError

RUBRIC = "generality"
_RECORD = f"{files.PRIVATE}/assessments.jsonl"


def rubric_of(project: Project) -> Rubric:
    """Give the rubric; raises SourceError when this workspace's policy lost it."""
    rubric = project.judging.rubrics.get(RUBRIC)
    if rubric is None:
        raise SourceError(
            f"the policy has no rubric `{RUBRIC}`", hint=f"write policy/rubrics/{RUBRIC}.yaml"
        )
    return rubric


def assess(
    project: Project, found: Collected, record: Mapping[str, object], *, judge: str
) -> Assessed:
    """Append an assessment of this very content, reasoning before verdict; raises UsageError."""
    rubric = rubric_of(project)
    judgement = require(rubric, record)
    made = Assessed(
        judge=judge,
        reasoning=judgement.reasoning,
        failure_mode=judgement.failure_mode,
        verdict=judgement.verdict,
        text_digest=found.closure.text_digest,
    )
    line = {
        "format": 1,
        "at": project.now(),
        "ensemble": found.name,
        "rubric_revision": rubric.revision,
        **asdict(made),
    }
    files.append_line(project.path(_RECORD), json.dumps(line), durable=True)
    return made


def assessment_of(project: Project, found: Collected) -> Assessed | None:
    """Give the newest assessment of this content, else the newest of an older one."""
    mine = [one for name, one in _assessments(project) if name == found.name]
    current = [one for one in mine if one.text_digest == found.closure.text_digest]
    return next(reversed(current or mine), None)


def _assessments(project: Project) -> list[tuple[str, Assessed]]:
    """Read what was recorded; the last line may have been cut off by a crash."""
    known = []
    lines = (files.read_if_there(project.path(_RECORD)) or "").splitlines()
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            known.append((str(row["ensemble"]), _assessed(row)))
        except (ValueError, KeyError, TypeError) as error:
            if number == len(lines):
                continue
            at = f"{_RECORD}:{number}"
            raise OutsideError("an assessment is damaged", at=at, hint="assess again") from error
    return known


def _assessed(row: Mapping[str, str]) -> Assessed:
    return Assessed(
        judge=row["judge"],
        reasoning=row["reasoning"],
        failure_mode=row["failure_mode"],
        verdict=Verdict(row["verdict"]),
        text_digest=row["text_digest"],
    )
