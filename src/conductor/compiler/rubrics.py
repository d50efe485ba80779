"""Rubrics in the bundle, and what is wrong with them although each of their values is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from conductor.compiler.problems import Word
from conductor.compiler.source_judging import CriterionDoc, RubricDoc
from conductor.compiler.text import Parsed
from conductor.core.digest import digest
from conductor.core.finding import Finding
from conductor.core.rubric import Verdict

_WORST_FIRST = [str(verdict) for verdict in Verdict]


def document(doc: RubricDoc) -> dict[str, object]:
    """Give a rubric as the bundle holds it."""
    content = doc.model_dump(exclude={"format"})
    content["order"] = list(doc.criteria)  # canonical JSON sorts keys, and a judge asks in order
    return content | {"revision": digest(content)}


def check_rubrics(
    rubrics: Sequence[tuple[Parsed, RubricDoc]], tasks: Iterable[str]
) -> Iterator[Finding]:
    known, serving, files = set(tasks), dict[str, str](), dict[str, str]()
    for parsed, doc in rubrics:
        if other := files.get(doc.name):
            message = f"the rubric `{doc.name}` is in {other} already"
            at = parsed.at("name")
            yield Finding(name="two-rubrics", message=message, at=at, hint="rename one of the two")
        files.setdefault(doc.name, parsed.file)
        for index, task in enumerate(doc.tasks):
            at = parsed.at("tasks", index)
            if task not in known:
                message = f"unknown task type `{task}`"
                yield Word(parsed, ("tasks", index)).not_among(known, "unknown-task", message)
            elif other := serving.get(task):
                message = f"`{task}` has the rubric `{other}` already"
                hint = "keep the task type in one of the two"
                yield Finding(name="two-rubrics", message=message, at=at, hint=hint)
            serving.setdefault(task, doc.name)
        for name, criterion in doc.criteria.items():
            yield from _criterion(parsed, name, criterion)
        yield from _examples(parsed, doc)


def _criterion(parsed: Parsed, name: str, criterion: CriterionDoc) -> Iterator[Finding]:
    if _WORST_FIRST.index(criterion.missed) > _WORST_FIRST.index(criterion.partly):
        yield Finding(
            name="contradicting-number",
            message=f"missing `{name}` leaves {criterion.missed}, meeting a part of it only"
            f" {criterion.partly}",
            at=parsed.at("criteria", name, "missed"),
            hint="let `missed` leave no more than `partly`",
        )


def _examples(parsed: Parsed, doc: RubricDoc) -> Iterator[Finding]:
    """Hold the examples to what is asked of every judgement."""
    for index, example in enumerate(doc.examples):
        at = parsed.at("examples", index, "failure_mode")
        mode, poor = example.failure_mode, example.verdict == "poor"
        if mode and mode not in doc.failure_modes:
            path, message = ("examples", index, "failure_mode"), f"unknown failure mode `{mode}`"
            yield Word(parsed, path).not_among(doc.failure_modes, "unknown-value", message)
        elif poor != bool(mode):
            message = f"the example is {example.verdict} and has {mode or 'no failure mode'}"
            hint = "name a failure mode of a poor output, and of no other"
            yield Finding(name="contradicting-example", message=message, at=at, hint=hint)
