"""What the finished ensembles promise of their outputs."""

from __future__ import annotations

import tomllib

import pytest
import yaml

from conductor.compiler.schema import first_problem, schema_problem
from conductor.core.contract import TEXT, output_schema
from tests.conftest import ROOT

SPECS = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "registry/specs").glob("*.toml"))
}
# A text that somebody could take for the output, and must not.
WRONG = {
    "adr-review": "The record is sound.",
    "changelog-entry": "- One change.\n- Another change.\n- A third one.",
    "commit-message": "Fix\n\nIt was broken.",
    "docs-consistency": "## Missing\nnone\n## Contradictions\nnone",
    "lint-fix": "Here it is:\n```python\nx = 1\n```",
    "summarize-document": "# Summary\nThe roof leaks.",
    "test-cases": "The function should be tested with several inputs.",
}
RIGHT = {
    "adr-review": "# Review\n\n## Verdict\nSound.\n\n## Gaps\nNone.\n\n"
    "## Risks\n- cost\n\n## Recommendations\n- go",
    "docs-consistency": "## Contradictions\nNONE\n## Missing\n- a way back",
    "summarize-document": "The roof of the library leaks. It is mended in May.",
}


def schema_of(name: str) -> dict[str, object]:
    text = (ROOT / f"registry/ensembles/{name}.yaml").read_text(encoding="utf-8")
    schema = output_schema(yaml.safe_load(text))
    assert schema, f"{name} promises nothing of its output"
    return dict(schema)


@pytest.mark.parametrize("name", SPECS)
def test_every_finished_ensemble_has_a_schema_of_its_output(name):
    assert schema_problem(schema_of(name)) == ""


@pytest.mark.parametrize("name", WRONG)
def test_a_text_is_held_to_its_schema(name):
    schema = schema_of(name)
    examples = [one["output"].strip() for one in SPECS[name]["parameters"].get("examples", [])]
    right = [*examples, *([RIGHT[name]] if name in RIGHT else [])]
    assert right
    assert [first_problem(schema, text) for text in right] == [""] * len(right)
    assert first_problem(schema, WRONG[name])


def test_the_texts_of_the_kit_are_all_looked_at():
    assert {name for name in SPECS if schema_of(name).get("type") == TEXT} == WRONG.keys()
