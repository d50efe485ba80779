"""The plugin as its users' programs see it: Claude Code's own validation, and the skill's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.api import serve, text
from tests.client.claude import PLUGIN, claude, converse
from tests.conftest import ROOT, process

pytestmark = [pytest.mark.client, pytest.mark.usefixtures("_client")]
SKILL = "plugin/skills/llm-conductor"


def tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / name), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", ["plugin", "."], ids=["plugin", "marketplace"])
def test_it_is_valid_in_the_strictest_sense(path: str):
    done = claude("plugin", "validate", str(ROOT / path), "--strict", "--json", folder=ROOT)
    answer = json.loads(done.stdout)
    assert done.returncode == 0, answer
    assert answer["manifest"]["errors"] == answer["manifest"]["warnings"] == []


def test_every_part_is_found():
    done = claude("plugin", "validate", str(ROOT / "plugin"), "--strict", "--json", folder=ROOT)
    found = json.loads(done.stdout)["provides"]
    assert found["skills"] == ["conductor:llm-conductor"]
    assert found["commands"] == ["conductor:promote", "conductor:report", "conductor:route"]
    assert [one["name"] for one in found["mcpServers"]] == ["conductor"]
    assert {one["event"] for one in found["hooks"]} == {"UserPromptSubmit", "PreToolUse"}


def test_the_skill_is_one_for_every_client():
    done = tool("agentskills", "validate", SKILL)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_linter_of_skills_finds_nothing():
    done = tool("skillsaw", "lint", "plugin")
    assert done.returncode == 0, done.stdout
    assert "Warnings: 0" in done.stdout


def test_what_install_writes_is_loaded(ready: Path):
    process("plugin", "install", "--yes", folder=ready)
    with serve([text("Hello.")]) as api:
        first, *_ = [one for one in converse("hi", folder=ready, api=api) if _is_start(one)]
    assert {"name": "plugin:conductor:conductor", "status": "connected"} in [
        {key: one[key] for key in ("name", "status")} for one in first["mcp_servers"]
    ]
    assert "conductor:llm-conductor" in first["skills"]
    assert {"conductor:route", "conductor:report"} <= set(first["slash_commands"])
    process("plugin", "uninstall", "--yes", folder=ready)
    with serve([text("Hello.")]) as api:
        first, *_ = [one for one in converse("hi", folder=ready, api=api) if _is_start(one)]
    assert not [one for one in first["slash_commands"] if one.startswith("conductor:")]


def _is_start(event: dict[str, object]) -> bool:
    return (event["type"], event.get("subtype")) == ("system", "init")


def test_a_session_pays_for_names_one_line_and_two_schemas(ready: Path):
    sizes = []
    for options in ((), PLUGIN):
        with serve([text("Hello.")]) as api:
            converse("hi", *options, folder=ready, api=api)
            (request,) = api.requests
            sizes.append(len(json.dumps(request, ensure_ascii=False)))
    assert 0 < sizes[1] - sizes[0] <= 4_500  # characters: about a thousand tokens


def test_skill_and_references_say_how_to_go_on(ready: Path):
    from tests.client.api import use

    steps = [use("Skill", {"skill": "conductor:llm-conductor"}), text("I see.")]
    with serve(steps) as api:
        converse("save tokens", *PLUGIN, folder=ready, api=api)
    assert "Delegating to local models, this may take 30-60 s." in api.seen()
