"""Lint on the ensembles in the engine's own wheel, which nobody here wrote."""

from __future__ import annotations

from functools import cache
from importlib.metadata import files as files_of
from pathlib import Path

import pytest

from conductor.app.lint import Target, lint_targets
from conductor.app.tier_folder import TierFolder
from conductor.core.tier import Tier
from conductor.lint.rule import Verdict
from tests.lint.examples import TODAY
from tests.lint.injection import JUDGE, invented, missed
from tests.lint.leaks import LEAKS

pytestmark = pytest.mark.engine


@cache
def shipped() -> tuple[tuple[TierFolder, str], ...]:
    """About a hundred ensembles, by the folder that holds `ensembles/`."""
    found = [Path(str(one.locate())) for one in files_of("llm-orchestra") or ()]
    roots = {
        parent.parent
        for path in found
        for parent in path.parents
        if parent.name == "ensembles" and path.suffix == ".yaml"
    }
    folders = [TierFolder(str(root), f"{root.name}/") for root in sorted(roots)]
    return tuple((folder, path) for folder in folders for path in folder.ensembles())


def test_none_of_them_is_an_error_at_home():
    assert len(shipped()) >= 90
    targets = [Target(folder=folder, path=path) for folder, path in shipped()]
    report = lint_targets(targets, Tier.LOCAL, origin=None, root=None, today=TODAY)
    assert [one.finding for one in report.judgements if one.blocks(Tier.LOCAL)] == []


def test_the_names_of_another_project_are_found_in_none_of_them():
    targets = [Target(folder=folder, path=path) for folder, path in shipped()]
    report = JUDGE.report(targets)
    confirmed = [one for one in report.judgements if one.confirmed_by == "fingerprint"]
    assert [one.finding.message for one in confirmed] == []
    leaks = {"secret", "personal-data", "internal-endpoint", "outside-reference", "project-name"}
    assert [
        one.finding
        for one in report.judgements
        if one.rule.name in leaks and one.verdict is Verdict.FAIL
    ] == []


def test_every_leak_is_found_wherever_it_is_put():
    apart = 41  # each leak is put into four ensembles, three fields each
    gone = [
        one
        for number, (folder, path) in enumerate(shipped())
        for one in missed(folder, path, [*LEAKS[number % apart :: apart]])
    ]
    assert gone == []


def test_lookalikes_change_nothing():
    assert [one for folder, path in shipped()[::9] for one in invented(folder, path)] == []
