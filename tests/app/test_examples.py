"""The golden examples say something that can be checked, for every finished ensemble."""

from __future__ import annotations

import tomllib

import pytest

from conductor.app.examples import read_examples
from conductor.core.examples import CHECKS, unmet
from conductor.core.paired import LEAST
from conductor.core.tokens import estimate
from conductor.errors import SourceError
from tests.conftest import ROOT

SPECS = {path.stem: tomllib.loads(path.read_text()) for path in ROOT.glob("registry/specs/*.toml")}


@pytest.mark.parametrize("name", SPECS)
def test_every_finished_ensemble_has_limits_known_failures_and_enough_examples_to_compare(name):
    examples = read_examples(str(ROOT), name)
    assert len(examples) >= LEAST
    assert len({example.input for example in examples}) == len(examples)
    for example in examples:
        assert set(example.holds) & set(CHECKS)
        assert example.good
        assert estimate(example.input) <= SPECS[name]["limits"]["input_tokens"]
    assert SPECS[name]["known_failures"]
    assert {"version", "license", "authors", "default_task"} <= SPECS[name].keys()


def test_the_kit_has_at_least_twelve():
    assert len(SPECS) >= 12


def test_no_folder_of_examples_belongs_to_nobody():
    folders = {path.name for path in (ROOT / "registry/examples").iterdir() if path.is_dir()}
    assert folders == set(SPECS)


@pytest.mark.parametrize(
    ("expected", "output", "unfulfilled"),
    [
        ({"keys": ["a"]}, '{"a": 1}', []),
        ({"keys": ["a"]}, '{"a": 1, "b": 2}', ["keys: ['a']"]),
        ({"keys": ["a"]}, "no JSON", ["keys: ['a']"]),
        ({"label": ["x", "y"]}, '{"label": "y"}', []),
        ({"label": ["x", "y"]}, '{"label": "z"}', ["label: ['x', 'y']"]),
        ({"mentions": ["Ada"], "lacks": ["Bob"]}, "ada", []),
        ({"mentions": ["Ada"], "lacks": ["Bob"]}, "bob", ["mentions: ['Ada']", "lacks: ['Bob']"]),
        ({"most_lines": 1}, "a\nb", ["most_lines: 1"]),
        ({"python": True}, "def f(:", ["python: True"]),
        ({"python": True, "may_be_empty": True}, "", []),
        ({"python": True}, " ", ["there is an output"]),
    ],
)
def test_what_an_output_does_not_fulfil_is_named(expected, output, unfulfilled):
    assert unmet(expected, output) == unfulfilled


def test_an_example_that_is_not_valid_is_refused_at_its_line(tmp_path):
    folder = tmp_path / "registry/examples/x"
    folder.mkdir(parents=True)
    (folder / "case.yaml").write_text("format: 1\ninput: i\nholds:\n  kez: [a]\n")
    with pytest.raises(SourceError, match="unknown key `kez`") as caught:
        read_examples(str(tmp_path), "x")
    assert caught.value.at == "registry/examples/x/case.yaml:4:3"
