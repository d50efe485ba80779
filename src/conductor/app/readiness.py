"""`readiness`: every gate in front of a tier, with what it saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conductor.app.assess import assessment_of
from conductor.app.collect import Collected, collect, ensemble_path
from conductor.app.counted import count
from conductor.app.ensembles import bindings
from conductor.app.isolation import why_not_alone
from conductor.app.lint import Target, lint_targets, origin_of
from conductor.app.project import Project
from conductor.app.run import with_embedded
from conductor.core import gates
from conductor.core.capability import size_of
from conductor.core.execution import Binding
from conductor.core.finding import Level
from conductor.core.gates import Assessed, Counted, Linted, Size
from conductor.core.promotion import Gate
from conductor.core.readiness import Readiness
from conductor.core.tier import Tier
from conductor.lint.rule import Verdict

IN_THE_WAY = "closure-conflict"  # the rule that compares names and digests with the destination
_LOGICAL = "conductor-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An ensemble in front of a tier, with what the gates looked at."""

    found: Collected
    source: Tier
    readiness: Readiness
    counted: Counted
    assessed: Assessed | None
    linted: Linted


def examine(
    project: Project, name: str, tier: Tier, *, conflicts: tuple[str, ...] = ()
) -> Examined:
    """Look at everything that stands between an ensemble and a tier; raises UsageError.

    `conflicts` are paths that the destination has with other content.
    """
    source = Tier.LOCAL if tier is Tier.GLOBAL else Tier.GLOBAL
    found = collect(project.root, name, source)
    bound = with_embedded(project, bindings(found.loaded, project.settings))
    gate = gate_of(project, tier)
    counted, assessed = count(project, found, bound), assessment_of(project, found)
    linted = _lint(project, found, tier)
    readiness = Readiness(
        ensemble=name,
        tier=tier,
        text_digest=found.closure.text_digest,
        bound_digest=found.closure.bound_digest(bound),
        gates=(
            gates.evaluations(name, gate, counted),
            gates.lint(f"{found.folder.shown}{ensemble_path(name)}", tier, linted),
            gates.closure(len(found.contents), found.closure.gaps, conflicts),
            gates.isolation(why_not_alone(project, found)),
            gates.assessment(name, gate, tier, found.closure.text_digest, assessed),
            gates.models(_sizes(project.sections["models"], bound)),
            gates.consent(),
        ),
    )
    return Examined(
        found=found,
        source=source,
        readiness=readiness,
        counted=counted,
        assessed=assessed,
        linted=linted,
    )


def gate_of(project: Project, tier: Tier) -> Gate:
    return next(one for one in project.judging.gates if one.tier == tier)


def _lint(project: Project, found: Collected, tier: Tier) -> Linted:
    """Judge the closure for the tier; what is in its way there is for the gate on closures."""
    report = lint_targets(
        [Target(folder=found.folder, path=ensemble_path(found.name))],
        tier,
        origin=origin_of(project.root),
        root=project.root,
        today=project.now()[:10],
    )
    shown = [one for one in report.shown if one.rule.name != IN_THE_WAY]
    told = {
        verdict: [one.finding for one in shown if one.verdict is verdict] for verdict in Verdict
    }
    errors = [one for one in told[Verdict.FAIL] if one.level is Level.ERROR]
    return Linted(
        errors=tuple(f"{one.at}: {one.code} {one.message}" for one in errors),
        waived=tuple(f"{one.code} ({one.waived})" for one in told[Verdict.WAIVED]),
        inconclusive=tuple(
            f"{one.at}: {one.code} {one.message}" for one in told[Verdict.INCONCLUSIVE]
        ),
        warnings=sum(one.level is Level.WARNING for one in told[Verdict.FAIL]),
    )


def _sizes(models: Mapping[str, Any], bound: Mapping[str, Binding]) -> list[Size]:
    """Hold each model against its class; a profile of no class against the general limit."""
    classes = models["classes"]
    return [
        Size(
            profile=name,
            model=binding.model,
            size=size_of(binding.model),
            limit=classes[kind]["max_billion"]
            if (kind := name.removeprefix(_LOGICAL)) in classes
            else models["parameters"]["limit_billion"],
        )
        for name, binding in bound.items()
    ]
