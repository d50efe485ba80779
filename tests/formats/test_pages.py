"""Every kind of finding has a page, or it is a lint rule with one of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conductor.formats.pages import PAGES
from conductor.lint.catalogue import RULES
from tests.test_architecture import modules


def names() -> Iterator[str]:
    """Find the literal names that findings are made with: `Finding(name=…)`."""
    for path in modules().values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
                for argument in node.keywords:
                    if argument.arg == "name" and isinstance(argument.value, ast.Constant):
                        yield str(argument.value.value)


def test_every_kind_of_finding_has_a_page():
    found = set(names())
    assert {"failing-case", "unread-file", "out-of-date"} <= found
    assert found <= PAGES.keys() | RULES.keys()


def test_a_page_is_a_sentence_and_why():
    for page in PAGES.values():
        assert page.summary.endswith(".")
        assert page.why == "" or page.why.endswith(".")
