"""What a plan says of a script: what a new one does, and what a changed one does beyond that."""

from __future__ import annotations

import pytest

from conductor.app.script_report import NOTHING, report

PLAIN = b"print(input())\n"
CALLS = b"import subprocess\nsubprocess.run(['ls'])\n"


@pytest.mark.parametrize(
    ("path", "data", "before", "told"),
    [
        ("scripts/a.py", PLAIN, None, NOTHING),
        ("scripts/a.py", CALLS, None, "commands"),
        ("scripts/a.py", CALLS, PLAIN, "now also commands"),
        ("scripts/a.py", PLAIN, CALLS, "no more than before"),
        ("scripts/a.py", CALLS, CALLS, ""),
        ("scripts/a.sh", b"ls", None, "not Python: not read"),
        ("profiles/a.yaml", PLAIN, None, ""),
    ],
)
def test_what_a_script_does_is_told_when_it_is_new_or_does_more(path, data, before, told):
    assert report(path, data, before) == told
