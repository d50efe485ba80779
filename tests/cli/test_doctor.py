"""`doctor`: an honest line for everything that runs need."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from conductor.adapters import machine
from conductor.adapters.embedded import model, server
from tests.conftest import command
from tests.terminal import converse


@pytest.fixture(autouse=True)
def _stopgap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the embedded model be on this machine, as far as its size tells."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = model.cached()
    path.parent.mkdir(parents=True)
    path.touch()
    os.truncate(path, model.BYTES)


def doctor(folder: Path) -> dict[str, dict[str, str]]:
    facts = json.loads(command("doctor", "--json", folder=folder).stdout)["facts"]
    return {one["name"]: one for one in facts}


def bind(folder: Path, *classes: str) -> None:
    """Bind classes to a server that does not answer."""
    table = '[profiles.conductor-{}]\nprovider = "openai-compatible"\nmodel = "m"\n{}\n'
    address = 'base_url = "http://127.0.0.1:9/v1"'
    text = "".join(table.format(one, address) for one in classes)
    (folder / ".conductor/bindings.toml").write_text(f"format = 1\n{text}")


def test_a_line_for_everything_and_a_fix_for_what_is_missing(workspace: Path):
    bind(workspace, "small")
    done = command("doctor", "--json", folder=workspace)
    facts = {one["name"]: one for one in json.loads(done.stdout)["facts"]}
    assert done.returncode == 1
    assert [facts[name]["state"] for name in ("policy", "engine", "engine client")] == ["ok"] * 3
    small = facts["conductor-small"]
    assert (small["state"], bool(small["fix"])) == ("missing", True)
    assert "no answer" in small["detail"]
    together = facts["ensembles"]
    assert (together["state"], together["detail"]) == ("missing", "0 of 2 can run here")
    assert together["fix"] == small["fix"]


def test_some_ensembles_that_cannot_run_are_a_warning(bare: Path, monkeypatch):
    monkeypatch.setattr("conductor.app.doctor._engine", lambda _: iter(()))
    bind(bare, "ceiling")  # which only one of them needs
    found = doctor(bare)
    assert (found["ensembles"]["state"], found["ensembles"]["detail"]) == (
        "warning",
        "1 of 2 can run here",
    )
    assert found["conductor-micro"]["state"] == "warning"  # on the stopgap
    assert found["conductor-ceiling"]["state"] == "missing"


def test_without_the_engine_nothing_can_run(bare: Path):
    found = doctor(bare)
    assert (found["engine"]["state"], found["engine"]["fix"]) == (
        "missing",
        "pip install 'llm-conductor[engine]'",
    )
    assert (found["ensembles"]["state"], found["ensembles"]["detail"]) == (
        "missing",
        "none of 2 can run here without the engine",
    )


def test_a_class_that_no_ensemble_needs_misses_nothing(bare: Path):
    for name in ("registry", ".llm-orc"):
        shutil.rmtree(bare / name)
    (bare / ".llm-orc/ensembles").mkdir(parents=True)
    bind(bare, "small")
    found = doctor(bare)
    assert found["conductor-small"]["state"] == found["conductor-micro"]["state"] == "absent"
    assert (found["ensembles"]["state"], found["ensembles"]["detail"]) == (
        "absent",
        "there is none yet",
    )


@pytest.mark.parametrize(
    ("lacking", "fix"),
    [("model", "conductor demo"), ("server", "pip install 'llm-conductor[embedded]'")],
)
def test_a_stopgap_that_is_not_there_is_missing_where_a_class_runs_on_it(
    bare: Path, tmp_path, monkeypatch, lacking, fix
):
    if lacking == "model":
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    else:
        monkeypatch.setattr(server, "find_spec", lambda _: None)
    found = doctor(bare)
    assert found["conductor-micro"]["state"] == "missing"
    assert found["conductor-micro"]["fix"].startswith(fix)


def test_too_little_memory_for_any_model_is_a_warning(bare: Path, monkeypatch):
    monkeypatch.setattr(machine, "memory_gigabytes", lambda: 0.9)
    memory = doctor(bare)["memory"]
    assert (memory["state"], memory["detail"]) == (
        "warning",
        "0.9 GB, too little for any model worth fetching",
    )


def test_a_terminal_gets_lines_of_its_width_and_a_sum(bare: Path):
    code, shown = converse(bare, ["doctor"], [])
    assert code == 1
    assert max(len(line) for line in shown.splitlines() if "/" not in line) <= 100
    assert shown.splitlines()[-1] == "2 things missing, 3 warnings"


def test_old_files_are_rewritten_by_lint(bare: Path):
    old = "name: old\nmodel: llama3:8b\nprovider: ollama # once\ntimeout_seconds: 60\n"
    (bare / ".llm-orc/profiles/old.yaml").write_text(old)
    (bare / ".llm-orc/ensembles/notes.yaml").write_text(
        "name: notes\ndescription: d\nagents:\n"
        "  - {name: a, model_profile: old, system_prompt: Sum up., max_tokens: 9}\n"
    )
    facts = doctor(bare)
    assert facts["notes"]["state"] == "missing"
    assert "`ollama`, which the engine has dropped" in facts["notes"]["detail"]
    assert facts["notes"]["fix"] == "conductor lint notes --fix"
    _, shown = converse(bare, ["lint", "notes", "--fix"], [("[y/N]", "y")])
    assert "+provider: openai-compatible" in shown
    new = (bare / ".llm-orc/profiles/old.yaml").read_text()
    assert "provider: openai-compatible # once\n" in new


def test_nothing_is_written_in_a_fresh_clone(bare: Path):
    shutil.rmtree(bare / ".llm-orc")
    done = command("doctor", "--json", folder=bare)
    facts = {one["name"]: one for one in json.loads(done.stdout)["facts"]}
    assert (facts["ensembles"]["state"], facts["ensembles"]["fix"]) == (
        "missing",
        "conductor compile",
    )
    assert not (bare / ".llm-orc").exists()


def test_other_tiers_get_a_line(bare: Path, monkeypatch, tmp_path):
    home = tmp_path / "home/.config/llm-orc/ensembles"
    home.mkdir(parents=True)
    for name in ("one", "two"):
        agent = "agents: [{name: a, model_profile: gone, system_prompt: x}]"
        (home / f"{name}.yaml").write_text(f"name: {name}\ndescription: d\n{agent}\n")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    done = command("doctor", folder=bare)
    assert "2 ensembles there cannot run here" in done.stdout
    assert "fix: conductor ensembles list --tier global" in done.stdout
    assert "missing  one" not in done.stdout


def test_there_may_be_no_workspace(tmp_path: Path):
    done = command("doctor", folder=tmp_path)
    assert "fix: conductor init" in done.stdout
