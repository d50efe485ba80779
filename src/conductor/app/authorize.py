"""`authorize`: an entry in a policy file instead of a question each time. Only `apply` writes."""

from __future__ import annotations

from datetime import date

from conductor.adapters import clock
from conductor.app import edits
from conductor.app.build import compiled, refuse
from conductor.app.layers import layers_of
from conductor.app.project import Project
from conductor.compiler import authorizations
from conductor.compiler.documents import AUTHORIZATIONS
from conductor.compiler.layers import ORGANISATION, merge
from conductor.compiler.problems import nearest
from conductor.core.authorization import Authorization
from conductor.core.digest import digest
from conductor.core.policy import TASK
from conductor.core.proposal import Edit
from conductor.errors import UsageError


def grant(project: Project, task: str, ensemble: str, until: str = "") -> Edit:
    """Show what would be written; raises UsageError for an entry that could do nothing."""
    today = clock.today()
    _last_day(until, today)
    policy = project.policy
    tasks = policy.facts[TASK].values
    if task not in tasks:
        raise UsageError(f"unknown task type `{task}`", hint=nearest(task, tasks))
    serving = authorizations.serving(task, policy.candidates, policy.rules)
    if ensemble not in serving:
        there = ", ".join(f"`{one}`" for one in sorted(serving))
        raise UsageError(
            f"no `{task}` task goes to `{ensemble}`",
            hint=f"there are: {there}" if there else "make one: `conductor new-ensemble`",
        )
    entry = Authorization(task, ensemble, today, until)
    held = [one for one in policy.authorizations if (one.task, one.ensemble) == (task, ensemble)]
    if any(one.until == until and one.since <= today for one in held):
        raise UsageError(
            f"`{ensemble}` may do `{task}` tasks already, {held[-1].days}",
            hint="give another `--until`, or `--revoke`",
        )
    text = _own_text(project)
    return _edit(project, text, authorizations.granted(text, entry))


def revoke(project: Project, task: str, ensemble: str) -> Edit:
    """Show what would be written; raises UsageError when nothing is authorized."""
    text = _own_text(project)
    new = authorizations.revoked(text or "", task, ensemble, clock.today())
    if text is None or new == text:
        raise UsageError(
            f"`{ensemble}` is not authorized for `{task}`",
            hint="`conductor show` lists what is",
        )
    return _edit(project, text, new)


def apply(project: Project, edit: Edit) -> str:
    """Write the entry and remember the yes; gives the file."""
    seen = digest({"files": {edit.file: edit.new}})
    return edits.write(project, edit, subject="authorization", digest=seen)


def _last_day(until: str, today: str) -> None:
    if not until:
        return
    try:
        whole = date.fromisoformat(until).isoformat() == until
    except ValueError:
        whole = False
    if not whole:
        raise UsageError(f"`{until}` is no day", hint="write it as in `--until 2027-01-31`")
    if until < today:
        raise UsageError(f"`{until}` is over", hint=f"today is {today}")


def _own_text(project: Project) -> str | None:
    """Give the workspace's file; raises UsageError where the organisation has the only one."""
    merged = merge(layers_of(project.root))
    owner = merged.owners.get(AUTHORIZATIONS)
    if owner and owner.name == ORGANISATION:
        raise UsageError(
            "the authorizations are the organisation's",
            hint=f"propose the change there: {owner.shown(AUTHORIZATIONS)}",
        )
    return merged.texts.get(AUTHORIZATIONS)


def _edit(project: Project, old: str | None, new: str) -> Edit:
    refuse(compiled(project.root, {AUTHORIZATIONS: new}))
    return Edit(file=AUTHORIZATIONS, old=old or "", new=new, owned=old is not None)
