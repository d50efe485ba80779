"""YAML files in an editor with yaml-language-server, which comes from npm: `make editors`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.editors.lsp import Editor

SERVER = ROOT / ".venv/editors/node_modules/yaml-language-server/bin/yaml-language-server"
CASES = "policy/cases/mine.yaml"
WRITTEN = [
    str(path.relative_to(ROOT))
    for pattern in ("policy/cases/*.yaml", "policy/rubrics/*.yaml")
    for path in sorted(ROOT.glob(pattern))
]
SETTINGS = {"validate": True, "completion": True, "schemaStore": {"enable": False}}

pytestmark = pytest.mark.editors


@pytest.fixture(scope="module")
def editor(_compiled: Path) -> Iterator[Editor]:
    assert SERVER.exists(), "run `make editors`"
    with Editor(["node", SERVER, "--stdio"], _compiled, SETTINGS) as editor:
        yield editor


def with_case(*lines: str) -> str:
    """A cases file with one case, whose lines begin in line 4 (from 0)."""
    head = """\
# yaml-language-server: $schema=../../schemas/cases.json
format: 1
cases:
  - name: mine
"""
    return head + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize("file", WRITTEN)
def test_the_files_of_a_workspace_are_as_they_should_be(editor: Editor, file: str):
    assert editor.complaints(file, (ROOT / file).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ("{fixed_shema: true}", "fixed_shema"),
        ("{task: extracton}", "extracton"),
        ("{constraints: 101}", "101"),
        ("{security: 3}", "3"),
    ],
)
def test_a_mistake_in_a_case_is_one_complaint_where_it_stands(
    editor: Editor, facts: str, wrong: str
):
    text = with_case("outcome: claude", f"facts: {facts}")
    assert editor.complaints(CASES, text) == [(5, text.splitlines()[5].index(wrong))]


@pytest.mark.parametrize(
    ("lines", "offered"),
    [
        (("facts:", "  ¦"), {"task", "document_tokens", "security"}),
        (("facts:", "  task: ¦"), {"extraction", "summarization.document_review"}),
        (("outcome: ¦",), {"local", "compose", "prepare", "ask", "claude"}),
        (("rule: ¦",), {"security-work", "proven-ensemble"}),
    ],
)
def test_a_case_is_completed_from_the_declared_names(
    editor: Editor, lines: tuple[str, ...], offered: set[str]
):
    assert offered <= set(editor.offers(CASES, with_case(*lines)))
