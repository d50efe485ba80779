"""What a cold `conductor route` loads: nothing that costs more than the decision."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FORBIDDEN = {
    "click", "dataclasses", "git", "inspect", "jinja2", "jsonschema_rs", "mcp", "pydantic",
    "ruamel", "sqlalchemy", "typing",
}  # fmt: skip

SCRIPT = """
import json, sys
from conductor.__main__ import main
sys.argv = ["conductor", *{arguments!r}]
code = main()
sys.stderr.write(json.dumps([code, sorted(sys.modules)]))
"""


def loaded(folder: Path, *arguments: str, whole: bool = False) -> tuple[int, set[str]]:
    """Run a command in a bare interpreter; gives its exit code and the modules it loaded.

    Of a module's name the first part only, unless the `whole` one is wanted.
    """
    # Without `site`, so that what an editable install loads at start is not counted as ours.
    path = ";".join(("import sys", f"sys.path[:0] = {[p for p in sys.path if p]!r}"))
    script = path + SCRIPT.format(arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-S", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, {name if whole else name.split(".")[0] for name in modules}


@pytest.mark.parametrize(
    "arguments",
    [
        ["route", "Extract all dates", "--fact", "fixed_schema=true", "--json"],
        ["route", "Extract all dates", "--no-log"],
    ],
    ids=["json", "plain"],
)
def test_route_loads_only_json_and_the_core(workspace: Path, arguments: list[str]):
    code, modules = loaded(workspace, *arguments)
    assert code == 0
    assert modules & FORBIDDEN == set()


def test_nothing_is_loaded_for_what_is_not_there_or_not_shown(workspace: Path):
    _, modules = loaded(workspace, "route", "Extract all dates", "--json", whole=True)
    unneeded = {"contextlib", "conductor.app.deprecations", "conductor.cli.following"}
    assert modules & unneeded == set()


def test_the_process_ends_with_all_that_was_said_and_the_right_code(workspace: Path):
    command = [sys.executable, "-m", "conductor", "route", "Extract all dates"]
    done = subprocess.run([*command, "--json"], cwd=workspace, capture_output=True, check=True)
    assert json.loads(done.stdout)["format"] == 1
    wrong = [*command, "--fact", "x=1"]
    refused = subprocess.run(wrong, cwd=workspace, capture_output=True, check=False)
    assert (refused.returncode, bool(refused.stderr)) == (2, True)
    with subprocess.Popen(command, cwd=workspace, stdout=subprocess.PIPE) as gone:
        assert gone.stdout
        gone.stdout.close()
    assert gone.returncode == 0


def test_the_list_of_commands_loads_none_of_them(tmp_path: Path):
    code, modules = loaded(tmp_path, "--help")
    assert code == 0
    assert modules & (FORBIDDEN - {"click", "dataclasses", "inspect", "typing"}) == set()


def test_an_explanation_loads_the_algebra_and_only_then(workspace: Path):
    _, plain = loaded(workspace, "route", "Extract all dates", whole=True)
    code, modules = loaded(workspace, "route", "Extract all dates", "--explain", whole=True)
    assert code == 0
    assert {"conductor.core.space"} == {"conductor.core.space"} & (modules - plain)
    assert modules & (FORBIDDEN - {"dataclasses", "inspect", "typing"}) == set()


def test_the_first_route_of_a_workspace_compiles_and_the_second_does_not(workspace: Path):
    (workspace / ".conductor/bundle.json").unlink()
    _, first = loaded(workspace, "route", "Extract all dates")
    _, second = loaded(workspace, "route", "Extract all dates")
    assert "pydantic" in first
    assert "pydantic" not in second


def test_an_unknown_fact_does_not_load_more_than_the_words_to_say_so(workspace: Path):
    code, modules = loaded(workspace, "route", "Extract", "--fact", "fixed_shema=true")
    assert code == 2
    assert modules & {"pydantic", "click", "sqlalchemy"} == set()
