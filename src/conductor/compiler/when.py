"""A rule's `when` table becomes a condition; every mistake in it becomes a finding.

The world is closed: a misspelt fact or value must never switch a rule off in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from conductor.compiler.problems import Word
from conductor.compiler.text import Parsed
from conductor.core.condition import ALL, ANY, NOT, OPERATORS, Atom, Condition, Group
from conductor.core.facts import BOOLEAN, ENUM, INTEGER, FactSpec, Scalar
from conductor.core.finding import Finding

ORDERING = {"lt", "le", "gt", "ge"}
SETS = {"in", "not_in"}
_KIND_WORDS = {BOOLEAN: "`true` or `false`", INTEGER: "a whole number", ENUM: "one of its values"}

Path = tuple[str | int, ...]
Descendants = Callable[[str, str], tuple[str, ...]]  # (fact, value) -> the value and its children


class Lowering:
    """Lowers the conditions of one file; findings gather in `findings`."""

    def __init__(
        self, parsed: Parsed, specs: Mapping[str, FactSpec], descendants: Descendants
    ) -> None:
        self.parsed = parsed
        self.specs = specs
        self.descendants = descendants
        self.findings: list[Finding] = []

    def table(self, document: object, path: Path) -> Condition:
        """Lower a conjunction; what cannot be lowered is left out and found."""
        if not isinstance(document, dict) or not document:
            self.find("wrong-type", "a condition is a table of facts", path, "name a fact")
            return Group(ALL, ())
        parts: list[Condition] = []
        for key, value in document.items():
            if key == ANY:
                parts.append(self._any(value, (*path, key)))
            elif key == NOT:
                parts.append(Group(NOT, (self.table(value, (*path, key)),)))
            else:
                parts.extend(self._fact(key, value, (*path, key)))
        return parts[0] if len(parts) == 1 else Group(ALL, tuple(parts))

    def _any(self, document: object, path: Path) -> Condition:
        if not isinstance(document, list) or not document:
            self.find("wrong-type", "`any` is a list of tables", path, "write `any = [{ … }]`")
            return Group(ANY, ())
        return Group(ANY, tuple(self.table(one, (*path, i)) for i, one in enumerate(document)))

    def _fact(self, name: str, value: object, path: Path) -> list[Condition]:
        spec = self.specs.get(name)
        if spec is None:
            known = [*self.specs, ANY, NOT]
            found = Word(self.parsed, path, key=True).not_among(
                known, "unknown-fact", f"unknown fact `{name}`"
            )
            self.findings.append(found)
            return []
        if not isinstance(value, dict):
            operator = "in" if isinstance(value, list) else "eq"
            return self._atom(spec, operator, value, path)
        if not value:
            self.find("wrong-type", f"`{name}` has no operator", path, "write `{ lt = … }`")
        return [
            atom
            for operator, constant in value.items()
            for atom in self._atom(spec, operator, constant, (*path, operator))
        ]

    def _atom(self, spec: FactSpec, operator: str, constant: object, path: Path) -> list[Condition]:
        if operator not in OPERATORS:
            found = Word(self.parsed, path, key=True).not_among(
                OPERATORS, "unknown-operator", f"unknown operator `{operator}`"
            )
            self.findings.append(found)
            return []
        if operator in ORDERING and spec.kind != INTEGER:
            hint = "use `eq`, `ne`, `in` or `not_in`"
            self.find("wrong-operator", f"`{spec.name}` has no order", path, hint)
            return []
        if operator not in SETS:
            checked = self._constant(spec, constant, path)
            return [] if checked is None else [self._equality(spec, operator, checked)]
        if not isinstance(constant, list) or not constant:
            message = f"`{operator}` takes a list with at least one value"
            self.find("wrong-type", message, path, "write `[…]`")
            return []
        values = [self._constant(spec, one, (*path, i)) for i, one in enumerate(constant)]
        known = tuple(value for value in values if value is not None)
        return [Atom(spec.name, operator, self._with_children(spec, known))]

    def _equality(self, spec: FactSpec, operator: str, constant: Scalar) -> Atom:
        covered = self._with_children(spec, (constant,))
        if len(covered) == 1:
            return Atom(spec.name, operator, constant)
        return Atom(spec.name, "in" if operator == "eq" else "not_in", covered)

    def _with_children(self, spec: FactSpec, values: tuple[Scalar, ...]) -> tuple[Scalar, ...]:
        if spec.kind != ENUM:
            return values
        covered = [one for value in values for one in self.descendants(spec.name, str(value))]
        return tuple(dict.fromkeys(covered))

    def _constant(self, spec: FactSpec, value: object, path: Path) -> Scalar | None:
        match spec.kind, value:
            case ("boolean", bool()):
                return value
            case ("integer", int()) if not isinstance(value, bool):
                return self._within_bounds(spec, value, path)
            case ("enum", str()) if value in spec.values:
                return value
            case ("enum", str()):
                found = Word(self.parsed, path).not_among(
                    spec.values, "unknown-value", f"`{spec.name}` has no value `{value}`"
                )
                self.findings.append(found)
            case _:
                kind = _KIND_WORDS[spec.kind]
                message = f"`{spec.name}` is compared with {kind}"
                self.find("wrong-type", message, path, f"write {kind}")
        return None

    def _within_bounds(self, spec: FactSpec, value: int, path: Path) -> int | None:
        if spec.low <= value <= spec.high:
            return value
        message = f"`{spec.name}` is never {value:,}"
        hint = f"write a number from {spec.low:,} to {spec.high:,}"
        self.find("out-of-bounds", message, path, hint)
        return None

    def find(self, name: str, message: str, path: Path, hint: str = "correct the rule") -> None:
        at = self.parsed.at(*path)
        self.findings.append(Finding(name=name, message=message, at=at, hint=hint))
