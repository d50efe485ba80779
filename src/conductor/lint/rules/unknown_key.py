"""A key is one that the engine reads, and holds what it reads there.

Avoid: `agnets:`, or `tags:` and other data of yours at the top; `agents:` that is no list.

Prefer: the engine's keys; what is yours goes under `x-conductor`.

Why: at the top, the engine passes over what it does not know, so a misspelt key switches something
off and nobody is told. Inside an agent it refuses the whole file, and says only "not found".
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from conductor.lint.fields import Path
from conductor.lint.rule import Fix, Hit, Splice
from conductor.lint.subject import Subject
from conductor.lint.words import words

CODE = "F002"
LEVELS = "wEE"
FIX = Fix.ASK

GOOD = ('raw_output: false\nx-notes: "kept by the engine, read by nobody"\n',)
BAD = (
    ("raw_outptu: true\n", 1),
    (
        """\
agents:
  - name: worker
    model_profile: conductor-small
    max_tokens: 200
    sytem_prompt: "List the risks."
""",
        5,
    ),
    ("agents:\n  worker: {model_profile: conductor-small}\n", 1),
)

_TOP = words(
    "name description agents default_task task validation test_mode raw_output topaz_skill serves"
    " output_schema output_substrate output_retention calibration_substrate_access"
)
_AGENT = words(
    "name depends_on fan_out input_key input_scope when on_dependency_failure timeout_seconds"
    " model_profile model provider system_prompt temperature max_tokens options response_format"
    " output_format fallback_model_profile script parameters ensemble loop dispatch"
)


def check(subject: Subject) -> Iterator[Hit]:
    for key in subject.data:
        if key not in _TOP and not key.startswith("x-"):
            message = f"the engine passes over the key `{key}`"
            yield _hit(subject, (key,), _TOP, message, "put your own data under `x-conductor`")
    yield from _shapes(subject)
    agents = subject.data.get("agents")
    for index, agent in enumerate(agents if isinstance(agents, list) else []):
        for key in agent if isinstance(agent, dict) else ():
            if key not in _AGENT:
                message = f"the engine refuses an agent with the key `{key}`"
                path: Path = ("agents", index, key)
                yield _hit(subject, path, _AGENT, message, "take it out", "EEE")


def _shapes(subject: Subject) -> Iterator[Hit]:
    """Find lists that are none: the engine refuses the file, and says only "not found"."""
    if "agents" not in subject.data:
        return
    agents = subject.data["agents"]
    if not isinstance(agents, list) or not all(isinstance(agent, dict) for agent in agents):
        hint = "write a list of agents, each with `name:`"
        yield Hit(
            message="`agents` is no list of agents", path=("agents",), hint=hint, levels="EEE"
        )
        return
    for index, agent in enumerate(agents):
        if not isinstance(agent.get("depends_on") or [], list):
            path: Path = ("agents", index, "depends_on")
            hint = "write the names in brackets: `[pick]`"
            yield Hit(message="`depends_on` is no list", path=path, hint=hint, levels="EEE")


def _hit(
    subject: Subject, path: Path, known: frozenset[str], message: str, hint: str, levels: str = ""
) -> Hit:
    key = str(path[-1])
    near = get_close_matches(key, sorted(known), n=1, cutoff=0.7)
    start = subject.offset(path)
    edits = (Splice(start, start + len(key), near[0]),) if near and start is not None else ()
    if edits and subject.text[edits[0].start : edits[0].end] != key:  # it is in quotes
        edits = ()
    hint = f"did you mean `{near[0]}`?" if near else hint
    return Hit(message=message, path=path, matched=key, hint=hint, levels=levels, edits=edits)
