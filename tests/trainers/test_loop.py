"""The whole loop on the embedded model: run, judge, report, export, load as trainers do."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from conductor.adapters.embedded import fetch_model, find_model
from conductor.app.project import Project
from tests.conftest import command, edit

pytestmark = pytest.mark.datasets

TASKS = {  # a form each of what is asked of a small model; some answers run into their limit
    "review-label": (
        *("--for", "Classify a review as positive or negative"),
        *("--set", "max_tokens=32"),
    ),
    "in-short": (
        *("--template", "single", "--set", "description=Sums up a note."),
        *("--set", "task=summarization", "--set", "max_tokens=24"),
        *("--set", "instruction=Sum up the note in one short sentence."),
    ),
    "in-words": (
        *("--template", "single", "--set", "description=Gives a note a title."),
        *("--set", "task=summarization", "--set", "max_tokens=16"),
        *("--set", "instruction=Give the note a title of three words."),
    ),
}
RUBRICS = {"review-label": "classification", "in-short": "summarization"}
SOLD = ("oven in Lisbon", "kettle in Oslo", "lamp in Bergen", "radio in Ghent", "bicycle in Turin")
FAULTS = ("It works well and is quiet", "It broke after one day")
ITEMS = len(SOLD) * len(FAULTS)
CLAUDE_JUDGES = 4  # every so many-th run; people judge the others
NEEDED = {"sft": 6, "kto": 8, "judge": 6}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """Make the workspace and the runs; gives the lines of the results, in order of the runs."""
    if not find_model():
        fetch_model(print)
    root = tmp_path_factory.mktemp("loop")
    assert command("init", "--yes", folder=root).returncode == 0
    edit(root, "conductor.toml", "contents = false", "contents = true")
    lines: list[dict[str, Any]] = []
    for name, words in TASKS.items():
        made = command("new-ensemble", name, *words, "--yes", folder=root)
        assert made.returncode == 0, made.stderr
        texts = [f"Order {name} {at}: {thing}. {fault}." for at, thing, fault in inputs()]
        batch = root / f"{name}.jsonl"
        batch.write_text("".join(json.dumps({"input": text}) + "\n" for text in texts))
        done = command("run", name, "--batch", batch.name, folder=root)
        assert done.returncode in (0, 1), done.stderr  # a check may turn one down
        results = map(json.loads, done.stdout.splitlines())
        lines.extend({**one, "ensemble": name} for one in results)
    return root, lines


def inputs() -> list[tuple[int, str, str]]:
    both = [(thing, fault) for thing in SOLD for fault in FAULTS]
    return [(at, thing, fault) for at, (thing, fault) in enumerate(both)]


def record(root: Path, line: dict[str, Any], *, judge: str, poor: bool) -> str:
    """Write a judgement that quotes the real output; poor: its first criterion is missed."""
    with Project(str(root)) as project:
        rubric = project.judging.rubrics[RUBRICS.get(line["ensemble"], "summarization")]
    quote = " ".join(line["output"].split()[:3])
    answers = {
        one.name: {
            "evidence": [quote],
            "reasoning": "these words decide it",
            "answer": "missed" if poor and not at else "met",
        }
        for at, one in enumerate(rubric.criteria)
    }
    end = {"failure_mode": rubric.failure_modes[0][0]} if poor else {}
    verdict = {"verdict": "poor" if poor else "good"}
    whole = {"run": line["run"], "judge": judge, "criteria": answers}
    return json.dumps({**whole, "reasoning": "see the quotation", **end, **verdict})


def test_thirty_runs_of_three_ensembles_become_datasets(ran, tmp_path: Path, monkeypatch):
    root, lines = ran
    counts = Counter(one["status"] for one in lines)
    assert len(lines) == len({one["run"] for one in lines}) == 3 * ITEMS == 30
    assert counts["succeeded"] + counts["rejected"] == 30

    judged: dict[str, tuple[str, str]] = {}  # only what its checks let through
    for at, line in enumerate(one for one in lines if one["status"] == "succeeded"):
        judge, poor = "human" if at % CLAUDE_JUDGES else "claude", at % 3 == 0
        written = record(root, line, judge=judge, poor=poor)
        said = command("evaluate", line["run"], "--from", "-", folder=root, stdin=written)
        assert said.returncode == 0, said.stderr
        judged[line["run"]] = (judge, "poor" if poor else "good")

    report(root, lines, judged)
    refused = command("export", "sft", "--out", str(tmp_path / "no"), "--yes", folder=root)
    assert refused.returncode == 1
    assert "of 100 distinct sources are missing" in refused.stderr
    assert not (tmp_path / "no").exists()

    policy = root / "policy/learning.toml"
    head = policy.read_text().partition("[datasets]")[0]
    less = "".join(f"{form} = {number}\n" for form, number in NEEDED.items())
    policy.write_text(f"{head}[datasets]\n{less}dpo = 50\nrouting = 30\n")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for form in NEEDED:
        exported(root, form, tmp_path / form, judged)


def report(root: Path, lines: list[dict[str, Any]], judged: dict[str, tuple[str, str]]) -> None:
    told = json.loads(command("report", "--json", folder=root).stdout)
    savings, rows = told["savings"], {one["name"]: one for one in told["savings"]["rows"]}
    assert savings["succeeded"] + savings["rejected"] == sum(
        one["uses"] for one in told["ensembles"]
    )
    assert (savings["succeeded"], savings["failed"]) == (len(judged), 0)
    grades = {name: rows[name]["grade"] for name in ("judged", "unknown", "rejected", "context")}
    assert list(grades.values()) == ["measured", "assumed", "measured", "assumed"]
    assert rows["judged"]["count"] == len(judged)
    assert (rows["unjudged"]["count"], rows["unknown"]["count"]) == (0, 0)
    assert rows["rejected"]["count"] == len(lines) - len(judged)
    verdicts: Counter[tuple[str, str, str]] = Counter()
    for one in told["ensembles"]:
        here = [line for line in lines if line["ensemble"] == one["ensemble"]]
        assert one["uses"] == ITEMS
        assert one["judged"] == sum(line["run"] in judged for line in here)
        for by in one["judges"]:
            for verdict in ("poor", "good"):
                verdicts[one["ensemble"], by["judge"], verdict] = by[verdict]
    where = {line["run"]: line["ensemble"] for line in lines}
    assert +verdicts == Counter((where[run], *said) for run, said in judged.items())


def exported(root: Path, form: str, out: Path, judged: dict[str, tuple[str, str]]) -> None:
    """Write and load one dataset: every row comes from a run that was judged so."""
    from datasets import load_dataset

    done = command("export", form, "--out", str(out), "--yes", folder=root)
    assert done.returncode == 0, done.stderr
    splits = load_dataset(str(out), form, cache_dir=str(out.parent / "cache"))
    origins = [json.loads(line) for line in (out / "provenance.jsonl").read_text().splitlines()]
    assert sum(len(split) for split in splits.values()) == len(origins) >= NEEDED[form]
    assert len({one["source"] for one in origins}) >= NEEDED[form]
    for name, split in splits.items():
        here = [one["runs"] for one in origins if one["split"] == name]
        for row, (run,) in zip(split, here, strict=True):
            judge, verdict = judged[run]  # what was rejected was not judged, and is not there
            if form == "sft":
                assert verdict == "good"
            elif form == "kto":
                assert row["label"] is (verdict == "good")
            else:
                assert judge == "human"
                assert json.loads(row["completion"][0]["content"])["verdict"] == verdict
