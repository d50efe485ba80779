"""The questions of a template's form, asked in a terminal or answered beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from conductor.cli import ask, show
from conductor.errors import Missing, UsageError

if TYPE_CHECKING:
    from conductor.compiler.form import Form, Question

_Follow = Callable[[Mapping[str, object]], str]  # told all answers so far, says what does not fit
_Tell = Callable[[object], str]  # told what one answer is so far

# What a row of a table is, and what is asked about it.
_ROWS = {
    "agents": ("Agent", "What does `{}` do?"),
    "labels": ("Label", "When does `{}` apply?"),
    "checks": ("Check", "`{}`"),
}


def values(
    form: Form,
    known: Mapping[str, object],
    suggested: Mapping[str, object],
    *,
    follow: _Follow | None,
) -> dict[str, object]:
    """Complete what is known, by asking where somebody can answer.

    `follow` is told all answers after each of them; None: nobody can answer.
    """
    found, missing = form.complete(known)
    if follow:
        for question in form.questions:
            if question.name not in known:
                tell = _teller(follow, found, question.name)
                found[question.name] = _ask(form, question, suggested.get(question.name), tell)
                follow(found)
    elif missing:
        raise Missing(
            f"these answers are missing: {', '.join(missing)}",
            hint=" ".join(f"--set {_example(form, name)}" for name in missing),
        )
    for name, value in found.items():
        if problem := form.problem(name, value):
            raise UsageError(problem, hint=f"see `--set {_example(form, name)}`")
    return found


def _teller(follow: _Follow, found: Mapping[str, object], name: str) -> _Tell:
    return lambda value: follow({**found, name: value})


def _ask(form: Form, question: Question, suggested: object, tell: _Tell) -> object:
    if question.help:
        show.say(f"\n{question.help}")
    if question.example:
        show.say(f"  for example: {question.example}")
    if question.kind in _ROWS:
        return _table(form, question, suggested, tell)
    if question.kind == "groups":
        return _groups(form, question, tell)
    if question.kind == "examples":
        return _examples(question, tell)
    if question.choices:
        show.say(f"  one of: {', '.join(question.choices)}")
    default = suggested if suggested is not None else question.default
    answer = ask.text(
        question.text,
        default=None if default is None else str(default),
        check=lambda text: form.problem(question.name, form.value(question.name, text)),
    )
    return form.value(question.name, answer)


def _table(form: Form, question: Question, suggested: object, tell: _Tell) -> dict[str, object]:
    show.say(question.text)
    word, about = _ROWS[question.kind]
    if isinstance(suggested, dict) and ask.agreed(f"  {', '.join(suggested)}: these?"):
        return suggested
    rows: dict[str, object] = {}
    while name := _row_name(form, question, rows, word):
        text = ask.optional(f"  {about.format(name)}")
        value = form.row(question.name, name, text)
        # Too few rows are no problem yet.
        if problem := form.row_problem(question.name, name, value):
            show.say(f"  {problem}")
        else:
            rows[name] = value
            tell(rows)
    return rows


def _groups(form: Form, question: Question, tell: _Tell) -> dict[str, object]:
    show.say(question.text)
    groups: dict[str, object] = {}
    while group := _row_name(form, question, groups, "Group"):
        fields: dict[str, str] = {}
        while field := ask.optional(f"    Field {len(fields) + 1} of `{group}` (empty: no more)"):
            if problem := form.row_problem(question.name, group, {field: "text: x"}):
                show.say(f"    {problem}")
                continue
            fields[field] = ask.optional(f"    `{field}`, such as `text: what it is`")
            if problem := form.row_problem(question.name, group, fields):
                show.say(f"    {problem}")
                del fields[field]
        if problem := form.row_problem(question.name, group, fields):
            show.say(f"  {problem}")
        else:
            groups[group] = fields
            tell(groups)
    return groups


def _row_name(form: Form, question: Question, rows: Mapping[str, object], word: str) -> str:
    """Ask for the next row's name; empty once the table is complete."""
    while True:
        name = ask.optional(f"  {word} {len(rows) + 1}, its name (empty: no more)")
        problem = (
            form.row_name_problem(question.name, name)
            if name
            else form.problem(question.name, rows)
        )
        if not problem:
            return name
        show.say(f"  {problem}")


def _examples(question: Question, tell: _Tell) -> list[dict[str, str]]:
    show.say(question.text)
    examples: list[dict[str, str]] = []
    while given := ask.optional(f"  Example {len(examples) + 1}, its input (empty: no more)"):
        if output := ask.optional("  and its output"):
            examples.append({"input": given, "output": output})
            if problem := tell(examples):
                show.say(f"  {problem}")
                examples.pop()
    return examples


def _example(form: Form, name: str) -> str:
    kinds = {question.name: question.kind for question in form.questions}
    if kinds[name] == "groups":
        return f'{name}.GROUP.FIELD="text: …"'
    if kinds[name] == "examples":
        return f'{name}.1.input="…" --set {name}.1.output="…"'
    return f'{name}.NAME="…"' if kinds[name] in _ROWS else f'{name}="…"'
