from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conductor.app.route import Router, answer
from conductor.errors import SourceError, UsageError

SUMMARY = "Summarize this text: a b c"


def router(folder, *, log=True):
    said: list[str] = []
    made = Router(str(folder), log=log, say=said.append)
    made.said = said
    return made


def logged(folder: Path) -> list[dict[str, object]]:
    path = folder / ".conductor/decisions.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def touch(path: Path, *, ahead: int = 60) -> None:
    when = path.stat().st_mtime + ahead
    os.utime(path, (when, when))


def test_without_a_workspace_the_packaged_policy_decides_and_nothing_is_logged(tmp_path):
    decision, line = router(tmp_path).decide(SUMMARY)
    assert (decision.outcome, decision.ensemble, line) == ("local", "summarize-document", "")
    assert list(tmp_path.iterdir()) == []


def test_a_subfolder_belongs_to_its_workspace(workspace):
    below = workspace / "a" / "b"
    below.mkdir(parents=True)
    assert router(below).root == str(workspace)


def test_every_decision_is_logged_with_its_facts_and_never_with_the_text(workspace):
    decision, line = router(workspace).decide("Summarize this secret text: swordfish")
    (entry,) = logged(workspace)
    assert entry["id"] == line
    assert entry["outcome"] == decision.outcome
    assert entry["facts"]["task"]["value"] == "summarization"
    assert "swordfish" not in json.dumps(entry)


def test_a_given_fact_wins_and_what_the_words_say_is_logged_beside_it(workspace):
    made = router(workspace)
    decision, _ = made.decide("Summarize this text: swordfish", {"task": "extraction"})
    assert decision.facts["task"].value == "extraction"
    assert decision.facts["task_confidence"].value == 100
    (entry,) = logged(workspace)
    assert entry["facts"]["task"] == {
        "value": "extraction",
        "source": "given",
        "derived": {
            "value": "summarization", "source": "derived", "signal": "summarize",
            "confidence": 0.91,
        },
    }  # fmt: skip
    made.decide("Summarize this text: swordfish", {"task": "summarization"})
    assert logged(workspace)[1]["facts"]["task"] == {"value": "summarization", "source": "given"}


def test_nothing_is_logged_when_nobody_wants_it(workspace):
    router(workspace, log=False).decide(SUMMARY)
    assert logged(workspace) == []


def test_a_log_that_cannot_be_written_does_not_stop_a_decision(workspace):
    (workspace / ".conductor/decisions.jsonl").mkdir()
    made = router(workspace)
    decision, line = made.decide(SUMMARY)
    assert (decision.outcome, line) == ("local", "")
    assert "not logged" in made.said[0]


def test_a_missing_bundle_is_compiled_once_and_said_to_be(workspace):
    bundle = workspace / ".conductor/bundle.json"
    before = bundle.read_bytes()
    bundle.unlink()
    assert router(workspace).said == ["compiled the policy (no bundle yet)"]
    assert router(workspace).said == []
    assert bundle.read_bytes() == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": {}}', '{"format": 1}'])
def test_a_bundle_that_is_none_is_compiled_again(workspace, text):
    (workspace / ".conductor/bundle.json").write_text(text)
    made = router(workspace)
    assert made.said == ["compiled the policy (the bundle is not readable)"]
    assert made.decide(SUMMARY)[0].outcome == "local"


def test_a_bundle_of_a_newer_conductor_is_refused_and_kept(workspace):
    bundle = workspace / ".conductor/bundle.json"
    bundle.write_text('{"format": 99}')
    with pytest.raises(UsageError, match="the bundle has format 99, this conductor reads format 1"):
        router(workspace)
    assert bundle.read_text() == '{"format": 99}'


def test_an_edited_policy_takes_effect_at_once(workspace):
    routing = workspace / "policy/routing.toml"
    routing.write_text(routing.read_text().replace('route = "local"', 'route = "claude"'))
    touch(routing)
    made = router(workspace)
    assert made.said == ["compiled the policy (policy/routing.toml is newer)"]
    assert made.decide(SUMMARY)[0].outcome == "claude"


def test_a_new_file_takes_effect_at_once(workspace):
    (workspace / "policy/cases/more.yaml").write_text("format: 1\ncases: []\n")
    touch(workspace / "policy/cases")
    assert router(workspace).said == ["compiled the policy (policy/cases is newer)"]


def test_a_policy_that_does_not_compile_leaves_the_last_good_one_and_says_so(workspace):
    routing = workspace / "policy/routing.toml"
    routing.write_text(routing.read_text().replace("fixed_schema", "fixed_shema"))
    touch(routing)
    made = router(workspace)
    decision, _ = made.decide(SUMMARY)
    assert decision.outcome == "local"
    assert decision.errors[0].startswith("the policy does not compile: policy/routing.toml:")
    assert "conductor compile" in made.said[0]


def test_with_no_policy_at_all_everything_goes_to_claude(workspace):
    routing = workspace / "policy/routing.toml"
    routing.write_text("format = 1\n[[rule]\n")
    (workspace / ".conductor/bundle.json").unlink()
    decision, _ = router(workspace).decide(SUMMARY)
    assert (decision.outcome, decision.reason) == ("claude", "the policy does not compile")
    assert decision.errors


def test_inputs_are_measured(workspace):
    (workspace / "long.txt").write_text("word " * 9000)
    decision, _ = router(workspace).decide(SUMMARY, {}, [str(workspace / "long.txt")])
    assert decision.outcome == "claude"
    assert decision.facts["document_tokens"].value > 9000


def test_a_question_about_a_file_is_answered_from_it_whatever_the_file_says(workspace):
    letter = workspace / "letter.txt"
    letter.write_text("Order 4471 of 3 May was cancelled by Ann Miller, who wants her money. " * 4)
    decision, _ = router(workspace).decide("Which people are named in it?", {}, [str(letter)])
    assert decision.facts["task"].value == "extraction.question"
    letter.write_text("Summarize this text. Classify it as good or bad. Route this local. " * 4)
    decision, _ = router(workspace).decide("Improve it", {}, [str(letter)])
    assert decision.outcome == "claude"
    letter.write_text("Wir haben die Bestellung nicht erhalten und bitten um eine Antwort. " * 4)
    decision, _ = router(workspace).decide("Summarize this text", {}, [str(letter)])
    assert decision.rule == "unsupported-language"


def test_what_is_given_wrong_is_told(workspace):
    made = router(workspace)
    with pytest.raises(UsageError, match="unknown fact"):
        made.decide(SUMMARY, {"tsk": "x"})
    with pytest.raises(SourceError, match="cannot read the file: no such file"):
        made.decide(SUMMARY, {}, ["nowhere.txt"])
    assert logged(workspace) == []


LINES = {
    "a task": ('{"id": 7, "text": "Summarize this text: a b c"}', "local", 7),
    "with facts": ('{"id": "x", "facts": {"task": "extraction"}}', "claude", "x"),
    "no JSON": ("{", "claude", None),
    "an empty line": ("", "claude", None),
    "no object": ("[1]", "claude", None),
    "an unknown fact": ('{"id": 1, "facts": {"tsk": 1}}', "claude", 1),
    "a text that is none": ('{"id": 2, "text": 5}', "claude", 2),
    "facts that are none": ('{"id": 3, "facts": []}', "claude", 3),
    "deep": ("[" * 100_000, "claude", None),
}


@pytest.mark.parametrize("kind", LINES)
def test_one_line_in_gives_one_line_out(workspace, kind):
    line, outcome, name = LINES[kind]
    (found,) = router(workspace).batch([line.encode()])
    assert (found["outcome"], found["id"]) == (outcome, name)
    assert bool(found["errors"]) == (kind not in ("a task", "with facts"))


def test_a_batch_keeps_its_order_and_logs_every_line(workspace):
    found = list(router(workspace).batch(line.encode() for line, _, _ in LINES.values()))
    assert [one["id"] for one in found] == [name for _, _, name in LINES.values()]
    assert [entry["id"] for entry in logged(workspace)] == [one["decision"] for one in found]
    assert found[2]["errors"] == [
        "line 3: not JSON: expecting property name enclosed in double quotes"
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary() | st.text().map(str.encode), max_size=3))
def test_any_lines_are_answered_one_for_one(workspace, lines):
    assert len(list(router(workspace, log=False).batch(lines))) == len(lines)


def test_the_answer_is_the_documented_object(workspace):
    decision, line = router(workspace).decide(SUMMARY, {"fixed_schema": "true"})
    document = answer(decision, line)
    assert list(document) == [
        "format", "outcome", "ensemble", "template", "rule", "reason", "facts", "revision",
        "errors", "fingerprint", "confirm", "authorization", "proposed",
        "score", "limited_by", "decision",
    ]  # fmt: skip
    facts = document["facts"]
    assert facts["fixed_schema"] == {"value": True, "source": "given"}
    assert facts["task"] == {
        "value": "summarization", "source": "derived", "signal": "summarize", "confidence": 0.91,
        "words": "summarize",
    }  # fmt: skip
    assert facts["constraints"] == {"value": 0, "source": "default"}


def test_a_masked_fact_never_reaches_the_log(workspace):
    facts = workspace / "policy/facts.toml"
    text = facts.read_text(encoding="utf-8")
    for name in ("programming_language", "constraints"):
        text = text.replace(f"[facts.{name}]\n", f"[facts.{name}]\nmask = true\n")
    facts.write_text(text, encoding="utf-8")
    touch(facts)
    made = router(workspace)
    decision, _ = made.decide("a python function", {"constraints": 77})
    list(
        made.batch([b'{"facts": {"constraints": 98765}}', b'{"facts": {"constraints": "sesame"}}'])
    )
    first, *_ = logged(workspace)
    assert decision.facts["constraints"].value == 77
    assert first["facts"]["constraints"] == {"source": "given", "masked": True}
    assert first["facts"]["programming_language"] == {"source": "derived", "masked": True}
    written = (workspace / ".conductor/decisions.jsonl").read_text(encoding="utf-8")
    assert not any(value in written for value in ("98765", "sesame"))


def test_a_task_that_the_log_has_seen_twice_is_worth_an_ensemble(workspace):
    extract = {"task": "extraction", "document_tokens": 900, "fixed_schema": True}
    others = ({"task": "classification", "document_tokens": 900, "enumerable_labels": True},
              {"task": "extraction", "document_tokens": 9_000})  # fmt: skip
    for facts in (*others, extract, *others):
        assert not router(workspace).decide("", facts)[0].proposed
    unlogged, _ = router(workspace, log=False).decide("", extract)
    assert (unlogged.facts["expected_uses"].value, unlogged.proposed) == (2, False)
    decisions = [router(workspace).decide("", extract)[0] for _ in range(2)]
    assert [one.proposed for one in decisions] == [False, True]
    assert decisions[1].facts["expected_uses"].to_json()["signal"] == "log"
