"""`conductor ensembles`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.app import wire
from conductor.cli import compare, show

if TYPE_CHECKING:
    from conductor.app.discovery import Details, Search
    from conductor.core.deprecation import Deprecation
    from conductor.core.discovery import Found

_DIGEST = 15  # characters of a digest that tell it from others: `sha256:` and eight
_TIERS = click.Choice(["local", "library", "global"])
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group(name="ensembles")
def command() -> None:
    """Find, look at and compare ensembles.

    Over all tiers, in the order in which the engine looks: local, library, global. Ensembles that
    conductor did not write are listed like any other.
    """


@command.command(name="list")
@click.option("--tier", type=_TIERS, help="Only this tier.")
@_JSON
@click.pass_obj
def list_(folder: str, tier: str | None, as_json: bool) -> int:
    """List every ensemble, and why one cannot run."""
    from conductor.app.discovery import listing
    from conductor.core.tier import Tier

    found = listing(folder, Tier(tier) if tier else None)
    if as_json:
        show.document({"ensembles": [wire.ensemble(one) for one in found]})
    elif found:
        show.result("\n".join(_rows(found)))
        show.say("next: conductor ensembles show NAME")
    else:
        show.say("There is no ensemble yet.\nnext: conductor new-ensemble --template swarm")
    return 0


@command.command()
@click.argument("text")
@click.option("--task", default="", metavar="TYPE", help="The task type, when you know it.")
@click.option("--limit", default=5, show_default=True, help="How many to show at most.")
@_JSON
@click.pass_obj
def find(folder: str, text: str, task: str, limit: int, as_json: bool) -> int:
    """Find the ensembles that fit what you need, best first.

    Exit code 1 means that nothing fits.
    """
    from conductor.app.discovery import search

    result = search(folder, text, task)
    best = result.found[: max(1, limit)]
    if as_json:
        show.document(wire.search(result, limit))
        return int(not best)
    for number, one in enumerate(best, 1):
        show.result("\n".join(_match(number, one)))
    show.say(_next(result))
    return int(not best)


@command.command(name="show")
@click.argument("name")
@_JSON
@click.pass_obj
def show_(folder: str, name: str, as_json: bool) -> int:
    """Show what an ensemble is made of and what is known about it."""
    from conductor.app.discovery import details

    one = details(folder, name)
    if as_json:
        show.document(_details_json(one))
    else:
        show.result("\n".join(_details(one)))
    return 0


@command.command()
@click.argument("name")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "mermaid", "svg"]),
    default="text",
    show_default=True,
    help="Text for a terminal, mermaid for Markdown, svg for a picture.",
)
@_JSON
@click.pass_obj
def graph(folder: str, name: str, form: str, as_json: bool) -> int:
    """Draw the agents of an ensemble and what each one waits for."""
    from conductor.app.discovery import graph_of
    from conductor.core.drawing import mermaid, svg
    from conductor.core.graph import dependencies, picture, runs_on

    ensemble = graph_of(folder, name)
    if as_json:
        places = runs_on(ensemble)
        needs = dependencies(ensemble).items()
        agents = [
            {"name": agent, "depends_on": list(names), "runs_on": places[agent]}
            for agent, names in needs
        ]
        show.document({"name": name, "agents": agents})
        return 0
    draw = {"text": lambda one: show.safe(picture(one)), "mermaid": mermaid, "svg": svg}[form]
    show.result(draw(ensemble))
    return 0


command.add_command(compare.command)


def _rows(found: tuple[Found, ...]) -> list[str]:
    cells = [
        (one.summary.name, one.summary.tier, _serves(one), _state(one), _known(one))
        for one in found
    ]
    head = ("name", "tier", "task", "can run", "evidence")
    widths = [max(len(row[column]) for row in [head, *cells]) for column in range(len(head))]
    lines = []
    for row in [head, *cells]:
        padded = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        lines.append(show.safe("  ".join(padded).rstrip()))
    return lines


def _serves(one: Found) -> str:
    if one.summary.part_of:
        return f"a part of {one.summary.part_of}"
    return one.summary.task or "-"


def _state(one: Found) -> str:
    if one.summary.shadowed:
        return "hidden by an earlier tier"
    old = "deprecated; " if one.summary.deprecated else ""
    if one.runnable:
        return f"{old}yes"
    more = f" (+{len(one.obstacles) - 1})" if len(one.obstacles) > 1 else ""
    return f"{old}no: {one.obstacles[0].what}{more}"


def _known(one: Found) -> str:
    if one.standing is None:
        return "-"
    percent = f"{one.standing.acceptance_percent} % accepted, at least {one.standing.lower_percent}"
    return f"{show.plural(one.standing.uses, 'use')}, {percent}"


def _match(number: int, one: Found) -> list[str]:
    lines = [f"{number}  {one.summary.name}  ({one.summary.tier})", f"   {one.summary.description}"]
    lines.append(f"   because it {one.why.replace('; ', ' and ')}")
    if one.standing:
        lines.append(f"   {_known(one)}")
    if one.summary.deprecated:
        lines.append(f"   {one.summary.deprecated.advice}")
    lines.extend(f"   cannot run: {found.what}\n     fix: {found.fix}" for found in one.obstacles)
    return [show.safe(line) for line in lines]


def _next(result: Search) -> str:
    if result.found:
        best = result.found[0]
        run = f"conductor run {best.summary.name} --input-file FILE"
        return f"next: {run if best.runnable else best.obstacles[0].fix}"
    nothing = f"Nothing here serves `{result.task}`."
    if result.template:
        make = f"conductor new-ensemble --template {result.template} --set task={result.task}"
        return f"{nothing}\nnext: {make}"
    return (
        f"{nothing}\nnext: give the task to Claude, or see what there is: conductor ensembles list"
    )


def _details(one: Details) -> list[str]:
    summary = one.found.summary
    rows = [
        ("tier", summary.tier),
        ("file", summary.file),
        ("task", summary.task or "none named"),
        ("made from", f"the template `{summary.template}`" if summary.template else "by hand"),
        *([("gives", one.gives)] if one.gives else []),
        ("agents", str(summary.agents)),
        ("evidence", _known(one.found) if one.found.standing else "not judged yet in this form"),
        *([("pays from", f"{one.pays_from:,} tokens of a task on")] if one.pays_from else []),
        *([("deprecated", _deprecated(summary.deprecated))] if summary.deprecated else []),
        *([("judging", _stage(*one.stage))] if one.stage else []),
        *(("runs on", f"{profile}: {where}") for profile, where in one.runs_on),
    ]
    if one.loaded:
        rows.extend(("ceiling", reason) for reason in one.ceiling)
        rows.extend(
            (str(member.kind), f"{member.name}  {member.digest[:_DIGEST]}")
            for member in one.loaded.closure.members
        )
        rows.append(("digest", one.loaded.closure.text_digest))
    for obstacle in one.found.obstacles:
        rows.extend([("cannot run", obstacle.what), ("fix", obstacle.fix)])
    lines = [summary.name, f"  {summary.description}", *(f"  {key:<11}{is_}" for key, is_ in rows)]
    return [show.safe(line) for line in lines]


def _deprecated(one: Deprecation) -> str:
    return f"{one.advice.removeprefix('deprecated: ')} (since {one.at})"


def _stage(state: str, reason: str) -> str:
    return f"{state}: {reason.removeprefix(f'{state}: ')}"


def _details_json(one: Details) -> dict[str, object]:
    closure = one.loaded.closure if one.loaded else None
    members = closure.members if closure else ()
    return {
        **wire.ensemble(one.found),
        "output_schema": one.output_schema,
        "pays_from_tokens": one.pays_from,
        "runs_on": dict(one.runs_on),
        "sampling": dict(zip(("state", "reason"), one.stage, strict=True)) if one.stage else None,
        "text_digest": closure.text_digest if closure else None,
        "closure": [
            {"kind": str(member.kind), "name": member.name, "digest": member.digest}
            for member in members
        ],
    }
