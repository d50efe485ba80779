from __future__ import annotations

import random
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conductor.compiler import foreign
from conductor.core.closure import (
    Change,
    Gap,
    Kind,
    Shelf,
    close,
    compare,
    is_script_path,
    semantic_digest,
)
from conductor.core.execution import Binding

PROFILE = {"name": "conductor-small", "description": "small", "timeout_seconds": 120}
SCRIPT = b"print(1)\n"
ENSEMBLE: dict[str, Any] = {
    "name": "facts",
    "description": "finds facts",
    "agents": [
        {"name": "find", "model_profile": "conductor-small", "system_prompt": "List facts."},
        {"name": "join", "script": "scripts/join.py", "depends_on": ["find"]},
    ],
    "x-conductor": {"task": "extraction"},
}
SHELF = Shelf(
    ensembles={"facts": ENSEMBLE},
    profiles={"conductor-small": PROFILE},
    scripts={"scripts/join.py": SCRIPT},
)
TINY = Binding(profile="conductor-small", provider="openai-compatible", model="tiny")


def text_digest(ensemble: dict[str, object] = ENSEMBLE, shelf: Shelf = SHELF) -> str:
    return close("facts", ensemble, shelf).text_digest


def changed(**keys: object) -> dict[str, object]:
    first, second = ENSEMBLE["agents"]
    return {**ENSEMBLE, "agents": [{**first, **keys}, second]}


def test_digests_are_the_ones_that_old_ledgers_hold():
    closure = close("facts", ENSEMBLE, SHELF)
    assert [(one.kind, one.name, one.digest) for one in closure.members] == [
        (
            Kind.ENSEMBLE,
            "facts",
            "sha256:1f9af9dfdac98fe6a531c654dd2a0aca6fb782db3edd12868541668812755428",
        ),
        (
            Kind.PROFILE,
            "conductor-small",
            "sha256:5e7db92475e837fd88d644588250496ed80c88fb7cc62bf695c8d8783262e2c2",
        ),
        (
            Kind.SCRIPT,
            "scripts/join.py",
            "sha256:cc42155088fca5730758db72b2a5bca33112a941dfaa2d43098ec422ce4ea213",
        ),
    ]
    assert closure.text_digest == (
        "sha256:44d75c570ed7824d2ce7dcbc586a2f25a03afcf91e05698a5817a1adedfc23c5"
    )
    assert closure.bound_digest({"conductor-small": TINY}) == (
        "sha256:b7bb1b8a5ad9892da217335bed0e688fac8c6dffb97fbe9f12597bbfc12bd849"
    )


@pytest.mark.parametrize(
    "same",
    [
        {**ENSEMBLE, "description": "other words"},
        {**ENSEMBLE, "x-conductor": {}},
        dict(reversed(ENSEMBLE.items())),
        {**ENSEMBLE, "agents": [dict(reversed(one.items())) for one in ENSEMBLE["agents"]]},
    ],
    ids=["description", "metadata", "order of keys", "order of agents' keys"],
)
def test_what_the_engine_does_not_execute_changes_no_digest(same):
    assert text_digest(same) == text_digest()


@pytest.mark.parametrize(
    "other",
    [changed(system_prompt="List Facts."), changed(max_tokens=10), changed(temperature=0.1)],
    ids=["prompt", "limit", "temperature"],
)
def test_what_the_engine_executes_changes_the_digest(other):
    assert text_digest(other) != text_digest()


def test_one_byte_of_a_script_changes_the_digest():
    shelf = Shelf(
        ensembles=SHELF.ensembles, profiles=SHELF.profiles, scripts={"scripts/join.py": b"\n"}
    )
    assert text_digest(shelf=shelf) != text_digest()


def test_a_profile_s_timeout_changes_the_digest_and_its_description_does_not():
    def with_profile(**keys: object) -> str:
        profiles = {"conductor-small": {**PROFILE, **keys}}
        return text_digest(shelf=Shelf(profiles=profiles, scripts=SHELF.scripts))

    assert with_profile(description="another") == text_digest()
    assert with_profile(timeout_seconds=1) != text_digest()


def test_the_bound_digest_follows_the_model_and_then_its_weights():
    closure = close("facts", ENSEMBLE, SHELF)
    other = Binding(profile="conductor-small", provider="openai-compatible", model="other")
    weights = Binding(
        profile="conductor-small", provider="x", model="tiny", model_digest="sha256:1"
    )
    renamed = Binding(
        profile="conductor-small", provider="y", model="alias", model_digest="sha256:1"
    )
    digests = [closure.bound_digest({"conductor-small": one}) for one in (TINY, other, weights)]
    assert len({*digests, closure.bound_digest({})}) == 4
    assert closure.bound_digest({"conductor-small": renamed}) == digests[2]


def test_children_fallbacks_and_loop_bodies_belong_to_the_closure():
    child = {"agents": [{"name": "a", "model_profile": "one"}]}
    parent = {
        "agents": [
            {"name": "run", "ensemble": "child"},
            {"name": "loop", "loop": {"body": "body"}},
            {"name": "go", "dispatch": "${chosen}"},
        ],
        "x-conductor": {"dispatch_targets": ["target"]},
    }
    shelf = Shelf(
        ensembles={"child": child, "body": child, "target": child},
        profiles={"one": {"fallback_model_profile": "two"}, "two": {}},
    )
    closure = close("parent", parent, shelf)
    assert closure.gaps == ()
    assert [one.name for one in closure.of(Kind.ENSEMBLE)] == ["body", "child", "parent", "target"]
    assert [one.name for one in closure.of(Kind.PROFILE)] == ["one", "two"]


def test_ensembles_that_call_each_other_are_walked_once():
    shelf = Shelf(
        ensembles={
            "a": {"agents": [{"name": "x", "ensemble": "b"}]},
            "b": {"agents": [{"name": "x", "ensemble": "a"}]},
        }
    )
    assert [one.name for one in close("a", shelf.ensembles["a"], shelf).members] == ["a", "b"]


def test_what_nobody_has_is_a_gap_that_names_who_wants_it():
    closure = close("facts", ENSEMBLE, Shelf())
    assert closure.gaps == (
        Gap(Kind.PROFILE, "conductor-small", "find"),
        Gap(Kind.SCRIPT, "scripts/join.py", "join"),
    )


@pytest.mark.parametrize(
    ("reference", "path"),
    [("scripts/join", True), ("join.py", True), ("run.sh", True), ("cat", False), ("jq .a", False)],
)
def test_a_script_is_a_path_when_the_engine_takes_it_for_one(reference, path):
    assert is_script_path(reference) is path


def test_unknown_top_level_keys_do_not_count_as_content():
    assert semantic_digest({**ENSEMBLE, "note": "x"}) == semantic_digest(ENSEMBLE)


def test_two_forms_of_a_closure_differ_by_their_parts():
    old = close("facts", ENSEMBLE, SHELF)
    shelf = Shelf(profiles=SHELF.profiles, scripts={"scripts/join.py": b"print(2)\n"})
    new = close("facts", ENSEMBLE, shelf)
    assert compare(old.members, new.members) == ((Kind.SCRIPT, "scripts/join.py", Change.CHANGED),)
    assert compare(old.members, old.members) == ()
    assert compare((), old.members)[0] == (Kind.ENSEMBLE, "facts", Change.ADDED)
    assert compare(old.members, ())[0] == (Kind.ENSEMBLE, "facts", Change.REMOVED)


def test_other_weights_under_the_same_text_are_told_from_another_text():
    closure = close("facts", ENSEMBLE, SHELF)
    other = Binding(profile="conductor-small", provider="openai-compatible", model="other")
    before = closure.bound_members({"conductor-small": TINY})
    after = closure.bound_members({"conductor-small": other})
    assert compare(before, after) == ((Kind.MODEL, "conductor-small", Change.CHANGED),)


WORD = st.text(st.sampled_from("abc de-\n:#\"'"), min_size=1, max_size=12)
AGENT = st.fixed_dictionaries(
    {"name": WORD, "system_prompt": WORD, "max_tokens": st.integers(1, 900)},
    optional={"temperature": st.sampled_from([0.1, 0.5]), "options": st.dictionaries(WORD, WORD)},
)
DOCUMENTS = st.fixed_dictionaries(
    {"name": WORD, "description": WORD, "agents": st.lists(AGENT, min_size=1, max_size=3)}
)


def shuffled(value: object, order: random.Random) -> object:
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    return [shuffled(item, order) for item in value] if isinstance(value, list) else value


def read_back(text: str) -> Any:
    read = foreign.read("x.yaml", text.encode())
    assert read.troubles == ()
    return read.data


@given(DOCUMENTS, st.randoms(use_true_random=False), WORD)
def test_comments_and_the_order_of_keys_never_change_a_digest(document, order, words):
    plain = yaml.safe_dump(document, sort_keys=True, allow_unicode=True)
    note = "# " + words.replace("\n", " ") + "\n"
    parts = yaml.safe_dump(shuffled(document, order), sort_keys=False).splitlines(keepends=True)
    commented = "".join(note + part if part[0] not in " \n" else part for part in parts)
    assert close("x", read_back(plain), Shelf()) == close("x", read_back(commented), Shelf())


@given(DOCUMENTS, st.data())
def test_any_change_of_a_prompt_changes_the_digest(document, data):
    agent = data.draw(st.sampled_from(document["agents"]))
    before = close("x", document, Shelf()).text_digest
    agent["system_prompt"] += data.draw(WORD)
    assert close("x", document, Shelf()).text_digest != before


@given(st.binary(), st.binary())
def test_any_change_of_a_script_changes_the_digest(one, other):
    digests = {
        close("facts", ENSEMBLE, Shelf(profiles=SHELF.profiles, scripts={"scripts/join.py": each}))
        for each in (one, other)
    }
    assert (len(digests) == 1) == (one == other)


def test_declared_files_and_every_link_of_a_fallback_chain_belong_to_the_closure():
    ensemble = {
        "agents": [{"name": "a", "model_profile": "one", "fallback_model_profile": "three"}],
        "x-conductor": {"files": ["scripts/_helpers.py", "scripts/gone.py"]},
    }
    chain = {"one": {"fallback_model_profile": "two"}, "two": {"fallback_model_profile": "one"}}
    shelf = Shelf(profiles=chain, scripts={"scripts/_helpers.py": b""})
    closure = close("x", ensemble, shelf)
    assert [one.name for one in closure.of(Kind.PROFILE)] == ["one", "two"]
    assert [one.name for one in closure.of(Kind.FILE)] == ["scripts/_helpers.py"]
    assert {gap.name for gap in closure.gaps} == {"three", "scripts/gone.py"}
