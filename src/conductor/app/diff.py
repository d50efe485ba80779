"""`diff`: what a change of policy means, proven over the whole fact space."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conductor.adapters import files
from conductor.app.build import compile_layers, refuse
from conductor.app.layers import layers_from, layers_of
from conductor.app.log import decisions_of
from conductor.app.revisions import texts_at
from conductor.compiler.layers import Layer, merge
from conductor.compiler.text import Parsed, parse
from conductor.core import bundle
from conductor.core.changes import Change, changes
from conductor.core.comparison import Comparison, EnsembleChange
from conductor.core.difference import flips, shared_space
from conductor.core.policy import Policy
from conductor.core.replay import Replay, replay
from conductor.core.weights import written
from conductor.errors import UsageError

_ENSEMBLES = "registry/ensembles/"
# What the engine only shows, or what says where the file comes from.
_SHOWN_ONLY = {"name", "description", "tasks", "x-conductor"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two: its compiled policy, and the texts that it was compiled from."""

    policy: Policy
    sections: Mapping[str, Any]
    texts: Mapping[str, str]  # sources and what is rendered from them


def compare(folder: str, old: str, new: str | None) -> Comparison:
    """Compare two workspaces, each a folder or `REVISION[:FOLDER]` of the repository at `folder`.

    Without `new`, `old` is compared with the workspace at `folder`. Raises UsageError or
    SourceError when one of them cannot be found or does not compile.
    """
    before = _side(folder, old)
    after = _side(folder, new) if new is not None else _here(folder)
    return _compared(folder, before, after)


def compare_draft(root: str, drafts: Mapping[str, str]) -> Comparison:
    """Compare a workspace with itself as it would be with `drafts` (path -> text) written.

    Raises SourceError when one of the two does not compile.
    """
    layers = layers_of(root)
    return _compared(root, _compiled(layers, ""), _compiled(layers, "", drafts))


def _compared(folder: str, before: Side, after: Side) -> Comparison:
    one, two = before.policy, after.policy
    found = flips(one, two, shared_space(one, two))
    return Comparison(
        old_revision=one.revision,
        new_revision=two.revision,
        flips=tuple(sorted(found, key=lambda flip: not flip.riskier)),
        changes=tuple(_changes(before, after)),
        derivation=tuple(_derivation(before.sections, after.sections)),
        ensembles=tuple(_ensembles(before, after)),
        replay=_replay(folder, one, two),
    )


def _here(folder: str) -> Side:
    root = files.find_workspace(folder)
    if root is None:
        raise UsageError("this folder is in no workspace", hint="name what to compare with")
    return _compiled(layers_of(root), f"{root}/")


def _side(folder: str, name: str) -> Side:
    path = Path(folder) / name
    if (path / files.SETTINGS).is_file():
        return _compiled(layers_of(str(path.resolve())), f"{name}/")
    revision, _, below = name.partition(":")
    root = files.find_workspace(folder) or folder
    texts = texts_at(root, revision, below=below if ":" in name else None)
    return _compiled(layers_from(texts, root), f"{name}:")


def _compiled(
    layers: Sequence[Layer], prefix: str, drafts: Mapping[str, str] | None = None
) -> Side:
    result = compile_layers(layers, drafts)
    refuse(result, prefix)
    return Side(
        policy=bundle.load(result.bundle),
        sections=json.loads(result.bundle),
        texts={**merge(layers).texts, **(drafts or {}), **result.files},
    )


def _changes(old: Side, new: Side) -> Iterator[Change]:
    for name in bundle.NUMBERS:
        yield from changes(name, old.sections[name], new.sections[name])
    yield from changes("rubrics", _rubrics(old.sections), _rubrics(new.sections))
    yield from changes("floors", _floors(old.sections), _floors(new.sections))
    yield from changes("planning", _planning(old.sections), _planning(new.sections))
    yield from changes("weights", _weights(old.sections), _weights(new.sections))
    yield from changes("composition", old.sections["composition"], new.sections["composition"])
    yield from changes("delegation", _delegation(old.sections), _delegation(new.sections))
    yield from changes("authorizations", _authorizations(old), _authorizations(new))
    one, two = _rules(old.policy), _rules(new.policy)
    yield from changes(
        "rules",
        {name: rule for name, rule in one.items() if name in two},
        {name: rule for name, rule in two.items() if name in one},
    )


def _rubrics(sections: Mapping[str, Any]) -> dict[str, Any]:
    leave_out = ("name", "revision")
    return {
        name: {key: value for key, value in rubric.items() if key not in leave_out}
        for name, rubric in sections["rubrics"].items()
    }


def _delegation(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Give what no other section says: the rest of it is told with composing and planning."""
    own = ("measured_uses", "unmeasured", "within_input")
    return {name: sections["delegation"][name] for name in own}


def _planning(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the floors, which the plan only has a copy of."""
    return {name: value for name, value in sections["planning"].items() if name != "floors"}


def _weights(sections: Mapping[str, Any]) -> dict[str, Any]:
    return {
        fact: {written(values): weight for values, weight in parts}
        for fact, parts in sections["weights"].items()
    }


def _floors(sections: Mapping[str, Any]) -> dict[str, Any]:
    return {floor["id"]: floor for floor in sections["floors"]}


def _authorizations(side: Side) -> dict[str, str]:
    """Give who may do what without being asked about, and for how long."""
    return {f"{one.task} by {one.ensemble}": one.days for one in side.policy.authorizations}


def _rules(policy: Policy) -> dict[str, dict[str, object]]:
    """Give what a rule says beyond which tasks it takes and where they go."""
    return {
        rule.id: {"ensemble": rule.ensemble, "ask": rule.ask, "on_failure": rule.on_failure}
        for rule in policy.rules
    }


def _derivation(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    yield from changes("facts", old["facts"], new["facts"])
    one, two = (_signals(side) for side in (old, new))
    yield from changes("signals", one, two)


def _signals(sections: Mapping[str, Any]) -> dict[str, Any]:
    return {name: {"fact": fact, **how} for name, fact, how in sections["signals"]}


def _ensembles(old: Side, new: Side) -> Iterator[EnsembleChange]:
    before, after = _digests(old), _digests(new)
    for name in sorted({*before, *after}):
        if name not in after:
            yield EnsembleChange(name=name, what="removed")
        elif name not in before:
            yield EnsembleChange(name=name, what="added")
        elif before[name] != after[name]:
            found = changes("", _document(old, name), _document(new, name))
            leaves = (Change(path=one.path[1:], old=one.old, new=one.new) for one in found)
            yield EnsembleChange(name=name, what="changed", changes=tuple(leaves))


def _digests(side: Side) -> dict[str, str]:
    rows = json.loads(side.texts["registry/index.json"])["ensembles"]
    return {row["name"]: row["text_digest"] for row in rows}


def _document(side: Side, name: str) -> dict[str, Any]:
    path = f"{_ENSEMBLES}{name}.yaml"
    parsed = parse(path, side.texts[path], for_engine=True)
    data = parsed.data if isinstance(parsed, Parsed) else {}
    document = data if isinstance(data, dict) else {}
    return {key: value for key, value in document.items() if key not in _SHOWN_ONLY}


def _replay(folder: str, old: Policy, new: Policy) -> Replay | None:
    root = files.find_workspace(folder)
    log = decisions_of(root) if root else None
    return replay(old, new, log.decisions, log.verdicts) if log else None
