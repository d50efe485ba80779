"""`conductor status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import show
from conductor.core.drift import Drift

if TYPE_CHECKING:
    from conductor.app.library_status import InLibrary, Seen
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
@click.option("--fetch", is_flag=True, help="Look at the library again first.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(folder: str, name: str, fetch: bool, as_json: bool) -> int:
    """Say how ensembles differ between the tiers.

    An ensemble that was promoted from another workspace is compared with that one. The library is
    compared as conductor saw it last; only with --fetch is anybody asked. Exit code 1 means that
    one of them differs, or that a waiver in it no longer counts.
    """
    from conductor.adapters import clock, files
    from conductor.app.status import status

    answer = status(files.find_workspace(folder), name, clock.now()[:10], fetch=fetch)
    found = answer.states
    if as_json:
        library = {"commit": answer.library.commit or None} if answer.library else None
        show.document({"ensembles": [_object(one) for one in found], "library": library})
    elif found:
        show.result("\n".join(line for one in found for line in _lines(one, whole=bool(name))))
    else:
        show.say("There is no ensemble here or in tier global.\nnext: conductor new-ensemble")
    if answer.library and not as_json:
        show.say(_freshness(answer.library))
    return int(any(one.asks for one in found))


def _lines(one: State, *, whole: bool) -> list[str]:
    lines = [f"{one.drift:<9} {one.name}  {one.problem or _MEANS[one.drift]}"]
    if one.workspace:
        lines[0] += f" (promoted {one.at[:10]} from {one.workspace})"
    if whole or one.drift not in {Drift.SAME, Drift.LOCAL}:
        lines += [
            f"  {drift:<9} {path}" for path, drift in one.files.items() if whole or drift != "same"
        ]
    if one.library:
        lines += _in_library(one.library, whole=whole)
    for held in one.waivers:
        ends = f" until {held.waiver.until}" if held.waiver.until else ""
        state = held.problem or f"counts{ends}: {held.waiver.reason}"
        if whole or held.problem:
            lines.append(f"  waiver    {held.waiver.rule} at {held.waiver.at} {state}")
    if one.restorable:
        lines.append(f"  demoted   conductor demote {one.name} --from global --restore")
    return [show.safe(line) for line in lines]


_IN_LIBRARY = {
    Drift.SAME: "as in tier global",
    Drift.AHEAD: "tier global changed since it was contributed",
    Drift.BEHIND: "the library changed since",
    Drift.DIVERGED: "the library says something else than tier global",
    Drift.ORPHAN: "the library has it, and tier global no more",
    Drift.LOCAL: "not in the library",
}


def _in_library(one: InLibrary, *, whole: bool) -> list[str]:
    lines = [f"  library   {one.drift}: {_IN_LIBRARY[one.drift]}"]
    if one.deprecated:
        lines.append(f"            {one.deprecated.advice}")
    if whole or one.drift not in {Drift.SAME, Drift.LOCAL}:
        lines += [
            f"    {drift:<9} {path}"
            for path, drift in one.files.items()
            if whole or drift != "same"
        ]
    return lines


def _freshness(seen: Seen) -> str:
    if not seen.commit:
        return "the library was not looked at yet: conductor status --fetch"
    more = f", which has {show.plural(seen.others, 'more ensemble')}" if seen.others else ""
    return f"the library as of {seen.commit[:12]}{more}; `--fetch` looks again"


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
        "library": {
            "drift": str(one.library.drift),
            "files": {path: str(drift) for path, drift in one.library.files.items()},
            "deprecated": one.library.deprecated.to_json() if one.library.deprecated else None,
        }
        if one.library
        else None,
    }
