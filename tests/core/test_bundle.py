from __future__ import annotations

import json

import pytest

from conductor.adapters import files
from conductor.app.build import bundle_text
from conductor.core import bundle
from conductor.core.digest import canonical, digest
from conductor.errors import UsageError

TEXT = bundle_text(files.packaged())


def test_a_policy_survives_the_way_through_its_bundle():
    policy = bundle.load(TEXT)
    document = {**bundle.dump(policy), "revision": policy.revision}
    assert bundle.load(json.dumps(document)) == policy


def test_the_bundle_is_canonical_and_its_revision_is_its_digest():
    document = json.loads(TEXT)
    assert canonical(document) + "\n" == TEXT
    revision = document.pop("revision")
    assert digest(document) == revision


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": null}', '{"x": 1}'])
def test_a_damaged_bundle_is_refused_with_the_next_step(text):
    with pytest.raises(UsageError) as caught:
        bundle.load(text)
    assert "conductor compile" in caught.value.hint


def test_a_newer_bundle_is_named_so():
    with pytest.raises(UsageError, match="format 2"):
        bundle.load('{"format": 2}')
