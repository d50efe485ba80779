"""Whether fine-tuning would be the right remedy: questions, answered as far as is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conductor.core.evaluation import Verdict
from conductor.core.evidence import Tally
from conductor.core.judged import Judged
from conductor.core.learning import LoraCandidate
from conductor.core.lineage import lineage

FOR, AGAINST, OPEN = "for", "against", "open"

# What is cheaper to try first where an output fails in this way.
_CHEAPER = {
    "wrong-format": "a schema or examples in the prompt cost nothing and often mend the form",
    "truncated": "a higher token limit or a shorter input mends it",
    "repetition": "a token limit, another temperature or a larger class mends it more often",
    "wrong-label": "a closed set of labels (template `classify`) keeps it inside the set",
}
_NARROW = "knowledge that the model does not have is not learnt from a few hundred examples"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something to know before anybody trains; `speaks` is FOR, AGAINST or OPEN."""

    question: str
    answer: str
    speaks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FineTuning:
    """A candidate, examined. `now` and `at_most` are acceptance in percent.

    `at_most` is what would be accepted if the failure mode vanished and nothing else changed:
    the gain is somewhere between nothing and that, and only held-out inputs tell where.
    """

    candidate: LoraCandidate
    tally: Tally
    now: int
    at_most: int
    questions: tuple[Question, ...]


def examine(
    candidate: LoraCandidate,
    judged: Iterable[Judged],
    models: Mapping[str, str],
    *,
    uses: int,
    needed: int,
) -> FineTuning:
    """Answer from what was judged; `needed` inputs make a dataset, `uses` are runs of the task."""
    by_model = _by_model([one for one in judged if candidate.task in lineage(one.task)], models)
    tally = by_model.pop(candidate.model, _nothing())
    inputs = sum(
        one.inputs
        for one in judged
        if candidate.task in lineage(one.task) and one.verdict is not Verdict.POOR
    )
    accepted = min(tally.judged, tally.accepted + candidate.matching)
    return FineTuning(
        candidate=candidate,
        tally=tally,
        now=tally.acceptance_percent,
        at_most=accepted * 100 // tally.judged if tally.judged else 0,
        questions=(
            _form(candidate.failure_mode),
            _larger(tally, by_model),
            Question(
                question="does the task come back often, and in one shape?",
                answer=f"{uses:,} runs so far; {_NARROW}",
                speaks=FOR if uses >= needed else OPEN,
            ),
            Question(
                question="is there enough to learn from?",
                answer=f"{inputs:,} accepted inputs of {needed:,} that a dataset needs",
                speaks=FOR if inputs >= needed else AGAINST,
            ),
        ),
    )


def _form(mode: str) -> Question:
    cheaper = _CHEAPER.get(mode)
    return Question(
        question="is it the model, and not the prompt or the form of the answer?",
        answer=cheaper or f"`{mode}` is rarely mended by a schema; try a clearer prompt first",
        speaks=AGAINST if cheaper else OPEN,
    )


def _larger(tally: Tally, others: Mapping[str, Tally]) -> Question:
    question = "does another model do it already?"
    better = {
        name: other
        for name, other in others.items()
        if other.judged and other.interval_percent[0] > tally.interval_percent[1]
    }
    if better:
        name = max(better, key=lambda one: better[one].interval_percent[0])
        rate = f"{better[name].accepted} of {better[name].judged} accepted"
        return Question(question=question, answer=f"{name} does: {rate}", speaks=AGAINST)
    tried = ", ".join(f"{name} ({one.accepted} of {one.judged})" for name, one in others.items())
    answer = f"none that was tried is surely better: {tried}" if tried else "none was tried"
    return Question(question=question, answer=answer, speaks=FOR if tried else OPEN)


def _by_model(judged: Iterable[Judged], models: Mapping[str, str]) -> dict[str, Tally]:
    """Count by base model, as the judge of most verdicts about the task says; others are left."""
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for one in judged:
        of_judge = counts.setdefault(one.judge, {})
        model = of_judge.setdefault(models.get(one.bound_digest, ""), dict.fromkeys(Verdict, 0))
        model[one.verdict] += one.count
    leading = max(
        sorted(counts), key=lambda judge: sum(map(_total, counts[judge].values())), default=""
    )
    return {
        model: Tally(judge=leading, **{str(key): number for key, number in verdicts.items()})
        for model, verdicts in counts.get(leading, {}).items()
    }


def _total(verdicts: Mapping[str, int]) -> int:
    return sum(verdicts.values())


def _nothing() -> Tally:
    return Tally(judge="", poor=0, acceptable=0, good=0)
