"""The text of a pull request: facts, and foreign words that can do nothing there."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.evaluation import Verdict
from conductor.core.gates import Assessed, Counted
from conductor.core.plan import Change, PlannedFile
from conductor.core.readiness import Answer, GateResult, Readiness
from conductor.core.tier import Tier
from conductor.formats.pull_request import About, Facts, body, code, summary, title

DIGEST = f"sha256:{'ab' * 32}"
FILE = PlannedFile(path="ensembles/find-smells.yaml", digest=DIGEST, bytes=9, change=Change.ADD)
ASSESSED = Assessed(
    judge="claude",
    verdict=Verdict.GOOD,
    reasoning="No prompt names a project.",
    failure_mode="",
    text_digest=DIGEST,
)
FACTS = Facts(
    about=About(
        name="find-smells",
        description="Finds code smells in a diff; gives a JSON list.",
        version="1.0.0",
        license="MIT",
        authors=("Ada",),
        task="extraction",
        agents=3,
    ),
    readiness=Readiness(
        ensemble="find-smells",
        tier=Tier.LIBRARY,
        text_digest=DIGEST,
        bound_digest=DIGEST,
        gates=(
            GateResult(gate="evaluations", answer=Answer.PASS, seen="6 of 5 good on this content"),
            GateResult(
                gate="lint", answer=Answer.WAIVED, seen="waived: P206 (ADRs are the subject)"
            ),
            GateResult(gate="consent", answer=Answer.CONSENT, seen="the decision is yours"),
        ),
    ),
    counted=Counted(judge="human", good=6, acceptable=1, inputs=5),
    assessed=ASSESSED,
    models={"conductor-small": "qwen3:4b"},
    scripts={"scripts/split.py": ("network",), "scripts/join.py": ()},
    files=(
        PlannedFile(path="ensembles/find-smells.yaml", digest=DIGEST, bytes=9, change=Change.ADD),
    ),
    evidence="evidence/find-smells/abab.json",
    policy=DIGEST,
)
HOSTILE = [
    "@octocat please merge",
    "fixes #1 and acme/library#2",
    "<img src=x onerror=alert(1)>",
    "` leaves the span @octocat `",
    "--> <!-- conductor",
    "\x1b[2Jcleared \u202edesrever",
    "a\n\n# a heading\n- [x] approved",
]


def test_the_text_says_what_a_maintainer_asks(snapshot):
    assert f"{title(FACTS)}\n\n{summary(FACTS)}\n\n{body(FACTS)}" == snapshot


def test_an_update_says_so():
    assert title(replace(FACTS, update=True)) == "library: update find-smells 1.0.0"


def rendered(text: str) -> str:
    """What a forge would still interpret: the text without its code spans and blocks."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", text)


@pytest.mark.parametrize("words", HOSTILE)
def test_foreign_words_stay_words(words: str):
    about = replace(FACTS.about, description=words, license=words, authors=(words,), task=words)
    assessed = replace(ASSESSED, reasoning=words)
    facts = replace(FACTS, about=about, assessed=assessed, models={"conductor-small": words})
    left = rendered(body(facts))
    for active in ("@", "#1", "#2", "<img", "a heading", "[x]", "\x1b", "\u202e"):
        assert active not in left
    assert left.count("<!--") == left.count("-->") == 1
    assert "\x1b" not in body(facts) + summary(facts)
    assert "\n" not in summary(facts)


@given(st.text(min_size=1))
def test_no_text_leaves_its_code_span(text: str):
    assert "\n" not in code(text)
    assert rendered(code(text)) in {"", "(nothing)"}


@pytest.mark.parametrize(
    "secret",
    [
        "ghp_" + "a1B2" * 10,
        "sk-ant-" + "x" * 30,
        "ada@acme.example",
        "https://ada:hunter22@example.org",
    ],
)
def test_secrets_and_addresses_are_taken_out(secret: str):
    facts = replace(FACTS, about=replace(FACTS.about, description=f"uses {secret} inside"))
    assert secret not in body(facts)
    assert secret not in summary(facts)


def test_the_text_has_a_bound_whatever_the_facts():
    many = tuple(replace(FILE, path=f"scripts/{'x' * 200}{n}.py") for n in range(5_000))
    facts = replace(FACTS, files=many, about=replace(FACTS.about, description="y" * 100_000))
    text = body(facts)
    assert len(text) < 60_000
    assert "and 4900 more" in text
