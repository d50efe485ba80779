"""Values for tests: plain ones by name, and any by hypothesis."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import strategies as st

from conductor.core.evaluation import Evaluation, Verdict
from conductor.core.evidence import Tally, tally
from conductor.core.execution import AgentResult, AgentStatus
from conductor.core.run import Check, Run, RunStatus
from conductor.core.usage import Usage, add_up


def run(run_id: str = "run-1", **changes: object) -> Run:
    plain = Run(
        id=run_id,
        at="2026-11-24T05:06:07.089Z",
        ensemble="summarize-document",
        task="summarization",
        outcome="local",
        rule="summary-single-document",
        decision="",
        revision="sha256:policy",
        text_digest="sha256:text",
        bound_digest="sha256:bound",
        models=(("conductor-small", "tiny"),),
        engine="llm-orc",
        engine_version="0.25.2",
        conductor_version="0.1.0",
        status=RunStatus.SUCCEEDED,
        error="",
        checks=(Check(name="empty", passed=True),),
        agents=(AgentResult(name="worker", status=AgentStatus.SUCCEEDED, output_tokens=50),),
        input_digest=f"sha256:input-of-{run_id}",
        output_digest="sha256:output",
        input_tokens=100,
        output_tokens=50,
        seconds=2.0,
        predicted_seconds=3.0,
        claude_tokens=60,
        estimator="word-pieces-1@125%",
        delta_tokens=-90,
        due=True,
        due_reason="use 1 of 5 in calibration",
        draw=0.5,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # whatever a test changes


def used(form: str, runs: int, tokens: int, **changes: object) -> Usage:
    """So many runs of one form with so many tokens of output in all."""
    (plain,) = add_up([run()])
    given = {"bound_digest": form, "runs": runs, "claude_tokens": tokens, **changes}
    return replace(plain, **given)  # type: ignore[arg-type]  # whatever a test changes


def evaluation(evaluation_id: str, of: str | Run = "run-1", **changes: object) -> Evaluation:
    judged = of if isinstance(of, Run) else run(of)
    plain = Evaluation(
        id=evaluation_id,
        at="2026-11-24T05:06:08.000Z",
        run=judged.id,
        ensemble=judged.ensemble,
        task=judged.task,
        text_digest=judged.text_digest,
        bound_digest=judged.bound_digest,
        revision="sha256:policy",
        rubric="output",
        rubric_revision="sha256:rubric",
        judge="human",
        judge_tokens=0,
        reasoning="it says what the text says",
        failure_mode="",
        verdict=Verdict.GOOD,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # whatever a test changes


def tallies(*evaluations: Evaluation) -> dict[str, tuple[Tally, ...]]:
    """Count verdicts as the ledger does: by form, then by judge."""
    digests = {one.bound_digest for one in evaluations}
    return {
        digest: tally(one for one in evaluations if one.bound_digest == digest)
        for digest in digests
    }


# PostgreSQL keeps no NUL: the ledger replaces it, and a test of its own says so.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
COUNT = st.integers(0, 2**40)
SECONDS = st.floats(0, 1e6)
AGENTS = st.builds(
    AgentResult,
    name=TEXT,
    status=st.sampled_from(AgentStatus),
    error=TEXT,
    profile=TEXT,
    model=TEXT,
    input_tokens=COUNT,
    output_tokens=COUNT,
    seconds=SECONDS,
)
TEXTS = [field.name for field in fields(Run) if field.type == "str" and field.name != "id"]
RUNS = st.builds(
    Run,
    id=st.just("made-by-the-test"),
    **dict.fromkeys(TEXTS, TEXT),
    models=st.lists(st.tuples(TEXT, TEXT), max_size=2).map(tuple),
    status=st.sampled_from(RunStatus),
    checks=st.lists(st.builds(Check, name=TEXT, passed=st.booleans(), detail=TEXT)).map(tuple),
    agents=st.lists(AGENTS, max_size=2).map(tuple),
    input_tokens=COUNT,
    output_tokens=COUNT,
    claude_tokens=COUNT,
    delta_tokens=st.integers(-(2**40), 2**40),
    seconds=SECONDS,
    predicted_seconds=SECONDS,
    due=st.booleans(),
    draw=st.floats(0, 1, exclude_max=True),
)
VERDICTS = st.sampled_from(Verdict)
