"""`conductor backtest`: screens, JSON and refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

GOLD = (
    {"id": "sum", "prompt": "Summarize this text: the export moves to Postgres in March.",
     "gold_task_type": "summarization", "gold_route": "LOCAL", "source": "own"},
    {"id": "who", "prompt": "Who was the first woman in space?", "gold_task_type": "knowledge_qa",
     "gold_route": "CLAUDE", "source": "own"},
    {"id": "odd", "prompt": "Summarize this text: two plus two.", "gold_task_type": "reasoning",
     "alt_task_types": ["summarization"], "gold_route": "CLAUDE", "source": "odd"},
    {"id": "poem", "prompt": "Write a poem about a heron.", "gold_task_type": "creative",
     "gold_route": None, "source": "odd"},
)  # fmt: skip


@pytest.fixture
def gold(workspace: Path) -> Path:
    path = workspace / "gold.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in GOLD), encoding="utf-8")
    return path


def test_labelled_tasks_are_scored(conductor, workspace, gold, snapshot):
    shown = conductor("backtest", str(gold), "--gold", "--by", "source", folder=workspace)
    assert shown.return_value == 0
    assert shown.stdout == snapshot


def test_the_json_names_every_mistake_and_logs_nothing(conductor, workspace, gold):
    shown = conductor("backtest", str(gold), "--gold", "--json", folder=workspace)
    answer = json.loads(shown.stdout)
    assert next(iter(answer)) == "format"
    assert answer["lenient"]["hits"] == 4
    assert answer["local_recall"] == {
        "percent": 100.0, "interval_percent": [20.7, 100.0], "hits": 1, "of": 1
    }  # fmt: skip
    assert [one["id"] for one in answer["mistakes"]] == ["odd"]
    assert not (workspace / ".conductor/decisions.jsonl").exists()


@pytest.mark.parametrize(
    "line",
    ["{", "[]", '{"prompt": "x"}', '{"prompt": 1, "gold_task_type": "reasoning"}',
     '{"prompt": "x", "gold_task_type": "reasoning", "gold_route": "NEAR"}'],
)  # fmt: skip
def test_a_line_that_is_no_labelled_task_is_named(conductor, workspace, line):
    path = workspace / "gold.jsonl"
    path.write_text(f"{json.dumps(GOLD[0])}\n{line}\n", encoding="utf-8")
    shown = conductor("backtest", str(path), "--gold", folder=workspace)
    assert f"{path}:2" in str(shown.exception)


def test_an_empty_file_is_refused(conductor, workspace):
    path = workspace / "gold.jsonl"
    path.touch()
    shown = conductor("backtest", str(path), "--gold", folder=workspace)
    assert "no labelled task" in str(shown.exception)
