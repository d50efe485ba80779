"""What only the whole policy shows: names across files, and numbers that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from conductor.compiler.documents import PolicyDocs
from conductor.compiler.fixes import without_rule
from conductor.compiler.floors import example, percent
from conductor.compiler.lower import Facts
from conductor.compiler.price_checks import check_prices
from conductor.compiler.problems import Word
from conductor.compiler.rubrics import check_rubrics
from conductor.compiler.source import CaseDoc
from conductor.compiler.stacked import Stacked
from conductor.compiler.text import Parsed
from conductor.core.capability import NOMINAL
from conductor.core.facts import ACCEPTANCE, USES, read
from conductor.core.finding import Finding, Place, Related
from conductor.core.policy import Rule
from conductor.core.reach import dead_rules
from conductor.errors import UsageError

Path = tuple[str | int, ...]

GT, GE = "gt", "ge"  # the operators with which a rule asks for so much evidence


def whole_policy(policy: PolicyDocs, facts: Facts, rules: Sequence[Rule]) -> Iterator[Finding]:
    """Check what no single file can."""
    yield from _dead(policy, facts, rules)
    yield from _named_tasks(policy)
    yield from _established(policy, facts)
    yield from _sampling(policy)
    yield from _promotion(policy)
    yield from _class_limits(policy)
    yield from check_prices(*policy.models)
    yield from check_rubrics(policy.rubrics, policy.tasks[1].tasks)
    for parsed, doc in policy.cases:
        for index, case in enumerate(doc.cases):
            yield from _case(parsed, case, ("cases", index), policy, facts)


def _dead(policy: PolicyDocs, facts: Facts, rules: Sequence[Rule]) -> Iterator[Finding]:
    """Find the rules that can never decide, with what takes each of them."""
    parsed, doc = policy.routing
    places = {rule.id: parsed.at("rule", at, "id") for at, rule in enumerate(doc.rule)}
    for dead in dead_rules(facts.specs, rules, facts.impossible):
        if isinstance(parsed, Stacked) and dead.index >= parsed.own:
            continue  # a workspace may take everything from a rule above it
        at = parsed.at("rule", dead.index, "when")
        if dead.excluded:
            message = f"rule `{dead.rule}` never decides: the invariants exclude all of it"
            hint = "correct the rule, or the invariant in policy/facts.toml"
            yield Finding(name="impossible-rule", message=message, at=at, hint=hint)
            continue
        if not dead.taken:
            message = f"the conditions of rule `{dead.rule}` contradict each other"
            hint = "correct one of them: no task can fulfil all"
            yield Finding(name="contradiction", message=message, at=at, hint=hint)
            continue
        shares = ", ".join(f"`{name}` takes {percent(share)}" for name, share in dead.taken)
        yield Finding(
            name="unreachable-rule",
            message=f"rule `{dead.rule}` never decides: {shares} of it",
            at=at,
            hint=f"an example: {example(dead.witness)} goes to `{dead.decides}`; move the rule"
            f" before `{dead.taken[0][0]}`, or remove it",
            fix=without_rule(policy.routing, dead.index, [doc for _, doc in policy.cases]),
            related=tuple(Related(places[name], f"rule `{name}`") for name, _ in dead.taken),
        )


def _named_tasks(policy: PolicyDocs) -> Iterator[Finding]:
    """Find unknown task types in the sections beside the rules."""
    parsed, doc = policy.routing
    known = policy.tasks[1].tasks
    named: dict[Path, list[str] | Mapping[str, object]] = {
        ("composition", "tasks"): doc.composition.tasks,
        ("composition", "templates"): doc.composition.templates,
        ("composition", "uses"): doc.composition.uses,
        ("delegation", "within_input"): doc.delegation.within_input,
        ("planning", "prepare"): doc.planning.prepare,
    }
    for path, tasks in named.items():
        is_key = not isinstance(tasks, list)
        for index, task in enumerate(tasks):
            if task not in known:
                where = (*path, task if is_key else index)
                message = f"unknown task type `{task}`"
                yield Word(parsed, where, key=is_key).not_among(known, "unknown-task", message)


def _established(policy: PolicyDocs, facts: Facts) -> Iterator[Finding]:
    """Compare what rules call established with what sampling calls so."""
    parsed, doc = policy.routing
    established = policy.sampling[1].established
    wanted = {USES: established.uses, ACCEPTANCE: established.acceptance_percent}
    for index, rule in enumerate(doc.rule):
        for path, name, above in _thresholds(rule.when, ("rule", index, "when")):
            spec = facts.specs.get(name)
            evidence = spec.evidence if spec is not None else ""
            says = wanted.get(evidence)
            if says is not None and above != says:
                yield Finding(
                    name="contradicting-number",
                    message=f"`{name}` must be above {above} here, sampling.toml says {says}",
                    at=parsed.at(*path),
                    hint="make `established` in policy/sampling.toml and this rule agree",
                    related=(Related(_established_at(policy, evidence), "what it says"),),
                )


def _established_at(policy: PolicyDocs, evidence: str) -> Place:
    return policy.sampling[0].at("established", evidence)


def _thresholds(when: object, path: Path) -> Iterator[tuple[Path, str, int]]:
    """Find the lower bounds in a condition, as the number that a fact must be above."""
    if isinstance(when, list):
        for place, one in enumerate(when):
            yield from _thresholds(one, (*path, place))
    elif isinstance(when, dict):
        for name, value in when.items():
            yield from _thresholds(value, (*path, name))
            if name in (GT, GE) and isinstance(value, int):
                yield (*path, name), str(path[-1]), value - (name == GE)


def _sampling(policy: PolicyDocs) -> Iterator[Finding]:
    parsed, doc = policy.sampling
    if doc.calibration_uses > doc.established.uses:
        yield Finding(
            name="contradicting-number",
            message=f"{doc.calibration_uses} uses are always judged, but none after "
            f"{doc.established.uses}",
            at=parsed.at("calibration_uses"),
            hint="lower `calibration_uses`, or raise `uses` under `[established]`",
        )
    if doc.drift.normal_percent >= doc.drift.drifted_percent:
        yield Finding(
            name="contradicting-number",
            message=f"{doc.drift.normal_percent} % are normal, but {doc.drift.drifted_percent} %"
            " are a change",
            at=parsed.at("drift", "normal_percent"),
            hint="let `normal_percent` be below `drifted_percent`",
        )
    if doc.handover.poor > doc.handover.judged:
        yield Finding(
            name="contradicting-number",
            message=f"{doc.handover.poor} poor ones cannot be among {doc.handover.judged} runs",
            at=parsed.at("handover", "poor"),
            hint="let `poor` be at most `judged`",
        )


def _promotion(policy: PolicyDocs) -> Iterator[Finding]:
    parsed, doc = policy.promotion
    if doc.to_library.good < doc.to_global.good:
        yield Finding(
            name="contradicting-number",
            message=f"the library asks for {doc.to_library.good} good evaluations, the tier below "
            f"it for {doc.to_global.good}",
            at=parsed.at("library", "good"),
            hint="ask for at least as many as under `[global]`",
        )
        return
    for tier, gate in (("global", doc.to_global), ("library", doc.to_library)):
        if gate.distinct_inputs > gate.good:
            yield Finding(
                name="contradicting-number",
                message=f"{gate.good} good evaluations cannot come from {gate.distinct_inputs}"
                " different inputs",
                at=parsed.at(tier, "distinct_inputs"),
                hint="let `distinct_inputs` be at most `good`",
            )


def _class_limits(policy: PolicyDocs) -> Iterator[Finding]:
    parsed, doc = policy.models
    limit = doc.parameters.limit_billion
    if doc.parameters.target_billion > limit:
        yield Finding(
            name="contradicting-number",
            message=f"the target {doc.parameters.target_billion}B is above the limit {limit}B",
            at=parsed.at("parameters", "target_billion"),
            hint="lower the target, or raise `limit_billion`",
        )
    for name, one in doc.classes.items():
        if one.max_billion > limit:
            yield Finding(
                name="contradicting-number",
                message=f"class `{name}` goes up to {one.max_billion}B, the limit is {limit}B",
                at=parsed.at("classes", name, "max_billion"),
                hint="lower the class or raise `limit_billion`",
            )
    for index, suggestion in enumerate(doc.suggestion):
        name = suggestion.class_
        if name not in doc.classes:
            message, path = f"unknown class `{name}`", ("suggestion", index, "class")
            yield Word(parsed, path).not_among(doc.classes, "unknown-class", message)
        elif suggestion.billion > doc.classes[name].max_billion * NOMINAL:
            yield Finding(
                name="contradicting-number",
                message=f"`{suggestion.model}` is bigger than the class `{name}` allows",
                at=parsed.at("suggestion", index, "billion"),
                hint="suggest it for a bigger class, or correct the number",
            )


def _case(
    parsed: Parsed, case: CaseDoc, path: Path, policy: PolicyDocs, facts: Facts
) -> Iterator[Finding]:
    for name, value in case.facts.items():
        where: Path = (*path, "facts", name)
        if name not in facts.specs:
            message = f"unknown fact `{name}`"
            yield Word(parsed, where, key=True).not_among(facts.specs, "wrong-fact", message)
            continue
        if (known := facts.specs[name].values) and isinstance(value, str) and value not in known:
            message = f"fact `{name}` has no value `{value}`"
            yield Word(parsed, where).not_among(known, "wrong-fact", message)
            continue
        try:
            read(facts.specs, name, value)
        except UsageError as error:
            at, _ = parsed.extent(where, key=False)
            yield Finding(name="wrong-fact", message=error.message, at=at, hint=error.hint)
    rules = {rule.id for rule in policy.routing[1].rule}
    if case.rule is not None and case.rule not in rules:
        message = f"unknown rule `{case.rule}`"
        yield Word(parsed, (*path, "rule")).not_among(rules, "unknown-rule", message)
