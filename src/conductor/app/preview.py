"""A new ensemble while its form is filled in: what each answer adds, and what it makes too hard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from conductor.app.build import sources
from conductor.compiler.form import Form
from conductor.compiler.preview import preview
from conductor.compiler.text import parse
from conductor.core import graph
from conductor.core.closure import agents_of
from conductor.core.execution import Document
from conductor.core.finding import Finding
from conductor.core.tokens import estimate
from conductor.lint.prompts import directives


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one answer changed."""

    lines: tuple[str, ...]  # of YAML, that are new
    pictures: tuple[str, ...]  # graphs that look different now
    warnings: tuple[str, ...]  # that are new
    problem: str = ""  # why the answers do not fit together, yet or at all


class Preview:
    """Follows the answers to a form; each step is told against the one before."""

    def __init__(self, root: str, form: Form, name: str) -> None:
        self._sources = sources(root)
        self._form = form
        self._name = name
        first = preview(self._sources, form, name, {})
        self._texts = {} if isinstance(first, Finding) else first
        self._pictures: dict[str, str] = {}
        self._warned: set[str] = set()

    def after(self, answers: Mapping[str, object]) -> Step:
        """Render anew and say what differs, or why the answers do not fit together."""
        texts = preview(self._sources, self._form, self._name, answers)
        if isinstance(texts, Finding):
            return Step(lines=(), pictures=(), warnings=(), problem=texts.message)
        known = {line for text in self._texts.values() for line in text.split("\n")}
        lines = [line for text in texts.values() for line in text.split("\n") if line not in known]
        documents = {path: document(path, text) for path, text in texts.items()}
        pictures = {path: graph.picture(one) for path, one in documents.items()}
        changed = [one for path, one in pictures.items() if self._pictures.get(path) != one]
        warnings = [one for doc in documents.values() for one in hard(doc, self._form)]
        new = [one for one in warnings if one not in self._warned]
        self._texts, self._pictures = texts, pictures
        self._warned.update(new)
        return Step(lines=tuple(lines), pictures=tuple(changed), warnings=tuple(new))


def hard(ensemble: Document, form: Form) -> Iterator[str]:
    """Find the agents whose prompt is too long or too demanding for their class."""
    for agent in agents_of(ensemble):
        prompt, name = str(agent.get("system_prompt") or ""), agent.get("name")
        if problem := too_many(prompt, form.doc.limits.directives):
            yield f"`{name}` gets {problem}"
        window = form.windows.get(str(agent.get("model_profile")), 0)
        most = window * form.doc.limits.prompt_percent // 100
        if window and (size := estimate(prompt)) > most:
            yield (
                f"the prompt of `{name}` has about {size} tokens, of a window of {window}"
                f" it should take {most}"
            )


def too_many(text: str, most: int) -> str:
    """Say that a prompt gives more orders than a small model follows; empty when it does not."""
    found = directives(text)
    if len(found) <= most:
        return ""
    listed = ", ".join(f"`{one}`" for one in found)
    return f"{len(found)} instructions ({listed}): small models drop the fifth, keep {most}"


def document(file: str, text: str) -> Document:
    """Read what was rendered; empty for what does not read."""
    parsed = parse(file, text, for_engine=True)
    return parsed.data if not isinstance(parsed, Finding) and isinstance(parsed.data, dict) else {}
