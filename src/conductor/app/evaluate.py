"""`evaluate`: a judgement of a run, reasoning first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple

from conductor.app.evidence import refresh_evidence
from conductor.app.feedback import waiting
from conductor.app.project import Project
from conductor.app.stages import settle
from conductor.core.digest import digest_bytes
from conductor.core.evaluation import CLAUDE, HUMAN, Evaluation
from conductor.core.evidence import USED
from conductor.core.judgement import Answered, Judgement, Mistake, read
from conductor.core.prompting import prompt
from conductor.core.quotes import Texts
from conductor.core.rubric import Rubric, suiting
from conductor.core.run import Run
from conductor.core.tokens import estimate
from conductor.errors import UsageError

OUTPUT = "output"  # the rubric of runs for whose task type there is none
_NO_TEXTS = Texts()
_UNSEEN = "the texts of this run were not kept, so what a model quotes cannot be looked up"
_SHOW = "give them (`--input-file FILE --output-file FILE`), or let a person judge"


def find_run(project: Project, run_id: str) -> Run:
    """Find the run to judge: by a beginning of its id, else the newest that is due."""
    if not run_id:
        pending = waiting(project)
        if not pending:
            raise UsageError(
                "no run is waiting to be judged", hint="name one: `conductor evaluate RUN`"
            )
        return pending[-1]
    run = project.ledger.run(run_id)
    if run is None:
        raise UsageError(f"there is no run `{run_id}`", hint="see `conductor report`")
    if run.status not in USED:
        raise UsageError(
            f"run `{run_id}` {run.status}: there is nothing to judge",
            hint="an outside failure is never a verdict",
        )
    return run


def rubric_of(project: Project, run: Run) -> Rubric:
    """Give the rubric that the spec names, else the one for the task type, else `output`."""
    rubrics = project.judging.rubrics
    entry = project.sections["ensembles"].get(run.ensemble, {})
    named = rubrics.get(entry.get("rubric", "")) or suiting(rubrics, run.task)
    return named or rubrics.get(OUTPUT) or next(iter(rubrics.values()))


def texts_of(
    project: Project, run: Run, *, input_text: str | None = None, output_text: str | None = None
) -> Texts:
    """Give what was judged: as it is kept, or as somebody has it who can show that it is it.

    Raises UsageError when a text that is given is not the run's.
    """
    for name, text, digest in (
        ("input", input_text, run.input_digest),
        ("output", output_text, run.output_digest),
    ):
        if text is not None and digest_bytes(text.encode()) != digest:
            raise UsageError(
                f"this is not the {name} of run `{run.id}`",
                hint=f"give the {name} byte by byte as it was",
            )
    ledger = project.ledger
    return Texts(
        input=ledger.content(run.input_digest) if input_text is None else input_text,
        output=ledger.content(run.output_digest) if output_text is None else output_text,
    )


def prompt_for(project: Project, run: Run, texts: Texts) -> str:
    """Write what a judge is asked; raises UsageError when the texts are not there."""
    if texts.input is None or texts.output is None:
        missing = [name for name in ("input", "output") if getattr(texts, name) is None]
        files = " ".join(f"--{name}-file FILE" for name in missing)
        raise UsageError(
            f"the {' and the '.join(missing)} of run `{run.id}` were not kept",
            hint=f"add `{files}`, or keep texts: `contents = true` under [ledger]",
        )
    return prompt(rubric_of(project, run), run, texts.input, texts.output)


def mistakes_in(
    project: Project,
    run: Run,
    record: Mapping[str, object],
    *,
    judge: str,
    texts: Texts = _NO_TEXTS,
) -> tuple[Mistake, ...]:
    """Find everything that is wrong with a record, by its place in the record."""
    found = _read(project, run, record, judge, _known(project, run, texts))
    return () if isinstance(found, Judgement) else found


def evaluate(
    project: Project,
    run: Run,
    record: Mapping[str, object],
    *,
    judge: str = HUMAN,
    judge_tokens: int | None = None,
    texts: Texts = _NO_TEXTS,
) -> Evaluation:
    """Append a judgement and bring the evidence up to date.

    `record` is what `core.judgement` reads, in the order it was written. A second judgement of a
    run by the same judge replaces the first one in every figure. Raises UsageError that names
    every mistake.
    """
    known = _known(project, run, texts)
    found = _read(project, run, record, judge, known)
    if not isinstance(found, Judgement):
        raise UsageError("; ".join(map(str, found)), hint=found[0].hint)
    rubric = rubric_of(project, run)
    earlier = [one for one in project.ledger.evaluations(run_id=run.id) if one.judge == judge]
    evaluation = Evaluation(
        id=project.new_id(),
        at=project.now(),
        run=run.id,
        ensemble=run.ensemble,
        task=run.task,
        text_digest=run.text_digest,
        bound_digest=run.bound_digest,
        revision=project.judging.revision,
        rubric=rubric.name,
        rubric_revision=rubric.revision,
        judge=judge,
        judge_tokens=_tokens(project, run, record, judge, known)
        if judge_tokens is None
        else judge_tokens,
        reasoning=found.reasoning,
        failure_mode=found.failure_mode,
        verdict=found.verdict,
        supersedes=earlier[-1].id if earlier else "",
        detail=json.dumps({name: _answered(one) for name, one in found.answers.items()}),
    )
    project.ledger.add_evaluation(evaluation)
    settle(project, run.ensemble, run.bound_digest)
    refresh_evidence(project)
    return evaluation


def _known(project: Project, run: Run, texts: Texts) -> Texts:
    return texts if texts.whole else texts_of(project, run)


def _read(
    project: Project, run: Run, record: Mapping[str, object], judge: str, texts: Texts
) -> Judgement | tuple[Mistake, ...]:
    if judge != HUMAN and not texts.whole:
        return (Mistake(path=("criteria",), message=_UNSEEN, hint=_SHOW),)
    return read(rubric_of(project, run), record, judge=judge, texts=texts)


def _tokens(
    project: Project, run: Run, record: Mapping[str, object], judge: str, texts: Texts
) -> int:
    """Say what judging cost: as the record says, else estimated for Claude, else nothing."""
    said = record.get("judge_tokens")
    if isinstance(said, int) or judge != CLAUDE:
        return said if isinstance(said, int) else 0
    asked = prompt_for(project, run, texts)  # which Claude had: else its record is refused
    percent: int = project.sections["models"]["claude_tokens"]["percent"]
    return (estimate(asked) + estimate(json.dumps(record))) * percent // 100


def _answered(one: Answered) -> dict[str, object]:
    return {
        "evidence": [list(astuple(quote)) for quote in one.evidence],
        "reasoning": one.reasoning,
        "answer": one.answer,
    }
