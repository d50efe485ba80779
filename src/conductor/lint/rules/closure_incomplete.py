"""Everything that an ensemble needs is there.

Avoid: a profile, fallback profile, script, file, child ensemble or loop body that nobody has.

Prefer: the missing file in `profiles/`, `scripts/` or `ensembles/` beside the others.

Why: on your machine a profile may come from somewhere else, such as the engine's own settings.
Whoever gets the ensemble does not have those, and the engine refuses to run.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from conductor.core.closure import Gap, Kind
from conductor.lint.edits import renamed
from conductor.lint.patterns import OUTSIDE
from conductor.lint.rule import Fix, Hit, Splice
from conductor.lint.subject import Form, Subject

CODE = "D103"
LEVELS = "wEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE}
FIX = Fix.ASK

_ONE = 'agents:\n  - {{name: work, {}: {}, max_tokens: 90, system_prompt: "List facts."}}\n'
GOOD = (_ONE.format("model_profile", "conductor-small"),)
BAD = (
    (_ONE.format("model_profile", "conductor-smal"), 1),
    (_ONE.format("model_profile", "my-profile"), 1),
)

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
            edits=_edits(subject, gap),
        )


def _edits(subject: Subject, gap: Gap) -> tuple[Splice, ...]:
    """Write the one name that can be meant, wherever this agent uses the other."""
    around = subject.around
    names = {
        Kind.PROFILE: around.standard.union(around.profiles),
        Kind.ENSEMBLE: around.neighbours - {subject.name},
    }.get(gap.kind, frozenset())
    near = get_close_matches(gap.name, sorted(names), n=2, cutoff=_SURE)
    if len(near) != 1:
        return ()
    uses = (
        path
        for path in subject.spans
        if path[:1] == ("agents",)
        and path[-1] in _KEYS
        and subject.value(path) == gap.name
        and subject.value((*path[:2], "name")) == gap.wanted_by
    )
    return tuple(one for path in uses for one in renamed(subject, path, gap.name, near[0]))


_SURE = 0.8  # of one name for another
_KEYS = ("model_profile", "fallback_model_profile", "ensemble", "body", "dispatch")
