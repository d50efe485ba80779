"""`conductor ensembles compare`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from conductor.cli import show
from conductor.cli.fetching import fetched_model
from conductor.cli.progress import Live
from conductor.core.contest import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from conductor.app.compare import Match
    from conductor.core.contest import Contest, Side, Trial
    from conductor.core.execution import Progress
    from conductor.core.paired import Middle


@click.command(name="compare")
@click.argument("name")
@click.option(
    "--against",
    default="single",
    show_default=True,
    metavar="RIVAL",
    help="`single`, one model with the whole task, or another ensemble.",
)
@click.option("--instruction", default="", metavar="TEXT", help="What the single model is told.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(folder: str, name: str, against: str, instruction: str, as_json: bool) -> int:
    """Run an ensemble and one model alone on its examples.

    A swarm that does not beat one model should not be kept. Exit code 1 means that it does not.
    """
    from conductor.app import compare as app
    from conductor.app.project import Project

    with Project(folder) as project:
        match = app.plan(project, name, against, instruction)
        if fetched_model(project, match.needs_embedded):
            match = app.plan(project, name, against, instruction)
        show.say(_forecast(match))
        live = Live()
        try:
            contest = app.execute(project, match, _watch(live, len(match.examples)))
        finally:
            live.end()
    if as_json:
        show.document(_document(contest, match))
    else:
        show.result(show.safe("\n".join(_table(contest))))
        show.say(f"next: {_next(contest)}")
    return int(contest.earns is Answer.NO)


def _forecast(match: Match) -> str:
    inputs = show.plural(len(match.examples), "golden input")
    name = match.ours.loaded.name
    line = f"comparing `{name}` with `{match.rival}` on {inputs}, which may take"
    time = f"{match.prediction.span} ({match.prediction.basis})"
    return f"{line} {time}" + (
        f"\nthe single model is told: {show.safe(match.instruction)}" if match.instruction else ""
    )


def _watch(live: Live, inputs: int) -> Callable[[str, int], Callable[[Progress], None]]:
    def begin(name: str, number: int) -> Callable[[Progress], None]:
        live.end()
        show.say(f"input {number} of {inputs}: {name}")
        return live

    return begin


def _table(contest: Contest) -> list[str]:
    ours, theirs = contest.ours, contest.theirs
    head = ("", contest.ensemble, contest.rival, "input by input")
    better = f"better on {contest.better}, worse on {contest.worse} of {ours.inputs}"
    rows = [
        head,
        ("quality checks", _met(ours), _met(theirs), better),
        ("inputs all right", _whole(ours), _whole(theirs), ""),
        ("tokens", f"{ours.tokens:,}", f"{theirs.tokens:,}", _times(contest.tokens)),
        ("seconds", f"{ours.seconds:.1f}", f"{theirs.seconds:.1f}", _times(contest.seconds)),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return [*lines, *_missed(contest), "", contest.sentence]


def _met(side: Side) -> str:
    return f"{side.met} of {side.asked}"


def _whole(side: Side) -> str:
    low, high = side.interval_percent
    return f"{side.whole} of {side.inputs} ({low} to {high} %)"


def _times(one: Middle) -> str:
    if one.interval is None:
        return f"{one.value:.1f} times (too few for an interval)"
    low, high = one.interval
    return f"{one.value:.1f} times ({low:.1f} to {high:.1f})"


def _missed(contest: Contest) -> list[str]:
    """Say for each input what either side did not meet, or why it did not come through."""
    lines = []
    for pair in contest.pairs:
        for name, trial in ((contest.ensemble, pair.ours), (contest.rival, pair.theirs)):
            if trial.failure:
                lines.append(f"  {pair.example}, {name}: left out, {trial.failure}")
            lines.extend(f"  {pair.example}, {name}: {one}" for one in trial.unmet if pair.counts)
    return ["", "not met:", *lines] if lines else []


def _next(contest: Contest) -> str:
    if contest.earns is Answer.OPEN:
        return f"add golden examples to registry/examples/{contest.ensemble}/"
    if contest.earns is Answer.NO and contest.rival == "single":
        return "make an ensemble of one agent: conductor new-ensemble --template single"
    return f"conductor ensembles show {contest.ensemble}"


def _document(contest: Contest, match: Match) -> dict[str, object]:
    return {
        "ensemble": contest.ensemble,
        "against": contest.rival,
        "instruction": match.instruction or None,
        "earns_its_keep": contest.earns,
        "sentence": contest.sentence,
        "inputs": len(contest.pairs),
        "counted": len(contest.counted),
        "better": contest.better,
        "worse": contest.worse,
        "sides": {"ensemble": _side(contest.ours), "against": _side(contest.theirs)},
        "token_ratio": _ratio(contest.tokens),
        "seconds_ratio": _ratio(contest.seconds),
        "pairs": [
            {
                "example": pair.example,
                "ensemble": _trial(pair.ours),
                "against": _trial(pair.theirs),
            }
            for pair in contest.pairs
        ],
    }


def _side(side: Side) -> dict[str, object]:
    return {**asdict(side), "interval_percent": list(side.interval_percent)}


def _ratio(one: Middle) -> dict[str, object]:
    interval = [round(value, 2) for value in one.interval] if one.interval else None
    return {"median": round(one.value, 2), "interval": interval}


def _trial(one: Trial) -> dict[str, object]:
    return {**asdict(one), "unmet": list(one.unmet), "failure": one.failure or None}
