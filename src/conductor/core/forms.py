"""The outputs of each form of an ensemble that passed their checks, and what was said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil
from typing import NamedTuple

from conductor.core.evidence import wilson
from conductor.core.judged import Outputs
from conductor.core.run import RunStatus
from conductor.core.usage import Usage


class Form(NamedTuple):
    """The runs of one form that succeeded, and the tokens of their outputs."""

    runs: int
    tokens: int
    outputs: Outputs
    length: int = 0  # tokens that its models wrote in one run, all agents together

    @property
    def judged(self) -> int:
        return self.outputs.accepted_runs + self.outputs.poor_runs

    @property
    def rest(self) -> int:
        """Tokens of the outputs that nobody judged."""
        return self.tokens - self.outputs.accepted_tokens - self.outputs.poor_tokens

    @property
    def poor(self) -> tuple[float, float]:
        """The 95 % interval of the share that is poor."""
        return wilson(self.outputs.poor_runs, self.judged)


def forms_of(usage: Sequence[Usage], outputs: Mapping[str, Outputs]) -> list[Form]:
    runs, tokens, local = Counter[str](), Counter[str](), Counter[str]()
    for one in usage:
        if one.status is RunStatus.SUCCEEDED:
            runs[one.bound_digest] += one.runs
            tokens[one.bound_digest] += one.claude_tokens
            local[one.bound_digest] += one.output_tokens
    return [
        Form(
            runs[digest],
            tokens[digest],
            outputs.get(digest, Outputs(bound_digest=digest)),
            ceil(local[digest] / runs[digest]),
        )
        for digest in runs
    ]
