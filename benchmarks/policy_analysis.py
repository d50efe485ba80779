"""Exact analysis of rules: dead ones and differences, on the default policy and random lists."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from conductor.adapters import files
from conductor.app.build import bundle_text
from conductor.core import bundle
from conductor.core.condition import ALL, Atom, Group
from conductor.core.decide import decide
from conductor.core.difference import flips, shared_space
from conductor.core.facts import FactSpec, Scalar
from conductor.core.mutants import mutants
from conductor.core.policy import Policy, Rule
from conductor.core.reach import dead_rules

SPECS = {
    **{f"n{i}": FactSpec(f"n{i}", "integer", 0, low=0, high=1_000_000) for i in range(4)},
    **{f"b{i}": FactSpec(f"b{i}", "boolean", default=False) for i in range(4)},
    **{f"e{i}": FactSpec(f"e{i}", "enum", "a", values=tuple("abcdefgh")) for i in range(4)},
}


def rules(count: int) -> list[Rule]:
    """Make random rules of two to four conditions over twelve facts."""
    dice = random.Random(count)  # noqa: S311 - the same list each time
    made = []
    for number in range(count):
        atoms: list[Atom] = []
        for name in dice.sample(sorted(SPECS), dice.randint(2, 4)):
            kind = SPECS[name].kind
            if kind == "integer":
                operator = dice.choice(["lt", "ge"])
                atoms.append(Atom(name, operator, dice.randrange(1000, 1_000_000, 1000)))
            elif kind == "boolean":
                atoms.append(Atom(name, "eq", dice.random() < 0.5))
            else:
                atoms.append(Atom(name, "in", tuple(dice.sample("abcdefgh", 3))))
        outcome = dice.choice(["local", "claude"])
        made.append(Rule(f"r{number}", Group(ALL, tuple(atoms)), outcome, reason="x"))
    return made


def milliseconds(act: Callable[[], object], rounds: int = 5) -> float:
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        act()
        taken.append(time.process_time() - began)
    return min(taken) * 1000  # the least disturbed one


def main() -> None:
    policy = bundle.load(bundle_text(files.packaged()))
    one = next(mutant.policy for mutant in mutants(policy))

    def compare(other: Policy) -> object:
        return flips(policy, other, shared_space(policy, other))

    given: dict[str, Scalar] = {"task": "extraction", "document_tokens": 900, "fixed_schema": True}
    decision = milliseconds(lambda: decide(policy, given=given), 200)
    dead = milliseconds(lambda: dead_rules(policy.facts, policy.rules))
    rows = {
        "one decision (the unit)": decision,
        f"dead rules, default policy ({len(policy.rules)} rules)": dead,
        "difference, one edit": milliseconds(lambda: compare(one)),
        "dead rules, 100 random": milliseconds(lambda: dead_rules(SPECS, rules(100)), 3),
        "dead rules, 1,000 random": milliseconds(lambda: dead_rules(SPECS, rules(1000)), 1),
    }
    for name, took in rows.items():
        print(f"{name:<40}{took:10.3f} ms {took / decision:10.0f} x")


if __name__ == "__main__":
    main()
