"""Putting a sentence into a field of an ensemble in a folder, and what lint says then."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from conductor.app.lint import Judge, Target, judge
from conductor.app.tier_folder import TierFolder
from conductor.core.tier import Tier
from conductor.lint.report import Judgement
from conductor.lint.rule import Verdict
from tests.lint.examples import TODAY
from tests.lint.leaks import LOOKALIKES, ORIGIN, Leak

JUDGE: Judge = judge(Tier.LIBRARY, origin=ORIGIN, root=None, today=TODAY)
# How long a text is says nothing about what it gives away.
_ABOUT_LENGTH = {"too-many-constraints", "thin-description"}
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Missed:
    """A leak that was not found in one field, or what was found without a leak."""

    ensemble: str
    field: str
    what: str


def missed(folder: TierFolder, path: str, leaks: list[Leak]) -> Iterator[Missed]:
    """Inject each leak into each field that it may be noticed in; give those that were not."""
    known = _counted(folder, path, None)
    for leak in leaks:
        for field in fields(folder, path):
            if field == "description" and leak.rule == "undeclared-env":
                continue  # nobody reads a variable out of it
            new = _counted(folder, path, (field, leak.sentence)) - known
            if leak.rule not in {rule for rule, _, _ in new}:
                yield Missed(path, field, str(leak))


def invented(folder: TierFolder, path: str) -> Iterator[Missed]:
    """Put in all that only looks like a leak; give what is found all the same."""
    known = _counted(folder, path, None)
    for field in fields(folder, path):
        for rule, _, matched in _counted(folder, path, (field, "\n".join(LOOKALIKES))) - known:
            if rule not in _ABOUT_LENGTH:
                yield Missed(path, field, f"{rule}: {matched}")


def fields(folder: TierFolder, path: str) -> list[str]:
    """Name the fields that people write sentences into: two of the top, and the first prompt."""
    opened = folder.yaml(path)
    agents = opened.read.data.get("agents") if opened else None
    listed = agents if isinstance(agents, list) else []
    prompts = [str(n) for n, one in enumerate(listed) if "system_prompt" in one]
    return ["description", "default_task", *prompts[:1]]


def _counted(folder: TierFolder, path: str, put: tuple[str, str] | None) -> Counter[Key]:
    return Counter(
        (one.rule.name, one.field, one.matched)
        for one in _judged(folder, path, put)
        if one.verdict is Verdict.FAIL and one.level(Tier.LIBRARY) is not None
    )


def _judged(folder: TierFolder, path: str, put: tuple[str, str] | None) -> tuple[Judgement, ...]:
    opened = folder.yaml(path)
    assert opened is not None
    document = copy.deepcopy(dict(opened.read.data))
    if put is not None:
        field, sentence = put
        holder, key = (document, field)
        if field.isdigit():
            holder, key = document["agents"][int(field)], "system_prompt"  # type: ignore[index]
        holder[key] = f"{holder.get(key) or ''}\n\n{sentence}".strip()
    # JSON is YAML, and does not care which layout the text came from.
    text = json.dumps(document, ensure_ascii=False, indent=1).encode()
    target = Target(folder=folder.with_content(path, text), path=path)
    return JUDGE.report([target]).judgements
