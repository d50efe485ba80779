"""`fmt`: the layout changes, and nothing else."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import example, given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from conductor.adapters import tombi
from conductor.compiler import yaml_layout
from conductor.compiler.rewrite import comments, same
from conductor.errors import OutsideError

Conductor = Callable[..., Result]

RULES = """\
#:schema ../schemas/routing.json
format=1   # the format

[[rule]]
id='second-by-name' # a comment
when={task="extraction",  document_tokens={lt=8000}}
route  = "local"
# about the next rule
[[rule]]
id = "first-by-name"
when = {security=true}
route = "claude"


[default]
route="claude"
reason = "safe"
"""
CASES = """\
# yaml-language-server: $schema=../../schemas/cases.json
format:   1
cases:
- name: one   # a comment
  facts: {task: extraction,   fixed_schema: true}
  text: |
    # no comment
    two
  # about the next case
- name: "two"
  outcome:   claude
"""


def test_the_layout_of_toml(snapshot: SnapshotAssertion):
    assert tombi.laid_out(RULES) == snapshot


def test_the_layout_of_yaml(snapshot: SnapshotAssertion):
    assert yaml_layout.laid_out(CASES) == snapshot


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("a.toml", "a = 1\nb = 2\n", "b = 2\na = 1\n"),
        ("a.toml", "a = 1\n", "a = true\n"),
        ("a.toml", "a = 1 # why\n", "a = 1\n"),
        ("a.toml", "a = 1\n", "a = \n"),
        ("a.yaml", "a: 1\nb: 2\n", "b: 2\na: 1\n"),
        ("a.yaml", "a: [x, # why\n y]\n", "a: [x, y]\n"),
    ],
    ids=["order", "type", "comment", "syntax", "yaml-order", "yaml-comment"],
)
def test_texts_that_do_not_say_the_same(file: str, old: str, new: str):
    assert same(file, old, old)
    assert not same(file, old, new)


def test_a_hash_in_a_string_is_no_comment():
    assert comments("a.toml", 'a = "# no" # yes\nb = """\n# no\n"""\n') == ["yes"]
    assert comments("a.yaml", "a: '# no' # yes\nb: |\n  # no\n") == ["yes"]


def test_check_says_where_and_writes_nothing(workspace: Path, conductor: Conductor):
    file = workspace / "policy/routing.toml"
    file.write_text(RULES, encoding="utf-8")
    done = conductor("fmt", "--check", "--format", "github", folder=workspace)
    assert done.return_value == 1
    assert "file=policy/routing.toml,line=2" in done.stdout
    assert file.read_text(encoding="utf-8") == RULES


def test_diff_shows_what_would_change(workspace: Path, conductor: Conductor):
    (workspace / "policy/routing.toml").write_text(RULES, encoding="utf-8")
    done = conductor("fmt", "--diff", folder=workspace)
    assert done.return_value == 1
    assert "-format=1   # the format\n" in done.stdout
    assert "+format = 1  # the format\n" in done.stdout


def test_after_fmt_nothing_differs_and_the_policy_is_the_same(
    workspace: Path, conductor: Conductor
):
    (workspace / "policy/sampling.toml").write_text(
        "format=1\ncalibration_uses   =5\nrate=0.15\n"
        "[established]\nuses=20\nacceptance_percent=80\n",
        encoding="utf-8",
    )
    assert conductor("fmt", folder=workspace).return_value == 0
    assert conductor("fmt", "--check", folder=workspace).return_value == 0
    assert conductor("compile", "--check", folder=workspace).return_value == 0


def test_a_file_that_would_lose_a_comment_is_left_as_it_is(workspace: Path, conductor: Conductor):
    file = workspace / "policy/cases/default.yaml"
    text = file.read_text(encoding="utf-8")
    commented = text.replace("{task: extraction,", "{task: extraction, # why\n     ", 1)
    file.write_text(commented, encoding="utf-8")
    done = conductor("fmt", folder=workspace)
    assert done.return_value == 0
    assert "warning[no-layout]" in done.stderr
    assert file.read_text(encoding="utf-8") == commented


def test_a_file_that_cannot_be_read_fails_and_the_others_are_written(
    workspace: Path, conductor: Conductor
):
    (workspace / "policy/routing.toml").write_text("rule = [", encoding="utf-8")
    (workspace / "policy/learning.toml").write_text(
        "format=1\n[lora_candidate]\npoor=3\n", encoding="utf-8"
    )
    done = conductor("fmt", folder=workspace)
    assert done.return_value == 1
    assert "policy/routing.toml:1:" in done.stderr
    assert "changed  policy/learning.toml" in done.stdout


def test_without_the_formatter_the_way_to_it_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(OutsideError) as raised:
        tombi.laid_out("a = 1\n")
    assert "llm-conductor[fmt]" in raised.value.hint


def test_what_conductor_itself_writes_is_laid_out(workspace: Path, conductor: Conductor):
    given = ("task=classification", "description=Says which.", "instruction=Say a or b.")
    answers = [word for one in given for word in ("--set", one)]
    conductor("new-ensemble", "mine", "--template", "single", *answers, "--yes", folder=workspace)
    (workspace / "policy/cases/generated.yaml").unlink()
    conductor("test", "--generate", folder=workspace)
    changed = json.loads(conductor("fmt", "--check", "--json", folder=workspace).stdout)["changed"]
    assert (workspace / "registry/specs/mine.toml").exists()
    assert not {"registry/specs/mine.toml", "policy/cases/generated.yaml"} & set(changed)


# Texts with the parts of a policy file in odd spacing; comments and order must survive.
SPACE = st.sampled_from(["", " ", "   "])
COMMENT = st.sampled_from(["", " # why", "#why"])
VALUE = st.sampled_from(
    [
        "1",
        "true",
        '"a # b"',
        "'c'",
        "[1,  2]",
        '["a",\n"b", # c\n]',
        "{x=1,y={lt=2}}",
        '"""\n# d\n"""',
    ]
)


@st.composite
def toml_texts(draw: st.DrawFn) -> str:
    lines = []
    for table in range(draw(st.integers(0, 3))):
        header = draw(st.sampled_from([f"[t{table}]", "[[rule]]", f"[z.t{table}]", ""]))
        lines.append(header + (draw(COMMENT) if header else ""))
        for key in range(draw(st.integers(0, 3))):
            name = f"k{draw(st.integers(0, 9))}x{table}{key}"
            lines.append(f"{name}{draw(SPACE)}={draw(SPACE)}{draw(VALUE)}{draw(COMMENT)}")
        lines.extend([""] * draw(st.integers(0, 3)))
    return "\n".join(lines) + "\n"


@example("[[rule]]\nb = 1  # two\n[t]\na = 1  # one\n[[rule]]\nc = 1  # three\n")
@given(toml_texts())
def test_laying_out_toml_is_idempotent_and_keeps_everything(text: str):
    tomllib.loads(text)
    new = tombi.laid_out(text)
    assert same("a.toml", text, new)
    assert tombi.laid_out(new) == new


NOTE = st.sampled_from(["", " # why", "   #why"])  # without the space it is text


@st.composite
def yaml_texts(draw: st.DrawFn) -> str:
    lines = [draw(st.sampled_from(["", "# head\n"])) + "cases:" + draw(NOTE)]
    indent = " " * draw(st.integers(0, 4))
    for item in range(draw(st.integers(1, 3))):
        lines.append(f"{indent}-{draw(st.sampled_from([' ', '   ']))}name: n{item}{draw(NOTE)}")
        width = " " * (lines[-1].index("name"))
        for key in range(draw(st.integers(0, 2))):
            value = draw(
                st.sampled_from(["1", "'x # y'", "[a,  b]", "{a:  1}", "|\n# text", '"z"'])
            )
            value = value.replace("\n", f"\n{width}  ")
            comment = draw(NOTE) if "|" not in value else ""
            lines.append(f"{width}k{key}:{draw(st.sampled_from([' ', '  ']))}{value}{comment}")
        lines.append(draw(st.sampled_from(["", f"{indent}# between", "\n"])))
    return "\n".join(lines) + "\n"


@given(yaml_texts())
def test_laying_out_yaml_is_idempotent_and_keeps_everything(text: str):
    new = yaml_layout.laid_out(text)
    assert same("a.yaml", text, new)
    assert yaml_layout.laid_out(new) == new
