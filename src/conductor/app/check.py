"""`check`: everything that must hold before a change of policy lands. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, replace

from conductor.app.compile import Compilation, compile_workspace
from conductor.app.test import Tested, test_policy
from conductor.core.finding import Finding, Level, failed, in_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What each check found; INVARIANT: without `tested` the policy does not compile."""

    compilation: Compilation
    tested: Tested | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        cases = self.tested.findings if self.tested else ()
        return in_order((*self.compilation.findings, *self.compilation.differences(), *cases))

    def fails(self, *, strict: bool) -> bool:
        """Tell whether an error stands, or with `strict` a warning, that nobody has waived."""
        warned = any(one.level is Level.WARNING and not one.waived for one in self.findings)
        return failed(self.findings) or (strict and warned)


def check_workspace(root: str) -> Checked:
    """Compare what compile would write, analyse the policy, and run its cases."""
    compiled = compile_workspace(root, check=True)
    # A stale bundle is no fault of the change: `route` renews it by itself.
    committed = tuple(change for change in compiled.changes if change.committed)
    compilation = replace(compiled, changes=committed)
    tested = None if compilation.failed else test_policy(root)
    return Checked(compilation=compilation, tested=tested)
