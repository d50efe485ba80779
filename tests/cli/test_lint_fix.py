"""`conductor lint --fix`: bytes, questions and refusals."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from conductor.app.lint import judge
from conductor.app.lint_targets import Finder
from conductor.app.repair import Repair, repairs, write
from conductor.core.tier import Tier
from conductor.errors import OutsideError
from tests.conftest import command
from tests.lint.examples import ENSEMBLE, TODAY
from tests.terminal import converse

LEAKY = ENSEMBLE.replace("in one short text and", "(see ADR-048) and").replace(
    "max_tokens: 200", "max_tokens: 200  # enough"
)
UNQUOTED = LEAKY.replace('version: "1.0.0"', "version: 1.10  # not a number")
OLD = "name: old\nmodel: qwen3:4b  # pulled by hand\nprovider: ollama  # as it was\n"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder of ensembles that is no workspace."""
    for kind in ("ensembles", "profiles"):
        (tmp_path / "desk" / kind).mkdir(parents=True)
    (tmp_path / "desk/ensembles/example.yaml").write_text(UNQUOTED)
    (tmp_path / "desk/profiles/old.yaml").write_text(OLD)
    return tmp_path / "desk"


def plan(folder: Path, *words: str, tier: Tier = Tier.LIBRARY) -> list[Repair]:
    found = Finder(None, str(folder)).find(words or ["."])
    judging = judge(tier, origin=None, root=None, today=TODAY)
    return list(repairs(found, judging.report(found), judging))


def test_the_safe_class_is_mended_without_asking_and_the_rest_is_refused_by_name(desk):
    file = desk / "ensembles/example.yaml"
    file.chmod(0o640)
    done = command("lint", ".", "--fix", "--tier", "library", folder=desk)
    assert done.returncode == 2
    assert "there is no terminal to ask: ensembles/example.yaml (P206)" in done.stderr
    assert file.read_text() == UNQUOTED.replace("1.10", '"1.10"')
    assert file.stat().st_mode & 0o777 == 0o640


def test_the_rest_is_shown_as_a_diff_and_mended_after_a_yes(desk, snapshot):
    words = ["lint", ".", "profiles/old.yaml", "--fix", "--tier", "library"]
    code, shown = converse(desk, words, [("[y/N]:", "y"), ("[y/N]:", "n")])
    assert code == 1
    assert shown == snapshot
    text = (desk / "ensembles/example.yaml").read_text()
    assert re.findall(r"#.*", text) == ["# enough", "# not a number"]
    assert "text and" not in text
    assert (desk / "profiles/old.yaml").read_text() == OLD


def test_json_says_what_was_mended_and_what_was_not(desk):
    done = command("lint", ".", "--fix", "--tier", "library", "--json", folder=desk)
    (fix,) = json.loads(done.stdout)["fixes"]
    assert (fix["file"], fix["mended"], fix["left"]) == (
        "ensembles/example.yaml",
        ["F005"],
        ["P206"],
    )
    assert "no terminal" in fix["why_not"]


def test_what_does_not_count_at_a_tier_is_left_alone(desk):
    (desk / "ensembles/example.yaml").write_text(
        ENSEMBLE.replace('default_task: "List the risks in the text below."\n', "").replace(
            "    max_tokens: 200\n", ""
        )
    )
    done = command("lint", ".", "--fix", folder=desk)
    assert done.returncode == 0
    assert "max_tokens" not in (desk / "ensembles/example.yaml").read_text()


def test_a_generated_file_is_left_alone_and_its_source_is_named(workspace):
    file = workspace / "registry/ensembles/adr-review.yaml"
    text = file.read_text().replace("max_tokens:", "max_tokns:", 1)
    file.write_text(text)
    done = command("lint", "adr-review", "--fix", folder=workspace)
    assert file.read_text() == text
    assert "it is written from registry/specs/adr-review.toml: change that" in done.stderr


def test_a_copy_for_the_engine_is_left_alone_and_its_source_is_named(workspace):
    for place in ("registry", ".llm-orc"):
        (workspace / place / "ensembles/mine.yaml").write_text(UNQUOTED)
    done = command(
        *("lint", ".llm-orc/ensembles/mine.yaml", "--fix", "--tier", "library"), folder=workspace
    )
    assert "it is a copy of registry/ensembles/mine.yaml" in done.stderr
    assert (workspace / ".llm-orc/ensembles/mine.yaml").read_text() == UNQUOTED


def test_a_file_that_changed_after_it_was_judged_is_not_written(desk):
    (repair,) = plan(desk)
    file = desk / "ensembles/example.yaml"
    file.write_text(UNQUOTED + "# another line\n")
    with pytest.raises(OutsideError, match="changed meanwhile"):
        write(repair, repair.old, repair.safe.text)
    assert file.read_text().endswith("# another line\n")


def test_a_link_is_not_followed(desk, tmp_path):
    (tmp_path / "outside.yaml").write_text(UNQUOTED)
    (desk / "ensembles/example.yaml").unlink()
    (desk / "ensembles/example.yaml").symlink_to(tmp_path / "outside.yaml")
    command("lint", ".", "--fix", "--tier", "library", folder=desk)
    assert (tmp_path / "outside.yaml").read_text() == UNQUOTED


def test_line_ends_and_the_missing_last_one_stay(desk):
    file = desk / "ensembles/example.yaml"
    file.write_bytes(UNQUOTED.rstrip("\n").replace("\n", "\r\n").encode())
    command("lint", ".", "--fix", "--tier", "library", folder=desk)
    expected = UNQUOTED.replace("1.10", '"1.10"').rstrip("\n").replace("\n", "\r\n")
    assert file.read_bytes() == expected.encode()


def test_mending_twice_changes_nothing_more(desk):
    for _ in range(2):
        for repair in plan(desk):
            write(repair, repair.old, repair.asked.text)
    assert plan(desk) == []


def test_an_edit_that_would_bring_up_something_worse_is_not_offered(desk):
    # `agents_` is nearest to `agents`, which is there: the file could not be read any more.
    (desk / "ensembles/example.yaml").write_text(
        ENSEMBLE.replace("name: example", "name: example\nagents_: []")
    )
    assert plan(desk, tier=Tier.LOCAL) == []


def test_an_ensemble_in_a_folder_of_its_own_is_judged_as_one(desk):
    (desk / "alone.yaml").write_text(UNQUOTED.replace("name: example", "name: alone"))
    done = command("lint", "alone.yaml", "--tier", "library", "--json", folder=desk)
    found = {one["name"] for one in json.loads(done.stdout)["findings"]}
    assert {"tracker-reference", "ambiguous-scalar"} <= found


def test_a_script_that_stands_alone_is_read_as_one(desk):
    (desk / "net.py").write_text("import socket\n\nprint(socket)\n")
    done = command("lint", "net.py", "--json", folder=desk)
    assert [one["name"] for one in json.loads(done.stdout)["findings"]] == ["script-network"]
