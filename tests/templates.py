"""Random valid parameters for every packaged template."""

from __future__ import annotations

import json
import string
import tomllib
from pathlib import PurePosixPath
from typing import Any

import tomli_w
import yaml
from hypothesis import strategies as st

from conductor.adapters import files
from conductor.compiler.documents import Reader
from conductor.compiler.parameters import DRAFT_CHECKS
from conductor.compiler.rendering import Rendering
from conductor.compiler.rubrics import document
from conductor.compiler.source_judging import RubricDoc
from conductor.compiler.source_registry import ParameterDoc, SpecDoc, TemplateDoc
from conductor.core.rubric import rubric_from
from tests.conftest import ROOT

RUBRICS = {
    path.stem: rubric_from(document(RubricDoc.model_validate(yaml.safe_load(path.read_text()))))
    for path in sorted((ROOT / "policy/rubrics").glob("*.yaml"))
}
CLASSES = ("micro", "small", "medium", "ceiling")
TEMPLATES = {
    path.parent.name: TemplateDoc.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    for path in sorted((ROOT / "templates").glob("*/template.toml"))
}

SHIPPED = files.read_tree(str(ROOT), "templates")

# TOML has no surrogates, and the control characters that no YAML 1.1 reader would take are left
# out by the compiler's size limit only: any of them may come.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(str.strip)
LABEL = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=20)
LABELS = LABEL.filter(lambda text: text == text.strip() and "\n" not in text)
AGENT = st.text(string.ascii_lowercase + "-", min_size=1, max_size=12).map(lambda one: f"a{one}")
FIELD = st.text(string.ascii_lowercase + "_", min_size=1, max_size=12).map(lambda one: f"f{one}")
ABOUT = LABELS
FIELDS = st.dictionaries(
    FIELD,
    st.builds(
        "{}: {}".format,
        st.sampled_from(["text", "number", "integer", "boolean", "list", "rows of one, two"]),
        ABOUT,
    ),
    min_size=1,
    max_size=5,
)
CHECK_VALUES: dict[type, st.SearchStrategy[Any]] = {
    str: TEXT,
    bool: st.just(True),
    int: st.integers(1, 100),
}
CHECKS = {
    name: st.just(r"\w+") if name == "pattern" else CHECK_VALUES[kind]
    for name, kind in DRAFT_CHECKS.items()
}


@st.composite
def parameters(draw: st.DrawFn, template: str) -> dict[str, object]:
    """Draw a value for each parameter; some of those with a default are left out."""
    values: dict[str, object] = {}
    for name, one in TEMPLATES[template].parameters.items():
        if one.default is None or draw(st.booleans()):
            values[name] = draw(_value(one, values))
    return values


def spec(template: str, values: dict[str, object], **changes: object) -> str:
    doc = TEMPLATES[template]
    plain = {
        "format": 1,
        "template": template,
        "template_version": doc.version,
        "description": "made by a test",
        "task": "extraction",
        "parameters": values,
    }
    return tomli_w.dumps({**plain, **changes})


def render(template: str, values: dict[str, object]) -> dict[str, str]:
    """Render a spec by itself: the texts of its ensembles by name."""
    file = "registry/specs/drawn.toml"
    reader = Reader({**SHIPPED, file: spec(template, values)})
    rendering = Rendering(reader, CLASSES, {"extraction": None}, RUBRICS)
    rendering.templates, rendering.files = (
        dict(TEMPLATES),
        {name: reader.names(f"templates/{name}/", ".yaml.j2") for name in TEMPLATES},
    )
    read = reader.one(file, SpecDoc)
    assert read, reader.findings
    texts = rendering.render("drawn", *read)
    assert reader.findings == []
    return {PurePosixPath(path).stem: text for path, text in texts.items()}


def _value(one: ParameterDoc, before: dict[str, object]) -> st.SearchStrategy[Any]:
    low, high = one.min or 0, min(one.max or 4, (one.min or 0) + 3)
    tables = {"agents": (AGENT, TEXT), "labels": (LABELS, TEXT), "groups": (AGENT, FIELDS)}
    if one.kind in tables:
        keys, values = tables[one.kind]
        return st.dictionaries(keys, values, min_size=low, max_size=high)
    plain: dict[str, st.SearchStrategy[Any]] = {
        "integer": st.integers(one.min, one.max),
        "boolean": st.booleans(),
        "rubric": st.sampled_from(sorted(RUBRICS)),
        "choice": st.sampled_from(one.choices or ["none"]),
        "class": st.sampled_from(CLASSES),
        "checks": st.fixed_dictionaries({}, optional=CHECKS).filter(bool),
        "ensembles": st.just(["summarize-document", "adr-review"]),
        "examples": st.lists(_example(before), max_size=2),
    }
    return plain.get(one.kind, TEXT)


def _example(before: dict[str, object]) -> st.SearchStrategy[dict[str, str]]:
    """An example fits the labels, groups or ways to fail that were drawn before it."""
    labels, groups = before.get("labels"), before.get("groups")
    output: st.SearchStrategy[str] = TEXT
    if isinstance(labels, dict):
        output = st.sampled_from(sorted(labels))
    if isinstance(groups, dict):
        whole = {name: dict.fromkeys(fields, "x") for name, fields in groups.items()}
        output = st.just(json.dumps(whole if len(whole) > 1 else next(iter(whole.values()))))
    if isinstance(modes := before.get("failure_modes"), dict):
        record = {"reasoning": "x", "failure_mode": next(iter(modes)), "verdict": "poor"}
        output = st.just(json.dumps(record))
    return st.fixed_dictionaries({"input": TEXT, "output": output})
