"""What a hostile library, workspace or environment tries while a contribution is made.

Each attack `touch`es a file that must not be there afterwards, or shows something that must not
leave this machine.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from conductor.adapters import homes
from conductor.errors import ConductorError, SourceError
from tests.promoting import NAME
from tests.registry.library import BRANCH, advance, carry_out, contribute, heads, plan
from tests.repositories import git

pytestmark = pytest.mark.registry

HOOKS = ("pre-commit", "commit-msg", "post-commit", "pre-push", "post-index-change")


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    return tmp_path / "trapped"


def executable(path: Path, trap: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\ntouch {trap}\n")
    path.chmod(0o755)
    return path


def test_hooks_of_the_person_and_in_the_mirror_do_not_run(
    workspace: Path, library: Path, trap: Path
):
    plan(workspace)  # makes the mirror
    (mirror,) = Path(homes.state(), "git").iterdir()
    for name in (*HOOKS, "reference-transaction"):
        executable(mirror / "hooks" / name, trap)
    for name in HOOKS:
        executable(Path.home() / "hooks" / name, trap)
    with (Path.home() / ".gitconfig").open("a") as config:
        config.write(f"[core]\n\thooksPath = {Path.home() / 'hooks'}\n")
    contribute(workspace)
    assert BRANCH in heads(library)
    assert not trap.exists()


def test_filters_signers_and_monitors_of_the_person_do_not_run(
    workspace: Path, library: Path, trap: Path, tmp_path: Path
):
    program = executable(tmp_path / "program", trap)
    with (Path.home() / ".gitconfig").open("a") as config:
        config.write(
            f"[core]\n\tfsmonitor = {program}\n\tattributesFile = {tmp_path / 'attributes'}\n"
            "[commit]\n\tgpgSign = true\n[push]\n\tgpgSign = if-asked\n"
            f"[gpg]\n\tprogram = {program}\n"
            f'[filter "evil"]\n\tclean = {program}\n\tsmudge = {program}\n'
            "[push]\n\tfollowTags = true\n\tdefault = matching\n"
        )
    (tmp_path / "attributes").write_text("* filter=evil\n")
    prepared = contribute(workspace)
    assert not trap.exists()
    assert (
        git("show", f"{BRANCH}:ensembles/{NAME}.yaml", cwd=library).encode()
        == (prepared.contents[f"ensembles/{NAME}.yaml"])
    )


def test_attributes_of_the_library_change_no_byte(
    workspace: Path, library: Path, trap: Path, tmp_path: Path
):
    hostile = "* text eol=crlf ident filter=evil\n"
    advance(library, tmp_path / "theirs", {".gitattributes": hostile})
    prepared = contribute(workspace)
    path = "scripts/join.py"
    assert git("show", f"{BRANCH}:{path}", cwd=library).encode() == prepared.contents[path]


@pytest.mark.parametrize("key", ["insteadOf", "pushInsteadOf"])
def test_an_address_that_is_rewritten_to_a_command_is_refused(
    workspace: Path, library: Path, trap: Path, key: str
):
    """By the person's own configuration; the repository's is never read."""
    with (Path.home() / ".gitconfig").open("a") as config:
        config.write(f'[url "ext::sh -c touch% {trap} "]\n\t{key} = {library}\n')
    with pytest.raises(ConductorError, match="transport 'ext' not allowed"):
        contribute(workspace)
    assert not trap.exists()


def test_planning_starts_nothing_in_a_library_on_this_machine(
    workspace: Path, library: Path, trap: Path, tmp_path: Path
):
    """Somebody may have sent it along with the workspace."""
    program = executable(tmp_path / "program", trap)
    for key in ("core.alternateRefsCommand", "core.fsmonitor", "uploadpack.packObjectsHook"):
        git("config", key, str(program), cwd=library)
    git("clone", "--quiet", "--bare", str(library), "other.git", cwd=tmp_path)
    (library / "objects/info/alternates").write_text(f"{tmp_path / 'other.git/objects'}\n")
    for name in ("pre-receive", "update", "post-receive", "reference-transaction"):
        executable(library / "hooks" / name, trap)
    trap.unlink(missing_ok=True)
    assert plan(workspace).plan.outward is not None
    assert not trap.exists()


@pytest.mark.parametrize(
    "variables",
    [
        {"GIT_DIR": "/nowhere", "GIT_WORK_TREE": "/nowhere"},
        {"GIT_INDEX_FILE": "/nowhere/index", "GIT_OBJECT_DIRECTORY": "/nowhere"},
        {"GIT_AUTHOR_NAME": "Eve", "GIT_COMMITTER_DATE": "2001-01-01T00:00:00Z"},
        {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": "Eve"},
    ],
)
def test_what_a_hook_exports_changes_no_contribution(
    workspace: Path, library: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    contribute(workspace)
    for name in variables:
        monkeypatch.delenv(name)
    assert git("log", "-1", "--format=%an %cn", BRANCH, cwd=library) == "Ada Ada\n"


def test_paths_that_lead_out_of_a_library_are_not_laid_out(
    workspace: Path, library: Path, tmp_path: Path
):
    """A tree can hold `..`, which no checkout would make; ours refuses it by name."""
    evil = git("hash-object", "-w", "--stdin", cwd=library)
    inner = mktree(library, f"100644 blob {evil.strip()}\tescaped\n")
    outer = mktree(library, f"040000 tree {inner}\t..\n")
    profile = git("hash-object", "-w", "--stdin", cwd=library).strip()
    profiles = mktree(library, f"100644 blob {profile}\tconductor-small.yaml\n")
    root = mktree(library, f"040000 tree {outer}\tensembles\n040000 tree {profiles}\tprofiles\n")
    made = git("commit-tree", root, "-p", "main", "-m", "hostile", cwd=library).strip()
    git("update-ref", "refs/heads/main", made, cwd=library)
    with pytest.raises(SourceError, match="leads out of it"):
        plan(workspace)
    assert not (tmp_path / "escaped").exists()
    assert not Path("/tmp/escaped").exists()  # noqa: S108 - where it would land


def mktree(bare: Path, text: str) -> str:
    import subprocess

    done = subprocess.run(
        ["git", "mktree"], cwd=bare, input=text, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_no_script_runs_on_the_way(workspace: Path, library: Path, trap: Path):
    script = Path.home() / ".config/llm-orc/scripts/join.py"
    script.write_text(f"open({str(trap)!r}, 'w')\n" + script.read_text())
    shown = plan(workspace)
    assert not shown.plan.readiness.ready  # it is other content, and nobody judged it
    assert not trap.exists()


def test_words_of_the_remote_are_shown_and_not_obeyed(
    workspace: Path, library: Path, monkeypatch: pytest.MonkeyPatch
):
    prepared = plan(workspace)
    hook = library / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nprintf '\\033[2Jcleared' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(ConductorError) as refused:
        carry_out(workspace, prepared)
    assert "does not have the contribution" in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_a_secret_in_a_prompt_keeps_it_at_home(workspace: Path, library: Path):
    ensemble = Path.home() / f".config/llm-orc/ensembles/{NAME}.yaml"
    secret = "ghp_" + "a1B2" * 9
    ensemble.write_text(ensemble.read_text().replace("in one sentence", f"with {secret}"))
    found = plan(workspace)
    assert "lint" in {one.gate for one in found.plan.readiness.stopping}
    assert found.plan.outward is None
    kept = [path for path in Path(homes.state()).rglob("*") if path.is_file()]
    assert all(secret.encode() not in path.read_bytes() for path in kept)


def test_a_state_folder_of_somebody_else_is_no_mirror(workspace: Path, library: Path, trap: Path):
    """A configuration that was slipped into the mirror is ours again before git reads it."""
    plan(workspace)
    (mirror,) = Path(homes.state(), "git").iterdir()
    (mirror / "config").write_text(
        f'[core]\n\tbare = true\n\tfsmonitor = touch {trap}\n[remote "x"]\n\turl = {library}\n'
        f'\treceivepack = touch {trap}\n[url "ext::touch {trap} "]\n\tpushInsteadOf = {library}\n'
    )
    contribute(workspace)
    assert not trap.exists()
