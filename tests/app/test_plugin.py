"""The plugin: written from the policy, and put into a person's settings without touching theirs."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor import __version__
from conductor.app.plugin import plugin_files
from conductor.compiler.render.pages import prose
from conductor.core.tokens import estimate
from conductor.mcp.tools import TOOLS
from tests.conftest import ROOT, command

SKILL = "plugin/skills/llm-conductor/SKILL.md"
PORTABLE = {"name", "description", "license", "compatibility", "metadata", "allowed-tools"}


def committed(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_the_skill_is_short_and_says_when_to_use_it():
    assert estimate(committed(SKILL)) <= 1_200
    description = re.findall(r"^description: (.*)$", committed(SKILL), re.MULTILINE)[0]
    assert len(description) <= 300
    assert "Use when" in description


def test_the_skill_has_keys_that_every_client_knows():
    frontmatter = committed(SKILL).split("---\n")[1]
    assert set(re.findall(r"^([\w-]+):", frontmatter, re.MULTILINE)) <= PORTABLE


def test_the_skill_leads_to_every_reference_and_no_other():
    folder = Path(ROOT, SKILL).parent
    named = set(re.findall(r"\((references/[\w.-]+)\)", committed(SKILL)))
    assert named == {f"references/{path.name}" for path in (folder / "references").iterdir()}


def test_everything_carries_the_version_of_the_package():
    manifest = json.loads(committed("plugin/.claude-plugin/plugin.json"))
    (listed,) = json.loads(committed(".claude-plugin/marketplace.json"))["plugins"]
    assert manifest["version"] == listed["version"] == __version__
    assert f'version: "{__version__}"' in committed(SKILL)


def test_every_tool_that_is_spoken_of_exists():
    text = "".join(path.read_text() for path in (ROOT / "plugin").rglob("*.md"))
    names = {tool.name for tool in TOOLS}
    spoken = set(re.findall(r"`(route|find|run|report|record_\w+|promot\w+|notice)`", text))
    assert spoken <= names
    assert {"route", "run", "record_verdict", "report", "promotion_plan", "promote_apply"} <= spoken


def test_the_skill_says_what_the_policy_says(workspace: Path):
    sampling = workspace / "policy/sampling.toml"
    sampling.write_text(
        sampling.read_text().replace("calibration_uses = 5", "calibration_uses = 7")
    )
    promotion = workspace / "policy/promotion.toml"
    promotion.write_text(promotion.read_text().replace("good = 3", "good = 4\nsignature = true", 1))
    routing = workspace / "policy/routing.toml"
    routing.write_text(routing.read_text().replace("lt = 8000", "lt = 6000"))
    made = plugin_files(str(workspace))
    folder = "plugin/skills/llm-conductor/references"
    assert "the first 7 uses" in made[f"{folder}/judging.md"]
    assert "- global: 4 good judgements" in made[f"{folder}/promotion.md"]
    assert "and a signature" in made[f"{folder}/promotion.md"]
    assert "document_tokens < 8,000" in committed(SKILL)
    assert "document_tokens < 6,000" in made[SKILL]
    assert "8,000" not in made[SKILL]
    assert made[SKILL].split("policy: ")[1] != committed(SKILL).split("policy: ")[1]


@given(st.text())
def test_no_text_of_a_policy_leaves_its_line_or_becomes_markup(text: str):
    written = prose(text)
    assert len(written.splitlines()) <= 1
    assert not re.search(r"<[A-Za-z/!?]", written)
    assert not re.search(r"(?<!\\)\|", written)


def test_what_is_no_text_is_a_mistake_of_the_template():
    with pytest.raises(TypeError):
        prose({"a": 1})


def test_check_says_what_would_change_and_build_removes_what_is_no_longer_part(
    workspace: Path,
):
    assert command("plugin", "build", folder=workspace).returncode == 0
    assert command("plugin", "build", "--check", folder=workspace).returncode == 0
    (workspace / SKILL).write_text("changed")
    (workspace / "plugin/hooks/more.json").write_text("{}")
    done = command("plugin", "build", "--check", "--json", folder=workspace)
    assert done.returncode == 1
    assert json.loads(done.stdout)["files"] == ["plugin/hooks/more.json", SKILL]
    assert (workspace / SKILL).read_text() == "changed"
    command("plugin", "build", folder=workspace)
    assert not (workspace / "plugin/hooks/more.json").exists()


FOREIGN = """{
    "model": "opus",
    "enabledPlugins": {"other@place": true},
    "hooks": {"Stop": []}
}
"""


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "claude"))
    return tmp_path / "claude/settings.json"


def test_installing_adds_two_keys_shows_the_diff_and_keeps_the_old_file(
    workspace: Path, settings: Path
):
    settings.parent.mkdir()
    settings.write_text(FOREIGN)
    done = command("plugin", "install", "--yes", "--json", folder=workspace)
    assert done.returncode == 0, done.stderr
    answer, document = json.loads(done.stdout), json.loads(settings.read_text())
    assert '+        "conductor@llm-conductor": true' in done.stderr
    assert Path(answer["backup"]).read_text() == FOREIGN
    assert document["enabledPlugins"] == {"other@place": True, "conductor@llm-conductor": True}
    assert (document["model"], document["hooks"]) == ("opus", {"Stop": []})
    source = document["extraKnownMarketplaces"]["llm-conductor"]["source"]
    assert source == {"source": "directory", "path": answer["plugin"]}
    assert Path(source["path"], SKILL).exists()


def test_uninstalling_gives_back_what_was_there(workspace: Path, settings: Path):
    settings.parent.mkdir()
    settings.write_text(FOREIGN)
    command("plugin", "install", "--yes", folder=workspace)
    answer = json.loads(command("plugin", "uninstall", "--yes", "--json", folder=workspace).stdout)
    assert json.loads(settings.read_text()) == json.loads(FOREIGN)
    assert not Path(answer["plugin"]).exists()


def test_settings_and_their_backup_stay_as_private_as_they_were(workspace: Path, settings: Path):
    settings.parent.mkdir()
    settings.write_text(FOREIGN)
    settings.chmod(0o600)
    answer = json.loads(command("plugin", "install", "--yes", "--json", folder=workspace).stdout)
    command("plugin", "uninstall", "--yes", folder=workspace)
    for path in (settings, Path(answer["backup"])):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_settings_that_are_linked_are_written_where_they_are(workspace: Path, settings: Path):
    there = settings.parent.parent / "dotfiles/claude.json"
    there.parent.mkdir()
    settings.parent.mkdir()
    there.write_text(FOREIGN)
    settings.symlink_to(there)
    answer = json.loads(command("plugin", "install", "--yes", "--json", folder=workspace).stdout)
    assert settings.is_symlink()
    assert "conductor@llm-conductor" in there.read_text()
    assert answer["settings"] == str(there)
    assert Path(answer["backup"]).parent == settings.parent


def test_settings_that_are_no_file_are_refused(workspace: Path, settings: Path):
    settings.parent.mkdir()
    os.mkfifo(settings)
    done = subprocess.run(  # a process, so that one that waits for the pipe can be ended
        [sys.executable, "-m", "conductor", "plugin", "install", "--yes"],
        cwd=workspace,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 2
    assert "the settings are no regular file" in done.stderr


def test_another_marketplace_of_our_name_is_replaced_openly_and_never_taken_out(
    workspace: Path, settings: Path
):
    theirs = {"source": {"source": "github", "repo": "acme/llm-conductor"}}
    document = {
        "extraKnownMarketplaces": {"llm-conductor": theirs},
        "enabledPlugins": {"conductor@llm-conductor": True},
    }
    settings.parent.mkdir()
    settings.write_text(json.dumps(document))
    kept = command("plugin", "uninstall", "--yes", folder=workspace)
    assert json.loads(settings.read_text()) == document
    assert "is another one: it stays" in kept.stderr
    done = command("plugin", "install", "--yes", folder=workspace)
    assert "warning: another marketplace `llm-conductor` is replaced" in done.stderr
    assert "acme" not in settings.read_text()
    assert "warning" not in command("plugin", "uninstall", "--yes", folder=workspace).stderr
    assert json.loads(settings.read_text()) == {}


def test_installing_again_changes_nothing_but_the_plugin(workspace: Path, settings: Path):
    command("plugin", "install", "--yes", folder=workspace)
    before = settings.read_text()
    done = command("plugin", "install", folder=workspace)  # nothing to ask about
    assert (done.returncode, settings.read_text()) == (0, before)
    assert list(settings.parent.iterdir()) == [settings]


def test_without_a_yes_nothing_is_written(workspace: Path, settings: Path):
    done = command("plugin", "install", folder=workspace)
    assert done.returncode == 2
    assert "say yes with `--yes`" in done.stderr
    assert not settings.exists()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "the settings are no JSON"),
        ("[]", "the settings are no JSON object"),
        ('{"enabledPlugins": []}', "`enabledPlugins` is no JSON object"),
    ],
)
def test_settings_that_cannot_be_read_are_left_alone(
    workspace: Path, settings: Path, text: str, why: str
):
    settings.parent.mkdir()
    settings.write_text(text)
    done = command("plugin", "install", "--yes", folder=workspace)
    assert done.returncode == 2
    assert why in done.stderr
    assert settings.read_text() == text
