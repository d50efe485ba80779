"""Taking secrets and addresses out of a text before anybody keeps it.

Shapes that are known, never entropy: in prose, entropy finds secrets in most lines.
"""

from __future__ import annotations

import re

# Name of what was there, and its shape; a group `kept` stays.
_SHAPES: tuple[tuple[str, str], ...] = (
    (
        "private-key",
        r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----.*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|\Z)",
    ),
    ("api-key", r"\b(?:sk|rk|pk)[-_](?:[a-z]+[-_])*[A-Za-z0-9_-]{20,}"),
    ("github-token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})"),
    ("gitlab-token", r"\bglpat-[\w-]{20,}"),
    ("slack-token", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    ("aws-key", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    ("google-key", r"\bAIza[\w-]{35}"),
    ("pypi-token", r"\bpypi-[\w-]{40,}"),
    ("hugging-face-token", r"\bhf_[A-Za-z0-9]{30,}"),
    ("jwt", r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"),
    ("url-password", r"(?P<kept>\b[a-z][a-z0-9+.-]*://[^\s:/@]+:)[^\s@/]+(?=@)"),
    (
        "password",
        r"(?i)(?P<kept>\b(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?token)"
        r"['\"]?\s*[=:]\s*)(?:\"[^\"\n]{4,}\"|'[^'\n]{4,}'|[^\s\"',;]{4,})",
    ),
    ("bearer", r"(?P<kept>\b[Bb]earer )[\w.~+/-]{16,}=*"),
    ("email", r"\b[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}\b"),
    ("iban", r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"),
)
_PATTERNS = tuple((name, re.compile(shape, re.DOTALL)) for name, shape in _SHAPES)
_CARD = re.compile(r"\b(?:\d[ -]?){12,18}\d\b")


def redact(text: str) -> tuple[str, int]:
    """Replace what looks like a secret by `[redacted:kind]`; gives the text and how many."""
    found = 0
    for name, pattern in _PATTERNS:
        text, count = pattern.subn(lambda match, name=name: _mark(match, name), text)  # type: ignore[misc]  # bound at once
        found += count
    cards = [match for match in _CARD.finditer(text) if _luhn(match[0])]
    for match in reversed(cards):
        text = f"{text[: match.start()]}[redacted:card]{text[match.end() :]}"
    return text, found + len(cards)


def _mark(match: re.Match[str], name: str) -> str:
    return f"{match.groupdict().get('kept') or ''}[redacted:{name}]"


def _luhn(text: str) -> bool:
    """Tell a card's number from any other by its check digit."""
    digits = [int(one) for one in text if one.isdigit()]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
