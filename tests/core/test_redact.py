from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.core.redact import redact

PLANTED = {
    "api-key": "sk-ant-api03-" + "a1B2" * 8,
    "github-token": "ghp_" + "a1B2" * 9,
    "gitlab-token": "glpat-" + "a1B2" * 5,
    "slack-token": "xoxb-" + "1234567890-abc",
    "aws-key": "AKIA" + "ABCD1234" * 2,
    "google-key": "AIza" + "a1B2c" * 7,
    "pypi-token": "pypi-" + "a1B2" * 10,
    "hugging-face-token": "hf_" + "a1B2" * 8,
    "jwt": "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl",
    "email": "ada.lovelace+notes@example.co.uk",
    "iban": "DE89 3704 0044 0532 0130 00",
    "card": "4111 1111 1111 1111",
    "private-key": "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
}


@pytest.mark.parametrize("kind", PLANTED)
def test_what_looks_like_a_secret_is_taken_out_and_the_rest_stays(kind):
    assert redact(f"before {PLANTED[kind]} after") == (f"before [redacted:{kind}] after", 1)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("postgresql://ada:hunter22@db/x", "postgresql://ada:[redacted:url-password]@db/x"),
        ('password = "hunter 22"', "password = [redacted:password]"),
        ("API_KEY: abcdef123", "API_KEY: [redacted:password]"),
        ("Authorization: Bearer abcdefghij0123456789", "Authorization: Bearer [redacted:bearer]"),
    ],
)
def test_what_leads_to_a_secret_stays(text, clean):
    assert redact(text) == (clean, 1)


@pytest.mark.parametrize(
    "text",
    [
        "The secret of the pass is a good map; the password policy asks for 12 characters.",
        "Order 1234 5678 9012 3456 was sent on 2026-11-24 at 05:06:07.",
        "See https://example.org/a:b@c and sha256:" + "ab12" * 16,
        "user@host is no address, and neither is @decorator",
        "def token(self) -> str: return self._token",
    ],
)
def test_ordinary_text_is_left_alone(text):
    assert redact(text) == (text, 0)


@given(st.text())
def test_redacting_twice_changes_nothing_more(text):
    once, _ = redact(text)
    assert redact(once)[0] == once
