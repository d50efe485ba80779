from __future__ import annotations

import pytest

from conductor.core.contract import gives, output_schema

LABEL = {"type": "object", "properties": {"label": {"type": "string"}}}
WORKER: dict[str, object] = {"name": "worker", "model_profile": "p"}
FORMED: dict[str, object] = {**WORKER, "response_format": LABEL}
TEXT = {"type": "string", "description": "one line"}


def ensemble(*agents: dict[str, object], **about: object) -> dict[str, object]:
    return {"name": "n", "agents": list(agents), "x-conductor": about}


def merged(*forms: dict[str, object]) -> dict[str, object]:
    parts = [{"name": f"extract-p{number}", **form} for number, form in enumerate(forms)]
    names = [one["name"] for one in parts]
    return ensemble(*parts, {"name": "m", "script": "scripts/merge.py", "depends_on": names})


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (ensemble(WORKER), "text"),
        (ensemble(WORKER, output="json"), "JSON"),
        (ensemble(FORMED), "JSON with label"),
        (ensemble(FORMED, checks={"json_schema": TEXT}), "one line"),
        (ensemble(WORKER, checks={"json_schema": {"type": "string"}}), "text"),
        (ensemble(FORMED, {**FORMED, "name": "other"}), "text"),  # which one is the output?
        (merged({"response_format": LABEL}, {"response_format": LABEL}), "JSON with p0, p1"),
        (merged({"response_format": LABEL}, {}), "text"),
        ({"name": "foreign", "agents": []}, "text"),
    ],
)
def test_what_comes_out_in_a_few_words(document, said):
    assert gives(document) == said


def test_merged_parts_are_an_object_of_their_forms():
    schema = output_schema(merged({"response_format": LABEL}, {"response_format": LABEL}))
    assert schema is not None
    assert schema["properties"] == {"p0": LABEL, "p1": LABEL}
    assert schema["required"] == ["p0", "p1"]
