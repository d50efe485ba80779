"""The isolation check, with the real engine in a home that holds nothing but the closure."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from conductor.adapters.llm_orc.isolation import why_not_apart, without_addresses
from conductor.app.collect import collect
from conductor.app.isolation import why_not_alone
from conductor.app.project import Project
from conductor.core.tier import Tier
from tests.conftest import command
from tests.promoting import NAME

pytestmark = pytest.mark.engine


def contents(workspace: Path) -> dict[str, bytes]:
    return dict(collect(str(workspace), NAME, Tier.LOCAL).contents)


def test_a_complete_closure_loads(workspace: Path):
    assert why_not_apart(NAME, contents(workspace)) == ""


@pytest.mark.parametrize("path", ["scripts/join.py", "profiles/conductor-small.yaml"])
def test_what_is_missing_is_named(workspace: Path, path: str):
    files = contents(workspace)
    del files[path]
    assert Path(path).stem in why_not_apart(NAME, files)


def test_what_the_engine_refuses_is_told(workspace: Path):
    files = contents(workspace)
    ensemble = yaml.safe_load(files[f"ensembles/{NAME}.yaml"])
    ensemble["agents"][0]["depends_on"] = ["nobody"]
    files[f"ensembles/{NAME}.yaml"] = yaml.safe_dump(ensemble).encode()
    assert "nobody" in why_not_apart(NAME, files)


def test_the_answer_is_kept_for_the_same_bytes(workspace: Path):
    with Project(str(workspace)) as project:
        found = collect(project.root, NAME, Tier.LOCAL)
        assert why_not_alone(project, found) == ""
        project.isolate = lambda *_: "asked again"
        assert why_not_alone(project, found) == ""
        script = workspace / ".llm-orc/scripts/join.py"
        script.write_text(script.read_text() + "# changed\n")
        assert why_not_alone(project, collect(project.root, NAME, Tier.LOCAL)) == "asked again"


def test_no_address_of_a_closure_is_ever_asked():
    document = {"name": "p", "base_url": "http://10.0.0.1", "agents": [{"base_url": "http://x"}]}
    assert b"http" not in without_addresses(document)


SHOUT = """\
name: shout
description: Gives the text that it is given back in capital letters.
agents:
  - name: shout
    script: scripts/shout.py
x-conductor:
  files: [scripts/_loud.py]
"""
SCRIPTS = {
    "scripts/shout.py": "import json, sys\nfrom _loud import loud\n"
    'print(json.dumps({"success": True, "data": loud(json.load(sys.stdin)["input"])}))\n',
    "scripts/_loud.py": "def loud(text):\n    return text.upper()\n",
}


def test_a_declared_file_goes_along_and_is_there_when_the_script_runs(workspace: Path):
    tier = workspace / ".llm-orc"
    (tier / "ensembles/shout.yaml").write_text(SHOUT)
    for path, text in SCRIPTS.items():
        (tier / path).write_text(text)
    found = collect(str(workspace), "shout", Tier.LOCAL)
    assert set(found.contents) == {"ensembles/shout.yaml", *SCRIPTS}
    assert why_not_apart("shout", dict(found.contents)) == ""
    done = command("run", "shout", "--input", "quietly", folder=workspace)
    assert "QUIETLY" in done.stdout, done.stderr
    (tier / "scripts/_loud.py").write_text("def loud(text):\n    return text\n")
    changed = collect(str(workspace), "shout", Tier.LOCAL).closure
    assert changed.text_digest != found.closure.text_digest
    (tier / "scripts/_loud.py").unlink()
    (gap,) = collect(str(workspace), "shout", Tier.LOCAL).closure.gaps
    assert gap.name == "scripts/_loud.py"
