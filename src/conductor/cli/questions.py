"""The questions of a template's form, asked in a terminal or answered beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from conductor.cli import ask, show
from conductor.errors import Missing, UsageError

if TYPE_CHECKING:
    from conductor.compiler.form import Form, Question

# What a row of a table is, and what is asked about it.
_ROWS = {
    "agents": ("Agent", "What does `{}` do?"),
    "labels": ("Label", "When does `{}` apply?"),
    "checks": ("Check", "`{}`:"),
}


def values(
    form: Form,
    known: Mapping[str, object],
    suggested: Mapping[str, object],
    *,
    interactive: bool,
) -> dict[str, object]:
    """Complete what is known, by asking where somebody can answer."""
    found, missing = form.complete(known)
    if interactive:
        for question in form.questions:
            if question.name not in known:
                found[question.name] = _ask(form, question, suggested.get(question.name))
    elif missing:
        raise Missing(
            f"these answers are missing: {', '.join(missing)}",
            hint=" ".join(f"--set {_example(form, name)}" for name in missing),
        )
    for name, value in found.items():
        if problem := form.problem(name, value):
            raise UsageError(problem, hint=f"see `--set {_example(form, name)}`")
    return found


def _ask(form: Form, question: Question, suggested: object) -> object:
    if question.help:
        show.say(f"\n{question.help}")
    if question.example:
        show.say(f"  for example: {question.example}")
    if question.kind in _ROWS:
        return _table(form, question)
    if question.kind == "groups":
        return _groups(form, question)
    if question.kind == "examples":
        return _examples(question)
    if question.choices:
        show.say(f"  one of: {', '.join(question.choices)}")
    default = suggested if suggested is not None else question.default
    answer = ask.text(
        question.text,
        default=None if default is None else str(default),
        check=lambda text: form.problem(question.name, form.value(question.name, text)),
    )
    _warn(form, answer)
    return form.value(question.name, answer)


def _warn(form: Form, text: str) -> None:
    from conductor.app.new_ensemble import too_many

    if problem := too_many(text, form.doc.limits.directives):
        show.say(f"  warning: {problem}")


def _table(form: Form, question: Question) -> dict[str, object]:
    show.say(question.text)
    word, about = _ROWS[question.kind]
    rows: dict[str, object] = {}
    while name := _row_name(form, question, rows, word):
        text = ask.optional(f"  {about.format(name)}")
        value = form.row(question.name, name, text)
        # Too few rows are no problem yet.
        if problem := form.row_problem(question.name, name, value):
            show.say(f"  {problem}")
        else:
            rows[name] = value
            _warn(form, text)
    return rows


def _groups(form: Form, question: Question) -> dict[str, object]:
    show.say(question.text)
    groups: dict[str, object] = {}
    while group := _row_name(form, question, groups, "Group"):
        fields: dict[str, str] = {}
        while field := ask.optional(f"    Field {len(fields) + 1} of `{group}` (empty: no more)"):
            fields[field] = ask.optional(f"    `{field}`, such as `text: what it is`:")
            if problem := form.row_problem(question.name, group, fields):
                show.say(f"    {problem}")
                del fields[field]
        if problem := form.row_problem(question.name, group, fields):
            show.say(f"  {problem}")
        else:
            groups[group] = fields
    return groups


def _row_name(form: Form, question: Question, rows: Mapping[str, object], word: str) -> str:
    """Ask for the next row's name; empty once the table is complete."""
    while True:
        name = ask.optional(f"  {word} {len(rows) + 1}, its name (empty: no more)")
        problem = "" if name else form.problem(question.name, rows)
        if not problem:
            return name
        show.say(f"  {problem}")


def _examples(question: Question) -> list[dict[str, str]]:
    show.say(question.text)
    examples: list[dict[str, str]] = []
    while given := ask.optional(f"  Example {len(examples) + 1}, its input (empty: no more)"):
        if output := ask.optional("  and its output:"):
            examples.append({"input": given, "output": output})
    return examples


def _example(form: Form, name: str) -> str:
    kinds = {question.name: question.kind for question in form.questions}
    if kinds[name] == "groups":
        return f'{name}.GROUP.FIELD="text: …"'
    return f'{name}.NAME="…"' if kinds[name] in _ROWS else f'{name}="…"'
