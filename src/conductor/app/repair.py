"""`lint --fix`: from findings with edits to new texts, each proven by judging it again.

Nothing is written before the new text has been read strictly and judged: what was to be mended
must be gone, and nothing else may keep the file from the tier.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from conductor.adapters.tree import Tree
from conductor.app.compile import ENGINE
from conductor.app.lint import Judge, Target
from conductor.app.tier_folder import Opened, TierFolder
from conductor.compiler.rendering import source_of
from conductor.core.finding import Finding
from conductor.errors import OutsideError
from conductor.lint.edits import applied, overlap
from conductor.lint.report import Judgement, Report
from conductor.lint.rule import Fix, Splice, Verdict

_ROUNDS = 40  # a file takes a few: two changes that touch come one after the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one class of fixes makes of a text."""

    text: str
    findings: tuple[Finding, ...] = ()  # that are gone then


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One file that can be mended: without a question, and further with a yes."""

    target: Target
    file: str  # as findings name it
    old: str
    safe: Step
    asked: Step  # on top of `safe`
    refusal: str = ""  # why the file is left alone, with what to do instead


def repairs(targets: Iterable[Target], report: Report, judge: Judge) -> Iterator[Repair]:
    """Work out what can be mended of what a report says; nothing is written."""
    folders = {one.folder.shown: one.folder for one in targets}
    wanted = dict.fromkeys(_file(one) for one in report.judgements if _open(one, judge))
    for file in wanted:
        target = _located(folders, file)
        opened = target.folder.yaml(target.path) if target else None
        if target is None or opened is None or opened.escape:
            continue
        old = opened.read.text
        repair = Repair(
            target=target, file=file, old=old, safe=Step(text=old), asked=Step(text=old)
        )
        if refusal := _not_ours_to_edit(target, opened):
            yield replace(repair, refusal=refusal)
            continue
        safe = _step(target, old, judge, (Fix.SAFE,))
        asked = _step(target, safe.text, judge, (Fix.SAFE, Fix.ASK))
        if asked.text != old:
            yield replace(repair, safe=safe, asked=asked)


def write(repair: Repair, now: str, new: str) -> None:
    """Replace a file that still says `now`; raises OutsideError when it does not."""
    folder, path = repair.target.folder, repair.target.path
    there = TierFolder(folder.root, folder.shown).yaml(path)
    if there is None or there.escape or there.content != now.encode():
        raise OutsideError(
            "the file was changed meanwhile", at=repair.file, hint="run the same command again"
        )
    Tree(folder.root).write(path, new.encode())


def _file(one: Judgement) -> str:
    """Name the file that the edits of a judgement are in."""
    return one.edits[0].file or one.finding.at.file


def _open(one: Judgement, judge: Judge) -> bool:
    """Tell whether there is something to mend that counts at the tier asked for."""
    return bool(one.edits) and one.verdict is Verdict.FAIL and one.level(judge.tier) is not None


def _located(folders: dict[str, TierFolder], file: str) -> Target | None:
    for shown in sorted(folders, key=len, reverse=True):
        if file.startswith(shown):
            return Target(folder=folders[shown], path=file.removeprefix(shown))
    return None


def _not_ours_to_edit(target: Target, opened: Opened) -> str:
    """Say why an edit would be lost: another file is the source of this one."""
    if source := source_of(opened.read.text):
        return f"it is written from {source}: change that, then `conductor compile`"
    root = target.folder.root
    if root.endswith(f"/{ENGINE}"):
        registry = TierFolder(f"{root.removesuffix(ENGINE)}registry", "registry/")
        there = registry.yaml(target.path)
        if there and there.content == opened.content:
            return f"it is a copy of registry/{target.path}: change that, then `conductor compile`"
    return ""


def _step(target: Target, text: str, judge: Judge, classes: Sequence[Fix]) -> Step:
    """Mend until nothing is left that these classes can mend."""
    report = _judged(target, text, judge)
    gone: list[Finding] = []
    failing: set[tuple[Splice, ...]] = set()
    for _ in range(_ROUNDS):
        open_ = [
            one
            for one in report.judgements
            if _open(one, judge) and one.fix in classes and _file(one) == _shown(target)
        ]
        chosen = _together([one for one in open_ if one.edits not in failing])
        if not chosen:
            break
        mended = _proven(target, text, judge, report, chosen)
        if mended is None and len(chosen) > 1:
            chosen = chosen[:1]
            mended = _proven(target, text, judge, report, chosen)
        if mended is None:
            failing.add(chosen[0].edits)
            continue
        text, report = mended
        gone.extend(one.finding for one in chosen)
    return Step(text=text, findings=tuple(gone))


def _together(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Choose those whose edits do not touch one another; equal edits are made once."""
    chosen: list[Judgement] = []
    edits: set[Splice] = set()
    for one in judgements:
        new = set(one.edits) - edits
        if not any(overlap(mine, other) for mine in new for other in edits):
            chosen.append(one)
            edits |= new
    return chosen


def _proven(
    target: Target, text: str, judge: Judge, before: Report, chosen: Sequence[Judgement]
) -> tuple[str, Report] | None:
    """Give the new text with what is said about it; None when it is not better throughout."""
    new = applied(text, {edit for one in chosen for edit in one.edits})
    after = _judged(target, new, judge)
    still = {_key(one) for one in after.judgements}
    if any(_key(one) in still for one in chosen):
        return None
    was, now = _blocking(before, judge), _blocking(after, judge)
    better = now <= was or (
        # A person decides: one reason against another, but never more of them.
        any(one.fix is Fix.ASK for one in chosen) and now.total() <= was.total()
    )
    return (new, after) if better else None


def _key(one: Judgement) -> tuple[str, ...]:
    return (one.finding.at.file, one.rule.code, one.field, one.matched)


def _blocking(report: Report, judge: Judge) -> Counter[tuple[str, str]]:
    """Count what keeps each file from the tier, by rule."""
    blocking = (one for one in report.judgements if one.blocks(judge.tier))
    return Counter((one.finding.at.file, one.rule.code) for one in blocking)


def _judged(target: Target, text: str, judge: Judge) -> Report:
    folder = target.folder.with_content(target.path, text.encode())
    return judge.report([replace(target, folder=folder)])


def _shown(target: Target) -> str:
    return f"{target.folder.shown}{target.path}"
