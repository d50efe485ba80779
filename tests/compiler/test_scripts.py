"""The scripts that templates bring along, as functions."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.compiler.parameters import DRAFT_CHECKS
from tests.conftest import ROOT


def script(path: str) -> ModuleType:
    file: Path = ROOT / "templates" / path
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SPLIT = script("_shared/scripts/split.py")
COLLECT = script("_shared/scripts/collect.py")
DRAFT = script("draft-check/scripts/check_draft.py")
MERGE = script("extract/scripts/merge.py")
ORDERED = script("judge/scripts/ordered.py")
PASSED = script("draft-check/scripts/passed.py")
DECIDE = script("router/scripts/decide.py")


@given(st.lists(st.sampled_from(["one", "two\n\n", "three "])).map(" ".join), st.integers(1, 5))
def test_splitting_by_size_loses_no_word(text, words):
    parts = SPLIT.parts(text, "size", words)
    assert " ".join(parts).split() == text.split()
    assert all(len(part.split()) <= words for part in parts)


@pytest.mark.parametrize(
    ("by", "text", "parts"),
    [
        ("paragraphs", "a\nb\n\n\nc\n", ["a\nb", "c"]),
        ("headings", "# a\nx\n## b\ny", ["# a\nx", "## b\ny"]),
        ("lines", "a\n\nb", ["a", "b"]),
        ("files", "diff --git a\n+x\ndiff --git b\n-y", ["diff --git a\n+x", "diff --git b\n-y"]),
    ],
)
def test_an_input_is_cut_where_its_items_begin(by, text, parts):
    assert SPLIT.answer(text, {"by": by, "most": 9}) == {"success": True, "data": parts}


def test_more_parts_than_allowed_are_refused():
    answer = SPLIT.answer("a\nb\nc", {"by": "lines", "most": 2})
    assert answer == {"success": False, "error": "the input has 3 parts, at most 2 are worked on"}


def record(text):
    return json.dumps({"results": {"a": {"status": "success", "response": text}}})


def test_parts_are_put_under_their_own_first_lines_and_a_failed_one_is_named():
    split = {"response": json.dumps({"data": ["# First\nx", "second"]})}
    dependencies = {"map": {"response": [record("A"), None]}, "split": split}
    text = COLLECT.collect(dependencies, {"head": "# All", "foot": "Which?"})
    assert text == "# All\n\n## 1. First\nA\n\n## 2. second\n(this part failed)\n\nWhich?"


def test_one_record_gives_its_text_alone():
    assert COLLECT.collect({"work": {"response": record(" A ")}}, {}) == "A"


def test_the_checks_that_specs_may_name_are_those_of_the_script():
    assert set(DRAFT.CHECKS) == set(DRAFT_CHECKS)


@pytest.mark.parametrize(
    ("checks", "good", "bad"),
    [
        ({"contains": "x"}, "axb", "ab"),
        ({"json": True}, "{}", "{"),
        ({"lacks": "x"}, "ab", "axb"),
        ({"max_lines": 2}, "a\nb", "a\nb\nc"),
        ({"max_words": 2}, "a b", "a b c"),
        ({"min_words": 2}, "a b", "a"),
        ({"pattern": "^a+$"}, "aaa", "ab"),
        ({"python": True}, "x = 1", "x ="),
        ({"starts_with": "- "}, "- a", "a"),
    ],
)
def test_a_draft_passes_or_goes_back_with_what_is_wrong(checks, good, bad):
    assert DRAFT.look(good, "task", checks)["passed"]
    seen = DRAFT.look(bad, "task", checks)
    assert not seen["passed"]
    assert seen["reason"] == f"no draft passed, of the last: {', '.join(seen['problems'])}"
    again = DRAFT.look("", seen["next"], checks)  # the first input is kept, old drafts are not
    assert seen["next"].startswith("task\n\n---- your last draft")
    assert again["next"].count("---- your last draft ----") == 1


def test_code_in_a_fence_is_taken_out_of_it():
    assert DRAFT.look("Here:\n```python\nx = 1\n```", "t", {"python": True})["draft"] == "x = 1"


def test_only_a_draft_that_passed_is_delivered():
    assert PASSED.passed({"output": {"passed": True, "draft": "d"}}) == "d"
    assert PASSED.passed({"output": {"passed": False, "draft": "d"}}) == ""
    assert PASSED.passed({"output": None}) == ""


def test_groups_are_merged_and_what_is_no_json_spoils_the_whole():
    good = {"extract-a": {"response": '{"x": 1}'}, "extract-b": {"response": "{}"}}
    assert json.loads(MERGE.merge(good)) == {"a": {"x": 1}, "b": {}}
    assert MERGE.merge({"extract-a": {"response": '{"x": '}}).startswith("the answer of group a")


ANSWERED = {"evidence": ["a"], "reasoning": "r", "result": "met"}
JUDGED = {"criteria": {"brief": ANSWERED}, "reasoning": "r", "shortcoming": "none"}


def test_a_judgement_comes_out_as_a_record_in_its_order():
    record = {
        "criteria": {"brief": {"evidence": ["a"], "reasoning": "r", "answer": "met"}},
        "reasoning": "r",
        "failure_mode": "none",
    }
    assert ORDERED.ordered(json.dumps(JUDGED)) == json.dumps(record)
    alone = {"reasoning": "r", "shortcoming": "none", "verdict": "good"}
    assert json.loads(ORDERED.ordered(json.dumps(alone)))["verdict"] == "good"


@pytest.mark.parametrize(
    "written",
    [
        dict(reversed(JUDGED.items())),
        {**JUDGED, "reasoning": " "},
        {**JUDGED, "criteria": {"brief": dict(reversed(ANSWERED.items()))}},
        {**JUDGED, "criteria": {"brief": "met"}},
        {**JUDGED, "criteria": []},
        [],
    ],
)
def test_what_stands_before_its_reasons_is_not_let_through(written):
    assert "reasoning" in ORDERED.ordered(json.dumps(written)).partition(":")[0]


def test_what_is_no_json_is_no_judgement():
    assert "not JSON" in ORDERED.ordered("{")


@pytest.mark.parametrize(
    ("decided", "found"),
    [
        ({"outcome": "local", "ensemble": "a"}, True),
        ({"outcome": "local", "ensemble": "b"}, False),
        ({"outcome": "claude", "ensemble": None}, False),
    ],
)
def test_a_router_goes_only_where_the_policy_sends_it(decided, found, tmp_path, monkeypatch):
    answers = tmp_path / "conductor"
    answers.write_text(f"#!/bin/sh\necho '{json.dumps(decided)}'\n")
    answers.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert DECIDE.answer("text", ["a"])["found"] is found


def test_a_policy_that_cannot_be_asked_sends_nothing_anywhere(tmp_path, monkeypatch):
    broken = tmp_path / "conductor"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert DECIDE.answer("text", ["a"])["found"] is False
