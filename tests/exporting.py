"""A workspace with judged runs whose texts were kept."""

from __future__ import annotations

from pathlib import Path

from conductor.app.ensembles import load
from conductor.app.project import Project
from conductor.core.digest import digest_bytes
from conductor.core.evaluation import Verdict
from tests.samples import evaluation, run

NAME = "summarize-document"
WORDS = [f"{word}-{at}" for word in ("amber", "birch", "cedar") for at in range(5)]


def text_of(number: int) -> str:
    """A text of its own, which shares no three words in a row with another one."""
    return " ".join(f"{word}{number}" for word in WORDS)


def add(project: Project, number: int, text: str, output: str, verdict: Verdict, **how) -> None:
    loaded = load(project.root, NAME)
    one = run(
        f"run-{number:03}",
        text_digest=loaded.closure.text_digest,
        input_digest=digest_bytes(text.encode()),
        output_digest=digest_bytes(output.encode()),
    )
    kept = how.pop("kept", True)
    project.ledger.add_run(
        one, input_text=text if kept else None, output_text=output if kept else None
    )
    rubric = project.judging.rubrics["output"]
    changes = {"verdict": verdict, "rubric": "output", "rubric_revision": rubric.revision, **how}
    if verdict is Verdict.POOR:
        changes["failure_mode"] = "invented-content"
    project.ledger.add_evaluation(evaluation(f"e-{number:03}", one, **changes))


def seed(root: Path) -> None:
    """Judge runs of every kind, and ask less of a dataset than the policy does."""
    learning = root / "policy/learning.toml"
    head = learning.read_text().partition("[datasets]")[0]
    learning.write_text(f"{head}[datasets]\nsft = 12\ndpo = 3\nkto = 12\njudge = 12\nrouting = 3\n")
    with Project(str(root)) as project:
        for number in range(20):
            good = f"A good answer {number}, write to ada@example.org."
            add(project, number, text_of(number), good, Verdict.GOOD)
        for number in range(20, 24):  # the same inputs, done badly
            add(project, number, text_of(number - 20), f"Bad {number}.", Verdict.POOR)
        add(project, 30, text_of(0) + " again", "Nearly the same.", Verdict.GOOD)
        add(project, 31, text_of(31), "So so.", Verdict.ACCEPTABLE)
        add(project, 32, text_of(32), "Gone.", Verdict.GOOD, kept=False)
        add(project, 33, text_of(33), "Judged by a machine.", Verdict.GOOD, judge="demo")
        add(project, 34, text_of(34), "Judged by Claude.", Verdict.GOOD, judge="claude")
