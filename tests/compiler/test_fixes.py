"""A fix changes what it names and nothing else, however the file is written."""

from __future__ import annotations

from typing import Any

import pytest

from conductor.compiler.fixes import renamed, rewritten, without
from conductor.compiler.text import Parsed, parse
from conductor.core.finding import Fix
from conductor.core.mending import mended

TOML = """\
# about all
[[rule]]   # first
id = 'one'
when = { task = "a", any = [{ big = true }, { size = { gt = 1 } }] }

# about two
[[rule]]
id = "two"
when.task = "b"
when."size" = 4
names = [
  "x",
  "y",
]

[rule.more]
deep = 1
# about three
[[rule]]
id = "three"
"""
YAML = """\
# about all
rules:
  - {id: one, task: 'a'}   # first
  - id: "two"
    task: b
"""


def read(text: str) -> Parsed:
    parsed = parse("x.toml" if "[[" in text else "x.yaml", text)
    assert isinstance(parsed, Parsed)
    return parsed


def after(text: str, fix: Fix | None) -> str:
    assert fix
    return mended(text, fix.edits)


@pytest.mark.parametrize(
    ("text", "path", "old", "new"),
    [
        (TOML, ("rule", 0, "id"), "'one'", "'1st'"),
        (TOML, ("rule", 0, "when", "task"), '"a"', '"1st"'),
        (TOML, ("rule", 1, "when", "size"), "4", '"1st"'),
        (TOML, ("rule", 1, "names", 1), '"y"', '"1st"'),
        (YAML, ("rules", 0, "id"), "one", '"1st"'),
        (YAML, ("rules", 0, "task"), "'a'", "'1st'"),
        (YAML, ("rules", 1, "id"), '"two"', '"1st"'),
    ],
)
def test_a_value_is_written_anew_in_its_quotes(text, path, old, new):
    assert after(text, rewritten(read(text), path, "1st")) == text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "path", "old", "new"),
    [
        (TOML, ("rule", 0, "when", "any", 1, "size"), "size =", "length ="),
        (TOML, ("rule", 1, "when", "size"), '"size"', '"length"'),
        (TOML, ("rule", 1, "names"), "names", "length"),
        (YAML, ("rules", 0, "task"), "task: 'a'", "length: 'a'"),
        (YAML, ("rules", 1, "task"), "task: b", "length: b"),
    ],
)
def test_a_key_is_written_anew_and_keeps_its_value(text, path, old, new):
    assert after(text, renamed(read(text), path, "length")) == text.replace(old, new, 1)


@pytest.mark.parametrize("word", ["no", "a b", 'a"b', "1", ""])
def test_a_word_that_needs_quotes_gets_them(word):
    text = after(YAML, rewritten(read(YAML), ("rules", 1, "task"), word))
    data: Any = read(text).data
    assert data["rules"][1] == {"id": "two", "task": word}


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        (("rule", 0, "when", "task"), 'task = "a", '),
        (("rule", 0, "when", "any"), ', any = [{ big = true }, { size = { gt = 1 } }]'),
        (("rule", 0, "when", "any", 0), "{ big = true }, "),
        (("rule", 0, "when", "any", 1), ", { size = { gt = 1 } }"),
        (("rule", 1, "when", "task"), 'when.task = "b"\n'),
        (("rule", 1, "names", 0), '"x",\n  '),
        (("rule", 1, "names", 1), ',\n  "y"'),
        (
            ("rule", 1),
            TOML[TOML.index("[[rule]]\nid = \"two\"") : TOML.index("# about three")],
        ),
        (("rule", 2), '[[rule]]\nid = "three"\n'),
    ],
)  # fmt: skip
def test_what_is_taken_out_leaves_everything_else(path, gone):
    assert after(TOML, without(read(TOML), "remove it", path)) == TOML.replace(gone, "")


def test_what_has_a_comment_is_not_taken_out():
    assert without(read(TOML), "remove it", ("rule", 0)) is None


def test_a_rename_that_would_meet_another_key_is_not_offered():
    assert renamed(read(YAML), ("rules", 0, "task"), "id") is None


def test_lines_end_as_they_did():
    text = TOML.replace("\n", "\r\n")
    fix = without(read(text), "remove it", ("rule", 2))
    assert after(text, fix) == text.replace('[[rule]]\r\nid = "three"\r\n', "")
