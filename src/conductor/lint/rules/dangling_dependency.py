"""What an agent waits for is an agent of this ensemble that does not wait for it.

Avoid: `depends_on: [anlyst]`, `when: ${pikc.target}`, agents that wait for each other.

Prefer: the name of an agent that is there and comes before.

Why: a wrong name or a circle in `depends_on` makes the whole file "not found". A wrong name in
`when` is worse: the guard is never true, so the agent never runs, in every run, without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from conductor.core.graph import stages
from conductor.lint.edits import renamed
from conductor.lint.fields import Path
from conductor.lint.rule import Fix, Hit, Splice
from conductor.lint.subject import Subject

CODE = "D101"
LEVELS = "EEE"
FIX = Fix.ASK

_TWO = """\
agents:
  - {{name: pick, model_profile: conductor-small, max_tokens: 9, system_prompt: "Say yes or no."}}
  - {{name: work, script: scripts/example.py, depends_on: [{}]{}}}
"""
GOOD = (_TWO.format("pick", ', when: "${pick.value} == yes"'),)
BAD = (
    (_TWO.format("pcik", ""), 3),
    (_TWO.format("pick", ', when: "${pcik.value} == yes"'), 3),
    (_TWO.format("work", ""), 1),
)

_REFERENCE = re.compile(r"\$\{([A-Za-z_][\w-]*)(?:\.[\w.]+)?\}")


def check(subject: Subject) -> Iterator[Hit]:
    names = [str(agent.get("name")) for agent in subject.agents]
    agents = subject.data.get("agents")
    for index, agent in enumerate(agents if isinstance(agents, list) else []):
        if not isinstance(agent, dict):
            continue
        here: Path = ("agents", index)
        for path, name in _references(agent, here):
            if name not in names:
                near = get_close_matches(name, names, n=1, cutoff=0.5)
                hint = f"did you mean `{near[0]}`?" if near else f"agents: {', '.join(names)}"
                message = f"`{agent.get('name')}` waits for `{name}`, which is no agent"
                yield Hit(
                    message=message,
                    path=path,
                    matched=name,
                    hint=hint,
                    edits=_edits(subject, path, name, names),
                )
        if agent.get("input_key") and not agent.get("depends_on"):
            message = f"`{agent.get('name')}` takes an `input_key` from nobody"
            hint = "name the agent in `depends_on`"
            yield Hit(message=message, path=(*here, "input_key"), hint=hint)
    yield from _circle(subject)


def _circle(subject: Subject) -> Iterator[Hit]:
    _, caught = stages(subject.data)
    if caught:
        listed = ", ".join(f"`{name}`" for name in caught)
        yield Hit(
            message=f"nobody can begin: {listed} wait for each other"
            if len(caught) > 1
            else f"{listed} waits for itself",
            path=("agents",),
            matched=",".join(caught),
            hint="take out one `depends_on`",
        )


def _edits(subject: Subject, path: Path, name: str, names: list[str]) -> tuple[Splice, ...]:
    """Write the one agent that can be meant; none where two come close, or it is the agent."""
    own = str(subject.value((*path[:2], "name")))
    near = get_close_matches(name, [one for one in names if one != own], n=2, cutoff=_SURE)
    if len(near) != 1:
        return ()
    if "depends_on" in path:
        inner = (*path, "agent_name")
        return renamed(subject, inner if inner in subject.spans else path, name, near[0])
    span = subject.spans.get(path)
    at = subject.text.find(f"${{{name}", span.start, span.end) if span else -1
    return (Splice(at + 2, at + 2 + len(name), near[0]),) if at >= 0 else ()


_SURE = 0.75  # of one name for another; a hint asks for less


def _references(agent: dict[str, object], here: Path) -> Iterator[tuple[Path, str]]:
    needs = agent.get("depends_on")
    for number, need in enumerate(needs if isinstance(needs, list) else []):
        name = need.get("agent_name") if isinstance(need, dict) else need
        yield (*here, "depends_on", number), str(name)
    for key in ("when", "dispatch"):
        for found in _REFERENCE.finditer(str(agent.get(key) or "")):
            yield (*here, key), found[1]
