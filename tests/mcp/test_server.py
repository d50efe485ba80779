"""The server through an independent client: what it offers, answers and refuses."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path
from threading import Event
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.client.stdio import stdio_client

from conductor.adapters import files
from conductor.app.project import Project
from conductor.core.tokens import estimate
from conductor.mcp.brief import TOKENS, compact, fit
from conductor.mcp.session import OUTPUTS, Session, call_off
from conductor.mcp.tools import INSTRUCTIONS, TOOLS
from conductor.mcp.warm import Stoppable
from mcp import ClientSession, McpError, StdioServerParameters
from tests.app.fakes import FakeEngine, FakeServer
from tests.conftest import command
from tests.mcp.talking import call, said, talk
from tests.promoting import bind

TASK = "Summarise this document in two sentences."


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """An engine in the place of llm-orc, for both faces."""
    made = FakeEngine()
    monkeypatch.setattr(Project, "_engine", lambda _: made.open())
    monkeypatch.setattr(Project, "_embedded", lambda _: FakeServer().open())
    return made


@pytest.fixture
def session(workspace: Path):
    bind(workspace)
    with Session(str(workspace)) as made:
        yield made


def schemas():
    async def script(connected):
        return (await connected.list_tools()).tools

    with Session(".") as session:
        return [tool.model_dump(by_alias=True) for tool in talk(session, script)]


def sent() -> str:
    """What the client sends of the tools: name, description and schema."""
    keys = ("name", "description", "inputSchema")
    return json.dumps([{key: one[key] for key in keys} for one in schemas()])


def test_all_schemas_together_cost_at_most_two_thousand_tokens():
    # The newest tokenizers take a third more than the family that our estimate was fitted on.
    assert estimate(sent()) * 1.35 <= 2_000
    assert len(INSTRUCTIONS) <= 500


def test_two_tools_are_loaded_always_and_one_needs_a_person():
    marks = {one["name"]: one["_meta"] or {} for one in schemas()}
    always = {name for name, meta in marks.items() if meta.get("anthropic/alwaysLoad")}
    person = {n for n, meta in marks.items() if meta.get("anthropic/requiresUserInteraction")}
    assert always == {"route", "record_verdict"}
    assert person == {"promote_apply"}


def test_no_argument_confirms_anything():
    words = ("confirm", "yes", "force", "dry_run", "approve", "consent", "accept")
    names = {name for one in schemas() for name in one["inputSchema"]["properties"]}
    assert not {name for name in names for word in words if word in name}


def test_reasoning_stands_before_the_verdict_in_the_schema():
    (verdict,) = (one for one in TOOLS if one.name == "record_verdict")
    order = [one.name for one in verdict.parameters]
    assert order.index("reasoning") < order.index("verdict")


VOLATILE = {"predicted_seconds", "at", "decision", "digest", "draw", "due_reason"}
VOLATILE |= {"id", "judge", "judge_tokens", "run", "seconds"}


def settled(value):
    """Take out what no two calls have in common."""
    if isinstance(value, dict):
        return {
            key: "…" if key in VOLATILE and isinstance(inner, str | float | int) else settled(inner)
            for key, inner in value.items()
        }
    return [settled(one) for one in value] if isinstance(value, list) else value


MET = {"evidence": ["summary"], "reasoning": "It says so.", "answer": "met"}
RECORD: dict[str, Any] = {
    "criteria": dict.fromkeys(("grounded", "complete", "brief"), MET),
    "reasoning": "It says what the text says.",
    "verdict": "good",
}
VERBS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "route": ({"task": TASK}, ["route", TASK]),
    "find": ({"need": TASK}, ["ensembles", "find", TASK]),
    "run": (
        {"ensemble": "summarize-document", "input": "Some text."},
        ["run", "summarize-document", "--input", "Some text."],
    ),
    "record_verdict": (
        {"run": "", **RECORD},
        ["evaluate", "--from", "record.json", "--judge", "claude"],
    ),
    "report": ({}, ["report"]),
    "promotion_plan": (
        {"ensemble": "adr-review", "to": "global"},
        ["promote", "adr-review", "--to", "global"],
    ),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_tool_answers_what_the_command_prints_as_json(
    verb: str, session: Session, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Project, "_isolate", lambda *_: "")
    arguments, argv = VERBS[verb]
    folder = Path(session.folder)
    if verb == "record_verdict":
        (folder / "record.json").write_text(json.dumps(RECORD))
        settings = folder / "conductor.toml"  # the command reads the texts from the ledger
        settings.write_text(settings.read_text().replace("contents = false", "contents = true"))
        run, second = (_a_run(session) for _ in range(2))
        arguments, argv = {**arguments, "run": run}, [argv[0], second, *argv[1:]]
    mine = call(session, verb, {**arguments, "detail": True})
    printed = command(*argv, "--json", folder=folder)
    assert not mine.isError, said(mine)
    assert settled(mine.structuredContent) == settled(json.loads(printed.stdout))
    assert next(iter(mine.structuredContent)) == "format"


def _a_run(session: Session):
    arguments = {"ensemble": "summarize-document", "input": "Some text.", "detail": True}
    return call(session, "run", arguments).structuredContent["run"]["id"]


def test_every_verb_but_the_two_that_only_servers_have_is_compared():
    assert {tool.name for tool in TOOLS} - set(VERBS) == {"promote_apply", "notice"}


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("route", {"tasc": "x"}, ["no argument `tasc`", "did you mean `task`?"]),
        ("route", {}, ["`task` is missing"]),
        ("route", {"task": 3}, ["`task` is not of type string"]),
        ("route", {"task": "x", "facts": {"tsk": 1}}, ["unknown fact", "did you mean `task`?"]),
        ("run", {"ensemble": "adr-revew", "input": "x"}, ["did you mean `adr-review`?"]),
        ("run", {"ensemble": "adr-review"}, ["a run needs one input"]),
        ("run", {"ensemble": "../x", "input": "x"}, ["../x"]),
        ("run", {"ensemble": "--help", "input": "x"}, ["--help"]),
        ("run", {"ensemble": "adr-review", "file": "../secret"}, ["outside of this workspace"]),
        ("run", {"ensemble": "adr-review", "file": "/etc/passwd"}, ["outside of this workspace"]),
        ("run", {"ensemble": "adr-review", "file": "link"}, ["is a link"]),
        ("run", {"ensemble": "adr-review", "file": "policy"}, ["no regular file"]),
        ("run", {"ensemble": "adr-review", "file": "nothing.md"}, ["no file `nothing.md`"]),
        ("record_verdict", {"run": "abcd", "verdict": "good"}, ["`reasoning` is missing"]),
        ("record_verdict", {"run": "abcd", "reasoning": "x", "verdict": "bad"}, ["cannot be"]),
        ("route", {"task": "x", "file": "a\0b"}, ["`file` has a NUL character"]),
        ("run", {"ensemble": "adr-review", "file": "a\0b"}, ["`file` has a NUL character"]),
        ("route", {"task": "x", "file": ""}, ["`file` is empty"]),
        ("run", {"ensemble": "adr-review", "file": " "}, ["`file` is empty"]),
        ("run", {"ensemble": "adr-review", "file": "policy/../.."}, ["outside of this workspace"]),
        ("run", {"ensemble": "adr-review", "input": " \n"}, ["the input is empty"]),
        ("run", {"ensemble": "adr-review", "input": "x", "decision": "../x"}, ["no id of a dec"]),
        ("record_verdict", {"run": " ", "reasoning": "x", "verdict": "good"}, ["`run` is empty"]),
        ("promotion_plan", {"ensemble": "adr-revew", "to": "global"}, ["adr-revew"]),
        ("promotion_plan", {"ensemble": "/etc/passwd", "to": "global"}, ["`/etc/passwd`"]),
        ("promotion_plan", {"ensemble": "../x", "to": "global"}, ["`../x`"]),
        ("promote_apply", {"digest": "sha256:0"}, ["no plan of this session"]),
        ("rout", {}, ["no tool `rout`"]),
    ],
)
def test_a_mistake_is_an_error_with_a_sentence(session: Session, name, arguments, words):
    Path(session.folder, "link").symlink_to("/etc/passwd")
    result = call(session, name, arguments)
    assert result.isError
    assert said(result).startswith("error: ")
    assert all(word in said(result) for word in words), said(result)


@pytest.mark.parametrize("big", ["x" * 1_000_000, "\x1b[2J" * 10_000, "日" * 100_000])
@pytest.mark.parametrize(
    ("name", "argument", "others"),
    [
        ("run", "ensemble", {"input": "x"}),
        ("run", "decision", {"ensemble": "adr-review", "input": "x"}),
        ("route", "file", {"task": "x"}),
        ("record_verdict", "run", {"reasoning": "x", "verdict": "good"}),
        ("promotion_plan", "ensemble", {"to": "global"}),
    ],
)
def test_an_error_repeats_little_of_what_was_given(
    session: Session, name: str, argument: str, others: dict[str, str], big: str
):
    result = call(session, name, {argument: big, **others})
    assert result.isError
    assert "mistake in conductor" not in said(result)
    assert said(result).startswith("error: ")
    assert "\n  hint: " in said(result)
    assert estimate(said(result)) <= TOKENS
    assert "\x1b" not in said(result)


@pytest.mark.parametrize("path", ["./note.md", "policy/../note.md", "{root}/policy/../note.md"])
def test_a_path_that_stays_inside_is_taken(session: Session, path: str):
    Path(session.folder, "note.md").write_text("The export moves to PostgreSQL in March.\n")
    result = call(session, "route", {"task": TASK, "file": path.format(root=session.folder)})
    assert not result.isError, said(result)


def test_the_sentence_is_the_one_of_the_command_line(session: Session):
    result = call(session, "run", {"ensemble": "adr-revew", "input": "x"})
    done = command("run", "adr-revew", "--input", "x", folder=Path(session.folder))
    assert said(result) == done.stderr.strip()


def test_a_verdict_that_was_written_first_is_refused(session: Session, engine: FakeEngine):
    run = _a_run(session)
    record = {"run": run, "verdict": "good", "reasoning": "It says what the text says."}
    result = call(session, "record_verdict", record)
    assert result.isError
    assert "the verdict stands before the reasoning" in said(result)


def test_a_quote_that_stands_nowhere_is_refused(session: Session, engine: FakeEngine):
    invented = {**MET, "evidence": ["dragons sleep"]}
    record = {**RECORD, "criteria": {**RECORD["criteria"], "grounded": invented}}
    result = call(session, "record_verdict", {"run": _a_run(session), **record})
    assert "`dragons sleep` stands neither in the output nor in the input" in said(result)


def test_one_engine_serves_many_calls_and_is_left_after_a_failure(
    session: Session, engine: FakeEngine
):
    for _ in range(3):
        _a_run(session)
    assert (engine.opened, engine.closed) == (1, 0)
    engine.raises = ValueError("it broke")
    assert call(session, "run", {"ensemble": "summarize-document", "input": "x"}).isError
    assert (engine.opened, engine.closed) == (1, 1)


def test_a_dead_engine_says_what_to_do(session: Session):
    settings = Path(session.folder, "conductor.toml")
    settings.write_text(settings.read_text().replace('"llm-orc"', '"no-such-engine"'))
    result = call(session, "run", {"ensemble": "summarize-document", "input": "x"})
    assert said(result) == (
        "error: the engine `no-such-engine` is not installed\n"
        "  hint: pip install 'llm-conductor[engine]'"
    )


def test_progress_is_reported(session: Session, engine: FakeEngine):
    heard = []

    async def script(connected):
        async def progressed(done, total, message):
            heard.append((done, total, message))

        await connected.call_tool(
            "run", {"ensemble": "adr-review", "input": "x"}, progress_callback=progressed
        )
        await anyio.sleep(0)

    talk(session, script)
    assert heard
    assert heard[0][0] == 1
    assert all(0 < done <= total for done, total, _ in heard)


def test_a_rejected_run_says_which_check_failed(session: Session, engine: FakeEngine):
    engine.output = ""
    answer = call(session, "run", {"ensemble": "summarize-document", "input": "x"})
    assert [one["name"] for one in answer.structuredContent["run"]["checks"]] == ["empty"]
    assert "a check turned the output down" in answer.structuredContent["next"]


def test_a_long_output_is_handed_over_as_a_file_for_the_time_of_the_session(
    workspace: Path, engine: FakeEngine
):
    bind(workspace)
    engine.output = "A long sentence about something.\n" * 300
    with Session(str(workspace)) as session:
        result = call(session, "run", {"ensemble": "summarize-document", "input": "x"})
        answer = result.structuredContent
        path = Path(answer["output_file"])
        assert path.is_relative_to(workspace / OUTPUTS)
        assert path.read_text() == engine.output
        assert engine.output.startswith(answer["output"].rstrip("…"))
        assert estimate(compact(answer)) <= TOKENS
    assert not path.exists()


def test_a_run_that_is_called_off_is_recorded_as_interrupted(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    begun, ended = Event(), Event()

    class Slow(FakeEngine):
        def invoke(self, invocation, on_progress):
            begun.set()
            ended.wait(10)
            return super().invoke(invocation, on_progress)

    monkeypatch.setattr(Project, "_engine", lambda _: Slow().open())

    async def script(connected):
        async with anyio.create_task_group() as tasks:

            async def running():
                request = {"ensemble": "summarize-document", "input": "x"}
                with pytest.raises(McpError):
                    await connected.call_tool("run", request)

            tasks.start_soon(running)
            await anyio.to_thread.run_sync(begun.wait, 10)
            await connected.send_notification(_cancelled(connected))
            await anyio.to_thread.run_sync(session.running.acquire)  # held until the row is there
            session.running.release()
            ended.set()
            tasks.cancel_scope.cancel()

    talk(session, script)
    with session.project() as project:
        assert [run.status for run in project.ledger.runs()] == ["interrupted"]


def _cancelled(connected: ClientSession):
    from mcp import types

    params = types.CancelledNotificationParams(requestId=connected._request_id - 1)  # noqa: SLF001
    return types.ClientNotification(types.CancelledNotification(params=params))


def test_nothing_is_invoked_once_it_is_called_off():
    off: Future[None] = Future()
    call_off(off)
    call_off(off)

    class Forever(FakeEngine):
        def invoke(self, invocation, on_progress):
            Event().wait(0.2)
            return super().invoke(invocation, on_progress)

    with pytest.raises(KeyboardInterrupt):
        Stoppable(Forever(), off).invoke(None, lambda _: None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=300),
    lambda inner: (
        st.lists(inner, max_size=8) | st.dictionaries(st.sampled_from("abcdef"), inner, max_size=6)
    ),
    max_leaves=60,
)


@given(st.dictionaries(st.sampled_from(["run", "output", "ensembles"]), JSON))
def test_every_answer_fits(document):
    made = fit(document)
    assert estimate(compact(made)) <= TOKENS or len(compact(made)) < 2_000
    if estimate(compact(document)) <= TOKENS:
        assert made == document


NOTHING = {"suppressOutput": True}


def test_a_notice_is_given_once_and_says_nothing_when_nothing_waits(
    session: Session, engine: FakeEngine
):
    assert json.loads(said(call(session, "notice"))) == NOTHING
    run = _a_run(session)
    told = json.loads(said(call(session, "notice")))
    assert told["hookSpecificOutput"] == {
        "hookEventName": "UserPromptSubmit",
        "additionalContext": f"conductor: 1 run waits to be judged ({run[:12]}).",
    }
    assert json.loads(said(call(session, "notice"))) == NOTHING


def test_nobody_is_asked_to_judge_what_was_not_kept(session: Session, engine: FakeEngine):
    run = _a_run(session)
    session.texts.clear()  # as in a session that begins later
    told = json.loads(said(call(session, "notice")))["hookSpecificOutput"]["additionalContext"]
    assert told == "conductor: 1 run waits for a person's judgement (`conductor evaluate`)."
    record = {"run": run, "criteria": {}, "reasoning": "It reads well.", "verdict": "good"}
    assert "were not kept" in said(call(session, "record_verdict", record))


def test_it_answers_over_standard_input_and_output(workspace: Path):
    async def conversation():
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "conductor", "mcp"], cwd=workspace
        )
        async with stdio_client(server) as streams, ClientSession(*streams) as client:
            greeting = await client.initialize()
            result = await client.call_tool("route", {"task": TASK})
            return greeting.serverInfo, result

    info, result = anyio.run(conversation)
    assert info.name == "conductor"
    assert result.structuredContent["facts"]["task"] == {"value": "summarization"}


@pytest.mark.parametrize("leave", [signal.SIGINT, signal.SIGTERM])
def test_a_client_that_signals_is_left_at_once(workspace: Path, leave: signal.Signals):
    server = subprocess.Popen(
        [sys.executable, "-m", "conductor", "mcp"],
        cwd=workspace, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert server.stdin
    assert server.stdout
    who = {"name": "x", "version": "1"}
    hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": who}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}
    server.stdin.write(json.dumps(asked) + "\n")
    server.stdin.flush()
    assert json.loads(server.stdout.readline())["id"] == 1
    server.send_signal(leave)
    assert server.wait(30) == 130  # with its standard input still open
    assert server.communicate()[1] == ""


def test_no_other_command_loads_the_sdk(workspace: Path):
    script = (
        "import sys; from conductor.cli.root import run;"
        "run(['ensembles', 'list']); run(['mcp', '--json']); run(['report']);"
        "sys.exit('mcp' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=workspace, stdout=subprocess.DEVNULL, check=False
    )
    assert done.returncode == 0


def test_outside_of_a_workspace_the_packaged_policy_decides_and_the_rest_says_what_is_missing(
    tmp_path: Path,
):
    assert files.find_workspace(str(tmp_path)) is None
    with Session(str(tmp_path)) as session:
        assert call(session, "route", {"task": TASK}).structuredContent["outcome"]
        assert "make one here: `conductor init`" in said(call(session, "report"))
        assert json.loads(said(call(session, "notice"))) == NOTHING
