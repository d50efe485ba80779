"""Models by name: how big they are, who provides them, and how old files are renewed."""

from __future__ import annotations

from collections.abc import Iterator

from conductor.core.capability import size_of
from conductor.lint.edits import below, without_line
from conductor.lint.fields import Path
from conductor.lint.rule import Splice
from conductor.lint.subject import Form, Subject

OLLAMA = "ollama"
_OLLAMA_URL = "http://127.0.0.1:11434/v1"
CLOUD = frozenset(
    {"anthropic-api", "google-gemini", "google", "anthropic", "openai", "anthropic-claude-pro-max"}
)


def model_uses(subject: Subject) -> Iterator[tuple[Path, str, str]]:
    """Give each model that a file names itself: (path, model, provider)."""
    if subject.form is Form.PROFILE:
        if isinstance(model := subject.data.get("model"), str):
            yield ("model",), model, str(subject.data.get("provider") or "")
        return
    for index, agent in enumerate(subject.agents):
        if isinstance(model := agent.get("model"), str):
            yield ("agents", index, "model"), model, str(agent.get("provider") or "")


def profile_edits(subject: Subject) -> tuple[Splice, ...]:
    """Turn a profile of the old provider into one that reaches the same server."""
    span = subject.spans.get(("provider",))
    if span is None:
        return ()
    edits = [Splice(span.start, span.end, "openai-compatible")]
    if not subject.data.get("base_url"):
        edits.extend(address := below(subject, ("provider",), f"base_url: {_OLLAMA_URL}"))
        if not address:
            return ()
    return _tagged(subject, edits)


def _tagged(subject: Subject, edits: list[Splice]) -> tuple[Splice, ...]:
    """Spell the model as the server lists it: with its tag, which used to be optional."""
    model, span = subject.data.get("model"), subject.spans.get(("model",))
    if isinstance(model, str) and span is not None and ":" not in model:
        edits.append(Splice(span.start, span.end, f'"{model}:latest"'))
    return tuple(sorted(edits))


# The class that a model of so many billions stands for.
_CLASSES = ((1.0, "micro"), (4.0, "small"), (7.0, "medium"), (12.0, "ceiling"))


def inline_edits(subject: Subject, index: int) -> tuple[Splice, ...]:
    """Replace an agent's own model and dead provider by the capability class of its size."""
    agent = subject.agents[index]
    billion = size_of(str(agent.get("model")))
    name = next((name for limit, name in _CLASSES if billion is not None and billion <= limit), "")
    path: Path = ("agents", index, "model")
    model, span = subject.offset(path), subject.spans.get(path)
    gone = without_line(subject, ("agents", index, "provider"))
    if not name or model is None or span is None or agent.get("provider") != OLLAMA or not gone:
        return ()
    return tuple(sorted((Splice(model, span.end, f"model_profile: conductor-{name}"), *gone)))
