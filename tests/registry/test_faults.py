"""Whatever dies, and whenever: the same command again ends with one branch, one commit, one PR.

Each process is a real one, and dies by SIGKILL: at a git command, by a `git` in front of the real
one; inside a push, by the server's hook; around a request, by the forge. What is carried out is a
plan that a person signed, because there is no terminal.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from conductor.adapters import homes
from tests.conftest import command
from tests.dying import in_fork
from tests.promoting import NAME
from tests.registry.forge import Answer, Asked, Forge, Lost
from tests.registry.library import BRANCH, bare_library, heads, knows
from tests.repositories import git
from tests.signing import new_key, sign, trust

pytestmark = pytest.mark.registry


@dataclass
class Signed:
    """A plan with a person's signature, and the command that carries it out."""

    workspace: Path
    plan: Path

    @property
    def words(self) -> list[str]:
        signature = ["--signature", f"{self.plan}.sig"]
        return ["promote", NAME, "--to", "library", "--apply", str(self.plan), *signature]

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "conductor", *self.words],
            cwd=self.workspace,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def again(self) -> subprocess.CompletedProcess[str]:
        return command(*self.words, folder=self.workspace)


@pytest.fixture
def signed(workspace: Path, forge: Forge, without_gh: None, tmp_path: Path) -> Signed:
    return signed_plan(workspace, tmp_path)


def signed_plan(workspace: Path, folder: Path) -> Signed:
    key, written = new_key(folder / "key"), folder / "plan.json"
    trust(key)
    planned = ["promote", NAME, "--to", "library", "--plan-out", str(written)]
    done = command(*planned, folder=workspace)
    assert done.returncode == 0, done.stderr
    sign(key, written)
    return Signed(workspace, written)


def is_whole(forge: Forge) -> None:
    """One branch, one commit, one pull request."""
    assert heads(forge.bare).keys() == {"main", BRANCH}
    assert git("rev-list", "--count", f"main..{BRANCH}", cwd=forge.bare).strip() == "1"
    assert [one["state"] for one in forge.pulls] == ["open"]
    assert git("fsck", "--strict", cwd=forge.bare) == ""


def steps() -> list[str]:
    """What the journal says was done, in order, however often."""
    (path,) = Path(homes.state(), "promotions").glob(f"{NAME}.library.*.jsonl")
    found = [line.split('"step": "')[1].split('"')[0] for line in path.read_text().splitlines()]
    return list(dict.fromkeys(found))


# How a process is brought to its end.


def at_git(words: str, number: int = 1) -> Callable[[Forge, Signed, Path], None]:
    """Kill it as it starts a git command for the `number`th time."""

    def arrange(forge: Forge, signed: Signed, folder: Path) -> None:
        real = shutil.which("git")
        spy = folder / "spies/git"
        spy.parent.mkdir()
        spy.write_text(
            f'#!/bin/sh\ncase "$*" in *"{words}"*) echo x >> "{folder}/count"\n'
            f'[ "$(wc -l < "{folder}/count")" -eq {number} ] && kill -9 $PPID;; esac\n'
            f'exec "{real}" "$@"\n'
        )
        spy.chmod(0o755)
        os.environ["PATH"] = f"{spy.parent}:{os.environ['PATH']}"

    return arrange


def in_push(forge: Forge, signed: Signed, folder: Path) -> None:
    """Kill it while the server works on what was pushed."""
    hook = forge.bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\nrm "$0"; kill -9 $(cat "{folder}/pid"); sleep 0.3\n')
    hook.chmod(0o755)


def at_request(
    method: str, *, done: bool, number: int = 1
) -> Callable[[Forge, Signed, Path], None]:
    """Kill it around a request: before the forge does it, or after and before the answer."""

    def arrange(forge: Forge, signed: Signed, folder: Path) -> None:
        def kill(asked: Asked) -> Answer | None:
            mine = [one for one in forge.asked if one.method == method]
            if asked.method != method or len(mine) != number:
                return None
            forge.before, forge.after = (lambda _: None), (lambda _: None)
            os.kill(int((folder / "pid").read_text()), signal.SIGKILL)
            raise Lost

        if done:
            forge.after = kill  # type: ignore[assignment]  # what it gives is not looked at
        else:
            forge.before = kill

    return arrange


KILLED = {
    "while the blobs are written": at_git("hash-object", 3),
    "before the commit is made": at_git("commit-tree"),
    "before the push is tried": at_git("--dry-run"),
    "after the journal was opened": at_git("ls-remote", 3),
    "as the push starts": at_git("push --porcelain", 2),
    "in the middle of the push": in_push,
    "after the push, before it is seen": at_git("ls-remote", 5),
    "after the push, before the pull request": at_request("POST", done=False),
    "after the pull request was opened": at_request("POST", done=True),
}


@pytest.mark.parametrize("moment", KILLED)
def test_killed_at_any_moment_it_is_finished_by_the_same_command(
    signed: Signed, forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
):
    forge.asked.clear()
    with monkeypatch.context() as patch:
        patch.setenv("PATH", os.environ["PATH"])  # put back afterwards
        KILLED[moment](forge, signed, tmp_path)

        def killed() -> None:
            (tmp_path / "pid").write_text(str(os.getpid()))
            signed.again()

        assert in_fork(killed) == -signal.SIGKILL
    done = signed.again()
    assert done.returncode == 0, done.stderr
    is_whole(forge)
    assert steps() == ["opened", "pushed", "proposed", "closed"]


def once(answer: Answer | None, *, lost: bool = False) -> Callable[[Forge], None]:
    """Answer the first attempt to open a pull request in another way."""

    def arrange(forge: Forge) -> None:
        def refuse(asked: Asked) -> Answer | None:
            if asked.method != "POST":
                return None
            forge.before = lambda _: None
            if answer is None:
                raise Lost
            return answer

        def lose(asked: Asked) -> None:
            if asked.method == "POST":
                forge.after = lambda _: None
                raise Lost

        if lost:
            forge.after = lose
        else:
            forge.before = refuse

    return arrange


def exists_already(forge: Forge) -> None:
    """Somebody opens the same pull request a moment earlier."""

    def first(asked: Asked) -> Answer | None:
        if asked.method == "POST":
            forge.before = lambda _: None
            forge._opened(dict(asked.body or {}))  # noqa: SLF001 - as if it came from elsewhere
        return None

    forge.before = first


REFUSED = {
    "no connection": (once(None), 3, "cannot be reached"),
    "the answer is lost": (once(None, lost=True), 0, ""),
    "it exists already": (exists_already, 0, ""),
    "401": (once(Answer(401, {"message": "Bad credentials"})), 3, "does not accept this login"),
    "403 for a while": (once(Answer(403, {}, {"Retry-After": "60"})), 3, "wait 60 seconds"),
    "404": (once(Answer(404, {"message": "Not Found"})), 3, "was it renamed?"),
    "422 no commits": (
        once(Answer(422, {"message": "Validation Failed", "errors": [{"message": "No commits"}]})),
        3,
        "does not take the pull request: Validation Failed; No commits",
    ),
    "500": (once(Answer(500, {})), 3, "failed with 500"),
}


@pytest.mark.parametrize("how", REFUSED)
def test_refused_or_lost_it_is_finished_by_the_same_command(signed: Signed, forge: Forge, how: str):
    arrange, code, told = REFUSED[how]
    arrange(forge)
    first = signed.again()
    assert (first.returncode, told in first.stderr) == (code, True), first.stderr
    if code:
        assert signed.again().returncode == 0
    is_whole(forge)
    assert steps() == ["opened", "pushed", "proposed", "closed"]


def test_a_branch_that_somebody_deleted_is_pushed_again(signed: Signed, forge: Forge):
    once(Answer(500, {}))(forge)
    assert signed.again().returncode == 3
    git("update-ref", "-d", f"refs/heads/{BRANCH}", cwd=forge.bare)
    assert signed.again().returncode == 0
    is_whole(forge)


def test_a_fork_that_is_not_there_is_told_and_then_used(
    workspace: Path, forge: Forge, without_gh: None, tmp_path: Path
):
    there, away = bare_library(tmp_path / "fork"), tmp_path / "away.git"
    forge.forks["ada"] = there
    knows(workspace, forge.remote, forge="github", fork=forge.remote.replace("/acme/", "/ada/"))
    signed = signed_plan(workspace, tmp_path)
    there.rename(away)
    done = signed.again()
    assert (done.returncode, "make the fork at the forge" in done.stderr) == (3, True), done.stderr
    assert forge.pulls == []
    away.rename(there)
    assert signed.again().returncode == 0
    assert heads(forge.bare).keys() == {"main"}
    assert heads(there).keys() == {"main", BRANCH}
    assert [one["head"] for one in forge.pulls] == [f"ada:{BRANCH}"]


def test_on_a_full_disk_nothing_is_acknowledged(signed: Signed, forge: Forge):
    """No file may grow: what cannot be written is told, and nothing leaves the machine."""
    full = f'ulimit -f 0; exec "{sys.executable}" -m conductor "$@"'
    done = subprocess.run(
        ["sh", "-c", full, "sh", *signed.words],
        cwd=signed.workspace,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    assert heads(forge.bare).keys() == {"main"}
    assert signed.again().returncode == 0
    is_whole(forge)


def test_two_at_once_make_one(signed: Signed, forge: Forge):
    processes = [signed.start(), signed.start()]
    said = [process.communicate(timeout=120)[1] for process in processes]
    codes = sorted(process.returncode for process in processes)
    assert codes[0] == 0, said
    if codes[1]:
        why = ("another process", "carried out already", "cannot lock", "cannot be fetched")
        assert any(word in "".join(said) for word in why), said
    is_whole(forge)
