"""Triples of input, local output and judgement, as far as the texts were kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from conductor.app.ensembles import load
from conductor.app.project import Project
from conductor.core.closure import agents_of
from conductor.core.dataset import Triple
from conductor.core.evaluation import CLAUDE, HUMAN, Evaluation
from conductor.core.redact import redact
from conductor.core.run import Run
from conductor.core.usage import base_models
from conductor.errors import ConductorError

_WANTED = (HUMAN, CLAUDE)  # whose word on a run counts, the first before the second


class Collector:
    """Puts the triples together, and counts what cannot be one."""

    def __init__(self, project: Project, *, judge_set: bool, with_claude: bool) -> None:
        self.project = project
        self.judge_set = judge_set
        self.with_claude = with_claude
        self.left_out: Counter[str] = Counter()
        self.redactions = 0
        self.models = base_models(project.ledger.usage())
        self.instruction = cache(self._instruction)

    def triples(self) -> Iterator[Triple]:
        """Give the judged runs, oldest first, each once unless every judgement is a row."""
        judged: dict[str, list[Evaluation]] = {}
        for one in self.project.ledger.evaluations():
            judged.setdefault(one.run, []).append(one)
        for run_id in sorted(judged):
            chosen = self._chosen(judged[run_id])
            run = self.project.ledger.run(run_id) if chosen else None
            for one in chosen:
                if run and (triple := self._triple(run, one)):
                    yield triple

    def _chosen(self, judged: Sequence[Evaluation]) -> list[Evaluation]:
        by_judge = {one.judge: one for one in judged if one.judge in _WANTED}
        if not by_judge:
            self.left_out["judged by neither a person nor Claude"] += 1
        if self.judge_set:
            if CLAUDE in by_judge and not self.with_claude:
                self.left_out["the reasoning is Claude's: pass --with-claude"] += 1
                del by_judge[CLAUDE]
            return list(by_judge.values())
        return [by_judge[name] for name in _WANTED if name in by_judge][:1]

    def _triple(self, run: Run, one: Evaluation) -> Triple | None:
        rubric = self.project.judging.rubrics.get(one.rubric)
        texts = [self.project.ledger.content(at) for at in (run.input_digest, run.output_digest)]
        instruction = self.instruction(run.ensemble, run.text_digest)
        why = (
            "its texts were not kept, or are forgotten"
            if None in texts
            else "its ensemble is not here in that form any more"
            if not instruction
            else "judged by a rubric that changed since"
            if self.judge_set and (rubric is None or rubric.revision != one.rubric_revision)
            else ""
        )
        if why or rubric is None:
            self.left_out[why or "its rubric is not here any more"] += 1
            return None
        clean = [self._redacted(text or "") for text in (*texts, one.reasoning, instruction)]
        return Triple(
            run=run.id,
            task=run.task,
            model=self.models.get(run.bound_digest, ""),
            input=clean[0],
            output=clean[1],
            reasoning=clean[2],
            instruction=clean[3],
            judge=one.judge,
            failure_mode=one.failure_mode,
            verdict=one.verdict,
            rubric=rubric,
        )

    def _redacted(self, text: str) -> str:
        """Take secrets out again: what is known about them may have grown since."""
        clean, found = redact(text)
        self.redactions += found
        return clean

    def _instruction(self, name: str, text_digest: str) -> str:
        """Give what an ensemble of one agent is told, or what one of several says it does."""
        try:
            loaded = load(self.project.root, name)
        except ConductorError:
            return ""
        if loaded.closure.text_digest != text_digest:
            return ""
        agents = agents_of(loaded.document)
        prompt = str(agents[0].get("system_prompt", "")) if len(agents) == 1 else ""
        return prompt or str(loaded.document.get("description", ""))
