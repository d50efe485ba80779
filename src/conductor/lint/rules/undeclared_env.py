"""Every environment variable is declared.

Avoid: `os.environ["GITHUB_TOKEN"]` that nobody was told about.

Prefer: `x-conductor: {env: [{name: GITHUB_TOKEN, why: reads issues}]}`.

Why: it is set on your machine, so everything works there. Elsewhere the script fails in the middle
of a run, after the models have been waited for.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.lint.edits import declare
from conductor.lint.fields import Field
from conductor.lint.patterns import ENVIRONMENT
from conductor.lint.rule import Fix, Hit
from conductor.lint.subject import Form, Subject

CODE = "P210"
LEVELS = "hEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE, Form.SCRIPT}
FIX = Fix.ASK

_ASK = 'default_task: "Look up $TICKET_HOST for each line."\n'
GOOD = (
    'default_task: "Add up the prices, each of them below $100."\n',
    _ASK
    + "x-conductor: {version: '1', license: MIT, authors: [Ada], task: x, env: [TICKET_HOST]}\n",
)
BAD = ((_ASK, 1), ('# file: scripts/example.py\nimport os\nHOST = os.environ["HOST"]\n', 3))

# The engine sets these for every script.
_ENGINE = {"INPUT_DATA", "INPUT_TEXT", "AGENT_PARAMETERS", "PATH", "HOME", "TMPDIR"}
_MONEY = {"USD", "EUR", "GBP", "CAD", "AUD", "CHF", "JPY"}  # `$USD 5`
_FIELDS = {Field.PROMPT, Field.TASK, Field.PARAMETER, Field.SOURCE, Field.ENDPOINT}


def check(subject: Subject) -> Iterator[Hit]:
    declared = {*subject.declared("env"), *_ENGINE, *_MONEY}
    seen: set[str] = set()
    for text in subject.texts:
        if text.field not in _FIELDS:
            continue
        for found in ENVIRONMENT.finditer(text.value):
            # In Python, `$NAME` is a template of its own, not the environment.
            ours = found.lastgroup != "shell" or not subject.file.endswith(".py")
            name = found[found.lastgroup or 0]
            if ours and name not in declared and name not in seen:
                seen.add(name)
                yield Hit(
                    message=f"the variable `{name}` is not declared",
                    path=text.path,
                    offset=subject.find(text, found[0]),
                    matched=name,
                    hint=f"list `{name}` in `x-conductor: env` and say what it is for",
                    edits=declare(subject, "env", name),
                )
