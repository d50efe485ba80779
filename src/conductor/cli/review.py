"""Judging by hand: what went in and what came out side by side, then the questions in order."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from conductor.cli import show
from conductor.cli.judging import answers
from conductor.core.run import short_id
from conductor.formats.columns import side_by_side

if TYPE_CHECKING:
    from conductor.app.project import Project
    from conductor.core.evaluation import Evaluation
    from conductor.core.run import Run

_FALLBACK = (100, 40)  # columns and lines, where nothing says how big the terminal is
_AROUND = 14  # lines of the screen that the questions need
_LEAST_ROWS = 12


def judge_by_hand(
    project: Project,
    run: Run,
    known: dict[str, str] | None = None,
    *,
    input_text: str | None = None,
    output_text: str | None = None,
) -> Evaluation:
    """Show a run to the person at the terminal and ask for what is not known yet."""
    from conductor.app import evaluate as app

    rubric = app.rubric_of(project, run)
    texts = app.texts_of(project, run, input_text=input_text, output_text=output_text)
    show.say(_heading(run))
    _present(texts.input, texts.output)
    show.say(f"\n{rubric.question}")
    record = answers(rubric, known or {}, of="output")
    return app.evaluate(project, run, record, texts=texts)


def _heading(run: Run) -> str:
    lines = [f"\nrun {short_id(run.id)}  {run.ensemble}  {run.at}", f"due: {run.due_reason}"]
    lines.extend(f"check {one.name}: {one.detail}" for one in run.checks if not one.passed)
    return "\n".join(lines)


def _present(input_text: str | None, output_text: str | None) -> None:
    if input_text is None and output_text is None:
        show.say(
            "\nInput and output were not kept. To keep texts on this machine, write"
            " `contents = true`\nunder `[ledger]` in conductor.toml."
        )
        return
    columns, lines = shutil.get_terminal_size(_FALLBACK)
    shown = side_by_side(
        ("input", "(not kept)" if input_text is None else input_text),
        ("output", "(not kept)" if output_text is None else output_text),
        width=columns,
        rows=max(_LEAST_ROWS, lines - _AROUND),
    )
    show.say(f"\n{shown}")
