"""The version that is proposed for a change."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conductor.core.version import Step, following, proposed


@pytest.mark.parametrize(
    ("version", "step", "next_one"),
    [
        ("1.0.0", Step.PATCH, "1.0.1"),
        ("0.2.9", Step.PATCH, "0.2.10"),
        ("1.4.2", Step.MINOR, "1.5.0"),
        ("1.4.2", Step.MAJOR, "2.0.0"),
        ("2024", Step.MAJOR, "1.0.0"),
        ("", Step.PATCH, "1.0.0"),
        ("1.0.0-a", Step.MINOR, "1.0.0"),
    ],
)
def test_a_version_goes_on_by_a_step(version: str, step: Step, next_one: str):
    assert following(version, step) == next_one


def ensemble() -> dict[str, Any]:
    label = {"type": "string", "enum": ["bug", "wish"], "description": "What it is."}
    form = {"type": "object", "properties": {"label": label, "title": {"type": "string"}}}
    return {
        "name": "sort",
        "agents": [
            {"name": "facts", "model_profile": "conductor-small", "response_format": {"a": 1}},
            {"name": "sort", "depends_on": ["facts"], "response_format": form, "max_tokens": 9},
        ],
        "x-conductor": {"env": [{"name": "TOKEN", "why": "reads"}], "capabilities": ["network"]},
    }


def changed(path: str, value: object) -> dict[str, Any]:
    """Set what stands at a dotted path; None takes it away."""
    document = ensemble()
    *way, last = path.split(".")
    here: Any = document
    for part in way:
        here = here[int(part) if part.isdigit() else part]
    if value is None:
        del here[last]
    else:
        here[last] = value
    return document


FORM = "agents.1.response_format.properties"


@pytest.mark.parametrize(
    ("path", "value", "step", "because"),
    [
        ("agents.1.system_prompt", "Sort it.", Step.PATCH, ""),
        ("agents.1.max_tokens", 90, Step.PATCH, ""),
        ("agents.0.response_format", {"b": 2}, Step.PATCH, ""),  # nobody outside sees it
        ("agents.0.model_profile", "conductor-micro", Step.PATCH, ""),
        (f"{FORM}.label.description", "Its kind.", Step.PATCH, ""),
        ("description", "Sorts.", Step.PATCH, ""),
        (f"{FORM}.sure", {"type": "boolean"}, Step.MINOR, "properties.sure.type: boolean` is new"),
        (f"{FORM}.label.enum", ["bug", "wish", "else"], Step.MINOR, "label.enum: else` is new"),
        ("x-conductor.env", None, Step.MINOR, "`TOKEN` is needed no more"),
        (f"{FORM}.label.enum", ["bug"], Step.MAJOR, "label.enum: wish` is gone"),
        (f"{FORM}.title", None, Step.MAJOR, "properties.title.type: string` is gone"),
        ("agents.1.name", "order", Step.MAJOR, "the answer of `sort` is gone"),
        ("x-conductor.capabilities", ["network", "writes"], Step.MAJOR, "it needs `writes`"),
    ],
)
def test_the_step_follows_from_what_others_rely_on(
    path: str, value: object, step: Step, because: str
):
    found = proposed(ensemble(), changed(path, value))
    assert found.step == step
    assert because in "; ".join(found.because)
    assert bool(found.because) == bool(because)


def test_the_order_of_keys_and_labels_is_no_change():
    other = copy.deepcopy(ensemble())
    form = other["agents"][1]["response_format"]
    form["properties"] = dict(reversed(form["properties"].items()))
    form["properties"]["label"]["enum"].reverse()
    assert proposed(ensemble(), other).step is Step.PATCH


_FIELDS = st.dictionaries(
    st.sampled_from(["a", "b", "title"]), st.sampled_from([{"type": "string"}, {"type": "null"}])
)


@settings(max_examples=30)
@given(_FIELDS, _FIELDS)
def test_whoever_may_go_there_and_back_by_less_than_major_changed_nothing(one: Any, other: Any):
    old, new = changed(FORM, one), changed(FORM, other)
    both = {proposed(old, new).step, proposed(new, old).step}
    assert (Step.MAJOR not in both) == (one == other)
