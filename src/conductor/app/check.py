"""`check`: everything that must hold before a change of policy lands. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, replace

from conductor.app.compile import Compilation, compile_workspace
from conductor.app.layers import layers_of
from conductor.app.lint import lint_targets, origin_of
from conductor.app.lint_targets import Finder
from conductor.app.test import Tested, test_policy
from conductor.compiler.analysis import Analysis, analyse
from conductor.compiler.authorizations import ended
from conductor.compiler.documents import Reader
from conductor.compiler.layers import merge
from conductor.core.finding import Finding, Level, failed, in_order
from conductor.core.tier import Tier
from conductor.lint.report import Report
from conductor.lint.rule import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What each check found; INVARIANT: without `tested` the policy does not compile."""

    compilation: Compilation
    tested: Tested | None
    linted: Report
    analysis: Analysis | None  # None: the policy does not compile
    ended: tuple[Finding, ...]  # authorizations that are over

    @property
    def findings(self) -> tuple[Finding, ...]:
        cases = self.tested.findings if self.tested else ()
        remarks = self.analysis.findings if self.analysis else ()
        linted = (one.finding for one in self.linted.shown if one.verdict in _JUDGED)
        compiled = self.compilation
        return in_order(
            (*compiled.findings, *compiled.differences(), *remarks, *cases, *self.ended, *linted)
        )

    def fails(self, *, strict: bool) -> bool:
        """Tell whether an error stands, or with `strict` a warning, that nobody has waived."""
        warned = any(one.level is Level.WARNING and not one.waived for one in self.findings)
        return failed(self.findings) or (strict and warned)


_JUDGED = (Verdict.FAIL, Verdict.WAIVED)  # what a rule could not judge here is no finding


def check_workspace(root: str, today: str) -> Checked:
    """Compare what compile would write, analyse the policy, run its cases, lint its ensembles.

    `today` (ISO date) is the day on which waivers and authorizations must still hold.
    """
    compiled = compile_workspace(root, check=True)
    # A stale bundle is no fault of the change: `route` renews it by itself.
    committed = tuple(change for change in compiled.changes if change.committed)
    return Checked(
        compilation=replace(compiled, changes=committed),
        tested=None if compiled.failed else test_policy(root),
        analysis=None if compiled.failed else _analysis(root),
        ended=_ended(root, today),
        linted=_lint(root, today),
    )


def _analysis(root: str) -> Analysis | None:
    merged = merge(layers_of(root))
    return analyse(merged.texts, merged.inherited)


def _ended(root: str, today: str) -> tuple[Finding, ...]:
    merged = merge(layers_of(root))
    docs = Reader(merged.texts, merged.inherited).policy()
    return tuple(ended(docs, today)) if docs else ()


def _lint(root: str, today: str) -> Report:
    """Judge what is committed; a draft that stands only where the engine reads may be anything."""
    targets = [one for one in Finder(root, root).find(()) if one.folder.shown == "registry/"]
    return lint_targets(targets, Tier.LOCAL, origin=origin_of(root), root=root, today=today)
