"""When a task is too small to delegate, from what its uses cost here."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conductor.core import delegation
from conductor.core.decide import decide
from conductor.core.delegation import Delegation, Measured
from conductor.core.evidence import Tally, weigh
from conductor.core.measuring import measured
from conductor.core.policy import TASK
from conductor.core.run import RunStatus
from conductor.core.sampling import Sampling
from conductor.core.standing import Standing
from tests.core.test_decide import POLICY
from tests.samples import used

COSTS = Delegation(
    weight=5,
    read=120,
    written=70,
    measured_uses=5,
    outputs={"extraction": 250, "codegen_function": 300},
    within_input=("extraction",),
)
HERE = Measured(uses=12, output=40, judging=0, kept_percent=100)
SAMPLING = Sampling(
    calibration_uses=5, rate=0.2, established_uses=20, established_acceptance_percent=80
)


def test_the_account_by_hand():
    # Alone: 30 read and 30 written, as no more can be extracted. Delegated: 120 + 5 x 70 + 30.
    small = COSTS.account("extraction.items", 30, HERE)
    assert small is not None
    assert (small.alone, small.cost, small.gain) == (180, 500, -320)
    assert small.words == "180 tokens for Claude alone, 500 to delegate, measured in 12 uses"
    # From 300 tokens: 300 + 5 x 40 against 120 + 5 x 70 + 40.
    large = COSTS.account("extraction", 300, HERE)
    assert large is not None
    assert large.gain == -10
    code = COSTS.account("codegen_function", 10, Measured(12, 300, 0, 100))
    assert code is not None
    assert code.alone == 1_510  # code may be longer than the words that ask for it


def test_what_claude_does_again_is_not_spared_and_judging_is_a_cost():
    poor = COSTS.account("extraction", 1_000, Measured(12, 40, 10, 50))
    assert poor is not None
    assert poor.gain == 1_200 // 2 - (120 + 5 * (70 + 10) + 40)


def test_nothing_is_too_small_before_it_is_measured_unless_the_policy_assumes_a_cost():
    assert COSTS.account("extraction", 1, None) is None
    assert COSTS.account("extraction", 1, Measured(4, 40, 0, 100)) is None
    assumed = Delegation(weight=5, unmeasured=470, outputs={"classification": 10})
    found = assumed.account("classification", 40, None)
    assert found is not None
    assert (found.gain, found.uses) == (40 + 50 - 480, 0)
    assert found.words.endswith("assumed by the policy")


@given(st.integers(0, 100_000), st.integers(1, 5_000), st.integers(0, 2_000), st.integers(0, 1_000))
def test_a_larger_task_never_gains_less(size, more, output, judging):
    one = Measured(uses=9, output=output, judging=judging, kept_percent=100)
    smaller, larger = (COSTS.account("extraction", at, one) for at in (size, size + more))
    assert smaller is not None
    assert larger is not None
    assert smaller.gain <= larger.gain


@given(st.integers(0, 500), st.integers(0, 300), st.integers(0, 100))
def test_it_pays_from_the_smallest_size_that_gains(output, judging, kept):
    here = Measured(uses=9, output=output, judging=judging, kept_percent=kept)
    size = COSTS.pays_from("extraction", here)
    if size is None:
        assert kept == 0  # nothing that it does stands
        return
    gains = [
        account.gain >= 0
        for at in (size - 1, size, size + 1)
        if at >= 0 and (account := COSTS.account("extraction", at, here))
    ]
    assert gains == [False, True, True][-len(gains) :]


def test_where_nothing_is_measured_nobody_knows_from_where_it_pays():
    assert COSTS.pays_from("extraction", None) is None


def test_the_bundle_keeps_it():
    assert delegation.from_json(COSTS.to_json()).to_json() == COSTS.to_json()
    assert POLICY.delegation.weight == 5


def test_a_small_task_stays_with_claude_and_the_decision_says_why():
    name = POLICY.candidates["summarization"][0].name
    digest = POLICY.candidates["summarization"][0].text_digest
    known = {name: Standing(digest, 12, 90, 60, measured=HERE)}
    facts = {TASK: "summarization", "documents": 1}
    small = decide(POLICY, given={**facts, "document_tokens": 60}, standings=known)
    assert (small.outcome, small.rule) == ("claude", "below-break-even")
    assert "cost Claude more" in small.reason
    gain = small.facts["delegation_gain"]
    assert (gain.value, gain.signal) == (60 + 5 * 40 - 510, f"evidence:{name}")
    assert gain.words == "260 tokens for Claude alone, 510 to delegate, measured in 12 uses"
    large = decide(POLICY, given={**facts, "document_tokens": 2_000}, standings=known)
    assert large.outcome == "local"
    told = decide(POLICY, given={**facts, "document_tokens": 60, "delegation_gain": 5})
    assert told.outcome == "local"
    older = {name: Standing("sha256:old", 12, 90, 60, measured=HERE)}
    assert decide(POLICY, given={**facts, "document_tokens": 60}, standings=older).outcome != (
        "claude"
    )


def test_uses_are_measured_over_what_ran_and_what_was_kept():
    usage = [
        used("form", 6, 240),
        used("form", 2, 80, status=RunStatus.REJECTED),
        used("form", 9, 0, status=RunStatus.FAILED),
    ]
    (evidence,) = weigh(usage, {"form": (Tally(judge="human", poor=1, acceptable=1, good=2),)})
    found = measured([evidence], usage, {"form": 100.0}, SAMPLING)
    # 8 uses with 320 tokens; 6 of 8 passed their checks, 3 of 4 judged were accepted.
    expected = Measured(uses=8, output=40, judging=20, kept_percent=56)
    assert found == {"summarize-document": expected}
    proven = Sampling(
        calibration_uses=1, rate=0.2, established_uses=3, established_acceptance_percent=50
    )
    assert measured([evidence], usage, {"form": 100.0}, proven)["summarize-document"].judging == 0
