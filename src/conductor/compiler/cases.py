"""The policy's cases: read with their places, and written where one is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from conductor.compiler.documents import Reader, Sources
from conductor.compiler.source import CasesDoc
from conductor.core.facts import FactSpec, Scalar, read
from conductor.core.finding import Place

GENERATED = "policy/cases/generated.yaml"
_HEAD = """# yaml-language-server: $schema=../../schemas/cases.json
# Written by `conductor test --generate`: each case notices a small mistake that no other one does.
# They say what the policy decides now; look whether it is what you want.
format: 1
cases:
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A task and what the policy must decide about it; an empty `rule` is not compared."""

    name: str
    text: str
    facts: Mapping[str, Scalar]
    outcome: str
    rule: str
    at: Place


def read_cases(sources: Sources, specs: Mapping[str, FactSpec]) -> list[Case]:
    """Read every case of a workspace that compiles."""
    cases = []
    for parsed, doc in Reader(sources).many("policy/cases/", ".yaml", CasesDoc):
        for index, case in enumerate(doc.cases):
            cases.append(
                Case(
                    name=case.name,
                    text=case.text or "",
                    facts={name: read(specs, name, value) for name, value in case.facts.items()},
                    outcome=case.outcome,
                    rule=case.rule or "",
                    at=parsed.at("cases", index),
                )
            )
    return cases


def case_text(case: Case) -> str:
    """Write a case as an item of a cases file."""
    lines = [
        f"  - name: {json.dumps(case.name, ensure_ascii=False)}",
        f"    facts: {json.dumps(dict(case.facts), ensure_ascii=False)}",
        f"    outcome: {case.outcome}",
    ]
    return "\n".join([*lines, *([f"    rule: {case.rule}"] if case.rule else [])]) + "\n"


def with_cases(text: str, cases: list[Case]) -> str:
    """Append cases to the text of the generated file, which may be empty."""
    return (text or _HEAD) + "".join(case_text(case) for case in cases)
