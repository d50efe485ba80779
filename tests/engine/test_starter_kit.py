"""Every finished ensemble on its golden examples, with the real engine and the embedded model.

The model is tiny: what is asked for is form, not brilliance. What an ensemble delivers either has
the form that its example demands, or conductor's own checks reject it before anyone reads it.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import pytest

from conductor.app.ensembles import load
from conductor.app.examples import read_examples
from conductor.core.checks import check_output, passed
from conductor.core.closure import agents_of
from conductor.core.examples import unmet
from conductor.core.execution import Invocation
from tests.conftest import ROOT

pytestmark = pytest.mark.engine

NAMES = sorted(path.stem for path in (ROOT / "registry/specs").glob("*.toml"))
# Tokens: a free text has to flow on, JSON needs room for its form. A tiny model may repeat itself
# up to the limit; what is cut off there is rejected, and that is a result too.
SHORT, FORMED = 12, 128


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_and_delivers_the_form_or_is_rejected(engine, server, compiled_workspace, name):
    example = read_examples(str(ROOT), name)[0]
    loaded = load(str(compiled_workspace), name)
    profiles = {
        profile: {
            "name": profile,
            "provider": "openai-compatible",
            "model": server.model,
            "base_url": server.base_url,
            "timeout_seconds": 120,
        }
        for profile in loaded.profiles
    }
    document = shortened(loaded.document)
    outcome = engine.invoke(
        Invocation(
            ensemble=document,
            input=example.input,
            children={child: shortened(one) for child, one in loaded.children.items()},
            profiles=profiles,
            scripts=loaded.scripts,
            timeout_seconds=240,
        ),
        lambda _: None,
    )
    assert outcome.error == ""
    checks = check_output(replace(loaded, document=document).material(example.input, outcome))
    if passed(checks):
        assert unmet(example.holds, outcome.output) == [], outcome.output


def shortened(document):
    """Cap what every agent may write, so that the whole kit takes a minute or two."""
    short = copy.deepcopy(document)
    for agent in agents_of(short):
        if "max_tokens" in agent:
            most = FORMED if "response_format" in agent else SHORT
            agent["max_tokens"] = min(agent["max_tokens"], most)
    return short


@pytest.fixture(scope="module")
def compiled_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from conductor.app import init
    from conductor.app.compile import compile_workspace

    folder = tmp_path_factory.mktemp("kit")
    init.apply(init.plan(str(folder)))
    assert not compile_workspace(str(folder)).failed
    return folder
