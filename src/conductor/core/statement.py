"""Evidence that travels with a contribution: an in-toto statement of digests and counts.

The form: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md. Nothing in it
quotes an input, an output, a path of a machine or a person; lint rule K506 holds every one to that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from conductor.core.closure import Closure
from conductor.core.digest import digest_bytes
from conductor.core.evidence import percent_interval
from conductor.core.gates import Assessed, Counted

TYPE = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:conductor:evidence:1"
_PREFIX = "sha256:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lint:
    """What lint said at tier library, as others can say it again."""

    errors: int
    warnings: int
    waived: tuple[str, ...]  # codes, sorted


def interval(counted: Counted) -> tuple[int, int]:
    """Give the 95 % interval of the acceptance in percent, rounded outwards."""
    judged = counted.good + counted.acceptable + counted.poor
    return percent_interval(counted.good + counted.acceptable, judged)


def path_of(name: str, text_digest: str) -> str:
    """Say where a library keeps the statement: one for each content."""
    return f"evidence/{name}/{text_digest.removeprefix(_PREFIX)[:16]}.json"


def statement(  # noqa: PLR0913 - one value per part of the record
    name: str,
    *,
    closure: Closure,
    bound_digest: str,
    models: Mapping[str, str],
    files: Mapping[str, bytes],
    counted: Counted,
    assessed: Assessed | None,
    policy: str,
    lint: Lint,
) -> bytes:
    """Write the statement; the same facts give the same bytes."""
    subjects = [
        {"name": path, "digest": {"sha256": digest_bytes(data).removeprefix(_PREFIX)}}
        for path, data in sorted(files.items())
    ]
    predicate = {
        "format": 1,
        "ensemble": name,
        "text_digest": closure.text_digest,
        "bound_digest": bound_digest,
        "models": dict(sorted(models.items())),
        "policy": policy,
        "evaluations": {
            "judge": counted.judge,
            "good": counted.good,
            "acceptable": counted.acceptable,
            "poor": counted.poor,
            "distinct_inputs": counted.inputs,
            "interval_percent": list(interval(counted)),
        },
        "lint": {"errors": lint.errors, "warnings": lint.warnings, "waived": list(lint.waived)},
        "assessment": _assessment(assessed),
    }
    content = {
        "_type": TYPE,
        "subject": subjects,
        "predicateType": PREDICATE,
        "predicate": predicate,
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _assessment(assessed: Assessed | None) -> dict[str, str] | None:
    """Keep the verdict; the reasoning is prose, and stands where people read it."""
    if assessed is None:
        return None
    return {
        "judge": assessed.judge,
        "verdict": str(assessed.verdict),
        "failure_mode": assessed.failure_mode,
        "text_digest": assessed.text_digest,
    }
