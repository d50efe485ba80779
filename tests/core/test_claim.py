"""Statements of evidence: written, read back, and held against what is there."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.claim import read_claim
from conductor.core.closure import Closure, Gap, Kind, Member
from conductor.core.digest import digest_bytes
from conductor.core.gates import Counted
from conductor.core.library_index import Item, index_text
from conductor.core.promotion import Gate
from conductor.core.statement import Lint, path_of, statement
from conductor.core.verification import Seen, differences, incomplete, told_by_the_commit

FILES = {"ensembles/x.yaml": b"name: x\n", "scripts/join.py": b"print()\n"}
CLOSURE = Closure(members=(Member(Kind.ENSEMBLE, "x", digest_bytes(b"x")),), gaps=())
COUNTED = Counted(judge="human", good=6, acceptable=1, inputs=5)
GATE = Gate(tier="library", good=5, distinct_inputs=3)
POLICY = digest_bytes(b"policy")
SEEN = Seen(
    name="x",
    path="ensembles/x.yaml",
    text_digest=CLOSURE.text_digest,
    gaps=(),
    files={path: digest_bytes(data) for path, data in FILES.items()},
    evidence=path_of("x", CLOSURE.text_digest),
    waived=("P206",),
)


def written(counted: Counted = COUNTED) -> bytes:
    return statement(
        "x",
        closure=CLOSURE,
        bound_digest=CLOSURE.text_digest,
        models={"conductor-small": "qwen3:4b"},
        files=FILES,
        counted=counted,
        assessed=None,
        policy=POLICY,
        lint=Lint(errors=0, warnings=0, waived=("P206",)),
    )


def names(seen: Seen = SEEN, data: bytes | None = None, policy: str = POLICY) -> list[str]:
    claim = read_claim(written() if data is None else data)
    return [one.name for one in differences(seen, claim, GATE, policy)]


def test_an_honest_contribution_has_no_differences():
    assert names() == []


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_what_is_written_is_read_back(good: int, acceptable: int, poor: int):
    counted = Counted(judge="human", good=good, acceptable=acceptable, poor=poor, inputs=good)
    claim = read_claim(written(counted))
    assert (claim.good, claim.acceptable, claim.poor) == (good, acceptable, poor)
    assert claim.judged == good + acceptable + poor
    told = {one.name for one in differences(SEEN, claim, GATE, POLICY)}
    assert told == (set() if good >= GATE.good else {"too-little-evidence"})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"text_digest": digest_bytes(b"other")}, ["other-content"]),
        ({"files": {**SEEN.files, "scripts/join.py": POLICY}}, ["other-bytes"]),
        ({"files": {**SEEN.files, "scripts/new.py": POLICY}}, ["other-bytes"]),
        ({"files": {"ensembles/x.yaml": SEEN.files["ensembles/x.yaml"]}}, ["other-bytes"]),
        ({"waived": ("P206", "M301")}, ["waiver-not-told"]),
    ],
)
def test_what_is_there_and_was_not_claimed_is_told(change: dict[str, Any], told: list[str]):
    assert names(replace(SEEN, **change)) == told


def test_a_gap_is_told_whether_anything_is_claimed_or_not():
    lacking = replace(SEEN, gaps=(Gap(Kind.PROFILE, "fast", "a"),))
    assert [one.name for one in incomplete(lacking)] == ["incomplete-closure"]
    assert list(incomplete(SEEN)) == []


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("good", 60, ["impossible-evidence"]),
        ("interval_percent", [99, 100], ["impossible-evidence"]),
        ("distinct_inputs", 7, ["impossible-evidence"]),
        ("distinct_inputs", 1, ["too-little-evidence"]),
    ],
)
def test_counts_that_somebody_polished_are_told(key: str, value: object, told: list[str]):
    document = json.loads(written())
    document["predicate"]["evaluations"][key] = value
    assert names(data=json.dumps(document).encode()) == told


def test_another_policy_is_a_note():
    (found,) = differences(SEEN, read_claim(written()), GATE, digest_bytes(b"another"))
    assert (found.name, str(found.level)) == ("other-policy", "note")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        written().replace(b"in-toto.io", b"example.org"),
        written().replace(b'"good": 6', b'"good": true'),
        written().replace(b'"good": 6', b'"good": -6'),
        written().replace(b'"good": 6', b'"good": 6, "good": 60'),
        written().replace(b'"policy"', b'"polity"'),
        b"[" * 100_000,
        b" " * 300_000,
    ],
    ids=range(11),
)
def test_what_is_no_statement_is_refused(data: bytes):
    with pytest.raises(ValueError, match=r".+"):
        read_claim(data)


def test_the_commit_must_name_what_is_in_it():
    path, digest = SEEN.evidence, digest_bytes(written())
    honest = {"Conductor-Evidence": f"{path} {digest}", "Conductor-Closure": SEEN.text_digest}

    def told(trailers: dict[str, str]) -> list[str]:
        return [one.name for one in told_by_the_commit(trailers, {"x": SEEN}, {path: digest})]

    assert told({}) == told(honest) == []
    assert told({**honest, "Conductor-Evidence": f"{path} {POLICY}"}) == ["other-evidence"]
    assert told({**honest, "Conductor-Closure": POLICY}) == ["other-closure"]


def test_an_index_is_sorted_and_the_same_every_time(snapshot):
    document = {"description": "Finds x.", "agents": [{}], "x-conductor": {"version": "1.0.0"}}
    one = Item(
        name="x",
        document=document,
        closure=CLOSURE,
        evidence=SEEN.evidence,
        claim=read_claim(written()),
    )
    other = Item(name="a", document={}, closure=replace(CLOSURE, gaps=(Gap(Kind.FILE, "f", "a"),)))
    text = index_text([one, other])
    assert text == index_text([other, one])
    assert text == snapshot
