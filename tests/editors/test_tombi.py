"""TOML files in an editor with Tombi: completion and checks from the workspace's own names."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.editors.lsp import Editor

RULES = "policy/routing.toml"
WRITTEN = [
    str(path.relative_to(ROOT))
    for pattern in ("conductor.toml", "policy/*.toml", "registry/specs/*.toml")
    for path in sorted(ROOT.glob(pattern))
]


@pytest.fixture(scope="module")
def editor(_compiled: Path) -> Iterator[Editor]:
    tombi = shutil.which("tombi", path=str(Path(sys.executable).parent))
    assert tombi
    with Editor([tombi, "lsp", "--offline"], _compiled) as editor:
        yield editor


def with_rule(when: str) -> str:
    """The rules of a workspace, before them one whose condition stands in line 5 (from 0)."""
    return f"""\
#:schema ../schemas/routing.json
format = 1
[[rule]]
id = "mine"
route = "local"
when = {when}
[default]
route = "claude"
reason = "safe"
"""


@pytest.mark.parametrize("file", WRITTEN)
def test_the_files_of_a_workspace_are_as_they_should_be(editor: Editor, file: str):
    assert editor.complaints(file, (ROOT / file).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("when", "wrong"),
    [
        ("{ fixed_shema = true }", "fixed_shema"),
        ('{ task = "extracton" }', '"extracton"'),
        ('{ task = ["extraction", "extracton"] }', '"extracton"'),
        ("{ document_tokens = { lte = 8000 } }", "lte"),
        ("{ document_tokens = { lt = -1 } }", "-1"),
        ("{ constraints = 101 }", "101"),
        ("{ security = { gt = 1 } }", "gt"),
        ("{ any = [{ securty = true }] }", "securty"),
        ("{ not = { securty = true } }", "securty"),
        ("{ fixed_schema = 3 }", "3"),
        ("{ }", "{"),
    ],
)
def test_a_mistake_in_a_condition_is_marked_where_it_stands(editor: Editor, when: str, wrong: str):
    text = with_rule(when)
    places = editor.complaints(RULES, text)
    assert set(places) == {(5, text.splitlines()[5].index(wrong))}


def test_a_misspelt_fact_is_one_complaint(editor: Editor):
    assert len(editor.complaints(RULES, with_rule("{ fixed_shema = true }"))) == 1


@pytest.mark.parametrize(
    ("when", "offered"),
    [
        ("{ ¦ }", {"task", "document_tokens", "fixed_schema", "any", "not"}),
        ('{ task = "¦" }', {"extraction", "summarization.document_review"}),
        ("{ security = ¦ }", {"true", "false"}),
        ("{ document_tokens = { ¦ } }", {"lt", "le", "gt", "ge", "eq", "ne", "in", "not_in"}),
        ('{ task = ["¦"] }', {"extraction", "classification"}),
        ("{ any = [{ ¦ }] }", {"task", "security"}),
    ],
)
def test_a_condition_is_completed_from_the_declared_facts(
    editor: Editor, when: str, offered: set[str]
):
    assert offered <= set(editor.offers(RULES, with_rule(when)))


def test_operators_without_meaning_for_a_fact_are_not_offered(editor: Editor):
    offered = set(editor.offers(RULES, with_rule("{ security = { ¦ } }")))
    assert offered >= {"eq", "ne"}
    assert not offered & {"lt", "le", "gt", "ge"}


def test_a_fact_declared_in_this_workspace_is_known_after_compile(workspace: Path):
    from conductor.app.compile import compile_workspace

    facts = workspace / "policy/facts.toml"
    facts.write_text(
        facts.read_text(encoding="utf-8")
        + '\n[facts.urgent]\ntype = "boolean"\ndefault = false\ndescription = "It cannot wait."\n',
        encoding="utf-8",
    )
    assert not compile_workspace(str(workspace)).failed
    tombi = shutil.which("tombi", path=str(Path(sys.executable).parent))
    assert tombi
    with Editor([tombi, "lsp", "--offline"], workspace) as editor:
        assert "urgent" in editor.offers(RULES, with_rule("{ ¦ }"))
        assert editor.complaints(RULES, with_rule("{ urgent = true }")) == []
