"""Plans as files: written down, read back, and signed by a person in place of a yes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from conductor.adapters import homes
from conductor.app.project import Project
from conductor.app.readiness import gate_of
from conductor.core.plan import Planned, differences
from conductor.core.tier import Tier
from conductor.errors import UsageError

SIGNATURES = "conductor-plan"  # the namespace of a person's signature over a plan
_AGAIN = "make a new one: `--plan-out FILE`"
_MOVED = "outward.base_commit"


def plan_text(plan: Planned) -> str:
    """Give the file that `--plan-out` writes and that a person may sign."""
    content = {"format": 1, "digest": plan.digest, "plan": plan.document()}
    return json.dumps(content, indent=1) + "\n"


def document_in(text: str) -> Mapping[str, Any]:
    """Read the plan out of such a file; raises UsageError when there is none."""
    try:
        document = json.loads(text)["plan"]
        str(document["at"])
        return dict(document)
    except (ValueError, KeyError, TypeError) as error:
        raise none_such() from error


def none_such() -> UsageError:
    return UsageError("this is no plan", hint="write one with `--plan-out FILE`")


def still_holds(then: Mapping[str, Any], now: Planned, *, closed: bool) -> None:
    """Raise UsageError when a plan that was made again is another, or was carried out before."""
    if stale := differences(then, now.document()):
        raise UsageError(f"the plan is stale: {_explained(stale)} changed since", hint=_AGAIN)
    if closed:
        raise UsageError("this plan was carried out already", hint=_AGAIN)


def _explained(stale: list[str]) -> str:
    """Name the cause and leave its effects out: on another base, the commit is another."""
    if _MOVED in stale:
        return "the branch of the library that it is based on (`outward.base_commit`)"
    return ", ".join(stale)


def wants_signature(project: Project, tier: Tier) -> bool:
    """Tell whether the policy takes nothing but a signature for this tier."""
    return gate_of(project, tier).signature


def signed_by(text: str, signature: str) -> str:
    """Name the person whose signature over the text of a plan stands for their yes."""
    from conductor.adapters.signatures import signer

    data = text.encode()
    allowed = f"{homes.config()}/allowed_signers"
    return signer(data, signature, namespace=SIGNATURES, allowed=allowed)
