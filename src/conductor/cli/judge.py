"""`conductor judge`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from conductor.cli import show
from conductor.cli.texts import read_texts, texts_options
from conductor.core.evaluation import LOCAL

if TYPE_CHECKING:
    from conductor.app.calibrate import Calibration
    from conductor.app.takeover import Standing
    from conductor.core.agreement import Agreement, Bias

SAMPLING = "policy/sampling.toml"
_SURE = 0.05  # a bias that chance gives more rarely is named as one


@click.group(name="judge")
def command() -> None:
    """Ask a judge, and know how far to trust one."""


@command.command()
@click.argument("run_id", metavar="RUN")
@texts_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def prompt(
    folder: str, run_id: str, input_file: str | None, output_file: str | None, as_json: bool
) -> int:
    """Print what Claude is asked about a run, and how to answer.

    The answer goes to `conductor evaluate RUN --from FILE`.
    """
    from conductor.app import evaluate as app
    from conductor.app.project import Project

    with Project(folder) as project:
        run = app.find_run(project, run_id)
        texts = app.texts_of(project, run, **read_texts(input_file, output_file))
        text = app.prompt_for(project, run, texts)
        rubric = app.rubric_of(project, run)
    if as_json:
        show.document(
            {
                "run": run.id,
                "rubric": rubric.name,
                "rubric_revision": rubric.revision,
                "prompt": text,
            }
        )
    else:
        plain = text.rstrip("\n")
        show.result(show.safe(plain) if sys.stdout.isatty() else plain)
        show.say(f"next: conductor evaluate {run.id} --from FILE")
    return 0


@command.command()
@click.option("--judge", default="claude", show_default=True, metavar="WHO", help="Which one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def calibrate(folder: str, judge: str, as_json: bool) -> int:
    """Compare a judge with people who judged the same runs.

    Exit code 1 means that it may not judge alone.
    """
    from conductor.app.calibrate import calibrate as compare
    from conductor.app.project import Project
    from conductor.app.takeover import settle_judge
    from conductor.cli import local_judge

    with Project(folder) as project:
        local = judge.startswith(LOCAL)
        if local and "@" not in judge:
            judge = local_judge.find(project, judge).name
        found = compare(project, judge)
        standing = settle_judge(project, judge) if local else None
    if as_json:
        more = {"standing": local_judge.document(standing)} if standing else {}
        show.document({**asdict(found), **more})
    else:
        show.result("\n".join([*_screen(found), *(_stands(standing) if standing else ())]))
    return int(bool(found.missing))


def _screen(found: Calibration) -> list[str]:
    rows = [f"{found.judge} against people"]
    rows += _figures(found.agreement) if found.agreement else ["  no run was judged by both"]
    if found.left_out:
        rows.append(f"  left out: {show.plural(found.left_out, 'run')} judged by another rubric")
    if found.missing:
        rows.append("it may not judge alone:")
        rows.extend(f"  {lacking}" for lacking in found.missing)
    else:
        rows.append("it may judge alone, if a person decides so")
    return rows


def _stands(standing: Standing) -> list[str]:
    from conductor.cli.local_judge import lines

    rows = ["", *lines(standing)]
    if standing.fit and standing.state != "routine":
        rows.append(
            f'to let it: add "{standing.judge}" to `judges` under [handover] in {SAMPLING},'
        )
        rows.append("or say yes to what `conductor learn` proposes")
    return rows


def _figures(found: Agreement) -> list[str]:
    from conductor.core.rubric import Verdict

    names = [str(verdict) for verdict in Verdict]
    rows = ["", "  people say" + "".join(f"{name:>12}" for name in names) + "  by the judge"]
    rows.extend(
        f"  {name:<10}" + "".join(f"{count:>12}" for count in row)
        for name, row in zip(names, found.confusion, strict=True)
    )
    low, high = found.kappa_interval
    least, most = (round(100 * end) for end in found.poor_interval)
    return [
        *rows,
        "",
        f"  weighted kappa {found.kappa:.2f}  (n = {found.judged}, 95 % interval {low:.2f} to"
        f" {high:.2f})",
        f"  poor ones found {found.poor_found} of {found.poor}  (95 % interval {least}-{most} %)",
        f"  length: {_bias(found.length, 'longer outputs')}",
        f"  order: {_bias(found.order, 'later ones')}",
    ]


def _bias(found: Bias, what: str) -> str:
    chance = f"r = {found.correlation:+.2f}, p = {found.chance:.3f}"
    if found.chance >= _SURE:
        return f"no bias seen ({chance})"
    return f"{what} are judged too {'kindly' if found.correlation > 0 else 'strictly'} ({chance})"
