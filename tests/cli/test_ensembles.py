"""`conductor ensembles` as people call it, over the tiers that there are."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from conductor.adapters.models import Server
from conductor.app import availability
from conductor.app.shelves import CATALOGUE
from tests.conftest import command

FOREIGN = {
    "name": "triage-logs",
    "description": "Finds the first failing step in a build log.",
    "agents": [{"name": "a", "model_profile": "fast", "system_prompt": "Find it."}],
}
FAST = {"name": "fast", "provider": "openai-compatible", "model": "m"}


@pytest.fixture
def tiers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Path]:
    """A global and a library tier of the test's own, and no embedded model."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("LLM_ORC_LIBRARY_PATH", str(tmp_path / "library"))
    return {"global": tmp_path / "config/llm-orc", "library": tmp_path / "library"}


def write(folder: Path, document: Mapping[str, object], name: str = "", kind: str = "ensembles"):
    file = folder / kind / f"{name or document['name']}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(dict(document)), encoding="utf-8")
    return file


def listed(folder: Path, *arguments: str) -> list[dict[str, object]]:
    done = command("ensembles", "list", "--json", *arguments, folder=folder)
    rows: list[dict[str, object]] = json.loads(done.stdout)["ensembles"]
    return rows


def test_every_tier_is_listed_in_the_order_of_the_engine(workspace: Path, tiers, snapshot):
    write(tiers["global"], FOREIGN)
    write(tiers["global"], FAST, kind="profiles")
    write(tiers["library"], FOREIGN | {"description": "From the library."})
    write(tiers["library"], {"name": "adr-review", "description": "Another.", "agents": []})
    assert command("ensembles", "list", folder=workspace).stdout == snapshot


def test_one_tier_alone(workspace: Path, tiers):
    write(tiers["global"], FOREIGN)
    assert [row["name"] for row in listed(workspace, "--tier", "global")] == ["triage-logs"]


def test_a_broken_file_is_listed_with_its_problem_and_hides_nothing(workspace: Path, tiers):
    write(tiers["global"], {"name": "summary", "description": "d", "agents": []})
    broken = workspace / ".llm-orc/ensembles/summary.yaml"
    broken.write_text("name: [", encoding="utf-8")
    rows = [row for row in listed(workspace) if row["name"] == "summary"]
    assert [(row["tier"], row["runnable"], row["shadowed"]) for row in rows] == [
        ("local", False, False),
        ("global", True, False),
    ]
    assert "line 1" in str(rows[0]["obstacles"])


def test_a_changed_file_is_read_again_and_a_damaged_memory_is_forgotten(workspace: Path, tiers):
    file = write(tiers["global"], FOREIGN)
    listed(workspace)
    file.write_text(file.read_text().replace("first failing", "last failing"), encoding="utf-8")
    assert "last failing" in json.dumps(listed(workspace, "--tier", "global"))
    (workspace / CATALOGUE).write_text('{"format": 3, "files": 3}', encoding="utf-8")
    assert len(listed(workspace, "--tier", "global")) == 1


def test_a_task_in_words_finds_what_serves_it(workspace: Path, tiers, snapshot):
    done = command("ensembles", "find", "Summarize this text for me", folder=workspace)
    assert (done.returncode, done.stdout, done.stderr) == snapshot


def test_a_foreign_ensemble_is_found_by_its_words_with_what_it_lacks(workspace: Path, tiers):
    write(tiers["global"], FOREIGN)
    done = command("ensembles", "find", "which step of the build failed", folder=workspace)
    assert "triage-logs  (global)" in done.stdout
    assert "speaks of `build`, `step`" in done.stdout
    assert "cannot run: the profile `fast` is missing" in done.stdout
    assert "next: add profiles/fast.yaml to its tier" in done.stderr


def test_when_nothing_fits_the_next_step_is_said(workspace: Path, tiers):
    done = command("ensembles", "find", "Extract all dates from it", folder=workspace)
    assert (done.returncode, done.stdout) == (1, "")
    assert "next: conductor new-ensemble --template" in done.stderr
    assert "--set task=extraction" in done.stderr


def test_an_answer_for_an_agent_is_short(workspace: Path, tiers):
    for number in range(20):
        write(tiers["global"], FOREIGN | {"name": f"logs-{number:02}"})
    done = command("ensembles", "find", "build log", "--limit", "2", "--json", folder=workspace)
    answer = json.loads(done.stdout)
    assert answer["total"] == 20
    assert [one["name"] for one in answer["ensembles"]] == ["logs-00", "logs-01"]


def test_everything_about_one(workspace: Path, tiers, snapshot):
    assert command("ensembles", "show", "adr-review", folder=workspace).stdout == snapshot


def test_a_foreign_ensemble_of_another_tier_is_shown_with_its_closure(workspace: Path, tiers):
    write(tiers["global"], FOREIGN, name="of-another-file-name")
    write(tiers["global"], FAST, kind="profiles")
    done = command("ensembles", "show", "triage-logs", "--json", folder=workspace)
    shown = json.loads(done.stdout)
    assert [one["kind"] for one in shown["closure"]] == ["ensemble", "profile"]
    assert shown["runs_on"] == {"fast": "m at openai-compatible"}


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (("show", "triage-logs"), ["http://127.0.0.1:1/v1"]),
        (("graph", "triage-logs"), []),
        (("find", "the step of a build log"), ["http://127.0.0.1:1/v1"]),
        (("list",), ["http://127.0.0.1:1/v1", "http://127.0.0.1:2/v1"]),
    ],
)
def test_only_the_servers_of_what_is_shown_are_asked(
    workspace: Path, tiers, monkeypatch: pytest.MonkeyPatch, arguments, asked
):
    other = {"name": "other", "description": "d", "agents": [{"name": "a", "model_profile": "far"}]}
    for number, (document, profile) in enumerate([(FOREIGN, "fast"), (other, "far")], 1):
        write(tiers["global"], document)
        place = {"name": profile, "base_url": f"http://127.0.0.1:{number}/v1"}
        write(tiers["global"], FAST | place, kind="profiles")
    seen: list[str] = []

    def probe(address: str) -> Server:
        seen.append(address)
        return Server(base_url=address, models=("m",))

    monkeypatch.setattr(availability, "probe", probe)
    assert command("ensembles", *arguments, folder=workspace).returncode == 0
    assert sorted(seen) == asked


@pytest.mark.parametrize("form", ["text", "mermaid", "svg"])
def test_a_graph_in_each_form(workspace: Path, tiers, form: str):
    done = command("ensembles", "graph", "adr-review", "--format", form, folder=workspace)
    assert done.returncode == 0
    assert "extract-risks" in done.stdout


def test_a_graph_as_data(workspace: Path, tiers):
    done = command("ensembles", "graph", "summarize-document", "--json", folder=workspace)
    agents = json.loads(done.stdout)["agents"]
    assert [set(agent) for agent in agents] == [{"name", "depends_on", "runs_on"}]


@pytest.mark.parametrize("verb", ["show", "graph"])
def test_a_misspelt_name_is_answered_with_the_nearest(workspace: Path, tiers, verb: str):
    done = command("ensembles", verb, "adr-revew", folder=workspace)
    assert done.returncode == 2
    assert "did you mean `adr-review`?" in done.stderr


def test_without_a_workspace_the_other_tiers_are_there(tmp_path: Path, tiers):
    write(tiers["global"], FOREIGN)
    folder = tmp_path / "plain"
    folder.mkdir()
    assert [row["name"] for row in listed(folder)] == ["triage-logs"]
    assert not (folder / ".conductor").exists()


def test_a_fresh_clone_lists_what_it_will_have(workspace: Path, tiers):
    shutil.rmtree(workspace / ".llm-orc")
    assert "adr-review" in {row["name"] for row in listed(workspace)}
