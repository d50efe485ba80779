"""The text of a pull request that a proposal of `learn` becomes, made of facts only."""

from __future__ import annotations

import json
from collections.abc import Iterator

from conductor.core.proposal import Proposal
from conductor.formats import difference
from conductor.formats.pull_request import code, plain


def title(one: Proposal) -> str:
    """Give the subject of the commit, which is the pull request's title as well."""
    return plain(f"policy: {one.subject}: {one.change}")


def summary(one: Proposal) -> str:
    """Give one paragraph for the commit's message, without a line break."""
    told = ". ".join([*one.evidence, f"Risk: {one.risk}"])
    return plain(f"Proposed by `conductor learn` from the record of runs. {told}.")


def body(one: Proposal) -> str:
    """Write the text: evidence, risk, cases to decide anew, and what the change means."""
    blocks = ["\n".join(_evidence(one))]
    if one.comparison:
        blocks.append(difference.markdown(one.comparison))
    blocks.append(f"<!-- conductor {json.dumps(_machine(one), sort_keys=True)} -->")
    return "\n\n".join(blocks) + "\n"


def _evidence(one: Proposal) -> Iterator[str]:
    yield f"{code(one.subject)}: {code(one.change)}, proposed by `conductor learn` ({one.kind})."
    yield ""
    yield from (f"- {line}" for line in one.evidence)
    yield f"- risk: {one.risk}"
    if one.broken:
        names = ", ".join(map(code, one.broken))
        yield f"- cases that fail with it, and have to be decided anew: {names}"


def _machine(one: Proposal) -> dict[str, object]:
    return {"format": 1, "proposal": one.id, "kind": str(one.kind)}
