"""Leaks that are put into clean ensembles on purpose, and lookalikes that must stay unnoticed.

None was taken from a rule's own examples. `UNSEEN` are those that lint is known to miss: they are
listed so that nobody believes otherwise. The secrets are put together here, so that no scanner
reports this file; none of them ever opened anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from conductor.lint.origin import Origin

# The project that the leaks are from.
ORIGIN = Origin(
    names=frozenset({"ledgerly", "Quillmark", "pay-hub", "tvogel", "buildbox07"}),
    people=frozenset({"Theresa Vogel"}),
    files=frozenset({"docs/house-style.md", "services/billing/rates.py", "web/src/cart.tsx"}),
    symbols=frozenset({"InvoiceReconciler", "post_journal_entry", "RateTable"}),
)


@dataclass(frozen=True, slots=True)
class Leak:
    """A sentence with something that belongs to one project; `rule` is the one to notice it."""

    rule: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.sentence}"


def _key(prefix: str, length: int) -> str:
    """Make up a key: letters and digits without a pattern, the same in every run."""
    letters = "Xk3fQ9zTb7LmW2vRc8NyH4pJd6GsA5uE1oKi0MtVwBqYhZrSxCnFgPjDlUe"
    return prefix + (letters * 3)[:length]


_FOUND = {
    "absolute-path": (
        "Follow the schema in /home/tvogel/ledger/schema.sql for all names.",
        "Templates are in /Users/tvogel/Documents/templates.",
        "Look at C:\\Users\\tvogel\\ledger\\schema.sql first.",
        "Look at D:/work/ledger/schema.sql first.",
        "The rates are in \\\\files07\\finance\\rates.xlsx.",
        "Use the words listed in ~/notes/words.txt only.",
        "Take the names from $HOME/ledger/names.txt.",
        "The data is at file:///srv/exports/may.csv.",
        "The dump is below /mnt/backup/2025/ledger.",
        "Settings are in /app/config/settings.yaml.",
        "Settings are in /data/ledger/settings.yaml.",
        "Compare with /etc/ledger/rates.toml.",
    ),
    "project-name": (
        "You review the pull requests of Ledgerly.",
        "LEDGERLY has its own words for this.",
        "Quillmark's invoices have three parts.",
        "The input comes from the pay_hub service.",
        "PayHub expects one line per entry.",
        "It runs on buildbox07 every night.",
        "Written for tvogel and the others.",
        "The module is `ledgerly.rates`.",
    ),
    "project-file": (
        "Follow docs/house-style.md in all that you write.",
        "The rates are in `services/billing/rates.py`.",
        "Keep to ./web/src/cart.tsx.",
        "See src/checkout/totals.go for the order of the columns.",
    ),
    "project-symbol": (
        "Name the class InvoiceReconciler in each answer.",
        "Each entry is passed to `post_journal_entry()`.",
        "RateTable.lookup takes two arguments.",
    ),
    "outside-reference": (
        "Keep to our coding guidelines.",
        "Write it as we discussed.",
        "Use the terms of our domain model.",
        "Compare it with the attached spreadsheet.",
        "Answer like last time.",
        "Use the names from this codebase.",
    ),
    "tracker-reference": (
        "This implements PAY-1234.",
        "It was added for #4711.",
        "The format was decided in ADR 17.",
        "See PR #88 for the reasons.",
        "The rules come from issue 312.",
        "Read GH-59 first.",
        "This follows MR !45.",
        "This is for sprint 14.",
        "See https://github.com/acme/shop/pull/88 for the reasons.",
        "See https://acme.atlassian.net/browse/PAY-12 for the reasons.",
        "Planned in 2025-03-01-new-rates.md.",
    ),
    "internal-endpoint": (
        "The style is at http://wiki.corp/style.",
        "Ask http://10.0.4.7:8000/v1 for the rates.",
        "The server at http://localhost:9000 has the rest.",
        "The rates are at https://rates.acme.internal/v2.",
        "Post it to http://buildhost:8080/hook.",
        "The database is db03.acme.lan.",
        "The database is at 192.168.17.5.",
    ),
    "personal-data": (
        "Ask t.vogel@quill-mark.eu when unsure.",
        "Call +49 30 901820 when unsure.",
        "Call (415) 555-0134 when unsure.",
        "Ping @tvogel about the rest.",
        "Theresa Vogel decides about the names.",
    ),
    "secret": (
        f"Use {_key('sk-' + 'ant-api03-', 60)} for the call.",
        f"Use {_key('sk-' + 'proj-', 48)} for the call.",
        f"Use {_key('sk-' + 'or-v1-', 48)} for the call.",
        f"Use {_key('gh' + 'p_', 36)} for the call.",
        f"Use {_key('github' + '_pat_', 50)} for the call.",
        f"Use {_key('gl' + 'pat-', 20)} for the call.",
        f"Use {_key('xo' + 'xb-', 30)} for the call.",
        f"Use {_key('h' + 'f_', 34)} for the call.",
        f"Use {_key('AI' + 'za', 35)} for the call.",
        f"Use {_key('gs' + 'k_', 52)} for the call.",
        "Use " + "AKIA" + "Q3ZT7LMW2VRC8NYH" + " for the call.",
        f"Use {_key('sk' + '_live_', 30)} for the call.",
        f"Use {_key('np' + 'm_', 36)} for the call.",
        f"Use {_key('py' + 'pi-AgEIcHlwaS5vcmc', 60)} for the call.",
        f"Use {_key('pp' + 'lx-', 48)} for the call.",
        f"Use {_key('r8' + '_', 37)} for the call.",
        f"Use {_key('xa' + 'i-', 70)} for the call.",
        f"Use {_key('hv' + 's.', 30)} for the call.",
        f"Use {_key('SG' + '.', 22)}.{_key('', 43)} for the call.",
        "Use eyJhbGciOiJIUzI1NiJ9." + _key("eyJ", 30) + "." + _key("", 43) + " for the call.",
        "Send it to https://hooks.slack."
        + "com/services/T02ABCDEF/B03ABCDEF/"
        + _key("", 24)
        + ".",
        "Read postgres://ledger:" + "w7Tq9zLm@db03/ledger first.",
        "The header is Authorization: Bearer " + _key("", 40) + ".",
        "The password" + ": " + _key("", 20) + " opens it.",
        "api_key" + "=" + _key("", 32) + " opens it.",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
    ),
    "undeclared-env": (
        "The token is in $LEDGER_TOKEN.",
        "The host is ${RATES_HOST}.",
    ),
    "placeholder-left": (
        "You work for <your company>.",
        "Keep to [insert the style guide here].",
        "TODO: say which columns.",
        "FIXME the third column.",
    ),
}
# A second hundred, written after the rules had been mended for the first.
_LATER = {
    "absolute-path": (
        "Run /opt/tools/bin/convert first.",
        "It is in C:\\Program Files\\Ledger\\rates.ini.",
        "Notes are in ~tvogel/notes/x.txt.",
        "See /root/ledger/notes.txt.",
        "Write to /tmp/ledger/out.json.",
        "The key is at /run/secrets/ledger.",
        "Home is /export/home/tvogel/ledger.",
        "See %APPDATA%\\Ledger\\x.ini.",
        "Use /var/lib/ledger/names.db.",
    ),
    "project-name": (
        "The Pay-Hub team owns this.",
        "Install quillmark-cli first.",
        "It is part of ledgerly/billing.",
        "QUILLMARK rules apply.",
    ),
    "project-file": (
        "See house-style.md for the words.",
        "See ../docs/house-style.md for the words.",
        "The order is in web/src/cart.tsx:12.",
        "Follow config/rules.yaml always.",
    ),
    "project-symbol": (
        "Use InvoiceReconciler's order.",
        "Call post_journal_entry for each.",
    ),
    "outside-reference": (
        "Keep to our in-house rules.",
        "As agreed with the client, keep it short.",
        "Use our naming scheme.",
        "Use the file I uploaded.",
    ),
    "tracker-reference": (
        "This is JIRA-881.",
        "It fixes #12.",
        "Part of epic PAY-9.",
        "Since commit a1b2c3d4 it is so.",
        "See https://gitlab.com/acme/shop/-/issues/7.",
        "See https://linear.app/acme/issue/PAY-1/rates.",
        "Decided in ADR-0007.",
        "Planned for milestone 3.",
    ),
    "internal-endpoint": (
        "See http://intranet/wiki.",
        "See grafana.corp:3000.",
        "Log in with ssh tvogel@db03.",
        "The cache is redis://cache01:6379.",
        "It is 172.20.1.5.",
        "It is at host.docker.internal:11434.",
        "See http://192.168.0.12.",
        "It is at http://[fd00::1]:8080/v1.",
    ),
    "personal-data": (
        "Mail theresa.vogel+x@quillmark.io.",
        "cc: @mkoch",
        "My name is Theresa Vogel.",
        "Thanks to @m_koch.",
    ),
    "secret": (
        "Use AccountKey" + "=" + _key("", 86) + "==",
        "aws_secret_access_key" + " = " + _key("", 40),
        "client_secret" + ": " + _key("", 30),
        "Use mongodb+srv://led:" + "s3cretPw9@cluster0.example.net/x",
        "Authorization: Basic " + _key("", 32),
        "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
        "PASSWORD" + "='" + _key("", 18) + "'",
        "GROQ_API_KEY" + "=" + _key("gs" + "k_", 52),
        "x-api-key" + ": " + _key("", 32),
    ),
    "undeclared-env": ("Use $RATES_URL.", "Use ${RATES_URL:-x}."),
    "placeholder-left": (
        "XXX the rest.",
        "[your name here] signs it.",
        "Keep to <insert rules>.",
        "lorem ipsum dolor",
    ),
}
LEAKS = tuple(
    Leak(rule, sentence)
    for group in (_FOUND, _LATER)
    for rule, sentences in group.items()
    for sentence in sentences
)
UNSEEN = (
    Leak("absolute-path", "Documents are in /nas/share/rates.docx."),
    Leak("project-name", "The ledgerlyClient object is given."),
    Leak("project-name", "pay hub entries have two parts."),
    Leak("project-file", "See docs\\house-style.md for the words."),
    Leak("project-symbol", "Write to rate_table instead."),
    Leak("outside-reference", "Use the wording from the meeting notes."),
    Leak("outside-reference", "Name things as they are named in this project."),
    Leak("outside-reference", "See the terms mentioned earlier."),
    Leak("tracker-reference", "See !88."),
    Leak("personal-data", "Call 0151 23456789."),
    Leak("personal-data", "tel. 030/9018200"),
    Leak("placeholder-left", "You are {{company}}'s reviewer."),
)

# What looks like a leak and is none: a prompt about the subject, or a word that everybody has.
LOOKALIKES = (
    "List read/write and and/or pairs.",
    "Divide the kilometres/hour by two.",
    "Look for CVE-2024-3094, CWE-79 and OWASP-A01 in the text.",
    "Text is UTF-8, dates are ISO-8601, hashes are SHA-256.",
    "Answer in the form RISK: <your reasoning>.",
    "Flag any absolute path, such as one that begins with a slash.",
    "Say whether a password: field is shown in plain text.",
    "An e-mail address such as user@example.com counts as one item.",
    "See https://example.org/guide for the meaning of the levels.",
    "Use version 10.2.3.4 of the notes.",
    "Use the JavaScript and TypeScript words for it.",
    "Turn the to-do list into one sentence per entry.",
    "Prices are below $100, or $USD 5 a month.",
    "Write snake_case and camelCase names as they are.",
    "Do not mention the author, the reviewer or the company.",
    "The token count is at most 200.",
    "Keep the order of items 1-3 and of steps 2/5.",
    "The first line is line #1, the second is line #2.",
    "Use the terms `max_tokens` and `response_format` as they are.",
    "List each function with its file and line.",
    "Look for hard-coded hosts, ports and keys.",
    'Return the JSON object {"a": 1, "b": [2, 3]} and nothing else.',
    "Compare the totals of Q1-2024 and of Q2-2024.",
    "Map GPT-4 and LLAMA-3 to the word model.",
    "An ISBN such as 978-3-16-148410-0 is no number to add.",
    "Names such as Node.js, ASP.NET and .env are no sentences.",
    "Read the text in the input and the style guide in it.",
    "Times such as 10:30 and dates such as 2024-05-06 stay as they are.",
)
