"""The bundle: the compiled policy as one JSON object, read by `route` and by every other verb.

`load` is on the start path of `route` and trusts what the compiler wrote; a test proves that
loading what was dumped gives the same policy.
"""

from __future__ import annotations

import json

from conductor.core import condition, delegation
from conductor.core.authorization import Authorization
from conductor.core.facts import FactSpec, Weights
from conductor.core.policy import Candidate, Policy, Rule
from conductor.core.signal import Signal
from conductor.core.signals import Signals
from conductor.errors import UsageError

FORMAT = 1

NUMBERS = ("sampling", "promotion", "learning", "models")  # sections that are no rules

_NESTED = frozenset({"amounts", "order", "patterns"})  # lists of lists


class NewerFormat(UsageError):
    """A newer conductor wrote this bundle: nobody may overwrite it or decide without it."""


def load(text: str) -> Policy:
    """Read a bundle; raises NewerFormat, or UsageError for a file that is no bundle."""
    try:
        document = json.loads(text)
        form = int(document["format"])
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError("the bundle is damaged", hint="run `conductor compile`") from error
    if form > FORMAT:
        raise NewerFormat(
            f"the bundle has format {form}, this conductor reads format {FORMAT}",
            hint="run `conductor compile` with this conductor, or install the newer one",
        )
    masked, costs = set(document["masked"]), document["costs"]
    weights = document.get("weights", {})
    return Policy(
        facts={
            name: _spec(
                name,
                spec,
                mask=name in masked,
                cost=costs.get(name, 1),
                weights=_weights(weights.get(name, ())),
            )
            for name, spec in document["facts"].items()
        },
        signals=Signals(
            tuple(_signal(*signal) for signal in document["signals"]),
            tuple(document["confidence"]),
        ),
        rules=tuple(_rule(rule) for rule in document["rules"]),
        default_reason=document["default"]["reason"],
        candidates={
            task: tuple(Candidate(name, digest) for name, digest in candidates)
            for task, candidates in document["candidates"].items()
        },
        templates=document["templates"],
        sources=tuple(document["sources"]),
        revision=document["revision"],
        fingerprint=document["fingerprint"],
        impossible=tuple(condition.from_json(one) for one in document["impossible"]),
        authorizations=tuple(Authorization(*entry) for entry in document["authorizations"]),
        delegation=delegation.from_json(document["delegation"]),
    )


def dump(policy: Policy) -> dict[str, object]:
    """Write everything but the revision, which the compiler computes over the whole content."""
    return {
        "format": FORMAT,
        "fingerprint": policy.fingerprint,
        "facts": {name: _spec_json(spec) for name, spec in policy.facts.items()},
        "masked": [name for name, spec in policy.facts.items() if spec.mask],
        "costs": {name: spec.cost for name, spec in policy.facts.items() if spec.cost != 1},
        "weights": {
            name: [[list(named), weight] for named, weight in spec.weights]
            for name, spec in policy.facts.items()
            if spec.weights
        },
        "signals": [_signal_json(signal) for signal in policy.signals.listed],
        "confidence": list(policy.signals.confidence),
        "rules": [_rule_json(rule) for rule in policy.rules],
        "default": {"route": "claude", "reason": policy.default_reason},
        "candidates": {
            task: [[candidate.name, candidate.text_digest] for candidate in candidates]
            for task, candidates in policy.candidates.items()
        },
        "templates": dict(policy.templates),
        "sources": list(policy.sources),
        "impossible": [condition.to_json(one) for one in policy.impossible],
        "authorizations": [
            [one.task, one.ensemble, one.since, one.until] for one in policy.authorizations
        ],
        "delegation": policy.delegation.to_json(),
    }


def _spec(
    name: str, document: dict[str, object], *, mask: bool, cost: int, weights: Weights
) -> FactSpec:
    match document:
        case {"kind": "enum", "default": str(default), "values": list(values)}:
            return FactSpec(
                name, "enum", default, values=tuple(values), mask=mask, cost=cost, weights=weights
            )
        case {"kind": "boolean", "default": bool(default)}:
            return FactSpec(name, "boolean", default, mask=mask, cost=cost, weights=weights)
        case {
            "kind": "integer",
            "default": int(default),
            "low": int(low),
            "high": int(high),
            "unit": str(unit),
            "evidence": str(evidence),
            "confidence_of": str(confidence_of),
        }:
            return FactSpec(
                name,
                "integer",
                default,
                low=low,
                high=high,
                unit=unit,
                evidence=evidence,
                mask=mask,
                confidence_of=confidence_of,
                cost=cost,
                weights=weights,
            )
        case _:
            raise UsageError(
                f"the bundle is damaged: fact `{name}`", hint="run `conductor compile`"
            )


def _weights(document: list[list[object]]) -> Weights:
    return tuple((_frozen(named), weight) for named, weight in document)  # type: ignore[misc]  # as dumped


def _spec_json(spec: FactSpec) -> dict[str, object]:
    document: dict[str, object] = {"kind": spec.kind, "default": spec.default}
    if spec.kind == "enum":
        document["values"] = list(spec.values)
    if spec.kind == "integer":
        document |= {"low": spec.low, "high": spec.high}
        document |= {"unit": spec.unit, "evidence": spec.evidence}
        document["confidence_of"] = spec.confidence_of
    return document


def _signal(id: str, fact: str, how: dict[str, object]) -> Signal:  # noqa: A002 - as in Signal
    for name, value in how.items():
        if isinstance(value, list):
            how[name] = tuple(map(_frozen, value)) if name in _NESTED else tuple(value)
    return Signal(id, fact, **how)  # type: ignore[arg-type]  # as dumped


def _frozen(value: object) -> object:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _signal_json(signal: Signal) -> list[object]:
    plain = Signal(signal.id, signal.fact)
    how = {
        name: list(value) if isinstance(value, tuple) else value
        for name in Signal.__slots__
        if name not in ("id", "fact") and (value := getattr(signal, name)) != getattr(plain, name)
    }
    return [signal.id, signal.fact, how]


def _rule(document: dict[str, object]) -> Rule:
    when = condition.from_json(document["when"])  # type: ignore[arg-type]  # as dumped
    rest = {name: document.get(name, "") for name in ("reason", "ensemble", "ask")}
    return Rule(
        str(document["id"]),
        when,
        str(document["route"]),
        on_failure=str(document["on_failure"]),
        **rest,  # type: ignore[arg-type]  # as dumped
    )


def _rule_json(rule: Rule) -> dict[str, object]:
    document: dict[str, object] = {
        "id": rule.id,
        "when": condition.to_json(rule.when),
        "route": rule.outcome,
        "reason": rule.reason,
        "on_failure": rule.on_failure,
    }
    optional = {"ensemble": rule.ensemble, "ask": rule.ask}
    return document | {name: value for name, value in optional.items() if value}
