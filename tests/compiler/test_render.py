"""Whatever stands in a spec arrives in the ensemble as it is, and as nothing else."""

from __future__ import annotations

import json
from dataclasses import replace

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conductor.adapters import files
from conductor.compiler.form import form
from conductor.compiler.render import Renderer, quoted
from conductor.compiler.schema import check_ensemble
from conductor.compiler.text import parse
from conductor.core.finding import Finding
from tests import templates
from tests.compiler.conftest import SCHEMA, SOURCES
from tests.templates import TEMPLATES, parameters


def render(text, **values):
    return Renderer({"t.j2": text}).render("t.j2", values)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
def test_any_text_comes_back_from_yaml_as_it_was(text):
    assert yaml.safe_load(f"a: {quoted(text)}\n") == {"a": text}


@given(st.integers() | st.booleans())
def test_numbers_and_booleans_come_back_as_what_they_were(value):
    assert yaml.safe_load(f"a: {quoted(value)}\n") == {"a": value}


@given(TEXTS.filter(str.strip), TEXTS.filter(str.strip))
def test_no_instruction_can_add_an_agent_or_a_key(instruction, synthesizer):
    values = {
        "name": "x",
        "description": "d",
        "task": "extraction",
        "output": "text",
        "template_version": 1,
        "extractors": {"one": instruction},
        "analyzers": {"two": "look"},
        "synthesizer": synthesizer,
        **{f"{one}_class": "micro" for one in ("extractor", "analyzer", "synthesizer")},
        **{f"{one}_max_tokens": 100 for one in ("extractor", "analyzer", "synthesizer")},
    }
    text = Renderer(SOURCES).render("templates/swarm/ensemble.yaml.j2", values)
    assert isinstance(text, str)
    agents = yaml.safe_load(text)["agents"]
    names = [agent["name"] for agent in agents]
    assert names == ["extract-one", "join", "analyze-two", "synthesize"]
    assert agents[0]["system_prompt"] == instruction
    assert agents[-1]["system_prompt"] == synthesizer


def test_a_model_sees_fields_in_the_order_in_which_the_engine_hands_on_the_schema():
    whole = '{"zone": "north", "age": 7}'
    values = {"instruction": "Read.", "groups": {"a": {"zone": "text: z", "age": "integer: a"}}}
    values["examples"] = [{"input": "x", "output": whole}]
    (text,) = templates.render("extract", values).values()
    (agent,) = yaml.safe_load(text)["agents"]
    handed_on = yaml.safe_load(yaml.safe_dump(agent))  # as the engine does it
    assert list(agent["response_format"]["properties"]) == list(
        handed_on["response_format"]["properties"]
    )
    assert list(agent["response_format"]["properties"]) == ["age", "zone"]
    assert agent["response_format"]["required"] == ["age", "zone"]
    assert "- age: integer: a\n- zone: text: z" in agent["system_prompt"]
    assert agent["system_prompt"].endswith('{"age": 7, "zone": "north"}')


def test_a_judge_is_asked_for_its_reasons_first_and_for_no_verdict():
    rubric = templates.RUBRICS["summarization"]
    schema = yaml.safe_load(render("{{ rubric | judgement | quoted }}", rubric=rubric))
    assert list(schema["properties"]) == ["criteria", "reasoning", "shortcoming"]
    criteria = schema["properties"]["criteria"]["properties"]
    assert list(criteria) == ["brief", "complete", "grounded"]
    assert list(criteria["brief"]["properties"]) == ["evidence", "reasoning", "result"]
    plain = replace(rubric, criteria=())
    alone = yaml.safe_load(render("{{ rubric | judgement | quoted }}", rubric=plain))
    assert list(alone["properties"]) == ["reasoning", "shortcoming", "verdict"]


def test_a_template_cannot_reach_into_python():
    found = render("{{ ''.__class__.__mro__ | quoted }}")
    assert isinstance(found, Finding)


def test_a_mistake_in_a_template_is_found_at_its_line():
    found = render("a: 1\nb: {{ x | quoted }}\n")
    assert isinstance(found, Finding)
    assert (found.at.file, found.at.line) == ("t.j2", 2)


@given(
    st.dictionaries(st.sampled_from(["one", "two-b"]), TEXTS.filter(str.strip), min_size=1), TEXTS
)
def test_a_form_s_answers_arrive_in_the_spec(agents, description):
    import tomllib

    swarm = form(SOURCES, "swarm")
    answers = {
        "description": description,
        "extractors": agents,
        "analyzers": agents,
        "synthesizer": "s",
    }
    values, missing = swarm.complete(answers)
    assert missing == []
    spec = tomllib.loads(swarm.spec(values))
    assert spec["parameters"]["extractors"] == agents
    assert spec["description"] == description
    assert spec["task"] == "extraction"


def test_every_packaged_template_has_a_page():
    for name in TEMPLATES:
        assert files.read_text(f"{files.packaged()}/templates/{name}/README.md").startswith("# ")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(sorted(TEMPLATES)))
def test_every_template_renders_every_valid_parameter(data, template):
    drawn = data.draw(parameters(template))
    written = templates.render(template, drawn)
    documents = {}
    for name, text in written.items():
        parsed = parse(f"{name}.yaml", text, for_engine=True)
        assert not isinstance(parsed, Finding)
        assert check_ensemble(parsed, SCHEMA) == []
        documents[name] = parsed.data
        assert parsed.data == yaml.safe_load(text)
    everything = "\n".join(_texts(documents))
    if template in {"extract", "judge"}:
        drawn.pop("examples", None)  # the agent is shown its own part of it, in its own words
    for text in _texts(list(drawn.values())):
        assert text in everything or json.dumps(text, ensure_ascii=False)[1:-1] in everything


def _texts(value):
    """Every text that a person wrote, keys of tables included."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
