"""Training rows out of triples of input, local output and judgement, in the forms trainers load.

The forms are those that TRL documents: conversational prompt and completion (SFT), preference (DPO)
and unpaired preference (KTO). No row has a null: a column that is null in a whole file has no type.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from conductor.core.digest import digest_bytes
from conductor.core.near import clusters
from conductor.core.rubric import Rubric, Verdict

Row = dict[str, object]
Message = dict[str, str]


class Format(StrEnum):
    SFT = "sft"
    DPO = "dpo"
    KTO = "kto"
    JUDGE = "judge"
    ROUTING = "routing"


class Split(StrEnum):
    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


_SHARES = ((80, Split.TRAIN), (90, Split.VALIDATION), (100, Split.TEST))  # percent, cumulative


@dataclass(frozen=True, slots=True, kw_only=True)
class Triple:
    """A judged run with its texts, secrets taken out."""

    run: str
    task: str
    model: str
    instruction: str  # what the ensemble was told to do
    input: str
    output: str
    judge: str
    reasoning: str
    failure_mode: str
    verdict: Verdict
    rubric: Rubric


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A row, the split it belongs to, and the runs that it is made of."""

    row: Row
    split: Split
    source: str  # digest of the input that all rows of its cluster share a split by
    runs: tuple[str, ...]


def examples(form: Format, triples: Sequence[Triple]) -> tuple[list[Example], int]:
    """Make the rows, oldest first, and count the near-duplicates that were dropped.

    Inputs that are nearly the same are one source: all its rows are in one split, and of those
    that would teach the same thing the oldest stays.
    """
    roots = clusters([one.input for one in triples])
    by_source: dict[int, list[Triple]] = defaultdict(list)
    for root, one in zip(roots, triples, strict=True):
        by_source[root].append(one)
    make, rows, dropped = _MAKERS[form], [], 0
    for root, some in by_source.items():
        source = digest_bytes(triples[root].input.encode())
        taught: set[str] = set()
        for label, row, runs in make(some):
            if label in taught:
                dropped += 1
                continue
            taught.add(label)
            rows.append(Example(row=row, split=split_of(source), source=source, runs=runs))
    return rows, dropped


def split_of(source: str) -> Split:
    """Choose a split by the digest of a source alone: a row never moves."""
    share = int(source.removeprefix("sha256:")[:8], 16) % 100
    return next(split for below, split in _SHARES if share < below)


Made = tuple[str, Row, tuple[str, ...]]  # what it teaches, the row, its runs


def _sft(some: Sequence[Triple]) -> Iterator[Made]:
    for one in some:
        if one.verdict is Verdict.GOOD:
            yield "good", {"prompt": _prompt(one), "completion": [_said(one.output)]}, (one.run,)


def _kto(some: Sequence[Triple]) -> Iterator[Made]:
    for one in some:
        if one.verdict is not Verdict.ACCEPTABLE:  # neither to be wanted nor to be avoided
            good = one.verdict is Verdict.GOOD
            row: Row = {
                "prompt": _prompt(one),
                "completion": [_said(one.output)],
                "label": good,
            }
            yield str(good), row, (one.run,)


def _dpo(some: Sequence[Triple]) -> Iterator[Made]:
    """Pair outputs about the very same input and instruction."""
    for chosen in some:
        for rejected in some:
            same = (chosen.input, chosen.instruction) == (rejected.input, rejected.instruction)
            if same and chosen.verdict is Verdict.GOOD and rejected.verdict is Verdict.POOR:
                row: Row = {
                    "prompt": _prompt(chosen),
                    "chosen": [_said(chosen.output)],
                    "rejected": [_said(rejected.output)],
                }
                yield "pair", row, (chosen.run, rejected.run)


def _judge(some: Sequence[Triple]) -> Iterator[Made]:
    for one in some:
        answer = {
            "reasoning": one.reasoning,
            "failure_mode": one.failure_mode or "none",
            "verdict": str(one.verdict),
        }
        completion = _said(json.dumps(answer, ensure_ascii=False))
        row: Row = {"prompt": _question(one), "completion": [completion]}
        yield str(one.verdict), row, (one.run,)


_MAKERS: Mapping[Format, Callable[[Sequence[Triple]], Iterator[Made]]] = {
    Format.SFT: _sft,
    Format.DPO: _dpo,
    Format.KTO: _kto,
    Format.JUDGE: _judge,
}


def _prompt(one: Triple) -> list[Message]:
    return [
        {"role": "system", "content": one.instruction},
        {"role": "user", "content": one.input},
    ]


def _question(one: Triple) -> list[Message]:
    """Ask as a judge is asked: the rubric, then both texts."""
    rubric = one.rubric
    lines = [
        rubric.question,
        *(f"- {verdict}: {meaning}" for verdict, meaning in rubric.anchors),
        "Failure modes, of a poor output only:",
        *(f"- {name}: {meaning}" for name, meaning in rubric.failure_modes),
        "Answer with one JSON object: reasoning, failure_mode (or none), verdict, in this order.",
    ]
    texts = f"Instruction:\n{one.instruction}\n\nInput:\n{one.input}\n\nOutput:\n{one.output}"
    return [
        {"role": "system", "content": "\n".join(lines)},
        {"role": "user", "content": texts},
    ]


def _said(text: str) -> Message:
    return {"role": "assistant", "content": text}
