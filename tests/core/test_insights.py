"""What the history of routing tells."""

from __future__ import annotations

from conductor.core.condition import ALL, Atom, Group
from conductor.core.evaluation import Verdict
from conductor.core.evidence import Evidence, Tally
from conductor.core.facts import Fact, FactSpec
from conductor.core.insights import Insight, Kind, insights, retiring
from conductor.core.past import Past
from conductor.core.policy import Candidate, Policy, Rule
from conductor.core.run import RunStatus
from conductor.core.signals import Signals
from conductor.core.thresholds import Limits

LIMITS = Limits(judged=20, acceptance_percent=80, step_percent=50, occurrences=3)
SHORT = Group(
    ALL, (Atom("task", "eq", "extract"), Atom("size", "lt", 10), Atom("fixed", "eq", True))
)
POLICY = Policy(
    facts={
        "task": FactSpec("task", "enum", "chat", values=("chat", "extract")),
        "size": FactSpec("size", "integer", 99, low=0, high=99),
        "fixed": FactSpec("fixed", "boolean", False),
    },
    signals=Signals(()),
    rules=(Rule("short", SHORT, "local", reason=""),),
    default_reason="safe",
    candidates={"extract": (Candidate("e", "sha256:e"),)},
    templates={},
    sources=(),
    revision="r",
)


def past(number: int, outcome: str, *ran: RunStatus, rule: str = "", **changes: object) -> Past:
    values = {"task": "extract", "size": 5, "fixed": True} | changes
    facts = {
        name: value.to_json() if isinstance(value, Fact) else Fact(value, "derived", "s").to_json()  # type: ignore[arg-type]  # plain values
        for name, value in values.items()
    }
    judged = {"human": Verdict.GOOD} if ran else {}
    return Past(id=f"{number}", outcome=outcome, rule=rule, facts=facts, ran=ran, verdicts=judged)


def told(kind: Kind, log: list[Past]) -> list[Insight]:
    return [one for one in insights(POLICY, log, LIMITS) if one.kind is kind]


def test_what_was_run_locally_against_the_policy_is_an_override():
    log = [past(n, "claude", RunStatus.SUCCEEDED, rule="safe") for n in range(3)]
    (one,) = told(Kind.OVERRIDE, [*log, past(9, "claude", rule="safe")])
    assert (one.subject, one.count, one.total) == ("safe", 3, 4)
    assert one.tally == Tally(judge="human", poor=0, acceptable=0, good=3)


def test_a_run_that_failed_outside_is_no_override_and_no_escalation():
    log = [past(n, "claude", RunStatus.FAILED) for n in range(3)]
    log += [past(n, "local", RunStatus.INTERRUPTED) for n in range(3)]
    assert told(Kind.OVERRIDE, log) == told(Kind.ESCALATION, log) == []


def test_local_tasks_whose_outputs_failed_their_checks_are_escalations():
    log = [past(n, "local", RunStatus.REJECTED, rule="short") for n in range(3)]
    log.append(past(4, "local", RunStatus.REJECTED, RunStatus.SUCCEEDED, rule="short"))
    (one,) = told(Kind.ESCALATION, log)
    assert (one.count, one.total) == (3, 4)


def test_a_signal_that_people_contradict_is_named_with_what_it_was_taken_for():
    given = Fact("chat", "given", over=Fact("extract", "derived", "pull-out"))
    (one,) = told(Kind.CONTRADICTION, [past(n, "claude", task=given) for n in range(3)])
    assert (one.subject, one.fact, one.said, one.count) == ("pull-out", "task", "extract", 3)


def test_a_task_that_lacked_one_condition_is_a_near_miss():
    log = [past(n, "claude", size=50) for n in range(3)]
    far = [past(n, "claude", size=50, fixed=False) for n in range(5)]
    (one,) = told(Kind.NEAR_MISS, [*log, *far])
    assert (one.subject, one.fact, one.count, one.total) == ("short", "size", 3, 8)


def test_what_happened_less_often_than_asked_is_not_told():
    assert insights(POLICY, [past(n, "claude", size=50) for n in range(2)], LIMITS) == ()


def test_an_ensemble_retires_only_when_it_is_surely_worse():
    def one(poor: int, good: int) -> Evidence:
        tally = Tally(judge="human", poor=poor, acceptable=0, good=good)
        return Evidence(
            ensemble="e", task="", text_digest="", bound_digest="", uses=poor + good, rejected=0,
            tallies=(tally,),
        )  # fmt: skip

    bad, unlucky, few = one(15, 10), one(6, 19), one(10, 0)
    assert retiring([bad, unlucky, few], LIMITS) == (bad,)
