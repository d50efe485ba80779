"""`conductor status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import show
from conductor.core.drift import Drift

if TYPE_CHECKING:
    from conductor.app.status import State

_MEANS = {
    Drift.SAME: "as it was promoted",
    Drift.AHEAD: "it changed here since",
    Drift.BEHIND: "it changed in tier global since",
    Drift.DIVERGED: "here and in tier global it says something else",
    Drift.ORPHAN: "it is in tier global only",
    Drift.LOCAL: "it is here only",
}


@click.command(name="status")
@click.argument("name", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(folder: str, name: str, as_json: bool) -> int:
    """Say how ensembles differ between here and tier global.

    An ensemble that was promoted from another workspace is compared with that one. Exit code 1
    means that one of them differs, or that a waiver in it no longer counts.
    """
    from conductor.adapters import clock, files
    from conductor.app.status import status

    found = status(files.find_workspace(folder), name, clock.now()[:10])
    if as_json:
        show.document({"ensembles": [_object(one) for one in found]})
    elif found:
        show.result("\n".join(line for one in found for line in _lines(one, whole=bool(name))))
    else:
        show.say("There is no ensemble here or in tier global.\nnext: conductor new-ensemble")
    return int(any(one.asks for one in found))


def _lines(one: State, *, whole: bool) -> list[str]:
    lines = [f"{one.drift:<9} {one.name}  {one.problem or _MEANS[one.drift]}"]
    if one.workspace:
        lines[0] += f" (promoted {one.at[:10]} from {one.workspace})"
    if whole or one.drift not in {Drift.SAME, Drift.LOCAL}:
        lines += [
            f"  {drift:<9} {path}" for path, drift in one.files.items() if whole or drift != "same"
        ]
    for held in one.waivers:
        ends = f" until {held.waiver.until}" if held.waiver.until else ""
        state = held.problem or f"counts{ends}: {held.waiver.reason}"
        if whole or held.problem:
            lines.append(f"  waiver    {held.waiver.rule} at {held.waiver.at} {state}")
    if one.restorable:
        lines.append(f"  demoted   conductor demote {one.name} --from global --restore")
    return [show.safe(line) for line in lines]


def _object(one: State) -> dict[str, object]:
    return {
        "name": one.name,
        "drift": str(one.drift),
        "files": {path: str(drift) for path, drift in one.files.items()},
        "workspace": one.workspace or None,
        "promoted_at": one.at or None,
        "problem": one.problem or None,
        "waivers": [
            {
                "rule": held.waiver.rule,
                "at": held.waiver.at,
                "reason": held.waiver.reason,
                "until": held.waiver.until or None,
                "problem": held.problem or None,
            }
            for held in one.waivers
        ],
        "restorable": one.restorable,
    }
