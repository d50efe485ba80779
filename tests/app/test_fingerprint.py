"""What a project is known by is read out of its files, and nothing of it is run."""

from __future__ import annotations

from pathlib import Path

from conductor.app.fingerprint import fingerprint
from conductor.lint.origin import brands, named
from tests.repositories import git


def test_people_are_known_by_their_commits_and_by_what_they_own(tmp_path: Path):
    git("init", "--quiet", cwd=tmp_path)
    git("config", "user.name", "Ada Hartmann", cwd=tmp_path)
    author = ("-c", "user.name=Jo Brandvold", "-c", "user.email=jo@example.org")
    git(*author, "commit", "--quiet", "--allow-empty", "-m", "Start", cwd=tmp_path)
    (tmp_path / "CODEOWNERS").write_text("* @jbrandvold @acme/desk\n")

    assert fingerprint(str(tmp_path)).people >= {"Ada Hartmann", "Jo Brandvold", "@jbrandvold"}


def test_a_log_that_is_not_from_git_names_nobody(tmp_path: Path):
    (tmp_path / ".git/logs").mkdir(parents=True)
    (tmp_path / ".git/logs/HEAD").write_bytes(b"\xff\x00 not a log\n0 0      <x> 0\n")

    assert fingerprint(str(tmp_path)).people == frozenset()


def test_what_is_left_of_a_name_without_plain_words_is_only_suspected():
    assert brands(frozenset({"nordvik-billing", "data-lens", "task-runner"})) == {"nordvik"}


def test_a_name_is_found_in_capitals_apart_and_within_a_longer_word():
    text = "The Pay Hub team owns payHubClient, but pay hub fees are no name."
    assert [word for _, word in named(text, frozenset({"pay-hub"}))] == ["Pay Hub", "payHub"]
