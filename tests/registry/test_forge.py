"""Contributing through a forge: git over HTTPS, Debian's own gh, and the interface itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conductor.core.forge import Rung
from conductor.errors import ConductorError, OutsideError, UsageError
from tests.promoting import NAME
from tests.registry.forge import PUBLISHED, TOKEN, Answer, Asked, Forge, mistake_in
from tests.registry.library import (
    BRANCH,
    bare_library,
    carry_out,
    contribute,
    heads,
    knows,
    plan,
)
from tests.repositories import git

pytestmark = pytest.mark.registry


@pytest.fixture(params=[Rung.GH, Rung.REST])
def rung(request: pytest.FixtureRequest) -> Rung:
    """Both ways to talk to the forge."""
    if request.param is Rung.REST:
        request.getfixturevalue("without_gh")
    return Rung(request.param)


def test_githubs_own_description_is_at_hand():
    assert PUBLISHED.exists(), "run `make registry`"
    assert mistake_in(Asked("POST", "", {"title": "x", "head": "y"}, {}))
    assert mistake_in(Asked("POST", "", {"base": "x", "head": "y", "invented": 1}, {}))


def test_a_pull_request_says_what_the_plan_said(workspace: Path, forge: Forge, rung: Rung):
    prepared = plan(workspace)
    out = prepared.plan.outward
    assert out is not None
    assert out.rung is rung
    assert forge.writes() == []
    assert heads(forge.bare).keys() == {"main"}
    said = carry_out(workspace, prepared)
    assert said.place == f"https://{forge.host}/acme/library/pull/1"
    (made,) = forge.pulls
    assert (made["title"], made["body"], made["base"]) == (out.title, out.body, "main")
    assert heads(forge.bare)[BRANCH] == out.commit


def test_the_same_again_changes_nothing(workspace: Path, forge: Forge, rung: Rung):
    prepared = contribute(workspace)
    before = len(forge.writes())
    carry_out(workspace, prepared)
    assert len(forge.writes()) == before
    assert len(forge.pulls) == 1


def test_a_newer_version_updates_the_pull_request(workspace: Path, forge: Forge, rung: Rung):
    contribute(workspace)
    ensemble = Path.home() / f".config/llm-orc/ensembles/{NAME}.yaml"
    ensemble.write_text(ensemble.read_text() + "# newer\n")
    out = contribute(workspace).plan.outward
    assert out is not None
    (made,) = forge.pulls
    assert made["body"] == out.body
    assert heads(forge.bare)[BRANCH] == out.commit


def test_a_pull_request_that_a_person_closed_stays_closed(
    workspace: Path, forge: Forge, rung: Rung
):
    prepared = plan(workspace)
    carry_out(workspace, prepared)
    forge.pulls[0]["state"] = "closed"
    with pytest.raises(UsageError, match="pull request 1 of this branch was closed without"):
        carry_out(workspace, prepared)
    with pytest.raises(UsageError, match="was closed without being merged"):
        plan(workspace)
    assert [one["state"] for one in forge.pulls] == ["closed"]


def test_after_a_merge_there_may_be_another(workspace: Path, forge: Forge):
    contribute(workspace)
    git("update-ref", "refs/heads/main", BRANCH, cwd=forge.bare)
    git("update-ref", "-d", f"refs/heads/{BRANCH}", cwd=forge.bare)
    forge.pulls[0] |= {"state": "closed", "merged_at": "2026-11-25T00:00:00Z"}
    ensemble = Path.home() / f".config/llm-orc/ensembles/{NAME}.yaml"
    ensemble.write_text(ensemble.read_text() + "# newer\n")
    contribute(workspace)
    assert [one["state"] for one in forge.pulls] == ["closed", "open"]
    assert forge.pulls[1]["title"].startswith("library: update")


def test_without_a_login_the_form_is_shown(
    workspace: Path, forge: Forge, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("GH_ENTERPRISE_TOKEN")
    prepared = plan(workspace)
    assert prepared.plan.outward is not None
    assert prepared.plan.outward.rung is Rung.COMPARE
    said = carry_out(workspace, prepared)
    assert (
        f"https://{forge.host}/acme/library/compare/main...acme:{BRANCH}?quick_pull=1" in said.next
    )
    assert BRANCH in heads(forge.bare)
    assert forge.asked == []


def test_where_one_may_not_push_there_is_a_patch(workspace: Path, forge: Forge, tmp_path: Path):
    git("config", "http.receivepack", "false", cwd=forge.bare)
    prepared = plan(workspace)
    out = prepared.plan.outward
    assert out is not None
    assert out.rung is Rung.PATCH
    said = carry_out(workspace, prepared)
    assert heads(forge.bare).keys() == {"main"}
    written = workspace / said.place
    git("clone", "--quiet", str(forge.bare), "theirs", cwd=tmp_path)
    theirs = tmp_path / "theirs"
    git("am", "--quiet", str(written), cwd=theirs)
    git("fetch", "--quiet", str(written.with_suffix(".bundle")), BRANCH, cwd=theirs)
    assert git("rev-parse", "FETCH_HEAD", cwd=theirs).strip() == out.commit
    assert git("diff", "HEAD", "FETCH_HEAD", cwd=theirs) == ""
    assert out.body in written.with_suffix(".md").read_text()


def test_gitlab_is_asked_while_pushing(workspace: Path, forge: Forge):
    knows(workspace, forge.remote, forge="gitlab")
    hook = forge.bare / "hooks/post-receive"
    told = forge.bare / "told"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\nenv | grep ^GIT_PUSH_OPTION_ | sort > "{told}"\n')
    hook.chmod(0o755)
    prepared = contribute(workspace)
    assert prepared.plan.outward is not None
    assert prepared.plan.outward.rung is Rung.PUSH_OPTIONS
    options = dict(line.split("=", 1) for line in told.read_text().splitlines())
    assert options["GIT_PUSH_OPTION_0"] == "merge_request.create"
    assert options["GIT_PUSH_OPTION_1"] == "merge_request.target=main"
    assert options["GIT_PUSH_OPTION_2"] == f"merge_request.title={prepared.plan.outward.title}"


def test_a_fork_gets_the_branch_and_the_library_the_pull_request(
    workspace: Path, forge: Forge, rung: Rung, tmp_path: Path
):
    git("config", "http.receivepack", "false", cwd=forge.bare)
    fork = bare_library(tmp_path / "fork")
    forge.forks["ada"] = fork
    knows(workspace, forge.remote, forge="github", fork=forge.remote.replace("/acme/", "/ada/"))
    prepared = contribute(workspace)
    assert prepared.plan.outward is not None
    assert heads(fork)[BRANCH] == prepared.plan.outward.commit
    assert heads(forge.bare).keys() == {"main"}
    (made,) = forge.pulls
    assert (made["head"], made["base"]) == (f"ada:{BRANCH}", "main")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(401, {"message": "Bad credentials"}), "does not accept this login"),
        (Answer(403, {"message": "Resource not accessible"}), "may not do that .* not accessible"),
        (Answer(403, {}, {"Retry-After": "60"}), "takes no more requests for now"),
        (Answer(429, {}, {"Retry-After": "60"}), "takes no more requests for now"),
        (Answer(403, {}, {"X-RateLimit-Remaining": "0"}), "takes no more requests for now"),
        (Answer(404, {"message": "Not Found"}), "is not there, or this login cannot see it"),
        (Answer(301, {}, {"Location": "https://example.org/"}), "has moved"),
        (Answer(500, {}), "failed with 500"),
        (Answer(200, None), "answered 200"),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Answer) else "",
)
def test_a_forge_that_refuses_is_explained_before_anything_is_pushed(
    workspace: Path, forge: Forge, without_gh: None, answer: Answer, told: str
):
    forge.before = lambda _: answer
    with pytest.raises(OutsideError, match=told):
        plan(workspace)
    assert heads(forge.bare).keys() == {"main"}


# Tokens.


def everything_written() -> str:
    """All that conductor keeps for this person, as one text."""
    kept = (path for path in Path.home().rglob("*") if path.is_file())
    return "\n".join(path.read_bytes().decode("latin-1") for path in kept)


def test_a_token_is_in_no_argument_address_or_file(
    workspace: Path, forge: Forge, rung: Rung, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    seen = tmp_path / "argv"
    for name in ("git", "gh"):
        spied(name, seen, monkeypatch, tmp_path)
    said = carry_out(workspace, plan(workspace))
    assert "push" in seen.read_text()
    assert TOKEN not in seen.read_text() + str(said) + everything_written()
    assert all(TOKEN not in one.path + json.dumps(one.body) for one in forge.asked)
    for path in (workspace / ".conductor").rglob("*"):
        assert not path.is_file() or TOKEN.encode() not in path.read_bytes()


def spied(name: str, seen: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Put a command in front that writes down its arguments."""
    import os
    import shutil

    real = shutil.which(name)
    if real is None:
        return
    folder = tmp_path / "spies"
    folder.mkdir(exist_ok=True)
    script = folder / name
    script.write_text(f'#!/bin/sh\necho "{name} $*" >> "{seen}"\nexec "{real}" "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_a_workspace_cannot_send_the_token_to_its_own_host(
    workspace: Path, forge: Forge, rung: Rung, monkeypatch: pytest.MonkeyPatch
):
    """The token is for another host; the workspace names this one."""
    monkeypatch.setenv("GH_HOST", "git.example.org")
    monkeypatch.setenv("GH_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    prepared = plan(workspace)
    assert prepared.plan.outward is not None
    assert prepared.plan.outward.rung is Rung.COMPARE
    assert all(TOKEN not in str(one.headers) for one in forge.asked)


def test_a_forge_that_nobody_vouches_for_gets_nothing(
    workspace: Path, forge: Forge, without_gh: None, monkeypatch: pytest.MonkeyPatch
):
    prepared = plan(workspace)
    monkeypatch.delenv("SSL_CERT_FILE")  # git still trusts it, the interface is not reached
    pushed_at = heads(forge.bare)
    with pytest.raises(ConductorError, match=r"cannot be reached: .*CERTIFICATE_VERIFY_FAILED"):
        carry_out(workspace, prepared)
    assert forge.writes() == []
    monkeypatch.setenv("SSL_CERT_FILE", str(Path(forge.bare.parent, "ca.pem")))
    carry_out(workspace, prepared)
    assert len(forge.pulls) == 1
    assert pushed_at.keys() == {"main"}
