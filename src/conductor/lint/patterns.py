"""Shapes of text that several rules look for."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

ABSOLUTE_PATH = re.compile(
    r"(?<![\w.:/*-])"
    r"(?:/(?:home|Users|root|tmp|var|opt|etc|usr|mnt|srv|private|Volumes|workspaces?)/[^\s\"'`<>|)\],;]+"
    r"|[A-Z]:\\[^\s\"'`<>|),;]+"
    r"|~/[^\s\"'`<>|)\],;]+)"
)
# What leads out of the folder that it is written in.
OUTSIDE = re.compile(r"^(?:/|~|[A-Za-z]:[\\/])|(?:^|[/\\])\.\.(?:[/\\]|$)|\\")
RELATIVE_PATH = re.compile(
    r"(?<![\w/.:@<{$-])(?:\.{1,2}/)?(?:[\w.-]+/)+[\w-]+\.[A-Za-z][A-Za-z0-9]{0,4}\b(?![/:])"
)
EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b"
)
_NOBODY = re.compile(
    r"@(?:[\w-]+\.)*(?:example|test|invalid|localhost)(?:\.\w+)?$"
    r"|^(?:user|name|git|noreply|no-reply)@"
)
PHONE = re.compile(
    r"(?<![\w.+-])(?:\+\d{1,3}[ ./-]?(?:\(\d+\)[ ./-]?)?\d(?:[ ./-]?\d){6,11}"
    r"|\(\d{3}\) ?\d{3}-\d{4})\b"
)

_PRIVATE = (
    r"(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1\]|10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}"
    r"|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|169\.254(?:\.\d{1,3}){2}"
    r"|(?:[\w-]+\.)+(?:internal|corp|local|lan|intranet|home\.arpa)|[\w-]+)"
)
INTERNAL_URL = re.compile(
    rf"\b(?:https?|wss?|grpc|redis|postgres(?:ql)?|mysql|mongodb)://(?:[^\s/@]*@)?"
    rf"{_PRIVATE}(?=[:/\s\"'`]|$)[^\s\"'`]*"
)

# What providers give away; the longest prefix first, for the name in the message.
_KEYS = (
    ("an Anthropic key", r"sk-ant-[\w-]{20,}"),
    ("an OpenAI key", r"sk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{24,}"),
    ("a Google key", r"AIza[\w-]{35}"),
    ("a Hugging Face token", r"hf_[A-Za-z0-9]{30,}"),
    ("a Groq key", r"gsk_[A-Za-z0-9]{40,}"),
    ("a GitHub token", r"gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{40,}"),
    ("a GitLab token", r"glpat-[\w-]{20,}"),
    ("an AWS key", r"(?:AKIA|ASIA)[0-9A-Z]{16}"),
    ("a Slack token", r"xox[abeprs]-[\w-]{10,}"),
    ("a private key", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
)
_NAMED = [(what, re.compile(rf"(?<![\w-])(?:{shape})")) for what, shape in _KEYS]
_IN_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@]+:([^\s/@$<{]{3,})@")
_ASSIGNED = re.compile(
    r"(?i)\b(?:api[_-]?key|access[_-]?key|auth[_-]?token|token|secret|password|passwd)\b[\"']?\s*[:=]\s*"
    r"[\"']?([A-Za-z0-9+/_=-]{16,})"
)
_RANDOM_BITS = 3.5  # of entropy per character; words and identifiers stay below

ENVIRONMENT = re.compile(
    r"\$\{?([A-Z][A-Z0-9_]{2,})\b\}?|(?:environ(?:\.get)?|getenv)\s*[\[(]\s*[\"']([A-Za-z_]\w*)[\"']"
)


def emails(text: str) -> Iterator[str]:
    """Give the addresses of somebody: not those that documentation makes up."""
    for found in EMAIL.finditer(text):
        if not _NOBODY.search(found[0].lower()):
            yield found[0]


def secrets(text: str) -> Iterator[tuple[int, str, str]]:
    """Give (offset, the secret, what it is)."""
    for what, shape in _NAMED:
        for found in shape.finditer(text):
            yield found.start(), found[0], what
    for found in _IN_URL.finditer(text):
        yield found.start(1), found[1], "a password in an address"
    for found in _ASSIGNED.finditer(text):
        if _looks_random(found[1]) and not any(shape.match(found[1]) for _, shape in _NAMED):
            yield found.start(1), found[1], "something random after a word for a secret"


def _looks_random(text: str) -> bool:
    counts = Counter(text)
    bits = -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
    mixed = any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
    return bits > _RANDOM_BITS and mixed
