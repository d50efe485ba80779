"""`conductor readiness`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from conductor.app import wire
from conductor.cli import ask, show
from conductor.errors import Missing

if TYPE_CHECKING:
    from conductor.app.project import Project
    from conductor.app.readiness import Examined
    from conductor.core.readiness import GateResult, Readiness

_TIERS = ("global", "library")


@click.command(name="readiness")
@click.argument("name")
@click.option(
    "--to", "tier", required=True, type=click.Choice(_TIERS), help="The tier in question."
)
@click.option("--assess", is_flag=True, help="First answer the rubric `generality`.")
@click.option("--reasoning", metavar="TEXT", help="With --assess: what in the ensemble decides.")
@click.option("--verdict", metavar="VERDICT", help="With --assess: poor, acceptable or good.")
@click.option("--failure-mode", metavar="MODE", help="With --assess: of a poor one, what is wrong.")
@click.option("--judge", default="human", metavar="WHO", help="With --assess: human or claude.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(
    folder: str,
    name: str,
    tier: str,
    assess: bool,
    reasoning: str | None,
    verdict: str | None,
    failure_mode: str | None,
    judge: str,
    as_json: bool,
) -> int:
    """Say what stands between an ensemble and a tier.

    Exit code 1 means that it is not ready. Nothing is written, except that the engine's answer and
    an assessment are kept in .conductor/.
    """
    from conductor.app.project import Project
    from conductor.app.readiness import examine
    from conductor.core.tier import Tier

    given = {"reasoning": reasoning, "verdict": verdict, "failure_mode": failure_mode}
    with Project(folder) as project:
        if assess:
            _assess(project, name, Tier(tier), given, judge)
        examined = examine(project, name, Tier(tier))
    readiness = examined.readiness
    if as_json:
        show.document(document(examined))
    else:
        show.result(screen(readiness))
    return int(not readiness.ready)


def screen(readiness: Readiness) -> str:
    """Lay the gates out, beginning with what there is to do."""
    first = f"{readiness.ensemble} -> {readiness.tier}: {headline(readiness)}"
    return "\n".join([first, *gate_lines(readiness.gates)])


def gate_lines(gates: tuple[GateResult, ...]) -> list[str]:
    """Write each gate with what it saw, and what would change its mind."""
    width = max(len(one.gate) for one in gates)
    wide = max(len(one.answer) for one in gates)
    pad = " " * (width + wide + 6)
    lines = []
    for one in gates:
        seen = show.safe(" ".join(one.seen.split()))
        lines.append(f"  {one.gate:<{width}}  {one.answer.upper():<{wide}}  {seen}")
        if one.change:
            lines.append(f"{pad}next: {one.change}")
        if one.command:
            lines.append(f"{pad}      {one.command}")
    return lines


def headline(readiness: Readiness) -> str:
    """Say first whether the person has anything to do."""
    if readiness.ready:
        return "ready; nothing for you to do but decide"
    to_mend = [one.gate for one in readiness.stopping if one.answer != "waiting"]
    waits = ", and it needs more use" if len(to_mend) < len(readiness.stopping) else ""
    if not to_mend:
        return "not ready; nothing for you to mend, it needs more use"
    return f"not ready; you must act ({', '.join(to_mend)}){waits}"


def document(examined: Examined) -> dict[str, object]:
    """Give the same as JSON."""
    readiness = examined.readiness
    return {
        "ensemble": readiness.ensemble,
        "tier": str(readiness.tier),
        "ready": readiness.ready,
        "verdict": str(readiness.overall),
        "text_digest": readiness.text_digest,
        "bound_digest": readiness.bound_digest,
        "gates": [wire.gate(one) for one in readiness.gates],
        "evaluations": asdict(examined.counted),
    }


def _assess(
    project: Project, name: str, tier: object, given: dict[str, str | None], judge: str
) -> None:
    from conductor.app import assess as app
    from conductor.app.collect import collect
    from conductor.cli.judging import answers
    from conductor.core.tier import Tier

    found = collect(project.root, name, Tier.LOCAL if tier is Tier.GLOBAL else Tier.GLOBAL)
    known = {key: value for key, value in given.items() if value is not None}
    record: dict[str, object] = {**known}
    rubric = app.rubric_of(project)
    if missing := [key for key in ("reasoning", "verdict") if key not in record]:
        if not ask.possible():
            raise Missing(
                f"the assessment lacks its {' and its '.join(missing)}",
                hint='write `--reasoning "…" --verdict poor|acceptable|good`',
            )
        for path, data in found.contents.items():
            show.say(f"\n{path}:\n{show.safe(data.decode('utf-8', 'replace'))}")
        show.say(f"\n{rubric.question}")
        record = answers(rubric, known, of="ensemble")
    app.assess(project, found, record, judge=judge)
