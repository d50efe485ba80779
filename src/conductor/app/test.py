"""`test`: do the cases of a policy hold, and would they notice a mistake in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from conductor.adapters import files
from conductor.app.build import bundle_text, sources
from conductor.compiler.cases import GENERATED, Case, read_cases, with_cases
from conductor.core import bundle
from conductor.core.condition import first_failure
from conductor.core.decide import decide
from conductor.core.difference import flips, shared_space
from conductor.core.facts import Scalar
from conductor.core.finding import Finding, Level, Place
from conductor.core.mutants import Mutant, mutants
from conductor.core.policy import Decision, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """`findings` are failing cases (errors) and mistakes that no case notices (warnings)."""

    findings: tuple[Finding, ...]
    cases: int
    failed: int
    rules: int
    covered: int  # rules that decide a case
    mutants: int  # small mistakes that change a decision somewhere
    killed: int  # of them, those that a case notices
    equivalent: int  # small mistakes that change nothing: proven
    missing: tuple[Case, ...]  # cases that would notice the rest


def test_policy(root: str) -> Tested:
    """Run the cases; raises SourceError when the policy does not compile."""
    policy = bundle.load(bundle_text(root))
    cases = read_cases(sources(root), policy.facts)
    failing = [finding for case in cases for finding in _fails(policy, case)]
    deciding = {_decide(policy, case).rule for case in cases}
    alive = [mutant for mutant in mutants(policy) if not _noticed(mutant.policy, cases)]
    equivalent, survivors = _judge(policy, alive)
    total = sum(1 for _ in mutants(policy)) - equivalent
    return Tested(
        findings=(*failing, *(_survivor(case) for case in survivors)),
        cases=len(cases),
        failed=len(failing),
        rules=len(policy.rules),
        covered=sum(rule.id in deciding for rule in policy.rules),
        mutants=total,
        killed=total - len(survivors),
        equivalent=equivalent,
        missing=tuple(_distinct(survivors)),
    )


def generate(root: str, missing: Sequence[Case]) -> str:
    """Write the missing cases behind those generated before; gives the file."""
    path = f"{root}/{GENERATED}"
    files.write_atomically(path, with_cases(files.read_if_there(path) or "", list(missing)))
    return GENERATED


def _fails(policy: Policy, case: Case) -> Iterator[Finding]:
    decision = _decide(policy, case)
    if decision.outcome == case.outcome and case.rule in ("", decision.rule):
        return
    by = f" by `{case.rule}`" if case.rule else ""
    actual = f"`{decision.rule}`" if decision.rule else "the default"
    yield Finding(
        name="failing-case",
        message=f"`{case.name}` decides {decision.outcome} by {actual}, not {case.outcome}{by}",
        at=case.at,
        hint=_diverges(policy, case, decision),
    )


def _diverges(policy: Policy, case: Case, decision: Decision) -> str:
    """Say which condition of the expected rule does not hold, or which rule is before it."""
    values = {name: fact.value for name, fact in decision.facts.items()}
    rule = next((rule for rule in policy.rules if rule.id == case.rule), None)
    if rule is None:
        return "correct the rule or the case"
    if failure := first_failure(rule.when, values):
        return f"`{rule.id}` does not hold: {failure}"
    return f"`{decision.rule}` stands before `{rule.id}` and holds too"


def _decide(policy: Policy, case: Case) -> Decision:
    return decide(policy, text=case.text, given=case.facts)


def _noticed(policy: Policy, cases: Iterable[Case]) -> bool:
    """Tell whether a case fails under a changed policy."""
    for case in cases:
        decision = _decide(policy, case)
        if decision.outcome != case.outcome or case.rule not in ("", decision.rule):
            return True
    return False


def _judge(policy: Policy, alive: Iterable[Mutant]) -> tuple[int, list[Case]]:
    """Count the mutants that change nothing anywhere, and find a case for each of the others."""
    equivalent, survivors = 0, []
    for mutant in alive:
        found = flips(policy, mutant.policy, shared_space(policy, mutant.policy))
        if found:
            survivors.append(_case(policy, mutant.what, found[0].witness))
        else:
            equivalent += 1
    return equivalent, survivors


def _case(policy: Policy, name: str, facts: dict[str, Scalar]) -> Case:
    decision = decide(policy, given=facts)
    at = Place(GENERATED)
    return Case(
        name=name, text="", facts=facts, outcome=decision.outcome, rule=decision.rule, at=at
    )


def _distinct(survivors: Iterable[Case]) -> Iterator[Case]:
    """Leave out cases whose facts another one has already."""
    seen: list[object] = []
    for case in survivors:
        if case.facts not in seen:
            seen.append(case.facts)
            yield case


def _survivor(case: Case) -> Finding:
    given = ", ".join(f"{name}: {str(value).lower()}" for name, value in case.facts.items())
    return Finding(
        name="unnoticed-mistake",
        message=f"no case would notice this mistake: `{case.name}`",
        at=Place("policy/routing.toml"),
        hint=f"add a case with `facts: {{{given}}}` and `outcome: {case.outcome}`, or `--generate`",
        level=Level.WARNING,
    )
