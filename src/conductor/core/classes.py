"""The values of one fact in classes: those that no condition tells apart are one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from conductor.core.condition import OPERATORS, Atom
from conductor.core.facts import BOOLEAN, ENUM, INTEGER, FactSpec, Scalar

_FEW = 4  # values; more of them are told by those left out


@dataclass(frozen=True, slots=True)
class Class:
    """Values of one fact that no condition tells apart: one or more names, or an interval."""

    values: tuple[Scalar, ...]  # of an enum or boolean; of an integer the lowest and the highest


def classes_of(spec: FactSpec, atoms: Sequence[Atom]) -> list[Class]:
    """Group a fact's values by the answers that the atoms give."""
    return [Class(values) for values in _groups(spec, atoms)]


def _groups(spec: FactSpec, atoms: Sequence[Atom]) -> list[tuple[Scalar, ...]]:
    if spec.kind in (ENUM, BOOLEAN):
        groups: dict[tuple[bool, ...], list[Scalar]] = {}
        for value in spec.values if spec.kind == ENUM else (False, True):
            groups.setdefault(_answers(atoms, value), []).append(value)
        return [tuple(values) for values in groups.values()]
    # An answer can change only at a constant or just behind it.
    constants = {one for atom in atoms for one in _constants(atom)}
    starts = sorted({spec.low, *constants, *(one + 1 for one in constants)})
    starts = [one for one in starts if spec.low <= one <= spec.high]
    ends = [*(one - 1 for one in starts[1:]), spec.high]
    merged: list[tuple[Scalar, ...]] = []
    for low, high in zip(starts, ends, strict=True):
        if merged and _answers(atoms, merged[-1][0]) == _answers(atoms, low):
            low = int(merged.pop()[0])  # noqa: PLW2901 - the interval grows downwards
        merged.append((low, high))
    return merged


def _answers(atoms: Sequence[Atom], value: Scalar) -> tuple[bool, ...]:
    return tuple(OPERATORS[atom.operator](value, atom.constant) for atom in atoms)


def _constants(atom: Atom) -> list[int]:
    constants = atom.constant if isinstance(atom.constant, tuple) else (atom.constant,)
    return [one for one in constants if isinstance(one, int)]


def has(spec: FactSpec, one: Class, value: Scalar) -> bool:
    if spec.kind == INTEGER:
        return int(one.values[0]) <= int(value) <= int(one.values[1])
    return value in one.values


def holding(spec: FactSpec, value: Scalar) -> Callable[[Class], bool]:
    return lambda one: has(spec, one, value)


def next_to(spec: FactSpec, members: Sequence[Class], value: Scalar) -> Scalar:
    """Choose the value next to another one; of an enum the first."""
    ends = [end for one in members for end in one.values]
    if spec.kind != INTEGER:
        return ends[0]
    return min(ends, key=lambda end: abs(int(end) - int(value)))


def edge(spec: FactSpec, members: Sequence[Class], classes: Sequence[Class]) -> Scalar:
    """Choose a value: of an integer the one next to the cut, where the box ends below the top."""
    if spec.kind == INTEGER and members[-1] is not classes[-1]:
        return members[-1].values[-1]
    return members[0].values[0]


def words(spec: FactSpec, members: Sequence[Class]) -> str:
    if spec.kind in (ENUM, BOOLEAN):
        admitted = [value for one in members for value in one.values]
        left_out = [value for value in spec.values if value not in admitted]
        if left_out and len(admitted) > _FEW > len(left_out):
            return f"not {' or '.join(left_out)}"
        return " or ".join(str(value).lower() for value in admitted)
    spans: list[list[int]] = []
    for one in members:
        low, high = int(one.values[0]), int(one.values[1])
        if spans and spans[-1][1] == low - 1:
            spans[-1][1] = high
        else:
            spans.append([low, high])
    return " or ".join(_span(spec, low, high) for low, high in spans)


def _span(spec: FactSpec, low: int, high: int) -> str:
    if low == high:
        return f"{low:,}"
    if high == spec.high:
        return f"{low:,} and more"
    return f"up to {high:,}" if low == spec.low else f"{low:,} to {high:,}"
