"""Whether delegating a task pays: what Claude would spend on it, against what delegating costs.

Amounts are tokens of Claude, one that it writes counted as several that it reads. Costs are taken
at their highest, as in the account of savings: as if Claude made every call.
"""

from __future__ import annotations

from collections.abc import Mapping

from conductor.core.lineage import nearest
from conductor.core.value import Value

_LARGEST = 1_000_000  # tokens: larger tasks have other troubles


class Measured(Value):
    """What the uses of an ensemble's present form came to here, per use."""

    __slots__ = ("judging", "kept_percent", "output", "uses")

    def __init__(self, uses: int, output: int, judging: int, kept_percent: int) -> None:
        self.uses = uses
        self.output = output  # tokens, on average
        self.judging = (
            judging  # tokens to expect: what a judgement takes, times how often one is due
        )
        self.kept_percent = kept_percent  # of the outputs: neither turned down nor poor

    def to_json(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}


class Account(Value):
    """Both sides for one task. `uses` it was measured in; 0: the policy assumes the cost."""

    __slots__ = ("alone", "cost", "gain", "uses")

    def __init__(self, alone: int, gain: int, cost: int, uses: int) -> None:
        self.alone = alone  # what the task takes without delegating
        self.gain = gain
        self.cost = cost
        self.uses = uses

    @property
    def words(self) -> str:
        how = f"measured in {self.uses:,} uses" if self.uses else "assumed by the policy"
        return f"{self.alone:,} tokens for Claude alone, {self.cost:,} to delegate, {how}"


class Delegation(Value):
    """What the policy says about it, with what the calls cost."""

    __slots__ = (
        "measured_uses",
        "outputs",
        "read",
        "repetitions",
        "unmeasured",
        "weight",
        "within_input",
        "written",
    )

    def __init__(  # noqa: PLR0913 - a table of numbers, as it stands in the policy
        self,
        *,
        weight: int = 1,
        read: int = 0,
        written: int = 0,
        measured_uses: int = 1,
        unmeasured: int = 0,
        outputs: Mapping[str, int] | None = None,
        within_input: tuple[str, ...] = (),
        repetitions: int = 1,
    ) -> None:
        self.weight = weight  # tokens read that one written token is worth
        self.read = read  # by Claude, for the calls
        self.written = written
        self.measured_uses = measured_uses  # of a form, from which its own numbers count
        self.unmeasured = unmeasured  # the cost until then, without reading the output; 0: unknown
        self.outputs = outputs or {}  # expected tokens, by task type
        self.repetitions = repetitions  # expected uses, from which making an ensemble is proposed
        self.within_input = (
            within_input  # task types whose output is no longer than what it is made from
        )

    def account(self, task: str, size: int, measured: Measured | None) -> Account | None:
        """Set both sides against each other; None where the cost is not known."""
        if measured and measured.uses >= self.measured_uses:
            output = self._bounded(task, size, measured.output)
            cost = self.read + self.weight * (self.written + measured.judging) + output
            kept, uses = measured.kept_percent, measured.uses
        elif self.unmeasured:
            output = self._bounded(task, size, self.outputs.get(nearest(task, self.outputs), 0))
            cost, kept, uses = self.unmeasured + output, 100, 0
        else:
            return None
        alone = size + self.weight * output
        return Account(alone, alone * kept // 100 - cost, cost, uses)

    def pays_from(self, task: str, measured: Measured | None) -> int | None:
        """Find the size from which such a task gains; None where that is not known, or never."""
        low, high = 0, _LARGEST
        largest = self.account(task, high, measured)
        if largest is None or largest.gain < 0:
            return None
        while low < high:
            middle = (low + high) // 2
            account = self.account(task, middle, measured)
            low, high = (low, middle) if account and account.gain >= 0 else (middle + 1, high)
        return low

    def _bounded(self, task: str, size: int, output: int) -> int:
        return min(output, size) if nearest(task, self.within_input) else output

    def to_json(self) -> dict[str, object]:
        return {
            name: list(value) if isinstance(value := getattr(self, name), tuple) else value
            for name in self.__slots__
        }


def from_json(document: Mapping[str, object]) -> Delegation:
    """Read what `to_json` wrote."""
    return Delegation(**{**document, "within_input": tuple(document["within_input"])})  # type: ignore[arg-type]  # as dumped
