"""The whole compiler as one pure function: texts in, findings and texts out, byte-stable."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import PurePath

from conductor.compiler import authorizations, lower, refs
from conductor.compiler.catalogue import Catalogue
from conductor.compiler.check import whole_policy
from conductor.compiler.documents import ALONE, Inherited, PolicyDocs, Reader, Sources
from conductor.compiler.editor import Vocabulary, schema_texts
from conductor.compiler.floors import check_floors
from conductor.compiler.floors import lowered as floors_of
from conductor.compiler.layout import is_source, misplaced
from conductor.compiler.lower import Facts
from conductor.compiler.problems import Word
from conductor.compiler.rendering import Upgrade
from conductor.compiler.rubrics import document
from conductor.compiler.source_registry import TemplateDoc
from conductor.core import bundle, condition
from conductor.core.diagram import fingerprint
from conductor.core.digest import canonical, digest
from conductor.core.finding import Finding, Level, in_order
from conductor.core.floors import Floor
from conductor.core.lineage import lineage, nearest
from conductor.core.policy import Candidate, Policy
from conductor.core.rubric import rubric_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """INVARIANT: `bundle` is empty when a finding is an error, and nothing may be written then."""

    findings: tuple[Finding, ...]
    bundle: str
    files: Mapping[str, str]  # below registry/ and schemas/: what the sources say they must hold
    descriptions: Mapping[str, str] = field(default_factory=dict)  # of the facts
    upgrades: tuple[Upgrade, ...] = ()  # what newer templates would change

    @property
    def failed(self) -> bool:
        return any(finding.level is Level.ERROR for finding in self.findings)


def assemble(sources: Sources, ensemble_schema: str, inherited: Inherited = ALONE) -> Compiled:
    """Compile a workspace. `sources` are its policy, templates and registry, by relative path."""
    return _assemble(tuple(sorted(sources.items())), ensemble_schema, inherited)


@lru_cache(maxsize=4)  # a verb may need the same compilation twice, a server at every call
def _assemble(
    texts: tuple[tuple[str, str], ...], ensemble_schema: str, inherited: Inherited
) -> Compiled:
    sources = dict(texts)
    own = {path: text for path, text in sources.items() if is_source(path)}
    reader = Reader(own, inherited)
    reader.findings.extend(misplaced(sources))
    policy = reader.policy()
    if policy is None:
        return Compiled(findings=in_order(reader.findings), bundle="", files={})
    facts = Facts(policy.facts, policy.tasks)
    if facts.findings:  # with a wrong vocabulary, everything that uses it would be found as well
        found = [*reader.findings, *facts.findings]
        return Compiled(findings=in_order(found), bundle="", files={})
    rules, found = lower.rules(facts, policy.routing)
    floors, sunk = floors_of(facts, policy.routing)
    found.extend(sunk)
    catalogue = Catalogue(
        reader=reader,
        models=policy.models[1],
        tasks=policy.tasks[1].tasks,
        rubrics={doc.name: rubric_from(document(doc)) for _, doc in policy.rubrics},
        rubric_names=_rubrics(reader, policy),
        ensemble_schema=ensemble_schema,
    )
    catalogue.build()
    rendering = catalogue.rendering
    together = (
        [
            *_pinned(policy, catalogue),
            *_unknown_templates(policy, {*rendering.templates, *rendering.unread}),
            *whole_policy(policy, facts, rules),
            *authorizations.wrong(policy),
            *authorizations.idle(policy, catalogue, _candidates(catalogue), rules),
        ]
        if not found
        else []
    )
    findings = in_order([*reader.findings, *found, *together])
    upgrades = tuple(catalogue.rendering.upgrades)
    compiled = Compiled(findings=findings, bundle="", files=catalogue.files, upgrades=upgrades)
    if compiled.failed:
        return compiled
    lowered = Policy(
        facts=facts.specs,
        signals=facts.signals,
        rules=rules,
        default_reason=policy.routing[1].default.reason,
        candidates=_candidates(catalogue),
        templates=_templates(policy, catalogue.rendering.templates),
        sources=tuple(sorted({*reader.sources, *inherited.watched} - catalogue.files.keys())),
        revision="",
        impossible=facts.impossible,
        authorizations=authorizations.lowered(policy),
        delegation=lower.delegation(policy.routing[1]),
    )
    if below := list(check_floors(policy.routing, lowered, floors)):
        return replace(compiled, findings=in_order([*findings, *below]))
    lowered.fingerprint = fingerprint(lowered)
    content = (
        bundle.dump(lowered) | _judging(policy) | _planning(policy, floors) | _ensembles(catalogue)
    )
    text = canonical(content | {"revision": digest(content)}) + "\n"
    vocabulary = _vocabulary(policy, facts, catalogue)
    return replace(
        compiled,
        bundle=text,
        files={**catalogue.files, **schema_texts(vocabulary)},
        descriptions=vocabulary.descriptions,
    )


def _vocabulary(policy: PolicyDocs, facts: Facts, catalogue: Catalogue) -> Vocabulary:
    """Gather the names that an editor offers."""
    declared = policy.facts[1].facts
    return Vocabulary(
        specs=facts.specs,
        descriptions={name: one.description for name, one in declared.items()},
        names={
            refs.FACTS: tuple(facts.specs),
            refs.TASKS: tuple(policy.tasks[1].tasks),
            refs.RULES: tuple(rule.id for rule in policy.routing[1].rule),
            refs.ENSEMBLES: tuple(sorted(catalogue.documents)),
            refs.TEMPLATES: tuple(sorted(catalogue.rendering.templates)),
            refs.RUBRICS: tuple(sorted(rubric.name for _, rubric in policy.rubrics)),
        },
    )


def _rubrics(reader: Reader, policy: PolicyDocs) -> frozenset[str]:
    """Give the known rubrics; of a file with a mistake, the name that it most likely has."""
    read = {parsed.file for parsed, _ in policy.rubrics}
    broken = set(reader.names("policy/rubrics/", ".yaml")) - read
    return frozenset({doc.name for _, doc in policy.rubrics} | {PurePath(f).stem for f in broken})


def _pinned(policy: PolicyDocs, catalogue: Catalogue) -> list[Finding]:
    """Find the rules that name an ensemble nobody has."""
    parsed, doc = policy.routing
    known = {*catalogue.documents, *catalogue.broken()}
    return [
        Word(parsed, ("rule", index, "ensemble")).not_among(
            known,
            "unknown-ensemble",
            f"unknown ensemble `{rule.ensemble}`",
            otherwise="write its spec in registry/specs/, or name one that exists",
        )
        for index, rule in enumerate(doc.rule)
        if rule.ensemble and rule.ensemble not in known
    ]


def _candidates(catalogue: Catalogue) -> dict[str, tuple[Candidate, ...]]:
    """Give each task type its own ensembles, or those of its nearest ancestor."""
    own: dict[str, list[Candidate]] = {}
    for entry in sorted(catalogue.entries, key=lambda entry: entry.name):
        if entry.task:
            candidate = Candidate(entry.name, entry.closure.text_digest)
            own.setdefault(entry.task, []).append(candidate)
    return {task: tuple(own[served]) for task in catalogue.tasks if (served := nearest(task, own))}


def _templates(policy: PolicyDocs, templates: Mapping[str, TemplateDoc]) -> dict[str, str]:
    """Give each task type for which composing pays the template that policy names, or suits."""
    composition = policy.routing[1].composition
    chosen: dict[str, str] = {}
    for task in policy.tasks[1].tasks:
        types = lineage(task)
        if not set(composition.tasks).intersection(types):
            continue
        named = next(
            (composition.templates[one] for one in types if one in composition.templates), ""
        )
        suiting = [
            name for name in sorted(templates) if set(types).intersection(templates[name].tasks)
        ]
        if name := named or next(iter(suiting), ""):
            chosen[task] = name
    return chosen


def _unknown_templates(policy: PolicyDocs, templates: Collection[str]) -> list[Finding]:
    parsed, doc = policy.routing
    named: dict[tuple[str, ...], str] = {
        ("composition", "templates", task): name for task, name in doc.composition.templates.items()
    }
    if doc.planning.prepare:
        named["planning", "brief"] = doc.planning.brief
    return [
        Word(parsed, path).not_among(templates, "unknown-template", f"unknown template `{name}`")
        for path, name in named.items()
        if name not in templates
    ]


def _judging(policy: PolicyDocs) -> dict[str, object]:
    """Put what the other verbs need beside the policy: numbers, rubrics, classes."""
    return {
        "sampling": policy.sampling[1].model_dump(exclude={"format"}),
        "promotion": policy.promotion[1].model_dump(exclude={"format"}, by_alias=True),
        "floors": [floor.model_dump() for floor in policy.routing[1].floor],
        "learning": policy.learning[1].model_dump(exclude={"format"}),
        "models": policy.models[1].model_dump(exclude={"format"}, by_alias=True),
        "rubrics": {doc.name: document(doc) for _, doc in policy.rubrics},
    }


def _planning(policy: PolicyDocs, floors: Sequence[Floor]) -> dict[str, object]:
    section = policy.routing[1].planning.model_dump()
    below = [[condition.to_json(floor.when), list(floor.allows)] for floor in floors]
    composing = policy.routing[1].composition.model_dump(include={"cost", "uses"})
    return {"planning": section | {"floors": below}, "composition": composing}


def _ensembles(catalogue: Catalogue) -> dict[str, object]:
    return {
        "ensembles": {
            entry.name: {"task": entry.task, "rubric": entry.rubric} for entry in catalogue.entries
        }
    }
