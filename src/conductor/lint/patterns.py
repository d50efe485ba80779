"""Shapes of text that several rules look for."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator


def _after(*words: str) -> str:
    """Say which words come before, in a pattern."""
    return "|".join(rf"(?<=\b{re.escape(word)})" for word in words)


_REST = r"[^\s\"'`<>|)\],;]"  # of a path
ABSOLUTE_PATH = re.compile(
    r"(?<![\w.:/*-])"
    r"(?:(?:file://)?/(?:home|Users|root|tmp|var|opt|etc|usr|mnt|media|srv|run|export|nix|private|Volumes|workspaces?)/"
    rf"{_REST}+"
    # What containers call it, and APIs too: only with a file's ending.
    rf"|/(?:app|data|code|project|repo|builds?)/(?:{_REST}*/)?{_REST}+\.[a-z]{{1,5}}\b"
    r"|[A-Z]:\\[^\s\"'`<>|),;]+"
    rf"|[A-Z]:/{_REST}+"
    r"|\\\\[\w.-]+\\[^\s\"'`<>|),;]+"
    rf"|(?:~[a-z]*|\$HOME|\$\{{HOME\}}|%[A-Z]+%)[/\\]{_REST}+)"
)
# What leads out of the folder that it is written in.
OUTSIDE = re.compile(r"^(?:/|~|[A-Za-z]:[\\/])|(?:^|[/\\])\.\.(?:[/\\]|$)|\\")
RELATIVE_PATH = re.compile(
    r"(?<![\w/.:@<{$-])(?:\.{1,2}/)?(?:[\w.-]+/)+[\w-]+\.[A-Za-z][A-Za-z0-9]{0,4}\b(?!/|:(?!\d))"
)
EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b"
)
_NOBODY = re.compile(
    r"@(?:[\w-]+\.)*(?:example|test|invalid|localhost)(?:\.\w+)?$"
    r"|^(?:user|name|git|noreply|no-reply)@"
)
# So that no robot reads it, and people do.
_SPELT_OUT = re.compile(
    r"\b([A-Za-z0-9][\w.+-]*) ?[(\[]at[)\]] ?([\w-]+(?: ?(?:[(\[]dot[)\]]|\.) ?[\w-]+)*"
    r" ?(?:[(\[]dot[)\]]|\.) ?[A-Za-z]{2,})\b"
)
_DIGITS = r"\d(?:[ ./-]?\d){6,11}"
PHONE = re.compile(
    rf"(?<![\w.+-])(?:\+\d{{1,3}}[ ./-]?(?:\(\d+\)[ ./-]?)?{_DIGITS}"
    r"|\(\d{3}\) ?\d{3}-\d{4})\b"
    rf"|(?i:{_after('call ', 'phone ', 'phone: ', 'tel ', 'tel. ', 'tel: ', 'fax ')})0{_DIGITS}\b"
)

_PRIVATE = (
    r"(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1\]|10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}"
    r"|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|169\.254(?:\.\d{1,3}){2}|\[(?:f[cd]|fe80:)[0-9a-f:]+\]"
    r"|(?:[\w-]+\.)+(?:internal|corp|local|lan|intranet|home\.arpa)|[\w-]+)"
)
# The same without a scheme; four numbers that begin with 10 are more often a version.
INTERNAL_HOST = re.compile(
    r"(?<![\w./@-])(?:(?:192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}|10(?:\.\d{1,3}){3}(?=:\d)"
    rf"|(?i:{_after('host ', 'server ', 'machine ', 'address ', 'ip ', 'at ')})"
    r"10(?:\.\d{1,3}){3}"
    r"|(?:[a-z0-9-]+\.)+(?:internal|corp|lan|intranet|home\.arpa))(?::\d+)?(?![\w/-]|\.\w)"
)
INTERNAL_URL = re.compile(
    rf"\b(?:https?|wss?|grpc|redis|postgres(?:ql)?|mysql|mongodb)://(?:[^\s/@]*@)?"
    rf"{_PRIVATE}(?=[:/\s\"'`,;)]|\.?(?:\s|$))[^\s\"'`]*"
)

# What providers give away: (name, what every one has in it, shape). The longest prefix comes first,
# for the name in the message; a text without the second is not searched.
_KEYS = (
    ("an Anthropic key", "sk-ant-", r"sk-ant-[\w-]{20,}"),
    ("an OpenAI key", "sk-", r"sk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{24,}"),
    ("a Google key", "AIza", r"AIza[\w-]{35}"),
    ("a Hugging Face token", "hf_", r"hf_[A-Za-z0-9]{30,}"),
    ("a Groq key", "gsk_", r"gsk_[A-Za-z0-9]{40,}"),
    ("a GitHub token", "gh", r"gh[pousr]_[A-Za-z0-9]{36,}"),
    ("a GitHub token", "github_pat_", r"github_pat_\w{40,}"),
    ("a GitLab token", "glpat-", r"glpat-[\w-]{20,}"),
    ("an AWS key", "IA", r"(?:AKIA|ASIA)[0-9A-Z]{16}"),
    ("a Slack token", "xox", r"xox[abeprs]-[\w-]{10,}"),
    ("a Stripe key", "k_live_", r"[rs]k_live_[A-Za-z0-9]{20,}"),
    ("an npm token", "npm_", r"npm_[A-Za-z0-9]{36}"),
    ("a PyPI token", "pypi-", r"pypi-AgEI[\w-]{40,}"),
    ("a Perplexity key", "pplx-", r"pplx-[A-Za-z0-9]{40,}"),
    ("a Replicate token", "r8_", r"r8_[A-Za-z0-9]{30,}"),
    ("an xAI key", "xai-", r"xai-[A-Za-z0-9]{40,}"),
    ("a Vault token", "hv", r"hv[sb]\.[\w-]{24,}"),
    ("a SendGrid key", "SG.", r"SG\.[\w-]{20,}\.[\w-]{30,}"),
    ("a DigitalOcean token", "_v1_", r"do[opr]_v1_[0-9a-f]{60,}"),
    ("a Databricks token", "dapi", r"dapi[0-9a-f]{32}"),
    ("a Grafana token", "glsa_", r"glsa_\w{30,}"),
    ("an Atlassian token", "ATATT3x", r"ATATT3x[\w=-]{40,}"),
    ("a Shopify token", "shp", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    ("a Linear key", "lin_api_", r"lin_api_[A-Za-z0-9]{32,}"),
    ("a Google access token", "ya29.", r"ya29\.[\w-]{30,}"),
    ("a Telegram token", ":", r"\d{8,10}:[\w-]{35}(?![\w-])"),
    ("an age key", "AGE-SECRET", r"AGE-SECRET-KEY-1[0-9A-Z]{50,}"),
    ("an Azure storage key", "AccountKey", r"AccountKey=[A-Za-z0-9+/]{80,}={0,2}"),
    ("a signed token", "eyJ", r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}"),
    (
        "an address that takes messages",
        "hooks.slack.com",
        r"https://hooks\.slack\.com/services/T\w+/B\w+/\w{20,}",
    ),
    ("a private key", "PRIVATE KEY", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
)
_NAMED = [(what, part, re.compile(rf"(?<![\w-])(?:{shape})")) for what, part, shape in _KEYS]
_IN_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@]+:([^\s/@$<{]{3,})@")
_ASSIGNED = re.compile(
    r"(?i)\b(?:(?:bearer|basic)\s+"
    r"|[\w-]{0,30}(?:account[_-]?key|api[_-]?key|access[_-]?key|token|secret|password|passwd)\b"
    r"[\"']?\s*[:=]\s*[\"']{0,2})"
    r"([A-Za-z0-9+/_=-]{16,})"
)
# In quotes a password may have any characters, and need not be long.
_QUOTED = re.compile(
    r"(?i)(?:password|passwd|passphrase|secret)[\"']?\s*(?:[:=]|is)\s*"
    r"(?:\"([^\s\"'<>{}$]{12,64})\"|'([^\s\"'<>{}$]{12,64})')"
)
_RANDOM_BITS = 3.5  # of entropy per character; words and identifiers stay below

ENVIRONMENT = re.compile(
    r"\$\{?(?P<shell>[A-Z][A-Z0-9_]{2,})\b\}?"
    r"|(?:environ(?:\.get)?|getenv)\s*[\[(]\s*[\"'](?P<code>[A-Za-z_]\w*)[\"']"
    r"|%(?P<windows>[A-Z][A-Z0-9]*_[A-Z0-9_]+)%"
    r"|\benvironment variables? [`\"']?(?P<prose>[A-Z][A-Z0-9_]{2,})\b"
)


def emails(text: str) -> Iterator[str]:
    """Give the addresses of somebody: not those that documentation makes up."""
    for found in EMAIL.finditer(text):
        if not _NOBODY.search(found[0].lower()):
            yield found[0]
    for found in _SPELT_OUT.finditer(text):
        domain = re.sub(r" ?[(\[]dot[)\]] ?", ".", found[2])
        if not _NOBODY.search(f"{found[1]}@{domain}".lower()):
            yield found[0]


def secrets(text: str) -> Iterator[tuple[int, str, str]]:
    """Give (offset, the secret, what it is)."""
    known: list[tuple[int, int]] = []
    for what, part, shape in _NAMED:
        for found in shape.finditer(text) if part in text else ():
            known.append(found.span())
            yield found.start(), found[0], what
    for found in _IN_URL.finditer(text):
        yield found.start(1), found[1], "a password in an address"
    for found in (*_ASSIGNED.finditer(text), *_QUOTED.finditer(text)):
        secret, at = found[found.lastindex or 0], found.start(found.lastindex or 0)
        if _looks_random(secret) and not any(start <= at < end for start, end in known):
            known.append((at, at + len(secret)))
            yield at, secret, "something random after a word for a secret"


def _looks_random(text: str) -> bool:
    counts = Counter(text)
    bits = -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
    mixed = any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
    return bits > _RANDOM_BITS and mixed
