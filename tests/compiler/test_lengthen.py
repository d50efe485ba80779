"""A text is added to a list of a policy file, and nothing else changes."""

from __future__ import annotations

import tomllib

import pytest

from conductor.compiler.lengthen import lengthened
from conductor.errors import SourceError
from tests.conftest import ROOT

SAMPLING = (ROOT / "policy/sampling.toml").read_text(encoding="utf-8")
PATH = ("handover", "judges")


def test_one_line_of_the_policy_differs_and_its_comment_stays():
    text = lengthened("sampling.toml", SAMPLING, PATH, "local:a@1")
    twice = lengthened("sampling.toml", text, PATH, "local:b@2")
    changed = [
        new
        for old, new in zip(SAMPLING.splitlines(), twice.splitlines(), strict=True)
        if old != new
    ]
    (line,) = changed
    assert line.startswith('judges = ["local:a@1", "local:b@2"]  # local ones that a person lets')


@pytest.mark.parametrize(
    "text",
    ["a = []", "a = [ ]", "a=['x',]", 'a = [\n  "x, ]",\n  "#y",\n]  # why\nb = 1\n'],
)
def test_however_the_list_is_written(text: str):
    told = tomllib.loads(lengthened("x.toml", text, ("a",), 'q"'))["a"]
    assert told == [*tomllib.loads(text)["a"], 'q"']


@pytest.mark.parametrize(
    ("text", "path"), [("a = [  # x ]\n]", ("a",)), ("b = []", ("a",)), ("a = 1", ("a",))]
)
def test_what_cannot_be_added_to_safely_is_left_alone(text: str, path: tuple[str, ...]):
    with pytest.raises(SourceError, match="`a` cannot be added to"):
        lengthened("x.toml", text, path, "y")
