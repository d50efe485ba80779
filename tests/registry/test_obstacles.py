"""Global to library over a path: each thing that may stand in the way has its explanation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conductor.app.plans import plan_text
from conductor.app.promote import from_text
from conductor.core.entries import Promotion
from conductor.core.tier import Tier
from conductor.errors import SourceError, UsageError
from tests.promoting import NAME, opened
from tests.registry.library import (
    BRANCH,
    advance,
    bare_library,
    carry_out,
    contribute,
    heads,
    knows,
    plan,
)
from tests.repositories import git

pytestmark = pytest.mark.registry


def test_what_the_library_has_already_is_not_offered_again(workspace: Path, library: Path):
    contribute(workspace)
    git("update-ref", "refs/heads/main", BRANCH, cwd=library)  # its maintainers merge
    again = plan(workspace).plan
    assert (again.done, again.outward) == (True, None)


def test_a_newer_version_takes_the_place_of_the_older_one(workspace: Path, library: Path):
    contribute(workspace)
    ensemble = Path.home() / f".config/llm-orc/ensembles/{NAME}.yaml"
    ensemble.write_text(ensemble.read_text() + "# a comment changes no evidence\n")
    newer = contribute(workspace).plan
    assert newer.outward is not None
    assert heads(library) == {"main": newer.outward.base_commit, BRANCH: newer.outward.commit}


def test_other_content_is_another_version(workspace: Path, library: Path):
    contribute(workspace)
    git("update-ref", "refs/heads/main", BRANCH, cwd=library)
    ensemble = Path.home() / f".config/llm-orc/ensembles/{NAME}.yaml"
    ensemble.write_text(ensemble.read_text().replace("in one sentence", "in two sentences"))
    with pytest.raises(UsageError, match=r"version `1\.0\.0` .* other content") as refused:
        plan(workspace)
    assert "at least `1.0.1`" in refused.value.hint
    ensemble.write_text(ensemble.read_text().replace('"1.0.0"', '"1.1.0"'))
    assert [one.gate for one in plan(workspace).plan.readiness.stopping] == [
        "evaluations",
        "generality",
    ]


def test_a_commit_of_somebody_else_on_the_branch_stays(
    workspace: Path, library: Path, tmp_path: Path
):
    contribute(workspace)
    theirs = advance(library, tmp_path / "theirs", {"scripts/join.py": "mended"}, BRANCH)
    ensemble = Path.home() / f".config/llm-orc/ensembles/{NAME}.yaml"
    ensemble.write_text(ensemble.read_text() + "# newer\n")
    with pytest.raises(UsageError, match=f"holds commit {theirs[:12]}, which conductor did not"):
        plan(workspace)
    assert heads(library)[BRANCH] == theirs


def test_a_base_that_moves_after_the_plan_stops_it(workspace: Path, library: Path, tmp_path: Path):
    prepared = plan(workspace)
    advance(library, tmp_path / "theirs", {"README.md": "moved"})
    with pytest.raises(UsageError, match=r"`main` moved from .* after the plan was made"):
        carry_out(workspace, prepared)
    assert BRANCH not in heads(library)
    with opened(workspace) as project, pytest.raises(UsageError, match="stale: the branch of the"):
        from_text(project, plan_text(prepared.plan), NAME, Tier.LIBRARY)
    contribute(workspace)
    assert BRANCH in heads(library)


def test_a_base_branch_that_is_renamed_after_the_plan_stops_it(workspace: Path, library: Path):
    prepared = plan(workspace)
    git("branch", "--move", "main", "trunk", cwd=library)
    with pytest.raises(UsageError, match=r"contributions go to `trunk` now, .* planned for `main`"):
        carry_out(workspace, prepared)
    assert heads(library).keys() == {"trunk"}
    with opened(workspace) as project, pytest.raises(UsageError, match=r"stale: outward\.base"):
        from_text(project, plan_text(prepared.plan), NAME, Tier.LIBRARY)
    contribute(workspace)
    assert heads(library).keys() == {"trunk", BRANCH}


def test_the_digest_covers_all_that_leaves_this_machine(workspace: Path, library: Path):
    prepared = plan(workspace)
    assert prepared.plan.outward is not None
    told = prepared.plan.outward.document()
    assert told.keys() == set(type(prepared.plan.outward).__dataclass_fields__)
    written = json.loads(plan_text(prepared.plan))
    written["plan"]["outward"]["title"] = "library: add something else"
    with opened(workspace) as project, pytest.raises(UsageError, match=r"stale: outward\.title"):
        from_text(project, json.dumps(written), NAME, Tier.LIBRARY)


@pytest.mark.parametrize("path", ["profiles/conductor-small.yaml", "scripts/join.py"])
def test_other_content_under_the_same_name_stops_it(workspace: Path, tmp_path: Path, path: str):
    bare = bare_library(tmp_path, {path: "name: conductor-small\nmodel: llama3:70b\n"})
    knows(workspace, str(bare))
    found = plan(workspace).plan
    assert found.conflicts == (path,)
    assert [one.gate for one in found.readiness.stopping] == ["closure"]
    assert found.outward is None


def test_what_another_ensemble_of_the_library_uses_is_not_replaced(
    workspace: Path, library: Path, tmp_path: Path
):
    contribute(workspace)
    git("update-ref", "refs/heads/main", BRANCH, cwd=library)
    profile = Path.home() / ".config/llm-orc/profiles/conductor-small.yaml"
    profile.write_text(profile.read_text() + "# newer\n")
    assert plan(workspace).plan.conflicts == ()
    other = "name: other\nagents:\n  - name: a\n    model_profile: conductor-small\n"
    advance(library, tmp_path / "theirs", {"ensembles/other.yaml": other})
    assert plan(workspace).plan.conflicts == ("profiles/conductor-small.yaml",)


class Killed(BaseException):
    pass


def test_after_a_crash_the_same_command_finishes_the_same_plan(
    workspace: Path, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    first = plan(workspace)

    def stop(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("conductor.app.promote.note_promotion", stop)
        with pytest.raises(Killed):
            carry_out(workspace, first)
    advance(library, tmp_path / "theirs", {"README.md": "moved"})  # too late to matter
    again = plan(workspace)
    assert again.resumed
    assert again.plan.digest == first.plan.digest
    carry_out(workspace, again)
    assert first.plan.outward is not None
    assert heads(library)[BRANCH] == first.plan.outward.commit


def test_the_ledger_knows_what_came_of_a_plan(workspace: Path, library: Path):
    prepared = contribute(workspace)
    carry_out(workspace, prepared)  # once more: noted once
    with opened(workspace) as project:
        promotions = project.ledger.entries(Promotion, ensemble=NAME)
    last = promotions[-1]
    assert (last.act, last.to_tier, last.plan) == ("proposed", "library", prepared.plan.digest)
    assert last.commit == heads(library)[BRANCH]
    assert len(promotions) == 2  # to global, to the library


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"remote": ""}, "names no library"),
        ({"branch": "main"}, "would go straight to `main`"),
        ({"branch": "a..b"}, "cannot be the name of a branch"),
        ({"branch": "-x"}, "cannot be the name of a branch"),
        ({"base": "nowhere"}, "there is no revision"),
        ({"remote": "ext::sh -c true"}, "no address of a repository"),
        ({"remote": "https://ada:s3cret@example.org/acme/library"}, "holds a password"),
    ],
)
def test_settings_that_lead_nowhere_are_told(
    workspace: Path, library: Path, settings: dict[str, str], told: str
):
    knows(workspace, **{"remote": str(library), **settings})
    with pytest.raises(UsageError, match=told):
        plan(workspace)


def test_a_library_without_a_commit_is_told(workspace: Path, tmp_path: Path):
    git("init", "--quiet", "--bare", "empty.git", cwd=tmp_path)
    knows(workspace, str(tmp_path / "empty.git"))
    with pytest.raises(UsageError, match="has no commit yet"):
        plan(workspace)


def test_nobody_commits_without_a_name(workspace: Path, library: Path):
    (Path.home() / ".gitconfig").unlink()
    with pytest.raises(UsageError, match="git does not know who you are"):
        plan(workspace)


def test_a_library_whose_history_was_rewritten_is_not_trusted(
    workspace: Path, library: Path, tmp_path: Path
):
    plan(workspace)
    git("clone", "--quiet", str(library), "theirs", cwd=tmp_path)
    git("commit", "--quiet", "--amend", "-m", "other words", cwd=tmp_path / "theirs")
    git("push", "--quiet", "--force", "origin", "main", cwd=tmp_path / "theirs")
    for _ in range(2):  # a second try is not enough
        with pytest.raises(UsageError, match="was rewritten since"):
            plan(workspace)


def test_a_link_in_the_library_is_never_written_through(
    workspace: Path, library: Path, tmp_path: Path
):
    git("clone", "--quiet", str(library), "theirs", cwd=tmp_path)
    (tmp_path / "theirs/scripts").mkdir()
    (tmp_path / "theirs/scripts/join.py").symlink_to("/etc/passwd")
    advance(library, tmp_path / "theirs", {})
    with pytest.raises(UsageError, match=r"`scripts/join\.py` is no regular file in the library"):
        plan(workspace)


def test_evidence_that_would_tell_too_much_goes_nowhere(workspace: Path, library: Path):
    assessments = workspace / ".conductor/assessments.jsonl"
    assessments.write_text(assessments.read_text().replace('"claude"', '"maria@acme-corp.io"'))
    with pytest.raises(SourceError, match=r"would tell too much: `maria@acme-corp\.io`"):
        plan(workspace)
    assert heads(library).keys() == {"main"}
