"""An independent judge: what the solver z3 says about reachability, difference and floors."""

from __future__ import annotations

import z3
from hypothesis import given, settings

from conductor.core.condition import ALL, ANY, Atom, Condition
from conductor.core.difference import flips, shared_space
from conductor.core.floors import breaches
from conductor.core.policy import Policy
from conductor.core.reach import dead_rules
from tests.core.test_analysis import FLOORS
from tests.core.test_difference import POLICIES, SPECS

VARIABLES = {name: z3.Int(name) for name in SPECS}
BOUNDS = [
    VARIABLES["size"] >= -2,
    VARIABLES["size"] <= 9,
    VARIABLES["task"] >= 0,
    VARIABLES["task"] <= 2,
    VARIABLES["safe"] >= 0,
    VARIABLES["safe"] <= 1,
]
COMPARE = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}


def number(value) -> int:
    return "abc".index(value) if isinstance(value, str) else int(value)


def formula(condition: Condition):
    if isinstance(condition, Atom):
        fact, constant = VARIABLES[condition.fact], condition.constant
        if isinstance(constant, tuple):
            within = z3.Or(*(fact == number(one) for one in constant))
            return within if condition.operator == "in" else z3.Not(within)
        return COMPARE[condition.operator](fact, number(constant))
    parts = [formula(part) for part in condition.parts]
    if condition.kind == ANY:
        return z3.Or(*parts)
    return z3.And(*parts) if condition.kind == ALL else z3.Not(z3.And(*parts))


def possible(*formulas) -> bool:
    solver = z3.Solver()
    solver.add(*BOUNDS, *formulas)
    return bool(solver.check() == z3.sat)


def outcome_is(policy: Policy, outcome: str):
    """A formula for what is decided: local is compose or Claude where no ensemble serves it."""
    task, served = VARIABLES["task"], set(policy.candidates)
    composed = set(policy.templates) - served
    real = {
        "local": z3.Or(*(task == number(one) for one in served)),
        "compose": z3.Or(*(task == number(one) for one in composed)),
        "claude": z3.And(*(task != number(one) for one in served | composed)),
    }
    result = z3.BoolVal(outcome == "claude")
    for rule in reversed(policy.rules):
        here = z3.BoolVal(rule.outcome == outcome)
        if rule.outcome == "local":
            here = real.get(outcome, z3.BoolVal(val=False))
        result = z3.If(formula(rule.when), here, result)
    return result


@settings(max_examples=50)
@given(POLICIES)
def test_reachability(policy):
    dead = {one.index for one in dead_rules(SPECS, policy.rules)}
    whens = [formula(rule.when) for rule in policy.rules]
    for index, when in enumerate(whens):
        assert possible(when, *map(z3.Not, whens[:index])) == (index not in dead)


@settings(max_examples=50)
@given(POLICIES, POLICIES)
def test_difference(old, new):
    found = {(f.old_outcome, f.new_outcome) for f in flips(old, new, shared_space(old, new))}
    outcomes = ("local", "compose", "ask", "claude")
    for before in outcomes:
        for after in outcomes:
            if before != after:
                differs = possible(outcome_is(old, before), outcome_is(new, after))
                assert differs == ((before, after) in found)


@settings(max_examples=50)
@given(POLICIES, FLOORS)
def test_floors(policy, floor):
    found = {one.outcome for one in breaches(policy, [floor])}
    for outcome in {"local", "compose", "ask", "claude"} - set(floor.allows):
        if possible(formula(floor.when), outcome_is(policy, outcome)):
            assert outcome in found
