"""Agents of a class that is for breadth, and that bring too little together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conductor.compiler.doc import ClassName
from conductor.compiler.render import profile_name
from conductor.compiler.source_models import ClassDoc
from conductor.compiler.text import Parsed
from conductor.core.closure import agents_of
from conductor.core.execution import Document
from conductor.core.finding import Finding, Level
from conductor.core.graph import breadth


def narrow(
    parsed: Parsed, ensemble: Document, classes: Mapping[ClassName, ClassDoc]
) -> Iterator[Finding]:
    asked = {
        profile_name(name): (name, one.brings_together)
        for name, one in classes.items()
        if one.brings_together
    }
    agents = agents_of(ensemble)
    if not any(agent.get("model_profile") in asked for agent in agents):
        return
    found = breadth(ensemble)
    for index, agent in enumerate(agents):
        name, least = asked.get(str(agent.get("model_profile")), ("", 0))
        if (has := found[str(agent.get("name"))]) < least:
            others = f"{has} other agent{'s' * (has != 1)}"
            yield Finding(
                name="narrow-ceiling",
                message=f"`{agent.get('name')}` is of class {name} and brings {others} together",
                at=parsed.at("agents", index, "model_profile"),
                hint=f"a smaller class will do: {name} is for {least} and more",
                level=Level.WARNING,
            )
