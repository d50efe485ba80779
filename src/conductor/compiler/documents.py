"""All documents of a workspace, parsed and validated; what cannot be read becomes findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel

from conductor.compiler import problems
from conductor.compiler import source as docs
from conductor.compiler.source_authorizations import AuthorizationsDoc
from conductor.compiler.source_judging import RubricDoc, SamplingDoc
from conductor.compiler.source_models import ModelsDoc
from conductor.compiler.stacked import stacked
from conductor.compiler.text import Parsed, parse
from conductor.core.finding import Finding, Level, Place

Document = TypeVar("Document", bound=BaseModel)

ROUTING = "policy/routing.toml"
AUTHORIZATIONS = "policy/authorizations.toml"
SHARED = "_shared"  # below templates/: what several templates include, and scripts they use

Sources = Mapping[str, str]  # file, relative to the workspace with forward slashes -> text


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDocs:
    """The files that a policy has."""

    facts: tuple[Parsed, docs.FactsDoc]
    tasks: tuple[Parsed, docs.TasksDoc]
    routing: tuple[Parsed, docs.RoutingDoc]
    models: tuple[Parsed, ModelsDoc]
    sampling: tuple[Parsed, SamplingDoc]
    promotion: tuple[Parsed, docs.PromotionDoc]
    learning: tuple[Parsed, docs.LearningDoc]
    rubrics: tuple[tuple[Parsed, RubricDoc], ...]
    cases: tuple[tuple[Parsed, docs.CasesDoc], ...]
    authorizations: tuple[Parsed, AuthorizationsDoc] | None  # None: there is no such file


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """What a workspace's sources have from the layers above it."""

    shown: tuple[tuple[str, str], ...] = ()  # path, and where it really stands
    routing: tuple[tuple[str, str], ...] = ()  # file and text of each layer's rules, nearest first
    watched: tuple[str, ...] = ()  # files outside the sources that they depend on as well

    def place(self, path: str) -> str:
        return dict(self.shown).get(path, path)


ALONE = Inherited()


@lru_cache(maxsize=256)  # after an edit, a server reads again what was edited only
def _validated(
    file: str, text: str, model: type[BaseModel]
) -> tuple[Parsed | None, BaseModel | None, tuple[Finding, ...]]:
    parsed = parse(file, text)
    if isinstance(parsed, Finding):
        return None, None, (parsed,)
    document = problems.read(model, parsed)
    if isinstance(document, list):
        return None, None, tuple(document)
    return parsed, document, ()


@dataclass(slots=True)
class Reader:
    """Reads documents out of the sources and gathers findings on the way."""

    sources: Sources
    inherited: Inherited = ALONE
    findings: list[Finding] = field(default_factory=list)

    def find(
        self, name: str, message: str, at: Place, hint: str, level: Level = Level.ERROR
    ) -> None:
        """Add a finding."""
        self.findings.append(Finding(name=name, message=message, at=at, hint=hint, level=level))

    def one(self, file: str, model: type[Document]) -> tuple[Parsed, Document] | None:
        """Read one file; None after a finding."""
        if file not in self.sources:
            hint = "write it, or take the packaged one: `conductor init`"
            self.find("missing-file", "the file is missing", Place(file), hint)
            return None
        return self._read(self.inherited.place(file), self.sources[file], model)

    def _read(self, file: str, text: str, model: type[Document]) -> tuple[Parsed, Document] | None:
        parsed, document, findings = _validated(file, text, model)
        self.findings.extend(findings)
        return (parsed, document) if parsed and isinstance(document, model) else None

    def many(
        self, folder: str, ending: str, model: type[Document]
    ) -> tuple[tuple[Parsed, Document], ...]:
        """Read every file of a folder, in the order of their names."""
        read = (self.one(file, model) for file in self.names(folder, ending))
        return tuple(document for document in read if document)

    def names(self, folder: str, ending: str) -> list[str]:
        return sorted(
            file for file in self.sources if file.startswith(folder) and file.endswith(ending)
        )

    def policy(self) -> PolicyDocs | None:
        """Read the policy; None when a file that everything else needs is not valid."""
        facts = self.one("policy/facts.toml", docs.FactsDoc)
        tasks = self.one("policy/tasks.toml", docs.TasksDoc)
        routing = self.routing()
        models = self.one("policy/models.toml", ModelsDoc)
        sampling = self.one("policy/sampling.toml", SamplingDoc)
        promotion = self.one("policy/promotion.toml", docs.PromotionDoc)
        learning = self.one("policy/learning.toml", docs.LearningDoc)
        rubrics = self.many("policy/rubrics/", ".yaml", RubricDoc)
        cases = self.many("policy/cases/", ".yaml", docs.CasesDoc)
        authorizations = (
            self.one(AUTHORIZATIONS, AuthorizationsDoc) if AUTHORIZATIONS in self.sources else None
        )
        if not (facts and tasks and routing and models and sampling and promotion and learning):
            return None
        return PolicyDocs(
            facts=facts,
            tasks=tasks,
            routing=routing,
            models=models,
            sampling=sampling,
            promotion=promotion,
            learning=learning,
            rubrics=rubrics,
            cases=cases,
            authorizations=authorizations,
        )

    def routing(self) -> tuple[Parsed, docs.RoutingDoc] | None:
        """Read the rules, and behind them those of the layers above as far as they are wanted."""
        chain = [self.one(ROUTING, docs.RoutingDoc)]
        for file, text in self.inherited.routing:
            if not (last := chain[-1]) or not last[1].inherit:
                break
            chain.append(self._read(file, text, docs.RoutingDoc))
        read = [one for one in chain if one]
        if len(read) < len(chain):
            return None
        parsed, doc = read[-1]
        if doc.inherit:
            message, hint = "there are no rules above these", "remove `inherit`"
            self.find("nothing-above", message, parsed.at("inherit"), hint)
        return stacked(read)
