"""The text of a pull request that removes or deprecates an ensemble, made of facts only."""

from __future__ import annotations

import json
from collections.abc import Iterator

from conductor.core.demotion import Act, Demotion
from conductor.formats.pull_request import code, plain

_VERBS = {Act.REMOVE: "remove", Act.DEPRECATE: "deprecate", Act.RENEW: "renew"}
_WHAT = {
    Act.REMOVE: "leaves the library.",
    Act.DEPRECATE: "is deprecated. It stays, and whoever looks for it is told so.",
    Act.RENEW: "is deprecated no longer.",
}


def title(plan: Demotion) -> str:
    """Give the subject of the commit, which is the pull request's title as well."""
    return f"library: {_VERBS[plan.wish.act]} {plan.ensemble}"


def summary(plan: Demotion) -> str:
    """Give one paragraph for the commit's message, without a line break."""
    instead = f" Use {plan.wish.replaced_by}." if plan.wish.replaced_by else ""
    return f"{plain(plan.wish.reason) or 'It is to be used again'}{instead}"


def body(plan: Demotion) -> str:
    """Write the text: what happens, why, and every file."""
    blocks = [
        "\n".join(_what(plan)),
        "### Files\n\n" + "\n".join(_files(plan)),
        f"<!-- conductor {json.dumps(_machine(plan), sort_keys=True)} -->",
    ]
    return "\n\n".join(blocks) + "\n"


def _what(plan: Demotion) -> Iterator[str]:
    yield f"**{plan.ensemble}** {_WHAT[plan.wish.act]}"
    yield ""
    if plan.wish.reason:
        yield f"- why: {code(plan.wish.reason)}"
    if plan.wish.replaced_by:
        yield f"- instead: `{plan.wish.replaced_by}`"
    for name in plan.needed_by:
        yield f"- still run by {code(name)}"


def _files(plan: Demotion) -> Iterator[str]:
    for path, digest in plan.written.items():
        yield f"- `+` {code(path)} `{digest[7:19]}`"
    for path, digest in plan.removed.items():
        yield f"- `-` {code(path)} `{digest[7:19]}`"
    for path, users in plan.kept.items():
        yield f"- `=` {code(path)} stays for {', '.join(map(code, users))}"


def _machine(plan: Demotion) -> dict[str, object]:
    return {"format": 1, "ensemble": plan.ensemble, "act": str(plan.wish.act)}
