"""The decisions that a workspace logged so far, in its file and in its ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from conductor.adapters import files
from conductor.app.route import DECISIONS
from conductor.app.settings import read_settings
from conductor.core.evaluation import Verdict
from conductor.core.policy import TASK
from conductor.core.replay import Logged, logged_of

_FILE = "sqlite:///"


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    decisions: tuple[Logged, ...]  # each once
    verdicts: Mapping[str, Verdict]  # the last one, by the decision that led to the judged run


def decisions_of(root: str) -> Log | None:
    """Read what was logged; None when nothing was. Never makes a ledger."""
    found = {one.id: one for one in _lines(root)}
    verdicts: Mapping[str, Verdict] = {}
    url = read_settings(root).ledger_url(root)
    if not url.startswith(_FILE) or Path(url.removeprefix(_FILE)).is_file():
        from conductor.adapters.ledger import open_ledger  # the database library costs a second

        ledger = open_ledger(url)
        try:
            found |= {one.id: one for one in ledger.logged()}
            verdicts = ledger.verdicts_by_decision()
        finally:
            ledger.close()
    return Log(decisions=tuple(found.values()), verdicts=verdicts) if found else None


def lines_of(root: str) -> Iterator[dict[str, object]]:
    """Read decisions.jsonl; a line that a crash cut short says nothing."""
    path = f"{root}/{DECISIONS}"
    if not Path(path).is_file():
        return
    for line in files.read_lines(path):
        try:
            document = json.loads(line)
        except ValueError:
            continue
        if isinstance(document, dict):
            yield document


def task_of(root: str, decision_id: str) -> str:
    """Give the task type that a logged decision names; empty when it is not there."""
    for line in lines_of(root):
        if line.get("id") == decision_id:
            facts = line.get("facts")
            task = facts.get(TASK) if isinstance(facts, dict) else None
            return str(task.get("value") or "") if isinstance(task, dict) else ""
    return ""


def _lines(root: str) -> Iterator[Logged]:
    for line in lines_of(root):
        logged = logged_of(str(line.get("id", "")), line.get("facts"))
        if logged and logged.id:
            yield logged
