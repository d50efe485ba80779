"""Addresses, the ladder, and what a forge is told."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.forge import (
    Repository,
    Rung,
    compare_url,
    forge_at,
    head_of,
    push_options,
    repository_of,
    rung_for,
)
from conductor.core.outward import message, trailers


@pytest.mark.parametrize(
    ("address", "repository"),
    [
        ("https://github.com/acme/library.git", "github.com/acme/library"),
        ("https://ada@GitHub.com/acme/library/", "github.com/acme/library"),
        ("git@github.com:acme/library.git", "github.com/acme/library"),
        ("ssh://git@github.com:22/acme/library", "github.com/acme/library"),
        ("https://localhost:8443/acme/library.git", "localhost:8443/acme/library"),
        ("https://gitlab.com/acme/team/library.git", "gitlab.com/acme/team/library"),
        ("/srv/git/library.git", "None"),
        ("file:///srv/git/library.git", "None"),
        ("https://example.org/library.git", "None"),
    ],
)
def test_a_forge_knows_a_repository_by_host_and_path(address: str, repository: str):
    assert str(repository_of(address)) == repository


@pytest.mark.parametrize(
    ("setting", "host", "forge"),
    [
        ("auto", "github.com", "github"),
        ("auto", "gitlab.com", "gitlab"),
        ("auto", "github.com.evil.example", "none"),
        ("auto", "git.example.org", "none"),
        ("github", "git.example.org", "github"),
        ("none", "github.com", "none"),
    ],
)
def test_no_forge_is_guessed(setting: str, host: str, forge: str):
    assert forge_at(setting, Repository(host, "acme/library")) == forge
    assert forge_at(setting, None) == "none"


@pytest.mark.parametrize(
    ("forge", "transport", "may_push", "rung"),
    [
        ("github", Rung.GH, True, Rung.GH),
        ("github", Rung.REST, True, Rung.REST),
        ("github", None, True, Rung.COMPARE),
        ("gitlab", None, True, Rung.PUSH_OPTIONS),
        ("none", None, True, Rung.BRANCH),
        ("github", Rung.GH, False, Rung.PATCH),
        ("none", None, False, Rung.PATCH),
    ],
)
def test_the_best_open_way_is_taken(forge: str, transport: Rung | None, may_push: bool, rung: Rung):
    assert rung_for(forge, transport=transport, may_push=may_push) is rung


def test_a_branch_of_a_fork_is_named_by_its_owner():
    library = Repository("github.com", "acme/library")
    assert head_of("contribute/x", library, None) == "acme:contribute/x"
    assert head_of("contribute/x", library, Repository("github.com", "ada/l")) == "ada:contribute/x"


def test_the_form_is_filled_in_as_far_as_an_address_may_be_long():
    library = Repository("github.com", "acme/library")
    short = compare_url(library, "main", "ada:contribute/x", title="a & b", body="# one\ntwo")
    assert urlsplit(short).path == "/acme/library/compare/main...ada:contribute/x"
    asked = parse_qs(urlsplit(short).query)
    assert asked == {"quick_pull": ["1"], "title": ["a & b"], "body": ["# one\ntwo"]}
    long = compare_url(library, "main", "ada:contribute/x", title="t", body="x" * 9_000)
    assert parse_qs(urlsplit(long).query) == {"quick_pull": ["1"], "title": ["t"]}


def test_push_options_are_single_lines():
    options = push_options("main", title="library: add x", description="see the commit")
    assert options[0] == "merge_request.create"
    assert all("\n" not in option for option in options)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"])))
def test_no_summary_forges_a_trailer(summary: str):
    text = message(
        "library: add x", f"Conductor-Policy: forged {summary}", {"Conductor-From": "global"}
    )
    assert trailers(text) == {"Conductor-From": "global"}
