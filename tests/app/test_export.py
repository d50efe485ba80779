"""From judged runs to a dataset, and everything that may be in the way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from conductor.app.export import prepare, write
from conductor.app.project import Project
from conductor.core.dataset import Format
from conductor.core.entries import Consent
from conductor.errors import UsageError
from tests.conftest import command
from tests.exporting import NAME, seed


@pytest.fixture(scope="module")
def seeded(_compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("export") / "workspace"
    shutil.copytree(_compiled, root)
    seed(root)
    return root


def rows_of(folder: Path) -> dict[str, list[dict[str, object]]]:
    return {
        path.stem: [json.loads(line) for line in path.read_text().splitlines()]
        for path in sorted(folder.glob("*.jsonl"))
        if path.stem != "provenance"
    }


@pytest.mark.parametrize(
    ("form", "keys", "count"),
    [
        ("sft", {"prompt", "completion"}, 21),
        ("kto", {"prompt", "completion", "label"}, 25),
        ("dpo", {"prompt", "chosen", "rejected"}, 4),
        ("judge", {"prompt", "completion"}, 25),
    ],
)
def test_rows_have_what_trainers_document_and_nothing_else(
    seeded: Path, tmp_path: Path, form: str, keys: set[str], count: int
):
    out = tmp_path / "out"
    with Project(str(seeded)) as project:
        found = prepare(project, Format(form), licence="CC-BY-4.0", with_claude=False)
        write(project, found, str(out), way="flag")
    rows = [row for split in rows_of(out).values() for row in split]
    assert len(rows) == count
    assert {frozenset(row) for row in rows} == {frozenset(keys)}
    assert "ada@example.org" not in "".join(path.read_text() for path in out.iterdir())
    assert "null" not in "".join(path.read_text() for path in out.glob("*.jsonl"))


def test_what_is_nearly_the_same_is_one_source_and_in_one_split(seeded: Path):
    with Project(str(seeded)) as project:
        sft = prepare(project, Format.SFT, licence="", with_claude=False)
        kto = prepare(project, Format.KTO, licence="", with_claude=False)
    assert sft.duplicates == 1
    splits: dict[str, set[str]] = {}
    for one in (*sft.examples, *kto.examples):
        splits.setdefault(one.source, set()).add(one.split)
    assert {len(found) for found in splits.values()} == {1}


def test_a_judgement_is_a_row_with_its_reasoning_before_its_verdict(seeded: Path):
    with Project(str(seeded)) as project:
        without = prepare(project, Format.JUDGE, licence="", with_claude=False)
        with_claude = prepare(project, Format.JUDGE, licence="", with_claude=True)
    assert len(with_claude.examples) == len(without.examples) + 1
    assert without.left_out["the reasoning is Claude's: pass --with-claude"] == 1
    row = json.loads(without.texts["train.jsonl"].partition("\n")[0])
    (said,) = row["completion"]
    assert list(json.loads(said["content"])) == ["reasoning", "failure_mode", "verdict"]
    assert "Anthropic's terms" in with_claude.texts["README.md"]


def test_the_card_says_where_everything_is_from(seeded: Path, snapshot):
    with Project(str(seeded)) as project:
        found = prepare(project, Format.SFT, licence="", with_claude=False)
        revisions = [project.judging.revision, project.judging.rubrics["output"].revision]
    text = found.texts["README.md"].partition("\n## Files")[0]
    for number, revision in enumerate(revisions):
        text = text.replace(revision, f"sha256:revision-{number}")
    assert text == snapshot


def test_too_little_evidence_is_refused_with_what_is_missing(workspace: Path, tmp_path: Path):
    done = command("export", "sft", "--out", str(tmp_path / "x"), "--yes", folder=workspace)
    assert done.returncode == 1
    assert "not written: 100 of 100 distinct sources are missing" in done.stderr
    assert not (tmp_path / "x").exists()


def test_claude_cannot_say_yes_for_a_person(seeded: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("CLAUDE_CODE_CHILD_SESSION", "1")
    done = command("export", "dpo", "--out", str(tmp_path / "x"), "--yes", folder=seeded)
    assert done.returncode == 2
    assert "only with a person's yes, and Claude Code runs this command" in done.stderr
    assert not (tmp_path / "x").exists()


def test_nothing_is_written_without_a_yes_and_a_yes_is_remembered(seeded: Path, tmp_path: Path):
    out = tmp_path / "out"
    done = command("export", "dpo", "--out", str(out), folder=seeded)
    assert done.returncode == 2
    assert "this needs your consent" in done.stderr
    assert not out.exists()
    done = command("export", "dpo", "--out", str(out), "--yes", "--json", folder=seeded)
    document = json.loads(done.stdout)
    assert (done.returncode, document["format"], document["rows"]) == (0, 1, 4)
    with Project(str(seeded)) as project:
        consents = [one.digest for one in project.ledger.entries(Consent)]
    assert document["digest"] in consents
    with Project(str(seeded)) as project:
        found = prepare(project, Format.DPO, licence="", with_claude=False)
        with pytest.raises(UsageError, match="is not empty"):
            write(project, found, str(out), way="flag")


def test_an_ensemble_that_changed_since_is_left_out(seeded: Path, tmp_path: Path):
    root = tmp_path / "w"
    shutil.copytree(seeded, root)
    path = root / f".llm-orc/ensembles/{NAME}.yaml"
    path.write_text(path.read_text().replace("at most five", "at most six"))
    with Project(str(root)) as project:
        found = prepare(project, Format.SFT, licence="", with_claude=False)
    assert (found.examples, found.missing) == ((), 12)
    assert found.left_out["its ensemble is not here in that form any more"] > 20


def test_routing_rows_hold_facts_and_no_text(seeded: Path):
    for size in (100, 200, 9000):
        command("route", "Secret words", "--fact", f"document_tokens={size}", folder=seeded)
    with Project(str(seeded)) as project:
        found = prepare(project, Format.ROUTING, licence="", with_claude=False)
    assert found.missing == 0
    assert "Secret" not in "".join(found.texts.values())
    assert {type(one.row["fact_document_tokens"]) for one in found.examples} == {int}
