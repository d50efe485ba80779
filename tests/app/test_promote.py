"""Local to global: plan, application, and everything that may be in the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from conductor.adapters import homes
from conductor.app.manifest import MANIFEST
from conductor.app.plans import plan_text
from conductor.app.prepared import Prepared
from conductor.app.promote import apply, from_text, prepare
from conductor.app.readiness import examine
from conductor.core.readiness import Answer
from conductor.core.tier import Tier
from conductor.errors import OutsideError, SourceError, UsageError
from tests.conftest import command, contents
from tests.promoting import NAME, judge, make_ready, opened

ENSEMBLE = f"ensembles/{NAME}.yaml"


@pytest.fixture
def tier() -> Path:
    return Path(homes.global_tier())


def plan(workspace: Path) -> Prepared:
    with opened(workspace) as project:
        return prepare(project, NAME, Tier.GLOBAL)


def carry_out(workspace: Path, prepared: Prepared) -> None:
    with opened(workspace) as project:
        apply(project, prepared, consent="yes")


def promote(workspace: Path) -> Prepared:
    prepared = plan(workspace)
    carry_out(workspace, prepared)
    return prepared


def answers(workspace: Path, name: str = NAME, tier: Tier = Tier.GLOBAL) -> dict[str, Answer]:
    with opened(workspace) as project:
        return {one.gate: one.answer for one in examine(project, name, tier).readiness.gates}


def test_the_whole_closure_arrives_byte_for_byte(ready: Path, tier: Path):
    promote(ready)
    local, there = contents(ready / ".llm-orc"), contents(tier)
    listed = json.loads(there.pop(MANIFEST))["ensembles"][NAME]["files"]
    assert set(there) == set(listed)
    assert there == {path: local[path] for path in there}
    assert {ENSEMBLE, "scripts/join.py", "profiles/conductor-small.yaml"} <= set(there)


def test_comments_order_and_line_ends_survive(ready: Path, tier: Path):
    profile = ready / ".llm-orc/profiles/conductor-small.yaml"
    text = b"# mine\r\n" + profile.read_bytes().replace(b"\n", b"\r\n") + b"# end without newline"
    profile.write_bytes(text)
    promote(ready)
    assert (tier / "profiles/conductor-small.yaml").read_bytes() == text


def test_planning_writes_nothing_outside_the_workspace(ready: Path, tier: Path):
    before = contents(Path.home())
    plan(ready)
    assert contents(Path.home()) == before
    assert not tier.exists()


def test_a_second_promotion_has_nothing_to_do(ready: Path, tier: Path):
    promote(ready)
    there = contents(tier)
    assert plan(ready).plan.done
    promote(ready)
    assert set(contents(tier)) == set(there)


def test_a_newer_version_replaces_what_was_promoted_before(ready: Path, tier: Path):
    promote(ready)
    ensemble = ready / ".llm-orc" / ENSEMBLE
    ensemble.write_text(ensemble.read_text() + "# a comment changes no evidence\n")
    assert {str(one.change) for one in plan(ready).plan.files} == {"=", "~"}
    promote(ready)
    assert (tier / ENSEMBLE).read_text() == ensemble.read_text()


@pytest.mark.parametrize("path", [ENSEMBLE, "profiles/conductor-small.yaml", "scripts/join.py"])
def test_what_somebody_else_wrote_is_in_the_way(ready: Path, tier: Path, path: str):
    (tier / path).parent.mkdir(parents=True)
    (tier / path).write_text("theirs")
    prepared = plan(ready)
    assert prepared.plan.conflicts == (path,)
    assert not prepared.plan.readiness.ready
    assert path in next(one.seen for one in prepared.plan.readiness.gates if one.gate == "closure")
    with pytest.raises(OutsideError, match="changed after the plan"):
        carry_out(ready, prepared)
    assert (tier / path).read_text() == "theirs"
    assert not (tier / MANIFEST).exists()


def test_what_was_changed_in_the_tier_is_not_replaced(ready: Path, tier: Path):
    promote(ready)
    (tier / "scripts/join.py").write_text("mended by hand")
    assert plan(ready).plan.conflicts == ("scripts/join.py",)


def test_what_another_ensemble_uses_is_not_replaced(ready: Path, tier: Path):
    make_ready(ready, name="summarize-document", good=3)
    promote(ready)
    with opened(ready) as project:
        other = prepare(project, "summarize-document", Tier.GLOBAL)
    carry_out(ready, other)
    profile = ready / ".llm-orc/profiles/conductor-small.yaml"
    profile.write_text(profile.read_text() + "# newer\n")
    assert plan(ready).plan.conflicts == ("profiles/conductor-small.yaml",)


@pytest.mark.parametrize("where", ["ensembles", "profiles", "scripts"])
def test_a_link_is_promoted_by_nobody(ready: Path, tmp_path: Path, where: str):
    path = {
        "ensembles": ENSEMBLE,
        "profiles": "profiles/conductor-small.yaml",
        "scripts": "scripts/join.py",
    }[where]
    private = tmp_path / "private"
    (ready / ".llm-orc" / path).rename(private)
    (ready / ".llm-orc" / path).symlink_to(private)
    with pytest.raises(SourceError, match="is a link"):
        plan(ready)


def test_a_file_with_a_second_name_is_promoted_by_nobody(ready: Path, tmp_path: Path):
    private = tmp_path / "private.py"
    private.write_text("print('a private file')\n")
    (ready / ".llm-orc/scripts/join.py").unlink()
    (ready / ".llm-orc/scripts/join.py").hardlink_to(private)
    with (
        pytest.raises(SourceError, match="is no regular file with one name"),
        opened(ready) as project,
    ):
        prepare(project, NAME, Tier.GLOBAL)
    assert not Path(homes.global_tier(), "scripts/join.py").exists()


def test_the_destination_leads_nowhere_else(ready: Path, tier: Path, tmp_path: Path):
    prepared = plan(ready)
    (tmp_path / "elsewhere").mkdir()
    tier.mkdir(parents=True)
    (tier / "scripts").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SourceError, match="is a link"):
        carry_out(ready, prepared)
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("name", ["../x", "..", "a/b", "A", "con", "a--b", "-a", "a" * 65, ""])
def test_a_name_is_a_pattern_before_it_is_a_path(ready: Path, name: str):
    with opened(ready) as project, pytest.raises(UsageError, match="cannot be promoted under"):
        prepare(project, name, Tier.GLOBAL)


def test_a_gap_in_the_closure_stops_it(ready: Path):
    (ready / ".llm-orc/scripts/join.py").unlink()
    assert answers(ready)["closure"] is Answer.ACT


def test_lint_keeps_out_what_names_its_project(ready: Path):
    ensemble = ready / ".llm-orc" / ENSEMBLE
    leak = ensemble.read_text().replace("in one sentence", "as /home/ada/acme/style.md asks")
    ensemble.write_text(leak)
    with opened(ready) as project:
        gates = {one.gate: one for one in examine(project, NAME, Tier.GLOBAL).readiness.gates}
    assert gates["lint"].answer is Answer.ACT
    assert gates["lint"].seen.startswith(f".llm-orc/{ENSEMBLE}:")
    assert "P202" in gates["lint"].seen
    command_for_it = gates["lint"].command.split()
    assert command_for_it == ["conductor", "lint", f".llm-orc/{ENSEMBLE}", "--tier", "global"]
    assert "P202" in command(*command_for_it[1:], folder=ready).stdout


def test_what_is_promoted_again_is_no_conflict_for_lint(ready: Path):
    promote(ready)
    ensemble = ready / ".llm-orc" / ENSEMBLE
    ensemble.write_text(ensemble.read_text().replace("in one sentence", "in two sentences"))
    assert answers(ready)["lint"] is Answer.PASS
    assert answers(ready)["closure"] is Answer.PASS


def test_a_changed_prompt_sets_the_evidence_back_and_says_why(ready: Path):
    ensemble = ready / ".llm-orc" / ENSEMBLE
    ensemble.write_text(ensemble.read_text().replace("in one sentence", "in two sentences"))
    with opened(ready) as project:
        gates = {one.gate: one for one in examine(project, NAME, Tier.GLOBAL).readiness.gates}
    assert gates["evaluations"].answer is Answer.WAITING
    assert gates["evaluations"].seen == (
        "0 of 3 good on this content; 5 earlier good no longer count: ensemble `adr-review` changed"
    )
    assert gates["generality"].answer is Answer.ACT
    assert gates["generality"].seen == "assessed, but the content has changed since"


def test_another_model_sets_the_evidence_back_and_says_why(ready: Path):
    bindings = ready / ".conductor/bindings.toml"
    bindings.write_text(bindings.read_text().replace("qwen3:4b", "qwen3:1.7b"))
    with opened(ready) as project:
        gates = {one.gate: one for one in examine(project, NAME, Tier.GLOBAL).readiness.gates}
    assert gates["evaluations"].seen.endswith(
        "5 earlier good no longer count: `conductor-small` ran on qwen3:4b, now on qwen3:1.7b"
    )
    assert gates["generality"].answer is Answer.PASS  # it is about the text


def test_two_judges_are_not_added_up(ready: Path):
    judge(ready, good=4, start=6, judge="claude")
    with opened(ready) as project:
        counted = examine(project, NAME, Tier.GLOBAL).counted
    assert (counted.judge, counted.good) == ("human", 5)


def test_a_model_beyond_its_class_is_no_evidence(ready: Path):
    bindings = ready / ".conductor/bindings.toml"
    bindings.write_text(bindings.read_text().replace("qwen3:4b", "llama3:70b"))
    assert answers(ready)["models"] is Answer.ACT


def test_a_plan_is_carried_out_as_it_was_written_down(ready: Path, tier: Path):
    text = plan_text(plan(ready).plan)
    with opened(ready) as project:
        prepared = from_text(project, text, NAME, Tier.GLOBAL)
    assert prepared.plan.digest == json.loads(text)["digest"]
    carry_out(ready, prepared)
    with opened(ready) as project, pytest.raises(UsageError, match="carried out already"):
        from_text(project, text, NAME, Tier.GLOBAL)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda folder: (folder / ".llm-orc/scripts/join.py").write_text("x"),
            "files.scripts/join",
        ),
        (lambda folder: judge(folder, good=1, start=6), "evidence.good"),
    ],
)
def test_a_stale_plan_says_what_changed(ready: Path, change, told: str):
    text = plan_text(plan(ready).plan)
    change(ready)
    with opened(ready) as project, pytest.raises(UsageError, match=f"stale: .*{told}"):
        from_text(project, text, NAME, Tier.GLOBAL)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"plan": {"at": "x"}}'])
def test_what_is_no_plan_is_told(ready: Path, text: str):
    with opened(ready) as project, pytest.raises(UsageError, match="no plan"):
        from_text(project, text, NAME, Tier.GLOBAL)


def test_a_damaged_manifest_stops_contents(ready: Path, tier: Path):
    promote(ready)
    (tier / MANIFEST).write_text("{")
    with pytest.raises(SourceError, match="damaged"):
        plan(ready)


def test_a_tier_that_cannot_be_written_gets_no_ensemble(ready: Path, tier: Path):
    prepared = plan(ready)
    tier.mkdir(parents=True)
    (tier / "scripts").write_text("a file where a folder should be")
    with pytest.raises(SourceError, match="cannot be opened"):
        carry_out(ready, prepared)
    assert not (tier / ENSEMBLE).exists()
    assert not (tier / MANIFEST).exists()


def test_an_interrupted_application_is_finished_under_the_same_plan(
    ready: Path, tier: Path, monkeypatch: pytest.MonkeyPatch
):
    first = plan(ready)

    class Killed(BaseException):
        pass

    def stop(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("conductor.app.promote.write_manifest", stop)
        with pytest.raises(Killed):
            carry_out(ready, first)
    again = plan(ready)
    assert again.resumed
    assert again.plan.digest == first.plan.digest
    carry_out(ready, again)
    assert NAME in json.loads((tier / MANIFEST).read_text())["ensembles"]
    assert not plan(ready).resumed


def test_the_engine_reads_what_was_promoted(ready: Path, tier: Path):
    promote(ready)
    document = yaml.safe_load((tier / ENSEMBLE).read_text())
    assert document["name"] == NAME
