"""What the uses of each ensemble came to here: how `route` knows what delegating costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from conductor.core.delegation import Measured
from conductor.core.evidence import USED, Evidence
from conductor.core.run import RunStatus
from conductor.core.sampling import Sampling, State, stage
from conductor.core.tokens import of_reading
from conductor.core.usage import Usage


def measured(
    evidence: Iterable[Evidence],
    usage: Sequence[Usage],
    judging: Mapping[str, float],
    sampling: Sampling,
) -> dict[str, Measured]:
    """Measure the present forms, by ensemble; forms without a use are left out.

    `judging` has the tokens of one judgement, by bound digest.
    """
    found = {}
    for one in evidence:
        own = [
            row
            for row in usage
            if row.bound_digest == one.bound_digest
            and row.status in USED
            and not of_reading(row.estimator)
        ]
        if uses := sum(row.runs for row in own):
            cost = judging.get(one.bound_digest, 0.0) * _due(one, sampling)
            found[one.ensemble] = Measured(
                uses=uses,
                output=round(sum(row.claude_tokens for row in own) / uses),
                judging=round(cost),
                kept_percent=_kept(one, own, uses),
            )
    return found


def _due(one: Evidence, sampling: Sampling) -> float:
    """Give the share of uses that is judged in the long run: calibrating is paid once."""
    established = stage(sampling, one.known).state is State.ESTABLISHED
    return sampling.audit_rate if established else sampling.rate


def _kept(one: Evidence, own: Sequence[Usage], uses: int) -> int:
    """Give the share, in percent, of outputs that stand: what does not, Claude does again."""
    passed = sum(row.runs for row in own if row.status is RunStatus.SUCCEEDED)
    judged = one.leading
    accepted = judged.accepted / judged.judged if judged.judged else 1.0
    return int(100 * accepted * passed / uses)
