"""A model fits the machines that the ensemble is for.

Avoid: `model: qwen3:32b`.

Prefer: a capability class such as `conductor-small`, or a model of at most 12 billion parameters.

Why: all of a model's parameters must lie in memory, also those of a mixture that computes with few.
Beyond 12 billion most readers cannot run it; beyond 7 it gets slow on a laptop.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.core.capability import size_of
from conductor.lint.models import CLOUD, model_uses
from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject

CODE = "M301"
LEVELS = "hEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE}

_PROFILE = """\
# file: profiles/example.yaml
model: {}
provider: llama-server
timeout_seconds: 60
"""
GOOD = (_PROFILE.format("qwen3:4b-instruct"),)
BAD = ((_PROFILE.format("qwen3:32b"), 2), (_PROFILE.format("mixtral:8x7b"), 2))


def check(subject: Subject) -> Iterator[Hit]:
    around = subject.around
    for path, model, provider in model_uses(subject):
        if provider in CLOUD:
            continue  # rule `provider-pinned`
        billion = size_of(model)
        if billion is None:
            yield Hit(
                message=f"the size of `{model}` is not known",
                path=path,
                matched=model,
                hint="write the size into the name, as in `llama3:8b`",
                unknown=True,
            )
        elif billion > around.limit_billion:
            message = f"`{model}` has {billion:g} billion parameters"
            hint = f"take a model of at most {around.limit_billion:g} billion"
            yield Hit(message=message, path=path, matched=model, hint=hint)
        elif billion > around.target_billion:
            message = f"`{model}` has {billion:g} billion parameters"
            hint = f"{around.target_billion:g} billion or less run everywhere"
            yield Hit(message=message, path=path, matched=model, hint=hint, levels="hhh")
