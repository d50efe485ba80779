"""A script that uses the network says so.

Avoid: `import requests`, `curl` in an inline script, without a word about it.

Prefer: `x-conductor: {capabilities: [network]}`, or no network.

Why: whoever copies an ensemble runs its scripts. Text that stays on this machine with a model may
leave it with a script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conductor.lint.edits import declare
from conductor.lint.fields import Field
from conductor.lint.rule import Fix, Hit
from conductor.lint.scripts import imports
from conductor.lint.subject import Form, Subject
from conductor.lint.words import words

CODE = "X401"
LEVELS = "wEE"
FORMS = {Form.SCRIPT, Form.ENSEMBLE}
FIX = Fix.ASK

GOOD = (
    '# file: scripts/example.py\nimport json\nimport sys\n\nprint(json.load(sys.stdin)["input"])\n',
)
BAD = (
    ("# file: scripts/example.py\nimport urllib.request\n\nprint(urllib.request.urlopen)\n", 2),
    ('agents:\n  - name: worker\n    script: "curl example.org"\n', 3),
)

_MODULES = words(
    "socket ssl http.client http.server urllib.request ftplib smtplib poplib imaplib telnetlib"
    " xmlrpc socketserver requests httpx aiohttp urllib3 websockets websocket paramiko boto3"
    " botocore openai anthropic grpc pycurl redis pymongo psycopg psycopg2 kafka pika playwright"
    " selenium"
)
_COMMANDS = re.compile(r"(?<![\w-])(?:curl|wget|nc|ncat|netcat|ssh|scp|rsync|telnet|ftp)(?=\s)")


def check(subject: Subject) -> Iterator[Hit]:
    if any(one.startswith("network") for one in subject.declared("capabilities")):
        return
    hint = "declare it: `x-conductor: {capabilities: [network]}`"
    edits = declare(subject, "capabilities", "network")
    if subject.file.endswith(".py"):
        for name, line in imports(subject.text):
            if uses_network(name):
                message = f"the script uses the network through `{name}`"
                place = subject.at_line(line)
                yield Hit(message=message, place=place, matched=name, hint=hint, edits=edits)
        return
    for text in subject.texts:
        if text.field is Field.SOURCE and (found := _COMMANDS.search(text.value)):
            yield Hit(
                message=f"the script uses the network through `{found[0]}`",
                path=text.path,
                offset=subject.find(text, found[0]),
                matched=found[0],
                hint=hint,
                edits=edits,
            )


def uses_network(module: str) -> bool:
    """Tell whether importing a module is a sign of the network."""
    return module in _MODULES or module.partition(".")[0] in _MODULES
