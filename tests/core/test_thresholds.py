"""Numbers of rules that judged tasks speak for or against."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.changes import LOOSER, TIGHTER
from conductor.core.condition import ALL, Atom, Group
from conductor.core.evaluation import Verdict
from conductor.core.facts import Fact, FactSpec
from conductor.core.past import Past
from conductor.core.policy import Policy, Rule
from conductor.core.signals import Signals
from conductor.core.thresholds import Limits, bounds_of, moved_to, shifts

LIMITS = Limits(judged=20, acceptance_percent=80, step_percent=50, occurrences=3)
GOOD, POOR = Verdict.GOOD, Verdict.POOR


def policy(*rules: Rule) -> Policy:
    return Policy(
        facts={
            "size": FactSpec("size", "integer", 9000, low=0, high=9000),
            "uses": FactSpec("uses", "integer", 0, low=0, high=9000, evidence="uses"),
        },
        signals=Signals(()),
        rules=rules,
        default_reason="safe",
        candidates={},
        templates={},
        sources=(),
        revision="r",
    )


def small(operator: str = "lt", value: int = 800) -> Policy:
    return policy(Rule("small", Atom("size", operator, value), "local", reason="", ensemble="e"))


def past(number: int, size: int, verdict: Verdict | None = None, judge: str = "human") -> Past:
    facts = {"size": Fact(size, "given").to_json()}
    said = {judge: verdict} if verdict else {}
    return Past(id=f"{number:04}", outcome="", rule="", facts=facts, verdicts=said)


def tasks(*groups: tuple[range, Verdict]) -> list[Past]:
    sizes = [(size, verdict) for sizes, verdict in groups for size in sizes]
    return [past(number, size, verdict) for number, (size, verdict) in enumerate(sizes)]


def test_a_bound_tightens_where_the_larger_tasks_failed():
    log = tasks((range(100, 400, 10), GOOD), (range(600, 800, 5), POOR))
    (shift,) = shifts(small(), log, LIMITS)
    assert (shift.direction, shift.value) == (TIGHTER, 600)
    assert (shift.tally.judged, shift.tally.accepted, shift.moved) == (40, 0, 40)
    assert shift.interval[1] < 0.8


def test_a_bound_loosens_where_larger_tasks_were_accepted_all_the_same():
    log = tasks((range(100, 400, 10), GOOD), (range(800, 1000, 5), GOOD))
    (shift,) = shifts(small(), log, LIMITS)
    assert (shift.direction, shift.value) == (LOOSER, 1000)
    assert (shift.tally.judged, shift.tally.accepted) == (40, 40)


def test_a_bound_of_a_careful_rule_moves_as_well():
    careful = Rule("big", Atom("size", "gt", 800), "claude", reason="")
    rest = Rule("rest", Group(ALL, ()), "local", reason="", ensemble="e")
    log = tasks((range(805, 1000, 5), GOOD))
    (shift,) = shifts(policy(careful, rest), log, LIMITS)
    assert (shift.bound.rule, shift.direction, shift.value) == ("big", LOOSER, 1000)


@pytest.mark.parametrize(
    "log",
    [
        [],
        tasks((range(790, 800), POOR)),  # too few
        tasks((range(600, 800, 9), POOR), (range(601, 801, 3), GOOD)),  # neither well nor badly
        tasks((range(1300, 1500, 5), GOOD)),  # further than a step
        [past(number, 850) for number in range(50)],  # nobody judged them
    ],
    ids=["nothing", "too few", "unclear", "too far", "not judged"],
)
def test_what_is_not_clear_is_not_proposed(log: list[Past]):
    assert shifts(small(), log, LIMITS) == ()


def test_judges_are_never_added_up():
    ours = [past(number, 700 + number, POOR) for number in range(15)]
    others = [past(20 + number, 700 + number, POOR, judge="claude") for number in range(15)]
    assert shifts(small(), [*ours, *others], LIMITS) == ()


def test_the_more_numbers_are_tried_the_more_it_takes():
    once = [past(number, 850, GOOD) for number in range(20)]
    spread = [past(number, 810 + 20 * number, GOOD) for number in range(20)]
    assert shifts(small(), once, LIMITS)
    assert shifts(small(), spread, LIMITS) == ()


def test_numbers_that_follow_evidence_have_their_own_policy():
    rule = Rule("proven", Atom("uses", "gt", 20), "local", reason="", ensemble="e")
    assert list(bounds_of(policy(rule))) == []


@given(
    st.sampled_from(["lt", "le", "gt", "ge"]),
    st.lists(st.tuples(st.integers(0, 9000), st.sampled_from(Verdict)), min_size=20, max_size=60),
)
def test_a_shift_keeps_its_promises(operator: str, judged: list[tuple[int, Verdict]]):
    log = [past(number, size, verdict) for number, (size, verdict) in enumerate(judged)]
    for shift in shifts(small(operator, 4000), log, LIMITS):
        assert abs(shift.value - 4000) <= 2000
        assert shift.tally.judged >= LIMITS.judged
        low, high = shift.interval
        assert low > 0.8 if shift.direction == LOOSER else high < 0.8
        (bound,) = bounds_of(moved_to(small(operator, 4000), shift.bound, shift.value))
        assert bound.value == shift.value
