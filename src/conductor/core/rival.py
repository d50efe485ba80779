"""What one model alone would be asked in place of an ensemble: the rival it has to beat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from conductor.core.closure import agents_of
from conductor.core.contract import together
from conductor.core.execution import Document, output_limit
from conductor.core.graph import dependencies


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """One agent's order. `schema` is None where the answer is free text."""

    instruction: str
    max_tokens: int
    profile: str
    schema: Document | None


def alone(ensemble: Document, children: Mapping[str, Document], order: Sequence[str]) -> Alone:
    """Put the work of an ensemble into one order, as whoever writes its answer has it.

    It gets the strongest profile in use; `order` lists profiles from the weakest to the strongest.
    Raises ValueError where no agent has a profile, and where a single agent does all of it anyway.
    """
    parts = [ensemble, *children.values()]
    models = [agent for part in parts for agent in _models(part)]
    if not models:
        raise ValueError("no agent of it has a model profile")
    if len(agents_of(ensemble)) == 1 and not children:
        raise ValueError("it is a single model already")
    writers = next(found for part in parts if (found := list(_writers(part))))
    prompts = [str(writer.get("system_prompt") or "") for writer in writers]
    about = [str(ensemble.get("description") or ""), *prompts]
    return Alone(
        instruction="\n\n".join(text for text in about if text),
        max_tokens=sum(output_limit(writer) for writer in writers),
        profile=max(
            (str(agent["model_profile"]) for agent in models),
            key=lambda name: order.index(name) if name in order else -1,
        ),
        schema=together(writers),
    )


def _models(part: Document) -> Iterator[Document]:
    return (agent for agent in agents_of(part) if agent.get("model_profile"))


def _writers(part: Document) -> Iterator[Document]:
    """Give the agents with a model that no other one waits for, through scripts or directly."""
    models = list(_models(part))
    needs = dependencies(part)
    before = {name for agent in models for name in _ancestors(str(agent.get("name")), needs)}
    return (agent for agent in models if str(agent.get("name")) not in before)


def _ancestors(name: str, needs: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [*needs.get(name, ())]
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting.extend(needs.get(one, ()))
    return found
