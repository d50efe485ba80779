"""One decision with all facts known, against other engines on the same rules and tasks.

The default policy's rules are translated; every answer is compared with `decide`. Engines are in
requirements.txt beside this file; one that is not installed is named, not left out in silence.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from conductor.adapters import files
from conductor.app.build import bundle_text
from conductor.core import bundle
from conductor.core.condition import ALL, ANY, Atom, Condition
from conductor.core.decide import decide
from conductor.core.facts import BOOLEAN, ENUM, FactSpec, Scalar
from conductor.core.judge import judge
from conductor.core.policy import Policy

Task = dict[str, Any]
Engine = Callable[[Task], object]  # names the rule that decides; empty: the default

TASKS, ROUNDS, REPLAYED = 2_000, 5, 100_000
_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def tasks(policy: Policy) -> list[Task]:
    """Make tasks of which each rule decides some."""
    dice = random.Random(7)  # noqa: S311 - the same tasks each time
    return [{name: _value(spec, dice) for name, spec in policy.facts.items()} for _ in range(TASKS)]


def _value(spec: FactSpec, dice: random.Random) -> Scalar:
    if spec.kind == ENUM:
        few = ["english", "unknown", *spec.values] if spec.name == "language" else spec.values
        return dice.choice(few)
    if spec.kind == BOOLEAN:
        return dice.random() < 0.25
    if spec.confidence_of:
        return dice.choice([40, 65, 80, 100])
    return spec.clamp(dice.choice([-1, 0, 1, 2, 3, 5, 30, 90, 7999, 8000]))


def expression(condition: Condition, before: str, member: Callable[[str, str], str]) -> str:
    """Write a condition as most engines read it."""
    if isinstance(condition, Atom):
        fact, constant = f"{before}{condition.fact}", condition.constant
        if isinstance(constant, tuple):
            inside = member(fact, f"[{', '.join(map(_literal, constant))}]")
            return inside if condition.operator == "in" else f"!({inside})"
        return f"{fact} {_SIGNS[condition.operator]} {_literal(constant)}"
    joint = " || " if condition.kind == ANY else " && "
    parts = joint.join(f"({expression(part, before, member)})" for part in condition.parts)
    return parts if condition.kind in (ALL, ANY) else f"!({parts})"


def _literal(value: Scalar) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def by_hand(_: Policy) -> Engine:  # noqa: C901 - the floor is meant to be flat
    """Write what a person would write for these rules, without checking any fact."""

    def route(t: Task) -> str:  # noqa: C901, PLR0911, PLR0912
        task = t["task"].partition(".")[0]  # a type covers those below it
        short = t["document_tokens"] < 8000
        if t["language"] not in ("english", "unknown"):
            return "unsupported-language"
        if t["task_confidence"] < 65:
            return "unsure-of-the-task"
        if t["delegation_gain"] < 0:
            return "below-break-even"
        if task == "extraction" and short and t["fixed_schema"]:
            return "extraction-short-fixed"
        if task == "classification" and short and t["enumerable_labels"]:
            return "classification-enumerable"
        if task == "summarization" and short and t["documents"] == 1:
            return "summary-single-document"
        if task == "structured_output" and short and t["fixed_schema"] and t["constraints"] <= 4:
            return "json-constrained"
        if (
            task == "codegen_function"
            and t["single_function"]
            and t["programming_language"] == "python"
        ):
            return "python-single-function"
        if t["reasoning_steps"] >= 3 or task == "reasoning":
            return "multi-step-reasoning"
        if t["broad_knowledge"] or task == "knowledge_qa":
            return "broad-knowledge"
        if t["constraints"] > 4 or task == "multi_constraint":
            return "many-constraints"
        if t["security"] or task == "security_review":
            return "security-work"
        if t["cross_file"] or task == "code_cross_file":
            return "cross-file-code"
        if task == "architecture":
            return "architecture"
        if t["documents"] > 1 or task == "multi_document":
            return "several-documents"
        if t["ensemble_uses"] > 20 and t["ensemble_acceptance_percent"] > 80:
            return "proven-ensemble"
        return ""

    return route


def conductor(policy: Policy) -> Engine:
    """Check every fact, and name the rule."""
    return judge(policy)


def cel(policy: Policy) -> Engine:
    import cel as library

    text = '""'
    for rule in reversed(policy.rules):
        when = expression(rule.when, "", lambda fact, values: f"{fact} in {values}")
        text = f'({when}) ? "{rule.id}" : ({text})'
    execute: Engine = library.compile(text).execute
    return execute


def rego(policy: Policy) -> Engine:
    import regorus as library

    def body(condition: Condition) -> str:
        text = expression(condition, "input.", lambda fact, values: f"{fact} in {values}")
        assert "||" not in text
        return text.replace(" && ", "; ").replace("!(", "not (")

    bodies: list[str] = []
    for rule in policy.rules:
        parts: tuple[Condition, ...] = (rule.when,)
        if not isinstance(rule.when, Atom) and rule.when.kind == ANY:
            parts = rule.when.parts
        bodies.extend(f':= "{rule.id}" if {{ {body(part)} }}' for part in parts)
    chain = "\nelse ".join(bodies)  # lines of up to 1,024 characters are read
    engine = library.Engine()
    engine.add_policy("p.rego", f'package p\nimport rego.v1\nroute {chain} else := ""\n')

    def route(task: Task) -> object:
        engine.set_input(task)
        return engine.eval_rule("data.p.route")

    return route


def cedar(policy: Policy) -> Engine:
    import cedarpy as library

    earlier: list[str] = []
    texts = []
    for rule in policy.rules:
        when = expression(rule.when, "context.", lambda fact, values: f"{values}.contains({fact})")
        guard = " && ".join([f"({when})", *(f"!({one})" for one in earlier)])
        texts.append(f"permit(principal, action, resource) when {{ {guard} }};")
        earlier.append(when)
    policies = library.PolicySet.from_str("\n".join(texts))
    names = {f"policy{at}": rule.id for at, rule in enumerate(policy.rules)}
    asked = {"principal": 'U::"u"', "action": 'Action::"route"', "resource": 'R::"r"'}

    def route(task: Task) -> str:
        result = library.is_authorized({**asked, "context": task}, policies, [])
        return "".join(names[one] for one in result.diagnostics.reasons)

    return route


ENGINES: dict[str, Callable[[Policy], Engine]] = {
    "if/elif by hand, nothing checked": by_hand,
    "conductor, all facts checked": conductor,
    "CEL (common-expression-language, Rust)": cel,
    "Rego (regorus, Rust)": rego,
    "Cedar (cedarpy, parsed once, Rust)": cedar,
}


def measured(engines: dict[str, Engine], given: list[Task]) -> dict[str, float]:
    """Give microseconds of CPU per decision; the engines take turns, the best round counts."""
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, engine in engines.items():
            some = given if name not in _SLOW else given[:200]
            began = time.process_time()
            for task in some:
                engine(task)
            took = (time.process_time() - began) / len(some) * 1e6
            best[name] = min(took, best.get(name, took))
    return best


_SLOW = {"Cedar (cedarpy, parsed once, Rust)"}


def made(policy: Policy, given: list[Task]) -> Iterator[tuple[str, Engine]]:
    expected = [decide(policy, given=task).rule for task in given]
    for name, make in ENGINES.items():
        try:
            engine = make(policy)
        except ImportError:
            print(f"{name:<42} not installed: pip install -r benchmarks/requirements.txt")
            continue
        wrong = disagreeing(engine, given[:200], expected)
        assert not wrong, (name, wrong)
        yield name, engine


def disagreeing(
    engine: Engine, given: Iterable[Task], expected: Iterable[str]
) -> tuple[Task, str] | None:
    for task, rule in zip(given, expected, strict=False):
        answer = engine(task)
        if (answer[0] if isinstance(answer, tuple) else answer) != rule:
            return task, rule
    return None


def main() -> None:
    policy = bundle.load(bundle_text(files.packaged()))
    given = tasks(policy)
    best = measured(dict(made(policy, given)), given)
    ours = best["conductor, all facts checked"]
    for name, took in best.items():
        print(f"{name:<42}{took:9.2f} us {took / ours:8.1f} x")
    quick = judge(policy)
    began = time.process_time()
    for at in range(REPLAYED):
        quick(given[at % TASKS])
    print(f"{REPLAYED:,} decisions replayed in {time.process_time() - began:.2f} s")


if __name__ == "__main__":
    main()
