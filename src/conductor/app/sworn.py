"""The statement of evidence of one contribution, checked for what it must not tell."""

from __future__ import annotations

import json
from collections.abc import Mapping

from conductor.app.lint import origin_of, surroundings
from conductor.app.project import Project
from conductor.app.readiness import Examined
from conductor.app.terms import terms
from conductor.core.statement import Lint, path_of, statement
from conductor.core.tier import Tier
from conductor.errors import SourceError
from conductor.lint.run import lint
from conductor.lint.subject import Form, Subject


def sworn(project: Project, examined: Examined, models: Mapping[str, str]) -> bytes:
    """Write the statement; raises SourceError when it would say more than digests and counts."""
    found = examined.found
    path = path_of(found.name, found.closure.text_digest)
    content = statement(
        found.name,
        closure=found.closure,
        bound_digest=examined.readiness.bound_digest,
        models=models,
        files=found.contents,
        counted=examined.counted,
        assessed=examined.assessed,
        policy=terms(project.sections),
        lint=Lint(
            errors=len(examined.linted.errors),
            warnings=examined.linted.warnings,
            waived=tuple(sorted(one.partition(" ")[0] for one in examined.linted.waived)),
        ),
    )
    around = surroundings(project.root, origin_of(project.root))
    subject = Subject(
        form=Form.EVIDENCE,
        file=path,
        text=content.decode(),
        data=json.loads(content),
        around=around,
    )
    leaks = lint([subject], Tier.LIBRARY, today=project.now()[:10]).findings
    if leaks:
        raise SourceError(
            f"the evidence would tell too much: {leaks[0].message}", at=path, hint=leaks[0].hint
        )
    return content
