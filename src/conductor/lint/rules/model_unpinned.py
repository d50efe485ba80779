"""A model is named so that it stays the same.

Avoid: `model: llama3`, `model: mistral:latest`.

Prefer: `model: llama3:8b-instruct-q4_K_M`, or a capability class.

Why: a name without a tag is another model next month. The evaluations that carried the ensemble
were made with the old one.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.core.capability import size_of
from conductor.lint.models import CLOUD, model_uses
from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject

CODE = "M302"
LEVELS = "hwE"
FORMS = {Form.ENSEMBLE, Form.PROFILE}

_PROFILE = """\
# file: profiles/example.yaml
model: {}
provider: llama-server
timeout_seconds: 60
"""
GOOD = (_PROFILE.format("llama3:3b-instruct-q4_K_M"),)
BAD = ((_PROFILE.format("llama3-3b:latest"), 2), (_PROFILE.format("mistral"), 2))


def check(subject: Subject) -> Iterator[Hit]:
    for path, model, provider in model_uses(subject):
        if provider in CLOUD:
            continue
        tag = model.rpartition("/")[2].partition(":")[2]
        if tag == "latest" or (not tag and size_of(model) is None):
            yield Hit(
                message=f"`{model}` names no version that stays",
                path=path,
                matched=model,
                hint="add a tag with size and quantisation",
            )
