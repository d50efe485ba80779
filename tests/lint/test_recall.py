"""Known leaks are found wherever they are put, and what only looks like one is left alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from conductor.app.tier_folder import TierFolder
from conductor.lint.rule import Verdict
from tests.conftest import ROOT
from tests.lint.examples import AROUND, judged
from tests.lint.injection import invented, missed
from tests.lint.leaks import LEAKS, LOOKALIKES, ORIGIN, UNSEEN, Leak

KIT = TierFolder(f"{ROOT}/registry", "registry/")
HERE = replace(AROUND, origin=ORIGIN)


def found(sentence: str) -> set[str]:
    """Give the rules that mind a sentence in an otherwise clean prompt."""
    quoted = sentence.replace("\\", "\\\\").replace('"', '\\"')
    task = f'default_task: "List the risks in the text. {quoted}"\n'
    return {one.rule.name for one in judged(task, around=HERE).of(Verdict.FAIL)}


@pytest.mark.parametrize("leak", LEAKS, ids=str)
def test_a_leak_is_found(leak: Leak):
    assert leak.rule in found(leak.sentence)


@pytest.mark.parametrize("sentence", LOOKALIKES)
def test_what_looks_like_a_leak_is_left_alone(sentence: str):
    assert found(sentence) == set()


@pytest.mark.parametrize("leak", UNSEEN, ids=str)
def test_what_lint_does_not_see_is_written_down(leak: Leak):
    assert leak.rule not in found(leak.sentence), "it is found now: move it to the leaks"


def test_leaks_are_found_in_every_ensemble_of_the_starter_kit():
    paths = KIT.ensembles()
    few = zip(paths, LEAKS[:: len(LEAKS) // len(paths)], strict=False)
    assert [one for path, leak in few for one in missed(KIT, path, [leak])] == []


def test_lookalikes_change_nothing_in_the_starter_kit():
    assert [one for path in KIT.ensembles()[::3] for one in invented(KIT, path)] == []


def test_most_leaks_keep_an_ensemble_from_the_library():
    stopping = Counter(
        judged(f"default_task: {leak.sentence!r}\n", around=HERE).failed
        for leak in LEAKS
        if "'" not in leak.sentence and "\\" not in leak.sentence
    )
    assert stopping[True] / stopping.total() > 0.85
