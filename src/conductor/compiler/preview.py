"""What the answers to a form would render so far, with stand-ins for what is still open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from conductor.compiler.documents import SHARED, Reader, Sources
from conductor.compiler.form import Form
from conductor.compiler.rendering import Rendering
from conductor.compiler.source_registry import RUBRIC, ParameterDoc, SpecDoc
from conductor.core.finding import Finding

OPEN = "…"  # stands for a text that nobody has given yet
_ABOUT = "\nx-conductor:\n"  # from here on a text says how it came about

_ROWS: Mapping[str, Callable[[int], tuple[str, object]]] = {
    "agents": lambda number: (f"agent-{number}", OPEN),
    "labels": lambda number: (f"label {number}", OPEN),
    "groups": lambda number: (f"group-{number}", {"field": f"text: {OPEN}"}),
    "checks": lambda _: ("max_lines", 1),
}


def preview(
    sources: Sources, form: Form, name: str, answers: Mapping[str, object]
) -> Sources | Finding:
    """Render with what is answered; what does not fit yet, or not at all, is a finding."""
    parts = (f"templates/{form.template}/", f"templates/{SHARED}/")
    spec_file = f"registry/specs/{name}.toml"
    texts = {path: text for path, text in sources.items() if path.startswith(parts)}
    reader = Reader({**texts, spec_file: form.spec(_filled(form, answers))})
    rendering = Rendering(reader, form.classes, dict.fromkeys(form.tasks), form.rubrics)
    rendering.load()
    read = reader.one(spec_file, SpecDoc)
    rendered = rendering.render(name, *read) if read else {}
    if reader.findings:
        return reader.findings[0]
    return {path: text.partition(_ABOUT)[0].partition("\n")[2] for path, text in rendered.items()}


def _filled(form: Form, answers: Mapping[str, object]) -> dict[str, object]:
    stand_ins = {name: _stand_in(form, one) for name, one in form.doc.parameters.items()}
    task = next((one for one in form.doc.tasks if one in form.tasks), "")
    return {"description": OPEN, "task": task, **stand_ins, **answers}


def _stand_in(form: Form, one: ParameterDoc) -> object:
    if one.default is not None:
        return one.default
    least = one.min or 1
    if row := _ROWS.get(one.kind):
        return dict(row(number) for number in range(1, least + 1))
    plain: Mapping[str, object] = {
        "integer": least,
        "boolean": False,
        "choice": next(iter(one.choices), OPEN),
        "class": form.classes[0],
        RUBRIC: next(iter(form.rubrics), OPEN),
        "ensembles": ["ensemble"],
        "examples": [],
    }
    return plain.get(one.kind, OPEN)
