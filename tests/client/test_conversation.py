"""Claude Code with the plugin, on a scripted API: the loop, and who may promote.

What the model would say is scripted; the client, the plugin, the server, the engine and the model
on this machine are real.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from conductor.adapters import homes
from conductor.app.project import Project
from conductor.core.entries import Consent
from tests.client.api import Step, serve, text, tool, use
from tests.client.claude import ALLOWED, OLDER, PLUGIN, TOOLS, Terminal, converse, terminal
from tests.client.conftest import READY

pytestmark = pytest.mark.client

PLAN = tool("promotion_plan", {"ensemble": READY, "to": "global"})
APPLY = tool("promote_apply", lambda plan: {"digest": plan["digest"]})
END = text("That is all.")
REASON = "The output keeps who leads and when; nothing in it is invented."


def promoted() -> bool:
    return Path(homes.global_tier(), f"ensembles/{READY}.yaml").exists()


def consents(workspace: Path) -> list[Consent]:
    with Project(str(workspace)) as project:
        return project.ledger.entries(Consent)


def test_claude_routes_runs_judges_reports_and_cannot_promote_alone(ready: Path):
    task = "Summarise this document in three sentences."
    script: list[Step] = [
        tool("route", {"task": task, "file": "note.md"}),
        tool(
            "run",
            lambda route: {
                "ensemble": route["ensemble"],
                "file": "note.md",
                "decision": route["decision"],
            },
        ),
        tool("record_verdict", _verdict),
        tool("report", {}),
        PLAN,
        APPLY,
        END,
    ]
    with serve(script) as api:
        events = converse("Summarise note.md, cheaply.", *PLUGIN, *ALLOWED, folder=ready, api=api)
    route, ran, judged, report, plan, refusal = api.results
    assert (route["outcome"], route["ensemble"]) == ("local", READY)
    assert ran["run"]["status"] in ("succeeded", "rejected")  # as well as so small a model can
    assert ran["output"]
    (evaluation,) = judged["evaluations"]
    assert (evaluation["judge"], evaluation["verdict"]) == ("claude", "acceptable")
    assert report["savings"]["succeeded"] >= 4
    assert "net" in report["savings"]
    assert plan["next"] == "promote_apply asks the person"
    assert refusal == "MCPTool requires permission."
    assert not promoted()
    assert consents(ready) == []
    (result,) = [one for one in events if one["type"] == "result"]
    assert [one["tool_name"] for one in result["permission_denials"]] == [f"{TOOLS}__promote_apply"]


def _verdict(ran: Any) -> dict[str, Any]:
    """Answer what the run says is to be answered, with a quote of what it gave."""
    quote = ran["output"].split()[0]
    met = {"evidence": [quote], "reasoning": "It stands there.", "answer": "met"}
    answers = dict.fromkeys(ran["criteria"], met) | {"complete": {**met, "answer": "partly"}}
    record = {"criteria": answers, "reasoning": REASON, "verdict": "acceptable"}
    return {"run": ran["run"]["id"], **record}


def test_a_person_sees_the_plan_and_promotes(ready: Path):
    with (
        serve([PLAN, APPLY, END]) as api,
        terminal(*PLUGIN, *ALLOWED, folder=ready, api=api) as screen,
    ):
        _ask_for_promotion(screen)
        shown = screen.wait("Decision")
        assert f"Promote {READY}, local -> global?" in shown
        assert "4 good, 0 acceptable, 0 poor by human, 4 inputs." in shown
        assert not promoted()
        screen.press("Right", "Down", "Enter")  # open the choice, go to `promote`, take it
        found = re.search(r"Plan …(\w{6})", shown)
        assert found
        screen.type(found[1])
        screen.press("Enter", "Enter")  # leave the field, accept
        screen.wait("That is all.")
    assert api.results[-1]["promoted"]
    assert promoted()
    (consent,) = consents(ready)
    assert consent.granted
    assert consent.digest == api.results[0]["digest"]
    assert re.match(
        r"mcp client=claude-code/2\.1\.330 session=\S+ tool_use=\S+ form=accept/promote user=",
        consent.way,
    )


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["Escape"], ""),
        (["Right", "Enter", "x", "Enter", "Enter"], "accept/keep as is"),
        (["Right", "Down", "Enter", "x", "Enter", "Enter"], "accept/promote"),
    ],
    ids=["leaves the form", "keeps it as it is", "types something else"],
)
def test_a_person_who_does_anything_else_promotes_nothing(ready: Path, keys: list[str], said: str):
    with (
        serve([PLAN, APPLY, END]) as api,
        terminal(*PLUGIN, *ALLOWED, folder=ready, api=api) as screen,
    ):
        _ask_for_promotion(screen)
        screen.wait("Decision")
        screen.press(*keys)
        screen.wait("That is all.")
    assert not promoted()
    assert [one.granted for one in consents(ready)] == [False]
    assert said in consents(ready)[0].way


def test_a_person_who_refuses_the_tool_is_asked_no_more(ready: Path):
    with (
        serve([PLAN, APPLY, END]) as api,
        terminal(*PLUGIN, *ALLOWED, folder=ready, api=api) as screen,
    ):
        _ask_for_promotion(screen, yes=False)
        screen.wait("Interrupted", "rejected", "What should Claude do", "That is all.", "No (tell")
    assert not promoted()
    assert consents(ready) == []


def test_a_mode_that_skips_permissions_still_asks_the_person(ready: Path):
    with (
        serve([PLAN, APPLY, END]) as api,
        terminal(*PLUGIN, "--dangerously-skip-permissions", folder=ready, api=api) as screen,
    ):
        screen.wait("bypass permissions on")
        _ask_for_promotion(screen, yes=False)
        screen.wait("Interrupted", "rejected", "What should Claude do", "That is all.", "No (tell")
    assert not promoted()
    assert consents(ready) == []


def _ask_for_promotion(screen: Terminal, *, yes: bool = True) -> None:
    screen.wait("❯")
    screen.type(f"/conductor:promote {READY} global")
    screen.wait(f"promote {READY}")
    screen.press("Enter")
    shown = screen.wait("Do you want to proceed?")
    assert "don't ask again" not in shown
    assert not promoted()
    screen.press(*(["Enter"] if yes else ["Down", "Enter"]))


def _always(event: str, answer: Mapping[str, object]) -> str:
    """Give settings with a hook that gives this answer to everything."""
    content = json.dumps({"hookSpecificOutput": {"hookEventName": event, **answer}})
    hook = {"type": "command", "command": f"echo {shlex.quote(content)}"}
    return json.dumps({"hooks": {event: [{"hooks": [hook]}]}})


YES: dict[str, object] = {"action": "accept", "content": {"decision": "promote", "typed": "000000"}}
ATTEMPTS = {
    "an allow rule": (),
    "a hook that allows the tool": (
        "--settings",
        _always("PreToolUse", {"permissionDecision": "allow"}),
    ),
    "a hook that answers the permission": (
        "--settings",
        _always("PermissionRequest", {"decision": {"behavior": "allow"}}),
    ),
    "a hook that fills in the form": ("--settings", _always("Elicitation", YES)),
    "no permissions at all": ("--dangerously-skip-permissions",),
    "a mode that asks nothing": ("--permission-mode", "dontAsk"),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_without_a_person_nothing_gets_past_the_gate(ready: Path, attempt: str):
    with serve([PLAN, APPLY, END]) as api:
        options = (*PLUGIN, *ALLOWED, *ATTEMPTS[attempt])
        converse("promote it", *options, folder=ready, api=api)
    plan, refusal = api.results
    assert plan["next"] == "promote_apply asks the person"
    assert isinstance(refusal, str)  # the client's own words, not an answer of ours
    assert not promoted()
    assert consents(ready) == []


def test_a_client_that_would_not_ask_is_refused(ready: Path):
    with serve([PLAN, APPLY, END]) as api:
        converse("promote it", *PLUGIN, *ALLOWED, folder=ready, api=api, client=OLDER)
    plan, refusal = api.results
    assert isinstance(plan, dict), plan
    assert plan["next"] == "promote_apply asks the person"
    assert "`claude-code 2.1.197` is not known to ask for it" in refusal  # the tool did run
    assert f"conductor promote {READY} --to global" in refusal
    assert not promoted()
    assert consents(ready) == []


def test_the_hooks_refuse_the_ways_around(ready: Path):
    higher = str(Path(os.environ["HOME"], ".config/llm-orc/ensembles/x.yaml"))
    script = [
        use("Bash", {"command": "conductor promote x --to global", "description": "x"}),
        use("Bash", {"command": "true && conductor -C . promote x", "description": "x"}),
        use("Write", {"file_path": higher, "content": "x"}),
        use("mcp__engine__promote_ensemble", {"ensemble_name": "x"}),
        use("Bash", {"command": "echo harmless", "description": "x"}),
        END,
    ]
    engine = {"command": sys.executable, "args": ["-c", _ENGINE]}
    servers = json.dumps({"mcpServers": {"engine": engine}})
    options = ("--mcp-config", servers, "--allowedTools", "mcp__engine__* Bash Write")
    with serve(script) as api:
        converse("promote it", *PLUGIN, *options, folder=ready, api=api)
    *refused, harmless = api.results
    assert len(refused) == 4
    assert all("hook error" in one for one in refused)
    assert harmless == "harmless"
    assert not Path(higher).exists()


_ENGINE = """
from mcp.server.fastmcp import FastMCP
server = FastMCP("engine")
@server.tool()
def promote_ensemble(ensemble_name: str) -> str:
    return "promoted"
server.run()
"""


def test_inside_claude_s_shell_the_command_itself_refuses(ready: Path):
    # By another name, so that no hook notices: what is left is the command's own look around.
    shell = "python -m conductor promot\\e summarize-document --to global"
    script = [use("Bash", {"command": f'script -qec "{shell}" /dev/null', "description": "x"}), END]
    with serve(script) as api:
        converse("promote it", *PLUGIN, *ALLOWED, folder=ready, api=api)
    assert "promoting needs a person's yes, and Claude Code runs this command" in api.results[0]
    assert not promoted()


def test_a_hook_tells_what_waits_and_says_nothing_otherwise(ready: Path):
    from tests.samples import run

    told = []
    for waiting in (False, True):
        if waiting:
            with Project(str(ready)) as project:
                project.ledger.add_run(run("run-waits-1"), input_text=None, output_text=None)
        with serve([text("Hello.")]) as api:
            converse("hi", *PLUGIN, folder=ready, api=api)
        told.append("1 run waits for a person's judgement" in api.seen())
        assert "hook success" not in api.seen()  # which would cost a line with every prompt
    assert told == [False, True]
