"""Whether a policy stays within the one above it: nowhere riskier, and no number looser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from conductor.core.changes import LOOSER, Change
from conductor.core.condition import ALL, Condition, Group
from conductor.core.difference import Flip, flips, shared_space
from conductor.core.policy import CLAUDE, OUTCOMES, Candidate, Policy, Rule

_EVERYWHERE = Group(ALL, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What the upper policy lets a lower one loosen."""

    values: tuple[str, ...] = ()  # patterns of paths such as `sampling.*`
    regions: tuple[tuple[Condition, str], ...] = ()  # where, and the riskiest outcome there

    def admits(self, path: str) -> bool:
        return any(fnmatchcase(path, pattern) for pattern in self.values)


def riskier(
    upper: Policy,
    lower: Policy,
    allowance: Allowance,
    templates: Mapping[str, str],
) -> list[Flip]:
    """List where the lower policy decides riskier than the upper one allows.

    Both are taken with the ensembles of the lower one and with `templates`, those that the upper
    one would compose: whether an ensemble is there is no matter of policy.
    """
    ceiling = _with(upper, tuple(_raised(upper, allowance)), lower.candidates, templates)
    return [one for one in flips(ceiling, lower, shared_space(ceiling, lower)) if one.riskier]


def looser(found: Iterable[Change], allowance: Allowance) -> list[Change]:
    """List the numbers that the lower policy moved to the looser side without being allowed to."""
    return [one for one in found if one.tends == LOOSER and not allowance.admits(one.path)]


def meddling(found: Iterable[Change], allowance: Allowance) -> Iterator[Change]:
    """List changes of what facts mean, which no comparison of rules can judge.

    A lower policy may declare facts and values of its own. What the upper one declares (defaults,
    bounds, signals) decides which facts a text comes to, and stays.
    """
    for one in found:
        if not _added_values(one) and not allowance.admits(one.path):
            yield one


def _added_values(one: Change) -> bool:
    if not isinstance(one.old, list) or not isinstance(one.new, list):
        return False
    return one.path.endswith(".values") and all(value in one.new for value in one.old)


def _raised(upper: Policy, allowance: Allowance) -> Iterator[Rule]:
    """Let every rule, within an allowed region, decide as risky as is allowed there."""
    default = Rule("", _EVERYWHERE, CLAUDE, reason=upper.default_reason)
    for rule in (*upper.rules, default):
        for where, outcome in _riskiest_first(allowance.regions):
            if OUTCOMES.index(outcome) > OUTCOMES.index(rule.outcome):
                when = Group(ALL, (rule.when, where))
                yield Rule(rule.id, when, outcome, reason=rule.reason)
        yield rule


def _riskiest_first(regions: Sequence[tuple[Condition, str]]) -> list[tuple[Condition, str]]:
    return sorted(regions, key=lambda region: -OUTCOMES.index(region[1]))


def _with(
    policy: Policy,
    rules: tuple[Rule, ...],
    candidates: Mapping[str, tuple[Candidate, ...]],
    templates: Mapping[str, str],
) -> Policy:
    slots = {name: getattr(policy, name) for name in Policy.__slots__}
    return Policy(**{**slots, "rules": rules, "candidates": candidates, "templates": templates})
