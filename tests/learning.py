"""A history of decisions, runs and judgements that speaks for other numbers."""

from __future__ import annotations

from pathlib import Path

from conductor.app.evaluate import evaluate
from conductor.app.project import Project
from conductor.app.route import Router
from tests.samples import run

GOOD = {"reasoning": "as the text says", "verdict": "good"}
POOR = {"reasoning": "it invents", "verdict": "poor", "failure_mode": "invented-content"}


def seed(root: Path) -> None:
    """Short documents were done well, long ones badly; people called five extractions otherwise."""
    router = Router(str(root), log=True, say=print)
    with Project(str(root)) as project:
        for number in range(50):
            long = number % 2
            size = 6000 + number if long else 900 + number
            facts = {"task": "summarization", "documents": 1, "document_tokens": size}
            decision, logged = router.decide("", facts)
            one = run(f"run-{number:02}", decision=logged, outcome=decision.outcome)
            project.ledger.add_run(one, input_text=None, output_text=None)
            evaluate(project, one, POOR if long else GOOD)
        for _ in range(5):
            router.decide("Extract all the names as json", {"task": "classification"})
