"""`conductor new-ensemble`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import ask, show
from conductor.errors import Missing, UsageError

if TYPE_CHECKING:
    from conductor.app.new_ensemble import Draft
    from conductor.compiler.form import Form, Question


@click.command(name="new-ensemble")
@click.argument("name", required=False)
@click.option("--template", default="swarm", show_default=True, help="What to render it from.")
@click.option("--set", "given", multiple=True, metavar="KEY=VALUE", help="Answer one question.")
@click.option("--from", "answers", metavar="FILE", help="Answers in TOML, YAML or JSON.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(
    folder: str,
    name: str | None,
    template: str,
    given: tuple[str, ...],
    answers: str | None,
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
    form = app.form_for(root, template)
    known = app.read_answers(answers) if answers else {}
    known |= app.nested(ask.pairs(given))
    chosen = _name(root, name or _text(known.pop("name", None)))
    values = _values(form, known, interactive=ask.possible() and not yes)
    draft = app.draft(root, form, chosen, values)
    if not draft.ensemble:
        show.say(show.findings(draft.findings))
        return 1
    _present(draft)
    again = f"say yes with `conductor new-ensemble {chosen} … --yes`"
    if not ask.consent("Write it?", yes=yes, otherwise=again):
        show.say("nothing was written")
        return 1
    done = app.create(root, draft)
    if done.failed:
        show.say(show.findings(done.findings))
        return 1
    if as_json:
        files = [draft.spec_file, draft.ensemble_file]
        show.document({"name": chosen, "files": files, "revision": done.revision})
    else:
        show.result(f"wrote {draft.spec_file}\nwrote {draft.ensemble_file}")
        show.say(f"next: conductor run {chosen} --input-file FILE")
    return 0


def _name(root: str, given: str) -> str:
    from conductor.app.new_ensemble import check_name

    if not given and ask.possible():
        return ask.text("Name of the ensemble", check=lambda name: check_name(root, name))
    if not given:
        raise Missing("the ensemble has no name", hint="write it after `new-ensemble`")
    if problem := check_name(root, given):
        raise UsageError(problem)
    return given


def _values(form: Form, known: dict[str, object], *, interactive: bool) -> dict[str, object]:
    """Complete what is known, by asking where somebody can answer."""
    values, missing = form.complete(known)
    if interactive:
        for question in form.questions:
            if question.name not in known:
                values[question.name] = _ask(form, question)
    elif missing:
        raise Missing(
            f"these answers are missing: {', '.join(missing)}",
            hint=" ".join(f"--set {_example(form, name)}" for name in missing),
        )
    for name, value in values.items():
        if problem := form.problem(name, value):
            raise UsageError(problem, hint=f"see `--set {_example(form, name)}`")
    return values


def _ask(form: Form, question: Question) -> object:
    if question.help:
        show.say(f"\n{question.help}")
    if question.kind == "agents":
        return _agents(form, question)
    if question.choices:
        show.say(f"  one of: {', '.join(question.choices)}")
    answer = ask.text(
        question.text,
        default=question.default,
        check=lambda text: form.problem(question.name, form.value(question.name, text)),
    )
    return form.value(question.name, answer)


def _agents(form: Form, question: Question) -> dict[str, str]:
    show.say(question.text)
    agents: dict[str, str] = {}
    while True:
        name = ask.optional(f"  Agent {len(agents) + 1}, its name (empty: no more)")
        if not name:
            problem = form.problem(question.name, agents)
            if not problem:
                return agents
            show.say(f"  {problem}")
            continue
        instruction = ask.optional(f"  What does `{name}` do?")
        problem = form.problem(question.name, {**agents, name: instruction})
        if problem:
            show.say(f"  {problem}")
        else:
            agents[name] = instruction


def _present(draft: Draft) -> None:
    """Show what would be written: the text first, its graph last, where the question comes."""
    show.say(f"\n{draft.ensemble_file}\n")
    show.say(draft.ensemble)
    show.say(f"{draft.picture}\n")
    if draft.findings:
        show.say(show.findings(draft.findings))


def _example(form: Form, name: str) -> str:
    kinds = {question.name: question.kind for question in form.questions}
    return f'{name}.NAME="…"' if kinds[name] == "agents" else f'{name}="…"'


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
