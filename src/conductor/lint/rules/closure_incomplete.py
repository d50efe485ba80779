"""Everything that an ensemble needs is there.

Avoid: a profile, fallback profile, script, file, child ensemble or loop body that nobody has.

Prefer: the missing file in `profiles/`, `scripts/` or `ensembles/` beside the others.

Why: on your machine a profile may come from somewhere else, such as the engine's own settings.
Whoever gets the ensemble does not have those, and the engine refuses to run.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.core.closure import Kind
from conductor.lint.patterns import OUTSIDE
from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject

CODE = "D103"
LEVELS = "wEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE}

_ONE = 'agents:\n  - {{name: work, {}: {}, max_tokens: 90, system_prompt: "List facts."}}\n'
GOOD = (_ONE.format("model_profile", "conductor-small"),)
BAD = ((_ONE.format("model_profile", "my-profile"), 1),)

_PLACES = {Kind.PROFILE: "profiles/", Kind.ENSEMBLE: "ensembles/"}


def check(subject: Subject) -> Iterator[Hit]:
    for gap in subject.gaps:
        if gap.kind is Kind.PROFILE and gap.name in subject.around.standard:
            continue
        if OUTSIDE.search(gap.name):
            continue  # rule `path-escape`
        folder = _PLACES.get(gap.kind, "")
        ending = ".yaml" if folder else ""
        yield Hit(
            message=f"`{gap.wanted_by}` needs the {gap.kind} `{gap.name}`, which is not there",
            path=("agents",),
            matched=gap.name,
            hint=f"add `{folder}{gap.name}{ending}`, or take it out",
        )
