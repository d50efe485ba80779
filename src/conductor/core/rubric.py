"""Rubrics: what a judge answers about an output, and how the verdict follows from the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """The three points, the worst first."""

    POOR = "poor"
    ACCEPTABLE = "acceptable"
    GOOD = "good"


class Answer(StrEnum):
    """How far an output meets a criterion."""

    MET = "met"
    PARTLY = "partly"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One question, and the best verdict that is left when its answer is not `met`."""

    name: str
    question: str
    partly: Verdict = Verdict.ACCEPTABLE
    missed: Verdict = Verdict.POOR

    def ceiling(self, answer: Answer) -> Verdict:
        at_most = {Answer.MET: Verdict.GOOD, Answer.PARTLY: self.partly, Answer.MISSED: self.missed}
        return at_most[answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A judgement that shows where a line is drawn."""

    input: str
    output: str
    reasoning: str
    verdict: Verdict
    failure_mode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """The questions a judge answers; `revision` is the digest of its content."""

    name: str
    question: str
    anchors: tuple[tuple[Verdict, str], ...]  # what each verdict means
    failure_modes: tuple[tuple[str, str], ...]  # closed list: name, description
    revision: str
    tasks: tuple[str, ...] = ()  # task types, with their children, that it is for
    criteria: tuple[Criterion, ...] = ()  # without any, a judge gives the verdict directly
    examples: tuple[Example, ...] = ()


def rubric_from(document: Mapping[str, Any]) -> Rubric:
    """Take a rubric out of the bundle's form of it."""
    return Rubric(
        name=document["name"],
        question=document["question"],
        anchors=tuple((verdict, document["verdicts"][verdict]) for verdict in Verdict),
        failure_modes=tuple(document["failure_modes"].items()),
        revision=document["revision"],
        tasks=tuple(document["tasks"]),
        criteria=tuple(_criterion(name, document["criteria"][name]) for name in document["order"]),
        examples=tuple(_example(one) for one in document["examples"]),
    )


def follows(rubric: Rubric, answers: Mapping[str, Answer]) -> Verdict:
    """Derive the verdict: the worst of what the answers leave possible.

    `answers` has every criterion of the rubric. INVARIANT: a better answer never gives a worse
    verdict, because a criterion's `missed` never leaves more than its `partly` (compile checks).
    """
    worst_first = list(Verdict)
    left = [one.ceiling(answers[one.name]) for one in rubric.criteria]
    return min(left, key=worst_first.index, default=Verdict.GOOD)


def suiting(rubrics: Mapping[str, Rubric], task: str) -> Rubric | None:
    """Give the rubric that is for this task type, or for its nearest ancestor."""
    parts = task.split(".")
    for length in range(len(parts), 0, -1):
        family = ".".join(parts[:length])
        if found := next((one for one in rubrics.values() if family in one.tasks), None):
            return found
    return None


def _criterion(name: str, document: Mapping[str, Any]) -> Criterion:
    partly, missed = Verdict(document["partly"]), Verdict(document["missed"])
    return Criterion(name=name, question=document["question"], partly=partly, missed=missed)


def _example(document: Mapping[str, Any]) -> Example:
    given = {**document, "failure_mode": document["failure_mode"] or ""}
    return Example(**{**given, "verdict": Verdict(given["verdict"])})
