"""A policy as a page for people: a picture, the decision table, and the facts it looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from conductor.core.condition import facts_of
from conductor.core.facts import BOOLEAN, INTEGER, FactSpec
from conductor.core.policy import TASK, Policy, Rule
from conductor.formats.condition import condition_text, scalar_text

WRITTEN = (
    "<!-- Written by `conductor compile --docs`: edit the files in policy/, not this one. -->\n"
)

_CELL = str.maketrans({"|": "\\|", "\n": " ", "<": "&lt;", ">": "&gt;"})
_LABEL = str.maketrans({'"': "&quot;", "<": "&lt;", ">": "&gt;", "`": "", "\n": " "})


def policy_page(policy: Policy, descriptions: Mapping[str, str]) -> str:
    """Write the page; `descriptions` are those of the facts.

    It names no revision, so that it changes only when what it says changes.
    """
    parts = [
        "# How tasks are decided",
        "The first rule that holds decides. A task type covers the ones below it.",
        picture(policy),
        "## Rules",
        _table(("", "rule", "when", "goes to", "because"), _rules(policy)),
        "## What `local` means",
        "A local rule takes the best ensemble for the task; without one, composing a new one from a"
        " template where that pays; else Claude.",
        _table(("task", "served by"), _served(policy)),
        "## Facts",
        "What nobody says and no signal derives takes its default.",
        _table(("fact", "values", "default", "what it is"), _facts(policy, descriptions)),
    ]
    return WRITTEN + "\n" + "\n\n".join(parts) + "\n"


def picture(policy: Policy) -> str:
    """Draw the decision list as a Mermaid flowchart; neighbours with one outcome are one box."""
    groups = [(way, list(rules)) for way, rules in groupby(policy.rules, _goes_to)]
    lines = ["```mermaid", "flowchart TD", '  start(["a task"]) --> rules1']
    for number, (way, rules) in enumerate(groups, 1):
        names = "<br>".join(_label(rule.id) for rule in rules)
        after = f"rules{number + 1}" if number < len(groups) else "otherwise"
        lines += [
            f'  rules{number}["{names}"]',
            f'  rules{number} -- "{_holds(rules)}" --> out{number}(["{_label(way)}"])',
            f'  rules{number} -- "else" --> {after}',
        ]
    if not groups:
        lines[-1] = '  start(["a task"]) --> otherwise'
    return "\n".join([*lines, '  otherwise(["claude"])', "```"])


def _holds(rules: Sequence[Rule]) -> str:
    return "it holds" if len(rules) == 1 else "one of them holds"


def _goes_to(rule: Rule) -> str:
    if rule.ask:
        return f"ask for {rule.ask}"
    return f"{rule.outcome}: {rule.ensemble}" if rule.ensemble else rule.outcome


def _rules(policy: Policy) -> Iterator[tuple[str, ...]]:
    for number, rule in enumerate(policy.rules, 1):
        when = condition_text(rule.when)
        yield (str(number), f"`{rule.id}`", when, _cell(_goes_to(rule)), _cell(rule.reason))
    yield ("", "*default*", "no rule holds", "claude", _cell(policy.default_reason))


def _served(policy: Policy) -> Iterator[tuple[str, ...]]:
    for task in policy.facts[TASK].values:
        names = ", ".join(f"`{one.name}`" for one in policy.candidates.get(task, ()))
        template = policy.templates.get(task)
        yield (f"`{task}`", names or (f"a new one from `{template}`" if template else "claude"))


def _facts(policy: Policy, descriptions: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    used = set().union(*(facts_of(rule.when) for rule in policy.rules))
    for name, spec in policy.facts.items():
        said = descriptions.get(name, "") + ("" if name in used else " *No rule looks at it.*")
        default = scalar_text(spec.default) if spec.kind != BOOLEAN else str(spec.default).lower()
        yield (f"`{name}`", _domain(spec), default, _cell(said))


def _domain(spec: FactSpec) -> str:
    if spec.kind == INTEGER:
        unit = f" {spec.unit}" if spec.unit else ""
        return f"{spec.low:,} to {spec.high:,}{unit}"
    return "true, false" if spec.kind == BOOLEAN else ", ".join(spec.values)


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = (head, tuple("---" for _ in head), *rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def _cell(text: str) -> str:
    return text.translate(_CELL)


def _label(text: str) -> str:
    return text.translate(_LABEL)
