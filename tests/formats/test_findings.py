"""One finding, four forms."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from sarif_pydantic import Sarif
from syrupy.assertion import SnapshotAssertion

from conductor.core.finding import Edit, Finding, Fix, Level, Place, Related, failed
from conductor.formats import github, wire
from conductor.formats.sarif import fingerprints, sarif
from conductor.formats.text import count, findings, safe

ROUTING = "policy/routing.toml"
PLAIN = Finding(
    name="unknown-fact",
    message="unknown fact `document_token`",
    at=Place(ROUTING, 11, 34),
    hint="did you mean `document_tokens`?",
)
RICH = Finding(
    name="redundant-condition",
    code="A101",
    level=Level.WARNING,
    message="the condition on `fixed_schema` changes nothing",
    at=Place(ROUTING, 12, 8),
    end=Place(ROUTING, 12, 28),
    hint="remove it",
    related=(Related(Place(ROUTING, 5, 1), "`earlier` takes the rest"),),
    fix=Fix("remove the condition", (Edit(Place(ROUTING, 12, 8), Place(ROUTING, 12, 28), ""),)),
)
WAIVED = replace(
    PLAIN,
    name="tracker-reference",
    at=Place("registry/ensembles/a.yaml", 3),
    waived="it is about ADRs",
)
FOUND = (PLAIN, RICH, WAIVED)

TEXT = st.text(max_size=20)
FINDINGS = st.builds(
    Finding,
    name=st.sampled_from(["unknown-fact", "syntax"]),
    message=TEXT,
    at=st.builds(Place, TEXT, st.integers(1, 9), st.integers(1, 9)),
    hint=TEXT,
    level=st.sampled_from(Level),
    waived=st.sampled_from(["", "because"]),
)


def test_findings_as_text(snapshot: SnapshotAssertion):
    assert findings(FOUND) == snapshot
    assert count(FOUND) == "1 error, 1 warning, 1 waived"


def test_findings_as_json(snapshot: SnapshotAssertion):
    assert wire.findings(FOUND) == snapshot


def test_findings_as_sarif(snapshot: SnapshotAssertion):
    assert json.dumps(sarif(FOUND, version="1.2.3", below="ops"), indent=1) == snapshot


def unknown_keys(node: object) -> set[str]:
    """Gather what an object and its parts have beyond the standard's models."""
    if isinstance(node, list):
        return set().union(*(unknown_keys(item) for item in node))
    if not isinstance(node, BaseModel):
        return set()
    parts = (getattr(node, name) for name in type(node).model_fields)
    return set(node.model_extra or ()).union(*(unknown_keys(part) for part in parts))


# Of a run (section 3.14.17) and of a result (3.27.23); the models lack them.
IN_THE_STANDARD = {"columnKind", "suppressions"}


def test_sarif_is_what_the_standard_says():
    log = Sarif.model_validate(sarif(FOUND, version="1.2.3", below="ops"))
    assert unknown_keys(log) == IN_THE_STANDARD


def test_findings_as_annotations_and_summary(snapshot: SnapshotAssertion):
    assert github.commands(FOUND, below="ops") == snapshot
    assert github.summary(FOUND, "conductor check failed") == snapshot


def test_a_waived_error_does_not_fail():
    assert failed([PLAIN])
    assert not failed([replace(PLAIN, waived="known"), RICH])


def test_a_fingerprint_stays_when_lines_move_or_the_sentence_is_reworded():
    moved = replace(PLAIN, at=Place(ROUTING, 99, 1), message="there is no fact `document_token`")
    assert fingerprints([moved]) == fingerprints([PLAIN])


def test_a_fingerprint_tells_findings_apart_by_file_name_and_the_users_words():
    others = [
        PLAIN,
        replace(PLAIN, name="unknown-key"),
        replace(PLAIN, at=Place("policy/facts.toml", 11, 34)),
        replace(PLAIN, message="unknown fact `other`"),
        PLAIN,
    ]
    assert len(set(fingerprints(others))) == len(others)


@given(st.lists(FINDINGS, max_size=3))
def test_an_annotation_is_one_line_whatever_a_finding_says(found: list[Finding]):
    counted = [one for one in found if not one.waived]
    lines = github.commands(found).splitlines()
    assert len(lines) == len(counted)
    assert all(line.startswith("::") for line in lines)


@given(st.lists(FINDINGS, max_size=3))
def test_sarif_can_be_written_and_points_to_its_rules(found: list[Finding]):
    (run,) = json.loads(json.dumps(sarif(found, version="1")))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [one.name for one in found]
    assert len({rule["id"] for rule in rules}) == len(rules)


@given(st.text())
def test_foreign_text_can_be_printed_and_changes_no_terminal(text: str):
    shown = safe(text)
    assert shown.encode().decode() == shown
    assert not set("\x1b\x9b\r\u202e") & set(shown)
