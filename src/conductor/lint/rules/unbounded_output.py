"""Every model stops, by length and by time.

Avoid: an agent without `max_tokens`, or without a timeout of its own or of its profile.

Prefer: `max_tokens: 800` on the agent, `timeout_seconds` on the profile.

Why: small models fall into loops. Without a limit one of them fills the context of the next, and
the run ends when somebody loses patience. (The engine ignores `max_tokens` at the top of a profile;
there it belongs under `options`.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conductor.lint.edits import below
from conductor.lint.rule import Fix, Hit
from conductor.lint.subject import Subject

CODE = "M309"
LEVELS = "-hE"
FIX = Fix.ASK

_AGENT = """\
agents:
  - name: worker
    model_profile: conductor-small{}
    system_prompt: "List the risks."
"""
GOOD = (_AGENT.format("\n    max_tokens: 200"), _AGENT.format("\n    options: {num_predict: 200}"))
BAD = ((_AGENT.format(""), 3),)

_PROPOSED = 800  # tokens: half a page, enough for a list and too short for a loop
_SECONDS = 120
_LIMITS = ("max_tokens", "num_predict", "max_completion_tokens", "n_predict")


def check(subject: Subject) -> Iterator[Hit]:
    for index, agent in enumerate(subject.agents):
        source = next((key for key in ("model_profile", "model") if agent.get(key)), "")
        if not source:
            continue
        name = str(agent.get("model_profile") or "")
        profile = subject.around.profiles.get(name)
        if profile is None and name and name not in subject.around.standard:
            continue  # rule `closure-incomplete`: nobody knows what the profile says
        path = ("agents", index, source)
        if agent.get("max_tokens") is None and not (_limited(agent) or _limited(profile or {})):
            yield Hit(
                message=f"`{agent.get('name')}` may write without end",
                path=path,
                matched=f"{agent.get('name')} max_tokens",
                hint=f"add `max_tokens: {_PROPOSED}`, or what its answer needs",
                edits=below(subject, path, f"max_tokens: {_PROPOSED}"),
            )
        if agent.get("timeout_seconds") is None and not _timed(profile, name, subject):
            yield Hit(
                message=f"`{agent.get('name')}` may run without end",
                path=path,
                matched=f"{agent.get('name')} timeout_seconds",
                hint=f"add `timeout_seconds: {_SECONDS}`, here or on the profile",
                edits=below(subject, path, f"timeout_seconds: {_SECONDS}"),
            )


def _limited(holder: Mapping[str, object]) -> bool:
    options = holder.get("options")
    return isinstance(options, dict) and any(options.get(key) for key in _LIMITS)


def _timed(profile: Mapping[str, object] | None, name: str, subject: Subject) -> bool:
    return name in subject.around.standard or bool(profile and profile.get("timeout_seconds"))
