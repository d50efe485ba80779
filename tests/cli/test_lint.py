"""`conductor lint` as people and programs meet it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import ROOT, command
from tests.lint.examples import ENSEMBLE

LEAKY = ENSEMBLE.replace("in one short text", "for Ledgerly, see ADR-048")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that an ensemble was made in; it is no workspace."""
    folder = tmp_path / "desk"
    for path, text in {
        ".git/config": '[remote "origin"]\n\turl = git@forge.example:acme-corp/ledgerly.git\n',
        "docs/STYLE.md": "",
        "src/ledgerly/client.py": "class PaymentHubService:\n    def post_entry(self): ...\n",
        "ensembles/example.yaml": LEAKY,
        "profiles/conductor-small.yaml": "name: conductor-small\ntimeout_seconds: 60\n",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def test_a_folder_that_conductor_did_not_write(conductor, project, snapshot):
    result = conductor("lint", ".", "--tier", "library", folder=project)
    assert result.return_value == 1
    assert result.output == snapshot


def test_the_tier_asked_for_is_not_the_tier_achieved(conductor, project):
    result = conductor("lint", "ensembles/example.yaml", folder=project)
    assert result.return_value == 0
    assert "asked for: local; achieved: local" in result.output
    assert "nothing to change" not in result.output


def test_json_says_everything_about_a_finding(conductor, project):
    result = conductor("lint", ".", "--tier", "global", "--json", folder=project)
    document = json.loads(result.stdout)
    assert document["format"] == 1
    assert (document["ok"], document["tier"], document["achieved"]) == (False, "global", "local")
    found = {one["name"]: one for one in document["findings"]}
    assert found["project-name"]["confirmed_by"] == "fingerprint"
    assert found["tracker-reference"]["field"] == "description"
    assert found["tracker-reference"]["levels"] == {
        "local": "note",
        "global": "error",
        "library": "error",
    }


def test_the_match_that_json_gives_waives_the_finding(conductor, project):
    (project / "ensembles/example.yaml").write_text(LEAKY.replace("Ledgerly", "everybody"))
    listed = json.loads(conductor("lint", ".", "--tier", "global", "--json", folder=project).stdout)
    (found,) = [one for one in listed["findings"] if one["level"] == "error"]
    with (project / "ensembles/example.yaml").open("a") as stream:
        stream.write(
            f"  waivers:\n    - {{rule: P206, at: {found['field']}, match: '{found['match']}',"
            " reason: it reviews records of decisions}\n"
        )
    result = conductor("lint", ".", "--tier", "global", folder=project)
    assert result.return_value == 0
    assert "waived[P206 tracker-reference]" in result.output
    assert "reason: it reviews records of decisions" in result.output


def test_every_ensemble_of_the_workspace_is_looked_at(conductor, workspace):
    result = conductor("lint", "--json", folder=workspace)
    files = json.loads(result.stdout)["files"]
    assert "registry/ensembles/adr-review.yaml" in files
    assert "registry/scripts/join.py" in files
    assert not any(file.startswith(".llm-orc/") for file in files)


def test_an_ensemble_that_stands_only_where_the_engine_reads_is_first_class(conductor, workspace):
    (workspace / ".llm-orc/ensembles/mine.yaml").write_text(
        ENSEMBLE.replace("name: example", "name: mine")
    )
    result = conductor("lint", "mine", "--json", folder=workspace)
    assert ".llm-orc/ensembles/mine.yaml" in json.loads(result.stdout)["files"]


def test_a_rule_is_explained_by_name_and_by_code(conductor, tmp_path, snapshot):
    result = conductor("lint", "--explain", "tracker-reference", folder=tmp_path)
    assert result.output == snapshot
    assert conductor("lint", "--explain", "p206", folder=tmp_path).output == result.output


def test_what_is_not_there_is_refused_with_the_nearest(conductor, workspace):
    for words, hint in (
        (["lint", "--explain", "traker-reference"], "did you mean `tracker-reference`?"),
        (["lint", "adr-reviev"], "did you mean `adr-review`?"),
        (["lint", "../../etc"], "name a file or a folder"),
        (["lint", "docs"], ""),
    ):
        result = conductor(*words, folder=workspace)
        assert result.exception is not None
        assert hint in str(result.exception)


def test_code_scanning_gets_the_page_of_a_rule(conductor, project):
    log = json.loads(conductor("lint", ".", "--format", "sarif", folder=project).stdout)
    (run,) = log["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert "small model" in rules["P206"]["help"]["text"]


def test_links_and_pipes_are_not_opened(conductor, project, tmp_path):
    secret = tmp_path / "secret.yaml"
    secret.write_text(ENSEMBLE + "# nobody should read this\n")
    (project / "ensembles/link.yaml").symlink_to(secret)
    (project / "scripts").symlink_to(tmp_path)
    os.mkfifo(project / "ensembles/pipe.yaml")
    result = conductor("lint", ".", "--json", folder=project)
    found = {
        (one["file"], one["name"])
        for one in json.loads(result.stdout)["findings"]
        if one["level"] == "error"
    }
    assert ("ensembles/link.yaml", "path-escape") in found
    assert ("ensembles/pipe.yaml", "path-escape") in found
    assert "nobody should read this" not in result.output


def test_the_starter_kit_may_go_to_a_library():
    done = command("lint", "registry", "--tier", "library", folder=ROOT)
    assert done.returncode == 0, done.stdout
    assert "asked for: library; achieved: library" in done.stderr


_PLAIN = "name: {}\ndescription: Lists the risks in one text.\nagents: []\n"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (
            "number.yaml",
            "agents:\n  - {name: a, temperature: .inf}\n",
            "cannot be read as a number",
        ),
        ("number.yaml", "agents:\n  - {name: a, max_tokens: .nan}\n", "cannot be read as a number"),
        (
            "break.yaml",
            "agents:\r  - name: a\r    model_profile: conductor-small\r    system_prompt: Go.\r",
            "3:5: error",
        ),
        ("nul.yaml", 'agents:\n  - {name: a, script: "scripts/a\\0b.py"}\n', "leads outside"),
        ("half.yaml", 'agents:\n  - {name: a, system_prompt: "\\ud800"}\n', "something else"),
        ("map.yaml", "agents:\n  a: {model_profile: m}\n", "`agents` is no list of agents"),
        ("self.yaml", "agents:\n  - {name: a, depends_on: [a]}\n", "`a` waits for itself"),
        ("line\nbreak.yaml", _PLAIN, "ensembles/line\\nbreak.yaml:1:1"),
        (os.fsdecode(b"latin\xe4.yaml"), _PLAIN, "unsafe-name"),
        ("shouted.YAML", _PLAIN, "does not end in `.yaml`"),
    ],
)
@pytest.mark.parametrize("form", ["text", "sarif"])
def test_a_hostile_file_is_a_finding(tmp_path, name, content, told, form):
    (tmp_path / "ensembles").mkdir()
    (tmp_path / "ensembles" / name).write_bytes(content.encode())
    shown = ("--tier", "library", "--format", form)
    result = command("lint", f"ensembles/{name}", *shown, folder=tmp_path)
    assert result.returncode == 1, result.stderr
    assert form == "sarif" or told in result.stdout


def test_what_is_no_file_and_what_cannot_be_one_hold_nobody_up(bare):
    ensembles = bare / ".llm-orc/ensembles"
    os.mkfifo(ensembles / "waits.yaml")
    (ensembles / "endless.yaml").symlink_to("/dev/zero")
    script = 'name: odd\ndescription: Odd.\nagents:\n  - {name: a, script: "scripts/a\\0b.py"}\n'
    (ensembles / "odd.yaml").write_text(script)
    listed = command("ensembles", "list", folder=bare)
    assert listed.returncode == 0, listed.stderr
    assert ("odd" in listed.stdout, "waits" in listed.stdout) == (True, False)
