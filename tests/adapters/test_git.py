"""Our mirrors, with real git; and what a hostile repository tries against them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from conductor.adapters.git import Mirror, open_mirror, repository_around
from conductor.adapters.git.source import protocol
from conductor.errors import OutsideError, UsageError
from tests.repositories import commit, git, repository

MANY = 1_000_000


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    return open_mirror(str(tmp_path / "state/mirror.git"))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return repository(
        tmp_path / "their work ü", {"a.txt": "one", "b/ä ö.txt": "two"}, {"a.txt": "three"}
    )


def texts(mirror: Mirror, revision: str, folder: str = "") -> dict[str, bytes]:
    return mirror.read(mirror.entries(revision, folder), most=MANY)


def test_a_revision_is_fetched_by_path_and_read(mirror: Mirror, source: Path):
    head = mirror.fetch(str(source), "HEAD")
    assert head == git("rev-parse", "HEAD", cwd=source).strip()
    assert texts(mirror, head) == {"a.txt": b"three", "b/ä ö.txt": b"two"}
    assert texts(mirror, head, "b") == {"ä ö.txt": b"two"}
    assert texts(mirror, head, "nowhere") == {}


def test_every_way_to_name_a_revision(mirror: Mirror, source: Path):
    first = git("rev-parse", "HEAD~1", cwd=source).strip()
    git("tag", "-a", "v1", "-m", "first", first, cwd=source)
    git("branch", "feature/x", first, cwd=source)
    for name in ("HEAD~1", "@~", "main^", "v1", "feature/x", "refs/heads/main~1", first, first[:9]):
        assert mirror.fetch(str(source), name) == first, name


def test_a_commit_that_no_branch_reaches(mirror: Mirror, source: Path):
    lost = commit(source, {"a.txt": "lost"}, "lost")
    git("reset", "--quiet", "--hard", "HEAD~1", cwd=source)
    assert texts(mirror, mirror.fetch(str(source), lost))["a.txt"] == b"lost"


def test_a_worktree_is_its_own_head(mirror: Mirror, source: Path, tmp_path: Path):
    git("worktree", "add", "--quiet", "-b", "aside", str(tmp_path / "aside"), cwd=source)
    aside = commit(tmp_path / "aside", {"a.txt": "aside"}, "aside")
    assert mirror.fetch(str(tmp_path / "aside"), "HEAD") == aside
    assert repository_around(str(tmp_path / "aside/b")) == str(tmp_path / "aside")


def test_history_that_was_rewritten_is_followed(mirror: Mirror, source: Path):
    before = mirror.fetch(str(source), "main")
    git("commit", "--quiet", "--amend", "-m", "other words", cwd=source)
    assert mirror.fetch(str(source), "main") != before


@pytest.mark.parametrize("name", ["nowhere", "main~9", "deadbeef"])
def test_a_revision_that_is_not_there_is_told(mirror: Mirror, source: Path, name: str):
    with pytest.raises(UsageError, match=f"there is no revision `{name}`"):
        mirror.fetch(str(source), name)


@pytest.mark.parametrize("name", ["", "--upload-pack=x", "a b", "main:policy", "a..b", "@{u}", "-"])
def test_what_is_no_revision_never_reaches_git(mirror: Mirror, source: Path, name: str):
    with pytest.raises(UsageError, match="is no revision"):
        mirror.fetch(str(source), name)


def test_a_repository_that_is_not_there_is_told(mirror: Mirror, tmp_path: Path):
    with pytest.raises(OutsideError, match="does not appear to be a git repository"):
        mirror.fetch(str(tmp_path / "nothing"), "HEAD")


def test_reading_has_a_limit(mirror: Mirror, source: Path):
    head = mirror.fetch(str(source), "HEAD")
    with pytest.raises(OutsideError, match="more than"):
        mirror.read(mirror.entries(head), most=5)


# Attacks. Each `touch`es a file that must not be there afterwards.


def hostile(source: Path, trap: Path) -> None:
    """Set in the repository's own configuration what makes git run commands."""
    script = trap.parent / "trap.sh"  # git gives these to a shell: no space in the path
    script.write_text(f"#!/bin/sh\ntouch {trap}\ncat\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    for key, value in {
        "core.fsmonitor": str(script),
        "core.sshCommand": str(script),
        "core.pager": str(script),
        "core.hooksPath": str(source / ".git/hooks"),
        "filter.evil.clean": str(script),
        "filter.evil.smudge": str(script),
        "uploadpack.packObjectsHook": str(script),
        "remote.origin.url": f"ext::sh -c 'touch {trap}'",
        "remote.origin.uploadpack": str(script),
        f"url.ext::{script} .insteadOf": str(source),
        "credential.helper": f"!touch {trap}",
    }.items():
        git("config", key, value, cwd=source)
    for hook in ("post-checkout", "reference-transaction", "post-update", "update"):
        (source / ".git/hooks").mkdir(exist_ok=True)
        (source / ".git/hooks" / hook).write_text(script.read_text())
        (source / ".git/hooks" / hook).chmod(0o755)
    (source / ".git/info/attributes").write_text("* filter=evil\n")


def test_a_hostile_configuration_runs_nothing(mirror: Mirror, source: Path, tmp_path: Path):
    trap = tmp_path / "trapped"
    hostile(source, trap)
    head = mirror.fetch(str(source), "HEAD~1")
    assert texts(mirror, head)["a.txt"] == b"one"
    assert not trap.exists()


def test_the_trap_of_these_tests_works(source: Path, tmp_path: Path):
    hostile(source, tmp_path / "trapped")
    (source / "a.txt").write_text("new")
    git("status", cwd=source)
    assert (tmp_path / "trapped").exists()


@pytest.mark.parametrize(
    "address",
    [
        "ext::sh -c true",
        "fd::3",
        "http://example.org/x.git",
        "git://example.org/x.git",
        "file://host/x.git",
        "--upload-pack=true",
        "ssh://-oProxyCommand=true/x",
        "relative/path",
        "host:-oProxyCommand=true",
        "",
    ],
)
def test_only_known_protocols_are_spoken(mirror: Mirror, address: str):
    with pytest.raises(UsageError, match="is no address of a repository"):
        mirror.fetch(address, "HEAD")


def test_a_password_in_an_address_is_refused_and_not_repeated(mirror: Mirror):
    with pytest.raises(UsageError) as refused:
        mirror.fetch("https://ada:s3cret@example.org/x.git", "HEAD")
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "speaks"),
    [
        ("/srv/git/x.git", "file"),
        ("file:///srv/git/x.git", "file"),
        ("https://example.org/x.git", "https"),
        ("ssh://git@example.org:22/x.git", "ssh"),
        ("git@example.org:acme/x.git", "ssh"),
        ("http://127.0.0.1:8080/x.git", "http"),
    ],
)
def test_the_protocol_of_an_address(address: str, speaks: str):
    assert protocol(address) == speaks


def test_instead_of_cannot_lead_to_a_command(
    mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Also not where a person's own configuration says so: it is read for credentials."""
    trap = tmp_path / "trapped"
    own = tmp_path / "gitconfig"
    own.write_text(f'[url "ext::sh -c touch% {trap} "]\n\tinsteadOf = https://example.org/\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(own))
    with pytest.raises(OutsideError, match="cannot be fetched"):
        mirror.fetch("https://example.org/x.git", "HEAD")
    assert not trap.exists()


@pytest.mark.parametrize(
    "variables",
    [
        {"GIT_DIR": "elsewhere", "GIT_WORK_TREE": "elsewhere"},
        {"GIT_INDEX_FILE": "elsewhere/index", "GIT_OBJECT_DIRECTORY": "elsewhere/objects"},
        {"GIT_CONFIG_PARAMETERS": "'core.bare'='nonsense'"},
        {"GIT_CEILING_DIRECTORIES": "/", "GIT_NAMESPACE": "theirs"},
    ],
)
def test_what_a_hook_exports_does_not_lead_elsewhere(
    mirror: Mirror, source: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    head = mirror.fetch(str(source), "HEAD")
    assert texts(mirror, head)["a.txt"] == b"three"


def test_a_configuration_slipped_into_the_mirror_is_replaced(
    mirror: Mirror, source: Path, tmp_path: Path
):
    trap = tmp_path / "trapped"
    folder = Path(mirror.folder)
    hook = f"#!/bin/sh\ntouch {trap}\n"
    (folder / "hooks").mkdir()
    (folder / "hooks/reference-transaction").write_text(hook)
    (folder / "hooks/reference-transaction").chmod(0o755)
    (folder / "config").write_text("[core]\n\tbare = true\n\thooksPath = hooks\n")
    (folder / "commondir").write_text(str(source / ".git"))
    open_mirror(mirror.folder).fetch(str(source), "HEAD")
    assert not trap.exists()
    assert "hooksPath" not in (folder / "config").read_text()


def test_links_and_submodules_are_told_and_not_read(mirror: Mirror, source: Path, tmp_path: Path):
    (tmp_path / "private").write_text("secret")
    (source / "link").symlink_to(tmp_path / "private")
    commit_id = git("rev-parse", "HEAD", cwd=source).strip()
    git("update-index", "--add", "--cacheinfo", f"160000,{commit_id},module", cwd=source)
    git("add", "link", cwd=source)
    git("commit", "--quiet", "-m", "links", cwd=source)
    head = mirror.fetch(str(source), "HEAD")
    odd = {entry.path: entry.mode for entry in mirror.entries(head) if not entry.is_file}
    assert odd == {"link": "120000", "module": "160000"}
    assert set(texts(mirror, head)) == {"a.txt", "b/ä ö.txt"}


def test_a_name_that_is_no_text_is_refused(mirror: Mirror, source: Path):
    Path(os.fsdecode(os.fsencode(source) + b"/\xff.txt")).write_text("x")
    commit(source, {}, "odd name")
    with pytest.raises(OutsideError, match="not UTF-8"):
        mirror.entries(mirror.fetch(str(source), "HEAD"))


def test_the_repository_that_is_read_stays_as_it_is(mirror: Mirror, source: Path):
    (source / "a.txt").write_text("not committed")

    def everything() -> dict[str, tuple[int, bytes]]:
        return {
            str(path): (path.stat().st_mtime_ns, path.read_bytes())
            for path in source.rglob("*")
            if path.is_file()
        }

    before = everything()
    mirror.fetch(str(source), "HEAD")
    assert everything() == before
