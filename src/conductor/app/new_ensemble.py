"""`new-ensemble`: a form filled in becomes a spec, and the spec an ensemble."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conductor.adapters import files
from conductor.app.build import compiled, sources
from conductor.app.compile import Compilation, compile_workspace
from conductor.compiler import form as forms
from conductor.compiler.text import parse
from conductor.core import graph
from conductor.core.finding import Finding
from conductor.errors import SourceError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An ensemble that is not written yet: its texts, and what is wrong with them."""

    name: str
    spec_file: str
    spec: str
    ensemble_file: str
    ensemble: str  # the rendered YAML; empty when a finding is an error
    picture: str
    findings: tuple[Finding, ...]


def form_for(root: str, template: str) -> forms.Form:
    return forms.form(sources(root), template)


def check_name(root: str, name: str) -> str:
    """Say why an ensemble cannot be called so; empty when it can."""
    if not forms.valid_name(name):
        return f"`{name}` is no ensemble name: use lower-case letters, digits and `-`"
    for file in (f"registry/specs/{name}.toml", f"registry/ensembles/{name}.yaml"):
        if files.read_if_there(f"{root}/{file}") is not None:
            return f"there is an ensemble `{name}` already: see {file}"
    return ""


def read_answers(path: str) -> dict[str, object]:
    """Read a TOML, YAML or JSON file of answers; raises SourceError with what is wrong."""
    name = path if path.endswith((".toml", ".yaml", ".yml")) else f"{path}.yaml"
    parsed = parse(name, files.read_text(path))
    if isinstance(parsed, Finding):
        raise SourceError(parsed.message, at=str(parsed.at), hint=parsed.hint)
    if not isinstance(parsed.data, dict):
        raise SourceError("the file holds no table of answers", at=path)
    return {str(key): value for key, value in parsed.data.items()}


def nested(pairs: Mapping[str, str]) -> dict[str, object]:
    """Turn `extractors.risks=…` into a table, and leave plain keys as they are."""
    answers: dict[str, object] = {}
    for key, text in pairs.items():
        name, dot, agent = key.partition(".")
        if not dot:
            answers[name] = text
            continue
        table = answers.setdefault(name, {})
        if not isinstance(table, dict):
            raise UsageError(f"`{name}` is both a text and a table", hint=f"see `--set {key}`")
        table[agent] = text
    return answers


def draft(root: str, form: forms.Form, name: str, values: Mapping[str, object]) -> Draft:
    """Render without writing anything."""
    spec_file, ensemble_file = f"registry/specs/{name}.toml", f"registry/ensembles/{name}.yaml"
    spec = form.spec(values)
    result = compiled(root, {spec_file: spec})
    ensemble = "" if result.failed else result.files[ensemble_file]
    return Draft(
        name=name,
        spec_file=spec_file,
        spec=spec,
        ensemble_file=ensemble_file,
        ensemble=ensemble,
        picture=_picture(ensemble_file, ensemble),
        findings=result.findings,
    )


def create(root: str, draft: Draft) -> Compilation:
    """Write the spec and compile the workspace with it; on a finding the spec goes again."""
    path = f"{root}/{draft.spec_file}"
    files.write_atomically(path, draft.spec)
    done = compile_workspace(root)
    if done.failed:
        files.delete(path)
    return done


def _picture(file: str, text: str) -> str:
    parsed = parse(file, text, for_engine=True) if text else None
    if parsed is None or isinstance(parsed, Finding) or not isinstance(parsed.data, dict):
        return ""
    return graph.picture(parsed.data)
