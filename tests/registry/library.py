"""A library to contribute to: a bare repository, and a workspace that knows it."""

from __future__ import annotations

from pathlib import Path

from conductor.app.prepared import CarriedOut, Prepared
from conductor.app.promote import apply, prepare
from conductor.core.tier import Tier
from tests.promoting import NAME, make_ready, opened
from tests.repositories import commit, git, repository

BRANCH = f"contribute/{NAME}"


def bare_library(folder: Path, texts: dict[str, str | bytes] | None = None) -> Path:
    """Make a bare repository with one commit on `main`."""
    folder.mkdir(exist_ok=True)
    repository(folder / "first", {"README.md": "A library.\n", **(texts or {})})
    bare = folder / "library.git"
    git("clone", "--quiet", "--bare", str(folder / "first"), str(bare), cwd=folder)
    git("config", "receive.advertisePushOptions", "true", cwd=bare)
    git("config", "http.receivepack", "true", cwd=bare)
    return bare


def knows(workspace: Path, remote: str, section: str = "library", **settings: str) -> None:
    """Write where the library, or what `section` is about, is, and who the person is."""
    lines = [f'{key} = "{value}"' for key, value in {"remote": remote, **settings}.items()]
    path = workspace / "conductor.toml"
    text = path.read_text().partition(f"\n[{section}]")[0]
    path.write_text(text + f"\n[{section}]\n" + "\n".join(lines) + "\n")
    identity = "[user]\n\tname = Ada\n\temail = ada@example.org\n"
    (Path.home() / ".gitconfig").write_text(identity)


def in_tier_global(workspace: Path) -> None:
    """Bring the ensemble as far as it gets without the library."""
    make_ready(workspace)
    with opened(workspace) as project:
        apply(project, prepare(project, NAME, Tier.GLOBAL), consent="yes")


def advance(bare: Path, folder: Path, texts: dict[str, str | bytes], branch: str = "main") -> str:
    """Let somebody else commit to a branch of the library."""
    if not folder.exists():
        git("clone", "--quiet", str(bare), str(folder), cwd=bare)
    git("fetch", "--quiet", "origin", cwd=folder)
    git("checkout", "--quiet", "-B", branch, f"origin/{branch}", cwd=folder)
    made = commit(folder, texts, "somebody else")
    git("push", "--quiet", "origin", branch, cwd=folder)
    return made


def heads(bare: Path) -> dict[str, str]:
    """Every branch with its commit."""
    listed = git("for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads", cwd=bare)
    return dict(line.split() for line in listed.splitlines())


def changed(bare: Path, branch: str = BRANCH) -> list[str]:
    """The files that a branch changes."""
    return git("diff", "--name-only", f"main...{branch}", cwd=bare).splitlines()


def plan(workspace: Path) -> Prepared:
    with opened(workspace) as project:
        return prepare(project, NAME, Tier.LIBRARY)


def carry_out(workspace: Path, prepared: Prepared) -> CarriedOut:
    with opened(workspace) as project:
        return apply(project, prepared, consent=prepared.plan.short)


def contribute(workspace: Path) -> Prepared:
    prepared = plan(workspace)
    carry_out(workspace, prepared)
    return prepared
