"""The commands as people call them: what they see, and the exit code."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import click
import pytest
import tomli_w
import yaml

from conductor.app.project import Project
from conductor.cli.root import COMMANDS, conductor
from tests.conftest import command
from tests.samples import run
from tests.terminal import converse, converse_apart

SWARM = (
    "--set",
    "description=Finds names.",
    "--set",
    "synthesizer=Write a list.",
    "--set",
    "extractors.people=List every person.",
    "--set",
    "analyzers.doubt=Which are doubtful?",
)

ANSWERS = {
    "name": "n",
    "description": "d",
    "synthesizer": "s",
    "extractors": {"a": "A."},
    "analyzers": {"b": "B."},
}


def test_help_lists_the_journey(tmp_path: Path, snapshot):
    assert command("--help", folder=tmp_path).stdout == snapshot


def test_the_list_of_commands_is_what_each_one_says_of_itself():
    context = click.Context(conductor)
    commands = {name: conductor.get_command(context, name) for name in COMMANDS}
    said = {name: one.get_short_help_str(200) for name, one in commands.items() if one}
    assert said == COMMANDS


def cut_off(group: click.Group, name: str = "conductor") -> list[str]:
    """Name the commands whose line in the help does not fit on eighty columns."""
    context = click.Context(group)
    names = group.list_commands(context)
    width = 80 - 2 - 6 - max(len(one) for one in names)  # as click reckons
    found = []
    for one in names:
        inner = group.get_command(context, one)
        assert inner is not None
        if len(inner.get_short_help_str(200)) > width:
            found.append(f"{name} {one}")
        if isinstance(inner, click.Group):
            found += cut_off(inner, f"{name} {one}")
    return found


def test_every_command_is_told_in_a_line_that_fits():
    assert cut_off(conductor) == []


def test_the_bare_command_shows_its_help(tmp_path: Path):
    bare, asked = command(folder=tmp_path), command("--help", folder=tmp_path)
    assert (bare.returncode, bare.stdout, bare.stderr) == (0, asked.stdout, "")


@pytest.mark.parametrize("name", ["route x", "report", "init --yes"])
def test_a_folder_that_is_not_there_is_told(tmp_path: Path, name: str):
    done = command("-C", "nowhere", *name.split(), folder=tmp_path)
    assert done.returncode == (0 if name == "init --yes" else 2)
    assert ("there is no folder `nowhere`" in done.stderr) == (name != "init --yes")


def test_a_misspelt_command_is_answered_with_the_nearest(tmp_path: Path):
    done = command("complie", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "hint: did you mean `compile`?" in done.stderr


@pytest.mark.parametrize("name", ["compile", "run", "evaluate", "report", "new-ensemble"])
def test_without_a_workspace_the_way_to_one_is_shown(tmp_path: Path, name: str):
    arguments = {"run": ["run", "x", "--input", "y"]}.get(name, [name])
    done = command(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert (
        done.stderr
        == "error: this folder is in no workspace\n  hint: make one here: `conductor init`\n"
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [("format = 1\n[engin]\n", "2:2"), ("format = 2\n", "1:1"), ("format: 1\n", "1:7")],
)
def test_settings_that_are_wrong_are_told_with_their_place(workspace: Path, text, place):
    (workspace / "conductor.toml").write_text(text)
    done = command("report", folder=workspace)
    assert done.returncode == 2
    assert done.stderr.startswith(f"conductor.toml:{place}: error: ")


# --- compile


def test_findings_are_printed_with_their_place_and_hint(workspace: Path, snapshot):
    routing = workspace / "policy/routing.toml"
    routing.write_text(routing.read_text().replace("fixed_schema = true", "fixed_shema = true"))
    done = command("compile", folder=workspace)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == snapshot


def test_check_says_what_would_change_and_fails(workspace: Path):
    spec = workspace / "registry/specs/summarize-document.toml"
    spec.write_text(spec.read_text().replace("max_tokens = 250", "max_tokens = 200"))
    done = command("compile", "--check", folder=workspace)
    assert done.returncode == 1
    assert "changed  registry/ensembles/summarize-document.yaml\n" in done.stdout
    done = command("compile", "--json", folder=workspace)
    document = json.loads(done.stdout)
    assert (document["format"], document["ok"]) == (1, True)
    assert {change["action"] for change in document["changes"]} == {"changed"}
    assert command("compile", "--check", folder=workspace).returncode == 0


# --- init


def test_init_shows_asks_writes_and_compiles(tmp_path: Path):
    code, shown = converse_apart(tmp_path, ["init"], [("Write these files? [y/N]:", "y")])
    assert code == 0
    assert "+ policy/routing.toml" in shown
    assert (tmp_path / ".llm-orc/ensembles/adr-review.yaml").exists()
    assert (tmp_path / ".gitignore").read_text() == ".conductor/\n.llm-orc/\n"
    assert command("compile", "--check", folder=tmp_path).returncode == 0


def test_init_does_nothing_without_a_yes(tmp_path: Path):
    code, _ = converse(tmp_path, ["init"], [("Write these files? [y/N]:", "")])
    assert code == 1
    assert command("init", folder=tmp_path).returncode == 2
    assert command("init", "--dry-run", folder=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_init_never_overwrites(tmp_path: Path):
    (tmp_path / ".gitignore").write_text("*.log")
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy/sampling.toml").write_text("mine")
    done = command("init", "--yes", "--json", folder=tmp_path)
    assert done.returncode == 1  # what is mine does not compile, and is told
    assert "policy/sampling.toml:1:" in done.stderr
    assert (tmp_path / "policy/sampling.toml").read_text() == "mine"
    assert (tmp_path / ".gitignore").read_text() == "*.log\n.conductor/\n.llm-orc/\n"


def test_init_takes_a_folder(tmp_path: Path):
    assert command("init", "new/place", "--yes", folder=tmp_path).returncode == 0
    assert (tmp_path / "new/place/conductor.toml").exists()
    again = command("init", "new/place", folder=tmp_path)
    assert (again.returncode, again.stdout) == (
        0,
        f"{tmp_path}/new/place is a workspace already: nothing to write\n",
    )


# --- new-ensemble


def test_a_new_ensemble_by_answers_in_a_terminal(workspace: Path, snapshot):
    answers = [
        ("Which template? [swarm]:", "swam"),
        ("Which template? [swarm]:", ""),
        ("Name of the ensemble:", "Person Facts"),
        ("Name of the ensemble:", "person-facts"),
        ("What does the ensemble do?", "Finds people."),
        ("For which task type? [extraction]:", "extracton"),
        ("For which task type? [extraction]:", ""),
        ("Agent 1, its name (empty: no more)", "names"),
        ("What does `names` do?", "List every name."),
        ("Agent 2, its name (empty: no more)", ""),
        ("Agent 1, its name (empty: no more)", ""),
        ("Agent 1, its name (empty: no more)", "doubt"),
        ("What does `doubt` do?", "Which are doubtful?"),
        ("Agent 2, its name (empty: no more)", ""),
        ("What should the final answer look like?", "A list."),
        ("do the extractors need? [micro]:", ""),
        ("do the analyzers need? [small]:", "large"),
        ("do the analyzers need? [small]:", "small"),
        ("does the synthesizer need? [medium]:", ""),
        ("may one extractor write? [150]:", "5"),
        ("may one extractor write? [150]:", "100"),
        ("may one analyzer write? [200]:", ""),
        ("may the synthesizer write? [500]:", ""),
        ("Write it? [y/N]:", "y"),
    ]
    code, shown = converse(workspace, ["new-ensemble"], answers)
    assert code == 0
    assert shown == snapshot
    assert (
        'names = "List every name."' in (workspace / "registry/specs/person-facts.toml").read_text()
    )
    assert (workspace / ".llm-orc/ensembles/person-facts.yaml").exists()


def test_a_new_judge_is_asked_about_runs_next(workspace: Path):
    template = ("--template", "judge", "--set", "description=d", "--set", "rubric=summarization")
    done = command("new-ensemble", "juror", *template, "--yes", folder=workspace)
    assert done.returncode == 0, done.stderr
    assert "next: conductor evaluate --judge local:juror --pending" in done.stderr


def test_a_no_writes_nothing(workspace: Path):
    code, _ = converse(
        workspace,
        [
            "new-ensemble",
            "names",
            "--template",
            "single",
            "--set",
            "description=d",
            "--set",
            "task=classification",
            "--set",
            "instruction=i",
            "--set",
            "class=micro",
            "--set",
            "max_tokens=20",
        ],
        [("Example 1, its input (empty: no more)", ""), ("Write it? [y/N]:", "n")],
    )
    assert code == 1
    assert not (workspace / "registry/specs/names.toml").exists()


def test_what_suits_a_task_says_from_how_many_uses_it_pays(workspace: Path):
    task = "Extract every endpoint of this document as JSON"
    done = command("new-ensemble", "x", "--for", task, "--dry-run", folder=workspace)
    assert "this is `extraction`: template `extract`\nmaking one pays from about" in done.stderr
    task = "Classify this review as positive or negative"
    done = command("new-ensemble", "x", "--for", task, "--dry-run", "--json", folder=workspace)
    pays = json.loads(done.stdout)["pays"]
    assert pays["judged_by_claude"] > pays["judged_by_a_person"] > 1
    assert pays["use"] == {"read": 200, "written": 10}


@pytest.mark.parametrize(
    ("task", "why"),
    [
        ("What is ADO connection?", "small models invent answers"),
        ("Audit this service for security holes", "security review needs a frontier model"),
        ("Design the architecture of a payment system", "architectural reasoning"),
        ("Fasse dieses Dokument zusammen", "the signals know English only"),
        ("hello", "no rule says that a local model can do this"),
    ],
)
def test_what_small_models_should_not_do_is_left_to_claude_before_any_question(
    workspace: Path, task, why
):
    done = command("new-ensemble", "x", "--for", task, "--yes", folder=workspace)
    assert (done.returncode, done.stdout) == (1, "")
    assert why in done.stderr
    assert "next: leave it to Claude, or insist with `--template`: brief, classify" in done.stderr


def test_nobody_is_asked_about_what_is_left_to_claude(workspace: Path):
    code, shown = converse(workspace, ["new-ensemble", "--for", "What is ADO connection?"], [])
    assert (code, "nothing was made" in shown) == (1, True)


def test_a_refusal_is_an_answer_of_json_too_and_a_template_insists(workspace: Path):
    call = ["new-ensemble", "x", "--for", "What is ADO connection?", "--json"]
    done = command(*call, "--dry-run", folder=workspace)
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["files"], answer["written"]) == (1, [], False)
    assert answer["refused"].startswith("`knowledge_qa`: small models invent")
    done = command(*call, "--dry-run", "--template", "single", folder=workspace)
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["refused"]) == (0, None)
    assert answer["files"] == ["registry/specs/x.toml", "registry/ensembles/x.yaml"]


def test_what_is_there_already_is_named_before_another_is_made(workspace: Path):
    task = "Summarize this document. Keep every name."
    done = command("new-ensemble", "x", "--for", task, "--yes", folder=workspace)
    assert "conductor ensembles show summarize-document" in done.stderr
    spec = tomllib.loads((workspace / "registry/specs/x.toml").read_text())
    assert spec["description"] == "Summarize this document."
    assert spec["parameters"]["instruction"] == task


def test_the_words_of_a_task_answer_what_they_can(workspace: Path):
    task = "Classify this review as positive or negative"
    done = command("new-ensemble", "mood", "--for", task, "--yes", folder=workspace)
    assert done.returncode == 0, done.stderr
    spec = tomllib.loads((workspace / "registry/specs/mood.toml").read_text())
    assert spec["parameters"]["labels"] == {
        "positive": "it is positive",
        "negative": "it is negative",
    }
    assert spec["parameters"]["question"] == spec["description"] == task


def test_a_person_may_take_or_leave_the_labels_that_are_proposed(workspace: Path):
    arguments = ["new-ensemble", "mood", "--for", "Classify a review as good or bad", "--dry-run"]
    answers = [
        ("What does the ensemble do?", ""),
        ("For which task type?", ""),
        ("What is asked about the input?", "How is it?"),
        ("good, bad: these? [Y/n]:", ""),
        ("Example 1, its input (empty: no more)", ""),
        ("does it need?", ""),
        ("tokens", ""),
    ]
    code, shown = converse(workspace, arguments, answers)
    assert code == 0, shown
    assert '"enum": ["good", "bad"]' in shown


def test_a_bad_row_is_told_before_its_value_is_asked_and_a_bad_example_at_once(workspace: Path):
    arguments = ["new-ensemble", "mood", "--template", "classify", "--dry-run"]
    answers = [
        ("What does the ensemble do?", "d"),
        ("For which task type?", ""),
        ("What is asked about the input?", "How is it?"),
        ("Label 1, its name (empty: no more)", " " * 3 + "x" * 99),
        ("Label 1, its name (empty: no more)", "good"),
        ("When does `good` apply?", "praise"),
        ("Label 2, its name (empty: no more)", "bad"),
        ("When does `bad` apply?", "complaint"),
        ("Label 3, its name (empty: no more)", ""),
        ("Example 1, its input (empty: no more)", "It broke."),
        ("and its output: ", "awful"),
        ("Example 1, its input (empty: no more)", "It broke."),
        ("and its output: ", "bad"),
        ("Example 2, its input (empty: no more)", ""),
        ("does it need?", ""),
        ("tokens", ""),
    ]
    code, shown = converse(workspace, arguments, answers)
    assert code == 0, shown
    assert "is not a valid label: use one short line\n  Label 1" in shown
    assert "the example's label `awful` is none of the labels\n  Example 1" in shown


def test_an_example_that_fits_no_label_names_template_line_and_parameters(workspace: Path):
    done = command(
        *("new-ensemble", "mood", "--template", "classify", "--yes", "--set", "description=d"),
        *("--set", "question=How?", "--set", "labels.good=praise", "--set", "labels.bad=blame"),
        *("--set", "examples.1.input=It broke.", "--set", "examples.1.output=awful"),
        folder=workspace,
    )
    assert done.returncode == 1
    assert "templates/classify/ensemble.yaml.j2:8:" in done.stderr
    assert "hint: correct what is given as `question`, `labels`, `examples`" in done.stderr


def test_worked_examples_by_flags(workspace: Path):
    one = ["--set", "examples.1.input=It broke.", "--set", "examples.1.output=bad"]
    done = command(
        *("new-ensemble", "mood", "--template", "classify", "--yes", *one),
        *("--set", "description=d", "--set", "question=How is it?"),
        *("--set", "labels.good=praise", "--set", "labels.bad=complaint"),
        folder=workspace,
    )
    assert done.returncode == 0, done.stderr
    text = (workspace / "registry/ensembles/mood.yaml").read_text()
    assert r"Example input:\nIt broke.\nExample output:\n{\"label\": \"bad\"}" in text


def test_an_example_without_an_output_says_how_to_give_it(workspace: Path):
    done = command(
        *("new-ensemble", "mood", "--template", "single", "--yes", "--set", "description=d"),
        *("--set", "instruction=i", "--set", "examples.1.input=It broke."),
        folder=workspace,
    )
    assert done.returncode == 2
    assert '--set examples.1.input="…" --set examples.1.output="…"' in done.stderr


def test_a_new_ensemble_by_flags(workspace: Path):
    done = command("new-ensemble", "names", *SWARM, "--yes", "--json", folder=workspace)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["files"] == [
        "registry/specs/names.toml",
        "registry/ensembles/names.yaml",
    ]
    routed = command(
        "route",
        "x",
        "--fact",
        "task=extraction",
        "--fact",
        "fixed_schema=true",
        "--fact",
        "document_tokens=9",
        "--json",
        folder=workspace,
    )
    assert json.loads(routed.stdout)["ensemble"] == "names"


def test_a_dry_run_shows_and_writes_nothing(workspace: Path):
    before = sorted(workspace.rglob("*"))
    done = command("new-ensemble", "names", *SWARM, "--dry-run", folder=workspace)
    assert (done.returncode, done.stdout.split()[:2]) == (0, ["would", "write"])
    assert "system_prompt" in done.stderr
    assert sorted(workspace.rglob("*")) == before


def test_what_exists_is_replaced_only_when_asked_and_after_its_diff(workspace: Path):
    command("new-ensemble", "names", *SWARM, "--yes", folder=workspace)
    other = [*SWARM, "--set", "extractor_max_tokens=99", "--yes"]
    assert command("new-ensemble", "names", *other, folder=workspace).returncode == 2
    done = command("new-ensemble", "names", *other, "--replace", folder=workspace)
    assert done.returncode == 0
    assert "-extractor_max_tokens = 150\n+extractor_max_tokens = 99" in done.stderr
    assert "+    max_tokens: 99" in done.stderr


def test_a_task_in_words_proposes_template_and_task(workspace: Path):
    made = ["--set", "question=Which?", "--set", "labels.a=one", "--set", "labels.b=two"]
    text = "Classify each message as spam or ham"
    call = ["new-ensemble", "spam", "--for", text, *made, "--yes"]
    done = command(*call, folder=workspace)
    assert done.returncode == 0, done.stderr
    assert "this is `classification`: template `classify`" in done.stderr
    spec = tomllib.loads((workspace / "registry/specs/spam.toml").read_text())
    assert (spec["template"], spec["task"]) == ("classify", "classification")
    assert spec["description"] == text


def test_a_prompt_that_asks_too_much_is_warned_about(workspace: Path):
    much = "Write at most two lines. Never guess. Always cite. Return JSON. Do not explain."
    call = ["new-ensemble", "much", "--template", "single", "--set", "description=d"]
    done = command(*call, "--set", f"instruction={much}", "--dry-run", folder=workspace)
    assert "warning: `worker` gets 5 instructions" in done.stderr
    assert done.returncode == 0


def test_what_it_writes_compiles_again_to_the_same_bytes(workspace: Path):
    command("new-ensemble", "names", *SWARM, "--yes", folder=workspace)
    assert command("compile", "--check", folder=workspace).returncode == 0


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.toml", tomli_w.dumps(ANSWERS)),
        ("a.yaml", yaml.safe_dump(ANSWERS)),
        ("a.json", json.dumps(ANSWERS)),
    ],
)
def test_a_new_ensemble_from_a_file_of_answers(workspace: Path, file, text):
    (workspace / file).write_text(text)
    done = command("new-ensemble", "--from", file, "--yes", folder=workspace)
    assert done.returncode == 0, done.stderr
    assert (workspace / "registry/ensembles/n.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["names"], "these answers are missing: description, extractors, analyzers, synthesizer"),
        ([], "the ensemble has no name"),
        (["Names", *SWARM], "`Names` is no ensemble name"),
        (["../x", *SWARM], "`../x` is no ensemble name"),
        (["con", *SWARM], "no name that Windows keeps for a device"),
        (["adr-review", *SWARM], "there is an ensemble `adr-review` already"),
        (["names", *SWARM, "--template", "swam"], "there is no template `swam`"),
        (["names", *SWARM, "--set", "colour=red"], "has no parameter `colour`"),
        (["names", *SWARM, "--set", "extractors=x"], "is a table of agents"),
        (["names", *SWARM, "--set", "description=x"], "`--set description` is given twice"),
        (["names", *SWARM, "--set", "x"], "`--set x` has no value"),
        (["names", *SWARM, "--set", "task=extracton"], "no task type `extracton`"),
        (
            ["names", "--template", "judge", "--set", "description=d", "--set", "rubric=outputs"],
            "there is no rubric `outputs`: did you mean `output`?",
        ),
        (["names", *SWARM, "--set", "extractor_max_tokens=many"], "is a whole number"),
        (["names", *SWARM, "--set", "extractors.Bad Name=x"], "is not a valid agent name"),
        (["names", *SWARM], "this needs your consent"),
        (["names", "--for", " "], "`--for` says nothing"),
        (["names", "--from", "nowhere.toml"], "nowhere.toml: error: cannot read the file"),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_hangs(workspace: Path, arguments, message):
    before = sorted(workspace.rglob("*"))
    done = command("new-ensemble", *arguments, folder=workspace)
    assert done.returncode == 2
    assert message in done.stderr
    assert sorted(workspace.rglob("*")) == before


# --- evaluate and report


@pytest.fixture
def judged(workspace: Path) -> Path:
    """A workspace with two runs that wait to be judged."""
    with Project(str(workspace)) as project:
        for name in ("run-000000001", "run-000000002"):
            one = run(name)
            project.ledger.add_run(one, input_text=None, output_text=None)
    return workspace


def test_all_that_wait_are_judged_by_flags(judged: Path):
    flags = ("--reasoning", "fine", "--verdict", "good")
    done = command("evaluate", "--pending", *flags, "--json", folder=judged)
    document = json.loads(done.stdout)
    assert [one["run"] for one in document["evaluations"]] == ["run-000000001", "run-000000002"]
    assert list(document["evaluations"][0]).index("reasoning") < list(
        document["evaluations"][0]
    ).index("verdict")
    assert "2 uses" in command("report", folder=judged).stdout
    assert json.loads(command("report", "--json", folder=judged).stdout)["format"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the judgement lacks its reasoning and its verdict"),
        (["--verdict", "good"], "the judgement lacks its reasoning"),
        (["nobody", "--reasoning", "x", "--verdict", "good"], "there is no run `nobody`"),
        (["run-0", "--reasoning", "x", "--verdict", "good"], "several runs begin with `run-0`"),
        (["--reasoning", "x", "--verdict", "poor"], "a poor output needs a failure mode"),
        (["run-1", "--pending"], "`--pending` takes the runs itself"),
    ],
)
def test_a_judgement_that_is_none_is_refused(judged: Path, arguments, message):
    done = command("evaluate", *arguments, folder=judged)
    assert done.returncode == 2
    assert message in done.stderr


def test_an_empty_report_says_what_to_do(workspace: Path):
    done = command("report", folder=workspace)
    assert done.returncode == 0
    assert done.stdout.startswith("Nothing has run yet.\n")


# --- the packaged data


def test_an_editable_install_and_a_workspace_made_by_init_hold_the_same(tmp_path: Path):
    from conductor.adapters import files

    command("init", "--yes", folder=tmp_path)
    root = Path(files.packaged())
    for folder in ("policy", "schemas", "registry/ensembles", "registry/profiles"):
        mine = {
            p.relative_to(tmp_path): p.read_bytes()
            for p in (tmp_path / folder).rglob("*")
            if p.is_file()
        }
        theirs = {
            p.relative_to(root): p.read_bytes() for p in (root / folder).rglob("*") if p.is_file()
        }
        assert mine == theirs
    shutil.rmtree(tmp_path / "policy")
    assert command("route", "Summarize this text: a", "--json", folder=tmp_path).returncode == 0
