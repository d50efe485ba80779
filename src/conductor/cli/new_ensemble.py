"""`conductor new-ensemble`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from conductor.cli import ask, questions, show
from conductor.errors import Missing, UsageError

if TYPE_CHECKING:
    from conductor.app.new_ensemble import Draft, Proposal
    from conductor.compiler.form import Form

_DEFAULT = "swarm"
_MOST_LINES, _WIDTH = 12, 88  # of what is shown after an answer
_NOTHING: Mapping[str, object] = {  # the answer of `--json`, while nothing is made
    "name": None,
    "files": [],
    "revision": None,
    "written": False,
    "warnings": [],
    "pays": None,
    "refused": None,
}


@click.command(name="new-ensemble")
@click.argument("name", required=False)
@click.option("--template", help="What to render it from; without it, what --for suggests.")
@click.option("--for", "task", metavar="TEXT", help="What it is for: proposes template and task.")
@click.option("--set", "given", multiple=True, metavar="KEY=VALUE", help="Answer one question.")
@click.option("--from", "answers", metavar="FILE", help="Answers in TOML, YAML or JSON.")
@click.option("--replace", is_flag=True, help="Write an existing one anew, after its diff.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and stop.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(
    folder: str,
    name: str | None,
    template: str | None,
    task: str | None,
    given: tuple[str, ...],
    answers: str | None,
    replace: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Make an ensemble from a template.

    Asks, renders, shows, asks again, writes. Without a terminal, `--set key=value` answers
    (`--set extractors.dates="List every date."`).
    """
    from conductor.app import new_ensemble as app
    from conductor.app.build import workspace_of

    root = workspace_of(folder)
    known = app.read_answers(answers) if answers else {}
    known |= app.nested(ask.pairs(given))
    interactive = ask.possible() and not yes
    wanted = template or _text(known.pop("template", None))
    proposed = None if task is None else _proposed(root, task)
    if proposed and not (wanted or proposed.template):
        return _left_to_claude(proposed, app.templates(root), as_json=as_json)
    wanted = wanted or (proposed.template if proposed else "")
    form = app.form_for(root, wanted or _template(app.templates(root), interactive=interactive))
    suggested = {**proposed.answers, **app.proposals(form, task or "")} if proposed else {}
    if not interactive:
        known = {**suggested, **known}
    chosen = _name(root, name or _text(known.pop("name", None)), replace=replace)
    follow = _follower(root, form, chosen) if interactive else None
    values = questions.values(form, known, suggested, follow=follow)
    draft = app.draft(root, form, chosen, values)
    if draft.failed:
        show.say(show.findings(draft.findings))
        return 1
    _present(draft)
    if dry_run:
        return _finish(draft, "", proposed, as_json=as_json)
    again = f"say yes with `conductor new-ensemble {chosen} … --yes`"
    if not ask.consent("Write it?", yes=yes, otherwise=again):
        show.say("nothing was written")
        return 1
    done = app.create(root, draft)
    if done.failed:
        show.say(show.findings(done.findings))
        return 1
    return _finish(draft, done.revision, proposed, as_json=as_json)


def _proposed(root: str, task: str) -> Proposal:
    """Say what kind of task it is, which template suits, and from how many uses it pays."""
    from conductor.app.new_ensemble import propose

    if not task.strip():
        raise UsageError("`--for` says nothing", hint="say what the ensemble is for")
    proposed = propose(root, task)
    show.say(f"{'this is' if proposed.template else 'taken for'} {proposed.why}")
    if name := proposed.serving:
        show.say(f"`{name}` is there for it already: conductor ensembles show {name}")
    if proposed.pays:
        show.say(f"making one {proposed.pays.sentence}")
    return proposed


def _left_to_claude(proposed: Proposal, known: Iterable[str], *, as_json: bool) -> int:
    """Stop before the first question: the policy keeps such tasks from small models."""
    following = f"leave it to Claude, or insist with `--template`: {', '.join(known)}"
    if as_json:
        show.document({**_NOTHING, "refused": proposed.why, "next": following})
        return 1
    show.say(f"nothing was made\nnext: {following}")
    return 1


def _template(known: dict[str, str], *, interactive: bool) -> str:
    if not interactive:
        return _DEFAULT
    return ask.choice("Which template?", known, default=_DEFAULT)


def _name(root: str, given: str, *, replace: bool) -> str:
    from conductor.app.new_ensemble import check_name

    if not given and ask.possible():
        return ask.text(
            "Name of the ensemble", check=lambda name: check_name(root, name, replace=replace)
        )
    if not given:
        raise Missing("the ensemble has no name", hint="write it after `new-ensemble`")
    if problem := check_name(root, given, replace=replace):
        raise UsageError(problem)
    return given


def _follower(root: str, form: Form, name: str) -> Callable[[Mapping[str, object]], str]:
    """Show after each answer what it adds to the ensemble, and what it makes too hard.

    What does not fit is given back, for the question to say.
    """
    from conductor.app.preview import Preview

    preview = Preview(root, form, name)

    def follow(answers: Mapping[str, object]) -> str:
        step = preview.after(answers)
        for line in step.lines[:_MOST_LINES]:
            show.say(f"    + {_clipped(line)}")
        if (more := len(step.lines) - _MOST_LINES) > 0:
            show.say(f"    … and {more} lines more")
        for picture in step.pictures:
            show.say("\n".join(f"      {line}" for line in picture.split("\n")))
        for warning in step.warnings:
            show.say(f"  warning: {warning}")
        return step.problem

    return follow


def _clipped(line: str) -> str:
    return line if len(line) <= _WIDTH else f"{line[:_WIDTH]}…"


def _present(draft: Draft) -> None:
    """Show what would be written: texts or their diffs first, graphs last, before the question."""
    for path, text in draft.texts.items():
        old = draft.there.get(path)
        if old is not None:
            show.say("\n" + show.difference(path, old, text))
        elif path in draft.pictures:
            show.say(f"\n{path}\n\n{text}")
    for picture in draft.pictures.values():
        show.say(f"{picture}\n")
    for warning in draft.warnings:
        show.say(f"warning: {warning}")
    if draft.findings:
        show.say(show.findings(draft.findings))


def _finish(draft: Draft, revision: str, proposed: Proposal | None, *, as_json: bool) -> int:
    files = list(draft.texts)
    if as_json:
        show.document(
            {
                **_NOTHING,
                "name": draft.name,
                "files": files,
                "revision": revision or None,
                "written": bool(revision),
                "warnings": list(draft.warnings),
                "pays": asdict(proposed.pays) if proposed and proposed.pays else None,
            }
        )
        return 0
    word = "wrote" if revision else "would write"
    show.result("\n".join(f"{word} {path}" for path in files))
    if revision and draft.judges:
        show.say(f"next: conductor evaluate --judge local:{draft.name} --pending")
    elif revision:
        show.say(f"next: conductor run {draft.name} --input-file FILE")
    return 0


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
