"""A workspace with everything opened that a verb needs: where parts are put together."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from conductor.adapters import clock, files
from conductor.app.build import bundle_text, workspace_of
from conductor.app.settings import Settings, read_settings
from conductor.core import bundle
from conductor.core.agreement import Handover
from conductor.core.entries import Transition
from conductor.core.learning import LoraRule
from conductor.core.policy import Policy
from conductor.core.ports import Isolate, Ledger, ModelServer, Runner, RunnerFactory, ServerFactory
from conductor.core.promotion import Gate
from conductor.core.rubric import Rubric, rubric_from
from conductor.core.sampling import Sampling
from conductor.core.sequential import Drift
from conductor.core.takeover import routine
from conductor.core.thresholds import Limits
from conductor.errors import OutsideError

ENGINE_STATE = f"{files.PRIVATE}/engine"  # what the engine keeps for itself

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from conductor.adapters.embedded import EmbeddedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """What the policy says about judging: numbers and rubrics, under one revision."""

    revision: str
    sampling: Sampling
    handover: Handover
    gates: tuple[Gate, ...]
    lora: LoraRule
    proposals: Limits
    datasets: Mapping[str, int]  # distinct inputs that each format needs
    rubrics: Mapping[str, Rubric]


class Project:
    """A workspace in use. Leaving the context closes what was opened."""

    def __init__(
        self,
        folder: str,
        *,
        open_runner: RunnerFactory | None = None,
        open_server: ServerFactory | None = None,
        isolate: Isolate | None = None,
    ) -> None:
        self.root = workspace_of(folder)
        self.settings: Settings = read_settings(self.root)
        self.open_runner = open_runner or self._engine
        self.open_server = open_server or self._embedded
        self.isolate = isolate or self._isolate

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if "ledger" in self.__dict__:
            self.ledger.close()

    def path(self, relative: str) -> str:
        return f"{self.root}/{relative}"

    @staticmethod
    def now() -> str:
        return clock.now()

    @staticmethod
    def new_id() -> str:
        return clock.new_id()

    @cached_property
    def embedded(self) -> EmbeddedModel | None:
        """The embedded model, when it is on this machine."""
        from conductor.adapters.embedded import find_model

        return find_model()

    @cached_property
    def ledger(self) -> Ledger:
        from conductor.adapters.ledger import open_ledger  # the database library costs a second

        return open_ledger(self.settings.ledger_url(self.root), self._routine)

    def _routine(self) -> Collection[str]:
        """Name the local judges whose verdicts count; looks at the policy only if there are any."""
        fit = routine(self.ledger.entries(Transition))
        return fit.intersection(self.judging.handover.judges) if fit else fit

    @cached_property
    def bundle(self) -> str:
        """The policy as it is in the sources now; raises SourceError when it does not compile."""
        return bundle_text(self.root)

    @cached_property
    def policy(self) -> Policy:
        return bundle.load(self.bundle)

    @cached_property
    def sections(self) -> Mapping[str, Any]:
        """The bundle's sections that `route` does not read."""
        document: Mapping[str, Any] = json.loads(self.bundle)
        return document

    @cached_property
    def judging(self) -> Judging:
        sections = self.sections
        return Judging(
            revision=sections["revision"],
            sampling=_sampling(sections["sampling"]),
            handover=_handover(sections["sampling"]["handover"]),
            gates=tuple(Gate(tier=tier, **gate) for tier, gate in sections["promotion"].items()),
            lora=LoraRule(poor=sections["learning"]["lora_candidate"]["poor"]),
            proposals=Limits(**sections["learning"]["proposals"]),
            datasets=sections["learning"]["datasets"],
            rubrics={name: rubric_from(doc) for name, doc in sections["rubrics"].items()},
        )

    def _engine(self) -> AbstractContextManager[Runner]:
        from conductor.adapters.llm_orc import open_runner

        return open_runner(self.path(ENGINE_STATE), self.settings.engine_command)

    def _isolate(self, name: str, contents: Mapping[str, bytes]) -> str:
        from conductor.adapters.llm_orc.isolation import why_not_apart

        return why_not_apart(name, contents, self.settings.engine_command)

    def _embedded(self) -> AbstractContextManager[ModelServer]:
        from conductor.adapters.embedded import serve

        if self.embedded is None:
            raise OutsideError(
                "the embedded model is not on this machine",
                hint="fetch it with `conductor demo`, or bind the profiles elsewhere",
            )
        return serve(self.embedded)


def _handover(document: Mapping[str, Any]) -> Handover:
    return Handover(**{**document, "judges": tuple(document["judges"])})


def _sampling(document: Mapping[str, Any]) -> Sampling:
    established, drift = document["established"], document["drift"]
    return Sampling(
        calibration_uses=document["calibration_uses"],
        rate=document["rate"],
        audit_rate=document["audit_rate"],
        established_uses=established["uses"],
        established_acceptance_percent=established["acceptance_percent"],
        test=established["test"],
        error_percent=established["error_percent"],
        type_judged=document["types"]["judged"],
        drift=Drift(
            normal=drift["normal_percent"] / 100,
            drifted=drift["drifted_percent"] / 100,
            false_alarm_uses=drift["false_alarm_uses"],
        ),
    )
