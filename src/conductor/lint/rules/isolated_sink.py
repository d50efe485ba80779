"""Several agents lead to one answer.

Avoid: a last agent that depends on nothing, or several agents whose results nobody takes up.

Prefer: `depends_on` for whoever joins the results; or say in `x-conductor` which `outputs` are
meant.

Why: the engine delivers only the last agent's text. Whatever does not flow into it was computed,
paid for in minutes, and thrown away.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.core.graph import dangling, dependencies
from conductor.lint.rule import Hit
from conductor.lint.subject import Subject

CODE = "D102"
LEVELS = "hwE"

_TWO = """\
agents:
  - {{name: facts, model_profile: conductor-small, max_tokens: 90, system_prompt: "List facts."}}
  - {{name: risks, model_profile: conductor-small, max_tokens: 90, system_prompt: "List risks."{}}}
"""
GOOD = (
    _TWO.format(", depends_on: [facts]"),
    _TWO.format("")
    + "x-conductor: {version: '1', license: MIT, authors: [A], task: x, outputs: [facts, risks]}\n",
)
BAD = ((_TWO.format(""), 1),)


def check(subject: Subject) -> Iterator[Hit]:
    needs = dependencies(subject.data)
    taken = {name for names in needs.values() for name in names}
    sinks = [name for name in needs if name not in taken]
    loose = [name for name in sinks if name not in subject.declared("outputs")]
    if dangling(subject.data):
        return  # rule `dangling-dependency`; what is taken up is not known then
    if len(needs) > 1 and len(sinks) > 1 and loose:
        listed = ", ".join(f"`{name}`" for name in loose)
        yield Hit(
            message=f"nobody takes up the results of {listed}",
            path=("agents",),
            matched=",".join(loose),
            hint="join them with `depends_on`, or list them in `x-conductor: outputs`",
        )
