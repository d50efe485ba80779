"""What is known of the ensembles, as `route` takes it from the snapshot, and the facts it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from conductor.core.delegation import Measured
from conductor.core.facts import ACCEPTANCE, DEFAULT, DERIVED, GAIN, GIVEN, REPEATED, USES, Fact
from conductor.core.lineage import nearest
from conductor.core.policy import SIZE, TASK, Candidate, Policy
from conductor.core.value import Value


class Standing(Value):
    """What the evaluations of one closure say; percentages are whole numbers."""

    __slots__ = (
        "acceptance_percent",
        "by_task",
        "lower_percent",
        "measured",
        "task",
        "text_digest",
        "uses",
    )

    def __init__(  # noqa: PLR0913 - a row of the snapshot
        self,
        text_digest: str,
        uses: int,
        acceptance_percent: int,
        lower_percent: int,
        *,
        task: str = "",
        by_task: Mapping[str, Standing] | None = None,
        measured: Measured | None = None,
    ) -> None:
        self.text_digest = text_digest
        self.uses = uses
        self.acceptance_percent = acceptance_percent
        self.lower_percent = lower_percent  # of the 95 % interval
        self.task = task  # the type that it is about; empty: all that the ensemble did
        self.by_task = by_task or {}  # the types that have enough of their own
        self.measured = measured  # of the form as a whole

    def for_task(self, task: str) -> Standing:
        """Give what is known for a type, else for its parent, else for everything."""
        return self.by_task.get(nearest(task, self.by_task), self)


Standings = Mapping[str, Standing]  # by ensemble


def best(
    policy: Policy,
    facts: Mapping[str, Fact],
    standings: Standings,
    deprecated: Mapping[str, str],
) -> Candidate | None:
    """Pick the candidate with the best lower bound of its acceptance, else the first by name."""
    task = str(facts[TASK].value) if TASK in facts else ""
    candidates = policy.candidates.get(task, ())

    def rank(candidate: Candidate) -> tuple[bool, int, str]:
        standing = _standing(candidate, standings, task)
        lower = standing.lower_percent if standing else 0
        return candidate.name in deprecated, -lower, candidate.name

    return min(candidates, key=rank, default=None)


def _standing(candidate: Candidate, standings: Standings, task: str) -> Standing | None:
    """Give the candidate's evidence, unless it belongs to an older text of the ensemble."""
    standing = standings.get(candidate.name)
    if standing is None or standing.text_digest != candidate.text_digest:
        return None
    return standing.for_task(task)


def add_evidence(
    policy: Policy,
    facts: dict[str, Fact],
    candidate: Candidate | None,
    standings: Standings,
    seen: Callable[[str], int] | None,
) -> None:
    task = str(facts[TASK].value) if TASK in facts else ""
    standing = _standing(candidate, standings, task) if candidate else None
    known: dict[str, tuple[int, str]] = {}
    source, measured = "delegation", None
    if standing and candidate:
        source, measured = f"evidence:{candidate.name}", standings[candidate.name].measured
        about = f"as {standing.task}" if standing.task else ""
        known[USES] = standing.uses, about
        known[ACCEPTANCE] = standing.acceptance_percent, about
    elif seen and not candidate and task in policy.templates and (before := seen(task)):
        source, known[REPEATED] = "log", (before + 1, "")
    size = facts.get(SIZE)
    if size and size.source != DEFAULT:
        account = policy.delegation.account(task, int(size.value), measured)
        if account:
            known[GAIN] = account.gain, account.words
    for name, spec in policy.facts.items():
        if spec.evidence in known and facts[name].source != GIVEN:
            amount, words = known[spec.evidence]
            facts[name] = Fact(spec.clamp(amount), DERIVED, source, words=words)
