"""`new-ensemble`: a form filled in becomes a spec, and the spec an ensemble."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from conductor.adapters import files
from conductor.app.build import bundle_text, compiled, sources
from conductor.app.compile import Compilation, compile_workspace
from conductor.app.preview import document, hard
from conductor.app.route import Router
from conductor.compiler import form as forms
from conductor.compiler.text import parse
from conductor.core import graph
from conductor.core.composing import suited
from conductor.core.finding import Finding
from conductor.core.names import device
from conductor.core.paying import Pays, break_even, costs_of, use_of
from conductor.core.policy import TASK
from conductor.core.proposed import choices, first_sentence
from conductor.errors import SourceError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An ensemble that is not written yet: its texts, and what is wrong with them."""

    name: str
    texts: Mapping[str, str]  # path -> new text: the spec first, then what it renders
    there: Mapping[str, str]  # path -> the text that would be replaced
    pictures: Mapping[str, str]  # path of an ensemble -> its graph
    findings: tuple[Finding, ...]
    failed: bool
    warnings: tuple[str, ...]  # what a small model will probably not manage
    judges: bool  # it is asked about runs, not run itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the text of a task suggests; all but `why` may be empty."""

    template: str  # empty: no ensemble should be made for it
    answers: Mapping[str, object]
    why: str
    pays: Pays | None = None  # from how many uses, where a template suits
    serving: str = ""  # an ensemble that `route` has for this type already


def form_for(root: str, template: str) -> forms.Form:
    return forms.form(sources(root), template)


def templates(root: str) -> dict[str, str]:
    """List the templates of a workspace with what each is for."""
    return forms.templates(sources(root))


def propose(root: str, text: str) -> Proposal:
    """Ask the policy what kind of task this is, and take template and first answers from it."""
    router = Router(root, log=False, say=lambda _: None)
    decision, _ = router.decide(text)
    fact, policy = decision.facts.get(TASK), router.policy
    task = str(fact.value) if fact else ""
    answers: dict[str, object] = {"description": first_sentence(text)}
    template = suited(policy, decision) if policy else ""
    if policy is None or not template:
        return Proposal(template="", answers=answers, why=f"`{task}`: {decision.reason}")
    candidates = policy.candidates.get(task, ())
    return Proposal(
        template=template,
        answers={**answers, "task": task},
        why=f"`{task}`: template `{template}`",
        pays=_pays(root, task),
        serving=candidates[0].name if candidates else "",
    )


def proposals(form: forms.Form, text: str) -> dict[str, object]:
    """Answer what a template takes from the words that ask for the ensemble."""
    found: dict[str, object] = {}
    for name, one in form.doc.parameters.items():
        if one.from_task and one.kind == "text":
            found[name] = text.strip()
        elif one.from_task and (labels := choices(text)):
            found[name] = labels
    return found


def _pays(root: str, task: str) -> Pays | None:
    sections = json.loads(bundle_text(root))
    cost, uses = costs_of(sections["composition"], sections["sampling"]["calibration_uses"])
    use = use_of(task, uses)
    return break_even(cost, use) if use else None


def check_name(root: str, name: str, *, replace: bool = False) -> str:
    """Say why an ensemble cannot be called so; empty when it can."""
    if not forms.valid_name(name):
        kept = ", and no name that Windows keeps for a device" if device(name) else ""
        return f"`{name}` is no ensemble name: use lower-case letters, digits and `-`{kept}"
    spec, ensemble = _spec_file(name), f"registry/ensembles/{name}.yaml"
    has_spec = files.read_if_there(f"{root}/{spec}") is not None
    if has_spec and not replace:
        return f"there is an ensemble `{name}` already: see {spec}, or add `--replace`"
    if not has_spec and files.read_if_there(f"{root}/{ensemble}") is not None:
        return f"there is an ensemble `{name}` without a spec already: see {ensemble}"
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
        *around, last = key.split(".")
        table = answers
        for name in around:
            inner = table.setdefault(name, {})
            if not isinstance(inner, dict):
                raise UsageError(f"`{name}` is both a text and a table", hint=f"see `--set {key}`")
            table = inner
        table[last] = text
    return answers


def draft(root: str, form: forms.Form, name: str, values: Mapping[str, object]) -> Draft:
    """Render without writing anything."""
    spec_file, spec = _spec_file(name), form.spec(values)
    result = compiled(root, {spec_file: spec})
    made = {} if result.failed else _rendered(name, result.files)
    texts = {spec_file: spec, **made}
    documents = {path: document(path, text) for path, text in made.items()}
    there = {path: files.read_if_there(f"{root}/{path}") for path in texts}
    return Draft(
        name=name,
        texts=texts,
        there={path: text for path, text in there.items() if text not in (None, texts[path])},
        pictures={path: graph.picture(one) for path, one in documents.items()},
        findings=result.findings,
        failed=result.failed,
        warnings=tuple(one for doc in documents.values() for one in hard(doc, form)),
        judges=any(one.kind == "rubric" for one in form.doc.parameters.values()),
    )


def create(root: str, draft: Draft) -> Compilation:
    """Write the spec and compile the workspace with it; on a finding the spec goes again."""
    spec = _spec_file(draft.name)
    path = f"{root}/{spec}"
    files.write_atomically(path, draft.texts[spec])
    done = compile_workspace(root)
    if done.failed and spec in draft.there:
        files.write_atomically(path, draft.there[spec])
    elif done.failed:
        files.delete(path)
    return done


def _rendered(name: str, made: Mapping[str, str]) -> dict[str, str]:
    """Pick the ensembles that come from one spec."""
    source = f" from {_spec_file(name)}:"
    return {path: text for path, text in made.items() if source in text.partition("\n")[0]}


def _spec_file(name: str) -> str:
    return f"registry/specs/{name}.toml"
