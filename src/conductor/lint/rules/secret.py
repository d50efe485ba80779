"""An ensemble holds no key, token or password.

Avoid: `api_key: sk-…` anywhere, also in comments.

Prefer: the engine's own credentials, or a variable that is declared in `x-conductor: env`.

Why: git keeps it for ever, and a prompt carries it to every model and log on the way. If it was
ever shared, withdraw it at the provider: taking it out of the file is not enough.
"""

from __future__ import annotations

from collections.abc import Iterator

from conductor.lint.fields import Path
from conductor.lint.patterns import secrets
from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject

CODE = "P209"
LEVELS = "EEE"
FORMS = {Form.ENSEMBLE, Form.PROFILE, Form.SCRIPT}
WAIVABLE = False

GOOD = ('description: "Explains what a token is, and why password: changeme is a bad one."\n',)
_MADE_UP = "sk-" + "ant-" + "api03-" + "Q7x" * 9  # in pieces, so that no scanner reports this file
BAD = (
    (f'default_task: "Use {_MADE_UP} for the call."\n', 1),
    (f"# the key is {_MADE_UP}\n", 1),
)

_SHOWN = 4  # characters: enough to find it, useless to a reader


def check(subject: Subject) -> Iterator[Hit]:
    seen: set[str] = set()
    for path, offset, secret, what in _everywhere(subject):
        if secret in seen:
            continue
        seen.add(secret)
        # The secret itself goes nowhere: not into the message, not into a digest.
        shown = f"{secret[:_SHOWN]}…"
        yield Hit(
            message=f"`{shown}` looks like {what}",
            path=path,
            offset=offset,
            matched=f"{what}: {shown}",
            hint="take it out and withdraw it at the provider",
        )


def _everywhere(subject: Subject) -> Iterator[tuple[Path, int | None, str, str]]:
    """Look at the file as it is, and at what it says: escapes may stand around a key."""
    for offset, secret, what in secrets(subject.text):
        yield (), offset, secret, what
    if subject.form is not Form.SCRIPT:
        for text in subject.texts:
            for _, secret, what in secrets(text.value):
                yield text.path, subject.find(text, secret), secret, what
