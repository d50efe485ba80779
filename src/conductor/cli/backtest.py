"""`conductor backtest`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from conductor.cli import show

if TYPE_CHECKING:
    from conductor.app.backtest import Graded
    from conductor.core.hindsight import Hindsight, Judged
    from conductor.core.scoring import Score, Share

_SHOWN = 5  # on the screen; `--json` has all
_BEGINNING = 48  # characters of a prompt


@click.command(name="backtest")
@click.argument("path", default="")
@click.option("--gold", is_flag=True, help="PATH is a file of labelled tasks: score them.")
@click.option("--by", default="", metavar="KEY", help="Score the values of this key apart.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(folder: str, path: str, gold: bool, by: str, as_json: bool) -> int:
    """Say how good the decisions are, over many tasks at once.

    PATH is a transcript of Claude Code or a folder of them, else your own: what would have gone
    to small models? With `--gold`, each line of PATH is a JSON object with `prompt`,
    `gold_task_type` and, where somebody labelled it, `gold_route`.

    Nothing is contacted, logged or kept.
    """
    from conductor.app.backtest import grade
    from conductor.app.hindsight import backtest
    from conductor.app.route import Router

    if gold and not path:
        raise click.UsageError("`--gold` needs a file of labelled tasks")
    if by and not gold:
        raise click.UsageError("`--by` needs `--gold`: transcripts have no labels")
    router = Router(folder, log=False, say=show.say)
    if gold:
        graded = grade(router, path, by=by)
        document, screen = _document(graded), _screen(graded, by)
    else:
        seen = backtest(router, path)
        document, screen = _hindsight_document(seen), _hindsight_screen(seen)
    if as_json:
        show.document(document)
    else:
        show.result(screen)
    return 0


def _hindsight_screen(seen: Hindsight) -> str:
    low, high = seen.saved
    share = f" ({100 * low / seen.tokens:.0f} to {100 * high / seen.tokens:.0f} %)" if high else ""
    width = max((len(one.task) for one in seen.types), default=4) + 2
    lines = [
        f"prompts      {seen.prompts}",
        f"local        {len(seen.local)}",
        f"tokens       {seen.tokens:,} that Claude wrote",
        f"not written  {low:,} to {high:,}{share}, before checking and judging",
        "",
        f"{'task':<{width}}prompts  local  tokens not written",
    ]
    for one in seen.types:
        tokens = f"{one.low:,} to {one.high:,}" if one.local else "-"
        lines.append(f"{one.task:<{width}}{one.prompts:>7}  {one.local:>5}  {tokens}")
    for title, judged in (("would be local", seen.local), ("missed by little", seen.missed)):
        if judged:
            lines += ["", title, *(_example(one) for one in judged[:_SHOWN])]
    return "\n".join(lines)


def _example(one: Judged) -> str:
    beginning = show.safe(" ".join(one.exchange.text.split())[:_BEGINNING])
    lacks = f": {one.lacks}" if one.lacks else ""
    return f"  {one.exchange.at}  {one.task}{lacks}\n    {beginning}"


def _hindsight_document(seen: Hindsight) -> dict[str, object]:
    """Name prompts by their place only: what they say stays in the transcript."""
    low, high = seen.saved
    return {
        "prompts": seen.prompts,
        "tokens": seen.tokens,
        "saved_tokens": [low, high],
        "types": {
            one.task: {
                "prompts": one.prompts,
                "local": one.local,
                "saved_tokens": [one.low, one.high],
            }
            for one in seen.types
        },
        "local": [_judged_json(one) for one in seen.local],
        "missed": [_judged_json(one) for one in seen.missed],
    }


def _judged_json(one: Judged) -> dict[str, object]:
    return {
        "at": one.exchange.at,
        "task": one.task,
        "outcome": one.outcome,
        "tokens": one.exchange.tokens,
        "lacks": one.lacks or None,
    }


def _screen(graded: Graded, by: str) -> str:
    total = graded.total
    lines = [
        f"tasks             {total.rows}",
        f"task type         {_share(total.strict)}",
        f"  or accepted     {_share(total.lenient)}",
        f"macro F1          {total.macro_f1:.1f} %",
        f"local, precision  {_share(total.local_precision)}",
        f"local, recall     {_share(total.local_recall)}",
        "",
        *_matrix(total),
    ]
    if graded.groups:
        lines += ["", *_groups(graded.groups, by)]
    if total.unsafe:
        shown = ", ".join(show.safe(one) for one in total.unsafe[:_SHOWN])
        left = len(total.unsafe) - _SHOWN
        more = f" and {left} more" if left > 0 else ""
        lines += ["", f"local against the label: {shown}{more}"]
    return "\n".join(lines)


def _share(share: Share) -> str:
    if not share.of:
        return "nothing to measure"
    low, high = share.interval
    return f"{share.percent:5.1f} %  ({low:.1f} to {high:.1f})  {share.hits} of {share.of}"


def _matrix(total: Score) -> list[str]:
    """Show the confusion matrix: a row per label, a numbered column per prediction."""
    types = list(total.confusion)
    only = sorted({one for row in total.confusion.values() for one in row} - set(types))
    columns = [*types, *only]
    width = max(len(one) for one in columns) + 5
    head = "".join(f"{number:>5}" for number in range(1, len(columns) + 1))
    lines = [f"{'labelled, then predicted as':<{width}}{head}     F1"]
    for number, task in enumerate(types, 1):
        row = total.confusion[task]
        cells = "".join(f"{row.get(column, 0) or '.':>5}" for column in columns)
        lines.append(f"{number:>3}  {show.safe(task):<{width - 5}}{cells}  {_f1(total, task):5.1f}")
    start = len(types) + 1
    return [*lines, *(f"{number:>3}  {show.safe(one)}" for number, one in enumerate(only, start))]


def _f1(total: Score, task: str) -> float:
    return next(one.f1 for one in total.types if one.task == task)


def _groups(groups: Mapping[str, Score], by: str) -> list[str]:
    width = max(len(by), *(len(name) for name in groups)) + 2
    lines = [f"{by:<{width}}tasks  accepted  local: precision    recall"]
    for name, one in groups.items():
        parts = (one.lenient, one.local_precision, one.local_recall)
        cells = "  ".join(f"{part.percent:>8.1f}" if part.of else f"{'-':>8}" for part in parts)
        lines.append(f"{show.safe(name):<{width}}{one.rows:>5}  {cells}")
    return lines


def _document(graded: Graded) -> dict[str, object]:
    return {
        "revision": graded.revision,
        **_score(graded.total),
        "groups": {name: _score(one) for name, one in graded.groups.items()},
        "mistakes": [
            {
                "id": row.id,
                "task": row.task,
                "predicted": row.predicted,
                "local": row.local,
                "outcome": row.outcome,
            }
            for row in graded.rows
            if not row.acceptable or row.id in graded.total.unsafe
        ],
    }


def _score(score: Score) -> dict[str, object]:
    return {
        "tasks": score.rows,
        "strict": _share_json(score.strict),
        "lenient": _share_json(score.lenient),
        "macro_f1_percent": score.macro_f1,
        "local_precision": _share_json(score.local_precision),
        "local_recall": _share_json(score.local_recall),
        "types": {
            one.task: {
                "labelled": one.labelled,
                "predicted": one.predicted,
                "found": one.found,
                "f1_percent": one.f1,
            }
            for one in score.types
        },
        "confusion": score.confusion,
    }


def _share_json(share: Share) -> dict[str, object]:
    """Give null for a share of nothing: it is not known, which is not zero."""
    if not share.of:
        return {"percent": None, "interval_percent": None, "hits": 0, "of": 0}
    return {
        "percent": share.percent,
        "interval_percent": list(share.interval),
        "hits": share.hits,
        "of": share.of,
    }
