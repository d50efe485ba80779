"""`plugin build`: skill, commands, hooks and manifests for Claude Code, from the policy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conductor import __version__
from conductor.adapters import files
from conductor.app.assess import RUBRIC as GENERALITY
from conductor.app.build import compiled, refuse
from conductor.compiler.render import pages
from conductor.core import bundle
from conductor.core.facts import BOOLEAN, INTEGER, FactSpec
from conductor.core.policy import CLAUDE, LOCAL, TASK, Policy
from conductor.core.rubric import Verdict
from conductor.core.space import atoms_of
from conductor.formats import claude_code
from conductor.formats.condition import plain

PLUGIN = "plugin"  # the folder beside the marketplace's
_TEMPLATES = "claude-code"
_SHORT = 19  # characters of a fingerprint: `sha256:` and twelve
_MARKETPLACE = ".claude-plugin/marketplace.json"


def plugin_files(root: str, executable: str = "conductor") -> dict[str, str]:
    """Render the plugin of a workspace's policy, by path; raises SourceError if it has none."""
    result = compiled(root)
    refuse(result)
    values = _values(bundle.load(result.bundle), json.loads(result.bundle), result.descriptions)
    templates = files.read_tree(f"{files.packaged()}/{_TEMPLATES}", ".")
    plugin = {**pages(templates, values), **claude_code.files(__version__, executable)}
    made = {f"{PLUGIN}/{path.removeprefix('./')}": text for path, text in plugin.items()}
    return {**made, _MARKETPLACE: claude_code.marketplace(__version__, PLUGIN)}


def build(
    root: str, folder: str, *, check: bool = False, executable: str = "conductor"
) -> list[str]:
    """Write what differs below `folder`, and give its paths; with `check` nothing is written.

    A file in `plugin/` that is not part of the plugin is listed and, without `check`, deleted.
    """
    wanted = plugin_files(root, executable)
    differing = [
        path for path, text in wanted.items() if files.read_if_there(f"{folder}/{path}") != text
    ]
    left_over = [path for path in _there(folder) if path not in wanted]
    if not check:
        for path in differing:
            files.write_atomically(f"{folder}/{path}", wanted[path])
        for path in left_over:
            files.delete(f"{folder}/{path}")
    return sorted([*differing, *left_over])


def _there(folder: str) -> Iterator[str]:
    for path in sorted(Path(folder, PLUGIN).rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix()


def _values(
    policy: Policy, sections: Mapping[str, Any], descriptions: Mapping[str, str]
) -> dict[str, object]:
    """Give what the templates may say, all of it out of the policy."""
    rules = [
        {
            "id": rule.id,
            "when": plain(rule.when),
            "reason": rule.reason,
            "goes_to": rule.ensemble or rule.outcome,
            "outcome": rule.outcome,
        }
        for rule in policy.rules
    ]
    return {
        "version": __version__,
        "fingerprint": policy.fingerprint[:_SHORT],
        "rules": rules,
        "local": [rule for rule in rules if rule["outcome"] == LOCAL],
        "claude": ", ".join(_tasks(policy, CLAUDE)),
        "otherwise": policy.default_reason,
        "facts": [
            {"name": name, "domain": _domain(spec), "description": descriptions.get(name, "")}
            for name, spec in policy.facts.items()
            if name != TASK and not spec.evidence and not spec.confidence_of
        ],
        "tasks": ", ".join(str(task) for task in policy.facts[TASK].values),
        "rubrics": _rubrics(sections["rubrics"]),
        "sampling": _sampling(sections["sampling"]),
        "tiers": [_tier(name, gate) for name, gate in sections["promotion"].items()],
    }


def _tasks(policy: Policy, outcome: str) -> list[str]:
    """List the task types that rules with this outcome name; parents stand for their children."""
    named = [
        task
        for rule in policy.rules
        if rule.outcome == outcome
        for atom in atoms_of([rule.when])
        if atom.fact == TASK and atom.operator in ("eq", "in")
        for task in (atom.constant if isinstance(atom.constant, tuple) else (atom.constant,))
    ]
    return list(dict.fromkeys(str(task) for task in named))


def _domain(spec: FactSpec) -> str:
    if spec.kind == BOOLEAN:
        return "true, false"
    if spec.kind == INTEGER:
        return f"{spec.low:,} to {spec.high:,} {spec.unit}".rstrip()
    return ", ".join(spec.values)


def _rubrics(rubrics: Mapping[str, Any]) -> list[dict[str, object]]:
    """Give the rubrics for outputs, the general one last."""
    wanted = [one for name, one in rubrics.items() if name != GENERALITY]
    return [
        {
            "tasks": ", ".join(one.get("tasks") or ["every other task"]),
            "question": one["question"],
            "good": one["verdicts"][Verdict.GOOD],
            "failure_modes": ", ".join(one["failure_modes"]),
        }
        for one in sorted(wanted, key=lambda one: (not one.get("tasks"), one["name"]))
    ]


def _sampling(sampling: Mapping[str, Any]) -> dict[str, int]:
    return {
        "first": sampling["calibration_uses"],
        "percent": round(sampling["rate"] * 100),
        "uses": sampling["established"]["uses"],
        "accepted": sampling["established"]["acceptance_percent"],
    }


def _tier(name: str, gate: Mapping[str, Any]) -> dict[str, object]:
    return {
        "name": name,
        "good": gate["good"],
        "inputs": gate["distinct_inputs"],
        "assessment": gate["assessment"],
        "signature": gate["signature"],
    }
