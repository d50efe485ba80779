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
    names=frozenset(
        {
            "ledgerly",
            "Quillmark",
            "pay-hub",
            "tvogel",
            "buildbox07",
            "nordvik-labs",
            "nordvik-billing",
        }
    ),
    people=frozenset({"Theresa Vogel", "Ottilie Brandvold"}),
    files=frozenset(
        {
            "docs/house-style.md",
            "services/billing/rates.py",
            "web/src/cart.tsx",
            "billing/tariffs/rounding.py",
            "docs/handbook/escalation.md",
        }
    ),
    symbols=frozenset(
        {
            "InvoiceReconciler",
            "post_journal_entry",
            "RateTable",
            "TariffReconciler",
            "settle_overdue_invoices",
        }
    ),
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
# A third list of 82, written from the catalogue alone; the rules were then mended for it.
_THIRD = {
    "project-name": (
        "You help the Nordvik support desk answer customers.",
        "NORDVIK_BILLING alerts come before all others.",
        "The reader works at Nordvik Labs and knows the product.",
        "Answer as the nordvikBilling service would.",
    ),
    "absolute-path": (
        "Write the result beside /srv/nordvik/exports/out.json.",
        "The templates live in C:\\Users\\ottilie\\Templates.",
        "Load ~/dotfiles/prompts/base.txt before you answer.",
        "The terms are in file:///mnt/team/share/glossary.pdf.",
        "The glossary is \\\\nas01\\team\\glossary.docx.",
        "Start from D:/projects/billing/labels.csv.",
        "Everything under /Volumes/Backup/letters counts as old.",
        "Labels are one per line in $HOME/notes/labels.txt.",
    ),
    "project-file": (
        "Apply the rules in billing/tariffs/rounding.py.",
        "Follow docs/handbook/escalation.md.",
        "The style to imitate is that of rounding.py.",
        "What `escalation.md` forbids is forbidden here.",
        "Answer as ./billing/tariffs/rounding.py expects it.",
    ),
    "project-symbol": (
        "Mirror the signature of TariffReconciler.",
        "Prefer settle_overdue_invoices over a loop.",
        "Return what TariffReconciler.reconcile() would return.",
    ),
    "outside-reference": (
        "Keep to the tone we agreed on last week.",
        "Use the naming scheme from our wiki.",
        "Continue from where we left off yesterday.",
        "Take the labels from the spreadsheet I sent you.",
        "As usual, skip the internal modules.",
        "Apply the same rules as in the last review.",
        "Ask the platform team when a label is missing.",
        "Write the way we do it in the handbook.",
    ),
    "tracker-reference": (
        "This avoids the regression of QM-4417.",
        "Introduced for GH-238.",
        "The wording comes from pull request 91.",
        "Per ADR 17, answer in short sentences.",
        "The goal of sprint 34 is fewer false alarms.",
        "Background: https://github.com/nordvik-labs/letters/issues/552.",
        "Labels follow ticket 8812.",
        "Reverts commit 4f2e91ab.",
        "Closes !314 and follows up on MR 309.",
    ),
    "internal-endpoint": (
        "The tariffs come from http://tariffs.svc.cluster.local/v2.",
        "The model answers at http://192.168.17.4:11434.",
        "Terms are explained at https://wiki.nordvik.intranet/terms.",
        "Metrics are at http://buildbox:9090/metrics.",
        "The host 10.20.0.9 has the originals.",
        "Send it to http://[fd12:3456:789a::7]:8080/in.",
        "The queue listens on redis://cache.prod.internal:6379/0.",
        'Everything is mirrored on "mirror.corp.nordvik.lan".',
    ),
    "personal-data": (
        "Escalate to ottilie.brandvold@gmail.com.",
        "Call +47 22 85 50 50 when the total is wrong.",
        "Ping @obrandvold when unsure.",
        "Ottilie Brandvold reads every answer.",
        "Write to ottilie (at) nordvik-mark (dot) eu.",
        "The owner is reachable at (415) 555-0132.",
        "O. Brandvold decides on new labels.",
    ),
    "secret": (
        f"Use the token {_key('xo' + 'xb-', 40)}.",
        "Send Authorization: Bearer eyJhbGciOiJIUzI1NiJ9."
        + _key("eyJ", 40)
        + "."
        + _key("", 43)
        + ".",
        "Read from postgres://svc:" + "Tr4nsf0rmer@db.example.org/prod.",
        "The password = 'hV9#q2" + "Lw8z!Kd41'.",
        "The key is AKIA" + "Z7Q2M4N8P5R3T6V9.",
        "-----BEGIN OPENSSH " + "PRIVATE KEY----- b3BlbnNzaC1rZXktdjEAAAAABG5vbmU",
        f"Groq answers with {_key('gs' + 'k_', 52)}.",
        f"Publish with {_key('np' + 'm_', 36)}.",
        f"Mail goes out with {_key('SG' + '.', 22)}.{_key('', 43)}.",
        f"Charge with {_key('sk' + '_live_', 26)}.",
        "Post to https://hooks.slack." + "com/services/T02AB3CD4/B05EF6GH7/" + _key("", 24) + ".",
        "AccountKey" + "=" + "q83vEjRWeJ" * 8 + "q83vEj" + "==;",
        f"The GitLab token is {_key('gl' + 'pat-', 20)}.",
        f"Our OpenRouter key: {_key('sk-' + 'or-v1-', 64)}.",
    ),
    "undeclared-env": (
        "The token is ${NORDVIK_TOKEN}.",
        "The region is $NORDVIK_REGION.",
        "Labels lie in %NORDVIK_DATA%.",
        "Read the environment variable NORDVIK_TENANT first.",
    ),
    "placeholder-left": (
        "Answer in the voice of [YOUR COMPANY].",
        "You review for <insert team name>.",
        "FIXME: name the labels.",
        "You answer {{ product_name }} customers.",
        "Labels: TBD.",
        "XXX put the real labels here.",
        "Foo bar baz lorem ipsum dolor sit amet.",
        "Always mention ACME_PRODUCT_NAME_HERE.",
    ),
}
# Of the second list, not found until the rules were mended for the third.
_AT_LAST = {
    "project-name": ("The ledgerlyClient object is given.",),
    "project-file": ("See docs\\house-style.md for the words.",),
    "personal-data": ("Call 0151 23456789.", "tel. 030/9018200"),
    "placeholder-left": ("You are {{company}}'s reviewer.",),
}
LEAKS = tuple(
    Leak(rule, sentence)
    for group in (_FOUND, _LATER, _THIRD, _AT_LAST)
    for rule, sentences in group.items()
    for sentence in sentences
)
UNSEEN = (
    Leak("absolute-path", "Documents are in /nas/share/rates.docx."),
    Leak("project-name", "pay hub entries have two parts."),
    Leak("project-symbol", "Write to rate_table instead."),
    Leak("outside-reference", "Use the wording from the meeting notes."),
    Leak("outside-reference", "Name things as they are named in this project."),
    Leak("outside-reference", "See the terms mentioned earlier."),
    Leak("tracker-reference", "See !88."),
    Leak("project-name", "Our readers are Nordvikers, so be brief."),
    Leak("project-symbol", "Name the fields as the tariff reconciler class does."),
    Leak("secret", "Log in with admin / Winter2024!Nordvik as user and passphrase."),
    Leak("placeholder-left", "The deadline is ____."),
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
    "A decision record such as ADR-001 has a status line.",
    "Compare CVE-2021-44228 with CWE-79, and cite RFC 9110 where it helps.",
    "Mark Java, C++ and F# code by its language.",
    "Write and/or only where both hold.",
    "Prices such as $20 or $1,500 are copied as they are.",
    "Use ISO 8601 for dates and UTF-8 for text.",
    "An address such as jane.doe@example.com is replaced by EMAIL.",
    "Mask phone numbers like 555-0100.",
    "Report addresses bound to 0.0.0.0 or 127.0.0.1.",
    "The label is one of bug/feature/question.",
    "Rate from 1 to 5; 3/5 is average.",
    "Look for hard-coded paths, passwords and tokens.",
    "A heading begins with #1 to #6 signs in Markdown.",
    "Quote lines 10-25 by number.",
    "Use snake_case for names and CamelCase for classes.",
    "Say TODO items in the text as a list.",
    "Judge the tone of the team in the letter.",
    "Decorators such as @property and @staticmethod stay.",
    "The result has the keys name, path and line.",
    "Versions such as 1.2.3 or v2 are kept.",
    "Regular expressions such as ^/api/v[0-9]+/ are quoted.",
    "Look at the input as a reader who sees it for the first time.",
    "A template such as {name} in the input is copied.",
    "Ports such as 8080 are numbers.",
    "Use a dash (—) sparingly.",
)
