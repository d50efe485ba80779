"""The page of a policy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import Result
from syrupy.assertion import SnapshotAssertion

from conductor.core.condition import ALL, ANY, NOT, Atom, Group
from conductor.core.facts import BOOLEAN, ENUM, INTEGER, FactSpec
from conductor.core.policy import Candidate, Policy, Rule
from conductor.core.signals import Signals
from conductor.formats.policy_page import picture, policy_page

Conductor = Callable[..., Result]
PAGE = "docs/policy.md"


def policy(*rules: Rule) -> Policy:
    facts = [
        FactSpec("task", ENUM, "other", values=("code", "code.python", "text", "other")),
        FactSpec("tokens", INTEGER, 9000, low=0, high=9000, unit="tokens"),
        FactSpec("fixed", BOOLEAN, False),
    ]
    return Policy(
        facts={spec.name: spec for spec in facts},
        signals=Signals(),
        rules=rules,
        default_reason="safe | sound",
        candidates={"text": (Candidate("summary", "sha256:x"),)},
        templates={"code": "swarm"},
        sources=(),
        revision="",
    )


EVERYTHING = policy(
    Rule("plain", Atom("fixed", "eq", True), "local", reason="it is <b>fixed</b>"),
    Rule("pinned", Atom("task", "in", ("code", "code.python")), "local", reason="", ensemble="x"),
    Rule(
        "nested",
        Group(
            ALL,
            (
                Group(ANY, (Atom("tokens", "lt", 8000), Atom("fixed", "ne", True))),
                Group(NOT, (Atom("task", "not_in", ("text", "other")),)),
            ),
        ),
        "ask",
        reason="one cannot tell",
        ask="tokens",
    ),
)


def test_a_page_says_everything_that_a_policy_does(snapshot: SnapshotAssertion):
    assert policy_page(EVERYTHING, {"tokens": "The size.", "fixed": "The form."}) == snapshot


def test_a_policy_without_rules_has_a_picture_too(snapshot: SnapshotAssertion):
    assert picture(policy()) == snapshot


def test_a_page_is_written_when_asked_for_and_kept_from_then_on(
    workspace: Path, conductor: Conductor
):
    conductor("compile", folder=workspace)
    assert not (workspace / PAGE).exists()

    conductor("compile", "--docs", folder=workspace)
    assert "`extraction-short-fixed`" in (workspace / PAGE).read_text(encoding="utf-8")

    rules = workspace / "policy/routing.toml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("within reach of", "possible for"), encoding="utf-8")
    checked = conductor("compile", "--check", folder=workspace)
    assert checked.return_value == 1
    assert f"changed  {PAGE}" in checked.stdout
    conductor("compile", folder=workspace)
    assert "possible for" in (workspace / PAGE).read_text(encoding="utf-8")


def test_a_page_that_somebody_else_wrote_is_not_overwritten(workspace: Path, conductor: Conductor):
    (workspace / "docs").mkdir()
    (workspace / PAGE).write_text("# Ours\n", encoding="utf-8")
    assert conductor("compile", folder=workspace).return_value == 0
    done = conductor("compile", "--docs", folder=workspace)
    assert done.return_value == 1
    assert f"{PAGE}:1:1: error[not-ours]" in done.stderr
    assert (workspace / PAGE).read_text(encoding="utf-8") == "# Ours\n"
