from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conductor.app.compile import Action, compile_workspace
from tests.conftest import ROOT, contents, edit, process

SPEC = "registry/specs/summarize-document.toml"
COPY = ".llm-orc/ensembles/summarize-document.yaml"
RENDERED = "registry/ensembles/summarize-document.yaml"


def changes(folder: Path, *, check: bool = False) -> dict[str, Action]:
    done = compile_workspace(str(folder), check=check)
    assert not done.failed, done.findings
    return {change.path: change.action for change in done.changes}


def test_compiling_twice_gives_the_same_bytes(workspace):
    before = contents(workspace)
    assert changes(workspace) == {}
    assert contents(workspace) == before


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_compiles_from_nothing_to_the_same_bytes(workspace, seed, monkeypatch):
    before = contents(workspace)
    for folder in (".conductor", ".llm-orc", "registry/ensembles", "registry/profiles"):
        shutil.rmtree(workspace / folder)
    monkeypatch.setenv("PYTHONHASHSEED", seed)
    assert process("compile", folder=workspace).returncode == 0
    assert contents(workspace) == before


def test_the_engine_s_copies_are_byte_identical(workspace):
    for folder in ("ensembles", "profiles", "scripts"):
        assert contents(workspace / "registry" / folder) == contents(
            workspace / ".llm-orc" / folder
        )


def test_the_repository_s_own_registry_is_what_its_specs_say():
    committed = compile_workspace(str(ROOT), check=True)
    assert [
        change.path for change in committed.changes if change.path.startswith("registry/")
    ] == []


def test_a_changed_spec_changes_its_ensemble_its_copy_the_index_and_the_bundle(workspace):
    edit(workspace, SPEC, "five sentences, using", "two sentences, using")
    edit(workspace, SPEC, "at most five sentences. Use", "at most two sentences. Use")
    expected = {RENDERED, COPY, "registry/index.json", ".conductor/bundle.json"}
    assert changes(workspace, check=True) == dict.fromkeys(expected, Action.CHANGED)
    assert changes(workspace) == dict.fromkeys(expected, Action.CHANGED)
    assert changes(workspace) == {}


def test_check_writes_nothing(workspace):
    edit(workspace, SPEC, "five", "two")
    before = contents(workspace)
    assert changes(workspace, check=True)
    assert contents(workspace) == before


def test_check_does_not_ask_for_what_git_ignores(workspace):
    for folder in (".conductor", ".llm-orc"):
        shutil.rmtree(workspace / folder)
    assert changes(workspace, check=True) == {}


def test_a_copy_changed_by_hand_is_never_overwritten(workspace):
    edit(workspace, COPY, "five", "seven")
    edit(workspace, SPEC, "five", "two")
    before = contents(workspace)
    done = compile_workspace(str(workspace))
    (finding,) = done.findings
    assert (finding.name, finding.at.file) == ("not-ours", COPY)
    assert done.failed
    assert contents(workspace) == before


def test_a_file_of_somebody_else_s_in_the_engine_s_folder_is_left_alone(workspace):
    own = workspace / ".llm-orc/ensembles/mine.yaml"
    own.write_text("name: mine\n")
    changes(workspace)
    assert own.read_text() == "name: mine\n"


def test_a_script_of_one_s_own_is_not_overwritten_by_a_template_s(workspace):
    (workspace / "registry/scripts/join.py").write_text("print('mine')\n")
    done = compile_workspace(str(workspace))
    assert [(one.name, one.at.file) for one in done.findings] == [
        ("not-ours", "registry/scripts/join.py")
    ]


def test_copies_are_ours_again_when_the_record_of_them_is_lost(workspace):
    (workspace / ".conductor/written.json").unlink()
    edit(workspace, SPEC, "five", "two")
    assert COPY in changes(workspace)


def test_with_its_spec_an_ensemble_goes_and_so_does_its_copy(workspace):
    (workspace / SPEC).unlink()
    done = compile_workspace(str(workspace))
    assert [(one.name, one.at.file) for one in done.findings] == [("orphan", RENDERED)]
    (workspace / RENDERED).unlink()
    assert changes(workspace)[COPY] is Action.REMOVED
    assert not (workspace / COPY).exists()


def test_an_ensemble_written_by_hand_is_checked_copied_and_indexed(workspace):
    own = workspace / "registry/ensembles/mine.yaml"
    own.write_text(
        "name: mine\ndescription: d\nagents:\n"
        "  - {name: a, model_profile: conductor-small}\nx-conductor: {task: extraction}\n"
    )
    assert changes(workspace)[".llm-orc/ensembles/mine.yaml"] is Action.NEW
    bundle = json.loads((workspace / ".conductor/bundle.json").read_text())
    assert [name for name, _ in bundle["candidates"]["extraction"]] == ["mine"]
    own.write_text(own.read_text().replace("small", "smal"))
    (finding,) = compile_workspace(str(workspace)).findings
    assert finding.name == "missing-profile"


def test_nothing_is_written_when_a_finding_is_an_error(workspace):
    edit(workspace, "policy/routing.toml", "fixed_schema = true }", "fixed_shema = true }")
    before = contents(workspace)
    assert compile_workspace(str(workspace)).failed
    assert contents(workspace) == before


def test_a_workspace_may_be_only_its_settings(tmp_path):
    (tmp_path / "conductor.toml").write_text("format = 1\n")
    done = compile_workspace(str(tmp_path))
    assert not done.failed
    assert done.revision


def test_a_file_of_one_s_own_shadows_the_packaged_one(tmp_path):
    (tmp_path / "conductor.toml").write_text("format = 1\n")
    (tmp_path / "policy").mkdir()
    text = (ROOT / "policy/sampling.toml").read_text().replace("rate = 0.15", "rate = 0.20")
    (tmp_path / "policy/sampling.toml").write_text(text)
    assert compile_workspace(str(tmp_path)).revision != ""
    assert json.loads((tmp_path / ".conductor/bundle.json").read_text())["sampling"]["rate"] == 0.2


def test_two_processes_at_once_both_succeed(workspace):
    edit(workspace, SPEC, "five", "two")
    command = [sys.executable, "-m", "conductor", "compile"]
    both = [subprocess.Popen(command, cwd=workspace, stderr=subprocess.PIPE) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    for one in both:
        one.communicate()
    assert changes(workspace) == {}


@pytest.mark.parametrize("_", range(4))
def test_a_compile_that_is_killed_can_be_run_again(workspace, _):
    edit(workspace, SPEC, "five", "two")
    command = [sys.executable, "-m", "conductor", "compile"]
    with subprocess.Popen(command, cwd=workspace) as one:
        try:
            one.wait(0.25 + 0.03 * _)
        except subprocess.TimeoutExpired:
            one.kill()
    for path in (workspace / "registry").rglob("*.yaml"):
        assert path.read_text().endswith("\n")
    changes(workspace)
    assert changes(workspace) == {}
