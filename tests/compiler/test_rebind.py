from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.compiler.rebind import rebound
from conductor.core.execution import Binding
from conductor.errors import UsageError

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
BINDINGS = st.builds(
    Binding,
    profile=st.sampled_from(["conductor-micro", "conductor-small"]),
    provider=st.just("openai-compatible"),
    model=WORDS,
    base_url=st.sampled_from(["", "http://127.0.0.1:1/v1"]),
    model_digest=st.sampled_from(["", "sha256:1"]),
)
SMALL = Binding(profile="conductor-small", provider="openai-compatible", model="new", base_url="u")

TEXT = """# mine
format = 1

# the big one
[profiles.conductor-medium]
provider = "openai-compatible"
model = "old"   # why

[ profiles . "conductor-small" ]  # here
provider = "embedded"
model = "x"

# about the last
[profiles.conductor-ceiling]
provider = "embedded"
model = "embedded"
"""


@given(st.lists(BINDINGS, max_size=5))
def test_the_last_binding_of_a_profile_stands_in_the_file(bindings: list[Binding]):
    text = ""
    for one in bindings:
        text = rebound(text, one)
    profiles = tomllib.loads(text).get("profiles", {})
    for one in {one.profile: one for one in bindings}.values():
        assert profiles[one.profile]["model"] == one.model
        assert profiles[one.profile].get("base_url", "") == one.base_url
    assert len(profiles) == len({one.profile for one in bindings})


def test_everything_else_stays_as_it_was_written():
    old = '[ profiles . "conductor-small" ]  # here\nprovider = "embedded"\nmodel = "x"\n'
    lines = ("[profiles.conductor-small]", 'provider = "openai-compatible"', 'model = "new"')
    new = "\n".join([*lines, 'base_url = "u"', ""])
    assert rebound(TEXT, SMALL) == TEXT.replace(old, new)


def test_binding_twice_changes_nothing_more():
    once = rebound(TEXT, SMALL)
    assert rebound(once, SMALL) == once


@pytest.mark.parametrize(
    "text",
    [
        'profiles.conductor-small = {provider = "embedded", model = "x"}\n',
        '[profiles]\nconductor-small = {provider = "embedded", model = "x"}\n',
        '[profiles.conductor-small]\nmodel = """\n[x]\n"""\nprovider = "embedded"\n',
    ],
)
def test_what_cannot_be_replaced_safely_is_refused(text: str):
    with pytest.raises(UsageError, match="cannot be replaced"):
        rebound(text, SMALL)
