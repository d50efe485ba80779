"""`test`: do the cases of a policy hold, and what would they notice if somebody changed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conductor.adapters import files
from conductor.app.build import bundle_text
from conductor.app.layers import layers_of
from conductor.compiler.cases import GENERATED, Case, read_cases, with_cases
from conductor.compiler.documents import ROUTING, Reader
from conductor.compiler.layers import merge
from conductor.compiler.stacked import Stacked
from conductor.compiler.text import Parsed
from conductor.core import bundle
from conductor.core.condition import first_failure
from conductor.core.decide import decide
from conductor.core.finding import Finding, Level, Place
from conductor.core.policy import Decision, Policy
from conductor.core.suite import MISTAKE, Coverage, Example, Gap, cases_for, example, measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """`findings` are failing cases (errors); without any, what no case shows (warnings)."""

    findings: tuple[Finding, ...]
    cases: int
    failed: int
    deciding: tuple[tuple[str, int], ...]  # the layer's own rules, and how many cases each decides
    coverage: Coverage  # by the cases that hold
    missing: tuple[Case, ...]  # cases that would show the rest


def test_policy(root: str) -> Tested:
    """Run the cases; raises SourceError when the policy does not compile."""
    policy = bundle.load(bundle_text(root))
    merged = merge(layers_of(root))
    cases = read_cases(merged.texts, policy.facts)
    decisions = [decide(policy, text=case.text, given=case.facts) for case in cases]
    failing, examples = [], []
    for case, decision in zip(cases, decisions, strict=True):
        if found := _failure(policy, case, decision):
            failing.append(found)
        else:
            examples.append(_example(policy, decision))
    read = Reader(merged.texts, merged.inherited).routing()
    routing = read[0] if read else None
    coverage = measure(policy, examples, rules=_own(routing))
    gaps = () if failing else coverage.gaps  # a case that fails shows nothing: first mend it
    return Tested(
        findings=(*failing, *_gaps(policy, gaps, routing)),
        cases=len(cases),
        failed=len(failing),
        deciding=tuple(
            (rule.id, sum(decision.rule == rule.id for decision in decisions))
            for rule in policy.rules
            if rule.id in coverage.scores
        ),
        coverage=coverage,
        missing=tuple(_case(policy, gap) for gap in cases_for(policy, gaps)),
    )


def failing_cases(root: str, policy: Policy) -> list[str]:
    """Name the workspace's cases that would fail under another policy of it."""
    cases = read_cases(merge(layers_of(root)).texts, policy.facts)
    return [
        case.name
        for case in cases
        if _failure(policy, case, decide(policy, text=case.text, given=case.facts))
    ]


def generate(root: str, missing: Sequence[Case]) -> str:
    """Write the missing cases behind those generated before; gives the file."""
    path = f"{root}/{GENERATED}"
    files.write_atomically(path, with_cases(files.read_if_there(path) or "", list(missing)))
    return GENERATED


def _example(policy: Policy, decision: Decision) -> Example:
    return example(policy, {name: fact.value for name, fact in decision.facts.items()})


def _failure(policy: Policy, case: Case, decision: Decision) -> Finding | None:
    if decision.outcome == case.outcome and case.rule in ("", decision.rule):
        return None
    by = f" by `{case.rule}`" if case.rule else ""
    actual = f"`{decision.rule}`" if decision.rule else "the default"
    return Finding(
        name="failing-case",
        message=f"`{case.name}` decides {decision.outcome} by {actual}, not {case.outcome}{by}",
        at=case.at,
        hint=_diverges(policy, case, decision),
    )


def _diverges(policy: Policy, case: Case, decision: Decision) -> str:
    """Say which condition of the expected rule does not hold, or what is decided before it."""
    values = {name: fact.value for name, fact in decision.facts.items()}
    wanted = [rule for rule in policy.rules if rule.id == case.rule] or [
        rule for rule in policy.rules if not case.rule and rule.outcome == case.outcome
    ]
    if case.rule and case.rule == decision.rule:
        return decision.reason
    for rule in wanted:
        if not (failure := first_failure(rule.when, values)):
            return f"`{decision.rule}` stands before `{rule.id}` and holds too"
        if case.rule:
            return f"`{rule.id}` does not hold: {failure}"
    if decision.rule:
        return f"`{decision.rule}` holds: {decision.reason}"
    return f"no rule holds; say by `rule:` which one should, out of {len(policy.rules)}"


def _own(routing: Parsed | None) -> int | None:
    """Count the workspace's own rules, if it adds them to those of a layer above."""
    return routing.own if isinstance(routing, Stacked) else None


def _gaps(policy: Policy, gaps: Sequence[Gap], routing: Parsed | None) -> Iterator[Finding]:
    places = {rule.id: index for index, rule in enumerate(policy.rules)}
    for gap in gaps:
        at = routing.at("rule", places[gap.rule], "when") if routing else Place(ROUTING)
        given = ", ".join(f"{name}: {str(value).lower()}" for name, value in gap.facts.items())
        outcome = example(policy, gap.facts).outcome
        mistake = gap.kind == MISTAKE
        yield Finding(
            name="unnoticed-mistake" if mistake else f"uncovered-{gap.kind}",
            message=f"no case of `{gap.rule}` "
            + (f"would notice this mistake: {gap.what}" if mistake else f"shows that {gap.what}"),
            at=at,
            hint=f"add a case with `facts: {{{given}}}` and `outcome: {outcome}`, or `--generate`",
            level=Level.WARNING,
        )


def _case(policy: Policy, gap: Gap) -> Case:
    decision = decide(policy, given=gap.facts)
    return Case(
        name=f"{gap.rule}: {gap.what}",
        text="",
        facts=gap.facts,
        outcome=decision.outcome,
        rule=decision.rule,
        at=Place(GENERATED),
    )
