"""`conductor backtest` over transcripts, in the form that Claude Code writes and in broken ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.adapters.transcripts import exchanges

SUMMARIZE = "Summarize this text: the export moves to PostgreSQL in March."


def typed(text: object, **more: object) -> dict[str, object]:
    return {"type": "user", "message": {"role": "user", "content": text}, **more}


def answer(name: str, tokens: int, *, tool: str = "") -> dict[str, object]:
    block = {"type": "tool_use", "id": tool} if tool else {"type": "text", "text": "…"}
    message = {"id": name, "usage": {"output_tokens": tokens}, "content": [block]}
    return {"type": "assistant", "message": message}


SESSION: list[object] = [
    {"type": "summary", "summary": "x"},
    typed(SUMMARIZE),
    answer("m1", 40),
    answer("m1", 90),  # the same message again: one line per block
    typed([{"type": "text", "text": "Summarize this text: the tables follow in May."}]),
    answer("m2", 30, tool="t1"),
    typed([{"type": "tool_result", "tool_use_id": "t1", "content": "Summarize this text: x"}]),
    answer("m3", 20),
    typed("Summarize the report"),
    answer("m4", 300),
    typed("<command-name>/clear</command-name>"),
    typed("Caveat: what follows was made by the client", isMeta=True),
    typed(SUMMARIZE, isSidechain=True),
    typed(SUMMARIZE, promptSource="hook"),
    typed("Design a rate limiter for ten million users."),
    {"type": "assistant", "message": "of a form that nobody knows"},
    answer("m5", 500),
]


@pytest.fixture
def projects(tmp_path: Path) -> Path:
    path = tmp_path / "projects/-home-ada-reviews"
    path.mkdir(parents=True)
    lines = [json.dumps(line) for line in SESSION]
    text = "\n".join([*lines[:3], "no JSON", "[1]", *lines[3:], '{"type": "user", "mess'])
    (path / "one.jsonl").write_text(text, encoding="utf-8")
    return tmp_path / "projects"


def test_prompts_are_decided_again_and_each_message_is_counted_once(
    conductor, workspace, projects, snapshot
):
    shown = conductor("backtest", str(projects), folder=workspace)
    assert shown.return_value == 0
    assert shown.stdout.replace(str(projects), "PROJECTS") == snapshot


def test_the_json_bounds_the_tokens_and_says_nothing_of_the_texts(conductor, workspace, projects):
    shown = conductor("backtest", str(projects), "--json", folder=workspace)
    document = json.loads(shown.stdout)
    assert (document["prompts"], document["tokens"]) == (4, 90 + 50 + 300 + 500)
    assert document["saved_tokens"] == [90, 140]  # with a tool call, words may not be all
    assert [one["tokens"] for one in document["local"]] == [90, 50]
    assert [one["tokens"] for one in document["missed"]] == [300]
    assert "PostgreSQL" not in shown.stdout
    assert not (workspace / ".conductor/decisions.jsonl").exists()


def test_a_session_that_goes_on_from_another_counts_its_prompts_once(
    conductor, workspace, tmp_path
):
    first = [typed(SUMMARIZE, uuid="u1"), answer("m1", 40)]
    then = [typed("Summarize the report", uuid="u2"), answer("m2", 7)]
    for name, lines in {"a": first, "b": first + then}.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    shown = conductor("backtest", str(tmp_path), "--json", folder=workspace)
    document = json.loads(shown.stdout)
    assert (document["prompts"], document["tokens"]) == (2, 47)


ANY = st.none() | st.integers() | st.text() | st.lists(st.integers() | st.none())
BLOCK = st.dictionaries(st.sampled_from(["type", "text", "id"]), ANY)
MESSAGE = st.fixed_dictionaries(
    {"content": ANY | st.lists(BLOCK)},
    optional={"id": ANY, "usage": ANY | st.dictionaries(st.just("output_tokens"), ANY)},
)
LINES = st.fixed_dictionaries(
    {"type": st.sampled_from(["user", "assistant"]), "message": MESSAGE | ANY},
    optional={"uuid": ANY, "isMeta": ANY, "promptSource": ANY},
)


@given(st.lists(LINES, max_size=6))
def test_lines_of_any_form_are_passed_over_and_never_crash(tmp_path_factory, lines):
    file = tmp_path_factory.mktemp("lines") / "one.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    assert all(one.text and one.tokens >= 0 for one in exchanges(str(file)))


def test_an_answer_without_an_id_is_counted_by_its_request(tmp_path):
    told = answer("", 40)
    lines = [typed(SUMMARIZE), told | {"requestId": "r1"}, told | {"requestId": "r1"}]
    file = tmp_path / "one.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    assert [one.tokens for one in exchanges(str(file))] == [40]


def test_without_a_path_the_user_s_own_transcripts_are_read(
    conductor, workspace, projects, monkeypatch
):
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(projects.parent))
    shown = conductor("backtest", "--json", folder=workspace)
    assert json.loads(shown.stdout)["prompts"] == 4


def test_a_folder_without_transcripts_is_refused(conductor, workspace, tmp_path):
    (tmp_path / "empty").mkdir()
    shown = conductor("backtest", str(tmp_path / "empty"), folder=workspace)
    assert "no transcript is here" in str(shown.exception)
    shown = conductor("backtest", str(tmp_path / "nowhere"), folder=workspace)
    assert "cannot read the file" in str(shown.exception)
