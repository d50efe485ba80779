"""All rules by name, collected from their modules."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

from conductor.lint import rules
from conductor.lint.rule import Fix, Rule
from conductor.lint.subject import Form

_PART = re.compile(r"^(Avoid|Prefer|Why): (.*?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)


def _collected() -> dict[str, Rule]:
    names = [info.name for info in pkgutil.iter_modules(rules.__path__)]
    found = [_rule(name, import_module(f"{rules.__name__}.{name}")) for name in names]
    return {rule.name: rule for rule in sorted(found, key=lambda rule: rule.code)}


def _rule(name: str, module: Any) -> Rule:
    parts = {part: " ".join(text.split()) for part, text in _PART.findall(module.__doc__)}
    return Rule(
        name=name.replace("_", "-"),
        code=module.CODE,
        summary=module.__doc__.partition("\n")[0].strip(),
        avoid=parts["Avoid"],
        prefer=parts["Prefer"],
        why=parts["Why"],
        levels=module.LEVELS,
        forms=frozenset(getattr(module, "FORMS", {Form.ENSEMBLE})),
        fix=getattr(module, "FIX", Fix.NO),
        waivable=getattr(module, "WAIVABLE", True),
        good=module.GOOD,
        bad=module.BAD,
        check=module.check,
    )


RULES: Mapping[str, Rule] = MappingProxyType(_collected())
_BY_CODE = {rule.code: rule for rule in RULES.values()}


def rule(name_or_code: str) -> Rule | None:
    """Find a rule by its name or by its code, whatever the case."""
    return RULES.get(name_or_code.lower()) or _BY_CODE.get(name_or_code.upper())
