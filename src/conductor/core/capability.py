"""Capability classes, and which models are of a size for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_MIXTURE = re.compile(r"(?<![\w.])(\d+)x(\d+(?:\.\d+)?)b(?![a-z])", re.IGNORECASE)
_SIZE = re.compile(r"(?<![\w.])e?(\d+(?:\.\d+)?)([bm])(?![a-z0-9])", re.IGNORECASE)
_MILLION = 1000
NOMINAL = 1.1  # models are named by a round number: `gemma3:12b` has 12.2 billion
_WEIGHT_GB = 0.62  # memory per billion parameters of four bits each
_AROUND_GB = 0.6  # for the context and the server itself


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityClass:
    """A size of model: over `above_billion`, up to `max_billion` parameters."""

    name: str
    above_billion: float
    max_billion: float
    trusted_with: str

    def fits(self, billion: float) -> bool:
        """Tell whether a model belongs here; a tenth over the round number is the same size."""
        return self.above_billion * NOMINAL < billion <= self.max_billion * NOMINAL

    def other_size(self, billion: float | None) -> str:
        """Say if a model is smaller or bigger than the class; empty where it fits or is unknown."""
        if billion is None or self.fits(billion):
            return ""
        return "bigger" if billion > self.max_billion else "smaller"

    def admits(self, billion: float) -> bool:
        """Tell whether a model may stand in here: smaller ones may, and are trusted with less."""
        return billion <= self.max_billion * NOMINAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model that a server has. `billion` and `gigabytes` are None where nobody says."""

    name: str
    base_url: str
    billion: float | None = None
    gigabytes: float | None = None  # on disk
    digest: str = ""  # `sha256:…` of what the server holds; empty: unknown
    remote: bool = False  # it runs on somebody else's machine, so the inputs leave this one

    @property
    def memory_gigabytes(self) -> float | None:
        """Estimate what it takes in memory: its file, or four bits a parameter, and a bit more."""
        weights = self.gigabytes
        if weights is None and self.billion is not None:
            weights = self.billion * _WEIGHT_GB
        return None if weights is None else weights + _AROUND_GB


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A model worth pulling for a class; sizes are about right and change with the tag."""

    capability: str
    model: str
    billion: float
    gigabytes: float
    licence: str

    @property
    def memory_gigabytes(self) -> float:
        return self.gigabytes + _AROUND_GB


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A model worth pulling here, and the ensembles that it is for."""

    suggestion: Suggestion
    fits: bool  # into the memory of this machine
    unlocks: tuple[str, ...]  # that run on models of their size with it
    helps: tuple[str, ...]  # that need another class as well
    others: tuple[str, ...] = ()  # models that would do as well

    @property
    def sentence(self) -> str:
        """Say what it costs and what it is good for."""
        one = self.suggestion
        parts = [f"{one.gigabytes:g} GB to fetch, {one.memory_gigabytes:.1f} GB of memory"]
        parts += ["more than this machine has"] if not self.fits else []
        parts += [one.licence, f"for `{one.capability}`"]
        serves = [f"enough for {', '.join(self.unlocks)}"] if self.unlocks else []
        serves += [f"one of the models for {', '.join(self.helps)}"] if self.helps else []
        serves += [f"or {', '.join(self.others)}"] if self.others else []
        return f"{', '.join(parts)}: {'; '.join(serves)}"


def size_of(model: str) -> float | None:
    """Read the parameters, in billions, out of a model's name; None when it does not say.

    Of a mixture it is the total, because all of it must lie in memory: `8x7b` is 56, `30b-a3b` 30.
    """
    if found := _MIXTURE.search(model):
        return int(found[1]) * float(found[2])
    sizes = [
        float(number) / (_MILLION if unit.lower() == "m" else 1)
        for number, unit in _SIZE.findall(model.replace("_", "-"))
    ]
    return max(sizes, default=None)


def classes(sections: Mapping[str, Mapping[str, object]]) -> tuple[CapabilityClass, ...]:
    """Build the classes from the bundle's `models.classes`, smallest first."""
    ordered = sorted(sections.items(), key=lambda item: float(str(item[1]["max_billion"])))
    below = [0.0, *(float(str(one["max_billion"])) for _, one in ordered)]
    return tuple(
        CapabilityClass(
            name=name,
            above_billion=below[place],
            max_billion=below[place + 1],
            trusted_with=str(one["trusted_with"]),
        )
        for place, (name, one) in enumerate(ordered)
    )


def best_for(
    one: CapabilityClass, models: Iterable[Model], memory_gigabytes: float
) -> Model | None:
    """Choose the biggest model of the class's size that fits into memory and stays on the machine.

    Where there is none, the biggest smaller one stands in; None when nothing is small enough.
    """
    usable = [
        model
        for model in models
        if model.billion is not None
        and not model.remote
        and one.admits(model.billion)
        and (model.memory_gigabytes or 0) <= memory_gigabytes
    ]
    return max(usable, key=lambda model: (model.billion or 0, model.name), default=None)


def pulls(
    suggestions: Sequence[Suggestion], capability: str, memory_gigabytes: float
) -> tuple[Suggestion, ...]:
    """List what is worth pulling for a class on this machine, in the order of the policy."""
    return tuple(
        one
        for one in suggestions
        if one.capability == capability and one.memory_gigabytes <= memory_gigabytes
    )


def offers(
    suggestions: Sequence[Suggestion],
    needs: Mapping[str, frozenset[str]],
    served: frozenset[str],
    memory_gigabytes: float,
) -> tuple[Offer, ...]:
    """Offer a model for each class that is needed and that nothing of its size serves.

    It is the first that fits; where none does, the first is named all the same, so that a person
    sees what the class would take. `needs` are the classes of each ensemble.
    """
    found = []
    for capability in dict.fromkeys(one.capability for one in suggestions):
        wanting = {name: classes for name, classes in needs.items() if capability in classes}
        if capability in served or not wanting:
            continue
        own = [one for one in suggestions if one.capability == capability]
        fitting = pulls(own, capability, memory_gigabytes)
        unlocked = [name for name, one in wanting.items() if one <= served | {capability}]
        found.append(
            Offer(
                suggestion=(*fitting, *own)[0],
                fits=bool(fitting),
                unlocks=tuple(unlocked),
                helps=tuple(name for name in wanting if name not in unlocked),
                others=tuple(one.model for one in fitting[1:]),
            )
        )
    return tuple(found)
