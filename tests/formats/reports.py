"""A report of made-up numbers, and the worked example of docs/savings.md."""

from __future__ import annotations

from dataclasses import replace

from conductor.core.evidence import Evidence, Tally
from conductor.core.footprint import footprint
from conductor.core.insights import Insight, Kind
from conductor.core.judged import Outputs
from conductor.core.learning import LoraCandidate
from conductor.core.price import Baseline, Price
from conductor.core.promotion import Standing
from conductor.core.report import (
    Line,
    Missed,
    Period,
    Periods,
    Report,
    Superseded,
    escalations,
)
from conductor.core.run import RunStatus
from conductor.core.sampling import Sampling, stage
from conductor.core.savings import Savings, savings
from tests.samples import run, used

SAMPLING = Sampling(
    calibration_uses=5, rate=0.15, established_uses=20, established_acceptance_percent=80
)
OPUS = Price(input=4, cache_write=5, output=20, currency="USD", date="2026-11-23", source="s")
HAIKU = replace(OPUS, input=0.1, cache_write=0.125, output=0.5, date="2026-05-01")


def example() -> Savings:
    """The numbers of the worked example."""
    days = [used("a", 10, 12_000, day=f"2026-11-{day:02}") for day in range(1, 11)]
    usage = [
        *days,
        used("a", 5, 6_000, day="2026-11-01", status=RunStatus.REJECTED),
        used("a", 2, 0, day="2026-11-02", status=RunStatus.FAILED),
        used("b", 10, 2_000, day="2026-11-03"),
    ]
    judged = Outputs(
        bound_digest="a",
        judged_runs=20,
        accepted_runs=17,
        accepted_tokens=20_400,
        poor_runs=3,
        poor_tokens=3_600,
        judge_tokens=6_000,
    )
    return savings(usage, [judged])


def line(name: str, task: str, uses: int, *tallies: Tally, **changes: object) -> Line:
    evidence = Evidence(
        ensemble=name,
        task=task,
        text_digest="sha256:text",
        bound_digest=f"sha256:{name}",
        uses=uses,
        rejected=uses // 20,
        tallies=tallies,
    )
    plain = Line(
        evidence=evidence,
        stage=stage(SAMPLING, evidence.known),
        standings=(
            Standing(tier="global", good=evidence.leading.good, needed=3),
            Standing(tier="library", good=evidence.leading.good, needed=5),
        ),
        superseded=(),
        judged=evidence.leading.judged,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # whatever a test changes


def tally(judge: str, poor: int, acceptable: int, good: int) -> Tally:
    return Tally(judge=judge, poor=poor, acceptable=acceptable, good=good)


def rich(**changes: object) -> Report:
    """A report in which every section has something to say."""
    usage = [
        used("a", 120, 144_000, ensemble="extract-endpoints"),
        used("b", 60, 2_400, ensemble="classify-issue"),
        used("b", 6, 240, ensemble="classify-issue", status=RunStatus.REJECTED),
        used("c", 3, 900, ensemble="summarize-document"),
        used("c", 1, 0, ensemble="summarize-document", status=RunStatus.FAILED),
    ]
    weeks = (0, 4_000, 11_000, 9_500, 0, 16_000, 24_000, 22_500, 31_000, 29_300)
    near = Insight(
        kind=Kind.NEAR_MISS,
        subject="extraction-short-fixed",
        detail="document_tokens",
        count=17,
        total=210,
        fact="document_tokens",
    )
    plain = Report(
        revision="sha256:0f6d2c81f0aa",
        made_on="2026-11-25",
        lines=(
            line("classify-issue", "classification", 66, tally("claude", 1, 2, 9)),
            line(
                "extract-endpoints",
                "extraction",
                120,
                tally("claude", 1, 4, 18),
                tally("human", 0, 1, 5),
            ),
            line(
                "summarize-document",
                "summarization",
                3,
                superseded=(Superseded(evaluations=4, changes=None),),
            ),
        ),
        savings=example(),
        baselines=(
            Baseline(model="claude-opus-5-5", price=OPUS),
            Baseline(model="claude-haiku-5-5", price=HAIKU, stale=True),
            Baseline(model="claude-next", price=None),
        ),
        periods=Periods(
            days=7,
            each=tuple(
                Period(
                    day=f"2026-{9 + (7 + number * 7) // 30:02}-{(7 + number * 7) % 30 + 1:02}",
                    runs=saved // 900,
                    saved=saved,
                    lost=saved // 17,
                )
                for number, saved in enumerate(weeks)
            ),
        ),
        escalations=escalations(usage),
        paying={"classify-issue": footprint(33), "extract-endpoints": footprint(1_100)},
        missed=Missed(decisions=640, local=180, unused=41, near=(near,)),
        pending=tuple(run(f"1m88vejq{n:04}", due_reason="drawn: 0.031 < 0.15") for n in range(7)),
        candidates=(
            LoraCandidate(
                task="classification",
                failure_mode="wrong-label",
                poor=3,
                matching=3,
                evaluations=("e1", "e2", "e3"),
                model="qwen3:0.6b",
            ),
        ),
        decisions={"claude": 430, "local": 180, "ask": 30},
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # whatever a test changes


def empty() -> Report:
    """A report before anything ran."""
    return rich(
        lines=(),
        savings=savings([], []),
        periods=Periods(days=1, each=()),
        escalations=(),
        paying={},
        missed=Missed(decisions=0, local=0, unused=0, near=()),
        pending=(),
        candidates=(),
        decisions={},
    )
