"""The packaged policy, an organisation's above a workspace's, and what each may say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conductor.adapters import homes
from tests.conftest import command, line_of
from tests.repositories import commit, git

ROUTING = "policy/routing.toml"
FACTS = "policy/facts.toml"
OWN_RULE = """format = 1
inherit = true

[[rule]]
id = "own"
when = {when}
route = "{route}"

[default]
route = "claude"
reason = "safe"
"""
SAMPLING = """format = 1
calibration_uses = {uses}
rate = 0.15

[established]
uses = 20
acceptance_percent = 80
"""


@pytest.fixture
def team(workspace: Path, tmp_path: Path) -> Path:
    """A workspace below an organisation's, which is a copy of the packaged one."""
    folder = tmp_path / "team"
    write(folder, "conductor.toml", f'format = 1\n[organisation]\npath = "../{workspace.name}"\n')
    return folder


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)


def own_rule(folder: Path, when: str, route: str = "claude") -> None:
    write(folder, ROUTING, OWN_RULE.format(when=when, route=route))


def findings(folder: Path) -> list[tuple[str, str, int]]:
    done = command("compile", "--json", folder=folder)
    found = json.loads(done.stdout)["findings"]
    return [(one["name"], one["file"], one["line"]) for one in found]


def test_a_workspace_that_says_nothing_has_its_organisation_s_policy(team: Path, workspace: Path):
    edited = (workspace / ROUTING).read_text().replace("lt = 8000", "lt = 5000", 1)
    write(workspace, ROUTING, edited)
    assert findings(team) == []
    facts = ("task=extraction", "fixed_schema=true", "document_tokens=6000")
    words = [word for fact in facts for word in ("--fact", fact)]
    assert command("route", *words, folder=team).stdout.startswith("claude")


def test_own_rules_stand_before_those_above(team: Path):
    own_rule(team, '{ programming_language = "python" }')
    assert findings(team) == []
    facts = ("task=codegen_function", "single_function=true", "programming_language=python")
    words = [word for fact in facts for word in ("--fact", fact)]
    decision = json.loads(command("route", "--json", *words, folder=team).stdout)
    assert (decision["outcome"], decision["rule"]) == ("claude", "own")


def test_a_workspace_may_not_decide_riskier_anywhere(team: Path, snapshot):
    own_rule(team, '{ security = true, task = "extraction" }', "local")
    done = command("compile", folder=team)
    assert done.returncode == 1
    assert done.stderr == snapshot


def test_where_the_organisation_allows_it_a_workspace_may(team: Path, workspace: Path):
    own_rule(team, '{ security = true, task = "extraction" }', "local")
    region = '[[region]]\nwhen = { task = "extraction" }\nup_to = "%s"\nreason = "trial"\n'
    write(workspace, "policy/layers.toml", f"format = 1\n{region % 'compose'}")
    assert findings(team) == []
    write(workspace, "policy/layers.toml", f"format = 1\n{region % 'prepare'}")
    assert ("riskier-than-above", ROUTING, 6) in findings(team)
    elsewhere = region.replace('"extraction"', '"summarization"') % "local"
    write(workspace, "policy/layers.toml", f"format = 1\n{elsewhere}")
    assert ("riskier-than-above", ROUTING, 6) in findings(team)


def test_composing_for_more_tasks_is_riskier_too(team: Path, workspace: Path):
    own_rule(team, '{ programming_language = "rust" }')
    routing = (team / ROUTING).read_text()
    write(team, ROUTING, f'{routing}\n[composition]\ntasks = ["extraction"]\n')
    assert findings(team) == []
    above = (workspace / ROUTING).read_text()
    write(workspace, ROUTING, above.replace('tasks = ["extraction", ', "tasks = ["))
    # By `extraction-short-fixed` and by `proven-ensemble`.
    assert findings(team) == [("riskier-than-above", ROUTING, 14)] * 2


def test_a_number_may_become_tighter_only(team: Path, workspace: Path):
    write(team, "policy/sampling.toml", SAMPLING.format(uses=6))
    assert findings(team) == []
    write(team, "policy/sampling.toml", SAMPLING.format(uses=4))
    assert findings(team) == [("looser-than-above", "policy/sampling.toml", 2)]
    write(workspace, "policy/layers.toml", 'format = 1\nvalues = ["sampling.*"]\n')
    assert findings(team) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        (FACTS, "default = 10_000_000", "default = 0", "default = 0"),
        (FACTS, '  "json schema",\n', "", "[facts.fixed_schema]"),
        ("policy/rubrics/output.yaml", "truncated:", "cut-short:", "format: 1"),
    ],
)
def test_what_is_declared_above_keeps_its_meaning(team, workspace, file, old, new, place):
    text = (workspace / file).read_text()
    assert old in text
    changed = text.replace(old, new, 1)
    write(team, file, changed)
    assert findings(team)[0] == ("changed-from-above", file, line_of(changed, place))
    assert {(name, path) for name, path, _ in findings(team)} == {("changed-from-above", file)}
    write(workspace, "policy/layers.toml", 'format = 1\nvalues = ["facts.*", "signals.*", "r*"]\n')
    assert "changed-from-above" not in {name for name, _, _ in findings(team)}


def test_own_facts_and_tasks_may_be_added(team: Path, workspace: Path):
    tasks = (workspace / "policy/tasks.toml").read_text()
    write(team, "policy/tasks.toml", f'{tasks}\n[tasks.haiku]\ndescription = "A short poem."\n')
    facts = (workspace / FACTS).read_text()
    fact = '[facts.urgent]\ntype = "boolean"\ndefault = false\ndescription = "It cannot wait."\n'
    write(team, FACTS, f"{facts}\n{fact}")
    own_rule(team, '{ urgent = true, task = "haiku" }')
    assert findings(team) == []


def test_a_mistake_above_is_told_where_it_stands(team: Path, workspace: Path):
    broken = (workspace / ROUTING).read_text().replace("fixed_schema", "fixed_shema", 1)
    write(workspace, ROUTING, broken)
    place = (f"../{workspace.name}/{ROUTING}", line_of(broken, "fixed_shema"))
    assert findings(team) == [("unknown-fact", *place)]


@pytest.mark.parametrize(
    ("path", "edit", "found", "line"),
    [
        ("policy/sampling.toml", ("uses = 20", "uses = 30"), "contradicting-number", "uses = 30"),
        (FACTS, ("[facts.security", "[facts.secure"), "unknown-fact", ""),
        ("policy/tasks.toml", ("[tasks.architecture]", "[tasks.design]"), "unknown-value", ""),
    ],
)
def test_what_no_longer_fits_above_is_told_once_in_the_file_that_brings_it(
    team: Path, workspace: Path, path, edit, found, line
):
    text = (workspace / path).read_text().replace(*edit)
    write(team, path, text)
    done = command("compile", folder=team)
    assert f"../{workspace.name}/{ROUTING}:" in done.stderr
    place = f"{path}:{line_of(text, line) if line else 1}:1"
    assert f"{place}: error[{found}]: this file does not fit the layer above: " in done.stderr
    assert "1 error" in done.stderr


def test_a_rule_that_stands_above_as_well_is_told_here(team: Path):
    write(team, ROUTING, OWN_RULE.format(when="{ security = true }", route="claude"))
    write(team, ROUTING, (team / ROUTING).read_text().replace('"own"', '"architecture"'))
    assert findings(team) == [("duplicate-rule", ROUTING, 5)]


def test_a_change_above_makes_the_bundle_old(team: Path, workspace: Path):
    assert command("compile", folder=team).returncode == 0
    assert command("route", "x", folder=team).stderr == ""
    write(workspace, "policy/sampling.toml", (workspace / "policy/sampling.toml").read_text())
    assert f"../{workspace.name}/policy/sampling.toml is newer" in (
        command("route", "x", folder=team).stderr
    )


def test_the_cases_of_a_layer_speak_for_its_own_rules(team: Path):
    own_rule(team, '{ programming_language = "rust" }')
    assert command("test", "--generate", folder=team).returncode == 0
    document = json.loads(command("test", "--json", folder=team).stdout)
    assert [rule["id"] for rule in document["rules"]] == ["own"]
    assert document["findings"] == []


def test_show_says_which_layer_says_what(team: Path, snapshot):
    own_rule(team, '{ programming_language = "rust" }')
    write(team, "policy/sampling.toml", SAMPLING.format(uses=7))
    done = command("show", folder=team)
    assert (done.returncode, done.stdout.replace(str(team), "TEAM")) == (0, snapshot)
    document = json.loads(command("show", "--json", folder=team).stdout)
    (uses,) = [one for one in document["values"] if one["path"] == "sampling.calibration_uses"]
    assert uses == {
        "path": "sampling.calibration_uses",
        "value": 7,
        "layer": "workspace",
        "file": "policy/sampling.toml",
        "line": 2,
        "above": 5,
    }
    assert [rule["layer"] for rule in document["rules"][:2]] == ["workspace", "organisation"]


def test_without_an_organisation_the_package_is_the_only_layer_above(tmp_path: Path):
    write(tmp_path, "conductor.toml", "format = 1\n")
    document = json.loads(command("show", "--json", folder=tmp_path).stdout)
    assert [layer["name"] for layer in document["layers"]] == ["packaged", "workspace"]
    assert {rule["layer"] for rule in document["rules"]} == {"packaged"}
    own_rule(tmp_path, '{ security = true, task = "extraction" }', "local")
    assert findings(tmp_path) == []  # the packaged policy is a proposal and binds nobody


def test_a_commit_of_a_repository_is_fetched_once_and_by_compile_only(
    team: Path, workspace: Path, tmp_path: Path
):
    git("init", "--quiet", cwd=workspace)
    pinned = commit(workspace, {}, "pinned")
    write(team, "conductor.toml", organisation(workspace, pinned))
    before = command("show", folder=team)
    assert before.returncode == 3
    assert "hint: fetch it once: `conductor compile`" in before.stderr
    done = command("compile", folder=team)
    assert done.returncode == 0
    assert f"fetching the organisation's policy from {workspace}@{pinned[:12]}" in done.stderr
    commit(workspace, {"policy/sampling.toml": SAMPLING.format(uses=9)}, "later")
    workspace.rename(tmp_path / "unreachable")
    assert "calibration_uses" in command("show", folder=team).stdout
    assert "fetching" not in command("compile", folder=team).stderr
    shown = json.loads(command("show", "--json", folder=team).stdout)["values"]
    assert {"sampling.calibration_uses": 5}.items() <= {
        one["path"]: one["value"] for one in shown if one["path"].startswith("sampling")
    }.items()
    assert list(Path(homes.state()).glob("git/*.git"))


def organisation(workspace: Path, revision: str) -> str:
    return f'format = 1\n[organisation]\ngit = "{workspace}"\nrevision = "{revision}"\n'


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('git = "/x"', "an organisation's policy is a `path`, or `git` with a `revision`"),
        ('path = "../x"\ngit = "/x"', "an organisation's policy is a `path`"),
        ('path = "../nowhere"', "the organisation's policy `../nowhere` is no workspace"),
        ('git = "/x"\nrevision = "main"', "`main` is not the full id of a commit"),
        ('git = "ext::sh -c x"\nrevision = "' + "a" * 40 + '"', "is no address of a repository"),
    ],
)
def test_what_is_no_organisation_is_refused(team: Path, lines: str, told: str):
    write(team, "conductor.toml", f"format = 1\n[organisation]\n{lines}\n")
    done = command("compile", folder=team)
    assert done.returncode == 2
    assert told in done.stderr


def test_an_organisation_has_none_above_it(team: Path, workspace: Path):
    settings = workspace / "conductor.toml"
    settings.write_text(f'{settings.read_text()}\n[organisation]\npath = "../team"\n')
    done = command("compile", folder=team)
    assert done.returncode == 2
    assert "an organisation's policy has none above it" in done.stderr


def test_the_past_of_a_workspace_has_the_organisation_of_its_past(team: Path, workspace: Path):
    git("init", "--quiet", cwd=team)
    commit(team, {}, "with organisation")
    edited = (workspace / ROUTING).read_text().replace("lt = 8000", "lt = 5000", 1)
    write(workspace, ROUTING, edited)
    write(team, "conductor.toml", "format = 1\n")
    done = command("diff", "HEAD", folder=team)
    assert done.returncode == 1
    assert "document_tokens 5,000 to 7,999" in done.stdout
