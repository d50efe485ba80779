"""The real llm-orc through our door: what it runs, what it refuses, and how it fails."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
import tomli_w
import yaml

from conductor.adapters.embedded import serve
from conductor.adapters.llm_orc import open_engine
from conductor.adapters.models import probe
from conductor.app.build import compiled
from conductor.app.ensembles import load
from conductor.core.execution import AgentStatus, Invocation
from conductor.errors import OutsideError, TimeLimitReached
from tests.conftest import ROOT

pytestmark = pytest.mark.engine

JOIN = (ROOT / "templates/swarm/scripts/join.py").read_text()
FIND = {"name": "find", "model_profile": "p", "max_tokens": 12, "system_prompt": "List the names."}
ENSEMBLE: dict[str, Any] = {
    "name": "small",
    "description": "d",
    "agents": [
        FIND,
        {"name": "join", "script": "scripts/join.py", "depends_on": ["find"]},
        {**FIND, "name": "write", "depends_on": ["join"], "input_scope": "dependencies"},
    ],
    "x-conductor": {"task": "extraction"},
}


def profile(server, **changes):
    plain = {"name": "p", "provider": "openai-compatible", "model": server.model}
    return {**plain, "base_url": server.base_url, "timeout_seconds": 60, **changes}


def invocation(server, *agents, **changes):
    """One run of the small ensemble, or of these agents in its place."""
    ensemble = {**ENSEMBLE, "agents": list(agents)} if agents else ENSEMBLE
    plain = Invocation(
        ensemble=ensemble,
        input="Ada met Bob in Paris.",
        profiles={"p": profile(server)},
        scripts={"scripts/join.py": JOIN},
    )
    return dataclasses.replace(plain, **changes)


def test_a_chain_of_model_script_and_model_runs(engine, server):
    seen = []
    outcome = engine.invoke(invocation(server), seen.append)
    assert outcome.error == ""
    assert outcome.output
    assert [agent.name for agent in outcome.agents] == ["find", "join", "write"]
    assert {agent.status for agent in outcome.agents} == {AgentStatus.SUCCEEDED}
    assert outcome.agents[1].output.startswith("## find\n")
    assert outcome.agents[0].output in outcome.agents[1].output
    assert 0 < outcome.agents[0].output_tokens <= 12
    assert outcome.agents[0].model == server.model
    assert outcome.input_tokens == sum(agent.input_tokens for agent in outcome.agents) > 0
    ended = [progress.agent for progress in seen if progress.ended]
    assert ended == ["find", "join", "write"]
    assert seen[-1].done == seen[-1].total == 3


@pytest.mark.parametrize("name", ["adr-review", "summarize-document"])
def test_every_packaged_ensemble_is_accepted(engine, workspace: Path, name):
    loaded = load(str(workspace), name)
    assert engine.why_not_loadable(loaded.document, loaded.scripts, loaded.children) == ""


@pytest.mark.parametrize("template", ["single", "swarm"])
def test_what_every_template_renders_from_odd_parameters_is_accepted(engine, template):
    """Quotes, colons, Jinja and other scripts in every text."""
    odd = 'say: "{{ no }}" #x\n- ünïcode\t\\n %s {}'
    text = {"description": odd, "task": "extraction"}
    parameters: dict[str, object] = {"instruction": odd, "class": "micro"}
    if template == "swarm":
        agents = {"first": odd, "second-one": odd}
        parameters = {"extractors": agents, "analyzers": agents, "synthesizer": odd}
    spec = tomli_w.dumps(
        {"format": 1, "template": template, "template_version": 1}
        | text
        | {"parameters": parameters}
    )
    result = compiled(str(ROOT), {"registry/specs/odd.toml": spec})
    assert result.findings == ()
    document = yaml.safe_load(result.files["registry/ensembles/odd.yaml"])
    scripts = {"scripts/join.py": result.files["registry/scripts/join.py"]}
    assert engine.why_not_loadable(document, scripts, {}) == ""


@pytest.mark.parametrize(
    ("agent", "reason"),
    [
        ({"name": "a", "colour": "red"}, "colour"),
        ({**FIND, "depends_on": ["nobody"]}, "nobody"),
        ({**FIND, "depends_on": ["find"]}, "find"),
    ],
)
def test_what_the_engine_would_not_load_is_told_with_its_reason(engine, agent, reason):
    assert reason in engine.why_not_loadable({**ENSEMBLE, "agents": [agent]}, {}, {})


@pytest.mark.parametrize(
    "agent",
    [
        "{name: a}",
        "{name: a, model_profile: p, colour: red}",
        "{name: a, model_profile: p, depends_on: [x]}",
        "{model_profile: p}",
    ],
)
def test_our_schema_and_the_engine_agree_on_what_is_wrong(engine, workspace: Path, agent):
    own = workspace / "registry/ensembles/wrong.yaml"
    own.write_text(f"name: wrong\ndescription: d\nagents:\n  - {agent}\n")
    assert compiled(str(workspace)).failed
    assert engine.why_not_loadable(yaml.safe_load(own.read_text()), {}, {}) != ""


def test_a_server_that_is_not_there_is_refused_by_name(engine, server):
    gone = profile(server, base_url="http://127.0.0.1:9/v1")
    with pytest.raises(OutsideError, match=r"profile `p`.*127.0.0.1:9/v1 unreachable") as caught:
        engine.invoke(invocation(server, profiles={"p": gone}), print)
    assert "start the model server" in caught.value.hint


def test_a_model_that_the_server_does_not_have_is_refused_by_name(engine, server):
    with pytest.raises(OutsideError, match="nope"):
        engine.invoke(invocation(server, profiles={"p": profile(server, model="nope")}), print)


def test_a_profile_that_nobody_has_is_refused_by_name(engine, server):
    with pytest.raises(OutsideError, match="profile `p`"):
        engine.invoke(invocation(server, profiles={}), print)


def test_an_agent_that_takes_too_long_fails_and_the_others_are_kept(engine, server):
    quick = profile(server, name="quick", timeout_seconds=1)
    long = "Count every word. " * 700  # takes many seconds to read
    slow = {**FIND, "name": "slow", "model_profile": "quick", "system_prompt": long}
    asked = invocation(server, FIND, slow, profiles={"p": profile(server), "quick": quick})
    outcome = engine.invoke(asked, print)
    assert outcome.error.startswith("`slow` failed: Agent execution timed out")
    statuses = {agent.name: agent.status for agent in outcome.agents}
    assert statuses == {"find": AgentStatus.SUCCEEDED, "slow": AgentStatus.FAILED}


def test_a_script_that_fails_is_named_as_the_cause(engine, server):
    broken = {"scripts/join.py": "import sys; sys.exit('no way')"}
    outcome = engine.invoke(invocation(server, scripts=broken), print)
    assert outcome.error.startswith("`join` failed: ")


def test_a_child_ensemble_s_tokens_are_counted(engine, server):
    parent = {"name": "run", "ensemble": "child"}
    child = {"name": "child", "description": "d", "agents": [FIND]}
    outcome = engine.invoke(invocation(server, parent, children={"child": child}), print)
    assert outcome.error == ""
    assert 0 < outcome.output_tokens <= 12


def test_the_whole_time_is_limited(server, tmp_path: Path):
    asked = invocation(server, {"name": "wait", "script": "sleep 30"}, timeout_seconds=1.0)
    opened = open_engine(str(tmp_path))
    with pytest.raises(TimeLimitReached, match="within 1 s"), opened as own:
        own.invoke(asked, print)


def test_a_server_that_dies_fails_the_run(engine, model):
    with serve(model) as own:
        import os
        import signal

        def kill(progress) -> None:
            if progress.agent == "join" and progress.ended:
                os.kill(own.pid, signal.SIGKILL)

        outcome = engine.invoke(invocation(own), kill)
    assert outcome.error.startswith("`write` failed: ")


def test_the_server_answers_nobody_without_its_prefix(server):
    outside = server.base_url.split("/")[:3]
    assert probe("/".join([*outside, "v1"])).problem
    assert probe(server.base_url).models == (server.model,)


def test_an_engine_that_is_not_installed_is_told_how_to_get(tmp_path: Path):
    opened = open_engine(str(tmp_path), "no-engine")
    with pytest.raises(OutsideError, match="`no-engine` is not installed") as caught, opened:
        pass
    assert caught.value.hint == "pip install 'llm-conductor[engine]'"


@pytest.mark.parametrize(
    ("says", "message"),
    [
        ("llm-orc, version 0.26.0", "the engine has version 0.26.0, needed is 0.25.2 or later"),
        ("llm-orc, version 0.25.1", "the engine has version 0.25.1"),
        ("hello", "is not llm-orc"),
    ],
)
def test_another_version_of_the_engine_is_refused(tmp_path: Path, says, message):
    fake = tmp_path / "llm-orc"
    fake.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo \'{says}\' || exec llm-orc "$@"\n')
    fake.chmod(0o755)
    from conductor.adapters.llm_orc import version_of

    with pytest.raises(OutsideError, match=message):
        version_of(str(fake))


def test_an_engine_that_dies_at_once_does_not_hang(tmp_path: Path):
    fake = tmp_path / "fake"
    fake.write_text("#!/bin/sh\n[ \"$1\" = --version ] && echo 'llm-orc, version 0.25.2'\n")
    fake.chmod(0o755)
    opened = open_engine(str(tmp_path / "state"), str(fake))
    with pytest.raises(OutsideError, match="the engine does not start"), opened:
        pass


def test_the_answers_that_progress_and_json_carry_are_plain(engine, server):
    outcome = engine.invoke(invocation(server), print)
    assert json.dumps([dataclasses.asdict(agent) for agent in outcome.agents])
