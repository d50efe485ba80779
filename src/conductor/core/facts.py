"""Facts: the typed things known about a task, and where each value came from."""

from __future__ import annotations

from collections.abc import Mapping

from conductor.core.value import Value
from conductor.errors import UsageError

Scalar = bool | int | str
# Disjoint parts of all values with the weight of each: names, or both ends of every interval.
Weights = tuple[tuple[tuple[Scalar, ...], int], ...]

ENUM, BOOLEAN, INTEGER = "enum", "boolean", "integer"
GIVEN, DERIVED, DEFAULT = "given", "derived", "default"
# What a fact takes from evidence: of the ensemble that would run, or of the decisions before.
USES, ACCEPTANCE, GAIN, REPEATED = "uses", "acceptance_percent", "gain", "repetitions"


class FactSpec(Value):
    """A fact's declaration. `low` and `high` are inclusive and mean something for integers only."""

    __slots__ = (
        "confidence_of",
        "cost",
        "default",
        "evidence",
        "high",
        "kind",
        "low",
        "mask",
        "name",
        "unit",
        "values",
        "weights",
    )

    def __init__(
        self,
        name: str,
        kind: str,
        default: Scalar,
        *,
        values: tuple[str, ...] = (),
        low: int = 0,
        high: int = 0,
        unit: str = "",
        evidence: str = "",
        mask: bool = False,
        confidence_of: str = "",
        cost: int = 1,
        weights: Weights = (),
    ) -> None:
        self.name = name
        self.kind = kind  # ENUM, BOOLEAN or INTEGER
        self.default = default
        self.values = values  # of an enum
        self.low = low
        self.high = high
        self.unit = unit
        self.evidence = evidence  # USES, ACCEPTANCE, GAIN or REPEATED where it is filled so
        self.cost = cost  # of finding it out, against other facts
        self.mask = mask  # never written into the log of decisions
        self.weights = weights  # how often its values are met; empty: each as often
        self.confidence_of = confidence_of  # a fact, if this is how sure its derivation is

    def clamp(self, value: int) -> int:
        """Bring a measured integer into the declared bounds."""
        return max(self.low, min(self.high, value))


class Fact(Value):
    """A value with its source. `over` is what the signals said, where somebody gave the value."""

    __slots__ = ("confidence", "over", "signal", "source", "value", "words")

    def __init__(
        self,
        value: Scalar,
        source: str,
        signal: str = "",
        confidence: float = 1.0,
        words: str = "",
        over: Fact | None = None,
    ) -> None:
        self.value = value
        self.source = source
        self.signal = signal
        self.confidence = confidence  # 0..1
        self.words = words  # of the text, or `[shape]`: never logged
        self.over = over

    def to_json(self, *, words: bool = True, mask: bool = False) -> dict[str, object]:
        """Give the documented object; without `words`, nothing of the text is in it.

        Masked, nothing of it says what the value is.
        """
        if mask:
            return {"source": self.source, "masked": True}
        document: dict[str, object] = {"value": self.value, "source": self.source}
        if self.source == DERIVED:
            document |= {"signal": self.signal, "confidence": self.confidence}
            if words and self.words:
                document["words"] = self.words
        if self.over and self.over.value != self.value:
            document["derived"] = self.over.to_json(words=words)
        return document


def read(specs: Mapping[str, FactSpec], name: str, raw: object) -> Scalar:
    """Check a given value, text or JSON, against the declaration; raises UsageError."""
    spec = specs.get(name)
    if spec is None:
        raise UsageError(f"unknown fact `{name}`", hint=_nearest(name, specs, "facts"))
    if spec.kind == BOOLEAN:
        return _boolean(spec, raw)
    if spec.kind == INTEGER:
        return _integer(spec, raw)
    if isinstance(raw, str) and raw in spec.values:
        return raw
    hint = _nearest(str(raw), spec.values, "values")
    raise UsageError(f"fact `{name}` has no value {_said(spec, raw)}", hint=hint)


def _boolean(spec: FactSpec, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if raw in ("true", "false"):
        return raw == "true"
    raise UsageError(
        f"fact `{spec.name}` is a boolean, not {_said(spec, raw)}", hint="write `true` or `false`"
    )


def _integer(spec: FactSpec, raw: object) -> int:
    try:
        value = int(raw) if isinstance(raw, str) else raw
    except ValueError:
        value = None
    if not isinstance(value, int) or isinstance(value, bool):
        hint = f"write a whole number of {spec.unit}" if spec.unit else "write a whole number"
        raise UsageError(f"fact `{spec.name}` is an integer, not {_said(spec, raw)}", hint=hint)
    if not spec.low <= value <= spec.high:
        raise UsageError(
            f"fact `{spec.name}` is {'***' if spec.mask else value}, outside its bounds",
            hint=f"give a value from {spec.low} to {spec.high}",
        )
    return value


def _said(spec: FactSpec, raw: object) -> str:
    """Repeat a value in a message, which may end in the log of decisions."""
    return "***" if spec.mask else f"`{raw}`"


def _nearest(word: str, known: object, what: str) -> str:
    from difflib import get_close_matches  # only a mistake pays for it

    names = [str(name) for name in known]  # type: ignore[attr-defined]  # any iterable of names
    if close := get_close_matches(word, names, n=1):
        return f"did you mean `{close[0]}`?"
    return f"known {what}: {', '.join(sorted(names))}"
