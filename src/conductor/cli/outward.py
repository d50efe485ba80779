"""The lines that say what would leave this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor.cli import show
from conductor.core.forge import Rung

if TYPE_CHECKING:
    from conductor.core.outward import Outward

_RUNGS = {
    Rung.GH: "open or update the pull request at {repository}, with the login of gh",
    Rung.REST: "open or update the pull request at {repository}, with the token in the environment",
    Rung.PUSH_OPTIONS: "ask {repository} for a merge request while pushing",
    Rung.COMPARE: "show the address where you open the pull request (no login for {repository})",
    Rung.BRANCH: "leave it at that: no forge is known there (`forge` in conductor.toml)",
    Rung.PATCH: "write a patch and a bundle to send: you may not push there",
}


def outward_lines(outward: Outward) -> list[str]:
    """Say everything that would leave this machine, and what would not happen."""
    base = f"{outward.base} at {outward.base_commit[:12]}"
    lines = [f"  will: commit {outward.commit[:12]} on {base}: {outward.title}"]
    if outward.rung.pushes:
        lines.append(f"        push it to branch {outward.branch} of {outward.push_to}")
    lines.append(f"        {_RUNGS[outward.rung].format(repository=outward.repository)}")
    lines.append("  will not: merge, touch another file or branch, run a script")
    if outward.rung.proposes:
        text = [f"  | {line}".rstrip() for line in outward.body.splitlines()]
        lines += ["", "  the text of the pull request:", *text]
    return [show.safe(line) for line in lines]
