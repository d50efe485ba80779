"""What labelled texts speak for: signals to add and to trust less, as proposals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from conductor.app.project import Project
from conductor.app.writable import Writable
from conductor.compiler.adding import with_phrase
from conductor.compiler.renumber import weight_of
from conductor.core.mining import Effect, Label, Mined, mine
from conductor.core.policy import TASK
from conductor.core.proposal import Edit, Kind, Proposal
from conductor.core.scoring import Share

TASKS = "policy/tasks.toml"


def mined(project: Project, writable: Writable, labels: Iterable[Label]) -> Iterator[Proposal]:
    """Propose what types labelled texts better on the half that was not searched."""
    for one in mine(project.policy, labels, project.judging.proposals):
        edit, obstacle = _edit(writable, one)
        yield Proposal(
            kind=Kind.SIGNAL,
            subject=f"{one.task}: {one.signal or 'a new signal'}",
            change=f"weight {one.was} -> {one.weight}"
            if one.signal
            else f"phrase `{one.phrase}`, weight {one.weight}",
            evidence=tuple(_evidence(one)),
            risk="tasks that it names rightly become less sure, and may go to Claude"
            if one.signal
            else "texts of other types that say this as well may be taken for this one; the words"
            " come from your texts, and will stand in a file that others review",
            edit=edit,
            obstacle=obstacle,
        )


def _edit(writable: Writable, one: Mined) -> tuple[Edit | None, str]:
    if not one.signal:
        name = "learned-" + re.sub(r"[^a-z]+", "-", f"{one.task} {one.phrase}".lower()).strip("-")
        return writable.edit(
            TASKS, lambda text: with_phrase(TASKS, text, one.task, name, one.phrase, one.weight)
        )
    found = weight_of(writable.texts[TASKS], one.signal, TASK, one.task)
    if found is None:
        return None, "a layer above has the signal, propose it there"
    return writable.weight(TASKS, found[0], one.weight)


def _evidence(one: Mined) -> Iterator[str]:
    says = "it would speak" if one.phrase else "it speaks"
    yield f"{says} in {_share(one.precision)} texts that have the type (precision)"
    yield f"and in {_share(one.recall)} texts of the type (recall)"
    yield f"on the half it was found on {_effect(one.learned)}, of {one.tried} that were tried"
    yield f"on the other half, which decides, {_effect(one.held)}"


def _effect(one: Effect) -> str:
    return f"{one.fixed} more texts are typed rightly and {one.broken} no longer"


def _share(one: Share) -> str:
    low, high = one.interval
    return f"{one.hits} of {one.of} ({one.percent:.0f} %, 95 % interval {low:.0f}-{high:.0f} %)"
