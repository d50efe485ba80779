"""`check --fix`: from findings with a fix to new texts, each proven by compiling it.

Where the policy compiled before, the new one must decide every task as it did; where it did not,
what was to be mended must be gone. Nothing is written before somebody has seen it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from conductor.adapters import files
from conductor.app.build import compile_layers
from conductor.app.layers import layers_of
from conductor.compiler.analysis import analyse
from conductor.compiler.assemble import Compiled
from conductor.compiler.layers import Layer, merge
from conductor.core import bundle
from conductor.core.finding import Finding
from conductor.core.mending import mended, together
from conductor.errors import OutsideError

_ROUNDS = 20  # a file takes a few: what one fix uncovers comes after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """A new text of one file, and the findings that are gone with it."""

    file: str
    old: str
    new: str
    findings: tuple[Finding, ...]


def mends(root: str) -> list[Mend]:
    """Work out what can be mended in the sources of a workspace; nothing is written."""
    state = _State(layers_of(root))
    done: list[Mend] = []
    looked: set[str] = set()
    while open_ := sorted({one.at.file for one in state.found if _own(one)} - looked):
        looked.add(open_[0])
        if open_[0] in state.texts and (mend := _mend(state, open_[0])):
            done.append(mend)
    return done


def write(root: str, mend: Mend) -> None:
    """Replace a file that still says what was mended; raises OutsideError when it does not."""
    path = f"{root}/{mend.file}"
    if files.read_if_there(path) != mend.old:
        raise OutsideError(
            "the file was changed meanwhile", at=mend.file, hint="run the same command again"
        )
    files.write_atomically(path, mend.new)


class _State:
    """A workspace in memory: what is mended in one file counts for the next."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = layers
        self.texts = dict(layers[-1].texts)
        self.result, self.found = self.judged({})

    def judged(self, drafts: Mapping[str, str]) -> tuple[Compiled, list[Finding]]:
        """Compile with other texts; give all that is found about the policy then."""
        layers = [*self.layers[:-1], replace(self.layers[-1], texts={**self.texts, **drafts})]
        result, merged = compile_layers(layers), merge(layers)
        remarks = None if result.failed else analyse(merged.texts, merged.inherited)
        return result, [*result.findings, *(remarks.findings if remarks else ())]

    def take(self, chosen: Sequence[Finding], file: str) -> bool:
        """Make fixes of one file, if it can be proven that they do what they say."""
        edits = [edit for one in chosen if one.fix for edit in one.fix.edits]
        drafts = {file: mended(self.texts[file], edits)}
        result, found = self.judged(drafts)
        if not _proven(self, result, chosen, found):
            return False
        self.texts |= drafts
        self.result, self.found = result, found
        return True


def _mend(state: _State, file: str) -> Mend | None:
    """Mend a file until nothing is left that can be mended there."""
    old = state.texts[file]
    gone: list[Finding] = []
    failing: set[Finding] = set()
    for _ in range(_ROUNDS):
        open_ = (one for one in state.found if one.at.file == file and _own(one))
        chosen = together(one for one in open_ if one not in failing)
        if not chosen:
            break
        tries = [chosen, chosen[:1]]  # what cannot go together goes one by one
        if taken := next((some for some in tries if state.take(some, file)), None):
            gone.extend(taken)
        else:
            failing.update(chosen[:1])
    new = state.texts[file]
    return None if new == old else Mend(file=file, old=old, new=new, findings=tuple(gone))


def _proven(
    state: _State, after: Compiled, chosen: Sequence[Finding], then: Sequence[Finding]
) -> bool:
    wanted = _said(chosen)
    left = _said(state.found) - wanted
    if any(count > left[said] for said, count in _said(then).items() if said in wanted):
        return False
    before = state.result
    return before.failed or (not after.failed and _decides(before) == _decides(after))


def _said(found: Iterable[Finding]) -> Counter[tuple[str, str, str]]:
    """Count findings by what they say, since what is mended moves the places of others."""
    return Counter((one.at.file, one.name, one.message) for one in found)


def _decides(result: Compiled) -> str:
    return bundle.load(result.bundle).fingerprint


def _own(one: Finding) -> bool:
    """Tell whether a finding has a fix within its own file."""
    return one.fix is not None and {edit.at.file for edit in one.fix.edits} == {one.at.file}
