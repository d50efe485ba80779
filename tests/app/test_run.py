from __future__ import annotations

from pathlib import Path

import pytest

from conductor.app import run as app
from conductor.app.evaluate import evaluate
from conductor.app.project import Project
from conductor.app.report import report
from conductor.app.route import Router
from conductor.app.standings import read_standings
from conductor.core.digest import digest_bytes
from conductor.core.run import RunStatus
from conductor.core.tokens import estimate
from conductor.errors import OutsideError, SourceError, TimeLimitReached, UsageError
from tests.app.fakes import FakeEngine, FakeServer
from tests.conftest import command

TEXT = "a text to sum up"


class Bench:
    """A workspace with a made-up engine, and what happened in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.engine = FakeEngine()
        self.server = FakeServer()
        self.project = self.open()

    def open(self) -> Project:
        return Project(str(self.root), open_runner=self.engine.open, open_server=self.server.open)

    def run(self, name: str = "summarize-document", text: str = TEXT) -> app.Finished:
        plan = app.plan(self.project, name, text)
        return app.execute(self.project, plan, lambda _: None)

    @property
    def rows(self):
        return self.project.ledger.runs()


@pytest.fixture
def bench(workspace: Path) -> Bench:
    return Bench(workspace)


def bind(root: Path, *lines: str) -> None:
    text = "\n".join(("format = 1", *lines)) + "\n"
    (root / ".conductor" / "bindings.toml").write_text(text)


def test_a_run_leaves_one_row_with_everything_that_gives_it_meaning(bench):
    finished = bench.run()
    (row,) = bench.rows
    assert row == finished.run
    assert row.status is RunStatus.SUCCEEDED
    assert (row.ensemble, row.task) == ("summarize-document", "summarization")
    assert (row.outcome, row.rule) == ("local", "summary-single-document")
    assert row.revision == bench.project.policy.revision
    assert row.text_digest != row.bound_digest
    assert row.engine_version == "0.25.2"
    assert row.input_digest == digest_bytes(TEXT.encode())
    assert row.output_digest == digest_bytes(b"a fine summary")
    assert (row.input_tokens, row.output_tokens) == (10, 20)
    assert row.claude_tokens == 4 * 125 // 100
    assert row.delta_tokens == row.claude_tokens - 30
    assert row.estimator == "word-pieces-1@125%"
    assert (row.due, row.due_reason) == (True, "use 1 of 5 in calibration")
    assert [check.name for check in row.checks] == [
        "empty",
        "truncated",
        "looping",
        "schema",
        "grounded",
    ]


def test_a_run_is_recorded_under_the_finest_type_that_its_decision_named(bench):
    router = Router(str(bench.root), log=True, say=print)
    for task, recorded in [
        ("summarization.document_review", "summarization.document_review"),
        ("classification", "summarization"),
    ]:
        _, decision = router.decide("", {"task": task})
        plan = app.plan(bench.project, "summarize-document", TEXT, decision_id=decision)
        assert app.execute(bench.project, plan, lambda _: None).run.task == recorded


def test_route_is_told_what_is_known_about_a_type_of_its_own(bench):
    fine = "summarization.document_review"
    sampling = bench.root / "policy/sampling.toml"
    text = sampling.read_text(encoding="utf-8")
    sampling.write_text(
        text.replace("[types]\njudged = 10", "[types]\njudged = 2"), encoding="utf-8"
    )
    bench.project = bench.open()
    for number, (task, verdict) in enumerate([(fine, "poor"), (fine, "good"), ("", "good")]):
        facts = {"task": task} if task else {}
        _, decision = Router(str(bench.root), log=True, say=print).decide("", facts)
        plan = app.plan(bench.project, "summarize-document", TEXT, decision_id=decision)
        done = app.execute(bench.project, plan, lambda _: None).run
        mode = {"failure_mode": "invented-content"} if verdict == "poor" else {}
        record = {"reasoning": f"number {number}", "verdict": verdict, **mode}
        evaluate(bench.project, done, record)
    whole = read_standings(str(bench.root), print)["summarize-document"]
    assert (whole.uses, whole.acceptance_percent) == (3, 66)
    assert (whole.for_task(fine).uses, whole.for_task(fine).acceptance_percent) == (2, 50)
    assert whole.for_task("summarization").uses == 3


def test_the_engine_gets_exactly_what_was_digested_and_where_it_runs(bench):
    bench.run("adr-review")
    (asked,) = bench.engine.asked
    assert asked.input == TEXT
    assert asked.scripts["scripts/join.py"].startswith("# Written by `conductor compile`")
    assert set(asked.profiles) == {"conductor-micro", "conductor-small", "conductor-ceiling"}
    profile = asked.profiles["conductor-micro"]
    assert profile["provider"] == "openai-compatible"
    assert (profile["model"], profile["base_url"]) == ("tiny", "http://127.0.0.1:1/v1")
    assert asked.timeout_seconds == 600


def test_engine_and_server_are_closed_whatever_happens(bench):
    bench.run()
    bench.engine.raises = OutsideError("the engine broke off")
    with pytest.raises(OutsideError):
        bench.run()
    assert (bench.engine.opened, bench.engine.closed) == (2, 2)
    assert (bench.server.opened, bench.server.closed) == (2, 2)


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        (OutsideError("the server is gone"), RunStatus.FAILED),
        (TimeLimitReached("too slow"), RunStatus.FAILED),
        (KeyboardInterrupt(), RunStatus.INTERRUPTED),
    ],
)
def test_what_ended_badly_is_recorded_and_is_nothing_to_judge(bench, raised, status):
    bench.engine.raises = raised
    with pytest.raises(type(raised)):
        bench.run()
    (row,) = bench.rows
    assert row.status is status
    assert row.due is False
    assert row.output_digest == ""
    assert bench.project.ledger.pending() == []


def test_an_agent_that_failed_fails_the_run_and_keeps_what_the_others_did(bench):
    bench.engine.error = "`worker` failed: timed out"
    with pytest.raises(OutsideError, match="timed out"):
        bench.run()
    (row,) = bench.rows
    assert (row.status, row.error) == (RunStatus.FAILED, "`worker` failed: timed out")
    assert row.agents[0].name == "worker"


def test_an_output_that_a_check_turns_down_is_rejected_and_due(bench):
    bench.engine.output_tokens = 250
    finished = bench.run()
    assert finished.run.status is RunStatus.REJECTED
    assert finished.on_failure == "claude"
    assert finished.run.due is True


MINE = """name: mine
description: d
agents:
  - {{name: a, model_profile: conductor-small}}
  - {{name: b, model_profile: conductor-small, depends_on: [a]}}
x-conductor:
  checks: {}
"""


def own(bench: Bench, checks: str) -> None:
    (bench.root / ".llm-orc/ensembles/mine.yaml").write_text(MINE.format(checks))


def test_an_ensemble_of_one_s_own_declares_what_its_output_is_held_to(bench):
    own(bench, "{labels: [bug, feature]}")
    finished = bench.run("mine")
    assert finished.run.status is RunStatus.REJECTED
    assert [check.name for check in finished.run.checks if not check.passed] == ["label"]


@pytest.mark.parametrize("checks", ["{labls: [bug]}", "{language: klingon}"])
def test_a_check_that_nobody_knows_is_told_before_anything_runs(bench, checks):
    own(bench, checks)
    with pytest.raises(SourceError, match="`checks` of `x-conductor`"):
        bench.run("mine")
    assert bench.engine.asked == []


def test_a_server_that_does_not_start_fails_the_run_and_closes_the_engine(bench):
    def broken():
        raise OutsideError("no model")

    bench.project.open_server = broken
    with pytest.raises(OutsideError, match="no model"):
        bench.run()
    assert bench.engine.opened == bench.engine.closed
    assert bench.rows[0].error == "no model"


def test_a_bound_profile_needs_no_server_of_ours(bench):
    lines = ('provider = "openai-compatible"', 'model = "qwen3:4b"', 'base_url = "http://x/v1"')
    bind(bench.root, "[profiles.conductor-small]", *lines)
    bench.project = bench.open()
    finished = bench.run()
    assert bench.server.opened == 0
    assert bench.engine.asked[0].profiles["conductor-small"]["base_url"] == "http://x/v1"
    assert finished.run.models == (("conductor-small", "qwen3:4b"),)


def test_another_model_is_another_form_with_a_calibration_of_its_own(bench):
    first = bench.run().run
    lines = ('provider = "openai-compatible"', 'model = "qwen3:4b"', 'base_url = "http://x/v1"')
    bind(bench.root, "[profiles.conductor-small]", *lines)
    bench.project = bench.open()
    second = bench.run().run
    assert first.text_digest == second.text_digest
    assert first.bound_digest != second.bound_digest
    assert second.due_reason == "use 1 of 5 in calibration"


def test_texts_are_kept_only_with_consent(bench):
    finished = bench.run()
    assert bench.project.ledger.content(finished.run.output_digest) is None
    settings = bench.root / "conductor.toml"
    settings.write_text(settings.read_text().replace("contents = false", "contents = true"))
    bench.project = bench.open()
    finished = bench.run()
    assert bench.project.ledger.content(finished.run.output_digest) == "a fine summary"
    assert bench.project.ledger.content(finished.run.input_digest) == TEXT


def test_a_changed_spec_is_compiled_before_it_runs(bench):
    spec = bench.root / "registry/specs/summarize-document.toml"
    spec.write_text(spec.read_text().replace("five sentences", "two sentences"))
    bench.run()
    (agent,) = bench.engine.asked[0].ensemble["agents"]
    assert "two sentences" in agent["system_prompt"]


def test_an_ensemble_that_only_the_engine_s_folder_has_runs_as_it_is(bench):
    text = "name: mine\ndescription: d\nagents:\n  - name: a\n    model_profile: conductor-small\n"
    (bench.root / ".llm-orc/ensembles/mine.yaml").write_text(text)
    assert bench.run("mine").run.ensemble == "mine"
    assert (bench.root / ".llm-orc/ensembles/mine.yaml").read_text() == text


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("nobody", UsageError, "there is no ensemble `nobody`"),
        ("../../etc/passwd", UsageError, "is no ensemble name"),
        ("", UsageError, "is no ensemble name"),
    ],
)
def test_what_is_no_ensemble_runs_nothing_and_leaves_no_row(bench, name, error, message):
    with pytest.raises(error, match=message) as caught:
        bench.run(name)
    assert caught.value.exit_code == 2
    assert caught.value.hint
    assert bench.rows == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: [\n", "expected"),
        (
            "agents:\n  - name: a\n    script: scripts/none.py\n",
            "needs the script `scripts/none.py`",
        ),
        ("agents:\n  - name: a\n    model_profile: nobody\n", "needs the profile `nobody`"),
        ("agents:\n  - name: a\n    script: scripts/../../x.py\n", "needs the script"),
        ("- a\n", "the file holds no mapping"),
    ],
)
def test_an_ensemble_that_cannot_be_loaded_is_told_with_its_file(bench, text, message):
    (bench.root / ".llm-orc/ensembles/broken.yaml").write_text(text)
    with pytest.raises(SourceError, match=message) as caught:
        bench.run("broken")
    assert caught.value.at.startswith(".llm-orc/ensembles/broken.yaml")
    assert caught.value.exit_code == 2


def test_the_time_is_predicted_from_what_ran_before(bench):
    first = app.plan(bench.project, "summarize-document", TEXT).prediction
    bench.run()
    second = app.plan(bench.project, "summarize-document", TEXT).prediction
    assert first.basis.startswith("no measurement yet: only bounds are known")
    assert second.basis.startswith("as long as the last run")


def test_a_busy_machine_is_told_where_a_model_runs_on_it(bench, monkeypatch):
    monkeypatch.setattr("conductor.adapters.machine.slowdown", lambda: 5.0)
    told = "other work keeps this machine busy: up to 5 times as long"
    assert told in app.plan(bench.project, "summarize-document", TEXT).prediction.basis
    bind(bench.root, "[profiles.conductor-small]", 'provider = "openai-compatible"',
         'base_url = "http://elsewhere.example/v1"', 'model = "m"')  # fmt: skip
    elsewhere = app.plan(bench.open(), "summarize-document", TEXT).prediction
    assert told not in elsewhere.basis


def test_a_brief_and_the_judging_of_it_are_one_task_that_spares_the_difference(bench):
    given = ("description=Changes.", "condense=Say it.", "question=Which?", "task=multi_document")
    sets = [word for one in given for word in ("--set", one)]
    command("new-ensemble", "notes", "--template", "brief", *sets, "--yes", folder=bench.root)
    text = "\n\n".join(f"Change {n} moves the export to another server." for n in range(60))
    logged = Router(str(bench.root), log=True, say=print)
    decision, decision_id = logged.decide("", {"task": "multi_document", "document_tokens": 9_000})
    plan = app.plan(bench.project, "notes", text, decision_id=decision_id)
    row = app.execute(bench.project, plan, lambda _: None).run
    assert (row.outcome, row.rule, row.decision) == ("prepare", decision.rule, decision_id)
    assert row.claude_tokens == (estimate(text) - estimate("a fine summary")) * 125 // 100
    assert row.estimator == "reading-spared-1@125%"
    account = {one.name: one for one in report(bench.project).savings.rows}
    assert (account["briefs-unknown"].gross, account["unknown"].gross) == (row.claude_tokens, 0)
    shown = command("runs", "show", row.id, folder=bench.root).stdout
    assert f"Claude about {row.claude_tokens:,} less to read" in shown
    assert decision_id in shown
    part = app.plan(bench.project, "notes-item", text)
    assert part.decision.outcome != "prepare"

    bench.engine.output = ""  # what a check turns down spares nothing
    rejected = bench.run("notes", text).run
    assert (rejected.status, rejected.outcome) == (RunStatus.REJECTED, "prepare")
    assert (rejected.claude_tokens, rejected.estimator) == (0, "word-pieces-1@125%")
