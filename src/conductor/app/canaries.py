"""Planted outputs that are known to be poor, and what a local judge said about them."""

from __future__ import annotations

from functools import cached_property

from conductor.app.evaluate import texts_of
from conductor.app.project import Project
from conductor.app.record import models_of
from conductor.app.run import Prepared
from conductor.core.canary import Canary, drawn, garbled, swapped
from conductor.core.entries import CanaryVerdict, Context
from conductor.core.evaluation import CLAUDE, HUMAN, Verdict
from conductor.core.judgement import Judgement
from conductor.core.rubric import Rubric
from conductor.core.run import Run
from conductor.core.sampling import draw

_NEWEST = 50  # good runs that canaries are made of
_HALF = 0.5


class Planting:
    """Makes canaries of runs that people or Claude judged good, as far as their texts are kept."""

    def __init__(self, project: Project, judge: str, prepared: Prepared, rubric: Rubric) -> None:
        self._project = project
        self._judge = judge
        self._prepared = prepared
        self._rubric = rubric

    def canary(self, run_id: str) -> tuple[Run, Canary] | None:
        """Give a canary where one is drawn for this run, with the run that it is made of."""
        if not drawn(run_id, self._project.judging.handover.canary_percent) or not self._good:
            return None
        first = int(draw(f"of {run_id}") * len(self._good))
        run, texts = self._good[first]
        others = [other for _, other in (*self._good[first + 1 :], *self._good[:first])]
        swaps = (found for other in others if (found := swapped(texts, other)))
        mixed = garbled(texts)
        if mixed and draw(f"kind {run_id}") < _HALF:
            return run, mixed
        found = next(swaps, None) or mixed
        return (run, found) if found else None

    def record(self, canary: Canary, said: Judgement, engine_version: str) -> None:
        """Append what the judge said."""
        project, loaded = self._project, self._prepared.loaded
        project.ledger.add(
            CanaryVerdict(
                id=project.new_id(),
                at=project.now(),
                context=Context(
                    ensemble=self._judge,
                    text_digest=loaded.closure.text_digest,
                    bound_digest=self._prepared.bound_digest,
                    models=models_of(self._prepared.bound),
                    engine="llm-orc",
                    engine_version=engine_version,
                    revision=project.judging.revision,
                    rubric_revision=self._rubric.revision,
                ),
                canary=canary.digest,
                kind=canary.kind,
                reasoning=said.reasoning,
                failure_mode=said.failure_mode,
                verdict=said.verdict,
            )
        )

    @cached_property
    def _good(self) -> list[tuple[Run, tuple[str, str]]]:
        ledger = self._project.ledger
        judged = {
            one.run: None
            for one in reversed(ledger.evaluations())
            if one.judge in (HUMAN, CLAUDE)
            and one.verdict is Verdict.GOOD
            and one.rubric_revision == self._rubric.revision
        }
        runs = (ledger.run(run_id) for run_id in list(judged)[:_NEWEST])
        kept = ((run, texts_of(self._project, run)) for run in runs if run)
        return [
            (run, (texts.input, texts.output))
            for run, texts in kept
            if texts.input and texts.output
        ]
