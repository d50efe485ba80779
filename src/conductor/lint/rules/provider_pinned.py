"""Where a model runs is the reader's business.

Avoid: a cloud provider, a `base_url`, `model` and `provider` on an agent, `provider: ollama`.

Prefer: `model_profile: conductor-small`, bound on each machine.

Why: the reader has other servers and other accounts. `provider: ollama` runs nowhere any more: the
engine dropped it in 0.20, and such an agent is refused as "provider unavailable".
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.lint.fields import Path
from conductor.lint.models import CLOUD, OLLAMA, inline_edits, profile_edits
from conductor.lint.patterns import INTERNAL_URL
from conductor.lint.rule import Fix, Hit
from conductor.lint.subject import Form, Subject

CODE = "M304"
LEVELS = "hwE"
FORMS = {Form.ENSEMBLE, Form.PROFILE}
FIX = Fix.ASK

GOOD = (
    """\
agents:
  - name: worker
    model_profile: conductor-small
    max_tokens: 200
    system_prompt: "List the risks."
""",
)
BAD = (
    (
        """\
agents:
  - name: worker
    model: gemini-2.0-flash
    provider: google-gemini
    max_tokens: 200
    timeout_seconds: 60
    system_prompt: "List the risks."
""",
        4,
    ),
    ("# file: profiles/example.yaml\nmodel: llama3:3b\nprovider: ollama\ntimeout_seconds: 60\n", 3),
)

_MACHINE = {"num_gpu", "main_gpu", "num_thread", "low_vram", "use_mmap", "numa"}
_INSTEAD = "`openai-compatible` with a `base_url`, or a capability class"
_GONE = "wEE"  # it does not run even at home


def check(subject: Subject) -> Iterator[Hit]:
    if subject.form is Form.PROFILE:
        yield from _profile(subject)
        return
    for index, agent in enumerate(subject.agents):
        provider = agent.get("provider")
        if isinstance(provider, str):
            path: Path = ("agents", index, "provider")
            edits = inline_edits(subject, index)
            yield _said(provider, path, "this agent names its model and provider itself", edits)


def _profile(subject: Subject) -> Iterator[Hit]:
    provider = str(subject.data.get("provider") or "")
    if provider in CLOUD or provider == OLLAMA:
        edits = profile_edits(subject) if provider == OLLAMA else ()
        yield _said(provider, ("provider",), f"the profile is tied to `{provider}`", edits)
    elif (address := subject.data.get("base_url")) and not INTERNAL_URL.match(str(address)):
        yield Hit(
            message="the profile is tied to one address",
            path=("base_url",),
            matched=str(address),
            hint="leave it out; each machine binds the profile",
        )
    options = subject.data.get("options")
    for key in sorted(_MACHINE & set(options if isinstance(options, dict) else ())):
        yield Hit(
            message=f"the option `{key}` suits one machine",
            path=("options", key),
            matched=key,
            hint="leave it out",
        )


def _said(provider: str, path: Path, otherwise: str, edits: tuple) -> Hit:  # type: ignore[type-arg]
    if provider == OLLAMA:
        return Hit(
            message="the engine has no provider `ollama` any more",
            path=path,
            matched=provider,
            hint=f"use {_INSTEAD}; `conductor lint --fix` shows how"
            if edits
            else f"use {_INSTEAD}",
            levels=_GONE,
            edits=edits,
        )
    hint = "use a capability class, such as `model_profile: conductor-small`"
    return Hit(message=otherwise, path=path, matched=provider, hint=hint)
